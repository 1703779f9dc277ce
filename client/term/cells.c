/* cells.c - see cells.h. */
#include "client/term/cells.h"

#include "client/core/search.h"

#include <limits.h>
#include <stdlib.h>
#include <utf8proc.h>
#include <wchar.h>

struct cells cells_of(struct text text)
{
    return (struct cells){.at = text.at, .end = text.at + text.length};
}

static bool locale_has(uint32_t code)
{
    char bytes[MB_LEN_MAX];
    mbstate_t state = {0};
    return code < 0x80 || wcrtomb(bytes, (wchar_t)code, &state) != (size_t)-1;
}

bool cells_narrow(uint32_t code)
{
    return locale_has(code) && wcwidth((wchar_t)code) == 1;
}

bool locale_shows_chinese(void)
{
    return locale_has(0x4E2D);
}

/* Parts of emoji that join or colour what stands before them. Terminals disagree about the columns of the whole,
 * but not about those of its members: so these are shown as nothing. */
static bool is_joint(uint32_t code)
{
    return code == 0x200D || code == 0x20E3 || (code >= 0xFE00 && code <= 0xFE0F) ||
           (code >= 0x1F3FB && code <= 0x1F3FF) || (code >= 0xE0020 && code <= 0xE01EF);
}

bool cells_mark(uint32_t code)
{
    return is_joint(code) || (code >= 0x300 && wcwidth((wchar_t)code) == 0);
}

/* Goes behind the joints that follow. */
static void skip_joints(struct cells *cells)
{
    const char *at = cells->at;
    uint32_t code;
    while (at < cells->end && (unsigned char)*at >= 0x80 && utf8_next(&at, cells->end, &code) && is_joint(code))
        cells->at = at;
}

/* Symbols and emoji of which the locale and Unicode say different widths. Characters of two bytes, as old encodings
 * have them, are what the locale says. */
static bool is_disputed(uint32_t code, int columns)
{
    char bytes[MB_LEN_MAX];
    mbstate_t state = {0};
    return columns > 0 && columns != utf8proc_charwidth((utf8proc_int32_t)code) &&
           wcrtomb(bytes, (wchar_t)code, &state) != 2;
}

/* What stands for one character, which was read from `from`. */
static uint32_t visible(const struct cells *cells, const char *from, uint32_t code)
{
    enum { FLAG_A = 0x1F1E6, FLAG_Z = 0x1F1FF }; /* two of them are a flag, in one, two or four columns */
    if (code >= 0x20 && code < 0x7F) return code;
    if (code == '\n' || code == '\t') return ' ';
    if (text_offence((struct text){from, (uint32_t)(cells->at - from)}, false) != 0) return '?';
    if (code >= FLAG_A && code <= FLAG_Z) return code - FLAG_A + 'A';
    if (!locale_has(code)) return ascii_twin(code);
    int columns = wcwidth((wchar_t)code);
    bool alone = columns == 0 && !cells->begun;
    return columns < 0 || alone || is_disputed(code, columns) ? '?' : code;
}

bool cells_next(struct cells *cells, uint32_t *shown, int *columns)
{
    const char *from = cells->at;
    uint32_t code;
    if (cells->at >= cells->end) return false;
    if (utf8_next(&cells->at, cells->end, &code)) {
        *shown = visible(cells, from, code);
    } else {
        cells->at++;
        *shown = '?';
    }
    *columns = *shown < 0x7F ? 1 : wcwidth((wchar_t)*shown);
    skip_joints(cells);
    cells->begun = true;
    return true;
}

int text_columns(struct text text)
{
    struct cells cells = cells_of(text);
    uint32_t shown;
    int columns, sum = 0;
    while (cells_next(&cells, &shown, &columns))
        sum += columns;
    return sum;
}

uint32_t text_fit(struct text text, int columns, int *used)
{
    struct cells cells = cells_of(text);
    const char *kept = text.at;
    uint32_t shown;
    int wide, sum = 0;
    while (cells_next(&cells, &shown, &wide) && sum + wide <= columns) {
        sum += wide;
        kept = cells.at;
    }
    if (used != NULL) *used = sum;
    return (uint32_t)(kept - text.at);
}

static bool joins(uint32_t code)
{
    return code > ' ' && code < 0x7F;
}

/* 禁则: what may not begin a line, and what may not end one. Plain twins are among them. */
static bool closes(uint32_t code)
{
    static const wchar_t closing[] = L",.;:!?)]}%、。，．；：？！）］｝〕】》〉」』”’…·％‰℃～";
    return code != 0 && wcschr(closing, (wchar_t)code) != NULL;
}

static bool opens(uint32_t code)
{
    static const wchar_t opening[] = L"([{（［｛〔【《〈「『“‘￥";
    return code != 0 && wcschr(opening, (wchar_t)code) != NULL;
}

/* May a line end between these two? */
static bool parts(uint32_t before, uint32_t shown)
{
    if (before == ' ' || shown == ' ') return true;
    return !(joins(before) && joins(shown)) && !closes(shown) && !opens(before);
}

uint32_t text_wrap(struct text text, int columns, uint32_t *next)
{
    struct cells cells = cells_of(text);
    const char *word = text.at; /* where the word begins that the walk is in */
    uint32_t shown = ' ', before = ' ';
    int wide = 0, sum = 0;
    while (cells.at < cells.end) {
        const char *here = cells.at;
        if (*here == '\n') {
            *next = (uint32_t)(here + 1 - text.at);
            return *next - 1;
        }
        cells_next(&cells, &shown, &wide);
        if (wide > 0 && parts(before, shown)) word = here;
        before = shown;
        sum += wide;
        if (sum <= columns) continue;
        if (shown == ' ') { /* the space at the edge is swallowed */
            *next = (uint32_t)(cells.at - text.at);
            return *next - 1;
        }
        if (word > text.at) here = word;
        if (here == text.at) here = cells.at; /* too narrow for even one */
        *next = (uint32_t)(here - text.at);
        return *next;
    }
    *next = text.length;
    return text.length;
}

unsigned text_lines(struct text text, int columns)
{
    unsigned lines = 0;
    bool open = true; /* a line begins at the end of the text, too, after a line feed */
    while (open) {
        uint32_t next, shown = text_wrap(text, columns, &next);
        open = next < text.length || (next == text.length && shown < next && text.at[shown] == '\n');
        text.at += next;
        text.length -= next;
        lines++;
    }
    return lines;
}

const char *text_more(void)
{
    return cells_narrow(0x2026) ? "\xE2\x80\xA6" : "..";
}

void text_shown(struct text text, struct str *out)
{
    struct cells cells = cells_of(text);
    uint32_t shown;
    int columns;
    while (cells_next(&cells, &shown, &columns)) {
        char bytes[4];
        size_t count = utf8_put(shown, bytes);
        str_text(out, (struct text){bytes, (uint32_t)count});
    }
}
