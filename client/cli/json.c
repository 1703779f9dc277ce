/* json.c - see json.h. */
#include "client/cli/json.h"

#include <assert.h>

static void put_string(struct json *json, struct text text)
{
    const char *at = text.at, *end = text.at + text.length;
    putc('"', json->file);
    while (at < end) {
        const char *start = at;
        uint32_t code;
        if (!utf8_next(&at, end, &code)) {
            fputs("\\ufffd", json->file);
            at++;
            continue;
        }
        struct text character = {start, (uint32_t)(at - start)};
        if (code == '"' || code == '\\')
            fprintf(json->file, "\\%c", (char)code);
        else if (code == '\n')
            fputs("\\n", json->file);
        else if (text_offence(character, false) == 0)
            fwrite(start, 1, character.length, json->file);
        else if (code < 0x10000)
            fprintf(json->file, "\\u%04x", code);
        else
            fprintf(json->file, "\\u%04x\\u%04x", 0xD800 + ((code - 0x10000) >> 10),
                    0xDC00 + ((code - 0x10000) & 0x3FF));
    }
    putc('"', json->file);
}

static void begin(struct json *json, const char *key)
{
    if (json->more) putc(',', json->file);
    json->more = true;
    if (key == NULL) return;
    put_string(json, text_of(key));
    putc(':', json->file);
}

static void end_value(struct json *json)
{
    if (json->depth > 0) return;
    putc('\n', json->file);
    json->more = false;
}

static void open_bracket(struct json *json, const char *key, char opening, char closing)
{
    assert(json->depth < JSON_DEPTH_MAX);
    begin(json, key);
    putc(opening, json->file);
    json->closing[json->depth++] = closing;
    json->more = false;
}

void json_object(struct json *json, const char *key)
{
    open_bracket(json, key, '{', '}');
}

void json_array(struct json *json, const char *key)
{
    open_bracket(json, key, '[', ']');
}

void json_end(struct json *json)
{
    assert(json->depth > 0);
    putc(json->closing[--json->depth], json->file);
    json->more = true;
    end_value(json);
}

void json_text(struct json *json, const char *key, struct text text)
{
    begin(json, key);
    put_string(json, text);
    end_value(json);
}

void json_string(struct json *json, const char *key, const char *string)
{
    if (string == NULL)
        json_null(json, key);
    else
        json_text(json, key, text_of(string));
}

void json_int(struct json *json, const char *key, int64_t number)
{
    begin(json, key);
    fprintf(json->file, "%lld", (long long)number);
    end_value(json);
}

void json_decimal(struct json *json, const char *key, const char *decimal)
{
    begin(json, key);
    fputs(decimal, json->file);
    end_value(json);
}

void json_bool(struct json *json, const char *key, bool value)
{
    json_decimal(json, key, value ? "true" : "false");
}

void json_null(struct json *json, const char *key)
{
    json_decimal(json, key, "null");
}

void json_stamp(struct json *json, const char *key, stamp_t stamp)
{
    char text[40];
    struct str str = str_in(text, sizeof text);
    if (stamp.s == 0) {
        json_null(json, key);
        return;
    }
    str_day(&str, stamp_day(stamp));
    int64_t second = stamp.s - day_start(stamp_day(stamp)).s;
    str_printf(&str, "T%02d:%02d:%02d+08:00", (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
    json_string(json, key, text);
}
