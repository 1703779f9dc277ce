/* beside.c - see beside.h. */
#include "client/core/beside.h"

#include "proto/owed.h"
#include "proto/progress.h"

void beside_of(const struct space *space, uint64_t project, month_t month, struct arena *arena,
                struct beside *figures)
{
    struct record last, target;
    month_t before = month_add(month, -1);
    *figures = (struct beside){.has_plan = false};
    bool planned = target_find(space, project, month_year(month), arena, &target) == OK;
    if (paper_find(space, KIND_report, project, before, arena, &last) == OK && rec_has(&last, report_invested)) {
        figures->before = before;
        figures->has_invested = true;
        figures->invested = rec_num(&last, report_invested);
        figures->has_cumulative = month_year(before) == month_year(month);
        figures->cumulative = rec_num(&last, report_cumulative);
    } else if (planned && rec_has(&target, target_opening)) {
        figures->has_cumulative = true;
        figures->cumulative = rec_num(&target, target_opening);
    }
    unsigned count = 0;
    const int64_t *plan = planned ? rec_list(&target, target_months, &count) : NULL;
    figures->has_plan = planned && (int)count >= month_number(month);
    for (int i = 0; figures->has_plan && i < month_number(month); i++) {
        figures->plan = plan[i];
        figures->plan_cumulative += plan[i];
    }
}
