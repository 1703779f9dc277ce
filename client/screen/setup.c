/* setup.c - see setup.h. */
#include "client/screen/setup.h"

#include "proto/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void allowed(struct str *fault, const char *words, const char *about)
{
    const char *at = strstr(words, "{text}");
    if (at == NULL) at = words + strlen(words);
    str_text(fault, (struct text){words, (uint32_t)(at - words)});
    if (*at == '\0') return;
    str_put(fault, about);
    str_put(fault, at + strlen("{text}"));
}

/* ---- themes ---- */

const struct theme *setup_theme(const struct setup *setup, const char *name)
{
    for (unsigned i = 0; i < setup->theme_count; i++)
        if (strcmp(setup->themes[i].name, name) == 0) return &setup->themes[i];
    return theme_named(name);
}

static struct theme *own_theme(struct setup *setup, const char *name)
{
    struct theme *own = (struct theme *)(uintptr_t)setup_theme(setup, name);
    if (own != NULL && theme_named(name) != own) return own;
    if (setup->theme_count == THEMES_MAX) return NULL;
    struct theme *made = &setup->themes[setup->theme_count++];
    *made = *(own != NULL ? own : theme_at(0));
    snprintf(made->name, sizeof made->name, "%s", name);
    return made;
}

static void put_styles(struct str *out)
{
    str_put(out, "like");
    for (unsigned style = 0; style < STYLE_COUNT; style++)
        str_printf(out, ", %s", style_name((enum style)style));
}

static void take_style(struct setup *setup, const char *name, const struct config_line *line, struct str *fault)
{
    char styles[200] = "";
    struct str str = str_in(styles, sizeof styles);
    put_styles(&str);
    if (!profile_name_valid(name) || strlen(name) >= THEME_NAME_BYTES) {
        allowed(fault, tr(N_("a theme's name has up to 39 letters, digits, - and _")), "");
        return;
    }
    struct theme *theme = own_theme(setup, name);
    const struct theme *like = setup_theme(setup, line->value);
    unsigned style = 0;
    struct look look;
    while (style < STYLE_COUNT && strcmp(style_name((enum style)style), line->name) != 0)
        style++;
    if (theme == NULL)
        str_put(fault, tr(N_("too many themes")));
    else if (*line->name == '\0')
        return;
    else if (strcmp(line->name, "like") == 0 && like != NULL)
        memcpy(theme->looks, like->looks, sizeof theme->looks);
    else if (style == STYLE_COUNT)
        allowed(fault, tr(N_("allowed in a theme: {text}")), styles);
    else if (!look_read(line->value, &look))
        allowed(fault,
                tr(N_("allowed: plain, bold, underline, reverse, dim, a colour, on and a colour; colours are {text}")),
                "black, red, green, yellow, blue, magenta, cyan, white, bright-red..., 0-255");
    else
        theme->looks[style] = look;
}

/* ---- keys ---- */

static void take_key(struct setup *setup, const char *context, const char *rest, struct str *fault)
{
    char key[40], verb[60], left[80], frees[160] = "";
    struct key_row taken = {0};
    struct str free_line = str_in(frees, sizeof frees);
    if (sscanf(rest, "%39s %59s %79s", key, verb, left) != 2) {
        str_put(fault, tr(N_("a key is written so: key CONTEXT KEY VERB, such as key go z registers")));
        return;
    }
    enum key_fault wrong = keys_bind(&setup->keys, context, key, verb, &taken);
    if (wrong == KEY_FINE) return;
    const char *about = wrong == KEY_NO_CONTEXT ? context : wrong == KEY_NO_VERB || wrong == KEY_NOT_THERE ? verb : key;
    if (wrong == KEY_TAKEN) {
        unsigned number = 0;
        while (taken.context != 1ull << number)
            number++;
        str_printf(&free_line, "key %s %s none (%s)", context_name(number), key, verb_name(taken.verb));
        about = frees;
    }
    allowed(fault, key_fault_words(wrong), about);
}

