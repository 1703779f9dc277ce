/* score.c - computing an assessment: base, day-to-day points out of the journal and year-end items, added up for each
 * unit and each answerable person, and put in order. Clause 3. The same journal and the same entries by assessors give
 * the same scores; the head of the journal that they were computed from is named in each. */
#include "proto/rules/score.h"

#include "proto/journal.h"
#include "proto/points.h"
#include "proto/rules/rules.h"

enum { SCORES_MAX = 1500, MARKS_MAX = 4000 };

const uint8_t scores_publish[STATE_LIMIT] = {[ST_score_computed] = ST_score_published,
                                             [ST_score_personal] = ST_score_personal_published};
const uint8_t scores_replace[STATE_LIMIT] = {[ST_score_published] = ST_score_replaced,
                                             [ST_score_personal_published] = ST_score_replaced};

/* ---- the scores of an assessment ---- */

static void walk_scores(struct act *act, struct walk *walk, uint64_t assessment)
{
    struct value value = number_value((int64_t)assessment);
    walk_start(walk, act->space, IX_score_of, &value, 1);
}

enum err scores_pass(struct act *act, uint64_t assessment, const uint8_t states[STATE_LIMIT])
{
    struct walk walk;
    uint64_t id;
    walk_scores(act, &walk, assessment);
    while (walk_next(&walk, &id)) {
        struct change *score;
        enum err err = act_touch(act, KIND_score, id, &score);
        if (err != OK) return err;
        unsigned state = rec_state(&score->after);
        if (state < STATE_LIMIT && states[state] != 0) rec_set(&score->after, F_STATE, states[state]);
    }
    return OK;
}

static bool item_concerns(const struct points_rule *rule, unsigned group)
{
    return rule->part == OPT_rule_part_year_end && (rule->group == 0 || rule->group == group);
}

static unsigned missing_of(struct act *act, const struct points_rules *rules, const struct record *score)
{
    unsigned missing = 0;
    for (unsigned i = 0; i < rules->count; i++) {
        struct value values[] = {score->values[score_assessment], number_value((int64_t)rules->at[i].id),
                                 score->values[score_unit]};
        if (!item_concerns(&rules->at[i], (unsigned)rec_num(score, score_group))) continue;
        missing += state_find(act->space, IX_score_mark, values, 3) == 0;
    }
    return missing;
}

enum err scores_complete(struct act *act, const struct record *assessment)
{
    struct points_rules rules;
    struct walk walk;
    uint64_t id;
    unsigned missing = 0;
    char name[REFUSAL_TEXT_MAX] = "";
    uint64_t scheme = (uint64_t)rec_num(assessment, assessment_scheme);
    enum err err = points_rules_load(act->space, scheme, act->arena, &rules);
    walk_scores(act, &walk, assessment->id);
    while (err == OK && walk_next(&walk, &id)) {
        struct record score, unit;
        err = act_read(act, KIND_score, id, &score);
        if (err != OK || rec_state(&score) != ST_score_computed) continue;
        unsigned of_unit = missing_of(act, &rules, &score);
        if (of_unit > 0 && missing == 0) { /* one is named */
            struct str str = str_in(name, sizeof name);
            if (act_read(act, KIND_unit, (uint64_t)rec_num(&score, score_unit), &unit) == OK)
                str_text(&str, rec_text(&unit, unit_short));
        }
        missing += of_unit;
    }
    if (err != OK) return act_refuse(act, err);
    if (missing == 0) return OK;
    refuse_text(&act->why, ERR_MARKS_MISSING, name);
    act->why.number = missing;
    return ERR_MARKS_MISSING;
}

enum err scores_copy_marks(struct act *act, uint64_t from, uint64_t to)
{
    struct walk walk;
    uint64_t id;
    enum err err = OK;
    walk_scores(act, &walk, from);
    while (err == OK && walk_next(&walk, &id)) {
        static const uint8_t fields[] = {score_unit, score_item, score_points, score_remark, F_AUTHOR, F_AUTHOR_UNIT};
        struct record mark;
        struct change *copy;
        err = act_read(act, KIND_score, id, &mark);
        if (err != OK || rec_state(&mark) != ST_score_marked) continue;
        if ((err = act_make(act, KIND_score, &copy)) != OK) return err;
        for (size_t i = 0; i < sizeof fields; i++)
            rec_move(&copy->after, fields[i], &mark, fields[i]);
        rec_set(&copy->after, score_assessment, (int64_t)to);
        rec_set(&copy->after, F_STATE, ST_score_marked);
    }
    return err;
}

