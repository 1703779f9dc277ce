/* meeting.c - 三方联席会议: called by the responsible unit each month, attended by three parties or with the absent one's
 * reason, its minutes signed by those who were there; and who is reminded of it. Clause 5.3. */
#include "proto/rules/issue.h"
#include "proto/rules/ladder.h"
#include "proto/rules/rules.h"
#include "proto/rules/schedule.h"

/* ---- calling ---- */

static enum err invite(struct act *act, const struct record *meeting, unsigned party, int64_t unit)
{
    struct change *made;
    if (unit == 0) return OK;
    enum err err = act_make(act, KIND_attendance, &made);
    if (err != OK) return err;
    rec_set(&made->after, F_STATE, ST_attendance_called);
    rec_set(&made->after, attendance_meeting, (int64_t)meeting->id);
    rec_move(&made->after, attendance_project, meeting, meeting_project);
    rec_set(&made->after, attendance_party, party);
    rec_set(&made->after, attendance_unit, unit);
    rec_move(&made->after, attendance_day, meeting, meeting_day);
    return OK;
}

/* Before construction there need be no contractor; where the project names one, it is that one. */
static enum err find_contractor(struct act *act, struct change *change, const struct record *project)
{
    struct record *after = &change->after;
    int64_t known = rec_num(project, project_contractor);
    if (known != 0 && rec_has(after, meeting_contractor) && rec_num(after, meeting_contractor) != known)
        return act_refuse_field(act, ERR_OTHER_CONTRACTOR, change, meeting_contractor, 0);
    if (known != 0) rec_set(after, meeting_contractor, known);
    if (!rec_has(after, meeting_contractor) && rec_state(project) == ST_project_construction)
        return act_refuse_field(act, ERR_NO_CONTRACTOR, change, meeting_contractor, 0);
    return OK;
}

static void set_month(struct record *meeting)
{
    rec_set(meeting, meeting_month, month_of((day_t){(int32_t)rec_num(meeting, meeting_day)}).n);
}

/* The three parties are called with it. A second one for the month is refused by the index. */
enum err rule_meeting_call(struct act *act, struct change *change)
{
    struct record project, *after = &change->after;
    enum err err = act_read(act, KIND_project, (uint64_t)rec_num(after, meeting_project), &project);
    if (err != OK) return act_refuse(act, err);
    unsigned phase = rec_state(&project);
    if (phase == ST_project_suspended || phase == ST_project_completed)
        return act_refuse_field(act, ERR_NO_MEETING_OWED, change, meeting_project, 0);
    if ((err = find_contractor(act, change, &project)) != OK) return err;
    set_month(after);
    rec_set(after, meeting_live, 1);
    rec_move(after, meeting_convener, &project, project_responsible);
    err = invite(act, after, OPT_party_responsible, rec_num(&project, project_responsible));
    if (err == OK) err = invite(act, after, OPT_party_owner, rec_num(&project, project_owner));
    if (err == OK) err = invite(act, after, OPT_party_contractor, rec_num(after, meeting_contractor));
    return err;
}

typedef enum err attendance_fn(struct act *act, struct record *attendance, const struct record *meeting);

/* Does something to each attendance of a meeting. */
static enum err each_attendance(struct act *act, const struct record *meeting, attendance_fn *fn)
{
    struct value value = number_value((int64_t)meeting->id);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_attendance_meeting, &value, 1);
    while (walk_next(&walk, &id)) {
        struct change *attendance;
        enum err err = act_touch(act, KIND_attendance, id, &attendance);
        if (err == OK) err = fn(act, &attendance->after, meeting);
        if (err != OK) return err;
    }
    return OK;
}

static enum err move_day(struct act *act, struct record *attendance, const struct record *meeting)
{
    (void)act;
    rec_move(attendance, attendance_day, meeting, meeting_day);
    return OK;
}

