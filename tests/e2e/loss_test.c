/* loss_test.c - no link is a normal state: two machines with a thin and faulty line between them, made of the kernel's
 * network namespaces. Lost, doubled and overtaken packets, five seconds' round trip, a cut in the middle of an act, a
 * client that changes its address, a daemon that dies. Each time nothing is lost, nothing is doubled (P2), the first
 * line of the screen is true, and work goes on without a key pressed. */
#include "tests/lib/rig_report.h"
#include "tests/lib/shaper.h"
#include "tests/lib/sitting.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTICED_MS = 11500 /* ten seconds without an answer, and the time to say so */ };

static struct rig rig;
static struct shaper *shaper;
static const char *refused; /* why there is no such line here */
static struct pty *seat;    /* the county's screen, which has the connection all the time */
static struct rig_project project;
static long head; /* of the journal, with everything that was done so far */
static unsigned acts;

/* Everything that is started is on the clients' side, but for the daemon. */
static void serve(void)
{
    shaper_enter(shaper, SHAPER_DAEMON);
    rig_serve(&rig);
    shaper_enter(shaper, SHAPER_CLIENTS);
}

static void line(struct shaper_line how)
{
    shaper_set(shaper, &how);
}

static int start_rig(void **state)
{
    (void)state;
    shaper = shaper_new(5, &refused);
    if (shaper == NULL) return 0;
    rig_prepare(&rig);
    rig.host = SHAPER_HOST;
    rig_found(&rig);
    serve();
    rig_enrol(&rig, "XMB");
    rig_enrol(&rig, "HRX");
    rig_project(&rig, "HRX", 0, &project);
    rig_out(&rig, 0, "HRX", "sync", NULL);
    sitting_begin(&rig);
    seat = sit_down("HRX");
    head = rig_head(&rig);
    return 0;
}

static int end_rig(void **state)
{
    if (shaper == NULL) return 0;
    clear_seats(state);
    rig_end(&rig);
    shaper_free(shaper);
    return 0;
}

/* Whatever the test before did, the line is whole and the screen connected. */
static void begin(void)
{
    if (shaper == NULL) {
        fprintf(stderr, "skipped: %s\n", refused);
        skip();
    }
    line((struct shaper_line){.rate = 0});
    assert_true(pty_wait(seat, "| connected", SLOW_MS));
}

/* The county writes into the report of September; its screen sends that. */
static void act(const char *wait)
{
    char progress[64];
    snprintf(progress, sizeof progress, "第%u次写", ++acts);
    rig_out(&rig, wait != NULL ? 5 : 0, "HRX", "report", "save", project.code, "2009-09", "--invested", "1", "--progress",
            progress, wait != NULL ? "--wait" : "--no-wait", wait, NULL);
}

static bool waits(void)
{
    return *rig_out(&rig, 0, "HRX", "outbox", "list", "--json", "--offline", NULL) != '\0';
}

/* So many acts are in the journal once, answered, and the last of them is what stands. */
static void done(unsigned count)
{
    char progress[64];
    int64_t until = rig_clock_ms() + SLOW_MS;
    head += count;
    rig_await_head(&rig, head, SLOW_MS);
    while (waits())
        if (rig_clock_ms() > until) rig_fail("it still waits");
    assert_true(pty_wait(seat, "| connected", SOON_MS));
    assert_int_equal(rig_head(&rig), head);
    snprintf(progress, sizeof progress, "第%u次写", acts);
    json_expect(rig_out(&rig, 0, "HRX", "report", "show", project.code, "2009-09", "--json", "--offline", NULL),
                "progress", progress);
}

static void every_fifth_packet_lost_others_doubled_or_late(void **state)
{
    (void)state;
    begin();
    line((struct shaper_line){.delay_ms = 20, .lost = 20, .doubled = 20, .later = 20});
    for (unsigned i = 0; i < 5; i++)
        act(NULL);
    done(5);
}

/* An answer takes five seconds: that is slow, and nothing to worry anybody with. */
static void five_seconds_there_and_back(void **state)
{
    (void)state;
    begin();
    line((struct shaper_line){.delay_ms = 2500});
    act(NULL);
    int64_t until = rig_clock_ms() + NOTICED_MS;
    while (waits() && rig_clock_ms() < until)
        pty_settle(seat, 50);
    assert_false(waits());
    assert_true(pty_shows(seat, "| connected"));
    done(1);
}

/* Cut before the daemon has it: who waits hears that it is kept (exit status 5), the screen says within ten seconds
 * that nothing answers, and when the line is back it is sent. */
static void cut_before_the_daemon_has_it(void **state)
{
    (void)state;
    begin();
    line((struct shaper_line){.cut = true});
    int64_t begun = rig_clock_ms();
    act("1");
    assert_true(waits());
    assert_true(pty_wait(seat, "| no answer", NOTICED_MS));
    assert_true(rig_clock_ms() - begun < NOTICED_MS + 1000);
    assert_int_equal(rig_head(&rig), head);
    line((struct shaper_line){.rate = 0});
    done(1);
}

/* Cut when the daemon has it and before its answer: the client cannot know, and it is done once. */
static void cut_before_the_answer(void **state)
{
    (void)state;
    begin();
    shaper_cut_after(shaper, true, 1);
    act(NULL);
    rig_await_head(&rig, head + 1, SOON_MS);
    assert_true(shaper_is_cut(shaper));
    assert_true(waits());
    line((struct shaper_line){.rate = 0});
    done(1);
}

/* The daemon dies and comes back; what was done meanwhile follows. */
static void a_daemon_that_dies(void **state)
{
    (void)state;
    begin();
    rig_stop(&rig, SIGKILL);
    assert_true(pty_wait(seat, "| no link", SOON_MS));
    act(NULL);
    serve();
    head++; /* the demo's clock goes on from where it was: the daemon notes that */
    done(1);
}

/* Nobody's screen is open; two programs find the same act waiting. */
static void two_programs_send_it_once(void **state)
{
    static struct spawned programs[2];
    (void)state;
    begin();
    get_up(seat);
    line((struct shaper_line){.cut = true});
    act("1");
    line((struct shaper_line){.delay_ms = 50});
    for (unsigned i = 0; i < 2; i++)
        rig_spawn(&rig, &programs[i], "HRX", "sync", NULL);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(spawned_end(&programs[i], 0), 0);
    seat = sit_down("HRX");
    done(1);
}

static void the_registry_is_whole_afterwards(void **state)
{
    (void)state;
    begin();
    get_up(seat);
    const char *history = rig_out(&rig, 0, "HRX", "report", "history", project.code, "2009-09", "--json", NULL);
    assert_int_equal(json_lines(history), acts);
    rig_stop(&rig, SIGTERM);
    rig_daemon_out(&rig, 0, "check", rig.registry, NULL);
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
        cmocka_unit_test(the_registry_is_whole_afterwards),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
