/* job_test.c - the main job, by scripts at a real daemon: a county reports month by month, the office sees each
 * step pushed, returns, accepts, opens corrections. Clause 2; promises P3, P4. */
#include "tests/lib/rig_report.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { SOON_MS = 10000 };

static struct rig rig;
static struct rig_project first, second, third;

static int start_rig(void **state)
{
    static const char *const all[] = {"XMB", "XMB-A", "HRX", "HRX-L", "PJX", "JSJ", "FGW", "QY0001"};
    (void)state;
    rig_start(&rig);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rig_enrol(&rig, all[i]);
    rig_project(&rig, "HRX", 0, &first);
    rig_project(&rig, "HRX", 1, &second);
    rig_project(&rig, "HRX", 2, &third);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

/* The next push to a watcher is this one; returned until the next call. */
static const char *expect_push(struct spawned *watch, const char *kind, const char *action, const char *unit)
{
    const char *line = spawned_line(watch, SOON_MS);
    if (line == NULL) rig_fail("no push of %s %s came", kind, action);
    json_expect(line, "kind", kind);
    json_expect(line, "action", action);
    json_expect(line, "unit", unit);
    return line;
}

/* ---- drafts stay at home ---- */

static void a_draft_is_seen_by_its_own_unit_alone(void **state)
{
    (void)state;
    struct spawned office;
    rig_watch(&rig, &office, "XMB", true);
    rig_out(&rig, 0, "HRX", "report", "save", first.code, "2009-09", "--invested", "100", NULL);
    json_expect(rig_report(&rig, "HRX", &first, "2009-09"), "state", "draft");
    rig_err(&rig, 3, "XMB", "report", "show", first.code, "2009-09", NULL);
    rig_err(&rig, 3, "PJX", "report", "show", first.code, "2009-09", NULL);
    /* what a draft lacks is named, and it stays as it was */
    const char *said = rig_err(&rig, 4, "HRX", "report", "submit", first.code, "2009-09", "--cumulative", "1", NULL);
    assert_non_null(strstr(said, "visible progress: has to be filled in"));
    json_expect(rig_report(&rig, "HRX", &first, "2009-09"), "cumulative", "null");
    /* the draft was no push: the first thing the office hears is the submission */
    rig_submit(&rig, 0, "HRX", &first, "2009-09", 100);
    expect_push(&office, "report", "submit", "华容县");
    assert_int_equal(spawned_end(&office, SIGTERM), 0);
}

/* ---- to and fro ---- */

/* clauses: 2.8 1.2 */
static void each_step_is_pushed_to_the_other_side(void **state)
{
    (void)state;
    struct spawned office, county;
    rig_watch(&rig, &office, "XMB", true);
    rig_watch(&rig, &county, "HRX-L", true);
    rig_submit(&rig, 0, "HRX", &second, "2009-09", 60);
    const char *line = expect_push(&office, "report", "submit", "华容县");
    json_expect(line, "op", "whole");
    json_expect(line, "state", "submitted");
    json_expect(line, "progress", "路基完成");
    json_expect(line, "invested", "60");
    json_expect(line, "late", "false");
    expect_push(&county, "report", "submit", "华容县");

    rig_out(&rig, 0, "XMB", "report", "return", second.code, "2009-09", "--reason", "请补充本月完成的工程量", NULL);
    line = expect_push(&county, "report", "return", "市项目办");
    json_expect(line, "op", "changed");
    json_expect(line, "state", "returned");
    json_expect(line, "reason", "请补充本月完成的工程量");
    expect_push(&office, "report", "return", "市项目办");
    /* it is on the county's desk again */
    char row[2000];
    assert_non_null(json_row(rig_out(&rig, 0, "HRX", "desk", "--json", NULL), "what", "act", row, sizeof row));
    json_expect(row, "action", "submit");
    assert_non_null(strstr(row, second.code));

    rig_out(&rig, 0, "HRX", "report", "submit", second.code, "2009-09", "--progress", "路基12公里完成", NULL);
    line = expect_push(&office, "report", "submit", "华容县");
    json_expect(line, "progress", "路基12公里完成");
    assert_null(strstr(line, "请补充")); /* the reason was for the time before */
    rig_out(&rig, 0, "XMB", "report", "accept", second.code, "2009-09", NULL);
    json_expect(expect_push(&office, "report", "accept", "市项目办"), "state", "accepted");
    spawned_end(&office, SIGTERM);
    spawned_end(&county, SIGTERM);
    /* accepted is final for its author; everybody may see it, and the project shows its figure */
    rig_err(&rig, 4, "HRX", "report", "submit", second.code, "2009-09", NULL);
    rig_err(&rig, 4, "HRX", "report", "recall", second.code, "2009-09", NULL);
    json_expect(rig_report(&rig, "PJX", &second, "2009-09"), "state", "accepted");
    const char *project = rig_out(&rig, 0, "PJX", "project", "show", second.code, "--json", NULL);
    json_expect(project, "invested_to", "2009-09");
    assert_int_equal(json_number(project, "invested"), (long)second.invested + 60);
}

static void what_was_sent_can_be_taken_back_until_it_is_accepted(void **state)
{
    (void)state;
    struct spawned office;
    rig_watch(&rig, &office, "XMB", true);
    rig_out(&rig, 0, "HRX", "report", "recall", first.code, "2009-09", NULL);
    json_expect(expect_push(&office, "report", "recall", "华容县"), "state", "recalled");
    rig_err(&rig, 4, "XMB", "report", "accept", first.code, "2009-09", NULL);
    rig_submit(&rig, 0, "HRX", &first, "2009-09", 80);
    expect_push(&office, "report", "submit", "华容县");
    spawned_end(&office, SIGTERM);
}

/* clauses: 2.8 all */
static void a_correction_is_a_new_revision_and_the_old_one_stays(void **state)
{
    (void)state;
    char row[4000];
    rig_out(&rig, 0, "XMB", "report", "correct", second.code, "2009-09", "--reason", "累计数更正", NULL);
    /* a second one at the same time is refused */
    rig_err(&rig, 4, "XMB", "report", "correct", second.code, "2009-09", "--reason", "又一次", NULL);
    const char *list = rig_out(&rig, 0, "HRX", "report", "list", "--project", second.code, "--json", NULL);
    assert_int_equal(json_lines(list), 2);
    assert_non_null(json_row(list, "revision", "2", row, sizeof row));
    json_expect(row, "state", "draft");
    assert_non_null(json_row(list, "revision", "1", row, sizeof row));
    json_expect(row, "state", "accepted"); /* it stands until the new one is accepted */
    rig_submit(&rig, 0, "HRX", &second, "2009-09", 50);
    rig_out(&rig, 0, "XMB", "report", "accept", second.code, "2009-09", NULL);
    list = rig_out(&rig, 0, "XMB", "report", "list", "--project", second.code, "--json", NULL);
    assert_non_null(json_row(list, "revision", "1", row, sizeof row));
    json_expect(row, "state", "replaced");
    json_expect(row, "invested", "60"); /* as it was */
    assert_non_null(json_row(list, "revision", "2", row, sizeof row));
    json_expect(row, "state", "accepted");
    json_expect(row, "invested", "50");
    const char *project = rig_out(&rig, 0, "XMB", "project", "show", second.code, "--json", NULL);
    assert_int_equal(json_number(project, "invested"), (long)second.invested + 50);
    /* history of the first revision: every step, with who */
    const char *history = rig_out(&rig, 0, "HRX", "report", "history", second.code, "2009-09", "1", "--json", NULL);
    assert_int_equal(json_lines(history), 6); /* submit, return, submit, accept, correct, replaced */
    assert_non_null(json_row(history, "action", "return", row, sizeof row));
    assert_non_null(strstr(row, "市项目办"));
}

static void a_leader_who_reviews_sends_it(void **state)
{
    (void)state;
    rig_out(&rig, 0, "XMB-A", "unit", "amend", "HRX", "--review", "yes", NULL);
    const char *said = rig_err(&rig, 4, "HRX", "report", "submit", third.code, "2009-09", "--invested", "1",
                               "--cumulative", "1", "--progress", "a", "--difficulties", "b", "--next", "c", NULL);
    assert_non_null(strstr(said, "leader's review"));
    struct report_args args;
    rig_report_args(&args, "propose", &third, "2009-09", 30);
    rig_out_args(&rig, 0, "HRX", args.argv);
    rig_err(&rig, 4, "HRX", "report", "approve", third.code, "2009-09", NULL);
    rig_err(&rig, 3, "XMB", "report", "show", third.code, "2009-09", NULL);
    rig_out(&rig, 0, "HRX-L", "report", "approve", third.code, "2009-09", NULL);
    json_expect(rig_report(&rig, "XMB", &third, "2009-09"), "state", "submitted");
    rig_out(&rig, 0, "XMB-A", "unit", "amend", "HRX", "--review", "no", NULL);
}

/* ---- who may not ---- */

/* clauses: 2.3 1.2 2.8 */
static void the_wrong_role_or_unit_is_refused(void **state)
{
    (void)state;
    struct rig_project other;
    rig_project(&rig, "HRX", 3, &other);
    static const struct {
        int status;
        const char *login, *action;
    } tries[] = {
        {4, "PJX", "submit"},   /* another county */
        {4, "HRX-L", "submit"}, /* its leader: reviews, but does not report */
        {4, "XMB", "submit"},   /* the office */
        {4, "QY0001", "save"},  /* an enterprise */
        {4, "JSJ", "submit"},   /* a lead department */
    };
    long before = rig_head(&rig);
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        struct report_args args;
        rig_report_args(&args, tries[i].action, &other, "2009-09", 10);
        rig_out_args(&rig, tries[i].status, tries[i].login, args.argv);
    }
    /* the office's own acts */
    rig_err(&rig, 4, "HRX", "report", "accept", first.code, "2009-09", NULL);
    rig_err(&rig, 4, "FGW", "report", "return", first.code, "2009-09", "--reason", "不行", NULL);
    rig_err(&rig, 4, "XMB-A", "report", "accept", first.code, "2009-09", NULL); /* administrators have no say */
    rig_err(&rig, 3, "PJX", "report", "recall", first.code, "2009-09", NULL); /* and what one can't see is not there */
    assert_int_equal(rig_head(&rig), before);
}

