/* prompt.h - a question on top of the screen; asked by ask.c, drawn and answered here. */
#ifndef CLIENT_SCREEN_PROMPT_H
#define CLIENT_SCREEN_PROMPT_H

#include "client/screen/screen.h"
#include "client/term/pager.h"

struct prompt {
    struct prompt *under;
    enum screen_id id; /* whose keys hold: ask, finding, pick, picks, jump, menu, confirm, tell, command */
    const char *title; /* translated */
    struct text text;  /* to be read: the consequence, the message */
    struct editor editor;
    struct pick pick;
    struct pager pager;
    int seen;    /* rows of the pager when it was last drawn */
    bool covers; /* nothing else is seen: the lock; what is pushed meanwhile is counted */
    unsigned pushed_before;
    bool done, yes;
    /* Called after the line was typed into, and for keys that only this prompt knows. */
    void (*changed)(struct app *app, struct prompt *prompt);
    void (*verb)(struct app *app, struct prompt *prompt, enum verb verb);
    /* Called before a letter is typed; true: it was taken. */
    bool (*typed)(struct app *app, struct prompt *prompt, const struct key_press *key);
    void *self;
};

/* Turns the loop until the prompt is answered. True when it was not cancelled. */
bool prompt_run(struct app *app, struct prompt *prompt);

/* Carries out a verb that moves the caret or erases; false when it is none. */
bool editor_verb(struct editor *editor, enum verb verb);

#endif
