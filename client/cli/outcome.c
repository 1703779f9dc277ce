/* outcome.c - see outcome.h. */
#include "client/cli/outcome.h"

#include "client/cli/cell.h"
#include "client/cli/out.h"
#include "client/cli/verbs.h"
#include "client/core/link.h"

enum { SHOWN_WAIT_MS = 2000 };

const char *outcome_name(enum out_state state)
{
    static const char *const names[] = {
        [OUT_WAITING] = "waiting", [OUT_ACCEPTED] = "accepted", [OUT_REFUSED] = "refused", [OUT_HELD] = "held"};
    return names[state];
}

static void outcome_json(struct cli *cli, const struct out_item *item, const char *ticket)
{
    struct json json = {.file = stdout};
    struct record record;
    struct show show = session_show(cli, &cli->arena, true);
    json_object(&json, NULL);
    json_string(&json, "outcome", outcome_name(item->state));
    json_int(&json, "counter", (int64_t)item->counter);
    json_string(&json, "kind", kind_row(item->kind)->name);
    json_string(&json, "action", action_row(item->kind, item->action)->name);
    uint64_t id = item->state == OUT_ACCEPTED ? item->answer.id : item->target > 0 ? (uint64_t)item->target : 0;
    if (id != 0) json_int(&json, "id", (int64_t)id);
    if (item->state == OUT_ACCEPTED) json_int(&json, "number", (int64_t)item->answer.number);
    if (item->state == OUT_ACCEPTED && state_get(show.space, item->kind, id, show.arena, &record) == OK)
        cell_json(&json, &show, &record, F_STATE);
    if (item->state == OUT_REFUSED) refusal_json(&json, &item->why);
    if (ticket != NULL) json_string(&json, "ticket", ticket);
    json_end(&json);
}

/* The record as the act left it comes with a push, which is here before the answer unless we are catching up:
 * then we wait a little. An act may also leave nothing that its operator sees. */
static void await_record(struct cli *cli, const struct out_item *item, struct record *record)
{
    uint64_t counter = item->counter;
    struct client_status status;
    cli->until_ms = now_ms() + SHOWN_WAIT_MS;
    do {
        item = client_outcome(cli->client, counter);
        if (item == NULL) return;
        enum err err = state_get(client_space(cli->client), item->kind, item->answer.id, &cli->arena, record);
        if (err == OK && record->version >= item->answer.number) return;
        client_status(cli->client, &status);
    } while (status.net == NET_SYNCING && session_step(cli, NULL));
}

static void say_accepted(struct cli *cli, const struct out_item *item)
{
    char line[1200];
    struct str str = str_in(line, sizeof line);
    struct show show = session_show(cli, &cli->arena, false);
    unsigned kind = item->kind;
    uint64_t id = item->answer.id; /* the item may move while we wait */
    struct record record = record_make(kind, id);
    await_record(cli, item, &record);
    str_put(&str, tr(N_("done: ")));
    if (record.version != 0) {
        put_record(&show, &record, &str);
        fill_template(&str, tr(N_(", {text}")), show_state(&record), 0);
    } else
        str_put(&str, tr(kind_row(kind)->label));
    str_printf(&str, " (#%llu)", (unsigned long long)id);
    say(line);
}

static int end_waiting(const struct cli *cli, const struct out_item *item)
{
    char line[400];
    struct str str = str_in(line, sizeof line);
    bool held = item->state == OUT_HELD;
    fill_template(&str,
                  held ? tr(N_("held in the outbox as {n} behind a refused act: see duban outbox"))
                       : tr(N_("waits in the outbox as {n}, will be sent when the link is back")),
                  "", (int64_t)item->counter);
    say(line);
    return args_flag(&cli->args, "no_wait") && !held ? CLASS_OK : CLASS_NO_SERVER;
}

/* Did another window build on it? Then giving it up would cost more than this act. */
static bool is_built_on(const struct cli *cli, const struct out_item *item)
{
    const struct outbox *outbox = client_outbox(cli->client);
    for (unsigned i = 0; i < outbox->count; i++)
        if (outbox_builds_on(&outbox->items[i], item)) return true;
    return false;
}

static int end_refused(struct cli *cli, uint64_t counter)
{
    char line[400];
    struct str str = str_in(line, sizeof line);
    const struct out_item *item = client_outcome(cli->client, counter);
    struct refusal why = item->why;
    cli_end(why.err, &why);
    if (why.err != ERR_CONFLICT && !is_built_on(cli, item)) {
        client_discard(cli->client, counter);
    } else {
        fill_template(&str, tr(N_("it stays in the outbox as {n}: duban outbox show, redo or discard {n}")), "",
                      (int64_t)counter);
        say(line);
    }
    return (int)err_class(why.err);
}

int act_outcome(struct cli *cli, uint64_t counter, const char *ticket)
{
    const struct out_item *item;
    while ((item = client_outcome(cli->client, counter)) != NULL && item->state == OUT_WAITING &&
           !session_hopeless(cli) && session_step(cli, NULL))
        continue;
    if (item == NULL) return CLASS_OK; /* its receipt has been pruned since */
    struct record record = record_make(item->kind, 0);
    bool json = args_flag(&cli->args, "json");
    if (json && item->state == OUT_ACCEPTED) await_record(cli, item, &record);
    if ((item = client_outcome(cli->client, counter)) == NULL) return CLASS_OK;
    if (json) outcome_json(cli, item, ticket);
    switch (item->state) {
    case OUT_ACCEPTED:
        if (!json) say_accepted(cli, item);
        return CLASS_OK;
    case OUT_REFUSED: return end_refused(cli, counter);
    case OUT_WAITING:
    case OUT_HELD: break;
    }
    return end_waiting(cli, item);
}
