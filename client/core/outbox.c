/* outbox.c - see outbox.h. */
#include "client/core/outbox.h"

#include <stdlib.h>
#include <string.h>

enum { ITEM_PARTS = 11, RECEIPTS = 50, ITEM_BYTES_MAX = COMMAND_BYTES_MAX + 1024 };

static void free_item(struct out_item *item)
{
    free((void *)(uintptr_t)item->command.at);
    free((void *)(uintptr_t)item->signature.at);
}

static bool copy(struct text *into, struct text from)
{
    char *kept = malloc(from.length + 1u);
    if (kept == NULL) return false;
    if (from.length > 0) memcpy(kept, from.at, from.length);
    *into = (struct text){kept, from.length};
    return true;
}

static struct key out_key(uint64_t counter)
{
    struct key key = {.used = 0};
    key_number(&key, counter);
    return key;
}

static enum err save(struct outbox *outbox, const struct out_item *item)
{
    struct pack pack;
    struct key key = out_key(item->counter);
    const struct field *field = item->why.kind != 0 ? field_row(item->why.kind, item->why.field) : NULL;
    pack_init(&pack, ITEM_BYTES_MAX);
    pack_array(&pack, ITEM_PARTS);
    pack_int(&pack, item->state);
    pack_bytes(&pack, item->command.at, item->command.length);
    pack_bytes(&pack, item->signature.at, item->signature.length);
    pack_int(&pack, item->why.err);
    pack_int(&pack, field != NULL ? item->why.kind : 0);
    pack_int(&pack, field != NULL ? field->wire : 0);
    pack_int(&pack, item->why.number);
    pack_text(&pack, text_of(item->why.text));
    pack_int(&pack, (int64_t)item->answer.number);
    pack_int(&pack, (int64_t)item->answer.id);
    pack_int(&pack, item->said.s);
    enum err err = pack.failed ? ERR_MEMORY : cache_put(outbox->cache, CACHE_OUTBOX, &key, pack.at, pack.used);
    pack_free(&pack);
    return err;
}

static enum err append(struct outbox *outbox, const struct out_item *item)
{
    if (outbox->count == outbox->room) {
        unsigned room = outbox->room > 0 ? 2 * outbox->room : 16;
        struct out_item *grown = realloc(outbox->items, room * sizeof *grown);
        if (grown == NULL) return ERR_MEMORY;
        outbox->items = grown;
        outbox->room = room;
    }
    outbox->items[outbox->count++] = *item;
    if (item->counter > outbox->last_counter) outbox->last_counter = item->counter;
    return OK;
}

static bool read_refusal(const struct item *root, struct refusal *why)
{
    int64_t err, kind, wire;
    struct text text;
    if (!item_int(item_at(root, 3), 0, UINT16_MAX, &err) || !item_int(item_at(root, 4), 0, 255, &kind) ||
        !item_int(item_at(root, 5), 0, 255, &wire) || !item_int(item_at(root, 6), INT64_MIN, INT64_MAX, &why->number) ||
        !item_text(item_at(root, 7), &text) || text.length >= REFUSAL_TEXT_MAX)
        return false;
    int position = kind != 0 ? field_position((unsigned)kind, (unsigned)wire) : -1;
    why->err = (enum err)err;
    why->kind = position >= 0 ? (uint8_t)kind : 0;
    why->field = position >= 0 ? (uint8_t)position : 0;
    memcpy(why->text, text.at, text.length);
    return true;
}

static bool read_item(const struct item *root, struct out_item *item)
{
    int64_t state, number, id, said;
    struct text command, signature;
    bool form = item_int(item_at(root, 0), OUT_WAITING, OUT_HELD, &state) && item_bytes(item_at(root, 1), &command) &&
                item_bytes(item_at(root, 2), &signature) && read_refusal(root, &item->why) &&
                item_int(item_at(root, 8), 0, INT64_MAX, &number) && item_int(item_at(root, 9), 0, INT64_MAX, &id) &&
                item_int(item_at(root, 10), 0, INT64_MAX, &said);
    if (!form || !copy(&item->command, command)) return false;
    if (!copy(&item->signature, signature)) return false;
    item->state = (enum out_state)state;
    item->answer = (struct answer){item->counter, (uint64_t)number, (uint64_t)id};
    item->said.s = said;
    return true;
}

