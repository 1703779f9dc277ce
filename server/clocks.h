/* clocks.h - which of the registry's clocks have run out, and which will be the first to. For the daemon's loop, and
 * for whoever lets time pass without one. */
#ifndef SERVER_CLOCKS_H
#define SERVER_CLOCKS_H

#include "proto/state.h"

/* A clock that has run out: the record, the action that its state lapses by, and the moment. */
struct due_clock {
    uint8_t kind, action;
    uint64_t id;
    stamp_t due;
};

/* The clocks that have run out by `now`, earliest first, at most `max` and of one day: what one of them winds up anew,
 * for the next day, comes in its turn. Those that an outage moved are left out. Returns how many. */
unsigned clocks_due(const struct space *space, stamp_t now, struct arena *arena, struct due_clock *list, unsigned max);

/* The moment at which the first clock runs out, perhaps past; 0: there is none. */
stamp_t clocks_next(const struct space *space, stamp_t now, struct arena *arena);

/* The jobs that have no schedule yet, in a new registry or after a newer version's first start: bit OPT_job_x. */
uint32_t clocks_missing(const struct space *space);

#endif
