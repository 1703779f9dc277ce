/* tty.h - the terminal as a device: raw mode, size, signals as something to read, one write for each frame.
 *
 * Signals are taken through a descriptor, so nothing happens behind the loop's back. Whatever ends the
 * program, the terminal is given back as it was found; for a crash a handler does it. */
#ifndef CLIENT_TERM_TTY_H
#define CLIENT_TERM_TTY_H

#include "proto/err.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

struct tty {
    int in, out, signals;
    struct termios cooked, raw;
    sigset_t blocked_before;
    bool gone;              /* hung up: nothing more is written */
};

enum tty_signal { TTY_NOTHING, TTY_RESIZED, TTY_STOP, TTY_CONTINUED, TTY_LEAVE };

/* Takes standard input and output. ERR_USAGE when they are no terminal. */
enum err tty_open(struct tty *tty, struct refusal *why);
void tty_close(struct tty *tty);

void tty_set_raw(const struct tty *tty);
void tty_set_cooked(const struct tty *tty);

/* What a crash has to write so that the terminal is usable again. */
void tty_on_crash(const struct tty *tty, const char *bytes);

/* Rows and columns; what the device does not say is taken as 24 and 80. */
void tty_size(const struct tty *tty, int *rows, int *columns);

/* The next signal that came, TTY_NOTHING when there is none. */
enum tty_signal tty_next_signal(struct tty *tty);

/* Stops this process as Ctrl-Z does, and returns when it is continued. */
void tty_stop(struct tty *tty);

/* Writes all of it. */
void tty_write(struct tty *tty, const void *bytes, size_t count);

/* Is there nothing to read although it looked so: has the terminal hung up? */
bool tty_hung_up(const struct tty *tty);

#endif
