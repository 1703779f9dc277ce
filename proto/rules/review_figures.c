/* review_figures.c - see review_figures.h. One pass over each kind that a review looks at. */
#include "proto/rules/review_figures.h"

#include "proto/number.h"
#include "proto/owed.h"
#include "proto/progress.h"
#include "proto/rules/warning.h"

enum { SCRATCH_BYTES = 8 << 20 };

struct tour {
    struct act *act;
    struct survey *survey;
    struct arena scratch; /* of the record being looked at */
    month_t from, to;
    day_t first, last, today;
    struct cited sink; /* for what is not named any more */
};

/* ---- figures and what they rest on ---- */

static struct figures *add_figures(struct tour *tour, uint64_t unit, uint64_t project, bool lead)
{
    struct survey *survey = tour->survey;
    if (survey->count == survey->most) return NULL;
    struct figures *figures = &survey->at[survey->count++];
    *figures = (struct figures){.unit = unit, .project = project, .lead = lead};
    figures->of[FIG_FROM] = tour->from.n;
    figures->of[FIG_TO] = tour->to.n;
    return figures;
}

/* The unit's figures, NULL for no unit; there is room for each unit twice, and for each project. */
static struct figures *of_unit(struct tour *tour, int64_t unit, bool lead)
{
    if (unit == 0) return NULL;
    for (unsigned i = 0; i < tour->survey->count; i++) {
        struct figures *figures = &tour->survey->at[i];
        if (figures->unit == (uint64_t)unit && figures->project == 0 && figures->lead == lead) return figures;
    }
    return add_figures(tour, (uint64_t)unit, 0, lead);
}

/* Where the next record behind a figure is named. */
static struct str *cite(struct tour *tour, struct figures *figures, unsigned ground)
{
    struct cited **at = &figures->cited[ground];
    if (*at == NULL && (*at = arena_get(tour->act->arena, sizeof **at)) != NULL)
        (*at)->str = str_in((*at)->text, sizeof(*at)->text);
    struct cited *cited = *at != NULL && (*at)->count < CITED_MAX ? *at : &tour->sink;
    if (*at != NULL) (*at)->count++;
    if (cited == &tour->sink) cited->str = str_in(cited->text, sizeof cited->text);
    if (cited->str.used > 0) str_put(&cited->str, "；");
    return &cited->str;
}

static struct text code_of(struct tour *tour, int64_t project)
{
    struct record record;
    if (state_get(tour->act->space, KIND_project, (uint64_t)project, &tour->scratch, &record) != OK) return text_of("");
    return rec_text(&record, project_code);
}

static void cite_project(struct tour *tour, struct figures *figures, unsigned ground, const struct record *project)
{
    struct str *at = cite(tour, figures, ground);
    if (ground == OPT_ground_unit) str_put(at, "红灯 ");
    str_text(at, rec_text(project, project_code));
    str_put(at, " ");
    str_text(at, rec_text(project, project_name));
}

/* ---- projects and their reports ---- */

static void count_progress(struct figures *figures, const struct progress *progress)
{
    static const uint8_t lights[] = {[LIGHT_GREEN] = FIG_GREEN, [LIGHT_YELLOW] = FIG_YELLOW, [LIGHT_RED] = FIG_RED};
    figures->of[FIG_PROJECTS]++;
    if (progress->light == LIGHT_UNKNOWN) return;
    figures->of[lights[progress->light]]++;
    figures->of[FIG_INVESTED] += progress->invested;
    figures->of[FIG_PLANNED] += progress->planned;
    figures->of[FIG_SHARE] = per_mille(figures->of[FIG_INVESTED], figures->of[FIG_PLANNED]);
    if (progress->upto.n > figures->of[FIG_UPTO]) figures->of[FIG_UPTO] = progress->upto.n;
}

/* How a paper stands; what is not due yet says nothing. */
static void count_paper(struct tour *tour, unsigned kind, uint64_t of, struct text name, month_t month,
                        struct figures *units[2])
{
    struct record found;
    const struct space *space = tour->act->space;
    const struct record *paper = NULL;
    if (paper_find(space, kind, of, month, &tour->scratch, &found) == OK) paper = &found;
    enum standing standing =
        paper_standing(space, act_calendar(tour->act), paper, month, tour->act->now, &tour->scratch);
    static const uint8_t counted[] = {
        [STANDING_ON_TIME] = FIG_ON_TIME, [STANDING_IN_LATE] = FIG_IN_LATE, [STANDING_LATE] = FIG_NOT_IN,
        [STANDING_MISSING] = FIG_NOT_IN,  [STANDING_RETURNED] = FIG_OWED,   [STANDING_HIDDEN] = FIG_OWED};
    if (standing == STANDING_NOT_DUE) return;
    for (unsigned i = 0; i < 2; i++) {
        if (units[i] == NULL) continue;
        units[i]->of[FIG_OWED]++;
        if (counted[standing] == FIG_OWED) continue; /* sent back: neither */
        units[i]->of[counted[standing]]++;
        if (counted[standing] == FIG_ON_TIME) continue;
        struct str *at = cite(tour, units[i], OPT_ground_report_late);
        str_text(at, name);
        str_put(at, " ");
        str_month(at, month);
        str_put(at, counted[standing] == FIG_NOT_IN ? " 未报" : " 迟报");
    }
}

