/* select.c - see select.h. */
#include "client/cli/select.h"

#include "client/cli/cell.h"
#include "client/cli/out.h"
#include "client/core/resolve.h"
#include "client/core/search.h"

#include <stdlib.h>
#include <string.h>

enum { FILTERS_MAX = 32, BY_ID = -1 };

struct filter {
    unsigned position;
    struct value value;
    uint32_t states; /* of a filter by state: bits ST_x */
};

struct selecting {
    struct cli *cli;
    unsigned kind;
    unsigned filter_count;
    struct filter filters[FILTERS_MAX];
    const char *find;
    int sort;
    bool descending;
    long limit;
    unsigned room;
    struct selection *selection;
};

/* ---- the line ---- */

static enum err refuse_option(const char *name, struct refusal *why)
{
    char text[REFUSAL_TEXT_MAX];
    struct str str = str_in(text, sizeof text);
    str_printf(&str, "--%s", name);
    return refuse_text(why, ERR_USAGE, text);
}

bool select_column(unsigned kind, const char *name, int *position)
{
    char word[64];
    struct str str = str_in(word, sizeof word);
    unsigned found;
    for (const char *at = name; *at != '\0'; at++)
        str_printf(&str, "%c", *at == '-' ? '_' : *at);
    *position = BY_ID;
    if (strcmp(word, "id") == 0) return true;
    if (field_named(kind, word, &found) == NULL) return false;
    *position = (int)found;
    return true;
}

/* States by name or by label, several parted by commas. */
static enum err read_states(unsigned kind, const char *value, uint32_t *states, struct refusal *why)
{
    *states = 0;
    for (const char *at = value; *at != '\0';) {
        size_t length = strcspn(at, ",");
        char word[80];
        struct str str = str_in(word, sizeof word);
        str_text(&str, (struct text){at, (uint32_t)length});
        const struct state_row *found = state_named(kind, word);
        for (const struct state_row *row = NULL; found == NULL && (row = state_next(kind, row)) != NULL;)
            if (strcmp(tr(row->label), word) == 0) found = row;
        if (found == NULL) return refuse_text(why, ERR_USAGE, word);
        *states |= 1u << found->wire;
        at += length + (at[length] == ',');
    }
    return OK;
}

static enum err read_filter(struct selecting *job, const struct arg_option *option, unsigned position,
                            struct refusal *why)
{
    if (job->filter_count == FILTERS_MAX) return refuse_option(option->name, why);
    struct filter *filter = &job->filters[job->filter_count++];
    *filter = (struct filter){.position = position};
    if (position == F_STATE) return read_states(job->kind, option->value, &filter->states, why);
    enum type type = field_row(job->kind, position)->type;
    if (type == TYPE_NOTE || type == TYPE_TEXT) { /* as typed: bounds are for what is recorded */
        filter->value = (struct value){.set = true, .as.text = text_of(option->value)};
        return OK;
    }
    return resolve_value(job->cli->client, job->kind, position, text_of(option->value), &job->cli->arena,
                         &filter->value, why);
}

static enum err read_sort(struct selecting *job, struct refusal *why)
{
    const char *name = args_value(&job->cli->args, "sort");
    job->sort = BY_ID;
    if (name == NULL) return OK;
    job->descending = *name == '-';
    return select_column(job->kind, name + job->descending, &job->sort) ? OK : refuse_option("sort", why);
}

/* --where field=value is --field value, for whoever has both as data. */
static enum err read_where(struct selecting *job, struct refusal *why)
{
    const struct args *args = &job->cli->args;
    for (unsigned i = 0; i < args->option_count; i++) {
        const char *equals = strcmp(args->options[i].name, "where") == 0 ? strchr(args->options[i].value, '=') : NULL;
        char name[64];
        struct str str = str_in(name, sizeof name);
        int position;
        if (strcmp(args->options[i].name, "where") != 0) continue;
        if (equals == NULL) return refuse_option("where", why);
        str_text(&str, (struct text){args->options[i].value, (uint32_t)(equals - args->options[i].value)});
        if (!select_column(job->kind, name, &position) || position == BY_ID) return refuse_text(why, ERR_USAGE, name);
        struct arg_option option = {name, equals + 1};
        enum err err = read_filter(job, &option, (unsigned)position, why);
        if (err != OK) return err;
    }
    return OK;
}

