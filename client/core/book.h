/* book.h - a workbook (.xlsx) for people: lists with typed cells, a header that stays and filters, columns as wide as
 * Chinese needs. book*.c are the only users of libxlsxwriter.
 *
 * Cells are put one by one, row by row. The same cells at the same `created` give the same bytes. */
#ifndef CLIENT_CORE_BOOK_H
#define CLIENT_CORE_BOOK_H

#include "proto/show.h"

enum { BOOK_COLUMNS_MAX = 64, BOOK_PATH_MAX = 4096 };

enum cell_type {
    CELL_NOTHING,
    CELL_TEXT,
    CELL_INT,
    CELL_YUAN,    /* fen, shown in yuan */
    CELL_WAN,     /* fen, shown in 10,000 yuan */
    CELL_PERCENT, /* per mille */
    CELL_DAY,     /* day_t */
    CELL_MONTH,   /* month_t */
    CELL_YEAR,
    CELL_STAMP, /* stamp_t */
};

struct book_cell {
    enum cell_type type;
    int64_t number;
    struct text text; /* CELL_TEXT */
};

struct book_cell book_text(struct text text);
struct book_cell book_number(enum cell_type type, int64_t number);
/* A value of a record: numbers, money and dates as such, everything else in the reader's words, in show->arena. */
struct book_cell book_value(const struct show *show, const struct record *record, unsigned position);
/* "total investment (10,000 yuan)" */
void book_label(unsigned kind, unsigned position, struct str *out);

struct book;

/* Begins a file that gets its name only when it is whole. NULL when there is no memory. */
struct book *book_open(const char *path, stamp_t created);
/* A further sheet; what follows belongs to it. `name` is cut to what a sheet's name may be. */
void book_sheet(struct book *book, const char *name);
/* All columns of a sheet come before its first cell. */
void book_column(struct book *book, const char *label);
void book_put(struct book *book, struct book_cell cell);
/* Writes the file and frees the book. ERR_IO (with the path), ERR_MEMORY. */
enum err book_close(struct book *book, struct refusal *why);
/* Frees it; no file is left. */
void book_drop(struct book *book);

/* The day's beginning: the time that two exports of one day share, so that they are the same. */
stamp_t book_created(stamp_t now);

#endif
