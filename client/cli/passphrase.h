/* passphrase.h - where a passphrase comes from: a descriptor, a file of the operator's alone, or the
 * terminal. Never an argument or the environment itself. */
#ifndef CLIENT_CLI_PASSPHRASE_H
#define CLIENT_CLI_PASSPHRASE_H

#include "client/cli/args.h"

#include "proto/identity.h"

enum { PASSPHRASE_ROOM = PASSPHRASE_MAX + 1 };

/* From --passphrase-fd, --passphrase-file, $DUBAN_PASSPHRASE_FILE or the service's credential
 * "duban-passphrase", in this order. ERR_NOT_FOUND when none is given; ERR_IO, ERR_FORMAT when it can't be
 * read or others can read it too. The caller wipes it. */
enum err passphrase_given(const struct args *args, char passphrase[PASSPHRASE_ROOM], struct refusal *why);

/* The same for --new-passphrase-fd and --new-passphrase-file. */
enum err passphrase_new_given(const struct args *args, char passphrase[PASSPHRASE_ROOM], struct refusal *why);

/* Asks on the terminal without showing what is typed. ERR_PASSPHRASE when it was given up, ERR_USAGE when
 * there is no terminal. */
enum err passphrase_ask(const char *prompt, char passphrase[PASSPHRASE_ROOM], struct refusal *why);

/* Asks twice, until both are the same and long enough. */
enum err passphrase_choose(char passphrase[PASSPHRASE_ROOM], struct refusal *why);

#endif
