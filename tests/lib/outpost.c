/* outpost.c - see outpost.h. */
#include "tests/lib/outpost.h"

#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

struct outpost outpost;

static struct rig *const rig = &outpost.rig;

void outpost_serve(void)
{
    shaper_enter(outpost.shaper, SHAPER_DAEMON);
    rig_serve(rig);
    shaper_enter(outpost.shaper, SHAPER_CLIENTS);
}

void outpost_line(struct shaper_line how)
{
    shaper_set(outpost.shaper, &how);
}

int outpost_start(void **state)
{
    (void)state;
    outpost.shaper = shaper_new(5, &outpost.refused);
    if (outpost.shaper == NULL) return 0;
    rig_prepare(rig);
    rig->host = SHAPER_HOST;
    rig_found(rig);
    outpost_serve();
    rig_enrol(rig, "XMB");
    rig_enrol(rig, "HRX");
    rig_project(rig, "HRX", 0, &outpost.project);
    rig_out(rig, 0, "HRX", "sync", NULL);
    sitting_begin(rig);
    outpost.seat = sit_down("HRX");
    outpost.head = rig_head(rig);
    return 0;
}

int outpost_end(void **state)
{
    if (outpost.shaper == NULL) return 0;
    clear_seats(state);
    rig_end(rig);
    shaper_free(outpost.shaper);
    return 0;
}

void outpost_begin(void)
{
    if (outpost.shaper == NULL) {
        fprintf(stderr, "skipped: %s\n", outpost.refused);
        skip();
    }
    outpost_line((struct shaper_line){.rate = 0});
    assert_true(pty_wait(outpost.seat, "| connected", SLOW_MS));
}

void outpost_act(const char *wait)
{
    char progress[64];
    snprintf(progress, sizeof progress, "第%u次写", ++outpost.acts);
    rig_out(rig, wait != NULL ? 5 : 0, "HRX", "report", "save", outpost.project.code, "2009-09", "--invested", "1",
            "--progress", progress, wait != NULL ? "--wait" : "--no-wait", wait, NULL);
}

void outpost_restart(int signal, const char *host, unsigned port)
{
    rig_stop(rig, signal);
    rig_shell("sed -i 's|^listen.*|listen = tcp://%s:%u|' '%s/duband.conf'", host, port, rig->registry);
    outpost_serve();
    outpost.head++; /* the demo's clock goes on from where it was: the daemon notes that */
}

bool outpost_waits(void)
{
    return *rig_out(rig, 0, "HRX", "outbox", "list", "--json", "--offline", NULL) != '\0';
}

void outpost_done(unsigned count, int timeout_ms)
{
    char progress[64];
    int64_t until = rig_clock_ms() + timeout_ms;
    outpost.head += count;
    rig_await_head(rig, outpost.head, timeout_ms);
    while (outpost_waits())
        if (rig_clock_ms() > until) rig_fail("it still waits");
    assert_true(pty_wait(outpost.seat, "| connected", SOON_MS));
    assert_int_equal(rig_head(rig), outpost.head);
    snprintf(progress, sizeof progress, "第%u次写", outpost.acts);
    const char *report =
        rig_out(rig, 0, "HRX", "report", "show", outpost.project.code, "2009-09", "--json", "--offline", NULL);
    json_expect(report, "progress", progress);
}

void outpost_is_whole(void **state)
{
    (void)state;
    outpost_begin();
    get_up(outpost.seat);
    rig_stop(rig, SIGTERM);
    const char *at = rig_daemon_out(rig, 0, "dump", rig->registry, NULL);
    for (unsigned i = 1; i <= outpost.acts; i++) {
        char progress[64];
        snprintf(progress, sizeof progress, "\"progress\":\"第%u次写\"", i);
        if ((at = strstr(at, progress)) == NULL) rig_fail("act %u is not in its place in the journal", i);
        at += strlen(progress);
        assert_null(strstr(at, progress));
    }
    rig_daemon_out(rig, 0, "check", rig->registry, NULL);
}
