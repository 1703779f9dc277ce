/* pack.h - canonical MessagePack, written and read within bounds. The only user of msgpack.h is pack.c.
 *
 * Canonical: shortest integers and lengths, maps with ascending integer keys, no floats, booleans,
 * extensions or repeated keys; so the same content has the same bytes and can be hashed and signed.
 * Bytes from outside are scanned before the library sees them: a five-byte message can otherwise make it
 * reserve gigabytes. */
#ifndef PROTO_PACK_H
#define PROTO_PACK_H

#include "proto/err.h"
#include "proto/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- writing ---- */

/* A buffer that grows up to `max` bytes. After a failure (`failed`) further writes do nothing, so that a
 * writer checks once at the end. */
struct pack {
    uint8_t *at;
    size_t used, room, max;
    bool failed;
};

void pack_init(struct pack *pack, size_t max);
void pack_free(struct pack *pack);
/* Empties the buffer, keeping its memory. */
void pack_clear(struct pack *pack);

void pack_nil(struct pack *pack);
void pack_int(struct pack *pack, int64_t number);
void pack_text(struct pack *pack, struct text text);
void pack_bytes(struct pack *pack, const void *bytes, size_t count);
void pack_array(struct pack *pack, size_t count);
void pack_map(struct pack *pack, size_t count);
/* Bytes that are packed already. */
void pack_raw(struct pack *pack, const void *bytes, size_t count);

/* ---- reading ---- */

enum { UNPACK_DEPTH_MAX = 8 };

struct item; /* one value; lives as long as its struct unpacked and the bytes it was read from */

struct unpacked {
    void *zone;
    const struct item *root;
};

/* Reads one value that fills bytes[count] exactly: at most nodes_max values in all, canonical throughout.
 * On success *into has to be freed with unpack_free. ERR_BAD_FRAME with the reason in *why otherwise;
 * ERR_MEMORY. Borrows the bytes. */
enum err unpack(const void *bytes, size_t count, size_t nodes_max, struct unpacked *into, struct refusal *why);
void unpack_free(struct unpacked *unpacked);

/* Each returns false, leaving its results, when the item is of another form or out of bounds.
 * A NULL item is of no form. */
bool item_int(const struct item *item, int64_t lo, int64_t hi, int64_t *number);
bool item_text(const struct item *item, struct text *text);
bool item_bytes(const struct item *item, struct text *bytes);
bool item_array(const struct item *item, size_t *count);
bool item_map(const struct item *item, size_t *count);
bool item_is_nil(const struct item *item);

/* The i-th of an array, or of a map's pairs in ascending order of keys. NULL past the end. */
const struct item *item_at(const struct item *array, size_t i);
const struct item *item_key(const struct item *map, size_t i);
const struct item *item_value(const struct item *map, size_t i);

/* Writes a value that was read. */
void pack_item(struct pack *pack, const struct item *item);

#endif
