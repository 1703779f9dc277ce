/* fleet.c - see fleet.h. */
#include "tests/lib/fleet.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

enum { FDS_EACH = 20, FDS_OTHER = 500, STACK_BYTES = 512 << 10, ORDER_SECONDS = 120 };

static _Thread_local struct hand *running; /* whose thread this is */

/* ---- attempts ---- */

static int (*real_connect)(void *socket, const char *endpoint);

__attribute__((constructor)) static void find_connect(void)
{
    *(void **)&real_connect = dlsym(RTLD_NEXT, "zmq_connect");
}

int zmq_connect(void *socket, const char *endpoint)
{
    if (running != NULL && strncmp(endpoint, "tcp:", 4) == 0) {
        unsigned at = running->attempts % ATTEMPTS_KEPT;
        __atomic_store_n(&running->attempt_ms[at], rig_clock_ms(), __ATOMIC_RELAXED);
        __atomic_store_n(&running->attempts, running->attempts + 1, __ATOMIC_RELEASE);
    }
    return real_connect(socket, endpoint);
}

unsigned hand_attempts(const struct hand *hand, int64_t from_ms, int64_t until_ms)
{
    unsigned made = __atomic_load_n(&hand->attempts, __ATOMIC_ACQUIRE), count = 0;
    for (unsigned i = 0; i < made && i < ATTEMPTS_KEPT; i++) {
        int64_t at = __atomic_load_n(&hand->attempt_ms[i], __ATOMIC_RELAXED);
        count += at >= from_ms && at < until_ms;
    }
    return count;
}

/* ---- enrolling ---- */

unsigned fleet_most(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return 0;
    files.rlim_cur = files.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur <= FDS_OTHER) return 0;
    return (unsigned)(files.rlim_cur - FDS_OTHER) / FDS_EACH;
}

static void make_home(struct fleet *fleet, const struct rig *rig)
{
    snprintf(fleet->directory, sizeof fleet->directory, "/dev/shm/duban-fleet.XXXXXX");
    if (mkdtemp(fleet->directory) != NULL) return;
    snprintf(fleet->directory, sizeof fleet->directory, "%.40s/fleet", rig->directory);
    if (mkdir(fleet->directory, 0700) != 0) rig_fail("%s: %s", fleet->directory, strerror(errno));
}

static void fill_profile(struct hand *hand, const struct rig *rig, const struct console *console,
                         const struct device *device)
{
    struct profile *profile = &hand->profile;
    const struct engine *engine = &console->engine;
    struct address *place = &profile->addresses.at[0];
    profile->addresses.count = 1;
    place->port = (uint16_t)rig->port;
    snprintf(place->host, sizeof place->host, "%s", rig->host);
    snprintf(profile->directory, sizeof profile->directory, "%s/%u", hand->fleet->directory, hand->number);
    profile->card.device = device->actor.device;
    profile->card.operator = device->actor.operator;
    memcpy(profile->card.registry, engine->registry, REGISTRY_ID_BYTES);
    memcpy(profile->card.server_transport, engine->identity.transport_public, KEY_BYTES);
    memcpy(profile->card.server_sign, engine->identity.sign_public, KEY_BYTES);
}

void fleet_enrol(struct fleet *fleet, const struct rig *rig, struct console *console, unsigned count)
{
    uint64_t operator = 0;
    *fleet = (struct fleet){.count = count, .hands = calloc(count, sizeof *fleet->hands)};
    if (fleet->hands == NULL) rig_fail("memory");
    make_home(fleet, rig);
    for (unsigned i = 0; i < count; i++) {
        struct hand *hand = &fleet->hands[i];
        struct device device;
        operator = operator_after(console, operator);
        device_make(console, operator, &device);
        hand->fleet = fleet;
        hand->number = i;
        hand->wake = -1;
        memcpy(hand->seed, device.seed, SEED_BYTES);
        fill_profile(hand, rig, console, &device);
    }
}

/* ---- running ---- */

