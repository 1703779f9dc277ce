/* term.c - see term.h.
 *
 * ncurses writes into a file in memory, which goes out in one write when the frame is whole: its own buffer
 * would be flushed in pieces. It reads keys from the terminal as usual; modes and signals are tty.c's. */
#define _XOPEN_SOURCE_EXTENDED 1
#include "client/term/term.h"

#include "client/term/cells.h"
#include "client/term/theme.h"
#include "client/term/tty.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

enum { ESCAPE_MS = 100, RUN_MAX = 256, KEY_PASTE_ON = KEY_MAX - 2, KEY_PASTE_OFF = KEY_MAX - 3 };

struct term {
    struct tty tty;
    FILE *sink;
    int sink_fd;
    SCREEN *screen;
    WINDOW *keys; /* a pad: reading from it refreshes nothing */
    int rows, columns;
    int cursor_row, cursor_column;
    short ground; /* colour behind everything; -1: the terminal's own */
    bool colour, pasting, ring, was_return;
    char before[COPY_BYTES_MAX]; /* goes out in front of the next frame */
    char paste_on[16], paste_off[16];
    struct theme theme;
    int depth; /* which of its colours the terminal has */
    mbstate_t decoding;
    FILE *cuts; /* where a test wants to know what did not fit; NULL */
};

/* ---- opening ---- */

static const char *capability(const char *name)
{
    const char *value = tigetstr((char *)(uintptr_t)name);
    return value == NULL || value == (char *)-1 ? "" : value;
}

static void copy_capability(char *into, size_t max, const char *name)
{
    snprintf(into, max, "%s", capability(name));
}

/* A style's number is that of its colour pair. */
static void open_colours(struct term *term)
{
    const char *never = getenv("NO_COLOR");
    if ((never != NULL && *never != '\0') || !has_colors() || start_color() != OK) return;
    term->ground = use_default_colors() == OK ? -1 : COLOR_BLACK;
    term->colour = true;
}

/* Each style has the pair of its number and one. */
void term_theme(struct term *term, const struct theme *theme)
{
    int depth = term->depth = COLORS >= 256 ? 2 : COLORS >= 16 ? 1 : 0;
    short plain = term->ground < 0 ? -1 : COLOR_WHITE;
    term->theme = *theme;
    for (short style = 0; term->colour && style < STYLE_COUNT; style++) {
        short fore = theme->looks[style].fore[depth], back = theme->looks[style].back[depth];
        init_pair((short)(style + 1), fore == COLOUR_NONE ? plain : fore, back == COLOUR_NONE ? term->ground : back);
    }
}

/* Sequences that many terminals send whatever their type says. */
static void define_keys(struct term *term)
{
    static const struct {
        const char *bytes;
        int code;
    } more[] = {{"\033[1~", KEY_HOME},  {"\033[7~", KEY_HOME},  {"\033[H", KEY_HOME},  {"\033OH", KEY_HOME},
                {"\033[4~", KEY_END},   {"\033[8~", KEY_END},   {"\033[F", KEY_END},   {"\033OF", KEY_END},
                {"\033[A", KEY_UP},     {"\033[B", KEY_DOWN},   {"\033[C", KEY_RIGHT}, {"\033[D", KEY_LEFT},
                {"\033OA", KEY_UP},     {"\033OB", KEY_DOWN},   {"\033OC", KEY_RIGHT}, {"\033OD", KEY_LEFT},
                {"\033[5~", KEY_PPAGE}, {"\033[6~", KEY_NPAGE}, {"\033[3~", KEY_DC},   {"\033[2~", KEY_IC}};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        define_key(more[i].bytes, more[i].code);
    if (*term->paste_on == '\0') return;
    define_key("\033[200~", KEY_PASTE_ON);
    define_key("\033[201~", KEY_PASTE_OFF);
}

/* ncurses believes in the rows of terminfo when it opens, and confines scrolling to them. */
static void follow_size(struct term *term)
{
    const char *region = capability("csr");
    int before = LINES;
    tty_size(&term->tty, &term->rows, &term->columns);
    resize_term(term->rows, term->columns);
    if (term->rows != before && *region != '\0') dprintf(term->sink_fd, "%s", tparm(region, 0, term->rows - 1));
}

