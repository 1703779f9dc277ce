/* why.c - see why.h. */
#include "client/core/why.h"

#include <stdlib.h>
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

void why_add(struct why *why, const struct points_line *lines, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        add(why, (struct why_line){.number = lines[i].number,
                                   .time = lines[i].time,
                                   .rule = lines[i].rule,
                                   .points = lines[i].points,
                                   .kind = lines[i].kind,
                                   .id = lines[i].id,
                                   .unit = lines[i].unit,
                                   .person = lines[i].person});
}

bool why_take(struct why *why, const struct result *result)
{
    why_add(why, result->points, result->count);
    if (result->count > 0) why->after = result->points[result->count - 1].number;
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

void why_ask(struct client *client, struct why_asking *asking)
{
    struct query query = why_query(&asking->why);
    asking->failed = !client_ask(client, &query, &asking->tag);
}

void why_follow(struct client *client, struct why_asking *asking)
{
    const struct result *result = asking->tag != 0 ? client_result(client, asking->tag) : NULL;
    if (result == NULL) return;
    asking->failed = result->err != OK;
    bool more = !asking->failed && why_take(&asking->why, result);
    asking->done = !asking->failed && !more;
    client_release(client, asking->tag);
    asking->tag = 0;
    if (more) why_ask(client, asking);
}

/* ---- who stands where ---- */

static int by_place(const void *left, const void *right)
{
    const struct record *a = left, *b = right;
    static const unsigned positions[] = {score_group, score_rank, score_unit, score_person};
    for (size_t i = 0; i < sizeof positions / sizeof *positions; i++) {
        int64_t x = rec_num(a, positions[i]), y = rec_num(b, positions[i]);
        if (x != y) return x < y ? -1 : 1;
    }
    return 0;
}

unsigned ranking_read(const struct space *space, uint64_t assessment, bool persons, struct arena *arena,
                      struct record **scores)
{
    struct value value = number_value((int64_t)assessment);
    struct walk walk;
    uint64_t id;
    unsigned count = 0, room = 0;
    walk_start(&walk, space, IX_score_of, &value, 1);
    while (walk_next(&walk, &id))
        room++;
    *scores = arena_get(arena, (room + 1) * sizeof **scores);
    if (*scores == NULL) return 0;
    walk_start(&walk, space, IX_score_of, &value, 1);
    while (count < room && walk_next(&walk, &id)) {
        struct record *score = &(*scores)[count];
        if (state_get(space, KIND_score, id, arena, score) != OK) continue;
        unsigned state = rec_state(score);
        bool unit = state == ST_score_computed || state == ST_score_published;
        bool person = state == ST_score_personal || state == ST_score_personal_published;
        count += persons ? person : unit;
    }
    qsort(*scores, count, sizeof **scores, by_place);
    return count;
}

static void put_places(struct record *scores, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        int64_t place = 1;
        for (unsigned j = 0; j < count; j++)
            place += rec_num(&scores[j], score_group) == rec_num(&scores[i], score_group) &&
                     rec_num(&scores[j], score_total) > rec_num(&scores[i], score_total);
        rec_set(&scores[i], score_rank, place);
    }
}

unsigned ranking_so_far(const struct space *space, const struct why *why, const struct actor *actor,
                        struct record **scores)
{
    unsigned count = 0, room = (unsigned)state_last_id(space, KIND_unit);
    *scores = arena_get(why->arena, (room + 1) * sizeof **scores);
    if (*scores == NULL) return 0;
    for (uint64_t unit = 0; count < room && (unit = state_next_id(space, KIND_unit, unit)) > 0;) {
        unsigned group = points_group(space, unit, why->arena);
        int64_t daily = 0, base = points_base(&why->rules, group);
        if (group == 0 || actor == NULL || !points_seen(space, unit, false, actor, why->arena)) continue;
        for (unsigned i = 0; i < why->count; i++)
            if (why->lines[i].unit == unit) daily += why->lines[i].points;
        struct record *score = &(*scores)[count++];
        *score = record_make(KIND_score, 0);
        rec_set(score, score_unit, (int64_t)unit);
        rec_set(score, score_group, group);
        rec_set(score, score_base, base);
        rec_set(score, score_daily, daily);
        rec_set(score, score_total, base + daily);
    }
    put_places(*scores, count);
    qsort(*scores, count, sizeof **scores, by_place);
    return count;
}
