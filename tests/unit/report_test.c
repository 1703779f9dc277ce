/* report_test.c - monthly reports and unit returns: what is accepted, refused, seen and followed by what.
 * Clause 2 of the notice and DOMAIN, section 5. */
#include "proto/owed.h"
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

/* P1's report for a month, sent by HRX: figures in 万元. */
static enum err submit(struct world *world, const char *month, const char *invested, const char *cumulative)
{
    return world_do(world, "HRX", "report", "submit", 0, "project", "1", "month", month, "invested", invested,
                    "cumulative", cumulative, "progress", "主体三层", "difficulties", "无", "next", "四层", NULL);
}

static void a_report_goes_its_way(void **state)
{
    struct world *world = *state;
    assert_int_equal(submit(world, "2009-09", "120", "920"), OK);
    uint64_t id = world->id;
    struct record report = world_get(world, KIND_report, id);
    assert_int_equal(rec_state(&report), ST_report_submitted);
    assert_int_equal(rec_num(&report, report_received), world->now.s);
    assert_int_equal(rec_num(&report, report_late), 0);
    /* due on 5 October, which is in the holiday week: the next working day is the 9th */
    assert_int_equal(rec_num(&report, report_due), day_make(2009, 10, 9).n);

    assert_int_equal(world_do(world, "XMB", "report", "return", id, "reason", "累计数与上月不衔接", NULL), OK);
    report = world_get(world, KIND_report, id);
    assert_int_equal(rec_state(&report), ST_report_returned);

    assert_int_equal(world_do(world, "HRX", "report", "submit", id, "invested", "130", "cumulative", "930", NULL), OK);
    report = world_get(world, KIND_report, id);
    assert_false(rec_has(&report, report_reason));
    assert_int_equal(world_do(world, "XMB", "report", "accept", id, NULL), OK);
    struct record project = world_get(world, KIND_project, 1);
    assert_int_equal(rec_num(&project, project_invested), 930 * 1000000ll);
    assert_int_equal(rec_num(&project, project_invested_to), month_make(2009, 9).n);
}

static void figures_are_checked(void **state)
{
    struct world *world = *state;
    assert_int_equal(submit(world, "2009-09", "120", "700"), ERR_BELOW_LAST);
    assert_int_equal(world->why.field, report_cumulative);
    assert_int_equal(world->why.number, 800 * 1000000ll);
    assert_int_equal(submit(world, "2009-09", "120", "950"), ERR_DOES_NOT_ADD);
    assert_int_equal(world->why.number, 920 * 1000000ll);
    assert_int_equal(world_do(world, "HRX", "report", "submit", 0, "project", "1", "month", "2009-09", "invested", "0",
                              "cumulative", "700", "progress", "停工", "difficulties", "无", "next", "复工", "explain",
                              "审计核减", NULL),
                     OK);
}

static void months_are_checked(void **state)
{
    struct world *world = *state;
    assert_int_equal(submit(world, "2009-10", "120", "920"), ERR_MONTH_AHEAD);
    assert_int_equal(submit(world, "2009-08", "120", "920"), ERR_MONTH_BEFORE);
    assert_int_equal(submit(world, "2009-09", "120", "920"), OK);
    assert_int_equal(submit(world, "2009-09", "120", "920"), ERR_EXISTS);
    world_at(world, 2009, 10, 26, 9);
    assert_int_equal(submit(world, "2009-10", "80", "1000"), OK);
    /* with a month missing in between the figures need only not be too low */
    world_at(world, 2009, 12, 26, 9);
    assert_int_equal(submit(world, "2009-12", "80", "1200"), OK);
}

static void what_is_missing_is_named(void **state)
{
    struct world *world = *state;
    assert_int_equal(world_do(world, "HRX", "report", "submit", 0, "project", "1", "month", "2009-09", "invested", "1",
                              "cumulative", "801", "progress", "a", "next", "b", NULL),
                     ERR_NEEDED);
    assert_int_equal(world->why.field, report_difficulties);
    assert_int_equal(world_do(world, "HRX", "report", "save", 0, "project", "1", "month", "2009-09", NULL), OK);
}

