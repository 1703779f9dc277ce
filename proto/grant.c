/* grant.c - see grant.h. */
#include "proto/grant.h"

enum { TIES_DEPTH_MAX = 4 };

static uint32_t bits_of_list(const struct record *record, unsigned position)
{
    unsigned count;
    uint32_t bits = 0;
    const int64_t *list = rec_list(record, position, &count);
    for (unsigned i = 0; i < count; i++)
        if (list[i] > 0 && list[i] < 32) bits |= 1u << list[i];
    return bits;
}

enum err actor_load(const struct space *space, uint64_t device, struct arena *arena, struct actor *actor)
{
    struct record record;
    struct actor found = {.type = ACTOR_OPERATOR, .device = device};
    enum err err = state_get(space, KIND_device, device, arena, &record);
    if (err != OK) return err;
    if (rec_state(&record) != ST_device_active) return ERR_NOT_FOUND;
    found.operator = (uint64_t)rec_num(&record, device_operator);
    err = state_get(space, KIND_operator, found.operator, arena, &record);
    if (err != OK) return err;
    if (rec_state(&record) != ST_operator_active) return ERR_NOT_FOUND;
    found.unit = (uint64_t)rec_num(&record, operator_unit);
    found.person = (uint64_t)rec_num(&record, operator_person);
    found.roles = bits_of_list(&record, operator_roles);
    err = state_get(space, KIND_unit, found.unit, arena, &record);
    if (err != OK) return err;
    if (rec_state(&record) != ST_unit_active) return ERR_NOT_FOUND;
    found.functions = bits_of_list(&record, unit_functions);
    *actor = found;
    return OK;
}

static enum err tie(struct ties *ties, unsigned relation, uint64_t unit)
{
    if (unit == 0) return OK;
    for (unsigned i = 0; i < ties->count; i++)
        if (ties->at[i].relation == relation && ties->at[i].unit == unit) return OK;
    if (ties->count == TIES_MAX) return ERR_LIMIT;
    ties->at[ties->count].relation = (uint8_t)relation;
    ties->at[ties->count++].unit = unit;
    return OK;
}

static enum err tie_field(struct ties *ties, const struct relate *row, const struct record *record)
{
    if (row->field == SELF) return tie(ties, row->relation, record->id);
    if (field_row(record->kind, row->field)->list_max == 0)
        return tie(ties, row->relation, (uint64_t)rec_num(record, row->field));
    unsigned count;
    const int64_t *list = rec_list(record, row->field, &count);
    enum err err = OK;
    for (unsigned i = 0; i < count && err == OK; i++)
        err = tie(ties, row->relation, (uint64_t)list[i]);
    return err;
}

static enum err tie_rows(const struct space *space, const struct record *record, struct arena *arena, unsigned depth,
                         struct ties *ties)
{
    for (const struct relate *row = NULL; (row = relate_next(record->kind, row)) != NULL;) {
        enum err err;
        if (row->relation != REL_all)
            err = tie_field(ties, row, record);
        else {
            struct record other;
            uint64_t id = (uint64_t)rec_num(record, row->field);
            if (id == 0 || depth == TIES_DEPTH_MAX) continue;
            err = state_get(space, field_row(record->kind, row->field)->ref, id, arena, &other);
            if (err == ERR_NOT_FOUND) continue; /* a client need not have it */
            if (err == OK) err = tie_rows(space, &other, arena, depth + 1, ties);
        }
        if (err != OK) return err;
    }
    return OK;
}

enum err ties_of(const struct space *space, const struct record *record, struct arena *arena, struct ties *ties)
{
    ties->count = 0;
    enum err err = tie(ties, REL_author, (uint64_t)rec_num(record, F_AUTHOR_UNIT));
    return err == OK ? tie_rows(space, record, arena, 0, ties) : err;
}

uint64_t relations_held(const struct ties *ties, const struct actor *actor)
{
    switch (actor->type) {
    case ACTOR_RULE: return 1ull << REL_rule;
    case ACTOR_CONSOLE: return 1ull << REL_console;
    case ACTOR_TICKET: return 1ull << REL_ticket;
    case ACTOR_OPERATOR: break;
    }
    uint64_t held = 1ull << REL_all | (actor->functions & ~1u);
    for (unsigned i = 0; i < ties->count; i++)
        if (ties->at[i].unit == actor->unit) held |= 1ull << ties->at[i].relation;
    return held;
}

static bool roles_fit(uint32_t wanted, const struct actor *actor)
{
    return wanted == ANY_ROLE || (wanted & actor->roles) != 0;
}

void sight_of(const struct record *record, struct sight *sight)
{
    sight->count = 0;
    for (const struct see *row = NULL; (row = see_next(record->kind, row)) != NULL;)
        if ((row->states >> rec_state(record) & 1) && sight->count < SEES_MAX) sight->rows[sight->count++] = row;
}

