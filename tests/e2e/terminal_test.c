/* terminal_test.c - every terminal: what it costs in bytes, colours or none, no other screen, any size, suspension,
 * hang-up, and what people type and read in UTF-8 and GB18030. Promises P3, P8. */
#include "tests/lib/rig_report.h"
#include "tests/lib/sitting.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct rig rig;

static int start_rig(void **state)
{
    (void)state;
    sitting_start(&rig);
    rig_shell("mkdir -p %s/locales && for c in UTF-8 GB18030; do localedef -i zh_CN -f $c %s/locales/zh_CN.$c; done",
              rig.directory, rig.directory);
    rig_out(&rig, 0, "HRX", "project", "list", NULL); /* fills the cache */
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

static struct pty *sit_so(const char *login, struct look look, const char *connected)
{
    struct pty *seat = sit(login, look);
    assert_true(pty_wait(seat, connected, SOON_MS));
    pty_settle(seat, QUIET_MS);
    return seat;
}

/* Opens the n-th project's report of this month and begins to type its visible progress. */
static struct rig_project begin_note(struct pty *seat, unsigned n, const char *label)
{
    struct rig_project project;
    char keys[120], selected[80];
    rig_project(&rig, "HRX", n, &project);
    snprintf(keys, sizeof keys, ":report %s\r", project.code);
    snprintf(selected, sizeof selected, "> %s", label);
    type(seat, keys, label);
    type(seat, "jj", selected);
    type(seat, "\r", "F2");
    return project;
}

static void throw_away(struct pty *seat, const char *question)
{
    type(seat, DONE "D", question);
    pty_send(seat, "y");
    assert_true(pty_wait_gone(seat, question, SOON_MS));
}

/* ---- bytes ---- */

static const struct {
    const char *terminal;
    struct look look;
    const char *connected;
    unsigned page; /* bytes of 19 rows of the list */
} lines[] = {
    {"vt100", {.terminal = "vt100"}, "| connected", 1700},
    {"linux", {.terminal = "linux"}, "| connected", 1750},
    {"xterm-256color", {.terminal = "xterm-256color"}, "| connected", 1750},
    {"screen", {.terminal = "screen"}, "| connected", 1750},
    {"GB18030", {.terminal = "vt100", .locale = "zh_CN.GB18030", .charset = "GB18030"}, "| 已连接", 1350},
};

static void costs(struct pty *seat, const char *keys, const char *leads_to, unsigned most)
{
    pty_count_reset(seat);
    type(seat, keys, leads_to);
    pty_settle(seat, QUIET_MS);
    if (pty_bytes(seat) > most) fail_msg("%s: %lu bytes, not %u", leads_to, (unsigned long)pty_bytes(seat), most);
    assert_int_equal(pty_writes(seat), 1); /* a frame is one write */
}

static void a_key_is_one_write_of_few_bytes_and_rest_is_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct look look = lines[i].look;
        look.counted = true;
        struct pty *seat = sit_so("HRX", look, lines[i].connected);
        type(seat, "p", "> YY09-Q001");
        pty_settle(seat, QUIET_MS);
        costs(seat, "j", "> YY09-Q002", 10);
        costs(seat, " ", "> YY09-Q020", lines[i].page);
        pty_count_reset(seat);
        pty_settle(seat, 1500);
        assert_int_equal(pty_bytes(seat), 0);
        assert_int_equal(pty_writes(seat), 0);
        get_up(seat);
    }
}

/* ---- what is typed ---- */

static void send_bytewise(struct pty *seat, const char *bytes)
{
    for (; *bytes != '\0'; bytes++) {
        pty_send(seat, (char[]){*bytes, '\0'});
        pty_settle(seat, 20); /* the program has read it */
    }
}

