/* form.h - labelled rows of which one is selected, and can be typed into.
 *
 * Label, value, and beside it what it may be compared with; below it what is wrong with it. The form knows
 * where things stand; what the rows mean is the owner's, row by row. */
#ifndef CLIENT_TERM_FORM_H
#define CLIENT_TERM_FORM_H

#include "client/term/editor.h"

enum { BESIDE_MAX = 2, BESIDE_COLUMNS = 12, FORM_LABEL_COLUMNS = 40 /* and no more: a test sees to it */ };

struct form_row {
    const char *label; /* translated */
    char mark;         /* '*' has to be filled in; ' ' */
    bool note;         /* may take several lines */
    bool open;         /* can be changed here */
    bool head;         /* a line that parts the form: the label alone */
    enum style style;  /* of the value */
    struct text value;
    struct text beside[BESIDE_MAX];
    const char *message; /* what is wrong, or NULL */
};

/* Says what is in a row; texts are borrowed until the next call. */
typedef void form_fill(void *self, unsigned index, struct form_row *row);

struct form {
    unsigned count, at;
    int top; /* lines above the first that is seen */
    int label_columns;
    bool editing; /* the selected row is typed into */
    struct editor editor;
    unsigned beside;               /* columns of comparison */
    const char *heads[BESIDE_MAX]; /* their labels, translated */
};

void form_init(struct form *form);
void form_free(struct form *form);

/* Moves the selection; rows that only part the form are stepped over. */
void form_move(struct form *form, int by, form_fill *fill, void *self);

/* Begins to type into the selected row. */
void form_begin(struct form *form, struct text text, bool note);
void form_end(struct form *form);

void form_draw(struct form *form, struct term *term, struct area area, form_fill *fill, void *self);

#endif
