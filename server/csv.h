/* csv.h - a table as offices keep it: a CSV file read whole, each row with the line where it starts.
 *
 * UTF-8 with or without a byte order mark, or GB18030; any line ends; quoted fields with line breaks. What
 * the columns mean is not known here. The only user of libcsv and iconv. */
#ifndef SERVER_CSV_H
#define SERVER_CSV_H

#include "proto/pack.h"
#include "proto/sheet.h"

/* Reads a file, a workbook (proto/xlsx.h) too. After a failure *line is where it was found, 0 when it is about no
 * line. ERR_IO, ERR_LIMIT (with the bound), ERR_BAD_ENCODING, ERR_MEMORY, ERR_BAD_QUOTES: the row that starts at
 * *line, noticed in line why->number; nobody can tell then where the rows after it begin. ERR_NOT_XLSX, ERR_OLD_XLS. */
enum err sheet_read(const char *path, struct sheet *sheet, unsigned *line, struct refusal *why);

/* Appends one row to a file under construction, quoted where needed. */
void csv_row_put(struct pack *out, const struct text *cells, unsigned count);

/* The mark by which spreadsheet programs know UTF-8. */
extern const char csv_mark[3];

#endif
