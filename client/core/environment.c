/* environment.c - see environment.h. */
#include "client/core/environment.h"

#include "client/core/registers.h"

#include "proto/calendar.h"

#include <stdlib.h>

enum { SCRATCH_BYTES = 16 << 20 };

struct gathering {
    const struct client *client;
    const struct space *space;
    struct arena *scratch; /* emptied for each record */
    struct calendar *calendar;
    uint64_t *areas; /* of the projects, by their number */
    uint64_t last;   /* the highest number of a project */
    struct environment *environment;
};

static bool in_states(const struct record *record, uint32_t states)
{
    return states >> rec_state(record) & 1;
}

static uint64_t project_of(const struct record *record)
{
    return (uint64_t)rec_num(record, (unsigned)field_parent(record->kind));
}

bool gauge_counts(const struct client *client, const struct gauge *gauge, uint64_t area, const struct record *record,
                  struct arena *arena)
{
    struct record project;
    if (record->kind != gauge->kind || !in_states(record, gauge->states)) return false;
    if (area == 0) return true;
    enum err err = state_get(client_space(client), KIND_project, project_of(record), arena, &project);
    return err == OK && rec_num(&project, project_county) == (int64_t)area;
}

bool gauge_urgent(const struct client *client, const struct calendar *calendar, const struct gauge *gauge,
                  const struct record *record, struct arena *arena)
{
    return in_states(record, gauge->urgent) || record_overdue(client, calendar, record, arena);
}

/* ---- gathering ---- */

static struct area_row *row_of(struct environment *environment, uint64_t area)
{
    for (unsigned i = 0; i < environment->count; i++)
        if (environment->rows[i].area == area) return &environment->rows[i];
    if (area == 0 || environment->count == AREAS_MAX) return NULL;
    environment->rows[environment->count] = (struct area_row){.area = area};
    return &environment->rows[environment->count++];
}

/* Would the operator see a record of the project in each of the gauge's states? */
static bool sees_all(struct gathering *job, const struct gauge *gauge, uint64_t project)
{
    const struct actor *actor = client_actor(job->client);
    for (const struct state_row *row = NULL; (row = state_next(gauge->kind, row)) != NULL;) {
        struct record record = record_make(gauge->kind, 0);
        if ((gauge->states >> row->wire & 1) == 0) continue;
        rec_set(&record, (unsigned)field_parent(gauge->kind), (int64_t)project);
        rec_set(&record, F_STATE, row->wire);
        if (actor == NULL || may_see(job->space, &record, actor, job->scratch) < SEE_LIST) return false;
    }
    return true;
}

static void add_project(struct gathering *job, const struct record *project)
{
    struct environment *environment = job->environment;
    job->areas[project->id] = (uint64_t)rec_num(project, project_county);
    struct area_row *row = row_of(environment, job->areas[project->id]);
    const struct state_row *state = state_row(KIND_project, rec_state(project));
    if (row == NULL || state == NULL || state->final) return;
    bool any = false;
    for (unsigned i = 0; i < environment->gauge_count; i++) {
        if (!sees_all(job, environment->gauges[i], project->id)) continue;
        row->gauges[i].projects++;
        environment->total.gauges[i].projects++;
        any = true;
    }
    row->projects += any;
    environment->total.projects += any;
}

static enum err add_projects(struct gathering *job)
{
    for (uint64_t id = 0; (id = state_next_id(job->space, KIND_project, id)) > 0;) {
        struct record project;
        arena_reuse(job->scratch);
        enum err err = state_get(job->space, KIND_project, id, job->scratch, &project);
        if (err != OK) return err;
        add_project(job, &project);
    }
    return OK;
}

static void count_in(struct area_row *row, unsigned gauge, bool urgent)
{
    row->open++;
    row->urgent += urgent;
    row->gauges[gauge].open++;
    row->gauges[gauge].urgent += urgent;
}

