/* chart.c - see chart.h. */
#include "client/term/chart.h"

#include "client/term/cells.h"

#include <stdio.h>
#include <string.h>

enum { EIGHTHS = 8, DOT_ROWS = 4, DOT_COLUMNS = 2, ROWS_MIN = 4, COLUMNS_MIN = 20, CELLS_MAX = 500 };

enum {
    BLOCK_FULL = 0x2588,
    BLOCK_LOWER = 0x2580, /* + 1..8: so many eighths from below */
    BLOCK_UPPER_HALF = 0x2580,
    BLOCK_LOWER_HALF = 0x2584,
    BLOCK_LEFT = 0x2590, /* - 1..8: so many eighths from the left */
    LINE = 0x2500,
    BRAILLE = 0x2800
};

static void put_code(struct str *out, uint32_t code)
{
    char bytes[4];
    size_t count = utf8_put(code, bytes);
    str_text(out, (struct text){bytes, (uint32_t)count});
}

/* value of `whole` in so many steps, 0..steps; without overflow. */
static int64_t scaled(int64_t value, int64_t whole, int64_t steps)
{
    if (value <= 0 || whole <= 0) return 0;
    if (value >= whole) return steps;
    while (value > INT64_MAX / steps) {
        value /= 2;
        whole /= 2;
    }
    return value * steps / whole;
}

/* ---- what there is ---- */

static bool all_narrow(const uint32_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!cells_narrow(codes[i])) return false;
    return true;
}

/* Terminals that know no Unicode whatever the locale says, and one whose font lacks most of the blocks. */
static bool is_old(const char *term)
{
    static const char *const begins[] = {"vt", "dumb", "ansi", "linux", "cons", "sun", "wyse", "unknown"};
    for (size_t i = 0; term != NULL && i < sizeof begins / sizeof *begins; i++)
        if (strncmp(term, begins[i], strlen(begins[i])) == 0) return true;
    return false;
}

enum charts charts_choose(enum charts wanted, const char *term)
{
    static const uint32_t blocks[] = {0x2580, 0x2581, 0x2582, 0x2583, 0x2584, 0x2585, 0x2586, 0x2587, 0x2588,
                                      0x2589, 0x258A, 0x258B, 0x258C, 0x258D, 0x258E, 0x258F, LINE};
    static const uint32_t dots[] = {BRAILLE, BRAILLE + 0xFF};
    if (wanted == CHARTS_ASCII || is_old(term) || !all_narrow(blocks, sizeof blocks / sizeof *blocks))
        return CHARTS_ASCII;
    bool braille = wanted == CHARTS_BRAILLE && all_narrow(dots, sizeof dots / sizeof *dots);
    return braille ? CHARTS_BRAILLE : CHARTS_BLOCKS;
}

/* ---- bars ---- */

void chart_bar(enum charts set, int columns, int64_t value, int64_t whole, int64_t mark, struct str *out)
{
    int64_t eighths = scaled(value, whole, (int64_t)columns * EIGHTHS), full = eighths / EIGHTHS;
    int64_t marked = mark < 0 ? -1 : scaled(mark, whole, columns - 1);
    for (int64_t i = 0; i < columns; i++) {
        int64_t part = i < full ? EIGHTHS : i == full ? eighths % EIGHTHS : 0;
        if (i == marked)
            put_code(out, '|');
        else if (part == 0)
            put_code(out, ' ');
        else if (set == CHARTS_ASCII)
            put_code(out, part >= EIGHTHS / 2 ? '#' : ' ');
        else
            put_code(out, (uint32_t)(BLOCK_LEFT - part));
    }
}

void chart_spark(enum charts set, const int64_t *values, unsigned count, int64_t most, struct str *out)
{
    static const char ascii[] = " .:-=+*#@";
    for (unsigned i = 0; i < count; i++) {
        int64_t part = scaled(values[i], most, EIGHTHS);
        if (part == 0 && values[i] > 0) part = 1; /* little is not nothing */
        if (set == CHARTS_ASCII || part == 0)
            put_code(out, (uint32_t)ascii[part]);
        else
            put_code(out, (uint32_t)(BLOCK_LOWER + part));
    }
}

/* ---- curves ---- */

struct plot {
    enum charts set;
    const struct chart_curve *curve;
    chart_put *put;
    void *self;
    int left, rows, columns; /* of the plot within the picture */
    int64_t most;
};

int64_t chart_curve_most(const struct chart_curve *curve)
{
    int64_t most = 1;
    for (unsigned i = 0; i < curve->count; i++) {
        if (curve->plan[i] > most) most = curve->plan[i];
        bool known = i + 1 >= curve->first && i + 1 <= curve->last;
        if (known && curve->actual[i] > most) most = curve->actual[i];
    }
    return most;
}

/* The value in the middle of step x of `steps`: between the ends of two periods on a straight line. */
static int64_t value_at(const int64_t *values, unsigned count, unsigned first, int x, int steps)
{
    int64_t whole = 2ll * steps, at = (2ll * x + 1) * count;
    int64_t period = at / whole, rest = at % whole;
    int64_t end = values[period], begin = period == 0 ? 0 : period + 1 == (int64_t)first ? end : values[period - 1];
    return begin + (end - begin) / whole * rest + (end - begin) % whole * rest / whole;
}

