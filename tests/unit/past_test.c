/* past_test.c - the registry as it stood is what it was: whatever was kept while a history happened, the fold of its
 * journal gives again, and everybody reads of it what could be read then.
 *
 * Random histories of many operators. Real folding, pages and threads (server/past.c, as_of.c) over a real store, no
 * network between. */
#include "server/as_of.h"
#include "tests/lib/disk.h"
#include "tests/lib/fake_net.h"
#include "tests/lib/history.h"
#include "tests/lib/unit.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { ACTS = 1200, KEPT = 9, REST_MS = 30000 };

static const char *const logins[] = {"XMB", "FGW", "JSJ", "JCJ", "LD", "HRX", "PJX", "OWN1", "CON1", "ADM"};
enum { READERS = sizeof logins / sizeof *logins };

static struct world world;
static struct arena arena;
static char directory[SCRATCH_PATH_MAX];
static struct serve serve;
static struct net net;

/* The state as it was while the history happened. */
static struct kept {
    uint64_t number;
    struct memory memory;
} kept[KEPT];

/* ---- a history, and what was kept of it ---- */

static const enum table tables[] = {TABLE_RECORD, TABLE_INDEX, TABLE_CLOCK};
enum { TABLES = sizeof tables / sizeof *tables };

static void keep(struct kept *here)
{
    here->number = world.head.number;
    memory_init(&here->memory);
    for (unsigned i = 0; i < TABLES; i++) {
        struct key key = {.used = 0};
        struct text value;
        for (; world.memory.space.seek(&world.memory, tables[i], &key, &value) == OK; key_after(&key))
            assert_int_equal(here->memory.space.put(&here->memory, tables[i], &key, value), OK);
    }
}

static void expect_same(const struct memory *memory, const struct memory *wanted)
{
    for (unsigned i = 0; i < TABLES; i++) {
        struct key a = {.used = 0}, b = {.used = 0};
        struct text have, want;
        for (;;) {
            enum err err = wanted->space.seek(wanted->space.self, tables[i], &b, &want);
            assert_int_equal(memory->space.seek(memory->space.self, tables[i], &a, &have), err);
            if (err != OK) break;
            assert_int_equal(a.used, b.used);
            assert_memory_equal(a.bytes, b.bytes, a.used);
            assert_true(text_equal(have, want));
            key_after(&a);
            key_after(&b);
        }
    }
}

/* The world's journal and state, in a store of its own. */
static void open_store(void)
{
    struct store_options options = {.map_bytes = 64 << 20, .scratch = true};
    struct txn *txn;
    scratch_make(directory);
    assert_int_equal(store_open(directory, &options, &serve.store, NULL), OK);
    assert_int_equal(store_begin(serve.store, true, &txn), OK);
    for (uint64_t number = 1; number <= world.head.number; number++, arena_reuse(&arena)) {
        struct entry entry;
        struct text bytes;
        struct outcome outcome;
        assert_int_equal(journal_read(&world.memory.space, number, &arena, &entry, &bytes), OK);
        assert_int_equal(journal_append(txn_space(txn), number, bytes), OK);
        assert_int_equal(fold_entry(txn_space(txn), &entry, &arena, &outcome), OK);
    }
    assert_int_equal(txn_commit(&txn), OK);
}

static int setup(void **state)
{
    struct rng rng = rng_make(336);
    (void)state;
    arena_init(&arena, 64 << 20);
    world_init(&world);
    history_prepare(&world);
    for (unsigned i = 0, taken = 0; i < ACTS && taken < KEPT; i++) {
        history_act(&world, &rng);
        if (i >= taken * ACTS / KEPT) keep(&kept[taken++]);
    }
    fake_net_init(&net);
    open_store();
    struct record registry = world_get(&world, KIND_registry, 1);
    assert_int_equal(journal_head(&world.memory.space, &serve.engine.head), OK);
    serve.engine.identity = world.server;
    memcpy(serve.engine.registry, world.registry, REGISTRY_ID_BYTES);
    serve.net = &net;
    clock_init(&serve.clock, &registry);
    arena_init(&serve.arena, 64 << 20);
    sessions_init(&serve.sessions);
    past_init(&serve.past, serve.store);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    as_of_close(&serve);
    sessions_free(&serve.sessions);
    arena_clear(&serve.arena);
    store_close(serve.store);
    scratch_remove(directory);
    fake_net_free(&net);
    for (unsigned i = 0; i < KEPT; i++)
        memory_free(&kept[i].memory);
    world_free(&world);
    arena_clear(&arena);
    return 0;
}

