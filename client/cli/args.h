/* args.h - a command line as words and options, in UTF-8. Which ones mean something is for the commands.
 *
 * "--name value", "--name=value" and the flags of one table; options and words may be mixed, and "--" ends
 * the options. In names dashes and underscores are the same: they are kept with underscores. */
#ifndef CLIENT_CLI_ARGS_H
#define CLIENT_CLI_ARGS_H

#include "proto/arena.h"
#include "proto/err.h"

#include <stdbool.h>

enum { ARGS_WORDS_MAX = 64, ARGS_OPTIONS_MAX = 64 };

struct arg_option {
    const char *name;
    const char *value; /* NULL: a flag */
};

struct args {
    unsigned word_count, option_count;
    const char *words[ARGS_WORDS_MAX];
    struct arg_option options[ARGS_OPTIONS_MAX];
};

/* Reads argv[1] and what follows; everything lives in the arena. ERR_USAGE names what is wrong. */
enum err args_read(int argc, char **argv, struct arena *arena, struct args *args, struct refusal *why);

bool args_flag(const struct args *args, const char *name);
/* The last value given, or NULL. */
const char *args_value(const struct args *args, const char *name);

/* Is the name among the words of a list ("json csv wait")? */
bool word_in(const char *list, const char *name);

/* A whole number from 0 to max; `otherwise` when the option is not given. */
enum err args_number(const struct args *args, const char *name, long max, long otherwise, long *number,
                     struct refusal *why);

#endif
