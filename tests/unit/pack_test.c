/* pack_test.c - canonical MessagePack: one form for each content, every other refused, nothing that grows. */
#include "proto/pack.h"
#include "tests/lib/rng.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
enum { NODES = 4096 };

/* "92 01 a1 61", and "x300" for so many bytes of 'x' (0x78). */
static size_t unhex(const char *text, uint8_t *bytes)
{
    size_t used = 0;
    while (*text != '\0') {
        unsigned value;
        int length;
        if (*text == ' ')
            text++;
        else if (*text == 'x') {
            unsigned long count = strtoul(text + 1, (char **)(uintptr_t)&text, 10);
            memset(bytes + used, 'x', count);
            used += count;
        } else if (sscanf(text, "%2x%n", &value, &length) == 1) {
            bytes[used++] = (uint8_t)value;
            text += length;
        }
    }
    return used;
}

static enum err read_bytes(const void *bytes, size_t count, size_t nodes, struct refusal *why)
{
    struct unpacked unpacked;
    enum err err = unpack(bytes, count, nodes, &unpacked, why);
    if (err != OK) return err;
    /* what is accepted is written again as it was read */
    struct pack pack;
    pack_init(&pack, 1 << 20);
    pack_item(&pack, unpacked.root);
    assert_false(pack.failed);
    assert_int_equal(pack.used, count);
    assert_memory_equal(pack.at, bytes, count);
    pack_free(&pack);
    unpack_free(&unpacked);
    return OK;
}

static void run_hex(const char *const *cases, size_t count, enum err want, const char *why_text)
{
    static uint8_t bytes[1 << 18];
    for (size_t i = 0; i < count; i++) {
        struct refusal why = {.err = OK};
        enum err err = read_bytes(bytes, unhex(cases[i], bytes), NODES, &why);
        if (err != want) fail_msg("%s: %s", cases[i], err_name(err));
        if (why_text != NULL && strcmp(why.text, why_text) != 0) fail_msg("%s: \"%s\"", cases[i], why.text);
    }
}

static void the_shortest_forms_are_taken(void **state)
{
    static const char *const cases[] = {
        "00",
        "7f",
        "e0",
        "ff",
        "cc 80",
        "cc ff",
        "cd 0100",
        "cd ffff",
        "ce 00010000",
        "ce ffffffff",
        "cf 0000000100000000",
        "cf ffffffffffffffff",
        "d0 df",
        "d0 80",
        "d1 ff7f",
        "d1 8000",
        "d2 ffff7fff",
        "d2 80000000",
        "d3 ffffffff7fffffff",
        "d3 8000000000000000",
        "c0",
        "a0",
        "a1 61",
        "bf x31",
        "d9 20 x32",
        "d9 ff x255",
        "da 0100 x256",
        "da ffff x65535",
        "db 00010000 x65536",
        "c4 00",
        "c4 ff x255",
        "c5 0100 x256",
        "c5 ffff x65535",
        "c6 00010000 x65536",
        "90",
        "91 00",
        "9f x15",
        "dc 0010 x16",
        "80",
        "81 00 00",
        "82 00 00 01 00",
        "82 7f 00 cc80 00",
        "81 ccff 00",
        "a6 e5b2b3e998b3",
        "8f 00 00 01 00 02 00 03 00 04 00 05 00 06 00 07 00 08 00 09 00 0a 00 0b 00 0c 00 0d 00 0e 00",
        "de 0010 00 00 01 00 02 00 03 00 04 00 05 00 06 00 07 00 08 00 09 00 0a 00 0b 00 0c 00 0d 00 0e 00 0f 00",
        "91 91 91 91 91 91 91 91 00",
        "81 00 91 81 00 91 81 00 91 81 00 90",
    };
    (void)state;
    run_hex(cases, COUNT(cases), OK, NULL);
}

static void every_longer_form_is_refused(void **state)
{
    static const char *const cases[] = {
        "cc 00",
        "cc 7f",
        "cd 0000",
        "cd 00ff",
        "ce 00000000",
        "ce 0000ffff",
        "cf 0000000000000001",
        "cf 00000000ffffffff",
        "d0 00",
        "d0 7f",
        "d0 e0",
        "d0 ff",
        "d1 0000",
        "d1 7fff",
        "d1 ff80",
        "d1 ffff",
        "d2 00000001",
        "d2 7fffffff",
        "d2 ffff8000",
        "d2 ffffffff",
        "d3 0000000000000001",
        "d3 7fffffffffffffff",
        "d3 ffffffff80000000",
        "d3 ffffffffffffffff",
        "d9 00",
        "d9 1f x31",
        "da 0000",
        "da 00ff x255",
        "db 00000000",
        "db 0000ffff x65535",
        "c5 0000",
        "c5 00ff x255",
        "c6 00000000",
        "c6 0000ffff x65535",
        "dc 0000",
        "dc 000f x15",
        "dd 00000000",
        "dd 0000ffff x65535",
        "de 0000",
        "de 000f x30",
        "df 00000000",
        "81 cc7f 00",
    };
    (void)state;
    run_hex(cases, COUNT(cases), ERR_BAD_FRAME, "not in shortest form");
}

