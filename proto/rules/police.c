/* police.c - incidents at a site, which the police station of the place takes on and handles; and complaints against
 * stations that do nothing or act wrongly, which the duty room follows. Clauses 4 and 5.2. */
#include "proto/rules/ladder.h"
#include "proto/rules/rules.h"
#include "proto/rules/site.h"

/* ---- incidents ---- */

enum err rule_incident_report(struct act *act, struct change *change)
{
    enum err err = check_not_ahead(act, change, incident_day);
    if (err == OK) err = check_station(act, change, incident_station);
    if (err != OK) return err;
    ladder_start(act, &change->after, days_by_setting(act, SET_incident_take_days));
    return OK;
}

/* Taken on, or sent back as not handled well enough: the time for handling it begins. */
enum err rule_incident_work(struct act *act, struct change *change)
{
    ladder_start(act, &change->after, days_by_setting(act, SET_incident_handle_days));
    return OK;
}

enum err rule_incident_handle(struct act *act, struct change *change)
{
    (void)act;
    ladder_stop(&change->after);
    return OK;
}

/* The mark stays, for whoever proposes a sanction; the station still has to handle it. */
enum err rule_incident_escalate(struct act *act, struct change *change)
{
    rec_set(&change->after, incident_poor, 1);
    return rule_incident_work(act, change);
}

/* ---- complaints ---- */

enum err rule_complaint_make(struct act *act, struct change *change)
{
    enum err err = check_station(act, change, complaint_station);
    if (err != OK) return err;
    if (rec_has(&change->after, complaint_incident)) {
        struct record incident;
        uint64_t id = (uint64_t)rec_num(&change->after, complaint_incident);
        if ((err = act_read(act, KIND_incident, id, &incident)) != OK) return act_refuse(act, err);
        if (rec_num(&incident, incident_project) != rec_num(&change->after, complaint_project))
            return act_refuse_field(act, ERR_OTHER_PROJECT, change, complaint_incident, 0);
        if (rec_num(&incident, incident_station) != rec_num(&change->after, complaint_station))
            return act_refuse_field(act, ERR_OTHER_UNIT, change, complaint_incident, 0);
    }
    ladder_start(act, &change->after, days_by_setting(act, SET_complaint_order_days));
    return OK;
}

/* By the day that the order names, or within the registry's usual limit. */
enum err rule_complaint_order(struct act *act, struct change *change)
{
    bool named = act->command->given & FIELD_BIT(complaint_due) && rec_has(&change->after, complaint_due);
    day_t due = {(int32_t)rec_num(&change->after, complaint_due)};
    if (!named) due = days_by_setting(act, SET_complaint_rectify_days);
    rec_set(&change->after, complaint_due, due.n);
    enum err err = check_not_past(act, change, complaint_due);
    if (err == OK) ladder_start(act, &change->after, due);
    return err;
}

enum err rule_complaint_rectify(struct act *act, struct change *change)
{
    (void)act;
    ladder_stop(&change->after);
    return OK;
}

/* Before the police bureau and the office, with a new deadline for the station. */
enum err rule_complaint_escalate(struct act *act, struct change *change)
{
    rec_set(&change->after, complaint_raised, 1);
    ladder_start(act, &change->after, days_by_setting(act, SET_complaint_rectify_days));
    return OK;
}

enum err rule_complaint_dismiss(struct act *act, struct change *change)
{
    (void)act;
    ladder_stop(&change->after);
    return OK;
}

/* What was ordered and stays overdue goes up by itself, and the ladder goes on from there. */
enum err rule_complaint_alarm(struct act *act, struct change *change)
{
    struct record *complaint = &change->after;
    enum err err = rule_ladder(act, change);
    if (err != OK || rec_state(complaint) != ST_complaint_ordered) return err;
    if (rec_num(complaint, complaint_rung) < OPT_rung_head) return OK;
    rec_set(complaint, complaint_raised, 1);
    rec_set(complaint, F_STATE, ST_complaint_escalated);
    return OK;
}
