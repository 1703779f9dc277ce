/* app.h - the full-screen program: duban without arguments. */
#ifndef CLIENT_SCREEN_APP_H
#define CLIENT_SCREEN_APP_H

#include <stdbool.h>

struct tui_options {
    const char *profile;    /* whose; NULL: asked for */
    bool offline;           /* no connection is made */
    const char *passphrase; /* obtained already; NULL: asked for */
    bool console;           /* begins with the supervision console, which stays in sight when the screen is shut */
    bool language;          /* chosen for this run: what is kept does not count */
    const char *page;       /* of it; NULL: the first */
    bool training;          /* a scratch registry: every screen says so */
    bool tour;              /* also with a passphrase that was given, which else means that nobody sits here anew */
    unsigned turn_seconds;  /* its pages turn by themselves; 0: by keys alone */
};

/* Runs until the operator leaves. The caller has set the locale. Returns an exit status (enum err_class). */
int tui_run(const struct tui_options *options);

#endif
