/* export.c - `:export FILE`: what a list shows - its rows, in its order, narrowed as it is - as a workbook. */
#include "client/screen/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 500 };

/* "~/duban-2009-11-05.xlsx" */
static void default_path(struct app *app, char *path, size_t max)
{
    const char *home = getenv("HOME");
    struct str str = str_in(path, max);
    str_printf(&str, "%s/duban-", home != NULL ? home : ".");
    str_day(&str, stamp_day(client_now(app->client)));
    str_put(&str, ".xlsx");
}

static bool ends_in_xlsx(const char *path)
{
    size_t length = strlen(path);
    return length > 5 && strcmp(path + length - 5, ".xlsx") == 0;
}

/* One that is typed after the command replaces nothing unasked; one that was asked for says so. */
static bool find_path(struct app *app, struct text typed, char *path, size_t max)
{
    struct str str = str_in(path, max);
    if (typed.length == 0) {
        default_path(app, path, max);
        return ask_line(app, tr(N_("Write a workbook")), tr(N_("A file of that name is replaced.")), path, max);
    }
    str_text(&str, typed);
    if (!ends_in_xlsx(path)) str_put(&str, ".xlsx");
    return access(path, F_OK) != 0 || ask_confirm(app, tr(N_("Replace the file?")), path);
}

void export_screen(struct app *app, struct text typed)
{
    char path[PATH_BYTES], line[PATH_BYTES + 100];
    struct str said = str_in(line, sizeof line);
    struct refusal why = {.err = OK};
    if (app_top(app)->kind->put == NULL) {
        app_say(app, STYLE_WARN, tr(N_("there is no list here to be written")));
        return;
    }
    if (!find_path(app, typed, path, sizeof path)) return;
    struct screen *top = app_top(app);
    struct book *book = top->kind->put != NULL ? book_open(path, book_created(client_now(app->client))) : NULL;
    enum err err = book != NULL ? OK : refuse(&why, ERR_MEMORY);
    arena_reuse(&app->scratch);
    if (book != NULL) top->kind->put(top, book);
    if (book != NULL) err = book_close(book, &why);
    if (err != OK) {
        app_say_refusal(app, &why);
        return;
    }
    str_put(&said, tr(N_("written: ")));
    str_put(&said, path);
    app_say(app, STYLE_GOOD, line);
}
