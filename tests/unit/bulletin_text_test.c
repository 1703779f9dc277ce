/* bulletin_text_test.c - the text that is made from the registry, and the page that it becomes.
 * Clauses 2.9, 5.5g, 5.5h. */
#include "client/core/bulletin.h"
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

static const char *compose(struct world *world, unsigned type, int year, int month)
{
    struct text text;
    assert_int_equal(bulletin_compose(&world->memory.space, type, month_make(year, month), world->now, &world->arena,
                                      &text),
                     OK);
    assert_true(text_characters(text) <= BULLETIN_CHARACTERS);
    assert_int_equal(text_offence(text, true), 0); /* it may stand in a record */
    return text.at;
}

static void expect(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) fail_msg("\"%s\" is not in: %s", part, text);
}

static void expect_not(const char *text, const char *part)
{
    if (strstr(text, part) != NULL) fail_msg("\"%s\" is in: %s", part, text);
}

static void report(struct world *world, const char *invested, const char *cumulative)
{
    assert_int_equal(world_do(world, "HRX", "report", "submit", 0, "project", "1", "month", "2009-09", "invested",
                              invested, "cumulative", cumulative, "progress", "主体三层", "difficulties", "无", "next",
                              "四层", NULL),
                     OK);
    assert_int_equal(world_do(world, "XMB", "report", "accept", world->id, NULL), OK);
}

static uint64_t raise_issue(struct world *world)
{
    assert_int_equal(world_do(world, "HRX", "issue", "collect", 0, "project", "1", "nature", "land", "text",
                              "三户未签拆迁协议", NULL),
                     OK);
    uint64_t id = world->id;
    assert_int_equal(world_do(world, "XMB", "issue", "register", id, NULL), OK);
    return id;
}

/* Assigned to FGW, handled and, in the end, cancelled. */
static void settle_issue(struct world *world, uint64_t id)
{
    char department[24];
    snprintf(department, sizeof department, "%llu", (unsigned long long)world_unit(world, "FGW"));
    assert_int_equal(world_do(world, "XMB", "issue", "assign", id, "departments", department, "limit", "8", NULL), OK);
    uint64_t assignment = state_last_id(&world->memory.space, KIND_assignment);
    assert_int_equal(world_do(world, "FGW", "assignment", "accept", assignment, NULL), OK);
    assert_int_equal(world_do(world, "FGW", "assignment", "handle", assignment, "handling", "已协调", NULL), OK);
    assert_int_equal(world_do(world, "FGW", "assignment", "request", assignment, "request", "请予销号", NULL), OK);
    assert_int_equal(world_do(world, "OWN1", "issue", "satisfy", id, "opinion", "满意", NULL), OK);
    assert_int_equal(world_do(world, "XMB", "issue", "cancel", id, NULL), OK);
}

/* clauses: 2.9 */
static void the_month_says_plan_against_actual_by_the_newest_figures(void **state)
{
    struct world *world = *state;
    world_at(world, 2009, 10, 9, 9);
    const char *text = compose(world, OPT_bulletin_monthly, 2009, 9);
    expect(text, "现将2009年9月份全市重点建设项目进展情况通报如下（数据截至2009年10月9日）");
    expect(text, "一、总体进展情况\n列入计划并在推进的重点建设项目1个，其中前期项目0个、在建项目1个");
    expect(text, "年度计划投资1200万元。");
    expect(text, "1—9月完成投资800万元，为同期计划的88.9%、年度计划的66.7%；时间进度为75.0%"); /* the opening balance */
    report(world, "130", "930");
    text = compose(world, OPT_bulletin_monthly, 2009, 9);
    expect(text, "1—9月完成投资930万元，为同期计划的103.3%、年度计划的77.5%");
    expect(text, "二、各责任单位完成情况");
    expect(text, "：项目1个，1—9月完成投资930万元");
    expect_not(text, "进度滞后项目");
    /* an earlier month is told by its own figures */
    expect(compose(world, OPT_bulletin_monthly, 2009, 8), "1—8月完成投资800万元，为同期计划的100.0%");
}

/* clauses: 2.9 */
static void who_reported_in_time_and_who_lags_is_named(void **state)
{
    struct world *world = *state;
    world_at(world, 2009, 10, 8, 9);
    expect(compose(world, OPT_bulletin_monthly, 2009, 9), "未报或退回后未重报0个，尚在报送期限内1个，按时报送率0.0%");
    world_at(world, 2009, 10, 20, 9);
    const char *text = compose(world, OPT_bulletin_monthly, 2009, 9);
    expect(text, "9月份应报送月报的项目1个，按时报送0个，迟报0个，未报或退回后未重报1个，按时报送率0.0%。\n"
                 "未报或退回后未重报的单位：");
    report(world, "0", "800");
    expect(compose(world, OPT_bulletin_monthly, 2009, 9), "按时报送0个，迟报1个，未报或退回后未重报0个");
    world_at(world, 2010, 1, 20, 9); /* 800 of the whole year's 1200 */
    text = compose(world, OPT_bulletin_monthly, 2009, 12);
    expect(text, "完成投资低于同期计划80.0%的项目1个，其中低于60.0%的0个。");
}

