/* search.c - see search.h. The table is made from the Unihan readings when the program is built. */
#include "client/core/search.h"

#include <string.h>
#include <utf8proc.h>

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

/* Does the text begin with the word? *after gets where it ends. */
static bool begins(struct text word, const char *at, const char *end, const char **after)
{
    const char *want = word.at, *want_end = word.at + word.length;
    uint32_t wanted, found;
    while (utf8_next(&want, want_end, &wanted))
        if (!utf8_next(&at, end, &found) || !same(wanted, found)) return false;
    *after = at;
    return true;
}

/* Words of a text are what stands between spaces; a code has parts between other signs, too. */
static bool parts_words(uint32_t code)
{
    return code < 0x80 && !(code >= '0' && code <= '9') && !((code | 0x20) >= 'a' && (code | 0x20) <= 'z');
}

static enum search_rank rank_word(struct text word, struct text text, enum search_rank enough)
{
    const char *at = text.at, *end = text.at + text.length, *after;
    enum search_rank best = SEARCH_NOT;
    uint32_t before = ' ';
    do {
        if (!begins(word, at, end, &after)) continue;
        enum search_rank rank = !parts_words(before) ? SEARCH_PART : SEARCH_START;
        if (before == ' ' && (after == end || *after == ' ')) rank = SEARCH_WHOLE;
        if (rank > best) best = rank;
    } while (best < enough && utf8_next(&at, end, &before));
    return best;
}

/* The worst of the words' ranks; a word is not looked for any further when it is found well `enough`. */
static enum search_rank rank_all(struct text query, struct text text, enum search_rank enough)
{
    const char *at = query.at, *end = query.at + query.length;
    enum search_rank worst = SEARCH_WHOLE;
    while (at < end && worst > SEARCH_NOT) {
        const char *stop = at;
        while (stop < end && *stop != ' ')
            stop++;
        enum search_rank rank = worst;
        if (stop > at) rank = rank_word((struct text){at, (uint32_t)(stop - at)}, text, enough);
        if (rank < worst) worst = rank;
        at = stop + 1;
    }
    return worst;
}

bool search_match(struct text query, struct text text)
{
    return rank_all(query, text, SEARCH_PART) != SEARCH_NOT;
}

enum search_rank search_rank(struct text query, struct text text)
{
    return rank_all(query, text, SEARCH_WHOLE);
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

/* A letter without its accent, a digit out of its circle: what a character is made of, when that is ASCII. */
static uint32_t base_of(uint32_t code)
{
    utf8proc_int32_t parts[32];
    int boundary = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)code, parts, sizeof parts / sizeof *parts,
                                                     UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE, &boundary);
    return count > 0 && parts[0] > ' ' && parts[0] < 0x7F ? (uint32_t)parts[0] : 0;
}

uint32_t ascii_twin(uint32_t code)
{
    static const struct {
        uint32_t code;
        char shown;
    } twins[] = {
        {0x3000, ' '},  {0x3001, ','}, {0x3002, '.'},  {0x3008, '<'}, {0x3009, '>'}, {0x300A, '<'}, {0x300B, '>'},
        {0x300C, '"'},  {0x300D, '"'}, {0x3010, '['},  {0x3011, ']'}, {0x3014, '['}, {0x3015, ']'}, {0x2010, '-'},
        {0x2013, '-'},  {0x2014, '-'}, {0x2018, '\''}, {0x2019, '\''}, {0x201C, '"'}, {0x201D, '"'}, {0x2026, '.'},
        {0x00B7, '.'},  {0x00D7, 'x'}, {0x00F7, '/'},  {0x2500, '-'}, {0x2022, '*'}, {0x00B0, 'o'}, {0x00A0, ' '},
        {0x2264, '<'},  {0x2265, '>'}, {0x2190, '<'},  {0x2192, '>'}, {0x00A5, 'Y'}, {0xFFE5, 'Y'}, {0x2103, 'C'},
    };
    if (code >= 0xFF01 && code <= 0xFF5E) return code - 0xFF01 + '!';
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++)
        if (twins[i].code == code) return (uint32_t)twins[i].shown;
    char usual = pinyin_usual(code);
    if (usual != '\0') return (uint32_t)usual;
    uint32_t base = base_of(code);
    return base != 0 ? base : '?';
}
