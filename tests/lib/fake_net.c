/* fake_net.c - see fake_net.h. */
#include "tests/lib/fake_net.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void fake_net_init(struct net *net)
{
    memset(net, 0, sizeof *net);
}

void fake_net_free(struct net *net)
{
    for (peer_t peer = 0; peer < FAKE_PEERS_MAX; peer++)
        for (struct fake_frame *frame; (frame = fake_net_take(net, peer)) != NULL;)
            free(frame);
}

struct fake_frame *fake_net_take(struct net *net, peer_t peer)
{
    struct fake_peer *to = &net->peers[peer];
    struct fake_frame *frame = to->first;
    if (frame == NULL) return NULL;
    to->first = frame->next;
    if (to->first == NULL) to->last = NULL;
    return frame;
}

enum err net_send(struct net *net, peer_t peer, const void *bytes, size_t count)
{
    assert(peer < FAKE_PEERS_MAX);
    struct fake_peer *to = &net->peers[peer];
    if (to->err != OK) return to->err;
    struct fake_frame *frame = malloc(sizeof *frame + count);
    if (frame == NULL) abort();
    frame->next = NULL;
    frame->count = count;
    memcpy(frame->bytes, bytes, count);
    if (to->last != NULL)
        to->last->next = frame;
    else
        to->first = frame;
    to->last = frame;
    to->frames++;
    to->bytes += count;
    if (count > to->longest) to->longest = count;
    return OK;
}
