/* push.c - how long a change takes to reach 200 operators, against a synced commit and 200 raw sends.
 *
 * One process holds all connections of either daemon and submits at a gentle rate, so what the clients cost
 * is in both. The change is a signed one that everybody may see: a project is suspended or resumed. */
#include "tests/bench/crowd.h"
#include "tests/bench/floor.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { CLIENTS = 200, SUBMITS = 250, PER_SECOND = 50, PROJECTS_MAX = 512, WAIT_MS = 2000 };

struct project {
    uint64_t id, version;
    bool halted;
};

/* What the two daemons have in common while they are measured. */
struct fan {
    struct crowd *crowd;
    struct project projects[PROJECTS_MAX];
    unsigned project_count, next;
    unsigned arrived; /* of the present change */
    int64_t sent_ns;
    uint64_t number; /* that the answer named */
    uint64_t push_bytes, pushes, submit_bytes, submits;
    struct samples each, last; /* every delivery; the last one of each change */
};

static void release(struct fan *fan)
{
    samples_free(&fan->each);
    samples_free(&fan->last);
}

/* ---- what is submitted ---- */

static void read_projects(struct fan *fan, struct console *console)
{
    uint64_t id = 0;
    fan->project_count = 0;
    while ((id = state_next_id(console_space(console), KIND_project, id)) != 0) {
        struct record record;
        if (state_get(console_space(console), KIND_project, id, &console->arena, &record) != OK) rig_fail("project");
        unsigned state = rec_state(&record);
        bool runs = state == ST_project_preliminary || state == ST_project_construction;
        if (runs && fan->project_count < PROJECTS_MAX)
            fan->projects[fan->project_count++] = (struct project){.id = id, .version = record.version};
    }
}

/* The frame of the next change; the member who sends it is the first. */
static void pack_change(struct fan *fan, struct pack *frame)
{
    struct project *project = &fan->projects[fan->next];
    struct command command = {.kind = KIND_project,
                              .target = (int64_t)project->id,
                              .base = (int64_t)project->version,
                              .said = {1254099600},
                              .args = record_make(KIND_project, 0)};
    command.action = project->halted ? ACT_project_resume : ACT_project_suspend;
    if (!project->halted) rec_set_text(&command.args, project_reason, text_of("用地手续未办结,暂缓建设"));
    crowd_submit(fan->crowd, &fan->crowd->members[0], &command, frame);
}

/* ---- measuring ---- */

static void arrive(struct fan *fan, size_t bytes)
{
    int64_t ns = clock_ns() - fan->sent_ns;
    samples_add(&fan->each, ns);
    fan->push_bytes += bytes;
    fan->pushes++;
    if (++fan->arrived == fan->crowd->count) samples_add(&fan->last, ns);
}

static void take_push(void *self, struct member *member, const void *bytes, size_t count)
{
    struct fan *fan = self;
    struct arena arena;
    struct frame frame;
    (void)member;
    if (frame_type(bytes, count) == FRAME_PUSH) {
        arrive(fan, count);
        return;
    }
    arena_init(&arena, 1 << 20);
    if (frame_read(bytes, count, false, &arena, &frame, NULL) != OK) rig_fail("frame");
    if (frame.type == FRAME_ANSWER)
        fan->number = frame.as.answer.number;
    else if (frame.type == FRAME_REFUSED)
        rig_fail("refused: %s", err_name(frame.as.refused.why.err));
    arena_clear(&arena);
}

static void take_raw(void *self, struct member *member, const void *bytes, size_t count)
{
    (void)member;
    (void)bytes;
    arrive(self, count);
}

static void submit(struct fan *fan, const void *bytes, size_t count, crowd_take *take, bool answered)
{
    fan->arrived = 0;
    fan->number = 0;
    fan->submit_bytes += count;
    fan->submits++;
    fan->sent_ns = clock_ns();
    member_send(&fan->crowd->members[0], bytes, count);
    int64_t until = clock_ns() + WAIT_MS * 1000000ll;
    while ((fan->arrived < fan->crowd->count || (answered && fan->number == 0)) && clock_ns() < until)
        crowd_poll(fan->crowd, 100, take, fan);
    if (fan->arrived != fan->crowd->count) rig_fail("a change reached %u of %u", fan->arrived, fan->crowd->count);
}

static int64_t pause_after(int64_t begun_ns)
{
    int64_t next = begun_ns + 1000000000 / PER_SECOND;
    clock_until(next);
    return clock_ns();
}

static void measure_duban(struct fan *fan)
{
    int64_t begun = clock_ns();
    for (unsigned i = 0; i < SUBMITS; i++) {
        struct project *project = &fan->projects[fan->next];
        struct pack frame;
        pack_init(&frame, REQUEST_BYTES_MAX);
        pack_change(fan, &frame);
        submit(fan, frame.at, frame.used, take_push, true);
        pack_free(&frame);
        project->version = fan->number;
        project->halted = !project->halted;
        fan->next = (fan->next + 1) % fan->project_count;
        begun = pause_after(begun);
    }
}

static void measure_floor(struct fan *fan, size_t submit_bytes)
{
    uint8_t bytes[4096] = {0};
    int64_t begun = clock_ns();
    if (submit_bytes > sizeof bytes) rig_fail("submit");
    for (unsigned i = 0; i < SUBMITS; i++) {
        submit(fan, bytes, submit_bytes, take_raw, false);
        begun = pause_after(begun);
    }
}

/* ---- the two daemons ---- */

