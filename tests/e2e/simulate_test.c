/* simulate_test.c - duband simulate: weeks of work by the tables and a seed, which the journal proves like any other,
 * which a daemon serves and clients find on their desks. */
#include "tests/lib/rig.h"
#include "tests/lib/sitting.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct rig rig;

static int prepare_rig(void **state)
{
    (void)state;
    rig_prepare(&rig);
    rig_found(&rig);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

/* How often something was done, by its line; 0 when it was not. */
static long times(const char *tally, const char *act)
{
    char line[100];
    snprintf(line, sizeof line, "\n%s ", act);
    const char *found = strstr(tally, line);
    return found != NULL ? strtol(found + strlen(line), NULL, 10) : 0;
}

static void the_same_seed_does_the_same_again(void **state)
{
    (void)state;
    char other[300];
    snprintf(other, sizeof other, "%s/other", rig.directory);
    rig_daemon_out(&rig, 0, "demo", other, NULL);
    const char *here = rig_daemon_out(&rig, 0, "simulate", rig.registry, "--until", "2009-10-30", NULL);
    assert_string_equal(here, rig_daemon_out(&rig, 0, "simulate", other, "--until", "2009-10-30", NULL));
    assert_true(times(here, "report submit") > 100);
    static const char *const acts[] = {
        "report return",   "issue cancel",    "warning lift",           "approval grant",   "fee check",
        "attendance sign", "complaint close", "dispatch_answer answer", "assignment handle"};
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (times(here, acts[i]) == 0) rig_fail("nobody did: %s", acts[i]);
    rig_daemon_out(&rig, 0, "check", rig.registry, NULL);
}

/* The people's devices are taken up again, and time goes on from where it was. */
static void a_further_run_goes_on(void **state)
{
    (void)state;
    rig_daemon_err(&rig, 2, "simulate", rig.registry, "--until", "2009-10-29", NULL);
    rig_daemon_err(&rig, 2, "simulate", rig.registry, "--until", "31 October", NULL);
    rig_daemon_err(&rig, 2, "simulate", rig.registry, "--seed", "-1", NULL);
    rig_daemon_out(&rig, 0, "simulate", rig.registry, "--until", "2009-11-05", NULL);
    rig_daemon_out(&rig, 0, "check", rig.registry, NULL);
}

/* Tickets that ran out meanwhile are given anew, also a second time. */
static void clients_find_it_on_their_desks(void **state)
{
    (void)state;
    static const char *const logins[] = {"XMB", "HRX", "ZWZ"};
    rig_serve(&rig);
    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++)
        assert_true(json_lines(rig_out(&rig, 0, logins[i], "desk", "--json", NULL)) > 0);
    json_expect(rig_out(&rig, 0, "XMB", "status", "--json", NULL), "demo", "true");
    assert_true(json_lines(rig_out(&rig, 0, "XMB", "warning", "list", "--json", NULL)) > 5);
    assert_true(json_lines(rig_out(&rig, 0, "XMB", "issue", "list", "--json", NULL)) > 20);
    rig_daemon_err(&rig, 1, "simulate", rig.registry, NULL); /* it is served */
}

/* A list may cut names, but never the word that says how a record stands; kinds may be typed with dashes. */
static void a_list_says_whole_how_each_stands(void **state)
{
    (void)state;
    sitting_begin(&rig);
    struct pty *office = sit_down("XMB");
    type(office, ":approval\r", "with the department");
    type(office, ":review-meeting\r", "review meeting");
    get_up(office);
    rig_stop(&rig, SIGTERM);
}

static void a_real_registry_is_refused(void **state)
{
    (void)state;
    char real[300];
    snprintf(real, sizeof real, "%s/real", rig.directory);
    rig_daemon_out(&rig, 0, "init", real, "--name", "督办", NULL);
    const char *said = rig_daemon_err(&rig, 4, "simulate", real, NULL);
    assert_non_null(strstr(said, "demo"));
    snprintf(real, sizeof real, "%s/clocked", rig.directory);
    rig_daemon_out(&rig, 0, "init", real, "--name", "督办", "--demo", NULL); /* its clock is the machine's */
    rig_daemon_err(&rig, 4, "simulate", real, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_does_the_same_again),
        cmocka_unit_test(a_further_run_goes_on),
        cmocka_unit_test(clients_find_it_on_their_desks),
        cmocka_unit_test_teardown(a_list_says_whole_how_each_stands, clear_seats),
        cmocka_unit_test(a_real_registry_is_refused),
    };
    return cmocka_run_group_tests(tests, prepare_rig, end_rig);
}
