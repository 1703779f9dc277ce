/* agency_test.c - agency requests, batches and approval items: from the unit's need to the centre's closing, the limits
 * and their clocks, and what was obtained past the centre. Clause 5.1. */
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

static const char *number(struct world *world, uint64_t id)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)id);
    return arena_copy(&world->arena, digits, (size_t)length);
}

static uint64_t request(struct world *world)
{
    assert_int_equal(world_do(world, "HRX", "agency", "request", 0, "project", "1", "need", "用地和施工许可手续",
                              "wanted", "2009-12-31", NULL),
                     OK);
    return world->id;
}

static uint64_t add_item(struct world *world, const char *login, uint64_t agency, const char *class)
{
    assert_int_equal(world_do(world, login, "approval", "add", 0, "agency", number(world, agency), "name", "审批事项",
                              "class", class, "department", number(world, world_unit(world, "FGW")), NULL),
                     OK);
    return world->id;
}

/* A request that the centre has accepted. */
static uint64_t accepted_request(struct world *world)
{
    uint64_t agency = request(world);
    assert_int_equal(world_do(world, "XMB", "batch", "make", 0, "agencies", number(world, agency), NULL), OK);
    uint64_t batch = world->id;
    assert_int_equal(world_do(world, "XMB", "batch", "hand_over", batch, NULL), OK);
    assert_int_equal(world_do(world, "ZWZX", "batch", "accept", batch, NULL), OK);
    return agency;
}

static enum err step(struct world *world, const char *login, uint64_t item)
{
    return world_do(world, login, "approval", "step", item, "window", "3号窗口", "person", "周敏", "step",
                    "收件并核对材料", NULL);
}

/* An item that lies with the department, since today. */
static uint64_t handed_item(struct world *world, uint64_t agency, const char *class)
{
    uint64_t item = add_item(world, "ZWZX", agency, class);
    assert_int_equal(world_do(world, "ZWZX", "approval", "accept", item, NULL), OK);
    assert_int_equal(world_do(world, "ZWZX", "approval", "hand_over", item, NULL), OK);
    return item;
}

static void check_state(struct world *world, unsigned kind, uint64_t id, unsigned state)
{
    struct record record = world_get(world, kind, id);
    assert_int_equal(rec_state(&record), state);
}

/* clauses: 5.1a 5.1b 5.1c 5.1d 5.1e */
static void a_need_goes_its_way(void **state)
{
    struct world *world = *state;
    uint64_t agency = request(world), item = add_item(world, "HRX", agency, "permit");
    check_state(world, KIND_approval, item, ST_approval_noted);
    assert_int_equal(world_sees(world, "ZWZX", KIND_agency, agency), SEE_NOTHING);
    assert_int_equal(world_sees(world, "FGW", KIND_approval, item), SEE_NOTHING);
    assert_int_equal(world_do(world, "XMB", "batch", "make", 0, "agencies", number(world, agency), "note", "一并办理",
                              NULL),
                     OK);
    uint64_t batch = world->id;
    struct record record = world_get(world, KIND_batch, batch);
    assert_int_equal(rec_num(&record, batch_year), 2009);
    assert_int_equal(rec_num(&record, batch_serial), 1);
    check_state(world, KIND_agency, agency, ST_agency_batched);
    check_state(world, KIND_approval, item, ST_approval_waiting);
    assert_int_equal(world_do(world, "XMB", "batch", "hand_over", batch, NULL), OK);
    assert_int_equal(world_do(world, "ZWZX", "approval", "accept", item, NULL), ERR_AGENCY_WAITS);
    assert_int_equal(world_do(world, "ZWZX", "agency", "accept", agency, NULL), OK);
    check_state(world, KIND_batch, batch, ST_batch_accepted); /* it was the last of the batch */
    assert_int_equal(world_do(world, "ZWZX", "approval", "accept", item, NULL), OK);
    record = world_get(world, KIND_approval, item);
    assert_int_equal(rec_num(&record, approval_limit), 15); /* the usual one of its class */
    assert_int_equal(step(world, "ZWZX", item), OK);
    assert_int_equal(world_do(world, "ZWZX", "approval", "hand_over", item, NULL), OK);
    assert_int_equal(step(world, "FGW", item), OK);
    assert_int_equal(step(world, "HRX", item), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "ZWZX", "agency", "close", agency, NULL), ERR_ITEM_OPEN);
    assert_int_equal(world_do(world, "FGW", "approval", "grant", item, "result", "岳发改〔2009〕88号", NULL), OK);
    record = world_get(world, KIND_approval, item);
    assert_int_equal(rec_num(&record, approval_steps), 2);
    assert_int_equal(rec_num(&record, approval_centre_steps), 1);
    assert_false(rec_has(&record, approval_late));
    assert_false(rec_has(&record, approval_alarm));
    assert_int_equal(world_do(world, "ZWZX", "agency", "close", agency, NULL), OK);
}

