/* meeting_test.c - joint meetings of the three parties: called, attended, held, signed, reminded of. Clause 5.3. */
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

static enum err call(struct world *world, const char *login, const char *day)
{
    return world_do(world, login, "meeting", "call", 0, "project", "1", "day", day, "hour", "9:30", "venue",
                    "项目工地会议室", NULL);
}

static enum err hold(struct world *world, uint64_t meeting)
{
    return world_do(world, "HRX", "meeting", "hold", meeting, "progress", "主体三层", "exchange", "通报征拆进度",
                    "problems", "电力迁改", "minutes", "十月底前完成电力迁改", NULL);
}

/* The attendances 1 to 3 of the first meeting: responsible unit, owner, contractor. */
static enum err attend(struct world *world, const char *login, uint64_t id)
{
    return world_do(world, login, "attendance", "attend", id, "persons", "张三、李四", NULL);
}

static void held_meeting(struct world *world)
{
    assert_int_equal(call(world, "HRX", "2009-09-28"), OK);
    assert_int_equal(attend(world, "HRX", 1), OK);
    assert_int_equal(attend(world, "OWN1", 2), OK);
    assert_int_equal(attend(world, "HRX", 3), OK); /* the convener notes the contractor */
    assert_int_equal(hold(world, 1), OK);
}

static void check_state(struct world *world, unsigned kind, uint64_t id, unsigned state)
{
    struct record record = world_get(world, kind, id);
    assert_int_equal(rec_state(&record), state);
}

/* clauses: 5.3a 5.3c 5.3d */
static void a_meeting_goes_its_way(void **state)
{
    struct world *world = *state;
    static const char *const parties[] = {"HRX", "OWN1", "CON1"};
    held_meeting(world);
    struct record meeting = world_get(world, KIND_meeting, 1), attendance = world_get(world, KIND_attendance, 3);
    assert_int_equal(rec_num(&meeting, meeting_month), month_make(2009, 9).n);
    assert_int_equal(rec_num(&meeting, meeting_convener), world_unit(world, "HRX"));
    assert_int_equal(rec_num(&attendance, attendance_unit), world_unit(world, "CON1"));
    /* three working days: 29 and 30 September, 9 October */
    assert_int_equal(rec_num(&attendance, attendance_due), day_make(2009, 10, 9).n);
    for (uint64_t i = 0; i < 3; i++) {
        check_state(world, KIND_meeting, 1, ST_meeting_held);
        assert_int_equal(world_do(world, parties[i], "attendance", "sign", i + 1, "opinion", "同意", NULL), OK);
        attendance = world_get(world, KIND_attendance, i + 1);
        assert_false(rec_has(&attendance, attendance_alarm));
    }
    check_state(world, KIND_meeting, 1, ST_meeting_signed);
}

