/* figures.h - what the console shows, as numbers: lights by county, plan against actual, what is open, who is how far.
 * Computed from the view alone. Clauses 2 and 5: 及时掌握项目进展情况. */
#ifndef CLIENT_CORE_FIGURES_H
#define CLIENT_CORE_FIGURES_H

#include "client/core/client.h"

#include "proto/progress.h"

enum { LIGHTS = LIGHT_RED + 1, COUNTIES_MAX = 60, LEADS_MAX = 12, RANKS_MAX = 100, OPEN_MAX = 4000, MONTHS = 12 };

struct open_count {
    unsigned open, overdue;
};

/* ---- by county ---- */

/* The projects in one county or zone. Its light is that of all of them together, of those whose plan is known. */
struct county {
    uint64_t unit; /* 0: what belongs to no county */
    unsigned projects, lights[LIGHTS];
    int64_t invested, planned, of_plan; /* fen, fen, per mille */
    enum light light;
    struct open_count warnings, issues;
};

struct counties {
    struct county all;
    unsigned count;
    struct county *at; /* in the order of the units' numbers; what belongs to no county comes last */
};

enum err counties_build(const struct client *client, struct arena *arena, struct counties *counties);

/* ---- plan against actual ---- */

/* Cumulative sums at the end of each month of a year, in fen. A project without a report for a month counts with
 * its last accepted figure. */
struct course {
    uint64_t lead; /* 0: all projects */
    unsigned projects;
    int64_t plan[MONTHS], actual[MONTHS];
    unsigned reported[MONTHS]; /* projects with accepted figures of just that month */
    unsigned first, last;      /* the months, from 1, with figures; 0: none */
};

struct courses {
    int year;
    unsigned count; /* the first is of all projects */
    struct course at[1 + LEADS_MAX];
};

/* The newest month, from 1, of which at least half of the projects have accepted figures; the last one when there is
 * none, 0 when there are no figures at all. */
unsigned course_month(const struct course *course);

enum err courses_build(const struct client *client, struct arena *arena, struct courses *courses);

/* Agreed targets of the year whose months are not here: until they are fetched, plans and lights are not known.
 * *one: one of them. */
unsigned bare_targets(const struct client *client, struct arena *arena, uint64_t *one);

/* One project's course; plan and actual are zero where nothing is known. */
void course_of_project(const struct space *space, uint64_t project, int year, struct arena *arena,
                       struct course *course);

/* ---- what is open ---- */

/* A warning that was issued and not lifted, or an issue that is not cancelled. */
struct open_item {
    uint8_t kind;
    bool overdue;
    bool at_least;                /* open for longer: when it began is not known here */
    uint64_t id, project, county; /* county: that of the project, or the unit warned */
    stamp_t since, due;           /* due.s 0: no deadline */
};

struct open_items {
    unsigned count;
    struct open_item *at; /* overdue first, then the oldest */
};

/* Open issues of which it is not known here when they were collected: not told by itself to everybody. *one: one of
 * them. */
unsigned ageless_issues(const struct client *client, struct arena *arena, uint64_t *one);

/* county 0: of all. */
enum err open_build(const struct client *client, uint64_t county, struct arena *arena, struct open_items *items);

/* ---- reports ---- */

/* The month whose reports matter: the last one, or the present one when none were owed for that yet. */
month_t reports_month(const struct client *client, struct arena *arena);

/* ---- ranking ---- */

struct rank {
    uint64_t unit;
    unsigned projects, on_time, due; /* reports of this year that were due, and those received in time */
    int64_t invested, year_plan;     /* fen */
    int64_t of_year, punctual;       /* per mille */
};

struct ranking {
    unsigned count;
    struct rank *at; /* by the year's plan, then by reports in time, the best first */
};

enum err ranking_build(const struct client *client, struct arena *arena, struct ranking *ranking);

#endif
