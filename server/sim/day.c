/* day.c - one working day: who means to do what, and when; and doing it. See sim.h. */
#include "server/sim/sim.h"

#include "proto/owed.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    INTENTS_MAX = 4000,
    TRIES = 6,      /* of a form that is refused */
    STARTERS = 4,   /* attempts to begin something... */
    STARTER_DRAWS = 40, /* ...among what it might be about */
    BUSY = 420,     /* per mille of the duties that wait are done on a day */
    PRESSED = 750,  /* of those due tomorrow */
    SLOW = 110,     /* by people who put things off */
    SLOW_IN = 9,    /* of which every so-many-th unit has some */
    LATE_DAYS = 8,  /* after which slow people report */
    DAY_SECONDS = 86400,
};

/* ---- planning ---- */

/* A moment of the office hours, 8:30 to 12:00 and 14:30 to 17:30. */
static stamp_t moment(struct sim *sim, day_t day)
{
    int64_t minute = (int64_t)sim_below(sim, 390);
    minute += minute < 210 ? 510 : 870 - 210;
    return (stamp_t){day_start(day).s + minute * 60 + (int64_t)sim_below(sim, 60)};
}

static void intend(struct sim *sim, struct intent intent)
{
    if (sim->intent_count == INTENTS_MAX) return;
    intent.order = sim->intent_count;
    sim->intents[sim->intent_count++] = intent;
}

/* The office does not put things off: much goes through its hands. */
static bool is_slow(const struct sim *sim, uint64_t unit)
{
    const struct actor *office = &sim->workers[0].actor;
    if (unit == office->unit && (office->functions >> REL_office & 1)) return false;
    return sim_mix(sim, KIND_unit, unit, 0) % SLOW_IN == 0;
}

/* Somebody who may take the action, each with the same chance; -1: nobody. */
static int somebody(struct sim *sim, const struct action *action, const struct ties *ties)
{
    int chosen = -1;
    uint64_t seen = 0;
    for (unsigned i = 0; i < sim->worker_count; i++)
        if (sim->workers[i].actor.roles != 0 && may_act(action, ties, &sim->workers[i].actor) &&
            sim_below(sim, ++seen) == 0)
            chosen = (int)i;
    return chosen;
}

/* Somebody who may ever begin such a record: what it is about follows from who he is. */
static int anybody(struct sim *sim, unsigned kind)
{
    int chosen = -1;
    uint64_t seen = 0;
    for (unsigned i = 0; i < sim->worker_count; i++)
        if (sim->workers[i].actor.roles != 0 && may_make(kind, &sim->workers[i].actor) && sim_below(sim, ++seen) == 0)
            chosen = (int)i;
    return chosen;
}

/* An action of the record's state on somebody's desk. */
static const struct action *draw_duty(struct sim *sim, const struct record *record, const struct ties *ties,
                                      int *worker)
{
    const struct action *chosen = NULL;
    uint64_t seen = 0;
    for (const struct action *row = NULL; (row = action_next(record->kind, row)) != NULL;) {
        if ((row->flags & A_DUTY) == 0 || (row->from >> rec_state(record) & 1) == 0) continue;
        int who = somebody(sim, row, ties);
        if (who < 0 || sim_below(sim, ++seen) != 0) continue;
        chosen = row;
        *worker = who;
    }
    return chosen;
}

static void plan_duty(struct sim *sim, const struct record *record, day_t day)
{
    struct ties ties;
    stamp_t due;
    int worker = -1;
    unsigned instead;
    if (ties_of(console_space(&sim->console), record, &sim->planned, &ties) != OK) return;
    const struct action *action = draw_duty(sim, record, &ties, &worker);
    if (action == NULL) return;
    bool pressed = record_due(record, &due) && due.s < day_end(day).s + DAY_SECONDS;
    bool slow = is_slow(sim, sim->workers[worker].actor.unit);
    if (!sim_chance(sim, slow ? SLOW : pressed ? PRESSED : BUSY)) return;
    const struct action *other = sim_instead(action, &instead);
    if (other != NULL && (other->from >> rec_state(record) & 1) && sim_chance(sim, instead)) {
        int who = somebody(sim, other, &ties);
        if (who >= 0) {
            action = other;
            worker = who;
        }
    }
    intend(sim, (struct intent){
                    .at = moment(sim, day), .worker = (unsigned)worker, .action = action, .id = record->id});
}

static bool is_final(const struct record *record)
{
    const struct state_row *state = state_row(record->kind, rec_state(record));
    return state == NULL || state->final;
}

static void plan_duties(struct sim *sim, unsigned kind, day_t day)
{
    bool any = false;
    for (const struct action *row = NULL; (row = action_next(kind, row)) != NULL;)
        any = any || (row->flags & A_DUTY);
    for (uint64_t id = 0; any && (id = state_next_id(console_space(&sim->console), kind, id)) > 0;) {
        struct record record;
        if (state_get(console_space(&sim->console), kind, id, &sim->planned, &record) != OK) continue;
        if (!is_final(&record)) plan_duty(sim, &record, day);
    }
}

