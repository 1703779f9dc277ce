/* catchup.c - pages for a session that is not live: a view of its scope, or what it missed.
 *
 * A view comes by stages (wire.h): what first.c chose, then the lists, then the rest of each record; to clients of
 * protocol 2 in the order of the tables.
 *
 * The feed says for each stream which records an entry touched; a page sends each of them once, as it is
 * now. Sending something twice is harmless, missing something is not: the position moves only past what
 * has been looked at in all of the session's streams. */
#include "server/session.h"

#include <stdlib.h>
#include <string.h>

enum { SCAN_MAX = 4000, ITEMS_MAX = 2000, CELLS_MAX = PAGE_NODES_MAX / 2 };

struct page_job {
    struct session *session;
    const struct space *space;
    struct arena *arena;
    struct pack changes; /* row by row; by columns only their size counts */
    unsigned count, cells;
    struct wire_change *columns; /* of a page by columns; else NULL */
};

static void add_change(struct page_job *job, const struct wire_change *change)
{
    wire_change_pack(&job->changes, change);
    if (job->columns != NULL) job->columns[job->count] = *change;
    job->count++;
    job->cells += field_count(change->record.kind);
}

static bool page_full(const struct page_job *job)
{
    size_t aim = job->columns != NULL && job->session->place.stage != VIEW_REST ? COLUMN_BYTES_AIM : PAGE_BYTES_AIM;
    return job->changes.used >= aim || job->count >= ITEMS_MAX || job->cells >= CELLS_MAX;
}

/* ---- snapshot ---- */

/* What of a record is due in the stage. */
static enum err add_record(struct page_job *job, enum view_stage stage, unsigned kind, uint64_t id)
{
    struct record record;
    enum err err = state_get(job->space, kind, id, job->arena, &record);
    if (err != OK) return err;
    enum see_level level = may_see(job->space, &record, &job->session->actor, job->arena);
    uint64_t all = level_mask(&record, level), listed = level_mask(&record, SEE_LIST);
    struct wire_change change = {.op = OP_WHOLE, .record = record, .mask = all};
    if (level < SEE_LIST || (stage == VIEW_REST && all == listed)) return OK;
    if (stage == VIEW_REST) {
        change.op = OP_REST;
        change.mask = all & ~listed;
    } else {
        job->session->place.done++;
        if (stage == VIEW_LISTS && all != listed) {
            change.op = OP_LISTED;
            change.mask = listed;
        }
    }
    add_change(job, &change);
    return OK;
}

/* The page ends with the stage: the reader can show what it has. */
static enum err add_first(struct page_job *job)
{
    struct first *first = &job->session->first;
    while (!page_full(job) && first->at < first->count) {
        const struct first_item *item = &first->items[first->at++];
        enum err err = add_record(job, item->listed ? VIEW_LISTS : VIEW_FIRST, item->kind, item->id);
        if (err != OK && err != ERR_NOT_FOUND) return err;
    }
    if (first->at == first->count) job->session->place.stage = VIEW_LISTS;
    return OK;
}

/* The kind behind the cursor's, in the next stage when there is none; false at the end of all. */
static bool next_kind(struct view_place *place)
{
    const struct kind *kind = kind_row(place->kind);
    kind = place->stage == VIEW_DONE ? kind_next(kind) : view_kind(kind);
    if (kind == NULL && place->stage == VIEW_LISTS) {
        place->stage = VIEW_REST;
        kind = view_kind(NULL);
    }
    if (kind == NULL) return false;
    place->kind = kind->wire;
    place->id = 0;
    return true;
}

/* Goes on behind the cursor; *done when all records have been looked at. */
static enum err add_records(struct page_job *job, bool *done)
{
    struct view_place *place = &job->session->place;
    *done = false;
    if (place->stage == VIEW_FIRST) return add_first(job);
    for (unsigned scanned = 0; !page_full(job) && scanned < SCAN_MAX; scanned++) {
        uint64_t id = place->kind != 0 ? state_next_id(job->space, place->kind, place->id) : 0;
        if (id == 0) {
            *done = !next_kind(place);
            if (*done) return OK;
            continue;
        }
        place->id = id;
        const struct first_item *sent = first_find(&job->session->first, place->kind, id);
        if (sent != NULL && !(sent->listed && place->stage == VIEW_REST)) continue;
        enum err err = add_record(job, place->stage, place->kind, id);
        if (err != OK) return err;
    }
    return OK;
}

