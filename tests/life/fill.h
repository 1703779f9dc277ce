/* fill.h - random fields for a command: by their types and bounds, and for some kinds so that they fit together. */
#ifndef TESTS_LIFE_FILL_H
#define TESTS_LIFE_FILL_H

#include "tests/life/town.h"

/* Fills in what the action needs, and some of what it may. `now` is the record as it is, with kind and id alone when
 * it is not there yet. The values live in the town's arena. */
void fill_command(struct town *town, const struct space *space, const struct record *now, unsigned action,
                  struct command *command);

/* One field against the rules: of a wrong value, missing, or not this action's. */
void fill_wrong(struct town *town, unsigned action, struct command *command);

/* Somebody of the kind in one of the states; 0 when a few looks find none. */
uint64_t fill_some(struct town *town, unsigned kind, uint32_t states);

/* The bits of the states that are not final. */
uint32_t fill_open_states(unsigned kind);

#endif
