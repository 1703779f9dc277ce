/* warning_test.c - warnings: one matter, one warning; signed for, answered, carried up, lifted. Clause 5.4
 * of the notice, 4.5 for the head in person. */
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

/* A number as text; two at a time. */
static const char *number(uint64_t id)
{
    static char texts[2][24];
    static unsigned next;
    char *text = texts[next++ % 2];
    snprintf(text, sizeof texts[0], "%llu", (unsigned long long)id);
    return text;
}

static const char *unit(struct world *world, const char *code)
{
    return number(world_unit(world, code));
}

#define assert_text(text, wanted) assert_string_equal(kept(text), wanted)

static const char *kept(struct text text)
{
    static char copy[64];
    struct str str = str_in(copy, sizeof copy);
    str_text(&str, text);
    return copy;
}

static struct record warning(struct world *world, uint64_t id)
{
    return world_get(world, KIND_warning, id);
}

/* A warning by hand about the project P1, not issued yet. */
static enum err draw_up(struct world *world, const char *cause)
{
    return world_do(world, "XMB", "warning", "propose", 0, "project", "1", "cause", cause, "level", "yellow", "text",
                    "工程进度明显滞后", NULL);
}

static uint64_t issued(struct world *world, const char *cause)
{
    assert_int_equal(draw_up(world, cause), OK);
    uint64_t id = world->id;
    assert_int_equal(world_do(world, "XMB", "warning", "issue", id, NULL), OK);
    return id;
}

static enum err answer(struct world *world, const char *login, const char *action, uint64_t id, const char *until)
{
    return world_do(world, login, "warning", action, id, "measures", "增加一个班组,倒排工期", "until", until, "fault",
                    "human", NULL);
}

static uint64_t alarm_of(struct world *world, unsigned kind, uint64_t id)
{
    unsigned position;
    struct record record = world_get(world, kind, id);
    field_named(kind, "alarm", &position);
    return (uint64_t)rec_num(&record, position);
}

/* Time comes to the warning's next alarm, and the clock takes it. */
static int64_t ring(struct world *world, uint64_t id)
{
    world->now.s = (int64_t)alarm_of(world, KIND_warning, id);
    assert_int_equal(world_own(world, ACTOR_RULE, "warning", "alarm", id, NULL), OK);
    struct record record = warning(world, id);
    return rec_num(&record, warning_rung);
}

/* ---- its life ---- */

/* From the office's draft to its lifting: each step by the one whose step it is, with its time in the record. */
/* clauses: 5.4a 5.4b 5.4d */
static void a_warning_goes_its_way(void **state)
{
    struct world *world = *state;
    assert_int_equal(draw_up(world, "behind_plan"), OK);
    uint64_t id = world->id;
    struct record record = warning(world, id);
    assert_int_equal(rec_num(&record, warning_subject), world_unit(world, "HRX")); /* of the project */
    assert_false(rec_has(&record, warning_number));
    assert_int_equal(world_do(world, "XMB", "warning", "issue", id, NULL), OK);
    record = warning(world, id);
    assert_text(rec_text(&record, warning_number), "预警〔2009〕1号");
    /* five working days: 29, 30, then after the holidays 9, the make-up Saturday 10, and 12 */
    assert_int_equal(rec_num(&record, warning_due), day_make(2009, 10, 12).n);
    world_wait(world, 0, 1, 0);
    assert_int_equal(world_do(world, "HRX-L", "warning", "deliver", id, NULL), OK);
    record = warning(world, id);
    assert_int_equal(rec_num(&record, warning_delivered), world->now.s);
    world_wait(world, 0, 1, 0);
    assert_int_equal(answer(world, "HRX", "answer", id, "2009-10-30"), ERR_WRONG_STATE); /* 签收 comes first */
    assert_int_equal(world_do(world, "HRX", "warning", "acknowledge", id, NULL), OK);
    record = warning(world, id);
    assert_int_equal(rec_num(&record, warning_delivered), world->now.s - 3600);
    assert_int_equal(rec_num(&record, warning_acknowledged), world->now.s);
    assert_int_equal(world_do(world, "XMB", "warning", "lift", id, "reason", "过早", NULL), ERR_WRONG_STATE);
    assert_int_equal(answer(world, "HRX", "answer", id, "2009-09-25"), ERR_DATE_PAST);
    assert_int_equal(world_do(world, "HRX", "warning", "answer", id, "measures", "抓紧", "until", "2009-10-30", NULL),
                     ERR_NEEDED); /* 人为 or 客观 has to be said */
    assert_int_equal(answer(world, "HRX", "answer", id, "2009-10-30"), OK);
    record = warning(world, id);
    assert_int_equal(rec_state(&record), ST_warning_answered);
    assert_int_equal(rec_num(&record, warning_due), day_make(2009, 10, 30).n); /* now the measures are waited for */
    assert_int_equal(world_do(world, "HRX", "warning", "lift", id, "reason", "已整改", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "XMB", "warning", "lift", id, NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "XMB", "warning", "lift", id, "reason", "进度已赶上", NULL), OK);
    record = warning(world, id);
    assert_int_equal(rec_state(&record), ST_warning_lifted);
    assert_false(rec_has(&record, warning_alarm));
}

