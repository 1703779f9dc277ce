/* fit.c - see fit.h. One function for a kind that needs one. */
#include "tests/life/fit.h"

#include "proto/lots.h"
#include "tests/life/fill.h"

struct fit {
    struct town *town;
    const struct space *space;
    const struct record *now;
    unsigned action;
    struct command *command;
};

static struct rng *rng_of(const struct fit *fit)
{
    return &fit->town->rng;
}

/* ---- putting and taking ---- */

static void put(const struct fit *fit, unsigned position, int64_t number)
{
    const struct field *field = field_row(fit->command->kind, position);
    if ((field->fill >> fit->action & 1) == 0 || ((field->flags & F_FIXED) && rec_has(fit->now, position))) return;
    rec_set(&fit->command->args, position, number);
    fit->command->given |= FIELD_BIT(position);
}

static void put_list(const struct fit *fit, unsigned position, const int64_t *numbers, unsigned count)
{
    const struct field *field = field_row(fit->command->kind, position);
    if ((field->fill >> fit->action & 1) == 0) return;
    const char *kept = arena_copy(&fit->town->arena, numbers, count * sizeof *numbers);
    rec_set_list(&fit->command->args, position, (const int64_t *)(const void *)kept, count);
    fit->command->given |= FIELD_BIT(position);
}

static void put_text(const struct fit *fit, unsigned position, const char *text)
{
    const struct field *field = field_row(fit->command->kind, position);
    if ((field->fill >> fit->action & 1) == 0) return;
    rec_set_text(&fit->command->args, position, text_of(text));
    fit->command->given |= FIELD_BIT(position);
}

static void leave(const struct fit *fit, unsigned position)
{
    rec_unset(&fit->command->args, position);
    fit->command->given &= ~FIELD_BIT(position);
}

static bool gives(const struct fit *fit, unsigned position)
{
    return fit->command->given >> position & 1;
}

/* What the field will be. */
static int64_t number_of(const struct fit *fit, unsigned position)
{
    return rec_num(gives(fit, position) ? &fit->command->args : fit->now, position);
}

static bool read(const struct fit *fit, unsigned kind, int64_t id, struct record *record)
{
    return id > 0 && state_get(fit->space, kind, (uint64_t)id, &fit->town->arena, record) == OK;
}

/* ---- units by their parts ---- */

static int64_t unit_of(const struct fit *fit, const char *code)
{
    return (int64_t)state_find_text(fit->space, IX_unit_code, code);
}

static int64_t one_of(const struct fit *fit, const char *left, const char *right)
{
    return unit_of(fit, rng_once_in(rng_of(fit), 2) ? left : right);
}

static void put_unit(const struct fit *fit, unsigned position, const char *left, const char *right)
{
    if (gives(fit, position) && !rng_once_in(rng_of(fit), 20)) put(fit, position, one_of(fit, left, right));
}

static int64_t today(const struct fit *fit)
{
    return stamp_day(fit->town->disk.now).n;
}

static int64_t ahead(const struct fit *fit, uint64_t days)
{
    return today(fit) + (int64_t)rng_below(rng_of(fit), days);
}

/* ---- plan, projects, reports ---- */

static void fit_project(const struct fit *fit)
{
    int64_t hrx = unit_of(fit, "HRX"), of = number_of(fit, project_responsible);
    put_unit(fit, project_lead, "FGW", "JSJ");
    put_unit(fit, project_county, "HRX", "PJX");
    if (gives(fit, project_responsible)) put(fit, project_responsible, of = one_of(fit, "HRX", "PJX"));
    leave(fit, project_finish);
    int64_t first = of == hrx ? 1 : 5, member = first + 2;
    bool chain = gives(fit, project_responsible) || fit->action == ACT_project_appoint;
    if (chain) {
        put(fit, project_head, first);
        put(fit, project_deputy, first + 1);
        put_list(fit, project_members, &member, 1);
        put(fit, project_contact, first + 3);
    } else {
        leave(fit, project_head);
        leave(fit, project_deputy);
        leave(fit, project_members);
        leave(fit, project_contact);
    }
    put_text(fit, project_permit, "许可");
    if (fit->action == ACT_project_advance) put(fit, project_stage, rec_num(fit->now, project_stage) + 1);
    if (gives(fit, project_stage_on)) put(fit, project_stage_on, date_make(2009, 8, 0).n);
}

