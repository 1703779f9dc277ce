/* words_test.c - every action in words: its command says each field, its form shows each label whole; and no screen in
 * Chinese shows a word of English. */
#include "client/term/cells.h"
#include "client/term/form.h"
#include "proto/show.h"
#include "proto/tables.h"
#include "tests/lib/rig.h"
#include "tests/lib/sitting.h"
#include "tests/lib/unit.h"

#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

static struct rig rig;
static const char *const languages[] = {"zh", "en"};

static int begin(void **state)
{
    char place[1100];
    (void)state;
    rig_start(&rig);
    sitting_begin(&rig);
    rig_enrol(&rig, "XMB");
    setlocale(LC_ALL, "C.UTF-8");
    snprintf(place, sizeof place, "%s/locale", rig.build);
    show_start(place);
    return 0;
}

static int end(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

static void dashed(const char *name, char *out)
{
    do
        *out++ = *name == '_' ? '-' : *name;
    while (*name++ != '\0');
}

static bool by_operators(const struct action *action)
{
    for (const struct may *row = NULL; (row = may_next(action->kind, row)) != NULL;)
        if (row->action == action->wire && row->relation < REL_rule) return true;
    return false;
}

static void expect_help(const struct kind *kind, const struct action *action)
{
    char kind_name[80], name[80], option[90];
    const struct field *field;
    dashed(kind->name, kind_name);
    dashed(action->name, name);
    const char *out = rig_out_at(&rig, 0, "nobody", kind_name, name, "--help", NULL);
    if (strstr(out, tr(action->label)) == NULL) rig_fail("%s %s: help without its label", kind->name, action->name);
    for (unsigned i = 0; (field = field_row(kind->wire, i)) != NULL; i++) {
        if ((field->fill >> action->wire & 1) == 0 || field->type == TYPE_BYTES) continue;
        option[0] = option[1] = '-';
        dashed(field->name, option + 2);
        if (strstr(out, option) == NULL) rig_fail("%s %s: help without %s", kind->name, action->name, option);
    }
}

/* Clause by clause: what can be done on a screen can be done by a command. */
static void every_action_has_its_command(void **state)
{
    unsigned count = 0;
    (void)state;
    assert_true(show_language("en"));
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (const struct action *row = NULL; (row = action_next(kind->wire, row)) != NULL;)
            if (by_operators(row) && strcmp(row->name, "list") != 0 && strcmp(row->name, "show") != 0) {
                expect_help(kind, row);
                count++;
            }
    assert_true(count > 100);
}

/* As forms write it: with its unit, and the number of a month. */
static void every_label_of_a_form_is_whole_at_80_columns(void **state)
{
    char line[300];
    const struct field *field;
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        assert_true(show_language(languages[i]));
        for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
            for (unsigned j = 0; (field = field_row(kind->wire, j)) != NULL; j++) {
                bool parts = field->list_max == 12 && field->type == TYPE_MONEY;
                snprintf(line, sizeof line, "%s%s%s%s%s", tr(field->label), parts ? " 12" : "",
                         field->unit != NULL ? " (" : "", tr(field->unit), field->unit != NULL ? ")" : "");
                if (text_columns(text_of(line)) > FORM_LABEL_COLUMNS)
                    rig_fail("%s: \"%s\" is longer than %d columns", kind->name, line, FORM_LABEL_COLUMNS);
            }
    }
}

/* What a screen says in the program's own words; data, codes and names of keys are no lower-case words. */
static void expect_no_english(struct pty *seat, const char *where)
{
    for (unsigned row = 0; row < 24; row++) {
        const char *text = pty_row(seat, row);
        unsigned letters = 0;
        if (strstr(text, "make run") != NULL || strstr(text, "duban ") != NULL) continue; /* names of programs */
        for (const char *at = text; *at != '\0'; at++) {
            letters = islower((unsigned char)*at) ? letters + 1 : 0;
            if (letters == 3) rig_fail("%s, in Chinese: %s", where, text);
        }
    }
}

static void no_screen_in_chinese_shows_english(void **state)
{
    static const char *const ways[] = {"d",           "p",    "m",    "w",   "i",    "t",    "y",
                                       "K",           "e",    "x",    "u",   "W",    "C",    "C2",
                                       "C3",          "C4",   "C5",   "N",   "p\r1", "p\r2", "p\r3",
                                       "p\r4",        "p\r5", "p\r6", "t\r", "u\r",  "u\rH", ":report YY09-Z015\r",
                                       ":new issue\r"};
    (void)state;
    struct pty *office = sit("XMB", (struct look){NULL});
    assert_true(pty_wait(office, "| connected", SOON_MS));
    type(office, ":set language zh\r", "已连接");
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        pty_send(office, i > 0 && ways[i - 1][0] == ':' ? "\x07\x07" : "");
        pty_settle(office, QUIET_MS);
        pty_send(office, i > 0 && ways[i - 1][0] == ':' ? "\033[20~" : "d"); /* F9: from a form, too */
        pty_settle(office, QUIET_MS);
        pty_send(office, ways[i]);
        pty_settle(office, 2 * QUIET_MS);
        expect_no_english(office, ways[i]);
    }
    leave(office);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_action_has_its_command),
        cmocka_unit_test(every_label_of_a_form_is_whole_at_80_columns),
        cmocka_unit_test_teardown(no_screen_in_chinese_shows_english, clear_seats),
    };
    return cmocka_run_group_tests_name("words", tests, begin, end);
}
