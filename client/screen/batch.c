/* batch.c - see marks.h: one act for many records, previewed, confirmed once, told as one. */
#include "client/screen/act.h"
#include "client/screen/marks.h"

#include <stdlib.h>
#include <string.h>

enum { CHOICES_MAX = 60, TRY_BYTES = 8 << 20, PREVIEW_BYTES = 128 * 1024, CHOICE_BYTES = 200 };

/* What was sent together; the outcome is told when all of it has been answered, and U takes all of it back. */
struct sending {
    uint8_t kind, action;
    bool told;
    unsigned count, left_out;
    uint64_t counters[MARKS_MAX], ids[MARKS_MAX];
};

/* ---- which act ---- */

struct choice {
    uint8_t kind, action;
    unsigned possible, of;
};

static void add_choice(struct choice *choices, unsigned *count, unsigned kind, unsigned action)
{
    unsigned i = 0;
    while (i < *count && (choices[i].kind != kind || choices[i].action != action))
        i++;
    if (i == CHOICES_MAX) return;
    if (i == *count) choices[(*count)++] = (struct choice){.kind = (uint8_t)kind, .action = (uint8_t)action};
    choices[i].possible++;
}

/* What may be done with at least one of them. */
static unsigned find_choices(struct app *app, const struct marks *marks, struct choice *choices)
{
    const struct actor *actor = client_actor(app->client);
    unsigned count = 0;
    for (unsigned i = 0; actor != NULL && i < marks->count; i++) {
        struct record record;
        arena_reuse(&app->scratch);
        if (!view_get(app, marks->at[i].kind, marks->at[i].id, &app->scratch, &record)) continue;
        uint32_t open = actions_open(client_space(app->client), &record, actor, &app->scratch);
        for (unsigned action = 1; action < 32; action++)
            if (open >> action & 1) add_choice(choices, &count, record.kind, action);
    }
    for (unsigned i = 0; i < count; i++)
        for (unsigned j = 0; j < marks->count; j++)
            choices[i].of += marks->at[j].kind == choices[i].kind;
    return count;
}

/* "accept: monthly report   3 of 4" */
static void put_choice(const struct choice *choice, struct str *out)
{
    str_put(out, tr(action_row(choice->kind, choice->action)->label));
    str_put(out, tr(N_(": ")));
    str_put(out, tr(kind_row(choice->kind)->label));
    str_printf(out, tr(N_("   %u of %u")), choice->possible, choice->of);
}

void batch_choose(struct app *app, const struct marks *marks)
{
    struct choice choices[CHOICES_MAX];
    char lines[CHOICES_MAX][CHOICE_BYTES], title[100];
    struct pick_item items[CHOICES_MAX];
    unsigned count = find_choices(app, marks, choices);
    for (unsigned i = 0; i < count; i++) {
        struct str str = str_in(lines[i], sizeof lines[i]);
        put_choice(&choices[i], &str);
        items[i] = (struct pick_item){.text = lines[i]};
    }
    struct str str = str_in(title, sizeof title);
    str_printf(&str, tr(N_("With the %u that are marked")), marks->count);
    if (count == 0) {
        app_say(app, STYLE_PLAIN, tr(N_("there is nothing that you may do with any of them now")));
        return;
    }
    int chosen = ask_menu(app, title, items, count);
    struct batch *batch = chosen >= 0 ? calloc(1, sizeof *batch) : NULL;
    if (batch == NULL) return;
    batch->kind = choices[chosen].kind;
    batch->action = choices[chosen].action;
    for (unsigned i = 0; i < marks->count; i++)
        if (marks->at[i].kind == batch->kind) batch->ids[batch->count++] = marks->at[i].id;
    act_begin_batch(app, batch);
    free(batch);
}

/* ---- the preview ---- */

struct preview {
    unsigned good, bad;
    bool fine[MARKS_MAX];
    char yes[PREVIEW_BYTES], no[PREVIEW_BYTES], all[2 * PREVIEW_BYTES + 2000], after[1500];
};