/* Height of the plan or of what was done at step x, in parts of a row; -1 where it is not known. */
static int64_t height(const struct plot *plot, enum chart_ink ink, int x, int steps, int parts)
{
    const struct chart_curve *curve = plot->curve;
    unsigned period = (unsigned)((2ll * x + 1) * curve->count / (2ll * steps)) + 1;
    bool actual = ink == CHART_ACTUAL;
    if (actual && (period < curve->first || period > curve->last)) return -1;
    int64_t value = value_at(actual ? curve->actual : curve->plan, curve->count, actual ? curve->first : 0, x, steps);
    return scaled(value, plot->most, (int64_t)plot->rows * parts);
}

struct cell {
    uint32_t code;
    enum chart_ink ink;
};

/* The plan is a line, what was done the area below its line. The line cuts through the area. */
static struct cell area_cell(const struct plot *plot, int row, int column)
{
    int parts = plot->set == CHARTS_ASCII ? 1 : EIGHTHS, below = (plot->rows - 1 - row) * parts;
    int64_t plan = height(plot, CHART_PLAN, column, plot->columns, parts);
    int64_t done = height(plot, CHART_ACTUAL, column, plot->columns, parts) - below;
    int64_t line = plan >= plot->rows * parts ? plot->rows * parts - 1 : plan;
    if (line / parts == below / parts) return (struct cell){plot->set == CHARTS_ASCII ? '.' : LINE, CHART_PLAN};
    if (done <= 0) return (struct cell){' ', CHART_AXIS};
    if (plot->set == CHARTS_ASCII) return (struct cell){'#', CHART_ACTUAL};
    return (struct cell){(uint32_t)(BLOCK_LOWER + (done > EIGHTHS ? EIGHTHS : done)), CHART_ACTUAL};
}

/* Both are lines of dots; in that of the plan every other dot is left out. */
static struct cell dots_cell(const struct plot *plot, int row, int column)
{
    static const uint8_t bits[DOT_COLUMNS][DOT_ROWS] = {{0x40, 0x04, 0x02, 0x01}, {0x80, 0x20, 0x10, 0x08}};
    struct cell cell = {BRAILLE, CHART_AXIS};
    int steps = plot->columns * DOT_COLUMNS, below = (plot->rows - 1 - row) * DOT_ROWS, top = plot->rows * DOT_ROWS - 1;
    for (int i = 0; i < DOT_COLUMNS; i++)
        for (enum chart_ink ink = CHART_PLAN; ink <= CHART_ACTUAL; ink++) {
            int64_t at = height(plot, ink, column * DOT_COLUMNS + i, steps, DOT_ROWS);
            if (at > top) at = top;
            if (at < below || at >= below + DOT_ROWS || (ink == CHART_PLAN && i > 0)) continue;
            cell.code |= bits[i][at - below];
            cell.ink = ink;
        }
    if (cell.code == BRAILLE) cell.code = ' ';
    return cell;
}

static void put_row(const struct plot *plot, int row)
{
    char bytes[CELLS_MAX * 4];
    struct str run = str_in(bytes, sizeof bytes);
    struct cell before = {' ', CHART_AXIS};
    int begin = 0;
    for (int column = 0; column <= plot->columns; column++) {
        struct cell cell = {0, CHART_AXIS};
        if (column < plot->columns)
            cell = plot->set == CHARTS_BRAILLE ? dots_cell(plot, row, column) : area_cell(plot, row, column);
        bool ends = cell.code == 0 || cell.ink != before.ink;
        if (ends && run.used > 0 && before.ink != CHART_AXIS)
            plot->put(plot->self, row, plot->left + begin, before.ink, (struct text){bytes, (uint32_t)run.used});
        if (ends) {
            run = str_in(bytes, sizeof bytes);
            begin = column;
        }
        put_code(&run, cell.code);
        before = cell;
    }
}

static void put_axis(const struct plot *plot, int row, const char *label)
{
    char line[64];
    struct str str = str_in(line, sizeof line);
    for (int used = text_columns(text_of(label)); used < plot->left - 1; used++)
        str_put(&str, " ");
    str_put(&str, label);
    str_put(&str, "|");
    plot->put(plot->self, row, 0, CHART_AXIS, text_of(line));
}

/* Each period's number below its end, as far as they have room. */
static void put_periods(const struct plot *plot)
{
    unsigned step = (unsigned)plot->columns / plot->curve->count >= 3 ? 1 : 3;
    for (unsigned i = step; i <= plot->curve->count; i += step) {
        char line[16];
        snprintf(line, sizeof line, "%2u", i);
        int end = (int)(i * (unsigned)plot->columns / plot->curve->count);
        plot->put(plot->self, plot->rows, plot->left + end - 2, CHART_AXIS, text_of(line));
    }
}

