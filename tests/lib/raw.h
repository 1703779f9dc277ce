/* raw.h - a hand-made client that ignores every check of the real one: for sending the daemon whatever.
 *
 * It speaks frames over a CURVE DEALER with keys of the test's choice. */
#ifndef TESTS_LIB_RAW_H
#define TESTS_LIB_RAW_H

#include "proto/wire.h"
#include "tests/lib/rig.h"

struct raw {
    void *context, *socket, *monitor;
    struct identity identity;
    struct key_card card;
    struct arena arena;
    uint64_t counter; /* of the last command */
};

/* The keys of an operator that the rig enrolled. */
void raw_identity(struct rig *rig, const char *login, struct identity *identity, struct key_card *card);

/* Connects with an operator's keys. routing: a routing id of the peer's own choice, or NULL. */
void raw_open(struct raw *raw, struct rig *rig, const char *login, const char *routing);
/* Connects with any transport key; the daemon's key comes from `login`'s key file. */
void raw_open_key(struct raw *raw, struct rig *rig, const char *login, const uint8_t public[KEY_BYTES],
                  const uint8_t secret[KEY_BYTES], const char *routing);
void raw_close(struct raw *raw);

/* 1 admitted, 0 turned away, -1 nothing within the time. */
int raw_admitted(struct raw *raw, int timeout_ms);

void raw_send(struct raw *raw, const void *bytes, size_t count);
/* The next frame of the daemon; false when none comes within the time. */
bool raw_receive(struct raw *raw, struct frame *frame, int timeout_ms);
/* Skips frames until one of the type comes. */
bool raw_expect(struct raw *raw, enum frame_type type, struct frame *frame, int timeout_ms);

/* Says hello with nothing and waits for the welcome. */
bool raw_greet(struct raw *raw, struct welcome *welcome);

/* Packs, signs (with `by`, or not at all when NULL) and sends a command; returns what comes for it. */
struct refusal raw_command(struct raw *raw, struct command *command, const struct identity *by);
/* The bytes of the last command and its signature, to send them again. */
void raw_pack_command(struct raw *raw, const struct command *command, const struct identity *by, struct pack *pack);

#endif
