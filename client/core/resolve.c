/* resolve.c - see resolve.h. */
#include "client/core/resolve.h"

#include "proto/check.h"
#include "proto/show.h"

#include <stdlib.h>
#include <string.h>

static uint64_t by_number(const struct client *client, unsigned kind, const char *word, struct arena *arena)
{
    struct record record;
    char *end;
    const char *digits = word[0] == '#' ? word + 1 : word;
    unsigned long long id = strtoull(digits, &end, 10);
    if (*digits < '0' || *digits > '9' || *end != '\0') return 0;
    return state_get(client_space(client), kind, id, arena, &record) == OK ? id : 0;
}

static uint64_t by_unique_text(const struct client *client, unsigned kind, const char *word)
{
    for (const struct index_row *row = NULL; (row = index_next(kind, row)) != NULL;) {
        if (!row->unique || row->count != 1 || field_row(kind, row->fields[0])->type != TYPE_TEXT) continue;
        uint64_t id = state_find_text(client_space(client), row->wire, word);
        if (id != 0) return id;
    }
    return 0;
}

static uint64_t by_brief(const struct client *client, unsigned kind, const char *word, struct arena *arena)
{
    struct show show = {.space = client_space(client), .arena = arena};
    uint64_t found = 0;
    for (uint64_t id = 0; (id = state_next_id(show.space, kind, id)) > 0;) {
        struct record record;
        char brief[200], title[400];
        struct str str = str_in(brief, sizeof brief), whole = str_in(title, sizeof title);
        if (state_get(show.space, kind, id, arena, &record) != OK) continue;
        show_brief(&show, &record, &str);
        show_title(&show, &record, &whole);
        if (strcmp(brief, word) != 0 && strcmp(title, word) != 0) continue;
        if (found != 0) return 0; /* two of them: say which */
        found = id;
    }
    return found;
}

uint64_t resolve_ref(const struct client *client, unsigned kind, struct text text, struct arena *arena)
{
    char word[200];
    if (!text_narrow(text, word, sizeof word) || *word == '\0') return 0;
    uint64_t id = word[0] == '#' ? 0 : by_unique_text(client, kind, word);
    if (id == 0) id = by_number(client, kind, word, arena);
    return id != 0 ? id : by_brief(client, kind, word, arena);
}

/* Cuts the text at commas and 、 in place of a list. */
static bool next_part(struct text *rest, struct text *part)
{
    static const char *const marks[] = {",", "，", "、", ";", "；", "\n"};
    if (rest->length == 0) return false;
    *part = *rest;
    for (uint32_t i = 0; i < rest->length; i++) {
        for (size_t j = 0; j < sizeof marks / sizeof *marks; j++) {
            size_t length = strlen(marks[j]);
            if (rest->length - i < length || memcmp(rest->at + i, marks[j], length) != 0) continue;
            part->length = i;
            rest->at += i + length;
            rest->length -= i + (uint32_t)length;
            return true;
        }
    }
    rest->length = 0;
    return true;
}

enum err resolve_value(const struct client *client, unsigned kind, unsigned position, struct text text,
                       struct arena *arena, struct value *value, struct refusal *why)
{
    const struct field *field = field_row(kind, position);
    struct text part;
    unsigned count = 0;
    if (field == NULL || field->type != TYPE_REF) return value_parse(kind, position, text, arena, value, why);
    int64_t *list = arena_get(arena, (LIST_MAX + 1) * sizeof *list);
    if (list == NULL) return refuse(why, ERR_MEMORY);
    *value = (struct value){.set = false};
    while (next_part(&text, &part)) {
        if (count == (field->list_max > 0 ? field->list_max : 1u))
            return refuse_field(why, ERR_TOO_MANY, kind, position, field->list_max);
        char word[4];
        if (text_narrow(part, word, sizeof word) && *word == '\0') continue; /* only spaces */
        list[count] = (int64_t)resolve_ref(client, field->ref, part, arena);
        if (list[count++] == 0) return refuse_field(why, ERR_BAD_REF, kind, position, 0);
    }
    if (count == 0) return OK;
    if (field->list_max > 0)
        *value = (struct value){.set = true, .count = (uint8_t)count, .as.list = list};
    else
        *value = number_value(list[0]);
    return value_check(kind, position, value, why);
}
