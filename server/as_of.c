/* as_of.c - see as_of.h. */
#include "server/as_of.h"

#include <stdlib.h>

enum { SCAN_MAX = 10000, PAGE_ARENA_BYTES = 64 << 20 }; /* records looked at for one page */

/* The entry that the query means, and the moment for which it stands. */
static enum err find_entry(const struct serve *serve, const struct query *query, const struct space *space,
                           struct as_of *as_of)
{
    const struct head *head = &serve->engine.head;
    stamp_t now = clock_now(&serve->clock);
    if (now.s < head->time.s) now = head->time;
    as_of->moment = query->moment;
    as_of->number = query->before;
    if (query->moment.s != 0) {
        if (query->moment.s >= now.s) return ERR_NOT_YET;
        enum err err = past_entry_at(space, head->number, query->moment, &as_of->number);
        if (err != OK) return err;
    }
    if (as_of->number == 0) return ERR_BEFORE_FIRST;
    return as_of->number <= head->number ? OK : ERR_NOT_YET;
}

/* Number, time and hash of the newest entry at that moment, vouched for. */
static enum err fill_head(const struct serve *serve, const struct space *space, struct arena *arena,
                          struct as_of *as_of)
{
    struct entry entry;
    struct text bytes;
    enum err err = journal_read(space, as_of->number, arena, &entry, &bytes);
    if (err != OK) return err == ERR_NOT_FOUND ? ERR_DAMAGED : err;
    as_of->time = entry.time;
    if (as_of->moment.s == 0) as_of->moment = entry.time;
    entry_hash(bytes.at, bytes.length, as_of->hash);
    head_sign(&serve->engine.identity, serve->engine.registry, as_of->number, as_of->hash, as_of->moment,
              as_of->signature);
    stamp_t before = {day_start(stamp_day(as_of->moment)).s - 1};
    return past_entry_at(space, as_of->number, before, &as_of->day);
}

/* ---- pages ---- */

/* A page that the thread makes, out of copies: the session may be gone meanwhile. */
struct page_job {
    peer_t peer;
    struct actor actor;
    bool live; /* its view is as the daemon's */
    struct query query;
    struct store *store;
    const struct space *then, *now;
    uint8_t kind; /* the last record looked at */
    uint64_t id;
    struct as_of as_of;
    bool more;
    struct arena arena;
    struct pack changes, frame;
    struct wire_change run; /* of records that the asker has; count 0: none */
};

/* The next record behind the last one, over all kinds; false at the end. */
static bool next_record(struct page_job *job)
{
    const struct kind *kind = kind_row(job->kind);
    if (kind == NULL) kind = kind_next(NULL);
    while (kind != NULL) {
        job->kind = kind->wire;
        job->id = state_next_id(job->then, kind->wire, job->id);
        if (job->id != 0) return true;
        kind = kind_next(kind);
    }
    return false;
}

/* The first entry behind `number` that touched the record; 0 when none did. */
static uint64_t next_touch(const struct space *space, const struct record *record, uint64_t number)
{
    struct key key, prefix;
    struct text value;
    key_clear(&key);
    key_byte(&key, record->kind);
    key_number(&key, record->id);
    prefix = key;
    key_number(&key, number + 1);
    bool found = space->seek(space->self, TABLE_HISTORY, &key, &value) == OK && key_has_prefix(&key, &prefix);
    return found ? key_read(&key, prefix.used) : 0;
}

/* Does the asker have it, whole, as it stood? Of its present view only when that is as the daemon's. */
static bool is_had(struct page_job *job, const struct record *record)
{
    struct record now;
    if (job->query.base == BASE_NOTHING) return false;
    if (job->query.base > 0) {
        uint64_t base = (uint64_t)job->query.base, touched = next_touch(job->now, record, record->version);
        return record->version <= base && (touched == 0 || touched > base);
    }
    if (!job->live) return false;
    return state_get(job->now, record->kind, record->id, &job->arena, &now) == OK && now.version == record->version &&
           may_see(job->now, &now, &job->actor, &job->arena) == SEE_FULL;
}

static void end_run(struct page_job *job)
{
    if (job->run.count == 0) return;
    as_of_change_pack(&job->changes, &job->run);
    job->as_of.count++;
    job->run.count = 0;
}

static void add_had(struct page_job *job, const struct record *record, enum see_level level)
{
    struct wire_change *run = &job->run;
    bool follows = run->count > 0 && run->count < UINT16_MAX && run->level == level &&
                   run->record.kind == record->kind && run->record.id + run->count == record->id;
    if (!follows) {
        end_run(job);
        *run = (struct wire_change){.op = OP_SAME, .record = record_make(record->kind, record->id), .level = level};
    }
    run->count++;
}

