/* calendar_test.c - working days, holidays and make-up days, unknown years, deadlines that fell into an outage.
 * Runs from the top of the source tree: the bundled calendars are a part of what is tested. */
#include "proto/calendar.h"
#include "proto/check.h"
#include "proto/memory.h"
#include "server/csv.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <string.h>

static struct memory memory;
static struct arena arena;
static struct calendar calendar;

static void put_new(const struct record *record)
{
    struct record empty = record_make(record->kind, record->id);
    assert_int_equal(state_put(&memory.space, &empty, record), OK);
}

/* The years of server/data/calendar.csv as records. */
static int setup(void **state)
{
    struct sheet sheet;
    unsigned line;
    (void)state;
    memory_init(&memory);
    arena_init(&arena, 64 << 20);
    if (sheet_read("server/data/calendar.csv", &sheet, &line, NULL) != OK) return -1;
    for (unsigned i = 0; i < sheet.row_count; i++) {
        static const uint8_t columns[] = {calendar_year, calendar_notice, calendar_off, calendar_work};
        struct record record = record_make(KIND_calendar, i + 1);
        for (unsigned j = 0; j < 4; j++)
            if (value_parse(KIND_calendar, columns[j], sheet.rows[i].cells[j], &arena, &record.values[columns[j]],
                            NULL) != OK)
                return -1;
        rec_set(&record, F_STATE, ST_calendar_in_force);
        put_new(&record);
    }
    sheet_free(&sheet);
    return calendar_load(&memory.space, &arena, &calendar);
}

static int teardown(void **state)
{
    (void)state;
    memory_free(&memory);
    arena_clear(&arena);
    return 0;
}

/* Day by day, from the State Council's notices: 'w' works, '.' is off. */
static void expect_month(int year, int month, const char *days)
{
    for (int i = 0; days[i] != '\0'; i++)
        if (day_works(&calendar, day_make(year, month, i + 1)) != (days[i] == 'w'))
            fail_msg("%d-%02d-%02d", year, month, i + 1);
}

static void the_notices_of_the_state_council_hold(void **state)
{
    (void)state;
    /* 2009: 1 to 8 October off; Sunday 27 September and Saturday 10 October are worked */
    expect_month(2009, 9, "wwww..wwwww..wwwww..wwwww.wwww");
    expect_month(2009, 10, "........ww.wwwww..wwwww..wwwww.");
    /* 2010: spring festival 13 to 19 February, the weekend of 20 and 21 is worked */
    expect_month(2010, 2, "wwwww..wwwww.......wwwwwww..");
    /* 2024: 10 to 17 February; Sundays 4 and 18 are worked */
    expect_month(2024, 2, "ww.wwwwww........wwwwww..wwww");
    /* 2025: 28 January to 4 February; Sunday 26 January and Saturday 8 February are worked */
    expect_month(2025, 1, ".ww..wwwww..wwwww..wwwww.ww....");
    expect_month(2025, 2, "....wwww.wwwww..wwwww..wwwww");
    /* 2026: 15 to 23 February; Saturdays 14 and 28 are worked */
    expect_month(2026, 2, ".wwwww..wwwwww.........wwwww");
}

static void the_bundled_calendars_are_sound(void **state)
{
    static const int wanted[] = {2009, 2010, 2024, 2025, 2026};
    (void)state;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_true(calendar_knows(&calendar, wanted[i]));
    for (unsigned i = 0; i < calendar.count; i++) {
        const struct calendar_year *year = &calendar.years[i];
        for (unsigned j = 0; j < year->off_count; j++) {
            assert_true(day_weekday((day_t){year->off[j]}) < 5);
            assert_int_equal(month_year(month_of((day_t){year->off[j]})), year->year);
        }
        for (unsigned j = 0; j < year->work_count; j++) {
            assert_true(day_weekday((day_t){year->work[j]}) >= 5);
            assert_int_equal(month_year(month_of((day_t){year->work[j]})), year->year);
        }
        assert_false(day_works(&calendar, day_make(year->year, 10, 1)));
    }
}

static void a_year_without_a_notice_goes_by_the_plain_week(void **state)
{
    (void)state;
    assert_false(calendar_knows(&calendar, 2008));
    assert_false(calendar_knows(&calendar, 2199));
    assert_true(day_works(&calendar, day_make(2008, 10, 1)));  /* a Wednesday */
    assert_false(day_works(&calendar, day_make(2008, 10, 4))); /* a Saturday */
    assert_false(day_works(&calendar, day_make(2008, 10, 5)));
    for (int i = 0; i < 7; i++)
        assert_int_equal(day_works(&calendar, day_make(2199, 7, 1 + i)), day_weekday(day_make(2199, 7, 1 + i)) < 5);
}

