/* memory.h - a space in memory: the client's model, the fold of `check`, tests.
 *
 * A randomised search tree (treap) for each table; its shape depends on the keys alone, so two memories
 * with the same content behave alike. */
#ifndef PROTO_MEMORY_H
#define PROTO_MEMORY_H

#include "proto/space.h"

struct memory_node;

struct memory {
    struct memory_node *roots[TABLE_COUNT];
    size_t bytes;       /* that all of it takes, roughly */
    struct space space; /* points back at this struct: do not move it */
};

void memory_init(struct memory *memory);
void memory_free(struct memory *memory);

#endif
