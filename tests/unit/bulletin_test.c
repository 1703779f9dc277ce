/* bulletin_test.c - bulletins from the draft to the receipts. Clauses 2.9, 5.5g and 5.5h. */
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

/* The office's leader signs with a hat of his own. */
static void appoint(struct world *world)
{
    assert_int_equal(world_do(world, "ADM", "operator", "amend", world_actor(world, "XMB").operator, "roles",
                              "clerk,contact,reviewer", NULL),
                     OK);
}

static enum err draft(struct world *world, const char *type, const char *month)
{
    return world_do(world, "XMB", "bulletin", "draft", 0, "type", type, "month", month, "body", "一、总体情况。",
                    "everybody", "yes", NULL);
}

static bool text_is(const struct record *record, unsigned position, const char *wanted)
{
    return text_equal(rec_text(record, position), text_of(wanted));
}

/* The receipt of a unit, or 0. */
static uint64_t receipt_of(struct world *world, uint64_t bulletin, const char *code)
{
    struct value values[] = {number_value((int64_t)bulletin), number_value((int64_t)world_unit(world, code))};
    return state_find(&world->memory.space, IX_receipt_bulletin, values, 2);
}

static uint64_t issue(struct world *world)
{
    assert_int_equal(draft(world, "monthly", "2009-08"), OK);
    uint64_t id = world->id;
    assert_int_equal(world_do(world, "XMB", "bulletin", "propose", id, NULL), OK);
    appoint(world);
    assert_int_equal(world_do(world, "XMB", "bulletin", "issue", id, NULL), OK);
    return id;
}