/* clauses: 5.1b */
static void nothing_goes_straight_to_the_centre(void **state)
{
    struct world *world = *state;
    uint64_t agency = request(world), other = request(world);
    const char *project = "1";
    assert_int_equal(world_do(world, "ZWZX", "agency", "accept", agency, NULL), ERR_NOT_FOUND);
    assert_int_equal(world_do(world, "PJX", "agency", "request", 0, "project", project, "need", "手续", "wanted",
                              "2009-12-31", NULL),
                     ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "HRX", "batch", "make", 0, "agencies", number(world, agency), NULL),
                     ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "XMB", "batch", "make", 0, "agencies", number(world, agency), NULL), OK);
    uint64_t batch = world->id;
    assert_int_equal(world_do(world, "ZWZX", "agency", "accept", agency, NULL), ERR_NOT_HANDED);
    assert_int_equal(world_do(world, "XMB", "batch", "make", 0, "agencies", number(world, agency), NULL),
                     ERR_NOT_REQUESTED);
    assert_int_equal(world_sees(world, "ZWZX", KIND_batch, batch), SEE_NOTHING);
    assert_int_equal(world_sees(world, "HRX", KIND_batch, batch), SEE_NOTHING); /* others' needs are in it, too */
    assert_int_equal(world_do(world, "XMB", "agency", "batch", other, "batch", number(world, batch), NULL), OK);
    struct record record = world_get(world, KIND_batch, batch);
    assert_true(rec_lists(&record, batch_agencies, (int64_t)other));
    assert_int_equal(world_do(world, "HRX", "agency", "withdraw", other, "reason", "自行办理", NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(world, "XMB", "batch", "hand_over", batch, NULL), OK);
    uint64_t late = request(world);
    assert_int_equal(world_do(world, "XMB", "agency", "batch", late, "batch", number(world, batch), NULL),
                     ERR_BATCH_GONE);
    assert_int_equal(world_do(world, "XMB", "batch", "dissolve", batch, "reason", "有误", NULL), ERR_WRONG_STATE);
}

static void a_batch_is_dissolved_and_a_need_withdrawn(void **state)
{
    struct world *world = *state;
    uint64_t agency = request(world), item = add_item(world, "HRX", agency, "land");
    assert_int_equal(world_do(world, "XMB", "batch", "make", 0, "agencies", number(world, agency), NULL), OK);
    uint64_t batch = world->id;
    assert_int_equal(world_do(world, "XMB", "batch", "dissolve", batch, NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "XMB", "batch", "dissolve", batch, "reason", "补报后重新综合", NULL), OK);
    struct record record = world_get(world, KIND_agency, agency);
    assert_int_equal(rec_state(&record), ST_agency_requested);
    assert_false(rec_has(&record, agency_batch));
    check_state(world, KIND_approval, item, ST_approval_noted);
    assert_int_equal(world_do(world, "HRX", "agency", "withdraw", agency, NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "HRX", "agency", "withdraw", agency, "reason", "项目方案调整", NULL), OK);
    check_state(world, KIND_approval, item, ST_approval_dropped);
    assert_int_equal(world_do(world, "XMB", "batch", "make", 0, "agencies", number(world, agency), NULL),
                     ERR_NOT_REQUESTED);
    assert_int_equal(world_do(world, "HRX", "agency", "request", 0, "project", "1", "need", "手续", "wanted",
                              "2009-09-01", NULL),
                     ERR_DATE_PAST);
}

