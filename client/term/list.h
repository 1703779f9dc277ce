/* list.h - rows of which one is selected: marker and hardware cursor stand on it.
 *
 * The list knows how many rows there are and which are seen; what they say is the owner's, row by row. */
#ifndef CLIENT_TERM_LIST_H
#define CLIENT_TERM_LIST_H

#include "client/term/term.h"

enum { MARK_COLUMNS = 2 }; /* the marker and a space, in front of each row */

struct list {
    unsigned count, at, top; /* rows; the selected one; the first that is seen */
};

enum list_move { LIST_UP, LIST_DOWN, LIST_PAGE_UP, LIST_PAGE_DOWN, LIST_FIRST, LIST_LAST };

/* Moves the selection; `rows` are seen at a time. */
void list_move(struct list *list, enum list_move move, int rows);

/* There are so many rows now; the selection stays where it can. */
void list_set_count(struct list *list, unsigned count);

/* Writes row `index` into the area, which is one row high and begins behind the marker. */
typedef void list_row(void *self, struct term *term, struct area area, unsigned index);

void list_draw(struct list *list, struct term *term, struct area area, list_row *row, void *self);

/* ---- columns ---- */

/* A column of a table: how many columns it needs and how much of the spare ones it gets. When the screen is
 * too narrow, the columns with the highest rank go first; with rank 0 they stay. */
struct column {
    const char *label; /* translated */
    uint8_t need, grow, rank;
    bool right; /* numbers */
    int most;   /* wider than so much it is not made; 0: no limit */
};

/* Columns at a time; what a chosen word may take before a list cuts it, and what a state may take, which is never cut.
 */
enum { COLUMNS_MAX = 24, OPTION_COLUMNS = 14, STATE_COLUMNS_MAX = 28 };

struct layout {
    unsigned count;
    struct {
        uint8_t of; /* the column */
        bool right;
        int at, columns;
    } shown[COLUMNS_MAX];
};

/* Fits a column to what is in it: it needs no more, and grows no further, than the widest of its texts. */
void column_fit(struct column *column, int widest);

/* Which columns are shown in so many columns of the screen, and where. One stays free between them. */
void layout_fit(struct layout *layout, const struct column *columns, unsigned count, int width);

/* Writes the labels, and one cell. */
void layout_heads(const struct layout *layout, struct term *term, struct area area, const struct column *columns);
void layout_cell(const struct layout *layout, struct term *term, struct area area, unsigned shown, enum style style,
                 struct text text);

#endif
