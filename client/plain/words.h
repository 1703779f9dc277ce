/* words.h - the words of the screen's command line, with what each does in a session of lines. */
#ifndef CLIENT_PLAIN_WORDS_H
#define CLIENT_PLAIN_WORDS_H

#include "client/plain/talk.h"

/* A row of client/screen/commands.def. `arguments` and `about` are msgids. */
struct word {
    const char *name;
    int (*run)(struct talk *talk);
    const char *arguments, *about;
};

/* Row by row; NULL behind the last. */
const struct word *word_row(unsigned at);
/* NULL: the screen has no such word. */
const struct word *word_named(const char *name);

#endif
