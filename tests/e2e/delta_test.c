/* delta_test.c - acts as differences over the real wire: a later month's report in at most 190 bytes with signature,
 * encryption and frame, whole and verifiable at the other end; and whatever a peer makes of the form, one answer.
 * Promises P2, P4. */
#include "tests/lib/raw.h"
#include "tests/lib/relay.h"
#include "tests/lib/rig_report.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <string.h>

enum { REPORT_BYTES = 190 };

static struct rig rig;
static struct relay *relay;

static int start_rig(void **state)
{
    static const char *const all[] = {"XMB", "HRX", "PJX", "JCJ"};
    char address[64];
    (void)state;
    rig_start(&rig);
    relay = relay_new(0, rig.port);
    snprintf(address, sizeof address, "127.0.0.1:%u", relay_port(relay));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rig_enrol(&rig, all[i]);
    rig_out(&rig, 0, "HRX", "address", address, NULL);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    relay_free(relay);
    rig_end(&rig);
    return 0;
}

static uint64_t up(void)
{
    return relay_bytes(relay, false);
}

/* A report's bytes up: of a call that submits, less those of a call that only signs in. */
static uint64_t submit(const struct rig_project *project, const char *month, long invested, const char *progress)
{
    struct report_args args;
    rig_out(&rig, 0, "HRX", "sync", NULL);
    uint64_t start = up();
    rig_out(&rig, 0, "HRX", "sync", NULL);
    uint64_t signed_in = up() - start;
    start = up();
    rig_report_args(&args, "submit", project, month, invested);
    args.argv[10] = (char *)(uintptr_t)progress;
    rig_out_args(&rig, 0, "HRX", args.argv);
    return up() - start - signed_in;
}

static void a_later_report_is_short_and_whole(void **state)
{
    (void)state;
    struct rig_project project, other;
    char value[200];
    rig_project(&rig, "HRX", 0, &project);
    rig_project(&rig, "HRX", 1, &other);
    uint64_t first = submit(&project, "2009-09", 10, "路基土石方完成，桥涵施工过半");
    rig_set_clock(&rig, "2009-10-30 09:00");
    project.invested += 10;
    uint64_t plain = submit(&other, "2009-10", 10, "路基土石方完成，桥涵全部完工"); /* nothing to go by */
    uint64_t second = submit(&project, "2009-10", 20, "路基土石方完成，桥涵全部完工");
    print_message("first report %u, another project's %u, the next month's %u bytes up\n", (unsigned)first,
                  (unsigned)plain, (unsigned)second);
    assert_true(second <= REPORT_BYTES);
    assert_true(second + 30 < plain);
    const char *report = rig_report(&rig, "XMB", &project, "2009-10");
    assert_true(json_value(report, "progress", value, sizeof value));
    assert_string_equal(value, "路基土石方完成，桥涵全部完工");
    json_expect(report, "next", "铺设路面");
    rig_out(&rig, 0, "XMB", "verify", "report", project.code, "2009-10", NULL);
}

/* ---- by hand ---- */

/* A record as its reader gets it. */
static struct record get(struct raw *raw, unsigned kind, uint64_t id)
{
    struct query query = {.tag = 1, .what = QUERY_GET, .kind = (uint8_t)kind, .id = id};
    struct frame frame;
    struct pack pack;
    pack_init(&pack, 256);
    query_pack(&pack, &query);
    raw_send(raw, pack.at, pack.used);
    pack_free(&pack);
    assert_true(raw_expect(raw, FRAME_RESULT, &frame, 5000));
    assert_int_equal(frame.as.result.count, 1);
    return frame.as.result.records[0].record;
}

static bool greet(struct raw *raw, uint32_t newest, struct welcome *welcome)
{
    struct hello hello = {.protocol_oldest = 1, .protocol_newest = newest, .program = text_of("raw")};
    struct frame frame;
    struct pack pack;
    pack_init(&pack, 256);
    hello_pack(&pack, &hello);
    raw_send(raw, pack.at, pack.used);
    pack_free(&pack);
    if (!raw_expect(raw, FRAME_WELCOME, &frame, 5000)) return false;
    *welcome = frame.as.welcome;
    raw->counter = welcome->counter;
    return true;
}

/* Sends bytes as the difference of the next command; OK when it was answered. */
static struct refusal send_delta(struct raw *raw, struct delta_base base, struct text bytes)
{
    struct frame frame;
    struct pack pack;
    pack_init(&pack, REQUEST_BYTES_MAX);
    command_delta_pack(&pack, &base, bytes, NULL);
    raw_send(raw, pack.at, pack.used);
    pack_free(&pack);
    while (raw_receive(raw, &frame, 10000)) {
        if (frame.type == FRAME_ANSWER) return (struct refusal){.err = OK};
        if (frame.type == FRAME_LEAVE) return (struct refusal){.err = frame.as.leave.err};
        if (frame.type != FRAME_REFUSED) continue;
        assert_int_equal(frame.as.refused.counter, base.counter);
        return frame.as.refused.why;
    }
    return (struct refusal){.err = ERR_NO_LINK};
}

