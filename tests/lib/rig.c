/* rig.c - see rig.h. */
#include "tests/lib/rig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ARGS_MAX = 64, RUN_SECONDS = 60 };

struct kept_text {
    struct kept_text *next;
    char *text;
};

static const char passphrase[] = RIG_PASSPHRASE;

/* cmocka's way to end a test; programs without cmocka end as a whole. */
extern void _fail(const char *file, int line) __attribute__((weak)); /* NOLINT(bugprone-reserved-identifier) */

_Noreturn void rig_fail(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fprintf(stderr, "rig: ");
    vfprintf(stderr, format, list);
    fprintf(stderr, "\n");
    va_end(list);
    if (_fail != NULL) _fail(__FILE__, __LINE__);
    abort();
}

int64_t rig_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void rig_pause(void)
{
    struct timespec pause = {.tv_nsec = 2 * 1000 * 1000};
    nanosleep(&pause, NULL);
}

unsigned free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        rig_fail("no free port");
    close(fd);
    return ntohs(address.sin_port);
}

/* ---- running programs ---- */

/* All of a file, without moving where its writer stands. */
static char *file_text(int fd)
{
    size_t used = 0, room = 4096;
    char *text = malloc(room);
    ssize_t got;
    while (text != NULL && (got = pread(fd, text + used, room - used - 1, (off_t)used)) > 0) {
        used += (size_t)got;
        if (room - used < 2) text = realloc(text, room *= 2);
    }
    if (text == NULL) rig_fail("memory");
    text[used] = '\0';
    return text;
}

static int scratch_file(const struct rig *rig)
{
    char path[300];
    snprintf(path, sizeof path, "%s/out.XXXXXX", rig->directory);
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0) rig_fail("scratch file: %s", strerror(errno));
    unlink(path);
    return fd;
}

