/* figures_test.c - what the console shows as numbers: lights by county, the year's course, what is open, the ranking;
 * computed from an operator's view alone. Clauses 2, 5.4, 5.5. */
#include "client/core/figures.h"
#include "tests/lib/seat.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAN(amount) ((int64_t)(amount)*1000000)

static struct world world;
static struct seat seat;
static struct arena arena;

static int setup(void **state)
{
    (void)state;
    world_init(&world);
    arena_init(&arena, 128 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    if (seat.client != NULL) seat_free(&seat);
    seat.client = NULL;
    arena_clear(&arena);
    world_free(&world);
    return 0;
}

static const struct client *look(const char *login)
{
    if (seat.client != NULL) seat_free(&seat);
    seat_init(&seat, &world, login);
    arena_reuse(&arena);
    return seat.client;
}

/* The report of P1 for a month; returns its id. */
static uint64_t report(const char *month, const char *invested, const char *cumulative)
{
    assert_int_equal(world_do(&world, "HRX", "report", "submit", 0, "project", "1", "month", month, "invested",
                              invested, "cumulative", cumulative, "progress", "主体", "difficulties", "无", "next",
                              "封顶", "explain", "核对过", NULL),
                     OK);
    return world.id;
}

static void accept(uint64_t id)
{
    assert_int_equal(world_do(&world, "XMB", "report", "accept", id, NULL), OK);
}

static const struct county *county_of_unit(const struct counties *counties, const char *code)
{
    for (unsigned i = 0; i < counties->count; i++)
        if (counties->at[i].unit == world_unit(&world, code)) return &counties->at[i];
    return NULL;
}

static void a_countys_light_is_that_of_its_projects_together(void **state)
{
    struct counties counties;
    (void)state;
    assert_int_equal(counties_build(look("XMB"), &arena, &counties), OK);
    assert_int_equal(counties.count, 1);
    const struct county *county = county_of_unit(&counties, "HRX");
    assert_non_null(county);
    assert_int_equal(county->projects, 1);
    assert_int_equal(county->light, LIGHT_GREEN); /* 800 of 800 */
    assert_int_equal(county->of_plan, 1000);
    accept(report("2009-09", "20", "500")); /* of 900, with a reason: 55 per cent is red */
    assert_int_equal(counties_build(look("XMB"), &arena, &counties), OK);
    county = county_of_unit(&counties, "HRX");
    assert_int_equal(county->light, LIGHT_RED);
    assert_int_equal(county->lights[LIGHT_RED], 1);
    assert_int_equal(county->lights[LIGHT_GREEN], 0);
    assert_int_equal(counties.all.lights[LIGHT_RED], 1);
    assert_int_equal(counties.all.projects, 1);
}

/* A county is not sent the months of others' targets by itself: until they are fetched no light is claimed. */
static void without_the_plan_there_is_no_light(void **state)
{
    struct counties counties;
    uint64_t one = 0;
    (void)state;
    assert_int_equal(counties_build(look("PJX"), &arena, &counties), OK);
    assert_int_equal(counties.all.lights[LIGHT_UNKNOWN], 1);
    assert_int_equal(counties.all.light, LIGHT_UNKNOWN);
    assert_int_equal(bare_targets(seat.client, &arena, &one), 1);
    assert_int_equal(one, 1);
    assert_int_equal(bare_targets(look("XMB"), &arena, &one), 0);
}

static void the_course_counts_accepted_figures_alone(void **state)
{
    struct courses courses;
    (void)state;
    assert_int_equal(courses_build(look("XMB"), &arena, &courses), OK);
    assert_int_equal(courses.count, 2); /* all, and the construction bureau's */
    assert_int_equal(courses.at[1].lead, world_unit(&world, "JSJ"));
    const struct course *course = &courses.at[0];
    assert_int_equal(course->plan[0], WAN(100));
    assert_int_equal(course->plan[11], WAN(1200));
    assert_int_equal(course->first, 8); /* the opening balance */
    assert_int_equal(course->last, 8);
    assert_int_equal(course->actual[7], WAN(800));
    uint64_t id = report("2009-09", "120", "920");
    assert_int_equal(courses_build(look("XMB"), &arena, &courses), OK);
    assert_int_equal(course->last, 8); /* submitted is not accepted */
    accept(id);
    assert_int_equal(courses_build(look("XMB"), &arena, &courses), OK);
    assert_int_equal(course->last, 9);
    assert_int_equal(course->reported[8], 1);
    assert_int_equal(course->actual[8], WAN(920));
    assert_int_equal(course->actual[11], WAN(920)); /* carried on */
    assert_int_equal(course_month(course), 9);
    assert_int_equal(courses.at[1].actual[8], WAN(920));
}

static void the_course_names_the_month_that_most_have_reported(void **state)
{
    struct course course = {.projects = 10, .first = 8, .last = 10, .reported = {[7] = 10, [8] = 5, [9] = 4}};
    (void)state;
    assert_int_equal(course_month(&course), 9);
    course.reported[7] = course.reported[8] = 1;
    assert_int_equal(course_month(&course), 10);
    course.last = 0;
    assert_int_equal(course_month(&course), 0);
}

static void what_was_only_drawn_up_is_not_open(void **state)
{
    struct open_items items;
    struct counties counties;
    (void)state;
    assert_int_equal(world_do(&world, "XMB", "warning", "propose", 0, "project", "1", "cause", "behind_plan", "level",
                              "yellow", "text", "工程进度明显滞后", NULL),
                     OK);
    uint64_t id = world.id;
    assert_int_equal(open_build(look("XMB"), 0, &arena, &items), OK);
    assert_int_equal(items.count, 0);
    assert_int_equal(world_do(&world, "XMB", "warning", "issue", id, NULL), OK);
    world_wait(&world, 1, 0, 0);
    assert_int_equal(
        world_do(&world, "HRX", "issue", "collect", 0, "project", "1", "nature", "land", "text", "征地未完", NULL), OK);
    assert_int_equal(open_build(look("XMB"), 0, &arena, &items), OK);
    assert_int_equal(items.count, 2);
    assert_int_equal(items.at[0].kind, KIND_warning); /* the older one */
    assert_false(items.at[0].overdue);
    assert_false(items.at[0].at_least);
    assert_int_equal(items.at[0].county, world_unit(&world, "HRX"));
    assert_int_equal(open_build(look("XMB"), world_unit(&world, "PJX"), &arena, &items), OK);
    assert_int_equal(items.count, 0);
    world_at(&world, 2009, 10, 13, 9); /* its five working days have passed */
    assert_int_equal(counties_build(look("XMB"), &arena, &counties), OK);
    assert_int_equal(counties.all.warnings.open, 1);
    assert_int_equal(counties.all.warnings.overdue, 1);
    assert_int_equal(county_of_unit(&counties, "HRX")->issues.open, 1);
    assert_int_equal(county_of_unit(&counties, "HRX")->issues.overdue, 0);
}

/* What is overdue comes first, though it may be younger. */
static void what_is_overdue_comes_first(void **state)
{
    struct open_items items;
    (void)state;
    assert_int_equal(
        world_do(&world, "HRX", "issue", "collect", 0, "project", "1", "nature", "land", "text", "征地未完", NULL), OK);
    world_wait(&world, 1, 0, 0);
    assert_int_equal(world_do(&world, "XMB", "warning", "propose", 0, "project", "1", "cause", "behind_plan", "level",
                              "yellow", "text", "工程进度明显滞后", NULL),
                     OK);
    assert_int_equal(world_do(&world, "XMB", "warning", "issue", world.id, NULL), OK);
    assert_int_equal(open_build(look("XMB"), 0, &arena, &items), OK);
    assert_int_equal(items.at[0].kind, KIND_issue);
    world_at(&world, 2009, 10, 20, 9);
    assert_int_equal(open_build(look("XMB"), 0, &arena, &items), OK);
    assert_int_equal(items.at[0].kind, KIND_warning);
    assert_true(items.at[0].overdue);
}

/* A warning to a unit that has no projects of its own county stands with what belongs to none. */
static void a_unit_without_projects_is_elsewhere(void **state)
{
    struct counties counties;
    char unit[24];
    (void)state;
    snprintf(unit, sizeof unit, "%llu", (unsigned long long)world_unit(&world, "PJX"));
    assert_int_equal(world_do(&world, "XMB", "warning", "propose", 0, "subject", unit, "cause", "behind_plan", "level",
                              "red", "text", "全县进度滞后", NULL),
                     OK);
    assert_int_equal(world_do(&world, "XMB", "warning", "issue", world.id, NULL), OK);
    assert_int_equal(counties_build(look("XMB"), &arena, &counties), OK);
    assert_int_equal(counties.count, 2);
    assert_int_equal(counties.at[1].unit, 0); /* the last */
    assert_int_equal(counties.at[1].warnings.open, 1);
    assert_int_equal(counties.at[1].projects, 0);
    assert_int_equal(counties.all.warnings.open, 1);
}

static void the_ranking_counts_reports_that_were_due(void **state)
{
    struct ranking ranking;
    (void)state;
    assert_int_equal(ranking_build(look("XMB"), &arena, &ranking), OK);
    assert_int_equal(ranking.count, 1);
    const struct rank *rank = &ranking.at[0];
    assert_int_equal(rank->unit, world_unit(&world, "HRX"));
    assert_int_equal(rank->of_year, 667); /* 800 of 1200 */
    unsigned before = rank->due;
    uint64_t id = report("2009-09", "120", "920");
    accept(id);
    assert_int_equal(ranking_build(look("XMB"), &arena, &ranking), OK);
    assert_int_equal(ranking.at[0].due, before + 1);
    assert_int_equal(ranking.at[0].on_time, 1);
    assert_int_equal(ranking.at[0].of_year, 767);
    world_at(&world, 2009, 11, 20, 9); /* October's is missing by now */
    assert_int_equal(ranking_build(look("XMB"), &arena, &ranking), OK);
    assert_int_equal(ranking.at[0].due, before + 2);
    assert_int_equal(ranking.at[0].on_time, 1);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(a_countys_light_is_that_of_its_projects_together),
        WITH_WORLD(without_the_plan_there_is_no_light),
        WITH_WORLD(the_course_counts_accepted_figures_alone),
        cmocka_unit_test(the_course_names_the_month_that_most_have_reported),
        WITH_WORLD(what_was_only_drawn_up_is_not_open),
        WITH_WORLD(what_is_overdue_comes_first),
        WITH_WORLD(a_unit_without_projects_is_elsewhere),
        WITH_WORLD(the_ranking_counts_reports_that_were_due),
    };
    return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
