/* import_projects.c - the plan's projects from the offices' file (clause 1): each with its owner and
 * contractor, the persons of its three tiers, its entry in the plan and the target of the year.
 *
 * The file says which facts are for demonstration; that stands in the project's remark. When the entries of
 * a draft plan agree with its counts, it comes into force with the last row: 65 + 88 = 153. */
#include "server/import_row.h"

#include "server/files.h"

#include "proto/check.h"
#include "proto/show.h"

#include <stdio.h>
#include <string.h>

enum {
    J_CODE,
    J_NAME,
    J_LIST,
    J_CATEGORY,
    J_NATURE,
    J_AREA,
    J_SITE,
    J_SCALE,
    J_TOTAL,
    J_FUNDING,
    J_YEAR_PLAN,
    J_YEAR_DONE,
    J_STAGE,
    J_LEAD,
    J_RESPONSIBLE,
    J_OWNER,
    J_CONTRACTOR,
    J_HEAD,
    J_DEPUTY,
    J_MEMBERS,
    J_CONTACT,
    J_PHONE,
    J_START,
    J_FINISH,
    J_NATURE_OF_DATA,
    J_EVIDENCED,
    J_REMARK,
    J_COUNT
};

static const struct column project_columns[J_COUNT] = {
    [J_CODE] = {"项目编号", KIND_project, project_code, COLUMN_NEEDED | COLUMN_CODE},
    [J_NAME] = {"项目名称", KIND_project, project_name, COLUMN_NEEDED},
    [J_LIST] = {"项目类别", KIND_project, project_list, COLUMN_NEEDED},
    [J_CATEGORY] = {"行业", KIND_project, project_category, COLUMN_NEEDED},
    [J_NATURE] = {"建设性质", KIND_project, project_nature, COLUMN_NEEDED},
    [J_AREA] = {"区域代码", KIND_project, project_county, COLUMN_NEEDED | COLUMN_NAMED},
    [J_SITE] = {"建设地点", KIND_project, project_site, 0},
    [J_SCALE] = {"建设规模及主要内容", KIND_project, project_scale, 0},
    [J_TOTAL] = {"总投资_万元", KIND_project, project_total, 0},
    [J_FUNDING] = {"资金来源", KIND_project, project_funding, 0},
    [J_YEAR_PLAN] = {"当年计划投资_万元", KIND_target, target_total, 0},
    [J_YEAR_DONE] = {"当年累计完成_万元", KIND_target, target_opening, 0},
    [J_STAGE] = {"当前阶段", KIND_project, project_stage, COLUMN_NEEDED},
    [J_LEAD] = {"牵头单位", KIND_project, project_lead, COLUMN_NEEDED | COLUMN_NAMED},
    [J_RESPONSIBLE] = {"责任单位", KIND_project, project_responsible, COLUMN_NEEDED | COLUMN_NAMED},
    [J_OWNER] = {"项目业主", KIND_project, project_owner, COLUMN_NEEDED | COLUMN_NAMED},
    [J_CONTRACTOR] = {"施工单位", KIND_project, project_contractor, COLUMN_NAMED},
    [J_HEAD] = {"一把手", KIND_project, project_head, COLUMN_NEEDED | COLUMN_NAMED},
    [J_DEPUTY] = {"分管领导", KIND_project, project_deputy, COLUMN_NEEDED | COLUMN_NAMED},
    [J_MEMBERS] = {"班子成员", KIND_project, project_members, COLUMN_NEEDED | COLUMN_NAMED},
    [J_CONTACT] = {"联系人", KIND_project, project_contact, COLUMN_NEEDED | COLUMN_NAMED},
    [J_PHONE] = {"联系电话", KIND_person, person_phone, COLUMN_PARSED},
    [J_START] = {"计划开工", KIND_project, project_start, 0},
    [J_FINISH] = {"计划竣工", KIND_project, project_finish, 0},
    [J_NATURE_OF_DATA] = {"数据性质", 0, 0, COLUMN_NAMED},
    [J_EVIDENCED] = {"有据字段", 0, 0, COLUMN_NAMED},
    [J_REMARK] = {"备注", KIND_project, project_remark, COLUMN_NAMED},
};

