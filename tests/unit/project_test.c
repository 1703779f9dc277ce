/* project_test.c - projects: stages in order, permit, handover, the three tiers, halts, and what is owed then.
 * Clause 1 of the notice and DOMAIN, section 5. */
#include "proto/owed.h"
#include "tests/lib/unit.h"
#include "tests/lib/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static const char *unit(const char *code)
{
    return number(world_unit(&world, code));
}

/* A post at a unit, held by somebody of this name. */
static uint64_t post(const char *code, const char *name, const char *rank)
{
    assert_int_equal(world_do(&world, "XMB", "person", "create", 0, "name", name, "unit", unit(code), NULL), OK);
    assert_int_equal(world_do(&world, "XMB", "post", "create", 0, "person", number(world.id), "unit", unit(code),
                              "rank", rank, "from", "2009-01-01", NULL),
                     OK);
    return world.id;
}

/* Registers a preliminary project of HRX at a stage; posts 1 to 4 are HRX's (see world.c). */
static enum err register_at(const char *code, const char *stage)
{
    return world_do(&world, "XMB", "project", "register", 0, "code", code, "name", "二期工程", "list", "preliminary",
                    "category", "transport", "nature", "new", "county", unit("HRX"), "owner", unit("OWN1"), "lead",
                    unit("FGW"), "responsible", unit("HRX"), "head", "1", "deputy", "2", "members", "3", "contact", "4",
                    "stage", stage, NULL);
}

static enum err advance(uint64_t id, const char *stage, const char *on)
{
    return world_do(&world, "HRX", "project", "advance", id, "stage", stage, "stage_on", on, NULL);
}

static unsigned state_of(uint64_t id)
{
    struct record project = world_get(&world, KIND_project, id);
    return rec_state(&project);
}

static void stages_are_reached_one_after_the_other(void **state)
{
    static const struct {
        const char *stage;
        unsigned phase;
    } steps[] = {
        {"feasibility", ST_project_preliminary},   {"approval", ST_project_preliminary},
        {"design", ST_project_preliminary},        {"siting", ST_project_preliminary},
        {"land", ST_project_preliminary},          {"assessment", ST_project_preliminary},
        {"permit", ST_project_preliminary},        {"start", ST_project_construction},
        {"foundation", ST_project_construction},   {"structure", ST_project_construction},
        {"installation", ST_project_construction}, {"finishing", ST_project_construction},
        {"completion", ST_project_completed},      {"operation", ST_project_completed},
    };
    (void)state;
    assert_int_equal(register_at("P2", "signed"), OK);
    uint64_t id = world.id;
    assert_int_equal(state_of(id), ST_project_signed);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (strcmp(steps[i].stage, "permit") == 0)
            assert_int_equal(world_do(&world, "HRX", "project", "advance", id, "stage", "permit", "stage_on",
                                      "2009-09-20", "permit", "岳建施〔2009〕7号", NULL),
                             OK);
        else
            assert_int_equal(advance(id, steps[i].stage, "2009-09-20"), OK);
        assert_int_equal(state_of(id), steps[i].phase);
    }
}

/* clauses: 1.6 */
static void stages_are_not_skipped_nor_gone_back(void **state)
{
    (void)state;
    assert_int_equal(register_at("P2", "feasibility"), OK);
    uint64_t id = world.id;
    assert_int_equal(advance(id, "design", "2009-09-20"), ERR_STAGE_SKIPPED);
    assert_int_equal(world.why.field, project_stage);
    assert_int_equal(advance(id, "signed", "2009-09-20"), ERR_STAGE_BACK);
    assert_int_equal(advance(id, "feasibility", "2009-09-20"), ERR_NOT_NEWER);
    assert_int_equal(world_do(&world, "HRX", "project", "advance", id, "stage", "approval", NULL),
                     ERR_NEEDED); /* when? */
    assert_int_equal(advance(id, "approval", "2009-10-20"), ERR_DATE_AHEAD);
    assert_int_equal(world.why.field, project_stage_on);
    assert_int_equal(advance(id, "approval", "2009-10"), ERR_DATE_AHEAD);
    assert_int_equal(advance(id, "approval", "2009-09"), OK); /* perhaps earlier this month */
}

