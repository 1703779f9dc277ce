/* prompt.c - see prompt.h. Questions stand at the bottom, so that most of the screen stays as it was. */
#include "client/screen/prompt.h"

#include "client/term/cells.h"

enum { JUMP_ROWS = 12 }; /* the same for many and for few: nothing moves but what was found */

bool prompt_run(struct app *app, struct prompt *prompt)
{
    prompt->under = app->prompt;
    app->prompt = prompt;
    app->dirty = true;
    while (!prompt->done && !app->leave)
        app_turn(app);
    app->prompt = prompt->under;
    app->dirty = true;
    return prompt->done && prompt->yes;
}

enum screen_id prompt_mode(const struct prompt *prompt)
{
    return prompt->id;
}

bool prompt_done(const struct prompt *prompt)
{
    return prompt->done;
}

bool prompt_covers(const struct prompt *prompt)
{
    return prompt->covers;
}

/* ---- keys ---- */

bool editor_verb(struct editor *editor, enum verb verb)
{
    static const struct {
        enum verb verb;
        enum editing editing;
    } table[] = {{VERB_caret_left, EDIT_LEFT},       {VERB_caret_right, EDIT_RIGHT},
                 {VERB_start, EDIT_START},           {VERB_end, EDIT_END},
                 {VERB_erase, EDIT_ERASE},           {VERB_delete, EDIT_DELETE},
                 {VERB_erase_word, EDIT_ERASE_WORD}, {VERB_erase_start, EDIT_ERASE_START},
                 {VERB_erase_end, EDIT_ERASE_END},   {VERB_break, EDIT_BREAK}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (table[i].verb != verb) continue;
        editor_do(editor, table[i].editing);
        return true;
    }
    return false;
}

static bool picks(const struct prompt *prompt)
{
    return prompt->id == SCREEN_pick || prompt->id == SCREEN_picks || prompt->id == SCREEN_menu ||
           prompt->id == SCREEN_jump;
}

static struct editor *typed_into(struct prompt *prompt)
{
    if (picks(prompt) && prompt->id != SCREEN_menu) return &prompt->pick.filter;
    bool line = prompt->id == SCREEN_ask || prompt->id == SCREEN_finding || prompt->id == SCREEN_command;
    return line ? &prompt->editor : NULL;
}

static void was_typed(struct app *app, struct prompt *prompt)
{
    if (prompt->id == SCREEN_pick || prompt->id == SCREEN_picks) pick_narrow(&prompt->pick);
    if (prompt->changed != NULL) prompt->changed(app, prompt);
}

static void toggle(struct pick *pick)
{
    int at = pick_selected(pick);
    if (at >= 0) {
        pick->items[at].chosen = !pick->items[at].chosen;
        pick->items[at].order = pick->count + ++pick->toggled;
    }
    list_move(&pick->list, LIST_DOWN, pick->seen);
}

static enum list_move move_of(enum verb verb, bool *moves)
{
    static const struct {
        enum verb verb;
        enum list_move move;
    } table[] = {{VERB_up, LIST_UP},       {VERB_down, LIST_DOWN}, {VERB_page_up, LIST_PAGE_UP},
                 {VERB_first, LIST_FIRST}, {VERB_last, LIST_LAST}, {VERB_page_down, LIST_PAGE_DOWN}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (table[i].verb != verb) continue;
        *moves = true;
        return table[i].move;
    }
    *moves = false;
    return LIST_UP;
}

bool list_verb(struct list *list, enum verb verb, int rows)
{
    bool moves;
    enum list_move move = move_of(verb, &moves);
    if (moves) list_move(list, move, rows);
    return moves;
}

bool pager_verb(struct pager *pager, enum verb verb, int rows)
{
    bool moves;
    enum list_move move = move_of(verb, &moves);
    if (moves) pager_move(pager, move, rows);
    return moves;
}

static void carry_out(struct app *app, struct prompt *prompt, enum verb verb)
{
    struct editor *editor = typed_into(prompt);
    if (verb == VERB_yes || verb == VERB_no) {
        prompt->done = true;
        prompt->yes = verb == VERB_yes && ((prompt->id != SCREEN_pick && prompt->id != SCREEN_jump) ||
                                                pick_selected(&prompt->pick) >= 0);
        if (verb == VERB_yes && !prompt->yes) prompt->done = false; /* nothing to choose */
    } else if (verb == VERB_toggle)
        toggle(&prompt->pick);
    else if (editor != NULL && editor_verb(editor, verb))
        was_typed(app, prompt);
    else if (prompt->verb != NULL)
        prompt->verb(app, prompt, verb);
    else if (picks(prompt))
        list_verb(&prompt->pick.list, verb, prompt->pick.seen);
    else
        pager_verb(&prompt->pager, verb, prompt->seen);
}

void prompt_key(struct app *app, struct prompt *prompt, const struct key_press *key)
{
    struct editor *editor = typed_into(prompt);
    enum verb verb = key->pasted ? VERB_none : keys_find(&app->setup.keys, prompt->id, key->code);
    if (verb != VERB_none) {
        carry_out(app, prompt, verb);
        return;
    }
    if (prompt->typed != NULL && prompt->typed(app, prompt, key)) return;
    if (editor != NULL) {
        editor_type(editor, key);
        was_typed(app, prompt);
    }
    bool digit = prompt->id == SCREEN_menu && !key->pasted && key->code >= '1' && key->code <= '9';
    if (!digit || key->code - '1' >= prompt->pick.count) return;
    prompt->pick.list.at = key->code - '1';
    prompt->done = prompt->yes = true;
}

