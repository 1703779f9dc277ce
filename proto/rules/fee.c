/* fee.c - what may be charged from projects, and what was: 能减免的要坚决减免, 必须收的按下限收取. Clause 4. */
#include "proto/decide.h"
#include "proto/rules/rules.h"
#include "proto/rules/site.h"

/* ---- policy items ---- */

enum err rule_policy_enter(struct act *act, struct change *change)
{
    const struct record *after = &change->after;
    if (rec_num(after, policy_upper) < rec_num(after, policy_lower))
        return act_refuse_field(act, ERR_BOUNDS_ORDER, change, policy_upper, 0);
    if (rec_has(after, policy_to) && rec_num(after, policy_to) < rec_num(after, policy_from))
        return act_refuse_field(act, ERR_DATE_ORDER, change, policy_to, 0);
    return OK;
}

/* Its last day may have passed already; when it has not, the clock ends it. */
enum err rule_policy_end(struct act *act, struct change *change)
{
    enum err err = rule_policy_enter(act, change);
    if (err != OK) return err;
    if (rec_num(&change->after, policy_to) < act_today(act).n) rec_set(&change->after, F_STATE, ST_policy_ended);
    return OK;
}

/* ---- fees ---- */

static bool put_flag(struct record *fee, unsigned flag, bool on)
{
    rec_set(fee, flag, on);
    return on;
}

/* Entered or corrected, it is measured anew; a flagged one stays where office and supervision see it. */
enum err rule_fee(struct act *act, struct change *change)
{
    struct record *fee = &change->after;
    struct record policy;
    enum err err = check_not_ahead(act, change, fee_charged_on);
    if (err == OK) err = check_department(act, change, fee_asker);
    if (err != OK) return err;
    if ((err = act_read(act, KIND_policy, (uint64_t)rec_num(fee, fee_policy), &policy)) != OK)
        return act_refuse(act, err);
    int64_t charged = rec_num(fee, fee_charged), lower = rec_num(&policy, policy_lower);
    bool waivable = rec_num(&policy, policy_waivable) != 0;
    bool flagged = put_flag(fee, fee_above_lower, charged > lower);
    flagged |= put_flag(fee, fee_above_upper, charged > rec_num(&policy, policy_upper));
    flagged |= put_flag(fee, fee_not_waived, waivable && charged > 0);
    flagged |= put_flag(fee, fee_below_lower, charged + rec_num(fee, fee_waived) < lower);
    rec_set(fee, F_STATE, flagged ? ST_fee_flagged : ST_fee_entered);
    return OK;
}
