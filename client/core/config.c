/* config.c - see config.h. */
#include "client/core/config.h"

#include "proto/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "duban/duban.conf"

static bool in_home(char path[CONFIG_PATH_BYTES])
{
    const char *own = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    int length = 0;
    if (own != NULL && *own == '/')
        length = snprintf(path, CONFIG_PATH_BYTES, "%s/" FILE_NAME, own);
    else if (home != NULL && *home == '/')
        length = snprintf(path, CONFIG_PATH_BYTES, "%s/.config/" FILE_NAME, home);
    return length > 0 && length < CONFIG_PATH_BYTES;
}

bool config_path(unsigned which, char path[CONFIG_PATH_BYTES])
{
    const char *list = getenv("XDG_CONFIG_DIRS");
    if (which != 0) return in_home(path);
    if (list == NULL || *list == '\0') list = "/etc/xdg";
    for (const char *at = list; *at != '\0';) {
        int length = (int)strcspn(at, ":");
        bool last = at[length] == '\0';
        int used = snprintf(path, CONFIG_PATH_BYTES, "%.*s/" FILE_NAME, length, at);
        if (used < CONFIG_PATH_BYTES && *at == '/' && (last || access(path, R_OK) == 0)) return true;
        at += length + !last;
    }
    return false;
}

struct text next_word(struct text *rest)
{
    while (rest->length > 0 && rest->at[0] == ' ') {
        rest->at++;
        rest->length--;
    }
    struct text word = {rest->at, 0};
    while (word.length < rest->length && rest->at[word.length] != ' ')
        word.length++;
    rest->at += word.length;
    rest->length -= word.length;
    return word;
}

static char *trim(char *text)
{
    size_t length;
    text += strspn(text, " \t");
    length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL)
        text[--length] = '\0';
    return text;
}

/* [section]: false when the bracket is not closed. */
static bool begin_section(char *text, char *section, size_t max)
{
    size_t length = strlen(text);
    if (text[length - 1] != ']' || length - 2 >= max) return false;
    text[length - 1] = '\0';
    snprintf(section, max, "%s", trim(text + 1));
    return true;
}

static void take_line(char *text, char *section, size_t max, struct config_line *line, config_take *take, void *self,
                      struct str *fault)
{
    line->name = text;
    line->value = "";
    if (*text == '[') {
        if (!begin_section(text, section, max)) str_put(fault, tr(N_("a section is a name between [ and ]")));
        if (fault->used > 0) return;
        line->name = "";
    } else {
        size_t length = strcspn(text, " \t");
        if (text[length] != '\0') line->value = trim(text + length);
        text[length] = '\0';
    }
    take(self, line, fault);
}

/* The next line, without its end; false when there is none. *whole: it fitted. A NUL, at which C would end it, becomes
 * another character that no line may have. */
static bool read_line(FILE *file, char bytes[CONFIG_LINE_BYTES], bool *whole)
{
    size_t used = 0;
    int next = fgetc(file);
    if (next == EOF) return false;
    *whole = true;
    for (; next != '\n' && next != EOF; next = fgetc(file)) {
        *whole = *whole && used < CONFIG_LINE_BYTES - 1;
        if (*whole) bytes[used++] = (char)(next != '\0' ? next : 1);
    }
    bytes[used] = '\0';
    return true;
}

void config_read(const char *path, config_take *take, config_wrong *wrong, void *self)
{
    char bytes[CONFIG_LINE_BYTES], section[80] = "";
    struct config_line line = {.file = path, .section = section};
    FILE *file = fopen(path, "re");
    bool whole;
    if (file == NULL) return;
    while (read_line(file, bytes, &whole)) {
        char words[400] = "";
        struct str fault = str_in(words, sizeof words);
        line.number++;
        line.name = line.value = "";
        for (char *at = bytes; (at = strchr(at, '\t')) != NULL;)
            *at = ' ';
        char *text = trim(bytes);
        if (!whole)
            str_put(&fault, tr(N_("the line is too long")));
        else if (text_offence(text_of(text), false) != 0)
            str_put(&fault, tr(N_("the line is not readable text in UTF-8")));
        else if (*text != '\0' && *text != '#')
            take_line(text, section, sizeof section, &line, take, self, &fault);
        if (fault.used > 0) wrong(self, &line, words);
    }
    fclose(file);
}
