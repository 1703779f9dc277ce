/* link.c - see link.h. */
#include "client/core/link.h"

#include "proto/wire.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

enum {
    PAUSE_FIRST_MS = 1000,
    PAUSE_MAX_MS = 30000, /* 1,000 clients knock 33 times a second then */
    PAUSE_REFUSED_MS = 60000,
    CONNECT_MS = 20000, /* TCP and handshake; at 9600 bit/s and 300 ms it takes about 4 s */
    QUEUE = 1000,
    FDS_MAX = 4,
};

struct link {
    struct link_address address;
    void *context, *socket, *monitor;
    enum link_state state;
    int64_t next_ms;  /* of the next attempt, when paused or refused */
    int64_t begun_ms; /* of the present attempt */
    int64_t pause_ms; /* the last pause, half as long again each time */
    uint64_t sent, received;
    unsigned attempts;
    zmq_msg_t frame;
    bool has_frame;
};

int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum err link_new(const struct link_address *address, struct link **link)
{
    struct link *made = calloc(1, sizeof *made);
    if (made == NULL) return ERR_MEMORY;
    made->address = *address;
    made->context = zmq_ctx_new();
    if (made->context == NULL) {
        free(made);
        return ERR_MEMORY;
    }
    *link = made;
    return OK;
}

static void close_socket(struct link *link)
{
    if (link->has_frame) zmq_msg_close(&link->frame);
    link->has_frame = false;
    if (link->socket == NULL) return;
    zmq_socket_monitor(link->socket, NULL, 0);
    if (link->monitor != NULL) zmq_close(link->monitor);
    zmq_close(link->socket);
    link->socket = link->monitor = NULL;
}

void link_free(struct link *link)
{
    if (link == NULL) return;
    close_socket(link);
    zmq_ctx_term(link->context);
    sodium_memzero(&link->address, sizeof link->address);
    free(link);
}

/* ---- attempts ---- */

/* Half to one and a half of the nominal pause: a thousand clients must not come back at once. */
static void pause_for(struct link *link, enum link_state state, int64_t nominal_ms)
{
    close_socket(link);
    link->state = state;
    link->next_ms = now_ms() + nominal_ms / 2 + (int64_t)randombytes_uniform((uint32_t)nominal_ms);
}

static void pause_longer(struct link *link)
{
    link->pause_ms = link->pause_ms == 0 ? PAUSE_FIRST_MS : link->pause_ms * 3 / 2;
    if (link->pause_ms > PAUSE_MAX_MS) link->pause_ms = PAUSE_MAX_MS;
    pause_for(link, LINK_PAUSED, link->pause_ms);
}

static int set_int(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value);
}

static int set_options(struct link *link)
{
    void *socket = link->socket;
    int64_t largest = FRAME_BYTES_MAX + CURVE_BYTES;
    int rc = zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, link->address.server_key, KEY_BYTES);
    rc |= zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, link->address.public_key, KEY_BYTES);
    rc |= zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, link->address.secret_key, KEY_BYTES);
    rc |= zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &largest, sizeof largest);
    rc |= set_int(socket, ZMQ_LINGER, 0);
    rc |= set_int(socket, ZMQ_IPV6, 1);
    rc |= set_int(socket, ZMQ_IMMEDIATE, 1);
    rc |= set_int(socket, ZMQ_RECONNECT_IVL, -1);
    rc |= set_int(socket, ZMQ_HANDSHAKE_IVL, CONNECT_MS);
    rc |= set_int(socket, ZMQ_CONNECT_TIMEOUT, CONNECT_MS);
    rc |= set_int(socket, ZMQ_SNDHWM, QUEUE);
    rc |= set_int(socket, ZMQ_RCVHWM, QUEUE);
    return rc;
}

static bool open_socket(struct link *link)
{
    char name[64], endpoint[HOST_MAX + 32];
    bool six = strchr(link->address.host, ':') != NULL;
    snprintf(name, sizeof name, "inproc://monitor-%u", link->attempts++);
    snprintf(endpoint, sizeof endpoint, six ? "tcp://[%s]:%u" : "tcp://%s:%u", link->address.host, link->address.port);
    link->socket = zmq_socket(link->context, ZMQ_DEALER);
    if (link->socket == NULL || set_options(link) != 0) return false;
    int events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_DISCONNECTED |
                 ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_CLOSED;
    if (zmq_socket_monitor(link->socket, name, events) != 0) return false;
    link->monitor = zmq_socket(link->context, ZMQ_PAIR);
    if (link->monitor == NULL) return false;
    set_int(link->monitor, ZMQ_LINGER, 0);
    return zmq_connect(link->monitor, name) == 0 && zmq_connect(link->socket, endpoint) == 0;
}

