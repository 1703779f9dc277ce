/* proof.h - does a line of a record's history prove itself? What was signed, the signature and the key come with it
 * (QUERY_PROOF). DOMAIN, section 2: an opinion signed can be verified later by anyone. */
#ifndef CLIENT_CORE_PROOF_H
#define CLIENT_CORE_PROOF_H

#include "proto/identity.h"
#include "proto/wire.h"

enum proof {
    PROOF_UNSIGNED,  /* it did not have to be */
    PROOF_ELSEWHERE, /* an act on another record: its history has the signature */
    PROOF_OTHER_KEY, /* signed with another key than the one that was asked about */
    PROOF_GOOD,      /* the signature is this key's over these bytes, and they are this act */
    PROOF_BAD,       /* it is not */
    PROOF_MISSING,   /* an operator's act that has to be signed, and was not */
};

/* Checks a line of the history of the record `kind` `id` in a registry. `key` NULL: the key that came with it is
 * believed. When it is good, *command is what was signed; it borrows from the line and the arena. */
enum proof proof_check(const uint8_t registry[REGISTRY_ID_BYTES], unsigned kind, uint64_t id,
                       const struct history_line *line, const uint8_t *key, struct arena *arena,
                       struct command *command);

#endif
