/* jump_test.c - going to any record by a few letters: what comes first, and how long it takes among many. */
#include "client/core/jump.h"
#include "tests/lib/unit.h"
#include "tests/lib/world.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MANY = 20000, FOUND_MAX = 100 };

static struct world world;
static struct jump jump;
static unsigned found[FOUND_MAX];

static int setup(void **state)
{
    (void)state;
    world_init(&world);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    jump_free(&jump);
    world_free(&world);
    return 0;
}

static void gather(const char *unit)
{
    jump_free(&jump);
    assert_int_equal(jump_build(&jump, &world.memory.space, world_unit(&world, unit), 1), OK);
}

static const struct jump_item *best(const char *words)
{
    assert_true(jump_find(&jump, text_of(words), found, FOUND_MAX) > 0);
    return &jump.items[found[0]];
}

static void assert_best(const char *words, unsigned kind, uint64_t id)
{
    const struct jump_item *item = best(words);
    if (item->kind != kind || item->id != id)
        fail_msg("\"%s\" leads to \"%s\", a %s", words, item->label, kind_row(item->kind)->name);
}

/* A person of a name, put there without an act. */
static uint64_t person(uint64_t id, const char *name)
{
    struct record none = record_make(KIND_person, id), record = none;
    record.version = 1;
    rec_set(&record, F_STATE, 1);
    rec_set_text(&record, person_name, text_of(name));
    assert_int_equal(state_put(&world.memory.space, &none, &record), OK);
    return id;
}

static void a_code_comes_before_a_beginning_and_that_before_a_part(void **state)
{
    (void)state;
    uint64_t part = person(9001, "王小平安"), start = person(9002, "平安路"), whole = person(9003, "平安");
    gather("XMB");
    assert_best("平安", KIND_person, whole);
    assert_int_equal(jump.items[found[1]].id, start);
    assert_int_equal(jump.items[found[2]].id, part);
    assert_best("P1", KIND_project, world_project(&world, "P1"));
    assert_best("hrx", KIND_unit, world_unit(&world, "HRX"));
}

static void what_is_of_the_own_unit_comes_first(void **state)
{
    (void)state;
    gather("HRX");
    const struct jump_item *item = best("2009");
    assert_true(item->own); /* the target of the unit's own project before other things of the year */
    gather("PJX");
    assert_false(best("P1")->own);
}

static void lists_and_places_are_found_by_name(void **state)
{
    (void)state;
    gather("XMB");
    jump_add(&jump, 77, "supervision console");
    assert_best("person", KIND_person, 0);
    assert_int_equal(best("superv cons")->id, 77);
    assert_int_equal(jump_find(&jump, text_of("what nobody is called"), found, FOUND_MAX), 0);
    assert_int_equal(jump_find(&jump, text_of("p"), found, 1), 1); /* not more than there is room for */
}

static double ms_since(const struct timespec *from)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - from->tv_sec) * 1e3 + (double)(now.tv_nsec - from->tv_nsec) / 1e6;
}

static void twenty_thousand_records_are_no_burden(void **state)
{
    static const char *const names[] = {"岳阳", "华容", "平江", "湘阴", "临湘", "汨罗", "君山", "云溪"};
    static const char *const keys[] = {"y", "yy", "yyd", "yyd1", "yyd12"};
    struct timespec start;
    char name[80];
    (void)state;
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "%s大道改造工程联络员%05u", names[i % 8], i);
        person(1000 + i, name);
    }
    clock_gettime(CLOCK_MONOTONIC, &start);
    gather("XMB");
    printf("# gathered in %.1f ms\n", ms_since(&start));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        clock_gettime(CLOCK_MONOTONIC, &start);
        unsigned count = jump_find(&jump, text_of(keys[i]), found, FOUND_MAX);
        printf("# \"%s\": %u in %.1f ms\n", keys[i], count, ms_since(&start));
    }
    assert_best("yy 00008", KIND_person, 1008);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_code_comes_before_a_beginning_and_that_before_a_part, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_of_the_own_unit_comes_first, setup, teardown),
        cmocka_unit_test_setup_teardown(lists_and_places_are_found_by_name, setup, teardown),
        cmocka_unit_test_setup_teardown(twenty_thousand_records_are_no_burden, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
