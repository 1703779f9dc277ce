/* figures.c - see figures.h. */
#include "client/core/figures.h"

#include "client/core/desk.h"
#include "client/core/registers.h"

#include "proto/number.h"

#include <stdlib.h>

/* Projects that count: all but those withdrawn. Returns the next one, false at the end. */
static bool next_project(const struct space *space, uint64_t *id, struct arena *arena, struct record *project)
{
    while ((*id = state_next_id(space, KIND_project, *id)) > 0)
        if (state_get(space, KIND_project, *id, arena, project) == OK && rec_state(project) != ST_project_withdrawn)
            return true;
    return false;
}

/* ---- what is open ---- */

static bool is_open(const struct record *record)
{
    const struct state_row *row = state_row(record->kind, rec_state(record));
    bool only_drawn_up = record->kind == KIND_warning && rec_state(record) == ST_warning_proposed;
    return row != NULL && !row->final && !only_drawn_up;
}

static uint64_t county_of(const struct space *space, const struct record *record, struct arena *arena)
{
    bool warns = record->kind == KIND_warning;
    uint64_t project = (uint64_t)rec_num(record, warns ? warning_project : issue_project);
    struct record found;
    if (project != 0 && state_get(space, KIND_project, project, arena, &found) == OK)
        return (uint64_t)rec_num(&found, project_county);
    return warns ? (uint64_t)rec_num(record, warning_subject) : 0;
}

static struct open_item open_item(const struct client *client, const struct calendar *calendar,
                                  const struct record *record, struct arena *arena)
{
    bool warns = record->kind == KIND_warning;
    struct open_item item = {.kind = record->kind,
                             .id = record->id,
                             .project = (uint64_t)rec_num(record, warns ? warning_project : issue_project),
                             .county = county_of(client_space(client), record, arena),
                             .since = {rec_num(record, warns ? (unsigned)warning_issued : (unsigned)F_MADE)}};
    item.at_least = item.since.s == 0;
    if (item.at_least) item.since.s = rec_num(record, F_SINCE);
    item.overdue = record_overdue(client, calendar, record, arena);
    if (record_due(record, &item.due)) item.due = deadline_moved(client_space(client), calendar, item.due, arena);
    return item;
}

