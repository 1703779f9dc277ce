/* agenda.c - 日程: a month of deadlines, day by day, and what is due on the selected one. Working days, days off and
 * make-up days are told apart by a letter, not by colour alone. DOMAIN, section 3. */
#include "client/core/registers.h"
#include "client/screen/marks.h"

#include "proto/calendar.h"

#include <string.h>

enum { AGENDA_BYTES = 64 << 20, DAYS = 7, GRID_ROWS = 8, CELL_COLUMNS = 9 };

struct agenda {
    struct screen screen;
    struct arena arena;
    struct calendar calendar;
    struct dues dues;
    day_t day;           /* the selected one; its month is shown */
    unsigned first, count; /* of dues: those of the day */
    struct list list;
};

static day_t due_day(const struct due_item *item)
{
    return stamp_day((stamp_t){item->due.s - 1});
}

static void select_day(struct agenda *self, day_t day)
{
    self->day = day;
    self->first = self->count = 0;
    for (unsigned i = 0; i < self->dues.count; i++) {
        if (due_day(&self->dues.items[i]).n != day.n) continue;
        if (self->count++ == 0) self->first = i;
    }
    list_set_count(&self->list, self->count);
}

static void build(struct agenda *self)
{
    struct app *app = self->screen.app;
    if (self->arena.max_bytes == 0) arena_init(&self->arena, AGENDA_BYTES);
    arena_reuse(&self->arena);
    if (self->day.n == 0) self->day = stamp_day(client_now(app->client));
    calendar_load(client_space(app->client), &self->arena, &self->calendar);
    if (dues_build(app->client, month_of(self->day), &self->arena, &self->dues) != OK) self->dues.count = 0;
    select_day(self, self->day);
}

static void follow(struct screen *screen, unsigned events)
{
    if (events & EVENT_RECORDS) build((struct agenda *)screen);
}

/* ---- drawing ---- */

static unsigned due_on(const struct agenda *self, day_t day)
{
    unsigned count = 0;
    for (unsigned i = 0; i < self->dues.count; i++)
        count += due_day(&self->dues.items[i]).n == day.n;
    return count;
}

/* "28*3": three are due; "." behind the day: no working day. */
static void draw_cell(const struct agenda *self, struct term *term, struct place place, day_t day)
{
    char line[24];
    struct str str = str_in(line, sizeof line);
    int year, month, of_month;
    unsigned count = due_on(self, day);
    day_split(day, &year, &month, &of_month);
    str_printf(&str, "%s%2d%s", day.n == self->day.n ? ">" : " ", of_month,
               day_works(&self->calendar, day) ? " " : ".");
    if (count > 0) str_printf(&str, "%u", count);
    if (count > 0 && day.n < stamp_day(client_now(self->screen.app->client)).n) place.style = STYLE_BAD;
    term_put(term, place, text_of(line));
}

static void draw_grid(const struct agenda *self, struct term *term, struct area area)
{
    static const char *const names[DAYS] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"),
                                            N_("Fri"), N_("Sat"), N_("Sun")};
    month_t month = month_of(self->day);
    char line[80];
    struct str str = str_in(line, sizeof line);
    str_month(&str, month);
    str_printf(&str, "   %s", tr(N_("behind the day: how many are due; . no working day")));
    put_text(term, area, 0, STYLE_PLAIN, line);
    for (int i = 0; i < DAYS; i++) {
        struct place place = {area.row + 1, area.column + i * CELL_COLUMNS + 1, CELL_COLUMNS - 1, STYLE_PLAIN};
        term_put(term, place, text_of(tr(names[i])));
    }
    int row = area.row + 2;
    for (day_t day = month_first(month); day.n <= month_last(month).n; day = day_add(day, 1)) {
        int column = day_weekday(day);
        struct place place = {row, area.column + column * CELL_COLUMNS, CELL_COLUMNS - 1, STYLE_PLAIN};
        draw_cell(self, term, place, day);
        if (day.n == self->day.n && self->count == 0) term_cursor(term, row, place.column);
        row += column == DAYS - 1;
    }
}

static void draw_row(void *of, struct term *term, struct area area, unsigned index)
{
    struct agenda *self = of;
    struct app *app = self->screen.app;
    const struct due_item *item = &self->dues.items[self->first + index];
    char line[500];
    struct str str = str_in(line, sizeof line);
    marks_draw(&self->screen, term, area, index);
    str_put(&str, tr(kind_row(item->kind)->label));
    str_put(&str, " ");
    str_text(&str, view_title(app, item->kind, item->id, &app->scratch));
    term_put_cut(term, (struct place){area.row, area.column, area.columns, STYLE_PLAIN}, text_of(line));
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct agenda *self = (struct agenda *)screen;
    draw_grid(self, term, area);
    marks_note(screen, term, area);
    if (area.rows <= GRID_ROWS + 1) return;
    struct area body = {area.row + GRID_ROWS + 1, area.column, area.rows - GRID_ROWS - 1, area.columns};
    if (self->count == 0) put_text(term, body, MARK_COLUMNS, STYLE_PLAIN, tr(N_("Nothing is due on this day.")));
    list_draw(&self->list, term, body, draw_row, self);
}

/* ---- acting ---- */

/* The same day of another month, or its last one. */
static day_t in_month(day_t day, int months)
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    month_t to = month_add(month_of(day), months);
    day_t wanted = day_add(month_first(to), of_month - 1);
    return wanted.n > month_last(to).n ? month_last(to) : wanted;
}

static void go_to(struct agenda *self, day_t day)
{
    bool other = month_of(day).n != month_of(self->day).n;
    self->day = day;
    if (other)
        build(self);
    else
        select_day(self, day);
}

static void act(struct screen *screen, enum verb verb)
{
    struct agenda *self = (struct agenda *)screen;
    const struct due_item *item = self->count > 0 ? &self->dues.items[self->first + self->list.at] : NULL;
    switch ((int)verb) {
    case VERB_left: go_to(self, day_add(self->day, -1)); break;
    case VERB_right: go_to(self, day_add(self->day, 1)); break;
    case VERB_last_tab: go_to(self, in_month(self->day, -1)); break;
    case VERB_next_tab: go_to(self, in_month(self->day, 1)); break;
    case VERB_open:
        if (item != NULL) open_record(screen->app, item->kind, item->id);
        break;
    default: list_verb(&self->list, verb, app_rows(screen->app) - GRID_ROWS - 1);
    }
}

static bool does(const struct screen *screen, enum verb verb)
{
    return verb != VERB_open || ((const struct agenda *)screen)->count > 0;
}

static const struct list *list_of(const struct screen *screen)
{
    return &((const struct agenda *)screen)->list;
}

static bool at(const struct screen *screen, unsigned row, struct under *under)
{
    const struct agenda *self = (const struct agenda *)screen;
    const struct due_item *item = &self->dues.items[self->first + row];
    *under = (struct under){.kind = item->kind, .id = item->id};
    return true;
}

static void release(struct screen *screen)
{
    arena_clear(&((struct agenda *)screen)->arena);
}

static const struct screen_kind kind = {.id = SCREEN_agenda,
                                        .size = sizeof(struct agenda),
                                        .follow = follow,
                                        .draw = draw,
                                        .does = does,
                                        .act = act,
                                        .list = list_of,
                                        .at = at,
                                        .free = release};

struct screen *agenda_screen(struct app *app)
{
    return screen_new(app, &kind);
}
