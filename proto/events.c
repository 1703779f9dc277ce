/* events.c - see events.h. Another event is one row here and one option in choices.def. */
#include "proto/events.h"

#define BECOMES(kind, of, to) KIND_##kind, .field = (of), .value = (to)
#define STATE_OF(kind, state) BECOMES(kind, F_STATE, ST_##kind##_##state)
#define LATE(kind)            BECOMES(kind, kind##_late, 1)
#define OVERDUE(kind)         BECOMES(kind, kind##_rung, OPT_rung_overdue)
#define HONOUR(which)         {STATE_OF(honour, decided), .tests = {{honour_type, TEST_IS, OPT_honour_##which}}}

static const struct event events[] = {
    /* a correction is not a second report */
    [OPT_score_event_report_on_time] = {STATE_OF(report, accepted),
                                        .tests = {{report_late, TEST_IS, 0}, {report_revision, TEST_IS, 1}}},
    [OPT_score_event_report_late] = {LATE(report)},
    [OPT_score_event_report_excused] = {KIND_report, .action = ACT_report_excuse},
    [OPT_score_event_report_returned] = {KIND_report, .action = ACT_report_return},
    [OPT_score_event_return_late] = {LATE(unit_return)},
    [OPT_score_event_warning_yellow] = {STATE_OF(warning, issued),
                                        .tests = {{warning_level, TEST_IS, OPT_warning_level_yellow}}},
    [OPT_score_event_warning_red] = {STATE_OF(warning, issued),
                                     .tests = {{warning_level, TEST_IS, OPT_warning_level_red}}},
    [OPT_score_event_warning_raised] = {BECOMES(warning, warning_raised, ANY_VALUE)},
    [OPT_score_event_warning_unanswered] = {OVERDUE(warning)},
    [OPT_score_event_warning_lifted] = {STATE_OF(warning, lifted),
                                        .tests = {{warning_rung, TEST_AT_MOST, OPT_rung_reminded},
                                                  {warning_until, TEST_AHEAD, 0}}},
    [OPT_score_event_assignment_overdue] = {OVERDUE(assignment)},
    [OPT_score_event_issue_solved] = {STATE_OF(issue, cancelled), .tests = {{issue_returns, TEST_IS, 0}}},
    [OPT_score_event_issue_unsatisfied] = {KIND_issue, .action = ACT_issue_dissatisfy},
    [OPT_score_event_dispatch_missed] = {STATE_OF(dispatch_answer, missed)},
    [OPT_score_event_dispatch_late] = {LATE(dispatch_answer)},
    [OPT_score_event_task_late] = {LATE(decision)},
    /* what is sent when the month is over records the meetings that were not held, one for each project */
    [OPT_score_event_meeting_missing] = {STATE_OF(urging, sent),
                                         .times = urging_count,
                                         .tests = {{urging_matter, TEST_IS, OPT_matter_meeting},
                                                   {urging_due, TEST_PASSED, 0},
                                                   {F_AUTHOR, TEST_IS, 0}}},
    [OPT_score_event_mended_late] = {LATE(rectification)},
    [OPT_score_event_milestone_overdue] = {STATE_OF(milestone, overdue)},
    [OPT_score_event_visit_unregistered] = {STATE_OF(visit, unregistered)},
    [OPT_score_event_fee_above] = {BECOMES(fee, fee_above_lower, 1)},
    [OPT_score_event_fee_not_waived] = {BECOMES(fee, fee_not_waived, 1)},
    [OPT_score_event_stop_unapproved] = {STATE_OF(stop, violation)},
    [OPT_score_event_approval_overdue] = {OVERDUE(approval)},
    [OPT_score_event_approval_outside] = {BECOMES(approval, approval_outside, 1)},
    [OPT_score_event_incident_poor] = {BECOMES(incident, incident_poor, 1)},
    [OPT_score_event_commended] = HONOUR(commended),
    [OPT_score_event_criticised] = HONOUR(criticised),
    [OPT_score_event_held_to_account] = HONOUR(accountable),
    [OPT_score_event_disqualified] = HONOUR(disqualified),
};

const struct event *event_row(int64_t event)
{
    bool known = event > 0 && event < (int64_t)(sizeof events / sizeof *events) && events[event].kind != 0;
    return known ? &events[event] : NULL;
}

static bool becomes(const struct event *event, const struct record *before, const struct record *after)
{
    if (event->value == ANY_VALUE) return rec_has(after, event->field) && !rec_has(before, event->field);
    return rec_num(after, event->field) == event->value && rec_num(before, event->field) != event->value;
}

static bool passes(const struct event *event, unsigned i, const struct record *after, day_t day)
{
    int64_t number = rec_num(after, event->tests[i].field);
    switch (event->tests[i].test) {
    case TEST_NONE: return true;
    case TEST_IS: return number == event->tests[i].value;
    case TEST_AT_MOST: return number <= event->tests[i].value;
    case TEST_PASSED: return number < day.n;
    case TEST_AHEAD: return number >= day.n;
    }
    return false;
}

int64_t event_times(const struct event *event, const struct record *before, const struct record *after, day_t day,
                    unsigned act_kind, unsigned act_action)
{
    bool happened = event->action != 0 ? event->kind == act_kind && event->action == act_action
                                       : becomes(event, before, after);
    for (unsigned i = 0; happened && i < EVENT_TESTS_MAX; i++)
        happened = passes(event, i, after, day);
    if (!happened) return 0;
    return event->times != 0 && rec_has(after, event->times) ? rec_num(after, event->times) : 1;
}

bool kind_relates(unsigned kind, unsigned relation)
{
    for (const struct relate *row = NULL; (row = relate_next(kind, row)) != NULL;) {
        if (row->relation == relation) return true;
        if (row->relation == REL_all && kind_relates(field_row(kind, row->field)->ref, relation)) return true;
    }
    return false;
}