/* clauses: 2.8 */
static void figures_and_months_are_checked(void **state)
{
    (void)state;
    struct rig_project other;
    struct report_args args;
    rig_project(&rig, "HRX", 3, &other);
    long before = rig_head(&rig);
    rig_report_args(&args, "submit", &other, "2009-09", 10);
    snprintf(args.figures[1], sizeof args.figures[1], "%.2f", other.invested + 11);
    rig_out_args(&rig, 4, "HRX", args.argv); /* does not add up */
    snprintf(args.figures[1], sizeof args.figures[1], "%.2f", other.invested - 1);
    rig_out_args(&rig, 4, "HRX", args.argv);           /* falls */
    rig_submit(&rig, 4, "HRX", &other, "2009-10", 10); /* a month that has not begun */
    rig_submit(&rig, 4, "HRX", &other, "2009-08", 10); /* in the opening balance */
    assert_int_equal(rig_head(&rig), before);
    const char *said =
        rig_err(&rig, 4, "HRX", "report", "save", other.code, "2009-09", "--progress", "a\x1b[31mb", NULL);
    assert_non_null(strstr(said, "not allowed"));
    /* with a reason it goes */
    rig_out(&rig, 0, "HRX", "report", "submit", other.code, "2009-09", "--invested", "10", "--cumulative", "1000",
            "--progress", "甲", "--difficulties", "无", "--next", "乙", "--explain", "年初漏报,一并补上", NULL);
}

