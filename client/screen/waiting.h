/* waiting.h - own acts that are not confirmed yet, found by what they are about. */
#ifndef CLIENT_SCREEN_WAITING_H
#define CLIENT_SCREEN_WAITING_H

#include "client/screen/screen.h"

/* The newest own act on a record that waits to be sent or is held back; NULL. */
const struct out_item *waiting_act(struct app *app, unsigned kind, uint64_t id);

/* The newest one on the report or return of `of` for a month, also one that is only being made by an own
 * act. *made: the number of the act that makes it, 0 when the record is there. */
const struct out_item *waiting_paper(struct app *app, unsigned kind, uint64_t of, month_t month, uint64_t *made);

/* "submit: monthly report 2009-09 YY09-Z031" of an own act. */
void waiting_words(struct app *app, const struct out_item *item, struct str *out);

#endif
