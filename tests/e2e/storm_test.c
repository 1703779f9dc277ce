/* storm_test.c - two hundred real clients lose the daemon at the same moment, with acts in their outboxes, and come
 * back by themselves: each act once, and nobody knocks more often than the growing pauses let him. Promise P2. */
#include "tests/lib/fleet.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLIENTS = 200, LATE_MS = 120000, LEAST_PAUSE_MS = 1000 };

static struct rig rig;
static struct fleet fleet;
static unsigned submitted; /* acts, one for each client that may */

static int start_fleet(void **state)
{
    struct console console;
    (void)state;
    if (sodium_init() < 0 || fleet_most() < CLIENTS) rig_fail("too few open files are allowed");
    rig_prepare(&rig);
    rig_found(&rig);
    devices_visit(&console, rig.registry);
    fleet_enrol(&fleet, &rig, &console, CLIENTS);
    devices_leave(&console);
    rig_serve(&rig);
    fleet_start(&fleet);
    return 0;
}

static int end_fleet(void **state)
{
    (void)state;
    fleet_free(&fleet);
    rig_end(&rig);
    return 0;
}

static void await_all(int64_t after_ms)
{
    if (!fleet_await(&fleet, after_ms, LATE_MS)) rig_fail("%u are live", fleet_live(&fleet, after_ms));
}

static void name_of(unsigned number, char *name, size_t max)
{
    snprintf(name, max, "风暴%u", number);
}

/* Every clerk and every contact enters a person of his unit. */
static void enter_person(void *self, struct client *client, unsigned number)
{
    const struct actor *actor = client_actor(client);
    char name[40];
    uint64_t counter;
    struct record args = record_make(KIND_person, 0);
    if ((actor->roles & (1u << OPT_role_clerk | 1u << OPT_role_contact)) == 0) return;
    name_of(number, name, sizeof name);
    rec_set_text(&args, person_name, text_of(name));
    rec_set(&args, person_unit, (int64_t)actor->unit);
    if (client_submit(client, KIND_person, ACT_person_create, 0, &args, record_mask(&args), &counter) != OK) return;
    __atomic_add_fetch((unsigned *)self, 1, __ATOMIC_RELAXED);
}

static void add_waiting(void *self, struct client *client, unsigned number)
{
    struct client_status status;
    (void)number;
    client_status(client, &status);
    __atomic_add_fetch((unsigned *)self, status.waiting + status.refused, __ATOMIC_RELAXED);
}

static unsigned waiting(void)
{
    unsigned sum = 0;
    fleet_each(&fleet, add_waiting, &sum);
    return sum;
}

/* How often one may knock in so long a time: each pause is half as long again as the one before, as is
 * the least that chance makes of it. */
static unsigned most_attempts(int64_t ms)
{
    unsigned most = 0;
    for (int64_t at = LEAST_PAUSE_MS, pause = LEAST_PAUSE_MS; at <= ms; at += pause = pause * 3 / 2)
        most++;
    return most;
}

/* `pausing`: the daemon was away before, so that a pause of that time may end at any moment. */
static void check_attempts(int64_t lost_ms, bool pausing)
{
    for (unsigned i = 0; i < fleet.count; i++) {
        const struct hand *hand = &fleet.hands[i];
        unsigned attempts = hand_attempts(hand, lost_ms, hand->live_ms), most = most_attempts(hand->live_ms - lost_ms);
        most += pausing;
        if (attempts > most)
            rig_fail("client %u knocked %u times in %ld ms", i, attempts, (long)(hand->live_ms - lost_ms));
    }
}

static void all_find_their_way_in_at_the_first_attempt(void **state)
{
    (void)state;
    await_all(1);
    for (unsigned i = 0; i < fleet.count; i++)
        assert_int_equal(fleet.hands[i].attempts, 1);
}

static void after_a_restart_all_are_live_again_by_themselves(void **state)
{
    (void)state;
    int64_t lost_ms = rig_clock_ms();
    rig_stop(&rig, SIGKILL);
    fleet_each(&fleet, enter_person, &submitted);
    assert_true(submitted > CLIENTS / 2);
    assert_int_equal(waiting(), submitted);
    rig_serve(&rig);
    await_all(lost_ms);
    check_attempts(lost_ms, false);
}

/* It falls again as soon as some have sent theirs. */
static void a_daemon_that_falls_while_they_come_back_takes_each_act_once(void **state)
{
    (void)state;
    rig_stop(&rig, SIGKILL);
    fleet_each(&fleet, enter_person, &submitted);
    int64_t fell_ms = rig_clock_ms(), until_ms = fell_ms + LATE_MS;
    rig_serve(&rig);
    while (fleet_live(&fleet, fell_ms) < CLIENTS / 4)
        if (rig_clock_ms() > until_ms) rig_fail("nobody comes back");
    fell_ms = rig_clock_ms();
    rig_stop(&rig, SIGKILL);
    rig_serve(&rig);
    await_all(fell_ms);
    check_attempts(fell_ms, true);
    while (waiting() > 0)
        if (rig_clock_ms() > until_ms) rig_fail("%u acts wait", waiting());
    fleet_stop(&fleet);
    rig_stop(&rig, SIGTERM);
}

/* Read from the registry itself. */
static void each_act_is_in_the_registry_once_for_each_time_it_was_done(void **state)
{
    struct console console;
    unsigned found[CLIENTS] = {0}, sum = 0;
    (void)state;
    devices_visit(&console, rig.registry);
    const struct space *space = console_space(&console);
    for (uint64_t id = 0; (id = state_next_id(space, KIND_person, id)) != 0; arena_reuse(&console.arena)) {
        struct record person;
        char text[64];
        unsigned number;
        assert_int_equal(state_get(space, KIND_person, id, &console.arena, &person), OK);
        struct text name = rec_text(&person, person_name);
        snprintf(text, sizeof text, "%.*s", (int)name.length, name.at);
        if (sscanf(text, "风暴%u", &number) != 1) continue;
        assert_true(number < CLIENTS);
        found[number]++;
        sum++;
    }
    devices_leave(&console);
    for (unsigned i = 0; i < CLIENTS; i++)
        assert_true(found[i] == 0 || found[i] == 2);
    assert_int_equal(sum, submitted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_find_their_way_in_at_the_first_attempt),
        cmocka_unit_test(after_a_restart_all_are_live_again_by_themselves),
        cmocka_unit_test(a_daemon_that_falls_while_they_come_back_takes_each_act_once),
        cmocka_unit_test(each_act_is_in_the_registry_once_for_each_time_it_was_done),
    };
    return cmocka_run_group_tests(tests, start_fleet, end_fleet);
}
