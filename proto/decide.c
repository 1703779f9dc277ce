/* decide.c - the checks in their order, then the rule that the action names. See decide.h. */
#include "proto/decide.h"


#include <string.h>

day_t act_today(const struct act *act)
{
    return stamp_day(act->now);
}

bool act_changes(const struct change *change, unsigned position)
{
    const struct field *field = field_row(change->after.kind, position);
    return !value_equal(field, &change->before.values[position], &change->after.values[position]);
}

int64_t act_setting(struct act *act, enum setting_id setting)
{
    return setting_now(act->space, setting, act->arena);
}

const struct calendar *act_calendar(struct act *act)
{
    static const struct calendar plain_week;
    if (act->calendar == NULL) {
        act->calendar = arena_get(act->arena, sizeof *act->calendar);
        if (act->calendar == NULL) return &plain_week;
        calendar_load(act->space, act->arena, act->calendar);
    }
    return act->calendar;
}

static struct change *change_of(struct act *act, unsigned kind, uint64_t id)
{
    for (unsigned i = 0; i < act->change_count; i++)
        if (act->changes[i]->after.kind == kind && act->changes[i]->after.id == id) return act->changes[i];
    return NULL;
}

static enum err add_change(struct act *act, struct change **change)
{
    bool full = act->change_count == ACT_CHANGES_MAX;
    *change = full ? NULL : arena_get(act->arena, sizeof **change);
    if (*change != NULL) {
        act->changes[act->change_count++] = *change;
        return OK;
    }
    enum err err = full ? ERR_LIMIT : ERR_MEMORY;
    act_refuse(act, err);
    return err;
}

enum err act_read(struct act *act, unsigned kind, uint64_t id, struct record *record)
{
    const struct change *change = change_of(act, kind, id);
    if (change == NULL) return state_get(act->space, kind, id, act->arena, record);
    *record = change->after;
    return OK;
}

enum err act_touch(struct act *act, unsigned kind, uint64_t id, struct change **change)
{
    *change = change_of(act, kind, id);
    if (*change != NULL) return OK;
    struct record record;
    enum err err = state_get(act->space, kind, id, act->arena, &record);
    if (err != OK) return act_refuse(act, err);
    err = add_change(act, change);
    if (err == OK) (*change)->before = (*change)->after = record;
    return err;
}

enum err act_make(struct act *act, unsigned kind, struct change **change)
{
    uint64_t id = state_last_id(act->space, kind) + 1;
    while (change_of(act, kind, id) != NULL)
        id++;
    enum err err = add_change(act, change);
    if (err != OK) return err;
    (*change)->before = (*change)->after = record_make(kind, id);
    struct record *after = &(*change)->after;
    if (act->actor->operator != 0) rec_set(after, F_AUTHOR, (int64_t)act->actor->operator);
    if (act->actor->unit != 0) rec_set(after, F_AUTHOR_UNIT, (int64_t)act->actor->unit);
    rec_set(after, F_MADE, act->now.s);
    return OK;
}

day_t act_workday_before(struct act *act, day_t day, int count)
{
    while (count > 0) {
        day = day_add(day, -1);
        count -= day_works(act_calendar(act), day);
    }
    return day;
}

int64_t act_serial(struct act *act, enum index_id index, int year)
{
    const struct index_row *row = index_row(index);
    struct value value = number_value(year);
    struct walk walk;
    uint64_t id;
    int64_t last = 0;
    walk_start(&walk, act->space, index, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record record;
        if (state_get(act->space, row->kind, id, act->arena, &record) != OK) continue;
        if (rec_num(&record, row->fields[1]) > last) last = rec_num(&record, row->fields[1]);
    }
    for (unsigned i = 0; i < act->change_count; i++) {
        const struct record *after = &act->changes[i]->after;
        if (after->kind != row->kind || rec_num(after, row->fields[0]) != year) continue;
        if (rec_num(after, row->fields[1]) > last) last = rec_num(after, row->fields[1]);
    }
    return last + 1;
}

