/* serve.h - the daemon at work: one loop over sockets, signals and deadlines. */
#ifndef SERVER_SERVE_H
#define SERVER_SERVE_H

#include "server/clock.h"
#include "server/engine.h"
#include "server/net.h"
#include "server/past.h"
#include "server/session.h"
#include "server/verify.h"

enum { BATCH_MAX = VERIFY_MAX };

/* The settings of a registry directory (duband.conf) with what the command line adds. */
struct config {
    char directory[2048];
    char listen[256];  /* tcp://ADDRESS:PORT */
    char address[300]; /* host:port as clients reach it; stands on tickets */
    int64_t map_mb, reserve_mb;
};

/* Defaults, then DIR/duband.conf. ERR_FORMAT with line and key in *why. */
enum err config_load(struct config *config, const char *directory, struct refusal *why);
/* The options of the store that follow from it. */
struct store_options config_store(const struct config *config);
/* Splits `address` into host and port for a ticket. */
bool config_address(const struct config *config, char *host, size_t max, uint16_t *port);

/* The real time at which a daemon was last known to serve the registry; false when none ever was. */
bool last_alive(const struct config *config, stamp_t *alive);
/* Where a demo's clock stands while nobody serves it: when it was last served, or at the journal's last entry. */
stamp_t clock_rested(const struct clock *clock, const struct config *config, stamp_t head);

struct serve {
    struct config config;
    struct store *store;
    struct engine engine;
    struct net *net;
    struct sessions sessions;
    struct clock clock;
    struct arena arena;   /* of one message or query */
    struct arena pending; /* of the commands that wait for the next commit */
    struct request requests[BATCH_MAX];
    peer_t peers[BATCH_MAX]; /* who sent them */
    unsigned request_count;
    struct verifier verifier; /* of the requests' signatures */
    struct past past;         /* the registry as it stood, for those who ask */
    struct page_job *page;    /* the page of it that is being made; NULL: none */
    bool held;                /* the registry's clock jumped: no automatic consequences */
    stamp_t next_due;         /* of the first clock that will run out; 0: none */
    bool demo;
    uint32_t generation; /* 0, or what the last restore drew: then no view from before it goes on */
};

/* Runs until a signal ends it. Exit status of the program. */
int serve_run(const struct config *config);

/* dispatch.c: takes one message from a client; commands are queued in `requests`. */
void serve_message(struct serve *serve, const struct message *message);
/* Sends pages to those who wait for one, in turn, until that monotonic time. */
void serve_pages(struct serve *serve, int64_t until_ms);
/* Tells those who have waited for seconds that they are not forgotten. */
void serve_patience(struct serve *serve);
/* Answers a request that is not even tried. */
void serve_refuse(struct serve *serve, peer_t peer, const struct request *request);
/* admit.c of ZAP: who may connect. */
enum err serve_admit(void *self, const uint8_t key[KEY_BYTES], int64_t *user);
/* Says goodbye to the sessions of devices and operators that may no longer be there, or whose view changed. */
void serve_recheck(struct serve *serve);

/* commit.c: decides all queued commands in one transaction, answers, pushes. Ends the process when the
 * outcome of a commit is unknown. */
void serve_commit(struct serve *serve);
/* Runs one command of the registry's own, in a transaction of its own. */
enum err serve_own(struct serve *serve, unsigned kind, unsigned action, uint64_t target, stamp_t said,
                   const struct record *args);
/* The same for one that somebody gives at the daemon's console. */
enum err serve_console(struct serve *serve, unsigned action, uint64_t target, stamp_t time, const struct record *args,
                       struct refusal *why);
/* Enters a schedule for each job of the registry that has none yet: a new registry, or a newer version's job. */
void serve_schedules(struct serve *serve);
/* Runs the clocks that have run out by now, each once and in order; finds the next. */
void serve_clocks(struct serve *serve);

#endif
