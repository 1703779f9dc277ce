/* progress.h - how far a project is against its plan: the traffic light of DOMAIN, section 3. */
#ifndef PROTO_PROGRESS_H
#define PROTO_PROGRESS_H

#include "proto/calendar.h"

enum light { LIGHT_UNKNOWN, LIGHT_GREEN, LIGHT_YELLOW, LIGHT_RED };

/* The light's name for scripts. */
const char *light_name(enum light light);

struct progress {
    enum light light;
    int64_t invested;  /* fen, this year, up to `upto` */
    int64_t planned;   /* fen, by the target's months up to `upto` */
    int64_t year_plan; /* fen */
    int64_t of_plan;   /* per mille of `planned` */
    int64_t of_year;   /* per mille of the year's plan */
    int64_t of_time;   /* per mille of the year that has passed at the end of `upto` */
    month_t upto;      /* the month of the newest accepted figures, or of the opening balance */
};

/* The light of a share of the plan to date (per mille), by the settings. */
enum light light_of(const struct space *space, int64_t of_plan, struct arena *arena);

/* The agreed target of a project for a year. ERR_NOT_FOUND. */
enum err target_find(const struct space *space, uint64_t project, int year, struct arena *arena, struct record *target);

/* The newest year for which the project has an agreed target, 0 when there is none. */
int target_newest_year(const struct space *space, uint64_t project, struct arena *arena);

/* Compares the newest accepted figure with the plan up to the same month. The light is unknown when the
 * plan's months are not here, or nothing was planned by then. */
void progress_of(const struct space *space, const struct record *project, struct arena *arena,
                 struct progress *progress);

#endif
