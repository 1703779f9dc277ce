/* xlsx_rows.h - the parts of a workbook that make up one sheet; inside proto/xlsx*.c alone. */
#ifndef PROTO_XLSX_ROWS_H
#define PROTO_XLSX_ROWS_H

#include "proto/sheet.h"
#include "proto/xlsx_part.h"

enum { CELL_BYTES_MAX_XLSX = 128 * 1024 };

/* The text of an element that comes in pieces. */
struct gathered {
    bool wanted;
    size_t used;
    char at[CELL_BYTES_MAX_XLSX];
};
void gather(struct gathered *gathered, struct package *package, const char *at, size_t length);
/* What was gathered, with the escapes of control characters (_x000A_) undone; borrowed. */
struct text gathered_text(struct gathered *gathered);

struct strings {
    unsigned count, room;
    struct text *at; /* the texts live in the sheet's arena */
};

struct styles {
    unsigned count, room;
    uint8_t *shapes; /* enum shape, by a cell's style */
};

/* Read the parts into storage that the caller frees (at, shapes). */
enum err strings_read(struct package *package, const char *part, struct arena *arena, struct strings *strings);
enum err styles_read(struct package *package, const char *part, struct styles *styles);
/* Adds the rows of the part to the sheet. */
enum err rows_read(struct package *package, const char *part, const struct strings *strings,
                   const struct styles *styles, bool from_1904, struct sheet *sheet);

#endif