static enum err load_item(void *self, const struct key *key, struct text value)
{
    struct outbox *outbox = self;
    struct unpacked unpacked;
    struct command command;
    struct out_item item = {.counter = key_read(key, 0)};
    if (unpack(value.at, value.length, 64, &unpacked, NULL) != OK) return ERR_FORMAT;
    bool form = read_item(unpacked.root, &item);
    unpack_free(&unpacked);
    if (form && command_peek(item.command.at, item.command.length, &command) == OK) {
        item.kind = command.kind;
        item.action = command.action;
        item.target = command.target;
    } else
        form = false;
    enum err err = form ? append(outbox, &item) : ERR_FORMAT;
    if (err != OK) free_item(&item);
    return err;
}

/* Only the newest receipts are kept. */
static void prune(struct outbox *outbox)
{
    unsigned receipts = outbox_count(outbox, OUT_ACCEPTED);
    for (unsigned i = 0; i < outbox->count && receipts > RECEIPTS;) {
        if (outbox->items[i].state != OUT_ACCEPTED) {
            i++;
            continue;
        }
        struct key key = out_key(outbox->items[i].counter);
        cache_del(outbox->cache, CACHE_OUTBOX, &key);
        free_item(&outbox->items[i]);
        memmove(&outbox->items[i], &outbox->items[i + 1], (--outbox->count - i) * sizeof *outbox->items);
        receipts--;
    }
}

enum err outbox_open(struct outbox *outbox, struct cache *cache)
{
    struct key key = cache_name("counter");
    struct arena arena;
    struct text value;
    *outbox = (struct outbox){.cache = cache};
    arena_init(&arena, 4096);
    if (cache_get(cache, CACHE_META, &key, &arena, &value) == OK && value.length == 8)
        for (unsigned i = 0; i < 8; i++)
            outbox->last_counter = outbox->last_counter << 8 | (uint8_t)value.at[i];
    arena_clear(&arena);
    enum err err = cache_each(cache, CACHE_OUTBOX, load_item, outbox);
    return err;
}

void outbox_close(struct outbox *outbox)
{
    for (unsigned i = 0; i < outbox->count; i++)
        free_item(&outbox->items[i]);
    free(outbox->items);
    *outbox = (struct outbox){.cache = outbox->cache};
}

enum err outbox_reload(struct outbox *outbox)
{
    struct outbox old = *outbox;
    enum err err = outbox_open(outbox, old.cache);
    for (unsigned i = 0; i < old.count; i++) {
        struct out_item *item = outbox_find(outbox, old.items[i].counter);
        if (item == NULL) continue;
        item->sent = old.items[i].sent;
        item->fresh = old.items[i].fresh;
        item->delta = old.items[i].delta;
        item->plain = old.items[i].plain;
    }
    if (outbox->last_counter < old.last_counter) outbox->last_counter = old.last_counter;
    outbox_close(&old);
    return err;
}

uint64_t outbox_next(const struct outbox *outbox)
{
    return outbox->last_counter + 1;
}

static enum err save_counter(struct outbox *outbox)
{
    struct key key = cache_name("counter");
    uint8_t bytes[8];
    uint64_t counter = outbox->last_counter;
    for (int i = 7; i >= 0; i--, counter >>= 8)
        bytes[i] = (uint8_t)counter;
    return cache_put(outbox->cache, CACHE_META, &key, bytes, sizeof bytes);
}

void outbox_raise(struct outbox *outbox, uint64_t counter)
{
    if (counter <= outbox->last_counter) return;
    outbox->last_counter = counter;
    save_counter(outbox);
}

enum err outbox_add(struct outbox *outbox, const struct command *command, struct text packed, struct text signature)
{
    struct out_item item = {.counter = command->counter,
                            .state = OUT_WAITING,
                            .kind = command->kind,
                            .action = command->action,
                            .target = command->target,
                            .said = command->said};
    prune(outbox);
    if (!copy(&item.command, packed)) return ERR_MEMORY;
    enum err err = copy(&item.signature, signature) ? append(outbox, &item) : ERR_MEMORY;
    if (err != OK) {
        free_item(&item);
        return err;
    }
    err = save(outbox, &item);
    return err == OK ? save_counter(outbox) : err;
}

struct out_item *outbox_find(struct outbox *outbox, uint64_t counter)
{
    for (unsigned i = 0; i < outbox->count; i++)
        if (outbox->items[i].counter == counter) return &outbox->items[i];
    return NULL;
}

