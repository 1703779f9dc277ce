/* csv.c - see csv.h. */
#include "server/csv.h"

#include "server/files.h"

#include "proto/xlsx.h"

#include <csv.h>
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char csv_mark[3] = {'\xEF', '\xBB', '\xBF'};

/* ---- the bytes as UTF-8 ---- */

static unsigned line_at(struct text bytes, size_t offset)
{
    unsigned line = 1;
    for (size_t i = 0; i < offset && i < bytes.length; i++)
        line += bytes.at[i] == '\n';
    return line;
}

static bool is_utf8(struct text bytes)
{
    const char *at = bytes.at, *end = bytes.at + bytes.length;
    uint32_t code;
    while (at < end)
        if (!utf8_next(&at, end, &code)) return false;
    return true;
}

/* GB18030 to UTF-8: at most three bytes for two, four for four. */
static enum err from_gb18030(struct text *bytes, struct arena *arena, unsigned *line)
{
    size_t left = bytes->length, room = 2 * (size_t)bytes->length + 4, all = room;
    char *in = arena_copy(arena, bytes->at, left), *converted = arena_get(arena, room), *out = converted;
    if (in == NULL || converted == NULL) return ERR_MEMORY;
    iconv_t how = iconv_open("UTF-8", "GB18030");
    if ((intptr_t)how == -1) return ERR_BAD_ENCODING;
    size_t rc = iconv(how, &in, &left, &out, &room);
    iconv_close(how);
    if (rc == (size_t)-1) {
        *line = line_at(*bytes, bytes->length - left);
        return ERR_BAD_ENCODING;
    }
    *bytes = (struct text){converted, (uint32_t)(all - room)};
    return OK;
}

static enum err to_utf8(struct text *bytes, struct arena *arena, unsigned *line)
{
    enum err err = is_utf8(*bytes) ? OK : from_gb18030(bytes, arena, line);
    if (err != OK) return err;
    if (bytes->length < sizeof csv_mark || memcmp(bytes->at, csv_mark, sizeof csv_mark) != 0) return OK;
    bytes->at += sizeof csv_mark;
    bytes->length -= (uint32_t)sizeof csv_mark;
    return OK;
}

/* ---- rows ---- */

struct reading {
    struct sheet *sheet;
    unsigned line;  /* of the row at hand: where it starts */
    unsigned ended; /* rows so far */
    bool open;      /* a row has begun and goes on in the next line */
    unsigned count; /* cells of the row at hand */
    struct text cells[SHEET_COLUMNS_MAX];
    enum err err;
};

/* A break inside a cell is one line feed, whatever the file has. */
static struct text one_break(char *at, size_t length)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        if (at[i] == '\r' && i + 1 < length && at[i + 1] == '\n') continue;
        at[used++] = (char)(at[i] == '\r' ? '\n' : at[i]);
    }
    return (struct text){at, (uint32_t)used};
}

static void on_cell(void *bytes, size_t length, void *self)
{
    struct reading *reading = self;
    unsigned position = reading->count++;
    if (position >= SHEET_COLUMNS_MAX || reading->err != OK) return;
    char *kept = arena_copy(&reading->sheet->arena, bytes, length);
    if (kept == NULL)
        reading->err = ERR_MEMORY;
    else
        reading->cells[position] = one_break(kept, length);
}

static void on_row(int terminator, void *self)
{
    struct reading *reading = self;
    (void)terminator;
    reading->ended++;
    if (reading->err == OK) reading->err = sheet_add(reading->sheet, reading->line, reading->count, reading->cells);
    reading->count = 0;
}

/* The length of the line at the start of `bytes`, its end included. */
static size_t line_length(struct text bytes)
{
    size_t length = 0;
    while (length < bytes.length && bytes.at[length] != '\n' && bytes.at[length] != '\r')
        length++;
    if (length == bytes.length) return length;
    bool both = bytes.at[length] == '\r' && length + 1 < bytes.length && bytes.at[length + 1] == '\n';
    return length + (both ? 2 : 1);
}

