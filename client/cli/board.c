/* board.c - `duban desk`, `duban matrix` and `duban project progress`: what waits for me, who has reported,
 * and how the projects stand against their plans. Clause 2. */
#include "client/cli/cell.h"
#include "client/cli/export.h"
#include "client/cli/grid.h"
#include "client/cli/out.h"
#include "client/cli/select.h"
#include "client/cli/verbs.h"
#include "client/core/desk.h"
#include "client/core/registers.h"
#include "proto/progress.h"

#include <stdlib.h>
#include <string.h>

/* ---- the desk ---- */

static const char *const whats[] = {[DESK_REFUSED] = "refused", [DESK_ACT] = "act", [DESK_OWED] = "owed"};
static const char *const urgencies[] = {
    [URGENCY_DECIDE] = "decide", [URGENCY_OVERDUE] = "overdue", [URGENCY_TODAY] = "today",
    [URGENCY_WEEK] = "week",     [URGENCY_LATER] = "later",     [URGENCY_NONE] = "none"};

/* "monthly report 2009-09 YY09-Z031" */
static void put_item(const struct show *show, const struct desk_item *item, struct str *out)
{
    struct record record = record_make(item->kind, 0);
    if (item->what == DESK_OWED && paper_kind(item->kind) != NULL) {
        rec_set(&record, paper_kind(item->kind)->of, (int64_t)item->of);
        rec_set(&record, paper_kind(item->kind)->month, item->month.n);
    } else if (item->id == 0 || state_get(show->space, item->kind, item->id, show->arena, &record) != OK) {
        str_put(out, tr(kind_row(item->kind)->label));
        return;
    }
    put_record(show, &record, out);
}

static void put_due(const struct cli *cli, const struct desk_item *item, struct str *out)
{
    day_t due = stamp_day((stamp_t){item->due.s - 1}), today = stamp_day(client_now(cli->client));
    if (item->what == DESK_REFUSED)
        str_put(out, tr(N_("to decide")));
    else if (item->due.s == 0)
        str_put(out, "-");
    else if (item->urgency == URGENCY_OVERDUE && due.n < today.n)
        fill_template(out, tr(N_("{n} days overdue")), "", today.n - due.n);
    else if (item->urgency == URGENCY_OVERDUE)
        str_put(out, tr(N_("overdue")));
    else if (item->urgency == URGENCY_TODAY)
        str_put(out, tr(N_("today")));
    else
        str_day(out, due);
}

static void desk_json(struct cli *cli, const struct desk_item *item)
{
    struct json json = {.file = stdout};
    struct show show = session_show(cli, &cli->arena, false);
    char about[600], month[16];
    struct str str = str_in(about, sizeof about), word = str_in(month, sizeof month);
    put_item(&show, item, &str);
    json_object(&json, NULL);
    json_string(&json, "what", whats[item->what]);
    json_string(&json, "urgency", urgencies[item->urgency]);
    json_stamp(&json, "due", (stamp_t){item->due.s > 0 ? item->due.s - 1 : 0}); /* its last second */
    json_string(&json, "kind", kind_row(item->kind)->name);
    json_string(&json, "action", action_row(item->kind, item->action)->name);
    json_string(&json, "about", about);
    if (item->id != 0) json_int(&json, "id", (int64_t)item->id);
    if (item->what == DESK_REFUSED) json_int(&json, "counter", (int64_t)item->counter);
    if (item->what == DESK_OWED) {
        const struct paper_kind *row = paper_kind(item->kind);
        struct record record = record_make(item->kind, 0);
        rec_set(&record, row->of, (int64_t)item->of);
        show.names_only = true;
        cell_json(&json, &show, &record, row->of);
        str_month(&word, item->month);
        json_string(&json, "month", month);
    }
    json_end(&json);
}

