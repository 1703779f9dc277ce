/* issue.h - what other rules need of registered issues. Clause 5.5. */
#ifndef PROTO_RULES_ISSUE_H
#define PROTO_RULES_ISSUE_H

#include "proto/decide.h"

/* Offers the difficulties of a monthly report that is in for registration, unless there are none or a measure and
 * a day stand beside them: an issue is collected, once for a project and month. Sent in again, its text follows
 * the report for as long as nothing was decided about it. */
enum err collect_difficulties(struct act *act, const struct record *report);

#endif
