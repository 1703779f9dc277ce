/* record.c - the page of a record of any kind: all its fields, what it names, what belongs to it, and the
 * actions that may be taken on it. */
#include "client/screen/act.h"

#include "client/screen/filling.h"
#include "client/screen/waiting.h"

#include <string.h>

enum { CHILDREN_MAX = 12, LONG_TEXT = 300 /* characters: about what a page shows of a text */ };

struct record_view {
    struct screen screen;
    struct filling filling;
    struct asked asked;
    bool receipt; /* given already */
};

/* ---- what is known ---- */

/* The records that a record's short form names, down to the names of persons: they are fetched too. */
static void want_named(struct app *app, struct asked *asked, unsigned kind, uint64_t id, unsigned depth)
{
    struct record record;
    unsigned position;
    if (id == 0 || depth == 0) return;
    if (!view_get(app, kind, id, &app->scratch, &record)) {
        view_want(app, asked, kind, id, &app->scratch);
        return;
    }
    for (const char *open = strchr(kind_row(kind)->brief, '{'); open != NULL; open = strchr(open + 1, '{')) {
        char name[40];
        struct str str = str_in(name, sizeof name);
        str_text(&str, (struct text){open + 1, (uint32_t)strcspn(open + 1, "}")});
        const struct field *field = field_named(kind, name, &position);
        if (field != NULL && field->type == TYPE_REF && field->list_max == 0)
            want_named(app, asked, field->ref, (uint64_t)rec_num(&record, position), depth - 1);
    }
}

void view_want_refs(struct app *app, struct asked *asked, unsigned kind, uint64_t id)
{
    struct record record;
    const struct field *field;
    if (!view_get(app, kind, id, &app->scratch, &record)) return;
    for (unsigned i = 0; (field = field_row(kind, i)) != NULL; i++) {
        unsigned count = 1;
        int64_t one = rec_num(&record, i);
        if (field->type != TYPE_REF || !rec_has(&record, i)) continue;
        const int64_t *list = field->list_max > 0 ? rec_list(&record, i, &count) : &one;
        for (unsigned j = 0; j < count; j++)
            want_named(app, asked, field->ref, (uint64_t)list[j], 3);
    }
}

static void follow(struct screen *screen, unsigned events)
{
    struct record_view *self = (struct record_view *)screen;
    const struct entries *entries = &self->filling.entries;
    if (events & EVENT_RECORDS) {
        view_want(screen->app, &self->asked, entries->kind, entries->id, &screen->app->scratch);
        view_want_refs(screen->app, &self->asked, entries->kind, entries->id);
        filling_read(&self->filling, SHOW_ALL);
    }
    if (events & (EVENT_RECORDS | EVENT_LINK)) receipt_give(screen->app, entries->kind, entries->id, &self->receipt);
}

/* ---- drawing ---- */

void put_known(struct app *app, unsigned kind, uint64_t id, struct str *out)
{
    struct client_status status;
    stamp_t as_of;
    client_status(app->client, &status);
    switch (client_knows(app->client, kind, id, &app->scratch, &as_of)) {
    case KNOWN_NOT: str_put(out, tr(N_("not here; "))); break;
    case KNOWN_LISTED: str_put(out, tr(N_("only in part here (?); "))); break;
    case KNOWN_FETCHED:
        str_put(out, tr(N_("as of ")));
        str_stamp(out, as_of);
        return;
    case KNOWN_WHOLE: return;
    }
    str_put(out, status.net == NET_LIVE ? tr(N_("asked for")) : tr(N_("the rest comes with the next connection")));
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct record_view *self = (struct record_view *)screen;
    const struct entries *entries = &self->filling.entries;
    struct app *app = screen->app;
    struct record record;
    char line[700];
    struct str str = str_in(line, sizeof line);
    bool there = view_get(app, entries->kind, entries->id, &app->scratch, &record);
    str_put(&str, tr(kind_row(entries->kind)->label));
    str_put(&str, " ");
    str_text(&str, view_title(app, entries->kind, entries->id, &app->scratch));
    put_text(term, area, 0, STYLE_STRONG, line);
    area.row++;
    str = str_in(line, sizeof line);
    if (there) {
        str_put(&str, show_state(&record));
        str_put(&str, tr(N_(" since ")));
        str_stamp(&str, (stamp_t){rec_num(&record, F_SINCE)});
        str_put(&str, "   ");
    }
    if (waiting_act(app, entries->kind, entries->id) != NULL)
        str_put(&str, tr(N_("an own act on it waits to be sent   ")));
    put_known(app, entries->kind, entries->id, &str);
    put_text(term, area, 0, STYLE_PLAIN, line);
    area.row++;
    area.rows -= 2;
    if (there) filling_draw(&self->filling, term, area);
}

/* ---- acting ---- */

/* A text that the page shows only the beginning of is read to its end. The view may change meanwhile. */
static void read_text(struct app *app, const struct field *field, const char *text)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    const char *kept = arena_copy(&arena, text, strlen(text));
    if (kept != NULL) tell(app, tr(field->label), text_of(kept));
    arena_clear(&arena);
}

