/* bulletin_test.c - a bulletin by scripts at a real daemon: composed from the 153 projects, edited, reviewed, issued,
 * read by its recipients, and printed as an official paper that is measured. Clauses 2.9, 5.5g and 5.5h. */
#include "tests/lib/rig_report.h"
#include "tests/lib/sitting.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PIXELS_PER_MM = 10, HASH_DIGITS = 64 };

static struct rig rig;
static char hash[HASH_DIGITS + 1]; /* that the issued bulletin bears */

static int start_rig(void **state)
{
    static const char *const all[] = {"XMB", "XMB-A", "XMB-L", "HRX", "PJX"};
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

static const char *bulletin(const char *login)
{
    return rig_out(&rig, 0, login, "bulletin", "show", "1", "--json", NULL);
}

static void expect(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) rig_fail("\"%s\" is not in: %s", part, text);
}

/* An editor for the next edits: a script that gets the file as $1. */
static void use_editor(const char *script)
{
    char text[600];
    int length = snprintf(text, sizeof text, "#!/bin/sh\n%s\n", script);
    const char *path = rig_file(&rig, "editor.sh", text, (size_t)length);
    assert_int_equal(chmod(path, 0700), 0);
    unsetenv("VISUAL");
    setenv("EDITOR", path, 1);
    setenv("TMPDIR", rig.directory, 1);
}

/* clauses: 2.9 */
static void the_office_composes_a_draft_that_nobody_else_sees(void **state)
{
    (void)state;
    const char *said = rig_out(&rig, 0, "XMB", "bulletin", "compose", "monthly", "--period", "2009-08", "--json", NULL);
    json_expect(said, "state", "draft");
    assert_int_equal(json_number(said, "id"), 1);
    const char *shown = bulletin("XMB");
    json_expect(shown, "title", "关于2009年8月份重点建设项目进展情况的通报");
    json_expect(shown, "everybody", "true");
    json_expect(shown, "figures_on", "2009-09-28");
    expect(shown, "列入计划并在推进的重点建设项目153个，其中前期项目65个、在建项目88个");
    expect(shown, "各责任单位完成情况");
    rig_err(&rig, 3, "HRX", "bulletin", "show", "1", NULL);
    rig_err(&rig, 4, "HRX", "bulletin", "compose", "commendation", NULL);
    /* the period has its draft: it is composed anew only when that is said */
    expect(rig_err(&rig, 4, "XMB", "bulletin", "compose", "月通报", "--period", "2009-08", NULL), "#1, --yes");
    rig_out(&rig, 0, "XMB", "bulletin", "compose", "月通报", "--period", "2009-08", "--yes", NULL);
    rig_err(&rig, 2, "XMB", "bulletin", "compose", "weekly", NULL);
    /* the text alone, as the registry stood before the first draft, however often */
    const char *then = rig_out(&rig, 0, "XMB", "bulletin", "compose", "monthly", "--period", "2009-08", "--print",
                               "--as-of", "#100", NULL);
    assert_true(strlen(then) > 10);
    assert_string_equal(then, rig_out(&rig, 0, "XMB", "bulletin", "compose", "monthly", "--period", "2009-08",
                                      "--print", "--as-of", "#100", NULL));
    rig_err(&rig, 4, "XMB", "bulletin", "compose", "monthly", "--as-of", "#100", NULL);
    rig_err(&rig, 2, "XMB", "bulletin", "compose", "monthly", "--period", "August", NULL);
    rig_err(&rig, 4, "XMB", "bulletin", "compose", "issues", "--period", "2009-08", NULL);
}

/* The same clerk saves from another workstation while the editor is open: what was saved stands, and what was written
 * is kept beside it. */
static void a_save_in_the_meantime_is_not_overwritten(void **state)
{
    (void)state;
    rig_enrol_second(&rig, "XMB", "second");
    use_editor("echo mine >>\"$1\"; DUBAN_HOME=\"$TMPDIR/home-second\" \"$DUBAN_BUILD/duban\" bulletin revise 1 --body "
               "theirs");
    expect(rig_err(&rig, 6, "XMB", "bulletin", "edit", "1", NULL), "what you wrote is in ");
    json_expect(bulletin("XMB"), "body", "theirs");
    rig_shell("grep -q mine %s/duban-bulletin-* && rm %s/duban-bulletin-*", rig.directory, rig.directory);
    rig_out(&rig, 0, "XMB", "bulletin", "compose", "monthly", "--period", "2009-08", "--yes", NULL);
}

