/* filling.c - see filling.h. */
#include "client/screen/filling.h"

#include "client/screen/prompt.h"

#include <string.h>

enum { ROW_BYTES = 4 << 20 };

void filling_init(struct filling *filling, struct app *app, unsigned kind, uint64_t id, uint32_t actions)
{
    *filling = (struct filling){.check = 0};
    entries_init(&filling->entries, app, kind, id, actions);
    form_init(&filling->form);
    arena_init(&filling->arena, ROW_BYTES);
}

void filling_free(struct filling *filling)
{
    entries_free(&filling->entries);
    form_free(&filling->form);
    arena_clear(&filling->arena);
}

void filling_read(struct filling *filling, enum entries_show show)
{
    entries_read(&filling->entries, show);
    filling->form.count = filling->entries.count;
}

struct entry *filling_selected(struct filling *filling)
{
    return filling->form.at < filling->entries.count ? &filling->entries.at[filling->form.at] : NULL;
}

static bool is_empty(const struct entry *entry)
{
    return entry->typed == NULL && entry->count == 0;
}

void filling_to_first(struct filling *filling)
{
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < filling->entries.count; i++) {
            const struct entry *entry = &filling->entries.at[i];
            if (!entry->open || (round == 0 && !(entry->needed && is_empty(entry)))) continue;
            filling->form.at = i;
            return;
        }
    }
}

void filling_to_fault(struct filling *filling, const struct refusal *why)
{
    for (unsigned i = 0; i < filling->entries.count; i++) {
        if (why->kind != filling->entries.kind || filling->entries.at[i].position != why->field) continue;
        filling->form.at = i;
        return;
    }
}

static void fill_row(void *self, unsigned index, struct form_row *row)
{
    struct filling *filling = self;
    entries_row(&filling->entries, index, &filling->arena, row);
    if (filling->beside != NULL) filling->beside(filling->self, &filling->entries.at[index], row);
}

enum screen_id filling_mode(const struct filling *filling, enum screen_id otherwise)
{
    if (!filling->form.editing) return otherwise;
    return filling->form.editor.lines ? SCREEN_typing_note : SCREEN_typing_line;
}

/* ---- typing ---- */

static enum err check(struct filling *filling)
{
    struct refusal why;
    if (filling->check == 0 || !entries_touched(&filling->entries)) return OK;
    entries_try(&filling->entries, filling->check, false, &why);
    return why.err;
}

void filling_load_draft(struct filling *filling)
{
    if (entries_load_draft(&filling->entries)) check(filling);
}

void filling_keep(struct filling *filling)
{
    if (filling->form.editing)
        entries_type(&filling->entries, filling->form.at, editor_text(&filling->form.editor), false);
    if (filling->entries.unsaved > 0) entries_save_draft(&filling->entries);
}

void filling_take(struct filling *filling)
{
    if (!filling->form.editing) return;
    entries_type(&filling->entries, filling->form.at, editor_text(&filling->form.editor), true);
    form_end(&filling->form);
    check(filling);
}

static void begin(struct filling *filling, bool anew)
{
    struct entry *entry = filling_selected(filling);
    if (entry == NULL || !entry->open) {
        app_say(filling->entries.app, STYLE_PLAIN, tr(N_("this is not filled in here")));
        return;
    }
    if (entry_chosen(&filling->entries, entry)) {
        if (!entries_choose(&filling->entries, filling->form.at)) return;
        bool for_others = check(filling) == ERR_NOT_ALLOWED; /* said where it was chosen, before more is typed */
        if (for_others && field_row(filling->entries.kind, entry->position)->type == TYPE_REF)
            entries_fault(&filling->entries, filling->form.at, ERR_NOT_ALLOWED);
        return;
    }
    const char *typed = entry->typed != NULL && !anew ? entry->typed : "";
    form_begin(&filling->form, text_of(typed), entry_is_note(&filling->entries, entry));
}

/* To the next open field, and into it when it is typed; past the last one the typing ends. */
static void go_on(struct filling *filling, int by)
{
    unsigned at = filling->form.at;
    filling_take(filling);
    for (;;) {
        unsigned before = filling->form.at;
        form_move(&filling->form, by, fill_row, filling);
        if (filling->form.at == before) {
            filling->form.at = at;
            return;
        }
        const struct entry *entry = filling_selected(filling);
        if (!entry->open) continue;
        if (!entry_chosen(&filling->entries, entry)) begin(filling, false);
        return;
    }
}

static bool typing_verb(struct filling *filling, enum verb verb)
{
    struct editor *editor = &filling->form.editor;
    switch ((int)verb) {
    case VERB_next: go_on(filling, 1); return true;
    case VERB_previous: go_on(filling, -1); return true;
    case VERB_done: filling_take(filling); return true;
    case VERB_up: editor_do(editor, EDIT_UP); return true;
    case VERB_down: editor_do(editor, EDIT_DOWN); return true;
    default: break;
    }
    if (!editor_verb(editor, verb)) return false;
    entries_type(&filling->entries, filling->form.at, editor_text(editor), false);
    return true;
}

bool filling_verb(struct filling *filling, enum verb verb, int rows)
{
    if (filling->form.editing) return typing_verb(filling, verb);
    switch ((int)verb) {
    case VERB_up: form_move(&filling->form, -1, fill_row, filling); return true;
    case VERB_down: form_move(&filling->form, 1, fill_row, filling); return true;
    case VERB_page_up: form_move(&filling->form, -(rows > 2 ? rows - 1 : 1), fill_row, filling); return true;
    case VERB_page_down: form_move(&filling->form, rows > 2 ? rows - 1 : 1, fill_row, filling); return true;
    case VERB_first: form_move(&filling->form, -(int)filling->form.count - 1, fill_row, filling); return true;
    case VERB_last: form_move(&filling->form, (int)filling->form.count + 1, fill_row, filling); return true;
    case VERB_fill: begin(filling, false); return true;
    case VERB_next: go_on(filling, 1); return true; /* also from a field that is chosen, where the typing rests */
    case VERB_previous: go_on(filling, -1); return true;
    default: return false;
    }
}

bool filling_type(struct filling *filling, const struct key_press *key)
{
    struct entry *entry = filling_selected(filling);
    if (!filling->form.editing) { /* what is no command can be typed at once where there is nothing yet */
        bool digit = key->code >= '0' && key->code <= '9', chinese = key->code >= 0x80 && key->code < 0x110000;
        if (!digit && !chinese && !key->pasted) return false;
        if (client_past(filling->entries.app->client) != NULL) {
            app_say_err(filling->entries.app, ERR_IN_PAST);
            return false;
        }
        if (entry == NULL || !entry->open || !is_empty(entry) || entry_chosen(&filling->entries, entry)) {
            app_say(filling->entries.app, STYLE_PLAIN, tr(N_("Enter begins the typing here")));
            return false;
        }
        begin(filling, true);
    }
    editor_type(&filling->form.editor, key);
    entries_type(&filling->entries, filling->form.at, editor_text(&filling->form.editor), false);
    return true;
}

void filling_draw(struct filling *filling, struct term *term, struct area area)
{
    arena_reuse(&filling->arena);
    form_draw(&filling->form, term, area, fill_row, filling);
}

bool filling_under(const struct filling *filling, struct under *under)
{
    const struct entries *entries = &filling->entries;
    unsigned selected = filling->form.at;
    *under = (struct under){.kind = entries->kind, .id = entries->id};
    if (selected < entries->count) under->position = entries->at[selected].position;
    return true;
}
