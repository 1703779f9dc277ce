/* cell.c - behind a cell of the matrix: the reports of one unit's projects for a month, and its own return. */
#include "client/core/desk.h"
#include "client/screen/marks.h"
#include "client/screen/words.h"

enum { CELL_BYTES = 16 << 20, CELL_ROWS_MAX = 1000, CELL_COLUMNS = 6 };

struct cell_row {
    uint8_t kind; /* KIND_report or KIND_unit_return */
    uint64_t of;
    struct under paper; /* id 0: there is none yet */
    struct text cells[CELL_COLUMNS];
    enum style style;
};

struct cell_view {
    struct screen screen;
    struct arena arena;
    uint64_t unit;
    month_t month;
    struct list list;
    struct cell_row *rows;
    unsigned count;
    char words[FIND_BYTES];
};

static void fill_paper(struct cell_view *self, struct cell_row *row)
{
    struct app *app = self->screen.app;
    const struct paper_kind *kind = paper_kind(row->kind);
    struct record paper;
    if (paper_find(client_space(app->client), row->kind, row->of, self->month, &self->arena, &paper) != OK) return;
    row->paper = (struct under){.kind = row->kind, .id = paper.id};
    row->cells[3] = arena_text(&self->arena, show_state(&paper));
    row->cells[4] = view_value(app, &paper, kind->received, &self->arena);
    if (row->kind == KIND_report) row->cells[5] = view_value(app, &paper, report_invested, &self->arena);
}

static void add_return(struct cell_view *self, const struct calendar *calendar)
{
    struct app *app = self->screen.app;
    const struct space *space = client_space(app->client);
    struct cell_row *row = &self->rows[self->count];
    struct record paper, unit;
    *row = (struct cell_row){.kind = KIND_unit_return, .of = self->unit};
    if (!view_get(app, KIND_unit, self->unit, &self->arena, &unit)) return;
    row->cells[0] = rec_text(&unit, unit_code);
    row->cells[1] = arena_text(&self->arena, tr(kind_row(KIND_unit_return)->label));
    bool found = paper_find(space, KIND_unit_return, self->unit, self->month, &self->arena, &paper) == OK;
    if (found) {
        enum standing standing =
            paper_standing(space, calendar, &paper, self->month, client_now(app->client), &self->arena);
        row->cells[2] = arena_text(&self->arena, standing_word(standing));
        row->style = standing_style(standing);
    }
    fill_paper(self, row);
    self->count++;
}

static void add_project(struct cell_view *self, const struct calendar *calendar, const struct record *project)
{
    struct app *app = self->screen.app;
    struct cell_row *row = &self->rows[self->count];
    char line[300];
    struct str str = str_in(line, sizeof line);
    bool owed;
    enum standing standing = project_standing(app->client, calendar, project, self->month, &self->arena, &owed);
    str_text(&str, rec_text(project, project_code));
    str_put(&str, " ");
    str_text(&str, rec_text(project, project_name));
    if (!owed || self->count == CELL_ROWS_MAX || !search_match(text_of(self->words), text_of(line))) return;
    *row = (struct cell_row){.kind = KIND_report, .of = project->id, .style = standing_style(standing)};
    row->cells[0] = rec_text(project, project_code);
    row->cells[1] = rec_text(project, project_name);
    row->cells[2] = arena_text(&self->arena, standing_word(standing));
    fill_paper(self, row);
    self->count++;
}

static void build(struct cell_view *self)
{
    struct app *app = self->screen.app;
    struct value unit = number_value((int64_t)self->unit);
    struct walk walk;
    struct record project;
    uint64_t id;
    arena_reuse(&self->arena);
    self->count = 0;
    self->rows = arena_get(&self->arena, CELL_ROWS_MAX * sizeof *self->rows);
    struct calendar *calendar = arena_get(&self->arena, sizeof *calendar);
    if (self->rows == NULL || calendar == NULL ||
        calendar_load(client_space(app->client), &self->arena, calendar) != OK)
        return;
    if (self->words[0] == '\0') add_return(self, calendar);
    walk_start(&walk, client_space(app->client), IX_project_responsible, &unit, 1);
    while (walk_next(&walk, &id))
        if (view_get(app, KIND_project, id, &self->arena, &project)) add_project(self, calendar, &project);
    list_set_count(&self->list, self->count);
}

