/* cells.c - see cells.h. */
#include "client/term/cells.h"

#include "client/core/search.h"

#include <limits.h>
#include <stdlib.h>
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

/* What stands for a character that the locale lacks. */
static uint32_t twin(uint32_t code)
{
    static const struct {
        uint32_t code;
        char shown;
    } twins[] = {
        {0x3000, ' '},  {0x3001, ','}, {0x3002, '.'}, {0x3008, '<'}, {0x3009, '>'}, {0x300A, '<'}, {0x300B, '>'},
        {0x3010, '['},  {0x3011, ']'}, {0x3014, '['}, {0x3015, ']'}, {0x2013, '-'}, {0x2014, '-'}, {0x2018, '\''},
        {0x2019, '\''}, {0x201C, '"'}, {0x201D, '"'}, {0x2026, '.'}, {0x00B7, '.'}, {0x00D7, 'x'}, {0x2500, '-'},
    };
    if (code >= 0xFF01 && code <= 0xFF5E) return code - 0xFF01 + '!';
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++)
        if (twins[i].code == code) return (uint32_t)twins[i].shown;
    char usual = pinyin_usual(code);
    return usual != '\0' ? (uint32_t)usual : '?';
}

bool cells_next(struct cells *cells, uint32_t *shown, int *columns)
{
    const char *from = cells->at;
    uint32_t code;
    if (cells->at >= cells->end) return false;
    *columns = 1;
    if (!utf8_next(&cells->at, cells->end, &code)) {
        cells->at++;
        *shown = '?';
    } else if (code >= 0x20 && code < 0x7F)
        *shown = code;
    else if (code == '\n' || code == '\t')
        *shown = ' ';
    else if (text_offence((struct text){from, (uint32_t)(cells->at - from)}, false) != 0)
        *shown = '?';
    else if (!locale_has(code))
        *shown = twin(code);
    else {
        *shown = code;
        *columns = wcwidth((wchar_t)code);
        if (*columns < 0 || (*columns == 0 && !cells->begun)) {
            *shown = '?';
            *columns = 1;
        }
    }
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

uint32_t text_wrap(struct text text, int columns, uint32_t *next)
{
    struct cells cells = cells_of(text);
    const char *word = text.at; /* where the word begins that the walk is in */
    uint32_t shown, before = ' ';
    int wide, sum = 0;
    while (cells.at < cells.end) {
        const char *here = cells.at;
        if (*here == '\n') {
            *next = (uint32_t)(here + 1 - text.at);
            return *next - 1;
        }
        cells_next(&cells, &shown, &wide);
        if (!joins(shown) || !joins(before)) word = here;
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
