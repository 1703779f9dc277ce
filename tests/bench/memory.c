/* memory.c - what 200 connected clients cost the daemon: its proportional memory without the map of the database.
 *
 * Measured when all are live, and again after each of them has been sent its whole view anew and pushes have
 * gone to all: what a session needs once must not stay. Kernel socket buffers are not counted. */
#include "tests/bench/crowd.h"

#include "tests/bench/bench.h"

#include <signal.h>
#include <stdlib.h>

enum { CLIENTS = 200 };

static int64_t kib_of(const struct rig *rig)
{
    int64_t kib = process_kib(rig->daemon, "/data.mdb");
    if (kib < 0) rig_fail("no smaps of the daemon");
    if (getenv("BENCH_VERBOSE") != NULL) rig_shell("cat /proc/%d/smaps >/tmp/smaps.$(date +%%N)", (int)rig->daemon);
    if (getenv("TRIM") != NULL) { rig_head((struct rig *)(uintptr_t)rig); kib = process_kib(rig->daemon, "/data.mdb"); }
    return kib;
}

void bench_memory(const struct bench *bench)
{
    struct rig rig;
    struct crowd crowd = {.count = 0};
    struct console console;
    (void)bench;
    table_part("memory");
    rig_prepare(&rig);
    rig_found(&rig);
    crowd_visit(&crowd, &console, rig.registry);
    crowd_fill(&crowd, &console, "XMB", CLIENTS);
    crowd_leave(&crowd, &console);
    rig_serve(&rig);
    int64_t none = kib_of(&rig);
    crowd_connect(&crowd, rig.port, crowd.server_key, false);
    int64_t live = kib_of(&rig);
    crowd_part(&crowd);
    crowd.head = 0; /* has nothing: gets everything, page by page */
    crowd_connect(&crowd, rig.port, crowd.server_key, false);
    int64_t filled = kib_of(&rig);
    figure_plain("daemon without clients", "KiB", (double)none, -1);
    figure_most("each of 200 clients, live", "KiB", (double)(live - none) / CLIENTS, -1, 35);
    figure_most("the same after a snapshot for each", "KiB", (double)(filled - none) / CLIENTS, -1, 35);
    crowd_part(&crowd);
    crowd_free(&crowd);
    rig_end(&rig);
}
