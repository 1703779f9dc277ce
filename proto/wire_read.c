/* wire_read.c - taking frames apart, within limits. See wire.h. */
#include "proto/wire.h"

#include "proto/columns.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

static bool count_at(const struct item *array, size_t i, uint64_t *number)
{
    int64_t read;
    if (!item_int(item_at(array, i), 0, INT64_MAX, &read)) return false;
    *number = (uint64_t)read;
    return true;
}

static bool small_at(const struct item *array, size_t i, int64_t lo, int64_t hi, uint32_t *number)
{
    int64_t read;
    if (!item_int(item_at(array, i), lo, hi, &read)) return false;
    *number = (uint32_t)read;
    return true;
}

static bool stamp_at(const struct item *array, size_t i, stamp_t *stamp)
{
    return item_int(item_at(array, i), 0, 1ll << 40, &stamp->s);
}

static bool bool_at(const struct item *array, size_t i, bool *flag)
{
    int64_t read;
    if (!item_int(item_at(array, i), 0, 1, &read)) return false;
    *flag = read != 0;
    return true;
}

static bool byte_at(const struct item *array, size_t i, uint8_t *byte)
{
    uint32_t read;
    if (!small_at(array, i, 0, 255, &read)) return false;
    *byte = (uint8_t)read;
    return true;
}

static bool exact_at(const struct item *array, size_t i, void *into, size_t count)
{
    struct text bytes;
    if (!item_bytes(item_at(array, i), &bytes) || bytes.length != count) return false;
    memcpy(into, bytes.at, count);
    return true;
}

static bool items(const struct item *array, size_t wanted)
{
    size_t count;
    return item_array(array, &count) && count == wanted;
}

/* ---- from the client ---- */

/* Where a view stands, from element `at`. */
static bool read_place(const struct item *root, size_t at, struct view_place *place)
{
    uint32_t stage, kind;
    if (!small_at(root, at, VIEW_DONE, VIEW_REST, &stage) || !small_at(root, at + 1, 0, KIND_LIMIT - 1, &kind) ||
        !count_at(root, at + 2, &place->id) || !count_at(root, at + 3, &place->as_of))
        return false;
    place->stage = (uint8_t)stage;
    place->kind = (uint8_t)kind;
    return true;
}

static bool read_hello(const struct item *root, struct hello *hello)
{
    hello->place = (struct view_place){.stage = VIEW_DONE};
    return (items(root, 7) ||
            (items(root, 11) && read_place(root, 7, &hello->place) && hello->place.stage >= VIEW_LISTS)) &&
           small_at(root, 1, 1, UINT16_MAX, &hello->protocol_oldest) &&
           small_at(root, 2, 1, UINT16_MAX, &hello->protocol_newest) && count_at(root, 3, &hello->have) &&
           small_at(root, 4, 0, UINT32_MAX, &hello->scope) && count_at(root, 5, &hello->remember) &&
           item_text(item_at(root, 6), &hello->program) && hello->program.length <= 80 &&
           text_offence(hello->program, false) == 0;
}

static bool read_signature(const struct item *item, struct text *signature)
{
    return item_bytes(item, signature) && signature->length == SIGNATURE_BYTES;
}

/* Two elements, three with a signature, or seven: the difference from a record, a signature or nil, and what for. */
static bool read_command(const struct item *root, struct frame *frame)
{
    size_t count;
    struct delta_base *base = &frame->as.command.base;
    frame->as.command.signature = (struct text){"", 0};
    *base = (struct delta_base){.kind = 0};
    if (!item_array(root, &count) || !item_bytes(item_at(root, 1), &frame->as.command.bytes)) return false;
    if (count == 2) return true;
    if (count == 3) return read_signature(item_at(root, 2), &frame->as.command.signature);
    if (count != 7 || !count_at(root, 3, &base->counter) || !byte_at(root, 4, &base->kind) || base->kind == 0 ||
        !count_at(root, 5, &base->id) || !count_at(root, 6, &base->version))
        return false;
    return item_is_nil(item_at(root, 2)) || read_signature(item_at(root, 2), &frame->as.command.signature);
}

