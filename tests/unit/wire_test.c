/* wire_test.c - every frame comes back as it was sent; whatever is cut, changed or from the wrong side is refused. */
#include "proto/wire.h"
#include "tests/lib/frames.h"
#include "tests/lib/sample.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum { ROUNDS = 300 };

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_clear(&arena);
    return 0;
}

/* Bytes in a block of exactly their size, so that reading past them is noticed. */
static uint8_t *exact(const void *bytes, size_t count)
{
    uint8_t *copy = malloc(count > 0 ? count : 1);
    if (copy == NULL) abort();
    memcpy(copy, bytes, count);
    return copy;
}

static void frames_come_back_as_they_were_sent(void **state)
{
    struct rng rng = rng_make(20);
    struct pack pack, again;
    (void)state;
    pack_init(&pack, FRAME_BYTES_MAX);
    pack_init(&again, FRAME_BYTES_MAX);
    for (enum frame_type type = frame_type_next(0); type != 0; type = frame_type_next(type))
        for (int i = 0; i < ROUNDS; i++) {
            struct frame frame;
            struct refusal why;
            pack_clear(&pack);
            pack_clear(&again);
            frame_sample(&rng, type, &arena, &pack);
            assert_false(pack.failed);
            uint8_t *bytes = exact(pack.at, pack.used);
            enum err err = frame_read(bytes, pack.used, frame_is_clients(type), &arena, &frame, &why);
            if (err != OK) fail_msg("type %d: %s %s", type, err_name(err), why.text);
            assert_int_equal(frame.type, type);
            frame_repack(&frame, &again);
            if (again.used != pack.used || memcmp(again.at, pack.at, pack.used) != 0)
                fail_msg("type %d: another frame", type);
            free(bytes);
            arena_reuse(&arena);
        }
    pack_free(&pack);
    pack_free(&again);
}

static void every_cut_is_refused(void **state)
{
    struct rng rng = rng_make(21);
    struct pack pack;
    (void)state;
    pack_init(&pack, FRAME_BYTES_MAX);
    for (enum frame_type type = frame_type_next(0); type != 0; type = frame_type_next(type))
        for (int i = 0; i < 10; i++) {
            struct frame frame;
            pack_clear(&pack);
            frame_sample(&rng, type, &arena, &pack);
            for (size_t length = 0; length < pack.used; length++) {
                uint8_t *bytes = exact(pack.at, length);
                assert_int_equal(frame_read(bytes, length, frame_is_clients(type), &arena, &frame, NULL),
                                 ERR_BAD_FRAME);
                free(bytes);
            }
            arena_reuse(&arena);
        }
    pack_free(&pack);
}

/* Any byte changed: refused, or a frame that has exactly this form. */
static void every_changed_byte_is_refused_or_harmless(void **state)
{
    struct rng rng = rng_make(22);
    struct pack pack, again;
    (void)state;
    pack_init(&pack, FRAME_BYTES_MAX);
    pack_init(&again, FRAME_BYTES_MAX);
    for (enum frame_type type = frame_type_next(0); type != 0; type = frame_type_next(type))
        for (int i = 0; i < 6; i++) {
            pack_clear(&pack);
            frame_sample(&rng, type, &arena, &pack);
            uint8_t *bytes = exact(pack.at, pack.used);
            for (size_t at = 0; at < pack.used; at++) {
                struct frame frame;
                bytes[at] = (uint8_t)rng_next(&rng);
                if (frame_read(bytes, pack.used, frame_is_clients(type), &arena, &frame, NULL) == OK) {
                    pack_clear(&again);
                    bool whole = frame_repack(&frame, &again);
                    if (whole && frame.type != FRAME_PAGE) { /* compression has many forms */
                        assert_int_equal(again.used, pack.used);
                        assert_memory_equal(again.at, bytes, pack.used);
                    }
                }
                bytes[at] = pack.at[at];
                arena_reuse(&arena);
            }
            free(bytes);
        }
    pack_free(&pack);
    pack_free(&again);
}

