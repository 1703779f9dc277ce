/* places.h - where things are: the program's own files, and directories that appear whole or not at all. */
#ifndef SERVER_PLACES_H
#define SERVER_PLACES_H

#include "proto/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { PLACE_MAX = 4096 };

/* The directory of message catalogues beside the executable; false: there is none, use the system's. */
bool place_locale(char path[PLACE_MAX]);

/* A bundled data file: under $DUBAN_DATA, beside the executable, in the source tree, or in /usr/share.
 * ERR_IO when it is in none of them. */
enum err place_data(const char *name, char path[PLACE_MAX], struct refusal *why);

/* A directory under construction: it is built beside its place under another name and renamed when it is
 * whole, so that a crash leaves nothing half made. */
struct newdir {
    char target[PLACE_MAX - 16]; /* where it will be */
    char path[PLACE_MAX];        /* where it is */
};

/* ERR_EXISTS when the target is there and not an empty directory; ERR_IO. */
enum err newdir_begin(struct newdir *newdir, const char *target, struct refusal *why);
/* Syncs it and puts it in place; on failure it is gone. */
enum err newdir_finish(struct newdir *newdir, struct refusal *why);
/* Removes what was built. Allowed after newdir_finish, and when newdir_begin failed. */
void newdir_drop(struct newdir *newdir);

/* Removes a directory of plain files. */
void remove_flat(const char *path);

/* Syncs the directory in which a file or directory stands. */
bool sync_parent(const char *path);

#endif
