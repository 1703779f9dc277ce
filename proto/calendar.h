/* calendar.h - working days, deadlines, and what the daemon's outages do to them.
 *
 * The plain week (Saturday and Sunday off) corrected by the State Council's notices, which are records of
 * kind calendar. A year without such a record goes by the plain week, and calendar_knows says so. */
#ifndef PROTO_CALENDAR_H
#define PROTO_CALENDAR_H

#include "proto/state.h"
#include "proto/when.h"

#include <stdbool.h>

enum { CALENDAR_YEARS_MAX = 40 };

struct calendar {
    unsigned count;
    struct calendar_year {
        int32_t year;
        uint8_t off_count, work_count;
        int32_t off[LIST_MAX], work[LIST_MAX]; /* day_t numbers */
    } years[CALENDAR_YEARS_MAX];
};

/* Reads all calendar records; the newest CALENDAR_YEARS_MAX are kept. */
enum err calendar_load(const struct space *space, struct arena *arena, struct calendar *calendar);

bool calendar_knows(const struct calendar *calendar, int year);
bool day_works(const struct calendar *calendar, day_t day);

/* The day itself if it is a working day, else the next one. */
day_t workday_from(const struct calendar *calendar, day_t day);

/* The count-th working day after `day` (count >= 1). */
day_t workday_after(const struct calendar *calendar, day_t day, int count);

/* The number of working days after `from` up to and including `to`; 0 when to <= from. */
int workdays_between(const struct calendar *calendar, day_t from, day_t to);

/* A deadline that falls into an outage of the daemon moves to the end of the next working day after it. */
stamp_t deadline_moved(const struct space *space, const struct calendar *calendar, stamp_t due, struct arena *arena);

/* The value of a rule's parameter: its record, or the first value of settings.def. */
int64_t setting_now(const struct space *space, enum setting_id setting, struct arena *arena);

#endif