static void fit_target(const struct fit *fit)
{
    int64_t months[12], share = 100000000 * (1 + (int64_t)rng_below(rng_of(fit), 3));
    for (unsigned i = 0; i < 12; i++)
        months[i] = share;
    put(fit, target_total, 12 * share);
    put_list(fit, target_months, months, 12);
    put(fit, target_year, month_year(month_of(stamp_day(fit->town->disk.now))) + rng_once_in(rng_of(fit), 3));
    leave(fit, target_opening);
    leave(fit, target_opening_on);
}

static void fit_report(const struct fit *fit)
{
    put_text(fit, report_explain, "核对过");
    if (rng_once_in(rng_of(fit), 2)) put_text(fit, report_difficulties, "无");
    if (rng_once_in(rng_of(fit), 2)) leave(fit, report_solve_by);
    struct record milestone;
    int64_t reached =
        (int64_t)fill_some(fit->town, KIND_milestone, 1u << ST_milestone_open | 1u << ST_milestone_overdue);
    leave(fit, report_reached);
    if (rng_once_in(rng_of(fit), 3) || !read(fit, KIND_milestone, reached, &milestone)) return;
    put(fit, report_project, rec_num(&milestone, milestone_project));
    if (number_of(fit, report_project) == rec_num(&milestone, milestone_project))
        put_list(fit, report_reached, &reached, 1);
}

static void fit_milestone(const struct fit *fit)
{
    put(fit, milestone_done, today(fit));
    if (gives(fit, milestone_due)) put(fit, milestone_due, ahead(fit, 25));
}

static void fit_return(const struct fit *fit)
{
    put_unit(fit, unit_return_unit, "HRX", "PJX");
}

static void fit_plan(const struct fit *fit)
{
    put(fit, plan_preliminary, rng_once_in(rng_of(fit), 3));
    put(fit, plan_construction, rng_once_in(rng_of(fit), 2));
}

static void fit_unit(const struct fit *fit)
{
    leave(fit, unit_functions);
    leave(fit, unit_area);
}

static void fit_post(const struct fit *fit)
{
    struct record person;
    if (!read(fit, KIND_person, number_of(fit, post_person), &person)) return;
    put(fit, post_unit, rec_num(&person, person_unit));
    if (gives(fit, post_to)) put(fit, post_to, number_of(fit, post_from) + 1);
}

static void fit_calendar(const struct fit *fit)
{
    leave(fit, calendar_off);
    leave(fit, calendar_work);
    put(fit, calendar_year, 2010 + (int64_t)rng_below(rng_of(fit), 60));
}

/* The numbers of days and thresholds stay within their bounds; jobs each day of a month stay as they are. */
static void fit_setting(const struct fit *fit)
{
    const struct setting_row *row = NULL;
    struct text name = rec_text(fit->now, setting_name);
    if (name.length > 0) {
        while ((row = setting_next(row)) != NULL && !text_equal(text_of(row->name), name)) {
        }
    } else
        for (uint64_t at = 1 + rng_below(rng_of(fit), 30); at > 0; at--)
            row = setting_next(row);
    if (row == NULL) return;
    int64_t span = row->hi - row->lo < 10 ? row->hi - row->lo : 10;
    put_text(fit, setting_name, row->name);
    put(fit, setting_value, row->lo + (int64_t)rng_below(rng_of(fit), (uint64_t)span + 1));
}

/* ---- dispatch and inspection ---- */

