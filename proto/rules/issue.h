/* issue.h - what other rules need of registered issues. Clause 5.5. */
#ifndef PROTO_RULES_ISSUE_H
#define PROTO_RULES_ISSUE_H

#include "proto/decide.h"

/* Offers the difficulties of a monthly report that is in for registration, unless there are none or a measure and
 * a day stand beside them: an issue is collected, once for a project and month. Sent in again, its text follows
 * the report for as long as nothing was decided about it. */
enum err collect_difficulties(struct act *act, const struct record *report);

/* The same for a problem of a joint meeting, as often as one is handed on. ERR_NO_PROBLEM when it says that there
 * is none. Clause 5.3: 有针对性地研究和协调重大项目建设问题. */
enum err collect_problem(struct act *act, const struct change *meeting, struct text problem);

#endif
