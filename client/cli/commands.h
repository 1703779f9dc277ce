/* commands.h - the scriptable commands: `duban KIND VERB ...` for every kind of the tables, and a few besides. */
#ifndef CLIENT_CLI_COMMANDS_H
#define CLIENT_CLI_COMMANDS_H

#include "client/cli/verbs.h"

/* A command that is no kind. */
struct subcommand {
    const char *name;
    command_fn *run;
    const char *usage; /* behind the name */
    const char *about; /* msgid */
};

/* A command of one kind besides the verbs that all kinds have: duban KIND NAME. */
struct kind_command {
    unsigned kind;
    struct subcommand is;
};

/* Row by row; NULL behind the last. */
const struct subcommand *subcommand_at(unsigned i);
const struct kind_command *kind_command_at(unsigned i);
/* NULL: the kind has no such command. */
const struct subcommand *kind_command_named(unsigned kind, const char *name);
const struct subcommand *subcommand_named(const char *name);

/* What `duban KIND VERB` means. */
enum verb { VERB_NONE, VERB_LIST, VERB_SHOW, VERB_HISTORY, VERB_PROGRESS, VERB_WORKBOOK, VERB_TAKE, VERB_ACT };

/* Reads the words behind a kind's name: *used of them name the verb, *action is set for VERB_ACT. An action
 * that is called like a reading verb has "do" in front: duban entry do list. */
enum verb kind_verb(const struct kind *kind, const char *const *words, unsigned count, const struct action **action,
                    unsigned *used);

/* Runs the command line and gives the exit status. cli->args has been read; at least one word, --help or
 * --version is there. */
int cli_run(struct cli *cli);
/* One command of a session that goes on: nothing is closed. */
int cli_command(struct cli *cli);

/* "invested this month: amount 0-100000000 万元 (needed)": a field, and what may stand in it; `script`: on a command
 * line. */
void help_field(const struct field *field, bool needed, bool script, struct str *out);

extern const char duban_version[];

#endif