static void fit_dispatch(const struct fit *fit)
{
    if (!gives(fit, dispatch_everybody) && !gives(fit, dispatch_units) && !gives(fit, dispatch_projects)) {
        int64_t project = 1 + (int64_t)rng_below(rng_of(fit), 3);
        put_list(fit, dispatch_projects, &project, 1);
    }
    if (gives(fit, dispatch_due)) put(fit, dispatch_due, ahead(fit, 12));
}

static void fit_inspection(const struct fit *fit)
{
    int64_t parties[] = {unit_of(fit, "JCJ"), unit_of(fit, "XMB")};
    put_list(fit, inspection_parties, parties, 1 + (unsigned)rng_below(rng_of(fit), 2));
    bool random = rec_num(fit->now, inspection_type) == OPT_inspection_random;
    if (rng_once_in(rng_of(fit), 2)) put(fit, inspection_type, OPT_inspection_random);
    random = random || number_of(fit, inspection_type) == OPT_inspection_random;
    if (random && !rng_once_in(rng_of(fit), 10)) leave(fit, inspection_projects);
    if (!random && !rec_has(fit->now, inspection_projects)) {
        int64_t project = 1 + (int64_t)rng_below(rng_of(fit), 3);
        put_list(fit, inspection_projects, &project, 1);
    }
    put(fit, inspection_day, ahead(fit, 5));
}

static void fit_rectification(const struct fit *fit)
{
    struct record inspection;
    unsigned count;
    if (gives(fit, rectification_due)) put(fit, rectification_due, ahead(fit, 15));
    if (!read(fit, KIND_inspection, number_of(fit, rectification_inspection), &inspection)) return;
    const int64_t *subjects = rec_list(&inspection, inspection_subjects, &count);
    if (count > 0) put(fit, rectification_subject, subjects[rng_below(rng_of(fit), count)]);
}

static void put_bytes(const struct fit *fit, unsigned position, const uint8_t bytes[32])
{
    if ((field_row(fit->command->kind, position)->fill >> fit->action & 1) == 0) return;
    const char *kept = arena_copy(&fit->town->arena, bytes, 32);
    rec_set_text(&fit->command->args, position, (struct text){kept, 32});
    fit->command->given |= FIELD_BIT(position);
}

/* All draw with the same secret number: it does not matter here, and whoever acts is chosen later. */
static void fit_draw(const struct fit *fit)
{
    static const uint8_t nonce[32] = {7};
    uint8_t commitment[32];
    struct record inspection;
    lots_commitment(nonce, commitment);
    put_bytes(fit, draw_nonce, nonce);
    put_bytes(fit, draw_commitment, commitment);
    leave(fit, draw_county);
    leave(fit, draw_among);
    put(fit, draw_count, 1);
    put(fit, draw_due, ahead(fit, 9));
    for (unsigned i = 0; i < 8 && fit->action == ACT_draw_open; i++) {
        int64_t id = (int64_t)fill_some(fit->town, KIND_inspection, 1u << ST_inspection_planned);
        if (!read(fit, KIND_inspection, id, &inspection)) continue;
        put(fit, draw_inspection, id);
        if (rec_num(&inspection, inspection_type) == OPT_inspection_random &&
            !rec_has(&inspection, inspection_projects))
            return;
    }
}

/* ---- issues and warnings ---- */

static void fit_issue(const struct fit *fit)
{
    int64_t handlers[] = {one_of(fit, "FGW", "JSJ"), one_of(fit, "OWN1", "CON1")};
    put_list(fit, issue_departments, handlers, 1 + (unsigned)rng_below(rng_of(fit), 2));
    if (gives(fit, issue_due)) put(fit, issue_due, ahead(fit, 15));
    if (gives(fit, issue_due)) leave(fit, issue_limit);
}

static void fit_assignment(const struct fit *fit)
{
    int64_t due = rec_num(fit->now, assignment_due), from = due > today(fit) ? due : today(fit);
    put_unit(fit, assignment_unit, rng_once_in(rng_of(fit), 2) ? "FGW" : "JSJ", "CON1");
    put(fit, assignment_wish, from + 1 + (int64_t)rng_below(rng_of(fit), 20));
    if (fit->action == ACT_assignment_give && gives(fit, assignment_due)) leave(fit, assignment_limit);
    if (gives(fit, assignment_due)) put(fit, assignment_due, from + 1);
}

