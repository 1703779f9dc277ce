/* bulletin.c - 通报: one for each period, numbered and sealed with the journal's head when the office's leader issues
 * it, and a receipt for each recipient. Clauses 2.9, 5.5g and 5.5h. What is written in it is the client's and the
 * clerk's. */
#include "proto/rules/bulletin.h"

#include "proto/journal.h"
#include "proto/rules/ladder.h"
#include "proto/rules/rules.h"
#include "proto/rules/schedule.h"

enum { TITLE_BYTES = 256 };

/* ---- types ---- */

/* How often a bulletin of a type comes, and what stands before and behind the period in its usual title. */
static const struct type_row {
    uint8_t months; /* of its period; 0: no period of its own, there can be several */
    const char *before, *behind;
} types[] = {
    [OPT_bulletin_monthly] = {1, "关于", "重点建设项目进展情况的通报"},
    [OPT_bulletin_issues] = {3, "关于", "重点建设项目问题挂号销号情况的通报"},
    [OPT_bulletin_half_year] = {6, "关于", "重点建设项目问题挂号销号情况的讲评通报"},
    [OPT_bulletin_commendation] = {0, "关于", "重点建设项目建设表彰情况的通报"},
    [OPT_bulletin_accountability] = {0, "关于", "重点建设项目建设责任追究情况的通报"},
    [OPT_bulletin_digest] = {0, "", "重点建设项目预警情况专报"},
};

/* The type's row; bounds were checked with the field. */
static const struct type_row *type_of(const struct record *bulletin)
{
    return &types[rec_num(bulletin, bulletin_type)];
}

unsigned bulletin_months(unsigned type)
{
    return types[type].months;
}

void str_period(struct str *out, unsigned months, month_t last)
{
    static const char *const quarters[] = {"第一季度", "第二季度", "第三季度", "第四季度"};
    int month = month_number(last);
    str_printf(out, "%d年", month_year(last));
    if (months == 3)
        str_put(out, quarters[(month - 1) / 3]);
    else if (months == 6)
        str_put(out, month <= 6 ? "上半年" : "下半年");
    else
        str_printf(out, "%d月份", month);
}

static enum err set_title(struct act *act, struct record *bulletin)
{
    char title[TITLE_BYTES];
    struct str str = str_in(title, sizeof title);
    const struct type_row *type = type_of(bulletin);
    month_t month = {(int32_t)rec_num(bulletin, bulletin_month)};
    str_put(&str, type->before);
    str_period(&str, type->months, month);
    str_put(&str, type->behind);
    const char *kept = arena_copy(act->arena, title, str.used);
    if (kept == NULL) return act_refuse(act, ERR_MEMORY);
    rec_set_text(bulletin, bulletin_title, (struct text){kept, (uint32_t)str.used});
    return OK;
}

/* ---- drafting ---- */

/* The bulletin of the type for the month that is not withdrawn, or 0. */
static uint64_t find_of_period(struct act *act, const struct record *bulletin)
{
    const struct value values[] = {number_value(rec_num(bulletin, bulletin_type)),
                                   number_value(rec_num(bulletin, bulletin_month))};
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_bulletin_period, values, 2);
    while (walk_next(&walk, &id)) {
        struct record other;
        if (act_read(act, KIND_bulletin, id, &other) == OK && rec_state(&other) != ST_bulletin_withdrawn) return id;
    }
    return 0;
}

static enum err check_figures_day(struct act *act, struct change *change)
{
    if (rec_num(&change->after, bulletin_figures_on) <= act_today(act).n) return OK;
    return act_refuse_field(act, ERR_DATE_AHEAD, change, bulletin_figures_on, 0);
}

enum err rule_bulletin_draft(struct act *act, struct change *change)
{
    struct record *bulletin = &change->after;
    month_t month = {(int32_t)rec_num(bulletin, bulletin_month)};
    unsigned months = type_of(bulletin)->months;
    char text[24];
    struct str str = str_in(text, sizeof text);
    if (month.n > month_of(act_today(act)).n) return act_refuse_field(act, ERR_MONTH_AHEAD, change, bulletin_month, 0);
    if (months > 1 && month_number(month) % (int)months != 0)
        return act_refuse_field(act, ERR_NOT_PERIOD_END, change, bulletin_month, 0);
    uint64_t other = months > 0 ? find_of_period(act, bulletin) : 0;
    if (other != 0) {
        str_printf(&str, "#%llu", (unsigned long long)other);
        act_refuse_field(act, ERR_BULLETIN_THERE, change, bulletin_month, 0);
        return refuse_text(&act->why, ERR_BULLETIN_THERE, text);
    }
    if (!rec_has(bulletin, bulletin_title)) {
        enum err err = set_title(act, bulletin);
        if (err != OK) return err;
    }
    return check_figures_day(act, change);
}

enum err rule_bulletin_revise(struct act *act, struct change *change)
{
    return check_figures_day(act, change);
}

enum err rule_bulletin_propose(struct act *act, struct change *change)
{
    unsigned count;
    rec_list(&change->after, bulletin_units, &count);
    if (count == 0 && rec_num(&change->after, bulletin_everybody) == 0)
        return act_refuse_field(act, ERR_NO_RECIPIENT, change, bulletin_units, 0);
    return rec_has(&change->after, bulletin_title) ? OK : set_title(act, &change->after);
}

/* ---- issuing ---- */

/* 各县、市、区, 各管委会, 市直各单位: not the enterprises and stations, not the city's own level, which is told in
 * copies, and not the sender. */
