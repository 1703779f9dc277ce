/* space.c - building keys. */
#include "proto/space.h"

#include <assert.h>
#include <string.h>

void key_clear(struct key *key)
{
    key->used = 0;
}

void key_bytes(struct key *key, const void *bytes, size_t count)
{
    assert(count <= KEY_MAX - key->used);
    if (count > 0) memcpy(key->bytes + key->used, bytes, count);
    key->used += count;
}

void key_byte(struct key *key, uint8_t byte)
{
    key_bytes(key, &byte, 1);
}

void key_number(struct key *key, uint64_t number)
{
    uint8_t bytes[8];
    for (int i = 7; i >= 0; i--) {
        bytes[i] = (uint8_t)number;
        number >>= 8;
    }
    key_bytes(key, bytes, sizeof bytes);
}

void key_signed(struct key *key, int64_t number)
{
    key_number(key, (uint64_t)number ^ (1ull << 63));
}

uint64_t key_read(const struct key *key, size_t offset)
{
    uint64_t number = 0;
    assert(offset + 8 <= key->used);
    for (size_t i = 0; i < 8; i++)
        number = number << 8 | key->bytes[offset + i];
    return number;
}

bool key_has_prefix(const struct key *key, const struct key *prefix)
{
    return key->used >= prefix->used && memcmp(key->bytes, prefix->bytes, prefix->used) == 0;
}

void key_after(struct key *key)
{
    key_byte(key, 0);
}
