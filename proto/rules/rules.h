/* rules.h - the named functions that the tables refer to: what a row can't say.
 *
 * Pure: they see the act (decide.h) and the state through it, never a store, a clock or a socket. Each may
 * refuse, fill in fields of the record at hand, and touch or make other records. The client runs the same
 * functions on its own copy, so that a form can be checked before it is sent. */
#ifndef PROTO_RULES_RULES_H
#define PROTO_RULES_RULES_H

#include "proto/tables.h"

/* base.c: the registry, its settings and its calendar */
rule_fn rule_clock_set, rule_setting, rule_calendar;

/* people.c: units, persons, posts, operators, devices */
rule_fn rule_unit_dissolve, rule_person_leave, rule_post, rule_post_end;
rule_fn rule_operator, rule_device_invite, rule_device_enrol;

/* plan.c: the plan and its projects, targets and milestones (clause 1) */
rule_fn rule_plan_enforce, rule_entry;
rule_fn check_project, rule_project_stage, rule_project_resume, rule_project_withdraw;
rule_fn check_target, rule_target_save, rule_target_agree, rule_target_amend;
rule_fn rule_milestone_plan, rule_milestone_reach, rule_milestone_postpone;

/* report.c: monthly reports and unit returns (clause 2) */
rule_fn rule_report_save, rule_report_propose, rule_report_submit, rule_report_approve;
rule_fn rule_report_recall, rule_report_accept, rule_report_return, rule_report_correct;
rule_fn rule_report_excuse;

/* fee.c: what may be charged and what was (clause 4) */
rule_fn rule_policy_enter, rule_policy_end, rule_fee;

/* site.c: departments at a site: visits, and stops of work (clause 4) */
rule_fn rule_visit_file, rule_visit_finish, rule_visit_report;
rule_fn rule_stop_request, rule_stop_approve, rule_stop_refuse, rule_stop_withdraw;
rule_fn rule_stop_resume, rule_stop_report, rule_stop_settle;

/* police.c: incidents, and complaints against police stations (clauses 4 and 5.2) */
rule_fn rule_incident_report, rule_incident_work, rule_incident_handle, rule_incident_escalate;
rule_fn rule_complaint_make, rule_complaint_order, rule_complaint_rectify, rule_complaint_escalate;
rule_fn rule_complaint_dismiss, rule_complaint_alarm;

/* protection.c: the police's plaque at a project (clause 5.2) */
rule_fn rule_protection_propose, rule_protection_confirm, rule_protection_put_up, rule_protection_attend;
rule_fn rule_protection_keys_back, rule_protection_confirm_lift, rule_duty_visit_note;

/* ladder.c: reminding of deadlines, and escalating what is overdue (DOMAIN, section 3) */
rule_fn rule_ladder;

/* schedule.c: what the registry does by its calendar, and reminders by hand */
rule_fn rule_schedule_found, rule_schedule_run, rule_schedule_resume, rule_urging_send;

/* issue.c: registered issues and their assignments (clause 5.5) */
rule_fn rule_issue_collect, rule_issue_register, rule_issue_assign;
rule_fn rule_issue_satisfy, rule_issue_dissatisfy, rule_issue_cancel;
rule_fn rule_assignment_give, rule_assignment_handle, rule_assignment_request, rule_assignment_ask;
rule_fn rule_assignment_grant, rule_assignment_refuse, rule_assignment_measure, rule_assignment_alarm;
/* warning.c, digest.c: warnings and the leader's digest of them (5.4) */
rule_fn rule_warning_propose, rule_warning_issue, rule_warning_deliver, rule_warning_acknowledge;
rule_fn rule_warning_answer, rule_warning_measure, rule_warning_lift, rule_warning_escalate;
rule_fn rule_warning_upgrade, rule_warning_alarm;
rule_fn rule_digest_make, rule_digest_read, rule_digest_alarm;
/* agency.c: agency requests, their batches and approval items (clause 5.1) */
rule_fn rule_batch_make, rule_batch_hand, rule_batch_accept, rule_batch_dissolve;
rule_fn rule_agency_request, rule_agency_batch, rule_agency_accept, rule_agency_close, rule_agency_withdraw;
rule_fn rule_approval_add, rule_approval_accept, rule_approval_step, rule_approval_finish;
rule_fn rule_approval_pause, rule_approval_resume, rule_approval_outside;

/* dispatch.c: rounds of dispatch, their answers and decisions (clause 2) */
rule_fn rule_dispatch_call, rule_dispatch_consolidate, rule_dispatch_close, rule_dispatch_ask, rule_dispatch_answer;
rule_fn rule_decision_set, rule_decision_finish;

/* inspection.c, draw.c: inspections, rectifications, and the draw of spot checks (clause 2) */
rule_fn rule_inspection_plan, rule_inspection_start, rule_inspection_close, rule_inspection_cancel;
rule_fn rule_rectification_order, rule_rectification_report, rule_rectification_reorder;
rule_fn rule_draw_open, rule_draw_commit, rule_draw_reveal;

/* honour.c: honours and sanctions (clauses 2 and 4) */
rule_fn rule_honour_propose, rule_honour_decide;

/* bulletin.c: bulletins and their receipts (clauses 2.9 and 5.5) */
rule_fn rule_bulletin_draft, rule_bulletin_revise, rule_bulletin_propose, rule_bulletin_issue;
rule_fn rule_receipt_read, rule_receipt_alarm;

/* assess.c, score.c: schemes, assessments and scores (clause 3) */
rule_fn rule_scheme_draft, rule_scheme_enforce, rule_scheme_revise;
rule_fn rule_scheme_rule_add, rule_scheme_rule_drop, check_scheme_rule;
rule_fn rule_assessment_open, rule_assessment_compute, rule_assessment_publish, rule_assessment_correct;
rule_fn rule_score_mark;

/* meeting.c: joint meetings and who attended them (clause 5.3) */
rule_fn rule_meeting_call, rule_meeting_change, rule_meeting_hold, rule_meeting_cancel, rule_meeting_raise;
rule_fn rule_attendance_recall, rule_attendance_sign;

/* review.c, review_boards.c: review meetings and their boards (clauses 3 and 5.5) */
rule_fn rule_review_plan, rule_review_change, rule_review_propose, rule_review_call, rule_review_hold;
rule_fn rule_review_archive, rule_review_cancel;
rule_fn rule_review_add, rule_review_reword, rule_review_edit, rule_review_move;
rule_fn rule_review_note, rule_review_decide, rule_review_raise, rule_review_assign;

#endif
