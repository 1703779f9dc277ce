/* identity.c - see identity.h. All cryptography is libsodium's. */
#include "proto/identity.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

_Static_assert(SEED_BYTES == crypto_kdf_KEYBYTES, "the seed is the key of the derivation");
_Static_assert(KEY_BYTES == crypto_sign_PUBLICKEYBYTES, "keys that verify");
_Static_assert(KEY_BYTES == crypto_box_PUBLICKEYBYTES, "keys of the transport");
_Static_assert(SIGN_SECRET_BYTES == crypto_sign_SECRETKEYBYTES && SIGNATURE_BYTES == crypto_sign_BYTES, "signing");
_Static_assert(SEAL_EXTRA_BYTES ==
                   crypto_aead_xchacha20poly1305_ietf_NPUBBYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "seal");

enum subkey { SUBKEY_SIGN = 1, SUBKEY_TRANSPORT = 2, SUBKEY_CACHE = 3 };

static const char kdf_context[crypto_kdf_CONTEXTBYTES + 1] = "dubankey";

void identity_from_seed(struct identity *identity, const uint8_t seed[SEED_BYTES])
{
    uint8_t sign_seed[crypto_sign_SEEDBYTES];
    crypto_kdf_derive_from_key(sign_seed, sizeof sign_seed, SUBKEY_SIGN, kdf_context, seed);
    crypto_sign_seed_keypair(identity->sign_public, identity->sign_secret, sign_seed);
    sodium_memzero(sign_seed, sizeof sign_seed);
    crypto_kdf_derive_from_key(identity->transport_secret, KEY_BYTES, SUBKEY_TRANSPORT, kdf_context, seed);
    crypto_scalarmult_base(identity->transport_public, identity->transport_secret);
    crypto_kdf_derive_from_key(identity->cache_key, KEY_BYTES, SUBKEY_CACHE, kdf_context, seed);
}

void identity_wipe(struct identity *identity)
{
    sodium_memzero(identity, sizeof *identity);
}

/* ---- base 32 ---- */

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum { BLOB_BYTES = KEY_BYTES + CODE_BYTES + 2, BLOB_DIGITS = (BLOB_BYTES * 8 + 4) / 5 };

static void blob_write(const uint8_t blob[BLOB_BYTES], struct str *out)
{
    unsigned bits = 0, left = 0, digits = 0;
    for (size_t i = 0; i < BLOB_BYTES || left > 0;) {
        if (left < 5 && i < BLOB_BYTES) {
            bits = bits << 8 | blob[i++];
            left += 8;
        }
        unsigned take = left < 5 ? left : 5;
        char digit[2] = {alphabet[(bits >> (left - take)) << (5 - take) & 31], '\0'};
        if (digits > 0 && digits % 5 == 0) str_put(out, "-");
        str_put(out, digit);
        digits++;
        left -= take;
    }
}

static int digit_value(char c)
{
    if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    const char *found = c != '\0' ? strchr(alphabet, c) : NULL;
    return found != NULL ? (int)(found - alphabet) : -1;
}

static bool blob_read(const char *text, uint8_t blob[BLOB_BYTES])
{
    unsigned bits = 0, left = 0, digits = 0;
    size_t used = 0;
    for (; *text != '\0'; text++) {
        if (strchr("- \t\r\n", *text) != NULL) continue;
        int value = digit_value(*text);
        if (value < 0 || ++digits > BLOB_DIGITS) return false;
        bits = bits << 5 | (unsigned)value;
        left += 5;
        if (left < 8 || used == BLOB_BYTES) continue;
        blob[used++] = (uint8_t)(bits >> (left - 8));
        left -= 8;
    }
    return used == BLOB_BYTES && digits == BLOB_DIGITS && (bits & ((1u << left) - 1)) == 0;
}

/* ---- tickets ---- */

static void ticket_check(const struct ticket *ticket, uint8_t check[2])
{
    crypto_generichash_state state;
    uint8_t hash[crypto_generichash_BYTES];
    uint8_t port[2] = {(uint8_t)(ticket->port >> 8), (uint8_t)ticket->port};
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    for (const char *at = ticket->host; *at != '\0'; at++) { /* names are the same in either case */
        uint8_t letter = (uint8_t)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
        crypto_generichash_update(&state, &letter, 1);
    }
    crypto_generichash_update(&state, port, sizeof port);
    crypto_generichash_update(&state, ticket->server_transport, KEY_BYTES);
    crypto_generichash_update(&state, ticket->code, CODE_BYTES);
    crypto_generichash_final(&state, hash, sizeof hash);
    memcpy(check, hash, 2);
}

