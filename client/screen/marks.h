/* marks.h - the marked rows of a list, board, calendar or matrix, and one act for all of them: a preview says
 * beforehand for which it would be carried out and why not for the others; then each gets a signed command of its own.
 */
#ifndef CLIENT_SCREEN_MARKS_H
#define CLIENT_SCREEN_MARKS_H

#include "client/screen/screen.h"

enum { MARKS_MAX = 500 };

struct marks {
    unsigned count;
    struct {
        uint8_t kind;
        uint64_t id;
    } at[MARKS_MAX];
};

/* An action and the records that it is for, in the order in which they were marked. */
struct batch {
    uint8_t kind, action;
    unsigned count;
    uint64_t ids[MARKS_MAX];
};

/* ---- marks.c ---- */

/* Marks the row or all that are shown, or lets the operator choose what to do with what is marked (with the row, when
 * nothing is). False when the verb is none of these. */
bool marks_verb(struct screen *screen, enum verb verb);
bool marks_does(const struct screen *screen, enum verb verb);
/* In front of the row, when it is marked; `area` is the row's. */
void marks_draw(const struct screen *screen, struct term *term, struct area area, unsigned row);
bool marks_has(const struct screen *screen, unsigned kind, uint64_t id);
/* "   marked 3" */
void marks_put(const struct screen *screen, struct str *out);
/* The same at the end of the area's first row, over what stands there. */
void marks_note(const struct screen *screen, struct term *term, struct area area);
/* It is not marked any more, on no screen. */
void marks_drop(struct app *app, unsigned kind, uint64_t id);

/* ---- batch.c ---- */

void batch_choose(struct app *app, const struct marks *marks);
/* Shows the preview, asks once, and puts the acts into the outbox. False: nothing was done. */
bool batch_finish(struct app *app, const struct batch *batch, const struct record *args, uint64_t given);
/* Tells how many were done when all have been answered. */
void batch_tell(struct app *app);
/* Takes back all that was sent together with the act, in one go with a preview. False: it was sent alone. */
bool batch_undo(struct app *app, uint64_t counter);

#endif
