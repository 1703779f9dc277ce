/* cold_test.c - a first view on a bad line: the desk is there before all has come, says that more is coming, and can be
 * worked at; what was broken off goes on, and is in the end what it would have been. Promises P3, P8. */
#include "client/core/client.h"
#include "client/core/desk.h"
#include "tests/lib/pty.h"
#include "tests/lib/raw.h"
#include "tests/lib/relay.h"
#include "tests/lib/rig_report.h"
#include "tests/lib/rng.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOON_MS = 15000, VIEW_BYTES_MAX = 16 << 20, PAGES_MAX = 1000 };

static struct rig rig;
static struct relay *relay;

/* A registry with some weeks of work. All come through the relay but PJX, who goes on working. */
static int start_rig(void **state)
{
    static const char *const all[] = {"XMB", "HRX", "FGW", "PJX"};
    char address[64];
    (void)state;
    rig_prepare(&rig);
    rig_found(&rig);
    rig_daemon_out(&rig, 0, "simulate", rig.registry, "--until", "2009-10-23", "--seed", "4", NULL);
    rig_serve(&rig);
    relay = relay_new(0, rig.port);
    snprintf(address, sizeof address, "127.0.0.1:%u", relay_port(relay));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rig_enrol(&rig, all[i]);
    for (size_t i = 0; i < 3; i++)
        rig_out(&rig, 0, all[i], "address", address, NULL);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    relay_free(relay);
    rig_end(&rig);
    return 0;
}

/* ---- clients in this process, which stand still when they are not stepped ---- */

static void go_cold(const char *login)
{
    char home[300];
    rig_home(&rig, login, home, sizeof home);
    rig_shell("rm -rf %s/%s/cache", home, login);
}

static struct client *open_client(const char *login)
{
    char home[300];
    uint8_t seed[SEED_BYTES];
    struct profile profile;
    struct refusal why = {.err = OK};
    struct client *client = NULL;
    rig_home(&rig, login, home, sizeof home);
    setenv("DUBAN_HOME", home, 1);
    assert_int_equal(profile_load(login, &profile, &why), OK);
    assert_int_equal(profile_unlock(&profile, RIG_PASSPHRASE, seed), OK);
    assert_int_equal(client_open(&profile, seed, &client, &why), OK);
    sodium_memzero(seed, sizeof seed);
    client_connect(client, true);
    return client;
}

static struct client_status status_of(const struct client *client)
{
    struct client_status status;
    client_status(client, &status);
    return status;
}

/* Steps until the view has come so far. */
static void await_stage(struct client *client, enum view_stage stage)
{
    int64_t until = rig_clock_ms() + SOON_MS;
    while (rig_clock_ms() < until) {
        struct client_status status = status_of(client);
        if (stage == VIEW_DONE ? status.net == NET_LIVE : status.coming >= stage) return;
        client_step(client, 100, NULL, NULL, 0);
    }
    rig_fail("stage %d did not come", stage);
}

/* All of a view, record behind record; to be freed. */
static struct pack view_of(const struct client *client)
{
    struct pack pack;
    struct arena arena;
    const struct space *space = client_space(client);
    pack_init(&pack, VIEW_BYTES_MAX);
    arena_init(&arena, 4 << 20);
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (uint64_t id = 0; (id = state_next_id(space, kind->wire, id)) > 0; arena_reuse(&arena)) {
            struct record record;
            stamp_t as_of;
            assert_int_equal(state_get(space, kind->wire, id, &arena, &record), OK);
            pack_int(&pack, kind->wire);
            pack_int(&pack, (int64_t)id);
            pack_int(&pack, client_knows(client, kind->wire, id, &arena, &as_of));
            record_pack(&pack, &record);
        }
    arena_clear(&arena);
    assert_false(pack.failed);
    return pack;
}

