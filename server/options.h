/* options.h - the command line of one command: options by table, then words. The only user of getopt. */
#ifndef SERVER_OPTIONS_H
#define SERVER_OPTIONS_H

#include <stdbool.h>

/* --name VALUE sets *value, --name sets *given; one of the two is NULL. */
struct option_row {
    const char *name;
    const char **value;
    bool *given;
};

/* Reads argv[1] and what follows; options and words may be mixed. Exactly word_count words are put into
 * `words`. False, with the reason on stderr where getopt has one, when the line is another. */
bool options_read(int argc, char **argv, const struct option_row *rows, unsigned row_count, const char **words,
                  unsigned word_count);

#endif
