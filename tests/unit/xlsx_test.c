/* xlsx_test.c - workbooks of offices as rows of texts, and what is refused of them. */
#include "proto/kinds.h"
#include "proto/xlsx.h"
#include "proto/xlsx_value.h"
#include "tests/lib/parts.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct sheet sheet;
static struct refusal why;

static int setup(void **state)
{
    (void)state;
    sheet_init(&sheet);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    sheet_free(&sheet);
    return 0;
}

static enum err read_parts(const struct part *parts)
{
    struct pack file;
    sheet_free(&sheet);
    sheet_init(&sheet);
    parts_zip(parts, &file);
    struct text bytes = {(const char *)file.at, (uint32_t)file.used};
    assert_true(xlsx_is(bytes));
    enum err err = xlsx_read(bytes, &sheet, &why);
    pack_free(&file);
    return err;
}

/* Reads a sheet with this inside its <sheetData>. */
static enum err read_rows(const char *rows)
{
    struct part parts[PARTS_ROOM];
    size_t room = strlen(rows) + 100;
    char *text = malloc(room);
    assert_non_null(text);
    snprintf(text, room, "<worksheet><sheetData>%s</sheetData></worksheet>", rows);
    parts_usual(parts);
    parts_set(parts, "xl/worksheets/sheet1.xml", text);
    enum err err = read_parts(parts);
    free(text);
    return err;
}

static void holds(const struct sheet_row *row, unsigned line, const char *const *cells, unsigned count)
{
    assert_int_equal(row->line, line);
    for (unsigned i = 0; i < count; i++) {
        struct text cell = sheet_cell(row, i);
        if (!text_equal(cell, text_of(cells[i])))
            fail_msg("line %u, column %u: \"%.*s\", not \"%s\"", line, i, (int)cell.length, cell.at, cells[i]);
    }
}

static void an_office_s_sheet_reads_as_it_is_shown(void **state)
{
    static const char *const rows[][4] = {
        {"项目名称", "资金", "", "开工日期"},
        {"项目名称", "总投资", "编号", "开工日期"}, /* what is merged downwards is in both rows */
        {"城区道路 & 桥梁\n二期", "6200", "００１２３", "2009-09-28"},
        {"x", "1200", "1", "2009-09"},
        {"x", "#DIV/0!", "#CALC!", "2009-09-28 09:30"},
    };
    static const unsigned lines[] = {3, 4, 5, 7, 8};
    struct part parts[PARTS_ROOM];
    (void)state;
    parts_office(parts);
    assert_int_equal(read_parts(parts), OK);
    assert_string_equal(sheet.name.at, "报表"); /* the first that is not hidden */
    assert_int_equal(sheet.others, 0);
    holds(&sheet.header, 1, (const char *const[]){"岳阳市重点项目表", "", ""}, 3);
    assert_int_equal(sheet.row_count, 5);
    for (unsigned i = 0; i < 5; i++)
        holds(&sheet.rows[i], lines[i], rows[i], 4);
    assert_true(sheet_cell_failed(sheet.rows[4].cells[1]) && sheet_cell_failed(sheet.rows[4].cells[2]));
}

