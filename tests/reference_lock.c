/* reference_lock.c - tests/tables.lock: every number ever given out, so that none gets another
 * meaning.
 *
 * A line is "what kind name number", with - for what belongs to no kind; a line of something that
 * is gone begins with "retired" and stays for ever. Stored records, journals and clients in the
 * field know only the numbers. */
#include "tests/reference.h"

#include "proto/number.h"
#include "proto/space.h"
#include "proto/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_MAX = 48, LOCK_LINES_MAX = 4096, LINE_MAX_BYTES = 256 };

struct line {
    bool retired;
    char what[WORD_MAX], kind[WORD_MAX], name[WORD_MAX];
    unsigned number;
};

struct lines {
    unsigned count;
    struct line at[LOCK_LINES_MAX];
};

static const char lock_head[] =
    "# tables.lock - every number that the tables gave out: what, kind or choice, name, number.\n"
    "# Written by `reference --lock-update`, checked by the tests. What is taken out of the tables "
    "gets\n"
    "# \"retired \" before its line, by hand, and stays: its number and its name are never used "
    "again.\n";

static struct line *add_line(struct lines *lines)
{
    if (lines->count == LOCK_LINES_MAX) die("tables.lock", "too many lines");
    return &lines->at[lines->count++];
}

static void add(struct lines *lines, const char *what, const char *kind, const char *name, unsigned number)
{
    struct line *line = add_line(lines);
    if (strlen(name) >= WORD_MAX || strlen(kind) >= WORD_MAX) die("a name is too long", name);
    *line = (struct line){.number = number};
    memcpy(line->what, what, strlen(what) + 1);
    memcpy(line->kind, kind, strlen(kind) + 1);
    memcpy(line->name, name, strlen(name) + 1);
}

/* ---- what the tables say now ---- */

static void add_kind(struct lines *lines, const struct kind *kind)
{
    const struct field *field;
    for (unsigned i = F_COMMON_COUNT; (field = field_row(kind->wire, i)) != NULL; i++)
        add(lines, "field", kind->name, field->name, field->wire);
    for (const struct state_row *row = NULL; (row = state_next(kind->wire, row)) != NULL;)
        add(lines, "state", kind->name, row->name, row->wire);
    for (const struct action *row = NULL; (row = action_next(kind->wire, row)) != NULL;)
        add(lines, "action", kind->name, row->name, row->wire);
}

static void add_names(struct lines *lines, const char *what, const char *(*name)(int), int from, int to)
{
    for (int i = from; i <= to; i++)
        if (name(i) != NULL) add(lines, what, "-", name(i), (unsigned)i);
}

static void add_tables(struct lines *lines)
{
    const struct field *field;
    for (unsigned i = 0; i < F_COMMON_COUNT && (field = field_row(KIND_registry, i)) != NULL; i++)
        add(lines, "field", "-", field->name, field->wire);
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        add(lines, "kind", "-", kind->name, kind->wire);
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        add_kind(lines, kind);
    for (unsigned i = 1; i < INDEX_LIMIT; i++)
        if (index_row(i) != NULL) add(lines, "index", kind_row(index_row(i)->kind)->name, index_row(i)->name, i);
    for (unsigned i = 0; i < CHOICE_COUNT; i++)
        for (const struct option *row = NULL; (row = option_next(i, row)) != NULL;)
            add(lines, "option", choice_name(i), row->name, row->wire);
    for (const struct relation_row *row = NULL; (row = relation_next(row)) != NULL;)
        add(lines, "relation", "-", row->name, row->wire);
    for (const struct setting_row *row = NULL; (row = setting_next(row)) != NULL;)
        add(lines, "setting", "-", row->name, row->wire);
    for (enum err err = OK; (err = err_next(err)) != OK;)
        add(lines, "error", "-", err_name(err), err);
    add_names(lines, "frame", frame_name, 1, 127);
    add_names(lines, "query", query_name, 1, 127);
    add_names(lines, "op", op_name, 0, 127);
    add_names(lines, "actor", actor_name, 0, 127);
    add_names(lines, "table", table_name, 0, 127);
}

/* ---- lines and files ---- */

static void print_line(FILE *out, const struct line *line)
{
    fprintf(out, "%s%s %s %s %u\n", line->retired ? "retired " : "", line->what, line->kind, line->name, line->number);
}

static bool read_line(const char *text, struct line *line)
{
    static const char mark[] = "retired ";
    char digits[WORD_MAX], rest;
    int64_t number;
    *line = (struct line){.retired = strncmp(text, mark, sizeof mark - 1) == 0};
    if (line->retired) text += sizeof mark - 1;
    int read = sscanf(text, "%47s %47s %47s %47s %c", line->what, line->kind, line->name, digits, &rest);
    if (read != 4 || !number_parse(text_of(digits), 1, &number)) return false;
    if (number < 0 || number > UINT16_MAX) return false;
    line->number = (unsigned)number;
    return true;
}

