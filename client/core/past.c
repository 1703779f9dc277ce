/* past.c - looking at the registry as it stood: asked for page by page, then shown in place of the present view. */
#include "client/core/private.h"

#include "proto/number.h"

#include <stdlib.h>
#include <string.h>

enum { PAUSE_FIRST_MS = 100, PAUSE_MAX_MS = 2000 };

bool past_parse(const char *text, struct moment *moment)
{
    int64_t entry;
    *moment = (struct moment){.entry = 0};
    if (*text != '#') return moment_parse(text, &moment->at);
    if (!number_parse(text_of(text + 1), 1, &entry) || entry < 1) return false;
    moment->entry = (uint64_t)entry;
    return true;
}

static void past_free(struct past *past)
{
    if (past == NULL) return;
    memory_free(&past->memory);
    memory_free(&past->rest);
    free(past);
}

static void settle(struct client *client, enum err err)
{
    struct past *coming = client->coming;
    client->coming = NULL;
    client->past_err = err;
    if (err == OK) {
        past_free(client->past);
        client->past = coming;
    } else
        past_free(coming);
    client->events |= EVENT_PAST | EVENT_RECORDS;
}

static bool ask(struct client *client)
{
    client->coming->again_ms = 0;
    return client_ask(client, &client->coming->query, &client->coming->tag);
}

/* Asks for the first page. What is here already need not come again. */
static bool begin(struct client *client, const struct moment *moment, int64_t base)
{
    past_free(client->coming);
    client->coming = calloc(1, sizeof *client->coming);
    client->past_err = client->coming != NULL ? ERR_PAST_BUSY : ERR_MEMORY;
    if (client->coming == NULL) return false;
    memory_init(&client->coming->memory);
    memory_init(&client->coming->rest);
    client->coming->moment = *moment;
    client->coming->query =
        (struct query){.what = QUERY_AS_OF, .moment = moment->at, .before = moment->entry, .base = base};
    if (ask(client)) return true;
    settle(client, ERR_NO_LINK);
    return false;
}

bool client_go_back(struct client *client, const struct moment *moment)
{
    int64_t base = client->past != NULL ? (int64_t)client->past->view.number : BASE_PRESENT;
    return begin(client, moment, client->past != NULL || client->live ? base : BASE_NOTHING);
}

void client_come_back(struct client *client)
{
    past_free(client->coming);
    past_free(client->past);
    client->coming = client->past = NULL;
    client->past_err = OK;
    client->events |= EVENT_PAST | EVENT_RECORDS;
}

const struct past_view *client_past(const struct client *client)
{
    return client->past != NULL ? &client->past->view : NULL;
}

enum err client_past_error(const struct client *client)
{
    return client->past_err;
}

/* ---- answers ---- */

/* Does the daemon vouch for it, and is it of the history that we know? */
static bool is_vouched(const struct client *client, const struct past_view *view, const struct as_of *page)
{
    const struct key_card *card = &client->profile.card;
    const struct model *model = &client->model;
    if (!head_verify(card->server_sign, card->registry, page->number, page->hash, page->moment, page->signature))
        return false;
    if (page->number == model->remember && memcmp(page->hash, model->remember_hash, HASH_BYTES) != 0) return false;
    return view->number == 0 || (view->number == page->number && memcmp(view->hash, page->hash, HASH_BYTES) == 0);
}

static enum err put(struct memory *memory, const struct record *record, struct arena *arena)
{
    struct record before = record_make(record->kind, record->id);
    enum err err = state_get(&memory->space, record->kind, record->id, arena, &before);
    return err == OK || err == ERR_NOT_FOUND ? state_put(&memory->space, &before, record) : err;
}

/* What lists show of it. */
static struct record listed(const struct record *record)
{
    struct record part = *record;
    const struct field *field;
    for (unsigned i = 0; (field = field_row(record->kind, i)) != NULL; i++)
        if ((field->flags & F_LIST) == 0) rec_unset(&part, i);
    return part;
}

static enum err put_record(struct client *client, const struct record *record, enum see_level level)
{
    struct past *coming = client->coming;
    if (kind_row(record->kind) == NULL) return OK; /* of a newer version */
    if (level == SEE_FULL) return put(&coming->memory, record, &client->arena);
    enum err err = put(&coming->rest, record, &client->arena);
    if (err != OK || level != SEE_LIST) return err;
    struct record part = listed(record);
    return put(&coming->memory, &part, &client->arena);
}

