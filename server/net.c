/* net.c - see net.h. Options and traps: references in proto/PROTOCOL.md, section "Transport". */
#include "server/net.h"

#include "proto/wire.h"
#include "server/log.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#ifndef ZMQ_ZAP_ENFORCE_DOMAIN
#define ZMQ_ZAP_ENFORCE_DOMAIN 93 /* behind the draft API in Debian's header, honoured by its library */
#endif
#ifndef ZMQ_ZERO_COPY_RECV
#define ZMQ_ZERO_COPY_RECV 10 /* the same */
#endif

enum {
    ROUTING_BYTES = 5,    /* those that the ROUTER makes: a zero and a number */
    BACKLOG = 4096,
    SEND_QUEUE = 256,
    RECEIVE_QUEUE = 32,
    FDS_MAX = 4,
    CONTROL_LINE_MAX = 4096,
};

struct net {
    void *context, *router, *zap, *control;
    char endpoint[256];
    net_admit *admit;
    void *self;
    zmq_msg_t body;
    bool has_body;
};

/* ---- opening ---- */

static int set_int(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value);
}

static int set_router(struct net *net, const struct identity *identity)
{
    void *router = net->router;
    int64_t largest = REQUEST_BYTES_MAX + CURVE_BYTES;
    int rc = set_int(router, ZMQ_CURVE_SERVER, 1);
    rc |= zmq_setsockopt(router, ZMQ_CURVE_SECRETKEY, identity->transport_secret, KEY_BYTES);
    rc |= zmq_setsockopt(router, ZMQ_ZAP_DOMAIN, "duban", 5);
    rc |= set_int(router, ZMQ_ZAP_ENFORCE_DOMAIN, 1); /* without a handler nobody gets in */
    rc |= set_int(router, ZMQ_ROUTER_MANDATORY, 1);
    rc |= zmq_setsockopt(router, ZMQ_MAXMSGSIZE, &largest, sizeof largest);
    rc |= set_int(router, ZMQ_HANDSHAKE_IVL, HANDSHAKE_SECONDS * 1000);
    rc |= set_int(router, ZMQ_BACKLOG, BACKLOG);
    rc |= set_int(router, ZMQ_SNDHWM, SEND_QUEUE);
    rc |= set_int(router, ZMQ_RCVHWM, RECEIVE_QUEUE);
    rc |= set_int(router, ZMQ_LINGER, 500);
    rc |= set_int(router, ZMQ_IPV6, 1);
    rc |= set_int(router, ZMQ_TCP_KEEPALIVE, 1);
    rc |= set_int(router, ZMQ_TCP_KEEPALIVE_IDLE, 120);
    rc |= set_int(router, ZMQ_TCP_KEEPALIVE_INTVL, 30);
    rc |= set_int(router, ZMQ_TCP_KEEPALIVE_CNT, 4);
    return rc;
}

static enum err fault(struct refusal *why, const char *what, const char *where)
{
    char text[REFUSAL_TEXT_MAX];
    snprintf(text, sizeof text, "%s %s: %s", what, where, zmq_strerror(zmq_errno()));
    return refuse_text(why, zmq_errno() == EADDRINUSE ? ERR_BUSY : ERR_IO, text);
}

/* The ZAP handler is bound before any client socket, or the first client would meet none. */
static enum err open_sockets(struct net *net, const struct net_options *options, struct refusal *why)
{
    size_t length = sizeof net->endpoint;
    net->context = zmq_ctx_new();
    if (net->context == NULL) return refuse(why, ERR_MEMORY);
    zmq_ctx_set(net->context, ZMQ_MAX_SOCKETS, 1023);
    zmq_ctx_set(net->context, ZMQ_ZERO_COPY_RECV, 0);
    net->zap = zmq_socket(net->context, ZMQ_REP);
    net->router = zmq_socket(net->context, ZMQ_ROUTER);
    if (net->zap == NULL || net->router == NULL) return fault(why, "socket", "");
    set_int(net->zap, ZMQ_LINGER, 0);
    if (zmq_bind(net->zap, "inproc://zeromq.zap.01") != 0) return fault(why, "bind", "ZAP");
    if (set_router(net, options->identity) != 0) return fault(why, "socket options", "");
    if (zmq_bind(net->router, options->endpoint) != 0) return fault(why, "listen on", options->endpoint);
    if (zmq_getsockopt(net->router, ZMQ_LAST_ENDPOINT, net->endpoint, &length) != 0) return fault(why, "endpoint", "");
    if (options->control == NULL) return OK;
    net->control = zmq_socket(net->context, ZMQ_REP);
    if (net->control == NULL) return fault(why, "socket", "control");
    int64_t largest = CONTROL_LINE_MAX;
    set_int(net->control, ZMQ_LINGER, 500);
    zmq_setsockopt(net->control, ZMQ_MAXMSGSIZE, &largest, sizeof largest);
    if (zmq_bind(net->control, options->control) != 0) return fault(why, "listen on", options->control);
    return OK;
}

