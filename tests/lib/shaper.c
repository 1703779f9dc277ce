/* shaper.c - see shaper.h. */
#include "tests/lib/shaper.h"

#include "tests/lib/rig.h"
#include "tests/lib/rng.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum {
    PACKETS_MAX = 2048, /* on their way in one direction */
    MTU = 1500,
    QUEUE_MS = 4000, /* that a packet may wait for the rate: a modem's buffer */
    LATER_MS = 30,   /* that a packet is late by, when others shall overtake it */
};

static const char device_name[] = "duban0";

struct packet {
    int64_t due_ns;
    unsigned order; /* of two that are due together the one that came first goes first */
    uint16_t length;
    uint8_t bytes[MTU];
};

/* One direction: from the TUN device of one side to that of the other. */
struct way {
    struct packet *packets; /* on their way, in no order */
    unsigned count, order, passed;
    int64_t free_ns; /* when the rate lets the next packet begin */
    uint64_t bytes, cut_at;
};

struct shaper {
    int space[2], tun[2], wake; /* by side; eventfd: something has changed */
    unsigned host;              /* of the clients' address: its last number */
    struct shaper_line line;
    struct way ways[2]; /* by the side that sends */
    struct rng rng;
    bool forgot;             /* from now on connections are known by their beginning */
    uint8_t known[1 << 16];  /* by the client's port */
    bool stop, threaded;
    pthread_t thread;
    pthread_mutex_t mutex;
};

static int64_t clock_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* ---- the line ---- */

static void keep(struct way *way, const uint8_t *bytes, size_t length, int64_t due_ns)
{
    if (way->count == PACKETS_MAX) return;
    struct packet *packet = &way->packets[way->count++];
    *packet = (struct packet){.due_ns = due_ns, .order = way->order++, .length = (uint16_t)length};
    memcpy(packet->bytes, bytes, length);
}

static bool happens(struct shaper *shaper, unsigned of_hundred)
{
    return of_hundred > 0 && rng_below(&shaper->rng, 100) < of_hundred;
}

/* Is it of a connection that the gateway knows? It learns of one by the client's first packet. */
static bool knows(struct shaper *shaper, enum shaper_side from, const uint8_t *bytes, size_t length)
{
    size_t head = (size_t)(bytes[0] & 15) * 4;
    if (!shaper->forgot || length < head + 20 || bytes[9] != IPPROTO_TCP) return true;
    const uint8_t *tcp = bytes + head, *of = tcp + (from == SHAPER_CLIENTS ? 0 : 2);
    unsigned port = (unsigned)of[0] << 8 | of[1];
    if (from == SHAPER_CLIENTS && (tcp[13] & 0x12) == 0x02) shaper->known[port] = 1;
    return shaper->known[port] != 0;
}

/* A packet has come from a side: what becomes of it? */
static void take(struct shaper *shaper, enum shaper_side from, const uint8_t *bytes, size_t length)
{
    const struct shaper_line *line = &shaper->line;
    struct way *way = &shaper->ways[from];
    int64_t now = clock_now_ns(), begins = way->free_ns > now ? way->free_ns : now;
    if (length == 0 || bytes[0] >> 4 != 4) return; /* what machines say to find one another in IPv6 */
    if (way->cut_at != 0 && way->bytes + length >= way->cut_at) {
        shaper->line.cut = true;
        way->cut_at = 0;
    }
    if (line->cut || !knows(shaper, from, bytes, length) || happens(shaper, line->lost)) return;
    if (line->rate > 0) {
        if (begins - now > QUEUE_MS * 1000000ll) return;
        begins += (int64_t)length * 8 * 1000000000 / line->rate;
        way->free_ns = begins;
    }
    bool late = happens(shaper, line->later);
    int64_t due = begins + (line->delay_ms + (late ? LATER_MS : 0)) * 1000000ll;
    keep(way, bytes, length, due);
    if (happens(shaper, line->doubled)) keep(way, bytes, length, due + 1000000);
}

/* The packet that is due first; NULL when nothing is on its way. */
static struct packet *first_of(struct way *way)
{
    struct packet *first = NULL;
    for (unsigned i = 0; i < way->count; i++) {
        struct packet *packet = &way->packets[i];
        bool sooner = first == NULL || packet->due_ns < first->due_ns ||
                      (packet->due_ns == first->due_ns && packet->order < first->order);
        if (sooner) first = packet;
    }
    return first;
}

