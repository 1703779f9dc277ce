/* journal.c - see journal.h. */
#include "proto/journal.h"

#include <sodium.h>
#include <string.h>

enum { ENTRY_ITEMS = 11 };

static void pack_optional(struct pack *pack, struct text bytes)
{
    if (bytes.length > 0)
        pack_bytes(pack, bytes.at, bytes.length);
    else
        pack_nil(pack);
}

/* Bytes of exactly `length`, or nil. */
static bool read_optional(const struct item *item, uint32_t length, struct text *bytes)
{
    *bytes = (struct text){"", 0};
    return item_is_nil(item) || (item_bytes(item, bytes) && bytes->length == length);
}

void entry_pack(struct pack *pack, const struct entry *entry)
{
    pack_array(pack, ENTRY_ITEMS);
    pack_int(pack, (int64_t)entry->number);
    pack_bytes(pack, entry->before, HASH_BYTES);
    pack_int(pack, entry->time.s);
    pack_optional(pack, entry->seed);
    pack_int(pack, entry->tables);
    pack_int(pack, (int64_t)entry->actor);
    pack_int(pack, (int64_t)entry->device);
    pack_int(pack, (int64_t)entry->operator);
    pack_bytes(pack, entry->command.at, entry->command.length);
    pack_optional(pack, entry->signature);
    pack_raw(pack, entry->effects.at, entry->effects.length);
}

static bool copy_effects(const struct item *item, struct arena *arena, struct text *effects)
{
    struct pack pack;
    pack_init(&pack, ENTRY_BYTES_MAX);
    pack_item(&pack, item);
    const char *kept = pack.failed ? NULL : arena_copy(arena, pack.at, pack.used);
    *effects = (struct text){kept, (uint32_t)pack.used};
    pack_free(&pack);
    return kept != NULL;
}

static bool read_items(const struct item *root, struct arena *arena, struct entry *entry)
{
    size_t count;
    int64_t number, time, tables, actor, device, operator;
    struct text before;
    bool form = item_array(root, &count) && count == ENTRY_ITEMS && item_int(item_at(root, 0), 1, INT64_MAX, &number) &&
                item_bytes(item_at(root, 1), &before) && before.length == HASH_BYTES &&
                item_int(item_at(root, 2), 0, INT64_MAX, &time) &&
                read_optional(item_at(root, 3), SEED_BYTES, &entry->seed) &&
                item_int(item_at(root, 4), 1, UINT32_MAX, &tables) &&
                item_int(item_at(root, 5), ACTOR_OPERATOR, ACTOR_TICKET, &actor) &&
                item_int(item_at(root, 6), 0, INT64_MAX, &device) &&
                item_int(item_at(root, 7), 0, INT64_MAX, &operator) && item_bytes(item_at(root, 8), &entry->command) &&
                read_optional(item_at(root, 9), SIGNATURE_BYTES, &entry->signature);
    if (!form) return false;
    entry->number = (uint64_t)number;
    memcpy(entry->before, before.at, HASH_BYTES);
    entry->time.s = time;
    entry->tables = (uint32_t)tables;
    entry->actor = (enum actor_type)actor;
    entry->device = (uint64_t)device;
    entry->operator = (uint64_t)operator;
    return copy_effects(item_at(root, 10), arena, &entry->effects);
}

enum err entry_unpack(const void *bytes, size_t count, struct arena *arena, struct entry *entry, struct refusal *why)
{
    struct unpacked unpacked;
    enum err err = unpack(bytes, count, ENTRY_NODES_MAX, &unpacked, why);
    if (err != OK) return err;
    if (!read_items(unpacked.root, arena, entry)) err = refuse_text(why, ERR_BAD_FRAME, "no entry");
    unpack_free(&unpacked);
    return err;
}

void entry_hash(const void *bytes, size_t count, uint8_t hash[HASH_BYTES])
{
    static const uint8_t tag[] = "duban entry 1";
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, HASH_BYTES);
    crypto_generichash_update(&state, tag, sizeof tag);
    crypto_generichash_update(&state, bytes, count);
    crypto_generichash_final(&state, hash, HASH_BYTES);
}

enum err entry_effects(const struct entry *entry, struct arena *arena, struct effect **effects, unsigned *count)
{
    struct unpacked unpacked;
    const char *kept = arena_copy(arena, entry->effects.at, entry->effects.length); /* the texts stay in it */
    if (kept == NULL) return ERR_MEMORY;
    enum err err = unpack(kept, entry->effects.length, ENTRY_NODES_MAX, &unpacked, NULL);
    if (err != OK) return err;
    err = effects_unpack(unpacked.root, arena, effects, count, NULL);
    unpack_free(&unpacked);
    return err;
}

enum err journal_read(const struct space *space, uint64_t number, struct arena *arena, struct entry *entry,
                      struct text *bytes)
{
    struct key key;
    struct text value;
    key_clear(&key);
    key_number(&key, number);
    enum err err = space->get(space->self, TABLE_JOURNAL, &key, &value);
    if (err != OK) return err;
    const char *kept = arena_copy(arena, value.at, value.length);
    if (kept == NULL) return ERR_MEMORY;
    if (bytes != NULL) *bytes = (struct text){kept, value.length};
    err = entry_unpack(kept, value.length, arena, entry, NULL);
    return err == OK || err == ERR_MEMORY ? err : ERR_DAMAGED;
}

enum err journal_head(const struct space *space, struct head *head)
{
    struct key key;
    struct text value;
    struct arena arena;
    struct entry entry = {.number = 0};
    *head = (struct head){.number = 0};
    key_clear(&key);
    key_number(&key, UINT64_MAX);
    enum err err = space->before(space->self, TABLE_JOURNAL, &key, &value);
    if (err == ERR_NOT_FOUND) return OK;
    if (err != OK) return err;
    arena_init(&arena, ENTRY_BYTES_MAX);
    err = entry_unpack(value.at, value.length, &arena, &entry, NULL);
    if (err == OK) {
        head->number = entry.number;
        head->time = entry.time;
        entry_hash(value.at, value.length, head->hash);
    }
    arena_clear(&arena);
    return err == OK ? OK : ERR_DAMAGED;
}
