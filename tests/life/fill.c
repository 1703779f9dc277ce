/* fill.c - see fill.h: values by type, and where they come from. What fits together is in fit.c. */
#include "tests/life/fill.h"

#include "tests/life/fit.h"

#include <stdio.h>

enum { LOOKS = 8, NEWEST = 12 };

/* ---- other records ---- */

uint32_t fill_open_states(unsigned kind)
{
    uint32_t states = 0;
    for (const struct state_row *row = NULL; (row = state_next(kind, row)) != NULL;)
        if (!row->final) states |= 1u << row->wire;
    return states;
}

uint64_t fill_some(struct town *town, unsigned kind, uint32_t states)
{
    uint64_t last = town->watch.kinds[kind].last;
    for (unsigned i = 0; i < LOOKS && last > 0; i++) {
        bool recent = last > NEWEST && !rng_once_in(&town->rng, 3);
        uint64_t id = recent ? last - rng_below(&town->rng, NEWEST) : 1 + rng_below(&town->rng, last);
        if (states >> watch_life(&town->watch, kind, id)->state & 1) return id;
    }
    return 0;
}

/* The states that a reference should be in: as the model says the act wants it, else not ended. */
static uint32_t wanted_states(struct town *town, const struct field *field, unsigned position, unsigned action)
{
    for (const struct want *want = NULL; (want = lives_want(town->lives, field->kind, action, want)) != NULL;)
        if (want->field == position) return want->states;
    return fill_open_states(field->ref);
}

static int64_t some_ref(struct town *town, const struct field *field, unsigned position, unsigned action)
{
    if (field->ref == KIND_unit) return 1 + (int64_t)rng_below(&town->rng, town->units);
    return (int64_t)fill_some(town, field->ref, wanted_states(town, field, position, action));
}

/* ---- values ---- */

/* Today most often: it is neither past nor ahead. */
static int64_t some_day(struct town *town)
{
    day_t today = stamp_day(town->disk.now);
    switch (rng_below(&town->rng, 5)) {
    case 0: return day_add(today, -(int)rng_below(&town->rng, 20)).n;
    case 1:
    case 2: return day_add(today, (int)rng_below(&town->rng, 25)).n;
    default: return today.n;
    }
}

static int64_t some_option(struct town *town, unsigned choice)
{
    const struct option *option = NULL;
    unsigned count = 0;
    while ((option = option_next(choice, option)) != NULL)
        count++;
    for (uint64_t at = rng_below(&town->rng, count) + 1; at > 0; at--)
        option = option_next(choice, option);
    return option->wire;
}

static int64_t some_number(struct town *town, const struct field *field, unsigned position, unsigned action)
{
    int64_t span = field->hi - field->lo < 12 ? field->hi - field->lo : 12;
    month_t month = month_of(stamp_day(town->disk.now));
    switch (field->type) {
    case TYPE_INT: return field->lo + (int64_t)rng_below(&town->rng, (uint64_t)span + 1);
    case TYPE_MONEY: return rng_once_in(&town->rng, 2) ? 0 : (int64_t)rng_below(&town->rng, 900) * 1000000;
    case TYPE_DAY: return some_day(town);
    case TYPE_MONTH: return month_add(month, -(int)rng_below(&town->rng, 4)).n;
    case TYPE_DATE: return date_make(month_year(month), month_number(month), 1).n;
    case TYPE_STAMP: return town->disk.now.s;
    case TYPE_CHOICE: return some_option(town, field->choice);
    case TYPE_FLAG: return (int64_t)rng_below(&town->rng, 2);
    case TYPE_REF: return some_ref(town, field, position, action);
    case TYPE_TEXT:
    case TYPE_NOTE:
    case TYPE_BYTES: break;
    }
    return 0;
}

static struct text some_text(struct town *town, const struct field *field)
{
    char text[64];
    size_t length = (size_t)field->hi;
    if (field->type == TYPE_BYTES) {
        for (size_t i = 0; i < sizeof text; i++)
            text[i] = (char)rng_next(&town->rng);
        if (length > sizeof text) length = sizeof text;
    } else {
        int used = snprintf(text, sizeof text, "%06llu", (unsigned long long)++town->serial);
        if ((size_t)used < length) length = (size_t)used;
    }
    return (struct text){arena_copy(&town->arena, text, length), (uint32_t)length};
}

static void fill_list(struct town *town, const struct field *field, unsigned position, unsigned action,
                      struct record *args)
{
    unsigned count = 0, most = field->list_max < 3 ? field->list_max : 3;
    int64_t *list = arena_get(&town->arena, most * sizeof *list);
    for (uint64_t tries = 1 + rng_below(&town->rng, 3); tries > 0 && count < most; tries--) {
        int64_t number = some_number(town, field, position, action);
        bool twice = field->type == TYPE_REF && number == 0;
        for (unsigned i = 0; i < count; i++)
            twice = twice || list[i] == number;
        if (!twice) list[count++] = number;
    }
    rec_set_list(args, position, list, count);
}

static void fill_field(struct town *town, const struct field *field, unsigned position, unsigned action,
                       struct command *command)
{
    struct record *args = &command->args;
    if (field->list_max > 0)
        fill_list(town, field, position, action, args);
    else if (field->type == TYPE_TEXT || field->type == TYPE_NOTE || field->type == TYPE_BYTES)
        rec_set_text(args, position, some_text(town, field));
    else {
        int64_t number = some_number(town, field, position, action);
        if (field->type == TYPE_REF && number == 0) return;
        rec_set(args, position, number);
    }
    command->given |= FIELD_BIT(position);
}

void fill_command(struct town *town, const struct space *space, const struct record *now, unsigned action,
                  struct command *command)
{
    const struct field *field;
    command->args = record_make(now->kind, 0);
    command->given = 0;
    for (unsigned i = F_COMMON_COUNT; (field = field_row(now->kind, i)) != NULL; i++) {
        bool needed = field->need >> action & 1, there = rec_has(now, i);
        if ((field->fill >> action & 1) == 0 || (there && (field->flags & F_FIXED))) continue;
        if (needed ? !there || rng_once_in(&town->rng, 2) : rng_once_in(&town->rng, 3))
            fill_field(town, field, i, action, command);
    }
    fit_command(town, space, now, action, command);
}

void fill_wrong(struct town *town, unsigned action, struct command *command)
{
    unsigned count = field_count(command->kind);
    if (count <= F_COMMON_COUNT) return;
    unsigned position = F_COMMON_COUNT + (unsigned)rng_below(&town->rng, count - F_COMMON_COUNT);
    const struct field *field = field_row(command->kind, position);
    switch (rng_below(&town->rng, 4)) {
    case 0: /* missing, perhaps */
        command->given &= ~FIELD_BIT(position);
        rec_unset(&command->args, position);
        return;
    case 1: /* emptied */
        command->given |= FIELD_BIT(position);
        rec_unset(&command->args, position);
        return;
    case 2: /* not this action's, perhaps */ fill_field(town, field, position, action, command); return;
    default:
        if (field->list_max > 0 || field->type == TYPE_TEXT || field->type == TYPE_NOTE || field->type == TYPE_BYTES)
            return;
        rec_set(&command->args, position, rng_between(&town->rng, -3, 100000));
        command->given |= FIELD_BIT(position);
    }
}
