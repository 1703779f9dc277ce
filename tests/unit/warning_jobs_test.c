/* warning_jobs_test.c - what the rules notice by themselves and propose warnings for, and the leader's digest of them.
 * Clause 5.4 of the notice. */
#include "tests/lib/unit.h"
#include "tests/lib/world.h"

#include <stdio.h>

static int setup(void **state)
{
    static struct world world;
    world_init(&world);
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    world_free(*state);
    return 0;
}

/* A number as text; two at a time. */
static const char *number(uint64_t id)
{
    static char texts[2][24];
    static unsigned next;
    char *text = texts[next++ % 2];
    snprintf(text, sizeof texts[0], "%llu", (unsigned long long)id);
    return text;
}

static const char *unit(struct world *world, const char *code)
{
    return number(world_unit(world, code));
}

#define assert_text(text, wanted) assert_string_equal(kept(text), wanted)

static const char *kept(struct text text)
{
    static char copy[64];
    struct str str = str_in(copy, sizeof copy);
    str_text(&str, text);
    return copy;
}

static struct record warning(struct world *world, uint64_t id)
{
    return world_get(world, KIND_warning, id);
}

/* A warning by hand about the project P1, not issued yet. */
static enum err draw_up(struct world *world, const char *cause)
{
    return world_do(world, "XMB", "warning", "propose", 0, "project", "1", "cause", cause, "level", "yellow", "text",
                    "工程进度明显滞后", NULL);
}

static uint64_t issued(struct world *world, const char *cause)
{
    assert_int_equal(draw_up(world, cause), OK);
    uint64_t id = world->id;
    assert_int_equal(world_do(world, "XMB", "warning", "issue", id, NULL), OK);
    return id;
}

static enum err answer(struct world *world, const char *login, const char *action, uint64_t id, const char *until)
{
    return world_do(world, login, "warning", action, id, "measures", "增加一个班组,倒排工期", "until", until, "fault",
                    "human", NULL);
}

static uint64_t alarm_of(struct world *world, unsigned kind, uint64_t id)
{
    unsigned position;
    struct record record = world_get(world, kind, id);
    field_named(kind, "alarm", &position);
    return (uint64_t)rec_num(&record, position);
}

static uint64_t found_schedule(struct world *world, const char *job)
{
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "found", 0, "job", job, NULL), OK);
    return world->id;
}

/* Runs a schedule at its next moment, or once more; returns how many records it made or moved. */
static int64_t run(struct world *world, uint64_t id)
{
    struct record schedule = world_get(world, KIND_schedule, id);
    if (world->now.s < rec_num(&schedule, schedule_next)) world->now.s = rec_num(&schedule, schedule_next);
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "run", id, NULL), OK);
    schedule = world_get(world, KIND_schedule, id);
    return rec_num(&schedule, schedule_count);
}

static void set(struct world *world, const char *name, const char *value)
{
    assert_int_equal(world_own(world, ACTOR_CONSOLE, "setting", "found", 0, "name", name, "value", value, NULL), OK);
}

/* ---- what the rules notice ---- */

/* September's report is due on 9 October; late from the next day, missing after three more. A unit is warned once,
 * and the open warning is raised when it gets worse. */
