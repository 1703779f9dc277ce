/* import.c - see import.h: passes over the rows, rejected rows, counts. */
#include "server/import_row.h"

#include "server/files.h"

#include "proto/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROW_ARENA_BYTES = 4 << 20,
    PASS_ARENA_BYTES = 16 << 20,
    KEPT_ARENA_BYTES = 32 << 20,
    REJECTS_BYTES_MAX = 64 << 20,
};

static const struct import_what *const whats[] = {
    &import_units, &import_plan, &import_projects, &import_targets, &import_operators, &import_calendar, NULL};

static const struct import_what *what_named(const char *name)
{
    for (size_t i = 0; whats[i] != NULL; i++)
        if (strcmp(whats[i]->name, name) == 0) return whats[i];
    return NULL;
}

bool import_known(const char *what)
{
    return what_named(what) != NULL;
}

/* ---- rows that say the same thing twice ---- */

/* The key of the row at hand; false when a part is empty or too long to be one. */
static bool row_key(const struct import *import, struct key *key)
{
    key_clear(key);
    for (unsigned i = 0; i < import->what->keys; i++) {
        char word[KEY_MAX / 4];
        if (!text_narrow(import_cell(import, i), word, sizeof word) || *word == '\0') return false;
        key_bytes(key, word, strlen(word) + 1);
    }
    return key->used > 0;
}

static void find_repeats(struct import *import)
{
    struct memory lines;
    struct key key;
    struct text found;
    memory_init(&lines);
    for (import->row = 0; import->row < import->sheet.row_count; import->row++) {
        unsigned line = import->sheet.rows[import->row].line;
        struct refusal why = {
            .err = ERR_LINE_TWICE, .kind = import->what->columns[0].kind, .field = import->what->columns[0].field};
        if (!row_key(import, &key)) continue;
        if (lines.space.get(&lines, TABLE_META, &key, &found) == OK) {
            memcpy(&line, found.at, sizeof line);
            why.number = line;
            import_fault(import, 0, &why);
        } else if (lines.space.put(&lines, TABLE_META, &key, (struct text){(char *)&line, sizeof line}) != OK)
            break;
    }
    memory_free(&lines);
}

/* ---- passes ---- */

static void clear_pass(struct import *import)
{
    for (unsigned kind = 0; kind < KIND_LIMIT; kind++)
        if (import->marks[kind] != NULL) memset(import->marks[kind], MARK_NONE, import->mark_room[kind]);
    arena_clear(&import->arena);
    import->own = NULL;
    import->note[0] = '\0';
    import->pass_faults = 0;
}

/* Tries every row that was not rejected before, in one transaction that stays open. */
static void run_pass(struct import *import)
{
    struct refusal why;
    clear_pass(import);
    if (console_begin(import->console, &why) != OK) {
        import_stop(import, &why);
        return;
    }
    import->row = 0;
    if (import->what->begin != NULL) import->what->begin(import);
    for (; import->row < import->sheet.row_count && import->stopped == OK; import->row++) {
        if (import->reasons[import->row] == NULL) import_run_row(import);
        if (import->console->broken != OK) {
            refuse(&why, import->console->broken);
            import_stop(import, &why);
        }
    }
    bool whole = import->pass_faults == 0 && (import->faults == 0 || import->options->skip_bad);
    if (whole && import->stopped == OK && import->what->finish != NULL) import->what->finish(import);
}

/* Passes until one has no fault; only that is committed. A row that was accepted may depend on what a
 * rejected one did before its fault, so leaving rows out means beginning anew. */
static enum err run_passes(struct import *import)
{
    struct refusal why;
    const struct import_options *options = import->options;
    for (;;) {
        run_pass(import);
        if (import->stopped != OK || import->pass_faults == 0 || !options->skip_bad) break;
        console_abort(import->console);
    }
    bool good = import->stopped == OK && (import->faults == 0 || options->skip_bad);
    if (!good || options->dry_run)
        console_abort(import->console);
    else if (console_commit(import->console, &why) != OK)
        import_stop(import, &why);
    if (import->stopped != OK) return import->stopped;
    return good ? OK : ERR_NOTHING_TAKEN;
}

/* ---- what is left to be told ---- */

static void put_rejected(const struct import *import, unsigned row, struct pack *out)
{
    struct text cells[SHEET_COLUMNS_MAX + 1];
    const struct sheet_row *header = &import->sheet.header;
    const struct sheet_row *from = row == UINT32_MAX ? header : &import->sheet.rows[row];
    unsigned count = from->count > header->count ? from->count : header->count, used = 0;
    if (count > SHEET_COLUMNS_MAX) count = SHEET_COLUMNS_MAX;
    for (unsigned i = 0; i < count; i++)
        if (i != import->error_column) cells[used++] = i < from->count ? from->cells[i] : (struct text){"", 0};
    cells[used++] = text_of(row == UINT32_MAX ? IMPORT_ERROR_HEADER : import->reasons[row]);
    csv_row_put(out, cells, used);
}

