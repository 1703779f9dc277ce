/* sim.h - a stretch of work for a demo registry: operators with devices of their own, who act as the tables say they
 * may. The parts of `duband simulate`.
 *
 * Nothing here knows single kinds where the tables say enough: duties are actions with A_DUTY, forms are the
 * fields that an action fills in, clocks run out as they do in the daemon. Taste (texts, weights, what is returned
 * and why) is in taste.c, by names, and has a fallback for whatever it does not name. Only the seed and the registry
 * decide what happens: no clock and no other chance is asked. */
#ifndef SERVER_SIM_SIM_H
#define SERVER_SIM_SIM_H

#include "server/console.h"

#include "proto/calendar.h"

/* An operator and the device that acts for him. */
struct worker {
    uint64_t operator, device, counter;
    struct identity identity;
    struct actor actor; /* as of this morning; without roles he does nothing */
};

/* What somebody means to do today. */
struct intent {
    stamp_t at;
    unsigned order; /* of planning: what is of one time comes so */
    unsigned worker;
    const struct action *action;
    uint64_t id;   /* 0: a new record */
    uint64_t of;   /* a new paper's project or unit */
    month_t month; /* and its month */
};

struct sim {
    struct console console; /* its time is the time that the simulation has reached */
    uint64_t seed, random;
    struct worker *workers;
    unsigned worker_count;
    struct intent *intents;
    unsigned intent_count;
    struct calendar calendar;
    struct arena arena, planned; /* of one act, and of one day */
    unsigned accepted[KIND_LIMIT][ACTION_LIMIT], refused[KIND_LIMIT][ACTION_LIMIT];
    bool verbose; /* refusals are told */
};

/* ---- chance ---- */

uint64_t sim_random(struct sim *sim);
uint64_t sim_below(struct sim *sim, uint64_t count); /* count > 0 */
bool sim_chance(struct sim *sim, unsigned per_mille);
/* The same for the same things, whatever happened before: temperaments. */
uint64_t sim_mix(const struct sim *sim, uint64_t a, uint64_t b, uint64_t c);

/* ---- people.c: who acts, and how a command gets in ---- */

/* Gives each active operator a device, or takes up that of an earlier run with this seed. */
enum err sim_enrol(struct sim *sim, struct refusal *why);
/* Loads everybody's unit and roles as they are now. */
void sim_wake(struct sim *sim);
/* Decides a command of a worker at the console's time: OK, or the refusal in *why. When console.broken is set, the
 * day is lost. */
enum err sim_send(struct sim *sim, struct worker *worker, struct command *command, struct refusal *why);
/* Runs the clocks that run out before `then`, each at its moment, and moves the time there. */
enum err sim_wait(struct sim *sim, stamp_t then, struct refusal *why);

/* ---- day.c: what is done in a day ---- */

/* Plans a working day and does what comes before `end`. */
enum err sim_day(struct sim *sim, day_t day, stamp_t end, struct refusal *why);

/* ---- form.c: what is written ---- */

/* A value for a field of the form; `effort` counts the attempts. False when there is none. */
bool sim_value(struct sim *sim, const struct worker *worker, struct record *form, unsigned position, unsigned effort);
/* Draws the records that a new one has to be about; false: there is none for it now. */
bool sim_refer(struct sim *sim, const struct action *action, struct record *form);
/* Fills in what the action wants and, sometimes, what it offers besides. */
void sim_fill(struct sim *sim, const struct worker *worker, const struct record *record, const struct action *action,
              struct record *form);

/* ---- taste.c: tables ---- */

/* A text for a field. */
const char *sim_text(struct sim *sim, const struct field *field);
/* Fields that are left alone unless they are needed, or that mean today rather than a day ahead. */
bool sim_shy(const struct field *field);
bool sim_means_today(const struct field *field);
/* The function of the units that are meant by a reference to a unit; 0: any. */
unsigned sim_function(const struct field *field);
/* The state that a record has to be in to be referred to; NULL: any that goes on. */
const struct state_row *sim_state(const struct field *field);
/* How often in a hundred working days somebody begins a record by the action. */
unsigned sim_weight(const struct action *action);
/* Now and then somebody does something else than the duty, or does it by another action when it is refused: per mille
 * of the cases; NULL: never. */
const struct action *sim_instead(const struct action *duty, unsigned *per_mille);
/* Acts that nobody's desk asks for, with their times in a hundred working days: the i-th, or NULL. */
const struct action *sim_step(unsigned i, unsigned *weight);

#endif
