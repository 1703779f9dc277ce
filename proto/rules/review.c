/* review.c - 讲评会: planned, called, held and archived by the office, with what was said and decided about each entry
 * of its boards. Clauses 3 and 5.5: 每年9月份召开讲评会; 每半年进行一次讲评. */
#include "proto/rules/review.h"

#include "proto/rules/ladder.h"
#include "proto/rules/rules.h"
#include "proto/rules/schedule.h"

enum { HALF_YEAR = 6, MONTHS_MAX = 24, TOLD_MAX = 512, TEXT_BYTES = 1200 };

static day_t day_in(const struct record *record, unsigned position)
{
    return (day_t){(int32_t)rec_num(record, position)};
}

static bool stands(const struct record *item)
{
    unsigned state = rec_state(item);
    return state == ST_review_item_proposed || state == ST_review_item_confirmed || state == ST_review_item_shown;
}

enum err each_review_item(struct act *act, uint64_t meeting, review_item_fn *fn, void *self)
{
    struct value value = number_value((int64_t)meeting);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, act->space, IX_review_item_meeting, &value, 1);
    while (walk_next(&walk, &id)) {
        struct change *item;
        enum err err = act_touch(act, KIND_review_item, id, &item);
        if (err == OK && stands(&item->after)) err = fn(act, &item->after, self);
        if (err != OK) return err;
    }
    return OK;
}

/* ---- planning ---- */

/* Without months of its own it reviews the six before the meeting. */
static enum err set_period(struct act *act, struct change *change)
{
    struct record *after = &change->after;
    day_t day = rec_has(after, review_meeting_day) ? day_in(after, review_meeting_day) : act_today(act);
    if (!rec_has(after, review_meeting_to)) rec_set(after, review_meeting_to, month_add(month_of(day), -1).n);
    int64_t to = rec_num(after, review_meeting_to);
    if (!rec_has(after, review_meeting_from)) rec_set(after, review_meeting_from, to - HALF_YEAR + 1);
    int64_t from = rec_num(after, review_meeting_from);
    if (to > month_of(act_today(act)).n) return act_refuse_field(act, ERR_MONTH_AHEAD, change, review_meeting_to, 0);
    if (from > to) return act_refuse_field(act, ERR_DATE_ORDER, change, review_meeting_to, 0);
    if (to - from >= MONTHS_MAX)
        return act_refuse_field(act, ERR_TOO_SMALL, change, review_meeting_from, to - MONTHS_MAX + 1);
    return OK;
}

static enum err check_day(struct act *act, const struct change *change)
{
    bool past = rec_has(&change->after, review_meeting_day) && act_changes(change, review_meeting_day) &&
                day_in(&change->after, review_meeting_day).n < act_today(act).n;
    return past ? act_refuse_field(act, ERR_DATE_PAST, change, review_meeting_day, 0) : OK;
}

enum err rule_review_plan(struct act *act, struct change *change)
{
    enum err err = check_day(act, change);
    if (err == OK) err = set_period(act, change);
    rec_set(&change->after, review_meeting_live, 1);
    return err;
}

enum err rule_review_propose(struct act *act, struct change *change)
{
    return propose_boards(act, &change->after);
}

/* ---- telling the units ---- */

struct told {
    const struct record *meeting;
    struct text text;
    day_t due;
    unsigned count;
    int64_t units[TOLD_MAX];
};

/* A reminder for the unit, on its desk until it has taken note; each once. */
static enum err tell(struct act *act, struct record *item, void *self)
{
    struct told *told = self;
    struct change *made;
    int64_t unit = rec_num(item, review_item_subject);
    for (unsigned i = 0; i < told->count; i++)
        if (told->units[i] == unit) return OK;
    if (told->count < TOLD_MAX) told->units[told->count++] = unit;
    enum err err = act_make(act, KIND_urging, &made);
    if (err != OK) return err;
    rec_set(&made->after, F_STATE, ST_urging_sent);
    rec_set(&made->after, urging_subject, unit);
    rec_set(&made->after, urging_matter, OPT_matter_review);
    rec_set(&made->after, urging_due, told->due.n);
    rec_set_text(&made->after, urging_text, told->text);
    return OK;
}

