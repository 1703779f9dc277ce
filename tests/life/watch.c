/* watch.c - see watch.h. */
#include "tests/life/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *kind_name(unsigned kind)
{
    const struct kind *row = kind_row(kind);
    return row != NULL ? row->name : "?";
}

static const char *state_name(unsigned kind, unsigned state)
{
    const struct state_row *row = state_row(kind, state);
    return state == 0 ? "new" : row != NULL ? row->name : "?";
}

static const char *action_name(unsigned kind, unsigned action)
{
    const struct action *row = action_row(kind, action);
    return row != NULL ? row->name : "?";
}

#define DISAGREE(...) (snprintf(watch->why, sizeof watch->why, __VA_ARGS__), false)

/* ---- what is known ---- */

static void *grow(void *at, size_t count, size_t size)
{
    void *grown = realloc(at, count * size);
    if (grown == NULL) abort();
    return grown;
}

static struct life *life_at(struct watch *watch, unsigned kind, uint64_t id)
{
    if (id >= watch->kinds[kind].room) {
        uint64_t old = watch->kinds[kind].room, room = id + 64;
        watch->kinds[kind].at = grow(watch->kinds[kind].at, room, sizeof(struct life));
        memset(watch->kinds[kind].at + old, 0, (room - old) * sizeof(struct life));
        watch->kinds[kind].room = room;
    }
    if (id > watch->kinds[kind].last) watch->kinds[kind].last = id;
    return &watch->kinds[kind].at[id];
}

const struct life *watch_life(const struct watch *watch, unsigned kind, uint64_t id)
{
    static const struct life none;
    return kind < KIND_LIMIT && id < watch->kinds[kind].room ? &watch->kinds[kind].at[id] : &none;
}

static int64_t moment(const struct record *record, unsigned position)
{
    if (position == 0 || !rec_has(record, position)) return 0;
    int64_t number = rec_num(record, position);
    return field_row(record->kind, position)->type == TYPE_DAY ? day_end((day_t){(int32_t)number}).s : number;
}

static uint64_t sameness(const struct lives *lives, const struct record *record)
{
    uint64_t same = 1469598103934665603u;
    for (unsigned i = 0; i < lives->only_count; i++) {
        const struct only *only = &lives->onlies[i];
        if (only->kind != record->kind) continue;
        for (unsigned j = 0; j < only->count; j++)
            same = (same ^ (uint64_t)rec_num(record, only->fields[j])) * 1099511628211u;
        break; /* the lines of a kind are about the same fields */
    }
    return same;
}

/* What was known of the keys goes with the state. */
static void learn(struct watch *watch, const struct record *record)
{
    const struct lives *lives = watch->lives;
    struct life *life = life_at(watch, record->kind, record->id);
    if (watch->undo_count == watch->undo_room) {
        watch->undo_room = 2 * watch->undo_room + 64;
        watch->undos = grow(watch->undos, watch->undo_room, sizeof *watch->undos);
    }
    watch->undos[watch->undo_count++] = (struct undo){record->kind, record->id, *life};
    unsigned state = rec_state(record), parent = lives->parent[record->kind];
    uint32_t keys = state == life->state ? life->keys : 0;
    *life = (struct life){.state = (uint8_t)state, .keys = keys, .same = sameness(lives, record)};
    if (parent != 0) life->parent = (uint64_t)rec_num(record, parent);
    if (state < STATE_LIMIT) life->clock = moment(record, lives->clock[record->kind][state]);
}

void watch_keep(struct watch *watch)
{
    watch->undo_count = 0;
}

void watch_forget(struct watch *watch)
{
    while (watch->undo_count > 0) {
        const struct undo *undo = &watch->undos[--watch->undo_count];
        watch->kinds[undo->kind].at[undo->id] = undo->before;
    }
    for (unsigned kind = 0; kind < KIND_LIMIT; kind++)
        while (watch->kinds[kind].last > 0 && watch->kinds[kind].at[watch->kinds[kind].last].state == 0)
            watch->kinds[kind].last--;
}

void watch_init(struct watch *watch, struct lives *lives, const struct space *space)
{
    struct arena arena;
    struct record record;
    *watch = (struct watch){.lives = lives};
    arena_init(&arena, 64 << 20);
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (uint64_t id = 0; (id = state_next_id(space, kind->wire, id)) > 0;)
            if (state_get(space, kind->wire, id, &arena, &record) == OK) learn(watch, &record);
    watch_keep(watch);
    arena_clear(&arena);
}

void watch_free(struct watch *watch)
{
    for (unsigned kind = 0; kind < KIND_LIMIT; kind++)
        free(watch->kinds[kind].at);
    free(watch->undos);
}

/* ---- what must hold ---- */

