/* lives.c - see lives.h. */
#include "tests/life/lives.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 40 };

/* One line in words, with where it stands. */
struct line {
    unsigned number, count, at;
    char *words[WORDS_MAX];
};

static _Noreturn void bad_line(const struct line *line, const char *what, const char *word)
{
    fprintf(stderr, "tests/life/lives.txt:%u: no %s \"%s\"\n", line->number, what, word);
    abort();
}

/* ---- words ---- */

static const char *next_word(struct line *line, const char *what)
{
    if (line->at == line->count) bad_line(line, what, "");
    return line->words[line->at++];
}

static void expect(struct line *line, const char *word)
{
    const char *found = next_word(line, word);
    if (strcmp(found, word) != 0) bad_line(line, word, found);
}

static unsigned read_kind(struct line *line)
{
    char name[40];
    const char *word = next_word(line, "kind");
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word, ":"), word);
    const struct kind *kind = kind_named(name);
    if (kind == NULL) bad_line(line, "kind", name);
    return kind->wire;
}

static uint8_t read_field(struct line *line, unsigned kind, const char *word)
{
    unsigned position;
    if (field_named(kind, word, &position) == NULL) bad_line(line, "field", word);
    return (uint8_t)position;
}

/* Is this the last word of a list, with the colon behind it? */
static bool cut_colon(char *word)
{
    size_t length = strlen(word);
    if (length == 0 || word[length - 1] != ':') return false;
    word[length - 1] = '\0';
    return true;
}

static uint32_t state_bit(const struct line *line, unsigned kind, const char *word)
{
    if (strcmp(word, "new") == 0) return 1;
    const struct state_row *row = state_named(kind, word);
    if (row == NULL) bad_line(line, "state", word);
    return 1u << row->wire;
}

/* States up to a word with a colon, or to the end of the line. */
static uint32_t read_states(struct line *line, unsigned kind)
{
    uint32_t states = 0;
    for (bool last = false; !last && line->at < line->count;) {
        char *word = line->words[line->at++];
        last = cut_colon(word);
        states |= state_bit(line, kind, word);
    }
    return states;
}

/* ---- lines ---- */

static void add_path(struct lives *lives, const struct line *line, struct path path)
{
    if (lives->path_count == PATHS_MAX) bad_line(line, "room for", "more");
    if (lives_path(lives, path.kind, path.from, path.by, path.action, path.to) != NULL)
        bad_line(line, "need to say twice", action_row(path.by & (SIDE - 1), path.action)->name);
    lives->paths[lives->path_count++] = path;
    if (path.clock != 0) lives->clock[path.kind][path.from] = path.clock;
}

/* OTHER.ACTION, or an ACTION of `kind`: *by gets the kind, with SIDE when it is named. */
static uint8_t read_act(const struct line *line, unsigned kind, char *word, uint8_t *by)
{
    char *dot = strchr(word, '.');
    *by = (uint8_t)kind;
    if (dot != NULL) {
        *dot = '\0';
        const struct kind *other = kind_named(word);
        if (other == NULL) bad_line(line, "kind", word);
        *by = other->wire | SIDE;
        word = dot + 1;
    }
    const struct action *action = action_named(*by & (SIDE - 1), word);
    if (action == NULL) bad_line(line, "action", word);
    return action->wire;
}

static void read_echo(struct lives *lives, struct line *line)
{
    unsigned kind = read_kind(line);
    while (line->at < line->count) {
        struct echo *echo = &lives->echoes[lives->echo_count++];
        if (lives->echo_count == LAWS_MAX) bad_line(line, "room for", "more");
        echo->kind = (uint8_t)kind;
        echo->action = read_act(line, kind, line->words[line->at++], &echo->by);
    }
}

/* One act of an arrow: ACTION or OTHER.ACTION. */
static void add_paths(struct lives *lives, const struct line *line, struct path path, char *act, uint32_t from,
                      uint32_t to)
{
    path.action = read_act(line, path.kind, act, &path.by);
    for (unsigned i = 0; i < STATE_LIMIT; i++) {
        if ((from >> i & 1) == 0) continue;
        path.from = (uint8_t)i;
        for (unsigned j = 1; j < STATE_LIMIT; j++) {
            path.to = (uint8_t)j;
            if (to >> j & 1) add_path(lives, line, path);
        }
        path.to = (uint8_t)i;
        if (to & 1) add_path(lives, line, path); /* "same" */
    }
}

