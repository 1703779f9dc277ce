/* loss_test.c - no link is a normal state: two machines with a thin and faulty line between them, made of the kernel's
 * network namespaces. Lost, doubled and overtaken packets, five seconds' round trip, a cut in the middle of an act, a
 * client that changes its address, a daemon that dies. Each time nothing is lost, nothing is doubled (P2), the first
 * line of the screen is true, and work goes on without a key pressed. */
#include "tests/lib/outpost.h"
#include "tests/lib/unit.h"

#include <signal.h>

static struct rig *const rig = &outpost.rig;

static void every_fifth_packet_lost_others_doubled_or_late(void **state)
{
    (void)state;
    outpost_begin();
    outpost_line((struct shaper_line){.delay_ms = 20, .lost = 20, .doubled = 20, .later = 20});
    for (unsigned i = 0; i < 5; i++)
        outpost_act(NULL);
    outpost_done(5, SLOW_MS);
}

/* An answer takes five seconds: that is slow, and nothing to worry anybody with. */
static void five_seconds_there_and_back(void **state)
{
    (void)state;
    outpost_begin();
    outpost_line((struct shaper_line){.delay_ms = 2500});
    outpost_act(NULL);
    int64_t until = rig_clock_ms() + NOTICED_MS;
    while (outpost_waits() && rig_clock_ms() < until)
        pty_settle(outpost.seat, 50);
    assert_false(outpost_waits());
    assert_true(pty_shows(outpost.seat, "| connected"));
    outpost_done(1, SLOW_MS);
}

/* Cut before the daemon has it: who waits hears that it is kept (exit status 5), the screen says within ten seconds
 * that nothing answers, and when the line is back it is sent. */
static void cut_before_the_daemon_has_it(void **state)
{
    (void)state;
    outpost_begin();
    outpost_line((struct shaper_line){.cut = true});
    int64_t begun = rig_clock_ms();
    outpost_act("1");
    assert_true(outpost_waits());
    assert_true(pty_wait(outpost.seat, "| no answer", NOTICED_MS));
    assert_true(rig_clock_ms() - begun < NOTICED_MS + 1000);
    assert_int_equal(rig_head(rig), outpost.head);
    outpost_line((struct shaper_line){.rate = 0});
    outpost_done(1, SLOW_MS);
}

/* Cut when the daemon has it and before its answer: the client cannot know, and it is done once. */
static void cut_before_the_answer(void **state)
{
    (void)state;
    outpost_begin();
    shaper_cut_after(outpost.shaper, true, 1);
    outpost_act(NULL);
    rig_await_head(rig, outpost.head + 1, SOON_MS);
    assert_true(shaper_is_cut(outpost.shaper));
    assert_true(outpost_waits());
    outpost_line((struct shaper_line){.rate = 0});
    outpost_done(1, SLOW_MS);
}

/* The daemon dies and comes back; what was done meanwhile follows. */
static void a_daemon_that_dies(void **state)
{
    (void)state;
    outpost_begin();
    rig_stop(rig, SIGKILL);
    assert_true(pty_wait(outpost.seat, "| no link", SOON_MS));
    outpost_act(NULL);
    outpost_serve();
    outpost.head++; /* the demo's clock goes on from where it was: the daemon notes that */
    outpost_done(1, SLOW_MS);
}

/* Nobody's screen is open; two programs find the same act waiting. */
static void two_programs_send_it_once(void **state)
{
    static struct spawned programs[2];
    (void)state;
    outpost_begin();
    get_up(outpost.seat);
    outpost_line((struct shaper_line){.cut = true});
    outpost_act("1");
    outpost_line((struct shaper_line){.delay_ms = 50});
    for (unsigned i = 0; i < 2; i++)
        rig_spawn(rig, &programs[i], "HRX", "sync", NULL);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(spawned_end(&programs[i], 0), 0);
    outpost.seat = sit_down("HRX");
    outpost_done(1, SLOW_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fifth_packet_lost_others_doubled_or_late),
        cmocka_unit_test(five_seconds_there_and_back),
        cmocka_unit_test(cut_before_the_daemon_has_it),
        cmocka_unit_test(cut_before_the_answer),
        cmocka_unit_test(a_daemon_that_dies),
        cmocka_unit_test(two_programs_send_it_once),
        cmocka_unit_test(outpost_is_whole),
    };
    return cmocka_run_group_tests(tests, outpost_start, outpost_end);
}
