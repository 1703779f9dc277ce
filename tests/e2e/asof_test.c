/* asof_test.c - the registry as it stood: a table made for a past day is the same to the byte as it was on that day,
 * however often it is made; everybody sees of it his own; the screens go along; nothing can be done in it. */
#include "tests/lib/pty.h"
#include "tests/lib/rig_report.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOON_MS = 15000, LISTS = 9, FOLDS = 6, ACTS = 10 };

#define DAY "2009-09-28"

static struct rig rig;
static struct rig_project first, second, moved;

/* The lists that are made on the day, by whom, and what they were. */
static const char *const logins[] = {"XMB", "HRX", "PJX"};
enum { LOGINS = sizeof logins / sizeof *logins };
static const char *const lists[LISTS][4] = {
    {"report", "list"},  {"report", "list", "--json"},       {"report", "list", "--csv"},
    {"matrix", "--csv"}, {"project", "progress", "--json"},  {"project", "list", "--csv", "--sort=-total"},
    {"registers"},       {"milestone", "list", "--limit=9"}, {"warning", "list", "--json"},
};
static const char *made[LOGINS][LISTS];

static const char *make_list(const char *login, unsigned list, const char *as_of)
{
    char *argv[8] = {NULL};
    char option[64];
    unsigned count = 1;
    for (unsigned i = 0; i < 4 && lists[list][i] != NULL; i++)
        argv[count++] = (char *)(uintptr_t)lists[list][i];
    snprintf(option, sizeof option, "--as-of=%s", as_of != NULL ? as_of : "");
    if (as_of != NULL) argv[count++] = option;
    return rig_out_args(&rig, 0, login, argv);
}

static void make_workbook(const char *name, const char *as_of)
{
    char file[400], option[64];
    snprintf(file, sizeof file, "--xlsx=%s/%s", rig.directory, name);
    snprintf(option, sizeof option, "--as-of=%s", as_of != NULL ? as_of : "");
    rig_out(&rig, 0, "XMB", "report", "list", file, as_of != NULL ? option : NULL, NULL);
}

