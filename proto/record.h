/* record.h - a record of any kind in memory, its values by position, and the difference of two.
 *
 * A record borrows its texts and lists from whatever it was read from, usually an arena. It can be copied
 * by assignment. Values that a newer version knows and this one does not are kept in `extras`. */
#ifndef PROTO_RECORD_H
#define PROTO_RECORD_H

#include "proto/tables.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

enum { LIST_MAX = 32 };

struct value {
    bool set;
    uint8_t count; /* of a list */
    union {
        int64_t number;
        struct text text;    /* TYPE_TEXT, TYPE_NOTE, TYPE_BYTES */
        const int64_t *list; /* when the field's list_max is not 0 */
    } as;
};

/* A value under a wire number that these tables do not have, as packed bytes. */
struct extra {
    uint8_t wire;
    struct text packed;
};

struct record {
    uint8_t kind;
    uint8_t extra_count;
    uint64_t id;      /* counts from 1 within its kind; 0: not made yet */
    uint64_t version; /* number of the journal entry that changed it last; 0: never stored */
    struct value values[FIELDS_MAX];
    const struct extra *extras; /* ascending by wire number */
};

/* Bit of a field position in a mask of fields. */
#define FIELD_BIT(position) (1ull << (position))

/* An empty record. */
struct record record_make(unsigned kind, uint64_t id);

/* Reading. An unset number reads as 0, an unset text or list as empty. */
bool rec_has(const struct record *record, unsigned position);
int64_t rec_num(const struct record *record, unsigned position);
struct text rec_text(const struct record *record, unsigned position);
const int64_t *rec_list(const struct record *record, unsigned position, unsigned *count);
bool rec_lists(const struct record *record, unsigned position, int64_t number); /* is it in the list? */
/* STATE_LIMIT when these tables can't have such a state; it is in no mask of states. */
unsigned rec_state(const struct record *record);

/* Writing. Texts and lists are borrowed. */
void rec_set(struct record *record, unsigned position, int64_t number);
void rec_set_text(struct record *record, unsigned position, struct text text);
void rec_set_list(struct record *record, unsigned position, const int64_t *list, unsigned count);
void rec_unset(struct record *record, unsigned position);
void rec_move(struct record *record, unsigned position, const struct record *from, unsigned from_position);

/* A text of no characters or a list of no entries: stored as unset. */
bool value_empty(const struct field *field, const struct value *value);

bool value_equal(const struct field *field, const struct value *a, const struct value *b);

/* The mask of positions in which two records of one kind differ. */
uint64_t record_diff(const struct record *a, const struct record *b);

/* The mask of the positions that are set. */
uint64_t record_mask(const struct record *record);

/* Puts the fields of `mask` from `from` into `into` (unset ones unset them), and the extras of `from`,
 * whose storage is borrowed. Arena holds the merged list of extras. False when the arena is full. */
bool record_merge(struct record *into, const struct record *from, uint64_t mask, struct arena *arena);

/* Copies everything that the record borrows into the arena. False when it is full. */
bool record_keep(struct record *record, struct arena *arena);

#endif
