/* setup_test.c - config files: what is read, what is refused and how that is said, themes and the key map. */
#include "client/screen/setup.h"
#include "client/term/term.h"
#include "tests/lib/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char home[80], system_place[100];
static struct setup setup;

static int start(void **state)
{
    (void)state;
    snprintf(home, sizeof home, "/tmp/duban-setup-XXXXXX");
    assert_non_null(mkdtemp(home));
    snprintf(system_place, sizeof system_place, "%s/xdg", home);
    setenv("XDG_CONFIG_HOME", home, 1);
    setenv("XDG_CONFIG_DIRS", system_place, 1);
    return 0;
}

static void write_bytes(const char *place, const char *bytes, size_t count)
{
    char path[200];
    snprintf(path, sizeof path, "%s", place);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/duban", place);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/duban/duban.conf", place);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    fclose(file);
}

static void write_file(const char *place, const char *text)
{
    write_bytes(place, text, strlen(text));
}

static int end(void **state)
{
    const char *const left[] = {"duban/duban.conf", "duban", "xdg/duban/duban.conf", "xdg/duban", "xdg",
                                "p/screen.conf",    "p"};
    char path[200];
    (void)state;
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        snprintf(path, sizeof path, "%s/%s", home, left[i]);
        remove(path);
    }
    return rmdir(home);
}

static void load(const char *text)
{
    write_file(home, text);
    setup_load(&setup);
}

static void without_files_all_is_as_it_comes(void **state)
{
    (void)state;
    setup_load(&setup);
    assert_int_equal(setup.fault_count, 0);
    assert_int_equal(setup.prefs.lock_minutes, LOCK_MINUTES);
    assert_string_equal(setup.prefs.theme, "default");
    assert_int_equal(setup.prefs.mouse, 0);
    assert_null(keys_fault(&setup.keys));
}

static void ones_own_file_wins_and_what_was_set_by_hand_wins_over_both(void **state)
{
    (void)state;
    struct profile profile = {.name = "p"};
    write_file(system_place, "lock 5\nbell on\ncharts ascii\n");
    load("# mine\n\nbell   flash\r\n");
    assert_int_equal(setup.prefs.lock_minutes, 5);
    assert_int_equal(setup.prefs.alert, ALERT_FLASH);
    snprintf(profile.directory, sizeof profile.directory, "%s/p", home);
    assert_int_equal(mkdir(profile.directory, 0700), 0);
    struct prefs own = {.lock_minutes = 30, .set = 1u << PREF_LOCK};
    assert_int_equal(prefs_save(&profile, &own), OK);
    setup_follow(&setup, &profile);
    assert_int_equal(setup.prefs.lock_minutes, 30);
    assert_int_equal(setup.prefs.alert, ALERT_FLASH); /* was not set by hand */
    assert_int_equal(setup.prefs.charts, CHARTS_ASCII);
    assert_non_null(strstr(setup.origins[PREF_BELL].at, "/duban/duban.conf:3"));
    assert_non_null(strstr(setup.origins[PREF_LOCK].at, "screen.conf"));
    write_file(system_place, "");
}

