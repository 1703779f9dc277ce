/* project_text.c - what a project's page says: the overview with the chain of responsibility (clause 1:
 * 一把手亲自抓、分管领导具体抓、班子成员共同推进), plan against actual, reports, milestones. */
#include "client/screen/project.h"

#include "client/core/registers.h"
#include "client/screen/words.h"
#include "client/term/cells.h"

#include <string.h>

enum { TEXT_BYTES = 16 * 1024, VALUE_BYTES = 2200 };

/* ---- the overview ---- */

struct overview {
    struct project_view *self;
    struct app *app;
    struct arena *arena;
    struct record project;
    struct str out;
    int columns, label;
    bool half; /* the left half of the line is taken */
};

static void pad(struct overview *job, struct text text, int columns)
{
    str_text(&job->out, text);
    for (int used = text_columns(text); used < columns; used++)
        str_put(&job->out, " ");
}

/* A label and its value: beside the one before when both are short. */
static void put_pair(struct overview *job, const char *label, const char *value)
{
    struct text text = text_of(*value != '\0' ? value : "-"), name = text_of(label);
    int half = job->columns / 2, room = half - job->label - 2;
    bool fits = job->columns >= 76 && text_columns(text) <= room;
    name.length = text_fit(name, job->label - 1, NULL);
    if (job->half && !fits) str_put(&job->out, "\n");
    bool left = !job->half || !fits;
    pad(job, name, job->label);
    if (left && fits)
        pad(job, text, half - job->label);
    else {
        str_text(&job->out, text);
        str_put(&job->out, "\n");
    }
    job->half = left && fits;
}

static void end_line(struct overview *job)
{
    if (job->half) str_put(&job->out, "\n");
    job->half = false;
}

static void put_field(struct overview *job, unsigned position)
{
    struct text text = view_value(job->app, &job->project, position, job->arena);
    const char *value = text.length > 0                                             ? text.at
                        : view_knows(job->app, &job->project, position, job->arena) ? "-"
                                                                                    : "?";
    put_pair(job, tr(field_row(KIND_project, position)->label), value);
}

static void put_money(struct overview *job, unsigned position)
{
    char value[80];
    struct str str = str_in(value, sizeof value);
    bool known = view_knows(job->app, &job->project, position, job->arena);
    if (rec_has(&job->project, position)) {
        str_text(&str, view_value(job->app, &job->project, position, job->arena));
        str_put(&str, " ");
        str_put(&str, tr(UNIT_WAN));
    } else
        str_put(&str, known ? "-" : "?");
    put_pair(job, tr(field_row(KIND_project, position)->label), value);
}

/* A post's person with the telephone number. */
static void put_post(struct overview *job, uint64_t id, struct str *out)
{
    struct record post, person;
    if (!view_get(job->app, KIND_post, id, job->arena, &post) ||
        !view_get(job->app, KIND_person, (uint64_t)rec_num(&post, post_person), job->arena, &person)) {
        str_put(out, "?");
        return;
    }
    str_text(out, rec_text(&person, person_name));
    if (rec_state(&post) != ST_post_in_force) str_put(out, tr(N_(" (ended)")));
    if (!rec_has(&person, person_phone)) return;
    str_put(out, " ");
    str_text(out, rec_text(&person, person_phone));
}

static void put_tier(struct overview *job, unsigned position)
{
    char value[VALUE_BYTES];
    struct str str = str_in(value, sizeof value);
    unsigned count = 1;
    int64_t one = rec_num(&job->project, position);
    bool list = field_row(KIND_project, position)->list_max > 0;
    const int64_t *ids = list ? rec_list(&job->project, position, &count) : &one;
    if (!rec_has(&job->project, position))
        str_put(&str, view_knows(job->app, &job->project, position, job->arena) ? "-" : "?");
    for (unsigned i = 0; i < count && rec_has(&job->project, position); i++) {
        if (i > 0) str_put(&str, tr(N_(", ")));
        put_post(job, (uint64_t)ids[i], &str);
    }
    put_pair(job, tr(field_row(KIND_project, position)->label), value);
}

static void put_stage(struct overview *job)
{
    char value[300];
    struct str str = str_in(value, sizeof value);
    str_put(&str, show_state(&job->project));
    str_put(&str, tr(N_(": ")));
    str_text(&str, view_value(job->app, &job->project, project_stage, job->arena));
    if (rec_has(&job->project, project_stage_on)) {
        str_put(&str, " ");
        str_text(&str, view_value(job->app, &job->project, project_stage_on, job->arena));
    }
    put_pair(job, tr(field_row(KIND_project, project_stage)->label), value);
}

static void put_progress(struct overview *job)
{
    struct progress progress;
    char value[300];
    struct str str = str_in(value, sizeof value);
    progress_of(client_space(job->app->client), &job->project, job->arena, &progress);
    if (rec_has(&job->project, project_invested_to)) {
        str_percent(&str, progress.of_year);
        str_put(&str, tr(N_("% of the year plan, time ")));
        str_percent(&str, progress.of_time);
        str_put(&str, "%");
    }
    put_pair(job, tr(N_("share")), value);
    str = str_in(value, sizeof value);
    str_put(&str, light_word(progress.light));
    if (progress.light != LIGHT_UNKNOWN) {
        str_put(&str, "  ");
        str_percent(&str, progress.of_plan);
        str_put(&str, tr(N_("% of the plan to ")));
        str_month(&str, progress.upto);
    }
    put_pair(job, tr(N_("light")), value);
}

