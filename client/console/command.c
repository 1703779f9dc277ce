/* command.c - `duban console --once` and `--json`: the pages as text, and their figures for programs. */
#include "client/cli/cell.h"
#include "client/cli/out.h"
#include "client/cli/verbs.h"
#include "client/console/pages.h"
#include "client/core/desk.h"

#include <stdlib.h>

enum { PAPER_ROWS = 24, PAPER_COLUMNS = 100, LINE_BYTES = 4000 };

/* Lights need the targets' months and ages the issues' beginnings, which not everybody has here. */
static void fetch_missing(struct cli *cli)
{
    uint64_t one;
    if (bare_targets(cli->client, &cli->arena, &one) > 0) client_find(cli->client, IX_target_year, NULL, 0);
    if (ageless_issues(cli->client, &cli->arena, &one) > 0) client_find(cli->client, IX_issue_state, NULL, 0);
    if (client_waits(cli->client)) session_await(cli);
}

/* ---- as text ---- */

static enum err print_page(const struct console *console, const struct console_page *page)
{
    struct sheet sheet;
    enum err err = sheet_start(&sheet, console->arena, PAPER_ROWS, PAPER_COLUMNS);
    if (err == OK) err = page->build(console, &sheet);
    if (err != OK) return err;
    out_printf(stdout, "== %s ==\n", tr(page->label));
    for (int row = 0; row < sheet.height; row++) {
        char line[LINE_BYTES];
        struct str str = str_in(line, sizeof line);
        sheet_row(&sheet, row, &str);
        while (str.used > 0 && line[str.used - 1] == ' ')
            line[--str.used] = '\0';
        str_put(&str, "\n");
        out_put(stdout, line);
    }
    out_put(stdout, "\n");
    return OK;
}

/* ---- as figures ---- */

static void begin(struct json *json, unsigned page)
{
    *json = (struct json){.file = stdout};
    json_object(json, NULL);
    json_string(json, "page", console_pages[page].name);
}

/* "unit": its short name, "unit_id": its number; both null for 0. */
static void json_unit(const struct console *console, struct json *json, const char *key, uint64_t unit)
{
    char id[40];
    struct str str = str_in(id, sizeof id);
    json_string(json, key, unit != 0 ? name_of_unit(console, unit, "") : NULL);
    str_printf(&str, "%s_id", key);
    if (unit != 0) json_int(json, id, (int64_t)unit);
}

static void county_json(const struct console *console, const struct county *county, bool all)
{
    static const enum light lights[] = {LIGHT_RED, LIGHT_YELLOW, LIGHT_GREEN, LIGHT_UNKNOWN};
    struct json json;
    begin(&json, PAGE_MAP);
    json_bool(&json, "all", all);
    json_unit(console, &json, "county", county->unit);
    json_string(&json, "light", light_name(county->light));
    json_int(&json, "projects", county->projects);
    for (size_t i = 0; i < sizeof lights / sizeof *lights; i++)
        json_int(&json, light_name(lights[i]), county->lights[lights[i]]);
    json_int(&json, "of_plan_per_mille", county->of_plan);
    json_int(&json, "warnings", county->warnings.open);
    json_int(&json, "warnings_overdue", county->warnings.overdue);
    json_int(&json, "issues", county->issues.open);
    json_int(&json, "issues_overdue", county->issues.overdue);
    json_end(&json);
}

static enum err map_json(const struct console *console)
{
    struct counties counties;
    enum err err = counties_build(console->client, console->arena, &counties);
    if (err != OK) return err;
    county_json(console, &counties.all, true);
    for (unsigned i = 0; i < counties.count; i++)
        county_json(console, &counties.at[i], false);
    return OK;
}

static void course_json(const struct console *console, const struct course *course, month_t month)
{
    struct json json;
    char word[16];
    struct str str = str_in(word, sizeof word);
    unsigned at = (unsigned)month_number(month) - 1;
    str_month(&str, month);
    begin(&json, PAGE_COURSE);
    json_unit(console, &json, "lead", course->lead);
    json_int(&json, "projects", course->projects);
    json_string(&json, "month", word);
    json_wan(&json, "planned", course->plan[at]);
    if (at + 1 >= course->first && at + 1 <= course->last)
        json_wan(&json, "invested", course->actual[at]);
    else
        json_null(&json, "invested");
    json_int(&json, "reported", course->reported[at]);
    json_end(&json);
}

