/* fleet.h - many operators' real clients in one process: client/core whole, each in a thread of its own that sleeps
 * until something is there for it, each with a device and a cache of its own, on a disk of memory when there is one.
 *
 * Every attempt to connect is counted from outside: zmq_connect is this file's, and calls the library's. */
#ifndef TESTS_LIB_FLEET_H
#define TESTS_LIB_FLEET_H

#include "client/core/client.h"
#include "tests/lib/devices.h"
#include "tests/lib/rig.h"

#include <pthread.h>

enum { ATTEMPTS_KEPT = 256 };

typedef void fleet_order(void *self, struct client *client, unsigned number);

/* One client. What its thread writes and others read is atomic. */
struct hand {
    struct fleet *fleet;
    struct client *client;
    struct profile profile;
    uint8_t seed[SEED_BYTES];
    pthread_t thread;
    int wake;         /* eventfd: there is an order, or the end */
    unsigned number;
    unsigned attempts; /* since it was made; the times of the last ATTEMPTS_KEPT, monotonic ms, in a ring */
    int64_t attempt_ms[ATTEMPTS_KEPT];
    int64_t live_ms; /* since when it is live; 0: it is not */
    bool ordered;
};

struct fleet {
    char directory[64];
    struct hand *hands;
    unsigned count;
    fleet_order *order;
    void *self;
    bool ended;
};

/* How many clients the limit of open files lets one process have. */
unsigned fleet_most(void);

/* Enrols devices of the active operators in turn, while nobody serves the registry. */
void fleet_enrol(struct fleet *fleet, const struct rig *rig, struct console *console, unsigned count);
/* Opens the clients with their caches and lets them run; they connect as real ones do. */
void fleet_start(struct fleet *fleet);
/* Ends them; their caches stay, and fleet_start lets them run again. */
void fleet_stop(struct fleet *fleet);
void fleet_free(struct fleet *fleet);

/* Has each client do something between two of its steps; returns when all have done it. */
void fleet_each(struct fleet *fleet, fleet_order *order, void *self);

/* How many have been live without a break since some time after then. */
unsigned fleet_live(const struct fleet *fleet, int64_t after_ms);
/* Waits until all are; false when the time is over. */
bool fleet_await(const struct fleet *fleet, int64_t after_ms, int timeout_ms);
/* The attempts of a hand in a span of time, as far as they are kept. */
unsigned hand_attempts(const struct hand *hand, int64_t from_ms, int64_t until_ms);

#endif
