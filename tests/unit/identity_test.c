/* identity_test.c - keys from a seed, tickets as people type them, signatures, the sealed key file, the cache's seal.
 */
#include "proto/identity.h"
#include "tests/lib/rng.h"
#include "tests/lib/unit.h"

#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int start(void **state)
{
    (void)state;
    return sodium_init() < 0 ? -1 : 0;
}

/* ---- keys ---- */

static void everything_follows_from_the_seed(void **state)
{
    uint8_t seed[SEED_BYTES] = {1, 2, 3}, other[SEED_BYTES] = {1, 2, 4}, public[KEY_BYTES];
    struct identity a, b, c;
    (void)state;
    identity_from_seed(&a, seed);
    identity_from_seed(&b, seed);
    identity_from_seed(&c, other);
    assert_memory_equal(&a, &b, sizeof a);
    /* the subkeys have nothing in common, nor have two seeds */
    assert_memory_not_equal(a.sign_public, c.sign_public, KEY_BYTES);
    assert_memory_not_equal(a.transport_public, c.transport_public, KEY_BYTES);
    assert_memory_not_equal(a.cache_key, c.cache_key, KEY_BYTES);
    assert_memory_not_equal(a.sign_public, a.transport_public, KEY_BYTES);
    assert_memory_not_equal(a.transport_secret, a.cache_key, KEY_BYTES);
    assert_memory_not_equal(a.transport_secret, a.sign_secret, KEY_BYTES);
    assert_memory_not_equal(a.transport_secret, seed, KEY_BYTES);
    crypto_scalarmult_base(public, a.transport_secret);
    assert_memory_equal(public, a.transport_public, KEY_BYTES);
    identity_wipe(&a);
    assert_true(sodium_is_zero((const uint8_t *)&a, sizeof a));
}

/* ---- tickets ---- */

static struct ticket sample_ticket(const char *host, uint16_t port)
{
    struct ticket ticket = {.port = port};
    snprintf(ticket.host, sizeof ticket.host, "%s", host);
    for (int i = 0; i < KEY_BYTES; i++)
        ticket.server_transport[i] = (uint8_t)(i * 37 + 11);
    for (int i = 0; i < CODE_BYTES; i++)
        ticket.code[i] = (uint8_t)(i * 91 + 5);
    return ticket;
}

static void expect_ticket(const char *text, const struct ticket *want)
{
    struct ticket read;
    if (ticket_read(text, &read) != OK) fail_msg("refused: %s", text);
    assert_string_equal(read.host, want->host);
    assert_int_equal(read.port, want->port);
    assert_memory_equal(read.server_transport, want->server_transport, KEY_BYTES);
    assert_memory_equal(read.code, want->code, CODE_BYTES);
}

static void a_ticket_is_read_as_it_was_written(void **state)
{
    static const char *const hosts[] = {"duban.yueyang.gov.cn", "10.0.0.5", "2001:db8::7", "x"};
    char text[TICKET_TEXT_MAX], longest[HOST_MAX + 1];
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct ticket ticket = sample_ticket(hosts[i], (uint16_t)(i == 0 ? 65535 : 1 + i));
        ticket_write(&ticket, text);
        assert_true(strlen(text) < TICKET_TEXT_MAX);
        expect_ticket(text, &ticket);
    }
    memset(longest, 'h', sizeof longest - 1);
    longest[HOST_MAX] = '\0';
    struct ticket ticket = sample_ticket(longest, 7009);
    ticket_write(&ticket, text);
    expect_ticket(text, &ticket);
}

/* The part behind the port: digits and dashes. */
static char *code_part(char *text)
{
    return strrchr(text, ':') + 1;
}