/* ---- resuming ---- */

/* A record that the missed entries touched: the union of what they changed. */
struct missed {
    uint8_t kind;
    bool moved;
    uint64_t id, wires;
};

struct missed_list {
    unsigned count;
    struct missed items[ITEMS_MAX];
};

static bool add_missed(struct missed_list *list, const struct feed_item *item)
{
    unsigned i = 0;
    while (i < list->count && (list->items[i].kind != item->kind || list->items[i].id != item->id))
        i++;
    if (i == ITEMS_MAX) return false;
    if (i == list->count) list->items[list->count++] = (struct missed){.kind = item->kind, .id = item->id};
    list->items[i].moved = list->items[i].moved || item->op == FEED_MOVED;
    list->items[i].wires |= item->wires;
    return true;
}

/* The next entry of a stream after `after`; false when there is none. */
static bool next_in_stream(const struct space *space, uint64_t stream, uint64_t after, uint64_t *number,
                           struct text *value)
{
    struct key key;
    feed_key(&key, stream, after + 1);
    if (space->seek(space->self, TABLE_FEED, &key, value) != OK || key_read(&key, 0) != stream) return false;
    *number = key_read(&key, 8);
    return true;
}

/* Gathers the items of the entry `number` from every stream. */
static bool gather(const struct page_job *job, const struct streams *streams, uint64_t number, struct missed_list *list)
{
    for (unsigned i = 0; i < streams->count; i++) {
        struct key key;
        struct text value;
        struct feed_item item;
        feed_key(&key, streams->at[i].stream, number);
        if (job->space->get(job->space->self, TABLE_FEED, &key, &value) != OK) continue;
        for (size_t j = 0; feed_item_read(value, j, &item); j++)
            if (!add_missed(list, &item)) return false;
    }
    return true;
}

/* Merges the streams by number: the entries after the position, until the list is full. *upto is the last
 * one that is wholly in it; `head` when there is no further one. */
static void collect(const struct page_job *job, uint64_t head, struct missed_list *list, uint64_t *upto)
{
    struct streams streams;
    streams_of_actor(&job->session->actor, &streams);
    uint64_t at = job->session->position;
    for (unsigned entries = 0;; entries++) {
        uint64_t next = UINT64_MAX, number;
        struct text value;
        for (unsigned i = 0; i < streams.count; i++)
            if (next_in_stream(job->space, streams.at[i].stream, at, &number, &value) && number < next) next = number;
        if (next == UINT64_MAX || next > head) {
            *upto = head;
            return;
        }
        if (list->count > ITEMS_MAX - 512 || entries >= SCAN_MAX || !gather(job, &streams, next, list)) {
            *upto = at;
            return;
        }
        at = next;
    }
}

static enum err add_missed_record(struct page_job *job, const struct missed *missed)
{
    struct record record;
    enum err err = state_get(job->space, missed->kind, missed->id, job->arena, &record);
    if (err != OK) return err;
    enum see_level level = may_see(job->space, &record, &job->session->actor, job->arena);
    struct wire_change change = {.op = OP_WHOLE, .record = record};
    uint64_t all = level_mask(&record, level);
    if (level < SEE_LIST) {
        if (!missed->moved) return OK; /* it never was visible */
        change.op = OP_GONE;
    } else if (missed->moved)
        change.mask = all;
    else {
        uint64_t list_fields = level_mask(&record, SEE_LIST);
        uint64_t unset = mask_of(record.kind, missed->wires) & ~record_mask(&record);
        change.op = OP_DIFF;
        change.mask = mask_of(record.kind, missed->wires) & (level == SEE_FULL ? ~0ull : list_fields);
        for (unsigned i = 0; i < field_count(record.kind); i++)
            if ((unset & FIELD_BIT(i)) && (level == SEE_FULL || (field_row(record.kind, i)->flags & F_LIST)))
                change.mask |= FIELD_BIT(i);
        if (change.mask == 0) return OK;
    }
    add_change(job, &change);
    return OK;
}

/* One round may need several pages: the list is the same each time as long as `target` is, so the rest of
 * it follows with `skip`. *upto is 0 while the round is not over. */