enum { AREAS_MAX = 128, AREA_BYTES = 8 };

struct projects {
    struct record plan;
    unsigned enterprises; /* codes QY0001 to this are taken */
    unsigned area_count;
    struct {
        char code[AREA_BYTES];
        uint64_t unit;
    } areas[AREAS_MAX];
};

/* ---- before the rows ---- */

/* The plan that was named, or the only draft, or the one in force. */
static uint64_t find_plan(const struct import *import)
{
    const struct space *space = import_space(import);
    if (import->options->plan != NULL) return state_find_text(space, IX_plan_number, import->options->plan);
    uint64_t id, found = 0;
    unsigned drafts = 0;
    struct value state = number_value(ST_plan_draft);
    struct walk walk;
    walk_start(&walk, space, IX_plan_state, &state, 1);
    for (; walk_next(&walk, &id); drafts++)
        found = id;
    if (drafts > 0) return drafts == 1 ? found : 0;
    state = number_value(ST_plan_in_force);
    walk_start(&walk, space, IX_plan_state, &state, 1);
    return walk_next(&walk, &id) ? id : 0;
}

static void find_areas(const struct import *import, struct projects *own)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (uint64_t id = 0; (id = state_next_id(import_space(import), KIND_unit, id)) > 0;) {
        struct record unit;
        if (state_get(import_space(import), KIND_unit, id, &arena, &unit) != OK) continue;
        struct text code = rec_text(&unit, unit_area);
        bool fits = rec_state(&unit) == ST_unit_active && code.length > 0 && code.length < AREA_BYTES;
        if (fits && own->area_count < AREAS_MAX) {
            memcpy(own->areas[own->area_count].code, code.at, code.length);
            own->areas[own->area_count++].unit = id;
        }
        arena_reuse(&arena);
    }
    arena_clear(&arena);
}

static void begin(struct import *import)
{
    struct projects *own = arena_get(&import->arena, sizeof *own);
    const struct import_options *options = import->options;
    struct refusal why;
    uint64_t plan = find_plan(import);
    enum err err = own == NULL ? ERR_MEMORY : plan == 0 ? ERR_NO_PLAN : OK;
    if (err == OK) err = state_get(import_space(import), KIND_plan, plan, &import->arena, &own->plan);
    refuse(&why, err);
    if (err == OK && rec_state(&own->plan) == ST_plan_superseded)
        refuse_text(&why, ERR_WRONG_STATE, state_row(KIND_plan, ST_plan_superseded)->label);
    if (err == OK && options->has_as_of && options->as_of.n > import_today(import).n)
        refuse_field(&why, ERR_DATE_AHEAD, KIND_target, target_opening_on, 0);
    if (own == NULL || why.err != OK) {
        import_stop(import, &why);
        return;
    }
    find_areas(import, own);
    import->own = own;
}

/* ---- the units of a row ---- */

static uint64_t area_unit(struct import *import)
{
    const struct projects *own = import->own;
    char code[AREA_BYTES];
    if (text_narrow(import_cell(import, J_AREA), code, sizeof code))
        for (unsigned i = 0; i < own->area_count; i++)
            if (strcmp(own->areas[i].code, code) == 0) return own->areas[i].unit;
    return import_unit(import, J_AREA);
}

static void next_code(struct import *import, char code[16])
{
    struct projects *own = import->own;
    do
        snprintf(code, 16, "QY%04u", ++own->enterprises);
    while (state_find_text(import_space(import), IX_unit_code, code) != 0);
}

/* The first characters of a name, as many as the short name may have. */
static struct text short_name(struct text name)
{
    const char *at = name.at, *end = name.at + name.length;
    uint32_t code;
    for (int64_t i = 0; i < field_row(KIND_unit, unit_short)->hi && at < end; i++)
        if (!utf8_next(&at, end, &code)) break;
    return (struct text){name.at, (uint32_t)(at - name.at)};
}