/* clauses: 5.4a 5.4b */
static void late_reports_are_noticed(void **state)
{
    struct world *world = *state;
    uint64_t job = found_schedule(world, "report_late");
    world_at(world, 2009, 10, 9, 12);
    for (int day = 0; day < 3; day++)
        assert_int_equal(run(world, job), 0); /* 29 and 30 September, 9 October */
    assert_int_equal(run(world, job), 1);     /* Saturday the 10th is a make-up day */
    struct record record = warning(world, 1);
    assert_int_equal(stamp_day(world->now).n, day_make(2009, 10, 10).n);
    assert_int_equal(rec_state(&record), ST_warning_proposed);
    assert_int_equal(rec_num(&record, F_AUTHOR), 0);
    assert_int_equal(rec_num(&record, warning_by_rule), 1);
    assert_int_equal(rec_num(&record, warning_subject), world_unit(world, "HRX"));
    assert_int_equal(rec_num(&record, warning_cause), OPT_warning_cause_report_late);
    assert_int_equal(rec_num(&record, warning_level), OPT_warning_level_yellow);
    assert_int_equal(rec_num(&record, warning_month), month_make(2009, 9).n);
    assert_int_equal(rec_num(&record, warning_days), 1);
    assert_int_equal(rec_num(&record, warning_count), 2); /* the project's report and the unit's own return */
    assert_int_equal(rec_num(&record, warning_unit_return), 1);
    assert_true(rec_lists(&record, warning_projects, 1));
    assert_int_equal(world_do(world, "XMB", "warning", "issue", 1, NULL), OK);
    assert_int_equal(run(world, job), 0); /* Monday the 12th: still the same */
    assert_int_equal(run(world, job), 1); /* the 13th: missing */
    record = warning(world, 1);
    assert_int_equal(rec_num(&record, warning_level), OPT_warning_level_red);
    assert_int_equal(rec_num(&record, warning_days), 4);
    assert_int_equal(rec_num(&record, warning_raised), world->now.s);
    assert_int_equal(rec_state(&record), ST_warning_issued);
    assert_int_equal(run(world, job), 0);
    assert_int_equal(state_last_id(&world->memory.space, KIND_warning), 1);
}

/* What the office dropped for a month does not come again each morning; when it gets worse, it does. */
static void a_dropped_proposal_does_not_come_back(void **state)
{
    struct world *world = *state;
    uint64_t job = found_schedule(world, "report_late");
    for (int day = 0; day < 4; day++)
        run(world, job);
    assert_int_equal(world_do(world, "XMB", "warning", "drop", 1, "reason", "线路中断", NULL), OK);
    assert_int_equal(run(world, job), 0);
    assert_int_equal(run(world, job), 1);
    struct record record = warning(world, 2);
    assert_int_equal(rec_num(&record, warning_level), OPT_warning_level_red);
}

/* A report that was sent back is late from the day by which it should have been in again. */
static void a_returned_report_has_its_own_day(void **state)
{
    struct world *world = *state;
    assert_int_equal(world_do(world, "HRX", "report", "submit", 0, "project", "1", "month", "2009-09", "invested",
                              "120", "cumulative", "920", "progress", "三层", "difficulties", "无", "next", "四层",
                              NULL),
                     OK);
    uint64_t report = world->id;
    assert_int_equal(world_do(world, "HRX", "unit_return", "submit", 0, "unit", unit(world, "HRX"), "month", "2009-09",
                              "summary", "正常", NULL),
                     OK);
    uint64_t job = found_schedule(world, "report_late");
    world_at(world, 2009, 10, 9, 12);
    assert_int_equal(world_do(world, "XMB", "report", "return", report, "reason", "缺困难", NULL), OK);
    for (int day = 0; day < 6; day++)
        assert_int_equal(run(world, job), 0); /* until 13 October, when it is due: three working days */
    assert_int_equal(stamp_day(world->now).n, day_make(2009, 10, 13).n);
    assert_int_equal(run(world, job), 1);
    struct record record = warning(world, 1);
    assert_int_equal(rec_num(&record, warning_count), 1);
    assert_int_equal(rec_num(&record, warning_days), 1);
}

static void add_project(struct world *world, const char *code, const char *stage, const char *start)
{
    assert_int_equal(world_own(world, ACTOR_CONSOLE, "project", "register", 0, "code", code, "name", "迟开工项目",
                               "list", "preliminary", "category", "transport", "nature", "new", "county",
                               unit(world, "PJX"), "owner", "9", "lead", "2", "responsible", "7", "head", "1", "deputy",
                               "2", "members", "3", "contact", "4", "stage", stage, "start", start, NULL),
                     OK);
}