static void cells_are_named_as_the_office_names_them(void **state)
{
    static const struct {
        int column;
        unsigned line;
        const char *name;
    } cases[] = {{0, 1, "A1"},    {2, 7, "C7"},     {25, 3, "Z3"}, {26, 3, "AA3"},
                 {701, 9, "ZZ9"}, {702, 9, "AAA9"}, {-1, 7, "7"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[40];
        struct str str = str_in(name, sizeof name);
        struct sheet of = {.workbook = true};
        sheet_place(&of, cases[i].line, cases[i].column, &str);
        assert_string_equal(name, cases[i].name);
    }
}

static void numbers_are_the_fifteen_digits_that_are_shown(void **state)
{
    static const char *const cases[][2] = {
        {"0", "0"},
        {"-0", "0"},
        {"007", "7"},
        {"6200", "6200"},
        {"6200.0000000000009", "6200"},
        {"3.3000000000000003", "3.3"},
        {"0.1", "0.1"},
        {".5", "0.5"},
        {"0.000001", "0.000001"},
        {"1E-6", "0.000001"},
        {"1.2E+3", "1200"},
        {"-12.50", "-12.5"},
        {"999999999999999.9", "1000000000000000"},
        {"123456789012345678", "123456789012346000"},
        {"1e300", NULL},
        {"1e-30", NULL},
        {"", NULL},
        {"-", NULL},
        {"1E", NULL},
        {"1.2.3", NULL},
        {"12x", NULL},
        {"0e9999", "0"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[80];
        struct str str = str_in(text, sizeof text);
        bool good = plain_decimal(text_of(cases[i][0]), &str);
        if (good != (cases[i][1] != NULL)) fail_msg("%s: %d", cases[i][0], good);
        if (good && strcmp(text, cases[i][1]) != 0) fail_msg("%s: %s", cases[i][0], text);
    }
}

static void a_format_says_what_of_a_date_is_shown(void **state)
{
    static const struct {
        const char *code;
        enum shape shape;
    } cases[] = {
        {"General", SHAPE_NUMBER},   {"G/通用格式", SHAPE_NUMBER},
        {"0.00E+00", SHAPE_NUMBER},  {"#,##0.00;[Red]-#,##0.00", SHAPE_NUMBER},
        {"0.00\"d\"", SHAPE_NUMBER}, {"\\d0", SHAPE_NUMBER},
        {"h:mm:ss", SHAPE_NUMBER},   {"mm:ss", SHAPE_NUMBER},
        {"yyyy/m/d;@", SHAPE_DAY},   {"m\"月\"d\"日\"", SHAPE_DAY},
        {"YYYY-MM", SHAPE_MONTH},    {"[DBNum1][$-804]yyyy\"年\"m\"月\"", SHAPE_MONTH},
        {"yyyy", SHAPE_YEAR},        {"yyyy-mm-dd hh:mm", SHAPE_MOMENT},
        {"[h]:mm", SHAPE_NUMBER},    {"\"open", SHAPE_NUMBER},
        {"_", SHAPE_NUMBER},         {"", SHAPE_NUMBER},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (format_shape(cases[i].code) != cases[i].shape)
            fail_msg("%s: %d", cases[i].code, format_shape(cases[i].code));
    assert_int_equal(builtin_shape(14), SHAPE_DAY);
    assert_int_equal(builtin_shape(57), SHAPE_MONTH);
    assert_int_equal(builtin_shape(4), SHAPE_NUMBER);
}

static void serials_are_days_of_1900_or_1904(void **state)
{
    static const struct {
        const char *serial;
        enum shape shape;
        bool from_1904;
        const char *date; /* NULL: none */
    } cases[] = {
        {"40084", SHAPE_DAY, false, "2009-09-28"},
        {"38622", SHAPE_DAY, true, "2009-09-28"},
        {"40084.9999999", SHAPE_DAY, false, "2009-09-29"},
        {"40084.5", SHAPE_MOMENT, false, "2009-09-28 12:00"},
        {"40057", SHAPE_MONTH, false, "2009-09"},
        {"40057", SHAPE_YEAR, false, "2009"},
        {"60", SHAPE_DAY, false, NULL},
        {"-1", SHAPE_DAY, false, NULL},
        {"1e5", SHAPE_DAY, false, NULL},
        {"99999999", SHAPE_DAY, false, NULL},
        {"18264", SHAPE_DAY, false, "1950-01-01"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[40];
        struct str str = str_in(text, sizeof text);
        bool good = serial_date(text_of(cases[i].serial), cases[i].shape, cases[i].from_1904, &str);
        if (good != (cases[i].date != NULL)) fail_msg("%s: %d", cases[i].serial, good);
        if (good) assert_string_equal(text, cases[i].date);
    }
}

static void what_no_workbook_has_is_refused_by_its_cell(void **state)
{
    static const struct {
        const char *rows;
        const char *text;
    } cases[] = {
        {"<row r=\"7\"><c r=\"C7\" t=\"s\"><v>0</v></c></row>", "C7"}, /* there are no shared strings */
        {"<row r=\"7\"><c r=\"C7\" t=\"s\"><v>x</v></c></row>", "C7"},
        {"<row r=\"7\"><c r=\"C8\"><v>1</v></c></row>", "C7"}, /* of another row */
        {"<row r=\"7\"><c r=\"B7\"/><c r=\"B7\"/></row>", "B7"},
        {"<row r=\"7\"/><row r=\"7\"/>", "7"},
        {"<row r=\"9\"/><row r=\"1048577\"/>", "9"},
        {"<row r=\"1\"><c r=\"A1\"><v>1</v></c>", "it is damaged"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (read_rows(cases[i].rows) != ERR_NOT_XLSX) fail_msg("%s: %d", cases[i].rows, why.err);
        assert_string_equal(why.text, cases[i].text);
    }
}

static void entities_and_old_files_are_refused(void **state)
{
    struct part parts[PARTS_ROOM];
    (void)state;
    parts_office(parts);
    parts_set(parts, "xl/sharedStrings.xml",
              "<!DOCTYPE sst [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
              "\"&a;&a;&a;&a;&a;&a;&a;&a;\">]><sst><si><t>&b;</t></si></sst>");
    assert_int_equal(read_parts(parts), ERR_NOT_XLSX);
    assert_string_equal(why.text, "it declares a document type");
    assert_int_equal(xlsx_read(text_of("\xD0\xCF\x11\xE0\xA1\xB1"), &sheet, &why), ERR_OLD_XLS);
    assert_int_equal(xlsx_read(text_of("PK\x03\x04 and nothing more"), &sheet, &why), ERR_NOT_XLSX);
    parts_usual(parts); /* the sheet itself is missing */
    assert_int_equal(read_parts(parts), ERR_NOT_XLSX);
    assert_false(xlsx_is(text_of("a,b\n")));
}

/* `count` times the piece; freed by the caller. */
static char *repeated(const char *piece, size_t count)
{
    size_t length = strlen(piece);
    char *text = malloc(length * count + 1);
    assert_non_null(text);
    for (size_t i = 0; i < count; i++)
        memcpy(text + i * length, piece, length);
    text[length * count] = '\0';
    return text;
}

static void what_grows_without_measure_is_refused(void **state)
{
    static const struct {
        const char *piece;
        size_t count;
        enum err err;
    } cases[] = {
        {"<row><c><v>1</v></c></row>", SHEET_ROWS_MAX + 2, ERR_LIMIT},
        {"<a>", 100, ERR_NOT_XLSX}, /* depth */
        {"<!-- nothing, at great length: a bomb of some kilobytes in the zip -->", 1000000, ERR_LIMIT},
        {"<row><c/></row>", SHEET_ROWS_MAX + 2, OK}, /* empty rows cost nothing */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *rows = repeated(cases[i].piece, cases[i].count);
        if (read_rows(rows) != cases[i].err) fail_msg("%s: %d %s", cases[i].piece, why.err, why.text);
        free(rows);
    }
    char *long_name = repeated("x", 3 << 20), *text = malloc((4 << 20));
    snprintf(text, 4 << 20, "<row><c t=\"inlineStr\"><is><t>%s</t></is></c></row>", long_name);
    assert_int_equal(read_rows(text), ERR_LIMIT);
    snprintf(text, 4 << 20, "<row %s=\"\"/>", long_name);
    assert_int_equal(read_rows(text), ERR_LIMIT);
    free(text);
    free(long_name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_office_s_sheet_reads_as_it_is_shown, setup, teardown),
        cmocka_unit_test(cells_are_named_as_the_office_names_them),
        cmocka_unit_test(numbers_are_the_fifteen_digits_that_are_shown),
        cmocka_unit_test(a_format_says_what_of_a_date_is_shown),
        cmocka_unit_test(serials_are_days_of_1900_or_1904),
        cmocka_unit_test_setup_teardown(what_no_workbook_has_is_refused_by_its_cell, setup, teardown),
        cmocka_unit_test_setup_teardown(entities_and_old_files_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(what_grows_without_measure_is_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
