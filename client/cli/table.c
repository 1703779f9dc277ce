/* table.c - see table.h. */
#include "client/cli/table.h"

#include "client/cli/out.h"

#include <assert.h>
#include <string.h>

struct table_row {
    struct table_row *next;
    struct text cells[TABLE_COLUMNS_MAX];
};

void table_start(struct table *table, struct arena *arena)
{
    *table = (struct table){.arena = arena};
}

void table_column(struct table *table, const char *label, bool right)
{
    assert(table->count < TABLE_COLUMNS_MAX && table->first == NULL);
    table->columns[table->count].label = label;
    table->columns[table->count].right = right;
    table->columns[table->count++].width = out_width(text_of(label));
}

static bool add_row(struct table *table)
{
    size_t bytes = offsetof(struct table_row, cells) + table->count * sizeof(struct text);
    struct table_row *row = arena_get(table->arena, bytes);
    if (row == NULL) return false;
    if (table->last == NULL) table->first = row;
    else table->last->next = row;
    table->last = row;
    table->cells = 0;
    return true;
}

void table_cell(struct table *table, struct text text)
{
    if ((table->last == NULL || table->cells == table->count) && !add_row(table)) return;
    char *kept = arena_copy(table->arena, text.at, text.length);
    struct text cell = {kept != NULL ? kept : "", kept != NULL ? text.length : 0};
    for (uint32_t i = 0; i < cell.length; i++)
        if (kept[i] == '\n') kept[i] = ' ';
    unsigned width = out_width(cell);
    if (width > table->columns[table->cells].width) table->columns[table->cells].width = width;
    table->last->cells[table->cells++] = cell;
}

void table_put(struct table *table, const char *text)
{
    table_cell(table, text_of(text));
}

void table_int(struct table *table, int64_t number)
{
    char text[32];
    struct str str = str_in(text, sizeof text);
    str_number(&str, number);
    table_put(table, text);
}

/* The spaces before a cell are written only when something follows. */
static void print_line(const struct table *table, const struct text *cells, FILE *file)
{
    unsigned owed = 0;
    for (unsigned i = 0; i < table->count; i++) {
        unsigned width = out_width(cells[i]), room = table->columns[i].width - width;
        if (table->columns[i].right) owed += room;
        if (width > 0) {
            out_spaces(file, owed);
            out_text(file, cells[i]);
            owed = 0;
        }
        if (!table->columns[i].right) owed += room;
        owed += 2;
    }
    putc('\n', file);
}

void table_print(const struct table *table, FILE *file)
{
    struct text labels[TABLE_COLUMNS_MAX];
    for (unsigned i = 0; i < table->count; i++) labels[i] = text_of(table->columns[i].label);
    print_line(table, labels, file);
    for (const struct table_row *row = table->first; row != NULL; row = row->next)
        print_line(table, row->cells, file);
}

/* ---- CSV ---- */

/* Would a spreadsheet compute it? */
static bool is_formula(struct text text)
{
    static const uint32_t marks[] = {'=', '+', '-', '@', '\t', '\r', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20};
    const char *at = text.at;
    uint32_t code;
    if (!utf8_next(&at, text.at + text.length, &code)) return false;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (code == marks[i]) return true;
    return false;
}

void csv_cell(FILE *file, bool first, bool is_text, struct text text)
{
    bool quoted = false;
    for (uint32_t i = 0; i < text.length; i++)
        if (strchr("\",\r\n", text.at[i]) != NULL) quoted = true;
    if (!first) putc(',', file);
    if (quoted) putc('"', file);
    if (is_text && is_formula(text)) putc('\'', file);
    for (uint32_t i = 0; i < text.length; i++) {
        if (text.at[i] == '"') putc('"', file);
        putc(text.at[i], file);
    }
    if (quoted) putc('"', file);
}

void csv_end(FILE *file)
{
    fputs("\r\n", file);
}

void csv_begin(FILE *file)
{
    fputs("\xEF\xBB\xBF", file);
}
