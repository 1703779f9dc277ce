/* labels_test.c - whatever the tables call something has room where screens of 80 columns write it, in both languages,
 * and is translated. The rooms are the layouts' own numbers; that screens keep to them is seen by the walk
 * (walk_test.c). */
#include "client/screen/keys.h"
#include "client/term/cells.h"
#include "client/term/form.h"
#include "client/term/list.h"
#include "proto/show.h"
#include "proto/tables.h"
#include "tests/lib/unit.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCREEN_COLUMNS = 80, MENU_COLUMNS = SCREEN_COLUMNS - MARK_COLUMNS - 3 /* "1. " */ };

static const char *language;

static int begin(void **state)
{
    char place[1100];
    const char *build = getenv("BUILD");
    (void)state;
    setlocale(LC_ALL, "C.UTF-8");
    snprintf(place, sizeof place, "%s/locale", build != NULL ? build : "build");
    show_start(place);
    return 0;
}

static bool has_letter(const char *text)
{
    for (; *text != '\0'; text++)
        if ((*text >= 'a' && *text <= 'z')) return true;
    return false;
}

/* A label as it stands in so many columns. */
static void expect_room(const char *msgid, int columns, const char *where)
{
    const char *text = tr(msgid);
    if (text_columns(text_of(text)) > columns)
        fail_msg("%s, %s: \"%s\" is longer than %d columns", language, where, text, columns);
    bool same = strcmp(language, "zh") == 0 && strcmp(text, msgid) == 0 && has_letter(msgid);
    if (same) fail_msg("%s: \"%s\" is not translated", where, msgid);
}

/* As forms write it: with its unit, and the number of a month. */
static void expect_field(const struct kind *kind, const struct field *field)
{
    char line[300];
    bool parts = field->list_max == 12 && field->type == TYPE_MONEY;
    snprintf(line, sizeof line, "%s%s%s%s%s", tr(field->label), parts ? " 12" : "", field->unit != NULL ? " (" : "",
             tr(field->unit), field->unit != NULL ? ")" : "");
    if (text_columns(text_of(line)) > FORM_LABEL_COLUMNS)
        fail_msg("%s, %s: \"%s\" is longer than %d columns", language, kind->name, line, FORM_LABEL_COLUMNS);
    expect_room(field->label, FORM_LABEL_COLUMNS, kind->name);
}

static void expect_kind(const struct kind *kind)
{
    const struct field *field;
    expect_room(kind->label, MENU_COLUMNS, kind->name);
    expect_room(kind->plural, MENU_COLUMNS, kind->name);
    for (unsigned i = 0; (field = field_row(kind->wire, i)) != NULL; i++)
        expect_field(kind, field);
    for (const struct state_row *row = NULL; (row = state_next(kind->wire, row)) != NULL;)
        expect_room(row->label, STATE_COLUMNS_MAX, kind->name);
    for (const struct action *row = NULL; (row = action_next(kind->wire, row)) != NULL;)
        expect_room(row->label, MENU_COLUMNS, kind->name);
}

static void expect_others(void)
{
    for (unsigned choice = 1; choice < CHOICE_COUNT; choice++)
        for (const struct option *row = NULL; (row = option_next(choice, row)) != NULL;)
            expect_room(row->label, FORM_LABEL_COLUMNS, choice_name(choice));
    for (const struct relation_row *row = NULL; (row = relation_next(row)) != NULL;)
        expect_room(row->label, FORM_LABEL_COLUMNS, row->name);
    for (const struct gauge *row = NULL; (row = gauge_next(row)) != NULL;)
        expect_room(row->label, (SCREEN_COLUMNS - MARK_COLUMNS) / GAUGES_MAX * 2, row->name);
    for (const struct setting_row *row = NULL; (row = setting_next(row)) != NULL;)
        expect_room(row->unit, FORM_LABEL_COLUMNS, row->name);
}

/* A message without parts is one line. */
static void expect_messages(void)
{
    for (enum err err = err_next(OK); err != OK; err = err_next(err))
        if (strchr(err_message(err), '{') == NULL) expect_room(err_message(err), SCREEN_COLUMNS, "message");
}

static void expect_keys(const struct keymap *map, enum screen_id screen)
{
    char bar[400], help[16 * 1024];
    struct str str = str_in(bar, sizeof bar), page = str_in(help, sizeof help);
    expect_room(screen_label(screen), FORM_LABEL_COLUMNS, "screen");
    keys_hint(map, screen, SCREEN_COLUMNS - 1, NULL, NULL, &str);
    if (text_columns(text_of(bar)) >= SCREEN_COLUMNS) fail_msg("%s: key bar: %s", language, bar);
    keys_help(map, screen, NULL, NULL, &page);
    assert_false(page.cut);
    for (char *line = strtok(help, "\n"); line != NULL; line = strtok(NULL, "\n"))
        if (text_columns(text_of(line)) > SCREEN_COLUMNS) fail_msg("%s: key: %s", language, line);
}

static void every_label_has_room(void **state)
{
    static const char *const languages[] = {"zh", "en"};
    static struct keymap map;
    (void)state;
    keys_usual(&map);
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        language = languages[i];
        assert_true(show_language(language));
        for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
            expect_kind(kind);
        expect_others();
        expect_messages();
        for (enum screen_id id = 0; id < SCREEN_COUNT; id++)
            expect_keys(&map, id);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_label_has_room)};
    return cmocka_run_group_tests_name("labels", tests, begin, NULL);
}
