/* private.h - what client.c, frames.c and ask.c share. Not for anybody else. */
#ifndef CLIENT_CORE_PRIVATE_H
#define CLIENT_CORE_PRIVATE_H

#include "client/core/client.h"
#include "client/core/link.h"

#include <time.h>

enum { RESULTS_MAX = 8, PENDING_MAX = 32 };

/* A query that was sent. */
struct pending {
    uint64_t tag;
    int64_t sent_ms;
    bool keep;          /* its records go into the model, not to a result */
    struct query query; /* for the next page */
    struct arena arena; /* of the query's texts */
};

/* The registry as it stood. */
struct past {
    struct memory memory; /* the view, as it would have been then: what is seen in part or on demand is so */
    struct memory rest;   /* whole, what the view has in part or not at all; it moves over when it is asked for */
    struct past_view view;
    struct moment moment; /* as it was wished for */
    struct query query;   /* for the next page */
    uint64_t tag;         /* of the query that is under way; 0: none */
    int64_t again_ms;     /* when to ask again; 0: not */
    int64_t pause_ms;
};

struct answered {
    uint64_t tag;
    struct arena arena;
    struct result result;
};

struct client {
    struct profile profile;
    struct identity identity;
    struct cache *cache;
    struct model model;
    struct outbox outbox;
    struct link *link;
    int lock_fd;  /* of the right to send */
    int watch_fd; /* inotify on the profile's `poke` */
    int poke_fd;  /* `poke` itself, when there is no such watch */
    struct timespec poked; /* when we last saw that it was touched */
    bool sender;  /* we hold the right */
    bool wanted;  /* a connection */
    bool greeted; /* welcomed on this connection */
    bool deltas;  /* by a daemon that takes differences, and has our tables */
    bool live;
    enum net_state fault; /* NET_REFUSED, _VERSION, _TAKEN, _REWRITTEN, or NET_OFFLINE: none */
    enum net_state shown; /* the last state, and since when */
    int64_t shown_ms;
    int64_t heard_ms;     /* last frame of the daemon */
    int64_t spoke_ms;     /* our last frame */
    int64_t asked_ms;     /* the oldest unanswered thing on this connection; 0: none */
    int64_t leave_number; /* that came with the daemon's last LEAVE */
    unsigned events;
    bool changed; /* others have to be told */
    uint64_t last_tag;
    struct pending pending[PENDING_MAX];
    struct answered results[RESULTS_MAX];
    struct past *past;   /* in place of the model's view; NULL: the present */
    struct past *coming; /* what is being loaded to be that; NULL: nothing */
    enum err past_err;
    client_watch *watch;
    void *watch_self;
    struct arena arena; /* of one frame */
};

/* client.c */
bool client_send(struct client *client, struct pack *pack); /* frees the pack */

/* frames.c */
void client_frame(struct client *client, struct text bytes);
void client_greet(struct client *client);
void client_send_outbox(struct client *client);

/* past.c */
void client_take_past(struct client *client, const struct result *result);
/* Asks again when it is time to; when it will be next, or INT64_MAX. */
int64_t client_tend_past(struct client *client, int64_t now);
void client_free_past(struct client *client);
/* Moves into the view what a query of the daemon would bring. */
bool client_fetch_past(struct client *client, unsigned kind, uint64_t id);
void client_find_past(struct client *client, enum index_id index, const struct value *values, unsigned count);

/* shorten.c: the act's frame as a difference, if that is shorter; else false and an empty frame. */
bool client_shorten(const struct client *client, const struct out_item *item, struct arena *arena, struct pack *frame);

/* ask.c */
void client_take_result(struct client *client, const struct result *result);
void client_fail_queries(struct client *client, int64_t older_than_ms);
bool client_waits_for_query(const struct client *client, int64_t *since_ms);

#endif
