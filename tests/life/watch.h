/* watch.h - a registry as the model of lives.txt knows it: the state of each record, and what must hold of them.
 *
 * It learns only from what the engine says it did, act by act, and says when that was not to happen. What it knows
 * of a batch is forgotten with watch_forget when the batch did not reach the disk. */
#ifndef TESTS_LIFE_WATCH_H
#define TESTS_LIFE_WATCH_H

#include "tests/life/lives.h"

#include "server/fold.h"

/* What the model knows of a record. */
struct life {
    uint8_t state;   /* 0: not there */
    uint64_t parent; /* 0: none */
    int64_t clock;   /* the moment that ends its state; 0: none */
    uint32_t keys;   /* the functions that have turned their keys in this state: bit REL_x */
    uint64_t same;   /* of the fields of its `one` lines: equal when they are */
};

struct undo {
    uint8_t kind;
    uint64_t id;
    struct life before;
};

struct watch {
    struct lives *lives;
    struct {
        uint64_t room, last; /* last: the highest id */
        struct life *at;     /* by id */
    } kinds[KIND_LIMIT];
    struct undo *undos;
    size_t undo_count, undo_room;
    char why[400]; /* what disagrees */
};

/* Begins with the records that are there. */
void watch_init(struct watch *watch, struct lives *lives, const struct space *space);
void watch_free(struct watch *watch);

const struct life *watch_life(const struct watch *watch, unsigned kind, uint64_t id);

/* What an accepted act did. False: not as the model has it; watch->why says what. */
bool watch_accept(struct watch *watch, const struct actor *actor, stamp_t now, const struct outcome *outcome);

/* An act that was refused; `meant`: the record with what the command fills in. False as above. */
bool watch_refuse(struct watch *watch, const struct record *meant, unsigned action, enum err err);

/* The batch is on disk; or it is not, and nothing of it happened. */
void watch_keep(struct watch *watch);
void watch_forget(struct watch *watch);

/* Are exactly these records there, each in its state? */
bool watch_compare(struct watch *watch, const struct space *space, struct arena *arena);

#endif
