/* console.h - the daemon's own command line at a registry that nobody serves: open, try commands, commit.
 *
 * Commands of the console go through the same engine as everybody's (actor type ACTOR_CONSOLE), and a
 * batch of them lives or dies as a whole. Registry time is that of the registry's clock; a demo's stands
 * still while its daemon is stopped. */
#ifndef SERVER_CONSOLE_H
#define SERVER_CONSOLE_H

#include "server/engine.h"
#include "server/serve.h"

struct console {
    struct config config;
    struct store *store;
    struct engine engine;
    struct batch batch;
    bool open;          /* a batch is */
    enum err broken;    /* what broke the batch: it can only be aborted */
    stamp_t now;        /* registry time of the commands */
    struct arena arena; /* of one command */
};

/* Is there a registry in the directory? ERR_FORMAT; nothing is touched. */
enum err registry_there(const char *directory, struct refusal *why);

/* Opens an existing registry. ERR_FORMAT when there is none, ERR_BUSY when a daemon or another command
 * holds it. On success console_close is due. */
enum err console_open(struct console *console, const char *directory, struct refusal *why);

/* Makes the daemon's key and an empty store in an empty directory; the first command has to found the
 * registry, at `now`, with the identity in console->engine.registry. */
enum err console_create(struct console *console, const char *directory, stamp_t now, struct refusal *why);
void console_close(struct console *console); /* aborts what is not committed */

enum err console_begin(struct console *console, struct refusal *why);

/* The open batch's space: sees what was done in it. */
const struct space *console_space(const struct console *console);

/* One command on the record args->kind, args->id (0: a new one) with the fields that are set in args.
 * OK: done, *id (may be NULL) is the record's. Else the refusal, and nothing was done by this command;
 * when console->broken is set too, the batch is lost. */
enum err console_do(struct console *console, unsigned action, const struct record *args, uint64_t *id,
                    struct refusal *why);

/* Durable when OK. Without any accepted command nothing is written. */
enum err console_commit(struct console *console, struct refusal *why);
void console_abort(struct console *console);

/* The registry record, in console->arena until the next command. */
enum err console_registry(struct console *console, struct record *registry);

#endif