/* clauses: 5.1d */
static void an_item_is_late_and_carried_up(void **state)
{
    struct world *world = *state;
    uint64_t agency = accepted_request(world), item = add_item(world, "ZWZX", agency, "other");
    assert_int_equal(world_do(world, "ZWZX", "approval", "accept", item, "limit", "5", NULL), OK);
    struct record record = world_get(world, KIND_approval, item);
    /* 29 and 30 September, then 9, 10 (a make-up day) and 12 October */
    assert_int_equal(rec_num(&record, approval_due), day_make(2009, 10, 12).n);
    static const int rungs[] = {OPT_rung_reminded, OPT_rung_overdue, OPT_rung_head, OPT_rung_leader};
    for (unsigned i = 0; i < 4; i++) {
        record = world_get(world, KIND_approval, item);
        world->now.s = rec_num(&record, approval_alarm);
        assert_int_equal(world_own(world, ACTOR_RULE, "approval", "alarm", item, NULL), OK);
        record = world_get(world, KIND_approval, item);
        assert_int_equal(rec_num(&record, approval_rung), rungs[i]);
    }
    assert_int_equal(world_do(world, "ZWZX", "approval", "hand_over", item, NULL), OK);
    assert_int_equal(world_do(world, "FGW", "approval", "refuse", item, NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "FGW", "approval", "refuse", item, "reason", "不符合规划", NULL), OK);
    record = world_get(world, KIND_approval, item);
    assert_int_equal(rec_num(&record, approval_late), 1);
}

/* clauses: 5.1d */
static void a_pause_stops_the_clock_and_is_added(void **state)
{
    struct world *world = *state;
    uint64_t item = handed_item(world, accepted_request(world), "other");
    struct record record = world_get(world, KIND_approval, item);
    day_t due = {(int32_t)rec_num(&record, approval_due)};
    assert_int_equal(due.n, day_make(2009, 10, 19).n);
    assert_int_equal(world_do(world, "FGW", "approval", "pause", item, NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "FGW", "approval", "pause", item, "reason", "待补充环评报告", NULL), OK);
    assert_int_equal(world_own(world, ACTOR_RULE, "approval", "alarm", item, NULL), ERR_WRONG_STATE);
    world_at(world, 2009, 10, 12, 9); /* five working days later */
    assert_int_equal(world_do(world, "FGW", "approval", "resume", item, NULL), OK);
    record = world_get(world, KIND_approval, item);
    assert_int_equal(rec_num(&record, approval_paused_days), 5);
    assert_int_equal(rec_num(&record, approval_due), day_make(2009, 10, 26).n);
    assert_true(rec_has(&record, approval_alarm));
    /* a pause does not take an overdue item down again */
    for (unsigned i = 0; i < 2; i++) {
        world->now.s = rec_num(&record, approval_alarm);
        assert_int_equal(world_own(world, ACTOR_RULE, "approval", "alarm", item, NULL), OK);
        record = world_get(world, KIND_approval, item);
    }
    world_wait(world, 1, 0, 0);
    assert_int_equal(world_do(world, "FGW", "approval", "pause", item, "reason", "待业主补件", NULL), OK);
    assert_int_equal(world_do(world, "FGW", "approval", "resume", item, NULL), OK);
    record = world_get(world, KIND_approval, item);
    assert_int_equal(rec_num(&record, approval_rung), OPT_rung_overdue);
    assert_true(rec_num(&record, approval_alarm) > world->now.s);
}

