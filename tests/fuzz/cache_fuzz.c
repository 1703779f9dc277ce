/* cache_fuzz.c - values of the client's cache: the outbox, where we were, records. Sealed on disk, but an older or
 * newer program may have written them.
 *
 * Input: a byte for the table, then the value (of a record: kind first). */
#include "client/core/model.h"
#include "client/core/outbox.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lib/fake_cache.h"

#include "proto/arena.h"

static void try_outbox(struct cache *cache, struct text value)
{
    struct outbox outbox;
    struct key key = {.used = 0};
    key_number(&key, 7);
    HOLDS(cache_put(cache, CACHE_OUTBOX, &key, value.at, value.length) == OK);
    enum err err = outbox_open(&outbox, cache);
    HOLDS(err == OK || err == ERR_FORMAT);
    if (err == OK) {
        struct arena arena;
        struct command command;
        struct refusal why = {.err = ERR_NOT_ALLOWED};
        arena_init(&arena, 4 << 20);
        HOLDS(outbox.count == 1 && outbox.last_counter >= 7);
        outbox_command(&outbox.items[0], &arena, &command);
        HOLDS(outbox_refuse(&outbox, 7, &why) == OK);
        HOLDS(outbox_reload(&outbox) == OK); /* what it writes it reads */
        HOLDS(outbox_answer(&outbox, &(struct answer){7, 8, 9}) == OK);
        HOLDS(outbox_reload(&outbox) == OK && outbox.items[0].state == OUT_ACCEPTED);
        HOLDS(outbox_drop(&outbox, 7) == OK && outbox.count == 0);
        arena_clear(&arena);
    }
    outbox_close(&outbox);
}

static void try_model(struct cache *cache, enum cache_table table, struct input input)
{
    struct model model;
    struct key key = table == CACHE_META ? cache_name("state") : (struct key){.used = 0};
    if (table == CACHE_RECORD) {
        key_byte(&key, input_byte(&input));
        key_number(&key, 1);
    }
    HOLDS(cache_put(cache, table, &key, input.at, input.left) == OK);
    enum err err = model_open(&model, cache, 1);
    if (err == OK) {
        model_now(&model);
        HOLDS(model_settle(&model, 9, (stamp_t){1}) == OK);
        HOLDS(model_reload(&model) == OK && model.position == 9);
    }
    model_close(&model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    struct cache *cache = fake_cache_new(true);
    switch (input_byte(&input) % 3) {
    case 0: try_outbox(cache, (struct text){(const char *)input.at, (uint32_t)input.left}); break;
    case 1: try_model(cache, CACHE_META, input); break;
    default: try_model(cache, CACHE_RECORD, input);
    }
    cache_close(cache);
    return 0;
}
