/* query_points.c - see query_points.h. */
#include "server/query_points.h"

enum { POINTS_PAGE = 1500 };

struct asking {
    const struct actor *actor;
    const struct space *space;
    struct arena *arena;
};

static bool sees(const struct asking *asking, uint64_t unit, bool person)
{
    return points_seen(asking->space, unit, person, asking->actor, asking->arena);
}

/* Which scheme, which period, and up to which entry. */
static enum err read_scope(const struct asking *asking, const struct query *query, struct points_scope *scope)
{
    struct record record;
    bool scheme = query->kind == KIND_scheme;
    if (!scheme && query->kind != KIND_assessment) return ERR_NOT_FOUND;
    enum err err = state_get(asking->space, query->kind, query->id, asking->arena, &record);
    if (err != OK) return err;
    if (may_see(asking->space, &record, asking->actor, asking->arena) == SEE_NOTHING) return ERR_NOT_FOUND;
    *scope = (struct points_scope){.scheme = query->id, .upto = query->upto};
    if (scheme) {
        int year = (int)rec_num(&record, scheme_year);
        scope->from = day_make(year, 1, 1);
        scope->to = day_make(year, 12, 31);
        return OK;
    }
    bool fixed = rec_state(&record) == ST_assessment_published || rec_state(&record) == ST_assessment_replaced;
    scope->scheme = (uint64_t)rec_num(&record, assessment_scheme);
    scope->from.n = (int32_t)rec_num(&record, assessment_from);
    scope->to.n = (int32_t)rec_num(&record, assessment_to);
    uint64_t upto = (uint64_t)rec_num(&record, assessment_upto);
    if (fixed && (scope->upto == 0 || scope->upto > upto)) scope->upto = upto; /* less, for who looks at the past */
    return OK;
}

/* The lines behind the entry that the asker has, a page of them; those of one entry stay together. */
static void take_page(const struct asking *asking, const struct query *query, const struct points_line *lines,
                      unsigned count, struct result *result)
{
    bool visible = query->unit != 0, by_name = visible && sees(asking, query->unit, true);
    for (unsigned i = 0; i < count; i++) {
        const struct points_line *last = result->count > 0 ? &result->points[result->count - 1] : NULL;
        if (lines[i].number <= query->after) continue;
        if (query->unit == 0) {
            visible = sees(asking, lines[i].unit, false);
            by_name = visible && sees(asking, lines[i].unit, true);
        }
        if (!visible) continue;
        if (result->count >= POINTS_PAGE && last->number != lines[i].number) {
            result->more = true;
            return;
        }
        result->points[result->count] = lines[i];
        if (!by_name) result->points[result->count].person = 0;
        if (++result->count == LINES_MAX) return;
    }
}

enum err answer_points(const struct query *query, const struct actor *actor, const struct space *space,
                       struct arena *arena, struct result *result)
{
    const struct asking asking = {actor, space, arena};
    struct points_scope scope;
    struct points_rules rules;
    struct points_line *lines;
    unsigned count;
    enum err err = read_scope(&asking, query, &scope);
    if (err == OK && query->unit == 0 && query->person != 0) err = ERR_NOT_FOUND;
    if (err == OK && query->unit != 0 && !sees(&asking, query->unit, query->person != 0)) err = ERR_NOT_FOUND;
    if (err == OK) err = points_rules_load(space, scope.scheme, arena, &rules);
    if (err == OK) err = points_collect(space, &scope, &rules, arena, &lines, &count);
    if (err != OK) return err;
    struct points_line *own = arena_get(arena, (count + 1) * sizeof *own);
    result->points = arena_get(arena, LINES_MAX * sizeof *result->points);
    if (own == NULL || result->points == NULL) return ERR_MEMORY;
    count = points_of(&rules, lines, count, query->unit, query->person, own);
    take_page(&asking, query, own, count, result);
    return OK;
}
