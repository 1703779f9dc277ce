/* matrix.c - the month's matrix: reports by responsible unit and month. Clause 2: 月报 on time, late, missing.
 * A cell shows the worst standing and how many reports have it; the list behind it shows each. */
#include "client/core/desk.h"
#include "client/screen/marks.h"
#include "client/screen/words.h"

#include <stdlib.h>

enum { MATRIX_BYTES = 64 << 20, MONTHS = 12, NAME_MIN = 10, CELL_MAX = 8 };

struct matrix_view {
    struct screen screen;
    struct arena arena;
    struct matrix matrix;
    struct text names[MATRIX_ROWS_MAX];
    struct list list;
    int year, month; /* month 1..12: the selected column */
};

static void build(struct matrix_view *self)
{
    struct app *app = self->screen.app;
    arena_reuse(&self->arena);
    if (matrix_build(app->client, self->year, &self->arena, &self->matrix) != OK) self->matrix.count = 0;
    unsigned kept = 0;
    for (unsigned i = 0; i < self->matrix.count; i++) { /* units that owe nothing in the year are left out */
        if (self->matrix.rows[i].projects == 0) continue;
        self->matrix.rows[kept] = self->matrix.rows[i];
        self->names[kept] = view_brief(app, KIND_unit, self->matrix.rows[kept].unit, &self->arena);
        kept++;
    }
    self->matrix.count = kept;
    list_set_count(&self->list, kept);
}

static void follow(struct screen *screen, unsigned events)
{
    if (events & EVENT_RECORDS) build((struct matrix_view *)screen);
}

/* ---- drawing ---- */

static const enum standing worst_first[] = {STANDING_MISSING, STANDING_RETURNED, STANDING_LATE,   STANDING_NOT_DUE,
                                            STANDING_HIDDEN,  STANDING_IN_LATE,  STANDING_ON_TIME};

static void draw_cell(const struct matrix_row *row, int month, struct term *term, struct place place)
{
    char line[24];
    struct str str = str_in(line, sizeof line);
    for (size_t i = 0; i < sizeof worst_first / sizeof *worst_first; i++) {
        unsigned count = row->months[month - 1].standing[worst_first[i]];
        if (count == 0) continue;
        str_put(&str, standing_letter(worst_first[i]));
        str_printf(&str, "%u", count);
        place.style = standing_style(worst_first[i]);
        break;
    }
    term_put(term, place, text_of(line));
}

static int cell_columns(int columns)
{
    int wide = (columns - NAME_MIN) / MONTHS;
    return wide > CELL_MAX ? CELL_MAX : wide < 3 ? 3 : wide;
}

/* The month that comes first when not all have room. */
static int first_month(const struct matrix_view *self, int shown)
{
    int first = self->month - shown + 1;
    return shown >= MONTHS || first < 1 ? 1 : first;
}

struct drawing {
    struct matrix_view *self;
    int first, shown, wide, name;
    uint16_t marked[MATRIX_ROWS_MAX]; /* months of which something is marked: bit 1..12 */
};

/* Where the marked reports and returns are. */
static void find_marked(struct drawing *drawing)
{
    struct matrix_view *self = drawing->self;
    struct app *app = self->screen.app;
    const struct marks *marks = self->screen.marks;
    for (unsigned i = 0; marks != NULL && i < marks->count; i++) {
        const struct paper_kind *kind = paper_kind(marks->at[i].kind);
        struct record paper, of;
        if (!view_get(app, marks->at[i].kind, marks->at[i].id, &app->scratch, &paper)) continue;
        uint64_t unit = (uint64_t)rec_num(&paper, kind->of);
        month_t month = {(int32_t)rec_num(&paper, kind->month)};
        if (marks->at[i].kind == KIND_report && view_get(app, KIND_project, unit, &app->scratch, &of))
            unit = (uint64_t)rec_num(&of, project_responsible);
        for (unsigned row = 0; row < self->matrix.count && month_year(month) == self->year; row++)
            if (self->matrix.rows[row].unit == unit) drawing->marked[row] |= (uint16_t)(1u << month_number(month));
    }
}

