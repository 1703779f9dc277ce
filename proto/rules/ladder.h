/* ladder.h - deadlines that are reminded of and escalated: one ladder for every kind that has one.
 *
 * A kind on the ladder has fields `due` (DAY), `alarm` (STAMP, set by these functions alone) and `rung`
 * (CHOICE_rung), states with .due = K_due, .clock = K_alarm, .lapse = ACT_K_alarm, and the action
 * ACTION(K, alarm, ..., .rule = rule_ladder) with MAY(K, alarm, rule, ANY_ROLE). DOMAIN, section 3. */
#ifndef PROTO_RULES_LADDER_H
#define PROTO_RULES_LADDER_H

#include "proto/decide.h"

/* Sets the deadline and winds the clock for its reminder; an earlier rung is forgotten. */
void ladder_start(struct act *act, struct record *record, day_t due);

/* Moves the deadline, as an extension does: the ladder begins anew when the new day lies ahead. */
#define ladder_move ladder_start

/* Stops the clock; due and rung stay as they are, for the record. */
void ladder_stop(struct record *record);

#endif
