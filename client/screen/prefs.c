/* prefs.c - see prefs.h. The operator's own are a file of lines "name value" in his profile. */
#include "client/screen/prefs.h"

#include "client/core/config.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS_MAX = 3 };

static const struct pref_row {
    const char *name, *allowed;
    const char *words[WORDS_MAX]; /* by number; none: see set_one */
    size_t at;                    /* of the number in struct prefs */
} rows[PREF_COUNT] = {
    [PREF_BELL] = {"bell", "on|flash|off", {"off", "on", "flash"}, offsetof(struct prefs, alert)},
    [PREF_LOCK] = {"lock", "0-1440", {NULL}, offsetof(struct prefs, lock_minutes)},
    [PREF_CHARTS] = {"charts", "blocks|braille|ascii", {"ascii", "blocks", "braille"}, offsetof(struct prefs, charts)},
    [PREF_THEME] = {"theme", "default|light|dark|mono|high-contrast|...", {NULL}, offsetof(struct prefs, theme)},
    [PREF_MOUSE] = {"mouse", "on|off", {"off", "on"}, offsetof(struct prefs, mouse)},
    [PREF_LANGUAGE] = {"language", "auto|zh|en", {"auto", "zh", "en"}, offsetof(struct prefs, language)},
    [PREF_TOUR] = {"tour", "on|off", {"off", "on"}, offsetof(struct prefs, tour)},
};
_Static_assert(ALERT_NONE == 0 && ALERT_BELL == 1 && ALERT_FLASH == 2, "words of bell");
_Static_assert(CHARTS_ASCII == 0 && CHARTS_BLOCKS == 1 && CHARTS_BRAILLE == 2, "words of charts");

static unsigned *number_in(struct prefs *prefs, const struct pref_row *row)
{
    return (unsigned *)(void *)((char *)prefs + row->at);
}

void prefs_usual(struct prefs *prefs)
{
    *prefs = (struct prefs){.lock_minutes = LOCK_MINUTES, .charts = CHARTS_BLOCKS, .tour = 1, .theme = "default"};
}

const char *pref_name(unsigned pref)
{
    return pref < PREF_COUNT ? rows[pref].name : NULL;
}

const char *pref_allowed(unsigned pref)
{
    return rows[pref].allowed;
}

const char *prefs_language(const struct prefs *prefs)
{
    return rows[PREF_LANGUAGE].words[prefs->language];
}

void pref_value(const struct prefs *prefs, unsigned pref, struct str *out)
{
    struct prefs copy = *prefs;
    if (pref == PREF_THEME)
        str_put(out, prefs->theme);
    else if (rows[pref].words[0] == NULL)
        str_printf(out, "%u", *number_in(&copy, &rows[pref]));
    else
        str_put(out, rows[pref].words[*number_in(&copy, &rows[pref])]);
}

static enum err set_one(struct prefs *prefs, unsigned pref, const char *value)
{
    const struct pref_row *row = &rows[pref];
    char *end;
    for (unsigned i = 0; i < WORDS_MAX && row->words[i] != NULL; i++) {
        if (strcmp(value, row->words[i]) != 0) continue;
        *number_in(prefs, row) = i;
        return OK;
    }
    if (pref == PREF_THEME && profile_name_valid(value) && strlen(value) < THEME_NAME_BYTES) {
        snprintf(prefs->theme, sizeof prefs->theme, "%s", value);
        return OK;
    }
    if (pref != PREF_LOCK || *value < '0' || *value > '9') return ERR_USAGE;
    unsigned long minutes = strtoul(value, &end, 10);
    if (*end != '\0' || minutes > LOCK_MINUTES_MAX) return ERR_USAGE;
    prefs->lock_minutes = (unsigned)minutes;
    return OK;
}

enum err prefs_set(struct prefs *prefs, const char *name, const char *value, unsigned *pref)
{
    for (*pref = 0; *pref < PREF_COUNT; ++*pref)
        if (strcmp(rows[*pref].name, name) == 0) return set_one(prefs, *pref, value);
    return ERR_USAGE;
}

/* ---- the operator's own ---- */

static void file_path(const struct profile *profile, const char *suffix, char *path, size_t max)
{
    snprintf(path, max, "%s/screen.conf%s", profile->directory, suffix);
}

static void take(void *self, const struct config_line *line, struct str *fault)
{
    struct prefs *prefs = self;
    unsigned pref;
    (void)fault;
    if (prefs_set(prefs, line->name, line->value, &pref) == OK) prefs->set |= 1u << pref; /* else: of another version */
}

static void pass_over(void *self, const struct config_line *line, const char *fault)
{
    (void)self;
    (void)line;
    (void)fault;
}

void prefs_load(const struct profile *profile, struct prefs *prefs)
{
    char path[PROFILE_PATH_MAX + 32];
    file_path(profile, "", path, sizeof path);
    config_read(path, take, pass_over, prefs);
}

enum err prefs_save(const struct profile *profile, const struct prefs *prefs)
{
    char path[PROFILE_PATH_MAX + 32], made[PROFILE_PATH_MAX + 32];
    file_path(profile, "", path, sizeof path);
    file_path(profile, ".new", made, sizeof made);
    FILE *file = fopen(made, "we");
    if (file == NULL) return ERR_IO;
    for (unsigned pref = 0; pref < PREF_COUNT; pref++) {
        char value[80];
        struct str str = str_in(value, sizeof value);
        pref_value(prefs, pref, &str);
        if (prefs->set >> pref & 1) fprintf(file, "%s %s\n", rows[pref].name, value);
    }
    if (fclose(file) == 0 && rename(made, path) == 0) return OK;
    unlink(made);
    return ERR_IO;
}