/* The office's view when nothing disturbs it; *bytes is what it takes. */
static struct pack undisturbed(uint64_t *bytes)
{
    go_cold("XMB");
    relay_set(relay, RELAY_OPEN);
    uint64_t before = relay_bytes(relay, true);
    struct client *client = open_client("XMB");
    await_stage(client, VIEW_DONE);
    *bytes = relay_bytes(relay, true) - before;
    struct pack view = view_of(client);
    client_close(client);
    return view;
}

static bool same(const struct pack *a, const struct pack *b)
{
    return a->used == b->used && memcmp(a->at, b->at, a->used) == 0;
}

/* The lines of a desk, one behind the other. */
static struct pack desk_of(const struct client *client)
{
    struct pack pack;
    struct arena arena;
    struct desk desk;
    pack_init(&pack, 1 << 20);
    arena_init(&arena, 64 << 20);
    assert_int_equal(desk_build(client, &arena, &desk), OK);
    for (unsigned i = 0; i < desk.count; i++) {
        const struct desk_item *item = &desk.items[i];
        const int64_t parts[] = {item->what, item->kind, item->action, (int64_t)item->id, (int64_t)item->of,
                                 item->month.n, item->due.s};
        for (unsigned j = 0; j < sizeof parts / sizeof *parts; j++)
            pack_int(&pack, parts[j]);
    }
    arena_clear(&arena);
    return pack;
}

/* ---- the tests ---- */

/* The desk of the part that comes first is the desk of the whole, line by line; the rest of the lists is not there. */
static void the_desk_is_right_before_the_rest_has_come(void **state)
{
    static const char *const logins[] = {"XMB", "HRX", "FGW"};
    (void)state;
    relay_set(relay, RELAY_BYTES); /* so that page comes after page */
    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
        go_cold(logins[i]);
        struct client *client = open_client(logins[i]);
        await_stage(client, VIEW_LISTS);
        struct client_status status = status_of(client);
        assert_int_equal(status.coming, VIEW_LISTS);
        assert_true(status.come < status.of);
        assert_true(client_lacks(client, KIND_project) && client_lacks(client, KIND_unit));
        struct pack part = desk_of(client);
        await_stage(client, VIEW_DONE);
        assert_false(client_lacks(client, 0));
        struct pack whole = desk_of(client);
        assert_true(part.used > 10);
        if (!same(&part, &whole)) rig_fail("the desk of %s changed while the rest came", logins[i]);
        pack_free(&part);
        pack_free(&whole);
        client_close(client);
    }
    relay_set(relay, RELAY_OPEN);
}

/* In the middle of it a report is looked into and returned, which the daemon takes at once. */
static void one_can_work_before_the_rest_has_come(void **state)
{
    (void)state;
    struct rig_project project;
    struct arena arena;
    struct act *act;
    struct record reason = record_make(KIND_report, 0);
    uint64_t counter;
    rig_project(&rig, "PJX", 0, &project);
    rig_submit(&rig, 0, "PJX", &project, "2009-10", 1);
    long id = json_number(rig_report(&rig, "PJX", &project, "2009-10"), "id");
    go_cold("XMB");
    relay_set(relay, RELAY_BYTES);
    struct client *client = open_client("XMB");
    await_stage(client, VIEW_LISTS);
    arena_init(&arena, 16 << 20);
    act = arena_get(&arena, sizeof *act);
    rec_set_text(&reason, report_reason, text_of("请补充本月完成的工程量"));
    assert_int_equal(
        client_try(client, KIND_report, ACT_report_return, (uint64_t)id, &reason, record_mask(&reason), &arena, act),
        OK);
    /* a plan that is not here yet may allow it or not */
    assert_int_equal(client_try(client, KIND_project, ACT_project_withdraw, 9999, &reason, 0, &arena, act),
                     ERR_STILL_COMING);
    assert_int_equal(client_submit(client, KIND_report, ACT_report_return, id, &reason, record_mask(&reason), &counter),
                     OK);
    const struct out_item *item;
    while ((item = client_outcome(client, counter)) != NULL && item->state == OUT_WAITING)
        client_step(client, SOON_MS, NULL, NULL, 0);
    assert_true(item != NULL && item->state == OUT_ACCEPTED);
    await_stage(client, VIEW_DONE);
    struct record report;
    assert_int_equal(state_get(client_space(client), KIND_report, (uint64_t)id, &arena, &report), OK);
    assert_int_equal(rec_state(&report), ST_report_returned);
    arena_clear(&arena);
    client_close(client);
}

