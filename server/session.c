/* session.c - the table of sessions, and pushes. Pages are in catchup.c. */
#include "server/session.h"

#include "server/log.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void sessions_init(struct sessions *sessions)
{
    memset(sessions, 0, sizeof *sessions);
    TAILQ_INIT(&sessions->turns);
}

static struct session **slot(struct sessions *sessions, peer_t peer)
{
    struct session **at = &sessions->buckets[peer % SESSION_BUCKETS];
    while (*at != NULL && (*at)->peer != peer)
        at = &(*at)->next;
    return at;
}

struct session *session_find(struct sessions *sessions, peer_t peer)
{
    return *slot(sessions, peer);
}

struct session *session_open(struct sessions *sessions, peer_t peer)
{
    session_close(sessions, peer);
    struct session *session = calloc(1, sizeof *session);
    if (session == NULL) return NULL;
    session->peer = peer;
    session->arrival = sessions->arrivals++;
    *slot(sessions, peer) = session;
    sessions->count++;
    return session;
}

void session_close(struct sessions *sessions, peer_t peer)
{
    struct session **at = slot(sessions, peer), *session = *at;
    if (session == NULL) return;
    *at = session->next;
    if (session->waits > 0) TAILQ_REMOVE(&sessions->turns, session, turn);
    sessions->count--;
    free((void *)(uintptr_t)session->name.at);
    first_free(&session->first);
    free(session);
}

void sessions_each(struct sessions *sessions, void (*visit)(void *self, struct session *session), void *self)
{
    for (unsigned i = 0; i < SESSION_BUCKETS; i++) {
        struct session *session = sessions->buckets[i];
        while (session != NULL) {
            struct session *next = session->next;
            visit(self, session);
            session = next;
        }
    }
}

void sessions_free(struct sessions *sessions)
{
    for (unsigned i = 0; i < SESSION_BUCKETS; i++)
        while (sessions->buckets[i] != NULL)
            session_close(sessions, sessions->buckets[i]->peer);
}

/* Who resumes goes first, then whoever has no desk yet; the rest of everybody's view can wait. */
static unsigned rank_of(const struct session *session)
{
    if (session->mode != SESSION_SNAPSHOT) return 0;
    return session->place.stage == VIEW_FIRST ? 1 : 2;
}

static bool goes_before(const struct session *session, const struct session *other)
{
    unsigned rank = rank_of(session), other_rank = rank_of(other);
    return rank != other_rank ? rank < other_rank : session->arrival < other->arrival;
}

static void queue(struct sessions *sessions, struct session *session)
{
    struct session *before = TAILQ_LAST(&sessions->turns, turns);
    while (before != NULL && goes_before(session, before))
        before = TAILQ_PREV(before, turns, turn);
    if (before != NULL)
        TAILQ_INSERT_AFTER(&sessions->turns, before, session, turn);
    else
        TAILQ_INSERT_HEAD(&sessions->turns, session, turn);
}

void session_want_page(struct sessions *sessions, struct session *session)
{
    if (session->waits <= PAGES_AHEAD) session->waits++;
    if (session->waits > 1) return;
    queue(sessions, session);
}

void session_turn_over(struct sessions *sessions, struct session *session)
{
    session->waits--;
    if (session->mode == SESSION_LIVE || session->stalled) session->waits = 0;
    if (session->waits > 0) queue(sessions, session);
}

struct session *sessions_next_turn(struct sessions *sessions)
{
    struct session *session = TAILQ_FIRST(&sessions->turns);
    if (session == NULL) return NULL;
    TAILQ_REMOVE(&sessions->turns, session, turn);
    return session;
}

uint32_t scope_of(const struct actor *actor)
{
    uint64_t parts[] = {actor->operator, actor->unit, actor->roles, actor->functions, TABLES_VERSION};
    static const uint8_t key[crypto_shorthash_KEYBYTES] = "duban scope";
    uint8_t hash[crypto_shorthash_BYTES];
    uint32_t scope;
    crypto_shorthash(hash, (const uint8_t *)parts, sizeof parts, key);
    memcpy(&scope, hash, sizeof scope);
    return scope != 0 ? scope : 1;
}

/* ---- pushing ---- */

