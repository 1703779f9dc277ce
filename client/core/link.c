/* link.c - see link.h. */
#include "client/core/link.h"

#include "client/core/whereabouts.h"

#include "proto/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

enum {
    PAUSE_FIRST_MS = 2000, /* 1,000 clients that lost the daemon together knock 500 times a second; it takes 700 */
    PAUSE_MAX_MS = 30000,  /* and 33 times in the end */
    PAUSE_REFUSED_MS = 60000,
    PAUSE_BESIDE_MS = 4000, /* between attempts beside a doubted connection */
    CHANGED_MS = 1000,      /* after another network is there... */
    ROUTES_MS = 200,        /* ...whose address comes before its routes */
    CHANGES_MS = 10000,     /* so often that counts: some machines' networks change all the time */
    /* TCP stands after one round trip, ZMTP's greeting takes one and a half, CURVE's handshake two: 22 s where a round
     * trip takes five, and some 4 s at 9600 bit/s and 300 ms. The bounds leave room for two lost packets of it. A place
     * where nobody answers at all is given up sooner: there may be another to try. */
    REACH_MS = 15000,   /* TCP */
    CONNECT_MS = 60000, /* TCP and handshake; more than the daemon gives, whose word is the better one */
    /* A daemon sends 64 bytes of greeting, and 170 of CURVE's WELCOME to those who know its key. */
    PROOF_BYTES = 234,
    STRANGE_TIMES = 2, /* a line may break at the same place once */
    QUEUE = 1000,
    FDS_MAX = 4,
    ITEMS_MAX = FDS_MAX + 4, /* a line's two sockets, one of the attempt beside, changes of the network */
};

/* A connection, or an attempt at one. */
struct attempt {
    void *socket, *monitor;
    int fd; /* a copy of its TCP descriptor, of which the kernel tells more than libzmq; -1: none */
    int64_t begun_ms, reached_ms;
    struct address place;
    bool open, settled; /* the handshake is done; the daemon has welcomed us */
};

enum news { NEWS_NONE, NEWS_OPEN, NEWS_REFUSED, NEWS_FAILED };

struct link {
    struct addresses addresses;
    struct link_keys keys;
    void *context;
    enum link_state state;
    struct attempt line;   /* the connection, or the attempt at it */
    struct attempt beside; /* another, while the line is doubted */
    int changes;           /* tells of other addresses and routes of this machine; -1: nothing does */
    int64_t changed_ms;    /* when that counted last */
    bool elsewhere;        /* the line goes from an address that this machine has no longer */
    uint64_t doubted_at;   /* bytes that had come on the line when that began */
    int64_t beside_ms;     /* not before then the next attempt beside */
    unsigned at;           /* of the addresses: where the next attempt goes */
    int64_t next_ms;       /* of the next attempt, when paused or refused */
    int64_t pause_ms;      /* the last long pause, half as long again each time */
    unsigned failed;       /* attempts since that pause */
    unsigned strange;      /* times running that something else answered */
    uint64_t sent, received;
    unsigned attempts, number;
    zmq_msg_t frame;
    bool has_frame;
};

int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum err link_new(const struct addresses *addresses, const struct link_keys *keys, struct link **link)
{
    struct link *made = calloc(1, sizeof *made);
    if (made == NULL) return ERR_MEMORY;
    made->addresses = *addresses;
    made->keys = *keys;
    made->line.fd = made->beside.fd = -1;
    made->line.place = addresses->at[0];
    made->changes = whereabouts_open();
    made->context = zmq_ctx_new();
    if (made->context == NULL) {
        if (made->changes >= 0) close(made->changes);
        free(made);
        return ERR_MEMORY;
    }
    *link = made;
    return OK;
}

static void end_attempt(struct attempt *attempt)
{
    if (attempt->fd >= 0) close(attempt->fd);
    if (attempt->socket != NULL) {
        zmq_socket_monitor(attempt->socket, NULL, 0);
        if (attempt->monitor != NULL) zmq_close(attempt->monitor);
        zmq_close(attempt->socket);
    }
    *attempt = (struct attempt){.fd = -1, .place = attempt->place};
}

static void end_line(struct link *link)
{
    if (link->has_frame) zmq_msg_close(&link->frame);
    link->has_frame = link->elsewhere = false;
    end_attempt(&link->line);
}

void link_free(struct link *link)
{
    if (link == NULL) return;
    end_line(link);
    end_attempt(&link->beside);
    zmq_ctx_term(link->context);
    if (link->changes >= 0) close(link->changes);
    sodium_memzero(&link->keys, sizeof link->keys);
    free(link);
}

/* ---- what the kernel knows of a connection ---- */

