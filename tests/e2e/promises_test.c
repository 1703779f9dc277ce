/* promises_test.c - what is answered is on disk, takes effect once, reaches everybody, and proves itself; a kill of
 * the daemon at any time, a byte changed behind its back, an old backup put in place. Promises P1, P2, P3, P5. */
#include "proto/codec.h"
#include "tests/lib/raw.h"
#include "tests/lib/rig_report.h"
#include "tests/lib/rng.h"
#include "tests/lib/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SOON_MS = 10000 };

static struct rig rig;

static int start_rig(void **state)
{
    static const char *const all[] = {"XMB", "XMB-A", "HRX", "PJX"};
    (void)state;
    rig_start(&rig);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rig_enrol(&rig, all[i]);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

/* ---- kill -9 while commands stream in ---- */

enum { CYCLES = 30, WINDOW = 8, COMMANDS_MAX = 4000 };

/* What became of each command, by its counter. */
struct told {
    bool answered;
    uint64_t number, id;
};

struct torrent {
    struct raw raw;
    uint64_t first, next; /* counters of the first command and of the next new one */
    uint64_t unit;        /* of the persons that are made */
    struct told told[COMMANDS_MAX];
};

/* The same command for the same counter: person number so and so. */
static void send_person(struct torrent *stream, uint64_t counter)
{
    struct command command = {.counter = counter,
                              .kind = KIND_person,
                              .action = ACT_person_create,
                              .args = record_make(KIND_person, 0)};
    struct pack pack;
    char name[32];
    snprintf(name, sizeof name, "某%05llu", (unsigned long long)counter);
    rec_set(&command.args, person_unit, (int64_t)stream->unit);
    rec_set_text(&command.args, person_name, text_of(name));
    command.given = record_mask(&command.args);
    pack_init(&pack, REQUEST_BYTES_MAX);
    raw_pack_command(&stream->raw, &command, &stream->raw.identity, &pack);
    raw_send(&stream->raw, pack.at, pack.used);
    pack_free(&pack);
}

/* Takes one frame; an answer has to be what an earlier one for that counter was. */
static bool take_answer(struct torrent *stream, int timeout_ms)
{
    struct frame frame;
    if (!raw_receive(&stream->raw, &frame, timeout_ms)) return false;
    if (frame.type == FRAME_REFUSED)
        rig_fail("command %llu was refused with %d", (unsigned long long)frame.as.refused.counter,
                 frame.as.refused.why.err);
    if (frame.type != FRAME_ANSWER) return true;
    const struct answer *answer = &frame.as.answer;
    struct told *told = &stream->told[answer->counter];
    if (told->answered) {
        assert_int_equal(answer->number, told->number);
        assert_int_equal(answer->id, told->id);
    }
    *told = (struct told){true, answer->number, answer->id};
    return true;
}

static bool all_answered(const struct torrent *stream)
{
    for (uint64_t i = stream->first; i < stream->next; i++)
        if (!stream->told[i].answered) return false;
    return true;
}

/* Whatever was not answered is sent again, and a few that were. */
static void catch_up(struct torrent *stream)
{
    struct welcome welcome;
    raw_open(&stream->raw, &rig, "XMB", NULL);
    assert_true(raw_greet(&stream->raw, &welcome));
    for (uint64_t i = stream->first; i < stream->next; i++)
        if (!stream->told[i].answered || i + 3 > stream->next) send_person(stream, i);
    int64_t until = rig_clock_ms() + SOON_MS;
    while (!all_answered(stream) && rig_clock_ms() < until)
        take_answer(stream, 100);
    assert_true(all_answered(stream));
}

/* A window of commands is always under way. Returns when `ms` are over. */
static void stream_for(struct torrent *stream, int ms)
{
    int64_t until = rig_clock_ms() + ms;
    unsigned under_way = 0;
    while (rig_clock_ms() < until && stream->next < COMMANDS_MAX) {
        for (; under_way < WINDOW; under_way++)
            send_person(stream, stream->next++);
        uint64_t before = stream->next - under_way;
        take_answer(stream, 5);
        under_way = 0;
        for (uint64_t i = before; i < stream->next; i++)
            under_way += !stream->told[i].answered;
    }
}

static void compare_with_journal(const struct torrent *stream)
{
    static struct told found[COMMANDS_MAX];
    static char row[65536];
    const char *lines = rig_daemon_out(&rig, 0, "dump", rig.registry, NULL);
    uint64_t count = 0;
    for (; *lines != '\0'; lines += strcspn(lines, "\n") + 1) {
        size_t length = strcspn(lines, "\n");
        assert_true(length < sizeof row);
        memcpy(row, lines, length);
        row[length] = '\0';
        const char *name = strstr(row, "\"name\":\"某");
        if (name == NULL) continue;
        uint64_t counter = strtoull(name + strlen("\"name\":\"某"), NULL, 10);
        assert_true(counter < stream->next);
        assert_false(found[counter].answered); /* twice */
        found[counter] = (struct told){true, (uint64_t)json_number(row, "number"), (uint64_t)json_number(row, "id")};
        count++;
    }
    for (uint64_t i = stream->first; i < stream->next; i++) {
        assert_true(found[i].answered);
        assert_int_equal(found[i].number, stream->told[i].number);
        assert_int_equal(found[i].id, stream->told[i].id);
    }
    print_message("# %llu commands over %d kills\n", (unsigned long long)count, CYCLES);
}

static void what_was_answered_survives_a_kill_at_any_time(void **state)
{
    (void)state;
    static struct torrent stream;
    struct rng rng = rng_make(20090928);
    char unit[32];
    const char *list = rig_out(&rig, 0, "XMB-A", "unit", "list", "--code", "HRX", "--json", NULL);
    assert_true(json_value(list, "id", unit, sizeof unit));
    stream.unit = strtoull(unit, NULL, 10);
    catch_up(&stream);
    stream.first = stream.next = stream.raw.counter + 1;
    for (unsigned cycle = 0; cycle < CYCLES; cycle++) {
        stream_for(&stream, (int)rng_below(&rng, 40));
        rig_stop(&rig, SIGKILL);
        while (take_answer(&stream, 0)) /* what was on its way still counts */
            continue;
        raw_close(&stream.raw);
        rig_serve(&rig);
        catch_up(&stream);
    }
    long head = rig_head(&rig);
    for (uint64_t i = stream.first; i < stream.next && i < 200; i++) { /* once more, all of them */
        send_person(&stream, i);
        assert_true(take_answer(&stream, SOON_MS));
    }
    assert_int_equal(rig_head(&rig), head);
    raw_close(&stream.raw);
    rig_stop(&rig, SIGKILL);
    rig_daemon_out(&rig, 0, "check", rig.registry, NULL);
    compare_with_journal(&stream);
    rig_serve(&rig);
}

/* The same with the scriptable client: whatever the kill hits, the report is in once. */
static void a_submission_that_a_kill_hit_is_in_once(void **state)
{
    (void)state;
    struct rng rng = rng_make(7);
    for (unsigned i = 0; i < 8; i++) {
        struct rig_project project;
        struct report_args args;
        struct spawned client;
        rig_project(&rig, "HRX", i, &project);
        rig_report_args(&args, "submit", &project, "2009-09", 10);
        rig_spawn_args(&rig, &client, "HRX", args.argv);
        int64_t until = rig_clock_ms() + 60 + (int64_t)rng_below(&rng, 100);
        while (rig_clock_ms() < until)
            rig_pause();
        rig_stop(&rig, SIGKILL);
        rig_serve(&rig);
        int status = spawned_end(&client, 0);
        if (status != 0 && status != 5) rig_fail("the client ended with %d", status);
        rig_out(&rig, 0, "HRX", "sync", NULL);
        json_expect(rig_report(&rig, "XMB", &project, "2009-09"), "state", "submitted");
        const char *history =
            rig_out(&rig, 0, "HRX", "report", "history", project.code, "2009-09", "--json", NULL);
        assert_int_equal(json_lines(history), 1);
    }
    assert_string_equal(rig_out(&rig, 0, "HRX", "outbox", "list", "--json", NULL), "");
}

/* ---- a client that was away sees what one sees that begins now ---- */

static const char *const kinds[] = {"registry", "setting",   "calendar", "outage",     "unit",  "person",
                                    "post",     "operator",  "device",   "plan",       "entry", "project",
                                    "target",   "milestone", "report",   "unit-return"};

/* A post as an option's value; looked at first, so that the client knows it. */
static void take_post(const char *project, const char *name, char ref[40])
{
    char id[32];
    if (!json_value(project, name, id, sizeof id)) rig_fail("no %s in %s", name, project);
    const char *digits = id + (id[0] == '[');
    rig_out(&rig, 0, "XMB", "post", "show", digits, NULL);
    snprintf(ref, 40, "#%s", digits);
}

/* Gives a project to another unit, with the persons of a project that the unit has. */
static void hand_over(const struct rig_project *project, const char *unit, const struct rig_project *donor)
{
    char head[40], deputy[40], member[40], contact[40];
    const char *like = rig_out(&rig, 0, "XMB", "project", "show", donor->code, "--json", NULL);
    take_post(like, "head_id", head);
    take_post(like, "deputy_id", deputy);
    take_post(like, "members_id", member);
    take_post(like, "contact_id", contact);
    rig_out(&rig, 0, "XMB", "project", "amend", project->code, "--responsible", unit, "--head", head, "--deputy",
            deputy, "--members", member, "--contact", contact, NULL);
}

/* Many changes of what the county sees, also in who may see what. */
static void change_much(const struct rig_project *led, const struct rig_project *home)
{
    struct rig_project a, b;
    char target[32];
    rig_project(&rig, "PJX", 0, &a);
    rig_project(&rig, "PJX", 1, &b);
    rig_submit(&rig, 0, "PJX", &a, "2009-09", 10);
    rig_out(&rig, 0, "XMB", "report", "accept", a.code, "2009-09", NULL); /* now everybody sees it */
    rig_submit(&rig, 0, "PJX", &b, "2009-09", 10);
    rig_out(&rig, 0, "XMB", "report", "return", b.code, "2009-09", "--reason", "补充工程量", NULL);
    rig_out(&rig, 0, "PJX", "report", "save", b.code, "2009-09", "--progress", "只有自己看得见", NULL);
    snprintf(target, sizeof target, "#%ld", a.id); /* the importer made project and target together */
    rig_out(&rig, 0, "XMB", "milestone", "plan", "--target", target, "--name", "主体封顶", "--due", "2009-12-01", NULL);
    rig_out(&rig, 0, "XMB-A", "unit", "amend", "PJX", "--short", "平江", NULL);
    rig_out(&rig, 0, "XMB", "person", "create", "--unit", "PJX", "--name", "新来的", NULL);
    hand_over(&b, "HRX", home); /* with its returned report */
    hand_over(led, "PJX", &a);   /* with its submitted one */
}

static void who_was_away_sees_what_who_begins_now_sees(void **state)
{
    (void)state;
    struct rig_project led, home;
    rig_project(&rig, "HRX", 0, &home);
    rig_project(&rig, "HRX", 9, &led);
    rig_submit(&rig, 0, "HRX", &led, "2009-09", 10);
    long had = json_number(rig_out(&rig, 0, "HRX", "status", "--offline", "--json", NULL), "entry");
    change_much(&led, &home);
    rig_enrol_second(&rig, "HRX", "fresh");
    rig_out_at(&rig, 0, "fresh", "sync", NULL);
    rig_out(&rig, 0, "HRX", "sync", NULL);
    rig_out_at(&rig, 0, "fresh", "sync", NULL);
    assert_true(json_number(rig_out(&rig, 0, "HRX", "status", "--json", NULL), "entry") > had);
    rig_err(&rig, 3, "HRX", "report", "show", led.code, "2009-09", NULL);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *away = rig_out(&rig, 0, "HRX", kinds[i], "list", "--json", "--offline", NULL);
        const char *fresh = rig_out_at(&rig, 0, "fresh", kinds[i], "list", "--json", "--offline", NULL);
        assert_string_equal(away, fresh);
    }
    assert_string_equal(rig_out(&rig, 0, "HRX", "desk", "--json", "--offline", NULL),
                        rig_out_at(&rig, 0, "fresh", "desk", "--json", "--offline", NULL));
    assert_string_equal(rig_out(&rig, 0, "HRX", "matrix", "--csv", "--offline", NULL),
                        rig_out_at(&rig, 0, "fresh", "matrix", "--csv", "--offline", NULL));
}

