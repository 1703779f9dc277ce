/* digest.c - the leader's periodic digest of warnings: counts of a period and what is open. Clause 5.4. */
#include "proto/rules/ladder.h"
#include "proto/rules/rules.h"
#include "proto/rules/warning.h"

struct counts {
    stamp_t from;
    int64_t open, yellow, red, overdue, fresh, lifted, escalated;
    uint64_t newest[LIST_MAX]; /* a ring; the last is at (open - 1) % LIST_MAX */
};

static void count_open(struct counts *counts, const struct record *warning)
{
    counts->newest[counts->open++ % LIST_MAX] = warning->id;
    counts->yellow += rec_num(warning, warning_level) == OPT_warning_level_yellow;
    counts->red += rec_num(warning, warning_level) == OPT_warning_level_red;
    counts->overdue += rec_num(warning, warning_rung) >= OPT_rung_overdue;
}

/* Proposals are the office's own until they are issued. */
static enum err count_warnings(struct act *act, struct counts *counts)
{
    for (uint64_t id = 0; (id = state_next_id(act->space, KIND_warning, id)) > 0;) {
        struct record warning;
        enum err err = act_read(act, KIND_warning, id, &warning);
        if (err != OK) return act_refuse(act, err);
        if (warning_sent(&warning)) count_open(counts, &warning);
        counts->fresh += rec_num(&warning, warning_issued) >= counts->from.s;
        counts->escalated += rec_num(&warning, warning_escalated) >= counts->from.s;
        counts->lifted += rec_state(&warning) == ST_warning_lifted && rec_num(&warning, F_SINCE) >= counts->from.s;
    }
    return OK;
}

/* Begins where the last one ended, so that nothing is left out; the first looks back for one period. */
static enum err period_start(struct act *act, stamp_t *from)
{
    uint64_t last = state_last_id(act->space, KIND_digest);
    struct record digest;
    if (last == 0) {
        *from = day_start(day_add(act_today(act), -(int)act_setting(act, SET_digest_days)));
        return OK;
    }
    enum err err = act_read(act, KIND_digest, last, &digest);
    if (err != OK) return act_refuse(act, err);
    from->s = rec_num(&digest, digest_to);
    return OK;
}

static enum err set_warnings(struct act *act, struct record *digest, const struct counts *counts)
{
    unsigned count = counts->open < LIST_MAX ? (unsigned)counts->open : LIST_MAX;
    int64_t *list = arena_get(act->arena, LIST_MAX * sizeof *list);
    if (list == NULL) return act_refuse(act, ERR_MEMORY);
    for (unsigned i = 0; i < count; i++)
        list[i] = (int64_t)counts->newest[(counts->open - 1 - i) % LIST_MAX];
    if (count > 0) rec_set_list(digest, digest_warnings, list, count);
    return OK;
}

enum err rule_digest_make(struct act *act, struct change *change)
{
    struct record *digest = &change->after;
    struct counts counts = {.open = 0};
    enum err err = period_start(act, &counts.from);
    if (err == OK) err = count_warnings(act, &counts);
    if (err == OK) err = act_number(act, digest, IX_digest_serial, digest_number, "预警专报");
    if (err == OK) err = set_warnings(act, digest, &counts);
    if (err != OK) return err;
    rec_set(digest, digest_from, counts.from.s);
    rec_set(digest, digest_to, act->now.s);
    rec_set(digest, digest_count, counts.open);
    rec_set(digest, digest_yellow, counts.yellow);
    rec_set(digest, digest_red, counts.red);
    rec_set(digest, digest_overdue, counts.overdue);
    rec_set(digest, digest_fresh, counts.fresh);
    rec_set(digest, digest_lifted, counts.lifted);
    rec_set(digest, digest_escalated, counts.escalated);
    int days = (int)act_setting(act, SET_digest_read_days);
    ladder_start(act, digest, workday_after(act_calendar(act), act_today(act), days));
    return OK;
}

enum err rule_digest_read(struct act *act, struct change *change)
{
    rec_set(&change->after, digest_read_at, act->now.s);
    rec_set(&change->after, digest_reader, (int64_t)act->actor->operator);
    ladder_stop(&change->after);
    return OK;
}

/* There is nobody above the leader: an unread digest is reminded of once, then shown as overdue. */
enum err rule_digest_alarm(struct act *act, struct change *change)
{
    enum err err = rule_ladder(act, change);
    if (rec_num(&change->after, digest_rung) >= OPT_rung_overdue) ladder_stop(&change->after);
    return err;
}

/* ---- by the calendar ---- */

day_t next_digest(struct act *act, day_t after)
{
    return workday_from(act_calendar(act), day_add(after, (int)act_setting(act, SET_digest_days)));
}

enum err make_digest(struct act *act, day_t day, int64_t *made)
{
    struct change *digest;
    (void)day; /* one that was missed says how things stand when it is made */
    enum err err = act_make(act, KIND_digest, &digest);
    if (err != OK) return err;
    rec_set(&digest->after, F_STATE, ST_digest_made);
    ++*made;
    return rule_digest_make(act, digest);
}
