/* table.h - rows and columns: aligned for people, or as CSV for programs. */
#ifndef CLIENT_CLI_TABLE_H
#define CLIENT_CLI_TABLE_H

#include "proto/arena.h"
#include "proto/text.h"

#include <stdbool.h>
#include <stdio.h>

enum { TABLE_COLUMNS_MAX = 64 };

struct table_row;

struct table {
    struct arena *arena; /* holds the cells */
    unsigned count;      /* of columns */
    struct {
        const char *label;
        bool right; /* numbers stand at the right */
        unsigned width;
    } columns[TABLE_COLUMNS_MAX];
    struct table_row *first, *last;
    unsigned cells; /* in the last row */
};

void table_start(struct table *table, struct arena *arena);
void table_column(struct table *table, const char *label, bool right);
/* The next cell, row by row; copied. Line feeds become spaces. */
void table_cell(struct table *table, struct text text);
void table_put(struct table *table, const char *text);
void table_int(struct table *table, int64_t number);
/* Widths follow the locale's encoding; no spaces stand behind a line. */
void table_print(const struct table *table, FILE *file);

/* One cell of a CSV file (RFC 4180); `first` begins a line. A text that a spreadsheet would take for a
 * formula gets an apostrophe in front. csv_end ends the line. */
void csv_cell(FILE *file, bool first, bool is_text, struct text text);
void csv_end(FILE *file);
/* The byte order mark by which spreadsheets know UTF-8. */
void csv_begin(FILE *file);

#endif
