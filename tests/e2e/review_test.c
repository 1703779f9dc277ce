/* review_test.c - a review meeting at a real daemon: its boards proposed from the registry, edited and called by
 * scripts, turned over by keys with what was said noted, archived. Clauses 3 and 5.5. */
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
    static const char *const all[] = {"XMB", "HRX", "PJX", "LD"};
    (void)state;
    rig_start(&rig);
    sitting_begin(&rig);
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

static const char *boards(const char *login)
{
    return rig_out(&rig, 0, login, "review", "show", "#1", NULL);
}

static void meet(const char *action, const char *option, const char *value)
{
    rig_out(&rig, 0, "XMB", "review-meeting", action, "#1", option, value, NULL);
}

/* The office confirms whatever the rule has put on the board of exposure. */
static void confirm_exposures(void)
{
    const char *lines =
        rig_out(&rig, 0, "XMB", "review-item", "list", "--board", "exposure", "--state", "proposed", "--json", NULL);
    assert_true(json_lines(lines) > 0);
    for (const char *line = lines; *line != '\0'; line = strchr(line, '\n') + 1) {
        char id[24];
        snprintf(id, sizeof id, "#%ld", json_number(line, "id"));
        rig_out(&rig, 0, "XMB", "review-item", "confirm", id, NULL);
    }
}

/* ---- preparing ---- */

/* clauses: 3.6 3.7 5.5h */
static void the_boards_come_from_the_registry(void **state)
{
    (void)state;
    struct rig_project project;
    rig_project(&rig, "HRX", 0, &project);
    rig_out(&rig, 0, "XMB", "review-meeting", "plan", NULL);
    meet("propose", NULL, NULL);
    const char *said = boards("XMB");
    assert_non_null(strstr(said, "review meeting 2009-03 - 2009-08"));
    assert_non_null(strstr(said, "examples (5)"));
    assert_non_null(strstr(said, "截至2009年8月，本年累计完成投资"));
    assert_non_null(strstr(said, "not confirmed by the office yet"));
    assert_non_null(strstr(said, "review (2")); /* each responsible unit, and the two that lead */
    assert_non_null(strstr(said, "牵头项目"));
    rig_err(&rig, 3, "HRX", "review", "show", "#1", NULL); /* the office's own, and the leader's */
    boards("LD");
    rig_out(&rig, 0, "XMB", "review-item", "add", "--meeting", "#1", "--board", "exposure", "--subject", "HRX",
            "--project", project.code, "--text", "征地拆迁两月无进展", "--order", "1", NULL);
    said = strstr(boards("XMB"), "exposures (");
    assert_non_null(said);
    assert_non_null(strstr(said, " 1. 华容县"));
    assert_true(strstr(said, "征地拆迁两月无进展") < strstr(said, "进度红灯")); /* put first */
}

/* clauses: 3.6 3.7 */
static void nobody_is_exposed_before_the_office_confirms(void **state)
{
    (void)state;
    struct spawned watch;
    const char *refused = rig_err(&rig, 4, "XMB", "review-meeting", "call", "#1", "--day", "2009-09-28", "--hour",
                                  "9:00", "--venue", "市政府礼堂", "--chair", "分管副市长", NULL);
    assert_non_null(strstr(refused, "not confirmed"));
    confirm_exposures();
    rig_watch(&rig, &watch, "HRX", true);
    rig_out(&rig, 0, "XMB", "review-meeting", "call", "#1", "--day", "2009-09-28", "--hour", "9:00", "--venue",
            "市政府礼堂", "--chair", "分管副市长", NULL);
    const char *line = spawned_line(&watch, SOON_MS);
    assert_non_null(line);
    assert_non_null(strstr(line, "讲评会：2009-09-28 9:00，市政府礼堂"));
    assert_null(strstr(line, "征地拆迁")); /* when and where, not what for */
    spawned_end(&watch, SIGTERM);
    char row[4000];
    assert_non_null(json_row(rig_out(&rig, 0, "HRX", "desk", "--json", NULL), "kind", "urging", row, sizeof row));
    rig_err(&rig, 3, "HRX", "review", "show", "#1", NULL);
}

/* ---- at the meeting ---- */

static void open_boards(struct pty *seat)
{
    type(seat, ":review_meeting #1\r", "S show the boards");
    type(seat, "S", "r e v i e w   m e e t i n g");
}

