/* wire_test.c - what a hostile or broken peer can do to a running daemon: nothing. Promises P2, P4, P7. */
#include "proto/codec.h"
#include "tests/lib/raw.h"
#include "tests/lib/unit.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

static struct rig rig;

static int start_rig(void **state)
{
    (void)state;
    rig_start(&rig);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

/* The journal's head, asked of the daemon itself: unchanged means that nothing happened. */
static long head(void)
{
    struct run run = rig_duband(&rig, "status", rig.registry, NULL);
    const char *at = strstr(run.out, "head ");
    long number = at != NULL ? strtol(at + 5, NULL, 10) : -1;
    assert_int_equal(run.status, 0);
    run_free(&run);
    return number;
}

/* Does the daemon still serve an honest client? */
static void still_serves(void)
{
    struct raw raw;
    struct welcome welcome;
    raw_open(&raw, &rig, "PJX", NULL);
    assert_true(raw_greet(&raw, &welcome));
    raw_close(&raw);
}

/* A draft report of the first project of the county whose login it is. */
static struct command draft(struct raw *raw, const char *login, const char *month)
{
    static struct arena arena;
    struct command command = {.kind = KIND_report, .action = ACT_report_save, .args = record_make(KIND_report, 0)};
    struct run run = rig_duban(&rig, "XMB", "project", "list", "--responsible", login, "--json", NULL);
    char id[32];
    month_t parsed;
    (void)raw;
    if (!json_value(run.out, "id", id, sizeof id)) rig_fail("no project: %s%s", run.out, run.err);
    run_free(&run);
    arena_init(&arena, 1 << 16);
    month_parse(text_of(month), &parsed);
    rec_set(&command.args, report_project, strtoll(id, NULL, 10));
    rec_set(&command.args, report_month, parsed.n);
    command.given = record_mask(&command.args);
    return command;
}

static void an_unknown_key_is_turned_away(void **state)
{
    (void)state;
    struct raw raw;
    uint8_t secret[KEY_BYTES], public[KEY_BYTES];
    randombytes_buf(secret, sizeof secret);
    crypto_scalarmult_base(public, secret);
    raw_open_key(&raw, &rig, "XMB", public, secret, NULL);
    assert_int_equal(raw_admitted(&raw, 5000), 0);
    raw_close(&raw);
}

static void weighty_acts_need_the_operators_own_signature(void **state)
{
    (void)state;
    struct raw raw;
    struct welcome welcome;
    struct identity other;
    struct key_card card;
    raw_identity(&rig, "PJX", &other, &card);
    raw_open(&raw, &rig, "HRX", NULL);
    assert_true(raw_greet(&raw, &welcome));
    long before = head();
    struct command command = draft(&raw, "HRX", "2009-09");
    command.action = ACT_report_submit;
    assert_int_equal(raw_command(&raw, &command, NULL).err, ERR_UNSIGNED);
    command.counter = 0;
    assert_int_equal(raw_command(&raw, &command, &other).err, ERR_BAD_SIGNATURE);
    command.counter = 0;
    assert_int_equal(raw_command(&raw, &command, &raw.identity).err, ERR_NEEDED); /* only now it is looked at */
    assert_int_equal(head(), before);
    raw_close(&raw);
}

static void a_command_sent_again_has_the_same_answer_and_no_second_effect(void **state)
{
    (void)state;
    struct raw raw;
    struct welcome welcome;
    raw_open(&raw, &rig, "HRX", NULL);
    assert_true(raw_greet(&raw, &welcome));
    struct command command = draft(&raw, "HRX", "2009-09");
    struct refusal first = raw_command(&raw, &command, NULL);
    assert_int_equal(first.err, OK);
    long after = head();
    struct refusal second = raw_command(&raw, &command, NULL);
    assert_int_equal(second.err, OK);
    assert_int_equal(second.number, first.number);
    assert_int_equal(head(), after);
    /* the same number with another body is neither */
    rec_set(&command.args, report_invested, 5);
    command.given = record_mask(&command.args);
    assert_int_equal(raw_command(&raw, &command, NULL).err, ERR_REUSED_ID);
    assert_int_equal(head(), after);
    raw_close(&raw);
}

static void what_one_may_not_see_is_not_there(void **state)
{
    (void)state;
    struct raw raw;
    struct welcome welcome;
    struct frame frame;
    struct pack pack;
    struct run run = rig_duban(&rig, "HRX", "report", "list", "--json", NULL);
    char id[32];
    assert_true(json_value(run.out, "id", id, sizeof id)); /* the draft that the test before made */
    run_free(&run);
    raw_open(&raw, &rig, "PJX", NULL);
    assert_true(raw_greet(&raw, &welcome));
    struct query queries[] = {
        {.tag = 1, .what = QUERY_GET, .kind = KIND_report, .id = strtoull(id, NULL, 10)},
        {.tag = 2, .what = QUERY_HISTORY, .kind = KIND_report, .id = strtoull(id, NULL, 10)},
        {.tag = 3, .what = QUERY_GET, .kind = KIND_report, .id = 987654},
        {.tag = 4, .what = QUERY_PRESENCE},
        {.tag = 5,
         .what = QUERY_FIND,
         .index = IX_report_state,
         .value_count = 1,
         .values = {{.set = true, .as.number = ST_report_draft}}},
    };
    const enum err wanted[] = {ERR_NOT_FOUND, ERR_NOT_FOUND, ERR_NOT_FOUND, ERR_NOT_ALLOWED, OK};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        pack_init(&pack, REQUEST_BYTES_MAX);
        query_pack(&pack, &queries[i]);
        raw_send(&raw, pack.at, pack.used);
        pack_free(&pack);
        assert_true(raw_expect(&raw, FRAME_RESULT, &frame, 5000));
        assert_int_equal(frame.as.result.err, wanted[i]);
        assert_int_equal(frame.as.result.count, 0);
    }
    /* acting on it says no more than that */
    struct command command = {.kind = KIND_report,
                              .action = ACT_report_recall,
                              .target = strtoll(id, NULL, 10),
                              .args = record_make(KIND_report, 0)};
    assert_int_equal(raw_command(&raw, &command, &raw.identity).err, ERR_NOT_FOUND);
    command.counter = 0;
    command.target = 987654;
    assert_int_equal(raw_command(&raw, &command, &raw.identity).err, ERR_NOT_FOUND);
    raw_close(&raw);
}

