/* issue_test.c - registered issues and their assignments, from collection to cancellation: the whole way, what is
 * refused on it, who sees what, and the clocks. Clause 5.5; DOMAIN, section 5. */
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

static const char *unit_of(struct world *world, const char *code)
{
    static char text[4][24];
    static unsigned next;
    char *at = text[next++ % 4];
    snprintf(at, sizeof text[0], "%llu", (unsigned long long)world_unit(world, code));
    return at;
}

static const char *units_of(struct world *world, const char *first, const char *second)
{
    static char text[48];
    snprintf(text, sizeof text, "%llu %llu", (unsigned long long)world_unit(world, first),
             (unsigned long long)world_unit(world, second));
    return text;
}

static unsigned state_of(struct world *world, unsigned kind, uint64_t id)
{
    struct record record = world_get(world, kind, id);
    return rec_state(&record);
}

static int64_t number_of(struct world *world, unsigned kind, uint64_t id, unsigned position)
{
    struct record record = world_get(world, kind, id);
    return rec_num(&record, position);
}

static uint64_t collect(struct world *world)
{
    assert_int_equal(world_do(world, "HRX", "issue", "collect", 0, "project", "1", "nature", "land", "text",
                              "三户未签拆迁协议", NULL),
                     OK);
    return world->id;
}

static uint64_t registered(struct world *world)
{
    uint64_t id = collect(world);
    assert_int_equal(world_do(world, "XMB", "issue", "register", id, NULL), OK);
    return id;
}

static void assign(struct world *world, uint64_t id, const char *departments)
{
    assert_int_equal(world_do(world, "XMB", "issue", "assign", id, "departments", departments, "limit", "8", NULL), OK);
}

/* One department works its assignment off up to the written request. */
static void work_off(struct world *world, const char *login, uint64_t assignment)
{
    if (state_of(world, KIND_assignment, assignment) == ST_assignment_assigned)
        assert_int_equal(world_do(world, login, "assignment", "accept", assignment, NULL), OK);
    assert_int_equal(world_do(world, login, "assignment", "handle", assignment, "handling", "已召开协调会", NULL), OK);
    assert_int_equal(
        world_do(world, login, "assignment", "request", assignment, "request", "问题已解决,请予销号", NULL), OK);
}

static enum err sign(struct world *world, const char *login, uint64_t id, bool satisfied)
{
    return world_do(world, login, "issue", satisfied ? "satisfy" : "dissatisfy", id, "opinion",
                    satisfied ? "满意" : "路口仍未交地", NULL);
}

