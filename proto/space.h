/* space.h - the narrow interface through which everything reads and changes stored state.
 *
 * A space is a few ordered tables of byte keys and byte values. The daemon's is an LMDB transaction
 * (server/store.c), the client's model, `check` and the tests use memory (memory.h). What stands above it
 * (state.h, decide.h) is the same code in all of them, and knows neither. */
#ifndef PROTO_SPACE_H
#define PROTO_SPACE_H

#include "proto/err.h"
#include "proto/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The numbers are part of the stored form: never reuse one. */
enum table {
    TABLE_META,    /* name -> value: identity, head of the journal */
    TABLE_RECORD,  /* kind 1, id 8 -> checksum 8, packed record */
    TABLE_INDEX,   /* index 1, fields..., id 8 -> nothing */
    TABLE_CLOCK,   /* deadline 8, kind 1, id 8 -> nothing: states that lapse */
    TABLE_JOURNAL, /* number 8 -> entry */
    TABLE_SEEN,    /* device 8, counter 8 -> number 8: accepted commands */
    TABLE_FEED,    /* stream 8, number 8 -> touched records: what a resuming client may have missed */
    TABLE_HISTORY, /* kind 1, id 8, number 8 -> nothing: the entries that touched a record */
    TABLE_COUNT
};

enum { KEY_MAX = 400 }; /* bytes; LMDB's own limit is 511 */

/* A key under construction. Numbers are big-endian, so that keys sort as numbers do. */
struct key {
    uint8_t bytes[KEY_MAX];
    size_t used;
};

void key_clear(struct key *key);
void key_byte(struct key *key, uint8_t byte);
void key_number(struct key *key, uint64_t number);
/* A signed number, so that negative ones sort first. */
void key_signed(struct key *key, int64_t number);
void key_bytes(struct key *key, const void *bytes, size_t count);
/* Reads the 8 bytes at `offset`. */
uint64_t key_read(const struct key *key, size_t offset);
bool key_has_prefix(const struct key *key, const struct key *prefix);

struct space {
    void *self;
    /* The value, borrowed until the next write. ERR_NOT_FOUND. */
    enum err (*get)(void *self, enum table table, const struct key *key, struct text *value);
    /* The first key not below *key: sets *key and *value. ERR_NOT_FOUND at the end of the table. */
    enum err (*seek)(void *self, enum table table, struct key *key, struct text *value);
    /* The last key below *key. ERR_NOT_FOUND at the start of the table. */
    enum err (*before)(void *self, enum table table, struct key *key, struct text *value);
    enum err (*put)(void *self, enum table table, const struct key *key, struct text value);
    enum err (*del)(void *self, enum table table, const struct key *key);
};

/* The key that follows `key` directly: appends a zero byte. */
void key_after(struct key *key);

#endif
