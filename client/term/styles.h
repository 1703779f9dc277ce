/* styles.h - how a style looks, by the colours that the terminal has.
 *
 * The background is never touched: people like light ones and dark ones. So a colour has to be readable on both,
 * which yellow, green and cyan of the eight old colours are not. Knows no terminal library. */
#ifndef CLIENT_TERM_STYLES_H
#define CLIENT_TERM_STYLES_H

#include "client/term/term.h"

enum { INK_DEFAULT = -1 };

/* Ink: a number of the terminal's palette, or INK_DEFAULT for the colour that text has anyway. */
struct look {
    short ink;
    bool strong, reverse;
};

/* The look of a style where there are so many colours; 0: none, or none wanted. */
struct look style_look(enum style style, int colours);

#endif
