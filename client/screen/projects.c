/* projects.c - the list of projects: sorted, filtered, searched as one types. Clause 1. */
#include "client/screen/projects.h"

#include "client/screen/marks.h"
#include "client/screen/words.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_BYTES = 64 << 20, PICK_BYTES = 32 << 20 };

struct projects {
    struct screen screen;
    struct project_rows rows;
    struct list list;
};

static const char *column_label(unsigned column)
{
    static const char *const labels[PROJECT_COLUMNS] = {
        [COLUMN_CODE] = N_("code"),        [COLUMN_NAME] = N_("name"),     [COLUMN_STAGE] = N_("stage"),
        [COLUMN_RESPONSIBLE] = N_("unit"), [COLUMN_PLAN] = N_("plan"),     [COLUMN_INVESTED] = N_("invested"),
        [COLUMN_SHARE] = N_("%"),          [COLUMN_LIGHT] = N_("lt"),      [COLUMN_REPORT] = N_("report"),
        [COLUMN_LEAD] = N_("lead"),        [COLUMN_COUNTY] = N_("county"), [COLUMN_CATEGORY] = N_("category")};
    return tr(labels[column]);
}

/* The columns by the names of their fields, where they are fields. */
static const char *name_of(unsigned kind, unsigned column)
{
    static const char *const names[PROJECT_COLUMNS] = {
        [COLUMN_CODE] = "code",   [COLUMN_NAME] = "name",         [COLUMN_STAGE] = "stage",
        [COLUMN_PLAN] = "year_plan", [COLUMN_INVESTED] = "invested", [COLUMN_RESPONSIBLE] = "responsible",
        [COLUMN_SHARE] = "share", [COLUMN_LIGHT] = "light",       [COLUMN_REPORT] = "report",
        [COLUMN_LEAD] = "lead",   [COLUMN_COUNTY] = "county",     [COLUMN_CATEGORY] = "category"};
    (void)kind;
    return column < PROJECT_COLUMNS ? names[column] : NULL;
}

static const char *label_of(unsigned kind, unsigned column)
{
    (void)kind;
    return column_label(column);
}

static const struct columns_of columns_of = {"project", KIND_project, name_of, label_of};

/* The columns that are shown when there is room for all, in their order. */
static unsigned shown_columns(const struct projects *self, uint8_t shown[PROJECT_COLUMNS])
{
    const struct arranged *like = &self->rows.like;
    for (unsigned i = 0; i < PROJECT_COLUMNS; i++)
        shown[i] = like->count > 0 ? like->columns[i < like->count ? i : 0] : (uint8_t)i;
    return like->count > 0 ? like->count : PROJECT_COLUMNS;
}

static void build(struct projects *self)
{
    uint64_t at = self->list.at < self->rows.count ? self->rows.rows[self->list.at].id : 0;
    project_rows_build(self->screen.app, &self->rows);
    list_set_count(&self->list, self->rows.count);
    for (unsigned i = 0; i < self->rows.count; i++) /* the selection stays on its project */
        if (self->rows.rows[i].id == at) self->list.at = i;
}

static void follow(struct screen *screen, unsigned events)
{
    if (events & EVENT_RECORDS) build((struct projects *)screen);
}

static void find(struct screen *screen, struct text words)
{
    struct projects *self = (struct projects *)screen;
    struct str str = str_in(self->rows.words, sizeof self->rows.words);
    str_text(&str, words);
    build(self);
}

/* ---- drawing ---- */

struct drawing {
    struct projects *self;
    struct layout layout;
    uint8_t shown[PROJECT_COLUMNS];
};

static void draw_row(void *of, struct term *term, struct area area, unsigned index)
{
    struct drawing *drawing = of;
    const struct project_row *row = &drawing->self->rows.rows[index];
    marks_draw(&drawing->self->screen, term, area, index);
    for (unsigned i = 0; i < drawing->layout.count; i++) {
        unsigned column = drawing->shown[drawing->layout.shown[i].of];
        enum style style = column == COLUMN_LIGHT ? row->light : column == COLUMN_REPORT ? row->report : STYLE_PLAIN;
        layout_cell(&drawing->layout, term, area, i, style, row->cells[column]);
    }
}

