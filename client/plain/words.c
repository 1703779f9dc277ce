/* words.c - what can be typed after `:` on the screen, in a session of lines. The words are the screen's own table: one
 * that is added there does not build until it has its meaning here. */
#include "client/plain/words.h"

#include "client/cli/commands.h"
#include "client/cli/out.h"
#include "client/cli/target.h"
#include "client/screen/prefs.h"

#include <stdio.h>
#include <string.h>

static int do_new(struct talk *talk)
{
    const struct kind *kind = kind_named(talk_word(talk, 1));
    struct refusal why;
    for (const struct action *row = NULL; kind != NULL && (row = action_next(kind->wire, row)) != NULL;)
        if ((row->from & 1) && action_for_operators(row)) return talk_form(talk, row, 0, NULL, 0);
    return cli_end(refuse(&why, ERR_NO_SUCH_ACTION), &why);
}

static int do_projects(struct talk *talk)
{
    struct args *args = &talk->cli.args;
    if (args->word_count > 1 && args->option_count < ARGS_OPTIONS_MAX)
        args->options[args->option_count++] = (struct arg_option){.name = "find", .value = args->words[1]};
    const char *const words[] = {"project", "list"};
    return talk_words(talk, words, 2);
}

/* A paper by whom it is owed and its month: what is there is shown, what is not is begun. */
static int open_paper(struct talk *talk, unsigned kind, const char *of, const char *named)
{
    struct cli *cli = &talk->cli;
    struct target target;
    struct refusal why;
    char month[16];
    struct str str = str_in(month, sizeof month);
    const struct action *submit = action_named(kind, "submit");
    str_month(&str, month_of(stamp_day(client_now(cli->client))));
    const char *const words[] = {of, *named != '\0' ? named : month};
    enum err err = target_named(cli, kind, submit, words, 2, &target, &why);
    if (err != OK) return cli_end(err, &why);
    return target.id > 0 ? talk_show(talk, kind, (uint64_t)target.id) : talk_form(talk, submit, 0, words, 2);
}

static int do_report(struct talk *talk)
{
    struct args *args = &talk->cli.args;
    const struct action *action;
    unsigned used;
    if (args->word_count < 2 ||
        kind_verb(kind_row(KIND_report), args->words + 1, args->word_count - 1, &action, &used) != VERB_NONE)
        return talk_kind(talk, kind_row(KIND_report));
    return open_paper(talk, KIND_report, talk_word(talk, 1), talk_word(talk, 2));
}

/* Without a unit: one's own. */
static int do_return(struct talk *talk)
{
    const struct actor *actor = client_actor(talk->cli.client);
    char own[32];
    snprintf(own, sizeof own, "#%llu", actor != NULL ? (unsigned long long)actor->unit : 0);
    const char *unit = talk_word(talk, 2);
    return open_paper(talk, KIND_unit_return, *unit != '\0' ? unit : own, talk_word(talk, 1));
}

static int do_set(struct talk *talk)
{
    struct prefs prefs;
    struct refusal why;
    unsigned pref;
    prefs_usual(&prefs);
    prefs_load(&talk->cli.profile, &prefs);
    enum err err = prefs_set(&prefs, talk_word(talk, 1), talk_word(talk, 2), &pref);
    if (err != OK)
        return cli_end(refuse_text(&why, ERR_USAGE, "set bell|lock|charts|theme|mouse|tour|language VALUE"), &why);
    prefs.set |= 1u << pref;
    show_language(prefs_language(&prefs));
    err = prefs_save(&talk->cli.profile, &prefs);
    return err == OK ? CLASS_OK : cli_end(refuse(&why, err), &why);
}

/* The command of scripts that is called the same. */
static int do_script(struct talk *talk)
{
    return cli_command(&talk->cli);
}

static int do_project(struct talk *talk)
{
    return talk_kind(talk, kind_row(KIND_project));
}

static int do_go(struct talk *talk)
{
    talk->cli.args.words[0] = "find";
    return cli_command(&talk->cli);
}

