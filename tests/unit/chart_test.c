/* chart_test.c - figures as pictures of characters, in each set of characters, and sheets of them. */
#include "client/console/sheet.h"
#include "client/term/cells.h"
#include "client/term/chart.h"
#include "tests/lib/unit.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 9, COLUMNS = 46 };

static char line[4000];

static struct str fresh(void)
{
    return str_in(line, sizeof line);
}

static int start(void **state)
{
    (void)state;
    return setlocale(LC_ALL, "C.UTF-8") != NULL ? 0 : -1;
}

/* ---- what there is ---- */

static void the_terminal_and_the_locale_choose(void **state)
{
    (void)state;
    assert_int_equal(charts_choose(CHARTS_BLOCKS, "xterm-256color"), CHARTS_BLOCKS);
    assert_int_equal(charts_choose(CHARTS_BLOCKS, NULL), CHARTS_BLOCKS);
    assert_int_equal(charts_choose(CHARTS_BRAILLE, "xterm"), CHARTS_BRAILLE);
    assert_int_equal(charts_choose(CHARTS_ASCII, "xterm"), CHARTS_ASCII);
    assert_int_equal(charts_choose(CHARTS_BLOCKS, "vt100"), CHARTS_ASCII);
    assert_int_equal(charts_choose(CHARTS_BRAILLE, "linux"), CHARTS_ASCII);
    setlocale(LC_ALL, "C");
    assert_int_equal(charts_choose(CHARTS_BRAILLE, "xterm"), CHARTS_ASCII);
    setlocale(LC_ALL, "C.UTF-8");
}

/* ---- bars ---- */

static const char *bar(enum charts set, int columns, int64_t value, int64_t whole, int64_t mark)
{
    struct str str = fresh();
    chart_bar(set, columns, value, whole, mark, &str);
    assert_int_equal(text_columns(text_of(line)), columns);
    return line;
}

static void a_bar_is_as_long_as_its_share(void **state)
{
    (void)state;
    assert_string_equal(bar(CHARTS_ASCII, 10, 0, 100, -1), "          ");
    assert_string_equal(bar(CHARTS_ASCII, 10, 50, 100, -1), "#####     ");
    assert_string_equal(bar(CHARTS_ASCII, 10, 100, 100, -1), "##########");
    assert_string_equal(bar(CHARTS_ASCII, 10, 300, 100, -1), "##########"); /* more than the whole is full */
    assert_string_equal(bar(CHARTS_ASCII, 10, -5, 100, -1), "          ");
    assert_string_equal(bar(CHARTS_ASCII, 10, 5, 0, -1), "          ");
    assert_string_equal(bar(CHARTS_ASCII, 10, 30, 100, 75), "###   |   ");
    assert_string_equal(bar(CHARTS_ASCII, 10, 100, 100, 100), "#########|");
    assert_string_equal(bar(CHARTS_BLOCKS, 4, 50, 100, -1), "██  ");
    assert_string_equal(bar(CHARTS_BLOCKS, 4, 53125, 100000, -1), "██▏ "); /* an eighth of a column more */
    assert_string_equal(bar(CHARTS_BLOCKS, 4, INT64_MAX / 2, INT64_MAX, -1), "█▉  ");
    assert_string_equal(bar(CHARTS_ASCII, 0, 5, 5, 5), "");
}

static void a_spark_line_shows_that_little_is_not_nothing(void **state)
{
    const int64_t values[] = {0, 1, 400, 800};
    struct str str = fresh();
    (void)state;
    chart_spark(CHARTS_BLOCKS, values, 4, 800, &str);
    assert_string_equal(line, " ▁▄█");
    str = fresh();
    chart_spark(CHARTS_ASCII, values, 4, 800, &str);
    assert_string_equal(line, " .=@");
}

/* ---- curves ---- */

static char canvas[ROWS][COLUMNS * 4 + 1];
static struct sheet sheet;
static struct arena arena;

static void put(void *self, int row, int column, enum chart_ink ink, struct text text)
{
    char run[COLUMNS * 4 + 1];
    struct str str = str_in(run, sizeof run);
    (void)self;
    str_text(&str, text);
    assert_in_range(row, 0, ROWS - 1);
    assert_in_range(column, 0, COLUMNS - 1);
    assert_in_range(column + text_columns(text), 0, COLUMNS);
    sheet_put(&sheet, (struct place){row, column, COLUMNS, ink == CHART_PLAN ? STYLE_STRONG : STYLE_GOOD}, run);
}

