/* app.c - the loop, the stack of screens, and what keys ask for wherever one is. */
#include "client/screen/act.h"
#include "client/screen/marks.h"
#include "client/screen/past.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCRATCH_BYTES = 8 << 20, ALL_EVENTS = 0xFFFF, KEEP_MS = 2000, WHEEL = 3 };

/* ---- the stack ---- */

struct screen *screen_new(struct app *app, const struct screen_kind *kind)
{
    struct screen *screen = calloc(1, kind->size);
    if (screen == NULL) {
        app_say_err(app, ERR_MEMORY);
        return NULL;
    }
    screen->kind = kind;
    screen->app = app;
    return screen;
}

struct screen *app_top(const struct app *app)
{
    return app->depth > 0 ? app->stack[app->depth - 1] : NULL;
}

static void bury(struct app *app, struct screen *screen)
{
    if (screen->kind->keep != NULL) screen->kind->keep(screen);
    screen->next_dead = app->dead;
    app->dead = screen;
}

/* Only when nothing of them is running any more: from the outermost loop. */
static void free_dead(struct app *app)
{
    while (app->dead != NULL) {
        struct screen *screen = app->dead;
        app->dead = screen->next_dead;
        if (screen->kind->free != NULL) screen->kind->free(screen);
        free(screen->marks);
        free(screen);
    }
}

static void follow(struct app *app, unsigned events)
{
    struct screen *top = app_top(app);
    app->dirty = true;
    if (app->client != NULL) app->stated = client_now(app->client);
    if (top != NULL && top->kind->follow != NULL) top->kind->follow(top, events);
}

void app_push(struct app *app, struct screen *screen)
{
    if (screen == NULL) return;
    if (app->depth == STACK_MAX) { /* the one above the desk gives way */
        bury(app, app->stack[1]);
        memmove(&app->stack[1], &app->stack[2], (STACK_MAX - 2) * sizeof app->stack[0]);
        app->depth--;
    }
    app->stack[app->depth++] = screen;
    follow(app, ALL_EVENTS);
}

void app_close(struct screen *screen)
{
    struct app *app = screen->app;
    unsigned at = 0;
    while (at < app->depth && app->stack[at] != screen)
        at++;
    if (at == app->depth) return;
    while (app->depth > at)
        bury(app, app->stack[--app->depth]);
    follow(app, ALL_EVENTS);
}

void app_to_root(struct app *app)
{
    while (app->depth > 1)
        bury(app, app->stack[--app->depth]);
    follow(app, ALL_EVENTS);
}

void app_speak(struct app *app, const char *language)
{
    if (!show_language(language)) return;
    for (unsigned i = 0; i < app->depth; i++) /* their rows are words already */
        if (app->stack[i]->kind->follow != NULL) app->stack[i]->kind->follow(app->stack[i], ALL_EVENTS);
    app->dirty = true;
}

int app_rows(const struct app *app)
{
    int rows = term_rows(app->term) - 3; /* first line, notice, hints */
    return rows > 1 ? rows : 1;
}

void app_theme(struct app *app)
{
    const struct theme *theme = setup_theme(&app->setup, app->setup.prefs.theme);
    if (theme != NULL) term_theme(app->term, theme);
    term_mouse(app->term, app->setup.prefs.mouse);
    app->dirty = true;
}

/* ---- signing in ---- */

enum err app_sign_in(struct app *app, const struct profile *profile, const uint8_t seed[SEED_BYTES],
                     struct refusal *why)
{
    enum err err = client_open(profile, seed, &app->client, why);
    if (err != OK) return err;
    app->profile = *profile;
    setup_follow(&app->setup, profile);
    app_theme(app);
    app->tour_due = app->setup.prefs.tour && !app->options->console &&
                    (app->options->passphrase == NULL || app->options->tour);
    if (!app->options->language) show_language(prefs_language(&app->setup.prefs));
    client_set_watch(app->client, app_on_watch, app);
    if (!app->options->offline) client_connect(app->client, true);
    while (app->depth > 0)
        bury(app, app->stack[--app->depth]);
    app_push(app, desk_screen(app));
    if (!app->options->console) return OK;
    app_push(app, console_screen(app, app->options->turn_seconds));
    if (app->options->page != NULL) console_show(app_top(app), text_of(app->options->page));
    return OK;
}

