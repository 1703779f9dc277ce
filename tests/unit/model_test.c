/* model_test.c - what the client knows: changes, snapshots that replace the view whole, records fetched on demand,
 * and all of it sealed on disk. */
#include "tests/lib/seat.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[SCRATCH_PATH_MAX + 8], home[SCRATCH_PATH_MAX];
static struct cache *cache;
static struct model model;
static struct arena arena;
static struct world world;

static const uint8_t key[KEY_BYTES] = {5};

static int setup(void **state)
{
    (void)state;
    world_init(&world);
    arena_init(&arena, 64 << 20);
    scratch_make(home);
    snprintf(directory, sizeof directory, "%s/cache", home);
    if (cache_open(directory, key, &cache, NULL) != OK) return -1;
    return model_open(&model, cache, world_actor(&world, "JCJ").device);
}

static int teardown(void **state)
{
    (void)state;
    model_close(&model);
    cache_close(cache);
    scratch_remove(home);
    arena_clear(&arena);
    world_free(&world);
    return 0;
}

/* As after a restart; without `orderly` what is not committed is lost. */
static void reopen(void)
{
    model_close(&model);
    cache_close(cache);
    assert_int_equal(cache_open(directory, key, &cache, NULL), OK);
    assert_int_equal(model_open(&model, cache, world_actor(&world, "JCJ").device), OK);
}

static struct record unit_record(uint64_t id, const char *code, uint64_t version)
{
    struct record record = record_make(KIND_unit, id);
    rec_set(&record, F_STATE, ST_unit_active);
    rec_set_text(&record, unit_code, text_of(code));
    rec_set_text(&record, unit_short, text_of(code));
    record.version = version;
    return record;
}

static enum err apply(enum change_op op, const struct record *record, uint64_t mask)
{
    struct wire_change change = {.op = op, .record = *record, .mask = mask};
    return model_apply(&model, &change, &arena);
}

static bool has(uint64_t id, const char *code)
{
    struct record record;
    if (state_get(model_space(&model), KIND_unit, id, &arena, &record) != OK) return false;
    return text_equal(rec_text(&record, unit_code), text_of(code)) &&
           state_find_text(model_space(&model), IX_unit_code, code) == id; /* its index, too */
}

static void changes_are_applied_and_kept(void **state)
{
    (void)state;
    struct record one = unit_record(1, "A", 5), two = unit_record(2, "B", 6), change = record_make(KIND_unit, 1);
    assert_int_equal(apply(OP_WHOLE, &one, record_mask(&one)), OK);
    assert_int_equal(apply(OP_WHOLE, &two, record_mask(&two)), OK);
    rec_set_text(&change, unit_code, text_of("A2"));
    change.version = 7;
    assert_int_equal(apply(OP_DIFF, &change, FIELD_BIT(unit_code) | FIELD_BIT(unit_short)),
                     OK); /* the short name is emptied */
    assert_int_equal(apply(OP_GONE, &two, 0), OK);
    assert_int_equal(apply(OP_GONE, &two, 0), OK); /* gone is gone */
    assert_int_equal(model_settle(&model, 7, (stamp_t){1000}), OK);
    assert_int_equal(cache_commit(cache), OK);
    for (int i = 0; i < 2; i++) {
        struct record record;
        assert_true(has(1, "A2"));
        assert_false(has(2, "B"));
        assert_int_equal(state_get(model_space(&model), KIND_unit, 1, &arena, &record), OK);
        assert_false(rec_has(&record, unit_short));
        assert_int_equal(record.version, 7);
        assert_int_equal(model.position, 7);
        assert_int_equal(model.confirmed.s, 1000);
        reopen();
    }
}

static void a_difference_to_nothing_is_a_conflict(void **state)
{
    struct record change = record_make(KIND_unit, 9);
    (void)state;
    rec_set_text(&change, unit_code, text_of("X"));
    assert_int_equal(apply(OP_DIFF, &change, FIELD_BIT(unit_code)), ERR_CONFLICT);
    assert_false(has(9, "X"));
    struct record newer = record_make(63, 1); /* a kind of a newer version is passed over */
    assert_int_equal(apply(OP_DIFF, &newer, 0), OK);
}

