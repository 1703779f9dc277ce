/* help.c - `duban help`: made from the tables, so that it can't differ from what is accepted. */
#include "client/cli/commands.h"
#include "client/cli/computed.h"
#include "client/cli/out.h"
#include "client/cli/target.h"

#include "proto/number.h"

#include <ctype.h>
#include <string.h>

enum { NAME_WIDTH = 20, LINE_WIDTH = 100 };

/* ---- words ---- */

static void put_dashed(const char *name, bool capitals, struct str *out)
{
    for (; *name != '\0'; name++)
        str_printf(out, "%c", *name == '_' ? '-' : capitals ? toupper((unsigned char)*name) : *name);
}

/* "  name   text", the text broken at its column. */
static void entry(const char *name, const char *text)
{
    unsigned used = out_width(text_of(name));
    out_put(stdout, "  ");
    out_put(stdout, name);
    if (*text == '\0') {
        putc('\n', stdout);
        return;
    }
    if (used + 2 > NAME_WIDTH) {
        putc('\n', stdout);
        used = 0;
        out_put(stdout, "  ");
    }
    out_spaces(stdout, NAME_WIDTH - used);
    out_wrapped(stdout, text_of(text), NAME_WIDTH + 2, LINE_WIDTH);
}

static void heading(const char *text)
{
    out_printf(stdout, "\n%s\n", text);
}

/* ---- fields ---- */

static void put_bounds(const struct field *field, struct str *out)
{
    int64_t scale = 1;
    if (field->type == TYPE_MONEY) scale = field->unit != NULL ? FEN_PER_WAN : FEN_PER_YUAN;
    if (field->type == TYPE_POINTS) scale = POINT_PARTS;
    if (field->lo == 0 && field->hi == 0) return;
    str_put(out, " ");
    str_exact(out, field->lo, scale);
    str_put(out, "-");
    str_exact(out, field->hi, scale);
}

static void put_options(const struct field *field, struct str *out)
{
    bool first = true;
    for (const struct option *row = NULL; (row = option_next(field->choice, row)) != NULL; first = false)
        str_printf(out, "%s%s", first ? " " : ", ", row->name);
}

static const char *const type_labels[] = {
    [TYPE_INT] = N_("whole number"),
    [TYPE_MONEY] = N_("amount"),
    [TYPE_POINTS] = N_("points"),
    [TYPE_DAY] = N_("date, such as 2009-09-28"),
    [TYPE_MONTH] = N_("month, such as 2009-09"),
    [TYPE_DATE] = N_("date, month or year"),
    [TYPE_STAMP] = N_("time"),
    [TYPE_CHOICE] = N_("one of:"),
    [TYPE_FLAG] = N_("yes or no"),
    [TYPE_REF] = N_("by name or #id:"),
    [TYPE_TEXT] = N_("one line, characters:"),
    [TYPE_NOTE] = N_("text (- standard input, @file), characters:"),
    [TYPE_BYTES] = N_("hexadecimal, bytes:"),
};

/* "invested this month: amount 0-100000000 万元 (needed)" */
void help_field(const struct field *field, bool needed, bool script, struct str *out)
{
    str_printf(out, "%s%s%s", tr(field->label), tr(N_(": ")),
               tr(field->type == TYPE_NOTE && !script ? N_("text, characters:") : type_labels[field->type]));
    switch (field->type) {
    case TYPE_CHOICE: put_options(field, out); break;
    case TYPE_REF: str_printf(out, " %s", tr(kind_row(field->ref)->label)); break;
    case TYPE_BYTES: str_printf(out, " %lld", (long long)field->hi); break;
    case TYPE_INT:
    case TYPE_MONEY:
    case TYPE_POINTS:
    case TYPE_TEXT:
    case TYPE_NOTE: put_bounds(field, out); break;
    case TYPE_DAY:
    case TYPE_MONTH:
    case TYPE_DATE:
    case TYPE_STAMP:
    case TYPE_FLAG: break;
    }
    if (field->unit != NULL) str_printf(out, " %s", tr(field->unit));
    if (field->list_max > 0) fill_template(out, tr(N_(", up to {n} parted by commas")), "", field->list_max);
    if (needed) str_put(out, tr(N_(" (needed)")));
    if (field->help != NULL) str_printf(out, "%s%s", tr(N_("; ")), tr(field->help));
}

static void field_entry(const struct field *field, bool needed)
{
    char name[80], text[1500];
    struct str str = str_in(name, sizeof name), words = str_in(text, sizeof text);
    str_put(&str, "--");
    put_dashed(field->name, false, &str);
    help_field(field, needed, true, &words);
    entry(name, text);
}

/* ---- actions ---- */

static bool reads_like(const char *name)
{
    return strcmp(name, "list") == 0 || strcmp(name, "show") == 0 || strcmp(name, "history") == 0;
}

