/* act.c - see act.h; and the form of an action. */
#include "client/screen/act.h"

#include "client/screen/filling.h"
#include "client/screen/marks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEED_BYTES = 8 << 20, MENU_ITEMS_MAX = ACTION_LIMIT, CONSEQUENCE_BYTES = 2000 };

/* ---- carrying out ---- */

static const char *title_of(struct app *app, const struct deed *deed, struct arena *arena)
{
    const struct action *action = action_row(deed->kind, deed->action);
    char line[700];
    struct str str = str_in(line, sizeof line);
    str_put(&str, tr(action->label));
    str_put(&str, tr(N_(": ")));
    str_put(&str, tr(kind_row(deed->kind)->label));
    str_put(&str, " ");
    if (deed->target > 0) str_text(&str, view_title(app, deed->kind, (uint64_t)deed->target, arena));
    return arena_text(arena, line).at;
}

/* Whose turn it is then: who may do what is somebody's duty in the state. */
static void put_whose_turn(const struct record *after, struct str *out)
{
    uint32_t told = 0;
    for (const struct may *row = NULL; (row = may_next(after->kind, row)) != NULL;) {
        const struct action *action = action_row(after->kind, row->action);
        const struct relation_row *relation = relation_row(row->relation);
        bool duty = (action->flags & A_DUTY) && (action->from >> rec_state(after) & 1);
        if (!duty || relation == NULL || row->relation >= 32 || (told >> row->relation & 1)) continue;
        str_put(out, told == 0 ? "\n" : tr(N_(", ")));
        if (told == 0) str_put(out, tr(N_("Then it is the turn of: ")));
        str_put(out, tr(relation->label));
        told |= 1u << row->relation;
    }
}

static void put_deadline(const struct record *after, struct str *out)
{
    stamp_t due;
    if (!record_due(after, &due)) return;
    str_put(out, "\n");
    str_put(out, tr(N_("A deadline runs: ")));
    str_day(out, stamp_day((stamp_t){due.s - 1}));
}

void put_mend(const struct action *action, struct str *out)
{
    if (action->mend == 0) return;
    str_put(out, " ");
    str_printf(out, tr(N_("It is put right by: %s.")), tr(action_row(action->kind, action->mend)->label));
}

void act_after(const struct act *act, struct str *out)
{
    const struct record *after = &act->changes[0]->after;
    const struct state_row *state = state_row(after->kind, rec_state(after));
    if (act->action->then != NULL) {
        str_put(out, tr(act->action->then));
        str_put(out, "\n");
    }
    if (state != NULL)
        str_printf(out, tr(N_("After it the %s is: %s.")), tr(kind_row(after->kind)->label), tr(state->label));
    if (state != NULL && state->final) {
        str_put(out, " ");
        str_put(out, tr(N_("Nothing more can be done with it then.")));
    }
    put_deadline(after, out);
    put_whose_turn(after, out);
    str_put(out, "\n");
    str_put(out, act->action->undo != 0 ? tr(N_("U takes it back as long as nobody has acted on it."))
                                        : tr(N_("It can't be taken back.")));
    put_mend(act->action, out);
}

/* What the act would bring about, in words: the state after it, that it is the end, what else changes. */
static void put_consequence(const struct act *act, struct str *out)
{
    struct show show = {.space = act->space, .arena = act->arena};
    act_after(act, out);
    for (unsigned i = 1; i < act->change_count && i < 5; i++) {
        const struct record *other = &act->changes[i]->after;
        str_put(out, "\n");
        str_put(out, tr(N_("It also changes: ")));
        str_put(out, tr(kind_row(other->kind)->label));
        str_put(out, " ");
        show_title(&show, other, out);
    }
    if (act->change_count > 5) str_printf(out, tr(N_("\nand %u more")), act->change_count - 5);
}

bool act_ask_opinion(struct app *app, const char *title, const char *consequence)
{
    char line[PASSPHRASE_MAX + 1] = "", text[CONSEQUENCE_BYTES + 300];
    const char *asks = tr(N_("An opinion is given in person: the passphrase again."));
    while (!app->leave) {
        snprintf(text, sizeof text, "%s%s%s", consequence, *consequence != '\0' ? "\n" : "", asks);
        if (!ask_secret(app, title, text, line, sizeof line)) return false;
        bool right = client_confirm(app->client, line);
        explicit_bzero(line, sizeof line);
        if (right) return true;
        asks = tr(N_("That was not the passphrase. Again, or Esc."));
    }
    return false;
}

