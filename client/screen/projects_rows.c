/* projects_rows.c - gathering, filtering and sorting the project list. Clause 1. */
#include "client/screen/projects.h"

#include "client/core/desk.h"
#include "client/screen/words.h"
#include "client/term/cells.h"

#include <stdlib.h>
#include <string.h>

struct gathering {
    struct app *app;
    const struct space *space;
    struct arena *arena;
    struct calendar *calendar;
    month_t now;
};

static struct text money_text(struct gathering *job, const struct record *project, unsigned position)
{
    char line[40];
    struct str str = str_in(line, sizeof line);
    if (!rec_has(project, position)) return (struct text){"-", 1};
    str_scaled(&str, rec_num(project, position), FEN_PER_WAN, 0);
    return arena_text(job->arena, line);
}

static void fill_report(struct gathering *job, const struct record *project, struct project_row *row)
{
    char line[40];
    struct str str = str_in(line, sizeof line);
    enum standing standing;
    row->cells[COLUMN_REPORT] = (struct text){"", 0};
    if (!project_report_now(job->app->client, job->calendar, project, job->arena, &row->month, &standing)) return;
    str_printf(&str, "%02d %s", month_number(row->month), standing_word(standing));
    row->cells[COLUMN_REPORT] = arena_text(job->arena, line);
    row->report = standing_style(standing);
    row->order[COLUMN_REPORT] = 1 + (int64_t)standing;
}

static void fill_progress(struct gathering *job, const struct record *project, struct project_row *row)
{
    static const int64_t order[] = {[LIGHT_UNKNOWN] = 4, [LIGHT_GREEN] = 3, [LIGHT_YELLOW] = 2, [LIGHT_RED] = 1};
    struct progress progress;
    char line[40];
    struct str str = str_in(line, sizeof line);
    progress_of(job->space, project, job->arena, &progress);
    if (progress.year_plan > 0) str_percent(&str, per_mille(progress.invested, progress.year_plan));
    row->cells[COLUMN_SHARE] = arena_text(job->arena, line);
    row->order[COLUMN_SHARE] = 1 + (progress.year_plan > 0 ? per_mille(progress.invested, progress.year_plan) : 0);
    row->cells[COLUMN_LIGHT] = text_of(light_word(progress.light));
    row->light = light_style(progress.light);
    row->shines = progress.light;
    row->order[COLUMN_LIGHT] = order[progress.light];
}

static void fill_row(struct gathering *job, const struct record *project, struct project_row *row)
{
    static const struct {
        enum project_column column;
        uint8_t position;
    } plain[] = {
        {COLUMN_CODE, project_code},  {COLUMN_NAME, project_name},     {COLUMN_RESPONSIBLE, project_responsible},
        {COLUMN_LEAD, project_lead},  {COLUMN_COUNTY, project_county}, {COLUMN_CATEGORY, project_category},
        {COLUMN_STAGE, project_stage}};
    *row = (struct project_row){.id = project->id};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        row->cells[plain[i].column] = view_value(job->app, project, plain[i].position, job->arena);
    unsigned state = rec_state(project);
    if (state == ST_project_suspended || state == ST_project_withdrawn)
        row->cells[COLUMN_STAGE] = arena_text(job->arena, show_state(project));
    row->order[COLUMN_STAGE] = 1 + rec_num(project, project_stage);
    if (state == ST_project_suspended || state == ST_project_withdrawn) row->order[COLUMN_STAGE] = 100 + state;
    row->cells[COLUMN_PLAN] = money_text(job, project, project_year_plan);
    row->cells[COLUMN_INVESTED] = money_text(job, project, project_invested);
    row->order[COLUMN_PLAN] = 1 + rec_num(project, project_year_plan);
    row->order[COLUMN_INVESTED] = 1 + rec_num(project, project_invested);
    fill_progress(job, project, row);
    fill_report(job, project, row);
}

static bool in_scope(const struct project_scope *scope, const struct record *project, enum light light)
{
    return (scope->county == 0 || rec_num(project, project_county) == (int64_t)scope->county) &&
           (scope->lead == 0 || rec_num(project, project_lead) == (int64_t)scope->lead) &&
           (scope->unit == 0 || rec_num(project, project_responsible) == (int64_t)scope->unit) &&
           (scope->light == LIGHTS_ALL || scope->light == (int)light);
}