void chart_curve(enum charts set, const struct chart_curve *curve, chart_put *put, void *self)
{
    int top = text_columns(text_of(curve->top)), half = text_columns(text_of(curve->half));
    struct plot plot = {.set = set, .curve = curve, .put = put, .self = self, .left = (top > half ? top : half) + 1};
    plot.rows = curve->rows - 1;
    plot.columns = curve->columns - plot.left;
    if (curve->rows < ROWS_MIN || curve->columns < COLUMNS_MIN || plot.columns < 12 || curve->count == 0) return;
    if (plot.columns > CELLS_MAX) plot.columns = CELLS_MAX;
    plot.most = chart_curve_most(curve);
    for (int row = 0; row < plot.rows; row++) {
        put_axis(&plot, row, row == 0 ? curve->top : row == plot.rows / 2 ? curve->half : "");
        put_row(&plot, row);
    }
    put_periods(&plot);
}

const char *chart_sample(enum charts set, enum chart_ink ink)
{
    static const char *const samples[][2] = {
        [CHARTS_ASCII] = {"....", "####"},
        [CHARTS_BLOCKS] = {"\u2500\u2500\u2500\u2500", "\u2582\u2584\u2586\u2588"},
        [CHARTS_BRAILLE] = {"\u2802\u2802\u2802\u2802", "\u2812\u2812\u2812\u2812"}};
    return ink == CHART_AXIS ? "" : samples[set][ink];
}

/* ---- spans of time ---- */

static int column_of(const struct chart_span *span, day_t day, int columns)
{
    int whole = span->to.n - span->from.n + 1, at = day.n - span->from.n;
    return at < 0 ? -1 : at >= whole ? columns : (int)((int64_t)at * columns / whole);
}

void chart_scale(day_t from, day_t to, int columns, struct str *out)
{
    const struct chart_span window = {.from = from, .to = to};
    int months = month_of(to).n - month_of(from).n + 1, used = 0;
    int step = columns >= 3 * months ? 1 : columns >= months ? 3 : 12;
    for (month_t month = month_of(from); month_first(month).n <= to.n; month = month_add(month, step)) {
        char label[16];
        int at = column_of(&window, month_first(month), columns);
        bool year = month_number(month) == 1 && (columns >= 6 * months || step == 12);
        snprintf(label, sizeof label, "%d", year ? month_year(month) : month_number(month));
        if (at < used || at + (int)strlen(label) > columns) continue;
        for (; used < at; used++)
            put_code(out, ' ');
        str_put(out, label);
        used += (int)strlen(label) + 1;
        put_code(out, ' ');
    }
}

void chart_span(const struct chart_span *span, int columns, struct str *out)
{
    bool done = span->done.n != 0;
    day_t worked = done ? span->done : span->today, end = worked.n > span->due.n ? worked : span->due;
    int today = column_of(span, span->today, columns), start = column_of(span, span->start, columns);
    int due = column_of(span, span->due, columns), until = column_of(span, worked, columns);
    int last = column_of(span, done ? span->done : end, columns);
    for (int i = 0; i < columns; i++) {
        char shown = ' ';
        if (i >= start && i <= last) shown = i > due ? '!' : i <= until ? '=' : '-';
        if (i == due && !done && span->today.n <= span->due.n) shown = 'o';
        if (i == today && shown != 'o' && !done) shown = '|';
        if (i == last && done) shown = 'x';
        put_code(out, (uint32_t)shown);
    }
}

/* ---- large digits ---- */

static const uint8_t digits[10][BIG_ROWS_MAX] = {{7, 5, 5, 5, 7}, {2, 6, 2, 2, 7}, {7, 1, 7, 4, 7}, {7, 1, 7, 1, 7},
                                                 {5, 5, 7, 1, 1}, {7, 4, 7, 1, 7}, {7, 4, 7, 5, 7}, {7, 1, 1, 1, 1},
                                                 {7, 5, 7, 5, 7}, {7, 5, 7, 1, 7}};

int chart_big_rows(enum charts set)
{
    return set == CHARTS_ASCII ? BIG_ROWS_MAX : (BIG_ROWS_MAX + 1) / 2;
}

static bool digit_bit(char digit, int row, int column)
{
    return row < BIG_ROWS_MAX && (digits[digit - '0'][row] >> (2 - column) & 1);
}

void chart_big(enum charts set, unsigned number, int row, struct str *out)
{
    static const uint32_t halves[] = {' ', BLOCK_LOWER_HALF, BLOCK_UPPER_HALF, BLOCK_FULL};
    char text[16];
    snprintf(text, sizeof text, "%u", number);
    for (const char *digit = text; *digit != '\0'; digit++) {
        for (int column = 0; column < BIG_DIGIT_COLUMNS - 1; column++)
            if (set == CHARTS_ASCII)
                put_code(out, digit_bit(*digit, row, column) ? (uint32_t)'#' : ' ');
            else
                put_code(out, halves[(digit_bit(*digit, 2 * row, column) ? 2 : 0) +
                                     (digit_bit(*digit, 2 * row + 1, column) ? 1 : 0)]);
        put_code(out, ' ');
    }
}
