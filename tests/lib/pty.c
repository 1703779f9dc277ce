/* pty.c - see pty.h. */
#include "tests/lib/pty.h"

#include "tests/lib/rig.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

enum { LAST_BYTES = 16 * 1024 };

struct pty {
    pid_t pid;
    int fd;
    unsigned rows, columns;
    VTerm *term;
    VTermScreen *screen;
    iconv_t convert; /* (iconv_t)-1: none */
    char rest[16];   /* of a character that was cut by a read */
    size_t rest_used;
    uint64_t bytes;
    char last[LAST_BYTES]; /* what came last, NUL-terminated */
    size_t last_used;
    bool ended;
    int status;
    char row[4096];
};

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct pty *pty_open(const struct pty_options *options)
{
    struct pty *pty = calloc(1, sizeof *pty);
    if (pty == NULL) rig_fail("memory");
    pty->rows = options->rows != 0 ? options->rows : 24;
    pty->columns = options->columns != 0 ? options->columns : 80;
    pty->convert = (iconv_t)-1;
    if (options->charset != NULL) pty->convert = iconv_open("UTF-8", options->charset);
    struct winsize size = {.ws_row = (unsigned short)pty->rows, .ws_col = (unsigned short)pty->columns};
    pty->pid = forkpty(&pty->fd, NULL, NULL, &size);
    if (pty->pid < 0) rig_fail("forkpty: %s", strerror(errno));
    if (pty->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (const char *const *env = options->env; env != NULL && *env != NULL; env++)
            putenv((char *)(uintptr_t)*env);
        execv(options->argv[0], options->argv);
        _exit(127);
    }
    fcntl(pty->fd, F_SETFD, FD_CLOEXEC);
    pty->term = vterm_new((int)pty->rows, (int)pty->columns);
    vterm_set_utf8(pty->term, 1);
    pty->screen = vterm_obtain_screen(pty->term);
    vterm_screen_enable_altscreen(pty->screen, 1);
    vterm_screen_reset(pty->screen, 1);
    return pty;
}

pid_t pty_pid(const struct pty *pty)
{
    return pty->pid;
}

static void note_end(struct pty *pty)
{
    int status;
    if (pty->ended || waitpid(pty->pid, &status, WNOHANG) != pty->pid) return;
    pty->ended = true;
    pty->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void remember(struct pty *pty, const char *bytes, size_t count)
{
    const size_t most = sizeof pty->last - 1;
    size_t spare = most - count, kept = pty->last_used < spare ? pty->last_used : spare; /* reads are shorter */
    memmove(pty->last, pty->last + pty->last_used - kept, kept);
    memcpy(pty->last + kept, bytes, count);
    pty->last_used = kept + count;
    pty->last[pty->last_used] = '\0';
}

static void feed(struct pty *pty, const char *bytes, size_t count)
{
    char in[4200], out[16384];
    pty->bytes += count;
    remember(pty, bytes, count);
    if (pty->convert == (iconv_t)-1) {
        vterm_input_write(pty->term, bytes, count);
        return;
    }
    memcpy(in, pty->rest, pty->rest_used);
    memcpy(in + pty->rest_used, bytes, count);
    char *from = in, *to = out;
    size_t left = pty->rest_used + count, room = sizeof out;
    while (left > 0 && iconv(pty->convert, &from, &left, &to, &room) == (size_t)-1) {
        if (errno != EILSEQ) break; /* EINVAL: the rest of a character is still to come */
        from++;
        left--;
    }
    vterm_input_write(pty->term, out, sizeof out - room);
    pty->rest_used = left < sizeof pty->rest ? left : 0;
    memcpy(pty->rest, from, pty->rest_used);
}

/* Answers that the emulated terminal gives to the program's questions. */
static void answer(struct pty *pty)
{
    char bytes[256];
    size_t count = vterm_output_read(pty->term, bytes, sizeof bytes);
    if (count > 0 && write(pty->fd, bytes, count) < 0) return;
}

/* Reads once; false when nothing came within the time or the program is gone. */
static bool read_some(struct pty *pty, int timeout_ms)
{
    struct pollfd poll_fd = {.fd = pty->fd, .events = POLLIN};
    char bytes[4096];
    if (poll(&poll_fd, 1, timeout_ms) <= 0) return false;
    ssize_t got = read(pty->fd, bytes, sizeof bytes);
    if (got <= 0) {
        note_end(pty);
        return false;
    }
    feed(pty, bytes, (size_t)got);
    answer(pty);
    return true;
}

void pty_send(struct pty *pty, const char *keys)
{
    size_t left = strlen(keys);
    while (left > 0) {
        ssize_t sent = write(pty->fd, keys, left);
        if (sent <= 0) rig_fail("the program does not take keys");
        keys += sent;
        left -= (size_t)sent;
    }
}

void pty_resize(struct pty *pty, unsigned rows, unsigned columns)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    pty->rows = rows;
    pty->columns = columns;
    vterm_set_size(pty->term, (int)rows, (int)columns);
    ioctl(pty->fd, TIOCSWINSZ, &size);
}

