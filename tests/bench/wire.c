/* wire.c - bytes between a client and the daemon, counted as TCP payload by a relay that both talk through.
 *
 * The clients are the real client's core, in this process. "Up + down" stands beside what it carries: the records'
 * values as text, all together compressed by zstd. The handshake of CURVE (872 bytes) is in every sign-in. */
#include "tests/bench/crowd.h"

#include "client/core/client.h"
#include "client/core/enrol.h"
#include "client/core/link.h"
#include "proto/show.h"
#include "tests/bench/bench.h"
#include "tests/bench/report.h"
#include "tests/lib/relay.h"
#include "tests/lib/rig_report.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <zstd.h>

enum { HRX, XMB, GTJ, SEATS };

enum { CONTENT_LEVEL = 19, CONTENT_BYTES_MAX = 16 << 20 };

enum { QUIET_MS = 150, STEP_MS = 10, WAIT_MS = 20000, PINGS = 3 };

/* An operator at his workstation, with a line of his own. */
struct seat {
    struct profile profile;
    uint8_t seed[SEED_BYTES];
    struct relay *relay;
    struct client *client;
    uint64_t up, down, sent, received; /* as last noted */
};

struct traffic {
    double up, down, frames_up, frames_down;
};

/* ---- the client's clock, which idle hours are measured by: it may run ahead ---- */

static int64_t ahead_ms;
int64_t __real_now_ms(void); /* NOLINT(bugprone-reserved-identifier) */
int64_t __wrap_now_ms(void); /* NOLINT(bugprone-reserved-identifier) */
int64_t __wrap_now_ms(void)
{
    return __real_now_ms() + ahead_ms;
}

/* ---- seats ---- */

static const char *const logins[SEATS] = {[HRX] = "HRX", [XMB] = "XMB", [GTJ] = "GTJ"};

/* Enrols the operator with his ticket, through the line. */
static void seat_make(struct rig *rig, struct seat *seat, const char *login)
{
    char home[300], text[TICKET_TEXT_MAX];
    struct ticket ticket;
    struct enrolment enrolment;
    struct refusal why = {.err = OK};
    seat->relay = relay_new(0, rig->port);
    rig_ticket(rig, login, text, sizeof text);
    if (ticket_read(text, &ticket) != OK) rig_fail("ticket of %s", login);
    ticket.port = (uint16_t)relay_port(seat->relay);
    ticket_write(&ticket, text);
    rig_home(rig, login, home, sizeof home);
    setenv("DUBAN_HOME", home, 1);
    enum err err = enrol(text, login, "bench", "duban-demo", WAIT_MS, &enrolment, &seat->profile, &why);
    if (err != OK) rig_fail("enrol %s: %s %s", login, err_name(err), why.text);
    if (profile_unlock(&seat->profile, "duban-demo", seat->seed) != OK) rig_fail("key of %s", login);
}

static uint64_t passed(const struct seat *seat)
{
    return relay_bytes(seat->relay, false) + relay_bytes(seat->relay, true);
}

/* Lets both work until nothing has passed for a while. */
static void settle(struct seat *seats, unsigned count)
{
    int64_t until = clock_ns() + WAIT_MS * 1000000ll, quiet = clock_ns();
    uint64_t last = 0;
    while (clock_ns() < quiet + QUIET_MS * 1000000ll) {
        uint64_t now = 0;
        if (clock_ns() > until) rig_fail("the line does not become quiet");
        for (unsigned i = 0; i < count; i++) {
            client_step(seats[i].client, STEP_MS, NULL, NULL, 0);
            now += passed(&seats[i]);
        }
        if (now != last) quiet = clock_ns();
        last = now;
    }
}

/* What has passed since the last call. */
static struct traffic take(struct seat *seat)
{
    uint64_t sent, received, up = relay_bytes(seat->relay, false), down = relay_bytes(seat->relay, true);
    client_counts(seat->client, &sent, &received);
    struct traffic traffic = {(double)(up - seat->up), (double)(down - seat->down), (double)(sent - seat->sent),
                              (double)(received - seat->received)};
    seat->up = up;
    seat->down = down;
    seat->sent = sent;
    seat->received = received;
    return traffic;
}

static struct traffic sign_in(struct seat *seat)
{
    struct refusal why = {.err = OK};
    struct client_status status = {.net = NET_OFFLINE};
    if (client_open(&seat->profile, seat->seed, &seat->client, &why) != OK) rig_fail("client: %s", why.text);
    seat->sent = seat->received = 0;
    seat->up = relay_bytes(seat->relay, false);
    seat->down = relay_bytes(seat->relay, true);
    client_connect(seat->client, true);
    int64_t until = clock_ns() + WAIT_MS * 1000000ll;
    while (status.net != NET_LIVE && clock_ns() < until) {
        client_step(seat->client, 100, NULL, NULL, 0);
        client_status(seat->client, &status);
    }
    if (status.net != NET_LIVE) rig_fail("no sign-in");
    settle(seat, 1);
    return take(seat);
}

