/* serve.c - starting, the loop, stopping. */
#include "server/serve.h"

#include "server/as_of.h"
#include "server/check.h"
#include "server/files.h"
#include "server/log.h"
#include "server/set_clock.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    TICK_MS = 60000, /* housekeeping: proof of life, quiet sessions */
    STALL_MS = 1000, /* sessions that took nothing are tried again */
    MESSAGES_MS = 5, /* so long messages are taken before those who connect and who wait for an answer have a turn */
    PAGES_MS = 2,    /* so long pages are made before a command that has come meanwhile is looked at */
    OUTAGE_SECONDS = 120,   /* shorter silences are no outage */
    FORWARD_SECONDS = 3600, /* a larger jump of the clock holds automatic consequences */
    BACK_SECONDS = 2,
    FILES_WANTED = 65536,
    FILES_FEW = 4096,
    OWN_MAPPING = 8192,   /* as large as the smallest of a connection's buffers */
    MAPPINGS_MAX = 32768, /* half of what the kernel grants a process */
};

/* ---- proof of life: the time at which the daemon was last known to serve ---- */

static void touch_alive(const struct serve *serve)
{
    char path[2200];
    snprintf(path, sizeof path, "%s/alive", serve->config.directory);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return;
    futimens(fd, NULL);
    close(fd);
}

bool last_alive(const struct config *config, stamp_t *alive)
{
    char path[2200];
    struct stat stat_of;
    snprintf(path, sizeof path, "%s/alive", config->directory);
    if (stat(path, &stat_of) != 0) return false;
    alive->s = stat_of.st_mtim.tv_sec;
    return true;
}

/* ---- starting ---- */

static enum err read_registry(struct serve *serve, struct record *registry, struct arena *arena)
{
    struct txn *txn;
    enum err err = store_begin(serve->store, false, &txn);
    if (err != OK) return err;
    err = state_get(txn_space(txn), KIND_registry, 1, arena, registry);
    txn_abort(&txn);
    return err;
}

/* A demo's time stands still while nobody serves it; a real registry notes that it was away. */
static enum err resume_time(struct serve *serve)
{
    struct record registry;
    struct arena arena;
    stamp_t alive, now;
    arena_init(&arena, 1 << 20);
    enum err err = read_registry(serve, &registry, &arena);
    if (err != OK) return err;
    clock_init(&serve->clock, &registry);
    serve->demo = rec_num(&registry, registry_demo) != 0;
    serve->held = rec_state(&registry) == ST_registry_held;
    now = clock_now(&serve->clock);
    if (serve->demo && serve->clock.shifted) {
        stamp_t rested = clock_rested(&serve->clock, &serve->config, serve->engine.head.time);
        struct record args = record_make(KIND_registry, 0);
        int64_t rate = serve->clock.rate;
        serve->clock.real = clock_real();
        rec_set(&args, registry_clock_real, serve->clock.real.s);
        rec_set(&args, registry_clock_shown, rested.s);
        rec_set(&args, registry_clock_rate, rate);
        serve->clock.shown = rested; /* the act that says so has this time, too */
        serve->clock.rate = 0;
        err = serve_own(serve, KIND_registry, ACT_registry_set_clock, 1, rested, &args);
        serve->clock.rate = rate;
    } else if (last_alive(&serve->config, &alive) && now.s - alive.s > OUTAGE_SECONDS) {
        struct record args = record_make(KIND_outage, 0);
        rec_set(&args, outage_from, alive.s);
        rec_set(&args, outage_to, now.s);
        err = serve_own(serve, KIND_outage, ACT_outage_note, 0, now, &args);
    }
    arena_clear(&arena);
    return err == ERR_NO_SPACE || err == ERR_WRONG_STATE ? OK : err;
}

stamp_t clock_rested(const struct clock *clock, const struct config *config, stamp_t head)
{
    stamp_t alive, at = head;
    if (last_alive(config, &alive)) at = clock_at(clock, alive);
    return at.s > head.s ? at : head;
}

