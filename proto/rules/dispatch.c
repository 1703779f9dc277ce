/* dispatch.c - 调度: who is asked by whom, what is answered in time, and what follows from it. Clause 2: 实行责任分工和
 * 定期调度. The office asks responsible units, a responsible unit the owners of its own projects. */
#include "proto/rules/ladder.h"
#include "proto/rules/rules.h"
#include "proto/rules/schedule.h"

enum { UNITS_MAX = 512 };

/* ---- calling a round ---- */

static bool runs(const struct record *project)
{
    unsigned state = rec_state(project);
    return state != ST_project_completed && state != ST_project_withdrawn && state != ST_project_suspended;
}

struct asked {
    unsigned count;
    int64_t units[UNITS_MAX];
};

static void ask(struct asked *asked, int64_t unit)
{
    for (unsigned i = 0; i < asked->count; i++)
        if (asked->units[i] == unit) return;
    if (unit != 0 && asked->count < UNITS_MAX) asked->units[asked->count++] = unit;
}

/* The units that are responsible for a project that runs. */
static enum err ask_everybody(struct act *act, struct asked *asked)
{
    for (uint64_t id = 0; (id = state_next_id(act->space, KIND_project, id)) > 0;) {
        struct record project;
        enum err err = act_read(act, KIND_project, id, &project);
        if (err != OK) return act_refuse(act, err);
        if (runs(&project)) ask(asked, rec_num(&project, project_responsible));
    }
    return OK;
}

/* The owners of a unit's own projects; with unit 0, the responsible units of any. */
static enum err ask_projects(struct act *act, const struct change *change, int64_t unit, struct asked *asked)
{
    unsigned count;
    const int64_t *projects = rec_list(&change->after, dispatch_projects, &count);
    for (unsigned i = 0; i < count; i++) {
        struct record project;
        enum err err = act_read(act, KIND_project, (uint64_t)projects[i], &project);
        if (err != OK) return act_refuse(act, err);
        if (unit != 0 && rec_num(&project, project_responsible) != unit)
            return act_refuse_field(act, ERR_NOT_RESPONSIBLE, change, dispatch_projects, 0);
        ask(asked, rec_num(&project, unit != 0 ? project_owner : project_responsible));
    }
    return OK;
}

static enum err make_answer(struct act *act, const struct record *round, int64_t unit)
{
    struct change *made;
    enum err err = act_make(act, KIND_dispatch_answer, &made);
    if (err != OK) return err;
    rec_set(&made->after, F_STATE, ST_dispatch_answer_asked);
    rec_set(&made->after, dispatch_answer_dispatch, (int64_t)round->id);
    rec_set(&made->after, dispatch_answer_subject, unit);
    rec_move(&made->after, dispatch_answer_caller, round, dispatch_caller);
    ladder_start(act, &made->after, (day_t){(int32_t)rec_num(round, dispatch_due)});
    return OK;
}

/* Fills in what follows, and asks each unit. */
static enum err begin_round(struct act *act, struct change *change, const int64_t *units, unsigned count)
{
    struct record *round = &change->after;
    rec_set(round, dispatch_month, month_of((day_t){(int32_t)rec_num(round, dispatch_day)}).n);
    rec_set_list(round, dispatch_units, units, count);
    rec_set(round, dispatch_asked, count);
    rec_set(round, dispatch_answered, 0);
    enum err err = OK;
    for (unsigned i = 0; i < count && err == OK; i++)
        err = make_answer(act, round, units[i]);
    return err;
}

static day_t usual_due(struct act *act)
{
    return workday_after(act_calendar(act), act_today(act), (int)act_setting(act, SET_dispatch_days));
}

enum err rule_dispatch_call(struct act *act, struct change *change)
{
    struct record *round = &change->after;
    bool office = act->actor->functions >> REL_office & 1;
    struct asked *asked = arena_get(act->arena, sizeof *asked);
    unsigned count;
    if (asked == NULL) return act_refuse(act, ERR_MEMORY);
    rec_set(round, dispatch_caller, (int64_t)act->actor->unit);
    if (!rec_has(round, dispatch_due)) rec_set(round, dispatch_due, usual_due(act).n);
    if (rec_num(round, dispatch_due) < act_today(act).n)
        return act_refuse_field(act, ERR_DATE_PAST, change, dispatch_due, 0);
    const int64_t *units = rec_list(round, dispatch_units, &count);
    if (!office && (count > 0 || rec_num(round, dispatch_everybody) != 0))
        return act_refuse_field(act, ERR_NOT_YOURS, change, dispatch_units, 0);
    for (unsigned i = 0; i < count; i++)
        ask(asked, units[i]);
    enum err err = rec_num(round, dispatch_everybody) != 0 ? ask_everybody(act, asked) : OK;
    if (err == OK) err = ask_projects(act, change, office ? 0 : (int64_t)act->actor->unit, asked);
    if (err != OK) return err;
    unsigned named = office ? dispatch_units : dispatch_projects;
    if (asked->count == 0) return act_refuse_field(act, ERR_NOBODY_ASKED, change, named, 0);
    if (asked->count > LIST_MAX) return act_refuse_field(act, ERR_MANY_UNITS, change, named, LIST_MAX);
    return begin_round(act, change, asked->units, asked->count);
}

