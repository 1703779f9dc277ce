/* book_form.c - see book_form.h. */
#include "client/core/book_form.h"

#include "client/core/book_private.h"

#include "proto/number.h"

enum { TITLE_ROW, HINT_ROW, NAMES_ROW, HEAD_ROW, OPEN_WIDTH = 12, OPEN_TEXT_WIDTH = 30, MESSAGE_BYTES = 400 };

/* Spans all columns that can be seen. */
static void put_line(struct book *book, const struct form_sheet *form, uint32_t row, const char *text, double size)
{
    lxw_format *format = workbook_add_format(book->workbook);
    uint16_t last = 0;
    for (uint16_t i = 0; i < form->column_count; i++)
        if (!form->columns[i].hidden) last = i;
    if (size > 12) format_set_bold(format);
    format_set_font_size(format, size);
    format_set_align(format, row == TITLE_ROW ? LXW_ALIGN_CENTER : LXW_ALIGN_LEFT);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    format_set_text_wrap(format);
    worksheet_merge_range(book->sheet, row, 0, row, last, text, format);
}

void book_form(struct book *book, const struct form_sheet *form)
{
    lxw_row_col_options hidden = {.hidden = LXW_TRUE};
    lxw_protection protection = {.format_columns = LXW_TRUE, .format_rows = LXW_TRUE};
    book_sheet(book, form->name);
    if (book->sheet == NULL) return;
    book->form = true;
    book->top = book->row = HEAD_ROW;
    for (unsigned i = 0; i < form->column_count; i++) {
        const struct form_column *column = &form->columns[i];
        book_column(book, column->label);
        book_write(book, NAMES_ROW, (uint16_t)i, book_text(text_of(column->name)), NULL);
        if (column->help != NULL) worksheet_write_comment(book->sheet, HEAD_ROW, (uint16_t)i, column->help);
        unsigned width = !column->open ? 0 : column->type == CELL_TEXT ? OPEN_TEXT_WIDTH : OPEN_WIDTH;
        if (width > book->widths[i]) book->widths[i] = width;
        book->types[i] = column->open ? column->type : CELL_NOTHING;
        book->hidden[i] = column->hidden;
    }
    put_line(book, form, TITLE_ROW, form->title, 16);
    put_line(book, form, HINT_ROW, form->hint, 10);
    worksheet_set_row(book->sheet, TITLE_ROW, 30, NULL);
    worksheet_set_row(book->sheet, HINT_ROW, 32, NULL);
    worksheet_set_row_opt(book->sheet, NAMES_ROW, LXW_DEF_ROW_HEIGHT, NULL, &hidden);
    worksheet_freeze_panes(book->sheet, HEAD_ROW + 1, (lxw_col_t)form->kept_columns);
    worksheet_protect(book->sheet, NULL, &protection);
}

static void say_bounds(const struct form_column *column, double low, double high, char *message)
{
    struct str str = str_in(message, MESSAGE_BYTES);
    if (column->type == CELL_DAY)
        str_put(&str, tr(N_("A date, such as 2009-09-28.")));
    else if (column->type == CELL_TEXT)
        str_printf(&str, tr(N_("A text of %.0f to %.0f characters.")), low, high);
    else
        str_printf(&str, tr(N_("A number from %.0f to %.0f.")), low, high);
}

static void check_column(struct book *book, const struct form_column *column, uint16_t position)
{
    char message[MESSAGE_BYTES];
    double scale = column->type == CELL_WAN ? FEN_PER_WAN : column->type == CELL_YUAN ? FEN_PER_YUAN : 1;
    double low = (double)column->lo / scale, high = (double)column->hi / scale;
    say_bounds(column, low, high, message);
    lxw_data_validation check = {
        .validate = column->type == CELL_DAY    ? LXW_VALIDATION_TYPE_DATE
                    : column->type == CELL_TEXT ? LXW_VALIDATION_TYPE_LENGTH
                                                : LXW_VALIDATION_TYPE_DECIMAL,
        .criteria = LXW_VALIDATION_CRITERIA_BETWEEN,
        .ignore_blank = LXW_VALIDATION_ON,
        .minimum_number = low,
        .maximum_number = high,
        .minimum_datetime = {.year = YEAR_MIN, .month = 1, .day = 1},
        .maximum_datetime = {.year = YEAR_MAX, .month = 12, .day = 31},
        .error_message = message,
    };
    lxw_error error = worksheet_data_validation_range(book->sheet, HEAD_ROW + 1, position, book->row, position, &check);
    book->failed = book->failed || error != LXW_NO_ERROR;
}

void book_form_end(struct book *book, const struct form_sheet *form)
{
    if (book->sheet == NULL || book->row <= HEAD_ROW) return;
    for (unsigned i = 0; i < form->column_count; i++)
        if (form->columns[i].open) check_column(book, &form->columns[i], (uint16_t)i);
}
