/* relay.c - see relay.h. */
#include "tests/lib/relay.h"

#include "tests/lib/rig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PAIRS_MAX = 64,
    BUFFER_BYTES = 16384,
    STALL_STEP = 256,
    HANDSHAKE_BYTES = 400, /* of the daemon: greeting, CURVE; a WELCOME makes it more */
};

/* One direction of a connection: what was read and could not be written yet. */
struct flow {
    char bytes[BUFFER_BYTES];
    size_t start, used;
    size_t passed; /* so far */
    bool ended;    /* the reader's side has closed */
};

struct pair {
    int client, daemon; /* -1: not in use */
    struct flow up, down;
};

struct relay {
    unsigned port, to_port, connections;
    int listener, wake; /* eventfd: the mode has changed */
    enum relay_mode mode, wanted;
    bool stop;
    uint64_t count[2], cut_after[2]; /* [1]: to the client */
    uint64_t stall_after;            /* of count[1] */
    struct pair pairs[PAIRS_MAX];
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t settled;
};

static int open_socket(unsigned port, bool listens)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    int rc = listens ? bind(fd, (struct sockaddr *)&address, sizeof address)
                     : connect(fd, (struct sockaddr *)&address, sizeof address);
    if (rc == 0 && listens) rc = listen(fd, PAIRS_MAX);
    if (rc == 0) return fd;
    close(fd);
    return -1;
}

/* With a reset, as a broken line looks to both ends. */
static void reset(int *fd)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    if (*fd < 0) return;
    setsockopt(*fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close(*fd);
    *fd = -1;
}

static void drop_pair(struct pair *pair)
{
    reset(&pair->client);
    reset(&pair->daemon);
}

static void accept_one(struct relay *relay)
{
    int one = 1, fd = accept4(relay->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0) return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    relay->connections++;
    if (relay->mode == RELAY_CUT) {
        reset(&fd);
        return;
    }
    for (unsigned i = 0; i < PAIRS_MAX; i++) {
        struct pair *pair = &relay->pairs[i];
        if (pair->client >= 0) continue;
        *pair = (struct pair){.client = fd, .daemon = open_socket(relay->to_port, false)};
        if (pair->daemon < 0) drop_pair(pair); /* the daemon is away: so is the line */
        return;
    }
    reset(&fd);
}

/* Reads from one side and writes to the other what there is. False: the connection is over. */
static bool move(struct relay *relay, struct flow *flow, int from, int to, bool readable, bool to_client)
{
    size_t limit = relay->mode == RELAY_BYTES ? 1 : relay->stall_after != 0 ? STALL_STEP : BUFFER_BYTES;
    if (readable && flow->used == 0 && !flow->ended) {
        ssize_t got = recv(from, flow->bytes, limit, MSG_DONTWAIT);
        if (got < 0 && errno != EAGAIN) return false;
        flow->ended = got == 0;
        flow->start = 0;
        flow->used = got > 0 ? (size_t)got : 0;
        if (to_client && relay->mode == RELAY_DEAF) flow->used = 0; /* lost on the way */
        if (to_client && relay->mode == RELAY_DROPS && flow->passed + flow->used > HANDSHAKE_BYTES) return false;
    }
    if (flow->used > 0) {
        ssize_t sent = send(to, flow->bytes + flow->start, flow->used, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) return false;
        if (sent > 0) {
            flow->start += (size_t)sent;
            flow->used -= (size_t)sent;
            flow->passed += (size_t)sent;
            relay->count[to_client] += (uint64_t)sent;
        }
    }
    return !(flow->ended && flow->used == 0);
}

static bool cut_is_due(struct relay *relay)
{
    bool due = false;
    for (unsigned i = 0; i < 2; i++) {
        if (relay->cut_after[i] == 0 || relay->count[i] < relay->cut_after[i]) continue;
        relay->cut_after[i] = 0;
        due = true;
    }
    return due;
}

static void take_mode(struct relay *relay)
{
    uint64_t ignored;
    (void)!read(relay->wake, &ignored, sizeof ignored);
    relay->mode = relay->wanted;
    if (relay->mode == RELAY_CUT)
        for (unsigned i = 0; i < PAIRS_MAX; i++)
            drop_pair(&relay->pairs[i]);
    pthread_cond_broadcast(&relay->settled);
}

static void serve_pair(struct relay *relay, struct pair *pair, const struct pollfd *fds)
{
    const short in = POLLIN | POLLHUP | POLLERR;
    bool lives = move(relay, &pair->up, pair->client, pair->daemon, fds[0].revents & in, false) &&
                 move(relay, &pair->down, pair->daemon, pair->client, fds[1].revents & in, true);
    if (!lives) drop_pair(pair);
}

