/* out.c - see out.h. */
#include "client/cli/out.h"

#include "client/core/search.h"
#include "proto/show.h"

#include <langinfo.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

/* One character as the terminal gets it. */
struct glyph {
    char bytes[MB_LEN_MAX + 16];
    size_t length;
    int width;
};

static bool codeset_is(const char *name)
{
    return strcmp(nl_langinfo(CODESET), name) == 0;
}

/* The C locale says nothing about bytes above 127: there only ASCII is sure to be shown. */
static bool ascii_only(void)
{
    return codeset_is("ANSI_X3.4-1968");
}

static bool encode(uint32_t code, struct glyph *glyph)
{
    mbstate_t state = {0};
    if (code >= 0x80 && ascii_only()) return false;
    size_t length = wcrtomb(glyph->bytes, (wchar_t)code, &state);
    if (length == (size_t)-1) return false;
    int width = wcwidth((wchar_t)code);
    glyph->length = length;
    glyph->width = width < 0 ? 1 : width;
    return true;
}

static void take_plain(struct glyph *glyph, const char *plain)
{
    struct str str = str_in(glyph->bytes, sizeof glyph->bytes);
    str_put(&str, plain);
    glyph->length = str.used;
    glyph->width = (int)str.used;
}

/* Takes the next character of the text as it will be written; false at the end. */
static bool next_glyph(const char **at, const char *end, uint32_t *code, struct glyph *glyph)
{
    const char *start = *at;
    char visible[16];
    if (start >= end) return false;
    if (!utf8_next(at, end, code)) {
        snprintf(visible, sizeof visible, "<%02X>", (unsigned char)*(*at)++);
        *code = '?';
        take_plain(glyph, visible);
        return true;
    }
    struct text character = {start, (uint32_t)(*at - start)};
    if (*code == '\n') {
        *glyph = (struct glyph){.bytes = "\n", .length = 1, .width = 0};
    } else if (text_offence(character, false) != 0) {
        snprintf(visible, sizeof visible, "<%02X>", *code);
        take_plain(glyph, visible);
    } else if (!encode(*code, glyph)) {
        snprintf(visible, sizeof visible, "%c", (char)ascii_twin(*code));
        take_plain(glyph, visible);
    }
    return true;
}

bool out_shows(uint32_t code)
{
    struct glyph glyph;
    return encode(code, &glyph);
}

void out_text(FILE *file, struct text text)
{
    struct glyph glyph;
    uint32_t code;
    for (const char *at = text.at, *end = text.at + text.length; next_glyph(&at, end, &code, &glyph);)
        fwrite(glyph.bytes, 1, glyph.length, file);
}

void out_put(FILE *file, const char *string)
{
    out_text(file, text_of(string));
}

void out_printf(FILE *file, const char *format, ...)
{
    char buffer[4096];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(buffer, sizeof buffer, format, list);
    va_end(list);
    if (length < 0) return;
    size_t used = (size_t)length < sizeof buffer ? (size_t)length : sizeof buffer - 1;
    while (used > 0 && (size_t)length >= sizeof buffer && ((unsigned char)buffer[used] & 0xC0) == 0x80)
        used--;
    out_text(file, (struct text){buffer, (uint32_t)used});
}

unsigned out_width(struct text text)
{
    struct glyph glyph;
    uint32_t code;
    unsigned width = 0;
    for (const char *at = text.at, *end = text.at + text.length; next_glyph(&at, end, &code, &glyph);)
        width += (unsigned)glyph.width;
    return width;
}

void out_spaces(FILE *file, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        putc(' ', file);
}

static bool listened;

void out_listened(void)
{
    listened = true;
}

void out_line(unsigned columns, const char *label, const char *value)
{
    if (listened) {
        out_printf(stdout, "%s%s%s\n", label, *label != '\0' ? tr(N_(": ")) : "", value);
        return;
    }
    unsigned used = out_width(text_of(label));
    out_put(stdout, label);
    out_spaces(stdout, used < columns ? columns - used : 1);
    out_put(stdout, value);
    putc('\n', stdout);
}

/* ---- long text ---- */

/* How much of the text fits into `columns`: up to a line feed, or the last place where a line may break: at
 * a space or beside a Chinese character, but not far inside a word. At least one character. */