static bool keeps_law(struct watch *watch, const struct law *law, uint64_t parent)
{
    unsigned fitting = 0, others = 0;
    for (uint64_t id = 1; id <= watch->kinds[law->child].last; id++) {
        const struct life *child = &watch->kinds[law->child].at[id];
        if (child->state == 0 || child->parent != parent) continue;
        if (law->child_states >> child->state & 1)
            fitting++;
        else
            others++;
    }
    switch (law->quantity) {
    case LAW_EVERY: return others == 0;
    case LAW_SOME: return fitting > 0;
    case LAW_NO: return fitting == 0;
    }
    return false;
}

static bool keeps_laws(struct watch *watch, unsigned kind, uint64_t id)
{
    const struct life *life = watch_life(watch, kind, id);
    for (unsigned i = 0; i < watch->lives->law_count; i++) {
        const struct law *law = &watch->lives->laws[i];
        if (law->parent != kind || (law->states >> life->state & 1) == 0 || keeps_law(watch, law, id)) continue;
        return DISAGREE("%s %llu is %s, but its %ss are not as lives.txt:%u has it", kind_name(kind),
                        (unsigned long long)id, state_name(kind, life->state), kind_name(law->child), law->line);
    }
    return true;
}

static bool is_only(struct watch *watch, unsigned kind, uint64_t id)
{
    const struct life *life = watch_life(watch, kind, id);
    for (unsigned i = 0; i < watch->lives->only_count; i++) {
        const struct only *only = &watch->lives->onlies[i];
        if (only->kind != kind || (only->states >> life->state & 1) == 0) continue;
        for (uint64_t other = 1; other <= watch->kinds[kind].last; other++) {
            const struct life *second = &watch->kinds[kind].at[other];
            if (other == id || second->same != life->same || (only->states >> second->state & 1) == 0) continue;
            return DISAGREE("%s %llu is %s beside %llu, which is %s: only one may be", kind_name(kind),
                            (unsigned long long)id, state_name(kind, life->state), (unsigned long long)other,
                            state_name(kind, second->state));
        }
    }
    return true;
}

/* Is what the act refers to in the state that it wants? */
static bool wants_met(const struct watch *watch, const struct record *record, unsigned action)
{
    for (const struct want *want = NULL; (want = lives_want(watch->lives, record->kind, action, want)) != NULL;) {
        unsigned ref = field_row(record->kind, want->field)->ref;
        const struct life *life = watch_life(watch, ref, (uint64_t)rec_num(record, want->field));
        if ((want->states >> life->state & 1) == 0) return false;
    }
    return true;
}

/* ---- acts ---- */

static bool follow(struct watch *watch, const struct actor *actor, stamp_t now, const struct outcome *outcome,
                   unsigned index)
{
    const struct record *before = &outcome->touched[index]->change.before,
                        *after = &outcome->touched[index]->change.after;
    unsigned from = before->version == 0 ? ST_none : rec_state(before), to = rec_state(after), kind = after->kind;
    const struct life *life = watch_life(watch, kind, after->id);
    const char *name = kind_name(kind), *by = kind_name(outcome->kind),
               *act = action_name(outcome->kind, outcome->action);
    if (from != life->state)
        return DISAGREE("%s %llu was %s, the model has it as %s", name, (unsigned long long)after->id,
                        state_name(kind, from), state_name(kind, life->state));
    unsigned how = index > 0 ? outcome->kind | SIDE : outcome->kind;
    const struct state_row *row = state_row(kind, from);
    if (row != NULL && row->final && from == to && !lives_echo(watch->lives, kind, how, outcome->action))
        return DISAGREE("%s %llu was changed by %s.%s in its final state %s", name, (unsigned long long)after->id, by,
                        act, row->name);
    if (index > 0 && from == to) return true;
    struct path *path = lives_path(watch->lives, kind, from, how, outcome->action, to);
    if (path == NULL)
        return DISAGREE("%s %llu went from %s to %s by %s.%s: the model has no such path", name,
                        (unsigned long long)after->id, state_name(kind, from), state_name(kind, to), by, act);
    if (path->clock != 0 && (actor->type != ACTOR_RULE || life->clock == 0 || life->clock > now.s))
        return DISAGREE("%s %llu went from %s to %s by %s.%s before its time", name, (unsigned long long)after->id,
                        state_name(kind, from), state_name(kind, to), by, act);
    path->taken++;
    return true;
}

/* Two keys: the act that is the last one moves the record on, any other leaves it. Nobody turns one twice. */
static bool turns_key(struct watch *watch, const struct actor *actor, const struct outcome *outcome, uint32_t *turned)
{
    const struct record *after = &outcome->touched[0]->change.after;
    const struct life *life = watch_life(watch, after->kind, after->id);
    *turned = 0;
    for (unsigned i = 0; i < watch->lives->keys_count; i++) {
        const struct keys *keys = &watch->lives->keys[i];
        if (keys->kind != after->kind || keys->state != life->state || keys->action != outcome->action) continue;
        uint32_t own = actor->functions & keys->functions;
        *turned = life->keys | own;
        bool whole = *turned == keys->functions, on = rec_state(after) != life->state;
        if (own == 0 || (own & life->keys) != 0 || whole != on)
            return DISAGREE("%s %llu: a key turned wrongly by %s", kind_name(after->kind),
                            (unsigned long long)after->id, action_name(after->kind, outcome->action));
    }
    return true;
}