/* Delivers what is due. Returns when the next one is, or -1. */
static int64_t deliver(struct shaper *shaper, enum shaper_side from)
{
    struct way *way = &shaper->ways[from];
    if (shaper->line.cut) way->count = 0;
    for (;;) {
        struct packet *packet = first_of(way);
        if (packet == NULL) return -1;
        if (packet->due_ns > clock_now_ns()) return packet->due_ns;
        if (write(shaper->tun[!from], packet->bytes, packet->length) == packet->length) {
            way->bytes += packet->length;
            way->passed++;
        }
        *packet = way->packets[--way->count];
    }
}

static void read_all(struct shaper *shaper, enum shaper_side from)
{
    uint8_t bytes[MTU];
    ssize_t got;
    while ((got = read(shaper->tun[from], bytes, sizeof bytes)) > 0)
        take(shaper, from, bytes, (size_t)got);
}

static void *run(void *argument)
{
    struct shaper *shaper = argument;
    struct pollfd fds[3] = {{shaper->tun[0], POLLIN, 0}, {shaper->tun[1], POLLIN, 0}, {shaper->wake, POLLIN, 0}};
    pthread_mutex_lock(&shaper->mutex);
    while (!shaper->stop) {
        int64_t one = deliver(shaper, SHAPER_DAEMON), other = deliver(shaper, SHAPER_CLIENTS), now = clock_now_ns();
        int64_t due = one < 0 || (other >= 0 && other < one) ? other : one, left = due > now ? due - now : 0;
        struct timespec wait = {.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
        uint64_t ignored;
        pthread_mutex_unlock(&shaper->mutex);
        ppoll(fds, 3, due < 0 ? NULL : &wait, NULL);
        pthread_mutex_lock(&shaper->mutex);
        if (fds[2].revents & POLLIN) (void)!read(shaper->wake, &ignored, sizeof ignored);
        read_all(shaper, SHAPER_DAEMON);
        read_all(shaper, SHAPER_CLIENTS);
    }
    pthread_mutex_unlock(&shaper->mutex);
    return NULL;
}

/* ---- devices and namespaces ---- */

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    (void)!write(fd, text, strlen(text));
    close(fd);
}

/* Who is not root becomes it in a namespace of users, and keeps his own files. */
static bool become_root(void)
{
    char map[64];
    unsigned uid = geteuid(), gid = getegid();
    if (uid == 0) return true;
    if (unshare(CLONE_NEWUSER) != 0) return false;
    snprintf(map, sizeof map, "0 %u 1", uid);
    write_file("/proc/self/uid_map", map);
    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "0 %u 1", gid);
    write_file("/proc/self/gid_map", map);
    return geteuid() == 0;
}

static bool set_address(int fd, const char *name, const char *address, unsigned long what)
{
    struct ifreq request = {.ifr_flags = 0};
    struct sockaddr_in in = {.sin_family = AF_INET};
    inet_pton(AF_INET, address, &in.sin_addr);
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    memcpy(&request.ifr_addr, &in, sizeof in);
    return ioctl(fd, what, &request) == 0;
}

static bool set_up(int fd, const char *name)
{
    struct ifreq request = {.ifr_flags = 0};
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    if (ioctl(fd, SIOCGIFFLAGS, &request) != 0) return false;
    request.ifr_flags |= IFF_UP | IFF_RUNNING;
    return ioctl(fd, SIOCSIFFLAGS, &request) == 0;
}

/* An address of a device of the present namespace; a name with a colon adds one. */
static bool give_address(const char *name, const char *address)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool done = fd >= 0 && set_address(fd, name, address, SIOCSIFADDR) &&
                set_address(fd, name, "255.255.255.0", SIOCSIFNETMASK) && set_up(fd, name) && set_up(fd, "lo");
    if (fd >= 0) close(fd);
    return done;
}

static void client_address(const struct shaper *shaper, char address[32])
{
    snprintf(address, 32, "10.47.0.%u", shaper->host);
}

/* A new namespace for the calling thread, with a device in it; NULL, or what refused. */
static const char *make_side(struct shaper *shaper, enum shaper_side side)
{
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    char address[32];
    memcpy(request.ifr_name, device_name, sizeof device_name);
    client_address(shaper, address);
    if (unshare(CLONE_NEWNET) != 0) return "the kernel lets us make no network namespace";
    shaper->space[side] = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    shaper->tun[side] = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (shaper->tun[side] < 0 || ioctl(shaper->tun[side], TUNSETIFF, &request) != 0) return "no TUN device";
    bool done = shaper->space[side] >= 0 && give_address(device_name, side == SHAPER_DAEMON ? SHAPER_HOST : address);
    if (done && side == SHAPER_DAEMON) done = give_address("duban0:1", SHAPER_MOVED);
    return done ? NULL : "a device in a network namespace gets no address";
}