/* clauses: 5.1f */
static void what_went_past_the_centre_is_counted(void **state)
{
    struct world *world = *state;
    uint64_t agency = accepted_request(world), item = handed_item(world, agency, "approval");
    uint64_t second = add_item(world, "XMB", agency, "fire");
    assert_int_equal(world_do(world, "FGW", "approval", "grant", item, "result", "1号", NULL), OK);
    assert_int_equal(world_do(world, "CON1", "approval", "report_outside", second, "outside_text", "自行取得", NULL),
                     ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "OWN1", "approval", "report_outside", second, NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "OWN1", "approval", "report_outside", second, "outside_text",
                              "由经办人直接到科室取得", "result", "消字12号", NULL),
                     OK);
    struct record record = world_get(world, KIND_approval, second);
    assert_int_equal(rec_state(&record), ST_approval_granted);
    assert_int_equal(rec_num(&record, approval_against), world_unit(world, "FGW"));
    /* registered at the centre, handled elsewhere: it is not closed over */
    assert_int_equal(world_do(world, "ZWZX", "agency", "close", agency, NULL), ERR_NO_HANDLING);
    assert_int_equal(world->why.number, 1);
    assert_int_equal(world_do(world, "ZWZX", "approval", "report_outside", item, "outside_text", "中心无办理记录",
                              "result", "2号", NULL),
                     ERR_FIXED);
    assert_int_equal(world_do(world, "ZWZX", "approval", "report_outside", item, "outside_text", "中心无办理记录", NULL),
                     OK);
    record = world_get(world, KIND_approval, item);
    assert_int_equal(rec_num(&record, approval_outside), 1);
    assert_int_equal(world_do(world, "HRX", "agency", "close", agency, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "ZWZX", "agency", "close", agency, NULL), OK);
    assert_int_equal(world_do(world, "HRX", "approval", "add", 0, "agency", number(world, agency), "name", "补办",
                              "class", "other", "department", number(world, world_unit(world, "FGW")), NULL),
                     ERR_ENDED);
}

static void a_request_without_items_needs_a_result(void **state)
{
    struct world *world = *state;
    uint64_t agency = accepted_request(world), item = add_item(world, "HRX", agency, "land");
    assert_int_equal(world_do(world, "HRX", "approval", "drop", item, "reason", "重复填报", NULL), OK);
    assert_int_equal(world_do(world, "ZWZX", "agency", "close", agency, NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "ZWZX", "agency", "close", agency, "result", "只需咨询, 已答复", NULL), OK);
}

/* clauses: 5.1a 5.1c */
static void only_participants_see_it(void **state)
{
    struct world *world = *state;
    uint64_t agency = accepted_request(world), item = handed_item(world, agency, "planning");
    static const char *const all[] = {"HRX", "JSJ", "OWN1", "CON1", "XMB", "ZWZX"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_int_equal(world_sees(world, all[i], KIND_agency, agency), SEE_FULL);
        assert_int_equal(world_sees(world, all[i], KIND_approval, item), SEE_FULL);
    }
    assert_int_equal(world_sees(world, "FGW", KIND_approval, item), SEE_FULL);
    assert_int_equal(world_sees(world, "FGW", KIND_agency, agency), SEE_NOTHING);
    assert_int_equal(world_sees(world, "JCJ", KIND_approval, item), SEE_LIST);
    assert_int_equal(world_sees(world, "PJX", KIND_agency, agency), SEE_NOTHING);
    assert_int_equal(world_sees(world, "PJX", KIND_approval, item), SEE_NOTHING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_need_goes_its_way, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_goes_straight_to_the_centre, setup, teardown),
        cmocka_unit_test_setup_teardown(a_batch_is_dissolved_and_a_need_withdrawn, setup, teardown),
        cmocka_unit_test_setup_teardown(an_item_is_late_and_carried_up, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pause_stops_the_clock_and_is_added, setup, teardown),
        cmocka_unit_test_setup_teardown(what_went_past_the_centre_is_counted, setup, teardown),
        cmocka_unit_test_setup_teardown(a_request_without_items_needs_a_result, setup, teardown),
        cmocka_unit_test_setup_teardown(only_participants_see_it, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
