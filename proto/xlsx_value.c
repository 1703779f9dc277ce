/* xlsx_value.c - see xlsx_value.h. */
#include "proto/xlsx_value.h"

#include "proto/when.h"

#include <string.h>

/* ---- formats ---- */

enum shape builtin_shape(unsigned id)
{
    static const struct {
        unsigned char id, shape;
    } dates[] = {{14, SHAPE_DAY},   {15, SHAPE_DAY},   {16, SHAPE_DAY}, {17, SHAPE_MONTH}, {22, SHAPE_MOMENT},
                 {27, SHAPE_MONTH}, {28, SHAPE_DAY},   {29, SHAPE_DAY}, {30, SHAPE_DAY},   {31, SHAPE_DAY},
                 {36, SHAPE_MONTH}, {50, SHAPE_MONTH}, {51, SHAPE_DAY}, {52, SHAPE_MONTH}, {53, SHAPE_DAY},
                 {54, SHAPE_DAY},   {57, SHAPE_MONTH}, {58, SHAPE_DAY}};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        if (dates[i].id == id) return (enum shape)dates[i].shape;
    return SHAPE_NUMBER;
}

/* Steps over what only decorates: "text", [colour], \x, _x, *x. */
static const char *behind_decoration(const char *at)
{
    const char *end = at + 1;
    if (*at == '"')
        end = strchr(at + 1, '"');
    else if (*at == '[')
        end = strchr(at + 1, ']');
    else if (at[1] == '\0')
        return at + 1;
    return end != NULL ? end + 1 : at + strlen(at);
}

/* "[h]" and "[mm]" are hours and minutes without end, other brackets a colour or a language. */
static bool is_elapsed(const char *at)
{
    size_t length = strspn(at, "hHmMsS");
    return length > 0 && at[length] == ']';
}

enum shape format_shape(const char *code)
{
    bool year = false, month = false, day = false, time = false;
    for (const char *at = code; *at != '\0' && *at != ';';) {
        if (strchr("\"[\\_*", *at) != NULL) {
            time = time || (*at == '[' && is_elapsed(at + 1));
            at = behind_decoration(at);
            continue;
        }
        char letter = *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at;
        year = year || letter == 'y';
        month = month || letter == 'm';
        day = day || letter == 'd';
        time = time || letter == 'h' || letter == 's';
        at++;
    }
    if (time) return day || year ? SHAPE_MOMENT : SHAPE_NUMBER; /* an m beside h and s are minutes */
    if (day || (month && !year)) return SHAPE_DAY;
    return month ? SHAPE_MONTH : year ? SHAPE_YEAR : SHAPE_NUMBER;
}

/* ---- numbers ---- */

enum { DIGITS_KEPT = 15, DIGITS_ROOM = 20, PLACES_MAX = 20 };