/* clauses: 5.5g 5.5h */
static void the_quarter_counts_registered_and_cancelled_issues_by_department(void **state)
{
    struct world *world = *state;
    settle_issue(world, raise_issue(world)); /* raised and cancelled in September */
    world_at(world, 2009, 10, 12, 9);
    uint64_t open = raise_issue(world);
    char department[24];
    snprintf(department, sizeof department, "%llu", (unsigned long long)world_unit(world, "JSJ"));
    assert_int_equal(world_do(world, "XMB", "issue", "assign", open, "departments", department, "limit", "3", NULL),
                     OK);
    const char *text = compose(world, OPT_bulletin_issues, 2009, 9);
    expect(text, "2009年第三季度新上报并挂号1件，销号1件。截至目前累计挂号1件，累计销号1件，未销号0件");
    expect(text, "共1件。");
    expect_not(text, "未销号问题");
    world_at(world, 2010, 1, 4, 9);
    text = compose(world, OPT_bulletin_issues, 2009, 12);
    expect(text, "2009年第四季度新上报并挂号1件，销号0件。截至目前累计挂号2件，累计销号1件，未销号1件，其中逾期1件");
    expect(text, "：交办1件，办结并请求销号0件，在办1件，逾期1件。");
    expect(text, "征地拆迁问题，受理单位");
    expect(text, "办结时限2009年10月15日，已逾期。");
    text = compose(world, OPT_bulletin_half_year, 2009, 12);
    expect(text, "2009年下半年新上报并挂号2件，销号1件");
    expect(text, "讲评");
}

static void the_same_registry_gives_the_same_text(void **state)
{
    struct world *world = *state;
    char first[BULLETIN_BYTES];
    raise_issue(world);
    for (unsigned type = OPT_bulletin_monthly; type <= OPT_bulletin_digest; type++) {
        snprintf(first, sizeof first, "%s", compose(world, type, 2009, 9));
        assert_string_equal(compose(world, type, 2009, 9), first);
        expect(first, "、工作要求\n");
    }
}

static void a_text_that_grows_too_long_is_cut_and_says_so(void **state)
{
    struct world *world = *state;
    for (int i = 0; i < 450; i++)
        raise_issue(world);
    const char *text = compose(world, OPT_bulletin_issues, 2009, 9);
    expect(text, "未销号450件");
    expect(text, "项从略。");
    expect(text, "、工作要求\n");
}

/* clauses: 2.9 */
static void the_page_names_its_parts(void **state)
{
    struct world *world = *state;
    static char bytes[PAGE_BYTES];
    struct str page = str_in(bytes, sizeof bytes);
    assert_int_equal(world_do(world, "XMB", "bulletin", "draft", 0, "type", "monthly", "month", "2009-08", "body",
                              "开头。\n\n　　一、总体情况\n（一）前期。都好。\n1.第一\n十九大字", "everybody", "yes", "copies",
                              "市委办公室", NULL),
                     OK);
    struct record bulletin = world_get(world, KIND_bulletin, world->id);
    bulletin_page(&world->memory.space, &bulletin, &world->arena, &page);
    expect(bytes, "duban-page 1\nmark 草稿\nflag ");
    expect(bytes, "\ntitle 关于2009年8月份\ntitle2 重点建设项目进展情况的通报\nto 各县、市、区人民政府，");
    expect(bytes, "：\np 开头。\nh1 一、总体情况\nh2 （一）前期。都好。\np 1.第一\np 十九大字\nsign ");
    expect(bytes, "\ncopies 市委办公室\n");
    expect_not(bytes, "\nnumber");
    expect_not(bytes, "\ndate");
    expect_not(bytes, "\nproof");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_month_says_plan_against_actual_by_the_newest_figures, setup, teardown),
        cmocka_unit_test_setup_teardown(who_reported_in_time_and_who_lags_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(the_quarter_counts_registered_and_cancelled_issues_by_department, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_same_registry_gives_the_same_text, setup, teardown),
        cmocka_unit_test_setup_teardown(a_text_that_grows_too_long_is_cut_and_says_so, setup, teardown),
        cmocka_unit_test_setup_teardown(the_page_names_its_parts, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
