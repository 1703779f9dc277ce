/* number_test.c - amounts as people type them, how they are rounded and shown, shares in per mille. */
#include "proto/number.h"
#include "tests/lib/rng.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
enum { REFUSED = -77 };

static const struct {
    const char *text;
    int64_t scale, want;
} spellings[] = {
    {"0", 1, 0},
    {"6200", 1, 6200},
    {"-6200", 1, -6200},
    {"+5", 1, 5},
    {"-0", 1, 0},
    {"007", 1, 7},
    {"1,234,567", 1, 1234567},
    {"12,345", 1, 12345},
    {"１２，３４５", 1, 12345},
    {"　６２００　", 1, 6200},
    {"－５", 1, -5},
    {"999999999999999", 1, 999999999999999},
    {"000000000000000000001", 1, 1},
    {"1.00", 1, 1},
    {"6200", FEN_PER_WAN, 6200000000},
    {"6200.5", FEN_PER_WAN, 6200500000},
    {"６２００．５", FEN_PER_WAN, 6200500000},
    {"0.000001", FEN_PER_WAN, 1},
    {"-0.000001", FEN_PER_WAN, -1},
    {"0.0000010", FEN_PER_WAN, 1},
    {"1,234.56", FEN_PER_YUAN, 123456},
    {"0.01", FEN_PER_YUAN, 1},
    {"999999999.999999", FEN_PER_WAN, 999999999999999},
    /* finer than the unit */
    {"1.5", 1, REFUSED},
    {"0.001", FEN_PER_YUAN, REFUSED},
    {"0.0000001", FEN_PER_WAN, REFUSED},
    /* too large for 15 digits */
    {"1000000000000000", 1, REFUSED},
    {"9223372036854775808", 1, REFUSED},
    {"99999999999999999999999999999999999999", 1, REFUSED},
    {"1000000000", FEN_PER_WAN, REFUSED},
    {"99999999999999", FEN_PER_YUAN, REFUSED},
    /* separators elsewhere than before groups of three */
    {"1,23", 1, REFUSED},
    {"1234,567", 1, REFUSED},
    {",123", 1, REFUSED},
    {"1,,234", 1, REFUSED},
    {"1,2345", 1, REFUSED},
    {"1,234,", 1, REFUSED},
    {"12,34,567", 1, REFUSED},
    {"1.234,5", FEN_PER_WAN, REFUSED},
    /* no numbers */
    {"", 1, REFUSED},
    {"-", 1, REFUSED},
    {"+-5", 1, REFUSED},
    {".5", FEN_PER_YUAN, REFUSED},
    {"5.", FEN_PER_YUAN, REFUSED},
    {"1e3", 1, REFUSED},
    {"0x10", 1, REFUSED},
    {"1 234", 1, REFUSED},
    {"12万", 1, REFUSED},
    {"１２a", 1, REFUSED},
    {"nan", 1, REFUSED},
    {"1\xff", 1, REFUSED},
};

static void numbers_are_read_as_they_are_typed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(spellings); i++) {
        int64_t number = REFUSED;
        bool read = number_parse(text_of(spellings[i].text), spellings[i].scale, &number);
        if (read != (spellings[i].want != REFUSED))
            fail_msg("\"%s\" is %s", spellings[i].text, read ? "taken" : "refused");
        if (number != spellings[i].want) fail_msg("\"%s\" gives %lld", spellings[i].text, (long long)number);
    }
    int64_t number = 5;
    assert_false(number_parse((struct text){"12\0"
                                            "9",
                                            4},
                              1, &number)); /* nothing hides behind a NUL */
    assert_int_equal(number, 5);
}

static void amounts_are_rounded_half_away_from_zero(void **state)
{
    static const struct {
        int64_t number, scale;
        int decimals;
        const char *want;
    } cases[] = {
        {0, FEN_PER_WAN, 2, "0.00"},
        {6200000000, FEN_PER_WAN, 2, "6200.00"},
        {6200005000, FEN_PER_WAN, 2, "6200.01"},
        {6200004999, FEN_PER_WAN, 2, "6200.00"},
        {-6200005000, FEN_PER_WAN, 2, "-6200.01"},
        {-1, FEN_PER_WAN, 2, "0.00"}, /* no minus before a zero */
        {-5000, FEN_PER_WAN, 2, "-0.01"},
        {999999, FEN_PER_WAN, 2, "1.00"},
        {150, FEN_PER_YUAN, 0, "2"},
        {149, FEN_PER_YUAN, 0, "1"},
        {123, FEN_PER_YUAN, 1, "1.2"},
        {125, FEN_PER_YUAN, 1, "1.3"},
        {123, FEN_PER_YUAN, 9, "1.23"},
        {7, 1, 2, "7"},
        {INT64_MIN, 1, 0, "-9223372036854775808"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[40];
        struct str str = str_in(out, sizeof out);
        str_scaled(&str, cases[i].number, cases[i].scale, cases[i].decimals);
        assert_string_equal(out, cases[i].want);
    }
}

static void the_exact_form_is_the_shortest(void **state)
{
    static const struct {
        int64_t number, scale;
        const char *want;
    } cases[] = {
        {6200000000, FEN_PER_WAN, "6200"},
        {6200500000, FEN_PER_WAN, "6200.5"},
        {1, FEN_PER_WAN, "0.000001"},
        {-1, FEN_PER_WAN, "-0.000001"},
        {0, FEN_PER_WAN, "0"},
        {1050, FEN_PER_YUAN, "10.5"},
        {1000, 1, "1000"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[40];
        struct str str = str_in(out, sizeof out);
        str_exact(&str, cases[i].number, cases[i].scale);
        assert_string_equal(out, cases[i].want);
    }
}

static void what_is_written_exactly_is_read_back(void **state)
{
    static const int64_t scales[] = {1, FEN_PER_YUAN, FEN_PER_WAN};
    struct rng rng = rng_make(1);
    (void)state;
    for (int i = 0; i < 20000; i++) {
        char out[40];
        struct str str = str_in(out, sizeof out);
        int64_t digits = 1, back = 0, scale = scales[rng_below(&rng, 3)];
        for (uint64_t n = rng_below(&rng, 16); n > 0; n--)
            digits *= 10;
        int64_t number = rng_between(&rng, -digits + 1, digits - 1);
        str_exact(&str, number, scale);
        if (!number_parse(text_of(out), scale, &back) || back != number) fail_msg("%s", out);
    }
}

static void shares_are_rounded_half_up(void **state)
{
    static const struct {
        int64_t part, whole, want;
    } cases[] = {
        {0, 100, 0},
        {1, 3, 333},
        {2, 3, 667},
        {1, 2000, 1}, /* half */
        {1, 2001, 0},
        {100, 100, 1000},
        {150, 100, 1500},
        {5, 0, 0},
        {5, -1, 0},
        {100000000000000, 100000000000000, 1000},
        {1000000000000000000, 2000000000000000000, 500},
        {INT64_MAX, INT64_MAX, 1000},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(per_mille(cases[i].part, cases[i].whole), cases[i].want);
    assert_true(per_mille(INT64_MAX, 1) > 1000); /* absurd, and no crash */
    assert_true(per_mille(INT64_MAX / 1000, 3) > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_as_they_are_typed), cmocka_unit_test(amounts_are_rounded_half_away_from_zero),
        cmocka_unit_test(the_exact_form_is_the_shortest),     cmocka_unit_test(what_is_written_exactly_is_read_back),
        cmocka_unit_test(shares_are_rounded_half_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
