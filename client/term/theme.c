/* theme.c - see theme.h. */
#include "client/term/theme.h"

#include <stdlib.h>
#include <string.h>

#define FORE(eight, sixteen, many) {eight, sixteen, many}
#define BLACK {0, 0, 16}
#define NONE {COLOUR_NONE, COLOUR_NONE, COLOUR_NONE}
#define PLAIN {NONE, NONE, 0}
#define ONLY(attributes) {NONE, NONE, attributes}

/* plain strong good warn bad flash selected. Dark colours for light grounds and light ones for dark grounds; yellow
 * and green on white can't be read, so light terminals of 8 colours warn in magenta and have no colour for what is
 * good; the high contrast brings its ground along. The usual one has to be readable on either:
 * of 256 colours 28, 130 and 196 have at least 4 to 1 against white as well as against black, of eight only red comes
 * near that. */
static const struct theme themes[] = {
    {"default",
     {PLAIN,
      ONLY(LOOK_BOLD),
      {FORE(COLOUR_NONE, COLOUR_NONE, 28), NONE, 0},
      {FORE(COLOUR_NONE, COLOUR_NONE, 130), NONE, LOOK_BOLD},
      {FORE(1, 1, 196), NONE, LOOK_BOLD},
      ONLY(LOOK_REVERSE),
      PLAIN}},
    {"light",
     {PLAIN,
      ONLY(LOOK_BOLD),
      {FORE(COLOUR_NONE, COLOUR_NONE, 28), NONE, 0},
      {FORE(5, 5, 130), NONE, 0},
      {FORE(1, 1, 124), NONE, LOOK_BOLD},
      ONLY(LOOK_REVERSE),
      {FORE(4, 4, 18), NONE, LOOK_BOLD}}},
    {"dark",
     {PLAIN,
      ONLY(LOOK_BOLD),
      {FORE(2, 10, 114), NONE, 0},
      {FORE(3, 11, 221), NONE, 0},
      {FORE(1, 9, 210), NONE, LOOK_BOLD},
      ONLY(LOOK_REVERSE),
      {FORE(6, 14, 159), NONE, LOOK_BOLD}}},
    {"mono",
     {PLAIN, ONLY(LOOK_BOLD), PLAIN, ONLY(LOOK_UNDERLINE), ONLY(LOOK_BOLD | LOOK_UNDERLINE), ONLY(LOOK_REVERSE),
      ONLY(LOOK_BOLD)}},
    {"high-contrast",
     {ONLY(LOOK_BOLD),
      ONLY(LOOK_BOLD | LOOK_UNDERLINE),
      {FORE(2, 10, 46), BLACK, LOOK_BOLD},
      {FORE(3, 11, 226), BLACK, LOOK_BOLD | LOOK_UNDERLINE},
      ONLY(LOOK_BOLD | LOOK_REVERSE),
      ONLY(LOOK_BOLD | LOOK_REVERSE),
      ONLY(LOOK_REVERSE)}},
};

const struct theme *theme_at(unsigned number)
{
    return number < sizeof themes / sizeof *themes ? &themes[number] : NULL;
}

const struct theme *theme_named(const char *name)
{
    const struct theme *theme;
    for (unsigned i = 0; (theme = theme_at(i)) != NULL; i++)
        if (strcmp(theme->name, name) == 0) return theme;
    return NULL;
}

const char *style_name(enum style style)
{
    static const char *const names[STYLE_COUNT] = {"plain", "strong", "good", "warn", "bad", "flash", "selected"};
    return names[style];
}

/* ---- words ---- */

static const char *const colours[] = {"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"};
static const char *const attributes[] = {"bold", "reverse", "underline", "dim"};
enum { COLOURS = 8, ATTRIBUTES = 4, CUBE = 16, GREYS = 232 };

static bool is(struct text word, const char *name)
{
    return text_equal(word, text_of(name));
}

/* 0..255, or -1. */
static int colour_of(struct text word)
{
    const char bright[] = "bright-";
    char digits[8];
    struct str str = str_in(digits, sizeof digits);
    int add = 0;
    if (word.length > sizeof bright - 1 && memcmp(word.at, bright, sizeof bright - 1) == 0) {
        word = (struct text){word.at + sizeof bright - 1, word.length - (uint32_t)(sizeof bright - 1)};
        add = COLOURS;
    }
    for (int i = 0; i < COLOURS; i++)
        if (is(word, colours[i])) return i + add;
    str_text(&str, word);
    char *end;
    long number = strtol(digits, &end, 10);
    return add == 0 && word.length > 0 && *digits >= '0' && *digits <= '9' && *end == '\0' && number < 256 ? (int)number
                                                                                                       : -1;
}

/* The nearest that a terminal of 8 colours has: bit by bit, red, green, blue. */
static int of_eight(int colour)
{
    if (colour < CUBE) return colour % COLOURS;
    if (colour >= GREYS) return colour >= GREYS + 12 ? 7 : 0;
    int red = (colour - CUBE) / 36, green = (colour - CUBE) / 6 % 6, blue = (colour - CUBE) % 6;
    int most = red > green ? red : green;
    if (blue > most) most = blue;
    if (most == 0) return 0;
    return (2 * red > most) | (2 * green > most) << 1 | (2 * blue > most) << 2;
}

static void set_colour(short into[3], int colour)
{
    into[0] = (short)of_eight(colour);
    into[1] = (short)(colour < CUBE ? colour : of_eight(colour));
    into[2] = (short)colour;
}

bool look_read(const char *words, struct look *look)
{
    bool ground = false;
    *look = (struct look)PLAIN;
    while (*words != '\0') {
        struct text word = {words, (uint32_t)strcspn(words, " \t")};
        bool known = is(word, "on") || is(word, "plain");
        for (unsigned i = 0; i < ATTRIBUTES; i++) {
            if (!is(word, attributes[i])) continue;
            look->attributes |= 1u << i;
            known = true;
        }
        int colour = known ? -1 : colour_of(word);
        if (colour < 0 && !known) return false;
        if (colour >= 0) set_colour(ground ? look->back : look->fore, colour);
        ground = is(word, "on");
        words += word.length;
        words += strspn(words, " \t");
    }
    return !ground;
}

static void put_colour(int colour, struct str *out)
{
    if (colour < 2 * COLOURS)
        str_printf(out, "%s%s", colour < COLOURS ? "" : "bright-", colours[colour % COLOURS]);
    else
        str_printf(out, "%d", colour);
}

void look_print(const struct look *look, struct str *out)
{
    size_t before = out->used;
    for (unsigned i = 0; i < ATTRIBUTES; i++)
        if (look->attributes >> i & 1) str_printf(out, "%s%s", out->used > before ? " " : "", attributes[i]);
    if (look->fore[2] != COLOUR_NONE) {
        str_put(out, out->used > before ? " " : "");
        put_colour(look->fore[2], out);
    }
    if (look->back[2] != COLOUR_NONE) {
        str_put(out, out->used > before ? " on " : "on ");
        put_colour(look->back[2], out);
    }
    if (out->used == before) str_put(out, "plain");
}
