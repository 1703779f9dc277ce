/* number.c - see number.h. */
#include "proto/number.h"

#include <string.h>

static int decimals_of(int64_t scale)
{
    int decimals = 0;
    for (; scale > 1; scale /= 10)
        decimals++;
    return decimals;
}

/* Commas stand after one to three digits and then before groups of three, or there are none. */
static bool commas_valid(const char *at)
{
    const char *end = at + strspn(at, "0123456789,");
    const char *comma = memchr(at, ',', (size_t)(end - at));
    if (comma == NULL) return true;
    if (comma == at || comma - at > 3) return false;
    for (; comma < end; comma += 4)
        if (*comma != ',' || strspn(comma + 1, "0123456789") != 3) return false;
    return true;
}

bool number_parse(struct text text, int64_t scale, int64_t *number)
{
    char narrow[48];
    if (!text_narrow(text, narrow, sizeof narrow)) return false;
    const char *at = narrow;
    bool negative = *at == '-';
    if (*at == '-' || *at == '+') at++;
    if (*at < '0' || *at > '9' || !commas_valid(at)) return false;
    int64_t value = 0;
    int digits = 0, left = decimals_of(scale);
    for (; (*at >= '0' && *at <= '9') || *at == ','; at++) {
        if (*at == ',') continue;
        value = value * 10 + (*at - '0');
        if (value != 0 && ++digits > 15) return false;
    }
    if (*at == '.') {
        if (at[1] < '0' || at[1] > '9') return false;
        for (at++; *at >= '0' && *at <= '9'; at++) {
            if (left == 0) {
                if (*at != '0') return false; /* finer than the unit */
                continue;
            }
            value = value * 10 + (*at - '0');
            left--;
            if (value != 0 && ++digits > 15) return false;
        }
    }
    for (; left > 0; left--) {
        if (value != 0 && ++digits > 15) return false;
        value *= 10;
    }
    if (*at != '\0') return false;
    *number = negative ? -value : value;
    return true;
}

void str_scaled(struct str *str, int64_t number, int64_t scale, int decimals)
{
    uint64_t value = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    uint64_t step = (uint64_t)scale;
    for (int i = 0; i < decimals && step > 1; i++)
        step /= 10;
    uint64_t rounded = (value + step / 2) / step, one = (uint64_t)scale / step;
    if (number < 0 && rounded > 0) str_put(str, "-");
    str_printf(str, "%llu", (unsigned long long)(rounded / one));
    if (one > 1) str_printf(str, ".%0*llu", decimals_of((int64_t)one), (unsigned long long)(rounded % one));
}

void str_exact(struct str *str, int64_t number, int64_t scale)
{
    int64_t rest = number;
    int decimals = decimals_of(scale);
    while (decimals > 0 && rest % 10 == 0) {
        rest /= 10;
        decimals--;
    }
    str_scaled(str, number, scale, decimals);
}

int64_t per_mille(int64_t part, int64_t whole)
{
    if (whole <= 0) return 0;
    int64_t times = part / whole, rest = part % whole;
    if (times >= INT64_MAX / 1000) return INT64_MAX;
    while (whole > INT64_MAX / 2000) { /* halved together they keep their ratio */
        rest /= 2;
        whole /= 2;
    }
    return times * 1000 + (rest * 1000 + whole / 2) / whole;
}
