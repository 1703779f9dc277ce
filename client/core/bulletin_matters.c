/* bulletin_matters.c - the sections of a bulletin on registered issues (5.5g, 5.5h), warnings (5.4), honours and
 * sanctions (2.10, 2.11). An issue counts for the period in which it was raised, its cancellation for that in which it
 * was cancelled. */
#include "client/core/bulletin_parts.h"

#include <stdlib.h>

enum { NUMBER_ROOM = 160 }; /* bytes for one more number and the end of its paragraph */

/* ---- registered issues ---- */

static bool is_registered(const struct record *issue)
{
    return rec_has(issue, issue_number);
}

static bool is_cancelled(const struct record *issue)
{
    return rec_state(issue) == ST_issue_cancelled;
}

static bool is_over(const struct compose *compose, const struct record *record, unsigned due)
{
    return rec_has(record, due) && rec_num(record, due) < compose->today.n;
}

void write_issues(struct compose *compose)
{
    struct record issue = record_make(KIND_issue, 0);
    unsigned all = 0, raised = 0, cancelled = 0, ended = 0, open = 0, over = 0, returned = 0;
    char line[LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    while (next_record(compose, KIND_issue, &issue)) {
        if (!is_registered(&issue) || rec_num(&issue, F_MADE) >= day_end(period_end(compose)).s) continue;
        bool done = is_cancelled(&issue);
        all++;
        raised += in_period(compose, rec_num(&issue, F_MADE));
        cancelled += done && in_period(compose, rec_num(&issue, F_SINCE));
        ended += done;
        open += !done;
        over += !done && is_over(compose, &issue, issue_due);
        returned += rec_num(&issue, issue_returns) > 0;
    }
    if (all == 0) return;
    str_period(&str, bulletin_months(compose->type), compose->month);
    str_printf(&str, "新上报并挂号%u件，销号%u件。截至目前累计挂号%u件，累计销号%u件，未销号%u件，其中逾期%u件；"
                     "业主或责任单位签署不满意意见、退回重办的%u件。",
               raised, cancelled, all, ended, open, over, returned);
    put_paragraph(compose, line);
}

/* ---- by department ---- */

enum { GIVEN, DONE, AT_WORK, OVER, EXTENDED };

static int by_over(const void *left, const void *right)
{
    const struct unit_row *a = left, *b = right;
    if (a->at[OVER] != b->at[OVER]) return a->at[OVER] > b->at[OVER] ? -1 : 1;
    if (a->at[GIVEN] != b->at[GIVEN]) return a->at[GIVEN] > b->at[GIVEN] ? -1 : 1;
    return (a->unit > b->unit) - (a->unit < b->unit);
}

/* What was given in the period, or was still at work when it began. */
static bool concerns_period(const struct compose *compose, const struct record *assignment)
{
    bool open = rec_state(assignment) != ST_assignment_closed;
    if (rec_num(assignment, F_MADE) >= day_end(period_end(compose)).s) return false;
    return open || rec_num(assignment, F_SINCE) >= day_start(month_first(compose->first)).s;
}

void write_departments(struct compose *compose)
{
    struct record assignment = record_make(KIND_assignment, 0);
    struct by_unit *units = by_unit_make(compose);
    struct items items = {0};
    if (units == NULL) return;
    while (next_record(compose, KIND_assignment, &assignment)) {
        if (!concerns_period(compose, &assignment)) continue;
        unsigned state = rec_state(&assignment);
        bool done = state == ST_assignment_closed || state == ST_assignment_requested;
        struct unit_row *row = by_unit_row(units, (uint64_t)rec_num(&assignment, assignment_unit));
        row->at[GIVEN]++;
        row->at[DONE] += done;
        row->at[AT_WORK] += !done;
        row->at[OVER] += done ? rec_num(&assignment, assignment_late) != 0
                              : is_over(compose, &assignment, assignment_due);
        row->at[EXTENDED] += rec_num(&assignment, assignment_extensions) > 0;
    }
    qsort(units->rows, units->count, sizeof *units->rows, by_over);
    for (unsigned i = 0; i < units->count; i++) {
        const struct unit_row *row = &units->rows[i];
        char line[LINE_BYTES];
        struct str str = str_in(line, sizeof line);
        str_unit(compose, &str, row->unit);
        str_printf(&str, "：交办%lld件，办结并请求销号%lld件，在办%lld件", (long long)row->at[GIVEN],
                   (long long)row->at[DONE], (long long)row->at[AT_WORK]);
        if (row->at[OVER] > 0) str_printf(&str, "，逾期%lld件", (long long)row->at[OVER]);
        if (row->at[EXTENDED] > 0) str_printf(&str, "，经批准延期%lld件", (long long)row->at[EXTENDED]);
        str_put(&str, "。");
        put_item(compose, &items, line);
    }
    end_items(compose, &items);
}

/* "挂号〔2009〕3号　某项目（征地拆迁）" */
static void str_issue(const struct compose *compose, struct str *out, const struct record *issue)
{
    const struct option *nature = option_row(CHOICE_problem, (unsigned)rec_num(issue, issue_nature));
    str_text(out, rec_text(issue, issue_number));
    str_put(out, "，");
    str_project(compose, out, (uint64_t)rec_num(issue, issue_project));
    if (nature != NULL) str_printf(out, "，%s问题", nature->word);
}

static void str_departments(const struct compose *compose, struct str *out, const struct record *issue)
{
    unsigned count;
    const int64_t *units = rec_list(issue, issue_departments, &count);
    for (unsigned i = 0; i < count; i++) {
        str_put(out, i == 0 ? "，受理单位" : "、");
        str_unit(compose, out, (uint64_t)units[i]);
    }
}

/* Their numbers: what they were about stood in an earlier bulletin. */
void write_cancelled_issues(struct compose *compose)
{
    struct record issue = record_make(KIND_issue, 0);
    char line[LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    unsigned count = 0;
    while (next_record(compose, KIND_issue, &issue)) {
        if (!is_cancelled(&issue) || !in_period(compose, rec_num(&issue, F_SINCE))) continue;
        if (str.used + NUMBER_ROOM > sizeof line) break;
        if (count++ > 0) str_put(&str, "、");
        str_text(&str, rec_text(&issue, issue_number));
    }
    if (count == 0) return;
    str_printf(&str, "，共%u件。", count);
    put_paragraph(compose, line);
}

void write_open_issues(struct compose *compose)
{
    struct record issue = record_make(KIND_issue, 0);
    struct items items = {0};
    while (next_record(compose, KIND_issue, &issue)) {
        char line[LINE_BYTES];
        struct str str = str_in(line, sizeof line);
        if (!is_registered(&issue) || is_cancelled(&issue)) continue;
        if (rec_num(&issue, F_MADE) >= day_end(period_end(compose)).s) continue;
        str_issue(compose, &str, &issue);
        str_departments(compose, &str, &issue);
        if (rec_has(&issue, issue_due)) {
            str_put(&str, "，办结时限");
            str_day_words(&str, (day_t){(int32_t)rec_num(&issue, issue_due)});
        }
        str_put(&str, is_over(compose, &issue, issue_due) ? "，已逾期。" : "。");
        put_item(compose, &items, line);
    }
    end_items(compose, &items);
}

/* ---- warnings ---- */

static bool was_issued(const struct record *warning)
{
    return rec_has(warning, warning_issued);
}

static bool is_lifted(const struct record *warning)
{
    return rec_state(warning) == ST_warning_lifted;
}

static void put_warning(struct compose *compose, struct items *items, const struct record *warning)
{
    char line[LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    const struct option *cause = option_row(CHOICE_warning_cause, (unsigned)rec_num(warning, warning_cause));
    const struct option *level = option_row(CHOICE_warning_level, (unsigned)rec_num(warning, warning_level));
    str_text(&str, rec_text(warning, warning_number));
    str_put(&str, "，");
    str_unit(compose, &str, (uint64_t)rec_num(warning, warning_subject));
    if (rec_has(warning, warning_project)) {
        str_put(&str, "，");
        str_project(compose, &str, (uint64_t)rec_num(warning, warning_project));
    }
    str_printf(&str, "，%s，%s预警", cause != NULL ? cause->word : "", level != NULL ? level->word : "");
    str_put(&str, is_over(compose, warning, warning_due) && !rec_has(warning, warning_answered) ? "，逾期未答复。" : "。");
    put_item(compose, items, line);
}

void write_warnings(struct compose *compose)
{
    struct record warning = record_make(KIND_warning, 0);
    unsigned issued = 0, lifted = 0, open = 0, red = 0;
    char line[LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    while (next_record(compose, KIND_warning, &warning)) {
        if (!was_issued(&warning)) continue;
        bool over = is_lifted(&warning);
        issued += in_period(compose, rec_num(&warning, warning_issued));
        lifted += over && in_period(compose, rec_num(&warning, F_SINCE));
        open += !over;
        red += !over && rec_num(&warning, warning_level) == OPT_warning_level_red;
    }
    if (issued + lifted + open == 0) return;
    str_period(&str, bulletin_months(compose->type), compose->month);
    str_printf(&str, "发出预警%u件，解除%u件；目前未解除的预警%u件，其中红色%u件%s", issued, lifted, open, red,
               red > 0 ? "：" : "。");
    put_paragraph(compose, line);
    struct items items = {0};
    bool all = compose->type == OPT_bulletin_digest; /* the leader's report names the yellow ones, too */
    warning = record_make(KIND_warning, 0);
    while (next_record(compose, KIND_warning, &warning)) {
        bool named = all || rec_num(&warning, warning_level) == OPT_warning_level_red;
        if (was_issued(&warning) && !is_lifted(&warning) && named) put_warning(compose, &items, &warning);
    }
    end_items(compose, &items);
}

/* ---- honours and sanctions ---- */

static void put_honour(struct compose *compose, struct items *items, const struct record *honour)
{
    char line[LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    const struct option *type = option_row(CHOICE_honour, (unsigned)rec_num(honour, honour_type));
    struct record person;
    str_unit(compose, &str, (uint64_t)rec_num(honour, honour_subject));
    if (rec_has(honour, honour_person) &&
        state_get(compose->space, KIND_person, (uint64_t)rec_num(honour, honour_person), compose->arena, &person) == OK)
        str_text(&str, rec_text(&person, person_name));
    str_printf(&str, "：%s（", type != NULL ? type->word : "");
    str_text(&str, rec_text(honour, honour_document));
    str_put(&str, "）。");
    if (compose->type == OPT_bulletin_commendation || compose->type == OPT_bulletin_accountability) {
        str_text(&str, rec_text(honour, honour_grounds));
    }
    put_item(compose, items, line);
}

static void write_decided(struct compose *compose, bool commended)
{
    struct record honour = record_make(KIND_honour, 0);
    struct items items = {0};
    while (next_record(compose, KIND_honour, &honour)) {
        unsigned state = rec_state(&honour);
        if (state != ST_honour_decided && state != ST_honour_expired) continue;
        if ((rec_num(&honour, honour_type) == OPT_honour_commended) != commended) continue;
        day_t from = {(int32_t)rec_num(&honour, honour_from)};
        if (in_period(compose, day_start(from).s)) put_honour(compose, &items, &honour);
    }
    end_items(compose, &items);
}

void write_commended(struct compose *compose)
{
    write_decided(compose, true);
}

void write_blamed(struct compose *compose)
{
    write_decided(compose, false);
}
