/* screen.c - what the full-screen program writes to an 80x24 terminal for a key or a push, beside its floor.
 *
 * The floor of a change is the bytes of the cells that look different afterwards, in the terminal's encoding,
 * and 6 for each run of them in a row. Screens are those of the demo registry. */
#include "tests/bench/bench.h"
#include "tests/lib/pty.h"
#include "tests/lib/rig_report.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 24, COLUMNS = 80, RUN_BYTES = 6, SETTLE_MS = 400, IDLE_MS = 3000, IDLE_LONG_MS = 100000, WAIT_MS = 10000 };

struct shot {
    struct pty_cell cells[ROWS][COLUMNS];
};

static void take(struct pty *pty, struct shot *shot)
{
    for (unsigned row = 0; row < ROWS; row++)
        for (unsigned column = 0; column < COLUMNS; column++)
            pty_cell(pty, row, column, &shot->cells[row][column]);
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

/* The right half of a wide character belongs to its left half. */
static double floor_of(const struct shot *before, const struct shot *after)
{
    size_t bytes = 0;
    for (unsigned row = 0; row < ROWS; row++) {
        bool runs = false;
        for (unsigned column = 0; column < COLUMNS; column++) {
            const struct pty_cell *cell = &after->cells[row][column];
            if (cell->columns == 0) continue;
            bool differs = !same(cell, &before->cells[row][column]);
            if (differs) bytes += strlen(text_of_cell(cell)) + (runs ? 0 : RUN_BYTES);
            runs = differs;
        }
    }
    return (double)bytes;
}

struct screen_of {
    struct pty *pty;
    struct shot before, after;
};

/* Keys (NULL: none; something is awaited instead), what has to stand there then, and the goal as a ratio; a
 * goal above 5 is one in bytes. */
static void step(struct screen_of *screen, const char *name, const char *keys, const char *awaited, double goal)
{
    if (keys != NULL) {
        take(screen->pty, &screen->before);
        pty_count_reset(screen->pty);
        pty_send(screen->pty, keys);
    }
    if (awaited != NULL && !pty_wait(screen->pty, awaited, WAIT_MS)) rig_fail("%s", name);
    pty_settle(screen->pty, SETTLE_MS);
    take(screen->pty, &screen->after);
    double bytes = (double)pty_bytes(screen->pty), floor = floor_of(&screen->before, &screen->after);
    if (getenv("BENCH_VERBOSE") != NULL) pty_print(screen->pty);
    if (goal > 5)
        figure_bytes(name, bytes, floor, goal);
    else
        figure_floor(name, bytes, floor, goal);
}

static void open_program(struct rig *rig, struct screen_of *screen, const char *login)
{
    static char program[1100], home[400], passphrase[400];
    char path[300];
    static char *argv[] = {program, NULL};
    static const char *const env[] = {home, passphrase, "TERM=xterm-256color", "LC_ALL=C.UTF-8", NULL};
    rig_home(rig, login, path, sizeof path);
    snprintf(program, sizeof program, "%s/duban", rig->build);
    snprintf(home, sizeof home, "DUBAN_HOME=%s", path);
    snprintf(passphrase, sizeof passphrase, "DUBAN_PASSPHRASE_FILE=%s/passphrase", rig->directory);
    struct pty_options options = {.argv = argv, .env = env, .rows = ROWS, .columns = COLUMNS};
    memset(&screen->before, 0, sizeof screen->before);
    for (unsigned row = 0; row < ROWS; row++)
        for (unsigned column = 0; column < COLUMNS; column++)
            screen->before.cells[row][column] = (struct pty_cell){.columns = 1, .colour = -1};
    screen->pty = pty_open(&options);
}

/* What an idle terminal is written, in a short while; with --long for longer than between two pings. */
static void figure_idle(const struct bench *bench, struct screen_of *screen)
{
    int64_t until = rig_clock_ms() + (bench->whole ? IDLE_LONG_MS : IDLE_MS);
    pty_count_reset(screen->pty);
    while (rig_clock_ms() < until)
        pty_settle(screen->pty, 100);
    figure_most(bench->whole ? "idle for 100 s" : "idle for 3 s", "B", (double)pty_bytes(screen->pty), -1, 0);
}

void bench_screen(const struct bench *bench)
{
    struct rig rig;
    struct rig_project project;
    static struct screen_of screen;
    table_part("screen, 80x24, xterm-256color, UTF-8");
    rig_start(&rig);
    rig_project(&rig, "HRX", 0, &project); /* the office's cache is filled by this */
    rig_out(&rig, 0, "HRX", "project", "list", NULL);
    open_program(&rig, &screen, "XMB");
    step(&screen, "first screen", NULL, "connected", 1.5);
    step(&screen, "projects", "p", "YY09", 1.5);
    step(&screen, "one line down", "j", NULL, 10);
    step(&screen, "one line down, at the floor", "j", NULL, 1.5);
    step(&screen, "page", " ", NULL, 1.5);
    step(&screen, "open", "\r", NULL, 1.5);
    step(&screen, "back", "q", NULL, 1.5);
    take(screen.pty, &screen.before);
    pty_count_reset(screen.pty);
    rig_submit(&rig, 0, "HRX", &project, "2009-09", 100);
    step(&screen, "a push appearing", NULL, NULL, 1.5);
    figure_idle(bench, &screen);
    pty_close(screen.pty);
    rig_end(&rig);
}
