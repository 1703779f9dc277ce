/* line.c - see line.h. */
#include "client/plain/line.h"

#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

enum { ESCAPE_BEGUN = 1, ESCAPE_LONG, DELETE = 0x7F };
#define CONTROL(letter) ((letter)&31)

static struct termios before;
static volatile sig_atomic_t taken;

static void give_back(int signal)
{
    if (taken) tcsetattr(STDIN_FILENO, TCSANOW, &before);
    raise(signal); /* its handler is the usual one again */
}

void line_begin(void)
{
    const int ends[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
    struct sigaction action = {.sa_handler = give_back, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};
    if (taken || tcgetattr(STDIN_FILENO, &before) != 0) return;
    struct termios own = before;
    own.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
    own.c_cc[VMIN] = 1;
    own.c_cc[VTIME] = 0;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        sigaction(ends[i], &action, NULL);
    taken = tcsetattr(STDIN_FILENO, TCSADRAIN, &own) == 0;
}

void line_end(void)
{
    if (taken) tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
    taken = 0;
}

static void echo(const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t put = write(STDOUT_FILENO, bytes, count);
        if (put <= 0) return;
        bytes += put;
        count -= (size_t)put;
    }
}

/* Where the last character begins, and its columns. */
static size_t last_character(const struct line *line, int *columns)
{
    mbstate_t state = {0};
    size_t at = 0, last = 0;
    *columns = 1;
    while (at < line->used) {
        wchar_t wide;
        size_t bytes = mbrtowc(&wide, line->text + at, line->used - at, &state);
        bool whole = bytes > 0 && bytes <= line->used - at;
        if (!whole) state = (mbstate_t){0};
        last = at;
        *columns = whole && wcwidth(wide) >= 0 ? wcwidth(wide) : 1;
        at += whole ? bytes : 1;
    }
    return last;
}

static void erase(struct line *line)
{
    int columns;
    if (line->used == 0) return;
    line->used = last_character(line, &columns);
    line->text[line->used] = '\0';
    for (int i = 0; i < columns; i++)
        echo("\b \b", 3);
}

static void erase_word(struct line *line)
{
    while (line->used > 0 && line->text[line->used - 1] == ' ')
        erase(line);
    while (line->used > 0 && line->text[line->used - 1] != ' ')
        erase(line);
}

/* Arrows and the like send Esc, [ or O, and what ends with a letter or ~. */
static void skip_escape(struct line *line, char byte)
{
    bool opens = line->escape == ESCAPE_BEGUN && (byte == '[' || byte == 'O');
    if (opens)
        line->escape = ESCAPE_LONG;
    else if (line->escape == ESCAPE_BEGUN || (byte >= '@' && byte <= '~'))
        line->escape = 0;
}

enum line_step line_take(struct line *line, char byte)
{
    if (line->escape != 0) {
        skip_escape(line, byte);
        return LINE_GOES_ON;
    }
    switch (byte) {
    case '\r':
    case '\n': echo("\n", 1); return LINE_DONE;
    case CONTROL('C'):
        line->text[line->used = 0] = '\0';
        echo("\n", 1);
        return LINE_DONE;
    case CONTROL('D'): return line->used == 0 ? LINE_ENDED : LINE_GOES_ON;
    case CONTROL('H'):
    case DELETE: erase(line); return LINE_GOES_ON;
    case CONTROL('U'):
        while (line->used > 0)
            erase(line);
        return LINE_GOES_ON;
    case CONTROL('W'): erase_word(line); return LINE_GOES_ON;
    case CONTROL('['): line->escape = ESCAPE_BEGUN; return LINE_GOES_ON;
    default: break;
    }
    bool control = byte >= 0 && byte < ' ';
    if (control || line->used + 1 == sizeof line->text) return LINE_GOES_ON;
    line->text[line->used++] = byte;
    line->text[line->used] = '\0';
    echo(&byte, 1);
    return LINE_GOES_ON;
}
