/* environment.h - 建设环境: for each county and zone what disturbs the works there, counted as the tables' gauges say.
 * Computed from the view alone: where the operator does not see all there is, the count says so. Clause 4.1, the
 * responsibility of the local government. */
#ifndef CLIENT_CORE_ENVIRONMENT_H
#define CLIENT_CORE_ENVIRONMENT_H

#include "client/core/client.h"

enum { AREAS_MAX = 256 };

struct gauged {
    unsigned open, urgent; /* urgent ones are overdue, or in an urgent state of the gauge */
    unsigned projects;     /* of which the operator would see everything that the gauge counts */
};

struct area_row {
    uint64_t area; /* a unit; 0: all of them together */
    unsigned projects, open, urgent;
    struct gauged gauges[GAUGES_MAX]; /* in the order of gauge_next */
};

struct environment {
    unsigned count, gauge_count;
    const struct gauge *gauges[GAUGES_MAX];
    struct area_row *rows; /* in the arena; areas of which the operator sees nothing are left out */
    struct area_row total;
};

enum err environment_build(const struct client *client, struct arena *arena, struct environment *environment);

/* What rows are sorted by: one of these, or AREA_GAUGES and more: a gauge, its urgent ones first. */
enum { AREA_NAME, AREA_PROJECTS, AREA_URGENT, AREA_GAUGES };

/* By name is by the number of the unit, which follows the offices' order. Counts come with the most first. */
void environment_sort(struct environment *environment, unsigned by, bool reverse);

/* Is the number not to be had, since the operator does not see these records of the area? */
bool gauged_hidden(const struct area_row *row, unsigned gauge);

/* Is the record one of those that the gauge counts in the area (0: in any)? */
bool gauge_counts(const struct client *client, const struct gauge *gauge, uint64_t area, const struct record *record,
                  struct arena *arena);
bool gauge_urgent(const struct client *client, const struct calendar *calendar, const struct gauge *gauge,
                  const struct record *record, struct arena *arena);

#endif
