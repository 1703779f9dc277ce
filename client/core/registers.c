/* registers.c - see registers.h. */
#include "client/core/registers.h"

#include "proto/calendar.h"

#include <stdlib.h>
#include <string.h>

bool kind_is_business(unsigned kind)
{
    return strcmp(kind_row(kind)->clause, "all") != 0;
}

static bool is_open(const struct record *record)
{
    const struct state_row *row = state_row(record->kind, rec_state(record));
    return row != NULL && !row->final;
}

static bool moved_due(const struct client *client, const struct calendar *calendar, const struct record *record,
                      struct arena *arena, stamp_t *due)
{
    if (!is_open(record) || !record_due(record, due)) return false;
    *due = deadline_moved(client_space(client), calendar, *due, arena);
    return true;
}

bool record_overdue(const struct client *client, const struct calendar *calendar, const struct record *record,
                    struct arena *arena)
{
    stamp_t due;
    return moved_due(client, calendar, record, arena, &due) && due.s <= client_now(client).s;
}

static void count_record(const struct client *client, const struct calendar *calendar, const struct record *record,
                         struct arena *arena, struct tally *tally)
{
    stamp_t due;
    tally->all++;
    tally->open += is_open(record);
    if (!moved_due(client, calendar, record, arena, &due)) return;
    if (due.s <= client_now(client).s)
        tally->overdue++;
    else if (tally->next.s == 0 || due.s < tally->next.s)
        tally->next = due;
}

/* The field of a kind by which its records belong to a project, or -1. */
static int project_field(unsigned kind)
{
    int position = field_parent(kind);
    return position >= 0 && field_row(kind, (unsigned)position)->ref == KIND_project ? position : -1;
}

/* project 0: of all projects. */
static enum err count_kind(const struct client *client, const struct calendar *calendar, uint64_t project,
                           struct arena *arena, struct tally *tally)
{
    const struct space *space = client_space(client);
    int position = project != 0 ? project_field(tally->kind) : -1;
    if (project != 0 && position < 0) return OK;
    for (uint64_t id = 0; (id = state_next_id(space, tally->kind, id)) > 0;) {
        struct record record;
        enum err err = state_get(space, tally->kind, id, arena, &record);
        if (err != OK) return err;
        if (project == 0 || rec_num(&record, (unsigned)position) == (int64_t)project)
            count_record(client, calendar, &record, arena, tally);
    }
    return OK;
}

static enum err build(const struct client *client, uint64_t project, struct arena *arena, struct registers *registers)
{
    const struct actor *actor = client_actor(client);
    struct calendar *calendar = arena_get(arena, sizeof *calendar);
    registers->count = 0;
    if (calendar == NULL) return ERR_MEMORY;
    enum err err = calendar_load(client_space(client), arena, calendar);
    for (const struct kind *kind = NULL; err == OK && (kind = kind_next(kind)) != NULL;) {
        struct tally tally = {.kind = kind->wire};
        err = count_kind(client, calendar, project, arena, &tally);
        bool makes = project == 0 && actor != NULL && kind_is_business(kind->wire) && may_make(kind->wire, actor);
        if (tally.all > 0 || makes) registers->at[registers->count++] = tally;
    }
    return err;
}

enum err registers_build(const struct client *client, struct arena *arena, struct registers *registers)
{
    return build(client, 0, arena, registers);
}

enum err registers_of_project(const struct client *client, uint64_t project, struct arena *arena,
                              struct registers *registers)
{
    return build(client, project, arena, registers);
}

static int by_due(const void *left, const void *right)
{
    const struct due_item *a = left, *b = right;
    if (a->due.s != b->due.s) return a->due.s < b->due.s ? -1 : 1;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

enum err dues_between(const struct client *client, month_t first, month_t last, struct arena *arena, struct dues *dues)
{
    const struct space *space = client_space(client);
    struct calendar *calendar = arena_get(arena, sizeof *calendar);
    *dues = (struct dues){.items = arena_get(arena, DUES_MAX * sizeof *dues->items)};
    if (calendar == NULL || dues->items == NULL) return ERR_MEMORY;
    enum err err = calendar_load(space, arena, calendar);
    for (const struct kind *kind = NULL; err == OK && (kind = kind_next(kind)) != NULL;) {
        if (!kind_is_business(kind->wire)) continue;
        for (uint64_t id = 0; (id = state_next_id(space, kind->wire, id)) > 0 && dues->count < DUES_MAX;) {
            struct record record;
            stamp_t due;
            if ((err = state_get(space, kind->wire, id, arena, &record)) != OK) break;
            if (!moved_due(client, calendar, &record, arena, &due)) continue;
            month_t month = month_of(stamp_day((stamp_t){due.s - 1}));
            if (month.n < first.n || month.n > last.n) continue;
            dues->items[dues->count++] = (struct due_item){.kind = kind->wire, .id = id, .due = due};
        }
    }
    if (err == OK) qsort(dues->items, dues->count, sizeof *dues->items, by_due);
    return err;
}

enum err dues_build(const struct client *client, month_t month, struct arena *arena, struct dues *dues)
{
    return dues_between(client, month, month, arena, dues);
}
