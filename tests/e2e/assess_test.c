/* assess_test.c - an assessment over weeks of simulated work, by scripts at a real daemon: opened, marked by an
 * assessor, computed, published, exported, and corrected on appeal. Its figures are computed a second time from the
 * dumped journal by a few lines of awk (assess.awk). Clause 3. */
#include "tests/lib/pty.h"
#include "tests/lib/rig.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNITS_MAX = 80, LINE_MAX_BYTES = 2000, SOON_MS = 10000 };

#define FROM "2009-09-28"
#define TO   "2009-10-30"

static struct rig rig;

/* A demo with five weeks of work that is scored by a few rules instead of the bundled ones. */
static int start_rig(void **state)
{
    char data[300];
    static const char *const all[] = {"XMB", "HRX", "JCZ", "JCJ", "PJX", "LD"};
    (void)state;
    rig_prepare(&rig);
    snprintf(data, sizeof data, "%s/data", rig.directory);
    rig_shell("cp -r \"$DUBAN_DATA\" %s && printf '%%s\\n' "
              "'年度,方案,序号,细则,部分,事项,对象,责任人,组别,分值,封顶,评分单位' "
              "'2009,试行办法,1,责任单位基础分,基础分,,,,责任单位,60,,' "
              "'2009,试行办法,2,月报被退回,日常考核,月报退回,责任单位,分管领导,,-0.3,3,' "
              "'2009,试行办法,3,黄色预警,日常考核,黄色预警,当事单位,一把手,,-2,10,' "
              "'2009,试行办法,4,红色预警,日常考核,红色预警,当事单位,一把手,,-5,15,' "
              "'2009,试行办法,5,年度计划完成,年终考核,,,,责任单位,40,,JCZ' "
              "'2009,试行办法,6,申诉更正,申诉更正,,,,,5,,' > %s/scheme.csv",
              data, data);
    setenv("DUBAN_DATA", data, 1);
    rig_found(&rig);
    rig_daemon_out(&rig, 0, "simulate", rig.registry, "--until", "2009-11-02", "--seed", "4", NULL);
    rig_serve(&rig);
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

/* Calls the function for each line of some lines. */
static void each_line(const char *lines, void (*act)(const char *line, void *self), void *self)
{
    while (*lines != '\0') {
        char line[LINE_MAX_BYTES];
        size_t length = strcspn(lines, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, lines);
        if (length > 0) act(line, self);
        lines += length + (lines[length] == '\n');
    }
}

static long hundredths(const char *line, const char *name)
{
    char value[40];
    if (!json_value(line, name, value, sizeof value)) rig_fail("no %s in %s", name, line);
    double number = strtod(value, NULL) * 100;
    return (long)(number < 0 ? number - 0.5 : number + 0.5);
}

static const char *ranking(const char *login)
{
    return rig_out(&rig, 0, login, "assessment", "ranking", "--year", "2009", "--json", NULL);
}

static bool is_responsible(const char *line)
{
    char group[40];
    return json_value(line, "group", group, sizeof group) && strcmp(group, "responsible") == 0;
}

/* ---- second opinions ---- */

struct opinion {
    unsigned count;
    long unit[UNITS_MAX], daily[UNITS_MAX];
    unsigned compared;
};

static void read_opinion(const char *line, void *self)
{
    struct opinion *opinion = self;
    if (sscanf(line, "%ld %ld", &opinion->unit[opinion->count], &opinion->daily[opinion->count]) == 2) opinion->count++;
}

static void compare(const char *line, void *self)
{
    struct opinion *opinion = self;
    long unit = json_number(line, "unit_id");
    if (!is_responsible(line)) return;
    for (unsigned i = 0; i < opinion->count; i++) {
        if (opinion->unit[i] != unit) continue;
        assert_int_equal(hundredths(line, "daily"), opinion->daily[i]);
        opinion->compared++;
        return;
    }
    rig_fail("awk knows no such unit: %s", line);
}

static void ask_awk(struct opinion *opinion)
{
    static char text[10000];
    *opinion = (struct opinion){.count = 0};
    rig_stop(&rig, SIGTERM);
    rig_shell("'%s/duband' dump '%s' | awk -v FROM=" FROM " -v TO=" TO " -f tests/e2e/assess.awk > '%s/awk.txt'",
              rig.build, rig.registry, rig.directory);
    rig_serve(&rig);
    char path[300];
    snprintf(path, sizeof path, "%s/awk.txt", rig.directory);
    FILE *file = fopen(path, "re");
    size_t used = file != NULL ? fread(text, 1, sizeof text - 1, file) : 0;
    text[used] = '\0';
    if (file != NULL) fclose(file);
    each_line(text, read_opinion, opinion);
}

/* The place is one more than those with a greater total. */
struct places {
    const char *all;
    long total;
    long better;
};

static void count_better(const char *line, void *self)
{
    struct places *places = self;
    places->better += is_responsible(line) && hundredths(line, "total") > places->total;
}

static void check_place(const char *line, void *self)
{
    struct places places = {self, hundredths(line, "total"), 0};
    if (!is_responsible(line)) return;
    each_line(places.all, count_better, &places);
    assert_int_equal(json_number(line, "rank"), places.better + 1);
}

/* The last sum of `why` is the total. */
static void keep_sum(const char *line, void *self)
{
    *(long *)self = hundredths(line, "sum");
}

static void check_why(const char *line, void *self)
{
    char unit[100];
    long sum = 0;
    if (!is_responsible(line)) return;
    snprintf(unit, sizeof unit, "#%ld", json_number(line, "unit_id"));
    const char *lines = rig_out(&rig, 0, "XMB", "assessment", "why", unit, "--year", "2009", "--json", NULL);
    each_line(lines, keep_sum, &sum);
    assert_int_equal(sum, hundredths(line, "total"));
    ++*(unsigned *)self;
}

/* ---- tests ---- */

static void mark_unit(const char *line, void *self)
{
    char unit[40], points[40];
    const char *item = self;
    if (!is_responsible(line)) return;
    long id = json_number(line, "unit_id");
    snprintf(unit, sizeof unit, "#%ld", id);
    snprintf(points, sizeof points, "%ld.5", 20 + id % 20);
    rig_out(&rig, 0, "JCZ", "score", "mark", "--assessment", "#1", "--item", item, "--unit", unit, "--points", points,
            NULL);
}

/* clauses: 3.1 3.2 3.3 */
static void the_figures_are_those_of_the_journal(void **state)
{
    (void)state;
    struct opinion opinion;
    char row[LINE_MAX_BYTES], item[24];
    unsigned sums = 0;
    const char *rules = rig_out(&rig, 0, "XMB", "scheme-rule", "list", "--state", "in_force", "--json", NULL);
    if (json_row(rules, "part", "year_end", row, sizeof row) == NULL) rig_fail("no year-end item");
    snprintf(item, sizeof item, "#%ld", json_number(row, "id"));
    rig_out(&rig, 0, "XMB", "assessment", "open", "--from", FROM, "--to", TO, "--name", "2009年10月考核", "--yes",
            NULL);
    rig_out(&rig, 0, "XMB", "assessment", "compute", "#1", NULL);
    rig_err(&rig, 4, "HRX", "score", "mark", "--assessment", "#1", "--item", item, "--unit", "HRX", "--points", "40",
            NULL);
    rig_err(&rig, 4, "XMB", "score", "mark", "--assessment", "#1", "--item", item, "--unit", "HRX", "--points", "40",
            NULL); /* the scheme says that 效能监察组 enters it */
    each_line(ranking("XMB"), mark_unit, item);
    rig_out(&rig, 0, "XMB", "assessment", "compute", "#1", NULL);
    ask_awk(&opinion);
    const char *all = ranking("XMB");
    each_line(all, compare, &opinion);
    assert_true(opinion.compared > 15);
    each_line(all, check_place, (void *)(uintptr_t)all);
    each_line(all, check_why, &sums);
    assert_int_equal(sums, opinion.compared);
}

/* A unit reads its own lines, supervision and the leader everybody's; another unit learns nothing. */
static void whose_points_are_for_whom(void **state)
{
    (void)state;
    rig_out(&rig, 0, "HRX", "assessment", "why", "HRX", "--year", "2009", NULL);
    rig_out(&rig, 0, "JCJ", "assessment", "why", "HRX", "--year", "2009", NULL);
    rig_out(&rig, 0, "LD", "assessment", "why", "HRX", "--year", "2009", NULL);
    rig_err(&rig, 3, "PJX", "assessment", "why", "HRX", "--year", "2009", NULL);
    assert_true(json_lines(rig_out(&rig, 0, "HRX", "assessment", "ranking", "--by-person", "--json", NULL)) > 1);
    assert_int_equal(json_lines(rig_out(&rig, 0, "LD", "assessment", "ranking", "--by-person", "--json", NULL)), 0);
    assert_int_equal(json_lines(ranking("PJX")), 1); /* its own, before it is published */
}

/* clauses: 3.3 3.4 3.5 */
static void what_is_published_stays_and_leaves_as_files(void **state)
{
    (void)state;
    char path[300];
    unsigned sums = 0;
    rig_err(&rig, 4, "XMB", "assessment", "export", "--minben", "-", "--year", "2009", NULL);
    rig_out(&rig, 0, "JCZ", "assessment", "review", "#1", "--opinion", "属实", NULL);
    rig_out(&rig, 0, "XMB", "assessment", "publish", "#1", "--document", "岳项办〔2009〕8号", "--yes", NULL);
    const char *published = ranking("XMB");
    assert_string_equal(ranking("PJX"), published);
    const char *reports = rig_out(&rig, 0, "XMB", "report", "list", "--state", "submitted", "--json", NULL);
    char id[24], row[LINE_MAX_BYTES];
    if (json_row(reports, "state", "submitted", row, sizeof row) == NULL) rig_fail("nothing to return");
    snprintf(id, sizeof id, "#%ld", json_number(row, "id"));
    rig_out(&rig, 0, "XMB", "report", "return", id, "--reason", "数据有误", NULL);
    assert_string_equal(ranking("XMB"), published);
    if (json_row(published, "unit", "华容县", row, sizeof row) == NULL) rig_fail("no score of HRX");
    check_why(row, &sums);
    assert_int_equal(sums, 1);
    snprintf(path, sizeof path, "%s/minben.csv", rig.directory);
    rig_out(&rig, 0, "XMB", "assessment", "export", "--minben", path, "--year", "2009", NULL);
    rig_shell("grep -q '民本岳阳建设考核' %s && grep -q '^华容县\\|,华容县,' %s && grep -q '计分依据' %s && "
              "! grep -q '职能部门' %s",
              path, path, path, path);
    snprintf(path, sizeof path, "%s/gov.csv", rig.directory);
    rig_out(&rig, 0, "XMB", "assessment", "export", "--gov", path, "--year", "2009", NULL);
    rig_shell("grep -q '市政府绩效考核' %s && grep -q '职能部门' %s", path, path);
    snprintf(path, sizeof path, "%s/gov.xlsx", rig.directory);
    rig_out(&rig, 0, "XMB", "assessment", "export", "--gov", path, "--year", "2009", NULL);
    rig_shell("head -c 2 %s | grep -q PK", path);
    snprintf(path, sizeof path, "%s/cadre.csv", rig.directory);
    rig_out(&rig, 0, "XMB", "assessment", "export", "--cadre", path, "--year", "2009", NULL);
    rig_shell("grep -q '领导干部年终考核' %s && grep -q '演示分管.*分管领导,2009' %s", path, path);
}

/* An appeal opens a version of its own with its reason; the published one stands until that is published. */
static void an_appeal_is_a_version_of_its_own(void **state)
{
    (void)state;
    char before[LINE_MAX_BYTES], after[LINE_MAX_BYTES], row[LINE_MAX_BYTES], item[24], then[24];
    const char *places = ranking("PJX");
    const char *reasons = rig_out(&rig, 0, "HRX", "assessment", "why", "HRX", "--year", "2009", "--json", NULL);
    snprintf(then, sizeof then, "#%ld", rig_head(&rig));
    const char *rules = rig_out(&rig, 0, "XMB", "scheme-rule", "list", "--state", "in_force", "--json", NULL);
    if (json_row(rules, "part", "correction", row, sizeof row) == NULL) rig_fail("no item for appeals");
    snprintf(item, sizeof item, "#%ld", json_number(row, "id"));
    if (json_row(ranking("XMB"), "unit", "华容县", before, sizeof before) == NULL) rig_fail("no score of HRX");
    rig_out(&rig, 0, "XMB", "assessment", "correct", "#1", "--reason", "华容县申诉成立", "--yes", NULL);
    rig_out(&rig, 0, "XMB", "score", "mark", "--assessment", "#2", "--item", item, "--unit", "HRX", "--points", "0.8",
            "--remark", "退回有误", NULL);
    rig_out(&rig, 0, "XMB", "assessment", "compute", "#2", NULL);
    json_row(ranking("XMB"), "unit", "华容县", after, sizeof after);
    assert_int_equal(hundredths(after, "total"), hundredths(before, "total"));
    rig_out(&rig, 0, "JCZ", "assessment", "review", "#2", "--opinion", "属实", NULL);
    rig_out(&rig, 0, "XMB", "assessment", "publish", "#2", "--yes", NULL);
    json_row(ranking("XMB"), "unit", "华容县", after, sizeof after);
    assert_int_equal(hundredths(after, "total"), hundredths(before, "total") + 80);
    json_expect(rig_out(&rig, 0, "XMB", "assessment", "show", "#1", "--json", NULL), "state", "replaced");
    /* as it stood, the appeal is not there: neither its place nor its reason */
    assert_string_equal(
        rig_out(&rig, 0, "PJX", "assessment", "ranking", "--year", "2009", "--json", "--as-of", then, NULL), places);
    assert_string_equal(
        rig_out(&rig, 0, "HRX", "assessment", "why", "HRX", "--year", "2009", "--json", "--as-of", then, NULL),
        reasons);
}

/* The places on the screen, why behind one of them, and the record behind a line. */
static void the_screen_says_why(void **state)
{
    (void)state;
    char program[1100], home[400], variables[2][500];
    char *argv[] = {program, NULL};
    const char *env[] = {variables[0], variables[1], "LC_ALL=C.UTF-8", "TERM=xterm", NULL};
    snprintf(program, sizeof program, "%s/duban", rig.build);
    rig_home(&rig, "HRX", home, sizeof home);
    snprintf(variables[0], sizeof variables[0], "DUBAN_HOME=%s", home);
    snprintf(variables[1], sizeof variables[1], "DUBAN_PASSPHRASE_FILE=%s/passphrase", rig.directory);
    struct pty *seat = pty_open(&(struct pty_options){.argv = argv, .env = env});
    assert_true(pty_wait(seat, "| connected", SOON_MS));
    pty_send(seat, "K");
    assert_true(pty_wait(seat, "2009年10月考核", SOON_MS));
    pty_send(seat, "/华容\r");
    assert_true(pty_wait_gone(seat, "君山区", SOON_MS));
    pty_send(seat, "\r");
    assert_true(pty_wait(seat, "责任单位基础分", SOON_MS));
    assert_true(pty_wait(seat, "申诉更正", SOON_MS)); /* the last line: what the appeal was granted */
    pty_send(seat, "j\r");
    assert_true(pty_wait_gone(seat, "why this score", SOON_MS));
    assert_true(pty_shows(seat, "华容县"));
    pty_close(seat);
}

/* What was computed from the journal is decided again by `check`, byte for byte. */
static void the_journal_proves_the_scores(void **state)
{
    (void)state;
    rig_stop(&rig, SIGTERM);
    const char *said = rig_daemon_out(&rig, 0, "check", rig.registry, NULL);
    assert_non_null(strstr(said, "differing 0"));
    rig_serve(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_figures_are_those_of_the_journal),
        cmocka_unit_test(whose_points_are_for_whom),
        cmocka_unit_test(what_is_published_stays_and_leaves_as_files),
        cmocka_unit_test(an_appeal_is_a_version_of_its_own),
        cmocka_unit_test(the_screen_says_why),
        cmocka_unit_test(the_journal_proves_the_scores),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
