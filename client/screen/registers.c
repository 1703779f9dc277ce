/* registers.c - 台账: the kinds of records, how many of each run and are overdue; Enter opens the list. Clause 5:
 * every mechanism has its own register and counters. */
#include "client/core/registers.h"
#include "client/screen/screen.h"

enum { REGISTER_BYTES = 64 << 20, REGISTER_COLUMNS = 5 };

struct registers_view {
    struct screen screen;
    struct arena arena;
    struct registers registers;
    struct list list;
    char words[FIND_BYTES];
    uint8_t shown[KIND_LIMIT]; /* rows of registers: those of the business first */
    unsigned count;
};

static void show_rows(struct registers_view *self, bool business)
{
    for (unsigned i = 0; i < self->registers.count; i++) {
        unsigned kind = self->registers.at[i].kind;
        if (kind_is_business(kind) != business) continue;
        if (!search_match(text_of(self->words), text_of(tr(kind_row(kind)->plural)))) continue;
        self->shown[self->count++] = (uint8_t)i;
    }
}

static void build(struct registers_view *self)
{
    unsigned kind = self->list.at < self->count ? self->registers.at[self->shown[self->list.at]].kind : 0;
    if (self->arena.max_bytes == 0) arena_init(&self->arena, REGISTER_BYTES);
    arena_reuse(&self->arena);
    if (registers_build(self->screen.app->client, &self->arena, &self->registers) != OK) self->registers.count = 0;
    self->count = 0;
    show_rows(self, true);
    show_rows(self, false);
    list_set_count(&self->list, self->count);
    for (unsigned i = 0; i < self->count; i++)
        if (self->registers.at[self->shown[i]].kind == kind) self->list.at = i;
}

static void follow(struct screen *screen, unsigned events)
{
    if (events & EVENT_RECORDS) build((struct registers_view *)screen);
}

static void find(struct screen *screen, struct text words)
{
    struct registers_view *self = (struct registers_view *)screen;
    struct str str = str_in(self->words, sizeof self->words);
    str_text(&str, words);
    build(self);
}

static void put(struct screen *screen, struct book *book)
{
    const struct registers_view *self = (const struct registers_view *)screen;
    static const char *const labels[REGISTER_COLUMNS] = {N_("ledger"), N_("running"), N_("overdue"),
                                                         N_("nearest deadline"), N_("all")};
    book_sheet(book, tr(N_("registers")));
    for (unsigned i = 0; i < REGISTER_COLUMNS; i++)
        book_column(book, tr(labels[i]));
    for (unsigned i = 0; i < self->count; i++) {
        const struct tally *tally = &self->registers.at[self->shown[i]];
        book_put(book, book_text(text_of(tr(kind_row(tally->kind)->plural))));
        book_put(book, book_number(CELL_INT, tally->open));
        book_put(book, book_number(CELL_INT, tally->overdue));
        book_put(book,
                 book_number(tally->next.s != 0 ? CELL_DAY : CELL_NOTHING, stamp_day((stamp_t){tally->next.s - 1}).n));
        book_put(book, book_number(CELL_INT, tally->all));
    }
}

struct drawing {
    struct registers_view *self;
    struct layout layout;
};

static struct text count_text(struct arena *arena, unsigned count)
{
    char line[16];
    struct str str = str_in(line, sizeof line);
    if (count > 0) str_printf(&str, "%u", count);
    return arena_text(arena, line);
}

static void draw_row(void *of, struct term *term, struct area area, unsigned index)
{
    struct drawing *drawing = of;
    struct arena *arena = &drawing->self->screen.app->scratch;
    const struct tally *tally = &drawing->self->registers.at[drawing->self->shown[index]];
    char next[24];
    struct str str = str_in(next, sizeof next);
    if (tally->next.s != 0) str_day(&str, stamp_day((stamp_t){tally->next.s - 1}));
    const struct text cells[REGISTER_COLUMNS] = {text_of(tr(kind_row(tally->kind)->plural)),
                                                 count_text(arena, tally->open), count_text(arena, tally->overdue),
                                                 text_of(next), count_text(arena, tally->all)};
    for (unsigned i = 0; i < drawing->layout.count; i++) {
        unsigned column = drawing->layout.shown[i].of;
        enum style style = column == 2 && tally->overdue > 0 ? STYLE_BAD : STYLE_PLAIN;
        layout_cell(&drawing->layout, term, area, i, style, cells[column]);
    }
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct drawing drawing = {.self = (struct registers_view *)screen};
    const struct column columns[REGISTER_COLUMNS] = {{tr(N_("ledger")), 20, 1, 0, false, 34},
                                                     {tr(N_("running")), 8, 0, 0, true, 0},
                                                     {tr(N_("overdue")), 8, 0, 0, true, 0},
                                                     {tr(N_("nearest deadline")), 16, 0, 1, false, 0},
                                                     {tr(N_("all")), 8, 0, 2, true, 0}};
    struct area head = {area.row, area.column + MARK_COLUMNS, 1, area.columns - MARK_COLUMNS};
    struct area body = {area.row + 1, area.column, area.rows - 1, area.columns};
    layout_fit(&drawing.layout, columns, REGISTER_COLUMNS, head.columns);
    layout_heads(&drawing.layout, term, head, columns);
    list_draw(&drawing.self->list, term, body, draw_row, &drawing);
}

static void act(struct screen *screen, enum verb verb)
{
    struct registers_view *self = (struct registers_view *)screen;
    struct app *app = screen->app;
    if (verb != VERB_open)
        list_verb(&self->list, verb, app_rows(app) - 1);
    else if (self->count > 0) {
        unsigned kind = self->registers.at[self->shown[self->list.at]].kind;
        app_push(app, kind == KIND_project ? projects_screen(app) : records_screen(app, kind, 0, 0));
    }
}

static bool does(const struct screen *screen, enum verb verb)
{
    return verb != VERB_open || ((const struct registers_view *)screen)->count > 0;
}

static void release(struct screen *screen)
{
    arena_clear(&((struct registers_view *)screen)->arena);
}

static const struct screen_kind kind = {.id = SCREEN_registers,
                                        .size = sizeof(struct registers_view),
                                        .follow = follow,
                                        .draw = draw,
                                        .does = does,
                                        .act = act,
                                        .find = find,
                                        .put = put,
                                        .free = release};

struct screen *registers_screen(struct app *app)
{
    return screen_new(app, &kind);
}
