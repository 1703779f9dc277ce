/* screen.c - 督查监控台 as a screen: pages by digits or by themselves, figures that open the lists behind them, and
 * the last push in sight. Clause 2. It is built anew when something has happened, and writes what differs. */
#include "client/screen/screen.h"
#include "client/console/pages.h"

#include "client/term/cells.h"

#include <stdlib.h>
#include <string.h>

enum { CONSOLE_BYTES = 128 << 20, TABS_ROWS = 1, TURN_SECONDS = 20, FETCHED_ONE_BY_ONE = 5 };

struct view {
    struct screen screen;
    struct arena arena;
    struct sheet sheet;
    unsigned page, at; /* at: the selected spot */
    uint64_t county;   /* to which what is open is narrowed */
    int top;           /* rows that are moved out of sight below the sheet's head */
    int rows, columns; /* for which the sheet was built */
    unsigned turn_seconds;
    int64_t turned_ms;
    struct asked asked;
};

/* ---- building ---- */

static bool same_target(const struct target *a, const struct target *b)
{
    return a->opens == b->opens && a->kind == b->kind && a->by_light == b->by_light && a->light == b->light &&
           a->id == b->id && a->county == b->county && a->lead == b->lead && a->unit == b->unit &&
           a->month.n == b->month.n;
}

static void build(struct view *self)
{
    struct app *app = self->screen.app;
    struct console console = {.client = app->client, .arena = &self->arena, .county = self->county};
    bool had = self->at < self->sheet.spots;
    struct target before = had ? self->sheet.spot[self->at].target : (struct target){.id = 0};
    arena_reuse(&self->arena);
    console.charts = charts_choose(app->setup.prefs.charts, getenv("TERM"));
    self->sheet.spots = self->sheet.pieces = 0;
    if (self->rows <= 0 || sheet_start(&self->sheet, &self->arena, self->rows, self->columns) != OK) return;
    enum err err = console_pages[self->page].build(&console, &self->sheet);
    if (err != OK) app_say_err(app, err);
    for (unsigned i = 0; i < self->sheet.spots && had; i++)
        if (same_target(&before, &self->sheet.spot[i].target)) self->at = i; /* the mark stays on its figure */
    if (self->at >= self->sheet.spots) self->at = 0;
}

/* Lights need the targets' months and ages the issues' beginnings, which not everybody has here: they are fetched, at
 * first all at once. */
static void want(struct view *self)
{
    static const struct {
        unsigned (*missing)(const struct client *client, struct arena *arena, uint64_t *one);
        uint8_t kind;
        enum index_id index;
    } wants[] = {{bare_targets, KIND_target, IX_target_year}, {ageless_issues, KIND_issue, IX_issue_state}};
    struct app *app = self->screen.app;
    struct arena arena;
    arena_init(&arena, CONSOLE_BYTES);
    for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
        uint64_t one = 0;
        unsigned missing = wants[i].missing(app->client, &arena, &one);
        if (missing > FETCHED_ONE_BY_ONE)
            view_want_all(app, &self->asked, wants[i].index, NULL, 0);
        else if (missing > 0)
            view_want(app, &self->asked, wants[i].kind, one, &arena);
    }
    arena_clear(&arena);
}

static void follow(struct screen *screen, unsigned events)
{
    struct view *self = (struct view *)screen;
    want(self);
    if (events & EVENT_RECORDS) build(self);
}

/* ---- moving ---- */

static int body_rows(const struct view *self)
{
    return self->rows - self->sheet.head;
}

static int last_top(const struct view *self)
{
    int hidden = self->sheet.height - self->rows;
    return hidden > 0 ? hidden : 0;
}

static void keep_in_sight(struct view *self)
{
    if (self->at >= self->sheet.spots) return;
    int row = self->sheet.spot[self->at].row - self->sheet.head;
    if (row >= 0 && row < self->top) self->top = row;
    if (row >= self->top + body_rows(self)) self->top = row - body_rows(self) + 1;
    if (self->top > last_top(self)) self->top = last_top(self);
}

static void move(struct view *self, int rows, int columns)
{
    if (self->sheet.spots > 0) self->at = sheet_move(&self->sheet, self->at, rows, columns);
    keep_in_sight(self);
}

/* The first figure that is in sight. */
static void to_sight(struct view *self)
{
    for (unsigned i = 0; i < self->sheet.spots; i++) {
        if (self->sheet.spot[i].row - self->sheet.head < self->top) continue;
        self->at = i;
        return;
    }
}

static void scroll(struct view *self, int rows)
{
    self->top += rows;
    if (self->top > last_top(self)) self->top = last_top(self);
    if (self->top < 0) self->top = 0;
    to_sight(self);
}

static void to_page(struct view *self, unsigned page)
{
    self->page = page % PAGES;
    self->at = 0;
    self->top = 0;
    self->sheet.spots = 0;
    self->turned_ms = term_ms();
    build(self);
}

static int64_t wakes(const struct screen *screen)
{
    const struct view *self = (const struct view *)screen;
    return self->turn_seconds > 0 ? self->turned_ms + (int64_t)self->turn_seconds * 1000 : INT64_MAX;
}

/* What is longer than the screen is shown to its end before the next page comes. */
static void woken(struct screen *screen)
{
    struct view *self = (struct view *)screen;
    self->turned_ms = term_ms();
    if (self->top < last_top(self))
        scroll(self, body_rows(self));
    else
        to_page(self, self->page + 1);
}

/* ---- drawing ---- */

