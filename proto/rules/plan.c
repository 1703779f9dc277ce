/* plan.c - rules of the plan, its projects, their targets and milestones. Clause 1. */
#include "proto/decide.h"
#include "proto/progress.h"
#include "proto/rules/rules.h"

#include <stddef.h>

/* ---- the plan and its entries ---- */

static enum err count_entries(struct act *act, uint64_t plan, int64_t counts[2])
{
    struct value value = number_value((int64_t)plan);
    struct walk walk;
    uint64_t id;
    counts[0] = counts[1] = 0;
    walk_start(&walk, act->space, IX_entry_plan, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record entry;
        enum err err = act_read(act, KIND_entry, id, &entry);
        if (err != OK) return err;
        if (rec_state(&entry) == ST_entry_dropped) continue;
        counts[rec_num(&entry, entry_list) == OPT_plan_list_construction]++;
    }
    return OK;
}

/* With their plan its members become public. */
static enum err list_entries(struct act *act, uint64_t plan)
{
    struct value value = number_value((int64_t)plan);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_entry_plan, &value, 1);
    while (walk_next(&walk, &id)) {
        struct change *entry;
        enum err err = act_touch(act, KIND_entry, id, &entry);
        if (err != OK) return err;
        if (rec_state(&entry->after) == ST_entry_drafted) rec_set(&entry->after, F_STATE, ST_entry_listed);
    }
    return OK;
}

/* 65 + 88 belong to the version of the plan: it comes into force when its entries agree. */
enum err rule_plan_enforce(struct act *act, struct change *change)
{
    int64_t counts[2];
    enum err err = count_entries(act, change->after.id, counts);
    if (err != OK) return act_refuse(act, err);
    if (counts[0] != rec_num(&change->after, plan_preliminary))
        return act_refuse_field(act, ERR_COUNTS_DIFFER, change, plan_preliminary, counts[0]);
    if (counts[1] != rec_num(&change->after, plan_construction))
        return act_refuse_field(act, ERR_COUNTS_DIFFER, change, plan_construction, counts[1]);
    if ((err = list_entries(act, change->after.id)) != OK) return err;
    struct value value = number_value(ST_plan_in_force);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_plan_state, &value, 1);
    while (walk_next(&walk, &id)) {
        struct change *old;
        if (id == change->after.id) continue;
        if ((err = act_touch(act, KIND_plan, id, &old)) != OK) return err;
        rec_set(&old->after, F_STATE, ST_plan_superseded);
    }
    return OK;
}

/* Members change only while their plan is a draft. */
enum err rule_entry(struct act *act, struct change *change)
{
    struct record plan;
    enum err err = act_read(act, KIND_plan, (uint64_t)rec_num(&change->after, entry_plan), &plan);
    if (err != OK) return act_refuse(act, err);
    if (rec_state(&plan) == ST_plan_draft) return OK;
    return refuse_text(&act->why, ERR_WRONG_STATE, state_row(KIND_plan, rec_state(&plan))->label);
}

/* ---- projects ---- */

static unsigned phase_of(int64_t stage)
{
    const struct option *option = option_row(CHOICE_stage, (unsigned)stage);
    return option != NULL ? option->group : 0;
}

static bool chain_changed(const struct change *change)
{
    static const uint8_t fields[] = {F_STATE,        project_responsible, project_head,
                                     project_deputy, project_members,     project_contact};
    for (size_t i = 0; i < sizeof fields; i++)
        if (act_changes(change, fields[i])) return true;
    return false;
}

/* A post of the responsible unit; *person gets who holds it. */
static enum err check_post(struct act *act, const struct change *change, unsigned position, int64_t post,
                           int64_t *person)
{
    struct record record;
    enum err err = act_read(act, KIND_post, (uint64_t)post, &record);
    if (err != OK) return act_refuse_field(act, ERR_BAD_REF, change, position, 0);
    if (rec_num(&record, post_unit) != rec_num(&change->after, project_responsible))
        return act_refuse_field(act, ERR_OTHER_UNIT, change, position, 0);
    *person = rec_num(&record, post_person);
    return OK;
}