/* clauses: 2.9 */
static void the_clerk_edits_it_and_loses_nothing(void **state)
{
    (void)state;
    char path[400];
    use_editor("test \"$(stat -c %a \"$1\")\" = 600 && echo '（一）补充。人工核对过。' >>\"$1\"");
    rig_out(&rig, 0, "XMB", "bulletin", "edit", "1", NULL);
    expect(bulletin("XMB"), "（一）补充。人工核对过。\"");
    rig_shell("test -z \"$(ls %s | grep duban-bulletin)\"", rig.directory);
    use_editor("true");
    expect(rig_err(&rig, 0, "XMB", "bulletin", "edit", "1", NULL), "nothing was changed");
    use_editor(
        "echo half >>\"$1\"; exit 1"); /* an editor that fails leaves the record alone, and the text in its file */
    const char *said = rig_err(&rig, 1, "XMB", "bulletin", "edit", "1", NULL);
    const char *at = strstr(said, "what you wrote is in ");
    assert_non_null(at);
    assert_int_equal(sscanf(at, "what you wrote is in %399s", path), 1);
    rig_shell("grep -q half %s && rm %s", path, path);
    assert_null(strstr(bulletin("XMB"), "half"));
}

/* clauses: 2.9 */
static void the_leader_gives_it_back_and_then_issues_it(void **state)
{
    (void)state;
    struct spawned county;
    rig_err(&rig, 4, "XMB", "bulletin", "issue", "1", "--yes", NULL);
    rig_out(&rig, 0, "XMB", "bulletin", "propose", "1", "--copies", "市委办公室，市人大常委会办公室", NULL);
    rig_err(&rig, 4, "XMB", "bulletin", "edit", "1", NULL);
    expect(rig_out(&rig, 0, "XMB-L", "desk", NULL), "sign and issue");
    rig_out(&rig, 0, "XMB-L", "bulletin", "rework", "1", "--reason", "核对数字", NULL);
    rig_out(&rig, 0, "XMB", "bulletin", "propose", "1", NULL);
    rig_watch(&rig, &county, "HRX", true);
    rig_err(&rig, 2, "XMB-L", "bulletin", "issue", "1", NULL); /* without a terminal it needs --yes */
    rig_out(&rig, 0, "XMB-L", "bulletin", "issue", "1", "--yes", NULL);
    const char *line = spawned_line(&county, SOON_MS);
    assert_non_null(line);
    json_expect(line, "kind", "bulletin");
    json_expect(line, "action", "issue");
    spawned_end(&county, SIGTERM);
    const char *shown = bulletin("HRX");
    json_expect(shown, "number", "岳重项办通〔2009〕1号");
    expect(shown, "人工核对过。"); /* the text came on asking */
    assert_true(json_value(shown, "head_hash", hash, sizeof hash));
    assert_int_equal(strlen(hash), HASH_DIGITS);
    rig_err(&rig, 4, "XMB", "bulletin", "revise", "1", "--body", "改", NULL);
}

/* clauses: 2.9 0.1 */
static void each_unit_reads_it_and_the_office_sees_who_has_not(void **state)
{
    (void)state;
    char row[2000], receipt[24];
    const char *mine = rig_out(&rig, 0, "HRX", "receipt", "list", "--json", NULL);
    assert_int_equal(json_lines(mine), 1); /* its own alone */
    snprintf(receipt, sizeof receipt, "%ld", json_number(mine, "id"));
    expect(rig_out(&rig, 0, "HRX", "desk", NULL), "confirm as read");
    unsigned all = json_lines(rig_out(&rig, 0, "XMB", "receipt", "list", "--state", "sent", "--json", NULL));
    assert_true(all > 30);
    rig_err(&rig, 3, "PJX", "receipt", "read", receipt, NULL);
    rig_out(&rig, 0, "HRX", "receipt", "read", receipt, NULL);
    const char *left = rig_out(&rig, 0, "XMB", "receipt", "list", "--state", "sent", "--json", NULL);
    assert_int_equal(json_lines(left), all - 1);
    assert_null(json_row(left, "id", receipt, row, sizeof row));
}

