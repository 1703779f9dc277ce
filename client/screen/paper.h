/* paper.h - a report or unit return: what paper.c shows and sends, and paper_side.c compares with. */
#ifndef CLIENT_SCREEN_PAPER_H
#define CLIENT_SCREEN_PAPER_H

#include "client/screen/filling.h"

enum { SIDE_BYTES = 40 };

/* What last month's figures and the plan say, as text; "" when not known. */
struct paper_side {
    char last[FIELDS_MAX][SIDE_BYTES], plan[FIELDS_MAX][SIDE_BYTES];
    char last_head[40], plan_head[40];
};

struct paper_view {
    struct screen screen;
    struct filling filling;
    const struct paper_kind *row;
    uint64_t of; /* the project or unit */
    month_t month;
    uint64_t id;    /* 0: there is none yet */
    bool fixed;     /* this very record, whatever else is there for the month */
    uint64_t made;  /* the own act, not confirmed yet, that makes it */
    uint32_t open;  /* actions that are possible now */
    uint64_t begun; /* version at which the first change was made */
    bool moved;     /* somebody else has changed it since */
    bool waits;     /* an own act that ends the writing waits to be sent */
    struct paper_side side;
    struct asked asked;
};

/* Finds figures to compare with. */
void paper_compare(struct paper_view *self);
/* Puts them beside a row; see filling.h. */
void paper_beside(void *self, const struct entry *entry, struct form_row *row);
/* Lines above the form: state, days, why it came back; and what last month's text was. */
void paper_state_line(struct paper_view *self, struct str *out);
void paper_reason_line(struct paper_view *self, struct str *out);
struct text paper_last_text(struct paper_view *self, unsigned position, struct arena *arena);
/* "in 4 of 6; not in: YY09-Z031 ..." for a unit return. */
void paper_projects_line(struct paper_view *self, struct str *out);

/* Writes the sheet for signature and seal to a file that the operator names (sheet.c). */
void paper_print(struct paper_view *self);

#endif