static void drafts_are_the_units_own(void **state)
{
    struct world *world = *state;
    assert_int_equal(
        world_do(world, "HRX", "report", "save", 0, "project", "1", "month", "2009-09", "invested", "5", NULL), OK);
    uint64_t id = world->id;
    assert_int_equal(world_sees(world, "HRX", KIND_report, id), SEE_FULL);
    assert_int_equal(world_sees(world, "HRX-L", KIND_report, id), SEE_FULL);
    assert_int_equal(world_sees(world, "XMB", KIND_report, id), SEE_NOTHING);
    assert_int_equal(world_sees(world, "JSJ", KIND_report, id), SEE_NOTHING);
    assert_int_equal(world_sees(world, "PJX", KIND_report, id), SEE_NOTHING);
    assert_int_equal(world_do(world, "XMB", "report", "accept", id, NULL), ERR_NOT_FOUND);
    assert_int_equal(world_do(world, "HRX", "report", "submit", id, "cumulative", "805", "progress", "a",
                              "difficulties", "无", "next", "b", NULL),
                     OK);
    assert_int_equal(world_sees(world, "XMB", KIND_report, id), SEE_FULL);
    assert_int_equal(world_sees(world, "JSJ", KIND_report, id), SEE_FULL);
    assert_int_equal(world_sees(world, "JCJ", KIND_report, id), SEE_LIST);
    assert_int_equal(world_sees(world, "PJX", KIND_report, id), SEE_NOTHING);
    assert_int_equal(world_do(world, "XMB", "report", "accept", id, NULL), OK);
    assert_int_equal(world_sees(world, "PJX", KIND_report, id), SEE_LIST);
}

static void only_the_right_hands(void **state)
{
    struct world *world = *state;
    assert_int_equal(world_do(world, "PJX", "report", "save", 0, "project", "1", "month", "2009-09", NULL),
                     ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "HRX-L", "report", "save", 0, "project", "1", "month", "2009-09", NULL),
                     ERR_NOT_ALLOWED);
    assert_int_equal(submit(world, "2009-09", "120", "920"), OK);
    uint64_t id = world->id;
    assert_int_equal(world_do(world, "HRX", "report", "accept", id, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "JCJ", "report", "return", id, "reason", "xx", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "ADM", "report", "accept", id, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "XMB", "report", "accept", id, NULL), OK);
    assert_int_equal(world_do(world, "HRX", "report", "submit", id, "invested", "1", NULL), ERR_WRONG_STATE);
}

static void the_leader_reviews_when_the_unit_wants_it(void **state)
{
    struct world *world = *state;
    uint64_t unit = world_unit(world, "HRX");
    assert_int_equal(world_do(world, "HRX", "unit", "set_review", unit, "review", "yes", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "HRX-L", "unit", "set_review", unit, "review", "yes", NULL), OK);
    assert_int_equal(submit(world, "2009-09", "120", "920"), ERR_WANTS_REVIEW);
    assert_int_equal(world_do(world, "HRX", "report", "propose", 0, "project", "1", "month", "2009-09", "invested",
                              "120", "cumulative", "920", "progress", "a", "difficulties", "无", "next", "b", NULL),
                     OK);
    uint64_t id = world->id;
    assert_int_equal(world_do(world, "HRX", "report", "approve", id, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "HRX-L", "report", "rework", id, "reason", "再核", NULL), OK);
    assert_int_equal(world_do(world, "HRX", "report", "propose", id, NULL), OK);
    assert_int_equal(world_do(world, "HRX-L", "report", "approve", id, NULL), OK);
    struct record report = world_get(world, KIND_report, id);
    assert_int_equal(rec_state(&report), ST_report_submitted);
    assert_int_equal(rec_num(&report, report_reviewer), (int64_t)world_actor(world, "HRX-L").operator);
}

