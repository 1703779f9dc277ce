/* first.c - which records of a view come first: what the operator's desk shows, and whatever has to be read for it.
 *
 * The rules are asked here, where everything is, and what they read is noted: so the reader, who has just these, finds
 * the same of them. The rest of a view can then come while he works. */
#include "server/session.h"

#include "proto/decide.h"
#include "proto/owed.h"
#include "proto/watched.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_MAX = 2000,   /* records; beyond them the rest comes in its order */
    SCAN_MAX = 20000,   /* records looked at: some 0.1 s, in which nobody else is served */
    ASKED_BYTES = 8 << 20,
};

struct choosing {
    struct session *session;
    const struct space *space;
    struct watched watched;
    stamp_t now;
    unsigned todo_count;
    struct first_item todo[FIRST_MAX]; /* chosen, and not looked at yet for what they refer to */
    struct act act;
    struct arena arena; /* of one record */
};

/* Where the record is or belongs. */
static unsigned place_of(const struct first *first, unsigned kind, uint64_t id)
{
    unsigned low = 0, high = first->count;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        const struct first_item *item = &first->items[middle];
        bool before = item->kind != kind ? item->kind < kind : item->id < id;
        if (before)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct first_item *first_find(const struct first *first, unsigned kind, uint64_t id)
{
    unsigned at = place_of(first, kind, id);
    bool found = at < first->count && first->items[at].kind == kind && first->items[at].id == id;
    return found ? &first->items[at] : NULL;
}

void first_free(struct first *first)
{
    free(first->items);
    *first = (struct first){.count = 0};
}

static void choose_so(struct choosing *job, unsigned kind, uint64_t id, bool listed)
{
    struct first *first = &job->session->first;
    unsigned at = place_of(first, kind, id);
    if (id == 0 || kind_row(kind) == NULL) return;
    if (first_find(first, kind, id) != NULL) {
        first->items[at].listed = first->items[at].listed && listed;
        return;
    }
    if (first->count == FIRST_MAX) return;
    memmove(&first->items[at + 1], &first->items[at], (first->count - at) * sizeof *first->items);
    first->items[at] = (struct first_item){(uint8_t)kind, listed, id};
    first->count++;
    job->todo[job->todo_count++] = first->items[at];
}

static void choose(void *self, unsigned kind, uint64_t id)
{
    choose_so(self, kind, id, false);
}

static bool always(unsigned kind)
{
    return kind == KIND_registry || kind == KIND_setting || kind == KIND_calendar || kind == KIND_outage;
}

static bool has_duties(unsigned kind)
{
    for (const struct action *row = NULL; (row = action_next(kind, row)) != NULL;)
        if (row->flags & A_DUTY) return true;
    return false;
}

/* Does it name the operator's unit, and is there still something to be done about it? What is owed follows from all
 * papers of a project, old ones too. */
static bool concerns(struct choosing *job, const struct record *record, const struct ties *ties)
{
    if (state_row(record->kind, rec_state(record))->final && paper_kind(record->kind) == NULL) return false;
    for (unsigned i = 0; i < ties->count; i++)
        if (ties->at[i].unit == job->session->actor.unit) return true;
    return false;
}

/* Do the list fields tell all that a desk says of it: when it is due? */
static bool told_by_list(const struct record *record)
{
    unsigned due = state_row(record->kind, rec_state(record))->due;
    return due == 0 || (field_row(record->kind, due)->flags & F_LIST) != 0;
}

/* What waits for the operator; and if it may wait for others instead, the rule is asked, which reads what it needs. */
static void ask_duties(struct choosing *job, const struct record *record, uint32_t open)
{
    for (const struct action *row = NULL; open != 0 && (row = action_next(record->kind, row)) != NULL;) {
        if ((row->flags & A_DUTY) == 0 || (open >> row->wire & 1) == 0) continue;
        choose_so(job, record->kind, record->id, told_by_list(record));
        if ((row->flags & A_WAITS) == 0) continue;
        struct command command = {.kind = row->kind, .action = row->wire, .args = record_make(row->kind, 0)};
        job->act = (struct act){.space = &job->watched.space,
                                .arena = &job->arena,
                                .now = job->now,
                                .actor = &job->session->actor,
                                .command = &command,
                                .target = (int64_t)record->id,
                                .base = (int64_t)record->version,
                                .asking = true};
        decide(&job->act);
    }
}

static enum err look_at(struct choosing *job, unsigned kind, uint64_t id, bool waits, bool passed)
{
    struct record record;
    struct ties ties;
    struct view_place *place = &job->session->place;
    enum err err = state_get(job->space, kind, id, &job->arena, &record);
    if (err == OK) err = ties_of(job->space, &record, &job->arena, &ties);
    if (err != OK) return err;
    enum see_level level = see_level(&record, &ties, &job->session->actor);
    if (level < SEE_LIST) return OK;
    place->total++;
    if (passed) place->done++;
    uint32_t open = waits || kind == KIND_project
                        ? actions_open(job->space, &record, &job->session->actor, &job->arena)
                        : 0;
    if (always(kind)) choose(job, kind, id);
    if ((waits || kind == KIND_project) && concerns(job, &record, &ties))
        choose_so(job, kind, id, open == 0 && told_by_list(&record));
    if (!state_row(kind, rec_state(&record))->final) ask_duties(job, &record, open);
    return OK;
}

/* Whatever a chosen one refers to in its list fields: names of units, the project of a report. */
static void follow(struct choosing *job)
{
    while (job->todo_count > 0) {
        struct record record;
        struct first_item item = job->todo[--job->todo_count];
        if (state_get(job->space, item.kind, item.id, &job->arena, &record) == OK) {
            uint64_t mask = level_mask(&record, SEE_LIST);
            const struct field *field;
            for (unsigned i = 0; (field = field_row(item.kind, i)) != NULL; i++) {
                unsigned count = 1;
                if (field->type != TYPE_REF || (mask & FIELD_BIT(i)) == 0) continue;
                int64_t one = rec_num(&record, i);
                const int64_t *ids = field->list_max > 0 ? rec_list(&record, i, &count) : &one;
                for (unsigned j = 0; j < count; j++)
                    choose_so(job, field->ref, (uint64_t)ids[j], true);
            }
        }
        arena_reuse(&job->arena);
    }
}

/* In the order of the stages, so that it is known which of them a view that goes on has passed. */
static enum err look_at_all(struct choosing *job)
{
    const struct view_place *place = &job->session->place;
    unsigned scanned = 0;
    bool passed = place->stage == VIEW_REST || (place->stage == VIEW_LISTS && place->kind != 0);
    for (const struct kind *kind = NULL; (kind = view_kind(kind)) != NULL;) {
        bool here = place->stage == VIEW_LISTS && kind->wire == place->kind, waits = has_duties(kind->wire);
        for (uint64_t id = 0; (id = state_next_id(job->space, kind->wire, id)) > 0;) {
            if (++scanned > SCAN_MAX) return OK;
            if (here && id > place->id) passed = false;
            enum err err = look_at(job, kind->wire, id, waits, passed);
            arena_reuse(&job->arena);
            if (err != OK) return err;
        }
        if (here) passed = false;
    }
    return OK;
}

enum err first_choose(struct session *session, const struct space *space)
{
    struct choosing *job = calloc(1, sizeof *job);
    struct actor self;
    first_free(&session->first);
    session->place.done = session->place.total = 0;
    session->first.items = malloc(FIRST_MAX * sizeof *session->first.items);
    if (job == NULL || session->first.items == NULL) {
        free(job);
        return ERR_MEMORY;
    }
    job->session = session;
    job->space = space;
    job->now = session->since;
    watched_init(&job->watched, space, choose, job);
    arena_init(&job->arena, ASKED_BYTES);
    enum err err = actor_load(&job->watched.space, session->actor.device, &job->arena, &self);
    if (err == OK) err = look_at_all(job);
    follow(job);
    arena_clear(&job->arena);
    free(job);
    if (session->place.stage != VIEW_FIRST) session->first.count = 0; /* they came on another connection */
    struct first_item *fitted = realloc(session->first.items, (session->first.count + 1) * sizeof *fitted);
    if (fitted != NULL) session->first.items = fitted;
    return err;
}
