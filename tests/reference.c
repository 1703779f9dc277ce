/* reference.c - writes the generated parts of proto/PROTOCOL.md and tests/tables.lock, and checks
 * them.
 *
 *   reference [NAME...]           prints the sections (all of them) with their markers
 *   reference --check FILE...     exits 1 and names each section that differs, is unknown, or
 * stands nowhere reference --update FILE...    replaces what stands between the markers reference
 * --lock              prints every number ever given out, see reference_lock.c reference
 * --lock-check FILE, --lock-update FILE
 *
 * Everything is derived from the tables and made by the code that the programs use; nothing is
 * typed. */
#include "tests/reference.h"

#include "proto/tables.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { LISTS = 4, SECTIONS_MAX = 100 };

static const struct section *const lists[LISTS] = {list_sections, kind_sections, example_sections, vector_sections};

static const char begin_mark[] = "<!-- generated: ", end_mark[] = "<!-- end: ", mark_tail[] = " -->\n";

_Noreturn void die(const char *what, const char *detail)
{
    fprintf(stderr, "reference: %s: %s\n", what, detail);
    exit(2);
}

/* ---- files ---- */

char *read_whole(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    size_t used = 0, room = 1 << 16;
    char *text = malloc(room);
    while (text != NULL) {
        used += fread(text + used, 1, room - used - 1, file);
        if (used < room - 1) break;
        room *= 2;
        char *grown = realloc(text, room);
        if (grown == NULL) free(text);
        text = grown;
    }
    bool failed = ferror(file) != 0;
    fclose(file);
    if (text == NULL || failed) die("reading", path);
    text[used] = '\0';
    return text;
}

bool write_whole(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL) return false;
    bool written = fputs(text, file) >= 0;
    return fclose(file) == 0 && written;
}

/* ---- sections ---- */

static const struct section *section_at(unsigned number)
{
    for (unsigned i = 0; i < LISTS; i++)
        for (const struct section *at = lists[i]; at->name != NULL; at++)
            if (number-- == 0) return at;
    return NULL;
}

static int section_named(const char *name, size_t length)
{
    const struct section *at;
    for (unsigned i = 0; (at = section_at(i)) != NULL; i++)
        if (strlen(at->name) == length && memcmp(at->name, name, length) == 0) return (int)i;
    return -1;
}

static char *section_text(const struct section *section)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL) die("memory", section->name);
    section->write(out);
    if (fclose(out) != 0) die("memory", section->name);
    return text;
}

static void print_section(const struct section *section)
{
    char *text = section_text(section);
    printf("%s%s%s%s%s%s%s\n", begin_mark, section->name, mark_tail, text, end_mark, section->name, mark_tail);
    free(text);
}

static int print_sections(int count, char **names)
{
    const struct section *at;
    for (int i = 0; i < count; i++) {
        int found = section_named(names[i], strlen(names[i]));
        if (found < 0) die("no such section", names[i]);
        print_section(section_at((unsigned)found));
    }
    for (unsigned i = 0; count == 0 && (at = section_at(i)) != NULL; i++)
        print_section(at);
    return 0;
}

/* ---- documents ---- */

/* A generated part of a document: from behind the first marker to before the second one. */
struct part {
    const char *name, *text, *end;
    size_t name_length;
};

/* The next part behind *at, which moves behind it; false when there is none. */
static bool next_part(const char *path, const char **at, struct part *part)
{
    const char *mark = strstr(*at, begin_mark);
    char wanted[120];
    if (mark == NULL) return false;
    part->name = mark + sizeof begin_mark - 1;
    const char *tail = strstr(part->name, mark_tail);
    if (tail == NULL || tail - part->name > 60) die("a marker without end", path);
    part->name_length = (size_t)(tail - part->name);
    part->text = tail + sizeof mark_tail - 1;
    snprintf(wanted, sizeof wanted, "%s%.*s%s", end_mark, (int)part->name_length, part->name, mark_tail);
    part->end = strstr(part->text, wanted);
    if (part->end == NULL) die("no end of section", wanted);
    *at = part->end + strlen(wanted);
    return true;
}

static int check_file(const char *path, bool seen[SECTIONS_MAX])
{
    char *document = read_whole(path);
    struct part part;
    int wrong = 0;
    if (document == NULL) die(path, strerror(errno));
    for (const char *at = document; next_part(path, &at, &part);) {
        int found = section_named(part.name, part.name_length);
        char *text = found >= 0 ? section_text(section_at((unsigned)found)) : NULL;
        size_t length = (size_t)(part.end - part.text);
        bool same = text != NULL && strlen(text) == length && memcmp(text, part.text, length) == 0;
        if (!same)
            fprintf(stderr, "%s: section %.*s %s\n", path, (int)part.name_length, part.name,
                    text != NULL ? "differs from the tables (reference --update)" : "is not known");
        if (found >= 0) seen[found] = true;
        wrong += !same;
        free(text);
    }
    free(document);
    return wrong;
}

static int check_files(int count, char **paths)
{
    bool seen[SECTIONS_MAX] = {false};
    const struct section *at;
    int wrong = 0;
    for (int i = 0; i < count; i++)
        wrong += check_file(paths[i], seen);
    for (unsigned i = 0; (at = section_at(i)) != NULL; i++) {
        if (seen[i]) continue;
        fprintf(stderr, "reference: section %s stands in no file\n", at->name);
        wrong++;
    }
    return wrong > 0;
}

static int update_file(const char *path)
{
    char *document = read_whole(path), *updated = NULL;
    const char *at = document, *copied = document;
    size_t size = 0;
    struct part part;
    if (document == NULL) die(path, strerror(errno));
    FILE *out = open_memstream(&updated, &size);
    if (out == NULL) die("memory", path);
    while (next_part(path, &at, &part)) {
        int found = section_named(part.name, part.name_length);
        if (found < 0) die("no such section", part.name);
        char *text = section_text(section_at((unsigned)found));
        fwrite(copied, 1, (size_t)(part.text - copied), out);
        fputs(text, out);
        copied = part.end;
        free(text);
    }
    fputs(copied, out);
    if (fclose(out) != 0) die("memory", path);
    bool written = strcmp(updated, document) == 0 || write_whole(path, updated);
    if (!written) fprintf(stderr, "%s: %s\n", path, strerror(errno));
    free(updated);
    free(document);
    return !written;
}

static int update_files(int count, char **paths)
{
    int wrong = 0;
    for (int i = 0; i < count; i++)
        wrong += update_file(paths[i]);
    return wrong > 0;
}

/* ---- the command line ---- */

int main(int argc, char **argv)
{
    const char *fault = tables_fault(), *what = argc > 1 ? argv[1] : "";
    if (sodium_init() < 0) die("sodium", "can't be started");
    if (fault != NULL) die("the tables", fault);
    if (strcmp(what, "--check") == 0 && argc > 2) return check_files(argc - 2, argv + 2);
    if (strcmp(what, "--update") == 0 && argc > 2) return update_files(argc - 2, argv + 2);
    if (strcmp(what, "--lock-check") == 0 && argc == 3) return lock_check(argv[2]);
    if (strcmp(what, "--lock-update") == 0 && argc == 3) return lock_update(argv[2]);
    if (strcmp(what, "--lock") == 0 && argc == 2) return lock_print(stdout), 0;
    if (*what != '-') return print_sections(argc - 1, argv + 1);
    fprintf(stderr, "usage: reference [NAME...] | --check FILE... | --update FILE... | --lock | "
                    "--lock-check FILE | --lock-update FILE\n");
    return 2;
}
