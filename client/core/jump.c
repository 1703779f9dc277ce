/* jump.c - see jump.h. */
#include "client/core/jump.h"

#include "client/core/search.h"

#include "proto/show.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 256 << 20, ONE_BYTES = 4 << 20, SHORT_BYTES = 120, LINE_BYTES = 900, OWN_MAX = 2000 };

/* ---- gathering ---- */

struct gathering {
    struct jump *jump;
    const struct space *space;
    struct arena scratch; /* of one record */
    uint64_t unit;
    uint64_t own[OWN_MAX]; /* projects of the unit, ascending */
    unsigned own_count;
};

static void find_own(struct gathering *job)
{
    struct value unit = number_value((int64_t)job->unit);
    struct walk walk;
    walk_start(&walk, job->space, IX_project_responsible, &unit, 1);
    while (job->unit != 0 && job->own_count < OWN_MAX && walk_next(&walk, &job->own[job->own_count]))
        job->own_count++;
}

static int by_id(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static bool names(const struct gathering *job, unsigned kind, uint64_t id)
{
    if (kind == KIND_unit) return id == job->unit;
    return kind == KIND_project && bsearch(&id, job->own, job->own_count, sizeof id, by_id) != NULL;
}

static bool is_own(const struct gathering *job, const struct record *record)
{
    const struct field *field;
    if (job->unit == 0) return false;
    bool own = names(job, record->kind, record->id);
    for (unsigned i = F_COMMON_COUNT; !own && (field = field_row(record->kind, i)) != NULL; i++)
        own = field->type == TYPE_REF && field->list_max == 0 && rec_has(record, i) &&
              names(job, field->ref, (uint64_t)rec_num(record, i));
    return own;
}

/* The unique texts by which scripts name it, the first of them is its code. */
static void put_codes(const struct record *record, struct str *first, struct str *all)
{
    for (const struct index_row *row = NULL; (row = index_next(record->kind, row)) != NULL;) {
        bool text = row->unique && row->count == 1 && field_row(record->kind, row->fields[0])->type == TYPE_TEXT;
        if (!text || !rec_has(record, row->fields[0])) continue;
        if (first->used == 0) str_text(first, rec_text(record, row->fields[0]));
        str_text(all, rec_text(record, row->fields[0]));
        str_put(all, " ");
    }
}

void jump_code(const struct record *record, struct str *code)
{
    char line[LINE_BYTES];
    struct str all = str_in(line, sizeof line);
    put_codes(record, code, &all);
}

/* A word is not said twice. */
static void put_new(struct str *line, const char *text)
{
    if (*text == '\0' || strstr(line->at, text) != NULL) return;
    str_put(line, text);
    str_put(line, " ");
}

static void add(struct jump *jump, struct jump_item item, const char *text)
{
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == ' ')
        length--;
    item.text = (struct text){arena_copy(&jump->arena, text, length), (uint32_t)length};
    if (item.text.at != NULL && item.label != NULL && item.code != NULL && jump->count < jump->room)
        jump->items[jump->count++] = item;
}

static void add_record(struct gathering *job, const struct record *record)
{
    struct jump *jump = job->jump;
    struct show show = {.space = job->space, .arena = &job->scratch};
    char code[SHORT_BYTES], title[LINE_BYTES], brief[LINE_BYTES], line[3 * LINE_BYTES];
    struct str codes = str_in(code, sizeof code), titles = str_in(title, sizeof title);
    struct str briefs = str_in(brief, sizeof brief), all = str_in(line, sizeof line);
    const struct state_row *state = state_row(record->kind, rec_state(record));
    put_codes(record, &codes, &all);
    show_title(&show, record, &titles);
    show_brief(&show, record, &briefs);
    put_new(&all, title);
    put_new(&all, brief);
    struct jump_item item = {.kind = record->kind,
                             .id = record->id,
                             .own = is_own(job, record),
                             .ended = state != NULL && state->final,
                             .code = arena_copy(&jump->arena, code, codes.used),
                             .label = arena_copy(&jump->arena, title, titles.used)};
    add(jump, item, line);
}

