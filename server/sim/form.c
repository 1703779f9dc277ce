/* form.c - filling in forms: what a simulated person writes into a field. See sim.h. */
#include "server/sim/sim.h"

#include "proto/lots.h"
#include "proto/owed.h"
#include "proto/progress.h"

#include <string.h>

/* Units whose people work with everybody's records. */
#define FUNCTIONS_OF_ALL (1u << REL_office | 1u << REL_prelim_lead | 1u << REL_construction_lead)

enum { REF_DRAWS = 40, OFFERED_PER_MILLE = 350, WAN = 1000000 /* fen */ };

/* ---- figures of reports ---- */

/* What was invested this year before the report's month: by the report before, or the opening balance. */
static int64_t invested_before(struct sim *sim, uint64_t project, month_t month, const struct record *target)
{
    const struct space *space = console_space(&sim->console);
    for (month_t at = month_add(month, -1); month_year(at) == month_year(month); at = month_add(at, -1)) {
        struct record earlier;
        if (paper_find(space, KIND_report, project, at, &sim->arena, &earlier) == OK && paper_in(&earlier))
            return rec_num(&earlier, report_cumulative);
    }
    return rec_num(target, target_opening);
}

/* The month's share of the plan, more or less: some projects fall behind all the time. */
static void put_figures(struct sim *sim, struct record *form)
{
    struct record target = record_make(KIND_target, 0);
    uint64_t project = (uint64_t)rec_num(form, report_project);
    month_t month = {(int32_t)rec_num(form, report_month)};
    unsigned count = 0;
    const int64_t *months = NULL;
    if (target_find(console_space(&sim->console), project, month_year(month), &sim->arena, &target) == OK)
        months = rec_list(&target, target_months, &count);
    unsigned at = (unsigned)month_number(month) - 1;
    int64_t planned = months != NULL && at < count ? months[at] : 100 * WAN;
    bool behind = sim_mix(sim, KIND_project, project, 1) % 100 < 18;
    int64_t share = (behind ? 25 : 88) + (int64_t)sim_below(sim, behind ? 45 : 28);
    int64_t invested = planned * share / 100 / WAN * WAN;
    rec_set(form, report_invested, invested);
    rec_set(form, report_cumulative, invested_before(sim, project, month, &target) + invested);
}

/* ---- values by type ---- */

static void put_number(struct sim *sim, struct record *form, unsigned position, const struct field *field,
                       unsigned effort)
{
    day_t today = stamp_day(sim->console.now);
    int64_t span = field->hi - field->lo;
    if (field->type == TYPE_MONEY)
        rec_set(form, position, (int64_t)(1 + sim_below(sim, 80)) * WAN / 2 << effort);
    else if (strcmp(field->name, "year") == 0)
        rec_set(form, position, month_year(month_of(today)));
    else
        rec_set(form, position, field->lo + (int64_t)sim_below(sim, (uint64_t)(span > 2 ? 2 : span) + 1));
}

static void put_day(struct sim *sim, struct record *form, unsigned position, const struct field *field, unsigned effort)
{
    day_t day = stamp_day(sim->console.now);
    bool today = sim_means_today(field) == (effort % 2 == 0);
    if (!today) day = workday_after(&sim->calendar, day, 3 + (int)sim_below(sim, 10));
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    if (field->type == TYPE_DATE)
        rec_set(form, position, date_make(year, month, of_month).n);
    else if (field->type == TYPE_STAMP)
        rec_set(form, position, today ? sim->console.now.s : day_start(day).s + 9 * 3600);
    else if (field->type == TYPE_MONTH)
        rec_set(form, position, month_add(month_of(stamp_day(sim->console.now)), effort % 2 == 0 ? -1 : 0).n);
    else
        rec_set(form, position, day.n);
}