static void each_side_takes_only_what_the_other_sends(void **state)
{
    struct rng rng = rng_make(23);
    struct pack pack;
    (void)state;
    pack_init(&pack, FRAME_BYTES_MAX);
    for (enum frame_type type = frame_type_next(0); type != 0; type = frame_type_next(type)) {
        struct frame frame;
        struct refusal why;
        pack_clear(&pack);
        frame_sample(&rng, type, &arena, &pack);
        assert_int_equal(frame_read(pack.at, pack.used, !frame_is_clients(type), &arena, &frame, &why), ERR_BAD_FRAME);
    }
    pack_free(&pack);
}

static void frames_of_a_newer_protocol_are_told_apart_from_malformed_ones(void **state)
{
    static const struct {
        const char *bytes;
        size_t count;
        bool from_client;
        enum err want;
    } cases[] = {
        {"\x91\x07", 2, true, ERR_VERSION}, /* a client's type that is not known here */
        {"\x92\x1f\x01", 3, true, ERR_VERSION},
        {"\x91\x2a", 2, false, ERR_VERSION}, /* a daemon's */
        {"\x92\x7f\xc0", 3, false, ERR_VERSION},
        {"\x91\x00", 2, true, ERR_BAD_FRAME},
        {"\x91\xcc\x80", 3, false, ERR_BAD_FRAME},
        {"\x90", 1, true, ERR_BAD_FRAME},
        {"\x05", 1, true, ERR_BAD_FRAME},
        {"\x80", 1, true, ERR_BAD_FRAME},
        {"", 0, true, ERR_BAD_FRAME},
        {"", 0, false, ERR_BAD_FRAME},
        {"\x91\xa1"
         "a",
         3, true, ERR_BAD_FRAME},
        {"\x91\x06", 2, true, OK}, /* bye */
        {"\x92\x06\x00", 3, true, ERR_BAD_FRAME},
        {"\x91\x06\x00", 3, true, ERR_BAD_FRAME},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct frame frame;
        enum err err = frame_read(cases[i].bytes, cases[i].count, cases[i].from_client, &arena, &frame, NULL);
        if (err != cases[i].want) fail_msg("case %zu: %s", i, err_name(err));
    }
}

static void frames_have_a_largest_size(void **state)
{
    static uint8_t big[FRAME_BYTES_MAX + 1];
    struct frame frame;
    struct refusal why;
    (void)state;
    memset(big, 0xc0, sizeof big);
    assert_int_equal(frame_read(big, REQUEST_BYTES_MAX + 1, true, &arena, &frame, &why), ERR_BAD_FRAME);
    assert_string_equal(why.text, "too large");
    assert_int_equal(frame_read(big, FRAME_BYTES_MAX + 1, false, &arena, &frame, &why), ERR_BAD_FRAME);
    assert_string_equal(why.text, "too large");
}

/* ---- pages ---- */

/* A page frame around bytes that are said to be `count` changes of `size` bytes when unpacked. */
static enum err read_page(const void *bytes, size_t length, int64_t count, int64_t size, struct refusal *why)
{
    struct pack pack;
    struct frame frame;
    pack_init(&pack, 2 * FRAME_BYTES_MAX);
    pack_array(&pack, 6);
    pack_int(&pack, FRAME_PAGE);
    pack_int(&pack, 9);
    pack_int(&pack, 0);
    pack_int(&pack, count);
    pack_int(&pack, size);
    pack_bytes(&pack, bytes, length);
    enum err err = frame_read(pack.at, pack.used, false, &arena, &frame, why);
    pack_free(&pack);
    return err;
}

