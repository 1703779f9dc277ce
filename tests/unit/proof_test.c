/* proof_test.c - what proves a line of a record's history: the signature of its device over the very bytes of this
 * act, and nothing else. */
#include "client/core/proof.h"
#include "tests/lib/unit.h"

#include <sodium.h>
#include <string.h>

enum { ISSUE = 12 };

struct desk {
    struct arena arena;
    struct identity owner, other;
    uint8_t registry[REGISTRY_ID_BYTES];
    uint8_t signature[SIGNATURE_BYTES];
    struct pack bytes;
    struct history_line line;
};

/* The owner's opinion on issue 12, signed and as the daemon tells of it. */
static void sign_opinion(struct desk *desk, int64_t target, unsigned action)
{
    struct command command = {.counter = 3,
                              .kind = KIND_issue,
                              .action = (uint8_t)action,
                              .target = target,
                              .base = 9,
                              .said = {1254099600},
                              .args = record_make(KIND_issue, 0),
                              .given = FIELD_BIT(issue_opinion)};
    rec_set_text(&command.args, issue_opinion, text_of("满意"));
    pack_free(&desk->bytes);
    pack_init(&desk->bytes, COMMAND_BYTES_MAX);
    command_pack(&desk->bytes, &command);
    command_sign(&desk->owner, desk->registry, desk->bytes.at, desk->bytes.used, desk->signature);
    desk->line.command = (struct text){(const char *)desk->bytes.at, (uint32_t)desk->bytes.used};
}

static int setup(void **state)
{
    static struct desk desk;
    uint8_t seed[SEED_BYTES] = {1};
    if (sodium_init() < 0) return -1;
    memset(&desk, 0, sizeof desk);
    arena_init(&desk.arena, 1 << 20);
    identity_from_seed(&desk.owner, seed);
    seed[0] = 2;
    identity_from_seed(&desk.other, seed);
    memset(desk.registry, 7, sizeof desk.registry);
    pack_init(&desk.bytes, COMMAND_BYTES_MAX);
    desk.line = (struct history_line){.number = 20,
                                      .unit = 9,
                                      .operator = 9,
                                      .kind = KIND_issue,
                                      .action = ACT_issue_satisfy,
                                      .is_signed = true,
                                      .signature = {(const char *)desk.signature, SIGNATURE_BYTES},
                                      .key = {(const char *)desk.owner.sign_public, KEY_BYTES}};
    sign_opinion(&desk, ISSUE, ACT_issue_satisfy);
    *state = &desk;
    return 0;
}

static int teardown(void **state)
{
    struct desk *desk = *state;
    pack_free(&desk->bytes);
    arena_clear(&desk->arena);
    return 0;
}

static enum proof check(struct desk *desk, const uint8_t *key)
{
    struct command command;
    return proof_check(desk->registry, KIND_issue, ISSUE, &desk->line, key, &desk->arena, &command);
}

static void what_was_signed_is_verified_and_shown(void **state)
{
    struct desk *desk = *state;
    struct command command;
    assert_int_equal(proof_check(desk->registry, KIND_issue, ISSUE, &desk->line, NULL, &desk->arena, &command),
                     PROOF_GOOD);
    assert_true(text_equal(rec_text(&command.args, issue_opinion), text_of("满意")));
    assert_int_equal(check(desk, desk->owner.sign_public), PROOF_GOOD);
    assert_int_equal(check(desk, desk->other.sign_public), PROOF_OTHER_KEY);
}

static void a_changed_bit_is_noticed(void **state)
{
    struct desk *desk = *state;
    for (size_t i = 0; i < desk->bytes.used; i++) {
        desk->bytes.at[i] ^= 1;
        assert_int_equal(check(desk, NULL), PROOF_BAD);
        desk->bytes.at[i] ^= 1;
    }
    for (size_t i = 0; i < SIGNATURE_BYTES; i++) {
        desk->signature[i] ^= 1;
        assert_int_equal(check(desk, NULL), PROOF_BAD);
        desk->signature[i] ^= 1;
    }
    desk->registry[0] ^= 1; /* signed for another registry */
    assert_int_equal(check(desk, NULL), PROOF_BAD);
    desk->registry[0] ^= 1;
    desk->line.key.at = (const char *)desk->other.sign_public;
    assert_int_equal(check(desk, NULL), PROOF_BAD);
}

/* A true signature of the same operator, put under another act. */
static void a_signature_of_another_act_proves_nothing(void **state)
{
    struct desk *desk = *state;
    sign_opinion(desk, ISSUE + 1, ACT_issue_satisfy);
    assert_int_equal(check(desk, NULL), PROOF_BAD);
    sign_opinion(desk, ISSUE, ACT_issue_dissatisfy);
    assert_int_equal(check(desk, NULL), PROOF_BAD);
    sign_opinion(desk, -2, ACT_issue_satisfy); /* on what the device's own command made */
    assert_int_equal(check(desk, NULL), PROOF_GOOD);
}

static void what_has_to_be_signed_and_is_not_is_told(void **state)
{
    struct desk *desk = *state;
    desk->line.command = desk->line.signature = desk->line.key = (struct text){"", 0};
    assert_int_equal(check(desk, NULL), PROOF_ELSEWHERE);
    desk->line.is_signed = false;
    assert_int_equal(check(desk, NULL), PROOF_MISSING);
    desk->line.operator = 0; /* the registry's own acts have no signature */
    assert_int_equal(check(desk, NULL), PROOF_UNSIGNED);
    desk->line.operator = 9;
    desk->line.action = ACT_issue_collect;
    assert_int_equal(check(desk, NULL), PROOF_UNSIGNED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_signed_is_verified_and_shown, setup, teardown),
        cmocka_unit_test_setup_teardown(a_changed_bit_is_noticed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_signature_of_another_act_proves_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(what_has_to_be_signed_and_is_not_is_told, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
