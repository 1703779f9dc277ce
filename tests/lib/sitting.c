/* sitting.c - see sitting.h. */
#include "tests/lib/sitting.h"

#include "tests/lib/unit.h"

#include <stdio.h>
#include <string.h>

enum { SEATS = 8 };

static struct rig *rig;
static struct pty *seats[SEATS]; /* that are taken */

void sitting_begin(struct rig *at)
{
    rig = at;
}

static void seat_both(struct rig *at)
{
    sitting_begin(at);
    rig_enrol(at, "XMB");
    rig_enrol(at, "HRX");
}

void sitting_start(struct rig *at)
{
    rig_start(at);
    seat_both(at);
}

void sitting_start_worked(struct rig *at)
{
    rig_prepare(at);
    rig_found(at);
    rig_daemon_out(at, 0, "simulate", at->registry, "--until", "2009-11-05", "--seed", "4", NULL);
    rig_serve(at);
    seat_both(at);
}

static struct pty *take(struct pty *seat)
{
    unsigned at = 0;
    while (at < SEATS - 1 && seats[at] != NULL)
        at++;
    seats[at] = seat;
    return seat;
}

int leave(struct pty *seat)
{
    for (unsigned i = 0; i < SEATS; i++)
        if (seats[i] == seat) seats[i] = NULL;
    return pty_close(seat);
}

int clear_seats(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SEATS; i++)
        if (seats[i] != NULL) leave(seats[i]);
    return 0;
}

struct pty *sit(const char *login, struct look look)
{
    char program[1100], counter[1100], home[400], variables[6][1200];
    char *argv[] = {program, NULL};
    const char *env[8] = {NULL};
    snprintf(program, sizeof program, "%s/duban", rig->build);
    rig_home(rig, login, home, sizeof home);
    snprintf(variables[0], sizeof variables[0], "DUBAN_HOME=%s", home);
    snprintf(variables[1], sizeof variables[1], "DUBAN_PASSPHRASE_FILE=%s/passphrase", rig->directory);
    if (look.asks) snprintf(variables[1], sizeof variables[1], "IN_PERSON=1");
    snprintf(variables[2], sizeof variables[2], "LC_ALL=%s", look.locale != NULL ? look.locale : "C.UTF-8");
    snprintf(variables[3], sizeof variables[3], "TERM=%s", look.terminal != NULL ? look.terminal : "xterm-256color");
    snprintf(variables[4], sizeof variables[4], "LOCPATH=%s/locales", rig->directory);
    snprintf(variables[5], sizeof variables[5], "ESCDELAY=50");
    for (unsigned i = 0; i < 6; i++)
        env[i] = variables[i];
    env[6] = look.variable;
    snprintf(counter, sizeof counter, "%s/write_count.so", rig->build);
    return take(pty_open(&(struct pty_options){
        .argv = argv, .env = env, .rows = look.rows, .columns = look.columns, .charset = look.charset,
        .counter = look.counted ? counter : NULL}));
}

struct pty *sit_down(const char *login)
{
    struct pty *seat = sit(login, (struct look){NULL});
    assert_true(pty_wait(seat, "| connected", SOON_MS));
    return seat;
}

void get_up(struct pty *seat)
{
    assert_int_equal(leave(seat), 0);
}

void type(struct pty *seat, const char *keys, const char *leads_to)
{
    pty_send(seat, keys);
    assert_true(pty_wait(seat, leads_to, SOON_MS));
}

int row_of(struct pty *seat, const char *text)
{
    for (int row = 0; row < 24; row++)
        if (strstr(pty_row(seat, (unsigned)row), text) != NULL) return row;
    return -1;
}
