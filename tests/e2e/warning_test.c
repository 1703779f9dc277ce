/* warning_test.c - warnings by scripts at a real daemon with the 153 projects: the calendar finds who is late, the
 * office issues, a county signs, answers, is carried up; the leader reads the digest. Clauses 5.4 and 4.5. */
#include "tests/lib/rig_report.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { SOON_MS = 20000 };

static struct rig rig;
static char id[24]; /* of the county's warning */

static int start_rig(void **state)
{
    static const char *const all[] = {"XMB", "XMB-A", "HRX", "HRX-L", "PJX", "LD"};
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

/* The warning as the login sees it. */
static const char *warning(const char *login)
{
    return rig_out(&rig, 0, login, "warning", "show", id, "--json", NULL);
}

/* Waits until the warning shows a value: the registry's own acts come when they come. */
static void await(const char *name, const char *wanted)
{
    char value[400];
    for (int64_t end = rig_clock_ms() + SOON_MS; rig_clock_ms() < end; rig_pause())
        if (json_value(warning("XMB"), name, value, sizeof value) && strcmp(value, wanted) == 0) return;
    rig_fail("%s is not %s", name, wanted);
}

/* September's reports are due on 9 October, after the holidays: on the 10th each unit that has not sent them is
 * proposed for one warning, with its projects as evidence, and nothing has gone out yet. */
/* clauses: 5.4a 5.4b */
static void the_calendar_finds_who_is_late(void **state)
{
    (void)state;
    char row[8000];
    rig_set_clock(&rig, "2009-10-10 08:31");
    for (int64_t end = rig_clock_ms() + SOON_MS; rig_clock_ms() < end; rig_pause())
        if (json_lines(rig_out(&rig, 0, "XMB", "warning", "list", "--cause", "report_late", "--json", NULL)) > 0) break;
    const char *list =
        rig_out(&rig, 0, "XMB", "warning", "list", "--cause", "report_late", "--subject", "HRX", "--json", NULL);
    assert_int_equal(json_lines(list), 1);
    assert_non_null(json_row(list, "state", "proposed", row, sizeof row));
    snprintf(id, sizeof id, "%ld", json_number(row, "id"));
    const char *shown = warning("XMB");
    json_expect(shown, "by_rule", "true");
    json_expect(shown, "level", "yellow");
    json_expect(shown, "month", "2009-09");
    assert_int_equal(json_number(shown, "days"), 1);
    assert_true(json_number(shown, "count") > 1);
    rig_err(&rig, 3, "HRX", "warning", "show", id, NULL);
    rig_err(&rig, 3, "PJX", "warning", "show", id, NULL);
}

/* The county hears of it by a push, signs for it, and answers; a second one for the matter is refused. */
/* clauses: 5.4a 5.4b 5.4d */
static void the_county_signs_and_answers(void **state)
{
    (void)state;
    struct spawned county;
    rig_err(&rig, 3, "HRX-L", "warning", "issue", id, "--yes", NULL); /* nothing to be seen of it yet */
    rig_watch(&rig, &county, "HRX", true);
    rig_out(&rig, 0, "XMB", "warning", "issue", id, "--yes", NULL);
    const char *line = spawned_line(&county, SOON_MS);
    assert_non_null(line);
    json_expect(line, "kind", "warning");
    json_expect(line, "state", "issued");
    spawned_end(&county, SIGTERM);
    const char *said = rig_err(&rig, 4, "XMB", "warning", "propose", "--subject", "HRX", "--cause", "report_late",
                               "--level", "red", "--text", "又一次", NULL);
    assert_non_null(strstr(said, "预警〔2009〕1号"));
    assert_non_null(strstr(rig_out(&rig, 0, "HRX", "desk", "--json", NULL), "\"kind\":\"warning\""));
    rig_err(&rig, 4, "HRX", "warning", "answer", id, "--measures", "补报", "--until", "2009-10-20", "--fault", "human",
            NULL); /* not signed for yet */
    rig_out(&rig, 0, "HRX", "warning", "acknowledge", id, NULL);
    rig_err(&rig, 4, "XMB", "warning", "lift", id, "--reason", "过早", "--yes", NULL);
    rig_out(&rig, 0, "HRX", "warning", "answer", id, "--measures", "逐个项目补报,落实专人", "--until", "2009-10-14",
            "--fault", "human", NULL);
    json_expect(warning("LD"), "state", "answered");
}

/* What was promised is not done: the clock climbs to the head, who signs in person; the office lifts it. */
/* clauses: 5.4d 4.5 */
static void broken_promises_go_to_the_head(void **state)
{
    (void)state;
    rig_set_clock(&rig, "2009-10-15 00:01");
    await("rung", "overdue");
    rig_set_clock(&rig, "2009-10-21 00:01");
    await("state", "escalated");
    await("level", "red"); /* the reports are missing by now: the open warning was raised, no second one made */
    rig_err(&rig, 4, "HRX", "warning", "measure", id, "--measures", "再等等", "--until", "2009-10-30", "--fault",
            "human", NULL);
    rig_out(&rig, 0, "HRX-L", "warning", "measure", id, "--measures", "我逐项督办,三日内报齐", "--until", "2009-10-30",
            "--fault", "human", NULL);
    json_expect(warning("XMB"), "state", "answered");
    rig_out(&rig, 0, "XMB", "warning", "lift", id, "--reason", "月报已补齐", "--yes", NULL);
    json_expect(warning("HRX"), "state", "lifted");
    rig_err(&rig, 4, "HRX-L", "warning", "measure", id, "--measures", "改一下", NULL);
}

/* The digest comes by the calendar, and from the office's hand; the leader's reading is all the leader does. */
/* clauses: 5.4c */
static void the_leader_reads_the_digest(void **state)
{
    (void)state;
    char row[8000], digest[24];
    rig_out(&rig, 0, "XMB", "digest", "make", "--remark", "本周预警情况", NULL);
    const char *list = rig_out(&rig, 0, "LD", "digest", "list", "--json", NULL);
    assert_true(json_lines(list) >= 2); /* of 9 October, and this one */
    assert_non_null(json_row(list, "number", "预警专报〔2009〕1号", row, sizeof row));
    snprintf(digest, sizeof digest, "%u", json_lines(list));
    const char *shown = rig_out(&rig, 0, "LD", "digest", "show", digest, "--json", NULL);
    json_expect(shown, "state", "made");
    json_expect(shown, "remark", "本周预警情况");
    assert_int_equal(json_number(shown, "lifted"), 1);
    rig_err(&rig, 3, "HRX", "digest", "show", digest, NULL);
    rig_err(&rig, 4, "XMB", "digest", "read", digest, NULL);
    assert_non_null(strstr(rig_out(&rig, 0, "LD", "desk", "--json", NULL), "\"kind\":\"digest\""));
    rig_out(&rig, 0, "LD", "digest", "read", digest, NULL);
    shown = rig_out(&rig, 0, "XMB", "digest", "show", digest, "--json", NULL);
    json_expect(shown, "state", "read");
    rig_err(&rig, 4, "LD", "warning", "propose", "--subject", "HRX", "--cause", "other", "--level", "red", "--text",
            "不可", NULL);
}

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
        cmocka_unit_test(the_calendar_finds_who_is_late),        cmocka_unit_test(the_county_signs_and_answers),
        cmocka_unit_test(broken_promises_go_to_the_head),        cmocka_unit_test(the_leader_reads_the_digest),
        cmocka_unit_test(the_registry_proves_itself_afterwards),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