/* 一把手亲自抓、分管领导具体抓、班子成员共同推进: no tier is empty, and the first two are two people. */
static enum err check_chain(struct act *act, const struct change *change)
{
    static const uint8_t tiers[] = {project_head, project_deputy, project_contact};
    int64_t persons[3] = {0}, member;
    unsigned count;
    for (unsigned i = 0; i < 3; i++) {
        if (!rec_has(&change->after, tiers[i])) return act_refuse_field(act, ERR_TIER_EMPTY, change, tiers[i], 0);
        enum err err = check_post(act, change, tiers[i], rec_num(&change->after, tiers[i]), &persons[i]);
        if (err != OK) return err;
    }
    if (persons[0] == persons[1]) return act_refuse_field(act, ERR_TIER_SAME, change, project_deputy, 0);
    const int64_t *list = rec_list(&change->after, project_members, &count);
    if (count == 0) return act_refuse_field(act, ERR_TIER_EMPTY, change, project_members, 0);
    for (unsigned i = 0; i < count; i++) {
        enum err err = check_post(act, change, project_members, list[i], &member);
        if (err != OK) return err;
    }
    return OK;
}

static bool runs(unsigned state)
{
    return state == ST_project_signed || state == ST_project_preliminary || state == ST_project_construction;
}

enum err check_project(struct act *act, struct change *change)
{
    const struct record *after = &change->after;
    if (rec_has(after, project_start) && rec_has(after, project_finish)) {
        date_t start = {(int32_t)rec_num(after, project_start)};
        date_t finish = {(int32_t)rec_num(after, project_finish)};
        if (date_last(finish).n < date_first(start).n)
            return act_refuse_field(act, ERR_DATE_ORDER, change, project_finish, 0);
    }
    if (!runs(rec_state(after)) || !chain_changed(change)) return OK;
    return check_chain(act, change);
}

/* The unit that leads projects under construction; 0 when no unit has that function. */
static uint64_t construction_lead(struct act *act)
{
    for (uint64_t id = 0; (id = state_next_id(act->space, KIND_unit, id)) > 0;) {
        struct record unit;
        if (act_read(act, KIND_unit, id, &unit) != OK) continue;
        if (rec_state(&unit) == ST_unit_active && rec_lists(&unit, unit_functions, OPT_function_construction_lead))
            return id;
    }
    return 0;
}

/* Passing into construction needs the permit and hands the lead over. */
static enum err hand_over(struct act *act, struct change *change)
{
    if (!rec_has(&change->after, project_permit)) return act_refuse(act, ERR_NO_PERMIT);
    uint64_t lead = construction_lead(act);
    if (lead != 0) rec_set(&change->after, project_lead, (int64_t)lead);
    rec_set(&change->after, project_list, OPT_plan_list_construction);
    rec_set(&change->after, project_handed_on, act_today(act).n);
    return OK;
}

static enum err check_step(struct act *act, const struct change *change)
{
    int64_t old = rec_num(&change->before, project_stage), new = rec_num(&change->after, project_stage);
    if (new == old) return act_refuse_field(act, ERR_NOT_NEWER, change, project_stage, 0);
    if (act->action->wire != ACT_project_advance) return OK;
    if (new < old) return act_refuse_field(act, ERR_STAGE_BACK, change, project_stage, 0);
    return new > old + 1 ? act_refuse_field(act, ERR_STAGE_SKIPPED, change, project_stage, 0) : OK;
}

/* Registering, reaching the next stage, or the office setting any stage with a reason. */
enum err rule_project_stage(struct act *act, struct change *change)
{
    struct record *after = &change->after;
    unsigned phase = phase_of(rec_num(after, project_stage)), old = rec_state(&change->before);
    date_t reached = {(int32_t)rec_num(after, project_stage_on)};
    if (reached.n != 0 && date_first(reached).n > act_today(act).n)
        return act_refuse_field(act, ERR_DATE_AHEAD, change, project_stage_on, 0);
    if (old != ST_none) {
        enum err err = check_step(act, change);
        if (err == OK && phase == ST_project_construction && old != ST_project_construction &&
            old != ST_project_completed)
            err = hand_over(act, change);
        if (err != OK) return err;
    } else
        rec_set(after, project_reports_from, month_of(act_today(act)).n);
    rec_set(after, F_STATE, phase);
    if (phase == ST_project_completed && !rec_has(after, project_reports_to)) {
        month_t last = month_of(reached.n != 0 ? date_last(reached) : act_today(act));
        if (old == ST_none && reached.n == 0) last = month_add(last, -1); /* completed before it was registered */
        rec_set(after, project_reports_to, last.n);
    }
    if (phase != ST_project_completed) rec_unset(after, project_reports_to);
    return OK;
}