/* ---- the journal proves itself ---- */

static const char secret[] = "这一句只在这里出现";

/* Positions of the sentence in a file. */
static unsigned find_sentence(const char *path, long *positions, unsigned max)
{
    struct stat info;
    unsigned count = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0) rig_fail("%s: %s", path, strerror(errno));
    char *bytes = malloc((size_t)info.st_size);
    if (bytes == NULL || read(fd, bytes, (size_t)info.st_size) != info.st_size) rig_fail("%s", path);
    close(fd);
    for (char *at = bytes; (at = memmem(at, (size_t)(bytes + info.st_size - at), secret, sizeof secret - 1)) != NULL;
         at++)
        if (count < max) positions[count++] = at - bytes;
    free(bytes);
    return count;
}

static void flip(const char *path, long position)
{
    char byte;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 || pread(fd, &byte, 1, position) != 1) rig_fail("%s", path);
    byte ^= 0x04;
    if (pwrite(fd, &byte, 1, position) != 1) rig_fail("%s", path);
    close(fd);
}

static void a_changed_byte_is_found(void **state)
{
    (void)state;
    char backup[300], copy[300], key[300], data[320], never[300];
    long positions[16];
    struct rig_project project;
    rig_project(&rig, "PJX", 4, &project);
    rig_out(&rig, 0, "PJX", "report", "save", project.code, "2009-09", "--progress", secret, NULL);
    rig_stop(&rig, SIGTERM);
    snprintf(backup, sizeof backup, "%s/to-tamper", rig.directory);
    snprintf(copy, sizeof copy, "%s/tampered", rig.directory);
    snprintf(never, sizeof never, "%s/never", rig.directory);
    snprintf(key, sizeof key, "%s/key", rig.registry);
    snprintf(data, sizeof data, "%s/data.mdb", copy);
    rig_daemon_out(&rig, 0, "backup", rig.registry, backup, NULL); /* compacted: no stale pages */
    rig_daemon_out(&rig, 0, "restore", backup, copy, "--key", key, NULL);
    rig_daemon_out(&rig, 0, "check", copy, NULL);
    unsigned count = find_sentence(data, positions, 16);
    assert_true(count >= 3); /* the command, its effects, the record */
    for (unsigned i = 0; i < count; i++) {
        flip(data, positions[i]);
        const char *said = rig_daemon_err(&rig, 1, "check", copy, NULL);
        if (strstr(said, "damaged") == NULL && strstr(said, "checksum") == NULL) rig_fail("check says: %s", said);
        struct run run = rig_duband(&rig, "backup", copy, never, NULL);
        assert_int_not_equal(run.status, 0); /* and no backup is made of it */
        assert_int_not_equal(access(never, F_OK), 0);
        run_free(&run);
                flip(data, positions[i]);
    }
    rig_daemon_out(&rig, 0, "check", copy, NULL);
    rig_serve(&rig);
}