static void put_scope(struct projects *self, struct str *out)
{
    const struct project_scope *scope = &self->rows.scope;
    const uint64_t units[] = {scope->county, scope->lead, scope->unit};
    struct app *app = self->screen.app;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (units[i] == 0) continue;
        str_put(out, "   ");
        str_text(out, view_brief(app, KIND_unit, units[i], &app->scratch));
    }
    if (scope->light == LIGHTS_ALL) return;
    str_put(out, "   ");
    str_put(out, light_word((enum light)scope->light));
}

static void draw_state(struct projects *self, struct term *term, struct area area)
{
    char line[400];
    struct str str = str_in(line, sizeof line);
    const struct project_rows *rows = &self->rows;
    if (rows->count == rows->all)
        str_printf(&str, tr(N_("%u projects")), rows->all);
    else
        str_printf(&str, tr(N_("%u of %u projects")), rows->count, rows->all);
    const struct client *client = self->screen.app->client;
    if (client_lacks(client, KIND_project) || client_lacks(client, KIND_report)) /* which tell how each stands */
        str_put(&str, tr(N_(" (more are coming)")));
    struct arranged like = rows->like;
    if (like.sort == USUAL) like.sort = COLUMN_CODE;
    arrange_put(&columns_of, &like, like.filter != USUAL, &str);
    put_scope(self, &str);
    if (rows->words[0] != '\0') {
        str_put(&str, "   /");
        str_put(&str, rows->words);
    }
    marks_put(&self->screen, &str);
    str_put(&str, tr(N_("   amounts in 10,000 yuan")));
    put_text(term, area, 0, STYLE_PLAIN, line);
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    static const struct column shapes[PROJECT_COLUMNS] = {
        [COLUMN_CODE] = {NULL, 9, 0, 0, false, 0},    [COLUMN_NAME] = {NULL, 14, 6, 0, false, 0},
        [COLUMN_STAGE] = {NULL, OPTION_COLUMNS, 2, 4, false, 0}, [COLUMN_RESPONSIBLE] = {NULL, 10, 1, 3, false, 0},
        [COLUMN_PLAN] = {NULL, 8, 0, 6, true, 0},     [COLUMN_INVESTED] = {NULL, 8, 0, 5, true, 0},
        [COLUMN_SHARE] = {NULL, 5, 0, 2, true, 0},    [COLUMN_LIGHT] = {NULL, 2, 0, 0, false, 0},
        [COLUMN_REPORT] = {NULL, 7, 0, 1, false, 0},  [COLUMN_LEAD] = {NULL, 10, 0, 7, false, 0},
        [COLUMN_COUNTY] = {NULL, 10, 0, 8, false, 0}, [COLUMN_CATEGORY] = {NULL, 8, 0, 9, false, 0}};
    struct drawing drawing = {.self = (struct projects *)screen};
    struct column columns[PROJECT_COLUMNS];
    unsigned count = shown_columns(drawing.self, drawing.shown);
    for (unsigned i = 0; i < count; i++) {
        unsigned column = drawing.shown[i];
        columns[i] = shapes[column];
        columns[i].label = column_label(column);
        if (drawing.self->rows.like.count > 0) columns[i].rank = (uint8_t)(i < 2 ? 0 : i); /* the last ones go first */
        column_fit(&columns[i], drawing.self->rows.widest[column]);
    }
    struct area head = {area.row + 1, area.column + MARK_COLUMNS, 1, area.columns - MARK_COLUMNS};
    struct area body = {area.row + 2, area.column, area.rows - 2, area.columns};
    draw_state(drawing.self, term, area);
    layout_fit(&drawing.layout, columns, count, head.columns);
    layout_heads(&drawing.layout, term, head, columns);
    if (drawing.self->rows.count == 0)
        put_text(term, body, MARK_COLUMNS, STYLE_PLAIN,
                 drawing.self->rows.all > 0 ? tr(N_("Nothing matches. / changes the words, f the filter."))
                                            : tr(N_("No projects are here yet: they come with the first connection.")));
    list_draw(&drawing.self->list, term, body, draw_row, &drawing);
}

