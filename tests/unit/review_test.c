/* review_test.c - the review meeting: its boards as the registry gives them, edited, called, held, archived. Clauses 3
 * and 5.5 of the notice. */
#include "tests/lib/unit.h"
#include "tests/lib/world.h"

#include <stdio.h>
#include <string.h>

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

/* A number as text; a few at a time. */
static const char *number(uint64_t id)
{
    static char texts[8][24];
    static unsigned next;
    char *text = texts[next++ % 8];
    snprintf(text, sizeof texts[0], "%llu", (unsigned long long)id);
    return text;
}

static const char *unit(struct world *world, const char *code)
{
    return number(world_unit(world, code));
}

/* ---- a history ---- */

static enum err report(struct world *world, const char *month, const char *invested, const char *cumulative)
{
    return world_do(world, "HRX", "report", "submit", 0, "project", "1", "month", month, "invested", invested,
                    "cumulative", cumulative, "progress", "主体施工", "difficulties", "无", "next", "继续施工", NULL);
}

static enum err unit_return(struct world *world, const char *month)
{
    return world_do(world, "HRX", "unit_return", "submit", 0, "unit", unit(world, "HRX"), "month", month, "summary",
                    "总体平稳", NULL);
}

/* September's report in time and accepted, with so much invested this year. Now is 12 October. */
static void reported(struct world *world, const char *invested, const char *cumulative)
{
    world_at(world, 2009, 10, 9, 10);
    assert_int_equal(report(world, "2009-09", invested, cumulative), OK);
    uint64_t id = world->id;
    assert_int_equal(unit_return(world, "2009-09"), OK);
    assert_int_equal(world_do(world, "XMB", "report", "accept", id, NULL), OK);
    world_at(world, 2009, 10, 12, 9);
}

/* An issue of P1 that JSJ has to solve; returns the assignment. */
static uint64_t assigned(struct world *world, const char *due)
{
    assert_int_equal(world_do(world, "HRX", "issue", "collect", 0, "project", "1", "text", "征地未完", NULL), OK);
    uint64_t issue = world->id;
    assert_int_equal(world_do(world, "XMB", "issue", "register", issue, "nature", "land", NULL), OK);
    assert_int_equal(
        world_do(world, "XMB", "issue", "assign", issue, "departments", unit(world, "JSJ"), "due", due, NULL), OK);
    return state_last_id(&world->memory.space, KIND_assignment);
}

static void solved(struct world *world, uint64_t assignment)
{
    struct record record = world_get(world, KIND_assignment, assignment);
    uint64_t issue = (uint64_t)rec_num(&record, assignment_issue);
    assert_int_equal(world_do(world, "JSJ", "assignment", "accept", assignment, NULL), OK);
    assert_int_equal(world_do(world, "JSJ", "assignment", "handle", assignment, "handling", "已协调", NULL), OK);
    assert_int_equal(world_do(world, "JSJ", "assignment", "request", assignment, "request", "请予销号", NULL), OK);
    assert_int_equal(world_do(world, "OWN1", "issue", "satisfy", issue, "opinion", "满意", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "issue", "cancel", issue, NULL), OK);
}

/* ---- a meeting ---- */

/* From September to the present month. */
static uint64_t planned(struct world *world)
{
    char to[16];
    struct str str = str_in(to, sizeof to);
    str_month(&str, month_of(stamp_day(world->now)));
    assert_int_equal(world_do(world, "XMB", "review_meeting", "plan", 0, "from", "2009-09", "to", to, NULL), OK);
    return world->id;
}

static enum err act(struct world *world, const char *action, uint64_t meeting)
{
    return world_do(world, "XMB", "review_meeting", action, meeting, NULL);
}

static uint64_t proposed(struct world *world)
{
    uint64_t meeting = planned(world);
    assert_int_equal(act(world, "propose", meeting), OK);
    return meeting;
}

static enum err call(struct world *world, uint64_t meeting, const char *day)
{
    return world_do(world, "XMB", "review_meeting", "call", meeting, "day", day, "hour", "9:00", "venue", "市政府礼堂",
                    "chair", "分管副市长", NULL);
}