/* ---- backups ---- */

static void a_backup_of_a_served_registry_is_whole(void **state)
{
    (void)state;
    char file[300], copy[300], key[300];
    snprintf(file, sizeof file, "%s/backup", rig.directory);
    snprintf(copy, sizeof copy, "%s/copy", rig.directory);
    snprintf(key, sizeof key, "%s/key", rig.registry);
    rig_daemon_out(&rig, 0, "backup", rig.registry, file, NULL);
    rig_daemon_err(&rig, 4, "backup", rig.registry, file, NULL); /* never over another */
    rig_daemon_err(&rig, 2, "restore", file, copy, NULL);        /* without the key it is no daemon's */
    char other[300];
    snprintf(other, sizeof other, "%s/passphrase", rig.directory);
    struct run run = rig_duband(&rig, "restore", file, copy, "--key", other, NULL);
    assert_int_not_equal(run.status, 0);
    run_free(&run);
    assert_int_not_equal(access(copy, F_OK), 0); /* nothing half done */
    rig_daemon_out(&rig, 0, "restore", file, copy, "--key", key, NULL);
    rig_stop(&rig, SIGTERM);
    assert_string_equal(rig_daemon_out(&rig, 0, "dump", copy, NULL),
                        rig_daemon_out(&rig, 0, "dump", rig.registry, NULL));
    long lines = json_lines(rig_daemon_out(&rig, 0, "dump", copy, NULL));
    char from[32];
    snprintf(from, sizeof from, "%ld", lines);
    const char *last = rig_daemon_out(&rig, 0, "dump", copy, "--from", from, NULL);
    assert_int_equal(json_lines(last), 1);
    assert_int_equal(json_number(last, "number"), lines);
    rig_serve(&rig);
}

