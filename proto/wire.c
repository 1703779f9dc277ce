/* wire.c - building frames. wire_read.c takes them apart. */
#include "proto/wire.h"

#include "proto/columns.h"

#include <stdlib.h>
#include <zstd.h>

/* Level 19 would save 0.6 % of a page and take three times as long: 5 ms. */
enum { COMPRESS_LEVEL = 15, COMPRESS_FROM = 200 };

static void pack_count(struct pack *pack, uint64_t number)
{
    pack_int(pack, (int64_t)number);
}

static void head(struct pack *pack, size_t items, enum frame_type type)
{
    pack_array(pack, items);
    pack_int(pack, type);
}

void hello_pack(struct pack *pack, const struct hello *hello)
{
    bool goes_on = hello->place.stage != VIEW_DONE;
    head(pack, goes_on ? 11 : 7, FRAME_HELLO);
    pack_int(pack, hello->protocol_oldest);
    pack_int(pack, hello->protocol_newest);
    pack_count(pack, hello->have);
    pack_int(pack, hello->scope);
    pack_count(pack, hello->remember);
    pack_text(pack, hello->program);
    if (!goes_on) return;
    pack_int(pack, hello->place.stage);
    pack_int(pack, hello->place.kind);
    pack_count(pack, hello->place.id);
    pack_count(pack, hello->place.as_of);
}

void command_frame_pack(struct pack *pack, const void *command, size_t count, const uint8_t *signature)
{
    head(pack, signature != NULL ? 3 : 2, FRAME_COMMAND);
    pack_bytes(pack, command, count);
    if (signature != NULL) pack_bytes(pack, signature, SIGNATURE_BYTES);
}

void command_delta_pack(struct pack *pack, const struct delta_base *base, struct text delta, const uint8_t *signature)
{
    head(pack, 7, FRAME_COMMAND);
    pack_bytes(pack, delta.at, delta.length);
    if (signature != NULL)
        pack_bytes(pack, signature, SIGNATURE_BYTES);
    else
        pack_nil(pack);
    pack_count(pack, base->counter);
    pack_int(pack, base->kind);
    pack_count(pack, base->id);
    pack_count(pack, base->version);
}

void more_pack(struct pack *pack)
{
    head(pack, 1, FRAME_MORE);
}

void ping_pack(struct pack *pack)
{
    head(pack, 1, FRAME_PING);
}

void bye_pack(struct pack *pack)
{
    head(pack, 1, FRAME_BYE);
}

void query_pack(struct pack *pack, const struct query *query)
{
    switch (query->what) {
    case QUERY_GET:
        head(pack, 5, FRAME_QUERY);
        pack_count(pack, query->tag);
        pack_int(pack, query->what);
        pack_int(pack, query->kind);
        pack_count(pack, query->id);
        break;
    case QUERY_FIND: {
        const struct index_row *row = index_row(query->index);
        head(pack, 6, FRAME_QUERY);
        pack_count(pack, query->tag);
        pack_int(pack, query->what);
        pack_int(pack, query->index);
        pack_array(pack, query->value_count);
        for (unsigned i = 0; i < query->value_count; i++) {
            const struct field *field = field_row(row->kind, row->fields[i]);
            const struct value *value = &query->values[i];
            if (field->type == TYPE_TEXT)
                pack_text(pack, value->as.text);
            else if (field->type == TYPE_BYTES)
                pack_bytes(pack, value->as.text.at, value->as.text.length);
            else
                pack_int(pack, value->as.number);
        }
        pack_count(pack, query->id);
        break;
    }
    case QUERY_HISTORY:
    case QUERY_PROOF:
        head(pack, 6, FRAME_QUERY);
        pack_count(pack, query->tag);
        pack_int(pack, query->what);
        pack_int(pack, query->kind);
        pack_count(pack, query->id);
        pack_count(pack, query->before);
        break;
    case QUERY_PRESENCE:
        head(pack, 3, FRAME_QUERY);
        pack_count(pack, query->tag);
        pack_int(pack, query->what);
        break;
    case QUERY_POINTS:
        head(pack, 9, FRAME_QUERY);
        pack_count(pack, query->tag);
        pack_int(pack, query->what);
        pack_int(pack, query->kind);
        pack_count(pack, query->id);
        pack_count(pack, query->unit);
        pack_count(pack, query->person);
        pack_count(pack, query->upto);
        pack_count(pack, query->after);
        break;
    case QUERY_AS_OF:
        head(pack, 7, FRAME_QUERY);
        pack_count(pack, query->tag);
        pack_int(pack, query->what);
        pack_int(pack, query->moment.s);
        pack_count(pack, query->before);
        pack_int(pack, query->next);
        pack_int(pack, query->base);
        break;
    }
}