static void a_ticket_forgives_how_people_type(void **state)
{
    char text[TICKET_TEXT_MAX], typed[2 * TICKET_TEXT_MAX];
    struct ticket ticket = sample_ticket("duban.example.org", 7009);
    (void)state;
    ticket_write(&ticket, text);
    snprintf(typed, sizeof typed, "  %s\r\n", text); /* pasted with spaces and the line's end */
    expect_ticket(typed, &ticket);
    snprintf(typed, sizeof typed, "%s", text);
    for (char *at = code_part(typed); *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    expect_ticket(typed, &ticket);
    snprintf(typed, sizeof typed, "DUBAN1%s", text + 6);
    expect_ticket(typed, &ticket);
    size_t used = (size_t)(code_part(text) - text);
    memcpy(typed, text, used);
    for (const char *at = code_part(text); *at != '\0'; at++)
        if (*at != '-') typed[used++] = *at; /* no dashes */
    typed[used] = '\0';
    expect_ticket(typed, &ticket);
    snprintf(typed, sizeof typed, "%s", text);
    for (char *at = code_part(typed); *at != '\0'; at++)
        if (*at == '-') *at = ' ';
    expect_ticket(typed, &ticket);
    for (int round = 0; round < 3; round++) { /* O for 0, I and L for 1, in both cases */
        static const char letters[3][2] = {{'O', 'I'}, {'o', 'l'}, {'O', 'L'}};
        snprintf(typed, sizeof typed, "%s", text);
        for (char *at = code_part(typed); *at != '\0'; at++)
            if (*at == '0' || *at == '1') *at = letters[round][*at - '0'];
        assert_string_not_equal(typed, text);
        expect_ticket(typed, &ticket);
    }
}

static void a_mistyped_ticket_is_refused(void **state)
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    char text[TICKET_TEXT_MAX], typed[TICKET_TEXT_MAX];
    struct ticket ticket = sample_ticket("duban.example.org", 7009), read = {.port = 77};
    (void)state;
    ticket_write(&ticket, text);
    for (size_t at = (size_t)(code_part(text) - text); text[at] != '\0'; at++) {
        snprintf(typed, sizeof typed, "%s", text);
        if (text[at] == '-') continue;
        for (size_t i = 0; digits[i] != '\0'; i++) { /* one character wrong */
            typed[at] = digits[i];
            if (typed[at] != text[at] && ticket_read(typed, &read) == OK) fail_msg("taken: %s", typed);
        }
        typed[at] = 'U'; /* not a digit at all */
        assert_int_equal(ticket_read(typed, &read), ERR_BAD_TICKET);
        memmove(typed + at, text + at + 1, strlen(text + at)); /* one left out */
        assert_int_equal(ticket_read(typed, &read), ERR_BAD_TICKET);
    }
    char *code = code_part(text);
    for (size_t i = 0; code[i + 1] != '\0'; i++) { /* two swapped */
        if (code[i] == code[i + 1] || code[i] == '-' || code[i + 1] == '-') continue;
        snprintf(typed, sizeof typed, "%s", text);
        size_t at = (size_t)(code - text) + i;
        typed[at] = text[at + 1];
        typed[at + 1] = text[at];
        assert_int_equal(ticket_read(typed, &read), ERR_BAD_TICKET);
    }
    snprintf(typed, sizeof typed, "duban1:duban.example.net:7009:%s", code); /* another host, another port */
    assert_int_equal(ticket_read(typed, &read), ERR_BAD_TICKET);
    snprintf(typed, sizeof typed, "duban1:duban.example.org:7008:%s", code);
    assert_int_equal(ticket_read(typed, &read), ERR_BAD_TICKET);
    assert_int_equal(read.port, 77); /* untouched by refusals */
}

static void what_is_no_ticket_is_refused(void **state)
{
    static const char *const texts[] = {"",
                                        " ",
                                        "duban1",
                                        "duban1:",
                                        "duban1::",
                                        "duban1:::",
                                        "duban1:h:7009:",
                                        "duban1:h:0:AAAAA",
                                        "duban1:h:70000:AAAAA",
                                        "duban1:h:x:AAAAA",
                                        "duban1:h::AAAAA",
                                        "duban1::7009:AAAAA",
                                        "duban2:h:7009:AAAAA",
                                        "h:7009:AAAAA",
                                        "duban1:h:7009:AAAAA",
                                        "督办1:h:7009:AAAAA"};
    char endless[5000];
    struct ticket read;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(ticket_read(texts[i], &read), ERR_BAD_TICKET);
    memset(endless, 'A', sizeof endless);
    memcpy(endless, "duban1:h:7009:", 14);
    endless[sizeof endless - 1] = '\0';
    assert_int_equal(ticket_read(endless, &read), ERR_BAD_TICKET);
}

