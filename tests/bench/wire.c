/* wire.c - bytes between a client and the daemon, counted as TCP payload by a relay that both talk through.
 *
 * The clients are the real client's core, in this process. Beside each figure stands its content: what the
 * operator wrote, packed; or, where nobody wrote anything, the frames before CURVE and ZMTP took them. */
#include "tests/bench/crowd.h"

#include "client/core/client.h"
#include "client/core/link.h"
#include "tests/bench/bench.h"
#include "tests/bench/report.h"
#include "tests/lib/relay.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

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

static void seat_make(struct rig *rig, struct seat *seat, const char *login)
{
    char home[300];
    struct refusal why = {.err = OK};
    rig_enrol(rig, login);
    rig_home(rig, login, home, sizeof home);
    setenv("DUBAN_HOME", home, 1);
    if (profile_load(login, &seat->profile, &why) != OK) rig_fail("profile %s: %s", login, why.text);
    if (profile_unlock(&seat->profile, "duban-demo", seat->seed) != OK) rig_fail("key of %s", login);
    seat->relay = relay_new(0, rig->port);
    seat->profile.port = (uint16_t)relay_port(seat->relay);
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
static uint64_t act(struct seat *seats, unsigned who, unsigned action, int64_t target, const struct record *args)
{
    uint64_t counter;
    enum err err =
        client_submit(seats[who].client, KIND_report, action, target, args, record_mask(args), &counter);
    if (err != OK) rig_fail("submit: %s", err_name(err));
    settle(seats, 2);
    const struct out_item *item = client_outcome(seats[who].client, counter);
    if (item == NULL || item->state != OUT_ACCEPTED)
        rig_fail("not accepted: %s", item != NULL ? item->why.text : "forgotten");
    return item->answer.id;
}

static double packed_bytes(const struct record *record)
{
    struct pack pack;
    pack_init(&pack, RECORD_BYTES_MAX);
    fields_pack(&pack, record, record_mask(record), false);
    double bytes = (double)pack.used;
    pack_free(&pack);
    return bytes;
}

/* ---- the figures ---- */

static void figure_sign_in(struct seat *seats)
{
    struct traffic first = sign_in(&seats[0]);
    client_close(seats[0].client);
    struct traffic again = sign_in(&seats[0]);
    figure_bytes("first sign-in, with all the county may see", first.up + first.down,
                 first.frames_up + first.frames_down, 0);
    figure_bytes("sign-in with nothing new", again.up + again.down, again.frames_up + again.frames_down, 1200);
    sign_in(&seats[1]);
}

static void figure_report(struct seat *seats, uint64_t project)
{
    struct record report = record_make(KIND_report, 0), reason = record_make(KIND_report, 0);
    report_fill(&report, project);
    rec_set_text(&reason, report_reason, text_of("请补充本月完成的工程量"));
    take(&seats[0]);
    uint64_t id = act(seats, 0, ACT_report_submit, 0, &report);
    struct traffic written = take(&seats[0]), seen = take(&seats[1]);
    figure_bytes("a first report, up", written.up, packed_bytes(&report), 400);
    figure_bytes("what comes back: answer and own view", written.down, written.frames_down, 0);
    figure_bytes("push of it to the office", seen.down, packed_bytes(&report), 0);
    act(seats, 1, ACT_report_return, (int64_t)id, &reason);
    struct traffic told = take(&seats[0]);
    figure_bytes("push of a returned report", told.down, packed_bytes(&reason), 200);
    rec_unset(&reason, report_reason);
    take(&seats[0]);
    act(seats, 0, ACT_report_submit, (int64_t)id, &reason);
    written = take(&seats[0]);
    figure_bytes("the same report submitted again, up", written.up, packed_bytes(&reason), 0);
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

void bench_wire(const struct bench *bench)
{
    struct rig rig;
    struct crowd crowd = {.count = 0};
    struct console console;
    static struct seat seats[2];
    uint64_t projects[2];
    table_part("wire");
    rig_prepare(&rig);
    rig_found(&rig);
    crowd_visit(&crowd, &console, rig.registry);
    crowd_enrol(&crowd, &console, operator_named(&console, "HRX"));
    projects_of(&console, "HRX", projects);
    crowd_leave(&crowd, &console);
    rig_serve(&rig);
    seat_make(&rig, &seats[0], "HRX");
    seat_make(&rig, &seats[1], "XMB");
    figure_sign_in(seats);
    figure_report(seats, projects[0]);
    figure_answer(&rig, &crowd, projects[1]);
    settle(seats, 2);
    figure_idle(bench, &seats[0]);
    seat_end(&seats[0]);
    seat_end(&seats[1]);
    crowd_free(&crowd);
    rig_end(&rig);
}
