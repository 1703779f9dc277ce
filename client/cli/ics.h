/* ics.h - a calendar file (iCalendar, RFC 5545): escaped, folded at 75 bytes between characters, lines ended by CR LF,
 * UTF-8 whatever the locale. */
#ifndef CLIENT_CLI_ICS_H
#define CLIENT_CLI_ICS_H

#include "proto/when.h"

#include <stdio.h>

struct ics_event {
    const char *uid;
    stamp_t since; /* it is as it is since then */
    day_t day;
    int minute;                                              /* of the day, Beijing time; -1: the whole day */
    const char *summary, *description, *location, *category; /* NULL: none */
};

void ics_begin(FILE *file, const char *name);
void ics_event(FILE *file, const struct ics_event *event);
void ics_end(FILE *file);

#endif
