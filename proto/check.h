/* check.h - is this value what the field's row allows? Used on input, on the wire and on import. */
#ifndef PROTO_CHECK_H
#define PROTO_CHECK_H

#include "proto/record.h"

/* Checks one set value against its field: form, bounds, characters, options, repetition. References are
 * only checked for form: whether the record exists is for decide(). On refusal *why names the field. */
enum err value_check(unsigned kind, unsigned position, const struct value *value, struct refusal *why);

/* refuse() that names a field and a number. */
void refusal_set_field(struct refusal *why, enum err err, unsigned kind, unsigned position, int64_t number);
static inline enum err refuse_field(struct refusal *why, enum err err, unsigned kind, unsigned position, int64_t number)
{
    refusal_set_field(why, err, kind, position, number);
    return err;
}

/* Reads what a person typed or a file holds into a value: dates and months in the usual spellings, money
 * in the field's unit, options by name or word, flags as 1/0, yes/no, 是/否; lists parted by commas,
 * 、 or spaces. References are read as record numbers (resolving names is the caller's). Texts lose
 * spaces at both ends. Then value_check. The result lives in the arena. An empty text leaves it unset. */
struct arena;
enum err value_parse(unsigned kind, unsigned position, struct text text, struct arena *arena, struct value *value,
                     struct refusal *why);

#endif
