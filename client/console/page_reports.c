/* page_reports.c - the month's reports: units by standing. Clause 2: 月报 in time, late, missing. */
#include "client/console/pages.h"

#include "client/core/desk.h"
#include "client/screen/words.h"

#include "proto/show.h"

enum { UNIT_COLUMNS = 18, BAR_LEAST = 10 };

/* The order of the columns: what is amiss stands last, and is coloured. */
static const enum standing shown[] = {STANDING_ON_TIME, STANDING_IN_LATE,  STANDING_NOT_DUE, STANDING_LATE,
                                      STANDING_MISSING, STANDING_RETURNED, STANDING_HIDDEN};
enum { SHOWN = sizeof shown / sizeof *shown, HEADINGS = SHOWN + 2 };

static const struct heading headings[HEADINGS] = {
    {N_("unit"), UNIT_COLUMNS, false}, {N_("owed"), 6, true},     {N_("in time"), 7, true},
    {N_("in late"), 7, true},          {N_("wait"), 6, true},     {N_("late"), 6, true},
    {N_("missing"), 7, true},          {N_("returned"), 8, true}, {N_("hidden"), 6, true}};

struct sums {
    unsigned owed, standing[STANDINGS];
};

static void add_up(const struct matrix *matrix, int month, struct sums *sums)
{
    *sums = (struct sums){.owed = 0};
    for (unsigned i = 0; i < matrix->count; i++) {
        sums->owed += matrix->rows[i].months[month].owed;
        for (unsigned j = 0; j < STANDINGS; j++)
            sums->standing[j] += matrix->rows[i].months[month].standing[j];
    }
}

static unsigned in(const uint16_t *standing)
{
    return (unsigned)standing[STANDING_ON_TIME] + standing[STANDING_IN_LATE];
}

static void put_row(const struct console *console, struct sheet *sheet, const struct matrix_row *row, month_t month,
                    unsigned columns, int at)
{
    const uint16_t *standing = row->months[month_number(month) - 1].standing;
    unsigned owed = row->months[month_number(month) - 1].owed;
    struct target target = {.opens = OPENS_CELL, .unit = row->unit, .month = month};
    sheet_spot(sheet, at, 0, &target);
    put_cell(sheet, at, 1, headings, 0, STYLE_PLAIN, name_of_unit(console, row->unit, ""));
    put_count(sheet, at, 1, headings, 1, STYLE_PLAIN, owed);
    for (unsigned i = 0; i + 2 < columns; i++)
        if (standing[shown[i]] > 0)
            put_count(sheet, at, 1, headings, i + 2, standing_style(shown[i]), standing[shown[i]]);
    char bar[600];
    struct str str = str_in(bar, sizeof bar);
    int end = heading_column(1, headings, columns), room = sheet->columns - end - 1;
    if (room < BAR_LEAST) return;
    if (room > 120) room = 120;
    chart_bar(console->charts, room, in(standing), owed, -1, &str);
    sheet_put(sheet, (struct place){at, end + 1, room, STYLE_GOOD}, bar);
}

static void put_sum(const struct console *console, struct sheet *sheet, const struct sums *sums, month_t month)
{
    char line[400];
    struct str str = str_in(line, sizeof line);
    struct target target = {.opens = OPENS_MATRIX, .month = month};
    struct calendar *calendar = arena_get(console->arena, sizeof *calendar);
    str_month(&str, month);
    str_printf(&str, tr(N_("  owed %u: in %u, of them late %u; late %u, missing %u, returned %u")), sums->owed,
               sums->standing[STANDING_ON_TIME] + sums->standing[STANDING_IN_LATE], sums->standing[STANDING_IN_LATE],
               sums->standing[STANDING_LATE], sums->standing[STANDING_MISSING], sums->standing[STANDING_RETURNED]);
    if (calendar != NULL && calendar_load(client_space(console->client), console->arena, calendar) == OK) {
        str_put(&str, tr(N_("   due ")));
        str_day(&str, month_due(client_space(console->client), calendar, month, console->arena));
    }
    sheet_spot(sheet, 0, 0, &target);
    sheet_put(sheet, (struct place){0, 1, sheet->columns, STYLE_STRONG}, line);
}

enum err page_reports(const struct console *console, struct sheet *sheet)
{
    month_t month = reports_month(console->client, console->arena);
    struct matrix matrix;
    struct sums sums;
    int at = month_number(month) - 1, row;
    unsigned owing = 0;
    enum err err = matrix_build(console->client, month_year(month), console->arena, &matrix);
    if (err != OK) return err;
    add_up(&matrix, at, &sums);
    for (unsigned i = 0; i < matrix.count; i++)
        owing += matrix.rows[i].months[at].owed > 0;
    unsigned columns = sums.standing[STANDING_HIDDEN] > 0 ? HEADINGS : HEADINGS - 1;
    put_sum(console, sheet, &sums, month);
    put_headings(sheet, 1, 1, headings, columns);
    sheet->head = row = 2;
    int step = row_step(sheet, owing);
    for (unsigned i = 0; i < matrix.count; i++) {
        if (matrix.rows[i].months[at].owed == 0) continue;
        put_row(console, sheet, &matrix.rows[i], month, columns, row);
        row += step;
    }
    return OK;
}
