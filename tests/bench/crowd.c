/* crowd.c - see crowd.h. */
#include "tests/bench/crowd.h"

#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <zmq.h>

enum { GREETING_SECONDS = 60 };

/* ---- enrolling ---- */

void crowd_visit(struct crowd *crowd, struct console *console, const char *registry)
{
    devices_visit(console, registry);
    memcpy(crowd->registry, console->engine.registry, sizeof crowd->registry);
    memcpy(crowd->server_key, console->engine.identity.transport_public, KEY_BYTES);
}

void crowd_leave(struct crowd *crowd, struct console *console)
{
    crowd->head = devices_leave(console);
}

struct member *crowd_enrol(struct crowd *crowd, struct console *console, uint64_t operator)
{
    struct device device;
    if (crowd->count == crowd->room) {
        unsigned room = crowd->room > 0 ? 2 * crowd->room : 64;
        struct member *grown = realloc(crowd->members, room * sizeof *grown);
        if (grown == NULL) rig_fail("memory");
        crowd->members = grown;
        crowd->room = room;
    }
    device_make(console, operator, &device);
    struct member *member = &crowd->members[crowd->count++];
    *member = (struct member){.counter = 1, .identity = device.identity, .actor = device.actor};
    member->scope = scope_of(&member->actor);
    return member;
}

void crowd_fill(struct crowd *crowd, struct console *console, const char *first, unsigned count)
{
    crowd_enrol(crowd, console, operator_named(console, first));
    for (uint64_t id = 0; crowd->count < count;)
        crowd_enrol(crowd, console, id = operator_after(console, id));
}

/* ---- connections ---- */

static void open_socket(struct crowd *crowd, unsigned number, const char *endpoint, const uint8_t server_key[KEY_BYTES])
{
    struct member *member = &crowd->members[number];
    int zero = 0, fd;
    size_t size = sizeof fd;
    member->socket = zmq_socket(crowd->context, ZMQ_DEALER);
    if (member->socket == NULL) rig_fail("socket: %s", zmq_strerror(zmq_errno()));
    zmq_setsockopt(member->socket, ZMQ_LINGER, &zero, sizeof zero);
    zmq_setsockopt(member->socket, ZMQ_CURVE_SERVERKEY, server_key, KEY_BYTES);
    zmq_setsockopt(member->socket, ZMQ_CURVE_PUBLICKEY, member->identity.transport_public, KEY_BYTES);
    zmq_setsockopt(member->socket, ZMQ_CURVE_SECRETKEY, member->identity.transport_secret, KEY_BYTES);
    if (zmq_connect(member->socket, endpoint) != 0) rig_fail("connect");
    zmq_getsockopt(member->socket, ZMQ_FD, &fd, &size);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = number};
    if (epoll_ctl(crowd->poll_fd, EPOLL_CTL_ADD, fd, &event) != 0) rig_fail("epoll");
}

void member_send(struct member *member, const void *bytes, size_t count)
{
    if (zmq_send(member->socket, bytes, count, 0) < 0) rig_fail("send: %s", zmq_strerror(zmq_errno()));
    member->touched = true;
}

static void greet(const struct crowd *crowd, struct member *member)
{
    struct pack pack;
    struct hello hello = {.protocol_oldest = PROTOCOL_OLDEST,
                          .protocol_newest = PROTOCOL_VERSION,
                          .have = crowd->head,
                          .scope = member->scope,
                          .program = text_of("bench")};
    pack_init(&pack, 1024);
    hello_pack(&pack, &hello);
    member_send(member, pack.at, pack.used);
    pack_free(&pack);
}

struct greeting {
    const struct crowd *crowd;
    unsigned live;
};

/* A session that has something to catch up with greets again with the head that it was told. */
static void take_welcome(void *self, struct member *member, const void *bytes, size_t count)
{
    struct greeting *greeting = self;
    struct arena arena;
    struct frame frame;
    arena_init(&arena, 4 << 20);
    if (frame_read(bytes, count, false, &arena, &frame, NULL) == OK && frame.type == FRAME_WELCOME) {
        struct crowd now = *greeting->crowd;
        now.head = frame.as.welcome.head;
        member->scope = frame.as.welcome.scope;
        if (frame.as.welcome.pages)
            greet(&now, member);
        else
            greeting->live++;
    }
    arena_clear(&arena);
}

