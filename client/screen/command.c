/* command.c - the line after `:`, with completion and history, and the help page. */
#include "client/screen/command.h"

#include "client/core/resolve.h"
#include "client/screen/act.h"
#include "client/screen/past.h"
#include "client/screen/prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FOUND_MAX = 40, COMPLETE_BYTES = 8 << 20, HELP_BYTES = 16 * 1024 };

#define COMMAND(name, arguments, help) {#name, arguments, help},
const struct command_row command_rows[COMMAND_COUNT] = {
#include "client/screen/commands.def"
};
#undef COMMAND

/* ---- single commands ---- */

static void say_usage(struct app *app, enum command_id id)
{
    char line[200];
    snprintf(line, sizeof line, ":%s %s", command_rows[id].name, tr(command_rows[id].arguments));
    app_say(app, STYLE_WARN, line);
}

static void say_unknown(struct app *app, struct text word)
{
    char line[200];
    struct str str = str_in(line, sizeof line);
    str_put(&str, tr(N_("there is no ")));
    str_text(&str, word);
    app_say(app, STYLE_WARN, line);
}

static struct text trim(struct text rest)
{
    while (rest.length > 0 && rest.at[0] == ' ') {
        rest.at++;
        rest.length--;
    }
    while (rest.length > 0 && rest.at[rest.length - 1] == ' ')
        rest.length--;
    return rest;
}

static month_t this_month(struct app *app)
{
    return month_of(stamp_day(client_now(app->client)));
}

/* As on the command line: an action's name, and what it is done to; without that, something new is begun. */
static bool do_action(struct app *app, unsigned kind, struct text rest)
{
    char name[64];
    struct str str = str_in(name, sizeof name);
    str_text(&str, next_word(&rest));
    rest = trim(rest);
    const struct action *action = action_named(kind, name);
    bool begins = action != NULL && (action->from & 1) && paper_kind(kind) == NULL; /* papers are begun on their page */
    if (action == NULL || (rest.length == 0 && !begins)) return false;
    uint64_t id = rest.length > 0 ? resolve_ref(app->client, kind, rest, &app->scratch) : 0;
    if (rest.length > 0 && id == 0)
        say_unknown(app, rest);
    else
        act_begin(app, kind, action->wire, id, NULL);
    return true;
}

static void do_report(struct app *app, struct text rest)
{
    if (do_action(app, KIND_report, rest)) return;
    struct text code = next_word(&rest), word = next_word(&rest);
    month_t month = this_month(app);
    uint64_t project = resolve_ref(app->client, KIND_project, code, &app->scratch);
    if (code.length == 0)
        say_usage(app, COMMAND_report);
    else if (project == 0)
        say_unknown(app, code);
    else if (word.length > 0 && !month_parse(word, &month))
        say_usage(app, COMMAND_report);
    else
        app_push(app, paper_screen(app, KIND_report, project, month));
}

static void do_return(struct app *app, struct text rest)
{
    struct text word = next_word(&rest), code = next_word(&rest);
    month_t month = this_month(app);
    uint64_t unit = code.length > 0 ? resolve_ref(app->client, KIND_unit, code, &app->scratch) : view_unit(app);
    if (word.length > 0 && !month_parse(word, &month))
        say_usage(app, COMMAND_return);
    else if (unit == 0)
        say_unknown(app, code);
    else
        app_push(app, paper_screen(app, KIND_unit_return, unit, month));
}

/* A list, narrowed when there are words. */
static void do_list(struct app *app, struct screen *screen, struct text rest)
{
    app_push(app, screen);
    struct screen *top = app_top(app);
    if (trim(rest).length > 0 && top->kind->find != NULL) top->kind->find(top, trim(rest));
}

static void do_matrix(struct app *app, struct text rest)
{
    char word[16];
    struct str str = str_in(word, sizeof word);
    str_text(&str, trim(rest));
    struct screen *screen = matrix_screen(app);
    if (*word != '\0' && screen != NULL) matrix_set_year(screen, (int)strtol(word, NULL, 10));
    app_push(app, screen);
}

static void do_console(struct app *app, struct text rest)
{
    struct text page = next_word(&rest);
    app_do(app, VERB_console);
    if (page.length > 0 && !console_show(app_top(app), page)) say_usage(app, COMMAND_console);
}

static void do_columns(struct app *app, struct text names)
{
    struct screen *top = app_top(app);
    if (top->kind->columns == NULL)
        app_say(app, STYLE_PLAIN, tr(N_("not possible here now")));
    else if (names.length > 0)
        top->kind->columns(top, names);
    else
        app_do(app, VERB_columns);
}

static void say_pref(struct app *app, unsigned pref)
{
    char line[100];
    struct str str = str_in(line, sizeof line);
    str_printf(&str, "%s ", pref_name(pref));
    pref_value(&app->setup.prefs, pref, &str);
    app_say(app, STYLE_PLAIN, line);
}