static void what_was_not_committed_is_as_before_after_a_crash(void **state)
{
    (void)state;
    struct record one = unit_record(1, "A", 5), two = unit_record(2, "B", 6);
    assert_int_equal(apply(OP_WHOLE, &one, record_mask(&one)), OK);
    assert_int_equal(model_settle(&model, 5, (stamp_t){1000}), OK);
    assert_int_equal(cache_commit(cache), OK);
    assert_int_equal(apply(OP_WHOLE, &two, record_mask(&two)), OK);
    assert_int_equal(model_settle(&model, 6, (stamp_t){2000}), OK);
    cache_abort(cache); /* the power goes */
    reopen();
    assert_true(has(1, "A"));
    assert_false(has(2, "B"));
    assert_int_equal(model.position, 5); /* records and position belong together */
}

/* While a snapshot arrives, the old view stays, also over a restart; when it is whole it takes its place. */
static void a_snapshot_replaces_the_view_whole(void **state)
{
    (void)state;
    struct record one = unit_record(1, "A", 5), two = unit_record(2, "B", 6), three = unit_record(3, "C", 7);
    assert_int_equal(apply(OP_WHOLE, &one, record_mask(&one)), OK);
    assert_int_equal(apply(OP_WHOLE, &two, record_mask(&two)), OK);
    assert_int_equal(model_settle(&model, 6, (stamp_t){1000}), OK);
    assert_int_equal(cache_commit(cache), OK);
    assert_int_equal(model_begin_afresh(&model), OK);
    assert_int_equal(apply(OP_WHOLE, &three, record_mask(&three)), OK);
    assert_true(has(1, "A") && has(2, "B") && !has(3, "C"));
    assert_int_equal(cache_commit(cache), OK);
    reopen(); /* the link broke in the middle */
    assert_true(has(1, "A") && has(2, "B") && !has(3, "C"));
    assert_int_equal(model.position, 6);
    assert_int_equal(model_begin_afresh(&model), OK);
    assert_int_equal(apply(OP_WHOLE, &three, record_mask(&three)), OK);
    assert_int_equal(model_begin_afresh(&model), OK); /* begun twice */
    assert_int_equal(apply(OP_WHOLE, &three, record_mask(&three)), OK);
    assert_int_equal(model_settle(&model, 8, (stamp_t){2000}), OK);
    assert_int_equal(cache_commit(cache), OK);
    for (int i = 0; i < 2; i++) {
        assert_true(!has(1, "A") && !has(2, "B") && has(3, "C"));
        assert_int_equal(model.position, 8);
        reopen();
    }
}

/* ---- a first view, shown while it comes ---- */

static void put_registry(void)
{
    struct record registry = world_get(&world, KIND_registry, 1);
    assert_int_equal(apply(OP_WHOLE, &registry, record_mask(&registry)), OK);
}

static void advance(enum view_stage stage, unsigned kind, uint64_t id)
{
    struct view_place place = {
        .stage = (uint8_t)stage, .kind = (uint8_t)kind, .id = id, .as_of = 5, .done = 1, .total = 4};
    assert_int_equal(model_advance(&model, &place, (stamp_t){1000}), OK);
}