static void read_lock(const char *path, bool may_lack, struct lines *lines)
{
    char *text = read_whole(path);
    if (text == NULL && may_lack && errno == ENOENT) return;
    if (text == NULL) die(path, strerror(errno));
    char *rest = text;
    for (char *at; (at = strsep(&rest, "\n")) != NULL;) {
        if (*at == '\0' || *at == '#') continue;
        if (!read_line(at, add_line(lines))) die("no line of a lock", at);
    }
    free(text);
}

/* ---- comparing ---- */

static bool same_scope(const struct line *a, const struct line *b)
{
    return strcmp(a->what, b->what) == 0 && strcmp(a->kind, b->kind) == 0;
}

static const struct line *by_number(const struct lines *lines, const struct line *wanted)
{
    for (unsigned i = 0; i < lines->count; i++)
        if (same_scope(&lines->at[i], wanted) && lines->at[i].number == wanted->number) return &lines->at[i];
    return NULL;
}

static const struct line *by_name(const struct lines *lines, const struct line *wanted)
{
    for (unsigned i = 0; i < lines->count; i++)
        if (same_scope(&lines->at[i], wanted) && strcmp(lines->at[i].name, wanted->name) == 0) return &lines->at[i];
    return NULL;
}

static void complain(const struct line *line, const char *what, const struct line *other)
{
    fprintf(stderr, "tables.lock: %s %s %s %u: %s", line->what, line->kind, line->name, line->number, what);
    if (other != NULL) fprintf(stderr, " (%s%s %u)", other->retired ? "retired " : "", other->name, other->number);
    fputc('\n', stderr);
}

/* Faults that no update may paper over. */
static unsigned count_faults(const struct lines *now, const struct lines *lock)
{
    unsigned faults = 0;
    for (unsigned i = 0; i < now->count; i++) {
        const struct line *line = &now->at[i], *number = by_number(lock, line), *name = by_name(lock, line);
        const char *fault = NULL;
        if (by_number(now, line) != line)
            fault = "its number is given out twice";
        else if (number != NULL && number->retired)
            fault = "its number is retired";
        else if (number != NULL && number != name)
            fault = "its number was given to another name";
        else if (name != NULL && name->retired)
            fault = "its name is retired";
        else if (name != NULL && name != number)
            fault = "had another number";
        if (fault != NULL) complain(line, fault, number != NULL ? number : name);
        faults += fault != NULL;
    }
    for (unsigned i = 0; i < lock->count; i++) {
        const struct line *line = &lock->at[i];
        if (line->retired || by_name(now, line) != NULL) continue;
        complain(line, "is gone from the tables: put \"retired \" before its line", NULL);
        faults++;
    }
    return faults;
}

static unsigned count_new(const struct lines *now, const struct lines *lock, bool tell)
{
    unsigned count = 0;
    for (unsigned i = 0; i < now->count; i++) {
        if (by_number(lock, &now->at[i]) != NULL || by_name(lock, &now->at[i]) != NULL) continue;
        if (tell) complain(&now->at[i], "is new: reference --lock-update", NULL);
        count++;
    }
    return count;
}

static struct lines *lines_new(void)
{
    struct lines *lines = calloc(1, sizeof *lines);
    if (lines == NULL) die("memory", "tables.lock");
    return lines;
}

static void print_all(FILE *out, const struct lines *now, const struct lines *lock)
{
    fputs(lock_head, out);
    for (unsigned i = 0; i < now->count; i++)
        print_line(out, &now->at[i]);
    for (unsigned i = 0; lock != NULL && i < lock->count; i++)
        if (lock->at[i].retired) print_line(out, &lock->at[i]);
}

void lock_print(FILE *out)
{
    struct lines *now = lines_new();
    add_tables(now);
    print_all(out, now, NULL);
    free(now);
}

int lock_check(const char *path)
{
    struct lines *now = lines_new(), *lock = lines_new();
    add_tables(now);
    read_lock(path, false, lock);
    unsigned wrong = count_faults(now, lock) + count_new(now, lock, true);
    free(now);
    free(lock);
    return wrong > 0;
}

int lock_update(const char *path)
{
    struct lines *now = lines_new(), *lock = lines_new();
    char *text = NULL;
    size_t size = 0;
    add_tables(now);
    read_lock(path, true, lock);
    unsigned faults = count_faults(now, lock), fresh = count_new(now, lock, false);
    FILE *out = open_memstream(&text, &size);
    if (out != NULL) print_all(out, now, lock);
    if (out == NULL || fclose(out) != 0) die("memory", path);
    bool written = faults == 0 && write_whole(path, text);
    if (written) printf("%s: %u lines added\n", path, fresh);
    free(text);
    free(now);
    free(lock);
    return !written;
}
