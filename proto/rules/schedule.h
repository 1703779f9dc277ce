/* schedule.h - the jobs that the registry does by its own calendar, and what they are made of.
 *
 * A job is an option of CHOICE_job and a row in schedule.c: when it comes next, and what it does. Pure like every
 * rule: it sees the state through the act, and makes and touches records by it. DOMAIN, section 3. */
#ifndef PROTO_RULES_SCHEDULE_H
#define PROTO_RULES_SCHEDULE_H

#include "proto/decide.h"

/* The first day after `after` on which the job is to be done. */
typedef day_t job_next_fn(struct act *act, day_t after);

/* Does it for a day; *made counts the records it made or moved. */
typedef enum err job_run_fn(struct act *act, day_t day, int64_t *made);

/* ---- days ---- */

/* Each working day. */
job_next_fn next_workday;

/* The first working day from a day of the month on; `setting` holds the day, 1 to 28. */
day_t next_monthly(struct act *act, day_t after, enum setting_id setting);

/* ---- what jobs do ---- */

/* meeting.c: who has not called this month's joint meeting; where last month's was not held. */
job_next_fn next_meeting_remind, next_meeting_missing;
job_run_fn remind_meetings, record_missing_meetings;

/* bulletin.c: drafts of last month's and last quarter's bulletins. */
job_next_fn next_bulletin_monthly, next_bulletin_issues;
job_run_fn draft_bulletin_monthly, draft_bulletin_issues;

/* Should a joint meeting of the project have been held in the month, and was not? */
bool meeting_missed(struct act *act, const struct record *project, month_t month);

/* Reminds a unit: makes a record of kind urging. project, month and count may be 0. */
enum err urge(struct act *act, uint64_t unit, unsigned matter, uint64_t project, month_t month, int64_t count,
              day_t due);

/* review.c: the half-year's review meeting with its boards. */
job_next_fn next_review;
job_run_fn prepare_review;

/* dispatch.c: the office's monthly round. */
job_next_fn next_dispatch;
job_run_fn call_dispatch;

#endif
