/* derive.c - see derive.h. */
#include "server/derive.h"

#include "proto/journal.h"
#include "server/log.h"

#include <string.h>

static struct key meta_key(const char *name)
{
    struct key key = {.used = 0};
    key_bytes(&key, name, strlen(name));
    return key;
}

static uint64_t meta_get(const struct space *space, const char *name)
{
    struct key key = meta_key(name);
    struct text value;
    uint64_t number = 0;
    if (space->get(space->self, TABLE_META, &key, &value) != OK || value.length != 8) return 0;
    for (unsigned i = 0; i < 8; i++)
        number = number << 8 | (uint8_t)value.at[i];
    return number;
}

static enum err meta_put(const struct space *space, const char *name, uint64_t number)
{
    struct key key = meta_key(name), value = {.used = 0};
    key_number(&value, number);
    return space->put(space->self, TABLE_META, &key, (struct text){(const char *)value.bytes, (uint32_t)value.used});
}

uint64_t derive_feed_from(const struct space *space)
{
    return meta_get(space, "feed_from");
}

static enum err derive_records(const struct space *space)
{
    struct arena arena;
    enum err err = OK;
    arena_init(&arena, 8 << 20);
    for (const struct kind *kind = NULL; err == OK && (kind = kind_next(kind)) != NULL;) {
        for (uint64_t id = 0; err == OK && (id = state_next_id(space, kind->wire, id)) > 0;) {
            struct record record;
            err = state_get(space, kind->wire, id, &arena, &record);
            if (err == OK) err = state_derive(space, &record);
            arena_reuse(&arena);
        }
    }
    arena_clear(&arena);
    return err;
}

/* The feed is not made again: every client's scope changes with the tables, so nobody resumes across. */
static enum err derive_all(struct txn *txn)
{
    static const enum table tables[] = {TABLE_INDEX, TABLE_CLOCK, TABLE_FEED};
    const struct space *space = txn_space(txn);
    struct head head;
    enum err err = journal_head(space, &head);
    for (size_t i = 0; i < sizeof tables / sizeof *tables && err == OK; i++)
        err = txn_clear(txn, tables[i]);
    if (err == OK) err = derive_records(space);
    if (err == OK) err = meta_put(space, "feed_from", head.number);
    return err == OK ? meta_put(space, "tables", TABLES_VERSION) : err;
}

enum err derive_settle(struct store *store)
{
    struct txn *txn;
    enum err err = store_begin(store, false, &txn);
    if (err != OK) return err;
    uint64_t tables = meta_get(txn_space(txn), "tables");
    txn_abort(&txn);
    if (tables == TABLES_VERSION) return OK;
    if (tables != 0)
        log_line(LOG_NOTICE, "the registry was served with tables %llu: indexes are made anew for %d",
                 (unsigned long long)tables, TABLES_VERSION);
    err = store_begin(store, true, &txn);
    if (err != OK) return err;
    err = derive_all(txn);
    if (err == OK) return txn_commit(&txn);
    txn_abort(&txn);
    return err;
}
