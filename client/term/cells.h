/* cells.h - text as columns of a terminal: what is shown for each character, and how wide it is here.
 *
 * Widths are those of the running locale (…·“”—─ take two columns under GB18030). What can't be shown, or
 * would play tricks with the terminal, becomes something visible: the pinyin initial of a Chinese character
 * where the locale has none, ASCII twins of punctuation, else a question mark. An emoji of several is shown as its
 * members, a flag as its two letters. Knows no terminal library. */
#ifndef CLIENT_TERM_CELLS_H
#define CLIENT_TERM_CELLS_H

#include "proto/text.h"

#include <stdbool.h>
#include <stdint.h>

/* Walks over the characters of a text as they are shown. */
struct cells {
    const char *at, *end;
    bool begun; /* a character stands before: combining marks may follow */
};

struct cells cells_of(struct text text);

/* The next character to show and its columns: 1 or 2, and 0 for a combining mark. False at the end. */
bool cells_next(struct cells *cells, uint32_t *shown, int *columns);

/* Columns of the whole text, shown on one line. */
int text_columns(struct text text);

/* The bytes of the longest beginning that fits into so many columns; *used (may be NULL): its columns.
 * Never cuts a character or its combining marks apart. */
uint32_t text_fit(struct text text, int columns, int *used);

/* One line of a text that is wrapped into so many columns (at least 2): the bytes to show, and in *next
 * where the following line begins (after a line feed or a space that is swallowed). Words of letters are
 * kept together when they fit, and so are closing marks with what they close and opening ones with what follows. */
uint32_t text_wrap(struct text text, int columns, uint32_t *next);

/* The lines that a text takes so wrapped; an empty one takes 1. */
unsigned text_lines(struct text text, int columns);

/* Stands for what was left out: "…" where that is one column wide, else "..". */
const char *text_more(void);

/* Does it belong to the character before it, taking no columns of its own? */
bool cells_mark(uint32_t code);

/* Does the locale have the character, in one column? */
bool cells_narrow(uint32_t code);

/* Can the locale show Chinese at all? */
bool locale_shows_chinese(void);

/* Copies a text with everything that cells_next replaces replaced: for files in the locale's encoding. */
void text_shown(struct text text, struct str *out);

#endif
