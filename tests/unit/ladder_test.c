/* ladder_test.c - the registry's own calendar: schedules found, run and caught up with, and reminders by hand.
 * DOMAIN, section 3. */
#include "tests/lib/unit.h"
#include "tests/lib/world.h"

#include <stdio.h>

static int setup(void **state)
{
    static struct world world;
    world_init(&world);
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    world_free(*state);
    return 0;
}

static uint64_t found_schedule(struct world *world, const char *job)
{
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "found", 0, "job", job, NULL), OK);
    return world->id;
}

/* clauses: 2.8 */
static void a_unit_is_reminded_of_what_it_owes(void **state)
{
    struct world *world = *state;
    uint64_t id = found_schedule(world, "report_remind");
    struct record schedule = world_get(world, KIND_schedule, id);
    /* September's reports are due on 9 October, after the holidays; three working days before is 28 September, today,
     * so October's come next: due on 5 November */
    assert_int_equal(stamp_day((stamp_t){rec_num(&schedule, schedule_next)}).n, day_make(2009, 11, 2).n);
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "run", id, NULL), ERR_WRONG_STATE);
    world_at(world, 2009, 11, 2, 9);
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "run", id, NULL), OK);
    struct record urging = world_get(world, KIND_urging, 1);
    assert_int_equal(rec_num(&urging, urging_subject), world_unit(world, "HRX"));
    assert_int_equal(rec_num(&urging, urging_month), month_make(2009, 10).n);
    assert_int_equal(rec_num(&urging, urging_due), day_make(2009, 11, 5).n);
    assert_int_equal(rec_num(&urging, urging_count), 1);
    assert_int_equal(world_sees(world, "HRX", KIND_urging, 1), SEE_FULL);
    assert_int_equal(world_sees(world, "PJX", KIND_urging, 1), SEE_NOTHING);
    assert_int_equal(world_do(world, "PJX", "urging", "note", 1, NULL), ERR_NOT_FOUND);
    assert_int_equal(world_do(world, "HRX", "urging", "note", 1, NULL), OK);
}

static void what_was_missed_is_caught_up_with_in_order(void **state)
{
    struct world *world = *state;
    uint64_t id = found_schedule(world, "report_remind");
    world_at(world, 2010, 1, 4, 9); /* nobody served for two months */
    for (unsigned missed = 1; missed <= 3; missed++) {
        assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "run", id, NULL), OK);
        struct record schedule = world_get(world, KIND_schedule, id), urging = world_get(world, KIND_urging, missed);
        assert_int_equal(rec_num(&urging, urging_month), month_make(2009, 9 + (int)missed).n);
        assert_true(rec_num(&schedule, schedule_last) < world->now.s);
        if (missed < 3) assert_true(rec_num(&schedule, schedule_next) <= world->now.s);
    }
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "run", id, NULL), ERR_WRONG_STATE);
}

static void the_administrator_pauses_a_schedule(void **state)
{
    struct world *world = *state;
    uint64_t id = found_schedule(world, "report_remind");
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "found", 0, "job", "report_remind", NULL), ERR_EXISTS);
    assert_int_equal(world_do(world, "XMB", "schedule", "pause", id, "reason", "试运行", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "ADM", "schedule", "pause", id, "reason", "试运行", NULL), OK);
    world_at(world, 2010, 1, 4, 9);
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "run", id, NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(world, "ADM", "schedule", "resume", id, NULL), OK);
    struct record schedule = world_get(world, KIND_schedule, id);
    assert_true(rec_num(&schedule, schedule_next) > world->now.s); /* what was paused is not caught up with */
}

/* clauses: 2.1 */
static void the_office_urges_by_hand(void **state)
{
    struct world *world = *state;
    char unit[24];
    snprintf(unit, sizeof unit, "%llu", (unsigned long long)world_unit(world, "HRX"));
    assert_int_equal(
        world_do(world, "HRX", "urging", "send", 0, "subject", unit, "matter", "other", "due", "2009-09-30", NULL),
        ERR_NOT_ALLOWED);
    assert_int_equal(
        world_do(world, "XMB", "urging", "send", 0, "subject", unit, "matter", "other", "due", "2009-09-25", NULL),
        ERR_DATE_PAST);
    assert_int_equal(world_do(world, "XMB", "urging", "send", 0, "subject", unit, "matter", "report", "project", "1",
                              "text", "请抓紧报送", "due", "2009-09-30", NULL),
                     OK);
    assert_int_equal(world_do(world, "HRX", "urging", "note", world->id, NULL), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_unit_is_reminded_of_what_it_owes, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_missed_is_caught_up_with_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(the_administrator_pauses_a_schedule, setup, teardown),
        cmocka_unit_test_setup_teardown(the_office_urges_by_hand, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
