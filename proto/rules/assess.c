/* assess.c - schemes of assessment and the life of an assessment, apart from its computing (score.c). Clause 3:
 * 由市项目办起草和完善考核办法, 会同效能监察组、市重点办、市发改委前期办组织实施. What is in force or published stays as
 * it is; the next version says why. */
#include "proto/decide.h"
#include "proto/points.h"
#include "proto/rules/rules.h"
#include "proto/rules/score.h"

/* ---- schemes ---- */

static int64_t next_version(struct act *act, int64_t year)
{
    struct value value = number_value(year);
    struct walk walk;
    uint64_t id;
    int64_t last = 0;
    walk_start(&walk, act->space, IX_scheme_year, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record scheme;
        if (act_read(act, KIND_scheme, id, &scheme) == OK && rec_num(&scheme, scheme_version) > last)
            last = rec_num(&scheme, scheme_version);
    }
    return last + 1;
}

enum err rule_scheme_draft(struct act *act, struct change *change)
{
    rec_set(&change->after, scheme_version, next_version(act, rec_num(&change->after, scheme_year)));
    return OK;
}

/* Puts the rules of a scheme that are not dropped into a state. */
static enum err set_rules(struct act *act, uint64_t scheme, unsigned state, unsigned *count)
{
    struct value value = number_value((int64_t)scheme);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_scheme_rule_serial, &value, 1);
    for (*count = 0; walk_next(&walk, &id); ++*count) {
        struct change *rule;
        enum err err = act_touch(act, KIND_scheme_rule, id, &rule);
        if (err != OK) return err;
        rec_set(&rule->after, F_STATE, state);
    }
    return OK;
}

/* The year has one scheme in force; the one before it stays for what it has scored. */
enum err rule_scheme_enforce(struct act *act, struct change *change)
{
    struct value value = number_value(rec_num(&change->after, scheme_year));
    struct walk walk;
    uint64_t id;
    unsigned count;
    if (!rec_has(&change->after, scheme_from)) rec_set(&change->after, scheme_from, act_today(act).n);
    enum err err = set_rules(act, change->after.id, ST_scheme_rule_in_force, &count);
    if (err == OK && count == 0) err = act_refuse(act, ERR_NO_RULES);
    walk_start(&walk, act->space, IX_scheme_year, &value, 1);
    while (err == OK && walk_next(&walk, &id)) {
        struct change *other;
        if (id == change->after.id) continue;
        err = act_touch(act, KIND_scheme, id, &other);
        if (err != OK || rec_state(&other->after) != ST_scheme_in_force) continue;
        rec_set(&other->after, F_STATE, ST_scheme_replaced);
        err = set_rules(act, id, ST_scheme_rule_replaced, &count);
    }
    return err;
}

/* Copies what the actor of `make` fills in. */
static void copy_form(struct record *to, const struct record *from, unsigned make)
{
    const struct field *field;
    for (unsigned i = F_COMMON_COUNT; (field = field_row(from->kind, i)) != NULL; i++)
        if (field->fill >> make & 1) rec_move(to, i, from, i);
}

/* A draft of the next version with the same rules; what is in force stays so until the draft is put in force. */
enum err rule_scheme_revise(struct act *act, struct change *change)
{
    struct value value = number_value((int64_t)change->after.id);
    struct walk walk;
    uint64_t id;
    struct change *draft;
    enum err err = act_make(act, KIND_scheme, &draft);
    if (err != OK) return err;
    copy_form(&draft->after, &change->before, ACT_scheme_draft);
    rec_unset(&draft->after, scheme_from);
    rec_unset(&draft->after, scheme_document);
    rec_set(&draft->after, scheme_version, next_version(act, rec_num(&change->after, scheme_year)));
    rec_move(&draft->after, scheme_reason, &change->after, scheme_reason);
    rec_set(&draft->after, F_STATE, ST_scheme_draft);
    rec_move(&change->after, scheme_reason, &change->before, scheme_reason);
    walk_start(&walk, act->space, IX_scheme_rule_serial, &value, 1);
    while (err == OK && walk_next(&walk, &id)) {
        struct record rule;
        struct change *copy;
        err = act_read(act, KIND_scheme_rule, id, &rule);
        if (err == OK) err = act_make(act, KIND_scheme_rule, &copy);
        if (err != OK) return act_refuse(act, err);
        copy_form(&copy->after, &rule, ACT_scheme_rule_add);
        rec_set(&copy->after, scheme_rule_scheme, (int64_t)draft->after.id);
        rec_set(&copy->after, F_STATE, ST_scheme_rule_draft);
    }
    return err;
}

/* ---- rules of schemes ---- */

enum err rule_scheme_rule_add(struct act *act, struct change *change)
{
    struct record scheme;
    enum err err = act_read(act, KIND_scheme, (uint64_t)rec_num(&change->after, scheme_rule_scheme), &scheme);
    if (err != OK) return act_refuse(act, err);
    return rec_state(&scheme) == ST_scheme_draft ? OK : act_refuse(act, ERR_SCHEME_FIXED);
}