/* The entry that stands on a ground, and its sentence; 0 when there is none. */
static uint64_t on_ground(struct world *world, unsigned ground, const char **text, const char **evidence)
{
    for (uint64_t id = 0; (id = state_next_id(&world->memory.space, KIND_review_item, id)) > 0;) {
        struct record item = world_get(world, KIND_review_item, id);
        if (rec_num(&item, review_item_ground) != ground || rec_state(&item) == ST_review_item_dropped) continue;
        struct text one = rec_text(&item, review_item_text), two = rec_text(&item, review_item_evidence);
        if (text != NULL) *text = arena_copy(&world->arena, one.at, one.length);
        if (evidence != NULL) *evidence = arena_copy(&world->arena, two.at, two.length);
        return id;
    }
    return 0;
}

static void expect(struct world *world, unsigned ground, unsigned board, const char *whom, const char *sentence,
                   const char *basis)
{
    const char *text = NULL, *evidence = NULL;
    uint64_t id = on_ground(world, ground, &text, &evidence);
    assert_int_not_equal(id, 0);
    struct record item = world_get(world, KIND_review_item, id);
    assert_int_equal(rec_num(&item, review_item_board), board);
    assert_int_equal(rec_num(&item, review_item_subject), world_unit(world, whom));
    assert_string_equal(text, sentence);
    assert_string_equal(evidence, basis);
}

static unsigned state_of(struct world *world, unsigned kind, uint64_t id)
{
    struct record record = world_get(world, kind, id);
    return rec_state(&record);
}

/* ---- what the rule proposes ---- */

/* clauses: 3.7 5.5h */
static void who_does_well_stands_as_example(void **state)
{
    struct world *world = *state;
    solved(world, assigned(world, "2009-10-20"));
    reported(world, "220", "1020"); /* 900 were planned by then */
    proposed(world);
    expect(world, OPT_ground_on_time, OPT_board_typical, "HRX", "2009年9月至2009年10月应报月报2份，全部按时报送。", "");
    expect(world, OPT_ground_ahead, OPT_board_typical, "HRX",
           "截至2009年9月，本年累计完成投资1020.00万元，为同期计划900.00万元的113.3%，进度超前。", "P1 县城道路改造");
    expect(world, OPT_ground_satisfied, OPT_board_typical, "JSJ",
           "2009年9月至2009年10月办结销号挂号问题1件，全部按期办结，项目业主或责任单位签署满意意见。",
           "挂号〔2009〕1号");
    expect(world, OPT_ground_unit, OPT_board_review, "HRX",
           "负责项目1个，绿灯1个、黄灯0个、红灯0个；累计完成投资1020.00万元，为同期计划的113.3%；应报月报2份，"
           "按时2份、迟报0份、未报0份；在办挂号问题0件，未解除预警0件。",
           "");
    expect(world, OPT_ground_lead, OPT_board_review, "JSJ",
           "牵头项目1个，绿灯1个、黄灯0个、红灯0个；累计完成投资1020.00万元，为同期计划的113.3%；应报月报1份，"
           "按时1份、迟报0份、未报0份。",
           "");
    assert_int_equal(on_ground(world, OPT_ground_red, NULL, NULL), 0);
    assert_int_equal(on_ground(world, OPT_ground_report_late, NULL, NULL), 0);
    struct record meeting = world_get(world, KIND_review_meeting, 1);
    assert_int_equal(rec_num(&meeting, review_meeting_found), 5);
    assert_int_equal(rec_num(&meeting, review_meeting_left), 0);
}

/* A fee above the floor and a visit that nobody filed, both of the department FGW. */
static void against_the_environment(struct world *world)
{
    const char *who = unit(world, "FGW");
    assert_int_equal(world_do(world, "XMB", "policy", "enter", 0, "item", "城市基础设施配套费", "basis",
                              "岳政办发〔2009〕15号", "lower", "1000", "upper", "5000", "from", "2009-01-01", NULL),
                     OK);
    assert_int_equal(world_do(world, "OWN1", "fee", "enter", 0, "project", "1", "policy", number(world->id), "asker",
                              who, "charged_on", "2009-09-21", "charged", "4200.50", NULL),
                     OK);
    assert_int_equal(world_do(world, "OWN1", "visit", "report", 0, "project", "1", "asker", who, "day", "2009-09-22",
                              "reason", "未备案即进场检查", NULL),
                     OK);
}

