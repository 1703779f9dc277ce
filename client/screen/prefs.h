/* prefs.h - what the operator has set for his screen; kept beside his key. */
#ifndef CLIENT_SCREEN_PREFS_H
#define CLIENT_SCREEN_PREFS_H

#include "client/core/profile.h"

enum alert { ALERT_NONE, ALERT_BELL, ALERT_FLASH };

struct prefs {
    enum alert alert;      /* what a push does besides its line */
    unsigned lock_minutes; /* idle time after which the screen is shut; 0: never */
};

enum { LOCK_MINUTES = 15, LOCK_MINUTES_MAX = 24 * 60 };

/* What was kept, or the defaults. */
void prefs_load(const struct profile *profile, struct prefs *prefs);
enum err prefs_save(const struct profile *profile, const struct prefs *prefs);

/* The word for an alert in the file. */
const char *alert_word(enum alert alert);

/* Sets one by the names and values of the file: bell on|flash|off, lock MINUTES. ERR_USAGE. */
enum err prefs_set(struct prefs *prefs, const char *name, const char *value);

#endif
