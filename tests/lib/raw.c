/* raw.c - see raw.h. */
#include "tests/lib/raw.h"

#include "client/core/profile.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

void raw_identity(struct rig *rig, const char *login, struct identity *identity, struct key_card *card)
{
    struct profile profile;
    struct refusal why;
    char home[300];
    uint8_t seed[SEED_BYTES];
    rig_enrol(rig, login);
    rig_home(rig, login, home, sizeof home);
    setenv("DUBAN_HOME", home, 1);
    if (sodium_init() < 0 || profile_load(login, &profile, &why) != OK ||
        profile_unlock(&profile, "duban-demo", seed) != OK)
        rig_fail("keys of %s", login);
    unsetenv("DUBAN_HOME");
    identity_from_seed(identity, seed);
    *card = profile.card;
}

void raw_open_key(struct raw *raw, struct rig *rig, const char *login, const uint8_t public[KEY_BYTES],
                  const uint8_t secret[KEY_BYTES], const char *routing)
{
    char endpoint[64];
    static unsigned count;
    char monitor[64];
    int zero = 0;
    *raw = (struct raw){.context = zmq_ctx_new()};
    raw_identity(rig, login, &raw->identity, &raw->card);
    arena_init(&raw->arena, 64 << 20);
    raw->socket = zmq_socket(raw->context, ZMQ_DEALER);
    zmq_setsockopt(raw->socket, ZMQ_LINGER, &zero, sizeof zero);
    zmq_setsockopt(raw->socket, ZMQ_CURVE_SERVERKEY, raw->card.server_transport, KEY_BYTES);
    zmq_setsockopt(raw->socket, ZMQ_CURVE_PUBLICKEY, public, KEY_BYTES);
    zmq_setsockopt(raw->socket, ZMQ_CURVE_SECRETKEY, secret, KEY_BYTES);
    if (routing != NULL) zmq_setsockopt(raw->socket, ZMQ_ROUTING_ID, routing, strlen(routing));
    snprintf(monitor, sizeof monitor, "inproc://raw-%u", count++);
    zmq_socket_monitor(raw->socket, monitor,
                       ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_DISCONNECTED);
    raw->monitor = zmq_socket(raw->context, ZMQ_PAIR);
    zmq_setsockopt(raw->monitor, ZMQ_LINGER, &zero, sizeof zero);
    zmq_connect(raw->monitor, monitor);
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%u", rig->port);
    if (zmq_connect(raw->socket, endpoint) != 0) rig_fail("connect");
}

void raw_open(struct raw *raw, struct rig *rig, const char *login, const char *routing)
{
    struct identity identity;
    struct key_card card;
    raw_identity(rig, login, &identity, &card);
    raw_open_key(raw, rig, login, identity.transport_public, identity.transport_secret, routing);
}

void raw_close(struct raw *raw)
{
    zmq_socket_monitor(raw->socket, NULL, 0);
    zmq_close(raw->monitor);
    zmq_close(raw->socket);
    zmq_ctx_term(raw->context);
    arena_clear(&raw->arena);
}

int raw_admitted(struct raw *raw, int timeout_ms)
{
    zmq_setsockopt(raw->monitor, ZMQ_RCVTIMEO, &timeout_ms, sizeof timeout_ms);
    for (;;) {
        uint8_t event[16];
        char address[256];
        uint16_t number;
        if (zmq_recv(raw->monitor, event, sizeof event, 0) < 0) return -1;
        memcpy(&number, event, sizeof number);
        zmq_recv(raw->monitor, address, sizeof address, 0);
        if (number == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) return 1;
        if (number == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) return 0;
    }
}

void raw_send(struct raw *raw, const void *bytes, size_t count)
{
    if (zmq_send(raw->socket, bytes, count, 0) < 0) rig_fail("send");
}

bool raw_receive(struct raw *raw, struct frame *frame, int timeout_ms)
{
    zmq_msg_t message;
    zmq_setsockopt(raw->socket, ZMQ_RCVTIMEO, &timeout_ms, sizeof timeout_ms);
    zmq_msg_init(&message);
    bool got = zmq_msg_recv(&message, raw->socket, 0) >= 0;
    if (got) {
        size_t count = zmq_msg_size(&message);
        const char *kept = arena_copy(&raw->arena, zmq_msg_data(&message), count);
        struct refusal why;
        if (frame_read(kept, count, false, &raw->arena, frame, &why) != OK) rig_fail("bad frame: %s", why.text);
    }
    zmq_msg_close(&message);
    return got;
}

bool raw_expect(struct raw *raw, enum frame_type type, struct frame *frame, int timeout_ms)
{
    while (raw_receive(raw, frame, timeout_ms))
        if (frame->type == type) return true;
    return false;
}

bool raw_greet(struct raw *raw, struct welcome *welcome)
{
    struct pack pack;
    struct frame frame;
    struct hello hello = {
        .protocol_oldest = PROTOCOL_OLDEST, .protocol_newest = PROTOCOL_VERSION, .program = text_of("raw")};
    pack_init(&pack, 1024);
    hello_pack(&pack, &hello);
    raw_send(raw, pack.at, pack.used);
    pack_free(&pack);
    if (!raw_expect(raw, FRAME_WELCOME, &frame, 5000)) return false;
    *welcome = frame.as.welcome;
    raw->counter = welcome->counter;
    return true;
}

void raw_pack_command(struct raw *raw, const struct command *command, const struct identity *by, struct pack *pack)
{
    struct pack bytes;
    uint8_t signature[SIGNATURE_BYTES];
    pack_init(&bytes, COMMAND_BYTES_MAX);
    command_pack(&bytes, command);
    if (by != NULL) command_sign(by, raw->card.registry, bytes.at, bytes.used, signature);
    command_frame_pack(pack, bytes.at, bytes.used, by != NULL ? signature : NULL);
    pack_free(&bytes);
}

struct refusal raw_command(struct raw *raw, struct command *command, const struct identity *by)
{
    struct pack pack;
    struct frame frame;
    if (command->counter == 0) command->counter = ++raw->counter;
    pack_init(&pack, REQUEST_BYTES_MAX);
    raw_pack_command(raw, command, by, &pack);
    raw_send(raw, pack.at, pack.used);
    pack_free(&pack);
    while (raw_receive(raw, &frame, 10000)) {
        if (frame.type == FRAME_ANSWER && frame.as.answer.counter == command->counter)
            return (struct refusal){.err = OK, .number = (int64_t)frame.as.answer.number};
        if (frame.type == FRAME_REFUSED) return frame.as.refused.why;
        if (frame.type == FRAME_LEAVE) return (struct refusal){.err = frame.as.leave.err};
    }
    return (struct refusal){.err = ERR_NO_LINK};
}