static void lateness_is_the_daemons_time(void **state)
{
    struct world *world = *state;
    world_at(world, 2009, 10, 9, 23); /* the due day: still in time */
    assert_int_equal(submit(world, "2009-09", "120", "920"), OK);
    struct record report = world_get(world, KIND_report, world->id);
    assert_int_equal(rec_num(&report, report_late), 0);
    world_at(world, 2009, 11, 6, 0); /* October's is due on 5 November */
    assert_int_equal(submit(world, "2009-10", "80", "1000"), OK);
    uint64_t id = world->id;
    report = world_get(world, KIND_report, id);
    assert_int_equal(rec_num(&report, report_late), 1);
    assert_int_equal(world_do(world, "XMB", "report", "excuse", id, "excuse", "停电", NULL), OK);
    report = world_get(world, KIND_report, id);
    assert_int_equal(rec_num(&report, report_late), 0);
    assert_int_equal(world_do(world, "XMB", "report", "excuse", id, "excuse", "停电", NULL), ERR_NOT_NEWER);
}

static void an_outage_moves_the_day(void **state)
{
    struct world *world = *state;
    world_at(world, 2009, 10, 10, 3);
    /* the daemon was away from the evening of the 9th until the early 10th, a working Saturday */
    assert_int_equal(world_own(world, ACTOR_RULE, "outage", "note", 0, NULL), ERR_NEEDED);
    struct record args = record_make(KIND_outage, 0);
    (void)args;
    char from[24], to[24];
    snprintf(from, sizeof from, "%lld", (long long)day_end(day_make(2009, 10, 9)).s - 7200);
    snprintf(to, sizeof to, "%lld", (long long)world->now.s);
    assert_int_equal(world_own(world, ACTOR_RULE, "outage", "note", 0, "from", from, "to", to, NULL), OK);
    world_at(world, 2009, 10, 12, 23); /* Monday: the next working day after the outage's end */
    assert_int_equal(submit(world, "2009-09", "120", "920"), OK);
    struct record report = world_get(world, KIND_report, world->id);
    assert_int_equal(rec_num(&report, report_late), 0);
}

static void a_return_gives_working_days(void **state)
{
    struct world *world = *state;
    world_at(world, 2009, 10, 9, 10);
    assert_int_equal(submit(world, "2009-09", "120", "920"), OK);
    uint64_t id = world->id;
    assert_int_equal(world_do(world, "XMB", "report", "return", id, "reason", "缺少形象进度", NULL), OK);
    struct record report = world_get(world, KIND_report, id);
    /* three working days after Friday the 9th: Saturday the 10th works, then the 12th and 13th */
    assert_int_equal(rec_num(&report, report_due), day_make(2009, 10, 13).n);
    world_at(world, 2009, 10, 14, 1);
    assert_int_equal(world_do(world, "HRX", "report", "submit", id, "progress", "b", NULL), OK);
    report = world_get(world, KIND_report, id);
    assert_int_equal(rec_num(&report, report_late), 1);
}

static void a_correction_keeps_the_old_version(void **state)
{
    struct world *world = *state;
    assert_int_equal(submit(world, "2009-09", "120", "920"), OK);
    uint64_t old = world->id;
    assert_int_equal(world_do(world, "XMB", "report", "accept", old, NULL), OK);
    assert_int_equal(world_do(world, "XMB", "report", "correct", old, "reason", "统计口径", NULL), OK);
    uint64_t new = old + 1;
    struct record draft = world_get(world, KIND_report, new);
    assert_int_equal(rec_state(&draft), ST_report_draft);
    assert_int_equal(rec_num(&draft, report_revision), 2);
    assert_int_equal(rec_num(&draft, report_invested), 120 * 1000000ll);
    assert_int_equal(world_sees(world, "HRX", KIND_report, new), SEE_FULL);
    assert_int_equal(world_sees(world, "PJX", KIND_report, old), SEE_LIST); /* stands meanwhile */
    assert_int_equal(world_do(world, "XMB", "report", "correct", old, "reason", "又", NULL), ERR_TOO_SHORT);
    assert_int_equal(world_do(world, "XMB", "report", "correct", old, "reason", "又一次", NULL), ERR_CORRECTING);
    assert_int_equal(world_do(world, "HRX", "report", "submit", new, "invested", "100", "cumulative", "900", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "report", "accept", new, NULL), OK);
    struct record before = world_get(world, KIND_report, old);
    assert_int_equal(rec_state(&before), ST_report_replaced);
    assert_int_equal(rec_num(&before, report_cumulative), 920 * 1000000ll);
    struct record project = world_get(world, KIND_project, 1);
    assert_int_equal(rec_num(&project, project_invested), 900 * 1000000ll);
}

