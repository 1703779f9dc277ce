/* cache.h - what survives on the workstation: records, outbox, drafts, where we were. Encrypted.
 *
 * One LMDB environment for one registry and one operator; every value is sealed under a key from the seed.
 * Keys (kinds, ids, counters) are in the clear. Several processes of the operator may have it open; each
 * change is one synced commit. The only user of lmdb.h in the client. */
#ifndef CLIENT_CORE_CACHE_H
#define CLIENT_CORE_CACHE_H

#include "proto/err.h"
#include "proto/identity.h"
#include "proto/space.h"

#include <stdbool.h>

enum cache_table {
    CACHE_META,    /* name -> value */
    CACHE_RECORD,  /* kind 1, id 8 -> packed record */
    CACHE_FETCHED, /* kind 1, id 8 -> registry time at which it was fetched whole */
    CACHE_OUTBOX,  /* counter 8 -> what waits or was refused */
    CACHE_DRAFT,   /* name -> packed fields */
    CACHE_NOTICE,  /* number 8 -> a pushed entry that was worth a line */
    CACHE_LISTED,  /* kind 1, id 8 -> nothing: of a record seen whole its list fields alone have come yet */
    CACHE_TABLES
};

struct cache;

/* Opens or makes the cache in `directory`. ERR_FORMAT when it was sealed under another key. */
enum err cache_open(const char *directory, const uint8_t key[KEY_BYTES], struct cache **cache, struct refusal *why);
void cache_close(struct cache *cache);

/* Takes the turn to write, so that what is read from here on can't change under us until cache_commit. */
enum err cache_lock(struct cache *cache);

/* Changes gather in one transaction until cache_commit, which is durable when it returns OK. */
enum err cache_put(struct cache *cache, enum cache_table table, const struct key *key, const void *bytes, size_t count);
enum err cache_del(struct cache *cache, enum cache_table table, const struct key *key);
enum err cache_clear(struct cache *cache, enum cache_table table);
enum err cache_commit(struct cache *cache);
void cache_abort(struct cache *cache);

/* Reads one value, with the changes that are not committed yet; copied to the arena. ERR_NOT_FOUND. */
struct arena;
enum err cache_get(struct cache *cache, enum cache_table table, const struct key *key, struct arena *arena,
                   struct text *value);

/* Calls `visit` for every value, in the order of keys, until it returns something else than OK. */
typedef enum err cache_visit(void *self, const struct key *key, struct text value);
enum err cache_each(struct cache *cache, enum cache_table table, cache_visit *visit, void *self);

/* A key made of a word. */
struct key cache_name(const char *word);

#endif
