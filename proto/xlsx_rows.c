/* xlsx_rows.c - see xlsx_rows.h: shared strings, formats, cells. */
#include "proto/xlsx_rows.h"

#include "proto/xlsx_value.h"

#include <stdlib.h>
#include <string.h>

enum {
    STRINGS_MAX = SHEET_ROWS_MAX * SHEET_COLUMNS_MAX,
    STYLES_MAX = 65536,
    FORMATS_MAX = 4096,
    MERGES_MAX = 20000,
    FILLED_MAX = SHEET_ROWS_MAX * SHEET_COLUMNS_MAX,
    SHEET_LINES = 1048576, /* that a sheet can have */
    SHEET_LETTERS = 16384,
};

/* ---- texts ---- */

void gather(struct gathered *gathered, struct package *package, const char *at, size_t length)
{
    if (!gathered->wanted) return;
    if (length > sizeof gathered->at - gathered->used) {
        part_stop(package, ERR_LIMIT, CELL_BYTES_MAX_XLSX, "");
        return;
    }
    memcpy(gathered->at + gathered->used, at, length);
    gathered->used += length;
}

/* "_x000D_" stands for a carriage return, "_x005F_" for the low line itself. */
static bool escape_at(const char *at, size_t left, uint32_t *code)
{
    static const char digits[] = "0123456789abcdef";
    if (left < 7 || at[0] != '_' || at[1] != 'x' || at[6] != '_') return false;
    *code = 0;
    for (int i = 2; i < 6; i++) {
        char c = at[i];
        const char *digit = strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c);
        if (c == '\0' || digit == NULL) return false;
        *code = 16 * *code + (uint32_t)(digit - digits);
    }
    return *code != 0 && (*code < 0xD800 || *code > 0xDFFF);
}

struct text gathered_text(struct gathered *gathered)
{
    size_t used = 0;
    for (size_t i = 0; i < gathered->used;) {
        uint32_t code;
        if (!escape_at(gathered->at + i, gathered->used - i, &code))
            gathered->at[used++] = gathered->at[i++];
        else {
            i += 7;
            if (code != '\r') used += utf8_put(code, gathered->at + used); /* never longer than the escape */
        }
    }
    gathered->used = used;
    return (struct text){gathered->at, (uint32_t)used};
}

/* ---- shared strings: <si><t>..</t></si>, <si><r><t>..</t></r><r>..; <rPh> says how it is read aloud ---- */

struct stringing {
    struct package *package;
    struct arena *arena;
    struct strings *strings;
    bool aloud;
    struct gathered gathered;
};

static void on_string_start(void *self, const char *name, const char **attributes)
{
    struct stringing *job = self;
    (void)attributes;
    if (strcmp(name, "si") == 0)
        job->gathered.used = 0;
    else if (strcmp(name, "rPh") == 0)
        job->aloud = true;
    else if (strcmp(name, "t") == 0)
        job->gathered.wanted = !job->aloud;
}

static void keep_string(struct stringing *job)
{
    struct strings *strings = job->strings;
    struct text text = gathered_text(&job->gathered);
    if (strings->count == strings->room) {
        unsigned room = strings->room > 0 ? 2 * strings->room : 256;
        struct text *grown = strings->count < STRINGS_MAX ? realloc(strings->at, room * sizeof *grown) : NULL;
        if (grown == NULL) {
            part_stop(job->package, strings->count < STRINGS_MAX ? ERR_MEMORY : ERR_LIMIT, STRINGS_MAX, "");
            return;
        }
        strings->at = grown;
        strings->room = room;
    }
    const char *kept = arena_copy(job->arena, text.at, text.length);
    if (kept == NULL)
        part_stop(job->package, ERR_LIMIT, SHEET_ARENA_BYTES, "");
    else
        strings->at[strings->count++] = (struct text){kept, text.length};
}

static void on_string_end(void *self, const char *name)
{
    struct stringing *job = self;
    if (strcmp(name, "t") == 0)
        job->gathered.wanted = false;
    else if (strcmp(name, "rPh") == 0)
        job->aloud = false;
    else if (strcmp(name, "si") == 0)
        keep_string(job);
}

static void on_string_text(void *self, const char *at, size_t length)
{
    struct stringing *job = self;
    gather(&job->gathered, job->package, at, length);
}

enum err strings_read(struct package *package, const char *part, struct arena *arena, struct strings *strings)
{
    static const struct part_reader reader = {on_string_start, on_string_end, on_string_text};
    struct stringing *job = calloc(1, sizeof *job);
    if (job == NULL) return ERR_MEMORY;
    job->package = package;
    job->arena = arena;
    job->strings = strings;
    enum err err = part_read(package, part, &reader, job);
    free(job);
    return err;
}