static int print_desk(struct cli *cli, const struct desk *desk)
{
    struct show show = session_show(cli, &cli->arena, false);
    struct grid grid;
    grid_start(&grid, &cli->arena);
    grid_column(&grid, tr(N_("due")), false);
    grid_column(&grid, tr(N_("about")), false);
    grid_column(&grid, tr(N_("to do")), false);
    for (unsigned i = 0; i < desk->count; i++) {
        const struct desk_item *item = &desk->items[i];
        char text[600];
        struct str str = str_in(text, sizeof text);
        put_due(cli, item, &str);
        bool dated = item->due.s > 0 && item->what != DESK_REFUSED;
        grid_typed(&grid, text_of(text),
                   dated ? book_number(CELL_DAY, stamp_day((stamp_t){item->due.s - 1}).n) : book_text(text_of(text)));
        str = str_in(text, sizeof text);
        put_item(&show, item, &str);
        if (item->id != 0) str_printf(&str, " #%llu", (unsigned long long)item->id);
        grid_put(&grid, text);
        str = str_in(text, sizeof text);
        str_put(&str, tr(action_row(item->kind, item->action)->label));
        if (item->what == DESK_REFUSED)
            fill_template(&str, tr(N_(" was refused: duban outbox show {n}")), "", (int64_t)item->counter);
        grid_put(&grid, text);
        grid_about(&grid, (struct grid_subject){item->kind, item->action, item->id, item->of, item->month});
    }
    return export_grid(cli, &grid, tr(N_("desk")), tr(N_("nothing waits for you")));
}

int command_desk(struct cli *cli)
{
    struct refusal why = {.err = OK};
    struct desk desk;
    enum err err = cli_expect(cli, READ_OPTIONS " json xlsx", 0, 0, &why);
    if (err == OK) err = session_read(cli, &why);
    if (err == OK && (err = desk_build(cli->client, &cli->arena, &desk)) != OK) refuse(&why, err);
    if (err != OK) return cli_end(err, &why);
    if (!args_flag(&cli->args, "json")) return print_desk(cli, &desk);
    for (unsigned i = 0; i < desk.count; i++)
        desk_json(cli, &desk.items[i]);
    return CLASS_OK;
}

/* ---- the registers ---- */

static void register_json(const struct tally *tally)
{
    struct json json = {.file = stdout};
    json_object(&json, NULL);
    json_string(&json, "kind", kind_row(tally->kind)->name);
    json_int(&json, "all", tally->all);
    json_int(&json, "open", tally->open);
    json_int(&json, "overdue", tally->overdue);
    if (tally->next.s != 0) json_stamp(&json, "next", (stamp_t){tally->next.s - 1});
    json_end(&json);
}

static void register_row(struct grid *grid, const struct tally *tally)
{
    const unsigned counts[] = {tally->open, tally->overdue, tally->all};
    char text[40];
    struct str str = str_in(text, sizeof text);
    grid_put(grid, tr(kind_row(tally->kind)->plural));
    day_t next = stamp_day((stamp_t){tally->next.s - 1});
    if (tally->next.s != 0) str_day(&str, next);
    grid_typed(grid, text_of(text), book_number(tally->next.s != 0 ? CELL_DAY : CELL_NOTHING, next.n));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        grid_int(grid, counts[i]);
    grid_about(grid, (struct grid_subject){.kind = tally->kind});
}

int command_registers(struct cli *cli)
{
    struct refusal why = {.err = OK};
    struct registers registers;
    struct grid grid;
    enum err err = cli_expect(cli, READ_OPTIONS " json xlsx", 0, 0, &why);
    if (err == OK) err = session_read(cli, &why);
    if (err == OK && (err = registers_build(cli->client, &cli->arena, &registers)) != OK) refuse(&why, err);
    if (err != OK) return cli_end(err, &why);
    bool json = args_flag(&cli->args, "json");
    grid_start(&grid, &cli->arena);
    grid_column(&grid, tr(N_("ledger")), false);
    grid_column(&grid, tr(N_("nearest deadline")), false);
    grid_column(&grid, tr(N_("running")), true);
    grid_column(&grid, tr(N_("overdue")), true);
    grid_column(&grid, tr(N_("all")), true);
    for (unsigned i = 0; i < registers.count; i++)
        if (json)
            register_json(&registers.at[i]);
        else
            register_row(&grid, &registers.at[i]);
    return json ? CLASS_OK : export_grid(cli, &grid, tr(N_("registers")), tr(N_("nothing found")));
}

/* ---- the matrix ---- */

