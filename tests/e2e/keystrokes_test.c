/* keystrokes_test.c - how many keys the daily jobs take, counted on the real program and listed. What is typed as
 * words, figures or a passphrase is not counted; every key that finds, opens, moves on or sends is. The goals: a
 * month's report 8 from the desk, signing for a warning 2, a signed opinion 4 and the passphrase. */
#include "tests/lib/rig_report.h"
#include "tests/lib/sitting.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <string.h>

static struct rig rig;
static unsigned pressed;
static char listed[200];

static int start_rig(void **state)
{
    static const char *const all[] = {"XMB", "HRX", "HRX-L", "GTJ"};
    (void)state;
    rig_start(&rig);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rig_enrol(&rig, all[i]);
    sitting_begin(&rig);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

static void begin(void)
{
    pressed = 0;
    listed[0] = '\0';
}

/* One key, by its name in the list, and what it leads to. */
static void key(struct pty *seat, const char *name, const char *bytes, const char *leads_to)
{
    size_t used = strlen(listed);
    snprintf(listed + used, sizeof listed - used, "%s%s", used > 0 ? " " : "", name);
    pressed++;
    type(seat, bytes, leads_to);
}

static void end(const char *job, unsigned most)
{
    print_message("# %s: %u keys (%s)\n", job, pressed, listed);
    if (pressed > most) rig_fail("%s: %u keys, at most %u", job, pressed, most);
}

static void a_report_from_the_desk(void **state)
{
    (void)state;
    char figure[32];
    struct rig_project project;
    rig_project(&rig, "HRX", 0, &project);
    struct pty *county = sit_down("HRX");
    begin();
    pty_wait(county, "> 10-09", SOON_MS);
    key(county, "Enter", "\r", "F2 carry out");
    assert_true(pty_wait(county, project.code, SOON_MS));
    type(county, "20", "20");
    key(county, "Tab", "\t", "> invested this year");
    snprintf(figure, sizeof figure, "%.2f", project.invested + 20);
    type(county, figure, figure);
    key(county, "Tab", "\t", "> visible progress");
    type(county, "主管网敷设", "主管网敷设");
    key(county, "Tab", "\t", "> milestones");
    key(county, "Tab", "\t", "> difficulties");
    type(county, "无", "无");
    key(county, "Tab", "\t", "> plan for next month");
    type(county, "支管网", "支管网");
    key(county, "F2", "\033OQ", "submitted");
    end("submit a month's report", 8);
    get_up(county);
    json_expect(rig_report(&rig, "XMB", &project, "2009-09"), "state", "submitted");
}

static void a_warning_that_has_just_come(void **state)
{
    (void)state;
    struct pty *county = sit_down("HRX");
    rig_out(&rig, 0, "XMB", "warning", "propose", "--subject", "HRX", "--cause", "other", "--level", "yellow", "--text",
            "挂号问题逾期未办", NULL);
    begin();
    rig_out(&rig, 0, "XMB", "warning", "issue", "#1", "--yes", NULL);
    assert_true(pty_wait(county, "o open it", SOON_MS));
    key(county, "o", "o", "挂号问题逾期未办");
    key(county, "s", "s", "signed for since");
    end("sign for a warning that was pushed", 2);
    get_up(county);
}

/* The owner's login, enrolled. */
static const char *owner_of(const struct rig_project *project)
{
    static char login[40];
    char id[40];
    snprintf(id, sizeof id, "#%ld",
             json_number(rig_out(&rig, 0, "XMB", "project", "show", project->code, "--json", NULL), "owner_id"));
    assert_true(json_value(rig_out(&rig, 0, "XMB", "unit", "show", id, "--json", NULL), "code", login, sizeof login));
    rig_enrol(&rig, login);
    return login;
}

/* The opinion of an owner whose problem the department says is solved. */
static void an_opinion_in_person(void **state)
{
    (void)state;
    struct rig_project project;
    rig_project(&rig, "HRX", 1, &project);
    rig_out(&rig, 0, "HRX", "issue", "collect", "--project", project.code, "--nature", "land", "--text", "用地未批",
            NULL);
    rig_out(&rig, 0, "XMB", "issue", "register", "#1", "--nature", "land", "--yes", NULL);
    rig_out(&rig, 0, "XMB", "issue", "assign", "2009", "1", "--departments", "GTJ", "--limit", "5", "--yes", NULL);
    rig_out(&rig, 0, "GTJ", "assignment", "accept", "#1", NULL);
    rig_out(&rig, 0, "GTJ", "assignment", "handle", "#1", "--handling", "用地批复已下达", NULL);
    rig_out(&rig, 0, "GTJ", "assignment", "request", "#1", "--request", "请予销号", NULL);
    struct pty *owner = sit_down(owner_of(&project));
    assert_true(pty_wait(owner, "sign as satisfied", SOON_MS));
    begin();
    key(owner, "Enter", "\r", "opinion*");
    type(owner, "满意，同意销号", "满意，同意销号");
    key(owner, "F2", "\033OQ", "the passphrase again");
    pty_send(owner, RIG_PASSPHRASE);
    key(owner, "Enter", "\r", "satisfied");
    end("sign an opinion", 4);
    get_up(owner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_report_from_the_desk, clear_seats),
        cmocka_unit_test_teardown(a_warning_that_has_just_come, clear_seats),
        cmocka_unit_test_teardown(an_opinion_in_person, clear_seats),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
