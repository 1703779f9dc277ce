/* fold.c - see fold.h. */
#include "server/fold.h"

#include <string.h>

enum { TOUCHED_MAX = 4096 };

/* ---- small stored forms ---- */

uint64_t wires_of(unsigned kind, uint64_t mask)
{
    uint64_t wires = 0;
    const struct field *field;
    for (unsigned i = 0; (field = field_row(kind, i)) != NULL; i++)
        if (mask & FIELD_BIT(i)) wires |= 1ull << field->wire;
    return wires;
}

uint64_t mask_of(unsigned kind, uint64_t wires)
{
    uint64_t mask = 0;
    for (unsigned wire = 0; wire < 64; wire++) {
        int position = (wires >> wire & 1) ? field_position(kind, wire) : -1;
        if (position >= 0) mask |= FIELD_BIT(position);
    }
    return mask;
}

static void put_number(uint8_t *at, uint64_t number)
{
    for (int i = 7; i >= 0; i--) {
        at[i] = (uint8_t)number;
        number >>= 8;
    }
}

static uint64_t get_number(const char *at)
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
        number = number << 8 | (uint8_t)at[i];
    return number;
}

bool feed_item_read(struct text value, size_t i, struct feed_item *item)
{
    if ((i + 1) * FEED_ITEM_BYTES > value.length) return false;
    const char *at = value.at + i * FEED_ITEM_BYTES;
    *item = (struct feed_item){.kind = (uint8_t)at[0],
                               .op = at[1] == FEED_DIFF ? FEED_DIFF : FEED_MOVED,
                               .id = get_number(at + 2),
                               .wires = get_number(at + 10)};
    return true;
}

void feed_key(struct key *key, uint64_t stream, uint64_t number)
{
    key_clear(key);
    key_number(key, stream);
    key_number(key, number);
}

enum err journal_append(const struct space *space, uint64_t number, struct text bytes)
{
    struct key key;
    key_clear(&key);
    key_number(&key, number);
    return space->put(space->self, TABLE_JOURNAL, &key, bytes);
}

static void seen_key(struct key *key, uint64_t device, uint64_t counter)
{
    key_clear(key);
    key_number(key, device);
    key_number(key, counter);
}

enum err seen_find(const struct space *space, uint64_t device, uint64_t counter, struct seen *seen)
{
    struct key key;
    struct text value;
    seen_key(&key, device, counter);
    enum err err = space->get(space->self, TABLE_SEEN, &key, &value);
    if (err != OK) return err;
    if (value.length != 17) return ERR_DAMAGED;
    *seen = (struct seen){get_number(value.at), (uint8_t)value.at[8], get_number(value.at + 9)};
    return OK;
}

uint64_t seen_highest(const struct space *space, uint64_t device)
{
    struct key key;
    struct text value;
    seen_key(&key, device + 1, 0);
    if (space->before(space->self, TABLE_SEEN, &key, &value) != OK || key_read(&key, 0) != device) return 0;
    return key_read(&key, 8);
}

enum err resolve_own(const struct space *space, uint64_t device, const struct command *command, int64_t *target,
                     int64_t *base)
{
    struct seen seen;
    *target = command->target;
    *base = command->base;
    if (command->target < 0) {
        enum err err = seen_find(space, device, (uint64_t)-command->target, &seen);
        if (err != OK && err != ERR_NOT_FOUND) return err;
        if (err != OK || seen.kind != command->kind) return ERR_DEAD_END;
        *target = (int64_t)seen.id;
    }
    if (command->base < 0) {
        enum err err = seen_find(space, device, (uint64_t)-command->base, &seen);
        if (err != OK) return err == ERR_NOT_FOUND ? ERR_DEAD_END : err;
        if (seen.kind != command->kind || (int64_t)seen.id != *target) return ERR_CONFLICT; /* of another record */
        *base = (int64_t)seen.number;
    }
    return OK;
}

/* ---- who was and is tied to what ---- */

static struct touched *find_touched(struct outcome *outcome, unsigned kind, uint64_t id)
{
    for (unsigned i = 0; i < outcome->count; i++) {
        const struct record *after = &outcome->touched[i]->change.after;
        if (after->kind == kind && after->id == id) return outcome->touched[i];
    }
    return NULL;
}

/* A further, empty one. The list doubles in the arena when it is full. */
static enum err add_touched(struct outcome *outcome, struct arena *arena, struct touched **touched)
{
    unsigned count = outcome->count;
    if (count == TOUCHED_MAX) return ERR_LIMIT;
    if (count == 0 || (count >= 4 && (count & (count - 1)) == 0)) {
        struct touched **grown = arena_get(arena, (count < 4 ? 4 : 2 * (size_t)count) * sizeof *grown);
        if (grown == NULL) return ERR_MEMORY;
        if (count > 0) memcpy(grown, outcome->touched, count * sizeof *grown);
        outcome->touched = grown;
    }
    *touched = arena_get(arena, sizeof **touched);
    if (*touched == NULL) return ERR_MEMORY;
    outcome->touched[outcome->count++] = *touched;
    return OK;
}

