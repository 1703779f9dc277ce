/* book.c - see book.h. */
#include "client/core/book_private.h"

#include "proto/arena.h"
#include "proto/number.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utf8proc.h>

enum { WIDTH_LEAST = 6, WIDTH_MOST = 44, SHEET_NAME_CHARACTERS = 31, VALUE_BYTES = 16 * 1024, PAPER_A4 = 9 };

/* ---- cells ---- */

struct book_cell book_text(struct text text)
{
    return (struct book_cell){.type = text.length > 0 ? CELL_TEXT : CELL_NOTHING, .text = text};
}

struct book_cell book_number(enum cell_type type, int64_t number)
{
    return (struct book_cell){.type = type, .number = number};
}

/* A date may be a month or a year alone: it is shown as what is known of it. */
static struct book_cell date_cell(date_t date)
{
    int year, month, day;
    date_split(date, &year, &month, &day);
    if (month == 0) return book_number(CELL_YEAR, year);
    if (day == 0) return book_number(CELL_MONTH, month_make(year, month).n);
    return book_number(CELL_DAY, day_make(year, month, day).n);
}

static struct book_cell word_cell(const struct show *show, const struct record *record, unsigned position)
{
    char buffer[VALUE_BYTES];
    struct str str = str_in(buffer, sizeof buffer);
    show_value(show, record, position, &str);
    const char *kept = arena_copy(show->arena, buffer, str.used);
    return book_text((struct text){kept != NULL ? kept : "", kept != NULL ? (uint32_t)str.used : 0});
}

struct book_cell book_value(const struct show *show, const struct record *record, unsigned position)
{
    const struct field *field = field_row(record->kind, position);
    int64_t number = rec_num(record, position);
    if (!rec_has(record, position)) return book_number(CELL_NOTHING, 0);
    if (field->list_max > 0 || position == F_STATE) return word_cell(show, record, position);
    switch (field->type) {
    case TYPE_INT: return book_number(CELL_INT, number);
    case TYPE_MONEY: return book_number(field->unit != NULL ? CELL_WAN : CELL_YUAN, number);
    case TYPE_DAY: return book_number(CELL_DAY, number);
    case TYPE_MONTH: return book_number(CELL_MONTH, number);
    case TYPE_DATE: return date_cell((date_t){(int32_t)number});
    case TYPE_STAMP: return book_number(CELL_STAMP, number);
    case TYPE_CHOICE:
    case TYPE_FLAG:
    case TYPE_REF:
    case TYPE_TEXT:
    case TYPE_NOTE:
    case TYPE_BYTES: break;
    }
    return word_cell(show, record, position);
}

void book_label(unsigned kind, unsigned position, struct str *out)
{
    const struct field *field = field_row(kind, position);
    if (field->unit != NULL)
        str_printf(out, tr(N_("%s (%s)")), tr(field->label), tr(field->unit));
    else
        str_put(out, tr(field->label));
}

/* ---- writing ---- */

const char *book_string(struct book *book, struct text text)
{
    struct str str = str_in(book->text, sizeof book->text);
    str_text(&str, text);
    return book->text;
}

unsigned book_width(struct text text)
{
    const char *at = text.at, *end = text.at + text.length;
    unsigned width = 0, widest = 0;
    uint32_t code;
    while (utf8_next(&at, end, &code)) {
        width = code == '\n' ? 0 : width + (unsigned)utf8proc_charwidth((utf8proc_int32_t)code);
        if (width > widest) widest = width;
    }
    return widest;
}

static lxw_datetime datetime_of(stamp_t stamp)
{
    int year, month, day;
    day_t on = stamp_day(stamp);
    int64_t second = stamp.s - day_start(on).s;
    day_split(on, &year, &month, &day);
    return (lxw_datetime){.year = year,
                          .month = month,
                          .day = day,
                          .hour = (int)(second / 3600),
                          .min = (int)(second / 60 % 60),
                          .sec = (double)(second % 60)};
}

static stamp_t moment_of(struct book_cell cell)
{
    if (cell.type == CELL_STAMP) return (stamp_t){cell.number};
    if (cell.type == CELL_YEAR) return day_start(day_make((int)cell.number, 1, 1));
    if (cell.type == CELL_MONTH) return day_start(month_first((month_t){(int32_t)cell.number}));
    return day_start((day_t){(int32_t)cell.number});
}