/* A value of another type than the index's field, or too large for it, finds nothing; that is no fault. */
static bool read_find_value(const struct item *item, const struct field *field, struct value *value)
{
    value->set = true;
    if (field->type == TYPE_TEXT)
        return item_text(item, &value->as.text) && value->as.text.length <= 4 * (size_t)field->hi;
    if (field->type == TYPE_BYTES)
        return item_bytes(item, &value->as.text) && value->as.text.length == (size_t)field->hi;
    return item_int(item, INT64_MIN, INT64_MAX, &value->as.number);
}

static bool read_find(const struct item *root, struct query *query)
{
    size_t count;
    if (!items(root, 6) || !byte_at(root, 3, &query->index) || !item_array(item_at(root, 4), &count) ||
        !count_at(root, 5, &query->id))
        return false;
    const struct index_row *row = index_row(query->index);
    query->misfit = row == NULL || count > row->count;
    for (unsigned i = 0; !query->misfit && i < count; i++) {
        const struct field *field = field_row(row->kind, row->fields[i]);
        query->misfit = !read_find_value(item_at(item_at(root, 4), i), field, &query->values[i]);
        query->value_count++;
    }
    return true;
}

static bool read_query(const struct item *root, struct query *query)
{
    uint32_t what;
    *query = (struct query){.tag = 0};
    if (!count_at(root, 1, &query->tag) || !small_at(root, 2, QUERY_GET, QUERY_LAST, &what)) return false;
    query->what = (enum query_what)what;
    switch (query->what) {
    case QUERY_GET: return items(root, 5) && byte_at(root, 3, &query->kind) && count_at(root, 4, &query->id);
    case QUERY_FIND: return read_find(root, query);
    case QUERY_HISTORY:
    case QUERY_PROOF:
        return items(root, 6) && byte_at(root, 3, &query->kind) && count_at(root, 4, &query->id) &&
               count_at(root, 5, &query->before);
    case QUERY_PRESENCE: return items(root, 3);
    case QUERY_POINTS:
        return items(root, 9) && byte_at(root, 3, &query->kind) && count_at(root, 4, &query->id) &&
               count_at(root, 5, &query->unit) && count_at(root, 6, &query->person) &&
               count_at(root, 7, &query->upto) && count_at(root, 8, &query->after);
    case QUERY_AS_OF:
        return items(root, 7) && stamp_at(root, 3, &query->moment) && count_at(root, 4, &query->before) &&
               bool_at(root, 5, &query->next) && item_int(item_at(root, 6), BASE_PRESENT, INT64_MAX, &query->base);
    }
    return false;
}

/* ---- from the daemon ---- */

static bool read_welcome(const struct item *root, struct welcome *welcome)
{
    *welcome = (struct welcome){.protocol = 0};
    if (!items(root, 12) || !small_at(root, 1, 1, UINT16_MAX, &welcome->protocol) ||
        !small_at(root, 2, 1, UINT32_MAX, &welcome->tables) || !small_at(root, 3, 0, UINT32_MAX, &welcome->scope) ||
        !stamp_at(root, 4, &welcome->now) || !count_at(root, 5, &welcome->head) ||
        !exact_at(root, 6, welcome->hash, HASH_BYTES) || !exact_at(root, 7, welcome->signature, SIGNATURE_BYTES) ||
        !count_at(root, 9, &welcome->counter) || !bool_at(root, 10, &welcome->afresh) ||
        !bool_at(root, 11, &welcome->pages))
        return false;
    if (item_is_nil(item_at(root, 8))) return true;
    welcome->has_remembered = true;
    return exact_at(root, 8, welcome->remembered, HASH_BYTES);
}

