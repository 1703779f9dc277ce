/* sheet.c - see sheet.h. */
#include "client/console/sheet.h"

#include "client/term/cells.h"

#include <stdlib.h>

enum err sheet_start(struct sheet *sheet, struct arena *arena, int rows, int columns)
{
    *sheet = (struct sheet){.arena = arena,
                            .rows = rows,
                            .columns = columns,
                            .piece = arena_get(arena, PIECES_MAX * sizeof *sheet->piece),
                            .spot = arena_get(arena, SPOTS_MAX * sizeof *sheet->spot)};
    return sheet->piece != NULL && sheet->spot != NULL ? OK : ERR_MEMORY;
}

static void add_piece(struct sheet *sheet, struct piece piece)
{
    const char *kept = arena_copy(sheet->arena, piece.text.at, piece.text.length);
    if (kept == NULL || sheet->pieces == PIECES_MAX || piece.row < 0) return;
    piece.text.at = kept;
    sheet->piece[sheet->pieces++] = piece;
    if (piece.row >= sheet->height) sheet->height = piece.row + 1;
}

int sheet_put(struct sheet *sheet, struct place place, const char *string)
{
    struct text text = text_of(string), more = text_of(text_more());
    int used, room = sheet->columns - place.column;
    if (place.columns > room) place.columns = room;
    if (place.columns <= 0 || text.length == 0) return 0;
    uint32_t fits = text_fit(text, place.columns, &used);
    if (fits < text.length && place.columns > text_columns(more)) { /* what was cut off is marked */
        char bytes[400];
        struct str str = str_in(bytes, sizeof bytes);
        str_text(&str, (struct text){text.at, text_fit(text, place.columns - text_columns(more), NULL)});
        str_text(&str, more);
        return sheet_put(sheet, place, bytes);
    }
    add_piece(sheet, (struct piece){place.row, place.column, place.style, {text.at, fits}});
    return used;
}

void sheet_put_right(struct sheet *sheet, struct place place, const char *text)
{
    int columns = text_columns(text_of(text));
    if (columns < place.columns) {
        place.column += place.columns - columns;
        place.columns = columns;
    }
    sheet_put(sheet, place, text);
}

void sheet_spot(struct sheet *sheet, int row, int column, const struct target *target)
{
    if (sheet->spots == SPOTS_MAX || column >= sheet->columns) return;
    sheet->spot[sheet->spots++] = (struct spot){row, column, *target};
}

unsigned sheet_move(const struct sheet *sheet, unsigned at, int rows, int columns)
{
    const struct spot *from = &sheet->spot[at];
    unsigned best = at;
    long least = 0;
    for (unsigned i = 0; i < sheet->spots; i++) {
        const struct spot *to = &sheet->spot[i];
        int down = to->row - from->row, right = to->column - from->column;
        bool ahead = rows != 0 ? down * rows > 0 : down == 0 && right * columns > 0;
        long distance = rows != 0 ? labs(down) * 1000 + labs(right) : labs(right);
        if (!ahead || (best != at && distance >= least)) continue;
        best = i;
        least = distance;
    }
    return best;
}

static int by_column(const void *left, const void *right)
{
    const struct piece *const *a = left, *const *b = right;
    return ((*a)->column > (*b)->column) - ((*a)->column < (*b)->column);
}

void sheet_row(const struct sheet *sheet, int row, struct str *out)
{
    const struct piece *found[400] = {NULL};
    unsigned count = 0;
    int used = 0;
    for (unsigned i = 0; i < sheet->pieces && count < 400; i++)
        if (sheet->piece[i].row == row) found[count++] = &sheet->piece[i];
    qsort(found, count, sizeof found[0], by_column);
    for (unsigned i = 0; i < count; i++) {
        for (; used < found[i]->column; used++)
            str_put(out, " ");
        str_text(out, found[i]->text);
        used = found[i]->column + text_columns(found[i]->text);
    }
}
