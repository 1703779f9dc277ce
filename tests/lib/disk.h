/* disk.h - a small registry on disk for tests: LMDB, the engine, operators who sign what they do.
 *
 * It stands in a directory of its own under /dev/shm (or TMPDIR) and goes with disk_free. Its inhabitants are
 * those of world.h that matter here: units XMB (office), JSJ (lead), HRX and PJX (counties), OWN1, an operator for
 * each of them (login = code) and ADM; project P1 of HRX with its target of 2009. Now is 2009-09-28 09:00. */
#ifndef TESTS_LIB_DISK_H
#define TESTS_LIB_DISK_H

#include "server/engine.h"

enum { DISK_PEOPLE_MAX = 24, SCRATCH_PATH_MAX = 200 };

/* An empty directory that nobody else uses; and its end, with the plain files in it. */
void scratch_make(char path[SCRATCH_PATH_MAX]);
void scratch_remove(const char *path);

struct disk {
    char directory[SCRATCH_PATH_MAX];
    struct store_options options;
    struct store *store;
    struct engine engine;
    struct identity server;
    stamp_t now;
    struct arena arena; /* until disk_free */
    struct disk_person {
        char login[16];
        uint64_t device, operator, counter; /* counter: of the last command */
        struct identity identity;
    } people[DISK_PEOPLE_MAX];
    unsigned person_count;
    struct refusal why; /* of the last act */
    uint64_t id;        /* of the record of the last act */
};

/* options NULL: a map of 64 MiB, without syncing. Aborts when something goes wrong. */
void disk_init(struct disk *disk, const struct store_options *options);
void disk_free(struct disk *disk);
/* Closes the store and opens it again, as a daemon does that is started anew. */
enum err disk_reopen(struct disk *disk);

/* One more operator of a unit, with a device; roles as text. */
void disk_add_person(struct disk *disk, const char *login, const char *unit, const char *roles);

struct disk_person *disk_person(struct disk *disk, const char *login);
uint64_t disk_unit(struct disk *disk, const char *code);
struct record disk_get(struct disk *disk, unsigned kind, uint64_t id);

/* A command on its way: pairs of field name and text end with NULL. login NULL: the console. A negative target
 * is an own command's. It has the next number of its device, reads the record as it is, and is signed. */
struct request *disk_request(struct disk *disk, const char *login, const char *kind, const char *action, int64_t target,
                             ...) __attribute__((sentinel));
/* Packs and signs the command for the login's device as it stands. */
struct request *disk_command(struct disk *disk, const char *login, const struct command *command);

/* Tries them in one batch and commits. What became of each is in request->why and request->answer. */
enum err disk_commit(struct disk *disk, struct request **requests, unsigned count);

/* One request alone: what became of it. */
enum err disk_do(struct disk *disk, const char *login, const char *kind, const char *action, int64_t target, ...)
    __attribute__((sentinel));

/* A digest of all tables but META, which holds what is made again: equal when every key and value is. */
uint64_t disk_digest(struct disk *disk);

#endif
