/* act.h - doing something with a record: the form of an action's fields, what has to be confirmed, the
 * passphrase for opinions, and the way to the outbox. */
#ifndef CLIENT_SCREEN_ACT_H
#define CLIENT_SCREEN_ACT_H

#include "client/screen/screen.h"

/* Fields that are given from outside, at most a few. */
struct preset {
    unsigned count;
    struct {
        uint8_t position;
        int64_t number;
    } at[4];
};

/* Begins an action on a record (id 0: makes a new one): opens its form when it has fields to fill in, else
 * carries it out. `preset` may be NULL. */
void act_begin(struct app *app, unsigned kind, unsigned action, uint64_t id, const struct preset *preset);

/* The act that is expected of the operator next with the record (A_DUTY), ACT_x; 0: there is none. */
unsigned act_duty(struct app *app, unsigned kind, uint64_t id);

/* Lets the operator choose among the actions that he may take on the record now, and begins it. */
void act_menu(struct app *app, unsigned kind, uint64_t id);

struct batch;
/* The same for each of the records of a batch, with one form for all (marks.h). */
void act_begin_batch(struct app *app, const struct batch *batch);

/* The record's state after the act, in words: that it is the end, which deadline runs, whose turn it is, and whether
 * it can be taken back. */
void act_after(const struct act *act, struct str *out);
/* By which other action it is put right, when there is one; of what can't be taken back. */
void put_mend(const struct action *action, struct str *out);
/* An opinion is given in person: asks for the passphrase, below what it would bring about ("": said already). */
bool act_ask_opinion(struct app *app, const char *title, const char *consequence);

/* What is to be carried out. `target` as in client_submit. */
struct deed {
    uint8_t kind, action;
    int64_t target;
    struct record args; /* must not live in the scratch arena */
    uint64_t given;
};

/* Checks, confirms, asks for the passphrase where the action wants it, and puts it into the outbox. True when it
 * is there. False: refused or cancelled; *why says which field when it was refused by a rule. */
bool act_finish(struct app *app, const struct deed *deed, struct refusal *why);

/* Makes the ticket for a device's invitation and shows it when it is in the outbox (invite.c). */
bool act_invite(struct app *app, struct deed *deed, struct refusal *why);

/* ---- receipt.c ---- */

/* Takes the record's actions that are receipts (A_RECEIPT) if the operator may now; *given keeps it to once for a
 * page. Tells nothing. */
void receipt_give(struct app *app, unsigned kind, uint64_t id, bool *given);
/* A receipt that was refused, because somebody else was quicker, is nothing to decide about. */
void receipts_tidy(struct app *app);

#endif
