/* page_map.c - the console's first page: traffic lights by county, where the counties lie. Clause 2.
 * A tile says its light by a word and a colour, and how many of its projects are red, yellow and green. */
#include "client/console/pages.h"

#include "client/screen/words.h"
#include "client/term/cells.h"

#include "proto/number.h"
#include "proto/show.h"

enum { MAP_COLUMNS = 5, MAP_ROWS = 4, ROWS_MAX = MAP_ROWS + COUNTIES_MAX / MAP_COLUMNS + 1, BIG_COLUMNS = 32 };
enum { BIG_REST = 6 }; /* rows of a big tile besides the digits: colour, name, a gap, words, what is open, the share */
enum { TOTAL_ROW = 1, LEGEND_ROW = 2 }; /* in the first column, where the lake is */

#define PLACE(code, column, row) {#code, column, row},
static const struct {
    const char *code;
    int column, row;
} places[] = {
#include "client/console/places.def"
};

struct map {
    const struct console *console;
    struct sheet *sheet;
    const struct county *cells[ROWS_MAX][MAP_COLUMNS];
    int rows, wide, high; /* of tiles; of one */
    bool big;
};

/* ---- where ---- */

static bool place_of(const struct map *map, const struct county *county, int *column, int *row)
{
    struct record unit;
    if (county->unit == 0 ||
        state_get(client_space(map->console->client), KIND_unit, county->unit, map->console->arena, &unit) != OK)
        return false;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (!text_equal(rec_text(&unit, unit_code), text_of(places[i].code))) continue;
        *column = places[i].column;
        *row = places[i].row;
        return map->cells[*row][*column] == NULL;
    }
    return false;
}

/* A cell that is free: first those of the map, from the south, then rows below it. */
static void any_place(const struct map *map, int *column, int *row)
{
    for (int i = 0; i < ROWS_MAX; i++) {
        *row = i < MAP_ROWS ? MAP_ROWS - 1 - i : i;
        for (*column = 0; *column < MAP_COLUMNS; ++*column) {
            bool kept = *column == 0 && (*row == TOTAL_ROW || *row == LEGEND_ROW);
            if (!kept && map->cells[*row][*column] == NULL) return;
        }
    }
    *column = *row = 0; /* there are more cells than counties */
}

static void settle(struct map *map, const struct counties *counties)
{
    bool placed[COUNTIES_MAX] = {false};
    int column, row;
    map->cells[TOTAL_ROW][0] = &counties->all;
    map->rows = MAP_ROWS;
    for (unsigned i = 0; i < counties->count; i++) {
        placed[i] = place_of(map, &counties->at[i], &column, &row);
        if (placed[i]) map->cells[row][column] = &counties->at[i];
    }
    for (unsigned i = 0; i < counties->count; i++) {
        if (placed[i]) continue;
        any_place(map, &column, &row);
        map->cells[row][column] = &counties->at[i];
        if (row >= map->rows) map->rows = row + 1;
    }
}

/* ---- a tile ---- */

static const enum light lights[] = {LIGHT_RED, LIGHT_YELLOW, LIGHT_GREEN, LIGHT_UNKNOWN};

static void mark_projects(struct map *map, int row, int column, const struct county *county, const enum light *light)
{
    struct target target = {.opens = OPENS_PROJECTS, .county = county->unit};
    target.by_light = light != NULL;
    if (light != NULL) target.light = *light;
    sheet_spot(map->sheet, row, column, &target);
}

static void put_name(struct map *map, const struct county *county, const char *name, int row, int column)
{
    const char *word = county->projects > 0 ? light_word(county->light) : "";
    int wide = text_columns(text_of(word)), room = map->wide - 4 - wide;
    char block[16];
    struct str str = str_in(block, sizeof block);
    chart_bar(map->console->charts, 1, 1, 1, -1, &str);
    if (county->projects > 0) mark_projects(map, row, column, county, NULL);
    sheet_put(map->sheet, (struct place){row, column + 1, 1, console_style(county->light)}, block);
    int used = sheet_put(map->sheet, (struct place){row, column + 3, room, STYLE_STRONG}, name);
    sheet_put(map->sheet, (struct place){row, column + 4 + used, wide, console_style(county->light)}, word);
}

static void put_lights(struct map *map, const struct county *county, int row, int column)
{
    int end = column + map->wide - 1;
    for (size_t i = 0; i < sizeof lights / sizeof *lights; i++) {
        char text[32];
        struct str str = str_in(text, sizeof text);
        unsigned count = county->lights[lights[i]];
        if (count == 0 && lights[i] == LIGHT_UNKNOWN) continue;
        str_printf(&str, "%s%u", light_word(lights[i]), count);
        struct place place = {row, column + 1, end - column, count > 0 ? console_style(lights[i]) : STYLE_PLAIN};
        if (count > 0) mark_projects(map, row, column, county, &lights[i]);
        column += 1 + sheet_put(map->sheet, place, text);
    }
}

