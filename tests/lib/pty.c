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
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

enum { WIDE_PLANE = 0x30000, WIDE_FROM = 0x2E80 }; /* from there on, all have two columns anyway */
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
    uint64_t bytes, writes_before;
    volatile uint64_t *writes; /* shared with write_count.c; NULL: not counted */
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

/* A number that is shared with the program; returns the descriptor that it is told. */
static int share_count(struct pty *pty)
{
    int fd = memfd_create("writes", 0);
    if (fd < 0 || ftruncate(fd, sizeof *pty->writes) != 0) rig_fail("memfd_create");
    void *mapped = mmap(NULL, sizeof *pty->writes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED) rig_fail("mmap");
    pty->writes = mapped;
    return fd;
}

static _Noreturn void run(const struct pty_options *options, int counted)
{
    char number[16];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (const char *const *env = options->env; env != NULL && *env != NULL; env++)
        putenv((char *)(uintptr_t)*env);
    snprintf(number, sizeof number, "%d", counted);
    if (counted >= 0) {
        setenv("LD_PRELOAD", options->counter, 1);
        setenv("DUBAN_TEST_WRITES", number, 1);
        setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
    }
    execv(options->argv[0], options->argv);
    _exit(127);
}

struct pty *pty_open(const struct pty_options *options)
{
    struct pty *pty = calloc(1, sizeof *pty);
    if (pty == NULL) rig_fail("memory");
    pty->rows = options->rows != 0 ? options->rows : 24;
    pty->columns = options->columns != 0 ? options->columns : 80;
    pty->convert = (iconv_t)-1;
    if (options->charset != NULL) pty->convert = iconv_open("UTF-8", options->charset);
    int counted = options->counter != NULL ? share_count(pty) : -1;
    struct winsize size = {.ws_row = (unsigned short)pty->rows, .ws_col = (unsigned short)pty->columns};
    pty->pid = forkpty(&pty->fd, NULL, NULL, &size);
    if (pty->pid < 0) rig_fail("forkpty: %s", strerror(errno));
    if (pty->pid == 0) run(options, counted);
    if (counted >= 0) close(counted);
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

/* Bytes of the GB18030 character that begins here. */
static size_t gb_length(const char *at, size_t left)
{
    if ((unsigned char)at[0] < 0x81) return 1;
    return left < 2 || at[1] < '0' || at[1] > '9' ? 2 : 4;
}

/* Terminals of that encoding show what takes two bytes in two columns; libvterm would show some of it in one, and is
 * given a wide character of a plane that nobody uses in its place. */
static void feed_gb(struct pty *pty, char *bytes, size_t count)
{
    char out[8];
    while (count > 0) {
        size_t length = gb_length(bytes, count), room = sizeof out, left = length;
        char *from = bytes, *to = out;
        if (length > count) break;
        size_t failed = iconv(pty->convert, &from, &left, &to, &room);
        size_t used = failed == (size_t)-1 ? 1 : length, made = sizeof out - room;
        if (failed != (size_t)-1 && length == 2 && made <= 3) {
            uint32_t code = made == 3 ? (out[0] & 15u) << 12 | (out[1] & 63u) << 6 | (out[2] & 63u)
                                      : (out[0] & 31u) << 6 | (out[1] & 63u);
            if (code < WIDE_FROM) made = put_code(WIDE_PLANE + code, out);
        }
        vterm_input_write(pty->term, out, made);
        bytes += used;
        count -= used;
    }
    memcpy(pty->rest, bytes, count);
    pty->rest_used = count;
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
    char in[4200];
    pty->bytes += count;
    remember(pty, bytes, count);
    if (pty->convert == (iconv_t)-1) {
        vterm_input_write(pty->term, bytes, count);
        return;
    }
    memcpy(in, pty->rest, pty->rest_used);
    memcpy(in + pty->rest_used, bytes, count);
    feed_gb(pty, in, pty->rest_used + count);
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

static int ink_of(VTermColor colour)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(&colour)) return -1;
    if (VTERM_COLOR_IS_INDEXED(&colour)) return colour.indexed.idx;
    return -1;
}

static uint32_t own_code(uint32_t code)
{
    return code >= WIDE_PLANE && code < WIDE_PLANE + WIDE_FROM ? code - WIDE_PLANE : code;
}

void pty_cell(struct pty *pty, unsigned row, unsigned column, struct pty_cell *cell)
{
    VTermScreenCell found;
    VTermPos position = {.row = (int)row, .col = (int)column};
    *cell = (struct pty_cell){.columns = 1, .colour = -1};
    if (!vterm_screen_get_cell(pty->screen, position, &found)) return;
    size_t used = 0;
    for (unsigned i = 0; i < VTERM_MAX_CHARS_PER_CELL && found.chars[i] != 0 && found.chars[i] != (uint32_t)-1; i++)
        if (used + 4 < sizeof cell->text) used += put_code(own_code(found.chars[i]), cell->text + used);
    cell->text[used] = '\0';
    cell->columns = found.chars[0] == (uint32_t)-1 ? 0 : (unsigned)found.width;
    cell->bold = found.attrs.bold;
    cell->reverse = found.attrs.reverse;
    cell->underline = found.attrs.underline != 0;
    cell->colour = ink_of(found.fg);
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

uint64_t pty_writes(const struct pty *pty)
{
    return pty->writes != NULL ? *pty->writes - pty->writes_before : 0;
}

void pty_count_reset(struct pty *pty)
{
    pty->bytes = 0;
    pty->last[pty->last_used = 0] = '\0';
    if (pty->writes != NULL) pty->writes_before = *pty->writes;
}

int pty_wait_end(struct pty *pty, int timeout_ms)
{
    int64_t until = clock_ms() + timeout_ms;
    while (!pty->ended && clock_ms() < until) {
        read_some(pty, 20);
        note_end(pty);
    }
    if (pty->ended && pty->fd >= 0) pty_settle(pty, 0); /* its last words */
    return pty->ended ? pty->status : -1;
}

void pty_hang_up(struct pty *pty)
{
    close(pty->fd);
    pty->fd = -1;
}

int pty_close(struct pty *pty)
{
    if (!pty->ended && pty->fd >= 0) kill(pty->pid, SIGHUP);
    if (pty_wait_end(pty, 5000) < 0) {
        kill(pty->pid, SIGKILL);
        pty_wait_end(pty, 5000);
    }
    int status = pty->status;
    if (pty->writes != NULL) munmap((void *)(uintptr_t)pty->writes, sizeof *pty->writes);
    if (pty->fd >= 0) close(pty->fd);
    vterm_free(pty->term);
    if (pty->convert != (iconv_t)-1) iconv_close(pty->convert);
    free(pty);
    return status;
}