static bool ask_kernel(const struct attempt *attempt, struct tcp_info *info)
{
    socklen_t length = sizeof *info;
    *info = (struct tcp_info){.tcpi_state = 0};
    return attempt->fd >= 0 && getsockopt(attempt->fd, IPPROTO_TCP, TCP_INFO, info, &length) == 0;
}

static uint64_t bytes_of(const struct attempt *attempt)
{
    struct tcp_info info;
    return ask_kernel(attempt, &info) ? info.tcpi_bytes_received : 0;
}

int64_t link_quiet_ms(const struct link *link)
{
    struct tcp_info info;
    return ask_kernel(&link->line, &info) ? info.tcpi_last_data_recv : INT64_MAX;
}

/* ---- attempts ---- */

static int set_int(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value);
}

static int set_options(const struct link *link, void *socket)
{
    int64_t largest = FRAME_BYTES_MAX + CURVE_BYTES;
    int rc = zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, link->keys.server_key, KEY_BYTES);
    rc |= zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, link->keys.public_key, KEY_BYTES);
    rc |= zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, link->keys.secret_key, KEY_BYTES);
    rc |= zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &largest, sizeof largest);
    rc |= set_int(socket, ZMQ_LINGER, 0);
    rc |= set_int(socket, ZMQ_IPV6, 1);
    rc |= set_int(socket, ZMQ_IMMEDIATE, 1);
    rc |= set_int(socket, ZMQ_RECONNECT_IVL, -1);
    rc |= set_int(socket, ZMQ_HANDSHAKE_IVL, CONNECT_MS);
    rc |= set_int(socket, ZMQ_CONNECT_TIMEOUT, REACH_MS);
    rc |= set_int(socket, ZMQ_SNDHWM, QUEUE);
    rc |= set_int(socket, ZMQ_RCVHWM, QUEUE);
    return rc;
}

static bool open_socket(struct link *link, struct attempt *attempt)
{
    char name[64], endpoint[ADDRESS_TEXT_MAX + 8];
    struct str str = str_in(endpoint, sizeof endpoint);
    str_put(&str, "tcp://");
    address_put(&attempt->place, &str);
    snprintf(name, sizeof name, "inproc://monitor-%u", link->attempts++);
    attempt->socket = zmq_socket(link->context, ZMQ_DEALER);
    if (attempt->socket == NULL || set_options(link, attempt->socket) != 0) return false;
    int events = ZMQ_EVENT_CONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                 ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                 ZMQ_EVENT_CLOSED;
    if (zmq_socket_monitor(attempt->socket, name, events) != 0) return false;
    attempt->monitor = zmq_socket(link->context, ZMQ_PAIR);
    if (attempt->monitor == NULL) return false;
    set_int(attempt->monitor, ZMQ_LINGER, 0);
    return zmq_connect(attempt->monitor, name) == 0 && zmq_connect(attempt->socket, endpoint) == 0;
}

/* Begins one at the address whose turn it is. */
static bool begin(struct link *link, struct attempt *attempt)
{
    end_attempt(attempt);
    attempt->begun_ms = now_ms();
    attempt->place = link->addresses.at[link->at];
    return open_socket(link, attempt);
}

/* Half to one and a half of the nominal pause: a thousand clients must not come back at once. */
static int64_t after(int64_t nominal_ms)
{
    return now_ms() + nominal_ms / 2 + (int64_t)randombytes_uniform((uint32_t)nominal_ms);
}

static void pause_for(struct link *link, enum link_state state, int64_t nominal_ms)
{
    end_line(link);
    end_attempt(&link->beside);
    link->state = state;
    link->next_ms = after(nominal_ms);
}

static void try_next_address(struct link *link)
{
    link->at = (link->at + 1) % link->addresses.count;
}

/* The pause is a short one until every address has had its turn. */
static void pause_longer(struct link *link)
{
    if (!link->line.settled) try_next_address(link);
    if (++link->failed < link->addresses.count) {
        pause_for(link, LINK_PAUSED, PAUSE_FIRST_MS);
        return;
    }
    link->failed = 0;
    link->pause_ms = link->pause_ms == 0 ? PAUSE_FIRST_MS : link->pause_ms * 3 / 2;
    if (link->pause_ms > PAUSE_MAX_MS) link->pause_ms = PAUSE_MAX_MS;
    pause_for(link, LINK_PAUSED, link->pause_ms);
}

static void attempt_line(struct link *link)
{
    end_line(link);
    end_attempt(&link->beside);
    link->state = LINK_CONNECTING;
    if (!begin(link, &link->line)) pause_longer(link);
}

void link_start(struct link *link)
{
    if (link->state == LINK_OFF) attempt_line(link);
}

