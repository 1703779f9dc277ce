/* issue.c - 解难挂号销号制: difficulties are collected, registered, assigned, handled, and cancelled only after every
 * department asked for it in writing and the owner or the responsible unit signed satisfaction. Clause 5.5. */
#include "proto/rules/issue.h"

#include "proto/rules/ladder.h"
#include "proto/rules/rules.h"

#include <ctype.h>
#include <string.h>

/* States in which the clock of an assignment runs, and those in which an issue can get a further one. */
static const uint32_t open_assignment = 1u << ST_assignment_assigned | 1u << ST_assignment_accepted |
                                        1u << ST_assignment_handled | 1u << ST_assignment_asked |
                                        1u << ST_assignment_escalated;
static const uint32_t open_issue = 1u << ST_issue_registered | 1u << ST_issue_assigned | 1u << ST_issue_requested;

/* ---- an issue and its assignments ---- */

/* How the assignments of an issue stand. */
struct tally {
    unsigned open, requested;
    int64_t rung, due; /* of the open ones: the highest, the nearest */
};

static void count_one(struct tally *tally, const struct record *assignment)
{
    unsigned state = rec_state(assignment);
    int64_t due = rec_num(assignment, assignment_due), rung = rec_num(assignment, assignment_rung);
    if (state == ST_assignment_requested) tally->requested++;
    if ((open_assignment >> state & 1) == 0) return;
    tally->open++;
    if (tally->open == 1 || due < tally->due) tally->due = due;
    if (rung > tally->rung) tally->rung = rung;
}

static enum err count_assignments(struct act *act, uint64_t issue, struct tally *tally)
{
    struct value value = number_value((int64_t)issue);
    struct walk walk;
    uint64_t id;
    *tally = (struct tally){.open = 0};
    walk_start(&walk, act->space, IX_assignment_issue, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record assignment;
        enum err err = act_read(act, KIND_assignment, id, &assignment);
        if (err != OK) return act_refuse(act, err);
        count_one(tally, &assignment);
    }
    for (unsigned i = 0; i < act->change_count; i++) { /* those that this act makes are in no index yet */
        const struct change *change = act->changes[i];
        if (change->after.kind != KIND_assignment || change->before.version != 0) continue;
        if (rec_num(&change->after, assignment_issue) == (int64_t)issue) count_one(tally, &change->after);
    }
    return OK;
}

/* An opinion is about one round of handling; what was objected to stays. */
static void clear_opinion(struct record *issue)
{
    rec_unset(issue, issue_satisfied);
    rec_unset(issue, issue_opinion);
    rec_unset(issue, issue_opinion_by);
    rec_unset(issue, issue_opinion_unit);
    rec_unset(issue, issue_opinion_at);
}

/* State, nearest deadline and highest rung of an issue that is being handled follow from its assignments. */
static enum err settle_issue(struct act *act, uint64_t id)
{
    struct change *issue;
    struct tally tally;
    enum err err = act_touch(act, KIND_issue, id, &issue);
    if (err == OK) err = count_assignments(act, id, &tally);
    if (err != OK) return err;
    bool open = tally.open > 0;
    rec_set(&issue->after, F_STATE, open ? ST_issue_assigned : ST_issue_requested);
    if (open)
        rec_set(&issue->after, issue_due, tally.due);
    else
        rec_unset(&issue->after, issue_due);
    if (open && tally.rung > 0)
        rec_set(&issue->after, issue_rung, tally.rung);
    else
        rec_unset(&issue->after, issue_rung);
    if (!open) clear_opinion(&issue->after);
    return OK;
}

typedef void each_fn(struct act *act, struct record *assignment, const struct record *issue);

/* Does something to each assignment of an issue. */
static enum err each_assignment(struct act *act, const struct record *issue, each_fn *fn)
{
    struct value value = number_value((int64_t)issue->id);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_assignment_issue, &value, 1);
    while (walk_next(&walk, &id)) {
        struct change *assignment;
        enum err err = act_touch(act, KIND_assignment, id, &assignment);
        if (err != OK) return err;
        fn(act, &assignment->after, issue);
    }
    return OK;
}

static enum err settle_parent(struct act *act, const struct change *assignment)
{
    return settle_issue(act, (uint64_t)rec_num(&assignment->after, assignment_issue));
}

/* ---- time limits ---- */

static day_t days_from_now(struct act *act, int64_t days)
{
    return workday_after(act_calendar(act), act_today(act), (int)days);
}

