/* report.c - rules of monthly reports and unit returns, which live the same life. Clause 2. */
#include "proto/decide.h"
#include "proto/owed.h"
#include "proto/progress.h"
#include "proto/rules/issue.h"
#include "proto/rules/rules.h"

static month_t paper_month(const struct change *change)
{
    const struct paper_kind *row = paper_kind(change->after.kind);
    return (month_t){(int32_t)rec_num(&change->after, row->month)};
}

/* The unit that answers for the paper: the project's responsible unit, or the unit itself. */
static enum err paper_unit(struct act *act, const struct change *change, struct record *unit)
{
    uint64_t id = (uint64_t)rec_num(&change->after, paper_kind(change->after.kind)->of);
    if (change->after.kind == KIND_report) {
        struct record project;
        enum err err = act_read(act, KIND_project, id, &project);
        if (err != OK) return act_refuse(act, err);
        id = (uint64_t)rec_num(&project, project_responsible);
    }
    enum err err = act_read(act, KIND_unit, id, unit);
    return err == OK ? OK : act_refuse(act, err);
}

/* ---- what may be reported ---- */

/* The month has begun, is not in the opening balance, and a report is owed for it. */
static enum err check_month(struct act *act, const struct change *change)
{
    const struct paper_kind *row = paper_kind(change->after.kind);
    month_t month = paper_month(change);
    if (month.n > month_of(act_today(act)).n) return act_refuse_field(act, ERR_MONTH_AHEAD, change, row->month, 0);
    if (change->after.kind != KIND_report) return OK;
    struct record project;
    enum err err = act_read(act, KIND_project, (uint64_t)rec_num(&change->after, report_project), &project);
    if (err != OK) return act_refuse(act, err);
    if (month.n < rec_num(&project, project_reports_from))
        return act_refuse_field(act, ERR_MONTH_BEFORE, change, row->month, 0);
    return project_owes(&project, month) ? OK : act_refuse(act, ERR_NO_REPORT_OWED);
}

/* The last cumulative figure of the year before the report's month: of the newest report that is in, or
 * the target's opening balance. *whole: no month lies between, so that the figures have to add up. */
static enum err last_cumulative(struct act *act, const struct change *change, int64_t *last, bool *whole)
{
    uint64_t project = (uint64_t)rec_num(&change->after, report_project);
    month_t month = paper_month(change);
    *last = 0;
    *whole = month_number(month) == 1;
    for (month_t at = month_add(month, -1); month_year(at) == month_year(month); at = month_add(at, -1)) {
        struct record earlier;
        enum err err = paper_find(act->space, KIND_report, project, at, act->arena, &earlier);
        if (err != OK && err != ERR_NOT_FOUND) return act_refuse(act, err);
        if (err != OK || !paper_in(&earlier)) continue;
        *last = rec_num(&earlier, report_cumulative);
        *whole = at.n == month.n - 1;
        return OK;
    }
    struct value values[] = {number_value((int64_t)project), number_value(month_year(month))};
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_target_year, values, 2);
    while (walk_next(&walk, &id)) {
        struct record target;
        if (act_read(act, KIND_target, id, &target) != OK || rec_state(&target) != ST_target_agreed) continue;
        *last = rec_num(&target, target_opening);
        if (!rec_has(&target, target_opening_on)) continue;
        month_t opening = month_of((day_t){(int32_t)rec_num(&target, target_opening_on)});
        *whole = *whole || opening.n == month.n - 1;
    }
    return OK;
}

/* 累计数与上月衔接: the figures add up and do not fall, unless a reason is given. */
static enum err check_figures(struct act *act, const struct change *change)
{
    const struct record *after = &change->after;
    int64_t last, sum = 0;
    bool whole;
    if (after->kind != KIND_report || rec_has(after, report_explain)) return OK;
    enum err err = last_cumulative(act, change, &last, &whole);
    if (err != OK) return err;
    int64_t cumulative = rec_num(after, report_cumulative);
    sum = last + rec_num(after, report_invested);
    if (cumulative < last) return act_refuse_field(act, ERR_BELOW_LAST, change, report_cumulative, last);
    if (whole ? cumulative != sum : cumulative < sum)
        return act_refuse_field(act, ERR_DOES_NOT_ADD, change, report_cumulative, sum);
    return OK;
}

