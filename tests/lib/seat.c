/* seat.c - see seat.h. */
#include "tests/lib/seat.h"

#include "server/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void die(const char *what, enum err err)
{
    fprintf(stderr, "seat: %s: %s\n", what, err_name(err));
    abort();
}

struct wire_change seat_whole(const struct record *record, enum see_level level)
{
    struct wire_change change = {
        .op = OP_WHOLE, .record = record_make(record->kind, record->id), .mask = level_mask(record, level)};
    for (unsigned i = 0; i < field_count(record->kind); i++)
        if (change.mask & FIELD_BIT(i)) change.record.values[i] = record->values[i];
    change.record.version = record->version;
    return change;
}

static void give(struct seat *seat, const struct record *record, const struct actor *actor, struct arena *arena)
{
    enum see_level level = may_see(&seat->world->memory.space, record, actor, arena);
    if (level < SEE_LIST) return;
    struct wire_change change = seat_whole(record, level);
    enum err err = model_apply(&seat->client->model, &change, arena);
    if (err != OK) die("apply", err);
}

void seat_sync(struct seat *seat)
{
    struct arena arena;
    struct actor actor = world_actor(seat->world, seat->login);
    const struct space *space = &seat->world->memory.space;
    struct model *model = &seat->client->model;
    arena_init(&arena, 64 << 20);
    if (model_begin_afresh(model) != OK) die("afresh", ERR_MEMORY);
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (uint64_t id = 0; (id = state_next_id(space, kind->wire, id)) > 0;) {
            struct record record;
            enum err err = state_get(space, kind->wire, id, &arena, &record);
            if (err != OK) die("record", err);
            give(seat, &record, &actor, &arena);
            arena_reuse(&arena);
        }
    enum err err = model_settle(model, seat->world->head.number, seat->world->now);
    if (err != OK) die("settle", err);
    model_set_now(model, seat->world->now);
    model->rate = 1;
    if (cache_commit(seat->client->cache) != OK) die("commit", ERR_IO);
    arena_clear(&arena);
}

void seat_init(struct seat *seat, struct world *world, const char *login)
{
    struct refusal why;
    struct actor actor = world_actor(world, login);
    struct key_card card = {.device = actor.device, .operator = actor.operator};
    memset(seat, 0, sizeof *seat);
    seat->world = world;
    snprintf(seat->login, sizeof seat->login, "%s", login);
    memset(seat->seed, 9, sizeof seat->seed);
    snprintf(card.login, sizeof card.login, "%s", login);
    memcpy(card.registry, world->registry, REGISTRY_ID_BYTES);
    memcpy(card.server_sign, world->server.sign_public, KEY_BYTES);
    memcpy(card.server_transport, world->server.transport_public, KEY_BYTES);
    scratch_make(seat->home);
    setenv("DUBAN_HOME", seat->home, 1);
    const struct addresses addresses = {.at = {{"127.0.0.1", 7009}}, .count = 1};
    enum err err = profile_create(login, &card, seat->seed, "passphrase", &addresses, &seat->profile, &why);
    if (err == OK) err = client_open(&seat->profile, seat->seed, &seat->client, &why);
    if (err != OK) die("profile", err);
    seat_sync(seat);
}

void seat_reopen(struct seat *seat)
{
    struct refusal why;
    client_close(seat->client);
    enum err err = client_open(&seat->profile, seat->seed, &seat->client, &why);
    if (err != OK) die("reopen", err);
}

void seat_free(struct seat *seat)
{
    client_close(seat->client);
    seat->client = NULL;
    scratch_remove(seat->home);
}
