/* engine.c - see engine.h. */
#include "server/engine.h"

#include "proto/decide.h"
#include "server/derive.h"

#include <string.h>

enum err engine_init(struct engine *engine, struct store *store, const struct identity *identity, struct refusal *why)
{
    struct txn *txn;
    struct arena arena;
    struct record registry;
    *engine = (struct engine){.store = store, .identity = *identity};
    enum err err = derive_settle(store);
    if (err == OK) err = store_begin(store, false, &txn);
    if (err != OK) return refuse(why, err);
    arena_init(&arena, 1 << 20);
    err = state_get(txn_space(txn), KIND_registry, 1, &arena, &registry);
    if (err == ERR_NOT_FOUND)
        err = refuse_text(why, ERR_FORMAT, N_("no registry here"));
    else if (err == OK) {
        struct text ident = rec_text(&registry, registry_ident), key = rec_text(&registry, registry_server_key);
        memcpy(engine->registry, ident.at, sizeof engine->registry);
        err = journal_head(txn_space(txn), &engine->head);
        if (err == OK && memcmp(key.at, identity->sign_public, KEY_BYTES) != 0)
            err = refuse_text(why, ERR_FORMAT, N_("the daemon's key file belongs to another registry"));
        else if (err != OK)
            refuse_text(why, err, "journal");
    } else
        refuse_text(why, err, "registry");
    arena_clear(&arena);
    txn_abort(&txn);
    return err;
}

void engine_release(struct engine *engine)
{
    identity_wipe(&engine->identity);
}

/* ---- deciding ---- */

/* Errors that are about the store and not about the command. */
static bool breaks_batch(enum err err)
{
    return err == ERR_IO || err == ERR_NO_SPACE || err == ERR_DAMAGED || err == ERR_MEMORY;
}

/* The same id again: the same answer when it is the same command, else a refusal. */
static enum err answer_again(const struct space *space, const struct seen *seen, struct request *request,
                             struct arena *arena)
{
    struct entry entry;
    enum err err = journal_read(space, seen->number, arena, &entry, NULL);
    if (err != OK) return err;
    if (!text_equal(entry.command, request->command)) {
        refuse(&request->why, ERR_REUSED_ID);
        return OK;
    }
    request->why.err = OK;
    request->answer.number = seen->number;
    request->answer.id = seen->id;
    request->again = true;
    return OK;
}

static enum err write_entry(struct batch *batch, struct request *request, const struct act *act, struct arena *arena,
                            struct outcome *outcome)
{
    const struct space *space = txn_space(batch->txn);
    struct pack effects, bytes;
    pack_init(&effects, ENTRY_BYTES_MAX);
    pack_init(&bytes, ENTRY_BYTES_MAX);
    effects_pack(&effects, (const struct change *const *)act->changes, act->change_count);
    struct entry entry = {.number = batch->head.number + 1,
                          .time = act->now,
                          .seed = {"", 0},
                          .tables = TABLES_VERSION,
                          .actor = request->actor.type,
                          .device = request->actor.device,
                          .operator = request->actor.operator,
                          .command = request->command,
                          .signature = request->signature,
                          .effects = {(const char *)effects.at, (uint32_t)effects.used}};
    memcpy(entry.before, batch->head.hash, HASH_BYTES);
    entry_pack(&bytes, &entry);
    enum err err = effects.failed || bytes.failed ? ERR_MEMORY : OK;
    if (err == OK)
        err = journal_append(space, entry.number, (struct text){(const char *)bytes.at, (uint32_t)bytes.used});
    if (err == OK) err = fold_entry(space, &entry, arena, outcome);
    if (err == OK) {
        batch->head.number = entry.number;
        batch->head.time = entry.time;
        entry_hash(bytes.at, bytes.used, batch->head.hash);
        outcome->unit = request->actor.unit;
        request->answer.number = entry.number;
        request->answer.id = outcome->touched[0]->change.after.id;
    }
    pack_free(&effects);
    pack_free(&bytes);
    return err;
}