/* ---- drawing ---- */

/* The lowest rows of the area, made empty, with a rule that names the question. */
static struct area take_rows(struct app *app, const struct prompt *prompt, struct area area, int rows)
{
    if (rows > area.rows) rows = area.rows;
    struct area taken = {area.row + area.rows - rows, area.column, rows, area.columns};
    term_blank(app->term, taken);
    struct place place = {taken.row, taken.column, taken.columns, STYLE_STRONG};
    int used = term_put(app->term, place, text_of("-- "));
    place.column += used;
    place.columns -= used;
    term_put_cut(app->term, place, text_of(prompt->title));
    return (struct area){taken.row + 1, taken.column, taken.rows - 1, taken.columns};
}

/* A line in the row of the notices: "/words", ":command". */
static void draw_short(struct app *app, struct prompt *prompt, struct area area, const char *mark)
{
    struct area line = {area.row + area.rows - 1, area.column, 1, area.columns};
    term_blank(app->term, line);
    if (prompt->text.length > 0) { /* what can complete the word */
        term_blank(app->term, (struct area){line.row - 1, line.column, 1, line.columns});
        term_put_cut(app->term, (struct place){line.row - 1, line.column, line.columns, STYLE_PLAIN}, prompt->text);
    }
    int used = term_put(app->term, (struct place){line.row, line.column, 1, STYLE_PLAIN}, text_of(mark));
    editor_draw(&prompt->editor, app->term, (struct area){line.row, line.column + used, 1, line.columns - used});
}

static int text_height(struct text text, int columns)
{
    return text.length > 0 ? (int)text_lines(text, columns) : 0;
}

static void draw_pushed(struct app *app, const struct prompt *prompt, struct area area)
{
    char line[100];
    struct str str = str_in(line, sizeof line);
    str_printf(&str, tr(N_("pushed meanwhile: %u")), app->notices->unread - prompt->pushed_before);
    put_text(app->term, area, 0, STYLE_PLAIN, line);
}

static void draw_ask(struct app *app, struct prompt *prompt, struct area area)
{
    int lines = text_height(prompt->text, area.columns);
    struct area inside = take_rows(app, prompt, area, lines + 2);
    if (prompt->covers && app->notices->unread > prompt->pushed_before) draw_pushed(app, prompt, area);
    struct area read = inside;
    read.rows--;
    if (lines > 0 && read.rows > 0) pager_draw(&prompt->pager, app->term, read, prompt->text);
    int row = inside.row + inside.rows - 1;
    term_put(app->term, (struct place){row, inside.column, 1, STYLE_PLAIN}, text_of(">"));
    editor_draw(&prompt->editor, app->term, (struct area){row, inside.column + 2, 1, inside.columns - 2});
}

/* At the right of the rule: which lines of how many are seen, and the key to the next ones. */
static void draw_part(struct app *app, const struct prompt *prompt, struct area inside, int lines)
{
    char part[120];
    struct str str = str_in(part, sizeof part);
    unsigned first = prompt->pager.top + 1, last = prompt->pager.top + (unsigned)inside.rows;
    str_printf(&str, " %u-%u/%d  ", first, last, lines);
    keys_name(&app->setup.keys, prompt->id, VERB_page_down, &str);
    str_put(&str, " ");
    str_put(&str, tr(N_("a page down")));
    int wide = text_columns(text_of(part));
    struct place place = {inside.row - 1, inside.column + inside.columns - wide, wide, STYLE_PLAIN};
    if (wide < inside.columns / 2) term_put(app->term, place, text_of(part));
}

static void draw_read(struct app *app, struct prompt *prompt, struct area area)
{
    int lines = text_height(prompt->text, area.columns);
    struct area inside = take_rows(app, prompt, area, lines + 1 > 1 ? lines + 1 : 2);
    prompt->seen = inside.rows;
    if (inside.rows <= 0) return;
    pager_draw(&prompt->pager, app->term, inside, prompt->text);
    if (lines > inside.rows) draw_part(app, prompt, inside, lines);
}

static void draw_pick(struct app *app, struct prompt *prompt, struct area area)
{
    int rows = prompt->id == SCREEN_jump ? JUMP_ROWS : pick_rows(&prompt->pick) + 1, most = area.rows * 2 / 3;
    struct area inside = take_rows(app, prompt, area, rows < most || rows < 4 ? rows : most);
    pick_draw(&prompt->pick, app->term, inside);
}

void prompt_draw(struct app *app, struct prompt *prompt, struct area area)
{
    switch ((int)prompt->id) {
    case SCREEN_finding: draw_short(app, prompt, area, "/"); break;
    case SCREEN_command: draw_short(app, prompt, area, ":"); break;
    case SCREEN_pick:
    case SCREEN_jump:
    case SCREEN_picks:
    case SCREEN_menu: draw_pick(app, prompt, area); break;
    case SCREEN_tour: draw_read(app, prompt, (struct area){area.row, area.column, area.rows - 1, area.columns}); break;
    case SCREEN_confirm:
    case SCREEN_tell: draw_read(app, prompt, area); break;
    default: draw_ask(app, prompt, area);
    }
}
