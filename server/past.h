/* past.h - the journal folded to an entry of long ago, in memory, beside the daemon's loop.
 *
 * A thread folds in short read transactions and makes the pages, so that no command waits and no old page of the
 * store is held; it does one thing at a time. One result is kept, for those who read it page by page; a later entry
 * is reached from it, an earlier one from the beginning. It goes when its bytes are too many or nobody has asked for
 * it for some minutes. */
#ifndef SERVER_PAST_H
#define SERVER_PAST_H

#include "proto/memory.h"
#include "proto/when.h"
#include "server/store.h"

#include <pthread.h>

#define PAST_BYTES_MAX ((size_t)1 << 30)

enum {
    PAST_READER_MS = 20000,  /* so long the one who reads is waited for before another moment takes the place */
    PAST_UNUSED_MS = 300000, /* then it is dropped */
};

typedef void past_work(void *self);

struct past {
    struct store *store;
    int wake;             /* an eventfd: readable when the thread has done something; -1: none */
    struct memory memory; /* the thread's while it runs */
    uint64_t number;      /* what the memory is folded to; 0: it is empty */
    past_work *work;      /* what the thread does with the memory as it is; NULL: it folds */
    void *self;
    uint64_t wanted;  /* what it folds to; 0: it empties the memory */
    size_t bytes_max; /* PAST_BYTES_MAX but in tests */
    enum err err;     /* of the last fold, until somebody is told */
    bool running, done, stop;
    pthread_t thread;
    uint32_t reader; /* who has not had its last page; 0: nobody */
    int64_t read_ms; /* when the memory was last looked at */
};

void past_init(struct past *past, struct store *store);
/* Ends the thread and empties the memory. */
void past_close(struct past *past);

/* Has the thread come to rest? What it did is taken over then. */
bool past_rests(struct past *past);

/* Wants the registry as entry `number` left it, for a reader (never 0). OK: it is in past->memory until the next
 * call. ERR_PAST_BUSY: it is being folded now, or another reader is not done: ask again. ERR_LIMIT, ERR_DAMAGED,
 * ERR_MEMORY: it can't be folded. */
enum err past_want(struct past *past, uint64_t number, uint32_t reader, int64_t now_ms);

/* Has the thread read the memory, where past_want has just found it. False: there is no thread to be had. */
bool past_read(struct past *past, past_work *work, void *self);

/* The reader has had its last page, or went away. */
void past_leave(struct past *past, uint32_t reader);

/* Housekeeping: drops what has not been looked at for long. */
void past_tend(struct past *past, int64_t now_ms);

/* Folds the journal in `from` onto a memory that stands at entry `*number`, up to entry `to`, and advances
 * *number. For the thread and for who works on a registry that is not served. */
enum err past_fold(const struct space *from, struct memory *memory, uint64_t *number, uint64_t to);

/* The last entry whose time is not after the moment; 0 when there is none. The head's number is `head`. */
enum err past_entry_at(const struct space *space, uint64_t head, stamp_t moment, uint64_t *number);

#endif