void link_stop(struct link *link)
{
    end_line(link);
    end_attempt(&link->beside);
    link->state = LINK_OFF;
    link->pause_ms = 0;
    link->failed = link->strange = 0;
}

/* An attempt beside goes on in the line's place: what it has waited for was not in vain. */
void link_retry(struct link *link, bool now)
{
    if (link->state == LINK_OFF) return;
    if (now) {
        attempt_line(link);
    } else if (link->state == LINK_OPEN && link->beside.socket != NULL) {
        end_line(link);
        link->line = link->beside;
        link->beside = (struct attempt){.fd = -1};
        link->state = LINK_CONNECTING;
    } else {
        pause_longer(link);
    }
}

void link_move(struct link *link, const struct addresses *addresses)
{
    link->addresses = *addresses;
    link->at = link->failed = link->strange = 0;
}

void link_settle(struct link *link)
{
    link->line.settled = true;
    link->pause_ms = 0;
    link->failed = 0;
}

enum link_state link_state(const struct link *link)
{
    return link->state;
}

unsigned link_number(const struct link *link)
{
    return link->number;
}

const struct address *link_place(const struct link *link)
{
    return &link->line.place;
}

bool link_meets_stranger(const struct link *link)
{
    return link->strange >= STRANGE_TIMES;
}

/* ---- a connection in doubt ---- */

void link_doubt(struct link *link)
{
    if (link->state != LINK_OPEN || link->beside.socket != NULL || now_ms() < link->beside_ms) return;
    link->doubted_at = bytes_of(&link->line);
    link->beside_ms = after(PAUSE_BESIDE_MS);
    if (!begin(link, &link->beside)) end_attempt(&link->beside);
}

/* This machine is elsewhere. A connection from an address that it no longer has is doubted at once, and no pause is
 * worth waiting for; not every change is one for the better, so its length stays. */
static void follow_change(struct link *link)
{
    int64_t now = now_ms(), soon = after(CHANGED_MS);
    if (!whereabouts_changed(link->changes)) return;
    link->elsewhere = link->state == LINK_OPEN && !whereabouts_holds(link->line.fd);
    if (link->elsewhere && link->beside_ms < now + ROUTES_MS) link->beside_ms = now + ROUTES_MS;
    if (link->state != LINK_PAUSED || now - link->changed_ms < CHANGES_MS) return;
    link->changed_ms = now;
    if (soon < link->next_ms) link->next_ms = soon;
}

/* The other one is open: it takes the line's place, unless the line has spoken meanwhile. */
static void replace_line(struct link *link)
{
    if (bytes_of(&link->line) != link->doubted_at) {
        end_attempt(&link->beside);
        return;
    }
    end_line(link);
    link->line = link->beside;
    link->beside = (struct attempt){.fd = -1};
    link->number++;
}

static void take_news_beside(struct link *link, enum news news)
{
    if (news == NEWS_OPEN) replace_line(link);
    if (news == NEWS_REFUSED) pause_for(link, LINK_REFUSED, PAUSE_REFUSED_MS);
    if (news != NEWS_FAILED) return;
    end_attempt(&link->beside);
    try_next_address(link);
    link->beside_ms = after(PAUSE_BESIDE_MS);
}

/* ---- waiting ---- */

/* Whoever closes so soon, without what only the daemon of our key can say, is another. Where the line or the daemon is
 * slow, nobody closes before the daemon's own bound. */
static void judge_failure(struct link *link, const struct attempt *attempt, unsigned event)
{
    bool soon = attempt->reached_ms != 0 && now_ms() - attempt->reached_ms < HANDSHAKE_SECONDS * 1000 / 2;
    bool unproved = event == ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL || bytes_of(attempt) < PROOF_BYTES;
    bool strange = !attempt->open && soon && unproved;
    link->strange = strange ? link->strange + 1 : 0;
}

static enum news on_event(struct link *link, struct attempt *attempt, unsigned event, unsigned value)
{
    switch (event) {
    case ZMQ_EVENT_CONNECTED:
        attempt->reached_ms = now_ms();
        attempt->fd = fcntl((int)value, F_DUPFD_CLOEXEC, 0); /* -1: closed again already */
        return NEWS_NONE;
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        attempt->open = true;
        link->strange = 0;
        return NEWS_OPEN;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: link->strange = 0; return NEWS_REFUSED;
    default: judge_failure(link, attempt, event); return NEWS_FAILED;
    }
}

