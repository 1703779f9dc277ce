/* offline_test.c - working without the link: what is done waits, is sent once when the link is back, and what has
 * changed meanwhile is decided by the operator. Promises P2, P8; DESIGN.md, idea 7. */
#include "tests/lib/rig_report.h"
#include "tests/lib/rng.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static struct rig rig;

static int start_rig(void **state)
{
    static const char *const all[] = {"XMB", "XMB-A", "HRX", "PJX"};
    (void)state;
    rig_start(&rig);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rig_enrol(&rig, all[i]);
    rig_enrol_second(&rig, "HRX", "second");
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

static void stop(void)
{
    rig_stop(&rig, SIGTERM);
}

/* How many steps a report has behind it. */
static unsigned steps(const struct rig_project *project)
{
    return json_lines(rig_out(&rig, 0, "HRX", "report", "history", project->code, "2009-09", "--json", NULL));
}

static const char *outbox(void)
{
    return rig_out(&rig, 0, "HRX", "outbox", "list", "--json", NULL);
}

/* ---- waiting and being sent ---- */

static void what_is_done_without_the_link_waits_and_is_sent_once(void **state)
{
    (void)state;
    struct rig_project project;
    struct report_args args;
    rig_project(&rig, "HRX", 0, &project);
    rig_out(&rig, 0, "HRX", "sync", NULL);
    stop();
    rig_report_args(&args, "submit", &project, "2009-09", 10);
    args.argv[REPORT_LAST] = (char *)(uintptr_t) "--offline";
    rig_out_args(&rig, 5, "HRX", args.argv);
    char row[2000];
    const char *waiting = rig_out(&rig, 0, "HRX", "outbox", "list", "--json", "--offline", NULL);
    assert_int_equal(json_lines(waiting), 1);
    assert_non_null(json_row(waiting, "state", "waiting", row, sizeof row));
    json_expect(row, "action", "submit");
    /* what is surely wrong does not even get there */
    rig_err(&rig, 4, "HRX", "report", "submit", project.code, "2009-09", "--invested", "-5", "--offline", NULL);
    rig_serve(&rig);
    rig_out(&rig, 0, "HRX", "sync", NULL);
    rig_out(&rig, 0, "HRX", "sync", NULL);
    assert_string_equal(outbox(), "");
    assert_int_equal(steps(&project), 1);
    json_expect(rig_report(&rig, "XMB", &project, "2009-09"), "state", "submitted");
}

/* A draft and its submission, both made without the link: the second builds on the first. */
static void acts_that_build_on_one_another_arrive_in_order(void **state)
{
    (void)state;
    struct rig_project project;
    struct report_args args;
    rig_project(&rig, "HRX", 1, &project);
    stop();
    rig_out(&rig, 5, "HRX", "report", "save", project.code, "2009-09", "--invested", "7", "--offline", NULL);
    rig_report_args(&args, "submit", &project, "2009-09", 10);
    args.argv[REPORT_LAST] = (char *)(uintptr_t) "--offline";
    rig_out_args(&rig, 5, "HRX", args.argv);
    rig_serve(&rig);
    rig_out(&rig, 0, "HRX", "sync", NULL);
    assert_int_equal(steps(&project), 2);
    const char *report = rig_report(&rig, "XMB", &project, "2009-09");
    json_expect(report, "state", "submitted");
    json_expect(report, "invested", "10");
}

/* ---- the client killed at any time ---- */

static void a_killed_client_has_sent_it_once(void **state)
{
    (void)state;
    struct rng rng = rng_make(11);
    for (unsigned i = 2; i < 10; i++) {
        struct rig_project project;
        struct report_args args;
        struct spawned client;
        rig_project(&rig, "HRX", i, &project);
        rig_report_args(&args, "submit", &project, "2009-09", 10);
        if (i % 2 == 0) rig_freeze(&rig, true); /* sent, and never answered */
        rig_spawn_args(&rig, &client, "HRX", args.argv);
        int64_t until = rig_clock_ms() + (int64_t)rng_below(&rng, 160);
        while (rig_clock_ms() < until)
            rig_pause();
        spawned_end(&client, SIGKILL);
        rig_freeze(&rig, false);
        rig_out(&rig, 0, "HRX", "sync", NULL);
        assert_string_equal(outbox(), "");
        /* killed before it was durable, it is not there at all: then it is said again */
        struct run run = rig_duban(&rig, "HRX", "report", "show", project.code, "2009-09", NULL);
        int status = run.status;
        run_free(&run);
        if (status == 3) rig_submit(&rig, 0, "HRX", &project, "2009-09", 10);
        assert_int_equal(steps(&project), 1);
    }
}

/* The daemon answers, and dies before the answer is out; the client waits, and goes on by itself. */
static void a_waiting_client_gets_through_when_the_daemon_is_back(void **state)
{
    (void)state;
    struct rig_project project;
    struct report_args args;
    struct spawned client;
    rig_project(&rig, "HRX", 10, &project);
    stop();
    rig_report_args(&args, "submit", &project, "2009-09", 10);
    rig_spawn_args(&rig, &client, "HRX", args.argv);
    assert_null(spawned_line(&client, 300)); /* it tries */
    rig_serve(&rig);
    json_expect(spawned_line(&client, 15000), "outcome", "accepted");
    assert_int_equal(spawned_end(&client, 0), 0);
    assert_int_equal(steps(&project), 1);
}

static void several_windows_of_an_operator_do_not_get_into_each_others_way(void **state)
{
    (void)state;
    enum { WINDOWS = 6 };
    static struct spawned clients[WINDOWS];
    long before = rig_head(&rig);
    for (unsigned i = 0; i < WINDOWS; i++) {
        char name[32];
        snprintf(name, sizeof name, "同时%u", i);
        rig_spawn(&rig, &clients[i], "HRX", "person", "create", "--unit", "HRX", "--name", name, "--json", NULL);
    }
    for (unsigned i = 0; i < WINDOWS; i++)
        assert_int_equal(spawned_end(&clients[i], 0), 0);
    rig_out(&rig, 0, "HRX", "sync", NULL);
    assert_int_equal(rig_head(&rig), before + WINDOWS);
    assert_int_equal(json_lines(rig_out(&rig, 0, "HRX", "person", "list", "--find", "同时", "--json", NULL)), WINDOWS);
}

/* ---- somebody else was quicker ---- */

/* A draft that both devices know; the first has changed it without the link, the second with it. */
static void make_conflict(struct rig_project *project, unsigned n)
{
    rig_project(&rig, "PJX", 0, project); /* only to have the office's list fresh */
    rig_project(&rig, "HRX", n, project);
    rig_out(&rig, 0, "HRX", "report", "save", project->code, "2009-09", "--progress", "起先", NULL);
    rig_out_at(&rig, 0, "second", "sync", NULL);
    rig_out(&rig, 5, "HRX", "report", "save", project->code, "2009-09", "--progress", "我写的话", "--offline", NULL);
    rig_out_at(&rig, 0, "second", "report", "save", project->code, "2009-09", "--progress", "别处写的话", NULL);
}

static long refused_counter(void)
{
    char row[2000];
    const char *list = outbox();
    if (json_row(list, "state", "refused", row, sizeof row) == NULL) rig_fail("nothing was refused: %s", list);
    return json_number(row, "counter");
}

static void a_changed_record_comes_back_with_both_versions(void **state)
{
    (void)state;
    struct rig_project project;
    struct report_args args;
    char counter[32];
    make_conflict(&project, 11);
    /* a later act on the same record is held behind it */
    rig_report_args(&args, "submit", &project, "2009-09", 3);
    args.argv[REPORT_LAST] = (char *)(uintptr_t) "--offline";
    rig_out_args(&rig, 5, "HRX", args.argv);
    const char *said = rig_err(&rig, 6, "HRX", "sync", NULL);
    assert_non_null(strstr(said, "refused"));
    long refused = refused_counter();
    snprintf(counter, sizeof counter, "%ld", refused);
    char row[2000];
    json_expect(rig_report(&rig, "HRX", &project, "2009-09"), "state", "draft"); /* the submission did not slip by */
    json_row(rig_out(&rig, 0, "HRX", "desk", "--json", NULL), "what", "refused", row, sizeof row);
    json_expect(row, "urgency", "decide");
    assert_int_equal(json_number(row, "counter"), refused);
    const char *both = rig_out(&rig, 0, "HRX", "outbox", "show", counter, "--json", NULL);
    assert_non_null(strstr(both, "我写的话")); /* what was typed is kept */
    assert_non_null(strstr(both, "别处写的话"));
    said = rig_out(&rig, 0, "HRX", "outbox", "show", counter, NULL);
    assert_non_null(strstr(said, "someone else"));
    /* once more, knowing what stands there now */
    rig_out(&rig, 0, "HRX", "outbox", "redo", counter, NULL);
    rig_out(&rig, 0, "HRX", "sync", NULL);
    const char *history = rig_out(&rig, 0, "HRX", "report", "history", project.code, "2009-09", "--json", NULL);
    assert_int_equal(json_lines(history), 4);
    assert_non_null(strstr(history, "我写的话"));
    json_expect(history, "action", "submit"); /* and what was held went on behind it */
    assert_string_equal(outbox(), "");
}

static void or_it_is_given_up(void **state)
{
    (void)state;
    struct rig_project project;
    char counter[32];
    rig_project(&rig, "HRX", 0, &project);
    rig_out(&rig, 5, "HRX", "report", "recall", project.code, "2009-09", "--offline", NULL);
    rig_out(&rig, 0, "XMB", "report", "accept", project.code, "2009-09", NULL);
    rig_err(&rig, 4, "HRX", "sync", NULL);
    snprintf(counter, sizeof counter, "%ld", refused_counter());
    const char *said = rig_out(&rig, 0, "HRX", "outbox", "show", counter, NULL);
    assert_non_null(strstr(said, "not possible in the state \"accepted\""));
    rig_out(&rig, 0, "HRX", "outbox", "discard", counter, NULL);
    assert_null(strstr(outbox(), counter));
    json_expect(rig_report(&rig, "HRX", &project, "2009-09"), "state", "accepted");
}

/* ---- what is shown ---- */

static void a_stale_view_bears_its_time(void **state)
{
    (void)state;
    char confirmed[64], row[2000];
    rig_set_clock(&rig, "2009-09-29 08:00");
    rig_out(&rig, 0, "PJX", "sync", NULL);
    rig_set_clock(&rig, "2009-09-30 10:00"); /* the county does not hear of it */
    stop();
    const char *said = rig_err(&rig, 0, "PJX", "project", "list", "--limit", "3", "--wait", "1", NULL);
    assert_non_null(strstr(said, "as of 2009-09-29 08:0"));
    const char *status = rig_out(&rig, 0, "PJX", "status", "--json", "--wait", "1", NULL);
    json_expect(status, "current", "false");
    json_expect(status, "link", "down");
    assert_true(json_value(status, "confirmed", confirmed, sizeof confirmed));
    assert_memory_equal(confirmed, "2009-09-29T08:0", 15);
    said = rig_err(&rig, 0, "PJX", "desk", "--offline", NULL);
    assert_non_null(strstr(said, "as of 2009-09-29 08:0"));
    /* a record that was fetched says from when it is */
    const char *list = rig_out(&rig, 0, "PJX", "project", "list", "--responsible", "PJX", "--json", "--offline", NULL);
    assert_true(json_value(list, "code", row, sizeof row));
    assert_true(json_value(rig_out(&rig, 0, "PJX", "project", "show", row, "--json", "--offline", NULL), "as_of",
                           confirmed, sizeof confirmed));
    assert_memory_equal(confirmed, "2009-09-29T08:0", 15);
    rig_serve(&rig);
    said = rig_err(&rig, 0, "PJX", "project", "list", "--limit", "3", NULL);
    assert_null(strstr(said, "as of"));
}

static void nothing_is_shown_where_nothing_is_known(void **state)
{
    (void)state;
    rig_enrol(&rig, "MLS");
    stop();
    const char *said = rig_err(&rig, 5, "MLS", "project", "list", "--wait", "1", NULL);
    assert_non_null(strstr(said, "no answer from the daemon"));
    rig_serve(&rig);
    assert_int_equal(json_lines(rig_out(&rig, 0, "MLS", "project", "list", "--json", NULL)), 153);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_done_without_the_link_waits_and_is_sent_once),
        cmocka_unit_test(acts_that_build_on_one_another_arrive_in_order),
        cmocka_unit_test(a_killed_client_has_sent_it_once),
        cmocka_unit_test(a_waiting_client_gets_through_when_the_daemon_is_back),
        cmocka_unit_test(several_windows_of_an_operator_do_not_get_into_each_others_way),
        cmocka_unit_test(a_changed_record_comes_back_with_both_versions),
        cmocka_unit_test(or_it_is_given_up),
        cmocka_unit_test(nothing_is_shown_where_nothing_is_known),
        cmocka_unit_test(a_stale_view_bears_its_time),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
