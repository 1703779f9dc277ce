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
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
    pthread_t thread;
    bool ended;
    int64_t sent_ns;
    bool open;
    struct samples latency;
};

struct storm {
    struct rig rig;
    struct fleet fleet;
    struct writer writer;
    int64_t there_cpu_us; /* the daemon's processor time when it was there */
    double alone[2]; /* the writer's p50 and p99 with nobody else there */
};

static void sleep_ms(int64_t ms)
{
    clock_until(clock_ns() + ms * 1000000);
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
    while (!__atomic_load_n(&writer->ended, __ATOMIC_ACQUIRE)) {
        write_next(writer);
        while (writer->open)
            crowd_poll(&writer->crowd, 100, take_answer, writer);
        int64_t next = writer->sent_ns + WORK_MS * 1000000ll;
        if (next > clock_ns()) clock_until(next);
    }
    return NULL;
}

static void begin_work(struct storm *storm)
{
    struct writer *writer = &storm->writer;
    writer->ended = false;
    samples_free(&writer->latency);
    crowd_connect(&writer->crowd, storm->rig.port, writer->crowd.server_key, false);
    if (pthread_create(&writer->thread, NULL, work, writer) != 0) rig_fail("thread");
}

static void end_work(struct storm *storm)
{
    __atomic_store_n(&storm->writer.ended, true, __ATOMIC_RELEASE);
    pthread_join(storm->writer.thread, NULL);
    crowd_part(&storm->writer.crowd);
}

static void work_alone(struct storm *storm)
{
    begin_work(storm);
    sleep_ms(ALONE_MS);
    end_work(storm);
    storm->alone[0] = (double)samples_rank(&storm->writer.latency, 500) / 1000;
    storm->alone[1] = (double)samples_rank(&storm->writer.latency, 990) / 1000;
}

/* ---- what is told of a storm ---- */

/* Attempts of all hands in a span, ascending; and the most that one of them made. */
static unsigned gather(const struct fleet *fleet, int64_t from_ms, struct samples *attempts)
{
    unsigned most = 0;
    for (unsigned i = 0; i < fleet->count; i++) {
        const struct hand *hand = &fleet->hands[i];
        unsigned made = __atomic_load_n(&hand->attempts, __ATOMIC_ACQUIRE), own = 0;
        for (unsigned j = 0; j < made && j < ATTEMPTS_KEPT; j++) {
            if (hand->attempt_ms[j] < from_ms) continue;
            samples_add(attempts, hand->attempt_ms[j]);
            own++;
        }
        if (own > most) most = own;
    }
    samples_rank(attempts, 0); /* sorts */
    return most;
}

/* The most attempts that any second saw. */
static unsigned worst_second(const struct samples *attempts)
{
    size_t worst = 0, from = 0;
    for (size_t i = 0; i < attempts->count; i++) {
        while (attempts->at[i] - attempts->at[from] >= 1000)
            from++;
        if (i - from + 1 > worst) worst = i - from + 1;
    }
    return (unsigned)worst;
}

/* In a storm that began at `lost_ms`, with a daemon that is there since `there_ms`. */
static void tell(struct storm *storm, const char *what, int64_t lost_ms, int64_t there_ms)
{
    const struct fleet *fleet = &storm->fleet;
    struct samples back = {0}, attempts = {0};
    char name[80];
    for (unsigned i = 0; i < fleet->count; i++)
        samples_add(&back, fleet->hands[i].live_ms - there_ms);
    unsigned most = gather(fleet, lost_ms, &attempts);
    double span = (double)(attempts.at[attempts.count - 1] - attempts.at[0]) / 1000;
    double last = (double)samples_rank(&back, 1000), mean = (double)attempts.count / (span > 1 ? span : 1);
    struct samples *latency = &storm->writer.latency;
    snprintf(name, sizeof name, "%s: back, the middle one", what);
    figure_plain(name, "s", (double)samples_rank(&back, 500) / 1000, -1);
    snprintf(name, sizeof name, "%s: back, the last one", what);
    figure_plain(name, "s", last / 1000, -1);
    snprintf(name, sizeof name, "%s: attempts in the worst second", what);
    figure_plain(name, "", worst_second(&attempts), mean);
    snprintf(name, sizeof name, "%s: attempts of a client, at most", what);
    figure_plain(name, "", most, (double)attempts.count / fleet->count);
    snprintf(name, sizeof name, "%s: the daemon's processor", what);
    figure_plain(name, "ms", (double)(process_cpu_us(storm->rig.daemon) - storm->there_cpu_us) / 1000, -1);
    snprintf(name, sizeof name, "%s: the daemon's memory, peak", what);
    figure_plain(name, "KiB", (double)process_peak_kib(storm->rig.daemon), -1);
    snprintf(name, sizeof name, "%s: a writer meanwhile, p50", what);
    figure_time(name, (double)samples_rank(latency, 500) / 1000, storm->alone[0], 0);
    snprintf(name, sizeof name, "%s: a writer meanwhile, p99", what);
    figure_time(name, (double)samples_rank(latency, 990) / 1000, storm->alone[1], 0);
    samples_free(&back);
    samples_free(&attempts);
}

/* Serves again, with a writer at work, until all are back. */
static void serve_again(struct storm *storm, const char *what, int64_t lost_ms)
{
    rig_serve(&storm->rig);
    int64_t there_ms = rig_clock_ms();
    storm->there_cpu_us = 0;
    begin_work(storm);
    if (!fleet_await(&storm->fleet, lost_ms, BACK_MS))
        rig_fail("%s: %u of %u are back", what, fleet_live(&storm->fleet, lost_ms), storm->fleet.count);
    end_work(storm);
    tell(storm, what, lost_ms, there_ms);
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
    tell(storm, "first sync", begun_ms, begun_ms);
}

static void killed_for(struct storm *storm, const char *what, int64_t ms)
{
    int64_t lost_ms = rig_clock_ms();
    rig_stop(&storm->rig, SIGKILL);
    sleep_ms(ms);
    serve_again(storm, what, lost_ms);
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
    serve_again(storm, "taken and dropped for 20 s", lost_ms);
}

/* A daemon that serves for half a second and falls, again and again. */
static void falling(struct storm *storm)
{
    int64_t lost_ms = rig_clock_ms();
    rig_stop(&storm->rig, SIGKILL);
    for (unsigned i = 0; i < FALLS; i++) {
        rig_serve(&storm->rig);
        sleep_ms(FALL_MS);
        rig_stop(&storm->rig, SIGKILL);
    }
    serve_again(storm, "falls ten times", lost_ms);
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
    rig_serve(&storm.rig);
    work_alone(&storm);
    first_syncs(&storm);
    if (getenv("ONLY_FIRST") == NULL) {
    killed_for(&storm, "killed, started at once", 0);
    killed_for(&storm, "down for 10 s", SOON_MS);
    dropped(&storm);
    falling(&storm);
    if (bench->whole) killed_for(&storm, "down for 5 min", LONG_MS);
    }
    fleet_stop(&storm.fleet);
    fleet_free(&storm.fleet);
    crowd_free(&storm.writer.crowd);
    rig_end(&storm.rig);
}
