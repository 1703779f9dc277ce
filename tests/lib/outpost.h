/* outpost.h - a county at work behind a thin and faulty line (shaper.h): its full-screen program has the connection,
 * its command line acts, and the journal is counted. There is one; what the machine cannot do is skipped. */
#ifndef TESTS_LIB_OUTPOST_H
#define TESTS_LIB_OUTPOST_H

#include "tests/lib/rig_report.h"
#include "tests/lib/shaper.h"
#include "tests/lib/sitting.h"

enum { NOTICED_MS = 11500 /* ten seconds without an answer, and the time to say so */ };

struct outpost {
    struct rig rig;
    struct shaper *shaper;
    const char *refused; /* why there is no such line here */
    struct pty *seat;    /* the county's screen, which has the connection all the time */
    struct rig_project project;
    long head; /* of the journal, with everything that was done so far */
    unsigned acts;
};
extern struct outpost outpost;

/* Setup and teardown of a group of tests. */
int outpost_start(void **state);
int outpost_end(void **state);

/* Whatever the test before did, the line is whole and the screen connected. Skips where there is no such line. */
void outpost_begin(void);

/* Everything that is started is on the clients' side, but for the daemon. */
void outpost_serve(void);
void outpost_line(struct shaper_line how);

/* The county writes into the report of September; its screen sends that. `wait` NULL: the command does not wait; else
 * so many seconds, in vain (exit status 5). */
void outpost_act(const char *wait);
/* Is an act on its way? */
bool outpost_waits(void);
/* The daemon stops and begins anew at this address, which its configuration names from now on. */
void outpost_restart(int signal, const char *host, unsigned port);
/* So many acts are in the journal once, answered, and the last of them is what stands. */
void outpost_done(unsigned count, int timeout_ms);

/* The last test: every act is in the journal once and in its order, and the registry is sound. */
void outpost_is_whole(void **state);

#endif