static void do_set(struct app *app, struct text rest)
{
    char name[32], value[THEME_NAME_BYTES];
    struct prefs wished = app->setup.prefs;
    unsigned pref;
    struct str str = str_in(name, sizeof name);
    str_text(&str, next_word(&rest));
    str = str_in(value, sizeof value);
    str_text(&str, next_word(&rest));
    bool right = prefs_set(&wished, name, value, &pref) == OK && setup_theme(&app->setup, wished.theme) != NULL;
    if (!right) {
        say_usage(app, COMMAND_set);
        return;
    }
    wished.set |= 1u << pref;
    app->setup.prefs = wished;
    app_theme(app);
    enum err err = prefs_save(&app->profile, &wished);
    if (pref == PREF_LANGUAGE) app_speak(app, prefs_language(&wished));
    if (err != OK)
        app_say_err(app, err);
    else
        say_pref(app, pref);
}

static void do_passphrase(struct app *app)
{
    char old[PASSPHRASE_MAX + 1] = "", new[PASSPHRASE_MAX + 1] = "";
    if (ask_secret(app, tr(N_("The present passphrase")), "", old, sizeof old) &&
        ask_new_passphrase(app, new, sizeof new)) {
        enum err err = profile_reseal(&app->profile, old, new);
        if (err != OK)
            app_say_err(app, err);
        else
            app_say(app, STYLE_GOOD, tr(N_("the key is sealed under the new passphrase")));
    }
    explicit_bzero(old, sizeof old);
    explicit_bzero(new, sizeof new);
}

/* A kind's name: its list, or with a word behind it one record. */
static void do_kind(struct app *app, unsigned kind, struct text rest)
{
    rest = trim(rest);
    if (do_action(app, kind, rest)) return;
    if (rest.length == 0) {
        app_push(app, kind == KIND_project ? projects_screen(app) : records_screen(app, kind, 0, 0));
        return;
    }
    uint64_t id = resolve_ref(app->client, kind, rest, &app->scratch);
    if (id == 0)
        say_unknown(app, rest);
    else
        open_record(app, kind, id);
}

static void do_new(struct app *app, struct text rest)
{
    char name[64];
    struct str str = str_in(name, sizeof name);
    str_text(&str, next_word(&rest));
    const struct kind *kind = kind_named(name);
    if (kind == NULL) {
        say_usage(app, COMMAND_new);
        return;
    }
    app_push(app, records_screen(app, kind->wire, 0, 0));
    app_do(app, VERB_new);
}

/* A screen that there is only of the present. */
static void push_present(struct app *app, enum verb verb, struct screen *(*screen)(struct app *app))
{
    if (past_forbids(app, verb))
        app_say_err(app, ERR_IN_PAST);
    else
        app_push(app, screen(app));
}

/* ---- any command ---- */

static void run(struct app *app, enum command_id id, struct text rest)
{
    switch (id) {
    case COMMAND_desk: app_to_root(app); break;
    case COMMAND_go: jump_ask(app, trim(rest), false); break;
    case COMMAND_projects: do_list(app, projects_screen(app), rest); break;
    case COMMAND_project: do_kind(app, KIND_project, rest); break;
    case COMMAND_report: do_report(app, rest); break;
    case COMMAND_return: do_return(app, rest); break;
    case COMMAND_matrix: do_matrix(app, rest); break;
    case COMMAND_asof:
        if (!past_wish(app, trim(rest))) say_usage(app, id);
        break;
    case COMMAND_console: do_console(app, rest); break;
    case COMMAND_environment: do_list(app, environment_screen(app), rest); break;
    case COMMAND_outbox: push_present(app, VERB_outbox, outbox_screen); break;
    case COMMAND_notices: app_push(app, notices_screen(app)); break;
    case COMMAND_presence: push_present(app, VERB_presence, presence_screen); break;
    case COMMAND_columns: do_columns(app, trim(rest)); break;
    case COMMAND_export: export_screen(app, trim(rest)); break;
    case COMMAND_copy:
        if (!copy_under(app, trim(rest))) say_usage(app, id);
        break;
    case COMMAND_new: do_new(app, rest); break;
    case COMMAND_set: do_set(app, rest); break;
    case COMMAND_passphrase: do_passphrase(app); break;
    case COMMAND_tour: tour_run(app); break;
    case COMMAND_lock: lock_screen(app); break;
    case COMMAND_help: help_show(app); break;
    case COMMAND_quit: app->leave = true; break;
    case COMMAND_COUNT: break;
    }
}

static void carry_out(struct app *app, struct text line)
{
    char name[64];
    struct text rest = line, word = next_word(&rest);
    struct str str = str_in(name, sizeof name);
    str_text(&str, word);
    if (word.length == 0) return;
    bool offline = app->client == NULL && strcmp(name, "quit") != 0 && strcmp(name, "help") != 0;
    for (unsigned i = 0; i < COMMAND_COUNT && !offline; i++) {
        if (strcmp(command_rows[i].name, name) != 0) continue;
        run(app, (enum command_id)i, rest);
        return;
    }
    const struct kind *kind = kind_named(name);
    enum verb verb = verb_named(&app->setup.keys, app_top(app)->kind->id, name);
    if (kind != NULL && !offline)
        do_kind(app, kind->wire, rest);
    else if (verb != VERB_none)
        app_do(app, verb);
    else
        say_unknown(app, word);
}

