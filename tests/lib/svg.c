/* svg.c - see svg.h. */
#include "tests/lib/svg.h"

#include "proto/text.h"

#include <string.h>

enum { ROWS = 24, COLUMNS = 80, WIDE = 8, HIGH = 20, EDGE = 10, BASE = 15 };

/* ANSI colours on a light ground. */
static const char *const colours[] = {"#222222", "#b3261e", "#1b7f3b", "#8a6100",
                                      "#1f4e9e", "#8b2f8f", "#0b7285", "#555555"};

struct run {
    struct pty_cell look;
    unsigned row, column, columns;
    struct str *out;
    char text[COLUMNS * 32];
    unsigned used;
};

static bool same_look(const struct pty_cell *a, const struct pty_cell *b)
{
    return a->bold == b->bold && a->reverse == b->reverse && a->underline == b->underline && a->colour == b->colour;
}

static void put_escaped(struct str *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '&')
            str_put(out, "&amp;");
        else if (*text == '<')
            str_put(out, "&lt;");
        else
            str_printf(out, "%c", *text);
    }
}

static const char *fill_of(const struct pty_cell *look)
{
    return look->reverse ? "#ffffff" : look->colour >= 0 ? colours[look->colour % 8] : "#222222";
}

static void put_look(const struct run *run)
{
    const struct pty_cell *look = &run->look;
    if (look->bold) str_put(run->out, " font-weight=\"bold\"");
    if (look->underline) str_put(run->out, " text-decoration=\"underline\"");
    if (look->reverse || look->colour >= 0) str_printf(run->out, " fill=\"%s\"", fill_of(look));
}

/* Blocks (U+2581..U+258F) and lines are drawn: fonts disagree about their width. Returns how many cells are one
 * figure from here on; 0: it is no such character. */
static unsigned put_block(struct pty *pty, const struct pty_cell *cell, unsigned row, unsigned column, struct str *out)
{
    const char *at = cell->text;
    uint32_t code;
    struct pty_cell next;
    unsigned cells = 1, x = EDGE + column * WIDE, y = EDGE + row * HIGH, wide = WIDE, high = HIGH;
    if (!utf8_next(&at, cell->text + strlen(cell->text), &code)) return 0;
    if (code >= 0x2581 && code <= 0x2588) {
        high = HIGH * (code - 0x2580) / 8;
        y += HIGH - high;
    } else if (code >= 0x2589 && code <= 0x258F) {
        wide = WIDE * (0x2590 - code) / 8;
    } else if (code == 0x2500) {
        y += HIGH / 2;
        high = 1;
    } else
        return 0;
    while (wide % WIDE == 0 && column + cells < COLUMNS && (pty_cell(pty, row, column + cells, &next), true) &&
           strcmp(next.text, cell->text) == 0 && same_look(&next, cell))
        wide = WIDE * ++cells;
    str_printf(out, "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" fill=\"%s\"/>\n", x, y, wide, high,
               fill_of(cell));
    return cells;
}

/* Characters of one look and one width. Blanks are not drawn, but where they are on a dark ground. */
static void end_run(struct run *run)
{
    unsigned x = EDGE + run->column * WIDE, y = EDGE + run->row * HIGH;
    bool blank = run->text[strspn(run->text, " ")] == '\0';
    if (run->used > 0 && run->look.reverse)
        str_printf(run->out, "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%d\" fill=\"#333333\"/>\n", x, y,
                   run->columns * WIDE, HIGH);
    if (run->used > 0 && !blank) {
        str_printf(run->out, "<text y=\"%u\" x=\"%u", y + BASE, x);
        if (run->look.columns == 2)
            for (unsigned i = 2; i < run->columns; i += 2)
                str_printf(run->out, " %u", x + i * WIDE);
        else
            str_printf(run->out, "\" textLength=\"%u\" lengthAdjust=\"spacingAndGlyphs", run->columns * WIDE);
        str_put(run->out, "\"");
        put_look(run);
        str_put(run->out, ">");
        put_escaped(run->out, run->text);
        str_put(run->out, "</text>\n");
    }
    run->used = run->columns = 0;
    run->text[0] = '\0';
}

/* Two blanks end a run: what stands after them is another column. */
static void put_row(struct pty *pty, unsigned row, struct str *out)
{
    struct run run = {.row = row, .out = out};
    for (unsigned column = 0; column < COLUMNS; column++) {
        struct pty_cell cell;
        pty_cell(pty, row, column, &cell);
        if (cell.columns == 0) continue;
        if (cell.text[0] == '\0') strcpy(cell.text, " ");
        bool goes_on = run.used > 0 && same_look(&run.look, &cell) && run.look.columns == cell.columns;
        unsigned drawn = put_block(pty, &cell, row, column, out);
        if (drawn > 0) {
            end_run(&run);
            column += drawn - 1;
            continue;
        }
        if (!goes_on || (strcmp(cell.text, " ") == 0 && !cell.reverse)) end_run(&run);
        if (strcmp(cell.text, " ") == 0 && !cell.reverse) continue;
        if (run.used == 0) {
            run.look = cell;
            run.column = column;
        }
        size_t length = strlen(cell.text);
        memcpy(run.text + run.used, cell.text, length + 1);
        run.used += (unsigned)length;
        run.columns += cell.columns;
    }
    end_run(&run);
}

bool svg_of(struct pty *pty, char *svg, size_t max)
{
    struct str out = str_in(svg, max);
    unsigned width = 2 * EDGE + COLUMNS * WIDE, height = 2 * EDGE + ROWS * HIGH;
    str_printf(&out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %u %u\" width=\"%u\" height=\"%u\" "
               "font-family=\"'Noto Sans Mono CJK SC','Source Han Mono SC','Sarasa Mono SC','DejaVu Sans Mono',"
               "Menlo,Consolas,'WenQuanYi Zen Hei Mono',monospace\" font-size=\"16\" fill=\"#222222\">\n"
               "<rect width=\"%u\" height=\"%u\" rx=\"6\" fill=\"#fbfaf6\" stroke=\"#c8c4b8\"/>\n",
               width, height, width, height, width, height);
    for (unsigned row = 0; row < ROWS; row++)
        put_row(pty, row, &out);
    str_put(&out, "</svg>\n");
    return out.used + 1 < max;
}
