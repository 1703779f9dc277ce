/* beside.h - what a report's figures are compared with: the month before and the plan. Nothing of it is ever filled
 * in (clause 2). */
#ifndef CLIENT_CORE_BESIDE_H
#define CLIENT_CORE_BESIDE_H

#include "proto/state.h"

/* In fen. */
struct beside {
    month_t before;      /* the month before, when its report is there; else 0 */
    bool has_invested;   /* of the month before */
    bool has_cumulative; /* of the month before in the same year, or the opening balance */
    bool has_plan;
    int64_t invested, cumulative;
    int64_t plan, plan_cumulative; /* of the month, and up to it */
};

/* What is known of a project before its report for the month. */
void beside_of(const struct space *space, uint64_t project, month_t month, struct arena *arena,
                struct beside *figures);

#endif
