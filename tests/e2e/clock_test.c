/* clock_test.c - time: a demo's shifted clock, rules whose day has come, month's ends, and a machine whose clock
 * somebody sets. DESIGN.md, idea 10. */
#include "proto/when.h"
#include "tests/lib/rig_report.h"
#include "tests/lib/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SOON_MS = 10000 };

static struct rig rig;

static void serve_again(void)
{
    rig_stop(&rig, SIGTERM);
    rig_serve(&rig);
}

static const char *dump(void)
{
    rig_stop(&rig, SIGTERM);
    return rig_daemon_out(&rig, 0, "dump", rig.registry, NULL);
}

/* Runs a function on each line of a text. */
static void each_line(const char *lines, void (*look)(const char *line, void *self), void *self)
{
    static char line[65536];
    while (*lines != '\0') {
        size_t length = strcspn(lines, "\n");
        if (length >= sizeof line) rig_fail("a line of %zu bytes", length);
        memcpy(line, lines, length);
        line[length] = '\0';
        look(line, self);
        lines += length + (lines[length] == '\n');
    }
}

static void time_never_falls(const char *line, void *self)
{
    char *before = self, now[64];
    if (!json_value(line, "time", now, sizeof now)) rig_fail("no time in %s", line);
    if (strcmp(now, before) < 0) rig_fail("the journal goes back from %s in %s", before, line);
    strcpy(before, now); /* NOLINT: both have 64 bytes */
}

/* ---- a demo ---- */

static struct rig_project project;

static int start_demo(void **state)
{
    static const char *const all[] = {"XMB", "XMB-A", "HRX"};
    (void)state;
    rig_start(&rig);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rig_enrol(&rig, all[i]);
    rig_project(&rig, "HRX", 0, &project);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    unsetenv("LD_PRELOAD");
    rig_end(&rig);
    return 0;
}

static void the_demos_clock_is_moved_and_everybody_told(void **state)
{
    (void)state;
    struct spawned watch;
    char now[64];
    rig_watch(&rig, &watch, "HRX", true);
    const char *told =
        rig_daemon_out(&rig, 0, "clock", rig.registry, "--at", "2009-09-28 16:30", "--reason", "演练", NULL);
    assert_non_null(strstr(told, "2009-09-28 16:30 rate 1 shifted"));
    const char *line = spawned_line(&watch, SOON_MS);
    assert_non_null(line);
    json_expect(line, "kind", "registry");
    json_expect(line, "action", "set_clock");
    assert_non_null(strstr(line, "\"clock_shown\":\"2009-09-28T16:30:00+08:00\""));
    spawned_end(&watch, SIGTERM);
    const char *status = rig_out(&rig, 0, "HRX", "status", "--json", NULL);
    assert_true(json_value(status, "now", now, sizeof now));
    assert_memory_equal(now, "2009-09-28T16:3", 15);
    json_expect(status, "demo", "true");
}

static void it_does_not_go_back(void **state)
{
    (void)state;
    long before = rig_head(&rig);
    const char *said = rig_daemon_err(&rig, 2, "clock", rig.registry, "--at", "2009-09-28 16:00", NULL);
    assert_non_null(strstr(said, "can't go back"));
    rig_daemon_err(&rig, 2, "clock", rig.registry, "--at", "2009-02-30 16:00", NULL);
    rig_daemon_err(&rig, 2, "clock", rig.registry, "--rate", "0", NULL);
    assert_int_equal(rig_head(&rig), before);
    rig_stop(&rig, SIGTERM);
    rig_daemon_err(&rig, 2, "clock", rig.registry, "--at", "2009-09-28 16:00", NULL);
    rig_serve(&rig);
}

/* At 20,000 times the speed a restart would take a quarter of an hour. */
static void its_time_stands_still_while_nobody_serves_it(void **state)
{
    (void)state;
    static char row[65536];
    char first[64], second[64];
    rig_stop(&rig, SIGTERM);
    rig_daemon_out(&rig, 0, "clock", rig.registry, "--at", "2009-09-28 17:00", "--rate", "20000", NULL);
    rig_serve(&rig);
    const char *lines = dump();
    rig_daemon_out(&rig, 0, "clock", rig.registry, "--rate", "1", NULL);
    assert_non_null(json_row(lines, "time", "2009-09-28T17:00:00+08:00", row, sizeof row));
    json_expect(row, "actor", "console");
    const char *next = strstr(lines, row) + strlen(row) + 1;
    assert_true(json_value(next, "actor", first, sizeof first) && json_value(next, "time", second, sizeof second));
    assert_string_equal(first, "rule"); /* the daemon noting where its clock goes on */
    assert_string_equal(second, "2009-09-28T17:00:00+08:00");
    rig_serve(&rig);
}

