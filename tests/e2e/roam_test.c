/* roam_test.c - the way to the daemon is another one, or leads somewhere else: the client's machine has another address,
 * the daemon has moved, something else answers in its place, an answer takes longer than anybody waits. Each time the
 * first line of the screen is true, nothing is lost or doubled, and work goes on without a key pressed. */
#include "tests/lib/outpost.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLD_MS = 40000, BACK_MS = 5000, NEW_PORT = 7109 };

static struct rig *const rig = &outpost.rig;

/* Since when the daemon knows the county's connection: another one has another time, in a demo that runs fast. */
static void county_since(char *since, size_t max)
{
    char row[2000];
    const char *list = rig_out(rig, 0, "XMB", "presence", "--json", NULL);
    assert_non_null(json_row(list, "operator", "华容县经办", row, sizeof row));
    assert_true(json_value(row, "since", since, max));
}

/* The machine gets another address while an act is under way, as when a laptop changes networks: the connection is dead
 * and nobody tells. The screen says so in ten seconds, and another connection has the act right after. */
static void another_address_in_the_middle_of_an_act(void **state)
{
    (void)state;
    outpost_begin();
    outpost_line((struct shaper_line){.cut = true});
    outpost_act(NULL);
    int64_t begun = rig_clock_ms();
    shaper_roam(outpost.shaper);
    outpost_line((struct shaper_line){.delay_ms = 20});
    assert_true(pty_wait(outpost.seat, "| no answer", NOTICED_MS));
    outpost_done(1, NOTICED_MS + BACK_MS);
    assert_in_range(rig_clock_ms() - begun, 0, NOTICED_MS + BACK_MS);
}

/* An answer takes twelve seconds. The screen says that none has come, an attempt beside begins - and the connection, on
 * which it is on its way, stays. */
static void an_answer_that_takes_longer_than_anybody_waits(void **state)
{
    char before[64], after[64];
    (void)state;
    outpost_begin();
    county_since(before, sizeof before);
    outpost_line((struct shaper_line){.delay_ms = 6000});
    outpost_act(NULL);
    assert_true(pty_wait(outpost.seat, "| no answer", NOTICED_MS));
    assert_true(pty_wait(outpost.seat, "| connected", BACK_MS));
    outpost_line((struct shaper_line){.rate = 0});
    outpost_done(1, SOON_MS);
    county_since(after, sizeof after);
    assert_string_equal(before, after);
}

/* Five seconds there and back, and no connection yet: TCP, greeting, handshake and welcome are five round trips. Nobody
 * gives up in between, and nobody takes the daemon for another. */
static void a_cold_connection_at_five_seconds(void **state)
{
    (void)state;
    outpost_begin();
    get_up(outpost.seat);
    outpost_line((struct shaper_line){.delay_ms = 2500});
    int64_t begun = rig_clock_ms(), until = begun + COLD_MS;
    outpost.seat = sit("HRX", (struct look){NULL});
    while (!pty_shows(outpost.seat, "| connected") && rig_clock_ms() < until) {
        pty_settle(outpost.seat, 50);
        assert_false(pty_shows(outpost.seat, "no link") || pty_shows(outpost.seat, "not our daemon"));
    }
    assert_true(pty_shows(outpost.seat, "| connected"));
    assert_in_range(rig_clock_ms() - begun, 20000, COLD_MS); /* the line was slow indeed */
}

/* The daemon has the act and dies before its answer is on the line; another process of it has to know. */
static void a_restart_in_the_middle_of_an_act(void **state)
{
    (void)state;
    outpost_begin();
    shaper_cut_after(outpost.shaper, true, 1);
    outpost_act(NULL);
    rig_await_head(rig, outpost.head + 1, SOON_MS);
    outpost_restart(SIGKILL, SHAPER_HOST, rig->port);
    outpost_line((struct shaper_line){.rate = 0});
    outpost_done(1, SLOW_MS);
}

/* The registry's directory moves to another machine, and with it the daemon. */
static void move_registry(void)
{
    char to[280];
    rig_stop(rig, SIGTERM);
    snprintf(to, sizeof to, "%s/moved", rig->directory);
    rig_shell("mv '%s' '%s'", rig->registry, to);
    snprintf(rig->registry, sizeof rig->registry, "%s", to);
    outpost_restart(0, SHAPER_MOVED, NEW_PORT);
}