/* ---- folding ---- */

static void what_is_folded_is_what_was(void **state)
{
    struct memory onward;
    uint64_t at = 0;
    (void)state;
    memory_init(&onward);
    for (unsigned i = 0; i < KEPT; i++) {
        struct memory anew;
        uint64_t number = 0;
        memory_init(&anew);
        assert_int_equal(past_fold(&world.memory.space, &anew, &number, kept[i].number), OK);
        assert_int_equal(past_fold(&world.memory.space, &onward, &at, kept[i].number), OK);
        assert_true(number == kept[i].number && at == number);
        expect_same(&anew, &kept[i].memory);
        expect_same(&onward, &kept[i].memory);
        memory_free(&anew);
    }
    assert_int_equal(past_fold(&world.memory.space, &onward, &at, world.head.number + 1), ERR_DAMAGED);
    memory_free(&onward);
}

static void a_moment_means_the_last_entry_until_then(void **state)
{
    const struct space *space = &world.memory.space;
    uint64_t last = 0, found;
    struct entry entry;
    (void)state;
    for (uint64_t number = 1; number <= world.head.number; number++, arena_reuse(&arena)) {
        assert_int_equal(journal_read(space, number, &arena, &entry, NULL), OK);
        stamp_t before = {entry.time.s - 1};
        assert_int_equal(past_entry_at(space, world.head.number, before, &found), OK);
        assert_true(found < number);
        if (found == number - 1) last = found; /* the first of its second */
        assert_int_equal(found, last);
        assert_int_equal(past_entry_at(space, world.head.number, entry.time, &found), OK);
        assert_true(found >= number);
    }
    assert_int_equal(found, world.head.number);
}

/* ---- reading, as a client does ---- */

static void await_rest(void)
{
    struct pollfd wake = {serve.past.wake, POLLIN, 0};
    assert_int_equal(poll(&wake, 1, REST_MS), 1);
    as_of_tend(&serve);
}

static struct session *sign_in(unsigned reader)
{
    struct session *session = session_open(&serve.sessions, reader + 1);
    assert_non_null(session);
    session->actor = world_actor(&world, logins[reader]);
    session->mode = SESSION_LIVE;
    return session;
}

/* The answer to one query. Good until the next one. */
static const struct result *answer(struct session *session, const struct query *query)
{
    static struct frame frame;
    struct txn *txn;
    assert_int_equal(store_begin(serve.store, false, &txn), OK);
    as_of_ask(&serve, session, query, txn_space(txn));
    txn_abort(&txn);
    arena_reuse(&serve.arena);
    struct fake_frame *sent = fake_net_take(&net, session->peer);
    if (sent == NULL) {
        await_rest();
        sent = fake_net_take(&net, session->peer);
    }
    assert_non_null(sent);
    const char *bytes = arena_copy(&arena, sent->bytes, sent->count);
    assert_int_equal(frame_read(bytes, sent->count, false, &arena, &frame, NULL), OK);
    free(sent);
    return &frame.as.result;
}

/* The same, asked again while the registry is being put together. */
static const struct result *answer_in_the_end(struct session *session, const struct query *query)
{
    const struct result *result = answer(session, query);
    while (result->err == ERR_PAST_BUSY && serve.past.running) {
        await_rest();
        result = answer(session, query);
    }
    return result;
}

/* What a reader has got. */
struct reading {
    const struct memory *base; /* NULL: nothing */
    const struct memory *then;
    const struct actor *actor;
    struct memory memory;
    unsigned same; /* records that were as in the base */
    bool lacks;    /* one of them was not there: it could not be seen as of the base, and did not change */
};

static void put_record(struct reading *reading, const struct record *record, enum see_level level)
{
    struct record none = record_make(record->kind, record->id), there;
    assert_int_equal(level, may_see(&reading->then->space, record, reading->actor, &arena));
    assert_int_equal(state_get(&reading->memory.space, none.kind, none.id, &arena, &there), ERR_NOT_FOUND);
    assert_int_equal(state_put(&reading->memory.space, &none, record), OK);
}

static void take_page(struct reading *reading, const struct as_of *page)
{
    for (unsigned i = 0; i < page->count; i++) {
        const struct wire_change *change = &page->changes[i];
        struct record record;
        if (change->op == OP_WHOLE) put_record(reading, &change->record, change->level);
        for (uint32_t j = 0; change->op == OP_SAME && j < change->count; j++) {
            assert_non_null(reading->base);
            enum err err =
                state_get(&reading->base->space, change->record.kind, change->record.id + j, &arena, &record);
            if (err == OK) put_record(reading, &record, change->level);
            reading->lacks = reading->lacks || err != OK;
            reading->same++;
        }
    }
}

