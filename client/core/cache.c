/* cache.c - see cache.h. */
#include "client/core/cache.h"

#include "proto/arena.h"

#include <assert.h>
#include <errno.h>
#include <lmdb.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAP_BYTES_MB = 1024 };

struct cache {
    MDB_env *env;
    MDB_dbi tables[CACHE_TABLES];
    MDB_txn *txn; /* of the changes that gather, or NULL */
    uint8_t key[KEY_BYTES];
};

static const char *const names[CACHE_TABLES] = {"meta", "record", "fetched", "outbox", "draft", "notice", "listed"};
static const char sealed_word[] = "duban cache 1";

static enum err from_lmdb(int rc)
{
    if (rc == 0) return OK;
    if (rc == MDB_NOTFOUND) return ERR_NOT_FOUND;
    return rc == ENOMEM ? ERR_MEMORY : ERR_IO;
}

struct key cache_name(const char *word)
{
    struct key key = {.used = 0};
    key_bytes(&key, word, strlen(word) < KEY_MAX ? strlen(word) : KEY_MAX);
    return key;
}

/* A value is bound to its table and key, so that none can be put in another's place. */
static struct key about(enum cache_table table, const struct key *key)
{
    struct key whole = {.used = 0};
    key_byte(&whole, (uint8_t)table);
    key_bytes(&whole, key->bytes, key->used < KEY_MAX - 1 ? key->used : KEY_MAX - 1);
    return whole;
}

static enum err begin(struct cache *cache)
{
    return cache->txn != NULL ? OK : from_lmdb(mdb_txn_begin(cache->env, NULL, 0, &cache->txn));
}

static int open_tables(struct cache *cache)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(cache->env, NULL, 0, &txn);
    if (rc != 0) return rc;
    for (unsigned i = 0; i < CACHE_TABLES && rc == 0; i++)
        rc = mdb_dbi_open(txn, names[i], MDB_CREATE, &cache->tables[i]);
    if (rc == 0) return mdb_txn_commit(txn);
    mdb_txn_abort(txn);
    return rc;
}

/* A known word proves that the key fits. */
static enum err prove_key(struct cache *cache, struct refusal *why)
{
    struct key key = cache_name("proof");
    struct arena arena;
    struct text value;
    arena_init(&arena, 4096);
    enum err err = cache_get(cache, CACHE_META, &key, &arena, &value);
    if (err == ERR_NOT_FOUND) {
        err = cache_put(cache, CACHE_META, &key, sealed_word, sizeof sealed_word);
        if (err == OK) err = cache_commit(cache);
    }
    arena_clear(&arena);
    return err == OK ? OK : refuse_text(why, err, "cache");
}

enum err cache_open(const char *directory, const uint8_t key[KEY_BYTES], struct cache **cache, struct refusal *why)
{
    if (mkdir(directory, 0700) != 0 && errno != EEXIST) return refuse_text(why, ERR_IO, strerror(errno));
    struct cache *made = calloc(1, sizeof *made);
    if (made == NULL) return refuse(why, ERR_MEMORY);
    memcpy(made->key, key, KEY_BYTES);
    int rc = mdb_env_create(&made->env);
    if (rc == 0) rc = mdb_env_set_maxdbs(made->env, CACHE_TABLES);
    if (rc == 0) rc = mdb_env_set_mapsize(made->env, (size_t)MAP_BYTES_MB << 20);
    if (rc == 0) rc = mdb_env_open(made->env, directory, MDB_NOTLS, 0600);
    int dead;
    if (rc == 0) mdb_reader_check(made->env, &dead);
    if (rc == 0) rc = open_tables(made);
    enum err err = rc == 0 ? prove_key(made, why) : refuse_text(why, ERR_IO, mdb_strerror(rc));
    if (err != OK) {
        cache_close(made);
        return err;
    }
    *cache = made;
    return OK;
}

void cache_close(struct cache *cache)
{
    if (cache == NULL) return;
    cache_abort(cache);
    if (cache->env != NULL) mdb_env_close(cache->env);
    sodium_memzero(cache->key, sizeof cache->key);
    free(cache);
}

enum err cache_lock(struct cache *cache)
{
    return begin(cache);
}