enum err batch_try(struct batch *batch, struct request *request, struct arena *arena, struct outcome *outcome)
{
    const struct space *space = txn_space(batch->txn);
    struct command command;
    struct seen seen;
    *outcome = (struct outcome){.count = 0};
    batch->engine->tried++;
    enum err err = command_peek(request->command.at, request->command.length, &command);
    if (err != OK) return refuse_text(&request->why, ERR_BAD_FRAME, "no command"), OK;
    request->answer.counter = command.counter;
    if (request->actor.device != 0) {
        err = seen_find(space, request->actor.device, command.counter, &seen);
        if (err == OK) return answer_again(space, &seen, request, arena);
        if (err != ERR_NOT_FOUND) return err;
    }
    err = command_unpack(request->command.at, request->command.length, arena, &command, &request->why);
    if (err != OK) return OK;
    if (request->actor.type == ACTOR_OPERATOR) { /* it may have been revoked just before */
        err = actor_load(space, request->actor.device, arena, &request->actor);
        if (breaks_batch(err)) return err;
        if (err != OK) return refuse(&request->why, ERR_REFUSED), OK;
    }
    if (request->actor.type == ACTOR_OPERATOR || request->actor.type == ACTOR_TICKET) {
        if (command.counter == 0) return refuse_text(&request->why, ERR_BAD_FRAME, "counter 0"), OK;
        if ((action_row(command.kind, command.action)->flags & A_SIGNED) && !request->verified)
            return refuse(&request->why, ERR_UNSIGNED), OK;
    }
    stamp_t now = request->time.s > batch->head.time.s ? request->time : batch->head.time;
    struct act act = {.space = space, .arena = arena, .now = now, .actor = &request->actor, .command = &command};
    err = resolve_own(space, request->actor.device, &command, &act.target, &act.base);
    if (err == OK)
        err = decide(&act);
    else
        refuse(&act.why, err);
    if (breaks_batch(err)) return err;
    request->why = act.why;
    if (err != OK) return OK;
    err = write_entry(batch, request, &act, arena, outcome);
    if (err == OK) batch->engine->accepted++;
    return err;
}

/* ---- transactions ---- */

enum err batch_begin(struct engine *engine, struct batch *batch)
{
    *batch = (struct batch){.engine = engine, .head = engine->head};
    enum err err = store_room(engine->store);
    return err == OK ? store_begin(engine->store, true, &batch->txn) : err;
}

enum err batch_commit(struct batch *batch)
{
    if (batch->head.number == batch->engine->head.number) { /* all refused: nothing to sync */
        batch_abort(batch);
        return OK;
    }
    enum err err = txn_commit(&batch->txn);
    if (err != OK) return err;
    batch->engine->head = batch->head;
    batch->engine->commits++;
    return OK;
}

void batch_abort(struct batch *batch)
{
    txn_abort(&batch->txn);
}

void own_command(struct pack *pack, unsigned kind, unsigned action, uint64_t target, stamp_t said,
                 const struct record *args)
{
    struct command command = {.kind = (uint8_t)kind,
                              .action = (uint8_t)action,
                              .target = (int64_t)target,
                              .said = said,
                              .args = *args,
                              .given = record_mask(args)};
    command_pack(pack, &command);
}

/* ---- signatures ---- */

static enum err signing_key(const struct space *space, const struct request *request, const struct command *command,
                            struct arena *arena, struct text *key)
{
    struct record device;
    if (request->actor.type == ACTOR_TICKET) { /* proves that whoever enrols holds the key he brings */
        *key = rec_text(&command->args, device_sign_key);
        return key->length == KEY_BYTES ? OK : ERR_BAD_SIGNATURE;
    }
    enum err err = state_get(space, KIND_device, request->actor.device, arena, &device);
    if (err != OK) return err;
    *key = rec_text(&device, device_sign_key);
    return key->length == KEY_BYTES ? OK : ERR_BAD_SIGNATURE;
}

enum err request_open(const struct space *space, struct request *request, struct arena *arena)
{
    struct command command;
    struct seen seen;
    if (command_peek(request->command.at, request->command.length, &command) != OK)
        return refuse_text(&request->why, ERR_BAD_FRAME, "no command");
    request->answer.counter = command.counter;
    request->signer = (struct text){NULL, 0};
    if (request->actor.device != 0 && seen_find(space, request->actor.device, command.counter, &seen) == OK)
        return OK; /* it gets the answer that it got, whatever the tables say now */
    enum err err = command_unpack(request->command.at, request->command.length, arena, &command, &request->why);
    if (err != OK) return err;
    if (request->signature.length == 0) {
        if ((action_row(command.kind, command.action)->flags & A_SIGNED) == 0) return OK;
        return refuse(&request->why, ERR_UNSIGNED);
    }
    err = signing_key(space, request, &command, arena, &request->signer);
    return err == OK ? OK : refuse(&request->why, err);
}

enum err request_check(const uint8_t registry[REGISTRY_ID_BYTES], struct request *request)
{
    if (request->signer.length == 0) return OK;
    request->verified = command_verify((const uint8_t *)request->signer.at, registry, request->command.at,
                                       request->command.length, (const uint8_t *)request->signature.at);
    return request->verified ? OK : refuse(&request->why, ERR_BAD_SIGNATURE);
}
