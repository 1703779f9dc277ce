/* book_form.h - a workbook's sheet to be filled in: what is given is locked, what is asked for is checked as it is
 * typed, and the columns are known again by their names in a hidden row, whatever the language. */
#ifndef CLIENT_CORE_BOOK_FORM_H
#define CLIENT_CORE_BOOK_FORM_H

#include "client/core/book.h"

struct form_column {
    const char *name;  /* in the hidden row */
    const char *label; /* in the reader's language */
    const char *help;  /* shown beside the header; NULL: none */
    bool open;         /* to be filled in */
    bool hidden;
    enum cell_type type; /* of what is filled in */
    int64_t lo, hi;      /* its bounds: fen, or characters of a text; 0 and 0: none */
};

struct form_sheet {
    const char *name, *title, *hint;
    unsigned column_count, kept_columns; /* the first so many stay in sight */
    const struct form_column *columns;
};

/* Begins the sheet; then book_put as for others. Only the rows that are put can be filled in. */
void book_form(struct book *book, const struct form_sheet *form);
/* The sheet is whole: puts the checks on its open cells. */
void book_form_end(struct book *book, const struct form_sheet *form);

#endif
