/* arena.c - a list of malloc'ed blocks, each filled from its start. */
#include "proto/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *next;
    size_t size, used; /* of bytes[] */
    alignas(max_align_t) unsigned char bytes[];
};

/* A block stays below 8 KiB, from where the daemon's malloc maps: blocks come and go with each commit. */
enum { BLOCK_BYTES = 8 * 1024 - 32 - sizeof(struct arena_block), ALIGN = alignof(max_align_t) };

void arena_init(struct arena *arena, size_t max_bytes)
{
    *arena = (struct arena){.max_bytes = max_bytes};
}

void arena_clear(struct arena *arena)
{
    struct arena_block *block = arena->blocks;
    while (block != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    arena_init(arena, arena->max_bytes);
}

void arena_reuse(struct arena *arena)
{
    struct arena_block *kept = arena->blocks;
    if (kept == NULL) return;
    arena->blocks = kept->next;
    arena_clear(arena);
    if (kept->size > 8 * (size_t)BLOCK_BYTES) {
        free(kept);
        return;
    }
    kept->next = NULL;
    kept->used = 0;
    arena->blocks = kept;
}

void *arena_get(struct arena *arena, size_t bytes)
{
    if (bytes > arena->max_bytes || arena->used_bytes > arena->max_bytes - bytes) return NULL;
    size_t padded = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    struct arena_block *block = arena->blocks;
    if (block == NULL || block->size - block->used < padded) {
        size_t size = padded > BLOCK_BYTES ? padded : BLOCK_BYTES;
        block = malloc(sizeof *block + size);
        if (block == NULL) return NULL;
        block->next = arena->blocks;
        block->size = size;
        block->used = 0;
        arena->blocks = block;
    }
    void *got = block->bytes + block->used;
    block->used += padded;
    arena->used_bytes += padded;
    memset(got, 0, bytes);
    return got;
}

char *arena_copy(struct arena *arena, const void *bytes, size_t length)
{
    if (length == SIZE_MAX) return NULL;
    char *copy = arena_get(arena, length + 1);
    if (copy != NULL && length > 0) memcpy(copy, bytes, length);
    return copy;
}
