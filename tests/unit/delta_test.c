/* delta_test.c - commands as differences: the same bytes come out again or nothing does, and a client uses them only
 * where the daemon can follow, keeps the order, and falls back by itself. Promise P2. */
#include "proto/delta.h"
#include "tests/lib/sample.h"
#include "tests/lib/seat.h"
#include "tests/lib/unit.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum { ROUNDS = 2000, SENT_MAX = 16 };

static struct arena arena;
static struct world world;
static struct seat seat;

/* ---- a link that is open and keeps what is sent ---- */

struct link {
    unsigned count;
    struct pack sent[SENT_MAX];
};

static struct link line;

enum err link_new(const struct addresses *addresses, const struct link_keys *keys, struct link **link)
{
    (void)addresses;
    (void)keys;
    *link = &line;
    return OK;
}
void link_free(struct link *link)
{
    while (link->count > 0)
        pack_free(&link->sent[--link->count]);
}
void link_start(struct link *link)
{
    (void)link;
}
void link_stop(struct link *link)
{
    (void)link;
}
void link_retry(struct link *link, bool now)
{
    (void)link;
    (void)now;
}
enum link_state link_state(const struct link *link)
{
    (void)link;
    return LINK_OPEN;
}
unsigned link_number(const struct link *link)
{
    (void)link;
    return 1;
}
int64_t link_quiet_ms(const struct link *link)
{
    (void)link;
    return INT64_MAX;
}
const struct address *link_place(const struct link *link)
{
    static const struct address place = {.host = "127.0.0.1", .port = DEFAULT_PORT};
    (void)link;
    return &place;
}
bool link_meets_stranger(const struct link *link)
{
    (void)link;
    return false;
}
void link_settle(struct link *link)
{
    (void)link;
}
void link_doubt(struct link *link)
{
    (void)link;
}
void link_move(struct link *link, const struct addresses *addresses)
{
    (void)link;
    (void)addresses;
}
void link_wait(struct link *link, int timeout_ms, const int *fds, bool *ready, unsigned count)
{
    (void)link;
    (void)timeout_ms;
    (void)fds;
    (void)ready;
    (void)count;
}
bool link_send(struct link *link, const void *bytes, size_t count)
{
    assert_true(link->count < SENT_MAX);
    struct pack *pack = &link->sent[link->count++];
    pack_init(pack, REQUEST_BYTES_MAX);
    pack_raw(pack, bytes, count);
    return true;
}
bool link_receive(struct link *link, struct text *frame)
{
    (void)link;
    (void)frame;
    return false;
}
void link_counts(const struct link *link, uint64_t *sent, uint64_t *received)
{
    (void)link;
    *sent = *received = 0;
}
int64_t now_ms(void)
{
    return 1000000;
}

/* ---- the form ---- */

static struct text text_in(const struct pack *pack)
{
    return (struct text){(const char *)pack->at, (uint32_t)pack->used};
}

/* A random command against a random record of the same kind. */
static void sample(struct rng *rng, struct record *record, struct pack *plain, struct pack *delta)
{
    unsigned kind = 0;
    while (kind_row(kind) == NULL)
        kind = (unsigned)rng_below(rng, KIND_LIMIT);
    *record = sample_record(rng, kind, &arena);
    struct command command = {.counter = 1 + rng_below(rng, 1000),
                              .kind = (uint8_t)kind,
                              .action = action_next(kind, NULL)->wire,
                              .args = rng_once_in(rng, 2) ? *record : sample_record(rng, kind, &arena)};
    command.given = record_mask(&command.args);
    pack_init(plain, COMMAND_BYTES_MAX);
    pack_init(delta, REQUEST_BYTES_MAX);
    command_pack(plain, &command);
    assert_true(delta_make(record, text_in(plain), delta));
}

static void the_same_command_comes_out_again(void **state)
{
    struct rng rng = rng_make(41);
    (void)state;
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct record record;
        struct pack plain, delta;
        struct text again;
        sample(&rng, &record, &plain, &delta);
        assert_int_equal(delta_take(&record, text_in(&delta), &arena, &again), OK);
        assert_int_equal(again.length, plain.used);
        assert_memory_equal(again.at, plain.at, plain.used);
        pack_free(&plain);
        pack_free(&delta);
        arena_reuse(&arena);
    }
}