/* ---- rules whose day has come ---- */

static void plan(const char *name, const char *due)
{
    char target[32], ref[40];
    const char *list = rig_out(&rig, 0, "XMB", "target", "list", "--project", project.code, "--json", NULL);
    assert_true(json_value(list, "id", target, sizeof target));
    snprintf(ref, sizeof ref, "#%s", target);
    rig_out(&rig, 0, "XMB", "milestone", "plan", "--target", ref, "--name", name, "--due", due, NULL);
}

struct lapses {
    unsigned count, devices, milestones;
    long last_milestone;
    bool acted; /* somebody's command came behind them */
    bool seen[1000];
};

static void look_at_lapse(const char *line, void *self)
{
    static const long wanted[] = {3, 1, 2}; /* the milestones by their days */
    struct lapses *lapses = self;
    char kind[40], action[40], actor[40];
    if (!json_value(line, "kind", kind, sizeof kind) || !json_value(line, "action", action, sizeof action) ||
        !json_value(line, "actor", actor, sizeof actor))
        rig_fail("what is this: %s", line);
    if (strcmp(action, "submit") == 0) lapses->acted = true;
    if (strcmp(action, "lapse") != 0) return;
    assert_string_equal(actor, "rule");
    assert_false(lapses->acted);
    long id = json_number(line, "id");
    lapses->count++;
    if (strcmp(kind, "device") == 0) {
        assert_int_equal(lapses->milestones, 0); /* their day was before the milestones' */
        assert_true(id > 0 && id < 1000 && !lapses->seen[id]);
        lapses->seen[id] = true;
        lapses->devices++;
        return;
    }
    assert_string_equal(kind, "milestone");
    assert_true(lapses->milestones < 3);
    assert_int_equal(id, wanted[lapses->milestones++]);
}

/* Serves the registry without waiting for an answer, and kills the daemon after a while. */
static void serve_and_kill(unsigned ms)
{
    char program[1100];
    char *argv[] = {program, (char *)(uintptr_t) "serve", rig.registry, NULL};
    snprintf(program, sizeof program, "%s/duband", rig.build);
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, 2);
        execv(program, argv);
        _exit(127);
    }
    int64_t until = rig_clock_ms() + ms;
    while (rig_clock_ms() < until)
        rig_pause();
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static void after_downtime_each_comes_once_in_order_before_any_command(void **state)
{
    (void)state;
    struct lapses lapses = {0};
    struct report_args args;
    plan("乙", "2009-10-09"); /* 1 */
    plan("丙", "2009-10-10"); /* 2 */
    plan("甲", "2009-10-08"); /* 3 */
    rig_stop(&rig, SIGTERM);
    rig_report_args(&args, "submit", &project, "2009-09", 10);
    args.argv[REPORT_LAST] = (char *)(uintptr_t) "--offline"; /* it waits for the daemon */
    rig_out_args(&rig, 5, "HRX", args.argv);
    rig_daemon_out(&rig, 0, "clock", rig.registry, "--at", "2009-12-31 23:00", NULL);
    for (unsigned ms = 2; ms < 60; ms += 8)
        serve_and_kill(ms); /* in the middle of it, with luck */
    rig_serve(&rig);
    rig_out(&rig, 0, "HRX", "sync", NULL);
    each_line(dump(), look_at_lapse, &lapses);
    assert_true(lapses.devices > 200); /* the demo's tickets */
    assert_int_equal(lapses.milestones, 3);
    assert_true(lapses.acted);
    rig_daemon_out(&rig, 0, "check", rig.registry, NULL);
    long head = 0;
    rig_serve(&rig);
    head = rig_head(&rig);
    serve_again();
    assert_int_equal(rig_head(&rig), head + 1); /* nothing but the note of where the clock goes on */
}

/* The county reported late, though it did so in time by its own clock: the server's counts. */
static void on_time_is_what_the_server_received_in_time(void **state)
{
    (void)state;
    json_expect(rig_report(&rig, "HRX", &project, "2009-09"), "late", "true");
}

static void a_running_clock_fires_by_itself(void **state)
{
    (void)state;
    struct spawned watch;
    char kind[40];
    plan("丁", "2010-01-02"); /* so it stays a day until tomorrow night */
    rig_watch(&rig, &watch, "XMB", true);
    rig_daemon_out(&rig, 0, "clock", rig.registry, "--rate", "86400", NULL);
    const char *line = spawned_line(&watch, SOON_MS);
    assert_non_null(line);
    json_expect(line, "action", "set_clock");
    do { /* some two days: two seconds, with what the registry does each day */
        line = spawned_line(&watch, SOON_MS);
        assert_non_null(line);
        assert_true(json_value(line, "kind", kind, sizeof kind));
    } while (strcmp(kind, "milestone") != 0);
    json_expect(line, "action", "lapse");
    json_expect(line, "state", "overdue");
    json_expect(line, "unit", "null");
    char time_of[64];
    assert_true(json_value(line, "time", time_of, sizeof time_of));
    assert_true(strcmp(time_of, "2010-01-03T00:00:00+08:00") >= 0); /* the day was over */
    rig_daemon_out(&rig, 0, "clock", rig.registry, "--rate", "1", NULL);
    spawned_end(&watch, SIGTERM);
}