/* clauses: 5.3a 5.3b */
static void the_responsible_unit_calls_one_a_month(void **state)
{
    struct world *world = *state;
    static const char *const others[] = {"PJX", "XMB", "OWN1", "CON1", "JSJ"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(call(world, others[i], "2009-09-29"), ERR_NOT_ALLOWED);
    assert_int_equal(call(world, "HRX", "2009-09-29"), OK);
    assert_int_equal(call(world, "HRX", "2009-09-30"), ERR_EXISTS);
    assert_int_equal(call(world, "HRX", "2009-10-12"), OK);
    assert_int_equal(world_do(world, "HRX", "meeting", "change", 1, "day", "2009-10-09", NULL), ERR_OTHER_MONTH);
    assert_int_equal(world_do(world, "HRX", "meeting", "change", 1, "day", "2009-09-30", NULL), OK);
    struct record attendance = world_get(world, KIND_attendance, 2);
    assert_int_equal(rec_num(&attendance, attendance_day), day_make(2009, 9, 30).n);
    assert_int_equal(hold(world, 1), ERR_DATE_AHEAD);
    assert_int_equal(world_do(world, "HRX", "meeting", "cancel", 1, NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "HRX", "meeting", "cancel", 1, "reason", "业主外出", NULL), OK);
    check_state(world, KIND_attendance, 2, ST_attendance_cancelled);
    assert_int_equal(call(world, "HRX", "2009-09-30"), OK); /* a cancelled one does not count */
}

/* clauses: 5.3c */
static void nobody_is_missing_without_a_reason(void **state)
{
    struct world *world = *state;
    assert_int_equal(call(world, "HRX", "2009-09-28"), OK);
    assert_int_equal(attend(world, "HRX", 1), OK);
    assert_int_equal(attend(world, "CON1", 2), ERR_NOT_ALLOWED); /* it is the owner's */
    assert_int_equal(attend(world, "OWN1", 2), OK);
    assert_int_equal(hold(world, 1), ERR_PARTY_MISSING);
    assert_int_equal(world_do(world, "CON1", "attendance", "excuse", 3, NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "CON1", "attendance", "excuse", 3, "reason", "项目经理住院", NULL), OK);
    assert_int_equal(world_do(world, "OWN1", "attendance", "recall", 2, NULL), OK);
    assert_int_equal(world_do(world, "OWN1", "attendance", "excuse", 2, "reason", "外出", NULL), OK);
    assert_int_equal(hold(world, 1), ERR_NOT_A_MEETING); /* the convener alone */
    assert_int_equal(world_do(world, "OWN1", "attendance", "recall", 2, NULL), OK);
    assert_int_equal(attend(world, "OWN1", 2), OK);
    assert_int_equal(world_do(world, "OWN1", "attendance", "sign", 2, NULL), ERR_WRONG_STATE); /* not held yet */
    assert_int_equal(hold(world, 1), OK);
    assert_int_equal(world_do(world, "CON1", "attendance", "recall", 3, NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(world, "HRX", "attendance", "sign", 2, NULL), ERR_NOT_ALLOWED); /* not for another */
    assert_int_equal(world_do(world, "HRX", "attendance", "sign", 1, NULL), OK);
    assert_int_equal(world_do(world, "OWN1", "attendance", "sign", 2, NULL), OK);
    check_state(world, KIND_meeting, 1, ST_meeting_signed); /* by those who were there */
    assert_int_equal(world_do(world, "HRX", "meeting", "cancel", 1, "reason", "作废", NULL), ERR_WRONG_STATE);
}

/* clauses: 5.3c */
static void a_contractor_may_not_be_known_yet(void **state)
{
    struct world *world = *state;
    char con1[24], pjx[24];
    snprintf(con1, sizeof con1, "%llu", (unsigned long long)world_unit(world, "CON1"));
    snprintf(pjx, sizeof pjx, "%llu", (unsigned long long)world_unit(world, "PJX"));
    assert_int_equal(world_do(world, "HRX", "meeting", "call", 0, "project", "1", "day", "2009-09-28", "hour", "9:30",
                              "venue", "工地", "contractor", pjx, NULL),
                     ERR_OTHER_CONTRACTOR);
    assert_int_equal(world_do(world, "XMB", "project", "amend", 1, "contractor", "", NULL), OK);
    assert_int_equal(call(world, "HRX", "2009-09-28"), ERR_NO_CONTRACTOR);
    assert_int_equal(world_do(world, "HRX", "meeting", "call", 0, "project", "1", "day", "2009-09-28", "hour", "9:30",
                              "venue", "工地", "contractor", con1, NULL),
                     OK);
    assert_int_equal(world_sees(world, "CON1", KIND_meeting, 1), SEE_FULL);
    assert_int_equal(attend(world, "CON1", 3), OK);
    assert_int_equal(world_sees(world, "PJX", KIND_meeting, 1), SEE_NOTHING);
    assert_int_equal(world_do(world, "XMB", "project", "suspend", 1, "reason", "资金未到位", NULL), OK);
    assert_int_equal(call(world, "HRX", "2009-10-12"), ERR_NO_MEETING_OWED);
}

/* clauses: 5.3d */
static void a_problem_becomes_an_issue_by_one_key(void **state)
{
    struct world *world = *state;
    assert_int_equal(call(world, "HRX", "2009-09-28"), OK);
    assert_int_equal(world_do(world, "HRX", "meeting", "raise", 1, NULL), ERR_WRONG_STATE); /* not held yet */
    for (uint64_t party = 1; party <= 3; party++)
        assert_int_equal(attend(world, "HRX", party), OK);
    assert_int_equal(world_do(world, "HRX", "meeting", "hold", 1, "progress", "主体三层", "exchange", "无", "problems", "无",
                              "minutes", "照此推进", NULL),
                     ERR_TOO_SHORT);
    assert_int_equal(world_do(world, "HRX", "meeting", "hold", 1, "progress", "主体三层", "exchange", "材料供应", "problems",
                              "无", "minutes", "照此推进", NULL),
                     OK);
    assert_int_equal(world_do(world, "HRX", "meeting", "raise", 1, NULL), ERR_NO_PROBLEM);
    assert_int_equal(world_do(world, "OWN1", "meeting", "raise", 1, "problem", "临时用电容量不足", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "HRX", "meeting", "raise", 1, "problem", "临时用电容量不足", NULL), OK);
    struct record issue = world_get(world, KIND_issue, 1), meeting = world_get(world, KIND_meeting, 1);
    assert_int_equal(rec_state(&issue), ST_issue_collected);
    assert_int_equal(rec_num(&issue, issue_project), 1);
    assert_int_equal(rec_num(&issue, issue_meeting), 1);
    assert_int_equal(rec_num(&issue, issue_raised_by), world_unit(world, "HRX"));
    assert_int_equal(rec_num(&meeting, meeting_raised), 1);
    assert_int_equal(world_do(world, "XMB", "issue", "register", 1, "nature", "utilities", NULL), OK);
}

/* clauses: 5.3c */
static void who_does_not_sign_is_reminded(void **state)
{
    struct world *world = *state;
    held_meeting(world);
    static const int rungs[] = {OPT_rung_reminded, OPT_rung_overdue, OPT_rung_head, OPT_rung_leader};
    for (unsigned i = 0; i < 4; i++) {
        struct record attendance = world_get(world, KIND_attendance, 3);
        world->now.s = rec_num(&attendance, attendance_alarm);
        assert_int_equal(world_own(world, ACTOR_RULE, "attendance", "alarm", 3, NULL), OK);
        attendance = world_get(world, KIND_attendance, 3);
        assert_int_equal(rec_num(&attendance, attendance_rung), rungs[i]);
    }
    assert_int_equal(world_do(world, "CON1", "attendance", "sign", 3, NULL), OK);
    struct record attendance = world_get(world, KIND_attendance, 3);
    assert_int_equal(rec_num(&attendance, attendance_late), 1);
}

static uint64_t found_schedule(struct world *world, const char *job)
{
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "found", 0, "job", job, NULL), OK);
    return world->id;
}

