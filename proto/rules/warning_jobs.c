/* warning_jobs.c - what the registry notices by itself and proposes warnings for: reports that are late or missing,
 * each working day; slow progress, starts and milestones past their day, each month. Clause 5.4; the thresholds are
 * settings, the first values those of practice.md 2.2. */
#include "proto/owed.h"
#include "proto/progress.h"
#include "proto/rules/rules.h"
#include "proto/rules/warning.h"

/* MONTHS_BACK: how far back reports are looked for; a year's warnings have been given by then. */
enum { UNITS_MAX = 512, MONTHS_BACK = 12 };

/* ---- late and missing reports ---- */

struct late_unit {
    struct noticed noticed;
    bool owes[MONTHS_BACK]; /* does some project owe a report for the month? */
};

struct lateness {
    struct act *act;
    day_t day;
    month_t months[MONTHS_BACK]; /* whose day has passed */
    unsigned month_count, unit_count;
    struct late_unit units[UNITS_MAX];
};

static struct late_unit *unit_of(struct lateness *job, uint64_t unit)
{
    unsigned i = 0;
    while (i < job->unit_count && job->units[i].noticed.subject != unit)
        i++;
    if (i == UNITS_MAX) return NULL;
    if (i == job->unit_count)
        job->units[job->unit_count++] =
            (struct late_unit){.noticed = {.subject = unit, .cause = OPT_warning_cause_report_late, .of_plan = -1}};
    return &job->units[i];
}

static day_t paper_due(const struct lateness *job, const struct record *paper, month_t month)
{
    day_t due = month_due(job->act->space, act_calendar(job->act), month, job->act->arena);
    const struct paper_kind *row = paper != NULL ? paper_kind(paper->kind) : NULL;
    if (row != NULL && rec_num(paper, row->due) > due.n) due.n = (int32_t)rec_num(paper, row->due);
    return due;
}

/* How a paper stood at the beginning of the day; one that was sent back has its own day to be in again by. */
static enum standing standing_of(const struct lateness *job, const struct record *paper, month_t month)
{
    struct act *act = job->act;
    struct record open;
    if (paper != NULL && rec_state(paper) == paper_kind(paper->kind)->returned) {
        open = *paper;
        rec_set(&open, F_STATE, paper_kind(paper->kind)->draft);
        paper = &open;
    }
    return paper_standing(act->space, act_calendar(act), paper, month, day_start(job->day), act->arena);
}

/* Looks at one paper, and notes it with its unit when it is late. */
static bool note_late(struct lateness *job, struct noticed *noticed, unsigned kind, uint64_t of, month_t month)
{
    struct record found;
    const struct record *paper = NULL;
    if (paper_find(job->act->space, kind, of, month, job->act->arena, &found) == OK) paper = &found;
    enum standing standing = standing_of(job, paper, month);
    if (standing != STANDING_LATE && standing != STANDING_MISSING) return false;
    unsigned level = standing == STANDING_LATE ? OPT_warning_level_yellow : OPT_warning_level_red;
    int days = job->day.n - paper_due(job, paper, month).n;
    if (level > noticed->level) noticed->level = level;
    if (days > noticed->days) noticed->days = days;
    if (month.n > noticed->month.n) noticed->month = month;
    noticed->count++;
    return true;
}

static void look_at_project(struct lateness *job, const struct record *project)
{
    struct late_unit *unit = unit_of(job, (uint64_t)rec_num(project, project_responsible));
    bool late = false;
    if (unit == NULL) return;
    for (unsigned i = 0; i < job->month_count; i++) {
        if (!project_owes(project, job->months[i])) continue;
        unit->owes[i] = true;
        late = note_late(job, &unit->noticed, KIND_report, project->id, job->months[i]) || late;
    }
    struct noticed *noticed = &unit->noticed;
    if (late && noticed->project_count < LIST_MAX) noticed->projects[noticed->project_count++] = (int64_t)project->id;
}

static enum err warn_unit(struct lateness *job, struct late_unit *unit, int64_t *made)
{
    for (unsigned i = 0; i < job->month_count; i++)
        if (unit->owes[i] && note_late(job, &unit->noticed, KIND_unit_return, unit->noticed.subject, job->months[i]))
            unit->noticed.unit_return = true;
    return unit->noticed.count > 0 ? warn(job->act, &unit->noticed, made) : OK;
}