static enum err read_line(struct selecting *job, const char *others, struct refusal *why)
{
    const struct args *args = &job->cli->args;
    for (unsigned i = 0; i < args->option_count; i++) {
        const struct arg_option *option = &args->options[i];
        unsigned position;
        if (word_in(others, option->name) || word_in(SELECT_OPTIONS, option->name)) continue;
        if (option->value == NULL || field_named(job->kind, option->name, &position) == NULL)
            return refuse_option(option->name, why);
        enum err err = read_filter(job, option, position, why);
        if (err != OK) return err;
    }
    enum err wrong = read_where(job, why);
    if (wrong != OK) return wrong;
    job->find = args_value(args, "find");
    enum err err = read_sort(job, why);
    return err == OK ? args_number(args, "limit", 1000000, 0, &job->limit, why) : err;
}

/* ---- what is seen on demand only ---- */

static bool on_demand(unsigned kind)
{
    for (const struct see *row = NULL; (row = see_next(kind, row)) != NULL;)
        if (row->level == SEE_DEMAND) return true;
    return false;
}

static const struct filter *filter_of(const struct selecting *job, unsigned position)
{
    for (unsigned i = 0; i < job->filter_count; i++)
        if (job->filters[i].position == position && position != F_STATE) return &job->filters[i];
    return NULL;
}

/* Asks by the index of which the filters give the most first fields. */
static void ask_daemon(struct selecting *job)
{
    struct value best[INDEX_FIELDS_MAX];
    unsigned best_count = 0, best_index = 0;
    for (const struct index_row *row = NULL; (row = index_next(job->kind, row)) != NULL;) {
        struct value values[INDEX_FIELDS_MAX];
        unsigned count = 0;
        const struct filter *filter;
        while (count < row->count && (filter = filter_of(job, row->fields[count])) != NULL && filter->value.set)
            values[count++] = filter->value;
        if (count <= best_count) continue;
        best_count = count;
        best_index = row->wire;
        memcpy(best, values, sizeof best);
    }
    if (best_count > 0 && client_find(job->cli->client, best_index, best, best_count)) session_await(job->cli);
}

/* ---- choosing ---- */

static bool contains(struct text text, struct text part)
{
    return part.length == 0 || memmem(text.at, text.length, part.at, part.length) != NULL;
}

static bool fits(const struct record *record, const struct filter *filter)
{
    const struct field *field = field_row(record->kind, filter->position);
    const struct value *value = &record->values[filter->position];
    if (filter->position == F_STATE) return filter->states >> rec_state(record) & 1;
    if (!filter->value.set) return !value->set; /* --field "": those without */
    if (!value->set) return false;
    if (field->type == TYPE_NOTE) return contains(value->as.text, filter->value.as.text);
    if (field->list_max == 0) return value_equal(field, value, &filter->value);
    for (unsigned i = 0; i < filter->value.count; i++)
        if (rec_lists(record, filter->position, filter->value.as.list[i])) return true;
    return false;
}

/* Filters of different fields all have to fit, of one field any. */
static bool fits_all(const struct selecting *job, const struct record *record)
{
    for (unsigned i = 0; i < job->filter_count; i++) {
        bool any = false;
        for (unsigned j = 0; j < job->filter_count && !any; j++)
            any = job->filters[j].position == job->filters[i].position && fits(record, &job->filters[j]);
        if (!any) return false;
    }
    return true;
}