static void attempt(struct link *link)
{
    close_socket(link);
    link->state = LINK_CONNECTING;
    link->begun_ms = now_ms();
    if (!open_socket(link)) pause_longer(link);
}

void link_start(struct link *link)
{
    if (link->state == LINK_OFF) attempt(link);
}

void link_stop(struct link *link)
{
    close_socket(link);
    link->state = LINK_OFF;
    link->pause_ms = 0;
}

void link_retry(struct link *link, bool now)
{
    if (link->state == LINK_OFF) return;
    if (now)
        attempt(link);
    else
        pause_longer(link);
}

enum link_state link_state(const struct link *link)
{
    return link->state;
}

int64_t link_pause_ms(const struct link *link)
{
    int64_t left = link->next_ms - now_ms();
    bool waits = link->state == LINK_PAUSED || link->state == LINK_REFUSED;
    return waits && left > 0 ? left : 0;
}

/* ---- waiting ---- */

static void on_event(struct link *link, unsigned event)
{
    switch (event) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        link->state = LINK_OPEN;
        link->pause_ms = 0;
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: pause_for(link, LINK_REFUSED, PAUSE_REFUSED_MS); break;
    default:
        if (link->state == LINK_OPEN || link->state == LINK_CONNECTING) pause_longer(link);
    }
}

static void read_events(struct link *link)
{
    while (link->monitor != NULL) {
        zmq_msg_t message;
        char address[512];
        uint16_t event;
        zmq_msg_init(&message);
        if (zmq_msg_recv(&message, link->monitor, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&message);
            return;
        }
        memcpy(&event, zmq_msg_data(&message), sizeof event);
        zmq_msg_close(&message);
        zmq_recv(link->monitor, address, sizeof address, 0);
        on_event(link, event);
    }
}

/* How long may we wait before the link needs attention itself? */
static int limit_wait(const struct link *link, int timeout_ms)
{
    int64_t left = -1;
    if (link->state == LINK_PAUSED || link->state == LINK_REFUSED) left = link_pause_ms(link);
    if (link->state == LINK_CONNECTING) left = link->begun_ms + CONNECT_MS - now_ms();
    if (left < 0 && link->state == LINK_CONNECTING) left = 0;
    if (left < 0 || (timeout_ms >= 0 && timeout_ms < left)) return timeout_ms;
    return (int)left;
}

static void attend(struct link *link)
{
    read_events(link);
    bool waits = link->state == LINK_PAUSED || link->state == LINK_REFUSED;
    if (waits && now_ms() >= link->next_ms) attempt(link);
    if (link->state == LINK_CONNECTING && now_ms() - link->begun_ms >= CONNECT_MS) pause_longer(link);
}

void link_wait(struct link *link, int timeout_ms, const int *fds, bool *ready, unsigned count)
{
    zmq_pollitem_t items[FDS_MAX + 2];
    unsigned used = 0;
    for (unsigned i = 0; i < count && i < FDS_MAX; i++)
        items[used++] = (zmq_pollitem_t){NULL, fds[i], ZMQ_POLLIN, 0};
    if (link->socket != NULL) items[used++] = (zmq_pollitem_t){link->socket, 0, ZMQ_POLLIN, 0};
    if (link->monitor != NULL) items[used++] = (zmq_pollitem_t){link->monitor, 0, ZMQ_POLLIN, 0};
    for (unsigned i = 0; i < used; i++)
        items[i].revents = 0;
    zmq_poll(items, (int)used, limit_wait(link, timeout_ms));
    for (unsigned i = 0; i < count && i < FDS_MAX; i++)
        ready[i] = (items[i].revents & (ZMQ_POLLIN | ZMQ_POLLERR)) != 0;
    attend(link);
}

/* ---- frames ---- */

bool link_send(struct link *link, const void *bytes, size_t count)
{
    if (link->state != LINK_OPEN || zmq_send(link->socket, bytes, count, ZMQ_DONTWAIT) < 0) return false;
    link->sent += count;
    return true;
}

bool link_receive(struct link *link, struct text *frame)
{
    if (link->has_frame) zmq_msg_close(&link->frame);
    link->has_frame = false;
    if (link->socket == NULL) return false;
    zmq_msg_init(&link->frame);
    link->has_frame = true;
    if (zmq_msg_recv(&link->frame, link->socket, ZMQ_DONTWAIT) < 0) return false;
    *frame = (struct text){zmq_msg_data(&link->frame), (uint32_t)zmq_msg_size(&link->frame)};
    link->received += frame->length;
    return true;
}

void link_counts(const struct link *link, uint64_t *sent, uint64_t *received)
{
    *sent = link->sent;
    *received = link->received;
}
