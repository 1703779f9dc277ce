/* query_test.c - asking: what may be seen is found, page by page, each once; what may not is as if it were not there.
 */
#include "server/query.h"
#include "tests/lib/fake_net.h"
#include "tests/lib/unit.h"
#include "tests/lib/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct world world;
static struct sessions sessions;
static struct session *session;
static struct arena arena;
static struct frame frame;

static int setup(void **state)
{
    (void)state;
    world_init(&world);
    arena_init(&arena, 64 << 20);
    sessions_init(&sessions);
    session = session_open(&sessions, 1);
    return session == NULL;
}

static int teardown(void **state)
{
    (void)state;
    sessions_free(&sessions);
    arena_clear(&arena);
    world_free(&world);
    return 0;
}

static const char *number(uint64_t id)
{
    char *text = arena_get(&world.arena, 24);
    snprintf(text, 24, "%llu", (unsigned long long)id);
    return text;
}

/* The answer to an operator's query, through the wire. Good until the next one. */
static const struct result *ask(const char *login, const struct query *query)
{
    struct pack pack, asked;
    struct arena work;
    struct frame request;
    pack_init(&pack, FRAME_BYTES_MAX);
    pack_init(&asked, REQUEST_BYTES_MAX);
    arena_init(&work, 64 << 20);
    session->actor = world_actor(&world, login);
    query_pack(&asked, query);
    assert_int_equal(frame_read(asked.at, asked.used, true, &work, &request, NULL), OK);
    query_answer(&request.as.query, session, &sessions, &world.memory.space, &work, &pack);
    assert_false(pack.failed);
    const char *kept = arena_copy(&world.arena, pack.at, pack.used);
    size_t used = pack.used;
    pack_free(&pack);
    pack_free(&asked);
    arena_clear(&work);
    arena_reuse(&arena);
    assert_int_equal(frame_read(kept, used, false, &arena, &frame, NULL), OK);
    assert_int_equal(frame.type, FRAME_RESULT);
    assert_int_equal(frame.as.result.tag, query->tag);
    return &frame.as.result;
}

static const struct result *get(const char *login, unsigned kind, uint64_t id)
{
    struct query query = {.tag = 7, .what = QUERY_GET, .kind = (uint8_t)kind, .id = id};
    return ask(login, &query);
}

static uint64_t draft(const char *month)
{
    assert_int_equal(world_do(&world, "HRX", "report", "save", 0, "project", "1", "month", month, "invested", "5",
                              "progress", "内部情况", NULL),
                     OK);
    return world.id;
}

static void a_record_is_given_whole_to_whoever_may_fetch_it(void **state)
{
    (void)state;
    const struct result *result = get("PJX", KIND_project, 1); /* in lists it has a few columns of it */
    assert_int_equal(result->err, OK);
    assert_int_equal(result->count, 1);
    assert_int_equal(result->records[0].op, OP_WHOLE);
    struct record project = world_get(&world, KIND_project, 1);
    assert_int_equal(record_diff(&project, &result->records[0].record), 0);
    assert_int_equal(result->records[0].record.version, project.version);
    assert_int_equal(get("PJX", KIND_person, 1)->count, 1); /* on demand alone */
}

static void what_is_hidden_is_answered_like_what_is_not_there(void **state)
{
    uint64_t id = draft("2009-09");
    (void)state;
    assert_int_equal(get("HRX", KIND_report, id)->err, OK);
    static const char *const strangers[] = {"PJX", "XMB", "JCJ", "OWN1", "ADM"};
    for (int i = 0; i < 5; i++) {
        struct result hidden = *get(strangers[i], KIND_report, id), missing = *get(strangers[i], KIND_report, id + 100);
        assert_int_equal(hidden.err, ERR_NOT_FOUND);
        assert_int_equal(missing.err, ERR_NOT_FOUND);
        assert_true(hidden.count == 0 && missing.count == 0 && hidden.more == missing.more);
        struct query history = {.tag = 8, .what = QUERY_HISTORY, .kind = KIND_report, .id = id};
        assert_int_equal(ask(strangers[i], &history)->err, ERR_NOT_FOUND);
    }
    assert_int_equal(get("HRX", 63, 1)->err, ERR_NOT_FOUND); /* a kind that there is not */
    assert_int_equal(get("HRX", KIND_report, 0)->err, ERR_NOT_FOUND);
}

