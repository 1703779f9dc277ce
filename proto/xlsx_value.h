/* xlsx_value.h - what a workbook's numbers say, as text; inside proto/xlsx*.c and for tests. */
#ifndef PROTO_XLSX_VALUE_H
#define PROTO_XLSX_VALUE_H

#include "proto/text.h"

/* How a number format shows a number. */
enum shape { SHAPE_NUMBER, SHAPE_YEAR, SHAPE_MONTH, SHAPE_DAY, SHAPE_MOMENT };

/* Of a format code such as yyyy"年"m"月"d"日", and of a built-in format (ECMA-376 18.8.30, with the Chinese ones). */
enum shape format_shape(const char *code);
enum shape builtin_shape(unsigned id);

/* A stored number ("6200.0000000000009", "1.2E+3") as the decimal of at most 15 digits that spreadsheets show. False
 * when it is no number or has more than 20 places before or behind the point. */
bool plain_decimal(struct text stored, struct str *out);

/* A stored number as the date that its shape shows; false when it is none of the years that a record can have. */
bool serial_date(struct text stored, enum shape shape, bool from_1904, struct str *out);

#endif
