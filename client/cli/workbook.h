/* workbook.h - a unit's owed monthly reports as a workbook: its columns, which `report workbook` writes and `report
 * take` reads. They follow from the form's fields in the tables. Clause 2. */
#ifndef CLIENT_CLI_WORKBOOK_H
#define CLIENT_CLI_WORKBOOK_H

#include "client/core/book_form.h"

/* What every row says of its own; then come the fields that are filled in. */
enum { W_PROJECT, W_NAME, W_MONTH, W_LAST, W_PLAN, W_PLAN_TO_DATE, W_VERSION, W_GIVEN };

enum { WORKBOOK_COLUMNS_MAX = W_GIVEN + FIELDS_MAX };

struct workbook_columns {
    unsigned count;
    struct form_column at[WORKBOOK_COLUMNS_MAX];
    uint8_t positions[WORKBOOK_COLUMNS_MAX]; /* in a report; of columns from W_GIVEN on */
};

/* Labels are in the reader's language and live in the arena. False when it is full. */
bool workbook_columns(struct arena *arena, struct workbook_columns *columns);

/* May what stands in the record still be written by its unit? */
bool report_open(const struct record *report);

#endif
