/* chart.h - figures as pictures made of characters: bars, spark lines, S-curves, spans of time, large digits.
 *
 * Everything comes out as text, for a screen as well as for a file. Which characters a chart is made of is
 * chosen in one place, by terminal and locale; what a picture says is never said by colour alone. */
#ifndef CLIENT_TERM_CHART_H
#define CLIENT_TERM_CHART_H

#include "proto/text.h"
#include "proto/when.h"

#include <stdbool.h>
#include <stdint.h>

/* What charts are made of: ASCII everywhere, eighths of a block, or the dots of Braille, which many fonts lack. */
enum charts { CHARTS_ASCII, CHARTS_BLOCKS, CHARTS_BRAILLE };

/* The set to use where `wanted` is liked best: a lesser one when the locale lacks a character or shows it two
 * columns wide (GB18030), or when the terminal (`term`: as in TERM; NULL: unknown) is older than all of them. */
enum charts charts_choose(enum charts wanted, const char *term);

/* value / whole as a bar of so many columns, with a mark where `mark` is (negative: none). Above the whole it is full.
 */
void chart_bar(enum charts set, int columns, int64_t value, int64_t whole, int64_t mark, struct str *out);

/* One character for each value, as high as its share of `most`. */
void chart_spark(enum charts set, const int64_t *values, unsigned count, int64_t most, struct str *out);

/* ---- plan against actual over a year ---- */

enum chart_ink { CHART_PLAN, CHART_ACTUAL, CHART_AXIS };

/* Cumulative figures at the end of each of `count` periods. Of the actual ones, those of the periods first..last
 * (1 is the first period; last 0: none) are known. */
struct chart_curve {
    int rows, columns; /* of the whole picture: at least 4 and 20, else nothing is drawn */
    unsigned count, first, last;
    const int64_t *plan, *actual;
    const char *top, *half; /* what stands at the axis: the highest value and its half */
};

/* The highest value, which `top` names. */
int64_t chart_curve_most(const struct chart_curve *curve);

/* Takes a run of characters of one ink; row and column count from the picture's upper left corner. */
typedef void chart_put(void *self, int row, int column, enum chart_ink ink, struct text text);

void chart_curve(enum charts set, const struct chart_curve *curve, chart_put *put, void *self);
/* How the two lines look in this set, for the legend. */
const char *chart_sample(enum charts set, enum chart_ink ink);

/* ---- spans of time ---- */

/* A stretch of work in the window of days from..to: begun on `start`, due, and done (0: not yet). */
struct chart_span {
    day_t from, to;
    day_t start, due, done, today;
};

/* The months of a window of days, each at its first day, or fewer of them where columns are short; the year in front.
 */
void chart_scale(day_t from, day_t to, int columns, struct str *out);

/* One row of a Gantt chart: '=' what was done, '-' what is planned, '!' what is or was past the due day, '|'
 * today, 'o' the due day that is still to come, 'x' the day on which it was done. The same in all sets. */
void chart_span(const struct chart_span *span, int columns, struct str *out);

/* ---- large digits ---- */

enum { BIG_ROWS_MAX = 5, BIG_DIGIT_COLUMNS = 4 };

/* Rows that large digits take; row `row` of a number in them, BIG_DIGIT_COLUMNS for each digit. */
int chart_big_rows(enum charts set);
void chart_big(enum charts set, unsigned number, int row, struct str *out);

#endif
