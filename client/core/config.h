/* config.h - the operator's config files, line by line: what a line means is the reader's caller's.
 *
 * Two files, the later one wins: /etc/xdg/duban/duban.conf (the first of $XDG_CONFIG_DIRS that has one) for the whole
 * workstation, and $XDG_CONFIG_HOME/duban/duban.conf (~/.config/duban/duban.conf) of whoever sits at it. A line is a
 * name and a value; # begins a comment; [section] says what the lines behind it are about. */
#ifndef CLIENT_CORE_CONFIG_H
#define CLIENT_CORE_CONFIG_H

#include "proto/text.h"

#include <stdbool.h>

enum { CONFIG_LINE_BYTES = 1200, CONFIG_PATH_BYTES = 4096, CONFIG_FILES = 2 };

struct config_line {
    const char *file; /* its path */
    unsigned number;  /* from 1 */
    const char *section; /* "" before the first */
    const char *name, *value; /* "" when there is none */
};

/* Takes a line; what is wrong with it, and what is allowed, goes to `fault` ("" when nothing is). */
typedef void config_take(void *self, const struct config_line *line, struct str *fault);
/* Hears of a line that is wrong; it is ignored. */
typedef void config_wrong(void *self, const struct config_line *line, const char *fault);

/* The path of file `which` (0: the workstation's, 1: one's own), there or not; false when there is no such place. */
bool config_path(unsigned which, char path[CONFIG_PATH_BYTES]);

/* Splits the next word off a value. */
struct text next_word(struct text *rest);

/* Reads a file; one that is not there has no lines. */
void config_read(const char *path, config_take *take, config_wrong *wrong, void *self);

#endif
