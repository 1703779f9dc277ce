/* history.c - who did what to a record, when, and whether it was signed: asked of the daemon, newest first. */
#include "client/screen/screen.h"
#include "client/term/pager.h"

#include <stdlib.h>
#include <string.h>

enum { HISTORY_BYTES = 256 * 1024 };

struct history {
    struct screen screen;
    struct pager pager;
    uint8_t kind;
    uint64_t id;
    uint64_t tag;    /* of the question under way, 0 when there is none */
    uint64_t before; /* the oldest entry that is here; 0: none yet */
    bool more, asked, failed;
    struct str text;
    char *bytes;
};

static void ask(struct history *self)
{
    struct query query = {.what = QUERY_HISTORY, .kind = self->kind, .id = self->id, .before = self->before};
    self->failed = !client_ask(self->screen.app->client, &query, &self->tag);
    self->asked = !self->failed;
}

static void put_fields(struct history *self, const struct history_line *line, unsigned kind)
{
    struct show show = app_show(self->screen.app);
    const struct field *field;
    struct record fields = line->fields;
    fields.kind = (uint8_t)kind;
    for (unsigned i = 0; (field = field_row(kind, i)) != NULL; i++) {
        if ((line->mask & FIELD_BIT(i)) == 0 || i == F_SINCE || i == F_MADE || i == F_AUTHOR || i == F_AUTHOR_UNIT)
            continue;
        if (field->type == TYPE_BYTES) continue;
        str_put(&self->text, "    ");
        str_put(&self->text, i == F_STATE ? tr(N_("state")) : tr(field->label));
        str_put(&self->text, tr(N_(": ")));
        if (rec_has(&fields, i))
            show_value(&show, &fields, i, &self->text);
        else
            str_put(&self->text, "-");
        str_put(&self->text, "\n");
    }
}

static void put_line(struct history *self, const struct history_line *line)
{
    struct show show = app_show(self->screen.app);
    const struct action *action = action_row(line->kind, line->action);
    str_stamp(&self->text, line->time);
    str_printf(&self->text, "  #%llu  ", (unsigned long long)line->number);
    if (line->unit != 0) show_ref(&show, KIND_unit, line->unit, &self->text);
    if (line->name.length > 0) {
        str_put(&self->text, " ");
        str_text(&self->text, line->name);
    }
    if (line->unit == 0 && line->operator == 0) str_put(&self->text, tr(N_("by the registry itself")));
    str_put(&self->text, "  ");
    if (line->kind != self->kind) { /* done to another record, with consequences here */
        str_put(&self->text, kind_row(line->kind) != NULL ? tr(kind_row(line->kind)->label) : "");
        str_put(&self->text, " ");
    }
    str_put(&self->text, action != NULL ? tr(action->label) : "?");
    if (line->is_signed) str_put(&self->text, tr(N_("  (signed)")));
    str_put(&self->text, "\n");
    put_fields(self, line, self->kind);
}

static void take(struct history *self)
{
    struct app *app = self->screen.app;
    const struct result *result = self->tag != 0 ? client_result(app->client, self->tag) : NULL;
    if (result == NULL) return;
    self->failed = result->err != OK;
    for (unsigned i = 0; i < result->count && !self->failed; i++) {
        put_line(self, &result->history[i]);
        self->before = result->history[i].number;
    }
    if (!self->failed) self->more = result->more;
    client_release(app->client, self->tag);
    self->tag = 0;
}

static void follow(struct screen *screen, unsigned events)
{
    struct history *self = (struct history *)screen;
    if (events & EVENT_RESULT) take(self);
    if ((!self->asked || self->failed) && self->tag == 0 && self->before == 0 && (events & EVENT_LINK)) ask(self);
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct history *self = (struct history *)screen;
    struct app *app = screen->app;
    char line[700];
    struct str str = str_in(line, sizeof line);
    str_put(&str, tr(kind_row(self->kind)->label));
    str_put(&str, " ");
    str_text(&str, view_title(app, self->kind, self->id, &app->scratch));
    put_text(term, area, 0, STYLE_STRONG, line);
    area.row++;
    area.rows--;
    if (self->failed)
        put_text(term, area, 0, STYLE_PLAIN,
                 tr(N_("The history is kept by the daemon, and there is no link to it now.")));
    else if (self->tag != 0 && self->before == 0)
        put_text(term, area, 0, STYLE_PLAIN, tr(N_("asked for")));
    if (self->failed || self->before == 0)
        term_cursor(term, area.row, 0);
    else
        pager_draw(&self->pager, term, area, (struct text){self->bytes, (uint32_t)self->text.used});
}

static void act(struct screen *screen, enum verb verb)
{
    struct history *self = (struct history *)screen;
    if (verb == VERB_more)
        ask(self);
    else
        pager_verb(&self->pager, verb, app_rows(screen->app) - 1);
}

static bool does(const struct screen *screen, enum verb verb)
{
    const struct history *self = (const struct history *)screen;
    return verb != VERB_more || (self->more && self->tag == 0);
}

static void release(struct screen *screen)
{
    struct history *self = (struct history *)screen;
    if (self->tag != 0) client_release(screen->app->client, self->tag);
    free(self->bytes);
}

static const struct screen_kind kind_of_history = {.id = SCREEN_history,
                                                   .size = sizeof(struct history),
                                                   .follow = follow,
                                                   .draw = draw,
                                                   .does = does,
                                                   .act = act,
                                                   .free = release};

struct screen *history_screen(struct app *app, unsigned kind, uint64_t id)
{
    struct history *self = (struct history *)screen_new(app, &kind_of_history);
    if (self == NULL) return NULL;
    self->kind = (uint8_t)kind;
    self->id = id;
    self->bytes = malloc(HISTORY_BYTES);
    if (self->bytes == NULL) {
        free(self);
        return NULL;
    }
    self->text = str_in(self->bytes, HISTORY_BYTES);
    return &self->screen;
}