static bool read_ticket(const struct item *root, struct ticket_welcome *welcome)
{
    return items(root, 12) && small_at(root, 1, 1, UINT16_MAX, &welcome->protocol) &&
           stamp_at(root, 2, &welcome->now) && count_at(root, 3, &welcome->device) &&
           count_at(root, 4, &welcome->version) && count_at(root, 5, &welcome->operator) &&
           exact_at(root, 6, welcome->registry, REGISTRY_ID_BYTES) &&
           exact_at(root, 7, welcome->server_sign, KEY_BYTES) && item_text(item_at(root, 8), &welcome->login) &&
           welcome->login.length <= LOGIN_MAX && item_text(item_at(root, 9), &welcome->name) &&
           item_text(item_at(root, 10), &welcome->unit) && item_text(item_at(root, 11), &welcome->registry_name);
}

static bool read_refused(const struct item *root, struct refused *refused)
{
    uint32_t err, kind, wire;
    struct text text;
    *refused = (struct refused){.counter = 0};
    if (!items(root, 7) || !count_at(root, 1, &refused->counter) || !small_at(root, 2, 1, UINT16_MAX, &err) ||
        !small_at(root, 3, 0, 255, &kind) || !small_at(root, 4, 0, 255, &wire) ||
        !item_int(item_at(root, 5), INT64_MIN, INT64_MAX, &refused->why.number) ||
        !item_text(item_at(root, 6), &text) || text.length >= REFUSAL_TEXT_MAX)
        return false;
    refused->why.err = (enum err)err;
    int position = kind != 0 ? field_position(kind, wire) : -1;
    if (position >= 0) {
        refused->why.kind = (uint8_t)kind;
        refused->why.field = (uint8_t)position;
    }
    if (text.length > 0) memcpy(refused->why.text, text.at, text.length);
    return true;
}

/* [op, kind, id], or with the fields, or with the version and the fields. A difference in a push leaves the
 * version out: it is `version`, the entry's number. */
static enum err read_change(const struct item *item, uint64_t version, struct arena *arena, struct wire_change *change,
                            struct refusal *why)
{
    uint32_t op, kind;
    uint64_t id;
    if (!small_at(item, 0, OP_DIFF, OP_GONE, &op) || !small_at(item, 1, 1, KIND_LIMIT - 1, &kind) ||
        !count_at(item, 2, &id))
        return refuse_text(why, ERR_BAD_FRAME, "a change");
    bool own = version == 0 || op == OP_WHOLE;
    if (!items(item, op == OP_GONE ? 3 : own ? 5 : 4) || (own && op != OP_GONE && !count_at(item, 3, &version)))
        return refuse_text(why, ERR_BAD_FRAME, "a change");
    *change = (struct wire_change){.op = (enum change_op)op, .record = record_make(kind, id)};
    change->record.version = version;
    if (op == OP_GONE) return OK;
    if (kind_row(kind) == NULL) return OK; /* of a newer version: the client skips it */
    return fields_unpack(item_at(item, own ? 4 : 3), FIELDS_STORED, arena, &change->record, &change->mask, why);
}

/* Of the registry as it stood: [1, kind, id, level, version, fields] or [3, kind, id, level, count]. */
static enum err read_whole_or_same(const struct item *item, uint64_t version, struct arena *arena,
                                   struct wire_change *change, struct refusal *why)
{
    uint32_t op, kind, level, count = 0;
    uint64_t id;
    if (!small_at(item, 0, OP_WHOLE, OP_SAME, &op) || op == OP_GONE || !items(item, op == OP_SAME ? 5 : 6) ||
        !small_at(item, 1, 1, KIND_LIMIT - 1, &kind) || !count_at(item, 2, &id) || id == 0 ||
        !small_at(item, 3, SEE_DEMAND, SEE_FULL, &level) ||
        !(op == OP_SAME ? small_at(item, 4, 1, UINT16_MAX, &count) : count_at(item, 4, &version)))
        return refuse_text(why, ERR_BAD_FRAME, "a record as it stood");
    *change = (struct wire_change){
        .op = (enum change_op)op, .record = record_make(kind, id), .count = count, .level = (enum see_level)level};
    change->record.version = version;
    if (op == OP_SAME || kind_row(kind) == NULL) return OK;
    return fields_unpack(item_at(item, 5), FIELDS_STORED, arena, &change->record, &change->mask, why);
}

