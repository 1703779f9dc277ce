/* why.c - "why 91.5?": the lines that a score is the sum of, from what everybody starts with to the year-end items.
 * Enter opens the record that a line is about. Clause 3. */
#include "client/core/why.h"
#include "client/screen/screen.h"

enum { WHY_BYTES = 64 << 20, WHY_COLUMNS = 6 };

struct why_view {
    struct screen screen;
    struct arena arena;
    struct list list;
    struct why_asking lines;
    struct asked asked;
    uint64_t assessment, scheme, unit, person;
    bool begun, finished;
};

static void begin(struct why_view *self)
{
    const struct space *space = client_space(self->screen.app->client);
    if (self->arena.max_bytes == 0) arena_init(&self->arena, WHY_BYTES);
    arena_reuse(&self->arena);
    self->begun = true;
    self->lines.done = self->finished = false;
    enum err err =
        why_start(&self->lines.why, space, self->assessment, self->scheme, self->unit, self->person, &self->arena);
    if (err == OK)
        why_ask(self->screen.app->client, &self->lines);
    else
        self->lines.failed = true;
}

/* The year-end items come last, when the score is here whole. */
static void finish(struct why_view *self)
{
    struct app *app = self->screen.app;
    if (!self->lines.done || self->finished || self->lines.why.score == 0) return;
    enum known known = view_want(app, &self->asked, KIND_score, self->lines.why.score, &app->scratch);
    if (known != KNOWN_WHOLE && known != KNOWN_FETCHED) return;
    self->finished = true;
    why_finish(&self->lines.why, client_space(app->client));
}

static void follow(struct screen *screen, unsigned events)
{
    struct why_view *self = (struct why_view *)screen;
    if (!self->begun || (self->lines.failed && self->lines.tag == 0 && (events & EVENT_LINK))) begin(self);
    if (events & EVENT_RESULT) why_follow(self->screen.app->client, &self->lines);
    finish(self);
    list_set_count(&self->list, self->lines.why.count);
}

/* ---- drawing ---- */

struct drawing {
    struct why_view *self;
    struct layout layout;
};

static struct text points_text(struct arena *arena, int64_t points, bool sign)
{
    char line[32];
    struct str str = str_in(line, sizeof line);
    if (sign && points > 0) str_put(&str, "+");
    str_scaled(&str, points, POINT_PARTS, 2);
    return arena_text(arena, line);
}

static struct text about_text(struct app *app, const struct why_line *line)
{
    char text[400];
    struct str str = str_in(text, sizeof text);
    if (line->kind == 0) return text_of("");
    str_put(&str, tr(kind_row(line->kind)->label));
    str_put(&str, " ");
    str_text(&str, view_title(app, line->kind, line->id, &app->scratch));
    return arena_text(&app->scratch, text);
}

static void draw_row(void *of, struct term *term, struct area area, unsigned index)
{
    struct drawing *drawing = of;
    struct app *app = drawing->self->screen.app;
    const struct why_line *line = &drawing->self->lines.why.lines[index];
    char day[16] = "";
    struct str str = str_in(day, sizeof day);
    if (line->number != 0) str_day(&str, stamp_day(line->time));
    if (line->person != 0) view_want(app, &drawing->self->asked, KIND_person, line->person, &app->scratch);
    struct text person = text_of("");
    if (line->person != 0) person = view_brief(app, KIND_person, line->person, &app->scratch);
    const struct text cells[WHY_COLUMNS] = {arena_text(&app->scratch, day),
                                            view_brief(app, KIND_scheme_rule, line->rule, &app->scratch),
                                            points_text(&app->scratch, line->points, true),
                                            points_text(&app->scratch, line->sum, false),
                                            person,
                                            about_text(app, line)};
    for (unsigned i = 0; i < drawing->layout.count; i++)
        layout_cell(&drawing->layout, term, area, i, line->points < 0 ? STYLE_BAD : STYLE_PLAIN,
                    cells[drawing->layout.shown[i].of]);
}

static void put_heading(struct why_view *self, struct term *term, struct area area)
{
    struct app *app = self->screen.app;
    char line[400];
    struct str str = str_in(line, sizeof line);
    str_text(&str, view_title(app, KIND_unit, self->unit, &app->scratch));
    if (self->person != 0) {
        str_put(&str, " ");
        str_text(&str, view_brief(app, KIND_person, self->person, &app->scratch));
    }
    str_put(&str, "  ");
    if (self->assessment != 0) str_text(&str, view_title(app, KIND_assessment, self->assessment, &app->scratch));
    str_put(&str, "  ");
    str_put(&str, tr(N_("sum")));
    str_put(&str, " ");
    str_text(&str, points_text(&app->scratch, self->lines.why.total, false));
    if (self->lines.failed) str_put(&str, tr(N_("   The points are with the daemon, and there is no link to it now.")));
    if (self->lines.tag != 0) str_printf(&str, "   %s", tr(N_("asked for")));
    put_text(term, area, 0, STYLE_STRONG, line);
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct drawing drawing = {.self = (struct why_view *)screen};
    const struct column columns[WHY_COLUMNS] = {
        {tr(N_("day")), 10, 0, 0, false, 0},        {tr(N_("assessment rule")), 18, 1, 0, false, 34},
        {tr(N_("points")), 6, 0, 0, true, 0},       {tr(N_("sum")), 7, 0, 0, true, 0},
        {tr(N_("answerable")), 12, 0, 1, false, 0}, {tr(N_("about")), 16, 2, 0, false, 0}};
    struct area head = {area.row + 1, area.column + MARK_COLUMNS, 1, area.columns - MARK_COLUMNS};
    struct area body = {area.row + 2, area.column, area.rows - 2, area.columns};
    put_heading(drawing.self, term, area);
    layout_fit(&drawing.layout, columns, WHY_COLUMNS, head.columns);
    layout_heads(&drawing.layout, term, head, columns);
    list_draw(&drawing.self->list, term, body, draw_row, &drawing);
}

/* ---- acting ---- */

static void act(struct screen *screen, enum verb verb)
{
    struct why_view *self = (struct why_view *)screen;
    if (verb != VERB_open) {
        list_verb(&self->list, verb, app_rows(screen->app) - 2);
        return;
    }
    if (self->list.count == 0) return;
    const struct why_line *line = &self->lines.why.lines[self->list.at];
    if (line->kind != 0)
        open_record(screen->app, line->kind, line->id);
    else
        open_record(screen->app, KIND_scheme_rule, line->rule);
}

static bool does(const struct screen *screen, enum verb verb)
{
    return verb != VERB_open || ((const struct why_view *)screen)->list.count > 0;
}

static void release(struct screen *screen)
{
    struct why_view *self = (struct why_view *)screen;
    if (self->lines.tag != 0) client_release(screen->app->client, self->lines.tag);
    arena_clear(&self->arena);
}

static const struct screen_kind kind_of_why = {.id = SCREEN_why,
                                               .size = sizeof(struct why_view),
                                               .follow = follow,
                                               .draw = draw,
                                               .does = does,
                                               .act = act,
                                               .free = release};

struct screen *why_screen(struct app *app, uint64_t assessment, uint64_t scheme, uint64_t unit, uint64_t person)
{
    struct why_view *self = (struct why_view *)screen_new(app, &kind_of_why);
    if (self == NULL) return NULL;
    self->assessment = assessment;
    self->scheme = scheme;
    self->unit = unit;
    self->person = person;
    return &self->screen;
}
