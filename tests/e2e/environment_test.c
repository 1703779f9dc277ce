/* environment_test.c - the environment of projects, by scripts at a real daemon: fees against the policy, visits to
 * closed sites, complaints against police stations, stops of work without approval, a plaque that goes up by two keys;
 * who is told at once; and all of it by area, at the keyboard, too. Clauses 4 and 5.2. */
#include "tests/lib/rig_report.h"
#include "tests/lib/sitting.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static struct rig rig;
static struct rig_project project;
static char owner[40];

static int start_rig(void **state)
{
    static const char *const all[] = {"XMB", "HRX", "PJX", "FGW",     "YY",     "GAJ",
                                      "JSJ", "JCJ", "ZQS", "PCS-HRX", "PCS-PJX"};
    char id[40];
    (void)state;
    rig_start(&rig);
    sitting_begin(&rig);
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

static const char *shown(const char *login, const char *kind, const char *id)
{
    return rig_out(&rig, 0, login, kind, "show", id, "--json", NULL);
}

/* The next push to a watcher is this. */
static void expect_push(struct spawned *watch, const char *kind, const char *action, const char *state)
{
    const char *line = spawned_line(watch, SOON_MS);
    if (line == NULL) rig_fail("no push of %s %s came", kind, action);
    json_expect(line, "kind", kind);
    json_expect(line, "action", action);
    json_expect(line, "state", state);
}

/* Waits until the record shows a value: the registry's own acts come when they come. */
static void await(const char *kind, const char *id, const char *name, const char *wanted)
{
    char value[200];
    for (int64_t end = rig_clock_ms() + SOON_MS; rig_clock_ms() < end; rig_pause())
        if (json_value(shown("XMB", kind, id), name, value, sizeof value) && strcmp(value, wanted) == 0) return;
    rig_fail("%s of %s %s is not %s", name, kind, id, wanted);
}

/* ---- fees ---- */

static void enter_policy(const char *item, const char *lower, const char *upper, const char *waivable)
{
    rig_out(&rig, 0, "XMB", "policy", "enter", "--item", item, "--basis", "岳政发〔2009〕1号", "--waivable", waivable,
            "--lower", lower, "--upper", upper, "--from", "2009-01-01", NULL);
}

static void enter_fee(const char *login, const char *policy, const char *charged)
{
    rig_out(&rig, 0, login, "fee", "enter", "--project", project.code, "--policy", policy, "--asker", "FGW",
            "--charged-on", "2009-09-25", "--charged", charged, NULL);
}

/* What was charged against the policy is not refused: it is flagged, and office and supervision hear of it. */
/* clauses: 4.2 4.3 */
static void fees_are_measured_by_the_policy(void **state)
{
    (void)state;
    struct spawned office, supervision;
    rig_err(&rig, 4, "FGW", "policy", "enter", "--item", "工本费", "--basis", "自定", "--lower", "1", "--upper", "2",
            "--from", "2009-01-01", NULL);
    rig_err(&rig, 4, "XMB", "policy", "enter", "--item", "工本费", "--basis", "岳政发〔2009〕1号", "--lower", "2",
            "--upper", "1", "--from", "2009-01-01", NULL);
    enter_policy("白蚁防治费", "1000", "3000", "no");
    enter_policy("配套费", "0", "5000", "yes");
    rig_watch(&rig, &office, "XMB", true);
    rig_watch(&rig, &supervision, "JCJ", true);
    enter_fee(owner, "#1", "1000"); /* just the lower bound */
    expect_push(&office, "fee", "enter", "entered");
    expect_push(&supervision, "fee", "enter", "entered");
    enter_fee(owner, "#1", "1500");
    expect_push(&office, "fee", "enter", "flagged");
    expect_push(&supervision, "fee", "enter", "flagged");
    enter_fee("FGW", "#2", "200"); /* by the department that charged it, though it can be waived */
    expect_push(&supervision, "fee", "enter", "flagged");
    assert_int_equal(spawned_end(&office, SIGTERM), 0);
    json_expect(shown("JCJ", "fee", "2"), "above_lower", "true");
    json_expect(shown("JCJ", "fee", "2"), "above_upper", "false");
    json_expect(shown(owner, "fee", "3"), "not_waived", "true");
    rig_err(&rig, 3, "PJX", "fee", "show", "2", NULL);
    rig_err(&rig, 4, "FGW", "fee", "correct", "2", "--charged", "1000", "--reason", "退还多收部分", NULL);
    rig_out(&rig, 0, owner, "fee", "correct", "2", "--charged", "1000", "--reason", "已退还多收部分", NULL);
    expect_push(&supervision, "fee", "correct", "entered");
    assert_int_equal(spawned_end(&supervision, SIGTERM), 0);
    rig_err(&rig, 4, "FGW", "fee", "check", "2", "--remark", "属实", "--yes", NULL);
    rig_out(&rig, 0, "XMB", "fee", "check", "2", "--remark", "已退还,核实", "--yes", NULL);
    rig_err(&rig, 4, owner, "fee", "correct", "2", "--charged", "1", "--reason", "再改一次", NULL);
    json_expect(shown("XMB", "fee", "3"), "state", "flagged"); /* stands until the office has dealt with it */
}

/* ---- visits ---- */

/* A visit of the construction bureau that nobody had filed. */
static void report_visit(int status, const char *login, const char *day)
{
    struct run run = rig_duban(&rig, login, "visit", "report", "--project", project.code, "--asker", "JSJ", "--day",
                               day, "--reason", "未经备案进场检查", "--yes", NULL);
    assert_int_equal(run.status, status);
    run_free(&run);
}

/* Who comes to a closed site says so before; who did not is reported by the owner and has to answer for it. */
/* clauses: 4.4 */
static void visits_are_filed_before_they_come(void **state)
{
    (void)state;
    struct spawned site, department, supervision;
    rig_watch(&rig, &site, owner, true);
    rig_err(&rig, 4, "FGW", "visit", "file", "--project", project.code, "--asker", "FGW", "--day", "2009-09-25",
            "--reason", "例行检查", NULL); /* afterwards is not before */
    rig_out(&rig, 0, "FGW", "visit", "file", "--project", project.code, "--asker", "FGW", "--day", "2009-09-28",
            "--reason", "例行检查", "--persons", "张三、李四", NULL);
    expect_push(&site, "visit", "file", "filed");
    rig_out(&rig, 0, "FGW", "visit", "file", "--project", project.code, "--asker", "FGW", "--day", "2009-09-30",
            "--reason", "安全检查", NULL);
    expect_push(&site, "visit", "file", "filed");
    rig_err(&rig, 4, "FGW", "visit", "finish", "2", "--result", "未发现问题", "--yes", NULL); /* not before the day */
    rig_err(&rig, 4, "HRX", "visit", "finish", "1", "--result", "未发现问题", "--yes", NULL);
    rig_out(&rig, 0, "FGW", "visit", "finish", "1", "--result", "未发现问题", "--yes", NULL);
    expect_push(&site, "visit", "finish", "done");
    assert_int_equal(spawned_end(&site, SIGTERM), 0);
    rig_watch(&rig, &department, "JSJ", true);
    rig_watch(&rig, &supervision, "JCJ", true);
    report_visit(4, "HRX", "2009-09-25"); /* the owner knows who came */
    report_visit(4, owner, "2009-09-30");
    report_visit(0, owner, "2009-09-25");
    expect_push(&department, "visit", "report", "unregistered");
    expect_push(&supervision, "visit", "report", "unregistered");
    assert_int_equal(spawned_end(&department, SIGTERM), 0);
    assert_int_equal(spawned_end(&supervision, SIGTERM), 0);
    rig_err(&rig, 4, "FGW", "visit", "explain", "3", "--statement", "与我无关", NULL);
    rig_out(&rig, 0, "JSJ", "visit", "explain", "3", "--statement", "接群众举报,情况紧急", NULL);
    rig_err(&rig, 4, "JSJ", "visit", "settle", "3", "--outcome", "不予追究", "--yes", NULL);
    rig_out(&rig, 0, "XMB", "visit", "settle", "3", "--outcome", "责令书面检讨", "--yes", NULL);
    json_expect(shown(owner, "visit", "3"), "state", "settled");
}

/* clauses: 4.6 */
static void a_stop_without_approval_reaches_the_government_at_once(void **state)
{
    (void)state;
    struct spawned government;
    rig_watch(&rig, &government, "YY", true);
    rig_out(&rig, 0, "HRX", "stop", "report", "--project", project.code, "--asker", "FGW", "--from", "2009-09-01",
            "--reason", "口头要求停工", "--yes", NULL);
    const char *line = spawned_line(&government, SOON_MS);
    if (line == NULL) rig_fail("no push of the violation came");
    json_expect(line, "kind", "stop");
    json_expect(line, "state", "violation");
    json_expect(line, "reason", "口头要求停工");
    assert_int_equal(spawned_end(&government, SIGTERM), 0);
    rig_out(&rig, 0, "FGW", "stop", "explain", "1", "--statement", "情况紧急", NULL);
    rig_err(&rig, 4, "XMB", "stop", "settle", "1", "--outcome", "通报批评", "--yes",
            NULL); /* the work has not gone on */
    rig_out(&rig, 0, "XMB", "stop", "settle", "1", "--outcome", "通报批评", "--resumed", "2009-09-05", "--yes", NULL);
    json_expect(rig_out(&rig, 0, "YY", "stop", "show", "1", "--json", NULL), "state", "settled");
}

/* clauses: 4.7 5.2a 5.2c */
static void a_plaque_takes_two_keys(void **state)
{
    (void)state;
    const char *no = rig_err(&rig, 4, "HRX", "protection", "propose", "--project", project.code, "--station", "PCS-HRX",
                             "--evidence", "多次阻工", NULL);
    assert_non_null(strstr(no, "poor environment"));
    rig_out(&rig, 0, "HRX", "incident", "report", "--project", project.code, "--type", "obstruction", "--place", "K3",
            "--day", "2009-09-02", "--harm", "停工半日", "--station", "PCS-HRX", "--yes", NULL);
    rig_out(&rig, 0, "HRX", "protection", "propose", "--project", project.code, "--station", "PCS-HRX", "--evidence",
            "多次阻工", NULL);
    rig_out(&rig, 0, "GAJ", "protection", "confirm", "1", "--opinion", "同意", NULL);
    rig_err(&rig, 4, "GAJ", "protection", "confirm", "1", "--opinion", "同意", NULL);
    rig_err(&rig, 4, "PCS-HRX", "protection", "put_up", "1", "--plaque", "001", "--up-on", "2009-09-03", "--officers",
            "周警官", "--yes", NULL);
    rig_out(&rig, 0, "JSJ", "protection", "confirm", "1", "--opinion", "同意", NULL);
    rig_out(&rig, 0, "PCS-HRX", "protection", "put_up", "1", "--plaque", "001", "--up-on", "2009-09-03", "--officers",
            "周警官", "--yes", NULL);
    json_expect(rig_out(&rig, 0, "XMB", "protection", "show", "1", "--json", NULL), "state", "up");
}

/* ---- complaints ---- */

static void complain(const char *type, const char *text)
{
    rig_out(&rig, 0, owner, "complaint", "make", "--project", project.code, "--station", "PCS-HRX", "--type", type,
            "--text", text, "--yes", NULL);
}

/* The duty room orders, the station rectifies, the duty room closes; what stays undone goes up by itself. */
/* clauses: 5.2b 5.2e */
static void stations_that_fail_are_supervised(void **state)
{
    (void)state;
    struct spawned duty_room, station, bureau;
    rig_err(&rig, 4, owner, "complaint", "make", "--project", project.code, "--station", "FGW", "--type", "inaction",
            "--text", "不是派出所", "--yes", NULL);
    rig_watch(&rig, &duty_room, "ZQS", true);
    rig_watch(&rig, &station, "PCS-HRX", true);
    complain("inaction", "报警后两小时未出警");
    expect_push(&duty_room, "complaint", "make", "made");
    expect_push(&station, "complaint", "make", "made");
    assert_non_null(strstr(rig_out(&rig, 0, "ZQS", "desk", "--json", NULL), "\"kind\":\"complaint\""));
    rig_err(&rig, 4, "HRX", "complaint", "order", "1", "--order", "限期整改", "--yes", NULL);
    rig_out(&rig, 0, "ZQS", "complaint", "order", "1", "--order", "向业主说明情况,落实值守", "--due", "2009-09-30",
            "--yes", NULL);
    expect_push(&station, "complaint", "order", "ordered");
    rig_err(&rig, 3, "PJX", "complaint", "show", "1", NULL);
    rig_out(&rig, 0, "PCS-HRX", "complaint", "rectify", "1", "--result", "已派专人值守", NULL);
    expect_push(&duty_room, "complaint", "order", "ordered");
    expect_push(&duty_room, "complaint", "rectify", "rectified");
    rig_err(&rig, 4, "PCS-HRX", "complaint", "close", "1", "--outcome", "自行结案", "--yes", NULL);
    rig_out(&rig, 0, "ZQS", "complaint", "close", "1", "--outcome", "业主认可", "--yes", NULL);
    json_expect(shown(owner, "complaint", "1"), "state", "closed");
    assert_int_equal(spawned_end(&station, SIGTERM), 0);
    assert_int_equal(spawned_end(&duty_room, SIGTERM), 0);
    complain("wrong_action", "偏袒阻工人员");
    rig_out(&rig, 0, "ZQS", "complaint", "order", "2", "--order", "调换责任民警", "--due", "2009-09-30", "--yes", NULL);
    rig_set_clock(&rig, "2009-10-20 00:01");
    await("complaint", "2", "rung", "overdue");
    rig_watch(&rig, &bureau, "GAJ", true);
    rig_set_clock(&rig, "2009-10-24 00:01");
    await("complaint", "2", "state", "escalated");
    const char *line;
    char kind[40] = "", now[40] = "";
    while (strcmp(kind, "complaint") != 0 || strcmp(now, "escalated") != 0) {
        if ((line = spawned_line(&bureau, SOON_MS)) == NULL) rig_fail("the bureau was not told");
        if (!json_value(line, "kind", kind, sizeof kind) || !json_value(line, "state", now, sizeof now)) kind[0] = '\0';
    }
    assert_int_equal(spawned_end(&bureau, SIGTERM), 0);
    json_expect(shown("GAJ", "complaint", "2"), "raised", "true");
}

/* ---- by area ---- */

static void area(const char *login, const char *name, char *row, size_t max)
{
    const char *lines = rig_out(&rig, 0, login, "environment", "--json", NULL);
    if (json_row(lines, "area", name, row, max) == NULL) rig_fail("%s has no row for %s: %s", login, name, lines);
}

/* What the tests before have left: in Huarong much that is overdue by now, in Pingjiang one thing from today. Each sees
 * the areas and numbers that are his. */
/* clauses: 4.1 */
static void the_environment_is_seen_by_area(void **state)
{
    (void)state;
    struct rig_project other;
    char row[1000], value[40];
    rig_project(&rig, "PJX", 0, &other);
    rig_out(&rig, 0, "PJX", "incident", "report", "--project", other.code, "--type", "forced_trade", "--place", "K1",
            "--day", "2009-10-23", "--harm", "强卖砂石", "--station", "PCS-PJX", "--yes", NULL);
    area("XMB", "华容县", row, sizeof row);
    assert_int_equal(json_number(row, "fees"), 1); /* the others were corrected or within the bounds */
    assert_int_equal(json_number(row, "visits"), 1);
    assert_int_equal(json_number(row, "visits_urgent"), 1); /* filed for September, and nothing entered */
    assert_int_equal(json_number(row, "stops"), 0);         /* settled */
    assert_int_equal(json_number(row, "incidents"), 1);
    assert_int_equal(json_number(row, "incidents_urgent"), 1);
    assert_int_equal(json_number(row, "protections"), 1);
    assert_int_equal(json_number(row, "complaints"), 1);
    assert_int_equal(json_number(row, "complaints_urgent"), 1);
    assert_int_equal(json_number(row, "urgent"), 3);
    area("XMB", "平江县", row, sizeof row);
    assert_int_equal(json_number(row, "incidents"), 1);
    assert_int_equal(json_number(row, "urgent"), 0);
    const char *lines = rig_out(&rig, 0, "XMB", "environment", "--json", NULL);
    json_expect(lines, "area", "华容县"); /* the most urgent first */
    assert_int_equal(json_lines(rig_out(&rig, 0, "PJX", "environment", "--json", NULL)), 1);
    area("GAJ", "华容县", row, sizeof row); /* the police are not told of fees: no number, not a nought */
    assert_int_equal(json_number(row, "incidents"), 1);
    assert_false(json_value(row, "fees", value, sizeof value));
    lines = rig_out(&rig, 0, "XMB", "environment", "--csv", "--sort", "area", NULL);
    assert_non_null(strstr(lines, "area,projects,urgent,fees,fees_urgent,"));
    assert_non_null(strstr(rig_out(&rig, 0, "XMB", "environment", NULL), "total"));
    rig_err(&rig, 2, "XMB", "environment", "--sort", "weather", NULL);
}

/* At the keyboard: a key, the urgent area first, each cell opens what is behind it, and a push changes the number. */
/* clauses: 4.1 */
static void its_page_follows_and_opens_lists(void **state)
{
    (void)state;
    struct pty *office = sit_down("XMB");
    type(office, "e", "environment of the works, ");
    assert_int_equal(row_of(office, "华容县"), 3);
    assert_true(pty_shows(office, "total"));
    assert_non_null(strstr(pty_row(office, (unsigned)row_of(office, "华容县")), "1 !1"));
    type(office, "lll\r", "incidents - 华容县");
    assert_true(pty_wait(office, project.code, SOON_MS));
    type(office, "q", "environment of the works, ");
    type(office, "/平江\r", ", 1 areas");
    type(office, "\r", "incidents - 平江县");
    type(office, "qq", "desk");
    type(office, ":environment hrx\r", ", 1 areas");
    int row = row_of(office, "华容县");
    rig_out(&rig, 0, "HRX", "stop", "report", "--project", project.code, "--asker", "FGW", "--from", "2009-10-22",
            "--reason", "再次停工", "--yes", NULL);
    assert_true(pty_wait(office, "stop of work", SOON_MS)); /* told below, and counted above */
    pty_settle(office, QUIET_MS);
    assert_non_null(strstr(pty_row(office, (unsigned)row), "!4"));
    get_up(office);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, clear_seats)
    const struct CMUnitTest tests[] = {
        TEST(fees_are_measured_by_the_policy),
        TEST(visits_are_filed_before_they_come),
        TEST(a_stop_without_approval_reaches_the_government_at_once),
        TEST(a_plaque_takes_two_keys),
        TEST(stations_that_fail_are_supervised),
        TEST(the_environment_is_seen_by_area),
        TEST(its_page_follows_and_opens_lists),
    };
    return cmocka_run_group_tests_name("environment", tests, start_rig, end_rig);
}