static bool is_addressed(const struct act *act, const struct record *unit)
{
    static const uint32_t not_to =
        1u << OPT_unit_type_city | 1u << OPT_unit_type_station | 1u << OPT_unit_type_enterprise;
    return rec_state(unit) == ST_unit_active && unit->id != act->actor->unit &&
           (not_to >> rec_num(unit, unit_type) & 1) == 0;
}

static enum err send_receipt(struct act *act, const struct record *bulletin, uint64_t unit)
{
    struct change *made;
    enum err err = act_make(act, KIND_receipt, &made);
    if (err != OK) return err;
    int days = (int)act_setting(act, SET_bulletin_read_days);
    rec_set(&made->after, F_STATE, ST_receipt_sent);
    rec_set(&made->after, receipt_bulletin, (int64_t)bulletin->id);
    rec_set(&made->after, receipt_unit, (int64_t)unit);
    ladder_start(act, &made->after, workday_after(act_calendar(act), act_today(act), days));
    return OK;
}

static enum err send_receipts(struct act *act, const struct record *bulletin)
{
    unsigned count;
    const int64_t *units = rec_list(bulletin, bulletin_units, &count);
    enum err err = OK;
    if (rec_num(bulletin, bulletin_everybody) == 0) {
        for (unsigned i = 0; i < count && err == OK; i++)
            err = send_receipt(act, bulletin, (uint64_t)units[i]);
        return err;
    }
    for (uint64_t id = 0; err == OK && (id = state_next_id(act->space, KIND_unit, id)) > 0;) {
        struct record unit;
        if ((err = act_read(act, KIND_unit, id, &unit)) != OK) return act_refuse(act, err);
        if (is_addressed(act, &unit) || rec_lists(bulletin, bulletin_units, (int64_t)id))
            err = send_receipt(act, bulletin, id);
    }
    return err;
}

/* The journal as it is before this act: printed, it proves all that the bulletin rests on. A client's view has no
 * journal and leaves it out. */
static enum err set_head(struct act *act, struct record *bulletin)
{
    struct head head;
    enum err err = journal_head(act->space, &head);
    if (err != OK) return act_refuse(act, err);
    if (head.number == 0) return OK;
    const char *kept = arena_copy(act->arena, head.hash, HASH_BYTES);
    if (kept == NULL) return act_refuse(act, ERR_MEMORY);
    rec_set(bulletin, bulletin_head, (int64_t)head.number);
    rec_set_text(bulletin, bulletin_head_hash, (struct text){kept, HASH_BYTES});
    return OK;
}

enum err rule_bulletin_issue(struct act *act, struct change *change)
{
    struct record *bulletin = &change->after;
    enum err err = act_number(act, bulletin, IX_bulletin_serial, bulletin_number, "岳重项办通");
    if (err == OK) err = set_head(act, bulletin);
    if (err != OK) return err;
    rec_set(bulletin, bulletin_issued, act->now.s);
    rec_set(bulletin, bulletin_issuer, (int64_t)act->actor->operator);
    return send_receipts(act, bulletin);
}

/* ---- receipts ---- */

enum err rule_receipt_read(struct act *act, struct change *change)
{
    struct record *receipt = &change->after;
    rec_set(receipt, receipt_read_at, act->now.s);
    rec_set(receipt, receipt_reader, (int64_t)act->actor->operator);
    if (act_today(act).n > rec_num(receipt, receipt_due)) rec_set(receipt, receipt_late, 1);
    ladder_stop(receipt);
    return OK;
}

/* Reading is asked of the unit's clerks, not of its head: reminded of once, then shown as overdue. */
enum err rule_receipt_alarm(struct act *act, struct change *change)
{
    enum err err = rule_ladder(act, change);
    if (rec_num(&change->after, receipt_rung) >= OPT_rung_overdue) ladder_stop(&change->after);
    return err;
}

/* ---- by the calendar ---- */

day_t next_bulletin_monthly(struct act *act, day_t after)
{
    return next_monthly(act, after, SET_bulletin_day);
}

day_t next_bulletin_issues(struct act *act, day_t after)
{
    month_t month = month_of(after);
    for (;; month = month_add(month, 1)) {
        day_t day = workday_from(act_calendar(act), month_first(month));
        if (month_number(month) % 3 == 1 && day.n > after.n) return day;
    }
}

/* An empty draft on the clerks' desks, unless somebody was quicker. */
static enum err draft_for(struct act *act, unsigned type, month_t month, int64_t *made)
{
    struct change *draft;
    struct record wanted = record_make(KIND_bulletin, 0);
    rec_set(&wanted, bulletin_type, type);
    rec_set(&wanted, bulletin_month, month.n);
    if (find_of_period(act, &wanted) != 0) return OK;
    enum err err = act_make(act, KIND_bulletin, &draft);
    if (err != OK) return err;
    ++*made;
    rec_set(&draft->after, F_STATE, ST_bulletin_draft);
    rec_move(&draft->after, bulletin_type, &wanted, bulletin_type);
    rec_move(&draft->after, bulletin_month, &wanted, bulletin_month);
    rec_set(&draft->after, bulletin_everybody, 1);
    return set_title(act, &draft->after);
}

enum err draft_bulletin_monthly(struct act *act, day_t day, int64_t *made)
{
    return draft_for(act, OPT_bulletin_monthly, month_add(month_of(day), -1), made);
}

/* The quarter's, and after June and December the half year's. */
enum err draft_bulletin_issues(struct act *act, day_t day, int64_t *made)
{
    month_t month = month_add(month_of(day), -1);
    enum err err = draft_for(act, OPT_bulletin_issues, month, made);
    if (err != OK || month_number(month) % 6 != 0) return err;
    return draft_for(act, OPT_bulletin_half_year, month, made);
}
