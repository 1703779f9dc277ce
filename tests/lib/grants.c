/* grants.c - see grants.h. */
#include "tests/lib/grants.h"

#include "proto/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GRANTS_MAX = 2000 };

/* One line of the file. */
struct grant {
    bool see;
    unsigned kind;
    uint32_t rows;      /* bits of states, or of the action */
    uint64_t relations; /* bits */
    uint32_t roles;     /* bits, 0: no role needed */
};

static struct grant grants[GRANTS_MAX];
static unsigned grant_count;

static _Noreturn void bad_line(unsigned line, const char *what, const char *word)
{
    fprintf(stderr, "tests/grants.txt:%u: no %s \"%s\"\n", line, what, word);
    abort();
}

static unsigned relation_named(const char *name)
{
    for (const struct relation_row *row = NULL; (row = relation_next(row)) != NULL;)
        if (strcmp(row->name, name) == 0) return row->wire;
    return REL_LIMIT;
}

static uint32_t states_of(unsigned kind, char *words, unsigned line)
{
    uint32_t bits = 0;
    if (strcmp(words, "*") == 0) {
        for (const struct state_row *row = NULL; (row = state_next(kind, row)) != NULL;)
            bits |= 1u << row->wire;
        return bits;
    }
    for (char *rest = words, *word; (word = strsep(&rest, ",")) != NULL;) {
        const struct state_row *row = state_named(kind, word);
        if (row == NULL) bad_line(line, "state", word);
        bits |= 1u << row->wire;
    }
    return bits;
}

static uint64_t relations_of(char *words, unsigned line)
{
    uint64_t bits = 0;
    for (char *rest = words, *word; (word = strsep(&rest, ",")) != NULL;) {
        unsigned relation = relation_named(word);
        if (relation == REL_LIMIT) bad_line(line, "relation", word);
        bits |= 1ull << relation;
    }
    return bits;
}

static uint32_t roles_of(char *words, unsigned line)
{
    uint32_t bits = 0;
    for (char *rest = words, *word; words != NULL && (word = strsep(&rest, ",")) != NULL;) {
        const struct option *row = option_named(CHOICE_role, word);
        if (row == NULL) bad_line(line, "role", word);
        bits |= 1u << row->wire;
    }
    return bits;
}

/* see KIND STATES RELATIONS [ROLES], do KIND ACTION RELATIONS [ROLES] */
static void read_line(char *text, unsigned line)
{
    char *words[6] = {NULL};
    unsigned count = 0;
    text[strcspn(text, "#\r\n")] = '\0';
    for (char *rest = text, *word; (word = strsep(&rest, " \t")) != NULL;)
        if (*word != '\0' && count < 6) words[count++] = word;
    if (count == 0) return;
    if (count < 4 || count > 5) bad_line(line, "grant of four or five words:", text);
    struct grant *grant = &grants[grant_count++];
    if (grant_count == GRANTS_MAX) bad_line(line, "room for", "more");
    const struct kind *kind = kind_named(words[1]);
    if (kind == NULL) bad_line(line, "kind", words[1]);
    *grant = (struct grant){.see = strcmp(words[0], "see") == 0, .kind = kind->wire};
    if (!grant->see && strcmp(words[0], "do") != 0) bad_line(line, "see or do:", words[0]);
    if (grant->see)
        grant->rows = states_of(kind->wire, words[2], line);
    else {
        const struct action *action = action_named(kind->wire, words[2]);
        if (action == NULL) bad_line(line, "action", words[2]);
        grant->rows = 1u << action->wire;
    }
    grant->relations = relations_of(words[3], line);
    grant->roles = roles_of(words[4], line);
}

unsigned grants_count(void)
{
    return grant_count;
}

void grants_read(void)
{
    char text[1000];
    unsigned line = 0;
    FILE *file = fopen("tests/grants.txt", "r");
    grant_count = 0;
    if (file == NULL) return;
    while (fgets(text, sizeof text, file) != NULL)
        read_line(text, ++line);
    fclose(file);
}

bool grants_allow(bool see, unsigned kind, unsigned row, uint64_t relations, uint32_t roles, bool operator)
{
    if (operator) relations |= 1ull << REL_all;
    for (unsigned i = 0; i < grant_count; i++) {
        const struct grant *grant = &grants[i];
        if (grant->see == see && grant->kind == kind && (grant->rows >> row & 1) && (grant->relations & relations) &&
            (grant->roles == 0 || (grant->roles & roles)))
            return true;
    }
    return false;
}
