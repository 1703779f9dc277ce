/* grid.c - see grid.h. */
#include "client/cli/grid.h"

#include "client/cli/out.h"

#include "proto/show.h"

#include <assert.h>
#include <string.h>

struct grid_row {
    struct grid_row *next;
    struct grid_subject subject;
    struct grid_cell {
        struct text shown;
        struct book_cell typed;
    } cells[GRID_COLUMNS_MAX];
};

void grid_start(struct grid *grid, struct arena *arena)
{
    *grid = (struct grid){.arena = arena};
}

void grid_column(struct grid *grid, const char *label, bool right)
{
    assert(grid->count < GRID_COLUMNS_MAX && grid->first == NULL);
    grid->columns[grid->count].label = label;
    grid->columns[grid->count].right = right;
    grid->columns[grid->count].said = false;
    grid->columns[grid->count++].width = out_width(text_of(label));
}

void grid_says_label(struct grid *grid)
{
    grid->columns[grid->count - 1].said = true;
}

static bool add_row(struct grid *grid)
{
    size_t bytes = offsetof(struct grid_row, cells) + grid->count * sizeof(struct grid_cell);
    struct grid_row *row = arena_get(grid->arena, bytes);
    if (row == NULL) return false;
    if (grid->last == NULL)
        grid->first = row;
    else
        grid->last->next = row;
    row->next = NULL;
    row->subject = (struct grid_subject){.kind = 0};
    grid->last = row;
    grid->cells = 0;
    return true;
}

static struct text keep(struct grid *grid, struct text text)
{
    const char *kept = arena_copy(grid->arena, text.at, text.length);
    return (struct text){kept != NULL ? kept : "", kept != NULL ? text.length : 0};
}

void grid_typed(struct grid *grid, struct text shown, struct book_cell cell)
{
    if ((grid->last == NULL || grid->cells == grid->count) && !add_row(grid)) return;
    char *line = arena_copy(grid->arena, shown.at, shown.length);
    struct grid_cell *into = &grid->last->cells[grid->cells];
    into->shown = (struct text){line != NULL ? line : "", line != NULL ? shown.length : 0};
    for (uint32_t i = 0; i < into->shown.length; i++)
        if (line[i] == '\n') line[i] = ' ';
    into->typed = cell;
    if (cell.type == CELL_TEXT) into->typed.text = keep(grid, cell.text);
    unsigned width = out_width(into->shown);
    if (width > grid->columns[grid->cells].width) grid->columns[grid->cells].width = width;
    grid->cells++;
}

void grid_cell(struct grid *grid, struct text text)
{
    grid_typed(grid, text, book_text(text));
}

void grid_put(struct grid *grid, const char *text)
{
    grid_cell(grid, text_of(text));
}

void grid_int(struct grid *grid, int64_t number)
{
    char text[32];
    struct str str = str_in(text, sizeof text);
    str_number(&str, number);
    grid_typed(grid, text_of(text), book_number(CELL_INT, number));
}

/* The spaces before a cell are written only when something follows. */
static void print_line(const struct grid *grid, const struct text *cells, FILE *file)
{
    unsigned owed = 0;
    for (unsigned i = 0; i < grid->count; i++) {
        unsigned width = out_width(cells[i]), room = grid->columns[i].width - width;
        if (grid->columns[i].right) owed += room;
        if (width > 0) {
            out_spaces(file, owed);
            out_text(file, cells[i]);
            owed = 0;
        }
        if (!grid->columns[i].right) owed += room;
        owed += 2;
    }
    putc('\n', file);
}

void grid_print(const struct grid *grid, FILE *file)
{
    struct text labels[GRID_COLUMNS_MAX];
    for (unsigned i = 0; i < grid->count; i++)
        labels[i] = text_of(grid->columns[i].label);
    print_line(grid, labels, file);
    for (const struct grid_row *row = grid->first; row != NULL; row = row->next) {
        struct text shown[GRID_COLUMNS_MAX];
        for (unsigned i = 0; i < grid->count; i++)
            shown[i] = row->cells[i].shown;
        print_line(grid, shown, file);
    }
}

