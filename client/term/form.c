/* form.c - see form.h. */
#include "client/term/form.h"

#include "client/term/cells.h"
#include "client/term/list.h"

enum { IDLE_LINES = 2, SELECTED_LINES = 8, VALUE_MIN = 10 };

/* Where the parts of the rows stand in the present area. */
struct frame {
    struct form *form;
    struct term *term;
    struct area area;
    int value_at, value_columns; /* without what stands beside */
    int beside_at;
    unsigned beside; /* comparisons that there is room for */
};

void form_init(struct form *form)
{
    *form = (struct form){.count = 0};
    editor_init(&form->editor, false);
}

void form_free(struct form *form)
{
    editor_free(&form->editor);
}

void form_move(struct form *form, int by, form_fill *fill, void *self)
{
    int at = (int)form->at, last = (int)form->count - 1;
    int step = by < 0 ? -1 : 1;
    for (at += by; at >= 0 && at <= last; at += step) {
        struct form_row row = {.label = NULL};
        fill(self, (unsigned)at, &row);
        if (row.head) continue;
        form->at = (unsigned)at;
        return;
    }
    for (at = at < 0 ? 0 : last; at >= 0 && at <= last; at -= step) { /* past the edge: the outermost one */
        struct form_row row = {.label = NULL};
        fill(self, (unsigned)at, &row);
        if (row.head) continue;
        form->at = (unsigned)at;
        return;
    }
}

void form_begin(struct form *form, struct text text, bool note)
{
    editor_free(&form->editor);
    editor_init(&form->editor, note);
    editor_set(&form->editor, text);
    form->editing = true;
}

void form_end(struct form *form)
{
    form->editing = false;
    editor_free(&form->editor);
}

/* ---- drawing ---- */

static int value_columns(const struct frame *frame, const struct form_row *row)
{
    bool compared = false;
    for (unsigned i = 0; i < frame->beside; i++)
        compared = compared || row->beside[i].length > 0;
    int whole = frame->area.column + frame->area.columns - frame->value_at;
    return compared ? frame->beside_at - 1 - frame->value_at : whole;
}

static int row_lines(const struct frame *frame, const struct form_row *row, unsigned index)
{
    const struct form *form = frame->form;
    bool selected = index == form->at;
    int most = selected && form->editing ? frame->area.rows - 1 : selected ? SELECTED_LINES : IDLE_LINES;
    int columns = value_columns(frame, row), lines = 1;
    if (row->head) return 1;
    if (row->note && columns > 1)
        lines =
            selected && form->editing ? (int)editor_rows(&form->editor, columns) : (int)text_lines(row->value, columns);
    if (selected && form->editing && row->note && lines < 3) lines = 3;
    if (lines > most && most > 0) lines = most;
    return lines + (row->message != NULL);
}

static bool seen(const struct frame *frame, int line)
{
    return line >= frame->area.row && line < frame->area.row + frame->area.rows;
}

static void put_words(const struct frame *frame, int line, int column, int columns, enum style style, const char *words)
{
    if (seen(frame, line)) term_put_words(frame->term, (struct place){line, column, columns, style}, text_of(words));
}

static void put(const struct frame *frame, int line, int column, int columns, enum style style, struct text text)
{
    if (seen(frame, line)) term_put_cut(frame->term, (struct place){line, column, columns, style}, text);
}

static void draw_value(const struct frame *frame, const struct form_row *row, int line, int lines)
{
    int columns = value_columns(frame, row);
    struct text rest = row->value;
    if (!row->note) {
        put(frame, line, frame->value_at, columns, row->style, rest);
        return;
    }
    for (int i = 0; i < lines && rest.length > 0; i++) {
        uint32_t next, shown = text_wrap(rest, columns, &next);
        bool last = i == lines - 1 && next < rest.length; /* there is more than is shown */
        put(frame, line + i, frame->value_at, columns, row->style, (struct text){rest.at, last ? rest.length : shown});
        rest.at += next;
        rest.length -= next;
    }
}

static void draw_beside(const struct frame *frame, const struct form_row *row, int line)
{
    for (unsigned i = 0; i < frame->beside; i++) {
        int column = frame->beside_at + (int)i * (BESIDE_COLUMNS + 1);
        if (row->beside[i].length == 0 || !seen(frame, line)) continue;
        term_put_right(frame->term, (struct place){line, column, BESIDE_COLUMNS, STYLE_PLAIN}, row->beside[i]);
    }
}