enum err net_open(const struct net_options *options, struct net **net, struct refusal *why)
{
    struct net *made = calloc(1, sizeof *made);
    if (made == NULL) return refuse(why, ERR_MEMORY);
    made->admit = options->admit;
    made->self = options->self;
    enum err err = open_sockets(made, options, why);
    if (err != OK) {
        net_close(made);
        return err;
    }
    *net = made;
    return OK;
}

void net_close(struct net *net)
{
    if (net == NULL) return;
    if (net->has_body) zmq_msg_close(&net->body);
    if (net->control != NULL) zmq_close(net->control);
    if (net->router != NULL) zmq_close(net->router);
    if (net->zap != NULL) zmq_close(net->zap);
    if (net->context != NULL) zmq_ctx_term(net->context);
    free(net);
}

const char *net_endpoint(const struct net *net)
{
    return net->endpoint;
}

/* ---- ZAP ---- */

enum { ZAP_FRAMES = 7, ZAP_FRAME_MAX = 256 };

struct zap_request {
    unsigned count;
    size_t length[ZAP_FRAMES];
    uint8_t frame[ZAP_FRAMES][ZAP_FRAME_MAX];
};

/* Reads all frames of a request; false when there is none. */
static bool zap_receive(void *socket, struct zap_request *request)
{
    int more = 1;
    size_t size = sizeof more;
    request->count = 0;
    while (more) {
        uint8_t rest[ZAP_FRAME_MAX];
        bool kept = request->count < ZAP_FRAMES;
        uint8_t *into = kept ? request->frame[request->count] : rest;
        int length = zmq_recv(socket, into, ZAP_FRAME_MAX, ZMQ_DONTWAIT);
        if (length < 0) return false;
        if (kept) request->length[request->count++] = length < ZAP_FRAME_MAX ? (size_t)length : 0;
        zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size);
    }
    return true;
}

static void zap_answer(struct net *net, const struct zap_request *request, enum err err, int64_t user)
{
    char name[32];
    const char *status = err == OK ? "200" : err == ERR_NOT_FOUND ? "400" : "300"; /* 300: try again later */
    const char *text = err == OK ? "OK" : "refused";
    int length = err == OK ? snprintf(name, sizeof name, "%lld", (long long)user) : 0;
    zmq_send(net->zap, "1.0", 3, ZMQ_SNDMORE);
    zmq_send(net->zap, request->frame[1], request->length[1], ZMQ_SNDMORE);
    zmq_send(net->zap, status, 3, ZMQ_SNDMORE);
    zmq_send(net->zap, text, strlen(text), ZMQ_SNDMORE);
    zmq_send(net->zap, name, (size_t)length, ZMQ_SNDMORE);
    zmq_send(net->zap, "", 0, 0);
}

static void serve_zap(struct net *net)
{
    struct zap_request request;
    while (zap_receive(net->zap, &request)) {
        int64_t user = 0;
        bool form = request.count == ZAP_FRAMES && request.length[5] == 5 &&
                    memcmp(request.frame[5], "CURVE", 5) == 0 && request.length[6] == KEY_BYTES;
        enum err err = form ? net->admit(net->self, request.frame[6], &user) : ERR_NOT_FOUND;
        if (err == ERR_NOT_FOUND)
            log_line(LOG_NOTICE, "connection refused from %.*s: key not known", (int)request.length[3],
                     (const char *)request.frame[3]);
        zap_answer(net, &request, err, user);
    }
}

