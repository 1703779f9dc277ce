/* storm.c - a thousand operators' real clients lose the daemon at the same moment and come back.
 *
 * Every client is client/core whole in a thread of its own (tests/lib/fleet.h), on the daemon's two cores; a clerk
 * who works meanwhile is hand-made and submits fifty commands a second. Resident memory counts the pages of the
 * database that are mapped, too. */
#include "tests/bench/crowd.h"

#include "tests/bench/bench.h"
#include "tests/bench/report.h"
#include "tests/lib/fleet.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CLIENTS = 1000,
    CONNECTIONS = 2000,
    WORK_MS = 20,      /* from one command of the writer to the next */
    ALONE_MS = 8000,
    BACK_MS = 300000,  /* all must be live by then */
    SOON_MS = 10000,
    LONG_MS = 300000,
    DROPPING_MS = 20000,
    FALLS = 10,
    FALL_MS = 500,
};

struct writer {
    struct crowd crowd;
    unsigned port;
    pthread_t thread;
    bool ended;
    int64_t sent_ns;
    bool open;
    struct samples latency;
};

/* Of a storm, or of several of the same sort. */
struct course {
    unsigned storms;
    struct samples back;     /* how long after the daemon each client was, ms */
    struct samples attempts; /* of each client, until it was live */
    unsigned worst_second;   /* attempts of all together */
    unsigned worst_served;   /* the same while the daemon was there */
    int64_t cpu_us, peak_kib;
};

struct storm {
    struct rig rig;
    struct fleet fleet;
    struct writer writer;
    struct course course;
    int64_t there_cpu_us; /* the daemon's processor time when it was there */
    double alone[2]; /* the writer's p50 and p99 with nobody else there */
};

static void sleep_ms(int64_t ms)
{
    clock_until(clock_ns() + ms * 1000000);
}

/* In life the clients are elsewhere: here the daemon and the writer go before them on the cores that all share.
 * Without the right to do so it is left, and the figures are worse. */
static void put_first(int thread)
{
    setpriority(PRIO_PROCESS, (id_t)thread, -19);
}

static void serve(struct storm *storm)
{
    char path[64];
    rig_serve(&storm->rig);
    snprintf(path, sizeof path, "/proc/%d/task", (int)storm->rig.daemon);
    DIR *tasks = opendir(path);
    for (struct dirent *task; tasks != NULL && (task = readdir(tasks)) != NULL;)
        if (task->d_name[0] != '.') put_first(atoi(task->d_name));
    if (tasks != NULL) closedir(tasks);
}

/* ---- the writer ---- */

static void write_next(struct writer *writer)
{
    struct member *member = &writer->crowd.members[0];
    struct command command = {.kind = KIND_report,
                              .action = ACT_report_submit,
                              .target = (int64_t)member->record,
                              .base = (int64_t)member->version,
                              .said = {BENCH_TIME},
                              .args = record_make(KIND_report, 0)};
    if (member->record == 0) report_fill(&command.args, member->project);
    if (member->record != 0 && !member->halted) command.action = ACT_report_recall;
    writer->sent_ns = clock_ns();
    writer->open = true;
    crowd_submit(&writer->crowd, member, &command, NULL);
}

static void take_answer(void *self, struct member *member, const void *bytes, size_t count)
{
    struct writer *writer = self;
    struct arena arena;
    struct frame frame;
    unsigned type = frame_type(bytes, count);
    if (type != FRAME_ANSWER && type != FRAME_REFUSED) return;
    arena_init(&arena, 1 << 20);
    if (frame_read(bytes, count, false, &arena, &frame, NULL) != OK) rig_fail("frame");
    if (frame.type == FRAME_REFUSED) rig_fail("refused: %s", err_name(frame.as.refused.why.err));
    samples_add(&writer->latency, clock_ns() - writer->sent_ns);
    member->halted = member->record != 0 && !member->halted;
    member->record = frame.as.answer.id;
    member->version = frame.as.answer.number;
    writer->open = false;
    arena_clear(&arena);
}

static void *work(void *self)
{
    struct writer *writer = self;
    put_first(gettid()); /* and the threads of its sockets */
    crowd_connect(&writer->crowd, writer->port, writer->crowd.server_key, false);
    while (!__atomic_load_n(&writer->ended, __ATOMIC_ACQUIRE)) {
        write_next(writer);
        while (writer->open)
            crowd_poll(&writer->crowd, 100, take_answer, writer);
        int64_t next = writer->sent_ns + WORK_MS * 1000000ll;
        if (next > clock_ns()) clock_until(next);
    }
    crowd_part(&writer->crowd);
    return NULL;
}

static void begin_work(struct storm *storm)
{
    struct writer *writer = &storm->writer;
    writer->ended = false;
    writer->port = storm->rig.port;
    if (pthread_create(&writer->thread, NULL, work, writer) != 0) rig_fail("thread");
}

