/* fonts.c - see fonts.h. */
#include "client/pdf/fonts.h"

#include <ini.h>
#include <stdio.h>
#include <string.h>

enum { NAME_BYTES = 128, PATH_BYTES = 1024 };

static const struct role {
    const char *name, *stand_in; /* a Pango font description */
} roles[FONT_COUNT] = {
    [FONT_BODY] = {"fangsong", "Noto Serif CJK SC"},
    [FONT_TITLE] = {"xiaobiaosong", "Noto Serif CJK SC Bold"},
    [FONT_FIRST] = {"heiti", "Noto Sans CJK SC"},
    [FONT_SECOND] = {"kaiti", "AR PL UKai CN"},
    [FONT_NUMBER] = {"songti", "Noto Serif CJK SC"},
};

struct named {
    char at[FONT_COUNT][NAME_BYTES];
};

static int take(void *user, const char *section, const char *name, const char *value)
{
    struct named *named = user;
    for (unsigned i = 0; i < FONT_COUNT; i++)
        if (strcmp(section, "fonts") == 0 && strcmp(name, roles[i].name) == 0)
            snprintf(named->at[i], NAME_BYTES, "%s", value);
    return 1;
}

static void read_named(const char *file, struct named *named)
{
    char path[PATH_BYTES];
    *named = (struct named){0};
    snprintf(path, sizeof path, "%s/duban/fonts.conf", g_get_user_config_dir());
    int line = ini_parse(file != NULL ? file : path, take, named);
    if (line > 0) fprintf(stderr, "duban-pdf: %s: line %d can't be read\n", file != NULL ? file : path, line);
}

static bool is_here(PangoFontMap *map, const PangoFontDescription *wanted)
{
    PangoFontFamily **families;
    int count;
    bool found = false;
    const char *family = pango_font_description_get_family(wanted);
    pango_font_map_list_families(map, &families, &count);
    for (int i = 0; i < count && !found && family != NULL; i++)
        found = g_ascii_strcasecmp(pango_font_family_get_name(families[i]), family) == 0;
    g_free(families);
    return found;
}

static PangoFontDescription *find(PangoFontMap *map, unsigned font, const char *named)
{
    PangoFontDescription *wanted;
    if (named[0] != '\0') {
        wanted = pango_font_description_from_string(named);
        bool here = is_here(map, wanted);
        printf("%s %s %s\n", here ? "font" : "missing", roles[font].name, named);
        if (here) return wanted;
        pango_font_description_free(wanted);
    }
    wanted = pango_font_description_from_string(roles[font].stand_in);
    bool here = is_here(map, wanted);
    printf("%s %s %s\n", here ? "stand-in" : "none", roles[font].name, roles[font].stand_in);
    if (here) return wanted;
    pango_font_description_free(wanted);
    return NULL;
}

bool fonts_find(PangoFontMap *map, const char *file, struct fonts *fonts)
{
    struct named named;
    bool all = true;
    read_named(file, &named);
    for (unsigned i = 0; i < FONT_COUNT; i++) {
        fonts->at[i] = find(map, i, named.at[i]);
        all = all && fonts->at[i] != NULL;
    }
    return all;
}

void fonts_free(struct fonts *fonts)
{
    for (unsigned i = 0; i < FONT_COUNT; i++)
        if (fonts->at[i] != NULL) pango_font_description_free(fonts->at[i]);
}