/* ---- what assessors enter ---- */

static const struct points_rule *rule_with(const struct points_rules *rules, uint64_t id)
{
    for (unsigned i = 0; i < rules->count; i++)
        if (rules->at[i].id == id) return &rules->at[i];
    return NULL;
}

/* Each assessor enters his items; what an appeal was granted for is the office's, in a corrected version. */
static enum err check_item(struct act *act, struct change *change, const struct points_rule *rule, bool corrected)
{
    bool year_end = rule != NULL && rule->part == OPT_rule_part_year_end;
    bool granted = rule != NULL && rule->part == OPT_rule_part_correction && corrected;
    if (!year_end && !granted) return act_refuse_field(act, ERR_NOT_AN_ITEM, change, score_item, 0);
    if (year_end && rule->assessor != 0 && rule->assessor != act->actor->unit)
        return act_refuse(act, ERR_NOT_ALLOWED);
    if (granted && (act->actor->functions >> REL_office & 1) == 0) return act_refuse(act, ERR_NOT_ALLOWED);
    int64_t points = rec_num(&change->after, score_points), least = granted ? -rule->points : 0;
    if (points > rule->points) return act_refuse_field(act, ERR_TOO_LARGE, change, score_points, rule->points);
    if (points < least) return act_refuse_field(act, ERR_TOO_SMALL, change, score_points, least);
    unsigned group = points_group(act->space, (uint64_t)rec_num(&change->after, score_unit), act->arena);
    if (group == 0 || (year_end && !item_concerns(rule, group)))
        return act_refuse_field(act, ERR_NOT_ASSESSED, change, score_unit, 0);
    return OK;
}

/* Scores that were computed without it do not stand any more. */
enum err rule_score_mark(struct act *act, struct change *change)
{
    struct change *assessment;
    struct points_rules rules;
    enum err err = act_touch(act, KIND_assessment, (uint64_t)rec_num(&change->after, score_assessment), &assessment);
    if (err != OK) return err;
    unsigned state = rec_state(&assessment->after);
    if (state == ST_assessment_published || state == ST_assessment_replaced) return act_refuse(act, ERR_SCHEME_FIXED);
    err = points_rules_load(act->space, (uint64_t)rec_num(&assessment->after, assessment_scheme), act->arena, &rules);
    if (err != OK) return act_refuse(act, err);
    const struct points_rule *rule = rule_with(&rules, (uint64_t)rec_num(&change->after, score_item));
    rec_set(&assessment->after, F_STATE, ST_assessment_open);
    return check_item(act, change, rule, rec_num(&assessment->after, assessment_version) > 1);
}

/* ---- computing ---- */

struct mark {
    uint64_t unit, item;
    int64_t points;
};

struct scored {
    uint64_t unit, person;
    struct change *change;
    bool fresh;
};

struct computing {
    struct act *act;
    const struct record *assessment;
    uint64_t head;
    struct points_rules rules;
    struct points_line *lines, *own; /* all, and room for those of one */
    unsigned line_count;
    struct mark *marks;
    unsigned mark_count;
    struct scored *scores;
    unsigned score_count;
};

/* Marks and earlier computed scores of this assessment. */
static enum err read_scores(struct computing *job)
{
    struct walk walk;
    uint64_t id;
    enum err err = OK;
    walk_scores(job->act, &walk, job->assessment->id);
    while (err == OK && walk_next(&walk, &id)) {
        struct record score;
        err = act_read(job->act, KIND_score, id, &score);
        unsigned state = err == OK ? rec_state(&score) : ST_none;
        uint64_t unit = (uint64_t)rec_num(&score, score_unit);
        if (state == ST_score_marked && job->mark_count < MARKS_MAX)
            job->marks[job->mark_count++] =
                (struct mark){unit, (uint64_t)rec_num(&score, score_item), rec_num(&score, score_points)};
        if (state != ST_score_computed && state != ST_score_personal) continue;
        if (job->score_count == SCORES_MAX) return act_refuse(job->act, ERR_LIMIT);
        struct scored *scored = &job->scores[job->score_count++];
        *scored = (struct scored){.unit = unit, .person = (uint64_t)rec_num(&score, score_person)};
        err = act_touch(job->act, KIND_score, id, &scored->change);
    }
    return err;
}

