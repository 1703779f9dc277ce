/* err.h - error codes, their classes, and the refusal that names what is wrong.
 *
 * Errors of users, peers and disks are values of enum err; mistakes of the program are asserts.
 * The texts stand in errors.def alone; nothing else words an error for a person. */
#ifndef PROTO_ERR_H
#define PROTO_ERR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 0 is success; the numbers travel on the wire and are never reused. */
enum err {
    OK = 0,
#define ERR(name, wire, class, message) ERR_##name = (wire),
#include "proto/errors.def"
#undef ERR
};

/* Exit status of the scriptable commands. */
enum err_class {
    CLASS_OK = 0,
    CLASS_FAILED = 1,    /* something broke: disk, memory, damaged data */
    CLASS_USAGE = 2,     /* the call is wrong */
    CLASS_NOT_FOUND = 3, /* nothing there, or not to be seen */
    CLASS_REFUSED = 4,   /* understood, and refused by the rules */
    CLASS_NO_SERVER = 5, /* the daemon is out of reach; what was submitted waits in the outbox */
    CLASS_CONFLICT = 6,  /* changed by someone else in the meantime */
};

enum { REFUSAL_TEXT_MAX = 120 };

/* A refusal: what, where, and the number or word that belongs to it. */
struct refusal {
    enum err err;
    uint8_t kind;  /* enum kind, 0: not about a field */
    uint8_t field; /* position of the field in its kind, meaningful when kind is set */
    int64_t number;
    char text[REFUSAL_TEXT_MAX];
};

/* The name of an error as scripts see it, for instance "BELOW_LAST". Unknown numbers give "UNKNOWN". */
const char *err_name(enum err err);

/* The class of an error. Unknown numbers, from a newer daemon, count as CLASS_FAILED. */
enum err_class err_class(enum err err);

/* Is it refused only until somebody else has acted? */
bool err_waits(enum err err);

/* The message template in English (a gettext msgid), see errors.def. Never NULL. */
const char *err_message(enum err err);

/* Walks all errors for documentation: returns the err after `err`, or OK at the end. */
enum err err_next(enum err err);

/* Notes an error in *why (which may be NULL), alone or with a text, cut to REFUSAL_TEXT_MAX - 1 bytes at a
 * character's border. */
void refusal_set(struct refusal *why, enum err err);
void refusal_set_text(struct refusal *why, enum err err, const char *text);

/* The same, and returns err, so that a check can end in one line. Inline: who reads a caller, and an analyzer, sees
 * that it goes no further. */
static inline enum err refuse(struct refusal *why, enum err err)
{
    refusal_set(why, err);
    return err;
}

static inline enum err refuse_text(struct refusal *why, enum err err, const char *text)
{
    refusal_set_text(why, err, text);
    return err;
}

#endif
