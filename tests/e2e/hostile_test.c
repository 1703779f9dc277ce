/* hostile_test.c - texts that command terminals are refused; should a registry have them all the same, by a daemon and
 * a client that let them pass, no reader hands them on: scripts, exports, lines, screens, the clipboard. */
#include "proto/text.h"
#include "tests/lib/rig_report.h"
#include "tests/lib/sitting.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A title, colours and the clipboard set, the screen erased, the same by C1; letters turned round, hidden, in a private
 * area; a line and a cell begun anew. */
#define HOSTILE                                                                                                        \
    "A\033]0;owned\007B\033[31mC\033]52;c;b3duZWQ=\007D\033[2JE\xc2\x9b" "2JF\xe2\x80\xaeG\xe2\x81\xa6H\xe2\x80\x8bI" \
    "\xee\x80\x80J\rK\bL\x7fM\xe2\x80\xa8N\xc2\x85O\xef\xbb\xbfP\tQ"

#define HOSTILE_NAME "A\033]0;owned\007B\033[2JC\xc2\x9b" "2JD\xe2\x80\xae" "E\xe2\x80\x8b" "F\rG\bH"

static struct rig rig;
static struct rig_project project;
static char issue[24];

/* The trusting programs write it, the real daemon serves it. */
static int start_rig(void **state)
{
    char build[sizeof rig.build];
    (void)state;
    rig_start(&rig);
    sitting_begin(&rig);
    rig_enrol(&rig, "XMB");
    rig_enrol(&rig, "HRX");
    rig_project(&rig, "HRX", 0, &project);
    rig_stop(&rig, SIGTERM);
    snprintf(build, sizeof build, "%s", rig.build);
    strncat(rig.build, "/trusting", sizeof rig.build - strlen(rig.build) - 1);
    rig_serve(&rig);
    rig_out(&rig, 0, "XMB", "project", "amend", project.code, "--name", HOSTILE_NAME, "--scale", HOSTILE, NULL);
    rig_submit(&rig, 0, "HRX", &project, "2009-09", 10);
    rig_out(&rig, 0, "HRX", "report", "recall", project.code, "2009-09", "--reason", HOSTILE, NULL);
    const char *made = rig_out(&rig, 0, "HRX", "issue", "collect", "--project", project.code, "--nature", "land",
                               "--text", HOSTILE, "--json", NULL);
    snprintf(issue, sizeof issue, "%ld", json_number(made, "id"));
    rig_stop(&rig, SIGTERM);
    snprintf(rig.build, sizeof rig.build, "%s", build);
    rig_serve(&rig);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

/* No character that text_offence refuses, but for the separators of the format itself. */
static void expect_harmless(const char *what, const char *bytes, const char *separators)
{
    struct text text = {bytes, (uint32_t)strlen(bytes)};
    char *copy = strdup(bytes);
    assert_non_null(copy);
    for (char *at = copy; *at != '\0'; at++)
        if (strchr(separators, *at) != NULL) *at = ' ';
    text.at = copy;
    size_t position = text_offence(text, true);
    if (position > 0) rig_fail("%s: character %zu is hostile: %.400s", what, position, bytes);
    free(copy);
}

static void scripts_hand_nothing_on(void **state)
{
    (void)state;
    const char *const runs[][8] = {
        {"project", "list"},
        {"project", "list", "--json"},
        {"project", "list", "--csv", "--no-bom"},
        {"project", "show", project.code},
        {"project", "show", project.code, "--json"},
        {"project", "history", project.code},
        {"project", "history", project.code, "--json"},
        {"report", "list"},
        {"report", "list", "--json"},
        {"report", "list", "--csv", "--no-bom"},
        {"report", "show", project.code, "2009-09"},
        {"report", "show", project.code, "2009-09", "--json"},
        {"print", "report", project.code, "2009-09"},
        {"issue", "list"},
        {"issue", "list", "--json"},
        {"issue", "show", issue},
        {"issue", "show", issue, "--json"},
        {"verify", "issue", issue},
        {"bulletin", "compose", "monthly", "--print"},
        {"desk"},
        {"desk", "--json"},
        {"agenda"},
        {"agenda", "--ics", "-"},
        {"agenda", "--json"},
        {"registers"},
        {"matrix"},
        {"environment"},
        {"console", "--once"},
        {"console", "--json"},
        {"find", "owned"},
        {"find", "owned", "--json"},
        {"outbox"},
        {"as-of", "#1"},
    };
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        char name[200];
        struct str str = str_in(name, sizeof name);
        const char *const *w = runs[i];
        for (unsigned j = 0; j < 8 && w[j] != NULL; j++)
            str_printf(&str, "%s%s", j > 0 ? " " : "", w[j]);
        struct run run = rig_duban(&rig, "HRX", w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], NULL);
        if (run.status != 0 && strcmp(w[0], "bulletin") != 0) rig_fail("%s: %d %s", name, run.status, run.err);
        expect_harmless(name, run.out, "\r"); /* of CSV and iCalendar */
        expect_harmless(name, run.err, "");
        run_free(&run);
    }
}

