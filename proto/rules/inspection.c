/* inspection.c - 督查 and 整改: who inspects, whom, and what has to be mended by when. Clause 2: 市项目办会同市政府督查室、
 * 市监察局; the draw of a spot check is in draw.c. */
#include "proto/rules/inspection.h"

#include "proto/rules/ladder.h"
#include "proto/rules/rules.h"
#include "proto/rules/schedule.h"

enum { PARTIES_MAX = 8 };

/* ---- planning ---- */

static bool supervises(const struct record *unit)
{
    return rec_lists(unit, unit_functions, OPT_function_supervision);
}

/* At least one party besides the office is of supervision. */
static enum err check_parties(struct act *act, const struct change *change)
{
    unsigned count;
    const int64_t *parties = rec_list(&change->after, inspection_parties, &count);
    for (unsigned i = 0; i < count; i++) {
        struct record unit;
        enum err err = act_read(act, KIND_unit, (uint64_t)parties[i], &unit);
        if (err != OK) return act_refuse(act, err);
        if (supervises(&unit)) return OK;
    }
    return act_refuse_field(act, ERR_NO_SUPERVISION, change, inspection_parties, 0);
}

enum err rule_inspection_plan(struct act *act, struct change *change)
{
    const struct record *after = &change->after;
    int64_t type = rec_num(after, inspection_type);
    bool phased = type == OPT_inspection_phased, random = type == OPT_inspection_random;
    if (rec_num(after, inspection_day) < act_today(act).n && act_changes(change, inspection_day))
        return act_refuse_field(act, ERR_DATE_PAST, change, inspection_day, 0);
    if (phased && !rec_has(after, inspection_stage))
        return act_refuse_field(act, ERR_NEEDED, change, inspection_stage, 0);
    if (type == OPT_inspection_key && !rec_has(after, inspection_projects))
        return act_refuse_field(act, ERR_NEEDED, change, inspection_projects, 0);
    if (random && act_changes(change, inspection_projects))
        return act_refuse_field(act, ERR_DRAWN_ONLY, change, inspection_projects, 0);
    return check_parties(act, change);
}

/* A phased inspection without named projects is of those at its stage. */
static enum err find_at_stage(struct act *act, struct change *change)
{
    int64_t *found = arena_get(act->arena, LIST_MAX * sizeof *found);
    unsigned count = 0;
    if (found == NULL) return act_refuse(act, ERR_MEMORY);
    for (uint64_t id = 0; (id = state_next_id(act->space, KIND_project, id)) > 0;) {
        struct record project;
        enum err err = act_read(act, KIND_project, id, &project);
        if (err != OK) return act_refuse(act, err);
        if (rec_num(&project, project_stage) != rec_num(&change->after, inspection_stage)) continue;
        if (count == LIST_MAX) return act_refuse_field(act, ERR_MANY_UNITS, change, inspection_projects, LIST_MAX);
        found[count++] = (int64_t)id;
    }
    if (count > 0) rec_set_list(&change->after, inspection_projects, found, count);
    return OK;
}

static enum err name_subjects(struct act *act, struct change *change)
{
    unsigned count, subjects = 0;
    int64_t *units = arena_get(act->arena, LIST_MAX * sizeof *units);
    const int64_t *projects = rec_list(&change->after, inspection_projects, &count);
    if (units == NULL) return act_refuse(act, ERR_MEMORY);
    for (unsigned i = 0; i < count; i++) {
        struct record project;
        enum err err = act_read(act, KIND_project, (uint64_t)projects[i], &project);
        if (err != OK) return act_refuse(act, err);
        int64_t unit = rec_num(&project, project_responsible);
        unsigned at = 0;
        while (at < subjects && units[at] != unit)
            at++;
        if (at == subjects) units[subjects++] = unit;
    }
    rec_set_list(&change->after, inspection_subjects, units, subjects);
    return OK;
}

/* What happens to the draws in these states. */
static enum err settle_draws(struct act *act, const struct change *change, uint32_t states, unsigned to)
{
    struct value value = number_value((int64_t)change->after.id);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_draw_inspection, &value, 1);
    while (walk_next(&walk, &id)) {
        struct change *draw;
        enum err err = act_touch(act, KIND_draw, id, &draw);
        if (err != OK) return err;
        if (states >> rec_state(&draw->after) & 1) rec_set(&draw->after, F_STATE, to);
    }
    return OK;
}

enum err rule_inspection_start(struct act *act, struct change *change)
{
    enum err err = OK;
    bool phased = rec_num(&change->after, inspection_type) == OPT_inspection_phased;
    if (phased && !rec_has(&change->after, inspection_projects)) err = find_at_stage(act, change);
    if (err != OK) return err;
    if (!rec_has(&change->after, inspection_projects))
        return act_refuse_field(act, ERR_NOTHING_CHOSEN, change, inspection_projects, 0);
    err = check_parties(act, change);
    if (err == OK) err = name_subjects(act, change);
    if (err != OK) return err;
    return settle_draws(act, change, 1u << ST_draw_drawn, ST_draw_published); /* from now on the inspected know of it */
}

