/* report.h - a monthly report as a county writes it, for the figures that submit one. */
#ifndef TESTS_BENCH_REPORT_H
#define TESTS_BENCH_REPORT_H

#include "proto/codec.h"

/* When the demo's clerks act: 2009-09-28 09:00. */
#define BENCH_TIME 1254099600

/* The fields of September 2009. Its figures do not add up with what was reported before, and it says why. */
void report_fill(struct record *report, uint64_t project);

#endif
