/* fold.h - applying a journal entry to the state: the only code that changes records.
 *
 * State is the fold of the journal's effects. The daemon folds each entry it has just decided, `check`
 * folds them all again in memory and compares; a follower of somebody else's journal would do the same.
 * Nothing is decided here, so rules may change and old entries still mean what they meant. */
#ifndef SERVER_FOLD_H
#define SERVER_FOLD_H

#include "proto/journal.h"

/* One record that an entry touched: changed by it, or only seen by others because of it (mask 0). */
struct touched {
    struct change change;
    uint64_t mask; /* positions that differ */
    struct ties ties_before, ties_after;
    struct sight sight_before, sight_after;
};

/* What an entry did, for those who have to be told. */
struct outcome {
    uint64_t number;
    stamp_t time;
    uint64_t unit; /* that acted; 0: the registry itself */
    uint8_t kind, action;
    unsigned count;
    struct touched **touched; /* the record that the act is about comes first */
};

/* Writes the effects of the entry with everything that follows from them: records, indexes, clocks,
 * history, feed, and the memory of accepted commands; not the journal itself. The outcome lives in the
 * arena. ERR_DAMAGED when the entry can't be read; errors of the space. */
enum err fold_entry(const struct space *space, const struct entry *entry, struct arena *arena, struct outcome *outcome);

/* The same for the records alone, with their indexes and clocks: what is needed to look at the state. */
enum err fold_records(const struct space *space, const struct entry *entry, struct arena *arena);

/* Appends the entry's bytes to the journal. */
enum err journal_append(const struct space *space, uint64_t number, struct text bytes);

/* What is remembered of an accepted command. */
struct seen {
    uint64_t number;
    uint8_t kind;
    uint64_t id; /* of the record that it was about */
};
/* ERR_NOT_FOUND when the device has had no such command accepted. */
enum err seen_find(const struct space *space, uint64_t device, uint64_t counter, struct seen *seen);
/* The highest accepted counter of a device, 0 when there is none. */
uint64_t seen_highest(const struct space *space, uint64_t device);

/* A command may refer to what earlier ones of its device made or left: negative target and base become the
 * record's id and the entry's number. ERR_DEAD_END when the earlier command was not accepted. */
enum err resolve_own(const struct space *space, uint64_t device, const struct command *command, int64_t *target,
                     int64_t *base);

/* One touched record in the feed of a stream. */
enum feed_op { FEED_DIFF, FEED_MOVED };
enum { FEED_ITEM_BYTES = 18 };
struct feed_item {
    uint8_t kind;
    enum feed_op op;
    uint64_t id;
    uint64_t wires; /* the fields that changed, by wire number */
};
/* Reads the i-th item of a feed value; false past its end. */
bool feed_item_read(struct text value, size_t i, struct feed_item *item);
/* The key of a stream's entry. */
void feed_key(struct key *key, uint64_t stream, uint64_t number);

/* Masks of field positions as masks of wire numbers, and back: what is stored must outlive the tables. */
uint64_t wires_of(unsigned kind, uint64_t mask);
uint64_t mask_of(unsigned kind, uint64_t wires);

#endif
