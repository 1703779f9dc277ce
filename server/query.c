/* query.c - see query.h. */
#include "server/query.h"

#include "proto/journal.h"
#include "server/check.h"
#include "server/query_points.h"

#include <string.h>

enum { HISTORY_LINES_MAX = 40, PROOF_BYTES_AIM = 60 * 1024, FIND_BYTES_AIM = 100 * 1024, PRESENCE_MAX = 2000 };

struct job {
    const struct query *query;
    const struct actor *actor;
    struct sessions *sessions;
    const struct space *space;
    struct arena *arena;
    struct result *result;
};

/* Adds a record when the actor may see it. *seen tells. */
static enum err add_record(struct job *job, unsigned kind, uint64_t id, bool *seen)
{
    struct record record;
    *seen = false;
    enum err err = state_get(job->space, kind, id, job->arena, &record);
    if (err != OK) return err;
    if (may_see(job->space, &record, job->actor, job->arena) == SEE_NOTHING) return OK;
    job->result->records[job->result->count++] =
        (struct wire_change){.op = OP_WHOLE, .record = record, .mask = record_mask(&record)};
    *seen = true;
    return OK;
}

static enum err answer_get(struct job *job)
{
    bool seen = false;
    if (kind_row(job->query->kind) == NULL) return ERR_NOT_FOUND;
    enum err err = add_record(job, job->query->kind, job->query->id, &seen);
    return err == OK && !seen ? ERR_NOT_FOUND : err;
}

static size_t packed_bytes(const struct wire_change *change)
{
    struct pack pack;
    pack_init(&pack, FRAME_BYTES_MAX);
    wire_change_pack(&pack, change);
    size_t bytes = pack.failed ? (size_t)FRAME_BYTES_MAX : pack.used;
    pack_free(&pack);
    return bytes;
}

/* The place in the index behind the record that the last page ended with. One that the asker may not see is
 * as if it were not there: what follows it would tell where it stands. */
static bool go_behind(struct job *job, const struct index_row *row, struct walk *walk)
{
    struct record last;
    if (job->query->id == 0) return true;
    return state_get(job->space, row->kind, job->query->id, job->arena, &last) == OK &&
           may_see(job->space, &last, job->actor, job->arena) != SEE_NOTHING && walk_behind(walk, &last);
}

/* Rows in the order of the index, behind the record query->id; a page is full by number or by bytes. */
static enum err answer_find(struct job *job)
{
    const struct index_row *row = index_row(job->query->index);
    struct walk walk;
    uint64_t id;
    size_t bytes = 0;
    if (row == NULL || job->query->misfit) return ERR_NOT_FOUND;
    walk_start(&walk, job->space, row->wire, job->query->values, job->query->value_count);
    if (!go_behind(job, row, &walk)) return ERR_NOT_FOUND;
    while (walk_next(&walk, &id)) {
        bool seen;
        enum err err = add_record(job, row->kind, id, &seen);
        if (err != OK) return err;
        if (!seen) continue;
        bytes += packed_bytes(&job->result->records[job->result->count - 1]);
        bool first = job->result->count == 1;
        if (job->result->count <= FIND_ROWS_MAX && (first || bytes <= FIND_BYTES_AIM)) continue;
        job->result->count--;
        job->result->more = true;
        return OK;
    }
    return OK;
}

/* ---- history: the record is folded again, so that nobody reads of a time when it was not his to see ---- */

static enum err name_actor(struct job *job, const struct entry *entry, struct history_line *line)
{
    struct record operator;
    line->operator = entry->operator;
    line->name = (struct text){"", 0};
    if (entry->operator == 0) return OK;
    enum err err = state_get(job->space, KIND_operator, entry->operator, job->arena, &operator);
    if (err != OK) return err;
    line->name = rec_text(&operator, operator_name);
    line->unit = (uint64_t)rec_num(&operator, operator_unit);
    return OK;
}

/* What was signed with an act on this very record. That of another record may be another's to see. */
static enum err add_proof(struct job *job, const struct entry *entry, const struct record *record,
                          const struct effect *effects, unsigned count, struct history_line *line)
{
    bool own = count > 0 && effects[0].fields.kind == record->kind && effects[0].fields.id == record->id;
    if (job->query->what != QUERY_PROOF || !own || !line->is_signed) return OK;
    line->command = entry->command;
    line->signature = entry->signature;
    enum err err = entry_key(job->space, entry, job->arena, &line->key);
    return err == OK && line->key.length != KEY_BYTES ? ERR_DAMAGED : err;
}