static void a_page_holds_what_it_says(void **state)
{
    static const uint8_t gone[] = {0x93, OP_GONE, KIND_report, 0x05}; /* [GONE, report, 5] */
    uint8_t packed[200], two[8];
    struct refusal why;
    (void)state;
    memcpy(two, gone, 4);
    memcpy(two + 4, gone, 4);
    assert_int_equal(read_page(gone, sizeof gone, 1, 0, &why), OK);
    assert_int_equal(read_page(two, sizeof two, 2, 0, &why), OK);
    assert_int_equal(read_page(two, sizeof two, 1, 0, &why), ERR_BAD_FRAME);
    assert_int_equal(read_page(gone, sizeof gone, 2, 0, &why), ERR_BAD_FRAME);
    assert_int_equal(read_page(gone, sizeof gone, 5000, 0, &why), ERR_BAD_FRAME);
    assert_int_equal(read_page("", 0, 0, 0, &why), OK);

    size_t size = ZSTD_compress(packed, sizeof packed, two, sizeof two, 3);
    assert_false(ZSTD_isError(size));
    assert_int_equal(read_page(packed, size, 2, sizeof two, &why), OK);
    assert_int_equal(read_page(packed, size, 2, sizeof two - 1, &why), ERR_BAD_FRAME);
    assert_int_equal(read_page(packed, size, 2, sizeof two + 1, &why), ERR_BAD_FRAME);
    assert_int_equal(read_page(packed, size, 2, 0, &why), ERR_BAD_FRAME); /* not compressed, it says */
    assert_int_equal(read_page(packed, size - 1, 2, sizeof two, &why), ERR_BAD_FRAME);
    packed[size / 2] ^= 0xff;
    assert_int_equal(read_page(packed, size, 2, sizeof two, &why), ERR_BAD_FRAME);
}

static void a_page_that_swells_is_refused(void **state)
{
    enum { HUGE_BYTES = 64 << 20 };
    char *zeroes = calloc(1, HUGE_BYTES), *packed = malloc(ZSTD_compressBound(HUGE_BYTES));
    struct refusal why;
    (void)state;
    assert_true(zeroes != NULL && packed != NULL);
    size_t size = ZSTD_compress(packed, ZSTD_compressBound(HUGE_BYTES), zeroes, HUGE_BYTES, 1);
    assert_true(size < FRAME_BYTES_MAX - 64);
    assert_int_equal(read_page(packed, size, 1, HUGE_BYTES, &why), ERR_BAD_FRAME);
    assert_int_equal(read_page(packed, size, 1, PAGE_BYTES_MAX, &why), ERR_BAD_FRAME);
    assert_true(arena.used_bytes <= 2 * PAGE_BYTES_MAX);
    assert_int_equal(read_page(zeroes, PAGE_BYTES_MAX + 1000, 1, 0, &why), ERR_BAD_FRAME);
    free(zeroes);
    free(packed);
}

/* ---- what is not known here ---- */

static void unknown_kinds_and_fields_are_no_fault_of_a_daemon(void **state)
{
    struct pack pack;
    struct frame frame;
    (void)state;
    pack_init(&pack, 1000);
    pack_array(&pack, 3);
    pack_int(&pack, FRAME_PUSH);
    pack_int(&pack, 4);
    pack_array(&pack, 1);
    pack_array(&pack, 6);
    for (int i = 0; i < 5; i++)
        pack_int(&pack, i == 3 ? 63 : 5); /* about a kind of a newer version */
    pack_array(&pack, 2);
    pack_array(&pack, 5);
    pack_int(&pack, OP_WHOLE);
    pack_int(&pack, 63);
    pack_int(&pack, 8);
    pack_int(&pack, 3); /* its version */
    pack_map(&pack, 1);
    pack_int(&pack, 9);
    pack_nil(&pack);
    pack_array(&pack, 4);
    pack_int(&pack, OP_DIFF);
    pack_int(&pack, KIND_report);
    pack_int(&pack, 8);
    pack_map(&pack, 2);
    pack_int(&pack, 11);
    pack_int(&pack, 100);
    pack_int(&pack, 60);
    pack_text(&pack, text_of("new"));
    assert_int_equal(frame_read(pack.at, pack.used, false, &arena, &frame, NULL), OK);
    const struct wire_entry *entry = &frame.as.push.entries[0];
    assert_int_equal(entry->count, 2);
    assert_int_equal(entry->changes[0].record.kind, 63);
    assert_int_equal(entry->changes[1].mask, FIELD_BIT(report_invested));
    assert_int_equal(entry->changes[1].record.version, 5); /* the entry's number */
    assert_int_equal(entry->changes[1].record.extra_count, 1);
    pack_free(&pack);
}