static void keys_ascend_and_are_small_numbers(void **state)
{
    static const char *const order[] = {"82 01 00 01 00",   "82 02 00 01 00",     "83 00 00 02 00 01 00",
                                        "82 cc80 00 7f 00", "82 cc80 00 cc80 00", "92 00 82 05 00 05 00",
                                        "82 00 00 00 00"};
    static const char *const kinds[] = {"81 ff 00", "81 a1 61 00", "81 c0 00",   "81 cd0100 00",
                                        "81 90 00", "81 80 00",    "81 c4 00 00"};
    (void)state;
    run_hex(order, COUNT(order), ERR_BAD_FRAME, "keys not ascending");
    run_hex(kinds, COUNT(kinds), ERR_BAD_FRAME, "a key is no small number");
}

static void forms_that_are_not_used_are_refused(void **state)
{
    static const char *const cases[] = {
        "c1",
        "c2",
        "c3",
        "ca 3f800000",
        "cb 3ff0000000000000",
        "c7 01 05 00",
        "c8 0100 05 x256",
        "c9 00010000 05 x65536",
        "d4 05 00",
        "d5 05 0000",
        "d6 05 00000000",
        "d7 05 0000000000000000",
        "d8 05 x16",
        "91 c3",
        "81 00 ca 3f800000",
        "d6 ff 00000000",
    };
    (void)state;
    run_hex(cases, COUNT(cases), ERR_BAD_FRAME, "a form that is not used");
}

static void texts_are_utf8(void **state)
{
    static const char *const cases[] = {"a1 ff",       "a1 80",      "a2 c0af",     "a3 eda080",   "a2 e4b8",
                                        "a4 f4908080", "91 a2 61ff", "81 00 a1 fe", "d9 20 x31 ff"};
    static const char *const bytes_may[] = {"c4 01 ff", "c4 02 c0af"};
    (void)state;
    run_hex(cases, COUNT(cases), ERR_BAD_FRAME, "not UTF-8");
    run_hex(bytes_may, COUNT(bytes_may), OK, NULL);
}

static void a_message_is_one_whole_value(void **state)
{
    static const char *const cut[] = {
        "",
        "cc",
        "cd 01",
        "ce 000100",
        "cf 00000001000000",
        "d0",
        "d1 80",
        "d3 80000000000000",
        "a1",
        "d9",
        "d9 20",
        "d9 20 x31",
        "da 01",
        "da 0100 x255",
        "db 00010000 x65535",
        "c4",
        "c4 01",
        "c5 0100 x255",
        "c6 00010000 x65535",
        "91",
        "92 00",
        "dc 0010 x15",
        "81",
        "81 00",
        "82 00 00 01",
        "de 0010 00 00",
        "91 91 91",
    };
    static const char *const more[] = {"00 00", "90 00", "a1 61 62", "80 80", "c0 c0", "91 00 91"};
    (void)state;
    run_hex(cut, COUNT(cut), ERR_BAD_FRAME, "truncated");
    run_hex(more, COUNT(more), ERR_BAD_FRAME, "bytes left over");
}

static void length_bombs_are_refused_before_anything_is_allocated(void **state)
{
    static const char *const cases[] = {
        "dd 02000000",        "dd 04000000",    "dd ffffffff",       "df 02000000", "df ffffffff", "db ffffffff",
        "c6 ffffffff",        "dc ffff",        "de ffff",           "c5 ffff",     "da ffff",     "dd 00010000 x65535",
        "df 00010000 x65536", "91 dd 02000000", "81 00 df 02000000",
    };
    uint8_t nested[8 * 3 + 4];
    struct refusal why;
    (void)state;
    run_hex(cases, COUNT(cases), ERR_BAD_FRAME, "truncated");
    for (size_t i = 0; i < sizeof nested; i++)
        nested[i] = i % 3 == 0 ? 0xdc : i % 3 == 1 ? 0x40 : 0x00;
    assert_int_equal(read_bytes(nested, sizeof nested, NODES, &why), ERR_BAD_FRAME);
}

