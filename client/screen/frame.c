/* frame.c - what stands around every screen: the first line, the notice and the hints.
 *
 * The first line says where I am, who I am, the day, and how the link stands: what may be stale bears the
 * time it is from. A demo or training registry says so, with its date and time. */
#include "client/screen/past.h"
#include "client/screen/screen.h"

#include "client/term/cells.h"

#include <stdio.h>

enum { ROWS_MIN = 8, COLUMNS_MIN = 40, WHO_COLUMNS = 26, WHO_ROOM = 12 };

static const char *const weekdays[] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun")};

static const char *net_word(enum net_state net)
{
    switch (net) {
    case NET_OFFLINE: return tr(N_("offline"));
    case NET_CONNECTING: return tr(N_("connecting"));
    case NET_SYNCING: return tr(N_("receiving"));
    case NET_LIVE: return tr(N_("connected"));
    case NET_SILENT: return tr(N_("no answer"));
    case NET_DOWN: return tr(N_("no link"));
    case NET_STRANGER: return tr(N_("not our daemon"));
    case NET_REFUSED: return tr(N_("key refused"));
    case NET_VERSION: return tr(N_("program too old"));
    case NET_TAKEN: return tr(N_("key in use elsewhere"));
    case NET_REWRITTEN: return tr(N_("history rewritten"));
    case NET_FOLLOWING: return tr(N_("through another window"));
    }
    return "";
}

static void put_who(struct app *app, struct str *out)
{
    const struct actor *actor = client_actor(app->client);
    struct show show = {.space = model_space(client_model(app->client)), .arena = &app->scratch}; /* also in the past */
    char who[200];
    struct str str = str_in(who, sizeof who);
    if (actor == NULL) {
        str_put(out, client_profile(app->client)->card.login);
        return;
    }
    show_ref(&show, KIND_unit, actor->unit, &str);
    str_put(&str, " ");
    show_ref(&show, KIND_operator, actor->operator, & str);
    struct text text = text_of(who);
    uint32_t fits = text_fit(text, WHO_COLUMNS, NULL);
    str_text(out, (struct text){text.at, fits});
}

/* The time of the last event: it does not run while nothing happens. */
static void put_when(struct app *app, bool demo, bool brief, struct str *out)
{
    day_t day = stamp_day(app->stated);
    if (demo) {
        str_put(out, tr(N_("DEMO")));
        str_put(out, " ");
    }
    str_day(out, day);
    if (!brief) {
        str_put(out, " ");
        str_put(out, tr(weekdays[day_weekday(day)]));
    }
    if (!demo) return;
    str_put(out, " ");
    str_clock(out, app->stated);
}

/* Through another window of the same operator the view is as fresh as that window's connection is alive. */
bool frame_is_stale(struct app *app, const struct client_status *status)
{
    int64_t age = client_now(app->client).s - status->confirmed.s;
    if (status->net == NET_FOLLOWING) return age >= QUIET_SECONDS * client_model(app->client)->rate;
    return status->net != NET_LIVE;
}

static void put_link(struct app *app, const struct client_status *status, struct str *out)
{
    bool part = status->coming == VIEW_LISTS, receiving = part && status->net == NET_SYNCING;
    str_put(out, net_word(status->net));
    if (receiving) str_printf(out, " %u/%u", status->come, status->of);
    if (!receiving && client_past(app->client) == NULL && frame_is_stale(app, status) && status->confirmed.s > 0) {
        str_put(out, tr(N_(", as of ")));
        if (stamp_day(status->confirmed).n == stamp_day(app->stated).n)
            str_clock(out, status->confirmed);
        else
            str_stamp(out, status->confirmed);
    }
    if (part && !receiving)
        str_printf(out, tr(N_(", only %u/%u here")), status->come, status->of);
    if (status->waiting > 0) str_printf(out, tr(N_(", %u to send")), status->waiting);
    if (status->refused > 0) str_printf(out, tr(N_(", %u refused")), status->refused);
}

static void put_state(struct app *app, const struct client_status *status, bool brief, struct str *out)
{
    const struct past_view *past = client_past(app->client);
    str_put(out, " | ");
    if (past != NULL && status->demo) {
        str_put(out, tr(N_("DEMO")));
        str_put(out, " ");
    }
    if (past != NULL)
        past_mark(past, brief, out);
    else
        put_when(app, status->demo, brief, out);
    str_put(out, " | ");
    put_link(app, status, out);
}

