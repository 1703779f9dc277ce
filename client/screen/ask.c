/* ask.c - questions to the operator. Each turns the loop until there is an answer; pushes go on arriving,
 * and nothing that was typed before is lost. */
#include "client/screen/prompt.h"

#include <stdio.h>
#include <string.h>

bool ask_confirm(struct app *app, const char *title, const char *text)
{
    struct prompt prompt = {.id = SCREEN_confirm, .title = title, .text = text_of(text)};
    return prompt_run(app, &prompt);
}

static bool ask_text(struct app *app, struct prompt *prompt, char *line, size_t max)
{
    editor_init(&prompt->editor, false);
    prompt->editor.secret = prompt->covers || prompt->self != NULL;
    prompt->editor.most = (uint32_t)max - 1;
    if (!prompt->editor.secret) editor_set(&prompt->editor, text_of(line));
    bool yes = prompt_run(app, prompt);
    struct str str = str_in(line, max);
    if (yes) str_text(&str, editor_text(&prompt->editor));
    editor_free(&prompt->editor);
    return yes;
}

bool ask_line(struct app *app, const char *title, const char *text, char *line, size_t max)
{
    struct prompt prompt = {.id = SCREEN_ask, .title = title, .text = text_of(text)};
    return ask_text(app, &prompt, line, max);
}

bool ask_secret(struct app *app, const char *title, const char *text, char *line, size_t max)
{
    struct prompt prompt = {.id = SCREEN_ask, .title = title, .text = text_of(text), .self = app};
    return ask_text(app, &prompt, line, max);
}

static int ask_items(struct app *app, struct prompt *prompt, struct pick_item *items, unsigned count)
{
    if (!pick_init(&prompt->pick, items, count)) return -1;
    prompt->pick.numbered = prompt->id == SCREEN_menu;
    prompt->pick.many = prompt->id == SCREEN_picks;
    bool yes = prompt_run(app, prompt);
    int chosen = yes ? pick_selected(&prompt->pick) : -1;
    if (yes && prompt->id == SCREEN_picks) chosen = 0;
    pick_free(&prompt->pick);
    return chosen;
}

int ask_menu(struct app *app, const char *title, struct pick_item *items, unsigned count)
{
    struct prompt prompt = {.id = SCREEN_menu, .title = title};
    return ask_items(app, &prompt, items, count);
}

int ask_pick(struct app *app, const char *title, struct pick_item *items, unsigned count)
{
    struct prompt prompt = {.id = SCREEN_pick, .title = title};
    return ask_items(app, &prompt, items, count);
}

bool ask_picks(struct app *app, const char *title, struct pick_item *items, unsigned count)
{
    struct prompt prompt = {.id = SCREEN_picks, .title = title};
    return ask_items(app, &prompt, items, count) >= 0;
}

void tell(struct app *app, const char *title, struct text text)
{
    struct prompt prompt = {.id = SCREEN_tell, .title = title, .text = text};
    prompt_run(app, &prompt);
}

/* ---- narrowing a list ---- */

static void find_changed(struct app *app, struct prompt *prompt)
{
    struct screen *top = app_top(app);
    top->kind->find(top, editor_text(&prompt->editor));
}

/* The list can be moved through while its words are typed. */
static void find_verb(struct app *app, struct prompt *prompt, enum verb verb)
{
    struct screen *top = app_top(app);
    (void)prompt;
    if (top->kind->act != NULL) top->kind->act(top, verb);
}

void ask_find(struct app *app, const char *words)
{
    struct screen *top = app_top(app);
    struct prompt prompt = {.id = SCREEN_finding, .title = "", .changed = find_changed, .verb = find_verb};
    editor_init(&prompt.editor, false);
    editor_set(&prompt.editor, text_of(words));
    prompt.editor.most = FIND_BYTES - 1;
    top->kind->find(top, text_of(words));
    bool kept = prompt_run(app, &prompt);
    if (!kept) top->kind->find(top, text_of(""));
    editor_free(&prompt.editor);
}

/* ---- the lock ---- */

void lock_screen(struct app *app)
{
    char line[PASSPHRASE_MAX + 1], text[300];
    bool wrong = false;
    unsigned before = app->notices->unread;
    if (app->locked || app->client == NULL || app_keeps_console(app)) return;
    app->locked = true;
    while (!app->leave) {
        struct prompt prompt = {.id = SCREEN_ask, .covers = true, .title = tr(N_("locked")), .pushed_before = before};
        snprintf(text, sizeof text, "%s%s", wrong ? tr(N_("That was not the passphrase. ")) : "",
                 tr(N_("The passphrase opens the screen again; what is pushed meanwhile is kept.")));
        prompt.text = text_of(text);
        line[0] = '\0';
        bool yes = ask_text(app, &prompt, line, sizeof line);
        wrong = yes && !client_confirm(app->client, line);
        explicit_bzero(line, sizeof line);
        if (yes && !wrong) break;
    }
    app->locked = false;
    app->typed_ms = term_ms();
}