uint64_t level_mask(const struct record *record, enum see_level level)
{
    uint64_t mask = level >= SEE_LIST ? record_mask(record) : 0;
    if (level >= SEE_FULL) return mask;
    const struct field *field;
    for (unsigned i = 0; (field = field_row(record->kind, i)) != NULL; i++)
        if ((field->flags & F_LIST) == 0) mask &= ~FIELD_BIT(i);
    return mask;
}

/* The fields of a change that a reader at the level is told, unset ones included. */
static uint64_t diff_mask(const struct touched *touched, enum see_level level)
{
    uint64_t mask = touched->mask;
    const struct field *field;
    for (unsigned i = 0; level < SEE_FULL && (field = field_row(touched->change.after.kind, i)) != NULL; i++)
        if ((field->flags & F_LIST) == 0) mask &= ~FIELD_BIT(i);
    return mask;
}

/* What one touched record means for the actor; false when nothing. */
static bool change_for(const struct touched *touched, const struct actor *actor, struct wire_change *change)
{
    enum see_level before = SEE_NOTHING, after;
    if (touched->change.before.version != 0) before = sight_level(&touched->sight_before, &touched->ties_before, actor);
    after = sight_level(&touched->sight_after, &touched->ties_after, actor);
    *change = (struct wire_change){.op = OP_DIFF, .record = touched->change.after};
    if (after < SEE_LIST) {
        if (before < SEE_LIST) return false;
        change->op = OP_GONE;
        return true;
    }
    if (before != after) {
        change->op = OP_WHOLE;
        change->mask = level_mask(&touched->change.after, after);
        return true;
    }
    change->mask = diff_mask(touched, after);
    return change->mask != 0;
}

struct push_job {
    struct net *net;
    const struct outcome *outcomes;
    unsigned count;
    struct arena *arena;
    struct sessions *sessions;
    struct pack entries, frame;
};

static void pack_outcome(struct push_job *job, const struct outcome *outcome, const struct actor *actor,
                         unsigned *packed)
{
    struct wire_entry entry = {.number = outcome->number,
                               .time = outcome->time,
                               .unit = outcome->unit,
                               .kind = outcome->kind,
                               .action = outcome->action};
    struct wire_change changes[8], *more = changes;
    if (outcome->count > 8) more = arena_get(job->arena, outcome->count * sizeof *more);
    if (more == NULL) return;
    entry.changes = more;
    for (unsigned i = 0; i < outcome->count; i++)
        entry.count += change_for(outcome->touched[i], actor, &more[entry.count]);
    if (entry.count == 0) return;
    wire_entry_pack(&job->entries, &entry);
    (*packed)++;
}

static void push_to(void *self, struct session *session)
{
    struct push_job *job = self;
    unsigned packed = 0;
    uint64_t last = session->position; /* the newest entry that it is told of */
    if (session->mode != SESSION_LIVE) return;
    pack_clear(&job->entries);
    pack_clear(&job->frame);
    for (unsigned i = 0; i < job->count; i++) {
        unsigned before = packed;
        pack_outcome(job, &job->outcomes[i], &session->actor, &packed);
        if (packed > before) last = job->outcomes[i].number;
    }
    if (packed == 0) return;
    push_pack(&job->frame, session->position, packed,
              (struct text){(const char *)job->entries.at, (uint32_t)job->entries.used});
    enum err err = job->entries.failed || job->frame.failed
                       ? ERR_BUSY /* too much at once: it gets pages */
                       : net_send(job->net, session->peer, job->frame.at, job->frame.used);
    if (err == OK)
        session->position = last;
    else if (err == ERR_BUSY) {
        session->mode = SESSION_RESUMING;
        session->stalled = true;
        job->sessions->stalled = true;
    } else
        session_close(job->sessions, session->peer);
}

void sessions_push(struct sessions *sessions, struct net *net, const struct outcome *outcomes, unsigned count,
                   struct arena *arena)
{
    struct push_job job = {.net = net, .outcomes = outcomes, .count = count, .arena = arena, .sessions = sessions};
    if (count == 0) return;
    pack_init(&job.entries, FRAME_BYTES_MAX - 64);
    pack_init(&job.frame, FRAME_BYTES_MAX);
    sessions_each(sessions, push_to, &job);
    pack_free(&job.entries);
    pack_free(&job.frame);
}