static void end_work(struct storm *storm)
{
    __atomic_store_n(&storm->writer.ended, true, __ATOMIC_RELEASE);
    pthread_join(storm->writer.thread, NULL);
}

static void work_alone(struct storm *storm)
{
    begin_work(storm);
    sleep_ms(ALONE_MS);
    end_work(storm);
    storm->alone[0] = (double)samples_rank(&storm->writer.latency, 500) / 1000;
    storm->alone[1] = (double)samples_rank(&storm->writer.latency, 990) / 1000;
    samples_free(&storm->writer.latency);
}

/* ---- what is told of a storm ---- */

/* The most that fell into any second. */
static unsigned worst_second(struct samples *at_ms)
{
    size_t worst = 0, from = 0;
    samples_rank(at_ms, 0); /* sorts */
    for (size_t i = 0; i < at_ms->count; i++) {
        while (at_ms->at[i] - at_ms->at[from] >= 1000)
            from++;
        if (i - from + 1 > worst) worst = i - from + 1;
    }
    return (unsigned)worst;
}

/* A storm that began at `lost_ms` is over, with a daemon that is there since `there_ms`. */
static void note_storm(struct storm *storm, int64_t lost_ms, int64_t there_ms)
{
    struct course *course = &storm->course;
    struct samples all = {0}, served = {0};
    for (unsigned i = 0; i < storm->fleet.count; i++) {
        const struct hand *hand = &storm->fleet.hands[i];
        unsigned made = __atomic_load_n(&hand->attempts, __ATOMIC_ACQUIRE);
        for (unsigned j = 0; j < made && j < ATTEMPTS_KEPT; j++) {
            if (hand->attempt_ms[j] >= lost_ms) samples_add(&all, hand->attempt_ms[j]);
            if (hand->attempt_ms[j] >= there_ms) samples_add(&served, hand->attempt_ms[j]);
        }
        samples_add(&course->attempts, hand_attempts(hand, lost_ms, INT64_MAX));
        samples_add(&course->back, hand->live_ms > there_ms ? hand->live_ms - there_ms : 0);
    }
    unsigned worst = worst_second(&all), worst_served = worst_second(&served);
    if (worst > course->worst_second) course->worst_second = worst;
    if (worst_served > course->worst_served) course->worst_served = worst_served;
    course->cpu_us += process_cpu_us(storm->rig.daemon) - storm->there_cpu_us;
    course->peak_kib = process_peak_kib(storm->rig.daemon);
    course->storms++;
    samples_free(&all);
    samples_free(&served);
}

static void line(const char *what, const char *of, const char *unit, double value, double beside)
{
    char name[96];
    snprintf(name, sizeof name, "%s: %s", what, of);
    figure_plain(name, unit, value, beside);
}

/* Prints it and begins anew. */
static void tell(struct storm *storm, const char *what)
{
    struct course *course = &storm->course;
    struct samples *latency = &storm->writer.latency;
    double mean = 0;
    for (size_t i = 0; i < course->attempts.count; i++)
        mean += (double)course->attempts.at[i] / (double)course->attempts.count;
    line(what, "half are back", "s", (double)samples_rank(&course->back, 500) / 1000, -1);
    line(what, "all are back", "s", (double)samples_rank(&course->back, 1000) / 1000, -1);
    line(what, "worst second, daemon there beside all", "", course->worst_served, course->worst_second);
    line(what, "attempts, most beside mean", "", (double)samples_rank(&course->attempts, 1000), mean);
    line(what, "daemon's processor", "ms", (double)course->cpu_us / course->storms / 1000, -1);
    line(what, "daemon's memory, peak", "KiB", (double)course->peak_kib, -1);
    line(what, "writer p50, beside alone", "us", (double)samples_rank(latency, 500) / 1000, storm->alone[0]);
    line(what, "writer p99, beside alone", "us", (double)samples_rank(latency, 990) / 1000, storm->alone[1]);
    samples_free(&course->back);
    samples_free(&course->attempts);
    samples_free(latency);
    *course = (struct course){.storms = 0};
}

/* Serves again, with a writer at work, until all are back. */
static void serve_again(struct storm *storm, int64_t lost_ms)
{
    serve(storm);
    int64_t there_ms = rig_clock_ms();
    storm->there_cpu_us = 0;
    begin_work(storm);
    if (!fleet_await(&storm->fleet, lost_ms, BACK_MS))
        rig_fail("%u of %u are back", fleet_live(&storm->fleet, lost_ms), storm->fleet.count);
    end_work(storm);
    note_storm(storm, lost_ms, there_ms);
}

/* ---- storms ---- */

