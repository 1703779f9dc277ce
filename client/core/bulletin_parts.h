/* bulletin_parts.h - what the sections of a bulletin are written with. Between bulletin*.c only. */
#ifndef CLIENT_CORE_BULLETIN_PARTS_H
#define CLIENT_CORE_BULLETIN_PARTS_H

#include "client/core/bulletin.h"

#include "proto/rules/bulletin.h"

#include "proto/calendar.h"

enum { UNITS_MAX = 512, LINE_BYTES = 6144, NUMERALS_MAX = 20 };

/* A text that is being composed. */
struct compose {
    const struct space *space;
    struct arena *arena;
    unsigned type;
    month_t first, month; /* the period */
    stamp_t now;
    day_t today;
    struct calendar *calendar;
    struct str *out;
    size_t characters; /* written so far */
    enum err err;
    unsigned sections;   /* with a heading */
    const char *heading; /* of the section, until it is written with the first paragraph */
};

typedef void section_fn(struct compose *compose);

/* bulletin_progress.c */
section_fn write_overall, write_units, write_reporting, write_lagging;
/* bulletin_matters.c */
section_fn write_issues, write_departments, write_open_issues, write_cancelled_issues, write_warnings;
section_fn write_commended, write_blamed;

/* ---- writing ---- */

/* A paragraph; with the section's heading before its first. False when there is no room left for it. */
bool put_paragraph(struct compose *compose, const char *line);

/* "1.……" items until the room ends: begin with {0}; the end says how many were left out. */
struct items {
    unsigned put, left;
};
void put_item(struct compose *compose, struct items *items, const char *line);
void end_items(struct compose *compose, const struct items *items);

void str_day_words(struct str *out, day_t day);                  /* 2009年11月5日 */
void str_sum(struct str *out, int64_t fen);                      /* 1234万元, 12.34亿元 */
void str_share(struct str *out, int64_t per_mille);            /* 96.4% */
void str_unit(const struct compose *compose, struct str *out, uint64_t unit); /* its short name */
void str_project(const struct compose *compose, struct str *out, uint64_t project);

/* ---- reading ---- */

/* Reads the next record of a kind; false at the end, or when reading failed (compose->err). */
bool next_record(struct compose *compose, unsigned kind, struct record *record);
bool in_period(const struct compose *compose, int64_t stamp);
day_t period_end(const struct compose *compose);

/* Counts by unit, in the order of the units' ids. */
struct by_unit {
    unsigned count;
    struct unit_row {
        uint64_t unit;
        int64_t at[5];
    } rows[UNITS_MAX];
};
/* Empty, in the arena; NULL sets compose->err. */
struct by_unit *by_unit_make(struct compose *compose);
/* The row of a unit; a spare one past UNITS_MAX. */
struct unit_row *by_unit_row(struct by_unit *table, uint64_t unit);

#endif