typedef enum err read_change_fn(const struct item *item, uint64_t version, struct arena *arena,
                                struct wire_change *change, struct refusal *why);

static enum err read_changes(const struct item *array, read_change_fn *read, uint64_t version, struct arena *arena,
                             struct wire_change **changes, unsigned *count, struct refusal *why)
{
    size_t found;
    if (!item_array(array, &found) || found > LINES_MAX) return refuse_text(why, ERR_BAD_FRAME, "changes");
    *changes = arena_get(arena, (found + 1) * sizeof **changes);
    if (*changes == NULL) return refuse(why, ERR_MEMORY);
    *count = (unsigned)found;
    for (size_t i = 0; i < found; i++) {
        enum err err = read(item_at(array, i), version, arena, &(*changes)[i], why);
        if (err != OK) return err;
    }
    return OK;
}

static enum err read_entry(const struct item *item, struct arena *arena, struct wire_entry *entry, struct refusal *why)
{
    if (!items(item, 6) || !count_at(item, 0, &entry->number) || entry->number == 0 ||
        !stamp_at(item, 1, &entry->time) || !count_at(item, 2, &entry->unit) || !byte_at(item, 3, &entry->kind) ||
        !byte_at(item, 4, &entry->action))
        return refuse_text(why, ERR_BAD_FRAME, "a pushed entry");
    return read_changes(item_at(item, 5), read_change, entry->number, arena, &entry->changes, &entry->count, why);
}

static enum err read_push(const struct item *root, struct arena *arena, struct push *push, struct refusal *why)
{
    size_t count;
    if (!items(root, 3) || !count_at(root, 1, &push->after) || !item_array(item_at(root, 2), &count) ||
        count > LINES_MAX)
        return refuse_text(why, ERR_BAD_FRAME, "a push");
    push->entries = arena_get(arena, (count + 1) * sizeof *push->entries);
    if (push->entries == NULL) return refuse(why, ERR_MEMORY);
    push->count = (unsigned)count;
    for (size_t i = 0; i < count; i++) {
        enum err err = read_entry(item_at(item_at(root, 2), i), arena, &push->entries[i], why);
        if (err != OK) return err;
    }
    return OK;
}

/* The changes of a page, decompressed into the arena when they are compressed: size and bytes from element `at`. */
static enum err page_bytes(const struct item *root, size_t at, struct arena *arena, struct text *bytes,
                           struct refusal *why)
{
    uint32_t size;
    struct text packed;
    if (!small_at(root, at, 0, PAGE_BYTES_MAX, &size) || !item_bytes(item_at(root, at + 1), &packed))
        return refuse_text(why, ERR_BAD_FRAME, "a page");
    *bytes = packed;
    if (size == 0) return packed.length <= PAGE_BYTES_MAX ? OK : refuse_text(why, ERR_BAD_FRAME, "a page");
    char *out = arena_get(arena, size);
    if (out == NULL) return refuse(why, ERR_MEMORY);
    if (ZSTD_decompress(out, size, packed.at, packed.length) != size)
        return refuse_text(why, ERR_BAD_FRAME, "a compressed page");
    *bytes = (struct text){out, size};
    return OK;
}

