/* calendar.c - see calendar.h. */
#include "proto/calendar.h"

#include <string.h>

static void take_year(struct calendar *calendar, const struct record *record)
{
    struct calendar_year *year = &calendar->years[calendar->count++];
    unsigned count;
    const int64_t *list = rec_list(record, calendar_off, &count);
    *year = (struct calendar_year){.year = (int32_t)rec_num(record, calendar_year)};
    for (unsigned i = 0; i < count; i++)
        year->off[year->off_count++] = (int32_t)list[i];
    list = rec_list(record, calendar_work, &count);
    for (unsigned i = 0; i < count; i++)
        year->work[year->work_count++] = (int32_t)list[i];
}

enum err calendar_load(const struct space *space, struct arena *arena, struct calendar *calendar)
{
    memset(calendar, 0, sizeof *calendar);
    for (uint64_t id = state_last_id(space, KIND_calendar); id > 0; id--) {
        struct record record;
        if (calendar->count == CALENDAR_YEARS_MAX) break;
        enum err err = state_get(space, KIND_calendar, id, arena, &record);
        if (err == ERR_NOT_FOUND) continue;
        if (err != OK) return err;
        take_year(calendar, &record);
    }
    return OK;
}

static const struct calendar_year *find_year(const struct calendar *calendar, int year)
{
    for (unsigned i = 0; i < calendar->count; i++)
        if (calendar->years[i].year == year) return &calendar->years[i];
    return NULL;
}

bool calendar_knows(const struct calendar *calendar, int year)
{
    return find_year(calendar, year) != NULL;
}

bool day_works(const struct calendar *calendar, day_t day)
{
    const struct calendar_year *year = find_year(calendar, month_year(month_of(day)));
    bool weekday = day_weekday(day) < 5;
    if (year == NULL) return weekday;
    for (unsigned i = 0; weekday && i < year->off_count; i++)
        if (year->off[i] == day.n) return false;
    for (unsigned i = 0; !weekday && i < year->work_count; i++)
        if (year->work[i] == day.n) return true;
    return weekday;
}

day_t workday_from(const struct calendar *calendar, day_t day)
{
    while (!day_works(calendar, day))
        day = day_add(day, 1);
    return day;
}

day_t workday_after(const struct calendar *calendar, day_t day, int count)
{
    for (int i = 0; i < count; i++)
        day = workday_from(calendar, day_add(day, 1));
    return day;
}

int workdays_between(const struct calendar *calendar, day_t from, day_t to)
{
    int count = 0;
    for (day_t day = day_add(from, 1); day.n <= to.n; day = day_add(day, 1))
        count += day_works(calendar, day);
    return count;
}

/* The outage that holds the moment, if any: the first that ended after it, if it had begun by then. */
static bool outage_over(const struct space *space, stamp_t moment, struct arena *arena, stamp_t *end)
{
    struct key key;
    struct text value;
    struct record record;
    key_clear(&key);
    key_byte(&key, IX_outage_to);
    key_signed(&key, moment.s + 1);
    if (space->seek(space->self, TABLE_INDEX, &key, &value) != OK || key.bytes[0] != IX_outage_to) return false;
    if (state_get(space, KIND_outage, key_read(&key, 9), arena, &record) != OK) return false;
    end->s = rec_num(&record, outage_to);
    return rec_num(&record, outage_from) <= moment.s;
}

stamp_t deadline_moved(const struct space *space, const struct calendar *calendar, stamp_t due, struct arena *arena)
{
    stamp_t end;
    while (outage_over(space, due, arena, &end))
        due = day_end(workday_after(calendar, stamp_day(end), 1));
    return due;
}

int64_t setting_now(const struct space *space, enum setting_id setting, struct arena *arena)
{
    const struct setting_row *row = setting_row(setting);
    struct record record;
    uint64_t id = state_find_text(space, IX_setting_name, row->name);
    if (id == 0 || state_get(space, KIND_setting, id, arena, &record) != OK) return row->first;
    return rec_num(&record, setting_value);
}