/* All pages of a search; each id once, in the index's order; returns how many. */
static unsigned find_all(const char *login, struct query query, uint64_t *ids, unsigned max, unsigned *pages)
{
    unsigned count = 0;
    *pages = 0;
    for (bool more = true; more; ++*pages) {
        assert_true(*pages < 100);
        const struct result *result = ask(login, &query);
        if (result->err != OK) return count;
        assert_true(result->count > 0 || !result->more); /* else a client would ask for ever */
        for (unsigned i = 0; i < result->count; i++) {
            assert_true(count < max);
            ids[count++] = query.id = result->records[i].record.id;
        }
        more = result->more;
    }
    for (unsigned i = 0; i < count; i++)
        for (unsigned j = 0; j < i; j++)
            assert_true(ids[i] != ids[j]);
    return count;
}

static void long_lists_come_page_by_page(void **state)
{
    static uint64_t ids[2000];
    struct query query = {.tag = 9, .what = QUERY_FIND, .index = IX_person_unit, .value_count = 1};
    unsigned pages, had = 0;
    (void)state;
    uint64_t hrx = world_unit(&world, "HRX");
    for (uint64_t id = 0; (id = state_next_id(&world.memory.space, KIND_person, id)) > 0;) {
        struct record person = world_get(&world, KIND_person, id);
        had += (uint64_t)rec_num(&person, person_unit) == hrx;
    }
    for (int i = 0; i < 1100; i++)
        assert_int_equal(world_own(&world, ACTOR_CONSOLE, "person", "create", 0, "name",
                                   number((uint64_t)(i * 7919 % 1009)), "unit",
                                   number(world_unit(&world, i % 10 == 0 ? "PJX" : "HRX")), NULL),
                         OK);
    query.values[0] = number_value((int64_t)hrx);
    unsigned count = find_all("PJX", query, ids, 2000, &pages);
    assert_int_equal(count, had + 990);
    assert_true(pages >= 5);
    for (unsigned i = 1; i < count; i++) { /* by name, as the index says */
        struct record a = world_get(&world, KIND_person, ids[i - 1]), b = world_get(&world, KIND_person, ids[i]);
        struct text one = rec_text(&a, person_name), two = rec_text(&b, person_name);
        int order = memcmp(one.at, two.at, one.length < two.length ? one.length : two.length);
        assert_true(order < 0 || (order == 0 && one.length <= two.length));
    }
}

static void large_records_fill_a_page_before_their_number_does(void **state)
{
    static uint64_t ids[500];
    struct query query = {.tag = 9, .what = QUERY_FIND, .index = IX_entry_plan};
    char note[1600] = "";
    unsigned pages;
    (void)state;
    for (int i = 0; i < 500; i++)
        snprintf(note + 3 * i, sizeof note - 3 * (size_t)i, "长");
    for (int i = 0; i < 150; i++) {
        world_at(&world, 2009 + (9 + i) / 12, (9 + i) % 12 + 1, 28, 9);
        char month[16];
        snprintf(month, sizeof month, "%d-%d", 2009 + (9 + i) / 12, (9 + i) % 12 + 1);
        assert_int_equal(world_do(&world, "HRX", "report", "submit", 0, "project", "1", "month", month, "invested", "1",
                                  "cumulative", "900", "progress", note, "difficulties", note, "next", note, "explain",
                                  "核对过", NULL),
                         OK);
    }
    query.index = IX_report_month;
    query.value_count = 1;
    query.values[0] = number_value(1);
    assert_int_equal(find_all("XMB", query, ids, 500, &pages), 150);
    assert_true(pages > 3);
}