/* Back to the phase of its stage. The months at whose end it stood still owe no report. */
enum err rule_project_resume(struct act *act, struct change *change)
{
    struct record *after = &change->after;
    day_t from = stamp_day((stamp_t){rec_num(&change->before, F_SINCE)});
    unsigned count;
    const int64_t *old = rec_list(after, project_paused, &count);
    int64_t *paused = arena_get(act->arena, 2 * LIST_MAX * sizeof *paused);
    if (paused == NULL) return act_refuse(act, ERR_MEMORY);
    for (unsigned i = 0; i < count; i++)
        paused[i] = old[i];
    for (month_t month = month_of(from); month_last(month).n < act_today(act).n && count < 2 * LIST_MAX;
         month = month_add(month, 1))
        if (month_last(month).n >= from.n) paused[count++] = month.n;
    unsigned skip = count > LIST_MAX ? count - LIST_MAX : 0; /* the newest are kept */
    if (count > 0) rec_set_list(after, project_paused, paused + skip, count - skip);
    rec_set(after, F_STATE, phase_of(rec_num(after, project_stage)));
    return OK;
}

/* The month in which it stopped is the first that owes nothing; a duty that ended before stays ended. */
enum err rule_project_withdraw(struct act *act, struct change *change)
{
    const struct record *before = &change->before;
    bool halted = rec_state(before) == ST_project_suspended;
    int64_t last = month_of(halted ? stamp_day((stamp_t){rec_num(before, F_SINCE)}) : act_today(act)).n - 1;
    if (!rec_has(before, project_reports_to) || rec_num(before, project_reports_to) > last)
        rec_set(&change->after, project_reports_to, last);
    return OK;
}

/* ---- targets ---- */

enum err check_target(struct act *act, struct change *change)
{
    const struct record *after = &change->after;
    unsigned count;
    int64_t sum = 0;
    const int64_t *months = rec_list(after, target_months, &count);
    if (count != 12) return act_refuse_field(act, ERR_NO_MONTH_LEFT, change, target_months, 0);
    for (unsigned i = 0; i < count; i++)
        sum += months[i];
    if (sum != rec_num(after, target_total)) return act_refuse_field(act, ERR_SUM_DIFFERS, change, target_total, sum);
    if (!rec_has(after, target_opening_on)) {
        if (rec_num(after, target_opening) != 0) return act_refuse_field(act, ERR_NEEDED, change, target_opening_on, 0);
        return OK;
    }
    day_t day = {(int32_t)rec_num(after, target_opening_on)};
    if (month_year(month_of(day)) != rec_num(after, target_year))
        return act_refuse_field(act, ERR_BAD_DATE, change, target_opening_on, 0);
    return OK;
}

enum err rule_target_save(struct act *act, struct change *change)
{
    (void)act;
    if (!rec_has(&change->after, target_revision)) rec_set(&change->after, target_revision, 1);
    return OK;
}

/* The other revision of the same target that is in `state`, or 0. */
static uint64_t target_in_state(struct act *act, const struct record *target, unsigned state)
{
    struct value values[] = {number_value(rec_num(target, target_project)), number_value(rec_num(target, target_year))};
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_target_year, values, 2);
    while (walk_next(&walk, &id)) {
        struct record other;
        if (id != target->id && act_read(act, KIND_target, id, &other) == OK && rec_state(&other) == state) return id;
    }
    return 0;
}

/* Milestones follow their target: planned ones open, those of the amended revision move to the new one. */
static enum err move_milestones(struct act *act, uint64_t from, uint64_t to)
{
    struct value value = number_value((int64_t)from);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_milestone_target, &value, 1);
    while (walk_next(&walk, &id)) {
        struct change *change;
        enum err err = act_touch(act, KIND_milestone, id, &change);
        if (err != OK) return err;
        rec_set(&change->after, milestone_target, (int64_t)to);
        if (rec_state(&change->after) == ST_milestone_planned) rec_set(&change->after, F_STATE, ST_milestone_open);
    }
    return OK;
}