/* "issues  2 running, 1 overdue" for each kind of which something runs. */
static void put_running(struct overview *job)
{
    struct registers registers;
    if (registers_of_project(job->app->client, job->self->id, job->arena, &registers) != OK) return;
    for (unsigned i = 0; i < registers.count; i++) {
        const struct tally *tally = &registers.at[i];
        char value[100];
        struct str str = str_in(value, sizeof value);
        if (tally->open == 0 || tally->kind == KIND_target || tally->kind == KIND_entry) continue;
        str_printf(&str, tr(N_("%u running")), tally->open);
        if (tally->overdue > 0) str_printf(&str, tr(N_(", %u overdue")), tally->overdue);
        put_pair(job, tr(kind_row(tally->kind)->plural), value);
    }
    end_line(job);
}

/* As wide as the widest label, within reason. */
static int label_columns(int columns)
{
    int widest = 0, most = columns / 4;
    for (unsigned i = F_COMMON_COUNT; i < field_count(KIND_project); i++) {
        int wide = text_columns(text_of(tr(field_row(KIND_project, i)->label))) + 1;
        if (wide > widest) widest = wide;
    }
    return widest > most ? most : widest;
}

struct text project_overview(struct project_view *self, int columns, struct arena *arena)
{
    static const uint8_t last[] = {project_county,      project_list,   project_category,   project_nature,
                                   project_site,        project_owner,  project_contractor, project_start,
                                   project_finish,      project_permit, project_funding,    project_basis,
                                   project_environment, project_scale,  project_reason,     project_remark};
    struct overview job = {
        .self = self, .app = self->screen.app, .arena = arena, .columns = columns, .label = label_columns(columns)};
    char *buffer = arena_get(arena, TEXT_BYTES);
    if (buffer == NULL || !view_get(job.app, KIND_project, self->id, arena, &job.project)) return (struct text){"", 0};
    job.out = str_in(buffer, TEXT_BYTES);
    put_stage(&job);
    put_field(&job, project_lead);
    put_field(&job, project_responsible);
    end_line(&job);
    put_tier(&job, project_head);
    put_tier(&job, project_deputy);
    put_tier(&job, project_members);
    put_tier(&job, project_contact);
    end_line(&job);
    put_money(&job, project_total);
    put_money(&job, project_year_plan);
    put_money(&job, project_invested);
    put_field(&job, project_invested_to);
    put_progress(&job);
    end_line(&job);
    put_running(&job);
    for (size_t i = 0; i < sizeof last; i++)
        put_field(&job, last[i]);
    end_line(&job);
    return (struct text){buffer, (uint32_t)job.out.used};
}

/* ---- the plan ---- */

void project_target_line(struct project_view *self, struct str *out)
{
    struct app *app = self->screen.app;
    struct record target;
    str_printf(out, "%d  ", self->year);
    if (target_find(client_space(app->client), self->id, self->year, &app->scratch, &target) != OK) {
        str_put(out, tr(N_("no agreed target is here")));
        return;
    }
    str_put(out, tr(field_row(KIND_target, target_total)->label));
    str_put(out, " ");
    str_text(out, view_value(app, &target, target_total, &app->scratch));
    str_put(out, "  ");
    str_put(out, show_state(&target));
    str_printf(out, tr(N_("  revision %lld")), (long long)rec_num(&target, target_revision));
    if (rec_num(&target, target_estimate) != 0) {
        str_put(out, "  ");
        str_put(out, tr(field_row(KIND_target, target_estimate)->label));
    }
    if (rec_has(&target, target_opening)) {
        str_put(out, "  ");
        str_put(out, tr(field_row(KIND_target, target_opening)->label));
        str_put(out, " ");
        str_text(out, view_value(app, &target, target_opening, &app->scratch));
        str_put(out, " ");
        str_text(out, view_value(app, &target, target_opening_on, &app->scratch));
    }
}

static struct text money(struct arena *arena, bool known, int64_t fen)
{
    char line[40];
    struct str str = str_in(line, sizeof line);
    if (!known) return (struct text){"-", 1};
    str_scaled(&str, fen, FEN_PER_WAN, 2);
    return arena_text(arena, line);
}

/* '#' for what was invested, '.' for what was planned beyond it, both as shares of the year's plan. */
static struct text bar_text(struct arena *arena, int64_t actual, int64_t plan, int64_t whole, int width)
{
    char line[201];
    if (width > 200) width = 200;
    if (whole <= 0 || width < 4) return (struct text){"", 0};
    int done = (int)(actual * width / whole), wanted = (int)(plan * width / whole);
    if (done > width) done = width;
    if (wanted > width) wanted = width;
    int length = done > wanted ? done : wanted;
    memset(line, '.', sizeof line);
    memset(line, '#', (size_t)(done > 0 ? done : 0));
    line[length > 0 ? length : 0] = '\0';
    return arena_text(arena, line);
}