/* Some report days before the day on which it is due, most just before, slow ones after it. */
static bool reports_today(const struct sim *sim, uint64_t of, uint64_t unit, month_t month, day_t due, day_t day)
{
    uint64_t mood = sim_mix(sim, of, (uint64_t)month.n, KIND_report);
    int ahead = (int)(mood % 5), late = is_slow(sim, unit) || mood % 37 == 0 ? 1 + (int)(mood / 64 % LATE_DAYS) : 0;
    return day.n >= due.n - ahead + 2 * late;
}

static void plan_paper(struct sim *sim, unsigned kind, unsigned action, uint64_t of, uint64_t unit, month_t month,
                       day_t day)
{
    struct record paper;
    day_t due = month_due(console_space(&sim->console), &sim->calendar, month, &sim->planned);
    if (!reports_today(sim, of, unit, month, due, day)) return;
    if (paper_find(console_space(&sim->console), kind, of, month, &sim->planned, &paper) == OK) return;
    struct record blank = record_make(kind, 0);
    struct ties ties;
    rec_set(&blank, paper_kind(kind)->of, (int64_t)of);
    if (ties_of(console_space(&sim->console), &blank, &sim->planned, &ties) != OK) return;
    int worker = somebody(sim, action_row(kind, action), &ties);
    if (worker < 0) return;
    intend(sim, (struct intent){.at = moment(sim, day),
                                .worker = (unsigned)worker,
                                .action = action_row(kind, action),
                                .of = of,
                                .month = month});
}

/* The month before, of each project that owes it and each unit that answers for one. */
static void plan_papers(struct sim *sim, day_t day)
{
    month_t month = month_add(month_of(day), -1);
    uint64_t last = state_last_id(console_space(&sim->console), KIND_unit);
    bool *owes = arena_get(&sim->planned, last + 1);
    for (uint64_t id = 0; owes != NULL && (id = state_next_id(console_space(&sim->console), KIND_project, id)) > 0;) {
        struct record project;
        if (state_get(console_space(&sim->console), KIND_project, id, &sim->planned, &project) != OK) continue;
        if (!project_owes(&project, month)) continue;
        uint64_t unit = (uint64_t)rec_num(&project, project_responsible);
        plan_paper(sim, KIND_report, ACT_report_submit, id, unit, month, day);
        if (unit <= last) owes[unit] = true;
    }
    for (uint64_t unit = 1; owes != NULL && unit <= last; unit++)
        if (owes[unit]) plan_paper(sim, KIND_unit_return, ACT_unit_return_submit, unit, unit, month, day);
}

/* So often today, of so many times in a hundred days. */
static unsigned times(struct sim *sim, unsigned weight)
{
    return weight / 100 + sim_chance(sim, weight % 100 * 10);
}

/* Somebody begins something. */
static void plan_starts(struct sim *sim, day_t day)
{
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        for (const struct action *row = NULL; (row = action_next(kind->wire, row)) != NULL;) {
            if ((row->from & 1) == 0) continue;
            for (unsigned left = times(sim, sim_weight(row)); left > 0; left--)
                intend(sim, (struct intent){.at = moment(sim, day), .worker = UINT32_MAX, .action = row});
        }
    }
}

/* Somebody does what nobody's desk asks for, on some record. */
static void plan_steps(struct sim *sim, day_t day)
{
    const struct action *action;
    unsigned weight;
    for (unsigned i = 0; (action = sim_step(i, &weight)) != NULL; i++) {
        uint64_t last = state_last_id(console_space(&sim->console), action->kind);
        for (unsigned left = last > 0 ? times(sim, weight) : 0; left > 0; left--)
            intend(sim, (struct intent){.at = moment(sim, day),
                                        .worker = UINT32_MAX,
                                        .action = action,
                                        .id = 1 + sim_below(sim, last)});
    }
}

