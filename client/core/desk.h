/* desk.h - 工作台: everything that waits for the signed-in person, nearest deadline first; and the month's
 * matrix of reports. Computed from the view alone. */
#ifndef CLIENT_CORE_DESK_H
#define CLIENT_CORE_DESK_H

#include "client/core/client.h"

#include "proto/owed.h"

enum desk_what {
    DESK_REFUSED, /* an own act that the daemon refused: to be decided about */
    DESK_ACT,     /* a record whose expected next act is this person's */
    DESK_OWED,    /* a report or return that is owed and not begun */
};

enum urgency { URGENCY_DECIDE, URGENCY_OVERDUE, URGENCY_TODAY, URGENCY_WEEK, URGENCY_LATER, URGENCY_NONE };

struct desk_item {
    enum desk_what what;
    enum urgency urgency;
    uint8_t kind, action; /* the one obvious act */
    uint64_t id;          /* of the record; 0 for DESK_OWED */
    uint64_t counter;     /* of the refused act */
    uint64_t of;          /* DESK_OWED: the project or unit */
    month_t month;        /* DESK_OWED */
    stamp_t due;          /* 0: no deadline */
};

enum { DESK_MAX = 2000, DESK_AHEAD_DAYS = 14 };

struct desk {
    unsigned count;
    struct desk_item *items; /* in the arena; sorted */
    unsigned overdue, today, week;
};

/* What waits for the operator. Deadlines more than DESK_AHEAD_DAYS away are left out. */
enum err desk_build(const struct client *client, struct arena *arena, struct desk *desk);
/* The same with another distance. */
enum err desk_build_ahead(const struct client *client, int days, struct arena *arena, struct desk *desk);

/* ---- the matrix ---- */

enum { STANDINGS = STANDING_HIDDEN + 1, MATRIX_ROWS_MAX = 100 };

/* The standing's name for scripts. */
const char *standing_name(enum standing standing);

struct matrix_row {
    uint64_t unit;
    unsigned projects; /* that owe in some month of the year */
    struct {
        uint16_t owed;
        uint16_t standing[STANDINGS];
    } months[12];
};

struct matrix {
    int year;
    unsigned count;
    struct matrix_row *rows; /* responsible units, in the order of their codes */
};

/* Reports by responsible unit and month. What the operator may not see counts as STANDING_HIDDEN. */
enum err matrix_build(const struct client *client, int year, struct arena *arena, struct matrix *matrix);

/* How one project's report for a month stands for this operator. STANDING_NOT_DUE and *owed false when
 * none is owed. */
enum standing project_standing(const struct client *client, const struct calendar *calendar,
                               const struct record *project, month_t month, struct arena *arena, bool *owed);

/* How the report stands that matters now: the last month's while that is not in, else the present one's. False when
 * none is owed. */
bool project_report_now(const struct client *client, const struct calendar *calendar, const struct record *project,
                        struct arena *arena, month_t *month, enum standing *standing);

#endif