static void a_tickets_code_gives_one_transport_key(void **state)
{
    uint8_t code[CODE_BYTES] = {1}, other[CODE_BYTES] = {2}, public[3][KEY_BYTES], secret[3][KEY_BYTES],
            check[KEY_BYTES];
    uint8_t demo[2][CODE_BYTES];
    (void)state;
    ticket_transport(code, public[0], secret[0]);
    ticket_transport(code, public[1], secret[1]);
    ticket_transport(other, public[2], secret[2]);
    assert_memory_equal(secret[0], secret[1], KEY_BYTES);
    assert_memory_not_equal(secret[0], secret[2], KEY_BYTES);
    crypto_scalarmult_base(check, secret[0]);
    assert_memory_equal(check, public[0], KEY_BYTES);
    demo_code("HRX", demo[0]);
    demo_code("PJX", demo[1]);
    assert_memory_not_equal(demo[0], demo[1], CODE_BYTES);
}

/* ---- signatures ---- */

static void a_signature_is_good_for_its_key_registry_and_bytes_alone(void **state)
{
    uint8_t seed[SEED_BYTES] = {5}, other_seed[SEED_BYTES] = {6}, signature[SIGNATURE_BYTES];
    uint8_t registry[REGISTRY_ID_BYTES] = {1}, other_registry[REGISTRY_ID_BYTES] = {2}, command[100];
    struct identity me, other;
    (void)state;
    identity_from_seed(&me, seed);
    identity_from_seed(&other, other_seed);
    memset(command, 0x5a, sizeof command);
    command_sign(&me, registry, command, sizeof command, signature);
    assert_true(command_verify(me.sign_public, registry, command, sizeof command, signature));
    assert_false(command_verify(other.sign_public, registry, command, sizeof command, signature));
    assert_false(command_verify(me.sign_public, other_registry, command, sizeof command, signature));
    assert_false(command_verify(me.sign_public, registry, command, sizeof command - 1, signature));
    for (size_t i = 0; i < sizeof command; i++) {
        command[i] ^= 1;
        assert_false(command_verify(me.sign_public, registry, command, sizeof command, signature));
        command[i] ^= 1;
    }
    for (size_t i = 0; i < sizeof signature; i++) {
        signature[i] ^= 0x10;
        assert_false(command_verify(me.sign_public, registry, command, sizeof command, signature));
        signature[i] ^= 0x10;
    }
}

static void a_signed_head_is_no_command(void **state)
{
    uint8_t seed[SEED_BYTES] = {5}, hash[HASH_BYTES] = {9}, other[HASH_BYTES] = {8}, signature[SIGNATURE_BYTES];
    uint8_t registry[REGISTRY_ID_BYTES] = {1}, body[8 + HASH_BYTES + 8] = {0};
    struct identity server;
    stamp_t now = {1254099600}, later = {1254099601};
    (void)state;
    identity_from_seed(&server, seed);
    head_sign(&server, registry, 7, hash, now, signature);
    assert_true(head_verify(server.sign_public, registry, 7, hash, now, signature));
    assert_false(head_verify(server.sign_public, registry, 8, hash, now, signature));
    assert_false(head_verify(server.sign_public, registry, 7, other, now, signature));
    assert_false(head_verify(server.sign_public, registry, 7, hash, later, signature));
    /* the same bytes, presented as a command */
    body[7] = 7;
    memcpy(body + 8, hash, HASH_BYTES);
    for (int i = 0; i < 8; i++)
        body[8 + HASH_BYTES + i] = (uint8_t)((uint64_t)now.s >> (56 - 8 * i));
    assert_false(command_verify(server.sign_public, registry, body, sizeof body, signature));
    command_sign(&server, registry, body, sizeof body, signature);
    assert_false(head_verify(server.sign_public, registry, 7, hash, now, signature));
}

/* ---- the key file ---- */

static const struct key_card card = {
    .registry = {1}, .server_transport = {2}, .server_sign = {3}, .device = 300, .operator = 70000, .login = "HRX-1"};