/* From the right: link and time, which are always there; then who, as far as there is room. */
static void draw_first_line(struct app *app, enum screen_id id)
{
    char left[200], who[300] = "", right[300] = "";
    struct client_status status;
    struct str where = str_in(left, sizeof left), person = str_in(who, sizeof who), state = str_in(right, sizeof right);
    int columns = term_columns(app->term);
    str_put(&where, tr(N_("duban")));
    if (app->options->training) {
        str_put(&where, " ");
        str_put(&where, tr(N_("TRAINING")));
    }
    str_put(&where, " | ");
    str_put(&where, screen_label(id));
    if (app->client != NULL) {
        client_status(app->client, &status);
        put_who(app, &person);
        put_state(app, &status, false, &state);
        if (columns - text_columns(text_of(right)) < text_columns(text_of(left)) + WHO_ROOM) {
            state = str_in(right, sizeof right);
            put_state(app, &status, true, &state);
        }
    }
    int wide = text_columns(text_of(right)), at = columns - wide > 0 ? columns - wide : 0;
    enum style style = app->client != NULL && client_past(app->client) != NULL ? STYLE_WARN : STYLE_PLAIN;
    term_put_cut(app->term, (struct place){0, at, wide, style}, text_of(right));
    int used = term_put_cut(app->term, (struct place){0, 0, at, STYLE_STRONG}, text_of(left)) + 2;
    int room = at - used, person_columns = text_columns(text_of(who));
    if (person_columns < room) used += room - person_columns;
    if (room >= 6) term_put_cut(app->term, (struct place){0, used, at - used, STYLE_PLAIN}, text_of(who));
}

/* What was pushed last, until it has been read (a ticker: and after); or what is to be said about the last act. */
/* On every screen, so that nobody takes a part for the whole. */
static void draw_incomplete(struct app *app, struct place place)
{
    struct client_status status;
    char line[300];
    struct str str = str_in(line, sizeof line);
    if (app->client == NULL || !client_lacks(app->client, 0)) return;
    client_status(app->client, &status);
    if (status.coming == VIEW_LISTS)
        str_printf(&str, tr(N_("Lists and sums are not complete yet: %u of some %u records have come")), status.come,
                   status.of);
    else if (status.coming == VIEW_REST)
        str_put(&str, tr(N_("The lists are complete; texts and details are still coming")));
    place.style = STYLE_WARN;
    term_put_cut(app->term, place, text_of(line));
}

static void draw_notice(struct app *app, int row, bool ticker)
{
    struct place place = {row, 0, term_columns(app->term), app->message_style};
    const struct notices *notices = app->notices;
    char line[600];
    struct str str = str_in(line, sizeof line);
    if (app->message[0] != '\0') {
        term_put_cut(app->term, place, text_of(app->message));
        return;
    }
    if (notices->count == 0 || (notices->unread == 0 && !ticker)) {
        draw_incomplete(app, place);
        return;
    }
    const struct notice *notice = &notices->at[notices->count - 1];
    char end[80];
    struct str tail = str_in(end, sizeof end);
    if (notices->unread > 0) {
        str_put(&tail, "  o ");
        str_put(&tail, tr(N_("open it")));
    }
    if (notices->unread > 1) str_printf(&tail, tr(N_("  N all %u")), notices->unread);
    str_put(&str, notice->line);
    int tail_columns = text_columns(text_of(end));
    place.style = app->flash ? STYLE_FLASH : notice->duty ? STYLE_WARN : STYLE_PLAIN;
    place.columns -= tail_columns;
    int used = term_put_cut(app->term, place, text_of(line));
    term_put(app->term, (struct place){row, used, tail_columns, STYLE_PLAIN}, text_of(end));
}

static void draw_hints(struct app *app, enum screen_id id, int row)
{
    char line[600];
    struct str str = str_in(line, sizeof line);
    int columns = term_columns(app->term) - 1; /* the last cell of the screen is left alone */
    bool plain = app->prompt == NULL;
    keys_hint(&app->setup.keys, id, columns, plain ? app_does : NULL, app, &str);
    term_put(app->term, (struct place){row, 0, columns, STYLE_PLAIN}, text_of(line));
}

static void draw_too_small(struct app *app)
{
    char line[120];
    snprintf(line, sizeof line, tr(N_("too small: at least %dx%d")), COLUMNS_MIN, ROWS_MIN);
    term_put(app->term, (struct place){0, 0, term_columns(app->term), STYLE_PLAIN}, text_of(line));
    term_cursor(app->term, 0, 0);
}

void frame_draw(struct app *app)
{
    struct screen *top = app_top(app);
    int rows = term_rows(app->term), columns = term_columns(app->term);
    arena_reuse(&app->scratch);
    term_erase(app->term);
    if (top == NULL) return;
    if (rows < ROWS_MIN || columns < COLUMNS_MIN) {
        draw_too_small(app);
        term_show(app->term);
        return;
    }
    struct area body = {1, 0, app_rows(app), columns};
    enum screen_id mode = top->kind->mode != NULL ? top->kind->mode(top) : top->kind->id;
    draw_first_line(app, top->kind->id);
    bool covered = app->prompt != NULL && prompt_covers(app->prompt);
    if (!covered) top->kind->draw(top, app->term, body);
    if (!covered) draw_notice(app, rows - 2, top->kind->ticker);
    if (app->prompt != NULL) {
        mode = prompt_mode(app->prompt);
        prompt_draw(app, app->prompt, (struct area){1, 0, rows - 2, columns});
    }
    draw_hints(app, mode, rows - 1);
    term_show(app->term);
}
