/* setup_fuzz.c - what an operator may have written into duban.conf (keys, themes, settings) and lists.conf (how lists
 * are liked): nothing breaks, wrong lines are named and the rest counts, and what is kept reads back as it was.
 *
 * Input: a byte, even: duban.conf, odd: lists.conf; the file. */
#include "client/screen/arrange.h"
#include "client/screen/setup.h"
#include "tests/fuzz/scratch.h"

/* What arrange.c says and asks on a screen; there is none here. */
void app_say(struct app *app, enum style style, const char *text)
{
    HOLDS(app != NULL && style < STYLE_COUNT && text != NULL);
}

void app_say_err(struct app *app, enum err err)
{
    HOLDS(app != NULL && err == OK);
}

bool ask_picks(struct app *app, const char *title, struct pick_item *items, unsigned count)
{
    return app == NULL && title != NULL && items != NULL && count > 0;
}

static const char *name_of(unsigned kind, unsigned column)
{
    return column < field_count(kind) ? field_row(kind, column)->name : NULL;
}

static const char *label_of(unsigned kind, unsigned column)
{
    return field_row(kind, column)->label;
}

static void try_config(void)
{
    static struct setup setup;
    setup_load(&setup);
    HOLDS(keys_fault(&setup.keys) == NULL);
    HOLDS(setup.theme_count <= THEMES_MAX && setup.fault_count <= FAULTS_MAX);
    HOLDS(setup_theme(&setup, setup.prefs.theme) != NULL);
    for (unsigned i = 0; i < setup.fault_count; i++)
        HOLDS(strstr(setup.faults[i], "duban.conf:") != NULL && text_offence(text_of(setup.faults[i]), true) == 0);
}

static bool same(const struct arranged *a, const struct arranged *b)
{
    return a->count == b->count && memcmp(a->columns, b->columns, a->count) == 0 && a->sort == b->sort &&
           a->filter == b->filter && a->number == b->number && strcmp(a->value, b->value) == 0;
}

static void try_lists(void)
{
    static const struct columns_of columns = {"project", KIND_project, name_of, label_of};
    static struct app app;
    struct arranged first, again;
    snprintf(app.profile.directory, sizeof app.profile.directory, "%s", scratch());
    arrange_load(&app, &columns, &first);
    HOLDS(first.count <= COLUMNS_MAX && first.sort < (int)field_count(KIND_project));
    arrange_save(&app, &columns, &first);
    arrange_load(&app, &columns, &again);
    HOLDS(same(&first, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    bool lists = input_byte(&input) & 1;
    static bool made;
    if (!made) {
        char path[SCRATCH_PATH_MAX + 10];
        snprintf(path, sizeof path, "%s/duban", scratch());
        HOLDS(mkdir(path, 0700) == 0 && setenv("XDG_CONFIG_HOME", scratch_path, 1) == 0);
        HOLDS(setenv("XDG_CONFIG_DIRS", scratch_path, 1) == 0);
        made = true;
    }
    scratch_write(lists ? "lists.conf" : "duban/duban.conf", input.at, input.left);
    if (lists)
        try_lists();
    else
        try_config();
    return 0;
}
