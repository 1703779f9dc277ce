/* bulletin_page.c - a bulletin as a page: which line is what, for a terminal and for duban-pdf. See bulletin.h, and
 * client/pdf/page.h for the words. The order of the parts is that of GB/T 9704-2012. */
#include "client/core/bulletin_parts.h"

#include <string.h>

enum { NAME_BYTES = 400 };

static void put_word(struct str *out, const char *word, const char *text)
{
    if (*text != '\0') str_printf(out, "%s %s\n", word, text);
}

static struct text rest_of(struct text text, size_t used)
{
    return (struct text){text.at + used, text.length - (uint32_t)used};
}

/* ---- names ---- */

static bool begins(struct text text, const char *with)
{
    size_t length = strlen(with);
    return text.length >= length && memcmp(text.at, with, length) == 0;
}

/* The first unit with a function, or 0. */
static uint64_t find_unit(const struct compose *compose, unsigned function)
{
    for (uint64_t id = 0; (id = state_next_id(compose->space, KIND_unit, id)) > 0;) {
        struct record unit;
        if (state_get(compose->space, KIND_unit, id, compose->arena, &unit) == OK &&
            rec_lists(&unit, unit_functions, function))
            return id;
    }
    return 0;
}

/* 岳阳市人民政府 is of 岳阳市. */
static void str_city(const struct compose *compose, struct str *out)
{
    static const char government[] = "人民政府";
    struct record unit;
    uint64_t id = find_unit(compose, REL_government);
    if (id == 0 || state_get(compose->space, KIND_unit, id, compose->arena, &unit) != OK) return;
    struct text name = rec_text(&unit, unit_name);
    uint32_t tail = sizeof government - 1;
    if (name.length > tail && memcmp(name.at + name.length - tail, government, tail) == 0) name.length -= tail;
    str_text(out, name);
}

/* A unit's full name, with the city's in the place of a mere 市. */
static void str_full_name(const struct compose *compose, struct str *out, uint64_t id)
{
    struct record unit;
    if (state_get(compose->space, KIND_unit, id, compose->arena, &unit) != OK) return;
    struct text name = rec_text(&unit, rec_has(&unit, unit_name) ? unit_name : unit_short);
    if (begins(name, "市")) {
        size_t before = out->used;
        str_city(compose, out);
        if (out->used > before) name = (struct text){name.at + strlen("市"), name.length - (uint32_t)strlen("市")};
    }
    str_text(out, name);
}

/* ---- parts ---- */

/* A title of two lines is broken before what it is about, so that no word is torn. */
static void put_title(struct text title, struct str *out)
{
    static const char about[] = "重点建设项目";
    enum { TITLE_LINE = 20 }; /* characters of 二号 in a line */
    uint32_t at = title.length;
    for (uint32_t i = 1; text_characters(title) > TITLE_LINE && i + sizeof about - 1 < title.length; i++)
        if (memcmp(title.at + i, about, sizeof about - 1) == 0) at = i;
    str_put(out, "title ");
    str_text(out, (struct text){title.at, at});
    if (at < title.length) str_put(out, "\ntitle2 ");
    str_text(out, rest_of(title, at));
    str_put(out, "\n");
}

static void put_recipients(const struct compose *compose, const struct record *bulletin, struct str *out)
{
    unsigned count;
    const int64_t *units = rec_list(bulletin, bulletin_units, &count);
    bool everybody = rec_num(bulletin, bulletin_everybody) != 0;
    if (!everybody && count == 0) return;
    str_put(out, "to ");
    if (everybody) str_put(out, "各县、市、区人民政府，各管理区、开发区管委会，市直有关单位");
    for (unsigned i = 0; i < count; i++) {
        if (i > 0 || everybody) str_put(out, "，");
        str_full_name(compose, out, (uint64_t)units[i]);
    }
    str_put(out, "：\n");
}

static bool is_one_of(struct text text, const char *characters, size_t *length)
{
    const char *at = text.at;
    uint32_t code;
    char bytes[5] = {0};
    if (!utf8_next(&at, text.at + text.length, &code)) return false;
    *length = utf8_put(code, bytes);
    return strstr(characters, bytes) != NULL;
}

/* How many bytes of numerals a text begins with. */
static size_t numerals(struct text text)
{
    size_t used = 0, length;
    while (used < text.length &&
           is_one_of((struct text){text.at + used, text.length - (uint32_t)used}, "一二三四五六七八九十", &length))
        used += length;
    return used;
}