/* Asks what has to be asked before it is done. */
static bool agreed(struct app *app, const struct deed *deed, const struct act *act, struct arena *arena)
{
    const struct action *action = action_row(deed->kind, deed->action);
    const char *title = title_of(app, deed, arena);
    bool grave = (action->flags & A_GRAVE) != 0;
    char text[CONSEQUENCE_BYTES];
    struct str str = str_in(text, sizeof text);
    put_consequence(act, &str);
    if (grave && !ask_confirm(app, title, text)) return false;
    return (action->flags & A_OPINION) == 0 || act_ask_opinion(app, title, grave ? "" : text);
}

static void say_sent(struct app *app, const struct deed *deed)
{
    struct client_status status;
    char line[300];
    struct str str = str_in(line, sizeof line);
    client_status(app->client, &status);
    str_put(&str, tr(action_row(deed->kind, deed->action)->label));
    str_put(&str, tr(N_(": ")));
    str_put(&str, status.net == NET_LIVE ? tr(N_("sent, not confirmed yet"))
                                         : tr(N_("kept; it goes out with the next connection")));
    app_say(app, STYLE_PLAIN, line);
}

bool act_finish(struct app *app, const struct deed *deed, struct refusal *why)
{
    struct arena arena;
    struct act act;
    uint64_t counter;
    refuse(why, OK);
    arena_init(&arena, DEED_BYTES);
    uint64_t id = deed->target > 0 ? (uint64_t)deed->target : 0;
    bool known = deed->target >= 0; /* what an own act is only making can't be tried */
    bool fine =
        !known || client_try(app->client, deed->kind, deed->action, id, &deed->args, deed->given, &arena, &act) == OK;
    if (!fine) {
        *why = act.why;
        app_say_refusal(app, why);
    } else if (known)
        fine = agreed(app, deed, &act, &arena);
    arena_clear(&arena);
    if (!fine) return false;
    enum err err =
        client_submit(app->client, deed->kind, deed->action, deed->target, &deed->args, deed->given, &counter);
    if (err != OK) {
        app_say_err(app, err);
        return false;
    }
    app_watch(app, counter);
    say_sent(app, deed);
    return true;
}

/* ---- the form ---- */

struct act_form {
    struct screen screen;
    struct filling filling;
    uint8_t action;
    struct batch *batch; /* what it is for, when there are several; NULL */
};

static struct entries *entries_of(struct screen *screen)
{
    return &((struct act_form *)screen)->filling.entries;
}

static void follow(struct screen *screen, unsigned events)
{
    struct act_form *self = (struct act_form *)screen;
    if ((events & EVENT_RECORDS) == 0) return;
    filling_read(&self->filling, SHOW_OPEN);
    entries_want(&self->filling.entries);
}

/* What a new record is given without being asked for: whose child it is. */
static void put_presets(struct act_form *self, struct str *out)
{
    const struct entries *entries = &self->filling.entries;
    struct app *app = self->screen.app;
    for (unsigned i = 0; i < field_count(entries->kind); i++) {
        if (entries->id != 0 || !rec_has(&entries->preset, i)) continue;
        str_put(out, "  ");
        str_put(out, tr(field_row(entries->kind, i)->label));
        str_put(out, " ");
        str_text(out, view_value(app, &entries->preset, i, &app->scratch));
    }
}

/* The sum of a list that is spelled out, as far as its parts can be read. */
static void put_sum(const struct entries *entries, struct str *out)
{
    int64_t sum = 0, number;
    bool any = false;
    for (unsigned i = 0; i < entries->count; i++) {
        const struct entry *entry = &entries->at[i];
        int64_t scale = field_row(entries->kind, entry->position)->unit != NULL ? FEN_PER_WAN : FEN_PER_YUAN;
        if (entry->part == WHOLE) continue;
        any = true;
        if (entry->typed != NULL && number_parse(text_of(entry->typed), scale, &number)) sum += number;
    }
    if (!any) return;
    str_put(out, tr(N_("the months make ")));
    str_exact(out, sum, FEN_PER_WAN);
    str_put(out, "   ");
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct act_form *self = (struct act_form *)screen;
    const struct entries *entries = &self->filling.entries;
    const struct action *action = action_row(entries->kind, self->action);
    char line[700];
    struct str str = str_in(line, sizeof line);
    str_put(&str, tr(action->label));
    str_put(&str, tr(N_(": ")));
    str_put(&str, tr(kind_row(entries->kind)->label));
    str_put(&str, " ");
    if (self->batch != NULL)
        str_printf(&str, tr(N_("%u records")), self->batch->count);
    else if (entries->id != 0)
        str_text(&str, view_title(screen->app, entries->kind, entries->id, &screen->app->scratch));
    put_presets(self, &str);
    put_text(term, area, 0, STYLE_STRONG, line);
    area.row++;
    str = str_in(line, sizeof line);
    if (action->flags & A_SIGNED) str_put(&str, tr(N_("will be signed   ")));
    if (entries->drafted) str_put(&str, tr(N_("draft, kept here only   ")));
    put_sum(entries, &str);
    str_put(&str, tr(N_("* has to be filled in")));
    put_text(term, area, 0, STYLE_PLAIN, line);
    area.row++;
    area.rows -= 2;
    filling_draw(&self->filling, term, area);
}

