/* xlsx_fuzz.c - workbooks that offices hand in: as a zip of any bytes, or as parts that are zipped here, so that the
 * checksums do not stand between the fuzzer and what reads the parts. */
#include "proto/xlsx.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lib/parts.h"

static void check_row(const struct sheet_row *row, unsigned after)
{
    HOLDS(row->line > after && row->count > 0);
    for (unsigned i = 0; i < row->count && i < SHEET_COLUMNS_MAX; i++) {
        struct text cell = sheet_cell(row, i);
        const char *at = cell.at, *end = at + cell.length;
        for (uint32_t code; at < end;)
            HOLDS(utf8_next(&at, end, &code));
    }
}

static void check(struct text bytes)
{
    struct sheet sheet;
    struct refusal why;
    sheet_init(&sheet);
    if (xlsx_read(bytes, &sheet, &why) == OK) {
        if (sheet.header.count > 0) check_row(&sheet.header, 0);
        for (unsigned i = 0; i < sheet.row_count; i++)
            check_row(&sheet.rows[i], i > 0 ? sheet.rows[i - 1].line : sheet.header.line);
    } else
        HOLDS(why.err != OK);
    sheet_free(&sheet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml",
                                        "xl/workbook.xml"};
    struct input input = {data, size};
    struct part parts[PARTS_ROOM];
    struct pack file;
    char *texts[4] = {NULL};
    if (input_byte(&input) == 0) {
        check((struct text){(const char *)input.at, (uint32_t)input.left});
        return 0;
    }
    parts_usual(parts);
    for (size_t i = 0; i < 4 && input.left > 0; i++) {
        struct text text = input_long_text(&input);
        texts[i] = strndup(text.at, text.length);
        HOLDS(texts[i] != NULL);
        if (text.length > 0) parts_set(parts, names[i], texts[i]);
    }
    parts_zip(parts, &file);
    check((struct text){(const char *)file.at, (uint32_t)file.used});
    pack_free(&file);
    for (size_t i = 0; i < 4; i++)
        free(texts[i]);
    return 0;
}