/* clauses: 3.7 5.5h */
static void who_fails_is_exposed(void **state)
{
    struct world *world = *state;
    against_the_environment(world);
    assigned(world, "2009-10-10");
    assert_int_equal(world_do(world, "XMB", "warning", "propose", 0, "project", "1", "cause", "behind_plan", "level",
                              "red", "text", "进度严重滞后", NULL),
                     OK);
    assert_int_equal(world_do(world, "XMB", "warning", "issue", world->id, "due", "2009-10-12", NULL), OK);
    assert_int_equal(world_own(world, ACTOR_CONSOLE, "setting", "found", 0, "name", "behind_red", "value", "950", NULL),
                     OK);
    reported(world, "10", "810");
    world_at(world, 2009, 11, 20, 9);
    proposed(world); /* October's reports are missing */
    expect(world, OPT_ground_red, OPT_board_exposure, "HRX",
           "截至2009年9月，本年累计完成投资810.00万元，仅为同期计划900.00万元的90.0%，进度红灯。", "P1 县城道路改造");
    expect(world, OPT_ground_report_late, OPT_board_exposure, "HRX",
           "2009年9月至2009年11月应报月报4份，迟报0份，逾期未报2份。", "P1 2009-10 未报；单位月报 2009-10 未报");
    expect(world, OPT_ground_assignment, OPT_board_exposure, "JSJ", "交办问题逾期未办结1件，最长逾期41天。",
           "挂号〔2009〕1号 期限2009-10-10");
    expect(world, OPT_ground_warning, OPT_board_exposure, "HRX", "预警逾期未答复1件，最长逾期39天。",
           "预警〔2009〕1号 期限2009-10-12");
    expect(world, OPT_ground_visit, OPT_board_exposure, "FGW", "2009年9月至2009年11月未经备案进场检查1次。",
           "P1 2009-09-22");
    expect(world, OPT_ground_fee, OPT_board_exposure, "FGW",
           "2009年9月至2009年11月高于下限或应免未免收费1笔，共4200.50元。", "P1 2009-09-21 4200.50元");
    assert_int_equal(on_ground(world, OPT_ground_on_time, NULL, NULL), 0);
    assert_int_equal(on_ground(world, OPT_ground_satisfied, NULL, NULL), 0);
    struct record red = world_get(world, KIND_review_item, on_ground(world, OPT_ground_red, NULL, NULL));
    assert_int_equal(rec_num(&red, review_item_project), 1);
}

/* The months outside the period, and what is not due yet, say nothing. */
/* clauses: 3.7 */
static void only_the_period_counts(void **state)
{
    struct world *world = *state;
    against_the_environment(world);
    world_at(world, 2009, 11, 3, 9); /* September's is missing, October's not due yet */
    assert_int_equal(world_do(world, "XMB", "review_meeting", "plan", 0, "from", "2009-10", "to", "2009-10", NULL), OK);
    assert_int_equal(act(world, "propose", world->id), OK);
    assert_int_equal(on_ground(world, OPT_ground_report_late, NULL, NULL), 0);
    assert_int_equal(on_ground(world, OPT_ground_on_time, NULL, NULL), 0);
    assert_int_equal(on_ground(world, OPT_ground_visit, NULL, NULL), 0);
    assert_int_equal(on_ground(world, OPT_ground_fee, NULL, NULL), 0);
    assert_int_not_equal(on_ground(world, OPT_ground_unit, NULL, NULL), 0);
}