static void fit_warning(const struct fit *fit)
{
    if (gives(fit, warning_project)) leave(fit, warning_subject);
    if (!gives(fit, warning_project)) put(fit, warning_subject, 1 + (int64_t)rng_below(rng_of(fit), fit->town->units));
    if (gives(fit, warning_due)) put(fit, warning_due, ahead(fit, 9));
    put(fit, warning_until, ahead(fit, 20));
}

static void fit_urging(const struct fit *fit)
{
    leave(fit, urging_project);
    put(fit, urging_due, ahead(fit, 9));
}

static void fit_honour(const struct fit *fit)
{
    int64_t project = 1 + (int64_t)rng_below(rng_of(fit), 3);
    if (!rng_once_in(rng_of(fit), 10)) leave(fit, honour_person);
    if (rng_once_in(rng_of(fit), 3)) put(fit, honour_type, OPT_honour_commended);
    put_list(fit, honour_projects, &project, 1);
    if (gives(fit, honour_to)) put(fit, honour_to, number_of(fit, honour_from) + (int64_t)rng_below(rng_of(fit), 30));
}

/* Of the months so far; recipients that can be told. */
static void fit_bulletin(const struct fit *fit)
{
    static const int months[] = {3, 6, 8, 9};
    int64_t county = unit_of(fit, "HRX");
    put(fit, bulletin_month, month_make(2009, months[rng_below(rng_of(fit), 4)]).n);
    put(fit, bulletin_figures_on, today(fit));
    if (gives(fit, bulletin_units)) put_list(fit, bulletin_units, &county, 1);
}

/* ---- the environment of works ---- */

static void fit_policy(const struct fit *fit)
{
    int64_t lower = number_of(fit, policy_lower), upper = number_of(fit, policy_upper);
    if (fit->action == ACT_policy_enter && upper < lower) put(fit, policy_upper, lower);
    if (gives(fit, policy_to)) put(fit, policy_to, number_of(fit, policy_from) + (int64_t)rng_below(rng_of(fit), 20));
}

static void fit_fee(const struct fit *fit)
{
    put_unit(fit, fee_asker, "FGW", "JSJ");
    put(fit, fee_charged_on, today(fit));
}

static void fit_visit(const struct fit *fit)
{
    put_unit(fit, visit_asker, "FGW", "JSJ");
    put(fit, visit_day, fit->action == ACT_visit_file ? ahead(fit, 2) : today(fit) - 1);
}

static void fit_stop(const struct fit *fit)
{
    put_unit(fit, stop_asker, "FGW", "JSJ");
    put(fit, stop_from, fit->action == ACT_stop_report ? today(fit) - 1 : ahead(fit, 4));
    put(fit, stop_to, number_of(fit, stop_from) + (int64_t)rng_below(rng_of(fit), 9));
    put(fit, stop_resumed, today(fit));
}

static void fit_incident(const struct fit *fit)
{
    put_unit(fit, incident_station, "PCS1", "PCS1");
    put(fit, incident_day, today(fit));
}

static void fit_complaint(const struct fit *fit)
{
    put_unit(fit, complaint_station, "PCS1", "PCS1");
    if (!rng_once_in(rng_of(fit), 6)) leave(fit, complaint_incident);
    if (gives(fit, complaint_due)) put(fit, complaint_due, ahead(fit, 12));
}

static void fit_protection(const struct fit *fit)
{
    put_unit(fit, protection_station, "PCS1", "PCS1");
    leave(fit, protection_contact);
    put(fit, protection_up_on, today(fit));
}

static void fit_duty_visit(const struct fit *fit)
{
    put(fit, duty_visit_day, today(fit));
}

/* ---- agency and meetings ---- */

