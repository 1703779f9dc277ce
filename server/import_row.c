/* import_row.c - see import_row.h. */
#include "server/import_row.h"

#include "proto/check.h"
#include "proto/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_FAULTS_MAX = 200 /* on the terminal; the file of rejected rows has them all */ };

const struct space *import_space(const struct import *import)
{
    return console_space(import->console);
}

day_t import_today(const struct import *import)
{
    return stamp_day(import->console->now);
}

/* ---- faults ---- */

/* A refusal that stands behind the name of its column does not say the field's label again. */
static void show_reason(const struct refusal *why, bool in_column, struct str *out)
{
    char text[600];
    struct str all = str_in(text, sizeof text);
    const char *at = text;
    show_refusal(why, &all);
    if (in_column && strncmp(tr(err_message(why->err)), "{field}", 7) == 0) {
        const struct field *field = why->kind != 0 ? field_row(why->kind, why->field) : NULL;
        at += field != NULL ? strlen(tr(field->label)) : 0;
        if (strncmp(at, ": ", 2) == 0)
            at += 2;
        else if (strncmp(at, "：", strlen("：")) == 0)
            at += strlen("：");
    }
    str_put(out, at);
}

static bool is_about(const struct column *column, const struct refusal *why)
{
    return why->kind != 0 && column->kind == why->kind && column->field == why->field;
}

/* The column of the refusal's field; several may share it, then the one at hand goes first. */
static unsigned column_of(const struct import *import, unsigned here, const struct refusal *why)
{
    if (here != NO_COLUMN && is_about(&import->what->columns[here], why)) return here;
    for (unsigned i = 0; i < import->what->column_count; i++)
        if (import->at[i] >= 0 && is_about(&import->what->columns[i], why)) return i;
    return NO_COLUMN;
}

/* line 0: about the whole file. */
static void print_fault(const struct import *import, unsigned line, unsigned column, const char *text)
{
    char place[40];
    struct str str = str_in(place, sizeof place);
    if (line > 0) str_put(&str, ":");
    if (line > 0) sheet_place(&import->sheet, line, column != NO_COLUMN ? import->at[column] : -1, &str);
    fprintf(stderr, "%s%s: %s\n", import->options->file, place, text);
}

/* Adds to the reasons for which the row at hand is rejected. */
static void keep_reason(struct import *import, const char *text)
{
    const char **reason = &import->reasons[import->row];
    size_t room = (*reason != NULL ? strlen(*reason) : 0) + strlen(text) + sizeof "; ";
    char *all = arena_get(&import->kept, room);
    if (*reason == NULL) import->faults++;
    if (all == NULL) {
        if (*reason == NULL) *reason = err_message(ERR_MEMORY);
        return;
    }
    struct str out = str_in(all, room);
    if (*reason != NULL) str_put(&out, *reason);
    if (*reason != NULL) str_put(&out, "; ");
    str_put(&out, text);
    *reason = all;
}

void import_fault(struct import *import, unsigned column, const struct refusal *why)
{
    char text[800];
    struct str out = str_in(text, sizeof text);
    unsigned own = column_of(import, column, why);
    if (own == NO_COLUMN) {
        if (column != NO_COLUMN) str_printf(&out, "%s: ", import->what->columns[column].header);
        show_reason(why, false, &out);
    } else {
        str_printf(&out, "%s: ", import->what->columns[own].header);
        show_reason(why, true, &out);
    }
    import->bad = true;
    import->pass_faults++;
    if (import->faults < SHOWN_FAULTS_MAX)
        print_fault(import, import->sheet.rows[import->row].line, own != NO_COLUMN ? own : column, text);
    keep_reason(import, text);
}

void import_fault_text(struct import *import, unsigned column, enum err err, struct text text)
{
    struct refusal why;
    char word[REFUSAL_TEXT_MAX];
    struct str out = str_in(word, sizeof word);
    if (text_offence(text, false) == 0) str_text(&out, text); /* it goes to a terminal */
    refuse_text(&why, err, word);
    why.kind = import->what->columns[column].kind;
    why.field = import->what->columns[column].field;
    import_fault(import, column, &why);
}

void import_stop(struct import *import, const struct refusal *why)
{
    char text[600];
    struct str out = str_in(text, sizeof text);
    show_refusal(why, &out);
    print_fault(import, 0, NO_COLUMN, text);
    import->stopped = why->err;
}

/* ---- columns ---- */

static bool header_is(const char *header, const struct column *column)
{
    const struct field *field = column->kind != 0 ? field_row(column->kind, column->field) : NULL;
    if (strcmp(header, column->header) == 0) return true;
    if (field == NULL) return false;
    return strcmp(header, field->name) == 0 || strcmp(header, field->label) == 0 ||
           strcmp(header, tr(field->label)) == 0;
}

