/* lots.h - drawing lots that anyone can draw again: pool, commitments, seed and choice, to the byte. Clause 2: 不定期抽查.
 *
 * H is BLAKE2b-256. The pool is the projects' codes, ascending by their bytes, parted by single spaces.
 *   pool hash   = H("duban-pool1" pool)
 *   commitment  = H("duban-nonce1" nonce), nonce 32 bytes
 *   seed        = H("duban-draw1" nonce of the office, nonce of the other party, pool hash, count as one byte)
 * The codes are numbered from 0 as they stand. For i = 0, 1, ... count - 1 the code at position i changes places with
 * that at i + r, where r is below n - i, n the number of codes: r = v mod (n - i), v the first of the numbers
 * H("duban-pick1" seed, i as 4 bytes, t as 4 bytes) for t = 0, 1, ..., of which the first 8 bytes count, that is below
 * the largest multiple of n - i within 64 bits. Numbers are big-endian. The first `count` codes are drawn. */
#ifndef PROTO_LOTS_H
#define PROTO_LOTS_H

#include "proto/text.h"

#include <stdbool.h>
#include <stdint.h>

enum { LOTS_BYTES = 32, LOTS_POOL_MAX = 2000 };

void lots_pool_hash(struct text pool, uint8_t hash[LOTS_BYTES]);
void lots_commitment(const uint8_t nonce[LOTS_BYTES], uint8_t commitment[LOTS_BYTES]);
void lots_seed(const uint8_t office[LOTS_BYTES], const uint8_t other[LOTS_BYTES], const uint8_t pool_hash[LOTS_BYTES],
               unsigned count, uint8_t seed[LOTS_BYTES]);

/* Picks `count` codes of the pool; chosen[] points into it. False when the pool has fewer, or is not as described. */
bool lots_choose(struct text pool, const uint8_t seed[LOTS_BYTES], unsigned count, struct text *chosen);

#endif