static void exit_codes_say_what_happened(void **state)
{
    (void)state;
    rig_err_at(&rig, 1, "nobody", "report", "list", NULL); /* no key here */
    rig_err(&rig, 2, "HRX", "report", "fly", NULL);        /* no such act */
    rig_err(&rig, 2, "HRX", "nonsense", NULL);             /* no such command */
    rig_err(&rig, 2, "HRX", "report", "list", "--colour", "red", NULL);
    rig_err(&rig, 3, "HRX", "report", "show", "YY09-X999", "2009-09", NULL);
    rig_err(&rig, 4, "HRX", "report", "submit", second.code, "2009-09", NULL);
    rig_err(&rig, 2, "XMB-A", "device", "revoke", "1", "--reason", "试试", NULL); /* grave, without --yes */
    /* errors are on stderr, data on stdout */
    struct run run = rig_duban(&rig, "HRX", "report", "show", "YY09-X999", "2009-09", "--json", NULL);
    assert_int_equal(run.status, 3);
    assert_string_equal(run.out, "");
    assert_non_null(strstr(run.err, "duban: "));
    run_free(&run);
}

/* ---- the unit's return ---- */

/* clauses: 2.2 2.8 */
static void a_unit_returns_its_month(void **state)
{
    (void)state;
    struct spawned office;
    rig_watch(&rig, &office, "XMB", true);
    rig_out(&rig, 0, "HRX", "unit-return", "submit", "HRX", "2009-09", "--summary", "全县12个项目进展正常", NULL);
    const char *line = expect_push(&office, "unit_return", "submit", "华容县");
    json_expect(line, "summary", "全县12个项目进展正常");
    rig_err(&rig, 4, "HRX", "unit-return", "submit", "PJX", "2009-09", "--summary", "别人的", NULL);
    rig_err(&rig, 4, "HRX", "unit-return", "submit", "HRX", "2009-09", "--summary", "再来一份", NULL);
    rig_out(&rig, 0, "XMB", "unit-return", "return", "HRX", "2009-09", "--reason", "缺困难情况", NULL);
    expect_push(&office, "unit_return", "return", "市项目办");
    rig_out(&rig, 0, "HRX", "unit-return", "submit", "HRX", "2009-09", "--summary", "进展正常,无困难", NULL);
    expect_push(&office, "unit_return", "submit", "华容县");
    rig_out(&rig, 0, "XMB", "unit-return", "accept", "HRX", "2009-09", NULL);
    expect_push(&office, "unit_return", "accept", "市项目办");
    spawned_end(&office, SIGTERM);
}