/* Another draft of the report, as a difference from it. */
static void amend(struct raw *raw, const struct record *report, struct pack *plain, struct pack *delta)
{
    struct command command = {.counter = ++raw->counter,
                              .kind = KIND_report,
                              .action = ACT_report_save,
                              .target = (int64_t)report->id,
                              .base = (int64_t)report->version,
                              .args = record_make(KIND_report, 0)};
    rec_set_text(&command.args, report_progress, text_of("主体结构施工至六层，砌体工程进场，安装工程招标完成"));
    command.given = record_mask(&command.args);
    pack_init(plain, COMMAND_BYTES_MAX);
    pack_init(delta, REQUEST_BYTES_MAX);
    command_pack(plain, &command);
    assert_true(delta_make(report, (struct text){(const char *)plain->at, (uint32_t)plain->used}, delta));
}

static struct text text_in(const struct pack *pack)
{
    return (struct text){(const char *)pack->at, (uint32_t)pack->used};
}

/* A draft of a unit's first project; returns its id. */
static uint64_t draft(const char *login)
{
    struct rig_project project;
    rig_project(&rig, login, 2, &project);
    const char *made = rig_out(&rig, 0, login, "report", "save", project.code, "2009-09", "--progress",
                               "主体结构施工至五层，砌体工程进场，安装工程招标中", "--json", NULL);
    return (uint64_t)json_number(made, "id");
}

static void expect_alike(struct raw *raw, struct delta_base base, struct text bytes)
{
    struct refusal why = send_delta(raw, base, bytes);
    assert_int_equal(why.err, ERR_BASE_UNKNOWN);
    assert_int_equal(why.kind, 0);
    assert_int_equal(why.number, 0);
    assert_string_equal(why.text, "");
}

/* What is not there, not to be seen, of another time or no difference at all: nobody can tell which. */
static void whatever_is_wrong_has_one_answer(void **state)
{
    (void)state;
    static char zeros[COMMAND_BYTES_MAX + 1];
    struct raw raw, neighbour;
    struct welcome welcome;
    struct pack plain, delta, bomb;
    uint64_t own = draft("HRX"), others = draft("PJX");
    raw_open(&neighbour, &rig, "PJX", NULL);
    assert_true(raw_greet(&neighbour, &welcome));
    struct record foreign = get(&neighbour, KIND_report, others);
    raw_open(&raw, &rig, "HRX", NULL);
    assert_true(raw_greet(&raw, &welcome));
    assert_int_equal(welcome.protocol, PROTOCOL_VERSION);
    struct record report = get(&raw, KIND_report, own);
    amend(&raw, &report, &plain, &delta);
    long before = rig_head(&rig);
    struct delta_base base = {raw.counter, KIND_report, own, report.version}, other = base;
    other.version++; /* of the future */
    expect_alike(&raw, other, text_in(&delta));
    other.version -= 2;
    expect_alike(&raw, other, text_in(&delta));
    other = (struct delta_base){raw.counter, KIND_report, 99999, report.version};
    expect_alike(&raw, other, text_in(&delta));
    other = (struct delta_base){raw.counter, 255, own, report.version};
    expect_alike(&raw, other, text_in(&delta));
    other = (struct delta_base){raw.counter, KIND_report, others, foreign.version}; /* right, but not for him */
    expect_alike(&raw, other, text_in(&delta));
    expect_alike(&raw, base, text_of(""));
    expect_alike(&raw, base, text_of("no zstd at all"));
    expect_alike(&raw, base, (struct text){(const char *)delta.at, (uint32_t)delta.used - 1});
    pack_init(&bomb, REQUEST_BYTES_MAX);
    assert_true(delta_make(&report, (struct text){zeros, sizeof zeros}, &bomb));
    expect_alike(&raw, base, text_in(&bomb));
    assert_int_equal(rig_head(&rig), before);
    assert_int_equal(send_delta(&raw, base, text_in(&delta)).err, OK);
    assert_int_equal(rig_head(&rig), before + 1);
    expect_alike(&raw, base, text_in(&delta)); /* the record is another by now: whole, it gets the same answer */
    pack_clear(&delta);
    command_frame_pack(&delta, plain.at, plain.used, NULL);
    raw_send(&raw, delta.at, delta.used);
    struct frame frame;
    assert_true(raw_expect(&raw, FRAME_ANSWER, &frame, 5000));
    assert_int_equal(frame.as.answer.counter, base.counter);
    assert_int_equal(rig_head(&rig), before + 1);
    pack_free(&plain);
    pack_free(&delta);
    pack_free(&bomb);
    raw_close(&raw);
    raw_close(&neighbour);
}

/* A client of protocol 1 is spoken to as ever; a newer one than the daemon in the daemon's. */
static void both_protocols_are_spoken(void **state)
{
    (void)state;
    struct raw raw;
    struct welcome welcome;
    struct record report;
    uint64_t id = draft("PJX");
    raw_open(&raw, &rig, "PJX", NULL);
    assert_true(greet(&raw, 1, &welcome));
    assert_int_equal(welcome.protocol, 1);
    report = get(&raw, KIND_report, id);
    struct command command = {.kind = KIND_report,
                              .action = ACT_report_save,
                              .target = (int64_t)id,
                              .base = (int64_t)report.version,
                              .args = record_make(KIND_report, 0)};
    rec_set_text(&command.args, report_next, text_of("封顶"));
    command.given = record_mask(&command.args);
    assert_int_equal(raw_command(&raw, &command, NULL).err, OK);
    assert_true(greet(&raw, PROTOCOL_VERSION + 7, &welcome));
    assert_int_equal(welcome.protocol, PROTOCOL_VERSION);
    raw_close(&raw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_later_report_is_short_and_whole),
        cmocka_unit_test(whatever_is_wrong_has_one_answer),
        cmocka_unit_test(both_protocols_are_spoken),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
