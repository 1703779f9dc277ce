/* crash.h - commits that die: a process of its own opens the registry, decides a batch and is killed while it writes.
 */
#ifndef TESTS_LIFE_CRASH_H
#define TESTS_LIFE_CRASH_H

#include "tests/lib/disk.h"

/* Tries the requests as one batch in a child process, which is killed before its write number `writes` (from 0), or
 * ends after the commit when there are not so many. The store must be closed; it is open again afterwards. False when
 * the child could not even begin. */
bool crash_commit(struct disk *disk, struct request **requests, unsigned count, unsigned writes);

#endif
