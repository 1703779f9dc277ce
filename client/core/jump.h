/* jump.h - going to any record by a few letters: of all that is here what is found best by characters, codes or the
 * first letters of the pinyin. The texts are gathered once for a state of the view, not for each key. */
#ifndef CLIENT_CORE_JUMP_H
#define CLIENT_CORE_JUMP_H

#include "proto/state.h"

struct jump_item {
    uint8_t kind;     /* 0: a place that is the caller's */
    bool own;         /* of the operator's unit, or of one of its projects */
    bool ended;       /* nothing can be done with it any more */
    uint64_t id;      /* 0: the list of the kind */
    const char *code; /* by which scripts name it; "" when it has none */
    struct text text; /* what is searched: codes, name, title */
    const char *label;
};

struct jump {
    struct arena arena;
    struct jump_item *items;
    uint64_t *scores;
    unsigned count, room;
};

enum { JUMP_MAX = 200000 };

/* Gathers the lists of all kinds and all records of the space, for an operator of the unit (0: of none); there is room
 * for `more` places besides. ERR_MEMORY. */
enum err jump_build(struct jump *jump, const struct space *space, uint64_t unit, unsigned more);
void jump_free(struct jump *jump);
/* A place of the caller's; `label` is borrowed. */
void jump_add(struct jump *jump, uint64_t id, const char *label);

/* The unique text by which scripts name a record; nothing when its kind has none. */
void jump_code(const struct record *record, struct str *code);

/* Sets found[0..] to the indexes of what matches, the best first, at most `max`; returns how many. Better found comes
 * before own, own before other, projects, units and persons before the rest, what runs before what has ended. */
unsigned jump_find(struct jump *jump, struct text words, unsigned *found, unsigned max);

#endif
