/* verify.c - see verify.h. */
#include "server/verify.h"

#include <unistd.h>

/* The lock is held by the caller, and again on return; false when nobody waits. */
static bool check_next(struct verifier *verifier)
{
    if (verifier->taken == verifier->added) return false;
    struct request *request = verifier->handed[verifier->taken++];
    pthread_mutex_unlock(&verifier->lock);
    request_check(verifier->registry, request);
    pthread_mutex_lock(&verifier->lock);
    if (++verifier->finished == verifier->added) pthread_cond_signal(&verifier->done);
    return true;
}

static void *run(void *argument)
{
    struct verifier *verifier = argument;
    pthread_mutex_lock(&verifier->lock);
    while (!verifier->stop)
        if (!check_next(verifier)) pthread_cond_wait(&verifier->work, &verifier->lock);
    pthread_mutex_unlock(&verifier->lock);
    return NULL;
}

void verifier_start(struct verifier *verifier, const uint8_t registry[REGISTRY_ID_BYTES])
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    *verifier = (struct verifier){.registry = registry};
    pthread_mutex_init(&verifier->lock, NULL);
    pthread_cond_init(&verifier->work, NULL);
    pthread_cond_init(&verifier->done, NULL);
    while (verifier->helpers < HELPERS_MAX && (long)verifier->helpers + 1 < cores &&
           pthread_create(&verifier->threads[verifier->helpers], NULL, run, verifier) == 0)
        verifier->helpers++;
}

void verifier_stop(struct verifier *verifier)
{
    if (verifier->registry == NULL) return; /* never started */
    pthread_mutex_lock(&verifier->lock);
    verifier->stop = true;
    pthread_cond_broadcast(&verifier->work);
    pthread_mutex_unlock(&verifier->lock);
    for (unsigned i = 0; i < verifier->helpers; i++)
        pthread_join(verifier->threads[i], NULL);
    pthread_mutex_destroy(&verifier->lock);
    pthread_cond_destroy(&verifier->work);
    pthread_cond_destroy(&verifier->done);
    verifier->registry = NULL;
}

void verifier_add(struct verifier *verifier, struct request *request)
{
    pthread_mutex_lock(&verifier->lock);
    verifier->handed[verifier->added++] = request;
    if (verifier->added - verifier->taken > 1) pthread_cond_signal(&verifier->work);
    pthread_mutex_unlock(&verifier->lock);
}

bool verifier_help(struct verifier *verifier)
{
    pthread_mutex_lock(&verifier->lock);
    bool checked = check_next(verifier);
    pthread_mutex_unlock(&verifier->lock);
    return checked;
}

void verifier_wait(struct verifier *verifier)
{
    pthread_mutex_lock(&verifier->lock);
    while (check_next(verifier))
        ;
    while (verifier->finished < verifier->added)
        pthread_cond_wait(&verifier->done, &verifier->lock);
    verifier->added = verifier->taken = verifier->finished = 0;
    pthread_mutex_unlock(&verifier->lock);
}
