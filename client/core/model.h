/* model.h - what the client knows: the records it may see, as of a journal entry; in memory and cached.
 *
 * The model is a prefix of the journal's visible part. It opens from the cache at once, without a link.
 * Screens and commands read it through its space, with the same functions as the daemon (grant.h, owed.h,
 * decide.h). While a new snapshot arrives the old view stays; the new one takes its place when whole. The first one is
 * shown as soon as it has what the desk needs, and filled from then on: `place` says how far it is. */
#ifndef CLIENT_CORE_MODEL_H
#define CLIENT_CORE_MODEL_H

#include "client/core/cache.h"

#include "proto/grant.h"
#include "proto/memory.h"
#include "proto/wire.h"

struct model {
    struct memory *memory; /* what is shown */
    struct memory *fresh;  /* a snapshot that is arriving, or NULL */
    struct view_place place; /* of a view that is shown while it comes; VIEW_DONE: none is */
    uint64_t advances;       /* how often it came further */
    struct cache *cache;
    uint64_t position; /* everything visible up to this entry is here; 0: never synchronised, or not whole yet */
    uint32_t scope;
    uint64_t remember; /* the newest head that the daemon vouched for, and its hash */
    uint8_t remember_hash[HASH_BYTES];
    uint64_t highest;  /* the highest entry number that the daemon ever named */
    stamp_t confirmed; /* registry time at which the daemon last said that this is all */
    bool has_actor;
    struct actor actor; /* the operator at this device, as far as the records tell */
    uint64_t device;
    bool demo; /* the registry is a demo or stands in another time */
    /* registry time: `shown` at monotonic `at_ms`, running at `rate` */
    stamp_t shown;
    int64_t at_ms, rate;
};

/* Loads the cache. ERR_FORMAT when it is damaged: then model_begin_afresh. */
enum err model_open(struct model *model, struct cache *cache, uint64_t device);
void model_close(struct model *model);
/* Reads the cache again, after another process changed it. */
enum err model_reload(struct model *model);

const struct space *model_space(const struct model *model);

/* Registry time now: the daemon's as last heard, carried on by the monotonic clock. */
stamp_t model_now(const struct model *model);
void model_set_now(struct model *model, stamp_t now);

/* From here on changes belong to a new snapshot; it becomes the view with model_settle. */
enum err model_begin_afresh(struct model *model);

/* Applies one change to the view (or the arriving snapshot) and the cache. ERR_CONFLICT: a difference to a
 * record that is not here; the client has to begin anew. */
enum err model_apply(struct model *model, const struct wire_change *change, struct arena *arena);

/* Keeps a record that was fetched on demand, with the time. */
enum err model_keep_fetched(struct model *model, const struct wire_change *change, struct arena *arena);

/* With the change before it the arriving view has come so far. A first one is shown from the second stage on. */
enum err model_advance(struct model *model, const struct view_place *place, stamp_t now);

/* Everything up to `position` is here now, as of registry time `now`. */
enum err model_settle(struct model *model, uint64_t position, stamp_t now);
/* Notes what the welcome said. */
enum err model_note_head(struct model *model, uint32_t scope, uint64_t head, const uint8_t hash[HASH_BYTES]);

/* Notes that an entry of this number exists. */
void model_note_number(struct model *model, uint64_t number);

/* Is the list of this kind incomplete, because the view is still coming? Kind 0: is anything? */
bool model_lacks(const struct model *model, unsigned kind);

/* How a record is known here. */
enum known {
    KNOWN_NOT,     /* not at all */
    KNOWN_LISTED,  /* its list fields; the rest has to be fetched */
    KNOWN_FETCHED, /* whole, as of *as_of */
    KNOWN_WHOLE,   /* whole, and kept so */
};
enum known model_knows(const struct model *model, unsigned kind, uint64_t id, struct arena *arena, stamp_t *as_of);

#endif