static const struct {
    const char *name, *label; /* the label is a msgid */
    bool amiss;
} standings[STANDINGS] = {
    [STANDING_NOT_DUE] = {"not_due", N_("not due yet"), false},
    [STANDING_LATE] = {"late", N_("late"), true},
    [STANDING_MISSING] = {"missing", N_("missing"), true},
    [STANDING_RETURNED] = {"returned", N_("returned"), true},
    [STANDING_ON_TIME] = {"on_time", N_("in on time"), false},
    [STANDING_IN_LATE] = {"in_late", N_("in late"), true},
    [STANDING_HIDDEN] = {"hidden", N_("not shown"), true},
};

const char *standing_label(enum standing standing)
{
    return tr(standings[standing].label);
}

static void put_unit(const struct cli *cli, struct arena *arena, uint64_t unit, struct str *out)
{
    struct show show = session_show(cli, arena, true);
    show_ref(&show, KIND_unit, unit, out);
}

static void matrix_json(struct cli *cli, const struct matrix *matrix, const struct matrix_row *row, int month)
{
    struct json json = {.file = stdout};
    char unit[200], word[16];
    struct str str = str_in(unit, sizeof unit), name = str_in(word, sizeof word);
    put_unit(cli, &cli->arena, row->unit, &str);
    str_month(&name, month_make(matrix->year, month + 1));
    json_object(&json, NULL);
    json_string(&json, "unit", unit);
    json_int(&json, "unit_id", (int64_t)row->unit);
    json_string(&json, "month", word);
    json_int(&json, "owed", row->months[month].owed);
    for (unsigned i = 0; i < STANDINGS; i++)
        json_int(&json, standing_name((enum standing)i), row->months[month].standing[i]);
    json_end(&json);
}

static void matrix_csv(struct cli *cli, const struct matrix *matrix, const struct matrix_row *row, int month)
{
    char unit[200], word[16];
    struct str str = str_in(unit, sizeof unit), name = str_in(word, sizeof word);
    put_unit(cli, &cli->arena, row->unit, &str);
    str_month(&name, month_make(matrix->year, month + 1));
    csv_cell(stdout, true, true, text_of(unit));
    csv_cell(stdout, false, false, text_of(word));
    csv_int(stdout, row->months[month].owed);
    for (unsigned i = 0; i < STANDINGS; i++)
        csv_int(stdout, row->months[month].standing[i]);
    csv_end(stdout);
}

static void matrix_csv_header(const struct cli *cli)
{
    if (!args_flag(&cli->args, "no_bom")) csv_begin(stdout);
    csv_cell(stdout, true, false, text_of("unit"));
    csv_cell(stdout, false, false, text_of("month"));
    csv_cell(stdout, false, false, text_of("owed"));
    for (unsigned i = 0; i < STANDINGS; i++)
        csv_cell(stdout, false, false, text_of(standing_name((enum standing)i)));
    csv_end(stdout);
}

/* "3/5 1 late 1 missing": how many are in, of how many, and what is amiss. */
static void put_month(const struct matrix_row *row, int month, struct str *out)
{
    const uint16_t *count = row->months[month].standing;
    if (row->months[month].owed == 0) return;
    str_printf(out, "%d/%d", count[STANDING_ON_TIME] + count[STANDING_IN_LATE], row->months[month].owed);
    for (unsigned i = 0; i < STANDINGS; i++)
        if (count[i] > 0 && standings[i].amiss) str_printf(out, " %d %s", count[i], tr(standings[i].label));
}

static bool month_owes(const struct matrix *matrix, int month)
{
    for (unsigned i = 0; i < matrix->count; i++)
        if (matrix->rows[i].months[month].owed > 0) return true;
    return false;
}