/* What has not been opened counts as delivered when it is signed for; a draft is dropped with a reason. */
static void short_ways(void **state)
{
    struct world *world = *state;
    uint64_t id = issued(world, "other");
    world_wait(world, 1, 0, 0);
    assert_int_equal(world_do(world, "HRX", "warning", "acknowledge", id, NULL), OK);
    struct record record = warning(world, id);
    assert_int_equal(rec_num(&record, warning_delivered), world->now.s);
    assert_int_equal(world_do(world, "HRX", "warning", "deliver", id, NULL), ERR_WRONG_STATE);
    assert_int_equal(draw_up(world, "behind_plan"), OK);
    id = world->id;
    assert_int_equal(world_do(world, "XMB", "warning", "drop", id, NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "XMB", "warning", "drop", id, "reason", "情况不实", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "warning", "issue", id, NULL), ERR_WRONG_STATE);
    /* the office may give another day than the usual one, but none that has passed */
    assert_int_equal(draw_up(world, "behind_plan"), OK);
    id = world->id;
    assert_int_equal(world_do(world, "XMB", "warning", "issue", id, "due", "2009-09-01", NULL), ERR_DATE_PAST);
    assert_int_equal(world_do(world, "XMB", "warning", "issue", id, "due", "2009-10-20", NULL), OK);
    record = warning(world, id);
    assert_int_equal(rec_num(&record, warning_due), day_make(2009, 10, 20).n);
    assert_text(rec_text(&record, warning_number), "预警〔2009〕2号");
}

/* 一事一预警: the open one's name is in the refusal; another cause or another unit is another matter. */
/* clauses: 5.4a */
static void one_matter_one_warning(void **state)
{
    struct world *world = *state;
    assert_int_equal(draw_up(world, "behind_plan"), OK);
    uint64_t id = world->id;
    assert_int_equal(draw_up(world, "behind_plan"), ERR_WARNED);
    assert_string_equal(world->why.text, "#1");
    assert_int_equal(world_do(world, "XMB", "warning", "issue", id, NULL), OK);
    assert_int_equal(draw_up(world, "behind_plan"), ERR_WARNED);
    assert_string_equal(world->why.text, "预警〔2009〕1号");
    assert_int_equal(draw_up(world, "milestone_overdue"), OK);
    assert_int_equal(world_do(world, "XMB", "warning", "propose", 0, "subject", unit(world, "HRX"), "cause",
                              "behind_plan", "level", "red", "text", "全县进度滞后", NULL),
                     OK); /* the unit itself, no project */
    assert_int_equal(world_do(world, "XMB", "warning", "propose", 0, "subject", unit(world, "HRX"), "cause",
                              "behind_plan", "level", "red", "text", "全县进度滞后", NULL),
                     ERR_WARNED);
    assert_int_equal(world_do(world, "XMB", "warning", "propose", 0, "subject", unit(world, "PJX"), "cause",
                              "behind_plan", "level", "red", "text", "全县进度滞后", NULL),
                     OK);
    /* lifted, the matter can be warned of again */
    assert_int_equal(world_do(world, "HRX", "warning", "acknowledge", id, NULL), OK);
    assert_int_equal(answer(world, "HRX", "answer", id, "2009-10-30"), OK);
    assert_int_equal(world_do(world, "XMB", "warning", "lift", id, "reason", "进度已赶上", NULL), OK);
    assert_int_equal(draw_up(world, "behind_plan"), OK);
}

