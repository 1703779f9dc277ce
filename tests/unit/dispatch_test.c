/* dispatch_test.c - rounds of dispatch with answers and tasks, and honours and sanctions. Clauses 2 and 4. */
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

static enum err call(struct world *world, const char *login, const char *field, const char *value)
{
    return world_do(world, login, "dispatch", "call", 0, "day", "2009-09-28", "scope", "三季度调度", "questions",
                    "进度与困难", field, value, NULL);
}

/* clauses: 2.1 2.2 */
static void a_round_is_answered_consolidated_and_closed(void **state)
{
    struct world *world = *state;
    assert_int_equal(call(world, "XMB", "everybody", "yes"), OK);
    struct record round = world_get(world, KIND_dispatch, 1), answer = world_get(world, KIND_dispatch_answer, 1);
    assert_int_equal(rec_num(&round, dispatch_asked), 1); /* HRX alone has a project */
    assert_int_equal(rec_num(&answer, dispatch_answer_subject), world_unit(world, "HRX"));
    assert_int_equal(rec_num(&answer, dispatch_answer_due), rec_num(&round, dispatch_due));
    assert_int_equal(world_sees(world, "HRX", KIND_dispatch, 1), SEE_FULL);
    assert_int_equal(world_sees(world, "PJX", KIND_dispatch, 1), SEE_NOTHING);
    assert_int_equal(world_do(world, "XMB", "dispatch_answer", "ask", 0, "dispatch", "1", "subject", unit(world, "PJX"),
                              NULL),
                     OK);
    assert_int_equal(world_do(world, "XMB", "dispatch_answer", "ask", 0, "dispatch", "1", "subject", unit(world, "PJX"),
                              NULL),
                     ERR_EXISTS);
    assert_int_equal(world_do(world, "PJX", "dispatch_answer", "answer", 1, "answer", "代答", NULL), ERR_NOT_FOUND);
    assert_int_equal(world_do(world, "HRX", "dispatch_answer", "answer", 1, "answer", "主体三层", NULL), OK);
    assert_int_equal(world_do(world, "HRX", "dispatch_answer", "revise", 1, "answer", "主体四层", NULL), OK);
    round = world_get(world, KIND_dispatch, 1);
    assert_int_equal(rec_num(&round, dispatch_answered), 1);
    assert_int_equal(rec_num(&round, dispatch_asked), 2);
    assert_int_equal(world_do(world, "XMB", "decision", "set", 0, "dispatch", "1", "subject", unit(world, "FGW"),
                              "task", "十日内批复可研", "due", "2009-10-12", NULL),
                     OK);
    assert_int_equal(world_do(world, "XMB", "dispatch", "consolidate", 1, NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "XMB", "dispatch", "consolidate", 1, "feedback", "总体正常", NULL), OK);
    assert_int_equal(world_do(world, "HRX", "dispatch_answer", "revise", 1, "answer", "补充", NULL), ERR_DISPATCH_OVER);
    answer = world_get(world, KIND_dispatch_answer, 2); /* nobody's desk or clock has it any more */
    assert_int_equal(rec_state(&answer), ST_dispatch_answer_missed);
    assert_false(rec_has(&answer, dispatch_answer_alarm));
    assert_int_equal(world_do(world, "XMB", "dispatch", "close", 1, NULL), ERR_DECISIONS_OPEN);
    assert_int_equal(world_do(world, "HRX", "decision", "finish", 1, "result", "已批复", NULL), ERR_NOT_FOUND);
    assert_int_equal(world_do(world, "FGW", "decision", "finish", 1, "result", "已批复", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "dispatch", "close", 1, NULL), OK);
}

/* clauses: 2.2 */
static void a_responsible_unit_asks_the_owners_of_its_own_projects(void **state)
{
    struct world *world = *state;
    assert_int_equal(call(world, "PJX", "projects", "1"), ERR_NOT_RESPONSIBLE);
    assert_int_equal(call(world, "HRX", "everybody", "yes"), ERR_NOT_YOURS);
    assert_int_equal(world_do(world, "HRX", "dispatch", "call", 0, "day", "2009-09-28", "scope", "调度", "questions",
                              "进度", NULL),
                     ERR_NOBODY_ASKED);
    assert_int_equal(call(world, "HRX", "projects", "1"), OK);
    assert_int_equal(world_sees(world, "OWN1", KIND_dispatch, 1), SEE_FULL);
    assert_int_equal(world_do(world, "OWN1", "dispatch_answer", "answer", 1, "answer", "按计划推进", NULL), OK);
    assert_int_equal(world_do(world, "HRX", "dispatch", "consolidate", 1, "feedback", "正常", NULL), OK);
}