static void fit_agency(const struct fit *fit)
{
    put(fit, agency_wanted, ahead(fit, 30));
}

static void fit_batch(const struct fit *fit)
{
    int64_t agencies[2] = {(int64_t)fill_some(fit->town, KIND_agency, 1u << ST_agency_requested),
                           (int64_t)fill_some(fit->town, KIND_agency, 1u << ST_agency_requested)};
    if (agencies[0] != 0)
        put_list(fit, batch_agencies, agencies, agencies[1] != 0 && agencies[1] != agencies[0] ? 2 : 1);
}

static void fit_approval(const struct fit *fit)
{
    int64_t asked = (int64_t)fill_some(fit->town, KIND_agency, 1u << ST_agency_requested);
    put_unit(fit, approval_department, "FGW", "JSJ");
    if (asked != 0 && rng_once_in(rng_of(fit), 2)) put(fit, approval_agency, asked);
}

static void fit_meeting(const struct fit *fit)
{
    leave(fit, meeting_contractor);
    if (fit->action == ACT_meeting_call) put(fit, meeting_day, today(fit));
    if (fit->action != ACT_meeting_call && !rng_once_in(rng_of(fit), 4)) leave(fit, meeting_day);
}

/* What would come too often comes too late: after somebody else's change. */
static void hold_back(const struct fit *fit, uint64_t one_in)
{
    if (!rng_once_in(rng_of(fit), one_in)) fit->command->base--;
}

/* Few meetings, and each long in its states: all exposures of one are decided about before it is called, and something
 * is said about its entries before it is archived. */
static void fit_review_meeting(const struct fit *fit)
{
    month_t now = month_of(stamp_day(fit->town->disk.now));
    unsigned state = rec_state(fit->now);
    bool ready = state == ST_review_meeting_ready, called = state == ST_review_meeting_called;
    if (ready && fit->action != ACT_review_meeting_call) hold_back(fit, 20);
    if (called) hold_back(fit, 6);
    if (state == ST_review_meeting_held) hold_back(fit, 30);
    leave(fit, review_meeting_from);
    put(fit, review_meeting_to, month_add(now, rng_once_in(rng_of(fit), 20) ? -(int)rng_below(rng_of(fit), 90) : 1).n);
    put(fit, review_meeting_day, ahead(fit, 2));
}

static void fit_review_item(const struct fit *fit)
{
    bool exposure = rec_num(fit->now, review_item_board) == OPT_board_exposure;
    if (rec_state(fit->now) == ST_review_item_proposed && !exposure) hold_back(fit, 40);
    if (fit->action == ACT_review_item_raise) hold_back(fit, 6); /* a task is only what is not an issue already */
    if (!rng_once_in(rng_of(fit), 4)) put(fit, review_item_project, 1 + (int64_t)rng_below(rng_of(fit), 3));
    put(fit, review_item_until, ahead(fit, 300));
}

/* ---- assessment ---- */

static void fit_scheme(const struct fit *fit)
{
    put(fit, scheme_year, month_year(month_of(stamp_day(fit->town->disk.now))) + rng_once_in(rng_of(fit), 4));
}

/* A base, what a returned report takes, a year-end item, or what an appeal may give. */
static void fit_scheme_rule(const struct fit *fit)
{
    static const uint8_t daily[] = {scheme_rule_event, scheme_rule_party, scheme_rule_tier, scheme_rule_cap};
    int64_t part = 1 + (int64_t)rng_below(rng_of(fit), 4);
    leave(fit, scheme_rule_assessor);
    leave(fit, scheme_rule_group);
    for (size_t i = 0; i < sizeof daily; i++)
        leave(fit, daily[i]);
    if (fit->action == ACT_scheme_rule_amend) part = rec_num(fit->now, scheme_rule_part);
    put(fit, scheme_rule_part, part);
    put(fit, scheme_rule_points, 100 * (1 + (int64_t)rng_below(rng_of(fit), 40)));
    if (part == OPT_rule_part_year_end) put(fit, scheme_rule_group, OPT_score_group_responsible);
    if (part != OPT_rule_part_daily) return;
    put(fit, scheme_rule_event, OPT_score_event_report_returned);
    put(fit, scheme_rule_party, OPT_score_party_responsible);
}

