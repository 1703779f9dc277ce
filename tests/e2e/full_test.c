/* full_test.c - a disk that is full: new commands are refused with a clear word, reading goes on, nothing that was
 * answered is lost, and all goes on when there is room. Promise P1. The disk is a small tmpfs in a mount namespace
 * of the test's own; where that can't be had, the test is skipped. */
#include "proto/codec.h"
#include "tests/lib/raw.h"
#include "tests/lib/rig_report.h"
#include "tests/lib/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { SOON_MS = 10000, DISK_MB = 24 };

static struct rig rig;
static char disk[280];
static bool mounted;

static bool write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0) close(fd);
    return good;
}

/* Mounts are ours alone and go with the test. Without root, as root of a user namespace. */
static bool own_namespace(void)
{
    char map[64];
    unsigned user = getuid(), group = getgid();
    if (user == 0) return unshare(CLONE_NEWNS) == 0;
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    snprintf(map, sizeof map, "0 %u 1", user);
    if (!write_text("/proc/self/uid_map", map) || !write_text("/proc/self/setgroups", "deny")) return false;
    snprintf(map, sizeof map, "0 %u 1", group);
    return write_text("/proc/self/gid_map", map);
}

static bool mount_disk(void)
{
    char size[32];
    snprintf(size, sizeof size, "size=%dm", DISK_MB);
    if (!own_namespace()) return false;
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return false;
    return mount("none", disk, "tmpfs", 0, size) == 0;
}

