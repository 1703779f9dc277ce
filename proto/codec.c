/* codec.c - see codec.h. */
#include "proto/codec.h"

#include "proto/check.h"

#include <string.h>

enum { WIRE_LIMIT = 128 };

static bool is_text(const struct field *field)
{
    return field->type == TYPE_TEXT || field->type == TYPE_NOTE || field->type == TYPE_BYTES;
}

bool field_is_number(const struct field *field)
{
    return field->list_max == 0 && !is_text(field);
}

void value_pack(struct pack *pack, const struct field *field, const struct value *value)
{
    if (!value->set)
        pack_nil(pack);
    else if (field->list_max > 0) {
        pack_array(pack, value->count);
        for (unsigned i = 0; i < value->count; i++)
            pack_int(pack, value->as.list[i]);
    } else if (field->type == TYPE_BYTES)
        pack_bytes(pack, value->as.text.at, value->as.text.length);
    else if (is_text(field))
        pack_text(pack, value->as.text);
    else
        pack_int(pack, value->as.number);
}

static const struct extra *extra_at(const struct record *record, unsigned wire)
{
    for (unsigned i = 0; i < record->extra_count; i++)
        if (record->extras[i].wire == wire) return &record->extras[i];
    return NULL;
}

void fields_pack(struct pack *pack, const struct record *record, uint64_t mask, bool extras)
{
    unsigned count = extras ? record->extra_count : 0, positions = field_count(record->kind);
    for (unsigned i = 0; i < positions; i++)
        count += (mask & FIELD_BIT(i)) != 0;
    pack_map(pack, count);
    for (unsigned wire = 0; wire < WIRE_LIMIT && count > 0; wire++) {
        int position = field_position(record->kind, wire);
        if (position >= 0 && (mask & FIELD_BIT(position))) {
            pack_int(pack, wire);
            value_pack(pack, field_row(record->kind, (unsigned)position), &record->values[position]);
        } else if (extras && position < 0) {
            const struct extra *extra = extra_at(record, wire);
            if (extra == NULL) continue;
            pack_int(pack, wire);
            pack_raw(pack, extra->packed.at, extra->packed.length);
        }
    }
}

static bool list_unpack(const struct item *item, struct arena *arena, struct value *value)
{
    size_t count;
    if (!item_array(item, &count) || count > LIST_MAX) return false;
    int64_t *list = arena_get(arena, (count + 1) * sizeof *list);
    if (list == NULL) return false;
    for (size_t i = 0; i < count; i++)
        if (!item_int(item_at(item, i), INT64_MIN, INT64_MAX, &list[i])) return false;
    *value = (struct value){.set = true, .count = (uint8_t)count, .as.list = list};
    return true;
}

static bool value_unpack(const struct field *field, const struct item *item, struct arena *arena, struct value *value)
{
    *value = (struct value){.set = true};
    if (item_is_nil(item)) {
        value->set = false;
        return true;
    }
    if (field->list_max > 0) return list_unpack(item, arena, value);
    if (field->type == TYPE_BYTES) return item_bytes(item, &value->as.text);
    if (is_text(field)) return item_text(item, &value->as.text);
    return item_int(item, INT64_MIN, INT64_MAX, &value->as.number);
}

/* Keeps a value that this version does not know, as bytes; also a nil, which unsets it in record_merge. */
static bool extra_keep(struct record *record, unsigned wire, const struct item *item, uint64_t *last,
                       struct arena *arena)
{
    struct pack pack;
    int64_t number;
    if (record->extra_count == UINT8_MAX) return false;
    struct extra *extras = arena_get(arena, (record->extra_count + 1u) * sizeof *extras);
    if (extras == NULL) return false;
    if (record->extra_count > 0) memcpy(extras, record->extras, record->extra_count * sizeof *extras);
    pack_init(&pack, RECORD_BYTES_MAX);
    if (last != NULL && item_int(item, INT64_MIN, INT64_MAX, &number))
        pack_int(&pack, (int64_t)(*last += (uint64_t)number));
    else
        pack_item(&pack, item);
    const char *kept = pack.failed ? NULL : arena_copy(arena, pack.at, pack.used);
    extras[record->extra_count] = (struct extra){(uint8_t)wire, {kept, (uint32_t)pack.used}};
    pack_free(&pack);
    record->extras = extras;
    record->extra_count++;
    return kept != NULL;
}

enum err field_unpack(unsigned wire, const struct item *item, uint64_t *last, enum fields_mode mode,
                      struct arena *arena, struct record *record, uint64_t *mask, struct refusal *why)
{
    int found = field_position(record->kind, wire);
    if (found < 0) {
        if (mode == FIELDS_COMMAND) return refuse(why, ERR_NO_SUCH_FIELD);
        return extra_keep(record, wire, item, last, arena) ? OK : refuse(why, ERR_MEMORY);
    }
    unsigned position = (unsigned)found;
    const struct field *field = field_row(record->kind, position);
    struct value *value = &record->values[position];
    if (!value_unpack(field, item, arena, value)) return refuse_field(why, ERR_BAD_VALUE, record->kind, position, 0);
    if (last != NULL && value->set && field_is_number(field))
        value->as.number = (int64_t)(*last += (uint64_t)value->as.number);
    *mask |= FIELD_BIT(position);
    if (mode == FIELDS_COMMAND && value->set) return value_check(record->kind, position, value, why);
    return OK;
}

