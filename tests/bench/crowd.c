/* crowd.c - see crowd.h. */
#include "tests/bench/crowd.h"

#include "tests/bench/bench.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <zmq.h>

enum { GREETING_SECONDS = 60 };

/* ---- enrolling ---- */

static void must(enum err err, const struct refusal *why, const char *what)
{
    if (err != OK) rig_fail("%s: %s %s", what, err_name(err), why != NULL ? why->text : "");
}

void crowd_visit(struct crowd *crowd, struct console *console, const char *registry)
{
    struct refusal why = {.err = OK};
    must(console_open(console, registry, &why), &why, registry);
    must(console_begin(console, &why), &why, "batch");
    memcpy(crowd->registry, console->engine.registry, sizeof crowd->registry);
    memcpy(crowd->server_key, console->engine.identity.transport_public, KEY_BYTES);
}

void crowd_leave(struct crowd *crowd, struct console *console)
{
    struct refusal why = {.err = OK};
    must(console_commit(console, &why), &why, "commit");
    crowd->head = console->engine.head.number;
    console_close(console);
}

uint64_t operator_named(struct console *console, const char *login)
{
    uint64_t id = state_find_text(console_space(console), IX_operator_login, login);
    if (id == 0) rig_fail("no operator %s", login);
    return id;
}

static uint64_t invite(struct console *console, uint64_t operator)
{
    struct refusal why = {.err = OK};
    uint8_t secret[KEY_BYTES], public[KEY_BYTES];
    uint64_t device = 0;
    struct record args = record_make(KIND_device, 0);
    randombytes_buf(secret, sizeof secret);
    crypto_scalarmult_base(public, secret);
    rec_set(&args, device_operator, (int64_t) operator);
    rec_set_text(&args, device_transport_key, (struct text){(const char *)public, KEY_BYTES});
    must(console_do(console, ACT_device_invite, &args, &device, &why), &why, "invite");
    return device;
}

static void use_ticket(struct crowd *crowd, struct console *console, uint64_t device, const struct identity *identity)
{
    struct record record;
    struct pack pack;
    struct outcome outcome;
    uint8_t signature[SIGNATURE_BYTES];
    must(state_get(console_space(console), KIND_device, device, &console->arena, &record), NULL, "device");
    struct command command = {.counter = 1,
                              .kind = KIND_device,
                              .action = ACT_device_enrol,
                              .target = (int64_t)device,
                              .base = (int64_t)record.version,
                              .said = console->now,
                              .args = record_make(KIND_device, 0)};
    rec_set_text(&command.args, device_label, text_of("bench"));
    rec_set_text(&command.args, device_sign_key, (struct text){(const char *)identity->sign_public, KEY_BYTES});
    rec_set_text(&command.args, device_transport_key,
                 (struct text){(const char *)identity->transport_public, KEY_BYTES});
    command.given = record_mask(&command.args);
    pack_init(&pack, COMMAND_BYTES_MAX);
    command_pack(&pack, &command);
    command_sign(identity, crowd->registry, pack.at, pack.used, signature);
    struct request request = {.actor = {.type = ACTOR_TICKET, .device = device},
                              .command = {(const char *)pack.at, (uint32_t)pack.used},
                              .signature = {(const char *)signature, sizeof signature},
                              .verified = true,
                              .time = console->now};
    must(batch_try(&console->batch, &request, &console->arena, &outcome), NULL, "enrol");
    must(request.why.err, &request.why, "enrol");
    pack_free(&pack);
}

struct member *crowd_enrol(struct crowd *crowd, struct console *console, uint64_t operator)
{
    uint8_t seed[SEED_BYTES];
    if (crowd->count == crowd->room) {
        unsigned room = crowd->room > 0 ? 2 * crowd->room : 64;
        struct member *grown = realloc(crowd->members, room * sizeof *grown);
        if (grown == NULL) rig_fail("memory");
        crowd->members = grown;
        crowd->room = room;
    }
    struct member *member = &crowd->members[crowd->count++];
    *member = (struct member){.counter = 1};
    randombytes_buf(seed, sizeof seed);
    identity_from_seed(&member->identity, seed);
    uint64_t device = invite(console, operator);
    use_ticket(crowd, console, device, &member->identity);
    must(actor_load(console_space(console), device, &console->arena, &member->actor), NULL, "actor");
    member->scope = scope_of(&member->actor);
    arena_reuse(&console->arena);
    return member;
}

void crowd_fill(struct crowd *crowd, struct console *console, const char *first, unsigned count)
{
    crowd_enrol(crowd, console, operator_named(console, first));
    uint64_t id = 0;
    while (crowd->count < count) {
        struct record operator;
        id = state_next_id(console_space(console), KIND_operator, id);
        if (id == 0) continue; /* from the first again */
        must(state_get(console_space(console), KIND_operator, id, &console->arena, &operator), NULL, "operator");
        bool active = rec_state(&operator) == ST_operator_active;
        if (active) crowd_enrol(crowd, console, id);
    }
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
