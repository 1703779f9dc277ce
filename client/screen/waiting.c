/* waiting.c - see waiting.h. */
#include "client/screen/waiting.h"

#include "proto/owed.h"

static bool waits(const struct out_item *item)
{
    return item->state == OUT_WAITING || item->state == OUT_HELD;
}

const struct out_item *waiting_act(struct app *app, unsigned kind, uint64_t id)
{
    const struct outbox *outbox = client_outbox(app->client);
    if (client_past(app->client) != NULL) return NULL; /* nothing waits in what is over */
    for (unsigned i = outbox->count; i-- > 0;) {
        const struct out_item *item = &outbox->items[i];
        if (waits(item) && item->kind == kind && item->target == (int64_t)id && id != 0) return item;
    }
    return NULL;
}

/* Does the act make the paper of `of` for the month? */
static bool makes(const struct out_item *item, const struct paper_kind *row, uint64_t of, month_t month)
{
    struct arena arena;
    struct command command;
    if (item->kind != row->kind || item->target != 0) return false;
    arena_init(&arena, 1 << 20);
    bool same = outbox_command(item, &arena, &command) == OK && rec_num(&command.args, row->of) == (int64_t)of &&
                rec_num(&command.args, row->month) == month.n;
    arena_clear(&arena);
    return same;
}

const struct out_item *waiting_paper(struct app *app, unsigned kind, uint64_t of, month_t month, uint64_t *made)
{
    const struct outbox *outbox = client_outbox(app->client);
    const struct paper_kind *row = paper_kind(kind);
    const struct out_item *found = NULL;
    *made = 0;
    if (client_past(app->client) != NULL) return NULL;
    for (unsigned i = 0; i < outbox->count; i++) {
        const struct out_item *item = &outbox->items[i];
        if (!waits(item)) continue;
        if (makes(item, row, of, month)) {
            *made = item->counter;
            found = item;
        } else if (*made != 0 && item->kind == kind && item->target == -(int64_t)*made)
            found = item;
    }
    return found;
}

void waiting_words(struct app *app, const struct out_item *item, struct str *out)
{
    const struct action *action = action_row(item->kind, item->action);
    uint64_t id = item->target > 0 ? (uint64_t)item->target : item->answer.id;
    struct show show = app_show(app);
    struct command command;
    str_put(out, action != NULL ? tr(action->label) : "");
    str_put(out, tr(N_(": ")));
    str_put(out, tr(kind_row(item->kind)->label));
    str_put(out, " ");
    if (id != 0)
        str_text(out, view_title(app, item->kind, id, &app->scratch));
    else if (outbox_command(item, &app->scratch, &command) == OK)
        show_title(&show, &command.args, out);
}
