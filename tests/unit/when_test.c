/* when_test.c - dates as offices write them, impossible ones, Beijing's midnight, months and weekdays. */
#include "proto/when.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct {
    const char *text;
    int year, month, day; /* year 0: refused */
} spellings[] = {
    {"2009-09-01", 2009, 9, 1},
    {"2009-9-1", 2009, 9, 1},
    {"2009/9/1", 2009, 9, 1},
    {"2009.9.1", 2009, 9, 1},
    {"2009年9月1日", 2009, 9, 1},
    {"2009年09月01日", 2009, 9, 1},
    {"2009年9月1", 2009, 9, 1},
    {"20090901", 2009, 9, 1},
    {"２００９－９－１", 2009, 9, 1},
    {"２００９年９月１日", 2009, 9, 1},
    {" 2009-9-1\u3000", 2009, 9, 1},
    {"2009-9", 2009, 9, 0},
    {"2009/09", 2009, 9, 0},
    {"2009年9月", 2009, 9, 0},
    {"2009", 2009, 0, 0},
    {"2009年", 2009, 0, 0},
    {"1949-1-1", 1949, 1, 1},
    {"2199-12-31", 2199, 12, 31},
    {"2008-2-29", 2008, 2, 29},
    {"2000-2-29", 2000, 2, 29},
    {"2009-12-31", 2009, 12, 31},
    /* no such date */
    {"2009-2-29", 0, 0, 0},
    {"2009-02-30", 0, 0, 0},
    {"2100-2-29", 0, 0, 0},
    {"2009-4-31", 0, 0, 0},
    {"2009-9-31", 0, 0, 0},
    {"2009-13-1", 0, 0, 0},
    {"2009-13", 0, 0, 0},
    {"2009-0-1", 0, 0, 0},
    {"2009-0", 0, 0, 0},
    {"2009-9-0", 0, 0, 0},
    {"2009-9-32", 0, 0, 0},
    {"20090931", 0, 0, 0},
    {"20091301", 0, 0, 0},
    {"1948-12-31", 0, 0, 0},
    {"2200-1-1", 0, 0, 0},
    {"0", 0, 0, 0},
    {"9999", 0, 0, 0},
    /* no date */
    {"", 0, 0, 0},
    {"-", 0, 0, 0},
    {"九月", 0, 0, 0},
    {"2009-9-", 0, 0, 0},
    {"2009-", 0, 0, 0},
    {"2009--9", 0, 0, 0},
    {"-2009-9-1", 0, 0, 0},
    {"2009-9-1-1", 0, 0, 0},
    {"2009-9-1 10:00", 0, 0, 0},
    {"2009 9 1", 0, 0, 0},
    {"200909", 0, 0, 0},
    {"2009090", 0, 0, 0},
    {"200909011", 0, 0, 0},
    {"2009日", 0, 0, 0},
    {"2009月9日", 0, 0, 0},
    {"2009月9年1", 0, 0, 0},
    {"2009年9日", 0, 0, 0},
    {"9月1日", 0, 0, 0},
    {"2009年9月1日x", 0, 0, 0},
    {"1/9/2009", 0, 0, 0},
    {"2009-9-1\xff", 0, 0, 0},
};

static void dates_are_read_in_every_spelling(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(spellings); i++) {
        date_t date = {-7};
        bool read = date_parse(text_of(spellings[i].text), &date);
        if (read != (spellings[i].year != 0)) fail_msg("\"%s\" is %s", spellings[i].text, read ? "taken" : "refused");
        if (read)
            assert_int_equal(date.n, date_make(spellings[i].year, spellings[i].month, spellings[i].day).n);
        else
            assert_int_equal(date.n, -7); /* untouched */
    }
}

static void whole_dates_and_months_are_told_apart(void **state)
{
    day_t day;
    month_t month;
    (void)state;
    assert_true(day_parse(text_of("2009-9-1"), &day));
    assert_int_equal(day.n, day_make(2009, 9, 1).n);
    assert_false(day_parse(text_of("2009-9"), &day));
    assert_false(day_parse(text_of("2009"), &day));
    assert_true(month_parse(text_of("2009年9月"), &month));
    assert_int_equal(month.n, month_make(2009, 9).n);
    assert_false(month_parse(text_of("2009-9-1"), &month));
    assert_false(month_parse(text_of("2009"), &month));
}

/* Counts days one by one, by the calendar that everybody learns at school. */
static void every_day_of_250_years_is_right(void **state)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = 1970, month = 1, of_month = 1, weekday = 3; /* a Thursday */
    (void)state;
    for (int n = 0; year <= YEAR_MAX; n++) {
        int y, m, d;
        day_t day = {n};
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        day_split(day, &y, &m, &d);
        assert_true(y == year && m == month && d == of_month);
        assert_int_equal(day_make(year, month, of_month).n, n);
        assert_int_equal(day_weekday(day), weekday);
        assert_int_equal(month_of(day).n, month_make(year, month).n);
        assert_true(civil_valid(year, month, of_month));
        int length = lengths[month - 1] + (month == 2 && leap);
        assert_int_equal(month_last(month_of(day)).n, n + length - of_month);
        assert_int_equal(month_first(month_of(day)).n, n - of_month + 1);
        weekday = (weekday + 1) % 7;
        if (++of_month <= length) continue;
        assert_false(civil_valid(year, month, of_month));
        of_month = 1;
        if (++month <= 12) continue;
        month = 1;
        year++;
    }
}