static bool matches(const struct project_rows *rows, const struct project_row *row)
{
    const enum project_column searched[] = {COLUMN_CODE, COLUMN_NAME, COLUMN_RESPONSIBLE};
    char line[500];
    struct str str = str_in(line, sizeof line);
    const struct arranged *like = &rows->like;
    if (like->filter != USUAL && like->by_number && row->order[like->filter] != like->number) return false;
    if (like->filter != USUAL && !like->by_number && !text_equal(row->cells[like->filter], text_of(like->value)))
        return false;
    if (rows->words[0] == '\0') return true;
    for (size_t i = 0; i < sizeof searched / sizeof *searched; i++) {
        str_text(&str, row->cells[searched[i]]);
        str_put(&str, " ");
    }
    return search_match(text_of(rows->words), text_of(line));
}

/* ---- sorting ---- */

static int by_text(struct text a, struct text b)
{
    uint32_t shorter = a.length < b.length ? a.length : b.length;
    int differs = shorter > 0 ? memcmp(a.at, b.at, shorter) : 0;
    return differs != 0 ? differs : (a.length > b.length) - (a.length < b.length);
}

static int compare(const void *left, const void *right, void *of)
{
    const struct project_row *a = left, *b = right;
    const struct project_rows *rows = of;
    unsigned sort = rows->like.sort != USUAL ? (unsigned)rows->like.sort : COLUMN_CODE;
    int64_t order_a = a->order[sort], order_b = b->order[sort];
    int differs = order_a != 0 || order_b != 0 ? (order_a > order_b) - (order_a < order_b)
                                               : by_text(a->cells[sort], b->cells[sort]);
    if (rows->like.reverse) differs = -differs;
    return differs != 0 ? differs : by_text(a->cells[COLUMN_CODE], b->cells[COLUMN_CODE]);
}

/* Over all projects, so that the columns do not move when the list is narrowed. */
static void measure(struct project_rows *rows, const struct project_row *row)
{
    for (unsigned i = 0; i < PROJECT_COLUMNS; i++) {
        int wide = text_columns(row->cells[i]);
        if (wide > rows->widest[i]) rows->widest[i] = wide;
    }
}

static bool begin(struct app *app, struct arena *arena, struct gathering *job)
{
    *job = (struct gathering){.app = app,
                              .space = client_space(app->client),
                              .arena = arena,
                              .calendar = arena_get(arena, sizeof *job->calendar),
                              .now = month_of(stamp_day(client_now(app->client)))};
    return job->calendar != NULL && calendar_load(job->space, arena, job->calendar) == OK;
}

void project_rows_build(struct app *app, struct project_rows *rows)
{
    struct gathering job;
    arena_reuse(&rows->arena);
    rows->count = rows->all = 0;
    memset(rows->widest, 0, sizeof rows->widest);
    rows->rows = arena_get(&rows->arena, PROJECT_ROWS_MAX * sizeof *rows->rows);
    if (rows->rows == NULL || !begin(app, &rows->arena, &job)) return;
    for (uint64_t id = 0; (id = state_next_id(job.space, KIND_project, id)) > 0 && rows->count < PROJECT_ROWS_MAX;) {
        struct record project;
        if (state_get(job.space, KIND_project, id, &rows->arena, &project) != OK) continue;
        rows->all++;
        fill_row(&job, &project, &rows->rows[rows->count]);
        measure(rows, &rows->rows[rows->count]);
        const struct project_row *row = &rows->rows[rows->count];
        if (in_scope(&rows->scope, &project, row->shines) && matches(rows, row)) rows->count++;
    }
    qsort_r(rows->rows, rows->count, sizeof *rows->rows, compare, rows);
}

unsigned project_values(struct app *app, enum project_column column, struct arena *arena, struct pick_item **items,
                        int64_t **orders)
{
    struct gathering job;
    unsigned count = 0;
    *items = arena_get(arena, PROJECT_ROWS_MAX * sizeof **items);
    *orders = arena_get(arena, PROJECT_ROWS_MAX * sizeof **orders);
    if (*items == NULL || *orders == NULL || !begin(app, arena, &job)) return 0;
    for (uint64_t id = 0; (id = state_next_id(job.space, KIND_project, id)) > 0 && count < PROJECT_ROWS_MAX;) {
        struct record project;
        struct project_row row;
        if (state_get(job.space, KIND_project, id, arena, &project) != OK) continue;
        fill_row(&job, &project, &row);
        struct text value = row.cells[column];
        bool new = value.length > 0;
        for (unsigned i = 0; i < count && new; i++)
            new = !text_equal(text_of((*items)[i].text), value);
        if (!new) continue;
        const char *kept = arena_copy(arena, value.at, value.length);
        if (kept == NULL) continue;
        (*orders)[count] = row.order[column];
        (*items)[count++] = (struct pick_item){.text = kept};
    }
    return count;
}