/* A page's changes are packed one behind the other; wrapped as an array they can be read as one. */
static enum err unpack_changes(struct text bytes, read_change_fn *read, struct arena *arena,
                               struct wire_change **changes, unsigned *count, struct refusal *why)
{
    struct pack pack;
    struct unpacked unpacked;
    pack_init(&pack, PAGE_BYTES_MAX + 16);
    pack_array(&pack, *count);
    pack_raw(&pack, bytes.at, bytes.length);
    const char *kept = pack.failed ? NULL : arena_copy(arena, pack.at, pack.used);
    size_t used = pack.used;
    pack_free(&pack);
    if (kept == NULL) return refuse(why, ERR_MEMORY);
    enum err err = unpack(kept, used, FRAME_NODES_MAX, &unpacked, why);
    if (err != OK) return err;
    err = read_changes(unpacked.root, read, 0, arena, changes, count, why);
    unpack_free(&unpacked);
    return err;
}

/* How many changes, their size and their bytes, from element `at`. */
static enum err read_packed(const struct item *array, size_t at, read_change_fn *read, struct arena *arena,
                            struct wire_change **changes, unsigned *count, struct refusal *why)
{
    struct text bytes = {"", 0};
    if (!small_at(array, at, 0, LINES_MAX, count)) return refuse_text(why, ERR_BAD_FRAME, "a page");
    enum err err = page_bytes(array, at + 1, arena, &bytes, why);
    return err == OK ? unpack_changes(bytes, read, arena, changes, count, why) : err;
}

static enum err read_page(const struct item *root, struct arena *arena, struct page *page, struct refusal *why)
{
    struct text bytes;
    *page = (struct page){.staged = items(root, 13)};
    if ((!page->staged && !items(root, 6)) || !count_at(root, 1, &page->upto) || !bool_at(root, 2, &page->more))
        return refuse_text(why, ERR_BAD_FRAME, "a page");
    if (page->staged && (!bool_at(root, 6, &page->columns) || !read_place(root, 7, &page->place) ||
                   !small_at(root, 11, 0, UINT32_MAX, &page->place.done) ||
                   !small_at(root, 12, 0, UINT32_MAX, &page->place.total)))
        return refuse_text(why, ERR_BAD_FRAME, "a page of a view");
    if (!page->columns) return read_packed(root, 3, read_change, arena, &page->changes, &page->count, why);
    if (!small_at(root, 3, 0, LINES_MAX, &page->count)) return refuse_text(why, ERR_BAD_FRAME, "a page");
    enum err err = page_bytes(root, 4, arena, &bytes, why);
    return err == OK ? columns_read(bytes, page->count, arena, &page->changes, why) : err;
}

static enum err read_as_of(const struct item *lines, struct arena *arena, struct result *result, struct refusal *why)
{
    const struct item *item = item_at(lines, 0);
    struct as_of *as_of = result->as_of = arena_get(arena, sizeof *as_of);
    if (as_of == NULL) return refuse(why, ERR_MEMORY);
    if (result->count == 0 && result->err != OK) return OK;
    if (result->count != 1 || !items(item, 9) || !stamp_at(item, 0, &as_of->moment) ||
        !count_at(item, 1, &as_of->number) || !stamp_at(item, 2, &as_of->time) || !count_at(item, 3, &as_of->day) ||
        !exact_at(item, 4, as_of->hash, HASH_BYTES) || !exact_at(item, 5, as_of->signature, SIGNATURE_BYTES))
        return refuse_text(why, ERR_BAD_FRAME, "the registry as it stood");
    return read_packed(item, 6, read_whole_or_same, arena, &as_of->changes, &as_of->count, why);
}

/* Bytes of an exact length (0: of any), or nil. */
static bool bytes_or_nil_at(const struct item *array, size_t i, uint32_t length, struct text *bytes)
{
    *bytes = (struct text){"", 0};
    if (item_is_nil(item_at(array, i))) return true;
    if (!item_bytes(item_at(array, i), bytes)) return false;
    return length == 0 ? bytes->length > 0 && bytes->length <= COMMAND_BYTES_MAX : bytes->length == length;
}