void welcome_pack(struct pack *pack, const struct welcome *welcome)
{
    head(pack, 12, FRAME_WELCOME);
    pack_int(pack, welcome->protocol);
    pack_int(pack, welcome->tables);
    pack_int(pack, welcome->scope);
    pack_int(pack, welcome->now.s);
    pack_count(pack, welcome->head);
    pack_bytes(pack, welcome->hash, HASH_BYTES);
    pack_bytes(pack, welcome->signature, SIGNATURE_BYTES);
    if (welcome->has_remembered)
        pack_bytes(pack, welcome->remembered, HASH_BYTES);
    else
        pack_nil(pack);
    pack_count(pack, welcome->counter);
    pack_int(pack, welcome->afresh);
    pack_int(pack, welcome->pages);
}

void ticket_welcome_pack(struct pack *pack, const struct ticket_welcome *welcome)
{
    head(pack, 12, FRAME_TICKET);
    pack_int(pack, welcome->protocol);
    pack_int(pack, welcome->now.s);
    pack_count(pack, welcome->device);
    pack_count(pack, welcome->version);
    pack_count(pack, welcome->operator);
    pack_bytes(pack, welcome->registry, REGISTRY_ID_BYTES);
    pack_bytes(pack, welcome->server_sign, KEY_BYTES);
    pack_text(pack, welcome->login);
    pack_text(pack, welcome->name);
    pack_text(pack, welcome->unit);
    pack_text(pack, welcome->registry_name);
}

void answer_pack(struct pack *pack, const struct answer *answer)
{
    head(pack, 4, FRAME_ANSWER);
    pack_count(pack, answer->counter);
    pack_count(pack, answer->number);
    pack_count(pack, answer->id);
}

void refused_pack(struct pack *pack, const struct refused *refused)
{
    const struct refusal *why = &refused->why;
    const struct field *field = why->kind != 0 ? field_row(why->kind, why->field) : NULL;
    head(pack, 7, FRAME_REFUSED);
    pack_count(pack, refused->counter);
    pack_int(pack, why->err);
    pack_int(pack, field != NULL ? why->kind : 0);
    pack_int(pack, field != NULL ? field->wire : 0);
    pack_int(pack, why->number);
    pack_text(pack, text_of(why->text));
}

void pong_pack(struct pack *pack, uint64_t upto, stamp_t now)
{
    head(pack, 3, FRAME_PONG);
    pack_count(pack, upto);
    pack_int(pack, now.s);
}

void leave_pack(struct pack *pack, enum err err, int64_t number)
{
    head(pack, 3, FRAME_LEAVE);
    pack_int(pack, err);
    pack_int(pack, number);
}

void wire_change_pack(struct pack *pack, const struct wire_change *change)
{
    pack_array(pack, change->op == OP_GONE ? 3 : 5);
    pack_int(pack, change->op);
    pack_int(pack, change->record.kind);
    pack_count(pack, change->record.id);
    if (change->op == OP_GONE) return;
    pack_count(pack, change->record.version);
    fields_pack(pack, &change->record, change->mask, false);
}

void wire_entry_pack(struct pack *pack, const struct wire_entry *entry)
{
    pack_array(pack, 6);
    pack_count(pack, entry->number);
    pack_int(pack, entry->time.s);
    pack_count(pack, entry->unit);
    pack_int(pack, entry->kind);
    pack_int(pack, entry->action);
    pack_array(pack, entry->count);
    for (unsigned i = 0; i < entry->count; i++) {
        const struct wire_change *change = &entry->changes[i];
        if (change->op == OP_WHOLE) { /* it may be older than this entry, which only showed it */
            wire_change_pack(pack, change);
            continue;
        }
        pack_array(pack, change->op == OP_GONE ? 3 : 4); /* the version is the entry's number */
        pack_int(pack, change->op);
        pack_int(pack, change->record.kind);
        pack_count(pack, change->record.id);
        if (change->op != OP_GONE) fields_pack(pack, &change->record, change->mask, false);
    }
}

void push_pack(struct pack *pack, uint64_t after, unsigned count, struct text entries)
{
    head(pack, 3, FRAME_PUSH);
    pack_count(pack, after);
    pack_array(pack, count);
    pack_raw(pack, entries.at, entries.length);
}

/* Three elements: how many changes, their size when they are compressed, and their bytes. */
static void changes_pack(struct pack *pack, unsigned count, struct text changes)
{
    size_t room = ZSTD_compressBound(changes.length), size = 0;
    void *packed = changes.length >= COMPRESS_FROM ? malloc(room) : NULL;
    if (packed != NULL) size = ZSTD_compress(packed, room, changes.at, changes.length, COMPRESS_LEVEL);
    bool shorter = packed != NULL && !ZSTD_isError(size) && size < changes.length;
    pack_count(pack, count);
    pack_count(pack, shorter ? changes.length : 0); /* 0: not compressed */
    if (shorter)
        pack_bytes(pack, packed, size);
    else
        pack_bytes(pack, changes.at, changes.length);
    free(packed);
}

