/* push_test.c - who is told what when a record changes: newcomers all of it, leavers that it is gone, others what
 * differs, and strangers nothing. One frame for a commit; who takes nothing falls behind and nobody waits for him. */
#include "server/session.h"
#include "tests/lib/fake_net.h"
#include "tests/lib/unit.h"
#include "tests/lib/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PEERS = 12, BATCH = 8 };

static const char *const logins[PEERS] = {"XMB", "FGW", "JSJ",  "JCJ",  "LD",    "YY",
                                          "HRX", "PJX", "OWN1", "CON1", "HRX-L", "ADM"};

static struct world world;
static struct net net;
static struct sessions sessions;
static struct arena arena;

static peer_t peer_of(const char *login)
{
    for (peer_t i = 0; i < PEERS; i++)
        if (strcmp(logins[i], login) == 0) return i + 1;
    abort();
}

static int setup(void **state)
{
    (void)state;
    world_init(&world);
    arena_init(&arena, 64 << 20);
    fake_net_init(&net);
    sessions_init(&sessions);
    for (unsigned i = 0; i < PEERS; i++) {
        struct session *session = session_open(&sessions, i + 1);
        if (session == NULL) return -1;
        session->actor = world_actor(&world, logins[i]);
        session->mode = SESSION_LIVE;
        session->position = world.head.number;
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    sessions_free(&sessions);
    fake_net_free(&net);
    arena_clear(&arena);
    world_free(&world);
    return 0;
}

static void push(const struct outcome *outcomes, unsigned count)
{
    sessions_push(&sessions, &net, outcomes, count, &arena);
}

static const char *number(uint64_t id)
{
    char *text = arena_get(&world.arena, 24);
    snprintf(text, 24, "%llu", (unsigned long long)id);
    return text;
}

/* The push that a peer got, in the test's arena; NULL: nothing was sent. */
static const struct push *pushed(const char *login)
{
    struct frame *frame = arena_get(&arena, sizeof *frame);
    struct fake_frame *sent = fake_net_take(&net, peer_of(login));
    if (sent == NULL) return NULL;
    const char *bytes = arena_copy(&arena, sent->bytes, sent->count);
    assert_int_equal(frame_read(bytes, sent->count, false, &arena, frame, NULL), OK);
    assert_int_equal(frame->type, FRAME_PUSH);
    assert_null(fake_net_take(&net, peer_of(login))); /* one frame for a commit */
    free(sent);
    return &frame->as.push;
}

/* What the only entry of a peer's push says of a record; NULL: nothing. */
static const struct wire_change *told(const struct push *push, unsigned kind, uint64_t id)
{
    if (push == NULL) return NULL;
    assert_int_equal(push->count, 1);
    for (unsigned i = 0; i < push->entries[0].count; i++)
        if (push->entries[0].changes[i].record.kind == kind && push->entries[0].changes[i].record.id == id)
            return &push->entries[0].changes[i];
    return NULL;
}

static void expect(const char *login, const struct push *push, unsigned kind, uint64_t id, enum change_op op,
                   uint64_t has, uint64_t not )
{
    const struct wire_change *change = told(push, kind, id);
    if (change == NULL) fail_msg("%s is told nothing of %s %llu", login, kind_row(kind)->name, (unsigned long long)id);
    if (change->op != op) fail_msg("%s: op %d", login, change->op);
    if ((change->mask & has) != has || (change->mask & not ) != 0)
        fail_msg("%s: fields %llx", login, (unsigned long long)change->mask);
}

static uint64_t submit(const char *month)
{
    assert_int_equal(world_do(&world, "HRX", "report", "submit", 0, "project", "1", "month", month, "invested", "120",
                              "cumulative", "920", "progress", "主体", "difficulties", "无", "next", "封顶", "explain",
                              "核对过", NULL),
                     OK);
    return world.id;
}

static const uint64_t list_fields = FIELD_BIT(report_project) | FIELD_BIT(report_invested),
                      full_fields = FIELD_BIT(report_progress);

static void a_draft_is_nobody_elses_business(void **state)
{
    (void)state;
    assert_int_equal(
        world_do(&world, "HRX", "report", "save", 0, "project", "1", "month", "2009-09", "invested", "5", NULL), OK);
    push(&world.outcome, 1);
    for (unsigned i = 0; i < PEERS; i++) {
        bool own = strncmp(logins[i], "HRX", 3) == 0;
        assert_int_equal(pushed(logins[i]) != NULL, own);
        assert_int_equal(net.peers[i + 1].frames, own); /* no frame at all: not even that something happened */
    }
}

static void a_submitted_report_reaches_those_who_handle_it(void **state)
{
    static const struct {
        const char *login;
        enum see_level level;
    } readers[] = {{"XMB", SEE_FULL},    {"JSJ", SEE_FULL},     {"HRX", SEE_FULL},    {"HRX-L", SEE_FULL},
                   {"JCJ", SEE_LIST},    {"LD", SEE_LIST},      {"FGW", SEE_NOTHING}, {"YY", SEE_NOTHING},
                   {"PJX", SEE_NOTHING}, {"OWN1", SEE_NOTHING}, {"CON1", SEE_NOTHING}};
    (void)state;
    uint64_t id = submit("2009-09");
    push(&world.outcome, 1);
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        const struct push *push = pushed(readers[i].login);
        if (readers[i].level == SEE_NOTHING)
            assert_null(push);
        else
            expect(readers[i].login, push, KIND_report, id, OP_WHOLE,
                   list_fields | (readers[i].level == SEE_FULL ? full_fields : 0),
                   readers[i].level == SEE_FULL ? 0 : full_fields);
    }
}