/* The words are looked for in the title and in what a list shows. */
static bool found(const struct selecting *job, const struct record *record, struct arena *arena)
{
    char buffer[CELL_BYTES_MAX];
    struct str str = str_in(buffer, sizeof buffer);
    struct show show = session_show(job->cli, arena, false);
    uint64_t mask = list_mask(job->kind);
    if (job->find == NULL) return true;
    show_title(&show, record, &str);
    for (unsigned i = 0; field_row(job->kind, i) != NULL; i++) {
        if ((mask & FIELD_BIT(i)) == 0) continue;
        str_put(&str, "\n");
        show_value(&show, record, i, &str);
    }
    return search_match(text_of(job->find), (struct text){buffer, (uint32_t)str.used});
}

static enum err add(struct selecting *job, const struct record *record, struct arena *scratch)
{
    struct selection *selection = job->selection;
    struct arena *arena = &job->cli->arena;
    if (selection->count == job->room) {
        unsigned room = job->room > 0 ? 2 * job->room : 64;
        struct selected *grown = arena_get(arena, room * sizeof *grown);
        if (grown == NULL) return ERR_MEMORY;
        if (job->room > 0) memcpy(grown, selection->rows, job->room * sizeof *grown);
        selection->rows = grown;
        job->room = room;
    }
    struct selected *row = &selection->rows[selection->count++];
    *row = (struct selected){.id = record->id, .number = (int64_t)record->id, .text = {"", 0}};
    if (job->sort == BY_ID) return OK;
    const struct field *field = field_row(job->kind, (unsigned)job->sort);
    bool by_text = field->type == TYPE_TEXT || field->type == TYPE_NOTE || field->type == TYPE_REF ||
                   field->type == TYPE_BYTES || field->list_max > 0;
    row->number = by_text ? 0 : rec_num(record, (unsigned)job->sort);
    if (!by_text) return OK;
    struct show show = session_show(job->cli, scratch, true);
    struct text text = cell_text(&show, record, (unsigned)job->sort);
    const char *kept = arena_copy(arena, text.at, text.length);
    if (kept != NULL) row->text = (struct text){kept, text.length};
    return kept != NULL ? OK : ERR_MEMORY;
}

static int compare(const void *left, const void *right)
{
    const struct selected *a = left, *b = right;
    uint32_t shorter = a->text.length < b->text.length ? a->text.length : b->text.length;
    int order = memcmp(a->text.at, b->text.at, shorter);
    if (order != 0) return order;
    if (a->text.length != b->text.length) return a->text.length < b->text.length ? -1 : 1;
    if (a->number != b->number) return a->number < b->number ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

static int compare_down(const void *left, const void *right)
{
    return compare(right, left);
}

enum err select_records(struct cli *cli, unsigned kind, const char *others, struct selection *selection,
                        struct refusal *why)
{
    struct selecting job = {.cli = cli, .kind = kind, .selection = selection};
    struct arena scratch;
    *selection = (struct selection){.count = 0};
    enum err err = read_line(&job, others, why);
    if (err != OK) return err;
    if (on_demand(kind)) ask_daemon(&job);
    arena_init(&scratch, 16 << 20);
    for (uint64_t id = 0; err == OK && (id = state_next_id(client_space(cli->client), kind, id)) > 0;) {
        struct record record;
        err = state_get(client_space(cli->client), kind, id, &scratch, &record);
        if (err == OK && fits_all(&job, &record) && found(&job, &record, &scratch)) err = add(&job, &record, &scratch);
        arena_reuse(&scratch);
    }
    arena_clear(&scratch);
    if (err != OK) return refuse(why, err);
    if (selection->count > 1)
        qsort(selection->rows, selection->count, sizeof *selection->rows, job.descending ? compare_down : compare);
    if (job.limit > 0 && selection->count > (unsigned long)job.limit) selection->count = (unsigned)job.limit;
    return OK;
}
