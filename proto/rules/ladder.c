/* ladder.c - see ladder.h. Each step is a command of the registry's own, and counts from when the step before it
 * was really taken (DESIGN.md, idea 10). */
#include "proto/rules/ladder.h"

#include "proto/rules/rules.h"

#include <assert.h>

enum { MORNING_SECONDS = 8 * 3600 + 1800 }; /* 08:30 */

/* Where a kind keeps the ladder's fields. */
struct places {
    unsigned due, alarm, rung;
};

static struct places places_of(unsigned kind)
{
    struct places places;
    bool found = field_named(kind, "due", &places.due) != NULL && field_named(kind, "alarm", &places.alarm) != NULL &&
                 field_named(kind, "rung", &places.rung) != NULL;
    assert(found);
    (void)found;
    return places;
}

void ladder_start(struct act *act, struct record *record, day_t due)
{
    struct places at = places_of(record->kind);
    int days = (int)act_setting(act, SET_remind_days);
    stamp_t remind = {day_start(act_workday_before(act, due, days)).s + MORNING_SECONDS};
    rec_set(record, at.due, due.n);
    rec_unset(record, at.rung);
    rec_set(record, at.alarm, remind.s > act->now.s ? remind.s : day_end(due).s);
}

void ladder_stop(struct record *record)
{
    rec_unset(record, places_of(record->kind).alarm);
}

static int64_t alarm_in(struct act *act, enum setting_id days)
{
    return day_end(workday_after(act_calendar(act), act_today(act), (int)act_setting(act, days))).s;
}

/* The next step: remind, overdue, the head, the leader. */
enum err rule_ladder(struct act *act, struct change *change)
{
    struct record *record = &change->after;
    struct places at = places_of(record->kind);
    stamp_t end = day_end((day_t){(int32_t)rec_num(record, at.due)});
    switch (rec_num(record, at.rung)) {
    case OPT_rung_head:
        rec_set(record, at.rung, OPT_rung_leader);
        rec_unset(record, at.alarm);
        return OK;
    case OPT_rung_overdue:
        rec_set(record, at.rung, OPT_rung_head);
        rec_set(record, at.alarm, alarm_in(act, SET_leader_days));
        return OK;
    default: break;
    }
    if (act->now.s < end.s) {
        rec_set(record, at.rung, OPT_rung_reminded);
        rec_set(record, at.alarm, end.s);
        return OK;
    }
    rec_set(record, at.rung, OPT_rung_overdue);
    rec_set(record, at.alarm, alarm_in(act, SET_escalate_days));
    return OK;
}
