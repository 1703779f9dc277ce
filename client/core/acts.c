/* acts.c - what the operator does: tried on the view, made durable, signed, sent; refused ones decided about;
 * drafts kept. */
#include "client/core/private.h"

#include "proto/watched.h"

#include <string.h>

/* What a decision read that may be otherwise when the whole view is here. */
struct reading {
    const struct client *client;
    struct arena arena;
    bool unsure;
};

static void note_read(void *self, unsigned kind, uint64_t id)
{
    struct reading *reading = self;
    stamp_t as_of;
    if (reading->unsure) return;
    enum known known = id == 0 ? KNOWN_WHOLE : client_knows(reading->client, kind, id, &reading->arena, &as_of);
    reading->unsure = known == KNOWN_NOT || known == KNOWN_LISTED || (id == 0 && client_lacks(reading->client, kind));
    arena_reuse(&reading->arena);
}

/* On a part of the view a rule may find nothing where there is something. What it allows the daemon decides; what it
 * refuses for want of a record is said to be unknown. */
static enum err decide_in_part(const struct client *client, struct act *act)
{
    struct reading reading = {.client = client};
    struct watched watched;
    if (!client_lacks(client, 0)) return decide(act);
    arena_init(&reading.arena, 1 << 20);
    watched_init(&watched, act->space, note_read, &reading);
    act->space = &watched.space;
    enum err err = decide(act);
    act->space = watched.under;
    arena_clear(&reading.arena);
    return err != OK && reading.unsure ? refuse(&act->why, ERR_STILL_COMING) : err;
}

enum err client_try(struct client *client, unsigned kind, unsigned action, uint64_t target, const struct record *args,
                    uint64_t given, struct arena *arena, struct act *act)
{
    struct command *command = arena_get(arena, sizeof *command);
    struct record record;
    *act = (struct act){.space = client_space(client),
                        .arena = arena,
                        .now = client_now(client),
                        .actor = &client->model.actor,
                        .command = command,
                        .target = (int64_t)target};
    if (command == NULL) return refuse(&act->why, ERR_MEMORY);
    if (client->past != NULL) return refuse(&act->why, ERR_IN_PAST);
    if (!client->model.has_actor) return refuse(&act->why, ERR_NO_LINK);
    *command = (struct command){.counter = 1,
                                .kind = (uint8_t)kind,
                                .action = (uint8_t)action,
                                .target = (int64_t)target,
                                .said = act->now,
                                .args = *args,
                                .given = given};
    if (target != 0 && state_get(act->space, kind, target, arena, &record) == OK) act->base = (int64_t)record.version;
    return decide_in_part(client, act);
}

/* The version that an act on the record reads: as the newest own act that still waits will leave it, or as
 * it stands in the view. */
static int64_t base_of(const struct client *client, unsigned kind, int64_t target, struct arena *arena)
{
    struct record record;
    for (unsigned i = client->outbox.count; i-- > 0;) {
        const struct out_item *item = &client->outbox.items[i];
        bool same = item->kind == kind && target != 0 &&
                    (item->target == target || (target < 0 && (int64_t)item->counter == -target));
        if (same && item->state == OUT_WAITING) return -(int64_t)item->counter;
        if (same && item->state == OUT_ACCEPTED && (int64_t)item->counter == -target)
            return (int64_t)item->answer.number;
    }
    if (target <= 0 || state_get(client_space(client), kind, (uint64_t)target, arena, &record) != OK) return 0;
    return (int64_t)record.version;
}

static enum err put_out(struct client *client, const struct command *command)
{
    struct pack pack;
    uint8_t signature[SIGNATURE_BYTES];
    struct text sign = {"", 0};
    pack_init(&pack, COMMAND_BYTES_MAX);
    command_pack(&pack, command);
    enum err err = pack.failed ? ERR_LIMIT : OK;
    if (err == OK && (action_row(command->kind, command->action)->flags & A_SIGNED)) {
        command_sign(&client->identity, client->profile.card.registry, pack.at, pack.used, signature);
        sign = (struct text){(const char *)signature, sizeof signature};
    }
    if (err == OK)
        err = outbox_add(&client->outbox, command, (struct text){(const char *)pack.at, (uint32_t)pack.used}, sign);
    pack_free(&pack);
    return err;
}

enum err client_submit(struct client *client, unsigned kind, unsigned action, int64_t target, const struct record *args,
                       uint64_t given, uint64_t *counter)
{
    struct arena arena;
    struct command command = {.kind = (uint8_t)kind,
                              .action = (uint8_t)action,
                              .target = target,
                              .said = client_now(client),
                              .args = *args,
                              .given = given};
    if (client->past != NULL) return ERR_IN_PAST;
    if (action_row(kind, action) == NULL) return ERR_NO_SUCH_ACTION;
    arena_init(&arena, 1 << 20);
    enum err err = cache_commit(client->cache);
    if (err == OK) err = cache_lock(client->cache); /* no other window takes the same number */
    if (err == OK) err = outbox_reload(&client->outbox);
    if (err == OK) {
        command.counter = outbox_next(&client->outbox);
        command.base = base_of(client, kind, target, &arena);
        err = put_out(client, &command);
        struct out_item *item = outbox_find(&client->outbox, command.counter);
        if (err == OK && item != NULL) item->fresh = client->sender; /* else another window may send it */
    }
    if (err == OK)
        err = cache_commit(client->cache);
    else
        cache_abort(client->cache);
    arena_clear(&arena);
    if (err != OK) return err;
    profile_poke(&client->profile);
    client_send_outbox(client);
    client->events |= EVENT_OUTBOX;
    *counter = command.counter;
    return OK;
}

