/* theme.h - how the styles of term.h look: colours and attributes, by what the terminal has. */
#ifndef CLIENT_TERM_THEME_H
#define CLIENT_TERM_THEME_H

#include "client/term/term.h"

enum { THEME_NAME_BYTES = 40, LOOK_BOLD = 1, LOOK_REVERSE = 2, LOOK_UNDERLINE = 4, LOOK_DIM = 8, COLOUR_NONE = -1 };

/* Colours are numbers of 256, COLOUR_NONE the terminal's own; one for terminals of 8, 16 and 256 each. */
struct look {
    short fore[3], back[3];
    unsigned attributes; /* LOOK_x */
};

struct theme {
    char name[THEME_NAME_BYTES];
    struct look looks[STYLE_COUNT];
};

/* Those that are built in, by number; NULL behind the last. The first is the usual one. */
const struct theme *theme_at(unsigned number);
const struct theme *theme_named(const char *name);

/* The name of a style in the config file. */
const char *style_name(enum style style);

/* Reads `bold underline green on 235`: attributes and colours, by name (bright-red) or number. False: not one of them.
 */
bool look_read(const char *words, struct look *look);
/* The reverse, for 256 colours. */
void look_print(const struct look *look, struct str *out);

#endif
