/* review_boards.c - what a rule puts on the three boards of a review meeting, and the sentence that says why: one row
 * for each ground. Clause 3: 典型推介台、问题曝光台、工作讲评台. The sentences are in the language of the records. */
#include "proto/number.h"
#include "proto/rules/review.h"
#include "proto/rules/review_figures.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES = 1600, KNOWN_MAX = 1024 };

/* ---- the grounds ---- */

/* How strongly something stands on a ground; 0: not at all. */
typedef int64_t weight_fn(const struct figures *figures);

static int64_t all_on_time(const struct figures *figures)
{
    return figures->of[FIG_ON_TIME] == figures->of[FIG_OWED] ? figures->of[FIG_OWED] : 0;
}

static int64_t is_ahead(const struct figures *figures)
{
    return figures->of[FIG_GREEN] > 0 && figures->of[FIG_SHARE] > 1000 ? figures->of[FIG_SHARE] : 0;
}

static int64_t all_satisfied(const struct figures *figures)
{
    return figures->of[FIG_SOLVED_LATE] == 0 && figures->of[FIG_SENT_BACK] == 0 ? figures->of[FIG_SOLVED] : 0;
}

static int64_t is_red(const struct figures *figures)
{
    return figures->of[FIG_RED] > 0 ? 1001 - figures->of[FIG_SHARE] : 0;
}

static int64_t is_late(const struct figures *figures)
{
    return figures->of[FIG_IN_LATE] + figures->of[FIG_NOT_IN];
}

static int64_t is_overdue(const struct figures *figures)
{
    return figures->of[FIG_OVERDUE];
}

static int64_t is_silent(const struct figures *figures)
{
    return figures->of[FIG_UNANSWERED];
}

static int64_t has_visited(const struct figures *figures)
{
    return figures->of[FIG_VISITS];
}

static int64_t has_charged(const struct figures *figures)
{
    return figures->of[FIG_FEES];
}

static int64_t has_projects(const struct figures *figures)
{
    return figures->of[FIG_PROJECTS];
}

enum whose { OF_UNIT, OF_PROJECT, OF_LEAD };

#define PERIOD "{from}至{to}"
#define STANDING \
    "绿灯{green}个、黄灯{yellow}个、红灯{red}个；累计完成投资{invested}万元，为同期计划的{share}；应报月报{owed}份，" \
    "按时{on_time}份、迟报{in_late}份、未报{not_in}份、退回待报{returned}份"

static const struct ground {
    uint8_t board, ground, whose;
    weight_fn *weight;
    const char *sentence;
} grounds[] = {
    {OPT_board_typical, OPT_ground_on_time, OF_UNIT, all_on_time, PERIOD "应报月报{owed}份，全部按时报送。"},
    {OPT_board_typical, OPT_ground_ahead, OF_PROJECT, is_ahead,
     "截至{upto}，本年累计完成投资{invested}万元，为同期计划{planned}万元的{share}，进度超前。"},
    {OPT_board_typical, OPT_ground_satisfied, OF_UNIT, all_satisfied,
     PERIOD "办结销号挂号问题{solved}件，全部按期办结，项目业主或责任单位签署满意意见。"},
    {OPT_board_exposure, OPT_ground_red, OF_PROJECT, is_red,
     "截至{upto}，本年累计完成投资{invested}万元，仅为同期计划{planned}万元的{share}，进度红灯。"},
    {OPT_board_exposure, OPT_ground_report_late, OF_UNIT, is_late,
     PERIOD "应报月报{owed}份，迟报{in_late}份，逾期未报{not_in}份。"},
    {OPT_board_exposure, OPT_ground_assignment, OF_UNIT, is_overdue,
     "交办问题逾期未办结{overdue}件，最长逾期{overdue_days}天。"},
    {OPT_board_exposure, OPT_ground_warning, OF_UNIT, is_silent,
     "预警逾期未答复{unanswered}件，最长逾期{unanswered_days}天。"},
    {OPT_board_exposure, OPT_ground_visit, OF_UNIT, has_visited, PERIOD "未经备案进场检查{visits}次。"},
    {OPT_board_exposure, OPT_ground_fee, OF_UNIT, has_charged,
     PERIOD "高于下限或应免未免收费{fees}笔，共{fee_sum}元。"},
    {OPT_board_review, OPT_ground_unit, OF_UNIT, has_projects,
     "负责项目{projects}个，" STANDING "；在办挂号问题{issues}件，未解除预警{warnings}件。"},
    {OPT_board_review, OPT_ground_lead, OF_LEAD, has_projects, "牵头项目{projects}个，" STANDING "。"},
};

/* ---- the sentences ---- */

enum form { COUNT, WAN, YUAN, SHARE, MONTH };

