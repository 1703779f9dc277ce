/* acting.h - one act of a command line in the making: what act.c does for one record and several.c for many. */
#ifndef CLIENT_CLI_ACTING_H
#define CLIENT_CLI_ACTING_H

#include "client/cli/target.h"
#include "client/cli/verbs.h"

#define MANY_OPTIONS "all_from dry_run skip_bad"

struct acting {
    const struct verb_call *call;
    struct cli *cli;
    struct naming naming;
    struct target target;
    struct record args;
    uint64_t given;
    struct ticket ticket; /* of an invitation; wiped at the end */
    bool invites;
};

/* Checks the options and has the view ready. */
enum err acting_open(struct acting *job, struct refusal *why);
/* Finds the record that the words mean and takes what they say of one that is to be made. */
enum err acting_find(struct acting *job, const char *const *words, unsigned count, struct refusal *why);
/* Reads the fields among the options. */
enum err acting_fields(struct acting *job, struct refusal *why);
/* Do acts of ours on the record wait that the view does not show yet? Then it can't be tried. */
bool acting_builds_on_waiting(const struct acting *job);

/* Are several records named: by ids, or by the lines of a file? A trial of one counts, too. */
bool acting_is_several(const struct verb_call *call);
int verb_several(const struct verb_call *call);

#endif
