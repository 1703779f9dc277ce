/* screen.c - what the full-screen program writes to a terminal for a key or a push, beside its floor: four kinds of
 * terminals, two encodings, two sizes, in Chinese, on a demo registry with five weeks of simulated work.
 *
 * The floor of a change is the bytes of the cells that look different afterwards, in the terminal's encoding,
 * and 6 for each run of them in a row. Printed as FIGURES.md has it: bytes / floor, ratio; "w" where a frame was
 * not one write, "**" where the goal is missed. */
#include "tests/bench/bench.h"
#include "tests/lib/pty.h"
#include "tests/lib/rig_report.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 43, COLUMNS_MAX = 132, RUN_BYTES = 6, SETTLE_MS = 250, IDLE_MS = 2000, IDLE_LONG_MS = 100000 };
enum { WAIT_MS = 20000, CELL_MAX = 60 };

static const struct {
    const char *name;
    double goal; /* times the floor */
} terminals[] = {{"vt100", 1.5}, {"linux", 1.25}, {"xterm-256color", 1.25}, {"screen", 1.25}};

static const struct {
    const char *name, *locale, *charset;
} encodings[] = {{"UTF-8", "zh_CN.UTF-8", NULL}, {"GB18030", "zh_CN.GB18030", "GB18030"}};

static const struct {
    unsigned rows, columns;
} sizes[] = {{24, 80}, {43, 132}};

enum { TERMINALS = sizeof terminals / sizeof *terminals, ENCODINGS = sizeof encodings / sizeof *encodings };
enum { SIZES = sizeof sizes / sizeof *sizes };

enum action { FIRST, PROJECTS, DOWN, PAGE, OPEN, BACK, CHARACTER, PUSH, IDLE, ACTIONS };

static const char *const actions[ACTIONS] = {
    [FIRST] = "first screen", [PROJECTS] = "projects", [DOWN] = "one line down",
    [PAGE] = "page down",     [OPEN] = "open",         [BACK] = "back",
    [CHARACTER] = "one character typed (路)", [PUSH] = "a push arriving", [IDLE] = "idle",
};

struct shot {
    struct pty_cell cells[ROWS_MAX][COLUMNS_MAX];
};

/* One program at one terminal. */
struct sitting {
    struct rig *rig;
    struct rig_project project;
    struct pty *pty;
    unsigned encoding, size, terminal;
    struct shot before, after;
    bool measured;
    char (*cells)[TERMINALS][CELL_MAX]; /* of the table, by action */
};

static void take(struct sitting *sitting, struct shot *shot)
{
    for (unsigned row = 0; row < sizes[sitting->size].rows; row++)
        for (unsigned column = 0; column < sizes[sitting->size].columns; column++)
            pty_cell(sitting->pty, row, column, &shot->cells[row][column]);
}

static const char *text_of_cell(const struct pty_cell *cell)
{
    return cell->text[0] != '\0' ? cell->text : " ";
}

static bool same(const struct pty_cell *a, const struct pty_cell *b)
{
    return a->columns == b->columns && strcmp(text_of_cell(a), text_of_cell(b)) == 0 && a->bold == b->bold &&
           a->reverse == b->reverse && a->underline == b->underline && a->colour == b->colour;
}

/* Everything that is shown has one, two or, in UTF-8, three bytes. */
static size_t bytes_of_cell(const struct pty_cell *cell, const char *charset)
{
    size_t bytes = strlen(text_of_cell(cell));
    return charset != NULL && bytes > 2 ? 2 : bytes;
}

/* The right half of a wide character belongs to its left half. */
static double floor_of(const struct sitting *sitting)
{
    size_t bytes = 0;
    for (unsigned row = 0; row < sizes[sitting->size].rows; row++) {
        bool runs = false;
        for (unsigned column = 0; column < sizes[sitting->size].columns; column++) {
            const struct pty_cell *cell = &sitting->after.cells[row][column];
            if (cell->columns == 0) continue;
            bool differs = !same(cell, &sitting->before.cells[row][column]);
            if (differs) bytes += bytes_of_cell(cell, encodings[sitting->encoding].charset) + (runs ? 0 : RUN_BYTES);
            runs = differs;
        }
    }
    return (double)bytes;
}