static void seat_end(struct seat *seat)
{
    client_close(seat->client);
    relay_free(seat->relay);
    sodium_memzero(seat->seed, sizeof seat->seed);
}

/* Submits an act and waits for its answer; returns the record's id. */
static uint64_t act(struct seat *seats, unsigned who, unsigned kind, unsigned action, int64_t target,
                    const struct record *args)
{
    uint64_t counter;
    enum err err = client_submit(seats[who].client, kind, action, target, args, record_mask(args), &counter);
    if (err != OK) rig_fail("submit: %s", err_name(err));
    settle(seats, SEATS);
    const struct out_item *item = client_outcome(seats[who].client, counter);
    if (item == NULL || item->state != OUT_ACCEPTED)
        rig_fail("not accepted: %s", item != NULL ? err_name(item->why.err) : "forgotten");
    return item->answer.id;
}

/* ---- what it carries: the values as text, compressed by zstd ---- */

static double compressed(const struct str *text)
{
    size_t room = ZSTD_compressBound(text->used);
    char *into = malloc(room);
    if (into == NULL) rig_fail("memory");
    size_t size = ZSTD_compress(into, room, text->at, text->used, CONTENT_LEVEL);
    free(into);
    return (double)(size < text->used ? size : text->used);
}

static void put_record(const struct space *space, const struct record *record, struct arena *arena, struct str *text)
{
    struct show show = {.space = space, .arena = arena};
    for (unsigned i = 0; i < field_count(record->kind); i++) {
        if (!rec_has(record, i)) continue;
        show_value(&show, record, i, text);
        str_put(text, "\t");
    }
    str_put(text, "\n");
}

/* Of what an operator gave. */
static double content_of(const struct record *args)
{
    static char room[8192];
    struct arena arena;
    struct str text = str_in(room, sizeof room);
    arena_init(&arena, 1 << 20);
    put_record(NULL, args, &arena, &text);
    arena_clear(&arena);
    return compressed(&text);
}

/* Of the records in a seat's view that came after an entry. */
static double content_after(const struct seat *seat, uint64_t number)
{
    const struct space *space = client_space(seat->client);
    struct arena arena;
    char *room = malloc(CONTENT_BYTES_MAX);
    if (room == NULL) rig_fail("memory");
    struct str text = str_in(room, CONTENT_BYTES_MAX);
    arena_init(&arena, 64 << 20);
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (uint64_t id = 0; (id = state_next_id(space, kind->wire, id)) != 0; arena_reuse(&arena)) {
            struct record record;
            if (state_get(space, kind->wire, id, &arena, &record) != OK) rig_fail("view");
            if (record.version > number) put_record(space, &record, &arena, &text);
        }
    arena_clear(&arena);
    double bytes = compressed(&text);
    free(room);
    return bytes;
}

static void ways(const char *name, struct traffic traffic, double content, const char *way, double goal)
{
    figure_ways(name, traffic.up, traffic.down, content, way, goal);
}

/* ---- the figures ---- */

static void figure_sign_in(struct seat *seats)
{
    struct traffic enrolled = {(double)relay_bytes(seats[HRX].relay, false),
                               (double)relay_bytes(seats[HRX].relay, true), 0, 0};
    ways("enrol", enrolled, 0, "", 0);
    struct traffic first = sign_in(&seats[HRX]);
    ways("sign-in and first sync, a county", first, content_after(&seats[HRX], 0), "", 16 * 1024);
    client_close(seats[HRX].client);
    ways("sign-in with nothing new", sign_in(&seats[HRX]), 0, "", 1200);
    first = sign_in(&seats[XMB]);
    ways("sign-in and first sync, the office", first, content_after(&seats[XMB], 0), "", 0);
    sign_in(&seats[GTJ]);
}

/* The report of the month after: some words of each text stay, as in real ones. */
static void fill_next_month(struct record *report, uint64_t project)
{
    report_fill(report, project);
    rec_set(report, report_month, month_make(2009, 10).n);
    rec_set(report, report_invested, 135 * 1000000ll);
    rec_set(report, report_cumulative, 1995 * 1000000ll);
    rec_set_text(report, report_progress, text_of("路基土石方完成,桥涵全部完工"));
    rec_set_text(report, report_next, text_of("路面铺设完成三公里"));
}