/* Of days that are over, so that it can be published. */
static void fit_assessment(const struct fit *fit)
{
    int64_t to = today(fit) - (int64_t)rng_below(rng_of(fit), 20);
    put(fit, assessment_to, to);
    put(fit, assessment_from, to - (int64_t)rng_below(rng_of(fit), 40));
    put(fit, assessment_scheme, (int64_t)fill_some(fit->town, KIND_scheme, 1u << ST_scheme_in_force));
}

/* An item of the assessment that is entered by hand; of a corrected one also what an appeal was granted. */
static void fit_score(const struct fit *fit)
{
    struct record assessment;
    int64_t corrected = 0;
    put_unit(fit, score_unit, "HRX", rng_once_in(rng_of(fit), 2) ? "PJX" : "FGW");
    if (gives(fit, score_points)) put(fit, score_points, (int64_t)rng_below(rng_of(fit), 100));
    if (!read(fit, KIND_assessment, number_of(fit, score_assessment), &assessment)) return;
    corrected = rec_num(&assessment, assessment_version) > 1;
    struct value value = assessment.values[assessment_scheme];
    struct walk walk;
    uint64_t id;
    walk_start(&walk, fit->space, IX_scheme_rule_serial, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record rule;
        if (!read(fit, KIND_scheme_rule, (int64_t)id, &rule)) continue;
        int64_t part = rec_num(&rule, scheme_rule_part);
        bool fits = part == OPT_rule_part_year_end || (corrected && part == OPT_rule_part_correction);
        if (fits && rng_once_in(rng_of(fit), 2)) put(fit, score_item, (int64_t)id);
    }
}

/* ---- all of them ---- */

static const struct {
    uint8_t kind;
    void (*fit)(const struct fit *fit);
} fits[] = {
    {KIND_project, fit_project},
    {KIND_target, fit_target},
    {KIND_report, fit_report},
    {KIND_unit_return, fit_return},
    {KIND_plan, fit_plan},
    {KIND_unit, fit_unit},
    {KIND_post, fit_post},
    {KIND_calendar, fit_calendar},
    {KIND_setting, fit_setting},
    {KIND_dispatch, fit_dispatch},
    {KIND_inspection, fit_inspection},
    {KIND_rectification, fit_rectification},
    {KIND_draw, fit_draw},
    {KIND_issue, fit_issue},
    {KIND_assignment, fit_assignment},
    {KIND_warning, fit_warning},
    {KIND_urging, fit_urging},
    {KIND_honour, fit_honour},
    {KIND_bulletin, fit_bulletin},
    {KIND_policy, fit_policy},
    {KIND_fee, fit_fee},
    {KIND_visit, fit_visit},
    {KIND_stop, fit_stop},
    {KIND_incident, fit_incident},
    {KIND_complaint, fit_complaint},
    {KIND_protection, fit_protection},
    {KIND_duty_visit, fit_duty_visit},
    {KIND_agency, fit_agency},
    {KIND_batch, fit_batch},
    {KIND_approval, fit_approval},
    {KIND_meeting, fit_meeting},
    {KIND_milestone, fit_milestone},
    {KIND_review_meeting, fit_review_meeting},
    {KIND_review_item, fit_review_item},
    {KIND_scheme, fit_scheme},
    {KIND_scheme_rule, fit_scheme_rule},
    {KIND_assessment, fit_assessment},
    {KIND_score, fit_score},
};

void fit_command(struct town *town, const struct space *space, const struct record *now, unsigned action,
                 struct command *command)
{
    struct fit fit = {town, space, now, action, command};
    for (size_t i = 0; i < sizeof fits / sizeof *fits; i++)
        if (fits[i].kind == command->kind) fits[i].fit(&fit);
}
