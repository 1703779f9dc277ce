/* sheet.c - see sheet.h. Lines stand on a grid: each part is broken into lines by Pango, which knows what may begin and
 * end a line, and each line is put on the next row. Measures are in points; those of the standard in millimetres. */
#include "client/pdf/sheet.h"

#include <math.h>
#include <string.h>

#define MM          (72.0 / 25.4)
#define PAPER_WIDE  (210 * MM)
#define PAPER_HIGH  (297 * MM)
#define TOP         (37 * MM)
#define LEFT        (28 * MM)
#define WIDE        (156 * MM)
#define HIGH        (225 * MM)
#define BOTTOM      (TOP + HIGH)
#define RIGHT       (LEFT + WIDE)
#define ROW         (HIGH / ROWS)
#define CELL        (WIDE / COLUMNS)
#define SIZE_3      16.0 /* 三号 */
#define SIZE_2      22.0 /* 二号 */
#define SIZE_4      14.0 /* 四号 */
#define SIZE_PROOF  9.0
#define FLAG_DOWN   (35 * MM) /* from the type area's top to the flag */
#define FLAG_HIGH   (15 * MM) /* at most */
#define RULE_DOWN   (4 * MM)  /* from the number to the red rule */
#define RED_RULE    (0.5 * MM)
#define THICK_RULE  (0.35 * MM)
#define THIN_RULE   (0.25 * MM)
#define NUMBER_DOWN (7 * MM) /* from the type area to the page number's dashes */
#define IMPRINT_ROW 21.0
#define TITLE_ROW   (1.2 * ROW)
#define CENTRE      0.38 /* of the em: from the baseline up to the middle of a character */

enum { ROWS = 22, COLUMNS = 28, ROWS_MAX = 20000, SIGN_ROWS = 3 };

struct row {
    PangoLayoutLine *line; /* NULL: blank */
    double x;
};

struct sheet {
    cairo_t *cr;
    PangoContext *context;
    const struct page *page;
    const struct fonts *fonts;
    unsigned number; /* of the page at hand */
    unsigned count;
    struct row rows[ROWS_MAX];
    unsigned layout_count;
    PangoLayout *layouts[PARAGRAPHS_MAX + 16]; /* they own the rows' lines */
};

/* ---- text ---- */

static PangoLayout *layout_of(struct sheet *sheet, enum font font, double size, const char *text)
{
    PangoLayout *layout = pango_layout_new(sheet->context);
    PangoFontDescription *description = pango_font_description_copy(sheet->fonts->at[font]);
    pango_font_description_set_absolute_size(description, size * PANGO_SCALE);
    pango_layout_set_font_description(layout, description);
    pango_layout_set_text(layout, text, -1);
    pango_font_description_free(description);
    return layout;
}

