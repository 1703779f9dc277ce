/* arrange.c - see arrange.h. Lines of lists.conf: LIST columns a,b  LIST sort -due  LIST where state # 3 open  LIST
 * where name = words. Of a value that is a number the words behind it are only for reading. */
#include "client/screen/arrange.h"

#include "client/screen/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHOICES_MAX = 64 };

void arrange_usual(struct arranged *arranged)
{
    *arranged = (struct arranged){.sort = USUAL, .filter = USUAL};
}

bool arrange_is_usual(const struct arranged *arranged)
{
    return arranged->count == 0 && arranged->sort == USUAL && !arranged->reverse && arranged->filter == USUAL;
}

/* ---- names ---- */

static int column_named(const struct columns_of *of, struct text name)
{
    const char *at;
    for (unsigned i = 0; (at = of->name(of->kind, i)) != NULL; i++)
        if (*at != '\0' && text_equal(name, text_of(at))) return (int)i;
    return USUAL;
}

static struct text next_name(struct text *rest)
{
    while (rest->length > 0 && (*rest->at == ',' || *rest->at == ' '))
        *rest = (struct text){rest->at + 1, rest->length - 1};
    struct text name = {rest->at, 0};
    while (name.length < rest->length && name.at[name.length] != ',' && name.at[name.length] != ' ')
        name.length++;
    *rest = (struct text){rest->at + name.length, rest->length - name.length};
    return name;
}

/* False with the first name that is none in *wrong. */
static bool read_columns(const struct columns_of *of, struct text names, struct arranged *arranged, struct text *wrong)
{
    unsigned count = 0;
    uint8_t columns[COLUMNS_MAX];
    for (;;) {
        struct text name = next_name(&names);
        int column = column_named(of, name);
        bool twice = false;
        if (name.length == 0) break;
        for (unsigned i = 0; i < count; i++)
            twice = twice || columns[i] == column;
        *wrong = name;
        if (column == USUAL || (!twice && count == COLUMNS_MAX)) return false;
        if (!twice) columns[count++] = (uint8_t)column;
    }
    *wrong = (struct text){"", 0};
    if (count == 0) return false;
    arranged->count = count;
    memcpy(arranged->columns, columns, count);
    return true;
}

bool arrange_columns(struct app *app, const struct columns_of *of, struct text names, struct arranged *arranged)
{
    struct text wrong;
    char line[500];
    struct str str = str_in(line, sizeof line);
    if (read_columns(of, names, arranged, &wrong)) return true;
    str_put(&str, tr(N_("no column: ")));
    str_text(&str, wrong);
    str_put(&str, tr(N_("; there are")));
    for (unsigned i = 0; of->name(of->kind, i) != NULL; i++)
        if (*of->name(of->kind, i) != '\0') str_printf(&str, " %s", of->name(of->kind, i));
    app_say(app, STYLE_WARN, line);
    return false;
}

/* ---- the file ---- */

struct reading {
    const struct columns_of *of;
    struct arranged *arranged;
    FILE *others; /* lines of other lists go there; NULL: nowhere */
};

static void take_filter(struct reading *reading, struct text rest)
{
    struct arranged *arranged = reading->arranged;
    struct text name = next_word(&rest), sign = next_word(&rest);
    struct str str = str_in(arranged->value, sizeof arranged->value);
    char number[32];
    struct str digits = str_in(number, sizeof number);
    int column = column_named(reading->of, name);
    if (column == USUAL || sign.length != 1 || (*sign.at != '#' && *sign.at != '=')) return;
    arranged->filter = column;
    arranged->by_number = *sign.at == '#';
    if (arranged->by_number) str_text(&digits, next_word(&rest));
    arranged->number = strtoll(number, NULL, 10);
    if (rest.length > 0) str_text(&str, (struct text){rest.at + 1, rest.length - 1});
}

static void take(void *self, const struct config_line *line, struct str *fault)
{
    struct reading *reading = self;
    struct text rest = text_of(line->value), wrong, word;
    (void)fault;
    if (strcmp(line->name, reading->of->list) != 0) {
        if (reading->others != NULL && *line->name != '\0')
            fprintf(reading->others, "%s %s\n", line->name, line->value);
        return;
    }
    word = next_word(&rest);
    if (text_equal(word, text_of("columns"))) {
        bool ignored = read_columns(reading->of, rest, reading->arranged, &wrong); /* false: of another version */
        (void)ignored;
    } else if (text_equal(word, text_of("sort"))) {
        struct text name = next_word(&rest);
        bool reverse = name.length > 0 && *name.at == '-';
        if (reverse) name = (struct text){name.at + 1, name.length - 1};
        reading->arranged->sort = column_named(reading->of, name);
        reading->arranged->reverse = reverse;
    } else if (text_equal(word, text_of("where")))
        take_filter(reading, rest);
}

static void pass_over(void *self, const struct config_line *line, const char *fault)
{
    (void)self;
    (void)line;
    (void)fault;
}