/* Thousands of rows that may not be seen are no reason to ask again and again, nor do they say anything. */
static void rows_that_may_not_be_seen_are_not_there(void **state)
{
    static uint64_t ids[100];
    struct query query = {.tag = 9, .what = QUERY_FIND, .index = IX_report_state, .value_count = 1};
    unsigned pages;
    (void)state;
    for (int i = 0; i < 400; i++) {
        char month[16];
        world_at(&world, 2009 + (9 + i) / 12, (9 + i) % 12 + 1, 28, 9);
        snprintf(month, sizeof month, "%d-%d", 2009 + (9 + i) / 12, (9 + i) % 12 + 1);
        if (i < 180) draft(month);
    }
    query.values[0] = number_value(ST_report_draft);
    assert_int_equal(find_all("PJX", query, ids, 100, &pages), 0);
    assert_int_equal(pages, 1);
    query.id = 20; /* behind a record that is hidden: as behind one that is not there */
    struct result hidden = *ask("PJX", &query);
    query.id = 20000;
    struct result missing = *ask("PJX", &query);
    assert_int_equal(hidden.err, missing.err);
    assert_true(hidden.count == 0 && missing.count == 0 && hidden.more == missing.more);
}

/* Where a hidden record stands in an index must not be told by what comes behind it. */
static void a_hidden_record_is_no_place_to_go_on_from(void **state)
{
    struct query query = {.tag = 9, .what = QUERY_FIND, .index = IX_report_month, .value_count = 1};
    (void)state;
    world_at(&world, 2010, 2, 20, 9);
    uint64_t hidden = draft("2009-11");
    static const char *const months[] = {"2009-10", "2009-12"};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(world_do(&world, "HRX", "report", "submit", 0, "project", "1", "month", months[i], "invested",
                                  "1", "cumulative", "900", "progress", "a", "difficulties", "无", "next", "b",
                                  "explain", "核对过", NULL),
                         OK);
        assert_int_equal(world_do(&world, "XMB", "report", "accept", world.id, NULL), OK);
    }
    query.values[0] = number_value(1);
    assert_int_equal(ask("PJX", &query)->count, 2);
    query.id = hidden;
    struct result behind = *ask("PJX", &query);
    query.id = hidden + 1000;
    struct result missing = *ask("PJX", &query);
    assert_int_equal(behind.err, missing.err);
    assert_int_equal(behind.count, missing.count);
}

/* ---- history ---- */

static void history_tells_who_changed_what_newest_first(void **state)
{
    struct query query = {.tag = 10, .what = QUERY_HISTORY, .kind = KIND_report};
    (void)state;
    query.id = draft("2009-09");
    assert_int_equal(world_do(&world, "HRX", "report", "submit", query.id, "cumulative", "805", "difficulties", "无",
                              "next", "b", NULL),
                     OK);
    assert_int_equal(world_do(&world, "XMB", "report", "return", query.id, "reason", "数据不全", NULL), OK);
    const struct result *result = ask("HRX", &query);
    assert_int_equal(result->count, 3);
    assert_false(result->more);
    assert_int_equal(result->history[0].action, ACT_report_return);
    assert_true(text_equal(result->history[0].name, text_of("XMB")));
    assert_true(result->history[0].mask & FIELD_BIT(report_reason));
    assert_int_equal(result->history[1].action, ACT_report_submit);
    assert_int_equal(result->history[2].action, ACT_report_save);
    assert_true(result->history[2].mask & FIELD_BIT(report_progress));
    uint64_t before = result->history[1].number;
    query.before = before;
    result = ask("HRX", &query);
    assert_int_equal(result->count, 1);
    assert_int_equal(result->history[0].action, ACT_report_save);
}

/* Bytes that were not signed are nobody's proof: a proof has the lines of the history and no more. */
static void a_proof_has_the_lines_of_the_history(void **state)
{
    struct query query = {.tag = 10, .what = QUERY_HISTORY, .kind = KIND_report};
    (void)state;
    query.id = draft("2009-09");
    assert_int_equal(world_do(&world, "HRX", "report", "submit", query.id, "cumulative", "805", "difficulties", "无",
                              "next", "b", NULL),
                     OK);
    unsigned count = ask("XMB", &query)->count;
    query.what = QUERY_PROOF;
    const struct result *result = ask("XMB", &query);
    assert_int_equal(result->err, OK);
    assert_int_equal(result->count, count);
    assert_int_equal(result->history[0].action, ACT_report_submit);
    assert_int_equal(result->history[0].command.length, 0);
    assert_int_equal(ask("PJX", &query)->err, ERR_NOT_FOUND);
}

