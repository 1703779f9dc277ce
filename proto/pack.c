/* pack.c - see pack.h. scan() walks the bytes once, by the letter of the MessagePack format, before
 * msgpack-c builds its objects from them. */
#include "proto/pack.h"

#include <msgpack.h>
#include <stdlib.h>
#include <string.h>

void pack_init(struct pack *pack, size_t max)
{
    *pack = (struct pack){.max = max};
}

void pack_free(struct pack *pack)
{
    free(pack->at);
    pack_init(pack, pack->max);
}

void pack_clear(struct pack *pack)
{
    pack->used = 0;
    pack->failed = false;
}

void pack_raw(struct pack *pack, const void *bytes, size_t count)
{
    if (pack->failed || count == 0) return;
    if (count > pack->max - pack->used) {
        pack->failed = true;
        return;
    }
    if (count > pack->room - pack->used) {
        size_t room = pack->room > 0 ? pack->room : 256;
        while (room - pack->used < count)
            room *= 2;
        if (room > pack->max) room = pack->max;
        uint8_t *grown = realloc(pack->at, room);
        if (grown == NULL) {
            pack->failed = true;
            return;
        }
        pack->at = grown;
        pack->room = room;
    }
    memcpy(pack->at + pack->used, bytes, count);
    pack->used += count;
}

static int write_bytes(void *data, const char *bytes, size_t count)
{
    struct pack *pack = data;
    pack_raw(pack, bytes, count);
    return pack->failed ? -1 : 0;
}

static msgpack_packer packer(struct pack *pack)
{
    msgpack_packer made;
    msgpack_packer_init(&made, pack, write_bytes);
    return made;
}

void pack_nil(struct pack *pack)
{
    msgpack_packer to = packer(pack);
    msgpack_pack_nil(&to);
}

void pack_int(struct pack *pack, int64_t number)
{
    msgpack_packer to = packer(pack);
    msgpack_pack_int64(&to, number);
}

void pack_text(struct pack *pack, struct text text)
{
    msgpack_packer to = packer(pack);
    msgpack_pack_str_with_body(&to, text.at, text.length);
}

void pack_bytes(struct pack *pack, const void *bytes, size_t count)
{
    msgpack_packer to = packer(pack);
    msgpack_pack_bin_with_body(&to, bytes, count);
}

void pack_array(struct pack *pack, size_t count)
{
    msgpack_packer to = packer(pack);
    msgpack_pack_array(&to, count);
}

void pack_map(struct pack *pack, size_t count)
{
    msgpack_packer to = packer(pack);
    msgpack_pack_map(&to, count);
}

/* ---- the scan ---- */

struct scan {
    const uint8_t *at, *end;
    size_t nodes_left;
    const char *fault; /* a word for the refusal; set once */
};

static bool fail(struct scan *scan, const char *fault)
{
    if (scan->fault == NULL) scan->fault = fault;
    return false;
}

/* Reads a big-endian number of `bytes` bytes, which must not have fitted a shorter form (> above). */
static bool scan_number(struct scan *scan, size_t bytes, uint64_t above, uint64_t *number)
{
    if ((size_t)(scan->end - scan->at) < bytes) return fail(scan, "truncated");
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | *scan->at++;
    if (value <= above) return fail(scan, "not in shortest form");
    *number = value;
    return true;
}

static bool scan_body(struct scan *scan, uint64_t length, bool text)
{
    if ((uint64_t)(scan->end - scan->at) < length) return fail(scan, "truncated");
    const char *at = (const char *)scan->at, *end = at + length;
    uint32_t code;
    while (text && at < end)
        if (!utf8_next(&at, end, &code)) return fail(scan, "not UTF-8");
    scan->at += length;
    return true;
}

/* Negative integers in their four widths; each must not have fitted the narrower one. */
static bool scan_negative(struct scan *scan, size_t bytes)
{
    uint64_t raw = 0;
    if ((size_t)(scan->end - scan->at) < bytes) return fail(scan, "truncated");
    if ((*scan->at & 0x80) == 0) return fail(scan, "not in shortest form");
    if (!scan_number(scan, bytes, 0, &raw)) return false;
    int64_t value = (int64_t)(bytes == 8 ? raw : raw | ~0ull << (8 * bytes));
    int64_t narrower = bytes == 1 ? -32 : -(1ll << (4 * bytes - 1));
    return value < narrower || fail(scan, "not in shortest form");
}

