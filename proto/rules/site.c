/* site.c - departments at a site: 封闭式管理, where visits are filed before they come; and stops of work, which the local
 * government of the place decides on. What was done without is recorded, not refused. Clause 4. */
#include "proto/rules/site.h"

#include "proto/rules/ladder.h"
#include "proto/rules/rules.h"

enum { PARENTS_MAX = 8 }; /* from a unit upwards; a circle of superiors ends there */

/* ---- shared with the other rules of the environment ---- */

enum err check_not_ahead(struct act *act, const struct change *change, unsigned day)
{
    if (rec_num(&change->after, day) <= act_today(act).n) return OK;
    return act_refuse_field(act, ERR_DATE_AHEAD, change, day, 0);
}

enum err check_not_past(struct act *act, const struct change *change, unsigned day)
{
    if (rec_num(&change->after, day) >= act_today(act).n) return OK;
    return act_refuse_field(act, ERR_DATE_PAST, change, day, 0);
}

enum err check_department(struct act *act, const struct change *change, unsigned unit)
{
    struct record record;
    enum err err = act_read(act, KIND_unit, (uint64_t)rec_num(&change->after, unit), &record);
    if (err != OK) return act_refuse(act, err);
    if (rec_num(&record, unit_type) != OPT_unit_type_enterprise) return OK;
    return act_refuse_field(act, ERR_NOT_DEPARTMENT, change, unit, 0);
}

enum err check_station(struct act *act, const struct change *change, unsigned unit)
{
    struct record record;
    enum err err = act_read(act, KIND_unit, (uint64_t)rec_num(&change->after, unit), &record);
    if (err != OK) return act_refuse(act, err);
    if (rec_lists(&record, unit_functions, OPT_function_station)) return OK;
    return act_refuse_field(act, ERR_NOT_STATION, change, unit, 0);
}

day_t days_by_setting(struct act *act, enum setting_id days)
{
    return workday_after(act_calendar(act), act_today(act), (int)act_setting(act, days));
}

/* ---- visits ---- */

enum err rule_visit_file(struct act *act, struct change *change)
{
    enum err err = check_not_past(act, change, visit_day);
    return err == OK ? check_department(act, change, visit_asker) : err;
}

/* There is no result before the visit. */
enum err rule_visit_finish(struct act *act, struct change *change)
{
    return check_not_ahead(act, change, visit_day);
}

enum err rule_visit_report(struct act *act, struct change *change)
{
    enum err err = check_not_ahead(act, change, visit_day);
    return err == OK ? check_department(act, change, visit_asker) : err;
}

/* ---- stops of work: the place ---- */

/* The unit of the project's place, or the nearest superior one, that is a local government; 0 when there is none. */
static enum err find_place(struct act *act, const struct change *change, uint64_t *place)
{
    struct record project, unit;
    enum err err = act_read(act, KIND_project, (uint64_t)rec_num(&change->after, stop_project), &project);
    if (err != OK) return act_refuse(act, err);
    uint64_t id = (uint64_t)rec_num(&project, project_county);
    *place = 0;
    for (unsigned i = 0; id != 0 && i < PARENTS_MAX; i++) {
        if ((err = act_read(act, KIND_unit, id, &unit)) != OK) return act_refuse(act, err);
        if (rec_lists(&unit, unit_functions, OPT_function_local_government)) {
            *place = id;
            return OK;
        }
        id = (uint64_t)rec_num(&unit, unit_parent);
    }
    return OK;
}

/* ---- stops of work: asked for and decided ---- */

enum err rule_stop_request(struct act *act, struct change *change)
{
    uint64_t place;
    enum err err = check_not_past(act, change, stop_from);
    if (err == OK) err = check_department(act, change, stop_asker);
    if (err == OK) err = find_place(act, change, &place);
    if (err != OK) return err;
    if (rec_num(&change->after, stop_to) < rec_num(&change->after, stop_from))
        return act_refuse_field(act, ERR_DATE_ORDER, change, stop_to, 0);
    if (place == 0) return act_refuse_field(act, ERR_NO_LOCAL_GOVERNMENT, change, stop_project, 0);
    rec_set(&change->after, stop_place, (int64_t)place);
    ladder_start(act, &change->after, days_by_setting(act, SET_stop_decision_days));
    return OK;
}

/* In force from its first day on, which the clock waits for; at once when that day has come. */
enum err rule_stop_approve(struct act *act, struct change *change)
{
    struct record *stop = &change->after;
    stamp_t begins = day_start((day_t){(int32_t)rec_num(stop, stop_from)});
    enum err err = check_not_past(act, change, stop_to);
    if (err != OK) return err;
    ladder_stop(stop);
    if (begins.s < act->now.s) begins = act->now;
    rec_set(stop, stop_begins, begins.s);
    if (begins.s == act->now.s) rec_set(stop, F_STATE, ST_stop_in_force);
    return OK;
}

enum err rule_stop_refuse(struct act *act, struct change *change)
{
    (void)act;
    ladder_stop(&change->after);
    return OK;
}

enum err rule_stop_withdraw(struct act *act, struct change *change)
{
    (void)act;
    ladder_stop(&change->after);
    return OK;
}

static enum err check_resumed(struct act *act, const struct change *change)
{
    const struct record *stop = &change->after;
    enum err err = check_not_ahead(act, change, stop_resumed);
    if (err != OK || rec_num(stop, stop_resumed) >= rec_num(stop, stop_from)) return err;
    return act_refuse_field(act, ERR_DATE_ORDER, change, stop_resumed, 0);
}

/* An approved stop ends with it, also before it began. One without approval stays open until the office settles it. */
enum err rule_stop_resume(struct act *act, struct change *change)
{
    switch (rec_state(&change->before)) {
    case ST_stop_violation: return check_resumed(act, change);
    case ST_stop_in_force: {
        enum err err = check_resumed(act, change);
        if (err != OK) return err;
        break;
    }
    default: break;
    }
    rec_set(&change->after, F_STATE, ST_stop_ended);
    return check_not_ahead(act, change, stop_resumed);
}

/* ---- stops of work: without approval ---- */

/* Was the day covered by a stop of the same department that the local government approved? */
static bool was_approved(struct act *act, const struct record *stop)
{
    struct value value = number_value(rec_num(stop, stop_project));
    int64_t day = rec_num(stop, stop_from);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_stop_project, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record other;
        if (act_read(act, KIND_stop, id, &other) != OK || !rec_has(&other, stop_approval)) continue;
        if (rec_num(&other, stop_asker) != rec_num(stop, stop_asker)) continue;
        int64_t last = rec_has(&other, stop_resumed) ? rec_num(&other, stop_resumed) : rec_num(&other, stop_to);
        if (rec_num(&other, stop_from) <= day && day <= last) return true;
    }
    return false;
}

enum err rule_stop_report(struct act *act, struct change *change)
{
    uint64_t place;
    enum err err = check_not_ahead(act, change, stop_from);
    if (err == OK) err = check_department(act, change, stop_asker);
    if (err == OK) err = find_place(act, change, &place);
    if (err != OK) return err;
    if (was_approved(act, &change->after)) return act_refuse_field(act, ERR_STOP_APPROVED, change, stop_from, 0);
    if (place != 0) rec_set(&change->after, stop_place, (int64_t)place);
    return OK;
}

/* Settled when work goes on again and the department has been heard. */
enum err rule_stop_settle(struct act *act, struct change *change)
{
    return check_resumed(act, change);
}
