/* link.h - the one connection to the daemon: frames out, frames in, and a true account of its state.
 *
 * A new socket for every attempt, so that nothing queued for an old connection is ever sent on a new one.
 * Attempts go to the daemon's addresses in turn and are spaced with growing, random pauses. A connection that is
 * doubted is kept while another is attempted beside it; the first that speaks is the one. The only user of zmq.h in
 * the client. */
#ifndef CLIENT_CORE_LINK_H
#define CLIENT_CORE_LINK_H

#include "client/core/address.h"

#include "proto/identity.h"
#include "proto/text.h"

#include <stdbool.h>
#include <stdint.h>

struct link;

enum link_state {
    LINK_OFF,        /* not wanted */
    LINK_CONNECTING, /* TCP and the CURVE handshake */
    LINK_OPEN,       /* the daemon let us in: frames can be sent */
    LINK_PAUSED,     /* waiting for the next attempt */
    LINK_REFUSED,    /* the daemon does not know our key; tried again only now and then */
};

struct link_keys {
    uint8_t server_key[KEY_BYTES];
    uint8_t public_key[KEY_BYTES], secret_key[KEY_BYTES]; /* ours */
};

enum err link_new(const struct addresses *addresses, const struct link_keys *keys, struct link **link);
void link_free(struct link *link);

/* Begins to connect, and goes on until link_stop. */
void link_start(struct link *link);
void link_stop(struct link *link);

/* Where to look from the next attempt on. What is open or under way stays. */
void link_move(struct link *link, const struct addresses *addresses);

/* Gives the present connection up and tries again after a pause (at once when `now`). */
void link_retry(struct link *link, bool now);

/* The daemon has welcomed us: only now the next pause is a short one again. One that lets us in and then drops us
 * must not see us every second. */
void link_settle(struct link *link);

/* Something is not answered: another connection is attempted beside this one, which it replaces when it is open before
 * this one has spoken. Nothing is lost when the line was merely slow. */
void link_doubt(struct link *link);

enum link_state link_state(const struct link *link);

/* The number of the present connection: another one has another. */
unsigned link_number(const struct link *link);

/* Milliseconds since the last byte came, of whatever frame. INT64_MAX: not known. */
int64_t link_quiet_ms(const struct link *link);

/* Where the present attempt goes, or the last one went. */
const struct address *link_place(const struct link *link);

/* Did something answer there time and again that is not our daemon: it closed before it had proved the key? */
bool link_meets_stranger(const struct link *link);

/* Waits for something to read on the connection or on one of the descriptors, at most timeout_ms (-1: as
 * long as it takes), and attends to connecting. ready[i] tells of fds[i]. */
void link_wait(struct link *link, int timeout_ms, const int *fds, bool *ready, unsigned count);

/* Queues a frame; false when the link is not open or takes nothing. */
bool link_send(struct link *link, const void *bytes, size_t count);

/* The next frame, valid until the next call; false when there is none now. */
bool link_receive(struct link *link, struct text *frame);

/* Payload bytes of frames so far, both ways, for measurements. */
void link_counts(const struct link *link, uint64_t *sent, uint64_t *received);

/* Monotonic milliseconds. */
int64_t now_ms(void);

#endif