/* A record as it is here, whole. */
static enum err get_whole(const struct client *client, unsigned kind, uint64_t id, struct arena *arena,
                          struct record *record)
{
    bool part = client->past != NULL && state_get(&client->past->rest.space, kind, id, arena, record) == OK;
    return part ? OK : state_get(client_space(client), kind, id, arena, record);
}

/* Takes over what is here. ERR_CONFLICT: it is not here after all, for instance since the unit could not see it as
 * of the base. */
static enum err put_same(struct client *client, const struct wire_change *change)
{
    enum err err = OK;
    for (unsigned i = 0; i < change->count && err == OK; i++) {
        struct record record;
        err = get_whole(client, change->record.kind, change->record.id + i, &client->arena, &record);
        if (err != OK || record.version > client->coming->view.number) return ERR_CONFLICT;
        err = put_record(client, &record, change->level);
    }
    return err;
}

static enum err take_page(struct client *client, const struct as_of *page)
{
    struct past_view *view = &client->coming->view;
    enum err err = OK;
    if (!is_vouched(client, view, page)) return ERR_REWRITTEN;
    if (view->number == 0) {
        *view =
            (struct past_view){.moment = page->moment, .number = page->number, .time = page->time, .day = page->day};
        memcpy(view->hash, page->hash, HASH_BYTES);
    }
    for (unsigned i = 0; i < page->count && err == OK; i++) {
        const struct wire_change *change = &page->changes[i];
        err = change->op == OP_SAME ? put_same(client, change) : put_record(client, &change->record, change->level);
    }
    return err;
}

void client_take_past(struct client *client, const struct result *result)
{
    struct past *coming = client->coming;
    if (coming == NULL || coming->tag != result->tag) return; /* another moment was wished for since */
    coming->tag = 0;
    if (result->err == ERR_PAST_BUSY) {
        coming->pause_ms = coming->pause_ms == 0 ? PAUSE_FIRST_MS : 2 * coming->pause_ms;
        if (coming->pause_ms > PAUSE_MAX_MS) coming->pause_ms = PAUSE_MAX_MS;
        coming->again_ms = now_ms() + coming->pause_ms;
        return;
    }
    enum err err = result->err != OK ? result->err : take_page(client, result->as_of);
    if (err == ERR_CONFLICT && coming->query.base != BASE_NOTHING) { /* then all of it */
        struct moment moment = coming->moment;
        begin(client, &moment, BASE_NOTHING);
        return;
    }
    if (err == OK && result->more) {
        coming->query.moment.s = 0;
        coming->query.before = coming->view.number;
        coming->query.next = true;
        if (ask(client)) return;
        err = ERR_NO_LINK;
    }
    settle(client, err);
}

int64_t client_tend_past(struct client *client, int64_t now)
{
    struct past *coming = client->coming;
    if (coming == NULL || coming->again_ms == 0) return INT64_MAX;
    if (now < coming->again_ms) return coming->again_ms;
    if (!ask(client)) settle(client, ERR_NO_LINK);
    return INT64_MAX;
}

void client_free_past(struct client *client)
{
    past_free(client->coming);
    past_free(client->past);
    client->coming = client->past = NULL;
}

/* ---- on demand ---- */

bool client_fetch_past(struct client *client, unsigned kind, uint64_t id)
{
    struct past *past = client->past;
    struct arena arena;
    struct record record;
    arena_init(&arena, 4 << 20);
    bool moved = state_get(&past->rest.space, kind, id, &arena, &record) == OK &&
                 put(&past->memory, &record, &arena) == OK && state_drop(&past->rest.space, &record) == OK;
    if (moved) client->events |= EVENT_RECORDS;
    arena_clear(&arena);
    return moved;
}

void client_find_past(struct client *client, enum index_id index, const struct value *values, unsigned count)
{
    struct walk walk;
    uint64_t id;
    do { /* what is found leaves the index that is walked */
        walk_start(&walk, &client->past->rest.space, index, values, count);
    } while (walk_next(&walk, &id) && client_fetch_past(client, index_row(index)->kind, id));
}
