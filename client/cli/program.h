/* program.h - other programs that a command runs: the operator's editor, and duban-pdf. */
#ifndef CLIENT_CLI_PROGRAM_H
#define CLIENT_CLI_PROGRAM_H

#include "proto/arena.h"
#include "proto/err.h"
#include "proto/text.h"

#include <stdio.h>

enum { PROGRAM_PATH_BYTES = 1024 };

/* Writes a text into a new file that nobody else may read, under $TMPDIR, and sets its path. ERR_IO. */
enum err program_keep(struct text text, char path[PROGRAM_PATH_BYTES], struct refusal *why);

/* Runs $VISUAL, $EDITOR or Debian's `editor` on a file, with the terminal. ERR_NO_EDITOR unless it ended well. */
enum err program_edit(const char *path, struct refusal *why);

/* Reads a file of at most so many bytes into the arena, without line feeds at its end. ERR_IO, ERR_LIMIT. */
enum err program_read(const char *path, size_t most, struct arena *arena, struct text *text, struct refusal *why);

/* Runs the program that stands beside this one with an argument; its standard input is `in`, its output goes to `out`.
 * Sets *status to its exit status. ERR_NOT_MADE when it can't be run. */
enum err program_beside(const char *name, const char *argument, FILE *in, FILE *out, int *status, struct refusal *why);

#endif
