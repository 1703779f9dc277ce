/* state.c - see state.h. Keys are described in space.h. */
#include "proto/state.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum { SUM_BYTES = crypto_shorthash_BYTES };

/* SipHash of the packed record under a key made of its kind and id: a record read from the wrong place is
 * as wrong as a flipped bit. It guards against damage, not against an attacker. */
static void checksum(const struct key *key, const void *bytes, size_t count, uint8_t sum[SUM_BYTES])
{
    uint8_t seed[crypto_shorthash_KEYBYTES] = "duban record";
    _Static_assert(sizeof seed == 16, "SipHash-2-4");
    for (size_t i = 0; i < key->used; i++)
        seed[i % sizeof seed] ^= key->bytes[i];
    crypto_shorthash(sum, bytes, count, seed);
}

static void record_key(struct key *key, unsigned kind, uint64_t id)
{
    key_clear(key);
    key_byte(key, (uint8_t)kind);
    key_number(key, id);
}

enum err state_get(const struct space *space, unsigned kind, uint64_t id, struct arena *arena, struct record *record)
{
    struct key key;
    struct text value;
    uint8_t sum[SUM_BYTES];
    record_key(&key, kind, id);
    enum err err = space->get(space->self, TABLE_RECORD, &key, &value);
    if (err != OK) return err;
    if (value.length < SUM_BYTES) return ERR_DAMAGED;
    size_t count = value.length - SUM_BYTES;
    const char *bytes = arena_copy(arena, value.at + SUM_BYTES, count);
    if (bytes == NULL) return ERR_MEMORY;
    checksum(&key, bytes, count, sum);
    if (memcmp(sum, value.at, SUM_BYTES) != 0) return ERR_DAMAGED;
    struct record read = record_make(kind, id);
    err = record_unpack(bytes, count, arena, &read, NULL);
    if (err == OK) *record = read;
    return err == ERR_MEMORY || err == OK ? err : ERR_DAMAGED;
}

uint64_t state_last_id(const struct space *space, unsigned kind)
{
    struct key key;
    struct text value;
    record_key(&key, kind + 1, 0);
    if (space->before(space->self, TABLE_RECORD, &key, &value) != OK || key.bytes[0] != kind) return 0;
    return key_read(&key, 1);
}

uint64_t state_next_id(const struct space *space, unsigned kind, uint64_t id)
{
    struct key key;
    struct text value;
    record_key(&key, kind, id + 1);
    if (space->seek(space->self, TABLE_RECORD, &key, &value) != OK || key.bytes[0] != kind) return 0;
    return key_read(&key, 1);
}

/* ---- indexes ---- */

static void key_value(struct key *key, const struct field *field, const struct value *value)
{
    if (field->type == TYPE_BYTES)
        key_bytes(key, value->as.text.at, value->as.text.length);
    else if (field->type == TYPE_TEXT) {
        key_bytes(key, value->as.text.at, value->as.text.length);
        key_byte(key, 0);
    } else
        key_signed(key, value->as.number);
}

/* False when a field of the index is not set: the record is not in that index. */
static bool index_key(struct key *key, const struct index_row *row, const struct record *record)
{
    key_clear(key);
    key_byte(key, row->wire);
    for (unsigned i = 0; i < row->count; i++) {
        const struct value *value = &record->values[row->fields[i]];
        if (!value->set) return false;
        key_value(key, field_row(row->kind, row->fields[i]), value);
    }
    return true;
}

static enum err index_move(const struct space *space, const struct record *before, const struct record *after)
{
    for (const struct index_row *row = NULL; (row = index_next(after->kind, row)) != NULL;) {
        struct key old, new;
        bool was = index_key(&old, row, before), is = index_key(&new, row, after);
        enum err err = OK;
        if (was && is && old.used == new.used &&memcmp(old.bytes, new.bytes, old.used) == 0) continue;
        if (was) {
            key_number(&old, before->id);
            err = space->del(space->self, TABLE_INDEX, &old);
        }
        if (err == OK && is) {
            key_number(&new, after->id);
            err = space->put(space->self, TABLE_INDEX, &new, (struct text){"", 0});
        }
        if (err != OK) return err;
    }
    return OK;
}

/* The moment in a field: of a day its end. False when the field is not set. */
static bool moment_of(const struct record *record, unsigned position, stamp_t *moment)
{
    if (position == 0 || !rec_has(record, position)) return false;
    int64_t number = rec_num(record, position);
    if (field_row(record->kind, position)->type == TYPE_DAY)
        *moment = day_end((day_t){(int32_t)number});
    else
        *moment = (stamp_t){number};
    return true;
}

bool record_due(const struct record *record, stamp_t *due)
{
    const struct state_row *row = state_row(record->kind, rec_state(record));
    return row != NULL && moment_of(record, row->due, due);
}

static bool clock_key(struct key *key, const struct record *record)
{
    stamp_t due;
    const struct state_row *row = state_row(record->kind, rec_state(record));
    if (row == NULL || row->lapse == 0) return false;
    if (!moment_of(record, row->clock != 0 ? row->clock : row->due, &due)) return false;
    key_clear(key);
    key_signed(key, due.s);
    key_byte(key, record->kind);
    key_number(key, record->id);
    return true;
}