static double wide(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

static PangoRectangle ink_of(PangoLayout *layout)
{
    PangoRectangle ink;
    pango_layout_line_get_extents(pango_layout_get_line_readonly(layout, 0), &ink, NULL);
    return ink;
}

static void show_at(struct sheet *sheet, PangoLayoutLine *line, double x, double baseline)
{
    cairo_move_to(sheet->cr, x, baseline);
    pango_cairo_show_layout_line(sheet->cr, line);
}

/* Shows a line of text and lets it go; the baseline is such that the characters stand in the middle of the height. */
static void show_text(struct sheet *sheet, PangoLayout *layout, double x, double top, double high, double size)
{
    show_at(sheet, pango_layout_get_line_readonly(layout, 0), x, top + high / 2 + CENTRE * size);
    g_object_unref(layout);
}

static void rule(struct sheet *sheet, double y, double thick)
{
    cairo_rectangle(sheet->cr, LEFT, y, WIDE, thick);
    cairo_fill(sheet->cr);
}

/* ---- rows ---- */

static void add_row(struct sheet *sheet, PangoLayoutLine *line, double x)
{
    if (sheet->count < ROWS_MAX) sheet->rows[sheet->count++] = (struct row){.line = line, .x = x};
}

static void add_lines(struct sheet *sheet, PangoLayout *layout)
{
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    sheet->layouts[sheet->layout_count++] = layout;
    do {
        PangoRectangle logical;
        pango_layout_iter_get_line_extents(iter, NULL, &logical);
        add_row(sheet, pango_layout_iter_get_line_readonly(iter), LEFT + (double)logical.x / PANGO_SCALE);
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
}

/* Twenty-eight characters to the line: 16 points, and a little closer than they are wide. */
static PangoAttrList *grid_attributes(void)
{
    PangoAttrList *list = pango_attr_list_new();
    pango_attr_list_insert(list, pango_attr_letter_spacing_new((int)lround((CELL - SIZE_3) * PANGO_SCALE)));
    return list;
}

static size_t heading_bytes(const struct paragraph *paragraph)
{
    const char *stop = strstr(paragraph->text, "。");
    if (paragraph->level == LEVEL_BODY) return 0;
    return stop != NULL ? (size_t)(stop - paragraph->text) + strlen("。") : strlen(paragraph->text);
}

static void add_paragraph(struct sheet *sheet, const struct paragraph *paragraph, double indent)
{
    PangoLayout *layout = layout_of(sheet, FONT_BODY, SIZE_3, paragraph->text);
    PangoAttrList *list = grid_attributes();
    size_t heading = heading_bytes(paragraph);
    if (heading > 0) {
        enum font font = paragraph->level == LEVEL_FIRST ? FONT_FIRST : FONT_SECOND;
        PangoFontDescription *description = pango_font_description_copy(sheet->fonts->at[font]);
        pango_font_description_set_absolute_size(description, SIZE_3 * PANGO_SCALE);
        PangoAttribute *attribute = pango_attr_font_desc_new(description);
        attribute->end_index = (guint)heading;
        pango_attr_list_insert(list, attribute);
        pango_font_description_free(description);
    }
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
    pango_layout_set_width(layout, (int)lround((WIDE + 0.5) * PANGO_SCALE)); /* the last character's spacing */
    pango_layout_set_indent(layout, (int)lround(indent * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_justify(layout, strchr(paragraph->text, ' ') == NULL); /* a lone blank would take all the room */
    add_lines(sheet, layout);
}

static PangoLayout *grid_line(struct sheet *sheet, const char *text)
{
    PangoLayout *layout = layout_of(sheet, FONT_BODY, SIZE_3, text);
    PangoAttrList *list = grid_attributes();
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
    return layout;
}

/* Two characters free at the right, the date two characters further in than the name; the longer one decides. */
static void add_signature(struct sheet *sheet)
{
    PangoLayout *sign = grid_line(sheet, sheet->page->sign);
    PangoLayout *date = grid_line(sheet, sheet->page->date != NULL ? sheet->page->date : " ");
    double end = RIGHT - 2 * CELL, sign_x = end - wide(sign), date_x = sign_x + 2 * CELL;
    if (date_x + wide(date) > end) {
        date_x = end - wide(date);
        sign_x = fmin(sign_x, date_x - 2 * CELL);
    }
    add_row(sheet, NULL, 0);
    sheet->layouts[sheet->layout_count++] = sign;
    add_row(sheet, pango_layout_get_line_readonly(sign, 0), sign_x);
    sheet->layouts[sheet->layout_count++] = date;
    add_row(sheet, pango_layout_get_line_readonly(date, 0), date_x);
}

static void collect_rows(struct sheet *sheet)
{
    const struct page *page = sheet->page;
    if (page->to != NULL) add_paragraph(sheet, &(struct paragraph){.text = page->to}, 0);
    for (unsigned i = 0; i < page->count; i++)
        add_paragraph(sheet, &page->paragraphs[i], 2 * CELL);
    if (page->sign != NULL) add_signature(sheet);
}

/* ---- the head of the first page ---- */

static double draw_flag(struct sheet *sheet)
{
    PangoLayout *probe = layout_of(sheet, FONT_TITLE, 100, sheet->page->flag);
    PangoRectangle ink = ink_of(probe);
    double size = fmin(100 * WIDE / wide(probe), 100 * FLAG_HIGH * PANGO_SCALE / ink.height);
    g_object_unref(probe);
    PangoLayout *flag = layout_of(sheet, FONT_TITLE, size, sheet->page->flag);
    ink = ink_of(flag);
    show_at(sheet, pango_layout_get_line_readonly(flag, 0), LEFT + (WIDE - wide(flag)) / 2,
            TOP + FLAG_DOWN - (double)ink.y / PANGO_SCALE);
    g_object_unref(flag);
    return TOP + FLAG_DOWN + (double)ink.height / PANGO_SCALE;
}

/* Lines of about the same length, unless the page says where the second begins. */
static PangoLayout *title_layout(struct sheet *sheet)
{
    const struct page *page = sheet->page;
    char *text = g_strdup_printf("%s%s%s", page->title, page->title2 != NULL ? "\n" : "",
                                 page->title2 != NULL ? page->title2 : "");
    PangoLayout *title = layout_of(sheet, FONT_TITLE, SIZE_2, text);
    double natural = wide(title), lines = ceil(natural / WIDE);
    g_free(text);
    pango_layout_set_wrap(title, PANGO_WRAP_WORD_CHAR);
    if (page->title2 != NULL)
        pango_layout_set_width(title, (int)lround(WIDE * PANGO_SCALE));
    else
        pango_layout_set_width(title, (int)lround(fmin(WIDE, natural / lines + 1.2 * SIZE_2) * PANGO_SCALE));
    if (page->title2 == NULL && pango_layout_get_line_count(title) > (int)lines)
        pango_layout_set_width(title, (int)lround(WIDE * PANGO_SCALE));
    return title;
}

static double draw_title(struct sheet *sheet, double y)
{
    PangoLayout *title = title_layout(sheet);
    for (int i = 0; i < pango_layout_get_line_count(title); i++) {
        PangoLayoutLine *line = pango_layout_get_line_readonly(title, i);
        PangoRectangle logical;
        pango_layout_line_get_extents(line, NULL, &logical);
        show_at(sheet, line, LEFT + (WIDE - (double)logical.width / PANGO_SCALE) / 2,
                y + TITLE_ROW / 2 + CENTRE * SIZE_2);
        y += TITLE_ROW;
    }
    g_object_unref(title);
    return y;
}

/* Returns the first row that is free for the text. */
static unsigned draw_head(struct sheet *sheet)
{
    const struct page *page = sheet->page;
    double y = TOP;
    if (page->mark != NULL) show_text(sheet, layout_of(sheet, FONT_FIRST, SIZE_3, page->mark), LEFT, TOP, ROW, SIZE_3);
    if (page->flag != NULL) {
        cairo_set_source_rgb(sheet->cr, 0.9, 0, 0);
        y = draw_flag(sheet) + 2 * ROW; /* two lines free */
        PangoLayout *number = grid_line(sheet, page->number != NULL ? page->number : " ");
        cairo_set_source_rgb(sheet->cr, 0, 0, 0);
        show_text(sheet, number, LEFT + (WIDE - wide(number)) / 2, y, SIZE_3, SIZE_3);
        cairo_set_source_rgb(sheet->cr, 0.9, 0, 0);
        y += SIZE_3 + RULE_DOWN;
        rule(sheet, y, RED_RULE);
        cairo_set_source_rgb(sheet->cr, 0, 0, 0);
        y += 2 * ROW;
    }
    y = draw_title(sheet, y) + ROW; /* one line free */
    return (unsigned)ceil((y - TOP) / ROW - 0.05);
}

/* ---- the imprint, 版记 ---- */

/* Copies may take several lines; they hang behind the word. */
static PangoLayout *copies_layout(struct sheet *sheet)
{
    char *text = g_strdup_printf("抄送：%s。", sheet->page->copies);
    PangoLayout *layout = layout_of(sheet, FONT_BODY, SIZE_4, text);
    pango_layout_set_width(layout, (int)lround((WIDE - 2 * SIZE_4) * PANGO_SCALE));
    pango_layout_set_indent(layout, (int)lround(-3 * SIZE_4 * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    g_free(text);
    return layout;
}

static unsigned copies_rows(struct sheet *sheet)
{
    if (sheet->page->copies == NULL) return 0;
    PangoLayout *layout = copies_layout(sheet);
    int rows = pango_layout_get_line_count(layout);
    g_object_unref(layout);
    return (unsigned)rows;
}

static double imprint_high(struct sheet *sheet)
{
    const struct page *page = sheet->page;
    return IMPRINT_ROW * (copies_rows(sheet) + (page->proof != NULL) + (page->printer != NULL));
}

static double draw_copies(struct sheet *sheet, double y)
{
    PangoLayout *layout = copies_layout(sheet);
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    do {
        PangoRectangle logical;
        pango_layout_iter_get_line_extents(iter, NULL, &logical);
        show_at(sheet, pango_layout_iter_get_line_readonly(iter), LEFT + SIZE_4 + (double)logical.x / PANGO_SCALE,
                y + IMPRINT_ROW / 2 + CENTRE * SIZE_4);
        y += IMPRINT_ROW;
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
    g_object_unref(layout);
    rule(sheet, y, THIN_RULE);
    return y;
}

/* Its last rule is the lower edge of the type area. */
static void draw_imprint(struct sheet *sheet)
{
    const struct page *page = sheet->page;
    double y = BOTTOM - imprint_high(sheet);
    if (y >= BOTTOM) return;
    rule(sheet, y, THICK_RULE);
    if (page->copies != NULL) y = draw_copies(sheet, y);
    if (page->proof != NULL) {
        char *text = g_strdup_printf("登记日志首部 %s", page->proof);
        show_text(sheet, layout_of(sheet, FONT_BODY, SIZE_PROOF, text), LEFT + SIZE_4, y, IMPRINT_ROW, SIZE_PROOF);
        g_free(text);
        y += IMPRINT_ROW;
        if (page->printer != NULL) rule(sheet, y, THIN_RULE);
    }
    if (page->printer != NULL) {
        char *text = page->printed != NULL ? g_strdup_printf("%s印发", page->printed) : g_strdup(" ");
        PangoLayout *printed = layout_of(sheet, FONT_BODY, SIZE_4, text);
        show_text(sheet, layout_of(sheet, FONT_BODY, SIZE_4, page->printer), LEFT + SIZE_4, y, IMPRINT_ROW, SIZE_4);
        show_text(sheet, printed, RIGHT - SIZE_4 - wide(printed), y, IMPRINT_ROW, SIZE_4);
        g_free(text);
    }
    rule(sheet, BOTTOM - THICK_RULE, THICK_RULE);
}

/* ---- pages ---- */

/* Odd pages have it at the right, even ones at the left, one character in. */
static void draw_number(struct sheet *sheet)
{
    char *text = g_strdup_printf("— %u —", sheet->number);
    PangoLayout *layout = layout_of(sheet, FONT_NUMBER, SIZE_4, text);
    PangoLayout *dash = layout_of(sheet, FONT_NUMBER, SIZE_4, "—");
    double x = sheet->number % 2 == 1 ? RIGHT - SIZE_4 - wide(layout) : LEFT + SIZE_4;
    show_at(sheet, pango_layout_get_line_readonly(layout, 0), x,
            BOTTOM + NUMBER_DOWN - (double)ink_of(dash).y / PANGO_SCALE);
    g_object_unref(dash);
    g_object_unref(layout);
    g_free(text);
}

static void end_page(struct sheet *sheet)
{
    draw_number(sheet);
    cairo_show_page(sheet->cr);
    sheet->number++;
}

/* How many rows from `from` go on a page with so much room: the name and date do not stand there alone. */
static unsigned rows_here(const struct sheet *sheet, unsigned from, unsigned room)
{
    unsigned left = sheet->count - from, sign = sheet->page->sign != NULL ? SIGN_ROWS : 0;
    if (left <= room) return left;
    return left - room <= sign && left > sign + 1 ? left - sign - 1 : room;
}

static void draw_rows(struct sheet *sheet, unsigned first_row)
{
    unsigned from = 0, row = first_row;
    for (;;) {
        unsigned count = rows_here(sheet, from, row < ROWS ? ROWS - row : 0);
        for (unsigned i = 0; i < count; i++, row++) {
            const struct row *at = &sheet->rows[from + i];
            if (at->line != NULL) show_at(sheet, at->line, at->x, TOP + (row + 0.5) * ROW + CENTRE * SIZE_3);
        }
        from += count;
        if (from == sheet->count) break;
        end_page(sheet);
        row = 0;
    }
    if (TOP + (row + 0.5) * ROW > BOTTOM - imprint_high(sheet)) end_page(sheet);
    draw_imprint(sheet);
    end_page(sheet);
}

static PangoContext *make_context(PangoFontMap *map)
{
    PangoContext *context = pango_font_map_create_context(map);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    pango_cairo_context_set_resolution(context, 72);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_language(context, pango_language_from_string("zh-cn"));
    cairo_font_options_destroy(options);
    return context;
}

unsigned sheet_draw(cairo_surface_t *surface, const struct page *page, const struct fonts *fonts, PangoFontMap *map)
{
    static struct sheet sheet;
    sheet = (struct sheet){.cr = cairo_create(surface), .context = make_context(map), .page = page, .fonts = fonts};
    sheet.number = 1;
    collect_rows(&sheet);
    draw_rows(&sheet, draw_head(&sheet));
    for (unsigned i = 0; i < sheet.layout_count; i++)
        g_object_unref(sheet.layouts[i]);
    g_object_unref(sheet.context);
    cairo_destroy(sheet.cr);
    return sheet.number - 1;
}