static void begin(struct sitting *sitting)
{
    take(sitting, &sitting->before);
    pty_count_reset(sitting->pty);
}

static void note(struct sitting *sitting, enum action action, bool one_frame)
{
    if (!sitting->measured) return;
    take(sitting, &sitting->after);
    uint64_t writes = pty_writes(sitting->pty);
    double bytes = (double)pty_bytes(sitting->pty), floor = floor_of(sitting);
    bool whole = !one_frame || writes == 1, met = bytes <= floor * terminals[sitting->terminal].goal && whole;
    char *cell = sitting->cells[action][sitting->terminal], more[24] = "";
    if (!whole) snprintf(more, sizeof more, " %luw", (unsigned long)writes);
    if (action == IDLE)
        snprintf(cell, CELL_MAX, "%.0f", bytes);
    else
        snprintf(cell, CELL_MAX, "%s%.0f / %.0f, %.2f%s%s", met ? "" : "**", bytes, floor,
                 floor > 0 ? bytes / floor : 0, more, met ? "" : "**");
    goal_counted(met);
    if (getenv("BENCH_VERBOSE") != NULL) {
        fprintf(stderr, "%s, %s: %s\n", terminals[sitting->terminal].name, actions[action], cell);
        pty_print(sitting->pty);
    }
}

static void await(struct sitting *sitting, const char *what, const char *awaited)
{
    if (!pty_wait(sitting->pty, awaited, WAIT_MS)) rig_fail("%s: no %s", what, awaited);
    pty_settle(sitting->pty, SETTLE_MS);
}

/* A key and what it leads to, in one frame; a page that is opened may ask the daemon for more, and gets another. */
static void key(struct sitting *sitting, enum action action, const char *keys, const char *awaited)
{
    begin(sitting);
    pty_send(sitting->pty, keys);
    await(sitting, actions[action], awaited);
    note(sitting, action, action != OPEN);
}

static void open_program(struct sitting *sitting, const char *login)
{
    static char program[1100], counter[1100], variables[5][1200];
    static char *argv[] = {program, NULL};
    static const char *const env[] = {variables[0], variables[1], variables[2], variables[3], variables[4], NULL};
    const struct rig *rig = sitting->rig;
    char home[400];
    rig_home(sitting->rig, login, home, sizeof home);
    snprintf(program, sizeof program, "%s/duban", rig->build);
    snprintf(counter, sizeof counter, "%s/write_count.so", rig->build);
    snprintf(variables[0], sizeof variables[0], "DUBAN_HOME=%s", home);
    snprintf(variables[1], sizeof variables[1], "DUBAN_PASSPHRASE_FILE=%s/passphrase", rig->directory);
    snprintf(variables[2], sizeof variables[2], "TERM=%s", terminals[sitting->terminal].name);
    snprintf(variables[3], sizeof variables[3], "LC_ALL=%s", encodings[sitting->encoding].locale);
    snprintf(variables[4], sizeof variables[4], "LOCPATH=%s/locales", rig->directory);
    sitting->pty = pty_open(&(struct pty_options){.argv = argv,
                                                  .env = env,
                                                  .rows = sizes[sitting->size].rows,
                                                  .columns = sizes[sitting->size].columns,
                                                  .charset = encodings[sitting->encoding].charset,
                                                  .counter = counter});
}

/* The desk is read from the disk at once and again when the link stands: not one frame. */
static void first_screens(struct sitting *sitting)
{
    open_program(sitting, "HRX");
    begin(sitting);
    await(sitting, actions[FIRST], "| 已连接");
    note(sitting, FIRST, false);
    key(sitting, PROJECTS, "p", "> YY09-Q001");
    key(sitting, DOWN, "j", "> YY09-Q002");
    key(sitting, PAGE, " ", sitting->size == 0 ? "> YY09-Q020" : "> YY09-Q039");
    key(sitting, OPEN, "\r", "建设内容");
    key(sitting, BACK, "q", "> YY09-Q");
}

