/* thin.c - how long an operator waits on a thin line: seconds by the clock, at 9600 and 64,000 bit/s with 300 ms there
 * and back, between two network namespaces. Beside each time stand the bytes of IP packets that passed. */
#include "client/core/client.h"
#include "tests/bench/bench.h"
#include "tests/bench/report.h"
#include "tests/lib/pty.h"
#include "tests/lib/rig_report.h"
#include "tests/lib/shaper.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum { DELAY_MS = 150, LIVE_SECONDS = 120 };

static double seconds_since(int64_t begun_ns)
{
    return (double)(clock_ns() - begun_ns) / 1e9;
}

static double passed(struct shaper *shaper)
{
    return (double)(shaper_bytes(shaper, true) + shaper_bytes(shaper, false));
}

static void open_client(struct rig *rig, const char *login, struct client **client)
{
    char home[300];
    uint8_t seed[SEED_BYTES];
    struct profile profile;
    struct refusal why = {.err = OK};
    rig_home(rig, login, home, sizeof home);
    setenv("DUBAN_HOME", home, 1);
    if (profile_load(login, &profile, &why) != OK) rig_fail("profile %s: %s", login, why.text);
    if (profile_unlock(&profile, RIG_PASSPHRASE, seed) != OK) rig_fail("key of %s", login);
    if (client_open(&profile, seed, client, &why) != OK) rig_fail("client: %s", why.text);
    sodium_memzero(seed, sizeof seed);
}

/* Until everything is here; *usable_ns gets when the desk was, if that is asked for. */
static void await_live(struct client *client, int64_t *usable_ns)
{
    struct client_status status = {.net = NET_OFFLINE};
    int64_t until = clock_ns() + LIVE_SECONDS * 1000000000ll;
    client_connect(client, true);
    while (status.net != NET_LIVE && clock_ns() < until) {
        client_step(client, 1000, NULL, NULL, 0);
        client_status(client, &status);
        if (usable_ns != NULL && *usable_ns == 0 && client_actor(client) != NULL) *usable_ns = clock_ns();
    }
    if (status.net != NET_LIVE) rig_fail("no sign-in");
}

/* From nothing: connection, sign-in and all that the operator may see of the registry. */
static void figure_cold(struct rig *rig, struct shaper *shaper, const char *login, unsigned rate, double goal)
{
    char name[80];
    struct client *client;
    shaper_set(shaper, &(struct shaper_line){.rate = 0});
    rig_enrol(rig, login);
    open_client(rig, login, &client);
    shaper_set(shaper, &(struct shaper_line){.rate = rate, .delay_ms = DELAY_MS});
    double before = passed(shaper);
    int64_t begun = clock_ns(), usable = 0;
    await_live(client, &usable);
    double whole = seconds_since(begun);
    snprintf(name, sizeof name, "%s from an empty cache, usable, %u bit/s", login, rate);
    figure_most(name, "s", (double)(usable - begun) / 1e9, -1, goal);
    figure_plain("  whole", "s", whole, -1);
    figure_plain("  its packets", "B", passed(shaper) - before, -1);
    client_close(client);
}

/* With what was here before, and a line that says nothing at all. */
static void figure_warm(struct rig *rig, struct shaper *shaper, const char *login)
{
    char program[1100], home[400], passphrase[400], path[300];
    char *argv[] = {program, NULL};
    const char *env[] = {home, passphrase, "TERM=xterm-256color", "LC_ALL=C.UTF-8", NULL};
    rig_home(rig, login, path, sizeof path);
    snprintf(program, sizeof program, "%s/duban", rig->build);
    snprintf(home, sizeof home, "DUBAN_HOME=%s", path);
    snprintf(passphrase, sizeof passphrase, "DUBAN_PASSPHRASE_FILE=%s/passphrase", rig->directory);
    shaper_set(shaper, &(struct shaper_line){.cut = true});
    uint64_t before = shaper_bytes(shaper, true);
    int64_t begun = clock_ns();
    struct pty *seat = pty_open(&(struct pty_options){.argv = argv, .env = env});
    if (!pty_wait(seat, "report 2009-09", 10000)) rig_fail("no desk");
    figure_most("the desk from the cache, nothing heard", "s", seconds_since(begun), -1, 1);
    if (shaper_bytes(shaper, true) != before) rig_fail("the line was not cut");
    pty_close(seat);
}

/* A report on a connection that is there, until its answer. */
static void figure_report(struct rig *rig, struct shaper *shaper, const struct rig_project *project)
{
    struct client *client;
    struct record report = record_make(KIND_report, 0);
    uint64_t counter;
    open_client(rig, "HRX", &client);
    shaper_set(shaper, &(struct shaper_line){.rate = 9600, .delay_ms = DELAY_MS});
    int64_t begun = clock_ns();
    await_live(client, NULL);
    figure_plain("HRX again with nothing new, 9600 bit/s", "s", seconds_since(begun), -1);
    report_fill(&report, (uint64_t)project->id);
    double before = passed(shaper);
    begun = clock_ns();
    enum err err = client_submit(client, KIND_report, ACT_report_save, 0, &report, record_mask(&report), &counter);
    if (err != OK) rig_fail("submit: %s", err_name(err));
    const struct out_item *item;
    while ((item = client_outcome(client, counter)) != NULL && item->state == OUT_WAITING)
        client_step(client, 1000, NULL, NULL, 0);
    double took = seconds_since(begun);
    if (item == NULL || item->state != OUT_ACCEPTED) rig_fail("report: %s", item != NULL ? item->why.text : "gone");
    figure_most("a report, until it is acknowledged, 9600 bit/s", "s", took, -1, 1);
    figure_plain("  its packets", "B", passed(shaper) - before, -1);
    client_close(client);
}

void bench_thin(const struct bench *bench)
{
    struct rig rig;
    struct rig_project project;
    const char *why;
    (void)bench;
    table_part("a thin line, 300 ms there and back");
    struct shaper *shaper = shaper_new(7, &why);
    if (shaper == NULL) {
        figure_missing("a thin line", why);
        return;
    }
    rig_prepare(&rig);
    rig.host = SHAPER_HOST;
    rig_found(&rig);
    shaper_enter(shaper, SHAPER_DAEMON);
    rig_serve(&rig);
    shaper_enter(shaper, SHAPER_CLIENTS);
    figure_cold(&rig, shaper, "HRX", 9600, 20);
    figure_cold(&rig, shaper, "XMB", 9600, 20);
    figure_cold(&rig, shaper, "FGW", 64000, 4);
    figure_cold(&rig, shaper, "LD", 64000, 4);
    figure_warm(&rig, shaper, "HRX");
    shaper_set(shaper, &(struct shaper_line){.rate = 0});
    rig_project(&rig, "HRX", 0, &project);
    figure_report(&rig, shaper, &project);
    rig_end(&rig);
    shaper_free(shaper);
}
