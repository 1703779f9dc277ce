/* points.h - day-to-day points: what the journal of a period says about units and persons by the rules of a scheme.
 *
 * Pure and repeatable: the same journal, scheme, period and last entry give the same lines, whatever happens later. A
 * record is looked at as it was at each entry, so a project that changed hands counts for whom it was then, and a
 * person for the time in post. Nothing is stored here. Clause 3: 日常考核. */
#ifndef PROTO_POINTS_H
#define PROTO_POINTS_H

#include "proto/events.h"
#include "proto/grant.h"

/* One rule of a scheme, read out of its record. */
struct points_rule {
    uint64_t id, assessor;
    unsigned serial, part, event, party, tier, group;
    int64_t points, cap; /* hundredths; cap 0: none */
};

enum { POINTS_RULES_MAX = 64 };

struct points_rules {
    unsigned count;
    struct points_rule at[POINTS_RULES_MAX]; /* by serial number */
};

/* The rules of a scheme that are not dropped. */
enum err points_rules_load(const struct space *space, uint64_t scheme, struct arena *arena, struct points_rules *rules);

/* What one entry gave or took, by one rule, of one unit and perhaps the person who answers. */
struct points_line {
    uint64_t number; /* of the entry */
    stamp_t time;
    uint64_t rule;
    int64_t full;   /* what the rule says... */
    int64_t points; /* ...and what counts of it: nothing when the rule's cap has been reached */
    uint8_t kind;   /* and id: the record that it happened to */
    uint64_t id;
    uint64_t unit, person; /* person 0: nobody by name */
};

struct points_scope {
    uint64_t scheme;
    day_t from, to;
    uint64_t upto; /* the last entry that counts; 0: the newest */
};

/* All lines in the order of the journal, in full. They live in `arena`. In a space without a journal there
 * are none. ERR_DAMAGED, ERR_MEMORY. */
enum err points_collect(const struct space *space, const struct points_scope *scope, const struct points_rules *rules,
                        struct arena *arena, struct points_line **lines, unsigned *count);

/* Takes out the lines of one unit (0: of all, each by itself), or (not 0) of one person in it, and holds them to the
 * caps. Returns how many there are in `into`, which has room for all of `lines`. */
unsigned points_of(const struct points_rules *rules, const struct points_line *lines, unsigned count, uint64_t unit,
                   uint64_t person, struct points_line *into);

/* May the actor see the points of a unit, or of the persons in it? He may who would see such a score when it is
 * computed: the tables decide. */
bool points_seen(const struct space *space, uint64_t unit, bool person, const struct actor *actor, struct arena *arena);

/* In which group a unit is assessed: that of the responsible units when a project that was not withdrawn is in its
 * hands, of the departments when it handles or protects; 0: in none, like enterprises. */
unsigned points_group(const struct space *space, uint64_t unit, struct arena *arena);

/* What a unit of the group starts with. */
int64_t points_base(const struct points_rules *rules, unsigned group);

#endif
