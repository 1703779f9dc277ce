/* cell.c - see cell.h. */
#include "client/cli/cell.h"
#include "proto/number.h"

#include "proto/check.h"

#include <stdio.h>

struct text cell_text(const struct show *show, const struct record *record, unsigned position)
{
    char buffer[CELL_BYTES_MAX];
    struct str str = str_in(buffer, sizeof buffer);
    show_value(show, record, position, &str);
    const char *kept = arena_copy(show->arena, buffer, str.used);
    return (struct text){kept != NULL ? kept : "", kept != NULL ? (uint32_t)str.used : 0};
}

bool cell_right(unsigned kind, unsigned position)
{
    const struct field *field = field_row(kind, position);
    return position != F_STATE && field->list_max == 0 &&
           (field->type == TYPE_INT || field->type == TYPE_MONEY || field->type == TYPE_POINTS);
}

bool cell_is_text(unsigned kind, unsigned position)
{
    enum type type = field_row(kind, position)->type;
    return type == TYPE_TEXT || type == TYPE_NOTE || type == TYPE_REF;
}

/* ---- JSON ---- */

static void number_json(struct json *json, const char *key, const struct show *show, const struct record *record,
                        unsigned position)
{
    const struct field *field = field_row(record->kind, position);
    int64_t number = field->list_max > 0 ? record->values[position].as.list[0] : rec_num(record, position);
    char buffer[CELL_BYTES_MAX];
    struct str str = str_in(buffer, sizeof buffer);
    if (field->type == TYPE_STAMP) {
        json_stamp(json, key, (stamp_t){number});
        return;
    }
    if (field->type == TYPE_FLAG) {
        json_bool(json, key, number != 0);
        return;
    }
    show_value(show, record, position, &str);
    bool plain =
        (field->type == TYPE_INT && position != F_STATE) || field->type == TYPE_MONEY || field->type == TYPE_POINTS;
    if (plain)
        json_decimal(json, key, buffer);
    else
        json_text(json, key, (struct text){buffer, (uint32_t)str.used});
}

/* Each part of a list, shown as a list of one. */
static void list_json(struct json *json, const char *key, const struct show *show, const struct record *record,
                      unsigned position)
{
    unsigned count;
    const int64_t *list = rec_list(record, position, &count);
    struct record one = *record;
    json_array(json, key);
    for (unsigned i = 0; i < count; i++) {
        rec_set_list(&one, position, &list[i], 1);
        number_json(json, NULL, show, &one, position);
    }
    json_end(json);
}

static void ids_json(struct json *json, const struct record *record, unsigned position)
{
    const struct field *field = field_row(record->kind, position);
    char key[80];
    struct str str = str_in(key, sizeof key);
    unsigned count;
    str_printf(&str, "%s_id", field->name);
    if (!rec_has(record, position)) {
        json_null(json, key);
        return;
    }
    if (field->list_max == 0) {
        json_int(json, key, rec_num(record, position));
        return;
    }
    const int64_t *list = rec_list(record, position, &count);
    json_array(json, key);
    for (unsigned i = 0; i < count; i++)
        json_int(json, NULL, list[i]);
    json_end(json);
}

void cell_json(struct json *json, const struct show *show, const struct record *record, unsigned position)
{
    const struct field *field = field_row(record->kind, position);
    bool is_text = field->type == TYPE_TEXT || field->type == TYPE_NOTE;
    if (!rec_has(record, position))
        json_null(json, field->name);
    else if (is_text)
        json_text(json, field->name, rec_text(record, position));
    else if (field->type == TYPE_BYTES)
        json_text(json, field->name, cell_text(show, record, position));
    else if (field->list_max > 0)
        list_json(json, field->name, show, record, position);
    else
        number_json(json, field->name, show, record, position);
    if (field->type == TYPE_REF) ids_json(json, record, position);
}

void cells_json(struct json *json, const struct show *show, const struct record *record, uint64_t mask)
{
    for (unsigned i = 0; field_row(record->kind, i) != NULL; i++)
        if (mask & FIELD_BIT(i)) cell_json(json, show, record, i);
}

void json_wan(struct json *json, const char *key, int64_t fen)
{
    char text[40];
    struct str str = str_in(text, sizeof text);
    str_exact(&str, fen, FEN_PER_WAN);
    json_decimal(json, key, text);
}

void record_json(struct json *json, const struct record *record)
{
    json_string(json, "kind", kind_row(record->kind)->name);
    json_int(json, "id", (int64_t)record->id);
    json_int(json, "version", (int64_t)record->version);
}

void put_record(const struct show *show, const struct record *record, struct str *out)
{
    str_put(out, tr(kind_row(record->kind)->label));
    str_put(out, " ");
    show_title(show, record, out);
}

/* The number in the form of its field: money in its unit, a day as a date. */
static void refused_number_json(struct json *json, const struct refusal *why, const struct field *field)
{
    bool as_value = field != NULL && field->list_max == 0 &&
                    (field->type == TYPE_MONEY || field->type == TYPE_POINTS || field->type == TYPE_DAY);
    struct record record = record_make(why->kind, 0);
    struct show show = {.names_only = true};
    if (!as_value) {
        json_int(json, "n", why->number);
        return;
    }
    rec_set(&record, why->field, why->number);
    number_json(json, "n", &show, &record, why->field);
}

void refusal_json(struct json *json, const struct refusal *why)
{
    char message[1024];
    struct str str = str_in(message, sizeof message);
    const struct field *field = why->kind != 0 ? field_row(why->kind, why->field) : NULL;
    show_refusal(why, &str);
    json_string(json, "error", err_name(why->err));
    if (field != NULL) json_string(json, "field", field->name);
    if (why->number != 0) refused_number_json(json, why, field);
    if (why->text[0] != '\0') json_string(json, "text", why->text);
    json_string(json, "message", message);
}

uint64_t list_mask(unsigned kind)
{
    const struct field *field;
    uint64_t mask = 0;
    for (unsigned i = 0; (field = field_row(kind, i)) != NULL; i++)
        if (field->flags & F_LIST) mask |= FIELD_BIT(i);
    return mask;
}