/* ---- what keys ask for anywhere ---- */

static void go_to(struct app *app, enum verb verb)
{
    app_to_root(app);
    switch ((int)verb) {
    case VERB_projects: app_push(app, projects_screen(app)); break;
    case VERB_matrix: app_push(app, matrix_screen(app)); break;
    case VERB_console: app_push(app, console_screen(app, app->options->turn_seconds)); break;
    case VERB_outbox: app_push(app, outbox_screen(app)); break;
    case VERB_units: app_push(app, records_screen(app, KIND_unit, 0, 0)); break;
    case VERB_presence: app_push(app, presence_screen(app)); break;
    case VERB_registers: app_push(app, registers_screen(app)); break;
    case VERB_agenda: app_push(app, agenda_screen(app)); break;
    case VERB_places: app_push(app, ranking_screen(app, 0)); break;
    case VERB_environment: app_push(app, environment_screen(app)); break;
    case VERB_issues: app_push(app, board_screen(app, KIND_issue)); break;
    case VERB_warnings: app_push(app, records_screen(app, KIND_warning, 0, 0)); break;
    default: break;
    }
}

static void go_back(struct app *app)
{
    char text[200];
    struct client_status status = {.waiting = 0};
    if (app->depth > 1) {
        app_close(app_top(app));
        return;
    }
    if (app->client != NULL) client_status(app->client, &status);
    snprintf(text, sizeof text,
             status.waiting > 0 ? tr(N_("%u acts wait to be sent; they go out when you sign in again.")) : "",
             status.waiting);
    if (app->client == NULL || ask_confirm(app, tr(N_("Leave duban?")), text)) app->leave = true;
}

bool app_does(void *self, enum verb verb)
{
    struct app *app = self;
    const struct screen *top = app_top(app);
    struct client_status status;
    if (top == NULL) return false;
    if (app->client == NULL && (verb == VERB_latest || verb == VERB_notices || verb == VERB_retry ||
                                verb == VERB_jump || verb == VERB_copy ||
                                verb == VERB_undo))
        return false;
    if (verb == VERB_day_back || verb == VERB_day_on || verb == VERB_present)
        return app->client != NULL && client_past(app->client) != NULL;
    if (past_forbids(app, verb)) return false;
    if (verb == VERB_latest) return app->notices->unread > 0;
    if (verb == VERB_jump || verb == VERB_undo) return true;
    if (verb == VERB_copy) return top->kind->at != NULL;
    bool marks = verb == VERB_mark || verb == VERB_mark_all || verb == VERB_menu;
    if (marks && top->kind->list != NULL) return marks_does(top, verb);
    if (verb == VERB_find) return top->kind->find != NULL;
    if (verb == VERB_retry) {
        client_status(app->client, &status);
        return status.net != NET_LIVE && status.net != NET_FOLLOWING;
    }
    return top->kind->does == NULL || top->kind->does(top, verb);
}

static void do_common(struct app *app, enum verb verb)
{
    struct screen *top = app_top(app);
    switch ((int)verb) {
    case VERB_help: help_show(app); break;
    case VERB_command: command_ask(app); break;
    case VERB_back: go_back(app); break;
    case VERB_latest: app_open_latest(app); break;
    case VERB_notices: app_push(app, notices_screen(app)); break;
    case VERB_redraw: term_repaint(app->term); break;
    case VERB_retry:
        client_connect(app->client, true);
        client_retry(app->client);
        break;
    case VERB_find: ask_find(app, ""); break;
    case VERB_copy: copy_under(app, text_of("")); break;
    case VERB_undo: undo_last(app); break;
    case VERB_jump: {
        bool moves = verb_named(&app->setup.keys, top->kind->id, "first") != VERB_none;
        jump_ask(app, text_of(""), app->key == 'g' && moves);
        break;
    }
    case VERB_day_back:
    case VERB_day_on:
    case VERB_present: past_verb(app, verb); break;
    case VERB_desk:
    case VERB_projects:
    case VERB_matrix:
    case VERB_console:
    case VERB_outbox:
    case VERB_units:
    case VERB_registers:
    case VERB_agenda:
    case VERB_places:
    case VERB_environment:
    case VERB_issues:
    case VERB_warnings:
    case VERB_presence: go_to(app, verb); break;
    default:
        if (!marks_verb(top, verb) && top->kind->act != NULL) top->kind->act(top, verb);
    }
}