void ticket_write(const struct ticket *ticket, char text[TICKET_TEXT_MAX])
{
    uint8_t blob[BLOB_BYTES];
    struct str out = str_in(text, TICKET_TEXT_MAX);
    memcpy(blob, ticket->server_transport, KEY_BYTES);
    memcpy(blob + KEY_BYTES, ticket->code, CODE_BYTES);
    ticket_check(ticket, blob + KEY_BYTES + CODE_BYTES);
    str_printf(&out, "duban1:%s:%u:", ticket->host, ticket->port);
    blob_write(blob, &out);
    sodium_memzero(blob, sizeof blob);
}

enum err ticket_read(const char *text, struct ticket *ticket)
{
    char copy[TICKET_TEXT_MAX];
    uint8_t blob[BLOB_BYTES], check[2];
    struct ticket read = {.port = 0};
    text += strspn(text, " \t\r\n");
    if (strlen(text) >= sizeof copy || strncasecmp(text, "duban1:", 7) != 0) return ERR_BAD_TICKET;
    memcpy(copy, text + 7, strlen(text + 7) + 1);
    char *digits = strrchr(copy, ':');
    if (digits == NULL) return ERR_BAD_TICKET;
    *digits++ = '\0';
    char *port = strrchr(copy, ':');
    if (port == NULL) return ERR_BAD_TICKET;
    *port++ = '\0';
    char *end;
    long number = strtol(port, &end, 10);
    if (*port == '\0' || *end != '\0' || number < 1 || number > 65535) return ERR_BAD_TICKET;
    size_t length = strlen(copy);
    if (length == 0 || length > HOST_MAX || !blob_read(digits, blob)) return ERR_BAD_TICKET;
    memcpy(read.host, copy, length + 1);
    read.port = (uint16_t)number;
    memcpy(read.server_transport, blob, KEY_BYTES);
    memcpy(read.code, blob + KEY_BYTES, CODE_BYTES);
    ticket_check(&read, check);
    if (memcmp(check, blob + KEY_BYTES + CODE_BYTES, sizeof check) != 0) return ERR_BAD_TICKET;
    *ticket = read;
    return OK;
}

void ticket_transport(const uint8_t code[CODE_BYTES], uint8_t public[KEY_BYTES], uint8_t secret[KEY_BYTES])
{
    static const uint8_t key[] = "duban enrolment ticket";
    crypto_generichash(secret, KEY_BYTES, code, CODE_BYTES, key, sizeof key - 1);
    crypto_scalarmult_base(public, secret);
}

void demo_code(const char *login, uint8_t code[CODE_BYTES])
{
    static const uint8_t tag[] = "duban demo ";
    crypto_generichash_state state;
    uint8_t hash[crypto_generichash_BYTES];
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, tag, sizeof tag - 1);
    crypto_generichash_update(&state, (const uint8_t *)login, strlen(login));
    crypto_generichash_final(&state, hash, sizeof hash);
    memcpy(code, hash, CODE_BYTES);
}

/* ---- signatures ---- */

static const char command_tag[] = "duban command 1", head_tag[] = "duban head 1";

/* tag with its NUL, registry, body: the bytes that are signed. NULL when memory ends. */
static uint8_t *signed_bytes(const char *tag, size_t tag_bytes, const uint8_t *registry, const void *body, size_t count,
                             size_t *total)
{
    *total = tag_bytes + REGISTRY_ID_BYTES + count;
    uint8_t *bytes = malloc(*total);
    if (bytes == NULL) return NULL;
    memcpy(bytes, tag, tag_bytes);
    memcpy(bytes + tag_bytes, registry, REGISTRY_ID_BYTES);
    memcpy(bytes + tag_bytes + REGISTRY_ID_BYTES, body, count);
    return bytes;
}

static void sign_tagged(const struct identity *identity, const char *tag, size_t tag_bytes, const uint8_t *registry,
                        const void *body, size_t count, uint8_t signature[SIGNATURE_BYTES])
{
    size_t total;
    uint8_t *bytes = signed_bytes(tag, tag_bytes, registry, body, count, &total);
    memset(signature, 0, SIGNATURE_BYTES); /* never valid */
    if (bytes != NULL) crypto_sign_detached(signature, NULL, bytes, total, identity->sign_secret);
    free(bytes);
}

static bool verify_tagged(const uint8_t *sign_public, const char *tag, size_t tag_bytes, const uint8_t *registry,
                          const void *body, size_t count, const uint8_t signature[SIGNATURE_BYTES])
{
    size_t total;
    uint8_t *bytes = signed_bytes(tag, tag_bytes, registry, body, count, &total);
    bool valid = bytes != NULL && crypto_sign_verify_detached(signature, bytes, total, sign_public) == 0;
    free(bytes);
    return valid;
}