/* Draws a row that begins at a line of the screen, perhaps above or below what is seen. */
static void draw_row(const struct frame *frame, const struct form_row *row, unsigned index, int line)
{
    struct form *form = frame->form;
    int left = frame->area.column, lines = row_lines(frame, row, index) - (row->message != NULL);
    char mark[2] = {row->mark, '\0'};
    if (row->head) {
        put_words(frame, line, left, frame->area.columns, STYLE_STRONG, row->label);
        return;
    }
    put_words(frame, line, left + MARK_COLUMNS, form->label_columns, STYLE_PLAIN, row->label);
    put(frame, line, left + MARK_COLUMNS + form->label_columns, 1, STYLE_PLAIN, text_of(mark));
    draw_beside(frame, row, line);
    if (row->message != NULL) {
        int at = left + 2 * MARK_COLUMNS;
        put(frame, line + lines, at, 2, STYLE_BAD, text_of("! "));
        put(frame, line + lines, at + 2, left + frame->area.columns - at - 2, STYLE_BAD, text_of(row->message));
    }
    if (index != form->at) {
        draw_value(frame, row, line, lines);
        return;
    }
    put(frame, line, left, 1, STYLE_PLAIN, text_of(">"));
    if (form->editing)
        editor_draw(&form->editor, frame->term, (struct area){line, frame->value_at, lines, value_columns(frame, row)});
    else {
        draw_value(frame, row, line, lines);
        term_cursor(frame->term, line, left);
    }
}

static void draw_heads(const struct frame *frame)
{
    for (unsigned i = 0; i < frame->beside; i++) {
        int column = frame->beside_at + (int)i * (BESIDE_COLUMNS + 1);
        struct text head = text_of(frame->form->heads[i]);
        int spare = BESIDE_COLUMNS - text_columns(head);
        if (spare < 0) spare = 0;
        term_put_words(frame->term,
                       (struct place){frame->area.row, column + spare, BESIDE_COLUMNS - spare, STYLE_STRONG}, head);
    }
}

static void measure_labels(struct frame *frame, form_fill *fill, void *self)
{
    struct form *form = frame->form;
    int most = frame->area.columns / 2, widest = 4;
    if (most > FORM_LABEL_COLUMNS) most = FORM_LABEL_COLUMNS;
    for (unsigned i = 0; i < form->count; i++) {
        struct form_row row = {.label = NULL};
        fill(self, i, &row);
        int columns = row.head || row.label == NULL ? 0 : text_columns(text_of(row.label));
        if (columns > widest) widest = columns;
    }
    form->label_columns = widest < most ? widest : most;
    frame->value_at = frame->area.column + MARK_COLUMNS + form->label_columns + 2;
    frame->beside = form->beside + 1;
    do { /* what is typed comes before what it is compared with */
        frame->beside--;
        frame->beside_at = frame->area.column + frame->area.columns - (int)frame->beside * (BESIDE_COLUMNS + 1);
    } while (frame->beside > 0 && frame->beside_at - 1 - frame->value_at < VALUE_MIN);
}

/* The line at which the selected row begins, and how many it has. */
static int find_selected(const struct frame *frame, form_fill *fill, void *self, int *lines)
{
    int line = 0;
    for (unsigned i = 0; i < frame->form->count; i++) {
        struct form_row row = {.label = NULL};
        fill(self, i, &row);
        *lines = row_lines(frame, &row, i);
        if (i == frame->form->at) return line;
        line += *lines;
    }
    return 0;
}

void form_draw(struct form *form, struct term *term, struct area area, form_fill *fill, void *self)
{
    struct frame frame = {.form = form, .term = term, .area = area};
    int lines = 1;
    if (form->count == 0) return;
    if (form->at >= form->count) form->at = form->count - 1;
    measure_labels(&frame, fill, self);
    if (frame.beside > 0) {
        draw_heads(&frame);
        frame.area.row++;
        frame.area.rows--;
    }
    if (frame.area.rows < 1) return;
    int start = find_selected(&frame, fill, self, &lines);
    if (start + lines > form->top + frame.area.rows) form->top = start + lines - frame.area.rows;
    if (start < form->top || form->at == 0) form->top = form->at == 0 ? 0 : start;
    int line = frame.area.row - form->top;
    for (unsigned i = 0; i < form->count && line < frame.area.row + frame.area.rows; i++) {
        struct form_row row = {.label = NULL};
        fill(self, i, &row);
        int height = row_lines(&frame, &row, i);
        if (line + height > frame.area.row) draw_row(&frame, &row, i, line);
        line += height;
    }
}