/* ---- lines ---- */

void grid_about(struct grid *grid, struct grid_subject subject)
{
    if (grid->last != NULL) grid->last->subject = subject;
}

static const struct grid_row *row_at(const struct grid *grid, unsigned at)
{
    const struct grid_row *row = grid->first;
    while (row != NULL && at-- > 0)
        row = row->next;
    return row;
}

const struct grid_subject *grid_subject(const struct grid *grid, unsigned row)
{
    const struct grid_row *found = row_at(grid, row);
    return found != NULL ? &found->subject : NULL;
}

unsigned grid_rows(const struct grid *grid)
{
    unsigned count = 0;
    for (const struct grid_row *row = grid->first; row != NULL; row = row->next)
        count++;
    return count;
}

/* A number alone says nothing without its column's name; words speak for themselves. */
void grid_lines(const struct grid *grid, unsigned first, unsigned count, FILE *file)
{
    const struct grid_row *row = row_at(grid, first);
    for (unsigned i = 0; i < count && row != NULL; i++, row = row->next) {
        out_printf(file, "%u.", first + i + 1);
        bool begun = false;
        for (unsigned j = 0; j < grid->count; j++) {
            const struct grid_cell *cell = &row->cells[j];
            if (cell->shown.length == 0) continue;
            out_put(file, begun ? tr(N_(", ")) : " ");
            if (grid->columns[j].right || grid->columns[j].said) out_printf(file, "%s ", grid->columns[j].label);
            out_text(file, cell->shown);
            begun = true;
        }
        putc('\n', file);
    }
}

void grid_sheet(const struct grid *grid, struct book *book, const char *name)
{
    book_sheet(book, name);
    for (unsigned i = 0; i < grid->count; i++)
        book_column(book, grid->columns[i].label);
    for (const struct grid_row *row = grid->first; row != NULL; row = row->next)
        for (unsigned i = 0; i < grid->count; i++)
            book_put(book, row->cells[i].typed);
}

/* ---- CSV ---- */

/* Would a spreadsheet compute it? */
static bool is_formula(struct text text)
{
    static const uint32_t marks[] = {'=', '+', '-', '@', '\t', '\r', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20};
    const char *at = text.at;
    uint32_t code;
    if (!utf8_next(&at, text.at + text.length, &code)) return false;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (code == marks[i]) return true;
    return false;
}

/* The next character, a terminal may see it: what would command one is named instead, as out_text does. */
static void csv_character(FILE *file, const char **at, const char *end)
{
    const char *start = *at;
    uint32_t code;
    bool sound = utf8_next(at, end, &code);
    if (!sound) code = (unsigned char)*(*at)++;
    struct text character = {start, (uint32_t)(*at - start)};
    if (!sound || text_offence(character, true) != 0)
        fprintf(file, "<%02X>", code);
    else
        fwrite(start, 1, character.length, file);
}

void csv_cell(FILE *file, bool first, bool is_text, struct text text)
{
    bool quoted = false;
    for (uint32_t i = 0; i < text.length; i++)
        if (strchr("\",\r\n", text.at[i]) != NULL) quoted = true;
    if (!first) putc(',', file);
    if (quoted) putc('"', file);
    if (is_text && is_formula(text)) putc('\'', file);
    for (const char *at = text.at, *end = text.at + text.length; at < end;) {
        if (*at == '"') putc('"', file);
        csv_character(file, &at, end);
    }
    if (quoted) putc('"', file);
}

void csv_int(FILE *file, int64_t number)
{
    char text[32];
    struct str str = str_in(text, sizeof text);
    str_number(&str, number);
    csv_cell(file, false, false, text_of(text));
}

void csv_end(FILE *file)
{
    fputs("\r\n", file);
}

void csv_begin(FILE *file)
{
    fputs("\xEF\xBB\xBF", file);
}
