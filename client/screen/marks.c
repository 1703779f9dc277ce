/* marks.c - see marks.h. */
#include "client/screen/marks.h"

#include "client/screen/act.h"

#include <stdlib.h>

static bool row_at(const struct screen *screen, unsigned row, struct under *under)
{
    *under = (struct under){.kind = 0};
    return screen->kind->at(screen, row, under) && under->id != 0 && !under->about;
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

static void mark(struct screen *screen, unsigned row)
{
    struct under under;
    struct marks *marks = screen->marks;
    if (!row_at(screen, row, &under))
        app_say(screen->app, STYLE_PLAIN, tr(N_("there is no record in this row yet")));
    else if (has(marks, &under))
        take_out(marks, find(marks, &under));
    else if (!put_in(marks, &under))
        app_say(screen->app, STYLE_WARN, tr(N_("not more than 500 can be marked")));
    if (screen->kind->act != NULL) screen->kind->act(screen, VERB_down);
}

/* All that are shown; when they are marked already, none. */
static void mark_all(struct screen *screen)
{
    struct under under;
    unsigned before = screen->marks->count;
    bool room = true;
    for (unsigned i = 0; room && i < screen->kind->list(screen)->count; i++)
        if (row_at(screen, i, &under)) room = put_in(screen->marks, &under);
    if (!room) app_say(screen->app, STYLE_WARN, tr(N_("not more than 500 can be marked")));
    if (screen->marks->count == before) screen->marks->count = 0;
}

static void choose(struct screen *screen)
{
    struct under under;
    if (screen->marks->count > 0)
        batch_choose(screen->app, screen->marks);
    else if (row_at(screen, screen->kind->list(screen)->at, &under))
        act_menu(screen->app, under.kind, under.id);
    else
        app_say(screen->app, STYLE_PLAIN, tr(N_("there is no record in this row yet")));
}

bool marks_verb(struct screen *screen, enum verb verb)
{
    if (screen->kind->list == NULL || (verb != VERB_mark && verb != VERB_mark_all && verb != VERB_menu)) return false;
    if (screen->marks == NULL) screen->marks = calloc(1, sizeof *screen->marks);
    if (screen->marks == NULL || screen->kind->list(screen)->count == 0) return true;
    if (verb == VERB_mark)
        mark(screen, screen->kind->list(screen)->at);
    else if (verb == VERB_mark_all)
        mark_all(screen);
    else
        choose(screen);
    return true;
}

bool marks_does(const struct screen *screen, enum verb verb)
{
    (void)verb;
    return screen->kind->list(screen)->count > 0;
}

void marks_draw(const struct screen *screen, struct term *term, struct area area, unsigned row)
{
    struct under under;
    if (screen->marks == NULL || screen->marks->count == 0) return;
    if (row_at(screen, row, &under) && has(screen->marks, &under))
        term_put(term, (struct place){area.row, area.column - 1, 1, STYLE_STRONG}, text_of("*"));
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
