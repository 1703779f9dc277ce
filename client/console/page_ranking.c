/* page_ranking.c - the units in the order of what they have done of the year's plan, and of reports in time.
 * A view of the registry alone, not the assessment of clause 3. */
#include "client/console/pages.h"

#include "client/screen/words.h"

#include "proto/number.h"
#include "proto/show.h"

enum { HEADINGS = 8, BAR_LEAST = 8 };

static const struct heading headings[HEADINGS] = {{"", 2, true},
                                                  {N_("unit"), 18, false},
                                                  {N_("projects"), 8, true},
                                                  {N_("year plan"), 9, true},
                                                  {N_("invested"), 8, true},
                                                  {N_("of it %"), 7, true},
                                                  {N_("in time"), 7, true},
                                                  {N_("%"), 5, true}};

static void put_share(struct sheet *sheet, int row, unsigned at, int64_t value, bool known)
{
    char text[32];
    struct str str = str_in(text, sizeof text);
    if (known) str_percent(&str, value);
    put_cell(sheet, row, 1, headings, at, STYLE_STRONG, known ? text : "-");
}

static void put_wan(struct sheet *sheet, int row, unsigned at, int64_t fen)
{
    char text[40];
    struct str str = str_in(text, sizeof text);
    str_wan(&str, fen);
    put_cell(sheet, row, 1, headings, at, STYLE_PLAIN, text);
}

static void put_rank(const struct console *console, struct sheet *sheet, const struct rank *rank, month_t month,
                     unsigned place, int row)
{
    struct target projects = {.opens = OPENS_PROJECTS, .unit = rank->unit};
    struct target reports = {.opens = OPENS_CELL, .unit = rank->unit, .month = month};
    char text[800];
    struct str str = str_in(text, sizeof text);
    int passed = month_number(month_of(stamp_day(client_now(console->client)))) - 1;
    int end = heading_column(1, headings, HEADINGS), room = sheet->columns - end - 1;
    sheet_spot(sheet, row, 0, &projects);
    put_count(sheet, row, 1, headings, 0, STYLE_PLAIN, place);
    put_cell(sheet, row, 1, headings, 1, STYLE_STRONG, name_of_unit(console, rank->unit, ""));
    put_count(sheet, row, 1, headings, 2, STYLE_PLAIN, rank->projects);
    put_wan(sheet, row, 3, rank->year_plan);
    put_wan(sheet, row, 4, rank->invested);
    put_share(sheet, row, 5, rank->of_year, rank->year_plan > 0);
    str_printf(&str, "%u/%u", rank->on_time, rank->due);
    put_cell(sheet, row, 1, headings, 6, STYLE_PLAIN, text);
    put_share(sheet, row, 7, rank->punctual, rank->due > 0);
    sheet_spot(sheet, row, heading_column(1, headings, 6) - 1, &reports);
    if (room < BAR_LEAST) return;
    if (room > 150) room = 150;
    str = str_in(text, sizeof text);
    chart_bar(console->charts, room, rank->of_year, 1000, passed * 1000 / MONTHS, &str);
    sheet_put(sheet, (struct place){row, end + 1, room, STYLE_GOOD}, text);
}

enum err page_ranking(const struct console *console, struct sheet *sheet)
{
    struct ranking ranking;
    enum err err = ranking_build(console->client, console->arena, &ranking);
    if (err != OK) return err;
    sheet_put(
        sheet, (struct place){0, 1, sheet->columns, STYLE_PLAIN},
        tr(N_("by the share of the year plan, then by reports in time; amounts in 10,000 yuan; | is the time passed")));
    put_headings(sheet, 1, 1, headings, HEADINGS);
    sheet->head = 2;
    int step = row_step(sheet, ranking.count);
    month_t month = reports_month(console->client, console->arena);
    for (unsigned i = 0; i < ranking.count; i++)
        put_rank(console, sheet, &ranking.at[i], month, i + 1, 2 + (int)i * step);
    return OK;
}
