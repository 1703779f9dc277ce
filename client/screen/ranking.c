/* ranking.c - 考核排名: who stands where in an assessment, units or persons; before one is open, how the units stand so
 * far by the day-to-day rules, asked of the daemon. Enter says why. Clause 3. */
#include "client/core/why.h"
#include "client/screen/screen.h"

enum { RANKING_BYTES = 64 << 20, RANKING_COLUMNS = 7 };

struct ranking {
    struct screen screen;
    struct arena arena, asking; /* of the rows; of the lines that were asked for */
    struct list list;
    struct why_asking lines; /* of all units, when no assessment is there */
    uint64_t given, assessment;
    struct asked asked;
    bool persons, begun;
    struct record *scores, *all;
    unsigned count, all_count;
    char words[FIND_BYTES];
};

static const uint8_t columns_of[RANKING_COLUMNS] = {score_rank,  score_unit,     score_person, score_base,
                                                    score_daily, score_year_end, score_total};

static bool fits(struct ranking *self, const struct record *score)
{
    struct app *app = self->screen.app;
    char line[200];
    struct str str = str_in(line, sizeof line);
    str_text(&str, view_value(app, score, score_unit, &app->scratch));
    str_put(&str, " ");
    str_text(&str, view_value(app, score, score_person, &app->scratch));
    return search_match(text_of(self->words), text_of(line));
}

static void narrow(struct ranking *self)
{
    self->count = 0;
    for (unsigned i = 0; i < self->all_count; i++)
        if (fits(self, &self->all[i])) self->scores[self->count++] = self->all[i];
    list_set_count(&self->list, self->count);
}

/* Without an assessment the lines of all units are asked for, once. */
static void begin(struct ranking *self, const struct space *space)
{
    int year = month_year(month_of(stamp_day(client_now(self->screen.app->client))));
    uint64_t scheme = why_scheme(space, year, &self->asking);
    self->begun = true;
    if (scheme == 0 || why_start(&self->lines.why, space, 0, scheme, 0, 0, &self->asking) != OK)
        self->lines.done = true;
    else
        why_ask(self->screen.app->client, &self->lines);
}

static void build(struct ranking *self)
{
    struct app *app = self->screen.app;
    const struct space *space = client_space(app->client);
    if (self->arena.max_bytes == 0) {
        arena_init(&self->arena, RANKING_BYTES);
        arena_init(&self->asking, RANKING_BYTES);
    }
    arena_reuse(&self->arena);
    int year = month_year(month_of(stamp_day(client_now(app->client))));
    self->assessment = self->given != 0 ? self->given : why_assessment(space, year, &self->arena);
    self->all_count = 0;
    if (self->assessment != 0)
        self->all_count = ranking_read(space, self->assessment, self->persons, &self->arena, &self->all);
    else if (!self->begun)
        begin(self, space);
    else if (self->lines.done && self->lines.why.scheme != 0)
        self->all_count = ranking_so_far(space, &self->lines.why, client_actor(app->client), &self->all);
    self->scores = arena_get(&self->arena, (self->all_count + 1) * sizeof *self->scores);
    if (self->scores == NULL) self->all_count = 0;
    narrow(self);
}

static void follow(struct screen *screen, unsigned events)
{
    struct ranking *self = (struct ranking *)screen;
    if (events & EVENT_RESULT) why_follow(self->screen.app->client, &self->lines);
    if ((events & EVENT_LINK) && self->lines.failed && self->lines.tag == 0) self->begun = self->lines.failed = false;
    build(self);
}

static void find(struct screen *screen, struct text words)
{
    struct ranking *self = (struct ranking *)screen;
    struct str str = str_in(self->words, sizeof self->words);
    str_text(&str, words);
    narrow(self);
}

/* ---- drawing ---- */

struct drawing {
    struct ranking *self;
    struct layout layout;
};

static void draw_row(void *of, struct term *term, struct area area, unsigned index)
{
    struct drawing *drawing = of;
    struct app *app = drawing->self->screen.app;
    const struct record *score = &drawing->self->scores[index];
    uint64_t person = (uint64_t)rec_num(score, score_person);
    if (person != 0) view_want(app, &drawing->self->asked, KIND_person, person, &app->scratch);
    for (unsigned i = 0; i < drawing->layout.count; i++) {
        unsigned position = columns_of[drawing->layout.shown[i].of];
        layout_cell(&drawing->layout, term, area, i, STYLE_PLAIN, view_value(app, score, position, &app->scratch));
    }
}

