/* history.h - random acts of many operators upon a world: histories for property tests. */
#ifndef TESTS_LIB_HISTORY_H
#define TESTS_LIB_HISTORY_H

#include "tests/lib/rng.h"
#include "tests/lib/world.h"

/* Adds what makes histories richer: posts at PJX, a project of PJX, a preliminary project of HRX. */
void history_prepare(struct world *world);

/* One random act by somebody. OK when it was accepted (world->outcome tells what it did), else the refusal.
 * Now and then time moves on. */
enum err history_act(struct world *world, struct rng *rng);

#endif