/* The desk's part is shown as soon as it is whole and not before; over a restart it is known how far the rest is. */
static void a_first_view_is_shown_while_it_comes(void **state)
{
    (void)state;
    struct record one = unit_record(1, "A", 5), two = unit_record(2, "B", 5);
    assert_true(model_lacks(&model, KIND_unit));
    assert_int_equal(model_begin_afresh(&model), OK);
    put_registry();
    assert_int_equal(apply(OP_WHOLE, &one, record_mask(&one)), OK);
    advance(VIEW_FIRST, 0, 0);
    assert_false(has(1, "A"));
    advance(VIEW_LISTS, 0, 0);
    assert_true(has(1, "A"));
    assert_true(model_lacks(&model, KIND_project) && model_lacks(&model, KIND_unit) && model_lacks(&model, 0));
    advance(VIEW_LISTS, KIND_report, 7);
    assert_int_equal(apply(OP_WHOLE, &two, record_mask(&two)), OK);
    assert_int_equal(cache_commit(cache), OK);
    for (int i = 0; i < 2; i++) {
        assert_true(has(1, "A") && has(2, "B"));
        assert_int_equal(model.position, 0);
        assert_int_equal(model.place.id, 7);
        assert_int_equal(model.place.as_of, 5);
        assert_false(model_lacks(&model, KIND_project)); /* before the reports */
        assert_true(model_lacks(&model, KIND_report) && model_lacks(&model, KIND_unit));
        reopen();
    }
    advance(VIEW_REST, KIND_project, 1);
    assert_false(model_lacks(&model, KIND_unit));
    assert_true(model_lacks(&model, 0));
    assert_int_equal(model_settle(&model, 9, (stamp_t){2000}), OK);
    assert_false(model_lacks(&model, 0));
    assert_int_equal(model.position, 9);
}

/* A change of what has not come yet is passed over: it comes as it is then. In a whole view it would be a conflict. */
static void what_changes_before_it_comes_is_passed_over(void **state)
{
    (void)state;
    struct record two = unit_record(2, "B", 6);
    assert_int_equal(model_begin_afresh(&model), OK);
    put_registry();
    assert_int_equal(apply(OP_DIFF, &two, FIELD_BIT(unit_code)), OK);
    advance(VIEW_LISTS, 0, 0);
    assert_int_equal(apply(OP_DIFF, &two, FIELD_BIT(unit_code)), OK);
    assert_false(has(2, "B"));
    assert_int_equal(apply(OP_REST, &two, FIELD_BIT(unit_code)), ERR_CONFLICT); /* that is no change but a part */
    assert_int_equal(model_settle(&model, 9, (stamp_t){2000}), OK);
    assert_int_equal(apply(OP_DIFF, &two, FIELD_BIT(unit_code)), ERR_CONFLICT);
}

static enum known knows(unsigned kind, uint64_t id);

/* Promise P8: a record that will be here whole does not pass for whole while its list fields alone are. */
static void a_listed_record_is_whole_when_its_rest_has_come(void **state)
{
    struct record project = world_get(&world, KIND_project, 1), unit = world_get(&world, KIND_unit, 1);
    struct wire_change listed = seat_whole(&project, SEE_LIST), rest = seat_whole(&project, SEE_FULL);
    (void)state;
    listed.op = OP_LISTED;
    rest.op = OP_REST;
    rest.mask &= ~listed.mask;
    assert_int_equal(model_begin_afresh(&model), OK);
    put_registry();
    assert_int_equal(apply(OP_WHOLE, &unit, record_mask(&unit)), OK);
    advance(VIEW_LISTS, 0, 0);
    model.has_actor = true;
    model.actor = world_actor(&world, "XMB");
    assert_int_equal(model_apply(&model, &listed, &arena), OK);
    assert_int_equal(knows(KIND_project, 1), KNOWN_LISTED);
    assert_int_equal(model_apply(&model, &rest, &arena), OK);
    assert_int_equal(knows(KIND_project, 1), KNOWN_WHOLE);
    struct record now;
    assert_int_equal(state_get(model_space(&model), KIND_project, 1, &arena, &now), OK);
    assert_int_equal(record_mask(&now), record_mask(&project));
    assert_int_equal(model_apply(&model, &listed, &arena), OK); /* once more: the connection broke */
    assert_int_equal(knows(KIND_project, 1), KNOWN_LISTED);
    rest.op = OP_WHOLE; /* fetched, because somebody opened it */
    rest.mask = record_mask(&project);
    assert_int_equal(model_keep_fetched(&model, &rest, &arena), OK);
    assert_int_equal(knows(KIND_project, 1), KNOWN_WHOLE);
}

/* ---- on demand ---- */

static enum known knows(unsigned kind, uint64_t id)
{
    stamp_t as_of;
    return model_knows(&model, kind, id, &arena, &as_of);
}

