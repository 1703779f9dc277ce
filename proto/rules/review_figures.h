/* review_figures.h - what the registry says about each unit and project for a review: counts and sums, with the records
 * that they come from. review_figures.c gathers them, review_boards.c makes entries of them. Clauses 3 and 5.5. */
#ifndef PROTO_RULES_REVIEW_FIGURES_H
#define PROTO_RULES_REVIEW_FIGURES_H

#include "proto/decide.h"

enum figure {
    FIG_PROJECTS,
    FIG_GREEN,
    FIG_YELLOW,
    FIG_RED,
    FIG_INVESTED, /* fen, of the projects that have a plan by months; of one project its own */
    FIG_PLANNED,  /* fen, to the same month */
    FIG_SHARE,    /* per mille of it */
    FIG_UPTO,     /* a month */
    FIG_OWED,     /* reports and returns whose day has passed */
    FIG_ON_TIME,
    FIG_IN_LATE,
    FIG_NOT_IN,
    FIG_ISSUES,
    FIG_SOLVED,
    FIG_SOLVED_LATE,
    FIG_SENT_BACK,
    FIG_OVERDUE,
    FIG_OVERDUE_DAYS,
    FIG_WARNINGS,
    FIG_UNANSWERED,
    FIG_UNANSWERED_DAYS,
    FIG_VISITS,
    FIG_FEES,
    FIG_FEE_SUM, /* fen */
    FIG_FROM,    /* the months reviewed */
    FIG_TO,
    FIGURES
};

enum { GROUND_LIMIT = 16, CITED_MAX = 10, CITED_BYTES = 700 };

/* The records behind a figure, as far as they are named. */
struct cited {
    unsigned count;
    struct str str;
    char text[CITED_BYTES];
};

/* Of a unit; of a project, with its responsible unit; or of a unit as lead department. */
struct figures {
    uint64_t unit, project;
    bool lead;
    int64_t of[FIGURES];
    struct cited *cited[GROUND_LIMIT]; /* by ground; NULL: nothing to name */
};

struct survey {
    unsigned count, most;
    struct figures *at;
};

/* Gathers the figures of the months from `from` to `to`, as they stand now, in the arena of the act. */
enum err survey_registry(struct act *act, month_t from, month_t to, struct survey *survey);

#endif
