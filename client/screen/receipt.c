/* receipt.c - 送达: what opening a record's page does by itself. An action that the tables mark as a receipt is taken
 * once for whoever may take it, without a question and without waiting; while there is no link nothing is kept for
 * it, for opening the page later does as well. Clause 5.4: when the warning came to the unit. */
#include "client/screen/act.h"

enum { RECEIPT_BYTES = 1 << 20 };

static bool is_receipt(const struct out_item *item)
{
    const struct action *action = action_row(item->kind, item->action);
    return action != NULL && (action->flags & A_RECEIPT) != 0;
}

static bool in_outbox(const struct outbox *outbox, const struct action *action, uint64_t id)
{
    for (unsigned i = 0; i < outbox->count; i++) {
        const struct out_item *item = &outbox->items[i];
        if (item->kind == action->kind && item->action == action->wire && item->target == (int64_t)id) return true;
    }
    return false;
}

static bool possible(struct app *app, const struct action *action, uint64_t id, const struct record *args)
{
    struct arena arena;
    struct act act;
    arena_init(&arena, RECEIPT_BYTES);
    bool fine = client_try(app->client, action->kind, action->wire, id, args, 0, &arena, &act) == OK;
    arena_clear(&arena);
    return fine;
}

void receipt_give(struct app *app, unsigned kind, uint64_t id, bool *given)
{
    struct client_status status;
    client_status(app->client, &status);
    if (*given || (status.net != NET_LIVE && status.net != NET_FOLLOWING)) return;
    for (const struct action *row = NULL; (row = action_next(kind, row)) != NULL;) {
        struct record args = record_make(kind, 0);
        uint64_t counter;
        if ((row->flags & A_RECEIPT) == 0 || in_outbox(client_outbox(app->client), row, id)) continue;
        if (!possible(app, row, id, &args)) continue;
        *given = client_submit(app->client, kind, row->wire, (int64_t)id, &args, 0, &counter) == OK;
    }
}

/* Does something wait behind it that is the operator's own? */
static bool is_built_on(const struct outbox *outbox, const struct out_item *item)
{
    for (unsigned i = 0; i < outbox->count; i++)
        if (outbox_builds_on(&outbox->items[i], item)) return true;
    return false;
}

void receipts_tidy(struct app *app)
{
    const struct outbox *outbox = client_outbox(app->client);
    for (unsigned i = 0; i < outbox->count; i++) {
        const struct out_item *item = &outbox->items[i];
        if (item->state != OUT_REFUSED || !is_receipt(item) || is_built_on(outbox, item)) continue;
        client_discard(app->client, item->counter);
        return; /* the rest with the event that this makes */
    }
}
