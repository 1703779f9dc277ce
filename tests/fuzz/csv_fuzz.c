/* csv_fuzz.c - files that offices hand in, in UTF-8, GB18030 or neither: read, written again, and read the same. */
#include "server/csv.h"
#include "tests/fuzz/fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

/* A sheet from bytes, by way of a file in memory. */
static enum err read_bytes(const void *bytes, size_t count, struct sheet *sheet, unsigned *line, struct refusal *why)
{
    char path[64];
    int fd = memfd_create("csv", MFD_CLOEXEC);
    HOLDS(fd >= 0 && write(fd, bytes, count) == (ssize_t)count);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    enum err err = sheet_read(path, sheet, line, why);
    close(fd);
    return err;
}

static unsigned kept(const struct sheet_row *row)
{
    return row->count < SHEET_COLUMNS_MAX ? row->count : SHEET_COLUMNS_MAX;
}

static void same_row(const struct sheet_row *a, const struct sheet_row *b)
{
    HOLDS(kept(a) == b->count);
    for (unsigned i = 0; i < b->count; i++)
        HOLDS(text_equal(a->cells[i], b->cells[i]));
}

static void check_row(const struct sheet_row *row, unsigned after)
{
    HOLDS(row->line > after);
    for (unsigned i = 0; i < kept(row); i++) {
        const char *at = row->cells[i].at, *end = at + row->cells[i].length;
        for (uint32_t code; at < end;)
            HOLDS(utf8_next(&at, end, &code));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sheet sheet, again;
    unsigned line, last;
    struct refusal why;
    struct pack pack;
    if (read_bytes(data, size, &sheet, &line, &why) == OK) {
        pack_init(&pack, 1 << 20);
        pack_raw(&pack, csv_mark, sizeof csv_mark); /* else one that the text itself begins with would be lost */
        if (sheet.header.count > 0) csv_row_put(&pack, sheet.header.cells, kept(&sheet.header));
        last = sheet.header.line;
        for (unsigned i = 0; i < sheet.row_count; i++) {
            check_row(&sheet.rows[i], last);
            last = sheet.rows[i].line;
            csv_row_put(&pack, sheet.rows[i].cells, kept(&sheet.rows[i]));
        }
        HOLDS(!pack.failed && read_bytes(pack.at, pack.used, &again, &line, &why) == OK);
        HOLDS(again.row_count == sheet.row_count);
        same_row(&sheet.header, &again.header);
        for (unsigned i = 0; i < sheet.row_count; i++)
            same_row(&sheet.rows[i], &again.rows[i]);
        sheet_free(&again);
        pack_free(&pack);
    } else
        HOLDS(why.err != OK);
    sheet_free(&sheet);
    return 0;
}
