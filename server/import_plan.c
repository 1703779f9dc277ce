/* import_plan.c - the plan's document with its counts (clause 1), and the holiday calendar (clause 2). */
#include "server/import_row.h"

enum { P_NUMBER, P_DATE, P_PRELIMINARY, P_CONSTRUCTION, P_COUNT };

static const struct column plan_columns[P_COUNT] = {
    [P_NUMBER] = {"文号", KIND_plan, plan_number, COLUMN_NEEDED},
    [P_DATE] = {"日期", KIND_plan, plan_date, COLUMN_NEEDED},
    [P_PRELIMINARY] = {"前期", KIND_plan, plan_preliminary, COLUMN_NEEDED},
    [P_CONSTRUCTION] = {"在建", KIND_plan, plan_construction, COLUMN_NEEDED},
};

static void plan_row(struct import *import)
{
    static const struct put put = {ACT_plan_draft, ACT_plan_amend, P_NUMBER};
    const struct value *number = &import->values[P_NUMBER];
    struct record args = record_make(KIND_plan, 0);
    import_fill(import, &args);
    if (number->set) args.id = state_find(import_space(import), IX_plan_number, number, 1);
    import_put(import, &put, &args);
}

const struct import_what import_plan = {
    .name = "plan", .columns = plan_columns, .column_count = P_COUNT, .keys = 1, .row = plan_row};

enum { C_YEAR, C_NOTICE, C_OFF, C_WORK, C_COUNT };

static const struct column calendar_columns[C_COUNT] = {
    [C_YEAR] = {"年份", KIND_calendar, calendar_year, COLUMN_NEEDED | COLUMN_CODE},
    [C_NOTICE] = {"文号", KIND_calendar, calendar_notice, 0},
    [C_OFF] = {"放假", KIND_calendar, calendar_off, COLUMN_NEEDED},
    [C_WORK] = {"上班", KIND_calendar, calendar_work, 0},
};

static void calendar_row(struct import *import)
{
    static const struct put put = {ACT_calendar_enter, ACT_calendar_amend, C_YEAR};
    const struct value *year = &import->values[C_YEAR];
    struct record args = record_make(KIND_calendar, 0);
    import_fill(import, &args);
    if (year->set) args.id = state_find(import_space(import), IX_calendar_year, year, 1);
    import_put(import, &put, &args);
}

const struct import_what import_calendar = {
    .name = "calendar", .columns = calendar_columns, .column_count = C_COUNT, .keys = 1, .row = calendar_row};