static void draw(enum charts set, const struct chart_curve *curve)
{
    arena_reuse(&arena);
    assert_int_equal(sheet_start(&sheet, &arena, ROWS, COLUMNS), OK);
    chart_curve(set, curve, put, NULL);
    for (int row = 0; row < ROWS; row++) {
        struct str str = str_in(canvas[row], sizeof canvas[row]);
        sheet_row(&sheet, row, &str);
    }
}

static int64_t plan[12], actual[12];

static struct chart_curve year(unsigned first, unsigned last)
{
    for (int i = 0; i < 12; i++) {
        plan[i] = 100 * (i + 1);
        actual[i] = 50 * (i + 1);
    }
    return (struct chart_curve){.rows = ROWS,
                                .columns = COLUMNS,
                                .count = 12,
                                .first = first,
                                .last = last,
                                .plan = plan,
                                .actual = actual,
                                .top = "1200",
                                .half = "600"};
}

static void the_plan_is_a_line_and_what_was_done_an_area(void **state)
{
    (void)state;
    struct chart_curve curve = year(1, 6);
    draw(CHARTS_ASCII, &curve);
    assert_int_equal(chart_curve_most(&curve), 1200);
    assert_ptr_equal(strstr(canvas[0], "1200|"), canvas[0]);
    assert_ptr_equal(strstr(canvas[4], " 600|"), canvas[4]);
    assert_non_null(strstr(canvas[0], "....."));          /* December's plan */
    assert_null(strchr(canvas[0], '#'));                  /* half of it is nowhere near */
    assert_non_null(strchr(canvas[7], '#'));              /* the lowest row */
    assert_null(strchr(canvas[7] + 5 + 41 / 2, '#'));     /* after June nothing is known */
    assert_non_null(strstr(canvas[8], " 1  2   3  4 ")); /* the months */
    draw(CHARTS_BLOCKS, &curve);
    assert_non_null(strstr(canvas[0], "─────"));
    assert_non_null(strstr(canvas[7], "█"));
    draw(CHARTS_BRAILLE, &curve);
    for (const char *at = canvas[7] + 5; *at != '\0' && *at != ' '; at += 3) /* all of them dots */
        assert_int_equal((unsigned char)*at, 0xE2);
}

/* Before the first known month there is no figure, which is not the same as zero. */
static void what_is_not_known_is_not_drawn(void **state)
{
    (void)state;
    struct chart_curve curve = year(9, 10);
    draw(CHARTS_ASCII, &curve);
    const char *done = strchr(canvas[7], '#');
    assert_non_null(done);
    assert_in_range(done - canvas[7], 5 + 8 * 41 / 12, 5 + 9 * 41 / 12);
    curve = year(0, 0);
    draw(CHARTS_ASCII, &curve);
    for (int row = 0; row < ROWS; row++)
        assert_null(strchr(canvas[row], '#'));
}

static void the_greatest_amounts_and_the_smallest_places_do_no_harm(void **state)
{
    (void)state;
    struct chart_curve curve = year(1, 12);
    for (int i = 0; i < 12; i++) {
        plan[i] = INT64_MAX / 12 * (i + 1);
        actual[i] = i % 2 == 0 ? INT64_MAX : 0; /* falling, too */
    }
    for (enum charts set = CHARTS_ASCII; set <= CHARTS_BRAILLE; set++)
        for (int columns = 0; columns <= COLUMNS; columns++)
            for (int rows = 0; rows <= ROWS; rows++) {
                curve.rows = rows;
                curve.columns = columns;
                draw(set, &curve);
            }
}

/* ---- spans ---- */

static const char *span(int due_month, day_t done, day_t today, int columns)
{
    struct str str = fresh();
    const struct chart_span stretch = {.from = day_make(2009, 1, 1),
                                       .to = day_make(2009, 12, 31),
                                       .start = day_make(2009, 3, 1),
                                       .due = day_make(2009, due_month, 15),
                                       .done = done,
                                       .today = today};
    chart_span(&stretch, columns, &str);
    return line;
}

static void a_stretch_of_work_tells_done_planned_and_late(void **state)
{
    const day_t none = {0}, may = day_make(2009, 5, 15), july = day_make(2009, 7, 15);
    (void)state;
    assert_string_equal(span(6, none, may, 12), " ===|o      ");
    assert_string_equal(span(6, may, july, 12), " ===x       ");  /* reached in time */
    assert_string_equal(span(6, july, july, 12), " =====x     "); /* reached late, by less than a column */
    assert_string_equal(span(5, july, july, 12), " ====!x     ");
    assert_string_equal(span(5, none, july, 12), " ====!|     ");
}

