/* list.c - `KIND list`: records as aligned columns, JSON Lines, CSV or a workbook. */
#include "client/cli/cell.h"
#include "client/cli/computed.h"
#include "client/cli/export.h"
#include "client/cli/grid.h"
#include "client/cli/out.h"
#include "client/cli/select.h"
#include "client/cli/verbs.h"

#include <string.h>

enum { ID_COLUMN = -1 };

struct listing {
    struct cli *cli;
    unsigned kind;
    unsigned count;
    int columns[GRID_COLUMNS_MAX]; /* positions, ID_COLUMN, or a computed one */
    struct calendar *calendar;
    struct selection selection;
};

/* ---- columns ---- */

static bool add_column(struct listing *job, int position)
{
    if (job->count == GRID_COLUMNS_MAX) return false;
    job->columns[job->count++] = position;
    return true;
}

/* The id, what the tables call list columns, and the state behind them. */
static void usual_columns(struct listing *job)
{
    uint64_t mask = list_mask(job->kind);
    add_column(job, ID_COLUMN);
    for (unsigned i = F_COMMON_COUNT; field_row(job->kind, i) != NULL; i++)
        if (mask & FIELD_BIT(i)) add_column(job, (int)i);
    for (unsigned i = 0; i < F_COMMON_COUNT; i++)
        if (mask & FIELD_BIT(i)) add_column(job, (int)i);
}

static enum err read_columns(struct listing *job, struct refusal *why)
{
    const char *list = args_value(&job->cli->args, "columns");
    if (list == NULL) {
        usual_columns(job);
        return OK;
    }
    while (*list != '\0') {
        char name[64];
        size_t length = strcspn(list, ",");
        struct str str = str_in(name, sizeof name);
        int position;
        str_text(&str, (struct text){list, (uint32_t)length});
        bool there = computed_named(job->kind, name, &position) || select_column(job->kind, name, &position);
        if (!there || !add_column(job, position))
            return refuse_text(why, ERR_USAGE, name);
        list += length + (list[length] == ',');
    }
    return OK;
}

/* ---- the forms ---- */

typedef void put_record_fn(void *self, const struct show *show, const struct record *record);

/* Reads the chosen records one by one. */
static void each_record(const struct listing *job, bool names_only, put_record_fn *put, void *self)
{
    struct arena scratch;
    struct show show = session_show(job->cli, &scratch, names_only);
    arena_init(&scratch, 16 << 20);
    for (unsigned i = 0; i < job->selection.count; i++) {
        struct record record;
        if (state_get(show.space, job->kind, job->selection.rows[i].id, &scratch, &record) == OK)
            put(self, &show, &record);
        arena_reuse(&scratch);
    }
    arena_clear(&scratch);
}

/* What is sent on demand alone is only here as far as it was asked for, and as it was then. */
static void say_partial(const struct listing *job)
{
    bool on_demand = false, old = false;
    for (const struct see *row = NULL; (row = see_next(job->kind, row)) != NULL;)
        on_demand = on_demand || row->level == SEE_DEMAND;
    for (unsigned i = 0; on_demand && !old && i < job->selection.count; i++) {
        stamp_t as_of;
        enum known known =
            client_knows(job->cli->client, job->kind, job->selection.rows[i].id, &job->cli->arena, &as_of);
        old = known == KNOWN_FETCHED && session_is_old(job->cli, as_of);
    }
    if (old) say(tr(N_("some of these were fetched earlier and may have changed since")));
}

struct printing {
    const struct listing *job;
    struct grid grid;
    struct json json;
};

static void put_row(void *self, const struct show *show, const struct record *record)
{
    struct printing *printing = self;
    for (unsigned i = 0; i < printing->job->count; i++) {
        int position = printing->job->columns[i];
        if (position == ID_COLUMN)
            grid_int(&printing->grid, (int64_t)record->id);
        else if (position < 0)
            grid_cell(&printing->grid,
                      computed_text(printing->job->cli, printing->job->calendar, show, record, position));
        else
            grid_typed(&printing->grid, cell_text(show, record, (unsigned)position),
                       book_value(show, record, (unsigned)position));
    }
    grid_about(&printing->grid, (struct grid_subject){.kind = record->kind, .id = record->id});
}