/* The office sees the report from its submission on; what was in the draft before is not its business. */
static void nobody_reads_of_a_time_when_it_was_not_his_to_see(void **state)
{
    struct query query = {.tag = 10, .what = QUERY_HISTORY, .kind = KIND_report};
    (void)state;
    query.id = draft("2009-09");
    assert_int_equal(world_do(&world, "HRX", "report", "save", query.id, "progress", "改过的", NULL), OK);
    assert_int_equal(world_do(&world, "HRX", "report", "submit", query.id, "cumulative", "805", "difficulties", "无",
                              "next", "b", NULL),
                     OK);
    assert_int_equal(ask("HRX", &query)->count, 3);
    const struct result *result = ask("XMB", &query);
    assert_int_equal(result->count, 1);
    assert_int_equal(result->history[0].action, ACT_report_submit);
    assert_int_equal(world_do(&world, "XMB", "report", "accept", query.id, NULL), OK);
    result = ask("PJX", &query);
    assert_int_equal(result->count, 1);
    assert_int_equal(result->history[0].action, ACT_report_accept);
}

static void a_long_history_comes_page_by_page(void **state)
{
    struct query query = {.tag = 10, .what = QUERY_HISTORY, .kind = KIND_project, .id = 1};
    unsigned count = 0, pages = 0;
    uint64_t last = UINT64_MAX;
    (void)state;
    for (int i = 0; i < 130; i++)
        assert_int_equal(world_do(&world, "XMB", "project", "amend", 1, "site", number((uint64_t)i), NULL), OK);
    for (bool more = true; more; pages++) {
        const struct result *result = ask("HRX", &query);
        assert_int_equal(result->err, OK);
        for (unsigned i = 0; i < result->count; i++) {
            assert_true(result->history[i].number < last);
            last = query.before = result->history[i].number;
            count++;
        }
        more = result->more;
    }
    assert_true(count >= 132 && pages >= 3); /* and its registration and its target */
}

static void who_is_connected_is_for_the_office_and_the_administrator(void **state)
{
    struct query query = {.tag = 11, .what = QUERY_PRESENCE};
    (void)state;
    session_open(&sessions, 2)->actor = world_actor(&world, "PJX");
    session_open(&sessions, 3)->actor = (struct actor){.type = ACTOR_TICKET, .device = 9};
    assert_int_equal(ask("XMB", &query)->err, OK);
    assert_int_equal(ask("XMB", &query)->count, 2);
    assert_int_equal(ask("ADM", &query)->count, 2);
    assert_int_equal(ask("HRX", &query)->err, ERR_NOT_ALLOWED);
    assert_int_equal(ask("LD", &query)->count, 0);
}

static void what_fits_no_index_finds_nothing(void **state)
{
    struct query query = {.tag = 12, .what = QUERY_FIND, .index = IX_unit_code, .value_count = 1};
    char text[2000];
    (void)state;
    memset(text, 'x', sizeof text);
    query.values[0] = text_value((struct text){text, sizeof text});
    assert_int_equal(ask("HRX", &query)->count, 0);
    query.values[0] = text_value(text_of("HRX"));
    assert_int_equal(ask("HRX", &query)->count, 1);
    query.values[0] = text_value(text_of(""));
    assert_int_equal(ask("HRX", &query)->count, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_record_is_given_whole_to_whoever_may_fetch_it),
        TEST(what_is_hidden_is_answered_like_what_is_not_there),
        TEST(long_lists_come_page_by_page),
        TEST(large_records_fill_a_page_before_their_number_does),
        TEST(rows_that_may_not_be_seen_are_not_there),
        TEST(a_hidden_record_is_no_place_to_go_on_from),
        TEST(history_tells_who_changed_what_newest_first),
        TEST(a_proof_has_the_lines_of_the_history),
        TEST(nobody_reads_of_a_time_when_it_was_not_his_to_see),
        TEST(a_long_history_comes_page_by_page),
        TEST(who_is_connected_is_for_the_office_and_the_administrator),
        TEST(what_fits_no_index_finds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