/* Accepted: everybody may list it. Newcomers get it whole, the others what differs. */
static void newcomers_get_the_whole_and_others_the_difference(void **state)
{
    (void)state;
    uint64_t id = submit("2009-09");
    world_wait(&world, 1, 0, 0);
    assert_int_equal(world_do(&world, "XMB", "report", "accept", id, NULL), OK);
    push(&world.outcome, 1);
    uint64_t changed = FIELD_BIT(F_STATE) | FIELD_BIT(F_SINCE);
    expect("XMB", pushed("XMB"), KIND_report, id, OP_DIFF, changed, full_fields | list_fields);
    expect("HRX", pushed("HRX"), KIND_report, id, OP_DIFF, changed, full_fields | list_fields);
    expect("JCJ", pushed("JCJ"), KIND_report, id, OP_DIFF, changed, full_fields | list_fields);
    const struct push *push = pushed("PJX");
    expect("PJX", push, KIND_report, id, OP_WHOLE, list_fields | changed, full_fields);
    /* the project's figure in everybody's list */
    expect("PJX", push, KIND_project, 1, OP_DIFF, FIELD_BIT(project_invested), 0);
    expect("OWN1", pushed("OWN1"), KIND_report, id, OP_WHOLE, list_fields, full_fields);
    /* who did what to which record */
    assert_int_equal(push->entries[0].unit, world_unit(&world, "XMB"));
    assert_int_equal(push->entries[0].kind, KIND_report);
    assert_int_equal(push->entries[0].action, ACT_report_accept);
    assert_int_equal(push->entries[0].number, world.head.number);
}

/* Corrected and accepted anew: the old one goes back to being fetched on demand alone. */
static void leavers_are_told_that_it_is_gone(void **state)
{
    (void)state;
    uint64_t old = submit("2009-09");
    assert_int_equal(world_do(&world, "XMB", "report", "accept", old, NULL), OK);
    assert_int_equal(world_do(&world, "XMB", "report", "correct", old, "reason", "口径不一", NULL), OK);
    uint64_t new = old + 1;
    assert_int_equal(world_do(&world, "HRX", "report", "submit", new, "invested", "100", "cumulative", "900", NULL),
                     OK);
    assert_int_equal(world_do(&world, "XMB", "report", "accept", new, NULL), OK);
    push(&world.outcome, 1);
    const struct push *push = pushed("PJX");
    expect("PJX", push, KIND_report, old, OP_GONE, 0, ~0ull);
    expect("PJX", push, KIND_report, new, OP_WHOLE, list_fields, full_fields);
    push = pushed("XMB");
    expect("XMB", push, KIND_report, old, OP_DIFF, FIELD_BIT(F_STATE), full_fields);
    expect("XMB", push, KIND_report, new, OP_DIFF, FIELD_BIT(F_STATE), full_fields);
    expect("JCJ", pushed("JCJ"), KIND_report, old, OP_GONE, 0, ~0ull);
}

