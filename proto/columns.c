/* columns.c - see columns.h. A block is [op, kind, ids, versions, {field: values}]: each number as what it exceeds the
 * one above it by, from 0 on; nil where a record has no value. */
#include "proto/columns.h"

enum { BLOCK_ITEMS = 5 };

/* How many changes from the first on are of one op and kind. */
static unsigned block_count(const struct wire_change *changes, unsigned count)
{
    unsigned same = 1;
    while (same < count && changes[same].op == changes->op && changes[same].record.kind == changes->record.kind)
        same++;
    return same;
}

static void column_pack(struct pack *pack, const struct wire_change *changes, unsigned count, unsigned position)
{
    uint64_t last = 0;
    const struct field *field = field_row(changes->record.kind, position);
    pack_int(pack, field->wire);
    pack_array(pack, count);
    for (unsigned i = 0; i < count; i++) {
        struct value value = changes[i].record.values[position];
        if ((changes[i].mask & FIELD_BIT(position)) == 0) value.set = false;
        if (value.set && field_is_number(field)) {
            uint64_t number = (uint64_t)value.as.number;
            value.as.number = (int64_t)(number - last);
            last = number;
        }
        value_pack(pack, field, &value);
    }
}

static void block_pack(struct pack *pack, const struct wire_change *changes, unsigned count)
{
    unsigned kind = changes->record.kind, columns = 0;
    uint64_t id = 0, version = 0, mask = 0;
    pack_array(pack, BLOCK_ITEMS);
    pack_int(pack, changes->op);
    pack_int(pack, kind);
    pack_array(pack, count);
    for (unsigned i = 0; i < count; i++) {
        pack_int(pack, (int64_t)(changes[i].record.id - id));
        id = changes[i].record.id;
        mask |= changes[i].mask & record_mask(&changes[i].record);
    }
    pack_array(pack, count);
    for (unsigned i = 0; i < count; i++) {
        pack_int(pack, (int64_t)(changes[i].record.version - version));
        version = changes[i].record.version;
    }
    for (uint64_t left = mask; left != 0; left &= left - 1)
        columns++;
    pack_map(pack, columns);
    for (unsigned wire = 0; columns > 0; wire++) {
        int position = field_position(kind, wire);
        if (position < 0 || (mask & FIELD_BIT(position)) == 0) continue;
        column_pack(pack, changes, count, (unsigned)position);
        columns--;
    }
}

void columns_pack(struct pack *pack, const struct wire_change *changes, unsigned count)
{
    unsigned blocks = 0;
    for (unsigned i = 0; i < count; i += block_count(&changes[i], count - i))
        blocks++;
    pack_array(pack, blocks);
    for (unsigned i = 0, same; i < count; i += same) {
        same = block_count(&changes[i], count - i);
        block_pack(pack, &changes[i], same);
    }
}

/* ---- reading ---- */

static enum err bad(struct refusal *why)
{
    return refuse_text(why, ERR_BAD_FRAME, "a page by columns");
}

/* A column of numbers that every record has: ids, versions. */
static bool read_number(const struct item *column, size_t i, uint64_t *last, uint64_t *number)
{
    int64_t difference;
    if (!item_int(item_at(column, i), INT64_MIN, INT64_MAX, &difference)) return false;
    *number = *last += (uint64_t)difference;
    return *number <= INT64_MAX;
}

static enum err read_column(const struct item *block, size_t at, struct wire_change *changes, size_t count,
                            struct arena *arena, struct refusal *why)
{
    int64_t wire;
    uint64_t last = 0;
    size_t found;
    const struct item *fields = item_at(block, 4), *column = item_value(fields, at);
    if (!item_int(item_key(fields, at), 0, 127, &wire) || !item_array(column, &found) || found != count)
        return bad(why);
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        const struct item *cell = item_at(column, i);
        if (item_is_nil(cell)) continue;
        any = true;
        enum err err = field_unpack((unsigned)wire, cell, &last, FIELDS_STORED, arena, &changes[i].record,
                                    &changes[i].mask, why);
        if (err != OK) return err;
    }
    return any ? OK : bad(why);
}

static enum err read_block(const struct item *block, struct wire_change *changes, unsigned room, unsigned *read,
                           struct arena *arena, struct refusal *why)
{
    int64_t op, kind;
    size_t count, versions, columns;
    uint64_t id = 0, version = 0, last_id = 0, last_version = 0;
    if (!item_int(item_at(block, 0), OP_WHOLE, OP_REST, &op) || op == OP_GONE || op == OP_SAME ||
        !item_int(item_at(block, 1), 1, KIND_LIMIT - 1, &kind) || !item_array(item_at(block, 2), &count) ||
        count == 0 || count > room || !item_array(item_at(block, 3), &versions) || versions != count ||
        !item_map(item_at(block, 4), &columns))
        return bad(why);
    for (size_t i = 0; i < count; i++) {
        if (!read_number(item_at(block, 2), i, &last_id, &id) || id == 0 ||
            !read_number(item_at(block, 3), i, &last_version, &version))
            return bad(why);
        changes[i] = (struct wire_change){.op = (enum change_op)op, .record = record_make((unsigned)kind, id)};
        changes[i].record.version = version;
    }
    *read = (unsigned)count;
    if (kind_row((unsigned)kind) == NULL) return OK; /* of a newer version: the client skips it */
    for (size_t i = 0; i < columns; i++) {
        enum err err = read_column(block, i, changes, count, arena, why);
        if (err != OK) return err;
    }
    return OK;
}

enum err columns_read(struct text bytes, unsigned count, struct arena *arena, struct wire_change **changes,
                      struct refusal *why)
{
    struct unpacked unpacked;
    size_t blocks = 0;
    unsigned done = 0, read = 0;
    *changes = arena_get(arena, (count + 1) * sizeof **changes);
    if (*changes == NULL) return refuse(why, ERR_MEMORY);
    enum err err = unpack(bytes.at, bytes.length, PAGE_NODES_MAX, &unpacked, why);
    if (err != OK) return err;
    if (!item_array(unpacked.root, &blocks)) err = bad(why);
    for (size_t i = 0; err == OK && i < blocks; i++) {
        err = read_block(item_at(unpacked.root, i), *changes + done, count - done, &read, arena, why);
        const struct wire_change *first = *changes + done;
        if (err == OK && i > 0 && first->op == first[-1].op && first->record.kind == first[-1].record.kind)
            err = bad(why);
        done += read;
    }
    if (err == OK && done != count) err = bad(why);
    unpack_free(&unpacked);
    return err;
}
