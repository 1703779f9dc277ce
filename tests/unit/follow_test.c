/* follow_test.c - promise P3: whoever follows the journal, by pushes or by resuming, has exactly what he may see.
 *
 * Random histories of many operators. After every commit each connected client's copy is compared with what the
 * tables grant; in the end every client resumes from every position it ever stood at, and must come to the same.
 * Real sessions and pages (server/session.c, catchup.c), real models (client/core/model.c), no network between. */
#include "client/core/model.h"
#include "server/session.h"
#include "tests/lib/fake_cache.h"
#include "tests/lib/fake_net.h"
#include "tests/lib/history.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FOLLOWERS = 13, POSITIONS_MAX = 400, COMMITS = 110, OUTCOMES_MAX = 4 };

static const char *const logins[FOLLOWERS] = {"XMB", "FGW",  "JSJ",  "JCJ",   "LD",  "YY", "HRX",
                                              "PJX", "OWN1", "CON1", "HRX-L", "ADM", "XMB"};

struct follower {
    uint64_t device;
    peer_t peer;
    uint32_t scope;
    struct model model;
    /* what it knew earlier, at each position, in its present scope */
    unsigned count;
    struct memory *known[POSITIONS_MAX];
    uint64_t positions[POSITIONS_MAX];
};

static struct world world;
static struct net net;
static struct sessions sessions;
static struct follower followers[FOLLOWERS];
static struct arena arena;

/* ---- a client ---- */

static void apply(struct follower *follower, const struct wire_change *change)
{
    enum err err = model_apply(&follower->model, change, &arena);
    if (err != OK)
        fail_msg("%s: a difference to %s %llu, which is not there", logins[follower - followers],
                 kind_row(change->record.kind)->name, (unsigned long long)change->record.id);
}

static void take_push(struct follower *follower, const struct push *push)
{
    /* else it would have to ask again, though nothing is missing */
    assert_int_equal(push->after, follower->model.position);
    for (unsigned i = 0; i < push->count; i++) {
        assert_true(push->entries[i].number > follower->model.position);
        for (unsigned j = 0; j < push->entries[i].count; j++)
            apply(follower, &push->entries[i].changes[j]);
        assert_int_equal(model_settle(&follower->model, push->entries[i].number, push->entries[i].time), OK);
    }
}

/* Takes what was sent; true when the last of it was a page that says there is more. */
static bool take_frames(struct follower *follower)
{
    bool more = false;
    for (struct fake_frame *sent; (sent = fake_net_take(&net, follower->peer)) != NULL; free(sent)) {
        struct frame frame;
        struct refusal why;
        if (frame_read(sent->bytes, sent->count, false, &arena, &frame, &why) != OK) fail_msg("frame: %s", why.text);
        if (frame.type == FRAME_PUSH)
            take_push(follower, &frame.as.push);
        else {
            assert_int_equal(frame.type, FRAME_PAGE);
            for (unsigned i = 0; i < frame.as.page.count; i++)
                apply(follower, &frame.as.page.changes[i]);
            if (frame.as.page.upto != 0)
                assert_int_equal(model_settle(&follower->model, frame.as.page.upto, world.now), OK);
            more = frame.as.page.more;
        }
        arena_reuse(&arena);
    }
    return more;
}

/* Fetches pages until there are no more; returns how many. */
static unsigned take_pages(struct follower *follower, struct session *session)
{
    unsigned pages = 0;
    for (bool more = true; more; pages++) {
        assert_true(pages < 1000);
        assert_int_equal(session_page(session, &net, &world.memory.space, world.head.number, &arena), OK);
        arena_reuse(&arena);
        more = take_frames(follower);
    }
    assert_int_equal(session->mode, SESSION_LIVE);
    assert_int_equal(session->position, world.head.number);
    assert_int_equal(follower->model.position, world.head.number);
    assert_null(follower->model.fresh);
    return pages;
}