/* What lists show of the target stands in the project: the newest year's, with the newest figure of it. */
static enum err show_target(struct act *act, const struct record *target)
{
    struct change *project;
    uint64_t id = (uint64_t)rec_num(target, target_project);
    int year = (int)rec_num(target, target_year);
    if (target_newest_year(act->space, id, act->arena) > year) return OK;
    enum err err = act_touch(act, KIND_project, id, &project);
    if (err != OK) return err;
    struct record *after = &project->after;
    bool opened = rec_has(target, target_opening_on);
    month_t opening = month_of((day_t){(int32_t)rec_num(target, target_opening_on)});
    int64_t shown = rec_num(after, project_invested_to);
    rec_set(after, project_year_plan, rec_num(target, target_total));
    if (shown < month_make(year, 1).n || (opened && shown <= opening.n)) {
        rec_set(after, project_invested, rec_num(target, target_opening));
        if (opened)
            rec_set(after, project_invested_to, opening.n);
        else
            rec_unset(after, project_invested_to); /* no figure of this year yet */
    }
    if (opened && project->before.version != 0 && !rec_has(&project->before, project_year_plan))
        rec_set(after, project_reports_from, opening.n + 1);
    return OK;
}

enum err rule_target_agree(struct act *act, struct change *change)
{
    struct record project;
    enum err found = act_read(act, KIND_project, (uint64_t)rec_num(&change->after, target_project), &project);
    if (found != OK) return act_refuse(act, found);
    if (rec_state(&project) == ST_project_withdrawn) return act_refuse_field(act, ERR_ENDED, change, target_project, 0);
    rule_target_save(act, change);
    uint64_t old_id = target_in_state(act, &change->after, ST_target_agreed);
    if (old_id != 0) {
        struct change *old;
        enum err err = act_touch(act, KIND_target, old_id, &old);
        if (err == OK) err = move_milestones(act, old_id, change->after.id);
        if (err != OK) return err;
        rec_set(&old->after, F_STATE, ST_target_amended);
    }
    enum err err = move_milestones(act, change->after.id, change->after.id);
    return err == OK ? show_target(act, &change->after) : err;
}

/* A new revision that starts from the agreed figures; the agreed one stands until the new one is agreed. */
enum err rule_target_amend(struct act *act, struct change *change)
{
    static const uint8_t copied[] = {target_project, target_year,       target_total,    target_months,
                                     target_opening, target_opening_on, target_estimate, target_reason};
    if (target_in_state(act, &change->after, ST_target_draft) != 0 ||
        target_in_state(act, &change->after, ST_target_proposed) != 0)
        return act_refuse(act, ERR_CORRECTING);
    struct change *made;
    enum err err = act_make(act, KIND_target, &made);
    if (err != OK) return err;
    for (size_t i = 0; i < sizeof copied; i++)
        rec_move(&made->after, copied[i], &change->after, copied[i]);
    rec_set(&made->after, target_revision, rec_num(&change->after, target_revision) + 1);
    rec_set(&made->after, F_STATE, ST_target_draft);
    return OK;
}

/* ---- milestones ---- */

enum err rule_milestone_plan(struct act *act, struct change *change)
{
    struct record target;
    enum err err = act_read(act, KIND_target, (uint64_t)rec_num(&change->after, milestone_target), &target);
    if (err != OK) return act_refuse(act, err);
    rec_set(&change->after, milestone_project, rec_num(&target, target_project));
    if (rec_state(&target) == ST_target_agreed) rec_set(&change->after, F_STATE, ST_milestone_open);
    return OK;
}

enum err rule_milestone_reach(struct act *act, struct change *change)
{
    if (rec_num(&change->after, milestone_done) > act_today(act).n)
        return act_refuse_field(act, ERR_DATE_AHEAD, change, milestone_done, 0);
    return OK;
}

enum err rule_milestone_postpone(struct act *act, struct change *change)
{
    int64_t due = rec_num(&change->after, milestone_due);
    if (due < act_today(act).n) return act_refuse_field(act, ERR_TOO_SMALL, change, milestone_due, act_today(act).n);
    if (!act_changes(change, milestone_due)) return act_refuse_field(act, ERR_NOT_NEWER, change, milestone_due, 0);
    return OK;
}
