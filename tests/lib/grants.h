/* grants.h - tests/grants.txt, the second opinion on who may see and do what: read and asked. */
#ifndef TESTS_LIB_GRANTS_H
#define TESTS_LIB_GRANTS_H

#include <stdbool.h>
#include <stdint.h>

/* Reads the file from the top of the source tree; without it there are none. A line that makes no sense aborts. */
void grants_read(void);
unsigned grants_count(void);

/* Does the file grant it to somebody with these relations (bits, REL_all not among them) and roles? `row` is a
 * state when `see`, else an action. */
bool grants_allow(bool see, unsigned kind, unsigned row, uint64_t relations, uint32_t roles, bool operator);

#endif