static void follow(struct screen *screen, unsigned events)
{
    if (events & EVENT_RECORDS) build((struct cell_view *)screen);
}

static void find(struct screen *screen, struct text words)
{
    struct cell_view *self = (struct cell_view *)screen;
    struct str str = str_in(self->words, sizeof self->words);
    str_text(&str, words);
    build(self);
}

struct drawing {
    struct cell_view *self;
    struct layout layout;
};

static void draw_row(void *of, struct term *term, struct area area, unsigned index)
{
    struct drawing *drawing = of;
    const struct cell_row *row = &drawing->self->rows[index];
    marks_draw(&drawing->self->screen, term, area, index);
    for (unsigned i = 0; i < drawing->layout.count; i++) {
        unsigned column = drawing->layout.shown[i].of;
        layout_cell(&drawing->layout, term, area, i, column == 2 ? row->style : STYLE_PLAIN, row->cells[column]);
    }
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct drawing drawing = {.self = (struct cell_view *)screen};
    struct app *app = screen->app;
    const struct column columns[CELL_COLUMNS] = {
        {tr(N_("code")), 10, 0, 0, false, 0},     {tr(N_("name")), 16, 4, 0, false, 0},
        {tr(N_("standing")), 8, 0, 0, false, 0},  {tr(N_("state")), 10, 1, 2, false, 0},
        {tr(N_("received")), 16, 0, 3, false, 0}, {tr(N_("invested")), 10, 0, 1, true, 0}};
    char line[300];
    struct str str = str_in(line, sizeof line);
    str_text(&str, view_title(app, KIND_unit, drawing.self->unit, &app->scratch));
    str_put(&str, " ");
    str_month(&str, drawing.self->month);
    if (drawing.self->words[0] != '\0') str_printf(&str, "   /%s", drawing.self->words);
    marks_put(screen, &str);
    put_text(term, area, 0, STYLE_STRONG, line);
    struct area head = {area.row + 1, area.column + MARK_COLUMNS, 1, area.columns - MARK_COLUMNS};
    struct area body = {area.row + 2, area.column, area.rows - 2, area.columns};
    layout_fit(&drawing.layout, columns, CELL_COLUMNS, head.columns);
    layout_heads(&drawing.layout, term, head, columns);
    list_draw(&drawing.self->list, term, body, draw_row, &drawing);
}

static void act(struct screen *screen, enum verb verb)
{
    struct cell_view *self = (struct cell_view *)screen;
    if (verb != VERB_open) {
        list_verb(&self->list, verb, app_rows(screen->app) - 2);
        return;
    }
    if (self->count == 0) return;
    const struct cell_row *row = &self->rows[self->list.at];
    app_push(screen->app, paper_screen(screen->app, row->kind, row->of, self->month));
}

static void release(struct screen *screen)
{
    arena_clear(&((struct cell_view *)screen)->arena);
}

static const struct list *list_of(const struct screen *screen)
{
    return &((const struct cell_view *)screen)->list;
}

static bool at(const struct screen *screen, unsigned row, struct under *under)
{
    *under = ((const struct cell_view *)screen)->rows[row].paper;
    return true;
}

static const struct screen_kind kind = {.id = SCREEN_cell,
                                        .size = sizeof(struct cell_view),
                                        .follow = follow,
                                        .draw = draw,
                                        .act = act,
                                        .list = list_of,
                                        .at = at,
                                        .find = find,
                                        .free = release};

struct screen *cell_screen(struct app *app, uint64_t unit, month_t month)
{
    struct cell_view *self = (struct cell_view *)screen_new(app, &kind);
    if (self == NULL) return NULL;
    self->unit = unit;
    self->month = month;
    arena_init(&self->arena, CELL_BYTES);
    return &self->screen;
}
