/* decide.h - may this command happen, and what follows from it: (state, command, time) -> changes or a refusal.
 *
 * Pure. The daemon decides with it against its open transaction; the client runs the same on its own copy
 * to check a form before it is sent; `check` runs it again over old entries. Nothing is written here. */
#ifndef PROTO_DECIDE_H
#define PROTO_DECIDE_H

#include "proto/calendar.h"
#include "proto/check.h"
#include "proto/grant.h"

enum { ACT_CHANGES_MAX = 2048 };

/* What is being decided. The caller fills in the first part. */
struct act {
    const struct space *space;
    struct arena *arena; /* everything below lives here */
    stamp_t now;         /* registry time */
    const struct actor *actor;
    const struct command *command;
    int64_t target, base; /* the command's, with references to own earlier commands resolved */
    bool asking;          /* could it be done, once its form is filled in? What the form lacks is not refused */

    /* decide() fills in */
    const struct action *action;
    struct change *changes[ACT_CHANGES_MAX]; /* [0] is the record that the command is about */
    unsigned change_count;
    struct calendar *calendar; /* loaded when a rule asks */
    struct refusal why;
};

/* OK, with act->changes; or the refusal that is also in act->why. An operator who may not see the record
 * learns nothing but ERR_NOT_FOUND. */
enum err decide(struct act *act);

/* ---- for the rules ---- */

/* The record as it will be: with the changes of this act. */
enum err act_read(struct act *act, unsigned kind, uint64_t id, struct record *record);

/* Takes a further record into the act; *change is its change, to be edited in `after`. */
enum err act_touch(struct act *act, unsigned kind, uint64_t id, struct change **change);

/* Makes a further record, with the next id, author and time. */
enum err act_make(struct act *act, unsigned kind, struct change **change);

const struct calendar *act_calendar(struct act *act);
int64_t act_setting(struct act *act, enum setting_id setting);
day_t act_today(const struct act *act);

/* The last working day that is `count` working days before `day` (count >= 0). */
day_t act_workday_before(struct act *act, day_t day, int count);

/* The next serial number of a year, also counting what this act has made. `index` is UNIQUE over the year and
 * the serial number, both INT fields of its kind. */
int64_t act_serial(struct act *act, enum index_id index, int year);

/* Gives a record its document number, "WORD〔YEAR〕SERIAL号", with this year and the next serial number: `index` as for
 * act_serial, `number` the text's position. ERR_MEMORY. */
enum err act_number(struct act *act, struct record *record, enum index_id index, unsigned number, const char *word);

/* Is the field different from before? */
bool act_changes(const struct change *change, unsigned position);

/* Sets act->why and returns err. */
static inline enum err act_refuse(struct act *act, enum err err)
{
    return refuse(&act->why, err);
}

static inline enum err act_refuse_field(struct act *act, enum err err, const struct change *change, unsigned position,
                                        int64_t number)
{
    return refuse_field(&act->why, err, change->after.kind, position, number);
}

#endif