/* Amounts and shares as numbers: their order is the number and one more. */
static struct book_cell cell_of(const struct project_row *row, unsigned column)
{
    int64_t number = row->order[column] - 1;
    if (column == COLUMN_SHARE) return book_number(row->cells[column].length > 0 ? CELL_PERCENT : CELL_NOTHING, number);
    if (column != COLUMN_PLAN && column != COLUMN_INVESTED) return book_text(row->cells[column]);
    return book_number(text_equal(row->cells[column], text_of("-")) ? CELL_NOTHING : CELL_WAN, number);
}

static void put(struct screen *screen, struct book *book)
{
    const struct projects *self = (const struct projects *)screen;
    uint8_t shown[PROJECT_COLUMNS];
    unsigned count = shown_columns(self, shown);
    book_sheet(book, tr(kind_row(KIND_project)->plural));
    for (unsigned i = 0; i < count; i++) {
        char label[100];
        struct str str = str_in(label, sizeof label);
        if (shown[i] == COLUMN_PLAN || shown[i] == COLUMN_INVESTED)
            str_printf(&str, tr(N_("%s (%s)")), column_label(shown[i]), tr(UNIT_WAN));
        else
            str_put(&str, column_label(shown[i]));
        book_column(book, label);
    }
    for (unsigned i = 0; i < self->rows.count; i++)
        for (unsigned j = 0; j < count; j++)
            book_put(book, cell_of(&self->rows.rows[i], shown[j]));
}

/* ---- acting ---- */

/* A filter that is kept for the whole list outlives what is changed in a part of it. */
static void arrange(struct projects *self, const struct arranged *like)
{
    const struct project_scope *scope = &self->rows.scope;
    struct arranged whole, saved = *like;
    bool part = scope->county != 0 || scope->lead != 0 || scope->unit != 0 || scope->light != LIGHTS_ALL;
    self->rows.like = *like;
    build(self);
    arrange_load(self->screen.app, &columns_of, &whole);
    if (part) {
        saved.filter = whole.filter;
        saved.by_number = whole.by_number;
        saved.number = whole.number;
        memcpy(saved.value, whole.value, sizeof saved.value);
    }
    arrange_save(self->screen.app, &columns_of, &saved);
}

static void choose_filter(struct projects *self)
{
    static const enum project_column by[] = {COLUMN_RESPONSIBLE, COLUMN_LEAD,  COLUMN_COUNTY, COLUMN_STAGE,
                                             COLUMN_CATEGORY,    COLUMN_LIGHT, COLUMN_REPORT};
    const unsigned count = sizeof by / sizeof *by;
    struct app *app = self->screen.app;
    struct pick_item items[sizeof by / sizeof *by + 1], *values;
    struct arranged like = self->rows.like;
    int64_t *orders;
    struct arena arena;
    for (unsigned i = 0; i < count; i++)
        items[i] = (struct pick_item){.text = column_label(by[i])};
    items[count] = (struct pick_item){.text = tr(N_("all projects"))};
    int chosen = ask_menu(app, tr(N_("Show only")), items, count + 1);
    if (chosen < 0) return;
    like.filter = USUAL;
    if ((unsigned)chosen == count) self->rows.scope = (struct project_scope){.light = LIGHTS_ALL};
    if ((unsigned)chosen < count) {
        arena_init(&arena, PICK_BYTES);
        unsigned found = project_values(app, by[chosen], &arena, &values, &orders);
        int value = found > 0 ? ask_pick(app, column_label(by[chosen]), values, found) : -1;
        struct str str = str_in(like.value, sizeof like.value);
        if (value >= 0) {
            like.filter = (int)by[chosen];
            like.number = orders[value];
            like.by_number = like.number != 0;
            str_put(&str, values[value].text);
        }
        arena_clear(&arena);
    }
    arrange(self, &like);
}