/* An option; the stage after the present one where a project goes on. */
static int64_t draw_option(struct sim *sim, const struct record *form, unsigned position, const struct field *field)
{
    unsigned count = 0;
    const struct option *option = NULL;
    if (field->choice == CHOICE_stage && rec_has(form, position)) {
        const struct option *now = option_row(CHOICE_stage, (unsigned)rec_num(form, position));
        const struct option *next = now != NULL ? option_next(CHOICE_stage, now) : NULL;
        if (next != NULL) return next->wire;
    }
    while ((option = option_next(field->choice, option)) != NULL)
        count++;
    uint64_t left = sim_below(sim, count > 0 ? count : 1);
    option = option_next(field->choice, NULL);
    while (left-- > 0)
        option = option_next(field->choice, option);
    return option != NULL ? option->wire : 1;
}

/* ---- references ---- */

/* Is the record one of the worker's own: his unit is in it, and not just by what it is for? */
static bool is_close(const struct ties *ties, const struct actor *actor)
{
    return (relations_held(ties, actor) & ~0xFFFFFFFFull & ~(1ull << REL_author)) != 0;
}

static bool fits(const struct field *field, const struct record *record)
{
    const struct state_row *row = state_row(record->kind, rec_state(record)), *wanted = sim_state(field);
    unsigned function = sim_function(field);
    if (wanted != NULL && wanted != row) return false;
    if (row == NULL || (row->final && (field->flags & F_ENDED_TOO) == 0)) return false;
    if (record->kind != KIND_unit) return true;
    if (function != 0) return rec_lists(record, unit_functions, function);
    return rec_num(record, unit_type) != OPT_unit_type_enterprise;
}

/* A record that the worker may see, of his own unit if there is one; without a worker, of anybody's. 0: none. */
static int64_t draw_ref(struct sim *sim, const struct worker *worker, const struct field *field)
{
    const struct space *space = console_space(&sim->console);
    uint64_t last = state_last_id(space, field->ref);
    int64_t found = 0;
    for (unsigned i = 0; i < REF_DRAWS * (sim_function(field) != 0 ? 8 : 1) && last > 0; i++) {
        struct record record;
        struct ties ties;
        uint64_t id = 1 + sim_below(sim, last);
        if (state_get(space, field->ref, id, &sim->arena, &record) != OK || !fits(field, &record)) continue;
        if (worker == NULL) return (int64_t)id;
        if (ties_of(space, &record, &sim->arena, &ties) != OK) continue;
        if (see_level(&record, &ties, &worker->actor) == SEE_NOTHING) continue;
        found = (int64_t)id;
        if (field->ref == KIND_unit || (worker->actor.functions & FUNCTIONS_OF_ALL)) return found;
        if (is_close(&ties, &worker->actor)) return found;
    }
    return found;
}

/* ---- forms ---- */

static bool put_text(struct sim *sim, struct record *form, unsigned position, const struct field *field)
{
    char digits[24];
    struct str str = str_in(digits, sizeof digits);
    struct text text = text_of(sim_text(sim, field));
    if (field->flags & F_ASCII) {
        str_printf(&str, "S%u", (unsigned)sim_below(sim, 100000));
        text = text_of(digits);
    }
    const char *at = text.at, *end = text.at + text.length;
    uint32_t code;
    for (int64_t left = field->hi; left > 0 && utf8_next(&at, end, &code); left--) {
    }
    const char *kept = arena_copy(&sim->arena, text.at, (size_t)(at - text.at));
    if (kept == NULL) return false;
    rec_set_text(form, position, (struct text){kept, (uint32_t)(at - text.at)});
    return true;
}

static bool put_list(struct sim *sim, const struct worker *worker, struct record *form, unsigned position,
                     const struct field *field)
{
    int64_t *list = arena_get(&sim->arena, 2 * sizeof *list);
    if (list == NULL) return false;
    unsigned count = 0, wanted = field->list_max > 1 && sim_chance(sim, 250) ? 2 : 1;
    while (wanted-- > 0) {
        int64_t drawn =
            field->type == TYPE_REF ? draw_ref(sim, worker, field) : draw_option(sim, form, position, field);
        if (drawn > 0 && (count == 0 || list[0] != drawn)) list[count++] = drawn;
    }
    if (count == 2 && list[0] > list[1]) {
        int64_t first = list[0];
        list[0] = list[1];
        list[1] = first;
    }
    rec_set_list(form, position, list, count);
    return count > 0;
}