static struct session *open_session(const struct follower *follower)
{
    struct session *session = session_open(&sessions, follower->peer);
    assert_non_null(session);
    if (actor_load(&world.memory.space, follower->device, &arena, &session->actor) != OK) return NULL;
    session->scope = scope_of(&session->actor);
    session->target = world.head.number;
    return session;
}

/* As when the daemon says: your view has changed, begin anew. */
static void start_afresh(struct follower *follower)
{
    struct session *session = open_session(follower);
    assert_non_null(session);
    session->mode = SESSION_SNAPSHOT;
    follower->scope = session->scope;
    assert_int_equal(model_begin_afresh(&follower->model), OK);
    take_pages(follower, session);
    for (unsigned i = 0; i < follower->count; i++) {
        memory_free(follower->known[i]);
        free(follower->known[i]);
    }
    follower->count = 0;
}

/* As when a client comes back that has everything up to `position`. */
static unsigned resume(struct follower *follower, uint64_t position)
{
    struct session *session = open_session(follower);
    assert_non_null(session);
    session->position = position;
    session->mode = SESSION_RESUMING;
    if (!session_missed(&world.memory.space, session)) { /* the welcome says: you have everything */
        session->mode = SESSION_LIVE;
        session->position = world.head.number;
        assert_int_equal(model_settle(&follower->model, world.head.number, world.now), OK);
        return 0;
    }
    return take_pages(follower, session);
}

/* ---- what it should have ---- */

static unsigned expect_record(const struct follower *follower, const struct actor *actor, const struct record *record)
{
    struct record have;
    const struct space *space = model_space(&follower->model);
    const char *who = logins[follower - followers], *kind = kind_row(record->kind)->name;
    enum see_level level = may_see(&world.memory.space, record, actor, &arena);
    enum err err = state_get(space, record->kind, record->id, &arena, &have);
    if ((err == OK) != (level >= SEE_LIST))
        fail_msg("%s %s %s %llu", who, err == OK ? "still has" : "misses", kind, (unsigned long long)record->id);
    if (err != OK) return 0;
    uint64_t mask = level_mask(record, level);
    for (unsigned i = 0; i < field_count(record->kind); i++) {
        const struct field *field = field_row(record->kind, i);
        bool same = mask & FIELD_BIT(i) ? value_equal(field, &record->values[i], &have.values[i]) : !rec_has(&have, i);
        if (!same) fail_msg("%s: %s %llu %s", who, kind, (unsigned long long)record->id, field->name);
    }
    /* whoever acts on it names the version that it read */
    if (level == SEE_FULL && have.version != record->version)
        fail_msg("%s: %s %llu version %llu, not %llu", who, kind, (unsigned long long)record->id,
                 (unsigned long long)have.version, (unsigned long long)record->version);
    return 1;
}

static void expect_view(const struct follower *follower)
{
    struct actor actor;
    unsigned seen = 0, had = 0;
    assert_int_equal(actor_load(&world.memory.space, follower->device, &arena, &actor), OK);
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        for (uint64_t id = 0; (id = state_next_id(&world.memory.space, kind->wire, id)) > 0;) {
            struct record record;
            assert_int_equal(state_get(&world.memory.space, kind->wire, id, &arena, &record), OK);
            seen += expect_record(follower, &actor, &record);
            arena_reuse(&arena);
        }
        for (uint64_t id = 0; (id = state_next_id(model_space(&follower->model), kind->wire, id)) > 0;)
            had++;
    }
    assert_int_equal(had, seen); /* and nothing else */
}

static void same_records(const struct space *a, const struct space *b)
{
    struct key key_a = {.used = 0}, key_b = {.used = 0};
    struct text value_a, value_b;
    for (;;) {
        enum err err_a = a->seek(a->self, TABLE_RECORD, &key_a, &value_a),
                 err_b = b->seek(b->self, TABLE_RECORD, &key_b, &value_b);
        assert_int_equal(err_a, err_b);
        if (err_a != OK) return;
        assert_int_equal(key_a.used, key_b.used);
        assert_memory_equal(key_a.bytes, key_b.bytes, key_a.used);
        key_after(&key_a);
        key_after(&key_b);
    }
}

