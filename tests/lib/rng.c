/* rng.c - splitmix64. See rng.h. */
#include "tests/lib/rng.h"

#include <stdlib.h>

struct rng rng_make(uint64_t seed)
{
    const char *given = getenv("TEST_SEED");
    return (struct rng){given != NULL && *given != '\0' ? strtoull(given, NULL, 0) ^ seed : seed};
}

uint64_t rng_next(struct rng *rng)
{
    uint64_t mixed = rng->state += 0x9E3779B97F4A7C15u;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
    return mixed ^ mixed >> 31;
}

uint64_t rng_below(struct rng *rng, uint64_t count)
{
    return rng_next(rng) % count;
}

int64_t rng_between(struct rng *rng, int64_t lo, int64_t hi)
{
    uint64_t span = (uint64_t)hi - (uint64_t)lo;
    uint64_t step = span == UINT64_MAX ? rng_next(rng) : rng_below(rng, span + 1);
    return (int64_t)((uint64_t)lo + step);
}

bool rng_once_in(struct rng *rng, uint64_t in)
{
    return rng_below(rng, in) == 0;
}
