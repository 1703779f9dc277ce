/* agency.c - 代办: needs are requested by the responsible unit, consolidated by the office into a batch, and handled by
 * the service centre, each approval item with its own limit and trace. Clause 5.1. */
#include "proto/rules/ladder.h"
#include "proto/rules/rules.h"

static day_t days_after(struct act *act, day_t day, int64_t days)
{
    return workday_after(act_calendar(act), day, (int)days);
}

/* ---- the items of a request ---- */

/* Moves the items that are in one state to another, with their request. */
static enum err move_items(struct act *act, uint64_t agency, unsigned from, unsigned to)
{
    struct value value = number_value((int64_t)agency);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_approval_agency, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record item;
        struct change *change;
        enum err err = act_read(act, KIND_approval, id, &item);
        if (err != OK) return act_refuse(act, err);
        if (rec_state(&item) != from) continue;
        if ((err = act_touch(act, KIND_approval, id, &change)) != OK) return err;
        rec_set(&change->after, F_STATE, to);
    }
    return OK;
}

/* How the items of a request stand; dropped ones do not count. */
struct tally {
    int64_t all, open, untouched; /* untouched: without a step at the centre, and not known to be from outside */
};

static enum err count_items(struct act *act, uint64_t agency, struct tally *tally)
{
    struct value value = number_value((int64_t)agency);
    struct walk walk;
    uint64_t id;
    *tally = (struct tally){.all = 0};
    walk_start(&walk, act->space, IX_approval_agency, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record item;
        enum err err = act_read(act, KIND_approval, id, &item);
        if (err != OK) return act_refuse(act, err);
        unsigned state = rec_state(&item);
        if (state == ST_approval_dropped) continue;
        tally->all++;
        tally->open += state != ST_approval_granted && state != ST_approval_refused;
        tally->untouched += rec_num(&item, approval_centre_steps) == 0 && rec_num(&item, approval_outside) == 0;
    }
    return OK;
}

/* ---- requests and batches ---- */

enum err rule_agency_request(struct act *act, struct change *change)
{
    if (rec_num(&change->after, agency_wanted) < act_today(act).n)
        return act_refuse_field(act, ERR_DATE_PAST, change, agency_wanted, 0);
    return OK;
}

/* With its request an item that was only noted falls away. */
enum err rule_agency_withdraw(struct act *act, struct change *change)
{
    return move_items(act, change->after.id, ST_approval_noted, ST_approval_dropped);
}

/* 综合: the requests go into the batch, and their items come before the centre. */
enum err rule_batch_make(struct act *act, struct change *change)
{
    int year = month_year(month_of(act_today(act)));
    unsigned count;
    const int64_t *list = rec_list(&change->after, batch_agencies, &count);
    for (unsigned i = 0; i < count; i++) {
        struct change *agency;
        enum err err = act_touch(act, KIND_agency, (uint64_t)list[i], &agency);
        if (err != OK) return err;
        if (rec_state(&agency->after) != ST_agency_requested)
            return act_refuse_field(act, ERR_NOT_REQUESTED, change, batch_agencies, list[i]);
        rec_set(&agency->after, F_STATE, ST_agency_batched);
        rec_set(&agency->after, agency_batch, (int64_t)change->after.id);
        err = move_items(act, (uint64_t)list[i], ST_approval_noted, ST_approval_waiting);
        if (err != OK) return err;
    }
    rec_set(&change->after, batch_year, year);
    rec_set(&change->after, batch_serial, act_serial(act, IX_batch_serial, year));
    return OK;
}

/* One more request into a batch that the office still has. */
enum err rule_agency_batch(struct act *act, struct change *change)
{
    struct change *batch;
    unsigned count, most = field_row(KIND_batch, batch_agencies)->list_max;
    enum err err = act_touch(act, KIND_batch, (uint64_t)rec_num(&change->after, agency_batch), &batch);
    if (err != OK) return err;
    if (rec_state(&batch->after) != ST_batch_made)
        return act_refuse_field(act, ERR_BATCH_GONE, change, agency_batch, 0);
    const int64_t *old = rec_list(&batch->after, batch_agencies, &count);
    if (count == most) return act_refuse_field(act, ERR_TOO_MANY, batch, batch_agencies, most);
    int64_t *list = arena_get(act->arena, (count + 1) * sizeof *list);
    if (list == NULL) return act_refuse(act, ERR_MEMORY);
    for (unsigned i = 0; i < count; i++)
        list[i] = old[i];
    list[count] = (int64_t)change->after.id;
    rec_set_list(&batch->after, batch_agencies, list, count + 1);
    return move_items(act, change->after.id, ST_approval_noted, ST_approval_waiting);
}

