/* outbox.c - `duban outbox`: what waits, what was refused, and the decision about it with both versions in
 * view: mine and the record as it is now. */
#include "client/cli/cell.h"
#include "client/cli/export.h"
#include "client/cli/grid.h"
#include "client/cli/out.h"
#include "client/cli/outcome.h"
#include "client/cli/verbs.h"

#include <stdlib.h>
#include <string.h>

static const char *state_label(enum out_state state)
{
    static const char *const labels[] = {[OUT_WAITING] = N_("waits"),
                                         [OUT_ACCEPTED] = N_("accepted"),
                                         [OUT_REFUSED] = N_("refused"),
                                         [OUT_HELD] = N_("held behind a refused one")};
    return tr(labels[state]);
}

/* What the act is about: the record, or what was typed for a new one (perhaps by an earlier act of ours). */
static void put_about(struct cli *cli, const struct show *show, const struct out_item *item, struct str *out)
{
    struct command command;
    struct record record;
    const struct out_item *maker = item->target < 0 ? client_outcome(cli->client, (uint64_t)-item->target) : NULL;
    if (maker != NULL) item = maker;
    uint64_t id = item->target > 0 ? (uint64_t)item->target : item->answer.id;
    if (id != 0 && state_get(show->space, item->kind, id, show->arena, &record) == OK)
        put_record(show, &record, out);
    else if (outbox_command(item, show->arena, &command) == OK)
        put_record(show, &command.args, out);
    else
        str_put(out, tr(kind_row(item->kind)->label));
}

/* ---- the list ---- */

static void list_json(struct cli *cli, const struct out_item *item)
{
    struct json json = {.file = stdout};
    struct show show = session_show(cli, &cli->arena, true);
    char about[600];
    struct str str = str_in(about, sizeof about);
    show.names_only = false;
    put_about(cli, &show, item, &str);
    json_object(&json, NULL);
    json_int(&json, "counter", (int64_t)item->counter);
    json_string(&json, "state", outcome_name(item->state));
    json_string(&json, "kind", kind_row(item->kind)->name);
    json_string(&json, "action", action_row(item->kind, item->action)->name);
    if (item->target > 0) json_int(&json, "id", item->target);
    json_string(&json, "about", about);
    json_stamp(&json, "said", item->said);
    if (item->state == OUT_REFUSED) refusal_json(&json, &item->why);
    json_end(&json);
}

static void list_row(struct cli *cli, struct grid *grid, const struct out_item *item)
{
    char text[1200];
    struct show show = session_show(cli, &cli->arena, false);
    struct str str = str_in(text, sizeof text);
    grid_int(grid, (int64_t)item->counter);
    grid_put(grid, state_label(item->state));
    grid_put(grid, tr(action_row(item->kind, item->action)->label));
    put_about(cli, &show, item, &str);
    grid_put(grid, text);
    str = str_in(text, sizeof text);
    str_stamp(&str, item->said);
    grid_put(grid, text);
    str = str_in(text, sizeof text);
    if (item->state == OUT_REFUSED) show_refusal(&item->why, &str);
    grid_put(grid, text);
}

/* Receipts are no part of it: they are only kept for the daemon's word to be found again. */
static int list(struct cli *cli)
{
    const struct outbox *outbox = client_outbox(cli->client);
    bool json = args_flag(&cli->args, "json");
    struct grid grid;
    grid_start(&grid, &cli->arena);
    grid_column(&grid, tr(N_("number")), true);
    grid_column(&grid, tr(N_("how it stands")), false);
    grid_column(&grid, tr(N_("act")), false);
    grid_column(&grid, tr(N_("about")), false);
    grid_column(&grid, tr(N_("said")), false);
    grid_column(&grid, tr(N_("refused because")), false);
    for (unsigned i = 0; i < outbox->count; i++) {
        if (outbox->items[i].state == OUT_ACCEPTED) continue;
        if (json)
            list_json(cli, &outbox->items[i]);
        else
            list_row(cli, &grid, &outbox->items[i]);
    }
    if (!json && grid.first != NULL) grid_show(cli, &grid);
    if (!json && grid.first == NULL) say(tr(N_("nothing waits")));
    return CLASS_OK;
}

/* ---- one act ---- */

struct both {
    const struct out_item *item;
    struct command mine;
    bool there; /* the record is here */
    struct record now;
};

static enum err read_both(struct cli *cli, const struct out_item *item, struct both *both)
{
    stamp_t as_of;
    *both = (struct both){.item = item};
    uint64_t id = item->target > 0 ? (uint64_t)item->target : 0, counter = item->counter;
    if (id != 0) session_fetch(cli, item->kind, id, &as_of);
    both->item = item = client_outcome(cli->client, counter);
    if (item == NULL) return ERR_NOT_FOUND;
    both->there = id != 0 && state_get(client_space(cli->client), item->kind, id, &cli->arena, &both->now) == OK;
    return outbox_command(item, &cli->arena, &both->mine);
}

