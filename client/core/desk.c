/* desk.c - see desk.h. */
#include "client/core/desk.h"

#include "proto/decide.h"

#include <stdlib.h>

enum { ASKED_BYTES = 8 << 20 };

struct building {
    const struct client *client;
    const struct space *space;
    const struct actor *actor;
    struct arena *arena;
    struct calendar calendar;
    stamp_t now;
    int64_t ahead_s; /* deadlines further away are left out */
    struct desk *desk;
    struct act act; /* that is only asked about */
    struct arena asked;
};

static enum urgency urgency_of(const struct building *job, stamp_t due)
{
    if (due.s == 0) return URGENCY_NONE;
    int days = stamp_day((stamp_t){due.s - 1}).n - stamp_day(job->now).n;
    if (due.s <= job->now.s) return URGENCY_OVERDUE;
    if (days <= 0) return URGENCY_TODAY;
    int to_sunday = 6 - day_weekday(stamp_day(job->now));
    return days <= to_sunday ? URGENCY_WEEK : URGENCY_LATER;
}

static void add(struct building *job, struct desk_item item)
{
    struct desk *desk = job->desk;
    if (desk->count == DESK_MAX || item.due.s > job->now.s + job->ahead_s) return;
    if (item.what != DESK_REFUSED) item.urgency = urgency_of(job, item.due);
    desk->overdue += item.urgency == URGENCY_OVERDUE;
    desk->today += item.urgency == URGENCY_TODAY;
    desk->week += item.urgency == URGENCY_TODAY || item.urgency == URGENCY_WEEK;
    desk->items[desk->count++] = item;
}

/* ---- records whose next act is ours ---- */

/* Others have to act first: it comes to the desk when they have. */
static bool waits(struct building *job, const struct record *record, const struct action *action)
{
    struct command command = {.kind = action->kind, .action = action->wire, .args = record_make(action->kind, 0)};
    job->act = (struct act){.space = job->space,
                            .arena = &job->asked,
                            .now = job->now,
                            .actor = job->actor,
                            .command = &command,
                            .target = (int64_t)record->id,
                            .base = (int64_t)record->version,
                            .asking = true};
    bool waiting = (action->flags & A_WAITS) != 0 && err_waits(decide(&job->act));
    arena_reuse(&job->asked);
    return waiting;
}

static void add_duty(struct building *job, const struct record *record)
{
    uint32_t open = actions_open(job->space, record, job->actor, job->arena);
    for (const struct action *row = NULL; open != 0 && (row = action_next(record->kind, row)) != NULL;) {
        stamp_t due = {0};
        if ((row->flags & A_DUTY) == 0 || (open >> row->wire & 1) == 0 || waits(job, record, row)) continue;
        if (record_due(record, &due)) due = deadline_moved(job->space, &job->calendar, due, job->arena);
        add(job, (struct desk_item){
                     .what = DESK_ACT, .kind = record->kind, .action = row->wire, .id = record->id, .due = due});
        return;
    }
}

static bool has_duties(unsigned kind)
{
    for (const struct action *row = NULL; (row = action_next(kind, row)) != NULL;)
        if (row->flags & A_DUTY) return true;
    return false;
}

static enum err add_duties(struct building *job)
{
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        if (!has_duties(kind->wire)) continue;
        for (uint64_t id = 0; (id = state_next_id(job->space, kind->wire, id)) > 0;) {
            struct record record;
            enum err err = state_get(job->space, kind->wire, id, job->arena, &record);
            if (err != OK) return err;
            const struct state_row *state = state_row(kind->wire, rec_state(&record));
            if (state != NULL && !state->final) add_duty(job, &record);
        }
    }
    return OK;
}

/* ---- what is owed and not begun ---- */

static void add_owed(struct building *job, unsigned kind, unsigned action, uint64_t of, month_t month)
{
    struct record paper;
    if (paper_find(job->space, kind, of, month, job->arena, &paper) == OK) return; /* it has its own line */
    stamp_t due = day_end(month_due(job->space, &job->calendar, month, job->arena));
    add(job, (struct desk_item){.what = DESK_OWED,
                                .kind = (uint8_t)kind,
                                .action = (uint8_t)action,
                                .of = of,
                                .month = month,
                                .due = deadline_moved(job->space, &job->calendar, due, job->arena)});
}