static void suspension_pauses_the_duty(void **state)
{
    struct world *world = *state;
    assert_int_equal(world_do(world, "XMB", "project", "suspend", 1, "reason", "资金链断裂", NULL), OK);
    assert_int_equal(submit(world, "2009-09", "1", "801"), ERR_NO_REPORT_OWED);
    world_at(world, 2009, 11, 20, 9);
    assert_int_equal(world_do(world, "XMB", "project", "resume", 1, NULL), OK);
    struct record project = world_get(world, KIND_project, 1);
    assert_false(project_owes(&project, month_make(2009, 9)));
    assert_false(project_owes(&project, month_make(2009, 10)));
    assert_true(project_owes(&project, month_make(2009, 11)));
    assert_int_equal(submit(world, "2009-11", "1", "801"), OK);
}

static void two_at_once(void **state)
{
    struct world *world = *state;
    assert_int_equal(submit(world, "2009-09", "120", "920"), OK);
    uint64_t id = world->id;
    /* the office decides on what it saw, which is not what is there any more */
    struct actor office = world_actor(world, "XMB");
    struct record seen = world_get(world, KIND_report, id);
    assert_int_equal(world_do(world, "HRX", "report", "note_paper", id, "paper", "华报12", NULL), OK);
    struct command command = {.counter = 99,
                              .kind = KIND_report,
                              .action = ACT_report_accept,
                              .target = (int64_t)id,
                              .base = (int64_t)seen.version,
                              .args = record_make(KIND_report, 0)};
    struct act act = {.space = &world->memory.space,
                      .arena = &world->arena,
                      .now = world->now,
                      .actor = &office,
                      .command = &command,
                      .target = (int64_t)id,
                      .base = command.base};
    assert_int_equal(decide(&act), ERR_CONFLICT);
}

static void unit_returns_live_alike(void **state)
{
    struct world *world = *state;
    char unit[24];
    snprintf(unit, sizeof unit, "%llu", (unsigned long long)world_unit(world, "HRX"));
    assert_int_equal(
        world_do(world, "PJX", "unit_return", "submit", 0, "unit", unit, "month", "2009-09", "summary", "x", NULL),
        ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "HRX", "unit_return", "submit", 0, "unit", unit, "month", "2009-09", "summary",
                              "共1项,均正常", NULL),
                     OK);
    uint64_t id = world->id;
    assert_int_equal(world_sees(world, "JCJ", KIND_unit_return, id), SEE_LIST);
    assert_int_equal(world_sees(world, "PJX", KIND_unit_return, id), SEE_NOTHING);
    assert_int_equal(world_do(world, "HRX", "unit_return", "recall", id, NULL), OK);
    assert_int_equal(world_do(world, "HRX", "unit_return", "submit", id, NULL), OK);
    assert_int_equal(world_do(world, "XMB", "unit_return", "accept", id, NULL), OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_report_goes_its_way),
        TEST(figures_are_checked),
        TEST(months_are_checked),
        TEST(what_is_missing_is_named),
        TEST(drafts_are_the_units_own),
        TEST(only_the_right_hands),
        TEST(the_leader_reviews_when_the_unit_wants_it),
        TEST(lateness_is_the_daemons_time),
        TEST(an_outage_moves_the_day),
        TEST(a_return_gives_working_days),
        TEST(a_correction_keeps_the_old_version),
        TEST(suspension_pauses_the_duty),
        TEST(two_at_once),
        TEST(unit_returns_live_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
