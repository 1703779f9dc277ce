/* project_chart.c - a project's year as pictures: plan against actual as an S-curve, and below it its milestones as a
 * Gantt chart. Clauses 1 and 2. */
#include "client/screen/project.h"

#include "client/core/figures.h"
#include "client/screen/marks.h"
#include "client/term/cells.h"
#include "client/term/chart.h"

#include <stdlib.h>

enum { NAME_COLUMNS = 20, CURVE_ROWS_MIN = 6, GANTT_LEAST = 3, LINE_BYTES = 2400, LEGEND_COLUMN = 12 };

/* ---- milestones ---- */

static int by_due(const void *left, const void *right)
{
    const struct tab_row *a = left, *b = right;
    if (a->due.n != b->due.n) return a->due.n < b->due.n ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

void project_chart_rows(struct project_view *self)
{
    struct app *app = self->screen.app;
    struct value project = number_value((int64_t)self->id);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, client_space(app->client), IX_milestone_project, &project, 1);
    while (walk_next(&walk, &id) && self->count < TAB_ROWS_MAX) {
        struct record milestone;
        struct tab_row *row = &self->rows[self->count];
        if (!view_get(app, KIND_milestone, id, &self->arena, &milestone)) continue;
        if (rec_state(&milestone) == ST_milestone_dropped || !rec_has(&milestone, milestone_due)) continue;
        *row = (struct tab_row){.id = id,
                                .due = {(int32_t)rec_num(&milestone, milestone_due)},
                                .done = {(int32_t)rec_num(&milestone, milestone_done)},
                                .style = rec_state(&milestone) == ST_milestone_overdue ? STYLE_BAD : STYLE_PLAIN};
        row->cells[0] = view_value(app, &milestone, milestone_name, &self->arena);
        self->count++;
    }
    qsort(self->rows, self->count, sizeof self->rows[0], by_due);
}

/* From January of the year shown, or of the first milestone's, to December of the last one's. */
static struct chart_span window_of(const struct project_view *self)
{
    struct chart_span span = {.from = day_make(self->year, 1, 1), .to = day_make(self->year, 12, 31)};
    span.today = stamp_day(client_now(self->screen.app->client));
    for (unsigned i = 0; i < self->count; i++) {
        int year = month_year(month_of(self->rows[i].due));
        day_t first = day_make(year, 1, 1), last = day_make(year, 12, 31);
        if (first.n < span.from.n) span.from = first;
        if (last.n > span.to.n) span.to = last;
    }
    return span;
}

struct drawing {
    struct project_view *self;
    struct term *term;
    struct area area;
    struct chart_span window;
};

/* Each milestone's stretch begins where that of the one before ends. */
static void draw_milestone(void *of, struct term *term, struct area area, unsigned index)
{
    struct drawing *drawing = of;
    struct project_view *self = drawing->self;
    const struct tab_row *row = &self->rows[index];
    struct chart_span span = drawing->window;
    char line[LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    span.start = index > 0 ? day_add(self->rows[index - 1].due, 1) : span.from;
    marks_draw(&drawing->self->screen, term, area, index);
    span.due = row->due;
    span.done = row->done;
    int columns = area.columns - NAME_COLUMNS;
    term_put_cut(term, (struct place){area.row, area.column, NAME_COLUMNS - 1, row->style}, row->cells[0]);
    if (columns > 0) chart_span(&span, columns, &str);
    term_put(term, (struct place){area.row, area.column + NAME_COLUMNS, columns, row->style}, text_of(line));
}

static void draw_gantt(struct project_view *self, struct term *term, struct area area)
{
    struct drawing drawing = {.self = self, .window = window_of(self)};
    int column = MARK_COLUMNS + NAME_COLUMNS, columns = area.columns - column;
    char line[LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    if (columns > 0) chart_scale(drawing.window.from, drawing.window.to, columns, &str);
    put_text(term, area, MARK_COLUMNS, STYLE_STRONG, tr(N_("milestones")));
    put_text(term, area, column, STYLE_PLAIN, line);
    area.row++;
    area.rows--;
    if (self->count == 0)
        put_text(term, area, MARK_COLUMNS, STYLE_PLAIN,
                 tr(N_("No milestones. They belong to a target: c, then targets.")));
    list_draw(&self->lists[TAB_CHART], term, area, draw_milestone, &drawing);
}

/* ---- the curve ---- */

static void put_run(void *of, int row, int column, enum chart_ink ink, struct text text)
{
    static const enum style styles[] = {
        [CHART_PLAN] = STYLE_STRONG, [CHART_ACTUAL] = STYLE_GOOD, [CHART_AXIS] = STYLE_PLAIN};
    struct drawing *drawing = of;
    struct area area = drawing->area;
    term_put(drawing->term, (struct place){area.row + row, area.column + column, area.columns - column, styles[ink]},
             text);
}

static void draw_curve(struct project_view *self, struct term *term, struct area area)
{
    struct app *app = self->screen.app;
    struct course course;
    char top[40], half[40];
    struct str str = str_in(top, sizeof top), middle = str_in(half, sizeof half);
    struct drawing drawing = {.term = term, .area = area};
    course_of_project(client_space(app->client), self->id, self->year, &app->scratch, &course);
    struct chart_curve curve = {.rows = area.rows,
                                .columns = area.columns,
                                .count = YEAR_MONTHS,
                                .first = course.first,
                                .last = course.last,
                                .plan = course.plan,
                                .actual = course.actual,
                                .top = top,
                                .half = half};
    int64_t most = chart_curve_most(&curve);
    str_scaled(&str, most, FEN_PER_WAN, 0);
    str_scaled(&middle, most / 2, FEN_PER_WAN, 0);
    enum charts charts = charts_choose(app->setup.prefs.charts, getenv("TERM"));
    chart_curve(charts, &curve, put_run, &drawing);
    for (enum chart_ink ink = CHART_PLAN; ink <= CHART_ACTUAL;
         ink++) { /* in the corner that a year's plan leaves free */
        char legend[80];
        struct str sample = str_in(legend, sizeof legend);
        str_printf(&sample, "%s %s", chart_sample(charts, ink), tr(ink == CHART_PLAN ? N_("plan") : N_("actual")));
        put_run(&drawing, (int)ink, LEGEND_COLUMN, ink, text_of(legend));
    }
}

/* The curve gets what the milestones leave, the milestones what the curve can spare. */
void project_chart_draw(struct project_view *self, struct term *term, struct area area)
{
    int wanted = (int)self->count + 1, most = area.rows - CURVE_ROWS_MIN;
    int rows = wanted < GANTT_LEAST ? GANTT_LEAST : wanted > most ? most : wanted;
    struct area upper = area, lower = area;
    upper.rows -= rows;
    lower.row += upper.rows;
    lower.rows = rows;
    draw_curve(self, term, upper);
    draw_gantt(self, term, lower);
}
