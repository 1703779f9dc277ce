/* when.c - proleptic Gregorian arithmetic in UTC+8. */
#include "proto/when.h"

#include "proto/number.h"

#include <string.h>

enum { ZONE_SECONDS = 8 * 3600, DAY_SECONDS = 86400 };

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static bool leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap(year) ? 29 : days[month - 1];
}

bool civil_valid(int year, int month, int day)
{
    return year >= YEAR_MIN && year <= YEAR_MAX && month >= 1 && month <= 12 && day >= 1 &&
           day <= month_days(year, month);
}

/* Days before 1 January of a year, counted from 1970. */
static int32_t year_start(int year)
{
    int before = year - 1;
    return (int32_t)(before * 365 + before / 4 - before / 100 + before / 400 - 719162);
}

day_t day_make(int year, int month, int day)
{
    int32_t n = year_start(year) + day - 1;
    for (int m = 1; m < month; m++)
        n += month_days(year, m);
    return (day_t){n};
}

void day_split(day_t day, int *year, int *month, int *of_month)
{
    int y = (int)floor_div((int64_t)day.n * 400, 146097) + 1970;
    while (year_start(y) > day.n)
        y--;
    while (year_start(y + 1) <= day.n)
        y++;
    int rest = day.n - year_start(y), m = 1;
    while (rest >= month_days(y, m))
        rest -= month_days(y, m++);
    *year = y;
    *month = m;
    *of_month = rest + 1;
}

int day_weekday(day_t day)
{
    return (int)(((int64_t)day.n + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
}

day_t day_add(day_t day, int days)
{
    return (day_t){day.n + days};
}

stamp_t day_start(day_t day)
{
    return (stamp_t){(int64_t)day.n * DAY_SECONDS - ZONE_SECONDS};
}

stamp_t day_end(day_t day)
{
    return day_start(day_add(day, 1));
}

day_t stamp_day(stamp_t stamp)
{
    return (day_t){(int32_t)floor_div(stamp.s + ZONE_SECONDS, DAY_SECONDS)};
}

month_t month_make(int year, int month)
{
    return (month_t){12 * year + month - 1};
}

month_t month_of(day_t day)
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    return month_make(year, month);
}

month_t month_add(month_t month, int months)
{
    return (month_t){month.n + months};
}

int month_year(month_t month)
{
    return month.n / 12;
}

int month_number(month_t month)
{
    return month.n % 12 + 1;
}

day_t month_first(month_t month)
{
    return day_make(month_year(month), month_number(month), 1);
}

day_t month_last(month_t month)
{
    return day_add(month_first(month_add(month, 1)), -1);
}

date_t date_make(int year, int month, int day)
{
    return (date_t){year * 512 + month * 32 + day};
}

void date_split(date_t date, int *year, int *month, int *day)
{
    *year = date.n / 512;
    *month = date.n % 512 / 32;
    *day = date.n % 32;
}

bool date_valid(date_t date)
{
    int year, month, day;
    if (date.n < 0) return false;
    date_split(date, &year, &month, &day);
    if (month == 0 && day != 0) return false;
    return civil_valid(year, month != 0 ? month : 1, day != 0 ? day : 1);
}

day_t date_first(date_t date)
{
    int year, month, day;
    date_split(date, &year, &month, &day);
    return day_make(year, month != 0 ? month : 1, day != 0 ? day : 1);
}

day_t date_last(date_t date)
{
    int year, month, day;
    date_split(date, &year, &month, &day);
    if (month == 0) return day_make(year, 12, 31);
    if (day == 0) return month_last(month_make(year, month));
    return day_make(year, month, day);
}

/* Reads up to three numbers, each with its mark behind it; the last one may stand without. */
static int split_numbers(const char *at, int numbers[3])
{
    static const char *const words[] = {"年", "月", "日"};
    int count = 0;
    while (*at != '\0') {
        if (count == 3 || *at < '0' || *at > '9') return -1;
        int value = 0, digits = 0;
        for (; *at >= '0' && *at <= '9'; at++) {
            if (++digits > 4) return -1;
            value = value * 10 + (*at - '0');
        }
        size_t word = strlen(words[count]);
        if (strncmp(at, words[count], word) == 0)
            at += word;
        else if (*at == '-' || *at == '/' || *at == '.') {
            if (*++at == '\0') return -1; /* "2009-9-" */
        }
        numbers[count++] = value;
    }
    return count;
}

bool date_parse(struct text text, date_t *date)
{
    char narrow[40];
    int n[3] = {0, 0, 0};
    if (!text_narrow(text, narrow, sizeof narrow)) return false;
    if (strlen(narrow) == 8 && strspn(narrow, "0123456789") == 8) { /* 20090901 */
        char spaced[11] = {narrow[0], narrow[1], narrow[2], narrow[3], '-', narrow[4],
                           narrow[5], '-',       narrow[6], narrow[7], '\0'};
        memcpy(narrow, spaced, sizeof spaced);
    }
    int count = split_numbers(narrow, n);
    if (count < 1 || (count > 1 && n[1] == 0) || (count > 2 && n[2] == 0)) return false;
    if (n[1] > 12 || n[2] > 31 || n[0] > YEAR_MAX) return false;
    date_t found = date_make(n[0], n[1], n[2]);
    if (!date_valid(found)) return false;
    *date = found;
    return true;
}

bool day_parse(struct text text, day_t *day)
{
    date_t date;
    if (!date_parse(text, &date) || date.n % 32 == 0) return false;
    *day = date_last(date);
    return true;
}

bool month_parse(struct text text, month_t *month)
{
    date_t date;
    if (!date_parse(text, &date) || date.n % 32 != 0 || date.n % 512 == 0) return false;
    *month = month_make(date.n / 512, date.n % 512 / 32);
    return true;
}

bool stamp_parse(const char *text, stamp_t *stamp)
{
    const char *space = strchr(text, ' '), *colon = strchr(text, ':');
    day_t day;
    int64_t hour, minute;
    if (space == NULL || colon == NULL || colon < space) return false;
    if (!day_parse((struct text){text, (uint32_t)(space - text)}, &day)) return false;
    if (!number_parse((struct text){space + 1, (uint32_t)(colon - space - 1)}, 1, &hour)) return false;
    if (!number_parse(text_of(colon + 1), 1, &minute)) return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return false;
    stamp->s = day_start(day).s + hour * 3600 + minute * 60;
    return true;
}

bool moment_parse(const char *text, stamp_t *stamp)
{
    day_t day;
    if (stamp_parse(text, stamp)) return true;
    if (!day_parse(text_of(text), &day)) return false;
    stamp->s = day_end(day).s - 1;
    return true;
}

void str_day(struct str *str, day_t day)
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    str_printf(str, "%04d-%02d-%02d", year, month, of_month);
}

void str_month(struct str *str, month_t month)
{
    str_printf(str, "%04d-%02d", month_year(month), month_number(month));
}

void str_date(struct str *str, date_t date)
{
    int year, month, day;
    date_split(date, &year, &month, &day);
    str_printf(str, "%04d", year);
    if (month != 0) str_printf(str, "-%02d", month);
    if (day != 0) str_printf(str, "-%02d", day);
}

void str_clock(struct str *str, stamp_t stamp)
{
    int64_t second = stamp.s - day_start(stamp_day(stamp)).s;
    str_printf(str, "%02d:%02d", (int)(second / 3600), (int)(second / 60 % 60));
}

void str_stamp(struct str *str, stamp_t stamp)
{
    str_day(str, stamp_day(stamp));
    str_put(str, " ");
    str_clock(str, stamp);
}