static void note_state(struct hand *hand)
{
    struct client_status status;
    client_status(hand->client, &status);
    int64_t now = status.net == NET_LIVE ? rig_clock_ms() : 0;
    if ((now != 0) != (hand->live_ms != 0)) __atomic_store_n(&hand->live_ms, now, __ATOMIC_RELEASE);
}

static void obey(struct hand *hand)
{
    uint64_t times;
    if (read(hand->wake, &times, sizeof times) < 0 || !__atomic_load_n(&hand->ordered, __ATOMIC_ACQUIRE)) return;
    hand->fleet->order(hand->fleet->self, hand->client, hand->number);
    __atomic_store_n(&hand->ordered, false, __ATOMIC_RELEASE);
}

static void *run(void *argument)
{
    struct hand *hand = argument;
    running = hand;
    client_connect(hand->client, true);
    while (!__atomic_load_n(&hand->fleet->ended, __ATOMIC_ACQUIRE)) {
        bool ready = false;
        client_step(hand->client, -1, &hand->wake, &ready, 1);
        note_state(hand);
        if (ready) obey(hand);
    }
    client_close(hand->client);
    return NULL;
}

static void wake(const struct hand *hand)
{
    uint64_t once = 1;
    if (write(hand->wake, &once, sizeof once) < 0) rig_fail("wake");
}

void fleet_start(struct fleet *fleet)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    fleet->ended = false;
    for (unsigned i = 0; i < fleet->count; i++) {
        struct hand *hand = &fleet->hands[i];
        struct refusal why = {.err = OK};
        hand->live_ms = 0;
        hand->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        if (mkdir(hand->profile.directory, 0700) != 0 && errno != EEXIST) rig_fail("%s", hand->profile.directory);
        if (client_open(&hand->profile, hand->seed, &hand->client, &why) != OK) rig_fail("client: %s", why.text);
    }
    for (unsigned i = 0; i < fleet->count; i++)
        if (pthread_create(&fleet->hands[i].thread, &attributes, run, &fleet->hands[i]) != 0) rig_fail("thread");
    pthread_attr_destroy(&attributes);
}

void fleet_stop(struct fleet *fleet)
{
    __atomic_store_n(&fleet->ended, true, __ATOMIC_RELEASE);
    for (unsigned i = 0; i < fleet->count; i++)
        wake(&fleet->hands[i]);
    for (unsigned i = 0; i < fleet->count; i++) {
        pthread_join(fleet->hands[i].thread, NULL);
        close(fleet->hands[i].wake);
        fleet->hands[i].client = NULL;
    }
}

void fleet_free(struct fleet *fleet)
{
    rig_shell("rm -rf '%s'", fleet->directory);
    free(fleet->hands);
    *fleet = (struct fleet){.count = 0};
}

void fleet_each(struct fleet *fleet, fleet_order *order, void *self)
{
    int64_t until = rig_clock_ms() + ORDER_SECONDS * 1000;
    fleet->order = order;
    fleet->self = self;
    for (unsigned i = 0; i < fleet->count; i++) {
        __atomic_store_n(&fleet->hands[i].ordered, true, __ATOMIC_RELEASE);
        wake(&fleet->hands[i]);
    }
    for (unsigned i = 0; i < fleet->count; i++)
        while (__atomic_load_n(&fleet->hands[i].ordered, __ATOMIC_ACQUIRE)) {
            if (rig_clock_ms() > until) rig_fail("client %u does not do what it is told", i);
            rig_pause();
        }
}

/* ---- looking on ---- */

unsigned fleet_live(const struct fleet *fleet, int64_t after_ms)
{
    unsigned live = 0;
    for (unsigned i = 0; i < fleet->count; i++)
        live += __atomic_load_n(&fleet->hands[i].live_ms, __ATOMIC_ACQUIRE) >= after_ms;
    return live;
}

bool fleet_await(const struct fleet *fleet, int64_t after_ms, int timeout_ms)
{
    int64_t until = rig_clock_ms() + timeout_ms;
    while (fleet_live(fleet, after_ms) < fleet->count) {
        if (rig_clock_ms() > until) return false;
        rig_pause();
    }
    return true;
}
