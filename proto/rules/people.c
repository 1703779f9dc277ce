/* people.c - rules of units, persons, posts, operators and devices. Clauses 1 and 3, and access. */
#include "proto/decide.h"
#include "proto/rules/rules.h"

/* Counts the projects of a unit that still run and, when `post` is given, name it in their chain. */
static enum err projects_using(struct act *act, uint64_t unit, uint64_t post, int64_t *count)
{
    struct value value = number_value((int64_t)unit);
    struct walk walk;
    uint64_t id;
    *count = 0;
    walk_start(&walk, act->space, IX_project_responsible, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record project;
        enum err err = act_read(act, KIND_project, id, &project);
        if (err != OK) return err;
        unsigned state = rec_state(&project);
        if (state == ST_project_completed || state == ST_project_withdrawn) continue;
        int64_t wanted = (int64_t)post;
        *count += post == 0 || rec_num(&project, project_head) == wanted ||
                  rec_num(&project, project_deputy) == wanted || rec_num(&project, project_contact) == wanted ||
                  rec_lists(&project, project_members, wanted);
    }
    return OK;
}

static enum err refuse_in_use(struct act *act, int64_t count)
{
    act_refuse(act, ERR_IN_USE);
    act->why.number = count;
    return ERR_IN_USE;
}

enum err rule_unit_dissolve(struct act *act, struct change *change)
{
    int64_t count;
    enum err err = projects_using(act, change->after.id, 0, &count);
    if (err != OK) return act_refuse(act, err);
    return count > 0 ? refuse_in_use(act, count) : OK;
}

enum err rule_person_leave(struct act *act, struct change *change)
{
    struct value value = number_value((int64_t)change->after.id);
    struct walk walk;
    uint64_t id;
    int64_t count = 0;
    walk_start(&walk, act->space, IX_post_person, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record post;
        enum err err = act_read(act, KIND_post, id, &post);
        if (err != OK) return act_refuse(act, err);
        count += rec_state(&post) == ST_post_in_force;
    }
    return count > 0 ? refuse_in_use(act, count) : OK;
}

static enum err check_term(struct act *act, struct change *change)
{
    const struct record *post = &change->after;
    if (rec_has(post, post_to) && rec_num(post, post_to) < rec_num(post, post_from))
        return act_refuse_field(act, ERR_DATE_ORDER, change, post_to, 0);
    return OK;
}

enum err rule_post(struct act *act, struct change *change)
{
    struct record person;
    enum err err = act_read(act, KIND_person, (uint64_t)rec_num(&change->after, post_person), &person);
    if (err != OK) return act_refuse(act, err);
    if (rec_num(&person, person_unit) != rec_num(&change->after, post_unit))
        return act_refuse_field(act, ERR_OTHER_UNIT, change, post_person, 0);
    return check_term(act, change);
}

/* A post that a running project's chain names can't end before somebody else is appointed. */
enum err rule_post_end(struct act *act, struct change *change)
{
    int64_t count;
    uint64_t unit = (uint64_t)rec_num(&change->after, post_unit);
    enum err err = projects_using(act, unit, change->after.id, &count);
    if (err != OK) return act_refuse(act, err);
    return count > 0 ? refuse_in_use(act, count) : check_term(act, change);
}

static bool is_admin(const struct record *operator)
{
    return rec_state(operator) == ST_operator_active && rec_lists(operator, operator_roles, OPT_role_admin);
}

/* Somebody must be left who can let people in. */
enum err rule_operator(struct act *act, struct change *change)
{
    if (!is_admin(&change->before) || is_admin(&change->after)) return OK;
    for (uint64_t id = 0; (id = state_next_id(act->space, KIND_operator, id)) > 0;) {
        struct record other;
        enum err err = act_read(act, KIND_operator, id, &other);
        if (err != OK) return act_refuse(act, err);
        if (id != change->after.id && is_admin(&other)) return OK;
    }
    return act_refuse(act, ERR_LAST_ADMIN);
}

/* A ticket is good for the set hours; until then its own transport key is admitted, for enrolling alone. */
enum err rule_device_invite(struct act *act, struct change *change)
{
    int64_t hours = act_setting(act, SET_ticket_hours);
    rec_set(&change->after, device_expires, act->now.s + hours * 3600);
    return OK;
}

enum err rule_device_enrol(struct act *act, struct change *change)
{
    if (act->actor->device != change->after.id) return act_refuse(act, ERR_NOT_FOUND);
    if (act->now.s >= rec_num(&change->before, device_expires)) return act_refuse(act, ERR_BAD_TICKET);
    if (!act_changes(change, device_transport_key))
        return act_refuse_field(act, ERR_NOT_NEWER, change, device_transport_key, 0);
    rec_unset(&change->after, device_expires);
    return OK;
}
