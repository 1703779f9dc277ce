/* workbook.c - `duban report workbook [MONTH] FILE`: what the unit owes for a month, to be filled in elsewhere. Figures
 * stand beside the cells to compare with; none is filled in (clause 2). */
#include "client/cli/workbook.h"

#include "client/cli/out.h"
#include "client/cli/verbs.h"
#include "client/core/beside.h"

#include "proto/check.h"
#include "proto/owed.h"

#include <string.h>
#include <unistd.h>

enum { REPORTS_MAX = 2000, KEPT_COLUMNS = W_MONTH + 1 };

/* ---- columns ---- */

static const char *label_of(struct arena *arena, unsigned position, bool needed)
{
    char label[200];
    struct str str = str_in(label, sizeof label);
    book_label(KIND_report, position, &str);
    if (needed) str_put(&str, " *");
    return arena_copy(arena, label, str.used);
}

static struct form_column field_column(struct arena *arena, const struct field *field, unsigned position)
{
    bool needed = field->need >> ACT_report_submit & 1;
    enum cell_type type = field->type == TYPE_MONEY ? CELL_WAN : field->type == TYPE_DAY ? CELL_DAY : CELL_TEXT;
    return (struct form_column){.name = field->name,
                                .label = label_of(arena, position, needed),
                                .help = field->help != NULL ? tr(field->help) : NULL,
                                .open = true,
                                .type = type,
                                .lo = field->lo,
                                .hi = field->hi};
}

/* References (milestones) are chosen in the form: a name in a cell may mean several. */
static bool is_asked(const struct field *field)
{
    return (field->fill >> ACT_report_submit & 1) && !(field->flags & F_FIXED) && field->type != TYPE_REF;
}

bool workbook_columns(struct arena *arena, struct workbook_columns *columns)
{
    const struct form_column own[W_GIVEN] = {
        [W_PROJECT] = {.name = "project", .label = tr(N_("project code"))},
        [W_NAME] = {.name = "name", .label = tr(N_("name"))},
        [W_MONTH] = {.name = "month", .label = tr(N_("month"))},
        [W_LAST] = {.name = "last_cumulative", .label = tr(N_("invested up to last month"))},
        [W_PLAN] = {.name = "plan", .label = tr(N_("plan of the month"))},
        [W_PLAN_TO_DATE] = {.name = "plan_to_date", .label = tr(N_("plan to date"))},
        [W_VERSION] = {.name = "version", .label = tr(N_("version")), .hidden = true},
    };
    const struct field *field;
    memcpy(columns->at, own, sizeof own);
    columns->count = W_GIVEN;
    for (unsigned i = F_COMMON_COUNT; (field = field_row(KIND_report, i)) != NULL; i++) {
        if (!is_asked(field)) continue;
        columns->at[columns->count] = field_column(arena, field, i);
        columns->positions[columns->count] = (uint8_t)i;
        if (columns->at[columns->count++].label == NULL) return false;
    }
    return true;
}

/* ---- what is owed ---- */

bool report_open(const struct record *report)
{
    return action_row(KIND_report, ACT_report_submit)->from >> rec_state(report) & 1;
}

struct owed {
    uint64_t project;
    bool begun; /* `report` is there, a draft or one that came back */
    struct record report;
};

struct owing {
    struct cli *cli;
    const struct space *space;
    month_t month;
    unsigned count;
    struct owed *at; /* in cli->arena */
};

static enum err find_owed(struct owing *job, month_t month)
{
    struct value unit = number_value((int64_t)client_actor(job->cli->client)->unit);
    struct arena *arena = &job->cli->arena;
    struct walk walk;
    uint64_t id;
    job->month = month;
    job->count = 0;
    walk_start(&walk, job->space, IX_project_responsible, &unit, 1);
    while (walk_next(&walk, &id) && job->count < REPORTS_MAX) {
        struct record project;
        struct owed owed = {.project = id};
        enum err err = state_get(job->space, KIND_project, id, arena, &project);
        if (err != OK) return err;
        if (!project_owes(&project, month)) continue;
        owed.begun = paper_find(job->space, KIND_report, id, month, arena, &owed.report) == OK;
        if (!owed.begun || report_open(&owed.report)) job->at[job->count++] = owed;
    }
    return OK;
}

/* The month that is named; else the last one, as long as something of it is owed, and then the present one. */
static enum err find_month(struct owing *job, const char *word, struct refusal *why)
{
    month_t now = month_of(stamp_day(client_now(job->cli->client))), month = month_add(now, -1);
    bool writes = client_actor(job->cli->client)->roles & (1u << OPT_role_clerk | 1u << OPT_role_contact);
    char text[40];
    struct str str = str_in(text, sizeof text);
    if (!writes) return refuse(why, ERR_NOT_ALLOWED);
    if (word != NULL && !month_parse(text_of(word), &month)) return refuse_text(why, ERR_USAGE, word);
    if (month.n > now.n) return refuse_field(why, ERR_MONTH_AHEAD, KIND_report, report_month, 0);
    enum err err = find_owed(job, month);
    if (err == OK && job->count == 0 && word == NULL) err = find_owed(job, now);
    if (err != OK) return refuse(why, err);
    str_month(&str, job->month);
    return job->count > 0 ? OK : refuse_text(why, ERR_NOTHING_OWED, text);
}

