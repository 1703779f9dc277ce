/* text_test.c - UTF-8, what may stand in a record, what an input method leaves, bounded strings. */
#include "proto/text.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct text bytes_of(const char *at, size_t length)
{
    return (struct text){at, (uint32_t)length};
}

static void only_well_formed_utf8_is_read(void **state)
{
    static const struct {
        const char *why, *bytes;
        size_t length;
        uint32_t code; /* 0xFFFFFFFF: refused */
    } cases[] = {
        {"ASCII", "a", 1, 'a'},
        {"NUL is a character", "\0", 1, 0},
        {"last of one byte", "\x7f", 1, 0x7f},
        {"first of two", "\xc2\x80", 2, 0x80},
        {"last of two", "\xdf\xbf", 2, 0x7ff},
        {"first of three", "\xe0\xa0\x80", 3, 0x800},
        {"before the surrogates", "\xed\x9f\xbf", 3, 0xd7ff},
        {"after the surrogates", "\xee\x80\x80", 3, 0xe000},
        {"first of four", "\xf0\x90\x80\x80", 4, 0x10000},
        {"the last of all", "\xf4\x8f\xbf\xbf", 4, 0x10ffff},
        {"nothing", "", 0, 0xffffffff},
        {"continuation alone", "\x80", 1, 0xffffffff},
        {"overlong slash", "\xc0\xaf", 2, 0xffffffff},
        {"overlong of three", "\xe0\x9f\xbf", 3, 0xffffffff},
        {"overlong of four", "\xf0\x8f\xbf\xbf", 4, 0xffffffff},
        {"high surrogate", "\xed\xa0\x80", 3, 0xffffffff},
        {"low surrogate", "\xed\xbf\xbf", 3, 0xffffffff},
        {"past the last", "\xf4\x90\x80\x80", 4, 0xffffffff},
        {"five bytes", "\xf8\x88\x80\x80\x80", 5, 0xffffffff},
        {"cut after one of two", "\xc3", 1, 0xffffffff},
        {"cut after two of three", "\xe4\xb8", 2, 0xffffffff},
        {"cut after three of four", "\xf0\x9f\x98", 3, 0xffffffff},
        {"second byte is no continuation", "\xe4\x41\x80", 3, 0xffffffff},
        {"no byte of UTF-8", "\xff", 1, 0xffffffff},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *at = cases[i].bytes;
        uint32_t code = 0xffffffff;
        bool read = utf8_next(&at, cases[i].bytes + cases[i].length, &code);
        if (read != (cases[i].code != 0xffffffff) || code != cases[i].code) fail_msg("%s", cases[i].why);
        assert_ptr_equal(at, cases[i].bytes + (read ? cases[i].length : 0));
    }
}

static void every_character_is_written_as_it_is_read(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        char bytes[4];
        uint32_t read;
        const char *at = bytes;
        if (code >= 0xd800 && code <= 0xdfff) continue;
        size_t length = utf8_put(code, bytes);
        assert_true(utf8_next(&at, bytes + length, &read));
        assert_int_equal(read, code);
        assert_int_equal(at - bytes, length);
    }
}

static void characters_are_counted(void **state)
{
    (void)state;
    assert_int_equal(text_characters(text_of("")), 0);
    assert_int_equal(text_characters(text_of("岳阳yy")), 4);
    assert_int_equal(text_characters(text_of("a\xff\xfe"
                                             "b")),
                     4); /* malformed bytes count one each */
    assert_int_equal(text_characters(text_of("😀")), 1);
}

static void what_hides_or_breaks_text_is_refused(void **state)
{
    static const struct {
        const char *why, *text;
        bool lines;
        size_t want;
    } cases[] = {
        {"plain", "岳阳市 2009 №1", false, 0},
        {"full-width", "（ＡＢ）：，。", false, 0},
        {"a line feed in a line", "a\nb", false, 2},
        {"a line feed in a note", "a\nb", true, 0},
        {"a carriage return in a note", "a\r\nb", true, 2},
        {"tab", "a\tb", true, 2},
        {"escape sequence", "ab\x1b[2J", true, 3},
        {"delete", "\x7f", true, 1},
        {"C1 control: CSI",
         "岳\xc2\x9b"
         "0m",
         true, 2},
        {"next line", "\xc2\x85", true, 1},
        {"right-to-left override", "abc\u202Efdp.exe", true, 4},
        {"left-to-right embedding", "\u202A", true, 1},
        {"isolate", "x\u2066y", true, 2},
        {"right-to-left mark", "x\u200F", true, 2},
        {"zero-width space", "项\u200B目", true, 2},
        {"zero-width non-joiner", "\u200C", true, 1},
        {"zero-width joiner alone", "\u200D", true, 1},
        {"word joiner", "a\u2060", true, 2},
        {"byte order mark", "\uFEFF项目", true, 1},
        {"soft hyphen", "a\u00ADb", true, 2},
        {"private use", "\uE000", true, 1},
        {"private use, last plane", "a\U0010FFFD", true, 2},
        {"unassigned", "\u0378", true, 1},
        {"noncharacter", "\uFFFF", true, 1},
        {"line separator", "a\u2028b", true, 2},
        {"paragraph separator", "a\u2029b", true, 2},
        {"tag letters", "a\U000E0041", true, 2},
        {"a face", "好😀", false, 0},
        {"a family joined by zero-width joiners", "👨\u200D👩\u200D👧", false, 2},
        {"combining accent", "e\u0301", false, 0},
        {"ideographic space", "a\u3000b", false, 0},
        {"malformed", "ab\xff", false, 3},
        {"cut character", "ab\xe4\xb8", false, 3},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t found = text_offence(text_of(cases[i].text), cases[i].lines);
        if (found != cases[i].want) fail_msg("%s: at %zu, not %zu", cases[i].why, found, cases[i].want);
    }
    assert_int_equal(text_offence(bytes_of("a\0b", 3), true), 2);
}