/* clauses: 3.7 */
static void the_worst_come_first_and_so_many(void **state)
{
    struct world *world = *state;
    static const char *const charged[] = {"FGW", "JSJ", "GAJ"};
    assert_int_equal(world_own(world, ACTOR_CONSOLE, "setting", "found", 0, "name", "review_most", "value", "2", NULL),
                     OK);
    assert_int_equal(world_do(world, "XMB", "policy", "enter", 0, "item", "配套费", "basis", "岳政办发〔2009〕15号",
                              "lower", "1000", "upper", "5000", "from", "2009-01-01", NULL),
                     OK);
    const char *policy = number(world->id);
    for (unsigned i = 0; i < 3; i++)
        for (unsigned times = 0; times <= i; times++)
            assert_int_equal(world_do(world, "OWN1", "fee", "enter", 0, "project", "1", "policy", policy, "asker",
                                      unit(world, charged[i]), "charged_on", "2009-09-21", "charged", "2000", NULL),
                             OK);
    uint64_t meeting = planned(world);
    assert_int_equal(act(world, "propose", meeting), OK);
    struct record first = world_get(world, KIND_review_item, on_ground(world, OPT_ground_fee, NULL, NULL));
    struct record second = world_get(world, KIND_review_item, first.id + 1),
                  now = world_get(world, KIND_review_meeting, 1);
    assert_int_equal(rec_num(&first, review_item_subject), world_unit(world, "GAJ"));
    assert_int_equal(rec_num(&first, review_item_order), 1);
    assert_int_equal(rec_num(&second, review_item_subject), world_unit(world, "JSJ"));
    assert_int_equal(rec_num(&second, review_item_order), 2);
    assert_int_equal(rec_num(&now, review_meeting_left), 1);
}

/* ---- what the office makes of it ---- */

/* Proposed again, the figures are those of today; the office's own words and what it took off stay. */
/* clauses: 3.7 */
static void what_the_office_decided_is_left_alone(void **state)
{
    struct world *world = *state;
    against_the_environment(world);
    reported(world, "220", "1020");
    uint64_t meeting = proposed(world);
    uint64_t fee = on_ground(world, OPT_ground_fee, NULL, NULL), visit = on_ground(world, OPT_ground_visit, NULL, NULL);
    uint64_t ahead = on_ground(world, OPT_ground_ahead, NULL, NULL),
             lead = on_ground(world, OPT_ground_lead, NULL, NULL);
    assert_int_equal(world_do(world, "XMB", "review_item", "drop", fee, NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "XMB", "review_item", "drop", fee, "reason", "已退费", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "review_item", "change", visit, "text", "擅自进场", NULL), OK);
    assert_int_equal(state_of(world, KIND_review_item, visit), ST_review_item_confirmed);
    /* suspended, it has no progress to speak of: what rests on that falls away */
    assert_int_equal(world_do(world, "XMB", "project", "suspend", 1, "reason", "资金未到位", NULL), OK);
    assert_int_equal(act(world, "propose", meeting), OK);
    assert_int_equal(on_ground(world, OPT_ground_fee, NULL, NULL), 0);
    assert_int_equal(state_of(world, KIND_review_item, ahead), ST_review_item_dropped);
    assert_int_equal(state_of(world, KIND_review_item, lead), ST_review_item_dropped);
    const char *text = NULL;
    assert_int_equal(on_ground(world, OPT_ground_visit, &text, NULL), visit);
    assert_string_equal(text, "擅自进场");
    assert_int_equal(world_do(world, "XMB", "project", "resume", 1, NULL), OK);
    assert_int_equal(act(world, "propose", meeting), OK);
    assert_int_not_equal(on_ground(world, OPT_ground_ahead, NULL, NULL), 0); /* it holds again */
    assert_int_not_equal(on_ground(world, OPT_ground_ahead, NULL, NULL), ahead);
}

static enum err add(struct world *world, uint64_t meeting, const char *order, const char *text)
{
    return world_do(world, "XMB", "review_item", "add", 0, "meeting", number(meeting), "board", "typical", "subject",
                    unit(world, "PJX"), "text", text, "order", order, NULL);
}

static void check_orders(struct world *world, const uint64_t *ids, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct record item = world_get(world, KIND_review_item, ids[i]);
        assert_int_equal(rec_num(&item, review_item_order), i + 1);
    }
}

