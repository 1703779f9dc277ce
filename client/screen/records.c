/* records.c - the list of the records of any kind: its columns are the kind's list fields. */
#include "client/screen/act.h"
#include "client/screen/marks.h"
#include "client/screen/records_like.h"

#include "client/core/environment.h"
#include "client/term/cells.h"

#include "proto/calendar.h"

#include <stdlib.h>
#include <string.h>

enum { IDS_MAX = 20000, LINE_BYTES = 1200, MEASURED_MAX = 300, BUILD_BYTES = 16 << 20 };

struct records {
    struct screen screen;
    uint8_t kind, position; /* of the field that names the parent; meaningful with one */
    uint64_t parent;
    const struct gauge *gauge; /* only what it counts in the area; NULL: all */
    uint64_t area;
    struct list list;
    struct row {
        int64_t rank; /* what runs and is due first, then what runs, then what has ended */
        uint64_t id;
        struct sort_key key; /* when the operator sorts; while the list is built */
    } * rows;
    unsigned count, all;
    char words[FIND_BYTES];
    uint8_t fields[COLUMNS_MAX]; /* positions of the columns */
    unsigned columns;
    int widest[COLUMNS_MAX]; /* columns of the screen that the cells take, by the first rows */
    struct asked asked;
    struct arranged like;
};

/* ---- rows ---- */

static bool is_column(const struct records *self, const struct field *field, unsigned position)
{
    if (position == F_STATE) return true;
    if (position < F_COMMON_COUNT || (field->flags & F_LIST) == 0 || field->type == TYPE_BYTES) return false;
    return self->parent == 0 || position != self->position;
}

static void find_columns(struct records *self)
{
    const struct field *field;
    self->columns = 0;
    for (unsigned i = 0; i < self->like.count; i++)
        self->fields[self->columns++] = self->like.columns[i];
    if (self->columns > 0) return;
    for (unsigned i = F_COMMON_COUNT; (field = field_row(self->kind, i)) != NULL && self->columns < COLUMNS_MAX - 1;
         i++)
        if (is_column(self, field, i)) self->fields[self->columns++] = (uint8_t)i;
    self->fields[self->columns++] = F_STATE;
}

/* A kept filter is of the whole list: what belongs to one record, or is counted by a gauge, is all shown. */
static bool narrowed(const struct records *self)
{
    return self->like.filter != USUAL && self->parent == 0 && self->gauge == NULL;
}