/* "W3!1": warnings that are open, of them overdue. */
static int put_open(struct map *map, const struct county *county, unsigned kind, int row, int column, int room)
{
    bool warns = kind == KIND_warning;
    const struct open_count *count = warns ? &county->warnings : &county->issues;
    const char *word = map->big ? tr(warns ? N_("warnings ") : N_("issues ")) : tr(warns ? N_("W") : N_("I"));
    struct target target = {.opens = OPENS_OPEN, .kind = (uint8_t)kind, .county = county->unit};
    char text[80];
    struct str str = str_in(text, sizeof text);
    str_printf(&str, "%s%u", word, count->open);
    if (count->overdue > 0) str_printf(&str, "!%u", count->overdue);
    if (count->open > 0) sheet_spot(map->sheet, row, column, &target);
    return 1 + sheet_put(map->sheet,
                         (struct place){row, column + 1, room - 1, count->overdue > 0 ? STYLE_BAD : STYLE_PLAIN}, text);
}

static void put_both_open(struct map *map, const struct county *county, int row, int column)
{
    int used = put_open(map, county, KIND_warning, row, column, map->wide - 1) + (map->big ? 2 : 0);
    put_open(map, county, KIND_issue, row, column + used, map->wide - 1 - used);
}

/* What is invested, of the plan to date. */
static void put_share(struct map *map, const struct county *county, int row, int column)
{
    char bar[400], share[32];
    struct str str = str_in(bar, sizeof bar), percent = str_in(share, sizeof share);
    int wide = map->wide - 9;
    if (county->planned == 0) return;
    if (wide > 90) wide = 90;
    chart_bar(map->console->charts, wide > 0 ? wide : 0, county->of_plan, 1000, -1, &str);
    str_percent(&percent, county->of_plan);
    str_put(&percent, "%");
    sheet_put(map->sheet, (struct place){row, column + 1, wide, console_style(county->light)}, bar);
    sheet_put_right(map->sheet, (struct place){row, column + 1 + (wide > 0 ? wide : 0), 7, STYLE_PLAIN}, share);
}

static void put_small(struct map *map, const struct county *county, const char *name, int row, int column)
{
    put_name(map, county, name, row, column);
    if (map->high > 1) put_lights(map, county, row + 1, column);
    if (map->high > 2) put_both_open(map, county, row + 2, column);
    if (map->high > 3) put_share(map, county, row + 3, column);
}

static void put_digits(struct map *map, const struct county *county, int row, int column)
{
    enum charts charts = map->console->charts;
    int digits = chart_big_rows(charts), third = (map->wide - 2) / 3;
    for (int i = 0; i < 3; i++) {
        enum light light = lights[i];
        int at = column + i * third;
        char line[80];
        struct str str;
        for (int j = 0; j < digits; j++) {
            str = str_in(line, sizeof line);
            chart_big(charts, county->lights[light], j, &str);
            sheet_put(map->sheet, (struct place){row + j, at + 2, third - 1, console_style(light)}, line);
        }
        str = str_in(line, sizeof line);
        str_printf(&str, "%s %u", light_word(light), county->lights[light]);
        sheet_put(map->sheet, (struct place){row + digits, at + 2, third - 1, console_style(light)}, line);
        if (county->lights[light] > 0) mark_projects(map, row + digits, at + 1, county, &light);
    }
}

/* To be read from the other end of the room: a bar of colour, and digits of several rows. */
static void put_big(struct map *map, const struct county *county, const char *name, int row, int column)
{
    enum charts charts = map->console->charts;
    int digits = chart_big_rows(charts), spare = map->high - digits - BIG_REST;
    char line[1200];
    struct str str = str_in(line, sizeof line);
    chart_bar(charts, map->wide - 2, 1, 1, -1, &str);
    for (int i = 0; i < 1 + (spare > 4 ? 2 : spare / 2); i++, row++)
        sheet_put(map->sheet, (struct place){row, column + 1, map->wide - 2, console_style(county->light)}, line);
    put_name(map, county, name, row, column);
    if (county->projects > 0) put_digits(map, county, row + 2, column);
    put_both_open(map, county, row + 3 + digits, column);
    put_share(map, county, row + 4 + digits, column);
}

static void put_legend(struct map *map)
{
    static const char *const lines[] = {N_("R Y G: projects"), N_("W warnings"), N_("I issues"), N_("!1 overdue"),
                                        N_("% of the plan")};
    int row = LEGEND_ROW * map->high, rows = map->high < 5 ? map->high : 5;
    for (int i = 0; i < rows; i++)
        sheet_put(map->sheet, (struct place){row + i, 1, map->wide - 1, STYLE_PLAIN}, tr(lines[i]));
}

enum err page_map(const struct console *console, struct sheet *sheet)
{
    struct map map = {.console = console, .sheet = sheet};
    struct counties counties;
    enum err err = counties_build(console->client, console->arena, &counties);
    if (err != OK) return err;
    settle(&map, &counties);
    map.wide = sheet->columns / MAP_COLUMNS;
    map.high = sheet->rows / map.rows;
    if (map.high < 4) map.high = 4;
    map.big = map.wide >= BIG_COLUMNS && map.high >= chart_big_rows(console->charts) + BIG_REST + 1;
    for (int row = 0; row < map.rows; row++)
        for (int column = 0; column < MAP_COLUMNS; column++) {
            const struct county *county = map.cells[row][column];
            if (county == NULL) continue;
            const char *name = county == &counties.all ? tr(N_("whole city"))
                                                       : name_of_unit(console, county->unit, tr(N_("elsewhere")));
            (map.big ? put_big : put_small)(&map, county, name, row * map.high, column * map.wide);
        }
    put_legend(&map);
    return OK;
}
