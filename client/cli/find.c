/* find.c - `duban find WORDS`: every record and list that is here by characters, code or initials of the pinyin, the
 * best match first. */
#include "client/core/jump.h"

#include "client/cli/export.h"
#include "client/cli/grid.h"
#include "client/cli/json.h"
#include "client/cli/out.h"
#include "client/cli/verbs.h"

enum { FOUND_MAX = 1000, FIND_WORDS_BYTES = 800 };

static void print_json(const struct jump_item *item)
{
    struct json json = {.file = stdout};
    json_object(&json, NULL);
    json_string(&json, "kind", kind_row(item->kind)->name);
    if (item->id != 0)
        json_int(&json, "id", (int64_t)item->id);
    else
        json_null(&json, "id"); /* the list of the kind */
    json_string(&json, "code", *item->code != '\0' ? item->code : NULL);
    json_string(&json, "label", item->label);
    json_bool(&json, "own", item->own);
    json_end(&json);
}

static void print_grid(struct cli *cli, const struct jump *jump, const unsigned *found, unsigned count)
{
    struct grid grid;
    grid_start(&grid, &cli->arena);
    grid_column(&grid, tr(N_("kind")), false);
    grid_column(&grid, "id", true);
    grid_column(&grid, tr(N_("code")), false);
    grid_column(&grid, tr(N_("label")), false);
    for (unsigned i = 0; i < count; i++) {
        const struct jump_item *item = &jump->items[found[i]];
        grid_put(&grid, kind_row(item->kind)->name);
        if (item->id != 0)
            grid_int(&grid, (int64_t)item->id);
        else
            grid_put(&grid, "-");
        grid_put(&grid, item->code);
        grid_put(&grid, item->label);
        grid_about(&grid, (struct grid_subject){.kind = item->kind, .id = item->id});
    }
    grid_show(cli, &grid);
}

int command_find(struct cli *cli)
{
    struct refusal why = {.err = OK};
    struct jump jump = {.count = 0};
    unsigned found[FOUND_MAX];
    char words[FIND_WORDS_BYTES];
    struct str str = str_in(words, sizeof words);
    enum err err = cli_expect(cli, READ_OPTIONS " json", 1, ARGS_WORDS_MAX, &why);
    for (unsigned i = 1; i < cli->args.word_count; i++) {
        if (i > 1) str_put(&str, " ");
        str_put(&str, cli->args.words[i]);
    }
    if (err == OK && str.cut) err = refuse_text(&why, ERR_LIMIT, cli->args.words[1]);
    if (err == OK) err = session_read(cli, &why);
    const struct actor *actor = err == OK ? client_actor(cli->client) : NULL;
    uint64_t unit = actor != NULL ? actor->unit : 0;
    if (err == OK && (err = jump_build(&jump, client_space(cli->client), unit, 0)) != OK) refuse(&why, err);
    if (err != OK) return cli_end(err, &why);
    unsigned count = jump_find(&jump, text_of(words), found, FOUND_MAX);
    if (args_flag(&cli->args, "json"))
        for (unsigned i = 0; i < count; i++)
            print_json(&jump.items[found[i]]);
    else if (count > 0)
        print_grid(cli, &jump, found, count);
    else
        say(tr(N_("nothing found")));
    jump_free(&jump);
    return CLASS_OK;
}
