/* assess_test.c - schemes, day-to-day points out of the journal, scores, places, and what stays when published.
 * Clause 3. */
#include "tests/lib/unit.h"
#include "tests/lib/world.h"

#include "proto/points.h"

#include <stdio.h>
#include <string.h>

static const char *number(uint64_t id)
{
    static char text[8][24];
    static unsigned at;
    char *into = text[at++ % 8];
    snprintf(into, sizeof text[0], "%llu", (unsigned long long)id);
    return into;
}

static enum err add_rule(struct world *world, const char *serial, const char *part, const char *name,
                         const char *points, const char *event, const char *party, const char *cap, const char *tier)
{
    if (event == NULL)
        return world_do(world, "XMB", "scheme_rule", "add", 0, "scheme", "1", "serial", serial, "part", part, "name",
                        name, "points", points, "group", "responsible", NULL);
    return world_do(world, "XMB", "scheme_rule", "add", 0, "scheme", "1", "serial", serial, "part", part, "name", name,
                    "points", points, "event", event, "party", party, "cap", cap, "tier", tier, NULL);
}

#define DAILY(serial, name, points, event, party, cap, tier) \
    assert_int_equal(add_rule(world, serial, "daily", name, points, event, party, cap, tier), OK)

/* A scheme of 2009 in force: base 60; returned -0.5 at most 1.2, late -2, and a year-end item of 40. */
static int setup(void **state)
{
    static struct world world_here;
    struct world *world = &world_here;
    world_init(world);
    *state = world;
    assert_int_equal(world_do(world, "XMB", "scheme", "draft", 0, "year", "2009", "name", "重大项目绩效考核办法", NULL),
                     OK);
    assert_int_equal(add_rule(world, "1", "base", "基础分", "60", NULL, NULL, NULL, NULL), OK);
    DAILY("2", "月报退回", "-0.5", "report_returned", "responsible", "1.2", "deputy");
    DAILY("3", "月报迟报", "-2", "report_late", "responsible", "10", "deputy");
    DAILY("4", "交办逾期", "-1", "assignment_overdue", "handling", "5", "head");
    assert_int_equal(add_rule(world, "5", "year_end", "计划完成", "40", NULL, NULL, NULL, NULL), OK);
    assert_int_equal(world_do(world, "XMB", "scheme_rule", "add", 0, "scheme", "1", "serial", "6", "part",
                              "correction", "name", "申诉更正", "points", "5", NULL),
                     OK);
    assert_int_equal(world_do(world, "XMB", "scheme", "enforce", 1, NULL), OK);
    return 0;
}

static int teardown(void **state)
{
    world_free(*state);
    return 0;
}

/* ---- schemes ---- */