static int status_of(int wait_status)
{
    return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

static pid_t start(char *const argv[], const char *const env[], int in, int out, int err)
{
    pid_t parent = getpid(), pid = fork();
    if (pid < 0) rig_fail("fork");
    if (pid > 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* nothing outlives the test */
    if (getppid() != parent) _exit(127);
    dup2(in, 0);
    dup2(out, 1);
    dup2(err, 2);
    for (; env != NULL && *env != NULL; env++)
        putenv((char *)(uintptr_t)*env);
    execv(argv[0], argv);
    _exit(127);
}

static int wait_for(pid_t pid, const char *what)
{
    int status;
    int64_t until = rig_clock_ms() + RUN_SECONDS * 1000;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (rig_clock_ms() > until) {
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            rig_fail("%s did not end within %d s", what, RUN_SECONDS);
        }
        rig_pause();
    }
    return status;
}

struct run rig_run(struct rig *rig, char *const argv[], const char *const env[], const char *input)
{
    int in = scratch_file(rig), out = scratch_file(rig), err = scratch_file(rig);
    if (input != NULL && write(in, input, strlen(input)) < 0) rig_fail("input");
    lseek(in, 0, SEEK_SET);
    pid_t pid = start(argv, env, in, out, err);
    struct run run = {.status = status_of(wait_for(pid, argv[0]))};
    run.out = file_text(out);
    run.err = file_text(err);
    close(in);
    close(out);
    close(err);
    return run;
}

void run_free(struct run *run)
{
    free(run->out);
    free(run->err);
    *run = (struct run){.status = 0};
}

static void gather(char *argv[ARGS_MAX], unsigned at, va_list list)
{
    while (at < ARGS_MAX - 1 && (argv[at] = va_arg(list, char *)) != NULL)
        at++;
    argv[at] = NULL;
}

static struct run run_daemon(struct rig *rig, char *argv[ARGS_MAX])
{
    char program[1100];
    snprintf(program, sizeof program, "%s/duband", rig->build);
    argv[0] = program;
    return rig_run(rig, argv, NULL, NULL);
}

struct run rig_duband(struct rig *rig, ...)
{
    char *argv[ARGS_MAX];
    va_list list;
    va_start(list, rig);
    gather(argv, 1, list);
    va_end(list);
    return run_daemon(rig, argv);
}

void rig_home(struct rig *rig, const char *login, char *path, size_t max)
{
    snprintf(path, max, "%s/home-%s", rig->directory, login);
}

/* Environment of a client at a home; the strings live in `space`. */
static void client_env(struct rig *rig, const char *home, char space[3][400], const char *env[4])
{
    char path[300];
    rig_home(rig, home, path, sizeof path);
    snprintf(space[0], 400, "DUBAN_HOME=%s", path);
    snprintf(space[1], 400, "DUBAN_PASSPHRASE_FILE=%s/passphrase", rig->directory);
    for (unsigned i = 0; i < 2; i++)
        env[i] = space[i];
    env[2] = NULL;
}

static struct run run_client(struct rig *rig, const char *home, char *argv[])
{
    char program[1100], space[3][400];
    const char *env[4];
    snprintf(program, sizeof program, "%s/duban", rig->build);
    argv[0] = program;
    client_env(rig, home, space, env);
    return rig_run(rig, argv, env, NULL);
}

struct run rig_duban_at(struct rig *rig, const char *home, ...)
{
    char *argv[ARGS_MAX];
    va_list list;
    va_start(list, home);
    gather(argv, 1, list);
    va_end(list);
    return run_client(rig, home, argv);
}

struct run rig_duban(struct rig *rig, const char *login, ...)
{
    char *argv[ARGS_MAX];
    va_list list;
    rig_enrol(rig, login);
    va_start(list, login);
    gather(argv, 1, list);
    va_end(list);
    return run_client(rig, login, argv);
}

/* ---- running and expecting ---- */

/* Takes over the text and gives it out until rig_end. */
static const char *keep(struct rig *rig, char *text)
{
    struct kept_text *kept = malloc(sizeof *kept);
    if (kept == NULL) rig_fail("memory");
    *kept = (struct kept_text){rig->kept, text};
    rig->kept = kept;
    return text;
}

static const char *expect(struct rig *rig, struct run run, int status, bool want_err, char *const argv[])
{
    const char *out = keep(rig, run.out), *err = keep(rig, run.err);
    if (run.status == status) return want_err ? err : out;
    fprintf(stderr, "rig:");
    for (unsigned i = 1; argv[i] != NULL; i++)
        fprintf(stderr, " %s", argv[i]);
    rig_fail("ended with %d instead of %d: %s%s", run.status, status, out, err);
}

#define GATHER(argv, last)     \
    do {                       \
        va_list list;          \
        va_start(list, last);  \
        gather(argv, 1, list); \
        va_end(list);          \
    } while (0)

const char *rig_out(struct rig *rig, int status, const char *login, ...)
{
    char *argv[ARGS_MAX];
    rig_enrol(rig, login);
    GATHER(argv, login);
    return expect(rig, run_client(rig, login, argv), status, false, argv);
}

const char *rig_err(struct rig *rig, int status, const char *login, ...)
{
    char *argv[ARGS_MAX];
    rig_enrol(rig, login);
    GATHER(argv, login);
    return expect(rig, run_client(rig, login, argv), status, true, argv);
}

const char *rig_out_args(struct rig *rig, int status, const char *login, char *argv[])
{
    rig_enrol(rig, login);
    return expect(rig, run_client(rig, login, argv), status, false, argv);
}

const char *rig_out_at(struct rig *rig, int status, const char *home, ...)
{
    char *argv[ARGS_MAX];
    GATHER(argv, home);
    return expect(rig, run_client(rig, home, argv), status, false, argv);
}

const char *rig_err_at(struct rig *rig, int status, const char *home, ...)
{
    char *argv[ARGS_MAX];
    GATHER(argv, home);
    return expect(rig, run_client(rig, home, argv), status, true, argv);
}

const char *rig_daemon_out(struct rig *rig, int status, ...)
{
    char *argv[ARGS_MAX];
    GATHER(argv, status);
    return expect(rig, run_daemon(rig, argv), status, false, argv);
}

const char *rig_daemon_err(struct rig *rig, int status, ...)
{
    char *argv[ARGS_MAX];
    GATHER(argv, status);
    return expect(rig, run_daemon(rig, argv), status, true, argv);
}

/* ---- background programs ---- */

static void spawn(struct rig *rig, struct spawned *spawned, const char *home, char *argv[])
{
    char program[1100], space[3][400];
    const char *env[4];
    int pipe_fds[2];
    snprintf(program, sizeof program, "%s/duban", rig->build);
    argv[0] = program;
    client_env(rig, home, space, env);
    if (pipe2(pipe_fds, O_CLOEXEC) != 0) rig_fail("pipe");
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    *spawned = (struct spawned){.out = pipe_fds[0], .err = scratch_file(rig)};
    spawned->pid = start(argv, env, null, pipe_fds[1], spawned->err);
    close(pipe_fds[1]);
    close(null);
}

void rig_spawn(struct rig *rig, struct spawned *spawned, const char *login, ...)
{
    char *argv[ARGS_MAX];
    rig_enrol(rig, login);
    GATHER(argv, login);
    spawn(rig, spawned, login, argv);
}

void rig_spawn_args(struct rig *rig, struct spawned *spawned, const char *login, char *argv[])
{
    rig_enrol(rig, login);
    spawn(rig, spawned, login, argv);
}

void rig_spawn_at(struct rig *rig, struct spawned *spawned, const char *home, ...)
{
    char *argv[ARGS_MAX];
    GATHER(argv, home);
    spawn(rig, spawned, home, argv);
}

bool spawned_says(struct spawned *spawned, const char *text, int timeout_ms)
{
    int64_t until = rig_clock_ms() + timeout_ms;
    for (;;) {
        char *said = file_text(spawned->err);
        bool found = strstr(said, text) != NULL, over = rig_clock_ms() >= until;
        if (!found && over) fprintf(stderr, "rig: not said: \"%s\", but:\n%s", text, said);
        free(said);
        if (found || over) return found;
        rig_pause();
    }
}

void rig_watch(struct rig *rig, struct spawned *spawned, const char *login, bool json)
{
    rig_out(rig, 0, login, "sync", NULL);
    rig_spawn(rig, spawned, login, "watch", json ? "--json" : NULL, NULL);
    if (!spawned_says(spawned, "connected", 10000)) rig_fail("watch of %s does not connect", login);
}

const char *spawned_line(struct spawned *spawned, int timeout_ms)
{
    int64_t until = rig_clock_ms() + timeout_ms;
    size_t taken = strlen(spawned->buffer) + 1; /* the line that was given out before */
    if (spawned->used > 0 && memchr(spawned->buffer, '\0', spawned->used) != NULL) {
        memmove(spawned->buffer, spawned->buffer + taken, spawned->used - taken);
        spawned->used -= taken;
    }
    for (;;) {
        char *end = memchr(spawned->buffer, '\n', spawned->used);
        if (end != NULL) {
            *end = '\0';
            return spawned->buffer;
        }
        struct pollfd poll_fd = {.fd = spawned->out, .events = POLLIN};
        int64_t left = until - rig_clock_ms();
        if (left <= 0 || spawned->used == sizeof spawned->buffer) return NULL;
        if (poll(&poll_fd, 1, (int)left) <= 0) return NULL;
        ssize_t got = read(spawned->out, spawned->buffer + spawned->used, sizeof spawned->buffer - spawned->used);
        if (got <= 0) return NULL;
        spawned->used += (size_t)got;
    }
}

int spawned_end(struct spawned *spawned, int signal)
{
    if (signal != 0) kill(spawned->pid, signal);
    int status = wait_for(spawned->pid, "client");
    close(spawned->out);
    close(spawned->err);
    return status_of(status);
}

/* ---- the daemon ---- */

void rig_serve(struct rig *rig)
{
    char program[1100], log[300];
    char *argv[] = {program, (char *)(uintptr_t) "serve", rig->registry, NULL};
    snprintf(program, sizeof program, "%s/duband", rig->build);
    snprintf(log, sizeof log, "%s/daemon.log", rig->directory);
    int err = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600), null = open("/dev/null", O_RDWR | O_CLOEXEC);
    rig->daemon = start(argv, NULL, null, null, err);
    close(err);
    close(null);
    int64_t until = rig_clock_ms() + 20000;
    for (;;) {
        struct run run = rig_duband(rig, "status", rig->registry, NULL);
        bool up = run.status == 0;
        run_free(&run);
        if (up) return;
        int status;
        if (waitpid(rig->daemon, &status, WNOHANG) != 0) rig_fail("the daemon ended at once; see %s", log);
        if (rig_clock_ms() > until) rig_fail("the daemon does not answer; see %s", log);
    }
}

