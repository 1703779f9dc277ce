/* acts_fuzz.c - anything that operators may try, in any order, on a registry with a history.
 *
 * Input: acts as acts.h describes them. A refused act writes nothing and says why; an accepted one leaves only
 * values that the tables allow, its effects say all of it, and fold to the very records that were decided.
 * Afterwards the registry is put back as it was. */
#include "proto/check.h"
#include "proto/show.h"
#include "tests/fuzz/acts.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lib/history.h"

enum { HISTORY_ACTS = 260, ACTS_MAX = 8 };

static struct world world;
static struct actor actors[ACTORS];

/* ---- what was written, to be taken back ---- */

struct undo {
    struct undo *older;
    enum table table;
    struct key key;
    bool there;
    struct text value;
};
static struct undo *undone;
static unsigned writes;
static struct space memory; /* the world's own functions */

static void note_old(enum table table, const struct key *key)
{
    struct text value;
    struct undo *undo = malloc(sizeof *undo);
    HOLDS(undo != NULL);
    *undo = (struct undo){.older = undone, .table = table, .key = *key};
    undo->there = memory.get(memory.self, table, key, &value) == OK;
    if (undo->there) {
        char *kept = malloc(value.length + 1u);
        HOLDS(kept != NULL);
        if (value.length > 0) memcpy(kept, value.at, value.length);
        undo->value = (struct text){kept, value.length};
    }
    undone = undo;
    writes++;
}

static enum err noted_put(void *self, enum table table, const struct key *key, struct text value)
{
    note_old(table, key);
    return memory.put(self, table, key, value);
}

static enum err noted_del(void *self, enum table table, const struct key *key)
{
    note_old(table, key);
    return memory.del(self, table, key);
}

static void take_back(void)
{
    while (undone != NULL) {
        struct undo *undo = undone;
        undone = undo->older;
        if (undo->there)
            HOLDS(memory.put(memory.self, undo->table, &undo->key, undo->value) == OK);
        else
            memory.del(memory.self, undo->table, &undo->key);
        free((void *)(uintptr_t)undo->value.at);
        free(undo);
    }
    writes = 0;
}

/* ---- the registry ---- */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    struct rng rng = {ACTS_SEED};
    world_init(&world);
    history_prepare(&world);
    for (int i = 0; i < HISTORY_ACTS; i++)
        history_act(&world, &rng);
    for (unsigned i = 0; i < ACTORS; i++)
        actors[i] = acts_logins[i] != NULL ? world_actor(&world, acts_logins[i])
                                           : (struct actor){.type = i == ACTORS - 1 ? ACTOR_RULE : ACTOR_CONSOLE};
    memory = world.memory.space;
    world.memory.space.put = noted_put;
    world.memory.space.del = noted_del;
    return 0;
}

/* ---- an act ---- */

static void check_refused(const struct act *act, enum err err, unsigned before)
{
    char line[600];
    struct show show = {.space = act->space, .arena = act->arena};
    struct str str = str_in(line, sizeof line);
    (void)show;
    HOLDS(writes == before);
    HOLDS(err == act->why.err);
    HOLDS(err != ERR_INTERNAL && err != ERR_DAMAGED && err != ERR_MEMORY);
    show_refusal(&act->why, &str);
    HOLDS(str.used > 0);
}

static void check_values(const struct change *change)
{
    const struct record *after = &change->after;
    HOLDS(state_row(after->kind, rec_state(after)) != NULL);
    for (unsigned i = 0; i < field_count(after->kind); i++) {
        struct refusal why;
        if (i == F_STATE || !rec_has(after, i) || !act_changes(change, i)) continue;
        enum err err = value_check(after->kind, i, &after->values[i], &why);
        if (err != OK)
            fprintf(stderr, "%s.%s: %s\n", kind_row(after->kind)->name, field_row(after->kind, i)->name, err_name(err));
        HOLDS(err == OK);
    }
}

/* The same command decided twice has the same effects. */
static void pack_effects(const struct act *act, struct pack *effects)
{
    pack_init(effects, ENTRY_BYTES_MAX);
    effects_pack(effects, (const struct change *const *)act->changes, act->change_count);
    HOLDS(!effects->failed);
}

static void fold(const struct act *act, const struct pack *command, const struct pack *effects)
{
    struct outcome outcome;
    struct entry entry = {.number = ++world.head.number,
                          .time = act->now,
                          .tables = TABLES_VERSION,
                          .actor = act->actor->type,
                          .device = act->actor->device,
                          .operator= act->actor->operator,
                          .command = {(const char *)command->at, (uint32_t)command->used},
                          .effects = {(const char *)effects->at, (uint32_t)effects->used}};
    HOLDS(fold_entry(act->space, &entry, act->arena, &outcome) == OK);
    HOLDS(outcome.count >= act->change_count);
    for (unsigned i = 0; i < act->change_count; i++) {
        struct record stored;
        const struct record *after = &act->changes[i]->after;
        HOLDS(state_get(act->space, after->kind, after->id, act->arena, &stored) == OK);
        uint64_t differs = record_diff(&stored, after);
        for (unsigned j = 0; j < field_count(after->kind); j++)
            if (differs & FIELD_BIT(j))
                fprintf(stderr, "%s.%s\n", kind_row(after->kind)->name, field_row(after->kind, j)->name);
        bool changed = record_diff(&act->changes[i]->before, after) != 0;
        HOLDS(differs == 0 && stored.version == (changed ? entry.number : after->version));
    }
}

static void try_act(struct input *input, struct arena *arena)
{
    struct try try;
    static struct act act, twice;
    struct pack command, effects, again;
    read_try(input, &world, arena, &try);
    const struct actor *actor = &actors[try.who];
    world_wait(&world, try.wait, 0, 1);
    act = (struct act){
        .space = &world.memory.space, .arena = arena, .now = world.now, .actor = actor, .command = &try.command};
    if (actor->device != 0) try.command.counter = ++world.counters[actor->device];
    act.target = try.command.target;
    act.base = try.command.base;
    twice = act;
    unsigned before = writes;
    enum err err = decide(&act);
    HOLDS(decide(&twice) == err);
    if (err != OK) {
        check_refused(&act, err, before);
        return;
    }
    HOLDS(writes == before);
    for (unsigned i = 0; i < act.change_count; i++)
        check_values(act.changes[i]);
    pack_effects(&act, &effects);
    pack_effects(&twice, &again);
    HOLDS(same_bytes(&again, effects.at, effects.used));
    pack_init(&command, COMMAND_BYTES_MAX);
    command_pack(&command, &try.command);
    if (!command.failed) fold(&act, &command, &effects);
    pack_free(&command);
    pack_free(&effects);
    pack_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    struct arena arena;
    struct head head = world.head;
    stamp_t now = world.now;
    uint64_t counters[sizeof world.counters / sizeof *world.counters];
    memcpy(counters, world.counters, sizeof counters);
    arena_init(&arena, 256 << 20);
    for (unsigned i = 0; i < ACTS_MAX && input.left > 0; i++)
        try_act(&input, &arena);
    arena_clear(&arena);
    take_back();
    memcpy(world.counters, counters, sizeof counters);
    world.head = head;
    world.now = now;
    return 0;
}