/* ---- the console on the wall ---- */

/* What anybody may do who passes by: look. */
static bool open_to_all(enum verb verb)
{
    static const enum verb looks[] = {VERB_map,          VERB_course,   VERB_reports, VERB_open_matters, VERB_places,
                                      VERB_all_counties, VERB_turn,     VERB_up,      VERB_down,         VERB_left,
                                      VERB_right,        VERB_page_up,  VERB_first,   VERB_last,         VERB_page_down,
                                      VERB_next_tab,     VERB_last_tab, VERB_redraw,  VERB_help,         VERB_retry};
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        if (looks[i] == verb) return true;
    return false;
}

static bool open_console(struct app *app)
{
    char line[PASSPHRASE_MAX + 1] = "";
    bool yes =
        ask_secret(app, tr(N_("locked")), tr(N_("The passphrase leads on from the console.")), line, sizeof line);
    bool right = yes && client_confirm(app->client, line);
    explicit_bzero(line, sizeof line);
    if (yes && !right) app_say(app, STYLE_BAD, tr(N_("That was not the passphrase. ")));
    if (right) app->shut = false;
    return right;
}

bool app_keeps_console(struct app *app)
{
    if (!app->options->console || app->prompt != NULL) return false; /* a question that is open must not be answered */
    if (app->depth == 0 || app_top(app)->kind->id != SCREEN_console) go_to(app, VERB_console);
    app->shut = true;
    app->dirty = true;
    return true;
}

void app_do(struct app *app, enum verb verb)
{
    if (app_top(app) == NULL || verb == VERB_none || (app->shut && !open_to_all(verb) && !open_console(app))) return;
    if (past_forbids(app, verb)) {
        app_say_err(app, ERR_IN_PAST);
        return;
    }
    if (!app_does(app, verb)) {
        app_say(app, STYLE_PLAIN, tr(N_("not possible here now")));
        return;
    }
    arena_reuse(&app->scratch);
    do_common(app, verb);
}

/* ---- the loop ---- */

static void on_key(struct app *app, const struct key_press *key);

static void press(struct app *app, uint32_t code, int times)
{
    for (int i = 0; i < times; i++)
        on_key(app, &(struct key_press){.code = code});
}

/* A click on a hint does what it names; on a line it moves the selection there, which is where the cursor rests; on the
 * selected line it opens. The wheel moves. While one types, only hints are clicked. */
static void mouse_key(struct app *app, const struct key_press *key)
{
    struct screen *top = app_top(app);
    enum screen_id mode = app->prompt != NULL            ? prompt_mode(app->prompt)
                          : top->kind->mode != NULL ? top->kind->mode(top)
                                                    : top->kind->id;
    const struct keymap *keys = &app->setup.keys;
    if (key->code == K_CLICK && key->row == term_rows(app->term) - 1) {
        enum verb verb = keys_hinted(keys, mode, term_columns(app->term) - 1, app->prompt == NULL ? app_does : NULL,
                                     app, key->column);
        for (uint32_t code = 1; verb != VERB_none && code < K_F(13); code = code == 127 ? K_UP : code + 1) {
            if (keys_find(keys, mode, code) != verb) continue;
            press(app, code, 1);
            return;
        }
        return;
    }
    if (keys_find(keys, mode, K_DOWN) != VERB_down) return;
    int rows = key->code == K_CLICK        ? key->row - term_cursor_row(app->term)
               : key->code == K_WHEEL_DOWN ? WHEEL
                                           : -WHEEL;
    press(app, rows < 0 ? K_UP : rows > 0 ? K_DOWN : K_ENTER, rows < 0 ? -rows : rows > 0 ? rows : 1);
}

/* The key that draws the desk anew draws anything anew, whatever is being typed or asked: it is no character. */
static bool redraws(const struct app *app, const struct key_press *key)
{
    return !key->pasted && key->code < ' ' && keys_find(&app->setup.keys, SCREEN_desk, key->code) == VERB_redraw;
}

