/* words_test.c - every action in words: its command says each field. What screens show is walk_test.c's. */
#include "proto/show.h"
#include "proto/tables.h"
#include "tests/lib/rig.h"
#include "tests/lib/unit.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static struct rig rig;

static int begin(void **state)
{
    char place[1100];
    (void)state;
    rig_start(&rig);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_action_has_its_command),
    };
    return cmocka_run_group_tests_name("words", tests, begin, end);
}