/* When, where and under whom; behind the reason when it was called off. */
static enum err word_call(struct act *act, const struct record *meeting, struct told *told)
{
    char line[TEXT_BYTES];
    struct str str = str_in(line, sizeof line);
    bool off = rec_state(meeting) == ST_review_meeting_cancelled;
    str_put(&str, off ? "讲评会取消：" : "讲评会：");
    if (off)
        str_text(&str, rec_text(meeting, review_meeting_reason));
    else {
        str_day(&str, day_in(meeting, review_meeting_day));
        str_put(&str, " ");
        str_text(&str, rec_text(meeting, review_meeting_hour));
        str_put(&str, "，");
        str_text(&str, rec_text(meeting, review_meeting_venue));
        str_put(&str, "，主持人");
        str_text(&str, rec_text(meeting, review_meeting_chair));
    }
    const char *kept = arena_copy(act->arena, line, str.used);
    if (kept == NULL) return act_refuse(act, ERR_MEMORY);
    told->text = (struct text){kept, (uint32_t)str.used};
    told->due = off ? act_today(act) : day_in(meeting, review_meeting_day);
    return OK;
}

/* Everybody who stands on a board hears of the meeting, not of what is on the boards. */
static enum err tell_units(struct act *act, const struct record *meeting)
{
    struct told *told = arena_get(act->arena, sizeof *told);
    if (told == NULL) return act_refuse(act, ERR_MEMORY);
    enum err err = word_call(act, meeting, told);
    return err == OK ? each_review_item(act, meeting->id, tell, told) : err;
}

enum err rule_review_change(struct act *act, struct change *change)
{
    enum err err = check_day(act, change);
    if (err != OK || rec_state(&change->after) != ST_review_meeting_called) return err;
    for (unsigned i = review_meeting_day; i <= review_meeting_chair; i++)
        if (!rec_has(&change->after, i)) return act_refuse_field(act, ERR_NEEDED, change, i, 0);
    return tell_units(act, &change->after);
}

struct counted {
    int64_t all, unconfirmed;
};

static enum err count(struct act *act, struct record *item, void *self)
{
    struct counted *counted = self;
    (void)act;
    counted->all++;
    counted->unconfirmed +=
        rec_num(item, review_item_board) == OPT_board_exposure && rec_state(item) == ST_review_item_proposed;
    return OK;
}

/* Nobody is exposed whom the office has not looked at (practice: 曝光须经市项目办确认). */
static enum err check_boards(struct act *act, const struct record *meeting)
{
    struct counted counted = {0, 0};
    enum err err = each_review_item(act, meeting->id, count, &counted);
    if (err != OK) return err;
    if (counted.all == 0) return act_refuse(act, ERR_BOARDS_EMPTY);
    if (counted.unconfirmed == 0) return OK;
    act_refuse(act, ERR_UNCONFIRMED);
    act->why.number = counted.unconfirmed;
    return ERR_UNCONFIRMED;
}

enum err rule_review_call(struct act *act, struct change *change)
{
    if (day_in(&change->after, review_meeting_day).n < act_today(act).n)
        return act_refuse_field(act, ERR_DATE_PAST, change, review_meeting_day, 0);
    enum err err = check_boards(act, &change->after);
    return err == OK ? tell_units(act, &change->after) : err;
}

/* ---- holding, archiving ---- */

static enum err set_state(struct act *act, struct record *item, void *self)
{
    (void)act;
    rec_set(item, F_STATE, *(int64_t *)self);
    return OK;
}

static enum err move_items(struct act *act, const struct record *meeting, int64_t state)
{
    return each_review_item(act, meeting->id, set_state, &state);
}

enum err rule_review_hold(struct act *act, struct change *change)
{
    if (day_in(&change->after, review_meeting_day).n > act_today(act).n)
        return act_refuse_field(act, ERR_DATE_AHEAD, change, review_meeting_day, 0);
    enum err err = check_boards(act, &change->after);
    return err == OK ? move_items(act, &change->after, ST_review_item_shown) : err;
}

