/* engine_test.c - the one writer on disk: many commands in one commit, each once, by whom it says, or not at all. */
#include "server/check.h"
#include "tests/lib/disk.h"
#include "tests/lib/rng.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct disk disk;

static int setup(void **state)
{
    (void)state;
    disk_init(&disk, NULL);
    return 0;
}

/* Whatever a test did, the registry has to prove itself in the end. */
static int teardown(void **state)
{
    struct check_report report;
    (void)state;
    enum err err = check_all(disk.store, &report);
    if (err != OK) fprintf(stderr, "check: %s %s\n", err_name(err), report.what);
    bool whole = err == OK && report.entries == disk.engine.head.number && report.differing == 0 &&
                 memcmp(report.head, disk.engine.head.hash, HASH_BYTES) == 0;
    disk_free(&disk);
    return whole ? 0 : -1;
}

static const char *number(uint64_t id)
{
    char *text = arena_get(&disk.arena, 24);
    snprintf(text, 24, "%llu", (unsigned long long)id);
    return text;
}

static const char *unit(const char *code)
{
    return number(disk_unit(&disk, code));
}

static struct request *submission(const char *invested)
{
    return disk_request(&disk, "HRX", "report", "submit", 0, "project", "1", "month", "2009-09", "invested", invested,
                        "cumulative", "920", "progress", "主体三层", "difficulties", "无", "next", "封顶", "explain",
                        "核对过", NULL);
}

static struct request *person(const char *login, const char *name)
{
    return disk_request(&disk, login, "person", "create", 0, "name", name, "unit", unit("HRX"), NULL);
}

static void many_commands_share_one_commit(void **state)
{
    struct request *requests[100];
    struct store_stats before, after;
    (void)state;
    store_stats(disk.store, &before);
    uint64_t head = disk.engine.head.number;
    for (int i = 0; i < 100; i++)
        requests[i] = person("HRX", "张三");
    assert_int_equal(disk_commit(&disk, requests, 100), OK);
    store_stats(disk.store, &after);
    assert_int_equal(after.commits, before.commits + 1);
    assert_int_equal(disk.engine.head.number, head + 100);
    for (unsigned i = 0; i < 100; i++) { /* each has an answer of its own, in order, without gaps */
        assert_int_equal(requests[i]->why.err, OK);
        assert_int_equal(requests[i]->answer.number, head + 1 + i);
        assert_int_equal(requests[i]->answer.id, requests[0]->answer.id + i);
        assert_false(requests[i]->again);
    }
}

static void the_refused_do_not_disturb_the_others(void **state)
{
    struct request *requests[] = {person("HRX", "一"), person("PJX", "二"), submission("120"), submission("130"),
                                  person("HRX", "三")};
    (void)state;
    uint64_t head = disk.engine.head.number;
    assert_int_equal(disk_commit(&disk, requests, 5), OK);
    assert_int_equal(requests[0]->why.err, OK);
    assert_int_equal(requests[1]->why.err, ERR_NOT_ALLOWED);
    assert_int_equal(requests[2]->why.err, OK);
    assert_int_equal(requests[3]->why.err, ERR_EXISTS); /* decided behind the one before it */
    assert_int_equal(requests[4]->why.err, OK);
    assert_int_equal(disk.engine.head.number, head + 3);
    assert_int_equal(requests[4]->answer.number, head + 3);
}