/* All pages, on top of what the reader has. */
static void read_all(struct session *session, const struct kept *then, int64_t base_number, const struct memory *base,
                     struct reading *reading)
{
    struct query query = {.tag = 1, .what = QUERY_AS_OF, .before = then->number, .base = base_number};
    *reading = (struct reading){.base = base, .then = &then->memory, .actor = &session->actor};
    memory_init(&reading->memory);
    for (bool more = true; more; query.next = true) {
        const struct result *result = answer_in_the_end(session, &query);
        assert_int_equal(result->err, OK);
        assert_int_equal(result->as_of->number, then->number);
        assert_true(head_verify(serve.engine.identity.sign_public, serve.engine.registry, then->number,
                                result->as_of->hash, result->as_of->moment, result->as_of->signature));
        take_page(reading, result->as_of);
        more = result->more;
        arena_reuse(&arena);
    }
}

/* Has the reader each record that it could see then, as it was, and no other? */
static void expect_granted(const struct memory *memory, const struct memory *then, const struct actor *actor)
{
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        for (uint64_t id = 0; (id = state_next_id(&then->space, kind->wire, id)) > 0; arena_reuse(&arena)) {
            struct record was, is;
            assert_int_equal(state_get(&then->space, kind->wire, id, &arena, &was), OK);
            bool seen = may_see(&then->space, &was, actor, &arena) != SEE_NOTHING;
            assert_int_equal(state_get(&memory->space, kind->wire, id, &arena, &is), seen ? OK : ERR_NOT_FOUND);
            if (!seen) continue;
            assert_int_equal(is.version, was.version);
            assert_int_equal(record_diff(&is, &was), 0);
        }
        assert_int_equal(state_last_id(&memory->space, kind->wire) <= state_last_id(&then->space, kind->wire), true);
    }
}

static void everybody_reads_what_could_be_read_then(void **state)
{
    struct rng rng = rng_make(337);
    unsigned same = 0;
    (void)state;
    for (unsigned i = 0; i < READERS; i++) {
        struct session *session = sign_in(i);
        for (unsigned round = 0; round < 3; round++) {
            const struct kept *then = &kept[rng_below(&rng, KEPT)];
            struct reading whole, less;
            read_all(session, then, BASE_NOTHING, NULL, &whole);
            expect_granted(&whole.memory, &then->memory, &session->actor);
            read_all(session, then, BASE_PRESENT, &world.memory, &less);
            assert_false(less.lacks);
            expect_same(&less.memory, &whole.memory);
            same += less.same;
            memory_free(&less.memory);
            memory_free(&whole.memory);
        }
    }
    if (same < 500) fail_msg("only %u records did not travel", same);
}

/* From day to day only what differs travels, back and on. */
static void what_the_reader_has_of_another_moment_does_not_travel(void **state)
{
    unsigned lacking = 0;
    (void)state;
    for (unsigned i = 0; i < READERS; i++) {
        struct session *session = sign_in(i);
        struct reading first, second, back;
        read_all(session, &kept[5], BASE_NOTHING, NULL, &first);
        read_all(session, &kept[6], (int64_t)kept[5].number, &first.memory, &second);
        if (second.same < 50) fail_msg("only %u records did not travel to %s", second.same, logins[i]);
        if (!second.lacks) expect_granted(&second.memory, &kept[6].memory, &session->actor);
        read_all(session, &kept[5], (int64_t)kept[6].number, &second.memory, &back);
        if (!second.lacks && !back.lacks) expect_same(&back.memory, &first.memory);
        lacking += second.lacks || back.lacks;
        memory_free(&first.memory);
        memory_free(&second.memory);
        memory_free(&back.memory);
    }
    assert_true(lacking < READERS / 2); /* those ask for all of it: see the client */
}