/* clauses: 2.9 */
static void a_bulletin_is_drafted_reviewed_numbered_and_sealed(void **state)
{
    struct world *world = *state;
    assert_int_equal(draft(world, "monthly", "2009-08"), OK);
    uint64_t id = world->id;
    struct record bulletin = world_get(world, KIND_bulletin, id);
    assert_true(text_is(&bulletin, bulletin_title, "关于2009年8月份重点建设项目进展情况的通报"));
    assert_int_equal(world_sees(world, "HRX", KIND_bulletin, id), SEE_NOTHING);
    assert_int_equal(world_do(world, "XMB", "bulletin", "issue", id, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "HRX", "bulletin", "propose", id, NULL), ERR_NOT_FOUND);
    assert_int_equal(world_do(world, "XMB", "bulletin", "propose", id, NULL), OK);
    assert_int_equal(world_do(world, "XMB", "bulletin", "revise", id, "body", "改", NULL), ERR_WRONG_STATE);
    appoint(world);
    assert_int_equal(world_do(world, "XMB", "bulletin", "rework", id, "reason", "数字要核", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "bulletin", "revise", id, "body", "一、总体情况。核过。", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "bulletin", "propose", id, NULL), OK);
    struct head head = world->head;
    assert_int_equal(world_do(world, "XMB", "bulletin", "issue", id, NULL), OK);
    bulletin = world_get(world, KIND_bulletin, id);
    assert_true(text_is(&bulletin, bulletin_number, "岳重项办通〔2009〕1号"));
    assert_int_equal(rec_num(&bulletin, bulletin_head), head.number);
    assert_memory_equal(rec_text(&bulletin, bulletin_head_hash).at, head.hash, HASH_BYTES);
    assert_int_equal(rec_num(&bulletin, bulletin_issued), world->now.s);
    assert_int_equal(world_sees(world, "HRX", KIND_bulletin, id), SEE_LIST);
    assert_int_equal(world_sees(world, "OWN1", KIND_bulletin, id), SEE_LIST);
    /* never changed again */
    assert_int_equal(world_do(world, "XMB", "bulletin", "revise", id, "body", "改", NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(world, "XMB", "bulletin", "withdraw", id, NULL), ERR_WRONG_STATE);
}

/* clauses: 2.9 0.1 */
static void each_recipient_has_a_receipt_to_sign_by_its_day(void **state)
{
    struct world *world = *state;
    uint64_t id = issue(world), mine = receipt_of(world, id, "HRX");
    assert_int_not_equal(mine, 0);
    assert_int_not_equal(receipt_of(world, id, "FGW"), 0);
    assert_int_equal(receipt_of(world, id, "OWN1"), 0); /* an enterprise */
    assert_int_equal(receipt_of(world, id, "PCS1"), 0); /* a station */
    assert_int_equal(receipt_of(world, id, "LD"), 0);   /* the city itself */
    assert_int_equal(receipt_of(world, id, "XMB"), 0);  /* the sender */
    assert_int_equal(world_sees(world, "PJX", KIND_receipt, mine), SEE_NOTHING);
    assert_int_equal(world_do(world, "PJX", "receipt", "read", mine, NULL), ERR_NOT_FOUND);
    assert_int_equal(world_do(world, "HRX-L", "receipt", "read", mine, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "HRX", "receipt", "read", mine, NULL), OK);
    struct record receipt = world_get(world, KIND_receipt, mine);
    assert_int_equal(rec_state(&receipt), ST_receipt_read);
    assert_int_equal(rec_num(&receipt, receipt_reader), world_actor(world, "HRX").operator);
    assert_false(rec_has(&receipt, receipt_late));
    assert_false(rec_has(&receipt, receipt_alarm));
    assert_int_equal(world_do(world, "HRX", "receipt", "read", mine, NULL), ERR_WRONG_STATE);
}

/* clauses: 2.9 */
static void what_is_not_read_is_reminded_of_and_then_shown_as_overdue(void **state)
{
    struct world *world = *state;
    uint64_t late = receipt_of(world, issue(world), "PJX");
    for (int rung = OPT_rung_reminded; rung <= OPT_rung_overdue; rung++) {
        struct record receipt = world_get(world, KIND_receipt, late);
        world->now.s = rec_num(&receipt, receipt_alarm);
        assert_int_equal(world_own(world, ACTOR_RULE, "receipt", "alarm", late, NULL), OK);
        receipt = world_get(world, KIND_receipt, late);
        assert_int_equal(rec_num(&receipt, receipt_rung), rung);
    }
    struct record receipt = world_get(world, KIND_receipt, late);
    assert_false(rec_has(&receipt, receipt_alarm));
    assert_int_equal(world_do(world, "PJX", "receipt", "read", late, NULL), OK);
    receipt = world_get(world, KIND_receipt, late);
    assert_int_equal(rec_num(&receipt, receipt_late), 1);
}

static void named_recipients_get_it_and_nobody_else(void **state)
{
    struct world *world = *state;
    char units[60];
    snprintf(units, sizeof units, "%llu,%llu", (unsigned long long)world_unit(world, "HRX"),
             (unsigned long long)world_unit(world, "LD"));
    assert_int_equal(world_do(world, "XMB", "bulletin", "draft", 0, "type", "digest", "month", "2009-09", "body",
                              "一、预警情况。", NULL),
                     OK);
    uint64_t id = world->id;
    assert_int_equal(world_do(world, "XMB", "bulletin", "propose", id, NULL), ERR_NO_RECIPIENT);
    assert_int_equal(world_do(world, "XMB", "bulletin", "propose", id, "units", units, NULL), OK);
    appoint(world);
    assert_int_equal(world_do(world, "XMB", "bulletin", "issue", id, NULL), OK);
    assert_int_not_equal(receipt_of(world, id, "LD"), 0);
    assert_int_equal(receipt_of(world, id, "PJX"), 0);
    assert_int_equal(world_sees(world, "HRX", KIND_bulletin, id), SEE_FULL);
    assert_int_equal(world_sees(world, "PJX", KIND_bulletin, id), SEE_LIST);
}

/* clauses: 5.5g 5.5h */
static void a_period_has_one_bulletin_and_ends_with_its_month(void **state)
{
    struct world *world = *state;
    assert_int_equal(draft(world, "issues", "2009-08"), ERR_NOT_PERIOD_END);
    assert_int_equal(draft(world, "half_year", "2009-09"), ERR_NOT_PERIOD_END);
    assert_int_equal(draft(world, "monthly", "2009-10"), ERR_MONTH_AHEAD);
    assert_int_equal(draft(world, "issues", "2009-06"), OK);
    uint64_t id = world->id;
    struct record bulletin = world_get(world, KIND_bulletin, id);
    assert_true(text_is(&bulletin, bulletin_title, "关于2009年第二季度重点建设项目问题挂号销号情况的通报"));
    assert_int_equal(draft(world, "issues", "2009-06"), ERR_BULLETIN_THERE);
    assert_int_equal(world_do(world, "XMB", "bulletin", "withdraw", id, NULL), OK);
    assert_int_equal(draft(world, "issues", "2009-06"), OK);
    assert_int_equal(draft(world, "half_year", "2009-06"), OK);
    bulletin = world_get(world, KIND_bulletin, world->id);
    assert_true(text_is(&bulletin, bulletin_title, "关于2009年上半年重点建设项目问题挂号销号情况的讲评通报"));
    /* there can be several of these */
    assert_int_equal(draft(world, "commendation", "2009-08"), OK);
    assert_int_equal(draft(world, "commendation", "2009-08"), OK);
}

static uint64_t run_schedule(struct world *world, const char *job)
{
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "found", 0, "job", job, NULL), OK);
    uint64_t id = world->id;
    struct record schedule = world_get(world, KIND_schedule, id);
    world->now.s = rec_num(&schedule, schedule_next);
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "run", id, NULL), OK);
    schedule = world_get(world, KIND_schedule, id);
    return (uint64_t)rec_num(&schedule, schedule_count);
}