/* ---- the line ---- */

struct command_line {
    struct arena arena;
    struct text found[FOUND_MAX];
    unsigned count, at; /* completions, and the one that stands in the line */
    bool completing;
    uint32_t start;
    char shown[600];
    unsigned past; /* how far back in the history */
};

static void show_found(struct command_line *line, struct prompt *prompt)
{
    struct str str = str_in(line->shown, sizeof line->shown);
    for (unsigned i = 0; i < line->count && line->count > 1; i++) {
        str_put(&str, i > 0 ? "  " : "");
        str_text(&str, line->found[i]);
    }
    prompt->text = (struct text){line->shown, (uint32_t)str.used};
}

static void line_changed(struct app *app, struct prompt *prompt)
{
    struct command_line *line = prompt->self;
    (void)app;
    line->completing = false;
    line->count = 0;
    show_found(line, prompt);
}

/* Tab: the next word that fits in place of the one that was typed. */
static void complete_word(struct app *app, struct prompt *prompt, struct command_line *line)
{
    char text[400];
    struct str str = str_in(text, sizeof text);
    if (!line->completing) {
        arena_reuse(&line->arena);
        line->count = complete(app, editor_text(&prompt->editor), &line->arena, line->found, FOUND_MAX, &line->start);
        line->at = 0;
        line->completing = true;
    } else if (line->count > 0)
        line->at = (line->at + 1) % line->count;
    if (line->count == 0) return;
    struct text typed = editor_text(&prompt->editor);
    str_text(&str, (struct text){typed.at, line->start});
    str_text(&str, line->found[line->at]);
    if (line->count == 1) str_put(&str, " ");
    editor_set(&prompt->editor, text_of(text));
    show_found(line, prompt);
}

static void from_history(struct app *app, struct prompt *prompt, struct command_line *line, bool back)
{
    struct command_history *history = &app->history;
    if (back && line->past < history->count) line->past++;
    if (!back && line->past > 0) line->past--;
    editor_set(&prompt->editor, text_of(line->past > 0 ? history->at[history->count - line->past] : ""));
    line_changed(app, prompt);
}

static void line_verb(struct app *app, struct prompt *prompt, enum verb verb)
{
    struct command_line *line = prompt->self;
    if (verb == VERB_complete)
        complete_word(app, prompt, line);
    else if (verb == VERB_up || verb == VERB_down)
        from_history(app, prompt, line, verb == VERB_up);
}

static void remember(struct command_history *history, const char *text)
{
    if (*text == '\0' || (history->count > 0 && strcmp(history->at[history->count - 1], text) == 0)) return;
    if (history->count == COMMANDS_KEPT) {
        memmove(history->at[0], history->at[1], (COMMANDS_KEPT - 1) * sizeof history->at[0]);
        history->count--;
    }
    struct str str = str_in(history->at[history->count++], COMMAND_BYTES);
    str_put(&str, text);
}

void command_ask(struct app *app)
{
    struct command_line line = {.count = 0};
    struct prompt prompt = {
        .id = SCREEN_command, .title = "", .changed = line_changed, .verb = line_verb, .self = &line};
    char text[COMMAND_BYTES];
    struct str str = str_in(text, sizeof text);
    arena_init(&line.arena, COMPLETE_BYTES);
    editor_init(&prompt.editor, false);
    prompt.editor.most = COMMAND_BYTES - 1;
    bool yes = prompt_run(app, &prompt);
    if (yes) str_text(&str, trim(editor_text(&prompt.editor)));
    editor_free(&prompt.editor);
    arena_clear(&line.arena);
    if (!yes || app->leave) return;
    remember(&app->history, text);
    arena_reuse(&app->scratch);
    carry_out(app, text_of(text));
}

/* ---- help ---- */

void help_show(struct app *app)
{
    const struct screen *top = app_top(app);
    enum screen_id mode = top->kind->mode != NULL ? top->kind->mode(top) : top->kind->id;
    char *text = malloc(HELP_BYTES);
    if (text == NULL) return;
    struct str str = str_in(text, HELP_BYTES);
    keys_help(&app->setup.keys, mode, app_does, app, &str);
    str_put(&str, "\n");
    for (unsigned i = 0; i < COMMAND_COUNT; i++)
        str_printf(&str, "  :%s %s - %s\n", command_rows[i].name, tr(command_rows[i].arguments),
                   tr(command_rows[i].help));
    str_put(&str,
            tr(N_("  :KIND - the records of a kind;  :KIND WORD - one of them;  :KIND ACTION [WORD] - as in scripts;  "
                  ":VERB - what a key does\n")));
    str_put(&str, tr(N_("\nLetters after / find by characters, codes or the first letters of the pinyin.\n")));
    tell(app, screen_label(mode), (struct text){text, (uint32_t)str.used});
    free(text);
}