static const struct {
    const char *name;
    enum form form;
} figure_rows[FIGURES] = {
    [FIG_PROJECTS] = {"projects", COUNT},
    [FIG_GREEN] = {"green", COUNT},
    [FIG_YELLOW] = {"yellow", COUNT},
    [FIG_RED] = {"red", COUNT},
    [FIG_INVESTED] = {"invested", WAN},
    [FIG_PLANNED] = {"planned", WAN},
    [FIG_SHARE] = {"share", SHARE},
    [FIG_UPTO] = {"upto", MONTH},
    [FIG_OWED] = {"owed", COUNT},
    [FIG_ON_TIME] = {"on_time", COUNT},
    [FIG_IN_LATE] = {"in_late", COUNT},
    [FIG_NOT_IN] = {"not_in", COUNT},
    [FIG_RETURNED] = {"returned", COUNT},
    [FIG_ISSUES] = {"issues", COUNT},
    [FIG_SOLVED] = {"solved", COUNT},
    [FIG_SOLVED_LATE] = {"solved_late", COUNT},
    [FIG_SENT_BACK] = {"sent_back", COUNT},
    [FIG_OVERDUE] = {"overdue", COUNT},
    [FIG_OVERDUE_DAYS] = {"overdue_days", COUNT},
    [FIG_WARNINGS] = {"warnings", COUNT},
    [FIG_UNANSWERED] = {"unanswered", COUNT},
    [FIG_UNANSWERED_DAYS] = {"unanswered_days", COUNT},
    [FIG_VISITS] = {"visits", COUNT},
    [FIG_FEES] = {"fees", COUNT},
    [FIG_FEE_SUM] = {"fee_sum", YUAN},
    [FIG_FROM] = {"from", MONTH},
    [FIG_TO] = {"to", MONTH},
};

static void put_figure(struct str *str, enum form form, int64_t number)
{
    month_t month = {(int32_t)number};
    switch (form) {
    case COUNT: str_number(str, number); break;
    case WAN: str_scaled(str, number, FEN_PER_WAN, 2); break;
    case YUAN: str_scaled(str, number, FEN_PER_YUAN, 2); break;
    case SHARE:
        str_scaled(str, number, 10, 1);
        str_put(str, "%");
        break;
    case MONTH: str_printf(str, "%d年%d月", month_year(month), month_number(month)); break;
    }
}

static void put_named(struct str *str, struct text name, const struct figures *figures)
{
    for (unsigned i = 0; i < FIGURES; i++)
        if (text_equal(name, text_of(figure_rows[i].name))) put_figure(str, figure_rows[i].form, figures->of[i]);
}

static void put_sentence(struct str *str, const char *sentence, const struct figures *figures)
{
    for (const char *at = sentence; *at != '\0';) {
        size_t plain = strcspn(at, "{");
        str_text(str, (struct text){at, (uint32_t)plain});
        at += plain;
        if (*at == '\0') break;
        size_t named = strcspn(at, "}");
        put_named(str, (struct text){at + 1, (uint32_t)(named - 1)}, figures);
        at += named + 1;
    }
}

static enum err set_texts(struct act *act, struct record *item, const struct ground *ground,
                          const struct figures *figures)
{
    char line[TEXT_BYTES];
    struct str str = str_in(line, sizeof line);
    const struct cited *cited = figures->cited[ground->ground];
    put_sentence(&str, ground->sentence, figures);
    const char *kept = arena_copy(act->arena, line, str.used);
    if (kept == NULL) return act_refuse(act, ERR_MEMORY);
    rec_set_text(item, review_item_text, (struct text){kept, (uint32_t)str.used});
    rec_unset(item, review_item_evidence);
    if (cited == NULL) return OK;
    str = str_in(line, sizeof line);
    str_text(&str, (struct text){cited->text, (uint32_t)cited->str.used});
    if (cited->count > CITED_MAX) str_printf(&str, "等%u项", cited->count);
    if ((kept = arena_copy(act->arena, line, str.used)) == NULL) return act_refuse(act, ERR_MEMORY);
    rec_set_text(item, review_item_evidence, (struct text){kept, (uint32_t)str.used});
    return OK;
}

/* ---- the entries ---- */

/* What stood on the boards before, and where the next one comes. */
struct boards {
    struct act *act;
    struct record *meeting;
    struct survey survey;
    int64_t next[OPT_board_review + 1];
    unsigned count;
    struct known {
        struct change *change;
        bool holds;
    } known[KNOWN_MAX];
};

static enum err read_known(struct boards *boards)
{
    struct value value = number_value((int64_t)boards->meeting->id);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, boards->act->space, IX_review_item_meeting, &value, 1);
    while (walk_next(&walk, &id) && boards->count < KNOWN_MAX) {
        struct known *known = &boards->known[boards->count++];
        enum err err = act_touch(boards->act, KIND_review_item, id, &known->change);
        if (err != OK) return err;
        const struct record *item = &known->change->after;
        int64_t board = rec_num(item, review_item_board);
        if (board <= OPT_board_review && rec_num(item, review_item_order) > boards->next[board])
            boards->next[board] = rec_num(item, review_item_order);
    }
    return OK;
}