static void draw_tabs(const struct view *self, struct term *term, struct area area)
{
    char line[400];
    struct str str = str_in(line, sizeof line);
    for (unsigned page = 0; page < PAGES; page++)
        str_printf(&str, page == self->page ? "[%u %s] " : " %u %s  ", page + 1, tr(console_pages[page].label));
    if (self->turn_seconds > 0) str_printf(&str, tr(N_("  every %u s")), self->turn_seconds);
    put_text(term, area, 0, STYLE_PLAIN, line);
}

/* The row of the screen in which a row of the sheet stands, or -1. */
static int shown_row(const struct view *self, struct area area, int row)
{
    int shown = row >= self->sheet.head ? row - self->top : row;
    bool above = row >= self->sheet.head && shown < self->sheet.head;
    return above || shown >= area.rows ? -1 : area.row + shown;
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct view *self = (struct view *)screen;
    draw_tabs(self, term, area);
    area.row += TABS_ROWS;
    area.rows -= TABS_ROWS;
    if (self->rows != area.rows || self->columns != area.columns) {
        self->rows = area.rows;
        self->columns = area.columns;
        build(self);
        keep_in_sight(self);
    }
    for (unsigned i = 0; i < self->sheet.pieces; i++) {
        const struct piece *piece = &self->sheet.piece[i];
        int row = shown_row(self, area, piece->row);
        if (row >= 0) term_put(term, (struct place){row, piece->column, area.columns, piece->style}, piece->text);
    }
    term_cursor(term, area.row, 0);
    if (self->at >= self->sheet.spots) return;
    const struct spot *spot = &self->sheet.spot[self->at];
    int row = shown_row(self, area, spot->row);
    if (row < 0) return;
    term_put(term, (struct place){row, spot->column, 1, STYLE_PLAIN}, text_of(">"));
    term_cursor(term, row, spot->column);
}

/* ---- acting ---- */

static void open_spot(struct view *self)
{
    struct app *app = self->screen.app;
    const struct target target = self->sheet.spot[self->at].target;
    switch (target.opens) {
    case OPENS_PROJECTS:
        app_push(app, projects_of(app, target.county, target.lead, target.unit,
                                  target.by_light ? (int)target.light : LIGHTS_ALL));
        break;
    case OPENS_RECORD: open_record(app, target.kind, target.id); break;
    case OPENS_RECORDS: app_push(app, records_screen(app, target.kind, 0, 0)); break;
    case OPENS_BOARD: app_push(app, board_screen(app, target.kind)); break;
    case OPENS_CELL: app_push(app, cell_screen(app, target.unit, target.month)); break;
    case OPENS_MATRIX: app_push(app, matrix_screen(app)); break;
    case OPENS_OPEN:
        self->county = target.county;
        to_page(self, PAGE_OPEN);
        break;
    }
}

static void act(struct screen *screen, enum verb verb)
{
    struct view *self = (struct view *)screen;
    self->turned_ms = term_ms(); /* whoever looks is not hurried on */
    switch ((int)verb) {
    case VERB_map: to_page(self, PAGE_MAP); break;
    case VERB_course: to_page(self, PAGE_COURSE); break;
    case VERB_reports: to_page(self, PAGE_REPORTS); break;
    case VERB_open_matters: to_page(self, PAGE_OPEN); break;
    case VERB_ranking: to_page(self, PAGE_RANKING); break;
    case VERB_next_tab: to_page(self, self->page + 1); break;
    case VERB_last_tab: to_page(self, self->page + PAGES - 1); break;
    case VERB_all_counties:
        self->county = 0;
        to_page(self, self->page);
        break;
    case VERB_turn: self->turn_seconds = self->turn_seconds > 0 ? 0 : TURN_SECONDS; break;
    case VERB_open: open_spot(self); break;
    case VERB_up: move(self, -1, 0); break;
    case VERB_down: move(self, 1, 0); break;
    case VERB_left: move(self, 0, -1); break;
    case VERB_right: move(self, 0, 1); break;
    case VERB_page_down: scroll(self, body_rows(self)); break;
    case VERB_page_up: scroll(self, -body_rows(self)); break;
    case VERB_first: scroll(self, -self->sheet.height); break;
    case VERB_last: scroll(self, self->sheet.height); break;
    default: break;
    }
}

static bool does(const struct screen *screen, enum verb verb)
{
    const struct view *self = (const struct view *)screen;
    if (verb == VERB_open) return self->at < self->sheet.spots;
    return verb != VERB_all_counties || self->county != 0;
}

static void release(struct screen *screen)
{
    arena_clear(&((struct view *)screen)->arena);
}

static const struct screen_kind kind = {.id = SCREEN_console,
                                        .size = sizeof(struct view),
                                        .follow = follow,
                                        .draw = draw,
                                        .does = does,
                                        .act = act,
                                        .free = release,
                                        .wakes = wakes,
                                        .woken = woken,
                                        .ticker = true};

const char *console_page_name(unsigned page)
{
    return page < PAGES ? console_pages[page].name : NULL;
}

bool console_show(struct screen *screen, struct text name)
{
    unsigned page = console_page_named(name);
    if (page < PAGES) to_page((struct view *)screen, page);
    return page < PAGES;
}

struct screen *console_screen(struct app *app, unsigned turn_seconds)
{
    struct view *self = (struct view *)screen_new(app, &kind);
    if (self == NULL) return NULL;
    arena_init(&self->arena, CONSOLE_BYTES);
    self->turn_seconds = turn_seconds;
    self->turned_ms = term_ms();
    return &self->screen;
}
