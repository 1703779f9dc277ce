/* prove.h - a full check in a process of its own: a damaged file can kill whoever maps it. */
#ifndef SERVER_PROVE_H
#define SERVER_PROVE_H

#include "server/check.h"

/* Opens the registry's data in the directory and runs check_all. ERR_BUSY when somebody holds it;
 * ERR_FORMAT with what is wrong in *why, also when the check did not survive it. */
enum err prove(const char *directory, const struct store_options *options, struct check_report *report,
               struct refusal *why);

#endif
