/* export.c - see export.h. */
#include "client/cli/export.h"

#include "client/cli/out.h"
#include "client/cli/verbs.h"

bool export_wanted(const struct cli *cli)
{
    return args_value(&cli->args, "xlsx") != NULL;
}

struct book *export_begin(struct cli *cli)
{
    return book_open(args_value(&cli->args, "xlsx"), book_created(client_now(cli->client)));
}

int export_end(struct cli *cli, struct book *book)
{
    struct refusal why = {.err = OK};
    enum err err = book != NULL ? book_close(book, &why) : refuse(&why, ERR_MEMORY);
    if (err == OK) say_about(tr(N_("written: {text}")), args_value(&cli->args, "xlsx"));
    return cli_end(err, &why);
}

void grid_show(struct cli *cli, const struct grid *grid)
{
    if (in_lines(cli))
        *cli->table = *grid;
    else if (grid->first != NULL)
        grid_print(grid, stdout);
}

int export_grid(struct cli *cli, const struct grid *grid, const char *name, const char *nothing)
{
    if (grid->first == NULL) say(nothing);
    if (export_wanted(cli)) {
        struct book *book = export_begin(cli);
        if (book != NULL) grid_sheet(grid, book, name);
        return export_end(cli, book);
    }
    grid_show(cli, grid);
    return CLASS_OK;
}
