/* model.c - see model.h. */
#include "client/core/model.h"

#include "client/core/link.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { META_ITEMS = 14 };

/* ---- where we were: one packed value ---- */

static enum err save_meta(struct model *model)
{
    struct pack pack;
    struct key key = cache_name("state");
    pack_init(&pack, 1024);
    pack_array(&pack, META_ITEMS);
    pack_int(&pack, (int64_t)model->position);
    pack_int(&pack, model->scope);
    pack_int(&pack, (int64_t)model->remember);
    pack_bytes(&pack, model->remember_hash, HASH_BYTES);
    pack_int(&pack, model->confirmed.s);
    pack_int(&pack, model_now(model).s - time(NULL)); /* so that time is known without the link */
    pack_int(&pack, model->rate);
    pack_int(&pack, (int64_t)model->highest);
    const struct view_place *place = &model->place;
    const int64_t coming[] = {place->stage,          place->kind, (int64_t)place->id,
                              (int64_t)place->as_of, place->done, place->total};
    for (unsigned i = 0; i < sizeof coming / sizeof *coming; i++)
        pack_int(&pack, coming[i]);
    enum err err = pack.failed ? ERR_MEMORY : cache_put(model->cache, CACHE_META, &key, pack.at, pack.used);
    pack_free(&pack);
    return err;
}

/* Of a view that was broken off; a cache of an older version has none. */
static bool read_place(struct view_place *place, const struct item *root)
{
    size_t count;
    int64_t stage, kind, id, as_of, done, total;
    *place = (struct view_place){.stage = VIEW_DONE};
    if (item_array(root, &count) && count == 8) return true;
    if (!item_int(item_at(root, 8), VIEW_DONE, VIEW_REST, &stage) ||
        !item_int(item_at(root, 9), 0, KIND_LIMIT - 1, &kind) || !item_int(item_at(root, 10), 0, INT64_MAX, &id) ||
        !item_int(item_at(root, 11), 0, INT64_MAX, &as_of) || !item_int(item_at(root, 12), 0, UINT32_MAX, &done) ||
        !item_int(item_at(root, 13), 0, UINT32_MAX, &total))
        return false;
    *place = (struct view_place){.stage = (uint8_t)stage,
                                 .kind = (uint8_t)kind,
                                 .id = (uint64_t)id,
                                 .as_of = (uint64_t)as_of,
                                 .done = (uint32_t)done,
                                 .total = (uint32_t)total};
    return true;
}

static bool read_meta(struct model *model, const struct item *root)
{
    int64_t position, scope, remember, confirmed, difference, rate, highest;
    struct text hash;
    bool form = item_int(item_at(root, 0), 0, INT64_MAX, &position) &&
                item_int(item_at(root, 1), 0, UINT32_MAX, &scope) &&
                item_int(item_at(root, 2), 0, INT64_MAX, &remember) && item_bytes(item_at(root, 3), &hash) &&
                hash.length == HASH_BYTES && item_int(item_at(root, 4), 0, INT64_MAX, &confirmed) &&
                item_int(item_at(root, 5), INT64_MIN, INT64_MAX, &difference) &&
                item_int(item_at(root, 6), 1, INT64_MAX, &rate) && item_int(item_at(root, 7), 0, INT64_MAX, &highest) &&
                read_place(&model->place, root);
    if (!form) return false;
    model->position = (uint64_t)position;
    model->scope = (uint32_t)scope;
    model->remember = (uint64_t)remember;
    memcpy(model->remember_hash, hash.at, HASH_BYTES);
    model->confirmed.s = confirmed;
    model->rate = rate;
    model->highest = (uint64_t)highest;
    model->shown.s = time(NULL) + difference;
    model->at_ms = now_ms();
    return true;
}