static void a_warning_names_the_unit_that_answers(void **state)
{
    struct world *world = *state;
    assert_int_equal(world_do(world, "XMB", "warning", "propose", 0, "subject", unit(world, "PJX"), "project", "1",
                              "cause", "other", "level", "red", "text", "张冠李戴", NULL),
                     ERR_OTHER_UNIT);
    assert_int_equal(
        world_do(world, "XMB", "warning", "propose", 0, "cause", "other", "level", "red", "text", "无对象", NULL),
        ERR_NEEDED);
    assert_int_equal(world_do(world, "XMB", "warning", "propose", 0, "project", "1", "cause", "other", "level", "red",
                              "month", "2009-11", "text", "时间未到", NULL),
                     ERR_MONTH_AHEAD);
}

/* The office alone issues and lifts; the unit alone signs and answers; the leader changes nothing. */
/* clauses: 5.4b 5.4d */
static void each_does_its_own_part(void **state)
{
    struct world *world = *state;
    assert_int_equal(world_do(world, "HRX", "warning", "propose", 0, "project", "1", "cause", "other", "level", "red",
                              "text", "自己预警", NULL),
                     ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "LD", "warning", "propose", 0, "project", "1", "cause", "other", "level", "red",
                              "text", "领导预警", NULL),
                     ERR_NOT_ALLOWED);
    assert_int_equal(draw_up(world, "other"), OK);
    uint64_t id = world->id;
    assert_int_equal(world_do(world, "ADM", "warning", "issue", id, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "HRX", "warning", "acknowledge", id, NULL), ERR_NOT_FOUND);
    assert_int_equal(world_do(world, "XMB", "warning", "issue", id, NULL), OK);
    assert_int_equal(world_do(world, "XMB", "warning", "acknowledge", id, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "OWN1", "warning", "acknowledge", id, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "PJX", "warning", "acknowledge", id, NULL), ERR_NOT_FOUND);
    assert_int_equal(world_do(world, "LD-L", "warning", "escalate", id, "reason", "加压", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "HRX", "warning", "issue", id, NULL), ERR_NOT_ALLOWED);
}

/* A draft is between the office and those who look on; from its issue whoever has to do with the project sees it. */
static void who_sees_it(void **state)
{
    struct world *world = *state;
    assert_int_equal(draw_up(world, "other"), OK);
    uint64_t id = world->id;
    static const char *const parties[] = {"HRX", "JSJ", "OWN1", "CON1"}, *const above[] = {"XMB", "JCJ", "LD"};
    for (size_t i = 0; i < sizeof parties / sizeof *parties; i++)
        assert_int_equal(world_sees(world, parties[i], KIND_warning, id), SEE_NOTHING);
    for (size_t i = 0; i < sizeof above / sizeof *above; i++)
        assert_true(world_sees(world, above[i], KIND_warning, id) >= SEE_LIST);
    assert_int_equal(world_do(world, "XMB", "warning", "issue", id, NULL), OK);
    for (size_t i = 0; i < sizeof parties / sizeof *parties; i++)
        assert_true(world_sees(world, parties[i], KIND_warning, id) >= SEE_LIST);
    assert_int_equal(world_sees(world, "PJX", KIND_warning, id), SEE_NOTHING);
    assert_int_equal(world_sees(world, "FGW", KIND_warning, id), SEE_NOTHING); /* leads others */
}

/* ---- carried up ---- */

