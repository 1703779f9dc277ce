/* receipt_test.c - 送达 at the keyboard: a warning is delivered when its recipient opens its page, once, by itself,
 * and with the next connection when there was none. Clause 5.4. */
#include "tests/lib/rig_report.h"
#include "tests/lib/sitting.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static struct rig rig;

static int start_rig(void **state)
{
    static const char *const all[] = {"XMB", "HRX", "HRX-L", "PJX", "LD"};
    (void)state;
    rig_start(&rig);
    sitting_begin(&rig);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rig_enrol(&rig, all[i]);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

/* A warning of the office to the county, issued; returns its id. */
static long warn_county(const char *cause)
{
    char id[24];
    const char *made = rig_out(&rig, 0, "XMB", "warning", "propose", "--subject", "HRX", "--cause", cause, "--level",
                               "yellow", "--text", "联席会议未按月召开", "--json", NULL);
    snprintf(id, sizeof id, "%ld", json_number(made, "id"));
    rig_out(&rig, 0, "XMB", "warning", "issue", id, "--yes", NULL);
    return json_number(made, "id");
}

static const char *warning(const char *login, long id)
{
    char word[24];
    snprintf(word, sizeof word, "%ld", id);
    return rig_out(&rig, 0, login, "warning", "show", word, "--json", NULL);
}

static void open_warning(struct pty *seat, long id)
{
    char keys[40];
    snprintf(keys, sizeof keys, ":warning %ld\r", id);
    type(seat, keys, "warning 华容县");
}

/* Others who see it may look: it is delivered when the county does, once, and then signed for as ever. */
/* clauses: 5.4d */
static void opening_a_warning_delivers_it(void **state)
{
    (void)state;
    char value[80], word[24];
    long id = warn_county("meeting_missing");
    snprintf(word, sizeof word, "%ld", id);
    struct pty *office = sit_down("XMB"), *leader = sit_down("LD");
    open_warning(office, id);
    open_warning(leader, id);
    pty_settle(leader, QUIET_MS);
    json_expect(warning("XMB", id), "state", "issued");
    long before = rig_head(&rig);
    struct pty *county = sit_down("HRX");
    open_warning(county, id);
    assert_true(pty_wait(county, "delivered since", SOON_MS));
    assert_true(pty_wait(office, "delivered since", SOON_MS)); /* who has it open sees it arrive */
    assert_int_equal(rig_head(&rig), before + 1);
    assert_true(json_value(warning("XMB", id), "delivered", value, sizeof value));
    struct pty *head = sit_down("HRX-L");
    open_warning(head, id); /* the second one of the unit, and the first again */
    type(county, "q", "desk");
    open_warning(county, id);
    pty_settle(county, QUIET_MS);
    pty_settle(head, QUIET_MS);
    assert_int_equal(rig_head(&rig), before + 1);
    rig_out(&rig, 0, "HRX", "warning", "acknowledge", word, NULL);
    assert_true(pty_wait(county, "signed for since", SOON_MS));
    get_up(head);
    get_up(county);
    get_up(leader);
    get_up(office);
}

/* Opened without a link: nothing is kept and nothing is asked; when the link is there again the page, still open,
 * delivers it. */
static void without_a_link_it_is_delivered_later(void **state)
{
    (void)state;
    long id = warn_county("other");
    struct pty *county = sit_down("HRX");
    assert_int_equal(rig_stop(&rig, SIGTERM), 0);
    assert_true(pty_wait_gone(county, "| connected", SOON_MS));
    open_warning(county, id);
    assert_true(pty_wait(county, "issued since", SOON_MS));
    pty_settle(county, QUIET_MS);
    assert_true(pty_shows(county, "issued since"));
    assert_false(pty_shows(county, "waits to be sent"));
    rig_serve(&rig);
    pty_send(county, "\x12"); /* Ctrl-R: at once, not after the pause */
    assert_true(pty_wait(county, "delivered since", SLOW_MS));
    json_expect(warning("XMB", id), "state", "delivered");
    get_up(county);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, clear_seats)
    const struct CMUnitTest tests[] = {
        TEST(opening_a_warning_delivers_it),
        TEST(without_a_link_it_is_delivered_later),
    };
    return cmocka_run_group_tests_name("receipt", tests, start_rig, end_rig);
}