static int start_rig(void **state)
{
    (void)state;
    rig_start(&rig);
    for (unsigned i = 0; i < LOGINS; i++)
        rig_enrol(&rig, logins[i]);
    rig_project(&rig, "HRX", 0, &first);
    rig_project(&rig, "HRX", 1, &second);
    rig_project(&rig, "HRX", 2, &moved);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

/* ---- lists ---- */

/* A project of HRX becomes one of PJX, with the people of another of theirs. */
static void hand_over(void)
{
    static const char *const names[] = {"head", "deputy", "members", "contact"};
    char options[4][64], name[32], id[40];
    struct rig_project other;
    rig_project(&rig, "PJX", 0, &other);
    const char *found = rig_out(&rig, 0, "XMB", "project", "show", other.code, "--json", NULL);
    for (unsigned i = 0; i < 4; i++) {
        snprintf(name, sizeof name, "%s_id", names[i]);
        assert_true(json_value(found, name, id, sizeof id));
        long first_id = strtol(*id == '[' ? id + 1 : id, NULL, 10);
        snprintf(options[i], sizeof options[i], "--%s=#%ld", names[i], first_id);
    }
    rig_out(&rig, 0, "XMB", "project", "amend", moved.code, "--responsible", "PJX", options[0], options[1], options[2],
            options[3], NULL);
}

static void a_list_is_the_same_whenever_it_is_made(void **state)
{
    (void)state;
    rig_submit(&rig, 0, "HRX", &first, "2009-09", 10);
    rig_submit(&rig, 0, "HRX", &moved, "2009-09", 30);
    for (unsigned who = 0; who < LOGINS; who++)
        for (unsigned list = 0; list < LISTS; list++)
            made[who][list] = make_list(logins[who], list, NULL);
    make_workbook("then.xlsx", NULL);
    /* on that very day its end has not come */
    assert_non_null(strstr(rig_err(&rig, 4, "XMB", "report", "list", "--as-of", DAY, NULL), "not over yet"));

    rig_set_clock(&rig, "2009-10-12 09:00"); /* reports became late, rules did their part */
    rig_out(&rig, 0, "XMB", "report", "accept", first.code, "2009-09", NULL);
    rig_out(&rig, 0, "XMB", "report", "return", moved.code, "2009-09", "--reason", "补充工程量", NULL);
    rig_submit(&rig, 0, "HRX", &second, "2009-09", 20);
    hand_over();

    for (unsigned round = 0; round < 2; round++)
        for (unsigned who = 0; who < LOGINS; who++)
            for (unsigned list = 0; list < LISTS; list++)
                if (strcmp(make_list(logins[who], list, DAY), made[who][list]) != 0)
                    rig_fail("%s %s of %s differs: was\n%s\nis\n%s", lists[list][0], lists[list][1], logins[who],
                             made[who][list], make_list(logins[who], list, DAY));
    assert_string_not_equal(make_list("XMB", 0, NULL), made[0][0]);
    make_workbook("now.xlsx", NULL);
    make_workbook("as-of.xlsx", DAY);
    rig_shell("cmp -s %s/then.xlsx %s/as-of.xlsx && ! cmp -s %s/then.xlsx %s/now.xlsx", rig.directory, rig.directory,
              rig.directory, rig.directory);
}

static void everybody_sees_of_it_what_was_his_own(void **state)
{
    (void)state;
    const char *then = rig_out(&rig, 0, "HRX", "report", "show", moved.code, "2009-09", "--as-of", DAY, NULL);
    assert_non_null(strstr(then, "submitted"));
    rig_out(&rig, 0, "PJX", "report", "show", moved.code, "2009-09",
            NULL); /* the project is theirs now, and was not then */
    rig_err(&rig, 3, "PJX", "report", "show", moved.code, "2009-09", "--as-of", DAY, NULL);
    then = rig_out(&rig, 0, "XMB", "report", "history", moved.code, "2009-09", "--as-of", DAY, NULL);
    assert_null(strstr(then, "补充工程量"));
    assert_non_null(strstr(rig_out(&rig, 0, "XMB", "report", "history", moved.code, "2009-09", NULL), "补充工程量"));
}

static void what_can_not_be_shown_is_said(void **state)
{
    (void)state;
    static const char *const wrong[] = {"2009-02-30", "2009-09-28 25:00", "#0", "#x", "yesterday", ""};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_non_null(strstr(rig_err(&rig, 2, "XMB", "report", "list", "--as-of", wrong[i], NULL), "YYYY-MM-DD"));
    rig_err(&rig, 4, "XMB", "report", "list", "--as-of", "2009-10-12", NULL);
    rig_err(&rig, 4, "XMB", "report", "list", "--as-of", "#99999999", NULL);
    assert_non_null(strstr(rig_err(&rig, 4, "XMB", "report", "list", "--as-of", "1999-12-31", NULL), "did not exist"));
    rig_err(&rig, 5, "XMB", "report", "list", "--as-of", DAY, "--offline", NULL);
    rig_err(&rig, 2, "XMB", "presence", "--as-of", DAY, NULL);
    long before = rig_head(&rig);
    const char *said = rig_err(&rig, 4, "XMB", "report", "accept", second.code, "2009-09", "--as-of", DAY, NULL);
    assert_non_null(strstr(said, "nothing can be done in it"));
    assert_int_equal(rig_head(&rig), before);
}

/* ---- the journal at that moment ---- */

/* The newest entry of the day, by the journal itself. */
static void the_head_is_the_journals(void **state)
{
    char line[70000], number[32] = "", hash[80] = "", time[40], shown[80];
    (void)state;
    const char *head = rig_out(&rig, 0, "HRX", "as-of", DAY, "--json", NULL);
    rig_stop(&rig, SIGTERM);
    const char *dump = rig_daemon_out(&rig, 0, "dump", rig.registry, NULL);
    for (const char *at = dump; *at != '\0'; at = strchr(at, '\n') + 1) {
        snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
        if (!json_value(line, "time", time, sizeof time) || strncmp(time, DAY, strlen(DAY)) > 0) break;
        json_value(line, "number", number, sizeof number);
        json_value(line, "hash", hash, sizeof hash);
    }
    json_expect(head, "number", number);
    json_expect(head, "hash", hash);
    json_expect(head, "moment", DAY "T23:59:59+08:00");
    const char *records = rig_daemon_out(&rig, 0, "dump", rig.registry, "--as-of", DAY, NULL);
    json_expect(records, "number", number);
    json_expect(records, "hash", hash);
    snprintf(line, sizeof line, "%s", rig_daemon_out(&rig, 0, "dump", rig.registry, "--as-of", DAY " 09:00", NULL));
    assert_true(json_number(line, "number") < json_number(records, "number"));
    assert_non_null(strstr(records, "\"kind\":\"report\",\"id\":2,"));
    rig_daemon_err(&rig, 4, "dump", rig.registry, "--as-of", "1999-12-31", NULL);
    rig_daemon_err(&rig, 2, "dump", rig.registry, "--as-of", "1999-12-32", NULL);
    rig_serve(&rig);
    /* by its number it is the same moment, and the whole day's changes stand behind it */
    snprintf(line, sizeof line, "#%s", number);
    const char *entry = rig_out(&rig, 0, "HRX", "as-of", line, "--json", NULL);
    json_value(entry, "hash", shown, sizeof shown);
    assert_string_equal(shown, hash);
    assert_string_equal(strchr(head, '\n'), strchr(entry, '\n'));
    assert_non_null(strstr(head, "\"kind\":\"report\""));
    /* a quiet day: the head is of another one, and nothing changed */
    const char *quiet = rig_out(&rig, 0, "HRX", "as-of", "2009-10-03", "--json", NULL);
    assert_int_equal(json_number(quiet, "number"), json_number(quiet, "day_after"));
    assert_int_equal(json_lines(quiet), 1);
    /* a minute of the day, before the reports */
    const char *early = rig_out(&rig, 0, "HRX", "as-of", DAY, "09:00", "--json", NULL);
    assert_true(json_number(early, "number") < json_number(head, "number"));
    const char *words = rig_out(&rig, 0, "HRX", "as-of", DAY, NULL);
    assert_non_null(strstr(words, hash));
    assert_non_null(strstr(words, first.code));
}

/* ---- beside the work ---- */

/* Two readers want moments far apart, so that each makes the daemon fold from the beginning; meanwhile the county
 * and the office go on. */
static void commands_are_acknowledged_while_the_past_is_read(void **state)
{
    struct spawned readers[FOLDS];
    char number[16];
    (void)state;
    for (unsigned i = 0; i < FOLDS; i++) {
        snprintf(number, sizeof number, "#%u", i % 2 == 0 ? 100 + i : 3000 - i);
        rig_spawn(&rig, &readers[i], i % 2 == 0 ? "XMB" : "PJX", "as-of", number, "--json", NULL);
        if (i % 2 == 0) continue;
        for (unsigned act = 0; act < ACTS / FOLDS * 2; act++)
            rig_out(&rig, 0, "HRX", "report", "save", second.code, "2009-10", "--progress", number, NULL);
        for (unsigned j = i - 1; j <= i; j++) {
            const char *line = spawned_line(&readers[j], SOON_MS);
            if (line == NULL) rig_fail("reader %u got nothing", j);
            snprintf(number, sizeof number, "%u", j % 2 == 0 ? 100 + j : 3000 - j);
            json_expect(line, "number", number);
            spawned_end(&readers[j], SIGTERM);
        }
    }
}

/* ---- screens ---- */

static struct pty *sit_down(const char *login)
{
    char program[1100], home[400], variables[4][1200];
    char *argv[] = {program, NULL};
    const char *env[] = {variables[0], variables[1], "LC_ALL=C.UTF-8", "TERM=xterm-256color", "ESCDELAY=50", NULL};
    snprintf(program, sizeof program, "%s/duban", rig.build);
    rig_home(&rig, login, home, sizeof home);
    snprintf(variables[0], sizeof variables[0], "DUBAN_HOME=%s", home);
    snprintf(variables[1], sizeof variables[1], "DUBAN_PASSPHRASE_FILE=%s/passphrase", rig.directory);
    struct pty *seat = pty_open(&(struct pty_options){.argv = argv, .env = env});
    assert_true(pty_wait(seat, "| connected", SOON_MS));
    return seat;
}

static void type(struct pty *seat, const char *keys, const char *leads_to)
{
    pty_send(seat, keys);
    if (!pty_wait(seat, leads_to, SOON_MS)) rig_fail("%s does not lead to %s", keys, leads_to);
}

static void expect_mark(struct pty *seat, const char *mark)
{
    if (strstr(pty_row(seat, 0), mark) == NULL) rig_fail("no %s in: %s", mark, pty_row(seat, 0));
}

static void all_screens_go_back_and_say_so(void **state)
{
    static const struct {
        const char *keys, *shows;
    } screens[] = {{"d", "duban | desk"},        {"p", "duban | projects"}, {"m", "duban | month"},
                   {"w", "duban | list"},        {"i", "duban | board"},    {"t", "duban | registers"},
                   {"y", "duban | agenda"},      {"u", "duban | list"},     {"N", "duban | what was pushed"},
                   {":person\r", "duban | list"}};
    char command[100];
    (void)state;
    struct pty *seat = sit_down("XMB");
    type(seat, ":asof " DAY "\r", "AS OF " DAY " 23:59");
    for (size_t i = 0; i < sizeof screens / sizeof *screens; i++) {
        type(seat, screens[i].keys, screens[i].shows);
        expect_mark(seat, "AS OF " DAY);
    }
    snprintf(command, sizeof command, ":report %s 2009-09\r", moved.code);
    type(seat, command, "submitted"); /* it was returned since */
    expect_mark(seat, "AS OF " DAY);
    type(seat, "H", "duban | history");
    pty_settle(seat, 100);
    expect_mark(seat, "AS OF " DAY);
    assert_false(pty_shows(seat, "补充工程量"));
    pty_send(seat, "q");
    type(seat, "=", "this is the present again");
    assert_true(pty_wait(seat, "returned", SOON_MS));
    assert_null(strstr(pty_row(seat, 0), "AS OF"));
    assert_int_equal(pty_close(seat), 0);
}

static void nothing_can_be_done_in_the_past(void **state)
{
    char command[100];
    (void)state;
    long before = rig_head(&rig);
    struct pty *seat = sit_down("HRX");
    snprintf(command, sizeof command, ":report %s 2009-10\r", first.code);
    type(seat, command, "not begun");
    type(seat, "12.5", "12.5"); /* being typed when the past comes: kept as a draft, not shown there */
    pty_send(seat, "\x07");
    type(seat, ":asof " DAY "\r", "AS OF " DAY);
    type(seat, command, "not begun");
    assert_false(pty_shows(seat, "12.5"));
    type(seat, "7", "nothing can be done in it");
    type(seat, ":desk\r", "duban | desk");
    type(seat, "x", "nothing can be done in it");
    type(seat, ":presence\r", "nothing can be done in it");
    type(seat, ":new issue\r", "nothing can be done in it");
    snprintf(command, sizeof command, ":project %s\r", first.code);
    type(seat, command, "duban | project");
    type(seat, "a", "nothing can be done in it");
    type(seat, ":asof now\r", "this is the present again");
    snprintf(command, sizeof command, ":report %s 2009-10\r", first.code);
    type(seat, command, "12.5");
    assert_int_equal(pty_close(seat), 0);
    assert_int_equal(rig_head(&rig), before);
}

static void keys_go_a_day_back_and_on(void **state)
{
    (void)state;
    struct pty *seat = sit_down("XMB");
    type(seat, "<", "not possible here now"); /* only from the past */
    type(seat, ":asof 2009-10-10\r", "AS OF 2009-10-10");
    type(seat, "<", "AS OF 2009-10-09 23:59");
    type(seat, "<<<", "AS OF 2009-10-06");
    type(seat, ">", "AS OF 2009-10-07");
    type(seat, ":asof 2009-10-08 10:30\r", "AS OF 2009-10-08 10:30");
    type(seat, ":asof #2\r", "#2 |");
    type(seat, "<", "did not exist yet"); /* and stays where it was */
    expect_mark(seat, "#2 |");
    type(seat, ":asof 2009-10-11\r", "AS OF 2009-10-11");
    type(seat, ">", "this is the present again"); /* today is not over */
    type(seat, ":asof 2009-13-13\r", ":asof date");
    type(seat, ":asof 2019-10-13\r", "not over yet");
    assert_null(strstr(pty_row(seat, 0), "AS OF"));
    assert_int_equal(pty_close(seat), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_the_same_whenever_it_is_made),
        cmocka_unit_test(everybody_sees_of_it_what_was_his_own),
        cmocka_unit_test(what_can_not_be_shown_is_said),
        cmocka_unit_test(the_head_is_the_journals),
        cmocka_unit_test(commands_are_acknowledged_while_the_past_is_read),
        cmocka_unit_test(all_screens_go_back_and_say_so),
        cmocka_unit_test(nothing_can_be_done_in_the_past),
        cmocka_unit_test(keys_go_a_day_back_and_on),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
