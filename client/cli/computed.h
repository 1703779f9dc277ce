/* computed.h - columns of `project list` that no field holds, as the screen's list has them: the share of the year's
 * plan, the light, and how the report stands that matters now. */
#ifndef CLIENT_CLI_COMPUTED_H
#define CLIENT_CLI_COMPUTED_H

#include "client/cli/json.h"
#include "client/cli/session.h"
#include "client/core/book.h"
#include "proto/calendar.h"
#include "proto/show.h"

enum { COMPUTED_SHARE = -4, COMPUTED_LIGHT = -3, COMPUTED_REPORT = -2 };

/* A column by its name; false: the kind has none that is called so. */
bool computed_named(unsigned kind, const char *name, int *column);
/* The names of a kind's computed columns, in words; "": it has none. */
const char *computed_names(unsigned kind);
const char *computed_name(int column);
/* Translated. */
const char *computed_label(int column);

/* For people and for CSV files (show->names_only), in show->arena; "": nothing to say. */
struct text computed_text(const struct cli *cli, const struct calendar *calendar, const struct show *show,
                          const struct record *record, int column);
/* A member by the column's name; the report's month beside it. Nothing to say: null. */
void computed_json(struct json *json, const struct cli *cli, const struct calendar *calendar, const struct show *show,
                   const struct record *record, int column);

#endif