static enum err add_owed_papers(struct building *job)
{
    struct value unit = number_value((int64_t)job->actor->unit);
    month_t now = month_of(stamp_day(job->now)), first = now;
    bool returns[240] = {false}; /* by months before now: does some project owe? */
    struct walk walk;
    uint64_t id;
    walk_start(&walk, job->space, IX_project_responsible, &unit, 1);
    while (walk_next(&walk, &id)) {
        struct record project;
        enum err err = state_get(job->space, KIND_project, id, job->arena, &project);
        if (err != OK) return err;
        month_t month = {(int32_t)rec_num(&project, project_reports_from)};
        if (month.n == 0 || month.n < now.n - 239) continue;
        if (month.n < first.n) first = month;
        for (; month.n <= now.n; month = month_add(month, 1)) {
            if (!project_owes(&project, month)) continue;
            returns[now.n - month.n] = true;
            add_owed(job, KIND_report, ACT_report_submit, id, month);
        }
    }
    for (month_t month = first; month.n <= now.n; month = month_add(month, 1))
        if (returns[now.n - month.n]) add_owed(job, KIND_unit_return, ACT_unit_return_submit, job->actor->unit, month);
    return OK;
}

static void add_refused(struct building *job)
{
    const struct outbox *outbox = client_outbox(job->client);
    for (unsigned i = 0; i < outbox->count; i++) {
        const struct out_item *item = &outbox->items[i];
        if (item->state != OUT_REFUSED) continue;
        add(job, (struct desk_item){.what = DESK_REFUSED,
                                    .urgency = URGENCY_DECIDE,
                                    .kind = item->kind,
                                    .action = item->action,
                                    .counter = item->counter,
                                    .id = item->target > 0 ? (uint64_t)item->target : 0});
    }
}

static int by_due(const void *left, const void *right)
{
    const struct desk_item *a = left, *b = right;
    int64_t due_a = a->what == DESK_REFUSED ? INT64_MIN : a->due.s == 0 ? INT64_MAX : a->due.s;
    int64_t due_b = b->what == DESK_REFUSED ? INT64_MIN : b->due.s == 0 ? INT64_MAX : b->due.s;
    if (due_a != due_b) return due_a < due_b ? -1 : 1;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    uint64_t of_a = a->id + a->of, of_b = b->id + b->of;
    return (of_a > of_b) - (of_a < of_b);
}

enum err desk_build_ahead(const struct client *client, int days, struct arena *arena, struct desk *desk)
{
    struct building *job = arena_get(arena, sizeof *job);
    *desk = (struct desk){.items = arena_get(arena, DESK_MAX * sizeof *desk->items)};
    if (job == NULL || desk->items == NULL) return ERR_MEMORY;
    job->client = client;
    job->space = client_space(client);
    job->actor = client_actor(client);
    job->arena = arena;
    job->now = client_now(client);
    job->ahead_s = days * 86400ll;
    job->desk = desk;
    if (client_past(client) == NULL) add_refused(job);
    if (job->actor == NULL) return OK;
    arena_init(&job->asked, ASKED_BYTES);
    enum err err = calendar_load(job->space, arena, &job->calendar);
    if (err == OK) err = add_duties(job);
    arena_clear(&job->asked);
    bool writes = job->actor->roles & (1u << OPT_role_clerk | 1u << OPT_role_contact);
    if (err == OK && writes) err = add_owed_papers(job);
    qsort(desk->items, desk->count, sizeof *desk->items, by_due);
    return err;
}

enum err desk_build(const struct client *client, struct arena *arena, struct desk *desk)
{
    return desk_build_ahead(client, DESK_AHEAD_DAYS, arena, desk);
}

/* ---- the matrix ---- */

const char *standing_name(enum standing standing)
{
    static const char *const names[STANDINGS] = {
        [STANDING_NOT_DUE] = "not_due",   [STANDING_LATE] = "late",       [STANDING_MISSING] = "missing",
        [STANDING_RETURNED] = "returned", [STANDING_ON_TIME] = "on_time", [STANDING_IN_LATE] = "in_late",
        [STANDING_HIDDEN] = "hidden"};
    return names[standing];
}

