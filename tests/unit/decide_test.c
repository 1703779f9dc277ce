/* decide_test.c - each thing that a command is refused for before any rule looks at it, and what it says then. */
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

/* A draft of P1's report for September, by HRX. */
static uint64_t draft(void)
{
    assert_int_equal(
        world_do(&world, "HRX", "report", "save", 0, "project", "1", "month", "2009-09", "invested", "120", NULL), OK);
    return world.id;
}

static uint64_t submitted(void)
{
    assert_int_equal(world_do(&world, "HRX", "report", "submit", 0, "project", "1", "month", "2009-09", "invested",
                              "120", "cumulative", "920", "progress", "主体", "difficulties", "无", "next", "封顶",
                              NULL),
                     OK);
    return world.id;
}

static void expect_field(enum err err, unsigned kind, unsigned field)
{
    assert_int_equal(world.why.err, err);
    assert_int_equal(world.why.kind, kind);
    assert_int_equal(world.why.field, field);
}

/* Decides a command as it is, without the help of world_do. */
static enum err decide_as(const char *login, const struct command *command, struct act *act)
{
    static struct actor actor;
    actor = world_actor(&world, login);
    *act = (struct act){.space = &world.memory.space,
                        .arena = &world.arena,
                        .now = world.now,
                        .actor = &actor,
                        .command = command,
                        .target = command->target,
                        .base = command->base};
    return decide(act);
}

static void an_unknown_action_is_refused(void **state)
{
    struct act act;
    struct command command = {
        .counter = 1, .kind = KIND_report, .action = ACTION_LIMIT - 1, .args = record_make(KIND_report, 0)};
    (void)state;
    assert_int_equal(decide_as("HRX", &command, &act), ERR_NO_SUCH_ACTION);
    command.kind = KIND_LIMIT - 1;
    assert_int_equal(decide_as("HRX", &command, &act), ERR_NO_SUCH_ACTION);
}

/* Whether a record is not there or not to be seen: the refusals can't be told apart. */
static void what_is_hidden_is_as_if_it_were_not_there(void **state)
{
    uint64_t id = draft();
    (void)state;
    assert_int_equal(world_do(&world, "PJX", "report", "submit", id, NULL), ERR_NOT_FOUND);
    struct refusal hidden = world.why;
    assert_int_equal(world_do(&world, "PJX", "report", "submit", id + 1000, NULL), ERR_NOT_FOUND);
    assert_memory_equal(&hidden, &world.why, sizeof hidden);
    assert_int_equal(world_do(&world, "XMB", "report", "accept", id, NULL), ERR_NOT_FOUND);
    assert_memory_equal(&hidden, &world.why, sizeof hidden);
    assert_int_equal(world_do(&world, "HRX", "report", "save", id, "invested", "121", NULL), OK);
}

static void an_act_needs_its_record(void **state)
{
    (void)state;
    assert_int_equal(world_do(&world, "XMB", "report", "accept", 0, NULL), ERR_NOT_FOUND);
    assert_int_equal(world_do(&world, "ADM", "unit", "create", world_unit(&world, "HRX"), "code", "X", NULL),
                     ERR_WRONG_STATE);
}

