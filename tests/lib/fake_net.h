/* fake_net.h - net_send without a network: keeps the frames that the daemon would send to each peer.
 *
 * A test that refers to it gets it in place of server/net.c's; nothing else of net.h is there then. */
#ifndef TESTS_LIB_FAKE_NET_H
#define TESTS_LIB_FAKE_NET_H

#include "server/net.h"

enum { FAKE_PEERS_MAX = 64 };

struct fake_frame {
    struct fake_frame *next;
    size_t count;
    uint8_t bytes[];
};

/* All that is known of the network; peers count from 1. */
struct net {
    struct fake_peer {
        struct fake_frame *first, *last; /* not taken yet */
        enum err err;                    /* what sending gives now: OK, ERR_BUSY, ERR_NOT_FOUND */
        unsigned frames;                 /* so far */
        size_t bytes, longest;
    } peers[FAKE_PEERS_MAX];
};

void fake_net_init(struct net *net);
void fake_net_free(struct net *net);

/* The oldest frame to a peer that was not taken yet; the caller frees it. NULL when there is none. */
struct fake_frame *fake_net_take(struct net *net, peer_t peer);

#endif