static double scale_of(enum cell_type type)
{
    return type == CELL_WAN ? FEN_PER_WAN : type == CELL_YUAN ? FEN_PER_YUAN : type == CELL_PERCENT ? 1000 : 1;
}

void book_write(struct book *book, uint32_t row, uint16_t column, struct book_cell cell, lxw_format *format)
{
    lxw_error failed = LXW_NO_ERROR;
    lxw_datetime datetime;
    switch (cell.type) {
    case CELL_NOTHING: failed = worksheet_write_blank(book->sheet, row, column, format); break;
    case CELL_TEXT:
        failed = worksheet_write_string(book->sheet, row, column, book_string(book, cell.text), format);
        break;
    case CELL_INT:
    case CELL_YUAN:
    case CELL_WAN:
    case CELL_PERCENT: /* the nearest double: fifteen digits are exact */
        failed = worksheet_write_number(book->sheet, row, column, (double)cell.number / scale_of(cell.type), format);
        break;
    case CELL_DAY:
    case CELL_MONTH:
    case CELL_YEAR:
    case CELL_STAMP:
        datetime = datetime_of(moment_of(cell));
        failed = worksheet_write_datetime(book->sheet, row, column, &datetime, format);
        break;
    }
    book->failed = book->failed || failed != LXW_NO_ERROR;
}

/* How wide a number is shown, separators and decimals included. */
static unsigned number_width(struct book_cell cell)
{
    static const unsigned dates[CELL_TYPES] = {
        [CELL_DAY] = 10, [CELL_MONTH] = 7, [CELL_YEAR] = 4, [CELL_STAMP] = 16, [CELL_PERCENT] = 7};
    char text[60];
    struct str str = str_in(text, sizeof text);
    if (dates[cell.type] > 0) return dates[cell.type];
    str_scaled(&str, cell.number, (int64_t)scale_of(cell.type), cell.type == CELL_INT ? 0 : 2);
    return (unsigned)(str.used + str.used / 3);
}

/* ---- sheets ---- */

static void make_formats(struct book *book)
{
    static const char *const numbers[CELL_TYPES] = {
        [CELL_INT] = "0",        [CELL_YUAN] = "#,##0.00",         [CELL_WAN] = "#,##0.00",
        [CELL_PERCENT] = "0.0%", [CELL_DAY] = "yyyy-mm-dd",        [CELL_MONTH] = "yyyy-mm",
        [CELL_YEAR] = "yyyy",    [CELL_STAMP] = "yyyy-mm-dd hh:mm"};
    for (unsigned i = 0; i < CELL_TYPES; i++)
        for (unsigned open = 0; open < 2; open++) {
            lxw_format *format = workbook_add_format(book->workbook);
            if (numbers[i] != NULL) format_set_num_format(format, numbers[i]);
            format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
            if (i == CELL_TEXT) format_set_text_wrap(format);
            if (open) format_set_unlocked(format);
            if (open) format_set_border(format, LXW_BORDER_THIN);
            *(open ? &book->open[i] : &book->formats[i]) = format;
        }
    book->head = workbook_add_format(book->workbook);
    format_set_bold(book->head);
    format_set_bg_color(book->head, 0xE7E6E6);
    format_set_border(book->head, LXW_BORDER_THIN);
    format_set_align(book->head, LXW_ALIGN_CENTER);
    format_set_align(book->head, LXW_ALIGN_VERTICAL_CENTER);
    format_set_text_wrap(book->head);
}

struct book *book_open(const char *path, stamp_t created)
{
    struct book *book = calloc(1, sizeof *book);
    if (book == NULL) return NULL;
    struct str str = str_in(book->path, sizeof book->path);
    str_put(&str, path);
    snprintf(book->temporary, sizeof book->temporary, "%s.new", book->path);
    book->failed = str.cut;
    book->workbook = workbook_new(book->temporary);
    if (book->workbook == NULL) {
        free(book);
        return NULL;
    }
    lxw_doc_properties properties = {.created = (time_t)created.s};
    workbook_set_properties(book->workbook, &properties);
    make_formats(book);
    return book;
}

