/* xlsx.c - see xlsx.h: which parts of the package are the sheet, and what they need. */
#include "proto/xlsx.h"

#include "proto/kinds.h"
#include "proto/xlsx_rows.h"

#include <stdlib.h>
#include <string.h>

enum { PART_NAME_MAX = 300, ID_MAX = 64 };

static bool begins(struct text bytes, const char *magic, uint32_t length)
{
    return bytes.length >= length && memcmp(bytes.at, magic, length) == 0;
}

static bool is_old(struct text bytes)
{
    return begins(bytes, "\xD0\xCF\x11\xE0", 4);
}

bool xlsx_is(struct text bytes)
{
    return begins(bytes, "PK\x03\x04", 4) || is_old(bytes);
}

/* ---- relations: from an id, or a type, to a part ---- */

struct relating {
    const char *base; /* the folder of the part whose relations these are, "" or "xl/" */
    const char *id;   /* the one that is wanted, or NULL: */
    const char *type; /* the end of the wanted type */
    char part[PART_NAME_MAX];
};

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static void on_relation(void *self, const char *name, const char **attributes)
{
    struct relating *job = self;
    const char *id = attribute(attributes, "Id"), *type = attribute(attributes, "Type");
    const char *target = attribute(attributes, "Target");
    if (strcmp(name, "Relationship") != 0 || id == NULL || type == NULL || target == NULL || job->part[0] != '\0')
        return;
    if (job->id != NULL ? strcmp(id, job->id) != 0 : !ends_with(type, job->type)) return;
    struct str str = str_in(job->part, sizeof job->part);
    if (target[0] != '/') str_put(&str, job->base);
    str_put(&str, target[0] == '/' ? target + 1 : target);
}

static void on_nothing(void *self, const char *name)
{
    (void)self, (void)name;
}

/* ERR_NOT_FOUND when there is no such relation. */
static enum err relate(struct package *package, const char *relations, struct relating *job)
{
    static const struct part_reader reader = {.start = on_relation, .end = on_nothing};
    job->part[0] = '\0';
    enum err err = part_read(package, relations, &reader, job);
    return err == OK && job->part[0] == '\0' ? ERR_NOT_FOUND : err;
}

/* ---- the workbook ---- */

struct booking {
    bool from_1904, found;
    unsigned visible;
    char id[ID_MAX], name[PART_NAME_MAX]; /* of the first visible sheet */
};

static void on_book(void *self, const char *name, const char **attributes)
{
    struct booking *book = self;
    if (strcmp(name, "workbookPr") == 0) {
        const char *base = attribute(attributes, "date1904");
        book->from_1904 = base != NULL && (strcmp(base, "1") == 0 || strcmp(base, "true") == 0);
    }
    if (strcmp(name, "sheet") != 0) return;
    const char *state = attribute(attributes, "state"), *id = NULL, *title = attribute(attributes, "name");
    for (const char **at = attributes; at[0] != NULL; at += 2) /* r:id; there is no plain id */
        if (ends_with(at[0], ":id")) id = at[1];
    if (id == NULL || (state != NULL && strcmp(state, "visible") != 0)) return;
    if (book->visible++ > 0) return;
    struct str str = str_in(book->id, sizeof book->id), words = str_in(book->name, sizeof book->name);
    str_put(&str, id);
    str_put(&words, title != NULL ? title : "");
    book->found = !str.cut;
}

/* "xl/workbook.xml" -> "xl/", "xl/_rels/workbook.xml.rels" */
static void relations_of(const char *part, char base[PART_NAME_MAX], char relations[PART_NAME_MAX])
{
    const char *slash = strrchr(part, '/'), *name = slash != NULL ? slash + 1 : part;
    struct str folder = str_in(base, PART_NAME_MAX), file = str_in(relations, PART_NAME_MAX);
    str_text(&folder, (struct text){part, (uint32_t)(name - part)});
    str_printf(&file, "%s_rels/%s.rels", base, name);
}

struct reading {
    struct package *package;
    struct sheet *sheet;
    struct strings strings;
    struct styles styles;
    struct booking book;
    char base[PART_NAME_MAX], relations[PART_NAME_MAX];
};

/* Strings and styles; a workbook need not have them. */
static enum err read_common(struct reading *job)
{
    struct relating strings = {.base = job->base, .type = "/sharedStrings"};
    struct relating styles = {.base = job->base, .type = "/styles"};
    enum err err = relate(job->package, job->relations, &strings);
    if (err == OK) err = strings_read(job->package, strings.part, &job->sheet->arena, &job->strings);
    if (err != OK && err != ERR_NOT_FOUND) return err;
    err = relate(job->package, job->relations, &styles);
    if (err == OK) err = styles_read(job->package, styles.part, &job->styles);
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err read_parts(struct reading *job)
{
    static const struct part_reader book_reader = {.start = on_book, .end = on_nothing};
    struct relating book = {.base = "", .type = "/officeDocument"}, rows;
    enum err err = relate(job->package, "_rels/.rels", &book);
    if (err == OK) err = part_read(job->package, book.part, &book_reader, &job->book);
    if (err == OK && !job->book.found) err = ERR_NOT_FOUND;
    if (err != OK) return err;
    relations_of(book.part, job->base, job->relations);
    rows = (struct relating){.base = job->base, .id = job->book.id};
    err = relate(job->package, job->relations, &rows);
    if (err == OK) err = read_common(job);
    if (err != OK) return err;
    return rows_read(job->package, rows.part, &job->strings, &job->styles, job->book.from_1904, job->sheet);
}

enum err xlsx_read(struct text bytes, struct sheet *sheet, struct refusal *why)
{
    struct refusal own;
    if (why == NULL) why = &own;
    refuse(why, OK);
    if (is_old(bytes)) return refuse(why, ERR_OLD_XLS);
    struct reading *job = calloc(1, sizeof *job);
    if (job == NULL) return refuse(why, ERR_MEMORY);
    job->sheet = sheet;
    job->package = package_open(bytes, why);
    enum err err = job->package != NULL ? read_parts(job) : why->err;
    if (err == ERR_NOT_FOUND) err = refuse_text(why, ERR_NOT_XLSX, N_("it has no sheet that can be seen"));
    if (err != why->err) refuse(why, err);
    if (job->package != NULL) package_close(job->package);
    sheet->workbook = true;
    sheet->others = job->book.visible > 1 ? job->book.visible - 1 : 0;
    const char *name = arena_copy(&sheet->arena, job->book.name, strlen(job->book.name));
    if (name != NULL) sheet->name = text_of(name);
    free(job->strings.at);
    free(job->styles.shapes);
    free(job);
    return err;
}