/* The unit of that name; an enterprise is made when there is none. 0: empty, or a fault. */
static uint64_t enterprise(struct import *import, unsigned column)
{
    struct text name = import_cell(import, column), rest = name;
    const struct put put = {ACT_unit_create, ACT_unit_amend, column};
    char code[16], key[400];
    next_phrase(&rest, "\n", &name); /* without outer spaces */
    if (name.length == 0) return 0;
    struct str out = str_in(key, sizeof key);
    str_text(&out, name);
    uint64_t id = out.cut ? 0 : state_find_text(import_space(import), IX_unit_name, key);
    struct record args = record_make(KIND_unit, id);
    if (args.id == 0) {
        next_code(import, code);
        rec_set_text(&args, unit_code, text_of(code));
        rec_set_text(&args, unit_name, name);
        rec_set_text(&args, unit_short, short_name(name));
        rec_set(&args, unit_type, OPT_unit_type_enterprise);
    }
    return import_put(import, &put, &args);
}

/* ---- the persons of a row ---- */

static uint64_t find_person(struct import *import, uint64_t unit, struct text name)
{
    struct value values[] = {number_value((int64_t)unit), text_value(name)};
    struct walk walk;
    uint64_t id;
    if (name.length > 200) return 0;
    walk_start(&walk, import_space(import), IX_person_unit, values, 2);
    while (walk_next(&walk, &id)) {
        struct record person;
        if (import_read(import, KIND_person, id, &person) && rec_state(&person) == ST_person_active) return id;
    }
    return 0;
}

static uint64_t find_post(struct import *import, uint64_t person, uint64_t unit, int64_t rank)
{
    struct value values[] = {number_value((int64_t)person), number_value(rank)};
    struct walk walk;
    uint64_t id;
    walk_start(&walk, import_space(import), IX_post_person, values, 2);
    while (walk_next(&walk, &id)) {
        struct record post;
        if (import_read(import, KIND_post, id, &post) && rec_state(&post) == ST_post_in_force &&
            rec_num(&post, post_unit) == (int64_t)unit)
            return id;
    }
    return 0;
}

/* The post of that rank in the unit of the person so named; both are made when they are missing. */
static uint64_t person_post(struct import *import, unsigned column, uint64_t unit, int64_t rank, struct text name)
{
    const struct put put_person = {ACT_person_create, ACT_person_amend, column};
    const struct put put_post = {ACT_post_create, ACT_post_amend, column};
    struct record person = record_make(KIND_person, find_person(import, unit, name));
    if (person.id == 0) {
        rec_set_text(&person, person_name, name);
        rec_set(&person, person_unit, (int64_t)unit);
    }
    if (rank == OPT_rank_contact) person.values[person_phone] = import->values[J_PHONE];
    uint64_t id = import_put(import, &put_person, &person);
    if (id == 0) return 0;
    struct record post = record_make(KIND_post, find_post(import, id, unit, rank));
    if (post.id == 0) {
        rec_set(&post, post_person, (int64_t)id);
        rec_set(&post, post_unit, (int64_t)unit);
        rec_set(&post, post_rank, rank);
        rec_set(&post, post_from, import_today(import).n);
    }
    return import_put(import, &put_post, &post);
}

