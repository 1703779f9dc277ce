/* identity.h - keys, tickets, signatures and sealed key files.
 *
 * One seed for each operator on each device. From it come, as separate subkeys, an Ed25519 signing key, a
 * CURVE transport key and the key of the local cache. The seed rests in a file sealed under a passphrase
 * (Argon2id, XChaCha20-Poly1305). The daemon has a seed of its own, unsealed, readable by it alone.
 * Nothing here does I/O; libsodium must have been initialised (sodium_init). */
#ifndef PROTO_IDENTITY_H
#define PROTO_IDENTITY_H

#include "proto/err.h"
#include "proto/pack.h"
#include "proto/when.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    SEED_BYTES = 32,
    KEY_BYTES = 32, /* public keys, transport secrets, cache keys */
    SIGN_SECRET_BYTES = 64,
    SIGNATURE_BYTES = 64,
    REGISTRY_ID_BYTES = 16,
    HASH_BYTES = 32,
    CODE_BYTES = 10, /* 80 bits of a ticket */
    TICKET_TEXT_MAX = 400,
    HOST_MAX = 255,
    PASSPHRASE_MAX = 256,
};

/* Everything that follows from a seed. Holds secrets: wipe with identity_wipe. */
struct identity {
    uint8_t sign_public[KEY_BYTES], sign_secret[SIGN_SECRET_BYTES];
    uint8_t transport_public[KEY_BYTES], transport_secret[KEY_BYTES];
    uint8_t cache_key[KEY_BYTES];
};

void identity_from_seed(struct identity *identity, const uint8_t seed[SEED_BYTES]);
void identity_wipe(struct identity *identity);

/* ---- tickets ---- */

struct ticket {
    char host[HOST_MAX + 1]; /* a name or an address; an IPv6 address without brackets */
    uint16_t port;
    uint8_t server_transport[KEY_BYTES];
    uint8_t code[CODE_BYTES];
};

/* "duban1:HOST:PORT:XXXXX-XXXXX-...": the key, the code and two check bytes in Crockford's base 32. */
void ticket_write(const struct ticket *ticket, char text[TICKET_TEXT_MAX]);
/* Reads it in either case, with or without dashes and spaces, O for 0 and I or L for 1.
 * ERR_BAD_TICKET when the form or the check bytes are wrong. */
enum err ticket_read(const char *text, struct ticket *ticket);

/* The temporary transport key that the code stands for; ZAP admits its public half for enrolling alone. */
void ticket_transport(const uint8_t code[CODE_BYTES], uint8_t public[KEY_BYTES], uint8_t secret[KEY_BYTES]);

/* The ticket code of an operator of a demo registry: follows from the login, so that everybody can enrol
 * with it. No secret at all; the daemon makes such tickets in a registry that says it is a demo, never in
 * another. */
void demo_code(const char *login, uint8_t code[CODE_BYTES]);

/* ---- signatures ---- */

/* What is signed is a domain tag, the registry's identity and the command's bytes as they are sent. */
void command_sign(const struct identity *identity, const uint8_t registry[REGISTRY_ID_BYTES], const void *command,
                  size_t count, uint8_t signature[SIGNATURE_BYTES]);
bool command_verify(const uint8_t sign_public[KEY_BYTES], const uint8_t registry[REGISTRY_ID_BYTES],
                    const void *command, size_t count, const uint8_t signature[SIGNATURE_BYTES]);

/* The daemon vouches for the journal's head: number and hash of the newest entry, at a time. */
void head_sign(const struct identity *server, const uint8_t registry[REGISTRY_ID_BYTES], uint64_t number,
               const uint8_t hash[HASH_BYTES], stamp_t now, uint8_t signature[SIGNATURE_BYTES]);
bool head_verify(const uint8_t server_sign[KEY_BYTES], const uint8_t registry[REGISTRY_ID_BYTES], uint64_t number,
                 const uint8_t hash[HASH_BYTES], stamp_t now, const uint8_t signature[SIGNATURE_BYTES]);

/* ---- the key file ---- */

enum { LOGIN_MAX = 32, KEY_FILE_BYTES_MAX = 1024 };

/* What the file says in the clear; all of it is authenticated by the seal. */
struct key_card {
    uint8_t registry[REGISTRY_ID_BYTES];
    uint8_t server_transport[KEY_BYTES], server_sign[KEY_BYTES];
    uint64_t device, operator;
    char login[LOGIN_MAX + 1];
};

/* Writes the card and the seed sealed under the passphrase. Takes about 0.1 s and 64 MiB.
 * ERR_MEMORY when that much is not to be had. */
enum err key_file_seal(const struct key_card *card, const uint8_t seed[SEED_BYTES], const char *passphrase,
                       struct pack *file);
/* Reads the card alone. ERR_FORMAT. */
enum err key_file_card(const void *bytes, size_t count, struct key_card *card);
/* Opens the seal. ERR_PASSPHRASE when it does not open, ERR_FORMAT, ERR_MEMORY. */
enum err key_file_open(const void *bytes, size_t count, const char *passphrase, struct key_card *card,
                       uint8_t seed[SEED_BYTES]);

/* ---- sealing of cached values ---- */

enum { SEAL_EXTRA_BYTES = 40 }; /* nonce and tag */

/* out needs count + SEAL_EXTRA_BYTES. `about` (the value's key) is authenticated with it. */
void seal(const uint8_t key[KEY_BYTES], struct text about, const void *bytes, size_t count, uint8_t *out);
/* out needs count - SEAL_EXTRA_BYTES; false when it was not sealed with this key and `about`. */
bool unseal(const uint8_t key[KEY_BYTES], struct text about, const void *bytes, size_t count, uint8_t *out);

#endif
