/* fake_cache.h - the client's cache as a table in memory: no LMDB, no sealing, no disk.
 *
 * For tests that open many models at once. A test that refers to it gets it in place of client/core/cache.c. */
#ifndef TESTS_LIB_FAKE_CACHE_H
#define TESTS_LIB_FAKE_CACHE_H

#include "client/core/cache.h"

/* With `keep` it remembers what is put; without, only the tables that hold single values (CACHE_META). */
struct cache *fake_cache_new(bool keep);

#endif