static void raise_limits(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    rlim_t wanted = files.rlim_max < FILES_WANTED ? files.rlim_max : FILES_WANTED;
    if (wanted < FILES_FEW) /* beyond them connections hang, and libzmq looks at them again and again */
        log_line(LOG_WARNING, "only %lu open files are allowed: hardly more operators can be connected; see ulimit -n",
                 (unsigned long)wanted);
    if (files.rlim_cur >= wanted) return;
    files.rlim_cur = wanted;
    setrlimit(RLIMIT_NOFILE, &files);
}

/* libzmq gives each connection four queues of 16 KiB and two buffers of 8 and 18 KiB, of which little is ever
 * used. With mappings of their own they hold no memory until it is used, and give it back with the connection;
 * from the heap a new one would get what old ones have filled. */
static void spare_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, OWN_MAPPING);
    mallopt(M_MMAP_MAX, MAPPINGS_MAX);
}

/* What was seen after a backup may have become something else since it was restored, under the same numbers. */
static enum err read_generation(struct serve *serve, struct refusal *why)
{
    char path[2200];
    struct text text;
    snprintf(path, sizeof path, "%s/restored", serve->config.directory);
    enum err err = file_read(path, sizeof serve->generation, &serve->arena, &text);
    if (err == ERR_NOT_FOUND) return OK;
    if (err == OK && text.length == sizeof serve->generation) memcpy(&serve->generation, text.at, text.length);
    arena_reuse(&serve->arena);
    return err == OK ? OK : refuse_text(why, err, path);
}

static enum err open_all(struct serve *serve, struct refusal *why)
{
    struct store_options options = config_store(&serve->config);
    struct identity identity;
    char control[2200];
    enum err err = store_open(serve->config.directory, &options, &serve->store, why);
    if (err == OK) err = identity_load(serve->config.directory, &identity, why);
    if (err != OK) return err;
    err = engine_init(&serve->engine, serve->store, &identity, why);
    identity_wipe(&identity);
    if (err == OK) err = read_generation(serve, why);
    if (err == OK) err = check_recent(serve->store, why);
    if (err == OK && (err = resume_time(serve)) != OK) refuse(why, err);
    if (err != OK) return err;
    serve_schedules(serve);
    serve_clocks(serve);
    snprintf(control, sizeof control, "ipc://%s/control", serve->config.directory);
    struct net_options net = {.endpoint = serve->config.listen,
                              .control = strlen(control) < 100 ? control : NULL,
                              .identity = &serve->engine.identity,
                              .admit = serve_admit,
                              .self = serve};
    err = net_open(&net, &serve->net, why);
    if (err == OK) err = net_self_test(serve->net, why);
    return err;
}

/* ---- control ---- */

struct backup {
    struct store *store;
    int fd;
    char path[2200];
    bool running, done;
    enum err err;
    pthread_t thread;
};

static void *run_backup(void *argument)
{
    struct backup *backup = argument;
    backup->err = store_copy(backup->store, backup->fd, NULL);
    __atomic_store_n(&backup->done, true, __ATOMIC_RELEASE);
    return NULL;
}

static void start_backup(struct serve *serve, struct backup *backup, const char *path)
{
    if (backup->running) {
        control_reply(serve->net, "BUSY");
        return;
    }
    *backup = (struct backup){.store = serve->store};
    snprintf(backup->path, sizeof backup->path, "%s", path);
    backup->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (backup->fd < 0 || pthread_create(&backup->thread, NULL, run_backup, backup) != 0) {
        control_reply(serve->net, backup->fd < 0 ? strerror(errno) : "thread");
        if (backup->fd >= 0) close(backup->fd);
        return;
    }
    backup->running = true; /* the answer follows when it is done */
}