static enum err courses_json(const struct console *console)
{
    struct courses courses;
    enum err err = courses_build(console->client, console->arena, &courses);
    for (unsigned i = 0; err == OK && i < courses.count; i++)
        for (int month = 1; month <= MONTHS; month++)
            course_json(console, &courses.at[i], month_make(courses.year, month));
    return err;
}

static enum err reports_json(const struct console *console)
{
    month_t month = reports_month(console->client, console->arena);
    struct matrix matrix;
    char word[16];
    struct str str = str_in(word, sizeof word);
    int at = month_number(month) - 1;
    enum err err = matrix_build(console->client, month_year(month), console->arena, &matrix);
    str_month(&str, month);
    for (unsigned i = 0; err == OK && i < matrix.count; i++) {
        struct json json;
        if (matrix.rows[i].months[at].owed == 0) continue;
        begin(&json, PAGE_REPORTS);
        json_unit(console, &json, "unit", matrix.rows[i].unit);
        json_string(&json, "month", word);
        json_int(&json, "owed", matrix.rows[i].months[at].owed);
        for (unsigned j = 0; j < STANDINGS; j++)
            json_int(&json, standing_name((enum standing)j), matrix.rows[i].months[at].standing[j]);
        json_end(&json);
    }
    return err;
}

static enum err open_json(const struct console *console)
{
    struct show show = {.space = client_space(console->client), .arena = console->arena, .names_only = true};
    struct open_items items;
    enum err err = open_build(console->client, 0, console->arena, &items);
    for (unsigned i = 0; err == OK && i < items.count; i++) {
        const struct open_item *item = &items.at[i];
        struct record record;
        struct json json;
        if (state_get(show.space, item->kind, item->id, console->arena, &record) != OK) continue;
        begin(&json, PAGE_OPEN);
        json_string(&json, "kind", kind_row(item->kind)->name);
        json_int(&json, "id", (int64_t)item->id);
        cell_json(&json, &show, &record, F_STATE);
        if (item->project != 0) json_int(&json, "project_id", (int64_t)item->project);
        json_unit(console, &json, "county", item->county);
        json_stamp(&json, "since", item->since);
        json_bool(&json, "since_at_least", item->at_least);
        json_stamp(&json, "due", (stamp_t){item->due.s > 0 ? item->due.s - 1 : 0});
        json_bool(&json, "overdue", item->overdue);
        json_end(&json);
    }
    return err;
}

static enum err ranking_json(const struct console *console)
{
    struct ranking ranking;
    enum err err = ranking_build(console->client, console->arena, &ranking);
    for (unsigned i = 0; err == OK && i < ranking.count; i++) {
        const struct rank *rank = &ranking.at[i];
        struct json json;
        begin(&json, PAGE_RANKING);
        json_int(&json, "place", i + 1);
        json_unit(console, &json, "unit", rank->unit);
        json_int(&json, "projects", rank->projects);
        json_wan(&json, "year_plan", rank->year_plan);
        json_wan(&json, "invested", rank->invested);
        json_int(&json, "of_year_per_mille", rank->of_year);
        json_int(&json, "reports_due", rank->due);
        json_int(&json, "reports_in_time", rank->on_time);
        json_end(&json);
    }
    return err;
}

int command_console(struct cli *cli)
{
    static enum err (*const figures[PAGES])(const struct console *) = {map_json, courses_json, reports_json, open_json,
                                                                       ranking_json};
    struct refusal why = {.err = OK};
    bool json = args_flag(&cli->args, "json"), once = args_flag(&cli->args, "once");
    enum err err = cli_expect(cli, READ_OPTIONS " once json turn", 0, 1, &why);
    const char *word = cli->args.word_count > 1 ? cli->args.words[1] : NULL;
    unsigned only = word != NULL ? console_page_named(text_of(word)) : PAGES;
    if (err == OK && word != NULL && only == PAGES) err = refuse_text(&why, ERR_USAGE, word);
    if (err == OK && !json && !once) err = refuse_text(&why, ERR_USAGE, tr(N_("without a terminal: --once or --json")));
    if (err == OK) err = session_read(cli, &why);
    if (err != OK) return cli_end(err, &why);
    fetch_missing(cli);
    struct console console = {.client = cli->client, .arena = &cli->arena};
    console.charts = charts_choose(CHARTS_BLOCKS, on_terminal() ? getenv("TERM") : NULL);
    for (unsigned page = 0; page < PAGES && err == OK; page++)
        if (only == PAGES || only == page)
            err = json ? figures[page](&console) : print_page(&console, &console_pages[page]);
    if (err != OK) refuse(&why, err);
    return cli_end(err, &why);
}
