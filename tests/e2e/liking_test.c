/* liking_test.c - every hand: what an operator sets for himself holds, is kept, and is said: columns, order and filters
 * of lists, keys, themes, clicks, the tour, and a training registry apart from everything. */
#include "tests/lib/sitting.h"
#include "tests/lib/unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Writes the workstation's config file for those who sit down from now on; NULL: none. */
static void configure(const char *text)
{
    char place[400];
    snprintf(place, sizeof place, "%s/config", rig.directory);
    setenv("XDG_CONFIG_HOME", place, 1);
    rig_shell("mkdir -p %s/duban", place);
    snprintf(place, sizeof place, "%s/config/duban/duban.conf", rig.directory);
    FILE *file = fopen(place, "we");
    assert_non_null(file);
    fputs(text != NULL ? text : "", file);
    fclose(file);
}

/* ---- lists ---- */

static void a_list_stays_as_it_was_liked_and_says_what_it_leaves_out(void **state)
{
    (void)state;
    struct pty *county = sit_down("XMB");
    type(county, ":columns name,code,lead\r:projects\r", "153 projects"); /* nowhere to show columns: said, no harm */
    type(county, ":columns name,code,lead\r", "> ");
    assert_true(pty_wait_gone(county, "invested", SOON_MS));
    const char *head = pty_row(county, 2);
    assert_true(strstr(head, "name") < strstr(head, "code") && strstr(head, "code") < strstr(head, "lead"));
    type(county, "s", "by lead");
    type(county, "s", "by name");
    type(county, "S", "by name (reversed)");
    type(county, "fcounty", "county");
    pty_send(county, "\x07");
    type(county, "f3", "-- county");
    type(county, "\r", "only county = ");
    get_up(county);
    county = sit_down("XMB"); /* another day */
    type(county, "p", "by name (reversed)");
    assert_true(pty_shows(county, "only county = "));
    assert_true(pty_shows(county, " of 153 projects"));
    assert_false(pty_shows(county, "invested"));
    type(county, "Z", "by code");
    assert_true(pty_shows(county, "invested"));
    assert_true(pty_wait_gone(county, "only county", SOON_MS));
    type(county, ":columns puce\r", "no column: puce; there are code name");
    get_up(county);
    county = sit_down("XMB");
    type(county, "p", "by code");
    get_up(county);
}

static void records_of_any_kind_are_sorted_narrowed_and_laid_out(void **state)
{
    (void)state;
    struct pty *office = sit_down("XMB");
    type(office, ":unit\r", "code");
    type(office, ":columns name code\r", "> ");
    type(office, "s", "by name");
    type(office, "sS", "by code (reversed)");
    type(office, "|", "Columns, in the order in which you choose them");
    type(office, " \x10 \r", "by code (reversed)"); /* name goes, and comes again behind code */
    assert_true(pty_wait_gone(office, "-- Columns", SOON_MS));
    const char *head = pty_row(office, 2);
    assert_true(strstr(head, "code") < strstr(head, "name"));
    type(office, "f", "Show only");
    type(office, "code\r", "-- code");
    type(office, "HRX\r", "only code = HRX");
    get_up(office);
    office = sit_down("XMB");
    type(office, ":unit\r", "only ");
    assert_true(pty_shows(office, "(Z: all)"));
    assert_true(pty_shows(office, "by code (reversed)"));
    type(office, ":reset\r", "> ");
    assert_true(pty_wait_gone(office, "only ", SOON_MS));
    get_up(office);
    const char *list = rig_out(&rig, 0, "XMB", "unit", "list", "--columns", "code,name", "--sort", "-code", "--where",
                               "code=HRX", "--csv", NULL);
    assert_non_null(strstr(list, "HRX,"));
    assert_null(strstr(list, "XMB"));
    rig_err(&rig, 2, "XMB", "unit", "list", "--where", "puce=1", NULL);
    rig_err(&rig, 2, "XMB", "unit", "list", "--where", "code", NULL);
}

/* ---- keys and colours ---- */

