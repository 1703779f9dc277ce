/* environment.c - 建设环境: what disturbs the works, by county and zone, what is urgent first, with a total. A cell
 * opens the list behind it. Clause 4.1: 项目建设环境是生命线工程; what is counted say the tables' gauges. */
#include "client/core/environment.h"
#include "client/screen/screen.h"

#include "client/term/cells.h"

enum { ENVIRONMENT_BYTES = 64 << 20, NAME_NEED = 10, NAME_MOST = 24, CELL_NEED = 6, CELL_MOST = 14 };

struct environment_view {
    struct screen screen;
    struct arena arena;
    struct environment environment;
    struct text *names; /* of the rows */
    struct list list;   /* the rows, and the total behind them */
    unsigned column;    /* the selected one: AREA_PROJECTS, or AREA_GAUGES and more */
    unsigned sort;
    bool reverse;
    char words[FIND_BYTES];
};

static const struct area_row *row_at(const struct environment_view *self, unsigned index)
{
    return index < self->environment.count ? &self->environment.rows[index] : &self->environment.total;
}

static unsigned column_count(const struct environment_view *self)
{
    return AREA_GAUGES + self->environment.gauge_count;
}

static const char *column_label(const struct environment_view *self, unsigned column)
{
    if (column >= AREA_GAUGES) return tr(self->environment.gauges[column - AREA_GAUGES]->label);
    return column == AREA_NAME ? tr(N_("area")) : column == AREA_PROJECTS ? tr(N_("projects")) : tr(N_("urgent"));
}

/* ---- rows ---- */

static void add_up(struct area_row *total, const struct area_row *row, unsigned gauges)
{
    total->projects += row->projects;
    total->open += row->open;
    total->urgent += row->urgent;
    for (unsigned i = 0; i < gauges; i++) {
        total->gauges[i].open += row->gauges[i].open;
        total->gauges[i].urgent += row->gauges[i].urgent;
        total->gauges[i].projects += row->gauges[i].projects;
    }
}

/* The areas whose names match, and the total of these. */
static void narrow(struct environment_view *self)
{
    struct environment *environment = &self->environment;
    unsigned kept = 0;
    environment->total = (struct area_row){.area = 0};
    for (unsigned i = 0; i < environment->count; i++) {
        struct text name = view_brief(self->screen.app, KIND_unit, environment->rows[i].area, &self->arena);
        if (!search_match(text_of(self->words), name)) continue;
        environment->rows[kept] = environment->rows[i];
        self->names[kept++] = name;
        add_up(&environment->total, &environment->rows[i], environment->gauge_count);
    }
    environment->count = kept;
}

static void build(struct environment_view *self)
{
    struct environment *environment = &self->environment;
    uint64_t area = self->list.at < environment->count ? environment->rows[self->list.at].area : 0;
    arena_reuse(&self->arena);
    self->names = arena_get(&self->arena, AREAS_MAX * sizeof *self->names);
    bool built = environment_build(self->screen.app->client, &self->arena, environment) == OK;
    if (!built || self->names == NULL) environment->count = 0;
    environment_sort(environment, self->sort, self->reverse);
    narrow(self);
    list_set_count(&self->list, environment->count > 0 ? environment->count + 1 : 0);
    for (unsigned i = 0; i < environment->count; i++) /* the selection stays in its area */
        if (environment->rows[i].area == area) self->list.at = i;
}

static void follow(struct screen *screen, unsigned events)
{
    if (events & EVENT_RECORDS) build((struct environment_view *)screen);
}

static void find(struct screen *screen, struct text words)
{
    struct environment_view *self = (struct environment_view *)screen;
    struct str str = str_in(self->words, sizeof self->words);
    str_text(&str, words);
    build(self);
}

/* ---- drawing ---- */

struct drawing {
    struct environment_view *self;
    struct layout layout;
};

