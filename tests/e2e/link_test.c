/* link_test.c - bad lines, through a relay between client and daemon: cut, stalled, half open, byte by byte. The
 * client comes back by itself, and nothing is doubled or lost. Promises P2, P3, P8. */
#include "tests/lib/relay.h"
#include "tests/lib/rig_report.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { SOON_MS = 15000 };

static struct rig rig;
static struct relay *relay;

/* The county's client goes through the relay, everybody else straight to the daemon. */
static int start_rig(void **state)
{
    static const char *const all[] = {"XMB", "HRX", "HRX-L"};
    char address[64];
    (void)state;
    rig_start(&rig);
    relay = relay_new(0, rig.port);
    snprintf(address, sizeof address, "127.0.0.1:%u", relay_port(relay));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rig_enrol(&rig, all[i]);
    rig_out(&rig, 0, "HRX", "address", address, NULL);
    rig_out(&rig, 0, "HRX-L", "address", address, NULL);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    relay_free(relay);
    rig_end(&rig);
    return 0;
}

static unsigned steps(const struct rig_project *project)
{
    struct run run = rig_duban(&rig, "HRX", "report", "history", project->code, "2009-09", "--json", NULL);
    unsigned lines = run.status == 0 ? json_lines(run.out) : 0;
    run_free(&run);
    return lines;
}

static void all_goes_through_it(void **state)
{
    (void)state;
    struct rig_project project;
    rig_project(&rig, "HRX", 0, &project);
    unsigned before = relay_connections(relay);
    rig_submit(&rig, 0, "HRX", &project, "2009-09", 1);
    assert_true(relay_connections(relay) > before);
    assert_true(relay_bytes(relay, true) > 1000);
    assert_int_equal(steps(&project), 1);
}

/* A whole sign-in with a submission, a byte at a time. */
static void byte_by_byte_it_works_as_well(void **state)
{
    (void)state;
    struct rig_project project;
    rig_project(&rig, "HRX", 1, &project);
    relay_set(relay, RELAY_BYTES);
    rig_submit(&rig, 0, "HRX", &project, "2009-09", 1);
    relay_set(relay, RELAY_OPEN);
    assert_int_equal(steps(&project), 1);
}

/* The line breaks after so and so many bytes: in the handshake, in the greeting, in the command, in its answer. */
static void a_line_cut_anywhere_costs_nothing(void **state)
{
    (void)state;
    struct rig_project project;
    struct report_args args;
    rig_project(&rig, "HRX", 2, &project);
    rig_out(&rig, 0, "HRX", "sync", NULL);
    unsigned cuts = 0;
    for (uint64_t bytes = 40; bytes < 1400; bytes += 170) {
        for (unsigned side = 0; side < 2; side++) {
            char progress[64];
            unsigned connections = relay_connections(relay), before = steps(&project);
            snprintf(progress, sizeof progress, "断在第%u字节", (unsigned)bytes + side);
            rig_report_args(&args, "save", &project, "2009-09", 1);
            args.argv[10] = progress;
            relay_cut_after(relay, side == 1, bytes);
            rig_out_args(&rig, 0, "HRX", args.argv);
            relay_cut_after(relay, side == 1, 0);
            cuts += relay_connections(relay) > connections + 1;
            assert_int_equal(steps(&project), before + 1);
            json_expect(rig_report(&rig, "HRX", &project, "2009-09"), "progress", progress);
        }
    }
    assert_true(cuts >= 6); /* some of them hit */
}

/* ---- pushes ---- */

static void next_change(struct spawned *watch, const char *progress)
{
    int64_t until = rig_clock_ms() + SOON_MS;
    for (;;) {
        const char *line = spawned_line(watch, (int)(until - rig_clock_ms()));
        if (line == NULL) rig_fail("no line with %s came", progress);
        if (strstr(line, progress) != NULL) return;
        if (strstr(line, "\"report\"") != NULL) rig_fail("%s came instead of %s", line, progress);
    }
}

/* The county's second operator changes nothing; he watches what the first one does, on another connection. */
static void who_watches_misses_nothing_while_the_line_breaks(void **state)
{
    (void)state;
    struct rig_project project;
    struct spawned watch;
    rig_project(&rig, "HRX", 3, &project);
    rig_submit(&rig, 0, "HRX", &project, "2009-09", 1);
    rig_watch(&rig, &watch, "HRX-L", true);
    for (unsigned i = 0; i < 6; i++) {
        char reason[64];
        snprintf(reason, sizeof reason, "第%u次退回", i);
        relay_set(relay, RELAY_CUT);
        rig_out(&rig, 0, "XMB", "report", "return", project.code, "2009-09", "--reason", reason, NULL);
        relay_set(relay, RELAY_OPEN);
        next_change(&watch, reason);
        rig_submit(&rig, 0, "HRX", &project, "2009-09", 1);
        next_change(&watch, "\"state\":\"submitted\"");
    }
    spawned_end(&watch, SIGTERM);
    assert_int_equal(steps(&project), 13);
}

