/* console.c - see console.h. */
#include "server/console.h"

#include "server/files.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ARENA_BYTES_MAX = 64 << 20 };

enum err registry_there(const char *directory, struct refusal *why)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/data.mdb", directory);
    return access(path, F_OK) == 0 ? OK : refuse_text(why, ERR_FORMAT, N_("no registry here"));
}

enum err console_registry(struct console *console, struct record *registry)
{
    struct txn *txn;
    if (console->open) return state_get(console_space(console), KIND_registry, 1, &console->arena, registry);
    enum err err = store_begin(console->store, false, &txn);
    if (err != OK) return err;
    err = state_get(txn_space(txn), KIND_registry, 1, &console->arena, registry);
    txn_abort(&txn);
    return err;
}

/* A demo's shifted clock ran last when a daemon served it. */
static enum err set_time(struct console *console, struct refusal *why)
{
    struct record registry;
    struct clock clock;
    enum err err = console_registry(console, &registry);
    if (err != OK) return refuse_text(why, err, "registry");
    clock_init(&clock, &registry);
    bool stands = clock.shifted && rec_num(&registry, registry_demo) != 0;
    console->now = stands ? clock_rested(&clock, &console->config, console->engine.head.time) : clock_now(&clock);
    arena_reuse(&console->arena);
    return OK;
}

enum err console_open(struct console *console, const char *directory, struct refusal *why)
{
    struct identity identity;
    *console = (struct console){.open = false};
    arena_init(&console->arena, ARENA_BYTES_MAX);
    enum err err = registry_there(directory, why);
    if (err == OK) err = config_load(&console->config, directory, why);
    if (err != OK) return err;
    struct store_options options = config_store(&console->config);
    err = store_open(directory, &options, &console->store, why);
    if (err == OK) err = identity_load(directory, &identity, why);
    if (err == OK) {
        err = engine_init(&console->engine, console->store, &identity, why);
        identity_wipe(&identity);
    }
    if (err == OK) err = set_time(console, why);
    if (err != OK) console_close(console);
    return err;
}

enum err console_create(struct console *console, const char *directory, stamp_t now, struct refusal *why)
{
    struct identity identity;
    *console = (struct console){.now = now};
    arena_init(&console->arena, ARENA_BYTES_MAX);
    enum err err = config_load(&console->config, directory, why);
    if (err != OK) return err;
    struct store_options options = config_store(&console->config);
    err = store_open(directory, &options, &console->store, why);
    if (err != OK) return err;
    err = identity_create(directory, &identity);
    if (err != OK) {
        console_close(console);
        return refuse_text(why, err, "key");
    }
    console->engine = (struct engine){.store = console->store, .identity = identity};
    randombytes_buf(console->engine.registry, sizeof console->engine.registry);
    identity_wipe(&identity);
    return OK;
}

void console_close(struct console *console)
{
    console_abort(console);
    engine_release(&console->engine);
    store_close(console->store);
    console->store = NULL;
    arena_clear(&console->arena);
}

enum err console_begin(struct console *console, struct refusal *why)
{
    console->broken = OK;
    enum err err = batch_begin(&console->engine, &console->batch);
    if (err != OK) return refuse(why, err);
    console->open = true;
    return OK;
}

const struct space *console_space(const struct console *console)
{
    return txn_space(console->batch.txn);
}

enum err console_do(struct console *console, unsigned action, const struct record *args, uint64_t *id,
                    struct refusal *why)
{
    struct pack pack;
    struct outcome outcome;
    if (console->broken != OK) return refuse(why, console->broken);
    pack_init(&pack, COMMAND_BYTES_MAX);
    own_command(&pack, args->kind, action, args->id, console->now, args);
    struct request request = {.actor = {.type = ACTOR_CONSOLE},
                              .command = {(const char *)pack.at, (uint32_t)pack.used},
                              .time = console->now};
    enum err err = pack.failed ? ERR_LIMIT : OK;
    if (err != OK)
        refuse(&request.why, err);
    else
        console->broken = batch_try(&console->batch, &request, &console->arena, &outcome);
    if (console->broken != OK) refuse(&request.why, console->broken);
    if (why != NULL) *why = request.why;
    if (request.why.err == OK && id != NULL) *id = request.answer.id;
    pack_free(&pack);
    arena_reuse(&console->arena);
    return request.why.err;
}

enum err console_commit(struct console *console, struct refusal *why)
{
    if (console->broken != OK) {
        enum err err = console->broken;
        console_abort(console);
        return refuse(why, err);
    }
    console->open = false;
    enum err err = batch_commit(&console->batch);
    return err == OK ? OK : refuse_text(why, err, "commit");
}

void console_abort(struct console *console)
{
    if (!console->open) return;
    batch_abort(&console->batch);
    console->open = false;
}
