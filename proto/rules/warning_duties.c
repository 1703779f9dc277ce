/* warning_duties.c - further jobs that notice what units leave undone and propose warnings for it: assignments past
 * their time limit, each working day; joint meetings that were not held, each month. Clause 5.4 for 5.5 and 5.3: one
 * warning for each unit and matter, the assignments or the projects being its evidence. */
#include "proto/rules/schedule.h"
#include "proto/rules/warning.h"

static unsigned level_of(bool red)
{
    return red ? OPT_warning_level_red : OPT_warning_level_yellow;
}

static void add_project(struct noticed *noticed, int64_t project)
{
    for (unsigned i = 0; i < noticed->project_count; i++)
        if (noticed->projects[i] == project) return;
    if (noticed->project_count < LIST_MAX) noticed->projects[noticed->project_count++] = project;
}

/* ---- assignments ---- */

/* Outages move deadlines; what ran out before the day began is overdue. */
static void note_assignment(struct act *act, day_t day, const struct record *assignment, struct noticed *noticed)
{
    stamp_t due;
    if (!record_due(assignment, &due)) return;
    due = deadline_moved(act->space, act_calendar(act), due, act->arena);
    if (due.s > day_start(day).s) return;
    day_t last = stamp_day((stamp_t){due.s - 1});
    noticed->count++;
    if (day.n - last.n > noticed->days) noticed->days = day.n - last.n;
    if (month_of(last).n > noticed->month.n) noticed->month = month_of(last);
    if (noticed->assignment_count < LIST_MAX)
        noticed->assignments[noticed->assignment_count++] = (int64_t)assignment->id;
    if (rec_has(assignment, assignment_project)) add_project(noticed, rec_num(assignment, assignment_project));
}

/* Those of a unit that are in one state. */
static enum err note_assignments(struct act *act, day_t day, unsigned state, struct noticed *noticed)
{
    struct value values[] = {number_value((int64_t)noticed->subject), number_value(state)};
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_assignment_unit, values, 2);
    while (walk_next(&walk, &id)) {
        struct record assignment;
        enum err err = act_read(act, KIND_assignment, id, &assignment);
        if (err != OK) return act_refuse(act, err);
        note_assignment(act, day, &assignment, noticed);
    }
    return OK;
}

enum err warn_of_assignments(struct act *act, day_t day, int64_t *made)
{
    enum err err = OK;
    for (uint64_t unit = 0; err == OK && (unit = state_next_id(act->space, KIND_unit, unit)) > 0;) {
        struct noticed noticed = {.subject = unit, .cause = OPT_warning_cause_assignment_overdue, .of_plan = -1};
        for (const struct state_row *row = NULL; err == OK && (row = state_next(KIND_assignment, row)) != NULL;)
            if (!row->final && row->due != 0) err = note_assignments(act, day, row->wire, &noticed);
        if (err != OK || noticed.days < act_setting(act, SET_assignment_yellow)) continue;
        noticed.level = level_of(noticed.days >= act_setting(act, SET_assignment_red));
        err = warn(act, &noticed, made);
    }
    return err;
}

/* ---- joint meetings ---- */

day_t next_meeting_warn(struct act *act, day_t after)
{
    return next_monthly(act, after, SET_meeting_warn_day);
}

/* How many months in a row up to this one had no meeting; at most so many are looked at. */
static int64_t months_missed(struct act *act, const struct record *project, month_t month, int64_t most)
{
    int64_t months = 0;
    while (months < most && meeting_missed(act, project, month_add(month, -(int)months)))
        months++;
    return months;
}

/* The projects of a unit; *longest: how long the worst of them has gone without. */
static enum err note_meetings(struct act *act, int64_t red, struct noticed *noticed, int64_t *longest)
{
    struct value value = number_value((int64_t)noticed->subject);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_project_responsible, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record project;
        enum err err = act_read(act, KIND_project, id, &project);
        if (err != OK) return act_refuse(act, err);
        int64_t months = months_missed(act, &project, noticed->month, red);
        if (months == 0) continue;
        if (months > *longest) *longest = months;
        noticed->count++;
        add_project(noticed, (int64_t)id);
    }
    return OK;
}

enum err warn_of_meetings(struct act *act, day_t day, int64_t *made)
{
    month_t month = month_add(month_of(day), -1);
    int64_t red = act_setting(act, SET_meeting_red_months);
    enum err err = OK;
    for (uint64_t unit = 0; err == OK && (unit = state_next_id(act->space, KIND_unit, unit)) > 0;) {
        struct noticed noticed = {.subject = unit,
                                  .cause = OPT_warning_cause_meeting_missing,
                                  .month = month,
                                  .of_plan = -1,
                                  .days = day.n - month_last(month).n};
        int64_t longest = 0;
        err = note_meetings(act, red, &noticed, &longest);
        if (err != OK || noticed.count == 0) continue;
        noticed.level = level_of(longest >= red);
        err = warn(act, &noticed, made);
    }
    return err;
}