static void draw_row(void *of, struct term *term, struct area area, unsigned index)
{
    struct drawing *drawing = of;
    struct matrix_view *self = drawing->self;
    term_put_cut(term, (struct place){area.row, area.column, drawing->name, STYLE_PLAIN}, self->names[index]);
    for (int i = 0; i < drawing->shown; i++) {
        int column = area.column + drawing->name + i * drawing->wide;
        struct place place = {area.row, column + 1, drawing->wide - 1, STYLE_PLAIN};
        draw_cell(&self->matrix.rows[index], drawing->first + i, term, place);
        if (drawing->marked[index] >> (drawing->first + i) & 1)
            term_put(term, (struct place){area.row, column, 1, STYLE_STRONG}, text_of("*"));
    }
}

static void draw_sum(struct matrix_view *self, struct term *term, struct area area)
{
    char line[300];
    struct str str = str_in(line, sizeof line);
    unsigned owed = 0, counts[STANDINGS] = {0};
    for (unsigned i = 0; i < self->matrix.count; i++) {
        owed += self->matrix.rows[i].months[self->month - 1].owed;
        for (unsigned j = 0; j < STANDINGS; j++)
            counts[j] += self->matrix.rows[i].months[self->month - 1].standing[j];
    }
    str_month(&str, month_make(self->year, self->month));
    str_printf(&str, tr(N_("  owed %u: in %u (late %u), wait %u, late %u, missing %u, returned %u")), owed,
               counts[STANDING_ON_TIME] + counts[STANDING_IN_LATE], counts[STANDING_IN_LATE], counts[STANDING_NOT_DUE],
               counts[STANDING_LATE], counts[STANDING_MISSING], counts[STANDING_RETURNED]);
    if (counts[STANDING_HIDDEN] > 0) str_printf(&str, tr(N_(", not for you %u")), counts[STANDING_HIDDEN]);
    put_text(term, area, 0, STYLE_PLAIN, line);
}

static void draw_legend(struct term *term, struct area area)
{
    char line[300];
    struct str str = str_in(line, sizeof line);
    for (size_t i = 0; i < sizeof worst_first / sizeof *worst_first; i++) {
        if (worst_first[i] == STANDING_HIDDEN) continue;
        str_put(&str, standing_letter(worst_first[i]));
        str_put(&str, " ");
        str_put(&str, standing_word(worst_first[i]));
        str_put(&str, "  ");
    }
    str_put(&str, tr(N_("the worst of a cell and how many")));
    put_text(term, area, 0, STYLE_PLAIN, line);
}

static void draw_months(const struct drawing *drawing, struct term *term, struct area area)
{
    for (int i = 0; i < drawing->shown; i++) {
        char line[8];
        struct str str = str_in(line, sizeof line);
        str_printf(&str, "%02d", drawing->first + i);
        int column = MARK_COLUMNS + drawing->name + i * drawing->wide + 1;
        term_put(term, (struct place){area.row, column, drawing->wide - 1, STYLE_STRONG}, text_of(line));
    }
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct matrix_view *self = (struct matrix_view *)screen;
    struct drawing drawing = {.self = self, .wide = cell_columns(area.columns - MARK_COLUMNS)};
    drawing.shown = (area.columns - MARK_COLUMNS - NAME_MIN) / drawing.wide;
    if (drawing.shown > MONTHS) drawing.shown = MONTHS;
    drawing.first = first_month(self, drawing.shown);
    drawing.name = area.columns - MARK_COLUMNS - drawing.shown * drawing.wide;
    if (drawing.name > 24) drawing.name = 24;
    find_marked(&drawing);
    draw_sum(self, term, area);
    marks_note(screen, term, area);
    area.row++;
    draw_months(&drawing, term, area);
    area.row++;
    area.rows -= 3;
    draw_legend(term, (struct area){area.row + area.rows, area.column, 1, area.columns});
    if (self->matrix.count == 0) {
        put_text(term, area, MARK_COLUMNS, STYLE_PLAIN,
                 tr(N_("No reports are owed in this year. [ and ] change the year.")));
        term_cursor(term, area.row, 0);
        return;
    }
    list_draw(&self->list, term, area, draw_row, &drawing);
    int row = area.row + (int)(self->list.at - self->list.top);
    int column = MARK_COLUMNS + drawing.name + (self->month - drawing.first) * drawing.wide;
    term_blank(term, (struct area){row, 0, 1, 1}); /* the mark stands at the cell, not at the row */
    bool marked = drawing.marked[self->list.at] >> self->month & 1; /* then the cursor alone tells where one is */
    if (!marked) term_put(term, (struct place){row, column, 1, STYLE_PLAIN}, text_of(">"));
    term_cursor(term, row, column);
}

