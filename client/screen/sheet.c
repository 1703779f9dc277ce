/* sheet.c - a report as a plain sheet of text, for signature and seal. In the locale's encoding. */
#include "client/screen/paper.h"

#include "client/term/cells.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { SHEET_BYTES = 64 * 1024, SHEET_COLUMNS = 76, LABEL_COLUMNS = 22, PATH_BYTES = 500 };

static void put_rule(struct str *out)
{
    for (int i = 0; i < SHEET_COLUMNS; i++)
        str_put(out, "-");
    str_put(out, "\n");
}

static void put_padded(struct str *out, const char *text, int columns)
{
    str_put(out, text);
    for (int used = text_columns(text_of(text)); used < columns; used++)
        str_put(out, " ");
}

/* A label, and its value wrapped beside it. */
static void put_value(struct str *out, const char *label, struct text value)
{
    put_padded(out, label, LABEL_COLUMNS);
    for (bool first = true; first || value.length > 0; first = false) {
        uint32_t next, shown = text_wrap(value, SHEET_COLUMNS - LABEL_COLUMNS, &next);
        if (!first) put_padded(out, "", LABEL_COLUMNS);
        str_text(out, (struct text){value.at, shown});
        str_put(out, "\n");
        value.at += next;
        value.length -= next;
    }
}

static void put_sheet(struct paper_view *self, struct str *out)
{
    struct app *app = self->screen.app;
    struct entries *entries = &self->filling.entries;
    unsigned subject = self->row->kind == KIND_report ? KIND_project : KIND_unit;
    char line[800];
    struct str str = str_in(line, sizeof line);
    str_put(&str, tr(kind_row(self->row->kind)->label));
    str_put(&str, " ");
    str_month(&str, self->month);
    put_padded(out, "", (SHEET_COLUMNS - text_columns(text_of(line))) / 2);
    str_put(out, line);
    str_put(out, "\n\n");
    put_value(out, tr(kind_row(subject)->label), view_title(app, subject, self->of, &app->scratch));
    str = str_in(line, sizeof line);
    paper_state_line(self, &str);
    put_value(out, tr(N_("state")), text_of(line));
    put_rule(out);
    for (unsigned i = 0; i < entries->count; i++) {
        struct form_row row;
        entries_row(entries, i, &app->scratch, &row);
        bool empty = text_equal(row.value, text_of("____"));
        put_value(out, row.label, empty ? (struct text){"", 0} : row.value);
    }
    put_rule(out);
    str_put(out, "\n");
    str_put(out, tr(N_("Filled in by:                    Reviewed by:                    (seal)\n\nDate:\n")));
}

/* In the locale's encoding; what it lacks is replaced. */
static bool write_locale(FILE *file, const char *text)
{
    char *shown = malloc(2 * SHEET_BYTES);
    bool good = shown != NULL;
    while (good && *text != '\0') { /* line by line: text_shown is for single lines */
        size_t length = strcspn(text, "\n");
        struct str str = str_in(shown, 2 * SHEET_BYTES);
        text_shown((struct text){text, (uint32_t)length}, &str);
        const char *at = shown, *end = shown + str.used;
        uint32_t code;
        mbstate_t state = {0};
        while (good && utf8_next(&at, end, &code)) {
            char bytes[32];
            size_t count = wcrtomb(bytes, (wchar_t)code, &state);
            good = count != (size_t)-1 && fwrite(bytes, 1, count, file) == count;
        }
        good = good && fputc('\n', file) != EOF;
        text += length + (text[length] == '\n');
    }
    free(shown);
    return good;
}

static void default_path(struct paper_view *self, char *path, size_t max)
{
    struct app *app = self->screen.app;
    struct record record;
    unsigned subject = self->row->kind == KIND_report ? KIND_project : KIND_unit;
    unsigned position = self->row->kind == KIND_report ? (unsigned)project_code : (unsigned)unit_code;
    const char *home = getenv("HOME");
    struct str str = str_in(path, max);
    str_put(&str, home != NULL ? home : ".");
    str_put(&str, "/");
    if (view_get(app, subject, self->of, &app->scratch, &record)) str_text(&str, rec_text(&record, position));
    str_put(&str, "-");
    str_month(&str, self->month);
    str_put(&str, ".txt");
}

void paper_print(struct paper_view *self)
{
    struct app *app = self->screen.app;
    char path[PATH_BYTES], line[PATH_BYTES + 100];
    default_path(self, path, sizeof path);
    if (!ask_line(app, tr(N_("Print to a file")),
                  tr(N_("The sheet is written as plain text; a file of that name is replaced.")), path, sizeof path))
        return;
    char *text = malloc(SHEET_BYTES);
    FILE *file = text != NULL ? fopen(path, "we") : NULL;
    bool good = file != NULL;
    if (good) {
        struct str str = str_in(text, SHEET_BYTES);
        arena_reuse(&app->scratch);
        put_sheet(self, &str);
        good = write_locale(file, text);
    }
    if (file != NULL) good = fclose(file) == 0 && good;
    struct str said = str_in(line, sizeof line);
    str_put(&said, good ? tr(N_("written: ")) : tr(N_("could not be written: ")));
    str_put(&said, path);
    app_say(app, good ? STYLE_GOOD : STYLE_BAD, line);
    free(text);
}
