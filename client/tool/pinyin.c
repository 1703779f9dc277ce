/* pinyin.c - build tool: from Unihan_Readings.txt (stdin) to the table of pinyin initials (stdout).
 *
 * All readings of kMandarin, kHanyuPinlu, kXHC1983, kTGHZ2013 and kHanyuPinyin count, so that a character with
 * several readings is found by each of them. The one that kMandarin names first is the usual one, and stands
 * for the character where it can't be shown: bits 26 and up, 1 for a. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 0x3400, LAST = 0x9FFF, USUAL_SHIFT = 26 };

static uint32_t initials[LAST - FIRST + 1];

/* The letters that can begin a reading with a tone mark on them. */
static const struct {
    const char *letters;
    char plain;
} marked[] = {{"āáǎà", 'a'}, {"ēéěèêếề", 'e'}, {"ōóǒò", 'o'}, {"ńňǹ", 'n'}, {"ḿ", 'm'}};

static char initial_of(const char *reading)
{
    if (*reading >= 'a' && *reading <= 'z') return *reading;
    for (size_t i = 0; i < sizeof marked / sizeof *marked; i++) {
        for (const char *letter = marked[i].letters; *letter != '\0';) {
            size_t length = (*letter & 0xE0) == 0xC0 ? 2 : 3;
            if (strncmp(reading, letter, length) == 0) return marked[i].plain;
            letter += length;
        }
    }
    return '\0';
}

static void add_usual(uint32_t code, const char *value)
{
    char initial = initial_of(value);
    if (initial != '\0') initials[code - FIRST] |= (uint32_t)(initial - 'a' + 1) << USUAL_SHIFT;
}

/* A value is readings parted by spaces or commas, perhaps behind "123.456,...:". */
static void add_readings(uint32_t code, char *value)
{
    for (char *rest = NULL, *word = strtok_r(value, " \n", &rest); word != NULL; word = strtok_r(NULL, " \n", &rest)) {
        char *colon = strrchr(word, ':');
        for (char *reading = colon != NULL ? colon + 1 : word; reading != NULL;) {
            char initial = initial_of(reading);
            if (initial != '\0') initials[code - FIRST] |= 1u << (initial - 'a');
            reading = strchr(reading, ',');
            if (reading != NULL) reading++;
        }
    }
}

int main(void)
{
    static const char *const fields[] = {"kMandarin", "kHanyuPinlu", "kXHC1983", "kTGHZ2013", "kHanyuPinyin"};
    char line[4096];
    while (fgets(line, sizeof line, stdin) != NULL) {
        char *field = strchr(line, '\t'), *value = field != NULL ? strchr(field + 1, '\t') : NULL;
        unsigned long code = strncmp(line, "U+", 2) == 0 ? strtoul(line + 2, NULL, 16) : 0;
        if (value == NULL || code < FIRST || code > LAST) continue;
        *value++ = '\0';
        if (strcmp(field + 1, "kMandarin") == 0) add_usual((uint32_t)code, value);
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
            if (strcmp(field + 1, fields[i]) == 0) add_readings((uint32_t)code, value);
    }
    for (size_t i = 0; i < sizeof initials / sizeof *initials; i++)
        printf("%#x,%s", initials[i], i % 12 == 11 ? "\n" : "");
    uint32_t y = 'y' - 'a';
    return initials[0x5CB3 - FIRST] !=
           ((y + 1) << USUAL_SHIFT | 1u << y); /* 岳: else the input was not what it should be */
}
