/* resolve.h - from what a person types for a record to its number: a code, a login, a short name, #id. */
#ifndef CLIENT_CORE_RESOLVE_H
#define CLIENT_CORE_RESOLVE_H

#include "client/core/client.h"

/* Finds a record of a kind by "#12" or "12" (its id), by one of the kind's unique text fields, or by its
 * brief template when exactly one record shows as that. 0 when there is none or it is ambiguous. */
uint64_t resolve_ref(const struct client *client, unsigned kind, struct text text, struct arena *arena);

/* Reads a value as value_parse does, and references also by name; lists parted by commas or 、. */
enum err resolve_value(const struct client *client, unsigned kind, unsigned position, struct text text,
                       struct arena *arena, struct value *value, struct refusal *why);

#endif
