/* plain.h - `duban --plain`: a session in lines, for people who listen to the screen or read it with their fingers.
 *
 * No cursor is moved and no colour, box or column is written; lists are numbered, a form asks field by field, and a
 * line is edited by the terminal itself. So it works with screen readers, braille displays, TERM=dumb and through a
 * pipe. The commands are those of scripts and of `:`; what they do is done by the same functions. */
#ifndef CLIENT_PLAIN_PLAIN_H
#define CLIENT_PLAIN_PLAIN_H

#include "client/cli/session.h"

/* Runs until `quit` or the end of the input. Returns the exit status of the last command. */
int plain_run(struct cli *cli);

#endif