static enum err scored_of(struct computing *job, uint64_t unit, uint64_t person, struct scored **scored)
{
    for (unsigned i = 0; i < job->score_count; i++) {
        *scored = &job->scores[i];
        if ((*scored)->unit == unit && (*scored)->person == person) return OK;
    }
    if (job->score_count == SCORES_MAX) return act_refuse(job->act, ERR_LIMIT);
    *scored = &job->scores[job->score_count];
    **scored = (struct scored){.unit = unit, .person = person};
    enum err err = act_make(job->act, KIND_score, &(*scored)->change);
    if (err == OK) job->score_count++;
    return err;
}

/* What a rule comes to for one unit, or one person in it, whose lines are in job->own. */
static int64_t part_of(const struct computing *job, const struct points_rule *rule, unsigned group, uint64_t unit,
                       unsigned own_count)
{
    int64_t sum = 0;
    if (rule->part == OPT_rule_part_base) return rule->group == 0 || rule->group == group ? rule->points : 0;
    for (unsigned i = 0; i < own_count; i++)
        if (job->own[i].rule == rule->id) sum += job->own[i].points;
    for (unsigned i = 0; i < job->mark_count; i++)
        if (job->marks[i].unit == unit && job->marks[i].item == rule->id) sum += job->marks[i].points;
    return sum;
}

static enum err set_parts(struct computing *job, struct record *score, unsigned group, uint64_t unit, unsigned own)
{
    static const uint8_t sums[] = {[OPT_rule_part_base] = score_base,
                                   [OPT_rule_part_daily] = score_daily,
                                   [OPT_rule_part_year_end] = score_year_end,
                                   [OPT_rule_part_correction] = score_year_end};
    int64_t *rules = arena_get(job->act->arena, 2 * LIST_MAX * sizeof *rules), *parts = rules + LIST_MAX, total = 0;
    unsigned count = 0;
    if (rules == NULL) return act_refuse(job->act, ERR_MEMORY);
    rec_set(score, score_base, 0);
    rec_set(score, score_daily, 0);
    rec_set(score, score_year_end, 0);
    for (unsigned i = 0; i < job->rules.count; i++) {
        const struct points_rule *rule = &job->rules.at[i];
        int64_t part = part_of(job, rule, group, unit, own);
        if (part == 0) continue;
        if (count == LIST_MAX) {
            act_refuse(job->act, ERR_LIMIT);
            job->act->why.number = LIST_MAX;
            return ERR_LIMIT;
        }
        rec_set(score, sums[rule->part], rec_num(score, sums[rule->part]) + part);
        total += part;
        rules[count] = (int64_t)rule->id;
        parts[count++] = part;
    }
    rec_set_list(score, score_rules, rules, count);
    rec_set_list(score, score_parts, parts, count);
    rec_set(score, score_total, total);
    return OK;
}

static enum err put_score(struct computing *job, uint64_t unit, uint64_t person, unsigned group)
{
    struct scored *scored;
    enum err err = scored_of(job, unit, person, &scored);
    if (err != OK || scored->fresh) return err;
    struct record *score = &scored->change->after;
    scored->fresh = true;
    rec_set(score, F_STATE, person == 0 ? ST_score_computed : ST_score_personal);
    rec_set(score, score_assessment, (int64_t)job->assessment->id);
    rec_set(score, score_unit, (int64_t)unit);
    if (person != 0) rec_set(score, score_person, (int64_t)person);
    rec_set(score, score_group, group);
    rec_set(score, score_upto, (int64_t)job->head);
    unsigned own = points_of(&job->rules, job->lines, job->line_count, unit, person, job->own);
    return set_parts(job, score, group, unit, own);
}

static bool has_lines(const struct computing *job, uint64_t unit)
{
    for (unsigned i = 0; i < job->line_count; i++)
        if (job->lines[i].unit == unit) return true;
    return false;
}

/* Whom the events name is assessed too, but for enterprises. */
static unsigned group_of(const struct computing *job, uint64_t id)
{
    struct record unit;
    unsigned group = points_group(job->act->space, id, job->act->arena);
    if (group != 0 || !has_lines(job, id) || act_read(job->act, KIND_unit, id, &unit) != OK) return group;
    return rec_num(&unit, unit_type) != OPT_unit_type_enterprise ? OPT_score_group_department : 0;
}

static enum err score_units(struct computing *job)
{
    for (uint64_t id = 0; (id = state_next_id(job->act->space, KIND_unit, id)) > 0;) {
        unsigned group = group_of(job, id);
        enum err err = group != 0 ? put_score(job, id, 0, group) : OK;
        if (err != OK) return err;
    }
    return OK;
}