static enum err check_month(struct act *act, const struct change *change)
{
    month_t month = month_of((day_t){(int32_t)rec_num(&change->after, meeting_day)});
    if (month.n == rec_num(&change->after, meeting_month)) return OK;
    return act_refuse_field(act, ERR_OTHER_MONTH, change, meeting_day, 0);
}

enum err rule_meeting_change(struct act *act, struct change *change)
{
    enum err err = check_month(act, change);
    return err == OK ? each_attendance(act, &change->after, move_day) : err;
}

static enum err call_off(struct act *act, struct record *attendance, const struct record *meeting)
{
    (void)act;
    (void)meeting;
    rec_set(attendance, F_STATE, ST_attendance_cancelled);
    return OK;
}

enum err rule_meeting_cancel(struct act *act, struct change *change)
{
    rec_unset(&change->after, meeting_live);
    return each_attendance(act, &change->after, call_off);
}

/* ---- holding and signing ---- */

/* Nobody is missing without a reason; who was there has the minutes to sign from now on. */
static enum err to_sign(struct act *act, struct record *attendance, const struct record *meeting)
{
    (void)meeting;
    unsigned state = rec_state(attendance);
    if (state == ST_attendance_called) {
        const struct option *party = option_row(CHOICE_party, (unsigned)rec_num(attendance, attendance_party));
        return refuse_text(&act->why, ERR_PARTY_MISSING, party != NULL ? party->label : "");
    }
    if (state != ST_attendance_present) return OK;
    rec_set(attendance, F_STATE, ST_attendance_signing);
    int days = (int)act_setting(act, SET_meeting_sign_days);
    ladder_start(act, attendance, workday_after(act_calendar(act), act_today(act), days));
    return OK;
}

/* How many parties stand to sign; *convener: is the responsible unit's among them? */
static unsigned count_signing(struct act *act, uint64_t meeting, bool *convener)
{
    struct value value = number_value((int64_t)meeting);
    struct walk walk;
    uint64_t id;
    unsigned count = 0;
    *convener = false;
    walk_start(&walk, act->space, IX_attendance_meeting, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record attendance;
        if (act_read(act, KIND_attendance, id, &attendance) != OK) continue;
        if (rec_state(&attendance) != ST_attendance_signing) continue;
        count++;
        *convener = *convener || rec_num(&attendance, attendance_party) == OPT_party_responsible;
    }
    return count;
}

enum err rule_meeting_hold(struct act *act, struct change *change)
{
    bool convener;
    if (rec_num(&change->after, meeting_day) > act_today(act).n)
        return act_refuse_field(act, ERR_DATE_AHEAD, change, meeting_day, 0);
    enum err err = check_month(act, change);
    if (err == OK) err = each_attendance(act, &change->after, to_sign);
    if (err != OK) return err;
    unsigned present = count_signing(act, change->after.id, &convener);
    return present >= 2 && convener ? OK : act_refuse(act, ERR_NOT_A_MEETING);
}

/* Until it is held, who comes can change. */
enum err rule_attendance_recall(struct act *act, struct change *change)
{
    struct record meeting;
    enum err err = act_read(act, KIND_meeting, (uint64_t)rec_num(&change->after, attendance_meeting), &meeting);
    if (err != OK) return act_refuse(act, err);
    if (rec_state(&meeting) == ST_meeting_called) return OK;
    return refuse_text(&act->why, ERR_WRONG_STATE, state_row(KIND_meeting, rec_state(&meeting))->label);
}

/* With the last party's signature the minutes are signed. */
enum err rule_attendance_sign(struct act *act, struct change *change)
{
    struct record *after = &change->after;
    struct change *meeting;
    bool convener;
    stamp_t due = day_end((day_t){(int32_t)rec_num(after, attendance_due)});
    due = deadline_moved(act->space, act_calendar(act), due, act->arena);
    if (act->now.s >= due.s) rec_set(after, attendance_late, 1);
    rec_set(after, attendance_signed_by, (int64_t)act->actor->operator);
    ladder_stop(after);
    uint64_t id = (uint64_t)rec_num(after, attendance_meeting);
    if (count_signing(act, id, &convener) > 0) return OK;
    enum err err = act_touch(act, KIND_meeting, id, &meeting);
    if (err == OK) rec_set(&meeting->after, F_STATE, ST_meeting_signed);
    return err;
}

