/* list.c - see list.h. */
#include "client/term/list.h"

#include "client/term/cells.h"

static void keep_seen(struct list *list, int rows)
{
    unsigned seen = rows > 0 ? (unsigned)rows : 1;
    if (list->count == 0) list->at = list->top = 0;
    if (list->count > 0 && list->at >= list->count) list->at = list->count - 1;
    if (list->at < list->top) list->top = list->at;
    if (list->at >= list->top + seen) list->top = list->at - seen + 1;
    if (list->top > 0 && list->top + seen > list->count) list->top = list->count > seen ? list->count - seen : 0;
}

static unsigned add_up_to(unsigned value, unsigned step, unsigned most)
{
    return value + step > most ? most : value + step;
}

void list_move(struct list *list, enum list_move move, int rows)
{
    unsigned last = list->count > 0 ? list->count - 1 : 0, page = rows > 2 ? (unsigned)rows - 1 : 1;
    switch (move) {
    case LIST_UP: list->at -= list->at > 0; break;
    case LIST_DOWN: list->at = add_up_to(list->at, 1, last); break;
    case LIST_PAGE_UP:
        list->at -= list->at < page ? list->at : page;
        list->top -= list->top < page ? list->top : page;
        break;
    case LIST_PAGE_DOWN:
        list->at = add_up_to(list->at, page, last);
        list->top = add_up_to(list->top, page, last);
        break;
    case LIST_FIRST: list->at = 0; break;
    case LIST_LAST: list->at = last; break;
    }
    keep_seen(list, rows);
}

void list_set_count(struct list *list, unsigned count)
{
    list->count = count;
    if (list->at >= count) list->at = count > 0 ? count - 1 : 0;
    if (list->top > list->at) list->top = list->at;
}

void list_draw(struct list *list, struct term *term, struct area area, list_row *row, void *self)
{
    keep_seen(list, area.rows);
    for (int i = 0; i < area.rows && list->top + (unsigned)i < list->count; i++) {
        unsigned index = list->top + (unsigned)i;
        struct area line = {area.row + i, area.column + MARK_COLUMNS, 1, area.columns - MARK_COLUMNS};
        if (index == list->at) term_put(term, (struct place){line.row, area.column, 1, STYLE_SELECTED}, text_of(">"));
        row(self, term, line, index);
    }
    int seen = (int)(list->at - list->top);
    term_cursor(term, area.row + seen, area.column);
}

/* ---- columns ---- */

/* A column is never narrower than its head. */
static int least(const struct column *column)
{
    int label = text_columns(text_of(column->label));
    return label > column->need ? label : column->need;
}

/* The rank above which columns have to go so that the others fit; *spare gets what is left over. */
static unsigned rank_limit(const struct column *columns, unsigned count, int width, int *spare)
{
    for (unsigned limit = 255;; limit--) {
        int sum = -1;
        for (unsigned i = 0; i < count; i++)
            if (columns[i].rank <= limit) sum += least(&columns[i]) + 1;
        *spare = width - sum;
        if (*spare >= 0 || limit == 0) return limit;
    }
}

void column_fit(struct column *column, int widest)
{
    int label = text_columns(text_of(column->label));
    column->most = widest > label ? widest : label;
    if (column->most < column->need) column->need = (uint8_t)column->most;
}

void layout_fit(struct layout *layout, const struct column *columns, unsigned count, int width)
{
    int spare, at = 0, grows = 0;
    unsigned limit = rank_limit(columns, count, width, &spare);
    layout->count = 0;
    for (unsigned i = 0; i < count; i++)
        if (columns[i].rank <= limit) grows += columns[i].grow;
    for (unsigned i = 0; i < count && layout->count < COLUMNS_MAX; i++) {
        if (columns[i].rank > limit) continue;
        int share = grows > 0 && spare > 0 ? spare * columns[i].grow / grows : 0;
        int need = least(&columns[i]), wide = need + share;
        if (columns[i].most > 0 && wide > columns[i].most) wide = columns[i].most;
        if (wide < need) wide = need;
        spare -= wide - need;
        grows -= columns[i].grow;
        if (at + wide > width) wide = width - at;
        if (wide <= 0) return;
        layout->shown[layout->count].of = (uint8_t)i;
        layout->shown[layout->count].right = columns[i].right;
        layout->shown[layout->count].at = at;
        layout->shown[layout->count++].columns = wide;
        at += wide + 1;
    }
}

void layout_cell(const struct layout *layout, struct term *term, struct area area, unsigned shown, enum style style,
                 struct text text)
{
    struct place place = {area.row, area.column + layout->shown[shown].at, layout->shown[shown].columns, style};
    if (layout->shown[shown].right)
        term_put_right(term, place, text);
    else
        term_put_cut(term, place, text);
}

void layout_heads(const struct layout *layout, struct term *term, struct area area, const struct column *columns)
{
    for (unsigned i = 0; i < layout->count; i++) {
        struct text label = text_of(columns[layout->shown[i].of].label);
        struct place place = {area.row, area.column + layout->shown[i].at, layout->shown[i].columns, STYLE_STRONG};
        int spare = place.columns - text_columns(label);
        if (layout->shown[i].right && spare > 0) {
            place.column += spare;
            place.columns -= spare;
        }
        term_put_words(term, place, label);
    }
}