static void figure_reports(struct rig *rig, struct seat *seats, uint64_t project)
{
    struct record report = record_make(KIND_report, 0), reason = record_make(KIND_report, 0), nothing = reason;
    report_fill(&report, project);
    rec_set_text(&reason, report_reason, text_of("请补充本月完成的工程量"));
    take(&seats[HRX]);
    uint64_t id = act(seats, HRX, KIND_report, ACT_report_submit, 0, &report);
    ways("a first report; own view and answer back", take(&seats[HRX]), content_of(&report), "up", 400);
    ways("push of it to the office", take(&seats[XMB]), content_of(&report), "", 0);
    act(seats, XMB, KIND_report, ACT_report_return, (int64_t)id, &reason);
    ways("push of a return", take(&seats[HRX]), content_of(&reason), "down", 200);
    act(seats, HRX, KIND_report, ACT_report_submit, (int64_t)id, &nothing);
    ways("the same report submitted again", take(&seats[HRX]), 0, "", 0);
    rig_set_clock(rig, "2009-10-30 09:00");
    settle(seats, SEATS);
    take(&seats[HRX]);
    report = record_make(KIND_report, 0);
    fill_next_month(&report, project);
    id = act(seats, HRX, KIND_report, ACT_report_submit, 0, &report);
    ways("the next month's, as a difference", take(&seats[HRX]), content_of(&report), "up", 190);
    act(seats, XMB, KIND_report, ACT_report_return, (int64_t)id, &reason);
    take(&seats[HRX]);
    rec_set_text(&report, report_next, text_of("路面铺设完成三公里,开始安装护栏"));
    act(seats, HRX, KIND_report, ACT_report_submit, (int64_t)id, &report);
    ways("that, amended and whole, from what it was", take(&seats[HRX]), content_of(&report), "up", 190);
}

static void figure_assignment(struct seat *seats, uint64_t project)
{
    struct record issue = record_make(KIND_issue, 0), given = record_make(KIND_issue, 0);
    int64_t department = (int64_t)state_find_text(client_space(seats[XMB].client), IX_unit_code, "GTJ");
    rec_set(&issue, issue_project, (int64_t)project);
    rec_set(&issue, issue_nature, OPT_problem_land);
    rec_set_text(&issue, issue_text, text_of("征地红线内两户未签订补偿协议"));
    uint64_t id = act(seats, XMB, KIND_issue, ACT_issue_collect, 0, &issue);
    rec_set(&given, issue_nature, OPT_problem_land);
    act(seats, XMB, KIND_issue, ACT_issue_register, (int64_t)id, &given);
    take(&seats[GTJ]);
    take(&seats[HRX]);
    given = record_make(KIND_issue, 0);
    rec_set_list(&given, issue_departments, &department, 1);
    rec_set(&given, issue_limit, 5);
    act(seats, XMB, KIND_issue, ACT_issue_assign, (int64_t)id, &given);
    ways("push of an assignment to the county", take(&seats[HRX]), 0, "down", 140);
    ways("the same to its department, with the issue", take(&seats[GTJ]), content_of(&issue), "down", 140);
}

static void figure_idle(const struct bench *bench, struct seat *seat)
{
    double seconds = PINGS * PING_SECONDS;
    int64_t until = clock_ns() + (int64_t)(seconds + 2) * 1000000000ll;
    take(seat);
    for (unsigned i = 0; !bench->whole && i < PINGS; i++) {
        ahead_ms += PING_SECONDS * 1000;
        settle(seat, 1);
    }
    while (bench->whole && clock_ns() < until)
        client_step(seat->client, 1000, NULL, NULL, 0);
    struct traffic idle = take(seat);
    double hours = seconds / 3600;
    if (idle.up == 0) rig_fail("an idle client does not ask");
    figure_bytes(bench->whole ? "an idle hour, from four minutes" : "an idle hour, by a clock that leaps",
                 (idle.up + idle.down) / hours, (idle.frames_up + idle.frames_down) / hours, 4000);
}

/* ---- the answer by itself: the same command again gets the same answer, and nobody is pushed ---- */

static void await_answer(void *self, struct member *member, const void *bytes, size_t count)
{
    double *frame_bytes = self;
    (void)member;
    if (frame_type(bytes, count) == FRAME_ANSWER) *frame_bytes = (double)count;
}

static void send_and_wait(struct crowd *crowd, const struct pack *frame, double *frame_bytes)
{
    int64_t until = clock_ns() + WAIT_MS * 1000000ll;
    *frame_bytes = 0;
    member_send(&crowd->members[0], frame->at, frame->used);
    while (*frame_bytes <= 0 && clock_ns() < until)
        crowd_poll(crowd, 100, await_answer, frame_bytes);
    for (int64_t quiet = clock_ns() + QUIET_MS * 1000000ll; clock_ns() < quiet;)
        crowd_poll(crowd, STEP_MS, await_answer, frame_bytes);
    if (*frame_bytes <= 0) rig_fail("no answer");
}

