/* schedule.c - see schedule.h; and reminders by hand, 催办. */
#include "proto/rules/schedule.h"

#include "proto/owed.h"
#include "proto/rules/inspection.h"
#include "proto/rules/rules.h"
#include "proto/rules/warning.h"

enum { MORNING_SECONDS = 8 * 3600 + 1800, UNITS_MAX = 512 }; /* jobs run at 08:30 */

/* ---- days ---- */

day_t next_workday(struct act *act, day_t after)
{
    return workday_after(act_calendar(act), after, 1);
}

day_t next_monthly(struct act *act, day_t after, enum setting_id setting)
{
    int of_month = (int)act_setting(act, setting);
    for (month_t month = month_of(after);; month = month_add(month, 1)) {
        day_t day = workday_from(act_calendar(act), day_make(month_year(month), month_number(month), of_month));
        if (day.n > after.n) return day;
    }
}

/* ---- reminding of reports ---- */

static day_t remind_day(struct act *act, month_t month)
{
    day_t due = month_due(act->space, act_calendar(act), month, act->arena);
    return act_workday_before(act, due, (int)act_setting(act, SET_report_remind_days));
}

static day_t next_remind(struct act *act, day_t after)
{
    for (month_t month = month_add(month_of(after), -1);; month = month_add(month, 1))
        if (remind_day(act, month).n > after.n) return remind_day(act, month);
}

struct owing {
    unsigned count;
    struct {
        uint64_t unit;
        int64_t projects;
    } at[UNITS_MAX];
};

static void note_owing(struct owing *owing, uint64_t unit)
{
    unsigned i = 0;
    while (i < owing->count && owing->at[i].unit != unit)
        i++;
    if (i == UNITS_MAX) return;
    if (i == owing->count) {
        owing->at[owing->count].unit = unit;
        owing->at[owing->count++].projects = 0;
    }
    owing->at[i].projects++;
}

/* Each unit that owes reports for the month is told how many, once. */
static enum err remind_reports(struct act *act, day_t day, int64_t *made)
{
    month_t month = month_add(month_of(day), -1);
    if (remind_day(act, month).n < day.n) month = month_add(month, 1);
    day_t due = month_due(act->space, act_calendar(act), month, act->arena);
    struct owing *owing = arena_get(act->arena, sizeof *owing);
    if (owing == NULL) return act_refuse(act, ERR_MEMORY);
    owing->count = 0;
    for (uint64_t id = 0; (id = state_next_id(act->space, KIND_project, id)) > 0;) {
        struct record project, paper;
        enum err err = act_read(act, KIND_project, id, &project);
        if (err != OK) return act_refuse(act, err);
        if (!project_owes(&project, month)) continue;
        if (paper_find(act->space, KIND_report, id, month, act->arena, &paper) == OK && paper_in(&paper)) continue;
        note_owing(owing, (uint64_t)rec_num(&project, project_responsible));
    }
    for (unsigned i = 0; i < owing->count; i++) {
        enum err err = urge(act, owing->at[i].unit, OPT_matter_report, 0, month, owing->at[i].projects, due);
        if (err != OK) return err;
        ++*made;
    }
    return OK;
}

/* ---- the jobs ---- */

static const struct job {
    job_next_fn *next;
    job_run_fn *run;
} jobs[] = {
    [OPT_job_report_remind] = {next_remind, remind_reports},
    [OPT_job_report_late] = {next_workday, warn_of_reports},
    [OPT_job_progress] = {next_progress, warn_of_progress},
    [OPT_job_digest] = {next_digest, make_digest},
    [OPT_job_dispatch] = {next_dispatch, call_dispatch},
    [OPT_job_review] = {next_review, prepare_review},
    [OPT_job_inspection] = {next_inspection, plan_inspection},
    [OPT_job_meeting_remind] = {next_meeting_remind, remind_meetings},
    [OPT_job_bulletin_monthly] = {next_bulletin_monthly, draft_bulletin_monthly},
    [OPT_job_bulletin_issues] = {next_bulletin_issues, draft_bulletin_issues},
    [OPT_job_meeting_missing] = {next_meeting_missing, record_missing_meetings},
    [OPT_job_assignment_late] = {next_workday, warn_of_assignments},
    [OPT_job_meeting_warn] = {next_meeting_warn, warn_of_meetings},
};

static const struct job *job_of(const struct record *schedule)
{
    int64_t job = rec_num(schedule, schedule_job);
    return job > 0 && job < (int64_t)(sizeof jobs / sizeof *jobs) && jobs[job].run != NULL ? &jobs[job] : NULL;
}

static void set_next(struct act *act, struct record *schedule, const struct job *job, day_t after)
{
    rec_set(schedule, schedule_next, day_start(job->next(act, after)).s + MORNING_SECONDS);
}

enum err rule_schedule_found(struct act *act, struct change *change)
{
    const struct job *job = job_of(&change->after);
    if (job == NULL) return act_refuse_field(act, ERR_BAD_VALUE, change, schedule_job, 0);
    set_next(act, &change->after, job, act_today(act));
    return OK;
}

/* Does the job for the day on which it was due, and arms it for the day after that: what was missed while the
 * daemon was down comes one by one. */
enum err rule_schedule_run(struct act *act, struct change *change)
{
    const struct job *job = job_of(&change->after);
    int64_t made = 0, due = rec_num(&change->before, schedule_next);
    if (job == NULL) return act_refuse_field(act, ERR_BAD_VALUE, change, schedule_job, 0);
    if (act->now.s < due) return act_refuse(act, ERR_WRONG_STATE);
    day_t day = stamp_day((stamp_t){due});
    enum err err = job->run(act, day, &made);
    rec_set(&change->after, schedule_last, due);
    rec_set(&change->after, schedule_count, made);
    set_next(act, &change->after, job, day);
    return err;
}

enum err rule_schedule_resume(struct act *act, struct change *change)
{
    return rule_schedule_found(act, change);
}

/* ---- 催办 ---- */

enum err rule_urging_send(struct act *act, struct change *change)
{
    if (rec_num(&change->after, urging_due) < act_today(act).n)
        return act_refuse_field(act, ERR_DATE_PAST, change, urging_due, 0);
    if (!rec_has(&change->after, urging_project)) return OK;
    struct record project;
    enum err err = act_read(act, KIND_project, (uint64_t)rec_num(&change->after, urging_project), &project);
    if (err != OK) return act_refuse(act, err);
    if (rec_num(&project, project_responsible) != rec_num(&change->after, urging_subject))
        return act_refuse_field(act, ERR_OTHER_UNIT, change, urging_project, 0);
    return OK;
}

enum err urge(struct act *act, uint64_t unit, unsigned matter, uint64_t project, month_t month, int64_t count,
              day_t due)
{
    struct change *made;
    enum err err = act_make(act, KIND_urging, &made);
    if (err != OK) return err;
    rec_set(&made->after, F_STATE, ST_urging_sent);
    rec_set(&made->after, urging_subject, (int64_t)unit);
    rec_set(&made->after, urging_matter, matter);
    if (project != 0) rec_set(&made->after, urging_project, (int64_t)project);
    if (month.n != 0) rec_set(&made->after, urging_month, month.n);
    if (count != 0) rec_set(&made->after, urging_count, count);
    rec_set(&made->after, urging_due, due.n);
    return OK;
}
