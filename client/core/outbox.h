/* outbox.h - what the operator has done and the daemon has not confirmed yet. Durable before anything else.
 *
 * Every command gets its number and its place here first, sealed and synced; then it is sent, in order. An
 * accepted one stays a while as a receipt; a refused one stays until the operator decides, and holds later
 * ones on the same record. */
#ifndef CLIENT_CORE_OUTBOX_H
#define CLIENT_CORE_OUTBOX_H

#include "client/core/cache.h"

#include "proto/codec.h"
#include "proto/wire.h"

enum out_state {
    OUT_WAITING,  /* not sent, or sent and not answered: it will be sent (again) */
    OUT_ACCEPTED, /* a receipt */
    OUT_REFUSED,  /* see `why` */
    OUT_HELD,     /* behind a refused one on the same record */
};

struct out_item {
    uint64_t counter;
    enum out_state state;
    uint8_t kind, action;
    int64_t target;
    stamp_t said;
    struct text command; /* packed; borrowed from the outbox */
    struct text signature;
    struct refusal why;
    struct answer answer;
    bool sent;  /* on the present connection */
    bool fresh; /* made by this process and sent by none */
    bool delta; /* sent as a difference and not answered: what comes behind it waits, so that the order stays */
    bool plain; /* the daemon did not have the record for that: it goes whole */
};

struct outbox {
    struct cache *cache;
    struct out_item *items; /* ascending by counter */
    unsigned count, room;
    uint64_t last_counter;
};

enum err outbox_open(struct outbox *outbox, struct cache *cache);
void outbox_close(struct outbox *outbox);
/* Reads it again, after another process changed it; what is sent on this connection is kept. */
enum err outbox_reload(struct outbox *outbox);

/* The number for the next command. */
uint64_t outbox_next(const struct outbox *outbox);
/* The daemon has seen higher numbers of this device than we remember: go on behind them. */
void outbox_raise(struct outbox *outbox, uint64_t counter);

/* Adds a packed command under the next number. The caller commits the cache. */
enum err outbox_add(struct outbox *outbox, const struct command *command, struct text packed, struct text signature);

struct out_item *outbox_find(struct outbox *outbox, uint64_t counter);
/* Notes what the daemon said; a refusal holds what depends on it. */
enum err outbox_answer(struct outbox *outbox, const struct answer *answer);
enum err outbox_refuse(struct outbox *outbox, uint64_t counter, const struct refusal *why);
/* Does `later` build on what `earlier` would have made or left? */
bool outbox_builds_on(const struct out_item *later, const struct out_item *earlier);
/* It was sent as a difference from a record that is another by now: it is to be sent again, whole. */
void outbox_again(struct outbox *outbox, uint64_t counter);
/* Takes a refused one out, and with it what depends on it; what was only held on the record goes on. */
enum err outbox_drop(struct outbox *outbox, uint64_t counter);
/* Nothing has been sent on a new connection yet. */
void outbox_unsend(struct outbox *outbox);

unsigned outbox_count(const struct outbox *outbox, enum out_state state);

/* Reads the command of an item back; it borrows the item and the arena. */
enum err outbox_command(const struct out_item *item, struct arena *arena, struct command *command);

#endif
