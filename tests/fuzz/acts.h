/* acts.h - how acts of operators stand in the input of acts_fuzz, for it and for its seeds.
 *
 * An act: who, kind, action, target (0: a new record; else the n-th of its kind), how (the low four bits: days that
 * pass before; bit 7: the base is a stale version), the number of fields; each field: position, length, text as
 * typed. A length from 192 up is the number above it instead, as the daemon would get it. */
#ifndef TESTS_FUZZ_ACTS_H
#define TESTS_FUZZ_ACTS_H

#include "proto/check.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lib/world.h"

enum { ACTORS = 14, ACTS_SEED = 77, FIELD_NUMBER = 192, FIELDS_TRIED_MAX = 24 };

/* The last two are the console and the rules. */
static const char *const acts_logins[ACTORS] = {"XMB", "FGW",  "JSJ",  "JCJ",   "LD",  "YY", "HRX",
                                                "PJX", "OWN1", "CON1", "HRX-L", "ADM", NULL, NULL};

struct
try {
    unsigned who;
    int wait;
    struct command command;
};

static inline void read_field(struct input *input, struct arena *arena, struct command *command)
{
    struct refusal why;
    unsigned position = input_byte(input) % field_count(command->kind), length = input_byte(input);
    const struct field *field = field_row(command->kind, position);
    struct value *value = &command->args.values[position];
    bool texts = field->type == TYPE_TEXT || field->type == TYPE_NOTE || field->type == TYPE_BYTES;
    command->given |= FIELD_BIT(position);
    if (length >= FIELD_NUMBER) {
        if (texts || field->list_max > 0) return; /* to be emptied */
        *value = (struct value){.set = true, .as.number = (int64_t)length - FIELD_NUMBER};
        return;
    }
    struct text text = input_text(input, length);
    if (value_parse(command->kind, position, text, arena, value, &why) != OK) *value = (struct value){.set = false};
}

static inline void read_try(struct input *input, struct world *world, struct arena *arena, struct try *try)
{
    const struct kind *kind;
    const struct action *action = NULL;
    struct record record;
    try->who = input_byte(input) % ACTORS;
    unsigned wire = input_byte(input) % KIND_LIMIT;
    while ((kind = kind_row(wire)) == NULL)
        wire = (wire + 1) % KIND_LIMIT;
    unsigned wanted = input_byte(input) % ACTION_LIMIT;
    while ((action = action_row(wire, wanted)) == NULL)
        wanted = (wanted + 1) % ACTION_LIMIT;
    uint64_t target = input_byte(input), last = state_last_id(&world->memory.space, wire);
    unsigned how = input_byte(input), count = input_byte(input) % FIELDS_TRIED_MAX;
    if (target != 0) target = last > 0 ? (target - 1) % last + 1 : target;
    try->wait = (int)(how & 15);
    try->command = (struct command){.kind = (uint8_t)wire,
                                    .action = action->wire,
                                    .target = (int64_t)target,
                                    .said = world->now,
                                    .args = record_make(wire, 0)};
    if (target != 0 && state_get(&world->memory.space, wire, target, arena, &record) == OK)
        try->command.base = (int64_t)record.version - (how >> 7);
    for (unsigned i = 0; i < count && input->left > 0; i++)
        read_field(input, arena, &try->command);
}

#endif
