/* entries.h - the fields of a record as they are filled in: what was typed or chosen, and what is wrong with it.
 *
 * What is typed stays as typed until it is sent; values that were not touched are not sent. With a name for
 * a draft, every change is made durable at once. */
#ifndef CLIENT_SCREEN_ENTRIES_H
#define CLIENT_SCREEN_ENTRIES_H

#include "client/screen/screen.h"
#include "client/term/form.h"

enum { ENTRIES_MAX = FIELDS_MAX + 12, FAULT_BYTES = 200, DRAFT_NAME_BYTES = 80, WHOLE = -1 };

struct entry {
    uint8_t position;
    int8_t part; /* of a list that is spelled out with a row for each; WHOLE */
    bool open;   /* may be changed here */
    bool needed;
    bool touched;   /* changed here */
    bool missing;   /* it is not known here whether there is a value */
    char *typed;    /* what was typed or, exactly, what is recorded; NULL: nothing */
    unsigned count; /* of chosen options or records */
    int64_t chosen[LIST_MAX];
    char fault[FAULT_BYTES]; /* translated; "" when there is none */
};

struct entries {
    struct app *app;
    uint8_t kind;
    uint64_t id;          /* 0: a new record */
    uint64_t version;     /* of the record that is being changed */
    uint32_t actions;     /* whose fields are open: bits ACT_x */
    uint64_t hidden;      /* fields that are not shown: FIELD_BIT; when one is preset, it is sent all the same */
    struct record preset; /* of a new record: what is given from outside */
    unsigned count;
    struct entry at[ENTRIES_MAX];
    char draft[DRAFT_NAME_BYTES]; /* "" for none */
    bool drafted;                 /* something of a draft is in it */
    unsigned unsaved;             /* changes since the draft was saved */
    struct asked asked;
};

/* What is shown besides the fields that are open. */
enum entries_show { SHOW_OPEN, SHOW_SET, SHOW_ALL };

void entries_init(struct entries *entries, struct app *app, unsigned kind, uint64_t id, uint32_t actions);
void entries_free(struct entries *entries);

/* Reads the record anew (id may have been set since); what was touched stays. */
void entries_read(struct entries *entries, enum entries_show show);

/* Gives a field of a new record its value from outside; it is hidden, and sent. */
void entries_preset(struct entries *entries, unsigned position, int64_t number);

/* Is it chosen from a list rather than typed? */
bool entry_chosen(const struct entries *entries, const struct entry *entry);
bool entry_is_note(const struct entries *entries, const struct entry *entry);

/* Takes what was typed. `final` false: it is still being typed; only faults that more typing can't cure show. */
void entries_type(struct entries *entries, unsigned index, struct text text, bool final);
/* Lets the operator choose; true when something was chosen. */
bool entries_choose(struct entries *entries, unsigned index);

/* Says at a field why what stands there is refused. */
void entries_fault(struct entries *entries, unsigned index, enum err err);

/* Has what can be chosen from fetched, as far as it is not here. */
void entries_want(struct entries *entries);

/* The fields that `action` takes from here, in the arena: the touched ones, and for a new record all that are set.
 * False when one of them has a fault; *fault gets its index. */
bool entries_args(const struct entries *entries, unsigned action, struct arena *arena, struct record *args,
                  uint64_t *given, unsigned *fault);

/* Would the action be refused with what is here now? Puts the message to its field; false when it would. `all`:
 * also what has not been filled in yet. */
bool entries_try(struct entries *entries, unsigned action, bool all, struct refusal *why);

/* Has something been changed? */
bool entries_touched(const struct entries *entries);

void entries_save_draft(struct entries *entries);
bool entries_load_draft(struct entries *entries);
void entries_drop_draft(struct entries *entries);

/* Puts fields of a command or draft into the entries, as touched. */
void entries_take(struct entries *entries, const struct record *fields, uint64_t mask);

/* What is in a row of the form. */
void entries_row(struct entries *entries, unsigned index, struct arena *arena, struct form_row *row);

#endif
