/* access_test.c - who gets in, who is turned away and what they are told: tickets, devices, passphrases, operators
 * who share a workstation, a second daemon; and `duban doctor`, which says what to do. Promise P4. */
#include "tests/lib/raw.h"
#include "tests/lib/rig_report.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SOON_MS = 10000 };

static struct rig rig;

static int start_rig(void **state)
{
    static const char *const all[] = {"XMB", "XMB-A", "HRX", "PJX"};
    (void)state;
    rig_start(&rig);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rig_enrol(&rig, all[i]);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

/* Expects the status and the words on standard error. */
static void told(struct run run, int status, const char *words)
{
    if (run.status != status || strstr(run.err, words) == NULL)
        rig_fail("ended with %d and said \"%s\", not %d and \"%s\"", run.status, run.err, status, words);
    run_free(&run);
}

/* ---- tickets ---- */

static void a_ticket_works_once(void **state)
{
    (void)state;
    char ticket[600];
    const char *invited = rig_out(&rig, 0, "XMB-A", "device", "invite", "--operator", "HRX", "--json", NULL);
    assert_true(json_value(invited, "ticket", ticket, sizeof ticket));
    rig_out_at(&rig, 0, "second", "enrol", "--profile", "HRX", "--label", "第二台", ticket, NULL);
    told(rig_duban_at(&rig, "thief", "enrol", "--profile", "HRX", ticket, NULL), 1, "used or out of date");
    char home[300];
    rig_home(&rig, "thief", home, sizeof home);
    struct run run = rig_duban_at(&rig, "thief", "profiles", NULL);
    assert_int_equal(run.status, 1); /* nothing was left there */
    run_free(&run);
    char typo[600];
    snprintf(typo, sizeof typo, "%s", ticket);
    size_t last = strlen(typo) - 1;
    typo[last] = typo[last] == 'A' ? 'B' : 'A';
    told(rig_duban_at(&rig, "thief", "enrol", "--profile", "HRX", typo, NULL), 1, "mistyped");
    told(rig_duban_at(&rig, "thief", "enrol", "--profile", "HRX", "nonsense", NULL), 1, "mistyped");
}

static void two_devices_of_an_operator_see_the_same(void **state)
{
    (void)state;
    struct rig_project project;
    struct spawned watch;
    rig_project(&rig, "HRX", 0, &project);
    rig_out_at(&rig, 0, "second", "sync", NULL);
    rig_spawn_at(&rig, &watch, "second", "watch", "--json", NULL);
    assert_true(spawned_says(&watch, "connected", SOON_MS));
    rig_out(&rig, 0, "HRX", "report", "save", project.code, "2009-09", "--progress", "第一台写的", NULL);
    const char *line = spawned_line(&watch, SOON_MS);
    assert_non_null(line);
    json_expect(line, "progress", "第一台写的");
    spawned_end(&watch, SIGTERM);
    rig_out_at(&rig, 0, "second", "report", "save", project.code, "2009-09", "--progress", "第二台改的", NULL);
    json_expect(rig_report(&rig, "HRX", &project, "2009-09"), "progress", "第二台改的");
}

/* ---- revoked ---- */

static void a_revoked_device_is_cut_off_and_told_no_more(void **state)
{
    (void)state;
    struct spawned watch;
    char device[32];
    const char *list = rig_out(&rig, 0, "XMB-A", "device", "list", "--label", "第二台", "--json", NULL);
    assert_true(json_value(list, "id", device, sizeof device));
    rig_out_at(&rig, 0, "second", "sync", NULL);
    rig_spawn_at(&rig, &watch, "second", "watch", "--json", NULL);
    assert_true(spawned_says(&watch, "connected", SOON_MS));
    rig_out(&rig, 0, "XMB-A", "device", "revoke", device, "--reason", "电脑遗失", "--yes", NULL);
    assert_true(spawned_says(&watch, "does not admit this key", SOON_MS));
    assert_null(spawned_line(&watch, 200)); /* not even the revocation itself */
    spawned_end(&watch, SIGTERM);
    told(rig_duban_at(&rig, "second", "report", "list", NULL), 0, "does not admit this key");
    char *log = rig_log(&rig);
    assert_non_null(strstr(log, "key not known")); /* the daemon's log says more than the client is told */
    free(log);
    /* what he does waits, and is said to */
    struct rig_project project;
    rig_project(&rig, "HRX", 0, &project);
    struct run run =
        rig_duban_at(&rig, "second", "report", "save", project.code, "2009-09", "--progress", "还想写", NULL);
    assert_int_equal(run.status, 5);
    run_free(&run);
    json_expect(rig_report(&rig, "HRX", &project, "2009-09"), "progress", "第二台改的");
    const char *found = rig_out_at(&rig, 1, "second", "doctor", "--json", NULL);
    char row[1000];
    assert_non_null(json_row(found, "check", "link", row, sizeof row));
    json_expect(row, "result", "bad");
    assert_non_null(strstr(row, "ticket"));
    rig_out(&rig, 0, "HRX", "sync", NULL); /* the first device goes on */
}

static void a_suspended_operator_is_out_with_all_devices(void **state)
{
    (void)state;
    struct spawned watch;
    char id[32];
    rig_watch(&rig, &watch, "PJX", true);
    const char *list = rig_out(&rig, 0, "XMB-A", "operator", "list", "--login", "PJX", "--json", NULL);
    assert_true(json_value(list, "id", id, sizeof id));
    rig_out(&rig, 0, "XMB-A", "operator", "suspend", id, "--reason", "调离岗位", "--yes", NULL);
    assert_true(spawned_says(&watch, "does not admit this key", SOON_MS));
    spawned_end(&watch, SIGTERM);
    struct run run = rig_duban(&rig, "PJX", "sync", NULL);
    assert_int_not_equal(run.status, 0);
    run_free(&run);
    rig_out(&rig, 0, "XMB-A", "operator", "restore", id, NULL);
    rig_out(&rig, 0, "PJX", "sync", NULL);
}

/* ---- resuming over what one may not see ---- */

/* Greets with what the caller claims to have and takes all pages; counts the records of a kind and looks for the
 * id of one that must not come. */
static unsigned take_pages(struct raw *raw, const struct hello *hello, unsigned kind, uint64_t never, bool *afresh)
{
    struct pack pack;
    struct frame frame;
    unsigned count = 0;
    pack_init(&pack, 1024);
    hello_pack(&pack, hello);
    raw_send(raw, pack.at, pack.used);
    pack_free(&pack);
    assert_true(raw_expect(raw, FRAME_WELCOME, &frame, SOON_MS));
    *afresh = frame.as.welcome.afresh;
    for (bool more = frame.as.welcome.pages; more;) {
        assert_true(raw_expect(raw, FRAME_PAGE, &frame, SOON_MS));
        for (unsigned i = 0; i < frame.as.page.count; i++) {
            const struct wire_change *change = &frame.as.page.changes[i];
            if (change->record.kind != kind) continue;
            count++;
            assert_int_not_equal(change->record.id, never);
        }
        more = frame.as.page.more;
        if (!more) break;
        pack_init(&pack, 64);
        more_pack(&pack);
        raw_send(raw, pack.at, pack.used);
        pack_free(&pack);
    }
    return count;
}

static void nobody_resumes_over_what_he_may_not_see(void **state)
{
    (void)state;
    struct raw county, other;
    struct welcome welcome, own;
    struct rig_project project;
    bool afresh;
    rig_project(&rig, "HRX", 0, &project);
    uint64_t draft = (uint64_t)json_number(rig_report(&rig, "HRX", &project, "2009-09"), "id");
    raw_open(&county, &rig, "HRX", NULL);
    assert_true(raw_greet(&county, &welcome));
    raw_close(&county);
    raw_open(&other, &rig, "PJX", NULL);
    assert_true(raw_greet(&other, &own));
    struct hello hello = {.protocol_oldest = 1, .protocol_newest = 1, .program = text_of("raw"), .remember = 1};
    const struct {
        uint64_t have;
        uint32_t scope;
        bool afresh;
    } claims[] = {
        {0, 0, true},                           /* has nothing */
        {1, own.scope, false},                  /* all since the founding */
        {own.head - 1, welcome.scope, true},    /* has what the county has */
        {own.head + 1000, own.scope, true},     /* has more than there is */
        {UINT64_MAX >> 1, welcome.scope, true}, /* and far more */
    };
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        hello.have = claims[i].have;
        hello.scope = claims[i].scope;
        take_pages(&other, &hello, KIND_report, draft, &afresh);
        assert_int_equal(afresh, claims[i].afresh);
    }
    raw_close(&other);
    /* the county itself gets it */
    raw_open(&county, &rig, "HRX", NULL);
    hello.have = 0;
    hello.scope = 0;
    assert_int_equal(take_pages(&county, &hello, KIND_report, 0, &afresh), 1);
    raw_close(&county);
}

