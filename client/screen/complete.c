/* complete.c - what can complete a word of the command line. */
#include "client/screen/command.h"

#include <string.h>

struct completing {
    struct app *app;
    struct arena *arena;
    struct text word;
    struct text *found;
    unsigned count, max;
};

static void offer(struct completing *job, struct text text)
{
    bool begins = text.length >= job->word.length &&
                  (job->word.length == 0 || memcmp(text.at, job->word.at, job->word.length) == 0);
    if (!begins || text.length == 0 || job->count == job->max) return;
    for (unsigned i = 0; i < job->count; i++)
        if (text_equal(job->found[i], text)) return;
    const char *kept = arena_copy(job->arena, text.at, text.length);
    if (kept != NULL) job->found[job->count++] = (struct text){kept, text.length};
}

static void offer_verbs(struct completing *job)
{
    struct app *app = job->app;
    const struct screen *top = app_top(app);
    for (unsigned verb = 1; verb < VERB_COUNT; verb++) {
        const char *name = verb_name((enum verb)verb);
        if (verb_named(&app->setup.keys, top->kind->id, name) != VERB_none && app_does(app, (enum verb)verb))
            offer(job, text_of(name));
    }
}

static void offer_first(struct completing *job)
{
    for (unsigned i = 0; i < COMMAND_COUNT; i++)
        offer(job, text_of(command_rows[i].name));
    for (const struct kind *row = NULL; (row = kind_next(row)) != NULL;)
        offer(job, text_of(row->name));
    if (job->word.length > 0) offer_verbs(job);
}

/* The unique texts of a kind's records: codes, logins, names. */
static void offer_records(struct completing *job, unsigned kind)
{
    const struct space *space = client_space(job->app->client);
    for (const struct index_row *index = NULL; (index = index_next(kind, index)) != NULL;) {
        if (!index->unique || index->count != 1 || field_row(kind, index->fields[0])->type != TYPE_TEXT) continue;
        for (uint64_t id = 0; (id = state_next_id(space, kind, id)) > 0 && job->count < job->max;) {
            struct record record;
            if (state_get(space, kind, id, job->arena, &record) == OK) offer(job, rec_text(&record, index->fields[0]));
        }
        return;
    }
}

/* What this operator may ever do with records of the kind. */
static void offer_actions(struct completing *job, unsigned kind)
{
    const struct actor *actor = client_actor(job->app->client);
    for (const struct action *row = NULL; (row = action_next(kind, row)) != NULL;)
        for (const struct may *may = NULL; actor != NULL && (may = may_next(kind, may)) != NULL;)
            if (may->action == row->wire && may->relation < REL_rule && (may->roles & actor->roles)) {
                offer(job, text_of(row->name));
                break;
            }
}

static void offer_kinds(struct completing *job)
{
    for (const struct kind *row = NULL; (row = kind_next(row)) != NULL;)
        offer(job, text_of(row->name));
}

static void offer_words(struct completing *job, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        offer(job, text_of(words[i]));
}

static void offer_set(struct completing *job)
{
    static const char *const words[] = {"bell",    "lock",  "charts", "on", "flash", "off", "blocks",
                                        "braille", "ascii", "5",      "15", "30",    "0",
                                        "theme",   "mouse", "tour"};
    offer_words(job, words, sizeof words / sizeof *words);
    const struct setup *setup = &job->app->setup;
    for (unsigned i = 0; i < setup->theme_count; i++)
        offer(job, text_of(setup->themes[i].name));
    for (unsigned i = 0; theme_at(i) != NULL; i++)
        offer(job, text_of(theme_at(i)->name));
}

static void offer_pages(struct completing *job)
{
    const char *name;
    for (unsigned page = 0; (name = console_page_name(page)) != NULL; page++)
        offer(job, text_of(name));
}

static void offer_month(struct completing *job)
{
    month_t month = month_of(stamp_day(client_now(job->app->client)));
    for (int back = 0; back < 13; back++) {
        char line[20];
        struct str str = str_in(line, sizeof line);
        str_month(&str, month_add(month, -back));
        offer(job, text_of(line));
    }
}

static bool is(struct text word, const char *name)
{
    return text_equal(word, text_of(name));
}

unsigned complete(struct app *app, struct text line, struct arena *arena, struct text *found, unsigned max,
                  uint32_t *start)
{
    static const char *const copies[] = {"code", "cell", "record"};
    struct completing job = {.app = app, .arena = arena, .found = found, .max = max};
    struct text rest = line, first = next_word(&rest), last = first;
    unsigned words = first.length > 0;
    char name[64];
    while (rest.length > 0) {
        last = next_word(&rest);
        words++;
        if (last.length == 0) break;
    }
    job.word = last;
    *start = (uint32_t)(last.at - line.at);
    struct str str = str_in(name, sizeof name);
    str_text(&str, first);
    const struct kind *kind = kind_named(name);
    if (words <= 1)
        offer_first(&job);
    else if (is(first, "set"))
        offer_set(&job);
    else if (is(first, "asof"))
        offer(&job, text_of("now"));
    else if (is(first, "copy"))
        offer_words(&job, copies, sizeof copies / sizeof *copies);
    else if (is(first, "console"))
        offer_pages(&job);
    else if (is(first, "new"))
        offer_kinds(&job);
    else if (is(first, "return") || (is(first, "report") && words > 2))
        offer_month(&job);
    else if (is(first, "report"))
        offer_records(&job, KIND_project);
    else if (kind != NULL) {
        if (words == 2) offer_actions(&job, kind->wire);
        offer_records(&job, kind->wire);
    }
    return job.count;
}