static void finish_backup(struct serve *serve, struct backup *backup)
{
    if (!backup->running || !__atomic_load_n(&backup->done, __ATOMIC_ACQUIRE)) return;
    pthread_join(backup->thread, NULL);
    close(backup->fd);
    backup->running = false;
    if (backup->err != OK) unlink(backup->path);
    log_line(LOG_NOTICE, "backup %s", backup->err == OK ? "written" : "failed");
    control_reply(serve->net, backup->err == OK ? "OK" : err_name(backup->err));
}

static void send_status(struct serve *serve)
{
    char line[400];
    struct store_stats stats;
    if (store_stats(serve->store, &stats) != OK) stats = (struct store_stats){0};
    snprintf(line, sizeof line,
             "endpoint %s head %llu clients %u commits %llu commands %llu accepted %llu used_bytes %llu",
             net_endpoint(serve->net), (unsigned long long)serve->engine.head.number, serve->sessions.count,
             (unsigned long long)serve->engine.commits, (unsigned long long)serve->engine.tried,
             (unsigned long long)serve->engine.accepted, (unsigned long long)stats.used_bytes);
    control_reply(serve->net, line);
}

static void move_clock(struct serve *serve, const char *line)
{
    char text[400];
    struct str answer = str_in(text, sizeof text);
    serve_clock_line(serve, line, &answer);
    control_reply(serve->net, text);
}

static void serve_control(struct serve *serve, struct backup *backup)
{
    char line[2100];
    if (backup->running || !control_receive(serve->net, line, sizeof line)) return;
    if (strncmp(line, "backup ", 7) == 0)
        start_backup(serve, backup, line + 7);
    else if (strcmp(line, "status") == 0)
        send_status(serve);
    else if (strncmp(line, "clock", 5) == 0)
        move_clock(serve, line + 5);
    else
        control_reply(serve->net, "unknown");
}

/* ---- housekeeping ---- */

static void drop_quiet(void *self, struct session *session)
{
    struct serve *serve = self;
    struct pack pack;
    if (clock_monotonic_ms() - session->heard_ms <= QUIET_SECONDS * 1000ll) return;
    pack_init(&pack, 64);
    leave_pack(&pack, ERR_NO_LINK, 0); /* should it be there after all, it greets again */
    if (!pack.failed) net_send(serve->net, session->peer, pack.at, pack.used);
    pack_free(&pack);
    session_close(&serve->sessions, session->peer);
}

static void watch_clock(struct serve *serve)
{
    int64_t jump = clock_jump(&serve->clock);
    struct record args = record_make(KIND_registry, 0);
    if (serve->demo || (jump > -BACK_SECONDS && jump < FORWARD_SECONDS)) return;
    log_line(LOG_WARNING, "the machine's clock jumped by %lld s", (long long)jump);
    rec_set(&args, registry_jump, jump);
    unsigned action = jump < 0 ? ACT_registry_set_back : ACT_registry_hold;
    if (jump > 0 && serve->held) return;
    serve_own(serve, KIND_registry, action, 1, clock_now(&serve->clock), &args);
}

static void tick(struct serve *serve)
{
    touch_alive(serve);
    store_tidy(serve->store);
    sessions_each(&serve->sessions, drop_quiet, serve);
    past_tend(&serve->past, clock_monotonic_ms());
}

static void retry_one(void *self, struct session *session)
{
    struct sessions *sessions = self;
    if (session->stalled) session_want_page(sessions, session);
}

static void retry_stalled(struct serve *serve)
{
    if (!serve->sessions.stalled) return;
    serve->sessions.stalled = false;
    sessions_each(&serve->sessions, retry_one, &serve->sessions);
}

/* ---- the loop ---- */

