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

/* What a key of one context asks for. */
struct key_row {
    uint64_t context; /* one bit */
    uint32_t key, alternate;
    enum verb verb;
    const char *help; /* "": not shown in hints */
};

/* The keys that hold: those of keys.def, changed by the operator's own. */
enum { KEY_ROWS_MAX = 500 };
struct keymap {
    unsigned count;
    struct key_row rows[KEY_ROWS_MAX];
};

void keys_usual(struct keymap *map);

enum key_fault { KEY_FINE, KEY_NO_CONTEXT, KEY_NO_KEY, KEY_NO_VERB, KEY_NOT_THERE, KEY_TYPED, KEY_TAKEN, KEY_TOO_MANY };
/* Gives a key of a context a meaning, or none with the verb "none", by their names. Nothing changes with a fault:
 * KEY_NOT_THERE: on no screen of the context anybody does that; KEY_TYPED: the key is a character, and one types
 * there; KEY_TAKEN: it means something else on a screen of the context, whose row *taken gets. */
enum key_fault keys_bind(struct keymap *map, const char *context, const char *key, const char *verb,
                         struct key_row *taken);
/* The fault in words, translated; {text} in it stands for what was given. */
const char *key_fault_words(enum key_fault fault);

/* The names of contexts; NULL behind the last. */
const char *context_name(unsigned context);
/* A row as `CONTEXT KEY VERB`, for each of its keys a line, each beginning with `before`. */
void keys_print(const struct key_row *row, const char *before, struct str *out);

/* What the key asks for on the screen; VERB_none. */
enum verb keys_find(const struct keymap *map, enum screen_id screen, uint32_t code);

/* The verb's name, as `:name`; and the verb of a name on a screen. */
const char *verb_name(enum verb verb);
enum verb verb_named(const struct keymap *map, enum screen_id screen, const char *name);

/* The screens that keys lead to from anywhere, one by one; *at begins at 0. False behind the last. */
bool keys_place(unsigned *at, enum verb *verb, const char **label);

/* The screen's label, translated. */
const char *screen_label(enum screen_id screen);

/* Can the verb be carried out now? */
typedef bool keys_does(void *self, enum verb verb);

/* Writes as many hints as fit into so many columns, "? keys" last where the screen has it. */
void keys_hint(const struct keymap *map, enum screen_id screen, int columns, keys_does *does, void *self,
               struct str *out);
/* The verb whose hint stands in a column of that line; VERB_none. */
enum verb keys_hinted(const struct keymap *map, enum screen_id screen, int columns, keys_does *does, void *self,
                      int column);

/* Writes a line for each key of the screen. */
void keys_help(const struct keymap *map, enum screen_id screen, keys_does *does, void *self, struct str *out);

/* The verb's first key on the screen, by name: "Enter", "^L", "F1"; "" when there is none. */
void keys_name(const struct keymap *map, enum screen_id screen, enum verb verb, struct str *out);

/* Checks that no key has two meanings on one screen. Returns NULL or the screen's name. For tests. */
const char *keys_fault(const struct keymap *map);

#endif