static void the_office_may_skip_with_a_reason(void **state)
{
    (void)state;
    assert_int_equal(register_at("P2", "feasibility"), OK);
    uint64_t id = world.id;
    assert_int_equal(world_do(&world, "HRX", "project", "place", id, "stage", "siting", "stage_on", "2009-09-01",
                              "reason", "已完成", NULL),
                     ERR_NOT_ALLOWED);
    assert_int_equal(world_do(&world, "XMB", "project", "place", id, "stage", "siting", "stage_on", "2009-09-01", NULL),
                     ERR_NEEDED);
    assert_int_equal(world.why.field, project_reason);
    assert_int_equal(world_do(&world, "XMB", "project", "place", id, "stage", "siting", "stage_on", "2009-09-01",
                              "reason", "合并审批", NULL),
                     OK);
    assert_int_equal(world_do(&world, "XMB", "project", "place", id, "stage", "approval", "stage_on", "2009-09-01",
                              "reason", "登记有误", NULL),
                     OK); /* back, too */
    assert_int_equal(world_do(&world, "XMB", "project", "place", id, "stage", "approval", "stage_on", "2009-09-01",
                              "reason", "登记有误", NULL),
                     ERR_NOT_NEWER);
    struct record project = world_get(&world, KIND_project, id);
    assert_true(text_equal(rec_text(&project, project_reason), text_of("登记有误")));
}

/* clauses: 1.6 */
static void nothing_starts_without_a_permit(void **state)
{
    (void)state;
    assert_int_equal(register_at("P2", "permit"), OK);
    uint64_t id = world.id;
    assert_int_equal(advance(id, "start", "2009-09-20"), ERR_NO_PERMIT);
    assert_int_equal(world_do(&world, "XMB", "project", "place", id, "stage", "foundation", "stage_on", "2009-09-20",
                              "reason", "先行开工", NULL),
                     ERR_NO_PERMIT);
    assert_int_equal(state_of(id), ST_project_preliminary);
    assert_int_equal(world_do(&world, "HRX", "project", "advance", id, "stage", "start", "stage_on", "2009-09-20",
                              "permit", "岳建施〔2009〕8号", NULL),
                     OK);
}

/* clauses: 1.3 1.4 */
static void the_lead_and_the_list_are_handed_over_at_the_start(void **state)
{
    (void)state;
    assert_int_equal(register_at("P2", "permit"), OK);
    uint64_t id = world.id;
    assert_int_equal(world_do(&world, "XMB", "project", "amend", id, "permit", "岳建施〔2009〕9号", NULL), OK);
    assert_int_equal(advance(id, "start", "2009-09-20"), OK);
    struct record project = world_get(&world, KIND_project, id);
    assert_int_equal(rec_num(&project, project_lead), world_unit(&world, "JSJ")); /* from 市发改委 to 市建设局 */
    assert_int_equal(rec_num(&project, project_list), OPT_plan_list_construction);
    assert_int_equal(rec_num(&project, project_handed_on), day_make(2009, 9, 28).n);
    /* a further stage hands nothing over again */
    world_wait(&world, 3, 0, 0);
    assert_int_equal(advance(id, "foundation", "2009-09-30"), OK);
    project = world_get(&world, KIND_project, id);
    assert_int_equal(rec_num(&project, project_handed_on), day_make(2009, 9, 28).n);
}

/* ---- the three tiers ---- */

static enum err appoint(const char *field, const char *value)
{
    return world_do(&world, "HRX", "project", "appoint", 1, field, value, NULL);
}

/* The same with the field emptied. */
static enum err empty(const char *login, const char *action, unsigned field)
{
    struct actor actor = world_actor(&world, login);
    struct record project = world_get(&world, KIND_project, 1);
    struct command command = {.counter = 900,
                              .kind = KIND_project,
                              .action = action_named(KIND_project, action)->wire,
                              .target = 1,
                              .base = (int64_t)project.version,
                              .args = record_make(KIND_project, 0),
                              .given = FIELD_BIT(field)};
    struct act act = {.space = &world.memory.space,
                      .arena = &world.arena,
                      .now = world.now,
                      .actor = &actor,
                      .command = &command,
                      .target = 1,
                      .base = command.base};
    enum err err = decide(&act);
    world.why = act.why;
    return err;
}

/* clauses: 1.1 1.5 */
static void no_tier_is_empty(void **state)
{
    static const unsigned tiers[] = {project_head, project_deputy, project_members, project_contact};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(empty("HRX", "appoint", tiers[i]), ERR_TIER_EMPTY);
        assert_int_equal(world.why.field, tiers[i]);
        assert_int_equal(empty("XMB", "amend", tiers[i]), ERR_TIER_EMPTY);
    }
    assert_int_equal(world_do(&world, "XMB", "project", "register", 0, "code", "P9", "name", "三期工程", "list",
                              "preliminary", "category", "transport", "nature", "new", "county", unit("HRX"), "owner",
                              unit("OWN1"), "lead", unit("FGW"), "responsible", unit("HRX"), "head", "1", "deputy", "2",
                              "contact", "4", "stage", "signed", NULL),
                     ERR_TIER_EMPTY);
    assert_int_equal(world.why.field, project_members);
}

