/* client.h - an operator's client at work: model, outbox and link together, behind one handle.
 *
 * Screens and scriptable commands see this and nothing of the wire. Nothing here waits for the link: an
 * act is durable in the outbox when client_submit returns, and is sent when it can be. One process of an
 * operator talks to the daemon at a time; others follow through the cache. */
#ifndef CLIENT_CORE_CLIENT_H
#define CLIENT_CORE_CLIENT_H

#include "client/core/model.h"
#include "client/core/outbox.h"
#include "client/core/profile.h"

#include "proto/decide.h"

struct client;

/* Where the link stands, in words that a status line can use. */
enum net_state {
    NET_OFFLINE,    /* not wanted */
    NET_CONNECTING, /* first attempt, or the next one is near */
    NET_SYNCING,    /* connected; what was missed is arriving */
    NET_LIVE,       /* connected and up to date */
    NET_SILENT,     /* something was not answered for ANSWER_SECONDS */
    NET_DOWN,       /* no connection; tried again by itself */
    NET_STRANGER,   /* the same; what answers at the address is not our daemon: another program, or another key */
    NET_REFUSED,    /* the daemon does not admit this key (any more) */
    NET_VERSION,    /* the daemon speaks a protocol that this program does not */
    NET_TAKEN,      /* this key connected from somewhere else: a copied key file, or a window on another host */
    NET_REWRITTEN,  /* the daemon's history is not the one we knew: nothing is sent */
    NET_FOLLOWING,  /* another window of the same operator has the connection */
};

struct client_status {
    enum net_state net;
    stamp_t confirmed; /* registry time from which the view is; now, when live */
    int64_t since_ms;  /* monotonic time since which the link is in its state */
    unsigned waiting;  /* acts not confirmed yet */
    unsigned refused;  /* acts that wait for the operator's decision */
    bool demo;
    enum view_stage coming; /* the first view is shown while it comes: its lists, or the rest; VIEW_DONE: it is whole */
    unsigned come, of;      /* then: records that are here, of how many, about */
};

/* What has changed since the last call: client_step returns a mask. */
enum client_event {
    EVENT_RECORDS = 1, /* the model */
    EVENT_LINK = 2,    /* the status */
    EVENT_OUTBOX = 4,  /* an act was confirmed or refused */
    EVENT_RESULT = 8,  /* a query was answered */
    EVENT_NOTICE = 16, /* something happened that the operator should read */
    EVENT_FD = 32,     /* one of the caller's descriptors is readable */
    EVENT_PAST = 64,   /* another moment is looked at, or could not be */
};

/* Opens the profile with its passphrase (NULL for a profile already unlocked through `seed`). Works without
 * a link. ERR_PASSPHRASE, ERR_NO_KEY, ERR_FORMAT, ERR_IO. */
enum err client_open(const struct profile *profile, const uint8_t seed[SEED_BYTES], struct client **client,
                     struct refusal *why);
void client_close(struct client *client);

/* Begins to connect (and goes on by itself), or stops. */
void client_connect(struct client *client, bool wanted);
/* Tries at once instead of after the present pause. */
void client_retry(struct client *client);

/* Waits at most timeout_ms (-1: as long as it takes) for news or for a descriptor, and attends to
 * everything that is due. Returns a mask of client_event; ready[i] tells of fds[i]. */
unsigned client_step(struct client *client, int timeout_ms, const int *fds, bool *ready, unsigned fd_count);

/* ---- reading ---- */

/* The view, of the present or of the past that is looked at; valid until the next client_step. */
const struct space *client_space(const struct client *client);
const struct model *client_model(const struct client *client);
/* NULL before the first synchronisation. */
const struct actor *client_actor(const struct client *client);
/* The registry's time, or the moment that is looked at. */
stamp_t client_now(const struct client *client);
/* Is the list of this kind not whole, because the view is still coming? Kind 0: is anything? See model_lacks. */
bool client_lacks(const struct client *client, unsigned kind);
/* How a record is known in the view; see model_knows. */
enum known client_knows(const struct client *client, unsigned kind, uint64_t id, struct arena *arena, stamp_t *as_of);
void client_status(const struct client *client, struct client_status *status);
const struct profile *client_profile(const struct client *client);
/* Which of the daemon's addresses is connected to, or was tried last. */
const struct address *client_place(const struct client *client);
const struct outbox *client_outbox(const struct client *client);

/* ---- the past: all that one may see of the registry, whole, as it stood ---- */

