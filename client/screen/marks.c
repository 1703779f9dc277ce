/* marks.c - see marks.h. */
#include "client/screen/marks.h"

#include "client/screen/act.h"
#include "client/term/cells.h"

#include <stdlib.h>

enum { BEHIND_MAX = 200 }; /* records that one row stands for */

/* The records of a row: one, as a rule. */
static unsigned behind(struct screen *screen, unsigned row, struct under *out)
{
    if (screen->kind->behind != NULL) return screen->kind->behind(screen, row, out, BEHIND_MAX);
    *out = (struct under){.kind = 0};
    return screen->kind->at(screen, row, out) && out->id != 0 && !out->about;
}

static const struct list *rows_of(const struct screen *screen)
{
    return screen->kind->list != NULL ? screen->kind->list(screen) : NULL;
}

static unsigned find(const struct marks *marks, const struct under *under)
{
    unsigned i = 0;
    while (marks != NULL && i < marks->count && (marks->at[i].id != under->id || marks->at[i].kind != under->kind))
        i++;
    return i;
}

static bool has(const struct marks *marks, const struct under *under)
{
    return marks != NULL && find(marks, under) < marks->count;
}

static void take_out(struct marks *marks, unsigned at)
{
    marks->count--;
    for (unsigned i = at; i < marks->count; i++)
        marks->at[i] = marks->at[i + 1];
}

/* False when there is no room for more. */
static bool put_in(struct marks *marks, const struct under *under)
{
    if (has(marks, under)) return true;
    if (marks->count == MARKS_MAX) return false;
    marks->at[marks->count].kind = under->kind;
    marks->at[marks->count++].id = under->id;
    return true;
}

static bool put_all(struct marks *marks, const struct under *rows, unsigned count)
{
    bool room = true;
    for (unsigned i = 0; room && i < count; i++)
        room = put_in(marks, &rows[i]);
    return room;
}

static void mark(struct screen *screen, unsigned row)
{
    struct under rows[BEHIND_MAX];
    struct marks *marks = screen->marks;
    unsigned count = behind(screen, row, rows), before = marks->count;
    if (count == 0)
        app_say(screen->app, STYLE_PLAIN, tr(N_("there is no record in this row yet")));
    else if (!put_all(marks, rows, count))
        app_say(screen->app, STYLE_WARN, tr(N_("not more than 500 can be marked")));
    else if (marks->count == before) /* they were marked already */
        for (unsigned i = 0; i < count; i++)
            take_out(marks, find(marks, &rows[i]));
    if (screen->kind->act != NULL) screen->kind->act(screen, VERB_down);
}

/* All that are shown; when they are marked already, none. */
static void mark_all(struct screen *screen)
{
    struct under rows[BEHIND_MAX];
    unsigned before = screen->marks->count;
    bool room = true;
    for (unsigned i = 0; room && i < rows_of(screen)->count; i++)
        room = put_all(screen->marks, rows, behind(screen, i, rows));
    if (!room) app_say(screen->app, STYLE_WARN, tr(N_("not more than 500 can be marked")));
    if (screen->marks->count == before) screen->marks->count = 0;
}

static void choose(struct screen *screen)
{
    struct under rows[BEHIND_MAX];
    struct marks cell = {.count = 0};
    unsigned count = screen->marks->count == 0 ? behind(screen, rows_of(screen)->at, rows) : 0;
    if (screen->marks->count > 0) {
        batch_choose(screen->app, screen->marks);
    } else if (count == 0) {
        app_say(screen->app, STYLE_PLAIN, tr(N_("there is no record in this row yet")));
    } else if (count == 1) {
        act_menu(screen->app, rows[0].kind, rows[0].id);
    } else {
        put_all(&cell, rows, count);
        batch_choose(screen->app, &cell);
    }
}

bool marks_verb(struct screen *screen, enum verb verb)
{
    const struct list *rows = rows_of(screen);
    bool marked = screen->marks != NULL && screen->marks->count > 0;
    if (rows == NULL || (verb != VERB_mark && verb != VERB_mark_all && verb != VERB_menu)) return false;
    if (verb == VERB_menu && screen->kind->page && !marked) return false;
    if (screen->marks == NULL) screen->marks = calloc(1, sizeof *screen->marks);
    if (screen->marks == NULL || rows->count == 0) return true;
    if (verb == VERB_mark)
        mark(screen, rows->at);
    else if (verb == VERB_mark_all)
        mark_all(screen);
    else
        choose(screen);
    return true;
}

bool marks_does(const struct screen *screen, enum verb verb)
{
    const struct list *rows = rows_of(screen);
    return (rows != NULL && rows->count > 0) || (verb == VERB_menu && screen->kind->page);
}

bool marks_has(const struct screen *screen, unsigned kind, uint64_t id)
{
    return has(screen->marks, &(struct under){.kind = (uint8_t)kind, .id = id});
}

void marks_draw(const struct screen *screen, struct term *term, struct area area, unsigned row)
{
    struct under under = {.kind = 0};
    if (screen->marks == NULL || screen->marks->count == 0) return;
    if (screen->kind->at(screen, row, &under) && has(screen->marks, &under))
        term_put(term, (struct place){area.row, area.column - 1, 1, STYLE_STRONG}, text_of("*"));
}

void marks_note(const struct screen *screen, struct term *term, struct area area)
{
    char line[60];
    struct str str = str_in(line, sizeof line);
    marks_put(screen, &str);
    int columns = text_columns(text_of(line));
    if (columns == 0 || columns > area.columns) return;
    term_put(term, (struct place){area.row, area.column + area.columns - columns, columns, STYLE_PLAIN}, text_of(line));
}

void marks_put(const struct screen *screen, struct str *out)
{
    if (screen->marks != NULL && screen->marks->count > 0)
        str_printf(out, tr(N_("   marked %u")), screen->marks->count);
}

void marks_drop(struct app *app, unsigned kind, uint64_t id)
{
    const struct under under = {.kind = (uint8_t)kind, .id = id};
    for (unsigned i = 0; i < app->depth; i++) {
        struct marks *marks = app->stack[i]->marks;
        if (has(marks, &under)) take_out(marks, find(marks, &under));
    }
}
