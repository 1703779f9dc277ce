/* commands.c - see commands.h. */
#include "client/cli/commands.h"

#include "client/cli/assess.h"
#include "client/cli/out.h"

#include <string.h>

const char duban_version[] = "0.1";

static const struct subcommand subcommands[] = {
    {"desk", command_desk, "[--json | --xlsx FILE]", N_("what waits for you, nearest deadline first")},
    {"registers", command_registers, "[--json | --xlsx FILE]",
     N_("every register: what runs, what is overdue, the nearest deadline")},
    {"agenda", command_agenda, "[--json | --ics FILE | --xlsx FILE]",
     N_("meetings, deadlines and duties by day; --ics: for a calendar program")},
    {"matrix", command_matrix, "[YEAR] [--json | --csv [--no-bom] | --xlsx FILE]", N_("reports by units and months")},
    {"console", command_console, "[PAGE] [--turn SECONDS | --once | --json]",
     N_("the supervision console: map, course, reports, open, ranking; --once prints the pages, --json their figures")},
    {"as-of", command_as_of, "YYYY-MM-DD [HH:MM] | #ENTRY [--json]",
     N_("where the journal stood at a moment, and what had changed on that day")},
    {"environment", command_environment, "[--sort [-]COLUMN] [--json | --csv [--no-bom] | --xlsx FILE]",
     N_("what disturbs the works, by area: what runs and what of it is urgent")},
    {"find", command_find, "WORDS... [--json]",
     N_("records by characters, code or initials of the pinyin, the best match first")},
    {"status", command_status, "[--json]", N_("the link, the age of what is shown, and what waits")},
    {"outbox", command_outbox, "[list | show N | discard N | redo N] [--json]",
     N_("acts that wait or were refused; a refused one is given up or sent again for the record as it is now")},
    {"sync", command_sync, "", N_("connect, catch up, send what waits")},
    {"watch", command_watch, "[--json] [--count N]", N_("a line for each push, until it is stopped")},
    {"presence", command_presence, "[--json]", N_("who is connected; for the project office and administrators")},
    {"verify", command_proof, "KIND TARGET [--key KEY] [--json]",
     N_("check every signature in a record's history, over the bytes that were signed")},
    {"print", command_print, "report TARGET", N_("a monthly report as a sheet for signature and seal")},
    {"review", command_review, "show TARGET", N_("the boards of a review meeting, page by page")},
    {"draw-nonce", command_draw_nonce, "",
     N_("a secret number for the draw of a spot check, and the commitment to it")},
    {"draw-sheet", command_draw_sheet, "ID",
     N_("what is published of a draw; duban inspection verify-draw SHEET draws again from it")},
    {"enrol", command_enrol, "[TICKET] [--profile NAME] [--label LABEL]",
     N_("use a ticket: make a key on this workstation and have it registered")},
    {"passphrase", command_passphrase, "[--new-passphrase-fd N | --new-passphrase-file FILE]",
     N_("change the passphrase of the key")},
    {"profiles", command_profiles, "[--json]", N_("the operators with a key on this workstation")},
    {"address", command_address, "[HOST:PORT]...", N_("show or change where the daemon is; several are tried in turn")},
    {"doctor", command_doctor, "[--json]", N_("check locale, terminal, key, clock and link, and say what to do")},
    {"train", command_train, "[--as LOGIN] [--keep]",
     N_("practise in the full-screen program on a scratch registry, which goes when you leave")},
    {"config", command_config, "[--keys | --example]",
     N_("what is set for the screen and where each comes from; --keys: every key; --example: a file to begin with")},
    {"help", command_help, "[COMMAND | KIND [ACTION]]", N_("say how something is used")},
};

