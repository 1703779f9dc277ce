/* weather_test.c - everything that befalls a line, in an order that a seed decides: lines of every kind, and on them
 * cuts before, in and behind an act, another address of the client's, the daemon's death, its removal. After each round
 * everything that was done is in the journal once and in its order, and at no moment does the first line of the screen
 * say "connected" while nothing has been answered for longer than ten seconds.
 *
 * The tests run it for half a minute and with short cuts; `make link-long MINUTES=10 [TEST_SEED=...]` with cuts of a
 * minute and with lines of five seconds. Environment: LINK_MINUTES. */
#include "tests/lib/outpost.h"
#include "tests/lib/rng.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHORT_MS = 30000,
    CUT_MS = 60000,      /* in the long campaign */
    CUT_SHORT_MS = 3000,
    THROUGH_MS = 300000, /* for a round's acts on the worst line */
    LOOK_MS = 300,
    MOVED_PORT = 7109,
};

static struct rig *const rig = &outpost.rig;
static struct rng rng;
static bool is_long, is_moved;

static const struct {
    const char *name;
    struct shaper_line line;
    bool slow; /* for the long campaign alone */
} lines[] = {
    {"a whole line", {.delay_ms = 1}, false},
    {"9600 bit/s", {.rate = 9600, .delay_ms = 150}, false},
    {"a fifth lost, doubled, overtaken", {.delay_ms = 20, .lost = 20, .doubled = 20, .later = 20}, false},
    {"five seconds there and back", {.delay_ms = 2500}, true},
    {"the same with losses", {.delay_ms = 2500, .lost = 10, .doubled = 10, .later = 10}, true},
};
enum { LINES = sizeof lines / sizeof *lines };

static unsigned line_now;

static void line_is(bool cut)
{
    struct shaper_line line = lines[line_now].line;
    line.cut = cut;
    outpost_line(line);
}

/* ---- the status line ---- */

static int64_t since_ms; /* "connected" has been shown since then without anything being answered */
static unsigned waiting;

/* Looks at the screen for a while; what it says has to be true. Are acts still on their way? */
static bool look(int64_t until_ms)
{
    do {
        pty_settle(outpost.seat, LOOK_MS);
        unsigned left = json_lines(rig_out(rig, 0, "HRX", "outbox", "list", "--json", "--offline", NULL));
        bool connected = pty_shows(outpost.seat, "| connected");
        if (pty_shows(outpost.seat, "not our daemon")) rig_fail("our daemon is taken for another");
        if (left == 0 || left != waiting || !connected) since_ms = rig_clock_ms();
        waiting = left;
        if (rig_clock_ms() - since_ms > NOTICED_MS + 2000) {
            pty_print(outpost.seat);
            rig_fail("connected, the screen says, and nothing was answered for %d ms",
                     (int)(rig_clock_ms() - since_ms));
        }
    } while (waiting > 0 && rig_clock_ms() < until_ms);
    return waiting > 0;
}

/* ---- what befalls it ---- */

static void cut(void)
{
    line_is(true);
    outpost_act(NULL);
    look(rig_clock_ms() + (is_long ? CUT_MS : CUT_SHORT_MS));
    line_is(false);
}

static void cut_behind(bool to_client)
{
    shaper_cut_after(outpost.shaper, to_client, 1 + rng_below(&rng, 1500));
    outpost_act(NULL);
    outpost_act(NULL);
    look(rig_clock_ms() + (is_long ? CUT_MS : CUT_SHORT_MS));
    line_is(false);
}

static void cut_in_the_act(void)
{
    cut_behind(false);
}

static void cut_in_the_answer(void)
{
    cut_behind(true);
}

static void roam(void)
{
    outpost_act(NULL);
    shaper_roam(outpost.shaper);
    outpost_act(NULL);
}

static void forget(void)
{
    shaper_forget(outpost.shaper);
    outpost_act(NULL);
}

static void restart(void)
{
    outpost_act(NULL);
    outpost_restart(rng_below(&rng, 2) == 0 ? SIGKILL : SIGTERM, is_moved ? SHAPER_MOVED : SHAPER_HOST,
                    is_moved ? MOVED_PORT : rig->port);
}

/* Back and forth; the operator is told where to. */
static void move(void)
{
    char address[64];
    is_moved = !is_moved;
    outpost_act(NULL);
    outpost_restart(SIGTERM, is_moved ? SHAPER_MOVED : SHAPER_HOST, is_moved ? MOVED_PORT : rig->port);
    snprintf(address, sizeof address, "%s:%u", is_moved ? SHAPER_MOVED : SHAPER_HOST,
             is_moved ? MOVED_PORT : rig->port);
    rig_out(rig, 0, "HRX", "address", address, NULL);
}

static void nothing(void)
{
    outpost_act(NULL);
}

static const struct {
    const char *name;
    void (*befall)(void);
} events[] = {
    {"nothing", nothing},
    {"a cut", cut},
    {"a cut in the act", cut_in_the_act},
    {"a cut in the answer", cut_in_the_answer},
    {"another address", roam},
    {"a gateway that forgets", forget},
    {"a restart", restart},
    {"a move", move},
};
enum { EVENTS = sizeof events / sizeof *events };

/* ---- rounds ---- */

static void play_round(unsigned number)
{
    unsigned before = outpost.acts;
    do
        line_now = (unsigned)rng_below(&rng, LINES);
    while (lines[line_now].slow && !is_long);
    unsigned event = (unsigned)rng_below(&rng, EVENTS);
    fprintf(stderr, "round %u: %s, %s\n", number, lines[line_now].name, events[event].name);
    int64_t begun = rig_clock_ms();
    since_ms = begun;
    line_is(false);
    for (uint64_t more = rng_below(&rng, 3); more > 0; more--)
        outpost_act(NULL);
    events[event].befall();
    if (look(begun + THROUGH_MS)) rig_fail("%u acts are still on their way", waiting);
    outpost_line((struct shaper_line){.rate = 0});
    outpost_done(outpost.acts - before, SLOW_MS);
    fprintf(stderr, "  %u acts, through after %.1f s\n", outpost.acts - before,
            (double)(rig_clock_ms() - begun) / 1000);
}

static void whatever_befalls_the_line(void **state)
{
    const char *minutes = getenv("LINK_MINUTES");
    (void)state;
    outpost_begin();
    is_long = minutes != NULL && *minutes != '\0';
    int64_t until = rig_clock_ms() + (is_long ? 60000 * strtol(minutes, NULL, 10) : SHORT_MS);
    rng = rng_make(0);
    fprintf(stderr, "again: make link-long TEST_SEED=%llu\n", (unsigned long long)rng.state);
    for (unsigned round = 1; rig_clock_ms() < until; round++)
        play_round(round);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_befalls_the_line),
        cmocka_unit_test(outpost_is_whole),
    };
    return cmocka_run_group_tests(tests, outpost_start, outpost_end);
}
