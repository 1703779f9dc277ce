/* prefs.h - what the operator has set for his screen; kept beside his key. */
#ifndef CLIENT_SCREEN_PREFS_H
#define CLIENT_SCREEN_PREFS_H

#include "client/core/profile.h"
#include "client/term/chart.h"

struct prefs {
    bool bell;             /* a push rings */
    enum charts charts;    /* liked best; see charts_choose */
    unsigned lock_minutes; /* idle time after which the screen is shut; 0: never */
};

enum { LOCK_MINUTES = 15, LOCK_MINUTES_MAX = 24 * 60 };

/* What was kept, or the defaults. */
void prefs_load(const struct profile *profile, struct prefs *prefs);
enum err prefs_save(const struct profile *profile, const struct prefs *prefs);

/* Sets one by the names and values of the file: bell on|off, lock MINUTES, charts blocks|braille|ascii. ERR_USAGE. */
enum err prefs_set(struct prefs *prefs, const char *name, const char *value);
/* The name of a set of charts, as in the file. */
const char *charts_name(enum charts charts);

#endif