/* True when the verb is about how the list is liked. */
static bool arrange_verb(struct projects *self, enum verb verb)
{
    struct arranged like = self->rows.like;
    uint8_t shown[PROJECT_COLUMNS];
    unsigned count = shown_columns(self, shown);
    switch ((int)verb) {
    case VERB_sort:
        if (like.sort == USUAL) like.sort = COLUMN_CODE;
        arrange_sort(&like, shown, count);
        if (like.sort == USUAL) like.sort = shown[0];
        break;
    case VERB_reverse: like.reverse = !like.reverse; break;
    case VERB_filter: choose_filter(self); return true;
    case VERB_columns:
        if (!arrange_ask(self->screen.app, &columns_of, shown, count, &like)) return true;
        break;
    case VERB_reset: arrange_usual(&like); break;
    default: return false;
    }
    arrange(self, &like);
    return true;
}

static void choose_columns(struct screen *screen, struct text names)
{
    struct projects *self = (struct projects *)screen;
    struct arranged like = self->rows.like;
    if (arrange_columns(screen->app, &columns_of, names, &like)) arrange(self, &like);
}

static void act(struct screen *screen, enum verb verb)
{
    struct projects *self = (struct projects *)screen;
    const struct project_row *row = self->rows.count > 0 ? &self->rows.rows[self->list.at] : NULL;
    if (arrange_verb(self, verb)) return;
    switch ((int)verb) {
    case VERB_open:
        if (row != NULL) app_push(screen->app, project_screen(screen->app, row->id));
        break;
    case VERB_paper:
        if (row != NULL) app_push(screen->app, paper_screen(screen->app, KIND_report, row->id, row->month));
        break;
    default: list_verb(&self->list, verb, app_rows(screen->app) - 2);
    }
}

static bool does(const struct screen *screen, enum verb verb)
{
    const struct projects *self = (const struct projects *)screen;
    const struct project_row *row = self->list.at < self->rows.count ? &self->rows.rows[self->list.at] : NULL;
    if (verb == VERB_open) return row != NULL;
    if (verb == VERB_reset) return !arrange_is_usual(&self->rows.like);
    return verb != VERB_paper || (row != NULL && row->cells[COLUMN_REPORT].length > 0);
}

static void release(struct screen *screen)
{
    arena_clear(&((struct projects *)screen)->rows.arena);
}

static const struct list *list_of(const struct screen *screen)
{
    return &((const struct projects *)screen)->list;
}

static bool at(const struct screen *screen, unsigned row, struct under *under)
{
    *under = (struct under){.kind = KIND_project, .id = ((const struct projects *)screen)->rows.rows[row].id};
    return true;
}

static const struct screen_kind kind = {.id = SCREEN_projects,
                                        .size = sizeof(struct projects),
                                        .follow = follow,
                                        .draw = draw,
                                        .does = does,
                                        .act = act,
                                        .list = list_of,
                                        .at = at,
                                        .find = find,
                                        .columns = choose_columns,
                                        .put = put,
                                        .free = release};

struct screen *projects_screen(struct app *app)
{
    return projects_of(app, 0, 0, 0, LIGHTS_ALL);
}

struct screen *projects_of(struct app *app, uint64_t county, uint64_t lead, uint64_t unit, int light)
{
    struct projects *self = (struct projects *)screen_new(app, &kind);
    if (self == NULL) return NULL;
    arena_init(&self->rows.arena, ROWS_BYTES);
    arrange_load(app, &columns_of, &self->rows.like);
    if (county != 0 || lead != 0 || unit != 0 || light != LIGHTS_ALL)
        self->rows.like.filter = USUAL; /* all of theirs */
    self->rows.scope = (struct project_scope){county, lead, unit, light};
    return &self->screen;
}
