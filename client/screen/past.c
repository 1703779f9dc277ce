/* past.c - all screens as the registry stood at a moment: `:asof`, a day back and on, and back to the present. What
 * is looked at stands on the first line; nothing can be done in it. */
#include "client/screen/past.h"

#include <string.h>

static bool has_typed(const struct screen *screen)
{
    return screen->kind->keep != NULL && screen->kind->does != NULL && screen->kind->does(screen, VERB_discard);
}

/* Forms, what is being typed and the outbox are of the present: they are left, and drafts kept. */
static void leave_present(struct app *app)
{
    for (unsigned i = 1; i < app->depth; i++) {
        const struct screen *screen = app->stack[i];
        enum screen_id id = screen->kind->id;
        bool present = id == SCREEN_act || id == SCREEN_outbox || id == SCREEN_sent || id == SCREEN_presence;
        if (!present && !has_typed(screen)) continue;
        app_to_root(app);
        return;
    }
}

static void go_back(struct app *app, const struct moment *moment)
{
    app->wished = moment->at;
    if (client_go_back(app->client, moment))
        app_say(app, STYLE_PLAIN, tr(N_("the registry of that moment is being fetched")));
    else
        app_say_err(app, client_past_error(app->client));
}

static void come_back(struct app *app)
{
    client_come_back(app->client);
    app->wished.s = 0;
    app_say(app, STYLE_PLAIN, tr(N_("this is the present again")));
}

bool past_wish(struct app *app, struct text words)
{
    char line[80];
    struct str str = str_in(line, sizeof line);
    struct moment moment;
    str_text(&str, words);
    if (strcmp(line, "now") == 0) {
        come_back(app);
        return true;
    }
    if (!past_parse(line, &moment)) return false;
    go_back(app, &moment);
    return true;
}

/* To the end of the day so many days on. Keys are faster than the daemon: they go on from what was wished last. */
static void step(struct app *app, int days)
{
    stamp_t from = app->wished.s != 0 ? app->wished : client_past(app->client)->moment;
    struct moment moment = {.at = {day_end(day_add(stamp_day(from), days)).s - 1}};
    stamp_t now = model_now(client_model(app->client));
    if (moment.at.s >= now.s)
        come_back(app);
    else
        go_back(app, &moment);
}

void past_verb(struct app *app, enum verb verb)
{
    if (verb == VERB_present)
        come_back(app);
    else
        step(app, verb == VERB_day_back ? -1 : 1);
}

void past_event(struct app *app)
{
    enum err err = client_past_error(app->client);
    if (err == ERR_PAST_BUSY) return;
    if (err != OK) {
        app->wished = (stamp_t){0};
        app_say_err(app, err);
        return;
    }
    leave_present(app);
    if (client_past(app->client) != NULL) app->message[0] = '\0';
}

bool past_forbids(const struct app *app, enum verb verb)
{
    static const uint8_t present[] = {VERB_menu,   VERB_new,     VERB_fill,   VERB_submit,  VERB_save,    VERB_propose,
                                      VERB_recall, VERB_accept,  VERB_return, VERB_correct, VERB_excuse,  VERB_approve,
                                      VERB_rework, VERB_discard, VERB_send,   VERB_outbox,  VERB_presence};
    if (app->client == NULL || client_past(app->client) == NULL) return false;
    return memchr(present, (int)verb, sizeof present) != NULL;
}

void past_mark(const struct past_view *past, bool brief, struct str *out)
{
    str_put(out, tr(N_("AS OF")));
    str_put(out, " ");
    str_stamp(out, past->moment);
    if (!brief) str_printf(out, " #%llu", (unsigned long long)past->number);
}
