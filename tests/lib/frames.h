/* frames.h - frames of every type for tests and for the seeds of the fuzzers, and frames packed again. */
#ifndef TESTS_LIB_FRAMES_H
#define TESTS_LIB_FRAMES_H

#include "proto/wire.h"
#include "tests/lib/rng.h"

/* The types in order: first 0, then what the last call gave; 0 at the end. */
enum frame_type frame_type_next(unsigned after);
bool frame_is_clients(enum frame_type type);

/* Appends a random frame of the type. */
void frame_sample(struct rng *rng, enum frame_type type, struct arena *arena, struct pack *pack);

/* Writes a frame that was read. False when it holds what these tables do not know: that is not kept. */
bool frame_repack(const struct frame *frame, struct pack *pack);

#endif
