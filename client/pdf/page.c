/* page.c - see page.h. */
#include "client/pdf/page.h"

#include <glib.h>
#include <stddef.h>
#include <string.h>

static const struct word {
    const char *word;
    size_t at; /* of its text in struct page */
} words[] = {
    {"mark", offsetof(struct page, mark)},       {"flag", offsetof(struct page, flag)},
    {"number", offsetof(struct page, number)},   {"title", offsetof(struct page, title)},
    {"title2", offsetof(struct page, title2)},
    {"to", offsetof(struct page, to)},           {"sign", offsetof(struct page, sign)},
    {"date", offsetof(struct page, date)},       {"copies", offsetof(struct page, copies)},
    {"printer", offsetof(struct page, printer)}, {"printed", offsetof(struct page, printed)},
    {"proof", offsetof(struct page, proof)},     {"made", offsetof(struct page, made)},
};

static const struct {
    const char *word;
    enum level level;
} levels[] = {{"p", LEVEL_BODY}, {"h1", LEVEL_FIRST}, {"h2", LEVEL_SECOND}};

static bool take_paragraph(struct page *page, const char *word, const char *text)
{
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        if (strcmp(levels[i].word, word) != 0 || page->count == PARAGRAPHS_MAX) continue;
        page->paragraphs[page->count++] = (struct paragraph){.level = levels[i].level, .text = text};
        return true;
    }
    return false;
}

static bool take_line(struct page *page, char *line)
{
    char *text = strchr(line, ' ');
    if (text == NULL || text[1] == '\0') return false;
    *text++ = '\0';
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char **place = (const char **)(void *)((char *)page + words[i].at);
        if (strcmp(words[i].word, line) != 0) continue;
        if (*place != NULL) return false;
        *place = text;
        return true;
    }
    return take_paragraph(page, line, text);
}

bool page_read(FILE *file, struct page *page, char problem[PROBLEM_BYTES])
{
    static const char first[] = "duban-page 1";
    *page = (struct page){.count = 0};
    size_t count = fread(page->bytes, 1, sizeof page->bytes, file);
    if (ferror(file) || count > PAGE_BYTES_MAX || !g_utf8_validate(page->bytes, (gssize)count, NULL)) {
        snprintf(problem, PROBLEM_BYTES, "not UTF-8, or longer than %d bytes", PAGE_BYTES_MAX);
        return false;
    }
    page->bytes[count] = '\0';
    unsigned number = 1;
    for (char *line = page->bytes; *line != '\0'; number++) {
        char *end = strchr(line, '\n');
        if (end != NULL) *end = '\0';
        if (number == 1 ? strcmp(line, first) != 0 : !take_line(page, line)) {
            snprintf(problem, PROBLEM_BYTES, "line %u: not as in client/pdf/page.h", number);
            return false;
        }
        line = end != NULL ? end + 1 : line + strlen(line);
    }
    if (page->title != NULL) return true;
    snprintf(problem, PROBLEM_BYTES, "no title");
    return false;
}
