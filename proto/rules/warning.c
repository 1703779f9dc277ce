/* warning.c - the life of a warning: proposed, issued, signed for, answered with measures, lifted or carried up.
 * Clause 5.4; the head's measure in person, 4.5. */
#include "proto/rules/warning.h"

#include "proto/rules/ladder.h"
#include "proto/rules/rules.h"

/* WARNINGS_MAX: of one job, so that its entry stays within bounds; what is over is noticed the next time. */
enum { NUMBER_BYTES = 48, WARNINGS_MAX = 512 };

/* ---- one matter, one warning ---- */

struct matter {
    uint64_t subject, project;
    unsigned cause;
};

static bool is_of(const struct record *warning, const struct matter *matter)
{
    return rec_num(warning, warning_subject) == (int64_t)matter->subject &&
           rec_num(warning, warning_project) == (int64_t)matter->project &&
           rec_num(warning, warning_cause) == (int64_t)matter->cause;
}

/* The warnings of a matter one by one: those that are stored, then those that this act makes. */
struct matter_walk {
    struct act *act;
    const struct matter *matter;
    struct walk walk;
    unsigned next;
};

static void matter_start(struct matter_walk *self, struct act *act, const struct matter *matter)
{
    bool unit = matter->project == 0;
    struct value values[] = {number_value((int64_t)(unit ? matter->subject : matter->project)),
                             number_value(matter->cause)};
    *self = (struct matter_walk){.act = act, .matter = matter};
    walk_start(&self->walk, act->space, unit ? IX_warning_subject : IX_warning_project, values, 2);
}

static bool matter_next(struct matter_walk *self, struct record *warning)
{
    uint64_t id;
    while (walk_next(&self->walk, &id))
        if (act_read(self->act, KIND_warning, id, warning) == OK && is_of(warning, self->matter)) return true;
    while (self->next < self->act->change_count) {
        const struct change *change = self->act->changes[self->next++];
        if (change->after.kind != KIND_warning || change->before.version != 0) continue;
        *warning = change->after;
        if (is_of(warning, self->matter)) return true;
    }
    return false;
}

static bool is_open(const struct record *warning)
{
    const struct state_row *row = state_row(KIND_warning, rec_state(warning));
    return row != NULL && !row->final;
}

bool warning_sent(const struct record *warning)
{
    return is_open(warning) && rec_state(warning) != ST_warning_proposed;
}

/* Has the office closed one for the evidence of this month, and has it not got worse since? */
static bool settles(const struct record *warning, const struct noticed *noticed)
{
    return !is_open(warning) && rec_num(warning, warning_month) >= noticed->month.n &&
           rec_num(warning, warning_level) >= (int64_t)noticed->level;
}

/* ---- issuing ---- */

static enum err issue(struct act *act, struct record *warning)
{
    enum err err = act_number(act, warning, IX_warning_serial, warning_number, "预警");
    if (err != OK) return err;
    rec_set(warning, warning_issued, act->now.s);
    rec_set(warning, F_STATE, ST_warning_issued);
    int days = (int)act_setting(act, SET_answer_days);
    day_t due = workday_after(act_calendar(act), act_today(act), days);
    if (rec_has(warning, warning_due)) due.n = (int32_t)rec_num(warning, warning_due);
    ladder_start(act, warning, due);
    return OK;
}

static enum err check_ahead(struct act *act, const struct change *change, unsigned position)
{
    if (!rec_has(&change->after, position) || rec_num(&change->after, position) >= act_today(act).n) return OK;
    return act_refuse_field(act, ERR_DATE_PAST, change, position, 0);
}

/* ---- what rules notice ---- */

static void set_list(struct act *act, struct record *warning, unsigned position, const int64_t *list, unsigned count)
{
    const int64_t *kept =
        count > 0 ? (const int64_t *)(const void *)arena_copy(act->arena, list, count * sizeof *list) : NULL;
    if (kept != NULL)
        rec_set_list(warning, position, kept, count);
    else
        rec_unset(warning, position);
}

