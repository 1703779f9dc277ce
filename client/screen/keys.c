/* keys.c - see keys.h. */
#include "client/screen/keys.h"

#include "client/term/cells.h"
#include "client/term/term.h"

#include "proto/show.h"

#include <string.h>

/* The contexts, numbered. */
enum context {
    CONTEXT_any,
    CONTEXT_leave,
    CONTEXT_move,
    CONTEXT_mark,
    CONTEXT_open,
    CONTEXT_find,
    CONTEXT_go,
    CONTEXT_far,
    CONTEXT_signin,
    CONTEXT_desk,
    CONTEXT_projects,
    CONTEXT_project,
    CONTEXT_paper,
    CONTEXT_act,
    CONTEXT_record,
    CONTEXT_records,
    CONTEXT_matrix,
    CONTEXT_ranking,
    CONTEXT_board,
    CONTEXT_agenda,
    CONTEXT_review,
    CONTEXT_registers,
    CONTEXT_environment,
    CONTEXT_sent,
    CONTEXT_history,
    CONTEXT_field,
    CONTEXT_line,
    CONTEXT_note,
    CONTEXT_caret,
    CONTEXT_answer,
    CONTEXT_sure,
    CONTEXT_choose,
    CONTEXT_several,
    CONTEXT_menu,
    CONTEXT_read,
    CONTEXT_words,
    CONTEXT_console,
};

#define IN(name) (1ull << CONTEXT_##name)

struct key_row {
    uint64_t context;
    uint32_t key, alternate;
    enum verb verb;
    const char *help;
};

#define VERB(...)
#define SCREEN(...)
#define KEY(context, key, alternate, verb, help) {IN(context), key, alternate, VERB_##verb, help},
static const struct key_row rows[] = {
#include "client/screen/keys.def"
    {IN(any), '?', K_F(1), VERB_help, N_("keys")}, /* always the last hint */
};
#undef SCREEN
#undef KEY

#define KEY(...)
#define SCREEN(name, contexts, label) [SCREEN_##name] = {contexts, #name, label},
static const struct {
    uint64_t contexts;
    const char *name, *label;
} screens[SCREEN_COUNT] = {
#include "client/screen/keys.def"
};
#undef VERB
#undef SCREEN

#define VERB(name) [VERB_##name] = #name,
#define SCREEN(...)
static const char *const names[VERB_COUNT] = {
#include "client/screen/keys.def"
};

enum { ROWS = sizeof rows / sizeof *rows };

static bool holds(enum screen_id screen, const struct key_row *row)
{
    return (screens[screen].contexts & row->context) != 0;
}

enum verb keys_find(enum screen_id screen, uint32_t code)
{
    for (size_t i = 0; i < ROWS; i++)
        if (holds(screen, &rows[i]) && (rows[i].key == code || (rows[i].alternate == code && code != 0)))
            return rows[i].verb;
    return VERB_none;
}

const char *verb_name(enum verb verb)
{
    return names[verb] != NULL ? names[verb] : "";
}

bool keys_place(unsigned *at, enum verb *verb, const char **label)
{
    for (; *at < ROWS; ++*at) {
        if ((rows[*at].context & IN(go)) == 0 || *rows[*at].help == '\0') continue;
        *verb = rows[*at].verb;
        *label = tr(rows[(*at)++].help);
        return true;
    }
    return false;
}

enum verb verb_named(enum screen_id screen, const char *name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (holds(screen, &rows[i]) && strcmp(verb_name(rows[i].verb), name) == 0) return rows[i].verb;
    return VERB_none;
}

const char *screen_label(enum screen_id screen)
{
    return tr(screens[screen].label);
}

/* ---- words for keys ---- */