int rig_stop(struct rig *rig, int signal)
{
    if (rig->daemon == 0) return 0;
    kill(rig->daemon, signal);
    int status = wait_for(rig->daemon, "duband");
    rig->daemon = 0;
    return status;
}

void rig_freeze(struct rig *rig, bool frozen)
{
    if (rig->daemon != 0) kill(rig->daemon, frozen ? SIGSTOP : SIGCONT);
}

long rig_head(struct rig *rig)
{
    struct run run = rig_duband(rig, "status", rig->registry, NULL);
    const char *at = strstr(run.out, "head ");
    if (run.status != 0 || at == NULL) rig_fail("no status: %s%s", run.out, run.err);
    long number = strtol(at + 5, NULL, 10);
    run_free(&run);
    return number;
}

void rig_await_head(struct rig *rig, long number, int timeout_ms)
{
    int64_t until = rig_clock_ms() + timeout_ms;
    long head;
    while ((head = rig_head(rig)) < number)
        if (rig_clock_ms() > until) rig_fail("the journal stands at %ld, not at %ld", head, number);
}

char *rig_log(struct rig *rig)
{
    char path[300];
    snprintf(path, sizeof path, "%s/daemon.log", rig->directory);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) rig_fail("%s: %s", path, strerror(errno));
    char *text = file_text(fd);
    close(fd);
    return text;
}

