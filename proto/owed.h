/* owed.h - which reports and returns are owed, when they are due, and how they stand. Clause 2.
 *
 * Computed from projects, reports, calendar and outages; the same for the desk, the matrix and the rules. */
#ifndef PROTO_OWED_H
#define PROTO_OWED_H

#include "proto/calendar.h"

/* Does the project owe a report for the month? From signing to completion, unless suspended at its end. */
bool project_owes(const struct record *project, month_t month);

/* The day on which a month's reports are due: the set day of the next month, or the next working day. */
day_t month_due(const struct space *space, const struct calendar *calendar, month_t month, struct arena *arena);

/* How a report or return for an owed month stands. */
enum standing {
    STANDING_NOT_DUE,  /* not in, and there is time */
    STANDING_LATE,     /* not in, past its day */
    STANDING_MISSING,  /* not in for longer than the setting allows */
    STANDING_RETURNED, /* sent back, not in again yet */
    STANDING_ON_TIME,  /* in, received in time */
    STANDING_IN_LATE,  /* in, received late */
    STANDING_HIDDEN,   /* the reader may not see how it stands */
};

/* The report of a project (or, with KIND_unit_return, the return of a unit) for a month: its newest
 * revision that counts. Prefers what is in over what is being written. ERR_NOT_FOUND. */
enum err paper_find(const struct space *space, unsigned kind, uint64_t of, month_t month, struct arena *arena,
                    struct record *paper);

/* Is it submitted and not returned (accepted counts)? */
bool paper_in(const struct record *paper);

/* How it stands at `now`; paper NULL: there is none. */
enum standing paper_standing(const struct space *space, const struct calendar *calendar, const struct record *paper,
                             month_t month, stamp_t now, struct arena *arena);

/* Where a paper's fields stand in its kind, since reports and returns live the same life. */
struct paper_kind {
    uint8_t kind, of, month, revision, due, received, late, reason, reviewer, excuse;
    uint8_t draft, submitted, recalled, returned, accepted, replaced; /* states */
    enum index_id index;
};
const struct paper_kind *paper_kind(unsigned kind);

#endif
