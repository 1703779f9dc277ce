/* desk.c - 工作台: what waits for the signed-in person, nearest deadline first, each with its one obvious act. */
#include "client/core/desk.h"

#include "client/screen/act.h"
#include "client/screen/marks.h"
#include "client/screen/waiting.h"
#include "client/term/cells.h"

#include <stdlib.h>

enum { DESK_BYTES = 32 << 20, DESK_COLUMNS = 3 };

struct desk_row {
    const struct desk_item *item;
    struct text due, matter, act;
    enum style style;
};

struct desk_view {
    struct screen screen;
    struct arena arena;
    struct desk desk;
    struct list list;
    struct desk_row *rows;
    unsigned count;
    int widest; /* columns that the acts take */
    char words[FIND_BYTES];
};

static const char *const weekdays[] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun")};

/* ---- rows ---- */

/* Overdue ones say so in a word; the others give the day. */
static struct text due_text(struct desk_view *self, const struct desk_item *item, enum style *style)
{
    char line[80];
    struct str str = str_in(line, sizeof line);
    day_t day = stamp_day((stamp_t){item->due.s - 1});
    int year, month, of_month;
    *style = STYLE_PLAIN;
    if (item->urgency == URGENCY_DECIDE) {
        *style = STYLE_BAD;
        return arena_text(&self->arena, tr(N_("!decide")));
    }
    if (item->urgency == URGENCY_NONE) return (struct text){"", 0};
    if (item->urgency == URGENCY_TODAY) {
        *style = STYLE_WARN;
        return arena_text(&self->arena, tr(N_("today")));
    }
    if (item->urgency == URGENCY_OVERDUE) {
        *style = STYLE_BAD;
        str_put(&str, tr(N_("!late ")));
    }
    day_split(day, &year, &month, &of_month);
    str_printf(&str, "%02d-%02d", month, of_month);
    if (item->urgency != URGENCY_OVERDUE) str_printf(&str, " %s", tr(weekdays[day_weekday(day)]));
    return arena_text(&self->arena, line);
}

/* "monthly report 2009-09 YY09-Z031 县城道路改造" */
static struct text matter_text(struct desk_view *self, const struct desk_item *item)
{
    struct app *app = self->screen.app;
    const struct paper_kind *paper = paper_kind(item->kind);
    struct record record;
    char line[700];
    struct str str = str_in(line, sizeof line);
    bool there = view_get(app, item->kind, item->id, &self->arena, &record);
    str_put(&str, tr(kind_row(item->kind)->label));
    str_put(&str, " ");
    if (item->what == DESK_OWED || (there && paper != NULL)) {
        month_t month = item->what == DESK_OWED ? item->month : (month_t){(int32_t)rec_num(&record, paper->month)};
        uint64_t of = item->what == DESK_OWED ? item->of : (uint64_t)rec_num(&record, paper->of);
        str_month(&str, month);
        str_put(&str, " ");
        str_text(&str, view_title(app, paper->kind == KIND_report ? KIND_project : KIND_unit, of, &self->arena));
    } else if (item->id != 0)
        str_text(&str, view_title(app, item->kind, item->id, &self->arena));
    return arena_text(&self->arena, line);
}

static struct text act_text(struct desk_view *self, const struct desk_item *item)
{
    struct app *app = self->screen.app;
    const struct action *action = action_row(item->kind, item->action);
    uint64_t made;
    const struct out_item *waiting = item->what == DESK_OWED
                                         ? waiting_paper(app, item->kind, item->of, item->month, &made)
                                         : waiting_act(app, item->kind, item->id);
    if (item->what == DESK_REFUSED) return arena_text(&self->arena, tr(N_("refused: decide")));
    if (waiting != NULL) return arena_text(&self->arena, tr(N_("waits to be sent")));
    if (item->what == DESK_OWED) return arena_text(&self->arena, tr(N_("fill in")));
    return arena_text(&self->arena, action != NULL ? tr(action->label) : "");
}

static bool same_item(const struct desk_item *a, const struct desk_item *b)
{
    return a->what == b->what && a->kind == b->kind && a->id == b->id && a->counter == b->counter && a->of == b->of &&
           a->month.n == b->month.n;
}

