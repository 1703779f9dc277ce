/* xlsx_part.h - a workbook as a package of XML parts; inside proto/xlsx*.c alone. */
#ifndef PROTO_XLSX_PART_H
#define PROTO_XLSX_PART_H

#include "proto/err.h"
#include "proto/text.h"

struct package;

/* What is done with a part's elements. Names come without prefixes. Each stops the reading by part_stop. */
struct part_reader {
    void (*start)(void *self, const char *name, const char **attributes);
    void (*end)(void *self, const char *name);
    void (*text)(void *self, const char *at, size_t length); /* may be NULL; in pieces */
};

/* The bytes stay the caller's and have to outlive the package. NULL after a refusal in *why. */
struct package *package_open(struct text bytes, struct refusal *why);
void package_close(struct package *package);

/* Reads a part from start to end. ERR_NOT_FOUND when there is none (nothing is put into `why` then); what
 * package_open's `why` tells otherwise. */
enum err part_read(struct package *package, const char *name, const struct part_reader *reader, void *self);
/* Ends the reading of the part at hand: it is no good, or all that is wanted of it was there (OK). */
void part_stop(struct package *package, enum err err, int64_t number, const char *text);

/* The value of an attribute by its name without prefix, or NULL. */
const char *attribute(const char **attributes, const char *name);

#endif