static bool goes_on(const struct record *project)
{
    unsigned state = rec_state(project);
    return state == ST_project_signed || state == ST_project_preliminary || state == ST_project_construction;
}

static void look_at_project(struct tour *tour, const struct record *project)
{
    struct progress progress;
    struct figures *units[2] = {of_unit(tour, rec_num(project, project_responsible), false),
                                of_unit(tour, rec_num(project, project_lead), true)};
    for (month_t month = tour->from; month.n <= tour->to.n; month = month_add(month, 1))
        if (project_owes(project, month))
            count_paper(tour, KIND_report, project->id, rec_text(project, project_code), month, units);
    if (!goes_on(project)) return;
    progress_of(tour->act->space, project, &tour->scratch, &progress);
    for (unsigned i = 0; i < 2; i++)
        if (units[i] != NULL) count_progress(units[i], &progress);
    if (units[0] != NULL && progress.light == LIGHT_RED) cite_project(tour, units[0], OPT_ground_unit, project);
    if (progress.light != LIGHT_RED && progress.light != LIGHT_GREEN) return;
    struct figures *own = add_figures(tour, (uint64_t)rec_num(project, project_responsible), project->id, false);
    if (own == NULL) return;
    count_progress(own, &progress);
    cite_project(tour, own, progress.light == LIGHT_RED ? OPT_ground_red : OPT_ground_ahead, project);
}

/* A unit's own return is owed for a month in which one of its projects owes a report. */
static bool unit_owes(struct tour *tour, uint64_t unit, month_t month)
{
    struct value value = number_value((int64_t)unit);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, tour->act->space, IX_project_responsible, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record project;
        if (state_get(tour->act->space, KIND_project, id, &tour->scratch, &project) != OK) continue;
        if (project_owes(&project, month)) return true;
    }
    return false;
}

static void look_at_returns(struct tour *tour, struct figures *figures)
{
    struct figures *units[2] = {figures, NULL};
    for (month_t month = tour->from; month.n <= tour->to.n; month = month_add(month, 1)) {
        if (unit_owes(tour, figures->unit, month))
            count_paper(tour, KIND_unit_return, figures->unit, text_of("单位月报"), month, units);
        arena_reuse(&tour->scratch);
    }
}

/* ---- issues, warnings, what departments did at sites ---- */

static bool in_period(const struct tour *tour, day_t day)
{
    return day.n >= tour->first.n && day.n <= tour->last.n;
}

static day_t since(const struct record *record)
{
    return stamp_day((stamp_t){rec_num(record, F_SINCE)});
}

static void look_at_issue(struct tour *tour, const struct record *issue)
{
    static const uint32_t open =
        1u << ST_issue_registered | 1u << ST_issue_assigned | 1u << ST_issue_requested | 1u << ST_issue_satisfied;
    struct record project;
    if ((open >> rec_state(issue) & 1) == 0) return;
    uint64_t id = (uint64_t)rec_num(issue, issue_project);
    if (state_get(tour->act->space, KIND_project, id, &tour->scratch, &project) != OK) return;
    struct figures *figures = of_unit(tour, rec_num(&project, project_responsible), false);
    if (figures != NULL) figures->of[FIG_ISSUES]++;
}

static void cite_issue(struct tour *tour, struct figures *figures, unsigned ground, const struct record *assignment)
{
    struct record issue;
    struct str *at = cite(tour, figures, ground);
    uint64_t id = (uint64_t)rec_num(assignment, assignment_issue);
    str_put(at, "挂号");
    if (state_get(tour->act->space, KIND_issue, id, &tour->scratch, &issue) == OK)
        str_text(at, rec_text(&issue, issue_number));
    if (ground != OPT_ground_assignment) return;
    str_put(at, " 期限");
    str_day(at, (day_t){(int32_t)rec_num(assignment, assignment_due)});
}

/* Closed is one that was satisfactory and whose issue was cancelled; overdue are those that run. */
static void look_at_assignment(struct tour *tour, const struct record *assignment)
{
    struct figures *figures = of_unit(tour, rec_num(assignment, assignment_unit), false);
    unsigned state = rec_state(assignment);
    day_t due = {(int32_t)rec_num(assignment, assignment_due)};
    if (figures == NULL) return;
    if (state == ST_assignment_closed && in_period(tour, since(assignment))) {
        figures->of[FIG_SOLVED]++;
        figures->of[FIG_SOLVED_LATE] += rec_num(assignment, assignment_late) != 0;
        figures->of[FIG_SENT_BACK] += rec_num(assignment, assignment_returns) > 0;
        cite_issue(tour, figures, OPT_ground_satisfied, assignment);
    }
    if (state == ST_assignment_closed || state == ST_assignment_requested || due.n >= tour->today.n) return;
    figures->of[FIG_OVERDUE]++;
    int64_t days = tour->today.n - due.n;
    if (days > figures->of[FIG_OVERDUE_DAYS]) figures->of[FIG_OVERDUE_DAYS] = days;
    cite_issue(tour, figures, OPT_ground_assignment, assignment);
}

