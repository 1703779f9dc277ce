/* journal.h - the entry: one accepted command with all that is needed to replay, check and prove it.
 *
 * [number, hash of the entry before, time, random seed, tables version, actor, device, operator, command,
 *  signature, effects]. The hash of an entry covers all its bytes; so each head stands for the whole history. */
#ifndef PROTO_JOURNAL_H
#define PROTO_JOURNAL_H

#include "proto/codec.h"
#include "proto/grant.h"
#include "proto/identity.h"

enum { ENTRY_BYTES_MAX = 512 * 1024, ENTRY_NODES_MAX = 64 * 1024 };

struct entry {
    uint64_t number; /* from 1, without gaps */
    uint8_t before[HASH_BYTES];
    stamp_t time;     /* registry time, never less than the entry before */
    struct text seed; /* 32 random bytes when the action draws lots, else none */
    uint32_t tables;
    enum actor_type actor;
    uint64_t device, operator; /* 0 for the registry's own acts */
    struct text command;       /* the bytes as they were sent */
    struct text signature;     /* 64 bytes, or none */
    struct text effects;       /* packed, see effects_pack */
};

void entry_pack(struct pack *pack, const struct entry *entry);

/* Borrows the bytes; `effects` is copied to the arena. ERR_BAD_FRAME. */
enum err entry_unpack(const void *bytes, size_t count, struct arena *arena, struct entry *entry, struct refusal *why);

/* BLAKE2b-256 of "duban entry 1", a NUL, and the entry's bytes. */
void entry_hash(const void *bytes, size_t count, uint8_t hash[HASH_BYTES]);

/* Reads the packed effects of an entry. Everything lives in the arena. */
enum err entry_effects(const struct entry *entry, struct arena *arena, struct effect **effects, unsigned *count);

/* Reads an entry by number from a space. ERR_NOT_FOUND. Borrows nothing: it lives in the arena. */
enum err journal_read(const struct space *space, uint64_t number, struct arena *arena, struct entry *entry,
                      struct text *bytes);

/* The newest entry's number and hash; 0 and zeroes in an empty registry. */
struct head {
    uint64_t number;
    uint8_t hash[HASH_BYTES];
    stamp_t time;
};
enum err journal_head(const struct space *space, struct head *head);

#endif