/* A header cell as it is compared: without full-width characters and outer spaces; false: not a name. */
static bool header_name(struct text cell, char *name, size_t max)
{
    return text_narrow(cell, name, max) && *name != '\0';
}

/* How many of the importer's columns a row names. */
static unsigned names_in(const struct import *import, const struct sheet_row *row)
{
    unsigned count = 0;
    for (unsigned i = 0; i < import->what->column_count; i++) {
        bool named = false;
        for (unsigned j = 0; j < row->count && j < SHEET_COLUMNS_MAX && !named; j++) {
            char name[200];
            named = header_name(row->cells[j], name, sizeof name) && header_is(name, &import->what->columns[i]);
        }
        count += named;
    }
    return count;
}

/* Offices put a title above the header, and split headers into two rows: it is the row that names the most. */
static void find_header(struct import *import)
{
    struct sheet *sheet = &import->sheet;
    unsigned most = names_in(import, &sheet->header), at = 0;
    for (unsigned i = 0; i < sheet->row_count && i < SHEET_TITLE_ROWS; i++) {
        unsigned named = names_in(import, &sheet->rows[i]);
        if (named == 0 || named < most || (named == most && i > at)) continue;
        most = named;
        at = i + 1;
    }
    if (at > 0) sheet_begin_at(sheet, at - 1);
}

static enum err find_column(struct import *import, unsigned column)
{
    const struct sheet_row *header = &import->sheet.header;
    const struct column *row = &import->what->columns[column];
    unsigned count = header->count < SHEET_COLUMNS_MAX ? header->count : SHEET_COLUMNS_MAX;
    char name[200];
    import->at[column] = -1;
    for (unsigned exact = 0; exact < 2; exact++) /* a header by the book goes before a field's name */
        for (unsigned i = 0; i < count; i++) {
            bool same = header_name(header->cells[i], name, sizeof name) &&
                        (exact == 0 ? strcmp(name, row->header) == 0 : header_is(name, row));
            if (!same) continue;
            if (import->at[column] >= 0 && exact == 0) return ERR_COLUMN_TWICE;
            if (import->at[column] < 0) import->at[column] = (int)i;
        }
    return import->at[column] < 0 && (row->flags & COLUMN_NEEDED) ? ERR_NO_COLUMN : OK;
}

enum err import_find_columns(struct import *import)
{
    const struct sheet_row *header = &import->sheet.header;
    struct refusal why;
    char name[200];
    find_header(import);
    if (header->count > SHEET_COLUMNS_MAX) {
        refuse(&why, ERR_LIMIT);
        why.number = SHEET_COLUMNS_MAX;
        import_stop(import, &why);
        return ERR_LIMIT;
    }
    import->error_column = SHEET_COLUMNS_MAX;
    for (unsigned i = 0; i < header->count; i++)
        if (header_name(header->cells[i], name, sizeof name) && strcmp(name, IMPORT_ERROR_HEADER) == 0)
            import->error_column = i;
    for (unsigned i = 0; i < import->what->column_count; i++) {
        enum err err = find_column(import, i);
        if (err == OK) continue;
        refuse_text(&why, err, import->what->columns[i].header);
        import_stop(import, &why);
    }
    return import->stopped;
}

/* ---- the row at hand ---- */

struct text import_cell(const struct import *import, unsigned column)
{
    int at = import->at[column];
    return at >= 0 ? sheet_cell(&import->sheet.rows[import->row], (unsigned)at) : (struct text){"", 0};
}

/* More cells than the header has are a wrong row, unless they are empty. */
static bool fits_header(const struct import *import)
{
    const struct sheet_row *row = &import->sheet.rows[import->row], *header = &import->sheet.header;
    if ((row->count < header->count && !import->sheet.workbook) || row->count > SHEET_COLUMNS_MAX) return false;
    for (unsigned i = header->count; i < row->count; i++)
        if (row->cells[i].length > 0) return false;
    return true;
}

static void parse_cell(struct import *import, unsigned column)
{
    const struct column *row = &import->what->columns[column];
    struct text cell = import_cell(import, column);
    struct refusal why = {.err = OK};
    import->values[column] = (struct value){.set = false};
    if (sheet_cell_failed(cell)) {
        import_fault_text(import, column, ERR_FORMULA_FAILED, cell);
        return;
    }
    if ((row->flags & COLUMN_NAMED) || row->kind == 0) return;
    if (row->flags & COLUMN_CODE) {
        char *narrow = arena_get(&import->row_arena, cell.length + 1);
        if (narrow != NULL && text_narrow(cell, narrow, cell.length + 1)) cell = text_of(narrow);
    }
    if (value_parse(row->kind, row->field, cell, &import->row_arena, &import->values[column], &why) != OK)
        import_fault(import, column, &why);
}