static bool is_blank(const char *at, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (strchr(" \t\r\n", at[i]) == NULL || at[i] == '\0') return false;
    return true;
}

/* Line by line, so that each row knows where it starts. *line gets the newest line. */
static enum err read_rows(struct reading *reading, struct csv_parser *parser, struct text bytes, unsigned *line)
{
    while (bytes.length > 0 && reading->err == OK) {
        size_t length = line_length(bytes);
        unsigned ended = reading->ended;
        ++*line;
        if (!reading->open) reading->line = *line;
        if (csv_parse(parser, bytes.at, length, on_cell, on_row, reading) != length)
            return csv_error(parser) == CSV_EPARSE ? ERR_BAD_QUOTES : ERR_MEMORY;
        reading->open = reading->ended == ended && (reading->open || !is_blank(bytes.at, length));
        bytes.at += length;
        bytes.length -= (uint32_t)length;
    }
    if (reading->err == OK && csv_fini(parser, on_cell, on_row, reading) != 0)
        return csv_error(parser) == CSV_EPARSE ? ERR_BAD_QUOTES : ERR_MEMORY;
    return reading->err;
}

static enum err parse(struct sheet *sheet, struct text bytes, unsigned *line, struct refusal *why)
{
    struct csv_parser parser;
    struct reading *reading = calloc(1, sizeof *reading);
    unsigned newest = 0;
    if (reading == NULL) return refuse(why, ERR_MEMORY);
    reading->sheet = sheet;
    enum err err = csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) == 0 ? OK : ERR_MEMORY;
    if (err == OK) {
        err = read_rows(reading, &parser, bytes, &newest);
        csv_free(&parser);
    }
    if (err != OK) {
        refuse(why, err);
        *line = err == ERR_BAD_QUOTES ? reading->line : newest;
        if (why != NULL) why->number = err == ERR_BAD_QUOTES ? newest : err == ERR_LIMIT ? SHEET_ROWS_MAX : 0;
    }
    free(reading);
    return err;
}

enum err sheet_read(const char *path, struct sheet *sheet, unsigned *line, struct refusal *why)
{
    struct text bytes;
    sheet_init(sheet);
    *line = 0;
    errno = 0;
    enum err err = file_read(path, SHEET_BYTES_MAX, &sheet->arena, &bytes);
    if (err != OK) {
        if (err == ERR_NOT_FOUND || err == ERR_IO)
            refuse_text(why, ERR_IO, errno != 0 ? strerror(errno) : "no file");
        else
            refuse(why, err);
        if (why != NULL && err == ERR_LIMIT) why->number = SHEET_BYTES_MAX;
        return err == ERR_NOT_FOUND ? ERR_IO : err;
    }
    if (xlsx_is(bytes)) return xlsx_read(bytes, sheet, why);
    err = to_utf8(&bytes, &sheet->arena, line);
    return err == OK ? parse(sheet, bytes, line, why) : refuse(why, err);
}

/* ---- writing ---- */

static bool wants_quotes(struct text cell)
{
    if (cell.length == 0) return false;
    if (strchr(" \t", cell.at[0]) != NULL || strchr(" \t", cell.at[cell.length - 1]) != NULL) return true;
    for (uint32_t i = 0; i < cell.length; i++)
        if (cell.at[i] != '\0' && strchr(",\"\r\n", cell.at[i]) != NULL) return true;
    return false;
}

void csv_row_put(struct pack *out, const struct text *cells, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        bool quotes = wants_quotes(cells[i]);
        if (i > 0) pack_raw(out, ",", 1);
        if (quotes) pack_raw(out, "\"", 1);
        for (uint32_t j = 0; j < cells[i].length; j++) {
            if (cells[i].at[j] == '"') pack_raw(out, "\"", 1);
            pack_raw(out, &cells[i].at[j], 1);
        }
        if (quotes) pack_raw(out, "\"", 1);
    }
    pack_raw(out, "\r\n", 2);
}
