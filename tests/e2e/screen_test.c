/* screen_test.c - the full-screen program as operators use it, in pseudo-terminals at a real daemon: the main job
 * of clause 2 at two keyboards, work without the link, drafts, finding, and what the screen costs in bytes.
 * Promises P1, P3, P8. */
#include "tests/lib/rig_report.h"
#include "tests/lib/sitting.h"
#include "tests/lib/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WATCHES_MAX = 900 };

#define PASTE  "\033[200~"
#define PASTED "\033[201~"

static struct rig rig;

static int start_rig(void **state)
{
    (void)state;
    sitting_start(&rig);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

/* Opens the report of this month by the command line. */
static void open_report(struct pty *seat, const struct rig_project *project)
{
    char keys[120], title[120];
    snprintf(keys, sizeof keys, ":report %s\r", project->code);
    snprintf(title, sizeof title, "monthly report 2009-09  %s", project->code);
    type(seat, keys, title);
}

/* Types the whole report into its form; it is not sent. */
static void fill_in(struct pty *seat, const struct rig_project *project, int invested)
{
    char keys[120];
    snprintf(keys, sizeof keys, "%d\r", invested);
    type(seat, keys, "> invested this year");
    snprintf(keys, sizeof keys, "%.0f\r", project->invested + invested);
    type(seat, keys, "> visible progress");
    type(seat, "路基完成\t", "> milestones");
    pty_send(seat, "j\r");
    type(seat, "无\t", "> plan for next month");
    type(seat, "铺路面" DONE, "s submit");
}

/* ---- the main job ---- */

static void a_county_reports_and_the_office_sees_it_without_a_key(void **state)
{
    (void)state;
    struct rig_project project, other;
    char arrived[200];
    rig_project(&rig, "HRX", 0, &project);
    rig_project(&rig, "HRX", 1, &other);
    struct pty *office = sit_down("XMB"), *county = sit_down("HRX");
    assert_true(pty_wait(office, "make run AS=HRX", SOON_MS)); /* a demo says how to see it work */
    open_report(county, &project);
    assert_true(pty_shows(county, "not begun"));
    fill_in(county, &project, 10);
    type(county, "s", "submit monthly report: done");
    /* nobody touches the office's keyboard */
    snprintf(arrived, sizeof arrived, "华容县 submit monthly report 2009-09 %s", project.code);
    assert_true(pty_wait(office, arrived, SOON_MS));
    assert_true(pty_wait(office, "accept", SOON_MS));
    assert_int_equal(row_of(office, project.code), 3); /* on the desk, with what is to be done */
    type(office, "o", "y accept");
    assert_true(pty_wait(office, "路基完成", SOON_MS)); /* it is all there */
    /* meanwhile the county is in the middle of a word of the next report */
    open_report(county, &other);
    type(county, "7\r8\r半句", "半句");
    type(office, "r", "return: monthly report");
    type(office, "请补充工程量" DONE, "s carry out");
    type(office, "s", "return monthly report: done");
    assert_true(pty_wait(county, "请补充工程量", SOON_MS));
    type(county, "话", "半句话"); /* nothing typed was lost, and the typing goes on */
    type(county, DONE "o", "returned: 请补充工程量");
    type(county, "s", "submit monthly report: done");
    assert_true(pty_wait(office, "y accept", SOON_MS)); /* the page that is open follows, too */
    type(office, "y", "accept monthly report: done");
    assert_true(pty_wait(county, "accepted", SOON_MS));
    get_up(office);
    get_up(county);
}

/* Figures are typed: the form begins empty, with the last known ones beside it, and says at once what is wrong. */
static void figures_are_checked_while_they_are_typed(void **state)
{
    (void)state;
    struct rig_project project;
    char before[40];
    rig_project(&rig, "HRX", 2, &project);
    struct pty *county = sit_down("HRX");
    open_report(county, &project);
    assert_true(pty_wait(county, "> invested this month", SOON_MS));
    int row = row_of(county, "> invested this month");
    assert_non_null(strstr(pty_row(county, (unsigned)row), "____"));
    snprintf(before, sizeof before, "%.2f", project.invested);
    assert_non_null(strstr(pty_row(county, (unsigned)row + 1), before));
    assert_non_null(strstr(pty_row(county, (unsigned)row + 1), "____"));
    type(county, "5\r1\r", "! "); /* less than last month's */
    type(county, DONE "s", "! ");
    assert_false(pty_shows(county, "submitted"));
    type(county, "D", "Discard the draft?");
    type(county, "y", "> invested this month");
    get_up(county);
}

/* As each chose: a line that stands out until the next key, and the choice outlives the program. */
static void a_push_flashes_for_whoever_wants_that(void **state)
{
    (void)state;
    struct pty_cell cell;
    struct rig_project project;
    char arrived[200];
    rig_project(&rig, "HRX", 9, &project);
    snprintf(arrived, sizeof arrived, "submit monthly report 2009-09 %s", project.code);
    struct pty *office = sit_down("XMB");
    type(office, ":set bell flash\r", "bell flash");
    get_up(office);
    office = sit_down("XMB");
    rig_submit(&rig, 0, "HRX", &project, "2009-09", 10);
    assert_true(pty_wait(office, arrived, SOON_MS));
    unsigned row = (unsigned)row_of(office, arrived);
    pty_cell(office, row, 0, &cell);
    assert_true(cell.reverse);
    type(office, "j", arrived);
    for (int64_t end = rig_clock_ms() + SOON_MS; cell.reverse && rig_clock_ms() < end;) {
        pty_wait(office, "what never stands there", QUIET_MS); /* reads on */
        pty_cell(office, row, 0, &cell);
    }
    assert_false(cell.reverse);
    type(office, ":set bell off\r", "bell off");
    get_up(office);
}

/* ---- what is typed is kept ---- */

static void a_draft_outlives_a_killed_program(void **state)
{
    (void)state;
    struct rig_project project;
    rig_project(&rig, "HRX", 3, &project);
    struct pty *county = sit_down("HRX");
    open_report(county, &project);
    type(county, "12\r", "> invested this year");
    assert_true(pty_wait(county, "draft, kept here only", SOON_MS));
    kill(pty_pid(county), SIGKILL);
    assert_int_equal(leave(county), 128 + SIGKILL);
    county = sit_down("HRX");
    open_report(county, &project);
    assert_true(pty_wait(county, "draft, kept here only", SOON_MS));
    assert_non_null(strstr(pty_row(county, (unsigned)row_of(county, "invested this month")), "* 12"));
    /* a text that is longer than it may be is kept all the same */
    char note[1300] = "";
    while (strlen(note) < 1200)
        strcat(note, "0123456789ab");
    type(county, "j", "> visible progress");
    type(county, "\r", "F2 carry out");
    type(county, note, "! ");
    type(county, "END\t", "> milestones");
    kill(pty_pid(county), SIGKILL);
    assert_int_equal(leave(county), 128 + SIGKILL);
    county = sit_down("HRX");
    open_report(county, &project);
    assert_true(pty_wait(county, "0123456789ab", SOON_MS));
    assert_true(pty_wait(county, "! ", SOON_MS)); /* and what is wrong with it is said again */
    type(county, "ggj", "> invested this year");
    /* a hung-up line loses not even the field that was being typed */
    type(county, "\r3456", "* 3456");
    assert_int_equal(leave(county), 0);
    county = sit_down("HRX");
    open_report(county, &project);
    assert_true(pty_wait(county, "* 3456", SOON_MS));
    get_up(county);
}

static void a_paste_is_text_and_never_a_command(void **state)
{
    (void)state;
    struct rig_project project;
    rig_project(&rig, "HRX", 4, &project);
    struct pty *county = sit_down("HRX");
    open_report(county, &project);
    type(county, "jj", "> visible progress");
    type(county, PASTE "q:quit\rsD" PASTED, "* q:quit");
    assert_true(pty_wait(county, "sD", SOON_MS));
    assert_false(pty_shows(county, "Discard"));
    type(county, DONE "k", "> invested this year");
    /* one key takes one whole Chinese character back */
    type(county, "j\r中文", "sD中文");
    type(county, "\x7f", "sD中");
    assert_true(pty_wait_gone(county, "文", SOON_MS));
    get_up(county);
}

/* ---- the first run ---- */

static void a_new_operator_enrols_with_a_ticket(void **state)
{
    (void)state;
    char ticket[400], keys[420];
    rig_ticket(&rig, "PJX", ticket, sizeof ticket);
    struct pty *county = sit("PJX", (struct look){.asks = true});
    assert_true(pty_wait(county, "> enrol a new operator with a ticket", SOON_MS));
    snprintf(keys, sizeof keys, PASTE "%s" PASTED, ticket);
    type(county, "\r", "Enrol with a ticket");
    type(county, keys, ticket + strlen(ticket) - 8);
    type(county, "\r", "Choose a passphrase");
    type(county, "a secret", "********");
    type(county, "\r", "The same passphrase again");
    type(county, "a secret\r", "| connected");
    assert_true(pty_wait(county, "平江县", SOON_MS));
    get_up(county);
    county = sit("PJX", (struct look){.asks = true});
    assert_true(pty_wait(county, "Passphrase of PJX", SOON_MS));
    type(county, "another\r", "wrong passphrase");
    assert_false(pty_shows(county, "YY09"));
    type(county, "a secret\r", "| connected");
    get_up(county);
}

/* ---- without the link ---- */

static void what_is_done_offline_goes_out_later(void **state)
{
    (void)state;
    struct rig_project project;
    rig_project(&rig, "HRX", 5, &project);
    struct pty *county = sit_down("HRX");
    rig_stop(&rig, SIGTERM);
    assert_true(pty_wait(county, "| no link, as of 09:", SOON_MS)); /* the demo began at nine */
    open_report(county, &project);
    fill_in(county, &project, 10);
    type(county, "s", "submit: kept; it goes out with the next connection");
    assert_true(pty_wait(county, ", 1 to send", SOON_MS));
    type(county, ":outbox\r", "to send 1");
    assert_int_equal(row_of(county, "> to send"), 3);
    /* it is on disk: the program may go, and another one sends it */
    get_up(county);
    county = sit("HRX", (struct look){NULL});
    assert_true(pty_wait(county, "1 to send", SOON_MS));
    assert_true(pty_wait(county, "waits to be sent", SOON_MS));
    rig_serve(&rig);
    type(county, "\033[15~", "| connected"); /* F5: now, not after the pause */
    assert_true(pty_wait_gone(county, "waits to be sent", SOON_MS));
    json_expect(rig_report(&rig, "XMB", &project, "2009-09"), "state", "submitted");
    get_up(county);
}

/* A daemon that hangs is told from one that works within some ten seconds of an act. */
static void a_silent_daemon_is_noticed(void **state)
{
    (void)state;
    struct rig_project project;
    rig_project(&rig, "HRX", 6, &project);
    struct pty *county = sit_down("HRX");
    open_report(county, &project);
    fill_in(county, &project, 10);
    rig_freeze(&rig, true);
    pty_send(county, "s");
    bool told = pty_wait(county, "| no answer, as of", SLOW_MS);
    rig_freeze(&rig, false);
    assert_true(told);
    assert_true(pty_wait(county, "submit monthly report: done", SLOW_MS));
    assert_true(pty_wait(county, "| connected", SLOW_MS));
    assert_false(pty_shows(county, "does not answer"));
    get_up(county);
}

/* ---- finding the way ---- */

static void projects_are_found_by_initials(void **state)
{
    (void)state;
    struct pty *office = sit_down("XMB");
    type(office, "p", "153 projects");
    type(office, "/hrx", "12 of 153 projects");
    for (unsigned row = 3; row < 15; row++)
        assert_non_null(strstr(pty_row(office, row), "华容"));
    type(office, "\x15", "153 projects"); /* the words erased: all of them again */
    type(office, "大桥\r", "大桥");
    assert_true(pty_wait(office, "of 153 projects", SOON_MS));
    type(office, "\r", "1 overview");
    get_up(office);
}

static void help_and_commands(void **state)
{
    (void)state;
    struct pty *office = sit_down("XMB");
    type(office, "?", "-- desk");
    assert_true(pty_shows(office, "who is connected"));
    type(office, "\r", "? keys");
    type(office, ":matr\t", ":matrix");
    type(office, "\r", "duban | month");
    assert_true(pty_wait(office, "华容县", SOON_MS));
    type(office, ":no-such-thing\r", "there is no no-such-thing");
    type(office, ":unit HRX\r", "华容县");
    type(office, "q", "duban | month");
    type(office, "d", "duban | desk");
    type(office, "q", "Leave duban?");
    pty_send(office, "y");
    assert_int_equal(pty_wait_end(office, SOON_MS), 0);
    leave(office);
}

/* 催办: the office urges, the county's screen says so without a key, and desk, register, agenda and board show it.
 * clauses: 2.1 5.0 */
static void a_reminder_arrives_and_stands_in_every_view(void **state)
{
    (void)state;
    struct pty *county = sit_down("HRX");
    rig_out(&rig, 0, "XMB", "urging", "send", "--subject", "HRX", "--matter", "meeting", "--due", "2009-09-30",
            "--text", "请于月底前召开", "--yes", NULL);
    assert_true(pty_wait(county, "urge reminder", SOON_MS));
    assert_true(pty_wait(county, "take note", SOON_MS)); /* on the desk, with its one obvious act */
    type(county, "t", "nearest deadline");
    assert_true(pty_shows(county, "reminders"));
    assert_true(pty_shows(county, "2009-09-30"));
    type(county, "y", "30 1");
    type(county, "l", "duban | agenda");
    type(county, "l", "reminder 华容县");
    type(county, ":urging\r", "duban | list");
    type(county, "b", "running 1, ended 0");
    assert_true(pty_shows(county, ">sent 1"));
    rig_out(&rig, 0, "HRX", "urging", "note", "1", "--yes", NULL);
    assert_true(pty_wait(county, "running 0, ended 1", SOON_MS)); /* the board follows */
    const char *lines = rig_out(&rig, 0, "HRX", "registers", "--json", NULL);
    char row[400];
    assert_non_null(json_row(lines, "kind", "urging", row, sizeof row));
    assert_int_equal(json_number(row, "all"), 1);
    assert_int_equal(json_number(row, "open"), 0);
    get_up(county);
}

/* ---- what it costs ---- */

static void one_line_down_costs_ten_bytes_and_rest_costs_none(void **state)
{
    (void)state;
    struct pty *office = sit_down("XMB");
    type(office, "p", "153 projects");
    pty_settle(office, QUIET_MS);
    for (unsigned row = 4; row < 10; row++) {
        char next[400];
        snprintf(next, sizeof next, "%s", pty_row(office, row));
        assert_int_equal(next[0], ' ');
        next[0] = '>';
        pty_count_reset(office);
        type(office, "j", next);
        pty_settle(office, QUIET_MS);
        assert_in_range(pty_bytes(office), 1, 10);
        unsigned at, column;
        pty_cursor(office, &at, &column); /* for screen readers and input methods */
        assert_int_equal(at, row);
        assert_int_equal(column, 0);
    }
    pty_count_reset(office);
    pty_settle(office, 3000);
    assert_int_equal(pty_bytes(office), 0);
    get_up(office);
}

/* ---- terminals ---- */

/* Waits until the hints stand in this row: the screen has taken its new shape. */
static void wait_hints(struct pty *seat, unsigned row)
{
    int64_t until = rig_clock_ms() + SOON_MS;
    while (strstr(pty_row(seat, row), "? keys") == NULL) {
        assert_true(rig_clock_ms() < until);
        pty_settle(seat, 10);
    }
}

static void another_size_is_followed(void **state)
{
    (void)state;
    struct pty *county = sit_down("HRX");
    type(county, "p", "YY09-Q001");
    pty_resize(county, 7, 38);
    assert_true(pty_wait(county, "too small: at least 40x8", SOON_MS));
    pty_resize(county, 40, 120);
    assert_true(pty_wait(county, "YY09-Q035", SOON_MS));
    wait_hints(county, 39);
    pty_resize(county, 24, 80);
    assert_true(pty_wait_gone(county, "YY09-Q035", SOON_MS));
    assert_true(pty_wait(county, "> YY09-Q001", SOON_MS));
    wait_hints(county, 23);
    get_up(county);
}

/* A terminal without any Chinese shows initials, and only ASCII reaches it. */
static void a_terminal_of_ascii_alone(void **state)
{
    (void)state;
    struct pty *county = sit("HRX", (struct look){.locale = "C", .terminal = "vt100"});
    assert_true(pty_wait(county, "| connected", SOON_MS));
    assert_true(pty_shows(county, "hrx "));
    type(county, "p", "153 projects");
    for (unsigned row = 0; row < 24; row++)
        for (const char *at = pty_row(county, row); *at != '\0'; at++)
            assert_in_range(*at, ' ', '~');
    assert_true(pty_shows(county, "jtj")); /* the city's transport bureau, by its usual readings */
    get_up(county);
}

/* GB18030: two bytes a character, marks such as the ellipsis two columns wide, and columns that stand. */
static void a_terminal_in_gb18030(void **state)
{
    (void)state;
    rig_shell("mkdir -p %s/locales && { [ -d %s/locales/zh_CN.GB18030 ] || "
              "localedef -i zh_CN -f GB18030 %s/locales/zh_CN.GB18030; }",
              rig.directory, rig.directory, rig.directory);
    struct pty *county = sit("HRX", (struct look){.locale = "zh_CN.GB18030", .charset = "GB18030"});
    assert_true(pty_wait(county, "| 已连接", SOON_MS));
    type(county, "p", "> YY09-Q001");
    for (unsigned row = 3; row < 22; row++) { /* the stage begins in the same column in each row */
        struct pty_cell gap, stage;
        pty_cell(county, row, 27, &gap);
        pty_cell(county, row, 28, &stage);
        assert_true(gap.text[0] == '\0' || gap.text[0] == ' ');
        assert_int_equal(stage.columns, 2);
    }
    type(county, "/\xb4\xf3\xc7\xc5", "大桥"); /* typed in its own encoding, too */
    assert_true(pty_wait(county, "荆岳长江公路", SOON_MS));
    get_up(county);
}

/* Whatever ends it, the terminal is left as it was found. */
static void signals_end_it_in_order(void **state)
{
    (void)state;
    static const int signals[] = {SIGTERM, SIGHUP};
    for (unsigned i = 0; i < 2; i++) {
        struct pty *county = sit_down("HRX");
        kill(pty_pid(county), signals[i]);
        assert_int_equal(pty_wait_end(county, SOON_MS), 0);
        if (signals[i] == SIGTERM) assert_true(pty_wait_gone(county, "? keys", 1000)); /* the other screen is back */
        leave(county);
    }
}

#define SEATED(test) cmocka_unit_test_teardown(test, clear_seats)

/* A user has a bounded number of the kernel's watches on a machine, and other programs take them, too. */
static void acts_of_a_script_are_sent_without_a_watch_as_well(void **state)
{
    (void)state;
    static int taken[WATCHES_MAX];
    unsigned count = 0;
    struct rig_project project;
    rig_project(&rig, "HRX", 7, &project);
    while (count < WATCHES_MAX && (taken[count] = inotify_init1(IN_CLOEXEC)) >= 0)
        count++;
    int other = open("/dev/null", O_RDONLY | O_CLOEXEC); /* it is not descriptors that we lack */
    bool none_left = count < WATCHES_MAX && other >= 0;
    close(other);
    struct pty *seat = sit_down("HRX");
    long head = rig_head(&rig);
    rig_out(&rig, 0, "HRX", "report", "save", project.code, "2009-09", "--invested", "1", "--no-wait", NULL);
    rig_await_head(&rig, head + 1, SOON_MS);
    while (count > 0)
        close(taken[--count]);
    get_up(seat);
    if (!none_left) skip(); /* this machine allows more than we can take: it went the usual way */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SEATED(a_county_reports_and_the_office_sees_it_without_a_key),
        SEATED(figures_are_checked_while_they_are_typed),
        SEATED(a_push_flashes_for_whoever_wants_that),
        SEATED(a_draft_outlives_a_killed_program),
        SEATED(a_paste_is_text_and_never_a_command),
        SEATED(a_new_operator_enrols_with_a_ticket),
        SEATED(what_is_done_offline_goes_out_later),
        SEATED(acts_of_a_script_are_sent_without_a_watch_as_well),
        SEATED(a_silent_daemon_is_noticed),
        SEATED(projects_are_found_by_initials),
        SEATED(help_and_commands),
        SEATED(a_reminder_arrives_and_stands_in_every_view),
        SEATED(one_line_down_costs_ten_bytes_and_rest_costs_none),
        SEATED(another_size_is_followed),
        SEATED(a_terminal_of_ascii_alone),
        SEATED(a_terminal_in_gb18030),
        SEATED(signals_end_it_in_order),
    };
    return cmocka_run_group_tests_name("screen", tests, start_rig, end_rig);
}
