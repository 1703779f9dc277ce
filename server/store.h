/* store.h - the registry on disk: one LMDB environment, opened by one daemon. The only user of lmdb.h.
 *
 * Fully synced, without DUPSORT, nested transactions or resizing in service (references: LMDB lost nothing
 * in 111,013 crash states in this mode alone). A transaction is a space (proto/space.h). */
#ifndef SERVER_STORE_H
#define SERVER_STORE_H

#include "proto/space.h"

#include <stdbool.h>
#include <stdint.h>

struct store;
struct txn;

struct store_options {
    uint64_t map_bytes;     /* address space reserved once; 0: 64 GiB */
    uint64_t reserve_bytes; /* refuse new commands when the disk has less than this left; 0: 64 MiB */
    bool scratch;           /* no syncing: for registries that a test or a check throws away */
};

/* Opens (or creates the files in) the directory and holds its lock for life. ERR_BUSY when another process
 * has the registry, with its pid in *why; ERR_IO. */
enum err store_open(const char *directory, const struct store_options *options, struct store **store,
                    struct refusal *why);
void store_close(struct store *store);

/* ERR_NO_SPACE when the map is 90 % full or the disk has less than the reserve. */
enum err store_room(const struct store *store);

/* One write transaction at a time; many readers. *txn is NULL on failure. */
enum err store_begin(struct store *store, bool write, struct txn **txn);
const struct space *txn_space(struct txn *txn);
/* Empties a table. */
enum err txn_clear(struct txn *txn, enum table table);
/* Both end the transaction and set *txn to NULL. Commit returns after the sync: OK, ERR_NO_SPACE (nothing
 * was changed), or ERR_IO (what was changed is unknown until the registry is opened again: exit). */
enum err txn_commit(struct txn **txn);
void txn_abort(struct txn **txn);

/* A consistent copy while the store is in use, to an open file. May run in another thread. */
enum err store_copy(struct store *store, int fd, struct refusal *why);

/* Frees what a killed reader may have pinned. */
void store_tidy(struct store *store);

struct store_stats {
    uint64_t map_bytes, used_bytes;
    uint64_t entries[TABLE_COUNT];
    uint64_t commits; /* since opened */
};
enum err store_stats(struct store *store, struct store_stats *stats);

#endif