/* The number that somebody thinks of for a draw, and what he commits himself to by it. */
static bool put_secret(struct sim *sim, const struct worker *worker, struct record *form, unsigned position)
{
    uint8_t *bytes = arena_get(&sim->arena, LOTS_BYTES), nonce[LOTS_BYTES];
    if (bytes == NULL || form->kind != KIND_draw) return false;
    for (unsigned i = 0; i < LOTS_BYTES; i++)
        nonce[i] = (uint8_t)sim_mix(sim, form->id, worker->actor.unit, i);
    if (position == draw_commitment)
        lots_commitment(nonce, bytes);
    else
        memcpy(bytes, nonce, LOTS_BYTES);
    rec_set_text(form, position, (struct text){(const char *)bytes, LOTS_BYTES});
    return true;
}

bool sim_value(struct sim *sim, const struct worker *worker, struct record *form, unsigned position, unsigned effort)
{
    const struct field *field = field_row(form->kind, position);
    int64_t drawn;
    if (form->kind == KIND_report && (position == report_invested || position == report_cumulative))
        return put_figures(sim, form), true;
    switch (field->type) {
    case TYPE_INT:
    case TYPE_MONEY:
    case TYPE_POINTS:
        if (field->list_max != 0) return false;
        put_number(sim, form, position, field, effort);
        return true;
    case TYPE_DAY:
    case TYPE_MONTH:
    case TYPE_DATE:
    case TYPE_STAMP:
        if (field->list_max != 0) return false;
        put_day(sim, form, position, field, effort);
        return true;
    case TYPE_CHOICE:
        if (field->list_max != 0) return put_list(sim, worker, form, position, field);
        rec_set(form, position, draw_option(sim, form, position, field));
        return true;
    case TYPE_FLAG: rec_set(form, position, sim_chance(sim, 300)); return true;
    case TYPE_REF:
        if (field->list_max != 0) return put_list(sim, worker, form, position, field);
        drawn = draw_ref(sim, worker, field);
        if (drawn > 0) rec_set(form, position, drawn);
        return drawn > 0;
    case TYPE_TEXT:
    case TYPE_NOTE: return put_text(sim, form, position, field);
    case TYPE_BYTES: return worker != NULL && put_secret(sim, worker, form, position);
    }
    return false;
}

/* Named first, so that somebody can be found who has to do with them. */
bool sim_refer(struct sim *sim, const struct action *action, struct record *form)
{
    const struct field *field;
    for (unsigned i = F_COMMON_COUNT; (field = field_row(action->kind, i)) != NULL; i++) {
        if (field->type != TYPE_REF || field->list_max != 0 || (field->need >> action->wire & 1) == 0) continue;
        int64_t drawn = draw_ref(sim, NULL, field);
        if (drawn == 0) return false;
        rec_set(form, i, drawn);
    }
    return true;
}

/* Figures stay when a paper is mended, its words are written anew. */
void sim_fill(struct sim *sim, const struct worker *worker, const struct record *record, const struct action *action,
              struct record *form)
{
    const struct field *field;
    for (unsigned i = F_COMMON_COUNT; (field = field_row(record->kind, i)) != NULL; i++) {
        bool needed = field->need >> action->wire & 1, there = rec_has(record, i);
        bool worded = field->type == TYPE_TEXT || field->type == TYPE_NOTE;
        if ((field->fill >> action->wire & 1) == 0 || rec_has(form, i)) continue;
        if (there && ((field->flags & F_FIXED) || (action->from & 1))) continue;
        bool fixed_text = worded && (field->flags & F_LIST);
        bool wanted = needed ? !there || (worded && !fixed_text) || (action->from & 1) == 0
                             : !there && !sim_shy(field) && sim_chance(sim, OFFERED_PER_MILLE);
        if (!wanted) continue;
        if (there) rec_move(form, i, record, i); /* so that a stage knows where it comes from */
        if (!sim_value(sim, worker, form, i, 0)) rec_unset(form, i);
    }
}
