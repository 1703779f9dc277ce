/* board.c - the records of a kind as a board: a column for each state that they run through, what is overdue first.
 * Clause 5.5: 挂号管理 at one look. The states, their order and their names are the table's. */
#include "client/core/registers.h"
#include "client/screen/marks.h"

#include "client/term/cells.h"

#include <stdlib.h>

enum { BOARD_BYTES = 64 << 20, CARDS_MAX = 4000, STATES_MAX = STATE_LIMIT, COLUMN_MIN = 14, CARD_ROWS = 3 };

struct card {
    uint8_t lane;
    bool overdue;
    stamp_t due;
    uint64_t id;
};

struct board {
    struct screen screen;
    uint8_t kind;
    struct arena arena;
    uint8_t states[STATES_MAX]; /* of the lanes */
    unsigned lanes, lane;       /* the selected one */
    unsigned counts[STATES_MAX], late[STATES_MAX], starts[STATES_MAX];
    struct card *cards; /* by lane, overdue first, then by deadline */
    unsigned count, ended;
    struct list list; /* in the selected lane */
};

static int by_lane(const void *left, const void *right)
{
    const struct card *a = left, *b = right;
    if (a->lane != b->lane) return a->lane < b->lane ? -1 : 1;
    if (a->overdue != b->overdue) return a->overdue ? -1 : 1;
    int64_t due_a = a->due.s == 0 ? INT64_MAX : a->due.s, due_b = b->due.s == 0 ? INT64_MAX : b->due.s;
    if (due_a != due_b) return due_a < due_b ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

static int lane_of(const struct board *self, unsigned state)
{
    for (unsigned i = 0; i < self->lanes; i++)
        if (self->states[i] == state) return (int)i;
    return -1;
}

static void take(struct board *self, const struct calendar *calendar, const struct record *record)
{
    int lane = lane_of(self, rec_state(record));
    struct card card = {.lane = (uint8_t)lane, .id = record->id};
    if (lane < 0) self->ended++;
    if (lane < 0 || self->count == CARDS_MAX) return;
    record_due(record, &card.due);
    card.overdue = record_overdue(self->screen.app->client, calendar, record, &self->arena);
    self->counts[lane]++;
    self->late[lane] += card.overdue;
    self->cards[self->count++] = card;
}

static void gather(struct board *self)
{
    const struct space *space = client_space(self->screen.app->client);
    struct calendar *calendar = arena_get(&self->arena, sizeof *calendar);
    self->cards = arena_get(&self->arena, CARDS_MAX * sizeof *self->cards);
    if (self->cards == NULL || calendar == NULL) return;
    calendar_load(space, &self->arena, calendar);
    for (uint64_t id = 0; (id = state_next_id(space, self->kind, id)) > 0;) {
        struct record record;
        if (state_get(space, self->kind, id, &self->arena, &record) == OK) take(self, calendar, &record);
    }
    qsort(self->cards, self->count, sizeof *self->cards, by_lane);
    for (unsigned i = 1; i < self->lanes; i++)
        self->starts[i] = self->starts[i - 1] + self->counts[i - 1];
}

static const struct card *card_at(const struct board *self, unsigned lane, unsigned index)
{
    return index < self->counts[lane] ? &self->cards[self->starts[lane] + index] : NULL;
}

static void choose_lane(struct board *self, unsigned lane)
{
    self->lane = lane;
    list_set_count(&self->list, self->counts[lane]);
}

static void build(struct board *self)
{
    if (self->arena.max_bytes == 0) arena_init(&self->arena, BOARD_BYTES);
    const struct card *card = self->cards != NULL ? card_at(self, self->lane, self->list.at) : NULL;
    uint64_t id = card != NULL ? card->id : 0;
    arena_reuse(&self->arena);
    self->count = self->ended = 0;
    for (unsigned i = 0; i < STATES_MAX; i++)
        self->counts[i] = self->late[i] = self->starts[i] = 0;
    gather(self);
    choose_lane(self, self->lane);
    for (unsigned i = 0; i < self->counts[self->lane]; i++)
        if (card_at(self, self->lane, i)->id == id) self->list.at = i;
}

static void follow(struct screen *screen, unsigned events)
{
    if (events & EVENT_RECORDS) build((struct board *)screen);
}

/* ---- drawing ---- */

/* "!04-28 [2009] 17 YY09-Z031": overdue, its deadline, its short title. */
static struct text card_text(struct board *self, const struct card *card)
{
    struct app *app = self->screen.app;
    char line[300];
    struct str str = str_in(line, sizeof line);
    if (card->overdue) str_put(&str, "!");
    if (card->due.s != 0) {
        int year, month, of_month;
        day_split(stamp_day((stamp_t){card->due.s - 1}), &year, &month, &of_month);
        str_printf(&str, "%02d-%02d ", month, of_month);
    }
    str_text(&str, view_title(app, self->kind, card->id, &app->scratch));
    return arena_text(&app->scratch, line);
}

/* As many words of the text as fit; the rest is cut off `text`. */
static struct text first_words(struct text *text, int columns)
{
    uint32_t end = text->length;
    for (uint32_t i = 0; i <= text->length; i++) {
        if (i < text->length && text->at[i] != ' ') continue;
        if (text_columns((struct text){text->at, i}) > columns) break;
        end = i;
    }
    struct text first = {text->at, end};
    uint32_t skip = end < text->length && text->at[end] == ' ' ? end + 1 : end;
    *text = (struct text){text->at + skip, text->length - skip};
    return first;
}

/* A card takes CARD_ROWS rows: its words flow over them. */
static void draw_card(struct board *self, struct term *term, struct area area, const struct card *card)
{
    struct text rest = card_text(self, card);
    for (int i = 0; i < area.rows && rest.length > 0; i++) {
        bool last = i == area.rows - 1;
        struct place place = {area.row + i, area.column, area.columns, card->overdue ? STYLE_BAD : STYLE_PLAIN};
        struct text words = last ? rest : first_words(&rest, area.columns);
        term_put_cut(term, place, words);
    }
}

/* ">in progress 12 !3": the selected lane, its state, its cards, how many of them are overdue. */
static void put_lane(const struct board *self, unsigned lane, struct str *out)
{
    str_put(out, lane == self->lane ? ">" : " ");
    str_printf(out, "%s %u", tr(state_row(self->kind, self->states[lane])->label), self->counts[lane]);
    if (self->late[lane] > 0) str_printf(out, " !%u", self->late[lane]);
}

/* What a lane needs so that each one's head is whole. */
static int lane_columns(const struct board *self)
{
    int widest = COLUMN_MIN;
    for (unsigned lane = 0; lane < self->lanes; lane++) {
        char line[120];
        struct str str = str_in(line, sizeof line);
        put_lane(self, lane, &str);
        int wide = text_columns(text_of(line)) + 1;
        if (wide > widest) widest = wide;
    }
    return widest;
}

/* The lanes that have room, the selected one among them. */
static unsigned lanes_shown(const struct board *self, int columns, unsigned *first)
{
    unsigned room = (unsigned)(columns / lane_columns(self)), shown = room < self->lanes ? room : self->lanes;
    if (shown == 0) shown = 1;
    *first = self->lane < shown ? 0 : self->lane - shown + 1;
    return shown;
}

static void draw_lane(struct board *self, struct term *term, struct area area, unsigned lane)
{
    char line[120];
    struct str str = str_in(line, sizeof line);
    bool here = lane == self->lane;
    put_lane(self, lane, &str);
    int columns = area.columns - 1;
    term_put_words(term, (struct place){area.row, area.column, columns, here ? STYLE_STRONG : STYLE_PLAIN},
                   text_of(line));
    unsigned cards = (unsigned)((area.rows - 1) / CARD_ROWS), top = 0;
    if (here && self->list.at >= cards) top = self->list.at - cards + 1;
    for (unsigned i = 0; i < cards && top + i < self->counts[lane]; i++) {
        struct area card = {area.row + 1 + (int)i * CARD_ROWS, area.column + 1, CARD_ROWS, columns - 1};
        bool at = here && top + i == self->list.at;
        if (at) term_put(term, (struct place){card.row, area.column, 1, STYLE_PLAIN}, text_of(">"));
        if (at) term_cursor(term, card.row, area.column);
        uint64_t id = card_at(self, lane, top + i)->id;
        if (marks_has(&self->screen, self->kind, id))
            term_put(term, (struct place){card.row + 1, area.column, 1, STYLE_STRONG}, text_of("*"));
        draw_card(self, term, card, card_at(self, lane, top + i));
    }
    if (here && self->counts[lane] == 0) term_cursor(term, area.row, area.column);
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct board *self = (struct board *)screen;
    char line[200];
    unsigned first, shown = lanes_shown(self, area.columns, &first);
    struct str str = str_in(line, sizeof line);
    str_put(&str, tr(kind_row(self->kind)->plural));
    str_printf(&str, tr(N_("   running %u, ended %u")), self->count, self->ended);
    if (shown < self->lanes) str_printf(&str, "   %u-%u/%u", first + 1, first + shown, self->lanes);
    put_text(term, area, 0, STYLE_PLAIN, line);
    marks_note(screen, term, area);
    int wide = area.columns / (int)shown;
    for (unsigned i = 0; i < shown; i++) {
        struct area lane = {area.row + 1, area.column + (int)i * wide, area.rows - 1, wide};
        draw_lane(self, term, lane, first + i);
    }
}

/* ---- acting ---- */

static void act(struct screen *screen, enum verb verb)
{
    struct board *self = (struct board *)screen;
    const struct card *card = card_at(self, self->lane, self->list.at);
    switch ((int)verb) {
    case VERB_left:
        if (self->lane > 0) choose_lane(self, self->lane - 1);
        break;
    case VERB_right:
        if (self->lane + 1 < self->lanes) choose_lane(self, self->lane + 1);
        break;
    case VERB_open:
        if (card != NULL) open_record(screen->app, self->kind, card->id);
        break;
    default: list_verb(&self->list, verb, (app_rows(screen->app) - 2) / CARD_ROWS);
    }
}

static bool does(const struct screen *screen, enum verb verb)
{
    const struct board *self = (const struct board *)screen;
    return verb != VERB_open || self->counts[self->lane] > 0;
}

static const struct list *list_of(const struct screen *screen)
{
    return &((const struct board *)screen)->list;
}

static bool at(const struct screen *screen, unsigned row, struct under *under)
{
    const struct board *self = (const struct board *)screen;
    const struct card *card = card_at(self, self->lane, row);
    if (card != NULL) *under = (struct under){.kind = self->kind, .id = card->id};
    return card != NULL;
}

static void release(struct screen *screen)
{
    arena_clear(&((struct board *)screen)->arena);
}

static const struct screen_kind kind_of_board = {.id = SCREEN_board,
                                                 .size = sizeof(struct board),
                                                 .follow = follow,
                                                 .draw = draw,
                                                 .does = does,
                                                 .act = act,
                                                 .list = list_of,
                                                 .at = at,
                                                 .free = release};

static void choose_lanes(struct board *self, bool final)
{
    for (const struct state_row *row = NULL; (row = state_next(self->kind, row)) != NULL;)
        if (row->final == final) self->states[self->lanes++] = row->wire;
}

struct screen *board_screen(struct app *app, unsigned kind)
{
    struct board *self = (struct board *)screen_new(app, &kind_of_board);
    if (self == NULL) return NULL;
    self->kind = (uint8_t)kind;
    choose_lanes(self, false);
    if (self->lanes == 0) choose_lanes(self, true); /* what is recorded once and ends with that */
    return &self->screen;
}
