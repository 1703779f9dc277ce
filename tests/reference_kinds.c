/* reference_kinds.c - every kind in full: fields, states, actions with who may take them, who sees
 * what. */
#include "tests/reference.h"

#include "proto/tables.h"

#include <string.h>

static const char *role_word(const void *self, unsigned bit)
{
    (void)self;
    const struct option *option = option_row(CHOICE_role, bit);
    return option != NULL ? option->name : NULL;
}

static const char *action_word(const void *self, unsigned bit)
{
    const struct kind *kind = self;
    const struct action *action = action_row(kind->wire, bit);
    return action != NULL ? action->name : NULL;
}

static const char *state_word(const void *self, unsigned bit)
{
    const struct kind *kind = self;
    const struct state_row *state = state_row(kind->wire, bit);
    return bit == 0 ? "new" : state != NULL ? state->name : NULL;
}

static uint32_t all_states(const struct kind *kind)
{
    uint32_t states = 0;
    for (const struct state_row *row = NULL; (row = state_next(kind->wire, row)) != NULL;)
        states |= 1u << row->wire;
    return states;
}

static void put_states(FILE *out, const struct kind *kind, uint32_t states)
{
    uint32_t all = all_states(kind);
    bool several = (all & (all - 1)) != 0;
    if (several && (states & all) == all)
        fputs((states & 1) != 0 ? "new, any" : "any", out);
    else
        put_bits(out, states & (all | 1), state_word, kind);
}

/* ---- fields ---- */

static void put_type(FILE *out, const struct field *field)
{
    fputs(type_name(field->type), out);
    if (field->type == TYPE_REF) fprintf(out, " %s", kind_row(field->ref)->name);
    if (field->type == TYPE_CHOICE) fprintf(out, " %s", choice_name(field->choice));
    if (field->list_max > 0) fprintf(out, ", list of %u", field->list_max);
}

static void put_bounds(FILE *out, const struct field *field)
{
    switch (field->type) {
    case TYPE_INT:
    case TYPE_MONEY:
    case TYPE_POINTS: fprintf(out, "%lld to %lld", (long long)field->lo, (long long)field->hi); break;
    case TYPE_TEXT:
    case TYPE_NOTE: fprintf(out, "%lld to %lld characters", (long long)field->lo, (long long)field->hi); break;
    case TYPE_BYTES: fprintf(out, "%lld bytes", (long long)field->hi); break;
    case TYPE_DAY:
    case TYPE_MONTH:
    case TYPE_DATE:
    case TYPE_STAMP:
    case TYPE_CHOICE:
    case TYPE_FLAG:
    case TYPE_REF: break;
    }
}

static void put_flags(FILE *out, unsigned flags)
{
    static const char *const names[] = {"list", "fixed", "parent", "ascii", "ended too"};
    bool any = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if ((flags >> i & 1) == 0) continue;
        fprintf(out, any ? ", %s" : "%s", names[i]);
        any = true;
    }
}

static void put_field(FILE *out, const struct kind *kind, const struct field *field)
{
    fprintf(out, "| %u | %s | ", field->wire, field->name);
    put_type(out, field);
    fputs(" | ", out);
    put_bounds(out, field);
    fputs(" | ", out);
    fputs(field->unit != NULL ? field->unit : "", out);
    fputs(" | ", out);
    put_flags(out, field->flags);
    if (kind != NULL) {
        fputs(" | ", out);
        put_bits(out, field->fill, action_word, kind);
        fputs(" | ", out);
        put_bits(out, field->need, action_word, kind);
    }
    fprintf(out, " | %s%s%s |\n", field->label, field->clause != NULL ? "; " : "",
            field->clause != NULL ? field->clause : "");
}

static void write_common(FILE *out)
{
    put_head(out, "number | field | type | bounds | unit | flags | label");
    for (unsigned i = 0; i < F_COMMON_COUNT; i++)
        put_field(out, NULL, field_row(KIND_registry, i));
}

static void put_fields(FILE *out, const struct kind *kind)
{
    const struct field *field;
    put_head(out, "number | field | type | bounds | unit | flags | filled in by | needed by | label");
    for (unsigned i = F_COMMON_COUNT; (field = field_row(kind->wire, i)) != NULL; i++)
        put_field(out, kind, field);
}

/* ---- states and actions ---- */

