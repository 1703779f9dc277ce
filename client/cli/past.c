/* past.c - `duban as-of`: where the journal stood at a moment, and what had changed on that day. */
#include "client/cli/cell.h"
#include "client/cli/grid.h"
#include "client/cli/out.h"
#include "client/cli/verbs.h"

#include <stdlib.h>

enum { MOMENT_BYTES = 80, LABEL_COLUMNS = 18 };

struct changed {
    uint64_t number, id;
    uint8_t kind;
};

static int by_number(const void *left, const void *right)
{
    const struct changed *a = left, *b = right;
    if (a->number != b->number) return a->number < b->number ? -1 : 1;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

/* The records whose last change until the moment was on its day, in the journal's order. Without a list they are
 * counted. */
static unsigned find_changed(const struct space *space, const struct past_view *past, struct changed *list)
{
    struct arena arena;
    unsigned count = 0;
    arena_init(&arena, 4 << 20);
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        for (uint64_t id = 0; (id = state_next_id(space, kind->wire, id)) > 0; arena_reuse(&arena)) {
            struct record record;
            if (state_get(space, kind->wire, id, &arena, &record) != OK || record.version <= past->day) continue;
            if (list != NULL) list[count] = (struct changed){record.version, id, kind->wire};
            count++;
        }
    }
    arena_clear(&arena);
    if (list != NULL) qsort(list, count, sizeof *list, by_number);
    return count;
}

static void head_json(const struct past_view *past)
{
    struct json json = {.file = stdout};
    char hash[2 * HASH_BYTES + 1];
    struct str str = str_in(hash, sizeof hash);
    str_hex(&str, past->hash, HASH_BYTES);
    json_object(&json, NULL);
    json_stamp(&json, "moment", past->moment);
    json_int(&json, "number", (int64_t)past->number);
    json_stamp(&json, "time", past->time);
    json_string(&json, "hash", hash);
    json_int(&json, "day_after", (int64_t)past->day);
    json_end(&json);
}

static void head_people(const struct past_view *past)
{
    char text[2 * HASH_BYTES + 1];
    struct str str = str_in(text, sizeof text);
    str_stamp(&str, past->moment);
    out_line(LABEL_COLUMNS, tr(N_("moment")), text);
    str = str_in(text, sizeof text);
    str_printf(&str, "%llu", (unsigned long long)past->number);
    out_line(LABEL_COLUMNS, tr(N_("journal entry")), text);
    str = str_in(text, sizeof text);
    str_stamp(&str, past->time);
    out_line(LABEL_COLUMNS, tr(N_("entered at")), text);
    str = str_in(text, sizeof text);
    str_hex(&str, past->hash, HASH_BYTES);
    out_line(LABEL_COLUMNS, tr(N_("its hash")), text);
}

static void changed_json(const struct show *show, const struct record *record)
{
    struct json json = {.file = stdout};
    char title[1000];
    struct str str = str_in(title, sizeof title);
    const struct state_row *state = state_row(record->kind, rec_state(record));
    show_title(show, record, &str);
    json_object(&json, NULL);
    record_json(&json, record);
    json_string(&json, "title", title);
    json_string(&json, "state", state != NULL ? state->name : NULL);
    json_end(&json);
}

static void changed_row(const struct show *show, const struct record *record, struct grid *grid)
{
    char text[1000];
    struct str str = str_in(text, sizeof text);
    const struct state_row *state = state_row(record->kind, rec_state(record));
    grid_int(grid, (int64_t)record->version);
    put_record(show, record, &str);
    grid_put(grid, text);
    grid_put(grid, state != NULL ? tr(state->label) : "");
}

static void print_changed(struct cli *cli, const struct changed *list, unsigned count)
{
    struct grid grid;
    struct arena arena;
    bool json = args_flag(&cli->args, "json");
    struct show show = session_show(cli, &arena, json);
    arena_init(&arena, 4 << 20);
    grid_start(&grid, &cli->arena);
    grid_column(&grid, tr(N_("entry")), true);
    grid_column(&grid, tr(N_("changed on that day")), false);
    grid_column(&grid, tr(N_("state")), false);
    for (unsigned i = 0; i < count; i++, arena_reuse(&arena)) {
        struct record record;
        if (state_get(show.space, list[i].kind, list[i].id, &arena, &record) != OK) continue;
        if (json)
            changed_json(&show, &record);
        else
            changed_row(&show, &record, &grid);
    }
    if (!json && grid.first != NULL) {
        putc('\n', stdout);
        grid_print(&grid, stdout);
    }
    arena_clear(&arena);
}

int command_as_of(struct cli *cli)
{
    struct refusal why = {.err = OK};
    char moment[MOMENT_BYTES];
    struct str str = str_in(moment, sizeof moment);
    enum err err = cli_expect(cli, "json", 1, 2, &why);
    if (err != OK) return cli_end(err, &why);
    str_put(&str, cli->args.words[1]);
    if (cli->args.word_count > 2) str_printf(&str, " %s", cli->args.words[2]); /* the time of day */
    err = session_read_as_of(cli, moment, &why);
    if (err != OK) return cli_end(err, &why);
    const struct past_view *past = client_past(cli->client);
    const struct space *space = client_space(cli->client);
    unsigned count = find_changed(space, past, NULL);
    struct changed *list = arena_get(&cli->arena, (count + 1) * sizeof *list);
    if (list == NULL) return cli_end(refuse(&why, ERR_MEMORY), &why);
    find_changed(space, past, list);
    if (args_flag(&cli->args, "json"))
        head_json(past);
    else
        head_people(past);
    print_changed(cli, list, count);
    return CLASS_OK;
}
