/* copy.c - what the cursor stands on goes to the clipboard of the terminal: a field's value, a record's name, its code
 * or all of it in a line. */
#include "client/core/jump.h"
#include "client/screen/screen.h"

enum { COPY_LINE_BYTES = 32 * 1024, CODE_TEXT_BYTES = 200 };

/* "code: YY09-Z031; name: ..." */
static void put_whole(struct app *app, const struct record *record, struct str *out)
{
    const struct field *field;
    str_put(out, tr(kind_row(record->kind)->label));
    for (unsigned i = F_COMMON_COUNT; (field = field_row(record->kind, i)) != NULL; i++) {
        if (!rec_has(record, i) || field->type == TYPE_BYTES) continue;
        str_put(out, "; ");
        str_put(out, tr(field->label));
        str_put(out, tr(N_(": ")));
        str_text(out, view_value(app, record, i, &app->scratch));
    }
}

static void put_code(const struct record *record, struct str *out)
{
    char code[CODE_TEXT_BYTES];
    struct str str = str_in(code, sizeof code);
    jump_code(record, &str);
    str_put(out, code);
    if (str.used == 0) str_printf(out, "#%llu", (unsigned long long)record->id);
}

static void send_copy(struct app *app, const char *line)
{
    char said[200];
    struct str str = str_in(said, sizeof said);
    switch (term_copy(app->term, text_of(line))) {
    case COPIED:
        str_put(&str, tr(N_("copied: ")));
        str_put(&str, line);
        app_say(app, STYLE_PLAIN, said);
        break;
    case COPY_TOO_LONG:
        app_say(app, STYLE_WARN, tr(N_("too long to be copied: the clipboard gets 6 KB at most")));
        break;
    case COPY_NOT_HERE: app_say(app, STYLE_WARN, tr(N_("this terminal has no clipboard that can be reached"))); break;
    }
}

bool copy_under(struct app *app, struct text what)
{
    const struct screen *top = app_top(app);
    struct under under;
    struct record record;
    char line[COPY_LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    bool code = text_equal(what, text_of("code")), whole = text_equal(what, text_of("record"));
    if (what.length > 0 && !code && !whole && !text_equal(what, text_of("cell"))) return false;
    if (!screen_under(top, &under) || !view_get(app, under.kind, under.id, &app->scratch, &record)) {
        app_say(app, STYLE_PLAIN, tr(N_("there is nothing here to copy")));
        return true;
    }
    if (code)
        put_code(&record, &str);
    else if (whole)
        put_whole(app, &record, &str);
    else if (under.position != 0)
        str_text(&str, view_value(app, &record, under.position, &app->scratch));
    else
        str_text(&str, view_title(app, under.kind, under.id, &app->scratch));
    send_copy(app, line);
    return true;
}