/* Nothing is lost on a stalled line; when it moves on, so does everything. */
static void a_stalled_line_is_said_and_goes_on(void **state)
{
    (void)state;
    struct rig_project project;
    struct report_args args;
    struct spawned client;
    rig_project(&rig, "HRX", 4, &project);
    rig_out(&rig, 0, "HRX", "sync", NULL);
    relay_set(relay, RELAY_STALLED);
    /* it does not connect: what is shown bears its time */
    const char *said = rig_err(&rig, 0, "HRX", "report", "list", "--wait", "1", NULL);
    assert_non_null(strstr(said, "as of 2009-09-28 09:0"));
    rig_report_args(&args, "submit", &project, "2009-09", 1);
    rig_spawn_args(&rig, &client, "HRX", args.argv);
    assert_null(spawned_line(&client, 500));
    relay_set(relay, RELAY_OPEN);
    json_expect(spawned_line(&client, SOON_MS), "outcome", "accepted");
    assert_int_equal(spawned_end(&client, 0), 0);
    assert_int_equal(steps(&project), 1);
}

/* Half open: what the client says arrives, no answer ever comes. It knows within 10 s that it does not know, and
 * gets through by another connection. */
static void a_half_open_line_is_noticed(void **state)
{
    (void)state;
    struct rig_project project;
    struct spawned watch;
    rig_project(&rig, "HRX", 5, &project);
    rig_submit(&rig, 0, "HRX", &project, "2009-09", 1);
    rig_out(&rig, 0, "HRX", "sync", NULL);
    rig_spawn(&rig, &watch, "HRX", "watch", "--json", NULL);
    assert_true(spawned_says(&watch, "connected", SOON_MS));
    relay_set(relay, RELAY_DEAF);
    long before = rig_head(&rig);
    /* another window puts the act into the outbox; the watching one has the connection and sends it */
    rig_out(&rig, 0, "HRX", "report", "recall", project.code, "2009-09", "--no-wait", NULL);
    rig_await_head(&rig, before + 1, SOON_MS);
    assert_true(spawned_says(&watch, "does not answer", 12000));
    relay_set(relay, RELAY_CUT);
    relay_set(relay, RELAY_OPEN);
    next_change(&watch, "\"state\":\"recalled\"");
    spawned_end(&watch, SIGTERM);
    rig_out(&rig, 0, "HRX", "sync", NULL);
    assert_string_equal(rig_out(&rig, 0, "HRX", "outbox", "list", "--json", NULL), "");
    assert_int_equal(steps(&project), 2); /* sent again after the reconnect, and done once */
}

/* A daemon that lets us in and then drops us is not asked every second: only its welcome makes pauses short again. */
static void a_daemon_that_drops_everybody_is_left_in_peace(void **state)
{
    (void)state;
    struct spawned watch;
    rig_watch(&rig, &watch, "HRX", true);
    relay_set(relay, RELAY_CUT);
    assert_true(spawned_says(&watch, "no link", SOON_MS));
    relay_set(relay, RELAY_DROPS);
    unsigned before = relay_connections(relay);
    int64_t until = rig_clock_ms() + 12000;
    while (rig_clock_ms() < until)
        rig_pause();
    unsigned attempts = relay_connections(relay) - before;
    assert_in_range(attempts, 2, 5); /* after 1, 2, 4 and 8 s, more or less; every second would be a dozen */
    relay_set(relay, RELAY_OPEN);
    assert_true(spawned_says(&watch, "connected; ", 2 * SOON_MS));
    assert_int_equal(spawned_end(&watch, SIGTERM), 0);
}

/* The daemon forgets a connection that is gone, and lets the same key in again at once. */
static void the_office_sees_who_is_there(void **state)
{
    (void)state;
    struct spawned watch;
    char row[2000];
    rig_watch(&rig, &watch, "HRX-L", true);
    const char *list = rig_out(&rig, 0, "XMB", "presence", "--json", NULL);
    assert_non_null(json_row(list, "operator", "华容县领导", row, sizeof row));
    json_expect(row, "behind", "false");
    assert_int_equal(spawned_end(&watch, SIGTERM), 0);
    int64_t until = rig_clock_ms() + SOON_MS;
    do
        list = rig_out(&rig, 0, "XMB", "presence", "--json", NULL);
    while (json_row(list, "operator", "华容县领导", row, sizeof row) != NULL && rig_clock_ms() < until);
    assert_null(json_row(list, "operator", "华容县领导", row, sizeof row));
    rig_err(&rig, 4, "HRX", "presence", NULL);
}

static void the_registry_is_whole_afterwards(void **state)
{
    (void)state;
    rig_stop(&rig, SIGTERM);
    rig_daemon_out(&rig, 0, "check", rig.registry, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_goes_through_it),
        cmocka_unit_test(byte_by_byte_it_works_as_well),
        cmocka_unit_test(a_line_cut_anywhere_costs_nothing),
        cmocka_unit_test(who_watches_misses_nothing_while_the_line_breaks),
        cmocka_unit_test(a_stalled_line_is_said_and_goes_on),
        cmocka_unit_test(a_half_open_line_is_noticed),
        cmocka_unit_test(a_daemon_that_drops_everybody_is_left_in_peace),
        cmocka_unit_test(the_office_sees_who_is_there),
        cmocka_unit_test(the_registry_is_whole_afterwards),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
