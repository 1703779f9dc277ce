/* start.c - how long a daemon takes until it is ready, with nothing stored and with 100,000 records.
 *
 * Ready is when it says so: the registry has been checked, the address is listened on, and the self-test has
 * turned a stranger away. The records are persons, made by commands as any others, so that the journal, the
 * indexes and the feed grow with them. */
#include "tests/bench/crowd.h"

#include "tests/bench/bench.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RECORDS = 100000, RECORDS_PER_COMMIT = 5000 };

/* An empty registry: nothing but its founding. */
static void found_empty(struct rig *rig, char *registry, size_t max)
{
    char endpoint[64];
    snprintf(registry, max, "%s/empty", rig->directory);
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%u", rig->port);
    rig_daemon_out(rig, 0, "init", registry, "--name", "bench", "--demo", "--listen", endpoint, NULL);
}

static void add_person(struct console *console, uint64_t unit, unsigned number)
{
    struct refusal why = {.err = OK};
    struct record args = record_make(KIND_person, 0);
    char name[32], phone[32];
    snprintf(name, sizeof name, "督办%u", number);
    snprintf(phone, sizeof phone, "0730-%07u", number);
    rec_set_text(&args, person_name, text_of(name));
    rec_set_text(&args, person_phone, text_of(phone));
    rec_set(&args, person_unit, (int64_t)unit);
    if (console_do(console, ACT_person_create, &args, NULL, &why) != OK) rig_fail("person: %s", why.text);
}

/* Also enrols one member, for whom the first answer is measured. Returns what a command took. */
static double fill(struct crowd *crowd, const char *registry)
{
    struct console console;
    int64_t begun = clock_ns();
    for (unsigned i = 0; i < RECORDS; i += RECORDS_PER_COMMIT) {
        crowd_visit(crowd, &console, registry);
        uint64_t unit = state_find_text(console_space(&console), IX_unit_code, "XMB");
        for (unsigned j = 0; j < RECORDS_PER_COMMIT; j++)
            add_person(&console, unit, i + j);
        crowd_leave(crowd, &console);
    }
    double us = (double)(clock_ns() - begun) / 1000 / RECORDS;
    crowd_visit(crowd, &console, registry);
    crowd_fill(crowd, &console, "XMB", 1);
    crowd_leave(crowd, &console);
    return us;
}

/* Starts the daemon and returns when it has said that it is ready; in milliseconds. */
static double start(struct rig *rig, const char *registry)
{
    char program[1100], said[4096];
    size_t used = 0;
    int fds[2];
    snprintf(program, sizeof program, "%s/duband", rig->build);
    if (pipe2(fds, O_CLOEXEC) != 0) rig_fail("pipe: %s", strerror(errno));
    int64_t begun = clock_ns();
    rig->daemon = fork();
    if (rig->daemon < 0) rig_fail("fork");
    if (rig->daemon == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(fds[1], 2);
        execl(program, program, "serve", registry, (char *)NULL);
        _exit(127);
    }
    close(fds[1]);
    do {
        ssize_t got = read(fds[0], said + used, sizeof said - used - 1);
        if (got <= 0) rig_fail("the daemon ended: %.*s", (int)used, said);
        used += (size_t)got;
        said[used] = '\0';
    } while (strstr(said, "ready on") == NULL && used < sizeof said - 1);
    int64_t ended = clock_ns();
    fcntl(fds[0], F_SETFD, 0); /* stays open: the daemon goes on writing its log */
    return (double)(ended - begun) / 1e6;
}

/* A connection made from nothing to its welcome, while the daemon still checks its journal in the background. */
static double first_answer(struct rig *rig, struct crowd *crowd)
{
    int64_t begun = clock_ns();
    crowd_connect(crowd, rig->port, crowd->server_key, false);
    double ms = (double)(clock_ns() - begun) / 1e6;
    crowd_part(crowd);
    return ms;
}

void bench_start(const struct bench *bench)
{
    struct rig rig;
    struct crowd crowd = {.count = 0};
    char empty[320];
    double none[ROUNDS_MAX], many[ROUNDS_MAX], answer[ROUNDS_MAX];
    table_part("start");
    rig_prepare(&rig);
    rig_found(&rig);
    found_empty(&rig, empty, sizeof empty);
    double us = fill(&crowd, rig.registry);
    for (unsigned i = 0; i < bench->rounds; i++) {
        none[i] = start(&rig, empty);
        rig_stop(&rig, SIGTERM);
        many[i] = start(&rig, rig.registry);
        answer[i] = first_answer(&rig, &crowd);
        rig_stop(&rig, SIGTERM);
    }
    double with_none = median(none, bench->rounds), with_many = median(many, bench->rounds);
    figure_plain("ready with nothing stored", "ms", with_none, -1);
    figure_most("ready with 100,000 records", "ms", with_many, with_none, with_none + 100);
    figure_plain("a connection welcomed right after", "ms", median(answer, bench->rounds), -1);
    figure_plain("a command in a commit of 5,000", "us", us, -1);
    crowd_free(&crowd);
    rig_end(&rig);
}
