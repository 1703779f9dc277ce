/* agenda.h - 日程: the days that an operator has to keep: duties and what is owed with their deadlines, and what is due
 * of the records that the operator's unit has to do with, meetings among them. Computed from the view alone. */
#ifndef CLIENT_CORE_AGENDA_H
#define CLIENT_CORE_AGENDA_H

#include "client/core/client.h"

enum { AGENDA_MAX = 6000, AGENDA_DAYS = 400 /* that it looks ahead */ };

struct agenda_item {
    uint8_t kind, action; /* the act that is expected of the operator; 0: somebody else's */
    uint64_t id;          /* of the record; 0: a report or return that is owed and not begun, */
    uint64_t of;          /* ... by this project or unit */
    month_t month;
    day_t day;
    stamp_t since; /* the record is as it is since then; of what is owed: the month's beginning */
};

struct agenda {
    unsigned count;
    struct agenda_item *items; /* in the arena; earliest first */
};

enum err agenda_build(const struct client *client, struct arena *arena, struct agenda *agenda);

/* The record that an item is about; of what is owed, one with project or unit and month alone. */
bool agenda_record(const struct client *client, const struct agenda_item *item, struct arena *arena,
                   struct record *record);

#endif