/* "3 !1": three run, one of them is urgent. */
static struct text cell_text(struct environment_view *self, const struct area_row *row, unsigned column)
{
    char line[40];
    struct str str = str_in(line, sizeof line);
    if (column >= AREA_GAUGES) {
        const struct gauged *gauged = &row->gauges[column - AREA_GAUGES];
        if (gauged_hidden(row, column - AREA_GAUGES)) str_put(&str, "-");
        if (gauged->open > 0) str_printf(&str, "%u", gauged->open);
        if (gauged->urgent > 0) str_printf(&str, " !%u", gauged->urgent);
    } else if (column == AREA_PROJECTS)
        str_printf(&str, "%u", row->projects);
    else if (row->urgent > 0)
        str_printf(&str, "!%u", row->urgent);
    return arena_text(&self->screen.app->scratch, line);
}

static bool is_urgent(const struct area_row *row, unsigned column)
{
    return column == AREA_URGENT ? row->urgent > 0
                                 : column >= AREA_GAUGES && row->gauges[column - AREA_GAUGES].urgent > 0;
}

static void draw_row(void *of, struct term *term, struct area area, unsigned index)
{
    struct drawing *drawing = of;
    struct environment_view *self = drawing->self;
    const struct area_row *row = row_at(self, index);
    for (unsigned i = 0; i < drawing->layout.count; i++) {
        unsigned column = drawing->layout.shown[i].of;
        struct text name = row->area != 0 ? self->names[index] : text_of(tr(N_("total")));
        struct text text = column == AREA_NAME ? name : cell_text(self, row, column);
        enum style plain = row->area == 0 ? STYLE_STRONG : STYLE_PLAIN;
        layout_cell(&drawing->layout, term, area, i, is_urgent(row, column) ? STYLE_BAD : plain, text);
    }
}

static void draw_state(struct environment_view *self, struct term *term, struct area area)
{
    char line[300];
    struct str str = str_in(line, sizeof line);
    str_printf(&str, tr(N_("environment of the works, %u areas")), self->environment.count);
    str_printf(&str, tr(N_("   by %s%s")), column_label(self, self->sort), self->reverse ? tr(N_(" (reversed)")) : "");
    if (self->words[0] != '\0') str_printf(&str, "   /%s", self->words);
    put_text(term, area, 0, STYLE_PLAIN, line);
}

static void fit_columns(struct drawing *drawing, struct column columns[COLUMNS_MAX], int width)
{
    struct environment_view *self = drawing->self;
    for (unsigned i = 0; i < column_count(self); i++) {
        int label = text_columns(text_of(column_label(self, i)));
        columns[i] = (struct column){.label = column_label(self, i),
                                     .need = (uint8_t)(label < CELL_NEED ? CELL_NEED : label),
                                     .grow = 1,
                                     .rank = i == AREA_URGENT || i == AREA_PROJECTS ? 1 : 0,
                                     .most = CELL_MOST};
    }
    columns[AREA_NAME].need = NAME_NEED;
    columns[AREA_NAME].grow = 4;
    columns[AREA_NAME].most = NAME_MOST;
    layout_fit(&drawing->layout, columns, column_count(self), width);
}