/* Would the operator see a report of the project as soon as it is submitted? */
static bool sees_reports(const struct space *space, const struct record *project, const struct actor *actor,
                         struct arena *arena)
{
    struct record report = record_make(KIND_report, 0);
    rec_set(&report, report_project, (int64_t)project->id);
    rec_set(&report, F_STATE, ST_report_submitted);
    return may_see(space, &report, actor, arena) >= SEE_LIST;
}

enum standing project_standing(const struct client *client, const struct calendar *calendar,
                               const struct record *project, month_t month, struct arena *arena, bool *owed)
{
    const struct space *space = client_space(client);
    const struct actor *actor = client_actor(client);
    struct record paper;
    *owed = project_owes(project, month) && month.n <= month_of(stamp_day(client_now(client))).n;
    if (!*owed) return STANDING_NOT_DUE;
    bool found = paper_find(space, KIND_report, project->id, month, arena, &paper) == OK;
    if (!found && (actor == NULL || !sees_reports(space, project, actor, arena))) return STANDING_HIDDEN;
    return paper_standing(space, calendar, found ? &paper : NULL, month, client_now(client), arena);
}

static struct matrix_row *row_of(struct matrix *matrix, uint64_t unit)
{
    for (unsigned i = 0; i < matrix->count; i++)
        if (matrix->rows[i].unit == unit) return &matrix->rows[i];
    if (matrix->count == MATRIX_ROWS_MAX) return NULL;
    matrix->rows[matrix->count] = (struct matrix_row){.unit = unit};
    return &matrix->rows[matrix->count++];
}

static int by_unit(const void *left, const void *right)
{
    const struct matrix_row *a = left, *b = right;
    return (a->unit > b->unit) - (a->unit < b->unit); /* ids follow the order of the units' file */
}

static void add_project(const struct client *client, const struct calendar *calendar, const struct record *project,
                        struct arena *arena, struct matrix *matrix)
{
    struct matrix_row *row = row_of(matrix, (uint64_t)rec_num(project, project_responsible));
    bool any = false;
    for (unsigned i = 0; row != NULL && i < 12; i++) {
        bool owed;
        month_t month = month_make(matrix->year, (int)i + 1);
        enum standing standing = project_standing(client, calendar, project, month, arena, &owed);
        if (!owed) continue;
        row->months[i].owed++;
        row->months[i].standing[standing]++;
        any = true;
    }
    if (row != NULL) row->projects += any;
}

enum err matrix_build(const struct client *client, int year, struct arena *arena, struct matrix *matrix)
{
    const struct space *space = client_space(client);
    struct calendar *calendar = arena_get(arena, sizeof *calendar);
    *matrix = (struct matrix){.year = year, .rows = arena_get(arena, MATRIX_ROWS_MAX * sizeof *matrix->rows)};
    if (calendar == NULL || matrix->rows == NULL) return ERR_MEMORY;
    enum err err = calendar_load(space, arena, calendar);
    for (uint64_t id = 0; err == OK && (id = state_next_id(space, KIND_project, id)) > 0;) {
        struct record project;
        err = state_get(space, KIND_project, id, arena, &project);
        if (err == OK) add_project(client, calendar, &project, arena, matrix);
    }
    qsort(matrix->rows, matrix->count, sizeof *matrix->rows, by_unit);
    return err;
}

bool project_report_now(const struct client *client, const struct calendar *calendar, const struct record *project,
                        struct arena *arena, month_t *month, enum standing *standing)
{
    month_t now = month_of(stamp_day(client_now(client)));
    bool owed = false;
    *month = month_add(now, -1);
    *standing = project_standing(client, calendar, project, *month, arena, &owed);
    if (owed && *standing != STANDING_ON_TIME && *standing != STANDING_IN_LATE && *standing != STANDING_HIDDEN)
        return true;
    *month = now;
    *standing = project_standing(client, calendar, project, now, arena, &owed);
    return owed;
}
