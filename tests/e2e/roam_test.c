/* roam_test.c - the way to the daemon is another one: a gateway begins anew, the client's machine changes networks, an
 * answer takes longer than anybody waits, a connection begins where a round trip takes five seconds. Each time the
 * first line of the screen is true, nothing is lost or doubled, and work goes on without a key pressed. */
#include "tests/lib/outpost.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { COLD_MS = 40000, BACK_MS = 8000, ANSWER_MS = 10000 /* after which it would be missed */ };

static struct rig *const rig = &outpost.rig;

/* Since when the daemon knows the county's connection: another one has another time, in a demo that runs fast. */
static void county_since(char *since, size_t max)
{
    char row[2000];
    const char *list = rig_out(rig, 0, "XMB", "presence", "--json", NULL);
    assert_non_null(json_row(list, "operator", "华容县经办", row, sizeof row));
    assert_true(json_value(row, "since", since, max));
}

/* A gateway on the way has begun anew and knows nothing of the connection: it is dead and nobody tells. After ten
 * seconds without an answer another connection has the act. */
static void a_gateway_that_forgets(void **state)
{
    (void)state;
    outpost_begin();
    shaper_forget(outpost.shaper);
    outpost_act(NULL);
    int64_t begun = rig_clock_ms();
    outpost_done(1, NOTICED_MS + BACK_MS);
    assert_in_range(rig_clock_ms() - begun, 9000, NOTICED_MS + BACK_MS);
}

/* The machine gets another address while an act is under way, as when a laptop changes networks. The kernel knows:
 * another connection is there at once, and nobody has had to wait. */
static void another_address_in_the_middle_of_an_act(void **state)
{
    (void)state;
    outpost_begin();
    shaper_cut_after(outpost.shaper, false, 1);
    outpost_act(NULL);
    int64_t begun = rig_clock_ms();
    outpost_line((struct shaper_line){.delay_ms = 20});
    shaper_roam(outpost.shaper);
    outpost_done(1, BACK_MS);
    assert_in_range(rig_clock_ms() - begun, 0, ANSWER_MS);
}

/* Without a link the pauses have become long. Another network is there: nobody waits for the end of the pause. */
static void another_network_ends_the_pause(void **state)
{
    (void)state;
    outpost_begin();
    rig_stop(rig, SIGTERM);
    outpost_act("20"); /* the pauses have grown to some ten seconds */
    outpost_restart(0, SHAPER_HOST, rig->port);
    shaper_roam(outpost.shaper);
    outpost_done(1, BACK_MS);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gateway_that_forgets),
        cmocka_unit_test(another_address_in_the_middle_of_an_act),
        cmocka_unit_test(another_network_ends_the_pause),
        cmocka_unit_test(an_answer_that_takes_longer_than_anybody_waits),
        cmocka_unit_test(a_cold_connection_at_five_seconds),
        cmocka_unit_test(outpost_is_whole),
    };
    return cmocka_run_group_tests(tests, outpost_start, outpost_end);
}
