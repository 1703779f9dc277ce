/* say.c - what the operator is told without asking: pushes, outcomes of own acts, the state of the link. */
#include "client/screen/marks.h"

#include <stdio.h>
#include <string.h>

void app_say(struct app *app, enum style style, const char *text)
{
    struct str str = str_in(app->message, sizeof app->message);
    str_put(&str, text);
    app->message_style = style;
    app->dirty = true;
}

void app_say_refusal(struct app *app, const struct refusal *why)
{
    char line[MESSAGE_BYTES];
    struct str str = str_in(line, sizeof line);
    show_refusal(why, &str);
    app_say(app, STYLE_BAD, line);
}

void app_say_err(struct app *app, enum err err)
{
    struct refusal why = {.err = err};
    app_say_refusal(app, &why);
}

/* ---- pushes ---- */

static struct notice *notice_room(struct notices *notices)
{
    if (notices->count == NOTICES_MAX) {
        memmove(&notices->at[0], &notices->at[1], (NOTICES_MAX - 1) * sizeof notices->at[0]);
        notices->count--;
    }
    return &notices->at[notices->count];
}

/* A change of which only the result is known: it came while there was no link. Worth a line when it is of a
 * kind on which people act, and kept whole here. */
static bool notice_of_change(struct app *app, const struct wire_change *change, struct notice *notice)
{
    const struct actor *actor = client_actor(app->client);
    struct show show = {.space = model_space(client_model(app->client)), .arena = &app->scratch};
    struct record record;
    bool duty = false;
    for (const struct action *row = NULL; (row = action_next(change->record.kind, row)) != NULL;)
        duty = duty || (row->flags & A_DUTY);
    if (!duty || actor == NULL || change->op == OP_GONE || (change->mask & FIELD_BIT(F_STATE)) == 0) return false;
    if (state_get(show.space, change->record.kind, change->record.id, &app->scratch, &record) != OK) return false;
    if (may_see(show.space, &record, actor, &app->scratch) != SEE_FULL) return false;
    *notice = (struct notice){.kind = record.kind, .id = record.id, .time = {rec_num(&record, F_SINCE)}};
    struct str line = str_in(notice->line, sizeof notice->line);
    str_stamp(&line, notice->time);
    str_put(&line, " ");
    str_put(&line, tr(kind_row(record.kind)->label));
    str_put(&line, " ");
    show_title(&show, &record, &line);
    str_put(&line, tr(N_(": ")));
    str_put(&line, show_state(&record));
    str_put(&line, tr(N_(" (while there was no link)")));
    return true;
}

void app_on_watch(void *self, const struct wire_entry *entry, const struct wire_change *change)
{
    struct app *app = self;
    struct notice *notice = notice_room(app->notices);
    arena_reuse(&app->scratch);
    bool worth =
        entry != NULL ? notice_of(app->client, entry, &app->scratch, notice) : notice_of_change(app, change, notice);
    if (!worth) return;
    app->notices->count++;
    if (app->notices->unread < NOTICES_MAX) app->notices->unread++;
    app->message[0] = '\0'; /* the news comes first */
    app->dirty = true;
    if (app->setup.prefs.alert == ALERT_BELL) term_ring(app->term);
    app->flash = app->setup.prefs.alert == ALERT_FLASH;
}

void app_open_notice(struct app *app, const struct notice *notice)
{
    open_record(app, notice->kind, notice->id);
}

/* The last one counts as read: the unread ones that are older move behind it. */
static void read_last(struct notices *notices)
{
    struct notice notice = notices->at[notices->count - 1];
    notices->unread--;
    unsigned first = notices->count - 1 - notices->unread;
    memmove(&notices->at[first + 1], &notices->at[first], notices->unread * sizeof notices->at[0]);
    notices->at[first] = notice;
}