/* ---- histories ---- */

static struct memory *copy_of(const struct space *space)
{
    struct memory *copy = malloc(sizeof *copy);
    assert_non_null(copy);
    memory_init(copy);
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (uint64_t id = 0; (id = state_next_id(space, kind->wire, id)) > 0;) {
            struct record record, empty = record_make(kind->wire, id);
            assert_int_equal(state_get(space, kind->wire, id, &arena, &record), OK);
            assert_int_equal(state_put(&copy->space, &empty, &record), OK);
            arena_reuse(&arena);
        }
    return copy;
}

static void remember(struct follower *follower)
{
    if (follower->count == POSITIONS_MAX) return;
    if (follower->count > 0 && follower->positions[follower->count - 1] == follower->model.position) return;
    follower->known[follower->count] = copy_of(model_space(&follower->model));
    follower->positions[follower->count++] = follower->model.position;
}

/* Sessions whose operator's view has changed are told to begin anew, before anything else is pushed. */
static void recheck(void)
{
    for (unsigned i = 0; i < FOLLOWERS; i++) {
        struct actor actor;
        assert_int_equal(actor_load(&world.memory.space, followers[i].device, &arena, &actor), OK);
        if (scope_of(&actor) != followers[i].scope) session_close(&sessions, followers[i].peer);
    }
}

/* Some acts in one commit; what follows for everybody. */
static unsigned commit(struct rng *rng)
{
    struct outcome outcomes[OUTCOMES_MAX];
    unsigned count = 0;
    uint64_t wanted = 1 + rng_below(rng, OUTCOMES_MAX);
    for (unsigned tries = 0; count < wanted && tries < 40; tries++)
        if (history_act(&world, rng) == OK) outcomes[count++] = world.outcome;
    recheck();
    sessions_push(&sessions, &net, outcomes, count, &arena);
    arena_reuse(&arena);
    for (unsigned i = 0; i < FOLLOWERS; i++) {
        struct follower *follower = &followers[i];
        if (session_find(&sessions, follower->peer) == NULL) start_afresh(follower);
        assert_false(take_frames(follower));
    }
    return count;
}

