/* registers.h - 台账: of each kind how many records are here, how many still run, and how many of these are overdue;
 * and the days on which something is due. Computed from the view alone. DOMAIN, section 3. */
#ifndef CLIENT_CORE_REGISTERS_H
#define CLIENT_CORE_REGISTERS_H

#include "client/core/client.h"

struct tally {
    uint8_t kind;
    unsigned all, open, overdue;
    stamp_t next; /* the nearest deadline that has not passed; 0 none */
};

struct registers {
    unsigned count;
    struct tally at[KIND_LIMIT]; /* in the order of the menus */
};

/* Does the kind belong to the business of the notice, or to the registry's own household? */
bool kind_is_business(unsigned kind);

/* Kinds of which nothing is here are left out, unless the operator could make one. */
enum err registers_build(const struct client *client, struct arena *arena, struct registers *registers);

/* The same for what belongs to one project; kinds of which nothing is here are left out. */
enum err registers_of_project(const struct client *client, uint64_t project, struct arena *arena,
                              struct registers *registers);

/* A record that is due on a day. */
struct due_item {
    uint8_t kind;
    uint64_t id;
    stamp_t due;
};

enum { DUES_MAX = 4000 };

struct dues {
    unsigned count;
    struct due_item *items; /* in the arena; earliest first */
};

/* What of the kinds of the business is open and due in the months from `first` to `last`. */
enum err dues_between(const struct client *client, month_t first, month_t last, struct arena *arena, struct dues *dues);
/* The same for one month. */
enum err dues_build(const struct client *client, month_t month, struct arena *arena, struct dues *dues);

/* Has the record's deadline passed? Outages of the daemon move deadlines. */
bool record_overdue(const struct client *client, const struct calendar *calendar, const struct record *record,
                    struct arena *arena);

#endif