/* What is waited for: room for what waits to be written, else something to read. */
static void watch_pair(const struct pair *pair, struct pollfd fds[2])
{
    fds[0] = (struct pollfd){pair->client, 0, 0};
    fds[1] = (struct pollfd){pair->daemon, 0, 0};
    if (pair->client < 0) return;
    fds[pair->up.used > 0].events |= pair->up.used > 0 ? POLLOUT : POLLIN;
    fds[pair->down.used == 0].events |= pair->down.used > 0 ? POLLOUT : POLLIN;
}

static void *run(void *argument)
{
    struct relay *relay = argument;
    pthread_mutex_lock(&relay->mutex);
    while (!relay->stop) {
        struct pollfd fds[2 + 2 * PAIRS_MAX] = {{relay->wake, POLLIN, 0}, {relay->listener, POLLIN, 0}};
        for (unsigned i = 0; i < PAIRS_MAX; i++)
            watch_pair(&relay->pairs[i], &fds[2 + 2 * i]);
        bool stalled = relay->mode == RELAY_STALLED;
        pthread_mutex_unlock(&relay->mutex);
        poll(fds, stalled ? 1 : 2 + 2 * PAIRS_MAX, -1);
        pthread_mutex_lock(&relay->mutex);
        if (fds[0].revents & POLLIN) {
            take_mode(relay);
            continue;
        }
        for (unsigned i = 0; i < PAIRS_MAX; i++)
            if (relay->pairs[i].client >= 0) serve_pair(relay, &relay->pairs[i], &fds[2 + 2 * i]);
        if (fds[1].revents & POLLIN) accept_one(relay);
        if (relay->stall_after != 0 && relay->count[1] >= relay->stall_after) {
            relay->stall_after = 0;
            relay->mode = relay->wanted = RELAY_STALLED;
        }
        if (!cut_is_due(relay)) continue;
        for (unsigned i = 0; i < PAIRS_MAX; i++)
            drop_pair(&relay->pairs[i]);
    }
    pthread_mutex_unlock(&relay->mutex);
    return NULL;
}

struct relay *relay_new(unsigned port, unsigned to_port)
{
    struct relay *relay = calloc(1, sizeof *relay);
    if (relay == NULL) rig_fail("memory");
    relay->port = port != 0 ? port : free_port();
    relay->to_port = to_port;
    relay->listener = open_socket(relay->port, true);
    relay->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    for (unsigned i = 0; i < PAIRS_MAX; i++)
        relay->pairs[i].client = relay->pairs[i].daemon = -1;
    pthread_mutex_init(&relay->mutex, NULL);
    pthread_cond_init(&relay->settled, NULL);
    if (relay->listener < 0 || relay->wake < 0 || pthread_create(&relay->thread, NULL, run, relay) != 0)
        rig_fail("no relay on port %u", relay->port);
    return relay;
}

static void wake(struct relay *relay)
{
    uint64_t one = 1;
    if (write(relay->wake, &one, sizeof one) < 0) rig_fail("eventfd");
}

void relay_free(struct relay *relay)
{
    if (relay == NULL) return;
    pthread_mutex_lock(&relay->mutex);
    relay->stop = true;
    wake(relay);
    pthread_mutex_unlock(&relay->mutex);
    pthread_join(relay->thread, NULL);
    for (unsigned i = 0; i < PAIRS_MAX; i++)
        drop_pair(&relay->pairs[i]);
    close(relay->listener);
    close(relay->wake);
    pthread_mutex_destroy(&relay->mutex);
    pthread_cond_destroy(&relay->settled);
    free(relay);
}

unsigned relay_port(const struct relay *relay)
{
    return relay->port;
}

void relay_set(struct relay *relay, enum relay_mode mode)
{
    pthread_mutex_lock(&relay->mutex);
    relay->wanted = mode;
    relay->stall_after = 0;
    wake(relay);
    while (relay->mode != mode)
        pthread_cond_wait(&relay->settled, &relay->mutex);
    pthread_mutex_unlock(&relay->mutex);
}

void relay_cut_after(struct relay *relay, bool to_client, uint64_t bytes)
{
    pthread_mutex_lock(&relay->mutex);
    relay->cut_after[to_client] = bytes > 0 ? relay->count[to_client] + bytes : 0;
    pthread_mutex_unlock(&relay->mutex);
}

void relay_stall_after(struct relay *relay, uint64_t bytes)
{
    pthread_mutex_lock(&relay->mutex);
    relay->stall_after = relay->count[1] + bytes;
    pthread_mutex_unlock(&relay->mutex);
}

uint64_t relay_bytes(const struct relay *relay, bool to_client)
{
    return __atomic_load_n(&relay->count[to_client], __ATOMIC_RELAXED);
}

unsigned relay_connections(const struct relay *relay)
{
    return __atomic_load_n(&relay->connections, __ATOMIC_RELAXED);
}