static size_t put_code(uint32_t code, char *out)
{
    if (code < 0x80) return out[0] = (char)code, 1;
    if (code < 0x800) return out[0] = (char)(0xC0 | code >> 6), out[1] = (char)(0x80 | (code & 63)), 2;
    if (code < 0x10000)
        return out[0] = (char)(0xE0 | code >> 12), out[1] = (char)(0x80 | (code >> 6 & 63)),
               out[2] = (char)(0x80 | (code & 63)), 3;
    return out[0] = (char)(0xF0 | code >> 18), out[1] = (char)(0x80 | (code >> 12 & 63)),
           out[2] = (char)(0x80 | (code >> 6 & 63)), out[3] = (char)(0x80 | (code & 63)), 4;
}

static int ansi_of(struct pty *pty, VTermColor colour)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(&colour)) return -1;
    if (VTERM_COLOR_IS_INDEXED(&colour)) return colour.indexed.idx < 16 ? colour.indexed.idx : -1;
    (void)pty;
    return -1;
}

void pty_cell(struct pty *pty, unsigned row, unsigned column, struct pty_cell *cell)
{
    VTermScreenCell found;
    VTermPos position = {.row = (int)row, .col = (int)column};
    *cell = (struct pty_cell){.columns = 1, .colour = -1};
    if (!vterm_screen_get_cell(pty->screen, position, &found)) return;
    size_t used = 0;
    for (unsigned i = 0; i < VTERM_MAX_CHARS_PER_CELL && found.chars[i] != 0 && found.chars[i] != (uint32_t)-1; i++)
        if (used + 4 < sizeof cell->text) used += put_code(found.chars[i], cell->text + used);
    cell->text[used] = '\0';
    cell->columns = found.chars[0] == (uint32_t)-1 ? 0 : (unsigned)found.width;
    cell->bold = found.attrs.bold;
    cell->reverse = found.attrs.reverse;
    cell->underline = found.attrs.underline != 0;
    cell->colour = ansi_of(pty, found.fg);
}

const char *pty_row(struct pty *pty, unsigned row)
{
    size_t used = 0, kept = 0;
    for (unsigned column = 0; column < pty->columns; column++) {
        struct pty_cell cell;
        pty_cell(pty, row, column, &cell);
        if (cell.columns == 0) continue;
        size_t length = strlen(cell.text);
        if (used + length + 2 > sizeof pty->row) break;
        memcpy(pty->row + used, length > 0 ? cell.text : " ", length > 0 ? length : 1);
        used += length > 0 ? length : 1;
        if (length > 0 && strcmp(cell.text, " ") != 0) kept = used;
    }
    pty->row[kept] = '\0';
    return pty->row;
}

bool pty_shows(struct pty *pty, const char *text)
{
    for (unsigned row = 0; row < pty->rows; row++)
        if (strstr(pty_row(pty, row), text) != NULL) return true;
    return false;
}

void pty_print(struct pty *pty)
{
    for (unsigned row = 0; row < pty->rows; row++)
        fprintf(stderr, "|%s\n", pty_row(pty, row));
}

static bool wait_shown(struct pty *pty, const char *text, bool shown, int timeout_ms)
{
    int64_t until = clock_ms() + timeout_ms;
    while (pty_shows(pty, text) != shown) {
        int64_t left = until - clock_ms();
        if (left > 0 && read_some(pty, (int)left)) continue;
        if (left > 0 && !pty->ended) {
            struct timespec pause = {.tv_nsec = 5 * 1000 * 1000};
            nanosleep(&pause, NULL);
            note_end(pty);
            if (!pty->ended) continue;
        }
        fprintf(stderr, "pty: \"%s\" is %s:\n", text, shown ? "not shown" : "still shown");
        pty_print(pty);
        return false;
    }
    return true;
}

bool pty_wait(struct pty *pty, const char *text, int timeout_ms)
{
    return wait_shown(pty, text, true, timeout_ms);
}

bool pty_wait_gone(struct pty *pty, const char *text, int timeout_ms)
{
    return wait_shown(pty, text, false, timeout_ms);
}

void pty_settle(struct pty *pty, int quiet_ms)
{
    while (read_some(pty, quiet_ms)) {
    }
}

void pty_cursor(struct pty *pty, unsigned *row, unsigned *column)
{
    VTermPos position;
    vterm_state_get_cursorpos(vterm_obtain_state(pty->term), &position);
    *row = (unsigned)position.row;
    *column = (unsigned)position.col;
}

bool pty_sent(const struct pty *pty, const char *bytes)
{
    return strstr(pty->last, bytes) != NULL;
}

uint64_t pty_bytes(const struct pty *pty)
{
    return pty->bytes;
}

void pty_count_reset(struct pty *pty)
{
    pty->bytes = 0;
}

int pty_wait_end(struct pty *pty, int timeout_ms)
{
    int64_t until = clock_ms() + timeout_ms;
    while (!pty->ended && clock_ms() < until) {
        read_some(pty, 20);
        note_end(pty);
    }
    return pty->ended ? pty->status : -1;
}

int pty_close(struct pty *pty)
{
    if (!pty->ended) kill(pty->pid, SIGHUP);
    if (pty_wait_end(pty, 5000) < 0) {
        kill(pty->pid, SIGKILL);
        pty_wait_end(pty, 5000);
    }
    int status = pty->status;
    close(pty->fd);
    vterm_free(pty->term);
    if (pty->convert != (iconv_t)-1) iconv_close(pty->convert);
    free(pty);
    return status;
}