/* JCJ's view of a proposed target: nothing of it comes by itself, but it may be fetched. */
static void a_fetched_record_is_known_as_of_when_it_was_fetched(void **state)
{
    struct record target = world_get(&world, KIND_target, 1);
    struct wire_change whole = seat_whole(&target, SEE_FULL);
    stamp_t as_of;
    (void)state;
    assert_int_equal(knows(KIND_target, 1), KNOWN_NOT);
    model_set_now(&model, (stamp_t){5000});
    assert_int_equal(model_keep_fetched(&model, &whole, &arena), OK);
    assert_int_equal(model_settle(&model, 90, (stamp_t){6000}), OK);
    assert_int_equal(cache_commit(cache), OK);
    reopen();
    assert_int_equal(model_knows(&model, KIND_target, 1, &arena, &as_of), KNOWN_FETCHED);
    assert_int_equal(as_of.s, 5000);
    struct wire_change gone = {.op = OP_GONE, .record = record_make(KIND_target, 1)};
    assert_int_equal(model_apply(&model, &gone, &arena), OK);
    assert_int_equal(knows(KIND_target, 1), KNOWN_NOT);
    assert_int_equal(cache_commit(cache), OK);
    reopen();
    assert_int_equal(knows(KIND_target, 1), KNOWN_NOT);
}

/* Promise P8: once only its list columns are sent, it must not pass for whole any more. */
static void a_fetched_record_that_is_replaced_by_its_columns_is_only_listed(void **state)
{
    struct record target = world_get(&world, KIND_target, 1);
    struct wire_change whole = seat_whole(&target, SEE_FULL), listed = seat_whole(&target, SEE_LIST);
    (void)state;
    model_set_now(&model, (stamp_t){5000});
    assert_int_equal(model_keep_fetched(&model, &whole, &arena), OK);
    assert_int_equal(knows(KIND_target, 1), KNOWN_FETCHED);
    assert_int_equal(model_apply(&model, &listed, &arena), OK);
    assert_int_equal(knows(KIND_target, 1), KNOWN_LISTED);
    struct record now;
    assert_int_equal(state_get(model_space(&model), KIND_target, 1, &arena, &now), OK);
    assert_false(rec_has(&now, target_months));
    /* a difference leaves what was fetched, with its time */
    assert_int_equal(model_keep_fetched(&model, &whole, &arena), OK);
    struct wire_change diff = {
        .op = OP_DIFF, .record = record_make(KIND_target, 1), .mask = FIELD_BIT(target_estimate)};
    assert_int_equal(model_apply(&model, &diff, &arena), OK);
    assert_int_equal(knows(KIND_target, 1), KNOWN_FETCHED);
}

static void a_fetched_record_stays_out_of_an_arriving_snapshot(void **state)
{
    struct record target = world_get(&world, KIND_target, 1);
    struct wire_change whole = seat_whole(&target, SEE_FULL);
    (void)state;
    assert_int_equal(model_begin_afresh(&model), OK);
    assert_int_equal(model_keep_fetched(&model, &whole, &arena), OK); /* belongs to the view that asked */
    assert_int_equal(knows(KIND_target, 1), KNOWN_FETCHED);
    assert_int_equal(model_settle(&model, 9, (stamp_t){1}), OK);
    assert_int_equal(knows(KIND_target, 1), KNOWN_NOT);
}

/* ---- on disk ---- */

static void the_cache_opens_with_its_own_key_alone(void **state)
{
    static const uint8_t other[KEY_BYTES] = {6};
    struct cache *wrong = NULL;
    struct refusal why;
    (void)state;
    struct record one = unit_record(1, "A", 5);
    assert_int_equal(apply(OP_WHOLE, &one, record_mask(&one)), OK);
    assert_int_equal(cache_commit(cache), OK);
    model_close(&model);
    cache_close(cache);
    assert_int_equal(cache_open(directory, other, &wrong, &why), ERR_FORMAT);
    assert_null(wrong);
    assert_int_equal(cache_open(directory, key, &cache, NULL), OK);
    assert_int_equal(model_open(&model, cache, 1), OK);
    assert_true(has(1, "A"));
}

