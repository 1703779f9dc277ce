/* view.c - reading the client's view for screens: values as words, what is known and what has to be fetched. */
#include "client/screen/screen.h"

#include <string.h>

enum { VALUE_BYTES = 8 * 1024 };

struct show app_show(struct app *app)
{
    return (struct show){.space = client_space(app->client), .arena = &app->scratch};
}

bool view_get(struct app *app, unsigned kind, uint64_t id, struct arena *arena, struct record *record)
{
    return id != 0 && state_get(client_space(app->client), kind, id, arena, record) == OK;
}

struct text arena_text(struct arena *arena, const char *string)
{
    size_t length = strlen(string);
    const char *kept = arena_copy(arena, string, length);
    return kept != NULL ? (struct text){kept, (uint32_t)length} : (struct text){"", 0};
}

struct text view_value(struct app *app, const struct record *record, unsigned position, struct arena *arena)
{
    struct show show = {.space = client_space(app->client), .arena = arena};
    char buffer[VALUE_BYTES];
    struct str str = str_in(buffer, sizeof buffer);
    show_value(&show, record, position, &str);
    return arena_text(arena, buffer);
}

struct text view_title(struct app *app, unsigned kind, uint64_t id, struct arena *arena)
{
    struct show show = {.space = client_space(app->client), .arena = arena};
    struct record record;
    char buffer[600];
    struct str str = str_in(buffer, sizeof buffer);
    if (view_get(app, kind, id, arena, &record))
        show_title(&show, &record, &str);
    else
        show_ref(&show, kind, id, &str);
    return arena_text(arena, buffer);
}

struct text view_brief(struct app *app, unsigned kind, uint64_t id, struct arena *arena)
{
    struct show show = {.space = client_space(app->client), .arena = arena};
    char buffer[400];
    struct str str = str_in(buffer, sizeof buffer);
    if (id != 0) show_ref(&show, kind, id, &str);
    return arena_text(arena, buffer);
}

bool view_knows(struct app *app, const struct record *record, unsigned position, struct arena *arena)
{
    const struct field *field = field_row(record->kind, position);
    stamp_t as_of;
    if (position < F_COMMON_COUNT || (field->flags & F_LIST) || rec_has(record, position)) return true;
    return client_knows(app->client, record->kind, record->id, arena, &as_of) >= KNOWN_FETCHED;
}

/* Notes that it is asked for; false when it was before, or there is no room to remember it. */
static bool note_asked(struct asked *asked, uint64_t what)
{
    for (unsigned i = 0; i < asked->count; i++)
        if (asked->at[i] == what) return false;
    if (asked->count == ASKED_MAX) return false;
    asked->at[asked->count++] = what;
    return true;
}

enum known view_want(struct app *app, struct asked *asked, unsigned kind, uint64_t id, struct arena *arena)
{
    stamp_t as_of;
    enum known known = client_knows(app->client, kind, id, arena, &as_of);
    if (id == 0 || known == KNOWN_WHOLE || !note_asked(asked, (uint64_t)kind << 48 | id)) return known;
    if (!client_fetch(app->client, kind, id)) asked->count--; /* no link: later */
    return known;
}

void view_want_all(struct app *app, struct asked *asked, enum index_id index, const int64_t *numbers, unsigned count)
{
    struct value values[INDEX_FIELDS_MAX];
    uint64_t what = 1ull << 63 | (uint64_t)index << 48;
    for (unsigned i = 0; i < count; i++) {
        values[i] = number_value(numbers[i]);
        what ^= (uint64_t)numbers[i] << (8 * i);
    }
    if (!note_asked(asked, what)) return;
    if (!client_find(app->client, index, values, count)) asked->count--;
}

uint64_t view_unit(const struct app *app)
{
    const struct actor *actor = app->client != NULL ? client_actor(app->client) : NULL;
    return actor != NULL ? actor->unit : 0;
}

bool screen_under(const struct screen *screen, struct under *under)
{
    const struct screen_kind *kind = screen->kind;
    const struct list *list = kind->list != NULL ? kind->list(screen) : NULL;
    *under = (struct under){.kind = 0};
    if (kind->at == NULL || (list != NULL && list->count == 0)) return false;
    return kind->at(screen, list != NULL ? list->at : 0, under) && under->id != 0;
}

void put_text(struct term *term, struct area area, int column, enum style style, const char *text)
{
    term_put_cut(term, (struct place){area.row, area.column + column, area.columns - column, style}, text_of(text));
}

void open_record(struct app *app, unsigned kind, uint64_t id)
{
    if (id == 0) return;
    if (kind == KIND_project)
        app_push(app, project_screen(app, id));
    else if (paper_kind(kind) != NULL)
        app_push(app, paper_open(app, kind, id));
    else
        app_push(app, record_screen(app, kind, id));
}