const struct out_item *client_outcome(const struct client *client, uint64_t counter)
{
    for (unsigned i = 0; i < client->outbox.count; i++)
        if (client->outbox.items[i].counter == counter) return &client->outbox.items[i];
    return NULL;
}

bool client_unsent(const struct client *client, uint64_t counter)
{
    const struct out_item *item = client_outcome(client, counter);
    return item != NULL && item->state == OUT_WAITING && item->fresh && client->sender;
}

enum err client_discard(struct client *client, uint64_t counter)
{
    enum err err = outbox_drop(&client->outbox, counter);
    if (err == OK) err = cache_commit(client->cache);
    profile_poke(&client->profile);
    client_send_outbox(client);
    client->events |= EVENT_OUTBOX;
    return err;
}

/* An act that is sent anew, and those that build on it. */
struct redoing {
    uint64_t old, new;
    struct command command;
};

enum { REDO_MAX = 64 };

/* Reads the refused act and, in their order, those that build on it or on one another. */
static enum err gather_dependents(const struct client *client, uint64_t counter, struct arena *arena,
                                  struct redoing *list, unsigned *count)
{
    *count = 0;
    for (unsigned i = 0; i < client->outbox.count; i++) {
        const struct out_item *item = &client->outbox.items[i];
        bool taken = item->counter == counter;
        for (unsigned j = 0; j < *count && !taken; j++)
            taken = outbox_builds_on(item, client_outcome(client, list[j].old));
        if (!taken) continue;
        if (*count == REDO_MAX) return ERR_LIMIT;
        struct redoing *redo = &list[(*count)++];
        redo->old = item->counter;
        enum err err = outbox_command(item, arena, &redo->command);
        if (err == OK && !record_keep(&redo->command.args, arena)) err = ERR_MEMORY;
        if (err != OK) return err;
    }
    return *count > 0 ? OK : ERR_NOT_FOUND;
}

/* A record that an act of the list made is now made by its successor. */
static int64_t moved_target(const struct redoing *list, unsigned count, int64_t target)
{
    for (unsigned i = 0; i < count; i++)
        if (target == -(int64_t)list[i].old) return -(int64_t)list[i].new;
    return target;
}

enum err client_redo(struct client *client, uint64_t counter, uint64_t *new_counter)
{
    const struct out_item *item = client_outcome(client, counter);
    struct arena arena;
    unsigned count;
    if (item == NULL || item->state != OUT_REFUSED) return ERR_NOT_FOUND;
    arena_init(&arena, 16 << 20);
    struct redoing *list = arena_get(&arena, REDO_MAX * sizeof *list);
    enum err err = list == NULL ? ERR_MEMORY : gather_dependents(client, counter, &arena, list, &count);
    for (unsigned i = 0; err == OK && i < count; i++) { /* first made durable, then the old ones go */
        const struct command *command = &list[i].command;
        err = client_submit(client, command->kind, command->action, moved_target(list, i, command->target),
                            &command->args, command->given, &list[i].new);
    }
    if (err == OK) *new_counter = list[0].new;
    if (err == OK) err = client_discard(client, counter);
    arena_clear(&arena);
    return err;
}

/* ---- drafts: [kind, fields] ---- */

enum err client_draft_save(struct client *client, const char *name, const struct record *fields, uint64_t mask)
{
    struct pack pack;
    struct key key = cache_name(name);
    pack_init(&pack, RECORD_BYTES_MAX);
    pack_array(&pack, 2);
    pack_int(&pack, fields->kind);
    fields_pack(&pack, fields, mask, false);
    enum err err = pack.failed ? ERR_LIMIT : cache_put(client->cache, CACHE_DRAFT, &key, pack.at, pack.used);
    pack_free(&pack);
    return err == OK ? cache_commit(client->cache) : err;
}

enum err client_draft_load(struct client *client, const char *name, unsigned kind, struct arena *arena,
                           struct record *fields, uint64_t *mask)
{
    struct key key = cache_name(name);
    struct text value;
    struct unpacked unpacked;
    int64_t of;
    enum err err = cache_get(client->cache, CACHE_DRAFT, &key, arena, &value);
    if (err == OK) err = unpack(value.at, value.length, COMMAND_NODES_MAX, &unpacked, NULL);
    if (err != OK) return err;
    *fields = record_make(kind, 0);
    if (!item_int(item_at(unpacked.root, 0), kind, kind, &of))
        err = ERR_FORMAT;
    else
        err = fields_unpack(item_at(unpacked.root, 1), FIELDS_STORED, arena, fields, mask, NULL);
    unpack_free(&unpacked);
    return err;
}

enum err client_draft_drop(struct client *client, const char *name)
{
    struct key key = cache_name(name);
    enum err err = cache_del(client->cache, CACHE_DRAFT, &key);
    if (err == ERR_NOT_FOUND) {
        cache_abort(client->cache);
        return OK;
    }
    return err == OK ? cache_commit(client->cache) : err;
}
