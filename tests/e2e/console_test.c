/* console_test.c - 督查监控台 at a real daemon: as text and figures for scripts, and on screens of every kind, where a
 * push arrives by itself, a figure opens its list, and an idle console writes nothing. Clause 2; promise P8. */
#include "tests/lib/pty.h"
#include "tests/lib/rig_report.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOON_MS = 15000, QUIET_MS = 300, IDLE_MS = 1500, PAGES = 5 };

static struct rig rig;

static int start_rig(void **state)
{
    static const char *const all[] = {"XMB", "HRX", "LD"};
    (void)state;
    rig_start(&rig);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rig_enrol(&rig, all[i]);
    rig_shell("mkdir -p %s/locales && localedef -i zh_CN -f UTF-8 %s/locales/zh_CN.UTF-8 && "
              "localedef -i zh_CN -f GB18030 %s/locales/zh_CN.GB18030",
              rig.directory, rig.directory, rig.directory);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

/* ---- seats ---- */

struct wall {
    const char *login, *locale, *terminal, *charset; /* NULL: XMB, C.UTF-8, xterm-256color, UTF-8 */
    unsigned rows, columns;
    const char *turn;  /* --turn */
    const char *shown; /* that it is there; NULL: the map in English */
};

static struct pty *seat; /* a test that fails leaves it behind */

static struct pty *hang(struct wall wall)
{
    char program[1100], home[400], variables[5][1200];
    char *argv[5] = {program, "console", NULL};
    const char *env[6] = {NULL};
    const char *login = wall.login != NULL ? wall.login : "XMB";
    if (wall.turn != NULL) {
        argv[2] = "--turn";
        argv[3] = (char *)(uintptr_t)wall.turn;
    }
    snprintf(program, sizeof program, "%s/duban", rig.build);
    rig_home(&rig, login, home, sizeof home);
    snprintf(variables[0], sizeof variables[0], "DUBAN_HOME=%s", home);
    snprintf(variables[1], sizeof variables[1], "DUBAN_PASSPHRASE_FILE=%s/passphrase", rig.directory);
    snprintf(variables[2], sizeof variables[2], "LC_ALL=%s", wall.locale != NULL ? wall.locale : "C.UTF-8");
    snprintf(variables[3], sizeof variables[3], "TERM=%s", wall.terminal != NULL ? wall.terminal : "xterm-256color");
    snprintf(variables[4], sizeof variables[4], "LOCPATH=%s/locales", rig.directory);
    for (unsigned i = 0; i < 5; i++)
        env[i] = variables[i];
    seat = pty_open(&(struct pty_options){
        .argv = argv, .env = env, .rows = wall.rows, .columns = wall.columns, .charset = wall.charset});
    assert_true(pty_wait(seat, wall.shown != NULL ? wall.shown : "[1 map]", SOON_MS));
    return seat;
}

static void take_down(void)
{
    assert_int_equal(pty_close(seat), 0);
    seat = NULL;
}

static int clear_seat(void **state)
{
    (void)state;
    if (seat != NULL) pty_close(seat);
    seat = NULL;
    return 0;
}

static void type(const char *keys, const char *leads_to)
{
    pty_send(seat, keys);
    assert_true(pty_wait(seat, leads_to, SOON_MS));
}

/* Connected, and everything that belongs to the view has come. */
static void settle(const char *connected)
{
    assert_true(pty_wait(seat, connected, SOON_MS));
    pty_settle(seat, QUIET_MS);
}

/* ---- by script ---- */

static const char *map_of(const char *login, char *row, size_t max)
{
    const char *lines = rig_out(&rig, 0, login, "console", "map", "--json", NULL);
    assert_non_null(json_row(lines, "all", "true", row, max));
    return lines;
}

static void the_figures_add_up(void **state)
{
    static const char *const lights[] = {"red", "yellow", "green", "unknown"};
    char all[1000], row[1000];
    long sum = 0, projects = 0;
    (void)state;
    const char *lines = map_of("XMB", all, sizeof all);
    assert_int_equal(json_number(all, "projects"), 153);
    for (size_t i = 0; i < sizeof lights / sizeof *lights; i++)
        sum += json_number(all, lights[i]);
    assert_int_equal(sum, 153);
    for (const char *line = lines; line[0] != '\0'; line = strchr(line, '\n') + 1)
        projects += json_number(line, "projects");
    assert_int_equal(projects, 2 * 153); /* the whole city, and its counties one by one */
    assert_non_null(json_row(lines, "county", "华容县", row, sizeof row));
    lines = rig_out(&rig, 0, "XMB", "console", "course", "--json", NULL);
    assert_int_equal(json_lines(lines), 3 * 12); /* all, and the two lead departments */
    lines = rig_out(&rig, 0, "XMB", "console", "ranking", "--json", NULL);
    assert_non_null(json_row(lines, "place", "1", row, sizeof row));
}

/* The leader is not sent plans and the beginnings of issues by himself: the console fetches them, and shows him what
 * it shows the office. */
static void the_leader_sees_the_same(void **state)
{
    struct rig_project project;
    char office[1000], leader[1000];
    (void)state;
    rig_project(&rig, "HRX", 0, &project);
    rig_out(&rig, 0, "HRX", "issue", "collect", "--project", project.code, "--nature", "land", "--text", "征地未完",
            NULL);
    map_of("XMB", office, sizeof office);
    map_of("LD", leader, sizeof leader);
    assert_string_equal(leader, office);
    const char *open = rig_out(&rig, 0, "XMB", "console", "open", "--json", NULL);
    json_expect(open, "since_at_least", "false");
    assert_string_equal(rig_out(&rig, 0, "LD", "console", "open", "--json", NULL), open);
}

static void the_pages_are_printed(void **state)
{
    static const char *const wanted[] = {
        "== map ==",        "whole city",         "华容县",        "== plan and actual ==",
        "all projects 153", "== open matters ==", "== reports ==", "== ranking =="};
    (void)state;
    const char *out = rig_out(&rig, 0, "XMB", "console", "--once", NULL);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (strstr(out, wanted[i]) == NULL) fail_msg("%s is missing", wanted[i]);
    out = rig_out(&rig, 0, "XMB", "console", "ranking", "--once", NULL);
    assert_null(strstr(out, "== map =="));
    assert_non_null(strstr(rig_err(&rig, 2, "XMB", "console", "nowhere", "--once", NULL), "nowhere"));
    assert_non_null(strstr(rig_err(&rig, 2, "XMB", "console", NULL), "--once"));
}

/* ---- on the wall ---- */

static void every_page_has_room_on_80_columns(void **state)
{
    static const char *const keys[PAGES] = {"2", "3", "4", "5", "1"};
    static const char *const tabs[PAGES] = {"[2 plan and actual]", "[3 reports]", "[4 open matters]", "[5 ranking]",
                                            "[1 map]"};
    static const char *const shown[PAGES] = {"all projects 153", "岳阳楼区", "an issue", "year plan", "平江县"};
    (void)state;
    hang((struct wall){.rows = 24, .columns = 80});
    settle("| connected");
    for (unsigned page = 0; page < PAGES; page++) {
        type(keys[page], tabs[page]);
        assert_true(pty_wait(seat, shown[page], SOON_MS));
        assert_non_null(strstr(pty_row(seat, 23), "? keys"));
    }
    assert_ptr_equal(strstr(pty_row(seat, 2), ">█ 华容县"), pty_row(seat, 2));
    assert_true(pty_wait(seat, "屈原管理区", SOON_MS)); /* the frame may come in two reads */
    take_down();
}

/* Is the light of the tile that begins here said by a letter, too, and is that of the same colour? */
static bool says_its_colour(unsigned row, unsigned column)
{
    static const char *const letters[] = {[196] = "R", [28] = "G", [130] = "Y"}; /* as client/term/theme.c has them */
    enum { INKS = sizeof letters / sizeof *letters };
    struct pty_cell block, cell;
    pty_cell(seat, row, column, &block);
    for (unsigned i = 2; i < 15; i++) {
        pty_cell(seat, row, column + i, &cell);
        const char *letter = block.colour >= 0 && block.colour < INKS ? letters[block.colour] : NULL;
        if (letter != NULL && strcmp(cell.text, letter) == 0) return cell.colour == block.colour;
    }
    return false;
}

static void colour_is_never_alone(void **state)
{
    struct pty_cell cell;
    unsigned tiles = 0;
    (void)state;
    hang((struct wall){.rows = 24, .columns = 80});
    settle("| connected");
    for (unsigned row = 2; row < 22; row += 5)
        for (unsigned column = 1; column < 80; column += 16) {
            pty_cell(seat, row, column, &cell);
            if (strcmp(cell.text, "█") != 0) continue;
            assert_true(says_its_colour(row, column));
            tiles++;
        }
    assert_int_equal(tiles, 14); /* twelve counties and zones, the city's own project, and the whole city */
    take_down();
}

static void a_push_arrives_and_stays_in_sight(void **state)
{
    struct rig_project project;
    char arrived[200];
    (void)state;
    rig_project(&rig, "HRX", 0, &project);
    hang((struct wall){.rows = 24, .columns = 120});
    settle("| connected");
    rig_submit(&rig, 0, "HRX", &project, "2009-09", 10);
    snprintf(arrived, sizeof arrived, "华容县 submit monthly report 2009-09 %s", project.code);
    assert_true(pty_wait(seat, arrived, SOON_MS)); /* nobody touched a key */
    type("2", "[2 plan and actual]");
    assert_true(pty_shows(seat, arrived)); /* on every page */
    type("o", "y accept");
    type("q", "[2 plan and actual]");
    assert_true(pty_wait(seat, arrived, SOON_MS)); /* read, and still there */
    take_down();
}

static void a_figure_opens_its_list(void **state)
{
    (void)state;
    hang((struct wall){.rows = 24, .columns = 100});
    settle("| connected");
    type("\r", " of 153 projects");
    assert_true(pty_shows(seat, "   华容县"));
    type("q", "[1 map]");
    assert_true(pty_wait(seat, ">█ 华容县", SOON_MS)); /* the mark stands where it stood */
    type("\033[B\033[B", ">I1");
    type("\r", "registered issues 1, overdue 0   华容县"); /* the county's alone */
    type("0", "[4 open matters]");
    assert_true(pty_wait_gone(seat, "华容县", SOON_MS));
    type("1", ">█ 华容县");
    type("\033[B\033[B\033[B", ">█ whole city");
    type("\r", "153 projects");
    type("q", "[1 map]");
    type("3", ">2009-09");
    type("\r", "earlier year"); /* the matrix of all months */
    type("q", "[3 reports]");
    type("4\r", "There are none"); /* warnings */
    type("q", "[4 open matters]");
    type("5\033[B", "> 2");
    type("\r", " of 153 projects");
    type("q", "[5 ranking]");
    take_down();
}

static void an_idle_console_writes_nothing(void **state)
{
    (void)state;
    hang((struct wall){.rows = 60, .columns = 200});
    settle("| connected");
    for (unsigned page = 0; page < PAGES; page++) {
        char key[2] = {(char)('1' + page), '\0'};
        pty_send(seat, key);
        pty_settle(seat, QUIET_MS);
        pty_count_reset(seat);
        pty_settle(seat, IDLE_MS);
        assert_int_equal(pty_bytes(seat), 0);
    }
    pty_send(seat, "5"); /* the same page again: nothing differs */
    pty_settle(seat, QUIET_MS);
    assert_int_equal(pty_bytes(seat), 0);
    take_down();
}

static void the_pages_turn_by_themselves(void **state)
{
    (void)state;
    hang((struct wall){.rows = 30, .columns = 100, .turn = "1"});
    assert_true(pty_wait(seat, "[2 plan and actual]", SOON_MS));
    assert_true(pty_wait(seat, "[3 reports]", SOON_MS));
    assert_true(pty_wait(seat, "[4 open matters]", SOON_MS));
    assert_true(pty_wait(seat, "[5 ranking]", SOON_MS));
    assert_true(pty_wait(seat, "[1 map]", SOON_MS));
    pty_send(seat, "s");
    assert_true(pty_wait_gone(seat, "every 1 s", SOON_MS));
    take_down();
}

static void a_large_wall_has_large_digits(void **state)
{
    (void)state;
    hang((struct wall){.rows = 60, .columns = 200});
    settle("| connected");
    assert_true(pty_shows(seat, "▀▀█"));
    assert_true(pty_shows(seat, "whole city"));
    pty_resize(seat, 24, 80);
    assert_true(pty_wait_gone(seat, "▀▀█", SOON_MS));
    assert_true(pty_shows(seat, "[1 map]"));
    take_down();
}

/* ---- other terminals ---- */

static void only_ascii(void)
{
    for (unsigned row = 0; row < 24; row++)
        for (const char *at = pty_row(seat, row); *at != '\0'; at++)
            if (*at < ' ' || *at > '~') fail_msg("row %u: %s", row, pty_row(seat, row));
}

static void a_vt100_has_it_in_ascii(void **state)
{
    (void)state;
    hang((struct wall){.locale = "C", .terminal = "vt100"});
    settle("| connected");
    for (char key = '1'; key <= '5'; key++) {
        const char keys[] = {key, '\0'};
        pty_send(seat, keys);
        pty_settle(seat, QUIET_MS);
        only_ascii();
    }
    type("2", "all projects 153");
    assert_true(pty_shows(seat, "####"));
    take_down();
}

/* Blocks take two columns there: charts are of ASCII, and what stands below one another does so. */
static void gb18030_keeps_its_columns(void **state)
{
    struct pty_cell cell;
    (void)state;
    hang((struct wall){.locale = "zh_CN.GB18030", .charset = "GB18030", .shown = "[1 分布图]"});
    settle("| 已连接");
    for (unsigned column = 1; column < 80; column += 16) { /* the northern tiles */
        pty_cell(seat, 2, column, &cell);
        if (column != 33) assert_string_equal(cell.text, "#");
    }
    assert_true(pty_shows(seat, "南湖风景区"));
    type("2", "全部项目 153");
    assert_false(pty_shows(seat, "█"));
    assert_true(pty_shows(seat, "####"));
    take_down();
}

static void chinese_in_utf_8(void **state)
{
    (void)state;
    hang((struct wall){.locale = "zh_CN.UTF-8", .shown = "[1 分布图]"});
    settle("| 已连接");
    assert_true(pty_shows(seat, "全市"));
    assert_true(pty_shows(seat, "红"));
    type("2", "全部项目 153");
    assert_true(pty_shows(seat, "█"));
    take_down();
}

/* ---- shut ---- */

/* Whoever passes by may look; what leads on from the console asks for the passphrase. */
static void a_shut_console_stays_in_sight(void **state)
{
    (void)state;
    hang((struct wall){.rows = 24, .columns = 80});
    settle("| connected");
    type(":lock\r", "[1 map]");
    type("2", "[2 plan and actual]");
    type("d", "The passphrase leads on from the console.");
    type("wrong\r", "That was not the passphrase.");
    assert_true(pty_shows(seat, "[2 plan and actual]"));
    type("\r", "The passphrase leads on from the console.");
    pty_send(seat, "\x07");
    assert_true(pty_wait_gone(seat, "The passphrase leads on", SOON_MS));
    type("d", "The passphrase leads on from the console.");
    type("duban-demo\r", "duban | desk");
    take_down();
}

/* ---- the project's page ---- */

static void a_projects_page_has_its_curve(void **state)
{
    struct rig_project project;
    char keys[60];
    (void)state;
    rig_project(&rig, "HRX", 1, &project);
    hang((struct wall){.rows = 24, .columns = 80});
    settle("| connected");
    snprintf(keys, sizeof keys, ":project %s\r", project.code);
    type(keys, project.code);
    type("5", "[5 chart]");
    assert_true(pty_wait(seat, "──── plan", SOON_MS));
    assert_true(pty_shows(seat, "█ actual"));
    assert_true(pty_shows(seat, "milestones"));
    take_down();
}

#define SEATED(test) cmocka_unit_test_teardown(test, clear_seat)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_figures_add_up),
        cmocka_unit_test(the_leader_sees_the_same),
        cmocka_unit_test(the_pages_are_printed),
        SEATED(every_page_has_room_on_80_columns),
        SEATED(colour_is_never_alone),
        SEATED(a_push_arrives_and_stays_in_sight),
        SEATED(a_figure_opens_its_list),
        SEATED(an_idle_console_writes_nothing),
        SEATED(the_pages_turn_by_themselves),
        SEATED(a_large_wall_has_large_digits),
        SEATED(a_vt100_has_it_in_ascii),
        SEATED(gb18030_keeps_its_columns),
        SEATED(chinese_in_utf_8),
        SEATED(a_shut_console_stays_in_sight),
        SEATED(a_projects_page_has_its_curve),
    };
    return cmocka_run_group_tests_name("console", tests, start_rig, end_rig);
}
