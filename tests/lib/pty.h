/* pty.h - the full-screen program in a pseudo-terminal, its screen read back through libvterm.
 *
 * Keys go in as bytes; tests wait for what they expect to see, at most some seconds. Output bytes are
 * counted, for the thrift of the screen. Where a charset is named, it is GB18030: the bytes are converted on their
 * way, and what takes two of them takes two columns. */
#ifndef TESTS_LIB_PTY_H
#define TESTS_LIB_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct pty;

struct pty_options {
    char *const *argv;
    const char *const *env; /* NAME=VALUE, added to ours; NULL-terminated */
    unsigned rows, columns; /* 0: 24 and 80 */
    const char *charset;    /* of the program's output: "GB18030"; NULL: UTF-8 */
    const char *counter;    /* write_count.so, when the writes are to be counted */
};

struct pty *pty_open(const struct pty_options *options);
/* Ends the program (SIGHUP, then SIGKILL) and returns its exit status; 128 + signal. */
int pty_close(struct pty *pty);
/* Closes the terminal under the program, which is not told otherwise; afterwards only its end can be waited for. */
void pty_hang_up(struct pty *pty);
/* Waits for the program's own end; -1 when it does not come. */
int pty_wait_end(struct pty *pty, int timeout_ms);
pid_t pty_pid(const struct pty *pty);

void pty_send(struct pty *pty, const char *keys);
void pty_resize(struct pty *pty, unsigned rows, unsigned columns);

/* Reads what the program writes until the text stands somewhere on the screen (or, with pty_wait_gone, no
 * more). False when the time is over; then the screen is printed to stderr. */
bool pty_wait(struct pty *pty, const char *text, int timeout_ms);
bool pty_wait_gone(struct pty *pty, const char *text, int timeout_ms);
/* Reads until nothing has come for quiet_ms. */
void pty_settle(struct pty *pty, int quiet_ms);

/* A row of the screen as UTF-8 without trailing spaces; valid until the next call. */
const char *pty_row(struct pty *pty, unsigned row);
bool pty_shows(struct pty *pty, const char *text);
void pty_cursor(struct pty *pty, unsigned *row, unsigned *column);
void pty_print(struct pty *pty);

/* Bytes, and write()s where they are counted, since the last call of pty_count_reset. */
uint64_t pty_bytes(const struct pty *pty);
uint64_t pty_writes(const struct pty *pty);
void pty_count_reset(struct pty *pty);

/* Does this stand in what came last (since pty_count_reset at most), as bytes? (At most 16 KB are looked through.) */
bool pty_sent(const struct pty *pty, const char *bytes);

/* A cell: its characters as UTF-8, 0 columns for the right half of a wide one. */
struct pty_cell {
    char text[32];
    unsigned columns;
    bool bold, reverse, underline;
    int colour; /* of the foreground: a number of the palette, -1 the default */
};
void pty_cell(struct pty *pty, unsigned row, unsigned column, struct pty_cell *cell);

#endif
