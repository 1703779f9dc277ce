/* check.c - see check.h. */
#include "server/check.h"

#include "proto/decide.h"
#include "proto/memory.h"
#include "server/derive.h"
#include "server/fold.h"
#include "server/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SLICE_ENTRIES = 500 };

/* ---- chain and signatures ---- */

static enum err registry_id(const struct space *space, struct arena *arena, uint8_t id[REGISTRY_ID_BYTES])
{
    struct record registry;
    enum err err = state_get(space, KIND_registry, 1, arena, &registry);
    if (err != OK) return err;
    struct text ident = rec_text(&registry, registry_ident);
    if (ident.length != REGISTRY_ID_BYTES) return ERR_DAMAGED;
    memcpy(id, ident.at, REGISTRY_ID_BYTES);
    return OK;
}

enum err entry_key(const struct space *space, const struct entry *entry, struct arena *arena, struct text *key)
{
    struct record device;
    struct command command;
    if (entry->actor == ACTOR_TICKET) {
        enum err err = command_unpack(entry->command.at, entry->command.length, arena, &command, NULL);
        *key = rec_text(&command.args, device_sign_key);
        return err;
    }
    enum err err = state_get(space, KIND_device, entry->device, arena, &device);
    *key = rec_text(&device, device_sign_key);
    return err;
}

static enum err check_signature(const struct space *space, const uint8_t registry[REGISTRY_ID_BYTES],
                                const struct entry *entry, struct arena *arena)
{
    struct text key;
    struct command command;
    if (command_peek(entry->command.at, entry->command.length, &command) != OK) return ERR_DAMAGED;
    const struct action *action = action_row(command.kind, command.action);
    bool wanted = (entry->actor == ACTOR_OPERATOR || entry->actor == ACTOR_TICKET) && action != NULL &&
                  (action->flags & A_SIGNED);
    if (entry->signature.length == 0) return wanted ? ERR_BAD_SIGNATURE : OK;
    enum err err = entry_key(space, entry, arena, &key);
    if (err != OK) return err;
    bool good = key.length == KEY_BYTES && command_verify((const uint8_t *)key.at, registry, entry->command.at,
                                                          entry->command.length, (const uint8_t *)entry->signature.at);
    return good ? OK : ERR_BAD_SIGNATURE;
}

enum err check_chain(const struct space *space, uint64_t from, uint64_t to, uint64_t *bad)
{
    uint8_t registry[REGISTRY_ID_BYTES], hash[HASH_BYTES];
    struct arena arena;
    struct entry entry;
    struct text bytes;
    arena_init(&arena, 4 << 20);
    enum err err = registry_id(space, &arena, registry);
    bool known = false; /* is `hash` that of the entry before? */
    if (err == OK && from > 1) {
        err = journal_read(space, from - 1, &arena, &entry, &bytes);
        if (err == OK) entry_hash(bytes.at, bytes.length, hash);
        known = true;
    } else
        memset(hash, 0, sizeof hash);
    for (uint64_t number = from; err == OK && number <= to; number++) {
        *bad = number;
        err = journal_read(space, number, &arena, &entry, &bytes);
        if (err == OK && (entry.number != number || memcmp(entry.before, hash, HASH_BYTES) != 0)) err = ERR_DAMAGED;
        if (err == OK) err = check_signature(space, registry, &entry, &arena);
        if (err == OK) entry_hash(bytes.at, bytes.length, hash);
        arena_reuse(&arena);
    }
    (void)known;
    if (err == OK) *bad = 0;
    arena_clear(&arena);
    return err == ERR_NOT_FOUND ? ERR_DAMAGED : err;
}

enum err check_recent(struct store *store, struct refusal *why)
{
    struct txn *txn;
    struct head head;
    uint64_t bad = 0;
    char text[80];
    enum err err = store_begin(store, false, &txn);
    if (err != OK) return refuse(why, err);
    err = journal_head(txn_space(txn), &head);
    if (err == OK && head.number > 0)
        err = check_chain(txn_space(txn), head.number > RECENT_ENTRIES ? head.number - RECENT_ENTRIES : 1, head.number,
                          &bad);
    txn_abort(&txn);
    if (err == OK) return OK;
    snprintf(text, sizeof text, "journal entry %llu (%s); run duband check", (unsigned long long)bad, err_name(err));
    return refuse_text(why, ERR_DAMAGED, text);
}