enum see_level sight_level(const struct sight *sight, const struct ties *ties, const struct actor *actor)
{
    enum see_level level = SEE_NOTHING;
    if (actor->type != ACTOR_OPERATOR) return SEE_FULL; /* the registry's own acts */
    uint64_t held = relations_held(ties, actor);
    for (unsigned i = 0; i < sight->count; i++) {
        const struct see *row = sight->rows[i];
        if (row->level > level && (held >> row->relation & 1) && roles_fit(row->roles, actor)) level = row->level;
    }
    return level;
}

enum see_level see_level(const struct record *record, const struct ties *ties, const struct actor *actor)
{
    struct sight sight;
    if (actor->type == ACTOR_TICKET) /* the device that the ticket is for, and nothing else */
        return record->kind == KIND_device && record->id == actor->device ? SEE_FULL : SEE_NOTHING;
    sight_of(record, &sight);
    return sight_level(&sight, ties, actor);
}

enum see_level may_see(const struct space *space, const struct record *record, const struct actor *actor,
                       struct arena *arena)
{
    struct ties ties;
    if (ties_of(space, record, arena, &ties) != OK) return SEE_NOTHING;
    return see_level(record, &ties, actor);
}

bool may_act(const struct action *action, const struct ties *ties, const struct actor *actor)
{
    uint64_t held = relations_held(ties, actor);
    for (const struct may *row = NULL; (row = may_next(action->kind, row)) != NULL;)
        if (row->action == action->wire && (held >> row->relation & 1) && roles_fit(row->roles, actor)) return true;
    return false;
}

uint32_t actions_open(const struct space *space, const struct record *record, const struct actor *actor,
                      struct arena *arena)
{
    struct ties ties;
    uint32_t open = 0;
    if (ties_of(space, record, arena, &ties) != OK) return 0;
    for (const struct action *row = NULL; (row = action_next(record->kind, row)) != NULL;)
        if ((row->from >> rec_state(record) & 1) && may_act(row, &ties, actor)) open |= 1u << row->wire;
    return open;
}

bool may_make(unsigned kind, const struct actor *actor)
{
    for (const struct may *row = NULL; (row = may_next(kind, row)) != NULL;) {
        bool depends = row->relation >= 32 && row->relation < REL_rule; /* on the record, not made yet */
        bool held = row->relation == REL_all || (row->relation < 32 && actor->functions >> row->relation & 1);
        if ((action_row(kind, row->action)->from & 1) && (depends || held) && roles_fit(row->roles, actor)) return true;
    }
    return false;
}

/* ---- streams ---- */

static void stream_add(struct streams *streams, uint64_t stream, enum see_level level, uint32_t roles)
{
    unsigned i = 0;
    while (i < streams->count && streams->at[i].stream != stream)
        i++;
    if (i == STREAMS_MAX) return;
    if (i == streams->count) streams->at[streams->count++] = (struct stream){.stream = stream};
    struct stream *at = &streams->at[i];
    if (at->level < level) at->level = level;
    if (roles != ANY_ROLE) at->roles_sign += (roles * 4 + level) * 2654435761u; /* the order does not matter */
}

/* The readers that one SEE row names: everybody, a role, a function of units, or the tied units. */
static void stream_add_row(struct streams *streams, const struct see *row, const struct ties *ties)
{
    if (row->relation == REL_all) {
        if (row->roles == ANY_ROLE) stream_add(streams, STREAM_ALL, row->level, ANY_ROLE);
        for (unsigned role = 1; role < 32; role++)
            if (row->roles >> role & 1) stream_add(streams, STREAM_ROLE + role, row->level, ANY_ROLE);
    } else if (row->relation < 32)
        stream_add(streams, row->relation, row->level, row->roles);
    for (unsigned i = 0; i < ties->count; i++)
        if (ties->at[i].relation == row->relation)
            stream_add(streams, STREAM_UNIT + ties->at[i].unit, row->level, row->roles);
}

void streams_of_record(const struct record *record, const struct ties *ties, struct streams *streams)
{
    streams->count = 0;
    for (const struct see *row = NULL; (row = see_next(record->kind, row)) != NULL;)
        if ((row->states >> rec_state(record) & 1) && row->level >= SEE_LIST) stream_add_row(streams, row, ties);
}

const struct stream *streams_find(const struct streams *streams, uint64_t stream)
{
    for (unsigned i = 0; i < streams->count; i++)
        if (streams->at[i].stream == stream) return &streams->at[i];
    return NULL;
}

void streams_of_actor(const struct actor *actor, struct streams *streams)
{
    streams->count = 0;
    stream_add(streams, STREAM_ALL, SEE_FULL, ANY_ROLE);
    for (unsigned bit = 1; bit < 32; bit++) {
        if (actor->functions >> bit & 1) stream_add(streams, bit, SEE_FULL, ANY_ROLE);
        if (actor->roles >> bit & 1) stream_add(streams, STREAM_ROLE + bit, SEE_FULL, ANY_ROLE);
    }
    stream_add(streams, STREAM_UNIT + actor->unit, SEE_FULL, ANY_ROLE);
}
