/* take.c - `duban report take FILE`: a filled-in workbook comes back. Each row meets the checks that the form meets; a
 * fault is named by its cell, and unless --skip-bad says so nothing is sent then. What is in already as it is in the
 * file is not sent again, so the same file may be taken twice. Clause 2. */
#include "client/cli/take.h"

#include "client/cli/out.h"
#include "client/cli/reading.h"
#include "client/cli/target.h"
#include "client/cli/verbs.h"
#include "client/core/resolve.h"

#include "proto/check.h"
#include "proto/xlsx.h"

#include <string.h>

/* ---- columns ---- */

/* By the name in the hidden row, or by what is written above the cells. */
static bool names_column(struct text cell, const struct form_column *column)
{
    char word[200], star[210];
    struct str str = str_in(star, sizeof star);
    if (!text_narrow(cell, word, sizeof word) || *word == '\0') return false;
    str_printf(&str, "%s *", word);
    return strcmp(word, column->name) == 0 || strcmp(word, column->label) == 0 || strcmp(star, column->label) == 0;
}

static int column_in(const struct sheet_row *row, const struct form_column *column)
{
    for (unsigned i = 0; i < row->count && i < SHEET_COLUMNS_MAX; i++)
        if (names_column(row->cells[i], column)) return (int)i;
    return -1;
}

static bool is_header(const struct taking *job, const struct sheet_row *row)
{
    return column_in(row, &job->columns.at[W_PROJECT]) >= 0 && column_in(row, &job->columns.at[W_MONTH]) >= 0;
}

/* The labels below the row of names are in the language of whoever wrote the workbook. */
static bool labels_follow(const struct taking *job)
{
    const struct sheet *sheet = &job->sheet;
    struct text first = sheet_cell(&sheet->header, (unsigned)job->at[W_PROJECT]);
    return sheet->row_count > 0 && sheet->rows[0].line == sheet->header.line + 1 &&
           text_equal(first, text_of(job->columns.at[W_PROJECT].name));
}

/* Below the title. */
static enum err find_columns(struct taking *job, struct refusal *why)
{
    struct sheet *sheet = &job->sheet;
    for (unsigned i = 0; i < SHEET_TITLE_ROWS && sheet->row_count > 0 && !is_header(job, &sheet->header); i++)
        sheet_begin_at(sheet, 0);
    for (unsigned i = 0; i < job->columns.count; i++)
        job->at[i] = column_in(&sheet->header, &job->columns.at[i]);
    static const unsigned needed[] = {W_PROJECT, W_MONTH};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (job->at[needed[i]] < 0) return refuse_text(why, ERR_NO_WORKBOOK, job->columns.at[needed[i]].label);
    if (labels_follow(job)) sheet_begin_at(sheet, 0);
    return OK;
}

static enum err read_book(struct taking *job, struct refusal *why)
{
    struct text bytes;
    sheet_init(&job->sheet);
    enum err err = read_whole(job->path, SHEET_BYTES_MAX, &job->cli->arena, &bytes, why);
    if (err == OK && !xlsx_is(bytes)) err = refuse_text(why, ERR_NOT_XLSX, job->path);
    if (err == OK) err = xlsx_read(bytes, &job->sheet, why);
    if (err == OK && !workbook_columns(&job->cli->arena, &job->columns)) err = refuse(why, ERR_MEMORY);
    if (err == OK) err = find_columns(job, why);
    if (err != OK) return err;
    job->count = job->sheet.row_count;
    job->rows = arena_get(&job->cli->arena, (job->count + 1) * sizeof *job->rows);
    return job->rows != NULL ? OK : refuse(why, ERR_MEMORY);
}

/* ---- a row ---- */

struct rowing {
    struct taking *job;
    const struct sheet_row *from;
    struct taken_row *row;
    struct text project, month; /* as they stand there */
    bool there;                 /* `report` is the record that is meant */
    struct record report;
    unsigned filled; /* cells */
};

static struct text cell_of(const struct rowing *rowing, unsigned column)
{
    int at = rowing->job->at[column];
    return at >= 0 ? sheet_cell(rowing->from, (unsigned)at) : (struct text){"", 0};
}

static void fault(struct rowing *rowing, unsigned column, const struct refusal *why)
{
    rowing->row->result = TAKEN_BAD;
    rowing->row->why = *why;
    rowing->row->column = rowing->job->at[column];
}

/* The cell that a refusal is about: that of its field, or the project's. */
static void fault_of(struct rowing *rowing, const struct refusal *why)
{
    const struct workbook_columns *columns = &rowing->job->columns;
    unsigned column = W_PROJECT;
    if (why->kind == KIND_report && why->field == report_month) column = W_MONTH;
    for (unsigned i = W_GIVEN; i < columns->count; i++)
        if (why->kind == KIND_report && columns->positions[i] == why->field) column = i;
    fault(rowing, column, why);
}