static void the_key_map_is_the_operators(void **state)
{
    (void)state;
    configure("[keys]\ngo z registers\nany q none\nprojects ^O sort\ngo d dance\n");
    struct pty *office = sit("XMB", (struct look){NULL});
    assert_true(pty_wait(office, "duban.conf:5: go d dance", SOON_MS)); /* named, and the rest holds */
    assert_true(pty_wait(office, "| connected", SOON_MS));
    type(office, "z", "| registers");
    type(office, "p", "^O sort");
    type(office, "\x0f", "by name");
    type(office, "Z?", "^O s ");
    type(office, "\r", "153 projects");
    get_up(office);
    configure(NULL);
    rig_out(&rig, 0, "XMB", "config", NULL);
    configure("lock many\n");
    assert_non_null(strstr(rig_err(&rig, 2, "XMB", "config", NULL), "0-1440"));
    configure(NULL);
}

static void a_theme_changes_at_once(void **state)
{
    struct pty_cell cell;
    (void)state;
    configure("[theme loud]\nlike mono\nselected reverse bright-red\n");
    struct pty *office = sit_down("XMB");
    type(office, ":projects\r", "153 projects");
    pty_cell(office, 3, 0, &cell);
    assert_string_equal(cell.text, ">");
    assert_false(cell.reverse);
    type(office, ":set theme loud\r", "theme loud");
    pty_cell(office, 3, 0, &cell);
    assert_true(cell.reverse);
    assert_int_equal(cell.colour, 9);
    type(office, ":set theme puce\r", ":set bell");
    get_up(office);
    office = sit_down("XMB");
    type(office, ":projects\r", "153 projects");
    pty_cell(office, 3, 0, &cell);
    assert_true(cell.reverse); /* kept */
    get_up(office);
    setenv("NO_COLOR", "1", 1);
    office = sit_down("XMB");
    type(office, ":projects\r", "153 projects");
    pty_cell(office, 3, 0, &cell);
    assert_int_equal(cell.colour, -1); /* the attribute stays */
    assert_true(cell.reverse);
    type(office, ":set theme default\r", "theme default");
    unsetenv("NO_COLOR");
    get_up(office);
    configure(NULL);
}

/* Of the same theme each terminal gets what it can show, and none of it after NO_COLOR. */
static void colours_sent_are_those_of_the_theme(void **state)
{
    (void)state;
    static const char *const kinds[] = {"xterm", "duban-16", "xterm-256color"};
    static const struct {
        const char *theme;
        int colours[3]; /* of the marker, at 8, 16 and 256 */
        bool bold, reverse;
    } themes[] = {{"light", {4, 4, 18}, true, false},
                  {"dark", {6, 14, 159}, true, false},
                  {"mono", {-1, -1, -1}, true, false},
                  {"high-contrast", {-1, -1, -1}, false, true},
                  {"default", {-1, -1, -1}, false, false}};
    char place[500], line[60];
    configure(NULL);
    snprintf(place, sizeof place, "TERMINFO_DIRS=%s/terminfo:", rig.directory);
    rig_shell("printf 'duban-16|as xterm with 16 colours,\\n\\tcolors#16, use=xterm-256color,\\n' |"
              " tic -x -o %s/terminfo -",
              rig.directory);
    for (unsigned depth = 0; depth < 3; depth++) {
        struct pty *office = sit("XMB", (struct look){.terminal = kinds[depth], .variable = place});
        assert_true(pty_wait(office, "| connected", SOON_MS));
        type(office, ":projects\r", "153 projects");
        for (size_t i = 0; i < sizeof themes / sizeof *themes; i++) {
            struct pty_cell cell;
            snprintf(line, sizeof line, ":set theme %s\r", themes[i].theme);
            type(office, line, themes[i].theme);
            pty_settle(office, QUIET_MS);
            pty_cell(office, 3, 0, &cell);
            assert_string_equal(cell.text, ">");
            assert_int_equal(cell.colour, themes[i].colours[depth]);
            assert_int_equal(cell.bold, themes[i].bold);
            assert_int_equal(cell.reverse, themes[i].reverse);
        }
        get_up(office);
    }
}

/* ---- the mouse ---- */

static void clicks_choose_open_and_press_what_the_key_bar_names(void **state)
{
    char click[60];
    (void)state;
    struct pty *office = sit_down("XMB");
    type(office, "p", "> YY09-Q001");
    type(office, ":set mouse on\r", "mouse on");
    type(office, "\033[<0;20;8M\033[<0;20;8m", "> YY09-Q005"); /* row 8, from one */
    type(office, "\033[<65;20;8M", "> YY09-Q008");
    type(office, "\033[<64;20;8M", "> YY09-Q005");
    type(office, "\033[<0;20;8M\033[<0;20;8m", "| project ");
    type(office, "q", "s sort");
    const char *bar = pty_row(office, 23);
    snprintf(click, sizeof click, "\033[<0;%d;24M\033[<0;%d;24m", (int)(strstr(bar, "s sort") - bar) + 2,
             (int)(strstr(bar, "s sort") - bar) + 2);
    type(office, click, "by name");
    type(office, "Z:set mouse off\r", "mouse off");
    get_up(office);
}