/* Sends bytes on a connection of its own and sees that the daemon lives. */
static void throw_at(const void *bytes, size_t count)
{
    struct raw raw;
    struct welcome welcome;
    raw_open(&raw, &rig, "HRX", NULL);
    assert_true(raw_greet(&raw, &welcome));
    raw_send(&raw, bytes, count);
    raw_close(&raw);
}

static void broken_frames_harm_nobody(void **state)
{
    (void)state;
    static const char *const frames[] = {
        "",
        "\xc1",
        "\x00",
        "\x91",
        "\xdd\x02\x00\x00\x00",
        "\xdf\x04\x00\x00\x00",
        "\xc6\xff\xff\xff\xff",
        "\x93\x02\xc4\x05",
        "\x91\x7f",
        "\x92\x05\xca\x00\x00\x00\x00",
        "\x92\x05\xc3",
        "\x98\x01\x01\x01\x01\x00\x00\x00\xa2\xff\xfe",                     /* a hello whose program is no UTF-8 */
        "\x92\x02\xc4\x0b\x97\x01\x0f\x01\x00\x00\x00\x82\x09\x01\x09\x01", /* a field given twice */
    };
    static const size_t lengths[] = {0, 1, 1, 1, 5, 5, 5, 4, 2, 7, 3, 11, 16};
    long before = head();
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
        throw_at(frames[i], lengths[i]);
    char nested[3000];
    memset(nested, 0x91, sizeof nested);
    throw_at(nested, sizeof nested);
    char *huge = calloc(1, 4 << 20);
    throw_at(huge, REQUEST_BYTES_MAX);
    throw_at(huge, 4 << 20); /* larger than any message: the connection is cut */
    free(huge);
    uint8_t noise[300];
    for (unsigned i = 0; i < 50; i++) {
        randombytes_buf_deterministic(noise, sizeof noise, (const unsigned char[32]){(unsigned char)i});
        throw_at(noise, 1 + i * 5);
    }
    still_serves();
    assert_int_equal(head(), before);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    struct raw raw;
    struct pack pack;
    struct welcome welcome;
    raw_open(&raw, &rig, "HRX", NULL);
    assert_true(raw_greet(&raw, &welcome));
    struct command command = draft(&raw, "HRX", "2009-09");
    rec_set_text(&command.args, report_progress, text_of("主体三层"));
    command.given = record_mask(&command.args);
    command.counter = ++raw.counter;
    pack_init(&pack, REQUEST_BYTES_MAX);
    raw_pack_command(&raw, &command, &raw.identity, &pack);
    long before = head();
    for (size_t i = 1; i < pack.used; i++) {
        struct frame frame;
        raw_send(&raw, pack.at, i);
        assert_true(raw_expect(&raw, FRAME_LEAVE, &frame, 5000));
        assert_int_equal(frame.as.leave.err, i > 2 ? ERR_BAD_FRAME : frame.as.leave.err);
        assert_true(raw_greet(&raw, &welcome));
    }
    assert_int_equal(head(), before);
    pack_free(&pack);
    raw_close(&raw);
}

static void a_newer_protocol_is_told_so(void **state)
{
    (void)state;
    struct raw raw;
    struct pack pack;
    struct frame frame;
    struct hello hello = {.protocol_oldest = 900, .protocol_newest = 901, .program = text_of("future")};
    raw_open(&raw, &rig, "HRX", NULL);
    pack_init(&pack, 1024);
    hello_pack(&pack, &hello);
    raw_send(&raw, pack.at, pack.used);
    pack_free(&pack);
    assert_true(raw_expect(&raw, FRAME_LEAVE, &frame, 5000));
    assert_int_equal(frame.as.leave.err, ERR_VERSION);
    raw_close(&raw);
}