static bool scan_value(struct scan *scan, unsigned depth);

static bool scan_items(struct scan *scan, uint64_t count, unsigned depth)
{
    if (depth >= UNPACK_DEPTH_MAX) return fail(scan, "nested too deeply");
    if (count > (uint64_t)(scan->end - scan->at)) return fail(scan, "truncated");
    for (uint64_t i = 0; i < count; i++)
        if (!scan_value(scan, depth + 1)) return false;
    return true;
}

/* Keys are non-negative integers in ascending order. */
static bool scan_pairs(struct scan *scan, uint64_t count, unsigned depth)
{
    uint64_t last = 0;
    if (depth >= UNPACK_DEPTH_MAX) return fail(scan, "nested too deeply");
    if (count > (uint64_t)(scan->end - scan->at) / 2) return fail(scan, "truncated");
    for (uint64_t i = 0; i < count; i++) {
        uint64_t key = 0;
        if (scan->at >= scan->end) return fail(scan, "truncated");
        if (*scan->at < 0x80)
            key = *scan->at++;
        else if (*scan->at == 0xcc) {
            scan->at++;
            if (!scan_number(scan, 1, 0x7f, &key)) return false;
        } else
            return fail(scan, "a key is no small number");
        if (i > 0 && key <= last) return fail(scan, "keys not ascending");
        last = key;
        if (!scan_value(scan, depth + 1)) return false;
    }
    return true;
}

/* The forms with an explicit length or width: 0xc0 to 0xdf. */
static bool scan_long(struct scan *scan, uint8_t head, unsigned depth)
{
    uint64_t number = 0;
    switch (head) {
    case 0xc0: return true; /* nil */
    case 0xcc: return scan_number(scan, 1, 0x7f, &number);
    case 0xcd: return scan_number(scan, 2, 0xff, &number);
    case 0xce: return scan_number(scan, 4, 0xffff, &number);
    case 0xcf: return scan_number(scan, 8, 0xffffffff, &number);
    case 0xd0: return scan_negative(scan, 1);
    case 0xd1: return scan_negative(scan, 2);
    case 0xd2: return scan_negative(scan, 4);
    case 0xd3: return scan_negative(scan, 8);
    case 0xd9: return scan_number(scan, 1, 31, &number) && scan_body(scan, number, true);
    case 0xda: return scan_number(scan, 2, 0xff, &number) && scan_body(scan, number, true);
    case 0xdb: return scan_number(scan, 4, 0xffff, &number) && scan_body(scan, number, true);
    case 0xc5: return scan_number(scan, 2, 0xff, &number) && scan_body(scan, number, false);
    case 0xc6: return scan_number(scan, 4, 0xffff, &number) && scan_body(scan, number, false);
    case 0xdc: return scan_number(scan, 2, 15, &number) && scan_items(scan, number, depth);
    case 0xdd: return scan_number(scan, 4, 0xffff, &number) && scan_items(scan, number, depth);
    case 0xde: return scan_number(scan, 2, 15, &number) && scan_pairs(scan, number, depth);
    case 0xdf: return scan_number(scan, 4, 0xffff, &number) && scan_pairs(scan, number, depth);
    default: return fail(scan, "a form that is not used");
    }
}

static bool scan_value(struct scan *scan, unsigned depth)
{
    if (scan->at >= scan->end) return fail(scan, "truncated");
    if (scan->nodes_left-- == 0) return fail(scan, "too many values");
    uint8_t head = *scan->at++;
    if (head < 0x80 || head >= 0xe0) return true; /* small integers */
    if (head < 0x90) return scan_pairs(scan, head & 0x0f, depth);
    if (head < 0xa0) return scan_items(scan, head & 0x0f, depth);
    if (head < 0xc0) return scan_body(scan, head & 0x1f, true);
    if (head == 0xc4) { /* bytes, one-byte length: every length is its shortest form */
        if (scan->at >= scan->end) return fail(scan, "truncated");
        uint64_t length = *scan->at++;
        return scan_body(scan, length, false);
    }
    return scan_long(scan, head, depth);
}