static void a_refusal_changes_nothing_at_all(void **state)
{
    uint64_t digest = disk_digest(&disk);
    struct store_stats before, after;
    struct head head = disk.engine.head;
    (void)state;
    store_stats(disk.store, &before);
    assert_int_equal(disk_do(&disk, "PJX", "project", "appoint", 1, "contact", "4", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(
        disk_do(&disk, "HRX", "project", "advance", 1, "stage", "finishing", "stage_on", "2009-09-20", NULL),
        ERR_STAGE_SKIPPED);
    assert_int_equal(disk_do(&disk, "XMB", "target", "amend", 1, NULL), ERR_NEEDED);
    store_stats(disk.store, &after);
    assert_int_equal(after.commits, before.commits); /* not even a sync */
    assert_true(disk_digest(&disk) == digest);
    assert_memory_equal(&head.hash, &disk.engine.head.hash, HASH_BYTES);
    assert_int_equal(disk_do(&disk, "XMB", "project", "suspend", 1, "reason", "资金不到位", NULL), OK);
    assert_true(disk_digest(&disk) != digest);
}

/* ---- once, however often it is sent ---- */

static struct request *again(const struct request *request)
{
    struct request *copy = arena_get(&disk.arena, sizeof *copy);
    *copy = *request;
    copy->answer = (struct answer){0};
    copy->why = (struct refusal){.err = OK};
    return copy;
}

static void a_command_sent_again_gets_the_same_answer(void **state)
{
    struct request *first = submission("120");
    (void)state;
    assert_int_equal(disk_commit(&disk, &first, 1), OK);
    disk.now.s += 86400;
    assert_int_equal(disk_do(&disk, "XMB", "report", "accept", (int64_t)first->answer.id, NULL), OK);
    assert_int_equal(disk_reopen(&disk), OK); /* also after a restart, and much later */
    uint64_t digest = disk_digest(&disk);
    for (int i = 0; i < 3; i++) {
        struct request *repeated = again(first);
        assert_int_equal(disk_commit(&disk, &repeated, 1), OK);
        assert_int_equal(repeated->why.err, OK);
        assert_true(repeated->again);
        assert_memory_equal(&repeated->answer, &first->answer, sizeof first->answer);
        assert_true(disk_digest(&disk) == digest);
    }
}

static void the_same_command_twice_in_one_batch_counts_once(void **state)
{
    struct request *first = submission("120"), *requests[] = {first, again(first), again(first)};
    (void)state;
    uint64_t head = disk.engine.head.number;
    assert_int_equal(disk_commit(&disk, requests, 3), OK);
    assert_int_equal(disk.engine.head.number, head + 1);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(requests[i]->why.err, OK);
        assert_int_equal(requests[i]->answer.number, head + 1);
        assert_int_equal(requests[i]->again, i > 0);
    }
}

static void a_number_with_another_command_is_refused(void **state)
{
    struct request *first = submission("120");
    (void)state;
    assert_int_equal(disk_commit(&disk, &first, 1), OK);
    uint64_t digest = disk_digest(&disk);
    disk_person(&disk, "HRX")->counter--;
    struct request *other = submission("121");
    assert_int_equal(disk_commit(&disk, &other, 1), OK);
    assert_int_equal(other->why.err, ERR_REUSED_ID);
    assert_int_equal(other->answer.counter, first->answer.counter);
    assert_true(disk_digest(&disk) == digest);
    /* the same number of another device is another command */
    disk_person(&disk, "PJX")->counter = first->answer.counter - 1;
    assert_int_equal(disk_do(&disk, "PJX", "person", "create", 0, "name", "李四", "unit", unit("PJX"), NULL), OK);
}

static void a_refused_number_may_be_used_for_something_else(void **state)
{
    struct request *refused = person("PJX", "王五");
    (void)state;
    assert_int_equal(disk_commit(&disk, &refused, 1), OK);
    assert_int_equal(refused->why.err, ERR_NOT_ALLOWED);
    disk_person(&disk, "PJX")->counter--;
    assert_int_equal(disk_do(&disk, "PJX", "person", "create", 0, "name", "李四", "unit", unit("PJX"), NULL), OK);
}

/* ---- by whom ---- */

static void a_device_revoked_in_the_same_batch_is_refused(void **state)
{
    uint64_t device = disk_person(&disk, "HRX")->device;
    struct request *before = person("HRX", "一");
    struct request *revoke = disk_request(&disk, "ADM", "device", "revoke", (int64_t)device, "reason", "遗失", NULL);
    struct request *after = person("HRX", "二"), *requests[] = {before, revoke, after};
    (void)state;
    assert_true(after->verified || after->signature.length > 0);
    assert_int_equal(disk_commit(&disk, requests, 3), OK);
    assert_int_equal(before->why.err, OK);
    assert_int_equal(revoke->why.err, OK);
    assert_int_equal(after->why.err, ERR_REFUSED);
    struct request *repeated = again(before); /* what was accepted before is still answered */
    assert_int_equal(disk_commit(&disk, &repeated, 1), OK);
    assert_int_equal(repeated->why.err, OK);
    assert_true(repeated->again);
}

static void a_suspended_operator_is_refused(void **state)
{
    uint64_t operator= disk_person(&disk, "HRX")->operator;
    (void)state;
    assert_int_equal(disk_do(&disk, "ADM", "operator", "suspend", (int64_t) operator, "reason", "离岗", NULL), OK);
    assert_int_equal(disk_do(&disk, "HRX", "person", "create", 0, "name", "一", "unit", unit("HRX"), NULL),
                     ERR_REFUSED);
    assert_int_equal(disk_do(&disk, "ADM", "operator", "restore", (int64_t) operator, NULL), OK);
    assert_int_equal(disk_do(&disk, "HRX", "person", "create", 0, "name", "一", "unit", unit("HRX"), NULL), OK);
}

static enum err verify(struct request *request)
{
    struct txn *txn;
    assert_int_equal(store_begin(disk.store, false, &txn), OK);
    request->verified = false;
    request->why = (struct refusal){.err = OK};
    enum err err = request_open(txn_space(txn), request, &disk.arena);
    if (err == OK) err = request_check(disk.engine.registry, request);
    txn_abort(&txn);
    if (err != OK) assert_false(request->verified);
    return err;
}

static void an_act_of_weight_is_signed_by_its_own_device(void **state)
{
    struct request *request = submission("120"), *foreign = again(request), *bare = again(request),
                   *changed = again(request);
    struct request *elsewhere = again(request), *light = person("HRX", "一");
    uint8_t signature[2][SIGNATURE_BYTES];
    uint8_t registry[REGISTRY_ID_BYTES] = "another";
    (void)state;
    command_sign(&disk_person(&disk, "PJX")->identity, disk.engine.registry, request->command.at,
                 request->command.length, signature[0]);
    command_sign(&disk_person(&disk, "HRX")->identity, registry, request->command.at, request->command.length,
                 signature[1]);
    foreign->signature.at = (const char *)signature[0];
    elsewhere->signature.at = (const char *)signature[1];
    bare->signature = (struct text){"", 0};
    char *command = arena_copy(&disk.arena, request->command.at, request->command.length);
    command[request->command.length - 1] ^= 1;
    changed->command.at = command;
    assert_int_equal(verify(request), OK);
    assert_int_equal(verify(foreign), ERR_BAD_SIGNATURE);
    assert_int_equal(verify(elsewhere), ERR_BAD_SIGNATURE);
    assert_int_equal(verify(bare), ERR_UNSIGNED);
    assert_int_not_equal(verify(changed), OK);
    light->signature = (struct text){"", 0};
    assert_int_equal(verify(light), OK); /* a light act rests on the transport */
    /* and the engine does not take an unverified one, whoever asks */
    uint64_t digest = disk_digest(&disk);
    struct request *requests[] = {foreign, bare, elsewhere};
    assert_int_equal(disk_commit(&disk, requests, 3), OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(requests[i]->why.err, ERR_UNSIGNED);
    assert_true(disk_digest(&disk) == digest);
    assert_int_equal(disk_commit(&disk, &request, 1), OK);
    assert_int_equal(request->why.err, OK);
}

static void what_is_no_command_is_refused(void **state)
{
    static const struct text bytes[] = {
        {"", 0}, {"\xc0", 1}, {"\x97\x01", 2}, {"\xdd\x02\x00\x00\x00", 5}, {"\x97\x7f\x3f\x01\x00\x00\x00\x80", 8}};
    struct request *request = submission("120");
    uint64_t digest = disk_digest(&disk);
    (void)state;
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
        struct request *bad = again(request);
        bad->command = bytes[i];
        assert_int_not_equal(verify(bad), OK);
        bad->why = (struct refusal){.err = OK};
        assert_int_equal(disk_commit(&disk, &bad, 1), OK);
        assert_int_not_equal(bad->why.err, OK);
    }
    struct command zero = {
        .counter = 0, .kind = KIND_person, .action = ACT_person_create, .args = record_make(KIND_person, 0)};
    rec_set_text(&zero.args, person_name, text_of("零"));
    rec_set(&zero.args, person_unit, (int64_t)disk_unit(&disk, "HRX"));
    zero.given = record_mask(&zero.args);
    struct request *unnumbered = disk_command(&disk, "HRX", &zero);
    assert_int_equal(disk_commit(&disk, &unnumbered, 1), OK);
    assert_int_equal(unnumbered->why.err, ERR_BAD_FRAME); /* nobody could ask for it again */
    assert_true(disk_digest(&disk) == digest);
}

/* ---- chains of own commands ---- */

static void commands_build_on_own_earlier_ones(void **state)
{
    struct disk_person *hrx = disk_person(&disk, "HRX");
    (void)state;
    struct request *save =
        disk_request(&disk, "HRX", "report", "save", 0, "project", "1", "month", "2009-09", "invested", "120", NULL);
    int64_t made = -(int64_t)hrx->counter;
    struct request *more =
        disk_request(&disk, "HRX", "report", "save", made, "cumulative", "920", "progress", "主体", NULL);
    struct command last = {.counter = ++hrx->counter,
                           .kind = KIND_report,
                           .action = ACT_report_submit,
                           .target = made,
                           .base = -(int64_t)hrx->counter + 1,
                           .said = disk.now,
                           .args = record_make(KIND_report, 0)};
    rec_set_text(&last.args, report_difficulties, text_of("无"));
    rec_set_text(&last.args, report_next, text_of("封顶"));
    last.given = record_mask(&last.args);
    struct request *submit = disk_command(&disk, "HRX", &last), *requests[] = {save, more, submit};
    assert_int_equal(disk_commit(&disk, requests, 3), OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(requests[i]->why.err, OK);
    assert_int_equal(submit->answer.id, save->answer.id);
    struct record report = disk_get(&disk, KIND_report, submit->answer.id);
    assert_int_equal(rec_state(&report), ST_report_submitted);
}

static void what_builds_on_a_refused_one_is_a_dead_end(void **state)
{
    struct disk_person *pjx = disk_person(&disk, "PJX");
    struct request *save = disk_request(&disk, "PJX", "report", "save", 0, "project", "1", "month", "2009-09", NULL);
    int64_t made = -(int64_t)pjx->counter;
    struct request *submit = disk_request(&disk, "PJX", "report", "save", made, "invested", "1", NULL),
                   *requests[] = {save, submit};
    (void)state;
    uint64_t digest = disk_digest(&disk);
    assert_int_equal(disk_commit(&disk, requests, 2), OK);
    assert_int_equal(save->why.err, ERR_NOT_ALLOWED);
    assert_int_equal(submit->why.err, ERR_DEAD_END);
    assert_true(disk_digest(&disk) == digest);
}

static void somebody_elses_change_breaks_a_chain(void **state)
{
    (void)state;
    struct disk_person *hrx = disk_person(&disk, "HRX");
    struct request *submit = submission("120");
    int64_t made = -(int64_t)hrx->counter;
    assert_int_equal(disk_commit(&disk, &submit, 1), OK);
    assert_int_equal(disk_do(&disk, "XMB", "report", "note_paper", (int64_t)submit->answer.id, "paper", "岳报1", NULL),
                     OK);
    struct request *recall = disk_request(&disk, "HRX", "report", "recall", made, NULL);
    assert_int_equal(disk_commit(&disk, &recall, 1), OK);
    assert_int_equal(recall->why.err, ERR_CONFLICT);
    assert_int_equal(recall->why.number, disk.engine.head.number); /* the version that is there */
}

/* ---- time ---- */

static void the_journals_time_never_goes_back(void **state)
{
    struct request *early = person("HRX", "一"), *late = person("HRX", "二"), *requests[] = {late, early};
    struct txn *txn;
    struct entry entry;
    (void)state;
    late->time.s += 100;
    early->time.s -= 5000; /* the machine's clock was set back between them */
    assert_int_equal(disk_commit(&disk, requests, 2), OK);
    assert_int_equal(store_begin(disk.store, false, &txn), OK);
    assert_int_equal(journal_read(txn_space(txn), late->answer.number, &disk.arena, &entry, NULL), OK);
    assert_int_equal(entry.time.s, late->time.s);
    assert_int_equal(journal_read(txn_space(txn), early->answer.number, &disk.arena, &entry, NULL), OK);
    assert_int_equal(entry.time.s, late->time.s);
    txn_abort(&txn);
    struct record record = disk_get(&disk, KIND_person, early->answer.id);
    assert_int_equal(rec_num(&record, F_MADE), late->time.s);
    assert_int_equal(disk_reopen(&disk), OK); /* nor after a restart */
    assert_int_equal(disk.engine.head.time.s, late->time.s);
}

/* ---- opening, closing, no room ---- */

static void a_restart_changes_nothing(void **state)
{
    uint64_t digest;
    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(disk_do(&disk, "HRX", "person", "create", 0, "name", "张三", "unit", unit("HRX"), NULL), OK);
        struct head head = disk.engine.head;
        digest = disk_digest(&disk);
        assert_int_equal(disk_reopen(&disk), OK);
        assert_true(disk_digest(&disk) == digest);
        assert_int_equal(disk.engine.head.number, head.number);
        assert_memory_equal(disk.engine.head.hash, head.hash, HASH_BYTES);
        assert_memory_equal(disk.engine.registry, "duban disk test", REGISTRY_ID_BYTES);
    }
}

static void an_aborted_batch_was_never_there(void **state)
{
    struct batch batch;
    struct outcome outcome;
    uint64_t digest = disk_digest(&disk), head = disk.engine.head.number;
    struct request *request = person("HRX", "张三");
    (void)state;
    assert_int_equal(batch_begin(&disk.engine, &batch), OK);
    assert_int_equal(batch_try(&batch, request, &disk.arena, &outcome), OK);
    assert_int_equal(request->why.err, OK);
    assert_int_equal(batch.head.number, head + 1);
    batch_abort(&batch);
    assert_int_equal(disk.engine.head.number, head);
    assert_true(disk_digest(&disk) == digest);
    assert_int_equal(disk_commit(&disk, &request, 1), OK); /* and the same command may come again */
    assert_false(request->again);
    assert_int_equal(request->answer.number, head + 1);
}

static void a_key_of_another_registry_is_refused(void **state)
{
    struct engine engine;
    struct refusal why;
    struct identity other;
    struct store *empty;
    char path[SCRATCH_PATH_MAX];
    uint8_t seed[SEED_BYTES] = {99};
    (void)state;
    identity_from_seed(&other, seed);
    assert_int_equal(engine_init(&engine, disk.store, &other, &why), ERR_FORMAT);
    assert_true(why.text[0] != '\0');
    scratch_make(path);
    assert_int_equal(store_open(path, &disk.options, &empty, NULL), OK);
    assert_int_equal(engine_init(&engine, empty, &disk.server, &why), ERR_FORMAT);
    store_close(empty);
    scratch_remove(path);
}

/* The map fills up: commands are refused with a clear word, everything else is as it was, and with room it goes on. */
static void a_full_registry_refuses_and_loses_nothing(void **state)
{
    enum err err = OK;
    unsigned accepted = 0;
    (void)state;
    disk_free(&disk);
    disk_init(&disk, &(struct store_options){.map_bytes = 1 << 20, .reserve_bytes = 1, .scratch = true});
    uint64_t digest = 0, head = 0;
    for (unsigned round = 0; round < 5000 && err == OK; round++, accepted += err == OK) {
        digest = disk_digest(&disk);
        head = disk.engine.head.number;
        err = disk_do(&disk, "XMB", "project", "amend", 1, "remark", "备注备注备注备注备注备注备注备注备注备注备注备注",
                      "site", number(round), NULL);
    }
    assert_int_equal(err, ERR_NO_SPACE);
    assert_true(accepted > 50);
    assert_true(disk_digest(&disk) == digest);
    assert_int_equal(disk.engine.head.number, head);
    assert_int_equal(disk_do(&disk, "XMB", "project", "amend", 1, "site", "又一次", NULL), ERR_NO_SPACE);
    struct record project = disk_get(&disk, KIND_project, 1); /* reading goes on */
    assert_true(text_equal(rec_text(&project, project_site), text_of(number(accepted - 1))));
    assert_int_equal(disk_reopen(&disk), OK);
    assert_true(disk_digest(&disk) == digest);
    disk.options.map_bytes = 4 << 20;
    assert_int_equal(disk_reopen(&disk), OK);
    assert_int_equal(disk_do(&disk, "XMB", "project", "amend", 1, "site", "有地方了", NULL), OK);
}

/* It fills up in the middle of a batch: the whole batch is undone. */
static void a_batch_that_does_not_fit_is_undone_whole(void **state)
{
    struct request *requests[400];
    (void)state;
    disk_free(&disk);
    disk_init(&disk, &(struct store_options){.map_bytes = 1 << 20, .reserve_bytes = 1, .scratch = true});
    uint64_t digest = disk_digest(&disk), head = disk.engine.head.number;
    for (int i = 0; i < 400; i++)
        requests[i] = disk_request(&disk, NULL, "person", "create", 0, "name", "张三", "phone", number((uint64_t)i),
                                   "unit", unit("HRX"), NULL);
    enum err err = disk_commit(&disk, requests, 400);
    for (int round = 0; round < 30 && err == OK; round++) {
        digest = disk_digest(&disk);
        head = disk.engine.head.number;
        err = disk_commit(&disk, requests, 400);
    }
    assert_int_equal(err, ERR_NO_SPACE);
    assert_true(disk_digest(&disk) == digest);
    assert_int_equal(disk.engine.head.number, head);
}

/* ---- many commands of many people ---- */

static void a_long_random_history_proves_itself(void **state)
{
    static const char *const logins[] = {"XMB", "HRX", "PJX", "ADM", "JSJ"};
    struct rng rng = rng_make(50);
    unsigned accepted = 0;
    (void)state;
    for (int round = 0; round < 250; round++) {
        struct request *requests[8];
        unsigned count = 1 + (unsigned)rng_below(&rng, 8);
        for (unsigned i = 0; i < count; i++) {
            const char *login = logins[rng_below(&rng, 5)];
            char figure[24];
            snprintf(figure, sizeof figure, "%llu", (unsigned long long)rng_below(&rng, 2000));
            int64_t report = (int64_t)rng_below(&rng, 4);
            switch (rng_below(&rng, 7)) {
            case 0: requests[i] = person(login, "张三"); break;
            case 1: requests[i] = disk_request(&disk, login, "report", "save", report, "invested", figure, NULL); break;
            case 2:
                requests[i] = disk_request(&disk, login, "report", "submit", report, "cumulative", figure, "explain",
                                           "核对过", NULL);
                break;
            case 3: requests[i] = disk_request(&disk, login, "report", "accept", report, NULL); break;
            case 4:
                requests[i] = disk_request(&disk, login, "report", "return", report, "reason", "数据不全", NULL);
                break;
            case 5: requests[i] = disk_request(&disk, login, "project", "amend", 1, "site", figure, NULL); break;
            default: requests[i] = submission(figure);
            }
            requests[i]->time.s += rng_between(&rng, -300, 300);
        }
        disk.now.s += rng_between(&rng, 0, 20000);
        assert_int_equal(disk_commit(&disk, requests, count), OK);
        for (unsigned i = 0; i < count; i++)
            accepted += requests[i]->why.err == OK;
        if (rng_once_in(&rng, 20)) assert_int_equal(disk_reopen(&disk), OK);
    }
    assert_true(accepted > 40); /* teardown checks the rest */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(many_commands_share_one_commit),
        TEST(the_refused_do_not_disturb_the_others),
        TEST(a_refusal_changes_nothing_at_all),
        TEST(a_command_sent_again_gets_the_same_answer),
        TEST(the_same_command_twice_in_one_batch_counts_once),
        TEST(a_number_with_another_command_is_refused),
        TEST(a_refused_number_may_be_used_for_something_else),
        TEST(a_device_revoked_in_the_same_batch_is_refused),
        TEST(a_suspended_operator_is_refused),
        TEST(an_act_of_weight_is_signed_by_its_own_device),
        TEST(what_is_no_command_is_refused),
        TEST(commands_build_on_own_earlier_ones),
        TEST(what_builds_on_a_refused_one_is_a_dead_end),
        TEST(somebody_elses_change_breaks_a_chain),
        TEST(the_journals_time_never_goes_back),
        TEST(a_restart_changes_nothing),
        TEST(an_aborted_batch_was_never_there),
        TEST(a_key_of_another_registry_is_refused),
        TEST(a_full_registry_refuses_and_loses_nothing),
        TEST(a_batch_that_does_not_fit_is_undone_whole),
        TEST(a_long_random_history_proves_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