static void send_frame(struct term *term, const char *before)
{
    off_t count = lseek(term->sink_fd, 0, SEEK_CUR);
    size_t extra = strlen(before), used = count > 0 ? (size_t)count : 0;
    if (used + extra == 0) return;
    char *bytes = malloc(used + extra);
    if (bytes == NULL) return;
    memcpy(bytes, before, extra);
    if (pread(term->sink_fd, bytes + extra, used, 0) != (ssize_t)used) used = 0;
    tty_write(&term->tty, bytes, used + extra);
    free(bytes);
    if (ftruncate(term->sink_fd, 0) == 0) lseek(term->sink_fd, 0, SEEK_SET);
}

static enum err open_screen(struct term *term, struct refusal *why)
{
    term->sink_fd = memfd_create("duban frame", MFD_CLOEXEC);
    term->sink = term->sink_fd >= 0 ? fdopen(term->sink_fd, "w") : NULL;
    if (term->sink == NULL) return refuse_text(why, ERR_IO, strerror(errno));
    tty_set_raw(&term->tty);
    set_escdelay(ESCAPE_MS);
    term->screen = newterm(NULL, term->sink, stdin);
    if (term->screen == NULL) {
        tty_set_cooked(&term->tty);
        return refuse_text(why, ERR_USAGE, "TERM names an unknown kind of terminal");
    }
    set_term(term->screen);
    nonl();
    typeahead(-1); /* a frame is never left half done */
    idlok(stdscr, TRUE);
    copy_capability(term->paste_on, sizeof term->paste_on, "BE");
    copy_capability(term->paste_off, sizeof term->paste_off, "BD");
    open_colours(term);
    term_theme(term, theme_at(0));
    term->keys = newpad(1, 1);
    keypad(term->keys, TRUE);
    nodelay(term->keys, TRUE);
    meta(term->keys, TRUE);
    define_keys(term);
    follow_size(term);
    return OK;
}

static void prepare_for_crash(struct term *term)
{
    char bytes[120];
    const char *mouse = *capability("kmous") != '\0' ? "\033[?1000l\033[?1006l" : "";
    snprintf(bytes, sizeof bytes, "%s%s%.30s%.30s\r\n", mouse, term->paste_off, capability("rmkx"),
             capability("rmcup"));
    tty_on_crash(&term->tty, bytes);
}

enum err term_open(struct term **term, struct refusal *why)
{
    struct term *made = calloc(1, sizeof *made);
    if (made == NULL) return refuse(why, ERR_MEMORY);
    enum err err = tty_open(&made->tty, why);
    if (err == 0) {
        err = open_screen(made, why);
        if (err != 0) tty_close(&made->tty);
    }
    if (err != 0) {
        if (made->sink != NULL) fclose(made->sink);
        free(made);
        return err;
    }
    prepare_for_crash(made);
    const char *cuts = getenv("DUBAN_TEST_CUTS");
    if (cuts != NULL && (made->cuts = fopen(cuts, "ae")) != NULL) setvbuf(made->cuts, NULL, _IOLBF, 0);
    send_frame(made, made->paste_on);
    *term = made;
    return 0;
}

/* Where there is no other screen, the shell goes on below ours. */
static void hand_back(struct term *term)
{
    endwin();
    if (*capability("rmcup") == '\0') dprintf(term->sink_fd, "\r\n");
    send_frame(term, term->paste_off);
}

void term_close(struct term *term)
{
    if (term == NULL) return;
    hand_back(term);
    tty_close(&term->tty);
    delwin(term->keys);
    delscreen(term->screen);
    fclose(term->sink);
    if (term->cuts != NULL) fclose(term->cuts);
    free(term);
}

int term_rows(const struct term *term)
{
    return term->rows;
}

int term_columns(const struct term *term)
{
    return term->columns;
}

/* ---- drawing ---- */

void term_erase(struct term *term)
{
    term->cursor_row = term->cursor_column = 0;
    erase();
}

static void set_style(const struct term *term, enum style style)
{
    const struct look *look = &term->theme.looks[style];
    bool inked = look->fore[term->depth] != COLOUR_NONE || look->back[term->depth] != COLOUR_NONE;
    attr_t attributes =
        (look->attributes & LOOK_BOLD ? A_BOLD : 0) | (look->attributes & LOOK_REVERSE ? A_REVERSE : 0) |
        (look->attributes & LOOK_UNDERLINE ? A_UNDERLINE : 0) | (look->attributes & LOOK_DIM ? A_DIM : 0);
    attr_set(attributes, term->colour && inked ? (short)(style + 1) : 0, NULL);
}