/* The last that is new of an attempt. */
static enum news read_events(struct link *link, struct attempt *attempt)
{
    enum news news = NEWS_NONE;
    while (attempt->monitor != NULL && news < NEWS_REFUSED) {
        zmq_msg_t message;
        char address[512];
        uint16_t event;
        uint32_t value;
        zmq_msg_init(&message);
        if (zmq_msg_recv(&message, attempt->monitor, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&message);
            break;
        }
        memcpy(&event, zmq_msg_data(&message), sizeof event);
        memcpy(&value, (const uint8_t *)zmq_msg_data(&message) + sizeof event, sizeof value);
        zmq_msg_close(&message);
        zmq_recv(attempt->monitor, address, sizeof address, 0);
        enum news next = on_event(link, attempt, event, value);
        if (next != NEWS_NONE) news = next;
    }
    return news;
}

/* When an attempt is over; INT64_MAX: none is under way. */
static int64_t bound_of(const struct attempt *attempt)
{
    if (attempt->socket == NULL || attempt->open) return INT64_MAX;
    return attempt->begun_ms + (attempt->reached_ms != 0 ? CONNECT_MS : REACH_MS);
}

static enum news attend_attempt(struct link *link, struct attempt *attempt)
{
    enum news news = read_events(link, attempt);
    if (news != NEWS_NONE || now_ms() < bound_of(attempt)) return news;
    link->strange = 0; /* whoever is there closes nothing */
    return NEWS_FAILED;
}

static void attend(struct link *link)
{
    enum news news = attend_attempt(link, &link->line);
    if (news == NEWS_OPEN) {
        link->state = LINK_OPEN;
        link->number++;
    }
    if (news == NEWS_REFUSED) pause_for(link, LINK_REFUSED, PAUSE_REFUSED_MS);
    if (news == NEWS_FAILED) link_retry(link, false);
    if (link->beside.socket != NULL) take_news_beside(link, attend_attempt(link, &link->beside));
    if (link->elsewhere) link_doubt(link);
    bool waits = link->state == LINK_PAUSED || link->state == LINK_REFUSED;
    if (waits && now_ms() >= link->next_ms) attempt_line(link);
}

/* How long may we wait before the link needs attention itself? */
static int limit_wait(const struct link *link, int timeout_ms)
{
    int64_t due = bound_of(&link->line), beside = bound_of(&link->beside);
    if (link->state == LINK_PAUSED || link->state == LINK_REFUSED) due = link->next_ms;
    if (link->elsewhere && link->beside.socket == NULL) beside = link->beside_ms;
    if (beside < due) due = beside;
    if (due == INT64_MAX) return timeout_ms;
    int64_t now = now_ms(), left = due > now ? due - now : 0;
    return timeout_ms >= 0 && timeout_ms < left ? timeout_ms : (int)left;
}

void link_wait(struct link *link, int timeout_ms, const int *fds, bool *ready, unsigned count)
{
    void *const sockets[] = {link->line.socket, link->line.monitor, link->beside.monitor};
    zmq_pollitem_t items[ITEMS_MAX];
    unsigned used = 0;
    for (unsigned i = 0; i < count && i < FDS_MAX; i++)
        items[used++] = (zmq_pollitem_t){NULL, fds[i], ZMQ_POLLIN, 0};
    for (size_t i = 0; i < sizeof sockets / sizeof *sockets; i++)
        if (sockets[i] != NULL) items[used++] = (zmq_pollitem_t){sockets[i], 0, ZMQ_POLLIN, 0};
    if (link->changes >= 0) items[used++] = (zmq_pollitem_t){NULL, link->changes, ZMQ_POLLIN, 0};
    zmq_poll(items, (int)used, limit_wait(link, timeout_ms));
    for (unsigned i = 0; i < count && i < FDS_MAX; i++)
        ready[i] = (items[i].revents & (ZMQ_POLLIN | ZMQ_POLLERR)) != 0;
    follow_change(link);
    attend(link);
}

/* ---- frames ---- */

bool link_send(struct link *link, const void *bytes, size_t count)
{
    if (link->state != LINK_OPEN || zmq_send(link->line.socket, bytes, count, ZMQ_DONTWAIT) < 0) return false;
    link->sent += count;
    return true;
}

bool link_receive(struct link *link, struct text *frame)
{
    if (link->has_frame) zmq_msg_close(&link->frame);
    link->has_frame = false;
    if (link->line.socket == NULL) return false;
    zmq_msg_init(&link->frame);
    link->has_frame = true;
    if (zmq_msg_recv(&link->frame, link->line.socket, ZMQ_DONTWAIT) < 0) return false;
    *frame = (struct text){zmq_msg_data(&link->frame), (uint32_t)zmq_msg_size(&link->frame)};
    link->received += frame->length;
    end_attempt(&link->beside); /* no doubt any more */
    return true;
}

void link_counts(const struct link *link, uint64_t *sent, uint64_t *received)
{
    *sent = link->sent;
    *received = link->received;
}
