/* issue_test.c - a registered issue by scripts at a real daemon: from a monthly report's difficulties to its
 * cancellation, with a deadline that passes on the way; and the signatures of its history verified. Clause 5.5. */
#include "tests/lib/rig_report.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOON_MS = 10000 };

static struct rig rig;
static struct rig_project project;
static char owner[40]; /* login of the project's owner */

static int start_rig(void **state)
{
    static const char *const all[] = {"XMB", "HRX", "HRX-L", "PJX", "GTJ", "GTJ-L", "DLJ"};
    char id[40];
    (void)state;
    rig_start(&rig);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rig_enrol(&rig, all[i]);
    rig_project(&rig, "HRX", 0, &project);
    const char *shown = rig_out(&rig, 0, "XMB", "project", "show", project.code, "--json", NULL);
    snprintf(id, sizeof id, "#%ld", json_number(shown, "owner_id"));
    if (!json_value(rig_out(&rig, 0, "XMB", "unit", "show", id, "--json", NULL), "code", owner, sizeof owner))
        rig_fail("no owner");
    rig_enrol(&rig, owner);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

static void expect_state(const char *login, const char *kind, const char *id, const char *wanted)
{
    json_expect(rig_out(&rig, 0, login, kind, "show", id, "--json", NULL), "state", wanted);
}

/* The next push of this kind and action to a watcher. */
static void await_push(struct spawned *watch, const char *kind, const char *action)
{
    char found[2][64];
    for (;;) {
        const char *line = spawned_line(watch, SOON_MS);
        if (line == NULL) rig_fail("no push of %s %s came", kind, action);
        if (!json_value(line, "kind", found[0], sizeof found[0])) continue;
        if (!json_value(line, "action", found[1], sizeof found[1])) continue;
        if (strcmp(found[0], kind) == 0 && strcmp(found[1], action) == 0) return;
    }
}

/* clauses: 2.4 5.5a 5.5b 5.5c */
static void difficulties_of_a_report_are_registered_and_assigned(void **state)
{
    (void)state;
    struct report_args args;
    struct spawned bureau;
    rig_report_args(&args, "submit", &project, "2009-09", 60);
    args.argv[12] = "三户房屋未签拆迁协议";
    rig_out_args(&rig, 0, "HRX", args.argv);
    expect_state("XMB", "issue", "#1", "collected");
    char row[2000];
    assert_non_null(json_row(rig_out(&rig, 0, "XMB", "desk", "--json", NULL), "action", "register", row, sizeof row));
    rig_err(&rig, 4, "HRX", "issue", "register", "#1", "--nature", "land", "--yes", NULL);
    rig_out(&rig, 0, "XMB", "issue", "register", "#1", "--nature", "land", "--yes", NULL);
    rig_out(&rig, 0, "HRX", "issue", "collect", "--project", project.code, "--nature", "utilities", "--text",
            "电力未迁", NULL);
    rig_out(&rig, 0, "XMB", "issue", "decline", "#2", "--reason", "与一号问题重复", "--yes", NULL);
    rig_watch(&rig, &bureau, "GTJ", true);
    rig_out(&rig, 0, "XMB", "issue", "assign", "2009", "1", "--departments", "GTJ,DLJ", "--limit", "5", "--yes", NULL);
    await_push(&bureau, "issue", "assign"); /* at once, without being asked for */
    spawned_end(&bureau, SIGTERM);
    expect_state("GTJ", "assignment", "#1", "assigned");
    expect_state("DLJ", "assignment", "#2", "assigned");
    rig_err(&rig, 3, "DLJ", "assignment", "show", "#1", NULL);
    rig_err(&rig, 3, "PJX", "issue", "show", "#1", NULL);
}

/* Waits until the assignment of GTJ has come so far up. */
static void await_rung(const char *wanted)
{
    char rung[40] = "";
    for (int64_t until = rig_clock_ms() + SOON_MS; rig_clock_ms() < until; rig_pause()) {
        const char *shown = rig_out(&rig, 0, "GTJ", "assignment", "show", "#1", "--json", NULL);
        if (json_value(shown, "rung", rung, sizeof rung) && strcmp(rung, wanted) == 0) return;
    }
    rig_fail("rung \"%s\", not \"%s\"", rung, wanted);
}

/* clauses: 4.5 5.5c 5.5i */
static void what_is_overdue_comes_to_the_head_in_person(void **state)
{
    (void)state;
    rig_out(&rig, 0, "DLJ", "assignment", "accept", "#2", NULL);
    rig_out(&rig, 0, "DLJ", "assignment", "handle", "#2", "--handling", "线路已改迁", NULL);
    rig_out(&rig, 0, "DLJ", "assignment", "request", "#2", "--request", "电力改迁已完成,请予销号", NULL);
    rig_out(&rig, 0, "GTJ", "assignment", "accept", "#1", NULL);
    rig_set_clock(&rig, "2009-11-02 10:00");
    await_rung("overdue"); /* noticed only now, and each step counts from when the one before was taken */
    rig_set_clock(&rig, "2009-11-06 10:00");
    await_rung("head");
    json_expect(rig_out(&rig, 0, "HRX", "issue", "show", "#1", "--json", NULL), "rung", "head");
    char row[2000];
    assert_non_null(json_row(rig_out(&rig, 0, "GTJ-L", "desk", "--json", NULL), "action", "measure", row, sizeof row));
    expect_state("XMB", "assignment", "#1", "escalated");
    rig_err(&rig, 4, "GTJ", "assignment", "measure", "#1", "--measure", "我来签", NULL);
    rig_out(&rig, 0, "GTJ-L", "assignment", "measure", "#1", "--measure", "本周现场办公解决", NULL);
    rig_out(&rig, 0, "GTJ", "assignment", "handle", "#1", "--handling", "三户已签协议", NULL);
    rig_out(&rig, 0, "GTJ", "assignment", "request", "#1", "--request", "问题已解决,请予销号", NULL);
    json_expect(rig_out(&rig, 0, "XMB", "assignment", "show", "#1", "--json", NULL), "late", "true");
}

/* clauses: 5.5d 5.5e 5.5f */
static void it_is_cancelled_after_signed_satisfaction_alone(void **state)
{
    (void)state;
    expect_state(owner, "issue", "#1", "requested");
    rig_err(&rig, 4, "XMB", "issue", "cancel", "#1", "--yes", NULL);
    rig_err(&rig, 4, "GTJ", "issue", "satisfy", "#1", "--opinion", "满意", NULL);
    rig_out(&rig, 0, owner, "issue", "dissatisfy", "#1", "--opinion", "还有一户未搬", NULL);
    const char *back = rig_out(&rig, 0, "GTJ", "assignment", "show", "#1", "--json", NULL);
    json_expect(back, "state", "accepted");
    json_expect(back, "reason", "还有一户未搬");
    json_expect(back, "returns", "1");
    static const char *const again[][2] = {{"GTJ", "#1"}, {"DLJ", "#2"}};
    for (size_t i = 0; i < sizeof again / sizeof *again; i++) {
        rig_out(&rig, 0, again[i][0], "assignment", "handle", again[i][1], "--handling", "全部办结", NULL);
        rig_out(&rig, 0, again[i][0], "assignment", "request", again[i][1], "--request", "请予销号", NULL);
    }
    rig_out(&rig, 0, owner, "issue", "satisfy", "#1", "--opinion", "满意,同意销号", NULL);
    rig_out(&rig, 0, "XMB", "issue", "cancel", "#1", "--yes", NULL);
    expect_state("HRX", "issue", "#1", "cancelled");
}

/* clauses: 5.5e */
static void signatures_are_verified_by_whoever_sees_the_record(void **state)
{
    (void)state;
    char row[4000], key[80], other[80];
    const char *lines = rig_out(&rig, 0, "HRX", "verify", "issue", "#1", "--json", NULL);
    assert_non_null(json_row(lines, "action", "satisfy", row, sizeof row));
    json_expect(row, "proof", "verified");
    json_expect(row, "opinion", "满意,同意销号"); /* out of the signed bytes */
    assert_true(json_value(row, "key", key, sizeof key));
    /* the key is the owner's own device's */
    const char *devices = rig_out(&rig, 0, owner, "device", "list", "--json", NULL);
    assert_non_null(json_row(devices, "state", "active", row, sizeof row));
    char id[40];
    snprintf(id, sizeof id, "#%ld", json_number(row, "id"));
    json_expect(rig_out(&rig, 0, owner, "device", "show", id, "--json", NULL), "sign_key", key);
    /* an act on an assignment with consequences here is verified there */
    assert_non_null(json_row(lines, "kind", "assignment", row, sizeof row));
    assert_non_null(json_row(lines, "proof", "elsewhere", row, sizeof row));
    assert_non_null(json_row(lines, "action", "cancel", row, sizeof row));
    assert_true(json_value(row, "key", other, sizeof other));
    assert_string_not_equal(key, other);

    const char *said = rig_out(&rig, 0, "XMB", "verify", "issue", "2009", "1", "--key", key, NULL);
    assert_non_null(strstr(said, "signed, verified"));
    assert_non_null(strstr(said, "opinion: 满意,同意销号"));
    assert_non_null(strstr(said, "signed with another key"));
    said = rig_out(&rig, 0, "XMB", "verify", "assignment", "#1", NULL);
    assert_non_null(strstr(said, "measure signed by the head: 本周现场办公解决"));
    key[0] = key[0] == '0' ? '1' : '0';
    said = rig_err(&rig, 3, "XMB", "verify", "issue", "#1", "--key", key, NULL);
    assert_non_null(strstr(said, "nothing here was signed with this key"));
    rig_err(&rig, 2, "XMB", "verify", "issue", "#1", "--key", "abc", NULL);
    rig_err(&rig, 3, "PJX", "verify", "issue", "#1", NULL);
    rig_stop(&rig, SIGTERM);
    rig_daemon_out(&rig, 0, "check", rig.registry, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(difficulties_of_a_report_are_registered_and_assigned),
        cmocka_unit_test(what_is_overdue_comes_to_the_head_in_person),
        cmocka_unit_test(it_is_cancelled_after_signed_satisfaction_alone),
        cmocka_unit_test(signatures_are_verified_by_whoever_sees_the_record),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