/* What was signed, by what key; all three or none. */
static bool read_proof(const struct item *item, struct history_line *line)
{
    if (!bytes_or_nil_at(item, 9, 0, &line->command) || !bytes_or_nil_at(item, 10, SIGNATURE_BYTES, &line->signature) ||
        !bytes_or_nil_at(item, 11, KEY_BYTES, &line->key))
        return false;
    bool any = line->command.length > 0;
    return (line->signature.length > 0) == any && (line->key.length > 0) == any;
}

static enum err read_history(const struct item *item, struct arena *arena, struct history_line *line,
                             const struct result *result, struct refusal *why)
{
    bool proof = result->what == QUERY_PROOF;
    *line = (struct history_line){.number = 0};
    if (!items(item, proof ? 12 : 9) || (proof && !read_proof(item, line)) || !count_at(item, 0, &line->number) ||
        !stamp_at(item, 1, &line->time) || !count_at(item, 2, &line->unit) || !count_at(item, 3, &line->operator) ||
        !item_text(item_at(item, 4), &line->name) || !byte_at(item, 5, &line->kind) ||
        !byte_at(item, 6, &line->action) || !bool_at(item, 7, &line->is_signed))
        return refuse_text(why, ERR_BAD_FRAME, "a line of history");
    line->fields = record_make(result->kind, 0);
    return fields_unpack(item_at(item, 8), FIELDS_STORED, arena, &line->fields, &line->mask, why);
}

static bool read_presence(const struct item *item, struct presence_line *line)
{
    return items(item, 6) && count_at(item, 0, &line->operator) && count_at(item, 1, &line->unit) &&
           item_text(item_at(item, 2), &line->name) && item_text(item_at(item, 3), &line->program) &&
           stamp_at(item, 4, &line->since) && bool_at(item, 5, &line->behind);
}

static bool read_points(const struct item *item, struct points_line *line)
{
    return items(item, 9) && count_at(item, 0, &line->number) && stamp_at(item, 1, &line->time) &&
           count_at(item, 2, &line->rule) && item_int(item_at(item, 3), INT32_MIN, INT32_MAX, &line->full) &&
           item_int(item_at(item, 4), INT32_MIN, INT32_MAX, &line->points) && byte_at(item, 5, &line->kind) &&
           count_at(item, 6, &line->id) && count_at(item, 7, &line->unit) && count_at(item, 8, &line->person);
}

/* The lines of a result, by what was asked. */
static enum err read_lines(const struct item *lines, struct arena *arena, struct result *result, struct refusal *why)
{
    size_t count;
    if (!item_array(lines, &count) || count > LINES_MAX) return refuse_text(why, ERR_BAD_FRAME, "a result");
    result->count = (unsigned)count;
    if (result->what == QUERY_GET || result->what == QUERY_FIND)
        return read_changes(lines, read_change, 0, arena, &result->records, &result->count, why);
    if (result->what == QUERY_AS_OF) return read_as_of(lines, arena, result, why);
    result->history = arena_get(arena, (count + 1) * sizeof *result->history);
    result->presences = arena_get(arena, (count + 1) * sizeof *result->presences);
    result->points = arena_get(arena, (count + 1) * sizeof *result->points);
    if (result->history == NULL || result->presences == NULL || result->points == NULL) return refuse(why, ERR_MEMORY);
    for (size_t i = 0; i < count; i++) {
        const struct item *item = item_at(lines, i);
        if (result->what == QUERY_PRESENCE) {
            if (!read_presence(item, &result->presences[i])) return refuse_text(why, ERR_BAD_FRAME, "presence");
            continue;
        }
        if (result->what == QUERY_POINTS) {
            if (!read_points(item, &result->points[i])) return refuse_text(why, ERR_BAD_FRAME, "points");
            continue;
        }
        enum err err = read_history(item, arena, &result->history[i], result, why);
        if (err != OK) return err;
    }
    return OK;
}