static int start_rig(void **state)
{
    (void)state;
    rig_prepare(&rig);
    rig_found(&rig);
    snprintf(disk, sizeof disk, "%s/disk", rig.directory);
    rig_shell("mkdir '%s'", disk);
    mounted = mount_disk();
    if (!mounted) {
        fprintf(stderr, "# no tmpfs can be mounted here (%s): a full disk is not tried\n", strerror(errno));
        return 0;
    }
    rig_shell("cp -a '%s' '%s/registry' && echo 'reserve_mb = 1' >>'%s/registry/duband.conf'", rig.registry, disk,
              disk);
    snprintf(rig.registry, sizeof rig.registry, "%.260s/registry", disk);
    rig_serve(&rig);
    static const char *const all[] = {"XMB", "HRX", "PJX"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rig_enrol(&rig, all[i]);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    if (mounted) rig_stop(&rig, SIGTERM);
    if (mounted) umount2(disk, MNT_DETACH);
    rig_end(&rig);
    return 0;
}

static void needs_disk(void)
{
    if (!mounted) skip();
}

static uint64_t free_bytes(void)
{
    struct statvfs info;
    if (statvfs(disk, &info) != 0) rig_fail("statvfs");
    return (uint64_t)info.f_bavail * info.f_frsize;
}

/* Leaves just so many bytes free. */
static void fill(uint64_t leave)
{
    char path[300];
    snprintf(path, sizeof path, "%s/filler", disk);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    static const char bytes[4096];
    while (free_bytes() > leave && write(fd, bytes, sizeof bytes) == sizeof bytes)
        continue;
    close(fd);
}

static void make_room(void)
{
    rig_shell("rm -f '%s/filler'", disk);
}

static void a_full_disk_refuses_and_says_so(void **state)
{
    (void)state;
    needs_disk();
    struct rig_project project;
    struct report_args args;
    rig_project(&rig, "HRX", 0, &project);
    rig_submit(&rig, 0, "HRX", &project, "2009-09", 1);
    fill(512 * 1024);
    long before = rig_head(&rig);
    rig_report_args(&args, "recall", &project, "2009-09", 1);
    const char *said = rig_err(&rig, 1, "HRX", "report", "recall", project.code, "2009-09", NULL);
    assert_non_null(strstr(said, "disk is full"));
    assert_non_null(strstr(said, "nothing was changed"));
    assert_int_equal(rig_head(&rig), before);
    /* reading goes on, for who knows nothing yet as well */
    json_expect(rig_report(&rig, "XMB", &project, "2009-09"), "state", "submitted");
    assert_int_equal(json_lines(rig_out(&rig, 0, "PJX", "project", "list", "--json", NULL)), 153);
    make_room();
    rig_out(&rig, 0, "HRX", "report", "recall", project.code, "2009-09", NULL);
    assert_int_equal(rig_head(&rig), before + 1);
}

static void the_daemon_starts_on_a_full_disk(void **state)
{
    (void)state;
    needs_disk();
    struct rig_project project;
    rig_project(&rig, "HRX", 1, &project);
    fill(0);
    rig_stop(&rig, SIGTERM);
    rig_serve(&rig);
    assert_int_equal(json_lines(rig_out(&rig, 0, "PJX", "project", "list", "--json", NULL)), 153);
    rig_submit(&rig, 1, "HRX", &project, "2009-09", 1);
    make_room();
    rig_submit(&rig, 0, "HRX", &project, "2009-09", 1);
}

/* What was done without the link is not lost when the disk is full as it comes back. */
static void what_waits_is_decided_about_later(void **state)
{
    (void)state;
    needs_disk();
    struct rig_project project;
    struct report_args args;
    char row[2000], counter[32];
    rig_project(&rig, "HRX", 2, &project);
    rig_report_args(&args, "submit", &project, "2009-09", 1);
    args.argv[REPORT_LAST] = (char *)(uintptr_t) "--offline";
    rig_out_args(&rig, 5, "HRX", args.argv);
    fill(512 * 1024);
    struct run run = rig_duban(&rig, "HRX", "sync", NULL);
    assert_int_not_equal(run.status, 0);
    run_free(&run);
    make_room();
    const char *list = rig_out(&rig, 0, "HRX", "outbox", "list", "--json", NULL);
    if (json_row(list, "state", "refused", row, sizeof row) != NULL) {
        snprintf(counter, sizeof counter, "%ld", json_number(row, "counter"));
        rig_out(&rig, 0, "HRX", "outbox", "redo", counter, NULL);
    }
    rig_out(&rig, 0, "HRX", "sync", NULL);
    json_expect(rig_report(&rig, "XMB", &project, "2009-09"), "state", "submitted");
}

enum { COMMANDS = 3000 };
static struct fate {
    bool answered, refused;
    uint64_t number;
} fates[COMMANDS];

static void send_note(struct raw *raw, uint64_t counter, int64_t unit)
{
    struct command command = {
        .counter = counter, .kind = KIND_person, .action = ACT_person_create, .args = record_make(KIND_person, 0)};
    struct pack pack;
    char name[32];
    snprintf(name, sizeof name, "满%05u", (unsigned)counter);
    rec_set(&command.args, person_unit, unit);
    rec_set_text(&command.args, person_name, text_of(name));
    command.given = record_mask(&command.args);
    pack_init(&pack, REQUEST_BYTES_MAX);
    raw_pack_command(raw, &command, NULL, &pack);
    raw_send(raw, pack.at, pack.used);
    pack_free(&pack);
}

static void take_fate(struct raw *raw)
{
    struct frame frame;
    if (!raw_receive(raw, &frame, SOON_MS)) rig_fail("neither answered nor refused");
    if (frame.type == FRAME_ANSWER) {
        struct fate *fate = &fates[frame.as.answer.counter % COMMANDS];
        *fate = (struct fate){.answered = true, .number = frame.as.answer.number};
    } else if (frame.type == FRAME_REFUSED) {
        assert_int_equal(frame.as.refused.why.err, ERR_NO_SPACE);
        fates[frame.as.refused.counter % COMMANDS].refused = true;
    } else
        take_fate(raw); /* a push */
}

/* Commands stream in while somebody else eats the disk to the last byte and gives it back. */
static void a_disk_that_fills_up_under_load_loses_nothing(void **state)
{
    (void)state;
    needs_disk();
    struct raw raw;
    struct welcome welcome;
    char unit[32];
    unsigned answered = 0, refused = 0;
    assert_true(json_value(rig_out(&rig, 0, "XMB", "unit", "list", "--code", "HRX", "--json", NULL), "id", unit,
                           sizeof unit));
    raw_open(&raw, &rig, "HRX", NULL);
    assert_true(raw_greet(&raw, &welcome));
    uint64_t first = raw.counter + 1;
    int filler = open(disk, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    static const char bytes[32 * 1024];
    for (uint64_t i = 0; i < 1200; i++) {
        send_note(&raw, first + i, strtoll(unit, NULL, 10));
        if (i % 300 == 299 && ftruncate(filler, 0) != 0) rig_fail("filler");
        if (i % 300 == 299) lseek(filler, 0, SEEK_SET);
        if (i % 300 < 290 && write(filler, bytes, sizeof bytes) < 0) assert_int_equal(errno, ENOSPC);
        if (i % 300 < 290 && write(filler, bytes, sizeof bytes) < 0) assert_int_equal(errno, ENOSPC);
        if (i % 300 < 290 && write(filler, bytes, sizeof bytes) < 0) assert_int_equal(errno, ENOSPC);
        take_fate(&raw);
    }
    close(filler);
    for (uint64_t i = 0; i < 1200; i++) {
        answered += fates[(first + i) % COMMANDS].answered;
        refused += fates[(first + i) % COMMANDS].refused;
    }
    print_message("# %u answered, %u refused\n", answered, refused);
    assert_int_equal(answered + refused, 1200);
    assert_true(answered > 100 && refused > 100);
    raw_close(&raw);
    rig_stop(&rig, SIGKILL);
    rig_daemon_out(&rig, 0, "check", rig.registry, NULL);
    const char *lines = rig_daemon_out(&rig, 0, "dump", rig.registry, NULL);
    unsigned found = 0;
    for (const char *at = lines; (at = strstr(at, "\"name\":\"满")) != NULL; at++) {
        uint64_t counter = strtoull(at + strlen("\"name\":\"满"), NULL, 10);
        assert_true(fates[counter % COMMANDS].answered);
        found++;
    }
    assert_int_equal(found, answered);
    rig_serve(&rig);
}

static void a_backup_without_room_leaves_nothing_behind(void **state)
{
    (void)state;
    needs_disk();
    char file[300];
    snprintf(file, sizeof file, "%s/backup", disk);
    fill(512 * 1024);
    struct run run = rig_duband(&rig, "backup", rig.registry, file, NULL);
    assert_int_equal(run.status, 1);
    run_free(&run);
    assert_int_not_equal(access(file, F_OK), 0);
    rig_shell("test \"$(ls -A '%s' | wc -l)\" = 2", disk); /* the registry and the filler */
    make_room();
    rig_daemon_out(&rig, 0, "backup", rig.registry, file, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_refuses_and_says_so),
        cmocka_unit_test(the_daemon_starts_on_a_full_disk),
        cmocka_unit_test(what_waits_is_decided_about_later),
        cmocka_unit_test(a_disk_that_fills_up_under_load_loses_nothing),
        cmocka_unit_test(a_backup_without_room_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