/* A county reads the whole text at the screen: its page shows the beginning, Enter the rest. */
static void a_long_text_is_read_at_the_screen(void **state)
{
    (void)state;
    struct pty *seat = sit_down("HRX");
    type(seat, ":bulletin 1\r", "journal's head: hash");
    assert_true(pty_wait(seat, "根据市人民政府办公室", SOON_MS)); /* it came on asking */
    assert_false(pty_shows(seat, "人工核对过"));
    for (int i = 0; i < 20 && strncmp(pty_row(seat, (unsigned)row_of(seat, "body of the bulletin")), ">", 1) != 0;
         i++) {
        pty_send(seat, "j");
        pty_settle(seat, QUIET_MS);
    }
    type(seat, "\r", "总体进展情况");
    type(seat, "G", "人工核对过");
    get_up(seat);
}

/* ---- on paper ---- */

static void make_pdf(const char *login, const char *name)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", rig.directory, name);
    expect(rig_out(&rig, 0, login, "bulletin", "pdf", "1", path, NULL), ".pdf: ");
}

/* clauses: 2.9 */
static void the_paper_is_the_same_to_the_byte_for_everybody(void **state)
{
    (void)state;
    const char *at = rig.directory;
    unsetenv("XDG_CONFIG_HOME");
    make_pdf("XMB", "a.pdf");
    make_pdf("XMB", "b.pdf");
    make_pdf("HRX", "c.pdf"); /* whose client knows most units by short names only */
    rig_shell("cd %s && cmp a.pdf b.pdf && cmp a.pdf c.pdf", at);
    rig_shell("pdffonts %s/a.pdf | tail -n +3 | awk '{ n++; if ($(NF-4) != \"yes\" || $(NF-3) != \"yes\") exit 1 } END "
              "{ exit n < 4 }'",
              at);
    rig_shell("cd %s && pdftotext a.pdf - | tr -d '\\n' >a.txt", at); /* lines end anywhere */
    rig_shell("cd %s && grep -q '岳重项办通〔2009〕1号' a.txt && grep -q '重点建设项目进展情况的通报' a.txt", at);
    rig_shell("cd %s && grep -q '%s' a.txt && grep -q '抄送：市委办公室，市人大常委会办公室。' a.txt", at, hash);
    rig_shell("cd %s && grep -q '2009年9月28日印发' a.txt && grep -q '—1—' a.txt && grep -q '153个' a.txt", at);
    const char *text = rig_out(&rig, 0, "HRX", "bulletin", "text", "1", NULL);
    expect(text, "岳重项办通〔2009〕1号");
    expect(text, hash);
}

/* Reads the picture of a page; freed by the caller. */
static unsigned char *read_picture(const char *path, int *wide, int *high)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fscanf(file, "P6 %d %d 255", wide, high) != 2 || fgetc(file) == EOF) rig_fail("no picture");
    size_t count = 3 * (size_t)*wide * (size_t)*high;
    unsigned char *bytes = malloc(count);
    if (bytes == NULL || fread(bytes, 1, count, file) != count) rig_fail("half a picture");
    fclose(file);
    return bytes;
}

/* Does the row have red in it, from and to which column? */
static bool red_row(const unsigned char *row, int wide, int *from, int *to)
{
    *from = *to = -1;
    for (int x = 0; x < wide; x++) {
        const unsigned char *pixel = row + 3 * x;
        if (pixel[0] < 150 || pixel[1] > 100 || pixel[2] > 100) continue;
        if (*from < 0) *from = x;
        *to = x;
    }
    return *from >= 0;
}

static void expect_mm(int pixels, int mm)
{
    if (abs(pixels - mm * PIXELS_PER_MM) > PIXELS_PER_MM / 2) rig_fail("%d pixels, not %d mm", pixels, mm);
}

/* GB/T 9704-2012: the flag's upper edge is 35 mm below the type area's, which begins 37 mm from the top; the red rule
 * is as wide as the type area, 156 mm, 28 mm from the left; 22 lines on a page, nothing beside the type area. */
