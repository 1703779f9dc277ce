/* pager.c - see pager.h. */
#include "client/term/pager.h"

#include "client/term/cells.h"

enum { FAR = 1000000 };

void pager_move(struct pager *pager, enum list_move move, int rows)
{
    unsigned page = rows > 2 ? (unsigned)rows - 1 : 1;
    switch (move) {
    case LIST_UP: pager->top -= pager->top > 0; break;
    case LIST_DOWN: pager->top++; break;
    case LIST_PAGE_UP: pager->top -= pager->top < page ? pager->top : page; break;
    case LIST_PAGE_DOWN: pager->top += page; break;
    case LIST_FIRST: pager->top = 0; break;
    case LIST_LAST: pager->top = FAR; break;
    }
}

void pager_draw(struct pager *pager, struct term *term, struct area area, struct text text)
{
    unsigned lines = text_lines(text, area.columns), rows = area.rows > 0 ? (unsigned)area.rows : 1;
    unsigned last = lines > rows ? lines - rows : 0, line = 0;
    if (pager->top > last) pager->top = last;
    while (text.length > 0 && line < pager->top + rows) {
        uint32_t next, shown = text_wrap(text, area.columns, &next);
        struct place place = {area.row + (int)(line - pager->top), area.column, area.columns, STYLE_PLAIN};
        if (line >= pager->top) term_put(term, place, (struct text){text.at, shown});
        text.at += next;
        text.length -= next;
        line++;
    }
    term_cursor(term, area.row, area.column);
}
