/* prefs.h - what is set for the screen: by the config files, and by the operator with :set (kept beside his key). */
#ifndef CLIENT_SCREEN_PREFS_H
#define CLIENT_SCREEN_PREFS_H

#include "client/core/profile.h"
#include "client/term/chart.h"
#include "client/term/theme.h"

enum alert { ALERT_NONE, ALERT_BELL, ALERT_FLASH };

/* By number: what can be set. */
enum pref { PREF_BELL, PREF_LOCK, PREF_CHARTS, PREF_THEME, PREF_MOUSE, PREF_LANGUAGE, PREF_TOUR, PREF_COUNT };

struct prefs {
    unsigned alert;        /* enum alert: what a push does besides its line */
    unsigned charts;       /* enum charts liked best; see charts_choose */
    unsigned lock_minutes; /* idle time after which the screen is shut; 0: never */
    unsigned mouse;        /* clicks and the wheel are the program's, not the terminal's */
    unsigned language;     /* see prefs_language */
    unsigned tour;         /* is shown at the first start */
    char theme[THEME_NAME_BYTES];
    unsigned set; /* bits of enum pref that the operator himself has set */
};

enum { LOCK_MINUTES = 15, LOCK_MINUTES_MAX = 24 * 60 };

/* What holds when nothing is set anywhere. */
void prefs_usual(struct prefs *prefs);
/* Puts what the operator has set on top. */
void prefs_load(const struct profile *profile, struct prefs *prefs);
/* What holds by the config files and the operator, without themes and keys (setup.c). */
void prefs_hold(const struct profile *profile, struct prefs *prefs);
/* Keeps what he has set. */
enum err prefs_save(const struct profile *profile, const struct prefs *prefs);

/* The name of one, its value as a word, and what it may be; NULL behind the last. */
const char *pref_name(unsigned pref);
void pref_value(const struct prefs *prefs, unsigned pref, struct str *out);
const char *pref_allowed(unsigned pref);

/* For show_language: "zh", "en", or "auto", which leaves that of the locale. */
const char *prefs_language(const struct prefs *prefs);

/* Sets one by the names and values of the files; which one it was goes to *pref (PREF_COUNT: there is none of the
 * name). Any word is taken for a theme: whether it is one is setup.h's. ERR_USAGE. */
enum err prefs_set(struct prefs *prefs, const char *name, const char *value, unsigned *pref);

#endif