static void on_key(struct app *app, const struct key_press *key)
{
    struct screen *top = app_top(app);
    app->typed_ms = term_ms();
    app->key = key->code;
    app->dirty = true;
    if (redraws(app, key)) {
        term_repaint(app->term);
        return;
    }
    app->message[0] = '\0';
    app->flash = false;
    if (key->code >= K_CLICK && key->code <= K_WHEEL_DOWN) {
        mouse_key(app, key);
        return;
    }
    if (app->prompt != NULL) {
        prompt_key(app, app->prompt, key);
        return;
    }
    enum screen_id mode = top->kind->mode != NULL ? top->kind->mode(top) : top->kind->id;
    enum verb verb = key->pasted ? VERB_none : keys_find(&app->setup.keys, mode, key->code);
    app->unkept = top->kind->keep != NULL;
    if (verb != VERB_none)
        app_do(app, verb);
    else if (top->kind->type != NULL)
        top->kind->type(top, key);
}

static void read_keys(struct app *app, bool readable)
{
    struct key_press key;
    bool any = false, answered = false;
    while (!app->leave && app->depth > 0 && !answered && term_key(app->term, &key)) {
        any = true;
        on_key(app, &key);
        answered = app->prompt != NULL && prompt_done(app->prompt); /* what was typed ahead is not for it */
    }
    app->typed_ahead = answered;
    if (readable && !any && term_gone(app->term)) app->leave = true;
}

/* Milliseconds until the screen shuts itself; INT64_MAX when it never does. In a demo there is nothing to
 * hide, and its visitors were not asked for a passphrase. */
static int64_t lock_left_ms(const struct app *app, bool demo)
{
    if (app->setup.prefs.lock_minutes == 0 || app->locked || app->shut || demo) return INT64_MAX;
    return app->typed_ms + (int64_t)app->setup.prefs.lock_minutes * 60000 - term_ms();
}

/* How long nothing of our own is due: the day's end and the idle lock. */
static int wait_ms(struct app *app)
{
    if (app->client == NULL) return -1;
    stamp_t now = client_now(app->client);
    int64_t left = (day_end(stamp_day(now)).s - now.s) * 1000 / client_model(app->client)->rate + 1000;
    struct client_status status;
    client_status(app->client, &status);
    bool past = client_past(app->client) != NULL;
    if (past) left = INT64_MAX;                                                  /* its time stands still */
    if (!past && status.net == NET_FOLLOWING && !frame_is_stale(app, &status)) { /* when it is, that has to be said */
        int64_t fresh =
            (status.confirmed.s - now.s) * 1000 / client_model(app->client)->rate + QUIET_SECONDS * 1000 + 1000;
        if (fresh < left) left = fresh;
    }
    int64_t lock = lock_left_ms(app, status.demo);
    if (lock < left) left = lock;
    int64_t keep = app->typed_ms + KEEP_MS - term_ms();
    if (app->unkept && keep < left) left = keep;
    const struct screen *top = app_top(app);
    int64_t wakes = top != NULL && top->kind->wakes != NULL ? top->kind->wakes(top) : INT64_MAX;
    if (wakes < INT64_MAX && wakes - term_ms() < left) left = wakes - term_ms();
    return left < 0 ? 0 : left > INT32_MAX ? INT32_MAX : (int)left;
}

/* A pause in the typing is time to make it durable. */
static void keep_typed(struct app *app)
{
    struct screen *top = app_top(app);
    if (!app->unkept || term_ms() - app->typed_ms < KEEP_MS) return;
    app->unkept = false;
    if (top != NULL && top->kind->keep != NULL) top->kind->keep(top);
}

static void wake(struct app *app)
{
    struct screen *top = app_top(app);
    if (app->prompt != NULL || top == NULL || top->kind->wakes == NULL || top->kind->wakes(top) > term_ms()) return;
    top->kind->woken(top);
    app->dirty = true;
}

static unsigned wait_for_news(struct app *app, bool ready[2])
{
    int fds[2];
    if (app->client == NULL) {
        term_wait(app->term, app->typed_ahead ? 0 : -1, ready);
        return 0;
    }
    term_descriptors(app->term, fds);
    return client_step(app->client, app->typed_ahead ? 0 : wait_ms(app), fds, ready, 2) & ~(unsigned)EVENT_FD;
}

