/* rights_test.c - nobody does over the wire what tests/grants.txt does not grant: a hand-made client that knows no
 * checks sends every action of every kind, for records that are there and for new ones, well signed, as operators of
 * very different offices. Promise P4. */
#include "tests/lib/grants.h"
#include "tests/lib/raw.h"
#include "tests/lib/rig_report.h"
#include "tests/lib/unit.h"

#include "proto/grant.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static struct rig rig;

static int start_rig(void **state)
{
    (void)state;
    grants_read();
    rig_start(&rig);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

/* Who sends: the login, and by which functions and roles the file has to be asked. */
static const struct sender {
    const char *login;
    uint32_t functions, roles;
} senders[] = {
    {"LD", 1u << REL_leader, 1u << OPT_role_head},
    {"XMB-A", 1u << REL_office | 1u << REL_assessor, 1u << OPT_role_admin},
    {"GTJ", 1u << REL_handler, 1u << OPT_role_clerk | 1u << OPT_role_contact},
    {"ZWZ", 1u << REL_centre, 1u << OPT_role_clerk | 1u << OPT_role_contact},
    {"JCJ", 1u << REL_supervision, 1u << OPT_role_clerk | 1u << OPT_role_contact},
    {"HRX-L", 1u << REL_local_government, 1u << OPT_role_head | 1u << OPT_role_reviewer},
};

/* Could the file grant it to the sender, whatever the record ties him by? */
static bool could_be_granted(const struct sender *sender, const struct action *action)
{
    uint64_t ties = 0;
    for (unsigned relation = 32; relation < REL_rule; relation++)
        ties |= 1ull << relation;
    return grants_allow(false, action->kind, action->wire, ties | sender->functions, sender->roles, true);
}

/* Sends one command; the daemon must have answered with a refusal. */
static void must_be_refused(struct raw *raw, const struct sender *sender, const struct action *action, uint64_t target)
{
    struct command command = {.kind = action->kind,
                              .action = action->wire,
                              .target = (int64_t)target,
                              .base = target != 0 ? 1 : 0,
                              .args = record_make(action->kind, 0)};
    struct refusal why = raw_command(raw, &command, &raw->identity);
    if (why.err == OK)
        fail_msg("%s did %s %s on %llu", sender->login, kind_row(action->kind)->name, action->name,
                 (unsigned long long)target);
}

static unsigned try_all(const struct sender *sender)
{
    struct raw raw;
    struct welcome welcome;
    unsigned tried = 0;
    rig_enrol(&rig, sender->login);
    raw_open(&raw, &rig, sender->login, NULL);
    assert_true(raw_greet(&raw, &welcome));
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (const struct action *action = NULL; (action = action_next(kind->wire, action)) != NULL;) {
            if (could_be_granted(sender, action)) continue;
            for (uint64_t target = 0; target <= 2; target++, tried++)
                must_be_refused(&raw, sender, action, target);
        }
    raw_close(&raw);
    return tried;
}

/* clauses: 1.2 all */
static void nothing_that_is_not_granted_is_done(void **state)
{
    (void)state;
    if (grants_count() == 0) skip();
    rig_enrol(&rig, "XMB");
    for (size_t i = 0; i < sizeof senders / sizeof *senders; i++) {
        long before = (rig_enrol(&rig, senders[i].login), rig_head(&rig));
        unsigned tried = try_all(&senders[i]);
        assert_true(tried > 100);
        assert_int_equal(rig_head(&rig), before); /* the journal has not grown */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_that_is_not_granted_is_done)};
    return cmocka_run_group_tests_name("rights", tests, start_rig, end_rig);
}