static bool do_it(struct act_form *self)
{
    struct app *app = self->screen.app;
    struct entries *entries = &self->filling.entries;
    struct deed deed = {.kind = entries->kind, .action = self->action, .target = (int64_t)entries->id};
    struct refusal why;
    struct arena arena;
    unsigned fault;
    bool invites = deed.kind == KIND_device && deed.action == ACT_device_invite;
    filling_take(&self->filling);
    if (!invites && !entries_try(entries, self->action, true, &why)) {
        filling_to_fault(&self->filling, &why);
        app_say_refusal(app, &why);
        return false;
    }
    arena_init(&arena, DEED_BYTES);
    bool done =
        entries_args(entries, self->action, &arena, &deed.args, &deed.given, &fault) && record_keep(&deed.args, &arena);
    if (done && self->batch != NULL)
        done = batch_finish(app, self->batch, &deed.args, deed.given);
    else if (done)
        done = invites ? act_invite(app, &deed, &why) : act_finish(app, &deed, &why);
    arena_clear(&arena);
    return done;
}

static void act(struct screen *screen, enum verb verb)
{
    struct act_form *self = (struct act_form *)screen;
    if (verb == VERB_send) {
        if (!do_it(self)) return;
        entries_drop_draft(entries_of(screen));
        self->filling.entries.draft[0] = '\0'; /* nothing is kept of what was sent */
        app_close(screen);
    } else if (verb == VERB_discard) {
        undo_keep_draft(entries_of(screen));
        entries_drop_draft(entries_of(screen));
        self->filling.entries.draft[0] = '\0';
        app_close(screen);
    } else
        filling_verb(&self->filling, verb, app_rows(screen->app) - 2);
}

static bool type(struct screen *screen, const struct key_press *key)
{
    return filling_type(&((struct act_form *)screen)->filling, key);
}

static enum screen_id mode(const struct screen *screen)
{
    return filling_mode(&((const struct act_form *)screen)->filling, SCREEN_act);
}

static bool does(const struct screen *screen, enum verb verb)
{
    return verb != VERB_discard || ((const struct act_form *)screen)->filling.entries.drafted;
}

static void keep(struct screen *screen)
{
    filling_keep(&((struct act_form *)screen)->filling);
}

static void release(struct screen *screen)
{
    free(((struct act_form *)screen)->batch);
    filling_free(&((struct act_form *)screen)->filling);
}

static bool at(const struct screen *screen, unsigned row, struct under *under)
{
    (void)row;
    return filling_under(&((const struct act_form *)screen)->filling, under);
}

static const struct screen_kind kind_of_form = {.id = SCREEN_act,
                                                .size = sizeof(struct act_form),
                                                .follow = follow,
                                                .draw = draw,
                                                .does = does,
                                                .act = act,
                                                .at = at,
                                                .mode = mode,
                                                .type = type,
                                                .keep = keep,
                                                .free = release};

static void open_form(struct app *app, unsigned kind, unsigned action, uint64_t id, const struct preset *preset,
                      struct batch *batch)
{
    struct act_form *self = (struct act_form *)screen_new(app, &kind_of_form);
    if (self == NULL) {
        free(batch);
        return;
    }
    self->batch = batch;
    self->action = (uint8_t)action;
    filling_init(&self->filling, app, kind, id, 1u << action);
    self->filling.check = action;
    struct entries *entries = &self->filling.entries;
    for (unsigned i = 0; preset != NULL && i < preset->count; i++)
        entries_preset(entries, preset->at[i].position, preset->at[i].number);
    filling_read(&self->filling, SHOW_OPEN);
    uint64_t parent = preset != NULL && preset->count > 0 ? (uint64_t)preset->at[0].number : 0;
    if (batch == NULL)
        snprintf(entries->draft, sizeof entries->draft, "act/%u/%u/%llu/%llu", kind, action, (unsigned long long)id,
                 (unsigned long long)parent);
    filling_load_draft(&self->filling);
    filling_to_first(&self->filling);
    app_push(app, &self->screen);
    const struct entry *first = filling_selected(&self->filling); /* a reason is typed at once */
    if (first != NULL && first->needed && first->typed == NULL && !entry_chosen(entries, first))
        filling_verb(&self->filling, VERB_fill, 0);
}

