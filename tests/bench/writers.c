/* writers.c - how many commands a second one closed-loop submitter gets through, and 64 of them.
 *
 * Each has a project of its own and submits its monthly report, recalls it, submits it again...: signed acts,
 * pushed to whoever may see them. All 64 are connected in both cases. Commands and commits are the daemon's
 * own counts. */
#include "tests/bench/crowd.h"

#include "tests/bench/bench.h"
#include "tests/bench/report.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WRITERS = 64, ROUND_MS = 1500, WARM_MS = 300, LATE_MS = 5000 };

struct run_of {
    struct crowd *crowd;
    int64_t from_ns, until_ns; /* what is answered between them counts */
    unsigned open;             /* sent and not answered */
    uint64_t answered;
    struct samples latency;
    int64_t sent_ns[WRITERS];
};

struct counts {
    double commits, accepted;
};

static double count_of(const char *line, const char *name)
{
    const char *at = strstr(line, name);
    return at != NULL ? strtod(at + strlen(name), NULL) : 0;
}

static struct counts daemon_counts(const struct rig *rig)
{
    char endpoint[320], line[500];
    snprintf(endpoint, sizeof endpoint, "ipc://%s/control", rig->registry);
    if (control_ask(endpoint, "status", 5000, line, sizeof line) != OK) rig_fail("no status");
    return (struct counts){count_of(line, " commits "), count_of(line, " accepted ")};
}

/* ---- the writers ---- */

/* A contact for each of as many projects, on a device of his own. */
static void enrol(struct crowd *crowd, struct console *console)
{
    uint64_t id = 0;
    while (crowd->count < WRITERS && (id = state_next_id(console_space(console), KIND_project, id)) != 0) {
        struct record project, unit;
        char login[64];
        if (state_get(console_space(console), KIND_project, id, &console->arena, &project) != OK) rig_fail("project");
        uint64_t responsible = (uint64_t)rec_num(&project, project_responsible);
        if (state_get(console_space(console), KIND_unit, responsible, &console->arena, &unit) != OK) rig_fail("unit");
        struct text code = rec_text(&unit, unit_code);
        snprintf(login, sizeof login, "%.*s", (int)code.length, code.at);
        crowd_enrol(crowd, console, operator_named(console, login))->project = id;
    }
    if (crowd->count < WRITERS) rig_fail("only %u projects", crowd->count);
}

static void write_next(struct run_of *run, struct member *member)
{
    struct command command = {.kind = KIND_report,
                              .action = ACT_report_submit,
                              .target = (int64_t)member->record,
                              .base = (int64_t)member->version,
                              .said = {BENCH_TIME},
                              .args = record_make(KIND_report, 0)};
    if (member->record == 0) report_fill(&command.args, member->project);
    if (member->halted) command.action = ACT_report_submit;
    if (member->record != 0 && !member->halted) command.action = ACT_report_recall;
    run->sent_ns[member - run->crowd->members] = clock_ns();
    crowd_submit(run->crowd, member, &command, NULL);
    run->open++;
}

static void take_answer(void *self, struct member *member, const void *bytes, size_t count)
{
    struct run_of *run = self;
    struct arena arena;
    struct frame frame;
    if (frame_type(bytes, count) == FRAME_PUSH) return;
    arena_init(&arena, 1 << 20);
    if (frame_read(bytes, count, false, &arena, &frame, NULL) != OK) rig_fail("frame");
    if (frame.type == FRAME_REFUSED)
        rig_fail("refused: %s %s", err_name(frame.as.refused.why.err), frame.as.refused.why.text);
    if (frame.type == FRAME_ANSWER) {
        int64_t now = clock_ns();
        member->halted = member->record != 0 && !member->halted;
        member->record = frame.as.answer.id;
        member->version = frame.as.answer.number;
        run->open--;
        if (now >= run->from_ns && now < run->until_ns) {
            run->answered++;
            samples_add(&run->latency, now - run->sent_ns[member - run->crowd->members]);
        }
        if (now < run->until_ns) write_next(run, member);
    }
    arena_clear(&arena);
}

struct result_of {
    double per_second, per_commit, p50, p99;
};

static void run_writers(const struct rig *rig, struct crowd *crowd, unsigned writers, struct result_of *result)
{
    struct run_of run = {.crowd = crowd};
    run.from_ns = clock_ns() + WARM_MS * 1000000ll;
    run.until_ns = run.from_ns + ROUND_MS * 1000000ll;
    struct counts before = daemon_counts(rig);
    for (unsigned i = 0; i < writers; i++)
        write_next(&run, &crowd->members[i]);
    while (run.open > 0 && clock_ns() < run.until_ns + LATE_MS * 1000000ll)
        crowd_poll(crowd, 100, take_answer, &run);
    if (run.open > 0) rig_fail("%u commands were not answered", run.open);
    struct counts after = daemon_counts(rig);
    *result = (struct result_of){.per_second = (double)run.answered * 1000 / ROUND_MS,
                                 .per_commit = (after.accepted - before.accepted) / (after.commits - before.commits),
                                 .p50 = (double)samples_rank(&run.latency, 500) / 1000,
                                 .p99 = (double)samples_rank(&run.latency, 990) / 1000};
    samples_free(&run.latency);
}

static double middle(const struct result_of *results, unsigned count, size_t offset)
{
    double values[ROUNDS_MAX];
    for (unsigned i = 0; i < count; i++)
        memcpy(&values[i], (const char *)&results[i] + offset, sizeof values[i]);
    return median(values, count);
}
#define MIDDLE(results, name) middle(results, bench->rounds, offsetof(struct result_of, name))

void bench_writers(const struct bench *bench)
{
    struct rig rig;
    struct crowd crowd = {.count = 0};
    struct console console;
    static struct result_of one[ROUNDS_MAX], many[ROUNDS_MAX];
    table_part("writers");
    rig_prepare(&rig);
    rig_found(&rig);
    crowd_visit(&crowd, &console, rig.registry);
    enrol(&crowd, &console);
    crowd_leave(&crowd, &console);
    rig_serve(&rig);
    crowd_connect(&crowd, rig.port, crowd.server_key, false);
    for (unsigned i = 0; i < bench->rounds; i++) {
        run_writers(&rig, &crowd, 1, &one[i]);
        run_writers(&rig, &crowd, WRITERS, &many[i]);
        if (getenv("BENCH_VERBOSE") != NULL)
            printf("   round %u: %.0f/s and %.0f/s, %.1f a commit\n", i, one[i].per_second, many[i].per_second,
                   many[i].per_commit);
    }
    double alone = MIDDLE(one, per_second);
    figure_least("commands in a commit, 64 writers", "", MIDDLE(many, per_commit), MIDDLE(one, per_commit), 20);
    figure_least("commands a second, 64 writers against 1", "", MIDDLE(many, per_second), alone, 5 * alone);
    figure_plain("answer to one writer, p50 beside p99", "us", MIDDLE(one, p50), MIDDLE(one, p99));
    figure_plain("answer to each of 64, p50 beside p99", "us", MIDDLE(many, p50), MIDDLE(many, p99));
    crowd_part(&crowd);
    crowd_free(&crowd);
    rig_end(&rig);
}