/* ---- the tour ---- */

static void the_tour_is_shown_once_and_when_asked_for(void **state)
{
    (void)state;
    struct pty *office = sit("XMB", (struct look){.asks = true});
    assert_true(pty_wait(office, "Passphrase of XMB", SOON_MS));
    type(office, "duban-demo\r", "In one minute: 1 of 5");
    type(office, "\r", "In one minute: 2 of 5");
    assert_true(pty_shows(office, "| projects"));
    type(office, "\r\r\r", "In one minute: 5 of 5");
    pty_send(office, "\r");
    assert_true(pty_wait_gone(office, "In one minute", SOON_MS));
    assert_true(pty_shows(office, "| desk"));
    get_up(office);
    office = sit("XMB", (struct look){.asks = true});
    assert_true(pty_wait(office, "Passphrase of XMB", SOON_MS));
    type(office, "duban-demo\r", "| connected");
    type(office, "p", "153 projects"); /* no box takes the key away */
    type(office, ":tour\r", "In one minute: 1 of 5");
    pty_send(office, "q");
    assert_true(pty_wait_gone(office, "In one minute", SOON_MS));
    get_up(office);
}

/* ---- training ---- */

static unsigned entries_in(const char *place)
{
    unsigned count = 0;
    DIR *directory = opendir(place);
    while (directory != NULL && readdir(directory) != NULL)
        count++;
    if (directory != NULL) closedir(directory);
    return count;
}

static void training_is_apart_marked_and_gone_afterwards(void **state)
{
    (void)state;
    char program[1100], state_home[400], home[400], variable[3][500];
    snprintf(program, sizeof program, "%s/duban", rig.build);
    snprintf(state_home, sizeof state_home, "%s/state", rig.directory);
    rig_home(&rig, "HRX", home, sizeof home);
    snprintf(variable[0], sizeof variable[0], "XDG_STATE_HOME=%s", state_home);
    snprintf(variable[1], sizeof variable[1], "DUBAN_HOME=%s", home);
    snprintf(variable[2], sizeof variable[2], "TERM=xterm-256color");
    const char *env[] = {variable[0], variable[1], variable[2], "LC_ALL=C.UTF-8", NULL};
    char *argv[] = {program, (char[]){"train"}, (char[]){"--as"}, (char[]){"HRX"}, NULL};
    long head = rig_head(&rig);
    unsigned before = entries_in(home);
    struct pty *seat = pty_open(&(struct pty_options){.argv = argv, .env = env});
    assert_true(pty_wait(seat, "duban TRAINING | desk", SLOW_MS));
    assert_true(pty_wait(seat, "| connected", SOON_MS));
    assert_true(pty_wait(seat, "In one minute: 1 of 5", SOON_MS));
    type(seat, "q", "g go to");
    type(seat, "p", "duban TRAINING | projects");
    type(seat, "?", "duban TRAINING | projects");
    assert_int_equal(entries_in(state_home), 3); /* one directory, and . and .. */
    assert_int_equal(pty_close(seat), 0);
    assert_int_equal(entries_in(state_home), 2);
    assert_int_equal(rig_head(&rig), head); /* the real registry heard nothing, nor did the profiles change */
    assert_int_equal(entries_in(home), before);
    rig_err(&rig, 2, "HRX", "train", NULL); /* without a terminal */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_list_stays_as_it_was_liked_and_says_what_it_leaves_out, clear_seats),
        cmocka_unit_test_teardown(records_of_any_kind_are_sorted_narrowed_and_laid_out, clear_seats),
        cmocka_unit_test_teardown(the_key_map_is_the_operators, clear_seats),
        cmocka_unit_test_teardown(colours_sent_are_those_of_the_theme, clear_seats),
        cmocka_unit_test_teardown(a_theme_changes_at_once, clear_seats),
        cmocka_unit_test_teardown(clicks_choose_open_and_press_what_the_key_bar_names, clear_seats),
        cmocka_unit_test_teardown(the_tour_is_shown_once_and_when_asked_for, clear_seats),
        cmocka_unit_test_teardown(training_is_apart_marked_and_gone_afterwards, clear_seats),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
