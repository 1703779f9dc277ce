/* parts.h - workbooks put together by hand, part by part, as programs that are not at hand write them. */
#ifndef TESTS_LIB_PARTS_H
#define TESTS_LIB_PARTS_H

#include "proto/pack.h"

struct part {
    const char *name;
    const char *text;
};

enum { PARTS_ROOM = 12 };

/* What every workbook has: relations from the package to a workbook with one sheet, strings and styles. The last
 * row is {NULL, NULL}. */
void parts_usual(struct part parts[PARTS_ROOM]);
/* Gives a part another text, or adds it. */
void parts_set(struct part parts[PARTS_ROOM], const char *name, const char *text);
/* Zips them; the pack is initialised here and freed by the caller. */
void parts_zip(const struct part *parts, struct pack *out);

/* A sheet in the way of WPS: a title merged over the columns, a header in two rows, rich text with how it is read
 * aloud, inline strings, numbers as text, dates by formats of several kinds, formulas with their values. */
void parts_office(struct part parts[PARTS_ROOM]);

#endif