/* ---- styles: a cell's style is a position among <cellXfs>; its number format says whether it is a date ---- */

struct styling {
    struct package *package;
    struct styles *styles;
    bool cells;
    unsigned format_count;
    struct {
        unsigned id;
        uint8_t shape;
    } formats[FORMATS_MAX];
};

static unsigned number_in(const char **attributes, const char *name)
{
    const char *word = attribute(attributes, name);
    return word != NULL ? (unsigned)strtoul(word, NULL, 10) : 0;
}

static void keep_format(struct styling *job, const char **attributes)
{
    const char *code = attribute(attributes, "formatCode");
    if (code == NULL) return;
    if (job->format_count == FORMATS_MAX) {
        part_stop(job->package, ERR_LIMIT, FORMATS_MAX, "");
        return;
    }
    job->formats[job->format_count].id = number_in(attributes, "numFmtId");
    job->formats[job->format_count++].shape = (uint8_t)format_shape(code);
}

static void keep_style(struct styling *job, const char **attributes)
{
    struct styles *styles = job->styles;
    unsigned id = number_in(attributes, "numFmtId");
    if (styles->count == styles->room) {
        unsigned room = styles->room > 0 ? 2 * styles->room : 64;
        uint8_t *grown = room <= STYLES_MAX ? realloc(styles->shapes, room) : NULL;
        if (grown == NULL) {
            part_stop(job->package, room <= STYLES_MAX ? ERR_MEMORY : ERR_LIMIT, STYLES_MAX, "");
            return;
        }
        styles->shapes = grown;
        styles->room = room;
    }
    uint8_t shape = (uint8_t)builtin_shape(id);
    for (unsigned i = 0; i < job->format_count; i++) /* a format of the file's own goes before a built-in one */
        if (job->formats[i].id == id) shape = job->formats[i].shape;
    styles->shapes[styles->count++] = shape;
}

static void on_style_start(void *self, const char *name, const char **attributes)
{
    struct styling *job = self;
    if (strcmp(name, "numFmt") == 0 && !job->cells)
        keep_format(job, attributes);
    else if (strcmp(name, "cellXfs") == 0)
        job->cells = true;
    else if (strcmp(name, "xf") == 0 && job->cells)
        keep_style(job, attributes);
}

static void on_style_end(void *self, const char *name)
{
    struct styling *job = self;
    if (strcmp(name, "cellXfs") == 0) part_stop(job->package, OK, 0, NULL); /* nothing behind them matters */
}

enum err styles_read(struct package *package, const char *part, struct styles *styles)
{
    static const struct part_reader reader = {.start = on_style_start, .end = on_style_end};
    struct styling *job = calloc(1, sizeof *job);
    if (job == NULL) return ERR_MEMORY;
    job->package = package;
    job->styles = styles;
    enum err err = part_read(package, part, &reader, job);
    free(job);
    return err;
}

/* ---- rows and cells ---- */

struct merge {
    unsigned first, last, column; /* lines; the column's position */
};

struct rowing {
    struct package *package;
    struct sheet *sheet;
    const struct strings *strings;
    const struct styles *styles;
    bool from_1904;
    bool in_data, in_row, in_cell, aloud, formula, valued;
    unsigned line, count; /* of the row at hand; the count is behind its last cell that is not empty */
    unsigned column;      /* of the cell at hand, from 1 */
    char type;            /* first letter of its t; 'n' for inlineStr is 'i' */
    unsigned style;
    unsigned merge_count, merge_room;
    struct merge *merges;
    struct text cells[SHEET_COLUMNS_MAX];
    struct gathered gathered;
};

/* "C7": column 3, line 7; false when it is no such thing. */
static bool read_place(const char *word, unsigned *column, unsigned *line)
{
    *column = *line = 0;
    for (; *word >= 'A' && *word <= 'Z' && *column <= SHEET_LETTERS; word++)
        *column = 26 * *column + (unsigned)(*word - 'A' + 1);
    for (; *word >= '0' && *word <= '9' && *line <= SHEET_LINES; word++)
        *line = 10 * *line + (unsigned)(*word - '0');
    return (*word == '\0' || *word == ':') && *column > 0 && *column <= SHEET_LETTERS && *line > 0 &&
           *line <= SHEET_LINES;
}

