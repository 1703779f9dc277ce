/* why.c - see why.h. */
#include "client/core/why.h"

#include <string.h>

static bool is_published(const struct record *assessment)
{
    return rec_state(assessment) == ST_assessment_published;
}

static bool counts_more(const struct record *a, const struct record *b)
{
    int64_t days_a = rec_num(a, assessment_to) - rec_num(a, assessment_from);
    int64_t days_b = rec_num(b, assessment_to) - rec_num(b, assessment_from);
    if (is_published(a) != is_published(b)) return is_published(a);
    return days_a != days_b ? days_a > days_b : a->id > b->id;
}

uint64_t why_assessment(const struct space *space, int year, struct arena *arena)
{
    struct record best = record_make(KIND_assessment, 0);
    for (uint64_t id = 0; (id = state_next_id(space, KIND_assessment, id)) > 0;) {
        struct record assessment;
        if (state_get(space, KIND_assessment, id, arena, &assessment) != OK) continue;
        if (rec_state(&assessment) == ST_assessment_replaced) continue;
        if (month_year(month_of((day_t){(int32_t)rec_num(&assessment, assessment_to)})) != year) continue;
        if (best.id == 0 || counts_more(&assessment, &best)) best = assessment;
    }
    return best.id;
}

uint64_t why_scheme(const struct space *space, int year, struct arena *arena)
{
    struct value value = number_value(year);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, space, IX_scheme_year, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record scheme;
        if (state_get(space, KIND_scheme, id, arena, &scheme) == OK && rec_state(&scheme) == ST_scheme_in_force)
            return id;
    }
    return 0;
}

static bool add(struct why *why, struct why_line line)
{
    if (why->count == why->room) {
        unsigned room = why->room == 0 ? 64 : 2 * why->room;
        struct why_line *lines = arena_get(why->arena, room * sizeof *lines);
        if (lines == NULL) return false;
        if (why->count > 0) memcpy(lines, why->lines, why->count * sizeof *lines);
        why->lines = lines;
        why->room = room;
    }
    why->total += line.points;
    line.sum = why->total;
    why->lines[why->count++] = line;
    return true;
}

/* The score of the unit or the person that was not replaced. */
static bool find_score(const struct why *why, const struct space *space, struct record *score)
{
    struct value values[] = {number_value((int64_t)why->assessment), number_value((int64_t)why->unit)};
    struct walk walk;
    uint64_t id;
    walk_start(&walk, space, IX_score_of, values, 2);
    while (why->assessment != 0 && walk_next(&walk, &id)) {
        if (state_get(space, KIND_score, id, why->arena, score) != OK) continue;
        unsigned state = rec_state(score);
        bool counted = state != ST_score_marked && state != ST_score_replaced;
        if (counted && (uint64_t)rec_num(score, score_person) == why->person) return true;
    }
    return false;
}

enum err why_start(struct why *why, const struct space *space, uint64_t assessment, uint64_t scheme, uint64_t unit,
                   uint64_t person, struct arena *arena)
{
    struct record record;
    *why = (struct why){
        .assessment = assessment, .scheme = scheme, .unit = unit, .person = person, .arena = arena};
    if (assessment != 0) {
        enum err err = state_get(space, KIND_assessment, assessment, arena, &record);
        if (err != OK) return err;
        why->scheme = (uint64_t)rec_num(&record, assessment_scheme);
    }
    enum err err = why->scheme != 0 ? points_rules_load(space, why->scheme, arena, &why->rules) : ERR_NOT_FOUND;
    if (err != OK || unit == 0) return err;
    why->group = points_group(space, unit, arena);
    if (find_score(why, space, &record)) {
        why->score = record.id;
        why->upto = (uint64_t)rec_num(&record, score_upto);
        why->group = (unsigned)rec_num(&record, score_group);
    }
    for (unsigned i = 0; i < why->rules.count; i++) {
        const struct points_rule *rule = &why->rules.at[i];
        bool fits = rule->part == OPT_rule_part_base && (rule->group == 0 || rule->group == why->group);
        if (fits && !add(why, (struct why_line){.rule = rule->id, .points = rule->points, .unit = unit}))
            return ERR_MEMORY;
    }
    return OK;
}

struct query why_query(const struct why *why)
{
    return (struct query){.what = QUERY_POINTS,
                          .kind = why->assessment != 0 ? KIND_assessment : KIND_scheme,
                          .id = why->assessment != 0 ? why->assessment : why->scheme,
                          .unit = why->unit,
                          .person = why->person,
                          .upto = why->upto,
                          .after = why->after};
}

bool why_take(struct why *why, const struct result *result)
{
    for (unsigned i = 0; i < result->count; i++) {
        const struct points_line *line = &result->points[i];
        why->after = line->number;
        add(why, (struct why_line){.number = line->number,
                                   .time = line->time,
                                   .rule = line->rule,
                                   .points = line->points,
                                   .kind = line->kind,
                                   .id = line->id,
                                   .unit = line->unit,
                                   .person = line->person});
    }
    return result->more && result->count > 0;
}

void why_finish(struct why *why, const struct space *space)
{
    struct record score;
    unsigned count, part_count;
    if (why->score == 0 || state_get(space, KIND_score, why->score, why->arena, &score) != OK) return;
    const int64_t *rules = rec_list(&score, score_rules, &count), *parts = rec_list(&score, score_parts, &part_count);
    for (unsigned i = 0; i < count && i < part_count; i++) {
        for (unsigned j = 0; j < why->rules.count; j++) {
            const struct points_rule *rule = &why->rules.at[j];
            if (rule->id != (uint64_t)rules[i]) continue;
            if (rule->part == OPT_rule_part_base || rule->part == OPT_rule_part_daily) continue;
            add(why, (struct why_line){.rule = rule->id, .points = parts[i], .unit = why->unit});
        }
    }
}
