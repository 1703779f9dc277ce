/* keys.c - see keys.h. */
#include "client/screen/keys.h"

#include "client/term/cells.h"
#include "client/term/term.h"

#include "proto/show.h"

#include <string.h>
#include <strings.h>

/* The contexts, numbered; their names are those of the config file. */
#define CONTEXTS(X) \
    X(any) X(leave) X(move) X(mark) X(open) X(find) X(go) X(far) X(signin) X(desk) X(projects) X(project) \
    X(paper) X(act) X(record) X(records) X(matrix) X(ranking) X(board) X(agenda) X(review) X(registers) \
    X(environment) X(sent) X(history) X(field) X(line) X(note) X(caret) X(answer) X(sure) X(choose) X(several) \
    X(menu) X(read) X(words) X(console) X(arrange) X(tour)

#define X(name) CONTEXT_##name,
enum context { CONTEXTS(X) CONTEXT_COUNT };
#undef X

#define IN(name) (1ull << CONTEXT_##name)

#define X(name) #name,
static const char *const context_names[CONTEXT_COUNT] = {CONTEXTS(X)};
#undef X

#define VERB(...)
#define SCREEN(...)
#define KEY(context, key, alternate, verb, help) {IN(context), key, alternate, VERB_##verb, help},
static const struct key_row usual[] = {
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

_Static_assert(sizeof usual / sizeof *usual < KEY_ROWS_MAX - 100, "room for a hundred own keys");

void keys_usual(struct keymap *map)
{
    map->count = sizeof usual / sizeof *usual;
    memcpy(map->rows, usual, sizeof usual);
}

static bool holds(enum screen_id screen, const struct key_row *row)
{
    return (screens[screen].contexts & row->context) != 0;
}

enum verb keys_find(const struct keymap *map, enum screen_id screen, uint32_t code)
{
    for (size_t i = 0; i < map->count; i++)
        if (holds(screen, &map->rows[i]) && (map->rows[i].key == code || (map->rows[i].alternate == code && code != 0)))
            return map->rows[i].verb;
    return VERB_none;
}

const char *verb_name(enum verb verb)
{
    return names[verb] != NULL ? names[verb] : "";
}

bool keys_place(unsigned *at, enum verb *verb, const char **label)
{
    for (; *at < sizeof usual / sizeof *usual; ++*at) {
        if ((usual[*at].context & IN(go)) == 0 || *usual[*at].help == '\0') continue;
        *verb = usual[*at].verb;
        *label = tr(usual[(*at)++].help);
        return true;
    }
    return false;
}

enum verb verb_named(const struct keymap *map, enum screen_id screen, const char *name)
{
    for (size_t i = 0; i < map->count; i++)
        if (holds(screen, &map->rows[i]) && strcmp(verb_name(map->rows[i].verb), name) == 0) return map->rows[i].verb;
    return VERB_none;
}

const char *screen_label(enum screen_id screen)
{
    return tr(screens[screen].label);
}

/* ---- words for keys ---- */

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
enum { SPECIAL = sizeof special / sizeof *special, FUNCTION_KEYS = 12 };

static void put_key(uint32_t key, struct str *out)
{
    char bytes[5] = {0};
    for (size_t i = 0; i < SPECIAL; i++) {
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

/* A key by its name, also by the translated one; 0: there is none such. */
static uint32_t key_named(const char *name)
{
    struct text text = text_of(name);
    uint32_t code;
    for (size_t i = 0; i < SPECIAL; i++)
        if (strcasecmp(name, special[i].name) == 0 || strcmp(name, tr(special[i].name)) == 0) return special[i].key;
    for (uint32_t number = 1; number <= FUNCTION_KEYS; number++) {
        char function[8];
        struct str str = str_in(function, sizeof function);
        put_key(K_F(number), &str);
        if (strcasecmp(name, function) == 0) return K_F(number);
    }
    if (name[0] == '^' && name[1] != '\0' && name[2] == '\0') return CTRL((uint32_t)name[1]);
    const char *at = text.at, *end = text.at + text.length;
    return at < end && utf8_next(&at, end, &code) && at == end && code > ' ' && code != 127 ? code : 0;
}

void keys_name(const struct keymap *map, enum screen_id screen, enum verb verb, struct str *out)
{
    for (size_t i = 0; i < map->count; i++) {
        if (!holds(screen, &map->rows[i]) || map->rows[i].verb != verb) continue;
        put_key(map->rows[i].key, out);
        return;
    }
}

static bool wanted(enum screen_id screen, const struct key_row *row, keys_does *does, void *self)
{
    return holds(screen, row) && *row->help != '\0' && (does == NULL || does(self, row->verb));
}

/* Writes the hints; with a column, only finds whose hint stands there. */
static enum verb hints(const struct keymap *map, enum screen_id screen, int columns, keys_does *does, void *self,
                       int column, struct str *out)
{
    char last[80] = "";
    struct str end = str_in(last, sizeof last);
    if (screens[screen].contexts & IN(any)) {
        str_put(&end, "  ");
        keys_name(map, screen, VERB_help, &end);
        str_put(&end, " ");
        str_put(&end, tr(N_("keys")));
    }
    int left = columns - text_columns(text_of(last));
    for (size_t i = 0; i < map->count; i++) {
        char one[120];
        struct str hint = str_in(one, sizeof one);
        if (map->rows[i].context & (IN(move) | IN(caret))) continue; /* everybody tries those by himself */
        if (!wanted(screen, &map->rows[i], does, self) || map->rows[i].verb == VERB_help) continue;
        str_put(&hint, out->used > 0 ? "  " : "");
        put_key(map->rows[i].key, &hint);
        str_put(&hint, " ");
        str_put(&hint, tr(map->rows[i].help));
        int wide = text_columns(text_of(one));
        if (wide > left) break;
        str_put(out, one);
        left -= wide;
        if (column >= 0 && column < text_columns((struct text){out->at, (uint32_t)out->used})) return map->rows[i].verb;
    }
    if (*last != '\0') str_put(out, out->used > 0 ? last : last + 2);
    return column < text_columns((struct text){out->at, (uint32_t)out->used}) && *last != '\0' ? VERB_help : VERB_none;
}

void keys_hint(const struct keymap *map, enum screen_id screen, int columns, keys_does *does, void *self,
               struct str *out)
{
    hints(map, screen, columns, does, self, -1, out);
}

enum verb keys_hinted(const struct keymap *map, enum screen_id screen, int columns, keys_does *does, void *self,
                      int column)
{
    char line[600];
    struct str str = str_in(line, sizeof line);
    return hints(map, screen, columns, does, self, column, &str);
}

void keys_help(const struct keymap *map, enum screen_id screen, keys_does *does, void *self, struct str *out)
{
    for (size_t i = 0; i < map->count; i++) {
        char keys[80];
        struct str name = str_in(keys, sizeof keys);
        if (!wanted(screen, &map->rows[i], does, self)) continue;
        put_key(map->rows[i].key, &name);
        for (size_t j = i; j < map->count; j++) { /* all the keys of the verb */
            if (map->rows[j].verb != map->rows[i].verb || !holds(screen, &map->rows[j])) continue;
            if (j != i) {
                str_put(&name, " ");
                put_key(map->rows[j].key, &name);
            }
            if (map->rows[j].alternate == 0) continue;
            str_put(&name, " ");
            put_key(map->rows[j].alternate, &name);
        }
        str_put(out, "  ");
        str_put(out, keys);
        for (int wide = text_columns(text_of(keys)); wide < 22; wide++)
            str_put(out, " ");
        str_put(out, " ");
        str_put(out, tr(map->rows[i].help));
        str_put(out, "\n");
    }
}

const char *keys_fault(const struct keymap *map)
{
    for (enum screen_id screen = 0; screen < SCREEN_COUNT; screen++) {
        for (size_t i = 0; i < map->count; i++) {
            bool meant = !holds(screen, &map->rows[i]) ||
                         (keys_find(map, (enum screen_id)screen, map->rows[i].key) == map->rows[i].verb &&
                          (map->rows[i].alternate == 0 ||
                           keys_find(map, (enum screen_id)screen, map->rows[i].alternate) == map->rows[i].verb));
            if (!meant) return screens[screen].name;
        }
    }
    return NULL;
}

/* ---- the operator's own keys ---- */

const char *context_name(unsigned context)
{
    return context < CONTEXT_COUNT ? context_names[context] : NULL;
}

static enum verb verb_of(const char *name)
{
    for (unsigned verb = 1; verb < VERB_COUNT; verb++)
        if (strcmp(names[verb], name) == 0) return (enum verb)verb;
    return VERB_none;
}

/* Does anybody do that on a screen of the context? What a verb does is the screen's, or the same everywhere. */
static bool done_there(const struct keymap *map, uint64_t context, enum verb verb)
{
    const uint64_t anywhere = IN(any) | IN(go) | IN(far) | IN(move);
    for (unsigned screen = 0; screen < SCREEN_COUNT; screen++) {
        if ((screens[screen].contexts & context) == 0) continue;
        if (verb_named(map, (enum screen_id)screen, verb_name(verb)) != VERB_none) return true;
        for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
            if (usual[i].verb == verb && (usual[i].context & anywhere) && (screens[screen].contexts & IN(any)))
                return true;
    }
    return false;
}

/* A character that is wanted as a text must not be taken away from it. */
static bool typed_there(uint64_t context, uint32_t key)
{
    if (key < ' ' || key >= K_UP) return false;
    for (unsigned screen = 0; screen < SCREEN_COUNT; screen++)
        if ((screens[screen].contexts & context) && (screens[screen].contexts & IN(caret))) return true;
    return false;
}

/* What the key means on a screen of the context by another one's row; NULL: nothing else than the verb. */
static const struct key_row *taken_by(const struct keymap *map, uint64_t context, uint32_t key, enum verb verb)
{
    for (unsigned screen = 0; screen < SCREEN_COUNT; screen++)
        for (size_t i = 0; i < map->count && (screens[screen].contexts & context); i++) {
            const struct key_row *row = &map->rows[i];
            bool same = row->key == key || row->alternate == key;
            if (same && holds((enum screen_id)screen, row) && row->context != context && row->verb != verb) return row;
        }
    return NULL;
}

static void remove_row(struct keymap *map, size_t at)
{
    map->count--;
    memmove(&map->rows[at], &map->rows[at + 1], (map->count - at) * sizeof map->rows[0]);
}

/* A row that loses its last key hands its place in the hints on to the verb's next one. */
static void unbind(struct keymap *map, uint64_t context, uint32_t key)
{
    for (size_t i = map->count; i-- > 0;) {
        struct key_row *row = &map->rows[i];
        if (row->context != context || (row->key != key && row->alternate != key)) continue;
        if (row->key == key) row->key = row->alternate;
        row->alternate = 0;
        if (row->key != 0) continue;
        struct key_row gone = *row;
        remove_row(map, i);
        for (size_t j = i; j < map->count && *gone.help != '\0'; j++) {
            if (map->rows[j].context != context || map->rows[j].verb != gone.verb || *map->rows[j].help != '\0')
                continue;
            map->rows[j].help = gone.help;
            break;
        }
    }
}

/* Before the verb's other rows there, so that hints name the operator's own key; else before all of them. */
static void insert(struct keymap *map, uint64_t context, uint32_t key, enum verb verb)
{
    size_t at = 0;
    struct key_row row = {context, key, 0, verb, ""};
    for (size_t i = 0; i < map->count && *row.help == '\0'; i++) {
        if (map->rows[i].verb != verb || *map->rows[i].help == '\0') continue;
        row.help = map->rows[i].help;
        if (map->rows[i].context != context) continue;
        map->rows[i].help = "";
        at = i;
    }
    for (size_t i = 0; i < sizeof usual / sizeof *usual && *row.help == '\0'; i++)
        if (usual[i].verb == verb) row.help = usual[i].help;
    memmove(&map->rows[at + 1], &map->rows[at], (map->count - at) * sizeof map->rows[0]);
    map->rows[at] = row;
    map->count++;
}

enum key_fault keys_bind(struct keymap *map, const char *context, const char *key, const char *verb,
                         struct key_row *taken)
{
    unsigned number = 0;
    uint32_t code = key_named(key);
    enum verb wanted_verb = verb_of(verb);
    while (number < CONTEXT_COUNT && strcmp(context_names[number], context) != 0)
        number++;
    if (number == CONTEXT_COUNT) return KEY_NO_CONTEXT;
    if (code == 0) return KEY_NO_KEY;
    uint64_t bit = 1ull << number;
    if (strcmp(verb, "none") == 0) {
        unbind(map, bit, code);
        return KEY_FINE;
    }
    if (wanted_verb == VERB_none) return KEY_NO_VERB;
    if (!done_there(map, bit, wanted_verb)) return KEY_NOT_THERE;
    if (typed_there(bit, code)) return KEY_TYPED;
    const struct key_row *other = taken_by(map, bit, code, wanted_verb);
    if (other != NULL) *taken = *other;
    if (other != NULL) return KEY_TAKEN;
    if (map->count == KEY_ROWS_MAX) return KEY_TOO_MANY;
    unbind(map, bit, code);
    insert(map, bit, code, wanted_verb);
    return KEY_FINE;
}

const char *key_fault_words(enum key_fault fault)
{
    static const char *const words[] = {
        [KEY_FINE] = "",
        [KEY_NO_CONTEXT] = N_("there are no keys of {text}; duban config --keys names what there is"),
        [KEY_NO_KEY] = N_("{text} is no key: a character, ^X, F1 to F12, Enter, Esc, Tab, Space, Up, PgDn..."),
        [KEY_NO_VERB] = N_("nothing is called {text}; duban config --keys names what there is, none unbinds"),
        [KEY_NOT_THERE] = N_("{text} is nothing that can be done there"),
        [KEY_TYPED] = N_("{text} is a character, and there one types: only control and function keys are free"),
        [KEY_TAKEN] = N_("the key means something else there; this frees it: {text}"),
        [KEY_TOO_MANY] = N_("too many keys"),
    };
    return tr(words[fault]);
}

void keys_print(const struct key_row *row, const char *before, struct str *out)
{
    const uint32_t keys[] = {row->key, row->alternate};
    unsigned context = 0;
    while (row->context != 1ull << context)
        context++;
    for (size_t i = 0; i < 2 && keys[i] != 0; i++) {
        str_printf(out, "%s%s ", before, context_names[context]);
        put_key(keys[i], out);
        str_printf(out, " %s\n", row->verb == VERB_none ? "none" : verb_name(row->verb));
    }
}
