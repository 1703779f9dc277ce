/* sent.c - one own act: what it asked for beside the record as it is now, why it was refused, and what to do
 * about it. For a conflict both versions are in view. */
#include "client/screen/act.h"
#include "client/screen/waiting.h"

#include "client/term/cells.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SENT_BYTES = 64 * 1024, LABEL_COLUMNS = 22, ACT_BYTES = 1 << 20 };

struct sent {
    struct screen screen;
    uint64_t counter;
    struct pager pager;
    struct asked asked;
};

static const struct out_item *item_of(const struct sent *self)
{
    return client_outcome(self->screen.app->client, self->counter);
}

static void follow(struct screen *screen, unsigned events)
{
    struct sent *self = (struct sent *)screen;
    const struct out_item *item = item_of(self);
    (void)events;
    if (item != NULL && item->target > 0)
        view_want(screen->app, &self->asked, item->kind, (uint64_t)item->target, &screen->app->scratch);
}

/* ---- side by side ---- */

static void pad(struct str *out, struct text text, int columns)
{
    str_text(out, text);
    for (int used = text_columns(text); used < columns; used++)
        str_put(out, " ");
}

static struct text wrapped(struct text *rest, int columns)
{
    uint32_t next, shown = text_wrap(*rest, columns, &next);
    struct text line = {rest->at, shown};
    rest->at += next;
    rest->length -= next;
    return line;
}

static void put_pair(struct str *out, const char *label, struct text mine, struct text now, int columns)
{
    int half = (columns - LABEL_COLUMNS - 2) / 2;
    struct text name = text_of(label);
    bool first = true;
    name.length = text_fit(name, LABEL_COLUMNS - 1, NULL);
    while (first || mine.length > 0 || now.length > 0) {
        pad(out, first ? name : text_of(""), LABEL_COLUMNS);
        pad(out, wrapped(&mine, half), half + 2);
        str_text(out, wrapped(&now, half));
        str_put(out, "\n");
        first = false;
    }
}

static void put_versions(struct app *app, const struct out_item *item, const struct command *command, int columns,
                         struct str *out)
{
    struct record now = record_make(item->kind, 0);
    const struct field *field;
    bool there = item->target > 0 && view_get(app, item->kind, (uint64_t)item->target, &app->scratch, &now);
    put_pair(out, "", text_of(tr(N_("mine"))), text_of(there ? tr(N_("the record now")) : ""), columns);
    for (unsigned i = F_COMMON_COUNT; (field = field_row(item->kind, i)) != NULL; i++) {
        bool given = command->given & FIELD_BIT(i);
        char label[120];
        struct str str = str_in(label, sizeof label);
        if (!given && !(there && rec_has(&now, i))) continue;
        bool differs = given && there && !value_equal(field, &command->args.values[i], &now.values[i]);
        str_put(&str, differs ? "* " : "  ");
        str_put(&str, tr(field->label));
        struct record mine = command->args;
        struct text left = given ? view_value(app, &mine, i, &app->scratch) : text_of("");
        if (given && left.length == 0) left = text_of("-");
        put_pair(out, label, left, view_value(app, &now, i, &app->scratch), columns);
    }
}

static void put_all(struct sent *self, int columns, struct str *out)
{
    struct app *app = self->screen.app;
    const struct out_item *item = item_of(self);
    struct command command;
    struct arena arena;
    if (item == NULL) {
        str_put(out, tr(N_("It has been dealt with.")));
        return;
    }
    str_put(out, tr(N_("done on ")));
    str_stamp(out, item->said);
    str_put(out, "\n");
    if (item->state == OUT_REFUSED) {
        str_put(out, tr(N_("refused: ")));
        show_refusal(&item->why, out);
        str_put(out, "\n");
    } else if (item->state == OUT_HELD)
        str_put(out, tr(N_("held back: an earlier act on the same record was refused; decide about that one first\n")));
    else if (item->state == OUT_ACCEPTED)
        str_printf(out, tr(N_("taken, entered as number %llu\n")), (unsigned long long)item->answer.number);
    str_put(out, "\n");
    arena_init(&arena, ACT_BYTES);
    if (outbox_command(item, &arena, &command) == OK) put_versions(app, item, &command, columns, out);
    arena_clear(&arena);
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct sent *self = (struct sent *)screen;
    struct app *app = screen->app;
    const struct out_item *item = item_of(self);
    char line[600], *text = arena_get(&app->scratch, SENT_BYTES);
    struct str str = str_in(line, sizeof line);
    if (text == NULL) return;
    if (item != NULL) waiting_words(app, item, &str);
    put_text(term, area, 0, STYLE_STRONG, line);
    area.row++;
    area.rows--;
    str = str_in(text, SENT_BYTES);
    put_all(self, area.columns, &str);
    pager_draw(&self->pager, term, area, (struct text){text, (uint32_t)str.used});
}

