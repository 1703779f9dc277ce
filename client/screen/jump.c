/* jump.c - `g` and a few letters: to any record and any screen, the best match first as one types. Works on what is
 * here, without the link. */
#include "client/screen/past.h"
#include "client/screen/prompt.h"

#include "client/core/jump.h"
#include "client/term/cells.h"

#include <stdlib.h>

enum { SHOWN_MAX = 100, PLACES_MAX = 40, JUMP_LINE_BYTES = 1200, WORDS_BYTES = 400 };

struct jumping {
    struct app *app;
    bool again; /* the key that opened the box is the letter g: pressed twice it means the first, as in vi */
    bool first;
    const struct jump *jump; /* in which they were found */
    unsigned count, found[SHOWN_MAX];
    struct pick_item items[SHOWN_MAX];
    char lines[SHOWN_MAX][JUMP_LINE_BYTES];
};

/* ---- the texts: gathered when the first letter is typed, kept while the view stays as it is ---- */

struct jump_texts {
    struct jump jump;
    bool built;
    uint64_t position, moment; /* of the view that they are from */
};

static struct jump *texts_of(struct app *app)
{
    const struct past_view *past = client_past(app->client);
    uint64_t position = client_model(app->client)->position, moment = past != NULL ? past->number : 0;
    struct jump_texts *texts = app->jump;
    if (texts == NULL) texts = app->jump = calloc(1, sizeof *texts);
    if (texts == NULL) return NULL;
    bool same = texts->position == position && texts->moment == moment && !client_lacks(app->client, 0);
    if (texts->built && same) return &texts->jump;
    jump_free(&texts->jump);
    texts->built = jump_build(&texts->jump, client_space(app->client), view_unit(app), PLACES_MAX) == OK;
    texts->position = position;
    texts->moment = moment;
    const char *label;
    enum verb verb;
    for (unsigned at = 0; keys_place(&at, &verb, &label);)
        if (!past_forbids(app, verb)) jump_add(&texts->jump, verb, label);
    return &texts->jump;
}

void jump_drop(struct app *app)
{
    if (app->jump != NULL) jump_free(&app->jump->jump);
    free(app->jump);
    app->jump = NULL;
}

static void open_item(struct app *app, const struct jump_item *item)
{
    unsigned kind = item->kind;
    uint64_t id = item->id;
    if (kind == 0)
        app_do(app, (enum verb)id);
    else if (id == 0)
        app_push(app, kind == KIND_project ? projects_screen(app) : records_screen(app, kind, 0, 0));
    else
        open_record(app, kind, id);
}

/* ---- the box ---- */

static void put_item(struct app *app, const struct jump_item *item, struct str *out)
{
    struct record record;
    str_put(out, item->label);
    str_put(out, "   ");
    if (item->kind == 0 || item->id == 0) str_put(out, tr(item->kind == 0 ? N_("screen") : N_("list")));
    if (item->kind == 0 || item->id == 0) return;
    str_put(out, tr(kind_row(item->kind)->label));
    if (!item->ended || !view_get(app, item->kind, item->id, &app->scratch, &record)) return;
    str_put(out, "   ");
    str_put(out, show_state(&record));
}

static void changed(struct app *app, struct prompt *prompt)
{
    struct jumping *job = prompt->self;
    struct text words = editor_text(&prompt->pick.filter);
    struct jump *jump = words.length > 0 ? texts_of(app) : NULL;
    job->jump = jump;
    job->count = jump != NULL ? jump_find(jump, words, job->found, SHOWN_MAX) : 0;
    for (unsigned i = 0; i < job->count; i++) {
        struct str str = str_in(job->lines[i], sizeof job->lines[i]);
        put_item(app, &jump->items[job->found[i]], &str);
        prompt->pick.matches[i] = i;
    }
    prompt->pick.list.at = prompt->pick.list.top = 0;
    list_set_count(&prompt->pick.list, job->count);
}

static bool typed(struct app *app, struct prompt *prompt, const struct key_press *key)
{
    struct jumping *job = prompt->self;
    (void)app;
    if (!job->again || key->pasted || key->code != 'g' || editor_text(&prompt->pick.filter).length > 0) return false;
    job->first = prompt->done = true;
    return true;
}

/* Is it clear what is meant, so that nothing has to be asked? */
static bool is_sure(const struct jumping *job, struct text words)
{
    const struct jump_item *items = job->count > 0 ? job->jump->items : NULL;
    if (job->count < 2) return job->count == 1;
    return search_rank(words, items[job->found[0]].text) > search_rank(words, items[job->found[1]].text);
}

static void ask(struct app *app, struct jumping *job, struct text words)
{
    struct prompt prompt = {.id = SCREEN_jump, .changed = changed, .typed = typed, .self = job};
    prompt.title = job->again ? tr(N_("Go to: characters, code, initials; g: to the first (a word in g: G)"))
                              : tr(N_("Go to: characters, code or initials of the pinyin"));
    if (!pick_init(&prompt.pick, job->items, SHOWN_MAX)) return;
    prompt.pick.filter.most = WORDS_BYTES - 1;
    editor_set(&prompt.pick.filter, words);
    changed(app, &prompt);
    bool sure = words.length > 0 && is_sure(job, words);
    bool yes = sure || prompt_run(app, &prompt);
    int chosen = yes ? pick_selected(&prompt.pick) : -1;
    pick_free(&prompt.pick);
    if (app->leave) return;
    arena_reuse(&app->scratch);
    if (job->first)
        app_do(app, VERB_first);
    else if (chosen >= 0)
        open_item(app, &job->jump->items[job->found[chosen]]);
}

void jump_ask(struct app *app, struct text words, bool again)
{
    struct jumping *job = calloc(1, sizeof *job);
    char kept[WORDS_BYTES];
    struct str str = str_in(kept, sizeof kept);
    str_text(&str, words);
    if (job == NULL) return;
    job->again = again;
    for (unsigned i = 0; i < SHOWN_MAX; i++)
        job->items[i].text = job->lines[i];
    ask(app, job, text_of(kept));
    free(job);
}