/* Whatever is changed or cut on the way: nothing comes out, or just the same. */
static void a_damaged_difference_gives_nothing_else(void **state)
{
    struct rng rng = rng_make(42);
    (void)state;
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct record record, other;
        struct pack plain, delta;
        struct text again = {"", 0};
        sample(&rng, &record, &plain, &delta);
        other = record;
        uint8_t *copy = malloc(delta.used);
        assert_non_null(copy);
        memcpy(copy, delta.at, delta.used);
        size_t length = delta.used;
        if (i % 3 == 0)
            length = (size_t)rng_below(&rng, length);
        else if (i % 3 == 1)
            copy[rng_below(&rng, length)] ^= (uint8_t)(1 << rng_below(&rng, 8));
        else
            other = sample_record(&rng, record.kind, &arena);
        enum err err = delta_take(&other, (struct text){(char *)copy, (uint32_t)length}, &arena, &again);
        if (err == OK) assert_int_equal(again.length, plain.used);
        if (err == OK) assert_memory_equal(again.at, plain.at, plain.used);
        if (err != OK) assert_int_equal(err, ERR_BAD_FRAME);
        free(copy);
        pack_free(&plain);
        pack_free(&delta);
        arena_reuse(&arena);
    }
}

/* A few bytes that announce and hold ever more: the end is at a command's largest size. */
static void what_swells_is_refused(void **state)
{
    static char zeros[COMMAND_BYTES_MAX + 1];
    struct record record = record_make(KIND_report, 1);
    (void)state;
    for (uint32_t length = COMMAND_BYTES_MAX; length <= COMMAND_BYTES_MAX + 1; length++) {
        struct pack delta;
        struct text again;
        pack_init(&delta, REQUEST_BYTES_MAX);
        assert_true(delta_make(&record, (struct text){zeros, length}, &delta));
        assert_true(delta.used < 100);
        enum err err = delta_take(&record, text_in(&delta), &arena, &again);
        assert_int_equal(err, length > COMMAND_BYTES_MAX ? ERR_BAD_FRAME : OK);
        pack_free(&delta);
    }
}

/* ---- whose record ---- */

static void a_record_counts_only_seen_whole_and_at_its_version(void **state)
{
    struct record record;
    (void)state;
    struct record report = world_get(&world, KIND_report, 1);
    struct delta_base base = {1, KIND_report, 1, report.version}, newer = base, other = base, none = base;
    newer.version++;
    other.id++;
    none.kind = KIND_LIMIT - 1;
    const struct space *space = &world.memory.space;
    struct actor county = world_actor(&world, "HRX"), neighbour = world_actor(&world, "PJX"),
                 supervision = world_actor(&world, "JCJ"), ticket = county;
    ticket.type = ACTOR_TICKET;
    assert_int_equal(world_sees(&world, "JCJ", KIND_report, 1), SEE_LIST);
    assert_int_equal(delta_record(space, &county, &base, &arena, &record), OK);
    assert_int_equal(delta_record(space, &county, &newer, &arena, &record), ERR_NOT_FOUND);
    assert_int_equal(delta_record(space, &county, &other, &arena, &record), ERR_NOT_FOUND);
    assert_int_equal(delta_record(space, &county, &none, &arena, &record), ERR_NOT_FOUND);
    assert_int_equal(delta_record(space, &neighbour, &base, &arena, &record), ERR_NOT_FOUND);
    assert_int_equal(delta_record(space, &supervision, &base, &arena, &record), ERR_NOT_FOUND);
    assert_int_equal(delta_record(space, &ticket, &base, &arena, &record), ERR_NOT_FOUND);
}

/* ---- the client ---- */

static void fill(struct record *args, int month, const char *progress)
{
    *args = record_make(KIND_report, 0);
    rec_set(args, report_project, 1);
    rec_set(args, report_month, month_make(2009, month).n);
    rec_set(args, report_invested, 100000000);
    rec_set(args, report_cumulative, 1000000000);
    rec_set_text(args, report_progress, text_of(progress));
    rec_set_text(args, report_difficulties, text_of("征地红线内两户未签订补偿协议，已报县征迁办协调"));
    rec_set_text(args, report_next, text_of("主体结构封顶，砌体及安装工程同步进场施工"));
}

static uint64_t submit(int month, const char *progress)
{
    struct record args;
    uint64_t counter;
    fill(&args, month, progress);
    assert_int_equal(
        client_submit(seat.client, KIND_report, ACT_report_submit, 0, &args, record_mask(&args), &counter), OK);
    return counter;
}

static void welcome(uint32_t protocol, uint32_t tables)
{
    struct pack pack;
    struct welcome told = {.protocol = protocol,
                           .tables = tables,
                           .scope = seat.client->model.scope,
                           .now = world.now,
                           .head = world.head.number};
    head_sign(&world.server, world.registry, told.head, told.hash, told.now, told.signature);
    pack_init(&pack, 1024);
    welcome_pack(&pack, &told);
    link_free(&line);
    outbox_unsend(&seat.client->outbox); /* as with every new connection */
    client_frame(seat.client, text_in(&pack));
    pack_free(&pack);
}

/* What was sent since the welcome, the n-th; kind 0: plain. */
static uint8_t form_sent(unsigned n)
{
    struct frame frame;
    assert_true(n < line.count);
    assert_int_equal(frame_read(line.sent[n].at, line.sent[n].used, true, &arena, &frame, NULL), OK);
    assert_int_equal(frame.type, FRAME_COMMAND);
    return frame.as.command.base.kind;
}

