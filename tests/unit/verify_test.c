/* verify_test.c - signatures checked beside the loop: every one, once, and whoever's is wrong alone is refused. */
#include "server/verify.h"
#include "tests/lib/disk.h"
#include "tests/lib/unit.h"

static struct disk disk;

static int setup(void **state)
{
    (void)state;
    disk_init(&disk, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    disk_free(&disk);
    return 0;
}

/* As it has come: read, its signer found, nothing checked. */
static struct request *opened(const struct request *from, bool forged)
{
    struct txn *txn;
    struct request *request = arena_get(&disk.arena, sizeof *request);
    *request = *from;
    request->verified = false;
    if (forged) {
        char *signature = arena_copy(&disk.arena, from->signature.at, from->signature.length);
        signature[7] ^= 1;
        request->signature.at = signature;
    }
    assert_int_equal(store_begin(disk.store, false, &txn), OK);
    assert_int_equal(request_open(txn_space(txn), request, &disk.arena), OK);
    txn_abort(&txn);
    return request;
}

static struct request *submission(void)
{
    return disk_request(&disk, "HRX", "report", "submit", 0, "project", "1", "month", "2009-09", "invested", "120",
                        "cumulative", "920", "progress", "主体三层", "difficulties", "无", "next", "封顶", "explain",
                        "核对过", NULL);
}

static void the_forged_among_many_are_found(void **state)
{
    struct verifier verifier;
    struct request *requests[VERIFY_MAX];
    const struct request *good = submission();
    (void)state;
    verifier_start(&verifier, disk.engine.registry);
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < VERIFY_MAX; i++) {
            requests[i] = opened(good, i % 5 == round);
            verifier_add(&verifier, requests[i]);
            if (i % 7 == 0) verifier_help(&verifier);
        }
        verifier_wait(&verifier);
        for (unsigned i = 0; i < VERIFY_MAX; i++) {
            assert_int_equal(requests[i]->why.err, i % 5 == round ? ERR_BAD_SIGNATURE : OK);
            assert_int_equal(requests[i]->verified, i % 5 != round);
        }
    }
    verifier_stop(&verifier);
}

static void a_single_one_is_checked_too(void **state)
{
    struct verifier verifier;
    (void)state;
    verifier_start(&verifier, disk.engine.registry);
    assert_false(verifier_help(&verifier));
    struct request *request = opened(submission(), false);
    verifier_add(&verifier, request);
    verifier_help(&verifier); /* unless a helper that only just began has it */
    verifier_wait(&verifier);
    assert_true(request->verified);
    verifier_wait(&verifier); /* nothing to wait for */
    verifier_stop(&verifier);
    verifier_stop(&verifier);
}

static void a_light_act_needs_no_signature(void **state)
{
    struct verifier verifier;
    (void)state;
    struct request *from = disk_request(&disk, "HRX", "person", "create", 0, "name", "一", "unit", "1", NULL);
    from->signature = (struct text){"", 0};
    verifier_start(&verifier, disk.engine.registry);
    struct request *request = opened(from, false);
    verifier_add(&verifier, request);
    verifier_wait(&verifier);
    assert_int_equal(request->why.err, OK);
    assert_false(request->verified);
    verifier_stop(&verifier);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_forged_among_many_are_found),
        TEST(a_single_one_is_checked_too),
        TEST(a_light_act_needs_no_signature),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