static void nothing_readable_is_on_disk(void **state)
{
    static char bytes[4 << 20];
    char path[SCRATCH_PATH_MAX + 40];
    (void)state;
    struct record one = unit_record(1, "GEHEIM-1", 5);
    rec_set_text(&one, unit_name, text_of("不可外传的名称"));
    assert_int_equal(apply(OP_WHOLE, &one, record_mask(&one)), OK);
    assert_int_equal(cache_commit(cache), OK);
    snprintf(path, sizeof path, "%s/data.mdb", directory);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t count = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_true(count > 4096);
    assert_null(memmem(bytes, count, "GEHEIM", 6));
    assert_null(memmem(bytes, count, "不可外传", 12));
}

/* A value that was changed or put in another's place does not open. */
static void a_tampered_cache_is_not_believed(void **state)
{
    struct key first = {.used = 0};
    struct text value;
    (void)state;
    key_byte(&first, KIND_unit);
    key_number(&first, 1);
    assert_int_equal(cache_put(cache, CACHE_RECORD, &first, "not a record", 12), OK);
    assert_int_equal(cache_commit(cache), OK);
    struct model broken;
    assert_int_not_equal(model_open(&broken, cache, 1), OK); /* sealed by us, but no record */
    model_close(&broken);
    assert_int_equal(cache_get(cache, CACHE_RECORD, &first, &arena, &value), OK);
    assert_int_equal(cache_del(cache, CACHE_RECORD, &first), OK);
    assert_int_equal(cache_get(cache, CACHE_RECORD, &first, &arena, &value), ERR_NOT_FOUND);
    assert_int_equal(cache_commit(cache), OK);
}

static void the_remembered_head_survives(void **state)
{
    uint8_t hash[HASH_BYTES];
    (void)state;
    memset(hash, 0xAB, sizeof hash);
    assert_int_equal(model_note_head(&model, 77, 1234, hash), OK);
    assert_int_equal(cache_commit(cache), OK);
    reopen();
    assert_int_equal(model.scope, 77);
    assert_int_equal(model.remember, 1234);
    assert_memory_equal(model.remember_hash, hash, HASH_BYTES);
}

/* Registry time goes on without the link, as fast as the registry's own clock. */
static void time_goes_on_without_the_link(void **state)
{
    (void)state;
    model_set_now(&model, (stamp_t){1000000});
    assert_true(model_now(&model).s >= 1000000 && model_now(&model).s <= 1000001);
    model.rate = 3600;
    model_set_now(&model, (stamp_t){1000000});
    usleep(50000);
    int64_t passed = model_now(&model).s - 1000000;
    assert_true(passed >= 3600 / 20 && passed < 3600);
    assert_int_equal(model_settle(&model, 3, model_now(&model)), OK);
    assert_int_equal(cache_commit(cache), OK);
    int64_t before = model_now(&model).s;
    reopen();
    assert_true(model_now(&model).s + 7200 >= before);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(changes_are_applied_and_kept),
        TEST(a_difference_to_nothing_is_a_conflict),
        TEST(what_was_not_committed_is_as_before_after_a_crash),
        TEST(a_snapshot_replaces_the_view_whole),
        TEST(a_first_view_is_shown_while_it_comes),
        TEST(what_changes_before_it_comes_is_passed_over),
        TEST(a_listed_record_is_whole_when_its_rest_has_come),
        TEST(a_fetched_record_is_known_as_of_when_it_was_fetched),
        TEST(a_fetched_record_that_is_replaced_by_its_columns_is_only_listed),
        TEST(a_fetched_record_stays_out_of_an_arriving_snapshot),
        TEST(the_cache_opens_with_its_own_key_alone),
        TEST(nothing_readable_is_on_disk),
        TEST(a_tampered_cache_is_not_believed),
        TEST(the_remembered_head_survives),
        TEST(time_goes_on_without_the_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