/* clauses: 3.7 */
static void entries_are_put_in_order(void **state)
{
    struct world *world = *state;
    uint64_t meeting = planned(world);
    assert_int_equal(add(world, meeting, "", "事例甲"), OK);
    assert_int_equal(add(world, meeting, "", "事例乙"), OK);
    assert_int_equal(add(world, meeting, "1", "事例丙"), OK);
    check_orders(world, (uint64_t[]){3, 1, 2}, 3);
    assert_int_equal(world_do(world, "XMB", "review_item", "move", 3, "order", "2", NULL), OK);
    check_orders(world, (uint64_t[]){1, 3, 2}, 3);
    assert_int_equal(world_do(world, "XMB", "review_item", "move", 1, "order", "99", NULL), OK);
    check_orders(world, (uint64_t[]){3, 2, 1}, 3);
    assert_int_equal(world_do(world, "XMB", "review_item", "change", 3, "board", "review", NULL), OK);
    check_orders(world, (uint64_t[]){3}, 1);
}

/* ---- its life ---- */

/* clauses: 3.6 3.7 */
static void nobody_is_exposed_unconfirmed(void **state)
{
    struct world *world = *state;
    against_the_environment(world);
    assert_int_equal(call(world, planned(world), "2009-10-20"), ERR_WRONG_STATE);
    assert_int_equal(act(world, "propose", 1), OK);
    assert_int_equal(call(world, 1, "2009-10-20"), ERR_UNCONFIRMED);
    assert_int_equal(world->why.number, 2);
    uint64_t fee = on_ground(world, OPT_ground_fee, NULL, NULL), visit = on_ground(world, OPT_ground_visit, NULL, NULL);
    assert_int_equal(world_do(world, "LD-L", "review_item", "confirm", fee, NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "FGW", "review_item", "confirm", fee, NULL), ERR_NOT_FOUND);
    assert_int_equal(world_do(world, "XMB", "review_item", "confirm", fee, NULL), OK);
    assert_int_equal(world_do(world, "XMB", "review_item", "confirm", visit, NULL), OK);
    assert_int_equal(call(world, 1, "2009-09-20"), ERR_DATE_PAST);
    assert_int_equal(call(world, 1, "2009-10-20"), OK);
}

/* Called, those on the boards hear when and where, once each, and not what for; the boards stay with the office and
 * the leader until the meeting. */
/* clauses: 3.6 */
static void the_units_are_called(void **state)
{
    struct world *world = *state;
    assert_int_equal(add(world, planned(world), "", "典型做法"), OK);
    assert_int_equal(act(world, "propose", 1), OK);
    assert_int_equal(call(world, 1, "2009-10-20"), OK);
    assert_int_equal(state_last_id(&world->memory.space, KIND_urging), 3); /* PJX, HRX, JSJ */
    struct record urging = world_get(world, KIND_urging, 1);
    assert_int_equal(rec_num(&urging, urging_subject), world_unit(world, "PJX"));
    assert_int_equal(rec_num(&urging, urging_matter), OPT_matter_review);
    assert_int_equal(rec_num(&urging, urging_due), day_make(2009, 10, 20).n);
    struct text text = rec_text(&urging, urging_text);
    assert_string_equal(arena_copy(&world->arena, text.at, text.length),
                        "讲评会：2009-10-20 9:00，市政府礼堂，主持人分管副市长");
    assert_int_equal(world_sees(world, "PJX", KIND_urging, 1), SEE_FULL);
    assert_int_equal(world_sees(world, "PJX", KIND_review_item, 1), SEE_NOTHING);
    assert_int_equal(world_sees(world, "LD-L", KIND_review_item, 1), SEE_FULL);
    assert_int_equal(world_do(world, "XMB", "review_meeting", "change", 1, "day", "2009-10-21", NULL), OK);
    assert_int_equal(state_last_id(&world->memory.space, KIND_urging), 6);
    assert_int_equal(act(world, "hold", 1), ERR_DATE_AHEAD);
    assert_int_equal(world_do(world, "XMB", "review_meeting", "cancel", 1, "reason", "另行通知", NULL), OK);
    assert_int_equal(state_last_id(&world->memory.space, KIND_urging), 9);
    assert_int_equal(state_of(world, KIND_review_item, 1), ST_review_item_dropped);
    planned(world); /* a cancelled one does not count for the half-year */
    assert_int_equal(world_do(world, "XMB", "review_meeting", "plan", 0, "from", "2009-08", "to", "2009-09", NULL),
                     ERR_EXISTS);
    assert_int_equal(world_do(world, "XMB", "review_meeting", "plan", 0, "to", "2009-10", NULL), ERR_MONTH_AHEAD);
}