static size_t line_length(struct text text, unsigned columns)
{
    enum { WORD_MAX = 24 };
    struct glyph glyph;
    uint32_t code = 0, before = ' ';
    unsigned width = 0;
    size_t stop = 0;
    const char *at = text.at, *end = text.at + text.length;
    for (size_t here = 0; next_glyph(&at, end, &code, &glyph); here = (size_t)(at - text.at)) {
        if (code == '\n') return here;
        if (here > 0 && (code >= 0x80 || before >= 0x80 || before == ' ')) stop = here;
        width += (unsigned)glyph.width;
        if (width > columns && here > 0) return stop > 0 && here - stop < WORD_MAX ? stop : here;
        before = code;
    }
    return text.length;
}

void out_wrapped(FILE *file, struct text text, unsigned indent, unsigned columns)
{
    unsigned room = columns > indent + 8 ? columns - indent : 8;
    while (true) {
        uint32_t length = (uint32_t)line_length(text, room), shown = length;
        while (shown > 0 && text.at[shown - 1] == ' ')
            shown--; /* no spaces at the end of a line */
        out_text(file, (struct text){text.at, shown});
        putc('\n', file);
        if (length < text.length && (text.at[length] == '\n' || text.at[length] == ' ')) length++;
        text.at += length;
        text.length -= length;
        if (text.length == 0) return;
        out_spaces(file, indent);
    }
}

/* ---- messages ---- */

void fill_template(struct str *out, const char *template, const char *text, int64_t number)
{
    while (*template != '\0') {
        size_t plain = strcspn(template, "{");
        str_text(out, (struct text){template, (uint32_t)plain});
        template += plain;
        if (strncmp(template, "{text}", 6) == 0) {
            str_put(out, text);
            template += 6;
        } else if (strncmp(template, "{n}", 3) == 0) {
            str_number(out, number);
            template += 3;
        } else if (*template != '\0') {
            str_put(out, "{");
            template ++;
        }
    }
}

void say(const char *words)
{
    out_put(stderr, "duban: ");
    out_put(stderr, words);
    putc('\n', stderr);
}

void say_about(const char *template, const char *text)
{
    char line[2048];
    struct str str = str_in(line, sizeof line);
    fill_template(&str, template, text, 0);
    say(line);
}

void say_refusal(const struct refusal *why)
{
    char line[1024];
    struct str str = str_in(line, sizeof line);
    show_refusal(why, &str);
    say(line);
}

/* ---- from the terminal ---- */

static bool well_formed(struct text text)
{
    const char *at = text.at, *end = text.at + text.length;
    uint32_t code;
    while (at < end)
        if (!utf8_next(&at, end, &code)) return false;
    return true;
}

enum err text_from_locale(const char *bytes, size_t count, struct arena *arena, struct text *text)
{
    if (codeset_is("UTF-8") || ascii_only()) {
        char *kept = arena_copy(arena, bytes, count);
        if (kept == NULL) return ERR_MEMORY;
        *text = (struct text){kept, (uint32_t)count};
        return well_formed(*text) ? OK : ERR_BAD_ENCODING;
    }
    char *out = arena_get(arena, 4 * count + 1); /* no encoding has characters of less than a byte */
    size_t used = 0;
    mbstate_t state = {0};
    if (out == NULL) return ERR_MEMORY;
    while (count > 0) {
        wchar_t wide;
        size_t length = mbrtowc(&wide, bytes, count, &state);
        if (length == (size_t)-1 || length == (size_t)-2) return ERR_BAD_ENCODING;
        if (length == 0) length = 1;
        used += utf8_put((uint32_t)wide, out + used);
        bytes += length;
        count -= length;
    }
    *text = (struct text){out, (uint32_t)used};
    return OK;
}

bool on_terminal(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

bool ask_yes(const char *question)
{
    char answer[32];
    if (!on_terminal()) return false;
    out_put(stderr, question);
    out_put(stderr, tr(N_(" [y/N] ")));
    fflush(stderr);
    if (fgets(answer, sizeof answer, stdin) == NULL) return false;
    return answer[0] == 'y' || answer[0] == 'Y' || strncmp(answer, "是", strlen("是")) == 0;
}
