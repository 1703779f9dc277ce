/* honour.c - 表彰与追究: no blame without facts and a hearing, no honour while a disqualification is in force. Clauses 2
 * and 4; who decides is the table's. */
#include "proto/decide.h"
#include "proto/rules/rules.h"

static bool rests_on_something(const struct record *honour)
{
    static const uint8_t facts[] = {honour_projects, honour_reports, honour_warnings, honour_issues, honour_incidents};
    for (size_t i = 0; i < sizeof facts; i++) {
        unsigned count;
        rec_list(honour, facts[i], &count);
        if (count > 0) return true;
    }
    return false;
}

/* Is the other one a disqualification in force that bars the unit, or this person? */
static bool bars(const struct record *other, const struct record *honour, day_t day)
{
    if (rec_num(other, honour_type) != OPT_honour_disqualified || rec_state(other) != ST_honour_decided) return false;
    if (rec_num(other, honour_from) > day.n || (rec_has(other, honour_to) && rec_num(other, honour_to) < day.n))
        return false;
    return !rec_has(other, honour_person) || rec_num(other, honour_person) == rec_num(honour, honour_person);
}

static enum err check_bars(struct act *act, const struct change *change)
{
    struct value value = number_value(rec_num(&change->after, honour_subject));
    struct walk walk;
    uint64_t id;
    if (rec_num(&change->after, honour_type) != OPT_honour_commended) return OK;
    walk_start(&walk, act->space, IX_honour_subject, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record other;
        char number[200];
        struct str str = str_in(number, sizeof number);
        enum err err = act_read(act, KIND_honour, id, &other);
        if (err != OK) return act_refuse(act, err);
        if (id == change->after.id || !bars(&other, &change->after, act_today(act))) continue;
        str_text(&str, rec_text(&other, honour_document));
        return refuse_text(&act->why, ERR_DISQUALIFIED, number);
    }
    return OK;
}

enum err rule_honour_propose(struct act *act, struct change *change)
{
    if (!rests_on_something(&change->after))
        return act_refuse_field(act, ERR_NO_GROUNDS, change, honour_projects, 0);
    if (rec_has(&change->after, honour_person)) {
        struct record person;
        enum err err = act_read(act, KIND_person, (uint64_t)rec_num(&change->after, honour_person), &person);
        if (err != OK) return act_refuse(act, err);
        if (rec_num(&person, person_unit) != rec_num(&change->after, honour_subject))
            return act_refuse_field(act, ERR_OTHER_UNIT, change, honour_person, 0);
    }
    return check_bars(act, change);
}

enum err rule_honour_decide(struct act *act, struct change *change)
{
    const struct record *honour = &change->after;
    bool blame = rec_num(honour, honour_type) != OPT_honour_commended;
    if (blame && rec_state(&change->before) != ST_honour_heard) return act_refuse(act, ERR_NOT_HEARD);
    if (rec_has(honour, honour_to) && rec_num(honour, honour_to) < rec_num(honour, honour_from))
        return act_refuse_field(act, ERR_DATE_ORDER, change, honour_to, 0);
    return check_bars(act, change);
}