static void the_months_stand_at_their_first_days(void **state)
{
    struct str str = fresh();
    (void)state;
    chart_scale(day_make(2009, 1, 1), day_make(2009, 12, 31), 48, &str);
    assert_string_equal(line, "1   2  3   4   5   6   7   8   9   10  11  12 ");
    str = fresh();
    chart_scale(day_make(2009, 1, 1), day_make(2009, 12, 31), 13, &str);
    assert_string_equal(line, "1  4  7  10 ");
    str = fresh();
    chart_scale(day_make(2009, 1, 1), day_make(2010, 12, 31), 20, &str);
    assert_string_equal(line, "2009      2010 ");
}

/* ---- large digits ---- */

static void large_digits_are_of_several_rows(void **state)
{
    static const char *const wanted[] = {"▄█  ▀▀█ ", " █  █▀▀ ", "▀▀▀ ▀▀▀ "};
    (void)state;
    for (int row = 0; row < chart_big_rows(CHARTS_BLOCKS); row++) {
        struct str str = fresh();
        chart_big(CHARTS_BLOCKS, 12, row, &str);
        assert_string_equal(line, wanted[row]);
    }
    assert_int_equal(chart_big_rows(CHARTS_ASCII), 5);
    struct str str = fresh();
    chart_big(CHARTS_ASCII, 40, 0, &str);
    assert_string_equal(line, "# # ### ");
}

/* ---- sheets ---- */

static void the_mark_goes_to_the_nearest_figure(void **state)
{
    static const int places[][2] = {{0, 0}, {0, 20}, {2, 1}, {2, 19}, {9, 0}};
    const struct target target = {.opens = OPENS_MATRIX};
    (void)state;
    arena_reuse(&arena);
    assert_int_equal(sheet_start(&sheet, &arena, ROWS, COLUMNS), OK);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        sheet_spot(&sheet, places[i][0], places[i][1], &target);
    assert_int_equal(sheet_move(&sheet, 0, 0, 1), 1);
    assert_int_equal(sheet_move(&sheet, 1, 0, 1), 1); /* there is none */
    assert_int_equal(sheet_move(&sheet, 1, 1, 0), 3);
    assert_int_equal(sheet_move(&sheet, 3, 0, -1), 2);
    assert_int_equal(sheet_move(&sheet, 2, 1, 0), 4);
    assert_int_equal(sheet_move(&sheet, 4, -1, 0), 2);
}

static void what_does_not_fit_is_marked(void **state)
{
    (void)state;
    arena_reuse(&arena);
    assert_int_equal(sheet_start(&sheet, &arena, ROWS, 12), OK);
    assert_int_equal(sheet_put(&sheet, (struct place){0, 2, 100, STYLE_PLAIN}, "南湖风景区管理处"), 9);
    struct str str = fresh();
    sheet_row(&sheet, 0, &str);
    assert_string_equal(line, "  南湖风景…");
    sheet_put_right(&sheet, (struct place){1, 0, 8, STYLE_PLAIN}, "12");
    str = fresh();
    sheet_row(&sheet, 1, &str);
    assert_string_equal(line, "      12");
    assert_int_equal(sheet.height, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_terminal_and_the_locale_choose),
        cmocka_unit_test(a_bar_is_as_long_as_its_share),
        cmocka_unit_test(a_spark_line_shows_that_little_is_not_nothing),
        cmocka_unit_test(the_plan_is_a_line_and_what_was_done_an_area),
        cmocka_unit_test(what_is_not_known_is_not_drawn),
        cmocka_unit_test(the_greatest_amounts_and_the_smallest_places_do_no_harm),
        cmocka_unit_test(a_stretch_of_work_tells_done_planned_and_late),
        cmocka_unit_test(the_months_stand_at_their_first_days),
        cmocka_unit_test(large_digits_are_of_several_rows),
        cmocka_unit_test(the_mark_goes_to_the_nearest_figure),
        cmocka_unit_test(what_does_not_fit_is_marked),
    };
    arena_init(&arena, 64 << 20);
    int failed = cmocka_run_group_tests_name("chart", tests, start, NULL);
    arena_clear(&arena);
    return failed;
}