/* A field that is no column of lists changes: those who only list the record hear nothing. */
static void fields_beyond_the_list_stay_with_those_who_see_all(void **state)
{
    (void)state;
    uint64_t id = submit("2009-09");
    assert_int_equal(world_do(&world, "HRX", "report", "note_paper", id, "paper", "华报12", NULL), OK);
    push(&world.outcome, 1);
    expect("XMB", pushed("XMB"), KIND_report, id, OP_DIFF, FIELD_BIT(report_paper), list_fields);
    assert_null(pushed("JCJ"));
    assert_null(pushed("LD"));
}

static uint64_t post_at(const char *unit, const char *rank)
{
    assert_int_equal(
        world_do(&world, "XMB", "person", "create", 0, "name", rank, "unit", number(world_unit(&world, unit)), NULL),
        OK);
    assert_int_equal(world_do(&world, "XMB", "post", "create", 0, "person", number(world.id), "unit",
                              number(world_unit(&world, unit)), "rank", rank, "from", "2009-01-01", NULL),
                     OK);
    return world.id;
}

/* The project gets another responsible unit: its papers, targets and milestones change hands, though none of
 * them was touched itself. */
static void what_hangs_on_a_record_changes_hands_with_it(void **state)
{
    (void)state;
    uint64_t report = submit("2009-09");
    assert_int_equal(
        world_do(&world, "HRX", "milestone", "plan", 0, "target", "1", "name", "封顶", "due", "2009-11-01", NULL), OK);
    uint64_t milestone = world.id, version = world_get(&world, KIND_report, report).version;
    const char *head = number(post_at("PJX", "head")), *deputy = number(post_at("PJX", "deputy"));
    const char *member = number(post_at("PJX", "member")), *contact = number(post_at("PJX", "contact"));
    assert_int_equal(world_do(&world, "XMB", "project", "amend", 1, "responsible", number(world_unit(&world, "PJX")),
                              "head", head, "deputy", deputy, "members", member, "contact", contact, NULL),
                     OK);
    push(&world.outcome, 1);
    const struct push *now = pushed("PJX");
    expect("PJX", now, KIND_project, 1, OP_WHOLE, FIELD_BIT(project_responsible) | FIELD_BIT(project_head), 0);
    expect("PJX", now, KIND_report, report, OP_WHOLE, list_fields | full_fields, 0);
    expect("PJX", now, KIND_milestone, milestone, OP_WHOLE, FIELD_BIT(milestone_name), 0);
    expect("PJX", now, KIND_target, 1, OP_WHOLE, FIELD_BIT(target_months), 0);
    assert_int_equal(told(now, KIND_report, report)->record.version, version); /* it did not change itself */
    const struct push *before = pushed("HRX");
    expect("HRX", before, KIND_report, report, OP_GONE, 0, ~0ull);
    expect("HRX", before, KIND_milestone, milestone, OP_GONE, 0, ~0ull);
    expect("HRX", before, KIND_project, 1, OP_WHOLE, FIELD_BIT(project_responsible), FIELD_BIT(project_head));
    expect("HRX", before, KIND_target, 1, OP_WHOLE, FIELD_BIT(target_total), FIELD_BIT(target_months));
    assert_null(told(pushed("XMB"), KIND_report, report)); /* for the office nothing about it is new */
}

/* ---- the connection ---- */

