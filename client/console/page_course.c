/* page_course.c - plan against actual of this year: all projects, and those of each lead department. Clause 2. */
#include "client/console/pages.h"

#include "client/screen/words.h"
#include "client/term/cells.h"

#include "proto/number.h"
#include "proto/show.h"

enum { SMALL_COLUMNS = 38, ROWS_LEAST = 7 };

struct drawing {
    struct sheet *sheet;
    int row, column;
};

static void put_run(void *self, int row, int column, enum chart_ink ink, struct text text)
{
    static const enum style styles[] = {
        [CHART_PLAN] = STYLE_STRONG, [CHART_ACTUAL] = STYLE_GOOD, [CHART_AXIS] = STYLE_PLAIN};
    const struct drawing *drawing = self;
    char line[2200];
    struct str str = str_in(line, sizeof line);
    str_text(&str, text);
    sheet_put(drawing->sheet,
              (struct place){drawing->row + row, drawing->column + column, text_columns(text), styles[ink]}, line);
}

/* "construction bureau 88  to 10: 1234 of 1500 = 82.3%, 61 reported  ▂▄▆" */
static void put_title(const struct console *console, struct sheet *sheet, const struct course *course, struct area area)
{
    char line[400];
    struct str str = str_in(line, sizeof line);
    struct target target = {.opens = OPENS_PROJECTS, .lead = course->lead};
    int64_t months[MONTHS] = {0}, most = 1;
    sheet_spot(sheet, area.row, area.column, &target);
    str_put(&str, name_of_unit(console, course->lead, tr(N_("all projects"))));
    str_printf(&str, " %u  ", course->projects);
    int used = area.column + 1 +
               sheet_put(sheet, (struct place){area.row, area.column + 1, area.columns - 1, STYLE_STRONG}, line);
    if (course->last == 0) return;
    unsigned month = course_month(course);
    int64_t actual = course->actual[month - 1], plan = course->plan[month - 1];
    str = str_in(line, sizeof line);
    str_printf(&str, tr(N_("to month %u: ")), month);
    str_wan(&str, actual);
    str_put(&str, "/");
    str_wan(&str, plan);
    if (plan > 0) str_put(&str, " ");
    if (plan > 0) str_percent(&str, per_mille(actual, plan));
    str_printf(&str, tr(N_("%% reported %u  ")), course->reported[month - 1]);
    used += sheet_put(sheet, (struct place){area.row, used, area.column + area.columns - used, STYLE_PLAIN}, line);
    for (unsigned i = course->first; i < course->last; i++) { /* of the first month, the months before are not known */
        months[i] = course->actual[i] - course->actual[i - 1];
        if (months[i] > most) most = months[i];
    }
    str = str_in(line, sizeof line);
    chart_spark(console->charts, months + course->first, course->last - course->first, most, &str);
    sheet_put(sheet, (struct place){area.row, used, area.column + area.columns - used, STYLE_GOOD}, line);
}

static void put_course(const struct console *console, struct sheet *sheet, const struct course *course,
                       struct area area)
{
    char top[40], half[40];
    struct str str = str_in(top, sizeof top), middle = str_in(half, sizeof half);
    struct chart_curve curve = {.rows = area.rows - 1,
                                .columns = area.columns - 1,
                                .count = MONTHS,
                                .first = course->first,
                                .last = course->last,
                                .plan = course->plan,
                                .actual = course->actual,
                                .top = top,
                                .half = half};
    struct drawing drawing = {sheet, area.row + 1, area.column};
    int64_t most = chart_curve_most(&curve);
    str_wan(&str, most);
    str_wan(&middle, most / 2);
    put_title(console, sheet, course, area);
    chart_curve(console->charts, &curve, put_run, &drawing);
}

static void put_legend(const struct console *console, struct sheet *sheet, const struct courses *courses)
{
    char line[300];
    struct str str = str_in(line, sizeof line);
    str_printf(&str, tr(N_("%d, cumulative, in 10,000 yuan   ")), courses->year);
    int used = sheet_put(sheet, (struct place){0, 1, sheet->columns, STYLE_PLAIN}, line) + 1;
    str = str_in(line, sizeof line);
    str_printf(&str, "%s %s  ", chart_sample(console->charts, CHART_PLAN), tr(N_("plan")));
    used += sheet_put(sheet, (struct place){0, used, sheet->columns, STYLE_STRONG}, line);
    str = str_in(line, sizeof line);
    str_printf(&str, "%s %s", chart_sample(console->charts, CHART_ACTUAL), tr(N_("actual")));
    used += sheet_put(sheet, (struct place){0, used, sheet->columns, STYLE_GOOD}, line);
    uint64_t one;
    unsigned bare = bare_targets(console->client, console->arena, &one);
    if (bare == 0) return;
    str = str_in(line, sizeof line);
    str_printf(&str, tr(N_("   %u plans are not here yet")), bare);
    sheet_put(sheet, (struct place){0, used, sheet->columns, STYLE_WARN}, line);
}

/* All projects take the upper half; the departments stand below, side by side where there is room. */
enum err page_course(const struct console *console, struct sheet *sheet)
{
    struct courses courses;
    enum err err = courses_build(console->client, console->arena, &courses);
    if (err != OK) return err;
    int beside = sheet->columns / SMALL_COLUMNS, leads = (int)courses.count - 1;
    if (beside > leads) beside = leads;
    if (beside < 1) beside = 1;
    int lines = (leads + beside - 1) / beside, rows = sheet->rows - 1, wide = sheet->columns / beside;
    int upper = lines == 0 ? rows : rows * 11 / 20, lower = lines > 0 ? (rows - upper) / lines : 0;
    if (upper < ROWS_LEAST) upper = ROWS_LEAST;
    if (lower < ROWS_LEAST) lower = ROWS_LEAST;
    put_legend(console, sheet, &courses);
    put_course(console, sheet, &courses.at[0], (struct area){1, 0, upper, sheet->columns});
    for (int i = 0; i < leads; i++)
        put_course(console, sheet, &courses.at[i + 1],
                   (struct area){1 + upper + i / beside * lower, i % beside * wide, lower, wide});
    return OK;
}
