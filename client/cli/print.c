/* print.c - `duban print report TARGET`: a monthly report as a sheet for signature and seal. Clause 2. */
#include "client/cli/cell.h"
#include "client/cli/out.h"
#include "client/cli/target.h"
#include "client/cli/verbs.h"
#include "proto/progress.h"

#include <string.h>

enum { SHEET_WIDTH = 78, LABEL_WIDTH = 26 };

struct sheet {
    struct show show;
    struct record report, project, target;
    bool has_target;
};

static void rule(void)
{
    for (int i = 0; i < SHEET_WIDTH; i++)
        putc('-', stdout);
    putc('\n', stdout);
}

static void centred(const char *text)
{
    unsigned width = out_width(text_of(text));
    out_spaces(stdout, width < SHEET_WIDTH ? (SHEET_WIDTH - width) / 2 : 0);
    out_printf(stdout, "%s\n", text);
}

static void labelled(const char *label, struct text value)
{
    unsigned width = out_width(text_of(label));
    out_put(stdout, label);
    out_spaces(stdout, width < LABEL_WIDTH ? LABEL_WIDTH - width : 1);
    out_wrapped(stdout, value.length > 0 ? value : text_of("-"), LABEL_WIDTH, SHEET_WIDTH);
}

static void field_line(const struct sheet *sheet, const struct record *record, unsigned position)
{
    const struct field *field = field_row(record->kind, position);
    struct text value = cell_text(&sheet->show, record, position);
    char text[CELL_BYTES_MAX + 32];
    struct str str = str_in(text, sizeof text);
    str_text(&str, value);
    if (field->unit != NULL && value.length > 0) str_printf(&str, " %s", tr(field->unit));
    labelled(tr(field->label), (struct text){text, (uint32_t)str.used});
}

/* Lines to be signed by hand. */
static void signature_line(const char *left, const char *right)
{
    enum { HALF = SHEET_WIDTH / 2 };
    unsigned used = out_width(text_of(left));
    putc('\n', stdout);
    out_put(stdout, left);
    for (unsigned i = used; i + 2 < HALF; i++)
        putc('_', stdout);
    out_put(stdout, "  ");
    out_put(stdout, right);
    for (unsigned i = out_width(text_of(right)); i < HALF; i++)
        putc('_', stdout);
    putc('\n', stdout);
}

static void print_head(const struct sheet *sheet)
{
    static const unsigned project[] = {project_responsible, project_lead, project_owner, project_stage};
    char title[600], month[32];
    struct str str = str_in(title, sizeof title), word = str_in(month, sizeof month);
    show_ref(&sheet->show, KIND_registry, 1, &str);
    centred(title);
    str = str_in(title, sizeof title);
    show_value(&sheet->show, &sheet->report, report_month, &word);
    fill_template(&str, tr(N_("monthly progress report of a major project, {text}")), month, 0);
    centred(title);
    rule();
    str = str_in(title, sizeof title);
    show_title(&sheet->show, &sheet->project, &str);
    labelled(tr(N_("project")), text_of(title));
    for (size_t i = 0; i < sizeof project / sizeof *project; i++)
        field_line(sheet, &sheet->project, project[i]);
    rule();
}

static void print_body(const struct sheet *sheet)
{
    static const unsigned figures[] = {report_invested, report_cumulative};
    static const unsigned words[] = {report_progress, report_reached, report_difficulties,
                                     report_measure,  report_solve_by, report_next,         report_explain};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        field_line(sheet, &sheet->report, figures[i]);
    field_line(sheet, &sheet->project, project_year_plan);
    if (sheet->has_target) field_line(sheet, &sheet->target, target_months);
    rule();
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (rec_has(&sheet->report, words[i])) field_line(sheet, &sheet->report, words[i]);
    rule();
}

static void print_foot(const struct sheet *sheet)
{
    static const unsigned positions[] = {F_STATE,    report_revision, report_received,
                                         report_due, report_reviewer, report_paper};
    char ident[80];
    struct str str = str_in(ident, sizeof ident);
    for (size_t i = 0; i < sizeof positions / sizeof *positions; i++)
        if (rec_has(&sheet->report, positions[i])) field_line(sheet, &sheet->report, positions[i]);
    str_printf(&str, "#%llu / %llu", (unsigned long long)sheet->report.id, (unsigned long long)sheet->report.version);
    labelled(tr(N_("record and journal entry")), text_of(ident));
    signature_line(tr(N_("unit (seal): ")), tr(N_("head of the unit (signature): ")));
    signature_line(tr(N_("filled in by: ")), tr(N_("date: ")));
}

static enum err read_sheet(struct cli *cli, uint64_t id, struct sheet *sheet)
{
    stamp_t as_of;
    session_fetch(cli, KIND_report, id, &as_of);
    enum err err = state_get(client_space(cli->client), KIND_report, id, &cli->arena, &sheet->report);
    if (err != OK) return err;
    uint64_t project = (uint64_t)rec_num(&sheet->report, report_project);
    session_fetch(cli, KIND_project, project, &as_of);
    sheet->show = session_show(cli, &cli->arena, false);
    err = state_get(sheet->show.space, KIND_project, project, &cli->arena, &sheet->project);
    int year = month_year((month_t){(int32_t)rec_num(&sheet->report, report_month)});
    sheet->has_target = target_find(sheet->show.space, project, year, &cli->arena, &sheet->target) == OK;
    return err;
}

int command_print(struct cli *cli)
{
    struct verb_call call = {.cli = cli, .kind = kind_row(KIND_report), .words = cli->args.words + 2};
    struct refusal why = {.err = OK};
    struct target target;
    struct sheet sheet;
    enum err err = cli_expect(cli, READ_OPTIONS, 2, 4, &why);
    if (err == OK && strcmp(cli->args.words[1], "report") != 0) err = refuse_text(&why, ERR_USAGE, cli->args.words[1]);
    if (err != OK) return cli_end(err, &why);
    call.count = cli->args.word_count - 2;
    err = session_read(cli, &why);
    if (err == OK) err = target_named(cli, KIND_report, NULL, call.words, call.count, &target, &why);
    if (err == OK && (err = read_sheet(cli, (uint64_t)target.id, &sheet)) != OK) refuse(&why, err);
    if (err != OK) return cli_end_target(&call, err, &why);
    print_head(&sheet);
    print_body(&sheet);
    print_foot(&sheet);
    return CLASS_OK;
}
