/* plain_test.c - the session in lines (duban --plain), and the language changed while it is looked at. */
#include "tests/lib/rig_report.h"
#include "tests/lib/sitting.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct rig rig;

static int begin(void **state)
{
    (void)state;
    sitting_start(&rig);
    return 0;
}

static int end(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

/* A session of an operator, fed with lines through a pipe, as braille terminals and scripts do. */
static struct run lines(const char *login, const char *language, const char *input)
{
    char program[1100], home[400], variable[420], file[400];
    rig_home(&rig, login, home, sizeof home);
    snprintf(program, sizeof program, "%s/duban", rig.build);
    snprintf(variable, sizeof variable, "DUBAN_HOME=%s", home);
    snprintf(file, sizeof file, "DUBAN_PASSPHRASE_FILE=%s/passphrase", rig.directory);
    char *const argv[] = {program, (char[]){"--plain"}, (char[]){"--language"}, (char *)(uintptr_t)language, NULL};
    const char *const env[] = {variable, file, "TERM=dumb", "LC_ALL=C.UTF-8", NULL};
    return rig_run(&rig, argv, env, input);
}

/* Nothing for the eye alone: no escape sequence, no columns, no line that wraps words into columns. */
static void expect_plain(const char *text)
{
    assert_null(strchr(text, '\033'));
    assert_null(strstr(text, "   "));
}

static void a_report_is_filled_in_and_sent_in_lines(void **state)
{
    (void)state;
    struct rig_project project;
    char input[600], word[80];
    rig_project(&rig, "HRX", 0, &project);
    snprintf(
        input, sizeof input,
        "report %s 2009-09\n10\n1\nback\n%.2f\n路基完成\n\n无\n铺路面\n\n\n\ncheck\nsend\nreport %s 2009-09\nquit\n",
        project.code, project.invested + 10, project.code);
    struct run run = lines("HRX", "en", input);
    assert_int_equal(run.status, 0);
    expect_plain(run.out);
    assert_non_null(strstr(run.out, "1 of 9. invested this month"));
    assert_non_null(strstr(run.out, "The month before: "));
    assert_non_null(strstr(run.err, "falls below the last cumulative figure")); /* at once, not at the end */
    assert_non_null(strstr(run.out, "It can be sent."));
    assert_non_null(strstr(run.out, "state: submitted"));
    run_free(&run);
    json_value(rig_report(&rig, "XMB", &project, "2009-09"), "state", word, sizeof word);
    assert_string_equal(word, "submitted");
}

/* What was typed and left is there again, in lines and on the screen. */
static void what_is_left_stays_as_a_draft(void **state)
{
    (void)state;
    struct rig_project project;
    char input[200], keys[120];
    rig_project(&rig, "HRX", 1, &project);
    snprintf(input, sizeof input, "report %s 2009-09\n17.25\ncancel\nreport %s 2009-09\n", project.code, project.code);
    struct run run = lines("HRX", "en", input);
    assert_non_null(strstr(run.out, "kept as a draft"));
    assert_non_null(strstr(run.out, "Now: 17.25"));
    run_free(&run);
    struct pty *county = sit_down("HRX");
    snprintf(keys, sizeof keys, ":report %s\r", project.code);
    type(county, keys, "17.25");
    get_up(county);
}

/* Numbers mean lines of the last list; an action that is for good is confirmed with what follows from it. */
static void numbers_open_and_grave_acts_are_confirmed(void **state)
{
    (void)state;
    struct run run =
        lines("XMB", "en", "projects YY09\nnext\n3\ndo withdraw\n岳政函3号\n文件要求撤项\nsend\nn\nquit\n");
    expect_plain(run.out);
    assert_non_null(strstr(run.out, "\n21. "));
    assert_non_null(strstr(run.out, "code: YY09-"));
    assert_non_null(strstr(run.out, "do withdraw: "));
    assert_non_null(strstr(run.out, "for good"));
    assert_non_null(strstr(run.err, "not confirmed"));
    run_free(&run);
}

/* What is pushed is said at once while nothing is typed. It does not come into a line that is begun, which stays as it
 * is and can be erased: then it is said right behind it. */
static void a_push_is_said_at_once_but_not_into_a_line(void **state)
{
    (void)state;
    struct rig_project project, other;
    rig_project(&rig, "HRX", 3, &other);
    char program[1100], home[400], variables[2][1200];
    rig_project(&rig, "HRX", 2, &project);
    snprintf(program, sizeof program, "%s/duban", rig.build);
    rig_home(&rig, "XMB", home, sizeof home);
    snprintf(variables[0], sizeof variables[0], "DUBAN_HOME=%s", home);
    snprintf(variables[1], sizeof variables[1], "DUBAN_PASSPHRASE_FILE=%s/passphrase", rig.directory);
    char *argv[] = {program, (char[]){"--plain"}, NULL};
    const char *env[] = {variables[0], variables[1], "TERM=dumb", "LC_ALL=C.UTF-8", NULL};
    struct pty *office = pty_open(&(struct pty_options){.argv = argv, .env = env});
    assert_true(pty_wait(office, "duban>", SOON_MS));
    rig_submit(&rig, 0, "HRX", &other, "2009-09", 10);
    assert_true(pty_wait(office, "News: ", SOON_MS));
    assert_true(pty_wait(office, other.code, SOON_MS));
    pty_send(office, "help quit\r");
    assert_true(pty_wait(office, "leaves duban", SOON_MS));
    pty_send(office, "no 字\x7fsuch\x17thing\x03"); /* erased by characters, words, and given up */
    assert_true(pty_wait(office, "no thing", SOON_MS));
    pty_send(office, "half a wo");
    assert_true(pty_wait(office, "half a wo", SOON_MS));
    pty_count_reset(office);
    rig_submit(&rig, 0, "HRX", &project, "2009-09", 10);
    pty_settle(office, 2000);
    assert_false(pty_shows(office, project.code));
    assert_int_equal(pty_bytes(office), 1); /* the bell */
    pty_send(office, "\025\r");             /* Ctrl-U */
    assert_true(pty_wait(office, project.code, SOON_MS));
    assert_false(pty_shows(office, "there is no command"));
    pty_send(office, "quit\r");
    assert_int_equal(pty_wait_end(office, SOON_MS), 0);
    pty_close(office);
}

/* Whatever can be typed after `:` on the screen. */
static void every_word_of_the_screen_is_known(void **state)
{
    static const char *const words[] = {
#define COMMAND(name, ...) #name,
#include "client/screen/commands.def"
#undef COMMAND
    };
    char input[1000];
    size_t used = 0;
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], "quit") != 0)
            used += (size_t)snprintf(input + used, sizeof input - used, "%s%s\n", words[i],
                                     strcmp(words[i], "return") == 0 || strcmp(words[i], "new") == 0 ? " x" : "");
    struct run run = lines("XMB", "en", input);
    assert_null(strstr(run.err, "there is no command"));
    assert_null(strchr(run.out, '\033'));
    run_free(&run);
}

