/* kinds.h - the names that the tables define: kinds, fields, states, actions, choices, relations.
 *
 * Expanded from the .def files, where the rows are explained; tables.h gives the rows themselves.
 *   KIND_report            the wire number of a kind
 *   report_month           the position of a field among the fields of its kind
 *   ST_report_draft        the wire number of a state; 0 is "not there yet"
 *   ACT_report_submit      the wire number of an action
 *   CHOICE_stage, OPT_stage_permit   a choice, and the wire number of an option
 *   REL_office             a relation */
#ifndef PROTO_KINDS_H
#define PROTO_KINDS_H

#include <stdint.h>

#define N_(text) text

/* Every row macro, empty; an expansion defines those it wants and includes kinds_off.h afterwards. */
#include "proto/kinds_off.h"

#undef KIND
#define KIND(name, wire, ...) KIND_##name = (wire),
enum kind_id {
    KIND_none = 0,
#include "proto/kinds/all.def"
    KIND_LIMIT = 64 /* kind numbers stay below; a tagged reference has six bits for them */
};
#include "proto/kinds_off.h"

/* Fields that every kind has, at the first positions. */
enum common_field {
    F_STATE,       /* wire 0 */
    F_AUTHOR,      /* 1: the operator who made it, 0 for rules and the console */
    F_AUTHOR_UNIT, /* 2 */
    F_MADE,        /* 3: when */
    F_SINCE,       /* 4: since when it has been in its state */
    F_COMMON_COUNT
};

/* Row indexes in the flat field table; the enumerator behind FIRST_x has the value of the kind's first row. */
#undef KIND
#undef FIELD
#define KIND(name, wire, ...)              FIRST_##name, BEFORE_##name = FIRST_##name - 1,
#define FIELD(kind, wire, name, type, ...) ROW_##kind##_##name,
enum field_row {
#include "proto/kinds/all.def"
    FIELD_ROWS
};
#include "proto/kinds_off.h"

#undef FIELD
#define FIELD(kind, wire, name, type, ...) \
    kind##_##name = (int)ROW_##kind##_##name - (int)FIRST_##kind + (int)F_COMMON_COUNT,
enum field_position {
#include "proto/kinds/all.def"
    FIELDS_MAX = 56 /* fields of one kind, common ones included; a mask has 64 bits */
};
#include "proto/kinds_off.h"

#undef FIELD
#define FIELD(kind, wire, name, type, ...) \
    _Static_assert((int)kind##_##name < (int)FIELDS_MAX, "a kind has too many fields");
#include "proto/kinds/all.def"
#include "proto/kinds_off.h"

#undef STATE
#define STATE(kind, name, wire, ...) ST_##kind##_##name = (wire),
enum state_id {
    ST_none = 0,
#include "proto/kinds/all.def"
    STATE_LIMIT = 16
};
#include "proto/kinds_off.h"

#undef ACTION
#define ACTION(kind, name, wire, ...) ACT_##kind##_##name = (wire),
enum action_id {
    ACT_none = 0,
#include "proto/kinds/all.def"
    ACTION_LIMIT = 32
};
#include "proto/kinds_off.h"

/* Indexes: INDEX(name, number (never reused), kind, UNIQUE or 0, fields...) */
#undef INDEX
#define INDEX(name, wire, ...) IX_##name = (wire),
enum index_id {
#include "proto/kinds/all.def"
    INDEX_LIMIT = 128
};
#include "proto/kinds_off.h"

#define RELATION(name, wire, label) REL_##name = (wire),
enum relation {
    REL_all = 0, /* every operator */
#include "proto/relations.def"
    REL_LIMIT = 64
};
#undef RELATION

#define CHOICE(name) CHOICE_##name,
#define OPTION(...)
enum choice_id {
#include "proto/choices.def"
    CHOICE_COUNT
};
#undef CHOICE
#undef OPTION

#define CHOICE(name)
#define OPTION(choice, name, wire, ...) OPT_##choice##_##name = (wire),
enum option_id {
    OPT_none = 0,
#include "proto/choices.def"
};
#undef CHOICE
#undef OPTION

#define SETTING(name, wire, ...) SET_##name = (wire),
enum setting_id {
#include "proto/settings.def"
    SETTING_LIMIT = 64
};
#undef SETTING

#endif
