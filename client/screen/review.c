/* review.c - the boards of a review meeting, turned over page by page on a wall: one entry each, in large spacing, with
 * what is said noted on the way. Clause 3: 典型推介台、问题曝光台、工作讲评台. */
#include "client/core/review.h"
#include "client/screen/act.h"
#include "client/term/cells.h"

enum { PAGE_LINES = 200, PAPER_COLUMNS = 104, NARROW_MARGIN = 4, SPACING_MOST = 3 };

struct review {
    struct screen screen;
    uint64_t meeting;
    struct asked asked;
    uint64_t version; /* of what the page shows */
    struct review_pages pages;
    unsigned at;         /* 0: the cover; else the page at - 1 */
    unsigned top, below; /* lines of the page above and below what is seen */
};

static const struct review_page *page_of(const struct review *self)
{
    return self->at > 0 && self->at <= self->pages.count ? &self->pages.at[self->at - 1] : NULL;
}

/* What others see of an entry at once is its place; its words are fetched, and again when they have changed. */
static void want_words(struct review *self)
{
    struct app *app = self->screen.app;
    const struct review_page *page = page_of(self);
    struct record item;
    if (page == NULL || !view_get(app, KIND_review_item, page->id, &app->scratch, &item)) return;
    if (item.version != self->version) self->asked.count = 0;
    self->version = item.version;
    view_want(app, &self->asked, KIND_review_item, page->id, &app->scratch);
}

static void follow(struct screen *screen, unsigned events)
{
    struct review *self = (struct review *)screen;
    struct app *app = screen->app;
    const struct review_page *page = page_of(self);
    uint64_t id = page != NULL ? page->id : 0;
    if ((events & EVENT_RECORDS) == 0) return;
    review_pages(client_space(app->client), self->meeting, &app->scratch, &self->pages);
    for (unsigned i = 0; i < self->pages.count; i++)
        if (self->pages.at[i].id == id) self->at = i + 1;
    if (self->at > self->pages.count) self->at = self->pages.count;
    view_want(app, &self->asked, KIND_review_meeting, self->meeting, &app->scratch);
    want_words(self);
}

/* ---- a page as lines ---- */

struct line {
    struct text text;
    enum style style;
    bool centred, gap;
};

struct lines {
    struct arena *arena;
    int columns;
    unsigned count, gaps;
    struct line at[PAGE_LINES];
};

static void add_line(struct lines *lines, struct line line)
{
    if (lines->count == PAGE_LINES) return;
    lines->gaps += line.gap;
    lines->at[lines->count++] = line;
}

static void add_gap(struct lines *lines)
{
    add_line(lines, (struct line){.gap = true});
}

static void add_head(struct lines *lines, enum style style, const char *text)
{
    add_line(lines, (struct line){.text = arena_text(lines->arena, text), .style = style, .centred = true});
}

static void add_text(struct lines *lines, enum style style, struct text text)
{
    while (text.length > 0) {
        uint32_t next, shown = text_wrap(text, lines->columns, &next);
        add_line(lines, (struct line){.text = {text.at, shown}, .style = style});
        text.at += next;
        text.length -= next;
    }
}

/* "what was said: ..."; nothing when it is not there. */
static void add_field(struct lines *lines, struct app *app, const struct record *record, unsigned position)
{
    const struct field *field = field_row(record->kind, position);
    if (!rec_has(record, position)) return;
    struct text value = field->type == TYPE_REF
                            ? view_title(app, field->ref, (uint64_t)rec_num(record, position), lines->arena)
                            : view_value(app, record, position, lines->arena);
    char *line = arena_get(lines->arena, value.length + 200);
    if (line == NULL) return;
    struct str str = str_in(line, value.length + 200);
    str_put(&str, tr(field->label));
    str_put(&str, tr(N_(": ")));
    str_text(&str, value);
    add_text(lines, STYLE_PLAIN, (struct text){line, (uint32_t)str.used});
}

/* Letters far apart are read from afar. */
static void spread(const char *word, struct str *out)
{
    struct text text = text_of(word);
    const char *at = text.at, *end = text.at + text.length;
    uint32_t code;
    for (const char *from = at; utf8_next(&at, end, &code); from = at) {
        if (from != text.at) str_put(out, " ");
        str_text(out, (struct text){from, (uint32_t)(at - from)});
    }
}

