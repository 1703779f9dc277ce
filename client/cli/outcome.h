/* outcome.h - what became of an act that was put into the outbox. */
#ifndef CLIENT_CLI_OUTCOME_H
#define CLIENT_CLI_OUTCOME_H

#include "client/cli/session.h"

/* Waits for the daemon's word as long as the session may, says it, and gives the exit status: the class of
 * the refusal, or CLASS_NO_SERVER while the act waits (CLASS_OK with --no-wait). `ticket` is put into the
 * JSON form; NULL: none. */
int act_outcome(struct cli *cli, uint64_t counter, const char *ticket);

/* "waiting", "accepted", "refused", "held" */
const char *outcome_name(enum out_state state);

#endif