/* `CONTEXT KEY VERB`, as behind the word key. */
static void take_key_line(struct setup *setup, const char *value, struct str *fault)
{
    char context[40];
    int used = 0;
    bool read = sscanf(value, "%39s %n", context, &used) == 1;
    take_key(setup, read ? context : "", value + (read ? used : 0), fault);
}

/* ---- any line ---- */

static void take_pref(struct setup *setup, const struct config_line *line, struct str *fault)
{
    unsigned pref;
    if (prefs_set(&setup->prefs, line->name, line->value, &pref) == OK) {
        snprintf(setup->origins[pref].at, sizeof setup->origins[pref].at, "%s:%u", line->file, line->number);
        return;
    }
    char names[200] = "";
    struct str str = str_in(names, sizeof names);
    for (unsigned i = 0; pref_name(i) != NULL; i++)
        str_printf(&str, "%s%s", i > 0 ? ", " : "", pref_name(i));
    str_put(&str, ", key, [theme NAME], [keys]");
    allowed(fault, tr(N_("allowed: {text}")), pref < PREF_COUNT ? pref_allowed(pref) : names);
}

static void take(void *self, const struct config_line *line, struct str *fault)
{
    struct setup *setup = self;
    bool theme = strncmp(line->section, "theme ", 6) == 0, keys = strcmp(line->section, "keys") == 0;
    char rest[CONFIG_LINE_BYTES];
    snprintf(rest, sizeof rest, "%s %s", line->name, line->value);
    if (theme)
        take_style(setup, line->section + 6, line, fault);
    else if (*line->section != '\0' && !keys)
        allowed(fault, tr(N_("allowed sections: {text}")), "[theme NAME], [keys]");
    else if (*line->name == '\0')
        return;
    else if (strcmp(line->name, "key") == 0)
        take_key_line(setup, line->value, fault);
    else if (keys)
        take_key_line(setup, rest, fault);
    else
        take_pref(setup, line, fault);
}

static void wrong(void *self, const struct config_line *line, const char *fault)
{
    struct setup *setup = self;
    if (setup->fault_count < FAULTS_MAX)
        snprintf(setup->faults[setup->fault_count++], SETUP_FAULT_BYTES, "%.300s:%u: %s%s%s%.60s: %s", line->file,
                 line->number, line->name, *line->value != '\0' ? " " : "", "", line->value, fault);
}

/* A theme may be named before the lines that make it, or in the other file. */
static void check_theme(struct setup *setup)
{
    const char *name = setup->prefs.theme;
    if (setup_theme(setup, name) != NULL) return;
    if (setup->fault_count < FAULTS_MAX)
        snprintf(setup->faults[setup->fault_count++], SETUP_FAULT_BYTES, "%.300s: theme %s: %s",
                 setup->origins[PREF_THEME].at, name, tr(N_("there is no such theme")));
    snprintf(setup->prefs.theme, sizeof setup->prefs.theme, "%s", theme_at(0)->name);
}

void setup_load(struct setup *setup)
{
    char path[CONFIG_PATH_BYTES];
    *setup = (struct setup){.theme_count = 0};
    prefs_usual(&setup->prefs);
    keys_usual(&setup->keys);
    for (unsigned which = 0; which < CONFIG_FILES; which++)
        if (config_path(which, path)) config_read(path, take, wrong, setup);
    check_theme(setup);
}

void setup_follow(struct setup *setup, const struct profile *profile)
{
    prefs_load(profile, &setup->prefs);
    for (unsigned pref = 0; pref < PREF_COUNT; pref++)
        if (setup->prefs.set >> pref & 1)
            snprintf(setup->origins[pref].at, sizeof setup->origins[pref].at, "%s/screen.conf (:set)",
                     profile->directory);
    check_theme(setup);
}

void prefs_hold(const struct profile *profile, struct prefs *prefs)
{
    struct setup *setup = calloc(1, sizeof *setup);
    prefs_usual(prefs);
    if (setup == NULL) return;
    setup_load(setup);
    setup_follow(setup, profile);
    *prefs = setup->prefs;
    free(setup);
}
