/* tables.h - the domain as data: what may be recorded, by whom, when, and who sees it.
 *
 * One description (proto/kinds/, choices.def, relations.def, settings.def) from which validation,
 * permission, encoding, forms, lists, command options, help and the protocol's reference are derived.
 * Everything is const; nothing is set up at run time. To add a field, a state, an action or a relation is
 * to add one row; see proto/TABLES.md. */
#ifndef PROTO_TABLES_H
#define PROTO_TABLES_H

#include "proto/err.h"
#include "proto/kinds.h"
#include "proto/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Raised with every change of meaning; a journal entry names the tables it was decided by, and
 * tests/tables.lock keeps the numbers from being reused. */
enum { TABLES_VERSION = 3 };

enum { ROLE_NONE = 0, ROLES_MAX = 32 };

enum type {
    TYPE_INT,
    TYPE_MONEY,  /* fen */
    TYPE_POINTS, /* of an assessment, in hundredths */
    TYPE_DAY,    /* day_t */
    TYPE_MONTH,  /* month_t */
    TYPE_DATE,   /* date_t: perhaps only month or year */
    TYPE_STAMP,  /* stamp_t */
    TYPE_CHOICE, /* an option's wire number */
    TYPE_FLAG,   /* 0 or 1 */
    TYPE_REF,    /* the id of a record of one kind */
    TYPE_TEXT,   /* one line; bounds in characters */
    TYPE_NOTE,   /* several lines */
    TYPE_BYTES,  /* keys and hashes; exactly hi bytes */
};

enum field_flag {
    F_LIST = 1,       /* a column of lists, sent also to those who see the kind at SEE_LIST */
    F_FIXED = 2,      /* once set it stays */
    F_PARENT = 4,     /* the record this one is a child of */
    F_ASCII = 8,      /* letters, digits, - _ . only */
    F_ENDED_TOO = 16, /* a reference that may name an ended record */
};

enum action_flag {
    A_SIGNED = 1,   /* an act of weight: the operator's signature is kept with it */
    A_OPINION = 2,  /* asks for the passphrase again */
    A_DUTY = 4,     /* the expected next act: on the desk of those who may do it */
    A_GRAVE = 8,    /* asks for confirmation, naming the consequence (`then`) */
    A_RECEIPT = 16, /* taken by the client itself when its operator opens the record's page */
    A_LIGHT = 32,   /* nothing to put right: it notes what is so, takes on a duty, or hands on to who checks it */
    A_WAITS = 64,   /* its rule may say that others have to act first (class WAITS): then it is on no desk yet */
};

enum see_level {
    SEE_NOTHING,
    SEE_DEMAND, /* may fetch it; nothing is sent by itself */
    SEE_LIST,   /* gets the F_LIST fields by itself, the rest on demand */
    SEE_FULL,   /* gets all of it by itself */
};

enum {
    ANY_ROLE = 0,
    SELF = 255,
    SEES_MAX = 24,        /* SEE rows of a kind */
    INDEX_BYTES_MAX = 390 /* of an index key; KEY_MAX in space.h is a little more */
};

#define MONEY_MAX 100000000000000LL /* fen: 100 million 万元 */
#define UNIT_WAN  "万元"

struct act;    /* decide.h: what is being decided */
struct change; /* codec.h: a record before and after */

/* A named pure function that a row refers to: checks the change, and fills in what follows from it. */
typedef enum err rule_fn(struct act *act, struct change *change);

struct field {
    uint8_t kind, wire;
    uint8_t list_max; /* 0: one value; else a list of at most so many, at most 32 */
    uint8_t ref;      /* TYPE_REF: the kind */
    uint8_t choice;   /* TYPE_CHOICE */
    enum type type;
    unsigned flags;
    const char *name;  /* for scripts and files; never translated */
    const char *label; /* msgid */
    const char *help;  /* msgid or NULL: a hint beside the input */
    const char *unit;  /* msgid or NULL; UNIT_WAN for money shown in 万元 */
    const char *clause;
    int64_t lo, hi; /* bounds: of numbers, of characters, of bytes */
    uint32_t fill;  /* the actions whose actor fills it in: bit ACT_x */
    uint32_t need;  /* the actions after which it has to be there */
};

struct state_row {
    uint8_t kind, wire;
    uint8_t due;   /* position of the field that holds the deadline; 0 none */
    uint8_t lapse; /* action that a rule takes when the deadline passes; 0 none */
    uint8_t clock; /* position of the moment at which `lapse` happens; 0: when the deadline passes */
    bool final;    /* nothing more happens; not to be referred to any more */
    const char *name, *label;
};

/* Whatever an operator does can be taken back (`undo`), be put right (`mend`), is light (A_LIGHT), or says beforehand
 * what it brings about (`then`): tables_fault holds every row to that. */
