/* notices.c - what was pushed since the sign-in, newest first; also what was missed meanwhile. */
#include "client/screen/screen.h"

struct notices_view {
    struct screen screen;
    struct list list;
    uint16_t shown[NOTICES_MAX]; /* indexes of the notices */
    char words[FIND_BYTES];
};

static void build(struct notices_view *self)
{
    const struct notices *notices = self->screen.app->notices;
    unsigned count = 0;
    for (unsigned i = notices->count; i-- > 0;)
        if (search_match(text_of(self->words), text_of(notices->at[i].line))) self->shown[count++] = (uint16_t)i;
    list_set_count(&self->list, count);
}

static void follow(struct screen *screen, unsigned events)
{
    (void)events;
    build((struct notices_view *)screen);
    screen->app->notices->unread = 0; /* they are being read */
}

static void find(struct screen *screen, struct text words)
{
    struct notices_view *self = (struct notices_view *)screen;
    struct str str = str_in(self->words, sizeof self->words);
    str_text(&str, words);
    build(self);
}

static void draw_row(void *of, struct term *term, struct area area, unsigned index)
{
    struct notices_view *self = of;
    const struct notice *notice = &self->screen.app->notices->at[self->shown[index]];
    put_text(term, area, 0, notice->duty ? STYLE_WARN : STYLE_PLAIN, notice->line);
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct notices_view *self = (struct notices_view *)screen;
    const char *text = tr(N_("Pushed since you signed in, newest first"));
    if (self->list.count == 0)
        text = tr(N_("Nothing was pushed since you signed in. What waits for you is on the desk (d)."));
    put_text(term, area, 0, STYLE_PLAIN, text);
    area.row++;
    area.rows--;
    list_draw(&self->list, term, area, draw_row, self);
}

static void act(struct screen *screen, enum verb verb)
{
    struct notices_view *self = (struct notices_view *)screen;
    struct app *app = screen->app;
    if (verb != VERB_open) {
        list_verb(&self->list, verb, app_rows(app) - 1);
        return;
    }
    if (self->list.count == 0) return;
    struct notice notice = app->notices->at[self->shown[self->list.at]];
    app_open_notice(app, &notice);
}

static bool does(const struct screen *screen, enum verb verb)
{
    return verb != VERB_open || ((const struct notices_view *)screen)->list.count > 0;
}

static const struct screen_kind kind = {.id = SCREEN_notices,
                                        .size = sizeof(struct notices_view),
                                        .follow = follow,
                                        .draw = draw,
                                        .does = does,
                                        .act = act,
                                        .find = find};

struct screen *notices_screen(struct app *app)
{
    return screen_new(app, &kind);
}
