/* state_test.c - records in a space: indexes and clocks follow from them, damage is noticed, walks are in order. */
#include "proto/memory.h"
#include "proto/state.h"
#include "tests/lib/sample.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <string.h>

static struct memory memory;
static struct arena arena;

static int setup(void **state)
{
    (void)state;
    memory_init(&memory);
    arena_init(&arena, 64 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    memory_free(&memory);
    arena_clear(&arena);
    return 0;
}

static void put_new(const struct record *record)
{
    struct record empty = record_make(record->kind, record->id);
    assert_int_equal(state_put(&memory.space, &empty, record), OK);
}

static void same_table(const struct space *a, const struct space *b, enum table table)
{
    struct key key_a = {.used = 0}, key_b = {.used = 0};
    struct text value_a, value_b;
    for (;;) {
        enum err err_a = a->seek(a->self, table, &key_a, &value_a), err_b = b->seek(b->self, table, &key_b, &value_b);
        assert_int_equal(err_a, err_b);
        if (err_a != OK) return;
        assert_int_equal(key_a.used, key_b.used);
        assert_memory_equal(key_a.bytes, key_b.bytes, key_a.used);
        assert_true(text_equal(value_a, value_b));
        key_after(&key_a);
        key_after(&key_b);
    }
}

/* Changes at random; then the same records put into an empty space give the same indexes and clocks. */
static void indexes_and_clocks_follow_from_the_records(void **state)
{
    struct rng rng = rng_make(12);
    struct memory again;
    (void)state;
    for (int i = 0; i < 4000; i++) {
        const struct kind *kind = kind_next(NULL);
        for (uint64_t n = rng_below(&rng, 16); n > 0 && kind_next(kind) != NULL; n--)
            kind = kind_next(kind);
        uint64_t id = 1 + rng_below(&rng, 25);
        struct record before, after;
        if (state_get(&memory.space, kind->wire, id, &arena, &before) != OK) before = record_make(kind->wire, id);
        if (before.version != 0 && rng_once_in(&rng, 8)) {
            assert_int_equal(state_drop(&memory.space, &before), OK);
        } else {
            after =
                before.version == 0 ? sample_record(&rng, kind->wire, &arena) : sample_change(&rng, &before, &arena);
            after.id = id;
            assert_int_equal(state_put(&memory.space, &before, &after), OK);
        }
        if (i % 100 == 0) arena_reuse(&arena);
    }
    memory_init(&again);
    unsigned count = 0;
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (uint64_t id = 0; (id = state_next_id(&memory.space, kind->wire, id)) > 0; count++) {
            struct record record, empty = record_make(kind->wire, id);
            assert_int_equal(state_get(&memory.space, kind->wire, id, &arena, &record), OK);
            assert_int_equal(state_put(&again.space, &empty, &record), OK);
            arena_reuse(&arena);
        }
    assert_true(count > 150);
    same_table(&memory.space, &again.space, TABLE_RECORD);
    same_table(&memory.space, &again.space, TABLE_INDEX);
    same_table(&memory.space, &again.space, TABLE_CLOCK);
    memory_free(&again);
}

static void a_dropped_record_leaves_nothing(void **state)
{
    struct rng rng = rng_make(13);
    (void)state;
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (int i = 0; i < 20; i++) {
            struct record record = sample_record(&rng, kind->wire, &arena);
            put_new(&record);
            assert_int_equal(state_drop(&memory.space, &record), OK);
            for (unsigned table = 0; table < TABLE_COUNT; table++)
                assert_null(memory.roots[table]);
        }
}

static void every_flipped_bit_is_noticed(void **state)
{
    struct rng rng = rng_make(14);
    (void)state;
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        struct record record = sample_record(&rng, kind->wire, &arena), read;
        struct key key = {.used = 0};
        struct text value;
        put_new(&record);
        key_byte(&key, kind->wire);
        key_number(&key, record.id);
        assert_int_equal(memory.space.get(&memory, TABLE_RECORD, &key, &value), OK);
        struct text good = {arena_copy(&arena, value.at, value.length), value.length};
        char *bad = arena_copy(&arena, value.at, value.length);
        for (uint32_t i = 0; i < good.length * 8; i++) {
            bad[i / 8] = (char)(bad[i / 8] ^ 1 << i % 8);
            memory.space.put(&memory, TABLE_RECORD, &key, (struct text){bad, good.length});
            struct arena scratch;
            arena_init(&scratch, 1 << 20);
            if (state_get(&memory.space, kind->wire, record.id, &scratch, &read) != ERR_DAMAGED)
                fail_msg("%s: bit %u", kind->name, i);
            arena_clear(&scratch);
            bad[i / 8] = good.at[i / 8];
        }
        for (uint32_t length = 0; length < good.length; length++) { /* and every cut */
            struct arena scratch;
            arena_init(&scratch, 1 << 20);
            memory.space.put(&memory, TABLE_RECORD, &key, (struct text){good.at, length});
            assert_int_equal(state_get(&memory.space, kind->wire, record.id, &scratch, &read), ERR_DAMAGED);
            arena_clear(&scratch);
        }
        memory.space.put(&memory, TABLE_RECORD, &key, good);
        assert_int_equal(state_get(&memory.space, kind->wire, record.id, &arena, &read), OK);
        arena_reuse(&arena);
    }
}