enum err outbox_answer(struct outbox *outbox, const struct answer *answer)
{
    struct out_item *item = outbox_find(outbox, answer->counter);
    if (item == NULL || item->state == OUT_ACCEPTED) return OK;
    item->state = OUT_ACCEPTED;
    item->answer = *answer;
    item->why = (struct refusal){.err = OK};
    return save(outbox, item);
}

bool outbox_builds_on(const struct out_item *later, const struct out_item *earlier)
{
    struct command command;
    if (command_peek(later->command.at, later->command.length, &command) != OK) return false;
    int64_t own = -(int64_t)earlier->counter;
    return command.target == own || command.base == own;
}

static bool same_record(const struct out_item *a, const struct out_item *b)
{
    return a->kind == b->kind && a->target == b->target && a->target != 0;
}

/* Was it sent before the one that it builds on was refused? Then the decision is about that one. */
static bool behind_refused(const struct outbox *outbox, const struct out_item *item)
{
    for (unsigned i = 0; i < outbox->count; i++) {
        const struct out_item *earlier = &outbox->items[i];
        bool undone = earlier->state == OUT_REFUSED || earlier->state == OUT_HELD;
        if (undone && earlier->counter < item->counter && outbox_builds_on(item, earlier)) return true;
    }
    return false;
}

enum err outbox_refuse(struct outbox *outbox, uint64_t counter, const struct refusal *why)
{
    struct out_item *item = outbox_find(outbox, counter);
    if (item == NULL || item->state == OUT_ACCEPTED) return OK;
    item->state = why->err == ERR_DEAD_END && behind_refused(outbox, item) ? OUT_HELD : OUT_REFUSED;
    item->why = *why;
    enum err err = save(outbox, item);
    for (unsigned i = 0; i < outbox->count && err == OK; i++) {
        struct out_item *later = &outbox->items[i];
        if (later->counter <= counter || later->state != OUT_WAITING || later->sent) continue;
        if (!same_record(later, item) && !outbox_builds_on(later, item)) continue;
        later->state = OUT_HELD;
        err = save(outbox, later);
    }
    return err;
}

void outbox_again(struct outbox *outbox, uint64_t counter)
{
    struct out_item *item = outbox_find(outbox, counter);
    if (item == NULL || item->state != OUT_WAITING || !item->delta) return;
    item->sent = item->delta = false;
    item->plain = true;
}

static enum err take_out(struct outbox *outbox, unsigned i)
{
    struct key key = out_key(outbox->items[i].counter);
    enum err err = cache_del(outbox->cache, CACHE_OUTBOX, &key);
    free_item(&outbox->items[i]);
    memmove(&outbox->items[i], &outbox->items[i + 1], (--outbox->count - i) * sizeof *outbox->items);
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err outbox_drop(struct outbox *outbox, uint64_t counter)
{
    struct out_item *found = outbox_find(outbox, counter);
    if (found == NULL) return OK;
    struct out_item gone = *found; /* its texts are freed below; only its numbers are used after that */
    enum err err = OK;
    for (unsigned i = 0; i < outbox->count && err == OK;) {
        struct out_item *later = &outbox->items[i];
        if (later->counter <= counter || !outbox_builds_on(later, &gone)) {
            i++;
            continue;
        }
        uint64_t deeper = later->counter;
        err = outbox_drop(outbox, deeper);
        i = 0;
    }
    for (unsigned i = 0; i < outbox->count && err == OK; i++)
        if (outbox->items[i].counter == counter) {
            err = take_out(outbox, i);
            break;
        }
    for (unsigned i = 0; i < outbox->count && err == OK; i++) {
        struct out_item *later = &outbox->items[i];
        if (later->state != OUT_HELD || !same_record(later, &gone)) continue;
        later->state = OUT_WAITING;
        err = save(outbox, later);
    }
    return err;
}

void outbox_unsend(struct outbox *outbox)
{
    for (unsigned i = 0; i < outbox->count; i++)
        outbox->items[i].sent = outbox->items[i].delta = false;
}

unsigned outbox_count(const struct outbox *outbox, enum out_state state)
{
    unsigned count = 0;
    for (unsigned i = 0; i < outbox->count; i++)
        count += outbox->items[i].state == state;
    return count;
}

enum err outbox_command(const struct out_item *item, struct arena *arena, struct command *command)
{
    return command_unpack(item->command.at, item->command.length, arena, command, NULL);
}
