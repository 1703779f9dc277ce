/* hand_test.c - what spares an operator keys: going anywhere by a few letters, many records at once, taking back,
 * copying. At a real daemon, in pseudo-terminals. */
#include "tests/lib/rig_report.h"
#include "tests/lib/sitting.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct rig rig;

static int start_rig(void **state)
{
    (void)state;
    sitting_start(&rig);
    rig_enrol(&rig, "PJX");
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

/* ---- going anywhere ---- */

static void a_few_letters_lead_anywhere(void **state)
{
    (void)state;
    struct rig_project project;
    char keys[80];
    struct pty *seat = sit_down("XMB");
    rig_project(&rig, "HRX", 0, &project);
    type(seat, "g", "Go to");
    type(seat, "hrx", "> 华容县");
    type(seat, "\r", "unit");
    assert_true(pty_wait(seat, "duban | record", SOON_MS));
    snprintf(keys, sizeof keys, "g%s", project.code); /* from a record on, by a code */
    type(seat, keys, "project");
    type(seat, "\r", "1 overview");
    type(seat, "gmatr\033", "1 overview"); /* and not at all */
    type(seat, "gregis\r", "duban | registers");
    type(seat, "G", "registers");
    type(seat, "gg", "duban | registers"); /* as in vi */
    assert_true(row_of(seat, "> ") <= 4);
    type(seat, ":go HRX 华容县人民政府\r", "duban | record"); /* what is sure is opened at once */
    get_up(seat);
}

static void forms_keep_what_is_typed_when_one_goes_elsewhere(void **state)
{
    (void)state;
    struct rig_project project;
    char keys[80];
    rig_project(&rig, "HRX", 1, &project);
    struct pty *seat = sit_down("HRX");
    snprintf(keys, sizeof keys, ":report %s\r", project.code);
    type(seat, keys, "not begun");
    type(seat, "12", "12");
    type(seat, "\024hrx", "> 华容县"); /* Ctrl-T */
    type(seat, "\r", "duban | record");
    type(seat, "q", "> invested this month");
    assert_true(pty_shows(seat, "12"));
    type(seat, DONE "D", "Discard the draft?");
    type(seat, "y", "> invested this month");
    get_up(seat);
}

static void scripts_find_the_same(void **state)
{
    (void)state;
    char kind[40], label[200];
    const char *lines = rig_out(&rig, 0, "HRX", "find", "hrx", "--json", NULL);
    assert_true(json_value(lines, "kind", kind, sizeof kind) && json_value(lines, "label", label, sizeof label));
    assert_string_equal(kind, "unit");
    assert_non_null(strstr(label, "华容县"));
}

static void scripts_act_on_several_records(void **state)
{
    (void)state;
    struct rig_project projects[3];
    char ids[3][24], list[200];
    for (unsigned i = 0; i < 3; i++) {
        rig_project(&rig, "HRX", 5 + i, &projects[i]);
        if (i < 2) rig_submit(&rig, 0, "HRX", &projects[i], "2009-09", 10);
        if (i < 2)
            snprintf(ids[i], sizeof ids[i], "%ld", json_number(rig_report(&rig, "XMB", &projects[i], "2009-09"), "id"));
    }
    char *path = strdup(rig_file(&rig, "names", list,
                                 (size_t)snprintf(list, sizeof list, "%s 2009-09\n\n%s 2009-09\n%s\n", projects[0].code,
                                                  projects[2].code, ids[1])));
    /* a trial sends nothing; neither does a list with something wrong in it */
    const char *lines = rig_out(&rig, 0, "XMB", "report", "accept", ids[0], ids[1], "--dry-run", "--json", NULL);
    assert_int_equal(json_lines(lines), 2);
    json_expect(lines, "result", "good");
    rig_out(&rig, 4, "XMB", "report", "accept", "--all-from", path, "--json", NULL);
    json_expect(rig_report(&rig, "XMB", &projects[0], "2009-09"), "state", "submitted");
    lines = rig_out(&rig, 0, "XMB", "report", "accept", "--all-from", path, "--skip-bad", "--json", NULL);
    assert_non_null(strstr(lines, "\"result\":\"bad\""));
    assert_non_null(strstr(lines, "\"result\":\"done\""));
    for (unsigned i = 0; i < 2; i++)
        json_expect(rig_report(&rig, "XMB", &projects[i], "2009-09"), "state", "accepted");
    rig_out(&rig, 4, "XMB", "report", "accept", ids[0], ids[1], NULL); /* both are in already */
    free(path);
}

/* ---- taking back ---- */

/* Opens the report of this month and types it. */
static void type_report(struct pty *seat, const struct rig_project *project, int invested)
{
    char keys[120];
    snprintf(keys, sizeof keys, ":report %s\r", project->code);
    type(seat, keys, "not begun");
    snprintf(keys, sizeof keys, "%d\r", invested);
    type(seat, keys, "> invested this year");
    snprintf(keys, sizeof keys, "%.0f\r", project->invested + invested);
    type(seat, keys, "> visible progress");
    type(seat, "路基完成\t", "> milestones");
    pty_send(seat, "j\r");
    type(seat, "无\t", "> plan for next month");
    type(seat, "铺路面" DONE, "s submit");
}

static void a_submitted_report_is_taken_back_until_it_is_accepted(void **state)
{
    (void)state;
    struct rig_project project;
    rig_project(&rig, "HRX", 8, &project);
    struct pty *seat = sit_down("HRX");
    type_report(seat, &project, 10);
    type(seat, "s", "submit monthly report: done");
    type(seat, "U", "recall: monthly report"); /* the form of the counter action: a reason, if one wishes */
    type(seat, "\030", "recall monthly report: done");
    json_expect(rig_report(&rig, "HRX", &project, "2009-09"), "state", "recalled");
    type(seat, "U", "this can't be taken back; it stands");
    type(seat, "s", "submit monthly report: done");
    rig_out(&rig, 0, "XMB", "report", "accept", project.code, "2009-09", NULL);
    assert_true(pty_wait(seat, "accepted", SOON_MS));
    type(seat, "U", "this can't be taken back any more; it");
    get_up(seat);
}

static void a_draft_that_was_thrown_away_comes_back(void **state)
{
    (void)state;
    struct rig_project project;
    rig_project(&rig, "HRX", 9, &project);
    struct pty *seat = sit_down("HRX");
    type_report(seat, &project, 10);
    type(seat, "D", "Discard the draft?");
    pty_send(seat, "y");
    assert_true(pty_wait_gone(seat, "铺路面", SOON_MS));
    type(seat, "U", "铺路面");
    type(seat, "s", "submit monthly report: done");
    get_up(seat);
}

static void what_has_not_left_is_taken_out_of_the_outbox(void **state)
{
    (void)state;
    struct rig_project project;
    rig_project(&rig, "HRX", 10, &project);
    struct pty *seat = sit_down("HRX");
    rig_stop(&rig, SIGTERM);
    assert_true(pty_wait(seat, "no link", SOON_MS));
    type_report(seat, &project, 10);
    type(seat, "s", "kept; it goes out with the next connection");
    assert_true(pty_shows(seat, "1 to send"));
    type(seat, "U", "Take it back? It has not been sent yet.");
    type(seat, "y", "taken back: it was never sent");
    assert_false(pty_shows(seat, "1 to send"));
    rig_serve(&rig);
    type(seat, "\022", "connected"); /* Ctrl-R */
    assert_non_null(rig_err(&rig, 3, "XMB", "report", "show", project.code, "2009-09", NULL));
    get_up(seat);
}

/* ---- copying ---- */

static void what_the_cursor_stands_on_goes_to_the_clipboard(void **state)
{
    (void)state;
    char code[60];
    struct rig_project project;
    rig_project(&rig, "HRX", 0, &project);
    struct pty *seat = sit_down("XMB");
    type(seat, ":projects\r", "projects   by");
    type(seat, "\031", "copied: YY09-"); /* Ctrl-Y */
    assert_true(pty_sent(seat, "\033]52;c;WVkwOS")); /* "YY09-" */
    snprintf(code, sizeof code, "copied: %s", project.code);
    type(seat, "/", "Esc cancel");
    type(seat, project.code, project.code);
    type(seat, "\r:copy code\r", code);
    get_up(seat);
    seat = sit("XMB", (struct look){.terminal = "vt100"});
    type(seat, ":projects\r", "projects   by");
    type(seat, "\031", "no clipboard");
    assert_false(pty_sent(seat, "]52;"));
    get_up(seat);
}

/* ---- many at once ---- */

static void three_are_accepted_at_once_and_one_is_not(void **state)
{
    (void)state;
    struct rig_project projects[3];
    struct pty *seat = sit_down("XMB");
    for (unsigned i = 0; i < 3; i++) {
        rig_project(&rig, "HRX", i, &projects[i]);
        rig_submit(&rig, 0, "HRX", &projects[i], "2009-09", 10);
        assert_true(pty_wait(seat, projects[i].code, SOON_MS));
    }
    type(seat, "/monthly report 2009-09\r", "/monthly report 2009-09 3/");
    type(seat, "v", "marked 1");
    type(seat, "V", "marked 3");
    /* one of them is taken back meanwhile: it leaves the desk, and stays marked */
    rig_out(&rig, 0, "HRX", "report", "recall", projects[1].code, "2009-09", NULL);
    assert_true(pty_wait(seat, "2009-09 2/", SOON_MS));
    assert_true(pty_shows(seat, "marked 3"));
    type(seat, "a", "With the 3 that are marked");
    assert_true(pty_shows(seat, "accept: monthly report   2 of 3"));
    type(seat, "1", "Not for 1:");
    assert_true(pty_shows(seat, "Each of these 2 by a command of its own:"));
    assert_true(pty_shows(seat, "not possible in the state \"recalled\""));
    type(seat, "y", "accept: 2 done, 0 refused, 1 left out");
    assert_true(pty_shows(seat, "marked 1"));
    json_expect(rig_report(&rig, "XMB", &projects[0], "2009-09"), "state", "accepted");
    json_expect(rig_report(&rig, "XMB", &projects[2], "2009-09"), "state", "accepted");
    json_expect(rig_report(&rig, "HRX", &projects[1], "2009-09"), "state", "recalled");
    get_up(seat);
}

/* One form for all: the reason is typed once. */
static void many_are_returned_with_one_reason(void **state)
{
    (void)state;
    struct rig_project projects[2];
    struct pty *seat = sit_down("XMB");
    for (unsigned i = 0; i < 2; i++) {
        rig_project(&rig, "HRX", 3 + i, &projects[i]);
        rig_submit(&rig, 0, "HRX", &projects[i], "2009-09", 10);
        assert_true(pty_wait(seat, projects[i].code, SOON_MS));
    }
    type(seat, "/monthly report 2009-09\r", "/monthly report 2009-09 2/");
    type(seat, "V", "marked 2");
    type(seat, "a2", "return: monthly report 2 records");
    type(seat, "请补充工程量\030", "Each of these 2");
    type(seat, "y", "return: 2 done, 0 refused, 0 left out");
    for (unsigned i = 0; i < 2; i++)
        json_expect(rig_report(&rig, "HRX", &projects[i], "2009-09"), "reason", "请补充工程量");
    get_up(seat);
}

/* Chooses the line of a menu that says so, by its digit. */
static void choose(struct pty *seat, const char *label, const char *leads_to)
{
    assert_true(pty_wait(seat, label, SOON_MS));
    const char *row = pty_row(seat, (unsigned)row_of(seat, label));
    char digit[2] = {row[strcspn(row, "123456789")], '\0'};
    type(seat, digit, leads_to);
}

/* Moves the cursor down to the row in which the text stands. */
static unsigned down_to(struct pty *seat, const char *text)
{
    for (unsigned i = 0; i < 100; i++) {
        unsigned row, column;
        pty_settle(seat, QUIET_MS);
        pty_cursor(seat, &row, &column);
        if (row > 0 && strstr(pty_row(seat, row), text) != NULL) return row;
        pty_send(seat, "j");
    }
    rig_fail("no row of %s", text);
    return 0;
}

/* Behind a cell of the matrix are reports: marked, submitted and taken back as one, but for the one that was accepted
 * meanwhile. */
static void a_batch_is_taken_back_whole(void **state)
{
    (void)state;
    struct rig_project projects[3];
    for (unsigned i = 0; i < 3; i++) {
        struct report_args args;
        rig_project(&rig, "PJX", i, &projects[i]);
        rig_report_args(&args, "save", &projects[i], "2009-09", 10);
        rig_out_args(&rig, 0, "PJX", args.argv);
    }
    struct pty *seat = sit_down("PJX");
    type(seat, ":matrix\r", "duban | month");
    unsigned row = down_to(seat, "平江县");
    type(seat, "v", "marked ");
    assert_non_null(strchr(pty_row(seat, row), '*')); /* the cell's letter says so, not a colour */
    type(seat, "a", "With the ");
    choose(seat, "submit: monthly report   3 of ", "submit: monthly report");
    type(seat, SEND, "Each of these 3 by a command of its own:");
    assert_true(pty_shows(seat, "U takes it back as long as nobody has acted on it."));
    type(seat, "y", "submit: 3 done, 0 refused");
    rig_out(&rig, 0, "XMB", "report", "accept", projects[1].code, "2009-09", NULL);
    type(seat, "U", "recall: monthly report 3 records");
    type(seat, "数字有误" SEND, "Not for 1:");
    assert_true(pty_shows(seat, "Each of these 2 by a command of its own:"));
    assert_true(pty_shows(seat, "not possible in the state \"accepted\""));
    type(seat, "y", "recall: 2 done, 0 refused, 1 left out");
    json_expect(rig_report(&rig, "PJX", &projects[0], "2009-09"), "state", "recalled");
    json_expect(rig_report(&rig, "PJX", &projects[1], "2009-09"), "state", "accepted");
    json_expect(rig_report(&rig, "PJX", &projects[2], "2009-09"), "state", "recalled");
    get_up(seat);
}

/* What has no way back is said before, in words, and after. */
static void cards_of_a_board_are_registered_together(void **state)
{
    (void)state;
    struct rig_project project;
    struct pty *seat = sit_down("XMB");
    rig_project(&rig, "HRX", 2, &project);
    for (unsigned i = 0; i < 2; i++)
        rig_out(&rig, 0, "HRX", "issue", "collect", "--project", project.code, "--nature", "land", "--text",
                i == 0 ? "征地未完成" : "拆迁未完成", NULL);
    type(seat, "i", ">collected 2");
    type(seat, "v", "marked 1");
    type(seat, "v", "marked 2");
    type(seat, "v", "marked 1"); /* the last one again */
    type(seat, "V", "marked 2");
    type(seat, "a", "With the 2 that are marked");
    choose(seat, "register: registered issue   2 of 2", "register: registered issue 2 records");
    type(seat, SEND, "It gets its register number");
    assert_true(pty_shows(seat, "Each of these 2 by a command of its own:"));
    type(seat, "y", "register: 2 done, 0 refused");
    type(seat, "U", "register: registered issues (2): this can't be taken back");
    get_up(seat);
}

/* The page of a project acts on the project until something in its tab is marked. */
static void rows_of_a_projects_tab_are_marked(void **state)
{
    (void)state;
    struct rig_project project;
    char keys[60];
    rig_project(&rig, "PJX", 1, &project);
    snprintf(keys, sizeof keys, ":project %s\r", project.code);
    struct pty *seat = sit_down("XMB");
    type(seat, keys, "[1 overview]");
    type(seat, "3a", "set the stage");
    type(seat, "\033v", "marked 1");
    type(seat, "a", "With the 1 that are marked");
    assert_true(pty_shows(seat, "open a correction: monthly report   1 of 1"));
    type(seat, "\033v", "[3 reports]");
    get_up(seat);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_few_letters_lead_anywhere, clear_seats),
        cmocka_unit_test_teardown(forms_keep_what_is_typed_when_one_goes_elsewhere, clear_seats),
        cmocka_unit_test(scripts_find_the_same),
        cmocka_unit_test(scripts_act_on_several_records),
        cmocka_unit_test_teardown(three_are_accepted_at_once_and_one_is_not, clear_seats),
        cmocka_unit_test_teardown(many_are_returned_with_one_reason, clear_seats),
        cmocka_unit_test_teardown(a_submitted_report_is_taken_back_until_it_is_accepted, clear_seats),
        cmocka_unit_test_teardown(a_draft_that_was_thrown_away_comes_back, clear_seats),
        cmocka_unit_test_teardown(what_has_not_left_is_taken_out_of_the_outbox, clear_seats),
        cmocka_unit_test_teardown(a_batch_is_taken_back_whole, clear_seats),
        cmocka_unit_test_teardown(cards_of_a_board_are_registered_together, clear_seats),
        cmocka_unit_test_teardown(rows_of_a_projects_tab_are_marked, clear_seats),
        cmocka_unit_test_teardown(what_the_cursor_stands_on_goes_to_the_clipboard, clear_seats),
    };
    return cmocka_run_group_tests_name("hand", tests, start_rig, end_rig);
}