/* A record that is read from another's place is as wrong as a flipped bit. */
static void a_record_in_anothers_place_is_noticed(void **state)
{
    struct rng rng = rng_make(15);
    struct record record = sample_record(&rng, KIND_unit, &arena), read;
    struct key key = {.used = 0}, other = {.used = 0};
    struct text value;
    (void)state;
    record.id = 5;
    put_new(&record);
    key_byte(&key, KIND_unit);
    key_number(&key, 5);
    memory.space.get(&memory, TABLE_RECORD, &key, &value);
    key_byte(&other, KIND_unit);
    key_number(&other, 6);
    memory.space.put(&memory, TABLE_RECORD, &other, value);
    assert_int_equal(state_get(&memory.space, KIND_unit, 6, &arena, &read), ERR_DAMAGED);
    memory.space.get(&memory, TABLE_RECORD, &key, &value);
    key_clear(&other);
    key_byte(&other, KIND_person);
    key_number(&other, 5);
    memory.space.put(&memory, TABLE_RECORD, &other, value);
    assert_int_equal(state_get(&memory.space, KIND_person, 5, &arena, &read), ERR_DAMAGED);
    assert_int_equal(state_get(&memory.space, KIND_unit, 5, &arena, &read), OK);
    assert_int_equal(state_get(&memory.space, KIND_unit, 7, &arena, &read), ERR_NOT_FOUND);
}

static void ids_are_counted_within_a_kind(void **state)
{
    static const uint64_t ids[] = {1, 2, 300, 70000};
    (void)state;
    assert_int_equal(state_last_id(&memory.space, KIND_person), 0);
    assert_int_equal(state_next_id(&memory.space, KIND_person, 0), 0);
    for (size_t i = 0; i < 4; i++) {
        struct record record = record_make(KIND_person, ids[i]);
        rec_set(&record, F_STATE, ST_person_active);
        put_new(&record);
        record = record_make(KIND_unit, 9 + ids[i]); /* the kinds before and after have their own */
        put_new(&record);
        record = record_make(KIND_post, 9 + ids[i]);
        put_new(&record);
    }
    assert_int_equal(state_last_id(&memory.space, KIND_person), 70000);
    uint64_t id = 0;
    for (size_t i = 0; i < 4; i++) {
        id = state_next_id(&memory.space, KIND_person, id);
        assert_int_equal(id, ids[i]);
    }
    assert_int_equal(state_next_id(&memory.space, KIND_person, id), 0);
}

static struct record report_of(uint64_t id, int64_t project, int month, int revision)
{
    struct record report = record_make(KIND_report, id);
    rec_set(&report, F_STATE, ST_report_draft);
    rec_set(&report, report_project, project);
    rec_set(&report, report_month, month_make(2009, month).n);
    rec_set(&report, report_revision, revision);
    report.version = id;
    return report;
}

static void walks_follow_the_order_of_the_index(void **state)
{
    static const struct {
        uint64_t id;
        int64_t project;
        int month, revision;
    } rows[] = {{4, 2, 1, 1}, {1, 1, 12, 1}, {2, 1, 9, 2}, {3, 1, 9, 1}, {9, 256, 1, 1}, {7, 1, 10, 1}};
    static const uint64_t of_one[] = {3, 2, 7, 1}; /* September 1 and 2, October, December */
    struct value values[] = {number_value(1), number_value(month_make(2009, 9).n), number_value(2)};
    struct walk walk;
    uint64_t id;
    size_t at = 0;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct record report = report_of(rows[i].id, rows[i].project, rows[i].month, rows[i].revision);
        put_new(&report);
    }
    for (walk_start(&walk, &memory.space, IX_report_month, values, 1); walk_next(&walk, &id); at++)
        assert_int_equal(id, of_one[at]);
    assert_int_equal(at, 4);
    at = 0;
    for (walk_start(&walk, &memory.space, IX_report_month, values, 2); walk_next(&walk, &id); at++)
        assert_int_equal(id, of_one[at]);
    assert_int_equal(at, 2);
    assert_int_equal(state_find(&memory.space, IX_report_month, values, 3), 2);
    values[2] = number_value(3);
    assert_int_equal(state_find(&memory.space, IX_report_month, values, 3), 0);
    at = 0;
    for (walk_start(&walk, &memory.space, IX_report_month, NULL, 0); walk_next(&walk, &id);)
        at++;
    assert_int_equal(at, sizeof rows / sizeof *rows);
}