static void set_number(struct record *warning, unsigned position, int64_t number)
{
    if (number > 0)
        rec_set(warning, position, number);
    else
        rec_unset(warning, position);
}

static void set_evidence(struct act *act, struct record *warning, const struct noticed *noticed)
{
    rec_set(warning, warning_level, noticed->level);
    set_number(warning, warning_month, noticed->month.n);
    set_number(warning, warning_count, noticed->count);
    set_number(warning, warning_days, noticed->days);
    set_number(warning, warning_unit_return, noticed->unit_return);
    if (noticed->of_plan >= 0) rec_set(warning, warning_figure, noticed->of_plan);
    set_list(act, warning, warning_projects, noticed->projects, noticed->project_count);
    set_list(act, warning, warning_milestones, noticed->milestones, noticed->milestone_count);
    set_list(act, warning, warning_assignments, noticed->assignments, noticed->assignment_count);
}

static enum err raise_open(struct act *act, uint64_t id, const struct noticed *noticed, int64_t *made)
{
    struct change *warning;
    enum err err = act_touch(act, KIND_warning, id, &warning);
    if (err != OK) return err;
    set_evidence(act, &warning->after, noticed);
    rec_set(&warning->after, warning_raised, act->now.s);
    ++*made;
    return OK;
}

enum err warn(struct act *act, const struct noticed *noticed, int64_t *made)
{
    struct matter matter = {noticed->subject, noticed->project, noticed->cause};
    struct matter_walk walk;
    struct record earlier;
    struct change *warning;
    if (act->change_count > WARNINGS_MAX) return OK;
    matter_start(&walk, act, &matter);
    while (matter_next(&walk, &earlier)) {
        bool worse = rec_num(&earlier, warning_level) < (int64_t)noticed->level;
        if (is_open(&earlier)) return worse ? raise_open(act, earlier.id, noticed, made) : OK;
        if (settles(&earlier, noticed)) return OK;
    }
    enum err err = act_make(act, KIND_warning, &warning);
    if (err != OK) return err;
    rec_set(&warning->after, warning_subject, (int64_t)noticed->subject);
    if (noticed->project != 0) rec_set(&warning->after, warning_project, (int64_t)noticed->project);
    rec_set(&warning->after, warning_cause, noticed->cause);
    rec_set(&warning->after, warning_by_rule, 1);
    rec_set(&warning->after, F_STATE, ST_warning_proposed);
    set_evidence(act, &warning->after, noticed);
    ++*made;
    return act_setting(act, SET_warning_at_once) != 0 ? issue(act, &warning->after) : OK;
}

/* ---- what the office does ---- */

/* A project is warned of to its responsible unit. */
static enum err find_subject(struct act *act, struct change *change)
{
    struct record *after = &change->after;
    if (!rec_has(after, warning_project))
        return rec_has(after, warning_subject) ? OK : act_refuse_field(act, ERR_NEEDED, change, warning_subject, 0);
    struct record project;
    enum err err = act_read(act, KIND_project, (uint64_t)rec_num(after, warning_project), &project);
    if (err != OK) return act_refuse(act, err);
    if (!rec_has(after, warning_subject)) rec_move(after, warning_subject, &project, project_responsible);
    if (rec_num(after, warning_subject) == rec_num(&project, project_responsible)) return OK;
    return act_refuse_field(act, ERR_OTHER_UNIT, change, warning_project, 0);
}

static enum err refuse_second(struct act *act, const struct record *open)
{
    char name[NUMBER_BYTES];
    struct str str = str_in(name, sizeof name);
    if (rec_has(open, warning_number))
        str_text(&str, rec_text(open, warning_number));
    else
        str_printf(&str, "#%llu", (unsigned long long)open->id);
    return refuse_text(&act->why, ERR_WARNED, name);
}

