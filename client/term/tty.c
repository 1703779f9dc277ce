/* tty.c - see tty.h. */
#include "client/term/tty.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { RESTORE_MAX = 128, CRASH_SIGNALS = 5, ROWS_MAX = 500, COLUMNS_MAX = 1000 };

/* The one thing in the client that is kept outside of any struct: a handler of a crash can reach nothing
 * else. Set by tty_on_crash, read by the handler alone. */
static struct {
    int out;
    struct termios cooked;
    char bytes[RESTORE_MAX];
    size_t count;
    struct sigaction before[CRASH_SIGNALS];
} rescue = {.out = -1};

static const int crash_signals[CRASH_SIGNALS] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

static void on_crash(int number)
{
    if (rescue.out >= 0) {
        ssize_t done = write(rescue.out, rescue.bytes, rescue.count);
        (void)done;
        tcsetattr(rescue.out, TCSANOW, &rescue.cooked);
    }
    for (int i = 0; i < CRASH_SIGNALS; i++)
        sigaction(crash_signals[i], &rescue.before[i], NULL);
    raise(number); /* taken as if we had never been here, when this handler returns */
}

void tty_on_crash(const struct tty *tty, const char *bytes)
{
    struct sigaction action = {.sa_handler = on_crash};
    bool first = rescue.out < 0;
    size_t length = strlen(bytes);
    if (length > RESTORE_MAX) length = 0;
    memcpy(rescue.bytes, bytes, length);
    rescue.count = length;
    rescue.cooked = tty->cooked;
    rescue.out = tty->out;
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < CRASH_SIGNALS && first; i++)
        sigaction(crash_signals[i], &action, &rescue.before[i]);
}

static void forget_crash(void)
{
    if (rescue.out < 0) return;
    for (int i = 0; i < CRASH_SIGNALS; i++)
        sigaction(crash_signals[i], &rescue.before[i], NULL);
    rescue.out = -1;
}

/* ---- modes ---- */

/* Keys arrive one by one and unchanged; Ctrl-Z and flow control (a real terminal needs it) stay. */
static void make_raw(struct termios *mode)
{
    mode->c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | ISTRIP | BRKINT | PARMRK);
    mode->c_oflag &= ~(tcflag_t)OPOST;
    mode->c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
    mode->c_lflag |= ISIG;
    mode->c_cc[VMIN] = 1;
    mode->c_cc[VTIME] = 0;
    mode->c_cc[VINTR] = _POSIX_VDISABLE; /* Ctrl-C is a key like the others */
    mode->c_cc[VQUIT] = _POSIX_VDISABLE;
}

void tty_set_raw(const struct tty *tty)
{
    tcsetattr(tty->in, TCSADRAIN, &tty->raw);
}

void tty_set_cooked(const struct tty *tty)
{
    tcsetattr(tty->in, TCSADRAIN, &tty->cooked);
}

enum err tty_open(struct tty *tty, struct refusal *why)
{
    sigset_t set;
    *tty = (struct tty){.in = STDIN_FILENO, .out = STDOUT_FILENO, .signals = -1};
    if (!isatty(tty->in) || !isatty(tty->out) || tcgetattr(tty->in, &tty->cooked) != 0)
        return refuse_text(why, ERR_USAGE, "the full-screen program needs a terminal");
    tty->raw = tty->cooked;
    make_raw(&tty->raw);
    sigemptyset(&set);
    sigaddset(&set, SIGWINCH);
    sigaddset(&set, SIGTSTP);
    sigaddset(&set, SIGCONT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGQUIT);
    sigaddset(&set, SIGPIPE);
    sigprocmask(SIG_BLOCK, &set, &tty->blocked_before);
    tty->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (tty->signals >= 0) return OK;
    sigprocmask(SIG_SETMASK, &tty->blocked_before, NULL);
    return refuse_text(why, ERR_IO, strerror(errno));
}

void tty_close(struct tty *tty)
{
    struct signalfd_siginfo left;
    if (tty->signals < 0) return;
    forget_crash();
    tty_set_cooked(tty);
    while (read(tty->signals, &left, sizeof left) == sizeof left) { /* they were heard */
    }
    close(tty->signals);
    tty->signals = -1;
    sigprocmask(SIG_SETMASK, &tty->blocked_before, NULL);
}

/* A size that the environment gives; 0: none. */
static int size_named(const char *name)
{
    const char *value = getenv(name);
    long number = value != NULL ? strtol(value, NULL, 10) : 0;
    return number > 0 && number < 10000 ? (int)number : 0;
}

void tty_size(const struct tty *tty, int *rows, int *columns)
{
    struct winsize size = {0};
    if (ioctl(tty->out, TIOCGWINSZ, &size) != 0) size.ws_row = size.ws_col = 0;
    *rows = size.ws_row;
    *columns = size.ws_col;
    if (*rows == 0) *rows = size_named("LINES");
    if (*columns == 0) *columns = size_named("COLUMNS");
    if (*rows <= 0 || *rows > ROWS_MAX) *rows = *rows <= 0 ? 24 : ROWS_MAX;
    if (*columns <= 0 || *columns > COLUMNS_MAX) *columns = *columns <= 0 ? 80 : COLUMNS_MAX;
}

/* ---- signals ---- */

enum tty_signal tty_next_signal(struct tty *tty)
{
    struct signalfd_siginfo info;
    while (read(tty->signals, &info, sizeof info) == sizeof info) {
        switch (info.ssi_signo) {
        case SIGWINCH: return TTY_RESIZED;
        case SIGTSTP: return TTY_STOP;
        case SIGCONT: return TTY_CONTINUED;
        case SIGPIPE: continue; /* the write that caused it says so, too */
        case SIGHUP: tty->gone = true; return TTY_LEAVE;
        default: return TTY_LEAVE;
        }
    }
    return tty->gone ? TTY_LEAVE : TTY_NOTHING;
}

void tty_stop(struct tty *tty)
{
    tty_set_cooked(tty);
    kill(getpid(), SIGSTOP);
    tty_set_raw(tty);
}

bool tty_hung_up(const struct tty *tty)
{
    struct pollfd poll_in = {tty->in, POLLIN, 0};
    int waiting = 0;
    if (poll(&poll_in, 1, 0) <= 0) return false;
    if (poll_in.revents & (POLLHUP | POLLERR | POLLNVAL)) return true;
    return ioctl(tty->in, FIONREAD, &waiting) != 0 || waiting == 0;
}

void tty_write(struct tty *tty, const void *bytes, size_t count)
{
    const char *at = bytes;
    while (count > 0 && !tty->gone) {
        ssize_t done = write(tty->out, at, count);
        if (done >= 0) {
            at += done;
            count -= (size_t)done;
        } else if (errno == EAGAIN) {
            struct pollfd poll_out = {tty->out, POLLOUT, 0};
            poll(&poll_out, 1, -1);
        } else if (errno != EINTR)
            tty->gone = true;
    }
}