static void try_each(struct app *app, const struct batch *batch, const struct record *args, uint64_t given,
                     struct preview *preview)
{
    struct str yes = str_in(preview->yes, sizeof preview->yes), no = str_in(preview->no, sizeof preview->no);
    struct str after = str_in(preview->after, sizeof preview->after);
    struct act *act = malloc(sizeof *act);
    struct arena arena;
    arena_init(&arena, TRY_BYTES);
    for (unsigned i = 0; act != NULL && i < batch->count; i++) {
        arena_reuse(&arena);
        enum err err = client_try(app->client, batch->kind, batch->action, batch->ids[i], args, given, &arena, act);
        struct str *out = err == OK ? &yes : &no;
        preview->fine[i] = err == OK;
        str_put(out, "\n  ");
        str_text(out, view_title(app, batch->kind, batch->ids[i], &arena));
        if (err == OK) {
            if (preview->good++ == 0) act_after(act, &after);
            continue;
        }
        preview->bad++;
        str_put(out, tr(N_(": ")));
        show_refusal(&act->why, out);
    }
    arena_clear(&arena);
    free(act);
}

static void put_preview(struct preview *preview, struct str *out)
{
    if (preview->bad > 0) {
        str_printf(out, tr(N_("Not for %u:")), preview->bad);
        str_put(out, preview->no);
        str_put(out, "\n");
    }
    if (preview->good == 0) return;
    str_printf(out, tr(N_("Each of these %u by a command of its own:")), preview->good);
    str_put(out, preview->yes);
    str_put(out, "\n");
    str_put(out, preview->after);
}

static void put_act(unsigned kind, unsigned action, struct str *out)
{
    str_put(out, tr(action_row(kind, action)->label));
    str_put(out, tr(N_(": ")));
    str_put(out, tr(kind_row(kind)->plural));
}

/* ---- sending ---- */

static void submit_each(struct app *app, const struct batch *batch, const struct record *args, uint64_t given,
                        const struct preview *preview)
{
    struct sending *sending = app->sending != NULL ? app->sending : calloc(1, sizeof *sending);
    char line[200];
    struct str str = str_in(line, sizeof line);
    enum err err = sending != NULL ? OK : ERR_MEMORY;
    if (err == OK) *sending = (struct sending){.kind = batch->kind, .action = batch->action, .left_out = preview->bad};
    app->sending = sending;
    for (unsigned i = 0; err == OK && i < batch->count; i++) {
        if (!preview->fine[i]) continue;
        err = client_submit(app->client, batch->kind, batch->action, (int64_t)batch->ids[i], args, given,
                            &sending->counters[sending->count]);
        if (err != OK) break;
        sending->ids[sending->count++] = batch->ids[i];
        marks_drop(app, batch->kind, batch->ids[i]);
    }
    put_act(batch->kind, batch->action, &str);
    str_put(&str, tr(N_(": ")));
    str_printf(&str, tr(N_("%u are on their way")), sending != NULL ? sending->count : 0);
    if (err != OK)
        app_say_err(app, err);
    else
        app_say(app, STYLE_PLAIN, line);
}

bool batch_finish(struct app *app, const struct batch *batch, const struct record *args, uint64_t given)
{
    struct preview *preview = calloc(1, sizeof *preview);
    char title[200];
    struct str head = str_in(title, sizeof title);
    if (preview == NULL) return false;
    put_act(batch->kind, batch->action, &head);
    try_each(app, batch, args, given, preview);
    struct str all = str_in(preview->all, sizeof preview->all);
    put_preview(preview, &all);
    bool opinion = (action_row(batch->kind, batch->action)->flags & A_OPINION) != 0;
    bool yes =
        preview->good > 0 && ask_confirm(app, title, preview->all) && (!opinion || act_ask_opinion(app, title, ""));
    if (preview->good == 0) tell(app, title, text_of(preview->all));
    if (yes) submit_each(app, batch, args, given, preview);
    free(preview);
    return yes;
}

/* ---- the outcome ---- */

