/* memory.c - what 200 connected clients cost the daemon: its proportional memory without the map of the database.
 *
 * Measured when all are live, and again after all have gone, come anew at the same moment, and been sent a page
 * of their whole view: what a session needs once must not stay. Beside it stands a raw ROUTER with CURVE that
 * went through the same. Kernel socket buffers are not counted. */
#include "tests/bench/crowd.h"

#include "tests/bench/bench.h"
#include "tests/bench/floor.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

enum { CLIENTS = 200, PAGE_BYTES = 4900 };

static int64_t kib_of(pid_t pid)
{
    int64_t kib = process_kib(pid, "/data.mdb");
    if (kib < 0) rig_fail("no smaps of the daemon");
    return kib;
}

/* In KiB: without clients, with all of them, with all after each has come anew and was sent a page. */
struct held {
    int64_t none, live, paged;
};

static void take(void *self, struct member *member, const void *bytes, size_t count)
{
    unsigned *taken = self;
    (void)member;
    (void)bytes;
    (void)count;
    (*taken)++;
}

static void take_from_all(struct crowd *crowd)
{
    unsigned taken = 0;
    int64_t until = clock_ns() + 60 * 1000000000ll;
    while (taken < crowd->count && clock_ns() < until)
        crowd_poll(crowd, 100, take, &taken);
    if (taken < crowd->count) rig_fail("%u of %u were told", taken, crowd->count);
}

static void hold_duban(struct rig *rig, struct crowd *crowd, struct held *held)
{
    rig_serve(rig);
    held->none = kib_of(rig->daemon);
    crowd_connect(crowd, rig->port, crowd->server_key, false);
    held->live = kib_of(rig->daemon);
    crowd_part(crowd);
    crowd->head = 0; /* has nothing: gets everything, page by page */
    crowd_connect(crowd, rig->port, crowd->server_key, false);
    held->paged = kib_of(rig->daemon);
    crowd_part(crowd);
    rig_stop(rig, SIGTERM);
}

/* A raw ROUTER with CURVE, that knows its peers and nothing of them. */
static void hold_floor(const struct bench *bench, struct rig *rig, struct crowd *crowd, struct held *held)
{
    static const struct floor_sizes sizes = {.record = 400, .journal = 150, .push = PAGE_BYTES};
    char directory[320];
    struct identity identity;
    unsigned port = free_port();
    snprintf(directory, sizeof directory, "%s/floor", rig->directory);
    if (mkdir(directory, 0700) != 0) rig_fail("mkdir");
    floor_identity(&identity);
    pid_t pid = floor_start(bench, directory, port, &sizes);
    crowd_connect(crowd, port, identity.transport_public, true);
    take_from_all(crowd);
    held->live = kib_of(pid);
    crowd_part(crowd);
    crowd_connect(crowd, port, identity.transport_public, true);
    take_from_all(crowd);
    member_send(&crowd->members[0], "all", 3);
    take_from_all(crowd);
    held->paged = kib_of(pid);
    crowd_part(crowd);
    floor_stop(pid);
    pid = floor_start(bench, directory, port, &sizes);
    crowd->count = 1; /* when it answers one, it is there */
    crowd_connect(crowd, port, identity.transport_public, true);
    take_from_all(crowd);
    held->none = kib_of(pid);
    crowd_part(crowd);
    floor_stop(pid);
}

static double each(int64_t kib, const struct held *held)
{
    return (double)(kib - held->none) / CLIENTS;
}

void bench_memory(const struct bench *bench)
{
    struct rig rig;
    struct crowd crowd = {.count = 0};
    struct console console;
    struct held duban, floor;
    table_part("memory");
    rig_prepare(&rig);
    rig_found(&rig);
    crowd_visit(&crowd, &console, rig.registry);
    crowd_fill(&crowd, &console, "XMB", CLIENTS);
    crowd_leave(&crowd, &console);
    hold_duban(&rig, &crowd, &duban);
    hold_floor(bench, &rig, &crowd, &floor);
    figure_plain("daemon without clients", "KiB", (double)duban.none, -1);
    figure_most("each of 200 clients, live", "KiB", each(duban.live, &duban), each(floor.live, &floor), 35);
    figure_most("each, all come anew at once, sent a page", "KiB", each(duban.paged, &duban), each(floor.paged, &floor),
                35);
    crowd_free(&crowd);
    rig_end(&rig);
}