/* Nothing is drawn any more for what does not take place. */
enum err rule_inspection_cancel(struct act *act, struct change *change)
{
    uint32_t open = 1u << ST_draw_committing | 1u << ST_draw_revealing | 1u << ST_draw_drawn;
    return settle_draws(act, change, open, ST_draw_void);
}

/* It ends when what it ordered has been mended. */
enum err rule_inspection_close(struct act *act, struct change *change)
{
    struct value value = number_value((int64_t)change->after.id);
    struct walk walk;
    uint64_t id;
    int64_t open = 0;
    walk_start(&walk, act->space, IX_rectification_inspection, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record rectification;
        enum err err = act_read(act, KIND_rectification, id, &rectification);
        if (err != OK) return act_refuse(act, err);
        open += rec_state(&rectification) != ST_rectification_closed;
    }
    if (open == 0) return OK;
    act_refuse(act, ERR_UNMENDED);
    act->why.number = open;
    return ERR_UNMENDED;
}

/* ---- 定期督办: planned by the calendar, each quarter ---- */

day_t next_inspection(struct act *act, day_t after)
{
    day_t day = next_monthly(act, after, SET_inspection_day);
    while (month_number(month_of(day)) % 3 != 0)
        day = next_monthly(act, day, SET_inspection_day);
    return day;
}

/* The office names projects and scope, and begins it; supervision is there from the start. */
enum err plan_inspection(struct act *act, day_t day, int64_t *made)
{
    int64_t *parties = arena_get(act->arena, PARTIES_MAX * sizeof *parties);
    unsigned count = 0;
    struct change *inspection;
    if (parties == NULL) return act_refuse(act, ERR_MEMORY);
    for (uint64_t id = 0; (id = state_next_id(act->space, KIND_unit, id)) > 0 && count < PARTIES_MAX;) {
        struct record unit;
        enum err err = act_read(act, KIND_unit, id, &unit);
        if (err != OK) return act_refuse(act, err);
        if (rec_state(&unit) == ST_unit_active && supervises(&unit)) parties[count++] = (int64_t)id;
    }
    enum err err = act_make(act, KIND_inspection, &inspection);
    if (err != OK) return err;
    int days = (int)act_setting(act, SET_inspection_days);
    rec_set(&inspection->after, F_STATE, ST_inspection_planned);
    rec_set(&inspection->after, inspection_type, OPT_inspection_regular);
    rec_set_list(&inspection->after, inspection_parties, parties, count);
    rec_set(&inspection->after, inspection_day, workday_after(act_calendar(act), day, days).n);
    ++*made;
    return OK;
}

/* ---- 整改 ---- */

enum err rule_rectification_order(struct act *act, struct change *change)
{
    struct record *after = &change->after, inspection;
    enum err err = act_read(act, KIND_inspection, (uint64_t)rec_num(after, rectification_inspection), &inspection);
    if (err != OK) return act_refuse(act, err);
    bool office = act->actor->functions >> REL_office & 1;
    if (!office && !rec_lists(&inspection, inspection_parties, (int64_t)act->actor->unit))
        return act_refuse(act, ERR_NOT_ALLOWED);
    unsigned state = rec_state(&inspection);
    if (state != ST_inspection_under_way && state != ST_inspection_findings)
        return act_refuse_field(act, ERR_NOT_INSPECTED, change, rectification_inspection, 0);
    if (!rec_lists(&inspection, inspection_subjects, rec_num(after, rectification_subject)))
        return act_refuse_field(act, ERR_NOT_INSPECTED, change, rectification_subject, 0);
    if (rec_num(after, rectification_due) < act_today(act).n)
        return act_refuse_field(act, ERR_DATE_PAST, change, rectification_due, 0);
    rec_move(after, rectification_parties, &inspection, inspection_parties);
    ladder_start(act, after, (day_t){(int32_t)rec_num(after, rectification_due)});
    return OK;
}

enum err rule_rectification_report(struct act *act, struct change *change)
{
    if (act_today(act).n > rec_num(&change->after, rectification_due)) rec_set(&change->after, rectification_late, 1);
    ladder_stop(&change->after);
    return OK;
}

enum err rule_rectification_reorder(struct act *act, struct change *change)
{
    if (rec_num(&change->after, rectification_due) < act_today(act).n)
        return act_refuse_field(act, ERR_DATE_PAST, change, rectification_due, 0);
    ladder_start(act, &change->after, (day_t){(int32_t)rec_num(&change->after, rectification_due)});
    return OK;
}