static void a_commit_of_several_acts_is_one_frame(void **state)
{
    struct outcome outcomes[BATCH];
    (void)state;
    for (int i = 0; i < BATCH; i++) {
        assert_int_equal(world_do(&world, "XMB", "project", "amend", 1, "site", number((uint64_t)i), NULL), OK);
        outcomes[i] = world.outcome;
    }
    uint64_t first = world.head.number - BATCH + 1;
    push(outcomes, BATCH);
    const struct push *push = pushed("HRX");
    assert_int_equal(push->after, first - 1);
    assert_int_equal(push->count, BATCH);
    for (unsigned i = 0; i < BATCH; i++)
        assert_int_equal(push->entries[i].number, first + i);
    assert_null(pushed("PJX")); /* the site is no column of lists */
}

/* The number from which a push goes on is what the reader really was told last, whatever he was not told of. */
static void a_reader_never_sees_a_gap_where_there_is_none(void **state)
{
    struct outcome outcomes[2];
    (void)state;
    assert_int_equal(world_do(&world, "XMB", "project", "amend", 1, "category", "energy", NULL), OK); /* for all */
    outcomes[0] = world.outcome;
    uint64_t seen = world.head.number;
    assert_int_equal(world_do(&world, "XMB", "project", "amend", 1, "site", "城南", NULL), OK); /* for some */
    outcomes[1] = world.outcome;
    push(outcomes, 2);
    const struct push *first = pushed("PJX");
    assert_int_equal(first->count, 1);
    assert_int_equal(first->entries[0].number, seen);
    assert_int_equal(world_do(&world, "XMB", "project", "amend", 1, "site", "城北", NULL), OK);
    push(&world.outcome, 1);
    assert_int_equal(world_do(&world, "XMB", "project", "amend", 1, "category", "water", NULL), OK);
    push(&world.outcome, 1);
    const struct push *second = pushed("PJX");
    assert_int_equal(second->after, seen); /* as far as it knows it has come */
}

static void who_takes_nothing_falls_behind_and_comes_back(void **state)
{
    struct session *session = session_find(&sessions, peer_of("PJX"));
    uint64_t position = session->position;
    (void)state;
    net.peers[peer_of("PJX")].err = ERR_BUSY;
    for (int i = 0; i < 5; i++) {
        assert_int_equal(
            world_do(&world, "XMB", "project", "amend", 1, "category", i % 2 == 0 ? "energy" : "water", NULL), OK);
        push(&world.outcome, 1);
        assert_non_null(pushed("HRX")); /* nobody else waits */
    }
    assert_int_equal(session->mode, SESSION_RESUMING);
    assert_true(session->stalled && sessions.stalled);
    assert_int_equal(session->position, position);
    assert_int_equal(net.peers[peer_of("PJX")].frames, 0);
    net.peers[peer_of("PJX")].err = OK;
    assert_int_equal(session_page(session, &net, &world.memory.space, world.head.number, &arena), OK);
    assert_int_equal(session->mode, SESSION_LIVE);
    assert_false(session->stalled);
    struct fake_frame *page = fake_net_take(&net, peer_of("PJX"));
    assert_true(page->count < 200); /* five changes of one field are one line */
    free(page);
    assert_int_equal(world_do(&world, "XMB", "project", "amend", 1, "category", "park", NULL), OK);
    push(&world.outcome, 1);
    assert_int_equal(pushed("PJX")->after, world.head.number - 1);
}

static void who_is_gone_is_forgotten(void **state)
{
    (void)state;
    net.peers[peer_of("PJX")].err = ERR_NOT_FOUND;
    unsigned before = sessions.count;
    assert_int_equal(world_do(&world, "XMB", "project", "amend", 1, "category", "energy", NULL), OK);
    push(&world.outcome, 1);
    assert_null(session_find(&sessions, peer_of("PJX")));
    assert_int_equal(sessions.count, before - 1);
    assert_non_null(pushed("HRX"));
}

