/* server_fuzz.c - a daemon that is told anything by clients it admitted: it answers each or turns it away.
 *
 * Input: messages, each a byte that says whose it is and a frame behind its length in two bytes. Real sessions,
 * queries and a store in memory; the network is fake. Commands are checked as far as their signature: what they do
 * is for acts_fuzz. */
#include "server/as_of.h"
#include "server/log.h"
#include "server/serve.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lib/disk.h"
#include "tests/lib/fake_net.h"

#include <poll.h>

enum { MESSAGES_MAX = 24, PEERS = 6 };

static struct disk disk;
static struct serve serve;
static struct net net;
static int64_t users[PEERS];

static void end(void)
{
    as_of_close(&serve);
    disk_free(&disk);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const char *const logins[PEERS - 2] = {"XMB", "HRX", "PJX", "ADM"};
    (void)argc;
    (void)argv;
    log_set_level(LOG_ERROR);
    disk_init(&disk, NULL);
    atexit(end);
    for (unsigned i = 0; i < PEERS - 2; i++)
        users[i] = (int64_t)disk_person(&disk, logins[i])->device;
    users[PEERS - 2] = -users[0]; /* the holder of a ticket */
    users[PEERS - 1] = 9999;      /* a device that is not there */
    struct record registry = disk_get(&disk, KIND_registry, 1);
    fake_net_init(&net);
    serve.store = disk.store;
    serve.engine = disk.engine;
    serve.net = &net;
    verifier_start(&serve.verifier, serve.engine.registry);
    arena_init(&serve.arena, 64 << 20);
    arena_init(&serve.pending, 64 << 20);
    clock_init(&serve.clock, &registry);
    past_init(&serve.past, serve.store);
    return 0;
}

/* What it said can be read. */
static void hear(void)
{
    struct arena arena;
    arena_init(&arena, 64 << 20);
    for (peer_t peer = 1; peer <= PEERS; peer++)
        for (struct fake_frame *sent; (sent = fake_net_take(&net, peer)) != NULL; free(sent)) {
            struct frame frame;
            HOLDS(frame_read(sent->bytes, sent->count, false, &arena, &frame, NULL) == OK);
            arena_reuse(&arena);
        }
    arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    sessions_init(&serve.sessions);
    for (unsigned i = 0; i < MESSAGES_MAX && input.left > 0; i++) {
        unsigned who = input_byte(&input) % PEERS;
        struct message message = {.peer = who + 1, .user = users[who], .body = input_long_text(&input)};
        serve_message(&serve, &message);
        serve_pages(&serve, INT64_MAX);
    }
    verifier_wait(&serve.verifier);
    while (!past_rests(&serve.past))
        poll(&(struct pollfd){serve.past.wake, POLLIN, 0}, 1, 1000);
    as_of_tend(&serve);
    hear();
    HOLDS(serve.engine.head.number == disk.engine.head.number);
    serve.request_count = 0;
    arena_reuse(&serve.pending);
    sessions_free(&serve.sessions);
    return 0;
}