/* Is something different from what was shown? Another window of the operator hears of each sign of life. */
static bool is_new(struct app *app, unsigned events)
{
    struct client_status status;
    if (app->client == NULL) return false;
    client_status(app->client, &status);
    struct noticed seen = {client_model(app->client)->position,
                           client_model(app->client)->advances,
                           outbox_next(client_outbox(app->client)),
                           status.net,
                           status.waiting,
                           status.refused,
                           frame_is_stale(app, &status)};
    bool same = memcmp(&seen, &app->seen, sizeof seen) == 0;
    app->seen = seen;
    return !same || (events & ~(unsigned)(EVENT_RECORDS | EVENT_LINK | EVENT_OUTBOX)) != 0;
}

static void attend(struct app *app, unsigned events)
{
    if (events & (EVENT_OUTBOX | EVENT_RECORDS)) app_tell_outcomes(app);
    if ((events & EVENT_OUTBOX) && app->client != NULL) receipts_tidy(app);
    if (events & EVENT_LINK) app_tell_link(app);
    if (events & EVENT_PAST) past_event(app);
    bool new_day = app->client != NULL && stamp_day(client_now(app->client)).n != stamp_day(app->stated).n;
    if (is_new(app, events) || new_day) follow(app, new_day ? ALL_EVENTS : events);
    struct client_status status = {.demo = true};
    if (app->client != NULL) client_status(app->client, &status);
    if (lock_left_ms(app, status.demo) <= 0) lock_screen(app);
}

void app_turn(struct app *app)
{
    bool ready[2] = {false, false};
    if (app->dirty) frame_draw(app);
    app->dirty = false;
    bool ahead = app->typed_ahead;
    unsigned events = wait_for_news(app, ready);
    enum term_event signal = term_signals(app->term);
    if (signal == TERM_LEAVE) app->leave = true;
    if (signal == TERM_REDRAW) app->dirty = true;
    attend(app, events);
    keep_typed(app);
    wake(app);
    if ((ready[0] || ahead) && !app->leave) read_keys(app, ready[0]);
}

/* ---- from the first to the last ---- */

static enum err app_open(struct app *app, const struct tui_options *options, struct refusal *why)
{
    *app = (struct app){.options = options, .dirty = true, .typed_ms = term_ms(), .net = NET_OFFLINE};
    arena_init(&app->scratch, SCRATCH_BYTES);
    app->notices = calloc(1, sizeof *app->notices);
    if (app->notices == NULL) return refuse(why, ERR_MEMORY);
    setup_load(&app->setup);
    enum err err = term_open(&app->term, why);
    if (err != OK) return err;
    app_theme(app);
    if (app->setup.fault_count > 0) app_say(app, STYLE_WARN, app->setup.faults[0]); /* duban config tells all of them */
    return OK;
}

static void app_release(struct app *app)
{
    for (unsigned i = app->depth; i-- > 0;) /* drafts first: whatever happens after, they are kept */
        if (app->stack[i]->kind->keep != NULL) app->stack[i]->kind->keep(app->stack[i]);
    while (app->depth > 0)
        bury(app, app->stack[--app->depth]);
    free_dead(app);
    term_close(app->term);
    jump_drop(app);
    undo_free(app);
    client_close(app->client);
    free(app->notices);
    free(app->sending);
    arena_clear(&app->scratch);
}

int tui_run(const struct tui_options *options)
{
    struct app app;
    struct refusal why = {.err = OK};
    char line[400];
    enum err err = app_open(&app, options, &why);
    if (err != OK) {
        struct str str = str_in(line, sizeof line);
        show_refusal(&why, &str);
        fprintf(stderr, "duban: %s\n", line);
        app_release(&app);
        return err_class(err);
    }
    app_push(&app, signin_screen(&app));
    signin_begin(&app);
    while (!app.leave && app.depth > 0) {
        app_turn(&app);
        free_dead(&app);
        if (app.tour_due && app.client != NULL && client_actor(app.client) != NULL) tour_run(&app);
    }
    int status = app.status;
    app_release(&app);
    return status;
}