static void show_json(struct cli *cli, const struct both *both)
{
    struct json json = {.file = stdout};
    struct show show = session_show(cli, &cli->arena, true);
    const struct out_item *item = both->item;
    json_object(&json, NULL);
    json_int(&json, "counter", (int64_t)item->counter);
    json_string(&json, "state", outcome_name(item->state));
    json_string(&json, "kind", kind_row(item->kind)->name);
    json_string(&json, "action", action_row(item->kind, item->action)->name);
    json_stamp(&json, "said", item->said);
    if (item->state == OUT_REFUSED) refusal_json(&json, &item->why);
    json_object(&json, "mine");
    cells_json(&json, &show, &both->mine.args, both->mine.given);
    json_end(&json);
    if (both->there) {
        json_object(&json, "now");
        record_json(&json, &both->now);
        cells_json(&json, &show, &both->now, ~0ull);
        json_end(&json);
    } else
        json_null(&json, "now");
    json_end(&json);
}

/* What I filled in beside what stands there now. */
static void show_table(struct cli *cli, const struct both *both)
{
    struct show show = session_show(cli, &cli->arena, false);
    struct grid grid;
    const struct field *field;
    grid_start(&grid, &cli->arena);
    grid_column(&grid, tr(N_("field")), false);
    grid_column(&grid, tr(N_("mine")), false);
    if (both->there) grid_column(&grid, tr(N_("as it is now")), false);
    for (unsigned i = 0; (field = field_row(both->item->kind, i)) != NULL; i++) {
        bool given = both->mine.given & FIELD_BIT(i);
        if (!given && i != F_STATE) continue;
        grid_put(&grid, tr(field->label));
        grid_cell(&grid, given ? cell_text(&show, &both->mine.args, i) : text_of(""));
        if (both->there) grid_cell(&grid, cell_text(&show, &both->now, i));
    }
    if (grid.first != NULL) grid_show(cli, &grid);
}

static int show_one(struct cli *cli, const struct out_item *item)
{
    struct refusal why = {.err = OK};
    struct both both;
    char line[1200];
    struct str str = str_in(line, sizeof line);
    enum err err = read_both(cli, item, &both);
    if (err != OK) return cli_end(refuse(&why, err), &why);
    if (args_flag(&cli->args, "json")) {
        show_json(cli, &both);
        return CLASS_OK;
    }
    struct show show = session_show(cli, &cli->arena, false);
    str_printf(&str, "%llu %s: %s ", (unsigned long long)both.item->counter, state_label(both.item->state),
               tr(action_row(both.item->kind, both.item->action)->label));
    put_about(cli, &show, both.item, &str);
    if (both.item->state == OUT_REFUSED) {
        str_put(&str, "\n");
        show_refusal(&both.item->why, &str);
    }
    out_printf(stdout, "%s\n", line);
    show_table(cli, &both);
    return CLASS_OK;
}

static int discard(struct cli *cli, const struct out_item *item)
{
    struct refusal why = {.err = OK};
    if (item->state == OUT_ACCEPTED || item->sent) return cli_end(refuse(&why, ERR_NOT_FOUND), &why);
    enum err err = client_discard(cli->client, item->counter);
    return cli_end(refuse(&why, err), &why);
}

static int redo(struct cli *cli, const struct out_item *item)
{
    struct refusal why = {.err = OK};
    uint64_t counter;
    enum err err = client_redo(cli->client, item->counter, &counter);
    return err == OK ? act_outcome(cli, counter, NULL) : cli_end(refuse(&why, err), &why);
}

int command_outbox(struct cli *cli)
{
    static const struct {
        const char *name;
        int (*run)(struct cli *cli, const struct out_item *item);
    } acts[] = {{"show", show_one}, {"discard", discard}, {"redo", redo}};
    struct refusal why = {.err = OK};
    const char *verb = cli->args.word_count > 1 ? cli->args.words[1] : "list";
    bool lists = strcmp(verb, "list") == 0;
    unsigned words = lists ? cli->args.word_count > 1 : 2;
    enum err err = cli_expect(cli, "json", words, words, &why);
    if (err == OK) err = session_open(cli, &why);
    bool connects = strcmp(verb, "discard") != 0; /* what is to be given up must not be sent first */
    if (err == OK && connects) err = session_ready(cli, strcmp(verb, "redo") == 0 ? WAIT_ACT : WAIT_READ, &why);
    if (err != OK) return cli_end(err, &why);
    if (lists) return list(cli);
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (strcmp(acts[i].name, verb) != 0) continue;
        const char *number = cli->args.words[2];
        uint64_t counter = strtoull(number + (*number == '#'), NULL, 10);
        const struct out_item *item = counter > 0 ? client_outcome(cli->client, counter) : NULL;
        return item != NULL ? acts[i].run(cli, item) : cli_end(refuse(&why, ERR_NOT_FOUND), &why);
    }
    return cli_end(refuse_text(&why, ERR_USAGE, verb), &why);
}