/* clauses: 2.1 */
static void an_answer_that_is_late_goes_up(void **state)
{
    struct world *world = *state;
    static const int rungs[] = {OPT_rung_reminded, OPT_rung_overdue, OPT_rung_head, OPT_rung_leader};
    assert_int_equal(call(world, "XMB", "everybody", "yes"), OK);
    for (unsigned i = 0; i < 4; i++) {
        struct record answer = world_get(world, KIND_dispatch_answer, 1);
        world->now.s = rec_num(&answer, dispatch_answer_alarm);
        assert_int_equal(world_own(world, ACTOR_RULE, "dispatch_answer", "alarm", 1, NULL), OK);
        answer = world_get(world, KIND_dispatch_answer, 1);
        assert_int_equal(rec_num(&answer, dispatch_answer_rung), rungs[i]);
    }
    struct record answer = world_get(world, KIND_dispatch_answer, 1);
    assert_false(rec_has(&answer, dispatch_answer_alarm)); /* nobody is above the leader */
    assert_int_equal(world_do(world, "HRX", "dispatch_answer", "answer", 1, "answer", "迟报", NULL), OK);
    answer = world_get(world, KIND_dispatch_answer, 1);
    assert_int_equal(rec_num(&answer, dispatch_answer_late), 1);
}

/* clauses: 2.1 */
static void the_calendar_calls_a_round_each_month(void **state)
{
    struct world *world = *state;
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "found", 0, "job", "dispatch", NULL), OK);
    uint64_t id = world->id;
    struct record schedule = world_get(world, KIND_schedule, id);
    assert_int_equal(stamp_day((stamp_t){rec_num(&schedule, schedule_next)}).n, day_make(2009, 10, 12).n);
    world_at(world, 2009, 10, 12, 9);
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "run", id, NULL), OK);
    check_state(world, KIND_dispatch, 1, ST_dispatch_open);
    assert_int_equal(world_do(world, "HRX", "dispatch_answer", "answer", 1, "answer", "正常", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "dispatch", "consolidate", 1, "feedback", "正常", NULL), OK);
}

static enum err propose(struct world *world, const char *type, const char *code)
{
    return world_do(world, "XMB", "honour", "propose", 0, "subject", unit(world, code), "type", type, "grounds",
                    "见所附项目", "projects", "1", NULL);
}

/* clauses: 2.10 2.11 */
static void honours_rest_on_facts_and_are_decided_by_the_government(void **state)
{
    struct world *world = *state;
    assert_int_equal(world_do(world, "XMB", "honour", "propose", 0, "subject", unit(world, "HRX"), "type", "commended",
                              "grounds", "推进快", NULL),
                     ERR_NO_GROUNDS);
    assert_int_equal(world_do(world, "HRX", "honour", "propose", 0, "subject", unit(world, "HRX"), "type", "commended",
                              "grounds", "推进快", "projects", "1", NULL),
                     ERR_NOT_ALLOWED);
    assert_int_equal(propose(world, "commended", "HRX"), OK);
    assert_int_equal(world_sees(world, "HRX", KIND_honour, 1), SEE_NOTHING);
    assert_int_equal(world_sees(world, "JCJ", KIND_honour, 1), SEE_LIST);
    assert_int_equal(world_do(world, "XMB", "honour", "decide", 1, "from", "2009-10-01", NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "YY", "honour", "decide", 1, "document", "岳政发〔2009〕30号", "from", "2009-10-01",
                              NULL),
                     OK);
    assert_int_equal(world_sees(world, "PJX", KIND_honour, 1), SEE_LIST); /* decided ones are for everybody */
}

/* clauses: 2.11 4.8 */
static void who_is_blamed_is_heard_and_who_is_disqualified_is_not_honoured(void **state)
{
    struct world *world = *state;
    assert_int_equal(propose(world, "disqualified", "HRX"), OK);
    assert_int_equal(world_do(world, "YY", "honour", "decide", 1, "document", "岳政发〔2009〕31号", "from", "2009-09-28",
                              NULL),
                     ERR_NOT_HEARD);
    assert_int_equal(world_do(world, "XMB", "honour", "hear", 1, NULL), OK);
    assert_int_equal(world_sees(world, "HRX", KIND_honour, 1), SEE_FULL);
    assert_int_equal(world_do(world, "PJX", "honour", "state", 1, "statement", "代陈述", NULL), ERR_NOT_FOUND);
    assert_int_equal(world_do(world, "HRX", "honour", "state", 1, "statement", "因资金未到位", NULL), OK);
    assert_int_equal(world_do(world, "YY", "honour", "decide", 1, "document", "岳政发〔2009〕31号", "from", "2009-09-28",
                              "to", "2009-12-31", NULL),
                     OK);
    assert_int_equal(propose(world, "commended", "HRX"), ERR_DISQUALIFIED);
    assert_string_equal(world->why.text, "岳政发〔2009〕31号");
    assert_int_equal(propose(world, "commended", "PJX"), OK);
    world_at(world, 2010, 1, 1, 1);
    assert_int_equal(world_own(world, ACTOR_RULE, "honour", "expire", 1, NULL), OK);
    assert_int_equal(propose(world, "commended", "HRX"), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_round_is_answered_consolidated_and_closed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_responsible_unit_asks_the_owners_of_its_own_projects, setup, teardown),
        cmocka_unit_test_setup_teardown(an_answer_that_is_late_goes_up, setup, teardown),
        cmocka_unit_test_setup_teardown(the_calendar_calls_a_round_each_month, setup, teardown),
        cmocka_unit_test_setup_teardown(honours_rest_on_facts_and_are_decided_by_the_government, setup, teardown),
        cmocka_unit_test_setup_teardown(who_is_blamed_is_heard_and_who_is_disqualified_is_not_honoured, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
