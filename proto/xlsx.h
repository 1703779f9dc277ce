/* xlsx.h - the first visible sheet of a workbook (.xlsx) as rows of texts, as Excel and WPS write it.
 *
 * Shared and inline strings, rich text, cached values of formulas; numbers as the 15 digits that spreadsheets
 * show, never through floating point; dates, which are numbers with a date's format, as 2009-09-28. What is merged
 * downwards stands in each of its rows. No I/O: the file is bytes in memory. Everything is bounded: the unpacked
 * size, depth, rows, cells and texts; documents with entities of their own are refused.
 * xlsx_part.c is the only user of libzip and expat. */
#ifndef PROTO_XLSX_H
#define PROTO_XLSX_H

#include "proto/sheet.h"

enum { XLSX_UNPACKED_MAX = 64 << 20 };

/* Does a file that begins so mean to be a workbook (a new one, an old .xls, or one under a password)? */
bool xlsx_is(struct text bytes);

/* Reads the sheet, which was sheet_init'ed. ERR_NOT_XLSX (the text says what is wrong, with the cell when it is about
 * one), ERR_OLD_XLS, ERR_LIMIT (with the bound), ERR_MEMORY. */
enum err xlsx_read(struct text bytes, struct sheet *sheet, struct refusal *why);

#endif
