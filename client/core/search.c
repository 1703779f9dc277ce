/* search.c - see search.h. The table is made from the Unihan readings when the program is built. */
#include "client/core/search.h"

#include <string.h>

enum { PINYIN_FIRST = 0x3400, PINYIN_LAST = 0x9FFF, USUAL_SHIFT = 26 };

static const uint32_t initials[PINYIN_LAST - PINYIN_FIRST + 1] = {
#include "pinyin.inc"
};

static uint32_t row_of(uint32_t code)
{
    return code >= PINYIN_FIRST && code <= PINYIN_LAST ? initials[code - PINYIN_FIRST] : 0;
}

uint32_t pinyin_initials(uint32_t code)
{
    return row_of(code) & ((1u << USUAL_SHIFT) - 1);
}

char pinyin_usual(uint32_t code)
{
    uint32_t row = row_of(code), usual = row >> USUAL_SHIFT;
    if (usual != 0) return (char)('a' + usual - 1);
    return row != 0 ? (char)('a' + __builtin_ctz(row)) : '\0';
}

static uint32_t fold(uint32_t code)
{
    if (code >= 0xFF01 && code <= 0xFF5E) code -= 0xFF01 - '!';
    return code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code;
}

static bool same(uint32_t wanted, uint32_t found)
{
    wanted = fold(wanted);
    if (wanted == fold(found)) return true;
    return wanted >= 'a' && wanted <= 'z' && (pinyin_initials(found) >> (wanted - 'a') & 1);
}

/* Does the text begin with the word? */
static bool begins(struct text word, const char *at, const char *end)
{
    const char *want = word.at, *want_end = word.at + word.length;
    uint32_t wanted, found;
    while (utf8_next(&want, want_end, &wanted))
        if (!utf8_next(&at, end, &found) || !same(wanted, found)) return false;
    return true;
}

static bool contains(struct text word, struct text text)
{
    const char *at = text.at, *end = text.at + text.length;
    uint32_t skipped;
    do {
        if (begins(word, at, end)) return true;
    } while (utf8_next(&at, end, &skipped));
    return false;
}

bool search_match(struct text query, struct text text)
{
    const char *at = query.at, *end = query.at + query.length;
    while (at < end) {
        const char *stop = at;
        while (stop < end && *stop != ' ')
            stop++;
        if (stop > at && !contains((struct text){at, (uint32_t)(stop - at)}, text)) return false;
        at = stop + 1;
    }
    return true;
}

void pinyin_text(struct text text, struct str *out)
{
    const char *at = text.at, *end = text.at + text.length;
    uint32_t code;
    while (utf8_next(&at, end, &code)) {
        char bytes[5] = {0};
        char usual = pinyin_usual(code);
        if (code < 0x80)
            bytes[0] = (char)code;
        else if (usual != '\0')
            bytes[0] = usual;
        else
            bytes[0] = '?';
        str_put(out, bytes);
    }
}
