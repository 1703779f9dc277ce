/* plan_test.c - the plan and its counts, targets and their versions, milestones and their clocks, progress.
 * Clause 1 of the notice. */
#include "proto/progress.h"
#include "tests/lib/unit.h"
#include "tests/lib/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVEN "100 100 100 100 100 100 100 100 100 100 100 100"

static struct world world;

static int setup(void **state)
{
    (void)state;
    world_init(&world);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_free(&world);
    return 0;
}

static const char *number(uint64_t id)
{
    char *text = arena_get(&world.arena, 24);
    snprintf(text, 24, "%llu", (unsigned long long)id);
    return text;
}

static unsigned state_of(unsigned kind, uint64_t id)
{
    struct record record = world_get(&world, kind, id);
    return rec_state(&record);
}

/* ---- the plan ---- */

static uint64_t plan(const char *name, const char *preliminary, const char *construction)
{
    assert_int_equal(world_do(&world, "XMB", "plan", "draft", 0, "number", name, "date", "2009-03", "preliminary",
                              preliminary, "construction", construction, NULL),
                     OK);
    return world.id;
}

static uint64_t another_project(const char *code)
{
    assert_int_equal(world_do(&world, "XMB", "project", "register", 0, "code", code, "name", "另一个项目", "list",
                              "preliminary", "category", "energy", "nature", "new", "county",
                              number(world_unit(&world, "HRX")), "owner", number(world_unit(&world, "OWN1")), "lead",
                              number(world_unit(&world, "FGW")), "responsible", number(world_unit(&world, "HRX")),
                              "head", "1", "deputy", "2", "members", "3", "contact", "4", "stage", "approval", NULL),
                     OK);
    return world.id;
}

static enum err list(uint64_t of, uint64_t project, const char *which)
{
    return world_do(&world, "XMB", "entry", "list", 0, "plan", number(of), "project", number(project), "list", which,
                    NULL);
}

/* clauses: 0.2 */
static void a_plan_comes_into_force_when_its_counts_agree(void **state)
{
    uint64_t id = plan("岳政发〔2009〕17号", "1", "1"), second = another_project("P2");
    (void)state;
    assert_int_equal(list(id, 1, "construction"), OK);
    uint64_t first_entry = world.id;
    assert_int_equal(world_do(&world, "XMB", "plan", "enforce", id, NULL), ERR_COUNTS_DIFFER);
    assert_int_equal(world.why.field, plan_preliminary);
    assert_int_equal(world.why.number, 0); /* so many there are */
    assert_int_equal(list(id, second, "construction"), OK);
    uint64_t entry = world.id;
    assert_int_equal(world_do(&world, "XMB", "plan", "enforce", id, NULL), ERR_COUNTS_DIFFER);
    assert_int_equal(world_do(&world, "XMB", "entry", "move", entry, "list", "preliminary", NULL), OK);
    /* nobody else sees it before it is in force */
    assert_int_equal(world_sees(&world, "HRX", KIND_plan, id), SEE_NOTHING);
    assert_int_equal(world_sees(&world, "HRX", KIND_entry, entry), SEE_NOTHING);
    assert_int_equal(world_do(&world, "XMB", "plan", "enforce", id, NULL), OK);
    assert_int_equal(state_of(KIND_plan, id), ST_plan_in_force);
    assert_true(world_sees(&world, "HRX", KIND_plan, id) > SEE_NOTHING);
    assert_true(world_sees(&world, "HRX", KIND_entry, entry) > SEE_NOTHING);
    assert_true(world_sees(&world, "HRX", KIND_entry, first_entry) > SEE_NOTHING);
}

static void what_was_dropped_does_not_count(void **state)
{
    uint64_t id = plan("岳政发〔2009〕17号", "0", "1"), second = another_project("P2");
    (void)state;
    assert_int_equal(list(id, 1, "construction"), OK);
    assert_int_equal(list(id, second, "preliminary"), OK);
    uint64_t entry = world.id;
    assert_int_equal(world_do(&world, "XMB", "plan", "enforce", id, NULL), ERR_COUNTS_DIFFER);
    assert_int_equal(world.why.number, 1);
    assert_int_equal(world_do(&world, "XMB", "entry", "drop", entry, NULL), OK);
    assert_int_equal(world_do(&world, "XMB", "plan", "enforce", id, NULL), OK);
    assert_int_equal(state_of(KIND_entry, entry), ST_entry_dropped);
}