/* ---- passphrases, shared workstations ---- */

static void write_passphrase(const char *name, const char *text, unsigned mode, char path[300])
{
    snprintf(path, 300, "%s", rig_file(&rig, name, text, strlen(text)));
    chmod(path, mode);
}

static void the_passphrase_guards_the_key(void **state)
{
    (void)state;
    char wrong[300], open_to_all[300], fresh[300], short_one[300];
    write_passphrase("wrong", "duban-dome", 0600, wrong);
    write_passphrase("open", "duban-demo", 0644, open_to_all);
    write_passphrase("new", "另一句新口令", 0600, fresh);
    write_passphrase("short", "abc", 0600, short_one);
    told(rig_duban(&rig, "HRX", "status", "--passphrase-file", wrong, NULL), 1, "wrong passphrase");
    told(rig_duban(&rig, "HRX", "status", "--passphrase-file", open_to_all, NULL), 1, "can be read by others");
    told(rig_duban(&rig, "HRX", "passphrase", "--new-passphrase-file", short_one, NULL), 2, "too short");
    rig_out(&rig, 0, "HRX", "passphrase", "--new-passphrase-file", fresh, NULL);
    told(rig_duban(&rig, "HRX", "status", NULL), 1, "wrong passphrase");
    rig_out(&rig, 0, "HRX", "status", "--passphrase-file", fresh, NULL);
    char old[300];
    snprintf(old, sizeof old, "%s/passphrase", rig.directory);
    rig_out(&rig, 0, "HRX", "passphrase", "--passphrase-file", fresh, "--new-passphrase-file", old, NULL);
    rig_out(&rig, 0, "HRX", "sync", NULL);
}