static const char *board_label(unsigned board)
{
    const struct option *option = option_row(CHOICE_board, board);
    return option != NULL ? tr(option->label) : "";
}

static void add_cover(struct review *self, struct lines *lines)
{
    static const uint8_t positions[] = {review_meeting_day, review_meeting_hour, review_meeting_venue,
                                        review_meeting_chair};
    struct app *app = self->screen.app;
    struct record meeting;
    char line[400];
    struct str str = str_in(line, sizeof line);
    spread(tr(kind_row(KIND_review_meeting)->label), &str);
    add_head(lines, STYLE_STRONG, line);
    if (!view_get(app, KIND_review_meeting, self->meeting, lines->arena, &meeting)) return;
    str = str_in(line, sizeof line);
    str_text(&str, view_value(app, &meeting, review_meeting_from, lines->arena));
    str_put(&str, " - ");
    str_text(&str, view_value(app, &meeting, review_meeting_to, lines->arena));
    str_printf(&str, "   %s", show_state(&meeting));
    add_head(lines, STYLE_PLAIN, line);
    add_gap(lines);
    for (size_t i = 0; i < sizeof positions; i++)
        add_field(lines, app, &meeting, positions[i]);
    add_gap(lines);
    for (unsigned board = 1; board <= BOARDS_MAX; board++) {
        str = str_in(line, sizeof line);
        str_printf(&str, "%u  %s  %u", board, board_label(board), self->pages.on_board[board]);
        add_text(lines, STYLE_STRONG, arena_text(lines->arena, line));
    }
    add_gap(lines);
    add_field(lines, app, &meeting, review_meeting_summary);
}

/* Whom it is about stands alone; then why, what was said, and what follows from it. */
static void add_item(struct review *self, const struct review_page *page, struct lines *lines)
{
    static const uint8_t after[] = {review_item_evidence, review_item_said,  review_item_measure, review_item_executor,
                                    review_item_until,    review_item_issue, review_item_decision};
    struct app *app = self->screen.app;
    struct record item;
    char line[700];
    struct str str = str_in(line, sizeof line);
    spread(board_label(page->board), &str);
    str_printf(&str, "   %u/%u", page->place, self->pages.on_board[page->board]);
    add_head(lines, STYLE_STRONG, line);
    if (!view_get(app, KIND_review_item, page->id, lines->arena, &item)) return;
    str = str_in(line, sizeof line);
    str_text(&str, view_value(app, &item, review_item_subject, lines->arena));
    uint64_t project = (uint64_t)rec_num(&item, review_item_project);
    if (project != 0) str_put(&str, "   ");
    if (project != 0) str_text(&str, view_title(app, KIND_project, project, lines->arena));
    add_head(lines, STYLE_STRONG, line);
    add_gap(lines);
    bool unconfirmed = page->board == OPT_board_exposure && rec_state(&item) == ST_review_item_proposed;
    if (unconfirmed) add_text(lines, STYLE_WARN, text_of(tr(N_("not confirmed by the office yet"))));
    add_text(lines, STYLE_STRONG, view_value(app, &item, review_item_text, lines->arena));
    add_gap(lines);
    for (size_t i = 0; i < sizeof after; i++)
        add_field(lines, app, &item, after[i]);
    str = str_in(line, sizeof line);
    put_known(app, KIND_review_item, page->id, &str);
    add_gap(lines);
    add_text(lines, STYLE_PLAIN, arena_text(lines->arena, line));
}

/* ---- drawing ---- */