static void a_chosen_routing_id_gets_nothing(void **state)
{
    (void)state;
    struct raw raw;
    struct welcome welcome;
    int wait = 1000;
    raw_open(&raw, &rig, "HRX", "boss");
    zmq_setsockopt(raw.socket, ZMQ_RCVTIMEO, &wait, sizeof wait);
    struct pack pack;
    struct hello hello = {.protocol_oldest = 1, .protocol_newest = 1, .program = text_of("boss")};
    struct frame frame;
    pack_init(&pack, 1024);
    hello_pack(&pack, &hello);
    raw_send(&raw, pack.at, pack.used);
    pack_free(&pack);
    assert_false(raw_receive(&raw, &frame, 1000));
    raw_close(&raw);
    (void)welcome;
    still_serves();
}

static void a_message_of_two_frames_is_dropped(void **state)
{
    (void)state;
    struct raw raw;
    struct frame frame;
    struct welcome welcome;
    raw_open(&raw, &rig, "HRX", NULL);
    assert_true(raw_greet(&raw, &welcome));
    zmq_send(raw.socket, "x", 1, ZMQ_SNDMORE);
    zmq_send(raw.socket, "\x92\x05\x00", 3, 0);
    struct pack pack;
    pack_init(&pack, 64);
    ping_pack(&pack);
    raw_send(&raw, pack.at, pack.used);
    pack_free(&pack);
    assert_true(raw_expect(&raw, FRAME_PONG, &frame, 5000)); /* of the whole message behind it */
    assert_false(raw_receive(&raw, &frame, 200));
    raw_close(&raw);
}

static void a_ticket_is_good_once(void **state)
{
    (void)state;
    char ticket[600];
    rig_enrol(&rig, "JTJ");
    rig_ticket(&rig, "JTJ", ticket, sizeof ticket);
    struct run run = rig_duban_at(&rig, "thief", "enrol", "--profile", "thief", ticket, NULL);
    assert_int_not_equal(run.status, 0);
    run_free(&run);
}

static void a_revoked_device_is_cut_off_at_once(void **state)
{
    (void)state;
    struct raw raw;
    struct welcome welcome;
    struct frame frame;
    raw_open(&raw, &rig, "SLJ", NULL);
    assert_true(raw_greet(&raw, &welcome));
    char device[32];
    snprintf(device, sizeof device, "%llu", (unsigned long long)raw.card.device);
    struct run run = rig_duban(&rig, "XMB-A", "device", "revoke", device, "--reason", "遗失", "--yes", NULL);
    assert_int_equal(run.status, 0);
    run_free(&run);
    assert_true(raw_expect(&raw, FRAME_LEAVE, &frame, 5000));
    assert_int_equal(frame.as.leave.err, ERR_REFUSED);
    struct command command = {.kind = KIND_person, .action = ACT_person_create, .args = record_make(KIND_person, 0)};
    assert_int_equal(raw_command(&raw, &command, NULL).err, ERR_NO_LINK); /* "greet again" */
    raw_close(&raw);
    raw_open_key(&raw, &rig, "SLJ", raw.identity.transport_public, raw.identity.transport_secret, NULL);
    assert_int_equal(raw_admitted(&raw, 5000), 0);
    raw_close(&raw);
}

static void a_thousand_that_never_speak_are_in_nobodys_way(void **state)
{
    (void)state;
    enum { MUTE = 1000 };
    static int fds[MUTE];
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max < 4096 ? limit.rlim_max : 4096;
    setrlimit(RLIMIT_NOFILE, &limit);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)rig.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    unsigned open_now = 0;
    for (unsigned i = 0; i < MUTE; i++) {
        fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        open_now += fds[i] >= 0 && connect(fds[i], (struct sockaddr *)&address, sizeof address) == 0;
    }
    assert_int_equal(open_now, MUTE);
    still_serves();
    for (unsigned i = 0; i < MUTE; i++)
        close(fds[i]);
    still_serves();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_key_is_turned_away),
        cmocka_unit_test(weighty_acts_need_the_operators_own_signature),
        cmocka_unit_test(a_command_sent_again_has_the_same_answer_and_no_second_effect),
        cmocka_unit_test(what_one_may_not_see_is_not_there),
        cmocka_unit_test(broken_frames_harm_nobody),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(a_newer_protocol_is_told_so),
        cmocka_unit_test(a_chosen_routing_id_gets_nothing),
        cmocka_unit_test(a_message_of_two_frames_is_dropped),
        cmocka_unit_test(a_ticket_is_good_once),
        cmocka_unit_test(a_revoked_device_is_cut_off_at_once),
        cmocka_unit_test(a_thousand_that_never_speak_are_in_nobodys_way),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