static void members_change_only_in_a_draft(void **state)
{
    uint64_t id = plan("岳政发〔2009〕17号", "0", "1"), second = another_project("P2");
    (void)state;
    assert_int_equal(list(id, 1, "construction"), OK);
    uint64_t entry = world.id;
    assert_int_equal(list(id, 1, "construction"), ERR_EXISTS); /* once in a plan */
    assert_int_equal(world_do(&world, "XMB", "plan", "enforce", id, NULL), OK);
    assert_int_equal(list(id, second, "preliminary"), ERR_WRONG_STATE);
    assert_string_equal(world.why.text, state_row(KIND_plan, ST_plan_in_force)->label);
    assert_int_equal(world_do(&world, "XMB", "entry", "move", entry, "list", "preliminary", NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(&world, "XMB", "entry", "drop", entry, NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(&world, "XMB", "plan", "amend", id, "preliminary", "7", NULL), ERR_WRONG_STATE);
}

static void one_plan_is_in_force(void **state)
{
    uint64_t first = plan("岳政发〔2009〕17号", "0", "0"), second = plan("岳政发〔2010〕5号", "0", "0");
    (void)state;
    assert_int_equal(world_do(&world, "XMB", "plan", "draft", 0, "number", "岳政发〔2009〕17号", "date", "2009",
                              "preliminary", "0", "construction", "0", NULL),
                     ERR_EXISTS);
    assert_int_equal(world_do(&world, "XMB", "plan", "enforce", first, NULL), OK);
    assert_int_equal(world_do(&world, "XMB", "plan", "enforce", second, NULL), OK);
    assert_int_equal(state_of(KIND_plan, first), ST_plan_superseded);
    assert_int_equal(state_of(KIND_plan, second), ST_plan_in_force);
    assert_int_equal(list(first, 1, "construction"), ERR_ENDED);
}

/* ---- targets ---- */

/* clauses: 1.7 */
static void the_months_make_the_year(void **state)
{
    static const struct {
        const char *total, *months;
        enum err want;
        unsigned field;
        int64_t number;
    } cases[] = {
        {"1200", EVEN, OK, 0, 0},
        {"1201", EVEN, ERR_SUM_DIFFERS, target_total, 1200000000},
        {"1200", "100 100 100 100 100 100 100 100 100 100 100 100.000001", ERR_SUM_DIFFERS, target_total, 1200000001},
        {"1100", "100 100 100 100 100 100 100 100 100 100 100", ERR_NO_MONTH_LEFT, target_months, 0},
        {"1", "1", ERR_NO_MONTH_LEFT, target_months, 0},
        {"0", "0 0 0 0 0 0 0 0 0 0 0 0", OK, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char year[8];
        snprintf(year, sizeof year, "%zu", 2020 + i);
        enum err err = world_do(&world, "HRX", "target", "save", 0, "project", "1", "year", year, "total",
                                cases[i].total, "months", cases[i].months, NULL);
        assert_int_equal(err, cases[i].want);
        if (err == OK) continue;
        assert_int_equal(world.why.field, cases[i].field);
        assert_int_equal(world.why.number, cases[i].number);
    }
}

static void an_opening_balance_is_of_a_day_of_that_year(void **state)
{
    (void)state;
    assert_int_equal(world_do(&world, "HRX", "target", "save", 0, "project", "1", "year", "2010", "total", "1200",
                              "months", EVEN, "opening", "5", NULL),
                     ERR_NEEDED);
    assert_int_equal(world.why.field, target_opening_on);
    assert_int_equal(world_do(&world, "HRX", "target", "save", 0, "project", "1", "year", "2010", "total", "1200",
                              "months", EVEN, "opening", "5", "opening_on", "2009-12-31", NULL),
                     ERR_BAD_DATE);
    assert_int_equal(world_do(&world, "HRX", "target", "save", 0, "project", "1", "year", "2010", "total", "1200",
                              "months", EVEN, "opening", "5", "opening_on", "2010-01-31", NULL),
                     OK);
}

/* clauses: 1.7 */
static void a_target_is_proposed_and_agreed(void **state)
{
    (void)state;
    assert_int_equal(world_do(&world, "HRX", "target", "save", 0, "project", "1", "year", "2010", "total", "1200",
                              "months", EVEN, NULL),
                     OK);
    uint64_t id = world.id;
    assert_int_equal(world_sees(&world, "XMB", KIND_target, id), SEE_NOTHING); /* a draft is the unit's own */
    assert_int_equal(world_do(&world, "HRX", "target", "save", 0, "project", "1", "year", "2010", "total", "1200",
                              "months", EVEN, NULL),
                     ERR_EXISTS);
    assert_int_equal(world_do(&world, "PJX", "target", "propose", id, NULL), ERR_NOT_FOUND);
    assert_int_equal(world_do(&world, "HRX", "target", "propose", id, NULL), OK);
    assert_int_equal(world_sees(&world, "PJX", KIND_target, id), SEE_NOTHING);
    assert_int_equal(world_do(&world, "XMB", "target", "reject", id, "reason", "月度分解不合理", NULL), OK);
    assert_int_equal(world_do(&world, "HRX", "target", "propose", id, NULL), OK);
    assert_int_equal(world_do(&world, "HRX", "target", "agree", id, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(&world, "XMB", "target", "agree", id, NULL), OK);
    assert_true(world_sees(&world, "PJX", KIND_target, id) >= SEE_LIST);
    assert_int_equal(world_do(&world, "HRX", "target", "save", id, "total", "5", NULL),
                     ERR_WRONG_STATE); /* figures never change in place */
}

static uint64_t milestone(uint64_t target, const char *name, const char *due)
{
    assert_int_equal(
        world_do(&world, "HRX", "milestone", "plan", 0, "target", number(target), "name", name, "due", due, NULL), OK);
    return world.id;
}

static void an_amendment_keeps_the_old_version_and_its_milestones_move(void **state)
{
    uint64_t open = milestone(1, "主体封顶", "2009-11-30"), reached = milestone(1, "基础完成", "2009-09-10");
    (void)state;
    assert_int_equal(world_do(&world, "HRX", "milestone", "reach", reached, "done", "2009-09-10", NULL), OK);
    assert_int_equal(world_do(&world, "HRX", "target", "amend", 1, "reason", "调整年度计划", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(&world, "XMB", "target", "amend", 1, NULL), ERR_NEEDED);
    assert_int_equal(world_do(&world, "XMB", "target", "amend", 1, "reason", "调整年度计划", NULL), OK);
    uint64_t new = state_last_id(&world.memory.space, KIND_target);
    struct record draft = world_get(&world, KIND_target, new);
    assert_int_equal(rec_state(&draft), ST_target_draft);
    assert_int_equal(rec_num(&draft, target_revision), 2);
    assert_int_equal(rec_num(&draft, target_total), 1200 * 1000000ll);
    assert_int_equal(rec_num(&draft, target_opening), 800 * 1000000ll);
    assert_int_equal(world_do(&world, "XMB", "target", "amend", 1, "reason", "再调一次", NULL), ERR_CORRECTING);
    uint64_t planned;
    assert_int_equal(world_do(&world, "XMB", "milestone", "plan", 0, "target", number(new), "name", "外墙", "due",
                              "2009-12-20", NULL),
                     OK);
    planned = world.id;
    assert_int_equal(state_of(KIND_milestone, planned), ST_milestone_planned);
    assert_int_equal(state_of(KIND_target, 1), ST_target_agreed); /* stands meanwhile */
    assert_int_equal(world_do(&world, "XMB", "target", "save", new, "total", "1300", "months",
                              "100 100 100 100 100 100 100 100 100 100 100 200", NULL),
                     OK);
    assert_int_equal(world_do(&world, "XMB", "target", "agree", new, NULL), OK);

    struct record old = world_get(&world, KIND_target, 1), project = world_get(&world, KIND_project, 1);
    assert_int_equal(rec_state(&old), ST_target_amended);
    assert_int_equal(rec_num(&old, target_total), 1200 * 1000000ll);
    assert_int_equal(rec_num(&project, project_year_plan), 1300 * 1000000ll);
    uint64_t all[] = {open, reached, planned};
    unsigned states[] = {ST_milestone_open, ST_milestone_reached, ST_milestone_open};
    for (int i = 0; i < 3; i++) {
        struct record record = world_get(&world, KIND_milestone, all[i]);
        assert_int_equal(rec_num(&record, milestone_target), new);
        assert_int_equal(rec_state(&record), states[i]);
    }
    assert_int_equal(world_do(&world, "XMB", "target", "amend", 1, "reason", "旧版本", NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(&world, "XMB", "target", "amend", new, "reason", "再调一次", NULL), OK);
}

static void an_amended_opening_balance_shows_until_there_are_reports(void **state)
{
    (void)state;
    assert_int_equal(world_do(&world, "XMB", "target", "amend", 1, "reason", "期初数有误", NULL), OK);
    uint64_t new = state_last_id(&world.memory.space, KIND_target);
    assert_int_equal(world_do(&world, "XMB", "target", "save", new, "opening", "850", NULL), OK);
    assert_int_equal(world_do(&world, "XMB", "target", "agree", new, NULL), OK);
    struct record project = world_get(&world, KIND_project, 1);
    assert_int_equal(rec_num(&project, project_invested), 850 * 1000000ll);
    assert_int_equal(rec_num(&project, project_invested_to), month_make(2009, 8).n);
}

static uint64_t agreed(const char *year, const char *total, const char *months)
{
    assert_int_equal(world_do(&world, "XMB", "target", "agree", 0, "project", "1", "year", year, "total", total,
                              "months", months, NULL),
                     OK);
    return world.id;
}

static void last_years_target_does_not_replace_this_years(void **state)
{
    (void)state;
    agreed("2008", "24", "2 2 2 2 2 2 2 2 2 2 2 2");
    struct record project = world_get(&world, KIND_project, 1);
    assert_int_equal(rec_num(&project, project_year_plan), 1200 * 1000000ll);
    assert_int_equal(rec_num(&project, project_invested), 800 * 1000000ll);
    assert_int_equal(rec_num(&project, project_invested_to), month_make(2009, 8).n);
}

static enum err report(const char *month, const char *invested, const char *cumulative)
{
    return world_do(&world, "HRX", "report", "submit", 0, "project", "1", "month", month, "invested", invested,
                    "cumulative", cumulative, "progress", "主体", "difficulties", "无", "next", "封顶", "explain",
                    "衔接说明", NULL);
}

static enum light light(struct progress *progress)
{
    struct record project = world_get(&world, KIND_project, 1);
    progress_of(&world.memory.space, &project, &world.arena, progress);
    return progress->light;
}

/* With the new year's plan the figures begin anew: nobody is red in January for want of a report. */
static void a_new_year_begins_without_figures(void **state)
{
    struct progress progress;
    (void)state;
    world_at(&world, 2009, 12, 28, 9);
    assert_int_equal(report("2009-12", "300", "1200"), OK);
    uint64_t december = world.id;
    world_at(&world, 2010, 1, 4, 9);
    agreed("2010", "1200", EVEN);
    assert_int_equal(light(&progress), LIGHT_UNKNOWN);
    assert_int_equal(progress.year_plan, 1200 * 1000000ll);
    assert_int_equal(progress.invested, 0);
    /* December's report is accepted only now: its figure is not one of this year's */
    assert_int_equal(world_do(&world, "XMB", "report", "accept", december, NULL), OK);
    assert_int_equal(light(&progress), LIGHT_UNKNOWN);
    assert_int_equal(progress.invested, 0);
    assert_int_equal(report("2010-01", "100", "100"), OK);
    assert_int_equal(world_do(&world, "XMB", "report", "accept", world.id, NULL), OK);
    assert_int_equal(light(&progress), LIGHT_GREEN);
    assert_int_equal(progress.invested, 100 * 1000000ll);
}

/* clauses: 0.3 */
static void the_light_goes_by_the_plan_to_date(void **state)
{
    static const struct {
        const char *cumulative;
        enum light light;
        int64_t of_plan;
    } cases[] = {{"720", LIGHT_GREEN, 800},
                 {"719", LIGHT_YELLOW, 799},
                 {"540", LIGHT_YELLOW, 600},
                 {"539", LIGHT_RED, 599},
                 {"0", LIGHT_RED, 0}};
    struct progress progress;
    (void)state;
    assert_int_equal(light(&progress), LIGHT_GREEN); /* 800 of 800 by August, from the opening balance */
    assert_int_equal(progress.planned, 800 * 1000000ll);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        teardown(NULL);
        setup(NULL);
        assert_int_equal(report("2009-09", "0", cases[i].cumulative), OK); /* 900 were planned by September */
        assert_int_equal(world_do(&world, "XMB", "report", "accept", world.id, NULL), OK);
        assert_int_equal(light(&progress), cases[i].light);
        assert_int_equal(progress.of_plan, cases[i].of_plan);
        assert_int_equal(progress.planned, 900 * 1000000ll);
        assert_int_equal(progress.of_time, 750);
    }
}

/* ---- milestones ---- */

static void milestones_open_with_their_target(void **state)
{
    (void)state;
    assert_int_equal(world_do(&world, "HRX", "target", "save", 0, "project", "1", "year", "2010", "total", "1200",
                              "months", EVEN, NULL),
                     OK);
    uint64_t target = world.id, id = milestone(target, "竣工", "2010-12-20");
    assert_int_equal(state_of(KIND_milestone, id), ST_milestone_planned);
    assert_int_equal(world_do(&world, "HRX", "milestone", "reach", id, "done", "2009-09-01", NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(&world, "HRX", "milestone", "amend", id, "due", "2010-12-21", NULL), OK);
    assert_int_equal(world_do(&world, "HRX", "target", "propose", target, NULL), OK);
    assert_int_equal(world_do(&world, "XMB", "target", "agree", target, NULL), OK);
    assert_int_equal(state_of(KIND_milestone, id), ST_milestone_open);
    assert_int_equal(world_do(&world, "HRX", "milestone", "amend", id, "due", "2010-12-22", NULL), ERR_WRONG_STATE);
    assert_int_equal(state_of(KIND_milestone, milestone(1, "立即生效", "2009-12-01")), ST_milestone_open);
}

/* clauses: 0.3 */
static void a_milestones_clock_lapses_at_the_end_of_its_day(void **state)
{
    struct key key = {.used = 0};
    stamp_t due;
    unsigned kind;
    uint64_t id, wanted = milestone(1, "主体封顶", "2009-10-15");
    (void)state;
    assert_true(state_clock(&world.memory.space, &key, &due, &kind, &id));
    assert_int_equal(kind, KIND_milestone);
    assert_int_equal(id, wanted);
    assert_int_equal(due.s, day_end(day_make(2009, 10, 15)).s);
    assert_int_equal(world_do(&world, "XMB", "milestone", "lapse", wanted, NULL),
                     ERR_NOT_ALLOWED); /* the rule's alone */
    world.now = due;
    assert_int_equal(world_own(&world, ACTOR_RULE, "milestone", "lapse", wanted, NULL), OK);
    assert_int_equal(state_of(KIND_milestone, wanted), ST_milestone_overdue);
    key_clear(&key);
    assert_false(state_clock(&world.memory.space, &key, &due, &kind, &id)); /* it rings once */
    assert_int_equal(world_own(&world, ACTOR_RULE, "milestone", "lapse", wanted, NULL), ERR_WRONG_STATE);
    /* postponed it ticks again */
    assert_int_equal(
        world_do(&world, "XMB", "milestone", "postpone", wanted, "due", "2009-10-15", "reason", "雨季", NULL),
        ERR_TOO_SMALL);
    assert_int_equal(world_do(&world, "XMB", "milestone", "postpone", wanted, "due", "2009-11-30", NULL), ERR_NEEDED);
    assert_int_equal(
        world_do(&world, "XMB", "milestone", "postpone", wanted, "due", "2009-11-30", "reason", "雨季", NULL), OK);
    assert_int_equal(state_of(KIND_milestone, wanted), ST_milestone_open);
    key_clear(&key);
    assert_true(state_clock(&world.memory.space, &key, &due, &kind, &id));
    assert_int_equal(due.s, day_end(day_make(2009, 11, 30)).s);
    assert_int_equal(
        world_do(&world, "XMB", "milestone", "postpone", wanted, "due", "2009-11-30", "reason", "雨季", NULL),
        ERR_NOT_NEWER);
    assert_int_equal(world_do(&world, "XMB", "milestone", "drop", wanted, "reason", "取消", NULL), OK);
    key_clear(&key);
    assert_false(state_clock(&world.memory.space, &key, &due, &kind, &id));
}

static void a_milestone_is_not_reached_in_the_future(void **state)
{
    uint64_t id = milestone(1, "主体封顶", "2009-10-15");
    (void)state;
    assert_int_equal(world_do(&world, "HRX", "milestone", "reach", id, "done", "2009-09-29", NULL), ERR_DATE_AHEAD);
    assert_int_equal(world_do(&world, "PJX", "milestone", "reach", id, "done", "2009-09-28", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(&world, "HRX", "milestone", "reach", id, "done", "2009-09-28", NULL), OK);
    assert_int_equal(state_of(KIND_milestone, id), ST_milestone_reached);
}

static void an_accepted_report_reaches_its_milestones(void **state)
{
    uint64_t open = milestone(1, "主体封顶", "2009-10-15"), dropped = milestone(1, "取消的", "2009-10-15");
    (void)state;
    assert_int_equal(world_do(&world, "XMB", "milestone", "drop", dropped, "reason", "取消", NULL), OK);
    char both[60];
    snprintf(both, sizeof both, "%s %s", number(open), number(dropped));
    assert_int_equal(world_do(&world, "HRX", "report", "submit", 0, "project", "1", "month", "2009-09", "invested",
                              "120", "cumulative", "920", "progress", "封顶", "difficulties", "无", "next", "装修",
                              "reached", both, NULL),
                     OK);
    uint64_t id = world.id;
    assert_int_equal(state_of(KIND_milestone, open), ST_milestone_open); /* the unit's word alone */
    assert_int_equal(world_do(&world, "XMB", "report", "accept", id, NULL), OK);
    struct record reached = world_get(&world, KIND_milestone, open);
    assert_int_equal(rec_state(&reached), ST_milestone_reached);
    assert_int_equal(rec_num(&reached, milestone_done), day_make(2009, 9, 28).n); /* today, September is not over */
    assert_int_equal(state_of(KIND_milestone, dropped), ST_milestone_dropped);
}

static void a_report_names_milestones_of_its_own_project(void **state)
{
    uint64_t other = another_project("P2");
    (void)state;
    assert_int_equal(world_do(&world, "XMB", "target", "agree", 0, "project", number(other), "year", "2009", "total",
                              "1200", "months", EVEN, NULL),
                     OK);
    uint64_t foreign = milestone(world.id, "别的项目", "2009-10-15");
    assert_int_equal(world_do(&world, "HRX", "report", "save", 0, "project", "1", "month", "2009-09", "reached",
                              number(foreign), NULL),
                     ERR_OTHER_PROJECT);
    assert_int_equal(world.why.field, report_reached);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_plan_comes_into_force_when_its_counts_agree),
        TEST(what_was_dropped_does_not_count),
        TEST(members_change_only_in_a_draft),
        TEST(one_plan_is_in_force),
        TEST(the_months_make_the_year),
        TEST(an_opening_balance_is_of_a_day_of_that_year),
        TEST(a_target_is_proposed_and_agreed),
        TEST(an_amendment_keeps_the_old_version_and_its_milestones_move),
        TEST(an_amended_opening_balance_shows_until_there_are_reports),
        TEST(last_years_target_does_not_replace_this_years),
        TEST(a_new_year_begins_without_figures),
        TEST(the_light_goes_by_the_plan_to_date),
        TEST(milestones_open_with_their_target),
        TEST(a_milestones_clock_lapses_at_the_end_of_its_day),
        TEST(a_milestone_is_not_reached_in_the_future),
        TEST(an_accepted_report_reaches_its_milestones),
        TEST(a_report_names_milestones_of_its_own_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