/* One warning for each unit, whatever it is late with; its projects are the evidence. */
enum err warn_of_reports(struct act *act, day_t day, int64_t *made)
{
    struct lateness *job = arena_get(act->arena, sizeof *job);
    if (job == NULL) return act_refuse(act, ERR_MEMORY);
    job->act = act;
    job->day = day;
    job->month_count = job->unit_count = 0;
    for (int back = MONTHS_BACK; back > 0; back--) {
        month_t month = month_add(month_of(day), -back);
        if (paper_due(job, NULL, month).n < day.n) job->months[job->month_count++] = month;
    }
    for (uint64_t id = 0; (id = state_next_id(act->space, KIND_project, id)) > 0;) {
        struct record project;
        enum err err = act_read(act, KIND_project, id, &project);
        if (err != OK) return act_refuse(act, err);
        if (rec_has(&project, project_reports_from)) look_at_project(job, &project);
    }
    enum err err = OK;
    for (unsigned i = 0; i < job->unit_count && err == OK; i++)
        err = warn_unit(job, &job->units[i], made);
    return err;
}

/* ---- progress ---- */

day_t next_progress(struct act *act, day_t after)
{
    return next_monthly(act, after, SET_warning_day);
}

static struct noticed about_project(const struct record *project, unsigned cause)
{
    return (struct noticed){.subject = (uint64_t)rec_num(project, project_responsible),
                            .project = project->id,
                            .cause = cause,
                            .of_plan = -1,
                            .project_count = 1,
                            .projects = {(int64_t)project->id}};
}

static enum err warn_behind(struct act *act, const struct record *project, int64_t *made)
{
    struct noticed noticed = about_project(project, OPT_warning_cause_behind_plan);
    struct progress progress;
    progress_of(act->space, project, act->arena, &progress);
    if (progress.light != LIGHT_YELLOW && progress.light != LIGHT_RED) return OK;
    noticed.level = progress.light == LIGHT_RED ? OPT_warning_level_red : OPT_warning_level_yellow;
    noticed.of_plan = progress.of_plan;
    noticed.month = progress.upto;
    return warn(act, &noticed, made);
}

/* Whole months that have passed. */
static int months_between(day_t from, day_t to)
{
    int year, month, from_day, to_day;
    day_split(from, &year, &month, &from_day);
    day_split(to, &year, &month, &to_day);
    return month_of(to).n - month_of(from).n - (to_day < from_day ? 1 : 0);
}

/* A planned start of which only the month or the year is known is met on its last day. */
static enum err warn_start(struct act *act, day_t day, const struct record *project, int64_t *made)
{
    struct noticed noticed = about_project(project, OPT_warning_cause_start_overdue);
    unsigned state = rec_state(project);
    if (!rec_has(project, project_start) || state == ST_project_construction) return OK;
    day_t planned = date_last((date_t){(int32_t)rec_num(project, project_start)});
    if (planned.n >= day.n) return OK;
    int months = months_between(planned, day);
    if (months < act_setting(act, SET_start_yellow) && months < act_setting(act, SET_start_red)) return OK;
    noticed.level = months >= act_setting(act, SET_start_red) ? OPT_warning_level_red : OPT_warning_level_yellow;
    noticed.days = day.n - planned.n;
    noticed.month = month_of(planned);
    return warn(act, &noticed, made);
}

static enum err warn_milestones(struct act *act, day_t day, const struct record *project, int64_t *made)
{
    struct noticed noticed = about_project(project, OPT_warning_cause_milestone_overdue);
    struct value value = number_value((int64_t)project->id);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_milestone_project, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record milestone;
        enum err err = act_read(act, KIND_milestone, id, &milestone);
        if (err != OK) return act_refuse(act, err);
        day_t due = {(int32_t)rec_num(&milestone, milestone_due)};
        if (rec_state(&milestone) != ST_milestone_overdue || due.n >= day.n) continue;
        noticed.count++;
        if (day.n - due.n > noticed.days) noticed.days = day.n - due.n;
        if (month_of(due).n > noticed.month.n) noticed.month = month_of(due);
        if (noticed.milestone_count < LIST_MAX) noticed.milestones[noticed.milestone_count++] = (int64_t)id;
    }
    if (noticed.count == 0) return OK;
    bool red = noticed.days > act_setting(act, SET_milestone_red_days);
    noticed.level = red ? OPT_warning_level_red : OPT_warning_level_yellow;
    return warn(act, &noticed, made);
}

/* Suspended projects rest. */
static bool goes_on(const struct record *project)
{
    unsigned state = rec_state(project);
    return state == ST_project_signed || state == ST_project_preliminary || state == ST_project_construction;
}

enum err warn_of_progress(struct act *act, day_t day, int64_t *made)
{
    for (uint64_t id = 0; (id = state_next_id(act->space, KIND_project, id)) > 0;) {
        struct record project;
        enum err err = act_read(act, KIND_project, id, &project);
        if (err != OK) return act_refuse(act, err);
        if (!goes_on(&project)) continue;
        err = warn_behind(act, &project, made);
        if (err == OK) err = warn_start(act, day, &project, made);
        if (err == OK) err = warn_milestones(act, day, &project, made);
        if (err != OK) return err;
    }
    return OK;
}