struct shaper *shaper_new(uint64_t seed, const char **why)
{
    struct shaper *shaper = calloc(1, sizeof *shaper);
    if (shaper == NULL) rig_fail("memory");
    *shaper = (struct shaper){.space = {-1, -1}, .tun = {-1, -1}, .wake = -1, .host = 100, .rng = rng_make(seed)};
    pthread_mutex_init(&shaper->mutex, NULL);
    *why = become_root() ? NULL : "neither root nor a kernel that lets users make namespaces";
    for (unsigned side = 0; side < 2 && *why == NULL; side++) {
        shaper->ways[side].packets = calloc(PACKETS_MAX, sizeof *shaper->ways[side].packets);
        if (shaper->ways[side].packets == NULL) rig_fail("memory");
        *why = make_side(shaper, side);
    }
    if (*why != NULL) {
        shaper_free(shaper);
        return NULL;
    }
    shaper->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    shaper->threaded = pthread_create(&shaper->thread, NULL, run, shaper) == 0;
    if (!shaper->threaded) rig_fail("no thread");
    return shaper;
}

static void wake(struct shaper *shaper)
{
    uint64_t one = 1;
    if (write(shaper->wake, &one, sizeof one) < 0) rig_fail("eventfd");
}

void shaper_free(struct shaper *shaper)
{
    if (shaper == NULL) return;
    if (shaper->threaded) {
        pthread_mutex_lock(&shaper->mutex);
        shaper->stop = true;
        wake(shaper);
        pthread_mutex_unlock(&shaper->mutex);
        pthread_join(shaper->thread, NULL);
    }
    for (unsigned side = 0; side < 2; side++) {
        if (shaper->tun[side] >= 0) close(shaper->tun[side]);
        if (shaper->space[side] >= 0) close(shaper->space[side]);
        free(shaper->ways[side].packets);
    }
    if (shaper->wake >= 0) close(shaper->wake);
    pthread_mutex_destroy(&shaper->mutex);
    free(shaper);
}

/* ---- orders ---- */

void shaper_enter(struct shaper *shaper, enum shaper_side side)
{
    if (setns(shaper->space[side], CLONE_NEWNET) != 0) rig_fail("setns: %s", strerror(errno));
}

void shaper_set(struct shaper *shaper, const struct shaper_line *line)
{
    pthread_mutex_lock(&shaper->mutex);
    shaper->line = *line;
    for (unsigned i = 0; i < 2; i++) {
        shaper->ways[i].free_ns = 0;
        shaper->ways[i].cut_at = 0;
    }
    wake(shaper);
    pthread_mutex_unlock(&shaper->mutex);
}

void shaper_cut_after(struct shaper *shaper, bool to_client, uint64_t bytes)
{
    struct way *way = &shaper->ways[to_client ? SHAPER_DAEMON : SHAPER_CLIENTS];
    pthread_mutex_lock(&shaper->mutex);
    way->cut_at = way->bytes + bytes;
    pthread_mutex_unlock(&shaper->mutex);
}

void shaper_roam(struct shaper *shaper)
{
    char address[32];
    shaper_enter(shaper, SHAPER_CLIENTS);
    shaper->host++;
    client_address(shaper, address);
    if (!give_address(device_name, address)) rig_fail("no other address: %s", strerror(errno));
}

void shaper_forget(struct shaper *shaper)
{
    pthread_mutex_lock(&shaper->mutex);
    shaper->forgot = true;
    memset(shaper->known, 0, sizeof shaper->known);
    pthread_mutex_unlock(&shaper->mutex);
}

uint64_t shaper_bytes(struct shaper *shaper, bool to_client)
{
    pthread_mutex_lock(&shaper->mutex);
    uint64_t bytes = shaper->ways[to_client ? SHAPER_DAEMON : SHAPER_CLIENTS].bytes;
    pthread_mutex_unlock(&shaper->mutex);
    return bytes;
}

unsigned shaper_packets(struct shaper *shaper, bool to_client)
{
    pthread_mutex_lock(&shaper->mutex);
    unsigned packets = shaper->ways[to_client ? SHAPER_DAEMON : SHAPER_CLIENTS].passed;
    pthread_mutex_unlock(&shaper->mutex);
    return packets;
}

bool shaper_is_cut(struct shaper *shaper)
{
    pthread_mutex_lock(&shaper->mutex);
    bool cut = shaper->line.cut;
    pthread_mutex_unlock(&shaper->mutex);
    return cut;
}
