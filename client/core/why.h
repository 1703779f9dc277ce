/* why.h - "why 91.5?": everything that a score is the sum of, line by line: what everybody starts with, what entries of
 * the journal gave and took (asked of the daemon), and what assessors entered. Clause 3. */
#ifndef CLIENT_CORE_WHY_H
#define CLIENT_CORE_WHY_H

#include "client/core/client.h"

#include "proto/points.h"
#include "proto/wire.h"

struct why_line {
    uint64_t number; /* of the entry; 0: none, a base or a year-end item */
    stamp_t time;
    uint64_t rule;
    int64_t points, sum; /* and all up to this line */
    uint8_t kind;        /* and id: the record that it happened to */
    uint64_t id, unit, person;
};

struct why {
    uint64_t assessment, scheme; /* assessment 0: so far, by the scheme alone */
    uint64_t unit, person;       /* unit 0: of all units; the lines have no sum then */
    uint64_t score;              /* the record, 0: there is none */
    uint64_t upto, after;
    unsigned group;
    struct points_rules rules;
    struct arena *arena;
    struct why_line *lines;
    unsigned count, room;
    int64_t total;
};

/* The assessment of a year that counts: published rather than not, the longest and the newest; 0: there is none. */
uint64_t why_assessment(const struct space *space, int year, struct arena *arena);
/* The scheme of a year that is in force; 0: there is none. */
uint64_t why_scheme(const struct space *space, int year, struct arena *arena);

/* Begins with what the unit, or the person in it, starts with. ERR_NOT_FOUND; ERR_MEMORY. */
enum err why_start(struct why *why, const struct space *space, uint64_t assessment, uint64_t scheme, uint64_t unit,
                   uint64_t person, struct arena *arena);
/* What to ask the daemon for; then its answer: true when more has to be asked. */
struct query why_query(const struct why *why);
bool why_take(struct why *why, const struct result *result);
/* The same with lines that are there already. */
void why_add(struct why *why, const struct points_line *lines, unsigned count);
/* Ends with what assessors entered, out of the score, when that is here whole. */
void why_finish(struct why *why, const struct space *space);

/* The lines while they are asked for, page by page, beside other work. */
struct why_asking {
    struct why why;
    uint64_t tag;
    bool failed; /* no link, or refused: why_ask begins again after the last line that is here */
    bool done;
};

void why_ask(struct client *client, struct why_asking *asking);
/* Takes an answer that has come, and asks on; to be called on EVENT_RESULT. */
void why_follow(struct client *client, struct why_asking *asking);

/* ---- who stands where ---- */

/* The scores of an assessment that are here and count, of units or of persons, by group and place, in the arena. */
unsigned ranking_read(const struct space *space, uint64_t assessment, bool persons, struct arena *arena,
                      struct record **scores);
/* How the units whose points the actor may see stand before anything is computed: base and the lines of all units. */
unsigned ranking_so_far(const struct space *space, const struct why *why, const struct actor *actor,
                        struct record **scores);

#endif