void command_sign(const struct identity *identity, const uint8_t registry[REGISTRY_ID_BYTES], const void *command,
                  size_t count, uint8_t signature[SIGNATURE_BYTES])
{
    sign_tagged(identity, command_tag, sizeof command_tag, registry, command, count, signature);
}

bool command_verify(const uint8_t sign_public[KEY_BYTES], const uint8_t registry[REGISTRY_ID_BYTES],
                    const void *command, size_t count, const uint8_t signature[SIGNATURE_BYTES])
{
    return verify_tagged(sign_public, command_tag, sizeof command_tag, registry, command, count, signature);
}

enum { HEAD_BYTES = 8 + HASH_BYTES + 8 };

static void head_bytes(uint64_t number, const uint8_t hash[HASH_BYTES], stamp_t now, uint8_t out[HEAD_BYTES])
{
    uint64_t time = (uint64_t)now.s;
    for (int i = 7; i >= 0; i--) {
        out[i] = (uint8_t)number;
        out[8 + HASH_BYTES + i] = (uint8_t)time;
        number >>= 8;
        time >>= 8;
    }
    memcpy(out + 8, hash, HASH_BYTES);
}

void head_sign(const struct identity *server, const uint8_t registry[REGISTRY_ID_BYTES], uint64_t number,
               const uint8_t hash[HASH_BYTES], stamp_t now, uint8_t signature[SIGNATURE_BYTES])
{
    uint8_t body[HEAD_BYTES];
    head_bytes(number, hash, now, body);
    sign_tagged(server, head_tag, sizeof head_tag, registry, body, sizeof body, signature);
}

bool head_verify(const uint8_t server_sign[KEY_BYTES], const uint8_t registry[REGISTRY_ID_BYTES], uint64_t number,
                 const uint8_t hash[HASH_BYTES], stamp_t now, const uint8_t signature[SIGNATURE_BYTES])
{
    uint8_t body[HEAD_BYTES];
    head_bytes(number, hash, now, body);
    return verify_tagged(server_sign, head_tag, sizeof head_tag, registry, body, sizeof body, signature);
}

/* ---- sealing ---- */

void seal(const uint8_t key[KEY_BYTES], struct text about, const void *bytes, size_t count, uint8_t *out)
{
    enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };
    randombytes_buf(out, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, NULL, bytes, count, (const uint8_t *)about.at, about.length,
                                               NULL, out, key);
}

bool unseal(const uint8_t key[KEY_BYTES], struct text about, const void *bytes, size_t count, uint8_t *out)
{
    enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };
    const uint8_t *sealed = bytes;
    if (count < SEAL_EXTRA_BYTES) return false;
    return crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed + NONCE, count - NONCE,
                                                      (const uint8_t *)about.at, about.length, sealed, key) == 0;
}

/* ---- the key file: [magic, version, card..., operations, memory, salt, sealed seed] ---- */

static const char magic[] = "duban-key";

enum {
    FILE_VERSION = 1,
    FILE_ITEMS = 12,
    SALT_BYTES = crypto_pwhash_SALTBYTES,
    OPERATIONS = 2, /* crypto_pwhash_OPSLIMIT_INTERACTIVE */
    MEMORY_BYTES = 64 << 20,
    OPERATIONS_MAX = 16,
    MEMORY_BYTES_MAX = 1 << 30,
};

struct lock {
    int64_t operations, memory;
    uint8_t salt[SALT_BYTES];
};

/* All of the file but the sealed seed; it is authenticated by the seal. */
static void pack_head(struct pack *pack, const struct key_card *card, const struct lock *lock)
{
    pack_array(pack, FILE_ITEMS);
    pack_text(pack, text_of(magic));
    pack_int(pack, FILE_VERSION);
    pack_bytes(pack, card->registry, REGISTRY_ID_BYTES);
    pack_bytes(pack, card->server_transport, KEY_BYTES);
    pack_bytes(pack, card->server_sign, KEY_BYTES);
    pack_int(pack, (int64_t)card->device);
    pack_int(pack, (int64_t)card->operator);
    pack_text(pack, text_of(card->login));
    pack_int(pack, lock->operations);
    pack_int(pack, lock->memory);
    pack_bytes(pack, lock->salt, SALT_BYTES);
}

