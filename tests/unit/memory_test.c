/* memory_test.c - the ordered table in memory against a plain sorted array. */
#include "proto/memory.h"
#include "tests/lib/rng.h"
#include "tests/lib/unit.h"

#include <stdlib.h>
#include <string.h>

enum { OPERATIONS = 100000, MODEL_MAX = 3000 };

/* The model: keys in order, found by looking at one after the other. */
struct model {
    unsigned count;
    struct row {
        struct key key;
        char value[40];
        uint32_t length;
    } rows[MODEL_MAX];
};

static int compare(const struct key *a, const struct key *b)
{
    size_t shorter = a->used < b->used ? a->used : b->used;
    int order = memcmp(a->bytes, b->bytes, shorter);
    return order != 0 ? order : (a->used > b->used) - (a->used < b->used);
}

static unsigned first_not_below(const struct model *model, const struct key *key)
{
    unsigned low = 0, high = model->count;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (compare(&model->rows[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool model_has(const struct model *model, unsigned at, const struct key *key)
{
    return at < model->count && compare(&model->rows[at].key, key) == 0;
}

static void model_put(struct model *model, unsigned at, const struct key *key, struct text value)
{
    if (!model_has(model, at, key)) {
        assert_true(model->count < MODEL_MAX);
        memmove(&model->rows[at + 1], &model->rows[at], (model->count - at) * sizeof *model->rows);
        model->rows[at].key = *key;
        model->count++;
    }
    memcpy(model->rows[at].value, value.at, value.length);
    model->rows[at].length = value.length;
}

/* Short keys of few different bytes: many are prefixes of others, and most operations meet a key. */
static struct key random_key(struct rng *rng)
{
    static const uint8_t bytes[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    struct key key = {.used = 0};
    for (uint64_t n = rng_below(rng, 4); n > 0; n--)
        key_byte(&key, bytes[rng_below(rng, sizeof bytes)]);
    if (rng_once_in(rng, 4)) key_number(&key, rng_below(rng, 15));
    return key;
}

static void expect_row(enum err err, const struct key *key, struct text value, const struct model *model, unsigned at,
                       bool there)
{
    assert_int_equal(err, there ? OK : ERR_NOT_FOUND);
    if (!there) return;
    const struct row *row = &model->rows[at];
    assert_int_equal(compare(key, &row->key), 0);
    assert_true(text_equal(value, (struct text){row->value, row->length}));
}

static void step(struct rng *rng, struct memory *memory, struct model *model)
{
    const struct space *space = &memory->space;
    struct key key = random_key(rng), found = key;
    unsigned at = first_not_below(model, &key);
    char bytes[40];
    struct text value = {bytes, (uint32_t)rng_below(rng, sizeof bytes)}, got = {"", 0};
    memset(bytes, (int)rng_below(rng, 256), sizeof bytes);
    switch (rng_below(rng, 6)) {
    case 0:
    case 1:
        assert_int_equal(space->put(space->self, TABLE_INDEX, &key, value), OK);
        model_put(model, at, &key, value);
        break;
    case 2: {
        bool there = model_has(model, at, &key);
        assert_int_equal(space->del(space->self, TABLE_INDEX, &key), there ? OK : ERR_NOT_FOUND);
        if (!there) break;
        model->count--;
        memmove(&model->rows[at], &model->rows[at + 1], (model->count - at) * sizeof *model->rows);
        break;
    }
    case 3:
        expect_row(space->get(space->self, TABLE_INDEX, &key, &got), &key, got, model, at, model_has(model, at, &key));
        break;
    case 4:
        expect_row(space->seek(space->self, TABLE_INDEX, &found, &got), &found, got, model, at, at < model->count);
        break;
    default: expect_row(space->before(space->self, TABLE_INDEX, &found, &got), &found, got, model, at - 1, at > 0);
    }
}

static void walk_through(const struct memory *memory, const struct model *model)
{
    const struct space *space = &memory->space;
    struct key key = {.used = 0};
    struct text value;
    unsigned at = 0;
    for (; space->seek(space->self, TABLE_INDEX, &key, &value) == OK; key_after(&key)) {
        assert_true(at < model->count);
        expect_row(OK, &key, value, model, at++, true);
    }
    assert_int_equal(at, model->count);
}

static void it_does_what_a_sorted_array_does(void **state)
{
    struct rng rng = rng_make(11);
    struct memory memory;
    struct model *model = calloc(1, sizeof *model);
    (void)state;
    assert_non_null(model);
    memory_init(&memory);
    for (int i = 0; i < OPERATIONS; i++) {
        step(&rng, &memory, model);
        if (i % 5000 == 0) walk_through(&memory, model);
    }
    walk_through(&memory, model);
    assert_true(model->count > 300);
    memory_free(&memory);
    walk_through(&memory, &(struct model){.count = 0});
    memory_free(&memory);
    free(model);
}

static void tables_do_not_touch_each_other(void **state)
{
    struct memory memory;
    struct key key = {.used = 0};
    struct text value;
    (void)state;
    memory_init(&memory);
    key_number(&key, 7);
    for (unsigned table = 0; table < TABLE_COUNT; table++) {
        char byte = (char)('a' + table);
        assert_int_equal(memory.space.put(&memory, table, &key, (struct text){&byte, 1}), OK);
    }
    for (unsigned table = 0; table < TABLE_COUNT; table++) {
        assert_int_equal(memory.space.get(&memory, table, &key, &value), OK);
        assert_int_equal(value.at[0], 'a' + table);
        assert_int_equal(memory.space.del(&memory, table, &key), OK);
        assert_int_equal(memory.space.get(&memory, table, &key, &value), ERR_NOT_FOUND);
    }
    memory_free(&memory);
}

static void numbers_in_keys_sort_as_numbers_do(void **state)
{
    static const int64_t numbers[] = {INT64_MIN, -4294967296, -65536, -256, -255,  -1,    0,        1,
                                      127,       128,         255,    256,  65535, 65536, INT64_MAX};
    struct key before = {.used = 0};
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct key key = {.used = 0};
        key_signed(&key, numbers[i]);
        assert_int_equal(key.used, 8);
        if (i > 0) assert_true(compare(&before, &key) < 0);
        before = key;
        key_clear(&key);
        key_byte(&key, 9);
        key_number(&key, (uint64_t)numbers[i]);
        assert_true(key_read(&key, 1) == (uint64_t)numbers[i]);
        struct key prefix = key;
        prefix.used = 3;
        assert_true(key_has_prefix(&key, &prefix) && key_has_prefix(&key, &key) && !key_has_prefix(&prefix, &key));
        struct key after = key;
        key_after(&after);
        assert_true(compare(&key, &after) < 0);
    }
}

/* Ten thousand keys in rising order must not make a list of the tree: it would take for ever. */
static void a_rising_order_of_keys_costs_no_more(void **state)
{
    struct memory memory;
    struct key key;
    struct text value;
    (void)state;
    memory_init(&memory);
    for (uint64_t i = 0; i < 200000; i++) {
        key_clear(&key);
        key_number(&key, i);
        assert_int_equal(memory.space.put(&memory, TABLE_JOURNAL, &key, (struct text){"", 0}), OK);
    }
    for (uint64_t i = 0; i < 200000; i++) {
        key_clear(&key);
        key_number(&key, i);
        assert_int_equal(memory.space.get(&memory, TABLE_JOURNAL, &key, &value), OK);
        if (i % 2 == 0) assert_int_equal(memory.space.del(&memory, TABLE_JOURNAL, &key), OK);
    }
    memory_free(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_does_what_a_sorted_array_does),
        cmocka_unit_test(tables_do_not_touch_each_other),
        cmocka_unit_test(numbers_in_keys_sort_as_numbers_do),
        cmocka_unit_test(a_rising_order_of_keys_costs_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
