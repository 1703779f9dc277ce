/* watched.h - a space that tells what is read in it: of which records a decision is made, and in which lists of a kind
 * it looked. For whoever has, or sends, only a part of a registry. */
#ifndef PROTO_WATCHED_H
#define PROTO_WATCHED_H

#include "proto/space.h"

/* `id` 0: it was looked for records of the kind, in an index or in their order. */
typedef void watched_saw(void *self, unsigned kind, uint64_t id);

struct watched {
    struct space space; /* for reading; points back at this struct: do not move it */
    const struct space *under;
    watched_saw *saw;
    void *self;
};

void watched_init(struct watched *watched, const struct space *under, watched_saw *saw, void *self);

#endif