/* A day, a number of working days, or neither: then the registry's usual limit. */
static enum err find_due(struct act *act, const struct change *change, unsigned due, unsigned limit, day_t *day)
{
    const struct record *after = &change->after;
    if (rec_has(after, due) && rec_has(after, limit)) return act_refuse_field(act, ERR_TWO_LIMITS, change, limit, 0);
    if (rec_has(after, due)) {
        *day = (day_t){(int32_t)rec_num(after, due)};
        return day->n < act_today(act).n ? act_refuse_field(act, ERR_DATE_PAST, change, due, 0) : OK;
    }
    *day = days_from_now(act, rec_has(after, limit) ? rec_num(after, limit) : act_setting(act, SET_issue_limit_days));
    return OK;
}

/* Winds the clock anew: what the head signed was about the deadline before. */
static void start_clock(struct act *act, struct record *assignment, day_t due)
{
    ladder_start(act, assignment, due);
    rec_unset(assignment, assignment_measure);
    rec_unset(assignment, assignment_measure_by);
    rec_unset(assignment, assignment_measure_at);
}

/* ---- collecting and registering ---- */

enum err rule_issue_collect(struct act *act, struct change *change)
{
    rec_set(&change->after, issue_raised_by, (int64_t)act->actor->unit);
    return OK;
}

/* 挂号: it gets its number, counted anew each year. */
enum err rule_issue_register(struct act *act, struct change *change)
{
    return act_number(act, &change->after, IX_issue_serial, issue_number, "");
}

/* Is it one of the words for "there are none"? Spaces and the full stop around it do not count. */
static bool says_none(struct text text)
{
    static const char *const words[] = {"无", "没有", "none"};
    static const char stop[] = "。";
    while (text.length > 0 && isspace((unsigned char)*text.at))
        text.at++, text.length--;
    for (size_t end = sizeof stop - 1; text.length > 0;) {
        unsigned char last = (unsigned char)text.at[text.length - 1];
        if (isspace(last) || last == '.')
            text.length--;
        else if (text.length > end && memcmp(text.at + text.length - end, stop, end) == 0)
            text.length -= (uint32_t)end;
        else
            break;
    }
    char low[16];
    if (text.length == 0) return true;
    if (text.length >= sizeof low) return false;
    for (uint32_t i = 0; i < text.length; i++)
        low[i] = (char)tolower((unsigned char)text.at[i]);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_equal((struct text){low, text.length}, text_of(words[i]))) return true;
    return false;
}

enum err collect_difficulties(struct act *act, const struct record *report)
{
    bool solved = rec_has(report, report_measure) && rec_has(report, report_solve_by);
    if (!rec_has(report, report_difficulties) || says_none(rec_text(report, report_difficulties)) || solved) return OK;
    struct value values[] = {number_value(rec_num(report, report_project)),
                             number_value(rec_num(report, report_month))};
    uint64_t id = state_find(act->space, IX_issue_month, values, 2);
    struct change *issue;
    enum err err = id != 0 ? act_touch(act, KIND_issue, id, &issue) : act_make(act, KIND_issue, &issue);
    if (err != OK) return err;
    if (id != 0 && rec_state(&issue->after) != ST_issue_collected) return OK;
    rec_move(&issue->after, issue_text, report, report_difficulties);
    if (id != 0) return OK;
    rec_set(&issue->after, F_STATE, ST_issue_collected);
    rec_move(&issue->after, issue_project, report, report_project);
    rec_move(&issue->after, issue_month, report, report_month);
    rec_set(&issue->after, issue_report, (int64_t)report->id);
    rec_move(&issue->after, issue_raised_by, report, F_AUTHOR_UNIT);
    return OK;
}

enum err collect_problem(struct act *act, const struct change *meeting, struct text problem)
{
    struct change *issue;
    if (says_none(problem)) return act_refuse_field(act, ERR_NO_PROBLEM, meeting, meeting_problem, 0);
    enum err err = act_make(act, KIND_issue, &issue);
    if (err != OK) return err;
    rec_set(&issue->after, F_STATE, ST_issue_collected);
    rec_set_text(&issue->after, issue_text, problem);
    rec_move(&issue->after, issue_project, &meeting->after, meeting_project);
    rec_move(&issue->after, issue_raised_by, &meeting->after, meeting_convener);
    rec_set(&issue->after, issue_meeting, (int64_t)meeting->after.id);
    return OK;
}

/* ---- assigning ---- */

/* Somebody who does not handle it has to be left to sign satisfaction. */
static enum err check_signer(struct act *act, const struct change *issue, const struct change *at, unsigned position)
{
    struct record project;
    enum err err = act_read(act, KIND_project, (uint64_t)rec_num(&issue->after, issue_project), &project);
    if (err != OK) return act_refuse(act, err);
    bool owner = rec_lists(&issue->after, issue_departments, rec_num(&project, project_owner));
    bool responsible = rec_lists(&issue->after, issue_departments, rec_num(&project, project_responsible));
    return owner && responsible ? act_refuse_field(act, ERR_NO_SIGNER, at, position, 0) : OK;
}