static enum err passphrase_key(const char *passphrase, const struct lock *lock, uint8_t key[KEY_BYTES])
{
    int rc = crypto_pwhash(key, KEY_BYTES, passphrase, strlen(passphrase), lock->salt,
                           (unsigned long long)lock->operations, (size_t)lock->memory, crypto_pwhash_ALG_ARGON2ID13);
    return rc == 0 ? OK : ERR_MEMORY;
}

enum err key_file_seal(const struct key_card *card, const uint8_t seed[SEED_BYTES], const char *passphrase,
                       struct pack *file)
{
    struct lock lock = {.operations = OPERATIONS, .memory = MEMORY_BYTES};
    uint8_t key[KEY_BYTES], sealed[SEED_BYTES + SEAL_EXTRA_BYTES];
    randombytes_buf(lock.salt, sizeof lock.salt);
    enum err err = passphrase_key(passphrase, &lock, key);
    if (err != OK) return err;
    pack_head(file, card, &lock);
    struct text about = {(const char *)file->at, (uint32_t)file->used};
    seal(key, about, seed, SEED_BYTES, sealed);
    sodium_memzero(key, sizeof key);
    pack_bytes(file, sealed, sizeof sealed);
    return file->failed ? ERR_MEMORY : OK;
}

static bool take_bytes(const struct item *item, void *into, size_t count)
{
    struct text bytes;
    if (!item_bytes(item, &bytes) || bytes.length != count) return false;
    memcpy(into, bytes.at, count);
    return true;
}

static bool read_items(const struct item *root, struct key_card *card, struct lock *lock,
                       uint8_t sealed[SEED_BYTES + SEAL_EXTRA_BYTES])
{
    size_t count;
    struct text word, login;
    int64_t version, device, operator;
    bool form = item_array(root, &count) && count == FILE_ITEMS && item_text(item_at(root, 0), &word) &&
                text_equal(word, text_of(magic)) && item_int(item_at(root, 1), 1, FILE_VERSION, &version) &&
                take_bytes(item_at(root, 2), card->registry, REGISTRY_ID_BYTES) &&
                take_bytes(item_at(root, 3), card->server_transport, KEY_BYTES) &&
                take_bytes(item_at(root, 4), card->server_sign, KEY_BYTES) &&
                item_int(item_at(root, 5), 1, INT64_MAX, &device) &&
                item_int(item_at(root, 6), 1, INT64_MAX, &operator) && item_text(item_at(root, 7), &login) &&
                login.length <= LOGIN_MAX && item_int(item_at(root, 8), 1, OPERATIONS_MAX, &lock->operations) &&
                item_int(item_at(root, 9), 8192, MEMORY_BYTES_MAX, &lock->memory) &&
                take_bytes(item_at(root, 10), lock->salt, SALT_BYTES) &&
                take_bytes(item_at(root, 11), sealed, SEED_BYTES + SEAL_EXTRA_BYTES);
    if (!form) return false;
    card->device = (uint64_t)device;
    card->operator = (uint64_t)operator;
    memset(card->login, 0, sizeof card->login);
    memcpy(card->login, login.at, login.length);
    return true;
}

static enum err read_file(const void *bytes, size_t count, struct key_card *card, struct lock *lock,
                          uint8_t sealed[SEED_BYTES + SEAL_EXTRA_BYTES])
{
    struct unpacked unpacked;
    if (count > KEY_FILE_BYTES_MAX || unpack(bytes, count, 32, &unpacked, NULL) != OK) return ERR_FORMAT;
    bool form = read_items(unpacked.root, card, lock, sealed);
    unpack_free(&unpacked);
    return form ? OK : ERR_FORMAT;
}

enum err key_file_card(const void *bytes, size_t count, struct key_card *card)
{
    struct lock lock;
    uint8_t sealed[SEED_BYTES + SEAL_EXTRA_BYTES];
    return read_file(bytes, count, card, &lock, sealed);
}

enum err key_file_open(const void *bytes, size_t count, const char *passphrase, struct key_card *card,
                       uint8_t seed[SEED_BYTES])
{
    struct lock lock;
    struct pack head;
    uint8_t sealed[SEED_BYTES + SEAL_EXTRA_BYTES], key[KEY_BYTES];
    enum err err = read_file(bytes, count, card, &lock, sealed);
    if (err == OK) err = passphrase_key(passphrase, &lock, key);
    if (err != OK) return err;
    pack_init(&head, KEY_FILE_BYTES_MAX);
    pack_head(&head, card, &lock);
    struct text about = {(const char *)head.at, (uint32_t)head.used};
    bool opened = !head.failed && unseal(key, about, sealed, sizeof sealed, seed);
    pack_free(&head);
    sodium_memzero(key, sizeof key);
    return opened ? OK : ERR_PASSPHRASE;
}