static enum err load_meta(struct model *model)
{
    struct key key = cache_name("state");
    struct arena arena;
    struct text value;
    struct unpacked unpacked;
    arena_init(&arena, 64 * 1024);
    enum err err = cache_get(model->cache, CACHE_META, &key, &arena, &value);
    if (err == OK) err = unpack(value.at, value.length, 64, &unpacked, NULL);
    if (err == OK) {
        if (!read_meta(model, unpacked.root)) err = ERR_FORMAT;
        unpack_free(&unpacked);
    }
    arena_clear(&arena);
    return err == ERR_NOT_FOUND ? OK : err;
}

/* ---- opening ---- */

static enum err load_record(void *self, const struct key *key, struct text value)
{
    struct model *model = self;
    struct arena arena;
    if (key->used != 9) return ERR_FORMAT;
    if (kind_row(key->bytes[0]) == NULL) return OK;
    arena_init(&arena, 4 << 20);
    struct record empty = record_make(key->bytes[0], key_read(key, 1)), record = empty;
    enum err err = record_unpack(value.at, value.length, &arena, &record, NULL);
    if (err == OK) err = state_put(&model->memory->space, &empty, &record);
    arena_clear(&arena);
    return err;
}

/* Who we are and how the registry's clock runs follow from the records. */
static void look_at_self(struct model *model)
{
    struct arena arena;
    struct record registry;
    arena_init(&arena, 1 << 20);
    const struct space *space = &model->memory->space;
    model->has_actor = actor_load(space, model->device, &arena, &model->actor) == OK;
    if (state_get(space, KIND_registry, 1, &arena, &registry) == OK) {
        model->demo = rec_num(&registry, registry_demo) != 0;
        stamp_t now = model_now(model);
        model->rate = rec_num(&registry, registry_clock_rate) > 0 ? rec_num(&registry, registry_clock_rate) : 1;
        model_set_now(model, now);
    }
    arena_clear(&arena);
}

static struct memory *memory_new(void)
{
    struct memory *memory = malloc(sizeof *memory);
    if (memory != NULL) memory_init(memory);
    return memory;
}

static void memory_delete(struct memory *memory)
{
    if (memory == NULL) return;
    memory_free(memory);
    free(memory);
}

static enum err load(struct model *model)
{
    enum err err = load_meta(model);
    if (err == OK) err = cache_each(model->cache, CACHE_RECORD, load_record, model);
    if (err == OK) look_at_self(model);
    return err;
}

enum err model_open(struct model *model, struct cache *cache, uint64_t device)
{
    *model = (struct model){.cache = cache, .device = device, .rate = 1};
    model->memory = memory_new();
    if (model->memory == NULL) return ERR_MEMORY;
    model_set_now(model, (stamp_t){time(NULL)});
    return load(model);
}

void model_close(struct model *model)
{
    memory_delete(model->memory);
    memory_delete(model->fresh);
    model->memory = model->fresh = NULL;
}

enum err model_reload(struct model *model)
{
    struct memory *old = model->memory;
    model->memory = memory_new();
    if (model->memory == NULL) {
        model->memory = old;
        return ERR_MEMORY;
    }
    enum err err = load(model);
    memory_delete(old);
    return err;
}

const struct space *model_space(const struct model *model)
{
    return &model->memory->space;
}

stamp_t model_now(const struct model *model)
{
    return (stamp_t){model->shown.s + (now_ms() - model->at_ms) * model->rate / 1000};
}

void model_set_now(struct model *model, stamp_t now)
{
    model->shown = now;
    model->at_ms = now_ms();
}

/* ---- changes ---- */

/* Is a view being filled, the one that is shown or one beside it? */
static bool arriving(const struct model *model)
{
    return model->fresh != NULL || model->place.stage != VIEW_DONE;
}

static struct key record_key(unsigned kind, uint64_t id)
{
    struct key key = {.used = 0};
    key_byte(&key, (uint8_t)kind);
    key_number(&key, id);
    return key;
}

