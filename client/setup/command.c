/* command.c - `duban config`: what is set, where each comes from, the whole key map, and an annotated example. It
 * stands beside the screens because it tells of them; scripts reach it as any other command. */
#include "client/cli/verbs.h"
#include "client/cli/out.h"
#include "client/screen/setup.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES = 64 * 1024 };

static void put_files(struct str *out)
{
    char path[CONFIG_PATH_BYTES];
    for (unsigned which = 0; which < CONFIG_FILES; which++)
        if (config_path(which, path)) str_printf(out, "# %s\n", path);
}

static void put_prefs(const struct setup *setup, struct str *out)
{
    for (unsigned pref = 0; pref_name(pref) != NULL; pref++) {
        char line[120];
        struct str str = str_in(line, sizeof line);
        str_printf(&str, "%s ", pref_name(pref));
        pref_value(&setup->prefs, pref, &str);
        const char *origin = setup->origins[pref].at;
        str_printf(out, "%-28s # %s\n", line, *origin != '\0' ? origin : tr(N_("as it comes")));
    }
}

static void put_theme(const struct theme *theme, struct str *out)
{
    str_printf(out, "\n[theme %s]\n", theme->name);
    for (unsigned style = 0; style < STYLE_COUNT; style++) {
        str_printf(out, "%s ", style_name((enum style)style));
        look_print(&theme->looks[style], out);
        str_put(out, "\n");
    }
}

static bool is_usual(const struct keymap *usual, const struct key_row *row, uint32_t key)
{
    for (unsigned i = 0; i < usual->count; i++)
        if (usual->rows[i].context == row->context && usual->rows[i].verb == row->verb &&
            (usual->rows[i].key == key || usual->rows[i].alternate == key))
            return true;
    return false;
}

/* Rows of one map that the other does not have. */
static void put_difference(const struct keymap *map, const struct keymap *other, bool gone, struct str *out)
{
    for (unsigned i = 0; i < map->count; i++) {
        const uint32_t keys[] = {map->rows[i].key, map->rows[i].alternate};
        for (size_t j = 0; j < 2 && keys[j] != 0; j++) {
            struct key_row row = map->rows[i];
            row.key = keys[j];
            row.alternate = 0;
            if (gone) row.verb = VERB_none;
            if (!is_usual(other, &map->rows[i], keys[j])) keys_print(&row, "key ", out);
        }
    }
}

static void put_keys(const struct keymap *map, struct str *out)
{
    str_put(out, "[keys]\n");
    for (unsigned i = 0; i < map->count; i++)
        keys_print(&map->rows[i], "", out);
    str_put(out, tr(N_("# contexts:")));
    for (unsigned i = 0; context_name(i) != NULL; i++)
        str_printf(out, " %s", context_name(i));
    str_put(out, "\n");
    str_put(out, tr(N_("# verbs:")));
    for (unsigned verb = 1; verb < VERB_COUNT; verb++)
        str_printf(out, " %s", verb_name((enum verb)verb));
    str_put(out, "\n");
}

static void put_example(struct str *out)
{
    struct prefs usual;
    static const char *const about[PREF_COUNT] = {
        [PREF_BELL] = N_("what a push does besides its line: a bell, or its line reversed until the next key"),
        [PREF_LOCK] = N_("minutes without a key after which the screen is shut; 0: never"),
        [PREF_CHARTS] = N_("what charts are made of, where the terminal has it"),
        [PREF_THEME] = N_("colours; a theme of your own is a section below. NO_COLOR takes all colours away"),
        [PREF_MOUSE] = N_("clicks choose and open, the wheel moves; selecting text then needs Shift"),
        [PREF_LANGUAGE] = N_("of all words; auto: that of the locale, from the next start"),
        [PREF_TOUR] = N_("one minute of explanation at the first start; :tour shows it again"),
    };
    str_put(out,
            tr(N_("# duban.conf - how the full-screen program looks and listens. What :set changes there wins.\n")));
    put_files(out);
    prefs_usual(&usual);
    for (unsigned pref = 0; pref_name(pref) != NULL; pref++) {
        str_printf(out, "\n# %s\n# %s %s\n# %s ", tr(about[pref]), pref_name(pref), pref_allowed(pref),
                   pref_name(pref));
        pref_value(&usual, pref, out);
        str_put(out, "\n");
    }
    str_put(
        out,
        tr(N_("\n# A theme of your own: styles, each with attributes (bold underline reverse dim), a colour, and on "
              "with\n# the colour behind. What is not named is as in \"like\".\n")));
    str_put(out, "# [theme evening]\n# like dark\n# bad bold white on 88\n# selected bright-cyan bold\n");
    str_put(
        out,
        tr(N_(
            "\n# Keys: a context, a key, and what it asks for; none takes the meaning away. All of them: duban config "
            "--keys\n")));
    str_put(out, "# [keys]\n# go z registers\n# projects ^T sort\n# go x none\n");
}

static void put_all(const struct setup *setup, struct str *out)
{
    struct keymap *usual = malloc(sizeof *usual);
    const struct theme *theme = setup_theme(setup, setup->prefs.theme);
    put_files(out);
    put_prefs(setup, out);
    if (theme != NULL) put_theme(theme, out);
    for (unsigned i = 0; i < setup->theme_count; i++)
        if (&setup->themes[i] != theme) put_theme(&setup->themes[i], out);
    str_put(out, "\n[keys]\n");
    if (usual == NULL) return;
    keys_usual(usual);
    put_difference(usual, &setup->keys, true, out);
    put_difference(&setup->keys, usual, false, out);
    free(usual);
}

int command_config(struct cli *cli)
{
    struct refusal why = {.err = OK};
    struct setup *setup = arena_get(&cli->arena, sizeof *setup);
    char *text = arena_get(&cli->arena, TEXT_BYTES);
    enum err err = cli_expect(cli, "example keys", 0, 0, &why);
    if (err == OK && (setup == NULL || text == NULL)) err = refuse(&why, ERR_MEMORY);
    if (err != OK) return cli_end(err, &why);
    struct str out = str_in(text, TEXT_BYTES);
    setup_load(setup);
    /* without a profile, or with several of which none is named, there is nothing of :set to tell */
    if (session_profile(cli, &why) == OK) setup_follow(setup, &cli->profile);
    if (args_flag(&cli->args, "example"))
        put_example(&out);
    else if (args_flag(&cli->args, "keys"))
        put_keys(&setup->keys, &out);
    else
        put_all(setup, &out);
    out_put(stdout, text);
    for (unsigned i = 0; i < setup->fault_count; i++)
        say(setup->faults[i]);
    return setup->fault_count > 0 ? CLASS_USAGE : CLASS_OK;
}