struct decimal {
    bool negative;
    unsigned count; /* of digits */
    int point;      /* so many of the digits stand before it; may be negative or more than there are */
    char digits[DIGITS_ROOM];
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits behind the first DIGITS_ROOM say nothing that a double could hold. */
static void take_digit(struct decimal *number, char digit, bool behind)
{
    if (number->count == 0 && digit == '0') {
        number->point -= behind;
        return;
    }
    if (number->count < DIGITS_ROOM) number->digits[number->count++] = digit;
    number->point += !behind;
}

static bool read_decimal(struct text stored, struct decimal *number)
{
    const char *at = stored.at, *end = stored.at + stored.length;
    bool behind = false, any = false;
    int exponent = 0, sign = 1;
    *number = (struct decimal){.negative = at < end && *at == '-'};
    if (at < end && (*at == '-' || *at == '+')) at++;
    for (; at < end && (is_digit(*at) || (*at == '.' && !behind)); at++) {
        if (*at == '.')
            behind = true;
        else {
            take_digit(number, *at, behind);
            any = true;
        }
    }
    if (!any) return false;
    if (at < end && (*at == 'E' || *at == 'e')) {
        at++;
        if (at < end && (*at == '-' || *at == '+')) sign = *at++ == '-' ? -1 : 1;
        if (at == end) return false;
        for (; at < end && is_digit(*at) && exponent < 1000; at++)
            exponent = 10 * exponent + (*at - '0');
    }
    number->point += sign * exponent;
    return at == end;
}

/* Half away from zero, as spreadsheets do. */
static void round_digits(struct decimal *number)
{
    if (number->count > DIGITS_KEPT) {
        bool up = number->digits[DIGITS_KEPT] >= '5';
        unsigned at = DIGITS_KEPT;
        number->count = DIGITS_KEPT;
        while (up && at > 0) {
            up = number->digits[at - 1] == '9';
            number->digits[at - 1] = up ? '0' : (char)(number->digits[at - 1] + 1);
            at--;
        }
        if (up) { /* all nines */
            number->digits[0] = '1';
            number->point++;
        }
    }
    while (number->count > 0 && number->digits[number->count - 1] == '0')
        number->count--;
}

bool plain_decimal(struct text stored, struct str *out)
{
    struct decimal number;
    if (!read_decimal(stored, &number)) return false;
    round_digits(&number);
    int behind = (int)number.count - number.point;
    if (number.count > 0 && (number.point > PLACES_MAX || behind > PLACES_MAX)) return false;
    if (number.negative && number.count > 0) str_put(out, "-");
    if (number.point <= 0 || number.count == 0) str_put(out, "0");
    int first = number.count > 0 && number.point < 0 ? number.point : 0;
    for (int i = first; i < (int)number.count || (number.count > 0 && i < number.point); i++) {
        if (i == (number.point > 0 ? number.point : first)) str_put(out, ".");
        str_printf(out, "%c", i >= 0 && i < (int)number.count ? number.digits[i] : '0');
    }
    return true;
}

/* ---- dates ---- */

enum { SERIAL_OF_1970 = 25569, DAYS_TO_1904 = 1462, DAY_SECONDS = 86400 };

/* Days, and seconds of the last one rounded; only as digits with a point. */
static bool read_serial(struct text stored, int64_t *days, int64_t *seconds)
{
    int64_t fraction = 0, scale = 1;
    uint32_t i = 0;
    *days = 0;
    for (; i < stored.length && i < 8 && is_digit(stored.at[i]); i++)
        *days = 10 * *days + (stored.at[i] - '0');
    if (i == 0 || (i < stored.length && stored.at[i] != '.')) return false;
    for (i++; i < stored.length; i++) {
        if (!is_digit(stored.at[i])) return false;
        if (scale == 10000000000) continue;
        fraction = 10 * fraction + (stored.at[i] - '0');
        scale *= 10;
    }
    *seconds = (fraction * DAY_SECONDS + scale / 2) / scale;
    *days += *seconds / DAY_SECONDS;
    *seconds %= DAY_SECONDS;
    return true;
}

bool serial_date(struct text stored, enum shape shape, bool from_1904, struct str *out)
{
    int64_t days, seconds;
    if (!read_serial(stored, &days, &seconds)) return false;
    days += (from_1904 ? DAYS_TO_1904 : 0) - SERIAL_OF_1970;
    if (days < day_make(YEAR_MIN, 1, 1).n || days > day_make(YEAR_MAX, 12, 31).n) return false;
    day_t day = {(int32_t)days};
    switch (shape) {
    case SHAPE_YEAR: str_number(out, month_year(month_of(day))); break;
    case SHAPE_MONTH: str_month(out, month_of(day)); break;
    case SHAPE_MOMENT: str_stamp(out, (stamp_t){day_start(day).s + seconds}); break;
    case SHAPE_DAY: str_day(out, day); break;
    case SHAPE_NUMBER: return false;
    }
    return true;
}