/* ---- reminding ---- */

/* Under construction in that month, and not suspended. */
static bool project_meets(const struct record *project, month_t month)
{
    if (rec_state(project) != ST_project_construction || rec_lists(project, project_paused, month.n)) return false;
    if (month_of(stamp_day((stamp_t){rec_num(project, F_MADE)})).n > month.n) return false; /* not known then */
    day_t began = {(int32_t)rec_num(project, project_handed_on)};
    return !rec_has(project, project_handed_on) || month_of(began).n <= month.n;
}

/* Was a meeting called for the month (or held, when `held`)? */
static bool has_meeting(struct act *act, uint64_t project, month_t month, bool held)
{
    struct value values[] = {number_value((int64_t)project), number_value(month.n), number_value(1)};
    struct record meeting;
    uint64_t id = state_find(act->space, IX_meeting_month, values, 3);
    if (id == 0 || act_read(act, KIND_meeting, id, &meeting) != OK) return false;
    return !held || rec_state(&meeting) != ST_meeting_called;
}

bool meeting_missed(struct act *act, const struct record *project, month_t month)
{
    return project_meets(project, month) && !has_meeting(act, project->id, month, true);
}

/* The projects of a unit that have none for the month. */
static int64_t count_missing(struct act *act, uint64_t unit, month_t month, bool held)
{
    struct value value = number_value((int64_t)unit);
    struct walk walk;
    uint64_t id;
    int64_t count = 0;
    walk_start(&walk, act->space, IX_project_responsible, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record project;
        if (act_read(act, KIND_project, id, &project) != OK || !project_meets(&project, month)) continue;
        count += !has_meeting(act, id, month, held);
    }
    return count;
}

static enum err urge_meetings(struct act *act, month_t month, bool held, int64_t *made)
{
    for (uint64_t unit = 0; (unit = state_next_id(act->space, KIND_unit, unit)) > 0;) {
        int64_t count = count_missing(act, unit, month, held);
        if (count == 0) continue;
        enum err err = urge(act, unit, OPT_matter_meeting, 0, month, count, month_last(month));
        if (err != OK) return err;
        ++*made;
    }
    return OK;
}

day_t next_meeting_remind(struct act *act, day_t after)
{
    return next_monthly(act, after, SET_meeting_remind_day);
}

enum err remind_meetings(struct act *act, day_t day, int64_t *made)
{
    return urge_meetings(act, month_of(day), false, made);
}

/* The first working day of a month. */
day_t next_meeting_missing(struct act *act, day_t after)
{
    for (month_t month = month_of(after);; month = month_add(month, 1)) {
        day_t day = workday_from(act_calendar(act), month_first(month));
        if (day.n > after.n) return day;
    }
}

/* What was missed stays on record, with the month and its count. */
enum err record_missing_meetings(struct act *act, day_t day, int64_t *made)
{
    return urge_meetings(act, month_add(month_of(day), -1), true, made);
}

/* A problem of the minutes becomes a collected issue; without words of its own, the problems as they were noted. */
enum err rule_meeting_raise(struct act *act, struct change *change)
{
    const struct record *meeting = &change->after;
    unsigned from = rec_has(meeting, meeting_problem) ? meeting_problem : meeting_problems;
    struct text problem = rec_text(meeting, from);
    enum err err = collect_problem(act, change, problem);
    rec_set(&change->after, meeting_raised, rec_num(&change->before, meeting_raised) + 1);
    rec_unset(&change->after, meeting_problem);
    return err;
}
