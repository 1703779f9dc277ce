/* catalogue.c - see catalogue.h. A .mo file: a head of numbers, two tables of lengths and places, the texts. */
#include "tests/lib/catalogue.h"

#include "tests/lib/rig.h"

#include <fnmatch.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAGIC = 0, COUNT = 2, ENGLISH = 3, CHINESE = 4, PATTERN_BYTES = 3000, CHINESE_LEAST = 5 * 3 };

static char *bytes;

static uint32_t number(size_t at)
{
    uint32_t value;
    memcpy(&value, bytes + at, sizeof value);
    return value;
}

void catalogue_open(const char *directory)
{
    char path[1200];
    snprintf(path, sizeof path, "%s/zh_CN/LC_MESSAGES/duban.mo", directory);
    FILE *file = fopen(path, "r");
    long size = file != NULL && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : 0;
    if (size <= 0) rig_fail("no catalogue: %s", path);
    rewind(file);
    bytes = malloc((size_t)size);
    bool whole = bytes != NULL && fread(bytes, 1, (size_t)size, file) == (size_t)size;
    fclose(file);
    if (!whole || number(MAGIC) != 0x950412de) rig_fail("not a catalogue: %s", path);
}

void catalogue_close(void)
{
    free(bytes);
    bytes = NULL;
}

bool catalogue_at(unsigned i, const char **english, const char **chinese)
{
    if (i >= number(COUNT * 4)) return false;
    *english = bytes + number(number(ENGLISH * 4) + 8 * i + 4);
    *chinese = bytes + number(number(CHINESE * 4) + 8 * i + 4);
    return true;
}

/* As a pattern of fnmatch. False when there is too little in it to know it by. */
static bool pattern_of(const char *text, char *out)
{
    size_t used = 0, letters = 0;
    while (*text != '\0' && used < PATTERN_BYTES - 3) {
        size_t part = *text == '{' ? strcspn(text, "}") + 1 : 0;
        if (*text == '%') part = 1 + strspn(text + 1, "-+ #0123456789.*lhz") + 1;
        if (part > 0) {
            out[used++] = '*';
            text += part;
            continue;
        }
        if (strchr("*?[\\", *text) != NULL) out[used++] = '\\';
        letters += (unsigned char)*text > ' ';
        out[used++] = *text++;
    }
    out[used] = '\0';
    return letters > 3;
}

bool catalogue_has(const char *text, bool chinese)
{
    const char *pair[2];
    char pattern[PATTERN_BYTES];
    for (unsigned i = 1; catalogue_at(i, &pair[0], &pair[1]); i++) /* the first is the head */
        if (pattern_of(pair[chinese], pattern) && fnmatch(pattern, text, 0) == 0) return true;
    return false;
}

const char *catalogue_chinese_in(const char *text)
{
    const char *english, *chinese, *found = NULL;
    for (unsigned i = 1; catalogue_at(i, &english, &chinese); i++) {
        bool there = strlen(chinese) >= CHINESE_LEAST && strcmp(english, chinese) != 0 && strstr(text, chinese) != NULL;
        if (there && (found == NULL || strlen(chinese) > strlen(found))) found = chinese;
    }
    return found;
}
