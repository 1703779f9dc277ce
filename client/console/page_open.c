/* page_open.c - warnings and issues that are open, what is overdue first, then the oldest. Clauses 5.4 and 5.5. */
#include "client/console/pages.h"

#include "client/term/cells.h"

#include "proto/show.h"

enum { AGES = 4, WEEK = 7, MONTH = 30, TWO_MONTHS = 60 };
enum { HEADINGS = 6 };

static const struct heading headings[HEADINGS] = {{N_("open since"), 10, false}, {N_("days"), 4, true},
                                                  {N_("due"), 11, false},        {N_("kind"), 8, false},
                                                  {N_("state"), 14, false},      {N_("about"), 0, false}};

struct ages {
    unsigned open[2], overdue[2]; /* warnings, issues */
    unsigned ages[AGES], unknown;
    int oldest;
};

static int age_days(const struct console *console, const struct open_item *item)
{
    return stamp_day(client_now(console->client)).n - stamp_day(item->since).n;
}

static void count_ages(const struct console *console, const struct open_items *items, struct ages *ages)
{
    *ages = (struct ages){.oldest = 0};
    for (unsigned i = 0; i < items->count; i++) {
        int issue = items->at[i].kind == KIND_issue, days = age_days(console, &items->at[i]);
        ages->open[issue]++;
        ages->overdue[issue] += items->at[i].overdue;
        if (items->at[i].at_least) ages->unknown++;
        if (items->at[i].at_least) continue;
        ages->ages[days <= WEEK ? 0 : days <= MONTH ? 1 : days <= TWO_MONTHS ? 2 : 3]++;
        if (days > ages->oldest) ages->oldest = days;
    }
}

static void put_sums(const struct console *console, struct sheet *sheet, const struct ages *ages)
{
    static const uint8_t kinds[] = {KIND_warning, KIND_issue};
    char line[400];
    struct str str = str_in(line, sizeof line);
    int used = 0;
    for (int i = 0; i < 2; i++) {
        struct target target = {.opens = i == 0 ? OPENS_RECORDS : OPENS_BOARD, .kind = kinds[i]};
        str = str_in(line, sizeof line);
        str_printf(&str, tr(N_("%s %u, overdue %u  ")), tr(kind_row(kinds[i])->plural), ages->open[i],
                   ages->overdue[i]);
        sheet_spot(sheet, 0, used, &target);
        used +=
            1 + sheet_put(sheet,
                          (struct place){0, used + 1, sheet->columns, ages->overdue[i] > 0 ? STYLE_BAD : STYLE_STRONG},
                          line);
    }
    str = str_in(line, sizeof line);
    if (console->county != 0) str_put(&str, name_of_unit(console, console->county, ""));
    sheet_put(sheet, (struct place){0, used + 1, sheet->columns, STYLE_WARN}, line);
    str = str_in(line, sizeof line);
    str_printf(&str, tr(N_("open for up to %d days: %u   %d: %u   %d: %u   longer: %u   the oldest: %d days")), WEEK,
               ages->ages[0], MONTH, ages->ages[1], TWO_MONTHS, ages->ages[2], ages->ages[3], ages->oldest);
    if (ages->unknown > 0) str_printf(&str, tr(N_("   of unknown age: %u")), ages->unknown);
    sheet_put(sheet, (struct place){1, 1, sheet->columns, STYLE_PLAIN}, line);
}

static void put_item(const struct console *console, struct sheet *sheet, const struct open_item *item, int row)
{
    struct show show = {.space = client_space(console->client), .arena = console->arena};
    struct target target = {.opens = OPENS_RECORD, .kind = item->kind, .id = item->id};
    enum style style = item->overdue ? STYLE_BAD : STYLE_PLAIN;
    struct record record;
    char day[40], line[600];
    struct str str = str_in(day, sizeof day), title = str_in(line, sizeof line);
    if (state_get(show.space, item->kind, item->id, console->arena, &record) != OK) return;
    sheet_spot(sheet, row, 0, &target);
    if (!item->at_least) str_day(&str, stamp_day(item->since));
    put_cell(sheet, row, 1, headings, 0, STYLE_PLAIN, day);
    str = str_in(day, sizeof day);
    str_printf(&str, "%d%s", age_days(console, item), item->at_least ? "+" : "");
    put_cell(sheet, row, 1, headings, 1, style, day);
    str = str_in(day, sizeof day);
    if (item->due.s != 0) str_put(&str, item->overdue ? "!" : " ");
    if (item->due.s != 0) str_day(&str, stamp_day((stamp_t){item->due.s - 1}));
    put_cell(sheet, row, 1, headings, 2, style, day);
    put_cell(sheet, row, 1, headings, 3, STYLE_PLAIN, tr(item->kind == KIND_warning ? N_("warning") : N_("an issue")));
    put_cell(sheet, row, 1, headings, 4, STYLE_PLAIN, show_state(&record));
    show_title(&show, &record, &title);
    int column = heading_column(1, headings, HEADINGS - 1);
    sheet_put(sheet, (struct place){row, column, sheet->columns - column, style}, line);
}

enum err page_open(const struct console *console, struct sheet *sheet)
{
    struct open_items items;
    struct ages ages;
    enum err err = open_build(console->client, console->county, console->arena, &items);
    if (err != OK) return err;
    count_ages(console, &items, &ages);
    put_sums(console, sheet, &ages);
    int end = put_headings(sheet, 2, 1, headings, HEADINGS - 1);
    sheet_put(sheet, (struct place){2, end, sheet->columns - end, STYLE_STRONG}, tr(headings[HEADINGS - 1].label));
    sheet->head = 3;
    for (unsigned i = 0; i < items.count && sheet->spots < SPOTS_MAX; i++)
        put_item(console, sheet, &items.at[i], 3 + (int)i);
    if (items.count == 0)
        sheet_put(sheet, (struct place){3, 1, sheet->columns, STYLE_GOOD}, tr(N_("Nothing is open.")));
    return OK;
}