static void add_whole(struct page_job *job, const struct record *record, enum see_level level)
{
    struct wire_change change = {.op = OP_WHOLE, .record = *record, .mask = record_mask(record), .level = level};
    end_run(job);
    as_of_change_pack(&job->changes, &change);
    job->as_of.count++;
}

/* Records behind the last one until the page is full. */
static enum err add_records(struct page_job *job)
{
    enum err err = OK;
    for (unsigned scanned = 0; job->changes.used < PAGE_BYTES_AIM && scanned < SCAN_MAX; scanned++) {
        struct record record;
        job->more = next_record(job);
        if (!job->more) break;
        arena_reuse(&job->arena);
        err = state_get(job->then, job->kind, job->id, &job->arena, &record);
        if (err != OK) return err;
        enum see_level level = may_see(job->then, &record, &job->actor, &job->arena);
        if (level == SEE_NOTHING) continue;
        if (is_had(job, &record))
            add_had(job, &record, level);
        else
            add_whole(job, &record, level);
    }
    end_run(job);
    return job->changes.failed ? ERR_MEMORY : OK;
}

static void pack_result(struct page_job *job, enum err err)
{
    job->as_of.packed = (struct text){(const char *)job->changes.at, (uint32_t)job->changes.used};
    struct result result = {.tag = job->query.tag,
                            .err = err,
                            .what = QUERY_AS_OF,
                            .more = err == OK && job->more,
                            .count = err == OK,
                            .as_of = &job->as_of};
    result_pack(&job->frame, &result);
    if (!job->frame.failed) return;
    pack_clear(&job->frame); /* larger than a frame: say so rather than nothing */
    result.err = ERR_LIMIT;
    result.count = 0;
    result_pack(&job->frame, &result);
}

/* In the thread. */
static void make_page(void *self)
{
    struct page_job *job = self;
    struct txn *txn;
    enum err err = store_begin(job->store, false, &txn);
    if (err == OK) {
        job->now = txn_space(txn);
        err = add_records(job);
        txn_abort(&txn);
    }
    pack_result(job, err);
}

/* ---- the loop's side ---- */

static void free_job(struct page_job *job)
{
    if (job == NULL) return;
    arena_clear(&job->arena);
    pack_free(&job->changes);
    pack_free(&job->frame);
    free(job);
}

static struct page_job *new_job(const struct serve *serve, const struct session *session, const struct query *query)
{
    struct page_job *job = calloc(1, sizeof *job);
    if (job == NULL) return NULL;
    *job = (struct page_job){.peer = session->peer,
                             .actor = session->actor,
                             .live = session->mode == SESSION_LIVE,
                             .query = *query,
                             .store = serve->store,
                             .then = &serve->past.memory.space};
    arena_init(&job->arena, PAGE_ARENA_BYTES);
    pack_init(&job->changes, PAGE_BYTES_MAX);
    pack_init(&job->frame, FRAME_BYTES_MAX);
    return job;
}

/* Where the page begins. ERR_CONFLICT: the one before was of another entry, or another connection's. */
static enum err set_place(const struct session *session, struct page_job *job)
{
    if (!job->query.next) return OK;
    if (session->past_number != job->as_of.number) return ERR_CONFLICT;
    job->kind = session->past_kind;
    job->id = session->past_id;
    return OK;
}

void as_of_ask(struct serve *serve, struct session *session, const struct query *query, const struct space *space)
{
    as_of_tend(serve); /* the one before may be done */
    struct page_job *job = new_job(serve, session, query);
    if (job == NULL) return; /* not answered: the client asks again */
    enum err err = find_entry(serve, query, space, &job->as_of);
    if (err == OK) err = fill_head(serve, space, &serve->arena, &job->as_of);
    if (err == OK) err = set_place(session, job);
    if (err == OK) err = serve->page != NULL ? ERR_PAST_BUSY : OK;
    if (err == OK) err = past_want(&serve->past, job->as_of.number, session->peer, clock_monotonic_ms());
    if (err == OK && !past_read(&serve->past, make_page, job)) err = ERR_MEMORY;
    if (err == OK) {
        serve->page = job;
        return;
    }
    pack_result(job, err);
    if (!job->frame.failed) net_send(serve->net, job->peer, job->frame.at, job->frame.used);
    free_job(job);
}

void as_of_tend(struct serve *serve)
{
    struct page_job *job = serve->page;
    if (!past_rests(&serve->past) || job == NULL) return;
    struct session *session = session_find(&serve->sessions, job->peer);
    if (session != NULL && !job->frame.failed) {
        session->past_number = job->as_of.number;
        session->past_kind = job->kind;
        session->past_id = job->id;
        net_send(serve->net, job->peer, job->frame.at, job->frame.used);
    }
    if (session == NULL || !job->more) past_leave(&serve->past, job->peer);
    free_job(job);
    serve->page = NULL;
}

void as_of_close(struct serve *serve)
{
    past_close(&serve->past);
    free_job(serve->page);
    serve->page = NULL;
}