static void put(struct screen *screen, struct book *book)
{
    const struct matrix_view *self = (const struct matrix_view *)screen;
    char line[200];
    book_sheet(book, tr(N_("matrix")));
    book_column(book, tr(N_("unit")));
    for (int month = 1; month <= MONTHS; month++) {
        struct str str = str_in(line, sizeof line);
        str_month(&str, month_make(self->year, month));
        book_column(book, line);
    }
    for (unsigned i = 0; i < self->matrix.count; i++) {
        book_put(book, book_text(self->names[i]));
        for (int month = 0; month < MONTHS; month++) {
            struct str str = str_in(line, sizeof line);
            for (size_t j = 0; j < sizeof worst_first / sizeof *worst_first; j++) {
                unsigned count = self->matrix.rows[i].months[month].standing[worst_first[j]];
                if (count > 0)
                    str_printf(&str, "%s%s %u", str.used > 0 ? "  " : "", standing_word(worst_first[j]), count);
            }
            book_put(book, book_text(text_of(line)));
        }
    }
}

/* ---- acting ---- */

static void act(struct screen *screen, enum verb verb)
{
    struct matrix_view *self = (struct matrix_view *)screen;
    struct app *app = screen->app;
    switch ((int)verb) {
    case VERB_left: self->month -= self->month > 1; break;
    case VERB_right: self->month += self->month < MONTHS; break;
    case VERB_last_tab: matrix_set_year(screen, self->year - 1); break;
    case VERB_next_tab: matrix_set_year(screen, self->year + 1); break;
    case VERB_open:
        if (self->matrix.count > 0)
            app_push(app, cell_screen(app, self->matrix.rows[self->list.at].unit, month_make(self->year, self->month)));
        break;
    default: list_verb(&self->list, verb, app_rows(app) - 3);
    }
}

static bool does(const struct screen *screen, enum verb verb)
{
    return verb != VERB_open || ((const struct matrix_view *)screen)->matrix.count > 0;
}

static const struct list *list_of(const struct screen *screen)
{
    return &((const struct matrix_view *)screen)->list;
}

/* The reports and the return that are there behind the cell of the row in the selected month. */
static unsigned behind(struct screen *screen, unsigned row, struct under *out, unsigned most)
{
    struct matrix_view *self = (struct matrix_view *)screen;
    struct app *app = screen->app;
    const struct space *space = client_space(app->client);
    month_t month = month_make(self->year, self->month);
    struct value unit = number_value((int64_t)self->matrix.rows[row].unit);
    struct record paper;
    struct walk walk;
    unsigned count = 0;
    uint64_t id;
    if (paper_find(space, KIND_unit_return, self->matrix.rows[row].unit, month, &app->scratch, &paper) == OK)
        out[count++] = (struct under){.kind = KIND_unit_return, .id = paper.id};
    walk_start(&walk, space, IX_project_responsible, &unit, 1);
    while (walk_next(&walk, &id) && count < most)
        if (paper_find(space, KIND_report, id, month, &app->scratch, &paper) == OK)
            out[count++] = (struct under){.kind = KIND_report, .id = paper.id};
    return count;
}

static void release(struct screen *screen)
{
    arena_clear(&((struct matrix_view *)screen)->arena);
}

static const struct screen_kind kind = {.id = SCREEN_matrix,
                                        .size = sizeof(struct matrix_view),
                                        .follow = follow,
                                        .draw = draw,
                                        .does = does,
                                        .act = act,
                                        .list = list_of,
                                        .behind = behind,
                                        .put = put,
                                        .free = release};

void matrix_set_year(struct screen *screen, int year)
{
    struct matrix_view *self = (struct matrix_view *)screen;
    if (year < YEAR_MIN || year > YEAR_MAX) return;
    self->year = year;
    build(self);
}

struct screen *matrix_screen(struct app *app)
{
    struct matrix_view *self = (struct matrix_view *)screen_new(app, &kind);
    if (self == NULL) return NULL;
    month_t month = month_of(stamp_day(client_now(app->client)));
    self->year = month_year(month);
    self->month = month_number(month);
    arena_init(&self->arena, MATRIX_BYTES);
    return &self->screen;
}