enum err rule_review_archive(struct act *act, struct change *change)
{
    return move_items(act, &change->after, ST_review_item_archived);
}

/* Those who were called are told that it does not take place. */
enum err rule_review_cancel(struct act *act, struct change *change)
{
    bool called = rec_state(&change->before) == ST_review_meeting_called;
    enum err err = called ? tell_units(act, &change->after) : OK;
    rec_unset(&change->after, review_meeting_live);
    return err == OK ? move_items(act, &change->after, ST_review_item_dropped) : err;
}

/* ---- the entries ---- */

enum err rule_review_edit(struct act *act, struct change *change)
{
    struct record meeting;
    enum err err = act_read(act, KIND_review_meeting, (uint64_t)rec_num(&change->after, review_item_meeting), &meeting);
    if (err != OK) return act_refuse(act, err);
    unsigned state = rec_state(&meeting);
    bool open =
        state == ST_review_meeting_planned || state == ST_review_meeting_ready || state == ST_review_meeting_called;
    return open ? OK : act_refuse_field(act, ERR_REVIEW_OVER, change, review_item_meeting, 0);
}

/* Puts an entry at its place on its board, the last one without a place of its own; the others close up. */
static enum err place(struct act *act, struct record *item, int64_t wanted)
{
    struct value values[] = {number_value(rec_num(item, review_item_meeting)),
                             number_value(rec_num(item, review_item_board))};
    struct walk walk;
    uint64_t id;
    int64_t at = 1;
    walk_start(&walk, act->space, IX_review_item_meeting, values, 2);
    while (walk_next(&walk, &id)) {
        struct change *other;
        if (id == item->id) continue;
        enum err err = act_touch(act, KIND_review_item, id, &other);
        if (err != OK) return err;
        if (!stands(&other->after)) continue;
        if (at == wanted) at++;
        rec_set(&other->after, review_item_order, at++);
    }
    rec_set(item, review_item_order, wanted > 0 && wanted < at ? wanted : at);
    return OK;
}

/* Put there by hand it needs no further word; one who was not called yet is. */
enum err rule_review_add(struct act *act, struct change *change)
{
    struct record meeting, *item = &change->after;
    enum err err = rule_review_edit(act, change);
    if (err != OK) return err;
    rec_set(item, review_item_ground, OPT_ground_other);
    if ((err = place(act, item, rec_num(item, review_item_order))) != OK) return err;
    err = act_read(act, KIND_review_meeting, (uint64_t)rec_num(item, review_item_meeting), &meeting);
    if (err != OK) return act_refuse(act, err);
    if (rec_state(&meeting) != ST_review_meeting_called) return OK;
    struct told *told = arena_get(act->arena, sizeof *told);
    if (told == NULL) return act_refuse(act, ERR_MEMORY);
    err = word_call(act, &meeting, told);
    return err == OK ? tell(act, item, told) : err;
}

/* In the office's own words it is confirmed; on another board it comes last. */
enum err rule_review_reword(struct act *act, struct change *change)
{
    enum err err = rule_review_edit(act, change);
    return err == OK && act_changes(change, review_item_board) ? place(act, &change->after, 0) : err;
}

enum err rule_review_move(struct act *act, struct change *change)
{
    enum err err = rule_review_edit(act, change);
    return err == OK ? place(act, &change->after, rec_num(&change->after, review_item_order)) : err;
}

/* ---- what follows from an entry ---- */

/* Many see only the columns of an entry by themselves: one that changes tells their pages to fetch the words anew. */
enum err rule_review_note(struct act *act, struct change *change)
{
    rec_set(&change->after, review_item_noted, act->now.s);
    return OK;
}

static enum err check_not_handed(struct act *act, const struct change *change)
{
    unsigned to = rec_has(&change->before, review_item_issue) ? review_item_issue : review_item_decision;
    return rec_has(&change->before, to) ? act_refuse_field(act, ERR_HANDED_ON, change, to, 0) : OK;
}

