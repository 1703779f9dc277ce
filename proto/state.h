/* state.h - records in a space, with the indexes and clocks that the tables ask for.
 *
 * Reading for everybody; writing (state_put) only for whoever folds effects: the daemon's store, the
 * client's model, `check`. Indexes and clocks follow from the records and can always be made again. */
#ifndef PROTO_STATE_H
#define PROTO_STATE_H

#include "proto/arena.h"
#include "proto/codec.h"
#include "proto/record.h"
#include "proto/space.h"

/* Reads a record into the arena. ERR_NOT_FOUND; ERR_DAMAGED when its checksum is wrong; ERR_MEMORY. */
enum err state_get(const struct space *space, unsigned kind, uint64_t id, struct arena *arena, struct record *record);

/* The highest id of a kind, 0 when there is none. */
uint64_t state_last_id(const struct space *space, unsigned kind);

/* Replaces `before` (as it is stored; version 0 and no fields when new) by `after`, with indexes and
 * clocks. `after` must have its id and version. */
enum err state_put(const struct space *space, const struct record *before, const struct record *after);

/* Adds a stored record to the indexes and clocks, which do not hold it yet: when they are made again. */
enum err state_derive(const struct space *space, const struct record *record);

/* Takes a record out: only for a client whose right to see it ended. */
enum err state_drop(const struct space *space, const struct record *record);

/* Folds one effect: reads the record, merges the fields, sets the version, writes it. *change gets both
 * sides, in the arena. */
enum err state_fold(const struct space *space, const struct effect *effect, uint64_t version, struct arena *arena,
                    struct change *change);

/* ---- walking ---- */

/* Ids of the records whose first fields of an index have given values, ascending by the rest and the id. */
struct walk {
    const struct space *space;
    struct key prefix, at;
    bool started;
};

/* Values for an index prefix. */
struct value number_value(int64_t number);
struct value text_value(struct text text);

void walk_start(struct walk *walk, const struct space *space, enum index_id index, const struct value *values,
                unsigned count);
/* Sets *id and returns true, or false at the end. The space may be read but not changed meanwhile. */
bool walk_next(struct walk *walk, uint64_t *id);

/* Goes on behind a record, as if it had been the last one given out; false when it is not in the index. */
bool walk_behind(struct walk *walk, const struct record *record);

/* The id with exactly these values in the index (all its fields), or 0. */
uint64_t state_find(const struct space *space, enum index_id index, const struct value *values, unsigned count);
uint64_t state_find_text(const struct space *space, enum index_id index, const char *text);

/* All ids of a kind: the one after `id` (0 to begin), or 0. */
uint64_t state_next_id(const struct space *space, unsigned kind, uint64_t id);

/* The index entry that would hold two records for one key of a unique index: the id of the record that is
 * in the way of `record`, or 0; *index gets the index. */
uint64_t state_clash(const struct space *space, const struct record *record, const struct index_row **index);

/* Deadlines: the next armed clock after *key (empty to begin): its moment, kind and id. */
bool state_clock(const struct space *space, struct key *key, stamp_t *due, unsigned *kind, uint64_t *id);

/* The moment at which a record's present state lapses or should be done: end of the day for a day.
 * False when its state has no deadline or the field is not set. */
bool record_due(const struct record *record, stamp_t *due);

#endif