static int by_age(const void *left, const void *right)
{
    const struct open_item *a = left, *b = right;
    if (a->overdue != b->overdue) return a->overdue ? -1 : 1;
    if (a->since.s != b->since.s) return a->since.s < b->since.s ? -1 : 1;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

enum err open_build(const struct client *client, uint64_t county, struct arena *arena, struct open_items *items)
{
    static const uint8_t kinds[] = {KIND_warning, KIND_issue};
    const struct space *space = client_space(client);
    struct calendar *calendar = arena_get(arena, sizeof *calendar);
    *items = (struct open_items){.at = arena_get(arena, OPEN_MAX * sizeof *items->at)};
    if (calendar == NULL || items->at == NULL) return ERR_MEMORY;
    enum err err = calendar_load(space, arena, calendar);
    for (unsigned i = 0; i < sizeof kinds && err == OK; i++)
        for (uint64_t id = 0; (id = state_next_id(space, kinds[i], id)) > 0 && items->count < OPEN_MAX;) {
            struct record record;
            if (state_get(space, kinds[i], id, arena, &record) != OK || !is_open(&record)) continue;
            struct open_item item = open_item(client, calendar, &record, arena);
            if (county == 0 || item.county == county) items->at[items->count++] = item;
        }
    qsort(items->at, items->count, sizeof *items->at, by_age);
    return err;
}

unsigned ageless_issues(const struct client *client, struct arena *arena, uint64_t *one)
{
    const struct space *space = client_space(client);
    unsigned ageless = 0;
    for (uint64_t id = 0; (id = state_next_id(space, KIND_issue, id)) > 0;) {
        struct record issue;
        if (state_get(space, KIND_issue, id, arena, &issue) != OK || !is_open(&issue) || rec_has(&issue, F_MADE))
            continue;
        *one = id;
        ageless++;
    }
    return ageless;
}

/* ---- by county ---- */

static struct county *county_at(struct counties *counties, uint64_t unit)
{
    for (unsigned i = 0; i < counties->count; i++)
        if (counties->at[i].unit == unit) return &counties->at[i];
    if (counties->count == COUNTIES_MAX) return NULL;
    counties->at[counties->count] = (struct county){.unit = unit};
    return &counties->at[counties->count++];
}

static void add_project(struct county *county, const struct progress *progress)
{
    county->projects++;
    county->lights[progress->light]++;
    if (progress->light == LIGHT_UNKNOWN) return;
    county->invested += progress->invested;
    county->planned += progress->planned;
}

static void add_open(struct county *county, const struct open_item *item)
{
    struct open_count *count = item->kind == KIND_warning ? &county->warnings : &county->issues;
    count->open++;
    count->overdue += item->overdue;
}

static void settle(const struct space *space, struct county *county, struct arena *arena)
{
    county->of_plan = per_mille(county->invested, county->planned);
    county->light = county->planned > 0 ? light_of(space, county->of_plan, arena) : LIGHT_UNKNOWN;
}

static int by_unit(const void *left, const void *right)
{
    const struct county *a = left, *b = right;
    uint64_t unit_a = a->unit - 1, unit_b = b->unit - 1; /* 0 comes last */
    return (unit_a > unit_b) - (unit_a < unit_b);
}

/* A warned unit that is no county with projects belongs to none. */
static void add_all_open(struct counties *counties, const struct open_items *items)
{
    unsigned known = counties->count;
    for (unsigned i = 0; i < items->count; i++) {
        struct county *county = NULL;
        for (unsigned j = 0; j < known; j++)
            if (counties->at[j].unit == items->at[i].county) county = &counties->at[j];
        if (county == NULL) county = county_at(counties, 0);
        if (county != NULL) add_open(county, &items->at[i]);
        add_open(&counties->all, &items->at[i]);
    }
}

enum err counties_build(const struct client *client, struct arena *arena, struct counties *counties)
{
    const struct space *space = client_space(client);
    struct open_items items;
    struct record project;
    *counties = (struct counties){.at = arena_get(arena, COUNTIES_MAX * sizeof *counties->at)};
    if (counties->at == NULL) return ERR_MEMORY;
    for (uint64_t id = 0; next_project(space, &id, arena, &project);) {
        struct progress progress;
        struct county *county = county_at(counties, (uint64_t)rec_num(&project, project_county));
        progress_of(space, &project, arena, &progress);
        if (county != NULL) add_project(county, &progress);
        add_project(&counties->all, &progress);
    }
    enum err err = open_build(client, 0, arena, &items);
    if (err == OK) add_all_open(counties, &items);
    for (unsigned i = 0; i < counties->count; i++)
        settle(space, &counties->at[i], arena);
    settle(space, &counties->all, arena);
    qsort(counties->at, counties->count, sizeof *counties->at, by_unit);
    return err;
}

/* ---- plan against actual ---- */

static void add_plan(const struct record *target, struct course *course)
{
    unsigned count = 0;
    const int64_t *months = rec_list(target, target_months, &count);
    int64_t sum = 0;
    for (unsigned i = 0; i < MONTHS; i++) {
        if (i < count) sum += months[i];
        course->plan[i] += sum;
    }
}

/* The figures that are known of one project, month by month; -1: none. */
static void known_figures(const struct space *space, uint64_t project, int year, const struct record *target,
                          struct arena *arena, int64_t known[MONTHS])
{
    struct value value = number_value((int64_t)project);
    struct walk walk;
    uint64_t id;
    for (unsigned i = 0; i < MONTHS; i++)
        known[i] = -1;
    if (target != NULL && rec_has(target, target_opening_on)) {
        month_t month = month_of((day_t){(int32_t)rec_num(target, target_opening_on)});
        if (month_year(month) == year) known[month_number(month) - 1] = rec_num(target, target_opening);
    }
    walk_start(&walk, space, IX_report_month, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record report;
        if (state_get(space, KIND_report, id, arena, &report) != OK) continue;
        month_t month = {(int32_t)rec_num(&report, report_month)};
        if (rec_state(&report) != ST_report_accepted || month_year(month) != year) continue;
        known[month_number(month) - 1] = rec_num(&report, report_cumulative);
    }
}

static void add_known(const int64_t known[MONTHS], struct course *course)
{
    int64_t last = 0;
    for (unsigned i = 0; i < MONTHS; i++) {
        if (known[i] >= 0) {
            last = known[i];
            course->reported[i]++;
            if (course->first == 0 || i + 1 < course->first) course->first = i + 1;
            if (i + 1 > course->last) course->last = i + 1;
        }
        course->actual[i] += last;
    }
}

void course_of_project(const struct space *space, uint64_t project, int year, struct arena *arena,
                       struct course *course)
{
    struct record target;
    int64_t known[MONTHS];
    bool agreed = target_find(space, project, year, arena, &target) == OK;
    *course = (struct course){.projects = 1};
    if (agreed) add_plan(&target, course);
    known_figures(space, project, year, agreed ? &target : NULL, arena, known);
    add_known(known, course);
}

static void add_course(struct course *sum, const struct course *one)
{
    sum->projects++;
    for (unsigned i = 0; i < MONTHS; i++) {
        sum->plan[i] += one->plan[i];
        sum->actual[i] += one->actual[i];
        sum->reported[i] += one->reported[i];
    }
    if (one->first != 0 && (sum->first == 0 || one->first < sum->first)) sum->first = one->first;
    if (one->last > sum->last) sum->last = one->last;
}

unsigned course_month(const struct course *course)
{
    for (unsigned month = course->last; month > 0; month--)
        if (2 * course->reported[month - 1] >= course->projects) return month;
    return course->last;
}

static struct course *lead_course(struct courses *courses, uint64_t lead)
{
    for (unsigned i = 1; i < courses->count; i++)
        if (courses->at[i].lead == lead) return &courses->at[i];
    if (courses->count == 1 + LEADS_MAX || lead == 0) return NULL;
    courses->at[courses->count] = (struct course){.lead = lead};
    return &courses->at[courses->count++];
}

static int this_year(const struct client *client)
{
    return month_year(month_of(stamp_day(client_now(client))));
}

unsigned bare_targets(const struct client *client, struct arena *arena, uint64_t *one)
{
    const struct space *space = client_space(client);
    struct record project, target;
    unsigned bare = 0;
    for (uint64_t id = 0; next_project(space, &id, arena, &project);) {
        if (target_find(space, id, this_year(client), arena, &target) != OK || rec_has(&target, target_months))
            continue;
        *one = target.id;
        bare++;
    }
    return bare;
}

enum err courses_build(const struct client *client, struct arena *arena, struct courses *courses)
{
    const struct space *space = client_space(client);
    struct record project;
    *courses = (struct courses){.year = this_year(client), .count = 1};
    for (uint64_t id = 0; next_project(space, &id, arena, &project);) {
        struct course one, *lead = lead_course(courses, (uint64_t)rec_num(&project, project_lead));
        course_of_project(space, id, courses->year, arena, &one);
        add_course(&courses->at[0], &one);
        if (lead != NULL) add_course(lead, &one);
    }
    return OK;
}

/* ---- reports ---- */

month_t reports_month(const struct client *client, struct arena *arena)
{
    month_t now = month_of(stamp_day(client_now(client))), last = month_add(now, -1);
    struct record project;
    for (uint64_t id = 0; next_project(client_space(client), &id, arena, &project);)
        if (project_owes(&project, last)) return last;
    return now;
}

/* ---- ranking ---- */

static struct rank *rank_at(struct ranking *ranking, uint64_t unit)
{
    for (unsigned i = 0; i < ranking->count; i++)
        if (ranking->at[i].unit == unit) return &ranking->at[i];
    if (ranking->count == RANKS_MAX || unit == 0) return NULL;
    ranking->at[ranking->count] = (struct rank){.unit = unit};
    return &ranking->at[ranking->count++];
}

static int best_first(const void *left, const void *right)
{
    const struct rank *a = left, *b = right;
    if (a->of_year != b->of_year) return a->of_year > b->of_year ? -1 : 1;
    if (a->punctual != b->punctual) return a->punctual > b->punctual ? -1 : 1;
    return (a->unit > b->unit) - (a->unit < b->unit);
}

static void add_reports(const struct matrix *matrix, struct ranking *ranking)
{
    static const uint8_t past[] = {STANDING_LATE, STANDING_MISSING, STANDING_RETURNED, STANDING_ON_TIME,
                                   STANDING_IN_LATE};
    for (unsigned i = 0; i < matrix->count; i++) {
        struct rank *rank = rank_at(ranking, matrix->rows[i].unit);
        for (unsigned month = 0; rank != NULL && month < MONTHS; month++) {
            const uint16_t *standing = matrix->rows[i].months[month].standing;
            for (unsigned j = 0; j < sizeof past; j++)
                rank->due += standing[past[j]];
            rank->on_time += standing[STANDING_ON_TIME];
        }
    }
}

enum err ranking_build(const struct client *client, struct arena *arena, struct ranking *ranking)
{
    const struct space *space = client_space(client);
    struct matrix matrix;
    struct record project;
    *ranking = (struct ranking){.at = arena_get(arena, RANKS_MAX * sizeof *ranking->at)};
    if (ranking->at == NULL) return ERR_MEMORY;
    for (uint64_t id = 0; next_project(space, &id, arena, &project);) {
        struct rank *rank = rank_at(ranking, (uint64_t)rec_num(&project, project_responsible));
        if (rank == NULL) continue;
        rank->projects++;
        rank->invested += rec_num(&project, project_invested);
        rank->year_plan += rec_num(&project, project_year_plan);
    }
    enum err err = matrix_build(client, this_year(client), arena, &matrix);
    if (err == OK) add_reports(&matrix, ranking);
    for (unsigned i = 0; i < ranking->count; i++) {
        struct rank *rank = &ranking->at[i];
        rank->of_year = per_mille(rank->invested, rank->year_plan);
        rank->punctual = per_mille(rank->on_time, rank->due);
    }
    qsort(ranking->at, ranking->count, sizeof *ranking->at, best_first);
    return err;
}