/* clauses: 0.1 */
static void two_operators_share_a_workstation(void **state)
{
    (void)state;
    char first[600], second[600];
    rig_ticket(&rig, "XYX", first, sizeof first);
    rig_ticket(&rig, "XYX-L", second, sizeof second);
    rig_out_at(&rig, 0, "shared", "enrol", "--profile", "clerk", first, NULL);
    rig_out_at(&rig, 0, "shared", "enrol", "--profile", "leader", second, NULL);
    assert_int_equal(json_lines(rig_out_at(&rig, 0, "shared", "profiles", "--json", NULL)), 2);
    told(rig_duban_at(&rig, "shared", "status", NULL), 2, "clerk");
    json_expect(rig_out_at(&rig, 0, "shared", "status", "--profile", "clerk", "--json", NULL), "login", "XYX");
    json_expect(rig_out_at(&rig, 0, "shared", "status", "--profile", "leader", "--json", NULL), "login", "XYX-L");
    told(rig_duban_at(&rig, "shared", "status", "--profile", "nobody", NULL), 1, "no key");
    /* each acts as himself */
    told(rig_duban_at(&rig, "shared", "person", "create", "--profile", "leader", "--unit", "XYX", "--name", "甲", NULL),
         4, "may not");
    rig_out_at(&rig, 0, "shared", "person", "create", "--profile", "clerk", "--unit", "XYX", "--name", "甲", NULL);
    /* the key files are nobody else's to read */
    struct stat info;
    char path[400];
    snprintf(path, sizeof path, "%s/home-shared/clerk/key", rig.directory);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 077, 0);
}

/* ---- one daemon ---- */