day_t next_dispatch(struct act *act, day_t after)
{
    return next_monthly(act, after, SET_dispatch_day);
}

/* The office's round of the month, to every responsible unit: as many rounds as their units need. */
enum err call_dispatch(struct act *act, day_t day, int64_t *made)
{
    struct asked *asked = arena_get(act->arena, sizeof *asked);
    if (asked == NULL) return act_refuse(act, ERR_MEMORY);
    enum err err = ask_everybody(act, asked);
    for (unsigned at = 0; at < asked->count && err == OK; at += LIST_MAX) {
        unsigned count = asked->count - at < LIST_MAX ? asked->count - at : LIST_MAX;
        struct change *round;
        if ((err = act_make(act, KIND_dispatch, &round)) != OK) return err;
        rec_set(&round->after, F_STATE, ST_dispatch_open);
        rec_set(&round->after, dispatch_day, day.n);
        rec_set(&round->after, dispatch_everybody, 1);
        rec_set(&round->after, dispatch_due, usual_due(act).n);
        err = begin_round(act, round, asked->units + at, count);
        *made += count;
    }
    return err;
}

/* ---- answering ---- */

static enum err open_round(struct act *act, const struct change *child, unsigned position, struct change **round)
{
    enum err err = act_touch(act, KIND_dispatch, (uint64_t)rec_num(&child->after, position), round);
    if (err != OK) return err;
    bool over = rec_state(&(*round)->after) != ST_dispatch_open;
    return over ? act_refuse_field(act, ERR_DISPATCH_OVER, child, position, 0) : OK;
}

enum err rule_dispatch_ask(struct act *act, struct change *change)
{
    struct change *round;
    enum err err = open_round(act, change, dispatch_answer_dispatch, &round);
    if (err != OK) return err;
    rec_move(&change->after, dispatch_answer_caller, &round->after, dispatch_caller);
    ladder_start(act, &change->after, (day_t){(int32_t)rec_num(&round->after, dispatch_due)});
    rec_set(&round->after, dispatch_asked, rec_num(&round->before, dispatch_asked) + 1);
    return OK;
}

/* Until the round is consolidated an answer can be given anew; the journal keeps the earlier ones. */
enum err rule_dispatch_answer(struct act *act, struct change *change)
{
    struct change *round;
    enum err err = open_round(act, change, dispatch_answer_dispatch, &round);
    if (err != OK) return err;
    ladder_stop(&change->after);
    if (rec_state(&change->before) == ST_dispatch_answer_answered) return OK;
    rec_set(&change->after, dispatch_answer_late, act_today(act).n > rec_num(&change->after, dispatch_answer_due));
    rec_set(&round->after, dispatch_answered, rec_num(&round->before, dispatch_answered) + 1);
    return OK;
}

/* Nobody can answer any more: those who did not are noted so, and nobody reminds them. */
enum err rule_dispatch_consolidate(struct act *act, struct change *change)
{
    struct value value = number_value((int64_t)change->after.id);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_dispatch_answer_dispatch, &value, 1);
    while (walk_next(&walk, &id)) {
        struct change *answer;
        enum err err = act_touch(act, KIND_dispatch_answer, id, &answer);
        if (err != OK) return err;
        if (rec_state(&answer->after) != ST_dispatch_answer_asked) continue;
        rec_set(&answer->after, F_STATE, ST_dispatch_answer_missed);
        ladder_stop(&answer->after);
    }
    return OK;
}

/* ---- what was decided ---- */

enum err rule_decision_set(struct act *act, struct change *change)
{
    struct record round;
    enum err err = act_read(act, KIND_dispatch, (uint64_t)rec_num(&change->after, decision_dispatch), &round);
    if (err != OK) return act_refuse(act, err);
    if (rec_num(&change->after, decision_due) < act_today(act).n)
        return act_refuse_field(act, ERR_DATE_PAST, change, decision_due, 0);
    rec_move(&change->after, decision_caller, &round, dispatch_caller);
    ladder_start(act, &change->after, (day_t){(int32_t)rec_num(&change->after, decision_due)});
    return OK;
}

enum err rule_decision_finish(struct act *act, struct change *change)
{
    rec_set(&change->after, decision_late, act_today(act).n > rec_num(&change->after, decision_due));
    ladder_stop(&change->after);
    return OK;
}

/* A round ends when everything that it decided has been carried out. */
enum err rule_dispatch_close(struct act *act, struct change *change)
{
    struct value value = number_value((int64_t)change->after.id);
    struct walk walk;
    uint64_t id;
    int64_t open = 0;
    walk_start(&walk, act->space, IX_decision_dispatch, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record decision;
        enum err err = act_read(act, KIND_decision, id, &decision);
        if (err != OK) return act_refuse(act, err);
        open += rec_state(&decision) == ST_decision_set;
    }
    if (open == 0) return OK;
    act_refuse(act, ERR_DECISIONS_OPEN);
    act->why.number = open;
    return ERR_DECISIONS_OPEN;
}
