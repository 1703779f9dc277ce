/* prefs.h - what the operator has set for his screen; kept beside his key. */
#ifndef CLIENT_SCREEN_PREFS_H
#define CLIENT_SCREEN_PREFS_H

#include "client/core/profile.h"
#include "client/term/chart.h"

enum alert { ALERT_NONE, ALERT_BELL, ALERT_FLASH };

struct prefs {
    enum alert alert;      /* what a push does besides its line */
    enum charts charts;    /* liked best; see charts_choose */
    unsigned lock_minutes; /* idle time after which the screen is shut; 0: never */
    char language[4];      /* "zh", "en"; "": that of the locale */
};

enum { LOCK_MINUTES = 15, LOCK_MINUTES_MAX = 24 * 60 };

/* What was kept, or the defaults. */
void prefs_load(const struct profile *profile, struct prefs *prefs);
enum err prefs_save(const struct profile *profile, const struct prefs *prefs);

/* The word for an alert, and for a set of charts, in the file. */
const char *alert_word(enum alert alert);
const char *charts_word(enum charts charts);

/* Sets one by the names and values of the file: bell on|flash|off, lock MINUTES, charts blocks|braille|ascii,
 * language zh|en. ERR_USAGE. */
enum err prefs_set(struct prefs *prefs, const char *name, const char *value);

#endif
