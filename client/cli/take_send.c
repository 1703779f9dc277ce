/* take_send.c - see take.h: the rows of a workbook go into the outbox, and what became of each is told. */
#include "client/cli/take.h"

#include "client/cli/cell.h"
#include "client/cli/export.h"
#include "client/cli/grid.h"
#include "client/cli/out.h"
#include "client/cli/verbs.h"

/* ---- sending ---- */

static void send_row(struct taking *job, struct taken_row *row)
{
    enum err err =
        client_submit(job->cli->client, KIND_report, row->action, row->target, &row->args, row->given, &row->counter);
    row->result = err == OK ? TAKEN_SENT : TAKEN_REFUSED;
    if (err != OK) refuse(&row->why, err);
}

/* Does the daemon's word on some row have to come yet? Notes those that have come. A refused act does not stay in the
 * outbox: its row is still in the file. */
static bool some_wait(struct taking *job)
{
    bool some = false;
    for (unsigned i = 0; i < job->count; i++) {
        struct taken_row *row = &job->rows[i];
        if (row->result != TAKEN_SENT) continue;
        const struct out_item *item = client_outcome(job->cli->client, row->counter);
        if (item == NULL || item->state == OUT_ACCEPTED) {
            row->result = TAKEN_DONE;
        } else if (item->state == OUT_REFUSED) {
            row->result = TAKEN_REFUSED;
            row->why = item->why;
            client_discard(job->cli->client, row->counter);
        } else
            some = true;
    }
    return some;
}

/* ---- telling ---- */

static const char *const names[] = {[TAKEN_EMPTY] = "empty",  [TAKEN_LEFT] = "left",   [TAKEN_BAD] = "bad",
                                    [TAKEN_SAME] = "same",    [TAKEN_WAITS] = "waits", [TAKEN_GOOD] = "good",
                                    [TAKEN_SENT] = "waiting", [TAKEN_DONE] = "done",   [TAKEN_REFUSED] = "refused"};

static const char *words_of(const struct taken_row *row)
{
    const char *done = row->action == ACT_report_submit    ? N_("submitted")
                       : row->action == ACT_report_propose ? N_("handed to the unit's leader")
                                                           : N_("saved as a draft: another of your unit submits it");
    switch (row->result) {
    case TAKEN_EMPTY: return tr(N_("left empty"));
    case TAKEN_LEFT: return tr(N_("not changed in the file: not sent"));
    case TAKEN_BAD: return tr(N_("wrong"));
    case TAKEN_SAME: return tr(N_("in already as it is"));
    case TAKEN_WAITS: return tr(N_("an act on it waits in the outbox"));
    case TAKEN_GOOD: return tr(N_("good, not sent"));
    case TAKEN_SENT: return tr(N_("waits in the outbox"));
    case TAKEN_DONE: return tr(done);
    case TAKEN_REFUSED: return tr(N_("refused by the daemon"));
    }
    return "";
}

static bool is_fault(const struct taken_row *row)
{
    return row->result == TAKEN_BAD || row->result == TAKEN_REFUSED;
}

/* "reports.xlsx:G7: invested this month: ..." */
static void say_fault(const struct taking *job, const struct taken_row *row)
{
    char line[1500];
    struct str str = str_in(line, sizeof line);
    str_printf(&str, "%s:", job->path);
    sheet_place(&job->sheet, row->line, row->column, &str);
    str_put(&str, ": ");
    show_refusal(&row->why, &str);
    say(line);
}

static void tell_json(const struct taking *job, const struct taken_row *row)
{
    struct json json = {.file = stdout};
    struct show show = session_show(job->cli, &job->cli->arena, true);
    char place[40];
    struct str str = str_in(place, sizeof place);
    json_object(&json, NULL);
    json_int(&json, "row", row->line);
    json_string(&json, "result", names[row->result]);
    cell_json(&json, &show, &row->args, report_project);
    cell_json(&json, &show, &row->args, report_month);
    if (row->result >= TAKEN_GOOD && row->action != 0)
        json_string(&json, "action", action_row(KIND_report, row->action)->name);
    if (row->result == TAKEN_SENT) json_int(&json, "counter", (int64_t)row->counter);
    if (is_fault(row)) {
        sheet_place(&job->sheet, row->line, row->column, &str);
        json_string(&json, "cell", place);
        refusal_json(&json, &row->why);
    }
    json_end(&json);
}

static void tell_rows(const struct taking *job)
{
    struct show show = session_show(job->cli, &job->cli->arena, false);
    struct grid grid;
    grid_start(&grid, &job->cli->arena);
    grid_column(&grid, tr(N_("row")), true);
    grid_column(&grid, tr(N_("project")), false);
    grid_column(&grid, tr(N_("month")), false);
    grid_column(&grid, tr(N_("result")), false);
    for (unsigned i = 0; i < job->count; i++) {
        const struct taken_row *row = &job->rows[i];
        if (row->result == TAKEN_EMPTY) continue;
        grid_int(&grid, row->line);
        grid_cell(&grid, cell_text(&show, &row->args, report_project));
        grid_cell(&grid, cell_text(&show, &row->args, report_month));
        grid_put(&grid, words_of(row));
    }
    if (grid.first != NULL) grid_show(job->cli, &grid);
}

static void say_counts(const struct taking *job)
{
    unsigned empty = 0;
    char line[200];
    struct str str = str_in(line, sizeof line);
    for (unsigned i = 0; i < job->count; i++)
        empty += job->rows[i].result == TAKEN_EMPTY;
    fill_template(&str, tr(N_("rows left empty: {n}")), "", empty);
    if (empty > 0) say(line);
    if (empty == job->count) say(tr(N_("nothing was filled in")));
}

static int status_of(const struct taking *job)
{
    bool skips = args_flag(&job->cli->args, "skip_bad"), stays = args_flag(&job->cli->args, "no_wait");
    int status = CLASS_OK;
    for (unsigned i = 0; i < job->count; i++) {
        const struct taken_row *row = &job->rows[i];
        if (row->result == TAKEN_REFUSED || (row->result == TAKEN_BAD && !skips)) return CLASS_REFUSED;
        if (row->result == TAKEN_SENT && !stays) status = CLASS_NO_SERVER;
    }
    return status;
}

int take_tell(struct taking *job)
{
    bool json = args_flag(&job->cli->args, "json");
    for (unsigned i = 0; i < job->count; i++) {
        if (is_fault(&job->rows[i])) say_fault(job, &job->rows[i]);
        if (json) tell_json(job, &job->rows[i]);
    }
    if (!json) tell_rows(job);
    say_counts(job);
    if (args_flag(&job->cli->args, "dry_run"))
        say(tr(N_("a trial only: nothing was sent")));
    else if (job->bad > 0 && !args_flag(&job->cli->args, "skip_bad"))
        say(tr(N_("nothing was sent: correct these rows, or leave them out with --skip-bad")));
    return status_of(job);
}

int take_send(struct taking *job)
{
    for (unsigned i = 0; i < job->count; i++)
        if (job->rows[i].result == TAKEN_GOOD) send_row(job, &job->rows[i]);
    while (some_wait(job) && !session_hopeless(job->cli) && session_step(job->cli, NULL))
        continue;
    return take_tell(job);
}