/* "duban report submit PROJECT MONTH [REVISION]" */
static void put_usage(const struct action *action, struct str *out)
{
    struct naming naming = naming_of(action->kind, action);
    str_put(out, "duban ");
    put_dashed(kind_row(action->kind)->name, false, out);
    str_put(out, reads_like(action->name) ? " do " : " ");
    put_dashed(action->name, false, out);
    bool only_makes = action->from == 1;
    if (naming.index == 0 && !only_makes) str_put(out, " ID");
    if (only_makes) naming.revised = false;
    if (naming.index != 0 || only_makes) naming_usage(action->kind, &naming, out);
}

static void put_states(const struct action *action, struct str *out)
{
    bool first = true;
    for (const struct state_row *row = NULL; (row = state_next(action->kind, row)) != NULL;) {
        if ((action->from >> row->wire & 1) == 0) continue;
        str_printf(out, "%s%s", first ? "" : tr(N_(", ")), tr(row->label));
        first = false;
    }
}

static void action_help(const struct action *action)
{
    char text[600];
    struct str str = str_in(text, sizeof text);
    const struct field *field;
    put_usage(action, &str);
    str_put(&str, " [--FIELD VALUE ...]");
    out_printf(stdout, "%s\n  %s%s%s", text, tr(kind_row(action->kind)->label), tr(N_(": ")), tr(action->label));
    if (action->flags & A_SIGNED) out_put(stdout, tr(N_("; signed with your key")));
    if (action->flags & A_GRAVE) out_put(stdout, tr(N_("; asks first, in scripts it needs --yes")));
    putc('\n', stdout);
    str = str_in(text, sizeof text);
    put_states(action, &str);
    if (*text != '\0') out_printf(stdout, "  %s %s\n", tr(N_("possible in:")), text);
    heading(tr(N_("fields:")));
    for (unsigned i = 0; (field = field_row(action->kind, i)) != NULL; i++)
        if ((field->fill >> action->wire & 1) && (field->type != TYPE_BYTES || action->kind != KIND_device))
            field_entry(field, field->need >> action->wire & 1);
    heading(tr(N_("options:")));
    entry("--json", tr(N_("the outcome as a JSON object")));
    entry("--wait SECONDS", tr(N_("how long to wait for the daemon's word (15); then the act waits in the outbox")));
    entry("--no-wait", tr(N_("put it into the outbox and go")));
    entry("--all-from FILE", tr(N_("for the records that its lines name; -: of the standard input; or several ids")));
    entry("--dry-run", tr(N_("try it alone: for which it would be done, and why not for the others")));
    entry("--skip-bad", tr(N_("leave out those for which it can't be done")));
}

/* ---- kinds ---- */

static void list_help(const struct kind *kind)
{
    char name[64];
    struct str str = str_in(name, sizeof name);
    const struct field *field;
    put_dashed(kind->name, false, &str);
    out_printf(stdout, "duban %s list [--FIELD VALUE ...] [--json | --csv | --xlsx FILE]\n  %s\n", name,
               tr(kind->plural));
    heading(tr(N_("options:")));
    entry("--find WORDS", tr(N_("characters, codes or first letters of the pinyin, in any column")));
    entry("--sort [-]FIELD", tr(N_("by a field; with - downwards")));
    entry("--columns A,B", tr(N_("these fields instead of the usual ones")));
    if (*computed_names(kind->wire) != 0)
        out_printf(stdout, "    %s %s\n", tr(N_("also:")), computed_names(kind->wire));
    entry("--limit N", tr(N_("at most so many")));
    entry("--json, --csv", tr(N_("for programs: one JSON object on each line, or RFC 4180 with a header")));
    entry("--no-bom", tr(N_("CSV without the mark by which spreadsheets know UTF-8")));
    entry("--xlsx FILE", tr(N_("for people: a workbook, in the words of the language in use")));
    entry("--state A,B", tr(N_("in one of these states:")));
    for (const struct state_row *row = NULL; (row = state_next(kind->wire, row)) != NULL;)
        out_printf(stdout, "  %*s  %s (%s)\n", NAME_WIDTH, "", row->name, tr(row->label));
    heading(tr(N_("filters; the same one several times: any of the values")));
    for (unsigned i = F_COMMON_COUNT; (field = field_row(kind->wire, i)) != NULL; i++)
        field_entry(field, false);
}

static void workbook_help(void)
{
    out_put(stdout, "  duban report workbook [MONTH] FILE [--yes]\n");
    out_printf(stdout, "      %s\n", tr(N_("a workbook of the reports that your unit owes, to be filled in")));
    out_put(stdout, "  duban report take FILE [--dry-run] [--skip-bad] [--json]\n");
    out_printf(stdout, "      %s\n",
               tr(N_("submits what was filled in, all of it or nothing; faults are named by cell")));
}