static void the_wrong_hands_are_refused(void **state)
{
    uint64_t id = submitted();
    (void)state;
    assert_int_equal(world_do(&world, "JSJ", "report", "accept", id, NULL), ERR_NOT_ALLOWED); /* sees it, may not */
    assert_int_equal(world_do(&world, "HRX-L", "report", "recall", id, NULL),
                     ERR_NOT_ALLOWED); /* right unit, wrong role */
    assert_int_equal(world_do(&world, "XMB", "unit", "create", 0, "code", "X", "name", "新单位", "short", "新", "type",
                              "county", NULL),
                     ERR_NOT_ALLOWED);
    assert_int_equal(world_do(&world, "LD", "report", "accept", id, NULL),
                     ERR_NOT_ALLOWED); /* the leader changes nothing */
    assert_int_equal(world_own(&world, ACTOR_CONSOLE, "report", "accept", id, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_own(&world, ACTOR_RULE, "report", "accept", id, NULL), ERR_NOT_ALLOWED);
}

static void a_state_allows_only_its_acts(void **state)
{
    uint64_t id = submitted();
    (void)state;
    assert_int_equal(world_do(&world, "HRX", "report", "save", id, "invested", "1", NULL), ERR_WRONG_STATE);
    assert_string_equal(world.why.text, state_row(KIND_report, ST_report_submitted)->label); /* says which */
    assert_int_equal(world_do(&world, "XMB", "report", "accept", id, NULL), OK);
    assert_int_equal(world_do(&world, "XMB", "report", "accept", id, NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(&world, "XMB", "report", "return", id, "reason", "已经受理", NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(&world, "HRX", "report", "recall", id, NULL), ERR_WRONG_STATE);
}

static void a_record_changed_in_the_meantime_is_a_conflict(void **state)
{
    struct act act;
    uint64_t id = submitted();
    struct record seen = world_get(&world, KIND_report, id);
    (void)state;
    assert_int_equal(world_do(&world, "HRX", "report", "note_paper", id, "paper", "华报12", NULL), OK);
    struct record now = world_get(&world, KIND_report, id);
    struct command command = {.counter = 90,
                              .kind = KIND_report,
                              .action = ACT_report_accept,
                              .target = (int64_t)id,
                              .base = (int64_t)seen.version,
                              .args = record_make(KIND_report, 0)};
    assert_int_equal(decide_as("XMB", &command, &act), ERR_CONFLICT);
    assert_int_equal(act.why.number, now.version); /* so that both can be put side by side */
    command.base = (int64_t)now.version + 1;
    assert_int_equal(decide_as("XMB", &command, &act), ERR_CONFLICT); /* of a future that is not */
    command.base = 0;
    assert_int_equal(decide_as("XMB", &command, &act), ERR_CONFLICT);
    command.base = (int64_t)now.version;
    assert_int_equal(decide_as("XMB", &command, &act), OK);
}

static void permission_is_looked_at_before_the_state(void **state)
{
    uint64_t id = submitted();
    (void)state;
    /* somebody without the right learns nothing of states and versions */
    assert_int_equal(world_do(&world, "JSJ", "report", "recall", id, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(&world, "JSJ", "report", "approve", id, NULL), ERR_NOT_ALLOWED);
}

static void an_act_fills_in_only_its_own_fields(void **state)
{
    uint64_t id = submitted();
    (void)state;
    assert_int_equal(world_do(&world, "XMB", "report", "accept", id, "invested", "999", NULL), ERR_NOT_YOURS);
    expect_field(ERR_NOT_YOURS, KIND_report, report_invested);
    assert_int_equal(world_do(&world, "XMB", "report", "return", id, "reason", "数据不全", "late", "no", NULL),
                     ERR_NOT_YOURS);
    expect_field(ERR_NOT_YOURS, KIND_report, report_late);
    assert_int_equal(world_do(&world, "XMB", "report", "accept", id, "state", "7", NULL), ERR_NOT_YOURS);
    expect_field(ERR_NOT_YOURS, KIND_report, F_STATE);
    assert_int_equal(world_do(&world, "XMB", "report", "accept", id, "author_unit", "1", NULL), ERR_NOT_YOURS);
    assert_int_equal(world_do(&world, "XMB", "report", "accept", id, "made", "1", NULL), ERR_NOT_YOURS);
}

static void what_is_fixed_stays(void **state)
{
    struct act act;
    uint64_t id = draft();
    (void)state;
    assert_int_equal(world_do(&world, "HRX", "report", "save", id, "month", "2009-08", NULL), ERR_FIXED);
    expect_field(ERR_FIXED, KIND_report, report_month);
    assert_int_equal(world_do(&world, "HRX", "report", "save", id, "month", "2009-09", "invested", "5", NULL),
                     OK); /* the same again */
    struct record now = world_get(&world, KIND_report, id);
    struct command command = {.counter = 91,
                              .kind = KIND_report,
                              .action = ACT_report_save,
                              .target = (int64_t)id,
                              .base = (int64_t)now.version,
                              .args = record_make(KIND_report, 0),
                              .given = FIELD_BIT(report_month)};
    assert_int_equal(decide_as("HRX", &command, &act), ERR_FIXED); /* nor can it be emptied */
}

static void what_is_needed_has_to_be_there(void **state)
{
    struct act act;
    uint64_t id = draft();
    (void)state;
    assert_int_equal(
        world_do(&world, "HRX", "report", "submit", id, "cumulative", "920", "progress", "a", "next", "b", NULL),
        ERR_NEEDED);
    expect_field(ERR_NEEDED, KIND_report, report_difficulties);
    assert_int_equal(world_do(&world, "HRX", "report", "submit", id, "cumulative", "920", "progress", "a", "next", "b",
                              "difficulties", "无", NULL),
                     OK);
    struct record now = world_get(&world, KIND_report, id);
    assert_int_equal(world_do(&world, "XMB", "report", "return", id, NULL), ERR_NEEDED);
    expect_field(ERR_NEEDED, KIND_report, report_reason);
    struct command command = {.counter = 92,
                              .kind = KIND_report,
                              .action = ACT_report_return,
                              .target = (int64_t)id,
                              .base = (int64_t)now.version,
                              .args = record_make(KIND_report, 0),
                              .given = FIELD_BIT(report_reason)};
    assert_int_equal(decide_as("XMB", &command, &act), ERR_NEEDED); /* given, but empty */
}

static void references_lead_to_something_visible(void **state)
{
    (void)state;
    assert_int_equal(world_do(&world, "HRX", "report", "save", 0, "project", "999", "month", "2009-09", NULL),
                     ERR_BAD_REF);
    expect_field(ERR_BAD_REF, KIND_report, report_project);
    /* a draft of the office's: HRX may not hang a milestone on it, nor learn that it is there */
    assert_int_equal(world_do(&world, "XMB", "target", "save", 0, "project", "1", "year", "2010", "total", "12",
                              "months", "1 1 1 1 1 1 1 1 1 1 1 1", NULL),
                     OK);
    const char *hidden = number(world.id), *missing = number(world.id + 50);
    assert_int_equal(
        world_do(&world, "HRX", "milestone", "plan", 0, "target", hidden, "name", "开工", "due", "2010-03-01", NULL),
        ERR_BAD_REF);
    struct refusal why = world.why;
    assert_int_equal(
        world_do(&world, "HRX", "milestone", "plan", 0, "target", missing, "name", "开工", "due", "2010-03-01", NULL),
        ERR_BAD_REF);
    assert_memory_equal(&why, &world.why, sizeof why);
    assert_int_equal(
        world_do(&world, "XMB", "milestone", "plan", 0, "target", hidden, "name", "开工", "due", "2010-03-01", NULL),
        OK);
}

static void what_has_ended_is_not_referred_to_any_more(void **state)
{
    (void)state;
    assert_int_equal(
        world_do(&world, "HRX", "person", "create", 0, "name", "钱五", "unit", number(world_unit(&world, "HRX")), NULL),
        OK);
    const char *person = number(world.id);
    assert_int_equal(world_do(&world, "HRX", "post", "create", 0, "person", person, "unit",
                              number(world_unit(&world, "HRX")), "rank", "deputy", "from", "2009-01-01", NULL),
                     OK);
    uint64_t post = world.id;
    assert_int_equal(world_do(&world, "HRX", "post", "end", post, "to", "2009-09-01", NULL), OK);
    assert_int_equal(world_do(&world, "HRX", "project", "appoint", 1, "deputy", number(post), NULL), ERR_ENDED);
    expect_field(ERR_ENDED, KIND_project, project_deputy);
    assert_int_equal(world_do(&world, "HRX", "project", "appoint", 1, "members", number(post), NULL), ERR_ENDED);
    expect_field(ERR_ENDED, KIND_project, project_members);
    assert_int_equal(world_do(&world, "HRX", "person", "leave", strtoull(person, NULL, 10), NULL), OK);
    assert_int_equal(world_do(&world, "HRX", "post", "create", 0, "person", person, "unit",
                              number(world_unit(&world, "HRX")), "rank", "deputy", "from", "2009-10-01", NULL),
                     ERR_ENDED);
}

/* A report says which milestones were reached, also when they are reached already. */
static void some_fields_may_name_what_has_ended(void **state)
{
    struct record target = world_get(&world, KIND_target, 1);
    (void)state;
    assert_int_equal(rec_state(&target), ST_target_agreed);
    assert_int_equal(
        world_do(&world, "HRX", "milestone", "plan", 0, "target", "1", "name", "主体封顶", "due", "2009-10-30", NULL),
        OK);
    uint64_t milestone = world.id;
    assert_int_equal(world_do(&world, "HRX", "milestone", "reach", milestone, "done", "2009-09-20", NULL), OK);
    assert_int_equal(world_do(&world, "HRX", "report", "save", 0, "project", "1", "month", "2009-09", "reached",
                              number(milestone), NULL),
                     OK);
}

static void one_key_has_one_record(void **state)
{
    (void)state;
    assert_int_equal(world_do(&world, "ADM", "unit", "create", 0, "code", "HRX", "name", "另一个县", "short", "另",
                              "type", "county", NULL),
                     ERR_EXISTS);
    expect_field(ERR_EXISTS, KIND_unit, unit_code);
    assert_string_equal(world.why.text, "HRX");
    assert_int_equal(world_do(&world, "ADM", "unit", "create", 0, "code", "NEW", "name", "华容县", "short", "另",
                              "type", "county", NULL),
                     ERR_EXISTS);
    expect_field(ERR_EXISTS, KIND_unit, unit_name);
    draft();
    assert_int_equal(world_do(&world, "HRX", "report", "save", 0, "project", "1", "month", "2009-09", NULL),
                     ERR_EXISTS);
    expect_field(ERR_EXISTS, KIND_report, report_project);
    assert_int_equal(world_do(&world, "ADM", "unit", "amend", world_unit(&world, "PJX"), "name", "华容县", NULL),
                     ERR_EXISTS);
}

static void values_are_checked_here_too(void **state)
{
    static const struct {
        const char *field, *text;
        enum err want;
        int64_t number;
    } cases[] = {
        {"progress", "三层\x1b[2J", ERR_BAD_TEXT, 3}, {"progress", "三层\u202E完成", ERR_BAD_TEXT, 3},
        {"progress", "\u200B", ERR_BAD_TEXT, 1},      {"progress", "a\rb", ERR_BAD_TEXT, 2},
        {"explain", "短", ERR_TOO_SHORT, 2},
    };
    uint64_t id = draft();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(world_do(&world, "HRX", "report", "save", id, cases[i].field, cases[i].text, NULL),
                         cases[i].want);
        assert_int_equal(world.why.number, cases[i].number);
        assert_int_equal(world.why.kind, KIND_report);
    }
    struct act act;
    struct record now = world_get(&world, KIND_report, id);
    int64_t twice[] = {3, 3}, many[17];
    for (int i = 0; i < 17; i++)
        many[i] = i + 1;
    struct command command = {.counter = 93,
                              .kind = KIND_report,
                              .action = ACT_report_save,
                              .target = (int64_t)id,
                              .base = (int64_t)now.version,
                              .args = record_make(KIND_report, 0),
                              .given = FIELD_BIT(report_reached)};
    rec_set_list(&command.args, report_reached, twice, 2);
    assert_int_equal(decide_as("HRX", &command, &act), ERR_TWICE);
    rec_set_list(&command.args, report_reached, many, 17);
    assert_int_equal(decide_as("HRX", &command, &act), ERR_TOO_MANY);
    command.given = FIELD_BIT(report_invested);
    rec_set(&command.args, report_invested, -1);
    assert_int_equal(decide_as("HRX", &command, &act), ERR_TOO_SMALL);
    rec_set(&command.args, report_invested, MONEY_MAX + 1);
    assert_int_equal(decide_as("HRX", &command, &act), ERR_TOO_LARGE);
    assert_int_equal(act.why.number, MONEY_MAX);
}

/* Nobody can push a record over to another unit, or draw one to his own. */
static void records_are_not_moved_out_of_reach(void **state)
{
    (void)state;
    assert_int_equal(
        world_do(&world, "HRX", "person", "create", 0, "name", "孙六", "unit", number(world_unit(&world, "HRX")), NULL),
        OK);
    uint64_t person = world.id;
    assert_int_equal(
        world_do(&world, "HRX", "person", "amend", person, "unit", number(world_unit(&world, "PJX")), NULL),
        ERR_NOT_ALLOWED);
    assert_int_equal(
        world_do(&world, "PJX", "person", "amend", person, "unit", number(world_unit(&world, "PJX")), NULL),
        ERR_NOT_ALLOWED);
    assert_int_equal(
        world_do(&world, "PJX", "person", "create", 0, "name", "周七", "unit", number(world_unit(&world, "HRX")), NULL),
        ERR_NOT_ALLOWED);
    assert_int_equal(
        world_do(&world, "XMB", "person", "amend", person, "unit", number(world_unit(&world, "PJX")), NULL), OK);
}

static void a_new_record_knows_who_made_it_and_when(void **state)
{
    uint64_t id = draft();
    struct record report = world_get(&world, KIND_report, id);
    struct actor hrx = world_actor(&world, "HRX");
    (void)state;
    assert_int_equal(rec_num(&report, F_AUTHOR), hrx.operator);
    assert_int_equal(rec_num(&report, F_AUTHOR_UNIT), hrx.unit);
    assert_int_equal(rec_num(&report, F_MADE), world.now.s);
    assert_int_equal(rec_num(&report, F_SINCE), world.now.s);
    world_wait(&world, 1, 0, 0);
    assert_int_equal(world_do(&world, "HRX", "report", "save", id, "invested", "7", NULL), OK);
    struct record later = world_get(&world, KIND_report, id);
    assert_int_equal(rec_num(&later, F_SINCE), rec_num(&report, F_SINCE)); /* still a draft since then */
    assert_int_equal(rec_num(&later, F_MADE), rec_num(&report, F_MADE));
    assert_int_equal(world_do(&world, "HRX", "report", "submit", id, "cumulative", "807", "progress", "a", "next", "b",
                              "difficulties", "无", NULL),
                     OK);
    later = world_get(&world, KIND_report, id);
    assert_int_equal(rec_num(&later, F_SINCE), world.now.s);
}

static void ids_are_not_given_twice(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        uint64_t before = state_last_id(&world.memory.space, KIND_person);
        assert_int_equal(world_do(&world, "HRX", "person", "create", 0, "name", "吴八", "unit",
                                  number(world_unit(&world, "HRX")), NULL),
                         OK);
        assert_int_equal(world.id, before + 1);
    }
}

/* The same state, command and time give the same changes: nothing else goes into it. */
static void deciding_is_repeatable_and_changes_nothing(void **state)
{
    struct act first, second;
    struct pack a, b;
    uint64_t id = submitted();
    struct record now = world_get(&world, KIND_report, id);
    struct command command = {.counter = 94,
                              .kind = KIND_report,
                              .action = ACT_report_accept,
                              .target = (int64_t)id,
                              .base = (int64_t)now.version,
                              .args = record_make(KIND_report, 0)};
    (void)state;
    pack_init(&a, 1 << 16);
    pack_init(&b, 1 << 16);
    assert_int_equal(decide_as("XMB", &command, &first), OK);
    effects_pack(&a, (const struct change *const *)first.changes, first.change_count);
    assert_int_equal(decide_as("XMB", &command, &second), OK);
    effects_pack(&b, (const struct change *const *)second.changes, second.change_count);
    assert_int_equal(a.used, b.used);
    assert_memory_equal(a.at, b.at, a.used);
    struct record still = world_get(&world, KIND_report, id);
    assert_int_equal(record_diff(&now, &still), 0);
    assert_int_equal(still.version, now.version);
    pack_free(&a);
    pack_free(&b);
}

/* ---- commands that build on own earlier ones ---- */

static enum err resolve(const char *login, unsigned kind, int64_t target, int64_t base, int64_t *found,
                        int64_t *version)
{
    struct command command = {.kind = (uint8_t)kind, .target = target, .base = base};
    return resolve_own(&world.memory.space, world_actor(&world, login).device, &command, found, version);
}

static void own_earlier_commands_stand_for_what_they_made(void **state)
{
    int64_t target, base;
    uint64_t device = world_actor(&world, "HRX").device, id = draft();
    int64_t first = (int64_t)world.counters[device];
    (void)state;
    assert_int_equal(world_do(&world, "HRX", "report", "save", id, "invested", "5", NULL), OK);
    int64_t second = (int64_t)world.counters[device];
    struct record report = world_get(&world, KIND_report, id);

    assert_int_equal(resolve("HRX", KIND_report, -first, -second, &target, &base), OK);
    assert_int_equal(target, id);
    assert_int_equal(base, report.version);
    assert_int_equal(resolve("HRX", KIND_report, (int64_t)id, -first, &target, &base), OK);
    assert_int_equal(target, id);
    assert_int_equal(base, report.version - 1);
    assert_int_equal(resolve("HRX", KIND_report, 0, 0, &target, &base), OK);
    assert_true(target == 0 && base == 0);

    /* never accepted, of another kind, of another device */
    assert_int_equal(resolve("HRX", KIND_report, -second - 1, 0, &target, &base), ERR_DEAD_END);
    assert_int_equal(resolve("HRX", KIND_report, (int64_t)id, -second - 1, &target, &base), ERR_DEAD_END);
    assert_int_equal(resolve("HRX", KIND_target, -first, 0, &target, &base), ERR_DEAD_END);
    assert_int_equal(resolve("PJX", KIND_report, -first, 0, &target, &base), ERR_DEAD_END);
}

static void a_chain_of_own_commands_is_no_conflict_with_itself(void **state)
{
    struct act act;
    uint64_t device = world_actor(&world, "HRX").device, id = draft();
    struct command command = {.counter = 95,
                              .kind = KIND_report,
                              .action = ACT_report_save,
                              .target = (int64_t)id,
                              .base = -(int64_t)world.counters[device],
                              .args = record_make(KIND_report, 0),
                              .given = FIELD_BIT(report_next)};
    (void)state;
    rec_set_text(&command.args, report_next, text_of("封顶"));
    int64_t target, base;
    assert_int_equal(resolve("HRX", KIND_report, command.target, command.base, &target, &base), OK);
    struct actor actor = world_actor(&world, "HRX");
    act = (struct act){.space = &world.memory.space,
                       .arena = &world.arena,
                       .now = world.now,
                       .actor = &actor,
                       .command = &command,
                       .target = target,
                       .base = base};
    assert_int_equal(decide(&act), OK);
    /* somebody else's change in between is one */
    assert_int_equal(world_do(&world, "HRX", "report", "save", id, "invested", "6", NULL), OK);
    act = (struct act){.space = &world.memory.space,
                       .arena = &world.arena,
                       .now = world.now,
                       .actor = &actor,
                       .command = &command,
                       .target = target,
                       .base = base};
    assert_int_equal(decide(&act), ERR_CONFLICT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(an_unknown_action_is_refused),
        TEST(what_is_hidden_is_as_if_it_were_not_there),
        TEST(an_act_needs_its_record),
        TEST(the_wrong_hands_are_refused),
        TEST(a_state_allows_only_its_acts),
        TEST(a_record_changed_in_the_meantime_is_a_conflict),
        TEST(permission_is_looked_at_before_the_state),
        TEST(an_act_fills_in_only_its_own_fields),
        TEST(what_is_fixed_stays),
        TEST(what_is_needed_has_to_be_there),
        TEST(references_lead_to_something_visible),
        TEST(what_has_ended_is_not_referred_to_any_more),
        TEST(some_fields_may_name_what_has_ended),
        TEST(one_key_has_one_record),
        TEST(values_are_checked_here_too),
        TEST(records_are_not_moved_out_of_reach),
        TEST(a_new_record_knows_who_made_it_and_when),
        TEST(ids_are_not_given_twice),
        TEST(deciding_is_repeatable_and_changes_nothing),
        TEST(own_earlier_commands_stand_for_what_they_made),
        TEST(a_chain_of_own_commands_is_no_conflict_with_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