static enum err clock_move(const struct space *space, const struct record *before, const struct record *after)
{
    struct key old, new;
    bool was = clock_key(&old, before), is = clock_key(&new, after);
    if (was && is && memcmp(old.bytes, new.bytes, old.used) == 0) return OK;
    if (was) {
        enum err err = space->del(space->self, TABLE_CLOCK, &old);
        if (err != OK) return err;
    }
    return is ? space->put(space->self, TABLE_CLOCK, &new, (struct text){"", 0}) : OK;
}

bool state_clock(const struct space *space, struct key *key, stamp_t *due, unsigned *kind, uint64_t *id)
{
    struct text value;
    if (key->used > 0) key_after(key);
    if (space->seek(space->self, TABLE_CLOCK, key, &value) != OK) return false;
    due->s = (int64_t)(key_read(key, 0) ^ (1ull << 63));
    *kind = key->bytes[8];
    *id = key_read(key, 9);
    return true;
}

enum err state_put(const struct space *space, const struct record *before, const struct record *after)
{
    struct key key;
    struct pack pack;
    uint8_t zero[SUM_BYTES] = {0};
    assert(after->id > 0);
    pack_init(&pack, RECORD_BYTES_MAX);
    pack_raw(&pack, zero, sizeof zero);
    record_pack(&pack, after);
    if (pack.failed) {
        pack_free(&pack);
        return ERR_MEMORY;
    }
    record_key(&key, after->kind, after->id);
    checksum(&key, pack.at + SUM_BYTES, pack.used - SUM_BYTES, pack.at);
    enum err err =
        space->put(space->self, TABLE_RECORD, &key, (struct text){(const char *)pack.at, (uint32_t)pack.used});
    pack_free(&pack);
    if (err == OK) err = index_move(space, before, after);
    if (err == OK) err = clock_move(space, before, after);
    return err;
}

enum err state_derive(const struct space *space, const struct record *record)
{
    struct record empty = record_make(record->kind, record->id);
    enum err err = index_move(space, &empty, record);
    return err == OK ? clock_move(space, &empty, record) : err;
}

enum err state_drop(const struct space *space, const struct record *record)
{
    struct key key;
    struct record empty = record_make(record->kind, record->id);
    record_key(&key, record->kind, record->id);
    enum err err = space->del(space->self, TABLE_RECORD, &key);
    if (err == OK) err = index_move(space, record, &empty);
    if (err == OK) err = clock_move(space, record, &empty);
    return err;
}

enum err state_fold(const struct space *space, const struct effect *effect, uint64_t version, struct arena *arena,
                    struct change *change)
{
    const struct record *fields = &effect->fields;
    enum err err = state_get(space, fields->kind, fields->id, arena, &change->before);
    if (err == ERR_NOT_FOUND)
        change->before = record_make(fields->kind, fields->id);
    else if (err != OK)
        return err;
    change->after = change->before;
    if (!record_merge(&change->after, fields, effect->mask, arena)) return ERR_MEMORY;
    change->after.version = version;
    return state_put(space, &change->before, &change->after);
}

/* ---- walking ---- */

struct value number_value(int64_t number)
{
    return (struct value){.set = true, .as.number = number};
}

struct value text_value(struct text text)
{
    return (struct value){.set = true, .as.text = text};
}

void walk_start(struct walk *walk, const struct space *space, enum index_id index, const struct value *values,
                unsigned count)
{
    const struct index_row *row = index_row(index);
    assert(row != NULL && count <= row->count);
    walk->space = space;
    walk->started = false;
    key_clear(&walk->prefix);
    key_byte(&walk->prefix, row->wire);
    for (unsigned i = 0; i < count; i++)
        key_value(&walk->prefix, field_row(row->kind, row->fields[i]), &values[i]);
    walk->at = walk->prefix;
}

bool walk_next(struct walk *walk, uint64_t *id)
{
    struct text value;
    if (walk->started) key_after(&walk->at);
    walk->started = true;
    if (walk->space->seek(walk->space->self, TABLE_INDEX, &walk->at, &value) != OK ||
        !key_has_prefix(&walk->at, &walk->prefix))
        return false;
    *id = key_read(&walk->at, walk->at.used - 8);
    return true;
}

bool walk_behind(struct walk *walk, const struct record *record)
{
    struct key key;
    if (!index_key(&key, index_row(walk->prefix.bytes[0]), record)) return false;
    key_number(&key, record->id);
    walk->at = key;
    walk->started = true;
    return true;
}

uint64_t state_find(const struct space *space, enum index_id index, const struct value *values, unsigned count)
{
    struct walk walk;
    uint64_t id;
    assert(count == index_row(index)->count);
    walk_start(&walk, space, index, values, count);
    return walk_next(&walk, &id) ? id : 0;
}

uint64_t state_find_text(const struct space *space, enum index_id index, const char *text)
{
    struct value value = text_value(text_of(text));
    return strlen(text) < KEY_MAX - 16 ? state_find(space, index, &value, 1) : 0;
}

uint64_t state_clash(const struct space *space, const struct record *record, const struct index_row **index)
{
    for (const struct index_row *row = NULL; (row = index_next(record->kind, row)) != NULL;) {
        struct value values[INDEX_FIELDS_MAX];
        bool whole = row->unique != 0;
        for (unsigned i = 0; i < row->count; i++) {
            values[i] = record->values[row->fields[i]];
            whole = whole && values[i].set;
        }
        if (!whole) continue;
        uint64_t id = state_find(space, row->wire, values, row->count);
        if (id == 0 || id == record->id) continue;
        if (index != NULL) *index = row;
        return id;
    }
    return 0;
}
