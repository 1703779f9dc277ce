/* world.h - a whole registry in memory for tests: units, people, projects, and acts upon them.
 *
 * Acts go through decide() and fold_entry() as in the daemon, without disk or network. Operators are named
 * by login; values are given as text, as a person would type them, references as record numbers. */
#ifndef TESTS_LIB_WORLD_H
#define TESTS_LIB_WORLD_H

#include "proto/decide.h"
#include "proto/journal.h"
#include "proto/memory.h"
#include "server/fold.h"

struct world {
    struct memory memory;
    struct arena arena;
    struct head head;
    stamp_t now;
    struct identity server;
    uint8_t registry[REGISTRY_ID_BYTES];
    uint64_t counters[1000]; /* by device */
    struct outcome outcome;  /* of the last act */
    struct refusal why;      /* of the last act */
    uint64_t id;             /* of the record of the last act */
};

/* A registry with settings, the calendar of 2009, units XMB (office), FGW, JSJ, JCJ (supervision), LD, YY, HRX
 * and PJX (counties), OWN1 and CON1 (enterprises), GAJ (police bureau), ZQS (duty room), PCS1 and PCS2 (police
 * stations), an operator for each (login = unit code, roles clerk and contact; HRX-L and LD-L reviewer and head; FGW-L
 * head; ADM administrator at XMB), and the project P1 of HRX (under construction, agreed target 2009: 1200 万元 in
 * equal months, opening 800 as of 2009-08-31). Now is 2009-09-28 09:00. */
void world_init(struct world *world);
void world_free(struct world *world);

/* Does an act: pairs of field name and text end with NULL. Returns its result; 0 is OK. */
enum err world_do(struct world *world, const char *login, const char *kind, const char *action, uint64_t target, ...)
    __attribute__((sentinel));

/* The same by a rule or the console. */
enum err world_own(struct world *world, enum actor_type type, const char *kind, const char *action, uint64_t target,
                   ...) __attribute__((sentinel));

/* A record as it stands. Aborts when it is not there. */
struct record world_get(struct world *world, unsigned kind, uint64_t id);

/* The actor behind a login. Aborts when there is none. */
struct actor world_actor(struct world *world, const char *login);

/* Ids by code or login; 0 when there is none. */
uint64_t world_unit(struct world *world, const char *code);
uint64_t world_project(struct world *world, const char *code);

/* What the operator sees of a record. */
enum see_level world_sees(struct world *world, const char *login, unsigned kind, uint64_t id);

/* Moves time on by days, hours and minutes. */
void world_wait(struct world *world, int days, int hours, int minutes);
/* Sets the time: year, month, day at hour. */
void world_at(struct world *world, int year, int month, int day, int hour);

#endif