enum err fields_unpack(const struct item *map, enum fields_mode mode, struct arena *arena, struct record *record,
                       uint64_t *mask, struct refusal *why)
{
    size_t count;
    *mask = 0;
    if (!item_map(map, &count)) return refuse_text(why, ERR_BAD_FRAME, "no map of fields");
    for (size_t i = 0; i < count; i++) {
        int64_t wire;
        if (!item_int(item_key(map, i), 0, WIRE_LIMIT - 1, &wire)) return refuse(why, ERR_NO_SUCH_FIELD);
        enum err err = field_unpack((unsigned)wire, item_value(map, i), NULL, mode, arena, record, mask, why);
        if (err != OK) return err;
    }
    return OK;
}

void record_pack(struct pack *pack, const struct record *record)
{
    pack_array(pack, 2);
    pack_int(pack, (int64_t)record->version);
    fields_pack(pack, record, record_mask(record), true);
}

enum err record_unpack(const void *bytes, size_t count, struct arena *arena, struct record *record, struct refusal *why)
{
    struct unpacked unpacked;
    int64_t version;
    uint64_t mask;
    enum err err = unpack(bytes, count, RECORD_BYTES_MAX, &unpacked, why);
    if (err != OK) return err;
    if (!item_int(item_at(unpacked.root, 0), 0, INT64_MAX, &version))
        err = refuse_text(why, ERR_BAD_FRAME, "no version");
    else {
        record->version = (uint64_t)version;
        err = fields_unpack(item_at(unpacked.root, 1), FIELDS_STORED, arena, record, &mask, why);
    }
    unpack_free(&unpacked);
    return err;
}

void command_pack(struct pack *pack, const struct command *command)
{
    pack_array(pack, 7);
    pack_int(pack, (int64_t)command->counter);
    pack_int(pack, command->kind);
    pack_int(pack, command->action);
    pack_int(pack, command->target);
    pack_int(pack, command->base);
    pack_int(pack, command->said.s);
    fields_pack(pack, &command->args, command->given, false);
}

static enum err command_head(const struct item *root, struct command *command, struct refusal *why)
{
    size_t count;
    int64_t head[6];
    static const int64_t lo[6] = {0, 1, 1, -INT64_MAX, -INT64_MAX, 0};
    static const int64_t hi[6] = {INT64_MAX, KIND_LIMIT - 1, ACTION_LIMIT - 1, INT64_MAX, INT64_MAX, 1ll << 40};
    if (!item_array(root, &count) || count != 7) return refuse_text(why, ERR_BAD_FRAME, "no command");
    for (unsigned i = 0; i < 6; i++)
        if (!item_int(item_at(root, i), lo[i], hi[i], &head[i]))
            return refuse_text(why, ERR_BAD_FRAME, "a number of the command");
    *command = (struct command){.counter = (uint64_t)head[0],
                                .kind = (uint8_t)head[1],
                                .action = (uint8_t)head[2],
                                .target = head[3],
                                .base = head[4],
                                .said = {head[5]}};
    return OK;
}

static enum err command_read(const struct item *root, struct arena *arena, struct command *command, struct refusal *why)
{
    enum err err = command_head(root, command, why);
    if (err != OK) return err;
    if (action_row(command->kind, command->action) == NULL) return refuse(why, ERR_NO_SUCH_ACTION);
    command->args = record_make(command->kind, 0);
    return fields_unpack(item_at(root, 6), FIELDS_COMMAND, arena, &command->args, &command->given, why);
}

enum err command_unpack(const void *bytes, size_t count, struct arena *arena, struct command *command,
                        struct refusal *why)
{
    struct unpacked unpacked;
    if (count > COMMAND_BYTES_MAX) {
        refuse(why, ERR_LIMIT);
        if (why != NULL) why->number = COMMAND_BYTES_MAX;
        return ERR_LIMIT;
    }
    enum err err = unpack(bytes, count, COMMAND_NODES_MAX, &unpacked, why);
    if (err != OK) return err;
    err = command_read(unpacked.root, arena, command, why);
    unpack_free(&unpacked);
    return err;
}

enum err command_peek(const void *bytes, size_t count, struct command *command)
{
    struct unpacked unpacked;
    enum err err = unpack(bytes, count, COMMAND_NODES_MAX, &unpacked, NULL);
    if (err != OK) return err;
    err = command_head(unpacked.root, command, NULL);
    unpack_free(&unpacked);
    return err;
}

void effects_pack(struct pack *pack, const struct change *const *changes, unsigned count)
{
    pack_array(pack, count);
    for (unsigned i = 0; i < count; i++) {
        const struct record *after = &changes[i]->after;
        pack_array(pack, 3);
        pack_int(pack, after->kind);
        pack_int(pack, (int64_t)after->id);
        fields_pack(pack, after, record_diff(&changes[i]->before, after), false);
    }
}

enum err effects_unpack(const struct item *array, struct arena *arena, struct effect **effects, unsigned *count,
                        struct refusal *why)
{
    size_t items;
    if (!item_array(array, &items) || items > 4096) return refuse_text(why, ERR_BAD_FRAME, "no effects");
    struct effect *read = arena_get(arena, (items + 1) * sizeof *read);
    if (read == NULL) return refuse(why, ERR_MEMORY);
    for (size_t i = 0; i < items; i++) {
        const struct item *item = item_at(array, i);
        int64_t kind, id;
        if (!item_int(item_at(item, 0), 1, KIND_LIMIT - 1, &kind) || !item_int(item_at(item, 1), 1, INT64_MAX, &id))
            return refuse_text(why, ERR_BAD_FRAME, "an effect");
        read[i].fields = record_make((unsigned)kind, (uint64_t)id);
        enum err err = fields_unpack(item_at(item, 2), FIELDS_STORED, arena, &read[i].fields, &read[i].mask, why);
        if (err != OK) return err;
    }
    *effects = read;
    *count = (unsigned)items;
    return OK;
}
