/* past.c - see past.h. */
#include "server/past.h"

#include "server/fold.h"
#include "server/log.h"

#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SLICE_ENTRIES = 500, NICENESS = 10, ENTRY_ARENA_BYTES = 64 << 20 };

/* ---- folding ---- */

enum err past_fold(const struct space *from, struct memory *memory, uint64_t *number, uint64_t to)
{
    struct arena arena;
    struct entry entry;
    enum err err = OK;
    arena_init(&arena, ENTRY_ARENA_BYTES);
    while (err == OK && *number < to) {
        err = journal_read(from, *number + 1, &arena, &entry, NULL);
        if (err == OK) err = fold_records(&memory->space, &entry, &arena);
        if (err == OK) ++*number;
        arena_reuse(&arena);
    }
    arena_clear(&arena);
    return err == ERR_NOT_FOUND ? ERR_DAMAGED : err;
}

static enum err fold_slice(struct past *past)
{
    struct txn *txn;
    uint64_t to = past->wanted - past->number > SLICE_ENTRIES ? past->number + SLICE_ENTRIES : past->wanted;
    enum err err = store_begin(past->store, false, &txn);
    if (err != OK) return err;
    err = past_fold(txn_space(txn), &past->memory, &past->number, to);
    txn_abort(&txn);
    return err == OK && past->memory.bytes > past->bytes_max ? ERR_LIMIT : err;
}

static enum err fold(struct past *past)
{
    enum err err = OK;
    if (past->wanted < past->number) {
        memory_free(&past->memory);
        past->number = 0;
    }
    while (err == OK && past->number < past->wanted && !__atomic_load_n(&past->stop, __ATOMIC_RELAXED))
        err = fold_slice(past);
    if (err != OK) {
        memory_free(&past->memory);
        past->number = 0;
    }
    return err;
}

static void *run(void *argument)
{
    struct past *past = argument;
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICENESS); /* the clients come first */
    if (past->work != NULL)
        past->work(past->self);
    else
        past->err = fold(past);
    __atomic_store_n(&past->done, true, __ATOMIC_RELEASE);
    eventfd_write(past->wake, 1);
    return NULL;
}

/* ---- the loop's side ---- */

void past_init(struct past *past, struct store *store)
{
    *past = (struct past){.store = store, .bytes_max = PAST_BYTES_MAX, .wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    memory_init(&past->memory);
}

static bool start(struct past *past, past_work *work, void *self)
{
    past->work = work;
    past->self = self;
    past->done = false;
    past->running = pthread_create(&past->thread, NULL, run, past) == 0;
    return past->running;
}

static bool start_fold(struct past *past, uint64_t number)
{
    past->wanted = number;
    past->err = OK;
    return start(past, NULL, NULL);
}

bool past_read(struct past *past, past_work *work, void *self)
{
    return start(past, work, self);
}

bool past_rests(struct past *past)
{
    eventfd_t count;
    if (!past->running) return true;
    if (!__atomic_load_n(&past->done, __ATOMIC_ACQUIRE)) return false;
    pthread_join(past->thread, NULL);
    past->running = false;
    eventfd_read(past->wake, &count);
    if (past->work == NULL && past->err != OK)
        log_line(LOG_WARNING, "the registry as of entry %llu can't be put together: %s",
                 (unsigned long long)past->wanted, err_name(past->err));
    return true;
}

enum err past_want(struct past *past, uint64_t number, uint32_t reader, int64_t now_ms)
{
    if (!past_rests(past)) return ERR_PAST_BUSY;
    if (past->err != OK && past->wanted == number) { /* told once; the next one has it tried again */
        enum err err = past->err;
        past->err = OK;
        return err;
    }
    bool other = past->reader != 0 && past->reader != reader && now_ms - past->read_ms < PAST_READER_MS;
    if (past->number != number && other) return ERR_PAST_BUSY;
    past->reader = reader;
    past->read_ms = now_ms;
    if (past->number == number) return OK;
    return start_fold(past, number) ? ERR_PAST_BUSY : ERR_MEMORY;
}

void past_leave(struct past *past, uint32_t reader)
{
    if (past->reader == reader) past->reader = 0;
}

void past_tend(struct past *past, int64_t now_ms)
{
    if (past_rests(past) && past->number != 0 && now_ms - past->read_ms >= PAST_UNUSED_MS) start_fold(past, 0);
}

void past_close(struct past *past)
{
    __atomic_store_n(&past->stop, true, __ATOMIC_RELAXED);
    if (past->running) pthread_join(past->thread, NULL);
    past->running = false;
    past->number = 0;
    memory_free(&past->memory);
    if (past->wake >= 0) close(past->wake);
    past->wake = -1;
}

/* ---- moments ---- */

enum err past_entry_at(const struct space *space, uint64_t head, stamp_t moment, uint64_t *number)
{
    uint64_t known = 0, behind = head + 1; /* entry `known` is not after the moment, entry `behind` is */
    struct arena arena;
    struct entry entry;
    enum err err = OK;
    arena_init(&arena, ENTRY_ARENA_BYTES);
    while (err == OK && behind - known > 1) {
        uint64_t middle = known + (behind - known) / 2;
        err = journal_read(space, middle, &arena, &entry, NULL);
        if (err == OK && entry.time.s <= moment.s)
            known = middle;
        else
            behind = middle;
        arena_reuse(&arena);
    }
    arena_clear(&arena);
    *number = known;
    return err == ERR_NOT_FOUND ? ERR_DAMAGED : err;
}
