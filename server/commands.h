/* commands.h - the commands of duband's own command line; main.c has their table.
 *
 * Each gets its own arguments (argv[0] is its name) and returns the exit status, an enum err_class; after
 * CLASS_USAGE main says how it is used. Data goes to stdout, words go to stderr. */
#ifndef SERVER_COMMANDS_H
#define SERVER_COMMANDS_H

#include "proto/err.h"

typedef int command_fn(int argc, char **argv);

/* commands.c */
command_fn command_init, command_import, command_ticket, command_serve, command_check, command_status;
command_fn command_dump;                    /* dump.c */
command_fn command_backup, command_restore; /* backup.c */
command_fn command_demo;                    /* demo.c */
command_fn command_simulate;                /* sim/command.c */
command_fn command_clock;                   /* set_clock.c */

/* The exit status of `err`; a refusal is printed when there is one. */
int command_end(enum err err, const struct refusal *why);

#endif
