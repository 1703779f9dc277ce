/* verbs.h - what can be done with the records of every kind, and the commands of other names.
 *
 * Each takes the session with its command line read and returns the exit status. `kind` and, for actions,
 * `action` are rows of the tables; words are those behind them. */
#ifndef CLIENT_CLI_VERBS_H
#define CLIENT_CLI_VERBS_H

#include "client/cli/session.h"
#include "client/core/desk.h"

/* A kind's verb. */
struct verb_call {
    struct cli *cli;
    const struct kind *kind;
    const struct action *action; /* NULL: reading */
    const char *const *words;    /* the target */
    unsigned count;
};

int verb_list(const struct verb_call *call);
int verb_show(const struct verb_call *call);
int verb_history(const struct verb_call *call);
int verb_progress(const struct verb_call *call);
int verb_act(const struct verb_call *call);
/* Of reports alone: a workbook of what is owed, and back (workbook.c, take.c). */
int verb_workbook(const struct verb_call *call);
int verb_take(const struct verb_call *call);

struct target;
/* Tries an action whose fields are all filled in, asks when it is grave, puts it into the outbox and waits for the
 * daemon's word. Returns the exit status; *why is OK unless it was refused before it was sent. */
int act_carry_out(const struct verb_call *call, const struct target *target, const struct record *args, uint64_t given,
                  struct refusal *why);
/* Is the field filled in by the operator when he takes the action? */
bool act_asks(const struct action *action, unsigned position);

typedef int command_fn(struct cli *cli);

command_fn command_desk, command_registers, command_agenda, command_matrix, command_environment, command_find,
    command_config, command_train, command_status, command_outbox, command_sync;
command_fn command_review, command_draw_nonce, command_draw_sheet, command_verify_draw;
command_fn command_bulletin_compose, command_bulletin_edit, command_bulletin_text, command_bulletin_pdf;
command_fn command_as_of, command_presence, command_watch, command_console,
    command_enrol, command_passphrase, command_profiles, command_address, command_doctor, command_print, command_proof,
    command_help;

/* Options that every command takes. */
#define COMMON_OPTIONS "profile passphrase_fd passphrase_file offline wait help language"

/* What those that read the records take besides: the moment of which. */
#define READ_OPTIONS "as_of"

/* Says why on stderr and gives the exit status. */
int cli_end(enum err err, const struct refusal *why);
/* The same for what a record's words did not lead to: says which words. */
int cli_end_target(const struct verb_call *call, enum err err, const struct refusal *why);

/* Only these options besides the common ones, and from `least` to `most` words behind the command's own. */
enum err cli_expect(const struct cli *cli, const char *options, unsigned least, unsigned most, struct refusal *why);

/* Only these options besides the common ones. */
enum err cli_options(const struct cli *cli, const char *options, struct refusal *why);

/* Can the daemon know better than our copy that the act is to be refused so? */
bool daemon_may_differ(const struct cli *cli, enum err err);

/* How a report stands, in words, translated. */
const char *standing_label(enum standing standing);

#endif