/* Cut at any place, as often as it likes, while others go on working; in the end nothing is missing, and it took not
 * much more than without. */
static void what_was_broken_off_goes_on(void **state)
{
    (void)state;
    struct rng rng = rng_make(31);
    struct rig_project project;
    uint64_t bytes, usual;
    rig_project(&rig, "PJX", 1, &project);
    struct pack before = undisturbed(&usual);
    pack_free(&before);
    go_cold("XMB");
    uint64_t begun = relay_bytes(relay, true);
    unsigned connections = relay_connections(relay), resumed = 0, cuts = 0;
    struct client *client = open_client("XMB");
    for (; cuts < 40; cuts++) {
        int64_t until = rig_clock_ms() + SOON_MS;
        relay_cut_after(relay, true, usual / 3 + rng_below(&rng, usual / 6));
        for (enum net_state net = NET_OFFLINE; net != NET_DOWN && net != NET_LIVE && rig_clock_ms() < until;) {
            client_step(client, 100, NULL, NULL, 0);
            net = status_of(client).net;
        }
        if (status_of(client).net == NET_LIVE) break;
        resumed += status_of(client).coming != VIEW_DONE;
        if (cuts % 2 == 0) {
            client_retry(client);
            continue;
        }
        client_close(client); /* and the program ends now and then */
        if (cuts % 4 == 1)
            rig_submit(&rig, 0, "PJX", &project, "2009-10", 1 + (long)cuts);
        else
            rig_out(&rig, 0, "PJX", "report", "recall", project.code, "2009-10", NULL);
        client = open_client("XMB");
    }
    relay_cut_after(relay, true, 0);
    await_stage(client, VIEW_DONE);
    assert_true(relay_connections(relay) > connections + 2);
    assert_true(resumed >= 2);
    bytes = relay_bytes(relay, true) - begun;
    struct pack pieced = view_of(client);
    client_close(client);
    struct pack whole = undisturbed(&usual);
    assert_true(same(&pieced, &whole));
    if (bytes > 2 * usual) rig_fail("%llu bytes instead of %llu", (unsigned long long)bytes, (unsigned long long)usual);
    pack_free(&pieced);
    pack_free(&whole);
}

/* What others do meanwhile comes between the pages, also to records that have come before. */
static void what_changes_meanwhile_is_not_lost(void **state)
{
    (void)state;
    struct rig_project project;
    uint64_t usual;
    rig_project(&rig, "PJX", 2, &project);
    rig_submit(&rig, 0, "PJX", &project, "2009-10", 1);
    go_cold("XMB");
    relay_set(relay, RELAY_BYTES);
    struct client *client = open_client("XMB");
    await_stage(client, VIEW_LISTS);
    rig_out(&rig, 0, "PJX", "report", "recall", project.code, "2009-10", NULL);
    await_stage(client, VIEW_REST);
    rig_submit(&rig, 0, "PJX", &project, "2009-10", 2);
    await_stage(client, VIEW_DONE);
    struct pack disturbed = view_of(client);
    client_close(client);
    struct pack whole = undisturbed(&usual);
    assert_true(same(&disturbed, &whole));
    pack_free(&disturbed);
    pack_free(&whole);
}

/* What passes until the office's desk is there. */
static uint64_t bytes_of_desk(void)
{
    uint64_t before = relay_bytes(relay, true);
    go_cold("XMB");
    relay_set(relay, RELAY_BYTES);
    struct client *client = open_client("XMB");
    await_stage(client, VIEW_LISTS);
    uint64_t bytes = relay_bytes(relay, true) - before;
    client_close(client);
    relay_set(relay, RELAY_OPEN);
    return bytes;
}