/* clauses: 2.9 */
static void the_paper_has_the_measures_of_the_standard(void **state)
{
    (void)state;
    char path[400];
    int wide, high, first = -1, from, to, rule_from = 0, rule_to = 0;
    rig_shell("cd %s && pdfinfo a.pdf | grep -q 'Page size:.*A4'", rig.directory);
    rig_shell("cd %s && pdftoppm -r 254 -f 1 -l 1 -singlefile a.pdf page", rig.directory);
    snprintf(path, sizeof path, "%s/page.ppm", rig.directory);
    unsigned char *picture = read_picture(path, &wide, &high);
    for (int y = 0; y < high; y++) {
        if (!red_row(picture + 3 * (size_t)wide * (size_t)y, wide, &from, &to)) continue;
        if (first < 0) first = y;
        rule_from = from; /* the last red row is of the rule */
        rule_to = to;
    }
    free(picture);
    expect_mm(first, 37 + 35);
    expect_mm(rule_from, 28);
    expect_mm(rule_to, 28 + 156);
    rig_shell("cd %s && pdftotext -layout -f 2 -l 2 a.pdf - | tr -d '\\f' | grep -c . | grep -qx 23", rig.directory);
    rig_shell(
        "cd %s && pdftotext -bbox a.pdf - | tr '\"' ' ' | awk '/<word/ { n++; if ($3 < 79.3 || $7 > 522.2) exit 1 } "
        "END { exit n < 50 }'",
        rig.directory);
}

static void fonts_are_named_in_a_file_and_stand_ins_are_told(void **state)
{
    (void)state;
    char path[400];
    static const char fonts[] = "[fonts]\nfangsong = AR PL UKai CN\nheiti = No Such Font\n";
    snprintf(path, sizeof path, "%s/config/duban", rig.directory);
    rig_shell("mkdir -p %s", path);
    rig_file(&rig, "config/duban/fonts.conf", fonts, sizeof fonts - 1);
    snprintf(path, sizeof path, "%s/config", rig.directory);
    setenv("XDG_CONFIG_HOME", path, 1);
    snprintf(path, sizeof path, "%s/d.pdf", rig.directory);
    const char *said = rig_err(&rig, 0, "XMB", "bulletin", "pdf", "1", path, NULL);
    unsetenv("XDG_CONFIG_HOME");
    expect(said, "not here: 黑体: No Such Font");
    expect(said, "黑体: Noto Sans CJK SC");
    assert_null(strstr(said, "仿宋"));
    snprintf(path, sizeof path, "%s/none/d.pdf", rig.directory);
    expect(rig_err(&rig, 1, "XMB", "bulletin", "pdf", "1", path, NULL), "the PDF was not made");
    rig_err(&rig, 2, "XMB", "bulletin", "pdf", "1", NULL);
}

/* clauses: 5.5g */
static void the_calendar_lays_out_the_quarters_draft_and_it_is_composed(void **state)
{
    (void)state;
    rig_set_clock(&rig, "2009-10-09 08:31");
    for (int64_t end = rig_clock_ms() + SOON_MS; rig_clock_ms() < end; rig_pause())
        if (json_lines(rig_out(&rig, 0, "XMB", "bulletin", "list", "--type", "issues", "--json", NULL)) > 0) break;
    const char *draft = rig_out(&rig, 0, "XMB", "bulletin", "show", "2", "--json", NULL);
    json_expect(draft, "month", "2009-09");
    json_expect(draft, "body", "null");
    expect(rig_err(&rig, 4, "XMB", "bulletin", "propose", "2", NULL), "body of the bulletin: has to be filled in");
    rig_out(&rig, 0, "XMB", "bulletin", "compose", "issues", NULL); /* fills that draft */
    draft = rig_out(&rig, 0, "XMB", "bulletin", "show", "2", "--json", NULL);
    expect(draft, "2009年第三季度全市重点建设项目问题挂号销号情况通报如下");
}

/* The head that is printed can be found again: a full check decides everything anew, the issue with its head too. */
static void a_full_check_decides_it_again(void **state)
{
    (void)state;
    rig_stop(&rig, SIGTERM);
    expect(rig_daemon_out(&rig, 0, "check", rig.registry, NULL), "differing 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_office_composes_a_draft_that_nobody_else_sees),
        cmocka_unit_test(a_save_in_the_meantime_is_not_overwritten),
        cmocka_unit_test(the_clerk_edits_it_and_loses_nothing),
        cmocka_unit_test(the_leader_gives_it_back_and_then_issues_it),
        cmocka_unit_test(each_unit_reads_it_and_the_office_sees_who_has_not),
        cmocka_unit_test_teardown(a_long_text_is_read_at_the_screen, clear_seats),
        cmocka_unit_test(the_paper_is_the_same_to_the_byte_for_everybody),
        cmocka_unit_test(the_paper_has_the_measures_of_the_standard),
        cmocka_unit_test(fonts_are_named_in_a_file_and_stand_ins_are_told),
        cmocka_unit_test(the_calendar_lays_out_the_quarters_draft_and_it_is_composed),
        cmocka_unit_test(a_full_check_decides_it_again),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