static void put_key(uint32_t key, struct str *out)
{
    static const struct {
        uint32_t key;
        const char *name;
    } special[] = {{K_TAB, "Tab"},
                   {K_ENTER, N_("Enter")},
                   {K_ESC, "Esc"},
                   {K_UP, N_("Up")},
                   {K_DOWN, N_("Down")},
                   {K_LEFT, N_("Left")},
                   {K_RIGHT, N_("Right")},
                   {K_HOME, "Home"},
                   {K_END, "End"},
                   {K_PAGE_UP, "PgUp"},
                   {K_PAGE_DOWN, "PgDn"},
                   {K_INSERT, "Ins"},
                   {K_DELETE, "Del"},
                   {K_BACKSPACE, N_("Backspace")},
                   {K_BACK_TAB, "Shift-Tab"},
                   {' ', N_("Space")}};
    char bytes[5] = {0};
    for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
        if (special[i].key != key) continue;
        str_put(out, tr(special[i].name));
        return;
    }
    if (key >= K_F0)
        str_printf(out, "F%u", key - K_F0);
    else if (key < ' ')
        str_printf(out, "^%c", (int)key + '@');
    else {
        utf8_put(key, bytes);
        str_put(out, bytes);
    }
}

void keys_name(enum screen_id screen, enum verb verb, struct str *out)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (!holds(screen, &rows[i]) || rows[i].verb != verb) continue;
        put_key(rows[i].key, out);
        return;
    }
}

static bool wanted(enum screen_id screen, const struct key_row *row, keys_does *does, void *self)
{
    return holds(screen, row) && *row->help != '\0' && (does == NULL || does(self, row->verb));
}

void keys_hint(enum screen_id screen, int columns, keys_does *does, void *self, struct str *out)
{
    char last[80] = "";
    struct str end = str_in(last, sizeof last);
    if (screens[screen].contexts & IN(any)) {
        str_put(&end, "  ? ");
        str_put(&end, tr(N_("keys")));
    }
    int left = columns - text_columns(text_of(last));
    for (size_t i = 0; i < ROWS; i++) {
        char one[120];
        struct str hint = str_in(one, sizeof one);
        if (rows[i].context & (IN(move) | IN(caret))) continue; /* everybody tries those by himself */
        if (!wanted(screen, &rows[i], does, self) || rows[i].verb == VERB_help) continue;
        str_put(&hint, out->used > 0 ? "  " : "");
        put_key(rows[i].key, &hint);
        str_put(&hint, " ");
        str_put(&hint, tr(rows[i].help));
        int wide = text_columns(text_of(one));
        if (wide > left) break;
        str_put(out, one);
        left -= wide;
    }
    if (*last != '\0') str_put(out, out->used > 0 ? last : last + 2);
}

void keys_help(enum screen_id screen, keys_does *does, void *self, struct str *out)
{
    for (size_t i = 0; i < ROWS; i++) {
        char keys[80];
        struct str name = str_in(keys, sizeof keys);
        if (!wanted(screen, &rows[i], does, self)) continue;
        put_key(rows[i].key, &name);
        for (size_t j = i; j < ROWS; j++) { /* all the keys of the verb */
            if (rows[j].verb != rows[i].verb || !holds(screen, &rows[j])) continue;
            if (j != i) {
                str_put(&name, " ");
                put_key(rows[j].key, &name);
            }
            if (rows[j].alternate == 0) continue;
            str_put(&name, " ");
            put_key(rows[j].alternate, &name);
        }
        str_put(out, "  ");
        str_put(out, keys);
        for (int wide = text_columns(text_of(keys)); wide < 22; wide++)
            str_put(out, " ");
        str_put(out, " ");
        str_put(out, tr(rows[i].help));
        str_put(out, "\n");
    }
}

const char *keys_fault(void)
{
    for (unsigned screen = 0; screen < SCREEN_COUNT; screen++) {
        for (size_t i = 0; i < ROWS; i++) {
            bool meant = !holds(screen, &rows[i]) ||
                         (keys_find(screen, rows[i].key) == rows[i].verb &&
                          (rows[i].alternate == 0 || keys_find(screen, rows[i].alternate) == rows[i].verb));
            if (!meant) return screens[screen].name;
        }
    }
    return NULL;
}