/* What can't be in an index finds nothing; it must not come as far as a key. */
static void a_query_that_fits_no_index_is_marked(void **state)
{
    static const struct {
        uint8_t bytes[12];
        size_t count;
    } misfits[] = {
        {{0x96, FRAME_QUERY, 1, QUERY_FIND, 126, 0x90, 0}, 7},                          /* no such index */
        {{0x96, FRAME_QUERY, 1, QUERY_FIND, IX_report_month, 0x94, 1, 1, 1, 1, 0}, 11}, /* more values than it has */
        {{0x96, FRAME_QUERY, 1, QUERY_FIND, IX_unit_code, 0x91, 1, 0}, 8},              /* a number for a text */
        {{0x96, FRAME_QUERY, 1, QUERY_FIND, IX_report_month, 0x91, 0xa1, 'a', 0}, 9},   /* a text for a number */
        {{0x96, FRAME_QUERY, 1, QUERY_FIND, IX_device_transport, 0x91, 0xc4, 1, 7, 0}, 10}, /* a short key */
    };
    static const uint8_t good[] = {0x96, FRAME_QUERY, 1, QUERY_FIND, IX_report_month, 0x92, 1, 2, 0};
    static const uint8_t bad[][8] = {
        {0x95, FRAME_QUERY, 1, 9, 1, 1}, {0x95, FRAME_QUERY, 1, 0, 1, 1}, {0x94, FRAME_QUERY, 1, QUERY_GET, 1}};
    static const size_t bad_lengths[] = {6, 6, 5};
    struct frame frame;
    (void)state;
    assert_int_equal(frame_read(good, sizeof good, true, &arena, &frame, NULL), OK);
    assert_false(frame.as.query.misfit);
    assert_int_equal(frame.as.query.value_count, 2);
    for (size_t i = 0; i < sizeof misfits / sizeof *misfits; i++) {
        assert_int_equal(frame_read(misfits[i].bytes, misfits[i].count, true, &arena, &frame, NULL), OK);
        assert_true(frame.as.query.misfit);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(frame_read(bad[i], bad_lengths[i], true, &arena, &frame, NULL), ERR_BAD_FRAME);
}

/* A text of an index can be no longer than the field takes: a key has a largest size. */
static void an_endless_text_fits_no_index(void **state)
{
    static char text[2000];
    struct pack pack;
    struct frame frame;
    struct query query = {.tag = 1, .what = QUERY_FIND, .value_count = 1};
    (void)state;
    memset(text, 'x', sizeof text);
    pack_init(&pack, 10000);
    for (unsigned index = 0; index < INDEX_LIMIT; index++) {
        const struct index_row *row = index_row(index);
        if (row == NULL || field_row(row->kind, row->fields[0])->type != TYPE_TEXT) continue;
        size_t most = 4 * (size_t)field_row(row->kind, row->fields[0])->hi;
        query.index = (uint8_t)index;
        for (size_t length = most; length <= most + 1; length++) {
            query.values[0] = text_value((struct text){text, (uint32_t)length});
            pack_clear(&pack);
            query_pack(&pack, &query);
            assert_int_equal(frame_read(pack.at, pack.used, true, &arena, &frame, NULL), OK);
            assert_int_equal(frame.as.query.misfit, length > most);
        }
    }
    pack_free(&pack);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(frames_come_back_as_they_were_sent),
        TEST(every_cut_is_refused),
        TEST(every_changed_byte_is_refused_or_harmless),
        TEST(each_side_takes_only_what_the_other_sends),
        TEST(frames_of_a_newer_protocol_are_told_apart_from_malformed_ones),
        TEST(frames_have_a_largest_size),
        TEST(a_page_holds_what_it_says),
        TEST(a_page_that_swells_is_refused),
        TEST(unknown_kinds_and_fields_are_no_fault_of_a_daemon),
        TEST(a_query_that_fits_no_index_is_marked),
        TEST(an_endless_text_fits_no_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