/* clauses: 3.6 3.7 */
static void the_boards_are_turned_over_by_keys(void **state)
{
    (void)state;
    meet("hold", "--yes", NULL);
    struct pty *office = sit_down("XMB"), *county = sit("PJX", (struct look){.rows = 43, .columns = 132});
    assert_true(pty_wait(county, "| connected", SOON_MS));
    open_boards(office);
    assert_true(pty_shows(office, "1  examples"));
    assert_true(pty_shows(office, "chaired by: 分管副市长"));
    type(office, " ", "e x a m p l e s   1/5");
    assert_true(pty_shows(office, "进度超前"));
    type(office, "\r", "e x a m p l e s   2/5");
    type(office, "\x7f", "e x a m p l e s   1/5");
    type(office, "3", "r e v i e w   1/2");
    type(office, "2", "e x p o s u r e s   1/");
    assert_true(pty_wait(office, "征地拆迁两月无进展", SOON_MS));
    /* another county follows at its own screen, and sees the words come while the office writes them */
    open_boards(county);
    type(county, "2", "征地拆迁两月无进展");
    assert_false(pty_shows(county, "n note"));
    type(office, "n", "what was said*");
    type(office, "限一个月内签完协议" SEND, "note what was said review item: done");
    assert_true(pty_wait(office, "what was said: 限一个月内签完协议", SOON_MS));
    assert_true(pty_wait(county, "what was said: 限一个月内签完协议", SOON_MS));
    type(office, "r", "hand on for registration review item: done");
    assert_true(pty_wait(office, "registered issue: ", SOON_MS));
    get_up(county);
    get_up(office);
    char row[4000];
    const char *issues = rig_out(&rig, 0, "XMB", "issue", "list", "--json", NULL);
    assert_non_null(json_row(issues, "state", "collected", row, sizeof row));
}

/* How many stand on a board, by what scripts print. */
static unsigned on_board(const char *said, const char *board)
{
    char head[40];
    snprintf(head, sizeof head, "\n%s (", board);
    const char *at = strstr(said, head);
    return at != NULL ? (unsigned)strtoul(at + strlen(head), NULL, 10) : 0;
}

/* One key for each entry: no page takes two looks, on a small wall and on a large one. */
/* clauses: 3.7 */
static void every_page_is_read_in_one_look(void **state)
{
    (void)state;
    static const unsigned sizes[][2] = {{24, 80}, {43, 132}};
    static const char *const names[] = {"examples", "exposures", "review"};
    const char *said = boards("LD");
    for (unsigned i = 0; i < 2; i++) {
        struct pty *wall = sit("LD", (struct look){.rows = sizes[i][0], .columns = sizes[i][1]});
        assert_true(pty_wait(wall, "| connected", SOON_MS));
        open_boards(wall);
        for (unsigned board = 0; board < 3; board++) {
            unsigned count = on_board(said, names[board]);
            assert_true(count > 4);
            for (unsigned place = 1; place <= count; place++) {
                char head[40];
                snprintf(head, sizeof head, "%c   %u/%u", names[board][strlen(names[board]) - 1], place, count);
                type(wall, " ", head);
            }
        }
        type(wall, " ", "that was the last one");
        get_up(wall);
    }
}

/* ---- afterwards ---- */

/* clauses: 3.6 5.5h */
static void what_was_said_is_archived(void **state)
{
    (void)state;
    rig_err(&rig, 4, "XMB", "review-meeting", "archive", "#1", "--yes", NULL); /* without a summary */
    rig_out(&rig, 0, "XMB", "review-meeting", "archive", "#1", "--summary", "三台讲评完毕，问题限期整改", "--yes",
            NULL);
    const char *said = boards("PJX"); /* everybody */
    assert_non_null(strstr(said, "state: archived"));
    assert_non_null(strstr(said, "三台讲评完毕"));
    assert_non_null(strstr(said, "what was said: 限一个月内签完协议"));
    struct pty *office = sit_down("XMB");
    open_boards(office);
    type(office, "2", "征地拆迁两月无进展");
    type(office, "n", "not possible here now");
    get_up(office);
    const char *items = rig_out(&rig, 0, "XMB", "review-item", "list", "--board", "exposure", "--json", NULL);
    char id[24];
    snprintf(id, sizeof id, "#%ld", json_number(items, "id"));
    rig_err(&rig, 4, "XMB", "review-item", "note", id, "--said", "改口", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_boards_come_from_the_registry),
        cmocka_unit_test(nobody_is_exposed_before_the_office_confirms),
        cmocka_unit_test_teardown(the_boards_are_turned_over_by_keys, clear_seats),
        cmocka_unit_test_teardown(every_page_is_read_in_one_look, clear_seats),
        cmocka_unit_test_teardown(what_was_said_is_archived, clear_seats),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
