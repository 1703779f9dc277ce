/* protection.c - 公安挂牌保护: a plaque that both bureaus have to agree on, to put it up and to take it down. Clause 5.2. */
#include "proto/decide.h"
#include "proto/rules/rules.h"
#include "proto/rules/site.h"

/* The fields of one bureau's key. */
struct side {
    unsigned opinion, by, at;
};

static const struct side police_side = {protection_police_opinion, protection_police_by, protection_police_at};
static const struct side builder_side = {protection_builder_opinion, protection_builder_by, protection_builder_at};

/* ---- proposing ---- */

static int64_t count_incidents(struct act *act, int64_t project)
{
    struct value value = number_value(project);
    struct walk walk;
    uint64_t id;
    int64_t count = 0;
    walk_start(&walk, act->space, IX_incident_project, &value, 1);
    while (walk_next(&walk, &id))
        count++;
    return count;
}

static bool has_open(struct act *act, const struct record *protection)
{
    struct value value = number_value(rec_num(protection, protection_project));
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_protection_project, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record other;
        if (id == protection->id || act_read(act, KIND_protection, id, &other) != OK) continue;
        const struct state_row *row = state_row(KIND_protection, rec_state(&other));
        if (row != NULL && !row->final) return true;
    }
    return false;
}

/* The responsible unit's contact stands on it: the one named, else the project's. */
static enum err put_contact(struct act *act, struct change *change, const struct record *project)
{
    struct record post;
    if (!rec_has(&change->after, protection_contact))
        rec_move(&change->after, protection_contact, project, project_contact);
    if (!rec_has(&change->after, protection_contact))
        return act_refuse_field(act, ERR_NEEDED, change, protection_contact, 0);
    enum err err = act_read(act, KIND_post, (uint64_t)rec_num(&change->after, protection_contact), &post);
    if (err != OK) return act_refuse(act, err);
    if (rec_num(&post, post_unit) == rec_num(project, project_responsible)) return OK;
    return act_refuse_field(act, ERR_OTHER_UNIT, change, protection_contact, 0);
}

enum err rule_protection_propose(struct act *act, struct change *change)
{
    struct record project;
    int64_t id = rec_num(&change->after, protection_project);
    enum err err = act_read(act, KIND_project, (uint64_t)id, &project);
    if (err != OK) return act_refuse(act, err);
    if ((err = check_station(act, change, protection_station)) != OK) return err;
    if (has_open(act, &change->after)) return act_refuse_field(act, ERR_PROTECTED, change, protection_project, 0);
    int64_t incidents = count_incidents(act, id);
    if (rec_num(&project, project_environment) == 0 && incidents == 0)
        return act_refuse_field(act, ERR_NO_EVIDENCE, change, protection_project, 0);
    rec_set(&change->after, protection_incidents, incidents);
    return put_contact(act, change, &project);
}

/* ---- two keys ---- */

/* Enters the opinion of the actor's bureau; *both: the other one has signed, too. A unit that is both has one key. */
static enum err turn_key(struct act *act, struct change *change, bool *both)
{
    struct record *after = &change->after;
    bool police = act->actor->functions >> REL_police & 1;
    const struct side *own = police ? &police_side : &builder_side;
    const struct side *other = police ? &builder_side : &police_side;
    if (rec_has(after, own->by)) return act_refuse(act, ERR_KEY_GIVEN);
    rec_move(after, own->opinion, after, protection_opinion);
    rec_unset(after, protection_opinion);
    rec_set(after, own->by, (int64_t)act->actor->operator);
    rec_set(after, own->at, act->now.s);
    *both = rec_has(after, other->by);
    return OK;
}

static void take_keys_back(struct record *protection)
{
    static const struct side *const sides[] = {&police_side, &builder_side};
    for (unsigned i = 0; i < sizeof sides / sizeof *sides; i++) {
        rec_unset(protection, sides[i]->opinion);
        rec_unset(protection, sides[i]->by);
        rec_unset(protection, sides[i]->at);
    }
}

enum err rule_protection_confirm(struct act *act, struct change *change)
{
    bool both;
    enum err err = turn_key(act, change, &both);
    if (err == OK && both) rec_set(&change->after, F_STATE, ST_protection_confirmed);
    return err;
}

enum err rule_protection_confirm_lift(struct act *act, struct change *change)
{
    bool both;
    enum err err = turn_key(act, change, &both);
    if (err != OK || !both) return err;
    rec_set(&change->after, F_STATE, ST_protection_lifted);
    rec_set(&change->after, protection_lifted_on, act_today(act).n);
    return OK;
}

/* ---- while it is up ---- */

enum err rule_protection_put_up(struct act *act, struct change *change)
{
    return check_not_ahead(act, change, protection_up_on);
}

/* 衔接和配合: the responsible unit says again that its contact follows it, or names another. */
enum err rule_protection_attend(struct act *act, struct change *change)
{
    struct record project;
    enum err err = act_read(act, KIND_project, (uint64_t)rec_num(&change->after, protection_project), &project);
    if (err != OK) return act_refuse(act, err);
    rec_set(&change->after, protection_attended, act_today(act).n);
    return put_contact(act, change, &project);
}

/* Keys count for one question. Those by which it went up stay in its history when lifting is proposed, and so does one
 * given for a lifting that is turned down. */
enum err rule_protection_keys_back(struct act *act, struct change *change)
{
    (void)act;
    take_keys_back(&change->after);
    return OK;
}

enum err rule_duty_visit_note(struct act *act, struct change *change)
{
    struct change *protection;
    uint64_t id = (uint64_t)rec_num(&change->after, duty_visit_protection);
    enum err err = check_not_ahead(act, change, duty_visit_day);
    if (err == OK) err = act_touch(act, KIND_protection, id, &protection);
    if (err != OK) return err;
    struct record *after = &protection->after;
    if (rec_state(after) != ST_protection_up && rec_state(after) != ST_protection_lifting)
        return act_refuse_field(act, ERR_NOT_UP, change, duty_visit_protection, 0);
    rec_move(&change->after, duty_visit_project, after, protection_project);
    rec_move(&change->after, duty_visit_station, after, protection_station);
    rec_set(after, protection_visits, rec_num(after, protection_visits) + 1);
    if (rec_num(after, protection_visited) < rec_num(&change->after, duty_visit_day))
        rec_move(after, protection_visited, &change->after, duty_visit_day);
    return OK;
}