/* 一把手亲自抓、分管领导具体抓、班子成员共同推进, and the contact. Empty cells are the tables' to refuse. */
static void read_chain(struct import *import, struct record *args)
{
    static const struct {
        uint8_t column, field;
        int64_t rank;
    } tiers[] = {{J_HEAD, project_head, OPT_rank_head},
                 {J_DEPUTY, project_deputy, OPT_rank_deputy},
                 {J_CONTACT, project_contact, OPT_rank_contact}};
    uint64_t unit = (uint64_t)rec_num(args, project_responsible);
    int64_t *members = arena_get(&import->row_arena, LIST_MAX * sizeof *members);
    unsigned count = 0;
    struct text rest = import_cell(import, J_MEMBERS), name;
    for (unsigned i = 0; i < 3; i++) {
        struct text cell = import_cell(import, tiers[i].column);
        if (!next_phrase(&cell, "\n", &name)) continue;
        uint64_t post = person_post(import, tiers[i].column, unit, tiers[i].rank, name);
        if (post != 0) rec_set(args, tiers[i].field, (int64_t)post);
    }
    while (members != NULL && count < LIST_MAX && next_phrase(&rest, "、,，;；\n", &name)) {
        uint64_t post = person_post(import, J_MEMBERS, unit, OPT_rank_member, name);
        if (post != 0) members[count++] = (int64_t)post;
    }
    if (count > 0) rec_set_list(args, project_members, members, count);
}

/* ---- the row ---- */

static void read_units(struct import *import, struct record *args)
{
    static const struct {
        uint8_t column, field;
        uint64_t (*find)(struct import *import, unsigned column);
    } units[] = {{J_LEAD, project_lead, import_unit},
                 {J_RESPONSIBLE, project_responsible, import_unit},
                 {J_OWNER, project_owner, enterprise},
                 {J_CONTRACTOR, project_contractor, enterprise}};
    uint64_t area = area_unit(import);
    if (area != 0) rec_set(args, project_county, (int64_t)area);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        uint64_t unit = units[i].find(import, units[i].column);
        if (unit != 0) rec_set(args, units[i].field, (int64_t)unit);
    }
}

/* What kind of data this is, which facts are evidenced, and what else was remarked. */
static void read_remark(struct import *import, struct record *args)
{
    static const uint8_t columns[] = {J_NATURE_OF_DATA, J_EVIDENCED, J_REMARK};
    enum { REMARK_BYTES = 4096 };
    char *remark = arena_get(&import->row_arena, REMARK_BYTES);
    if (remark == NULL) return;
    struct str out = str_in(remark, REMARK_BYTES);
    for (size_t i = 0; i < sizeof columns; i++) {
        struct text cell = import_cell(import, columns[i]), part;
        if (!next_phrase(&cell, "", &part)) continue;
        if (out.used > 0) str_put(&out, "; ");
        str_text(&out, part);
    }
    if (out.used > 0) rec_set_text(args, project_remark, text_of(remark));
}

static void enter_in_plan(struct import *import, uint64_t project, int64_t list)
{
    const struct projects *own = import->own;
    static const struct put put = {ACT_entry_list, ACT_entry_move, J_LIST};
    struct value values[] = {number_value((int64_t)own->plan.id), number_value((int64_t)project)};
    struct record old;
    struct record entry = record_make(KIND_entry, state_find(import_space(import), IX_entry_plan, values, 2));
    if (rec_state(&own->plan) == ST_plan_draft) {
        if (entry.id == 0) {
            rec_set(&entry, entry_plan, (int64_t)own->plan.id);
            rec_set(&entry, entry_project, (int64_t)project);
        }
        rec_set(&entry, entry_list, list);
        import_put(import, &put, &entry);
        return;
    }
    struct refusal why;
    bool listed = entry.id != 0 && import_read(import, KIND_entry, entry.id, &old) &&
                  rec_state(&old) != ST_entry_dropped && rec_num(&old, entry_list) == list;
    refuse_field(&why, ERR_NOT_IN_PLAN, KIND_project, project_list, 0);
    if (listed)
        import_put(import, &put, &entry);
    else if (!import->bad)
        import_fault(import, J_LIST, &why);
}

