/* town.h - a registry on disk with somebody for every part: what the model check plays in. */
#ifndef TESTS_LIFE_TOWN_H
#define TESTS_LIFE_TOWN_H

#include "tests/lib/disk.h"
#include "tests/lib/rng.h"
#include "tests/life/watch.h"

enum { BATCH_DEEDS_MAX = 32 };

struct town {
    struct disk disk;
    struct lives *lives;
    struct watch watch;
    struct rng rng;
    struct actor actors[DISK_PEOPLE_MAX]; /* as disk.people */
    uint64_t units, operators, devices, posts,
        projects;       /* the founding ones, which stay as they are; posts as their persons */
    struct arena arena; /* until the batch is over */
    uint64_t serial;    /* for names that nobody else has */
    uint64_t tried, accepted, crashes, restarts, jumps;
};

/* Founds it: disk.h's inhabitants and those of world.h; projects P1 of HRX and P2 of PJX, both under way, P3 of HRX in
 * preparation; the schedules of all jobs. Aborts when something goes wrong. */
void town_init(struct town *town, struct lives *lives, uint64_t seed);
void town_free(struct town *town);

/* An act of the registry itself or of the console, as a request of its own in the town's arena. */
struct request *town_own(struct town *town, enum actor_type type, const struct record *args, unsigned action,
                         uint64_t target, stamp_t said);

/* Time goes on, and everything that is due by then happens, in order. False: watch.why says what disagrees. */
bool town_wait(struct town *town, int64_t seconds);

/* Tries one request and lets the model follow; *again: it was accepted before. `meant` as watch_refuse. False: it
 * disagrees. */
bool town_try(struct town *town, struct batch *batch, struct request *request, const struct record *meant,
              unsigned action);

#endif
