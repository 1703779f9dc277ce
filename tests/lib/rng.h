/* rng.h - seeded random numbers for property tests: the same seed gives the same run anywhere.
 *
 * TEST_SEED in the environment replaces a test's own seed, so that a nightly run can try others. */
#ifndef TESTS_LIB_RNG_H
#define TESTS_LIB_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
    uint64_t state;
};

/* A generator that starts from TEST_SEED, or else from `seed`. */
struct rng rng_make(uint64_t seed);

uint64_t rng_next(struct rng *rng);
/* 0 to count - 1; count > 0. */
uint64_t rng_below(struct rng *rng, uint64_t count);
/* lo to hi, both included. */
int64_t rng_between(struct rng *rng, int64_t lo, int64_t hi);
/* True once in `in` times. */
bool rng_once_in(struct rng *rng, uint64_t in);

#endif
