/* number.h - whole numbers and money as people type and read them.
 *
 * Money is a whole number of fen. Investments are shown in 万元 (1 万元 = 1,000,000 fen), fees in 元.
 * Points of an assessment are whole hundredths. */
#ifndef PROTO_NUMBER_H
#define PROTO_NUMBER_H

#include "proto/text.h"

#include <stdbool.h>
#include <stdint.h>

enum { FEN_PER_YUAN = 100, FEN_PER_WAN = 1000000, POINT_PARTS = 100 };

/* Reads an optional sign, digits with thousands separators (, or full-width), and up to as many decimals
 * as `scale` (a power of ten: 1, FEN_PER_YUAN, FEN_PER_WAN) holds; ASCII or full-width digits.
 * Sets *number to the value times scale. False when it is no such number or too large for 15 digits. */
bool number_parse(struct text text, int64_t scale, int64_t *number);

/* Writes number / scale with `decimals` decimals (rounded half away from zero), without separators. */
void str_scaled(struct str *str, int64_t number, int64_t scale, int decimals);

/* The shortest exact form: 6200, 6200.5, 0.000001. */
void str_exact(struct str *str, int64_t number, int64_t scale);

/* part / whole in per mille, rounded half up, 0 when whole is 0; for non-negative amounts. */
int64_t per_mille(int64_t part, int64_t whole);

#endif
