/* relay.h - a bad line between clients and the daemon: a TCP relay on the loopback that can be cut, stalled,
 * slowed to single bytes, or be half open.
 *
 * It runs in a thread of the test. Connections are accepted as long as the relay is up; what the modes do is
 * done to all of them. */
#ifndef TESTS_LIB_RELAY_H
#define TESTS_LIB_RELAY_H

#include <stdbool.h>
#include <stdint.h>

struct relay;

enum relay_mode {
    RELAY_OPEN,    /* passes everything on */
    RELAY_BYTES,   /* passes on one byte at a time */
    RELAY_STALLED, /* takes nothing from either side; connections stay */
    RELAY_DEAF,    /* half open: passes on what the client says, and nothing of what the daemon answers */
    RELAY_DROPS,   /* lets the handshake pass, and cuts when the daemon says more: nobody is welcomed */
    RELAY_CUT,     /* connections are reset, new ones as well */
};

/* Listens on a port of the loopback (0: a free one) and relays to another. */
struct relay *relay_new(unsigned port, unsigned to_port);
void relay_free(struct relay *relay);
unsigned relay_port(const struct relay *relay);

/* Sets the mode; returns when it is in force. */
void relay_set(struct relay *relay, enum relay_mode mode);

/* In RELAY_OPEN: cuts every connection as soon as so many further bytes have passed from the daemon to
 * clients (to_client) or the other way, and goes on with RELAY_OPEN for new ones. 0: never. */
void relay_cut_after(struct relay *relay, bool to_client, uint64_t bytes);

/* In RELAY_OPEN: as soon as so many further bytes have passed from the daemon to clients, nothing more does, as in
 * RELAY_STALLED, until a mode is set; which also ends the waiting for it. */
void relay_stall_after(struct relay *relay, uint64_t bytes);

/* So far: bytes in both directions, connections. */
uint64_t relay_bytes(const struct relay *relay, bool to_client);
unsigned relay_connections(const struct relay *relay);

#endif