static void build(struct desk_view *self)
{
    struct app *app = self->screen.app;
    struct desk_item at = {.kind = 0}; /* what comes in above must not change what Enter opens */
    if (self->list.at < self->count) at = *self->rows[self->list.at].item;
    arena_reuse(&self->arena);
    self->count = 0;
    self->widest = 0;
    self->rows = NULL;
    if (desk_build(app->client, &self->arena, &self->desk) != OK) self->desk.count = 0;
    self->rows = arena_get(&self->arena, (self->desk.count + 1) * sizeof *self->rows);
    for (unsigned i = 0; self->rows != NULL && i < self->desk.count; i++) {
        const struct desk_item *item = &self->desk.items[i];
        struct desk_row row = {.item = item, .matter = matter_text(self, item)};
        if (!search_match(text_of(self->words), row.matter)) continue;
        row.due = due_text(self, item, &row.style);
        row.act = act_text(self, item);
        if (text_columns(row.act) > self->widest) self->widest = text_columns(row.act);
        self->rows[self->count++] = row;
    }
    list_set_count(&self->list, self->count);
    for (unsigned i = 0; i < self->count; i++)
        if (same_item(self->rows[i].item, &at)) self->list.at = i;
}

static void follow(struct screen *screen, unsigned events)
{
    if (events & (EVENT_RECORDS | EVENT_OUTBOX)) build((struct desk_view *)screen);
}

static void find(struct screen *screen, struct text words)
{
    struct desk_view *self = (struct desk_view *)screen;
    struct str str = str_in(self->words, sizeof self->words);
    str_text(&str, words);
    build(self);
}

static void put(struct screen *screen, struct book *book)
{
    const struct desk_view *self = (const struct desk_view *)screen;
    book_sheet(book, tr(N_("desk")));
    book_column(book, tr(N_("due")));
    book_column(book, tr(N_("about")));
    book_column(book, tr(N_("to do")));
    for (unsigned i = 0; i < self->count; i++) {
        const struct desk_row *row = &self->rows[i];
        bool dated = row->item->due.s > 0 && row->item->what != DESK_REFUSED;
        book_put(book,
                 dated ? book_number(CELL_DAY, stamp_day((stamp_t){row->item->due.s - 1}).n) : book_text(row->due));
        book_put(book, book_text(row->matter));
        book_put(book, book_text(row->act));
    }
}

/* ---- drawing ---- */

static void draw_counts(struct desk_view *self, struct term *term, struct area area)
{
    char line[300];
    struct str str = str_in(line, sizeof line);
    const struct desk *desk = &self->desk;
    unsigned refused = 0;
    for (unsigned i = 0; i < desk->count; i++)
        refused += desk->items[i].what == DESK_REFUSED;
    str_printf(&str, tr(N_("today %u   this week %u   late %u")), desk->today, desk->week, desk->overdue);
    if (refused > 0) str_printf(&str, tr(N_("   to decide %u")), refused);
    if (self->words[0] != '\0') str_printf(&str, "   /%s %u/%u", self->words, self->count, desk->count);
    marks_put(&self->screen, &str);
    put_text(term, area, 0, STYLE_PLAIN, line);
}

/* An office's desk fills when counties report: how to be one in a demo. */
static void draw_demo_hint(struct app *app, struct term *term, struct area area)
{
    const struct actor *actor = client_actor(app->client);
    if (actor == NULL || (actor->functions >> REL_office & 1) == 0) return;
    area.row += 2;
    put_text(term, area, MARK_COLUMNS, STYLE_PLAIN,
             tr(N_("This is a demo: what counties report comes here by itself. To be one of them,")));
    area.row++;
    put_text(term, area, MARK_COLUMNS, STYLE_PLAIN,
             tr(N_("open a second terminal with: make run AS=HRX   (Huarong county)")));
}

static void draw_empty(struct desk_view *self, struct term *term, struct area area)
{
    struct app *app = self->screen.app;
    struct client_status status;
    const char *text = tr(N_("Nothing waits for you. p shows the projects, m the month's reports."));
    client_status(app->client, &status);
    if (self->words[0] != '\0')
        text = tr(N_("Nothing here matches. / and Esc show everything again."));
    else if (client_actor(app->client) == NULL && status.confirmed.s == 0)
        text = tr(N_("Nothing of the registry is here yet: it comes with the first connection."));
    put_text(term, area, MARK_COLUMNS, STYLE_PLAIN, text);
    if (status.demo && self->words[0] == '\0') draw_demo_hint(app, term, area);
    term_cursor(term, area.row, 0);
}

