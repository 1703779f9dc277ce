/* target.c - see target.h. */
#include "client/cli/target.h"

#include "client/core/resolve.h"
#include "proto/check.h"
#include "proto/owed.h"
#include "proto/progress.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- what names a record ---- */

static bool can_be_typed(const struct index_row *row)
{
    for (unsigned i = 0; i < row->count; i++)
        if (row->fields[i] < F_COMMON_COUNT || field_row(row->kind, row->fields[i])->type == TYPE_BYTES) return false;
    return row->unique;
}

/* A record that is still to be made can't be named by what only rules fill in, such as a number. */
static bool can_be_given(const struct index_row *row, const struct action *action)
{
    if (action == NULL || action->from != 1) return true;
    for (unsigned i = 0; i < row->count; i++)
        if ((field_row(row->kind, row->fields[i])->fill >> action->wire & 1) == 0) return false;
    return true;
}

struct naming naming_of(unsigned kind, const struct action *action)
{
    struct naming naming = {.index = 0};
    const struct field *field;
    for (const struct index_row *row = NULL; (row = index_next(kind, row)) != NULL;) {
        if (!can_be_typed(row) || !can_be_given(row, action)) continue;
        naming.index = row->wire;
        naming.count = row->count;
        memcpy(naming.fields, row->fields, row->count);
        naming.revised = row->count > 1 && strcmp(field_row(kind, row->fields[row->count - 1])->name, "revision") == 0;
        return naming;
    }
    if (action == NULL || (action->from & 1) == 0) return naming;
    for (unsigned i = 0; (field = field_row(kind, i)) != NULL && naming.count < INDEX_FIELDS_MAX; i++)
        if ((field->need >> action->wire & 1) && field->type != TYPE_BYTES) naming.fields[naming.count++] = (uint8_t)i;
    return naming;
}

void naming_usage(unsigned kind, const struct naming *naming, struct str *out)
{
    for (unsigned i = 0; i < naming->count; i++) {
        bool optional = naming->revised && i + 1 == naming->count;
        str_put(out, optional ? " [" : " ");
        for (const char *at = field_row(kind, naming->fields[i])->name; *at != '\0'; at++)
            str_printf(out, "%c", *at == '_' ? '-' : toupper((unsigned char)*at));
        if (optional) str_put(out, "]");
    }
}

/* ---- reading the words ---- */

static bool read_id(const char *word, uint64_t *id)
{
    char *end;
    if (*word == '#') word++;
    if (!isdigit((unsigned char)*word)) return false;
    *id = strtoull(word, &end, 10);
    return *end == '\0' && *id > 0 && *id <= INT64_MAX / 64;
}

/* Puts words, or options of the same names, into the key. */
static enum err read_key(struct cli *cli, unsigned kind, const struct naming *naming, const char *const *words,
                         unsigned count, struct target *target, struct refusal *why)
{
    if (count > naming->count) return refuse_text(why, ERR_USAGE, words[naming->count]);
    for (unsigned i = 0; i < naming->count; i++) {
        unsigned position = naming->fields[i];
        const char *word = i < count ? words[i] : args_value(&cli->args, field_row(kind, position)->name);
        struct value *value = &target->key.values[position];
        if (word == NULL) continue;
        enum err err = resolve_value(cli->client, kind, position, text_of(word), &cli->arena, value, why);
        if (err != OK) {
            if (err == ERR_BAD_REF) refuse_text(why, ERR_NOT_FOUND, word);
            return why->err;
        }
        if (value->set) target->given |= FIELD_BIT(position);
    }
    return OK;
}

/* How many of the naming fields are given without a gap. */
static unsigned given_count(const struct naming *naming, const struct target *target)
{
    unsigned count = 0;
    while (count < naming->count && (target->given & FIELD_BIT(naming->fields[count])))
        count++;
    return count;
}

/* ---- looking it up ---- */

struct looking {
    struct cli *cli;
    unsigned kind;
    const struct action *action;
    const struct naming *naming;
    struct value values[INDEX_FIELDS_MAX];
    unsigned count; /* of values: without the revision perhaps */
};

static bool is_final(const struct record *record)
{
    const struct state_row *row = state_row(record->kind, rec_state(record));
    return row != NULL && row->final;
}

/* Of several revisions: the newest on which the action is possible; else the one that counts. */
static uint64_t best_revision(const struct looking *job)
{
    const struct space *space = client_space(job->cli->client);
    struct arena *arena = &job->cli->arena;
    uint64_t id, possible = 0, newest = 0, alive = 0;
    struct record record;
    struct walk walk;
    walk_start(&walk, space, job->naming->index, job->values, job->count);
    while (walk_next(&walk, &id)) {
        if (state_get(space, job->kind, id, arena, &record) != OK) continue;
        newest = id;
        if (!is_final(&record)) alive = id;
        if (job->action != NULL && (job->action->from >> rec_state(&record) & 1)) possible = id;
    }
    if (possible != 0) return possible;
    uint64_t of = (uint64_t)job->values[0].as.number;
    if (paper_kind(job->kind) != NULL &&
        paper_find(space, job->kind, of, (month_t){(int32_t)job->values[1].as.number}, arena, &record) == OK)
        return record.id;
    if (job->kind == KIND_target && target_find(space, of, (int)job->values[1].as.number, arena, &record) == OK)
        return record.id;
    return alive != 0 ? alive : newest;
}

