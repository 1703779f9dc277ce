/* past.h - the screens in the past: see client.h, client_go_back. */
#ifndef CLIENT_SCREEN_PAST_H
#define CLIENT_SCREEN_PAST_H

#include "client/screen/screen.h"

/* `:asof WORDS`: asks for a moment, or goes back to the present (now). False: the words are none. */
bool past_wish(struct app *app, struct text words);
/* Carries out VERB_day_back, VERB_day_on, VERB_present; for who is in the past. */
void past_verb(struct app *app, enum verb verb);
/* EVENT_PAST: the screens go along. */
void past_event(struct app *app);
/* Is the verb of the present alone, and this the past? */
bool past_forbids(const struct app *app, enum verb verb);
/* What is looked at, for the first line. */
void past_mark(const struct past_view *past, bool brief, struct str *out);

#endif
