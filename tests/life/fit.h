/* fit.h - what the fields of a command have to do with each other: without it most random commands would be refused
 * for the same few reasons, and lives would not get far. */
#ifndef TESTS_LIFE_FIT_H
#define TESTS_LIFE_FIT_H

#include "tests/life/town.h"

/* Changes what was filled in by type alone. */
void fit_command(struct town *town, const struct space *space, const struct record *now, unsigned action,
                 struct command *command);

#endif