static enum err history_line(struct job *job, uint64_t number, struct record *record, struct history_line *line,
                             bool *visible)
{
    struct entry entry;
    struct effect *effects;
    struct command command;
    unsigned count;
    enum err err = journal_read(job->space, number, job->arena, &entry, NULL);
    if (err == OK) err = entry_effects(&entry, job->arena, &effects, &count);
    if (err == OK) err = command_peek(entry.command.at, entry.command.length, &command);
    if (err != OK) return err;
    *line = (struct history_line){.number = number,
                                  .time = entry.time,
                                  .kind = command.kind,
                                  .action = command.action,
                                  .is_signed = entry.signature.length > 0};
    for (unsigned i = 0; i < count; i++) {
        if (effects[i].fields.kind != record->kind || effects[i].fields.id != record->id) continue;
        if (!record_merge(record, &effects[i].fields, effects[i].mask, job->arena)) return ERR_MEMORY;
        line->fields = effects[i].fields;
        line->mask = effects[i].mask;
    }
    *visible = may_see(job->space, record, job->actor, job->arena) != SEE_NOTHING;
    err = add_proof(job, &entry, record, effects, count, line);
    return err == OK ? name_actor(job, &entry, line) : err;
}

/* The newest lines before the asked number, newest first: the last ones of the fold are kept in a ring. */
static enum err answer_history(struct job *job)
{
    struct record now, record = record_make(job->query->kind, job->query->id);
    struct history_line *ring = arena_get(job->arena, HISTORY_LINES_MAX * sizeof *ring);
    struct key key;
    struct text value;
    unsigned lines = 0;
    if (ring == NULL) return ERR_MEMORY;
    enum err err =
        kind_row(record.kind) == NULL ? ERR_NOT_FOUND : state_get(job->space, record.kind, record.id, job->arena, &now);
    if (err != OK) return err;
    if (may_see(job->space, &now, job->actor, job->arena) == SEE_NOTHING) return ERR_NOT_FOUND;
    key_clear(&key);
    key_byte(&key, record.kind);
    key_number(&key, record.id);
    struct key prefix = key;
    for (; job->space->seek(job->space->self, TABLE_HISTORY, &key, &value) == OK; key_after(&key)) {
        bool visible;
        if (!key_has_prefix(&key, &prefix)) break;
        uint64_t number = key_read(&key, prefix.used);
        if (job->query->before != 0 && number >= job->query->before) break;
        err = history_line(job, number, &record, &ring[lines % HISTORY_LINES_MAX], &visible);
        if (err != OK) return err;
        lines += visible;
    }
    unsigned count = lines < HISTORY_LINES_MAX ? lines : HISTORY_LINES_MAX;
    size_t bytes = 0;
    for (unsigned i = 0; i < count; i++) {
        const struct history_line *line = &ring[(lines - 1 - i) % HISTORY_LINES_MAX];
        bytes += line->command.length;
        if (i > 0 && bytes > PROOF_BYTES_AIM) break;
        job->result->history[job->result->count++] = *line;
    }
    job->result->more = lines > job->result->count;
    return OK;
}

/* ---- presence ---- */

static void add_presence(void *self, struct session *session)
{
    struct job *job = self;
    if (job->result->count == PRESENCE_MAX || session->actor.type != ACTOR_OPERATOR) return;
    job->result->presences[job->result->count++] = (struct presence_line){.operator = session->actor.operator,
                                                                          .unit = session->actor.unit,
                                                                          .name = session->name,
                                                                          .program = text_of(session->program),
                                                                          .since = session->since,
                                                                          .behind = session->mode != SESSION_LIVE};
}

static enum err answer_presence(struct job *job)
{
    bool office = job->actor->functions >> REL_office & 1, admin = job->actor->roles >> OPT_role_admin & 1;
    if (!office && !admin) return ERR_NOT_ALLOWED;
    sessions_each(job->sessions, add_presence, job);
    return OK;
}

void query_answer(const struct query *query, const struct session *session, struct sessions *sessions,
                  const struct space *space, struct arena *arena, struct pack *pack)
{
    struct result result = {.tag = query->tag, .what = query->what, .kind = query->kind};
    struct job job = {query, &session->actor, sessions, space, arena, &result};
    result.records = arena_get(arena, (FIND_ROWS_MAX + 1) * sizeof *result.records);
    result.history = arena_get(arena, (HISTORY_LINES_MAX + 1) * sizeof *result.history);
    result.presences = arena_get(arena, (PRESENCE_MAX + 1) * sizeof *result.presences);
    if (result.records == NULL || result.history == NULL || result.presences == NULL)
        result.err = ERR_MEMORY;
    else
        switch (query->what) {
        case QUERY_GET: result.err = answer_get(&job); break;
        case QUERY_FIND: result.err = answer_find(&job); break;
        case QUERY_HISTORY:
        case QUERY_PROOF: result.err = answer_history(&job); break;
        case QUERY_PRESENCE: result.err = answer_presence(&job); break;
        case QUERY_POINTS: result.err = answer_points(query, &session->actor, space, arena, &result); break;
        case QUERY_AS_OF: result.err = ERR_INTERNAL; break; /* as_of.c's */
        }
    if (result.err != OK) result.count = 0;
    result_pack(pack, &result);
    if (!pack->failed) return;
    pack_clear(pack); /* larger than a frame: say so rather than nothing */
    result.err = ERR_LIMIT;
    result.count = 0;
    result_pack(pack, &result);
}
