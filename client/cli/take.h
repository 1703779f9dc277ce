/* take.h - a filled-in workbook of reports: what take.c reads and checks, and take_send.c sends and tells. */
#ifndef CLIENT_CLI_TAKE_H
#define CLIENT_CLI_TAKE_H

#include "client/cli/session.h"
#include "client/cli/workbook.h"

#include "proto/sheet.h"

enum taken {
    TAKEN_EMPTY,   /* nothing was filled in */
    TAKEN_LEFT,    /* nothing was changed in what came back, or in a draft that is not complete */
    TAKEN_BAD,     /* see `why` */
    TAKEN_SAME,    /* in already as it is */
    TAKEN_WAITS,   /* an own act on this report waits to be sent */
    TAKEN_GOOD,    /* can be sent */
    TAKEN_SENT,    /* waits in the outbox as `counter` */
    TAKEN_DONE,    /* the daemon accepted it */
    TAKEN_REFUSED, /* it did not; see `why` */
};

struct taken_row {
    unsigned line;
    enum taken result;
    uint8_t action; /* submit, hand to the leader or save: whatever the operator may do */
    int64_t target;
    struct record args;
    uint64_t given;
    uint64_t counter;
    int column; /* where the fault is; -1: in no cell */
    struct refusal why;
};

struct taking {
    struct cli *cli;
    const char *path;
    struct sheet sheet;
    struct workbook_columns columns;
    int at[WORKBOOK_COLUMNS_MAX]; /* position of each column in the file, -1: not there */
    unsigned count, bad;
    struct taken_row *rows; /* in cli->arena */
};

/* Sends what is good, waits for the daemon's word on each, and tells what became of every row. Returns the exit
 * status. */
int take_send(struct taking *job);
/* Tells without sending. */
int take_tell(struct taking *job);

#endif