struct action {
    uint8_t kind, wire;
    uint8_t to; /* state after it; 0: as before, unless the rule decides */
    unsigned flags;
    uint32_t from;    /* states: bit ST_x, NEW for making a record */
    rule_fn *rule;    /* may be NULL */
    uint8_t undo;     /* the action by which its own actor takes it back; 0: none */
    uint8_t mend;     /* the action of the same kind by which it is put right afterwards; 0: none */
    const char *then; /* msgid: what it brings about, said where it is confirmed; of grave acts and opinions */
    const char *name, *label;
};

struct kind {
    uint8_t wire;
    const char *name;   /* for scripts */
    const char *label;  /* msgid, singular */
    const char *plural; /* msgid */
    const char *title;  /* template: {field} or text */
    const char *brief;  /* short template, used where another record names this one */
    const char *clause; /* of the notice */
    rule_fn *check;     /* holds after every change of a record of this kind; may be NULL */
};

struct option {
    uint8_t choice, wire;
    uint8_t group; /* stage: the phase it belongs to */
    const char *name, *label, *word;
};

/* `relation` may take `action`, with any of `roles` (ANY_ROLE: no role needed). */
struct may {
    uint8_t kind, action, relation;
    uint32_t roles;
};

/* `relation`, with any of `roles`, sees records that are in one of `states` at `level`. */
struct see {
    uint8_t kind, relation;
    enum see_level level;
    uint32_t states, roles;
};

/* The unit named by `field` has `relation` to the record; SELF: the record itself is the unit.
 * relation 0: whoever is related to the record named by `field` is so to this one (RELATE_AS). */
struct relate {
    uint8_t kind, relation, field;
};

enum { INDEX_FIELDS_MAX = 4, UNIQUE = 1, FORMER = 2 };

struct index_row {
    uint8_t wire, kind, unique, count;
    uint8_t former; /* the newest with the same first field is what a new one mostly resembles: sent as a difference */
    uint8_t fields[INDEX_FIELDS_MAX]; /* positions */
    const char *name;
};

/* What the page of the projects' environment counts, by area (clause 4.1): records of a kind that belong to a project,
 * while they are in `states`. In `urgent` they are pressing whatever their deadline. */
struct gauge {
    uint8_t kind;
    uint32_t states, urgent;
    const char *name, *label; /* the label is short: it heads a column */
};

enum { GAUGES_MAX = 12 };

struct setting_row {
    uint8_t wire;
    const char *name;
    int64_t first, lo, hi;
    const char *unit, *label; /* msgids */
};

struct relation_row {
    uint8_t wire;
    const char *name, *label;
};

/* Rows by number; NULL when there is none. */
const struct kind *kind_row(unsigned kind);
const struct state_row *state_row(unsigned kind, unsigned state);
const struct action *action_row(unsigned kind, unsigned action);
const struct option *option_row(unsigned choice, unsigned wire);
const struct setting_row *setting_row(unsigned setting);
const struct relation_row *relation_row(unsigned relation);
const struct index_row *index_row(unsigned index);

/* Rows by the name that scripts use, those of kinds and actions also with dashes; NULL when there is none. */
const struct kind *kind_named(const char *name);
const struct state_row *state_named(unsigned kind, const char *name);
const struct action *action_named(unsigned kind, const char *name);
const struct option *option_named(unsigned choice, const char *name);
const struct option *option_worded(unsigned choice, struct text word);
const struct setting_row *setting_named(const char *name);

/* Fields of a kind: positions 0 to field_count - 1, in the order of forms and lists. The common ones
 * (F_STATE...) come first. NULL past the end. */
unsigned field_count(unsigned kind);
const struct field *field_row(unsigned kind, unsigned position);
const struct field *field_named(unsigned kind, const char *name, unsigned *position);
/* The position of the field with a wire number, or -1: a field of a newer version. */
int field_position(unsigned kind, unsigned wire);
/* The position of the kind's F_PARENT field, or -1. */
int field_parent(unsigned kind);

/* Walks in table order: `after` NULL gives the first, the end gives NULL. */
const struct kind *kind_next(const struct kind *after);
const struct state_row *state_next(unsigned kind, const struct state_row *after);
const struct action *action_next(unsigned kind, const struct action *after);
const struct option *option_next(unsigned choice, const struct option *after);
const struct may *may_next(unsigned kind, const struct may *after);
const struct see *see_next(unsigned kind, const struct see *after);
const struct relate *relate_next(unsigned kind, const struct relate *after);
const struct index_row *index_next(unsigned kind, const struct index_row *after);
/* May operators take the action at all (not only rules, tickets and the daemon's console)? */
bool action_for_operators(const struct action *action);
/* An index by which the records that inherit relations through a row can be found. */
const struct index_row *relate_index(const struct relate *row);
const struct gauge *gauge_next(const struct gauge *after);
const struct setting_row *setting_next(const struct setting_row *after);
const struct relation_row *relation_next(const struct relation_row *after);

/* The name of a choice ("stage"), and of a type ("money"), for documents. */
const char *choice_name(unsigned choice);
const char *type_name(enum type type);

/* Checks what the compiler can't: that deadlines are dates, parents are references, numbers are in range.
 * Returns NULL, or what is wrong. For tests and the daemon's start. */
const char *tables_fault(void);

#endif