static void look_at_warning(struct tour *tour, const struct record *warning)
{
    struct figures *figures = of_unit(tour, rec_num(warning, warning_subject), false);
    int64_t days = tour->today.n - rec_num(warning, warning_due);
    if (figures == NULL || !warning_sent(warning)) return;
    figures->of[FIG_WARNINGS]++;
    if (rec_state(warning) == ST_warning_answered || !rec_has(warning, warning_due) || days <= 0) return;
    figures->of[FIG_UNANSWERED]++;
    if (days > figures->of[FIG_UNANSWERED_DAYS]) figures->of[FIG_UNANSWERED_DAYS] = days;
    struct str *at = cite(tour, figures, OPT_ground_warning);
    str_text(at, rec_text(warning, warning_number));
    str_put(at, " 期限");
    str_day(at, (day_t){(int32_t)rec_num(warning, warning_due)});
}

static void look_at_visit(struct tour *tour, const struct record *visit)
{
    bool against = rec_state(visit) == ST_visit_unregistered || rec_state(visit) == ST_visit_settled;
    day_t day = {(int32_t)rec_num(visit, visit_day)};
    if (!against || !in_period(tour, day)) return;
    struct figures *figures = of_unit(tour, rec_num(visit, visit_asker), false);
    if (figures == NULL) return;
    figures->of[FIG_VISITS]++;
    struct str *at = cite(tour, figures, OPT_ground_visit);
    str_text(at, code_of(tour, rec_num(visit, visit_project)));
    str_put(at, " ");
    str_day(at, day);
}

static void look_at_fee(struct tour *tour, const struct record *fee)
{
    bool against =
        rec_num(fee, fee_above_lower) != 0 || rec_num(fee, fee_above_upper) != 0 || rec_num(fee, fee_not_waived) != 0;
    day_t day = {(int32_t)rec_num(fee, fee_charged_on)};
    if (!against || !in_period(tour, day)) return;
    struct figures *figures = of_unit(tour, rec_num(fee, fee_asker), false);
    if (figures == NULL) return;
    figures->of[FIG_FEES]++;
    figures->of[FIG_FEE_SUM] += rec_num(fee, fee_charged);
    struct str *at = cite(tour, figures, OPT_ground_fee);
    str_text(at, code_of(tour, rec_num(fee, fee_project)));
    str_put(at, " ");
    str_day(at, day);
    str_put(at, " ");
    str_scaled(at, rec_num(fee, fee_charged), FEN_PER_YUAN, 2);
    str_put(at, "元");
}

/* ---- the tour ---- */

typedef void look_fn(struct tour *tour, const struct record *record);

static const struct {
    uint8_t kind;
    look_fn *look;
} stops[] = {
    {KIND_project, look_at_project}, {KIND_issue, look_at_issue}, {KIND_assignment, look_at_assignment},
    {KIND_warning, look_at_warning}, {KIND_visit, look_at_visit}, {KIND_fee, look_at_fee},
};

static enum err look_at_all(struct tour *tour, unsigned kind, look_fn *look)
{
    for (uint64_t id = 0; (id = state_next_id(tour->act->space, kind, id)) > 0;) {
        struct record record;
        enum err err = state_get(tour->act->space, kind, id, &tour->scratch, &record);
        if (err != OK) return act_refuse(tour->act, err);
        look(tour, &record);
        arena_reuse(&tour->scratch);
    }
    return OK;
}

static unsigned count_records(const struct space *space, unsigned kind)
{
    unsigned count = 0;
    for (uint64_t id = 0; (id = state_next_id(space, kind, id)) > 0;)
        count++;
    return count;
}

enum err survey_registry(struct act *act, month_t from, month_t to, struct survey *survey)
{
    struct tour *tour = arena_get(act->arena, sizeof *tour);
    unsigned most = 2 * count_records(act->space, KIND_unit) + count_records(act->space, KIND_project);
    *survey = (struct survey){.most = most, .at = arena_get(act->arena, (most + 1) * sizeof *survey->at)};
    if (tour == NULL || survey->at == NULL) return act_refuse(act, ERR_MEMORY);
    *tour = (struct tour){.act = act,
                          .survey = survey,
                          .from = from,
                          .to = to,
                          .first = month_first(from),
                          .last = month_last(to),
                          .today = act_today(act)};
    arena_init(&tour->scratch, SCRATCH_BYTES);
    enum err err = OK;
    for (size_t i = 0; i < sizeof stops / sizeof *stops && err == OK; i++)
        err = look_at_all(tour, stops[i].kind, stops[i].look);
    for (unsigned i = 0, count = survey->count; i < count && err == OK; i++)
        if (survey->at[i].project == 0 && !survey->at[i].lead) look_at_returns(tour, &survey->at[i]);
    arena_clear(&tour->scratch);
    return err;
}