static void add_kind(struct gathering *job, const struct kind *kind)
{
    char line[LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    str_printf(&str, "%s %s", tr(kind->plural), kind->name);
    add(job->jump, (struct jump_item){.kind = kind->wire, .code = kind->name, .label = tr(kind->plural)}, line);
    for (uint64_t id = 0; (id = state_next_id(job->space, kind->wire, id)) > 0;) {
        struct record record;
        arena_reuse(&job->scratch);
        if (state_get(job->space, kind->wire, id, &job->scratch, &record) == OK) add_record(job, &record);
    }
}

static unsigned count_records(const struct space *space)
{
    unsigned count = 0;
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        count++;
        for (uint64_t id = 0; count < JUMP_MAX && (id = state_next_id(space, kind->wire, id)) > 0;)
            count++;
    }
    return count;
}

enum err jump_build(struct jump *jump, const struct space *space, uint64_t unit, unsigned more)
{
    struct gathering *job = calloc(1, sizeof *job);
    *jump = (struct jump){.count = 0};
    arena_init(&jump->arena, ARENA_BYTES);
    if (job == NULL) return ERR_MEMORY;
    *job = (struct gathering){.jump = jump, .space = space, .unit = unit};
    jump->room = count_records(job->space) + more;
    jump->items = arena_get(&jump->arena, jump->room * sizeof *jump->items);
    jump->scores = arena_get(&jump->arena, jump->room * sizeof *jump->scores);
    enum err err = jump->items != NULL && jump->scores != NULL ? OK : ERR_MEMORY;
    if (err != OK) jump->room = 0;
    arena_init(&job->scratch, ONE_BYTES);
    find_own(job);
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        add_kind(job, kind);
    arena_clear(&job->scratch);
    free(job);
    return err;
}

void jump_free(struct jump *jump)
{
    arena_clear(&jump->arena);
    *jump = (struct jump){.count = 0};
}

void jump_add(struct jump *jump, uint64_t id, const char *label)
{
    add(jump, (struct jump_item){.id = id, .code = "", .label = label}, label);
}

/* ---- finding ---- */

/* What people go to most, before the papers about it. */
static unsigned weight_of(const struct jump_item *item)
{
    static const uint8_t first[] = {KIND_project, KIND_unit, KIND_person, KIND_operator};
    if (item->id == 0 || item->kind == 0) return 0;
    for (unsigned i = 0; i < sizeof first; i++)
        if (first[i] == item->kind) return i + 1;
    return sizeof first + 1;
}

/* One number by which the best comes first: rank, own, weight, ended, length, and where it stands. */
enum { RANK_AT = 60, OWN_AT = 59, WEIGHT_AT = 48, ENDED_AT = 44, LENGTH_AT = 28 };

static uint64_t score_of(const struct jump_item *item, enum search_rank rank, unsigned index)
{
    bool far = item->kind != 0 && item->id != 0 && !item->own;
    return (uint64_t)(SEARCH_WHOLE - rank) << RANK_AT | (uint64_t)far << OWN_AT |
           (uint64_t)weight_of(item) << WEIGHT_AT | (uint64_t)item->ended << ENDED_AT |
           (uint64_t)(item->text.length & 0xFFFF) << LENGTH_AT | index;
}

unsigned jump_find(struct jump *jump, struct text words, unsigned *found, unsigned max)
{
    unsigned count = 0;
    for (unsigned i = 0; i < jump->count; i++) {
        enum search_rank rank = search_rank(words, jump->items[i].text);
        if (rank != SEARCH_NOT) jump->scores[count++] = score_of(&jump->items[i], rank, i);
    }
    qsort(jump->scores, count, sizeof *jump->scores, by_id);
    if (count > max) count = max;
    for (unsigned i = 0; i < count; i++)
        found[i] = (unsigned)(jump->scores[i] & ((1u << LENGTH_AT) - 1));
    return count;
}
