/* project.h - the page of a project: what project.c shows and project_text.c puts into words. */
#ifndef CLIENT_SCREEN_PROJECT_H
#define CLIENT_SCREEN_PROJECT_H

#include "client/screen/screen.h"

enum project_tab { TAB_OVERVIEW, TAB_PLAN, TAB_REPORTS, TAB_MILESTONES, TAB_CHART, PROJECT_TABS };

enum { TAB_ROWS_MAX = 200, TAB_CELLS = 7, YEAR_MONTHS = 12 };

struct tab_row {
    uint64_t id;     /* of the record behind the row, 0 when there is none */
    month_t month;   /* in the plan */
    day_t due, done; /* of a milestone in the chart; done 0: not yet */
    struct text cells[TAB_CELLS];
    enum style style;
};

struct project_view {
    struct screen screen;
    uint64_t id;
    enum project_tab tab;
    struct asked asked;
    struct arena arena;
    struct pager pager;
    int year; /* of the plan */
    int bar;  /* width of its bars */
    unsigned count;
    struct tab_row rows[TAB_ROWS_MAX];
    struct list lists[PROJECT_TABS];
};

/* The overview as lines of so many columns, in the arena. */
struct text project_overview(struct project_view *self, int columns, struct arena *arena);

/* One line on the target of the year: its state and basis. */
void project_target_line(struct project_view *self, struct str *out);

/* The milestones of the chart; and the chart itself. */
void project_chart_rows(struct project_view *self);
void project_chart_draw(struct project_view *self, struct term *term, struct area area);

/* Builds the rows of the tab; `bar` is the width of the plan's bars. */
void project_rows(struct project_view *self, int bar);

#endif