/* In a workbook a column names its unit, too: there it stands far from where it came from. */
static const char *column_label(const struct listing *job, unsigned position)
{
    char label[200];
    struct str str = str_in(label, sizeof label);
    if (!export_wanted(job->cli)) return tr(field_row(job->kind, position)->label);
    book_label(job->kind, position, &str);
    const char *kept = arena_copy(&job->cli->arena, label, str.used);
    return kept != NULL ? kept : "";
}

static int print_table(const struct listing *job)
{
    struct printing printing = {.job = job};
    grid_start(&printing.grid, &job->cli->arena);
    for (unsigned i = 0; i < job->count; i++) {
        int position = job->columns[i];
        if (position == ID_COLUMN)
            grid_column(&printing.grid, "id", true);
        else if (position < 0)
            grid_column(&printing.grid, computed_label(position), position == COMPUTED_SHARE);
        else
            grid_column(&printing.grid, column_label(job, (unsigned)position),
                        cell_right(job->kind, (unsigned)position));
    }
    each_record(job, false, put_row, &printing);
    return export_grid(job->cli, &printing.grid, tr(kind_row(job->kind)->plural), tr(N_("nothing found")));
}

static void put_json(void *self, const struct show *show, const struct record *record)
{
    struct printing *printing = self;
    json_object(&printing->json, NULL);
    record_json(&printing->json, record);
    for (unsigned i = 0; i < printing->job->count; i++) {
        int position = printing->job->columns[i];
        if (position >= 0)
            cell_json(&printing->json, show, record, (unsigned)position);
        else if (position != ID_COLUMN)
            computed_json(&printing->json, printing->job->cli, printing->job->calendar, show, record, position);
    }
    json_end(&printing->json);
}

static void put_csv(void *self, const struct show *show, const struct record *record)
{
    const struct printing *printing = self;
    for (unsigned i = 0; i < printing->job->count; i++) {
        int position = printing->job->columns[i];
        char number[32];
        struct str str = str_in(number, sizeof number);
        str_number(&str, (int64_t)record->id);
        if (position == ID_COLUMN)
            csv_cell(stdout, i == 0, false, text_of(number));
        else if (position < 0)
            csv_cell(stdout, i == 0, false,
                     computed_text(printing->job->cli, printing->job->calendar, show, record, position));
        else
            csv_cell(stdout, i == 0, cell_is_text(record->kind, (unsigned)position),
                     cell_text(show, record, (unsigned)position));
    }
    csv_end(stdout);
}

static void print_csv(const struct listing *job)
{
    struct printing printing = {.job = job};
    if (!args_flag(&job->cli->args, "no_bom")) csv_begin(stdout);
    for (unsigned i = 0; i < job->count; i++) {
        int position = job->columns[i];
        csv_cell(stdout, i == 0, false,
                 text_of(position == ID_COLUMN ? "id"
                         : position < 0        ? computed_name(position)
                                               : field_row(job->kind, (unsigned)position)->name));
    }
    csv_end(stdout);
    each_record(job, true, put_csv, &printing);
}

int verb_list(const struct verb_call *call)
{
    struct listing job = {.cli = call->cli, .kind = call->kind->wire};
    struct refusal why = {.err = OK};
    if (call->count > 0) return cli_end(refuse_text(&why, ERR_USAGE, call->words[0]), &why);
    enum err err = read_columns(&job, &why);
    if (err == OK) err = session_read(call->cli, &why);
    if (err == OK)
        err = select_records(call->cli, job.kind, COMMON_OPTIONS " " READ_OPTIONS " json csv no_bom xlsx columns",
                             &job.selection, &why);
    if (err == OK) job.calendar = arena_get(&call->cli->arena, sizeof *job.calendar);
    if (err == OK && job.calendar == NULL) err = refuse(&why, ERR_MEMORY);
    if (err != OK) return cli_end(err, &why);
    calendar_load(client_space(call->cli->client), &call->cli->arena, job.calendar);
    struct printing printing = {.job = &job, .json = {.file = stdout}};
    say_partial(&job);
    if (args_flag(&call->cli->args, "json"))
        each_record(&job, true, put_json, &printing);
    else if (args_flag(&call->cli->args, "csv"))
        print_csv(&job);
    else
        return print_table(&job);
    return CLASS_OK;
}
