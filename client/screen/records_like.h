/* records_like.h - how a record of any kind is sorted and narrowed by one of its fields, for its list. */
#ifndef CLIENT_SCREEN_RECORDS_LIKE_H
#define CLIENT_SCREEN_RECORDS_LIKE_H

#include "client/screen/arrange.h"

/* The columns that a kind's list can have: by position, all fields but bytes, and the state. `list`: the kind's name.
 */
struct columns_of columns_of_kind(unsigned kind);

/* Where a record stands by the column: records without a value come last. */
struct sort_key {
    bool missing;
    int64_t number;
    struct text text; /* in the arena */
};
struct sort_key sort_key_of(struct app *app, const struct record *record, unsigned position, struct arena *arena);
int sort_key_compare(const struct sort_key *a, const struct sort_key *b, bool reverse);

/* Does the record have the one value that the list is narrowed to? */
bool fits_filter(struct app *app, const struct record *record, const struct arranged *arranged);
/* Asks for a column and a value of it that there is, or for all; false when it was cancelled. */
bool filter_ask(struct app *app, unsigned kind, struct arranged *arranged);

#endif