enum err rule_batch_hand(struct act *act, struct change *change)
{
    rec_set(&change->after, batch_handed_on, act_today(act).n);
    return OK;
}

/* The requests go back to where they were, for another batch. */
enum err rule_batch_dissolve(struct act *act, struct change *change)
{
    unsigned count;
    const int64_t *list = rec_list(&change->after, batch_agencies, &count);
    for (unsigned i = 0; i < count; i++) {
        struct change *agency;
        enum err err = act_touch(act, KIND_agency, (uint64_t)list[i], &agency);
        if (err == OK) err = move_items(act, (uint64_t)list[i], ST_approval_waiting, ST_approval_noted);
        if (err != OK) return err;
        rec_set(&agency->after, F_STATE, ST_agency_requested);
        rec_unset(&agency->after, agency_batch);
    }
    return OK;
}

/* ---- at the centre ---- */

/* All requests of the batch that were not accepted one by one. */
enum err rule_batch_accept(struct act *act, struct change *change)
{
    unsigned count;
    const int64_t *list = rec_list(&change->after, batch_agencies, &count);
    for (unsigned i = 0; i < count; i++) {
        struct change *agency;
        enum err err = act_touch(act, KIND_agency, (uint64_t)list[i], &agency);
        if (err != OK) return err;
        if (rec_state(&agency->after) == ST_agency_batched) rec_set(&agency->after, F_STATE, ST_agency_accepted);
    }
    return OK;
}

/* Only what the office handed over; with its last request the batch is accepted. */
enum err rule_agency_accept(struct act *act, struct change *change)
{
    struct change *batch;
    unsigned count;
    enum err err = act_touch(act, KIND_batch, (uint64_t)rec_num(&change->after, agency_batch), &batch);
    if (err != OK) return err;
    if (rec_state(&batch->after) != ST_batch_handed) return act_refuse(act, ERR_NOT_HANDED);
    const int64_t *list = rec_list(&batch->after, batch_agencies, &count);
    for (unsigned i = 0; i < count; i++) {
        struct record agency;
        if ((err = act_read(act, KIND_agency, (uint64_t)list[i], &agency)) != OK) return act_refuse(act, err);
        if (rec_state(&agency) == ST_agency_batched) return OK;
    }
    rec_set(&batch->after, F_STATE, ST_batch_accepted);
    return OK;
}

static enum err refuse_count(struct act *act, enum err err, int64_t number)
{
    act_refuse(act, err);
    act->why.number = number;
    return err;
}

/* 体外循环 is not closed over: an item that was registered at the centre and handled elsewhere has to be said to be. */
enum err rule_agency_close(struct act *act, struct change *change)
{
    struct tally tally;
    enum err err = count_items(act, change->after.id, &tally);
    if (err != OK) return err;
    if (tally.open > 0) return refuse_count(act, ERR_ITEM_OPEN, tally.open);
    if (tally.untouched > 0) return refuse_count(act, ERR_NO_HANDLING, tally.untouched);
    if (tally.all == 0 && !rec_has(&change->after, agency_result))
        return act_refuse_field(act, ERR_NEEDED, change, agency_result, 0);
    return OK;
}

/* ---- approval items ---- */

enum err rule_approval_add(struct act *act, struct change *change)
{
    struct record agency;
    enum err err = act_read(act, KIND_agency, (uint64_t)rec_num(&change->after, approval_agency), &agency);
    if (err != OK) return act_refuse(act, err);
    bool asked = rec_state(&agency) == ST_agency_requested;
    rec_set(&change->after, approval_project, rec_num(&agency, agency_project));
    rec_set(&change->after, F_STATE, asked ? ST_approval_noted : ST_approval_waiting);
    return OK;
}

