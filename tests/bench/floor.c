/* floor.c - see floor.h. */
#include "tests/bench/floor.h"

#include "tests/lib/rig.h"

#include <lmdb.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

enum { PEERS_MAX = 1024, ROUTING_BYTES = 5, BYTES_MAX = 65536 };

void floor_identity(struct identity *identity)
{
    static const uint8_t seed[SEED_BYTES] = "the floor has no secrets";
    identity_from_seed(identity, seed);
}

pid_t floor_start(const struct bench *bench, const char *directory, unsigned port, const struct floor_sizes *sizes)
{
    char numbers[4][16];
    const unsigned values[4] = {port, sizes->record, sizes->journal, sizes->push};
    for (unsigned i = 0; i < 4; i++)
        snprintf(numbers[i], sizeof numbers[i], "%u", values[i]);
    pid_t pid = fork();
    if (pid < 0) rig_fail("fork");
    if (pid > 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execl(bench->self, bench->self, "floor", directory, numbers[0], numbers[1], numbers[2], numbers[3], (char *)NULL);
    _exit(127);
}

void floor_stop(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

struct floor {
    MDB_env *env;
    MDB_dbi records, journal;
    void *router;
    struct floor_sizes sizes;
    uint8_t peers[PEERS_MAX][ROUTING_BYTES];
    unsigned peer_count;
    uint64_t number;
    uint8_t bytes[BYTES_MAX];
};

static void must(int rc, const char *what)
{
    if (rc != 0) rig_fail("floor: %s %d", what, rc);
}

static void open_store(struct floor *floor, const char *directory)
{
    MDB_txn *txn;
    must(mdb_env_create(&floor->env), "env");
    must(mdb_env_set_maxdbs(floor->env, 2), "dbs");
    must(mdb_env_set_mapsize(floor->env, 64ull << 30), "map");
    must(mdb_env_open(floor->env, directory, MDB_NOTLS, 0600), "open");
    must(mdb_txn_begin(floor->env, NULL, 0, &txn), "begin");
    must(mdb_dbi_open(txn, "record", MDB_CREATE, &floor->records), "record");
    must(mdb_dbi_open(txn, "journal", MDB_CREATE, &floor->journal), "journal");
    must(mdb_txn_commit(txn), "commit");
}

static void open_router(struct floor *floor, const char *port)
{
    struct identity identity;
    char endpoint[64];
    int one = 1;
    floor_identity(&identity);
    floor->router = zmq_socket(zmq_ctx_new(), ZMQ_ROUTER);
    zmq_setsockopt(floor->router, ZMQ_CURVE_SERVER, &one, sizeof one);
    zmq_setsockopt(floor->router, ZMQ_CURVE_SECRETKEY, identity.transport_secret, KEY_BYTES);
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%s", port);
    must(zmq_bind(floor->router, endpoint), "bind");
}

/* Record keys are random, those of the journal ascend. */
static void commit(struct floor *floor)
{
    MDB_txn *txn;
    uint64_t key, place = __builtin_bswap64(++floor->number);
    randombytes_buf(&key, sizeof key);
    MDB_val name = {sizeof key, &key}, data = {floor->sizes.record, floor->bytes};
    must(mdb_txn_begin(floor->env, NULL, 0, &txn), "begin");
    must(mdb_put(txn, floor->records, &name, &data, 0), "put");
    name = (MDB_val){sizeof place, &place};
    data.mv_size = floor->sizes.journal;
    must(mdb_put(txn, floor->journal, &name, &data, MDB_APPEND), "append");
    must(mdb_txn_commit(txn), "commit");
}

static void push(struct floor *floor)
{
    for (unsigned i = 0; i < floor->peer_count; i++) {
        zmq_send(floor->router, floor->peers[i], ROUTING_BYTES, ZMQ_SNDMORE | ZMQ_DONTWAIT);
        zmq_send(floor->router, floor->bytes, floor->sizes.push, ZMQ_DONTWAIT);
    }
}

int floor_main(int argc, char **argv)
{
    static struct floor floor;
    uint8_t routing[ROUTING_BYTES], body[BYTES_MAX];
    if (argc != 5) return 2;
    floor.sizes = (struct floor_sizes){(unsigned)atoi(argv[2]), (unsigned)atoi(argv[3]), (unsigned)atoi(argv[4])};
    randombytes_buf(floor.bytes, sizeof floor.bytes);
    open_store(&floor, argv[0]);
    open_router(&floor, argv[1]);
    for (;;) {
        if (zmq_recv(floor.router, routing, sizeof routing, 0) != ROUTING_BYTES) continue;
        int count = zmq_recv(floor.router, body, sizeof body, 0);
        if (count == 1 && floor.peer_count < PEERS_MAX) {
            memcpy(floor.peers[floor.peer_count++], routing, ROUTING_BYTES); /* says that it is there... */
            zmq_send(floor.router, routing, ROUTING_BYTES, ZMQ_SNDMORE);
            zmq_send(floor.router, body, 1, 0); /* ...and hears so */
            continue;
        }
        commit(&floor);
        push(&floor);
    }
}
