/* inspection_test.c - the four forms of inspection, the draw that anyone can repeat, and rectifications. Clause 2. */
#include "proto/lots.h"
#include "tests/lib/unit.h"
#include "tests/lib/world.h"

#include <stdio.h>
#include <string.h>

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

static const char *unit(struct world *world, const char *code)
{
    static char text[4][24];
    static unsigned at;
    char *into = text[at++ % 4];
    snprintf(into, sizeof text[0], "%llu", (unsigned long long)world_unit(world, code));
    return into;
}

static void check_state(struct world *world, unsigned kind, uint64_t id, unsigned wanted)
{
    struct record record = world_get(world, kind, id);
    assert_int_equal(rec_state(&record), wanted);
}

static enum err plan(struct world *world, const char *type, const char *party, const char *field, const char *value)
{
    return world_do(world, "XMB", "inspection", "plan", 0, "type", type, "parties", unit(world, party), "day",
                    "2009-09-29", "scope", "责任落实情况", field, value, NULL);
}

/* clauses: 2.5 2.6 */
static void the_office_inspects_with_supervision(void **state)
{
    struct world *world = *state;
    assert_int_equal(plan(world, "key", "FGW", "projects", "1"), ERR_NO_SUPERVISION);
    assert_int_equal(plan(world, "key", "JCJ", "projects", ""), ERR_NEEDED);
    assert_int_equal(plan(world, "phased", "JCJ", "projects", "1"), ERR_NEEDED); /* which stage? */
    assert_int_equal(plan(world, "random", "JCJ", "projects", "1"), ERR_DRAWN_ONLY);
    assert_int_equal(plan(world, "key", "JCJ", "projects", "1"), OK);
    assert_int_equal(world_sees(world, "JCJ", KIND_inspection, 1), SEE_FULL);
    assert_int_equal(world_sees(world, "HRX", KIND_inspection, 1), SEE_NOTHING);
    assert_int_equal(world_sees(world, "LD", KIND_inspection, 1), SEE_NOTHING);
    assert_int_equal(world_do(world, "JCJ", "inspection", "start", 1, NULL), OK);
    assert_int_equal(world_sees(world, "HRX", KIND_inspection, 1), SEE_FULL);
    assert_int_equal(world_sees(world, "LD", KIND_inspection, 1), SEE_LIST);
    assert_int_equal(world_sees(world, "PJX", KIND_inspection, 1), SEE_NOTHING);
}

/* clauses: 2.7 */
static void findings_are_mended_and_looked_at_again(void **state)
{
    struct world *world = *state;
    assert_int_equal(plan(world, "key", "JCJ", "projects", "1"), OK);
    assert_int_equal(world_do(world, "JCJ", "rectification", "order", 0, "inspection", "1", "subject",
                              unit(world, "HRX"), "what", "补齐责任链", "due", "2009-10-12", NULL),
                     ERR_NOT_INSPECTED); /* not under way */
    assert_int_equal(world_do(world, "XMB", "inspection", "start", 1, NULL), OK);
    assert_int_equal(world_do(world, "JCJ", "rectification", "order", 0, "inspection", "1", "subject",
                              unit(world, "PJX"), "what", "补齐责任链", "due", "2009-10-12", NULL),
                     ERR_NOT_INSPECTED);
    assert_int_equal(world_do(world, "JCJ", "rectification", "order", 0, "inspection", "1", "subject",
                              unit(world, "HRX"), "what", "补齐责任链", "due", "2009-10-12", NULL),
                     OK);
    assert_int_equal(world_do(world, "JCJ", "inspection", "find", 1, "findings", "责任链不全", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "inspection", "close", 1, NULL), ERR_UNMENDED);
    assert_int_equal(world_do(world, "HRX", "rectification", "report", 1, "result", "已补齐", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "rectification", "close", 1, NULL), ERR_WRONG_STATE); /* look again first */
    assert_int_equal(world_do(world, "JCJ", "rectification", "reinspect", 1, "seen", "仍缺一人", NULL), OK);
    assert_int_equal(world_do(world, "JCJ", "rectification", "reorder", 1, "reason", "仍缺一人", "due", "2009-10-20", NULL),
                     OK);
    static const int rungs[] = {OPT_rung_reminded, OPT_rung_overdue, OPT_rung_head, OPT_rung_leader};
    for (unsigned i = 0; i < 4; i++) {
        struct record record = world_get(world, KIND_rectification, 1);
        world->now.s = rec_num(&record, rectification_alarm);
        assert_int_equal(world_own(world, ACTOR_RULE, "rectification", "alarm", 1, NULL), OK);
        record = world_get(world, KIND_rectification, 1);
        assert_int_equal(rec_num(&record, rectification_rung), rungs[i]);
    }
    assert_int_equal(world_do(world, "HRX", "rectification", "report", 1, "result", "已补齐", NULL), OK);
    struct record record = world_get(world, KIND_rectification, 1);
    assert_int_equal(rec_num(&record, rectification_late), 1);
    assert_int_equal(world_do(world, "XMB", "rectification", "reinspect", 1, "seen", "属实", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "rectification", "close", 1, NULL), OK);
    assert_int_equal(world_do(world, "XMB", "inspection", "close", 1, NULL), OK);
}