static void put_heading(struct ranking *self, struct term *term, struct area area)
{
    struct app *app = self->screen.app;
    struct record assessment;
    char line[400];
    struct str str = str_in(line, sizeof line);
    if (self->assessment == 0) {
        str_put(&str, tr(N_("so far, by the day-to-day rules alone: no assessment of this year is open yet")));
    } else {
        str_text(&str, view_title(app, KIND_assessment, self->assessment, &app->scratch));
        if (view_get(app, KIND_assessment, self->assessment, &app->scratch, &assessment))
            str_printf(&str, "  %s", show_state(&assessment));
    }
    if (self->list.count > 0) { /* of the selected row's group */
        const struct record *score = &self->scores[self->list.at];
        str_put(&str, "  ");
        str_text(&str, view_value(app, score, score_group, &app->scratch));
    }
    put_text(term, area, 0, STYLE_STRONG, line);
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct drawing drawing = {.self = (struct ranking *)screen};
    struct ranking *self = drawing.self;
    const struct column columns[RANKING_COLUMNS] = {
        {tr(field_row(KIND_score, score_rank)->label), 6, 0, 0, true, 0},
        {tr(field_row(KIND_score, score_unit)->label), 14, 1, 0, false, 30},
        {tr(field_row(KIND_score, score_person)->label), self->persons ? 12 : 1, 0, self->persons ? 0 : 3, false, 20},
        {tr(field_row(KIND_score, score_base)->label), 8, 0, 2, true, 0},
        {tr(field_row(KIND_score, score_daily)->label), 10, 0, 1, true, 0},
        {tr(field_row(KIND_score, score_year_end)->label), 10, 0, 1, true, 0},
        {tr(field_row(KIND_score, score_total)->label), 9, 0, 0, true, 0}};
    struct area head = {area.row + 1, area.column + MARK_COLUMNS, 1, area.columns - MARK_COLUMNS};
    struct area body = {area.row + 2, area.column, area.rows - 2, area.columns};
    put_heading(self, term, area);
    layout_fit(&drawing.layout, columns, RANKING_COLUMNS, head.columns);
    layout_heads(&drawing.layout, term, head, columns);
    if (self->count == 0)
        put_text(term, body, MARK_COLUMNS, STYLE_PLAIN,
                 self->lines.failed     ? tr(N_("The points are with the daemon, and there is no link to it now."))
                 : self->lines.tag != 0 ? tr(N_("asked for"))
                                        : tr(N_("Nothing has been computed yet.")));
    list_draw(&self->list, term, body, draw_row, &drawing);
}

/* ---- acting ---- */

static void act(struct screen *screen, enum verb verb)
{
    struct ranking *self = (struct ranking *)screen;
    if (verb == VERB_persons) {
        self->persons = !self->persons;
        build(self);
    } else if (verb == VERB_open && self->count > 0) {
        const struct record *score = &self->scores[self->list.at];
        uint64_t scheme = self->assessment == 0 ? self->lines.why.scheme : 0;
        app_push(screen->app, why_screen(screen->app, self->assessment, scheme, (uint64_t)rec_num(score, score_unit),
                                         (uint64_t)rec_num(score, score_person)));
    } else
        list_verb(&self->list, verb, app_rows(screen->app) - 2);
}

static bool does(const struct screen *screen, enum verb verb)
{
    const struct ranking *self = (const struct ranking *)screen;
    if (verb == VERB_persons) return self->assessment != 0;
    return verb != VERB_open || self->count > 0;
}

static void release(struct screen *screen)
{
    struct ranking *self = (struct ranking *)screen;
    if (self->lines.tag != 0) client_release(screen->app->client, self->lines.tag);
    arena_clear(&self->arena);
    arena_clear(&self->asking);
}

static const struct screen_kind kind_of_ranking = {.id = SCREEN_ranking,
                                                   .size = sizeof(struct ranking),
                                                   .follow = follow,
                                                   .draw = draw,
                                                   .does = does,
                                                   .act = act,
                                                   .find = find,
                                                   .free = release};

struct screen *ranking_screen(struct app *app, uint64_t assessment)
{
    struct ranking *self = (struct ranking *)screen_new(app, &kind_of_ranking);
    if (self == NULL) return NULL;
    self->given = assessment;
    return &self->screen;
}