enum err unpack(const void *bytes, size_t count, size_t nodes_max, struct unpacked *into, struct refusal *why)
{
    if (count == 0) return refuse_text(why, ERR_BAD_FRAME, "truncated"); /* bytes may be NULL then */
    struct scan scan = {bytes, (const uint8_t *)bytes + count, nodes_max, NULL};
    if (!scan_value(&scan, 0)) return refuse_text(why, ERR_BAD_FRAME, scan.fault);
    if (scan.at != scan.end) return refuse_text(why, ERR_BAD_FRAME, "bytes left over");
    msgpack_zone *zone = msgpack_zone_new(2048);
    msgpack_object *root = zone != NULL ? msgpack_zone_malloc(zone, sizeof *root) : NULL;
    size_t offset = 0;
    if (root == NULL || msgpack_unpack(bytes, count, &offset, zone, root) != MSGPACK_UNPACK_SUCCESS) {
        if (zone != NULL) msgpack_zone_free(zone);
        return refuse(why, ERR_MEMORY);
    }
    into->zone = zone;
    into->root = (const struct item *)root;
    return OK;
}

void unpack_free(struct unpacked *unpacked)
{
    if (unpacked->zone != NULL) msgpack_zone_free(unpacked->zone);
    *unpacked = (struct unpacked){0};
}

static const msgpack_object *object(const struct item *item)
{
    return (const msgpack_object *)item;
}

bool item_int(const struct item *item, int64_t lo, int64_t hi, int64_t *number)
{
    const msgpack_object *it = object(item);
    int64_t value;
    if (it == NULL) return false;
    if (it->type == MSGPACK_OBJECT_POSITIVE_INTEGER) {
        if (it->via.u64 > INT64_MAX) return false;
        value = (int64_t)it->via.u64;
    } else if (it->type == MSGPACK_OBJECT_NEGATIVE_INTEGER)
        value = it->via.i64;
    else
        return false;
    if (value < lo || value > hi) return false;
    *number = value;
    return true;
}

bool item_text(const struct item *item, struct text *text)
{
    const msgpack_object *it = object(item);
    if (it == NULL || it->type != MSGPACK_OBJECT_STR) return false;
    *text = (struct text){it->via.str.size > 0 ? it->via.str.ptr : "", it->via.str.size}; /* msgpack-c gives NULL */
    return true;
}

bool item_bytes(const struct item *item, struct text *bytes)
{
    const msgpack_object *it = object(item);
    if (it == NULL || it->type != MSGPACK_OBJECT_BIN) return false;
    *bytes = (struct text){it->via.bin.size > 0 ? it->via.bin.ptr : "", it->via.bin.size};
    return true;
}

bool item_array(const struct item *item, size_t *count)
{
    const msgpack_object *it = object(item);
    if (it == NULL || it->type != MSGPACK_OBJECT_ARRAY) return false;
    *count = it->via.array.size;
    return true;
}

bool item_map(const struct item *item, size_t *count)
{
    const msgpack_object *it = object(item);
    if (it == NULL || it->type != MSGPACK_OBJECT_MAP) return false;
    *count = it->via.map.size;
    return true;
}

bool item_is_nil(const struct item *item)
{
    return item != NULL && object(item)->type == MSGPACK_OBJECT_NIL;
}

const struct item *item_at(const struct item *array, size_t i)
{
    size_t count;
    if (!item_array(array, &count) || i >= count) return NULL;
    return (const struct item *)&object(array)->via.array.ptr[i];
}

const struct item *item_key(const struct item *map, size_t i)
{
    size_t count;
    if (!item_map(map, &count) || i >= count) return NULL;
    return (const struct item *)&object(map)->via.map.ptr[i].key;
}

const struct item *item_value(const struct item *map, size_t i)
{
    size_t count;
    if (!item_map(map, &count) || i >= count) return NULL;
    return (const struct item *)&object(map)->via.map.ptr[i].val;
}

void pack_item(struct pack *pack, const struct item *item)
{
    msgpack_packer to = packer(pack);
    msgpack_pack_object(&to, *object(item));
}