struct moment {
    stamp_t at;     /* everything up to the end of this second */
    uint64_t entry; /* or, when `at` is 0, everything up to this entry of the journal */
};
/* Reads 2009-09-28 (its last second), 2009-09-28 10:30 (that very minute) or #1234 (an entry). */
bool past_parse(const char *text, struct moment *moment);

/* What is looked at, vouched for by the daemon. */
struct past_view {
    stamp_t moment;
    uint64_t number; /* of the newest entry at that moment */
    stamp_t time;    /* of that entry */
    uint64_t day;    /* the newest entry before that moment's day; 0: none */
    uint8_t hash[HASH_BYTES];
};

/* Asks for the registry as it stood; when it has come whole (EVENT_PAST), the view is that. Nothing can be done in
 * it: client_try and client_submit refuse with ERR_IN_PAST. False when there is no link. */
bool client_go_back(struct client *client, const struct moment *moment);
/* The view is the present again; what was asked for is not waited for. */
void client_come_back(struct client *client);
/* What is looked at; NULL: the present. */
const struct past_view *client_past(const struct client *client);
/* How the last client_go_back went: ERR_PAST_BUSY while it is under way; ERR_NOT_YET, ERR_BEFORE_FIRST, ... */
enum err client_past_error(const struct client *client);

/* ---- acting ---- */

/* Checks an act against the view as the daemon would: OK, or the refusal in act->why. act's changes show
 * what would follow. For forms; the daemon decides. `target` 0: a new record. ERR_STILL_COMING when it was refused by
 * what may be for want of records that have not come yet. */
enum err client_try(struct client *client, unsigned kind, unsigned action, uint64_t target, const struct record *args,
                    uint64_t given, struct arena *arena, struct act *act);

/* Puts an act into the outbox, signed when its action wants it, and sends it when the link is up. *counter
 * names it. It may build on acts that still wait: the record's newest waiting act is taken as its base.
 * `target` negative: the record made by own command -target. ERR_IO when it could not be made durable. */
enum err client_submit(struct client *client, unsigned kind, unsigned action, int64_t target, const struct record *args,
                       uint64_t given, uint64_t *counter);

/* How an act stands. NULL when it is not known any more. */
const struct out_item *client_outcome(const struct client *client, uint64_t counter);

/* Has the act surely not left this workstation? Then it may be given up, too. */
bool client_unsent(const struct client *client, uint64_t counter);

/* Decides about a refused act: gives it up with what builds on it, or sends it, and then what builds on it,
 * again for the record as it is now (new numbers). */
enum err client_discard(struct client *client, uint64_t counter);
enum err client_redo(struct client *client, uint64_t counter, uint64_t *new_counter);

/* ---- asking ---- */

/* Asks for a record that is not here whole; it comes as EVENT_RECORDS. False when there is no link. */
bool client_fetch(struct client *client, unsigned kind, uint64_t id);
/* Asks for all records with these values in an index (pages follow by themselves). */
bool client_find(struct client *client, enum index_id index, const struct value *values, unsigned count);
/* Asks for history or presence; *tag names the answer. */
bool client_ask(struct client *client, const struct query *query, uint64_t *tag);
/* The answer to a query of client_ask, or NULL while it has not come. It stays until it is released or
 * eight newer ones have come. err ERR_NO_LINK: it was not answered. */
const struct result *client_result(const struct client *client, uint64_t tag);
void client_release(struct client *client, uint64_t tag);
/* Is something asked for that is not answered yet? */
bool client_waits(const struct client *client);

/* ---- drafts ---- */

/* Keeps what is being typed, under a name; survives everything but the loss of the workstation. */
enum err client_draft_save(struct client *client, const char *name, const struct record *fields, uint64_t mask);
enum err client_draft_load(struct client *client, const char *name, unsigned kind, struct arena *arena,
                           struct record *fields, uint64_t *mask);
enum err client_draft_drop(struct client *client, const char *name);

/* ---- pushes ---- */

/* Called for every pushed entry after it is in the view, and for changes that came by catching up (entry
 * NULL). For `watch` and notices. */
typedef void client_watch(void *self, const struct wire_entry *entry, const struct wire_change *change);
void client_set_watch(struct client *client, client_watch *watch, void *self);

/* Is the passphrase that of the profile? For opinions. Takes 0.1 s. */
bool client_confirm(const struct client *client, const char *passphrase);

/* Payload bytes of frames so far. */
void client_counts(const struct client *client, uint64_t *sent, uint64_t *received);

#endif