static void plan_row(struct project_view *self, const struct record *target, int month, int64_t *sum, int bar)
{
    struct app *app = self->screen.app;
    struct tab_row *row = &self->rows[month - 1];
    struct record paper;
    unsigned count;
    char line[16];
    struct str str = str_in(line, sizeof line);
    const int64_t *plan = rec_list(target, target_months, &count);
    int64_t whole = rec_num(target, target_total), planned = (int)count >= month ? plan[month - 1] : 0;
    *row = (struct tab_row){.month = month_make(self->year, month)};
    bool in = paper_find(client_space(app->client), KIND_report, self->id, row->month, &self->arena, &paper) == OK;
    if (in) row->id = paper.id;
    in = in && paper_in(&paper);
    bool opening = rec_has(target, target_opening_on) &&
                   month_of((day_t){(int32_t)rec_num(target, target_opening_on)}).n == row->month.n;
    int64_t cumulative = in ? rec_num(&paper, report_cumulative) : rec_num(target, target_opening);
    *sum += planned;
    str_printf(&str, "%02d", month);
    row->cells[0] = arena_text(&self->arena, line);
    row->cells[1] = money(&self->arena, count > 0, planned);
    row->cells[2] = money(&self->arena, in, in ? rec_num(&paper, report_invested) : 0);
    row->cells[3] = money(&self->arena, count > 0, *sum);
    row->cells[4] = money(&self->arena, in || opening, cumulative);
    str = str_in(line, sizeof line);
    if ((in || opening) && *sum > 0) str_percent(&str, per_mille(cumulative, *sum));
    row->cells[5] = arena_text(&self->arena, line);
    row->cells[6] = in || opening ? bar_text(&self->arena, cumulative, *sum, whole, bar)
                                  : bar_text(&self->arena, 0, *sum, whole, bar);
}

static void plan_rows(struct project_view *self, int bar)
{
    struct app *app = self->screen.app;
    struct record target = record_make(KIND_target, 0);
    int64_t sum = 0;
    if (target_find(client_space(app->client), self->id, self->year, &self->arena, &target) != OK)
        target = record_make(KIND_target, 0);
    for (int month = 1; month <= YEAR_MONTHS; month++)
        plan_row(self, &target, month, &sum, bar);
    self->count = YEAR_MONTHS;
}

/* ---- reports and milestones ---- */

static void fill_cells(struct project_view *self, struct tab_row *row, const struct record *record,
                       const uint8_t *positions, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        row->cells[i] = view_value(self->screen.app, record, positions[i], &self->arena);
}

static void report_rows(struct project_view *self)
{
    static const uint8_t positions[TAB_CELLS] = {report_month,      report_revision, F_STATE,        report_invested,
                                                 report_cumulative, report_due,      report_received};
    struct app *app = self->screen.app;
    struct value project = number_value((int64_t)self->id);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, client_space(app->client), IX_report_month, &project, 1);
    while (walk_next(&walk, &id) && self->count < TAB_ROWS_MAX) {
        struct record report;
        if (!view_get(app, KIND_report, id, &self->arena, &report)) continue;
        memmove(&self->rows[1], &self->rows[0], self->count * sizeof self->rows[0]); /* newest first */
        self->rows[0] = (struct tab_row){.id = id, .month = {(int32_t)rec_num(&report, report_month)}};
        if (rec_num(&report, report_late) != 0) self->rows[0].style = STYLE_WARN;
        fill_cells(self, &self->rows[0], &report, positions, TAB_CELLS);
        self->count++;
    }
}

static void milestone_rows(struct project_view *self)
{
    static const uint8_t positions[] = {milestone_due, milestone_name, milestone_done, milestone_person, F_STATE};
    struct app *app = self->screen.app;
    struct value project = number_value((int64_t)self->id);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, client_space(app->client), IX_milestone_project, &project, 1);
    while (walk_next(&walk, &id) && self->count < TAB_ROWS_MAX) {
        struct record milestone;
        struct tab_row *row = &self->rows[self->count];
        if (!view_get(app, KIND_milestone, id, &self->arena, &milestone)) continue;
        *row = (struct tab_row){.id = id,
                                .style = rec_state(&milestone) == ST_milestone_overdue ? STYLE_BAD : STYLE_PLAIN};
        fill_cells(self, row, &milestone, positions, sizeof positions);
        self->count++;
    }
}

void project_rows(struct project_view *self, int bar)
{
    arena_reuse(&self->arena);
    self->count = 0;
    self->bar = bar;
    switch (self->tab) {
    case TAB_PLAN: plan_rows(self, bar); break;
    case TAB_REPORTS: report_rows(self); break;
    case TAB_MILESTONES: milestone_rows(self); break;
    case TAB_CHART: project_chart_rows(self); break;
    case TAB_OVERVIEW:
    case PROJECT_TABS: break;
    }
    list_set_count(&self->lists[self->tab], self->count);
}
