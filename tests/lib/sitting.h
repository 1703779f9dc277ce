/* sitting.h - operators at their keyboards: the full-screen program of a rig's operators in pseudo-terminals. */
#ifndef TESTS_LIB_SITTING_H
#define TESTS_LIB_SITTING_H

#include "tests/lib/pty.h"
#include "tests/lib/rig.h"

enum { SOON_MS = 15000, SLOW_MS = 40000, QUIET_MS = 60 };

#define DONE "\x07" /* Ctrl-G: ends the typing, as Esc does, without Esc's wait */
#define SEND "\x18" /* Ctrl-X: carries the form out */

/* Whose operators sit down from now on. */
void sitting_begin(struct rig *rig);
/* A rig with the project office (XMB) and Huarong county (HRX) enrolled, whose operators they are: see rig_start. */
void sitting_start(struct rig *rig);
/* The same with the demo that has six weeks of work behind it, always the same ones. */
void sitting_start_worked(struct rig *rig);

struct look {
    const char *locale, *terminal, *charset; /* NULL: C.UTF-8, xterm-256color, UTF-8 */
    unsigned rows, columns;                  /* 0: 24 and 80 */
    bool asks;                               /* for the passphrase: no file gives it */
    bool counted;                            /* its writes: see pty_writes */
    const char *variable;                    /* NAME=VALUE, one more of the environment */
};

/* The program of an operator, not yet waited for. */
struct pty *sit(const char *login, struct look look);
/* The same, connected. */
struct pty *sit_down(const char *login);
/* Ends the program; its exit status. get_up wants that to be 0. */
int leave(struct pty *seat);
void get_up(struct pty *seat);
/* Ends what a test that failed left behind: a teardown of cmocka. */
int clear_seats(void **state);

/* Sends keys and waits for what they lead to. */
void type(struct pty *seat, const char *keys, const char *leads_to);
/* The row in which a text stands, or -1. */
int row_of(struct pty *seat, const char *text);

#endif