/* What was done meanwhile waits; `duban address` in another terminal is all that the open window needs. */
static void a_daemon_that_moved(void **state)
{
    char moved[64];
    (void)state;
    outpost_begin();
    move_registry();
    assert_true(pty_wait(outpost.seat, "| no link", SOON_MS));
    outpost_act("1");
    snprintf(moved, sizeof moved, "%s:%d", SHAPER_MOVED, NEW_PORT);
    int64_t begun = rig_clock_ms();
    rig_out(rig, 0, "HRX", "address", moved, NULL);
    rig_out(rig, 0, "XMB", "address", moved, NULL);
    outpost_done(1, BACK_MS);
    assert_in_range(rig_clock_ms() - begun, 0, BACK_MS);
}

/* Of several addresses the first answers nothing at all and the second refuses: the third has its turn. */
static void several_addresses_in_turn(void **state)
{
    char addresses[200];
    (void)state;
    outpost_begin();
    get_up(outpost.seat);
    snprintf(addresses, sizeof addresses, "10.47.0.77:%d,%s:%d", NEW_PORT, SHAPER_HOST, NEW_PORT);
    rig_out(rig, 0, "HRX", "address", addresses, SHAPER_MOVED ":7109", NULL);
    assert_int_equal(json_lines(rig_out(rig, 0, "HRX", "address", NULL)), 3);
    rig_err(rig, 2, "HRX", "address", "a:1,b:2,c:3", "d:4,e:5", NULL);
    rig_err(rig, 2, "HRX", "address", "a:1,b", NULL);
    outpost.seat = sit("HRX", (struct look){NULL});
    assert_true(pty_wait(outpost.seat, "| connected", SLOW_MS));
    outpost_act(NULL);
    outpost_done(1, SOON_MS);
    rig_out(rig, 0, "HRX", "address", SHAPER_MOVED ":7109", NULL);
}

/* Another registry's daemon answers at the address, with a key of its own. The screen says what is known, the doctor
 * which of several things it is, nothing is sent to it; and when the right one is back, the screen is connected. */
static void another_daemon_in_its_place(void **state)
{
    char other[280], ours[280];
    (void)state;
    outpost_begin();
    snprintf(ours, sizeof ours, "%s", rig->registry);
    snprintf(other, sizeof other, "%s/other", rig->directory);
    rig_daemon_out(rig, 0, "demo", other, "--listen", "tcp://" SHAPER_MOVED ":7109", NULL);
    rig_stop(rig, SIGTERM);
    snprintf(rig->registry, sizeof rig->registry, "%s", other);
    outpost_serve();
    outpost_act("1");
    assert_true(pty_wait(outpost.seat, "| not our daemon", SOON_MS));
    assert_true(pty_shows(outpost.seat, SHAPER_MOVED ":7109"));
    assert_true(pty_shows(outpost.seat, "duban doctor"));
    json_expect(rig_out(rig, 0, "XMB", "status", "--json", NULL), "link", "stranger");
    const char *found = rig_out(rig, 1, "XMB", "doctor", "--json", NULL);
    char row[2000];
    assert_non_null(json_row(found, "check", "answer", row, sizeof row));
    json_expect(row, "result", "ok");
    assert_non_null(json_row(found, "check", "link", row, sizeof row));
    assert_non_null(strstr(row, "another key"));
    rig_stop(rig, SIGTERM);
    snprintf(rig->registry, sizeof rig->registry, "%s", ours);
    outpost_serve();
    outpost.head++;
    outpost_done(1, SLOW_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_address_in_the_middle_of_an_act),
        cmocka_unit_test(an_answer_that_takes_longer_than_anybody_waits),
        cmocka_unit_test(a_cold_connection_at_five_seconds),
        cmocka_unit_test(a_restart_in_the_middle_of_an_act),
        cmocka_unit_test(a_daemon_that_moved),
        cmocka_unit_test(several_addresses_in_turn),
        cmocka_unit_test(another_daemon_in_its_place),
        cmocka_unit_test(outpost_is_whole),
    };
    return cmocka_run_group_tests(tests, outpost_start, outpost_end);
}
