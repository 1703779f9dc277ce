/* session.h - one run of a scriptable command: its line, its profile, its client, and how long it may wait. */
#ifndef CLIENT_CLI_SESSION_H
#define CLIENT_CLI_SESSION_H

#include "client/cli/args.h"
#include "client/core/client.h"
#include "proto/show.h"

struct cli {
    struct args args;
    struct arena arena;     /* lives as long as the command */
    struct profile profile; /* after session_profile */
    struct client *client;  /* after session_open */
    int64_t until_ms;       /* waiting ends then */
    bool current;           /* the view is as the daemon's now */

    /* Of an interactive session in lines (client/plain); NULL in a single command. */
    struct grid *table;                                        /* tables go here instead of to the terminal */
    bool (*agrees)(struct cli *cli, const char *consequence); /* puts a question */
    const char *moment; /* of a session: what is read is as it stood then; NULL: the present */
};

/* Is this a session in lines: without columns, for people who listen? */
#define in_lines(cli) ((cli)->table != NULL)

enum { WAIT_READ = 5, WAIT_ACT = 15, WAIT_PAST = 120, WAIT_MAX = 3600 };

/* The profile that --profile or $DUBAN_PROFILE names, or the only one there is. */
enum err session_profile(struct cli *cli, struct refusal *why);

/* Opens the profile: asks for the passphrase when none is given, and loads the cached view. */
enum err session_open(struct cli *cli, struct refusal *why);
void session_close(struct cli *cli);

/* Connects unless --offline and waits until the view is current, at most --wait (otherwise `seconds`).
 * When it is not, says on stderr from when it is. ERR_NO_LINK when there is no view at all. */
enum err session_ready(struct cli *cli, long seconds, struct refusal *why);
/* session_open and session_ready for commands that only read; with --as-of the view is that of the moment. Those
 * commands take READ_OPTIONS (verbs.h). */
enum err session_read(struct cli *cli, struct refusal *why);
/* The same for a moment in words: see past_parse. ERR_NO_LINK: the past is the daemon's alone. */
enum err session_read_as_of(struct cli *cli, const char *text, struct refusal *why);

/* Attends to the link until something happens; false when the time is over. `events` may be NULL. */
bool session_step(struct cli *cli, unsigned *events);
/* Is the link in a state that waiting does not mend? */
bool session_hopeless(const struct cli *cli);

/* Sees to it that a record is here whole and fresh, when the link allows. */
enum known session_fetch(struct cli *cli, unsigned kind, uint64_t id, stamp_t *as_of);
/* Has so much time passed since then that what was fetched may have changed? */
bool session_is_old(const struct cli *cli, stamp_t as_of);
/* Waits until what was asked for has come. */
void session_await(struct cli *cli);
/* Asks for history or presence and waits for the answer, which is valid until the next step. The daemon's
 * refusal, or ERR_NO_LINK; says so when another window has the connection. */
enum err session_ask(struct cli *cli, const struct query *query, const struct result **result, struct refusal *why);

/* For showing values; `arena` is where references are looked up. */
struct show session_show(const struct cli *cli, struct arena *arena, bool names_only);

const char *net_name(enum net_state net);  /* for scripts */
const char *net_label(enum net_state net); /* msgid */

#endif