/* Does the change move the relations of the record itself? */
static bool moves_ties(const struct touched *touched)
{
    unsigned kind = touched->change.after.kind;
    if (touched->mask & FIELD_BIT(F_AUTHOR_UNIT)) return true;
    for (const struct relate *row = NULL; (row = relate_next(kind, row)) != NULL;)
        if (row->field != SELF && (touched->mask & FIELD_BIT(row->field))) return true;
    return false;
}

/* Records that inherit relations from the one at `from` come along, since others may see them now. */
static enum err add_dependents(const struct space *space, const struct relate *row, uint64_t from, struct arena *arena,
                               struct outcome *outcome)
{
    struct value value = number_value((int64_t)from);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, space, relate_index(row)->wire, &value, 1);
    while (walk_next(&walk, &id)) {
        if (find_touched(outcome, row->kind, id) != NULL) continue;
        struct touched *touched;
        enum err err = add_touched(outcome, arena, &touched);
        if (err == OK) err = state_get(space, row->kind, id, arena, &touched->change.before);
        if (err != OK) return err;
        touched->change.after = touched->change.before;
    }
    return OK;
}

static enum err find_dependents(const struct space *space, struct arena *arena, struct outcome *outcome)
{
    for (unsigned i = 0; i < outcome->count; i++) { /* grows while it runs: dependents have dependents */
        const struct touched *touched = outcome->touched[i];
        unsigned kind = touched->change.after.kind;
        if (touched->change.before.version == 0 || (touched->mask != 0 && !moves_ties(touched))) continue;
        for (const struct kind *other = NULL; (other = kind_next(other)) != NULL;) {
            for (const struct relate *row = NULL; (row = relate_next(other->wire, row)) != NULL;) {
                if (row->relation != REL_all || field_row(row->kind, row->field)->ref != kind) continue;
                enum err err = add_dependents(space, row, touched->change.after.id, arena, outcome);
                if (err != OK) return err;
            }
        }
    }
    return OK;
}

static enum err read_changes(const struct space *space, const struct entry *entry, struct arena *arena,
                             struct outcome *outcome)
{
    struct effect *effects;
    unsigned count;
    enum err err = entry_effects(entry, arena, &effects, &count);
    if (err != OK) return ERR_DAMAGED;
    for (unsigned i = 0; i < count; i++) {
        struct touched *touched;
        const struct record *fields = &effects[i].fields;
        if ((err = add_touched(outcome, arena, &touched)) != OK) return err;
        err = state_get(space, fields->kind, fields->id, arena, &touched->change.before);
        if (err == ERR_NOT_FOUND)
            touched->change.before = record_make(fields->kind, fields->id);
        else if (err != OK)
            return err;
        touched->change.after = touched->change.before;
        if (!record_merge(&touched->change.after, fields, effects[i].mask, arena)) return ERR_MEMORY;
        if (effects[i].mask != 0) touched->change.after.version = entry->number; /* else nobody is told */
        touched->mask = effects[i].mask;
    }
    return OK;
}

/* ---- writing ---- */

static enum err put_history(const struct space *space, const struct record *record, uint64_t number)
{
    struct key key;
    key_clear(&key);
    key_byte(&key, record->kind);
    key_number(&key, record->id);
    key_number(&key, number);
    return space->put(space->self, TABLE_HISTORY, &key, (struct text){"", 0});
}

/* What the stream's readers have to know of the record: nothing, its changed fields, or all anew. */
static bool feed_item_of(const struct touched *touched, const struct stream *before, const struct stream *after,
                         struct feed_item *item)
{
    const struct record *record = &touched->change.after;
    uint64_t mask = touched->mask;
    if (before == NULL && after == NULL) return false;
    bool same =
        before != NULL && after != NULL && before->level == after->level && before->roles_sign == after->roles_sign;
    if (same && after->level == SEE_LIST)
        for (unsigned i = 0; i < field_count(record->kind); i++)
            if ((field_row(record->kind, i)->flags & F_LIST) == 0) mask &= ~FIELD_BIT(i);
    if (same && mask == 0) return false;
    *item = (struct feed_item){.kind = record->kind,
                               .op = same ? FEED_DIFF : FEED_MOVED,
                               .id = record->id,
                               .wires = wires_of(record->kind, mask)};
    return true;
}