static const struct kind_command kind_commands[] = {
    {KIND_inspection, {"verify-draw", command_verify_draw, "SHEET", N_("draw again, from the published sheet alone")}},
    {KIND_bulletin,
     {"compose", command_bulletin_compose,
      "TYPE [--period YYYY-MM] [--yes] [--json] | TYPE --print [--period YYYY-MM] [--as-of MOMENT]",
      N_("a draft with its text made from the registry; --yes: in the place of a draft's text; --print: the text "
         "alone")}},
    {KIND_bulletin, {"edit", command_bulletin_edit, "ID", N_("a draft's text in $EDITOR")}},
    {KIND_bulletin, {"text", command_bulletin_text, "ID", N_("laid out for a terminal")}},
    {KIND_assessment,
     {"why", assessment_why, "UNIT [--person ID] [--year Y | --assessment ID] [--json | --xlsx FILE]",
      N_("what a score is the sum of, line by line")}},
    {KIND_assessment,
     {"ranking", assessment_ranking,
      "[--by-person] [--year Y | --assessment ID] [--json | --csv [--no-bom] | --xlsx FILE]",
      N_("who stands where, by groups")}},
    {KIND_assessment,
     {"export", assessment_export, "--minben|--gov|--cadre FILE [--year Y]",
      N_("a published assessment with its reasons, for whoever takes the results over")}},
    {KIND_bulletin, {"pdf", command_bulletin_pdf, "ID FILE", N_("as an official paper after GB/T 9704-2012")}},
};

const struct kind_command *kind_command_at(unsigned i)
{
    return i < sizeof kind_commands / sizeof *kind_commands ? &kind_commands[i] : NULL;
}

const struct subcommand *kind_command_named(unsigned kind, const char *name)
{
    const struct kind_command *row;
    for (unsigned i = 0; (row = kind_command_at(i)) != NULL; i++)
        if (row->kind == kind && strcmp(row->is.name, name) == 0) return &row->is;
    return NULL;
}

const struct subcommand *subcommand_at(unsigned i)
{
    return i < sizeof subcommands / sizeof *subcommands ? &subcommands[i] : NULL;
}

const struct subcommand *subcommand_named(const char *name)
{
    const struct subcommand *row;
    for (unsigned i = 0; (row = subcommand_at(i)) != NULL; i++)
        if (strcmp(row->name, name) == 0) return row;
    return NULL;
}

/* ---- kinds and their verbs ---- */

enum verb kind_verb(const struct kind *kind, const char *const *words, unsigned count, const struct action **action,
                    unsigned *used)
{
    static const struct {
        const char *name;
        enum verb verb;
        uint8_t kind; /* 0: of every kind */
    } reading[] = {{"list", VERB_LIST, 0},
                   {"show", VERB_SHOW, 0},
                   {"history", VERB_HISTORY, 0},
                   {"progress", VERB_PROGRESS, KIND_project},
                   {"workbook", VERB_WORKBOOK, KIND_report},
                   {"take", VERB_TAKE, KIND_report}};
    bool does = count > 1 && strcmp(words[0], "do") == 0;
    if (count == 0) return VERB_NONE;
    *used = does ? 2 : 1;
    for (size_t i = 0; !does && i < sizeof reading / sizeof *reading; i++) {
        bool fits = reading[i].kind == 0 || reading[i].kind == kind->wire;
        if (fits && strcmp(reading[i].name, words[0]) == 0) return reading[i].verb;
    }
    *action = action_named(kind->wire, words[does]);
    return *action != NULL && action_for_operators(*action) ? VERB_ACT : VERB_NONE;
}