/* clauses: 5.5a 5.5b 5.5c 5.5d 5.5e 5.5f 5.5i */
static void an_issue_goes_its_whole_way(void **state)
{
    struct world *world = *state;
    uint64_t id = collect(world);
    assert_int_equal(number_of(world, KIND_issue, id, issue_raised_by), world_unit(world, "HRX"));
    assert_int_equal(world_do(world, "HRX", "issue", "change", id, "text", "四户未签拆迁协议", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "issue", "register", id, NULL), OK);
    struct record issue = world_get(world, KIND_issue, id);
    assert_int_equal(rec_num(&issue, issue_year), 2009);
    assert_int_equal(rec_num(&issue, issue_serial), 1);
    assert_true(text_equal(rec_text(&issue, issue_number), text_of("〔2009〕1号")));
    assign(world, id, units_of(world, "FGW", "JSJ"));
    issue = world_get(world, KIND_issue, id);
    assert_int_equal(rec_state(&issue), ST_issue_assigned);
    /* eight working days from 28 September, with the holidays between and the Saturday that is worked */
    assert_int_equal(rec_num(&issue, issue_due), day_make(2009, 10, 15).n);
    assert_int_equal(number_of(world, KIND_assignment, 1, assignment_unit), world_unit(world, "FGW"));
    assert_int_equal(number_of(world, KIND_assignment, 2, assignment_unit), world_unit(world, "JSJ"));
    work_off(world, "FGW", 1);
    assert_int_equal(state_of(world, KIND_issue, id), ST_issue_assigned); /* the other one is still at it */
    work_off(world, "JSJ", 2);
    issue = world_get(world, KIND_issue, id);
    assert_int_equal(rec_state(&issue), ST_issue_requested);
    assert_false(rec_has(&issue, issue_due));
    assert_int_equal(sign(world, "OWN1", id, true), OK);
    issue = world_get(world, KIND_issue, id);
    assert_int_equal(rec_num(&issue, issue_satisfied), 1);
    assert_int_equal(rec_num(&issue, issue_opinion_unit), world_unit(world, "OWN1"));
    assert_int_equal(rec_num(&issue, issue_opinion_at), world->now.s);
    assert_true(text_equal(rec_text(&issue, issue_opinion), text_of("满意")));
    assert_int_equal(world_do(world, "XMB", "issue", "cancel", id, NULL), OK);
    assert_int_equal(state_of(world, KIND_issue, id), ST_issue_cancelled);
    assert_int_equal(state_of(world, KIND_assignment, 1), ST_assignment_closed);
    assert_int_equal(state_of(world, KIND_assignment, 2), ST_assignment_closed);
    /* final: nothing more happens to it */
    assert_int_equal(world_do(world, "XMB", "issue", "cancel", id, NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(world, "XMB", "assignment", "give", 0, "issue", "1", "unit", unit_of(world, "PJX"), NULL),
                     ERR_ENDED);
}

/* clauses: 5.5d 5.5e 5.5f */
static void no_cancellation_without_requests_and_signed_satisfaction(void **state)
{
    struct world *world = *state;
    uint64_t id = registered(world);
    assert_int_equal(world_do(world, "XMB", "issue", "cancel", id, NULL), ERR_WRONG_STATE);
    assign(world, id, units_of(world, "FGW", "JSJ"));
    assert_int_equal(world_do(world, "FGW", "assignment", "request", 1, "request", "请销号", NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(world, "FGW", "assignment", "accept", 1, NULL), OK);
    assert_int_equal(world_do(world, "FGW", "assignment", "handle", 1, "handling", "办理中", NULL), OK);
    /* the request is a text, not a keystroke */
    assert_int_equal(world_do(world, "FGW", "assignment", "request", 1, NULL), ERR_NEEDED);
    assert_int_equal(world->why.field, assignment_request);
    /* from nobody but the department that has it */
    assert_int_equal(world_do(world, "JSJ", "assignment", "request", 1, "request", "请销号", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "PJX", "assignment", "request", 1, "request", "请销号", NULL), ERR_NOT_FOUND);
    assert_int_equal(world_do(world, "HRX", "assignment", "request", 1, "request", "请销号", NULL), ERR_NOT_ALLOWED);
    work_off(world, "FGW", 1);
    /* one of two has asked: neither satisfaction nor cancellation */
    assert_int_equal(sign(world, "OWN1", id, true), ERR_WRONG_STATE);
    assert_int_equal(world_do(world, "XMB", "issue", "cancel", id, NULL), ERR_WRONG_STATE);
    work_off(world, "JSJ", 2);
    assert_int_equal(world_do(world, "XMB", "issue", "cancel", id, NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(world, "OWN1", "issue", "satisfy", id, NULL), ERR_NEEDED);
    assert_int_equal(sign(world, "HRX", id, true), OK); /* the responsible unit may as well as the owner */
    assert_int_equal(world_do(world, "HRX", "issue", "cancel", id, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "FGW", "issue", "cancel", id, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "XMB", "issue", "cancel", id, NULL), OK);
}

/* clauses: 5.5e */
static void no_handling_department_signs_satisfaction(void **state)
{
    struct world *world = *state;
    uint64_t id = registered(world);
    assign(world, id, units_of(world, "FGW", "HRX"));
    work_off(world, "FGW", 1);
    work_off(world, "HRX", 2);
    assert_int_equal(sign(world, "FGW", id, true), ERR_NOT_ALLOWED);
    /* the responsible unit handles it itself: then the owner alone signs */
    assert_int_equal(sign(world, "HRX", id, true), ERR_HANDLES_IT);
    assert_int_equal(sign(world, "HRX", id, false), ERR_HANDLES_IT);
    assert_int_equal(sign(world, "CON1", id, true), ERR_NOT_ALLOWED);
    assert_int_equal(sign(world, "XMB", id, true), ERR_NOT_ALLOWED);
    assert_int_equal(sign(world, "OWN1", id, true), OK);
}

/* clauses: 5.5b 5.5e */
static void somebody_is_left_to_sign(void **state)
{
    struct world *world = *state;
    uint64_t id = registered(world);
    assert_int_equal(
        world_do(world, "XMB", "issue", "assign", id, "departments", units_of(world, "HRX", "OWN1"), NULL),
        ERR_NO_SIGNER);
    assert_int_equal(world->why.field, issue_departments);
    assign(world, id, unit_of(world, "HRX"));
    assert_int_equal(
        world_do(world, "XMB", "assignment", "give", 0, "issue", "1", "unit", unit_of(world, "OWN1"), NULL),
        ERR_NO_SIGNER);
}

/* clauses: 5.5e 5.5i */
static void what_is_not_satisfactory_goes_back(void **state)
{
    struct world *world = *state;
    uint64_t id = registered(world);
    assign(world, id, unit_of(world, "FGW"));
    for (int64_t round = 1; round <= 2; round++) {
        work_off(world, "FGW", 1);
        world_wait(world, 1, 0, 0);
        assert_int_equal(sign(world, "OWN1", id, false), OK);
        struct record issue = world_get(world, KIND_issue, id), assignment = world_get(world, KIND_assignment, 1);
        assert_int_equal(rec_state(&issue), ST_issue_assigned);
        assert_int_equal(rec_num(&issue, issue_returns), round);
        assert_int_equal(rec_num(&issue, issue_satisfied), 0);
        assert_true(text_equal(rec_text(&issue, issue_opinion), text_of("路口仍未交地")));
        assert_int_equal(rec_state(&assignment), ST_assignment_accepted);
        assert_int_equal(rec_num(&assignment, assignment_returns), round);
        assert_true(text_equal(rec_text(&assignment, assignment_reason), text_of("路口仍未交地")));
        /* five working days from then, the week of holidays not counted */
        int64_t due = rec_num(&assignment, assignment_due);
        assert_int_equal(due, round == 1 ? day_make(2009, 10, 13).n : day_make(2009, 10, 14).n);
        assert_int_equal(rec_num(&issue, issue_due), due);
        assert_true(rec_num(&assignment, assignment_alarm) > world->now.s);
    }
    assert_int_equal(world_do(world, "FGW", "assignment", "handle", 1, "handling", "已交地", NULL), OK);
    /* the request and the opinion of the round before are no words for this one */
    assert_int_equal(world_do(world, "FGW", "assignment", "request", 1, NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "FGW", "assignment", "request", 1, "request", "已交地,请销号", NULL), OK);
    assert_int_equal(world_do(world, "OWN1", "issue", "satisfy", id, NULL), ERR_NEEDED);
    assert_int_equal(sign(world, "OWN1", id, true), OK);
    struct record issue = world_get(world, KIND_issue, id);
    assert_true(text_equal(rec_text(&issue, issue_opinion), text_of("满意")));
    assert_true(text_equal(rec_text(&issue, issue_objection), text_of("路口仍未交地")));
}

/* clauses: 5.5b 5.5c */
static void further_departments_get_their_part(void **state)
{
    struct world *world = *state;
    uint64_t id = collect(world);
    const char *fgw = unit_of(world, "FGW"), *jsj = unit_of(world, "JSJ");
    assert_int_equal(world_do(world, "XMB", "assignment", "give", 0, "issue", "1", "unit", fgw, NULL),
                     ERR_NOT_ASSIGNABLE);
    assert_int_equal(world_do(world, "XMB", "issue", "register", id, NULL), OK);
    assert_int_equal(
        world_do(world, "XMB", "issue", "assign", id, "departments", fgw, "limit", "5", "due", "2009-10-20", NULL),
        ERR_TWO_LIMITS);
    assert_int_equal(world_do(world, "XMB", "issue", "assign", id, "departments", fgw, "due", "2009-09-25", NULL),
                     ERR_DATE_PAST);
    assert_int_equal(world_do(world, "FGW", "issue", "assign", id, "departments", fgw, NULL), ERR_NOT_FOUND);
    assert_int_equal(world_do(world, "XMB", "issue", "assign", id, NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "XMB", "issue", "assign", id, "departments", fgw, "due", "2009-10-20", NULL), OK);
    work_off(world, "FGW", 1);
    assert_int_equal(state_of(world, KIND_issue, id), ST_issue_requested);
    assert_int_equal(world_do(world, "FGW", "assignment", "give", 0, "issue", "1", "unit", jsj, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "XMB", "assignment", "give", 0, "issue", "1", "unit", fgw, NULL), ERR_HAS_PART);
    assert_int_equal(world_do(world, "XMB", "assignment", "give", 0, "issue", "1", "unit", jsj, "task", "道路开口审批",
                              NULL),
                     OK);
    struct record issue = world_get(world, KIND_issue, id), assignment = world_get(world, KIND_assignment, 2);
    assert_int_equal(rec_state(&issue), ST_issue_assigned); /* a further part: the requests are not complete any more */
    assert_true(rec_lists(&issue, issue_departments, (int64_t)world_unit(world, "JSJ")));
    assert_int_equal(rec_num(&assignment, assignment_due), day_make(2009, 10, 19).n); /* ten working days, as usual */
    work_off(world, "JSJ", 2);
    assert_int_equal(sign(world, "OWN1", id, true), OK);
    assert_int_equal(world_do(world, "XMB", "assignment", "give", 0, "issue", "1", "unit", unit_of(world, "PJX"), NULL),
                     ERR_NOT_ASSIGNABLE);
}

/* clauses: 5.5c */
static void an_extension_is_asked_for_and_answered(void **state)
{
    struct world *world = *state;
    uint64_t id = registered(world);
    assign(world, id, unit_of(world, "FGW"));
    assert_int_equal(world_do(world, "FGW", "assignment", "accept", 1, NULL), OK);
    assert_int_equal(world_do(world, "FGW", "assignment", "ask_extension", 1, "wish", "2009-10-30", NULL), ERR_NEEDED);
    assert_int_equal(
        world_do(world, "FGW", "assignment", "ask_extension", 1, "wish", "2009-10-15", "plea", "材料未齐", NULL),
        ERR_NOT_LATER);
    assert_int_equal(world->why.number, day_make(2009, 10, 15).n);
    for (int asked = 0; asked < 3; asked++) {
        assert_int_equal(
            world_do(world, "FGW", "assignment", "ask_extension", 1, "wish", "2009-10-30", "plea", "材料未齐", NULL),
            OK);
        assert_int_equal(state_of(world, KIND_assignment, 1), ST_assignment_asked);
        if (asked == 2) break;
        assert_int_equal(world_do(world, "FGW", "assignment", "grant_extension", 1, NULL), ERR_NOT_ALLOWED);
        assert_int_equal(world_do(world, "XMB", "assignment", "refuse_extension", 1, "reason", "", NULL), ERR_NEEDED);
        assert_int_equal(world_do(world, "XMB", "assignment", "refuse_extension", 1, "reason", "工期不允许", NULL), OK);
        struct record refused = world_get(world, KIND_assignment, 1);
        assert_int_equal(rec_state(&refused), ST_assignment_accepted);
        assert_int_equal(rec_num(&refused, assignment_refusals), asked + 1);
        assert_false(rec_has(&refused, assignment_wish));
        assert_int_equal(rec_num(&refused, assignment_due), day_make(2009, 10, 15).n);
    }
    /* work goes on while it is asked for */
    assert_int_equal(world_do(world, "FGW", "assignment", "handle", 1, "handling", "已协调", NULL), OK);
    assert_int_equal(state_of(world, KIND_assignment, 1), ST_assignment_asked);
    assert_int_equal(world_do(world, "XMB", "assignment", "grant_extension", 1, "due", "2009-10-12", NULL),
                     ERR_NOT_LATER);
    assert_int_equal(world_do(world, "XMB", "assignment", "grant_extension", 1, NULL), OK);
    struct record granted = world_get(world, KIND_assignment, 1);
    assert_int_equal(rec_state(&granted), ST_assignment_handled);
    assert_int_equal(rec_num(&granted, assignment_due), day_make(2009, 10, 30).n);
    assert_int_equal(rec_num(&granted, assignment_extensions), 1);
    assert_int_equal(number_of(world, KIND_issue, id, issue_due), day_make(2009, 10, 30).n);
}

/* The clock's next step, at the moment that it is wound for. */
static void alarm_now(struct world *world, unsigned rung)
{
    world->now.s = number_of(world, KIND_assignment, 1, assignment_alarm);
    assert_int_equal(world_own(world, ACTOR_RULE, "assignment", "alarm", 1, NULL), OK);
    assert_int_equal(number_of(world, KIND_assignment, 1, assignment_rung), rung);
    assert_int_equal(number_of(world, KIND_issue, 1, issue_rung), rung);
}

/* clauses: 4.5 5.5c 5.5i */
static void what_is_overdue_climbs_to_the_head_and_the_leader(void **state)
{
    struct world *world = *state;
    uint64_t id = registered(world);
    assign(world, id, unit_of(world, "FGW"));
    assert_int_equal(world_do(world, "FGW", "assignment", "accept", 1, NULL), OK);
    assert_int_equal(world_do(world, "FGW-L", "assignment", "measure", 1, "measure", "我来办", NULL), ERR_WRONG_STATE);
    alarm_now(world, OPT_rung_reminded);
    assert_true(world->now.s < day_start(day_make(2009, 10, 15)).s);
    alarm_now(world, OPT_rung_overdue);
    assert_int_equal(world->now.s, day_end(day_make(2009, 10, 15)).s);
    assert_int_equal(state_of(world, KIND_assignment, 1), ST_assignment_accepted);
    alarm_now(world, OPT_rung_head);
    assert_int_equal(state_of(world, KIND_assignment, 1), ST_assignment_escalated);
    assert_int_equal(world_do(world, "FGW", "assignment", "request", 1, "request", "已办结", NULL), ERR_WRONG_STATE);
    /* in person: no clerk for the head, no head of another unit */
    assert_int_equal(world_do(world, "FGW", "assignment", "measure", 1, "measure", "抓紧", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "XMB", "assignment", "measure", 1, "measure", "抓紧", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "FGW-L", "assignment", "measure", 1, NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "FGW-L", "assignment", "measure", 1, "measure", "两天内现场办公", NULL), OK);
    struct record assignment = world_get(world, KIND_assignment, 1);
    assert_int_equal(rec_state(&assignment), ST_assignment_accepted);
    assert_int_equal(rec_num(&assignment, assignment_measure_by), world_actor(world, "FGW-L").operator);
    alarm_now(world, OPT_rung_leader);
    assignment = world_get(world, KIND_assignment, 1);
    assert_false(rec_has(&assignment, assignment_alarm));
    work_off(world, "FGW", 1);
    assignment = world_get(world, KIND_assignment, 1);
    assert_int_equal(rec_num(&assignment, assignment_late), 1);
    struct record issue = world_get(world, KIND_issue, id);
    assert_false(rec_has(&issue, issue_rung)); /* nothing of it is overdue any more; that it was stays with the part */
}

/* clauses: 4.5 5.5c */
static void the_head_of_the_responsible_unit_may_sign_as_well(void **state)
{
    struct world *world = *state;
    assign(world, registered(world), unit_of(world, "FGW"));
    alarm_now(world, OPT_rung_reminded);
    alarm_now(world, OPT_rung_overdue);
    alarm_now(world, OPT_rung_head); /* not even accepted */
    assert_int_equal(world_do(world, "HRX-L", "assignment", "measure", 1, "measure", "已与发改委协调", NULL), OK);
    assert_int_equal(state_of(world, KIND_assignment, 1), ST_assignment_accepted);
    /* an extension winds the clock anew, and what the head signed was about the old day */
    assert_int_equal(
        world_do(world, "FGW", "assignment", "ask_extension", 1, "wish", "2009-11-10", "plea", "待批复", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "assignment", "grant_extension", 1, NULL), OK);
    struct record assignment = world_get(world, KIND_assignment, 1);
    assert_false(rec_has(&assignment, assignment_rung));
    assert_false(rec_has(&assignment, assignment_measure));
    assert_int_equal(number_of(world, KIND_issue, 1, issue_rung), 0);
    alarm_now(world, OPT_rung_reminded);
}

/* clauses: 5.5c */
static void an_extension_that_is_asked_for_does_not_stop_the_clock(void **state)
{
    struct world *world = *state;
    assign(world, registered(world), unit_of(world, "FGW"));
    assert_int_equal(world_do(world, "FGW", "assignment", "accept", 1, NULL), OK);
    assert_int_equal(
        world_do(world, "FGW", "assignment", "ask_extension", 1, "wish", "2009-11-10", "plea", "待批复", NULL), OK);
    alarm_now(world, OPT_rung_reminded);
    alarm_now(world, OPT_rung_overdue);
    alarm_now(world, OPT_rung_head);
    assert_int_equal(state_of(world, KIND_assignment, 1), ST_assignment_asked);
    assert_int_equal(world_do(world, "XMB", "assignment", "refuse_extension", 1, "reason", "不同意", NULL), OK);
    assert_int_equal(state_of(world, KIND_assignment, 1), ST_assignment_escalated); /* now the head's turn */
}

/* clauses: 2.4 5.5a */
static void difficulties_without_measure_and_day_are_offered(void **state)
{
    struct world *world = *state;
    static const char *const none[] = {"无", "没有", " 无。", "None", "none.", "没有。\n"};
    uint64_t id = 0;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_int_equal(world_do(world, "HRX", "report", "submit", id, "project", "1", "month", "2009-09", "invested",
                                  "120", "cumulative", "920", "progress", "三层", "difficulties", none[i], "next",
                                  "四层", NULL),
                         OK);
        id = world->id;
        assert_int_equal(state_last_id(&world->memory.space, KIND_issue), 0);
        assert_int_equal(world_do(world, "HRX", "report", "recall", id, NULL), OK);
    }
    /* with a measure and a day nothing is offered; with one of them it is */
    assert_int_equal(world_do(world, "HRX", "report", "submit", id, "difficulties", "缺砂石", "measure", "联系外地料场",
                              "solve_by", "2009-10-20", NULL),
                     OK);
    assert_int_equal(state_last_id(&world->memory.space, KIND_issue), 0);
    assert_int_equal(world_do(world, "XMB", "report", "return", id, "reason", "请核实", NULL), OK);
    assert_int_equal(world_do(world, "HRX", "report", "submit", id, "solve_by", "", NULL), OK);
    assert_int_equal(state_last_id(&world->memory.space, KIND_issue), 1);
    struct record issue = world_get(world, KIND_issue, 1);
    assert_int_equal(rec_state(&issue), ST_issue_collected);
    assert_int_equal(rec_num(&issue, issue_project), 1);
    assert_int_equal(rec_num(&issue, issue_report), (int64_t)id);
    assert_int_equal(rec_num(&issue, issue_month), month_make(2009, 9).n);
    assert_int_equal(rec_num(&issue, issue_raised_by), world_unit(world, "HRX"));
    assert_true(text_equal(rec_text(&issue, issue_text), text_of("缺砂石")));
    /* once for a month: sent in again its text follows, until it is registered */
    assert_int_equal(world_do(world, "XMB", "report", "return", id, "reason", "请写明数量", NULL), OK);
    assert_int_equal(world_do(world, "HRX", "report", "submit", id, "difficulties", "缺砂石两千方", NULL), OK);
    assert_int_equal(state_last_id(&world->memory.space, KIND_issue), 1);
    issue = world_get(world, KIND_issue, 1);
    assert_true(text_equal(rec_text(&issue, issue_text), text_of("缺砂石两千方")));
    assert_int_equal(world_do(world, "XMB", "issue", "register", 1, NULL), ERR_NEEDED);
    assert_int_equal(world->why.field, issue_nature);
    assert_int_equal(world_do(world, "XMB", "issue", "register", 1, "nature", "other", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "report", "accept", id, NULL), OK);
    assert_int_equal(state_last_id(&world->memory.space, KIND_issue), 1);
}

/* clauses: 5.5a 5.5b */
static void the_office_registers_or_declines(void **state)
{
    struct world *world = *state;
    assert_int_equal(world_do(world, "XMB", "issue", "collect", 0, "project", "1", "text", "电力迁改滞后", NULL), OK);
    uint64_t first = world->id;
    uint64_t second = collect(world), third = collect(world);
    assert_int_equal(world_do(world, "HRX", "issue", "register", second, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "XMB", "issue", "decline", first, NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "XMB", "issue", "decline", first, "reason", "属企业自身管理问题", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "issue", "register", first, "nature", "utilities", NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(world, "XMB", "issue", "register", third, NULL), OK);
    assert_int_equal(number_of(world, KIND_issue, third, issue_serial), 1);
    world_at(world, 2010, 1, 4, 9);
    assert_int_equal(world_do(world, "XMB", "issue", "register", second, NULL), OK);
    assert_int_equal(number_of(world, KIND_issue, second, issue_year), 2010); /* counted anew each year */
    assert_int_equal(number_of(world, KIND_issue, second, issue_serial), 1);
    assert_int_equal(world_do(world, "HRX", "issue", "change", second, "text", "已变", NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(world, "PJX", "issue", "collect", 0, "project", "1", "text", "他县之事", NULL),
                     ERR_NOT_ALLOWED);
}

/* clauses: 5.5b */
static void those_who_have_to_do_with_it_see_it(void **state)
{
    struct world *world = *state;
    static const char *const all[] = {"XMB", "HRX", "OWN1", "CON1", "FGW", "JSJ"};
    uint64_t id = registered(world);
    assert_int_equal(world_sees(world, "FGW", KIND_issue, id), SEE_NOTHING); /* nothing to do with it yet */
    assign(world, id, unit_of(world, "FGW"));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_int_equal(world_sees(world, all[i], KIND_issue, id), SEE_FULL);
        assert_int_equal(world_sees(world, all[i], KIND_assignment, 1), SEE_FULL);
    }
    assert_int_equal(world_sees(world, "JCJ", KIND_issue, id), SEE_LIST);
    assert_int_equal(world_sees(world, "LD", KIND_assignment, 1), SEE_LIST);
    assert_int_equal(world_sees(world, "PJX", KIND_issue, id), SEE_NOTHING);
    assert_int_equal(world_sees(world, "PJX", KIND_assignment, 1), SEE_NOTHING);
    /* a department sees its own part, not that of the others */
    assert_int_equal(world_do(world, "XMB", "assignment", "give", 0, "issue", "1", "unit", unit_of(world, "PJX"), NULL),
                     OK);
    assert_int_equal(world_sees(world, "PJX", KIND_issue, id), SEE_FULL);
    assert_int_equal(world_sees(world, "PJX", KIND_assignment, 2), SEE_FULL);
    assert_int_equal(world_sees(world, "PJX", KIND_assignment, 1), SEE_NOTHING);
    assert_int_equal(world_sees(world, "FGW", KIND_assignment, 2), SEE_NOTHING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_issue_goes_its_whole_way, setup, teardown),
        cmocka_unit_test_setup_teardown(no_cancellation_without_requests_and_signed_satisfaction, setup, teardown),
        cmocka_unit_test_setup_teardown(no_handling_department_signs_satisfaction, setup, teardown),
        cmocka_unit_test_setup_teardown(somebody_is_left_to_sign, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_satisfactory_goes_back, setup, teardown),
        cmocka_unit_test_setup_teardown(further_departments_get_their_part, setup, teardown),
        cmocka_unit_test_setup_teardown(an_extension_is_asked_for_and_answered, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_overdue_climbs_to_the_head_and_the_leader, setup, teardown),
        cmocka_unit_test_setup_teardown(the_head_of_the_responsible_unit_may_sign_as_well, setup, teardown),
        cmocka_unit_test_setup_teardown(an_extension_that_is_asked_for_does_not_stop_the_clock, setup, teardown),
        cmocka_unit_test_setup_teardown(difficulties_without_measure_and_day_are_offered, setup, teardown),
        cmocka_unit_test_setup_teardown(the_office_registers_or_declines, setup, teardown),
        cmocka_unit_test_setup_teardown(those_who_have_to_do_with_it_see_it, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