static enum err score_post(struct computing *job, uint64_t unit, uint64_t id)
{
    struct record post;
    if (id == 0) return OK;
    enum err err = act_read(job->act, KIND_post, id, &post);
    if (err != OK) return act_refuse(job->act, err);
    return put_score(job, unit, (uint64_t)rec_num(&post, post_person), OPT_score_group_responsible);
}

/* Heads and deputies of the projects as they stand, and whoever answered for something in the period. */
static enum err score_persons(struct computing *job)
{
    enum err err = OK;
    for (uint64_t id = 0; err == OK && (id = state_next_id(job->act->space, KIND_project, id)) > 0;) {
        struct record project;
        err = act_read(job->act, KIND_project, id, &project);
        if (err != OK || rec_state(&project) == ST_project_withdrawn) continue;
        uint64_t unit = (uint64_t)rec_num(&project, project_responsible);
        err = score_post(job, unit, (uint64_t)rec_num(&project, project_head));
        if (err == OK) err = score_post(job, unit, (uint64_t)rec_num(&project, project_deputy));
    }
    for (unsigned i = 0; err == OK && i < job->line_count; i++) {
        const struct points_line *line = &job->lines[i];
        if (line->person == 0 || group_of(job, line->unit) != OPT_score_group_responsible) continue;
        err = put_score(job, line->unit, line->person, OPT_score_group_responsible);
    }
    return err;
}

/* The place among those of the same kind and group; whoever has the same total shares it, and the next ones come after
 * all of them. Who is not assessed any more has none. */
static void put_places(struct computing *job, struct record *assessment)
{
    int64_t counts[2] = {0, 0};
    for (unsigned i = 0; i < job->score_count; i++) {
        struct record *score = &job->scores[i].change->after;
        int64_t place = 1;
        for (unsigned j = 0; j < job->score_count; j++) {
            const struct record *other = &job->scores[j].change->after;
            bool rival = job->scores[j].fresh && (job->scores[j].person != 0) == (job->scores[i].person != 0) &&
                         rec_num(other, score_group) == rec_num(score, score_group);
            place += rival && rec_num(other, score_total) > rec_num(score, score_total);
        }
        if (!job->scores[i].fresh) {
            rec_set(score, F_STATE, ST_score_replaced);
            continue;
        }
        rec_set(score, score_rank, place);
        counts[job->scores[i].person != 0]++;
    }
    rec_set(assessment, assessment_units, counts[0]);
    rec_set(assessment, assessment_persons, counts[1]);
}

static enum err collect(struct computing *job)
{
    const struct record *assessment = job->assessment;
    struct act *act = job->act;
    const struct points_scope scope = {.scheme = (uint64_t)rec_num(assessment, assessment_scheme),
                                       .from = {(int32_t)rec_num(assessment, assessment_from)},
                                       .to = {(int32_t)rec_num(assessment, assessment_to)},
                                       .upto = job->head};
    job->marks = arena_get(act->arena, MARKS_MAX * sizeof *job->marks);
    job->scores = arena_get(act->arena, SCORES_MAX * sizeof *job->scores);
    if (job->marks == NULL || job->scores == NULL) return ERR_MEMORY;
    enum err err = points_rules_load(act->space, scope.scheme, act->arena, &job->rules);
    if (err == OK) err = points_collect(act->space, &scope, &job->rules, act->arena, &job->lines, &job->line_count);
    if (err == OK) job->own = arena_get(act->arena, (job->line_count + 1) * sizeof *job->own);
    return err == OK && job->own == NULL ? ERR_MEMORY : err;
}

/* A client has no journal: there the act is only checked, and the scores come from the daemon. */
enum err rule_assessment_compute(struct act *act, struct change *change)
{
    struct head head;
    struct computing job = {.act = act, .assessment = &change->after};
    enum err err = journal_head(act->space, &head);
    if (err != OK) return act_refuse(act, err);
    if (head.number == 0) return OK;
    job.head = head.number;
    if ((err = collect(&job)) != OK) return act_refuse(act, err);
    if ((err = read_scores(&job)) != OK) return err;
    if ((err = score_units(&job)) != OK) return err;
    if ((err = score_persons(&job)) != OK) return err;
    put_places(&job, &change->after);
    rec_set(&change->after, assessment_upto, (int64_t)head.number);
    rec_set(&change->after, assessment_computed, act->now.s);
    return OK;
}
