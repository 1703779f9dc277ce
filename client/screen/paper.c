/* paper.c - 月报: the report of a project or the return of a unit for a month, to be filled in, reviewed, sent,
 * accepted or returned. Figures are typed, never filled in from last month. Clause 2. */
#include "client/screen/paper.h"

#include "client/screen/act.h"
#include "client/screen/waiting.h"

#include <stdio.h>
#include <string.h>

enum { SEND_BYTES = 8 << 20, LAST_LINES = 3 };

/* Reports and returns live the same life under the same numbers. */
#define SAME(action) _Static_assert((int)ACT_report_##action == (int)ACT_unit_return_##action, #action)
SAME(save);
SAME(propose);
SAME(submit);
SAME(approve);
SAME(rework);
SAME(recall);
SAME(accept);
SAME(return );
SAME(correct);
SAME(excuse);
#undef SAME

static const uint32_t writing =
    1u << ACT_report_save | 1u << ACT_report_propose | 1u << ACT_report_submit | 1u << ACT_report_approve;

static const struct {
    enum verb verb;
    uint8_t action;
} verbs[] = {{VERB_save, ACT_report_save},       {VERB_propose, ACT_report_propose}, {VERB_submit, ACT_report_submit},
             {VERB_approve, ACT_report_approve}, {VERB_rework, ACT_report_rework},   {VERB_recall, ACT_report_recall},
             {VERB_accept, ACT_report_accept},   {VERB_return, ACT_report_return},   {VERB_correct, ACT_report_correct},
             {VERB_excuse, ACT_report_excuse}};

static unsigned action_of(enum verb verb)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (verbs[i].verb == verb) return verbs[i].action;
    return 0;
}

/* ---- which record, and what may be done ---- */

/* The newest revision that is seen here and not replaced. */
static void find_record(struct paper_view *self)
{
    struct app *app = self->screen.app;
    struct value values[] = {number_value((int64_t)self->of), number_value(self->month.n)};
    struct walk walk;
    struct record found;
    uint64_t id;
    if (self->fixed) return;
    self->id = 0;
    walk_start(&walk, client_space(app->client), self->row->index, values, 2);
    while (walk_next(&walk, &id))
        if (view_get(app, self->row->kind, id, &app->scratch, &found) && rec_state(&found) != self->row->replaced)
            self->id = id;
}

/* Does its unit want the leader's review first? */
static bool reviewed(struct paper_view *self)
{
    struct app *app = self->screen.app;
    struct record project, unit;
    uint64_t id = self->of;
    if (self->row->kind == KIND_report && view_get(app, KIND_project, self->of, &app->scratch, &project))
        id = (uint64_t)rec_num(&project, project_responsible);
    return view_get(app, KIND_unit, id, &app->scratch, &unit) && rec_num(&unit, unit_review) != 0;
}

/* For one that is not there yet: what may be done by somebody so related. */
static uint32_t open_for_new(struct paper_view *self, const struct actor *actor)
{
    struct app *app = self->screen.app;
    struct record paper = record_make(self->row->kind, 0);
    struct ties ties;
    uint32_t open = 0;
    rec_set(&paper, self->row->of, (int64_t)self->of);
    rec_set(&paper, self->row->month, self->month.n);
    if (ties_of(client_space(app->client), &paper, &app->scratch, &ties) != OK) return 0;
    for (const struct action *action = NULL; (action = action_next(self->row->kind, action)) != NULL;)
        if ((action->from & 1u) && may_act(action, &ties, actor)) open |= 1u << action->wire;
    return open;
}

static void find_open(struct paper_view *self)
{
    struct app *app = self->screen.app;
    const struct actor *actor = client_actor(app->client);
    struct record paper;
    const struct out_item *item = NULL;
    self->made = 0;
    self->open = 0;
    if (self->id != 0)
        item = waiting_act(app, self->row->kind, self->id);
    else
        item = waiting_paper(app, self->row->kind, self->of, self->month, &self->made);
    self->waits = item != NULL && item->action != ACT_report_save;
    if (actor == NULL || self->waits || client_past(app->client) != NULL) return;
    if (view_get(app, self->row->kind, self->id, &app->scratch, &paper))
        self->open = actions_open(client_space(app->client), &paper, actor, &app->scratch);
    else
        self->open = open_for_new(self, actor);
    if (reviewed(self))
        self->open &= ~(1u << ACT_report_submit);
    else
        self->open &= ~(1u << ACT_report_propose);
}