void batch_tell(struct app *app)
{
    struct sending *sending = app->sending;
    const struct out_item *refused = NULL;
    unsigned bad = 0;
    char line[MESSAGE_BYTES];
    struct str str = str_in(line, sizeof line);
    for (unsigned i = 0; sending != NULL && !sending->told && i < sending->count; i++) {
        const struct out_item *item = client_outcome(app->client, sending->counters[i]);
        if (item == NULL || item->state == OUT_ACCEPTED) continue;
        if (item->state == OUT_WAITING) return;
        if (refused == NULL && item->state == OUT_REFUSED) refused = item;
        bad++;
    }
    if (sending == NULL || sending->told) return;
    sending->told = true;
    str_put(&str, tr(action_row(sending->kind, sending->action)->label));
    str_put(&str, tr(N_(": ")));
    str_printf(&str, tr(N_("%u done, %u refused, %u left out")), sending->count - bad, bad, sending->left_out);
    if (refused != NULL) {
        str_put(&str, "; ");
        show_refusal(&refused->why, &str);
        str_put(&str, tr(N_("; to be decided about in the outbox")));
    }
    app_say(app, bad > 0 ? STYLE_BAD : STYLE_GOOD, line);
}

/* ---- taking back ---- */

static bool sent_together(const struct sending *sending, uint64_t counter)
{
    for (unsigned i = 0; sending != NULL && i < sending->count && sending->count > 1; i++)
        if (sending->counters[i] == counter) return true;
    return false;
}

/* Those that have not left yet are given up; false: the operator would rather not. */
static bool give_up_unsent(struct app *app, struct sending *sending)
{
    char title[200], text[200];
    struct str head = str_in(title, sizeof title), str = str_in(text, sizeof text);
    unsigned unsent = 0, gone = 0;
    for (unsigned i = 0; i < sending->count; i++)
        unsent += client_unsent(app->client, sending->counters[i]);
    if (unsent == 0) return true;
    put_act(sending->kind, sending->action, &head);
    str_printf(&str, tr(N_("%u of %u have not been sent yet: they are taken back without a trace.")), unsent,
               sending->count);
    if (!ask_confirm(app, title, text)) return false;
    for (unsigned i = 0; i < sending->count;) {
        bool out = client_unsent(app->client, sending->counters[i]) &&
                   client_discard(app->client, sending->counters[i]) == OK;
        gone += out;
        if (!out) {
            i++;
            continue;
        }
        sending->count--;
        for (unsigned j = i; j < sending->count; j++) {
            sending->counters[j] = sending->counters[j + 1];
            sending->ids[j] = sending->ids[j + 1];
        }
    }
    str = str_in(text, sizeof text);
    str_printf(&str, tr(N_("taken back: %u were never sent")), gone);
    app_say(app, STYLE_GOOD, text);
    return true;
}

/* Those that took effect, by the tables' counter action: its preview says for which that is not possible any more.
 * False: there are none, all were refused. */
static bool take_back_done(struct app *app, const struct sending *sending)
{
    const struct action *action = action_row(sending->kind, sending->action);
    struct batch *batch = calloc(1, sizeof *batch);
    char line[MESSAGE_BYTES];
    struct str str = str_in(line, sizeof line);
    unsigned waiting = 0;
    if (batch == NULL) return true;
    for (unsigned i = 0; i < sending->count; i++) {
        const struct out_item *item = client_outcome(app->client, sending->counters[i]);
        waiting += item != NULL && item->state == OUT_WAITING;
        if (item == NULL || item->state == OUT_ACCEPTED) batch->ids[batch->count++] = sending->ids[i];
    }
    bool any = waiting > 0 || batch->count > 0;
    put_act(sending->kind, sending->action, &str);
    str_printf(&str, tr(N_(" (%u): ")), sending->count);
    if (!any)
        line[0] = '\0';
    else if (waiting > 0)
        str_put(&str, tr(N_("it is on its way: its outcome has to come first")));
    else if (action->undo == 0) {
        str_put(&str, tr(N_("this can't be taken back; it stands in the journal.")));
        put_mend(action, &str);
    } else {
        batch->kind = sending->kind;
        batch->action = action->undo;
        act_begin_batch(app, batch);
        line[0] = '\0';
    }
    if (line[0] != '\0') app_say(app, STYLE_WARN, line);
    free(batch);
    return any;
}

bool batch_undo(struct app *app, uint64_t counter)
{
    struct sending *sending = app->sending;
    if (!sent_together(sending, counter)) return false;
    return !give_up_unsent(app, sending) || sending->count == 0 || take_back_done(app, sending);
}