static enum err check_reached(struct act *act, const struct change *change)
{
    unsigned count;
    if (change->after.kind != KIND_report) return OK;
    const int64_t *list = rec_list(&change->after, report_reached, &count);
    for (unsigned i = 0; i < count; i++) {
        struct record milestone;
        enum err err = act_read(act, KIND_milestone, (uint64_t)list[i], &milestone);
        if (err != OK) return act_refuse(act, err);
        if (rec_num(&milestone, milestone_project) != rec_num(&change->after, report_project))
            return act_refuse_field(act, ERR_OTHER_PROJECT, change, report_reached, 0);
    }
    return OK;
}

/* A new paper gets its first revision, its day, and the unit that writes it as author. */
enum err rule_report_save(struct act *act, struct change *change)
{
    const struct paper_kind *row = paper_kind(change->after.kind);
    struct record unit = record_make(KIND_unit, 0);
    enum err err = check_month(act, change);
    if (err == OK) err = check_reached(act, change);
    if (err == OK) err = paper_unit(act, change, &unit);
    if (err != OK) return err;
    if (change->before.version != 0) return OK;
    rec_set(&change->after, F_AUTHOR_UNIT, (int64_t)unit.id);
    rec_set(&change->after, row->revision, 1);
    rec_set(&change->after, row->due, month_due(act->space, act_calendar(act), paper_month(change), act->arena).n);
    if (rec_state(&change->after) == ST_none) rec_set(&change->after, F_STATE, row->draft);
    return OK;
}

/* ---- sending ---- */

static enum err check_review(struct act *act, struct change *change, bool wanted)
{
    struct record unit = record_make(KIND_unit, 0);
    enum err err = paper_unit(act, change, &unit);
    if (err != OK) return err;
    bool reviews = rec_num(&unit, unit_review) != 0;
    if (reviews == wanted) return OK;
    return act_refuse(act, reviews ? ERR_WANTS_REVIEW : ERR_NO_REVIEW);
}

/* On time is what the daemon received before the end of its day, outages apart. */
static enum err send_paper(struct act *act, struct change *change)
{
    const struct paper_kind *row = paper_kind(change->after.kind);
    enum err err = rule_report_save(act, change);
    if (err == OK) err = check_figures(act, change);
    if (err != OK) return err;
    stamp_t due = day_end((day_t){(int32_t)rec_num(&change->after, row->due)});
    due = deadline_moved(act->space, act_calendar(act), due, act->arena);
    bool late = rec_num(&change->after, row->late) != 0 || act->now.s >= due.s;
    rec_set(&change->after, row->received, act->now.s);
    if (rec_has(&change->after, row->excuse)) late = false;
    rec_set(&change->after, row->late, late);
    rec_unset(&change->after, row->reason);
    return change->after.kind == KIND_report ? collect_difficulties(act, &change->after) : OK;
}

enum err rule_report_propose(struct act *act, struct change *change)
{
    enum err err = check_review(act, change, true);
    if (err == OK) err = rule_report_save(act, change);
    return err == OK ? check_figures(act, change) : err;
}

enum err rule_report_submit(struct act *act, struct change *change)
{
    enum err err = check_review(act, change, false);
    return err == OK ? send_paper(act, change) : err;
}

enum err rule_report_approve(struct act *act, struct change *change)
{
    rec_set(&change->after, paper_kind(change->after.kind)->reviewer, (int64_t)act->actor->operator);
    return send_paper(act, change);
}

enum err rule_report_recall(struct act *act, struct change *change)
{
    (void)act;
    rec_unset(&change->after, paper_kind(change->after.kind)->received);
    return OK;
}

/* ---- what the office does ---- */

/* The milestones that the report says were reached are so, with the office's acceptance. */
static enum err reach_milestones(struct act *act, const struct change *change)
{
    unsigned count;
    const int64_t *list = rec_list(&change->after, report_reached, &count);
    day_t last = month_last(paper_month(change));
    if (last.n > act_today(act).n) last = act_today(act);
    for (unsigned i = 0; i < count; i++) {
        struct change *milestone;
        enum err err = act_touch(act, KIND_milestone, (uint64_t)list[i], &milestone);
        if (err != OK) return err;
        unsigned state = rec_state(&milestone->after);
        if (state != ST_milestone_open && state != ST_milestone_overdue) continue;
        rec_set(&milestone->after, F_STATE, ST_milestone_reached);
        rec_set(&milestone->after, milestone_done, last.n);
    }
    return OK;
}