/* ---- the form ---- */

/* What own acts that wait have put into it already. */
static void take_waiting(struct paper_view *self)
{
    const struct outbox *outbox = client_outbox(self->screen.app->client);
    for (unsigned i = 0; i < outbox->count; i++) {
        const struct out_item *item = &outbox->items[i];
        struct arena arena;
        struct command command;
        bool its = item->counter == self->made || (self->made != 0 && item->target == -(int64_t)self->made) ||
                   (self->id != 0 && item->target == (int64_t)self->id);
        if (!its || item->kind != self->row->kind || item->state == OUT_ACCEPTED || item->state == OUT_REFUSED)
            continue;
        arena_init(&arena, SEND_BYTES);
        if (outbox_command(item, &arena, &command) == OK)
            entries_take(&self->filling.entries, &command.args, command.given);
        arena_clear(&arena);
    }
}

static unsigned main_action(const struct paper_view *self)
{
    static const uint8_t order[] = {ACT_report_approve, ACT_report_submit, ACT_report_propose, ACT_report_save};
    for (size_t i = 0; i < sizeof order; i++)
        if (self->open >> order[i] & 1) return order[i];
    return 0;
}

static void set_heads(struct paper_view *self)
{
    self->filling.form.beside = self->row->kind == KIND_report ? 2 : 0;
    self->filling.form.heads[0] = self->side.last_head;
    self->filling.form.heads[1] = self->side.plan_head;
}

static void set_rights(struct paper_view *self)
{
    struct entries *entries = &self->filling.entries;
    entries->id = self->id;
    entries->actions = self->open & writing;
    self->filling.check = main_action(self);
    entries->hidden = FIELD_BIT(self->row->of) | FIELD_BIT(self->row->month) | FIELD_BIT(self->row->revision) |
                      FIELD_BIT(self->row->due) | FIELD_BIT(self->row->received) | FIELD_BIT(self->row->late) |
                      FIELD_BIT(self->row->reason);
    if (self->id == 0) {
        entries_preset(entries, self->row->of, (int64_t)self->of);
        entries_preset(entries, self->row->month, self->month.n);
    }
}

/* What was sent can be read, not changed. */
static void show_sent(struct paper_view *self)
{
    struct entries *entries = &self->filling.entries;
    entries->actions = 0;
    for (unsigned i = 0; i < entries->count; i++)
        entries->at[i].open = entries->at[i].needed = false;
}

/* Makes the form anew from what is there: record, what waits, the draft. */
static void load(struct paper_view *self)
{
    struct app *app = self->screen.app;
    unsigned at = self->filling.form.at;
    struct record paper;
    filling_free(&self->filling);
    filling_init(&self->filling, app, self->row->kind, self->id, self->open & writing);
    struct entries *entries = &self->filling.entries;
    self->filling.beside = paper_beside;
    self->filling.self = self;
    set_rights(self);
    if (self->waits) entries->actions = writing;
    filling_read(&self->filling, SHOW_SET);
    if (client_past(app->client) == NULL) take_waiting(self);
    if (self->waits) show_sent(self);
    long long revision =
        view_get(app, self->row->kind, self->id, &app->scratch, &paper) ? rec_num(&paper, self->row->revision) : 1;
    snprintf(entries->draft, sizeof entries->draft, "paper/%u/%llu/%d/%lld", self->row->kind,
             (unsigned long long)self->of, (int)self->month.n, revision);
    if (entries->actions != 0)
        filling_load_draft(&self->filling);
    else
        entries->draft[0] = '\0';
    self->begun = entries->version;
    self->moved = false;
    set_heads(self);
    if (at == 0)
        filling_to_first(&self->filling);
    else
        self->filling.form.at = at;
}

