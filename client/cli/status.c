/* status.c - `duban status`, `sync` and `presence`: the link, the view's age, what waits, who is there. */
#include "client/cli/cell.h"
#include "client/cli/export.h"
#include "client/cli/grid.h"
#include "client/cli/out.h"
#include "client/cli/verbs.h"

#include <string.h>

enum { LABEL_COLUMNS = 22 };

struct standing_now {
    struct client_status net;
    const struct model *model;
    char operator[200], unit[200], registry[300], now[40], confirmed[40];
};

static void gather(struct cli *cli, struct standing_now *now)
{
    struct show show = session_show(cli, &cli->arena, false);
    const struct actor *actor = client_actor(cli->client);
    *now = (struct standing_now){.model = client_model(cli->client)};
    client_status(cli->client, &now->net);
    struct str str = str_in(now->operator, sizeof now->operator);
    if (actor != NULL) show_ref(&show, KIND_operator, actor->operator, & str);
    str = str_in(now->unit, sizeof now->unit);
    if (actor != NULL) show_ref(&show, KIND_unit, actor->unit, &str);
    str = str_in(now->registry, sizeof now->registry);
    show_ref(&show, KIND_registry, 1, &str);
    str = str_in(now->now, sizeof now->now);
    str_stamp(&str, client_now(cli->client));
    str = str_in(now->confirmed, sizeof now->confirmed);
    str_stamp(&str, now->net.confirmed);
}

static void status_json(const struct cli *cli, const struct standing_now *now)
{
    struct json json = {.file = stdout};
    uint64_t sent, received;
    client_counts(cli->client, &sent, &received);
    json_object(&json, NULL);
    json_string(&json, "link", net_name(now->net.net));
    json_bool(&json, "current", cli->current);
    json_string(&json, "profile", cli->profile.name);
    json_string(&json, "login", cli->profile.card.login);
    json_string(&json, "operator", now->operator);
    json_string(&json, "unit", now->unit);
    json_string(&json, "registry", now->registry);
    json_bool(&json, "demo", now->net.demo);
    json_string(&json, "host", client_place(cli->client)->host);
    json_int(&json, "port", client_place(cli->client)->port);
    json_stamp(&json, "now", client_now(cli->client));
    json_stamp(&json, "confirmed", now->net.confirmed);
    json_int(&json, "entry", (int64_t)now->model->position);
    json_int(&json, "waiting", now->net.waiting);
    json_int(&json, "refused", now->net.refused);
    json_int(&json, "bytes_sent", (int64_t)sent);
    json_int(&json, "bytes_received", (int64_t)received);
    json_end(&json);
}

static void line_number(const char *label, int64_t number)
{
    char text[32];
    struct str str = str_in(text, sizeof text);
    str_number(&str, number);
    out_line(LABEL_COLUMNS, label, text);
}

static void print_status(const struct cli *cli, const struct standing_now *now)
{
    char text[600];
    struct str str = str_in(text, sizeof text);
    out_line(LABEL_COLUMNS, tr(N_("link")), tr(net_label(now->net.net)));
    str_printf(&str, "%s (", now->registry);
    address_put(client_place(cli->client), &str);
    str_put(&str, ")");
    out_line(LABEL_COLUMNS, tr(N_("registry")), text);
    if (now->net.demo) out_line(LABEL_COLUMNS, "", tr(N_("a demo or training registry: its time is not the real one")));
    str = str_in(text, sizeof text);
    str_printf(&str, "%s %s (%s)", now->unit, now->operator, cli->profile.card.login);
    out_line(LABEL_COLUMNS, tr(N_("operator")), text);
    out_line(LABEL_COLUMNS, tr(N_("registry time")), now->now);
    out_line(LABEL_COLUMNS, tr(N_("confirmed")), now->confirmed);
    line_number(tr(N_("up to entry")), (int64_t)now->model->position);
    line_number(tr(N_("acts that wait")), now->net.waiting);
    line_number(tr(N_("acts that were refused")), now->net.refused);
}

