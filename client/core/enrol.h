/* enrol.h - from a ticket to a profile: the first run on a workstation. */
#ifndef CLIENT_CORE_ENROL_H
#define CLIENT_CORE_ENROL_H

#include "client/core/profile.h"

/* What the daemon tells the holder of a ticket before the passphrase is chosen. */
struct enrolment {
    char login[LOGIN_MAX + 1], name[128], unit[128], registry[256];
};

/* Uses a ticket up: makes a seed, has its keys registered, and writes the sealed key file. `name` NULL: the
 * login is the profile's name. Waits for the daemon at most timeout_ms. ERR_BAD_TICKET: mistyped, used or
 * out of date (the daemon does not say which); ERR_NO_LINK; ERR_EXISTS: there is such a profile.
 * `enrolment` is filled in as soon as the daemon has answered. */
enum err enrol(const char *ticket_text, const char *name, const char *label, const char *passphrase, int timeout_ms,
               struct enrolment *enrolment, struct profile *profile, struct refusal *why);

/* The shortest passphrase that is accepted, in characters. */
enum { PASSPHRASE_MIN = 6 };

#endif
