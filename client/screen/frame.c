/* frame.c - what stands around every screen: the first line, the notice and the hints.
 *
 * The first line says where I am, who I am, the day, and how the link stands: what may be stale bears the
 * time it is from. A demo or training registry says so, with its date and time. */
#include "client/screen/screen.h"

#include "client/term/cells.h"

#include <stdio.h>

enum { ROWS_MIN = 8, COLUMNS_MIN = 40, WHO_COLUMNS = 26 };

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
    struct show show = app_show(app);
    char who[200];
    struct str str = str_in(who, sizeof who);
    if (actor == NULL) {
        str_put(out, client_profile(app->client)->card.login);
        return;
    }
    show_ref(&show, KIND_unit, actor->unit, &str);
    str_put(&str, " ");
    show_ref(&show, KIND_operator, actor->operator, &str);
    struct text text = text_of(who);
    uint32_t fits = text_fit(text, WHO_COLUMNS, NULL);
    str_text(out, (struct text){text.at, fits});
}

/* The time of the last event: it does not run while nothing happens. */
static void put_when(struct app *app, bool demo, struct str *out)
{
    day_t day = stamp_day(app->stated);
    if (demo) {
        str_put(out, tr(N_("DEMO")));
        str_put(out, " ");
    }
    str_day(out, day);
    str_put(out, " ");
    str_put(out, tr(weekdays[day_weekday(day)]));
    if (!demo) return;
    str_put(out, " ");
    str_clock(out, app->stated);
}

static void put_link(struct app *app, const struct client_status *status, struct str *out)
{
    str_put(out, net_word(status->net));
    if (status->net != NET_LIVE && status->confirmed.s > 0) {
        str_put(out, tr(N_(", as of ")));
        if (stamp_day(status->confirmed).n == stamp_day(app->stated).n) str_clock(out, status->confirmed);
        else str_stamp(out, status->confirmed);
    }
    if (status->waiting > 0) str_printf(out, tr(N_(", %u to send")), status->waiting);
    if (status->refused > 0) str_printf(out, tr(N_(", %u refused")), status->refused);
}

static void draw_first_line(struct app *app, enum screen_id id)
{
    char left[200], right[300];
    struct client_status status;
    struct str where = str_in(left, sizeof left), who = str_in(right, sizeof right);
    int columns = term_columns(app->term);
    str_put(&where, tr(N_("duban")));
    str_put(&where, " | ");
    str_put(&where, screen_label(id));
    if (app->client != NULL) {
        client_status(app->client, &status);
        put_who(app, &who);
        str_put(&who, " | ");
        put_when(app, status.demo, &who);
        str_put(&who, " | ");
        put_link(app, &status, &who);
    }
    int wide = text_columns(text_of(right)), used = text_columns(text_of(left));
    struct place place = {0, 0, columns, STYLE_STRONG};
    term_put_cut(app->term, place, text_of(left));
    place.style = STYLE_PLAIN;
    place.column = columns - wide > used + 2 ? columns - wide : used + 2; /* the end is cut, not the beginning */
    place.columns = columns - place.column;
    term_put_cut(app->term, place, text_of(right));
}

/* What was pushed last, until it has been read; or what is to be said about the last act. */
static void draw_notice(struct app *app, int row)
{
    struct place place = {row, 0, term_columns(app->term), app->message_style};
    const struct notices *notices = app->notices;
    char line[600];
    struct str str = str_in(line, sizeof line);
    if (app->message[0] != '\0') {
        term_put_cut(app->term, place, text_of(app->message));
        return;
    }
    if (notices->unread == 0 || notices->count == 0) return;
    const struct notice *notice = &notices->at[notices->count - 1];
    char end[80];
    struct str tail = str_in(end, sizeof end);
    str_put(&tail, "  o ");
    str_put(&tail, tr(N_("open")));
    if (notices->unread > 1) str_printf(&tail, tr(N_("  N all %u")), notices->unread);
    str_put(&str, notice->line);
    int tail_columns = text_columns(text_of(end));
    place.style = notice->duty ? STYLE_WARN : STYLE_PLAIN;
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
    keys_hint(id, columns, plain ? app_does : NULL, app, &str);
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
    if (!covered) draw_notice(app, rows - 2);
    if (app->prompt != NULL) {
        mode = prompt_mode(app->prompt);
        prompt_draw(app, app->prompt, (struct area){1, 0, rows - 2, columns});
    }
    draw_hints(app, mode, rows - 1);
    term_show(app->term);
}