/* clauses: 3.1 */
static void a_scheme_is_a_version_and_stays_as_it_is_in_force(void **state)
{
    struct world *world = *state;
    assert_int_equal(add_rule(world, "7", "base", "另一基础分", "1", NULL, NULL, NULL, NULL), ERR_SCHEME_FIXED);
    assert_int_equal(world_do(world, "XMB", "scheme_rule", "amend", 2, "points", "-9", NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(world, "HRX", "scheme", "revise", 1, "reason", "太严", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "XMB", "scheme", "revise", 1, "reason", "调整分值", NULL), OK);
    struct record draft = world_get(world, KIND_scheme, 2), rule = world_get(world, KIND_scheme_rule, 8);
    assert_int_equal(rec_num(&draft, scheme_version), 2);
    assert_int_equal(rec_num(&rule, scheme_rule_scheme), 2);
    assert_int_equal(rec_num(&rule, scheme_rule_points), -50);
    assert_int_equal(world_do(world, "XMB", "scheme_rule", "amend", 8, "points", "-0.25", NULL), OK);
    assert_int_equal(world_sees(world, "HRX", KIND_scheme, 2), SEE_NOTHING);
    assert_int_equal(world_do(world, "XMB", "scheme", "enforce", 2, NULL), OK);
    struct record old = world_get(world, KIND_scheme, 1), old_rule = world_get(world, KIND_scheme_rule, 2);
    assert_int_equal(rec_state(&old), ST_scheme_replaced);
    assert_int_equal(rec_num(&old_rule, scheme_rule_points), -50);
    assert_int_equal(world_sees(world, "HRX", KIND_scheme_rule, 8), SEE_FULL);
}

static void a_rule_says_for_whom_what_happened_counts(void **state)
{
    struct world *world = *state;
    assert_int_equal(world_do(world, "XMB", "scheme", "draft", 0, "year", "2009", "name", "另一办法", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "scheme", "enforce", 2, NULL), ERR_NO_RULES);
    static const struct {
        const char *why, *part, *event, *party;
        enum err wanted;
    } rows[] = {
        {"a charge has a department that asks", "daily", "fee_above", "asker", OK},
        {"nobody handles a report", "daily", "report_late", "handling", ERR_NO_PARTY},
        {"a warning has it by its project", "daily", "warning_red", "responsible", OK},
        {"a base has no event", "base", "report_late", "responsible", ERR_NOT_YOURS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(world_do(world, "XMB", "scheme_rule", "add", 0, "scheme", "2", "serial", number(i + 1), "part",
                                  rows[i].part, "name", rows[i].why, "points", "-1", "event",
                                  rows[i].event, "party", rows[i].party, NULL),
                         rows[i].wanted);
    assert_int_equal(world_do(world, "XMB", "scheme_rule", "add", 0, "scheme", "2", "serial", "9", "part", "daily",
                              "name", "无事件", "points", "-1", NULL),
                     ERR_NEEDED);
}

/* Every event that a rule can name is told from a record of some kind, which some party is related to. */
static void every_event_has_its_row(void **state)
{
    (void)state;
    for (const struct option *row = NULL; (row = option_next(CHOICE_score_event, row)) != NULL;) {
        const struct event *event = event_row(row->wire);
        bool related = false;
        assert_non_null(event);
        for (const struct option *party = NULL; (party = option_next(CHOICE_score_party, party)) != NULL;)
            related = related || kind_relates(event->kind, party->wire);
        assert_true(related);
    }
}

/* ---- day-to-day points ---- */

static const char *report(struct world *world, const char *month, const char *invested, const char *cumulative)
{
    assert_int_equal(world_do(world, "HRX", "report", "submit", 0, "project", "1", "month", month, "invested", invested,
                              "cumulative", cumulative, "progress", "主体施工", "difficulties", "无", "next", "继续",
                              NULL),
                     OK);
    return number(world->id);
}

static void send_back(struct world *world, uint64_t id)
{
    assert_int_equal(world_do(world, "XMB", "report", "return", id, "reason", "数据有误", NULL), OK);
    assert_int_equal(world_do(world, "HRX", "report", "submit", id, "explain", "已核对", NULL), OK);
}

static unsigned lines_of(struct world *world, const char *unit, uint64_t upto, struct points_line *own, unsigned max)
{
    struct points_rules rules;
    struct points_line *lines;
    unsigned count;
    const struct points_scope scope = {
        .scheme = 1, .from = day_make(2009, 1, 1), .to = day_make(2009, 12, 31), .upto = upto};
    const struct space *space = &world->memory.space;
    assert_int_equal(points_rules_load(space, 1, &world->arena, &rules), OK);
    assert_int_equal(points_collect(space, &scope, &rules, &world->arena, &lines, &count), OK);
    struct points_line *all = arena_get(&world->arena, (count + 1) * sizeof *all);
    unsigned found = points_of(&rules, lines, count, world_unit(world, unit), 0, all);
    assert_true(found <= max);
    memcpy(own, all, found * sizeof *own);
    return found;
}

/* clauses: 3.3 */
static void points_name_the_entry_that_took_them_and_stop_at_the_cap(void **state)
{
    struct world *world = *state;
    struct points_line own[16];
    world_at(world, 2009, 10, 9, 10);
    report(world, "2009-09", "50", "850");
    assert_int_equal(lines_of(world, "HRX", 0, own, 16), 0);
    for (unsigned i = 0; i < 3; i++)
        send_back(world, 1);
    assert_int_equal(lines_of(world, "HRX", 0, own, 16), 3);
    static const int64_t wanted[] = {-50, -50, -20}; /* at most 1.2 */
    for (unsigned i = 0; i < 3; i++) {
        struct record deputy = world_get(world, KIND_person, own[i].person);
        assert_int_equal(own[i].points, wanted[i]);
        assert_int_equal(own[i].kind, KIND_report);
        assert_int_equal(own[i].id, 1);
        assert_memory_equal(rec_text(&deputy, person_name).at, "李二", strlen("李二"));
    }
    assert_int_equal(lines_of(world, "HRX", own[1].number - 1, own, 16), 1); /* up to an earlier entry */
    assert_int_equal(lines_of(world, "PJX", 0, own, 16), 0);
}

/* Becoming late counts, being late does not: once for a report, however often it is sent again. */
static void what_has_become_so_counts_once(void **state)
{
    struct world *world = *state;
    struct points_line own[16];
    world_at(world, 2009, 10, 14, 10);
    report(world, "2009-09", "50", "850"); /* due on 9 October */
    send_back(world, 1);
    assert_int_equal(lines_of(world, "HRX", 0, own, 16), 2);
    assert_int_equal(own[0].points, -200);
    assert_int_equal(own[1].points, -50);
}

/* What a project brought counts for whoever was responsible for it then, and for the deputy of that time. */
static void a_project_that_changes_hands_counts_for_whom_it_was_then(void **state)
{
    struct world *world = *state;
    struct points_line own[16];
    world_at(world, 2009, 10, 9, 10);
    report(world, "2009-09", "50", "850");
    assert_int_equal(world_do(world, "XMB", "report", "return", 1, "reason", "数据有误", NULL), OK);
    uint64_t before = world->head.number;
    static const char *const ranks[] = {"head", "deputy", "member", "contact"};
    uint64_t persons[4], posts[4];
    const char *unit = number(world_unit(world, "PJX"));
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(world_do(world, "XMB", "person", "create", 0, "name", ranks[i], "unit", unit, NULL), OK);
        persons[i] = world->id;
        assert_int_equal(world_do(world, "XMB", "post", "create", 0, "person", number(persons[i]), "unit", unit, "rank",
                                  ranks[i], "from", "2009-01-01", NULL),
                         OK);
        posts[i] = world->id;
    }
    unit = number(world_unit(world, "PJX"));
    assert_int_equal(world_do(world, "XMB", "project", "amend", 1, "responsible", unit, "head", number(posts[0]),
                              "deputy", number(posts[1]), "members", number(posts[2]), "contact", number(posts[3]),
                              NULL),
                     OK);
    assert_int_equal(world_do(world, "PJX", "report", "submit", 1, "explain", "已核对", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "report", "return", 1, "reason", "再核", NULL), OK);
    assert_int_equal(lines_of(world, "HRX", 0, own, 16), 1);
    assert_int_equal(own[0].number, before);
    assert_int_equal(own[0].person, 2); /* 李二 */
    assert_int_equal(lines_of(world, "PJX", 0, own, 16), 1);
    assert_int_equal(own[0].person, persons[1]);
}

/* ---- assessments ---- */

static void open_year(struct world *world)
{
    assert_int_equal(world_do(world, "XMB", "assessment", "open", 0, "name", "2009年度考核", "from", "2009-01-01", "to",
                              "2009-12-31", NULL),
                     OK);
}

static struct record score_of(struct world *world, uint64_t assessment, const char *unit, bool person)
{
    for (uint64_t id = 0; (id = state_next_id(&world->memory.space, KIND_score, id)) > 0;) {
        struct record score = world_get(world, KIND_score, id);
        unsigned state = rec_state(&score);
        if ((uint64_t)rec_num(&score, score_assessment) != assessment || state == ST_score_marked) continue;
        if ((uint64_t)rec_num(&score, score_unit) == world_unit(world, unit) && rec_has(&score, score_person) == person)
            return score;
    }
    fail_msg("no score of %s", unit);
    return record_make(KIND_score, 0);
}

static enum err mark(struct world *world, const char *assessment, const char *unit, const char *item,
                     const char *points)
{
    return world_do(world, "XMB", "score", "mark", 0, "assessment", assessment, "unit", number(world_unit(world, unit)),
                    "item", item, "points", points, NULL);
}

/* clauses: 3.2 3.3 */
static void base_daily_and_year_end_make_the_total(void **state)
{
    struct world *world = *state;
    world_at(world, 2009, 10, 9, 10);
    report(world, "2009-09", "50", "850");
    send_back(world, 1);
    open_year(world);
    assert_int_equal(mark(world, "1", "HRX", "5", "40.5"), ERR_TOO_LARGE);
    assert_int_equal(mark(world, "1", "HRX", "2", "1"), ERR_NOT_AN_ITEM);
    assert_int_equal(mark(world, "1", "FGW", "5", "30"), ERR_NOT_ASSESSED); /* a department */
    assert_int_equal(mark(world, "1", "HRX", "6", "1"), ERR_NOT_AN_ITEM);   /* nothing has been appealed */
    assert_int_equal(world_do(world, "HRX", "score", "mark", 0, "assessment", "1", "unit",
                              number(world_unit(world, "HRX")), "item", "5", "points", "40", NULL),
                     ERR_NOT_ALLOWED);
    assert_int_equal(mark(world, "1", "HRX", "5", "32.25"), OK);
    assert_int_equal(mark(world, "1", "HRX", "5", "33"), ERR_EXISTS);
    world_at(world, 2010, 1, 6, 9);
    assert_int_equal(world_do(world, "XMB", "assessment", "compute", 1, NULL), OK);
    struct record score = score_of(world, 1, "HRX", false);
    assert_int_equal(rec_num(&score, score_base), 6000);
    assert_int_equal(rec_num(&score, score_daily), -50);
    assert_int_equal(rec_num(&score, score_year_end), 3225);
    assert_int_equal(rec_num(&score, score_total), 9175);
    assert_int_equal(rec_num(&score, score_rank), 1);
    struct record assessment = world_get(world, KIND_assessment, 1);
    assert_int_equal(rec_num(&assessment, assessment_upto), world->head.number - 1);
    assert_int_equal(rec_num(&assessment, assessment_persons), 2); /* head and deputy */
}

/* Equal totals share a place, and the next one comes after both. */
static void ties_share_a_place(void **state)
{
    struct world *world = *state;
    world_at(world, 2009, 10, 9, 10);
    open_year(world);
    assert_int_equal(world_do(world, "XMB", "assessment", "compute", 1, NULL), OK);
    int64_t places[4] = {0}, firsts = 0;
    unsigned count = 0;
    for (uint64_t id = 0; (id = state_next_id(&world->memory.space, KIND_score, id)) > 0;) {
        struct record score = world_get(world, KIND_score, id);
        if (rec_state(&score) != ST_score_computed || rec_num(&score, score_group) != OPT_score_group_department)
            continue;
        if (count < 4) places[count++] = rec_num(&score, score_rank);
        firsts += rec_num(&score, score_rank) == 1;
    }
    assert_true(count >= 3);
    assert_true(firsts >= 3); /* departments that nothing has happened to */
    assert_int_equal(places[0], 1);
}

/* clauses: 3.2 */
static void what_is_published_stays_whatever_happens_later(void **state)
{
    struct world *world = *state;
    world_at(world, 2009, 10, 9, 10);
    report(world, "2009-09", "50", "850");
    send_back(world, 1);
    open_year(world);
    assert_int_equal(world_do(world, "XMB", "assessment", "compute", 1, NULL), OK);
    assert_int_equal(world_do(world, "JCJ", "assessment", "review", 1, "opinion", "属实", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "XMB", "assessment", "review", 1, "opinion", "属实", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "assessment", "publish", 1, NULL), ERR_PERIOD_OPEN);
    world_at(world, 2010, 1, 6, 9);
    assert_int_equal(world_do(world, "XMB", "assessment", "compute", 1, NULL), OK);
    assert_int_equal(world_do(world, "XMB", "assessment", "review", 1, "opinion", "属实", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "assessment", "publish", 1, NULL), ERR_MARKS_MISSING);
    assert_string_equal(world->why.text, "华容县");
    assert_int_equal(mark(world, "1", "HRX", "5", "30"), OK); /* sends it back to be computed */
    assert_int_equal(world_do(world, "XMB", "assessment", "publish", 1, NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(world, "XMB", "assessment", "compute", 1, NULL), OK);
    assert_int_equal(world_do(world, "XMB", "assessment", "review", 1, "opinion", "属实", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "assessment", "publish", 1, NULL), OK);
    struct record before = score_of(world, 1, "HRX", false);
    assert_int_equal(rec_num(&before, score_total), 8950);
    send_back(world, 1);
    assert_int_equal(mark(world, "1", "HRX", "5", "31"), ERR_SCHEME_FIXED);
    assert_int_equal(world_do(world, "XMB", "assessment", "compute", 1, NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(world, "XMB", "assessment", "correct", 1, "reason", "申诉成立", NULL), OK);
    assert_int_equal(mark(world, "2", "HRX", "6", "5.5"), ERR_TOO_LARGE);
    assert_int_equal(mark(world, "2", "HRX", "6", "0.5"), OK);
    assert_int_equal(world_do(world, "XMB", "assessment", "compute", 2, NULL), OK);
    struct record after = score_of(world, 2, "HRX", false), same = score_of(world, 1, "HRX", false);
    assert_int_equal(rec_num(&after, score_total), 9000); /* the year's journal and what was entered, and the appeal */
    assert_int_equal(record_diff(&before, &same), 0);
    assert_int_equal(world_do(world, "XMB", "assessment", "review", 2, "opinion", "属实", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "assessment", "publish", 2, NULL), OK);
    same = score_of(world, 1, "HRX", false);
    assert_int_equal(rec_state(&same), ST_score_replaced);
    assert_int_equal(rec_num(&same, score_total), 8950);
}

/* Units see their own before it is published and everybody's after; persons' scores are for their unit alone. */
static void who_sees_which_scores(void **state)
{
    struct world *world = *state;
    static const struct {
        const char *login;
        enum see_level unit, person;
    } rows[] = {{"XMB", SEE_FULL, SEE_FULL},    {"HRX", SEE_FULL, SEE_FULL},    {"JCJ", SEE_FULL, SEE_NOTHING},
                {"LD", SEE_FULL, SEE_NOTHING},  {"PJX", SEE_NOTHING, SEE_NOTHING}, {"OWN1", SEE_NOTHING, SEE_NOTHING}};
    open_year(world);
    assert_int_equal(world_do(world, "XMB", "assessment", "compute", 1, NULL), OK);
    uint64_t unit = score_of(world, 1, "HRX", false).id, person = score_of(world, 1, "HRX", true).id;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(world_sees(world, rows[i].login, KIND_score, unit), rows[i].unit);
        assert_int_equal(world_sees(world, rows[i].login, KIND_score, person), rows[i].person);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_scheme_is_a_version_and_stays_as_it_is_in_force, setup, teardown),
        cmocka_unit_test_setup_teardown(a_rule_says_for_whom_what_happened_counts, setup, teardown),
        cmocka_unit_test(every_event_has_its_row),
        cmocka_unit_test_setup_teardown(points_name_the_entry_that_took_them_and_stop_at_the_cap, setup, teardown),
        cmocka_unit_test_setup_teardown(what_has_become_so_counts_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_project_that_changes_hands_counts_for_whom_it_was_then, setup, teardown),
        cmocka_unit_test_setup_teardown(base_daily_and_year_end_make_the_total, setup, teardown),
        cmocka_unit_test_setup_teardown(ties_share_a_place, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_published_stays_whatever_happens_later, setup, teardown),
        cmocka_unit_test_setup_teardown(who_sees_which_scores, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
