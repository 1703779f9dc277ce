/* crowd.h - many operators' connections in one process and one thread, hand-made as in tests/lib/raw.h;
 * enrolled as tests/lib/devices.h does it. */
#ifndef TESTS_BENCH_CROWD_H
#define TESTS_BENCH_CROWD_H

#include "tests/lib/devices.h"
#include "tests/lib/rig.h"

struct member {
    void *socket;
    bool touched; /* something was sent: libzmq may have taken note of what came, and its descriptor is quiet */
    struct identity identity;
    struct actor actor;
    uint32_t scope;
    uint64_t counter;         /* of the last command */
    uint64_t project;         /* that he reports on; for figures that want one */
    uint64_t record, version; /* what his last act was about, and its number */
    bool halted;              /* what it is about was recalled */
};

struct crowd {
    void *context;
    int poll_fd; /* epoll over the sockets; data.u32 is the member */
    unsigned count, room;
    struct member *members;
    uint8_t registry[REGISTRY_ID_BYTES], server_key[KEY_BYTES];
    uint64_t head; /* of the registry when it was last opened here */
};

/* As devices_visit and devices_leave, and notes whose registry it is and where its journal stands. */
void crowd_visit(struct crowd *crowd, struct console *console, const char *registry);
void crowd_leave(struct crowd *crowd, struct console *console);

/* A device for the operator, and a member who holds its keys. */
struct member *crowd_enrol(struct crowd *crowd, struct console *console, uint64_t operator);

/* One device for each active operator, the one of the login first, until there are so many; then second ones. */
void crowd_fill(struct crowd *crowd, struct console *console, const char *first, unsigned count);

/* Connects everybody and greets so that nothing has to be caught up with; returns when all are live. With
 * `strangers` the connections are only made, and a byte is said: for the throw-away daemon. */
void crowd_connect(struct crowd *crowd, unsigned port, const uint8_t server_key[KEY_BYTES], bool strangers);
void crowd_part(struct crowd *crowd);
void crowd_free(struct crowd *crowd);

/* Signs and sends a command of the member's; its number, author's time and frame are filled in. Returns the
 * bytes of the frame. `packed` (may be NULL) gets it instead of the socket. */
size_t crowd_submit(const struct crowd *crowd, struct member *member, struct command *command, struct pack *packed);
void member_send(struct member *member, const void *bytes, size_t count);

/* Calls `take` for each frame of each member that has come, waiting at most timeout_ms for the first. */
typedef void crowd_take(void *self, struct member *member, const void *bytes, size_t count);
void crowd_poll(struct crowd *crowd, int timeout_ms, crowd_take *take, void *self);

/* The type of a packed frame; 0 when it is none. */
unsigned frame_type(const void *bytes, size_t count);

#endif