static void round_duban(struct rig *rig, struct fan *fan, double cpu_us[1])
{
    rig_serve(rig);
    crowd_connect(fan->crowd, rig->port, fan->crowd->server_key, false);
    int64_t cpu = process_cpu_us(rig->daemon);
    measure_duban(fan);
    *cpu_us = (double)(process_cpu_us(rig->daemon) - cpu) / SUBMITS;
    crowd_part(fan->crowd);
    rig_stop(rig, SIGTERM);
}

static void take_nothing(void *self, struct member *member, const void *bytes, size_t count)
{
    unsigned *heard = self;
    (void)member;
    (void)bytes;
    *heard += count == 1;
}

static void round_floor(const struct bench *bench, struct rig *rig, struct fan *fan, const struct floor_sizes *sizes,
                        size_t submit_bytes, double cpu_us[1])
{
    static unsigned number;
    char directory[320];
    struct identity identity;
    unsigned port = free_port(), heard = 0;
    snprintf(directory, sizeof directory, "%s/floor-%u", rig->directory, number++);
    if (mkdir(directory, 0700) != 0) rig_fail("mkdir");
    floor_identity(&identity);
    pid_t pid = floor_start(bench, directory, port, sizes);
    crowd_connect(fan->crowd, port, identity.transport_public, true);
    while (heard < fan->crowd->count)
        crowd_poll(fan->crowd, 100, take_nothing, &heard);
    int64_t cpu = process_cpu_us(pid);
    measure_floor(fan, submit_bytes);
    *cpu_us = (double)(process_cpu_us(pid) - cpu) / SUBMITS;
    crowd_part(fan->crowd);
    floor_stop(pid);
}

/* What the daemon has stored of the last change. */
static void read_sizes(struct rig *rig, struct fan *fan, struct floor_sizes *sizes)
{
    struct console console;
    struct key key;
    struct text value;
    crowd_visit(fan->crowd, &console, rig->registry);
    const struct space *space = console_space(&console);
    key_clear(&key);
    key_number(&key, console.engine.head.number);
    if (space->get(space->self, TABLE_JOURNAL, &key, &value) != OK) rig_fail("journal");
    sizes->journal = value.length;
    key_clear(&key);
    key_byte(&key, KIND_project);
    key_number(&key, fan->projects[0].id);
    if (space->get(space->self, TABLE_RECORD, &key, &value) != OK) rig_fail("record");
    sizes->record = value.length;
    crowd_leave(fan->crowd, &console);
    sizes->push = (unsigned)(fan->push_bytes / fan->pushes);
}

enum { EACH_P50, EACH_P99, LAST_P50, LAST_P99, CPU, SHOWN };

static void note(struct fan *fan, double cpu_us, double values[SHOWN][ROUNDS_MAX], unsigned round)
{
    values[EACH_P50][round] = (double)samples_rank(&fan->each, 500) / 1000;
    values[EACH_P99][round] = (double)samples_rank(&fan->each, 990) / 1000;
    values[LAST_P50][round] = (double)samples_rank(&fan->last, 500) / 1000;
    values[LAST_P99][round] = (double)samples_rank(&fan->last, 990) / 1000;
    values[CPU][round] = cpu_us;
    release(fan);
}

static void print(const struct bench *bench, double duban[SHOWN][ROUNDS_MAX], double floor[SHOWN][ROUNDS_MAX],
                  const struct fan *fan, const struct floor_sizes *sizes)
{
    static const char *const names[SHOWN] = {[EACH_P50] = "push to 200, each delivery, p50",
                                             [EACH_P99] = "push to 200, each delivery, p99",
                                             [LAST_P50] = "push to 200, the last one, p50",
                                             [LAST_P99] = "push to 200, the last one, p99",
                                             [CPU] = "processor time for a push to 200"};
    for (unsigned i = 0; i < SHOWN; i++)
        figure_time(names[i], median(duban[i], bench->rounds), median(floor[i], bench->rounds),
                    i == EACH_P99 || i == LAST_P99 ? 1.5 : 0);
    figure_plain("frame of that push", "B", (double)sizes->push, -1);
    figure_plain("frame of its command", "B", (double)(fan->submit_bytes / fan->submits), -1);
    figure_plain("stored of it: journal entry", "B", (double)sizes->journal, -1);
    figure_plain("stored of it: record", "B", (double)sizes->record, -1);
}

void bench_push(const struct bench *bench)
{
    static struct fan fan;
    struct rig rig;
    struct crowd crowd = {.count = 0};
    struct console console;
    struct floor_sizes sizes = {0};
    static double duban[SHOWN][ROUNDS_MAX], floor[SHOWN][ROUNDS_MAX];
    double cpu_us;
    table_part("push");
    rig_start(&rig);
    rig_stop(&rig, SIGTERM);
    fan.crowd = &crowd;
    crowd_visit(&crowd, &console, rig.registry);
    crowd_fill(&crowd, &console, "XMB", CLIENTS);
    read_projects(&fan, &console);
    crowd_leave(&crowd, &console);
    for (unsigned i = 0; i < bench->rounds; i++) {
        round_duban(&rig, &fan, &cpu_us);
        if (i == 0) read_sizes(&rig, &fan, &sizes);
        note(&fan, cpu_us, duban, i);
        round_floor(bench, &rig, &fan, &sizes, fan.submit_bytes / fan.submits, &cpu_us);
        note(&fan, cpu_us, floor, i);
        if (getenv("BENCH_VERBOSE") != NULL)
            printf("   round %u: p99 %.0f against %.0f, last %.0f against %.0f\n", i, duban[EACH_P99][i],
                   floor[EACH_P99][i], duban[LAST_P99][i], floor[LAST_P99][i]);
    }
    print(bench, duban, floor, &fan, &sizes);
    crowd_free(&crowd);
    rig_end(&rig);
}
