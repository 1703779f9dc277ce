/* bulletin_progress.c - the sections of a bulletin on how far the projects are, and who reported in time. Clause 2.9:
 * 定期在全市通报项目建设进展和目标任务完成情况. */
#include "client/core/bulletin_parts.h"

#include "proto/number.h"
#include "proto/owed.h"
#include "proto/progress.h"

#include <stdlib.h>

enum { PROJECTS_MAX = 1000 };

/* One project's figures of the year up to the period's month, in fen. */
struct figures {
    uint64_t project, responsible;
    bool construction;
    int64_t invested, planned, year_plan;
};

/* What the last accepted report up to the month says, or the opening balance. */
static int64_t invested_by(const struct compose *compose, const struct record *project, const struct record *target)
{
    for (month_t at = compose->month; month_year(at) == month_year(compose->month); at = month_add(at, -1)) {
        struct record report;
        enum err err = paper_find(compose->space, KIND_report, project->id, at, compose->arena, &report);
        if (err == OK && rec_state(&report) == ST_report_accepted) return rec_num(&report, report_cumulative);
    }
    return rec_num(target, target_opening);
}

/* False for a project that does not count: without an agreed target for the year, or not running any more. */
static bool figures_of(const struct compose *compose, const struct record *project, struct figures *figures)
{
    struct record target;
    unsigned count, state = rec_state(project);
    if (state == ST_project_suspended || state == ST_project_withdrawn) return false;
    if (target_find(compose->space, project->id, month_year(compose->month), compose->arena, &target) != OK)
        return false;
    const int64_t *months = rec_list(&target, target_months, &count);
    *figures = (struct figures){.project = project->id,
                                .responsible = (uint64_t)rec_num(project, project_responsible),
                                .construction = rec_num(project, project_list) == OPT_plan_list_construction,
                                .invested = invested_by(compose, project, &target),
                                .year_plan = rec_num(&target, target_total)};
    for (unsigned i = 0; i < count && (int)i < month_number(compose->month); i++)
        figures->planned += months[i];
    return true;
}

struct all_figures {
    unsigned count, running[2]; /* preliminary, under construction */
    struct figures total, at[PROJECTS_MAX];
};

/* All that count; NULL when memory ran out. Read once for each section: they are short, and stay simple so. */
static struct all_figures *read_figures(struct compose *compose)
{
    struct all_figures *all = arena_get(compose->arena, sizeof *all);
    struct record project = record_make(KIND_project, 0);
    if (all == NULL) {
        compose->err = ERR_MEMORY;
        return NULL;
    }
    while (all->count < PROJECTS_MAX && next_record(compose, KIND_project, &project)) {
        struct figures *figures = &all->at[all->count];
        if (!figures_of(compose, &project, figures)) continue;
        all->running[figures->construction]++;
        all->total.invested += figures->invested;
        all->total.planned += figures->planned;
        all->total.year_plan += figures->year_plan;
        all->count++;
    }
    return compose->err == OK ? all : NULL;
}

/* "1—10月完成投资3.21亿元，为同期计划的96.4%、年度计划的80.3%" */
static void str_figures(const struct compose *compose, struct str *out, const struct figures *figures)
{
    int month = month_number(compose->month);
    if (month > 1)
        str_printf(out, "1—%d月完成投资", month);
    else
        str_put(out, "1月完成投资");
    str_sum(out, figures->invested);
    str_put(out, "，为同期计划的");
    str_share(out, per_mille(figures->invested, figures->planned));
    str_put(out, "、年度计划的");
    str_share(out, per_mille(figures->invested, figures->year_plan));
}