static enum err read_result(const struct item *root, struct arena *arena, struct result *result, struct refusal *why)
{
    uint32_t err, what;
    *result = (struct result){.tag = 0};
    if (!items(root, 7) || !count_at(root, 1, &result->tag) || !small_at(root, 2, 0, UINT16_MAX, &err) ||
        !small_at(root, 3, QUERY_GET, QUERY_LAST, &what) || !bool_at(root, 4, &result->more) ||
        !byte_at(root, 5, &result->kind))
        return refuse_text(why, ERR_BAD_FRAME, "a result");
    result->err = (enum err)err;
    result->what = (enum query_what)what;
    return read_lines(item_at(root, 6), arena, result, why);
}

/* ---- all of them ---- */

static bool read_plain(const struct item *root, struct frame *frame)
{
    uint32_t err;
    switch (frame->type) {
    case FRAME_HELLO: return read_hello(root, &frame->as.hello);
    case FRAME_COMMAND: return read_command(root, frame);
    case FRAME_MORE:
    case FRAME_PING:
    case FRAME_BYE: return items(root, 1);
    case FRAME_QUERY: return read_query(root, &frame->as.query);
    case FRAME_WELCOME: return read_welcome(root, &frame->as.welcome);
    case FRAME_TICKET: return read_ticket(root, &frame->as.ticket);
    case FRAME_ANSWER:
        return items(root, 4) && count_at(root, 1, &frame->as.answer.counter) &&
               count_at(root, 2, &frame->as.answer.number) && count_at(root, 3, &frame->as.answer.id);
    case FRAME_REFUSED: return read_refused(root, &frame->as.refused);
    case FRAME_PONG:
        return items(root, 3) && count_at(root, 1, &frame->as.pong.upto) && stamp_at(root, 2, &frame->as.pong.now);
    case FRAME_LEAVE:
        if (!items(root, 3) || !small_at(root, 1, 1, UINT16_MAX, &err) ||
            !item_int(item_at(root, 2), INT64_MIN, INT64_MAX, &frame->as.leave.number))
            return false;
        frame->as.leave.err = (enum err)err;
        return true;
    case FRAME_PAGE:
    case FRAME_PUSH:
    case FRAME_RESULT: break;
    }
    return false;
}

static enum err read_root(const struct item *root, bool from_client, struct arena *arena, struct frame *frame,
                          struct refusal *why)
{
    uint32_t type;
    if (!small_at(root, 0, 1, 127, &type)) return refuse_text(why, ERR_BAD_FRAME, "no type");
    if ((type < FRAME_WELCOME) != from_client) return refuse_text(why, ERR_BAD_FRAME, "of the wrong side");
    if (type > FRAME_LEAVE || (type > FRAME_BYE && type < FRAME_WELCOME)) {
        refuse(why, ERR_VERSION);
        return ERR_VERSION;
    }
    frame->type = (enum frame_type)type;
    if (frame->type == FRAME_PAGE) return read_page(root, arena, &frame->as.page, why);
    if (frame->type == FRAME_PUSH) return read_push(root, arena, &frame->as.push, why);
    if (frame->type == FRAME_RESULT) return read_result(root, arena, &frame->as.result, why);
    return read_plain(root, frame) ? OK : refuse_text(why, ERR_BAD_FRAME, "its elements");
}

enum err frame_read(const void *bytes, size_t count, bool from_client, struct arena *arena, struct frame *frame,
                    struct refusal *why)
{
    struct unpacked unpacked;
    if (count > (from_client ? (size_t)REQUEST_BYTES_MAX : (size_t)FRAME_BYTES_MAX))
        return refuse_text(why, ERR_BAD_FRAME, "too large");
    enum err err = unpack(bytes, count, from_client ? COMMAND_NODES_MAX : FRAME_NODES_MAX, &unpacked, why);
    if (err != OK) return err;
    err = read_root(unpacked.root, from_client, arena, frame, why);
    unpack_free(&unpacked);
    return err;
}
