/* lives.h - tests/life/lives.txt, the second opinion on the life of every kind of record: read and asked.
 *
 * A line of the file makes one path for each pair of a state before and a state after. */
#ifndef TESTS_LIFE_LIVES_H
#define TESTS_LIFE_LIVES_H

#include "proto/tables.h"

/* SIDE marks, beside a kind, an act upon another record. */
enum { PATHS_MAX = 1000, LAWS_MAX = 100, LAW_FIELDS_MAX = 3, GAPS_MAX = 2000, SIDE = 128 };

struct path {
    uint8_t kind, from, to;
    uint8_t by, action; /* the act: upon this record, or upon another of the kind `by` without SIDE */
    uint8_t clock;      /* position of the moment at which it happens by itself; 0: somebody does it */
    uint64_t taken;
};

/* An act that somebody does elsewhere, but no path does in this state. */
struct gap {
    uint8_t kind, state, action;
    uint64_t tried;
};

enum quantity { LAW_EVERY, LAW_SOME, LAW_NO };

/* While a parent is in one of `states`, every, some or no child is in one of `child_states`. */
struct law {
    uint8_t parent, child;
    enum quantity quantity;
    uint32_t states, child_states;
    unsigned line; /* of the file */
};

/* Of the records that agree in the fields at most one is in one of `states`. */
struct only {
    uint8_t kind, count, fields[LAW_FIELDS_MAX];
    uint32_t states;
};

/* The act wants the record that `field` names to be in one of `states`. */
struct want {
    uint8_t kind, field;
    uint32_t actions, states;
};

/* In `state` the act moves the record on when units of each of these functions have done it, once each, and not before.
 */
struct keys {
    uint8_t kind, state, action;
    uint32_t functions; /* bit REL_x */
};

/* Whose unit stands in `field` can't do the act. */
struct bar {
    uint8_t kind, field;
    uint32_t actions;
};

/* A record that has ended is still changed by this act upon another, though it stays in its state. */
struct echo {
    uint8_t kind, by, action;
};

struct lives {
    unsigned path_count, law_count, only_count, want_count, keys_count, bar_count, gap_count, echo_count;
    struct path paths[PATHS_MAX];
    struct law laws[LAWS_MAX];
    struct only onlies[LAWS_MAX];
    struct want wants[LAWS_MAX];
    struct keys keys[LAWS_MAX];
    struct bar bars[LAWS_MAX];
    struct echo echoes[LAWS_MAX];
    struct gap gaps[GAPS_MAX];
    uint8_t parent[KIND_LIMIT];             /* position of the field that names a child's parent; 0: none */
    uint8_t clock[KIND_LIMIT][STATE_LIMIT]; /* position of the moment that ends a state; 0: none */
};

/* Reads the file from the top of the source tree. A line that makes no sense aborts. */
void lives_read(struct lives *lives);

/* The path of a record by an act, or NULL: then it is not to happen. STATE_LIMIT for `to`: into any state. */
struct path *lives_path(struct lives *lives, unsigned kind, unsigned from, unsigned by, unsigned action, unsigned to);

/* May this act upon another record change one that has ended? */
bool lives_echo(const struct lives *lives, unsigned kind, unsigned by, unsigned action);

/* Does anybody but a rule do this? */
bool lives_somebodys(unsigned kind, unsigned action);

/* What the records that an act refers to have to be in, or NULL. */
const struct want *lives_want(const struct lives *lives, unsigned kind, unsigned action, const struct want *after);

#endif