/* clauses: 1.5 */
static void head_and_deputy_are_two_persons(void **state)
{
    (void)state;
    assert_int_equal(appoint("deputy", "1"), ERR_TIER_SAME);
    assert_int_equal(world.why.field, project_deputy);
    /* another post of the same person is the same person */
    assert_int_equal(world_do(&world, "XMB", "post", "create", 0, "person", "1", "unit", unit("HRX"), "rank", "deputy",
                              "from", "2009-01-01", NULL),
                     OK);
    assert_int_equal(appoint("deputy", number(world.id)), ERR_TIER_SAME);
    assert_int_equal(appoint("deputy", number(post("HRX", "郑九", "deputy"))), OK);
}

static void the_chain_belongs_to_the_responsible_unit(void **state)
{
    uint64_t foreign = post("PJX", "冯十", "head");
    (void)state;
    assert_int_equal(appoint("head", number(foreign)), ERR_OTHER_UNIT);
    assert_int_equal(world.why.field, project_head);
    assert_int_equal(world_do(&world, "HRX", "project", "appoint", 1, "members", number(foreign), NULL),
                     ERR_OTHER_UNIT);
    assert_int_equal(world.why.field, project_members);
    assert_int_equal(appoint("contact", number(foreign)), ERR_OTHER_UNIT);
    /* a new responsible unit brings its own people */
    assert_int_equal(world_do(&world, "XMB", "project", "amend", 1, "responsible", unit("PJX"), NULL), ERR_OTHER_UNIT);
    uint64_t deputy = post("PJX", "陈一", "deputy"), member = post("PJX", "褚二", "member"),
             contact = post("PJX", "卫三", "contact");
    assert_int_equal(world_do(&world, "XMB", "project", "amend", 1, "responsible", unit("PJX"), "head", number(foreign),
                              "deputy", number(deputy), "members", number(member), "contact", number(contact), NULL),
                     OK);
    assert_int_equal(world_do(&world, "HRX", "project", "appoint", 1, "contact", "4", NULL),
                     ERR_NOT_ALLOWED); /* not theirs any more */
}

static void an_end_comes_after_its_beginning(void **state)
{
    (void)state;
    assert_int_equal(world_do(&world, "XMB", "project", "amend", 1, "start", "2009-06", "finish", "2009-05-31", NULL),
                     ERR_DATE_ORDER);
    assert_int_equal(world.why.field, project_finish);
    assert_int_equal(world_do(&world, "XMB", "project", "amend", 1, "start", "2009-06-15", "finish", "2009-06", NULL),
                     OK); /* may be later in June */
    assert_int_equal(world_do(&world, "XMB", "project", "amend", 1, "finish", "2008", NULL), ERR_DATE_ORDER);
}

/* ---- halts, and what is owed then ---- */

static bool owes(int year, int month)
{
    struct record project = world_get(&world, KIND_project, 1);
    return project_owes(&project, month_make(year, month));
}