void crowd_connect(struct crowd *crowd, unsigned port, const uint8_t server_key[KEY_BYTES], bool strangers)
{
    char endpoint[64];
    struct greeting greeting = {crowd, 0};
    crowd->context = zmq_ctx_new();
    zmq_ctx_set(crowd->context, ZMQ_MAX_SOCKETS, (int)crowd->count + 16);
    crowd->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%u", port);
    for (unsigned i = 0; i < crowd->count; i++) {
        open_socket(crowd, i, endpoint, server_key);
        if (strangers)
            member_send(&crowd->members[i], "", 1);
        else
            greet(crowd, &crowd->members[i]);
    }
    int64_t until = clock_ns() + GREETING_SECONDS * 1000000000ll;
    while (!strangers && greeting.live < crowd->count) {
        crowd_poll(crowd, 100, take_welcome, &greeting);
        if (clock_ns() > until) rig_fail("%u of %u were welcomed", greeting.live, crowd->count);
    }
}

void crowd_part(struct crowd *crowd)
{
    for (unsigned i = 0; i < crowd->count; i++) {
        if (crowd->members[i].socket != NULL) zmq_close(crowd->members[i].socket);
        crowd->members[i].socket = NULL;
    }
    close(crowd->poll_fd);
    zmq_ctx_term(crowd->context);
    crowd->context = NULL;
}

void crowd_free(struct crowd *crowd)
{
    free(crowd->members);
    *crowd = (struct crowd){.count = 0};
}

/* ---- frames ---- */

size_t crowd_submit(const struct crowd *crowd, struct member *member, struct command *command, struct pack *packed)
{
    struct pack bytes, frame;
    uint8_t signature[SIGNATURE_BYTES];
    pack_init(&bytes, COMMAND_BYTES_MAX);
    pack_init(&frame, REQUEST_BYTES_MAX);
    command->counter = ++member->counter;
    command->given = record_mask(&command->args);
    command_pack(&bytes, command);
    command_sign(&member->identity, crowd->registry, bytes.at, bytes.used, signature);
    command_frame_pack(packed != NULL ? packed : &frame, bytes.at, bytes.used, signature);
    size_t count = packed != NULL ? packed->used : frame.used;
    if (packed == NULL) member_send(member, frame.at, frame.used);
    pack_free(&bytes);
    pack_free(&frame);
    return count;
}

/* Takes all that has come for a member; returns how many frames. */
static unsigned drain(struct member *member, crowd_take *take, void *self)
{
    unsigned taken = 0;
    member->touched = false;
    for (;; taken++) {
        zmq_msg_t message;
        zmq_msg_init(&message);
        bool got = zmq_msg_recv(&message, member->socket, ZMQ_DONTWAIT) >= 0;
        if (got && take != NULL) take(self, member, zmq_msg_data(&message), zmq_msg_size(&message));
        zmq_msg_close(&message);
        if (!got) return taken;
    }
}

void crowd_poll(struct crowd *crowd, int timeout_ms, crowd_take *take, void *self)
{
    struct epoll_event events[64];
    unsigned taken = 0;
    for (unsigned i = 0; i < crowd->count; i++)
        if (crowd->members[i].touched) taken += drain(&crowd->members[i], take, self);
    int ready = epoll_wait(crowd->poll_fd, events, 64, taken > 0 ? 0 : timeout_ms);
    for (int i = 0; i < ready; i++)
        drain(&crowd->members[events[i].data.u32], take, self);
}

unsigned frame_type(const void *bytes, size_t count)
{
    const uint8_t *at = bytes;
    return count >= 2 && (at[0] & 0xf0) == 0x90 && at[1] < 0x80 ? at[1] : 0;
}
