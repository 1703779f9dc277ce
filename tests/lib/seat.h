/* seat.h - an operator's client in front of a world: a profile, a cache on disk, and a view fed by hand, no link. */
#ifndef TESTS_LIB_SEAT_H
#define TESTS_LIB_SEAT_H

#include "client/core/private.h"
#include "tests/lib/disk.h"
#include "tests/lib/world.h"

struct seat {
    char home[SCRATCH_PATH_MAX];
    char login[32];
    uint8_t seed[SEED_BYTES];
    struct world *world;
    struct profile profile;
    struct client *client;
};

/* Makes the profile (passphrase "passphrase") in a DUBAN_HOME of its own, opens the client, and lets it see what
 * the operator may see. Aborts when something goes wrong. */
void seat_init(struct seat *seat, struct world *world, const char *login);
void seat_free(struct seat *seat);

/* Gives the view what the operator may see of the world as it is now, and the world's time. */
void seat_sync(struct seat *seat);
/* Closes the client and opens it again, as after a restart. */
void seat_reopen(struct seat *seat);

/* A record as a reader at the level gets it. */
struct wire_change seat_whole(const struct record *record, enum see_level level);

#endif