static int64_t run(struct world *world, uint64_t schedule)
{
    struct record record = world_get(world, KIND_schedule, schedule);
    world->now.s = rec_num(&record, schedule_next);
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "run", schedule, NULL), OK);
    record = world_get(world, KIND_schedule, schedule);
    return rec_num(&record, schedule_count);
}

/* clauses: 5.3b */
static void a_missing_meeting_is_reminded_of_and_recorded(void **state)
{
    struct world *world = *state;
    uint64_t remind = found_schedule(world, "meeting_remind"), missing = found_schedule(world, "meeting_missing");
    /* 1 to 8 October are holidays: September's missing one is recorded on the 9th */
    assert_int_equal(run(world, missing), 1);
    assert_int_equal(stamp_day(world->now).n, day_make(2009, 10, 9).n);
    struct record urging = world_get(world, KIND_urging, 1);
    assert_int_equal(rec_num(&urging, urging_subject), world_unit(world, "HRX"));
    assert_int_equal(rec_num(&urging, urging_matter), OPT_matter_meeting);
    assert_int_equal(rec_num(&urging, urging_month), month_make(2009, 9).n);
    assert_int_equal(rec_num(&urging, urging_count), 1);
    assert_int_equal(run(world, remind), 1);
    assert_int_equal(stamp_day(world->now).n, day_make(2009, 10, 20).n);
    urging = world_get(world, KIND_urging, 2);
    assert_int_equal(rec_num(&urging, urging_month), month_make(2009, 10).n);
    assert_int_equal(rec_num(&urging, urging_due), day_make(2009, 10, 31).n);
    /* called, but not held by the end of the month: missing all the same */
    assert_int_equal(call(world, "HRX", "2009-10-30"), OK);
    assert_int_equal(run(world, missing), 1);
    assert_int_equal(call(world, "HRX", "2009-11-20"), OK);
    assert_int_equal(run(world, remind), 0);
    assert_int_equal(world_do(world, "XMB", "project", "suspend", 1, "reason", "资金未到位", NULL), OK);
    assert_int_equal(run(world, missing), 0); /* a suspended project owes none */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_meeting_goes_its_way, setup, teardown),
        cmocka_unit_test_setup_teardown(the_responsible_unit_calls_one_a_month, setup, teardown),
        cmocka_unit_test_setup_teardown(nobody_is_missing_without_a_reason, setup, teardown),
        cmocka_unit_test_setup_teardown(a_contractor_may_not_be_known_yet, setup, teardown),
        cmocka_unit_test_setup_teardown(a_problem_becomes_an_issue_by_one_key, setup, teardown),
        cmocka_unit_test_setup_teardown(who_does_not_sign_is_reminded, setup, teardown),
        cmocka_unit_test_setup_teardown(a_missing_meeting_is_reminded_of_and_recorded, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