static void a_key_file_opens_with_its_passphrase_alone(void **state)
{
    uint8_t seed[SEED_BYTES] = {42}, opened[SEED_BYTES] = {0};
    struct pack file;
    struct key_card read;
    (void)state;
    pack_init(&file, KEY_FILE_BYTES_MAX);
    assert_int_equal(key_file_seal(&card, seed, "correct horse 电池", &file), OK);
    assert_int_equal(key_file_card(file.at, file.used, &read), OK);
    assert_memory_equal(read.registry, card.registry, REGISTRY_ID_BYTES);
    assert_memory_equal(read.server_transport, card.server_transport, KEY_BYTES);
    assert_memory_equal(read.server_sign, card.server_sign, KEY_BYTES);
    assert_true(read.device == 300 && read.operator == 70000);
    assert_string_equal(read.login, "HRX-1");
    assert_int_equal(key_file_open(file.at, file.used, "correct horse 电池", &read, opened), OK);
    assert_memory_equal(opened, seed, SEED_BYTES);
    assert_int_equal(key_file_open(file.at, file.used, "correct horse", &read, opened), ERR_PASSPHRASE);
    assert_int_equal(key_file_open(file.at, file.used, "", &read, opened), ERR_PASSPHRASE);
    assert_null(memmem(file.at, file.used, seed, 4)); /* not in the clear */
    struct pack second;
    pack_init(&second, KEY_FILE_BYTES_MAX);
    assert_int_equal(key_file_seal(&card, seed, "correct horse 电池", &second), OK);
    assert_memory_not_equal(second.at, file.at, file.used); /* with a salt of its own */
    pack_free(&second);
    pack_free(&file);
}

/* A key file whose lock is cheap, built by its description in PROTOCOL.md: so that many can be tried. */
static size_t cheap_file(uint8_t out[KEY_FILE_BYTES_MAX], const char *passphrase, const uint8_t seed[SEED_BYTES])
{
    static const uint8_t salt[crypto_pwhash_SALTBYTES] = {4};
    uint8_t key[KEY_BYTES], sealed[SEED_BYTES + SEAL_EXTRA_BYTES];
    struct pack file;
    pack_init(&file, KEY_FILE_BYTES_MAX);
    pack_array(&file, 12);
    pack_text(&file, text_of("duban-key"));
    pack_int(&file, 1);
    pack_bytes(&file, card.registry, REGISTRY_ID_BYTES);
    pack_bytes(&file, card.server_transport, KEY_BYTES);
    pack_bytes(&file, card.server_sign, KEY_BYTES);
    pack_int(&file, (int64_t)card.device);
    pack_int(&file, (int64_t)card.operator);
    pack_text(&file, text_of(card.login));
    pack_int(&file, 1);
    pack_int(&file, 8192);
    pack_bytes(&file, salt, sizeof salt);
    if (crypto_pwhash(key, sizeof key, passphrase, strlen(passphrase), salt, 1, 8192, crypto_pwhash_ALG_ARGON2ID13) !=
        0)
        abort();
    seal(key, (struct text){(const char *)file.at, (uint32_t)file.used}, seed, SEED_BYTES, sealed);
    pack_bytes(&file, sealed, sizeof sealed);
    size_t used = file.used;
    memcpy(out, file.at, used);
    pack_free(&file);
    return used;
}

static void every_flipped_byte_of_a_key_file_is_refused(void **state)
{
    uint8_t seed[SEED_BYTES] = {42}, opened[SEED_BYTES], file[KEY_FILE_BYTES_MAX];
    size_t count = cheap_file(file, "pass", seed), lock = count - 96; /* operations and memory: 01 cd 20 00 */
    unsigned opened_count = 0;
    struct key_card read;
    (void)state;
    assert_memory_equal(file + lock, "\x01\xcd\x20\x00", 4);
    assert_int_equal(key_file_open(file, count, "pass", &read, opened), OK);
    assert_memory_equal(opened, seed, SEED_BYTES);
    for (size_t i = 0; i < count; i++)
        for (int bit = 0; bit < 8; bit++) {
            file[i] ^= (uint8_t)(1 << bit);
            opened_count += key_file_card(file, count, &read) == OK;
            if (key_file_open(file, count, "pass", &read, opened) == OK) fail_msg("byte %zu bit %d", i, bit);
            file[i] ^= (uint8_t)(1 << bit);
        }
    assert_true(opened_count > 1000); /* most of them fail at the seal, not at the form */
    for (size_t length = 0; length < count; length++)
        assert_int_equal(key_file_card(file, length, &read), ERR_FORMAT);
    assert_int_equal(key_file_card(file, count + 1, &read), ERR_FORMAT);
}