/* One department's assignment, from the issue itself. */
static enum err make_assignment(struct act *act, const struct change *issue, int64_t unit, day_t due)
{
    struct change *made;
    enum err err = act_make(act, KIND_assignment, &made);
    if (err != OK) return err;
    rec_set(&made->after, F_STATE, ST_assignment_assigned);
    rec_set(&made->after, assignment_issue, (int64_t)issue->after.id);
    rec_set(&made->after, assignment_unit, unit);
    rec_move(&made->after, assignment_project, &issue->after, issue_project);
    rec_move(&made->after, assignment_limit, &issue->after, issue_limit);
    start_clock(act, &made->after, due);
    return OK;
}

/* 交办: one assignment for each department, each with its own clock. */
enum err rule_issue_assign(struct act *act, struct change *change)
{
    unsigned count;
    day_t due;
    const int64_t *units = rec_list(&change->after, issue_departments, &count);
    enum err err = find_due(act, change, issue_due, issue_limit, &due);
    if (err == OK) err = check_signer(act, change, change, issue_departments);
    for (unsigned i = 0; i < count && err == OK; i++)
        err = make_assignment(act, change, units[i], due);
    return err == OK ? settle_issue(act, change->after.id) : err;
}

/* The issue names each of its departments: so they see it, and can't sign satisfaction with it. */
static enum err add_department(struct act *act, struct change *issue, const struct change *at, int64_t unit)
{
    unsigned count, most = field_row(KIND_issue, issue_departments)->list_max;
    const int64_t *old = rec_list(&issue->after, issue_departments, &count);
    if (rec_lists(&issue->after, issue_departments, unit))
        return act_refuse_field(act, ERR_HAS_PART, at, assignment_unit, 0);
    if (count == most) return act_refuse_field(act, ERR_TOO_MANY, at, assignment_unit, most);
    int64_t *units = arena_get(act->arena, (count + 1) * sizeof *units);
    if (units == NULL) return act_refuse(act, ERR_MEMORY);
    for (unsigned i = 0; i < count; i++)
        units[i] = old[i];
    units[count] = unit;
    rec_set_list(&issue->after, issue_departments, units, count + 1);
    return OK;
}

enum err rule_assignment_give(struct act *act, struct change *change)
{
    struct change *issue;
    day_t due;
    enum err err = act_touch(act, KIND_issue, (uint64_t)rec_num(&change->after, assignment_issue), &issue);
    if (err != OK) return err;
    if ((open_issue >> rec_state(&issue->after) & 1) == 0)
        return act_refuse_field(act, ERR_NOT_ASSIGNABLE, change, assignment_issue, 0);
    err = find_due(act, change, assignment_due, assignment_limit, &due);
    if (err == OK) err = add_department(act, issue, change, rec_num(&change->after, assignment_unit));
    if (err == OK) err = check_signer(act, issue, change, assignment_unit);
    if (err != OK) return err;
    rec_move(&change->after, assignment_project, &issue->after, issue_project);
    start_clock(act, &change->after, due);
    return settle_parent(act, change);
}

/* ---- handling ---- */

/* Where an assignment stands while the department works on it. */
static unsigned working_state(const struct record *assignment)
{
    bool escalated = rec_num(assignment, assignment_rung) >= OPT_rung_head;
    if (escalated && !rec_has(assignment, assignment_measure)) return ST_assignment_escalated;
    return rec_has(assignment, assignment_handling) ? ST_assignment_handled : ST_assignment_accepted;
}

enum err rule_assignment_handle(struct act *act, struct change *change)
{
    (void)act;
    if (rec_state(&change->after) == ST_assignment_accepted) rec_set(&change->after, F_STATE, ST_assignment_handled);
    return OK;
}

/* 请求销号: the clock stops; whether it came in time is kept, outages apart. */
enum err rule_assignment_request(struct act *act, struct change *change)
{
    stamp_t due = day_end((day_t){(int32_t)rec_num(&change->after, assignment_due)});
    due = deadline_moved(act->space, act_calendar(act), due, act->arena);
    if (act->now.s >= due.s) rec_set(&change->after, assignment_late, 1);
    rec_unset(&change->after, assignment_wish);
    rec_unset(&change->after, assignment_plea);
    ladder_stop(&change->after);
    return settle_parent(act, change);
}

