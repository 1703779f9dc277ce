/* record.c - see record.h. */
#include "proto/record.h"

#include "proto/arena.h"

#include <assert.h>
#include <string.h>

static bool is_text(const struct field *field)
{
    return field->type == TYPE_TEXT || field->type == TYPE_NOTE || field->type == TYPE_BYTES;
}

struct record record_make(unsigned kind, uint64_t id)
{
    return (struct record){.kind = (uint8_t)kind, .id = id};
}

bool rec_has(const struct record *record, unsigned position)
{
    return record->values[position].set;
}

int64_t rec_num(const struct record *record, unsigned position)
{
    const struct value *value = &record->values[position];
    return value->set ? value->as.number : 0;
}

struct text rec_text(const struct record *record, unsigned position)
{
    const struct value *value = &record->values[position];
    return value->set ? value->as.text : (struct text){"", 0};
}

const int64_t *rec_list(const struct record *record, unsigned position, unsigned *count)
{
    const struct value *value = &record->values[position];
    *count = value->set ? value->count : 0;
    return value->as.list;
}

bool rec_lists(const struct record *record, unsigned position, int64_t number)
{
    unsigned count;
    const int64_t *list = rec_list(record, position, &count);
    for (unsigned i = 0; i < count; i++)
        if (list[i] == number) return true;
    return false;
}

unsigned rec_state(const struct record *record)
{
    int64_t state = rec_num(record, F_STATE);
    return state >= 0 && state < STATE_LIMIT ? (unsigned)state : STATE_LIMIT;
}

void rec_set(struct record *record, unsigned position, int64_t number)
{
    record->values[position] = (struct value){.set = true, .as.number = number};
}

void rec_set_text(struct record *record, unsigned position, struct text text)
{
    record->values[position] = (struct value){.set = true, .as.text = text};
}

void rec_set_list(struct record *record, unsigned position, const int64_t *list, unsigned count)
{
    assert(count <= LIST_MAX);
    record->values[position] = (struct value){.set = true, .count = (uint8_t)count, .as.list = list};
}

void rec_unset(struct record *record, unsigned position)
{
    record->values[position] = (struct value){.set = false};
}

void rec_move(struct record *record, unsigned position, const struct record *from, unsigned from_position)
{
    record->values[position] = from->values[from_position];
}

bool value_empty(const struct field *field, const struct value *value)
{
    if (field->list_max > 0) return value->count == 0;
    return is_text(field) && value->as.text.length == 0;
}

bool value_equal(const struct field *field, const struct value *a, const struct value *b)
{
    if (a->set != b->set) return false;
    if (!a->set) return true;
    if (field->list_max > 0)
        return a->count == b->count &&
               (a->count == 0 || memcmp(a->as.list, b->as.list, a->count * sizeof *a->as.list) == 0);
    if (is_text(field)) return text_equal(a->as.text, b->as.text);
    return a->as.number == b->as.number;
}

uint64_t record_diff(const struct record *a, const struct record *b)
{
    uint64_t mask = 0;
    const struct field *field;
    for (unsigned i = 0; (field = field_row(a->kind, i)) != NULL; i++)
        if (!value_equal(field, &a->values[i], &b->values[i])) mask |= FIELD_BIT(i);
    return mask;
}

uint64_t record_mask(const struct record *record)
{
    uint64_t mask = 0;
    unsigned count = field_count(record->kind);
    for (unsigned i = 0; i < count; i++)
        if (record->values[i].set) mask |= FIELD_BIT(i);
    return mask;
}

/* A value that unsets its field: packed nil. */
static bool is_nil(const struct extra *extra)
{
    return extra->packed.length == 1 && (unsigned char)extra->packed.at[0] == 0xc0;
}

/* Merges two ascending lists of extras; the newer one wins, and a nil leaves no trace. */
static bool merge_extras(struct record *into, const struct record *from, struct arena *arena)
{
    if (from->extra_count == 0) return true;
    unsigned room = (unsigned)into->extra_count + from->extra_count, used = 0, a = 0, b = 0;
    struct extra *merged = arena_get(arena, room * sizeof *merged);
    if (merged == NULL) return false;
    while (a < into->extra_count || b < from->extra_count) {
        bool old = b == from->extra_count || (a < into->extra_count && into->extras[a].wire < from->extras[b].wire);
        if (!old && a < into->extra_count && into->extras[a].wire == from->extras[b].wire) a++;
        if (old)
            merged[used++] = into->extras[a++];
        else if (is_nil(&from->extras[b]))
            b++;
        else
            merged[used++] = from->extras[b++];
    }
    into->extras = merged;
    into->extra_count = (uint8_t)used;
    return true;
}

bool record_merge(struct record *into, const struct record *from, uint64_t mask, struct arena *arena)
{
    unsigned count = field_count(into->kind);
    for (unsigned i = 0; i < count; i++)
        if (mask & FIELD_BIT(i)) into->values[i] = from->values[i];
    return merge_extras(into, from, arena);
}

static bool keep_value(const struct field *field, struct value *value, struct arena *arena)
{
    if (!value->set) return true;
    if (field->list_max > 0) {
        value->as.list = (const int64_t *)(void *)arena_copy(arena, value->as.list, value->count * sizeof(int64_t));
        return value->as.list != NULL;
    }
    if (!is_text(field)) return true;
    value->as.text.at = arena_copy(arena, value->as.text.at, value->as.text.length);
    return value->as.text.at != NULL;
}

bool record_keep(struct record *record, struct arena *arena)
{
    const struct field *field;
    for (unsigned i = 0; (field = field_row(record->kind, i)) != NULL; i++)
        if (!keep_value(field, &record->values[i], arena)) return false;
    if (record->extra_count == 0) return true;
    struct extra *extras = arena_get(arena, record->extra_count * sizeof *extras);
    if (extras == NULL) return false;
    for (unsigned i = 0; i < record->extra_count; i++) {
        extras[i] = record->extras[i];
        extras[i].packed.at = arena_copy(arena, extras[i].packed.at, extras[i].packed.length);
        if (extras[i].packed.at == NULL) return false;
    }
    record->extras = extras;
    return true;
}
