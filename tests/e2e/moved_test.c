/* moved_test.c - the way to the daemon leads somewhere else: it began anew in the middle of an act, it has moved, it
 * has several addresses, something else answers in its place. Each time the first line of the screen is true, nothing
 * is lost or doubled, and work goes on without a key pressed. */
#include "tests/lib/outpost.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { BACK_MS = 8000, PAUSED_MS = 60000, NEW_PORT = 7109 };

static struct rig *const rig = &outpost.rig;

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
    const char *found = rig_out(rig, 1, "XMB", "doctor", "--json", "--wait", "5", NULL);
    char row[2000];
    assert_non_null(json_row(found, "check", "answer", row, sizeof row));
    json_expect(row, "result", "ok");
    assert_non_null(json_row(found, "check", "link", row, sizeof row));
    assert_non_null(strstr(row, "another key"));
    rig_stop(rig, SIGTERM);
    snprintf(rig->registry, sizeof rig->registry, "%s", ours);
    outpost_serve();
    outpost.head++;
    outpost_done(1, PAUSED_MS); /* the pauses have become long */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restart_in_the_middle_of_an_act),
        cmocka_unit_test(a_daemon_that_moved),
        cmocka_unit_test(several_addresses_in_turn),
        cmocka_unit_test(another_daemon_in_its_place),
        cmocka_unit_test(outpost_is_whole),
    };
    return cmocka_run_group_tests(tests, outpost_start, outpost_end);
}