enum err act_number(struct act *act, struct record *record, enum index_id index, unsigned number, const char *word)
{
    enum { NUMBER_BYTES = 80 };
    const struct index_row *row = index_row(index);
    char *text = arena_get(act->arena, NUMBER_BYTES);
    if (text == NULL) return act_refuse(act, ERR_MEMORY);
    struct str str = str_in(text, NUMBER_BYTES);
    int year = month_year(month_of(act_today(act)));
    int64_t serial = act_serial(act, index, year);
    str_printf(&str, "%s〔%d〕%lld号", word, year, (long long)serial);
    rec_set(record, row->fields[0], year);
    rec_set(record, row->fields[1], serial);
    rec_set_text(record, number, (struct text){text, (uint32_t)str.used});
    return OK;
}

/* ---- the checks ---- */

/* Loads the record that the command is about, or makes one. */
static enum err find_target(struct act *act)
{
    const struct command *command = act->command;
    struct change *change;
    if (act->target == 0) {
        if ((act->action->from & 1) == 0) return act_refuse(act, ERR_NOT_FOUND);
        return act_make(act, command->kind, &change);
    }
    enum err err = act_touch(act, command->kind, (uint64_t)act->target, &change);
    if (err != OK) return err;
    if (may_see(act->space, &change->before, act->actor, act->arena) == SEE_NOTHING)
        return act_refuse(act, ERR_NOT_FOUND);
    return OK;
}

static enum err check_may(struct act *act, const struct record *record)
{
    struct ties ties;
    enum err err = ties_of(act->space, record, act->arena, &ties);
    if (err != OK) return act_refuse(act, err);
    return may_act(act->action, &ties, act->actor) ? OK : act_refuse(act, ERR_NOT_ALLOWED);
}

static enum err check_state(struct act *act, const struct record *before)
{
    if (act->action->from >> rec_state(before) & 1) return OK;
    const struct state_row *row = state_row(before->kind, rec_state(before));
    refuse_text(&act->why, ERR_WRONG_STATE, row != NULL ? row->label : "");
    act->why.number = rec_state(before);
    return ERR_WRONG_STATE;
}

/* The version that the operator saw must be the one that is there. */
static enum err check_base(struct act *act, const struct record *before)
{
    int64_t version = (int64_t)before->version;
    if (act->actor->type != ACTOR_OPERATOR || version == act->base) return OK;
    if (act->command->base < 0 && version < act->base) return OK; /* the own act before left it as it was */
    act_refuse(act, ERR_CONFLICT);
    act->why.number = (int64_t)before->version;
    return ERR_CONFLICT;
}

static enum err check_ref(struct act *act, const struct field *field, int64_t id)
{
    struct record record;
    enum err err = act_read(act, field->ref, (uint64_t)id, &record);
    if (err == ERR_NOT_FOUND) return ERR_BAD_REF;
    if (err != OK) return err;
    if (may_see(act->space, &record, act->actor, act->arena) == SEE_NOTHING) return ERR_BAD_REF;
    const struct state_row *row = state_row(record.kind, rec_state(&record));
    if (row != NULL && row->final && (field->flags & F_ENDED_TOO) == 0) return ERR_ENDED;
    return OK;
}

static enum err check_refs(struct act *act, const struct field *field, const struct value *value)
{
    if (field->list_max == 0) return check_ref(act, field, value->as.number);
    for (unsigned i = 0; i < value->count; i++) {
        enum err err = check_ref(act, field, value->as.list[i]);
        if (err != OK) return err;
    }
    return OK;
}

/* One field that the command fills in: may it, is the value allowed, does it point at something? */
static enum err take_field(struct act *act, struct change *change, unsigned position)
{
    static const struct value unset;
    const struct field *field = field_row(change->after.kind, position);
    const struct value *value = &act->command->args.values[position];
    if (value_empty(field, value)) value = &unset;
    if ((field->fill >> act->action->wire & 1) == 0) return act_refuse_field(act, ERR_NOT_YOURS, change, position, 0);
    bool same = value_equal(field, &change->before.values[position], value);
    if ((field->flags & F_FIXED) && rec_has(&change->before, position) && !same)
        return act_refuse_field(act, ERR_FIXED, change, position, 0);
    if (value->set && !same) {
        enum err err = value_check(change->after.kind, position, value, &act->why);
        if (err != OK) return err;
        if (field->type == TYPE_REF) err = check_refs(act, field, value);
        if (err != OK) return act_refuse_field(act, err, change, position, 0);
    }
    change->after.values[position] = *value;
    return OK;
}