void page_pack(struct pack *pack, uint64_t upto, bool more, unsigned count, struct text changes)
{
    head(pack, 6, FRAME_PAGE);
    pack_count(pack, upto);
    pack_int(pack, more);
    changes_pack(pack, count, changes);
}

void view_page_pack(struct pack *pack, const struct page *page, const struct wire_change *columns, struct text changes)
{
    struct pack packed;
    const struct view_place *place = &page->place;
    pack_init(&packed, PAGE_BYTES_MAX);
    if (columns != NULL) {
        columns_pack(&packed, columns, page->count);
        changes = (struct text){(const char *)packed.at, (uint32_t)packed.used};
    }
    pack->failed = pack->failed || packed.failed;
    head(pack, 13, FRAME_PAGE);
    pack_count(pack, page->upto);
    pack_int(pack, page->more);
    changes_pack(pack, page->count, changes);
    pack_int(pack, columns != NULL);
    pack_int(pack, place->stage);
    pack_int(pack, place->kind);
    pack_count(pack, place->id);
    pack_count(pack, place->as_of);
    pack_int(pack, place->done);
    pack_int(pack, place->total);
    pack_free(&packed);
}

const struct kind *view_kind(const struct kind *kind)
{
    if (kind == NULL) return kind_row(KIND_project);
    const struct kind *next = kind_next(kind);
    if (next == NULL) next = kind_next(NULL); /* round to those before */
    return next->wire != KIND_project ? next : NULL;
}

static void pack_bytes_or_nil(struct pack *pack, struct text bytes)
{
    if (bytes.length > 0)
        pack_bytes(pack, bytes.at, bytes.length);
    else
        pack_nil(pack);
}

static void history_pack(struct pack *pack, const struct history_line *line, bool proof)
{
    pack_array(pack, proof ? 12 : 9);
    pack_count(pack, line->number);
    pack_int(pack, line->time.s);
    pack_count(pack, line->unit);
    pack_count(pack, line->operator);
    pack_text(pack, line->name);
    pack_int(pack, line->kind);
    pack_int(pack, line->action);
    pack_int(pack, line->is_signed);
    fields_pack(pack, &line->fields, line->mask, false);
    if (!proof) return;
    pack_bytes_or_nil(pack, line->command);
    pack_bytes_or_nil(pack, line->signature);
    pack_bytes_or_nil(pack, line->key);
}

static void presence_pack(struct pack *pack, const struct presence_line *line)
{
    pack_array(pack, 6);
    pack_count(pack, line->operator);
    pack_count(pack, line->unit);
    pack_text(pack, line->name);
    pack_text(pack, line->program);
    pack_int(pack, line->since.s);
    pack_int(pack, line->behind);
}

static void points_pack(struct pack *pack, const struct points_line *line)
{
    pack_array(pack, 9);
    pack_count(pack, line->number);
    pack_int(pack, line->time.s);
    pack_count(pack, line->rule);
    pack_int(pack, line->full);
    pack_int(pack, line->points);
    pack_int(pack, line->kind);
    pack_count(pack, line->id);
    pack_count(pack, line->unit);
    pack_count(pack, line->person);
}

void as_of_change_pack(struct pack *pack, const struct wire_change *change)
{
    pack_array(pack, change->op == OP_SAME ? 5 : 6);
    pack_int(pack, change->op);
    pack_int(pack, change->record.kind);
    pack_count(pack, change->record.id);
    pack_int(pack, change->level);
    if (change->op == OP_SAME) {
        pack_int(pack, change->count);
        return;
    }
    pack_count(pack, change->record.version);
    fields_pack(pack, &change->record, change->mask, false);
}

static void as_of_pack(struct pack *pack, const struct as_of *as_of)
{
    pack_array(pack, 9);
    pack_int(pack, as_of->moment.s);
    pack_count(pack, as_of->number);
    pack_int(pack, as_of->time.s);
    pack_count(pack, as_of->day);
    pack_bytes(pack, as_of->hash, HASH_BYTES);
    pack_bytes(pack, as_of->signature, SIGNATURE_BYTES);
    changes_pack(pack, as_of->count, as_of->packed);
}

void result_pack(struct pack *pack, const struct result *result)
{
    head(pack, 7, FRAME_RESULT);
    pack_count(pack, result->tag);
    pack_int(pack, result->err);
    pack_int(pack, result->what);
    pack_int(pack, result->more);
    pack_int(pack, result->kind);
    pack_array(pack, result->count);
    for (unsigned i = 0; i < result->count; i++) {
        switch (result->what) {
        case QUERY_GET:
        case QUERY_FIND: wire_change_pack(pack, &result->records[i]); break;
        case QUERY_HISTORY:
        case QUERY_PROOF: history_pack(pack, &result->history[i], result->what == QUERY_PROOF); break;
        case QUERY_PRESENCE: presence_pack(pack, &result->presences[i]); break;
        case QUERY_POINTS: points_pack(pack, &result->points[i]); break;
        case QUERY_AS_OF: as_of_pack(pack, result->as_of); break;
        }
    }
}
