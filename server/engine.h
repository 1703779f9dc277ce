/* engine.h - the one writer: decide, append in order, apply; many commands in one commit.
 *
 * The engine knows no socket and no clock: commands come with their actor, their bytes and their time. It
 * sees state through a space. Journal and state are written in one transaction here; a deployment whose
 * ordered journal lives elsewhere would append there between batch_try's deciding and its folding. */
#ifndef SERVER_ENGINE_H
#define SERVER_ENGINE_H

#include "server/fold.h"
#include "server/store.h"

#include "proto/wire.h"

struct engine {
    struct store *store;
    struct identity identity; /* the daemon's own */
    uint8_t registry[REGISTRY_ID_BYTES];
    struct head head; /* of what is committed */
    uint64_t tried, accepted, commits;
};

/* Reads registry identity and head from the store, and compares the head with the state. ERR_FORMAT when
 * the store holds no registry; ERR_DAMAGED. */
enum err engine_init(struct engine *engine, struct store *store, const struct identity *identity, struct refusal *why);
void engine_release(struct engine *engine);

/* A command on its way. The caller fills in the first part and owns its memory. */
struct request {
    struct actor actor;
    struct text command;   /* packed */
    struct text signature; /* 64 bytes or none */
    struct text signer;    /* the key that has to have signed; request_open finds it */
    bool verified;         /* the signature has been found good for the device's key */
    stamp_t time;          /* registry time of arrival */
    void *owner;

    struct answer answer; /* counter is set as soon as the command could be read */
    struct refusal why;   /* err OK: accepted */
    bool again;           /* accepted before: nothing was done now */
};

/* One write transaction. All that is tried in it lives or dies together. */
struct batch {
    struct engine *engine;
    struct txn *txn;
    struct head head; /* as it will be */
};

/* ERR_NO_SPACE when there is no room, other errors of the store. */
enum err batch_begin(struct engine *engine, struct batch *batch);

/* Decides the command against the transaction and, when it is accepted, appends and folds it. A refusal
 * is in request->why and leaves the batch as it was. Any other result than OK breaks the batch: abort it.
 * *outcome (in the arena; count 0 when nothing was done) is for telling others after the commit. */
enum err batch_try(struct batch *batch, struct request *request, struct arena *arena, struct outcome *outcome);

/* OK: durable, and engine->head is the new one. ERR_NO_SPACE: nothing happened. ERR_IO: unknown; the
 * process must end without answering anybody. Either way the batch is over. */
enum err batch_commit(struct batch *batch);
void batch_abort(struct batch *batch);

/* Builds the bytes of a command of the registry's own (rule or console) into `pack`. */
void own_command(struct pack *pack, unsigned kind, unsigned action, uint64_t target, stamp_t said,
                 const struct record *args);

/* Reads a command that has come and finds whose signature it has to bear: that of the actor's device, or of
 * the command itself when it enrols; the key lives in the arena. ERR_UNSIGNED when the action wants one and
 * there is none. */
enum err request_open(const struct space *space, struct request *request, struct arena *arena);
/* Checks the signature of an opened one, if it has to bear one. Touches nothing but the request, so it may
 * run in any thread. ERR_BAD_SIGNATURE. */
enum err request_check(const uint8_t registry[REGISTRY_ID_BYTES], struct request *request);

#endif
