/* import.h - taking over what the offices keep in files: units, plan, projects, targets, operators, calendar,
 * scheme of assessment.
 *
 * All or nothing: one transaction tries every row; only one without faults is committed. Every fault is
 * named with file, line and column. Importing the same file twice changes nothing; an empty cell says
 * nothing about what is there already. */
#ifndef SERVER_IMPORT_H
#define SERVER_IMPORT_H

#include "server/console.h"

struct import_options {
    const char *what; /* units, plan, projects, targets, operators, calendar, scheme */
    const char *file;
    const char *rejects; /* where rejected rows go; NULL: FILE.rejected.csv with skip_bad, else nowhere */
    const char *plan;    /* number of the plan that projects belong to; NULL: the draft, or the one in force */
    day_t as_of;         /* of the cumulative figures of projects */
    bool has_as_of;      /* else: the last day of the month before registry time */
    bool skip_bad;       /* leave out the rows that are wrong, take over the others */
    bool dry_run;        /* say what would happen, change nothing */
    bool quiet;          /* print faults alone */
};

/* Is there such a WHAT? */
bool import_known(const char *what);

/* Prints faults to stderr as they are found, counts to stdout at the end. ERR_NOTHING_TAKEN when rows were
 * wrong; otherwise why the file or the registry could not be used, which has been printed too. */
enum err import_run(struct console *console, const struct import_options *options);

#endif
