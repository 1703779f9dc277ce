/* clocks.c - see clocks.h. */
#include "server/clocks.h"

#include "proto/calendar.h"

unsigned clocks_due(const struct space *space, stamp_t now, struct arena *arena, struct due_clock *list, unsigned max)
{
    struct calendar calendar;
    struct key key = {.used = 0};
    stamp_t due;
    unsigned kind, count = 0;
    uint64_t id;
    if (calendar_load(space, arena, &calendar) != OK) return 0;
    while (count < max && state_clock(space, &key, &due, &kind, &id) && due.s <= now.s) {
        struct record record;
        if (count > 0 && stamp_day(due).n > stamp_day(list[0].due).n) break;
        if (deadline_moved(space, &calendar, due, arena).s > now.s) continue;
        if (state_get(space, kind, id, arena, &record) != OK) continue;
        uint8_t action = state_row(kind, rec_state(&record))->lapse;
        list[count++] = (struct due_clock){.kind = (uint8_t)kind, .action = action, .id = id, .due = due};
    }
    return count;
}

/* Those that have run out, but were moved by an outage, are looked at closely. */
stamp_t clocks_next(const struct space *space, stamp_t now, struct arena *arena)
{
    struct calendar calendar;
    struct key key = {.used = 0};
    stamp_t due, next = {0};
    unsigned kind;
    uint64_t id;
    bool loaded = false;
    while (state_clock(space, &key, &due, &kind, &id)) {
        bool past = due.s <= now.s;
        if (past && !loaded) loaded = calendar_load(space, arena, &calendar) == OK;
        if (past && loaded) due = deadline_moved(space, &calendar, due, arena);
        if (next.s == 0 || due.s < next.s) next = due;
        if (!past) break;
    }
    return next;
}

uint32_t clocks_missing(const struct space *space)
{
    uint32_t missing = 0;
    for (const struct option *job = NULL; (job = option_next(CHOICE_job, job)) != NULL;) {
        struct value value = number_value(job->wire);
        if (state_find(space, IX_schedule_job, &value, 1) == 0) missing |= 1u << job->wire;
    }
    return missing;
}
