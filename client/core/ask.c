/* ask.c - queries: what is not in the view is asked for, and the answers are kept or given out. */
#include "client/core/private.h"

#include <string.h>

static struct pending *find_pending(struct client *client, uint64_t tag)
{
    for (unsigned i = 0; i < PENDING_MAX; i++)
        if (client->pending[i].tag == tag) return &client->pending[i];
    return NULL;
}

static void forget(struct pending *pending)
{
    arena_clear(&pending->arena);
    *pending = (struct pending){.tag = 0};
}

static bool send_query(struct client *client, const struct query *query)
{
    struct pack pack;
    pack_init(&pack, REQUEST_BYTES_MAX);
    query_pack(&pack, query);
    pack.failed = pack.failed || !client->greeted;
    bool sent = client_send(client, &pack);
    if (sent && client->asked_ms == 0) client->asked_ms = now_ms();
    return sent;
}

/* Is the same thing on its way already? */
static bool asked_already(const struct client *client, const struct query *query)
{
    for (unsigned i = 0; i < PENDING_MAX; i++) {
        const struct query *other = &client->pending[i].query;
        if (client->pending[i].tag != 0 && client->pending[i].keep && query->what == QUERY_GET &&
            other->what == QUERY_GET && other->kind == query->kind && other->id == query->id)
            return true;
    }
    return false;
}

static bool start(struct client *client, const struct query *query, bool keep, uint64_t *tag)
{
    struct pending *pending = find_pending(client, 0);
    if (pending == NULL) return false;
    if (keep && asked_already(client, query)) return true;
    *pending = (struct pending){.keep = keep, .query = *query, .sent_ms = now_ms()};
    arena_init(&pending->arena, 64 * 1024);
    const struct index_row *row = query->what == QUERY_FIND ? index_row(query->index) : NULL;
    for (unsigned i = 0; row != NULL && i < query->value_count; i++) {
        enum type type = field_row(row->kind, row->fields[i])->type;
        struct text *text = &pending->query.values[i].as.text;
        if (type == TYPE_TEXT || type == TYPE_BYTES) text->at = arena_copy(&pending->arena, text->at, text->length);
    }
    pending->query.tag = ++client->last_tag;
    if (!send_query(client, &pending->query)) {
        forget(pending);
        return false;
    }
    pending->tag = pending->query.tag;
    if (tag != NULL) *tag = pending->tag;
    return true;
}

bool client_fetch(struct client *client, unsigned kind, uint64_t id)
{
    if (client->past != NULL) {
        client_fetch_past(client, kind, id);
        return true;
    }
    struct query query = {.what = QUERY_GET, .kind = (uint8_t)kind, .id = id};
    return start(client, &query, true, NULL);
}

bool client_find(struct client *client, enum index_id index, const struct value *values, unsigned count)
{
    if (client->past != NULL) {
        client_find_past(client, index, values, count);
        return true;
    }
    struct query query = {.what = QUERY_FIND, .index = (uint8_t)index, .value_count = count};
    for (unsigned i = 0; i < count; i++)
        query.values[i] = values[i];
    return start(client, &query, true, NULL);
}

bool client_ask(struct client *client, const struct query *query, uint64_t *tag)
{
    struct query until = *query;
    bool lines = query->what == QUERY_HISTORY || query->what == QUERY_PROOF;
    uint64_t number = client->past != NULL ? client->past->view.number : 0; /* nothing from behind it */
    if (number != 0 && lines && query->before == 0) until.before = number + 1;
    if (number != 0 && query->what == QUERY_POINTS && (query->upto == 0 || query->upto > number)) until.upto = number;
    return start(client, &until, false, tag);
}

/* ---- answers ---- */

static struct answered *slot(struct client *client)
{
    struct answered *oldest = &client->results[0];
    for (unsigned i = 0; i < RESULTS_MAX; i++) {
        if (client->results[i].tag == 0) return &client->results[i];
        if (client->results[i].tag < oldest->tag) oldest = &client->results[i];
    }
    arena_clear(&oldest->arena);
    return oldest;
}

static struct text keep_text(struct arena *arena, struct text text)
{
    const char *kept = arena_copy(arena, text.at, text.length);
    return (struct text){kept != NULL ? kept : "", kept != NULL ? text.length : 0};
}

static void keep_proof(struct arena *arena, struct history_line *line)
{
    line->command = keep_text(arena, line->command);
    line->signature = keep_text(arena, line->signature);
    line->key = keep_text(arena, line->key);
}