/* For tests: "words" are the program's own. */
static void note_cut(const struct term *term, const char *what, struct text text)
{
    if (term->cuts != NULL) fprintf(term->cuts, "%s\t%.*s\n", what, (int)text.length, text.at);
}

/* Writes what fits, and in *whole whether that was all. */
static int put(struct term *term, struct place place, struct text text, bool *whole)
{
    struct cells cells = cells_of(text);
    wchar_t run[RUN_MAX + 1];
    uint32_t shown;
    int columns, used = 0, length = 0;
    *whole = text.length == 0;
    if (place.columns > term->columns - place.column) place.columns = term->columns - place.column;
    if (place.row < 0 || place.row >= term->rows || place.column < 0 || place.columns <= 0) return 0;
    set_style(term, place.style);
    move(place.row, place.column);
    while (!(*whole = !cells_next(&cells, &shown, &columns)) && used + columns <= place.columns) {
        run[length++] = (wchar_t)shown;
        used += columns;
        if (length < RUN_MAX) continue;
        addnwstr(run, length);
        length = 0;
    }
    if (length > 0) addnwstr(run, length);
    attr_set(A_NORMAL, 0, NULL);
    return used;
}

int term_put(struct term *term, struct place place, struct text text)
{
    bool whole;
    int used = put(term, place, text, &whole);
    if (!whole) note_cut(term, "words", text);
    return used;
}

void term_put_right(struct term *term, struct place place, struct text text)
{
    int columns = text_columns(text);
    if (columns > place.columns) {
        note_cut(term, "data", text);
        text = text_of("<");
        columns = 1;
    }
    place.column += place.columns - columns;
    place.columns = columns;
    term_put(term, place, text);
}

static int put_cut(struct term *term, struct place place, const char *what, struct text text)
{
    struct text more = text_of(text_more());
    bool whole;
    if (text_columns(text) <= place.columns) return put(term, place, text, &whole);
    struct place end = place;
    note_cut(term, what, text);
    place.columns -= text_columns(more);
    int used = put(term, place, text, &whole);
    end.column += used;
    end.columns -= used;
    return used + put(term, end, more, &whole);
}

int term_put_cut(struct term *term, struct place place, struct text text)
{
    return put_cut(term, place, "data", text);
}

int term_put_words(struct term *term, struct place place, struct text text)
{
    return put_cut(term, place, "words", text);
}

void term_blank(struct term *term, struct area area)
{
    if (area.columns > term->columns - area.column) area.columns = term->columns - area.column;
    for (int i = 0; i < area.rows && area.row + i < term->rows; i++)
        if (area.row + i >= 0 && area.columns > 0) mvhline(area.row + i, area.column, ' ', area.columns);
}

void term_cursor(struct term *term, int row, int column)
{
    term->cursor_row = row;
    term->cursor_column = column;
}

void term_show(struct term *term)
{
    int row = term->cursor_row < term->rows ? term->cursor_row : term->rows - 1;
    int column = term->cursor_column < term->columns ? term->cursor_column : term->columns - 1;
    move(row < 0 ? 0 : row, column < 0 ? 0 : column);
    wnoutrefresh(stdscr);
    doupdate();
    struct str before = {.at = term->before, .used = strlen(term->before), .max = sizeof term->before};
    if (term->ring) str_put(&before, "\a");
    send_frame(term, term->before);
    term->ring = false;
    term->before[0] = '\0';
}

void term_repaint(struct term *term)
{
    (void)term;
    clearok(curscr, TRUE);
}

void term_ring(struct term *term)
{
    term->ring = true;
}

enum copied term_copy(struct term *term, struct text text)
{
    struct str before = str_in(term->before, sizeof term->before - 1); /* room for the bell */
    const char *type = getenv("TERM");
    bool within_screen = getenv("STY") != NULL && getenv("TMUX") == NULL;
    enum copied copied = copy_sequence(text, type != NULL ? type : "", within_screen, &before);
    if (copied != COPIED) term->before[0] = '\0';
    return copied;
}

int64_t term_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- keys ---- */

void term_descriptors(const struct term *term, int fds[2])
{
    fds[0] = term->tty.in;
    fds[1] = term->tty.signals;
}

