/* outbox.c - what the operator has done: what waits to be sent, what was refused and why, what was taken. */
#include "client/screen/waiting.h"
#include "client/term/cells.h"

enum { OUT_ROWS_MAX = 1000, OUT_COLUMNS = 4 };

struct outbox_view {
    struct screen screen;
    struct list list;
    uint64_t counters[OUT_ROWS_MAX]; /* newest first */
    unsigned count;
    int widest; /* columns that the reasons take */
    char words[FIND_BYTES];
};

static const char *state_word(const struct out_item *item)
{
    switch (item->state) {
    case OUT_WAITING: return item->sent ? tr(N_("sent")) : tr(N_("to send"));
    case OUT_ACCEPTED: return tr(N_("done"));
    case OUT_REFUSED: return tr(N_("!refused"));
    case OUT_HELD: return tr(N_("held back"));
    }
    return "";
}

static void build(struct outbox_view *self)
{
    struct app *app = self->screen.app;
    const struct outbox *outbox = client_outbox(app->client);
    uint64_t at = self->list.at < self->count ? self->counters[self->list.at] : 0;
    self->count = 0;
    self->widest = 0;
    for (unsigned i = outbox->count; i-- > 0 && self->count < OUT_ROWS_MAX;) {
        char line[600], why[400] = "";
        struct str str = str_in(line, sizeof line);
        waiting_words(app, &outbox->items[i], &str);
        str = str_in(why, sizeof why);
        if (outbox->items[i].state == OUT_REFUSED) show_refusal(&outbox->items[i].why, &str);
        if (text_columns(text_of(why)) > self->widest) self->widest = text_columns(text_of(why));
        if (search_match(text_of(self->words), text_of(line))) self->counters[self->count++] = outbox->items[i].counter;
    }
    list_set_count(&self->list, self->count);
    for (unsigned i = 0; i < self->count; i++)
        if (self->counters[i] == at) self->list.at = i;
}

static void follow(struct screen *screen, unsigned events)
{
    if (events & (EVENT_OUTBOX | EVENT_RECORDS)) build((struct outbox_view *)screen);
}

static void find(struct screen *screen, struct text words)
{
    struct outbox_view *self = (struct outbox_view *)screen;
    struct str str = str_in(self->words, sizeof self->words);
    str_text(&str, words);
    build(self);
}

struct drawing {
    struct outbox_view *self;
    struct layout layout;
};

static void draw_row(void *of, struct term *term, struct area area, unsigned index)
{
    struct drawing *drawing = of;
    struct app *app = drawing->self->screen.app;
    const struct out_item *item = client_outcome(app->client, drawing->self->counters[index]);
    char what[600], why[400] = "", said[40];
    if (item == NULL) return;
    struct str str = str_in(what, sizeof what), reason = str_in(why, sizeof why), when = str_in(said, sizeof said);
    waiting_words(app, item, &str);
    str_stamp(&when, item->said);
    if (item->state == OUT_REFUSED) show_refusal(&item->why, &reason);
    const struct text cells[OUT_COLUMNS] = {text_of(state_word(item)), text_of(said), text_of(what), text_of(why)};
    for (unsigned i = 0; i < drawing->layout.count; i++) {
        unsigned column = drawing->layout.shown[i].of;
        enum style style = column == 0 && item->state == OUT_REFUSED ? STYLE_BAD : STYLE_PLAIN;
        layout_cell(&drawing->layout, term, area, i, style, cells[column]);
    }
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct drawing drawing = {.self = (struct outbox_view *)screen};
    struct app *app = screen->app;
    struct column columns[OUT_COLUMNS] = {{tr(N_("state")), 9, 0, 0, false, 0},
                                          {tr(N_("done on")), 16, 0, 2, false, 0},
                                          {tr(N_("what")), 24, 3, 0, false, 0},
                                          {tr(N_("why refused")), 24, 2, 1, false, 0}};
    struct client_status status;
    char line[300];
    struct str str = str_in(line, sizeof line);
    column_fit(&columns[3], drawing.self->widest);
    client_status(app->client, &status);
    str_printf(&str, tr(N_("to send %u   to decide %u")), status.waiting, status.refused);
    if (drawing.self->words[0] != '\0') str_printf(&str, "   /%s", drawing.self->words);
    put_text(term, area, 0, STYLE_PLAIN, line);
    struct area head = {area.row + 1, area.column + MARK_COLUMNS, 1, area.columns - MARK_COLUMNS};
    struct area body = {area.row + 2, area.column, area.rows - 2, area.columns};
    layout_fit(&drawing.layout, columns, OUT_COLUMNS, head.columns);
    layout_heads(&drawing.layout, term, head, columns);
    if (drawing.self->count == 0)
        put_text(term, body, MARK_COLUMNS, STYLE_PLAIN,
                 tr(N_("Nothing: what you do appears here until it has been dealt with.")));
    list_draw(&drawing.self->list, term, body, draw_row, &drawing);
}

static void act(struct screen *screen, enum verb verb)
{
    struct outbox_view *self = (struct outbox_view *)screen;
    if (verb != VERB_open)
        list_verb(&self->list, verb, app_rows(screen->app) - 2);
    else if (self->count > 0)
        app_push(screen->app, sent_screen(screen->app, self->counters[self->list.at]));
}

static bool does(const struct screen *screen, enum verb verb)
{
    return verb != VERB_open || ((const struct outbox_view *)screen)->count > 0;
}

static const struct screen_kind kind = {.id = SCREEN_outbox,
                                        .size = sizeof(struct outbox_view),
                                        .follow = follow,
                                        .draw = draw,
                                        .does = does,
                                        .act = act,
                                        .find = find};

struct screen *outbox_screen(struct app *app)
{
    return screen_new(app, &kind);
}
