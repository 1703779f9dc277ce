/* progress.c - see progress.h. */
#include "proto/progress.h"

#include "proto/number.h"

const char *light_name(enum light light)
{
    static const char *const names[] = {
        [LIGHT_UNKNOWN] = "unknown", [LIGHT_GREEN] = "green", [LIGHT_YELLOW] = "yellow", [LIGHT_RED] = "red"};
    return names[light];
}

enum err target_find(const struct space *space, uint64_t project, int year, struct arena *arena, struct record *target)
{
    struct value values[] = {number_value((int64_t)project), number_value(year)};
    struct walk walk;
    uint64_t id;
    walk_start(&walk, space, IX_target_year, values, 2);
    while (walk_next(&walk, &id)) {
        enum err err = state_get(space, KIND_target, id, arena, target);
        if (err != OK) return err;
        if (rec_state(target) == ST_target_agreed) return OK;
    }
    return ERR_NOT_FOUND;
}

int target_newest_year(const struct space *space, uint64_t project, struct arena *arena)
{
    struct value value = number_value((int64_t)project);
    struct walk walk;
    uint64_t id;
    int newest = 0;
    walk_start(&walk, space, IX_target_year, &value, 1); /* ascending years */
    while (walk_next(&walk, &id)) {
        struct record target;
        if (state_get(space, KIND_target, id, arena, &target) != OK) continue;
        if (rec_state(&target) == ST_target_agreed) newest = (int)rec_num(&target, target_year);
    }
    return newest;
}

enum light light_of(const struct space *space, int64_t of_plan, struct arena *arena)
{
    if (of_plan < setting_now(space, SET_behind_red, arena)) return LIGHT_RED;
    return of_plan < setting_now(space, SET_behind_yellow, arena) ? LIGHT_YELLOW : LIGHT_GREEN;
}

void progress_of(const struct space *space, const struct record *project, struct arena *arena,
                 struct progress *progress)
{
    struct record target;
    unsigned count = 0;
    *progress = (struct progress){.invested = rec_num(project, project_invested),
                                  .year_plan = rec_num(project, project_year_plan)};
    if (!rec_has(project, project_invested_to)) return;
    progress->upto.n = (int32_t)rec_num(project, project_invested_to);
    progress->of_year = per_mille(progress->invested, progress->year_plan);
    progress->of_time = month_number(progress->upto) * 1000 / 12;
    if (target_find(space, project->id, month_year(progress->upto), arena, &target) != OK) return;
    const int64_t *months = rec_list(&target, target_months, &count);
    for (unsigned i = 0; i < count && (int)i < month_number(progress->upto); i++)
        progress->planned += months[i];
    if (progress->planned == 0) return;
    progress->of_plan = per_mille(progress->invested, progress->planned);
    progress->light = light_of(space, progress->of_plan, arena);
}