static void follow(struct screen *screen, unsigned events)
{
    struct paper_view *self = (struct paper_view *)screen;
    struct app *app = screen->app;
    bool first = self->filling.arena.max_bytes == 0;
    uint64_t id_before = self->id;
    uint32_t open_before = self->open;
    if ((events & (EVENT_RECORDS | EVENT_OUTBOX)) == 0) return;
    find_record(self);
    find_open(self);
    if (self->id != 0) {
        view_want(app, &self->asked, self->row->kind, self->id, &app->scratch);
        view_want_refs(app, &self->asked, self->row->kind, self->id);
    }
    paper_compare(self);
    struct entries *entries = &self->filling.entries;
    bool typed = !first && (self->filling.form.editing || entries_touched(entries));
    if (first || (!typed && (id_before != self->id || open_before != self->open)))
        load(self);
    else {
        set_rights(self);
        filling_read(&self->filling, SHOW_SET);
        self->moved = typed && entries->version != self->begun;
    }
    entries_want(entries);
}

/* ---- drawing ---- */

static void draw_last(struct paper_view *self, struct term *term, struct area area)
{
    const struct entry *entry = filling_selected(&self->filling);
    if (entry == NULL) return;
    struct text text = paper_last_text(self, entry->position, &self->screen.app->scratch);
    struct pager pager = {.top = 0};
    if (text.length > 0) pager_draw(&pager, term, area, text);
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct paper_view *self = (struct paper_view *)screen;
    struct app *app = screen->app;
    unsigned subject = self->row->kind == KIND_report ? KIND_project : KIND_unit;
    char line[1500];
    struct str str = str_in(line, sizeof line);
    str_put(&str, tr(kind_row(self->row->kind)->label));
    str_put(&str, " ");
    str_month(&str, self->month);
    str_put(&str, "  ");
    str_text(&str, view_title(app, subject, self->of, &app->scratch));
    put_text(term, area, 0, STYLE_STRONG, line);
    area.row++;
    str = str_in(line, sizeof line);
    paper_state_line(self, &str);
    put_text(term, area, 0, STYLE_PLAIN, line);
    area.row++;
    area.rows -= 2;
    str = str_in(line, sizeof line);
    if (self->row->kind == KIND_unit_return) paper_projects_line(self, &str);
    if (str.used > 0) str_put(&str, "  ");
    paper_reason_line(self, &str);
    if (*line != '\0' && str.used > 2) {
        put_text(term, area, 0, STYLE_WARN, line);
        area.row++;
        area.rows--;
    }
    if (area.rows >= 12) { /* last month's text first: the cursor has to end in the form */
        area.rows -= LAST_LINES;
        draw_last(self, term, (struct area){area.row + area.rows, area.column, LAST_LINES, area.columns});
    }
    filling_draw(&self->filling, term, area);
}

/* ---- sending ---- */

static bool agree_to_changes(struct paper_view *self)
{
    if (!self->moved) return true;
    return ask_confirm(self->screen.app, tr(N_("Somebody else has changed it since you began")),
                       tr(N_("What you typed takes the place of what stands there now. Send it?")));
}

static void send(struct paper_view *self, unsigned action)
{
    struct app *app = self->screen.app;
    struct entries *entries = &self->filling.entries;
    struct deed deed = {.kind = self->row->kind, .action = (uint8_t)action};
    struct refusal why;
    struct arena arena;
    unsigned fault;
    filling_take(&self->filling);
    if (!entries_try(entries, action, true, &why)) {
        filling_to_fault(&self->filling, &why);
        app_say_refusal(app, &why);
        return;
    }
    if (!agree_to_changes(self)) return;
    deed.target = self->id != 0 ? (int64_t)self->id : -(int64_t)self->made;
    arena_init(&arena, SEND_BYTES);
    bool done =
        entries_args(entries, action, &arena, &deed.args, &deed.given, &fault) && record_keep(&deed.args, &arena);
    if (done && deed.target < 0) /* what is fixed stands in the act that makes it */
        deed.given &= ~(FIELD_BIT(self->row->of) | FIELD_BIT(self->row->month));
    done = done && act_finish(app, &deed, &why);
    arena_clear(&arena);
    if (!done) return;
    entries_drop_draft(entries);
    entries->draft[0] = '\0';
    find_record(self);
    find_open(self);
    load(self);
}

