/* grid.h - rows and columns: aligned for people, or as CSV for programs. */
#ifndef CLIENT_CLI_GRID_H
#define CLIENT_CLI_GRID_H

#include "client/core/book.h"

#include "proto/arena.h"
#include "proto/text.h"

#include <stdbool.h>
#include <stdio.h>

enum { GRID_COLUMNS_MAX = 64 };

/* What a row is about: a record, or a report that is not begun. */
struct grid_subject {
    uint8_t kind, action; /* action: what it waits for; 0: nothing */
    uint64_t id;          /* 0: the kind itself, or what is owed */
    uint64_t of;          /* whose report */
    month_t month;
};

struct grid_row;

struct grid {
    struct arena *arena; /* holds the cells */
    unsigned count;      /* of columns */
    struct {
        const char *label;
        bool right; /* numbers stand at the right */
        bool said;
        unsigned width;
    } columns[GRID_COLUMNS_MAX];
    struct grid_row *first, *last;
    unsigned cells; /* in the last row */
};

void grid_start(struct grid *grid, struct arena *arena);
void grid_column(struct grid *grid, const char *label, bool right);
/* The last column's cells bear its label where they stand in lines, as numbers do. */
void grid_says_label(struct grid *grid);
/* The next cell, row by row; copied. Line feeds become spaces. */
void grid_cell(struct grid *grid, struct text text);
void grid_put(struct grid *grid, const char *text);
void grid_int(struct grid *grid, int64_t number);
/* The cell as it is shown here, and what it is in a workbook. */
void grid_typed(struct grid *grid, struct text shown, struct book_cell cell);
/* What the last row is about. */
void grid_about(struct grid *grid, struct grid_subject subject);
/* The subject of a row from 0 on; NULL when there is no such row. */
const struct grid_subject *grid_subject(const struct grid *grid, unsigned row);
unsigned grid_rows(const struct grid *grid);

/* Rows from `first` on as numbered lines without columns: "3. today, monthly report 2009-10, fill in". */
void grid_lines(const struct grid *grid, unsigned first, unsigned count, FILE *file);
/* Widths follow the locale's encoding; no spaces stand behind a line. */
void grid_print(const struct grid *grid, FILE *file);

/* The same rows as a workbook's sheet. */
void grid_sheet(const struct grid *grid, struct book *book, const char *name);

/* One cell of a CSV file (RFC 4180); `first` begins a line. A text that a spreadsheet would take for a
 * formula gets an apostrophe in front. csv_end ends the line. */
void csv_cell(FILE *file, bool first, bool is_text, struct text text);
/* The same with a number, which does not begin a line. */
void csv_int(FILE *file, int64_t number);
void csv_end(FILE *file);
/* The byte order mark by which spreadsheets know UTF-8. */
void csv_begin(FILE *file);

#endif