static bool matches(struct records *self, const struct record *record)
{
    if (narrowed(self) && !fits_filter(self->screen.app, record, &self->like)) return false;
    struct show show = app_show(self->screen.app);
    char line[LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    if (self->words[0] == '\0') return true;
    show_title(&show, record, &str);
    for (unsigned i = 0; i < self->columns; i++) {
        str_put(&str, " ");
        show_value(&show, record, self->fields[i], &str);
    }
    return search_match(text_of(self->words), text_of(line));
}

static void measure(struct records *self)
{
    struct app *app = self->screen.app;
    memset(self->widest, 0, sizeof self->widest);
    for (unsigned i = 0; i < self->count && i < MEASURED_MAX; i++) {
        struct record record;
        arena_reuse(&app->scratch);
        if (!view_get(app, self->kind, self->rows[i].id, &app->scratch, &record)) continue;
        for (unsigned j = 0; j < self->columns; j++) {
            int wide = text_columns(view_value(app, &record, self->fields[j], &app->scratch));
            if (wide > self->widest[j]) self->widest[j] = wide;
        }
    }
}

/* An index in which the parent's field comes first. */
static const struct index_row *parent_index(const struct records *self)
{
    for (const struct index_row *row = NULL; (row = index_next(self->kind, row)) != NULL;)
        if (row->fields[0] == self->position) return row;
    return NULL;
}

static bool has_deadlines(unsigned kind)
{
    for (const struct state_row *row = NULL; (row = state_next(kind, row)) != NULL;)
        if (row->due != 0) return true;
    return false;
}

static int64_t rank_of(const struct record *record)
{
    stamp_t due;
    const struct state_row *row = state_row(record->kind, rec_state(record));
    if (row == NULL || row->final) return INT64_MAX;
    return record_due(record, &due) ? due.s : INT64_MAX - 1;
}

/* What is urgent by the gauge stands before what has only its deadline. */
static int64_t rank_in(const struct records *self, const struct calendar *calendar, const struct record *record)
{
    struct app *app = self->screen.app;
    int64_t rank = rank_of(record);
    bool urgent = self->gauge != NULL && gauge_urgent(app->client, calendar, self->gauge, record, &app->scratch);
    return urgent ? rank - INT64_MAX : rank;
}

static bool belongs(const struct records *self, const struct record *record)
{
    struct app *app = self->screen.app;
    if (self->parent != 0 && rec_num(record, self->position) != (int64_t)self->parent) return false;
    return self->gauge == NULL || gauge_counts(app->client, self->gauge, self->area, record, &app->scratch);
}

static int by_rank(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

static int by_liking(const void *left, const void *right, void *of)
{
    const struct row *a = left, *b = right;
    const struct records *self = of;
    int order = sort_key_compare(&a->key, &b->key, self->like.reverse);
    return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

static void sort(struct records *self)
{
    if (self->like.sort != USUAL)
        qsort_r(self->rows, self->count, sizeof *self->rows, by_liking, self);
    else if (has_deadlines(self->kind) || self->gauge != NULL)
        qsort(self->rows, self->count, sizeof *self->rows, by_rank);
    for (unsigned i = 0; self->like.sort == USUAL && self->like.reverse && i < self->count / 2; i++) {
        struct row row = self->rows[i];
        self->rows[i] = self->rows[self->count - 1 - i];
        self->rows[self->count - 1 - i] = row;
    }
}

static void build(struct records *self)
{
    struct app *app = self->screen.app;
    const struct space *space = client_space(app->client);
    uint64_t at = self->list.at < self->count ? self->rows[self->list.at].id : 0;
    struct arena arena;
    struct calendar calendar = {0};
    arena_init(&arena, BUILD_BYTES);
    if (self->gauge != NULL) calendar_load(space, &arena, &calendar);
    self->count = self->all = 0;
    for (uint64_t id = 0; (id = state_next_id(space, self->kind, id)) > 0 && self->count < IDS_MAX;) {
        struct record record;
        arena_reuse(&app->scratch);
        if (state_get(space, self->kind, id, &app->scratch, &record) != OK) continue;
        if (!belongs(self, &record)) continue;
        self->all++;
        if (!matches(self, &record)) continue;
        struct row *row = &self->rows[self->count++];
        *row = (struct row){.rank = rank_in(self, &calendar, &record), .id = id};
        if (self->like.sort != USUAL) row->key = sort_key_of(app, &record, (unsigned)self->like.sort, &arena);
    }
    sort(self);
    arena_clear(&arena);
    if (self->words[0] == '\0') measure(self); /* the columns stay where they are while words are typed */
    list_set_count(&self->list, self->count);
    for (unsigned i = 0; i < self->count; i++)
        if (self->rows[i].id == at) self->list.at = i;
}

static void follow(struct screen *screen, unsigned events)
{
    struct records *self = (struct records *)screen;
    const struct index_row *index = self->parent != 0 ? parent_index(self) : NULL;
    int64_t parent = (int64_t)self->parent;
    if ((events & EVENT_RECORDS) == 0) return;
    if (index != NULL) view_want_all(screen->app, &self->asked, index->wire, &parent, 1);
    build(self);
}

static void find(struct screen *screen, struct text words)
{
    struct records *self = (struct records *)screen;
    struct str str = str_in(self->words, sizeof self->words);
    str_text(&str, words);
    build(self);
}

/* ---- drawing ---- */

/* The widest of a kind's states: it is the one thing that a list must not cut. */
static uint8_t state_columns(unsigned kind)
{
    int widest = 0;
    for (const struct state_row *row = NULL; (row = state_next(kind, row)) != NULL;)
        if (text_columns(text_of(tr(row->label))) > widest) widest = text_columns(text_of(tr(row->label)));
    return (uint8_t)(widest < STATE_COLUMNS_MAX ? widest : STATE_COLUMNS_MAX);
}

/* How wide a value of the type usually is. */
static struct column shape_of(unsigned kind, unsigned position, unsigned rank)
{
    const struct field *field = field_row(kind, position);
    struct column shape = {.label = tr(field->label), .need = 10, .rank = (uint8_t)rank};
    switch (field->type) {
    case TYPE_INT:
        shape.need = 8;
        shape.right = true;
        break;
    case TYPE_POINTS:
        shape.need = 8;
        shape.right = true;
        break;
    case TYPE_MONEY:
        shape.need = 10;
        shape.right = true;
        break;
    case TYPE_DAY:
    case TYPE_DATE: shape.need = 10; break;
    case TYPE_MONTH: shape.need = 7; break;
    case TYPE_STAMP: shape.need = 16; break;
    case TYPE_FLAG: shape.need = 8; break;
    case TYPE_TEXT:
    case TYPE_NOTE:
        shape.need = (uint8_t)(field->hi < 8 ? 8 : field->hi > 16 ? 16 : field->hi);
        shape.grow = field->hi > 16 ? 4 : 1;
        break;
    case TYPE_CHOICE:
    case TYPE_REF: shape.grow = field->list_max > 0 ? 3 : 1; break;
    case TYPE_BYTES: break;
    }
    if (field->type == TYPE_CHOICE) shape.need = OPTION_COLUMNS;
    if (position == F_STATE)
        shape = (struct column){.label = shape.label, .need = state_columns(kind), .rank = shape.rank};
    return shape;
}

struct drawing {
    struct records *self;
    struct layout layout;
};

static void draw_row(void *of, struct term *term, struct area area, unsigned index)
{
    struct drawing *drawing = of;
    struct records *self = drawing->self;
    struct app *app = self->screen.app;
    struct record record;
    marks_draw(&self->screen, term, area, index);
    if (!view_get(app, self->kind, self->rows[index].id, &app->scratch, &record)) return;
    for (unsigned i = 0; i < drawing->layout.count; i++) {
        struct text text = view_value(app, &record, self->fields[drawing->layout.shown[i].of], &app->scratch);
        layout_cell(&drawing->layout, term, area, i, STYLE_PLAIN, text);
    }
}

static bool can_make(const struct records *self)
{
    const struct actor *actor = client_actor(self->screen.app->client);
    return actor != NULL && paper_kind(self->kind) == NULL && may_make(self->kind, actor);
}

static void draw_state(struct records *self, struct term *term, struct area area)
{
    char line[600];
    struct str str = str_in(line, sizeof line);
    struct app *app = self->screen.app;
    str_put(&str, tr(kind_row(self->kind)->plural));
    if (self->parent != 0) {
        str_put(&str, " - ");
        str_text(&str, view_title(app, field_row(self->kind, self->position)->ref, self->parent, &app->scratch));
    }
    if (self->area != 0) {
        str_put(&str, " - ");
        str_text(&str, view_brief(app, KIND_unit, self->area, &app->scratch));
    }
    if (self->count == self->all)
        str_printf(&str, "   %u", self->all);
    else
        str_printf(&str, "   %u/%u", self->count, self->all);
    if (client_lacks(app->client, self->kind)) str_put(&str, tr(N_(" (more are coming)")));
    struct columns_of of = columns_of_kind(self->kind);
    arrange_put(&of, &self->like, narrowed(self), &str);
    if (self->words[0] != '\0') str_printf(&str, "   /%s", self->words);
    marks_put(&self->screen, &str);
    put_text(term, area, 0, STYLE_PLAIN, line);
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct drawing drawing = {.self = (struct records *)screen};
    struct records *self = drawing.self;
    struct column columns[COLUMNS_MAX];
    for (unsigned i = 0; i < self->columns; i++) {
        unsigned rank = i < 2 ? 0 : self->fields[i] == F_STATE ? 1 : i;
        columns[i] = shape_of(self->kind, self->fields[i], rank);
        column_fit(&columns[i], self->widest[i]);
    }
    struct area head = {area.row + 1, area.column + MARK_COLUMNS, 1, area.columns - MARK_COLUMNS};
    struct area body = {area.row + 2, area.column, area.rows - 2, area.columns};
    draw_state(self, term, area);
    layout_fit(&drawing.layout, columns, self->columns, head.columns);
    layout_heads(&drawing.layout, term, head, columns);
    if (self->count == 0) {
        const char *text = client_lacks(self->screen.app->client, self->kind)
                               ? tr(N_("They have not come yet. They come by themselves, with the link."))
                           : self->words[0] != '\0' || self->all > 0
                               ? tr(N_("Nothing matches. / changes the words, f the filter."))
                           : can_make(self) ? tr(N_("There are none yet. n makes one."))
                                            : tr(N_("There are none that you have here."));
        put_text(term, body, MARK_COLUMNS, STYLE_PLAIN, text);
    }
    list_draw(&self->list, term, body, draw_row, &drawing);
}

static void put(struct screen *screen, struct book *book)
{
    struct records *self = (struct records *)screen;
    struct app *app = screen->app;
    struct show show = app_show(app);
    book_sheet(book, tr(kind_row(self->kind)->plural));
    for (unsigned i = 0; i < self->columns; i++) {
        char label[200];
        struct str str = str_in(label, sizeof label);
        book_label(self->kind, self->fields[i], &str);
        book_column(book, label);
    }
    for (unsigned i = 0; i < self->count; i++) {
        struct record record;
        arena_reuse(&app->scratch);
        if (!view_get(app, self->kind, self->rows[i].id, &app->scratch, &record)) continue;
        for (unsigned j = 0; j < self->columns; j++)
            book_put(book, book_value(&show, &record, self->fields[j]));
    }
}

/* ---- acting ---- */

/* Could somebody with these roles take the action? Whether for this record, the daemon's tables say later. */
static bool may_perhaps(unsigned kind, unsigned action, const struct actor *actor)
{
    for (const struct may *row = NULL; (row = may_next(kind, row)) != NULL;) {
        bool person = row->relation != REL_rule && row->relation != REL_console && row->relation != REL_ticket;
        bool office = row->relation >= 32 || row->relation == REL_all || (actor->functions >> row->relation & 1);
        if (row->action == action && person && office && (row->roles == ANY_ROLE || (row->roles & actor->roles)))
            return true;
    }
    return false;
}

static void make_new(struct records *self)
{
    struct app *app = self->screen.app;
    const struct actor *actor = client_actor(app->client);
    struct pick_item items[ACTION_LIMIT];
    uint8_t actions[ACTION_LIMIT];
    unsigned count = 0;
    for (const struct action *row = NULL; (row = action_next(self->kind, row)) != NULL;) {
        if ((row->from & 1u) == 0 || !may_perhaps(self->kind, row->wire, actor)) continue;
        actions[count] = row->wire;
        items[count++] = (struct pick_item){.text = tr(row->label)};
    }
    int chosen = count > 1 ? ask_menu(app, tr(kind_row(self->kind)->label), items, count) : (int)count - 1;
    if (chosen < 0) return;
    struct preset preset = {.count = self->parent != 0};
    preset.at[0].position = self->position;
    preset.at[0].number = (int64_t)self->parent;
    act_begin(app, self->kind, actions[chosen], 0, &preset);
}

static void arrange(struct records *self, struct arranged like)
{
    struct columns_of of = columns_of_kind(self->kind);
    self->like = like;
    find_columns(self);
    build(self);
    if (self->words[0] != '\0') measure(self);
    arrange_save(self->screen.app, &of, &like);
}

/* True when the verb is about how the list is liked. */
static bool arrange_verb(struct records *self, enum verb verb)
{
    struct columns_of of = columns_of_kind(self->kind);
    struct arranged like = self->like;
    struct app *app = self->screen.app;
    bool changed = true;
    switch ((int)verb) {
    case VERB_sort: arrange_sort(&like, self->fields, self->columns); break;
    case VERB_reverse: like.reverse = !like.reverse; break;
    case VERB_filter: changed = filter_ask(app, self->kind, &like); break;
    case VERB_columns: changed = arrange_ask(app, &of, self->fields, self->columns, &like); break;
    case VERB_reset: arrange_usual(&like); break;
    default: return false;
    }
    if (changed) arrange(self, like);
    return true;
}

static void choose_columns(struct screen *screen, struct text names)
{
    struct records *self = (struct records *)screen;
    struct columns_of of = columns_of_kind(self->kind);
    struct arranged like = self->like;
    if (arrange_columns(screen->app, &of, names, &like)) arrange(self, like);
}

static void act(struct screen *screen, enum verb verb)
{
    struct records *self = (struct records *)screen;
    if (arrange_verb(self, verb)) return;
    if (verb == VERB_new)
        make_new(self);
    else if (verb == VERB_board)
        app_push(screen->app, board_screen(screen->app, self->kind));
    else if (verb == VERB_open) {
        if (self->count > 0) open_record(screen->app, self->kind, self->rows[self->list.at].id);
    } else
        list_verb(&self->list, verb, app_rows(screen->app) - 2);
}

static bool does(const struct screen *screen, enum verb verb)
{
    const struct records *self = (const struct records *)screen;
    if (verb == VERB_open) return self->count > 0;
    if (verb == VERB_filter) return self->parent == 0 && self->gauge == NULL;
    if (verb == VERB_reset) return !arrange_is_usual(&self->like);
    if (verb == VERB_board) return self->parent == 0 && self->gauge == NULL && self->all > 0;
    return verb != VERB_new || can_make(self);
}

static void release(struct screen *screen)
{
    free(((struct records *)screen)->rows);
}

static const struct list *list_of(const struct screen *screen)
{
    return &((const struct records *)screen)->list;
}

static bool at(const struct screen *screen, unsigned row, struct under *under)
{
    const struct records *self = (const struct records *)screen;
    *under = (struct under){.kind = self->kind, .id = self->rows[row].id};
    return true;
}

static const struct screen_kind kind_of_list = {.id = SCREEN_records,
                                                .size = sizeof(struct records),
                                                .follow = follow,
                                                .draw = draw,
                                                .does = does,
                                                .act = act,
                                                .list = list_of,
                                                .at = at,
                                                .find = find,
                                                .columns = choose_columns,
                                                .put = put,
                                                .free = release};

struct screen *records_screen(struct app *app, unsigned kind, unsigned position, uint64_t parent)
{
    struct records *self = (struct records *)screen_new(app, &kind_of_list);
    if (self == NULL) return NULL;
    self->kind = (uint8_t)kind;
    self->position = (uint8_t)position;
    self->parent = parent;
    self->rows = malloc(IDS_MAX * sizeof *self->rows);
    if (self->rows == NULL) {
        free(self);
        return NULL;
    }
    struct columns_of of = columns_of_kind(kind);
    arrange_load(app, &of, &self->like);
    find_columns(self);
    return &self->screen;
}

struct screen *gauge_screen(struct app *app, const struct gauge *gauge, uint64_t area)
{
    struct records *self = (struct records *)records_screen(app, gauge->kind, 0, 0);
    if (self == NULL) return NULL;
    self->gauge = gauge;
    self->area = area;
    return &self->screen;
}