static int by_time(const void *left, const void *right)
{
    const struct intent *a = left, *b = right;
    if (a->at.s != b->at.s) return a->at.s < b->at.s ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* ---- doing ---- */

static void tell_refusal(const struct action *action, const struct refusal *why)
{
    const struct field *field = why->kind != 0 ? field_row(why->kind, why->field) : NULL;
    fprintf(stderr, "refused %s %s %s %s\n", kind_row(action->kind)->name, action->name, err_name(why->err),
            field != NULL ? field->name : why->text);
}

/* A form that is refused is mended where the refusal points to, a few times. */
static bool fill_and_send(struct sim *sim, struct worker *worker, const struct record *record,
                          const struct action *action, struct record *form)
{
    struct refusal why;
    sim_fill(sim, worker, record, action, form);
    for (unsigned effort = 1; effort <= TRIES; effort++) {
        uint64_t given = record_mask(form) & ~(FIELD_BIT(F_COMMON_COUNT) - 1);
        struct command command = {.kind = action->kind,
                                  .action = action->wire,
                                  .target = (int64_t)record->id,
                                  .base = (int64_t)record->version,
                                  .args = *form,
                                  .given = given};
        if (sim_send(sim, worker, &command, &why) == OK) return true;
        if (sim->verbose) tell_refusal(action, &why);
        if (sim->console.broken != OK || why.kind != action->kind || why.field < F_COMMON_COUNT) break;
        const struct field *field = field_row(action->kind, why.field);
        if ((field->fill >> action->wire & 1) == 0) break;
        bool spare = (field->need >> action->wire & 1) == 0 && rec_has(form, why.field);
        if (spare)
            rec_unset(form, why.field);
        else if (!sim_value(sim, worker, form, why.field, effort)) break;
    }
    return false;
}

static bool do_new(struct sim *sim, const struct intent *intent, struct worker *worker)
{
    struct record blank = record_make(intent->action->kind, 0), form = blank;
    const struct paper_kind *paper = paper_kind(intent->action->kind);
    if (intent->of != 0 && paper != NULL) {
        rec_set(&form, paper->of, (int64_t)intent->of);
        rec_set(&form, paper->month, intent->month.n);
    }
    return fill_and_send(sim, worker, &blank, intent->action, &form);
}

static bool do_old(struct sim *sim, const struct intent *intent, struct worker *worker, const struct record *record)
{
    const struct space *space = console_space(&sim->console);
    struct record form = record_make(record->kind, record->id);
    uint32_t open = actions_open(space, record, &worker->actor, &sim->arena);
    return (open >> intent->action->wire & 1) && fill_and_send(sim, worker, record, intent->action, &form);
}

/* By whoever may, where planning named nobody. */
static bool do_step(struct sim *sim, const struct intent *intent, const struct record *record)
{
    struct ties ties;
    if ((intent->action->from >> rec_state(record) & 1) == 0) return false;
    if (ties_of(console_space(&sim->console), record, &sim->arena, &ties) != OK) return false;
    int worker = somebody(sim, intent->action, &ties);
    return worker >= 0 && do_old(sim, intent, &sim->workers[worker], record);
}

/* What it is about comes first, then somebody who may begin it for that. */
static bool begin(struct sim *sim, const struct intent *intent)
{
    for (unsigned tries = 0, asked = 0; asked < STARTERS && tries < STARTER_DRAWS; tries++) {
        struct record blank = record_make(intent->action->kind, 0), form = blank;
        struct ties ties;
        if (!sim_refer(sim, intent->action, &form)) return false;
        if (ties_of(console_space(&sim->console), &form, &sim->arena, &ties) != OK) continue;
        int worker = somebody(sim, intent->action, &ties);
        if (worker < 0) worker = anybody(sim, intent->action->kind);
        if (worker < 0) continue;
        if (fill_and_send(sim, &sim->workers[worker], &blank, intent->action, &form)) return true;
        asked++;
    }
    return false;
}

/* The same by the other action that stands for it, when the duty itself is refused: a leader reviews here. */
static void do_intent(struct sim *sim, const struct intent *intent)
{
    struct record record;
    unsigned per_mille;
    struct worker *worker = intent->worker < sim->worker_count ? &sim->workers[intent->worker] : NULL;
    if (intent->id != 0) {
        if (state_get(console_space(&sim->console), intent->action->kind, intent->id, &sim->arena, &record) != OK)
            return;
        bool done = worker != NULL ? do_old(sim, intent, worker, &record) : do_step(sim, intent, &record);
        if (done || worker == NULL) return;
    } else if (worker == NULL) {
        begin(sim, intent);
        return;
    } else if (do_new(sim, intent, worker))
        return;
    struct intent other = *intent;
    other.action = sim_instead(intent->action, &per_mille);
    if (other.action == NULL || per_mille != 0) return;
    if (intent->id != 0)
        do_old(sim, &other, worker, &record);
    else
        do_new(sim, &other, worker);
}

enum err sim_day(struct sim *sim, day_t day, stamp_t end, struct refusal *why)
{
    enum err err = OK;
    sim->intents = arena_get(&sim->planned, INTENTS_MAX * sizeof *sim->intents);
    if (sim->intents == NULL) return refuse(why, ERR_MEMORY);
    sim->intent_count = 0;
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        plan_duties(sim, kind->wire, day);
    plan_papers(sim, day);
    plan_starts(sim, day);
    plan_steps(sim, day);
    qsort(sim->intents, sim->intent_count, sizeof *sim->intents, by_time);
    for (unsigned i = 0; err == OK && i < sim->intent_count; i++) {
        if (sim->intents[i].at.s < sim->console.now.s || sim->intents[i].at.s >= end.s)
            continue; /* of a part of a day */
        err = sim_wait(sim, sim->intents[i].at, why);
        if (err == OK) do_intent(sim, &sim->intents[i]);
        arena_reuse(&sim->arena);
        if (sim->console.broken != OK) err = refuse(why, sim->console.broken);
    }
    arena_reuse(&sim->planned);
    return err;
}