/* Behind plan, start and milestones, each month: 800 of 800 is green in August; figures that lag are not. */
/* clauses: 5.4b */
static void slow_projects_are_noticed(void **state)
{
    struct world *world = *state;
    uint64_t job = found_schedule(world, "progress");
    assert_int_equal(run(world, job), 0);                                /* all is as planned */
    assert_int_equal(stamp_day(world->now).n, day_make(2009, 10, 10).n); /* a Saturday, but a make-up day */
    /* September and October bring nothing: 800 of 1000 by October is not below 800 per mille, of 1100 it is */
    static const char *const months[] = {"2009-09", "2009-10", "2009-11"};
    world_at(world, 2009, 11, 30, 9);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(world_do(world, "HRX", "report", "submit", 0, "project", "1", "month", months[i], "invested",
                                  "0", "cumulative", "800", "progress", "停滞", "difficulties", "资金不足", "next",
                                  "复工", NULL),
                         OK);
        assert_int_equal(world_do(world, "XMB", "report", "accept", world->id, NULL), OK);
    }
    assert_int_equal(run(world, job), 1);
    struct record record = warning(world, 1);
    assert_int_equal(rec_num(&record, warning_cause), OPT_warning_cause_behind_plan);
    assert_int_equal(rec_num(&record, warning_project), 1);
    assert_int_equal(rec_num(&record, warning_subject), world_unit(world, "HRX"));
    assert_int_equal(rec_num(&record, warning_figure), 727);
    assert_int_equal(rec_num(&record, warning_level), OPT_warning_level_yellow);
    assert_int_equal(rec_num(&record, warning_month), month_make(2009, 11).n);
    assert_int_equal(run(world, job), 0); /* in December nothing is new */
}

static void starts_past_their_day_are_noticed(void **state)
{
    struct world *world = *state;
    add_project(world, "P2", "permit", "2009-08"); /* so by the end of August */
    uint64_t soon = world->id;
    add_project(world, "P3", "approval", "2009-07-10");
    uint64_t long_ago = world->id, job = found_schedule(world, "progress");
    add_project(world, "P4", "approval", "2010-01-01");
    assert_int_equal(run(world, job), 2); /* 10 October 2009 */
    struct record first = warning(world, 1), second = warning(world, 2);
    assert_int_equal(rec_num(&first, warning_project), soon);
    assert_int_equal(rec_num(&first, warning_cause), OPT_warning_cause_start_overdue);
    assert_int_equal(rec_num(&first, warning_level), OPT_warning_level_yellow);
    assert_int_equal(rec_num(&first, warning_days), 40);
    assert_int_equal(rec_num(&second, warning_project), long_ago);
    assert_int_equal(rec_num(&second, warning_level), OPT_warning_level_red);
    assert_int_equal(run(world, job), 0); /* 10 November: two months */
    assert_int_equal(run(world, job), 1); /* 10 December: three, and the open one is raised */
    first = warning(world, 1);
    assert_int_equal(rec_num(&first, warning_level), OPT_warning_level_red);
}

static void milestones_past_their_day_are_noticed(void **state)
{
    struct world *world = *state;
    struct record milestone = record_make(KIND_milestone, 1);
    rec_set(&milestone, F_STATE, ST_milestone_overdue);
    rec_set(&milestone, milestone_project, 1);
    rec_set(&milestone, milestone_target, 1);
    rec_set(&milestone, milestone_due, day_make(2009, 9, 20).n);
    struct record none = record_make(KIND_milestone, 1);
    milestone.version = 1;
    assert_int_equal(state_put(&world->memory.space, &none, &milestone), OK);
    uint64_t job = found_schedule(world, "progress");
    assert_int_equal(run(world, job), 1);
    struct record record = warning(world, 1);
    assert_int_equal(rec_num(&record, warning_cause), OPT_warning_cause_milestone_overdue);
    assert_int_equal(rec_num(&record, warning_level), OPT_warning_level_yellow);
    assert_int_equal(rec_num(&record, warning_days), 20);
    assert_true(rec_lists(&record, warning_milestones, 1));
    assert_int_equal(run(world, job), 1); /* 10 November: more than thirty days */
    record = warning(world, 1);
    assert_int_equal(rec_num(&record, warning_level), OPT_warning_level_red);
}

