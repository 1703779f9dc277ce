/* term.h - the screen and the keyboard: the only user of ncurses.
 *
 * A frame is drawn anew from an empty sheet with term_put and shown with term_show, which sends what differs
 * from the last frame in one write; nothing is sent when nothing differs. Meaning is never in the style
 * alone: colours are optional, and a monochrome terminal shows everything. */
#ifndef CLIENT_TERM_TERM_H
#define CLIENT_TERM_TERM_H

#include "client/term/copy.h"

#include "proto/err.h"
#include "proto/text.h"

#include <stdbool.h>
#include <stdint.h>

struct term;

enum style {
    STYLE_PLAIN,
    STYLE_STRONG,
    STYLE_GOOD,
    STYLE_WARN,
    STYLE_BAD,
    STYLE_FLASH,
    STYLE_SELECTED, /* the marker of the line that is selected */
    STYLE_COUNT
};

struct theme;

/* A part of the screen. */
struct area {
    int row, column, rows, columns;
};

/* Where a text goes, and how many columns it may take. */
struct place {
    int row, column, columns;
    enum style style;
};

/* Keys: a character stands for itself, CTRL('A') for 1; the others have numbers above all characters. */
#define CTRL(letter) ((letter)&31)
#define K_F(number)  (K_F0 + (number))
enum {
    K_TAB = 9,
    K_ENTER = 13,
    K_ESC = 27,
    K_UP = 0x110000,
    K_DOWN,
    K_LEFT,
    K_RIGHT,
    K_HOME,
    K_END,
    K_PAGE_UP,
    K_PAGE_DOWN,
    K_INSERT,
    K_DELETE,
    K_BACKSPACE,
    K_BACK_TAB,
    K_CLICK, /* of the left button, at a place */
    K_WHEEL_UP,
    K_WHEEL_DOWN,
    K_F0 = 0x110100,
};

struct key_press {
    uint32_t code;
    bool pasted;     /* came in a paste: text, never a command */
    int row, column; /* of a click */
};

/* Takes the terminal over. ERR_USAGE when there is none or its type is unknown. */
enum err term_open(struct term **term, struct refusal *why);
void term_close(struct term *term);

/* How the styles look from the next frame on (theme.h); the theme is copied. NO_COLOR leaves its attributes alone. */
void term_theme(struct term *term, const struct theme *theme);

int term_rows(const struct term *term);
int term_columns(const struct term *term);

/* ---- drawing ---- */

void term_erase(struct term *term);

/* Writes a text, cut at the right edge of its place; returns the columns it took. */
int term_put(struct term *term, struct place place, struct text text);
/* The same, ending at the right edge. What does not fit is shown as "<": half a number would be a lie. */
void term_put_right(struct term *term, struct place place, struct text text);
/* The same, with a mark at the end when something was cut. */
int term_put_cut(struct term *term, struct place place, struct text text);
/* The same for the program's own words, such as labels and heads: in both languages they have to fit at 80 columns. A
 * test sees to that: where DUBAN_TEST_CUTS names a file, what is cut is noted there. */
int term_put_words(struct term *term, struct place place, struct text text);

/* Makes a part of the screen empty, to draw over what is there. */
void term_blank(struct term *term, struct area area);

/* Where the hardware cursor rests after the frame. */
void term_cursor(struct term *term, int row, int column);

/* Where the cursor rests in the frame that is shown. */
int term_cursor_row(const struct term *term);

/* Are clicks and the wheel told, or left to the terminal (the usual)? Leaving and stopping leave it to the terminal. */
void term_mouse(struct term *term, bool on);

/* Shows the frame. */
void term_show(struct term *term);

/* The next frame is sent whole: somebody else wrote on the screen. */
void term_repaint(struct term *term);

/* A bell goes out with the next frame. */
void term_ring(struct term *term);

/* The text goes to the terminal's clipboard with the next frame, when it has one (copy.h). */
enum copied term_copy(struct term *term, struct text text);

/* Monotonic milliseconds. */
int64_t term_ms(void);

/* ---- what comes in ---- */

/* Waits for either of the descriptors below, at most so long (-1: for ever). */
void term_wait(const struct term *term, int timeout_ms, bool ready[2]);

/* Descriptors to wait on: the keyboard and the signals. */
void term_descriptors(const struct term *term, int fds[2]);

/* The next key that was pressed, without waiting. */
bool term_key(struct term *term, struct key_press *key);

enum term_event { TERM_NOTHING, TERM_REDRAW, TERM_LEAVE };

/* Attends to the signals that came: resizing, stopping and going on. TERM_LEAVE: the program has to end. */
enum term_event term_signals(struct term *term);

/* Called when the keyboard was readable and gave no key: has the terminal hung up? */
bool term_gone(struct term *term);

#endif
