/* environment.c - `duban environment`: what disturbs the works, by county and zone. Clause 4.1. */
#include "client/core/environment.h"

#include "client/cli/export.h"
#include "client/cli/json.h"
#include "client/cli/out.h"
#include "client/cli/verbs.h"

#include <string.h>

/* ---- columns by name ---- */

static const char *column_name(const struct environment *environment, unsigned column)
{
    static const char *const names[] = {[AREA_NAME] = "area", [AREA_PROJECTS] = "projects", [AREA_URGENT] = "urgent"};
    return column >= AREA_GAUGES ? environment->gauges[column - AREA_GAUGES]->name : names[column];
}

/* As in every list: the smallest first, and with a minus the largest. What is urgent comes first by itself. */
static enum err sort(const struct cli *cli, struct environment *environment, struct refusal *why)
{
    const char *name = args_value(&cli->args, "sort");
    if (name == NULL) return OK;
    bool minus = *name == '-';
    for (unsigned i = 0; i < AREA_GAUGES + environment->gauge_count; i++) {
        if (strcmp(column_name(environment, i), name + minus) != 0) continue;
        environment_sort(environment, i, (i == AREA_NAME) == minus);
        return OK;
    }
    return refuse_text(why, ERR_USAGE, name);
}

static void put_area(struct cli *cli, uint64_t area, bool names_only, struct str *out)
{
    struct show show = session_show(cli, &cli->arena, names_only);
    show_ref(&show, KIND_unit, area, out);
}

/* ---- the forms ---- */

/* A gauge of which nothing is to be seen in the area is left out. */
static void area_json(struct cli *cli, const struct environment *environment, const struct area_row *row)
{
    struct json json = {.file = stdout};
    char area[200], name[80];
    struct str str = str_in(area, sizeof area);
    put_area(cli, row->area, true, &str);
    json_object(&json, NULL);
    json_string(&json, "area", area);
    json_int(&json, "area_id", (int64_t)row->area);
    json_int(&json, "projects", row->projects);
    json_int(&json, "urgent", row->urgent);
    for (unsigned i = 0; i < environment->gauge_count; i++) {
        if (gauged_hidden(row, i)) continue;
        str = str_in(name, sizeof name);
        str_printf(&str, "%s_urgent", environment->gauges[i]->name);
        json_int(&json, environment->gauges[i]->name, row->gauges[i].open);
        json_int(&json, name, row->gauges[i].urgent);
    }
    json_end(&json);
}

static void csv_head(const struct cli *cli, const struct environment *environment)
{
    if (!args_flag(&cli->args, "no_bom")) csv_begin(stdout);
    for (unsigned i = 0; i < AREA_GAUGES + environment->gauge_count; i++) {
        char name[80];
        struct str str = str_in(name, sizeof name);
        csv_cell(stdout, i == 0, false, text_of(column_name(environment, i)));
        str_printf(&str, "%s_urgent", column_name(environment, i));
        if (i >= AREA_GAUGES) csv_cell(stdout, false, false, text_of(name));
    }
    csv_end(stdout);
}

static void area_csv(struct cli *cli, const struct environment *environment, const struct area_row *row)
{
    char area[200];
    struct str str = str_in(area, sizeof area);
    put_area(cli, row->area, true, &str);
    csv_cell(stdout, true, true, text_of(area));
    csv_int(stdout, row->projects);
    csv_int(stdout, row->urgent);
    for (unsigned i = 0; i < environment->gauge_count; i++) {
        if (gauged_hidden(row, i)) {
            csv_cell(stdout, false, false, text_of(""));
            csv_cell(stdout, false, false, text_of(""));
            continue;
        }
        csv_int(stdout, row->gauges[i].open);
        csv_int(stdout, row->gauges[i].urgent);
    }
    csv_end(stdout);
}

static void grid_area(struct cli *cli, struct grid *grid, const struct environment *environment,
                      const struct area_row *row)
{
    char text[200];
    struct str str = str_in(text, sizeof text);
    if (row->area != 0)
        put_area(cli, row->area, false, &str);
    else
        str_put(&str, tr(N_("total")));
    grid_put(grid, text);
    grid_int(grid, row->projects);
    grid_int(grid, row->urgent);
    for (unsigned i = 0; i < environment->gauge_count; i++) {
        str = str_in(text, sizeof text);
        if (gauged_hidden(row, i))
            str_put(&str, "-");
        else
            str_printf(&str, "%u", row->gauges[i].open);
        if (row->gauges[i].urgent > 0) str_printf(&str, " !%u", row->gauges[i].urgent);
        bool plain = !gauged_hidden(row, i) && row->gauges[i].urgent == 0;
        grid_typed(grid, text_of(text), plain ? book_number(CELL_INT, row->gauges[i].open) : book_text(text_of(text)));
    }
    if (row->area != 0) grid_about(grid, (struct grid_subject){.kind = KIND_unit, .id = row->area});
}

static int print_grid(struct cli *cli, const struct environment *environment)
{
    struct grid grid;
    grid_start(&grid, &cli->arena);
    grid_column(&grid, tr(N_("area")), false);
    grid_column(&grid, tr(N_("projects")), true);
    grid_column(&grid, tr(N_("urgent")), true);
    for (unsigned i = 0; i < environment->gauge_count; i++) {
        grid_column(&grid, tr(environment->gauges[i]->label), false);
        grid_says_label(&grid);
    }
    for (unsigned i = 0; i < environment->count; i++)
        grid_area(cli, &grid, environment, &environment->rows[i]);
    grid_area(cli, &grid, environment, &environment->total);
    return export_grid(cli, &grid, tr(N_("environment")), "");
}

int command_environment(struct cli *cli)
{
    struct refusal why = {.err = OK};
    struct environment environment;
    enum err err = cli_expect(cli, READ_OPTIONS " json csv no_bom xlsx sort", 0, 0, &why);
    if (err == OK) err = session_read(cli, &why);
    if (err == OK && (err = environment_build(cli->client, &cli->arena, &environment)) != OK) refuse(&why, err);
    if (err == OK) err = sort(cli, &environment, &why);
    if (err != OK) return cli_end(err, &why);
    bool json = args_flag(&cli->args, "json"), csv = args_flag(&cli->args, "csv");
    if (csv) csv_head(cli, &environment);
    if (!json && !csv) return print_grid(cli, &environment);
    for (unsigned i = 0; i < environment.count; i++)
        if (csv)
            area_csv(cli, &environment, &environment.rows[i]);
        else
            area_json(cli, &environment, &environment.rows[i]);
    return CLASS_OK;
}
