/* target.h - which record is meant: by an id, or by the words of one of its kind's unique indexes.
 *
 * A report is named by project and month (and a revision: without it the one that counts), a unit by code or
 * name, an operator by login. The words of a record that is still to be made fill in the same fields. */
#ifndef CLIENT_CLI_TARGET_H
#define CLIENT_CLI_TARGET_H

#include "client/cli/session.h"

/* The fields that name a record of a kind, in their order. */
struct naming {
    unsigned index; /* IX_x, 0: the kind has no such index */
    unsigned count;
    bool revised; /* the last field is the revision, which may be left out */
    uint8_t fields[INDEX_FIELDS_MAX];
};

/* `action` NULL: for reading. For an action that makes records of a kind without such an index, the fields
 * that it needs, as many as there are places. */
struct naming naming_of(unsigned kind, const struct action *action);

struct target {
    int64_t id;        /* 0: none yet; negative: will be made by own command -id, which waits */
    struct record key; /* the naming fields that were given */
    uint64_t given;    /* mask of them */
};

/* Finds the record that the words mean; options that are named like naming fields count like words. With an
 * action that makes records, a record that is not there yet is fine (id 0). ERR_NOT_FOUND, ERR_USAGE, or
 * what is wrong with a word. */
enum err target_named(struct cli *cli, unsigned kind, const struct action *action, const char *const *words,
                      unsigned count, struct target *target, struct refusal *why);

/* "PROJECT MONTH [REVISION]" for help. */
void naming_usage(unsigned kind, const struct naming *naming, struct str *out);

#endif