static void held(struct world *world)
{
    assert_int_equal(add(world, planned(world), "", "典型做法"), OK);
    assert_int_equal(world_do(world, "XMB", "review_item", "add", 0, "meeting", "1", "board", "exposure", "subject",
                              unit(world, "HRX"), "project", "1", "text", "征地拖延", NULL),
                     OK);
    assert_int_equal(act(world, "propose", 1), OK);
    assert_int_equal(call(world, 1, "2009-09-28"), OK);
    assert_int_equal(act(world, "hold", 1), OK);
}

/* clauses: 3.6 3.7 */
static void everybody_sees_what_was_held(void **state)
{
    struct world *world = *state;
    held(world);
    assert_int_equal(world_sees(world, "OWN1", KIND_review_meeting, 1), SEE_FULL);
    assert_int_equal(world_sees(world, "OWN1", KIND_review_item, 1), SEE_LIST);
    assert_int_equal(world_sees(world, "PJX", KIND_review_item, 1), SEE_FULL);
    assert_int_equal(add(world, 1, "", "再加一个"), ERR_REVIEW_OVER);
    assert_int_equal(world_do(world, "XMB", "review_item", "change", 1, "text", "改写", NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(world, "XMB", "review_item", "note", 1, NULL), ERR_NEEDED);
    assert_int_equal(world_do(world, "PJX", "review_item", "note", 1, "said", "自己说", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(world, "XMB", "review_item", "note", 1, "said", "经验可推广", NULL), OK);
    assert_int_equal(act(world, "archive", 1), ERR_NEEDED);
    assert_int_equal(world_do(world, "XMB", "review_meeting", "archive", 1, "summary", "三台讲评完毕", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "review_item", "note", 1, "said", "改口", NULL), ERR_WRONG_STATE);
    assert_int_equal(world_do(world, "XMB", "review_meeting", "change", 1, "venue", "别处", NULL), ERR_WRONG_STATE);
    assert_int_equal(world_sees(world, "OWN1", KIND_review_item, 1), SEE_LIST);
    struct record item = world_get(world, KIND_review_item, 1);
    assert_int_equal(rec_num(&item, review_item_noted), world->now.s); /* a column: every page hears of it */
    assert_string_equal(
        arena_copy(&world->arena, rec_text(&item, review_item_said).at, rec_text(&item, review_item_said).length),
        "经验可推广");
}

/* clauses: 3.7 5.5h */
static void a_decision_is_handed_on_by_one_key(void **state)
{
    struct world *world = *state;
    held(world);
    assert_int_equal(world_do(world, "XMB", "review_item", "raise", 1, NULL), ERR_NO_PROJECT);
    assert_int_equal(world_do(world, "XMB", "review_item", "assign", 1, NULL), ERR_NOT_DECIDED);
    assert_int_equal(
        world_do(world, "XMB", "review_item", "decide", 1, "measure", "总结经验上报", "until", "2009-09-20", NULL),
        ERR_DATE_PAST);
    assert_int_equal(
        world_do(world, "XMB", "review_item", "decide", 1, "measure", "总结经验上报", "until", "2009-10-30", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "review_item", "assign", 1, NULL), OK);
    struct record decision = world_get(world, KIND_decision, 1), item = world_get(world, KIND_review_item, 1);
    assert_int_equal(rec_state(&decision), ST_decision_set);
    assert_int_equal(rec_num(&decision, decision_subject), world_unit(world, "PJX"));
    assert_int_equal(rec_num(&decision, decision_due), day_make(2009, 10, 30).n);
    assert_true(rec_has(&decision, decision_alarm));
    assert_int_equal(rec_num(&item, review_item_decision), 1);
    assert_int_equal(world_do(world, "XMB", "review_item", "assign", 1, NULL), ERR_HANDED_ON);
    assert_int_equal(world_do(world, "XMB", "review_item", "decide", 1, "measure", "另定", "until", "2009-10-30", NULL),
                     ERR_HANDED_ON);
    assert_int_equal(world_do(world, "PJX", "decision", "finish", 1, "result", "已上报", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "review_item", "raise", 2, NULL), OK);
    struct record issue = world_get(world, KIND_issue, 1);
    assert_int_equal(rec_state(&issue), ST_issue_collected);
    assert_int_equal(rec_num(&issue, issue_project), 1);
    assert_int_equal(rec_num(&issue, issue_review), 2);
    assert_int_equal(world_do(world, "XMB", "issue", "register", 1, "nature", "land", NULL), OK);
}

/* On the first working day of March and September, unless the office was first. */
/* clauses: 3.6 5.5h */
static void each_half_year_one_is_prepared(void **state)
{
    struct world *world = *state;
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "found", 0, "job", "review", NULL), OK);
    uint64_t id = world->id;
    struct record schedule = world_get(world, KIND_schedule, id);
    assert_int_equal(stamp_day((stamp_t){rec_num(&schedule, schedule_next)}).n, day_make(2010, 3, 1).n);
    world->now.s = rec_num(&schedule, schedule_next);
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "run", id, NULL), OK);
    struct record meeting = world_get(world, KIND_review_meeting, 1);
    assert_int_equal(rec_state(&meeting), ST_review_meeting_ready);
    assert_int_equal(rec_num(&meeting, review_meeting_from), month_make(2009, 9).n);
    assert_int_equal(rec_num(&meeting, review_meeting_to), month_make(2010, 2).n);
    expect(
        world, OPT_ground_report_late, OPT_board_exposure, "HRX",
        "2009年9月至2010年2月应报月报10份，迟报0份，逾期未报10份。",
        "P1 2009-09 未报；P1 2009-10 未报；P1 2009-11 未报；P1 2009-12 未报；P1 2010-01 未报；单位月报 2009-09 未报；"
        "单位月报 2009-10 未报；单位月报 2009-11 未报；单位月报 2009-12 未报；单位月报 2010-01 未报");
    schedule = world_get(world, KIND_schedule, id);
    assert_int_equal(stamp_day((stamp_t){rec_num(&schedule, schedule_next)}).n, day_make(2010, 9, 1).n);
    assert_int_equal(world_do(world, "XMB", "review_meeting", "plan", 0, "to", "2010-02", NULL), ERR_EXISTS);
    world->now.s = rec_num(&schedule, schedule_next) - 3600;
    assert_int_equal(world_do(world, "XMB", "review_meeting", "plan", 0, NULL), OK); /* March to August */
    world->now.s += 3600;
    assert_int_equal(world_own(world, ACTOR_RULE, "schedule", "run", id, NULL), OK);
    schedule = world_get(world, KIND_schedule, id);
    assert_int_equal(rec_num(&schedule, schedule_count), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_does_well_stands_as_example, setup, teardown),
        cmocka_unit_test_setup_teardown(who_fails_is_exposed, setup, teardown),
        cmocka_unit_test_setup_teardown(only_the_period_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(the_worst_come_first_and_so_many, setup, teardown),
        cmocka_unit_test_setup_teardown(what_the_office_decided_is_left_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(entries_are_put_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(nobody_is_exposed_unconfirmed, setup, teardown),
        cmocka_unit_test_setup_teardown(the_units_are_called, setup, teardown),
        cmocka_unit_test_setup_teardown(everybody_sees_what_was_held, setup, teardown),
        cmocka_unit_test_setup_teardown(a_decision_is_handed_on_by_one_key, setup, teardown),
        cmocka_unit_test_setup_teardown(each_half_year_one_is_prepared, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
