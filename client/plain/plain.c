/* plain.c - see plain.h. Words become a command of the scripts; what only a session has is in a table of its own. */
#include "client/plain/plain.h"

#include "client/cli/commands.h"
#include "client/cli/out.h"
#include "client/cli/target.h"
#include "client/plain/talk.h"
#include "client/plain/words.h"
#include "client/screen/prefs.h"
#include "proto/grant.h"
#include "proto/owed.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGE_LINES = 20, WORDS_MAX = 60 };

#define SESSION_BYTES ((size_t)1 << 30)

/* What a session of lines understands besides the commands of scripts. */
typedef int own_fn(struct talk *talk);
static own_fn do_open, do_next, do_do, do_news;

static const struct {
    const char *name;
    own_fn *run;
    const char *usage, *about;
} own[] = {
    {"open", do_open, "N", N_("the line N of the last list, and what it waits for; the number alone does it, too")},
    {"next", do_next, "", N_("more of the list")},
    {"do", do_do, "ACTION", N_("an action on what is open; alone: which there are")},
    {"news", do_news, "", N_("says what was pushed meanwhile; an empty line does it, too")},
};

const char *talk_word(const struct talk *talk, unsigned at)
{
    return at < talk->cli.args.word_count ? talk->cli.args.words[at] : "";
}

/* ---- lists ---- */

static void say_page(struct talk *talk)
{
    unsigned count = grid_rows(&talk->table);
    unsigned left = count - talk->shown, page = left < PAGE_LINES ? left : PAGE_LINES;
    grid_lines(&talk->table, talk->shown, page, stdout);
    talk->shown += page;
    if (talk->shown == count) return;
    out_printf(stdout, tr(N_("%u of %u; next: more\n")), talk->shown, count);
}

static int do_next(struct talk *talk)
{
    if (talk->shown >= grid_rows(&talk->table))
        out_printf(stdout, "%s\n", tr(N_("That was all.")));
    else
        say_page(talk);
    return CLASS_OK;
}

int talk_words(struct talk *talk, const char *const *words, unsigned count)
{
    struct cli *cli = &talk->cli;
    cli->args.word_count = 0;
    for (unsigned i = 0; i < count && *words[i] != '\0'; i++)
        cli->args.words[cli->args.word_count++] = words[i];
    return cli_command(cli);
}

/* ---- one record ---- */

static uint32_t open_actions(struct talk *talk)
{
    struct cli *cli = &talk->cli;
    const struct actor *actor = client_actor(cli->client);
    struct record record;
    if (talk->kind == 0 || actor == NULL) return 0;
    if (state_get(client_space(cli->client), talk->kind, talk->id, &cli->arena, &record) != OK) return 0;
    return actions_open(client_space(cli->client), &record, actor, &cli->arena);
}

static void say_actions(struct talk *talk)
{
    uint32_t open = open_actions(talk);
    for (const struct action *row = NULL; (row = action_next(talk->kind, row)) != NULL;)
        if ((open >> row->wire & 1) && action_for_operators(row))
            out_printf(stdout, "do %s%s%s\n", row->name, tr(N_(": ")), tr(row->label));
}

int talk_show(struct talk *talk, unsigned kind, uint64_t id)
{
    char number[32];
    snprintf(number, sizeof number, "#%llu", (unsigned long long)id);
    const char *kept = arena_copy(&talk->cli.arena, number, strlen(number));
    const char *const words[] = {kind_row(kind)->name, "show", kept != NULL ? kept : ""};
    talk->kind = (uint8_t)kind;
    talk->id = id;
    int status = talk_words(talk, words, 3);
    if (status == CLASS_OK && talk->cli.moment == NULL) say_actions(talk);
    return status;
}

/* An owed report: by project and month, as scripts name it. */
static int begin_owed(struct talk *talk, const struct grid_subject *subject)
{
    char of[32], month[16];
    struct str str = str_in(of, sizeof of), word = str_in(month, sizeof month);
    const struct action *submit = action_named(subject->kind, "submit");
    str_printf(&str, "#%llu", (unsigned long long)subject->of);
    str_month(&word, subject->month);
    const char *const words[] = {of, month};
    return submit != NULL ? talk_form(talk, submit, 0, words, 2) : CLASS_FAILED;
}