void net_wait(struct net *net, int timeout_ms, const int *fds, bool *ready, unsigned count)
{
    zmq_pollitem_t items[3 + FDS_MAX] = {{net->zap, 0, ZMQ_POLLIN, 0}, {net->router, 0, ZMQ_POLLIN, 0}};
    unsigned used = 2;
    for (unsigned i = 0; i < count && i < FDS_MAX; i++)
        items[used++] = (zmq_pollitem_t){NULL, fds[i], ZMQ_POLLIN, 0};
    if (net->control != NULL) items[used++] = (zmq_pollitem_t){net->control, 0, ZMQ_POLLIN, 0};
    zmq_poll(items, (int)used, timeout_ms);
    for (unsigned i = 0; i < count && i < FDS_MAX; i++)
        ready[i] = (items[2 + i].revents & ZMQ_POLLIN) != 0;
    serve_zap(net);
}

/* ---- clients ---- */

/* Takes the frames behind the first off the socket; true when there was exactly one. */
static bool take_body(struct net *net, bool more)
{
    unsigned frames = 0;
    while (more) {
        if (frames++ > 0) zmq_msg_close(&net->body);
        zmq_msg_init(&net->body);
        net->has_body = true;
        if (zmq_msg_recv(&net->body, net->router, ZMQ_DONTWAIT) < 0) return false;
        more = zmq_msg_more(&net->body) != 0;
    }
    return frames == 1;
}

static peer_t peer_of(const uint8_t *routing)
{
    return (peer_t)routing[1] << 24 | (peer_t)routing[2] << 16 | (peer_t)routing[3] << 8 | routing[4];
}

bool net_receive(struct net *net, struct message *message)
{
    for (;;) {
        zmq_msg_t routing;
        uint8_t id[ROUTING_BYTES] = {0};
        if (net->has_body) zmq_msg_close(&net->body);
        net->has_body = false;
        zmq_msg_init(&routing);
        if (zmq_msg_recv(&routing, net->router, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&routing);
            return false;
        }
        bool own = zmq_msg_size(&routing) == ROUTING_BYTES && *(const uint8_t *)zmq_msg_data(&routing) == 0;
        if (own) memcpy(id, zmq_msg_data(&routing), ROUTING_BYTES);
        bool more = zmq_msg_more(&routing) != 0;
        zmq_msg_close(&routing);
        if (!take_body(net, more) || !own) continue;
        const char *user = zmq_msg_gets(&net->body, "User-Id");
        if (user == NULL || *user == '\0') continue; /* not authenticated: never by the routing id */
        message->peer = peer_of(id);
        message->user = strtoll(user, NULL, 10);
        message->body = (struct text){zmq_msg_data(&net->body), (uint32_t)zmq_msg_size(&net->body)};
        return true;
    }
}