static void texts_in_an_index_are_whole(void **state)
{
    struct record unit = record_make(KIND_unit, 1);
    (void)state;
    rec_set_text(&unit, unit_code, text_of("HRX2"));
    put_new(&unit);
    assert_int_equal(state_find_text(&memory.space, IX_unit_code, "HRX"), 0); /* not its beginning */
    assert_int_equal(state_find_text(&memory.space, IX_unit_code, "HRX22"), 0);
    assert_int_equal(state_find_text(&memory.space, IX_unit_code, ""), 0);
    assert_int_equal(state_find_text(&memory.space, IX_unit_code, "HRX2"), 1);
    char longer[1000] = "";
    memset(longer, 'x', sizeof longer - 1);
    assert_int_equal(state_find_text(&memory.space, IX_unit_code, longer), 0); /* no key is that long */
}

static void a_second_record_for_one_key_is_seen(void **state)
{
    const struct index_row *index = NULL;
    struct record first = report_of(1, 1, 9, 1), second = report_of(2, 1, 9, 1);
    (void)state;
    put_new(&first);
    assert_int_equal(state_clash(&memory.space, &second, &index), 1);
    assert_int_equal(index->wire, IX_report_month);
    assert_int_equal(state_clash(&memory.space, &first, &index), 0); /* not with itself */
    rec_set(&second, report_revision, 2);
    assert_int_equal(state_clash(&memory.space, &second, &index), 0);
    rec_unset(&second, report_revision); /* not in the index at all */
    assert_int_equal(state_clash(&memory.space, &second, &index), 0);
}

static void clocks_ring_in_order(void **state)
{
    static const struct {
        uint64_t id;
        unsigned state;
        int day;
    } rows[] = {{1, ST_milestone_open, 20}, {2, ST_milestone_open, 10},   {3, ST_milestone_planned, 1},
                {4, ST_milestone_open, 10}, {5, ST_milestone_reached, 5}, {6, ST_milestone_open, 0}};
    static const uint64_t order[] = {2, 4, 1};
    struct key key = {.used = 0};
    stamp_t due;
    unsigned kind;
    uint64_t id;
    size_t at = 0;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct record milestone = record_make(KIND_milestone, rows[i].id);
        rec_set(&milestone, F_STATE, rows[i].state);
        if (rows[i].day != 0) rec_set(&milestone, milestone_due, day_make(2009, 10, rows[i].day).n);
        put_new(&milestone);
    }
    for (; state_clock(&memory.space, &key, &due, &kind, &id); at++) {
        assert_true(at < 3);
        assert_int_equal(id, order[at]);
        assert_int_equal(kind, KIND_milestone);
        assert_int_equal(due.s, day_end(day_make(2009, 10, rows[id - 1].day)).s); /* at the end of its day */
    }
    assert_int_equal(at, 3);
}

static void unset_fields_leave_an_index(void **state)
{
    struct record before = record_make(KIND_unit, 1), after;
    struct value code = text_value(text_of("A"));
    (void)state;
    rec_set_text(&before, unit_code, text_of("A"));
    put_new(&before);
    after = before;
    rec_set_text(&after, unit_code, text_of("B"));
    assert_int_equal(state_put(&memory.space, &before, &after), OK);
    assert_int_equal(state_find(&memory.space, IX_unit_code, &code, 1), 0);
    assert_int_equal(state_find_text(&memory.space, IX_unit_code, "B"), 1);
    before = after;
    rec_unset(&after, unit_code);
    assert_int_equal(state_put(&memory.space, &before, &after), OK);
    assert_int_equal(state_find_text(&memory.space, IX_unit_code, "B"), 0);
    assert_null(memory.roots[TABLE_INDEX]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(indexes_and_clocks_follow_from_the_records),
        TEST(a_dropped_record_leaves_nothing),
        TEST(every_flipped_bit_is_noticed),
        TEST(a_record_in_anothers_place_is_noticed),
        TEST(ids_are_counted_within_a_kind),
        TEST(walks_follow_the_order_of_the_index),
        TEST(texts_in_an_index_are_whole),
        TEST(a_second_record_for_one_key_is_seen),
        TEST(clocks_ring_in_order),
        TEST(unset_fields_leave_an_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
