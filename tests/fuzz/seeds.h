/* seeds.h - what the parts of make-seeds share. */
#ifndef TESTS_FUZZ_SEEDS_H
#define TESTS_FUZZ_SEEDS_H

#include <stddef.h>

/* Writes one input of the target: `first`, then `bytes`. */
void seed_put(const char *target, const void *first, size_t first_count, const void *bytes, size_t count);

/* seeds_texts.c: tickets, key files, profiles, settings, tables, and what people type. */
void seeds_of_texts(void);

#endif