static void a_suspended_project_goes_on_where_it_stood(void **state)
{
    (void)state;
    assert_int_equal(world_do(&world, "HRX", "project", "suspend", 1, "reason", "资金不到位", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(&world, "XMB", "project", "suspend", 1, NULL), ERR_NEEDED);
    assert_int_equal(world_do(&world, "XMB", "project", "suspend", 1, "reason", "资金不到位", NULL), OK);
    assert_int_equal(state_of(1), ST_project_suspended);
    assert_int_equal(advance(1, "installation", "2009-09-20"), ERR_WRONG_STATE);
    assert_int_equal(world_do(&world, "XMB", "project", "resume", 1, NULL), OK);
    assert_int_equal(state_of(1), ST_project_construction);
    assert_int_equal(advance(1, "installation", "2009-09-20"), OK);
}

static void only_months_that_ended_in_a_halt_owe_nothing(void **state)
{
    (void)state;
    assert_true(owes(2009, 9)); /* up to August it is in the opening balance */
    assert_false(owes(2009, 8));
    world_at(&world, 2009, 10, 15, 9);
    assert_int_equal(world_do(&world, "XMB", "project", "suspend", 1, "reason", "资金不到位", NULL), OK);
    assert_true(owes(2009, 9)); /* it was over before */
    assert_false(owes(2009, 10));
    assert_false(owes(2010, 1));
    world_at(&world, 2009, 10, 30, 9);
    assert_int_equal(world_do(&world, "XMB", "project", "resume", 1, NULL), OK);
    assert_true(owes(2009, 10)); /* at its end it ran again */
    world_at(&world, 2009, 11, 2, 9);
    assert_int_equal(world_do(&world, "XMB", "project", "suspend", 1, "reason", "资金不到位", NULL), OK);
    world_at(&world, 2010, 2, 1, 9);
    assert_int_equal(world_do(&world, "XMB", "project", "resume", 1, NULL), OK);
    assert_true(owes(2009, 10));
    for (int i = 11; i <= 13; i++)
        assert_false(owes(2009 + (i - 1) / 12, (i - 1) % 12 + 1));
    assert_true(owes(2010, 2));
}

/* clauses: 1.8 */
static void completion_ends_the_duty(void **state)
{
    (void)state;
    world_at(&world, 2009, 11, 20, 9);
    assert_int_equal(advance(1, "installation", "2009-11"), OK);
    assert_int_equal(advance(1, "finishing", "2009-11"), OK);
    assert_int_equal(advance(1, "completion", "2009-11-10"), OK);
    assert_true(owes(2009, 11)); /* the month of completion is the last */
    assert_false(owes(2009, 12));
    world_at(&world, 2010, 3, 1, 9);
    assert_int_equal(advance(1, "operation", "2010-02-20"), OK);
    assert_false(owes(2009, 12));
    assert_false(owes(2010, 2));
}

/* clauses: 1.8 */
static void withdrawing_ends_the_duty_with_the_last_month(void **state)
{
    (void)state;
    world_at(&world, 2009, 11, 20, 9);
    assert_int_equal(world_do(&world, "XMB", "project", "withdraw", 1, "reason", "投资方退出", NULL),
                     ERR_NEEDED); /* on what paper? */
    assert_int_equal(
        world_do(&world, "XMB", "project", "withdraw", 1, "reason", "投资方退出", "basis", "岳政发〔2009〕30号", NULL),
        OK);
    assert_true(owes(2009, 10));
    assert_false(owes(2009, 11));
    assert_false(owes(2009, 12));
    assert_int_equal(world_do(&world, "XMB", "project", "resume", 1, NULL), ERR_WRONG_STATE);
}

static void withdrawing_what_was_completed_owes_nothing_new(void **state)
{
    (void)state;
    assert_int_equal(world_do(&world, "XMB", "project", "place", 1, "stage", "completion", "stage_on", "2009-09-20",
                              "reason", "提前竣工", NULL),
                     OK);
    assert_false(owes(2009, 10));
    world_at(&world, 2010, 3, 1, 9);
    assert_int_equal(
        world_do(&world, "XMB", "project", "withdraw", 1, "reason", "移交", "basis", "岳政发〔2010〕3号", NULL), OK);
    assert_true(owes(2009, 9));
    for (int month = 10; month <= 12; month++)
        assert_false(owes(2009, month));
    assert_false(owes(2010, 1));
    assert_false(owes(2010, 2));
}

static void withdrawing_what_was_suspended_owes_nothing_new(void **state)
{
    (void)state;
    world_at(&world, 2009, 10, 15, 9);
    assert_int_equal(world_do(&world, "XMB", "project", "suspend", 1, "reason", "资金不到位", NULL), OK);
    world_at(&world, 2010, 3, 1, 9);
    assert_int_equal(
        world_do(&world, "XMB", "project", "withdraw", 1, "reason", "投资方退出", "basis", "岳政发〔2010〕3号", NULL),
        OK);
    assert_true(owes(2009, 9));
    for (int month = 10; month <= 12; month++)
        assert_false(owes(2009, month));
    assert_false(owes(2010, 1));
    assert_false(owes(2010, 2));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(stages_are_reached_one_after_the_other),
        TEST(stages_are_not_skipped_nor_gone_back),
        TEST(the_office_may_skip_with_a_reason),
        TEST(nothing_starts_without_a_permit),
        TEST(the_lead_and_the_list_are_handed_over_at_the_start),
        TEST(no_tier_is_empty),
        TEST(head_and_deputy_are_two_persons),
        TEST(the_chain_belongs_to_the_responsible_unit),
        TEST(an_end_comes_after_its_beginning),
        TEST(a_suspended_project_goes_on_where_it_stood),
        TEST(only_months_that_ended_in_a_halt_owe_nothing),
        TEST(completion_ends_the_duty),
        TEST(withdrawing_ends_the_duty_with_the_last_month),
        TEST(withdrawing_what_was_completed_owes_nothing_new),
        TEST(withdrawing_what_was_suspended_owes_nothing_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