static void told(void (*write)(struct pack *pack, uint64_t counter), uint64_t counter)
{
    struct pack pack;
    pack_init(&pack, 1024);
    write(&pack, counter);
    client_frame(seat.client, text_in(&pack));
    pack_free(&pack);
}

static void write_answer(struct pack *pack, uint64_t counter)
{
    answer_pack(pack, &(struct answer){counter, world.head.number + 1, 2});
}

static void write_unknown(struct pack *pack, uint64_t counter)
{
    refused_pack(pack, &(struct refused){counter, {.err = ERR_BASE_UNKNOWN}});
}

static void a_report_goes_as_its_difference_from_the_last(void **state)
{
    (void)state;
    welcome(PROTOCOL_VERSION, TABLES_VERSION);
    uint64_t counter = submit(10, "主体结构施工至五层");
    struct frame frame;
    struct text again;
    struct record record = world_get(&world, KIND_report, 1);
    assert_int_equal(line.count, 1);
    assert_int_equal(frame_read(line.sent[0].at, line.sent[0].used, true, &arena, &frame, NULL), OK);
    assert_int_equal(frame.as.command.base.kind, KIND_report);
    assert_int_equal(frame.as.command.base.id, 1);
    assert_int_equal(frame.as.command.base.version, record.version);
    assert_int_equal(frame.as.command.base.counter, counter);
    assert_int_equal(delta_take(&record, frame.as.command.bytes, &arena, &again), OK);
    const struct out_item *item = client_outcome(seat.client, counter);
    assert_int_equal(again.length, item->command.length);
    assert_memory_equal(again.at, item->command.at, again.length);
    assert_memory_equal(frame.as.command.signature.at, item->signature.at, SIGNATURE_BYTES);
    assert_true(line.sent[0].used < item->command.length); /* with the signature: 4 parts in 5 are as last month */
}

static void an_old_daemon_and_one_of_other_tables_get_it_plain(void **state)
{
    (void)state;
    welcome(1, TABLES_VERSION);
    submit(10, "主体结构施工至五层");
    assert_int_equal(line.count, 1);
    assert_int_equal(form_sent(0), 0);
    welcome(PROTOCOL_VERSION, TABLES_VERSION + 1);
    assert_int_equal(line.count, 1);
    assert_int_equal(form_sent(0), 0);
}

static void what_the_daemon_can_not_follow_goes_again_whole(void **state)
{
    (void)state;
    welcome(PROTOCOL_VERSION, TABLES_VERSION);
    uint64_t counter = submit(10, "主体结构施工至五层");
    uint64_t behind = submit(11, "主体结构施工至六层");
    assert_int_equal(line.count, 1); /* the order has to stay */
    told(write_unknown, counter);
    assert_int_equal(client_outcome(seat.client, counter)->state, OUT_WAITING);
    assert_int_equal(line.count, 3);
    assert_int_equal(form_sent(1), 0);
    assert_int_equal(form_sent(2), KIND_report);
    told(write_unknown, counter); /* said twice: it is whole already */
    assert_int_equal(line.count, 3);
    told(write_answer, counter);
    told(write_answer, behind);
    assert_int_equal(client_outcome(seat.client, counter)->state, OUT_ACCEPTED);
    assert_int_equal(client_outcome(seat.client, behind)->state, OUT_ACCEPTED);
}

static void a_pile_goes_at_once_but_for_the_last_whole(void **state)
{
    (void)state;
    seat.client->greeted = false;
    for (int month = 8; month < 12; month++)
        submit(month, "主体结构施工至五层");
    welcome(PROTOCOL_VERSION, TABLES_VERSION);
    assert_int_equal(line.count, 4);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(form_sent(i), 0);
    assert_int_equal(form_sent(3), KIND_report);
}

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20);
    world_init(&world);
    assert_int_equal(world_do(&world, "HRX", "report", "submit", 0, "project", "1", "month", "2009-09", "invested",
                              "100", "cumulative", "900", "progress", "主体结构施工至三层", "difficulties",
                              "征地红线内两户未签订补偿协议，已报县征迁办协调", "next",
                              "主体结构封顶，砌体及安装工程同步进场施工", NULL),
                     OK);
    seat_init(&seat, &world, "HRX");
    seat.client->wanted = seat.client->sender = true;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    seat_free(&seat);
    world_free(&world);
    arena_clear(&arena);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_command_comes_out_again),
        TEST(a_damaged_difference_gives_nothing_else),
        TEST(what_swells_is_refused),
        TEST(a_record_counts_only_seen_whole_and_at_its_version),
        TEST(a_report_goes_as_its_difference_from_the_last),
        TEST(an_old_daemon_and_one_of_other_tables_get_it_plain),
        TEST(what_the_daemon_can_not_follow_goes_again_whole),
        TEST(a_pile_goes_at_once_but_for_the_last_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