static struct pty *open_screen(void)
{
    static char program[1100], home[400], passphrase[400];
    static char *argv[] = {program, NULL};
    static const char *env[] = {home, passphrase, "TERM=xterm-256color", "LC_ALL=C.UTF-8", NULL};
    char path[300];
    rig_home(&rig, "XMB", path, sizeof path);
    snprintf(program, sizeof program, "%s/duban", rig.build);
    snprintf(home, sizeof home, "DUBAN_HOME=%s", path);
    snprintf(passphrase, sizeof passphrase, "DUBAN_PASSPHRASE_FILE=%s/passphrase", rig.directory);
    return pty_open(&(struct pty_options){.argv = argv, .env = env, .rows = 24, .columns = 100});
}

/* Promise P8: as long as more is coming, every screen and every incomplete list says so; then no more. */
static void a_part_never_passes_for_the_whole(void **state)
{
    (void)state;
    static const char part[] = "Lists and sums are not complete yet";
    uint64_t desk = bytes_of_desk();
    go_cold("XMB");
    relay_stall_after(relay, desk + 500);
    struct pty *seat = open_screen();
    assert_true(pty_wait(seat, "spot check", SOON_MS)); /* the desk */
    assert_true(pty_wait(seat, part, SOON_MS));
    pty_send(seat, "p");
    assert_true(pty_wait(seat, "(more are coming)", SOON_MS));
    pty_send(seat, "m");
    assert_true(pty_wait(seat, part, SOON_MS));
    relay_set(relay, RELAY_CUT); /* without the link it is no more, and says so */
    assert_true(pty_wait(seat, "no link", SOON_MS));
    assert_true(pty_wait(seat, "here", SOON_MS));
    const char *offline = rig_out(&rig, 0, "XMB", "project", "list", "--json", "--offline", NULL);
    assert_true(json_lines(offline) < 153 || strstr(offline, "\"scale\"") == NULL);
    assert_non_null(strstr(rig_err(&rig, 0, "XMB", "project", "list", "--offline", NULL), "not complete"));
    relay_set(relay, RELAY_OPEN);
    pty_send(seat, "\x1b[15~"); /* F5: now */
    assert_true(pty_wait_gone(seat, part, SOON_MS));
    assert_true(pty_wait(seat, "connected", SOON_MS));
    pty_close(seat);
}

/* A client of protocol 2 gets its pages as it always did. */
static void older_clients_get_what_they_know(void **state)
{
    (void)state;
    struct raw raw;
    struct frame frame;
    struct pack pack;
    struct hello hello = {.protocol_oldest = 1, .protocol_newest = 2, .program = text_of("old")};
    raw_open(&raw, &rig, "HRX", NULL);
    pack_init(&pack, 1024);
    hello_pack(&pack, &hello);
    raw_send(&raw, pack.at, pack.used);
    assert_true(raw_expect(&raw, FRAME_WELCOME, &frame, SOON_MS));
    assert_int_equal(frame.as.welcome.protocol, 2);
    assert_true(frame.as.welcome.afresh && frame.as.welcome.pages);
    for (unsigned pages = 1;; pages++) {
        assert_true(pages < PAGES_MAX && raw_expect(&raw, FRAME_PAGE, &frame, SOON_MS));
        assert_false(frame.as.page.staged);
        for (unsigned i = 0; i < frame.as.page.count; i++)
            assert_int_equal(frame.as.page.changes[i].op, OP_WHOLE);
        if (!frame.as.page.more) break;
        pack_clear(&pack);
        more_pack(&pack);
        raw_send(&raw, pack.at, pack.used);
    }
    assert_true(frame.as.page.upto > 0);
    pack_free(&pack);
    raw_close(&raw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_desk_is_right_before_the_rest_has_come),
        cmocka_unit_test(one_can_work_before_the_rest_has_come),
        cmocka_unit_test(what_was_broken_off_goes_on),
        cmocka_unit_test(what_changes_meanwhile_is_not_lost),
        cmocka_unit_test(a_part_never_passes_for_the_whole),
        cmocka_unit_test(older_clients_get_what_they_know),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
