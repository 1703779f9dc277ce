/* pack_fuzz.c - any bytes as packed values: what is accepted has one form, and every part of it can be reached. */
#include "tests/fuzz/fuzz.h"

enum { NODES_MAX = 4096 };

static unsigned walk(const struct item *item, unsigned depth)
{
    struct text text;
    size_t count;
    int64_t number;
    unsigned seen = 1;
    HOLDS(depth <= UNPACK_DEPTH_MAX);
    unsigned forms = item_int(item, INT64_MIN, INT64_MAX, &number) + item_is_nil(item);
    if (item_text(item, &text)) {
        const char *at = text.at, *end = at + text.length;
        for (uint32_t code; at < end;)
            HOLDS(utf8_next(&at, end, &code));
        forms++;
    }
    if (item_bytes(item, &text)) {
        volatile unsigned sum = 0;
        for (uint32_t i = 0; i < text.length; i++)
            sum = sum + (uint8_t)text.at[i];
        forms++;
    }
    if (item_array(item, &count)) {
        for (size_t i = 0; i < count; i++)
            seen += walk(item_at(item, i), depth + 1);
        HOLDS(item_at(item, count) == NULL);
        forms++;
    }
    if (item_map(item, &count)) {
        for (size_t i = 0; i < count; i++)
            seen += walk(item_value(item, i), depth + 1);
        HOLDS(item_key(item, count) == NULL && item_value(item, count) == NULL);
        forms++;
    }
    HOLDS(forms <= 1); /* none: a number above INT64_MAX */
    return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct unpacked unpacked;
    struct refusal why;
    struct pack pack;
    enum err err = unpack(data, size, NODES_MAX, &unpacked, &why);
    HOLDS(err == OK || (err == why.err && why.text[0] != '\0'));
    if (err != OK) return 0;
    HOLDS(walk(unpacked.root, 0) <= NODES_MAX);
    pack_init(&pack, 4 * size + 64);
    pack_item(&pack, unpacked.root);
    HOLDS(same_bytes(&pack, data, size));
    pack_free(&pack);
    unpack_free(&unpacked);
    return 0;
}
