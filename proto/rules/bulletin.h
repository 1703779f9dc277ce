/* bulletin.h - the periods that bulletins are about, for the rules and for whoever writes the text. Clause 5.5g. */
#ifndef PROTO_RULES_BULLETIN_H
#define PROTO_RULES_BULLETIN_H

#include "proto/when.h"

/* How many months a bulletin of a type (OPT_bulletin_x) is about: 1, 3 or 6; 0: it has no period of its own. */
unsigned bulletin_months(unsigned type);

/* Writes the period of so many months that ends with `last`: 2009年第三季度, 2009年上半年, 2009年10月份. */
void str_period(struct str *out, unsigned months, month_t last);

#endif