static void what_is_no_moment_of_the_registry_is_refused(void **state)
{
    struct session *session = sign_in(0), *other = sign_in(5);
    struct query query = {.what = QUERY_AS_OF, .before = world.head.number + 1};
    (void)state;
    assert_int_equal(answer(session, &query)->err, ERR_NOT_YET);
    query.before = 0;
    assert_int_equal(answer(session, &query)->err, ERR_BEFORE_FIRST);
    query.moment = day_start(day_make(2009, 1, 1));
    assert_int_equal(answer(session, &query)->err, ERR_BEFORE_FIRST);
    query.moment = clock_now(&serve.clock);
    query.moment.s += 5;
    assert_int_equal(answer(session, &query)->err, ERR_NOT_YET);
    query = (struct query){.what = QUERY_AS_OF, .before = 9, .next = true}; /* of which it had no first page */
    assert_int_equal(answer(session, &query)->err, ERR_CONFLICT);
    query.next = false;
    assert_int_equal(answer_in_the_end(session, &query)->err, OK);
    query.next = true;
    assert_int_equal(answer(other, &query)->err, ERR_CONFLICT); /* somebody else's place */
}

static void a_reader_who_left_is_not_answered(void **state)
{
    struct query query = {.what = QUERY_AS_OF, .before = 20};
    struct session *session = sign_in(1);
    struct txn *txn;
    (void)state;
    answer_in_the_end(session, &query);
    assert_int_equal(store_begin(serve.store, false, &txn), OK);
    as_of_ask(&serve, session, &query, txn_space(txn));
    txn_abort(&txn);
    session_close(&serve.sessions, 2);
    await_rest();
    assert_null(fake_net_take(&net, 2));
}

/* ---- one at a time ---- */

static void rest(struct past *past)
{
    struct pollfd wake = {past->wake, POLLIN, 0};
    assert_int_equal(poll(&wake, 1, REST_MS), 1);
    assert_true(past_rests(past));
}

static void another_moment_waits_for_the_reader_at_work(void **state)
{
    struct past past;
    (void)state;
    past_init(&past, serve.store);
    assert_int_equal(past_want(&past, 40, 1, 0), ERR_PAST_BUSY);
    rest(&past);
    assert_int_equal(past_want(&past, 40, 1, 10), OK);
    assert_int_equal(past_want(&past, 40, 2, 20), OK); /* two can read the same */
    assert_int_equal(past_want(&past, 30, 3, 30), ERR_PAST_BUSY);
    assert_false(past.running);
    past_leave(&past, 2);
    assert_int_equal(past_want(&past, 30, 3, 40), ERR_PAST_BUSY);
    rest(&past);
    assert_int_equal(past_want(&past, 30, 3, 50), OK);
    assert_int_equal(past_want(&past, 50, 1, 50 + PAST_READER_MS - 1), ERR_PAST_BUSY);
    assert_false(past.running);
    assert_int_equal(past_want(&past, 50, 1, 50 + PAST_READER_MS), ERR_PAST_BUSY); /* 3 went away in the middle */
    rest(&past);
    assert_int_equal(past_want(&past, 50, 1, 30000), OK);
    past_tend(&past, 30000 + PAST_UNUSED_MS - 1);
    assert_int_equal(past.number, 50);
    past_tend(&past, 30000 + PAST_UNUSED_MS);
    rest(&past);
    assert_int_equal(past.number, 0);
    assert_null(past.memory.roots[TABLE_RECORD]);
    past_close(&past);
}

static void a_registry_too_large_is_refused_and_leaves_nothing(void **state)
{
    struct past past;
    (void)state;
    past_init(&past, serve.store);
    past.bytes_max = 10000;
    assert_int_equal(past_want(&past, world.head.number, 1, 0), ERR_PAST_BUSY);
    rest(&past);
    assert_int_equal(past_want(&past, world.head.number, 1, 0), ERR_LIMIT);
    assert_int_equal(past.memory.bytes, 0);
    past.bytes_max = PAST_BYTES_MAX;
    assert_int_equal(past_want(&past, world.head.number, 1, 0), ERR_PAST_BUSY); /* it is tried again */
    rest(&past);
    assert_int_equal(past_want(&past, world.head.number, 1, 0), OK);
    expect_same(&past.memory, &world.memory);
    past_close(&past);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_folded_is_what_was),
        cmocka_unit_test(a_moment_means_the_last_entry_until_then),
        cmocka_unit_test(everybody_reads_what_could_be_read_then),
        cmocka_unit_test(what_the_reader_has_of_another_moment_does_not_travel),
        cmocka_unit_test(what_is_no_moment_of_the_registry_is_refused),
        cmocka_unit_test(a_reader_who_left_is_not_answered),
        cmocka_unit_test(another_moment_waits_for_the_reader_at_work),
        cmocka_unit_test(a_registry_too_large_is_refused_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
