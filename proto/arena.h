/* arena.h - memory that is freed as a whole.
 *
 * A request, a query or a screen's rows live in one arena and die together. Every arena has a hard
 * maximum, so that no input can make the program grow; past it, allocation gives NULL. */
#ifndef PROTO_ARENA_H
#define PROTO_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    size_t used_bytes;          /* over all blocks */
    size_t max_bytes;
};

/* An empty arena that will hold at most max_bytes. Nothing is allocated yet. */
void arena_init(struct arena *arena, size_t max_bytes);

/* Frees everything; the arena may be used again. */
void arena_clear(struct arena *arena);

/* Like arena_clear, but keeps one block for the next round, so that a busy loop does not call malloc. */
void arena_reuse(struct arena *arena);

/* `bytes` zeroed bytes, aligned for any object; NULL when the maximum or the memory is reached. */
void *arena_get(struct arena *arena, size_t bytes);

/* A copy of bytes..bytes+length with a NUL behind it; NULL as above. */
char *arena_copy(struct arena *arena, const void *bytes, size_t length);

#endif
