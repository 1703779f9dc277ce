/* pictures_test.c - the pictures of the README are what the program shows. With PICTURES_TO they are written there
 * (make pictures); otherwise those in client/pictures are compared, byte for byte. */
#include "tests/lib/rig_report.h"
#include "tests/lib/sitting.h"
#include "tests/lib/svg.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PICTURE_BYTES = 256 * 1024 };

static struct rig rig;

/* The demo with six weeks of work behind it, always the same. */
static int begin(void **state)
{
    (void)state;
    sitting_start_worked(&rig);
    return 0;
}

static int end(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

static const struct picture {
    const char *name, *login, *language, *keys[4], *shows[4]; /* keys, and what they lead to */
} pictures[] = {
    {"desk", "HRX", "zh", {"j"}, {"工作台"}},
    {"project", "HRX", "zh", {":project YY09-Z015\r", "5"}, {"YY09-Z015", "实际"}},
    {"report",
     "HRX",
     "zh",
     {":report YY09-Q016 2009-10\r", "\r20\r60\r", "主管网敷设\t\t", DONE},
     {"YY09-Q016", "60", "主管网敷设", "报送"}},
    {"matrix", "XMB", "zh", {"m"}, {"月份"}},
    {"board", "XMB", "zh", {"i"}, {"挂号"}},
    {"console", "XMB", "zh", {"C"}, {"分布图"}},
    {"desk-en", "HRX", "en", {"j"}, {"desk"}},
    {"console-en", "XMB", "en", {"C2"}, {"plan and actual"}},
};

/* The demo's clock runs while the pictures are made: on a slow machine past its first minute. */
static void steady_clock(char *svg)
{
    for (char *at = svg; (at = strstr(at, "09:0")) != NULL; at++)
        if (at[4] >= '0' && at[4] <= '9') at[4] = '0';
}

static void compare(const char *name, const char *svg)
{
    static char kept[PICTURE_BYTES];
    char path[1200];
    const char *to = getenv("PICTURES_TO"), *data = getenv("DUBAN_DATA");
    if (to != NULL)
        snprintf(path, sizeof path, "%s/%s.svg", to, name);
    else
        snprintf(path, sizeof path, "%s/../../client/pictures/%s.svg", data != NULL ? data : "server/data", name);
    FILE *file = fopen(path, to != NULL ? "we" : "re");
    if (file == NULL) rig_fail("%s can't be opened: make pictures", path);
    if (to != NULL) {
        fputs(svg, file);
        assert_int_equal(fclose(file), 0);
        return;
    }
    kept[fread(kept, 1, sizeof kept - 1, file)] = '\0';
    fclose(file);
    if (strcmp(kept, svg) != 0) rig_fail("%s is not what the program shows: make pictures", path);
}

static void the_pictures_are_what_the_program_shows(void **state)
{
    (void)state;
    static char svg[PICTURE_BYTES];
    char keys[40];
    for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++) {
        const struct picture *picture = &pictures[i];
        struct pty *seat = sit(picture->login, (struct look){NULL});
        assert_true(pty_wait(seat, " 09:0", SOON_MS));
        snprintf(keys, sizeof keys, ":set language %s\r", picture->language);
        type(seat, keys, picture->language[0] == 'z' ? "已连接" : "| connected");
        pty_send(seat, "d");
        for (unsigned j = 0; j < 4 && picture->keys[j] != NULL; j++)
            type(seat, picture->keys[j], picture->shows[j]);
        pty_settle(seat, 300);
        assert_true(svg_of(seat, svg, sizeof svg));
        steady_clock(svg);
        compare(picture->name, svg);
        get_up(seat);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_pictures_are_what_the_program_shows, clear_seats),
    };
    return cmocka_run_group_tests_name("pictures", tests, begin, end);
}
