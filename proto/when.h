/* when.h - moments, civil days, months, and dates that know only their month or year.
 *
 * All civil reckoning is Beijing time, UTC+8 without summer time (the registry's zone). The three
 * scalars are wrapped so that they can't be mixed by accident. Nothing here reads a clock. */
#ifndef PROTO_WHEN_H
#define PROTO_WHEN_H

#include "proto/text.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    int64_t s; /* seconds since 1970-01-01 00:00 UTC, registry time */
} stamp_t;

typedef struct {
    int32_t n; /* days since 1970-01-01 */
} day_t;

typedef struct {
    int32_t n; /* months since year 0: 12 * year + month - 1 */
} month_t;

/* A date as offices write it: a day, or only a month, or only a year.
 * Stored as year * 512 + month * 32 + day, with 0 for what is not known; so numbers sort by time. */
typedef struct {
    int32_t n;
} date_t;

enum { YEAR_MIN = 1949, YEAR_MAX = 2199 };

/* False for 30 February and years outside YEAR_MIN..YEAR_MAX. */
bool civil_valid(int year, int month, int day);

day_t day_make(int year, int month, int day); /* of a valid civil date */
void day_split(day_t day, int *year, int *month, int *of_month);
int day_weekday(day_t day); /* 0 Monday ... 6 Sunday */
day_t day_add(day_t day, int days);

/* First second of the day, and the first second after it. */
stamp_t day_start(day_t day);
stamp_t day_end(day_t day);
day_t stamp_day(stamp_t stamp);

month_t month_make(int year, int month);
month_t month_of(day_t day);
month_t month_add(month_t month, int months);
int month_year(month_t month);
int month_number(month_t month); /* 1..12 */
day_t month_first(month_t month);
day_t month_last(month_t month);

date_t date_make(int year, int month, int day); /* month and day may be 0 */
void date_split(date_t date, int *year, int *month, int *day);
bool date_valid(date_t date);
day_t date_first(date_t date); /* the first and the last day that the date may mean */
day_t date_last(date_t date);

/* Reads 2009-9-1, 2009/9/1, 2009.9.1, 2009年9月1日, 20090901, and with month or year alone, in ASCII or
 * full-width digits. Returns false when it is none of these or no such date exists. */
bool date_parse(struct text text, date_t *date);
bool day_parse(struct text text, day_t *day);       /* a whole date only */
bool month_parse(struct text text, month_t *month); /* year and month only */
bool stamp_parse(const char *text, stamp_t *stamp); /* a whole date and a time: 2009-09-28 09:00 */
/* The same, or a whole date alone, which means its last second: up to when something is looked at. */
bool moment_parse(const char *text, stamp_t *stamp);

void str_day(struct str *str, day_t day);       /* 2009-09-28 */
void str_month(struct str *str, month_t month); /* 2009-09 */
void str_date(struct str *str, date_t date);    /* 2009-09-28, 2009-09 or 2009 */
void str_stamp(struct str *str, stamp_t stamp); /* 2009-09-28 09:30 */
void str_clock(struct str *str, stamp_t stamp); /* 09:30 */

#endif