enum err net_send(struct net *net, peer_t peer, const void *bytes, size_t count)
{
    uint8_t routing[ROUTING_BYTES] = {0, (uint8_t)(peer >> 24), (uint8_t)(peer >> 16), (uint8_t)(peer >> 8),
                                      (uint8_t)peer};
    if (zmq_send(net->router, routing, sizeof routing, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
        return zmq_errno() == EHOSTUNREACH ? ERR_NOT_FOUND : ERR_BUSY;
    return zmq_send(net->router, bytes, count, ZMQ_DONTWAIT) < 0 ? ERR_BUSY : OK;
}

/* ---- control ---- */

bool control_receive(struct net *net, char *line, size_t max)
{
    if (net->control == NULL) return false;
    int length = zmq_recv(net->control, line, max - 1, ZMQ_DONTWAIT);
    if (length < 0) return false;
    line[(size_t)length < max ? (size_t)length : max - 1] = '\0';
    return true;
}

void control_reply(struct net *net, const char *line)
{
    zmq_send(net->control, line, strlen(line), 0);
}

enum err control_ask(const char *endpoint, const char *line, int timeout_ms, char *answer, size_t max)
{
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_REQ);
    enum err err = ERR_NO_LINK;
    set_int(socket, ZMQ_LINGER, 0);
    set_int(socket, ZMQ_SNDTIMEO, timeout_ms);
    set_int(socket, ZMQ_RCVTIMEO, timeout_ms);
    set_int(socket, ZMQ_IMMEDIATE, 1); /* nobody listening: no queueing */
    if (zmq_connect(socket, endpoint) == 0 && zmq_send(socket, line, strlen(line), 0) >= 0) {
        int length = zmq_recv(socket, answer, max - 1, 0);
        if (length >= 0) {
            answer[(size_t)length < max ? (size_t)length : max - 1] = '\0';
            err = OK;
        }
    }
    zmq_close(socket);
    zmq_ctx_term(context);
    return err;
}

/* ---- the self-test ---- */

struct self_test {
    const char *endpoint;
    uint8_t server_key[KEY_BYTES];
    int verdict; /* 0 none yet, 1 turned away, -1 let in or no answer */
};

static int watch(void *monitor)
{
    for (;;) {
        zmq_msg_t event;
        uint16_t number = 0;
        zmq_msg_init(&event);
        if (zmq_msg_recv(&event, monitor, 0) < 0) return -1; /* time is over */
        memcpy(&number, zmq_msg_data(&event), sizeof number);
        zmq_msg_close(&event);
        char address[256];
        zmq_recv(monitor, address, sizeof address, 0);
        if (number == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) return 1;
        if (number == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) return -1;
    }
}

static void *stranger(void *argument)
{
    struct self_test *test = argument;
    uint8_t secret[KEY_BYTES], public[KEY_BYTES];
    void *context = zmq_ctx_new(), *dealer = zmq_socket(context, ZMQ_DEALER);
    randombytes_buf(secret, sizeof secret);
    crypto_scalarmult_base(public, secret);
    set_int(dealer, ZMQ_LINGER, 0);
    set_int(dealer, ZMQ_IPV6, 1);
    zmq_setsockopt(dealer, ZMQ_CURVE_SERVERKEY, test->server_key, KEY_BYTES);
    zmq_setsockopt(dealer, ZMQ_CURVE_PUBLICKEY, public, KEY_BYTES);
    zmq_setsockopt(dealer, ZMQ_CURVE_SECRETKEY, secret, KEY_BYTES);
    zmq_socket_monitor(dealer, "inproc://self-test", ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    void *monitor = zmq_socket(context, ZMQ_PAIR);
    set_int(monitor, ZMQ_RCVTIMEO, 5000);
    set_int(monitor, ZMQ_LINGER, 0);
    int verdict = -1;
    if (zmq_connect(monitor, "inproc://self-test") == 0 && zmq_connect(dealer, test->endpoint) == 0)
        verdict = watch(monitor);
    zmq_socket_monitor(dealer, NULL, 0);
    zmq_close(monitor);
    zmq_close(dealer);
    zmq_ctx_term(context);
    __atomic_store_n(&test->verdict, verdict, __ATOMIC_RELEASE);
    return NULL;
}

/* An address that can be connected to, when all are listened on. */
static void reachable(const char *endpoint, char *out, size_t max)
{
    const char *any = strstr(endpoint, "//0.0.0.0:"), *any6 = strstr(endpoint, "//[::]:");
    if (any != NULL)
        snprintf(out, max, "tcp://127.0.0.1:%s", any + 10);
    else if (any6 != NULL)
        snprintf(out, max, "tcp://[::1]:%s", any6 + 7);
    else
        snprintf(out, max, "%s", endpoint);
}

enum err net_self_test(struct net *net, struct refusal *why)
{
    char endpoint[300];
    struct self_test test = {.endpoint = endpoint};
    size_t size = KEY_BYTES;
    pthread_t thread;
    uint8_t secret[KEY_BYTES];
    reachable(net->endpoint, endpoint, sizeof endpoint);
    zmq_getsockopt(net->router, ZMQ_CURVE_SECRETKEY, secret, &size);
    crypto_scalarmult_base(test.server_key, secret);
    sodium_memzero(secret, sizeof secret);
    if (pthread_create(&thread, NULL, stranger, &test) != 0) return refuse(why, ERR_MEMORY);
    int verdict;
    while ((verdict = __atomic_load_n(&test.verdict, __ATOMIC_ACQUIRE)) == 0)
        net_wait(net, 5, NULL, NULL, 0);
    pthread_join(thread, NULL);
    return verdict == 1 ? OK : refuse_text(why, ERR_INTERNAL, "self-test: a stranger's key was not turned away");
}
