/* fake_cache.c - see fake_cache.h. Changes count at once: there are no transactions to lose. */
#include "tests/lib/fake_cache.h"

#include "proto/arena.h"
#include "proto/memory.h"

#include <stdlib.h>
#include <string.h>

_Static_assert((int)CACHE_TABLES <= (int)TABLE_COUNT, "each has a table of the memory");

struct cache {
    struct memory memory;
    bool keep;
};

struct cache *fake_cache_new(bool keep)
{
    struct cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL) abort();
    memory_init(&cache->memory);
    cache->keep = keep;
    return cache;
}

enum err cache_open(const char *directory, const uint8_t key[KEY_BYTES], struct cache **cache, struct refusal *why)
{
    (void)directory;
    (void)key;
    (void)why;
    *cache = fake_cache_new(true);
    return OK;
}

void cache_close(struct cache *cache)
{
    if (cache == NULL) return;
    memory_free(&cache->memory);
    free(cache);
}

struct key cache_name(const char *word)
{
    struct key key = {.used = 0};
    key_bytes(&key, word, strlen(word));
    return key;
}

enum err cache_lock(struct cache *cache)
{
    (void)cache;
    return OK;
}

enum err cache_commit(struct cache *cache)
{
    (void)cache;
    return OK;
}

void cache_abort(struct cache *cache)
{
    (void)cache;
}

enum err cache_put(struct cache *cache, enum cache_table table, const struct key *key, const void *bytes, size_t count)
{
    if (!cache->keep && table != CACHE_META) return OK;
    return cache->memory.space.put(&cache->memory, (enum table)table, key, (struct text){bytes, (uint32_t)count});
}

enum err cache_del(struct cache *cache, enum cache_table table, const struct key *key)
{
    return cache->memory.space.del(&cache->memory, (enum table)table, key);
}

enum err cache_clear(struct cache *cache, enum cache_table table)
{
    struct key key = {.used = 0};
    struct text value;
    while (cache->memory.space.seek(&cache->memory, (enum table)table, &key, &value) == OK) {
        cache->memory.space.del(&cache->memory, (enum table)table, &key);
        key_clear(&key);
    }
    return OK;
}

enum err cache_get(struct cache *cache, enum cache_table table, const struct key *key, struct arena *arena,
                   struct text *value)
{
    struct text found;
    enum err err = cache->memory.space.get(&cache->memory, (enum table)table, key, &found);
    if (err != OK) return err;
    *value = (struct text){arena_copy(arena, found.at, found.length), found.length};
    return value->at != NULL ? OK : ERR_MEMORY;
}

enum err cache_each(struct cache *cache, enum cache_table table, cache_visit *visit, void *self)
{
    struct key key = {.used = 0};
    struct text value;
    for (; cache->memory.space.seek(&cache->memory, (enum table)table, &key, &value) == OK; key_after(&key)) {
        enum err err = visit(self, &key, value);
        if (err != OK) return err;
    }
    return OK;
}
