/* net.h - the daemon's sockets: ROUTER with CURVE for clients, the ZAP handler that lets them in, and a
 * local control socket. The only user of zmq.h in the daemon.
 *
 * Who a message is from is what ZAP said of the key of its connection, read from the last frame (libzmq
 * 4.3.4 loses it on the first one after a poll); a message without it is dropped. Routing ids that a peer
 * chose are not accepted. */
#ifndef SERVER_NET_H
#define SERVER_NET_H

#include "proto/err.h"
#include "proto/identity.h"
#include "proto/text.h"

#include <stdbool.h>
#include <stdint.h>

struct net;

/* Says whether the holder of a transport key may connect, and as whom: *user is the device's id, negative
 * when the key is a ticket's. ERR_NOT_FOUND: nobody knows the key; any other error: not now. Called from
 * net_wait. */
typedef enum err net_admit(void *self, const uint8_t key[KEY_BYTES], int64_t *user);

struct net_options {
    const char *endpoint; /* tcp://127.0.0.1:7009, tcp://[::]:7009, tcp://127.0.0.1:* */
    const char *control;  /* ipc:// path, or NULL: none */
    const struct identity *identity;
    net_admit *admit;
    void *self;
};

enum err net_open(const struct net_options *options, struct net **net, struct refusal *why);
void net_close(struct net *net);

/* The endpoint that was really bound, for instance with the port that the system chose. */
const char *net_endpoint(const struct net *net);

/* Waits until a socket or one of the file descriptors is readable, or `timeout_ms` (-1: for ever) is over.
 * Serves ZAP on the way. ready[i] tells of fds[i]. */
void net_wait(struct net *net, int timeout_ms, const int *fds, bool *ready, unsigned count);

/* Of a connection: chosen by the ROUTER, never 0. */
typedef uint32_t peer_t;

struct message {
    peer_t peer;
    int64_t user;     /* as admitted */
    struct text body; /* valid until the next net_receive */
};

/* The next message from a client; false when there is none now. Malformed envelopes are dropped. */
bool net_receive(struct net *net, struct message *message);

/* Copies and queues. ERR_BUSY: the peer takes nothing at the moment; ERR_NOT_FOUND: it is gone. */
enum err net_send(struct net *net, peer_t peer, const void *bytes, size_t count);

/* One line from the control socket, answered by control_reply. False when there is none. */
bool control_receive(struct net *net, char *line, size_t max);
void control_reply(struct net *net, const char *line);

/* Sends a line to a control socket and waits for the answer. ERR_NO_LINK. */
enum err control_ask(const char *endpoint, const char *line, int timeout_ms, char *answer, size_t max);

/* Connects with a key that nobody knows, and must be turned away. ERR_INTERNAL when it is let in or no
 * verdict comes within 5 s: then the daemon must not serve. */
enum err net_self_test(struct net *net, struct refusal *why);

#endif