static void discard(struct paper_view *self)
{
    if (!ask_confirm(self->screen.app, tr(N_("Discard the draft?")),
                     tr(N_("What you typed and did not send goes; U brings it back until you leave duban."))))
        return;
    undo_keep_draft(&self->filling.entries);
    entries_drop_draft(&self->filling.entries);
    self->filling.entries.draft[0] = '\0';
    self->filling.form.at = 0;
    load(self);
}

static void reload(struct screen *screen)
{
    load((struct paper_view *)screen);
}

static void act(struct screen *screen, enum verb verb)
{
    struct paper_view *self = (struct paper_view *)screen;
    struct app *app = screen->app;
    unsigned action = verb == VERB_send ? main_action(self) : action_of(verb);
    if (verb == VERB_discard)
        discard(self);
    else if (verb == VERB_print)
        paper_print(self);
    else if (verb == VERB_history)
        app_push(app, history_screen(app, self->row->kind, self->id));
    else if (verb == VERB_menu)
        act_menu(app, self->row->kind, self->id);
    else if (action != 0 && (writing >> action & 1))
        send(self, action);
    else if (action != 0)
        act_begin(app, self->row->kind, action, self->id, NULL);
    else
        filling_verb(&self->filling, verb, app_rows(app) - 6);
}

static bool does(const struct screen *screen, enum verb verb)
{
    const struct paper_view *self = (const struct paper_view *)screen;
    unsigned action = action_of(verb);
    if (action != 0) return (self->open >> action & 1) != 0;
    if (verb == VERB_send) return main_action(self) != 0;
    if (verb == VERB_fill) return self->filling.entries.actions != 0;
    if (verb == VERB_discard) return self->filling.entries.drafted || entries_touched(&self->filling.entries);
    if (verb == VERB_history || verb == VERB_menu) return self->id != 0;
    return true;
}

static bool type(struct screen *screen, const struct key_press *key)
{
    return filling_type(&((struct paper_view *)screen)->filling, key);
}

static enum screen_id mode(const struct screen *screen)
{
    return filling_mode(&((const struct paper_view *)screen)->filling, SCREEN_paper);
}

static void keep(struct screen *screen)
{
    struct paper_view *self = (struct paper_view *)screen;
    filling_keep(&self->filling);
}

static void release(struct screen *screen)
{
    filling_free(&((struct paper_view *)screen)->filling);
}

static bool at(const struct screen *screen, unsigned row, struct under *under)
{
    (void)row;
    return filling_under(&((const struct paper_view *)screen)->filling, under);
}

static const struct screen_kind kind_of_paper = {.id = SCREEN_paper,
                                                 .size = sizeof(struct paper_view),
                                                 .follow = follow,
                                                 .draw = draw,
                                                 .does = does,
                                                 .act = act,
                                                 .reload = reload,
                                                 .at = at,
                                                 .mode = mode,
                                                 .type = type,
                                                 .keep = keep,
                                                 .free = release};

struct screen *paper_screen(struct app *app, unsigned kind, uint64_t of, month_t month)
{
    struct paper_view *self = (struct paper_view *)screen_new(app, &kind_of_paper);
    if (self == NULL) return NULL;
    self->row = paper_kind(kind);
    self->of = of;
    self->month = month;
    return &self->screen;
}

struct screen *paper_open(struct app *app, unsigned kind, uint64_t id)
{
    struct record paper;
    const struct paper_kind *row = paper_kind(kind);
    if (!view_get(app, kind, id, &app->scratch, &paper)) {
        app_say_err(app, ERR_NOT_FOUND);
        return NULL;
    }
    struct paper_view *self = (struct paper_view *)paper_screen(app, kind, (uint64_t)rec_num(&paper, row->of),
                                                                (month_t){(int32_t)rec_num(&paper, row->month)});
    if (self == NULL) return NULL;
    self->id = id;
    self->fixed = true;
    return &self->screen;
}