/* Rows are left free between the lines as long as the page fits so; what does not fit at all is turned to. */
static void draw_lines(struct review *self, const struct lines *lines, struct term *term, struct area area)
{
    unsigned rows = (unsigned)area.rows, step = SPACING_MOST, row = 0;
    while (step > 1 && step * (lines->count - lines->gaps) + lines->gaps > rows)
        step--;
    unsigned most = step == 1 && lines->count > rows ? lines->count - rows : 0;
    if (self->top > most) self->top = most;
    self->below = most - self->top;
    for (unsigned i = self->top; i < lines->count && row < rows; i++) {
        const struct line *line = &lines->at[i];
        int wide = line->centred ? text_columns(line->text) : area.columns;
        int column = wide < area.columns ? (area.columns - wide) / 2 : 0;
        struct place place = {area.row + (int)row, area.column + column, area.columns - column, line->style};
        term_put_cut(term, place, line->text);
        row += line->gap ? 1 : step;
    }
    term_cursor(term, area.row, area.column);
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct review *self = (struct review *)screen;
    struct app *app = screen->app;
    struct lines *lines = arena_get(&app->scratch, sizeof *lines);
    int margin = area.columns / 10;
    if (margin < NARROW_MARGIN) margin = NARROW_MARGIN;
    if (area.columns - 2 * margin > PAPER_COLUMNS) margin = (area.columns - PAPER_COLUMNS) / 2;
    if (lines == NULL) return;
    lines->arena = &app->scratch;
    lines->columns = area.columns - 2 * margin;
    const struct review_page *page = page_of(self);
    if (page != NULL)
        add_item(self, page, lines);
    else
        add_cover(self, lines);
    draw_lines(self, lines, term,
               (struct area){area.row + 1, area.column + margin, area.rows - 1, area.columns - 2 * margin});
}

/* ---- turning over ---- */

static void go_to(struct review *self, unsigned at)
{
    if (at > self->pages.count) return;
    self->at = at;
    self->top = 0;
    self->version = 0;
    want_words(self);
}

static void forward(struct review *self)
{
    if (self->below > 0)
        self->top += (unsigned)app_rows(self->screen.app) - 2;
    else if (self->at < self->pages.count)
        go_to(self, self->at + 1);
    else
        app_say(self->screen.app, STYLE_PLAIN, tr(N_("that was the last one")));
}

static void backward(struct review *self)
{
    if (self->top > 0)
        self->top = 0;
    else if (self->at > 0)
        go_to(self, self->at - 1);
}

static void go_to_board(struct review *self, unsigned board)
{
    for (unsigned i = 0; i < self->pages.count; i++) {
        if (self->pages.at[i].board != board) continue;
        go_to(self, i + 1);
        return;
    }
    app_say(self->screen.app, STYLE_PLAIN, tr(N_("nothing stands on this board")));
}

/* ---- acting on the entry that is shown ---- */

static unsigned action_of(enum verb verb)
{
    switch ((int)verb) {
    case VERB_note: return ACT_review_item_note;
    case VERB_confirm: return ACT_review_item_confirm;
    case VERB_decide: return ACT_review_item_decide;
    case VERB_raise: return ACT_review_item_raise;
    case VERB_assign: return ACT_review_item_assign;
    default: return ACT_none;
    }
}

static bool does(const struct screen *screen, enum verb verb)
{
    const struct review *self = (const struct review *)screen;
    struct app *app = screen->app;
    const struct actor *actor = client_actor(app->client);
    const struct review_page *page = page_of(self);
    unsigned action = action_of(verb);
    struct record item;
    if (action == ACT_none) return true;
    if (page == NULL || actor == NULL) return false;
    if (!view_get(app, KIND_review_item, page->id, &app->scratch, &item)) return false;
    return actions_open(client_space(app->client), &item, actor, &app->scratch) >> action & 1;
}

static void act(struct screen *screen, enum verb verb)
{
    struct review *self = (struct review *)screen;
    const struct review_page *page = page_of(self);
    unsigned action = action_of(verb);
    if (action != ACT_none && page != NULL) {
        act_begin(screen->app, KIND_review_item, action, page->id, NULL);
        return;
    }
    switch ((int)verb) {
    case VERB_forward: forward(self); break;
    case VERB_backward: backward(self); break;
    case VERB_first: go_to(self, 0); break;
    case VERB_last: go_to(self, self->pages.count); break;
    case VERB_board_one: go_to_board(self, OPT_board_typical); break;
    case VERB_board_two: go_to_board(self, OPT_board_exposure); break;
    case VERB_board_three: go_to_board(self, OPT_board_review); break;
    case VERB_menu:
        act_menu(screen->app, page != NULL ? KIND_review_item : KIND_review_meeting,
                 page != NULL ? page->id : self->meeting);
        break;
    default: break;
    }
}

static const struct screen_kind kind = {
    .id = SCREEN_review, .size = sizeof(struct review), .follow = follow, .draw = draw, .does = does, .act = act};

struct screen *review_screen(struct app *app, uint64_t meeting)
{
    struct review *self = (struct review *)screen_new(app, &kind);
    if (self == NULL) return NULL;
    self->meeting = meeting;
    return &self->screen;
}
