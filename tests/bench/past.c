/* past.c - what it takes to look at the registry as it stood, and what that costs those who work meanwhile.
 *
 * A year of simulated work is folded to its beginning and to its end in turn, so that each time all of it is folded
 * anew, and read whole by the project office. A writer submits one command after another, alone and beside that. */
#include "tests/bench/crowd.h"

#include "tests/bench/bench.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { EARLY = 3000, ROUND_MS = 3000, LATE_MS = 60000, ASK_AGAIN_MS = 20, READER = 0, WRITER = 1 };

struct run_of {
    struct crowd *crowd;
    int64_t until_ns;
    bool reading;
    /* the reader: from which entry to which, since when; when to ask again */
    struct query query;
    uint64_t late;
    int64_t begun_ns, again_ns;
    uint64_t bytes;
    struct samples folds, loads, sizes; /* of the late one */
    /* the writer */
    uint64_t unit;
    int64_t sent_ns;
    bool open;
    struct samples latency;
};

static void ask(struct run_of *run)
{
    struct pack pack;
    pack_init(&pack, 256);
    query_pack(&pack, &run->query);
    member_send(&run->crowd->members[READER], pack.at, pack.used);
    pack_free(&pack);
    run->again_ns = 0;
}

static void read_next(struct run_of *run)
{
    run->query = (struct query){
        .tag = 1, .what = QUERY_AS_OF, .before = run->query.before == EARLY ? run->late : EARLY, .base = BASE_NOTHING};
    run->begun_ns = clock_ns();
    run->reading = true;
    run->bytes = 0;
    ask(run);
}

/* Only what decides how to go on is unpacked: the reader must not keep the writer's answers waiting. */
static void take_result(struct run_of *run, const void *bytes, size_t count)
{
    struct unpacked unpacked;
    int64_t now = clock_ns(), err, more;
    bool late = run->query.before == run->late;
    run->bytes += count;
    if (unpack(bytes, count, 1000, &unpacked, NULL) != OK) rig_fail("a result");
    if (!item_int(item_at(unpacked.root, 2), 0, UINT16_MAX, &err) || !item_int(item_at(unpacked.root, 4), 0, 1, &more))
        rig_fail("a result");
    unpack_free(&unpacked);
    if (err == ERR_PAST_BUSY) {
        run->again_ns = now + ASK_AGAIN_MS * 1000000ll;
        return;
    }
    if (err != OK) rig_fail("the past: %s", err_name((enum err)err));
    if (!run->query.next && late) samples_add(&run->folds, now - run->begun_ns);
    run->query.next = true;
    if (more) {
        ask(run);
        return;
    }
    if (late) samples_add(&run->loads, now - run->begun_ns);
    if (late) samples_add(&run->sizes, (int64_t)run->bytes);
    run->reading = false;
    if (!late || now < run->until_ns) read_next(run);
}

static void write_next(struct run_of *run)
{
    struct command command = {.kind = KIND_person, .action = ACT_person_create, .args = record_make(KIND_person, 0)};
    rec_set_text(&command.args, person_name, text_of("督办"));
    rec_set(&command.args, person_unit, (int64_t)run->unit);
    command.given = record_mask(&command.args);
    run->sent_ns = clock_ns();
    run->open = true;
    crowd_submit(run->crowd, &run->crowd->members[WRITER], &command, NULL);
}

static void take(void *self, struct member *member, const void *bytes, size_t count)
{
    struct run_of *run = self;
    struct arena arena;
    struct frame frame;
    (void)member;
    if (frame_type(bytes, count) == FRAME_PUSH) return;
    if (frame_type(bytes, count) == FRAME_RESULT) {
        take_result(run, bytes, count);
        return;
    }
    arena_init(&arena, 16 << 20);
    if (frame_read(bytes, count, false, &arena, &frame, NULL) != OK) rig_fail("frame");
    if (frame.type == FRAME_REFUSED) rig_fail("refused: %s", err_name(frame.as.refused.why.err));
    if (frame.type == FRAME_ANSWER) {
        samples_add(&run->latency, clock_ns() - run->sent_ns);
        run->open = false;
        if (clock_ns() < run->until_ns || run->reading) write_next(run);
    }
    arena_clear(&arena);
}

/* As long as the round, and until the reader has read to the end. */
static void run_round(struct run_of *run, bool reads)
{
    run->until_ns = clock_ns() + ROUND_MS * 1000000ll;
    int64_t last = run->until_ns + LATE_MS * 1000000ll;
    write_next(run);
    if (reads) read_next(run);
    while (clock_ns() < run->until_ns || run->open || run->reading) {
        crowd_poll(run->crowd, 5, take, run);
        if (run->again_ns != 0 && clock_ns() >= run->again_ns) ask(run);
        if (clock_ns() > last) rig_fail("not answered");
    }
}

void bench_past(const struct bench *bench)
{
    struct rig rig;
    struct crowd crowd = {.count = 0};
    struct console console;
    static const char *const until[] = {"2009-11-30", "2010-01-31", "2010-03-31",
                                        "2010-05-31", "2010-07-31", "2010-09-30"}; /* a program has a minute */
    table_part("past");
    rig_prepare(&rig);
    rig_found(&rig);
    for (unsigned i = 0; i < sizeof until / sizeof *until; i++)
        rig_daemon_out(&rig, 0, "simulate", rig.registry, "--until", until[i], "--seed", "4", NULL);
    crowd_visit(&crowd, &console, rig.registry);
    crowd_enrol(&crowd, &console, operator_named(&console, "XMB"));
    crowd_enrol(&crowd, &console, operator_named(&console, "XMB"));
    struct run_of alone = {.crowd = &crowd, .unit = state_find_text(console_space(&console), IX_unit_code, "XMB")};
    crowd_leave(&crowd, &console);
    struct run_of beside = {.crowd = &crowd, .unit = alone.unit, .late = crowd.head};
    rig_serve(&rig);
    crowd_connect(&crowd, rig.port, crowd.server_key, false);
    for (unsigned i = 0; i < bench->rounds; i++) {
        run_round(&alone, false);
        run_round(&beside, true);
    }
    figure_plain("entries of a year", "", (double)crowd.head, -1);
    figure_plain("folded, and the first page of it", "ms", (double)samples_rank(&beside.folds, 500) / 1e6, -1);
    figure_plain("read whole by the office", "ms", (double)samples_rank(&beside.loads, 500) / 1e6, -1);
    figure_plain("bytes of that, when nothing is there yet", "B", (double)samples_rank(&beside.sizes, 500), -1);
    figure_time("answer to a writer meanwhile, p50", (double)samples_rank(&beside.latency, 500) / 1000,
                (double)samples_rank(&alone.latency, 500) / 1000, 1.5);
    figure_time("answer to a writer meanwhile, p99", (double)samples_rank(&beside.latency, 990) / 1000,
                (double)samples_rank(&alone.latency, 990) / 1000, 1.5);
    samples_free(&beside.folds);
    samples_free(&beside.loads);
    samples_free(&beside.sizes);
    samples_free(&beside.latency);
    samples_free(&alone.latency);
    crowd_part(&crowd);
    crowd_free(&crowd);
    rig_end(&rig);
}