static void file_path(const struct app *app, const char *suffix, char *path, size_t max)
{
    snprintf(path, max, "%s/lists.conf%s", app->profile.directory, suffix);
}

void arrange_load(struct app *app, const struct columns_of *of, struct arranged *arranged)
{
    char path[PROFILE_PATH_MAX + 32];
    struct reading reading = {of, arranged, NULL};
    arrange_usual(arranged);
    file_path(app, "", path, sizeof path);
    config_read(path, take, pass_over, &reading);
}

static void write_lines(const struct columns_of *of, const struct arranged *arranged, FILE *file)
{
    for (unsigned i = 0; i < arranged->count; i++) {
        if (i == 0) fprintf(file, "%s columns ", of->list);
        fprintf(file, "%s%s", i > 0 ? "," : "", of->name(of->kind, arranged->columns[i]));
    }
    if (arranged->count > 0) putc('\n', file);
    if (arranged->sort != USUAL || arranged->reverse)
        fprintf(file, "%s sort %s%s\n", of->list, arranged->reverse ? "-" : "",
                arranged->sort != USUAL ? of->name(of->kind, (unsigned)arranged->sort) : "");
    if (arranged->filter == USUAL) return;
    fprintf(file, "%s where %s ", of->list, of->name(of->kind, (unsigned)arranged->filter));
    if (arranged->by_number)
        fprintf(file, "# %lld %s\n", (long long)arranged->number, arranged->value);
    else
        fprintf(file, "= %s\n", arranged->value);
}

void arrange_save(struct app *app, const struct columns_of *of, const struct arranged *arranged)
{
    char path[PROFILE_PATH_MAX + 32], made[PROFILE_PATH_MAX + 32];
    struct arranged before;
    file_path(app, "", path, sizeof path);
    file_path(app, ".new", made, sizeof made);
    FILE *file = fopen(made, "we");
    if (file == NULL) {
        app_say_err(app, ERR_IO);
        return;
    }
    arrange_usual(&before);
    config_read(path, take, pass_over, &(struct reading){of, &before, file});
    write_lines(of, arranged, file);
    if (fclose(file) == 0 && rename(made, path) == 0) return;
    unlink(made);
    app_say_err(app, ERR_IO);
}

/* ---- asking ---- */

/* First those that are shown, in their order, then the others. */
static unsigned offer(const struct columns_of *of, const uint8_t *shown, unsigned count, struct pick_item *items,
                      uint8_t *columns)
{
    unsigned found = 0;
    for (unsigned i = 0; i < count; i++) {
        columns[found] = shown[i];
        items[found] = (struct pick_item){of->label(of->kind, shown[i]), .chosen = true, .order = found + 1};
        found++;
    }
    for (unsigned i = 0; of->name(of->kind, i) != NULL && found < CHOICES_MAX; i++) {
        bool there = *of->name(of->kind, i) == '\0';
        for (unsigned j = 0; j < count && !there; j++)
            there = shown[j] == i;
        if (there) continue;
        columns[found] = (uint8_t)i;
        items[found++] = (struct pick_item){.text = of->label(of->kind, i)};
    }
    return found;
}

bool arrange_ask(struct app *app, const struct columns_of *of, const uint8_t *shown, unsigned count,
                 struct arranged *arranged)
{
    struct pick_item items[CHOICES_MAX];
    uint8_t columns[CHOICES_MAX];
    unsigned found = offer(of, shown, count, items, columns);
    if (!ask_picks(app, tr(N_("Columns, in the order in which you choose them")), items, found)) return false;
    arranged->count = 0;
    while (arranged->count < COLUMNS_MAX) {
        int next = -1;
        for (unsigned i = 0; i < found; i++)
            if (items[i].chosen && (next < 0 || items[i].order < items[next].order)) next = (int)i;
        if (next < 0) break;
        items[next].chosen = false;
        arranged->columns[arranged->count++] = columns[next];
    }
    return true;
}

void arrange_sort(struct arranged *arranged, const uint8_t *shown, unsigned count)
{
    unsigned at = 0;
    while (at < count && shown[at] != arranged->sort)
        at++;
    if (arranged->sort == USUAL)
        arranged->sort = count > 0 ? shown[0] : USUAL;
    else
        arranged->sort = at + 1 < count ? shown[at + 1] : USUAL;
    arranged->reverse = false;
}

void arrange_put(const struct columns_of *of, const struct arranged *arranged, bool narrowed, struct str *out)
{
    if (arranged->sort != USUAL)
        str_printf(out, tr(N_("   by %s%s")), of->label(of->kind, (unsigned)arranged->sort),
                   arranged->reverse ? tr(N_(" (reversed)")) : "");
    if (narrowed)
        str_printf(out, tr(N_("   only %s = %s (Z: all)")), of->label(of->kind, (unsigned)arranged->filter),
                   arranged->value);
}