static enum err count_gauge(struct gathering *job, unsigned index)
{
    struct environment *environment = job->environment;
    const struct gauge *gauge = environment->gauges[index];
    for (uint64_t id = 0; (id = state_next_id(job->space, gauge->kind, id)) > 0;) {
        struct record record;
        arena_reuse(job->scratch);
        enum err err = state_get(job->space, gauge->kind, id, job->scratch, &record);
        if (err != OK) return err;
        if (!in_states(&record, gauge->states)) continue;
        uint64_t project = project_of(&record);
        struct area_row *row = row_of(environment, project <= job->last ? job->areas[project] : 0);
        if (row == NULL) continue;
        bool urgent = gauge_urgent(job->client, job->calendar, gauge, &record, job->scratch);
        count_in(row, index, urgent);
        count_in(&environment->total, index, urgent);
    }
    return OK;
}

/* Areas of which nothing is seen are left out. */
static void leave_out(struct environment *environment)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < environment->count; i++)
        if (environment->rows[i].projects > 0 || environment->rows[i].open > 0)
            environment->rows[kept++] = environment->rows[i];
    environment->count = kept;
}

enum err environment_build(const struct client *client, struct arena *arena, struct environment *environment)
{
    struct arena scratch;
    struct gathering job = {
        .client = client, .space = client_space(client), .scratch = &scratch, .environment = environment};
    *environment = (struct environment){.rows = arena_get(arena, AREAS_MAX * sizeof *environment->rows)};
    job.last = state_last_id(job.space, KIND_project);
    job.areas = arena_get(arena, (job.last + 1) * sizeof *job.areas);
    job.calendar = arena_get(arena, sizeof *job.calendar);
    if (environment->rows == NULL || job.areas == NULL || job.calendar == NULL) return ERR_MEMORY;
    for (const struct gauge *row = NULL; (row = gauge_next(row)) != NULL;)
        environment->gauges[environment->gauge_count++] = row;
    enum err err = calendar_load(job.space, arena, job.calendar);
    arena_init(&scratch, SCRATCH_BYTES);
    if (err == OK) err = add_projects(&job);
    for (unsigned i = 0; err == OK && i < environment->gauge_count; i++)
        err = count_gauge(&job, i);
    arena_clear(&scratch);
    leave_out(environment);
    environment_sort(environment, AREA_URGENT, false);
    return err;
}

bool gauged_hidden(const struct area_row *row, unsigned gauge)
{
    return row->gauges[gauge].projects == 0 && row->gauges[gauge].open == 0;
}

/* ---- sorting ---- */

struct order {
    unsigned by;
    bool reverse;
};

/* The first number decides, then the second. */
static void weight_of(const struct area_row *row, unsigned by, int64_t weight[2])
{
    weight[0] = weight[1] = 0;
    if (by >= AREA_GAUGES) {
        weight[0] = row->gauges[by - AREA_GAUGES].urgent;
        weight[1] = row->gauges[by - AREA_GAUGES].open;
    } else if (by == AREA_URGENT) {
        weight[0] = row->urgent;
        weight[1] = row->open;
    } else if (by == AREA_PROJECTS)
        weight[0] = row->projects;
}

static int compare(const void *left, const void *right, void *of)
{
    const struct area_row *a = left, *b = right;
    const struct order *order = of;
    int64_t weight_a[2], weight_b[2];
    int differs = 0;
    weight_of(a, order->by, weight_a);
    weight_of(b, order->by, weight_b);
    for (unsigned i = 0; i < 2 && differs == 0; i++)
        differs = (weight_a[i] < weight_b[i]) - (weight_a[i] > weight_b[i]);
    if (differs == 0) {
        int by_area = (a->area > b->area) - (a->area < b->area);
        return order->by == AREA_NAME && order->reverse ? -by_area : by_area;
    }
    return order->reverse ? -differs : differs;
}

void environment_sort(struct environment *environment, unsigned by, bool reverse)
{
    struct order order = {by, reverse};
    qsort_r(environment->rows, environment->count, sizeof *environment->rows, compare, &order);
}
