/* copy.h - a text for the clipboard of the terminal at which the operator sits, however far away: OSC 52. */
#ifndef CLIENT_TERM_COPY_H
#define CLIENT_TERM_COPY_H

#include "proto/text.h"

#include <stdbool.h>

enum { COPY_TEXT_MAX = 6144, COPY_BYTES_MAX = 12 * 1024 }; /* 8192 bytes of base64, and what stands around them */

enum copied { COPIED, COPY_TOO_LONG, COPY_NOT_HERE };

/* Writes what the terminal has to be sent. Control and hidden characters become spaces: what is pasted must not command
 * anything. `terminal`: $TERM. Inside GNU screen (`within_screen`) it is wrapped in pieces that pass through; tmux
 * takes it as it is. COPY_NOT_HERE: a terminal of this type has no clipboard. */
enum copied copy_sequence(struct text text, const char *terminal, bool within_screen, struct str *out);

#endif
