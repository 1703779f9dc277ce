/* sample.h - random records of any kind that the tables allow, for property tests. */
#ifndef TESTS_LIB_SAMPLE_H
#define TESTS_LIB_SAMPLE_H

#include "proto/arena.h"
#include "proto/record.h"
#include "tests/lib/rng.h"

/* A value that value_check accepts for the field; bounds come up often. Lives in the arena. */
struct value sample_value(struct rng *rng, unsigned kind, unsigned position, struct arena *arena);

/* A record with about three of four fields set, id and version too. */
struct record sample_record(struct rng *rng, unsigned kind, struct arena *arena);

/* The same record with some fields set otherwise or emptied. */
struct record sample_change(struct rng *rng, const struct record *record, struct arena *arena);

/* The same content in every field, extras and version included. */
bool sample_equal(const struct record *a, const struct record *b);

#endif