/* Lists show the newest accepted figure; one of last year's not beside this year's plan. */
static enum err show_figures(struct act *act, const struct change *change)
{
    struct change *project;
    uint64_t id = (uint64_t)rec_num(&change->after, report_project);
    month_t month = paper_month(change);
    if (target_newest_year(act->space, id, act->arena) > month_year(month)) return OK;
    enum err err = act_touch(act, KIND_project, id, &project);
    if (err != OK) return err;
    if (month.n < rec_num(&project->after, project_invested_to)) return OK;
    rec_set(&project->after, project_invested, rec_num(&change->after, report_cumulative));
    rec_set(&project->after, project_invested_to, month.n);
    return OK;
}

/* The revision before this one, when there is one. */
static uint64_t revision_id(struct act *act, const struct record *paper, int64_t revision)
{
    const struct paper_kind *row = paper_kind(paper->kind);
    struct value values[] = {number_value(rec_num(paper, row->of)), number_value(rec_num(paper, row->month)),
                             number_value(revision)};
    return state_find(act->space, row->index, values, 3);
}

enum err rule_report_accept(struct act *act, struct change *change)
{
    const struct paper_kind *row = paper_kind(change->after.kind);
    uint64_t old_id = revision_id(act, &change->after, rec_num(&change->after, row->revision) - 1);
    enum err err = OK;
    if (old_id != 0) {
        struct change *old;
        if ((err = act_touch(act, change->after.kind, old_id, &old)) != OK) return err;
        if (rec_state(&old->after) == row->accepted) rec_set(&old->after, F_STATE, row->replaced);
    }
    if (change->after.kind != KIND_report) return OK;
    err = reach_milestones(act, change);
    if (err == OK) err = collect_difficulties(act, &change->after);
    return err == OK ? show_figures(act, change) : err;
}

/* Time to mend it: its day moves to the set number of working days from now, if that is later. */
enum err rule_report_return(struct act *act, struct change *change)
{
    const struct paper_kind *row = paper_kind(change->after.kind);
    int days = (int)act_setting(act, SET_report_return_days);
    day_t due = workday_after(act_calendar(act), act_today(act), days);
    if (due.n > rec_num(&change->after, row->due)) rec_set(&change->after, row->due, due.n);
    return OK;
}

/* A new revision for the unit to correct; the accepted one stands until the new one is accepted. */
enum err rule_report_correct(struct act *act, struct change *change)
{
    const struct paper_kind *row = paper_kind(change->after.kind);
    int64_t next = rec_num(&change->after, row->revision) + 1;
    struct change *made;
    struct record unit = record_make(KIND_unit, 0);
    if (revision_id(act, &change->after, next) != 0) return act_refuse(act, ERR_CORRECTING);
    enum err err = paper_unit(act, change, &unit);
    if (err == OK) err = act_make(act, change->after.kind, &made);
    if (err != OK) return err;
    const struct field *field;
    for (unsigned i = F_COMMON_COUNT; (field = field_row(change->after.kind, i)) != NULL; i++)
        if (field->fill >> ACT_report_save & 1) rec_move(&made->after, i, &change->after, i);
    int days = (int)act_setting(act, SET_report_return_days);
    rec_set(&made->after, row->revision, next);
    rec_set(&made->after, row->due, workday_after(act_calendar(act), act_today(act), days).n);
    rec_move(&made->after, row->reason, &change->after, row->reason);
    rec_set(&made->after, F_AUTHOR_UNIT, (int64_t)unit.id);
    rec_set(&made->after, F_STATE, row->draft);
    rec_move(&change->after, row->reason, &change->before, row->reason);
    return OK;
}

/* The office may excuse a late paper with a reason, which stays beside it. */
enum err rule_report_excuse(struct act *act, struct change *change)
{
    const struct paper_kind *row = paper_kind(change->after.kind);
    if (rec_num(&change->before, row->late) == 0) return act_refuse_field(act, ERR_NOT_NEWER, change, row->late, 0);
    rec_set(&change->after, row->late, 0);
    return OK;
}
