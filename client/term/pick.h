/* pick.h - choosing among many: typing narrows the list, by characters, codes or pinyin initials. */
#ifndef CLIENT_TERM_PICK_H
#define CLIENT_TERM_PICK_H

#include "client/term/editor.h"
#include "client/term/list.h"

struct pick_item {
    const char *text;
    bool chosen;    /* where several can be chosen */
    unsigned order; /* in which they were: counts up, not from one */
};

struct pick {
    struct pick_item *items; /* the caller's */
    unsigned count;
    bool many;         /* several can be chosen */
    bool numbered;     /* a menu: no typing, digits choose */
    unsigned toggled;  /* how often something was chosen */
    unsigned *matches; /* indexes of the items that are shown */
    struct list list;
    int seen; /* rows of it when it was last drawn */
    struct editor filter;
};

/* False when there is no memory. */
bool pick_init(struct pick *pick, struct pick_item *items, unsigned count);
void pick_free(struct pick *pick);

/* Finds anew what matches the filter, after it was typed into. */
void pick_narrow(struct pick *pick);

/* The selected item, or -1 when nothing matches. */
int pick_selected(const struct pick *pick);

/* The rows that it would like to have. */
int pick_rows(const struct pick *pick);

void pick_draw(struct pick *pick, struct term *term, struct area area);

#endif