/* 一、 is of the first level, （一） of the second; 1. and （1） are set like the body. */
static const char *level_of(struct text line)
{
    size_t first = numerals(line);
    if (first > 0 && begins(rest_of(line, first), "、")) return "h1";
    if (!begins(line, "（")) return "p";
    struct text inner = rest_of(line, strlen("（"));
    size_t second = numerals(inner);
    return second > 0 && begins(rest_of(inner, second), "）") ? "h2" : "p";
}

/* Each line of the body is a paragraph; blank ones and blanks at its ends are nothing. */
static void put_body(const struct record *bulletin, struct str *out)
{
    struct text body = rec_text(bulletin, bulletin_body);
    const char *at = body.at, *end = body.at + body.length;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        if (stop == NULL) stop = end;
        struct text line = {at, (uint32_t)(stop - at)};
        while (line.length > 0 && (begins(line, " ") || begins(line, "　")))
            line = rest_of(line, begins(line, " ") ? 1 : strlen("　"));
        if (line.length > 0) {
            str_printf(out, "%s ", level_of(line));
            str_text(out, line);
            str_put(out, "\n");
        }
        at = stop + 1;
    }
}

static void put_end(const struct record *bulletin, const char *office, struct str *out)
{
    char day[40] = "", text[NAME_BYTES * 2];
    struct str str = str_in(day, sizeof day);
    bool issued = rec_has(bulletin, bulletin_issued);
    if (issued) str_day_words(&str, stamp_day((stamp_t){rec_num(bulletin, bulletin_issued)}));
    put_word(out, "sign", office);
    put_word(out, "date", day);
    str = str_in(text, sizeof text);
    str_text(&str, rec_text(bulletin, bulletin_copies));
    put_word(out, "copies", text);
    put_word(out, "printer", office);
    put_word(out, "printed", day);
    if (issued) {
        str_put(out, "made ");
        str_day(out, stamp_day((stamp_t){rec_num(bulletin, bulletin_issued)}));
        str_put(out, "\n");
    }
    struct text hash = rec_text(bulletin, bulletin_head_hash);
    if (hash.length == 0) return;
    str_printf(out, "proof %lld ", (long long)rec_num(bulletin, bulletin_head));
    str_hex(out, hash.at, hash.length);
    str_put(out, "\n");
}

static uint64_t sender_of(const struct compose *compose, const struct record *bulletin)
{
    uint64_t author = (uint64_t)rec_num(bulletin, F_AUTHOR_UNIT); /* none: the calendar laid it out */
    return author != 0 ? author : find_unit(compose, REL_office);
}

void bulletin_page_units(const struct space *space, const struct record *bulletin, struct arena *arena,
                         struct page_units *units)
{
    const struct compose compose = {.space = space, .arena = arena};
    unsigned count;
    const int64_t *list = rec_list(bulletin, bulletin_units, &count);
    *units =
        (struct page_units){.count = 2, .at = {sender_of(&compose, bulletin), find_unit(&compose, REL_government)}};
    _Static_assert(sizeof units->at / sizeof *units->at >= LIST_MAX + 2, "sender, city, and those in the list");
    for (unsigned i = 0; i < count; i++)
        units->at[units->count++] = (uint64_t)list[i];
}

void bulletin_page(const struct space *space, const struct record *bulletin, struct arena *arena, struct str *out)
{
    const struct compose compose = {.space = space, .arena = arena};
    char office[NAME_BYTES], text[NAME_BYTES];
    struct str name = str_in(office, sizeof office), str = str_in(text, sizeof text);
    bool issued = rec_state(bulletin) == ST_bulletin_issued;
    str_full_name(&compose, &name, sender_of(&compose, bulletin));
    str_put(out, "duban-page 1\n");
    if (!issued) put_word(out, "mark", "草稿");
    str_printf(&str, "%s文件", office);
    put_word(out, "flag", text);
    str = str_in(text, sizeof text);
    str_text(&str, rec_text(bulletin, bulletin_number));
    put_word(out, "number", text);
    put_title(rec_text(bulletin, bulletin_title), out);
    put_recipients(&compose, bulletin, out);
    put_body(bulletin, out);
    put_end(bulletin, office, out);
}
