/* reading.h - long texts from the standard input or a file, and whole files. */
#ifndef CLIENT_CLI_READING_H
#define CLIENT_CLI_READING_H

#include "proto/arena.h"
#include "proto/err.h"
#include "proto/text.h"

/* "-" becomes what stands on the standard input, "@file" what is in the file: UTF-8 with or without a mark,
 * or the locale's encoding; lines may end in CR LF. Everything else stays. ERR_IO, ERR_LIMIT,
 * ERR_BAD_ENCODING. */
enum err read_note(struct text *text, struct arena *arena, struct refusal *why);

/* A file of at most `max` bytes as it is. ERR_IO, ERR_LIMIT, ERR_MEMORY. */
enum err read_whole(const char *path, size_t max, struct arena *arena, struct text *bytes, struct refusal *why);

#endif
