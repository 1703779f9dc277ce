/* floor.h - the throw-away daemon that a push is compared with: one synced LMDB commit of a record and a journal
 * entry, then the same bytes to everybody over a ROUTER with CURVE. No checks, no sessions, no index. */
#ifndef TESTS_BENCH_FLOOR_H
#define TESTS_BENCH_FLOOR_H

#include "proto/identity.h"
#include "tests/bench/bench.h"

struct floor_sizes {
    unsigned record, journal, push; /* bytes */
};

/* The keys that every floor has. */
void floor_identity(struct identity *identity);

/* Starts one in an empty directory, as a process of its own; ended with a signal by floor_stop. */
pid_t floor_start(const struct bench *bench, const char *directory, unsigned port, const struct floor_sizes *sizes);
void floor_stop(pid_t pid);

/* The process itself: DIRECTORY PORT RECORD JOURNAL PUSH. */
int floor_main(int argc, char **argv);

#endif
