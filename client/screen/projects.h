/* projects.h - the list of projects: what projects.c draws and projects_rows.c gathers. */
#ifndef CLIENT_SCREEN_PROJECTS_H
#define CLIENT_SCREEN_PROJECTS_H

#include "client/screen/arrange.h"

enum { PROJECT_ROWS_MAX = 2000 };

enum project_column {
    COLUMN_CODE,
    COLUMN_NAME,
    COLUMN_STAGE,
    COLUMN_RESPONSIBLE,
    COLUMN_PLAN,
    COLUMN_INVESTED,
    COLUMN_SHARE,
    COLUMN_LIGHT,
    COLUMN_REPORT,
    COLUMN_LEAD,
    COLUMN_COUNTY,
    COLUMN_CATEGORY,
    PROJECT_COLUMNS
};

struct project_row {
    uint64_t id;
    struct text cells[PROJECT_COLUMNS];
    int64_t order[PROJECT_COLUMNS]; /* for sorting; 0: by the text */
    enum style light, report;
    enum light shines;
    month_t month; /* that the report column is about */
};

/* What whoever opened the list wants to see: ids, 0 any; a light, or LIGHTS_ALL. */
struct project_scope {
    uint64_t county, lead, unit;
    int light;
};

struct project_rows {
    struct arena arena;
    struct project_row *rows;
    unsigned count, all;
    int widest[PROJECT_COLUMNS]; /* columns of the screen that the cells take */
    struct arranged like; /* sort USUAL: by code */
    struct project_scope scope;
    char words[FIND_BYTES];
};

/* Gathers the rows that match filter and words, sorted. */
void project_rows_build(struct app *app, struct project_rows *rows);

/* The different values of a column over all projects, as items to pick from, and their places in the order (0: by
 * their text); in the arena. */
unsigned project_values(struct app *app, enum project_column column, struct arena *arena, struct pick_item **items,
                        int64_t **orders);

#endif
