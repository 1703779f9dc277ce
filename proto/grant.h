/* grant.h - who sees what and who may do what: the one place that decides (promise P4).
 *
 * A unit is tied to a record by the RELATE rows of its kind and by its own functions; the SEE and MAY rows
 * say what a relation, together with an operator's roles, is worth in each state. The daemon asks here for
 * every command, query and push; the client asks the same functions to know what to offer. */
#ifndef PROTO_GRANT_H
#define PROTO_GRANT_H

#include "proto/state.h"

#include <stdbool.h>

enum actor_type {
    ACTOR_OPERATOR, /* a person at a device */
    ACTOR_RULE,     /* the registry itself: clocks and automatic consequences */
    ACTOR_CONSOLE,  /* the daemon's own command line: init, import */
    ACTOR_TICKET,   /* the holder of an enrolment ticket */
};

struct actor {
    enum actor_type type;
    uint64_t device, operator, unit, person; /* 0: none */
    uint32_t roles;                          /* bit OPT_role_x */
    uint32_t functions;                      /* of the unit: bit REL_x, x < 32 */
};

/* The operator behind an active device. ERR_NOT_FOUND when the device, the operator or the unit is not
 * active: nobody is told which. */
enum err actor_load(const struct space *space, uint64_t device, struct arena *arena, struct actor *actor);

/* The units that a record ties to itself, each with its relation. */
enum { TIES_MAX = 48 };
struct ties {
    unsigned count;
    struct {
        uint8_t relation;
        uint64_t unit;
    } at[TIES_MAX];
};

/* Follows the RELATE rows, through referenced records where they say so. ERR_LIMIT past TIES_MAX. */
enum err ties_of(const struct space *space, const struct record *record, struct arena *arena, struct ties *ties);

/* The relations that the actor has to a record with these ties: bit REL_x. */
uint64_t relations_held(const struct ties *ties, const struct actor *actor);

/* The SEE rows that hold in a record's state, picked once so that many readers can be asked about quickly. */
struct sight {
    unsigned count;
    const struct see *rows[SEES_MAX];
};
void sight_of(const struct record *record, struct sight *sight);
enum see_level sight_level(const struct sight *sight, const struct ties *ties, const struct actor *actor);

/* How much of the record, as it stands, the actor sees. */
enum see_level see_level(const struct record *record, const struct ties *ties, const struct actor *actor);

/* The same, looking up the ties; SEE_NOTHING also when something can't be read. */
enum see_level may_see(const struct space *space, const struct record *record, const struct actor *actor,
                       struct arena *arena);

/* May somebody so related and with these roles take the action? States are not looked at. */
bool may_act(const struct action *action, const struct ties *ties, const struct actor *actor);

/* The actions that the actor may take on the record in its present state: bit ACT_x. */
uint32_t actions_open(const struct space *space, const struct record *record, const struct actor *actor,
                      struct arena *arena);

/* May an actor of this unit and these roles ever make a record of the kind for some relation? For menus. */
bool may_make(unsigned kind, const struct actor *actor);

/* ---- streams: the index by which a client resumes ---- */

/* A stream is a group of readers: everybody, a function of units, a role, or one unit. */
enum { STREAM_ALL = 0, STREAM_ROLE = 32, STREAM_UNIT = 64, STREAMS_MAX = 80 };

struct streams {
    unsigned count;
    struct stream {
        uint64_t stream;
        enum see_level level; /* of its readers: SEE_LIST or SEE_FULL */
        uint32_t roles_sign;  /* differs when the level depends on readers' roles in another way */
    } at[STREAMS_MAX];
};

/* The streams whose readers see the record at SEE_LIST or more: changes of it are noted in these. */
void streams_of_record(const struct record *record, const struct ties *ties, struct streams *streams);

/* A stream among them, or NULL. */
const struct stream *streams_find(const struct streams *streams, uint64_t stream);

/* The streams that an operator follows. */
void streams_of_actor(const struct actor *actor, struct streams *streams);

#endif