static void *run_background(void *argument)
{
    struct check_thread *check = argument;
    uint64_t from = 1, bad = 0;
    for (;;) {
        struct txn *txn;
        struct head head;
        struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
        if (__atomic_load_n(&check->stop, __ATOMIC_RELAXED) || store_begin(check->store, false, &txn) != OK)
            return NULL;
        enum err err = journal_head(txn_space(txn), &head);
        uint64_t last = head.number > RECENT_ENTRIES ? head.number - RECENT_ENTRIES : 0;
        uint64_t to = from + SLICE_ENTRIES < last ? from + SLICE_ENTRIES : last;
        if (err == OK && from <= last) err = check_chain(txn_space(txn), from, to, &bad);
        txn_abort(&txn);
        if (err != OK) {
            log_line(LOG_ERROR, "journal entry %llu is wrong (%s): run duband check", (unsigned long long)bad,
                     err_name(err));
            return NULL;
        }
        if (to >= last) return NULL;
        from = to + 1;
        nanosleep(&pause, NULL); /* the other core belongs to the clients */
    }
}

void check_background(struct check_thread *check, struct store *store)
{
    *check = (struct check_thread){.store = store};
    if (pthread_create(&check->thread, NULL, run_background, check) != 0) check->store = NULL;
}

void check_background_stop(struct check_thread *check)
{
    if (check->store == NULL) return;
    __atomic_store_n(&check->stop, true, __ATOMIC_RELAXED);
    pthread_join(check->thread, NULL);
}

/* ---- the full check ---- */

/* The fold with the stored journal before the entry at hand: what is decided from the journal is decided again. */
struct replay {
    struct space space;
    const struct space *stored, *folded;
    uint64_t before;
};

static const struct space *replay_of(const struct replay *replay, enum table table)
{
    return table == TABLE_JOURNAL ? replay->stored : replay->folded;
}

static enum err replay_get(void *self, enum table table, const struct key *key, struct text *value)
{
    const struct replay *replay = self;
    if (table == TABLE_JOURNAL && key_read(key, 0) >= replay->before) return ERR_NOT_FOUND;
    const struct space *space = replay_of(replay, table);
    return space->get(space->self, table, key, value);
}

static enum err replay_seek(void *self, enum table table, struct key *key, struct text *value)
{
    const struct replay *replay = self;
    const struct space *space = replay_of(replay, table);
    enum err err = space->seek(space->self, table, key, value);
    return err == OK && table == TABLE_JOURNAL && key_read(key, 0) >= replay->before ? ERR_NOT_FOUND : err;
}

static enum err replay_before(void *self, enum table table, struct key *key, struct text *value)
{
    const struct replay *replay = self;
    const struct space *space = replay_of(replay, table);
    if (table == TABLE_JOURNAL && key_read(key, 0) > replay->before) {
        key_clear(key);
        key_number(key, replay->before);
    }
    return space->before(space->self, table, key, value);
}

static struct replay replay_make(const struct space *stored, const struct space *folded, uint64_t before)
{
    struct replay replay = {.stored = stored, .folded = folded, .before = before};
    replay.space = (struct space){.get = replay_get, .seek = replay_seek, .before = replay_before};
    return replay;
}

/* Who gave the command, as the state before the entry knew him. */
static enum err actor_of(const struct space *space, const struct entry *entry, struct arena *arena, struct actor *actor)
{
    *actor = (struct actor){.type = entry->actor, .device = entry->device};
    return entry->actor == ACTOR_OPERATOR ? actor_load(space, entry->device, arena, actor) : OK;
}

/* Decides the entry again with its own time, and compares the effects. *differs tells. */
static enum err decide_again(const struct space *space, const struct entry *entry, struct arena *arena, bool *differs)
{
    struct actor actor;
    struct command command;
    struct pack effects;
    struct act act = {.space = space, .arena = arena, .now = entry->time, .actor = &actor, .command = &command};
    enum err err = actor_of(space, entry, arena, &actor);
    if (err == OK) err = command_unpack(entry->command.at, entry->command.length, arena, &command, NULL);
    if (err == OK) err = resolve_own(space, entry->device, &command, &act.target, &act.base);
    if (err == OK) err = decide(&act);
    if (err == ERR_MEMORY || err == ERR_DAMAGED) return err;
    *differs = err != OK || actor.operator != entry->operator;
    if (*differs) return OK;
    pack_init(&effects, ENTRY_BYTES_MAX);
    effects_pack(&effects, (const struct change *const *)act.changes, act.change_count);
    *differs =
        effects.failed || !text_equal(entry->effects, (struct text){(const char *)effects.at, (uint32_t)effects.used});
    pack_free(&effects);
    return OK;
}

static enum err fault(struct check_report *report, uint64_t number, enum err err, const char *what)
{
    report->bad = number;
    snprintf(report->what, sizeof report->what, "%s", what);
    return err;
}

