/* verify.h - checking signatures beside the loop, on as many cores as there are.
 *
 * A signature costs more than all else that is done for a command before its commit. The loop hands requests
 * over as they come, goes on receiving, and checks some itself when nothing more has come; a single one is
 * not worth waking anybody. */
#ifndef SERVER_VERIFY_H
#define SERVER_VERIFY_H

#include "server/engine.h"

#include <pthread.h>

enum { VERIFY_MAX = 256, HELPERS_MAX = 3 };

struct verifier {
    const uint8_t *registry; /* id; borrowed */
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    struct request *handed[VERIFY_MAX]; /* since the last verifier_wait; not to be moved or read until then */
    unsigned added, taken, finished;
    bool stop;
    unsigned helpers;
    pthread_t threads[HELPERS_MAX];
};

/* Without a thread to be had the loop checks all of them. */
void verifier_start(struct verifier *verifier, const uint8_t registry[REGISTRY_ID_BYTES]);
void verifier_stop(struct verifier *verifier);

/* At most VERIFY_MAX between two calls of verifier_wait. */
void verifier_add(struct verifier *verifier, struct request *request);
/* Checks one that nobody has begun with; false when there is none. */
bool verifier_help(struct verifier *verifier);
/* Returns when all are checked. */
void verifier_wait(struct verifier *verifier);

#endif
