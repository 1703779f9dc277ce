/* rig_json.c - looks into the JSON lines that the programs print; see rig.h. Not a parser: it finds a name and
 * takes what stands behind it, which is enough for lines whose form the tests know. */
#include "tests/lib/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool json_value(const char *json, const char *name, char *value, size_t max)
{
    char wanted[100];
    snprintf(wanted, sizeof wanted, "\"%s\":", name);
    const char *at = strstr(json, wanted);
    if (at == NULL || max == 0) return false;
    at += strlen(wanted);
    bool quoted = *at == '"';
    if (quoted) at++;
    size_t used = 0;
    while (*at != '\0' && used < max - 1 && (quoted ? *at != '"' : strchr(",}]\n", *at) == NULL)) {
        if (quoted && *at == '\\' && at[1] != '\0') at++;
        value[used++] = *at++;
    }
    value[used] = '\0';
    return true;
}

void json_expect(const char *json, const char *name, const char *value)
{
    char found[4096];
    if (!json_value(json, name, found, sizeof found)) rig_fail("no \"%s\" in %s", name, json);
    if (strcmp(found, value) != 0) rig_fail("\"%s\" is \"%s\", not \"%s\", in %s", name, found, value, json);
}

const char *json_row(const char *lines, const char *name, const char *value, char *row, size_t max)
{
    while (*lines != '\0') {
        char found[4096];
        size_t length = strcspn(lines, "\n");
        if (length >= max) rig_fail("a line of %zu bytes", length);
        memcpy(row, lines, length);
        row[length] = '\0';
        if (json_value(row, name, found, sizeof found) && strcmp(found, value) == 0) return row;
        lines += length + (lines[length] == '\n');
    }
    return NULL;
}

long json_number(const char *json, const char *name)
{
    char found[64];
    if (!json_value(json, name, found, sizeof found)) rig_fail("no \"%s\" in %s", name, json);
    return strtol(found, NULL, 10);
}

unsigned json_lines(const char *lines)
{
    unsigned count = 0;
    for (; *lines != '\0'; lines++)
        count += *lines == '\n';
    return count;
}
