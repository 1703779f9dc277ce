/* import_units.c - units and their operators from files. All clauses: one login belongs to one unit.
 *
 * What a unit does stands in the offices' own file as prose (职责); its phrases are matched against the
 * words of the functions in choices.def. A column 职能 with the functions themselves goes before it. */
#include "server/import_row.h"

#include <string.h>

/* ---- units ---- */

enum { U_CODE, U_AREA, U_NAME, U_SHORT, U_TYPE, U_DUTIES, U_FUNCTIONS, U_PARENT, U_REVIEW, U_COUNT };

static const struct column unit_columns[U_COUNT] = {
    [U_CODE] = {"单位代码", KIND_unit, unit_code, COLUMN_NEEDED | COLUMN_CODE},
    [U_AREA] = {"行政区划代码", KIND_unit, unit_area, COLUMN_CODE},
    [U_NAME] = {"单位名称", KIND_unit, unit_name, COLUMN_NEEDED},
    [U_SHORT] = {"简称", KIND_unit, unit_short, COLUMN_NEEDED},
    [U_TYPE] = {"类别", KIND_unit, unit_type, COLUMN_NEEDED},
    [U_DUTIES] = {"职责", 0, 0, COLUMN_NAMED},
    [U_FUNCTIONS] = {"职能", KIND_unit, unit_functions, 0},
    [U_PARENT] = {"上级单位", KIND_unit, unit_parent, COLUMN_NAMED},
    [U_REVIEW] = {"领导审签", KIND_unit, unit_review, 0},
};

static bool starts_with(struct text text, struct text word)
{
    return text.length >= word.length && memcmp(text.at, word.at, word.length) == 0;
}

/* 当地政府 is a county, a district or a zone; a department that is 责任单位 is none. */
static bool governs_area(int64_t type)
{
    return type == OPT_unit_type_district || type == OPT_unit_type_county || type == OPT_unit_type_county_city ||
           type == OPT_unit_type_managed_zone || type == OPT_unit_type_dev_zone;
}

static bool phrase_means(struct text phrase, const struct option *option, int64_t type)
{
    /* The project office's list says just 考核 for what others call 参与绩效考核. */
    if (option->wire == OPT_function_assessor && text_equal(phrase, text_of("考核"))) return true;
    if (option->wire == OPT_function_local_government && !governs_area(type)) return false;
    return option->word != NULL && starts_with(phrase, text_of(option->word));
}

/* The functions that the phrases of 职责 name, in the order of the choice. */
static void read_duties(struct import *import, struct record *args)
{
    int64_t found[LIST_MAX];
    unsigned count = 0;
    for (const struct option *row = NULL; (row = option_next(CHOICE_function, row)) != NULL;) {
        struct text rest = import_cell(import, U_DUTIES), phrase;
        bool means = false;
        while (!means && next_phrase(&rest, ";；。\n", &phrase))
            means = phrase_means(phrase, row, rec_num(args, unit_type));
        if (means && count < LIST_MAX) found[count++] = row->wire;
    }
    const int64_t *kept = (const int64_t *)(const void *)arena_copy(&import->row_arena, found, count * sizeof *found);
    if (count > 0 && kept != NULL) rec_set_list(args, unit_functions, kept, count);
}

static void unit_row(struct import *import)
{
    static const struct put put = {ACT_unit_create, ACT_unit_amend, U_CODE};
    const struct value *code = &import->values[U_CODE];
    struct record args = record_make(KIND_unit, 0);
    import_fill(import, &args);
    if (code->set) args.id = state_find(import_space(import), IX_unit_code, code, 1);
    if (!rec_has(&args, unit_functions)) read_duties(import, &args);
    uint64_t parent = import_unit(import, U_PARENT);
    if (parent != 0) rec_set(&args, unit_parent, (int64_t)parent);
    if (!import->bad) import_put(import, &put, &args);
}

const struct import_what import_units = {
    .name = "units", .columns = unit_columns, .column_count = U_COUNT, .keys = 1, .row = unit_row};

/* ---- operators ---- */

enum { O_LOGIN, O_NAME, O_UNIT, O_ROLES, O_COUNT };

static const struct column operator_columns[O_COUNT] = {
    [O_LOGIN] = {"登录名", KIND_operator, operator_login, COLUMN_NEEDED | COLUMN_CODE},
    [O_NAME] = {"姓名", KIND_operator, operator_name, COLUMN_NEEDED},
    [O_UNIT] = {"单位代码", KIND_operator, operator_unit, COLUMN_NEEDED | COLUMN_NAMED},
    [O_ROLES] = {"角色", KIND_operator, operator_roles, COLUMN_NEEDED},
};

static void operator_row(struct import *import)
{
    static const struct put put = {ACT_operator_create, ACT_operator_amend, O_LOGIN};
    const struct value *login = &import->values[O_LOGIN];
    struct record args = record_make(KIND_operator, 0);
    import_fill(import, &args);
    if (login->set) args.id = state_find(import_space(import), IX_operator_login, login, 1);
    uint64_t unit = import_unit(import, O_UNIT);
    if (unit != 0) rec_set(&args, operator_unit, (int64_t)unit);
    if (!import->bad) import_put(import, &put, &args);
}

const struct import_what import_operators = {
    .name = "operators", .columns = operator_columns, .column_count = O_COUNT, .keys = 1, .row = operator_row};