/* ---- what units leave undone ---- */

/* An issue of P1, registered and assigned to a department until a day; returns the assignment. */
static uint64_t assign(struct world *world, const char *department, const char *due)
{
    assert_int_equal(world_do(world, "HRX", "issue", "collect", 0, "project", "1", "nature", "approval", "text",
                              "用地手续未办结", NULL),
                     OK);
    uint64_t issue = world->id;
    assert_int_equal(world_do(world, "XMB", "issue", "register", issue, NULL), OK);
    assert_int_equal(world_do(world, "XMB", "assignment", "give", 0, "issue", number(issue), "unit",
                              unit(world, department), "due", due, NULL),
                     OK);
    return state_last_id(&world->memory.space, KIND_assignment);
}

/* One warning for a department, whatever it is late with; what was requested in time is not counted. */
/* clauses: 5.4b 5.5i */
static void overdue_assignments_are_noticed(void **state)
{
    struct world *world = *state;
    uint64_t job = found_schedule(world, "assignment_late");
    uint64_t late = assign(world, "FGW", "2009-10-09"), done = assign(world, "JSJ", "2009-10-09");
    uint64_t later = assign(world, "FGW", "2009-10-12");
    assert_int_equal(world_do(world, "JSJ", "assignment", "accept", done, NULL), OK);
    assert_int_equal(world_do(world, "JSJ", "assignment", "handle", done, "handling", "已办", NULL), OK);
    assert_int_equal(world_do(world, "JSJ", "assignment", "request", done, "request", "请予销号", NULL), OK);
    for (int day = 0; day < 3; day++)
        assert_int_equal(run(world, job), 0); /* 29 and 30 September, 9 October: its own day is not over */
    assert_int_equal(run(world, job), 1);     /* the 10th */
    struct record record = warning(world, 1);
    assert_int_equal(rec_state(&record), ST_warning_proposed);
    assert_int_equal(rec_num(&record, warning_cause), OPT_warning_cause_assignment_overdue);
    assert_int_equal(rec_num(&record, warning_subject), world_unit(world, "FGW"));
    assert_int_equal(rec_num(&record, warning_project), 0);
    assert_int_equal(rec_num(&record, warning_level), OPT_warning_level_yellow);
    assert_int_equal(rec_num(&record, warning_count), 1);
    assert_int_equal(rec_num(&record, warning_days), 1);
    assert_true(rec_lists(&record, warning_assignments, (int64_t)late));
    assert_true(rec_lists(&record, warning_projects, 1));
    int64_t made = 0;
    while (made == 0)
        made = run(world, job); /* nothing new until the oldest is ten days late */
    record = warning(world, 1);
    assert_int_equal(stamp_day(world->now).n, day_make(2009, 10, 19).n);
    assert_int_equal(rec_num(&record, warning_level), OPT_warning_level_red);
    assert_int_equal(rec_num(&record, warning_count), 2);
    assert_true(rec_lists(&record, warning_assignments, (int64_t)later));
    assert_int_equal(state_last_id(&world->memory.space, KIND_warning), 1);
}

static void hold_meeting(struct world *world, const char *day, uint64_t first)
{
    assert_int_equal(world_do(world, "HRX", "meeting", "call", 0, "project", "1", "day", day, "hour", "9:30", "venue",
                              "项目部会议室", "contractor", unit(world, "CON1"), NULL),
                     OK);
    uint64_t meeting = world->id;
    assert_int_equal(world_do(world, "HRX", "attendance", "attend", first, "persons", "周县长", NULL), OK);
    assert_int_equal(world_do(world, "OWN1", "attendance", "attend", first + 1, "persons", "吴经理", NULL), OK);
    assert_int_equal(world_do(world, "CON1", "attendance", "attend", first + 2, "persons", "郑队长", NULL), OK);
    assert_int_equal(world_do(world, "HRX", "meeting", "hold", meeting, "progress", "主体三层", "exchange", "征拆进度",
                              "problems", "无", "minutes", "一致同意", NULL),
                     OK);
}