static void lines_of_every_list_open_and_the_past_is_read(void **state)
{
    (void)state;
    struct run run = lines("XMB", "en",
                           "matrix\n1\nregisters\n1\nenvironment\n1\nfind YYX\n1\nproject history YY09-Z001\n"
                           "asof #100\nproject list --limit 1\nnew issue\nasof now\nnotices\n");
    expect_plain(run.out);
    assert_null(strstr(run.err, "nothing to open"));
    assert_non_null(strstr(run.out, "short name: "));
    if (strstr(run.err, "nothing can be done in it") == NULL) rig_fail("%s\n%s", run.out, run.err);
    assert_non_null(strstr(run.out, "duban #100> "));
    run_free(&run);
}

/* In a locale without languages, on the screen that is open, and kept for the next time. */
static void the_language_changes_while_it_is_looked_at(void **state)
{
    (void)state;
    struct pty *office = sit_down("XMB");
    type(office, "p", "invested");
    type(office, ":set language zh\r", "按代码");
    assert_true(pty_wait_gone(office, "invested", SOON_MS));
    assert_true(pty_shows(office, "| 项目"));
    type(office, "q", "工作台");
    get_up(office);
    office = sit("XMB", (struct look){NULL});
    assert_true(pty_wait(office, "| 工作台", SOON_MS));
    type(office, ":set language en\r", "connected");
    type(office, "?", "do it");
    get_up(office);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_is_filled_in_and_sent_in_lines),
        cmocka_unit_test(what_is_left_stays_as_a_draft),
        cmocka_unit_test(numbers_open_and_grave_acts_are_confirmed),
        cmocka_unit_test(a_push_is_said_at_once_but_not_into_a_line),
        cmocka_unit_test(every_word_of_the_screen_is_known),
        cmocka_unit_test(lines_of_every_list_open_and_the_past_is_read),
        cmocka_unit_test_teardown(the_language_changes_while_it_is_looked_at, clear_seats),
    };
    return cmocka_run_group_tests_name("plain", tests, begin, end);
}