static enum setting_id usual_limit(int64_t class)
{
    switch (class) {
    case OPT_approval_class_approval: return SET_approval_days;
    case OPT_approval_class_land: return SET_approval_land_days;
    case OPT_approval_class_planning:
    case OPT_approval_class_permit:
    case OPT_approval_class_fire: return SET_approval_plan_days;
    case OPT_approval_class_environment: return SET_approval_env_days;
    default: return SET_approval_other_days;
    }
}

/* 依类受理、限时办结: the limit counts from here. */
enum err rule_approval_accept(struct act *act, struct change *change)
{
    struct record agency, *after = &change->after;
    enum err err = act_read(act, KIND_agency, (uint64_t)rec_num(after, approval_agency), &agency);
    if (err != OK) return act_refuse(act, err);
    if (rec_state(&agency) != ST_agency_accepted) return act_refuse(act, ERR_AGENCY_WAITS);
    if (!rec_has(after, approval_limit))
        rec_set(after, approval_limit, act_setting(act, usual_limit(rec_num(after, approval_class))));
    ladder_start(act, after, days_after(act, act_today(act), rec_num(after, approval_limit)));
    return OK;
}

/* 全程代办: the journal keeps every step; those of the centre itself are counted apart. */
enum err rule_approval_step(struct act *act, struct change *change)
{
    struct record *after = &change->after;
    rec_set(after, approval_steps, rec_num(after, approval_steps) + 1);
    if (act->actor->functions >> REL_centre & 1)
        rec_set(after, approval_centre_steps, rec_num(after, approval_centre_steps) + 1);
    return OK;
}

/* Granted or not: the clock stops; whether it came in time is kept, outages apart. */
enum err rule_approval_finish(struct act *act, struct change *change)
{
    struct record *after = &change->after;
    stamp_t due = day_end((day_t){(int32_t)rec_num(after, approval_due)});
    due = deadline_moved(act->space, act_calendar(act), due, act->arena);
    if (act->now.s >= due.s) rec_set(after, approval_late, 1);
    ladder_stop(after);
    return OK;
}

enum err rule_approval_pause(struct act *act, struct change *change)
{
    rec_set(&change->after, approval_paused_on, act_today(act).n);
    ladder_stop(&change->after);
    return OK;
}

/* The working days that it stood still are added. What was overdue already stays as far up as it was. */
enum err rule_approval_resume(struct act *act, struct change *change)
{
    struct record *after = &change->after;
    day_t today = act_today(act), due = {(int32_t)rec_num(after, approval_due)};
    day_t from = {(int32_t)rec_num(after, approval_paused_on)};
    int64_t rung = rec_num(after, approval_rung);
    int days = workdays_between(act_calendar(act), from, today);
    if (days > 0) due = days_after(act, due, days);
    rec_set(after, approval_paused_days, rec_num(after, approval_paused_days) + days);
    rec_unset(after, approval_paused_on);
    ladder_start(act, after, due);
    if (rung < OPT_rung_overdue || due.n >= today.n) return OK;
    rec_set(after, approval_rung, rung);
    rec_set(after, approval_alarm, day_end(days_after(act, today, act_setting(act, SET_escalate_days))).s);
    if (rung == OPT_rung_leader) ladder_stop(after);
    return OK;
}

/* 体外循环: it has happened, so it is recorded and counted against the department; with a result it is over. */
enum err rule_approval_outside(struct act *act, struct change *change)
{
    struct record *after = &change->after;
    unsigned state = rec_state(&change->before);
    bool over = state == ST_approval_granted || state == ST_approval_refused;
    if (over && act_changes(change, approval_result))
        return act_refuse_field(act, ERR_FIXED, change, approval_result, 0);
    rec_set(after, approval_outside, 1);
    rec_move(after, approval_against, after, approval_department);
    if (over || !rec_has(after, approval_result)) return OK;
    rec_set(after, F_STATE, ST_approval_granted);
    rec_unset(after, approval_paused_on);
    ladder_stop(after);
    return OK;
}
