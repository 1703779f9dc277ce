/* prefs.c - see prefs.h. A file of lines "name value". */
#include "client/screen/prefs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 80 };

static void file_path(const struct profile *profile, const char *suffix, char *path, size_t max)
{
    snprintf(path, max, "%s/screen.conf%s", profile->directory, suffix);
}

const char *alert_word(enum alert alert)
{
    static const char *const words[] = {[ALERT_NONE] = "off", [ALERT_BELL] = "on", [ALERT_FLASH] = "flash"};
    return words[alert];
}

const char *charts_word(enum charts charts)
{
    static const char *const words[] = {
        [CHARTS_ASCII] = "ascii", [CHARTS_BLOCKS] = "blocks", [CHARTS_BRAILLE] = "braille"};
    return words[charts];
}

enum err prefs_set(struct prefs *prefs, const char *name, const char *value)
{
    char *end;
    if (strcmp(name, "bell") == 0) {
        for (unsigned alert = ALERT_NONE; alert <= ALERT_FLASH; alert++) {
            if (strcmp(value, alert_word((enum alert)alert)) != 0) continue;
            prefs->alert = (enum alert)alert;
            return OK;
        }
        return ERR_USAGE;
    }
    if (strcmp(name, "charts") == 0) {
        for (enum charts charts = CHARTS_ASCII; charts <= CHARTS_BRAILLE; charts++) {
            if (strcmp(value, charts_word(charts)) != 0) continue;
            prefs->charts = charts;
            return OK;
        }
        return ERR_USAGE;
    }
    if (strcmp(name, "language") == 0) {
        if (strcmp(value, "zh") != 0 && strcmp(value, "en") != 0) return ERR_USAGE;
        memcpy(prefs->language, value, sizeof "zh");
        return OK;
    }
    if (strcmp(name, "lock") != 0 || *value < '0' || *value > '9') return ERR_USAGE;
    unsigned long minutes = strtoul(value, &end, 10);
    if (*end != '\0' || minutes > LOCK_MINUTES_MAX) return ERR_USAGE;
    prefs->lock_minutes = (unsigned)minutes;
    return OK;
}

void prefs_load(const struct profile *profile, struct prefs *prefs)
{
    char path[PROFILE_PATH_MAX + 32], line[LINE_MAX_BYTES];
    *prefs = (struct prefs){.lock_minutes = LOCK_MINUTES, .charts = CHARTS_BLOCKS};
    file_path(profile, "", path, sizeof path);
    FILE *file = fopen(path, "re");
    if (file == NULL) return;
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        char *space = strchr(line, ' ');
        if (space == NULL) continue;
        *space = '\0';
        enum err ignored = prefs_set(prefs, line, space + 1);
        (void)ignored; /* of another version */
    }
    fclose(file);
}

enum err prefs_save(const struct profile *profile, const struct prefs *prefs)
{
    char path[PROFILE_PATH_MAX + 32], made[PROFILE_PATH_MAX + 32];
    file_path(profile, "", path, sizeof path);
    file_path(profile, ".new", made, sizeof made);
    FILE *file = fopen(made, "we");
    if (file == NULL) return ERR_IO;
    fprintf(file, "bell %s\nlock %u\ncharts %s\n", alert_word(prefs->alert), prefs->lock_minutes,
            charts_word(prefs->charts));
    if (prefs->language[0] != '\0') fprintf(file, "language %s\n", prefs->language);
    if (fclose(file) == 0 && rename(made, path) == 0) return OK;
    unlink(made);
    return ERR_IO;
}
