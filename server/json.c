/* json.c - see json.h. RFC 8259; all of Unicode goes out as it is, control characters are escaped. */
#include "server/json.h"

#include <string.h>

static void put_string(FILE *file, struct text text)
{
    const char *at = text.at, *end = text.at + text.length;
    uint32_t code;
    fputc('"', file);
    while (at < end) {
        const char *start = at;
        if (!utf8_next(&at, end, &code)) {
            at++;
            fputs("\xEF\xBF\xBD", file);
        } else if (code == '"' || code == '\\')
            fprintf(file, "\\%c", (char)code);
        else if (code == '\n')
            fputs("\\n", file);
        else if (code < 0x20 || (code >= 0x7F && code < 0xA0)) /* C1 too: the reader may be a terminal */
            fprintf(file, "\\u%04x", (unsigned)code);
        else
            fwrite(start, 1, (size_t)(at - start), file);
    }
    fputc('"', file);
}

static void begin(struct json *json, const char *name)
{
    if (!json->first) fputc(',', json->file);
    json->first = false;
    if (name == NULL) return;
    put_string(json->file, text_of(name));
    fputc(':', json->file);
}

void json_open(struct json *json, const char *name, char bracket)
{
    begin(json, name);
    fputc(bracket, json->file);
    json->first = true;
}

void json_close(struct json *json, char bracket)
{
    fputc(bracket, json->file);
    json->first = false;
}

void json_text(struct json *json, const char *name, struct text text)
{
    begin(json, name);
    put_string(json->file, text);
}

void json_number(struct json *json, const char *name, int64_t number)
{
    begin(json, name);
    fprintf(json->file, "%lld", (long long)number);
}

void json_bool(struct json *json, const char *name, bool value)
{
    begin(json, name);
    fputs(value ? "true" : "false", json->file);
}

void json_null(struct json *json, const char *name)
{
    begin(json, name);
    fputs("null", json->file);
}