static int setup(void **state)
{
    (void)state;
    world_init(&world);
    history_prepare(&world);
    arena_init(&arena, 256 << 20);
    fake_net_init(&net);
    sessions_init(&sessions);
    memset(followers, 0, sizeof followers);
    for (unsigned i = 0; i < FOLLOWERS; i++) {
        followers[i].device = world_actor(&world, logins[i]).device;
        followers[i].peer = i + 1;
        if (model_open(&followers[i].model, fake_cache_new(false), followers[i].device) != OK) return -1;
        start_afresh(&followers[i]);
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (unsigned i = 0; i < FOLLOWERS; i++) {
        for (unsigned j = 0; j < followers[i].count; j++) {
            memory_free(followers[i].known[j]);
            free(followers[i].known[j]);
        }
        cache_close(followers[i].model.cache);
        model_close(&followers[i].model);
    }
    sessions_free(&sessions);
    fake_net_free(&net);
    arena_clear(&arena);
    world_free(&world);
    return 0;
}

static void following_live_shows_what_may_be_seen(uint64_t seed)
{
    struct rng rng = rng_make(seed);
    unsigned entries = 0;
    for (int i = 0; i < COMMITS; i++) {
        entries += commit(&rng);
        for (unsigned j = 0; j < FOLLOWERS; j++) {
            expect_view(&followers[j]);
            remember(&followers[j]);
        }
    }
    assert_true(entries > COMMITS);
}

/* Every operator comes back from every position it knew. */
static void resuming_from_anywhere_comes_to_the_same(unsigned *paged)
{
    unsigned resumed = 0;
    for (unsigned i = 0; i < FOLLOWERS; i++) {
        struct follower *follower = &followers[i];
        assert_int_equal(model_begin_afresh(&follower->model), OK);
        struct session *session = open_session(follower);
        session->mode = SESSION_SNAPSHOT;
        take_pages(follower, session);
        expect_view(follower);
        struct memory *snapshot = copy_of(model_space(&follower->model));
        for (unsigned j = 0; j < follower->count; j++) {
            memory_free(follower->model.memory);
            free(follower->model.memory);
            follower->model.memory = follower->known[j];
            follower->known[j] = NULL;
            follower->model.position = follower->positions[j];
            *paged += resume(follower, follower->positions[j]) > 1;
            expect_view(follower);
            same_records(&snapshot->space, model_space(&follower->model));
            resumed++;
        }
        follower->count = 0;
        memory_free(snapshot);
        free(snapshot);
    }
    assert_true(resumed > FOLLOWERS * 10);
}

static void whoever_follows_or_resumes_has_what_he_may_see(void **state)
{
    unsigned paged = 0;
    (void)state;
    following_live_shows_what_may_be_seen(60);
    resuming_from_anywhere_comes_to_the_same(&paged);
    if (getenv("TEST_SEED") == NULL) assert_true(paged > 10); /* rounds of several pages are among them */
}

static void and_again_with_another_history(void **state)
{
    unsigned paged = 0;
    (void)state;
    following_live_shows_what_may_be_seen(61);
    resuming_from_anywhere_comes_to_the_same(&paged);
}

/* Entries are made while pages are on their way, and pages are refused now and then. */
static void pages_may_be_interrupted_at_will(void **state)
{
    struct rng rng = rng_make(62);
    (void)state;
    for (int round = 0; round < 60; round++) {
        struct follower *follower = &followers[rng_below(&rng, FOLLOWERS)];
        uint64_t position = follower->model.position;
        session_close(&sessions, follower->peer);
        for (uint64_t n = rng_below(&rng, 6); n > 0; n--) /* away for a while */
            while (history_act(&world, &rng) != OK)
                continue;
        struct session *session = open_session(follower);
        bool anew = session->scope != follower->scope || rng_once_in(&rng, 3);
        follower->scope = session->scope;
        session->mode = anew ? SESSION_SNAPSHOT : SESSION_RESUMING;
        session->position = anew ? 0 : position;
        if (anew) assert_int_equal(model_begin_afresh(&follower->model), OK);
        for (unsigned pages = 0; session->mode != SESSION_LIVE; pages++) {
            assert_true(pages < 500);
            net.peers[follower->peer].err = rng_once_in(&rng, 4) ? ERR_BUSY : OK;
            enum err err = session_page(session, &net, &world.memory.space, world.head.number, &arena);
            assert_int_equal(err, net.peers[follower->peer].err);
            assert_int_equal(session->stalled, err == ERR_BUSY);
            arena_reuse(&arena);
            take_frames(follower);
            struct actor actor;
            if (session->mode != SESSION_LIVE && rng_once_in(&rng, 2)) (void)history_act(&world, &rng);
            assert_int_equal(actor_load(&world.memory.space, follower->device, &arena, &actor), OK);
            if (scope_of(&actor) == follower->scope) continue;
            session = open_session(follower); /* greeted again, as another */
            follower->scope = session->scope;
            session->mode = SESSION_SNAPSHOT;
            assert_int_equal(model_begin_afresh(&follower->model), OK);
        }
        net.peers[follower->peer].err = OK;
        assert_int_equal(follower->model.position, world.head.number);
        expect_view(follower);
    }
    recheck();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(whoever_follows_or_resumes_has_what_he_may_see),
        TEST(and_again_with_another_history),
        TEST(pages_may_be_interrupted_at_will),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
