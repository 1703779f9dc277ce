/* styles.c - see styles.h.
 *
 * Of 256 colours those stand here whose contrast is at least 4 to 1 against white as well as against black: 28 is a
 * green, 130 an amber, 196 a red. Of eight colours only red comes near that. */
#include "client/term/styles.h"

enum depth { MONO, EIGHT, MANY, DEPTHS };

static const struct look looks[STYLE_COUNT][DEPTHS] = {
    [STYLE_PLAIN] = {{INK_DEFAULT, false, false}, {INK_DEFAULT, false, false}, {INK_DEFAULT, false, false}},
    [STYLE_STRONG] = {{INK_DEFAULT, true, false}, {INK_DEFAULT, true, false}, {INK_DEFAULT, true, false}},
    [STYLE_GOOD] = {{INK_DEFAULT, false, false}, {INK_DEFAULT, false, false}, {28, false, false}},
    [STYLE_WARN] = {{INK_DEFAULT, false, false}, {INK_DEFAULT, true, false}, {130, false, false}},
    [STYLE_BAD] = {{INK_DEFAULT, false, false}, {1, true, false}, {196, false, false}},
    [STYLE_FLASH] = {{INK_DEFAULT, false, true}, {INK_DEFAULT, false, true}, {INK_DEFAULT, false, true}},
};

struct look style_look(enum style style, int colours)
{
    return looks[style][colours >= 256 ? MANY : colours >= 8 ? EIGHT : MONO];
}
