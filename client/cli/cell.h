/* cell.h - values of records as JSON members, and as cells for people and for files. */
#ifndef CLIENT_CLI_CELL_H
#define CLIENT_CLI_CELL_H

#include "client/cli/json.h"

#include "proto/show.h"

enum { CELL_BYTES_MAX = 16 * 1024 };

/* One value as show_value writes it, in show->arena. A list's parts are parted as there. */
struct text cell_text(const struct show *show, const struct record *record, unsigned position);
/* Does a column of the field hold numbers? */
bool cell_right(unsigned kind, unsigned position);
/* Is it text that a person wrote, which a spreadsheet may take for a formula? */
bool cell_is_text(unsigned kind, unsigned position);

/* One member, named by the field: numbers as numbers (money in the field's unit, exact), flags as true and
 * false, times as ISO 8601, options by name, references by their brief name with the id beside it as
 * NAME_id. Not set: null. show->names_only has to be set. */
void cell_json(struct json *json, const struct show *show, const struct record *record, unsigned position);
/* Fen as a number of 万元, exact. */
void json_wan(struct json *json, const char *key, int64_t fen);
/* The fields of a mask. */
void cells_json(struct json *json, const struct show *show, const struct record *record, uint64_t mask);

/* "kind": ..., "id": ..., "version": ... */
void record_json(struct json *json, const struct record *record);

/* "monthly report 2009-09 YY09-Z031" */
void put_record(const struct show *show, const struct record *record, struct str *out);

/* "error", "field", "n", "text", "message" of a refusal. */
void refusal_json(struct json *json, const struct refusal *why);

/* The mask of the kind's F_LIST fields. */
uint64_t list_mask(unsigned kind);

#endif
