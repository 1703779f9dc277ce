/* notice_test.c - mechanisms of the notice played through by everybody's own scriptable client at a real daemon: joint
 * meetings, the agency service, rounds of dispatch, honours and sanctions; who is told, and who is refused. Clauses 2
 * and 5. */
#include "tests/lib/rig_report.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOON_MS = 10000 };

static struct rig rig;
static struct rig_project project;
static char owner[40], contractor[40];

/* The login of a party of the project, which is its unit's code. */
static void party(const char *shown, const char *field, char *login, size_t max)
{
    char id[40];
    snprintf(id, sizeof id, "#%ld", json_number(shown, field));
    if (!json_value(rig_out(&rig, 0, "XMB", "unit", "show", id, "--json", NULL), "code", login, max))
        rig_fail("no %s", field);
    rig_enrol(&rig, login);
}

/* A project under construction with owner and contractor. */
static int start_rig(void **state)
{
    static const char *const all[] = {"XMB", "HRX", "PJX", "FGW", "ZWZ", "YY", "JCJ"};
    char row[4000];
    (void)state;
    rig_start(&rig);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rig_enrol(&rig, all[i]);
    const char *list =
        rig_out(&rig, 0, "XMB", "project", "list", "--responsible", "HRX", "--state", "construction", "--json", NULL);
    if (json_row(list, "list", "construction", row, sizeof row) == NULL) rig_fail("no project: %s", list);
    if (!json_value(row, "code", project.code, sizeof project.code)) rig_fail("no code: %s", row);
    const char *shown = rig_out(&rig, 0, "XMB", "project", "show", project.code, "--json", NULL);
    party(shown, "owner_id", owner, sizeof owner);
    party(shown, "contractor_id", contractor, sizeof contractor);
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

/* The next push to a watcher is this. */
static void expect_push(struct spawned *watch, const char *kind, const char *action)
{
    const char *line = spawned_line(watch, SOON_MS);
    if (line == NULL) rig_fail("no push of %s %s came", kind, action);
    json_expect(line, "kind", kind);
    json_expect(line, "action", action);
}

/* clauses: 5.3a 5.3b 5.3c 5.3d */
static void three_parties_meet_sign_and_hand_a_problem_on(void **state)
{
    (void)state;
    struct spawned watch;
    rig_watch(&rig, &watch, owner, true);
    rig_err(&rig, 4, "PJX", "meeting", "call", "--project", project.code, "--day", "2009-09-28", "--hour", "9:30",
            "--venue", "工地", NULL);
    rig_out(&rig, 0, "HRX", "meeting", "call", "--project", project.code, "--day", "2009-09-28", "--hour", "9:30",
            "--venue", "工地", NULL);
    expect_push(&watch, "meeting", "call");
    assert_int_equal(spawned_end(&watch, SIGTERM), 0);
    rig_out(&rig, 0, "HRX", "attendance", "attend", "#1", "--persons", "副县长", NULL);
    rig_out(&rig, 0, owner, "attendance", "attend", "#2", "--persons", "经理", NULL);
    const char *no = rig_err(&rig, 4, "HRX", "meeting", "hold", "#1", "--progress", "主体三层", "--exchange",
                             "材料供应", "--problems", "临时用电容量不足", "--minutes", "照此推进", "--yes", NULL);
    assert_non_null(strstr(no, "neither present nor absent"));
    rig_out(&rig, 0, contractor, "attendance", "excuse", "#3", "--reason", "项目经理住院", NULL);
    rig_out(&rig, 0, "HRX", "meeting", "hold", "#1", "--progress", "主体三层", "--exchange", "材料供应", "--problems",
            "临时用电容量不足", "--minutes", "照此推进", "--yes", NULL);
    rig_out(&rig, 0, "HRX", "attendance", "sign", "#1", NULL);
    rig_out(&rig, 0, owner, "attendance", "sign", "#2", NULL);
    expect_state("XMB", "meeting", "#1", "signed");
    rig_watch(&rig, &watch, "XMB", true);
    rig_out(&rig, 0, "HRX", "meeting", "raise", "#1", NULL); /* one key: the problems as the minutes have them */
    expect_push(&watch, "meeting", "raise");
    assert_int_equal(spawned_end(&watch, SIGTERM), 0);
    json_expect(rig_out(&rig, 0, "XMB", "issue", "show", "#1", "--json", NULL), "text", "临时用电容量不足");
    rig_err(&rig, 4, "HRX", "meeting", "call", "--project", project.code, "--day", "2009-09-30", "--hour", "9:30",
            "--venue", "工地", NULL); /* one a month */
}

/* clauses: 5.1a 5.1b 5.1c 5.1d 5.1e 5.1f */
static void an_approval_goes_through_the_centre(void **state)
{
    (void)state;
    struct spawned centre;
    rig_out(&rig, 0, "HRX", "agency", "request", "--project", project.code, "--need", "施工许可", "--wanted",
            "2009-10-30", NULL);
    rig_out(&rig, 0, "HRX", "approval", "add", "--agency", "#1", "--name", "施工许可证", "--class", "permit",
            "--department", "JSJ", NULL);
    rig_watch(&rig, &centre, "ZWZ", true);
    assert_int_not_equal(rig_duban(&rig, "ZWZ", "agency", "accept", "#1", NULL).status, 0); /* not past the office */
    rig_out(&rig, 0, "XMB", "batch", "make", "--agencies", "#1", NULL);
    rig_out(&rig, 0, "XMB", "batch", "hand-over", "#1", "--yes", NULL);
    assert_non_null(spawned_line(&centre, SOON_MS)); /* from then on it is the centre's */
    rig_out(&rig, 0, "ZWZ", "batch", "accept", "#1", NULL);
    expect_state("HRX", "agency", "#1", "accepted");
    rig_out(&rig, 0, "ZWZ", "approval", "accept", "#1", "--class", "permit", NULL);
    rig_err(&rig, 4, "ZWZ", "agency", "close", "#1", "--yes", NULL); /* nothing is granted yet */
    rig_out(&rig, 0, "ZWZ", "approval", "hand-over", "#1", "--yes", NULL);
    assert_int_equal(spawned_end(&centre, SIGTERM), 0);
    json_expect(rig_out(&rig, 0, "HRX", "approval", "show", "#1", "--json", NULL), "state", "handed");
    rig_out(&rig, 0, "HRX", "approval", "report-outside", "#1", "--outside-text", "窗口外自行取得", "--yes", NULL);
    json_expect(rig_out(&rig, 0, "XMB", "approval", "show", "#1", "--json", NULL), "outside", "true");
}

/* clauses: 2.1 2.2 */
static void the_office_asks_and_consolidates(void **state)
{
    (void)state;
    struct spawned county;
    rig_watch(&rig, &county, "HRX", true);
    rig_out(&rig, 0, "XMB", "dispatch", "call", "--day", "2009-09-28", "--scope", "三季度", "--questions", "进度与困难",
            "--units", "HRX,PJX", "--yes", NULL);
    expect_push(&county, "dispatch", "call");
    assert_int_equal(spawned_end(&county, SIGTERM), 0);
    rig_out(&rig, 0, "HRX", "dispatch-answer", "answer", "#1", "--answer", "主体三层", NULL);
    rig_err(&rig, 3, "HRX", "dispatch-answer", "show", "#2", NULL); /* another's answer */
    rig_out(&rig, 0, "XMB", "decision", "set", "--dispatch", "#1", "--subject", "FGW", "--task", "批复可研", "--due",
            "2009-10-12", "--yes", NULL);
    rig_out(&rig, 0, "XMB", "dispatch", "consolidate", "#1", "--feedback", "总体正常", "--yes", NULL);
    rig_err(&rig, 4, "XMB", "dispatch", "close", "#1", "--yes", NULL);
    rig_out(&rig, 0, "FGW", "decision", "finish", "#1", "--result", "已批复", "--yes", NULL);
    rig_out(&rig, 0, "XMB", "dispatch", "close", "#1", "--yes", NULL);
}

/* The word behind `name` in lines of "name word". */
static void word_of(const char *lines, const char *name, char *word, size_t max)
{
    const char *at = strstr(lines, name);
    if (at == NULL) rig_fail("no %s in %s", name, lines);
    at += strlen(name) + 1;
    snprintf(word, max, "%.*s", (int)strcspn(at, "\n"), at);
}

/* clauses: 2.5 2.6 2.7 */
static void a_spot_check_is_drawn_and_anyone_draws_again(void **state)
{
    (void)state;
    static const char *const sides[] = {"XMB", "JCJ"};
    char nonces[2][80], commitment[80], path[300];
    rig_out(&rig, 0, "XMB", "inspection", "plan", "--type", "random", "--parties", "JCJ", "--day", "2009-09-29",
            "--scope", "责任落实情况", NULL);
    rig_out(&rig, 0, "XMB", "draw", "open", "--inspection", "#1", "--count", "5", "--due", "2009-09-28", "--yes", NULL);
    for (unsigned i = 0; i < 2; i++) {
        const char *made = rig_out(&rig, 0, sides[i], "draw-nonce", NULL);
        word_of(made, "nonce", nonces[i], sizeof nonces[i]);
        word_of(made, "commitment", commitment, sizeof commitment);
        rig_out(&rig, 0, sides[i], "draw", "commit", "#1", "--commitment", commitment, "--yes", NULL);
    }
    rig_err(&rig, 4, "JCJ", "draw", "reveal", "#1", "--nonce", nonces[0], "--yes", NULL);
    for (unsigned i = 0; i < 2; i++)
        rig_out(&rig, 0, sides[i], "draw", "reveal", "#1", "--nonce", nonces[i], "--yes", NULL);
    rig_err(&rig, 3, "HRX", "draw", "show", "#1", NULL); /* nobody is warned */
    rig_out(&rig, 0, "JCJ", "inspection", "start", "#1", "--yes", NULL);
    const char *sheet = rig_out(&rig, 0, "JCJ", "draw-sheet", "#1", NULL);
    snprintf(path, sizeof path, "%s/sheet", rig.directory);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(sheet, file);
    fclose(file);
    rig_out(&rig, 0, "PJX", "inspection", "verify-draw", path, NULL);
    rig_shell("sed -i 's/^count 5/count 4/' '%s'", path);
    rig_err(&rig, 1, "PJX", "inspection", "verify-draw", path, NULL);
    const char *list = rig_out(&rig, 0, "JCJ", "inspection", "show", "#1", "--json", NULL);
    char subject[60];
    snprintf(subject, sizeof subject, "#%ld", (long)strtol(strstr(list, "\"subjects_id\":[") + 15, NULL, 10));
    rig_out(&rig, 0, "JCJ", "rectification", "order", "--inspection", "#1", "--subject", subject, "--what",
            "补齐责任链", "--due", "2009-10-12", "--yes", NULL);
    rig_out(&rig, 0, "XMB", "inspection", "find", "#1", "--findings", "责任链不全", NULL);
    rig_err(&rig, 4, "XMB", "inspection", "close", "#1", "--yes", NULL);
}

/* clauses: 2.10 2.11 4.8 */
static void the_government_decides_about_honours_and_sanctions(void **state)
{
    (void)state;
    rig_err(&rig, 4, "XMB", "honour", "propose", "--subject", "HRX", "--type", "commended", "--grounds", "推进快",
            "--yes", NULL);
    rig_out(&rig, 0, "XMB", "honour", "propose", "--subject", "HRX", "--type", "disqualified", "--grounds", "整治不力",
            "--projects", project.code, "--yes", NULL);
    rig_err(&rig, 3, "HRX", "honour", "show", "#1", NULL);
    rig_out(&rig, 0, "XMB", "honour", "hear", "#1", "--yes", NULL);
    rig_out(&rig, 0, "HRX", "honour", "state", "#1", "--statement", "已整改", NULL);
    rig_out(&rig, 0, "YY", "honour", "decide", "#1", "--document", "岳政发〔2009〕31号", "--from", "2009-09-28", "--to",
            "2009-12-31", "--yes", NULL);
    rig_out(&rig, 0, "PJX", "honour", "show", "#1", NULL); /* what is decided is for everybody */
    const char *no = rig_err(&rig, 4, "XMB", "honour", "propose", "--subject", "HRX", "--type", "commended",
                             "--grounds", "推进快", "--projects", project.code, "--yes", NULL);
    assert_non_null(strstr(no, "岳政发〔2009〕31号"));
    rig_stop(&rig, SIGTERM);
    rig_daemon_out(&rig, 0, "check", rig.registry, NULL);
    rig_serve(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_parties_meet_sign_and_hand_a_problem_on),
        cmocka_unit_test(an_approval_goes_through_the_centre),
        cmocka_unit_test(the_office_asks_and_consolidates),
        cmocka_unit_test(a_spot_check_is_drawn_and_anyone_draws_again),
        cmocka_unit_test(the_government_decides_about_honours_and_sanctions),
    };
    return cmocka_run_group_tests_name("notice", tests, start_rig, end_rig);
}
