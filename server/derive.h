/* derive.h - what follows from the records and can be made again: indexes, clocks, the feed.
 *
 * They are made by the tables of the program that wrote them. When a daemon with other tables opens the
 * registry they are made anew, once; journal and records stay as they are. */
#ifndef SERVER_DERIVE_H
#define SERVER_DERIVE_H

#include "server/store.h"

/* Does nothing when the registry was last served with these tables. */
enum err derive_settle(struct store *store);

/* Entries up to this number have no feed: it was made anew after them. 0: all have. */
uint64_t derive_feed_from(const struct space *space);

#endif