static enum err take_fields(struct act *act, struct change *change)
{
    unsigned count = field_count(change->after.kind);
    for (unsigned i = 0; i < count; i++) {
        if ((act->command->given & FIELD_BIT(i)) == 0) continue;
        enum err err = take_field(act, change, i);
        if (err != OK) return err;
    }
    return OK;
}

static enum err check_needed(struct act *act, const struct change *change)
{
    const struct field *field;
    for (unsigned i = F_COMMON_COUNT; (field = field_row(change->after.kind, i)) != NULL; i++)
        if ((field->need >> act->action->wire & 1) && !rec_has(&change->after, i))
            return act_refuse_field(act, ERR_NEEDED, change, i, 0);
    return OK;
}

/* Do two changes of this act give their records the same unique key? What is stored is asked about elsewhere. */
static bool clash_within(const struct act *act, unsigned at)
{
    const struct record *record = &act->changes[at]->after;
    for (const struct index_row *index = NULL; (index = index_next(record->kind, index)) != NULL;)
        for (unsigned i = 0; index->unique && i < at; i++) {
            const struct record *other = &act->changes[i]->after;
            bool same = other->kind == record->kind;
            for (unsigned j = 0; same && j < index->count; j++) {
                unsigned field = index->fields[j];
                same = rec_has(record, field) && rec_has(other, field) &&
                       value_equal(field_row(record->kind, field), &record->values[field], &other->values[field]);
            }
            if (same) return true;
        }
    return false;
}

/* After the rule: times of states, the checks of each kind, and no two records for one unique key. */
static enum err settle(struct act *act)
{
    for (unsigned i = 0; i < act->change_count; i++) {
        struct change *change = act->changes[i];
        if (act_changes(change, F_STATE)) rec_set(&change->after, F_SINCE, act->now.s);
        const struct kind *kind = kind_row(change->after.kind);
        enum err err = kind->check != NULL ? kind->check(act, change) : OK;
        if (err != OK) return err;
    }
    for (unsigned i = 0; i < act->change_count; i++) {
        const struct index_row *index;
        if (clash_within(act, i)) return act_refuse(act, ERR_INTERNAL); /* a rule's mistake */
        const struct record *after = &act->changes[i]->after;
        if (state_clash(act->space, after, &index) == 0) continue;
        act_refuse_field(act, ERR_EXISTS, act->changes[i], index->fields[0], 0);
        const struct field *field = field_row(after->kind, index->fields[0]);
        if (field->type == TYPE_TEXT) {
            struct refusal found = act->why;
            struct text text = rec_text(after, index->fields[0]);
            struct str str = str_in(found.text, sizeof found.text);
            str_text(&str, text);
            act->why = found;
        }
        return ERR_EXISTS;
    }
    return OK;
}

/* Records that did not change in the end are no part of the act, except the one it is about. */
static void drop_unchanged(struct act *act)
{
    unsigned kept = 1;
    for (unsigned i = 1; i < act->change_count; i++)
        if (record_diff(&act->changes[i]->before, &act->changes[i]->after) != 0) act->changes[kept++] = act->changes[i];
    act->change_count = kept;
}

/* Permission holds for the record as it was; for a new one, or when the command moves it to other units,
 * also for the record as it becomes. */
static enum err check_permission(struct act *act, const struct change *change)
{
    if (change->before.version == 0) return OK;
    return check_may(act, &change->before);
}

enum err decide(struct act *act)
{
    const struct command *command = act->command;
    act->change_count = 0;
    act->calendar = NULL;
    act->why = (struct refusal){.err = OK};
    act->action = action_row(command->kind, command->action);
    if (act->action == NULL) return act_refuse(act, ERR_NO_SUCH_ACTION);
    enum err err = find_target(act);
    if (err != OK) return err;
    struct change *change = act->changes[0];
    if ((err = check_permission(act, change)) != OK) return err;
    if ((err = check_state(act, &change->before)) != OK) return err;
    if ((err = check_base(act, &change->before)) != OK) return err;
    if ((err = take_fields(act, change)) != OK) return err;
    if ((err = check_may(act, &change->after)) != OK) return err;
    if (act->action->to != 0) rec_set(&change->after, F_STATE, act->action->to);
    if (!act->asking && (err = check_needed(act, change)) != OK) return err;
    if (act->action->rule != NULL && (err = act->action->rule(act, change)) != OK) return err;
    if ((err = settle(act)) != OK) return err;
    drop_unchanged(act);
    return OK;
}
