/* copy_test.c - what a terminal is sent so that it keeps a text (OSC 52): which terminals, how long, nothing that
 * commands. */
#include "client/term/copy.h"
#include "tests/lib/unit.h"

#include <stdlib.h>
#include <string.h>

static char bytes[COPY_BYTES_MAX];

static enum copied copy(const char *text, const char *terminal, bool within_screen)
{
    struct str out = str_in(bytes, sizeof bytes);
    return copy_sequence(text_of(text), terminal, within_screen, &out);
}

static void a_text_goes_out_in_base64(void **state)
{
    (void)state;
    assert_int_equal(copy("YY09-Z031", "xterm-256color", false), COPIED);
    assert_string_equal(bytes, "\033]52;c;WVkwOS1aMDMx\a");
    assert_int_equal(copy("岳阳", "tmux-256color", false), COPIED);
    assert_string_equal(bytes, "\033]52;c;5bKz6Ziz\a");
}

static void gnu_screen_hands_it_on_in_short_pieces(void **state)
{
    char long_text[200];
    (void)state;
    assert_int_equal(copy("YY09-Z031", "screen", true), COPIED);
    assert_string_equal(bytes, "\033P\033]52;c;WVkwOS1aMDMx\a\033\\");
    memset(long_text, 'a', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    assert_int_equal(copy(long_text, "screen", true), COPIED);
    for (const char *at = bytes; *at != '\0';) {
        const char *end = strstr(at, "\033\\");
        assert_non_null(end);
        assert_true(end - at < 100);
        at = end + 2;
    }
}

static void nothing_that_is_pasted_commands(void **state)
{
    (void)state;
    assert_int_equal(copy("a\nrm\xe2\x80\xaex\033]0;\xc2\x9b", "xterm", false), COPIED);
    char *once = strdup(bytes);
    assert_int_equal(copy("a rm x ]0; ", "xterm", false), COPIED);
    assert_string_equal(bytes, once);
    free(once);
}

static void what_is_too_long_or_has_no_clipboard_is_told(void **state)
{
    static char text[COPY_TEXT_MAX + 2];
    (void)state;
    memset(text, 'x', COPY_TEXT_MAX);
    assert_int_equal(copy(text, "xterm", false), COPIED);
    assert_int_equal(copy(text, "screen", true), COPIED);
    text[COPY_TEXT_MAX] = 'x';
    assert_int_equal(copy(text, "xterm", false), COPY_TOO_LONG);
    assert_int_equal(copy("x", "vt100", false), COPY_NOT_HERE);
    assert_int_equal(copy("x", "linux", false), COPY_NOT_HERE);
    assert_int_equal(copy("x", "", false), COPY_NOT_HERE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_goes_out_in_base64),
        cmocka_unit_test(gnu_screen_hands_it_on_in_short_pieces),
        cmocka_unit_test(nothing_that_is_pasted_commands),
        cmocka_unit_test(what_is_too_long_or_has_no_clipboard_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
