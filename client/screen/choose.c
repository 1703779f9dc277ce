/* choose.c - fields that are chosen rather than typed: options, yes or no, and records that are named. */
#include "client/screen/entries.h"

#include <stdlib.h>
#include <string.h>

enum { ITEMS_MAX = 5000, ITEMS_BYTES = 32 << 20, MENU_MAX = 9 };

/* What can be chosen: numbers and their words. */
struct offer {
    struct arena arena;
    unsigned count;
    int64_t *numbers;
    struct pick_item *items;
};

/* Which records a field can sensibly name: those with `candidate_index` beginning with the value of `own`, and then
 * with `also` when that is not 0. Elsewhere all records of the kind are offered. */
static const struct narrow {
    uint8_t kind, field;
    enum index_id index;
    uint8_t own;
    int64_t also;
} narrows[] = {
    {KIND_report, report_reached, IX_milestone_project, report_project, 0},
    {KIND_project, project_head, IX_post_unit, project_responsible, OPT_rank_head},
    {KIND_project, project_deputy, IX_post_unit, project_responsible, OPT_rank_deputy},
    {KIND_project, project_members, IX_post_unit, project_responsible, OPT_rank_member},
    {KIND_project, project_contact, IX_post_unit, project_responsible, OPT_rank_contact},
    {KIND_post, post_person, IX_person_unit, post_unit, 0},
    {KIND_operator, operator_person, IX_person_unit, operator_unit, 0},
};

static bool offer_begin(struct offer *offer)
{
    *offer = (struct offer){.count = 0};
    arena_init(&offer->arena, ITEMS_BYTES);
    offer->numbers = arena_get(&offer->arena, ITEMS_MAX * sizeof *offer->numbers);
    offer->items = arena_get(&offer->arena, ITEMS_MAX * sizeof *offer->items);
    return offer->numbers != NULL && offer->items != NULL;
}

static void offer_add(struct offer *offer, int64_t number, const char *text)
{
    if (offer->count == ITEMS_MAX || text == NULL) return;
    offer->numbers[offer->count] = number;
    offer->items[offer->count++] = (struct pick_item){.text = text};
}

static void offer_options(struct offer *offer, unsigned choice)
{
    for (const struct option *row = NULL; (row = option_next(choice, row)) != NULL;)
        offer_add(offer, row->wire, arena_text(&offer->arena, tr(row->label)).at);
}

/* ---- records ---- */

/* By all that lists show of it, so that a code, a name or a short name finds it. */
static void offer_record(struct app *app, struct offer *offer, const struct record *record)
{
    struct show show = {.space = client_space(app->client), .arena = &offer->arena};
    char line[600];
    struct str str = str_in(line, sizeof line);
    show_title(&show, record, &str);
    for (unsigned i = F_COMMON_COUNT; i < field_count(record->kind) && str.used < 200; i++) {
        const struct field *field = field_row(record->kind, i);
        if ((field->flags & F_LIST) == 0 || !rec_has(record, i) || field->list_max > 0) continue;
        if (field->type != TYPE_TEXT && field->type != TYPE_REF && field->type != TYPE_DAY) continue;
        str_put(&str, "  ");
        show_value(&show, record, i, &str);
    }
    offer_add(offer, (int64_t)record->id, arena_text(&offer->arena, line).at);
}

static bool offerable(const struct record *record, const struct field *field)
{
    const struct state_row *state = state_row(record->kind, rec_state(record));
    return state == NULL || !state->final || (field->flags & F_ENDED_TOO);
}

static const struct narrow *narrow_of(unsigned kind, unsigned field)
{
    for (size_t i = 0; i < sizeof narrows / sizeof *narrows; i++)
        if (narrows[i].kind == kind && narrows[i].field == field) return &narrows[i];
    return NULL;
}

/* The record that another field of the form names. */
static int64_t own_value(const struct entries *entries, unsigned position)
{
    struct record record;
    for (unsigned i = 0; i < entries->count; i++)
        if (entries->at[i].position == position && entries->at[i].count > 0) return entries->at[i].chosen[0];
    if (rec_has(&entries->preset, position)) return rec_num(&entries->preset, position);
    if (!view_get(entries->app, entries->kind, entries->id, &entries->app->scratch, &record)) return 0;
    return rec_num(&record, position);
}

static void offer_narrowed(struct entries *entries, const struct field *field, const struct narrow *narrow, int64_t own,
                           struct offer *offer)
{
    struct value values[] = {number_value(own), number_value(narrow->also)};
    struct walk walk;
    struct record record;
    uint64_t id;
    bool ranked = narrow->also != 0;
    walk_start(&walk, client_space(entries->app->client), narrow->index, values, ranked ? 2 : 1);
    while (walk_next(&walk, &id))
        if (view_get(entries->app, field->ref, id, &offer->arena, &record) && offerable(&record, field))
            offer_record(entries->app, offer, &record);
}

