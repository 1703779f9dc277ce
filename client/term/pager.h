/* pager.h - a text of many lines that is read, not changed. */
#ifndef CLIENT_TERM_PAGER_H
#define CLIENT_TERM_PAGER_H

#include "client/term/list.h"

struct pager {
    unsigned top; /* wrapped lines above the first that is seen */
};

void pager_move(struct pager *pager, enum list_move move, int rows);

/* Draws the text; what was moved past its end is taken back. The hardware cursor stands on the first line. */
void pager_draw(struct pager *pager, struct term *term, struct area area, struct text text);

#endif