void app_open_latest(struct app *app)
{
    struct notices *notices = app->notices;
    if (notices->unread == 0) return;
    struct notice notice = notices->at[notices->count - 1];
    read_last(notices);
    while (notices->unread > 0 && notices->at[notices->count - 1].kind == notice.kind &&
           notices->at[notices->count - 1].id == notice.id) /* its page tells those, too */
        read_last(notices);
    app_open_notice(app, &notice);
}

/* ---- own acts ---- */

void app_watch(struct app *app, uint64_t counter)
{
    unsigned at = 0;
    while (at < WATCHED_MAX - 1 && app->watched[at] != 0)
        at++;
    app->watched[at] = counter;
}

static void put_act(const struct out_item *item, struct str *out)
{
    const struct action *action = action_row(item->kind, item->action);
    str_put(out, action != NULL ? tr(action->label) : "");
    str_put(out, " ");
    str_put(out, tr(kind_row(item->kind)->label));
}

/* True when the outcome is known and was told. */
static bool tell_outcome(struct app *app, uint64_t counter)
{
    const struct out_item *item = client_outcome(app->client, counter);
    char line[MESSAGE_BYTES];
    struct str str = str_in(line, sizeof line);
    if (item == NULL) return true;
    if (item->state != OUT_ACCEPTED && item->state != OUT_REFUSED) return false;
    put_act(item, &str);
    str_put(&str, tr(N_(": ")));
    if (item->state == OUT_ACCEPTED) {
        str_printf(&str, tr(N_("done, entered as number %llu")), (unsigned long long)item->answer.number);
        app_say(app, STYLE_GOOD, line);
    } else {
        str_put(&str, tr(N_("refused, ")));
        show_refusal(&item->why, &str);
        str_put(&str, tr(N_("; to be decided about in the outbox")));
        app_say(app, STYLE_BAD, line);
    }
    return true;
}

void app_tell_outcomes(struct app *app)
{
    for (unsigned i = 0; i < WATCHED_MAX; i++)
        if (app->watched[i] != 0 && tell_outcome(app, app->watched[i])) app->watched[i] = 0;
    batch_tell(app);
}

/* ---- the link ---- */

/* What is said about a state of the link besides its word in the first line; NULL: nothing. */
static const char *link_text(enum net_state net, enum style *style)
{
    *style = STYLE_BAD;
    switch (net) {
    case NET_REFUSED:
        return tr(N_("the daemon does not admit this key any more: ask the administrator for a new ticket"));
    case NET_VERSION: return tr(N_("the daemon speaks a newer protocol: this program has to be updated"));
    case NET_TAKEN:
        return tr(N_("this key connected from somewhere else; if that was not you, tell the administrator"));
    case NET_REWRITTEN: return tr(err_message(ERR_REWRITTEN));
    case NET_SILENT:
        *style = STYLE_WARN;
        return tr(N_("the daemon does not answer; what you do is kept and sent later"));
    case NET_STRANGER:
        *style = STYLE_WARN;
        return tr(N_("not our daemon, or its key has changed: duban doctor says more"));
    case NET_OFFLINE:
    case NET_CONNECTING:
    case NET_SYNCING:
    case NET_LIVE:
    case NET_DOWN:
    case NET_FOLLOWING: break;
    }
    return NULL;
}

void app_tell_link(struct app *app)
{
    char line[MESSAGE_BYTES];
    struct client_status status;
    enum style style;
    struct str str = str_in(line, sizeof line);
    client_status(app->client, &status);
    if (status.net == app->net) return;
    const char *text = link_text(status.net, &style);
    app->net = status.net;
    if (text != NULL) {
        if (status.net == NET_STRANGER) {
            address_put(client_place(app->client), &str);
            str_put(&str, tr(N_(": ")));
        }
        str_put(&str, text);
        app_say(app, style, line);
        memcpy(app->link_message, app->message, sizeof app->link_message);
    } else if (app->link_message[0] != '\0' && strcmp(app->message, app->link_message) == 0) {
        app->message[0] = app->link_message[0] = '\0'; /* it is no longer so */
    }
}