/* ---- late ---- */

static void count_of(const char *unit, const char *what, long wanted)
{
    char row[2000];
    const char *matrix = rig_out(&rig, 0, "XMB", "matrix", "2009", "--json", NULL);
    if (json_row(matrix, "unit", unit, row, sizeof row) == NULL) rig_fail("no row of %s: %s", unit, matrix);
    if (json_number(row, what) != wanted) rig_fail("%s is not %ld in %s", what, wanted, row);
}

/* How urgent the reports are that the operator owes. */
static void expect_owed(const char *login, const char *urgency)
{
    char row[2000];
    const char *desk = rig_out(&rig, 0, login, "desk", "--json", NULL);
    if (json_row(desk, "what", "owed", row, sizeof row) == NULL) rig_fail("nothing is owed: %s", desk);
    json_expect(row, "urgency", urgency);
}

/* September's report is due on 9 October 2009: the 5th to the 8th were holidays.
 * clauses: 2.8 */
static void a_report_after_its_day_is_late(void **state)
{
    (void)state;
    struct rig_project on_time, late;
    struct spawned office;
    rig_project(&rig, "PJX", 0, &on_time);
    rig_project(&rig, "PJX", 1, &late);
    rig_set_clock(&rig, "2009-10-09 23:00");
    expect_owed("PJX", "today");
    rig_submit(&rig, 0, "PJX", &on_time, "2009-09", 10);
    json_expect(rig_report(&rig, "XMB", &on_time, "2009-09"), "late", "false");
    count_of("平江县", "late", 0);
    rig_set_clock(&rig, "2009-10-10 00:01");
    count_of("平江县", "on_time", 1);
    expect_owed("PJX", "overdue");
    rig_watch(&rig, &office, "XMB", true);
    rig_submit(&rig, 0, "PJX", &late, "2009-09", 10);
    json_expect(expect_push(&office, "report", "submit", "平江县"), "late", "true");
    spawned_end(&office, SIGTERM);
    count_of("平江县", "in_late", 1);
    /* the office may excuse, with a reason that stays */
    rig_err(&rig, 4, "XMB", "report", "excuse", on_time.code, "2009-09", "--excuse", "没有迟", "--yes", NULL);
    rig_out(&rig, 0, "XMB", "report", "excuse", late.code, "2009-09", "--excuse", "线路中断", "--yes", NULL);
    const char *report = rig_report(&rig, "PJX", &late, "2009-09");
    json_expect(report, "late", "false");
    json_expect(report, "excuse", "线路中断");
    /* after three more days what is not in is missing */
    rig_set_clock(&rig, "2009-10-13 09:00");
    char row[2000];
    json_row(rig_out(&rig, 0, "XMB", "matrix", "2009", "--json", NULL), "unit", "平江县", row, sizeof row);
    assert_true(json_number(row, "missing") > 0);
    assert_int_equal(json_number(row, "late"), 0);
    /* October may be reported by now, November not */
    on_time.invested += 10;
    rig_submit(&rig, 0, "PJX", &on_time, "2009-10", 5);
    rig_submit(&rig, 4, "PJX", &on_time, "2009-11", 5);
}

/* clauses: all */
static void the_registry_proves_itself_afterwards(void **state)
{
    (void)state;
    rig_stop(&rig, SIGTERM);
    const char *told = rig_daemon_out(&rig, 0, "check", rig.registry, NULL);
    assert_non_null(strstr(told, " differing 0 "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_draft_is_seen_by_its_own_unit_alone),
        cmocka_unit_test(each_step_is_pushed_to_the_other_side),
        cmocka_unit_test(what_was_sent_can_be_taken_back_until_it_is_accepted),
        cmocka_unit_test(a_correction_is_a_new_revision_and_the_old_one_stays),
        cmocka_unit_test(a_leader_who_reviews_sends_it),
        cmocka_unit_test(the_wrong_role_or_unit_is_refused),
        cmocka_unit_test(figures_and_months_are_checked),
        cmocka_unit_test(exit_codes_say_what_happened),
        cmocka_unit_test(a_unit_returns_its_month),
        cmocka_unit_test(a_report_after_its_day_is_late),
        cmocka_unit_test(the_registry_proves_itself_afterwards),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
