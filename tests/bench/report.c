/* report.c - see report.h. */
#include "tests/bench/report.h"

void report_fill(struct record *report, uint64_t project)
{
    rec_set(report, report_project, (int64_t)project);
    rec_set(report, report_month, month_make(2009, 9).n);
    rec_set(report, report_invested, 100 * 1000000ll);
    rec_set(report, report_cumulative, 1860 * 1000000ll);
    rec_set_text(report, report_progress, text_of("路基土石方完成,桥涵施工过半"));
    rec_set_text(report, report_difficulties, text_of("无"));
    rec_set_text(report, report_next, text_of("开始铺设路面"));
    rec_set_text(report, report_explain, text_of("核对过"));
}