static int run_kind(struct cli *cli, const struct kind *kind)
{
    struct verb_call call = {.cli = cli, .kind = kind};
    struct refusal why;
    unsigned used = 0;
    const char *word = cli->args.word_count > 1 ? cli->args.words[1] : "";
    const struct subcommand *own = kind_command_named(kind->wire, word);
    if (own != NULL) return own->run(cli);
    enum verb verb = kind_verb(kind, cli->args.words + 1, cli->args.word_count - 1, &call.action, &used);
    call.words = cli->args.words + 1 + used;
    call.count = cli->args.word_count - 1 - used;
    switch (verb) {
    case VERB_LIST: return verb_list(&call);
    case VERB_SHOW: return verb_show(&call);
    case VERB_HISTORY: return verb_history(&call);
    case VERB_PROGRESS: return verb_progress(&call);
    case VERB_WORKBOOK: return verb_workbook(&call);
    case VERB_TAKE: return verb_take(&call);
    case VERB_ACT: return verb_act(&call);
    case VERB_NONE: break;
    }
    int status = cli_end(refuse(&why, ERR_NO_SUCH_ACTION), &why);
    say_about(tr(N_("see duban help {text}")), kind->name);
    return status;
}

/* ---- ends ---- */

int cli_end(enum err err, const struct refusal *why)
{
    if (err != OK) say_refusal(why);
    return (int)err_class(err);
}

int cli_end_target(const struct verb_call *call, enum err err, const struct refusal *why)
{
    char line[1500];
    struct str str = str_in(line, sizeof line);
    if (err != ERR_NOT_FOUND) return cli_end(err, why);
    str_put(&str, tr(call->kind->label));
    for (unsigned i = 0; i < call->count; i++)
        str_printf(&str, " %s", call->words[i]);
    str_put(&str, ": ");
    show_refusal(why, &str);
    say(line);
    return (int)err_class(err);
}

enum err cli_options(const struct cli *cli, const char *options, struct refusal *why)
{
    const struct args *args = &cli->args;
    char text[REFUSAL_TEXT_MAX];
    struct str str = str_in(text, sizeof text);
    for (unsigned i = 0; i < args->option_count; i++) {
        const char *name = args->options[i].name;
        if (word_in(COMMON_OPTIONS, name) || word_in(options, name)) continue;
        str_printf(&str, "--%s", name);
        return refuse_text(why, ERR_USAGE, text);
    }
    return OK;
}

enum err cli_expect(const struct cli *cli, const char *options, unsigned least, unsigned most, struct refusal *why)
{
    const struct args *args = &cli->args;
    char text[REFUSAL_TEXT_MAX];
    struct str str = str_in(text, sizeof text);
    enum err err = cli_options(cli, options, why);
    if (err != OK) return err;
    unsigned words = args->word_count > 0 ? args->word_count - 1 : 0;
    if (words > most) return refuse_text(why, ERR_USAGE, args->words[most + 1]);
    if (words >= least) return OK;
    const struct kind *kind = kind_named(args->words[0]);
    const struct subcommand *own = kind != NULL && words > 0 ? kind_command_named(kind->wire, args->words[1]) : NULL;
    const struct subcommand *row = own != NULL ? own : subcommand_named(args->words[0]);
    str_printf(&str, "%s %s%s%s", args->words[0], own != NULL ? own->name : "", own != NULL ? " " : "",
               row != NULL ? row->usage : "");
    return refuse_text(why, ERR_USAGE, text);
}

int cli_command(struct cli *cli)
{
    if (args_flag(&cli->args, "version")) {
        printf("duban %s (protocol %d, tables %d)\n", duban_version, PROTOCOL_VERSION, TABLES_VERSION);
        return CLASS_OK;
    }
    if (args_flag(&cli->args, "help")) return command_help(cli);
    const char *word = cli->args.words[0];
    const struct subcommand *row = subcommand_named(word);
    if (row != NULL) return row->run(cli);
    const struct kind *kind = kind_named(word);
    if (kind != NULL) return run_kind(cli, kind);
    say_about(tr(N_("there is no command \"{text}\"; see duban help")), word);
    return CLASS_USAGE;
}

int cli_run(struct cli *cli)
{
    int status = cli_command(cli);
    bool written = fflush(stdout) == 0 && !ferror(stdout);
    if (!written) say(tr(N_("the output could not be written")));
    session_close(cli);
    return written || status != CLASS_OK ? status : CLASS_FAILED;
}