/* By block, without asking the library that the program asks. */
static bool must_be_refused(uint32_t code)
{
    static const uint32_t ranges[][2] = {
        {0x00, 0x09},     {0x0b, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},       {0x061c, 0x061c},
        {0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},   {0xd800, 0xf8ff},
        {0xfdd0, 0xfdef}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe00ff}, {0xf0000, 0x10ffff},
    };
    if ((code & 0xfffe) == 0xfffe) return true;
    for (size_t i = 0; i < COUNT(ranges); i++)
        if (code >= ranges[i][0] && code <= ranges[i][1]) return true;
    return false;
}

static bool must_be_taken(uint32_t code)
{
    return (code >= 0x20 && code <= 0x7e) || code == '\n' || (code >= 0x4e00 && code <= 0x9fa5) ||
           (code >= 0x3001 && code <= 0x3002) || (code >= 0xff01 && code <= 0xff5e) || code == 0x3000 ||
           (code >= 0x20000 && code <= 0x2a6d6);
}

static void no_dangerous_character_slips_through(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        char bytes[4];
        if (code >= 0xd800 && code <= 0xdfff) continue;
        bool taken = text_offence(bytes_of(bytes, utf8_put(code, bytes)), true) == 0;
        if (taken && must_be_refused(code)) fail_msg("U+%04X is taken", code);
        if (!taken && must_be_taken(code)) fail_msg("U+%04X is refused", code);
    }
}

static void an_input_methods_forms_are_narrowed(void **state)
{
    static const struct {
        const char *text, *want; /* NULL: refused */
    } cases[] = {
        {"", ""},
        {"  \u3000 ", ""},
        {"\u3000 ab \u3000", "ab"},
        {"a\u3000b", "a b"},
        {"１２３，４５６．７８", "123,456.78"},
        {"－＋／", "-+/"},
        {"ＨＲＸ－ｌ", "HRX-l"},
        {"2009年9月", "2009年9月"},
        {"12345678", NULL}, /* with the NUL it does not fit in 8 */
        {"1234567", "1234567"},
        {"岳阳１", "岳阳1"},
        {"岳阳１２", NULL},
        {"a\xff", NULL},
        {"\xe4\xb8", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[32] = "untouched";
        size_t max = i >= 8 && i <= 11 ? 8 : sizeof out;
        bool fits = text_narrow(text_of(cases[i].text), out, max);
        if (fits != (cases[i].want != NULL)) fail_msg("\"%s\": %s", cases[i].text, fits ? "taken" : "refused");
        if (fits) assert_string_equal(out, cases[i].want);
    }
}

static void a_nul_never_cuts_what_is_narrowed(void **state)
{
    char out[16];
    (void)state;
    /* "12" and something behind a NUL must not be taken for 12 */
    assert_false(text_narrow(bytes_of("12\0"
                                      "99",
                                      5),
                             out, sizeof out));
    assert_false(text_narrow(bytes_of("\0", 1), out, sizeof out));
    assert_false(text_narrow(bytes_of("12\0", 3), out, sizeof out));
}

static void strings_are_cut_between_characters(void **state)
{
    char small[6];
    (void)state;
    struct str str = str_in(small, sizeof small);
    assert_string_equal(small, "");
    str_put(&str, "岳");
    assert_false(str.cut);
    str_put(&str, "阳");
    assert_true(str.cut);
    assert_string_equal(small, "岳");
    str_put(&str, "xyz");
    assert_string_equal(small, "岳xy");
    assert_int_equal(strlen(small), str.used);

    str = str_in(small, sizeof small);
    str_printf(&str, "%d岳%d", 7, 8);
    assert_string_equal(small, "7岳8");
    str = str_in(small, sizeof small);
    str_hex(&str, "\xab\x0f", 2);
    assert_string_equal(small, "ab0f");
    str = str_in(small, 1);
    str_put(&str, "a");
    assert_true(str.cut);
    assert_string_equal(small, "");
}

static void equal_texts_have_equal_bytes(void **state)
{
    (void)state;
    assert_true(text_equal(text_of(""), (struct text){NULL, 0}));
    assert_true(text_equal(text_of("岳"), text_of("岳")));
    assert_false(text_equal(text_of("岳"), text_of("岳 ")));
    assert_false(text_equal(text_of("a"), text_of("b")));
    assert_false(text_equal(bytes_of("a\0b", 3), bytes_of("a\0c", 3)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_well_formed_utf8_is_read),
        cmocka_unit_test(every_character_is_written_as_it_is_read),
        cmocka_unit_test(characters_are_counted),
        cmocka_unit_test(what_hides_or_breaks_text_is_refused),
        cmocka_unit_test(no_dangerous_character_slips_through),
        cmocka_unit_test(an_input_methods_forms_are_narrowed),
        cmocka_unit_test(a_nul_never_cuts_what_is_narrowed),
        cmocka_unit_test(strings_are_cut_between_characters),
        cmocka_unit_test(equal_texts_have_equal_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
