/* import_scheme.c - a scheme of assessment with its rules, one rule in a row. Clause 3: 起草和完善考核办法.
 *
 * The rows go into the draft of their year, which is made when there is none; the project office puts it in force in
 * the client. A file that says what is in force already changes nothing. */
#include "server/import_row.h"

enum { S_YEAR, S_SERIAL, S_SCHEME, S_NAME, S_PART, S_EVENT, S_PARTY, S_TIER, S_GROUP, S_POINTS, S_CAP, S_ASSESSOR,
       S_BASIS, S_COUNT };

static const struct column scheme_columns[S_COUNT] = {
    [S_YEAR] = {"年度", KIND_scheme, scheme_year, COLUMN_NEEDED | COLUMN_CODE},
    [S_SERIAL] = {"序号", KIND_scheme_rule, scheme_rule_serial, COLUMN_NEEDED | COLUMN_CODE},
    [S_SCHEME] = {"方案", KIND_scheme, scheme_name, COLUMN_NEEDED},
    [S_NAME] = {"细则", KIND_scheme_rule, scheme_rule_name, COLUMN_NEEDED},
    [S_PART] = {"部分", KIND_scheme_rule, scheme_rule_part, COLUMN_NEEDED},
    [S_EVENT] = {"事项", KIND_scheme_rule, scheme_rule_event, COLUMN_NEEDED},
    [S_PARTY] = {"对象", KIND_scheme_rule, scheme_rule_party, COLUMN_NEEDED},
    [S_TIER] = {"责任人", KIND_scheme_rule, scheme_rule_tier, 0},
    [S_GROUP] = {"组别", KIND_scheme_rule, scheme_rule_group, 0},
    [S_POINTS] = {"分值", KIND_scheme_rule, scheme_rule_points, COLUMN_NEEDED | COLUMN_CODE},
    [S_CAP] = {"封顶", KIND_scheme_rule, scheme_rule_cap, COLUMN_CODE},
    [S_ASSESSOR] = {"评分单位", KIND_scheme_rule, scheme_rule_assessor, COLUMN_NAMED},
    [S_BASIS] = {"依据", KIND_scheme_rule, scheme_rule_basis, 0},
};

/* The newest scheme of the year that is a draft or in force; 0: there is none. */
static uint64_t standing_scheme(struct import *import)
{
    struct walk walk;
    uint64_t id, found = 0;
    walk_start(&walk, import_space(import), IX_scheme_year, &import->values[S_YEAR], 1);
    while (walk_next(&walk, &id)) {
        struct record scheme;
        if (import_read(import, KIND_scheme, id, &scheme) && rec_state(&scheme) != ST_scheme_replaced) found = id;
    }
    return found;
}

static void scheme_row(struct import *import)
{
    static const struct put scheme_put = {ACT_scheme_draft, ACT_scheme_amend, S_SCHEME};
    static const struct put rule_put = {ACT_scheme_rule_add, ACT_scheme_rule_amend, S_NAME};
    struct record scheme = record_make(KIND_scheme, 0), rule = record_make(KIND_scheme_rule, 0);
    uint64_t assessor = import_unit(import, S_ASSESSOR);
    import_fill(import, &scheme);
    import_fill(import, &rule);
    if (import->values[S_YEAR].set) scheme.id = standing_scheme(import);
    if (import->bad) return;
    uint64_t id = import_put(import, &scheme_put, &scheme);
    if (id == 0) return;
    struct value values[] = {number_value((int64_t)id), import->values[S_SERIAL]};
    rec_set(&rule, scheme_rule_scheme, (int64_t)id);
    if (assessor != 0) rec_set(&rule, scheme_rule_assessor, (int64_t)assessor);
    if (import->values[S_SERIAL].set) rule.id = state_find(import_space(import), IX_scheme_rule_serial, values, 2);
    import_put(import, &rule_put, &rule);
}

const struct import_what import_scheme = {
    .name = "scheme", .columns = scheme_columns, .column_count = S_COUNT, .keys = 2, .row = scheme_row};