/* The year's plan in equal parts, marked as an estimate, with the figures so far as its opening balance. */
static void set_target(struct import *import, uint64_t project)
{
    const struct import_options *options = import->options;
    day_t as_of = options->as_of;
    int64_t *months = arena_get(&import->row_arena, 12 * sizeof *months);
    struct record args = record_make(KIND_target, 0);
    if (!options->has_as_of) as_of = day_add(month_first(month_of(import_today(import))), -1);
    import_fill(import, &args);
    if (months == NULL || (!rec_has(&args, target_total) && !rec_has(&args, target_opening))) return;
    import_split(rec_num(&args, target_total), months);
    rec_set(&args, target_project, (int64_t)project);
    rec_set(&args, target_year, month_year(month_of(as_of)));
    rec_set_list(&args, target_months, months, 12);
    rec_set(&args, target_estimate, 1);
    if (rec_has(&args, target_opening)) rec_set(&args, target_opening_on, as_of.n);
    import_target(import, J_YEAR_PLAN, &args, options->has_as_of);
}

static void project_row(struct import *import)
{
    static const struct put put = {ACT_project_register, ACT_project_amend, J_CODE};
    const struct value *code = &import->values[J_CODE];
    struct record args = record_make(KIND_project, 0);
    import_fill(import, &args);
    if (code->set) args.id = state_find(import_space(import), IX_project_code, code, 1);
    read_units(import, &args);
    read_remark(import, &args);
    if (rec_has(&args, project_responsible)) read_chain(import, &args);
    if (import->bad) return;
    uint64_t project = import_put(import, &put, &args);
    if (project == 0) return;
    enter_in_plan(import, project, rec_num(&args, project_list));
    set_target(import, project);
}

/* ---- after the rows ---- */

static void count_entries(struct import *import, int64_t counts[2])
{
    const struct projects *own = import->own;
    struct value plan = number_value((int64_t)own->plan.id);
    struct walk walk;
    uint64_t id;
    counts[0] = counts[1] = 0;
    walk_start(&walk, import_space(import), IX_entry_plan, &plan, 1);
    while (walk_next(&walk, &id)) {
        struct record entry;
        arena_reuse(&import->row_arena);
        if (state_get(import_space(import), KIND_entry, id, &import->row_arena, &entry) != OK) continue;
        if (rec_state(&entry) != ST_entry_dropped) counts[rec_num(&entry, entry_list) == OPT_plan_list_construction]++;
    }
}

static void put_sum(struct str *out, int64_t preliminary, int64_t construction)
{
    str_number(out, preliminary);
    str_put(out, " + ");
    str_number(out, construction);
    str_put(out, " = ");
    str_number(out, preliminary + construction);
}

static void finish(struct import *import)
{
    const struct projects *own = import->own;
    int64_t counts[2];
    int64_t wanted[2] = {rec_num(&own->plan, plan_preliminary), rec_num(&own->plan, plan_construction)};
    struct record args = record_make(KIND_plan, own->plan.id);
    struct refusal why;
    char sums[100], both[REFUSAL_TEXT_MAX];
    struct str out = str_in(sums, sizeof sums);
    count_entries(import, counts);
    put_sum(&out, counts[0], counts[1]);
    if (counts[0] == wanted[0] && counts[1] == wanted[1]) {
        bool draft = rec_state(&own->plan) == ST_plan_draft;
        if (draft && console_do(import->console, ACT_plan_enforce, &args, NULL, &why) != OK) {
            import_stop(import, &why);
            return;
        }
        out = str_in(import->note, sizeof import->note);
        str_text(&out, rec_text(&own->plan, plan_number));
        str_printf(&out, ": %s", sums);
        return;
    }
    out = str_in(both, sizeof both);
    str_printf(&out, "%s %s, %s ", tr(N_("projects")), sums, tr(N_("plan")));
    put_sum(&out, wanted[0], wanted[1]);
    refuse_text(&why, ERR_PLAN_COUNTS, both);
    if (!import->options->skip_bad) {
        import_stop(import, &why);
        return;
    }
    report_refusal(&why);
    fprintf(stderr, "duband: %s\n", tr(N_("the plan stays a draft until they agree")));
}

const struct import_what import_projects = {.name = "projects",
                                            .columns = project_columns,
                                            .column_count = J_COUNT,
                                            .keys = 1,
                                            .begin = begin,
                                            .row = project_row,
                                            .finish = finish};