struct desk_drawing {
    struct desk_view *self;
    struct layout layout;
};

static void draw_row(void *of, struct term *term, struct area area, unsigned index)
{
    struct desk_drawing *drawing = of;
    const struct desk_row *row = &drawing->self->rows[index];
    marks_draw(&drawing->self->screen, term, area, index);
    const struct text cells[DESK_COLUMNS] = {row->due, row->matter, row->act};
    for (unsigned i = 0; i < drawing->layout.count; i++) {
        unsigned column = drawing->layout.shown[i].of;
        layout_cell(&drawing->layout, term, area, i, column == 0 ? row->style : STYLE_PLAIN, cells[column]);
    }
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct desk_drawing drawing = {.self = (struct desk_view *)screen};
    struct column columns[DESK_COLUMNS] = {{tr(N_("due")), 11, 0, 0, false, 0},
                                           {tr(N_("matter")), 20, 1, 0, false, 0},
                                           {tr(N_("what to do")), 17, 0, 1, false, 0}};
    draw_counts(drawing.self, term, area);
    column_fit(&columns[2], drawing.self->widest);
    struct area head = {area.row + 1, area.column + MARK_COLUMNS, 1, area.columns - MARK_COLUMNS};
    struct area body = {area.row + 2, area.column, area.rows - 2, area.columns};
    layout_fit(&drawing.layout, columns, DESK_COLUMNS, head.columns);
    if (drawing.self->count == 0) {
        body.row++;
        draw_empty(drawing.self, term, body);
        return;
    }
    layout_heads(&drawing.layout, term, head, columns);
    list_draw(&drawing.self->list, term, body, draw_row, &drawing);
}

/* ---- acting ---- */

/* What is owed is typed at once: whoever opens it from here has come to write it. */
static void write_owed(struct app *app, const struct desk_item *item)
{
    struct screen *screen = paper_screen(app, item->kind, item->of, item->month);
    if (screen == NULL) return;
    app_push(app, screen);
    if (screen->kind->does(screen, VERB_fill)) screen->kind->act(screen, VERB_fill);
}

static void open_item(struct desk_view *self)
{
    struct app *app = self->screen.app;
    if (self->count == 0) return;
    struct desk_item item = *self->rows[self->list.at].item;
    if (item.what == DESK_REFUSED)
        app_push(app, sent_screen(app, item.counter));
    else if (item.what == DESK_OWED)
        write_owed(app, &item);
    else if (paper_kind(item.kind) != NULL)
        app_push(app, paper_open(app, item.kind, item.id));
    else {
        open_record(app, item.kind, item.id);
        if (client_past(app->client) == NULL) act_begin(app, item.kind, item.action, item.id, NULL);
    }
}

static void act(struct screen *screen, enum verb verb)
{
    struct desk_view *self = (struct desk_view *)screen;
    if (verb == VERB_open)
        open_item(self);
    else
        list_verb(&self->list, verb, app_rows(screen->app) - 2);
}

static bool does(const struct screen *screen, enum verb verb)
{
    return verb != VERB_open || ((const struct desk_view *)screen)->count > 0;
}

static void release(struct screen *screen)
{
    arena_clear(&((struct desk_view *)screen)->arena);
}

static const struct list *list_of(const struct screen *screen)
{
    return &((const struct desk_view *)screen)->list;
}

static bool at(const struct screen *screen, unsigned row, struct under *under)
{
    const struct desk_view *self = (const struct desk_view *)screen;
    const struct desk_item *item = self->rows[row].item;
    *under = (struct under){.kind = item->kind, .id = item->id};
    if (item->what == DESK_OWED)
        *under =
            (struct under){.kind = item->kind == KIND_report ? KIND_project : KIND_unit, .id = item->of, .about = true};
    return true;
}

static const struct screen_kind kind = {.id = SCREEN_desk,
                                        .size = sizeof(struct desk_view),
                                        .follow = follow,
                                        .draw = draw,
                                        .does = does,
                                        .act = act,
                                        .list = list_of,
                                        .at = at,
                                        .find = find,
                                        .put = put,
                                        .free = release};

struct screen *desk_screen(struct app *app)
{
    struct screen *screen = screen_new(app, &kind);
    if (screen != NULL) arena_init(&((struct desk_view *)screen)->arena, DESK_BYTES);
    return screen;
}
