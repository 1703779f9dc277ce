/* sample.c - see sample.h. */
#include "tests/lib/sample.h"

#include "proto/when.h"

#include <stdlib.h>
#include <string.h>

/* A number within bounds; one time in three at one of them. */
static int64_t number_in(struct rng *rng, int64_t lo, int64_t hi)
{
    if (rng_once_in(rng, 6)) return lo;
    if (rng_once_in(rng, 5)) return hi;
    return rng_between(rng, lo, hi);
}

static int64_t sample_date(struct rng *rng)
{
    int year = (int)number_in(rng, YEAR_MIN, YEAR_MAX), month = (int)rng_between(rng, 0, 12);
    return date_make(year, month, month != 0 ? (int)rng_between(rng, 0, 28) : 0).n;
}

static int64_t sample_option(struct rng *rng, unsigned choice)
{
    unsigned count = 0;
    for (const struct option *row = NULL; (row = option_next(choice, row)) != NULL;)
        count++;
    uint64_t wanted = rng_below(rng, count);
    const struct option *row = option_next(choice, NULL);
    while (wanted-- > 0)
        row = option_next(choice, row);
    return row->wire;
}

static int64_t sample_number(struct rng *rng, const struct field *field)
{
    switch (field->type) {
    case TYPE_DAY: return number_in(rng, day_make(YEAR_MIN, 1, 1).n, day_make(YEAR_MAX, 12, 31).n);
    case TYPE_MONTH: return number_in(rng, month_make(YEAR_MIN, 1).n, month_make(YEAR_MAX, 12).n);
    case TYPE_DATE: return sample_date(rng);
    case TYPE_STAMP: return number_in(rng, 0, day_start(day_make(YEAR_MAX, 12, 31)).s);
    case TYPE_CHOICE: return sample_option(rng, field->choice);
    case TYPE_FLAG: return rng_between(rng, 0, 1);
    case TYPE_REF: return number_in(rng, 1, INT64_MAX / 64);
    case TYPE_INT:
    case TYPE_MONEY:
    case TYPE_POINTS:
    case TYPE_TEXT:
    case TYPE_NOTE:
    case TYPE_BYTES: break;
    }
    return number_in(rng, field->lo, field->hi);
}

static struct text sample_text(struct rng *rng, const struct field *field, struct arena *arena)
{
    static const char *const pieces[] = {"a",  "Z",  "7",  "-",  "_", ".",  "é", "岳", "阳", "督",
                                         "办", "，", "Ａ", "𠀀", "😀", "\"", " ", "%",  "{n}"};
    int64_t length = number_in(rng, field->lo, field->hi), count = 0;
    char *bytes = arena_get(arena, (size_t)field->hi * 4 + 1);
    size_t used = 0;
    if (bytes == NULL) abort();
    while (count < length) {
        const char *piece = pieces[rng_below(rng, field->flags & F_ASCII ? 6 : sizeof pieces / sizeof *pieces)];
        int64_t adds = (int64_t)text_characters(text_of(piece));
        if (field->type == TYPE_NOTE && rng_once_in(rng, 20)) piece = "\n", adds = 1;
        if (count + adds > length) piece = "b", adds = 1;
        memcpy(bytes + used, piece, strlen(piece));
        used += strlen(piece);
        count += adds;
    }
    return (struct text){bytes, (uint32_t)used};
}

static struct text sample_bytes(struct rng *rng, const struct field *field, struct arena *arena)
{
    char *bytes = arena_get(arena, (size_t)field->hi + 1);
    if (bytes == NULL) abort();
    for (int64_t i = 0; i < field->hi; i++)
        bytes[i] = (char)rng_next(rng);
    return (struct text){bytes, (uint32_t)field->hi};
}

/* A list without repetition. */
static struct value sample_list(struct rng *rng, const struct field *field, struct arena *arena)
{
    unsigned count = (unsigned)number_in(rng, 0, field->list_max), used = 0;
    int64_t *list = arena_get(arena, (count + 1) * sizeof *list);
    if (list == NULL) abort();
    for (unsigned tries = 0; used < count && tries < 200; tries++) {
        int64_t number = sample_number(rng, field);
        bool there = false;
        for (unsigned i = 0; i < used; i++)
            there = there || list[i] == number;
        if (!there) list[used++] = number;
    }
    return (struct value){.set = true, .count = (uint8_t)used, .as.list = list};
}

struct value sample_value(struct rng *rng, unsigned kind, unsigned position, struct arena *arena)
{
    const struct field *field = field_row(kind, position);
    if (field->list_max > 0) return sample_list(rng, field, arena);
    if (field->type == TYPE_BYTES) return (struct value){.set = true, .as.text = sample_bytes(rng, field, arena)};
    if (field->type == TYPE_TEXT || field->type == TYPE_NOTE)
        return (struct value){.set = true, .as.text = sample_text(rng, field, arena)};
    return (struct value){.set = true, .as.number = sample_number(rng, field)};
}

static int64_t sample_state(struct rng *rng, unsigned kind)
{
    unsigned count = 0;
    for (const struct state_row *row = NULL; (row = state_next(kind, row)) != NULL;)
        count++;
    uint64_t wanted = rng_below(rng, count);
    const struct state_row *row = state_next(kind, NULL);
    while (wanted-- > 0)
        row = state_next(kind, row);
    return row->wire;
}

struct record sample_record(struct rng *rng, unsigned kind, struct arena *arena)
{
    struct record record = record_make(kind, (uint64_t)number_in(rng, 1, 5000));
    record.version = (uint64_t)number_in(rng, 1, INT64_MAX - 1000);
    for (unsigned i = F_COMMON_COUNT; i < field_count(kind); i++)
        if (!rng_once_in(rng, 4)) record.values[i] = sample_value(rng, kind, i, arena);
    rec_set(&record, F_STATE, sample_state(rng, kind));
    for (unsigned i = F_AUTHOR; i < F_COMMON_COUNT; i++)
        if (!rng_once_in(rng, 4)) record.values[i] = sample_value(rng, kind, i, arena);
    return record;
}

struct record sample_change(struct rng *rng, const struct record *record, struct arena *arena)
{
    struct record changed = *record;
    changed.version++;
    for (unsigned i = 0; i < field_count(record->kind); i++) {
        if (rng_below(rng, 3) != 0) continue;
        if (i == F_STATE)
            rec_set(&changed, i, sample_state(rng, record->kind));
        else if (rng_once_in(rng, 3))
            rec_unset(&changed, i);
        else
            changed.values[i] = sample_value(rng, record->kind, i, arena);
    }
    return changed;
}

bool sample_equal(const struct record *a, const struct record *b)
{
    if (a->kind != b->kind || a->id != b->id || a->version != b->version || record_diff(a, b) != 0) return false;
    if (a->extra_count != b->extra_count) return false;
    for (unsigned i = 0; i < a->extra_count; i++)
        if (a->extras[i].wire != b->extras[i].wire || !text_equal(a->extras[i].packed, b->extras[i].packed))
            return false;
    return true;
}