static void figure_answer(struct rig *rig, struct crowd *crowd, uint64_t project)
{
    struct relay *relay = relay_new(0, rig->port);
    struct command command = {
        .kind = KIND_report, .action = ACT_report_submit, .said = {BENCH_TIME}, .args = record_make(KIND_report, 0)};
    struct pack frame;
    double bytes;
    report_fill(&command.args, project);
    crowd_connect(crowd, relay_port(relay), crowd->server_key, false);
    pack_init(&frame, REQUEST_BYTES_MAX);
    crowd_submit(crowd, &crowd->members[0], &command, &frame);
    send_and_wait(crowd, &frame, &bytes);
    uint64_t before = relay_bytes(relay, true);
    send_and_wait(crowd, &frame, &bytes);
    figure_bytes("its answer", (double)(relay_bytes(relay, true) - before), bytes, 60);
    pack_free(&frame);
    crowd_part(crowd);
    relay_free(relay);
}

/* Two projects of the county: one for the client, one for the answer by itself. */
static void projects_of(struct console *console, const char *code, uint64_t projects[2])
{
    uint64_t id = 0, unit = state_find_text(console_space(console), IX_unit_code, code);
    unsigned count = 0;
    while (count < 2 && (id = state_next_id(console_space(console), KIND_project, id)) != 0) {
        struct record project;
        if (state_get(console_space(console), KIND_project, id, &console->arena, &project) != OK) rig_fail("project");
        if ((uint64_t)rec_num(&project, project_responsible) == unit) projects[count++] = id;
    }
    if (count < 2) rig_fail("%s has no two projects", code);
}

/* Six weeks of work: a client that left a thousand entries before their end, and one that comes for the first time. */
static void figure_later(void)
{
    static struct seat seats[SEATS];
    struct rig rig;
    char name[64];
    rig_prepare(&rig);
    rig_found(&rig);
    rig_serve(&rig);
    for (unsigned i = 0; i < SEATS; i++)
        seat_make(&rig, &seats[i], logins[i]);
    rig_stop(&rig, SIGTERM);
    rig_daemon_out(&rig, 0, "simulate", rig.registry, "--until", "2009-10-28", "--seed", "4", NULL);
    rig_serve(&rig);
    sign_in(&seats[HRX]);
    sign_in(&seats[XMB]);
    client_close(seats[HRX].client);
    client_close(seats[XMB].client);
    long head = rig_head(&rig);
    rig_stop(&rig, SIGTERM);
    rig_daemon_out(&rig, 0, "simulate", rig.registry, "--until", "2009-11-05", "--seed", "4", NULL);
    rig_serve(&rig);
    long entries = rig_head(&rig) - head;
    for (unsigned i = HRX; i <= XMB; i++) {
        struct traffic resumed = sign_in(&seats[i]);
        snprintf(name, sizeof name, "%s resumes after %ld entries", logins[i], entries);
        ways(name, resumed, content_after(&seats[i], (uint64_t)head), "", 0);
        client_close(seats[i].client);
    }
    struct traffic first = sign_in(&seats[GTJ]);
    ways("first sync after six weeks, a department", first, content_after(&seats[GTJ], 0), "", 0);
    seat_end(&seats[GTJ]);
    relay_free(seats[HRX].relay);
    relay_free(seats[XMB].relay);
    rig_end(&rig);
}

void bench_wire(const struct bench *bench)
{
    struct rig rig;
    struct crowd crowd = {.count = 0};
    struct console console;
    static struct seat seats[SEATS];
    uint64_t projects[2];
    table_part("wire");
    rig_prepare(&rig);
    rig_found(&rig);
    crowd_visit(&crowd, &console, rig.registry);
    crowd_enrol(&crowd, &console, operator_named(&console, "HRX"));
    projects_of(&console, "HRX", projects);
    crowd_leave(&crowd, &console);
    rig_serve(&rig);
    for (unsigned i = 0; i < SEATS; i++)
        seat_make(&rig, &seats[i], logins[i]);
    figure_sign_in(seats);
    figure_reports(&rig, seats, projects[0]);
    figure_assignment(seats, projects[0]);
    figure_answer(&rig, &crowd, projects[1]);
    settle(seats, SEATS);
    figure_idle(bench, &seats[HRX]);
    for (unsigned i = 0; i < SEATS; i++)
        seat_end(&seats[i]);
    crowd_free(&crowd);
    rig_end(&rig);
    figure_later();
}