static void first_syncs(struct storm *storm)
{
    int64_t begun_ms = rig_clock_ms();
    storm->there_cpu_us = process_cpu_us(storm->rig.daemon);
    begin_work(storm);
    fleet_start(&storm->fleet);
    if (!fleet_await(&storm->fleet, begun_ms, BACK_MS)) rig_fail("%u are there", fleet_live(&storm->fleet, begun_ms));
    end_work(storm);
    note_storm(storm, begun_ms, begun_ms);
    tell(storm, "first sync");
}

static void killed_for(struct storm *storm, int64_t ms)
{
    int64_t lost_ms = rig_clock_ms();
    rig_stop(&storm->rig, SIGKILL);
    sleep_ms(ms);
    serve_again(storm, lost_ms);
}

static void restarts(struct storm *storm, unsigned rounds)
{
    for (unsigned i = 0; i < rounds; i++)
        killed_for(storm, 0);
    tell(storm, "started at once");
    killed_for(storm, SOON_MS);
    tell(storm, "down for 10 s");
}

/* A thing at the daemon's port that takes every connection and closes it. */
static void take_and_drop(unsigned port, int64_t ms)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 1024) != 0) rig_fail("listen");
    for (int64_t until = rig_clock_ms() + ms, now; (now = rig_clock_ms()) < until;) {
        struct pollfd waits = {.fd = fd, .events = POLLIN};
        if (poll(&waits, 1, (int)(until - now)) > 0) close(accept4(fd, NULL, NULL, SOCK_CLOEXEC));
    }
    close(fd);
}

static void dropped(struct storm *storm)
{
    int64_t lost_ms = rig_clock_ms();
    rig_stop(&storm->rig, SIGKILL);
    take_and_drop(storm->rig.port, DROPPING_MS);
    serve_again(storm, lost_ms);
    tell(storm, "dropped for 20 s");
}

/* A daemon that serves for half a second and falls, again and again. */
static void falling(struct storm *storm)
{
    int64_t lost_ms = rig_clock_ms();
    rig_stop(&storm->rig, SIGKILL);
    for (unsigned i = 0; i < FALLS; i++) {
        serve(storm);
        sleep_ms(FALL_MS);
        rig_stop(&storm->rig, SIGKILL);
    }
    serve_again(storm, lost_ms);
    tell(storm, "falls ten times");
}

/* ---- two thousand at once ---- */

static void connect_many(void)
{
    struct rig rig;
    struct crowd crowd = {.count = 0};
    struct console console;
    rig_prepare(&rig);
    rig_found(&rig);
    crowd_visit(&crowd, &console, rig.registry);
    crowd_fill(&crowd, &console, "XMB", CONNECTIONS);
    crowd_leave(&crowd, &console);
    rig_serve(&rig);
    int64_t begun = clock_ns(), cpu_us = process_cpu_us(rig.daemon);
    crowd_connect(&crowd, rig.port, crowd.server_key, false);
    figure_plain("2000 greet in the same moment, all welcomed", "s", (double)(clock_ns() - begun) / 1e9, -1);
    figure_plain("the daemon's processor for it", "ms", (double)(process_cpu_us(rig.daemon) - cpu_us) / 1000, -1);
    crowd_part(&crowd);
    crowd_free(&crowd);
    rig_end(&rig);
}

static void prepare(struct storm *storm, unsigned clients)
{
    struct console console;
    struct crowd *writer = &storm->writer.crowd;
    struct record project, unit;
    struct text code;
    char login[64];
    rig_prepare(&storm->rig);
    rig_found(&storm->rig);
    crowd_visit(writer, &console, storm->rig.registry);
    fleet_enrol(&storm->fleet, &storm->rig, &console, clients);
    const struct space *space = console_space(&console);
    uint64_t id = state_next_id(space, KIND_project, 0);
    if (state_get(space, KIND_project, id, &console.arena, &project) != OK ||
        state_get(space, KIND_unit, (uint64_t)rec_num(&project, project_responsible), &console.arena, &unit) != OK)
        rig_fail("project");
    code = rec_text(&unit, unit_code);
    snprintf(login, sizeof login, "%.*s", (int)code.length, code.at);
    crowd_enrol(writer, &console, operator_named(&console, login))->project = id;
    crowd_leave(writer, &console);
}

void bench_storm(const struct bench *bench)
{
    static struct storm storm;
    unsigned most = fleet_most(), clients = most < CLIENTS ? most : CLIENTS;
    table_part("storm");
    connect_many();
    prepare(&storm, clients);
    figure_plain("real clients", "", clients, -1);
    serve(&storm);
    work_alone(&storm);
    first_syncs(&storm);
    restarts(&storm, bench->rounds);
    dropped(&storm);
    falling(&storm);
    if (bench->whole) {
        killed_for(&storm, LONG_MS);
        tell(&storm, "down for 5 min");
    }
    fleet_stop(&storm.fleet);
    fleet_free(&storm.fleet);
    crowd_free(&storm.writer.crowd);
    rig_end(&storm.rig);
}