/* A note of a report that is begun and thrown away; then the office sends a reminder. */
static void typing_and_push(const struct bench *bench, struct sitting *sitting)
{
    char keys[120];
    snprintf(keys, sizeof keys, ":report %s\r", sitting->project.code);
    pty_send(sitting->pty, keys);
    await(sitting, "form", "形象进度");
    pty_send(sitting->pty, "jj\r");
    await(sitting, "form", "> 形象进度");
    key(sitting, CHARACTER, sitting->encoding == 0 ? "\xe8\xb7\xaf" : "\xc2\xb7", "路");
    pty_send(sitting->pty, "\x07" "D");
    pty_settle(sitting->pty, SETTLE_MS);
    pty_send(sitting->pty, "y");
    pty_settle(sitting->pty, SETTLE_MS);
    pty_send(sitting->pty, ":desk\r");
    await(sitting, "desk", "| 工作台");
    begin(sitting);
    rig_out(sitting->rig, 0, "XMB", "urging", "send", "--subject", "HRX", "--matter", "meeting", "--due", "2009-11-30",
            "--text", "请于月底前召开", "--yes", NULL);
    await(sitting, actions[PUSH], "三方联席会议；请知悉");
    note(sitting, PUSH, true);
    bool longer = bench->whole && sitting->encoding == 0 && sitting->size == 0 && sitting->terminal == 0;
    int64_t until = rig_clock_ms() + (longer ? IDLE_LONG_MS : IDLE_MS); /* longer than between two pings */
    begin(sitting);
    while (rig_clock_ms() < until)
        pty_settle(sitting->pty, 100);
    note(sitting, IDLE, false);
}

static void print_table(const struct sitting *sitting)
{
    printf("\n%s, %ux%u:\n\n| action |", encodings[sitting->encoding].name, sizes[sitting->size].columns,
           sizes[sitting->size].rows);
    for (unsigned i = 0; i < TERMINALS; i++)
        printf(" %s, %.2f x |", terminals[i].name, terminals[i].goal);
    printf("\n|---|---|---|---|---|\n");
    for (unsigned action = 0; action < ACTIONS; action++) {
        printf("| %s |", actions[action]);
        for (unsigned i = 0; i < TERMINALS; i++)
            printf(" %s |", sitting->cells[action][i]);
        printf("\n");
    }
    fflush(stdout);
}

static void begin_registry(struct rig *rig)
{
    rig_prepare(rig);
    rig_found(rig);
    rig_daemon_out(rig, 0, "simulate", rig->registry, "--until", "2009-11-05", "--seed", "4", NULL);
    rig_serve(rig);
    rig_shell("mkdir -p %s/locales && for c in UTF-8 GB18030; do localedef -i zh_CN -f $c %s/locales/zh_CN.$c; done",
              rig->directory, rig->directory);
}

void bench_screen(const struct bench *bench)
{
    static char cells[ACTIONS][TERMINALS][CELL_MAX];
    static struct sitting sitting;
    struct rig rig;
    table_part("screen: bytes to the terminal / floor, ratio");
    begin_registry(&rig);
    sitting = (struct sitting){.rig = &rig, .cells = cells};
    rig_project(&rig, "HRX", 0, &sitting.project);
    rig_out(&rig, 0, "HRX", "project", "list", NULL); /* fills the cache */
    for (sitting.encoding = 0; sitting.encoding < ENCODINGS; sitting.encoding++) {
        for (sitting.size = 0; sitting.size < SIZES; sitting.size++) {
            sitting.terminal = 0;
            sitting.measured = false; /* what is opened is fetched once */
            first_screens(&sitting);
            pty_close(sitting.pty);
            sitting.measured = true;
            for (sitting.terminal = 0; sitting.terminal < TERMINALS; sitting.terminal++) {
                first_screens(&sitting);
                typing_and_push(bench, &sitting);
                pty_close(sitting.pty);
            }
            print_table(&sitting);
        }
    }
    rig_end(&rig);
}