static void matrix_grid(struct cli *cli, const struct matrix *matrix, struct grid *grid)
{
    grid_start(grid, &cli->arena);
    grid_column(grid, tr(N_("unit")), false);
    grid_column(grid, tr(N_("projects")), true);
    for (int month = 0; month < 12; month++) {
        char *label = arena_get(&cli->arena, 16);
        if (label == NULL || !month_owes(matrix, month)) continue;
        struct str str = str_in(label, 16);
        str_month(&str, month_make(matrix->year, month + 1));
        grid_column(grid, label, false);
        grid_says_label(grid);
    }
    for (unsigned i = 0; i < matrix->count; i++) {
        char text[400];
        struct str str = str_in(text, sizeof text);
        put_unit(cli, &cli->arena, matrix->rows[i].unit, &str);
        grid_put(grid, text);
        grid_int(grid, matrix->rows[i].projects);
        for (int month = 0; month < 12; month++) {
            str = str_in(text, sizeof text);
            put_month(&matrix->rows[i], month, &str);
            if (month_owes(matrix, month)) grid_put(grid, text);
        }
        grid_about(grid, (struct grid_subject){.kind = KIND_unit, .id = matrix->rows[i].unit});
    }
}

/* A row for each unit and month, to be counted with. */
static void figures_grid(struct cli *cli, const struct matrix *matrix, struct grid *grid)
{
    grid_start(grid, &cli->arena);
    grid_column(grid, tr(N_("unit")), false);
    grid_column(grid, tr(N_("month")), false);
    grid_column(grid, tr(N_("owed")), true);
    for (unsigned i = 0; i < STANDINGS; i++)
        grid_column(grid, tr(standings[i].label), true);
    for (unsigned i = 0; i < 12 * matrix->count; i++) {
        const struct matrix_row *row = &matrix->rows[i / 12];
        int month = (int)(i % 12);
        char unit[200];
        struct str str = str_in(unit, sizeof unit);
        if (row->months[month].owed == 0) continue;
        put_unit(cli, &cli->arena, row->unit, &str);
        grid_put(grid, unit);
        grid_typed(grid, text_of(""), book_number(CELL_MONTH, month_make(matrix->year, month + 1).n));
        grid_int(grid, row->months[month].owed);
        for (unsigned j = 0; j < STANDINGS; j++)
            grid_int(grid, row->months[month].standing[j]);
    }
}

static int print_matrix(struct cli *cli, const struct matrix *matrix)
{
    struct grid grid, figures;
    matrix_grid(cli, matrix, &grid);
    if (!export_wanted(cli)) {
        grid_show(cli, &grid);
        return CLASS_OK;
    }
    struct book *book = export_begin(cli);
    figures_grid(cli, matrix, &figures);
    if (book != NULL) {
        grid_sheet(&grid, book, tr(N_("matrix")));
        grid_sheet(&figures, book, tr(N_("figures")));
    }
    return export_end(cli, book);
}

static enum err read_year(const struct cli *cli, int *year, struct refusal *why)
{
    const char *word = cli->args.word_count > 1 ? cli->args.words[1] : NULL;
    char *end;
    *year = month_year(month_of(stamp_day(client_now(cli->client))));
    if (word == NULL) return OK;
    long number = strtol(word, &end, 10);
    if (*end != '\0' || number < YEAR_MIN || number > YEAR_MAX) return refuse_text(why, ERR_USAGE, word);
    *year = (int)number;
    return OK;
}

int command_matrix(struct cli *cli)
{
    struct refusal why = {.err = OK};
    struct matrix matrix;
    int year = 0;
    enum err err = cli_expect(cli, READ_OPTIONS " json csv no_bom xlsx", 0, 1, &why);
    if (err == OK) err = session_read(cli, &why);
    if (err == OK) err = read_year(cli, &year, &why);
    if (err == OK && (err = matrix_build(cli->client, year, &cli->arena, &matrix)) != OK) refuse(&why, err);
    if (err != OK) return cli_end(err, &why);
    bool json = args_flag(&cli->args, "json"), csv = args_flag(&cli->args, "csv");
    if (csv) matrix_csv_header(cli);
    if (!json && !csv) return print_matrix(cli, &matrix);
    for (unsigned i = 0; i < matrix.count; i++)
        for (int month = 0; month < 12; month++) {
            if (matrix.rows[i].months[month].owed == 0) continue;
            if (csv)
                matrix_csv(cli, &matrix, &matrix.rows[i], month);
            else
                matrix_json(cli, &matrix, &matrix.rows[i], month);
        }
    return CLASS_OK;
}