static void characters_may_arrive_byte_by_byte(void **state)
{
    (void)state;
    static const struct {
        struct look look;
        const char *connected, *label, *question, *bytes;
    } cases[] = {
        {{.locale = "C.UTF-8"}, "| connected", "visible progress", "Discard the draft?", "\xe8\xb7\xaf\xe3\x90\x80X"},
        {{.locale = "zh_CN.GB18030", .charset = "GB18030"}, "| 已连接", "形象进度", "舍弃草稿", "\xc2\xb7\x81\x39\xee\x39X"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pty *seat = sit_so("HRX", cases[i].look, cases[i].connected);
        begin_note(seat, i == 0 ? 0 : 1, cases[i].label);
        send_bytewise(seat, cases[i].bytes);
        assert_true(pty_wait(seat, "* 路㐀X", SOON_MS)); /* of two and of four bytes in GB18030 */
        type(seat, "\x7f\x7f", "* 路");
        assert_true(pty_wait_gone(seat, "㐀", SOON_MS)); /* one key, one character */
        throw_away(seat, cases[i].question);
        get_up(seat);
    }
}

/* ---- colours ---- */

static void meaning_stands_without_colour(void **state)
{
    (void)state;
    static const struct {
        const char *terminal, *variable;
        int ink;
    } cases[] = {
        {"vt100", NULL, -1}, {"linux", NULL, 1},            {"screen", NULL, 1},
        {"tmux", NULL, 1},   {"xterm-256color", NULL, 196}, {"xterm-256color", "NO_COLOR=1", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct look look = {.terminal = cases[i].terminal, .variable = cases[i].variable};
        struct pty *seat = sit_so("HRX", look, "| connected");
        struct rig_project project;
        struct pty_cell cell;
        char keys[120];
        rig_project(&rig, "HRX", 2, &project);
        snprintf(keys, sizeof keys, ":report %s\r", project.code);
        type(seat, keys, "> invested this month");
        type(seat, "5\r1\r", "! "); /* less than last month's */
        pty_cell(seat, (unsigned)row_of(seat, "! "), 4, &cell);
        assert_string_equal(cell.text, "!");
        assert_int_equal(cell.colour, cases[i].ink);
        assert_true(cell.bold);
        throw_away(seat, "Discard the draft?");
        get_up(seat);
    }
}

/* ---- sizes ---- */

static void any_size_at_any_moment(void **state)
{
    (void)state;
    static const struct {
        unsigned rows, columns;
    } sizes[] = {{5, 20}, {100, 300}, {8, 40}, {7, 200}, {60, 39}, {1, 1}, {24, 80}};
    static const struct {
        const char *keys, *stands, *back;
    } open[] = {
        {"p", "> YY09-Q001", ""},
        {":report YY09-Q016\r", "> invested thi", ""},
        {":report YY09-Q016\r\r7", "* 7", DONE},
        {":urg", ":urg", DONE},
        {"?", "-- desk", "\r"},
        {"q", "Leave duban?", "n"},
    };
    struct pty *seat = sit_so("HRX", (struct look){.terminal = "vt100"}, "| connected");
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        type(seat, open[i].keys, open[i].stands);
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            pty_resize(seat, sizes[k].rows, sizes[k].columns);
            bool small = sizes[k].rows < 8 || sizes[k].columns < 40;
            const char *awaited = small ? "too small: at least" : open[i].stands;
            if (sizes[k].columns < 20) continue;
            if (!pty_wait(seat, awaited, 4000)) fail_msg("%s at %ux%u", awaited, sizes[k].columns, sizes[k].rows);
            if (!small) assert_true(pty_wait_gone(seat, "too small", SOON_MS));
        }
        pty_send(seat, open[i].back);
        type(seat, ":desk\r", "duban | desk");
    }
    get_up(seat);
}

static void too_small_is_said_in_the_own_language(void **state)
{
    (void)state;
    struct pty *seat = sit_so("HRX", (struct look){.locale = "zh_CN.UTF-8"}, "| 已连接");
    pty_resize(seat, 5, 20);
    assert_true(pty_wait(seat, "屏幕过小", SOON_MS));
    assert_true(pty_shows(seat, "40x8"));
    pty_resize(seat, 24, 80);
    assert_true(pty_wait(seat, "| 已连接", SOON_MS));
    get_up(seat);
}

/* What stands there is what a screen drawn anew shows. */
static void nothing_is_stale(struct pty *seat)
{
    static char before[43][1300];
    pty_settle(seat, QUIET_MS);
    for (unsigned row = 0; row < 43; row++)
        snprintf(before[row], sizeof before[row], "%s", pty_row(seat, row));
    pty_count_reset(seat);
    pty_send(seat, "\f");
    for (int64_t until = rig_clock_ms() + SOON_MS; pty_bytes(seat) == 0;) {
        assert_true(rig_clock_ms() < until);
        pty_settle(seat, QUIET_MS);
    }
    pty_settle(seat, QUIET_MS);
    for (unsigned row = 0; row < 43; row++)
        assert_string_equal(before[row], pty_row(seat, row));
}

