/* grant_test.c - promise P4: nobody sees or does what tests/grants.txt does not grant, and everybody what it does.
 *
 * That file is the second opinion: written from DOMAIN.md by another hand than the tables. Here it is read and
 * compared with what may_see's and may_act's own functions say, for every kind, state, action, relation and set
 * of roles, in both directions. Runs from the top of the source tree. */
#include "proto/grant.h"
#include "tests/lib/grants.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROLE_COUNT = 5, ROLE_SETS = 1 << ROLE_COUNT };

static int read_grants(void **state)
{
    (void)state;
    grants_read();
    return 0;
}

static void need_file(void)
{
    if (grants_count() > 0) return;
    fprintf(stderr, "tests/grants.txt is not there (or tests do not run from the top of the tree)\n");
    skip();
}

/* Role sets 0 to 31 as bits OPT_role_x. */
static uint32_t role_set(unsigned set)
{
    return (uint32_t)set << 1;
}

/* Somebody of unit 7 with a relation: by the unit's function, or because the record ties the unit so. */
static void related(unsigned relation, unsigned set, struct actor *actor, struct ties *ties)
{
    *actor = (struct actor){.type = ACTOR_OPERATOR, .device = 3, .operator = 4, .unit = 7, .roles = role_set(set)};
    *ties = (struct ties){.count = 1};
    ties->at[0].relation = relation >= 32 ? (uint8_t)relation : REL_author;
    ties->at[0].unit = relation >= 32 ? 7 : 8; /* someone else's */
    if (relation > 0 && relation < 32) actor->functions = 1u << relation;
    if (relation == REL_rule) actor->type = ACTOR_RULE;
    if (relation == REL_console) actor->type = ACTOR_CONSOLE;
    if (relation == REL_ticket) actor->type = ACTOR_TICKET;
    if (relation >= REL_rule) {
        actor->unit = actor->operator = 0;
        ties->count = 0;
    }
}

static const char *role_words(uint32_t roles)
{
    static char words[100];
    struct str str = str_in(words, sizeof words);
    for (const struct option *row = NULL; (row = option_next(CHOICE_role, row)) != NULL;)
        if (roles >> row->wire & 1) str_printf(&str, "%s%s", str.used > 0 ? "," : "", row->name);
    return str.used > 0 ? words : "no role";
}

static unsigned differences;

static void differ(bool file, const char *verb, unsigned kind, const char *row, unsigned relation, uint32_t roles)
{
    differences++;
    fprintf(stderr, "%s: %s %s %s %s (%s)\n", file ? "only grants.txt grants" : "only the tables grant", verb,
            kind_row(kind)->name, row, relation_row(relation)->name, role_words(roles));
}

/* Role sets that differ are reported for the smallest sets alone: those without a differing part. */
static bool smaller_differs(const bool *differing, unsigned set)
{
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        if ((set >> role & 1) && differing[set & ~(1u << role)]) return true;
    return false;
}

static void compare_state(unsigned kind, const struct state_row *row, unsigned relation)
{
    bool differing[ROLE_SETS] = {false};
    struct record record = record_make(kind, 1);
    rec_set(&record, F_STATE, row->wire);
    for (unsigned set = 0; set < ROLE_SETS; set++) {
        struct actor actor;
        struct ties ties;
        related(relation, set, &actor, &ties);
        bool seen = see_level(&record, &ties, &actor) > SEE_NOTHING;
        bool granted = grants_allow(true, kind, row->wire, 1ull << relation, actor.roles, true);
        differing[set] = seen != granted;
        if (differing[set] && !smaller_differs(differing, set))
            differ(granted, "see", kind, row->name, relation, actor.roles);
    }
}

static void exactly_what_is_granted_is_visible(void **state)
{
    (void)state;
    need_file();
    differences = 0;
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (const struct state_row *row = NULL; (row = state_next(kind->wire, row)) != NULL;)
            for (const struct relation_row *relation = NULL; (relation = relation_next(relation)) != NULL;)
                if (relation->wire < REL_rule) compare_state(kind->wire, row, relation->wire);
    if (differences > 0) fail_msg("%u differences", differences);
}