/* September's was held; October's and November's were not: yellow first, then red. */
/* clauses: 5.4b 5.3b */
static void meetings_not_held_are_noticed(void **state)
{
    struct world *world = *state;
    hold_meeting(world, "2009-09-28", 1);
    uint64_t job = found_schedule(world, "meeting_warn");
    assert_int_equal(run(world, job), 0);                               /* of September */
    assert_int_equal(stamp_day(world->now).n, day_make(2009, 10, 9).n); /* the fifth is a holiday */
    assert_int_equal(run(world, job), 1);
    struct record record = warning(world, 1);
    assert_int_equal(stamp_day(world->now).n, day_make(2009, 11, 5).n);
    assert_int_equal(rec_num(&record, warning_cause), OPT_warning_cause_meeting_missing);
    assert_int_equal(rec_num(&record, warning_subject), world_unit(world, "HRX"));
    assert_int_equal(rec_num(&record, warning_level), OPT_warning_level_yellow);
    assert_int_equal(rec_num(&record, warning_month), month_make(2009, 10).n);
    assert_int_equal(rec_num(&record, warning_count), 1);
    assert_int_equal(rec_num(&record, warning_days), 5);
    assert_true(rec_lists(&record, warning_projects, 1));
    assert_int_equal(run(world, job), 1); /* and none in November either */
    record = warning(world, 1);
    assert_int_equal(rec_num(&record, warning_level), OPT_warning_level_red);
    assert_int_equal(rec_num(&record, warning_month), month_make(2009, 11).n);
    assert_int_equal(state_last_id(&world->memory.space, KIND_warning), 1);
}

/* When the administrator says so, what a rule finds goes out at once, each with its own number. */
static void rules_may_issue_at_once(void **state)
{
    struct world *world = *state;
    set(world, "warning_at_once", "1");
    add_project(world, "P2", "permit", "2009-08");
    add_project(world, "P3", "approval", "2009-07-10");
    uint64_t job = found_schedule(world, "progress");
    assert_int_equal(run(world, job), 2);
    struct record first = warning(world, 1), second = warning(world, 2);
    assert_int_equal(rec_state(&first), ST_warning_issued);
    assert_text(rec_text(&first, warning_number), "预警〔2009〕1号");
    assert_text(rec_text(&second, warning_number), "预警〔2009〕2号");
    assert_true(rec_has(&first, warning_alarm));
    assert_int_equal(world_do(world, "HRX", "warning", "acknowledge", 1, NULL), OK);
    assert_int_equal(issued(world, "other"), 3);
    struct record third = warning(world, 3);
    assert_text(rec_text(&third, warning_number), "预警〔2009〕3号");
}

/* ---- the leader's digest ---- */

/* Each week: what is open, new, lifted and escalated since the last one. Drafts are not the leader's matter. */
/* clauses: 5.4c */
static void the_leader_gets_a_digest(void **state)
{
    struct world *world = *state;
    uint64_t job = found_schedule(world, "digest");
    uint64_t open = issued(world, "other"), done = issued(world, "behind_plan");
    assert_int_equal(draw_up(world, "meeting_missing"), OK);
    assert_int_equal(world_do(world, "HRX", "warning", "acknowledge", done, NULL), OK);
    assert_int_equal(answer(world, "HRX", "answer", done, "2009-10-30"), OK);
    assert_int_equal(world_do(world, "XMB", "warning", "lift", done, "reason", "进度已赶上", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "warning", "escalate", open, "reason", "事关重大", NULL), OK);
    assert_int_equal(run(world, job), 1);
    struct record digest = world_get(world, KIND_digest, 1);
    assert_int_equal(stamp_day(world->now).n, day_make(2009, 10, 9).n); /* seven days, and then the holidays */
    assert_text(rec_text(&digest, digest_number), "预警专报〔2009〕1号");
    assert_int_equal(rec_num(&digest, digest_count), 1);
    assert_int_equal(rec_num(&digest, digest_yellow), 1);
    assert_int_equal(rec_num(&digest, digest_red), 0);
    assert_int_equal(rec_num(&digest, digest_overdue), 1);
    assert_int_equal(rec_num(&digest, digest_fresh), 0); /* issued on 28 September, before the first period */
    assert_true(rec_lists(&digest, digest_warnings, (int64_t)open));
    assert_false(rec_lists(&digest, digest_warnings, (int64_t)done));
    /* the next one begins where this one ended */
    issued(world, "assignment_overdue");
    assert_int_equal(run(world, job), 1);
    struct record next = world_get(world, KIND_digest, 2);
    assert_int_equal(rec_num(&next, digest_from), rec_num(&digest, digest_to));
    assert_int_equal(rec_num(&next, digest_count), 2);
    assert_int_equal(rec_num(&next, digest_fresh), 1);
    assert_int_equal(rec_num(&next, digest_lifted), 0);
}