static void a_lock_without_measure_is_refused(void **state)
{
    static const int64_t locks[][2] = {{0, 8192},      {17, 8192}, {1, 8191}, {1, (1ll << 30) + 1},
                                       {1, INT64_MAX}, {-1, 8192}};
    uint8_t seed[SEED_BYTES] = {42}, file[KEY_FILE_BYTES_MAX];
    size_t count = cheap_file(file, "pass", seed);
    struct unpacked unpacked;
    struct key_card read;
    (void)state;
    for (size_t i = 0; i < sizeof locks / sizeof *locks; i++) {
        struct pack pack;
        pack_init(&pack, KEY_FILE_BYTES_MAX);
        assert_int_equal(unpack(file, count, 32, &unpacked, NULL), OK);
        pack_array(&pack, 12);
        for (size_t j = 0; j < 12; j++)
            if (j == 8 || j == 9)
                pack_int(&pack, locks[i][j - 8]);
            else
                pack_item(&pack, item_at(unpacked.root, j));
        assert_int_equal(key_file_card(pack.at, pack.used, &read), ERR_FORMAT);
        unpack_free(&unpacked);
        pack_free(&pack);
    }
}

/* ---- the cache's seal ---- */

static void a_sealed_value_opens_in_its_own_place_alone(void **state)
{
    uint8_t key[KEY_BYTES] = {1}, other[KEY_BYTES] = {2}, sealed[50 + SEAL_EXTRA_BYTES], again[50 + SEAL_EXTRA_BYTES],
            out[50];
    char value[50];
    struct text here = text_of("record 15 7"), there = text_of("record 15 8");
    (void)state;
    memset(value, 'v', sizeof value);
    seal(key, here, value, sizeof value, sealed);
    assert_true(unseal(key, here, sealed, sizeof sealed, out));
    assert_memory_equal(out, value, sizeof value);
    assert_false(unseal(other, here, sealed, sizeof sealed, out));
    assert_false(unseal(key, there, sealed, sizeof sealed, out)); /* moved to another's place */
    for (size_t i = 0; i < sizeof sealed; i++) {
        sealed[i] ^= 0x80;
        assert_false(unseal(key, here, sealed, sizeof sealed, out));
        sealed[i] ^= 0x80;
    }
    for (size_t count = 0; count < sizeof sealed; count++)
        assert_false(unseal(key, here, sealed, count, out));
    seal(key, here, value, sizeof value, again);
    assert_memory_not_equal(sealed, again, sizeof sealed); /* the same value looks different each time */
    seal(key, here, "", 0, sealed);
    assert_true(unseal(key, here, sealed, SEAL_EXTRA_BYTES, out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_follows_from_the_seed),
        cmocka_unit_test(a_ticket_is_read_as_it_was_written),
        cmocka_unit_test(a_ticket_forgives_how_people_type),
        cmocka_unit_test(a_mistyped_ticket_is_refused),
        cmocka_unit_test(what_is_no_ticket_is_refused),
        cmocka_unit_test(a_tickets_code_gives_one_transport_key),
        cmocka_unit_test(a_signature_is_good_for_its_key_registry_and_bytes_alone),
        cmocka_unit_test(a_signed_head_is_no_command),
        cmocka_unit_test(a_key_file_opens_with_its_passphrase_alone),
        cmocka_unit_test(every_flipped_byte_of_a_key_file_is_refused),
        cmocka_unit_test(a_lock_without_measure_is_refused),
        cmocka_unit_test(a_sealed_value_opens_in_its_own_place_alone),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
