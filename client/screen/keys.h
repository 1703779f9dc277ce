/* keys.h - which key asks for what, from keys.def. */
#ifndef CLIENT_SCREEN_KEYS_H
#define CLIENT_SCREEN_KEYS_H

#include "proto/text.h"

#include <stdbool.h>
#include <stdint.h>

#define N_(text) text

#define VERB(name) VERB_##name,
#define KEY(...)
#define SCREEN(...)
enum verb {
    VERB_none,
#include "client/screen/keys.def"
    VERB_COUNT
};
#undef VERB
#undef SCREEN

#define VERB(...)
#define SCREEN(name, ...) SCREEN_##name,
enum screen_id {
#include "client/screen/keys.def"
    SCREEN_COUNT
};
#undef VERB
#undef KEY
#undef SCREEN

/* What the key asks for on the screen; VERB_none. */
enum verb keys_find(enum screen_id screen, uint32_t code);

/* The verb's name, as `:name`; and the verb of a name on a screen. */
const char *verb_name(enum verb verb);
enum verb verb_named(enum screen_id screen, const char *name);

/* The screens that keys lead to from anywhere, one by one; *at begins at 0. False behind the last. */
bool keys_place(unsigned *at, enum verb *verb, const char **label);

/* The screen's label, translated. */
const char *screen_label(enum screen_id screen);

/* Can the verb be carried out now? */
typedef bool keys_does(void *self, enum verb verb);

/* Writes as many hints as fit into so many columns, "? keys" last where the screen has it. */
void keys_hint(enum screen_id screen, int columns, keys_does *does, void *self, struct str *out);

/* Writes a line for each key of the screen. */
void keys_help(enum screen_id screen, keys_does *does, void *self, struct str *out);

/* The verb's first key on the screen, by name: "Enter", "^L", "F1"; "" when there is none. */
void keys_name(enum screen_id screen, enum verb verb, struct str *out);

/* Checks that no key has two meanings on one screen. Returns NULL or the screen's name. For tests. */
const char *keys_fault(void);

#endif
