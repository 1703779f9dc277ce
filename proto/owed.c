/* owed.c - see owed.h. */
#include "proto/owed.h"

#define PAPER(k, subject)                                                                                              \
    {                                                                                                                  \
        .kind = KIND_##k, .of = subject, .month = k##_month, .revision = k##_revision, .due = k##_due,                 \
        .received = k##_received, .late = k##_late, .reason = k##_reason, .reviewer = k##_reviewer,                    \
        .excuse = k##_excuse, .draft = ST_##k##_draft, .submitted = ST_##k##_submitted, .recalled = ST_##k##_recalled, \
        .returned = ST_##k##_returned, .accepted = ST_##k##_accepted, .replaced = ST_##k##_replaced,                   \
        .index = IX_##k##_month                                                                                        \
    }

static const struct paper_kind papers[] = {
    PAPER(report, report_project),
    PAPER(unit_return, unit_return_unit),
};

const struct paper_kind *paper_kind(unsigned kind)
{
    for (size_t i = 0; i < sizeof papers / sizeof *papers; i++)
        if (papers[i].kind == kind) return &papers[i];
    return NULL;
}

bool project_owes(const struct record *project, month_t month)
{
    if (!rec_has(project, project_reports_from) || month.n < rec_num(project, project_reports_from)) return false;
    if (rec_has(project, project_reports_to) && month.n > rec_num(project, project_reports_to)) return false;
    if (rec_lists(project, project_paused, month.n)) return false;
    if (rec_state(project) != ST_project_suspended) return true;
    return month_last(month).n < stamp_day((stamp_t){rec_num(project, F_SINCE)}).n;
}

day_t month_due(const struct space *space, const struct calendar *calendar, month_t month, struct arena *arena)
{
    month_t next = month_add(month, 1);
    int day = (int)setting_now(space, SET_report_due_day, arena);
    return workday_from(calendar, day_make(month_year(next), month_number(next), day));
}

bool paper_in(const struct record *paper)
{
    const struct paper_kind *kind = paper_kind(paper->kind);
    unsigned state = rec_state(paper);
    return state == kind->submitted || state == kind->accepted;
}

enum err paper_find(const struct space *space, unsigned kind, uint64_t of, month_t month, struct arena *arena,
                    struct record *paper)
{
    const struct paper_kind *row = paper_kind(kind);
    struct value values[] = {number_value((int64_t)of), number_value(month.n)};
    struct walk walk;
    uint64_t id;
    enum err result = ERR_NOT_FOUND;
    walk_start(&walk, space, row->index, values, 2);
    while (walk_next(&walk, &id)) { /* ascending revisions: a later one that is in wins */
        struct record found;
        enum err err = state_get(space, kind, id, arena, &found);
        if (err != OK) return err;
        if (rec_state(&found) == row->replaced) continue;
        if (result == OK && paper_in(paper) && !paper_in(&found)) continue;
        *paper = found;
        result = OK;
    }
    return result;
}

enum standing paper_standing(const struct space *space, const struct calendar *calendar, const struct record *paper,
                             month_t month, stamp_t now, struct arena *arena)
{
    const struct paper_kind *row = paper != NULL ? paper_kind(paper->kind) : NULL;
    if (paper != NULL && paper_in(paper)) return rec_num(paper, row->late) != 0 ? STANDING_IN_LATE : STANDING_ON_TIME;
    if (paper != NULL && rec_state(paper) == row->returned) return STANDING_RETURNED;
    day_t due = month_due(space, calendar, month, arena);
    if (paper != NULL && rec_has(paper, row->due) && rec_num(paper, row->due) > due.n)
        due.n = (int32_t)rec_num(paper, row->due);
    stamp_t end = deadline_moved(space, calendar, day_end(due), arena);
    if (now.s < end.s) return STANDING_NOT_DUE;
    int64_t missing = setting_now(space, SET_report_missing_days, arena);
    return now.s < end.s + missing * 86400 ? STANDING_LATE : STANDING_MISSING;
}