/* KIND: STATE... -ACTION...-> STATE... [@FIELD] */
static void read_path(struct lives *lives, struct line *line)
{
    struct path path = {.kind = (uint8_t)read_kind(line)};
    char *acts[WORDS_MAX];
    unsigned act_count = 0;
    uint32_t from = 0, to = 0;
    while (line->at < line->count && line->words[line->at][0] != '-')
        from |= state_bit(line, path.kind, line->words[line->at++]);
    if (line->at < line->count) line->words[line->at]++;
    for (bool last = false; !last;) {
        char *word = (char *)(uintptr_t)next_word(line, "arrow"), *end = strstr(word, "->");
        last = end != NULL;
        if (last) *end = '\0';
        acts[act_count++] = word;
    }
    while (line->at < line->count) {
        const char *word = line->words[line->at++];
        if (word[0] == '@')
            path.clock = read_field(line, path.kind, word + 1);
        else
            to |= strcmp(word, "same") == 0 ? 1u : state_bit(line, path.kind, word);
    }
    if (from == 0 || to == 0) bad_line(line, "states in", line->words[0]);
    for (unsigned i = 0; i < act_count; i++)
        add_paths(lives, line, path, acts[i], from, to);
}

static void read_law(struct lives *lives, struct line *line)
{
    static const char *const quantities[] = {"every", "some", "no"};
    struct law *law = &lives->laws[lives->law_count++];
    if (lives->law_count == LAWS_MAX) bad_line(line, "room for", "more");
    law->line = line->number;
    law->parent = (uint8_t)read_kind(line);
    law->states = read_states(line, law->parent);
    const char *word = next_word(line, "quantity");
    unsigned quantity = 0;
    while (quantity < 3 && strcmp(word, quantities[quantity]) != 0)
        quantity++;
    if (quantity == 3) bad_line(line, "quantity", word);
    law->quantity = (enum quantity)quantity;
    law->child = (uint8_t)read_kind(line);
    expect(line, "is");
    law->child_states = read_states(line, law->child);
    uint8_t field = lives->parent[law->child];
    if (field == 0 || field_row(law->child, field)->ref != law->parent) bad_line(line, "child", line->words[1]);
}

static void read_only(struct lives *lives, struct line *line)
{
    struct only *only = &lives->onlies[lives->only_count++];
    if (lives->only_count == LAWS_MAX) bad_line(line, "room for", "more");
    only->kind = (uint8_t)read_kind(line);
    while (line->at < line->count && strcmp(line->words[line->at], "by") != 0)
        only->states |= state_bit(line, only->kind, line->words[line->at++]);
    expect(line, "by");
    while (line->at < line->count && only->count < LAW_FIELDS_MAX)
        only->fields[only->count++] = read_field(line, only->kind, line->words[line->at++]);
}

/* Actions up to the one with the colon. */
static uint32_t read_actions(struct line *line, unsigned kind)
{
    uint32_t actions = 0;
    for (bool last = false; !last;) {
        char *word = (char *)(uintptr_t)next_word(line, "action");
        last = cut_colon(word);
        const struct action *action = action_named(kind, word);
        if (action == NULL) bad_line(line, "action", word);
        actions |= 1u << action->wire;
    }
    return actions;
}

static void read_want(struct lives *lives, struct line *line)
{
    struct want *want = &lives->wants[lives->want_count++];
    if (lives->want_count == LAWS_MAX) bad_line(line, "room for", "more");
    want->kind = (uint8_t)read_kind(line);
    want->actions = read_actions(line, want->kind);
    want->field = read_field(line, want->kind, next_word(line, "field"));
    expect(line, "is");
    want->states = read_states(line, field_row(want->kind, want->field)->ref);
}

static void read_keys(struct lives *lives, struct line *line)
{
    struct keys *keys = &lives->keys[lives->keys_count++];
    if (lives->keys_count == LAWS_MAX) bad_line(line, "room for", "more");
    keys->kind = (uint8_t)read_kind(line);
    keys->state = state_named(keys->kind, next_word(line, "state"))->wire;
    for (uint32_t actions = read_actions(line, keys->kind); actions > 1; actions >>= 1)
        keys->action++;
    while (line->at < line->count) {
        const char *word = line->words[line->at++];
        const struct relation_row *row = NULL;
        while ((row = relation_next(row)) != NULL && strcmp(row->name, word) != 0) {
        }
        if (row == NULL || row->wire > 31) bad_line(line, "function", word);
        keys->functions |= 1u << row->wire;
    }
}

