/* filling.h - moving through a form of entries and typing into them: what the screens with forms share. */
#ifndef CLIENT_SCREEN_FILLING_H
#define CLIENT_SCREEN_FILLING_H

#include "client/screen/entries.h"

struct filling {
    struct entries entries;
    struct form form;
    unsigned check; /* the action that is tried when a field was left; 0: none */
    /* What stands beside a row, and heads; may be NULL. */
    void (*beside)(void *self, const struct entry *entry, struct form_row *row);
    void *self;
    struct arena arena; /* of the rows' texts */
};

void filling_init(struct filling *filling, struct app *app, unsigned kind, uint64_t id, uint32_t actions);
void filling_free(struct filling *filling);

/* The record or the rights have changed: reads anew what was not touched. */
void filling_read(struct filling *filling, enum entries_show show);

/* Selects the first field that has to be filled in and is not. */
void filling_to_first(struct filling *filling);

/* Selects the field that a refusal names. */
void filling_to_fault(struct filling *filling, const struct refusal *why);

/* Whose keys hold: of the typing, or `otherwise`. */
enum screen_id filling_mode(const struct filling *filling, enum screen_id otherwise);

/* Carries out the verbs of moving and typing; false when it is none of them. */
bool filling_verb(struct filling *filling, enum verb verb, int rows);

/* A character: typed into the field, or a digit that begins a number. */
bool filling_type(struct filling *filling, const struct key_press *key);

/* Ends the typing and takes what was typed. */
void filling_take(struct filling *filling);

/* Puts a draft that was kept into the form, and says again what is wrong with it. */
void filling_load_draft(struct filling *filling);

/* Makes what is typed so far durable; the typing goes on. */
void filling_keep(struct filling *filling);

struct entry *filling_selected(struct filling *filling);

/* The record, and the field on which the cursor stands. */
bool filling_under(const struct filling *filling, struct under *under);

void filling_draw(struct filling *filling, struct term *term, struct area area);

#endif