static void stop_at_cell(struct rowing *job)
{
    char place[40];
    struct str str = str_in(place, sizeof place);
    job->sheet->workbook = true;
    sheet_place(job->sheet, job->line, (int)job->column - 1, &str);
    part_stop(job->package, ERR_NOT_XLSX, 0, place);
}

static void begin_row(struct rowing *job, const char **attributes)
{
    const char *word = attribute(attributes, "r");
    unsigned long line = word != NULL ? strtoul(word, NULL, 10) : job->line + 1ul;
    if (line <= job->line || line > SHEET_LINES) {
        job->column = 0;
        stop_at_cell(job);
        return;
    }
    job->line = (unsigned)line;
    job->column = job->count = 0;
    for (unsigned i = 0; i < SHEET_COLUMNS_MAX; i++)
        job->cells[i] = (struct text){"", 0};
    job->in_row = true;
}

static void end_row(struct rowing *job)
{
    job->in_row = false;
    if (job->count == 0) return;
    enum err err = sheet_add(job->sheet, job->line, job->count, job->cells);
    if (err != OK) part_stop(job->package, err, SHEET_ROWS_MAX, "");
}

static void begin_cell(struct rowing *job, const char **attributes)
{
    const char *place = attribute(attributes, "r"), *type = attribute(attributes, "t");
    unsigned column = job->column + 1, line;
    if (place != NULL && (!read_place(place, &column, &line) || column <= job->column || line != job->line)) {
        job->column = column;
        stop_at_cell(job);
        return;
    }
    if (column > SHEET_LETTERS) {
        part_stop(job->package, ERR_LIMIT, SHEET_LETTERS, "");
        return;
    }
    job->column = column;
    job->type = type == NULL ? 'n' : strcmp(type, "str") == 0 ? 'f' : type[0];
    job->style = number_in(attributes, "s");
    job->in_cell = true;
    job->formula = job->valued = false;
    job->gathered.used = 0;
}

/* A number as it is shown: a date when its format says so. */
static bool number_text(const struct rowing *job, struct text stored, struct str *out)
{
    enum shape shape = job->style < job->styles->count ? (enum shape)job->styles->shapes[job->style] : SHAPE_NUMBER;
    if (shape != SHAPE_NUMBER && serial_date(stored, shape, job->from_1904, out)) return true;
    return plain_decimal(stored, out);
}

/* What the cell says; false when it can't be. */
static bool cell_says(struct rowing *job, char *buffer, size_t room, struct text *says)
{
    struct str str = str_in(buffer, room);
    struct text stored = gathered_text(&job->gathered);
    unsigned long index = 0;
    *says = stored;
    if (job->formula && !job->valued) { /* it was never computed */
        *says = text_of("#CALC!");
        return true;
    }
    if (stored.length == 0) return true;
    switch (job->type) {
    case 's':
        for (uint32_t i = 0; i < stored.length && index <= job->strings->count; i++) {
            if (stored.at[i] < '0' || stored.at[i] > '9') return false;
            index = 10 * index + (unsigned long)(stored.at[i] - '0');
        }
        if (index >= job->strings->count) return false;
        *says = job->strings->at[index];
        return true;
    case 'n':
        if (number_text(job, stored, &str)) *says = text_of(buffer);
        return true;
    case 'd': /* 2009-09-28T00:00:00 */
        if (stored.length > 10 && stored.at[10] == 'T') says->length = 10;
        return true;
    default: return true;
    }
}

static void end_cell(struct rowing *job)
{
    char buffer[80];
    struct text says;
    job->in_cell = false;
    if (!cell_says(job, buffer, sizeof buffer, &says)) {
        stop_at_cell(job);
        return;
    }
    if (says.length == 0) return;
    job->count = job->column;
    if (job->column > SHEET_COLUMNS_MAX) return;
    if (job->type != 's') { /* shared strings are kept already */
        const char *kept = arena_copy(&job->sheet->arena, says.at, says.length);
        if (kept == NULL) {
            part_stop(job->package, ERR_LIMIT, SHEET_ARENA_BYTES, "");
            return;
        }
        says.at = kept;
    }
    job->cells[job->column - 1] = says;
}

/* Only what is merged downwards says something about other rows. */
static void keep_merge(struct rowing *job, const char **attributes)
{
    const char *from = attribute(attributes, "ref"), *to = from != NULL ? strchr(from, ':') : NULL;
    unsigned column, first, last, other;
    if (to == NULL || !read_place(from, &column, &first) || !read_place(to + 1, &other, &last)) return;
    if (last <= first || column > SHEET_COLUMNS_MAX) return;
    if (job->merge_count == job->merge_room) {
        unsigned room = job->merge_room > 0 ? 2 * job->merge_room : 64;
        struct merge *grown = room <= 2 * MERGES_MAX ? realloc(job->merges, room * sizeof *grown) : NULL;
        if (grown == NULL) {
            part_stop(job->package, ERR_LIMIT, MERGES_MAX, "");
            return;
        }
        job->merges = grown;
        job->merge_room = room;
    }
    job->merges[job->merge_count++] = (struct merge){first, last, column - 1};
}

