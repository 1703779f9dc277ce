/* client.c - see client.h. Who may send, acts, time. */
#include "client/core/private.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    LOCK_RETRY_MS = 2000, /* a following process looks whether it may send now */
    DROP_MS = 30000,      /* an unanswered connection is given up */
    LOOK_MS = 1000,       /* so often what other programs did is looked for when the kernel does not tell */
    DOUBT_MS = 1000,      /* so often one that is late is looked after */
    FDS_MAX = 3,
};

/* ---- opening ---- */

static int open_file(const struct profile *profile, const char *name)
{
    char path[PROFILE_PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/%s", profile->directory, name);
    return open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* Others are told of changes by touching `poke`, on which everybody has a watch. A user may have some 128 of them on a
 * machine; without one (-1), `poke` is looked at every LOOK_MS. */
static int open_watch(struct client *client)
{
    char path[PROFILE_PATH_MAX + 32];
    client->poke_fd = open_file(&client->profile, "poke");
    if (client->poke_fd < 0) return -1;
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    snprintf(path, sizeof path, "%s/poke", client->profile.directory);
    if (fd >= 0 && inotify_add_watch(fd, path, IN_ATTRIB) >= 0) {
        close(client->poke_fd);
        client->poke_fd = -1;
        return fd;
    }
    if (fd >= 0) close(fd);
    return -1;
}

static bool take_turn(struct client *client)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (!client->sender && client->lock_fd >= 0 && fcntl(client->lock_fd, F_OFD_SETLK, &lock) == 0) {
        client->sender = true;
        model_reload(&client->model);
        outbox_reload(&client->outbox);
        client->events |= EVENT_RECORDS | EVENT_OUTBOX | EVENT_LINK;
    }
    return client->sender;
}

static enum err open_parts(struct client *client, struct refusal *why)
{
    char path[PROFILE_PATH_MAX + 32];
    struct link_keys keys;
    snprintf(path, sizeof path, "%s/cache", client->profile.directory);
    enum err err = cache_open(path, client->identity.cache_key, &client->cache, why);
    if (err != OK) return err;
    err = model_open(&client->model, client->cache, client->profile.card.device);
    if (err == OK) err = outbox_open(&client->outbox, client->cache);
    if (err != OK) return refuse_text(why, err, "cache");
    memcpy(keys.server_key, client->profile.card.server_transport, KEY_BYTES);
    memcpy(keys.public_key, client->identity.transport_public, KEY_BYTES);
    memcpy(keys.secret_key, client->identity.transport_secret, KEY_BYTES);
    err = link_new(&client->profile.addresses, &keys, &client->link);
    sodium_memzero(&keys, sizeof keys);
    client->lock_fd = open_file(&client->profile, "send.lock");
    client->watch_fd = open_watch(client);
    return err == OK ? OK : refuse(why, err);
}

enum err client_open(const struct profile *profile, const uint8_t seed[SEED_BYTES], struct client **client,
                     struct refusal *why)
{
    struct client *made = calloc(1, sizeof *made);
    if (made == NULL) return refuse(why, ERR_MEMORY);
    made->profile = *profile;
    made->lock_fd = made->watch_fd = made->poke_fd = -1;
    made->fault = made->shown = NET_OFFLINE;
    arena_init(&made->arena, 64 << 20);
    identity_from_seed(&made->identity, seed);
    enum err err = open_parts(made, why);
    if (err != OK) {
        client_close(made);
        return err;
    }
    *client = made;
    return OK;
}

void client_close(struct client *client)
{
    struct pack pack;
    if (client == NULL) return;
    if (client->greeted) {
        pack_init(&pack, 16);
        bye_pack(&pack);
        if (!pack.failed) link_send(client->link, pack.at, pack.used);
        pack_free(&pack);
    }
    link_free(client->link);
    for (unsigned i = 0; i < PENDING_MAX; i++)
        arena_clear(&client->pending[i].arena);
    for (unsigned i = 0; i < RESULTS_MAX; i++)
        arena_clear(&client->results[i].arena);
    if (client->cache != NULL) cache_commit(client->cache);
    client_free_past(client);
    outbox_close(&client->outbox);
    model_close(&client->model);
    cache_close(client->cache);
    if (client->lock_fd >= 0) close(client->lock_fd);
    if (client->watch_fd >= 0) close(client->watch_fd);
    if (client->poke_fd >= 0) close(client->poke_fd);
    identity_wipe(&client->identity);
    arena_clear(&client->arena);
    free(client);
}

bool client_send(struct client *client, struct pack *pack)
{
    bool sent = !pack->failed && link_send(client->link, pack->at, pack->used);
    if (sent) client->spoke_ms = now_ms();
    pack_free(pack);
    return sent;
}

/* ---- connecting ---- */

void client_connect(struct client *client, bool wanted)
{
    client->wanted = wanted;
    if (!wanted) {
        link_stop(client->link);
        client->greeted = client->live = false;
    }
    client->fault = NET_OFFLINE;
    if (wanted && take_turn(client)) link_start(client->link);
}

void client_retry(struct client *client)
{
    if (client->fault != NET_OFFLINE)
        client_connect(client, true);
    else if (client->sender)
        link_retry(client->link, true);
}

/* Words for no link: the first attempt is not bad news yet. */
static enum net_state state_without(const struct client *client)
{
    if (link_meets_stranger(client->link)) return NET_STRANGER;
    bool lost = client->shown == NET_DOWN || client->shown == NET_STRANGER || client->shown == NET_SILENT;
    return link_state(client->link) == LINK_PAUSED || lost ? NET_DOWN : NET_CONNECTING;
}

/* Has something not been answered for so long, and is nothing on its way either? A long frame on a thin line is. */
static bool is_silent(const struct client *client, int64_t for_ms)
{
    return client->asked_ms != 0 && now_ms() - client->asked_ms >= for_ms && link_quiet_ms(client->link) >= for_ms;
}

static enum net_state present_state(const struct client *client)
{
    if (!client->wanted) return NET_OFFLINE;
    if (client->fault != NET_OFFLINE) return client->fault;
    if (!client->sender) return NET_FOLLOWING;
    switch (link_state(client->link)) {
    case LINK_OFF: return NET_OFFLINE;
    case LINK_CONNECTING:
    case LINK_PAUSED: return state_without(client);
    case LINK_REFUSED: return NET_REFUSED;
    case LINK_OPEN: break;
    }
    if (is_silent(client, ANSWER_SECONDS * 1000)) return NET_SILENT;
    return client->live ? NET_LIVE : NET_SYNCING;
}

/* ---- the step ---- */

/* Has the daemon moved? While it is not found, the profile is read again before each attempt. */
static void follow_addresses(struct client *client)
{
    struct addresses known = client->profile.addresses;
    if (!profile_read_addresses(&client->profile)) return;
    if (addresses_equal(&known, &client->profile.addresses)) return;
    link_move(client->link, &client->profile.addresses);
    if (client->sender && link_state(client->link) != LINK_OPEN) client_retry(client);
}

/* What was asked on a connection that is gone is not answered any more; on a new one we begin with a greeting. */
static void follow_link(struct client *client, enum link_state before, unsigned number)
{
    enum link_state state = link_state(client->link);
    bool is_new = link_number(client->link) != number;
    if (state == before && !is_new) return;
    client->greeted = client->live = false;
    client->asked_ms = 0;
    outbox_unsend(&client->outbox);
    client_fail_queries(client, 0);
    if (state == LINK_PAUSED || state == LINK_REFUSED) follow_addresses(client);
    if (!is_new || state != LINK_OPEN) return;
    client->heard_ms = client->spoke_ms = now_ms();
    client_greet(client);
}

/* The daemon forgets who does not speak, and we want to know whether it is there: both count. */
static int64_t next_ping_ms(const struct client *client)
{
    int64_t last = client->heard_ms < client->spoke_ms ? client->heard_ms : client->spoke_ms;
    return last + PING_SECONDS * 1000;
}

/* An idle connection is asked now and then. One that does not answer is doubted, and given up when nothing at all
 * comes: on a thin line a long frame may be on its way. */
static void keep_alive(struct client *client)
{
    int64_t now = now_ms();
    struct pack pack;
    if (link_state(client->link) != LINK_OPEN) return;
    client_fail_queries(client, DROP_MS);
    if (client->asked_ms != 0) {
        if (is_silent(client, DROP_MS))
            link_retry(client->link, false);
        else if (is_silent(client, ANSWER_SECONDS * 1000))
            link_doubt(client->link);
        return;
    }
    if (!client->greeted || now < next_ping_ms(client)) return;
    pack_init(&pack, 64);
    ping_pack(&pack);
    if (client_send(client, &pack)) client->asked_ms = now;
}

/* How long the step may sleep before something of its own is due. */
static int limit_wait(struct client *client, int timeout_ms)
{
    int64_t now = now_ms(), due = INT64_MAX, again = client_tend_past(client, now);
    if (client->wanted && !client->sender) due = now + LOCK_RETRY_MS;
    if (link_state(client->link) == LINK_OPEN) {
        int64_t silent = client->asked_ms + ANSWER_SECONDS * 1000;
        if (client->asked_ms == 0)
            due = next_ping_ms(client);
        else
            due = now < silent ? silent : now + DOUBT_MS;
    }
    if (again < due) due = again;
    if (client->poke_fd >= 0 && now + LOOK_MS < due) due = now + LOOK_MS;
    if (due == INT64_MAX) return timeout_ms;
    int64_t left = due > now ? due - now : 0;
    return timeout_ms >= 0 && timeout_ms < left ? timeout_ms : (int)left + 1;
}

static bool was_poked(struct client *client)
{
    char buffer[4096] __attribute__((aligned(8)));
    struct stat poke;
    bool poked = false;
    while (client->watch_fd >= 0 && read(client->watch_fd, buffer, sizeof buffer) > 0)
        poked = true;
    if (client->poke_fd < 0 || fstat(client->poke_fd, &poke) != 0) return poked;
    poked = poke.st_mtim.tv_sec != client->poked.tv_sec || poke.st_mtim.tv_nsec != client->poked.tv_nsec;
    client->poked = poke.st_mtim;
    return poked;
}

/* Another process changed the cache. */
static void follow_others(struct client *client)
{
    if (!was_poked(client)) return;
    follow_addresses(client);
    outbox_reload(&client->outbox);
    client->events |= EVENT_OUTBOX;
    if (client->sender) {
        client_send_outbox(client);
        return;
    }
    model_reload(&client->model);
    client->events |= EVENT_RECORDS | EVENT_LINK;
}

static void read_frames(struct client *client)
{
    struct text bytes;
    while (link_state(client->link) == LINK_OPEN && link_receive(client->link, &bytes))
        client_frame(client, bytes);
}

static void note_state(struct client *client)
{
    enum net_state state = present_state(client);
    if (state == client->shown) return;
    client->shown = state;
    client->shown_ms = now_ms();
    client->events |= EVENT_LINK;
}

/* What has changed becomes durable, and others hear of it. */
static void settle(struct client *client)
{
    cache_commit(client->cache);
    if (client->changed) profile_poke(&client->profile);
    client->changed = false;
}

unsigned client_step(struct client *client, int timeout_ms, const int *fds, bool *ready, unsigned fd_count)
{
    int all[FDS_MAX + 1];
    bool all_ready[FDS_MAX + 1] = {false};
    unsigned count = 0;
    for (; count < fd_count && count < FDS_MAX; count++)
        all[count] = fds[count];
    if (client->watch_fd >= 0) all[count++] = client->watch_fd;
    enum link_state before = link_state(client->link);
    unsigned number = link_number(client->link);
    if (client->events == 0)
        link_wait(client->link, limit_wait(client, timeout_ms), all, all_ready, count);
    else
        link_wait(client->link, 0, all, all_ready, count);
    for (unsigned i = 0; i < fd_count && i < FDS_MAX; i++) {
        ready[i] = all_ready[i];
        if (ready[i]) client->events |= EVENT_FD;
    }
    follow_others(client);
    if (client->wanted && !client->sender && take_turn(client)) link_start(client->link);
    follow_link(client, before, number);
    read_frames(client);
    keep_alive(client);
    note_state(client);
    settle(client);
    unsigned events = client->events;
    client->events = 0;
    return events;
}

/* ---- reading ---- */

const struct space *client_space(const struct client *client)
{
    return client->past != NULL ? &client->past->memory.space : model_space(&client->model);
}

const struct model *client_model(const struct client *client)
{
    return &client->model;
}

const struct actor *client_actor(const struct client *client)
{
    return client->model.has_actor ? &client->model.actor : NULL;
}

stamp_t client_now(const struct client *client)
{
    return client->past != NULL ? client->past->view.moment : model_now(&client->model);
}

bool client_lacks(const struct client *client, unsigned kind)
{
    return client->past == NULL && model_lacks(&client->model, kind);
}

enum known client_knows(const struct client *client, unsigned kind, uint64_t id, struct arena *arena, stamp_t *as_of)
{
    struct record record;
    if (client->past == NULL) return model_knows(&client->model, kind, id, arena, as_of);
    *as_of = client->past->view.moment;
    if (state_get(client_space(client), kind, id, arena, &record) != OK) return KNOWN_NOT;
    return state_get(&client->past->rest.space, kind, id, arena, &record) == OK ? KNOWN_LISTED : KNOWN_WHOLE;
}

const struct profile *client_profile(const struct client *client)
{
    return &client->profile;
}

const struct outbox *client_outbox(const struct client *client)
{
    return &client->outbox;
}

void client_status(const struct client *client, struct client_status *status)
{
    enum net_state net = present_state(client); /* one that does not answer vouches for nothing new */
    *status = (struct client_status){.net = net,
                                     .confirmed = net == NET_LIVE ? model_now(&client->model) : client->model.confirmed,
                                     .since_ms = client->shown_ms,
                                     .waiting = outbox_count(&client->outbox, OUT_WAITING) +
                                                outbox_count(&client->outbox, OUT_HELD),
                                     .refused = outbox_count(&client->outbox, OUT_REFUSED),
                                     .demo = client->model.demo,
                                     .coming = client->model.place.stage,
                                     .come = client->model.place.done,
                                     .of = client->model.place.total};
}

void client_counts(const struct client *client, uint64_t *sent, uint64_t *received)
{
    link_counts(client->link, sent, received);
}

void client_set_watch(struct client *client, client_watch *watch, void *self)
{
    client->watch = watch;
    client->watch_self = self;
}

const struct address *client_place(const struct client *client)
{
    return link_place(client->link);
}

bool client_confirm(const struct client *client, const char *passphrase)
{
    uint8_t seed[SEED_BYTES];
    bool right = profile_unlock(&client->profile, passphrase, seed) == OK;
    sodium_memzero(seed, sizeof seed);
    return right;
}
