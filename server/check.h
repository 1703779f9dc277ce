/* check.h - does the registry prove itself? Chain, signatures, state equal to the fold of the journal. */
#ifndef SERVER_CHECK_H
#define SERVER_CHECK_H

#include "proto/journal.h"
#include "server/store.h"

#include <pthread.h>

enum { RECENT_ENTRIES = 1000 };

/* Walks the chain of hashes and the signatures from entry `from` to `to`. *bad is the first wrong entry.
 * ERR_DAMAGED, ERR_BAD_SIGNATURE. */
enum err check_chain(const struct space *space, uint64_t from, uint64_t to, uint64_t *bad);

/* The signing key with which an entry must have been signed: its device's, or the one that was enrolled by it. */
enum err entry_key(const struct space *space, const struct entry *entry, struct arena *arena, struct text *key);

/* The newest RECENT_ENTRIES: for the daemon's start. */
enum err check_recent(struct store *store, struct refusal *why);

/* All older entries, in a thread of its own, in short read transactions; a fault is logged as an error. */
struct check_thread {
    struct store *store;
    pthread_t thread;
    bool stop;
};
void check_background(struct check_thread *check, struct store *store);
void check_background_stop(struct check_thread *check);

/* What a full check found. */
struct check_report {
    uint64_t entries, is_signed, decided, differing; /* differing: entries decided otherwise now */
    uint64_t records;
    uint64_t bad;   /* number of the entry that is wrong, or 0 */
    char what[120]; /* in words, empty when all is well */
    uint8_t head[32];
};

/* Everything: chain, signatures, every entry folded into memory and the result compared with the stored
 * tables byte for byte, and every entry of this program's tables decided again. `until` 0: to the end. */
enum err check_all(struct store *store, struct check_report *report);

#endif