/* ---- beginning ---- */

static bool has_fields(unsigned kind, unsigned action, const struct preset *preset)
{
    const struct field *field;
    for (unsigned i = 0; (field = field_row(kind, i)) != NULL; i++) {
        bool given = false;
        for (unsigned j = 0; preset != NULL && j < preset->count; j++)
            given = given || preset->at[j].position == i;
        if ((field->fill >> action & 1) && field->type != TYPE_BYTES && !given) return true;
    }
    return false;
}

void act_begin(struct app *app, unsigned kind, unsigned action, uint64_t id, const struct preset *preset)
{
    struct deed deed = {
        .kind = (uint8_t)kind, .action = (uint8_t)action, .target = (int64_t)id, .args = record_make(kind, 0)};
    struct refusal why;
    if (action_row(kind, action) == NULL) return;
    if (client_past(app->client) != NULL) {
        app_say_err(app, ERR_IN_PAST);
        return;
    }
    if (has_fields(kind, action, preset)) {
        open_form(app, kind, action, id, preset, NULL);
        return;
    }
    for (unsigned i = 0; preset != NULL && i < preset->count; i++) {
        rec_set(&deed.args, preset->at[i].position, preset->at[i].number);
        deed.given |= FIELD_BIT(preset->at[i].position);
    }
    act_finish(app, &deed, &why);
}

/* The form stands on the first record for which the action is possible. */
static uint64_t first_open(struct app *app, const struct batch *batch)
{
    const struct actor *actor = client_actor(app->client);
    for (unsigned i = 0; actor != NULL && i < batch->count; i++) {
        struct record record;
        if (!view_get(app, batch->kind, batch->ids[i], &app->scratch, &record)) continue;
        uint32_t open = actions_open(client_space(app->client), &record, actor, &app->scratch);
        if (open >> batch->action & 1) return record.id;
    }
    return batch->ids[0];
}

void act_begin_batch(struct app *app, const struct batch *batch)
{
    struct record args = record_make(batch->kind, 0);
    if (client_past(app->client) != NULL) {
        app_say_err(app, ERR_IN_PAST);
    } else if (!has_fields(batch->kind, batch->action, NULL)) {
        batch_finish(app, batch, &args, 0);
    } else {
        struct batch *kept = malloc(sizeof *kept);
        if (kept == NULL) return;
        *kept = *batch;
        open_form(app, batch->kind, batch->action, first_open(app, batch), NULL, kept);
    }
}

unsigned act_duty(struct app *app, unsigned kind, uint64_t id)
{
    struct record record;
    const struct actor *actor = client_actor(app->client);
    if (actor == NULL || !view_get(app, kind, id, &app->scratch, &record)) return 0;
    uint32_t open = actions_open(client_space(app->client), &record, actor, &app->scratch);
    for (const struct action *row = NULL; (row = action_next(kind, row)) != NULL;)
        if ((open >> row->wire & 1) && (row->flags & A_DUTY)) return row->wire;
    return 0;
}

void act_menu(struct app *app, unsigned kind, uint64_t id)
{
    struct pick_item items[MENU_ITEMS_MAX];
    uint8_t actions[MENU_ITEMS_MAX];
    struct record record;
    unsigned count = 0;
    const struct actor *actor = client_actor(app->client);
    if (actor == NULL || !view_get(app, kind, id, &app->scratch, &record)) return;
    uint32_t open = actions_open(client_space(app->client), &record, actor, &app->scratch);
    for (const struct action *row = NULL; (row = action_next(kind, row)) != NULL && count < MENU_ITEMS_MAX;) {
        if ((open >> row->wire & 1) == 0) continue;
        actions[count] = row->wire;
        items[count++] = (struct pick_item){.text = tr(row->label)};
    }
    if (count == 0) {
        app_say(app, STYLE_PLAIN, tr(N_("there is nothing that you may do with it now")));
        return;
    }
    char title[400];
    struct str str = str_in(title, sizeof title);
    str_text(&str, view_title(app, kind, id, &app->scratch));
    int chosen = ask_menu(app, title, items, count);
    if (chosen >= 0) act_begin(app, kind, actions[chosen], id, NULL);
}
