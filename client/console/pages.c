/* pages.c - the list of the console's pages, and what they share. */
#include "client/console/pages.h"

#include "proto/number.h"
#include "proto/show.h"

const struct console_page console_pages[PAGES] = {
    [PAGE_MAP] = {"map", N_("map"), page_map},
    [PAGE_COURSE] = {"course", N_("plan and actual"), page_course},
    [PAGE_REPORTS] = {"reports", N_("reports"), page_reports},
    [PAGE_OPEN] = {"open", N_("open matters"), page_open},
    [PAGE_RANKING] = {"ranking", N_("ranking"), page_ranking},
};

unsigned console_page_named(struct text name)
{
    unsigned page = 0;
    while (page < PAGES && !text_equal(text_of(console_pages[page].name), name))
        page++;
    return page;
}

const char *name_of_unit(const struct console *console, uint64_t unit, const char *otherwise)
{
    struct show show = {.space = client_space(console->client), .arena = console->arena};
    char line[200];
    struct str str = str_in(line, sizeof line);
    if (unit == 0) return otherwise;
    show_ref(&show, KIND_unit, unit, &str);
    const char *kept = arena_copy(console->arena, line, str.used);
    return kept != NULL ? kept : "";
}

enum style console_style(enum light light)
{
    static const enum style styles[LIGHTS] = {
        [LIGHT_GREEN] = STYLE_GOOD, [LIGHT_YELLOW] = STYLE_WARN, [LIGHT_RED] = STYLE_BAD};
    return styles[light];
}

void str_wan(struct str *str, int64_t fen)
{
    str_scaled(str, fen, FEN_PER_WAN, 0);
}

int row_step(const struct sheet *sheet, unsigned count)
{
    int step = count > 0 ? (sheet->rows - sheet->head) / (int)count : 1;
    return step < 1 ? 1 : step > 2 ? 2 : step;
}

int heading_column(int column, const struct heading *headings, unsigned at)
{
    for (unsigned i = 0; i < at; i++)
        column += headings[i].columns + 1;
    return column;
}

void put_cell(struct sheet *sheet, int row, int column, const struct heading *headings, unsigned at, enum style style,
              const char *text)
{
    struct place place = {row, heading_column(column, headings, at), headings[at].columns, style};
    if (headings[at].right)
        sheet_put_right(sheet, place, text);
    else
        sheet_put(sheet, place, text);
}

void put_count(struct sheet *sheet, int row, int column, const struct heading *headings, unsigned at, enum style style,
               int64_t number)
{
    char text[32];
    struct str str = str_in(text, sizeof text);
    str_number(&str, number);
    put_cell(sheet, row, column, headings, at, style, text);
}

int put_headings(struct sheet *sheet, int row, int column, const struct heading *headings, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        put_cell(sheet, row, column, headings, i, STYLE_STRONG, tr(headings[i].label));
    return heading_column(column, headings, count);
}
