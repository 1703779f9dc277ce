/* presence.c - who is connected: for the office and administrators. Asked of the daemon when it is opened. */
#include "client/screen/screen.h"

struct presence {
    struct screen screen;
    struct list list;
    uint64_t tag;
    bool failed, asked;
    char words[FIND_BYTES];
    unsigned shown[1000];
};

enum { PRESENCE_COLUMNS = 5 };

static const struct result *result_of(const struct presence *self)
{
    return self->tag != 0 ? client_result(self->screen.app->client, self->tag) : NULL;
}

static struct text unit_of(struct presence *self, const struct presence_line *line)
{
    return view_brief(self->screen.app, KIND_unit, line->unit, &self->screen.app->scratch);
}

static void build(struct presence *self)
{
    const struct result *result = result_of(self);
    unsigned count = 0;
    for (unsigned i = 0; result != NULL && i < result->count && count < sizeof self->shown / sizeof *self->shown; i++) {
        char line[300];
        struct str str = str_in(line, sizeof line);
        str_text(&str, unit_of(self, &result->presences[i]));
        str_put(&str, " ");
        str_text(&str, result->presences[i].name);
        if (search_match(text_of(self->words), text_of(line))) self->shown[count++] = i;
    }
    list_set_count(&self->list, count);
}

static void follow(struct screen *screen, unsigned events)
{
    struct presence *self = (struct presence *)screen;
    struct query query = {.what = QUERY_PRESENCE};
    if (!self->asked || (self->failed && (events & EVENT_LINK)))
        self->failed = !(self->asked = client_ask(screen->app->client, &query, &self->tag));
    const struct result *result = result_of(self);
    if (result != NULL) self->failed = result->err != OK;
    build(self);
}

static void find(struct screen *screen, struct text words)
{
    struct presence *self = (struct presence *)screen;
    struct str str = str_in(self->words, sizeof self->words);
    str_text(&str, words);
    build(self);
}

struct drawing {
    struct presence *self;
    const struct result *result;
    struct layout layout;
};

static void draw_row(void *of, struct term *term, struct area area, unsigned index)
{
    struct drawing *drawing = of;
    const struct presence_line *line = &drawing->result->presences[drawing->self->shown[index]];
    char since[40];
    struct str str = str_in(since, sizeof since);
    str_stamp(&str, line->since);
    const struct text cells[PRESENCE_COLUMNS] = {unit_of(drawing->self, line), line->name, text_of(since),
                                                 text_of(line->behind ? tr(N_("behind")) : tr(N_("up to date"))),
                                                 line->program};
    for (unsigned i = 0; i < drawing->layout.count; i++)
        layout_cell(&drawing->layout, term, area, i, STYLE_PLAIN, cells[drawing->layout.shown[i].of]);
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct drawing drawing = {.self = (struct presence *)screen, .result = result_of((struct presence *)screen)};
    const struct column columns[PRESENCE_COLUMNS] = {{tr(N_("unit")), 12, 1, 0, false, 0},
                                                     {tr(N_("name")), 14, 1, 0, false, 0},
                                                     {tr(N_("since")), 16, 0, 1, false, 0},
                                                     {tr(N_("view")), 10, 0, 0, false, 0},
                                                     {tr(N_("program")), 10, 1, 2, false, 0}};
    const char *text = tr(N_("asked for"));
    if (drawing.result != NULL) text = tr(N_("Connected when this was opened"));
    if (drawing.self->failed)
        text = tr(N_("Only the daemon knows this, and only the office and administrators may ask: no answer."));
    put_text(term, area, 0, STYLE_PLAIN, text);
    term_cursor(term, area.row, 0);
    if (drawing.result == NULL || drawing.self->failed) return;
    struct area head = {area.row + 1, area.column + MARK_COLUMNS, 1, area.columns - MARK_COLUMNS};
    struct area body = {area.row + 2, area.column, area.rows - 2, area.columns};
    layout_fit(&drawing.layout, columns, PRESENCE_COLUMNS, head.columns);
    layout_heads(&drawing.layout, term, head, columns);
    list_draw(&drawing.self->list, term, body, draw_row, &drawing);
}

static void act(struct screen *screen, enum verb verb)
{
    list_verb(&((struct presence *)screen)->list, verb, app_rows(screen->app) - 2);
}

static void release(struct screen *screen)
{
    client_release(screen->app->client, ((struct presence *)screen)->tag);
}

static const struct screen_kind kind = {.id = SCREEN_presence,
                                        .size = sizeof(struct presence),
                                        .follow = follow,
                                        .draw = draw,
                                        .act = act,
                                        .find = find,
                                        .free = release};

struct screen *presence_screen(struct app *app)
{
    return screen_new(app, &kind);
}