static void read_bar(struct lives *lives, struct line *line)
{
    struct bar *bar = &lives->bars[lives->bar_count++];
    if (lives->bar_count == LAWS_MAX) bad_line(line, "room for", "more");
    bar->kind = (uint8_t)read_kind(line);
    bar->actions = read_actions(line, bar->kind);
    bar->field = read_field(line, bar->kind, next_word(line, "field"));
}

static void read_child(struct lives *lives, struct line *line)
{
    unsigned kind = read_kind(line);
    expect(line, "of");
    lives->parent[kind] = read_field(line, kind, next_word(line, "parent"));
}

static void read_line(struct lives *lives, char *text, unsigned number)
{
    static const struct {
        const char *word;
        void (*read)(struct lives *, struct line *);
    } forms[] = {{"child", read_child}, {"law", read_law}, {"one", read_only}, {"needs", read_want},
                 {"keys", read_keys},   {"bar", read_bar}, {"echo", read_echo}};
    struct line line = {.number = number};
    text[strcspn(text, "#\r\n")] = '\0';
    for (char *rest = text, *word; (word = strsep(&rest, " \t")) != NULL;)
        if (*word != '\0' && line.count < WORDS_MAX) line.words[line.count++] = word;
    if (line.count == 0) return;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (strcmp(line.words[0], forms[i].word) != 0) continue;
        line.at = 1;
        forms[i].read(lives, &line);
        return;
    }
    read_path(lives, &line);
}

static void find_gaps_of(struct lives *lives, const struct action *action, unsigned state)
{
    if (!lives_somebodys(action->kind, action->wire)) return;
    if (lives_path(lives, action->kind, state, action->kind, action->wire, STATE_LIMIT) != NULL) return;
    if (lives->gap_count == GAPS_MAX) abort();
    lives->gaps[lives->gap_count++] = (struct gap){action->kind, (uint8_t)state, action->wire, 0};
}

static void find_gaps(struct lives *lives)
{
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (const struct action *action = NULL; (action = action_next(kind->wire, action)) != NULL;) {
            find_gaps_of(lives, action, ST_none);
            for (const struct state_row *row = NULL; (row = state_next(kind->wire, row)) != NULL;)
                find_gaps_of(lives, action, row->wire);
        }
}

void lives_read(struct lives *lives)
{
    char text[1000];
    unsigned number = 0;
    FILE *file = fopen("tests/life/lives.txt", "r");
    memset(lives, 0, sizeof *lives);
    if (file == NULL) {
        fprintf(stderr, "tests/life/lives.txt is not here: run from the top of the source tree\n");
        abort();
    }
    while (fgets(text, sizeof text, file) != NULL)
        read_line(lives, text, ++number);
    fclose(file);
    find_gaps(lives);
}

/* ---- asking ---- */

bool lives_echo(const struct lives *lives, unsigned kind, unsigned by, unsigned action)
{
    for (unsigned i = 0; i < lives->echo_count; i++) {
        const struct echo *echo = &lives->echoes[i];
        if (echo->kind == kind && echo->by == by && echo->action == action) return true;
    }
    return false;
}

bool lives_somebodys(unsigned kind, unsigned action)
{
    for (const struct may *row = NULL; (row = may_next(kind, row)) != NULL;)
        if (row->action == action && row->relation != REL_rule) return true;
    return false;
}

struct path *lives_path(struct lives *lives, unsigned kind, unsigned from, unsigned by, unsigned action, unsigned to)
{
    for (unsigned i = 0; i < lives->path_count; i++) {
        struct path *path = &lives->paths[i];
        if (path->kind == kind && path->from == from && path->by == by && path->action == action &&
            (to == STATE_LIMIT || path->to == to))
            return path;
    }
    return NULL;
}

const struct want *lives_want(const struct lives *lives, unsigned kind, unsigned action, const struct want *after)
{
    const struct want *end = lives->wants + lives->want_count;
    for (const struct want *want = after != NULL ? after + 1 : lives->wants; want < end; want++)
        if (want->kind == kind && (want->actions >> action & 1)) return want;
    return NULL;
}