static void working_days_are_counted(void **state)
{
    static const struct {
        int from_month, from_day, count, month, day; /* 2009 */
    } cases[] = {
        {9, 28, 1, 9, 29},   {9, 30, 1, 10, 9}, {9, 30, 2, 10, 10}, {9, 30, 3, 10, 12}, {10, 1, 1, 10, 9},
        {10, 10, 1, 10, 12}, {9, 25, 1, 9, 27}, {9, 26, 1, 9, 27},  {12, 31, 1, 1, 4},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        day_t from = day_make(2009, cases[i].from_month, cases[i].from_day);
        day_t to = workday_after(&calendar, from, cases[i].count);
        assert_int_equal(to.n, day_make(cases[i].month == 1 ? 2010 : 2009, cases[i].month, cases[i].day).n);
        assert_int_equal(workdays_between(&calendar, from, to), cases[i].count);
    }
    day_t holiday = day_make(2009, 10, 5), working = day_make(2009, 9, 28);
    assert_int_equal(workday_from(&calendar, holiday).n, day_make(2009, 10, 9).n);
    assert_int_equal(workday_from(&calendar, working).n, working.n);
    assert_int_equal(workdays_between(&calendar, working, working), 0);
    assert_int_equal(workdays_between(&calendar, holiday, working), 0);
    assert_int_equal(workdays_between(&calendar, day_make(2009, 9, 30), day_make(2009, 10, 8)), 0);
    assert_int_equal(workdays_between(&calendar, day_make(2008, 12, 31), day_make(2009, 12, 31)), 250);
}

/* ---- outages ---- */

static uint64_t outages;

static stamp_t at(int month, int day, int hour)
{
    return (stamp_t){day_start(day_make(2009, month, day)).s + hour * 3600};
}

static void outage(stamp_t from, stamp_t to)
{
    struct record record = record_make(KIND_outage, ++outages);
    rec_set(&record, F_STATE, ST_outage_noted);
    rec_set(&record, outage_from, from.s);
    rec_set(&record, outage_to, to.s);
    put_new(&record);
}

static void expect_moved(stamp_t due, stamp_t want)
{
    stamp_t moved = deadline_moved(&memory.space, &calendar, due, &arena);
    assert_int_equal(moved.s, want.s);
}

static void a_deadline_in_an_outage_moves_to_the_next_working_day(void **state)
{
    (void)state;
    outages = 0;
    outage(at(9, 29, 10), at(9, 29, 15));
    expect_moved(at(9, 29, 9), at(9, 29, 9)); /* before */
    expect_moved((stamp_t){at(9, 29, 10).s - 1}, (stamp_t){at(9, 29, 10).s - 1});
    expect_moved(at(9, 29, 10), day_end(day_make(2009, 9, 30))); /* as it began */
    expect_moved(at(9, 29, 12), day_end(day_make(2009, 9, 30)));
    expect_moved((stamp_t){at(9, 29, 15).s - 1}, day_end(day_make(2009, 9, 30)));
    expect_moved(at(9, 29, 15), at(9, 29, 15)); /* the daemon was there again */
    expect_moved(at(9, 29, 16), at(9, 29, 16));
}

static void holidays_are_counted_in(void **state)
{
    (void)state;
    outages = 0;
    outage(at(9, 30, 20), at(10, 1, 6)); /* over the deadline at the end of the 30th, into the holidays */
    expect_moved(day_end(day_make(2009, 9, 30)), day_end(day_make(2009, 10, 9)));
}

static void a_deadline_moved_into_the_next_outage_moves_again(void **state)
{
    (void)state;
    outages = 0;
    outage(at(9, 28, 22), at(9, 29, 2));  /* moves it to the end of the 30th */
    outage(at(9, 30, 23), at(10, 1, 1));  /* which is in this one: to the end of 9 October */
    outage(at(10, 9, 23), at(10, 10, 3)); /* and in this: to the end of Monday the 12th */
    expect_moved(day_end(day_make(2009, 9, 28)), day_end(day_make(2009, 10, 12)));
    expect_moved(day_end(day_make(2009, 9, 29)), day_end(day_make(2009, 9, 29)));
    expect_moved(day_end(day_make(2009, 9, 30)), day_end(day_make(2009, 10, 12)));
}

static void settings_fall_back_to_their_first_value(void **state)
{
    struct record record = record_make(KIND_setting, 1);
    (void)state;
    assert_int_equal(setting_now(&memory.space, SET_report_due_day, &arena), 5);
    assert_int_equal(setting_now(&memory.space, SET_ticket_hours, &arena), 24);
    rec_set(&record, F_STATE, ST_setting_in_force);
    rec_set_text(&record, setting_name, text_of("report_due_day"));
    rec_set(&record, setting_value, 8);
    put_new(&record);
    assert_int_equal(setting_now(&memory.space, SET_report_due_day, &arena), 8);
    assert_int_equal(setting_now(&memory.space, SET_ticket_hours, &arena), 24);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_notices_of_the_state_council_hold),
        TEST(the_bundled_calendars_are_sound),
        TEST(a_year_without_a_notice_goes_by_the_plain_week),
        TEST(working_days_are_counted),
        TEST(a_deadline_in_an_outage_moves_to_the_next_working_day),
        TEST(holidays_are_counted_in),
        TEST(a_deadline_moved_into_the_next_outage_moves_again),
        TEST(settings_fall_back_to_their_first_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