static void what_is_too_large_for_a_frame_comes_as_pages(void **state)
{
    static struct outcome outcomes[200];
    char note[900] = "";
    (void)state;
    for (int i = 0; i < 250; i++)
        snprintf(note + 3 * i, sizeof note - 3 * (size_t)i, "长");
    for (int i = 0; i < 200; i++) {
        assert_int_equal(world_do(&world, "XMB", "project", "amend", 1, "remark", note, "scale", note, NULL), OK);
        outcomes[i] = world.outcome;
        note[0] = (char)('a' + i % 26);
        note[1] = (char)('a' + i / 26);
        note[2] = 'x';
    }
    push(outcomes, 200);
    struct session *session = session_find(&sessions, peer_of("HRX"));
    assert_int_equal(session->mode, SESSION_RESUMING);
    assert_null(pushed("HRX"));
    assert_int_equal(session_page(session, &net, &world.memory.space, world.head.number, &arena), OK);
    assert_int_equal(session->mode, SESSION_LIVE); /* once, as it is now */
    assert_true(net.peers[peer_of("HRX")].longest < 4000);
}

static void sessions_are_found_by_their_peer(void **state)
{
    (void)state;
    assert_int_equal(sessions.count, PEERS);
    struct session *first = session_find(&sessions, 1);
    assert_non_null(first);
    assert_null(session_find(&sessions, 1 + SESSION_BUCKETS)); /* the same bucket */
    struct session *other = session_open(&sessions, 1 + SESSION_BUCKETS);
    assert_ptr_not_equal(first, other);
    assert_ptr_equal(session_find(&sessions, 1), first);
    session_close(&sessions, 1);
    assert_null(session_find(&sessions, 1));
    assert_ptr_equal(session_find(&sessions, 1 + SESSION_BUCKETS), other);
    session_close(&sessions, 1); /* twice is harmless */
    assert_int_equal(sessions.count, PEERS);
}

static void a_view_is_another_when_unit_roles_or_functions_are(void **state)
{
    struct actor actor = world_actor(&world, "HRX"), other = actor;
    (void)state;
    uint32_t scope = scope_of(&actor);
    assert_int_not_equal(scope, 0);
    assert_int_equal(scope_of(&other), scope);
    other.roles ^= 2;
    assert_int_not_equal(scope_of(&other), scope);
    other = actor;
    other.functions ^= 2;
    assert_int_not_equal(scope_of(&other), scope);
    other = actor;
    other.unit++;
    assert_int_not_equal(scope_of(&other), scope);
    other = actor;
    other.device++; /* another workstation sees the same */
    assert_int_equal(scope_of(&other), scope);
}

static void who_waits_for_pages_has_his_turn(void **state)
{
    static const struct {
        peer_t peer;
        enum session_mode mode;
        uint8_t stage;
    } wants[] = {{3, SESSION_SNAPSHOT, VIEW_FIRST}, {2, SESSION_SNAPSHOT, VIEW_FIRST},
                 {5, SESSION_RESUMING, VIEW_DONE},  {4, SESSION_RESUMING, VIEW_DONE},
                 {1, SESSION_SNAPSHOT, VIEW_LISTS}, {2, SESSION_SNAPSHOT, VIEW_FIRST}};
    static const peer_t turns[] = {4, 5, 3, 1}; /* 2 has gone; 1 has its desk already */
    (void)state;
    for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
        struct session *session = session_find(&sessions, wants[i].peer);
        session->mode = wants[i].mode;
        session->place.stage = wants[i].stage;
        session_want_page(&sessions, session);
    }
    session_close(&sessions, 2);
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++)
        assert_int_equal(sessions_next_turn(&sessions)->peer, turns[i]);
    assert_null(sessions_next_turn(&sessions));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_draft_is_nobody_elses_business),
        TEST(a_submitted_report_reaches_those_who_handle_it),
        TEST(newcomers_get_the_whole_and_others_the_difference),
        TEST(leavers_are_told_that_it_is_gone),
        TEST(fields_beyond_the_list_stay_with_those_who_see_all),
        TEST(what_hangs_on_a_record_changes_hands_with_it),
        TEST(a_commit_of_several_acts_is_one_frame),
        TEST(a_reader_never_sees_a_gap_where_there_is_none),
        TEST(who_takes_nothing_falls_behind_and_comes_back),
        TEST(who_is_gone_is_forgotten),
        TEST(what_is_too_large_for_a_frame_comes_as_pages),
        TEST(who_waits_for_pages_has_his_turn),
        TEST(sessions_are_found_by_their_peer),
        TEST(a_view_is_another_when_unit_roles_or_functions_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
