/* desk_test.c - what waits for a person, nearest deadline first, and the month's matrix, computed from the view alone.
 */
#include "client/core/desk.h"
#include "tests/lib/seat.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct world world;
static struct seat seat;
static struct arena arena;
static struct desk desk;

static int setup(void **state)
{
    (void)state;
    world_init(&world);
    arena_init(&arena, 64 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    if (seat.client != NULL) seat_free(&seat);
    arena_clear(&arena);
    world_free(&world);
    return 0;
}

static void sit(const char *login)
{
    if (seat.client != NULL) seat_free(&seat);
    seat_init(&seat, &world, login);
}

/* The desk of an operator as things are. */
static void look(const char *login)
{
    if (seat.client == NULL || strcmp(seat.login, login) != 0)
        sit(login);
    else
        seat_sync(&seat);
    arena_reuse(&arena);
    assert_int_equal(desk_build(seat.client, &arena, &desk), OK);
}

static const struct desk_item *item_for(enum desk_what what, unsigned kind, uint64_t id)
{
    for (unsigned i = 0; i < desk.count; i++)
        if (desk.items[i].what == what && desk.items[i].kind == kind && (id == 0 || desk.items[i].id == id))
            return &desk.items[i];
    return NULL;
}

static enum err submit(const char *month)
{
    return world_do(&world, "HRX", "report", "submit", 0, "project", "1", "month", month, "invested", "120",
                    "cumulative", "920", "progress", "主体", "difficulties", "无", "next", "封顶", "explain", "核对过",
                    NULL);
}

static void what_is_owed_waits_for_the_unit_that_owes_it(void **state)
{
    (void)state;
    look("HRX");
    const struct desk_item *owed = item_for(DESK_OWED, KIND_report, 0);
    assert_non_null(owed);
    assert_int_equal(owed->of, 1);
    assert_int_equal(owed->month.n, month_make(2009, 9).n);
    assert_int_equal(owed->action, ACT_report_submit);
    assert_int_equal(owed->due.s, day_end(day_make(2009, 10, 9)).s); /* the 5th is in the holidays */
    assert_int_equal(owed->urgency, URGENCY_LATER);
    owed = item_for(DESK_OWED, KIND_unit_return, 0);
    assert_non_null(owed);
    assert_int_equal(owed->of, world_unit(&world, "HRX"));
    look("PJX");
    assert_int_equal(desk.count, 0); /* it has no project */
    look("LD");
    assert_int_equal(desk.count, 0); /* the leader reads */
    look("HRX-L");
    assert_null(item_for(DESK_OWED, KIND_report, 0)); /* the unit's head does not write reports */
}

static void nothing_shows_before_it_is_near(void **state)
{
    (void)state;
    world_at(&world, 2009, 9, 20, 9); /* 19 days before */
    look("HRX");
    assert_int_equal(desk.count, 0);
    world_at(&world, 2009, 9, 26, 9); /* 14 days before the end of 9 October */
    look("HRX");
    assert_non_null(item_for(DESK_OWED, KIND_report, 0));
}

static void urgency_follows_the_days(void **state)
{
    static const struct {
        int month, day, hour;
        enum urgency urgency;
    } cases[] = {
        {9, 28, 9, URGENCY_LATER},  {10, 4, 9, URGENCY_LATER}, /* a Sunday: the 9th is next week */
        {10, 5, 9, URGENCY_WEEK},   {10, 8, 23, URGENCY_WEEK},    {10, 9, 0, URGENCY_TODAY},
        {10, 9, 23, URGENCY_TODAY}, {10, 10, 0, URGENCY_OVERDUE}, {11, 1, 0, URGENCY_OVERDUE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        world_at(&world, 2009, cases[i].month, cases[i].day, cases[i].hour);
        look("HRX");
        const struct desk_item *owed = NULL;
        for (unsigned j = 0; j < desk.count; j++)
            if (desk.items[j].what == DESK_OWED && desk.items[j].kind == KIND_report &&
                desk.items[j].month.n == month_make(2009, 9).n)
                owed = &desk.items[j];
        assert_non_null(owed);
        if (owed->urgency != cases[i].urgency) fail_msg("%d-%d: %d", cases[i].month, cases[i].day, owed->urgency);
        assert_true(desk.overdue == (cases[i].urgency == URGENCY_OVERDUE ? 2u : 0u)); /* with the unit's return */
    }
}

static void a_report_goes_from_desk_to_desk(void **state)
{
    (void)state;
    assert_int_equal(
        world_do(&world, "HRX", "report", "save", 0, "project", "1", "month", "2009-09", "invested", "120", NULL), OK);
    uint64_t id = world.id;
    look("HRX");
    assert_null(item_for(DESK_OWED, KIND_report, 0)); /* begun: it has its own line */
    const struct desk_item *act = item_for(DESK_ACT, KIND_report, id);
    assert_non_null(act);
    assert_int_equal(act->action, ACT_report_submit);
    assert_int_equal(act->due.s, day_end(day_make(2009, 10, 9)).s);
    look("XMB");
    assert_null(item_for(DESK_ACT, KIND_report, id));

    assert_int_equal(world_do(&world, "HRX", "report", "submit", id, "cumulative", "920", "progress", "a",
                              "difficulties", "无", "next", "b", NULL),
                     OK);
    look("HRX");
    assert_null(item_for(DESK_ACT, KIND_report, id));
    look("XMB");
    act = item_for(DESK_ACT, KIND_report, id);
    assert_non_null(act);
    assert_int_equal(act->action, ACT_report_accept);
    look("JSJ");
    assert_null(item_for(DESK_ACT, KIND_report, id)); /* sees it, has nothing to do */

    assert_int_equal(world_do(&world, "XMB", "report", "return", id, "reason", "数据不全", NULL), OK);
    look("HRX");
    act = item_for(DESK_ACT, KIND_report, id);
    assert_non_null(act);
    assert_int_equal(act->action, ACT_report_submit);
    look("XMB");
    assert_null(item_for(DESK_ACT, KIND_report, id));

    assert_int_equal(world_do(&world, "HRX", "report", "submit", id, NULL), OK);
    assert_int_equal(world_do(&world, "XMB", "report", "accept", id, NULL), OK);
    for (int i = 0; i < 2; i++) {
        look(i == 0 ? "HRX" : "XMB");
        assert_null(item_for(DESK_ACT, KIND_report, id));
    }
}

static void the_leaders_review_waits_for_the_leader(void **state)
{
    (void)state;
    assert_int_equal(world_do(&world, "HRX-L", "unit", "set_review", world_unit(&world, "HRX"), "review", "yes", NULL),
                     OK);
    assert_int_equal(world_do(&world, "HRX", "report", "propose", 0, "project", "1", "month", "2009-09", "invested",
                              "120", "cumulative", "920", "progress", "a", "difficulties", "无", "next", "b", NULL),
                     OK);
    uint64_t id = world.id;
    look("HRX-L");
    const struct desk_item *act = item_for(DESK_ACT, KIND_report, id);
    assert_non_null(act);
    assert_int_equal(act->action, ACT_report_approve);
    look("HRX");
    assert_null(item_for(DESK_ACT, KIND_report, id));
}

static void the_nearest_deadline_comes_first(void **state)
{
    static const char *const dues[] = {"2009-10-08", "2009-10-01", "2009-09-29", "2009-10-20", "2009-10-05"};
    (void)state;
    for (int i = 0; i < 5; i++)
        assert_int_equal(
            world_do(&world, "HRX", "milestone", "plan", 0, "target", "1", "name", "节点", "due", dues[i], NULL), OK);
    look("HRX");
    assert_int_equal(desk.count, 6); /* the one of 20 October is too far away; the report and the return are owed */
    int64_t last = 0;
    for (unsigned i = 0; i < desk.count; i++) {
        int64_t due = desk.items[i].due.s != 0 ? desk.items[i].due.s : INT64_MAX;
        assert_true(due >= last);
        last = due;
    }
    assert_int_equal(desk.items[0].kind, KIND_milestone);
    assert_int_equal(desk.items[0].id, 3);
    assert_int_equal(desk.items[0].action, ACT_milestone_reach);
}

static void an_outage_moves_deadlines_on_the_desk_too(void **state)
{
    char from[24], to[24];
    (void)state;
    world_at(&world, 2009, 10, 10, 3);
    snprintf(from, sizeof from, "%lld", (long long)day_end(day_make(2009, 10, 9)).s - 7200);
    snprintf(to, sizeof to, "%lld", (long long)world.now.s);
    assert_int_equal(world_own(&world, ACTOR_RULE, "outage", "note", 0, "from", from, "to", to, NULL), OK);
    look("HRX");
    const struct desk_item *owed = item_for(DESK_OWED, KIND_report, 0);
    assert_int_equal(owed->due.s, day_end(day_make(2009, 10, 12)).s);
    assert_int_equal(desk.overdue, 0);
}

static void a_refused_act_comes_before_everything(void **state)
{
    (void)state;
    sit("HRX");
    uint64_t counter;
    struct record args = record_make(KIND_report, 0);
    struct refusal why = {.err = ERR_CONFLICT};
    rec_set(&args, report_project, 1);
    rec_set(&args, report_month, month_make(2009, 9).n);
    assert_int_equal(client_submit(seat.client, KIND_report, ACT_report_save, 0, &args, record_mask(&args), &counter),
                     OK);
    assert_int_equal(outbox_refuse(&seat.client->outbox, counter, &why), OK);
    world_at(&world, 2009, 10, 20, 9); /* with things overdue */
    look("HRX");
    assert_int_equal(desk.items[0].what, DESK_REFUSED);
    assert_int_equal(desk.items[0].urgency, URGENCY_DECIDE);
    assert_int_equal(desk.items[0].counter, counter);
    assert_int_equal(client_discard(seat.client, counter), OK);
    look("HRX");
    assert_int_not_equal(desk.items[0].what, DESK_REFUSED);
}

static void suspended_projects_owe_nothing_on_the_desk(void **state)
{
    (void)state;
    assert_int_equal(world_do(&world, "XMB", "project", "suspend", 1, "reason", "资金不到位", NULL), OK);
    look("HRX");
    assert_int_equal(desk.count, 0);
}

/* ---- the matrix ---- */

static const struct matrix_row *row_for(const struct matrix *matrix, const char *unit)
{
    for (unsigned i = 0; i < matrix->count; i++)
        if (matrix->rows[i].unit == world_unit(&world, unit)) return &matrix->rows[i];
    return NULL;
}

static void expect_cell(const char *login, int month, enum standing standing)
{
    struct matrix matrix;
    look(login);
    assert_int_equal(matrix_build(seat.client, 2009, &arena, &matrix), OK);
    const struct matrix_row *row = row_for(&matrix, "HRX");
    assert_non_null(row);
    if (row->months[month - 1].owed != 1 || row->months[month - 1].standing[standing] != 1)
        fail_msg("%s, month %d: not %d", login, month, standing);
}

static void the_matrix_tells_how_each_month_stands(void **state)
{
    struct matrix matrix;
    (void)state;
    look("XMB");
    assert_int_equal(matrix_build(seat.client, 2009, &arena, &matrix), OK);
    const struct matrix_row *row = row_for(&matrix, "HRX");
    assert_int_equal(row->projects, 1);
    for (int month = 1; month <= 12; month++)
        assert_int_equal(row->months[month - 1].owed, month == 9); /* begun, not before */
    expect_cell("XMB", 9, STANDING_NOT_DUE);
    world_at(&world, 2009, 10, 10, 0);
    expect_cell("XMB", 9, STANDING_LATE);
    world_at(&world, 2009, 10, 12, 23);
    expect_cell("XMB", 9, STANDING_LATE);
    world_at(&world, 2009, 10, 13, 0);
    expect_cell("XMB", 9, STANDING_MISSING);
    assert_int_equal(submit("2009-09"), OK);
    expect_cell("XMB", 9, STANDING_IN_LATE);
    assert_int_equal(world_do(&world, "XMB", "report", "return", world.id, "reason", "数据不全", NULL), OK);
    expect_cell("XMB", 9, STANDING_RETURNED);
    world_at(&world, 2009, 10, 26, 9);
    assert_int_equal(submit("2009-10"), OK);
    expect_cell("XMB", 10, STANDING_ON_TIME);
    expect_cell("HRX", 10, STANDING_ON_TIME);
}

/* A unit that may not see the others' reports is told so, not that they are missing. */
static void what_may_not_be_seen_is_said_to_be_hidden(void **state)
{
    (void)state;
    world_at(&world, 2009, 10, 20, 9);
    expect_cell("PJX", 9, STANDING_HIDDEN);
    expect_cell("JSJ", 9, STANDING_MISSING); /* its lead department would see one */
    expect_cell("FGW", 9, STANDING_HIDDEN);
    expect_cell("LD", 9, STANDING_MISSING);
    assert_int_equal(submit("2009-09"), OK);
    uint64_t id = world.id;
    expect_cell("PJX", 9, STANDING_HIDDEN);
    assert_int_equal(world_do(&world, "XMB", "report", "accept", id, NULL), OK);
    expect_cell("PJX", 9, STANDING_IN_LATE);
}

/* ---- trying before sending ---- */

/* The client checks a form with the daemon's own rules, on its own copy. */
static void the_client_refuses_what_the_daemon_would(void **state)
{
    struct act act;
    struct record args = record_make(KIND_report, 0);
    (void)state;
    sit("HRX");
    rec_set(&args, report_project, 1);
    rec_set(&args, report_month, month_make(2009, 9).n);
    rec_set(&args, report_invested, 120000000);
    rec_set(&args, report_cumulative, 950000000);
    rec_set_text(&args, report_progress, text_of("a"));
    rec_set_text(&args, report_difficulties, text_of("无"));
    rec_set_text(&args, report_next, text_of("b"));
    assert_int_equal(
        client_try(seat.client, KIND_report, ACT_report_submit, 0, &args, record_mask(&args), &arena, &act),
        ERR_DOES_NOT_ADD);
    assert_int_equal(act.why.number, 920000000);
    rec_set(&args, report_cumulative, 920000000);
    assert_int_equal(
        client_try(seat.client, KIND_report, ACT_report_submit, 0, &args, record_mask(&args), &arena, &act), OK);
    assert_int_equal(rec_state(&act.changes[0]->after), ST_report_submitted);
    rec_set(&args, report_month, month_make(2009, 10).n);
    assert_int_equal(
        client_try(seat.client, KIND_report, ACT_report_submit, 0, &args, record_mask(&args), &arena, &act),
        ERR_MONTH_AHEAD);
    assert_int_equal(client_try(seat.client, KIND_report, ACT_report_accept, 0, &args, 0, &arena, &act), ERR_NOT_FOUND);
    sit("PJX");
    rec_set(&args, report_month, month_make(2009, 9).n);
    assert_int_equal(
        client_try(seat.client, KIND_report, ACT_report_submit, 0, &args, record_mask(&args), &arena, &act),
        ERR_NOT_ALLOWED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_is_owed_waits_for_the_unit_that_owes_it),
        TEST(nothing_shows_before_it_is_near),
        TEST(urgency_follows_the_days),
        TEST(a_report_goes_from_desk_to_desk),
        TEST(the_leaders_review_waits_for_the_leader),
        TEST(the_nearest_deadline_comes_first),
        TEST(an_outage_moves_deadlines_on_the_desk_too),
        TEST(a_refused_act_comes_before_everything),
        TEST(suspended_projects_owe_nothing_on_the_desk),
        TEST(the_matrix_tells_how_each_month_stands),
        TEST(what_may_not_be_seen_is_said_to_be_hidden),
        TEST(the_client_refuses_what_the_daemon_would),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
