/* options.c - see options.h. Apart from the rest because getopt's struct option has the name of ours. */
#include "server/options.h"

#include <getopt.h>
#include <stddef.h>

enum { OPTIONS_MAX = 12 };

bool options_read(int argc, char **argv, const struct option_row *rows, unsigned row_count, const char **words,
                  unsigned word_count)
{
    struct option options[OPTIONS_MAX + 1] = {{0}};
    int index, found;
    if (row_count > OPTIONS_MAX) return false;
    for (unsigned i = 0; i < row_count; i++)
        options[i] =
            (struct option){.name = rows[i].name, .has_arg = rows[i].value != NULL ? required_argument : no_argument};
    optind = 1;
    while ((found = getopt_long(argc, argv, "", options, &index)) != -1) {
        if (found != 0) return false;
        if (rows[index].value != NULL)
            *rows[index].value = optarg;
        else
            *rows[index].given = true;
    }
    if (argc - optind != (int)word_count) return false;
    for (unsigned i = 0; i < word_count; i++)
        words[i] = argv[optind + (int)i];
    return true;
}