/* Reading is a receipt of the leader's own, with its time; an unread one is shown as overdue and goes no further. */
/* clauses: 5.4c */
static void the_leaders_reading_is_a_receipt(void **state)
{
    struct world *world = *state;
    issued(world, "other");
    assert_int_equal(world_do(world, "HRX", "digest", "make", 0, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "LD-L", "digest", "make", 0, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "XMB", "digest", "make", 0, "remark", "本周预警", NULL), OK);
    uint64_t id = world->id;
    struct record digest = world_get(world, KIND_digest, id);
    assert_int_equal(rec_num(&digest, digest_fresh), 1);
    assert_int_equal(rec_num(&digest, digest_due), day_make(2009, 10, 9).n); /* three working days */
    assert_int_equal(world_sees(world, "HRX", KIND_digest, id), SEE_NOTHING);
    assert_int_equal(world_sees(world, "LD", KIND_digest, id), SEE_FULL);
    assert_int_equal(world_sees(world, "JCJ", KIND_digest, id), SEE_LIST);
    assert_int_equal(world_do(world, "XMB", "digest", "read", id, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "LD", "digest", "read", id, NULL), ERR_NOT_ALLOWED); /* the clerk there */
    assert_int_equal(world_do(world, "LD-L", "digest", "read", id, "remark", "抓紧", NULL), ERR_NOT_YOURS);
    for (int rung = OPT_rung_reminded; rung <= OPT_rung_overdue; rung++) {
        world->now.s = (int64_t)alarm_of(world, KIND_digest, id);
        assert_int_equal(world_own(world, ACTOR_RULE, "digest", "alarm", id, NULL), OK);
        digest = world_get(world, KIND_digest, id);
        assert_int_equal(rec_num(&digest, digest_rung), rung);
    }
    assert_int_equal(alarm_of(world, KIND_digest, id), 0);
    assert_int_equal(world_do(world, "LD-L", "digest", "read", id, NULL), OK);
    digest = world_get(world, KIND_digest, id);
    assert_int_equal(rec_state(&digest), ST_digest_read);
    assert_int_equal(rec_num(&digest, digest_read_at), world->now.s);
    assert_int_equal(rec_num(&digest, digest_reader), world_actor(world, "LD-L").operator);
    assert_int_equal(rec_num(&digest, digest_rung), OPT_rung_overdue); /* that it was late stays */
    assert_int_equal(world_do(world, "LD-L", "digest", "read", id, NULL), ERR_WRONG_STATE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(late_reports_are_noticed),          TEST(a_dropped_proposal_does_not_come_back),
        TEST(a_returned_report_has_its_own_day), TEST(slow_projects_are_noticed),
        TEST(starts_past_their_day_are_noticed), TEST(milestones_past_their_day_are_noticed),
        TEST(overdue_assignments_are_noticed),   TEST(meetings_not_held_are_noticed),
        TEST(rules_may_issue_at_once),           TEST(the_leader_gets_a_digest),
        TEST(the_leaders_reading_is_a_receipt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