void import_run_row(struct import *import)
{
    struct refusal why;
    arena_reuse(&import->row_arena);
    import->bad = false;
    if (!fits_header(import)) {
        refuse(&why, ERR_BAD_COLUMNS);
        why.number = import->sheet.rows[import->row].count;
        import_fault(import, NO_COLUMN, &why);
        return;
    }
    for (unsigned i = 0; i < import->what->column_count; i++)
        parse_cell(import, i);
    if (!import->bad) import->what->row(import);
}

void import_fill(const struct import *import, struct record *record)
{
    for (unsigned i = 0; i < import->what->column_count; i++) {
        const struct column *column = &import->what->columns[i];
        bool own = column->kind == record->kind && (column->flags & (COLUMN_NAMED | COLUMN_PARSED)) == 0;
        if (own && import->values[i].set) record->values[column->field] = import->values[i];
    }
}

uint64_t import_unit(struct import *import, unsigned column)
{
    char code[64];
    struct text cell = import_cell(import, column);
    bool fits = text_narrow(cell, code, sizeof code);
    if (fits && *code == '\0') return 0;
    uint64_t id = fits ? state_find_text(import_space(import), IX_unit_code, code) : 0;
    if (id == 0) import_fault_text(import, column, ERR_UNKNOWN, cell);
    return id;
}

bool import_read(struct import *import, unsigned kind, uint64_t id, struct record *record)
{
    struct refusal why;
    enum err err = state_get(import_space(import), kind, id, &import->row_arena, record);
    if (err == OK) return true;
    refuse_text(&why, err, kind_row(kind)->name);
    import_fault(import, NO_COLUMN, &why);
    return false;
}

bool next_phrase(struct text *rest, const char *marks, struct text *phrase)
{
    const char *end = rest->at + rest->length;
    while (rest->length > 0) {
        const char *at = rest->at, *stop = at;
        uint32_t code;
        for (;;) {
            char bytes[5] = {0};
            at = stop;
            if (stop == end) break;
            if (!utf8_next(&stop, end, &code))
                stop++;
            else
                utf8_put(code, bytes);
            if (bytes[0] != '\0' && strstr(marks, bytes) != NULL) break;
        }
        *phrase = (struct text){rest->at, (uint32_t)(at - rest->at)};
        *rest = (struct text){stop, (uint32_t)(end - stop)};
        while (phrase->length > 0 && phrase->at[0] == ' ')
            phrase->at++, phrase->length--;
        while (phrase->length > 0 && phrase->at[phrase->length - 1] == ' ')
            phrase->length--;
        if (phrase->length > 0) return true;
    }
    return false;
}

/* ---- commands ---- */

static void count_record(struct import *import, unsigned kind, uint64_t id, enum mark mark)
{
    size_t room = import->mark_room[kind];
    if (id >= room) {
        size_t wanted = (size_t)id + 1 > 2 * room ? (size_t)id + 256 : 2 * room;
        unsigned char *grown = realloc(import->marks[kind], wanted);
        if (grown == NULL) return; /* only the count suffers */
        memset(grown + room, 0, wanted - room);
        import->marks[kind] = grown;
        import->mark_room[kind] = wanted;
    }
    if (import->marks[kind][id] < mark) import->marks[kind][id] = (unsigned char)mark;
}

uint64_t import_do(struct import *import, unsigned column, unsigned action, const struct record *args, enum mark mark)
{
    struct refusal why;
    uint64_t id = 0;
    if (console_do(import->console, action, args, &id, &why) == OK) {
        count_record(import, args->kind, id, mark);
        return id;
    }
    if (import->console->broken != OK) return 0; /* the batch is lost: told once, at its end */
    import_fault(import, column, &why);
    return 0;
}

/* An unset flag is a no. */
static bool same_value(const struct field *field, const struct value *a, const struct value *b)
{
    if (field->type == TYPE_FLAG) return (a->set ? a->as.number : 0) == (b->set ? b->as.number : 0);
    return value_equal(field, a, b);
}

uint64_t import_put(struct import *import, const struct put *put, const struct record *args)
{
    struct record old, differing = record_make(args->kind, args->id);
    struct refusal why;
    unsigned count = field_count(args->kind);
    if (args->id == 0) return import_do(import, put->column, put->make, args, MARK_CREATED);
    if (!import_read(import, args->kind, args->id, &old)) return 0;
    for (unsigned i = 0; i < count; i++) {
        const struct field *field = field_row(args->kind, i);
        if (!args->values[i].set || same_value(field, &old.values[i], &args->values[i])) continue;
        if (put->amend == 0 || (field->fill >> put->amend & 1) == 0) {
            refuse_field(&why, ERR_OWN_ACT, args->kind, i, 0);
            import_fault(import, put->column, &why);
            return 0;
        }
        differing.values[i] = args->values[i];
    }
    if (record_mask(&differing) != 0) return import_do(import, put->column, put->amend, &differing, MARK_CHANGED);
    count_record(import, args->kind, args->id, MARK_UNCHANGED);
    return args->id;
}