static int do_open(struct talk *talk)
{
    const char *word = talk_word(talk, 1);
    char *end;
    unsigned long number = strtoul(word, &end, 10);
    const struct grid_subject *subject = *word != '\0' && *end == '\0' && number > 0 && number < 1000000
                                             ? grid_subject(&talk->table, (unsigned)number - 1)
                                             : NULL;
    if (subject == NULL || subject->kind == 0) {
        say(tr(N_("there is nothing to open by that number; desk, projects or KIND make a list")));
        return CLASS_NOT_FOUND;
    }
    if (subject->of != 0 && subject->id == 0) return begin_owed(talk, subject);
    if (subject->id == 0) return talk_words(talk, (const char *const[]){kind_row(subject->kind)->name, "list"}, 2);
    return talk_show(talk, subject->kind, subject->id);
}

static int do_do(struct talk *talk)
{
    if (talk->kind == 0) {
        say(tr(N_("nothing is open: open N first")));
        return CLASS_USAGE;
    }
    if (*talk_word(talk, 1) == '\0') {
        say_actions(talk);
        return CLASS_OK;
    }
    const struct action *action = action_named(talk->kind, talk_word(talk, 1));
    struct refusal why;
    if (action == NULL || !action_for_operators(action)) return cli_end(refuse(&why, ERR_NO_SUCH_ACTION), &why);
    return talk_form(talk, action, talk->id, NULL, 0);
}

/* A kind alone is its list, with something that is no verb behind it one record; an action without options asks. */
int talk_kind(struct talk *talk, const struct kind *kind)
{
    struct cli *cli = &talk->cli;
    const struct action *action = NULL;
    struct target target;
    struct refusal why;
    unsigned used = 0, count = cli->args.word_count - 1;
    const char *const *words = cli->args.words + 1;
    if (count == 0) {
        const char *const list[] = {kind->name, "list"};
        return talk_words(talk, list, 2);
    }
    if (kind_command_named(kind->wire, words[0]) != NULL) return cli_command(cli);
    enum verb verb = kind_verb(kind, words, count, &action, &used);
    if (verb == VERB_ACT && talk->options == 0) return talk_form(talk, action, 0, words + used, count - used);
    bool reads = verb == VERB_SHOW || verb == VERB_NONE;
    if (!reads || talk->options > 0) return cli_command(cli);
    if (verb == VERB_NONE) used = 0;
    enum err err = target_named(cli, kind->wire, NULL, words + used, count - used, &target, &why);
    return err == OK ? talk_show(talk, kind->wire, (uint64_t)target.id) : cli_end(err, &why);
}

/* ---- the session itself ---- */

static int do_news(struct talk *talk)
{
    (void)talk; /* they are said before each prompt */
    return CLASS_OK;
}

static void say_word(const struct word *word)
{
    out_printf(stdout, "%s %s%s%s\n", word->name, tr(word->arguments), tr(N_(": ")), tr(word->about));
}

int talk_help(struct talk *talk)
{
    const struct word *word = word_named(talk_word(talk, 1));
    if (word != NULL && subcommand_named(word->name) == NULL && kind_named(word->name) == NULL) {
        say_word(word);
        return CLASS_OK;
    }
    if (talk->cli.args.word_count > 1) return cli_command(&talk->cli);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        out_printf(stdout, "%s %s%s%s\n", own[i].name, own[i].usage, tr(N_(": ")), tr(own[i].about));
    for (unsigned i = 0; (word = word_row(i)) != NULL; i++)
        say_word(word);
    const struct subcommand *row;
    for (unsigned i = 0; (row = subcommand_at(i)) != NULL; i++)
        if (word_named(row->name) == NULL)
            out_printf(stdout, "%s%s%s\n", row->name, tr(N_(": ")), tr(row->about));
    out_printf(stdout, "%s\n",
               tr(N_("KIND: its records; KIND WORD: one of them; KIND ACTION WORD: asks field by field")));
    return CLASS_OK;
}

/* Parts a line at blanks; "several words" and 'several words' are one. */
static int part(char *line, char *words[WORDS_MAX])
{
    int count = 1; /* as in argv, the first is the program */
    words[0] = line;
    while (*line != '\0' && count < WORDS_MAX) {
        if (*line == ' ' || *line == '\t' || *line == ':') {
            *line++ = '\0';
            continue;
        }
        char quote = *line == '"' || *line == '\'' ? *line++ : '\0';
        words[count++] = line;
        while (*line != '\0' && (quote != '\0' ? *line != quote : *line != ' ' && *line != '\t'))
            line++;
        if (*line != '\0') *line++ = '\0';
    }
    return count;
}