/* Copies an answer out of the frame that it came in. */
static void keep_result(struct client *client, const struct result *result)
{
    struct answered *kept = slot(client);
    kept->tag = result->tag;
    kept->result = *result;
    arena_init(&kept->arena, 4 << 20);
    if ((result->what == QUERY_HISTORY || result->what == QUERY_PROOF) && result->count > 0) {
        kept->result.history = arena_get(&kept->arena, result->count * sizeof *result->history);
        for (unsigned i = 0; kept->result.history != NULL && i < result->count; i++) {
            kept->result.history[i] = result->history[i];
            kept->result.history[i].name = keep_text(&kept->arena, result->history[i].name);
            record_keep(&kept->result.history[i].fields, &kept->arena);
            keep_proof(&kept->arena, &kept->result.history[i]);
        }
        if (kept->result.history == NULL) kept->result.count = 0;
    }
    if (result->what == QUERY_PRESENCE && result->count > 0) {
        kept->result.presences = arena_get(&kept->arena, result->count * sizeof *result->presences);
        for (unsigned i = 0; kept->result.presences != NULL && i < result->count; i++) {
            kept->result.presences[i] = result->presences[i];
            kept->result.presences[i].name = keep_text(&kept->arena, result->presences[i].name);
            kept->result.presences[i].program = keep_text(&kept->arena, result->presences[i].program);
        }
        if (kept->result.presences == NULL) kept->result.count = 0;
    }
    if (result->what == QUERY_POINTS && result->count > 0) {
        size_t bytes = result->count * sizeof *result->points;
        kept->result.points = arena_get(&kept->arena, bytes);
        if (kept->result.points != NULL)
            memcpy(kept->result.points, result->points, bytes);
        else
            kept->result.count = 0;
    }
    client->events |= EVENT_RESULT;
}

void client_take_result(struct client *client, const struct result *result)
{
    struct pending *pending = result->tag != 0 ? find_pending(client, result->tag) : NULL;
    if (pending == NULL) return;
    if (result->what == QUERY_AS_OF) {
        forget(pending);
        client_take_past(client, result);
        return;
    }
    if (!pending->keep) {
        keep_result(client, result);
        forget(pending);
        return;
    }
    for (unsigned i = 0; i < result->count; i++)
        model_keep_fetched(&client->model, &result->records[i], &client->arena);
    client->events |= EVENT_RECORDS | EVENT_RESULT;
    if (result->more && result->count > 0 && pending->query.what == QUERY_FIND) {
        pending->query.id = result->count > 0 ? result->records[result->count - 1].record.id : 0;
        pending->sent_ms = now_ms();
        if (send_query(client, &pending->query)) return;
    }
    forget(pending);
}

void client_fail_queries(struct client *client, int64_t older_than_ms)
{
    for (unsigned i = 0; i < PENDING_MAX; i++) {
        struct pending *pending = &client->pending[i];
        if (pending->tag == 0 || now_ms() - pending->sent_ms < older_than_ms) continue;
        struct result failed = {.tag = pending->tag, .err = ERR_NO_LINK, .what = pending->query.what};
        if (failed.what == QUERY_AS_OF)
            client_take_past(client, &failed);
        else if (!pending->keep)
            keep_result(client, &failed);
        forget(pending);
        client->events |= EVENT_RESULT;
    }
}

bool client_waits_for_query(const struct client *client, int64_t *since_ms)
{
    bool waits = false;
    for (unsigned i = 0; i < PENDING_MAX; i++) {
        if (client->pending[i].tag == 0) continue;
        if (!waits || client->pending[i].sent_ms < *since_ms) *since_ms = client->pending[i].sent_ms;
        waits = true;
    }
    return waits;
}

bool client_waits(const struct client *client)
{
    int64_t since_ms;
    return client_waits_for_query(client, &since_ms);
}

const struct result *client_result(const struct client *client, uint64_t tag)
{
    for (unsigned i = 0; i < RESULTS_MAX; i++)
        if (tag != 0 && client->results[i].tag == tag) return &client->results[i].result;
    return NULL;
}

void client_release(struct client *client, uint64_t tag)
{
    for (unsigned i = 0; i < RESULTS_MAX; i++) {
        if (tag == 0 || client->results[i].tag != tag) continue;
        arena_clear(&client->results[i].arena);
        client->results[i] = (struct answered){.tag = 0};
    }
}