/* As a window that is dragged by its corner, while somebody types and something is pushed: 200 sizes, none waited for.
 */
static void a_burst_of_sizes_loses_nothing_of_what_is_typed(void **state)
{
    (void)state;
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz";
    struct rig_project pushed;
    char expected[60];
    struct pty *seat = sit_so("HRX", (struct look){NULL}, "| connected");
    rig_project(&rig, "HRX", 7, &pushed);
    begin_note(seat, 6, "visible progress");
    for (unsigned i = 0; i < 200; i++) {
        unsigned rows = 5 + i * 37 % 96, columns = 20 + i * 101 % 281;
        if (i % 8 == 0) pty_send(seat, (char[]){alphabet[i / 8 % 26], '\0'});
        if (i == 100) rig_out(&rig, 0, "XMB", "project", "amend", pushed.code, "--remark", "改动", NULL);
        pty_resize(seat, rows, columns);
        if (i % 50 == 49) pty_settle(seat, 1); /* the terminal reads on */
    }
    pty_resize(seat, 24, 80);
    snprintf(expected, sizeof expected, "* %.25s", alphabet);
    if (!pty_wait(seat, expected, SOON_MS)) rig_fail("something typed is lost");
    pty_settle(seat, QUIET_MS);
    nothing_is_stale(seat);
    throw_away(seat, "Discard the draft?");
    get_up(seat);
}

/* A screen that something else wrote on is drawn whole also while one types. */
static void the_screen_is_drawn_anew_under_a_command_line(void **state)
{
    (void)state;
    static const struct {
        const char *keys, *stands, *back;
    } open[] = {{":urg", ":urg", DONE}, {"q", "Leave duban?", "n"}, {"/abc", "/abc", "\r"}, {"ghrx", "> 华容县", DONE}};
    struct pty *seat = sit_so("HRX", (struct look){NULL}, "| connected");
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        type(seat, open[i].keys, open[i].stands);
        pty_settle(seat, QUIET_MS);
        pty_count_reset(seat);
        pty_send(seat, "\x0c"); /* Ctrl-L */
        pty_settle(seat, QUIET_MS);
        assert_true(pty_sent(seat, "duban | desk")); /* the first line, too */
        assert_true(pty_shows(seat, open[i].stands));
        pty_send(seat, open[i].back);
    }
    begin_note(seat, 6, "visible progress");
    type(seat, "half", "* half");
    pty_count_reset(seat);
    pty_send(seat, "\x0c");
    pty_settle(seat, QUIET_MS);
    assert_true(pty_sent(seat, "duban | "));
    type(seat, " a word", "* half a word");
    throw_away(seat, "Discard the draft?");
    get_up(seat);
}

/* A terminal that is taller than its type says: motions and scrolling are not confined to 24 rows. (The emulator
 * would let motions out; others don't.) */
static void a_tall_vt100_keeps_no_stale_cells(void **state)
{
    (void)state;
    struct look look = {.terminal = "vt100", .locale = "zh_CN.UTF-8", .rows = 43};
    struct pty *seat = sit_so("HRX", look, "| 已连接");
    assert_true(pty_sent(seat, "\033[1;43r"));
    nothing_is_stale(seat);
    type(seat, ":", "Tab");
    pty_send(seat, DONE);
    assert_true(pty_wait_gone(seat, "Tab", SOON_MS));
    nothing_is_stale(seat);
    type(seat, "p", "> YY09-Q001");
    type(seat, "?", "-- 项目");
    type(seat, "\r", "> YY09-Q001");
    nothing_is_stale(seat);
    get_up(seat);
}

/* ---- the shell's side ---- */

static bool stopped(pid_t pid)
{
    char path[64], line[300] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    bool read = file != NULL && fgets(line, sizeof line, file) != NULL;
    if (file != NULL) fclose(file);
    const char *name_end = strrchr(line, ')');
    return read && name_end != NULL && name_end[2] == 'T';
}