/* Compares one table of the store with its fold, byte for byte. */
static enum err compare_table(const struct space *stored, const struct space *folded, enum table table,
                              struct check_report *report)
{
    struct key a = {.used = 0}, b = {.used = 0};
    struct text value_a, value_b;
    char what[100];
    uint64_t feed_from = derive_feed_from(stored);
    for (;;) {
        enum err have = stored->seek(stored->self, table, &a, &value_a);
        enum err want = folded->seek(folded->self, table, &b, &value_b);
        if (table == TABLE_FEED && want == OK && key_read(&b, 8) <= feed_from) {
            key_after(&b); /* made by older tables, and not kept */
            continue;
        }
        if (have == ERR_NOT_FOUND && want == ERR_NOT_FOUND) return OK;
        bool same = have == OK && want == OK && a.used == b.used && memcmp(a.bytes, b.bytes, a.used) == 0 &&
                    text_equal(value_a, value_b);
        if (!same) {
            const struct key *key = want == OK ? &b : &a;
            uint64_t id = key->used >= 9 ? key_read(key, 1) : 0;
            const struct kind *kind = table == TABLE_RECORD ? kind_row(key->bytes[0]) : NULL;
            snprintf(what, sizeof what, "table %u differs from the fold of the journal at %s %llu", table,
                     kind != NULL ? kind->name : "key", (unsigned long long)id);
            return fault(report, 0, ERR_DAMAGED, what);
        }
        report->records += table == TABLE_RECORD;
        key_after(&a);
        key_after(&b);
    }
}

/* The newest entry stays with the folded records: rules may name the journal's head. */
static enum err keep_head(const struct space *folded, uint64_t number, struct text bytes)
{
    struct key key;
    key_clear(&key);
    key_number(&key, number - 1);
    enum err err = number > 1 ? folded->del(folded->self, TABLE_JOURNAL, &key) : OK;
    return err == OK ? journal_append(folded, number, bytes) : err;
}

static enum err check_entry(const struct space *stored, const struct space *folded, uint64_t number,
                            uint8_t hash[HASH_BYTES], struct arena *arena, struct check_report *report)
{
    struct entry entry;
    struct text bytes;
    struct outcome outcome;
    bool differs = false;
    enum err err = journal_read(stored, number, arena, &entry, &bytes);
    if (err != OK) return fault(report, number, ERR_DAMAGED, "entry can't be read");
    if (entry.number != number || memcmp(entry.before, hash, HASH_BYTES) != 0)
        return fault(report, number, ERR_DAMAGED, "entry does not continue the chain");
    entry_hash(bytes.at, bytes.length, hash);
    if (entry.tables > TABLES_VERSION) return fault(report, number, ERR_FORMAT, "entry of a newer program");
    report->entries++;
    report->is_signed += entry.signature.length > 0;
    if (entry.tables == TABLES_VERSION) {
        struct replay replay = replay_make(stored, folded, number);
        replay.space.self = &replay;
        err = decide_again(&replay.space, &entry, arena, &differs);
        if (err != OK) return fault(report, number, err, "entry can't be decided again");
        report->decided++;
        report->differing += differs;
        if (differs) fault(report, number, OK, "entry would be decided differently");
    }
    err = fold_entry(folded, &entry, arena, &outcome);
    if (err == OK) err = keep_head(folded, number, bytes);
    return err == OK ? OK : fault(report, number, err, "entry can't be folded");
}

static enum err check_folded(const struct space *stored, struct memory *memory, struct check_report *report)
{
    static const enum table tables[] = {TABLE_RECORD, TABLE_INDEX, TABLE_CLOCK, TABLE_SEEN, TABLE_FEED, TABLE_HISTORY};
    struct head head;
    struct arena arena;
    enum err err = journal_head(stored, &head);
    if (err != OK) return fault(report, 0, err, "the journal's head can't be read");
    if (head.number == 0)
        return fault(report, 0, ERR_DAMAGED, "the journal is empty"); /* founding is its first entry */
    uint8_t hash[HASH_BYTES] = {0};
    arena_init(&arena, 256 << 20);
    for (uint64_t number = 1; number <= head.number && err == OK; number++) {
        err = check_entry(stored, &memory->space, number, hash, &arena, report);
        arena_reuse(&arena);
    }
    memcpy(report->head, hash, HASH_BYTES);
    for (size_t i = 0; i < sizeof tables / sizeof *tables && err == OK; i++)
        err = compare_table(stored, &memory->space, tables[i], report);
    if (err == OK && head.number > 0) {
        err = check_chain(stored, 1, head.number, &report->bad);
        if (err != OK) fault(report, report->bad, err, "signature");
    }
    arena_clear(&arena);
    return err == OK && report->differing > 0 ? ERR_DAMAGED : err;
}

enum err check_all(struct store *store, struct check_report *report)
{
    struct txn *txn;
    struct memory memory;
    *report = (struct check_report){.entries = 0};
    enum err err = store_begin(store, false, &txn);
    if (err != OK) return err;
    memory_init(&memory);
    err = check_folded(txn_space(txn), &memory, report);
    memory_free(&memory);
    txn_abort(&txn);
    return err;
}