static enum err put_feed_of(const struct space *space, uint64_t stream, const struct outcome *outcome,
                            const struct streams *before, const struct streams *after, struct arena *arena)
{
    struct key key;
    uint8_t *value = arena_get(arena, outcome->count * (size_t)FEED_ITEM_BYTES);
    uint32_t used = 0;
    if (value == NULL) return ERR_MEMORY;
    for (unsigned i = 0; i < outcome->count; i++) {
        struct feed_item item;
        if (!feed_item_of(outcome->touched[i], streams_find(&before[i], stream), streams_find(&after[i], stream),
                          &item))
            continue;
        value[used] = item.kind;
        value[used + 1] = (uint8_t)item.op;
        put_number(value + used + 2, item.id);
        put_number(value + used + 10, item.wires);
        used += FEED_ITEM_BYTES;
    }
    if (used == 0) return OK;
    feed_key(&key, stream, outcome->number);
    return space->put(space->self, TABLE_FEED, &key, (struct text){(const char *)value, used});
}

static bool earlier_stream(const struct streams *lists, unsigned lists_count, unsigned at, unsigned within)
{
    for (unsigned i = 0; i <= at && i < lists_count; i++)
        for (unsigned j = 0; j < lists[i].count && (i < at || j < within); j++)
            if (lists[i].at[j].stream == lists[at].at[within].stream) return true;
    return false;
}

/* One feed value for each stream whose readers are concerned. */
static enum err put_feed(const struct space *space, const struct outcome *outcome, struct arena *arena)
{
    unsigned count = outcome->count;
    struct streams *lists = arena_get(arena, 2 * (size_t)count * sizeof *lists);
    if (lists == NULL) return ERR_MEMORY;
    struct streams *before = lists, *after = lists + count;
    for (unsigned i = 0; i < count; i++) {
        const struct touched *touched = outcome->touched[i];
        if (touched->change.before.version != 0)
            streams_of_record(&touched->change.before, &touched->ties_before, &before[i]);
        streams_of_record(&touched->change.after, &touched->ties_after, &after[i]);
    }
    for (unsigned i = 0; i < 2 * count; i++)
        for (unsigned j = 0; j < lists[i].count; j++) {
            if (earlier_stream(lists, 2 * count, i, j)) continue;
            enum err err = put_feed_of(space, lists[i].at[j].stream, outcome, before, after, arena);
            if (err != OK) return err;
        }
    return OK;
}

static enum err put_seen(const struct space *space, const struct entry *entry, const struct command *command,
                         const struct record *about)
{
    struct key key;
    uint8_t value[17];
    if (entry->device == 0 || command->counter == 0) return OK;
    seen_key(&key, entry->device, command->counter);
    put_number(value, entry->number);
    value[8] = about->kind;
    put_number(value + 9, about->id);
    return space->put(space->self, TABLE_SEEN, &key, (struct text){(const char *)value, sizeof value});
}

static enum err put_all(const struct space *space, const struct entry *entry, struct arena *arena,
                        struct outcome *outcome, unsigned changed)
{
    enum err err = OK;
    for (unsigned i = 0; i < outcome->count && err == OK; i++) {
        struct touched *touched = outcome->touched[i];
        if (touched->change.before.version != 0)
            err = ties_of(space, &touched->change.before, arena, &touched->ties_before);
        sight_of(&touched->change.before, &touched->sight_before);
    }
    for (unsigned i = 0; i < changed && err == OK; i++) {
        const struct change *change = &outcome->touched[i]->change;
        err = state_put(space, &change->before, &change->after);
        if (err == OK) err = put_history(space, &change->after, entry->number);
    }
    for (unsigned i = 0; i < outcome->count && err == OK; i++) {
        struct touched *touched = outcome->touched[i];
        err = ties_of(space, &touched->change.after, arena, &touched->ties_after);
        sight_of(&touched->change.after, &touched->sight_after);
    }
    return err == OK ? put_feed(space, outcome, arena) : err;
}

enum err fold_entry(const struct space *space, const struct entry *entry, struct arena *arena, struct outcome *outcome)
{
    struct command command;
    *outcome = (struct outcome){.number = entry->number, .time = entry->time};
    if (command_peek(entry->command.at, entry->command.length, &command) != OK) return ERR_DAMAGED;
    outcome->kind = command.kind;
    outcome->action = command.action;
    enum err err = read_changes(space, entry, arena, outcome);
    unsigned changed = outcome->count;
    if (err == OK && changed == 0) err = ERR_DAMAGED; /* every act is about a record */
    if (err == OK) err = find_dependents(space, arena, outcome);
    if (err == OK) err = put_all(space, entry, arena, outcome, changed);
    if (err == OK) err = put_seen(space, entry, &command, &outcome->touched[0]->change.after);
    return err;
}

enum err fold_records(const struct space *space, const struct entry *entry, struct arena *arena)
{
    struct outcome outcome = {.number = entry->number};
    enum err err = read_changes(space, entry, arena, &outcome);
    for (unsigned i = 0; i < outcome.count && err == OK; i++)
        err = state_put(space, &outcome.touched[i]->change.before, &outcome.touched[i]->change.after);
    return err;
}