/* An old state put in place: who has seen more is told; who has not goes on. */
static void a_rolled_back_history_is_told(void **state)
{
    (void)state;
    char file[300], old[280], key[300], endpoint[64];
    struct rig_project project;
    snprintf(file, sizeof file, "%s/older", rig.directory);
    snprintf(old, sizeof old, "%.250s/rolled-back", rig.directory);
    snprintf(key, sizeof key, "%s/key", rig.registry);
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%u", rig.port);
    rig_out(&rig, 0, "PJX", "sync", NULL);
    rig_daemon_out(&rig, 0, "backup", rig.registry, file, NULL);
    rig_project(&rig, "HRX", 10, &project);
    rig_submit(&rig, 0, "HRX", &project, "2009-09", 1);
    rig_out(&rig, 0, "HRX", "sync", NULL);
    rig_out(&rig, 0, "XMB", "sync", NULL);
    rig_stop(&rig, SIGTERM);
    rig_daemon_out(&rig, 0, "restore", file, old, "--key", key, "--listen", endpoint, NULL);
    struct rig served = rig;
    snprintf(served.registry, sizeof served.registry, "%s", old);
    rig_serve(&served);
    rig.daemon = served.daemon;
    static const char *const knowing[] = {"HRX", "XMB"};
    for (size_t i = 0; i < 2; i++) {
        struct run run = rig_duban(&rig, knowing[i], "sync", NULL);
        assert_int_not_equal(run.status, 0);
        if (strstr(run.err, "history is not the one this client knows") == NULL) rig_fail("told: %s", run.err);
        run_free(&run);
        run = rig_duban(&rig, knowing[i], "doctor", NULL);
        assert_int_equal(run.status, 1);
        run_free(&run);
    }
    rig_out(&rig, 0, "PJX", "sync", NULL);
    rig_stop(&rig, SIGTERM);
    rig_serve(&rig);
    rig_out(&rig, 0, "HRX", "sync", NULL); /* with the right one all is well again */
}