static enum err add_missed_records(struct page_job *job, uint64_t head, unsigned *skip, uint64_t *upto)
{
    struct missed_list *list = arena_get(job->arena, sizeof *list);
    if (list == NULL) return ERR_MEMORY;
    if (*skip == 0) job->session->target = head;
    collect(job, job->session->target, list, upto);
    while (*skip < list->count && !page_full(job)) {
        enum err err = add_missed_record(job, &list->items[(*skip)++]);
        if (err != OK) return err;
    }
    if (*skip < list->count) *upto = 0;
    return OK;
}

bool session_missed(const struct space *space, const struct session *session)
{
    struct streams streams;
    uint64_t number;
    struct text value;
    streams_of_actor(&session->actor, &streams);
    for (unsigned i = 0; i < streams.count; i++)
        if (next_in_stream(space, streams.at[i].stream, session->position, &number, &value)) return true;
    return false;
}

/* ---- sending ---- */

static enum err send_page(struct page_job *job, struct net *net, uint64_t upto, bool more)
{
    struct pack frame;
    struct text changes = {(const char *)job->changes.at, (uint32_t)job->changes.used};
    struct page page = {.upto = upto, .more = more, .count = job->count, .place = job->session->place};
    pack_init(&frame, FRAME_BYTES_MAX);
    if (page.place.stage == VIEW_DONE)
        page_pack(&frame, upto, more, job->count, changes);
    else {
        page.place.as_of = job->session->position;
        if (upto != 0) page.place.stage = VIEW_DONE;
        view_page_pack(&frame, &page, job->columns, changes);
    }
    enum err err =
        frame.failed || job->changes.failed ? ERR_MEMORY : net_send(net, job->session->peer, frame.at, frame.used);
    pack_free(&frame);
    return err;
}

static enum err snapshot_page(struct page_job *job, struct net *net, uint64_t head)
{
    struct session *session = job->session;
    bool done = false, staged = session->place.stage != VIEW_DONE;
    enum err err = staged && session->first.items == NULL ? first_choose(session, job->space) : OK;
    struct view_place place = session->place;
    unsigned at = session->first.at;
    if (staged && (job->columns = arena_get(job->arena, (ITEMS_MAX + 1) * sizeof *job->columns)) == NULL)
        return ERR_MEMORY;
    if (err == OK) err = add_records(job, &done);
    uint64_t upto = !done ? 0 : staged ? head : session->target;
    if (staged) session->position = head;
    if (err == OK) err = send_page(job, net, upto, upto != head);
    if (err != OK) { /* the same page again next time */
        session->place = place;
        session->first.at = at;
        return err;
    }
    if (!done) return OK;
    session->position = upto;
    session->mode = upto == head ? SESSION_LIVE : SESSION_RESUMING;
    session->place = (struct view_place){.stage = VIEW_DONE};
    first_free(&session->first);
    return OK;
}

/* What was missed, of all that the reader has of a view that is still coming, too. */
static enum err resume_page(struct page_job *job, struct net *net, uint64_t head)
{
    struct session *session = job->session;
    unsigned skip = session->skip;
    uint64_t upto = 0, position = session->position;
    bool coming = session->place.stage != VIEW_DONE;
    enum err err = add_missed_records(job, head, &skip, &upto);
    if (upto != 0) session->position = upto;
    if (err == OK && coming)
        err = send_page(job, net, 0, true);
    else if (err == OK)
        err = send_page(job, net, session->position, upto != head);
    if (err != OK) {
        session->position = position;
        return err;
    }
    session->skip = upto == 0 ? skip : 0;
    if (!coming) session->mode = upto == head ? SESSION_LIVE : SESSION_RESUMING;
    return OK;
}

/* A view that comes by stages is brought up to date before it goes on: so all that has been sent is as of one entry. */
static bool resumes(const struct page_job *job)
{
    const struct session *session = job->session;
    if (session->mode != SESSION_SNAPSHOT) return true;
    return session->place.stage != VIEW_DONE && (session->skip > 0 || session_missed(job->space, session));
}

enum err session_page(struct session *session, struct net *net, const struct space *space, uint64_t head,
                      struct arena *arena)
{
    struct page_job job = {.session = session, .space = space, .arena = arena};
    pack_init(&job.changes, PAGE_BYTES_MAX);
    enum err err = resumes(&job) ? resume_page(&job, net, head) : snapshot_page(&job, net, head);
    session->stalled = err == ERR_BUSY;
    pack_free(&job.changes);
    return err;
}