enum err rule_review_decide(struct act *act, struct change *change)
{
    struct record *item = &change->after;
    enum err err = check_not_handed(act, change);
    if (err != OK) return err;
    if (!rec_has(item, review_item_executor)) rec_move(item, review_item_executor, item, review_item_subject);
    if (day_in(item, review_item_until).n < act_today(act).n)
        return act_refuse_field(act, ERR_DATE_PAST, change, review_item_until, 0);
    return OK;
}

/* An issue is collected for the project, in the words of what was decided, or else of the board. */
enum err rule_review_raise(struct act *act, struct change *change)
{
    struct record *item = &change->after;
    struct change *issue;
    enum err err = check_not_handed(act, change);
    if (err != OK) return err;
    if (!rec_has(item, review_item_project))
        return act_refuse_field(act, ERR_NO_PROJECT, change, review_item_project, 0);
    if ((err = act_make(act, KIND_issue, &issue)) != OK) return err;
    rec_set(&issue->after, F_STATE, ST_issue_collected);
    rec_move(&issue->after, issue_project, item, review_item_project);
    rec_move(&issue->after, issue_text, item,
             rec_has(item, review_item_measure) ? review_item_measure : review_item_text);
    rec_set(&issue->after, issue_raised_by, (int64_t)act->actor->unit);
    rec_set(&issue->after, issue_review, (int64_t)item->id);
    rec_set(item, review_item_issue, (int64_t)issue->after.id);
    return OK;
}

/* A decision of the office's own, with its unit and its day, on the ladder like those of dispatch. */
enum err rule_review_assign(struct act *act, struct change *change)
{
    struct record *item = &change->after;
    struct change *decision;
    enum err err = check_not_handed(act, change);
    if (err != OK) return err;
    if (!rec_has(item, review_item_measure))
        return act_refuse_field(act, ERR_NOT_DECIDED, change, review_item_measure, 0);
    if (day_in(item, review_item_until).n < act_today(act).n)
        return act_refuse_field(act, ERR_DATE_PAST, change, review_item_until, 0);
    if ((err = act_make(act, KIND_decision, &decision)) != OK) return err;
    rec_set(&decision->after, F_STATE, ST_decision_set);
    rec_set(&decision->after, decision_caller, (int64_t)act->actor->unit);
    rec_move(&decision->after, decision_subject, item, review_item_executor);
    rec_move(&decision->after, decision_task, item, review_item_measure);
    rec_set(&decision->after, decision_review, (int64_t)item->id);
    ladder_start(act, &decision->after, day_in(item, review_item_until));
    rec_set(item, review_item_decision, (int64_t)decision->after.id);
    return OK;
}

/* ---- by the calendar ---- */

/* The first working day of March and of September. */
day_t next_review(struct act *act, day_t after)
{
    for (month_t month = month_of(after);; month = month_add(month, 1)) {
        if (month_number(month) % HALF_YEAR != 3) continue;
        day_t day = workday_from(act_calendar(act), month_first(month));
        if (day.n > after.n) return day;
    }
}

/* Prepared with its boards as of that day; the office edits them, and says when and where it is. */
enum err prepare_review(struct act *act, day_t day, int64_t *made)
{
    struct change *meeting;
    month_t to = month_add(month_of(day), -1);
    struct value values[] = {number_value(to.n), number_value(1)};
    if (state_find(act->space, IX_review_meeting_to, values, 2) != 0) return OK; /* the office was first */
    enum err err = act_make(act, KIND_review_meeting, &meeting);
    if (err != OK) return err;
    rec_set(&meeting->after, F_STATE, ST_review_meeting_ready);
    rec_set(&meeting->after, review_meeting_live, 1);
    rec_set(&meeting->after, review_meeting_to, to.n);
    rec_set(&meeting->after, review_meeting_from, to.n - HALF_YEAR + 1);
    ++*made;
    return propose_boards(act, &meeting->after);
}