void write_overall(struct compose *compose)
{
    char line[LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    const struct all_figures *all = read_figures(compose);
    if (all == NULL || all->count == 0) return;
    str_printf(&str, "列入计划并在推进的重点建设项目%u个，其中前期项目%u个、在建项目%u个，年度计划投资", all->count,
               all->running[0], all->running[1]);
    str_sum(&str, all->total.year_plan);
    str_put(&str, "。");
    str_figures(compose, &str, &all->total);
    str_printf(&str, "；时间进度为");
    str_share(&str, per_mille(month_number(compose->month), 12));
    str_put(&str, "。当月月报尚未受理的项目，按最近一次受理的月报计算。");
    put_paragraph(compose, line);
}

/* ---- by unit ---- */

enum { INVESTED, PLANNED, YEAR_PLAN, PROJECTS };

static int by_share(const void *left, const void *right)
{
    const struct unit_row *a = left, *b = right;
    int64_t share_a = per_mille(a->at[INVESTED], a->at[PLANNED]), share_b = per_mille(b->at[INVESTED], b->at[PLANNED]);
    if (share_a != share_b) return share_a > share_b ? -1 : 1;
    return (a->unit > b->unit) - (a->unit < b->unit);
}

void write_units(struct compose *compose)
{
    const struct all_figures *all = read_figures(compose);
    struct by_unit *units = by_unit_make(compose);
    struct items items = {0};
    if (all == NULL || units == NULL || all->count == 0) return;
    for (unsigned i = 0; i < all->count; i++) {
        struct unit_row *row = by_unit_row(units, all->at[i].responsible);
        row->at[INVESTED] += all->at[i].invested;
        row->at[PLANNED] += all->at[i].planned;
        row->at[YEAR_PLAN] += all->at[i].year_plan;
        row->at[PROJECTS]++;
    }
    qsort(units->rows, units->count, sizeof *units->rows, by_share);
    put_paragraph(compose, "按完成同期计划的比例，各责任单位依次为：");
    for (unsigned i = 0; i < units->count; i++) {
        const struct unit_row *row = &units->rows[i];
        char line[LINE_BYTES];
        struct str str = str_in(line, sizeof line);
        str_unit(compose, &str, row->unit);
        str_printf(&str, "：项目%lld个，", (long long)row->at[PROJECTS]);
        str_figures(compose, &str,
                    &(struct figures){.invested = row->at[INVESTED],
                                      .planned = row->at[PLANNED],
                                      .year_plan = row->at[YEAR_PLAN]});
        str_put(&str, "。");
        put_item(compose, &items, line);
    }
    end_items(compose, &items);
}

/* ---- reporting ---- */

enum { OWED, ON_TIME, LATE, NOT_IN, NOT_DUE };

static void count_reports(struct compose *compose, struct by_unit *units)
{
    struct record project = record_make(KIND_project, 0);
    while (next_record(compose, KIND_project, &project)) {
        struct record paper;
        if (!project_owes(&project, compose->month)) continue;
        bool there = paper_find(compose->space, KIND_report, project.id, compose->month, compose->arena, &paper) == OK;
        enum standing standing = paper_standing(compose->space, compose->calendar, there ? &paper : NULL,
                                                compose->month, compose->now, compose->arena);
        struct unit_row *row = by_unit_row(units, (uint64_t)rec_num(&project, project_responsible));
        row->at[OWED]++;
        row->at[ON_TIME] += standing == STANDING_ON_TIME;
        row->at[LATE] += standing == STANDING_IN_LATE;
        row->at[NOT_DUE] += standing == STANDING_NOT_DUE;
        row->at[NOT_IN] +=
            standing == STANDING_LATE || standing == STANDING_MISSING || standing == STANDING_RETURNED;
    }
}

/* "迟报的单位：华容县2个、平江县1个。" */
static void put_named(struct compose *compose, const struct by_unit *units, int column, const char *before)
{
    char line[LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    bool any = false;
    str_put(&str, before);
    for (unsigned i = 0; i < units->count; i++) {
        if (units->rows[i].at[column] == 0) continue;
        if (any) str_put(&str, "、");
        str_unit(compose, &str, units->rows[i].unit);
        str_printf(&str, "%lld个", (long long)units->rows[i].at[column]);
        any = true;
    }
    str_put(&str, "。");
    if (any) put_paragraph(compose, line);
}

void write_reporting(struct compose *compose)
{
    char line[LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    struct by_unit *units = by_unit_make(compose);
    int64_t sums[NOT_DUE + 1] = {0};
    if (units == NULL) return;
    count_reports(compose, units);
    for (unsigned i = 0; i < units->count; i++)
        for (int j = OWED; j <= NOT_DUE; j++)
            sums[j] += units->rows[i].at[j];
    if (sums[OWED] == 0) return;
    str_printf(&str, "%d月份应报送月报的项目%lld个，按时报送%lld个，迟报%lld个，未报或退回后未重报%lld个",
               month_number(compose->month), (long long)sums[OWED], (long long)sums[ON_TIME], (long long)sums[LATE],
               (long long)sums[NOT_IN]);
    if (sums[NOT_DUE] > 0) str_printf(&str, "，尚在报送期限内%lld个", (long long)sums[NOT_DUE]);
    str_put(&str, "，按时报送率");
    str_share(&str, per_mille(sums[ON_TIME], sums[OWED]));
    str_put(&str, "。");
    put_paragraph(compose, line);
    put_named(compose, units, LATE, "迟报的单位：");
    put_named(compose, units, NOT_IN, "未报或退回后未重报的单位：");
}

/* ---- lagging ---- */

static int by_project_share(const void *left, const void *right)
{
    const struct figures *a = left, *b = right;
    int64_t share_a = a->planned > 0 ? per_mille(a->invested, a->planned) : INT64_MAX; /* nothing to be behind of */
    int64_t share_b = b->planned > 0 ? per_mille(b->invested, b->planned) : INT64_MAX;
    if (share_a != share_b) return share_a < share_b ? -1 : 1;
    return (a->project > b->project) - (a->project < b->project);
}

static bool is_below(const struct figures *figures, int64_t share)
{
    return figures->planned > 0 && per_mille(figures->invested, figures->planned) < share;
}

/* The yellow ones are counted, the red ones named, the farthest behind first. */
void write_lagging(struct compose *compose)
{
    int64_t yellow = setting_now(compose->space, SET_behind_yellow, compose->arena);
    int64_t red = setting_now(compose->space, SET_behind_red, compose->arena);
    struct all_figures *all = read_figures(compose);
    struct items items = {0};
    char line[LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    unsigned behind = 0, far_behind = 0;
    if (all == NULL) return;
    qsort(all->at, all->count, sizeof *all->at, by_project_share);
    for (unsigned i = 0; i < all->count; i++) {
        behind += is_below(&all->at[i], yellow);
        far_behind += is_below(&all->at[i], red);
    }
    if (behind == 0) return;
    str_put(&str, "完成投资低于同期计划");
    str_share(&str, yellow);
    str_printf(&str, "的项目%u个，其中低于", behind);
    str_share(&str, red);
    str_printf(&str, far_behind > 0 ? "的%u个，予以点名：" : "的%u个。", far_behind);
    put_paragraph(compose, line);
    for (unsigned i = 0; i < all->count && is_below(&all->at[i], red); i++) {
        const struct figures *figures = &all->at[i];
        str = str_in(line, sizeof line);
        str_project(compose, &str, figures->project);
        str_put(&str, "（");
        str_unit(compose, &str, figures->responsible);
        str_put(&str, "）：完成投资");
        str_sum(&str, figures->invested);
        str_put(&str, "，为同期计划的");
        str_share(&str, per_mille(figures->invested, figures->planned));
        str_put(&str, "。");
        put_item(compose, &items, line);
    }
    end_items(compose, &items);
}
