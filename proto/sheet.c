/* sheet.c - see sheet.h. */
#include "proto/sheet.h"

#include <stdlib.h>
#include <string.h>

void sheet_init(struct sheet *sheet)
{
    *sheet = (struct sheet){.name = {"", 0}};
    arena_init(&sheet->arena, SHEET_ARENA_BYTES);
}

void sheet_free(struct sheet *sheet)
{
    free(sheet->rows);
    arena_clear(&sheet->arena);
    *sheet = (struct sheet){.name = {"", 0}};
}

static struct sheet_row *next_row(struct sheet *sheet)
{
    if (sheet->header.count == 0) return &sheet->header;
    if (sheet->row_count == sheet->row_room) {
        unsigned room = sheet->row_room == 0 ? 256 : 2 * sheet->row_room;
        struct sheet_row *grown = realloc(sheet->rows, room * sizeof *grown);
        if (grown == NULL) return NULL;
        sheet->rows = grown;
        sheet->row_room = room;
    }
    return &sheet->rows[sheet->row_count++];
}

enum err sheet_add(struct sheet *sheet, unsigned line, unsigned count, const struct text *cells)
{
    unsigned kept = count < SHEET_COLUMNS_MAX ? count : SHEET_COLUMNS_MAX;
    bool empty = true;
    if (sheet->row_count == SHEET_ROWS_MAX) return ERR_LIMIT;
    for (unsigned i = 0; i < kept && empty; i++)
        empty = cells[i].length == 0;
    if (empty) return OK;
    struct sheet_row *row = next_row(sheet);
    const char *copy = arena_copy(&sheet->arena, cells, kept * sizeof *cells);
    if (row == NULL || copy == NULL) return ERR_MEMORY;
    *row = (struct sheet_row){line, count, (const struct text *)(const void *)copy};
    return OK;
}

void sheet_begin_at(struct sheet *sheet, unsigned row)
{
    sheet->header = sheet->rows[row];
    sheet->row_count -= row + 1;
    memmove(sheet->rows, &sheet->rows[row + 1], sheet->row_count * sizeof *sheet->rows);
}

struct text sheet_cell(const struct sheet_row *row, unsigned column)
{
    return column < row->count && column < SHEET_COLUMNS_MAX ? row->cells[column] : (struct text){"", 0};
}

bool sheet_cell_failed(struct text cell)
{
    static const char *const errors[] = {"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!", "#CALC!"};
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (text_equal(cell, text_of(errors[i]))) return true;
    return false;
}

void sheet_place(const struct sheet *sheet, unsigned line, int column, struct str *out)
{
    char letters[8];
    size_t at = sizeof letters - 1;
    letters[at] = '\0';
    if (sheet->workbook)
        for (int rest = column; rest >= 0 && at > 0; rest = rest / 26 - 1)
            letters[--at] = (char)('A' + rest % 26);
    str_printf(out, "%s%u", &letters[at], line);
}