static bool read_cell(struct rowing *rowing, unsigned column, unsigned position)
{
    struct refusal why = {.err = OK};
    struct cli *cli = rowing->job->cli;
    struct text cell = cell_of(rowing, column);
    enum err err = OK;
    if (sheet_cell_failed(cell)) {
        char word[16];
        struct str str = str_in(word, sizeof word);
        str_text(&str, cell);
        err = refuse_text(&why, ERR_FORMULA_FAILED, word);
        why.kind = KIND_report;
        why.field = (uint8_t)position;
    }
    if (err == OK)
        err = resolve_value(cli->client, KIND_report, position, cell, &cli->arena, &rowing->row->args.values[position],
                            &why);
    if (err != OK) fault(rowing, column, &why);
    return err == OK;
}

static bool read_needed(struct rowing *rowing, unsigned column, unsigned position)
{
    struct refusal why;
    if (!read_cell(rowing, column, position)) return false;
    if (rec_has(&rowing->row->args, position)) return true;
    refuse_field(&why, ERR_NEEDED, KIND_report, position, 0);
    fault(rowing, column, &why);
    return false;
}

/* Project and month stand once in the file. */
static bool stands_twice(struct rowing *rowing)
{
    const struct taking *job = rowing->job;
    const struct record *args = &rowing->row->args;
    struct refusal why;
    for (const struct taken_row *other = job->rows; other < rowing->row; other++) {
        if (rec_num(&other->args, report_project) != rec_num(args, report_project) ||
            rec_num(&other->args, report_month) != rec_num(args, report_month))
            continue;
        refuse_field(&why, ERR_LINE_TWICE, KIND_report, report_project, other->line);
        fault(rowing, W_PROJECT, &why);
        return true;
    }
    return false;
}

/* What is empty in the row and was filled in before is to be empty. */
static bool read_cells(struct rowing *rowing)
{
    const struct workbook_columns *columns = &rowing->job->columns;
    struct taken_row *row = rowing->row;
    rowing->project = cell_of(rowing, W_PROJECT);
    rowing->month = cell_of(rowing, W_MONTH);
    for (unsigned i = W_GIVEN; i < columns->count; i++)
        rowing->filled += cell_of(rowing, i).length > 0;
    if (rowing->filled == 0) return false;
    if (!read_needed(rowing, W_PROJECT, report_project) || !read_needed(rowing, W_MONTH, report_month)) return false;
    if (stands_twice(rowing)) return false;
    for (unsigned i = W_GIVEN; i < columns->count; i++) {
        if (rowing->job->at[i] < 0) continue;
        if (!read_cell(rowing, i, columns->positions[i])) return false;
        row->given |= FIELD_BIT(columns->positions[i]);
    }
    return true;
}

/* ---- what is there already ---- */

/* Does an own act on the record wait? */
static bool waits(const struct rowing *rowing)
{
    const struct outbox *outbox = client_outbox(rowing->job->cli->client);
    if (rowing->row->target < 0) return true; /* one that makes it */
    for (unsigned i = 0; i < outbox->count; i++) {
        const struct out_item *item = &outbox->items[i];
        bool pending = item->state == OUT_WAITING || item->state == OUT_HELD;
        if (pending && item->kind == KIND_report && item->target == rowing->row->target && item->target != 0)
            return true;
    }
    return false;
}

static bool find_report(struct rowing *rowing)
{
    struct cli *cli = rowing->job->cli;
    const struct action *submit = action_row(KIND_report, ACT_report_submit);
    const char *words[2] = {arena_copy(&cli->arena, rowing->project.at, rowing->project.length),
                            arena_copy(&cli->arena, rowing->month.at, rowing->month.length)};
    struct target target;
    struct refusal why = {.err = ERR_MEMORY};
    enum err err = words[0] != NULL && words[1] != NULL ? OK : ERR_MEMORY;
    if (err == OK) err = target_named(cli, KIND_report, submit, words, 2, &target, &why);
    if (err != OK) {
        fault(rowing, W_PROJECT, &why);
        return false;
    }
    rowing->row->target = target.id;
    stamp_t as_of;
    if (target.id > 0) session_fetch(cli, KIND_report, (uint64_t)target.id, &as_of);
    rowing->there = target.id > 0 && state_get(client_space(cli->client), KIND_report, (uint64_t)target.id, &cli->arena,
                                               &rowing->report) == OK;
    return true;
}