enum err rule_assignment_ask(struct act *act, struct change *change)
{
    int64_t due = rec_num(&change->after, assignment_due), wish = rec_num(&change->after, assignment_wish);
    if (wish <= due) return act_refuse_field(act, ERR_NOT_LATER, change, assignment_wish, due);
    if (wish < act_today(act).n) return act_refuse_field(act, ERR_DATE_PAST, change, assignment_wish, 0);
    rec_unset(&change->after, assignment_reason); /* why not is said anew */
    return OK;
}

/* Granted until the day that was asked for, or another that the office names. */
enum err rule_assignment_grant(struct act *act, struct change *change)
{
    struct record *after = &change->after;
    int64_t due = rec_num(&change->before, assignment_due);
    int64_t day =
        act_changes(change, assignment_due) ? rec_num(after, assignment_due) : rec_num(after, assignment_wish);
    if (day <= due) return act_refuse_field(act, ERR_NOT_LATER, change, assignment_due, due);
    if (day < act_today(act).n) return act_refuse_field(act, ERR_DATE_PAST, change, assignment_due, 0);
    start_clock(act, after, (day_t){(int32_t)day});
    rec_unset(after, assignment_wish);
    rec_unset(after, assignment_plea);
    rec_set(after, assignment_extensions, rec_num(after, assignment_extensions) + 1);
    rec_set(after, F_STATE, working_state(after));
    return settle_parent(act, change);
}

enum err rule_assignment_refuse(struct act *act, struct change *change)
{
    (void)act;
    struct record *after = &change->after;
    rec_unset(after, assignment_wish);
    rec_unset(after, assignment_plea);
    rec_set(after, assignment_refusals, rec_num(after, assignment_refusals) + 1);
    rec_set(after, F_STATE, working_state(after));
    return OK;
}

/* Overdue: the ladder goes on, and from the head on a measure is awaited. An extension that is asked for is answered
 * first. */
enum err rule_assignment_alarm(struct act *act, struct change *change)
{
    enum err err = rule_ladder(act, change);
    if (err != OK) return err;
    bool head = rec_num(&change->after, assignment_rung) == OPT_rung_head;
    if (head && rec_state(&change->after) != ST_assignment_asked)
        rec_set(&change->after, F_STATE, ST_assignment_escalated);
    return settle_parent(act, change);
}

/* 一把手亲自过问: signed by the head of the department or of the responsible unit, and nobody for them. */
enum err rule_assignment_measure(struct act *act, struct change *change)
{
    rec_set(&change->after, assignment_measure_by, (int64_t)act->actor->operator);
    rec_set(&change->after, assignment_measure_at, act->now.s);
    rec_set(&change->after, F_STATE, working_state(&change->after));
    return OK;
}

/* ---- satisfaction and cancellation ---- */

static enum err sign_opinion(struct act *act, struct change *change, bool satisfied)
{
    struct record *after = &change->after;
    if (rec_lists(after, issue_departments, (int64_t)act->actor->unit)) return act_refuse(act, ERR_HANDLES_IT);
    rec_set(after, issue_satisfied, satisfied);
    rec_set(after, issue_opinion_by, (int64_t)act->actor->operator);
    rec_set(after, issue_opinion_unit, (int64_t)act->actor->unit);
    rec_set(after, issue_opinion_at, act->now.s);
    return OK;
}

enum err rule_issue_satisfy(struct act *act, struct change *change)
{
    return sign_opinion(act, change, true);
}

/* Handled once more: a new deadline, and what was not satisfactory stands beside it. The next request is written
 * anew. */
static void send_back(struct act *act, struct record *assignment, const struct record *issue)
{
    start_clock(act, assignment, days_from_now(act, act_setting(act, SET_issue_again_days)));
    rec_set(assignment, assignment_returns, rec_num(assignment, assignment_returns) + 1);
    rec_move(assignment, assignment_reason, issue, issue_opinion);
    rec_unset(assignment, assignment_request);
    rec_unset(assignment, assignment_paper);
    rec_unset(assignment, assignment_paper_hash);
    rec_set(assignment, F_STATE, ST_assignment_accepted);
}

enum err rule_issue_dissatisfy(struct act *act, struct change *change)
{
    enum err err = sign_opinion(act, change, false);
    if (err != OK) return err;
    rec_move(&change->after, issue_objection, &change->after, issue_opinion);
    rec_set(&change->after, issue_returns, rec_num(&change->after, issue_returns) + 1);
    err = each_assignment(act, &change->after, send_back);
    return err == OK ? settle_issue(act, change->after.id) : err;
}

static void close_one(struct act *act, struct record *assignment, const struct record *issue)
{
    (void)act;
    (void)issue;
    rec_set(assignment, F_STATE, ST_assignment_closed);
}

/* 销号: only from a signed satisfaction, which comes only after every request. */
enum err rule_issue_cancel(struct act *act, struct change *change)
{
    return each_assignment(act, &change->after, close_one);
}