static void suspended_and_resumed(void **state)
{
    (void)state;
    static const char *const kinds[] = {"vt100", "xterm-256color"};
    for (size_t i = 0; i < 2; i++) {
        struct pty *seat = sit_so("HRX", (struct look){.terminal = kinds[i]}, "| connected");
        begin_note(seat, 3, "visible progress");
        type(seat, "half", "* half");
        pty_send(seat, "\x1a");
        int64_t until = rig_clock_ms() + SOON_MS;
        while (!stopped(pty_pid(seat))) {
            assert_true(rig_clock_ms() < until);
            pty_settle(seat, 10);
        }
        if (i == 1) assert_true(pty_wait_gone(seat, "* half", SOON_MS)); /* the other screen is back */
        pty_resize(seat, 30, 90);
        kill(pty_pid(seat), SIGCONT);
        assert_true(pty_wait(seat, "* half", SOON_MS));
        type(seat, " a word", "* half a word");
        throw_away(seat, "Discard the draft?");
        get_up(seat);
    }
}

/* Without another screen ours stays, and the shell's prompt comes below it. */
static void the_shell_goes_on_below(void **state)
{
    (void)state;
    unsigned row, column;
    struct pty *seat = sit_so("HRX", (struct look){.terminal = "vt100"}, "| connected");
    type(seat, "q", "Leave duban?");
    pty_send(seat, "y");
    assert_int_equal(pty_wait_end(seat, SOON_MS), 0);
    pty_cursor(seat, &row, &column);
    assert_int_equal(column, 0);
    assert_string_equal(pty_row(seat, row), "");
    leave(seat);
}

/* A terminal that goes on reporting clicks to a shell is spoilt: whatever ends the program switches that off. */
static void the_mouse_is_given_back_however_it_ends(void **state)
{
    (void)state;
    static const int signals[] = {SIGTERM, SIGINT, SIGSEGV, SIGABRT, SIGBUS};
    static const char on[] = "\033[?1006;1000h", off[] = "\033[?1006;1000l";
    struct pty *seat = sit_so("HRX", (struct look){NULL}, "| connected");
    type(seat, ":set mouse on\r", "mouse on");
    assert_true(pty_sent(seat, on));
    pty_count_reset(seat);
    pty_send(seat, "\x1a");
    int64_t until = rig_clock_ms() + SOON_MS;
    while (!stopped(pty_pid(seat)) && rig_clock_ms() < until)
        pty_settle(seat, 10);
    pty_settle(seat, QUIET_MS); /* what it wrote before it stopped */
    assert_true(pty_sent(seat, off));
    pty_count_reset(seat);
    kill(pty_pid(seat), SIGCONT);
    assert_true(pty_wait(seat, "| connected", SOON_MS));
    pty_settle(seat, QUIET_MS);
    assert_true(pty_sent(seat, on));
    type(seat, "q", "Leave duban?");
    pty_count_reset(seat);
    pty_send(seat, "y");
    assert_int_equal(pty_wait_end(seat, SOON_MS), 0);
    assert_true(pty_sent(seat, off));
    leave(seat);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        seat = sit_so("HRX", (struct look){NULL}, "| connected"); /* the mouse is still wished for */
        pty_count_reset(seat);
        kill(pty_pid(seat), signals[i]);
        int status = pty_wait_end(seat, SOON_MS);
        assert_int_equal(status, i < 2 ? 0 : 128 + signals[i]);
        assert_true(pty_sent(seat, off) || (pty_sent(seat, "\033[?1000l") && pty_sent(seat, "\033[?1006l")));
        leave(seat);
    }
    seat = sit_so("HRX", (struct look){NULL}, "| connected");
    type(seat, ":set mouse off\r", "mouse off");
    get_up(seat);
}

static void a_closed_line_loses_nothing(void **state)
{
    (void)state;
    char keys[120];
    struct pty *seat = sit_so("HRX", (struct look){NULL}, "| connected");
    struct rig_project project = begin_note(seat, 4, "visible progress");
    type(seat, "路基完成一半", "* 路基完成一半");
    pty_hang_up(seat);
    assert_int_equal(pty_wait_end(seat, SOON_MS), 0);
    leave(seat);
    seat = sit_so("HRX", (struct look){NULL}, "| connected");
    snprintf(keys, sizeof keys, ":report %s\r", project.code);
    type(seat, keys, "* 路基完成一半");
    throw_away(seat, "Discard the draft?");
    get_up(seat);
}

/* ---- what others wrote ---- */