/* ---- the draw ---- */

static void hex(const uint8_t *bytes, char *text)
{
    for (unsigned i = 0; i < LOTS_BYTES; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}

/* A number of a side, and the commitment to it, as a person would type them. */
static void secret(unsigned fill, char nonce[65], char commitment[65])
{
    uint8_t bytes[LOTS_BYTES], hash[LOTS_BYTES];
    memset(bytes, (int)fill, sizeof bytes);
    lots_commitment(bytes, hash);
    hex(bytes, nonce);
    hex(hash, commitment);
}

/* clauses: 2.6 */
static void a_spot_check_is_drawn_by_two_and_told_to_nobody(void **state)
{
    struct world *world = *state;
    char nonce[2][65], commitment[2][65];
    secret(1, nonce[0], commitment[0]);
    secret(2, nonce[1], commitment[1]);
    assert_int_equal(plan(world, "random", "JCJ", "scope", "责任落实情况"), OK);
    assert_int_equal(world_do(world, "XMB", "inspection", "start", 1, NULL), ERR_NOTHING_CHOSEN);
    assert_int_equal(
        world_do(world, "XMB", "draw", "open", 0, "inspection", "1", "count", "3", "due", "2009-09-28", NULL),
        ERR_POOL_SMALL);
    assert_int_equal(
        world_do(world, "XMB", "draw", "open", 0, "inspection", "1", "count", "1", "due", "2009-09-28", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "draw", "reveal", 1, "nonce", nonce[0], NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(world, "XMB", "draw", "commit", 1, "commitment", commitment[0], NULL), OK);
    assert_int_equal(world_do(world, "XMB", "draw", "commit", 1, "commitment", commitment[1], NULL), ERR_COMMITTED);
    assert_int_equal(world_do(world, "HRX", "draw", "commit", 1, "commitment", commitment[1], NULL), ERR_NOT_FOUND);
    assert_int_equal(world_do(world, "JCJ", "draw", "commit", 1, "commitment", commitment[1], NULL), OK);
    assert_int_equal(world_do(world, "XMB", "draw", "reveal", 1, "nonce", nonce[0], NULL), OK);
    assert_int_equal(world_do(world, "JCJ", "draw", "reveal", 1, "nonce", nonce[0], NULL), ERR_OTHER_NUMBER);
    assert_int_equal(world_do(world, "JCJ", "draw", "reveal", 1, "nonce", nonce[1], NULL), OK);
    check_state(world, KIND_draw, 1, ST_draw_drawn);
    assert_int_equal(world_sees(world, "HRX", KIND_draw, 1), SEE_NOTHING);
    assert_int_equal(world_sees(world, "LD", KIND_draw, 1), SEE_NOTHING);
    struct record inspection = world_get(world, KIND_inspection, 1);
    assert_true(rec_lists(&inspection, inspection_projects, 1));
    assert_int_equal(world_do(world, "XMB", "inspection", "start", 1, NULL), OK);
    check_state(world, KIND_draw, 1, ST_draw_published);
    assert_int_equal(world_sees(world, "HRX", KIND_draw, 1), SEE_FULL);
}

/* clauses: 2.6 */
static void a_draw_that_is_not_finished_in_time_is_void(void **state)
{
    struct world *world = *state;
    assert_int_equal(plan(world, "random", "JCJ", "scope", "责任落实情况"), OK);
    assert_int_equal(
        world_do(world, "XMB", "draw", "open", 0, "inspection", "1", "count", "1", "due", "2009-09-28", NULL), OK);
    world_at(world, 2009, 9, 29, 1);
    assert_int_equal(world_own(world, ACTOR_RULE, "draw", "lapse", 1, NULL), OK);
    check_state(world, KIND_draw, 1, ST_draw_void);
    assert_int_equal(
        world_do(world, "XMB", "draw", "open", 0, "inspection", "1", "count", "1", "due", "2009-09-29", NULL), OK);
}

/* What another program has to get from the description in lots.h; and that all come up. */
static void lots_fall_evenly_and_are_repeatable(void **state)
{
    (void)state;
    struct text pool = text_of("A01 A02 A03 A04 A05 A06 A07"), chosen[7], again[7];
    uint8_t office[LOTS_BYTES], other[LOTS_BYTES] = {7}, hash[LOTS_BYTES], seed[LOTS_BYTES];
    unsigned hits[7] = {0};
    lots_pool_hash(pool, hash);
    for (unsigned i = 0; i < 700; i++) {
        memset(office, 0, sizeof office);
        office[0] = (uint8_t)i;
        office[1] = (uint8_t)(i >> 8);
        lots_seed(office, other, hash, 3, seed);
        assert_true(lots_choose(pool, seed, 3, chosen));
        assert_true(lots_choose(pool, seed, 3, again));
        for (unsigned j = 0; j < 3; j++) {
            assert_true(text_equal(chosen[j], again[j]));
            assert_true(j == 0 || !text_equal(chosen[j], chosen[j - 1]));
            hits[chosen[j].at[2] - '1']++;
        }
    }
    for (unsigned i = 0; i < 7; i++)
        assert_in_range(hits[i], 230, 370); /* 300 expected, 5 deviations are 66 */
    assert_false(lots_choose(pool, seed, 8, chosen));
    assert_false(lots_choose(text_of("A02 A01"), seed, 1, chosen)); /* not in order */
    assert_false(lots_choose(text_of("A01 "), seed, 1, chosen));
}

/* clauses: 2.6 */
static void the_calendar_plans_an_inspection_each_quarter(void **state)
{
    struct world *world = *state;
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "found", 0, "job", "inspection", NULL), OK);
    uint64_t id = world->id;
    struct record schedule = world_get(world, KIND_schedule, id);
    assert_int_equal(stamp_day((stamp_t){rec_num(&schedule, schedule_next)}).n, day_make(2009, 12, 10).n);
    world_at(world, 2009, 12, 10, 9);
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "run", id, NULL), OK);
    check_state(world, KIND_inspection, 1, ST_inspection_planned);
    assert_int_equal(world_do(world, "XMB", "inspection", "change", 1, "projects", "1", "scope", "责任落实情况", NULL), OK);
    assert_int_equal(world_do(world, "JCJ", "inspection", "start", 1, NULL), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_office_inspects_with_supervision, setup, teardown),
        cmocka_unit_test_setup_teardown(findings_are_mended_and_looked_at_again, setup, teardown),
        cmocka_unit_test_setup_teardown(a_spot_check_is_drawn_by_two_and_told_to_nobody, setup, teardown),
        cmocka_unit_test_setup_teardown(a_draw_that_is_not_finished_in_time_is_void, setup, teardown),
        cmocka_unit_test(lots_fall_evenly_and_are_repeatable),
        cmocka_unit_test_setup_teardown(the_calendar_plans_an_inspection_each_quarter, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
