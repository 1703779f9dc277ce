/* setup.h - what the config files and the operator's own settings come to: preferences, theme and keys, and from where.
 */
#ifndef CLIENT_SCREEN_SETUP_H
#define CLIENT_SCREEN_SETUP_H

#include "client/core/config.h"
#include "client/screen/keys.h"
#include "client/screen/prefs.h"

enum { THEMES_MAX = 8, FAULTS_MAX = 20, SETUP_FAULT_BYTES = 600 };

struct setup {
    struct prefs prefs;
    struct keymap keys;
    unsigned theme_count; /* of the files' own */
    struct theme themes[THEMES_MAX];
    struct origin { /* of each preference: the place in words */
        char at[CONFIG_PATH_BYTES + 20];
    } origins[PREF_COUNT];
    unsigned fault_count; /* there may be more than are kept */
    char faults[FAULTS_MAX][SETUP_FAULT_BYTES];
};

/* Reads both config files. Lines that are wrong are ignored and named in `faults`. */
void setup_load(struct setup *setup);
/* What the operator has set wins. */
void setup_follow(struct setup *setup, const struct profile *profile);
/* A theme of the files or a built-in one; NULL. */
const struct theme *setup_theme(const struct setup *setup, const char *name);

#endif