/* The mark stands at the cell, not at the row. */
static void draw_mark(const struct drawing *drawing, struct term *term, struct area area)
{
    const struct environment_view *self = drawing->self;
    int row = area.row + (int)(self->list.at - self->list.top);
    term_blank(term, (struct area){row, area.column, 1, 1});
    for (unsigned i = 0; i < drawing->layout.count; i++) {
        if (drawing->layout.shown[i].of != self->column) continue;
        int column = area.column + MARK_COLUMNS + drawing->layout.shown[i].at - 1;
        term_put(term, (struct place){row, column, 1, STYLE_PLAIN}, text_of(">"));
        term_cursor(term, row, column);
    }
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct drawing drawing = {.self = (struct environment_view *)screen};
    struct environment_view *self = drawing.self;
    struct column columns[COLUMNS_MAX];
    struct area head = {area.row + 1, area.column + MARK_COLUMNS, 1, area.columns - MARK_COLUMNS};
    struct area body = {area.row + 2, area.column, area.rows - 3, area.columns};
    struct area foot = {area.row + area.rows - 1, area.column, 1, area.columns};
    draw_state(self, term, area);
    fit_columns(&drawing, columns, head.columns);
    layout_heads(&drawing.layout, term, head, columns);
    put_text(term, foot, 0, STYLE_PLAIN, tr(N_("! overdue, escalated or against the rules   - not for you")));
    if (self->list.count == 0) {
        const char *text = self->words[0] != '\0' ? tr(N_("Nothing matches. / changes the words."))
                                                  : tr(N_("There is nothing of this that you have here."));
        put_text(term, body, MARK_COLUMNS, STYLE_PLAIN, text);
        term_cursor(term, body.row, 0);
        return;
    }
    list_draw(&self->list, term, body, draw_row, &drawing);
    draw_mark(&drawing, term, body);
}

static void put(struct screen *screen, struct book *book)
{
    struct environment_view *self = (struct environment_view *)screen;
    book_sheet(book, tr(N_("environment")));
    for (unsigned i = 0; i < column_count(self); i++)
        book_column(book, column_label(self, i));
    for (unsigned i = 0; i <= self->environment.count; i++) {
        const struct area_row *row = row_at(self, i);
        struct text name = row->area != 0 ? self->names[i] : text_of(tr(N_("total")));
        for (unsigned j = 0; j < column_count(self); j++)
            book_put(book, book_text(j == AREA_NAME ? name : cell_text(self, row, j)));
    }
}

/* ---- acting ---- */

static void next_sort(struct environment_view *self)
{
    self->sort = (self->sort + 1) % column_count(self);
    self->reverse = false;
    build(self);
}

/* What is urgent has no list of its own: it stands first in the others. */
static void step(struct environment_view *self, int by)
{
    int column = (int)self->column + by;
    if (column == AREA_URGENT) column += by;
    if (column >= AREA_PROJECTS && column < (int)column_count(self)) self->column = (unsigned)column;
}

static void open_cell(struct environment_view *self)
{
    struct app *app = self->screen.app;
    uint64_t area = row_at(self, self->list.at)->area;
    if (self->column == AREA_PROJECTS)
        app_push(app, projects_of(app, area, 0, 0, LIGHTS_ALL));
    else
        app_push(app, gauge_screen(app, self->environment.gauges[self->column - AREA_GAUGES], area));
}

static void act(struct screen *screen, enum verb verb)
{
    struct environment_view *self = (struct environment_view *)screen;
    switch ((int)verb) {
    case VERB_left: step(self, -1); break;
    case VERB_right: step(self, 1); break;
    case VERB_sort: next_sort(self); break;
    case VERB_reverse:
        self->reverse = !self->reverse;
        build(self);
        break;
    case VERB_open:
        if (self->list.count > 0) open_cell(self);
        break;
    default: list_verb(&self->list, verb, app_rows(screen->app) - 3);
    }
}

static bool does(const struct screen *screen, enum verb verb)
{
    return verb != VERB_open || ((const struct environment_view *)screen)->list.count > 0;
}

static void release(struct screen *screen)
{
    arena_clear(&((struct environment_view *)screen)->arena);
}

static const struct screen_kind kind = {.id = SCREEN_environment,
                                        .size = sizeof(struct environment_view),
                                        .follow = follow,
                                        .draw = draw,
                                        .does = does,
                                        .act = act,
                                        .find = find,
                                        .put = put,
                                        .free = release};

struct screen *environment_screen(struct app *app)
{
    struct environment_view *self = (struct environment_view *)screen_new(app, &kind);
    if (self == NULL) return NULL;
    arena_init(&self->arena, ENVIRONMENT_BYTES);
    self->sort = AREA_URGENT;
    self->column = AREA_GAUGES;
    return &self->screen;
}