static enum err write_rejects(const struct import *import, const char *path)
{
    struct pack out;
    char directory[4096];
    const char *slash = strrchr(path, '/');
    struct str in = str_in(directory, sizeof directory);
    if (slash == NULL)
        str_put(&in, ".");
    else
        str_text(&in, (struct text){path, (uint32_t)(slash == path ? 1 : slash - path)});
    pack_init(&out, REJECTS_BYTES_MAX);
    pack_raw(&out, csv_mark, sizeof csv_mark);
    put_rejected(import, UINT32_MAX, &out);
    for (unsigned i = 0; i < import->sheet.row_count; i++)
        if (import->reasons[i] != NULL) put_rejected(import, i, &out);
    enum err err = out.failed || in.cut ? ERR_LIMIT : OK;
    if (err == OK) err = file_write(directory, slash == NULL ? path : slash + 1, out.at, out.used, 0600);
    pack_free(&out);
    return err;
}

static void tell_rejects(const struct import *import)
{
    const struct import_options *options = import->options;
    char path[4096];
    struct refusal why;
    if (import->reasons == NULL || import->faults == 0) return;
    if (options->rejects == NULL && (!options->skip_bad || options->dry_run)) return;
    snprintf(path, sizeof path, "%s%s", options->rejects != NULL ? options->rejects : options->file,
             options->rejects != NULL ? "" : ".rejected.csv");
    enum err err = write_rejects(import, path);
    if (err == OK) {
        fprintf(stderr, "%s: %s\n", tr(N_("the rejected rows are in")), path);
        return;
    }
    refuse_text(&why, err, path);
    report_refusal(&why);
}

static void tell_counts(const struct import *import)
{
    if (import->note[0] != '\0') printf("%s\n", import->note);
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        unsigned long counts[MARK_CREATED + 1] = {0};
        for (size_t i = 0; i < import->mark_room[kind->wire]; i++)
            counts[import->marks[kind->wire][i]]++;
        if (counts[MARK_CREATED] + counts[MARK_CHANGED] + counts[MARK_UNCHANGED] == 0) continue;
        printf("%s created=%lu changed=%lu unchanged=%lu\n", kind->name, counts[MARK_CREATED], counts[MARK_CHANGED],
               counts[MARK_UNCHANGED]);
    }
}

static void tell(const struct import *import, enum err err)
{
    struct refusal why = {.err = err, .number = import->faults};
    tell_rejects(import);
    if (err == OK) {
        if (!import->options->quiet) tell_counts(import);
        if (import->options->dry_run) fprintf(stderr, "duband: %s\n", tr(N_("a trial only: nothing was changed")));
    } else if (err == ERR_NOTHING_TAKEN)
        report_refusal(&why);
    else
        fprintf(stderr, "duband: %s\n", tr(N_("nothing was taken over")));
}

/* ---- one file ---- */

static enum err read_file(struct import *import)
{
    struct refusal why = {.err = OK};
    unsigned line;
    char text[400], at[40] = "";
    enum err err = sheet_read(import->options->file, &import->sheet, &line, &why);
    if (err == OK && import->sheet.others > 0 && text_offence(import->sheet.name, false) == 0)
        fprintf(stderr, "%s: %s: %.*s\n", import->options->file, tr(N_("of its sheets only this one is read")),
                (int)import->sheet.name.length, import->sheet.name.at);
    if (err == OK) return OK;
    struct str out = str_in(text, sizeof text);
    show_refusal(&why, &out);
    if (line > 0) snprintf(at, sizeof at, ":%u", line);
    fprintf(stderr, "%s%s: %s\n", import->options->file, at, text);
    import->stopped = err;
    return err;
}

static void release(struct import *import)
{
    for (unsigned kind = 0; kind < KIND_LIMIT; kind++)
        free(import->marks[kind]);
    free(import->reasons);
    sheet_free(&import->sheet);
    arena_clear(&import->kept);
    arena_clear(&import->arena);
    arena_clear(&import->row_arena);
    free(import);
}

enum err import_run(struct console *console, const struct import_options *options)
{
    struct import *import = calloc(1, sizeof *import);
    if (import == NULL) return ERR_MEMORY;
    import->console = console;
    import->options = options;
    import->what = what_named(options->what);
    arena_init(&import->kept, KEPT_ARENA_BYTES);
    arena_init(&import->arena, PASS_ARENA_BYTES);
    arena_init(&import->row_arena, ROW_ARENA_BYTES);
    enum err err = read_file(import);
    if (err == OK) err = import_find_columns(import);
    if (err == OK) {
        import->reasons = calloc(import->sheet.row_count + 1, sizeof *import->reasons);
        err = import->reasons != NULL ? OK : ERR_MEMORY;
    }
    if (err == OK) {
        find_repeats(import);
        err = run_passes(import);
    }
    tell(import, err);
    release(import);
    return err;
}