/* Nobody signs: reminded, overdue, the head in person, the leader; each step counts from the one before. */
/* clauses: 5.4d 4.5 */
static void an_unanswered_warning_goes_up(void **state)
{
    struct world *world = *state;
    uint64_t id = issued(world, "other");
    assert_int_equal(ring(world, id), OPT_rung_reminded);
    assert_int_equal(world->now.s, day_start(day_make(2009, 10, 9)).s + 8 * 3600 + 1800); /* two working days before */
    assert_int_equal(ring(world, id), OPT_rung_overdue);
    struct record record = warning(world, id);
    assert_int_equal(rec_state(&record), ST_warning_issued);
    assert_int_equal(answer(world, "HRX-L", "measure", id, "2009-11-30"), ERR_WRONG_STATE);
    assert_int_equal(ring(world, id), OPT_rung_head);
    record = warning(world, id);
    assert_int_equal(rec_state(&record), ST_warning_escalated);
    assert_int_equal(rec_num(&record, warning_escalated), world->now.s);
    assert_int_equal(world_do(world, "HRX", "warning", "acknowledge", id, NULL), ERR_WRONG_STATE);
    assert_int_equal(ring(world, id), OPT_rung_leader);
    assert_int_equal(alarm_of(world, KIND_warning, id), 0);
    assert_int_equal(world_do(world, "XMB", "warning", "escalate", id, "reason", "再升级", NULL), ERR_AT_LEADER);
    /* a clerk can't sign for the head, nor the head of another unit, nor can the office lift it without */
    assert_int_equal(answer(world, "HRX", "measure", id, "2009-11-30"), ERR_NOT_ALLOWED);
    assert_int_equal(answer(world, "LD-L", "measure", id, "2009-11-30"), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "XMB", "warning", "lift", id, "reason", "算了", NULL), ERR_WRONG_STATE);
    assert_int_equal(answer(world, "HRX-L", "measure", id, "2009-11-30"), OK);
    record = warning(world, id);
    assert_int_equal(rec_state(&record), ST_warning_answered);
    assert_int_equal(rec_num(&record, warning_signer), world_actor(world, "HRX-L").operator);
    assert_true(rec_has(&record, warning_acknowledged));
    assert_true(rec_has(&record, warning_escalated)); /* stays, for the assessment */
    assert_int_equal(world_do(world, "XMB", "warning", "lift", id, "reason", "措施到位", NULL), OK);
}

/* Measures that are not done by their day are carried up like an answer that does not come. */
static void promised_measures_have_a_clock(void **state)
{
    struct world *world = *state;
    uint64_t id = issued(world, "other");
    assert_int_equal(world_do(world, "HRX", "warning", "acknowledge", id, NULL), OK);
    assert_int_equal(answer(world, "HRX", "answer", id, "2009-10-16"), OK);
    assert_int_equal(ring(world, id), OPT_rung_reminded);
    assert_int_equal(ring(world, id), OPT_rung_overdue);
    assert_int_equal(world->now.s, day_end(day_make(2009, 10, 16)).s);
    struct record record = warning(world, id);
    assert_int_equal(rec_state(&record), ST_warning_answered);
    assert_int_equal(ring(world, id), OPT_rung_head);
    /* what the clerk had promised is not enough for the head */
    assert_int_equal(answer(world, "HRX-L", "measure", id, "2009-11-30"), ERR_NOT_NEWER);
    assert_int_equal(world_do(world, "HRX-L", "warning", "measure", id, "measures", "我到现场坐镇", "until",
                              "2009-11-30", "fault", "human", NULL),
                     OK);
    record = warning(world, id);
    assert_int_equal(rec_state(&record), ST_warning_answered);
    assert_false(rec_has(&record, warning_rung));
}

/* clauses: 5.4b */
static void the_office_escalates_and_raises_by_hand(void **state)
{
    struct world *world = *state;
    uint64_t id = issued(world, "other");
    assert_int_equal(world_do(world, "XMB", "warning", "upgrade", id, NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "XMB", "warning", "upgrade", id, "reason", "情况恶化", NULL), OK);
    struct record record = warning(world, id);
    assert_int_equal(rec_num(&record, warning_level), OPT_warning_level_red);
    assert_int_equal(rec_num(&record, warning_raised), world->now.s);
    assert_int_equal(world_do(world, "XMB", "warning", "upgrade", id, "reason", "再升", NULL), ERR_RED_ALREADY);
    assert_int_equal(world_do(world, "XMB", "warning", "escalate", id, "reason", "事关重大", NULL), OK);
    record = warning(world, id);
    assert_int_equal(rec_state(&record), ST_warning_escalated);
    assert_int_equal(rec_num(&record, warning_rung), OPT_rung_head);
    assert_int_equal(world_do(world, "XMB", "warning", "escalate", id, "reason", "报分管领导", NULL), OK);
    record = warning(world, id);
    assert_int_equal(rec_num(&record, warning_rung), OPT_rung_leader);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_warning_goes_its_way),
        TEST(short_ways),
        TEST(one_matter_one_warning),
        TEST(a_warning_names_the_unit_that_answers),
        TEST(each_does_its_own_part),
        TEST(who_sees_it),
        TEST(an_unanswered_warning_goes_up),
        TEST(promised_measures_have_a_clock),
        TEST(the_office_escalates_and_raises_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