void rig_shell(const char *format, ...)
{
    char line[4096];
    va_list list;
    va_start(list, format);
    vsnprintf(line, sizeof line, format, list);
    va_end(list);
    pid_t pid = fork();
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", line, (char *)NULL);
        _exit(127);
    }
    int status = wait_for(pid, line);
    if (status != 0) rig_fail("failed: %s", line);
}

void rig_prepare(struct rig *rig)
{
    const char *build = getenv("DUBAN_BUILD"), *temporary = getenv("TMPDIR");
    char path[300];
    setenv("LC_ALL", "C.UTF-8", 1); /* what programs say to people is compared in English */
    unsetenv("LANGUAGE");
    setenv("XDG_CONFIG_HOME", "/nowhere", 1); /* nobody's own settings */
    *rig = (struct rig){.host = "127.0.0.1", .port = free_port()};
    snprintf(rig->build, sizeof rig->build, "%s", build != NULL ? build : "build");
    snprintf(rig->directory, sizeof rig->directory, "%s/duban-test.XXXXXX", temporary != NULL ? temporary : "/tmp");
    if (mkdtemp(rig->directory) == NULL) rig_fail("mkdtemp: %s", strerror(errno));
    snprintf(rig->registry, sizeof rig->registry, "%s/registry", rig->directory);
    snprintf(path, sizeof path, "%s/passphrase", rig->directory);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, passphrase, sizeof passphrase - 1) < 0) rig_fail("passphrase");
    close(fd);
}

void rig_found(struct rig *rig)
{
    char endpoint[64];
    snprintf(endpoint, sizeof endpoint, "tcp://%s:%u", rig->host, rig->port);
    rig_daemon_out(rig, 0, "demo", rig->registry, "--listen", endpoint, NULL);
}

void rig_start(struct rig *rig)
{
    rig_prepare(rig);
    rig_found(rig);
    rig_serve(rig);
}

void rig_end(struct rig *rig)
{
    rig_freeze(rig, false);
    rig_stop(rig, SIGTERM);
    for (struct kept_text *kept = rig->kept, *next; kept != NULL; kept = next) {
        next = kept->next;
        free(kept->text);
        free(kept);
    }
    rig->kept = NULL;
    rig_shell("rm -rf '%s'", rig->directory);
}

/* ---- operators ---- */

void rig_ticket(struct rig *rig, const char *login, char *text, size_t max)
{
    char path[300], line[600];
    size_t length = strlen(login);
    snprintf(path, sizeof path, "%s/tickets", rig->registry);
    FILE *file = fopen(path, "re");
    if (file == NULL) rig_fail("%s: %s", path, strerror(errno));
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, login, length) != 0 || line[length] != ' ') continue;
        line[strcspn(line, "\n")] = '\0';
        snprintf(text, max, "%s", line + length + 1);
        fclose(file);
        return;
    }
    rig_fail("no ticket for %s", login);
}

void rig_enrol(struct rig *rig, const char *login)
{
    char home[300], key[700], ticket[600];
    rig_home(rig, login, home, sizeof home);
    snprintf(key, sizeof key, "%s/%s/key", home, login);
    if (access(key, F_OK) == 0) return;
    rig_ticket(rig, login, ticket, sizeof ticket);
    struct run run = rig_duban_at(rig, login, "enrol", "--profile", login, "--label", "test", ticket, NULL);
    if (run.status != 0) rig_fail("enrol %s: %s%s", login, run.out, run.err);
    run_free(&run);
}

void rig_enrol_second(struct rig *rig, const char *login, const char *home)
{
    char ticket[600];
    const char *told = rig_out(rig, 0, "XMB-A", "device", "invite", "--operator", login, "--json", NULL);
    if (!json_value(told, "ticket", ticket, sizeof ticket)) rig_fail("no ticket: %s", told);
    rig_out_at(rig, 0, home, "enrol", "--profile", login, "--label", home, ticket, NULL);
}
