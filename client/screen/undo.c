/* undo.c - taking back: what was typed and thrown away, an act that has not left yet, or one that the tables give a
 * counter action for. Otherwise it says why not. */
#include "client/screen/act.h"
#include "client/screen/entries.h"
#include "client/screen/marks.h"
#include "client/screen/waiting.h"

#include <stdlib.h>

enum { UNDO_BYTES = 4 << 20, UNDO_LINE_BYTES = 900 };

/* A draft that was thrown away in this session. */
struct discarded {
    struct arena arena;
    struct record fields;
    uint64_t mask;
    uint64_t before; /* the number that the next act was to get then */
    char name[DRAFT_NAME_BYTES];
};

void undo_keep_draft(struct entries *entries)
{
    struct app *app = entries->app;
    struct discarded *kept = app->discarded != NULL ? app->discarded : calloc(1, sizeof *kept);
    app->discarded = kept;
    if (kept == NULL) return;
    entries_save_draft(entries);
    arena_clear(&kept->arena);
    arena_init(&kept->arena, UNDO_BYTES);
    struct str name = str_in(kept->name, sizeof kept->name);
    str_put(&name, entries->draft);
    kept->before = outbox_next(client_outbox(app->client));
    if (client_draft_load(app->client, kept->name, entries->kind, &kept->arena, &kept->fields, &kept->mask) != OK ||
        !record_keep(&kept->fields, &kept->arena))
        kept->name[0] = '\0';
}

void undo_free(struct app *app)
{
    if (app->discarded != NULL) arena_clear(&app->discarded->arena);
    free(app->discarded);
    app->discarded = NULL;
}

/* The form that it came from is opened, so that it is seen to be there. */
static void restore(struct app *app, struct discarded *kept)
{
    struct screen *top = app_top(app);
    enum err err = client_draft_save(app->client, kept->name, &kept->fields, kept->mask);
    kept->name[0] = '\0';
    if (err != OK) {
        app_say_err(app, err);
        return;
    }
    if (top->kind->reload != NULL) top->kind->reload(top);
    app_say(app, STYLE_GOOD, tr(N_("the draft is back in its form")));
}

/* ---- acts ---- */

/* The newest own act that people mean: not what was only a receipt. */
static const struct out_item *last_act(const struct app *app)
{
    const struct outbox *outbox = client_outbox(app->client);
    for (unsigned i = outbox->count; i-- > 0;) {
        const struct action *action = action_row(outbox->items[i].kind, outbox->items[i].action);
        if (action != NULL && (action->flags & A_RECEIPT) == 0) return &outbox->items[i];
    }
    return NULL;
}

static void say_not(struct app *app, const struct out_item *item, const char *why)
{
    char line[UNDO_LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    waiting_words(app, item, &str);
    str_put(&str, tr(N_(": ")));
    str_put(&str, why);
    app_say(app, STYLE_WARN, line);
}

static void take_out(struct app *app, const struct out_item *item)
{
    char line[UNDO_LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    uint64_t counter = item->counter;
    waiting_words(app, item, &str);
    if (!ask_confirm(app, tr(N_("Take it back? It has not been sent yet.")), line)) return;
    if (!client_unsent(app->client, counter)) { /* the link was quicker than the answer */
        app_say(app, STYLE_WARN, tr(N_("it has been sent meanwhile: its outcome has to come first")));
        return;
    }
    enum err err = client_discard(app->client, counter);
    if (err != OK)
        app_say_err(app, err);
    else
        app_say(app, STYLE_GOOD, tr(N_("taken back: it was never sent")));
}

/* By the tables' counter action, when the rules still allow it. */
static void counter_act(struct app *app, const struct out_item *item)
{
    const struct action *action = action_row(item->kind, item->action);
    const struct actor *actor = client_actor(app->client);
    uint64_t id = item->answer.id;
    unsigned kind = item->kind, undo = action->undo;
    struct record record;
    char why[UNDO_LINE_BYTES];
    struct str str = str_in(why, sizeof why);
    if (undo == 0) {
        str_put(&str, tr(N_("this can't be taken back; it stands in the journal.")));
        put_mend(action, &str);
        say_not(app, item, why);
        return;
    }
    bool there = actor != NULL && view_get(app, kind, id, &app->scratch, &record);
    uint32_t open = there ? actions_open(client_space(app->client), &record, actor, &app->scratch) : 0;
    if (open >> undo & 1) {
        act_begin(app, kind, undo, id, NULL);
        return;
    }
    str_put(&str, tr(N_("this can't be taken back any more")));
    if (there) str_printf(&str, tr(N_("; it is: %s")), show_state(&record));
    say_not(app, item, why);
}

void undo_last(struct app *app)
{
    const struct out_item *item = last_act(app);
    struct discarded *kept = app->discarded;
    bool typed = kept != NULL && kept->name[0] != '\0';
    if (typed && (item == NULL || item->counter < kept->before))
        restore(app, kept);
    else if (item == NULL)
        app_say(app, STYLE_PLAIN, tr(N_("there is nothing that could be taken back")));
    else if (batch_undo(app, item->counter))
        return;
    else if (item->state == OUT_REFUSED || item->state == OUT_HELD)
        app_push(app, sent_screen(app, item->counter));
    else if (item->state == OUT_ACCEPTED)
        counter_act(app, item);
    else if (client_unsent(app->client, item->counter))
        take_out(app, item);
    else
        say_not(app, item, tr(N_("it is on its way: its outcome has to come first")));
}