/* ---- deciding ---- */

static void give_up(struct sent *self)
{
    struct app *app = self->screen.app;
    const struct out_item *item = item_of(self);
    const char *text =
        item->state == OUT_WAITING
            ? tr(N_("If the daemon has taken it already, it stands; else it is as if it had not been done."))
            : tr(N_("What it asked for is thrown away, and with it what builds on it."));
    if (!ask_confirm(app, tr(N_("Give the act up?")), text)) return;
    enum err err = client_discard(app->client, self->counter);
    if (err != OK)
        app_say_err(app, err);
    else
        app_close(&self->screen);
}

static void send_again(struct sent *self)
{
    struct app *app = self->screen.app;
    uint64_t counter = 0;
    if (!ask_confirm(app, tr(N_("Send it again?")),
                     tr(N_("It is done to the record as it is now: where the two differ (*), mine takes the place of "
                           "what stands there."))))
        return;
    enum err err = client_redo(app->client, self->counter, &counter);
    if (err != OK) {
        app_say_err(app, err);
        return;
    }
    app_watch(app, counter);
    app_close(&self->screen);
}

/* What was asked for becomes a draft of the form that it came from; then the act itself is given up. */
static void edit(struct sent *self)
{
    struct app *app = self->screen.app;
    const struct out_item *item = item_of(self);
    const struct paper_kind *row = paper_kind(item->kind);
    struct command command;
    struct arena arena;
    struct record now;
    char name[80];
    arena_init(&arena, ACT_BYTES);
    if (outbox_command(item, &arena, &command) != OK || !record_keep(&command.args, &arena)) {
        arena_clear(&arena);
        return;
    }
    unsigned kind = item->kind, action = item->action;
    uint64_t id = item->target > 0 ? (uint64_t)item->target : 0;
    bool writes = row != NULL && action <= ACT_report_approve;
    int parent = field_parent(kind);
    struct preset preset = {.count = id == 0 && parent >= 0};
    if (preset.count > 0) {
        preset.at[0].position = (uint8_t)parent;
        preset.at[0].number = rec_num(&command.args, (unsigned)parent);
    }
    bool there = view_get(app, kind, id, &arena, &now);
    const struct record *from = there ? &now : &command.args;
    if (writes)
        snprintf(name, sizeof name, "paper/%u/%llu/%d/%lld", kind, (unsigned long long)rec_num(from, row->of),
                 (int)rec_num(from, row->month), there ? (long long)rec_num(&now, row->revision) : 1ll);
    else
        snprintf(name, sizeof name, "act/%u/%u/%llu/%llu", kind, action, (unsigned long long)id,
                 preset.count > 0 ? (unsigned long long)preset.at[0].number : 0ull);
    uint64_t of = writes ? (uint64_t)rec_num(from, row->of) : 0;
    month_t month = {writes ? (int32_t)rec_num(from, row->month) : 0};
    enum err err = client_draft_save(app->client, name, &command.args, command.given);
    if (err == OK) err = client_discard(app->client, self->counter);
    arena_clear(&arena);
    if (err != OK) {
        app_say_err(app, err);
        return;
    }
    app_close(&self->screen);
    if (writes)
        app_push(app, paper_screen(app, kind, of, month));
    else
        act_begin(app, kind, action, id, &preset);
}

static void act(struct screen *screen, enum verb verb)
{
    struct sent *self = (struct sent *)screen;
    if (verb == VERB_give_up)
        give_up(self);
    else if (verb == VERB_again)
        send_again(self);
    else if (verb == VERB_edit)
        edit(self);
    else
        pager_verb(&self->pager, verb, app_rows(screen->app) - 1);
}

static bool does(const struct screen *screen, enum verb verb)
{
    const struct out_item *item = item_of((const struct sent *)screen);
    if (verb == VERB_give_up) return item != NULL && item->state != OUT_ACCEPTED;
    if (verb == VERB_again || verb == VERB_edit) return item != NULL && item->state == OUT_REFUSED;
    return true;
}

static const struct screen_kind kind = {
    .id = SCREEN_sent, .size = sizeof(struct sent), .follow = follow, .draw = draw, .does = does, .act = act};

struct screen *sent_screen(struct app *app, uint64_t counter)
{
    struct sent *self = (struct sent *)screen_new(app, &kind);
    if (self != NULL) self->counter = counter;
    return self != NULL ? &self->screen : NULL;
}
