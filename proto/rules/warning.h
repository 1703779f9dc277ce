/* warning.h - warnings that rules propose, and the jobs that look for them. Clause 5.4.
 *
 * Whoever notices something says so by warn(): it keeps to one matter, one warning, and leaves the rest to the
 * setting that lets the rules' proposals be issued at once. DOMAIN, section 3. */
#ifndef PROTO_RULES_WARNING_H
#define PROTO_RULES_WARNING_H

#include "proto/rules/schedule.h"

/* What a rule has noticed, with the evidence that answers "why?". Numbers that say nothing are 0. */
struct noticed {
    uint64_t subject; /* the unit */
    uint64_t project; /* 0: about the unit itself */
    unsigned cause, level;
    month_t month;   /* that the evidence is of: what was closed for it is not noticed again */
    int64_t of_plan; /* per mille; negative: none */
    int64_t count, days;
    bool unit_return;
    unsigned project_count, milestone_count, assignment_count;
    int64_t projects[LIST_MAX], milestones[LIST_MAX], assignments[LIST_MAX];
};

/* Proposes a warning, or issues it when the setting says so. When one is open for the matter: raises it from
 * yellow to red if it got worse, else does nothing. Nothing either when the office has closed one for the same
 * month and level. *made counts what was made or raised. */
enum err warn(struct act *act, const struct noticed *noticed, int64_t *made);

/* Has the unit got it, and has the office not lifted it? */
bool warning_sent(const struct record *warning);

/* ---- the jobs (CHOICE_job) ---- */

job_next_fn next_progress, next_meeting_warn, next_digest;
job_run_fn warn_of_reports, warn_of_progress, warn_of_assignments, warn_of_meetings, make_digest;

#endif