/* Its number is free again. */
enum err rule_scheme_rule_drop(struct act *act, struct change *change)
{
    rec_unset(&change->after, scheme_rule_serial);
    return rule_scheme_rule_add(act, change);
}

/* What belongs to one part of a scheme alone. */
enum err check_scheme_rule(struct act *act, struct change *change)
{
    static const struct {
        uint8_t field;
        bool needed;
        unsigned parts;
    } rows[] = {
        {scheme_rule_event, true, 1u << OPT_rule_part_daily},
        {scheme_rule_party, true, 1u << OPT_rule_part_daily},
        {scheme_rule_tier, false, 1u << OPT_rule_part_daily},
        {scheme_rule_cap, false, 1u << OPT_rule_part_daily},
        {scheme_rule_group, false, 1u << OPT_rule_part_base | 1u << OPT_rule_part_year_end},
        {scheme_rule_assessor, false, 1u << OPT_rule_part_year_end},
    };
    const struct record *rule = &change->after;
    int64_t part = rec_num(rule, scheme_rule_part);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool fits = rows[i].parts >> part & 1, has = rec_has(rule, rows[i].field);
        if (has && !fits) return act_refuse_field(act, ERR_NOT_YOURS, change, rows[i].field, 0);
        if (fits && rows[i].needed && !has) return act_refuse_field(act, ERR_NEEDED, change, rows[i].field, 0);
    }
    if (part != OPT_rule_part_daily && rec_num(rule, scheme_rule_points) <= 0)
        return act_refuse_field(act, ERR_TOO_SMALL, change, scheme_rule_points, 1);
    const struct event *event = event_row(rec_num(rule, scheme_rule_event));
    if (event != NULL && !kind_relates(event->kind, (unsigned)rec_num(rule, scheme_rule_party)))
        return act_refuse_field(act, ERR_NO_PARTY, change, scheme_rule_party, 0);
    return OK;
}

/* ---- assessments ---- */

/* The scheme of the year that is in force; 0 when there is none. */
static uint64_t scheme_in_force(struct act *act, int year)
{
    struct value value = number_value(year);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_scheme_year, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record scheme;
        if (act_read(act, KIND_scheme, id, &scheme) == OK && rec_state(&scheme) == ST_scheme_in_force) return id;
    }
    return 0;
}

enum err rule_assessment_open(struct act *act, struct change *change)
{
    struct record scheme, *after = &change->after;
    if (rec_num(after, assessment_to) < rec_num(after, assessment_from))
        return act_refuse_field(act, ERR_DATE_ORDER, change, assessment_to, 0);
    if (!rec_has(after, assessment_scheme)) {
        day_t to = {(int32_t)rec_num(after, assessment_to)};
        uint64_t found = scheme_in_force(act, month_year(month_of(to)));
        if (found == 0) return act_refuse_field(act, ERR_NO_SCHEME, change, assessment_scheme, 0);
        rec_set(after, assessment_scheme, (int64_t)found);
    }
    enum err err = act_read(act, KIND_scheme, (uint64_t)rec_num(after, assessment_scheme), &scheme);
    if (err != OK) return act_refuse(act, err);
    if (rec_state(&scheme) == ST_scheme_draft)
        return act_refuse_field(act, ERR_NO_SCHEME, change, assessment_scheme, 0);
    rec_set(after, assessment_version, 1);
    return OK;
}

/* What has been published before under this period is replaced, with its scores. */
static enum err replace_old(struct act *act, const struct record *assessment)
{
    struct change *old;
    if (!rec_has(assessment, assessment_corrects)) return OK;
    uint64_t id = (uint64_t)rec_num(assessment, assessment_corrects);
    enum err err = act_touch(act, KIND_assessment, id, &old);
    if (err != OK) return err;
    rec_set(&old->after, F_STATE, ST_assessment_replaced);
    return scores_pass(act, id, scores_replace);
}

enum err rule_assessment_publish(struct act *act, struct change *change)
{
    struct record *after = &change->after;
    day_t to = {(int32_t)rec_num(after, assessment_to)};
    if (rec_num(after, assessment_computed) < day_end(to).s)
        return act_refuse_field(act, ERR_PERIOD_OPEN, change, assessment_to, 0);
    rec_set(after, assessment_published, act->now.s);
    enum err err = scores_complete(act, after);
    if (err == OK) err = scores_pass(act, after->id, scores_publish);
    return err == OK ? replace_old(act, after) : err;
}

/* A new version for the period with what was entered for the old one, which stays until the new one is published. */
enum err rule_assessment_correct(struct act *act, struct change *change)
{
    struct change *made;
    enum err err = act_make(act, KIND_assessment, &made);
    if (err != OK) return err;
    copy_form(&made->after, &change->before, ACT_assessment_open);
    rec_set(&made->after, assessment_version, rec_num(&change->before, assessment_version) + 1);
    rec_set(&made->after, assessment_corrects, (int64_t)change->after.id);
    rec_move(&made->after, assessment_reason, &change->after, assessment_reason);
    rec_set(&made->after, F_STATE, ST_assessment_open);
    rec_move(&change->after, assessment_reason, &change->before, assessment_reason);
    return scores_copy_marks(act, change->after.id, made->after.id);
}
