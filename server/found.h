/* found.h - founding a registry: its directory, key, first records and configuration. */
#ifndef SERVER_FOUND_H
#define SERVER_FOUND_H

#include "server/console.h"
#include "server/places.h"

/* What a new registry is to be. */
struct founding {
    const char *directory, *name;
    const char *listen, *address; /* for duband.conf; NULL: its defaults */
    bool demo;
    bool shifted; /* the clock stands at `at` and runs at `rate`; only with demo */
    stamp_t at;
    int64_t rate;
};

/* Builds everything in a directory that is not in place yet: the registry record, a record for each row of
 * settings.def, the holiday calendar; all committed. On success the console is open on it, for more to be
 * put in, and found_finish is due. */
enum err found_begin(const struct founding *founding, struct newdir *newdir, struct console *console,
                     struct refusal *why);

/* Closes the console. When err is OK the directory is put in place, else it is removed. Returns err, or why
 * it could not be put in place. */
enum err found_finish(struct newdir *newdir, struct console *console, enum err err, struct refusal *why);

/* Writes duband.conf with the settings that are given. Refuses an endpoint or address of a wrong form. */
enum err found_config(const char *directory, const char *listen, const char *address, struct refusal *why);

#endif
