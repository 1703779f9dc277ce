/* inspection.h - 定期督办, planned by the registry's calendar. Clause 2. */
#ifndef PROTO_RULES_INSPECTION_H
#define PROTO_RULES_INSPECTION_H

#include "proto/rules/schedule.h"

job_next_fn next_inspection;
job_run_fn plan_inspection;

#endif
