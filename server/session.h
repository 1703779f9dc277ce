/* session.h - the clients that are connected, how far each has followed, and what each is told.
 *
 * A session follows the journal in order: first pages of what it missed, then pushes. One that takes
 * nothing is marked behind, costs no memory, and gets pages again when it listens. */
#ifndef SERVER_SESSION_H
#define SERVER_SESSION_H

#include "server/fold.h"
#include "server/net.h"

#include "proto/wire.h"

#include <sys/queue.h>

enum session_mode {
    SESSION_SNAPSHOT, /* gets the whole of its scope, page by page, as of `target` */
    SESSION_RESUMING, /* gets what came after `position`, page by page */
    SESSION_LIVE,     /* has everything: is pushed */
};

/* The records that come first: by kind and id, both ascending. */
struct first {
    unsigned count, at; /* the next one to be sent */
    struct first_item {
        uint8_t kind;
        bool listed; /* wanted for its title alone: its other fields come with the rest */
        uint64_t id;
    } * items;
};

struct session {
    peer_t peer;
    struct actor actor;
    uint32_t scope;
    enum session_mode mode;
    uint64_t position;   /* has everything it may see up to this entry */
    bool stalled;        /* took nothing the last time: pages go on when it does again */
    unsigned waits;      /* for so many pages */
    uint64_t arrival;    /* counted up from session to session */
    int64_t told_ms;     /* when it began to wait, or was last told that it is not forgotten; monotonic */
    uint64_t target;     /* the head when the snapshot, or a round of several pages, began */
    unsigned skip;       /* records of the round that were sent already */
    struct view_place
        place; /* of a snapshot: the last record looked at; stage VIEW_DONE: for protocol 2, as of `target` */
    struct first first;      /* what comes before all else in it */
    uint64_t past_number; /* the entry as of which it last asked for a page, and the last record looked at for it */
    uint8_t past_kind;
    uint64_t past_id;
    int64_t heard_ms; /* monotonic time of its last message */
    stamp_t since;
    struct text name; /* of the operator; owned */
    char program[81];
    struct session *next; /* in its bucket */
    TAILQ_ENTRY(session) turn;
};

/* Chooses what of the session's view comes first, and counts the view. Looks at every record, and asks the rules what
 * they would read of each that waits for the operator; so a desk of just these records is right. */
enum err first_choose(struct session *session, const struct space *space);
/* NULL: it was not chosen. */
const struct first_item *first_find(const struct first *first, unsigned kind, uint64_t id);
void first_free(struct first *first);

enum { SESSION_BUCKETS = 1024 };

struct sessions {
    struct session *buckets[SESSION_BUCKETS];
    unsigned count;
    uint64_t arrivals;
    bool stalled; /* some session is */
    TAILQ_HEAD(turns, session) turns; /* those that wait for a page, in the order in which they get it */
};

void sessions_init(struct sessions *sessions);
void sessions_free(struct sessions *sessions);

struct session *session_find(struct sessions *sessions, peer_t peer);
/* A new one, or the old one emptied; NULL when memory ends. */
struct session *session_open(struct sessions *sessions, peer_t peer);
void session_close(struct sessions *sessions, peer_t peer);
/* Calls visit for each; it may close the session it is given. */
void sessions_each(struct sessions *sessions, void (*visit)(void *self, struct session *session), void *self);

/* Has it wait for its next page. Who resumes goes before who gets the whole of a scope, which takes longer; among
 * these, who came first is also done first: with a page each in turn, all would be done only at the very end. */
void session_want_page(struct sessions *sessions, struct session *session);
/* Whose turn it is; NULL: nobody waits. Afterwards session_turn_over has to be called: it waits again if it asked for
 * further pages and gets any. */
struct session *sessions_next_turn(struct sessions *sessions);
void session_turn_over(struct sessions *sessions, struct session *session);

/* What identifies an operator's view: unit, roles, functions of the unit, tables. Never 0. */
uint32_t scope_of(const struct actor *actor);

/* Tells every live session what the outcomes mean for it, in one frame each. */
void sessions_push(struct sessions *sessions, struct net *net, const struct outcome *outcomes, unsigned count,
                   struct arena *arena);

/* Sends the next page to a session that is not live; it becomes live with the last one. ERR_BUSY: it takes
 * nothing now and is marked stalled. */
enum err session_page(struct session *session, struct net *net, const struct space *space, uint64_t head,
                      struct arena *arena);

/* Is there anything for the session after its position? */
bool session_missed(const struct space *space, const struct session *session);

/* The fields of a record that a reader at the level gets. */
uint64_t level_mask(const struct record *record, enum see_level level);

#endif
