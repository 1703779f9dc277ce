/* keyfile_fuzz.c - sealed key files: any bytes, and good files with one thing changed, which must never open.
 *
 * Input: a byte that says which; then the file, or position, change, and the card's content. Deriving a key from a
 * passphrase is meant to be slow; here a hash stands in for it, or nothing would be tried. */
#include "proto/identity.h"
#include "tests/fuzz/fuzz.h"

#include <sodium.h>

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return sodium_init() < 0;
}

/* In the place of libsodium's: the linker finds the program's own first. */
int crypto_pwhash(unsigned char *const out, unsigned long long outlen, const char *const passwd,
                  unsigned long long passwdlen, const unsigned char *const salt, unsigned long long opslimit,
                  size_t memlimit, int alg)
{
    crypto_generichash_state state;
    unsigned long long limits[2] = {opslimit, memlimit};
    (void)alg;
    crypto_generichash_init(&state, NULL, 0, (size_t)outlen);
    crypto_generichash_update(&state, (const unsigned char *)passwd, passwdlen);
    crypto_generichash_update(&state, salt, crypto_pwhash_SALTBYTES);
    crypto_generichash_update(&state, (const unsigned char *)limits, sizeof limits);
    return crypto_generichash_final(&state, out, (size_t)outlen);
}

static void try_bytes(const uint8_t *data, size_t size)
{
    struct key_card card, opened;
    uint8_t seed[SEED_BYTES];
    enum err err = key_file_card(data, size, &card);
    HOLDS(err == OK || err == ERR_FORMAT);
    enum err open = key_file_open(data, size, "passphrase", &opened, seed);
    HOLDS(err == OK ? open == OK || open == ERR_PASSPHRASE : open == ERR_FORMAT);
    if (err == OK) HOLDS(strlen(card.login) <= LOGIN_MAX && card.device > 0 && card.operator> 0);
}

static void try_change(struct input input)
{
    struct key_card card = {.device = 1, .operator= 1 }, opened;
    uint8_t seed[SEED_BYTES] = {1}, read[SEED_BYTES];
    struct pack file;
    size_t at = (size_t)input_byte(&input) << 8 | input_byte(&input);
    uint8_t change = input_byte(&input);
    card.device += input_byte(&input);
    card.operator+= input_byte(&input);
    struct text registry = input_text(&input, REGISTRY_ID_BYTES), login = input_text(&input, LOGIN_MAX);
    memcpy(card.registry, registry.at, registry.length);
    for (uint32_t i = 0; i < login.length; i++)
        card.login[i] = (char)('a' + (uint8_t)login.at[i] % 26);
    pack_init(&file, KEY_FILE_BYTES_MAX);
    HOLDS(key_file_seal(&card, seed, "passphrase", &file) == OK);
    HOLDS(key_file_open(file.at, file.used, "passphrase", &opened, read) == OK);
    HOLDS(memcmp(seed, read, SEED_BYTES) == 0 && strcmp(card.login, opened.login) == 0);
    HOLDS(opened.device == card.device && opened.operator== card.operator);
    HOLDS(key_file_open(file.at, file.used, "Passphrase", &opened, read) == ERR_PASSPHRASE);
    at %= file.used;
    file.at[at] ^= change;
    if (change != 0) HOLDS(key_file_open(file.at, file.used, "passphrase", &opened, read) != OK);
    HOLDS(key_file_open(file.at, at, "passphrase", &opened, read) != OK);
    pack_free(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    if (data[0] == 0)
        try_bytes(data + 1, size - 1);
    else
        try_change((struct input){data + 1, size - 1});
    return 0;
}
