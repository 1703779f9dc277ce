/* progress.c - `duban project progress`: each project's newest accepted figures against its plan. Clause 2. */
#include "proto/progress.h"
#include "client/cli/cell.h"
#include "client/cli/export.h"
#include "client/cli/grid.h"
#include "client/cli/out.h"
#include "client/cli/select.h"
#include "client/cli/verbs.h"
#include "proto/number.h"

static const char *const lights[] = {
    [LIGHT_UNKNOWN] = "-", [LIGHT_GREEN] = N_("green"), [LIGHT_YELLOW] = N_("yellow"), [LIGHT_RED] = N_("red")};

static void progress_json(const struct show *show, const struct record *project, const struct progress *progress)
{
    struct json json = {.file = stdout};
    char month[16];
    struct str str = str_in(month, sizeof month);
    if (progress->upto.n != 0) str_month(&str, progress->upto);
    json_object(&json, NULL);
    json_int(&json, "id", (int64_t)project->id);
    cell_json(&json, show, project, project_code);
    cell_json(&json, show, project, project_name);
    cell_json(&json, show, project, project_responsible);
    json_string(&json, "light", light_name(progress->light));
    json_string(&json, "upto", progress->upto.n != 0 ? month : NULL);
    json_wan(&json, "invested", progress->invested);
    json_wan(&json, "planned", progress->planned);
    json_wan(&json, "year_plan", progress->year_plan);
    json_int(&json, "of_plan_per_mille", progress->of_plan);
    json_int(&json, "of_year_per_mille", progress->of_year);
    json_int(&json, "of_time_per_mille", progress->of_time);
    json_end(&json);
}

static void put_wan(struct grid *grid, int64_t fen, bool known)
{
    char text[40];
    struct str str = str_in(text, sizeof text);
    if (known) str_scaled(&str, fen, FEN_PER_WAN, 2);
    grid_typed(grid, text_of(text), book_number(known ? CELL_WAN : CELL_NOTHING, fen));
}

static void put_percent(struct grid *grid, int64_t mille, bool known)
{
    char text[40];
    struct str str = str_in(text, sizeof text);
    if (known) {
        str_scaled(&str, mille, 10, 1);
        str_put(&str, "%");
    }
    grid_typed(grid, text_of(text), book_number(known ? CELL_PERCENT : CELL_NOTHING, mille));
}

static void progress_row(struct grid *grid, const struct show *show, const struct record *project,
                         const struct progress *progress)
{
    char month[16];
    struct str str = str_in(month, sizeof month);
    bool known = progress->upto.n != 0, planned = progress->light != LIGHT_UNKNOWN;
    if (known) str_month(&str, progress->upto);
    grid_cell(grid, cell_text(show, project, project_code));
    grid_cell(grid, cell_text(show, project, project_name));
    grid_cell(grid, cell_text(show, project, project_responsible));
    grid_put(grid, tr(lights[progress->light]));
    put_wan(grid, progress->year_plan, true);
    put_wan(grid, progress->planned, planned);
    put_wan(grid, progress->invested, known);
    put_percent(grid, progress->of_plan, planned);
    put_percent(grid, progress->of_year, known);
    put_percent(grid, progress->of_time, known);
    grid_typed(grid, text_of(month), book_number(known ? CELL_MONTH : CELL_NOTHING, progress->upto.n));
}

static void start_table(struct grid *grid, struct arena *arena)
{
    static const struct {
        const char *label;
        bool right;
    } columns[] = {
        {N_("code"), false},    {N_("name"), false},     {N_("responsible unit"), false},
        {N_("light"), false},   {N_("year plan"), true}, {N_("plan to date"), true},
        {N_("invested"), true}, {N_("of plan"), true},   {N_("of year plan"), true},
        {N_("of time"), true},  {N_("up to"), false},
    };
    grid_start(grid, arena);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        grid_column(grid, tr(columns[i].label), columns[i].right);
}

int verb_progress(const struct verb_call *call)
{
    struct cli *cli = call->cli;
    struct refusal why = {.err = OK};
    struct selection selection;
    struct grid grid;
    bool json = args_flag(&cli->args, "json");
    if (call->count > 0) return cli_end(refuse_text(&why, ERR_USAGE, call->words[0]), &why);
    enum err err = session_read(cli, &why);
    if (err == OK)
        err = select_records(cli, KIND_project, COMMON_OPTIONS " " READ_OPTIONS " json xlsx", &selection, &why);
    if (err != OK) return cli_end(err, &why);
    struct show show = session_show(cli, &cli->arena, json);
    start_table(&grid, &cli->arena);
    for (unsigned i = 0; i < selection.count; i++) {
        struct record project;
        struct progress progress;
        if (state_get(show.space, KIND_project, selection.rows[i].id, &cli->arena, &project) != OK) continue;
        progress_of(show.space, &project, &cli->arena, &progress);
        if (json)
            progress_json(&show, &project, &progress);
        else
            progress_row(&grid, &show, &project, &progress);
    }
    return json ? CLASS_OK : export_grid(cli, &grid, tr(N_("progress")), tr(N_("nothing found")));
}