static void nesting_is_bounded(void **state)
{
    uint8_t bytes[20000];
    struct refusal why;
    (void)state;
    for (size_t depth = 1; depth < 40; depth++) {
        memset(bytes, 0x91, depth);
        bytes[depth] = 0;
        enum err err = read_bytes(bytes, depth + 1, NODES, &why);
        assert_int_equal(err, depth <= UNPACK_DEPTH_MAX ? OK : ERR_BAD_FRAME);
        if (err != OK) assert_string_equal(why.text, "nested too deeply");
        for (size_t i = 0; i < depth; i++)
            bytes[2 * i] = 0x81, bytes[2 * i + 1] = 0;
        bytes[2 * depth] = 0;
        assert_int_equal(read_bytes(bytes, 2 * depth + 1, NODES, &why), depth <= UNPACK_DEPTH_MAX ? OK : ERR_BAD_FRAME);
    }
    memset(bytes, 0x91, sizeof bytes); /* deep enough to break a stack that follows it */
    assert_int_equal(read_bytes(bytes, sizeof bytes, 1 << 20, &why), ERR_BAD_FRAME);
}

static void the_number_of_values_is_bounded(void **state)
{
    uint8_t bytes[3 + 2000];
    struct refusal why;
    (void)state;
    memset(bytes, 0x90, sizeof bytes); /* many empty arrays: cheap to send, dear to keep */
    memcpy(bytes, "\xdc\x07\xd0", 3);
    assert_int_equal(read_bytes(bytes, sizeof bytes, 2001, &why), OK);
    assert_int_equal(read_bytes(bytes, sizeof bytes, 2000, &why), ERR_BAD_FRAME);
    assert_string_equal(why.text, "too many values");
    assert_int_equal(read_bytes("", 0, 0, &why), ERR_BAD_FRAME);
    assert_int_equal(read_bytes("\x00", 1, 1, &why), OK);
}

/* ---- writing ---- */

static void numbers_are_written_in_their_shortest_form(void **state)
{
    static const struct {
        int64_t number;
        size_t bytes;
    } cases[] = {
        {0, 1},      {127, 1},    {128, 2},           {255, 2},           {256, 3},
        {65535, 3},  {65536, 5},  {4294967295, 5},    {4294967296, 9},    {INT64_MAX, 9},
        {-1, 1},     {-32, 1},    {-33, 2},           {-128, 2},          {-129, 3},
        {-32768, 3}, {-32769, 5}, {-2147483648ll, 5}, {-2147483649ll, 9}, {INT64_MIN, 9},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct pack pack;
        struct unpacked unpacked;
        int64_t number = 0;
        pack_init(&pack, 100);
        pack_int(&pack, cases[i].number);
        assert_int_equal(pack.used, cases[i].bytes);
        assert_int_equal(unpack(pack.at, pack.used, 1, &unpacked, NULL), OK);
        assert_true(item_int(unpacked.root, INT64_MIN, INT64_MAX, &number));
        assert_true(number == cases[i].number);
        unpack_free(&unpacked);
        pack_free(&pack);
    }
}

static void write_tree(struct rng *rng, struct pack *pack, unsigned depth)
{
    static const char text[] = "岳阳市重点项目督办岳阳市重点项目督办abcdefghijklmnopqrstuvwxyz0123456789";
    uint64_t form = rng_below(rng, depth < UNPACK_DEPTH_MAX ? 6 : 4), count = rng_below(rng, 20);
    switch (form) {
    case 0: pack_nil(pack); break;
    case 1: pack_int(pack, (int64_t)(rng_next(rng) >> rng_below(rng, 64)) * (rng_once_in(rng, 2) ? 1 : -1)); break;
    case 2: pack_text(pack, (struct text){text, (uint32_t)(3 * rng_below(rng, 18))}); break;
    case 3: pack_bytes(pack, text, rng_below(rng, sizeof text)); break;
    case 4:
        pack_array(pack, count);
        while (count-- > 0)
            write_tree(rng, pack, depth + 1);
        break;
    default: {
        int64_t key = -1;
        pack_map(pack, count);
        while (count-- > 0) {
            pack_int(pack, key += 1 + (int64_t)rng_below(rng, 12));
            write_tree(rng, pack, depth + 1);
        }
    }
    }
}

static void whatever_is_written_is_read_back(void **state)
{
    struct rng rng = rng_make(3);
    (void)state;
    for (int i = 0; i < 3000; i++) {
        struct pack pack;
        struct refusal why;
        pack_init(&pack, 1 << 20);
        write_tree(&rng, &pack, 0);
        if (!pack.failed && read_bytes(pack.at, pack.used, 1 << 20, &why) != OK) fail_msg("round %d: %s", i, why.text);
        pack_free(&pack);
    }
}

