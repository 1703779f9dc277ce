/* book_private.h - what book.c and book_form.c share. */
#ifndef CLIENT_CORE_BOOK_PRIVATE_H
#define CLIENT_CORE_BOOK_PRIVATE_H

#include "client/core/book.h"

#include <stdbool.h>
#include <xlsxwriter.h>

enum { BOOK_TEXT_BYTES = 128 * 1024, CELL_TYPES = CELL_STAMP + 1 };

struct book {
    char path[BOOK_PATH_MAX], temporary[BOOK_PATH_MAX + 8];
    lxw_workbook *workbook;
    lxw_worksheet *sheet;
    lxw_format *head;
    lxw_format *formats[CELL_TYPES], *open[CELL_TYPES]; /* open ones are to be filled in */
    uint32_t top, row;                                  /* the header's row, and the row at hand */
    uint16_t column, columns;
    unsigned widths[BOOK_COLUMNS_MAX];      /* in Latin letters */
    enum cell_type types[BOOK_COLUMNS_MAX]; /* of what is to be filled in; CELL_NOTHING: nothing is */
    bool hidden[BOOK_COLUMNS_MAX];
    bool form, failed;
    char text[BOOK_TEXT_BYTES];
};

/* As a string of C, in the book until the next call. */
const char *book_string(struct book *book, struct text text);
/* Columns that the longest line of a text takes; Chinese characters take two. */
unsigned book_width(struct text text);
void book_write(struct book *book, uint32_t row, uint16_t column, struct book_cell cell, lxw_format *format);

#endif
