/* agenda.c - see agenda.h. */
#include "client/core/agenda.h"

#include "client/core/desk.h"
#include "client/core/registers.h"

#include <stdlib.h>

struct building {
    const struct client *client;
    const struct actor *actor;
    struct arena *arena;
    struct agenda *agenda;
    unsigned duties; /* items that came from the desk */
};

static void add(struct building *job, struct agenda_item item)
{
    if (job->agenda->count < AGENDA_MAX) job->agenda->items[job->agenda->count++] = item;
}

static stamp_t since_of(const struct building *job, unsigned kind, uint64_t id)
{
    struct record record;
    bool there = state_get(client_space(job->client), kind, id, job->arena, &record) == OK;
    return (stamp_t){there ? rec_num(&record, F_SINCE) : 0};
}

static enum err add_duties(struct building *job)
{
    struct desk desk;
    enum err err = desk_build_ahead(job->client, AGENDA_DAYS, job->arena, &desk);
    for (unsigned i = 0; err == OK && i < desk.count; i++) {
        const struct desk_item *item = &desk.items[i];
        if (item->due.s == 0 || item->what == DESK_REFUSED) continue;
        stamp_t since = item->id != 0 ? since_of(job, item->kind, item->id) : day_start(month_first(item->month));
        add(job, (struct agenda_item){.kind = item->kind,
                                      .action = item->action,
                                      .id = item->id,
                                      .of = item->of,
                                      .month = item->month,
                                      .day = stamp_day((stamp_t){item->due.s - 1}),
                                      .since = since});
    }
    job->duties = job->agenda->count;
    return err;
}

/* Has the operator's unit itself to do with the record? What a unit sees by its function alone is not its agenda. */
static bool is_ours(const struct building *job, unsigned kind, uint64_t id)
{
    struct record record;
    struct ties ties;
    const struct space *space = client_space(job->client);
    if (state_get(space, kind, id, job->arena, &record) != OK) return false;
    if (ties_of(space, &record, job->arena, &ties) != OK) return false;
    for (unsigned i = 0; i < ties.count; i++)
        if (ties.at[i].unit == job->actor->unit) return true;
    return false;
}

static bool is_duty(const struct building *job, const struct due_item *due)
{
    for (unsigned i = 0; i < job->duties; i++)
        if (job->agenda->items[i].kind == due->kind && job->agenda->items[i].id == due->id) return true;
    return false;
}

static enum err add_dues(struct building *job)
{
    struct dues dues;
    month_t first = month_make(YEAR_MIN, 1), last = month_of(day_add(stamp_day(client_now(job->client)), AGENDA_DAYS));
    enum err err = dues_between(job->client, first, last, job->arena, &dues);
    for (unsigned i = 0; err == OK && i < dues.count; i++) {
        const struct due_item *due = &dues.items[i];
        if (is_duty(job, due) || !is_ours(job, due->kind, due->id)) continue;
        add(job, (struct agenda_item){.kind = due->kind,
                                      .id = due->id,
                                      .day = stamp_day((stamp_t){due->due.s - 1}),
                                      .since = since_of(job, due->kind, due->id)});
    }
    return err;
}

static int by_day(const void *left, const void *right)
{
    const struct agenda_item *a = left, *b = right;
    if (a->day.n != b->day.n) return a->day.n < b->day.n ? -1 : 1;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    if (a->id != b->id) return a->id < b->id ? -1 : 1;
    return (a->of > b->of) - (a->of < b->of);
}

enum err agenda_build(const struct client *client, struct arena *arena, struct agenda *agenda)
{
    struct building job = {.client = client, .actor = client_actor(client), .arena = arena, .agenda = agenda};
    *agenda = (struct agenda){.items = arena_get(arena, AGENDA_MAX * sizeof *agenda->items)};
    if (agenda->items == NULL) return ERR_MEMORY;
    if (job.actor == NULL) return OK;
    enum err err = add_duties(&job);
    if (err == OK) err = add_dues(&job);
    if (agenda->count > 1) qsort(agenda->items, agenda->count, sizeof *agenda->items, by_day);
    return err;
}

bool agenda_record(const struct client *client, const struct agenda_item *item, struct arena *arena,
                   struct record *record)
{
    *record = record_make(item->kind, 0);
    const struct paper_kind *row = paper_kind(item->kind);
    if (item->id != 0) return state_get(client_space(client), item->kind, item->id, arena, record) == OK;
    if (row == NULL) return false;
    rec_set(record, row->of, (int64_t)item->of);
    rec_set(record, row->month, item->month.n);
    return true;
}
