/* tables.c - the expansions of the .def files, and nothing else but looking rows up. */
#include "proto/tables.h"

#include "proto/rules/rules.h"
#include "proto/when.h"

#include <string.h>

/* Notation of the rows. The label (of SEE: the level) is the first of the variable arguments. */
#define NEW              1u
#define ANY_STATE        (~NEW)
#define IN(kind, state)  (1u << ST_##kind##_##state)
#define BY(kind, action) (1u << ACT_##kind##_##action)
#define ROLE(name)       (1u << OPT_role_##name)

/* Placed by number: a number used twice in a kind is an initialiser overridden, which the build refuses. */
#undef KIND
#define KIND(id, number, one, many, ...) \
    [number] = {.wire = (number), .name = #id, .label = (one), .plural = (many), __VA_ARGS__},
static const struct kind kinds[KIND_LIMIT] = {
#include "proto/kinds/all.def"
};
#include "proto/kinds_off.h"

#undef STATE
#define STATE(of, id, number, ...) \
    [KIND_##of][number] = {.kind = KIND_##of, .wire = (number), .name = #id, .label = __VA_ARGS__},
static const struct state_row states[KIND_LIMIT][STATE_LIMIT] = {
#include "proto/kinds/all.def"
};
#include "proto/kinds_off.h"

#undef ACTION
#define ACTION(of, id, number, text, ...) \
    [KIND_##of][number] = {.kind = KIND_##of, .wire = (number), .name = #id, .label = (text), __VA_ARGS__},
static const struct action actions[KIND_LIMIT][ACTION_LIMIT] = {
#include "proto/kinds/all.def"
};
#include "proto/kinds_off.h"

#undef FIELD
#define FIELD(of, number, id, form, ...) \
    {.kind = KIND_##of, .wire = (number), .name = #id, .type = TYPE_##form, .label = __VA_ARGS__},
static const struct field fields[FIELD_ROWS] = {
#include "proto/kinds/all.def"
};
#include "proto/kinds_off.h"

/* Position by wire number, plus one; again a number used twice does not compile. */
enum { FIELD_WIRES = 64 };
#undef FIELD
#define FIELD(of, number, id, form, ...) [KIND_##of][number] = of##_##id + 1,
static const uint8_t positions[KIND_LIMIT][FIELD_WIRES] = {
#include "proto/kinds/all.def"
};
#include "proto/kinds_off.h"

#undef KIND
#define KIND(id, number, ...) [number] = FIRST_##id,
static const uint16_t first_rows[KIND_LIMIT] = {
#include "proto/kinds/all.def"
};
#include "proto/kinds_off.h"

static const struct field common_fields[F_COMMON_COUNT] = {
    [F_STATE] =
        {.wire = 0, .name = "state", .type = TYPE_INT, .hi = STATE_LIMIT, .flags = F_LIST, .label = N_("state")},
    [F_AUTHOR] = {.wire = 1, .name = "author", .type = TYPE_REF, .ref = KIND_operator, .label = N_("made by")},
    [F_AUTHOR_UNIT] =
        {.wire = 2, .name = "author_unit", .type = TYPE_REF, .ref = KIND_unit, .label = N_("made by unit")},
    [F_MADE] = {.wire = 3, .name = "made", .type = TYPE_STAMP, .label = N_("made on")},
    [F_SINCE] = {.wire = 4, .name = "since", .type = TYPE_STAMP, .flags = F_LIST, .label = N_("since")},
};

#undef MAY
#define MAY(of, act, rel, ...) {KIND_##of, ACT_##of##_##act, REL_##rel, __VA_ARGS__},
static const struct may mays[] = {
#include "proto/kinds/all.def"
};
#include "proto/kinds_off.h"

#undef SEE
#define SEE(of, in, rel, ...) {.kind = KIND_##of, .relation = REL_##rel, .states = (in), .level = __VA_ARGS__},
static const struct see sees[] = {
#include "proto/kinds/all.def"
};
#include "proto/kinds_off.h"

#undef RELATE
#undef RELATE_AS
#define RELATE(of, rel, position) {KIND_##of, REL_##rel, position},
#define RELATE_AS(of, position)   {KIND_##of, REL_all, position},
static const struct relate relates[] = {
#include "proto/kinds/all.def"
};
#include "proto/kinds_off.h"

#define COUNT_ARGS(...) (sizeof((uint8_t[]){__VA_ARGS__}))
#undef INDEX
#define INDEX(id, number, of, once, ...)          \
    [number] = {.wire = (number),                 \
                .kind = KIND_##of,                \
                .unique = ((once)&UNIQUE) != 0,   \
                .former = ((once)&FORMER) != 0,   \
                .count = COUNT_ARGS(__VA_ARGS__), \
                .fields = {__VA_ARGS__},          \
                .name = #id},
static const struct index_row indexes[INDEX_LIMIT] = {
#include "proto/kinds/all.def"
};
#include "proto/kinds_off.h"

#undef GAUGE
#define GAUGE(of, id, ...) {.kind = KIND_##of, .name = #id, .label = __VA_ARGS__},
static const struct gauge gauges[] = {
#include "proto/kinds/all.def"
};
#include "proto/kinds_off.h"

#define CHOICE(name)
#define OPTION(of, id, number, text, ...) \
    {.choice = CHOICE_##of, .wire = (number), .name = #id, .label = (text), __VA_ARGS__},
static const struct option options[] = {
#include "proto/choices.def"
};
#undef CHOICE
#undef OPTION
#define CHOICE(name) #name,
#define OPTION(...)
static const char *const choice_names[] = {
#include "proto/choices.def"
};
#undef CHOICE
#undef OPTION

#define SETTING(id, number, start, low, high, of, text) \
    [number] = {(number), #id, (start), (low), (high), (of), (text)},
static const struct setting_row settings[SETTING_LIMIT] = {
#include "proto/settings.def"
};
#undef SETTING

#define RELATION(id, number, text) [number] = {(number), #id, (text)},
static const struct relation_row relations[REL_LIMIT] = {
    [REL_all] = {REL_all, "all", N_("every operator")},
#include "proto/relations.def"
};
#undef RELATION

#define COUNT(array) (sizeof(array) / sizeof *(array))

const struct kind *kind_row(unsigned kind)
{
    return kind < KIND_LIMIT && kinds[kind].name != NULL ? &kinds[kind] : NULL;
}

const struct state_row *state_row(unsigned kind, unsigned state)
{
    if (kind >= KIND_LIMIT || state >= STATE_LIMIT || states[kind][state].name == NULL) return NULL;
    return &states[kind][state];
}

const struct action *action_row(unsigned kind, unsigned action)
{
    if (kind >= KIND_LIMIT || action >= ACTION_LIMIT || actions[kind][action].name == NULL) return NULL;
    return &actions[kind][action];
}

const struct option *option_row(unsigned choice, unsigned wire)
{
    for (size_t i = 0; i < COUNT(options); i++)
        if (options[i].choice == choice && options[i].wire == wire) return &options[i];
    return NULL;
}

const struct setting_row *setting_row(unsigned setting)
{
    return setting < SETTING_LIMIT && settings[setting].name != NULL ? &settings[setting] : NULL;
}

const struct relation_row *relation_row(unsigned relation)
{
    return relation < REL_LIMIT && relations[relation].name != NULL ? &relations[relation] : NULL;
}

const struct index_row *index_row(unsigned index)
{
    return index < INDEX_LIMIT && indexes[index].name != NULL ? &indexes[index] : NULL;
}

/* As it is typed: with dashes or with underscores. */
static bool is_called(const char *name, const char *typed)
{
    while (*name != '\0' && (*name == *typed || (*name == '_' && *typed == '-'))) {
        name++;
        typed++;
    }
    return *name == *typed;
}

const struct kind *kind_named(const char *name)
{
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        if (is_called(kind->name, name)) return kind;
    return NULL;
}

const struct state_row *state_named(unsigned kind, const char *name)
{
    for (const struct state_row *row = NULL; (row = state_next(kind, row)) != NULL;)
        if (strcmp(row->name, name) == 0) return row;
    return NULL;
}

const struct action *action_named(unsigned kind, const char *name)
{
    for (const struct action *row = NULL; (row = action_next(kind, row)) != NULL;)
        if (is_called(row->name, name)) return row;
    return NULL;
}

const struct option *option_named(unsigned choice, const char *name)
{
    for (const struct option *row = NULL; (row = option_next(choice, row)) != NULL;)
        if (strcmp(row->name, name) == 0) return row;
    return NULL;
}

const struct option *option_worded(unsigned choice, struct text word)
{
    for (const struct option *row = NULL; (row = option_next(choice, row)) != NULL;)
        if (text_equal(text_of(row->word), word)) return row;
    return NULL;
}

const struct setting_row *setting_named(const char *name)
{
    for (const struct setting_row *row = NULL; (row = setting_next(row)) != NULL;)
        if (strcmp(row->name, name) == 0) return row;
    return NULL;
}

unsigned field_count(unsigned kind)
{
    if (kind_row(kind) == NULL) return 0;
    unsigned row = first_rows[kind];
    while (row < FIELD_ROWS && fields[row].kind == kind)
        row++;
    return row - first_rows[kind] + F_COMMON_COUNT;
}

const struct field *field_row(unsigned kind, unsigned position)
{
    if (kind_row(kind) == NULL) return NULL;
    if (position < F_COMMON_COUNT) return &common_fields[position];
    unsigned row = first_rows[kind] + position - F_COMMON_COUNT;
    return row < FIELD_ROWS && fields[row].kind == kind ? &fields[row] : NULL;
}

const struct field *field_named(unsigned kind, const char *name, unsigned *position)
{
    const struct field *field;
    for (unsigned i = 0; (field = field_row(kind, i)) != NULL; i++) {
        if (strcmp(field->name, name) != 0) continue;
        if (position != NULL) *position = i;
        return field;
    }
    return NULL;
}

int field_position(unsigned kind, unsigned wire)
{
    if (kind_row(kind) == NULL || wire >= FIELD_WIRES) return -1;
    if (wire < F_COMMON_COUNT) return (int)wire;
    return positions[kind][wire] - 1;
}

int field_parent(unsigned kind)
{
    const struct field *field;
    for (unsigned i = F_COMMON_COUNT; (field = field_row(kind, i)) != NULL; i++)
        if (field->flags & F_PARENT) return (int)i;
    return -1;
}

const struct kind *kind_next(const struct kind *after)
{
    size_t row = after == NULL ? 0 : first_rows[after->wire] + 1u;
    for (; row < FIELD_ROWS; row++)
        if (first_rows[fields[row].kind] == row) return &kinds[fields[row].kind];
    return NULL;
}

const struct state_row *state_next(unsigned kind, const struct state_row *after)
{
    for (unsigned i = after == NULL ? 1 : after->wire + 1u; i < STATE_LIMIT; i++)
        if (state_row(kind, i) != NULL) return &states[kind][i];
    return NULL;
}

const struct action *action_next(unsigned kind, const struct action *after)
{
    for (unsigned i = after == NULL ? 1 : after->wire + 1u; i < ACTION_LIMIT; i++)
        if (action_row(kind, i) != NULL) return &actions[kind][i];
    return NULL;
}

/* The next row of a flat table that belongs to `wanted`. */
#define NEXT_ROW(table, member, wanted, after)                                                    \
    for (size_t i = (after) == NULL ? 0 : (size_t)((after) - (table)) + 1; i < COUNT(table); i++) \
        if ((table)[i].member == (wanted)) return &(table)[i];                                    \
    return NULL

const struct option *option_next(unsigned choice, const struct option *after)
{
    NEXT_ROW(options, choice, choice, after);
}

const struct may *may_next(unsigned kind, const struct may *after)
{
    NEXT_ROW(mays, kind, kind, after);
}

const struct see *see_next(unsigned kind, const struct see *after)
{
    NEXT_ROW(sees, kind, kind, after);
}

const struct relate *relate_next(unsigned kind, const struct relate *after)
{
    NEXT_ROW(relates, kind, kind, after);
}

const struct index_row *index_next(unsigned kind, const struct index_row *after)
{
    NEXT_ROW(indexes, kind, kind, after);
}

const struct index_row *relate_index(const struct relate *row)
{
    for (const struct index_row *index = NULL; (index = index_next(row->kind, index)) != NULL;)
        if (index->fields[0] == row->field) return index;
    return NULL;
}

const struct gauge *gauge_next(const struct gauge *after)
{
    size_t next = after == NULL ? 0 : (size_t)(after - gauges) + 1;
    return next < COUNT(gauges) ? &gauges[next] : NULL;
}

const struct setting_row *setting_next(const struct setting_row *after)
{
    for (unsigned i = after == NULL ? 1 : after->wire + 1u; i < SETTING_LIMIT; i++)
        if (settings[i].name != NULL) return &settings[i];
    return NULL;
}

const struct relation_row *relation_next(const struct relation_row *after)
{
    for (unsigned i = after == NULL ? 0 : after->wire + 1u; i < REL_LIMIT; i++)
        if (relations[i].name != NULL) return &relations[i];
    return NULL;
}

const char *choice_name(unsigned choice)
{
    return choice < CHOICE_COUNT ? choice_names[choice] : "";
}

const char *type_name(enum type type)
{
    static const char *const names[] = {"int",    "money", "points", "day",  "month", "date", "stamp",
                                        "choice", "flag",  "ref",    "text", "note",  "bytes"};
    return names[type];
}

static const char *field_fault(const struct field *field)
{
    bool text = field->type == TYPE_TEXT || field->type == TYPE_NOTE || field->type == TYPE_BYTES;
    if (field->wire < 8) return "a kind's own field has a wire number below 8";
    if (field->list_max > 32 || (field->list_max > 0 && text)) return "a list is too long or of texts";
    if (field->type == TYPE_REF && kind_row(field->ref) == NULL) return "a reference to no kind";
    if ((field->flags & F_PARENT) && (field->type != TYPE_REF || field->list_max > 0))
        return "a parent is one reference";
    if (text && field->hi <= 0) return "a text without a bound";
    if (field->type == TYPE_INT && field->hi <= field->lo) return "a number without bounds";
    return NULL;
}

/* Who is related to the referred record is so to this one: when that changes, this one must be found. */
static const char *relate_fault(const struct relate *row)
{
    const struct field *field = row->field == SELF ? NULL : field_row(row->kind, row->field);
    if (field == NULL) return row->relation == REL_all ? "a record can't inherit from itself" : NULL;
    if (field->type != TYPE_REF) return "a relation through no reference";
    if (row->relation != REL_all) return field->ref == KIND_unit ? NULL : "a relation to no unit";
    if (relate_index(row) == NULL) return "an inherited relation without an index that begins with its field";
    return NULL;
}

/* Index keys have an end, and their parts an order. */
static const char *index_fault(const struct index_row *row)
{
    int64_t bytes = 1 + 8;
    for (unsigned i = 0; i < row->count; i++) {
        const struct field *field = field_row(row->kind, row->fields[i]);
        if (field == NULL || field->list_max > 0 || field->type == TYPE_NOTE) return "an index of a list or note";
        bytes += field->type == TYPE_TEXT ? 4 * field->hi + 1 : field->type == TYPE_BYTES ? field->hi : 8;
    }
    return bytes <= INDEX_BYTES_MAX ? NULL : "an index whose keys can be too long";
}

static const char *sees_fault(unsigned kind)
{
    unsigned count = 0;
    for (const struct see *row = NULL; (row = see_next(kind, row)) != NULL;)
        count++;
    return count <= SEES_MAX ? NULL : "a kind has too many SEE rows";
}

/* Position 0: none. */
static bool is_moment(unsigned kind, unsigned position)
{
    const struct field *field = field_row(kind, position);
    return position == 0 || (field != NULL && (field->type == TYPE_DAY || field->type == TYPE_STAMP));
}

/* What is counted by area belongs to a project. */
static const char *gauge_fault(const struct gauge *row)
{
    int parent = field_parent(row->kind);
    if (parent < 0 || field_row(row->kind, (unsigned)parent)->ref != KIND_project) return "a gauge of no project";
    if (row->states == 0 || (row->urgent & ~row->states) != 0) return "a gauge's urgent states are not among its own";
    return NULL;
}

bool action_for_operators(const struct action *action)
{
    for (const struct may *row = NULL; (row = may_next(action->kind, row)) != NULL;)
        if (row->action == action->wire && row->relation < REL_rule) return true;
    return false;
}

/* Is `next` there, and possible in the state after the act (when no rule decides which that is)? */
static bool can_follow(const struct action *action, unsigned next)
{
    const struct action *row = action_row(action->kind, next);
    return row != NULL && (action->to == 0 || (row->from >> action->to & 1) != 0);
}

/* What takes an act back or puts it right is possible after it, and what nothing puts right says what it brings. */
static const char *redress_fault(unsigned kind)
{
    for (const struct action *row = NULL; (row = action_next(kind, row)) != NULL;) {
        bool confirmed = (row->flags & (A_GRAVE | A_OPINION)) != 0;
        if (row->undo != 0 && !can_follow(row, row->undo)) return "an act can't be taken back in the state after it";
        if (row->mend != 0 && !can_follow(row, row->mend)) return "an act can't be put right in the state after it";
        if ((row->then != NULL) != confirmed) return "an act is confirmed without a consequence, or has one in vain";
        if (confirmed && (row->flags & A_LIGHT)) return "a light act is confirmed";
        if (!confirmed && (row->flags & A_LIGHT) == 0 && row->undo == 0 && row->mend == 0 && action_for_operators(row))
            return "an act can't be taken back or put right, is not light, and is not confirmed";
    }
    return NULL;
}

const char *tables_fault(void)
{
    _Static_assert(COUNT(gauges) <= GAUGES_MAX, "too many gauges");
    for (const struct gauge *row = NULL; (row = gauge_next(row)) != NULL;)
        if (gauge_fault(row) != NULL) return gauge_fault(row);
    for (size_t i = 0; i < FIELD_ROWS; i++) {
        const char *fault = field_fault(&fields[i]);
        if (fault != NULL) return fault;
    }
    for (size_t i = 0; i < COUNT(relates); i++) {
        const char *fault = relate_fault(&relates[i]);
        if (fault != NULL) return fault;
    }
    for (size_t i = 0; i < COUNT(indexes); i++) {
        const char *fault = indexes[i].name != NULL ? index_fault(&indexes[i]) : NULL;
        if (fault != NULL) return fault;
    }
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        if (sees_fault(kind->wire) != NULL) return sees_fault(kind->wire);
        if (redress_fault(kind->wire) != NULL) return redress_fault(kind->wire);
        if (state_next(kind->wire, NULL) == NULL) return "a kind without states";
        for (const struct state_row *row = NULL; (row = state_next(kind->wire, row)) != NULL;) {
            if (!is_moment(kind->wire, row->due) || !is_moment(kind->wire, row->clock))
                return "a deadline or clock is a day or a stamp";
            if (row->lapse == 0) continue;
            if (row->due == 0 && row->clock == 0) return "a state lapses without a deadline";
            if (action_row(kind->wire, row->lapse) == NULL) return "a state lapses by no action";
        }
    }
    return NULL;
}