/* clauses: 2.9 5.5g 5.5h */
static void the_calendar_lays_drafts_on_the_clerks_desk(void **state)
{
    struct world *world = *state;
    assert_int_equal(run_schedule(world, "bulletin_issues"), 1); /* of the third quarter */
    assert_int_equal(stamp_day(world->now).n, day_make(2009, 10, 9).n); /* the first working day after the holidays */
    struct record bulletin = world_get(world, KIND_bulletin, 1);
    assert_int_equal(rec_num(&bulletin, bulletin_type), OPT_bulletin_issues);
    assert_int_equal(rec_num(&bulletin, bulletin_month), month_make(2009, 9).n);
    assert_int_equal(rec_num(&bulletin, bulletin_everybody), 1);
    assert_int_equal(world_do(world, "XMB", "bulletin", "propose", 1, NULL), ERR_NEEDED); /* it has no text yet */
    assert_int_equal(run_schedule(world, "bulletin_monthly"), 1);
    assert_int_equal(stamp_day(world->now).n, day_make(2009, 10, 15).n);
    world_at(world, 2009, 12, 28, 9);
    assert_int_equal(draft(world, "half_year", "2009-12"), OK); /* somebody was quicker */
    struct record schedule = world_get(world, KIND_schedule, 1);
    world->now.s = rec_num(&schedule, schedule_next);
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "run", 1, NULL), OK);
    schedule = world_get(world, KIND_schedule, 1);
    assert_int_equal(rec_num(&schedule, schedule_count), 1); /* the quarter's alone */
}

static void figures_are_not_of_tomorrow(void **state)
{
    struct world *world = *state;
    assert_int_equal(world_do(world, "XMB", "bulletin", "draft", 0, "type", "monthly", "month", "2009-08", "figures_on",
                              "2009-09-29", NULL),
                     ERR_DATE_AHEAD);
    assert_int_equal(world_do(world, "XMB", "bulletin", "draft", 0, "type", "monthly", "month", "2009-08", "figures_on",
                              "2009-09-28", NULL),
                     OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_bulletin_is_drafted_reviewed_numbered_and_sealed, setup, teardown),
        cmocka_unit_test_setup_teardown(each_recipient_has_a_receipt_to_sign_by_its_day, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_read_is_reminded_of_and_then_shown_as_overdue, setup, teardown),
        cmocka_unit_test_setup_teardown(named_recipients_get_it_and_nobody_else, setup, teardown),
        cmocka_unit_test_setup_teardown(a_period_has_one_bulletin_and_ends_with_its_month, setup, teardown),
        cmocka_unit_test_setup_teardown(the_calendar_lays_drafts_on_the_clerks_desk, setup, teardown),
        cmocka_unit_test_setup_teardown(figures_are_not_of_tomorrow, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
