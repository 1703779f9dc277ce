/* text.c - see text.h. Which characters are harmless is utf8proc's Unicode category, not a table of ours. */
#include "proto/text.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

struct text text_of(const char *string)
{
    return (struct text){string, (uint32_t)strlen(string)};
}

int text_order(struct text a, struct text b)
{
    uint32_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter > 0 ? memcmp(a.at, b.at, shorter) : 0;
    if (order != 0) return order;
    return (a.length > b.length) - (a.length < b.length);
}

bool text_equal(struct text a, struct text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

bool utf8_next(const char **at, const char *end, uint32_t *code)
{
    if (*at >= end) return false;
    utf8proc_int32_t found;
    utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)*at, (utf8proc_ssize_t)(end - *at), &found);
    if (length <= 0 || found < 0) return false;
    *at += length;
    *code = (uint32_t)found;
    return true;
}

size_t utf8_put(uint32_t code, char out[4])
{
    return (size_t)utf8proc_encode_char((utf8proc_int32_t)code, (utf8proc_uint8_t *)out);
}

size_t text_characters(struct text text)
{
    const char *at = text.at, *end = text.at + text.length;
    size_t count = 0;
    uint32_t code;
    while (at < end) {
        if (!utf8_next(&at, end, &code)) at++;
        count++;
    }
    return count;
}

static bool harmless(uint32_t code, bool lines)
{
    static const uint32_t refused =
        1u << UTF8PROC_CATEGORY_CN | /* unassigned */
        1u << UTF8PROC_CATEGORY_CC | /* control */
        1u << UTF8PROC_CATEGORY_CF | /* format: bidirectional overrides, zero-width joiners, tags */
        1u << UTF8PROC_CATEGORY_CS | /* surrogate */
        1u << UTF8PROC_CATEGORY_CO | /* private use */
        1u << UTF8PROC_CATEGORY_ZL | /* line separator */
        1u << UTF8PROC_CATEGORY_ZP;  /* paragraph separator */
    if (code == '\n') return lines;
    return (refused >> utf8proc_category((utf8proc_int32_t)code) & 1) == 0;
}

size_t text_offence(struct text text, bool lines)
{
    const char *at = text.at, *end = text.at + text.length;
    size_t position = 0;
    while (at < end) {
        uint32_t code;
        position++;
        if (!utf8_next(&at, end, &code) || !harmless(code, lines)) return position;
    }
    return 0;
}

bool text_narrow(struct text text, char *out, size_t max)
{
    const char *at = text.at, *end = text.at + text.length;
    size_t used = 0, kept = 0; /* kept: up to the last character that is not a space */
    uint32_t code;
    while (utf8_next(&at, end, &code)) {
        if (code == 0) return false; /* it would hide what follows */
        if (code == 0x3000) code = ' ';
        if (code >= 0xFF01 && code <= 0xFF5E) code -= 0xFF01 - '!';
        if (code == ' ' && used == 0) continue;
        char bytes[4];
        size_t length = utf8_put(code, bytes);
        if (used + length >= max) return false;
        memcpy(out + used, bytes, length);
        used += length;
        if (code != ' ') kept = used;
    }
    if (max == 0) return false;
    out[kept] = '\0';
    return at == end;
}

struct str str_in(char *buffer, size_t max)
{
    buffer[0] = '\0';
    return (struct str){.at = buffer, .max = max};
}

void str_text(struct str *str, struct text text)
{
    size_t room = str->max - 1 - str->used, length = text.length;
    if (length > room) {
        str->cut = true;
        length = room;
        while (length > 0 && ((unsigned char)text.at[length] & 0xC0) == 0x80)
            length--;
    }
    if (length > 0) memcpy(str->at + str->used, text.at, length);
    str->used += length;
    str->at[str->used] = '\0';
}

void str_put(struct str *str, const char *string)
{
    str_text(str, text_of(string));
}

void str_number(struct str *str, int64_t number)
{
    str_printf(str, "%lld", (long long)number);
}

void str_printf(struct str *str, const char *format, ...)
{
    char buffer[1024];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(buffer, sizeof buffer, format, list);
    va_end(list);
    if (length < 0) return;
    if ((size_t)length >= sizeof buffer) {
        str->cut = true;
        length = (int)sizeof buffer - 1;
    }
    str_text(str, (struct text){buffer, (uint32_t)length});
}

void str_hex(struct str *str, const void *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < count; i++) {
        char pair[3] = {digits[byte[i] >> 4], digits[byte[i] & 15], '\0'};
        str_put(str, pair);
    }
}