static enum err cache_record(struct model *model, const struct record *record)
{
    struct pack pack;
    struct key key = record_key(record->kind, record->id);
    pack_init(&pack, RECORD_BYTES_MAX);
    record_pack(&pack, record);
    enum err err = pack.failed ? ERR_MEMORY : cache_put(model->cache, CACHE_RECORD, &key, pack.at, pack.used);
    pack_free(&pack);
    return err;
}

static enum err forget(struct model *model, enum cache_table table, const struct record *record)
{
    struct key key = record_key(record->kind, record->id);
    enum err err = cache_del(model->cache, table, &key);
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err drop_record(struct model *model, const struct space *space, const struct record *before)
{
    enum err err = state_drop(space, before);
    if (err != OK || model->fresh != NULL) return err;
    err = forget(model, CACHE_FETCHED, before);
    if (err == OK) err = forget(model, CACHE_LISTED, before);
    return err == OK ? forget(model, CACHE_RECORD, before) : err;
}

/* What the cache says of how much of the record is here: perhaps its columns alone. */
static enum err note_parts(struct model *model, enum change_op op, const struct record *record)
{
    struct key key = record_key(record->kind, record->id);
    enum err err = op == OP_DIFF || op == OP_REST ? OK : forget(model, CACHE_FETCHED, record);
    if (err != OK || op == OP_DIFF) return err;
    return op == OP_LISTED ? cache_put(model->cache, CACHE_LISTED, &key, "", 0) : forget(model, CACHE_LISTED, record);
}

static enum err apply_to(struct model *model, const struct space *space, const struct wire_change *change,
                         struct arena *arena)
{
    struct record before = record_make(change->record.kind, change->record.id), after;
    enum change_op op = change->op;
    bool merges = op == OP_DIFF || op == OP_REST;
    enum err err = state_get(space, before.kind, before.id, arena, &before);
    if (err != OK && err != ERR_NOT_FOUND) return err;
    bool there = err == OK;
    if (op == OP_GONE) return there ? drop_record(model, space, &before) : OK;
    if (op == OP_DIFF && !there && arriving(model)) return OK; /* it will come, as it is now */
    if (merges && !there) return ERR_CONFLICT;
    after = merges ? before : change->record;
    if (merges && !record_merge(&after, &change->record, change->mask, arena)) return ERR_MEMORY;
    after.version = change->record.version;
    err = state_put(space, &before, &after);
    if (err != OK || model->fresh != NULL) return err;
    err = note_parts(model, op, &after);
    return err == OK ? cache_record(model, &after) : err;
}

enum err model_apply(struct model *model, const struct wire_change *change, struct arena *arena)
{
    if (kind_row(change->record.kind) == NULL) return OK; /* of a newer version */
    struct memory *memory = model->fresh != NULL ? model->fresh : model->memory;
    return apply_to(model, &memory->space, change, arena);
}

enum err model_keep_fetched(struct model *model, const struct wire_change *change, struct arena *arena)
{
    if (kind_row(change->record.kind) == NULL || change->op != OP_WHOLE) return OK;
    struct key key = record_key(change->record.kind, change->record.id);
    uint8_t stamp[8];
    uint64_t now = (uint64_t)model_now(model).s;
    for (int i = 7; i >= 0; i--, now >>= 8)
        stamp[i] = (uint8_t)now;
    struct memory *fresh = model->fresh; /* a fetched record belongs to the view that asked for it */
    model->fresh = NULL;
    enum err err = apply_to(model, model_space(model), change, arena);
    model->fresh = fresh;
    return err == OK ? cache_put(model->cache, CACHE_FETCHED, &key, stamp, sizeof stamp) : err;
}

/* ---- snapshots and positions ---- */

enum err model_begin_afresh(struct model *model)
{
    memory_delete(model->fresh);
    model->fresh = memory_new();
    model->position = 0; /* whatever happens before it is whole: begin anew again */
    return model->fresh != NULL ? OK : ERR_MEMORY;
}

/* Writes the whole view to the cache, in place of the old one. */
static enum err cache_all(struct model *model)
{
    struct arena arena;
    enum err err = cache_clear(model->cache, CACHE_RECORD);
    if (err == OK) err = cache_clear(model->cache, CACHE_FETCHED);
    if (err == OK) err = cache_clear(model->cache, CACHE_LISTED);
    arena_init(&arena, 8 << 20);
    for (const struct kind *kind = NULL; err == OK && (kind = kind_next(kind)) != NULL;) {
        for (uint64_t id = 0; err == OK && (id = state_next_id(model_space(model), kind->wire, id)) > 0;) {
            struct record record;
            err = state_get(model_space(model), kind->wire, id, &arena, &record);
            if (err == OK) err = cache_record(model, &record);
            arena_reuse(&arena);
        }
    }
    arena_clear(&arena);
    return err;
}

static enum err show_fresh(struct model *model)
{
    memory_delete(model->memory);
    model->memory = model->fresh;
    model->fresh = NULL;
    return cache_all(model);
}

enum err model_settle(struct model *model, uint64_t position, stamp_t now)
{
    enum err err = OK;
    model->position = position;
    model_note_number(model, position);
    model->confirmed = now;
    if (model->fresh != NULL)
        err = show_fresh(model);
    else if (model->place.stage != VIEW_DONE)
        err = cache_clear(model->cache, CACHE_LISTED);
    model->place = (struct view_place){.stage = VIEW_DONE};
    look_at_self(model);
    return err == OK ? save_meta(model) : err;
}

enum err model_advance(struct model *model, const struct view_place *place, stamp_t now)
{
    enum err err = OK;
    bool first = model->place.stage != VIEW_DONE || state_last_id(model_space(model), KIND_registry) == 0;
    if (place->stage < VIEW_LISTS || !first) return OK; /* what is shown is whole, and stays until this is */
    if (model->fresh != NULL) err = show_fresh(model);
    model->place = *place;
    model->advances++;
    model->confirmed = now;
    look_at_self(model);
    return err == OK ? save_meta(model) : err;
}

bool model_lacks(const struct model *model, unsigned kind)
{
    const struct view_place *place = &model->place;
    if (place->stage == VIEW_DONE) return model->position == 0 && state_last_id(model_space(model), KIND_registry) == 0;
    if (kind == 0 || place->kind == 0) return true;
    if (place->stage == VIEW_REST) return false;
    for (const struct kind *passed = NULL; (passed = view_kind(passed)) != NULL && passed->wire != place->kind;)
        if (passed->wire == kind) return false;
    return true;
}

void model_note_number(struct model *model, uint64_t number)
{
    if (number > model->highest) model->highest = number;
}

enum err model_note_head(struct model *model, uint32_t scope, uint64_t head, const uint8_t hash[HASH_BYTES])
{
    model_note_number(model, head);
    model->scope = scope;
    model->remember = head;
    memcpy(model->remember_hash, hash, HASH_BYTES);
    return save_meta(model);
}

enum known model_knows(const struct model *model, unsigned kind, uint64_t id, struct arena *arena, stamp_t *as_of)
{
    struct record record;
    struct key key = record_key(kind, id);
    struct text value;
    *as_of = model->confirmed;
    if (state_get(model_space(model), kind, id, arena, &record) != OK) return KNOWN_NOT;
    if (model->has_actor && may_see(model_space(model), &record, &model->actor, arena) == SEE_FULL)
        return cache_get(model->cache, CACHE_LISTED, &key, arena, &value) == OK ? KNOWN_LISTED : KNOWN_WHOLE;
    if (cache_get(model->cache, CACHE_FETCHED, &key, arena, &value) != OK || value.length != 8) return KNOWN_LISTED;
    uint64_t stamp = 0;
    for (unsigned i = 0; i < 8; i++)
        stamp = stamp << 8 | (uint8_t)value.at[i];
    as_of->s = (int64_t)stamp;
    return KNOWN_FETCHED;
}