enum err cache_put(struct cache *cache, enum cache_table table, const struct key *key, const void *bytes, size_t count)
{
    struct key whole = about(table, key);
    MDB_val name = {key->used, (void *)(uintptr_t)key->bytes}, value = {count + SEAL_EXTRA_BYTES, NULL};
    enum err err = begin(cache);
    if (err != OK) return err;
    int rc = mdb_put(cache->txn, cache->tables[table], &name, &value, MDB_RESERVE);
    if (rc == 0)
        seal(cache->key, (struct text){(const char *)whole.bytes, (uint32_t)whole.used}, bytes, count, value.mv_data);
    return from_lmdb(rc);
}

enum err cache_del(struct cache *cache, enum cache_table table, const struct key *key)
{
    MDB_val name = {key->used, (void *)(uintptr_t)key->bytes};
    enum err err = begin(cache);
    return err == OK ? from_lmdb(mdb_del(cache->txn, cache->tables[table], &name, NULL)) : err;
}

enum err cache_clear(struct cache *cache, enum cache_table table)
{
    enum err err = begin(cache);
    return err == OK ? from_lmdb(mdb_drop(cache->txn, cache->tables[table], 0)) : err;
}

enum err cache_commit(struct cache *cache)
{
    if (cache->txn == NULL) return OK;
    int rc = mdb_txn_commit(cache->txn);
    cache->txn = NULL;
    return from_lmdb(rc);
}

void cache_abort(struct cache *cache)
{
    if (cache->txn != NULL) mdb_txn_abort(cache->txn);
    cache->txn = NULL;
}

/* Opens the seal of a stored value into the arena. */
static enum err open_value(struct cache *cache, enum cache_table table, const struct key *key, MDB_val sealed,
                           struct arena *arena, struct text *value)
{
    struct key whole = about(table, key);
    if (sealed.mv_size < SEAL_EXTRA_BYTES) return ERR_FORMAT;
    char *plain = arena_get(arena, sealed.mv_size);
    if (plain == NULL) return ERR_MEMORY;
    if (!unseal(cache->key, (struct text){(const char *)whole.bytes, (uint32_t)whole.used}, sealed.mv_data,
                sealed.mv_size, (uint8_t *)plain))
        return ERR_FORMAT;
    *value = (struct text){plain, (uint32_t)(sealed.mv_size - SEAL_EXTRA_BYTES)};
    return OK;
}

enum err cache_get(struct cache *cache, enum cache_table table, const struct key *key, struct arena *arena,
                   struct text *value)
{
    MDB_val name = {key->used, (void *)(uintptr_t)key->bytes}, sealed;
    MDB_txn *txn = cache->txn;
    int rc = txn != NULL ? 0 : mdb_txn_begin(cache->env, NULL, MDB_RDONLY, &txn);
    if (rc != 0) return from_lmdb(rc);
    rc = mdb_get(txn, cache->tables[table], &name, &sealed);
    enum err err = rc == 0 ? open_value(cache, table, key, sealed, arena, value) : from_lmdb(rc);
    if (cache->txn == NULL) mdb_txn_abort(txn);
    return err;
}

static enum err visit_all(struct cache *cache, MDB_txn *txn, enum cache_table table, cache_visit *visit, void *self)
{
    MDB_cursor *cursor;
    MDB_val name, sealed;
    struct arena arena;
    int rc = mdb_cursor_open(txn, cache->tables[table], &cursor);
    if (rc != 0) return from_lmdb(rc);
    arena_init(&arena, 4 << 20);
    enum err err = OK;
    for (MDB_cursor_op op = MDB_FIRST; err == OK; op = MDB_NEXT) {
        struct key key;
        struct text value;
        rc = mdb_cursor_get(cursor, &name, &sealed, op);
        if (rc == MDB_NOTFOUND) break;
        if (rc != 0 || name.mv_size > KEY_MAX) {
            err = rc != 0 ? from_lmdb(rc) : ERR_FORMAT;
            break;
        }
        memcpy(key.bytes, name.mv_data, name.mv_size);
        key.used = name.mv_size;
        err = open_value(cache, table, &key, sealed, &arena, &value);
        if (err == OK) err = visit(self, &key, value);
        arena_reuse(&arena);
    }
    mdb_cursor_close(cursor);
    arena_clear(&arena);
    return err;
}

enum err cache_each(struct cache *cache, enum cache_table table, cache_visit *visit, void *self)
{
    MDB_txn *txn = cache->txn;
    int rc = txn != NULL ? 0 : mdb_txn_begin(cache->env, NULL, MDB_RDONLY, &txn);
    if (rc != 0) return from_lmdb(rc);
    enum err err = visit_all(cache, txn, table, visit, self);
    if (cache->txn == NULL) mdb_txn_abort(txn);
    return err;
}