static void compare_action(unsigned kind, const struct action *row, unsigned relation)
{
    bool differing[ROLE_SETS] = {false};
    for (unsigned set = 0; set < ROLE_SETS; set++) {
        struct actor actor;
        struct ties ties;
        related(relation, set, &actor, &ties);
        bool does = may_act(row, &ties, &actor);
        bool granted = grants_allow(false, kind, row->wire, 1ull << relation, actor.roles, relation < REL_rule);
        differing[set] = does != granted;
        if (differing[set] && !smaller_differs(differing, set))
            differ(granted, "do", kind, row->name, relation, actor.roles);
    }
}

static void exactly_what_is_granted_can_be_done(void **state)
{
    (void)state;
    need_file();
    differences = 0;
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (const struct action *row = NULL; (row = action_next(kind->wire, row)) != NULL;)
            for (const struct relation_row *relation = NULL; (relation = relation_next(relation)) != NULL;)
                compare_action(kind->wire, row, relation->wire);
    if (differences > 0) fail_msg("%u differences", differences);
}

/* Two relations at once grant what either grants, and nothing more. */
static void relations_add_up_and_make_nothing_new(void **state)
{
    (void)state;
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (const struct action *row = NULL; (row = action_next(kind->wire, row)) != NULL;)
            for (unsigned a = 1; a < REL_rule; a++)
                for (unsigned b = a + 1; b < REL_rule; b++) {
                    struct actor first, second;
                    struct ties ties_a, ties_b;
                    unsigned set = (a * 7 + b) % ROLE_SETS;
                    if (relation_row(a) == NULL || relation_row(b) == NULL) continue;
                    related(a, set, &first, &ties_a);
                    related(b, set, &second, &ties_b);
                    bool either = may_act(row, &ties_a, &first) || may_act(row, &ties_b, &second);
                    second.functions |= first.functions;
                    ties_b.at[ties_b.count++] = ties_a.at[0];
                    assert_int_equal(may_act(row, &ties_b, &second), either);
                }
}

/* A tie to another unit is no tie. */
static void what_others_are_tied_by_does_not_count(void **state)
{
    (void)state;
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (unsigned relation = 32; relation < REL_rule; relation++) {
            struct actor actor, plain;
            struct ties ties, none = {.count = 0};
            if (relation_row(relation) == NULL) continue;
            related(relation, ROLE_SETS - 1, &actor, &ties);
            plain = actor;
            ties.at[0].unit = 8;
            for (const struct action *row = NULL; (row = action_next(kind->wire, row)) != NULL;)
                assert_int_equal(may_act(row, &ties, &actor), may_act(row, &none, &plain));
        }
}

/* A ticket's holder sees the device that the ticket is for, and nothing else at all. */
static void a_ticket_opens_nothing_but_its_device(void **state)
{
    struct actor holder = {.type = ACTOR_TICKET, .device = 5};
    struct ties none = {.count = 0};
    (void)state;
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (const struct state_row *row = NULL; (row = state_next(kind->wire, row)) != NULL;)
            for (uint64_t id = 4; id <= 6; id++) {
                struct record record = record_make(kind->wire, id);
                rec_set(&record, F_STATE, row->wire);
                bool own = kind->wire == KIND_device && id == 5;
                assert_int_equal(see_level(&record, &none, &holder) > SEE_NOTHING, own);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_what_is_granted_is_visible),
        cmocka_unit_test(exactly_what_is_granted_can_be_done),
        cmocka_unit_test(relations_add_up_and_make_nothing_new),
        cmocka_unit_test(what_others_are_tied_by_does_not_count),
        cmocka_unit_test(a_ticket_opens_nothing_but_its_device),
    };
    return cmocka_run_group_tests(tests, read_grants, NULL);
}
