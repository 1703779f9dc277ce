/* exchange_test.c - files that go out and come in, as an office meets them: workbooks imported by the daemon, lists
 * exported and opened by LibreOffice, the month's reports filled in elsewhere and taken back, the agenda in a calendar.
 * Clause 2. */
#include "client/core/book.h"
#include "proto/xlsx.h"
#include "tests/lib/parts.h"
#include "tests/lib/pty.h"
#include "tests/lib/rig_report.h"
#include "tests/lib/unit.h"

#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SOON_MS = 15000, FILE_BYTES_MAX = 4 << 20 };

static struct rig rig;

static int start_rig(void **state)
{
    (void)state;
    rig_start(&rig);
    rig_enrol(&rig, "XMB");
    rig_enrol(&rig, "HRX");
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

/* A path in the rig's directory; it lives until the end. */
static const char *path_of(const char *name)
{
    static char paths[16][400];
    static unsigned next;
    char *path = paths[next++ % 16];
    snprintf(path, 400, "%s/%s", rig.directory, name);
    return path;
}

/* The whole file; freed by the caller. */
static struct text contents(const char *path)
{
    char *bytes = malloc(FILE_BYTES_MAX);
    FILE *file = fopen(path, "re");
    assert_non_null(bytes);
    if (file == NULL) rig_fail("%s is not there", path);
    size_t count = fread(bytes, 1, FILE_BYTES_MAX - 1, file);
    fclose(file);
    bytes[count] = '\0';
    return (struct text){bytes, (uint32_t)count};
}

static void read_book(const char *path, struct sheet *sheet)
{
    struct refusal why;
    struct text bytes = contents(path);
    sheet_init(sheet);
    if (xlsx_read(bytes, sheet, &why) != OK) rig_fail("%s: %s", path, why.text);
    free((char *)bytes.at);
}

static unsigned column_named(const struct sheet_row *header, const char *name)
{
    for (unsigned i = 0; i < header->count; i++)
        if (text_equal(sheet_cell(header, i), text_of(name))) return i;
    rig_fail("there is no column %s", name);
}

/* ---- into the registry ---- */

static const char *new_registry(const char *name)
{
    const char *registry = path_of(name);
    rig_daemon_out(&rig, 0, "init", registry, "--name", "试点", NULL);
    return registry;
}

/* Units as an office keeps them: a title, a header below it, and `kind` in the third column of the second unit. */
static const char *units_book(const char *name, const char *kind)
{
    static const char *const rows[][4] = {{"岳阳市责任单位一览表", "", "", ""},
                                          {"单位代码", "单位名称", "类别", "简称"},
                                          {"T01", "甲县人民政府", "县", "甲县"},
                                          {"T02", "市乙局", NULL, "乙局"}};
    const char *path = path_of(name);
    struct book *book = book_open(path, (stamp_t){0});
    assert_non_null(book);
    book_sheet(book, "Sheet1");
    for (unsigned i = 0; i < 4; i++)
        for (unsigned j = 0; j < 4; j++) {
            const char *word = rows[i][j] != NULL ? rows[i][j] : kind;
            if (i == 0)
                book_column(book, word);
            else
                book_put(book, book_text(text_of(word)));
        }
    assert_int_equal(book_close(book, NULL), OK);
    return path;
}

static void a_workbook_is_imported_as_a_csv_file_is(void **state)
{
    (void)state;
    const char *registry = new_registry("from-xlsx");
    const char *bad = units_book("bad.xlsx", "不知道"), *good = units_book("good.xlsx", "市直");
    const char *said = rig_daemon_err(&rig, 4, "import", registry, "units", bad, NULL);
    if (strstr(said, "bad.xlsx:C4: ") == NULL) fail_msg("%s", said); /* the cell, as the spreadsheet names it */
    said = rig_daemon_out(&rig, 0, "import", registry, "units", good, NULL);
    assert_non_null(strstr(said, "unit created=2 "));
    said = rig_daemon_out(&rig, 0, "import", registry, "units", good, NULL);
    assert_non_null(strstr(said, "created=0 changed=0 unchanged=2"));
    said =
        rig_daemon_err(&rig, 4, "import", registry, "units", rig_file(&rig, "old.xlsx", "\xD0\xCF\x11\xE0", 4), NULL);
    assert_non_null(strstr(said, "save it as .xlsx"));
}

/* ---- lists ---- */

static void a_list_is_the_same_file_twice_and_says_what_the_csv_says(void **state)
{
    struct sheet sheet;
    (void)state;
    const char *first = path_of("first.xlsx"), *second = path_of("second.xlsx");
    rig_out(&rig, 0, "XMB", "project", "list", "--columns", "id,code,name,year_plan,since", "--xlsx", first, NULL);
    rig_out(&rig, 0, "XMB", "project", "list", "--columns", "id,code,name,year_plan,since", "--xlsx", second, NULL);
    rig_shell("cmp %s %s", first, second);
    const char *csv = rig_out(&rig, 0, "XMB", "project", "list", "--columns", "id,code,name,year_plan,since", "--csv",
                              "--no-bom", NULL);
    assert_memory_equal(csv, "id,code", 7);
    read_book(first, &sheet);
    assert_int_equal(sheet.row_count, 153);
    for (unsigned i = 0; i < sheet.row_count; i++) { /* names have no commas */
        csv = strchr(csv, '\n') + 1;
        char line[400];
        struct str str = str_in(line, sizeof line);
        for (unsigned j = 0; j < 5; j++) {
            str_put(&str, j > 0 ? "," : "");
            str_text(&str, sheet_cell(&sheet.rows[i], j));
        }
        str_put(&str, "\r\n");
        if (strncmp(csv, line, strlen(line)) != 0) fail_msg("%.60s is not %s", csv, line);
    }
    sheet_free(&sheet);
}

/* Does a line of LibreOffice's CSV say what ours says? Numbers and dates come as they are stored. */
static void libreoffice_reads_what_was_written(void **state)
{
    (void)state;
    if (access("/usr/bin/soffice", X_OK) != 0) {
        print_message("soffice is not installed (libreoffice-calc-nogui): left out\n");
        skip();
    }
    const char *book = path_of("lists.xlsx");
    rig_out(&rig, 0, "XMB", "project", "list", "--columns", "code,name,year_plan,since", "--xlsx", book, NULL);
    const char *ours =
        rig_out(&rig, 0, "XMB", "project", "list", "--columns", "code,name,year_plan,since", "--csv", "--no-bom", NULL);
    rig_shell("cd %s && timeout 100 soffice -env:UserInstallation=file://%s/office --headless --convert-to "
              "'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false' lists.xlsx >/dev/null 2>&1",
              rig.directory, rig.directory);
    struct text theirs = contents(path_of("lists.csv"));
    const char *at = strchr(theirs.at, '\n');
    for (unsigned i = 0; i < 153; i++) {
        char code[40], name[200], since[40], their_code[40], their_name[200], their_since[40];
        double plan, their_plan;
        ours = strchr(ours, '\n') + 1;
        assert_int_equal(sscanf(ours, "%39[^,],%199[^,],%lf,%39[^\r]", code, name, &plan, since), 4);
        assert_non_null(at);
        /* the amount is shown with separators, so in quotation marks from a thousand on */
        char amount[40];
        int fields =
            sscanf(at + 1, "%39[^,],%199[^,],\"%39[^\"]\",%39[^\r\n]", their_code, their_name, amount, their_since);
        if (fields < 4)
            fields = sscanf(at + 1, "%39[^,],%199[^,],%39[^,],%39[^\r\n]", their_code, their_name, amount, their_since);
        assert_int_equal(fields, 4);
        for (char *comma; (comma = strchr(amount, ',')) != NULL;)
            memmove(comma, comma + 1, strlen(comma));
        their_plan = strtod(amount, NULL);
        assert_string_equal(their_code, code);
        assert_string_equal(their_name, name);
        assert_memory_equal(their_since, since, strlen(since)); /* it adds the seconds */
        assert_true(their_plan > plan - 0.006 && their_plan < plan + 0.006);
        at = strchr(at + 1, '\n');
    }
    free((char *)theirs.at);
}

static void the_matrix_and_the_desk_are_workbooks_too(void **state)
{
    struct sheet sheet;
    (void)state;
    const char *matrix = path_of("matrix.xlsx"), *desk = path_of("desk.xlsx"), *progress = path_of("progress.xlsx");
    rig_out(&rig, 0, "XMB", "matrix", "--xlsx", matrix, NULL);
    read_book(matrix, &sheet);
    assert_int_equal(sheet.others, 1); /* the figures, to be counted with */
    assert_true(text_equal(sheet_cell(&sheet.header, 2), text_of("2009-09")));
    sheet_free(&sheet);
    rig_out(&rig, 0, "HRX", "desk", "--xlsx", desk, NULL);
    read_book(desk, &sheet);
    assert_true(text_equal(sheet_cell(&sheet.rows[0], 0), text_of("2009-10-09"))); /* a day, not words */
    sheet_free(&sheet);
    rig_out(&rig, 0, "XMB", "project", "progress", "--xlsx", progress, NULL);
    rig_out(&rig, 0, "XMB", "registers", "--xlsx", path_of("registers.xlsx"), NULL);
    rig_err(&rig, 1, "XMB", "registers", "--xlsx", "/nowhere/at/all.xlsx", NULL);
}

static void a_screen_writes_what_it_shows(void **state)
{
    char program[1100], home[400], variables[4][1200], command[500];
    char *argv[] = {program, NULL};
    struct sheet sheet;
    const char *env[5] = {NULL};
    (void)state;
    snprintf(program, sizeof program, "%s/duban", rig.build);
    rig_home(&rig, "HRX", home, sizeof home);
    snprintf(variables[0], sizeof variables[0], "DUBAN_HOME=%s", home);
    snprintf(variables[1], sizeof variables[1], "DUBAN_PASSPHRASE_FILE=%s/passphrase", rig.directory);
    snprintf(variables[2], sizeof variables[2], "LC_ALL=C.UTF-8");
    snprintf(variables[3], sizeof variables[3], "TERM=xterm-256color");
    for (unsigned i = 0; i < 4; i++)
        env[i] = variables[i];
    struct pty *seat = pty_open(&(struct pty_options){.argv = argv, .env = env});
    assert_true(pty_wait(seat, "| connected", SOON_MS));
    pty_send(seat, ":projects 华容\r");
    assert_true(pty_wait(seat, "12 of 153 projects", SOON_MS));
    snprintf(command, sizeof command, ":export %s\r", path_of("seen"));
    pty_send(seat, command);
    assert_true(pty_wait(seat, "written: ", SOON_MS));
    pty_close(seat);
    read_book(path_of("seen.xlsx"), &sheet);
    assert_int_equal(sheet.row_count, 12);
    sheet_free(&sheet);
}

/* ---- reports ---- */

struct edit {
    unsigned row; /* from 0 */
    const char *column, *value;
};

/* Fills in the form that was written, as somebody with another program would: `add` more than up to last month in the
 * named rows; then the edits. */
static void fill_in(const char *form, const char *filled, const struct edit *edits, unsigned count)
{
    struct sheet sheet;
    read_book(form, &sheet);
    sheet_begin_at(&sheet, 1); /* title and hint go; the names are the header, the labels its first row */
    struct book *book = book_open(filled, (stamp_t){0});
    assert_non_null(book);
    book_sheet(book, "月报");
    for (unsigned i = 0; i < sheet.header.count; i++) {
        char name[60];
        struct str str = str_in(name, sizeof name);
        str_text(&str, sheet_cell(&sheet.header, i));
        book_column(book, name);
    }
    for (unsigned row = 0; row < sheet.row_count; row++)
        for (unsigned i = 0; i < sheet.header.count; i++) {
            struct text cell = sheet_cell(&sheet.rows[row], i);
            for (unsigned j = 0; j < count; j++)
                if (row > 0 && edits[j].row == row - 1 &&
                    text_equal(sheet_cell(&sheet.header, i), text_of(edits[j].column)))
                    cell = text_of(edits[j].value);
            book_put(book, book_text(cell));
        }
    assert_int_equal(book_close(book, NULL), OK);
    sheet_free(&sheet);
}

static void reports_are_filled_in_elsewhere_and_taken_once(void **state)
{
    struct sheet sheet;
    char sums[2][40], place[40], row[2000];
    (void)state;
    const char *form = path_of("form.xlsx"), *filled = path_of("filled.xlsx");
    rig_out(&rig, 0, "HRX", "report", "workbook", form, NULL);
    rig_err(&rig, 4, "HRX", "report", "workbook", form, NULL); /* it is not replaced unasked */
    read_book(form, &sheet);
    assert_int_equal(sheet.row_count, 3 + 12); /* hint, names, labels; then a row for each project */
    unsigned last = column_named(&sheet.rows[1], "last_cumulative"), bad = column_named(&sheet.rows[1], "cumulative");
    for (unsigned i = 0; i < 2; i++)
        snprintf(sums[i], sizeof sums[i], "%.2f", strtod(sheet_cell(&sheet.rows[3 + i], last).at, NULL) + 10);
    sheet_free(&sheet);
    struct edit edits[] = {{0, "invested", "10"},          {0, "cumulative", sums[0]}, {0, "progress", "路基完成"},
                           {0, "difficulties", "无"},      {0, "next", "铺设路面"},    {1, "invested", "10"},
                           {1, "cumulative", "0.01"},      {1, "progress", "封顶"},    {1, "difficulties", "缺资金"},
                           {1, "measure", "申请专项资金"}, {1, "next", "安装"}};
    const unsigned count = sizeof edits / sizeof *edits;
    fill_in(form, filled, edits, count);
    struct str str = str_in(place, sizeof place);
    struct sheet named = {.workbook = true};
    sheet_place(&named, 4, (int)bad, &str); /* names, labels, the good row, the bad one */

    const char *said = rig_err(&rig, 4, "HRX", "report", "take", filled, NULL);
    assert_non_null(strstr(said, place));
    assert_non_null(strstr(said, "nothing was sent"));
    assert_string_equal(rig_out(&rig, 0, "HRX", "report", "list", "--json", NULL), "");
    rig_out(&rig, 0, "HRX", "report", "take", filled, "--skip-bad", "--dry-run", NULL);
    assert_string_equal(rig_out(&rig, 0, "HRX", "report", "list", "--json", NULL), "");

    const char *told = rig_out(&rig, 0, "HRX", "report", "take", filled, "--skip-bad", "--json", NULL);
    assert_non_null(json_row(told, "result", "done", row, sizeof row));
    assert_non_null(json_row(told, "result", "bad", row, sizeof row));
    json_expect(row, "cell", place);
    json_expect(row, "error", "BELOW_LAST");
    assert_int_equal(json_lines(rig_out(&rig, 0, "HRX", "report", "list", "--state", "submitted", "--json", NULL)), 1);

    edits[6].value = sums[1];
    fill_in(form, filled, edits, count);
    told = rig_out(&rig, 0, "HRX", "report", "take", filled, "--json", NULL);
    assert_non_null(json_row(told, "result", "same", row, sizeof row)); /* the first, sent before */
    assert_non_null(json_row(told, "result", "done", row, sizeof row));
    told = rig_out(&rig, 0, "HRX", "report", "take", filled, "--json", NULL);
    assert_null(json_row(told, "result", "done", row, sizeof row));
    assert_int_equal(json_lines(rig_out(&rig, 0, "HRX", "report", "list", "--json", NULL)), 2);

    edits[2].value = "别的说法";
    fill_in(form, filled, edits, count);
    told = rig_out(&rig, 4, "HRX", "report", "take", filled, "--json", NULL);
    assert_non_null(json_row(told, "result", "bad", row, sizeof row));
    json_expect(row, "error", "IN_ALREADY");
}

static void a_draft_that_moved_since_is_not_overwritten(void **state)
{
    struct sheet sheet;
    char code[40], row[2000];
    (void)state;
    const char *form = path_of("moved.xlsx"), *filled = path_of("moved-filled.xlsx");
    rig_out(&rig, 0, "HRX", "report", "workbook", "2009-09", form, NULL);
    read_book(form, &sheet);
    struct str str = str_in(code, sizeof code);
    str_text(&str, sheet_cell(&sheet.rows[3], column_named(&sheet.rows[1], "project")));
    sheet_free(&sheet);
    rig_out(&rig, 0, "HRX", "report", "save", code, "2009-09", "--progress", "在表单里写的", NULL);
    const struct edit edits[] = {{0, "progress", "在表格里写的"}};
    fill_in(form, filled, edits, 1);
    const char *told = rig_out(&rig, 4, "HRX", "report", "take", filled, "--json", NULL);
    assert_non_null(json_row(told, "result", "bad", row, sizeof row));
    json_expect(row, "error", "CONFLICT");
    /* the workbook of now has the draft's words, and an incomplete draft that was not touched is let be */
    rig_out(&rig, 0, "HRX", "report", "workbook", "2009-09", form, "--yes", NULL);
    told = rig_out(&rig, 0, "HRX", "report", "take", form, "--json", NULL);
    assert_non_null(json_row(told, "result", "left", row, sizeof row));
    rig_err(&rig, 3, "XMB", "report", "workbook", "2009-09", path_of("none.xlsx"), NULL);
}

static void what_looks_like_a_formula_stays_a_text(void **state)
{
    struct sheet sheet;
    struct rig_project project;
    (void)state;
    const char *book = path_of("formula.xlsx");
    rig_project(&rig, "HRX", 5, &project);
    rig_out(&rig, 0, "HRX", "report", "save", project.code, "2009-09", "--progress", "=1+1", NULL);
    const char *csv =
        rig_out(&rig, 0, "HRX", "report", "list", "--project", project.code, "--columns", "progress", "--csv", NULL);
    assert_string_equal(csv, "\xEF\xBB\xBFprogress\r\n'=1+1\r\n");
    rig_out(&rig, 0, "HRX", "report", "list", "--project", project.code, "--columns", "progress", "--xlsx", book, NULL);
    read_book(book, &sheet);
    assert_true(text_equal(sheet_cell(&sheet.rows[0], 0), text_of("=1+1")));
    sheet_free(&sheet);
}

/* ---- the calendar ---- */

static void the_agenda_is_a_calendar_that_others_read(void **state)
{
    char row[2000];
    (void)state;
    const char *file = path_of("agenda.ics");
    struct rig_project project;
    rig_project(&rig, "HRX", 0, &project);
    rig_out(&rig, 0, "HRX", "meeting", "call", "--project", project.code, "--day", "2009-09-29", "--hour", "9:30",
            "--venue", "县政府办公楼三楼东侧第二会议室，A厅; 请各方带齐资料, 准时到会，勿迟到", "--contractor",
            "QY0001", NULL);
    rig_out(&rig, 0, "HRX", "agenda", "--ics", file, NULL);
    struct text text = contents(file);
    for (const char *at = text.at; *at != '\0';) { /* RFC 5545, 3.1: no line is longer than 75 bytes */
        const char *end = strstr(at, "\r\n");
        assert_non_null(end);
        assert_true(end - at <= 75 && memchr(at, '\n', (size_t)(end - at)) == NULL);
        at = end + 2;
    }
    icalcomponent *calendar = icalparser_parse_string(text.at);
    assert_non_null(calendar);
    assert_int_equal(icalcomponent_count_errors(calendar), 0);
    assert_int_equal(icalcomponent_count_components(calendar, ICAL_VTIMEZONE_COMPONENT), 1);
    const char *agenda = rig_out(&rig, 0, "HRX", "agenda", "--json", NULL);
    assert_int_equal(icalcomponent_count_components(calendar, ICAL_VEVENT_COMPONENT), json_lines(agenda));
    assert_non_null(json_row(agenda, "kind", "meeting", row, sizeof row));
    json_expect(row, "day", "2009-09-29");
    bool met = false;
    for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); event != NULL;
         event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        if (strncmp(icalcomponent_get_uid(event), "meeting-", 8) != 0) continue;
        struct icaltimetype start = icalcomponent_get_dtstart(event);
        assert_true(start.hour == 9 && start.minute == 30 && start.day == 29);
        assert_string_equal(icalcomponent_get_location(event),
                            "县政府办公楼三楼东侧第二会议室，A厅; 请各方带齐资料, 准时到会，勿迟到");
        met = true;
    }
    assert_true(met);
    icalcomponent_free(calendar);
    const char *again = path_of("again.ics");
    rig_out(&rig, 0, "HRX", "agenda", "--ics", again, NULL);
    rig_shell("cmp %s %s", file, again);
    free((char *)text.at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_workbook_is_imported_as_a_csv_file_is),
        cmocka_unit_test(a_list_is_the_same_file_twice_and_says_what_the_csv_says),
        cmocka_unit_test(libreoffice_reads_what_was_written),
        cmocka_unit_test(the_matrix_and_the_desk_are_workbooks_too),
        cmocka_unit_test(a_screen_writes_what_it_shows),
        cmocka_unit_test(reports_are_filled_in_elsewhere_and_taken_once),
        cmocka_unit_test(a_draft_that_moved_since_is_not_overwritten),
        cmocka_unit_test(what_looks_like_a_formula_stays_a_text),
        cmocka_unit_test(the_agenda_is_a_calendar_that_others_read),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
