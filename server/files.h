/* files.h - small files beside the registry, written so that they are whole or absent. */
#ifndef SERVER_FILES_H
#define SERVER_FILES_H

#include "proto/arena.h"
#include "proto/err.h"
#include "proto/identity.h"

#include <stddef.h>

/* Writes DIR/name by way of a temporary file, synced with its directory. ERR_IO. */
enum err file_write(const char *directory, const char *name, const void *bytes, size_t count, unsigned mode);

/* Reads a whole file of at most max bytes into the arena. ERR_NOT_FOUND, ERR_LIMIT, ERR_IO. */
enum err file_read(const char *path, size_t max, struct arena *arena, struct text *bytes);

/* The daemon's seed, DIR/key: made by init, readable by the daemon's user alone. Refuses a key file that
 * others can read. */
enum err identity_create(const char *directory, struct identity *identity);
enum err identity_load(const char *directory, struct identity *identity, struct refusal *why);

/* A refusal as a line on stderr, in the reader's language. */
void report_refusal(const struct refusal *why);

#endif