/* ---- writing ---- */

static void put_row(const struct owing *job, const struct workbook_columns *columns, struct book *book,
                    const struct owed *owed)
{
    struct arena *arena = &job->cli->arena;
    struct show show = session_show(job->cli, arena, false);
    struct record project = record_make(KIND_project, owed->project);
    struct beside figures;
    state_get(job->space, KIND_project, owed->project, arena, &project);
    beside_of(job->space, owed->project, job->month, arena, &figures);
    book_put(book, book_value(&show, &project, project_code));
    book_put(book, book_value(&show, &project, project_name));
    book_put(book, book_number(CELL_MONTH, job->month.n));
    book_put(book, book_number(figures.has_cumulative ? CELL_WAN : CELL_NOTHING, figures.cumulative));
    book_put(book, book_number(figures.has_plan ? CELL_WAN : CELL_NOTHING, figures.plan));
    book_put(book, book_number(figures.has_plan ? CELL_WAN : CELL_NOTHING, figures.plan_cumulative));
    book_put(book, book_number(CELL_INT, owed->begun ? (int64_t)owed->report.version : 0));
    for (unsigned i = W_GIVEN; i < columns->count; i++)
        book_put(book,
                 owed->begun ? book_value(&show, &owed->report, columns->positions[i]) : book_number(CELL_NOTHING, 0));
}

static enum err write_book(const struct owing *job, const char *path, struct refusal *why)
{
    struct workbook_columns columns;
    struct show show = session_show(job->cli, &job->cli->arena, false);
    char about[300], title[400];
    struct str str = str_in(about, sizeof about), words = str_in(title, sizeof title);
    struct book *book = book_open(path, book_created(client_now(job->cli->client)));
    if (book == NULL || !workbook_columns(&job->cli->arena, &columns)) {
        if (book != NULL) book_drop(book);
        return refuse(why, ERR_MEMORY);
    }
    str_month(&str, job->month);
    str_put(&str, " ");
    show_ref(&show, KIND_unit, client_actor(job->cli->client)->unit, &str);
    fill_template(&words, tr(N_("monthly reports of major projects, {text}")), about, 0);
    const struct form_sheet form = {
        .name = tr(kind_row(KIND_report)->plural),
        .title = title,
        .hint =
            tr(N_("Fill in the framed cells of a row, or leave all of them empty. Columns with * are needed; amounts "
                  "are in 10,000 yuan; a mark at a column's head says more. Then: duban report take FILE")),
        .column_count = columns.count,
        .kept_columns = KEPT_COLUMNS,
        .columns = columns.at};
    book_form(book, &form);
    for (unsigned i = 0; i < job->count; i++)
        put_row(job, &columns, book, &job->at[i]);
    book_form_end(book, &form);
    return book_close(book, why);
}

int verb_workbook(const struct verb_call *call)
{
    struct cli *cli = call->cli;
    struct owing job = {.cli = cli};
    struct refusal why = {.err = OK};
    const char *path = call->count > 0 ? call->words[call->count - 1] : NULL;
    char line[300];
    struct str str = str_in(line, sizeof line);
    enum err err = OK;
    if (call->count < 1 || call->count > 2) err = refuse_text(&why, ERR_USAGE, "report workbook [MONTH] FILE");
    if (err == OK) err = cli_options(cli, "yes", &why);
    if (err == OK && access(path, F_OK) == 0 && !args_flag(&cli->args, "yes"))
        err = refuse_text(&why, ERR_FILE_THERE, path); /* it may have been filled in */
    if (err == OK) err = session_read(cli, &why);
    if (err == OK && client_actor(cli->client) == NULL) err = refuse(&why, ERR_NO_LINK);
    if (err == OK && (job.at = arena_get(&cli->arena, REPORTS_MAX * sizeof *job.at)) == NULL)
        err = refuse(&why, ERR_MEMORY);
    job.space = err == OK ? client_space(cli->client) : NULL;
    if (err == OK) err = find_month(&job, call->count == 2 ? call->words[0] : NULL, &why);
    if (err == OK) err = write_book(&job, path, &why);
    if (err != OK) return cli_end(err, &why);
    fill_template(&str, tr(N_("written: {text}, reports to be filled in: {n}")), path, job.count);
    say(line);
    return CLASS_OK;
}