static void days_before_1970_are_right_too(void **state)
{
    int y, m, d;
    (void)state;
    assert_int_equal(day_make(1969, 12, 31).n, -1);
    assert_int_equal(day_weekday(day_make(1969, 12, 31)), 2); /* Wednesday */
    assert_int_equal(day_weekday(day_make(1949, 10, 1)), 5);  /* a Saturday */
    for (int n = day_make(1949, 1, 1).n; n < 0; n++) {
        day_split((day_t){n}, &y, &m, &d);
        assert_int_equal(day_make(y, m, d).n, n);
        assert_int_equal(stamp_day(day_start((day_t){n})).n, n);
    }
}

static void a_day_begins_at_beijings_midnight(void **state)
{
    /* 2009-09-30 16:00 UTC is 2009-10-01 00:00 in Beijing */
    stamp_t midnight = {1254326400};
    (void)state;
    assert_int_equal(day_start(day_make(2009, 10, 1)).s, midnight.s);
    assert_int_equal(day_end(day_make(2009, 9, 30)).s, midnight.s);
    assert_int_equal(stamp_day(midnight).n, day_make(2009, 10, 1).n);
    assert_int_equal(stamp_day((stamp_t){midnight.s - 1}).n, day_make(2009, 9, 30).n);
    assert_int_equal(stamp_day((stamp_t){midnight.s + 86399}).n, day_make(2009, 10, 1).n);
    assert_int_equal(stamp_day((stamp_t){midnight.s + 86400}).n, day_make(2009, 10, 2).n);
    assert_int_equal(stamp_day((stamp_t){0}).n, 0);       /* 08:00 of the first day */
    assert_int_equal(stamp_day((stamp_t){-28801}).n, -1); /* one second before it */
    assert_int_equal(stamp_day((stamp_t){-28800}).n, 0);
}

static void months_add_up_over_years(void **state)
{
    (void)state;
    month_t december = month_make(2009, 12);
    assert_int_equal(month_year(month_add(december, 1)), 2010);
    assert_int_equal(month_number(month_add(december, 1)), 1);
    assert_int_equal(month_number(month_add(december, -12)), 12);
    assert_int_equal(month_add(month_make(2009, 1), -1).n, month_make(2008, 12).n);
    assert_int_equal(month_last(month_make(2008, 2)).n, day_make(2008, 2, 29).n);
    assert_int_equal(month_last(month_make(2009, 2)).n, day_make(2009, 2, 28).n);
    assert_int_equal(month_last(december).n, day_make(2009, 12, 31).n);
}

static void a_date_may_know_only_its_month_or_year(void **state)
{
    (void)state;
    date_t year = date_make(2009, 0, 0), month = date_make(2009, 2, 0), day = date_make(2009, 2, 3);
    assert_true(date_valid(year) && date_valid(month) && date_valid(day));
    assert_false(date_valid(date_make(2009, 0, 3)));
    assert_false(date_valid(date_make(2009, 2, 29)));
    assert_false(date_valid(date_make(2009, 13, 1)));
    assert_false(date_valid(date_make(1948, 0, 0)));
    assert_false(date_valid((date_t){-1}));
    assert_false(date_valid((date_t){0}));
    assert_int_equal(date_first(year).n, day_make(2009, 1, 1).n);
    assert_int_equal(date_last(year).n, day_make(2009, 12, 31).n);
    assert_int_equal(date_first(month).n, day_make(2009, 2, 1).n);
    assert_int_equal(date_last(month).n, day_make(2009, 2, 28).n);
    assert_int_equal(date_first(day).n, date_last(day).n);
    assert_true(year.n < month.n && month.n < day.n && day.n < date_make(2010, 0, 0).n); /* they sort by time */
}

static void what_is_written_can_be_read(void **state)
{
    char out[32];
    (void)state;
    for (int n = day_make(1949, 1, 1).n; n <= day_make(2199, 12, 31).n; n += 13) {
        struct str str = str_in(out, sizeof out);
        day_t day = {0};
        str_day(&str, (day_t){n});
        assert_true(day_parse(text_of(out), &day));
        assert_int_equal(day.n, n);
    }
    struct str str = str_in(out, sizeof out);
    str_stamp(&str, (stamp_t){day_start(day_make(2009, 9, 28)).s + 9 * 3600 + 5 * 60 + 59});
    assert_string_equal(out, "2009-09-28 09:05");
    str = str_in(out, sizeof out);
    str_clock(&str, (stamp_t){-1});
    assert_string_equal(out, "07:59");
    str = str_in(out, sizeof out);
    str_month(&str, month_make(2009, 9));
    str_put(&str, " ");
    str_date(&str, date_make(2009, 9, 0));
    str_put(&str, " ");
    str_date(&str, date_make(2009, 0, 0));
    assert_string_equal(out, "2009-09 2009-09 2009");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_read_in_every_spelling),
        cmocka_unit_test(whole_dates_and_months_are_told_apart),
        cmocka_unit_test(every_day_of_250_years_is_right),
        cmocka_unit_test(days_before_1970_are_right_too),
        cmocka_unit_test(a_day_begins_at_beijings_midnight),
        cmocka_unit_test(months_add_up_over_years),
        cmocka_unit_test(a_date_may_know_only_its_month_or_year),
        cmocka_unit_test(what_is_written_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
