/* records_like.c - see records_like.h. */
#include "client/screen/records_like.h"

#include <string.h>

enum { VALUES_MAX = 400, VALUES_BYTES = 16 << 20, BY_MAX = 64 };

/* ---- the columns of a kind ---- */

static const char *name_of(unsigned kind, unsigned column)
{
    const struct field *field = field_row(kind, column);
    if (field == NULL) return NULL;
    bool shown = field->type != TYPE_BYTES && (column == F_STATE || column >= F_COMMON_COUNT);
    return shown ? field->name : "";
}

static const char *label_of(unsigned kind, unsigned column)
{
    return tr(field_row(kind, column)->label);
}

struct columns_of columns_of_kind(unsigned kind)
{
    return (struct columns_of){kind_row(kind)->name, kind, name_of, label_of};
}

/* ---- sorting ---- */

static bool by_text(const struct field *field)
{
    return field->type == TYPE_TEXT || field->type == TYPE_NOTE || field->type == TYPE_REF || field->list_max > 0;
}

struct sort_key sort_key_of(struct app *app, const struct record *record, unsigned position, struct arena *arena)
{
    struct sort_key key = {.missing = position != F_STATE && !rec_has(record, position), .text = {"", 0}};
    if (key.missing) return key;
    if (!by_text(field_row(record->kind, position))) {
        key.number = position == F_STATE ? (int64_t)rec_state(record) : rec_num(record, position);
        return key;
    }
    struct text shown = view_value(app, record, position, &app->scratch);
    const char *kept = arena_copy(arena, shown.at, shown.length);
    if (kept != NULL) key.text = (struct text){kept, shown.length};
    return key;
}

int sort_key_compare(const struct sort_key *a, const struct sort_key *b, bool reverse)
{
    uint32_t shorter = a->text.length < b->text.length ? a->text.length : b->text.length;
    if (a->missing != b->missing) return a->missing ? 1 : -1;
    int order = shorter > 0 ? memcmp(a->text.at, b->text.at, shorter) : 0;
    if (order == 0) order = (a->text.length > b->text.length) - (a->text.length < b->text.length);
    if (order == 0) order = (a->number > b->number) - (a->number < b->number);
    return reverse ? -order : order;
}

/* ---- narrowing ---- */

static bool by_number(const struct field *field)
{
    return field->type != TYPE_TEXT && field->type != TYPE_NOTE && field->list_max == 0;
}

static int64_t number_of(const struct record *record, unsigned position)
{
    return position == F_STATE ? (int64_t)rec_state(record) : rec_num(record, position);
}

bool fits_filter(struct app *app, const struct record *record, const struct arranged *arranged)
{
    unsigned position = (unsigned)arranged->filter;
    if (arranged->filter == USUAL) return true;
    if (position != F_STATE && !rec_has(record, position)) return false;
    if (arranged->by_number) return number_of(record, position) == arranged->number;
    return text_equal(view_value(app, record, position, &app->scratch), text_of(arranged->value));
}

struct values {
    unsigned count;
    struct pick_item items[VALUES_MAX];
    int64_t numbers[VALUES_MAX];
};

/* The different values that records have, each once. */
static void gather(struct app *app, unsigned kind, unsigned position, struct arena *arena, struct values *values)
{
    const struct space *space = client_space(app->client);
    for (uint64_t id = 0; (id = state_next_id(space, kind, id)) > 0 && values->count < VALUES_MAX;) {
        struct record record;
        arena_reuse(&app->scratch);
        if (state_get(space, kind, id, &app->scratch, &record) != OK) continue;
        struct text text = view_value(app, &record, position, &app->scratch);
        bool new = text.length > 0 && text.length < FILTER_BYTES && memchr(text.at, '\n', text.length) == NULL;
        for (unsigned i = 0; i < values->count && new; i++)
            new = !text_equal(text_of(values->items[i].text), text);
        const char *kept = new ? arena_copy(arena, text.at, text.length) : NULL;
        if (kept == NULL) continue;
        values->numbers[values->count] = by_number(field_row(kind, position)) ? number_of(&record, position) : 0;
        values->items[values->count++] = (struct pick_item){.text = kept};
    }
}

static bool ask_value(struct app *app, unsigned kind, unsigned position, struct arranged *arranged)
{
    struct arena arena;
    arena_init(&arena, VALUES_BYTES);
    struct values *values = arena_get(&arena, sizeof *values);
    int chosen = -1;
    if (values != NULL) {
        values->count = 0;
        gather(app, kind, position, &arena, values);
        if (values->count == 0)
            app_say(app, STYLE_PLAIN, tr(N_("there is nothing to choose from yet")));
        else
            chosen = ask_pick(app, label_of(kind, position), values->items, values->count);
    }
    if (chosen >= 0) {
        struct str str = str_in(arranged->value, sizeof arranged->value);
        arranged->filter = (int)position;
        arranged->by_number = by_number(field_row(kind, position));
        arranged->number = values->numbers[chosen];
        str_put(&str, values->items[chosen].text);
    }
    arena_clear(&arena);
    return chosen >= 0;
}

bool filter_ask(struct app *app, unsigned kind, struct arranged *arranged)
{
    struct pick_item items[BY_MAX];
    uint8_t positions[BY_MAX];
    unsigned count = 0;
    items[count++] = (struct pick_item){.text = tr(N_("all of them"))};
    for (unsigned i = 0; name_of(kind, i) != NULL && count < BY_MAX; i++) {
        const struct field *field = field_row(kind, i);
        if (*name_of(kind, i) == '\0' || field->type == TYPE_NOTE || field->type == TYPE_STAMP) continue;
        positions[count] = (uint8_t)i;
        items[count++] = (struct pick_item){.text = label_of(kind, i)};
    }
    int chosen = ask_pick(app, tr(N_("Show only")), items, count);
    if (chosen > 0) return ask_value(app, kind, positions[chosen], arranged);
    if (chosen == 0) arranged->filter = USUAL;
    return chosen == 0;
}