/* Has the operator's own unit to do with it? What is ours is offered first. */
static bool is_ours(const struct app *app, const struct record *record, struct arena *arena)
{
    const struct actor *actor = client_actor(app->client);
    struct ties ties;
    if (actor == NULL || ties_of(client_space(app->client), record, arena, &ties) != OK) return false;
    return (relations_held(&ties, actor) >> REL_own & ~(1ull << (REL_author - REL_own))) != 0;
}

static void offer_records(struct entries *entries, const struct entry *entry, struct offer *offer)
{
    const struct field *field = field_row(entries->kind, entry->position);
    const struct narrow *narrow = narrow_of(entries->kind, entry->position);
    const struct space *space = client_space(entries->app->client);
    int64_t own = narrow != NULL ? own_value(entries, narrow->own) : 0;
    if (own != 0) offer_narrowed(entries, field, narrow, own, offer);
    if (own != 0 && offer->count > 0) return;
    for (int others = 0; others <= 1; others++)
        for (uint64_t id = 0; (id = state_next_id(space, field->ref, id)) > 0;) {
            struct record record;
            if (state_get(space, field->ref, id, &offer->arena, &record) == OK && offerable(&record, field) &&
                is_ours(entries->app, &record, &offer->arena) == (others == 0))
                offer_record(entries->app, offer, &record);
        }
}

void entries_want(struct entries *entries)
{
    for (unsigned i = 0; i < entries->count; i++) {
        const struct narrow *narrow = narrow_of(entries->kind, entries->at[i].position);
        int64_t own = narrow != NULL && entries->at[i].open ? own_value(entries, narrow->own) : 0;
        if (own != 0) view_want_all(entries->app, &entries->asked, narrow->index, &own, 1);
    }
}

/* ---- choosing ---- */

static void make_offer(struct entries *entries, const struct entry *entry, struct offer *offer)
{
    const struct field *field = field_row(entries->kind, entry->position);
    if (field->list_max == 0 && !entry->needed && field->type != TYPE_REF) offer_add(offer, 0, tr(N_("(nothing)")));
    if (field->type == TYPE_FLAG) {
        offer_add(offer, 1, tr(N_("yes")));
        offer_add(offer, -1, tr(N_("no")));
    } else if (field->type == TYPE_CHOICE)
        offer_options(offer, field->choice);
    else
        offer_records(entries, entry, offer);
    if (field->list_max == 0 && !entry->needed && field->type == TYPE_REF) offer_add(offer, 0, tr(N_("(nothing)")));
}

static void take_one(struct entry *entry, const struct field *field, int64_t number)
{
    entry->count = number != 0;
    entry->chosen[0] = field->type == TYPE_FLAG && number < 0 ? 0 : number;
}

static void take_several(struct entry *entry, const struct field *field, const struct offer *offer)
{
    entry->count = 0;
    for (unsigned i = 0; i < offer->count; i++)
        if (offer->items[i].chosen && entry->count < field->list_max && entry->count < LIST_MAX)
            entry->chosen[entry->count++] = offer->numbers[i];
}

static bool ask(struct entries *entries, unsigned index, struct offer *offer)
{
    struct app *app = entries->app;
    struct entry *entry = &entries->at[index];
    const struct field *field = field_row(entries->kind, entry->position);
    const char *label = tr(field->label);
    if (field->list_max > 0) {
        for (unsigned i = 0; i < offer->count; i++)
            for (unsigned j = 0; j < entry->count; j++)
                if (offer->numbers[i] == entry->chosen[j]) offer->items[i].chosen = true;
        if (!ask_picks(app, label, offer->items, offer->count)) return false;
        take_several(entry, field, offer);
        return true;
    }
    int chosen = offer->count <= MENU_MAX && field->type != TYPE_REF ? ask_menu(app, label, offer->items, offer->count)
                                                                     : ask_pick(app, label, offer->items, offer->count);
    if (chosen < 0) return false;
    take_one(entry, field, offer->numbers[chosen]);
    return true;
}

bool entries_choose(struct entries *entries, unsigned index)
{
    struct offer offer;
    struct entry *entry = &entries->at[index];
    bool chosen = false;
    if (!offer_begin(&offer)) return false;
    make_offer(entries, entry, &offer);
    if (offer.count == 0)
        app_say(entries->app, STYLE_PLAIN, tr(N_("there is nothing to choose from yet")));
    else
        chosen = ask(entries, index, &offer);
    arena_clear(&offer.arena);
    if (!chosen) return false;
    entry->touched = true;
    entry->fault[0] = '\0';
    entries->unsaved++;
    entries_save_draft(entries);
    return true;
}