/* Damaged messages are refused or mean something else; never is one content read from two forms. */
static void damaged_messages_do_no_harm(void **state)
{
    struct rng rng = rng_make(4);
    struct pack pack;
    unsigned refused = 0;
    (void)state;
    pack_init(&pack, 4096);
    for (int i = 0; i < 100000; i++) {
        if (i % 20 == 0) {
            pack_clear(&pack);
            write_tree(&rng, &pack, rng_once_in(&rng, 2) ? 5 : 3);
        }
        if (pack.failed || pack.used == 0) continue;
        pack.at[rng_below(&rng, pack.used)] = (uint8_t)rng_next(&rng);
        size_t count = rng_once_in(&rng, 3) ? rng_below(&rng, pack.used + 1) : pack.used;
        refused += read_bytes(pack.at, count, NODES, NULL) != OK; /* asserts the same bytes when it is OK */
    }
    assert_true(refused > 1000);
    pack_free(&pack);
}

static void a_writer_stays_within_its_bound(void **state)
{
    struct pack pack;
    (void)state;
    pack_init(&pack, 10);
    pack_raw(&pack, "12345678", 8);
    assert_false(pack.failed);
    pack_raw(&pack, "345", 3);
    assert_true(pack.failed);
    assert_int_equal(pack.used, 8);
    pack_raw(&pack, "9", 1); /* it would fit, but something is missing before it */
    pack_int(&pack, 1);
    assert_int_equal(pack.used, 8);
    pack_clear(&pack);
    assert_false(pack.failed);
    pack_raw(&pack, "1234567890", 10);
    assert_false(pack.failed);
    assert_int_equal(pack.used, 10);
    assert_true(pack.room <= 10);
    pack_int(&pack, 1);
    assert_true(pack.failed);
    pack_free(&pack);

    pack_init(&pack, 1 << 20); /* grows on the way, keeps what it has */
    for (int i = 0; i < 100000; i++)
        pack_int(&pack, i & 127);
    assert_int_equal(pack.used, 100000);
    for (size_t i = 0; i < pack.used; i++)
        assert_int_equal(pack.at[i], i & 127);
    pack_free(&pack);
    pack_init(&pack, 0);
    pack_raw(&pack, "", 0);
    assert_false(pack.failed);
    pack_nil(&pack);
    assert_true(pack.failed);
    pack_free(&pack);
}

static void items_are_only_what_they_are(void **state)
{
    struct unpacked unpacked;
    struct text text = {"kept", 4};
    size_t count = 77;
    int64_t number = 77;
    (void)state;
    assert_int_equal(unpack("\x94\x05\xa1"
                            "a\xc4\x01"
                            "b\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
                            16, 10, &unpacked, NULL),
                     OK);
    const struct item *root = unpacked.root;
    assert_true(item_int(item_at(root, 0), 0, 5, &number) && number == 5);
    assert_false(item_int(item_at(root, 0), 0, 4, &number));
    assert_false(item_int(item_at(root, 0), 6, 9, &number));
    assert_false(item_int(item_at(root, 1), INT64_MIN, INT64_MAX, &number));
    assert_false(item_int(item_at(root, 3), INT64_MIN, INT64_MAX, &number)); /* past what fits */
    assert_int_equal(number, 5);
    assert_false(item_text(item_at(root, 2), &text));
    assert_false(item_bytes(item_at(root, 1), &text));
    assert_true(text_equal(text, text_of("kept"))); /* untouched by refusals */
    assert_true(item_text(item_at(root, 1), &text) && text_equal(text, text_of("a")));
    assert_true(item_bytes(item_at(root, 2), &text) && text_equal(text, text_of("b")));
    assert_false(item_map(root, &count));
    assert_true(item_array(root, &count) && count == 4);
    assert_null(item_at(root, 4));
    assert_null(item_key(root, 0));
    assert_null(item_value(root, 0));
    assert_null(item_at(item_at(root, 0), 0));
    assert_false(item_int(NULL, 0, 1, &number) || item_text(NULL, &text) || item_bytes(NULL, &text));
    assert_false(item_array(NULL, &count) || item_map(NULL, &count) || item_is_nil(NULL));
    unpack_free(&unpacked);
    unpack_free(&unpacked); /* twice is harmless */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shortest_forms_are_taken),
        cmocka_unit_test(every_longer_form_is_refused),
        cmocka_unit_test(keys_ascend_and_are_small_numbers),
        cmocka_unit_test(forms_that_are_not_used_are_refused),
        cmocka_unit_test(texts_are_utf8),
        cmocka_unit_test(a_message_is_one_whole_value),
        cmocka_unit_test(length_bombs_are_refused_before_anything_is_allocated),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(the_number_of_values_is_bounded),
        cmocka_unit_test(numbers_are_written_in_their_shortest_form),
        cmocka_unit_test(whatever_is_written_is_read_back),
        cmocka_unit_test(damaged_messages_do_no_harm),
        cmocka_unit_test(a_writer_stays_within_its_bound),
        cmocka_unit_test(items_are_only_what_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
