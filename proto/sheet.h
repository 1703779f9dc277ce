/* sheet.h - a table as offices keep it: rows of texts, each with the line of the file where it starts.
 *
 * Read from CSV (server/csv.h) or from a workbook (xlsx.h). What the columns mean is not known here. */
#ifndef PROTO_SHEET_H
#define PROTO_SHEET_H

#include "proto/arena.h"
#include "proto/err.h"
#include "proto/text.h"

enum {
    SHEET_BYTES_MAX = 8 << 20, /* of the file */
    SHEET_ROWS_MAX = 20000,
    SHEET_COLUMNS_MAX = 64,
    SHEET_ARENA_BYTES = 128 << 20,
    SHEET_TITLE_ROWS = 10, /* a header may stand so far down */
};

struct sheet_row {
    unsigned line;  /* of the file, from 1: where the row starts */
    unsigned count; /* as the file has them; only the first SHEET_COLUMNS_MAX cells are kept */
    const struct text *cells;
};

struct sheet {
    struct arena arena;      /* of the cells */
    bool workbook;           /* cells have names (C7), and a row ends where its last cell does */
    unsigned others;         /* visible sheets of the workbook that were not read */
    struct text name;        /* of the one that was */
    struct sheet_row header; /* the first row that is not empty */
    unsigned row_count, row_room;
    struct sheet_row *rows; /* without empty ones */
};

void sheet_init(struct sheet *sheet);
void sheet_free(struct sheet *sheet);

/* Adds a row; its cells are copied (not their texts), an empty one is passed over. ERR_LIMIT, ERR_MEMORY. */
enum err sheet_add(struct sheet *sheet, unsigned line, unsigned count, const struct text *cells);

/* A title stands above the header: row `row` becomes the header, what was before it goes. */
void sheet_begin_at(struct sheet *sheet, unsigned row);

/* The cell of a row, empty behind its last one. */
struct text sheet_cell(const struct sheet_row *row, unsigned column);

/* Did a spreadsheet write an error there instead of a value (#REF!, #DIV/0!)? */
bool sheet_cell_failed(struct text cell);

/* Where a cell is, for messages: "C7" in a workbook; otherwise, and when `column` is negative, "7". */
void sheet_place(const struct sheet *sheet, unsigned line, int column, struct str *out);

#endif
