/* cells_test.c - text as columns: what is shown for characters that a terminal must not get or shows in its own way,
 * and where lines may break. */
#include "client/term/cells.h"
#include "tests/lib/unit.h"

#include <locale.h>
#include <string.h>

static char line[1000];

static int start(void **state)
{
    (void)state;
    return setlocale(LC_ALL, "C.UTF-8") != NULL ? 0 : -1;
}

static const char *shown(const char *text)
{
    struct str str = str_in(line, sizeof line);
    text_shown(text_of(text), &str);
    return line;
}

static void nothing_that_steers_a_terminal_is_shown(void **state)
{
    (void)state;
    static const struct {
        const char *why, *text, *shown;
    } cases[] = {
        {"escape", "a\033[31mb", "a?[31mb"},
        {"bell and delete", "a\ab\177", "a?b?"},
        {"C1 as a character", "a\xc2\x9b" "31m", "a?31m"},
        {"C1 as a byte", "a\x9b" "31m", "a?31m"},
        {"right to left", "a\xe2\x80\xae" "b", "a?b"},
        {"isolate", "a\xe2\x81\xa6" "b", "a?b"},
        {"tab and line feed", "a\tb\nc", "a b c"},
        {"return", "a\rb", "a?b"},
        {"no UTF-8", "\xff\xfe", "??"},
        {"a mark on nothing", "\xcc\x81", "?"},
        {"private use", "\xee\x80\x80", "?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (strcmp(shown(cases[i].text), cases[i].shown) != 0) fail_msg("%s: %s", cases[i].why, line);
}

/* Terminals disagree about the whole, not about the parts that are left. */
static void emoji_take_the_columns_of_their_members(void **state)
{
    (void)state;
    static const struct {
        const char *why, *text, *shown;
        int columns;
    } cases[] = {
        {"a face", "😀", "😀", 2},
        {"a family", "👨‍👩‍👧", "👨👩👧", 6},
        {"a hand with its colour", "👍🏽", "👍", 2},
        {"a heart, coloured by a selector", "❤️", "❤", 1},
        {"a key", "1️⃣", "1", 1},
        {"a flag", "🇨🇳", "CN", 2},
        {"a letter with its accent", "e\xcc\x81", "e\xcc\x81", 1},
        {"Chinese", "路基", "路基", 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (strcmp(shown(cases[i].text), cases[i].shown) != 0) fail_msg("%s: %s", cases[i].why, line);
        assert_int_equal(text_columns(text_of(cases[i].text)), cases[i].columns);
        assert_int_equal(text_fit(text_of(cases[i].text), cases[i].columns, NULL), strlen(cases[i].text));
    }
}

static void ascii_is_left_where_there_is_nothing_else(void **state)
{
    (void)state;
    setlocale(LC_ALL, "C");
    const char *all = shown("〔2009〕17号，“金额”≥３万元…é①㎡ Ⅲ");
    setlocale(LC_ALL, "C.UTF-8");
    assert_string_equal(all, "[2009]17h,\"je\">3wy.e1m I");
}

/* Breaks a text into lines with '/' between them. */
static const char *broken(const char *text, int columns)
{
    struct text rest = text_of(text);
    struct str str = str_in(line, sizeof line);
    while (rest.length > 0) {
        uint32_t next, length = text_wrap(rest, columns, &next);
        str_text(&str, (struct text){rest.at, length});
        if (next < rest.length) str_put(&str, "/");
        rest.at += next;
        rest.length -= next;
    }
    return line;
}

static void no_line_begins_with_a_mark_that_closes(void **state)
{
    (void)state;
    assert_string_equal(broken("路基完成路面", 8), "路基完成/路面");
    assert_string_equal(broken("路基完成，路面", 8), "路基完/成，路面");
    assert_string_equal(broken("路基完。”路面", 7), "路基/完。”路/面");
    assert_string_equal(broken("路基完成(路面)", 9), "路基完成/(路面)");
    assert_string_equal(broken("路基完（路面）", 8), "路基完/（路面）");
    assert_string_equal(broken("路基完成 98.5%路", 12), "路基完成 /98.5%路");
    assert_string_equal(broken("。。。。。", 4), "。。/。。/。"); /* nothing else to break at */
    assert_string_equal(broken("one two three", 7), "one two/three");
    assert_string_equal(broken("一\n二", 7), "一/二");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_that_steers_a_terminal_is_shown),
        cmocka_unit_test(emoji_take_the_columns_of_their_members),
        cmocka_unit_test(ascii_is_left_where_there_is_nothing_else),
        cmocka_unit_test(no_line_begins_with_a_mark_that_closes),
    };
    return cmocka_run_group_tests_name("cells", tests, start, NULL);
}