static void put_state_rows(FILE *out, const struct kind *kind)
{
    put_head(out, "number | state | deadline | its clock | when that passes | final | label");
    for (const struct state_row *row = NULL; (row = state_next(kind->wire, row)) != NULL;) {
        fprintf(out, "| %u | %s |", row->wire, row->name);
        put_cell(out, row->due != 0 ? field_row(kind->wire, row->due)->name : "");
        put_cell(out, row->clock != 0 ? field_row(kind->wire, row->clock)->name : "");
        put_cell(out, row->lapse != 0 ? action_row(kind->wire, row->lapse)->name : "");
        put_cell(out, row->final ? "yes" : "");
        put_cell(out, row->label);
        fputc('\n', out);
    }
}

static void put_who(FILE *out, const struct action *action)
{
    bool any = false;
    for (const struct may *row = NULL; (row = may_next(action->kind, row)) != NULL;) {
        if (row->action != action->wire) continue;
        fprintf(out, any ? "; %s" : "%s", relation_row(row->relation)->name);
        if (row->roles != ANY_ROLE) {
            fputs(" (", out);
            put_bits(out, row->roles, role_word, NULL);
            fputc(')', out);
        }
        any = true;
    }
}

static void put_actions(FILE *out, const struct kind *kind)
{
    static const char *const flags[] = {"signed", "opinion", "duty", "grave", "receipt", "light"};
    put_head(out, "number | action | from | to | flags | who: relation (any of the roles) | rule | taken back or put "
                  "right by | label");
    for (const struct action *row = NULL; (row = action_next(kind->wire, row)) != NULL;) {
        bool any = false;
        fprintf(out, "| %u | %s | ", row->wire, row->name);
        put_states(out, kind, row->from);
        fprintf(out, " | %s | ", row->to != 0 ? state_row(kind->wire, row->to)->name : "");
        for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
            if ((row->flags >> i & 1) == 0) continue;
            fprintf(out, any ? ", %s" : "%s", flags[i]);
            any = true;
        }
        fputs(" | ", out);
        put_who(out, row);
        const struct action *redress = action_row(kind->wire, row->undo != 0 ? row->undo : row->mend);
        fprintf(out, " | %s | %s%s | %s |\n", row->rule != NULL ? "yes" : "", redress != NULL ? redress->name : "",
                row->undo != 0 ? " (undo)" : "", row->label);
    }
}

/* ---- who is related, who sees ---- */

static void put_relations(FILE *out, const struct kind *kind)
{
    bool any = false;
    fputs("Relations: `author` is the unit in `author_unit`", out);
    for (const struct relate *row = NULL; (row = relate_next(kind->wire, row)) != NULL;) {
        const struct field *field = row->field != SELF ? field_row(kind->wire, row->field) : NULL;
        if (field == NULL)
            fprintf(out, "; `%s` is the record itself", relation_row(row->relation)->name);
        else if (row->relation == REL_all)
            fprintf(out, "; all those of the record in `%s`", field->name);
        else
            fprintf(out, "; `%s` is the unit in `%s`", relation_row(row->relation)->name, field->name);
        any = true;
    }
    fputs(any ? ".\n" : "; no others.\n", out);
}

static const char *level_word(enum see_level level)
{
    switch (level) {
    case SEE_NOTHING: return "nothing";
    case SEE_DEMAND: return "on demand";
    case SEE_LIST: return "list";
    case SEE_FULL: return "full";
    }
    return "";
}

static void put_sight(FILE *out, const struct kind *kind)
{
    put_head(out, "seen by | with any of the roles | in states | level");
    for (const struct see *row = NULL; (row = see_next(kind->wire, row)) != NULL;) {
        fprintf(out, "| %s | ", relation_row(row->relation)->name);
        put_bits(out, row->roles, role_word, NULL);
        fputs(" | ", out);
        put_states(out, kind, row->states);
        fprintf(out, " | %s |\n", level_word(row->level));
    }
}

static void write_kinds_in_full(FILE *out)
{
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        fprintf(out, "\n### Kind %s\n\nNumber %u, \"%s\", clause %s. Title `%s`, short `%s`.%s\n\n", kind->name,
                kind->wire, kind->label, kind->clause, kind->title, kind->brief,
                kind->check != NULL ? " A rule holds after every change." : "");
        put_fields(out, kind);
        fputc('\n', out);
        put_state_rows(out, kind);
        fputc('\n', out);
        put_actions(out, kind);
        fputc('\n', out);
        put_relations(out, kind);
        fputc('\n', out);
        put_sight(out, kind);
    }
    fputc('\n', out);
}

const struct section kind_sections[] = {
    {"common-fields", write_common},
    {"kinds-in-full", write_kinds_in_full},
    {NULL, NULL},
};
