/* talk.h - the two sides of a session in lines: what is read, what was pushed meanwhile, what is asked. */
#ifndef CLIENT_PLAIN_TALK_H
#define CLIENT_PLAIN_TALK_H

#include "client/cli/grid.h"
#include "client/cli/session.h"
#include "client/plain/line.h"

enum { TALK_LINE_BYTES = LINE_BYTES, TALK_NEWS_MAX = 50, TALK_NEWS_BYTES = 600 };

struct talk {
    struct cli cli;           /* first: the functions of commands are handed this */
    struct grid fresh;        /* what a command makes */
    struct grid table;        /* the last list, whose numbers count... */
    struct arena kept;        /* ...which lives here */
    const struct args *given; /* the program's own options, which hold for every command */
    unsigned options;         /* of the command that was typed */
    unsigned shown;           /* lines of it that were said */
    uint8_t kind;             /* of the record that is open; 0: none */
    uint64_t id;
    bool ended;    /* the input is at its end, or the operator left */
    bool teletype; /* somebody sits there */
    char in[TALK_LINE_BYTES];
    size_t used;
    struct line line; /* as far as it is typed, when somebody sits there */
    char prompt[100], moment[80]; /* of the past that is read; see cli.moment */
    unsigned news_count, news_told; /* pushed; of these said */
    char news[TALK_NEWS_MAX][TALK_NEWS_BYTES];
};

/* Says what was pushed, then the prompt, and reads a line in the locale's encoding; attends to the link meanwhile. NULL
 * at the end of the input. The line is valid until the next call. */
const char *talk_line(struct talk *talk, const char *prompt);
/* A question to be answered with y or n; false at the end of the input. */
bool talk_agrees(struct cli *cli, const char *consequence);
/* Begins to listen to pushes. */
void talk_listen(struct talk *talk);
/* Is it the operator who sits there? Asks for the passphrase. */
bool talk_in_person(struct talk *talk, const char *question, struct refusal *why);

/* ---- plain.c ---- */

/* A word of the line that is carried out; "" past the last. */
const char *talk_word(const struct talk *talk, unsigned at);
/* Runs words as if they had been typed. */
int talk_words(struct talk *talk, const char *const *words, unsigned count);
/* The line begins with a kind: its list, one record or an action that asks field by field. */
int talk_kind(struct talk *talk, const struct kind *kind);
/* Opens a record and says what may be done with it. */
int talk_show(struct talk *talk, unsigned kind, uint64_t id);
int talk_help(struct talk *talk);

/* Asks for the fields of an action one by one and carries it out: form.c. Words name the record; `id` does when it is
 * not 0. Returns the exit status. */
int talk_form(struct talk *talk, const struct action *action, uint64_t id, const char *const *words, unsigned count);

#endif
