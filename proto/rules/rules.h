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

/* ladder.c: reminding of deadlines, and escalating what is overdue (DOMAIN, section 3) */
rule_fn rule_ladder;

/* schedule.c: what the registry does by its calendar, and reminders by hand */
rule_fn rule_schedule_found, rule_schedule_run, rule_schedule_resume, rule_urging_send;

/* agency.c: agency requests, their batches and approval items (clause 5.1) */
rule_fn rule_batch_make, rule_batch_hand, rule_batch_accept, rule_batch_dissolve;
rule_fn rule_agency_request, rule_agency_batch, rule_agency_accept, rule_agency_close, rule_agency_withdraw;
rule_fn rule_approval_add, rule_approval_accept, rule_approval_step, rule_approval_finish;
rule_fn rule_approval_pause, rule_approval_resume, rule_approval_outside;

/* meeting.c: joint meetings and who attended them (clause 5.3) */
rule_fn rule_meeting_call, rule_meeting_change, rule_meeting_hold, rule_meeting_cancel;
rule_fn rule_attendance_recall, rule_attendance_sign;

#endif