void term_wait(const struct term *term, int timeout_ms, bool ready[2])
{
    struct pollfd polled[2] = {{term->tty.in, POLLIN, 0}, {term->tty.signals, POLLIN, 0}};
    if (poll(polled, 2, timeout_ms) < 0) polled[0].revents = polled[1].revents = 0;
    for (int i = 0; i < 2; i++)
        ready[i] = polled[i].revents != 0;
}

static uint32_t special_key(int code)
{
    static const struct {
        int code;
        uint32_t key;
    } keys[] = {{KEY_UP, K_UP},       {KEY_DOWN, K_DOWN}, {KEY_LEFT, K_LEFT},           {KEY_RIGHT, K_RIGHT},
                {KEY_HOME, K_HOME},   {KEY_END, K_END},   {KEY_PPAGE, K_PAGE_UP},       {KEY_NPAGE, K_PAGE_DOWN},
                {KEY_IC, K_INSERT},   {KEY_DC, K_DELETE}, {KEY_BACKSPACE, K_BACKSPACE}, {KEY_BTAB, K_BACK_TAB},
                {KEY_ENTER, K_ENTER}, {KEY_FIND, K_HOME}, {KEY_SELECT, K_END}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].code == code) return keys[i].key;
    if (code >= KEY_F(1) && code <= KEY_F(12)) return K_F((uint32_t)(code - KEY_F(0)));
    return 0;
}

/* A byte of input becomes a character when its last byte has come; 0 until then. */
static uint32_t decode(struct term *term, char byte)
{
    wchar_t wide;
    size_t count = mbrtowc(&wide, &byte, 1, &term->decoding);
    if (count == (size_t)-1) { /* what came before is broken off; this byte may begin a character of its own */
        memset(&term->decoding, 0, sizeof term->decoding);
        count = mbrtowc(&wide, &byte, 1, &term->decoding);
        if (count == (size_t)-1) memset(&term->decoding, 0, sizeof term->decoding);
    }
    return count <= 1 ? (uint32_t)wide : 0;
}

static uint32_t plain_key(uint32_t code)
{
    if (code == 127 || code == 8) return K_BACKSPACE;
    return code == '\n' ? K_ENTER : code;
}

int term_cursor_row(const struct term *term)
{
    return term->cursor_row;
}

void term_mouse(struct term *term, bool on)
{
    (void)term;
    mouseinterval(0);
    mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
}

static uint32_t mouse_key(struct key_press *key)
{
    MEVENT event;
    if (getmouse(&event) != OK) return 0;
    key->row = event.y;
    key->column = event.x;
    if (event.bstate & BUTTON1_PRESSED) return K_CLICK;
    return event.bstate & BUTTON4_PRESSED ? K_WHEEL_UP : event.bstate & BUTTON5_PRESSED ? K_WHEEL_DOWN : 0;
}

bool term_key(struct term *term, struct key_press *key)
{
    int code;
    while ((code = wgetch(term->keys)) != ERR) {
        *key = (struct key_press){.pasted = term->pasting};
        if (code == KEY_PASTE_ON || code == KEY_PASTE_OFF) {
            term->pasting = code == KEY_PASTE_ON;
            continue;
        }
        if (code == KEY_MOUSE)
            key->code = mouse_key(key);
        else if (code >= KEY_MIN)
            key->code = special_key(code);
        else
            key->code = decode(term, (char)code);
        bool line_end = key->code == '\n' && term->was_return; /* CR LF is one */
        term->was_return = key->code == K_ENTER && code < KEY_MIN;
        if (key->code == 0 || line_end) continue;
        if (code < KEY_MIN) key->code = plain_key(key->code);
        return true;
    }
    return false;
}

enum term_event term_signals(struct term *term)
{
    enum tty_signal signal;
    enum term_event event = TERM_NOTHING;
    while ((signal = tty_next_signal(&term->tty)) != TTY_NOTHING) {
        if (signal == TTY_LEAVE) return TERM_LEAVE;
        event = TERM_REDRAW;
        if (signal == TTY_STOP) {
            hand_back(term);
            tty_stop(&term->tty);
            send_frame(term, term->paste_on);
        }
        if (signal == TTY_CONTINUED) tty_set_raw(&term->tty);
        follow_size(term);
        term_repaint(term);
    }
    return event;
}

bool term_gone(struct term *term)
{
    if (!term->tty.gone && tty_hung_up(&term->tty)) term->tty.gone = true;
    return term->tty.gone;
}