static uint64_t look_up(const struct looking *job)
{
    if (job->count < job->naming->count) return best_revision(job);
    return state_find(client_space(job->cli->client), job->naming->index, job->values, job->count);
}

/* ---- what own acts will make ---- */

static bool same_key(const struct looking *job, const struct record *args)
{
    for (unsigned i = 0; i < job->count; i++) {
        unsigned position = job->naming->fields[i];
        if (!value_equal(field_row(job->kind, position), &args->values[position], &job->values[i])) return false;
    }
    return true;
}

/* The command of ours that makes the record, when it waits or the record has not arrived yet. */
static int64_t waiting_maker(const struct looking *job)
{
    const struct outbox *outbox = client_outbox(job->cli->client);
    for (unsigned i = outbox->count; i-- > 0;) {
        const struct out_item *item = &outbox->items[i];
        struct command command;
        if (item->kind != job->kind || item->target != 0 || item->state == OUT_REFUSED) continue;
        if (outbox_command(item, &job->cli->arena, &command) != OK || !same_key(job, &command.args)) continue;
        return -(int64_t)item->counter;
    }
    return 0;
}

static enum err find_by_key(struct looking *job, struct target *target, struct refusal *why)
{
    bool makes = job->action != NULL && (job->action->from & 1);
    target->id = (int64_t)look_up(job);
    if (target->id == 0 && !makes && client_find(job->cli->client, job->naming->index, job->values, job->count)) {
        session_await(job->cli);
        target->id = (int64_t)look_up(job);
    }
    if (target->id == 0 && job->action != NULL) target->id = waiting_maker(job);
    if (target->id != 0 && makes && job->action->from == 1) target->id = 0; /* let it be refused as being there */
    return target->id != 0 || makes ? OK : refuse(why, ERR_NOT_FOUND);
}

/* ---- by id, by name ---- */

static enum err find_by_id(struct cli *cli, unsigned kind, uint64_t id, struct target *target, struct refusal *why)
{
    stamp_t as_of;
    if (session_fetch(cli, kind, id, &as_of) == KNOWN_NOT) return refuse(why, ERR_NOT_FOUND);
    target->id = (int64_t)id;
    return OK;
}

/* A word that is not made for the index: a short name, a title. */
static enum err find_by_name(struct cli *cli, unsigned kind, const char *word, struct target *target,
                             struct refusal *why)
{
    target->id = (int64_t)resolve_ref(cli->client, kind, text_of(word), &cli->arena);
    return target->id != 0 ? OK : refuse(why, ERR_NOT_FOUND);
}

static enum err refuse_naming(unsigned kind, const struct naming *naming, struct refusal *why)
{
    char text[REFUSAL_TEXT_MAX];
    struct str str = str_in(text, sizeof text);
    str_put(&str, "ID");
    if (naming->index != 0) {
        str_put(&str, " |");
        naming_usage(kind, naming, &str);
    }
    return refuse_text(why, ERR_USAGE, text);
}

/* By the naming fields; what the word can mean besides is tried last. */
static enum err find_by_words(struct looking *job, const char *const *words, unsigned count, struct target *target,
                              struct refusal *why)
{
    const struct naming *naming = job->naming;
    bool only_makes = job->action != NULL && job->action->from == 1;
    enum err err = read_key(job->cli, job->kind, naming, words, count, target, why);
    if (err != OK || naming->index == 0) return err;
    job->count = given_count(naming, target);
    bool whole = job->count == naming->count || (naming->revised && job->count + 1 == naming->count);
    if (!whole) return only_makes ? OK : refuse_naming(job->kind, naming, why);
    for (unsigned i = 0; i < job->count; i++)
        job->values[i] = target->key.values[naming->fields[i]];
    return find_by_key(job, target, why);
}

enum err target_named(struct cli *cli, unsigned kind, const struct action *action, const char *const *words,
                      unsigned count, struct target *target, struct refusal *why)
{
    struct naming naming = naming_of(kind, action);
    struct looking job = {.cli = cli, .kind = kind, .action = action, .naming = &naming};
    bool makes = action != NULL && (action->from & 1), only_makes = makes && action->from == 1;
    uint64_t id;
    *target = (struct target){.key = record_make(kind, 0)};
    bool is_id = count == 1 && !only_makes && read_id(words[0], &id);
    if (is_id && (*words[0] == '#' || naming.count != 1)) return find_by_id(cli, kind, id, target, why);
    if (count == 0 && kind == KIND_registry) return find_by_id(cli, kind, 1, target, why);
    if (count == 1 && !makes && naming.count <= 1) {
        if (find_by_name(cli, kind, words[0], target, why) == OK) return OK;
        if (is_id && find_by_id(cli, kind, id, target, why) == OK) return OK;
    }
    if (naming.index == 0 && !makes) return count == 1 ? refuse(why, ERR_NOT_FOUND) : refuse_naming(kind, &naming, why);
    return find_by_words(&job, words, count, target, why);
}