/* Widths, the header that stays, filters, and a page that is as wide as the table: when all of the sheet is there. */
static void end_sheet(struct book *book)
{
    lxw_worksheet *sheet = book->sheet;
    if (sheet == NULL || book->columns == 0) return;
    uint32_t last = book->row > book->top ? book->row : book->top;
    for (uint16_t i = 0; i < book->columns; i++) {
        unsigned wide = book->widths[i] < WIDTH_LEAST  ? WIDTH_LEAST
                        : book->widths[i] > WIDTH_MOST ? WIDTH_MOST
                                                       : book->widths[i];
        lxw_row_col_options options = {.hidden = book->hidden[i]};
        worksheet_set_column_opt(sheet, i, i, wide + 2.5, NULL, &options); /* room for the filter's mark */
    }
    if (!book->form) worksheet_autofilter(sheet, book->top, 0, last, (lxw_col_t)(book->columns - 1));
    worksheet_repeat_rows(sheet, book->top, book->top);
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, PAPER_A4);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_set_footer(sheet, "&C&P / &N");
}

void book_sheet(struct book *book, const char *name)
{
    char clean[SHEET_NAME_CHARACTERS * 4 + 1];
    struct str str = str_in(clean, sizeof clean);
    const char *at = name, *end = name + strlen(name);
    uint32_t code;
    end_sheet(book);
    for (unsigned i = 0; i < SHEET_NAME_CHARACTERS && utf8_next(&at, end, &code); i++) {
        char bytes[4];
        bool bad = code < 128 && strchr("[]:*?/\\'", (int)code) != NULL;
        str_text(&str, bad ? text_of(" ") : (struct text){bytes, (uint32_t)utf8_put(code, bytes)});
    }
    book->sheet = workbook_add_worksheet(book->workbook, clean);
    book->failed = book->failed || book->sheet == NULL;
    book->top = book->row = 0;
    book->columns = book->column = 0;
    book->form = false;
    memset(book->widths, 0, sizeof book->widths);
    memset(book->types, 0, sizeof book->types);
    memset(book->hidden, 0, sizeof book->hidden);
}

static void widen(struct book *book, uint16_t column, unsigned width)
{
    if (width > book->widths[column]) book->widths[column] = width;
}

void book_column(struct book *book, const char *label)
{
    if (book->columns == BOOK_COLUMNS_MAX || book->sheet == NULL) {
        book->failed = true;
        return;
    }
    book_write(book, book->top, book->columns, book_text(text_of(label)), book->head);
    widen(book, book->columns++, book_width(text_of(label)));
    book->column = book->columns; /* the next cell begins a row */
    if (book->columns == 1) worksheet_freeze_panes(book->sheet, book->top + 1, 0);
}

void book_put(struct book *book, struct book_cell cell)
{
    if (book->columns == 0) return;
    if (book->column == book->columns) {
        book->row = book->row < book->top ? book->top + 1 : book->row + 1;
        book->column = 0;
    }
    enum cell_type open = book->types[book->column];
    if (open != CELL_NOTHING)
        book_write(book, book->row, book->column, cell, book->open[open]);
    else if (cell.type != CELL_NOTHING)
        book_write(book, book->row, book->column, cell, book->formats[cell.type]);
    widen(book, book->column++, cell.type == CELL_TEXT ? book_width(cell.text) : number_width(cell));
}

enum err book_close(struct book *book, struct refusal *why)
{
    end_sheet(book);
    bool failed = book->failed;
    errno = 0;
    failed = workbook_close(book->workbook) != LXW_NO_ERROR || failed;
    enum err err = failed || rename(book->temporary, book->path) != 0 ? ERR_IO : OK;
    if (err != OK) {
        char text[REFUSAL_TEXT_MAX];
        struct str str = str_in(text, sizeof text);
        if (errno != 0) str_printf(&str, "%s: ", strerror(errno));
        str_put(&str, book->path);
        refuse_text(why, err, text);
        unlink(book->temporary);
    }
    free(book);
    return err;
}

void book_drop(struct book *book)
{
    workbook_close(book->workbook); /* the library frees nothing otherwise */
    unlink(book->temporary);
    free(book);
}

stamp_t book_created(stamp_t now)
{
    return day_start(stamp_day(now));
}