static void kind_help(const struct kind *kind)
{
    char name[64], text[600];
    struct str str = str_in(name, sizeof name);
    struct naming naming = naming_of(kind->wire, NULL);
    put_dashed(kind->name, false, &str);
    out_printf(stdout, "%s: %s\n\n", name, tr(kind->plural));
    out_printf(stdout, "  duban %s list [--FIELD VALUE ...] [--find WORDS] [--json | --csv | --xlsx FILE]\n", name);
    str = str_in(text, sizeof text);
    str_put(&str, "ID");
    if (naming.count > 0) str_put(&str, " |");
    naming_usage(kind->wire, &naming, &str);
    out_printf(stdout, "  duban %s show %s [--json]\n", name, text);
    out_printf(stdout, "  duban %s history %s [--json]\n", name, text);
    if (kind->wire == KIND_project)
        out_printf(stdout, "  duban project progress [--FIELD VALUE ...] [--json | --xlsx FILE]\n");
    if (kind->wire == KIND_report) workbook_help();
    const struct kind_command *own;
    for (unsigned i = 0; (own = kind_command_at(i)) != NULL; i++)
        if (own->kind == kind->wire)
            out_printf(stdout, "  duban %s %s %s\n      %s\n", name, own->is.name, own->is.usage, tr(own->is.about));
    for (const struct action *row = NULL; (row = action_next(kind->wire, row)) != NULL;) {
        if (!action_for_operators(row)) continue;
        str = str_in(text, sizeof text);
        put_usage(row, &str);
        out_printf(stdout, "  %s\n", text);
        out_printf(stdout, "      %s\n", tr(row->label));
    }
    str = str_in(text, sizeof text);
    fill_template(&str, tr(N_("duban help {text} ACTION says what an action needs")), name, 0);
    heading(text);
}

/* ---- all ---- */

static void options_help(void)
{
    heading(tr(N_("options of all commands:")));
    entry("--profile NAME", tr(N_("whose key; or DUBAN_PROFILE. Not needed when there is one alone")));
    entry("--passphrase-fd N", tr(N_("read the passphrase from a descriptor")));
    entry("--passphrase-file F", tr(N_("or from a file that you alone can read; or DUBAN_PASSPHRASE_FILE, or the "
                                       "service's credential duban-passphrase")));
    entry("--wait SECONDS", tr(N_("how long to wait for the link (5 to read, 15 to act)")));
    entry("--as-of MOMENT",
          tr(N_("when reading: the registry as it stood at the end of a day (2009-09-28), at a minute "
                "(\"2009-09-28 10:30\") or after a journal entry (#1234)")));
    entry("--language zh|en", tr(N_("in which language, for this once")));
    entry("--offline", tr(N_("do not connect: show what is here, keep acts in the outbox")));
    heading(tr(N_("exit status:")));
    entry("0", tr(N_("done")));
    entry("1", tr(N_("something broke")));
    entry("2", tr(N_("the command line is wrong")));
    entry("3", tr(N_("not found, or not to be seen by you")));
    entry("4", tr(N_("refused by the rules")));
    entry("5", tr(N_("no link; an act waits in the outbox")));
    entry("6", tr(N_("changed by someone else in the meantime")));
}

static void all_help(void)
{
    const struct subcommand *row;
    char name[64];
    out_put(stdout, tr(N_("duban - supervision of major projects\n\n")));
    entry("duban", tr(N_("the full-screen program")));
    entry("duban --plain",
          tr(N_("a session in lines, without columns and colours: for screen readers, braille and pipes")));
    entry("duban COMMAND", tr(N_("one of these:")));
    for (unsigned i = 0; (row = subcommand_at(i)) != NULL; i++) {
        snprintf(name, sizeof name, "  %s", row->name);
        entry(name, tr(row->about));
    }
    entry("duban KIND VERB", tr(N_("list, show, history, or an action, of one of these kinds:")));
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        struct str str = str_in(name, sizeof name);
        str_put(&str, "  ");
        put_dashed(kind->name, false, &str);
        entry(name, tr(kind->plural));
    }
    options_help();
}

int command_help(struct cli *cli)
{
    const char *const *words = cli->args.words;
    unsigned count = cli->args.word_count, used;
    if (count > 0 && strcmp(words[0], "help") == 0) {
        words++;
        count--;
    }
    if (count == 0) {
        all_help();
        return CLASS_OK;
    }
    const struct subcommand *row = subcommand_named(words[0]);
    const struct kind *kind = row == NULL ? kind_named(words[0]) : NULL;
    const struct action *action = NULL;
    if (row != NULL) {
        out_printf(stdout, "duban %s %s\n", row->name, row->usage);
        entry("", tr(row->about));
        return CLASS_OK;
    }
    if (kind == NULL) {
        say_about(tr(N_("there is no command \"{text}\"; see duban help")), words[0]);
        return CLASS_USAGE;
    }
    enum verb verb = kind_verb(kind, words + 1, count - 1, &action, &used);
    if (verb == VERB_ACT)
        action_help(action);
    else if (verb == VERB_LIST || verb == VERB_PROGRESS)
        list_help(kind);
    else
        kind_help(kind);
    return CLASS_OK;
}