enum err rule_warning_propose(struct act *act, struct change *change)
{
    const struct record *after = &change->after;
    enum err err = find_subject(act, change);
    if (err != OK) return err;
    if (rec_num(after, warning_month) > month_of(act_today(act)).n)
        return act_refuse_field(act, ERR_MONTH_AHEAD, change, warning_month, 0);
    struct matter matter = {.subject = (uint64_t)rec_num(after, warning_subject),
                            .project = (uint64_t)rec_num(after, warning_project),
                            .cause = (unsigned)rec_num(after, warning_cause)};
    struct matter_walk walk;
    struct record other;
    matter_start(&walk, act, &matter);
    while (matter_next(&walk, &other))
        if (other.id != after->id && is_open(&other)) return refuse_second(act, &other);
    return OK;
}

enum err rule_warning_issue(struct act *act, struct change *change)
{
    enum err err = check_ahead(act, change, warning_due);
    return err == OK ? issue(act, &change->after) : err;
}

enum err rule_warning_lift(struct act *act, struct change *change)
{
    (void)act;
    ladder_stop(&change->after);
    return OK;
}

enum err rule_warning_upgrade(struct act *act, struct change *change)
{
    if (rec_num(&change->before, warning_level) == OPT_warning_level_red) return act_refuse(act, ERR_RED_ALREADY);
    rec_set(&change->after, warning_level, OPT_warning_level_red);
    rec_set(&change->after, warning_raised, act->now.s);
    return OK;
}

/* ---- what the unit does ---- */

enum err rule_warning_deliver(struct act *act, struct change *change)
{
    rec_set(&change->after, warning_delivered, act->now.s);
    return OK;
}

static void sign_for(struct act *act, struct record *warning)
{
    if (!rec_has(warning, warning_delivered)) rec_set(warning, warning_delivered, act->now.s);
    if (!rec_has(warning, warning_acknowledged)) rec_set(warning, warning_acknowledged, act->now.s);
}

enum err rule_warning_acknowledge(struct act *act, struct change *change)
{
    sign_for(act, &change->after);
    return OK;
}

/* From now on it is the measures' day that is reminded of. */
enum err rule_warning_answer(struct act *act, struct change *change)
{
    struct record *after = &change->after;
    enum err err = check_ahead(act, change, warning_until);
    if (err != OK) return err;
    rec_set(after, warning_answered, act->now.s);
    ladder_start(act, after, (day_t){(int32_t)rec_num(after, warning_until)});
    return OK;
}

/* The head's own: what the unit had said before is not enough. It signs for the warning, too, if nobody has. */
enum err rule_warning_measure(struct act *act, struct change *change)
{
    if (!act_changes(change, warning_measures))
        return act_refuse_field(act, ERR_NOT_NEWER, change, warning_measures, 0);
    rec_set(&change->after, warning_signer, (int64_t)act->actor->operator);
    sign_for(act, &change->after);
    return rule_warning_answer(act, change);
}

/* ---- carrying it up ---- */

static void note_escalation(struct act *act, struct record *warning)
{
    rec_set(warning, F_STATE, ST_warning_escalated);
    rec_set(warning, warning_escalated, act->now.s);
}

/* By hand: to the head at once, whatever the deadline; from the head to the leader. */
enum err rule_warning_escalate(struct act *act, struct change *change)
{
    int64_t rung = rec_num(&change->before, warning_rung);
    if (rung == OPT_rung_leader) return act_refuse(act, ERR_AT_LEADER);
    if (rung != OPT_rung_head) rec_set(&change->after, warning_rung, OPT_rung_overdue);
    note_escalation(act, &change->after);
    return rule_ladder(act, change);
}

enum err rule_warning_alarm(struct act *act, struct change *change)
{
    enum err err = rule_ladder(act, change);
    if (err == OK && rec_num(&change->after, warning_rung) >= OPT_rung_head) note_escalation(act, &change->after);
    return err;
}