static void a_second_daemon_is_refused_with_the_first_ones_number(void **state)
{
    (void)state;
    char pid[64];
    snprintf(pid, sizeof pid, "pid %ld", (long)rig.daemon);
    told(rig_duband(&rig, "serve", rig.registry, NULL), 1, pid);
    told(rig_duband(&rig, "check", rig.registry, NULL), 1, "in use by another process");
    told(rig_duband(&rig, "import", rig.registry, "units", rig_data("units.csv"), NULL), 1,
         "in use by another process");
    rig_out(&rig, 0, "HRX", "sync", NULL);
    /* a port that is taken is another matter, and said so */
    struct rig other;
    char endpoint[64];
    rig_prepare(&other);
    rig_found(&other);
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%u", rig.port);
    struct run run = rig_duband(&other, "serve", other.registry, "--listen", endpoint, NULL);
    assert_int_equal(run.status, 1);
    assert_non_null(strstr(run.err, endpoint));
    run_free(&run);
    rig_end(&other);
}

/* ---- doctor ---- */

static void expect_finding(const char *found, const char *check, const char *result, const char *advice)
{
    char row[2000];
    if (json_row(found, "check", check, row, sizeof row) == NULL) rig_fail("no %s in %s", check, found);
    json_expect(row, "result", result);
    if (strstr(row, advice) == NULL) rig_fail("no \"%s\" in %s", advice, row);
}

static void the_doctor_says_what_is_wrong_and_what_to_do(void **state)
{
    (void)state;
    char wrong[300], home[300];
    const char *found = rig_out(&rig, 0, "HRX", "doctor", "--json", NULL);
    expect_finding(found, "link", "ok", "connected");
    expect_finding(found, "clock", "note", "its own time");
    found = rig_out_at(&rig, 1, "empty", "doctor", "--json", NULL);
    expect_finding(found, "profile", "bad", "enrol");
    write_passphrase("wrong", "duban-dome", 0600, wrong);
    found = rig_out(&rig, 1, "HRX", "doctor", "--json", "--passphrase-file", wrong, NULL);
    expect_finding(found, "passphrase", "bad", "ticket");
    rig_home(&rig, "HRX/HRX", home, sizeof home);
    chmod(home, 0755);
    expect_finding(rig_out(&rig, 1, "HRX", "doctor", "--json", NULL), "profile", "bad", "chmod 700");
    chmod(home, 0700);
    rig_stop(&rig, SIGTERM);
    found = rig_out(&rig, 1, "HRX", "doctor", "--json", NULL);
    expect_finding(found, "tcp", "bad", "");
    rig_serve(&rig);
    setenv("LC_ALL", "C", 1);
    found = rig_out(&rig, 1, "HRX", "doctor", "--json", NULL);
    expect_finding(found, "locale", "bad", "UTF-8");
    setenv("LC_ALL", "C.UTF-8", 1);
}

/* Moves the clock, so it comes last. */
static void a_late_ticket_is_refused(void **state)
{
    (void)state;
    char ticket[600];
    const char *invited = rig_out(&rig, 0, "XMB-A", "device", "invite", "--operator", "HRX", "--json", NULL);
    assert_true(json_value(invited, "ticket", ticket, sizeof ticket));
    rig_set_clock(&rig, "2009-09-29 12:00");
    told(rig_duban_at(&rig, "late", "enrol", "--profile", "HRX", ticket, NULL), 1, "out of date");
    rig_stop(&rig, SIGTERM);
    const char *said = rig_daemon_out(&rig, 0, "ticket", rig.registry, "HRX", "--label", "补发", NULL);
    snprintf(ticket, sizeof ticket, "%.*s", (int)strcspn(said, "\n"), said);
    rig_serve(&rig);
    rig_out_at(&rig, 0, "late", "enrol", "--profile", "HRX", ticket, NULL);
    rig_out_at(&rig, 0, "late", "sync", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_works_once),
        cmocka_unit_test(two_devices_of_an_operator_see_the_same),
        cmocka_unit_test(a_revoked_device_is_cut_off_and_told_no_more),
        cmocka_unit_test(a_suspended_operator_is_out_with_all_devices),
        cmocka_unit_test(nobody_resumes_over_what_he_may_not_see),
        cmocka_unit_test(the_passphrase_guards_the_key),
        cmocka_unit_test(two_operators_share_a_workstation),
        cmocka_unit_test(a_second_daemon_is_refused_with_the_first_ones_number),
        cmocka_unit_test(the_doctor_says_what_is_wrong_and_what_to_do),
        cmocka_unit_test(a_late_ticket_is_refused),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
