/* select.h - the records of a list: filtered by fields, found by words, sorted, limited. */
#ifndef CLIENT_CLI_SELECT_H
#define CLIENT_CLI_SELECT_H

#include "client/cli/session.h"

/* Options of every list, besides the fields of its kind. */
#define SELECT_OPTIONS "find sort limit where"

struct selected {
    uint64_t id;
    int64_t number;   /* sorted by: a number... */
    struct text text; /* ...or a text */
};

struct selection {
    unsigned count;
    struct selected *rows; /* in cli->arena */
};

/* Records of the kind that fit the options of the command line: --FIELD VALUE (several times: any of them; a
 * note has to contain it), --find WORDS, --sort [-]FIELD, --limit N. `others` names the options that are not
 * about selecting. Asks the daemon for what is seen on demand only, when a filter names it. */
enum err select_records(struct cli *cli, unsigned kind, const char *others, struct selection *selection,
                        struct refusal *why);

/* The position of a field by the name in an option ("due", also "id" as -1); false when there is none. */
bool select_column(unsigned kind, const char *name, int *position);

#endif
