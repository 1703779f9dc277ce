/* copy.c - see copy.h. */
#include "client/term/copy.h"

#include <sodium.h>
#include <string.h>

enum { PIECE_BYTES = 76 }; /* GNU screen takes short strings alone */

/* Terminals that show the bytes instead of taking them, or have nothing to keep them in. */
static bool has_clipboard(const char *terminal)
{
    static const char *const without[] = {"vt1", "vt2", "vt3", "vt5", "linux", "dumb", "ansi", "cons", "sun"};
    for (size_t i = 0; i < sizeof without / sizeof *without; i++)
        if (strncmp(terminal, without[i], strlen(without[i])) == 0) return false;
    return *terminal != '\0';
}

static void put_harmless(struct text text, struct str *out)
{
    const char *at = text.at, *end = text.at + text.length, *from = at;
    uint32_t code;
    for (; utf8_next(&at, end, &code); from = at) {
        struct text one = {from, (uint32_t)(at - from)};
        str_text(out, text_offence(one, false) != 0 ? text_of(" ") : one);
    }
}

enum copied copy_sequence(struct text text, const char *terminal, bool within_screen, struct str *out)
{
    char plain[COPY_TEXT_MAX + 1], code[sodium_base64_ENCODED_LEN(COPY_TEXT_MAX, sodium_base64_VARIANT_ORIGINAL)];
    struct str str = str_in(plain, sizeof plain);
    if (!has_clipboard(terminal)) return COPY_NOT_HERE;
    put_harmless(text, &str);
    if (str.cut) return COPY_TOO_LONG;
    sodium_bin2base64(code, sizeof code, (const unsigned char *)plain, str.used, sodium_base64_VARIANT_ORIGINAL);
    str_put(out, within_screen ? "\033P\033]52;c;" : "\033]52;c;");
    for (const char *at = code; *at != '\0';) {
        size_t piece = within_screen ? strnlen(at, PIECE_BYTES) : strlen(at);
        str_text(out, (struct text){at, (uint32_t)piece});
        at += piece;
        if (within_screen && *at != '\0') str_put(out, "\033\\\033P");
    }
    str_put(out, within_screen ? "\a\033\\" : "\a");
    return out->cut ? COPY_TOO_LONG : COPIED;
}