static void follow_ref(struct record_view *self)
{
    struct app *app = self->screen.app;
    const struct entry *entry = filling_selected(&self->filling);
    const struct field *field = entry != NULL ? field_row(self->filling.entries.kind, entry->position) : NULL;
    struct pick_item items[LIST_MAX];
    int64_t ids[LIST_MAX];
    bool note = field != NULL && field->type == TYPE_NOTE && entry->typed != NULL;
    if (note && text_characters(text_of(entry->typed)) > LONG_TEXT) {
        read_text(app, field, entry->typed);
        return;
    }
    if (field == NULL || field->type != TYPE_REF || entry->count == 0) {
        act_menu(app, self->filling.entries.kind, self->filling.entries.id);
        return;
    }
    unsigned count = entry->count, ref = field->ref;
    memcpy(ids, entry->chosen, count * sizeof *ids);
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (unsigned i = 0; i < count; i++)
        items[i] = (struct pick_item){.text = view_title(app, ref, (uint64_t)ids[i], &arena).at};
    int chosen = count > 1 ? ask_menu(app, tr(field->label), items, count) : 0;
    arena_clear(&arena);
    if (chosen >= 0) open_record(app, ref, (uint64_t)ids[chosen]);
}

/* Is there an index that finds the kind's records by this field? */
static bool is_indexed(unsigned kind, unsigned position)
{
    for (const struct index_row *row = NULL; (row = index_next(kind, row)) != NULL;)
        if (row->fields[0] == position) return true;
    return false;
}

/* Kinds whose records name this one: as their parent first, then as what they are about. */
static unsigned find_children(unsigned kind, uint8_t kinds[CHILDREN_MAX], uint8_t positions[CHILDREN_MAX])
{
    unsigned count = 0;
    for (unsigned round = 0; round < 2; round++) {
        for (const struct kind *row = NULL; (row = kind_next(row)) != NULL;) {
            const struct field *field;
            for (unsigned i = F_COMMON_COUNT; (field = field_row(row->wire, i)) != NULL; i++) {
                bool parent = (field->flags & F_PARENT) != 0;
                if (field->type != TYPE_REF || field->ref != kind || field->list_max > 0 || parent != (round == 0))
                    continue;
                if (count == CHILDREN_MAX || !is_indexed(row->wire, i)) continue;
                kinds[count] = row->wire;
                positions[count++] = (uint8_t)i;
            }
        }
    }
    return count;
}

void children_ask(struct app *app, unsigned kind, uint64_t id)
{
    uint8_t kinds[CHILDREN_MAX], positions[CHILDREN_MAX];
    char lines[CHILDREN_MAX][120];
    struct pick_item items[CHILDREN_MAX];
    unsigned count = find_children(kind, kinds, positions);
    for (unsigned i = 0; i < count; i++) {
        struct str str = str_in(lines[i], sizeof lines[i]);
        str_put(&str, tr(kind_row(kinds[i])->plural));
        if ((field_row(kinds[i], positions[i])->flags & F_PARENT) == 0) {
            str_put(&str, " - ");
            str_put(&str, tr(field_row(kinds[i], positions[i])->label));
        }
        items[i] = (struct pick_item){.text = lines[i]};
    }
    int chosen = count > 0 ? ask_menu(app, tr(N_("What belongs to it")), items, count) : -1;
    if (chosen >= 0) app_push(app, records_screen(app, kinds[chosen], positions[chosen], id));
}

/* Of an assessment who stands where, of a score why. */
static void show_points(struct app *app, unsigned kind, uint64_t id)
{
    struct record score;
    if (kind == KIND_assessment)
        app_push(app, ranking_screen(app, id));
    else if (view_get(app, kind, id, &app->scratch, &score))
        app_push(app, why_screen(app, (uint64_t)rec_num(&score, score_assessment), 0,
                                 (uint64_t)rec_num(&score, score_unit), (uint64_t)rec_num(&score, score_person)));
}

static void act(struct screen *screen, enum verb verb)
{
    struct record_view *self = (struct record_view *)screen;
    struct app *app = screen->app;
    unsigned kind = self->filling.entries.kind;
    uint64_t id = self->filling.entries.id;
    switch ((int)verb) {
    case VERB_step: act_begin(app, kind, act_duty(app, kind, id), id, NULL); break;
    case VERB_menu: act_menu(app, kind, id); break;
    case VERB_follow: follow_ref(self); break;
    case VERB_children: children_ask(app, kind, id); break;
    case VERB_show: app_push(app, review_screen(app, id)); break;
    case VERB_history: app_push(app, history_screen(app, kind, id)); break;
    case VERB_points: show_points(app, kind, id); break;
    default: filling_verb(&self->filling, verb, app_rows(app) - 2);
    }
}

static bool does(const struct screen *screen, enum verb verb)
{
    const struct record_view *self = (const struct record_view *)screen;
    uint8_t kinds[CHILDREN_MAX], positions[CHILDREN_MAX];
    if (verb == VERB_step) return act_duty(screen->app, self->filling.entries.kind, self->filling.entries.id) != 0;
    if (verb == VERB_show) return self->filling.entries.kind == KIND_review_meeting;
    if (verb == VERB_children) return find_children(self->filling.entries.kind, kinds, positions) > 0;
    unsigned kind = self->filling.entries.kind;
    return verb != VERB_points || kind == KIND_assessment || kind == KIND_score;
}

static void release(struct screen *screen)
{
    filling_free(&((struct record_view *)screen)->filling);
}

static bool at(const struct screen *screen, unsigned row, struct under *under)
{
    (void)row;
    return filling_under(&((const struct record_view *)screen)->filling, under);
}

static const struct screen_kind kind_of_page = {.id = SCREEN_record,
                                                .size = sizeof(struct record_view),
                                                .follow = follow,
                                                .draw = draw,
                                                .does = does,
                                                .act = act,
                                                .at = at,
                                                .free = release};

struct screen *record_screen(struct app *app, unsigned kind, uint64_t id)
{
    struct record_view *self = (struct record_view *)screen_new(app, &kind_of_page);
    if (self == NULL) return NULL;
    filling_init(&self->filling, app, kind, id, 0);
    return &self->screen;
}