static void a_wrong_line_is_named_and_the_others_hold(void **state)
{
    static const struct {
        const char *line, *says;
    } cases[] = {
        {"bell maybe", "on|flash|off"},
        {"lock 1441", "0-1440"},
        {"lock -1", "0-1440"},
        {"theme nowhere", "no such theme"},
        {"frob 1", "bell, lock, charts"},
        {"[colours]", "[theme NAME]"},
        {"[theme", "between [ and ]"},
        {"key go x", "key CONTEXT KEY VERB"},
        {"key nowhere z registers", "no keys of nowhere"},
        {"key go zz registers", "zz is no key"},
        {"key go F13 registers", "F13 is no key"},
        {"key go z dance", "nothing is called dance"},
        {"key field z send", "a character"},
        {"key go q registers", "key any q none (back)"},
        {"key desk z fill", "fill is nothing"},
        {"bell \xff", "readable"},
        {"[theme a]\ngood puce", "bright-red"},
        {"[theme a]\ngood on", "bright-red"},
        {"[theme a]\ngood 256", "bright-red"},
        {"[theme a]\nshiny red", "selected"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[300];
        snprintf(text, sizeof text, "charts ascii\n%s\n", cases[i].line);
        load(text);
        assert_int_equal(setup.fault_count, 1);
        if (strstr(setup.faults[0], cases[i].says) == NULL) fail_msg("%s: %s", cases[i].line, setup.faults[0]);
        assert_non_null(strstr(setup.faults[0], "duban.conf:"));
        assert_int_equal(setup.prefs.charts, CHARTS_ASCII);
        assert_null(keys_fault(&setup.keys));
    }
    static const char nul[] = "charts asc\0ii\nlock 7\n"; /* the line behind it is not taken for its end */
    write_bytes(home, nul, sizeof nul - 1);
    setup_load(&setup);
    assert_int_equal(setup.fault_count, 1);
    assert_int_equal(setup.prefs.lock_minutes, 7);
    char *flood = malloc(200000);
    assert_non_null(flood);
    memset(flood, 'x', 199999);
    flood[199999] = '\0';
    load(flood);
    assert_int_equal(setup.fault_count, 1);
    for (size_t i = 0; i < 199998; i += 2)
        flood[i + 1] = '\n';
    load(flood); /* more faults than are kept */
    assert_int_equal(setup.fault_count, FAULTS_MAX);
    free(flood);
}

static void keys_are_bound_moved_and_taken_away(void **state)
{
    char line[900] = "", help[8000] = "";
    struct str hint = str_in(line, sizeof line), page = str_in(help, sizeof help);
    (void)state;
    load("[keys]\ngo z registers\nany q none\ngo q outbox\nprojects ^O sort\n");
    assert_int_equal(setup.fault_count, 0);
    const struct keymap *map = &setup.keys;
    assert_int_equal(keys_find(map, SCREEN_desk, 'z'), VERB_registers);
    assert_int_equal(keys_find(map, SCREEN_desk, 't'), VERB_registers); /* the usual one stays */
    assert_int_equal(keys_find(map, SCREEN_desk, 'q'), VERB_outbox);
    assert_int_equal(keys_find(map, SCREEN_desk, K_ESC), VERB_back);
    assert_int_equal(keys_find(map, SCREEN_projects, CTRL('O')), VERB_sort);
    assert_int_equal(keys_find(map, SCREEN_desk, CTRL('O')), VERB_none);
    keys_hint(map, SCREEN_projects, 580, NULL, NULL, &hint);
    assert_non_null(strstr(line, "^O sort"));
    assert_non_null(strstr(line, "z registers"));
    assert_non_null(strstr(line, "Esc back"));
    keys_help(map, SCREEN_projects, NULL, NULL, &page);
    assert_non_null(strstr(help, "^O s "));
    assert_null(keys_fault(map));
    load("key any q none\nkey any Esc none\n");
    assert_int_equal(keys_find(&setup.keys, SCREEN_desk, 'q'), VERB_none);
    assert_int_equal(keys_find(&setup.keys, SCREEN_desk, K_F(10)), VERB_back);
}

static void a_click_on_a_hint_is_found_again(void **state)
{
    char line[600] = "";
    struct str hint = str_in(line, sizeof line);
    (void)state;
    load("");
    keys_hint(&setup.keys, SCREEN_projects, 79, NULL, NULL, &hint);
    int at = (int)(strstr(line, "s sort") - line);
    assert_int_equal(keys_hinted(&setup.keys, SCREEN_projects, 79, NULL, NULL, at), VERB_sort);
    assert_int_equal(keys_hinted(&setup.keys, SCREEN_projects, 79, NULL, NULL, (int)strlen(line) - 1), VERB_help);
    assert_int_equal(keys_hinted(&setup.keys, SCREEN_projects, 79, NULL, NULL, 200), VERB_none);
}

static void a_theme_is_made_of_another_and_comes_down_to_what_the_terminal_has(void **state)
{
    char words[80] = "";
    struct str str = str_in(words, sizeof words);
    (void)state;
    load("theme mine\n[theme mine]\nlike dark\nbad underline bright-yellow on 196\n");
    assert_int_equal(setup.fault_count, 0);
    const struct theme *mine = setup_theme(&setup, "mine"), *dark = setup_theme(&setup, "dark");
    assert_non_null(mine);
    assert_memory_equal(&mine->looks[STYLE_GOOD], &dark->looks[STYLE_GOOD], sizeof(struct look));
    const struct look *bad = &mine->looks[STYLE_BAD];
    assert_int_equal(bad->attributes, LOOK_UNDERLINE);
    assert_int_equal(bad->fore[2], 11);
    assert_int_equal(bad->fore[0], 3);
    assert_int_equal(bad->back[2], 196);
    assert_int_equal(bad->back[1], 1);
    look_print(bad, &str);
    assert_string_equal(words, "underline bright-yellow on 196");
    for (unsigned i = 0; theme_at(i) != NULL; i++) /* meaning never in the colour of mono */
        for (unsigned style = 0; style < STYLE_COUNT; style++)
            assert_true(strcmp(theme_at(i)->name, "mono") != 0 || theme_at(i)->looks[style].fore[2] == COLOUR_NONE);
}

/* ---- contrast ---- */

enum { WHITE_GROUND = 1, BLACK_GROUND = 2, EITHER = 3 };

/* A colour of the usual palette (xterm's), as 0xRRGGBB. */
static unsigned rgb_of(int colour)
{
    static const unsigned first[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
                                       0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
    static const unsigned steps[6] = {0, 0x5f, 0x87, 0xaf, 0xd7, 0xff};
    if (colour < 16) return first[colour];
    if (colour >= 232) return 0x010101u * (8 + 10 * (unsigned)(colour - 232));
    return steps[(colour - 16) / 36] << 16 | steps[(colour - 16) / 6 % 6] << 8 | steps[(colour - 16) % 6];
}

/* Relative luminance as WCAG 2 has it. */
static double light_of(unsigned rgb)
{
    static const double weights[3] = {0.0722, 0.7152, 0.2126};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        double part = (double)(rgb >> 8 * i & 255) / 255;
        sum += weights[i] * (part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static double contrast(unsigned a, unsigned b)
{
    double light = light_of(a) + 0.05, dark = light_of(b) + 0.05;
    return light > dark ? light / dark : dark / light;
}

static void every_style_of_every_theme_can_be_read(void **state)
{
    (void)state;
    static const struct {
        const char *theme;
        int grounds;
        double least; /* 3 is WCAG's floor for signs and bold text, 7 its highest demand */
    } demands[] = {{"default", EITHER, 3}, {"light", WHITE_GROUND, 3}, {"dark", BLACK_GROUND, 3}, {"mono", EITHER, 3},
                   {"high-contrast", EITHER, 7}};
    static const unsigned grounds[] = {0xffffff, 0x000000};
    for (unsigned i = 0; theme_at(i) != NULL; i++) {
        const struct theme *theme = theme_at(i);
        assert_string_equal(theme->name, demands[i].theme); /* a new theme says for which ground it is */
        for (unsigned style = 0; style < STYLE_COUNT; style++)
            for (unsigned depth = 0; depth < 3; depth++)
                for (unsigned ground = 0; ground < 2; ground++) {
                    short fore = theme->looks[style].fore[depth], back = theme->looks[style].back[depth];
                    if ((demands[i].grounds >> ground & 1) == 0 || fore == COLOUR_NONE) continue;
                    double has = contrast(rgb_of(fore), back != COLOUR_NONE ? rgb_of(back) : grounds[ground]);
                    if (has < demands[i].least)
                        fail_msg("%s: %s on %06x at depth %u: only %.1f to 1", theme->name, style_name(style),
                                 grounds[ground], depth, has);
                }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_files_all_is_as_it_comes),
        cmocka_unit_test(ones_own_file_wins_and_what_was_set_by_hand_wins_over_both),
        cmocka_unit_test(a_wrong_line_is_named_and_the_others_hold),
        cmocka_unit_test(keys_are_bound_moved_and_taken_away),
        cmocka_unit_test(a_click_on_a_hint_is_found_again),
        cmocka_unit_test(every_style_of_every_theme_can_be_read),
        cmocka_unit_test(a_theme_is_made_of_another_and_comes_down_to_what_the_terminal_has),
    };
    return cmocka_run_group_tests(tests, start, end);
}