/* The restored registry has gone on: a client can't tell by numbers, but it must not mix the two histories. */
static void who_saw_more_than_was_restored_begins_anew(void **state)
{
    (void)state;
    char file[300], old[280], key[300], endpoint[64];
    snprintf(file, sizeof file, "%s/oldest", rig.directory);
    snprintf(old, sizeof old, "%.250s/gone-on", rig.directory);
    snprintf(key, sizeof key, "%s/key", rig.registry);
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%u", rig.port);
    rig_enrol(&rig, "XYX");
    rig_out(&rig, 0, "HRX", "sync", NULL);
    rig_daemon_out(&rig, 0, "backup", rig.registry, file, NULL);
    rig_out(&rig, 0, "HRX", "unit-return", "submit", "HRX", "2009-09", "--summary", "随后丢失的一份", NULL);
    rig_stop(&rig, SIGTERM);
    rig_daemon_out(&rig, 0, "restore", file, old, "--key", key, "--listen", endpoint, NULL);
    memcpy(rig.registry, old, sizeof old);
    rig_serve(&rig);
    for (unsigned i = 0; i < 5; i++)
        rig_out(&rig, 0, "XYX", "person", "create", "--unit", "XYX", "--name", "后来的", NULL);
    rig_out(&rig, 0, "HRX", "sync", NULL);
    rig_enrol_second(&rig, "HRX", "fresher");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *fresh = rig_out_at(&rig, 0, "fresher", kinds[i], "list", "--json", NULL);
        assert_string_equal(rig_out(&rig, 0, "HRX", kinds[i], "list", "--json", NULL), fresh);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_answered_survives_a_kill_at_any_time),
        cmocka_unit_test(a_submission_that_a_kill_hit_is_in_once),
        cmocka_unit_test(who_was_away_sees_what_who_begins_now_sees),
        cmocka_unit_test(a_changed_byte_is_found),
        cmocka_unit_test(a_backup_of_a_served_registry_is_whole),
        cmocka_unit_test(a_rolled_back_history_is_told),
        cmocka_unit_test(who_saw_more_than_was_restored_begins_anew),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