int command_status(struct cli *cli)
{
    struct refusal why = {.err = OK};
    struct standing_now now;
    enum err err = cli_expect(cli, "json", 0, 0, &why);
    if (err == OK) err = session_read(cli, &why);
    if (err != OK) return cli_end(err, &why);
    gather(cli, &now);
    if (args_flag(&cli->args, "json"))
        status_json(cli, &now);
    else
        print_status(cli, &now);
    return CLASS_OK;
}

/* The newest act that was refused, or NULL. */
static const struct out_item *last_refused(const struct outbox *outbox)
{
    for (unsigned i = outbox->count; i-- > 0;)
        if (outbox->items[i].state == OUT_REFUSED) return &outbox->items[i];
    return NULL;
}

/* Catches up and sends what waits. What was refused on the way decides about the exit status; what waits
 * for a decision from earlier is only mentioned. */
int command_sync(struct cli *cli)
{
    struct refusal why = {.err = OK};
    enum err err = cli_expect(cli, "", 0, 0, &why);
    if (err == OK) err = session_open(cli, &why);
    if (err != OK) return cli_end(err, &why);
    const struct outbox *outbox = client_outbox(cli->client);
    unsigned before = outbox_count(outbox, OUT_REFUSED);
    err = session_ready(cli, WAIT_ACT, &why);
    if (err != OK) return cli_end(err, &why);
    while (outbox_count(outbox, OUT_WAITING) > 0 && !session_hopeless(cli) && session_step(cli, NULL))
        continue;
    const struct out_item *refused = last_refused(outbox);
    if (refused != NULL) say(tr(N_("some acts were refused: see duban outbox")));
    if (refused != NULL && outbox_count(outbox, OUT_REFUSED) > before) return (int)err_class(refused->why.err);
    return cli->current && outbox_count(outbox, OUT_WAITING) == 0 ? CLASS_OK : CLASS_NO_SERVER;
}

/* ---- presence ---- */

static void presence_json(struct cli *cli, const struct presence_line *row)
{
    struct json json = {.file = stdout};
    struct show show = session_show(cli, &cli->arena, true);
    char unit[200];
    struct str str = str_in(unit, sizeof unit);
    show_ref(&show, KIND_unit, row->unit, &str);
    json_object(&json, NULL);
    json_text(&json, "operator", row->name);
    json_int(&json, "operator_id", (int64_t)row->operator);
    json_string(&json, "unit", unit);
    json_int(&json, "unit_id", (int64_t)row->unit);
    json_stamp(&json, "since", row->since);
    json_bool(&json, "behind", row->behind);
    json_text(&json, "program", row->program);
    json_end(&json);
}

static void presence_row(struct cli *cli, struct grid *grid, const struct presence_line *row)
{
    struct show show = session_show(cli, &cli->arena, false);
    char text[200];
    struct str str = str_in(text, sizeof text);
    show_ref(&show, KIND_unit, row->unit, &str);
    grid_put(grid, text);
    grid_cell(grid, row->name);
    str = str_in(text, sizeof text);
    str_stamp(&str, row->since);
    grid_put(grid, text);
    grid_cell(grid, row->program);
    grid_put(grid, row->behind ? tr(N_("behind")) : "");
}

static void print_presence(struct cli *cli, const struct result *result)
{
    static const char *const labels[] = {N_("unit"), N_("name"), N_("connected since"), N_("program"), ""};
    bool json = args_flag(&cli->args, "json");
    struct grid grid;
    grid_start(&grid, &cli->arena);
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        grid_column(&grid, tr(labels[i]), false);
    for (unsigned i = 0; i < result->count; i++) {
        if (json)
            presence_json(cli, &result->presences[i]);
        else
            presence_row(cli, &grid, &result->presences[i]);
    }
    if (!json && grid.first != NULL) grid_show(cli, &grid);
}

int command_presence(struct cli *cli)
{
    struct refusal why = {.err = OK};
    enum err err = cli_expect(cli, "json", 0, 0, &why);
    if (err == OK) err = session_read(cli, &why);
    if (err != OK) return cli_end(err, &why);
    struct query query = {.what = QUERY_PRESENCE};
    const struct result *result;
    err = session_ask(cli, &query, &result, &why);
    if (err == OK) print_presence(cli, result);
    return cli_end(err, &why);
}