static void on_row_start(void *self, const char *name, const char **attributes)
{
    struct rowing *job = self;
    if (strcmp(name, "sheetData") == 0)
        job->in_data = true;
    else if (strcmp(name, "mergeCell") == 0)
        keep_merge(job, attributes);
    else if (strcmp(name, "row") == 0 && job->in_data)
        begin_row(job, attributes);
    else if (strcmp(name, "c") == 0 && job->in_row)
        begin_cell(job, attributes);
    else if (!job->in_cell)
        return;
    else if (strcmp(name, "f") == 0)
        job->formula = true;
    else if (strcmp(name, "rPh") == 0)
        job->aloud = true;
    else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0) {
        job->gathered.wanted = !job->aloud;
        job->valued = true;
    }
}

static void on_row_end(void *self, const char *name)
{
    struct rowing *job = self;
    if (strcmp(name, "sheetData") == 0)
        job->in_data = false;
    else if (strcmp(name, "row") == 0 && job->in_row)
        end_row(job);
    else if (strcmp(name, "c") == 0 && job->in_cell)
        end_cell(job);
    else if (strcmp(name, "rPh") == 0)
        job->aloud = false;
    else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
        job->gathered.wanted = false;
}

static void on_row_text(void *self, const char *at, size_t length)
{
    struct rowing *job = self;
    gather(&job->gathered, job->package, at, length);
}

/* ---- what is merged ---- */

static struct sheet_row *row_at(struct sheet *sheet, int position)
{
    return position < 0 ? &sheet->header : &sheet->rows[position];
}

/* The position of the first row at or below a line; the header is -1. */
static int first_from(struct sheet *sheet, unsigned line)
{
    int low = -1, high = (int)sheet->row_count;
    while (low < high) {
        int middle = (low + high) >> 1;
        if (row_at(sheet, middle)->line < line)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum err put_cell(struct sheet *sheet, struct sheet_row *row, unsigned column, struct text text)
{
    struct text cells[SHEET_COLUMNS_MAX];
    unsigned kept = row->count < SHEET_COLUMNS_MAX ? row->count : SHEET_COLUMNS_MAX;
    if (column >= kept) kept = column + 1;
    for (unsigned i = 0; i < kept; i++)
        cells[i] = sheet_cell(row, i);
    cells[column] = text;
    const char *copy = arena_copy(&sheet->arena, cells, kept * sizeof *cells);
    if (copy == NULL) return ERR_MEMORY;
    row->cells = (const struct text *)(const void *)copy;
    if (row->count < kept) row->count = kept;
    return OK;
}

static enum err fill_merged(struct rowing *job)
{
    struct sheet *sheet = job->sheet;
    unsigned filled = 0;
    for (unsigned i = 0; i < job->merge_count && sheet->header.count > 0; i++) {
        const struct merge *merge = &job->merges[i];
        int at = first_from(sheet, merge->first);
        if (at >= (int)sheet->row_count || row_at(sheet, at)->line != merge->first) continue;
        struct text text = sheet_cell(row_at(sheet, at), merge->column);
        for (at++; text.length > 0 && at < (int)sheet->row_count && row_at(sheet, at)->line <= merge->last; at++) {
            if (sheet_cell(row_at(sheet, at), merge->column).length > 0) continue;
            if (++filled > FILLED_MAX) return ERR_LIMIT;
            enum err err = put_cell(sheet, row_at(sheet, at), merge->column, text);
            if (err != OK) return err;
        }
    }
    return OK;
}

enum err rows_read(struct package *package, const char *part, const struct strings *strings,
                   const struct styles *styles, bool from_1904, struct sheet *sheet)
{
    static const struct part_reader reader = {on_row_start, on_row_end, on_row_text};
    struct rowing *job = calloc(1, sizeof *job);
    if (job == NULL) return ERR_MEMORY;
    job->package = package;
    job->sheet = sheet;
    job->strings = strings;
    job->styles = styles;
    job->from_1904 = from_1904;
    enum err err = part_read(package, part, &reader, job);
    if (err == OK) err = fill_merged(job);
    free(job->merges);
    free(job);
    return err;
}