/* The column in which a text stands in a row, or -1. */
static int column_of(struct pty *seat, unsigned row, const char *text)
{
    for (unsigned at = 0; at < 80; at++) {
        const char *left = text;
        struct pty_cell cell;
        for (unsigned column = at; column < 80 && *left != '\0'; column++) {
            pty_cell(seat, row, column, &cell);
            size_t length = strlen(cell.text);
            if (cell.columns != 0 && (length == 0 || strncmp(left, cell.text, length) != 0)) break;
            left += cell.columns != 0 ? length : 0;
        }
        if (*left == '\0') return (int)at;
    }
    return -1;
}

static void no_name_shifts_a_column(void **state)
{
    (void)state;
    static const char *const names[] = {"“路”—桥…·①", "👍🏽🇨🇳1️⃣桥", "e\xcc\x81❤️☎路"};
    struct rig_project project;
    for (unsigned i = 0; i < 3; i++) {
        rig_project(&rig, "HRX", i, &project);
        rig_out(&rig, 0, "XMB", "project", "amend", project.code, "--name", names[i], "--yes", NULL);
    }
    static const struct look looks[] = {{.locale = "C.UTF-8"},
                                        {.locale = "zh_CN.UTF-8"},
                                        {.locale = "zh_CN.GB18030", .charset = "GB18030"},
                                        {.locale = "C", .terminal = "vt100"}};
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        bool english = i == 0 || i == 3;
        struct pty *seat = sit_so("HRX", looks[i], english ? "| connected" : "| 已连接");
        type(seat, "p", "> YY09-Q001");
        type(seat, "/hrx", "12");
        pty_settle(seat, QUIET_MS);
        int at = column_of(seat, 2, english ? "stage" : "阶段");
        assert_true(at > 0);
        for (unsigned row = 3; row < 15; row++) { /* the stage stands below its label in each row */
            struct pty_cell gap, stage;
            pty_cell(seat, row, (unsigned)at - 1, &gap);
            pty_cell(seat, row, (unsigned)at, &stage);
            if (gap.text[0] != '\0' && gap.text[0] != ' ') fail_msg("%zu: %s", i, pty_row(seat, row));
            if (stage.text[0] == '\0' || stage.text[0] == ' ') fail_msg("%zu: %s", i, pty_row(seat, row));
            assert_int_not_equal(stage.columns, 0);
        }
        get_up(seat);
    }
}

static void control_characters_reach_nobody(void **state)
{
    (void)state;
    static const char *const texts[] = {"\033[2J",
                                        "\xc2\x9b"
                                        "2J",
                                        "\x9b"
                                        "2J",
                                        "\xe2\x80\xae"
                                        "abc",
                                        "a\007b",
                                        "a\rb"};
    struct rig_project project;
    rig_project(&rig, "HRX", 5, &project);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct run run = rig_duban(&rig, "XMB", "project", "amend", project.code, "--name", texts[i], "--yes", NULL);
        assert_int_not_equal(run.status, 0); /* refused, and the words that say so are clean */
        for (const char *at = run.err; *at != '\0'; at++)
            assert_true(*at == '\n' || (*at >= ' ' && *at <= '~') || (unsigned char)*at >= 0xA0);
        run_free(&run);
    }
    struct pty *seat = sit_so("HRX", (struct look){NULL}, "| connected");
    begin_note(seat, 6, "visible progress");
    type(seat, "\033[200~a\033[2J\xc2\x9b" "2Jb\033[201~", "b"); /* a paste of somebody else's text */
    assert_true(pty_shows(seat, "| connected")); /* nothing was cleared */
    throw_away(seat, "Discard the draft?");
    get_up(seat);
}

#define SEATED(test) cmocka_unit_test_teardown(test, clear_seats)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SEATED(a_key_is_one_write_of_few_bytes_and_rest_is_none),
        SEATED(characters_may_arrive_byte_by_byte),
        SEATED(meaning_stands_without_colour),
        SEATED(any_size_at_any_moment),
        SEATED(a_burst_of_sizes_loses_nothing_of_what_is_typed),
        SEATED(the_screen_is_drawn_anew_under_a_command_line),
        SEATED(too_small_is_said_in_the_own_language),
        SEATED(a_tall_vt100_keeps_no_stale_cells),
        SEATED(suspended_and_resumed),
        SEATED(the_shell_goes_on_below),
        SEATED(the_mouse_is_given_back_however_it_ends),
        SEATED(a_closed_line_loses_nothing),
        SEATED(no_name_shifts_a_column),
        SEATED(control_characters_reach_nobody),
    };
    return cmocka_run_group_tests_name("terminal", tests, start_rig, end_rig);
}
