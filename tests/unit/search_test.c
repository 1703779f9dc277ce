/* search_test.c - finding by characters, codes and the first letters of the pinyin. */
#include "client/core/search.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <string.h>

static void people_find_what_they_type(void **state)
{
    static const struct {
        const char *query, *text;
        bool found;
    } cases[] = {
        {"yyx", "岳阳县", true},
        {"YYX", "岳阳县", true},
        {"xy", "岳阳县", false}, /* letters follow each other as characters do */
        {"yy", "岳阳县", true},
        {"x", "岳阳县", true},
        {"cq", "重庆", true}, /* both readings */
        {"zq", "重庆", true},
        {"xq", "重庆", false},
        {"岳阳", "湖南省岳阳县", true},
        {"岳县", "岳阳县", false},
        {"岳y县", "岳阳县", true}, /* mixed */
        {"p1", "P1 县城道路改造", true},
        {"dlgz", "P1 县城道路改造", true},
        {"gz p1", "P1 县城道路改造", true}, /* words in any order */
        {"p1 改造", "P1 县城道路改造", true},
        {"p1 高速", "P1 县城道路改造", false}, /* every word has to be found */
        {"", "岳阳县", true},
        {"   ", "岳阳县", true},
        {"  yyx  ", "岳阳县", true},
        {"", "", true},
        {"a", "", false},
        {"z052", "YY09-Z052 岳阳港", true},
        {"09-z", "YY09-Z052 岳阳港", true},
        {"ｙｙｘ", "岳阳县", true}, /* an input method's letters */
        {"Ｐ１", "P1", true},
        {"yyg", "ＹＹ港", true},
        {"岳阳县人民政府", "岳阳县", false},
        {"1", "一号路", false}, /* digits are digits */
        {"é", "é", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (search_match(text_of(cases[i].query), text_of(cases[i].text)) != cases[i].found)
            fail_msg("\"%s\" in \"%s\"", cases[i].query, cases[i].text);
}

static uint32_t letters(const char *text)
{
    uint32_t bits = 0;
    for (; *text != '\0'; text++)
        bits |= 1u << (*text - 'a');
    return bits;
}

static void characters_have_the_initials_of_all_their_readings(void **state)
{
    (void)state;
    assert_int_equal(pinyin_initials(0x5CB3), letters("y"));                  /* 岳 */
    assert_int_equal(pinyin_initials(0x91CD) & letters("cz"), letters("cz")); /* 重 */
    assert_true(pinyin_initials(0x53BF) & letters("x"));                      /* 县 */
    assert_true(pinyin_initials(0x534E) & letters("h"));                      /* 华 */
    assert_int_equal(pinyin_initials('a'), 0);
    assert_int_equal(pinyin_initials(0x3001), 0); /* a mark */
    assert_int_equal(pinyin_initials(0x20000), 0);
    assert_int_equal(pinyin_initials(0xFFFFFFFF), 0);
    unsigned known = 0;
    for (uint32_t code = 0x4E00; code <= 0x9FA5; code++) {
        uint32_t bits = pinyin_initials(code);
        known += bits != 0;
        assert_int_equal(bits & ~letters("abcdefghijklmnopqrstuvwxyz"), 0);
    }
    assert_true(known > 20000); /* nearly all of the 20,902 */
}

static void text_can_be_shown_where_characters_can_not(void **state)
{
    char out[40];
    (void)state;
    struct str str = str_in(out, sizeof out);
    pinyin_text(text_of("P1 岳阳县，é"), &str);
    assert_int_equal(strlen(out), 8);
    assert_true(strncmp(out, "P1 yyx", 6) == 0);
    for (const char *at = out; *at != '\0'; at++)
        assert_true(*at >= ' ' && *at <= '~');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_find_what_they_type),
        cmocka_unit_test(characters_have_the_initials_of_all_their_readings),
        cmocka_unit_test(text_can_be_shown_where_characters_can_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
