/* doctor.h - what `duban doctor` finds: a line for each check, with what to do. */
#ifndef CLIENT_CLI_DOCTOR_H
#define CLIENT_CLI_DOCTOR_H

#include "client/cli/session.h"

enum finding {
    FINDING_WELL,
    FINDING_NOTE, /* worth knowing, nothing to mend */
    FINDING_BAD,
};

struct doctor {
    struct cli *cli;
    unsigned bad;
};

/* Prints one finding; `advice` is a msgid (NULL: none), `found` is in plain words. */
void doctor_finds(struct doctor *doctor, const char *check, enum finding finding, const char *found,
                  const char *advice);

/* doctor_place.c: this workstation. */
void doctor_locale(struct doctor *doctor);
void doctor_terminal(struct doctor *doctor);
void doctor_profile(struct doctor *doctor, bool *there);
void doctor_disk(struct doctor *doctor);

/* doctor_link.c: the way to the daemon, and what it knows. `open`: the key could be opened. */
void doctor_network(struct doctor *doctor);
void doctor_link(struct doctor *doctor);
void doctor_registry(struct doctor *doctor);

#endif