static void months_begin_and_end_at_midnight(void **state)
{
    (void)state;
    struct rig_project other;
    rig_project(&rig, "HRX", 1, &other);
    rig_set_clock(&rig, "2010-01-31 23:59");
    other.invested = 0; /* a new year begins at nothing */
    rig_submit(&rig, 4, "HRX", &other, "2010-02", 10);
    rig_submit(&rig, 0, "HRX", &other, "2010-01", 10);
    json_expect(rig_report(&rig, "HRX", &other, "2010-01"), "due", "2010-02-05");
    rig_set_clock(&rig, "2010-02-01 00:00");
    other.invested = 10;
    rig_submit(&rig, 0, "HRX", &other, "2010-02", 5);
    json_expect(rig_report(&rig, "HRX", &other, "2010-02"), "due", "2010-03-05");
    /* in time until the last second of the day */
    struct rig_project third = other, fourth;
    rig_project(&rig, "HRX", 2, &third);
    rig_project(&rig, "HRX", 3, &fourth);
    third.invested = fourth.invested = 0;
    rig_set_clock(&rig, "2010-02-05 23:59");
    rig_submit(&rig, 0, "HRX", &third, "2010-01", 1);
    rig_set_clock(&rig, "2010-02-06 00:00");
    rig_submit(&rig, 0, "HRX", &fourth, "2010-01", 1);
    json_expect(rig_report(&rig, "HRX", &third, "2010-01"), "late", "false");
    json_expect(rig_report(&rig, "HRX", &fourth, "2010-01"), "late", "true");
}

/* ---- a real registry, on a machine whose clock a test sets ---- */

static int64_t *shifts; /* clock_shift.c: real time, time since boot */

static int64_t real_now(void)
{
    return (int64_t)time(NULL) + shifts[0];
}

/* Time passes, until then. */
static void pass_until(int month, int day, int hour)
{
    int64_t seconds = day_start(day_make(2026, month, day)).s + hour * 3600LL - real_now();
    shifts[0] += seconds;
    shifts[1] += seconds;
}

static void preload(void)
{
    char path[300], library[1100];
    snprintf(path, sizeof path, "%s/clock", rig.directory);
    snprintf(library, sizeof library, "%s/clock_shift.so", rig.build);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, 16) != 0) rig_fail("%s", path);
    shifts = mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (shifts == MAP_FAILED) rig_fail("mmap");
    setenv("DUBAN_TEST_CLOCK", path, 1);
    setenv("LD_PRELOAD", library, 1);
    setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
}

static int start_real(void **state)
{
    static const char *const all[] = {"XMB", "XMB-A", "HRX", "PJX"};
    (void)state;
    rig_prepare(&rig);
    preload();
    pass_until(11, 2, 9);
    rig_found_real(&rig);
    rig_serve(&rig);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rig_enrol(&rig, all[i]);
    return 0;
}

static void nobody_moves_a_real_registrys_clock(void **state)
{
    (void)state;
    long before = rig_head(&rig);
    const char *said = rig_daemon_err(&rig, 4, "clock", rig.registry, "--at", "2026-12-01 09:00", NULL);
    assert_non_null(strstr(said, "only a demo or training registry's clock can be moved"));
    assert_int_equal(rig_head(&rig), before);
    assert_non_null(strstr(rig_daemon_out(&rig, 0, "clock", rig.registry, NULL), "2026-11-02 09:0"));
    rig_stop(&rig, SIGTERM);
    rig_daemon_err(&rig, 4, "clock", rig.registry, "--at", "2026-12-01 09:00", NULL);
    rig_daemon_err(&rig, 4, "init", "/nonexistent/duban", "--name", "试", "--at", "2009-09-28 09:00", NULL);
    rig_serve(&rig);
    assert_int_equal(rig_head(&rig), before);
}

static void returned_by(const char *unit, const char *late)
{
    rig_out(&rig, 0, unit, "unit-return", "submit", unit, "2026-10", "--summary", "进展正常", NULL);
    json_expect(rig_out(&rig, 0, unit, "unit-return", "show", unit, "2026-10", "--json", NULL), "late", late);
}