/* The console's pages are pictures: each has a list with the same figures. */
static int do_console(struct talk *talk)
{
    static const struct {
        const char *page, *words[2];
    } pages[] = {{"map", {"environment", ""}},
                 {"course", {"project", "progress"}},
                 {"reports", {"matrix", ""}},
                 {"open", {"registers", ""}},
                 {"ranking", {"assessment", "ranking"}}};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (strcmp(pages[i].page, talk_word(talk, 1)) == 0) return talk_words(talk, pages[i].words, 2);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        out_printf(stdout, "console %s%s%s %s\n", pages[i].page, tr(N_(": ")), pages[i].words[0], pages[i].words[1]);
    return CLASS_OK;
}

/* What is read from now on is as it stood then. */
static int do_asof(struct talk *talk)
{
    struct args *args = &talk->cli.args;
    char moment[sizeof talk->moment];
    struct str str = str_in(moment, sizeof moment);
    talk->cli.moment = NULL;
    snprintf(talk->prompt, sizeof talk->prompt, "duban> ");
    if (strcmp(talk_word(talk, 1), "now") == 0) return CLASS_OK;
    for (unsigned i = 1; i < args->word_count; i++)
        str_printf(&str, "%s%s", i > 1 ? " " : "", args->words[i]);
    args->words[0] = "as-of";
    int status = cli_command(&talk->cli);
    if (status != CLASS_OK) return status;
    memcpy(talk->moment, moment, sizeof moment);
    talk->cli.moment = talk->moment;
    snprintf(talk->prompt, sizeof talk->prompt, "duban %s> ", moment);
    return status;
}

static int do_notices(struct talk *talk)
{
    for (unsigned i = 0; i < talk->news_count; i++)
        out_printf(stdout, "%s\n", talk->news[i]);
    if (talk->news_count == 0) out_printf(stdout, "%s\n", tr(N_("Nothing was pushed yet.")));
    return CLASS_OK;
}

static int do_lock(struct talk *talk)
{
    struct refusal why = {.err = OK};
    if (!talk->teletype) return cli_end(refuse(&why, ERR_USAGE), &why);
    while (!talk_in_person(talk, tr(N_("Shut. The passphrase: ")), &why) && why.err == ERR_PASSPHRASE)
        say_refusal(&why);
    talk->ended = why.err != OK && why.err != ERR_PASSPHRASE;
    return cli_end(why.err == ERR_PASSPHRASE ? OK : why.err, &why);
}

/* What is of the screen alone has another way here. */
static int do_columns(struct talk *talk)
{
    (void)talk;
    out_printf(
        stdout, "%s\n",
        tr(N_("Behind a list: --columns A,B chooses its columns, as in project list --columns code,name,light")));
    return CLASS_OK;
}

static int do_export(struct talk *talk)
{
    (void)talk;
    out_printf(stdout, "%s\n",
               tr(N_("Behind a list: --xlsx FILE writes a workbook, --csv and --json write for programs")));
    return CLASS_OK;
}

static int do_copy(struct talk *talk)
{
    (void)talk;
    out_printf(stdout, "%s\n",
               tr(N_("Lines are copied by the terminal itself; show says a record's fields one by one.")));
    return CLASS_OK;
}

static int do_tour(struct talk *talk)
{
    (void)talk;
    out_printf(
        stdout, "%s\n",
        tr(N_("desk says what waits for you; a number opens a line of a list; do ACTION acts on what is open, asks "
              "for each field and tells at once what is wrong; what others do is told as it comes; help names "
              "the rest.")));
    return CLASS_OK;
}

static int do_help(struct talk *talk)
{
    return talk_help(talk);
}

static int do_quit(struct talk *talk)
{
    talk->ended = true;
    return CLASS_OK;
}

#define do_desk        do_script
#define do_matrix      do_script
#define do_environment do_script
#define do_outbox      do_script
#define do_presence    do_script
#define do_passphrase  do_script

static const struct word words[] = {
#define COMMAND(name, arguments, help) {#name, do_##name, arguments, help},
#include "client/screen/commands.def"
#undef COMMAND
};

const struct word *word_row(unsigned at)
{
    return at < sizeof words / sizeof *words ? &words[at] : NULL;
}

const struct word *word_named(const char *name)
{
    const struct word *row;
    for (unsigned i = 0; (row = word_row(i)) != NULL; i++)
        if (strcmp(row->name, name) == 0) return row;
    return NULL;
}