/* The rule took it off itself when its figures no longer held: it may come again. */
static bool fell_away(const struct record *item)
{
    return rec_state(item) == ST_review_item_dropped && !rec_has(item, review_item_reason);
}

static struct known *find_known(struct boards *boards, const struct ground *ground, const struct figures *figures)
{
    for (unsigned i = 0; i < boards->count; i++) {
        const struct record *item = &boards->known[i].change->after;
        bool same = rec_num(item, review_item_ground) == ground->ground &&
                    rec_num(item, review_item_subject) == (int64_t)figures->unit &&
                    rec_num(item, review_item_project) == (int64_t)figures->project;
        if (same && !fell_away(item)) return &boards->known[i];
    }
    return NULL;
}

static enum err propose(struct boards *boards, const struct ground *ground, const struct figures *figures)
{
    struct known *known = find_known(boards, ground, figures);
    struct change *made;
    if (known != NULL) {
        struct record *item = &known->change->after;
        known->holds = true;
        return rec_state(item) == ST_review_item_proposed ? set_texts(boards->act, item, ground, figures) : OK;
    }
    enum err err = act_make(boards->act, KIND_review_item, &made);
    if (err != OK) return err;
    struct record *item = &made->after;
    rec_set(item, F_STATE, ST_review_item_proposed);
    rec_set(item, review_item_meeting, (int64_t)boards->meeting->id);
    rec_set(item, review_item_board, ground->board);
    rec_set(item, review_item_order, ++boards->next[ground->board]);
    rec_set(item, review_item_subject, (int64_t)figures->unit);
    if (figures->project != 0) rec_set(item, review_item_project, (int64_t)figures->project);
    rec_set(item, review_item_ground, ground->ground);
    return set_texts(boards->act, item, ground, figures);
}

struct candidate {
    int64_t weight;
    const struct figures *figures;
};

static int by_weight(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->weight != b->weight) return a->weight > b->weight ? -1 : 1;
    if (a->figures->unit != b->figures->unit) return a->figures->unit < b->figures->unit ? -1 : 1;
    return (a->figures->project > b->figures->project) - (a->figures->project < b->figures->project);
}

static enum whose whose(const struct figures *figures)
{
    return figures->project != 0 ? OF_PROJECT : figures->lead ? OF_LEAD : OF_UNIT;
}

/* The farthest first. The boards of examples and exposures take so many of each ground, the review takes everybody. */
static enum err propose_ground(struct boards *boards, const struct ground *ground, struct candidate *candidates,
                               int64_t *left)
{
    size_t count = 0;
    int64_t most = act_setting(boards->act, SET_review_most);
    for (unsigned i = 0; i < boards->survey.count; i++) {
        const struct figures *figures = &boards->survey.at[i];
        int64_t weight = whose(figures) == ground->whose ? ground->weight(figures) : 0;
        if (weight > 0) candidates[count++] = (struct candidate){weight, figures};
    }
    qsort(candidates, count, sizeof *candidates, by_weight);
    if (ground->board == OPT_board_review) most = (int64_t)count;
    for (size_t i = 0; i < count && (int64_t)i < most; i++) {
        enum err err = propose(boards, ground, candidates[i].figures);
        if (err != OK) return err;
    }
    if ((int64_t)count > most) *left += (int64_t)count - most;
    return OK;
}

/* What was only proposed and does not hold any more falls away. */
static int64_t settle_known(struct boards *boards)
{
    int64_t proposed = 0;
    for (unsigned i = 0; i < boards->count; i++) {
        struct record *item = &boards->known[i].change->after;
        if (rec_state(item) != ST_review_item_proposed) continue;
        if (!boards->known[i].holds) rec_set(item, F_STATE, ST_review_item_dropped);
        proposed += boards->known[i].holds;
    }
    return proposed;
}

enum err propose_boards(struct act *act, struct record *meeting)
{
    struct boards *boards = arena_get(act->arena, sizeof *boards);
    month_t from = {(int32_t)rec_num(meeting, review_meeting_from)},
            to = {(int32_t)rec_num(meeting, review_meeting_to)};
    int64_t left = 0;
    if (boards == NULL) return act_refuse(act, ERR_MEMORY);
    boards->act = act;
    boards->meeting = meeting;
    enum err err = read_known(boards);
    if (err == OK) err = survey_registry(act, from, to, &boards->survey);
    if (err != OK) return err;
    struct candidate *candidates = arena_get(act->arena, (boards->survey.count + 1) * sizeof *candidates);
    if (candidates == NULL) return act_refuse(act, ERR_MEMORY);
    unsigned before = act->change_count;
    for (size_t i = 0; i < sizeof grounds / sizeof *grounds && err == OK; i++)
        err = propose_ground(boards, &grounds[i], candidates, &left);
    rec_set(meeting, review_meeting_found, settle_known(boards) + act->change_count - before);
    rec_set(meeting, review_meeting_left, left);
    return err;
}
