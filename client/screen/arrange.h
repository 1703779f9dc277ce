/* arrange.h - how an operator likes a list: which columns in which order, sorted by what, narrowed to what. Kept for
 * him by list in his profile (lists.conf), with the names that scripts use: `KIND list --columns a,b --sort -due`. */
#ifndef CLIENT_SCREEN_ARRANGE_H
#define CLIENT_SCREEN_ARRANGE_H

#include "client/screen/screen.h"

enum { FILTER_BYTES = 120, USUAL = -1 };

/* The columns of a list of a kind, by number: their names in the file and for people; NULL behind the last. A column
 * that can't be shown has the name "". */
struct columns_of {
    const char *list;
    unsigned kind;
    const char *(*name)(unsigned kind, unsigned column);
    const char *(*label)(unsigned kind, unsigned column);
};

struct arranged {
    unsigned count; /* of columns; 0: the usual ones */
    uint8_t columns[COLUMNS_MAX];
    int sort; /* a column, or USUAL */
    bool reverse;
    int filter;       /* a column of which only one value is shown, or USUAL: all */
    bool by_number;   /* the value is a number: an option, a record's id... */
    int64_t number;
    char value[FILTER_BYTES]; /* as it is shown */
};

void arrange_usual(struct arranged *arranged);
bool arrange_is_usual(const struct arranged *arranged);
void arrange_load(struct app *app, const struct columns_of *of, struct arranged *arranged);
/* Says so when it can't be kept. */
void arrange_save(struct app *app, const struct columns_of *of, const struct arranged *arranged);

/* Takes columns by their names, parted by commas or spaces. False: says which name is none. */
bool arrange_columns(struct app *app, const struct columns_of *of, struct text names, struct arranged *arranged);
/* Has them chosen; the order in which they are is the order of the columns. */
bool arrange_ask(struct app *app, const struct columns_of *of, const uint8_t *shown, unsigned count,
                 struct arranged *arranged);
/* Sorts by the next of the columns that are shown, after the last as usual. */
void arrange_sort(struct arranged *arranged, const uint8_t *shown, unsigned count);
/* What differs from usual, for the list's first line. `narrowed`: the filter holds here. */
void arrange_put(const struct columns_of *of, const struct arranged *arranged, bool narrowed, struct str *out);

#endif