/* Due on Thursday the 5th, when the daemon was away: good until the end of Monday the 9th. */
static void a_deadline_in_an_outage_moves_to_the_next_working_day(void **state)
{
    (void)state;
    pass_until(11, 5, 12);
    rig_head(&rig);
    rig_stop(&rig, SIGTERM);
    pass_until(11, 6, 12);
    rig_serve(&rig);
    const char *list = rig_out(&rig, 0, "XMB", "outage", "list", "--json", NULL);
    assert_int_equal(json_lines(list), 1);
    assert_non_null(strstr(list, "\"from\":\"2026-11-05T12:0"));
    pass_until(11, 9, 23);
    returned_by("HRX", "false");
    pass_until(11, 10, 1);
    returned_by("PJX", "true");
}

/* A restart is none. */
static void a_short_absence_is_no_outage(void **state)
{
    (void)state;
    serve_again();
    assert_int_equal(json_lines(rig_out(&rig, 0, "XMB", "outage", "list", "--json", NULL)), 1);
}

static void a_clock_set_back_is_noted_and_lowers_nothing(void **state)
{
    (void)state;
    long before = rig_head(&rig);
    shifts[0] -= 7200;
    rig_await_head(&rig, before + 1, SOON_MS);
    rig_out(&rig, 0, "XMB", "unit-return", "return", "HRX", "2026-10", "--reason", "补充困难", NULL);
    const char *history = rig_out(&rig, 0, "XMB", "registry", "history", "1", "--json", NULL);
    json_expect(history, "action", "set_back");
    json_expect(history, "jump", "-7200");
    serve_again(); /* the clock is behind the journal still */
    rig_out(&rig, 0, "HRX", "unit-return", "submit", "HRX", "2026-10", "--summary", "进展正常,无困难", NULL);
    char last[64] = "";
    each_line(dump(), time_never_falls, last);
    rig_serve(&rig);
    assert_int_equal(rig_head(&rig), before + 3);
}

static void a_clock_that_leaps_holds_what_would_follow_by_itself(void **state)
{
    (void)state;
    char device[32], row[2000];
    const char *told = rig_out(&rig, 0, "XMB-A", "device", "invite", "--operator", "PJX", "--json", NULL);
    assert_true(json_value(told, "id", device, sizeof device));
    long before = rig_head(&rig);
    shifts[0] += 3 * 86400; /* the ticket was good for one day */
    rig_await_head(&rig, before + 1, SOON_MS);
    json_expect(rig_out(&rig, 0, "XMB-A", "registry", "list", "--json", NULL), "state", "held");
    serve_again(); /* held it stays */
    rig_out(&rig, 0, "HRX", "unit-return", "save", "HRX", "2026-11", "--summary", "人做的事照常", NULL);
    const char *list = rig_out(&rig, 0, "XMB-A", "device", "list", "--json", NULL);
    assert_non_null(json_row(list, "id", device, row, sizeof row));
    json_expect(row, "state", "invited");
    rig_err(&rig, 4, "XMB", "registry", "confirm", "1", "--reason", "不该我来", "--yes", NULL);
    rig_out(&rig, 0, "XMB-A", "registry", "confirm", "1", "--reason", "时间已核对", "--yes", NULL);
    int64_t until = rig_clock_ms() + SOON_MS;
    do {
        list = rig_out(&rig, 0, "XMB-A", "device", "list", "--json", NULL);
        assert_non_null(json_row(list, "id", device, row, sizeof row));
    } while (strstr(row, "\"revoked\"") == NULL && rig_clock_ms() < until);
    json_expect(row, "state", "revoked");
    dump();
    rig_daemon_out(&rig, 0, "check", rig.registry, NULL);
}

int main(void)
{
    const struct CMUnitTest demo[] = {
        cmocka_unit_test(the_demos_clock_is_moved_and_everybody_told),
        cmocka_unit_test(it_does_not_go_back),
        cmocka_unit_test(its_time_stands_still_while_nobody_serves_it),
        cmocka_unit_test(after_downtime_each_comes_once_in_order_before_any_command),
        cmocka_unit_test(on_time_is_what_the_server_received_in_time),
        cmocka_unit_test(a_running_clock_fires_by_itself),
        cmocka_unit_test(months_begin_and_end_at_midnight),
    };
    const struct CMUnitTest real[] = {
        cmocka_unit_test(nobody_moves_a_real_registrys_clock),
        cmocka_unit_test(a_deadline_in_an_outage_moves_to_the_next_working_day),
        cmocka_unit_test(a_short_absence_is_no_outage),
        cmocka_unit_test(a_clock_set_back_is_noted_and_lowers_nothing),
        cmocka_unit_test(a_clock_that_leaps_holds_what_would_follow_by_itself),
    };
    int failed = cmocka_run_group_tests(demo, start_demo, end_rig);
    return failed + cmocka_run_group_tests(real, start_real, end_rig);
}