static void lines_hand_nothing_on(void **state)
{
    (void)state;
    char program[1100], home[400], variable[420], file[400], input[300];
    rig_home(&rig, "HRX", home, sizeof home);
    snprintf(program, sizeof program, "%s/duban", rig.build);
    snprintf(variable, sizeof variable, "DUBAN_HOME=%s", home);
    snprintf(file, sizeof file, "DUBAN_PASSPHRASE_FILE=%s/passphrase", rig.directory);
    snprintf(input, sizeof input, "desk\nproject show %s\nreport show %s 2009-09\nissue show %s\nquit\n", project.code,
             project.code, issue);
    char *const argv[] = {program, (char[]){"--plain"}, (char[]){"--language"}, (char[]){"en"}, NULL};
    const char *const env[] = {variable, file, "TERM=dumb", "LC_ALL=C.UTF-8", NULL};
    struct run run = rig_run(&rig, argv, env, input);
    assert_int_equal(run.status, 0);
    assert_non_null(strstr(run.out, "owned"));
    expect_harmless("--plain", run.out, "");
    run_free(&run);
}

/* What the terminal is told is the program's own: after each step the first line is still there and nothing of the text
 * has been carried out. */
static void expect_calm(struct pty *seat, const char *step)
{
    static const char *const orders[] = {"\033]0;owned", "\033]52;c;b3duZWQ=", "E\033[2J", "\xc2\x9b", "\xe2\x80\xae",
                                         "\xe2\x81\xa6", "\xe2\x80\x8b", "\xee\x80\x80", "\xe2\x80\xa8", "\xc2\x85",
                                         "\xef\xbb\xbf", "K\bL"};
    pty_settle(seat, QUIET_MS);
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
        if (pty_sent(seat, orders[i])) rig_fail("%s: order %zu reached the terminal", step, i);
    assert_non_null(strstr(pty_row(seat, 0), "duban | "));
    pty_count_reset(seat);
}

static void screens_hand_nothing_on(void **state)
{
    (void)state;
    char keys[200];
    const struct {
        const char *keys, *shows;
    } steps[] = {{"", "| connected"},
                 {":projects\r", "owned"},
                 {"\r", "[1 overview]"},
                 {"6", "| history"},
                 {"q3", "[3 reports]"},
                 {"5", "[5 chart]"},
                 {"q:desk\r", "| desk"},
                 {"i", "| board"},
                 {"\r", "owned"},
                 {"a", "issue"},
                 {"\007q:console 4\r", "open"},
                 {":desk\rgowned", "owned"},
                 {"\007:environment\r", "environment"},
                 {":matrix\r", "| month"}};
    struct pty *seat = sit("HRX", (struct look){.rows = 40, .columns = 132});
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        type(seat, steps[i].keys, steps[i].shows);
        expect_calm(seat, steps[i].keys);
    }
    snprintf(keys, sizeof keys, ":report %s\r", project.code);
    type(seat, keys, "recalled");
    expect_calm(seat, keys);
    snprintf(keys, sizeof keys, "\007q:project %s\r", project.code);
    type(seat, keys, "[1 overview]");
    pty_count_reset(seat);
    type(seat, ":copy record\r", "copied");
    assert_false(pty_sent(seat, "\033]0;owned"));
    get_up(seat);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scripts_hand_nothing_on),
        cmocka_unit_test(lines_hand_nothing_on),
        cmocka_unit_test_teardown(screens_hand_nothing_on, clear_seats),
    };
    return cmocka_run_group_tests_name("hostile", tests, start_rig, end_rig);
}
