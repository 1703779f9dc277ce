/* reference.h - the parts of `reference`, the program that writes and checks what follows from the
 * tables.
 *
 * A section is a piece of Markdown made by the program; a document holds it between
 * <!-- generated: NAME --> and <!-- end: NAME -->. Each reference_*.c makes some of them. */
#ifndef TESTS_REFERENCE_H
#define TESTS_REFERENCE_H

#include "proto/identity.h"
#include "proto/journal.h"

#include <stdio.h>

struct section {
    const char *name;
    void (*write)(FILE *out);
};

/* The lists end with a NULL name. */
extern const struct section list_sections[];    /* reference_tables.c: limits, frames, choices, errors ... */
extern const struct section kind_sections[];    /* reference_kinds.c: fields, states, actions, sight */
extern const struct section example_sections[]; /* reference_examples.c: one frame of every type */
extern const struct section vector_sections[];  /* reference_vectors.c: keys, tickets, signatures, journal */

/* Ends the program: the fault is in the code, not in a document. */
_Noreturn void die(const char *what, const char *detail);

/* The whole file, NUL-terminated, owned by the caller; NULL with errno when it can't be read. */
char *read_whole(const char *path);
/* In place of what was there. False with errno. */
bool write_whole(const char *path, const char *text);

/* ---- Markdown ---- */

/* A cell of a table, with its bar; an empty or NULL text gives an empty cell. */
void put_cell(FILE *out, const char *text);
/* The head of a table from names parted by |. */
void put_head(FILE *out, const char *names);
/* 32 bytes on each line. */
void put_hex(FILE *out, const void *bytes, size_t count);
/* "name: hex" on one line. */
void put_key(FILE *out, const char *name, const void *bytes, size_t count);
/* A packed value as people write it: [1, "text", h'00ff', {8: nil}]. */
void put_values(FILE *out, const void *bytes, size_t count);
/* "name, name" of the set bits, by a function that names a bit (NULL: skipped). */
void put_bits(FILE *out, uint64_t bits, const char *(*name)(const void *self, unsigned bit), const void *self);

/* ---- the names of numbers that stand in enums; NULL when there is none ---- */

const char *frame_name(int type);
const char *query_name(int what);
const char *op_name(int op);
const char *actor_name(int actor);
const char *table_name(int table);

/* ---- what the examples and vectors share: two identities, a registry, two journal entries ---- */

struct fixture {
    uint8_t seed[SEED_BYTES], server_seed[SEED_BYTES];
    struct identity operator, server;
    uint8_t registry[REGISTRY_ID_BYTES];
    struct ticket ticket;
    struct pack command; /* a report that is submitted */
    uint8_t signature[SIGNATURE_BYTES];
    struct pack entries[2];
    uint8_t hashes[2][HASH_BYTES];
    uint8_t head_signature[SIGNATURE_BYTES]; /* of the second entry, at `now` */
    stamp_t now;
};
const struct fixture *fixture(void);

/* The report of the fixture as it stands after the second entry. */
struct record fixture_report(void);

enum {
    FIXTURE_DEVICE = 7,
    FIXTURE_OPERATOR = 5,
    FIXTURE_UNIT = 18,
    FIXTURE_OFFICE = 3,
    FIXTURE_PROJECT = 12,
    FIXTURE_COUNTER = 42,
};

/* ---- tables.lock ---- */

void lock_print(FILE *out);
/* Exit statuses of the program; what is wrong goes to stderr. */
int lock_check(const char *path);
int lock_update(const char *path);

#endif