/* The actor's unit is not named where that bars the act. */
static bool judges_others(struct watch *watch, const struct actor *actor, const struct outcome *outcome)
{
    const struct record *after = &outcome->touched[0]->change.after;
    int64_t unit = (int64_t)actor->unit;
    for (unsigned i = 0; i < watch->lives->bar_count; i++) {
        const struct bar *bar = &watch->lives->bars[i];
        if (bar->kind != after->kind || (bar->actions >> outcome->action & 1) == 0) continue;
        bool list = field_row(bar->kind, bar->field)->list_max > 0;
        if (list ? !rec_lists(after, bar->field, unit) : rec_num(after, bar->field) != unit) continue;
        return DISAGREE("%s.%s by a unit that may not judge itself", kind_name(after->kind),
                        action_name(after->kind, outcome->action));
    }
    return true;
}

bool watch_accept(struct watch *watch, const struct actor *actor, stamp_t now, const struct outcome *outcome)
{
    const struct record *main = &outcome->touched[0]->change.after;
    if (!wants_met(watch, main, outcome->action))
        return DISAGREE("%s.%s was accepted though what %llu refers to is not in the state for it",
                        kind_name(outcome->kind), action_name(outcome->kind, outcome->action),
                        (unsigned long long)main->id);
    uint32_t turned;
    if (!turns_key(watch, actor, outcome, &turned) || !judges_others(watch, actor, outcome)) return false;
    for (unsigned i = 0; i < outcome->count; i++)
        if ((i == 0 || outcome->touched[i]->mask != 0) && !follow(watch, actor, now, outcome, i)) return false;
    for (unsigned i = 0; i < outcome->count; i++)
        if (outcome->touched[i]->mask != 0) learn(watch, &outcome->touched[i]->change.after);
    if (turned != 0 && rec_state(main) == rec_state(&outcome->touched[0]->change.before))
        life_at(watch, main->kind, main->id)->keys = turned;
    for (unsigned i = 0; i < outcome->count; i++) {
        const struct change *change = &outcome->touched[i]->change;
        unsigned kind = change->after.kind, parent = watch->lives->parent[kind];
        if (outcome->touched[i]->mask == 0) continue;
        if (!keeps_laws(watch, kind, change->after.id) || !is_only(watch, kind, change->after.id)) return false;
        if (parent == 0) continue;
        unsigned of = field_row(kind, parent)->ref;
        if (!keeps_laws(watch, of, (uint64_t)rec_num(&change->before, parent)) ||
            !keeps_laws(watch, of, (uint64_t)rec_num(&change->after, parent)))
            return false;
    }
    return true;
}

bool watch_refuse(struct watch *watch, const struct record *meant, unsigned action, enum err err)
{
    static const enum err faults[] = {ERR_MEMORY, ERR_IO, ERR_INTERNAL, ERR_DAMAGED, ERR_NO_SPACE, ERR_FORMAT};
    const struct life *life = watch_life(watch, meant->kind, meant->id);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (err == faults[i]) return DISAGREE("%s.%s failed", kind_name(meant->kind), action_name(meant->kind, action));
    if (err != ERR_WRONG_STATE || !wants_met(watch, meant, action)) return true;
    if (lives_path(watch->lives, meant->kind, life->state, meant->kind, action, STATE_LIMIT) == NULL) return true;
    return DISAGREE("%s.%s was refused for the state %s of %llu, which the model allows it in", kind_name(meant->kind),
                    action_name(meant->kind, action), state_name(meant->kind, life->state),
                    (unsigned long long)meant->id);
}

/* ---- all of it ---- */

static bool compare_kind(struct watch *watch, const struct space *space, unsigned kind, struct arena *arena)
{
    uint64_t there = 0, known = 0;
    for (uint64_t id = 0; (id = state_next_id(space, kind, id)) > 0; there++) {
        struct record record;
        if (state_get(space, kind, id, arena, &record) != OK)
            return DISAGREE("%s %llu can't be read", kind_name(kind), (unsigned long long)id);
        if (rec_state(&record) == watch_life(watch, kind, id)->state) continue;
        return DISAGREE("%s %llu is %s, the model has it as %s", kind_name(kind), (unsigned long long)id,
                        state_name(kind, rec_state(&record)), state_name(kind, watch_life(watch, kind, id)->state));
    }
    for (uint64_t id = 1; id <= watch->kinds[kind].last; id++)
        known += watch->kinds[kind].at[id].state != 0;
    if (known == there) return true;
    return DISAGREE("%llu records of kind %s are there, the model has %llu", (unsigned long long)there, kind_name(kind),
                    (unsigned long long)known);
}

bool watch_compare(struct watch *watch, const struct space *space, struct arena *arena)
{
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        if (!compare_kind(watch, space, kind->wire, arena)) return false;
    return true;
}