static int timeout_ms(const struct serve *serve, int64_t next_tick_ms, bool backup)
{
    int64_t left = next_tick_ms - clock_monotonic_ms();
    if (!TAILQ_EMPTY(&serve->sessions.turns)) return 0;
    if (serve->next_due.s != 0) {
        int64_t due = clock_ms_until(&serve->clock, serve->next_due);
        if (due < left) left = due;
    }
    if (serve->sessions.stalled && left > STALL_MS) left = STALL_MS;
    if (backup && left > 100) left = 100;
    return left > 0 ? (int)left : 0;
}

/* Takes messages until none waits, the batch is full or the time is over, and checks signatures while none has come.
 * A command is not decided before a due clock. */
static void take_messages(struct serve *serve)
{
    struct message message;
    int64_t until_ms = clock_monotonic_ms() + MESSAGES_MS;
    while (serve->request_count < BATCH_MAX && clock_monotonic_ms() < until_ms) {
        if (net_receive(serve->net, &message))
            serve_message(serve, &message);
        else if (!verifier_help(&serve->verifier))
            return;
    }
}

static void loop(struct serve *serve, int signal_fd)
{
    struct backup backup = {.running = false};
    int64_t next_tick_ms = clock_monotonic_ms() + TICK_MS, next_retry_ms = 0;
    const int fds[] = {signal_fd, serve->past.wake};
    bool ready[2] = {false, false}; /* to stop, and a page of the past is made */
    while (!ready[0]) {
        net_wait(serve->net, timeout_ms(serve, next_tick_ms, backup.running), fds, ready, 2);
        watch_clock(serve); /* before what would run out by it */
        if (serve->next_due.s != 0 && clock_ms_until(&serve->clock, serve->next_due) == 0) serve_clocks(serve);
        take_messages(serve);
        serve_commit(serve);
        serve_pages(serve, clock_monotonic_ms() + PAGES_MS);
        as_of_tend(serve);
        serve_control(serve, &backup);
        finish_backup(serve, &backup);
        if (clock_monotonic_ms() >= next_retry_ms) {
            retry_stalled(serve);
            serve_patience(serve);
            next_retry_ms = clock_monotonic_ms() + STALL_MS;
        }
        if (clock_monotonic_ms() < next_tick_ms) continue;
        tick(serve);
        next_tick_ms = clock_monotonic_ms() + TICK_MS;
    }
    if (!backup.running) return;
    pthread_join(backup.thread, NULL);
    finish_backup(serve, &backup);
}

static int open_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

static void close_all(struct serve *serve)
{
    if (serve->store != NULL && serve->net != NULL) touch_alive(serve);
    verifier_stop(&serve->verifier);
    as_of_close(serve);
    net_close(serve->net);
    sessions_free(&serve->sessions);
    engine_release(&serve->engine);
    store_close(serve->store);
    arena_clear(&serve->arena);
    arena_clear(&serve->pending);
}

int serve_run(const struct config *config)
{
    struct refusal why = {.err = OK};
    struct serve *serve = calloc(1, sizeof *serve);
    if (serve == NULL) return CLASS_FAILED;
    serve->config = *config;
    sessions_init(&serve->sessions);
    arena_init(&serve->arena, 64 << 20);
    arena_init(&serve->pending, 32 << 20);
    raise_limits();
    spare_memory();
    int signal_fd = open_signals();
    struct check_thread checking = {.store = NULL};
    enum err err = open_all(serve, &why);
    past_init(&serve->past, serve->store);
    if (err == OK) {
        verifier_start(&serve->verifier, serve->engine.registry);
        touch_alive(serve);
        log_line(LOG_NOTICE, "ready on %s, journal entry %llu", net_endpoint(serve->net),
                 (unsigned long long)serve->engine.head.number);
        check_background(&checking, serve->store);
        loop(serve, signal_fd);
        log_line(LOG_NOTICE, "stopped at journal entry %llu", (unsigned long long)serve->engine.head.number);
    } else
        report_refusal(&why);
    check_background_stop(&checking);
    close_all(serve);
    free(serve);
    close(signal_fd);
    return (int)err_class(err);
}
