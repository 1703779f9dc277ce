/* import_targets.c - targets by month from a file: 将项目建设指标任务量化细化 (clause 1).
 *
 * Agreed figures change by an amendment in the client. Only a target whose split by month is still the
 * importer's own estimate is replaced here, as an amendment too. */
#include "server/import_row.h"

#include "proto/check.h"

enum { MONTHS = 12 };

enum { T_PROJECT, T_YEAR, T_TOTAL, T_MONTH, T_OPENING = T_MONTH + MONTHS, T_OPENING_ON, T_ESTIMATE, T_BASIS, T_COUNT };

#define MONTH_COLUMN(number, header) [T_MONTH + (number)-1] = {header, KIND_target, target_total, COLUMN_PARSED}

static const struct column target_columns[T_COUNT] = {
    [T_PROJECT] = {"项目编号", KIND_target, target_project, COLUMN_NEEDED | COLUMN_NAMED},
    [T_YEAR] = {"年度", KIND_target, target_year, COLUMN_NEEDED | COLUMN_CODE},
    [T_TOTAL] = {"年度计划", KIND_target, target_total, COLUMN_NEEDED},
    MONTH_COLUMN(1, "1月"),
    MONTH_COLUMN(2, "2月"),
    MONTH_COLUMN(3, "3月"),
    MONTH_COLUMN(4, "4月"),
    MONTH_COLUMN(5, "5月"),
    MONTH_COLUMN(6, "6月"),
    MONTH_COLUMN(7, "7月"),
    MONTH_COLUMN(8, "8月"),
    MONTH_COLUMN(9, "9月"),
    MONTH_COLUMN(10, "10月"),
    MONTH_COLUMN(11, "11月"),
    MONTH_COLUMN(12, "12月"),
    [T_OPENING] = {"期初累计", KIND_target, target_opening, 0},
    [T_OPENING_ON] = {"期初日期", KIND_target, target_opening_on, 0},
    [T_ESTIMATE] = {"暂估", KIND_target, target_estimate, 0},
    [T_BASIS] = {"依据", KIND_target, target_basis, 0},
};

/* The revision of the project's target for the year that is agreed; else any that is not final. */
static uint64_t standing_target(struct import *import, const struct record *args, struct record *target)
{
    struct value values[] = {args->values[target_project], args->values[target_year]};
    struct walk walk;
    uint64_t id, found = 0;
    walk_start(&walk, import_space(import), IX_target_year, values, 2);
    while (walk_next(&walk, &id)) {
        struct record other;
        if (!import_read(import, KIND_target, id, &other)) return 0;
        if (rec_state(&other) == ST_target_amended) continue;
        *target = other;
        found = id;
        if (rec_state(&other) == ST_target_agreed) break;
    }
    return found;
}

/* Does a cell say something else than the registry? One that is empty says nothing; no balance is none. */
static bool says_other(const struct record *old, const struct record *args, unsigned position)
{
    if (!rec_has(args, position)) return false;
    if (position == target_opening || position == target_estimate)
        return rec_num(old, position) != rec_num(args, position);
    return !value_equal(field_row(KIND_target, position), &old->values[position], &args->values[position]);
}

static bool differs(const struct record *old, const struct record *args)
{
    if (says_other(old, args, target_total) || says_other(old, args, target_opening) ||
        says_other(old, args, target_opening_on))
        return true;
    /* An even split that the importer made says nothing against months that somebody planned. */
    if (rec_num(args, target_estimate) != 0 && rec_num(old, target_estimate) == 0) return false;
    return says_other(old, args, target_months) || says_other(old, args, target_estimate);
}

static void replace(struct import *import, unsigned column, const struct record *old, struct record *args)
{
    struct record amend = record_make(KIND_target, old->id), draft;
    rec_set_text(&amend, target_reason, text_of("由导入文件替换暂估指标"));
    if (import_do(import, column, ACT_target_amend, &amend, MARK_NONE) == 0) return;
    args->id = state_last_id(import_space(import), KIND_target); /* the revision that was just opened */
    if (!import_read(import, KIND_target, args->id, &draft)) return;
    import_do(import, column, ACT_target_agree, args, MARK_CHANGED);
}

void import_target(struct import *import, unsigned column, struct record *args, bool opening_given)
{
    static const struct put put = {ACT_target_agree, 0, NO_COLUMN};
    struct record old;
    struct refusal why;
    uint64_t id = standing_target(import, args, &old);
    if (import->bad) return;
    if (id == 0) {
        import_do(import, column, ACT_target_agree, args, MARK_CREATED);
        return;
    }
    if (!opening_given) rec_move(args, target_opening_on, &old, target_opening_on);
    bool agreed = rec_state(&old) == ST_target_agreed;
    if (agreed && !differs(&old, args)) {
        struct record same = record_make(KIND_target, id);
        import_put(import, &put, &same);
        return;
    }
    bool opening_kept = !says_other(&old, args, target_opening) && !says_other(&old, args, target_opening_on);
    if (agreed && rec_num(&old, target_estimate) != 0 && opening_kept) {
        replace(import, column, &old, args);
        return;
    }
    refuse(&why, ERR_TARGET_DIFFERS);
    import_fault(import, column, &why);
}

void import_split(int64_t total, int64_t months[12])
{
    for (unsigned i = 0; i < MONTHS; i++)
        months[i] = total / MONTHS;
    months[MONTHS - 1] += total % MONTHS;
}

/* The twelve figures, or none of them: then they are split evenly. A single empty one counts as nothing. */
static void read_months(struct import *import, struct record *args)
{
    int64_t *months = arena_get(&import->row_arena, MONTHS * sizeof *months);
    bool given = false;
    if (months == NULL) return;
    for (unsigned i = 0; i < MONTHS; i++) {
        const struct value *value = &import->values[T_MONTH + i];
        months[i] = value->set ? value->as.number : 0;
        given = given || value->set;
    }
    if (!given) import_split(rec_num(args, target_total), months);
    rec_set_list(args, target_months, months, MONTHS);
    if (!rec_has(args, target_estimate)) rec_set(args, target_estimate, !given);
}

static void target_row(struct import *import)
{
    struct record args = record_make(KIND_target, 0);
    char code[100];
    struct text cell = import_cell(import, T_PROJECT);
    bool fits = text_narrow(cell, code, sizeof code);
    uint64_t project = fits ? state_find_text(import_space(import), IX_project_code, code) : 0;
    if (project == 0) import_fault_text(import, T_PROJECT, ERR_UNKNOWN, cell);
    struct refusal why;
    if (!import->values[T_YEAR].set) {
        refuse_field(&why, ERR_NEEDED, KIND_target, target_year, 0);
        import_fault(import, T_YEAR, &why);
    }
    if (import->bad) return;
    import_fill(import, &args);
    rec_set(&args, target_project, (int64_t)project);
    read_months(import, &args);
    import_target(import, T_PROJECT, &args, true);
}

const struct import_what import_targets = {
    .name = "targets", .columns = target_columns, .column_count = T_COUNT, .keys = 2, .row = target_row};