static bool says_the_same(const struct rowing *rowing)
{
    for (unsigned i = 0; i < field_count(KIND_report); i++)
        if ((rowing->row->given & FIELD_BIT(i)) &&
            !value_equal(field_row(KIND_report, i), &rowing->row->args.values[i], &rowing->report.values[i]))
            return false;
    return true;
}

/* The record must be as it was when the workbook was written, or say the same as the row. */
static bool is_moved(const struct rowing *rowing)
{
    char word[40], version[40];
    struct str str = str_in(version, sizeof version);
    struct text cell = cell_of(rowing, W_VERSION);
    str_number(&str, rowing->there ? (int64_t)rowing->report.version : 0);
    return text_narrow(cell, word, sizeof word) && *word != '\0' && strcmp(word, version) != 0;
}

/* True when the row is decided about without sending anything. */
static bool stands_already(struct rowing *rowing)
{
    struct refusal why;
    bool same = rowing->there && says_the_same(rowing), open = !rowing->there || report_open(&rowing->report);
    if (waits(rowing)) {
        rowing->row->result = TAKEN_WAITS;
        return true;
    }
    if (!open && same) {
        rowing->row->result = TAKEN_SAME;
        return true;
    }
    if (open && same && rec_state(&rowing->report) != ST_report_draft) { /* as it was returned or recalled */
        rowing->row->result = TAKEN_LEFT;
        return true;
    }
    if (open && (same || !is_moved(rowing))) return false;
    refuse(&why, open ? ERR_CONFLICT : ERR_IN_ALREADY);
    fault(rowing, W_PROJECT, &why);
    return true;
}

/* ---- the check ---- */

/* Who may submit submits; where the unit's leader reviews first it is handed on; else it is saved as a draft. */
static void try_row(struct rowing *rowing)
{
    static const uint8_t actions[] = {ACT_report_submit, ACT_report_propose, ACT_report_save};
    struct cli *cli = rowing->job->cli;
    struct taken_row *row = rowing->row;
    struct act *act = arena_get(&cli->arena, sizeof *act);
    struct refusal why = {.err = ERR_MEMORY};
    if (row->target == 0) row->given |= FIELD_BIT(report_project) | FIELD_BIT(report_month);
    for (size_t i = 0; act != NULL && i < sizeof actions; i++) {
        row->action = actions[i];
        enum err err = client_try(cli->client, KIND_report, row->action, (uint64_t)row->target, &row->args, row->given,
                                  &cli->arena, act);
        why = act->why;
        if (err == OK || daemon_may_differ(cli, err)) {
            bool saved = row->action == ACT_report_save && rowing->there && says_the_same(rowing);
            row->result = saved ? TAKEN_SAME : TAKEN_GOOD;
            return;
        }
        if (err != ERR_NOT_ALLOWED && err != ERR_WANTS_REVIEW && err != ERR_NO_REVIEW) break;
    }
    if (rowing->there && says_the_same(rowing))
        row->result = TAKEN_LEFT;
    else
        fault_of(rowing, &why);
}

static void check_row(struct taking *job, unsigned position)
{
    struct rowing rowing = {.job = job, .from = &job->sheet.rows[position], .row = &job->rows[position]};
    *rowing.row = (struct taken_row){.line = rowing.from->line, .args = record_make(KIND_report, 0), .column = -1};
    if (read_cells(&rowing) && find_report(&rowing) && !stands_already(&rowing)) try_row(&rowing);
    job->bad += rowing.row->result == TAKEN_BAD;
}

int verb_take(const struct verb_call *call)
{
    struct taking *job = arena_get(&call->cli->arena, sizeof *job);
    struct refusal why = {.err = OK};
    enum err err = job != NULL ? OK : refuse(&why, ERR_MEMORY);
    if (err == OK && call->count != 1) err = refuse_text(&why, ERR_USAGE, "report take FILE [--dry-run] [--skip-bad]");
    if (err == OK) err = cli_options(call->cli, "json dry_run skip_bad no_wait", &why);
    if (err == OK) err = session_open(call->cli, &why);
    if (err == OK) err = session_ready(call->cli, WAIT_ACT, &why);
    if (err == OK && client_actor(call->cli->client) == NULL) err = refuse(&why, ERR_NO_LINK);
    if (err != OK) return cli_end(err, &why);
    job->cli = call->cli;
    job->path = call->words[0];
    err = read_book(job, &why);
    for (unsigned i = 0; err == OK && i < job->count; i++)
        check_row(job, i);
    bool send = err == OK && !args_flag(&call->cli->args, "dry_run") &&
                (job->bad == 0 || args_flag(&call->cli->args, "skip_bad"));
    int status = err != OK ? cli_end(err, &why) : send ? take_send(job) : take_tell(job);
    sheet_free(&job->sheet);
    return status;
}
