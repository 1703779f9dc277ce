/* editor.h - text that is being typed: one line, or a note of several.
 *
 * Works by whole characters: backspace takes a Chinese character with both its cells, and the marks that
 * belong to it. A line that is too long for its place scrolls sideways, a note wraps and scrolls down. */
#ifndef CLIENT_TERM_EDITOR_H
#define CLIENT_TERM_EDITOR_H

#include "client/term/term.h"

struct editor {
    char *bytes;             /* UTF-8 */
    uint32_t used, room, at; /* at: where the caret is */
    uint32_t most;           /* bytes it may hold */
    bool lines;              /* a note */
    bool secret;             /* shown as stars, wiped afterwards */
    int columns;             /* it was last drawn in so many */
    int goal;                /* the column that moving up and down aims at; -1: none */
    uint32_t seen;           /* first byte (line) or first wrapped line (note) that is shown */
};

enum editing {
    EDIT_LEFT,
    EDIT_RIGHT,
    EDIT_UP, /* these two only in notes */
    EDIT_DOWN,
    EDIT_START,
    EDIT_END,
    EDIT_ERASE,  /* the character before the caret */
    EDIT_DELETE, /* the character at the caret */
    EDIT_ERASE_WORD,
    EDIT_ERASE_START, /* everything before the caret, in its line */
    EDIT_ERASE_END,
    EDIT_BREAK, /* a line feed, in notes */
};

enum { EDITOR_BYTES_MAX = 32 * 1024 };

/* An empty text. */
void editor_init(struct editor *editor, bool lines);
void editor_free(struct editor *editor);

/* Puts a text into it; the caret goes to its end. */
void editor_set(struct editor *editor, struct text text);
struct text editor_text(const struct editor *editor);

/* Types a character at the caret. Control characters are not taken; in a paste a line end becomes a space
 * in a line and a line feed in a note. */
void editor_type(struct editor *editor, const struct key_press *key);
void editor_do(struct editor *editor, enum editing editing);

/* The rows that it takes in so many columns. */
unsigned editor_rows(const struct editor *editor, int columns);

/* Draws it and parks the hardware cursor at the caret. */
void editor_draw(struct editor *editor, struct term *term, struct area area);

#endif