static bool not_here(const char *word)
{
    return strcmp(word, "watch") == 0 || strcmp(word, "enrol") == 0;
}

static int run_line(struct talk *talk)
{
    struct cli *cli = &talk->cli;
    const char *word = cli->args.words[0];
    const struct kind *kind = kind_named(word);
    struct refusal why;
    if (*word >= '0' && *word <= '9') {
        cli->args.words[1] = word;
        cli->args.word_count = 2;
        return do_open(talk);
    }
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(own[i].name, word) == 0) return own[i].run(talk);
    const struct word *screen = word_named(word);
    if (screen != NULL) return screen->run(talk);
    if (not_here(word)) return cli_end(refuse_text(&why, ERR_USAGE, word), &why);
    return kind != NULL && subcommand_named(word) == NULL ? talk_kind(talk, kind) : cli_command(cli);
}

/* Whose key, offline or not: for every command as for the first. */
static void add_given(struct talk *talk)
{
    struct args *args = &talk->cli.args;
    talk->options = args->option_count;
    for (unsigned i = 0; i < talk->given->option_count && args->option_count < ARGS_OPTIONS_MAX; i++)
        if (word_in(COMMON_OPTIONS, talk->given->options[i].name))
            args->options[args->option_count++] = talk->given->options[i];
}

static int run(struct talk *talk, const char *typed)
{
    struct cli *cli = &talk->cli;
    struct refusal why = {.err = ERR_MEMORY};
    char *words[WORDS_MAX], *line = arena_copy(&cli->arena, typed, strlen(typed));
    if (line == NULL) return cli_end(ERR_MEMORY, &why);
    enum err err = args_read(part(line, words), words, &cli->arena, &cli->args, &why);
    if (err != OK) return cli_end(err, &why);
    if (cli->args.word_count == 0) return CLASS_OK;
    add_given(talk);
    talk->fresh = (struct grid){.count = 0};
    int status = run_line(talk);
    if (client_past(cli->client) != NULL) client_come_back(cli->client);
    if (talk->fresh.first != NULL) {     /* otherwise the list stays the one that numbers mean */
        struct arena table = cli->arena; /* what follows is read in the other one */
        cli->arena = talk->kept;
        talk->kept = table;
        talk->table = talk->fresh;
        talk->shown = 0;
        say_page(talk);
    }
    return status;
}

/* Where the session begins: who, how the link stands, and the desk. */
static int begin(struct talk *talk)
{
    struct cli *cli = &talk->cli;
    struct refusal why = {.err = OK};
    struct prefs prefs;
    enum err err = session_open(cli, &why);
    if (err != OK) return cli_end(err, &why);
    prefs_hold(&cli->profile, &prefs);
    if (args_value(talk->given, "language") == NULL) show_language(prefs_language(&prefs));
    talk_listen(talk);
    err = session_ready(cli, WAIT_READ, &why);
    if (err != OK) return cli_end(err, &why);
    out_printf(stdout, "%s\n", tr(N_("duban, a session in lines; help names the commands. The desk:")));
    return run(talk, "desk");
}

int plain_run(struct cli *cli)
{
    struct talk *talk = calloc(1, sizeof *talk);
    struct refusal why;
    const char *line;
    if (talk == NULL) return cli_end(refuse(&why, ERR_MEMORY), &why);
    arena_init(&talk->cli.arena, SESSION_BYTES);
    arena_init(&talk->kept, SESSION_BYTES);
    talk->cli.args = cli->args;
    talk->cli.table = &talk->fresh;
    talk->cli.agrees = talk_agrees;
    out_listened();
    snprintf(talk->prompt, sizeof talk->prompt, "duban> ");
    talk->given = &cli->args;
    talk->teletype = isatty(STDIN_FILENO);
    setvbuf(stdout, NULL, _IOLBF, 0); /* in order with what is said on stderr */
    int status = begin(talk);
    while (talk->cli.client != NULL && (line = talk_line(talk, talk->prompt)) != NULL) {
        arena_reuse(&talk->cli.arena);
        status = run(talk, line);
    }
    session_close(&talk->cli);
    arena_clear(&talk->kept);
    free(talk);
    return status;
}
