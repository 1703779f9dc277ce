/* seeds.c - where the fuzzers start: inputs made by the real code from a registry with a history.
 *
 *   make-seeds DIRECTORY     writes DIRECTORY/TARGET/NUMBER for every target
 *
 * They follow the tables: a new kind, field or frame is in the seeds without a word here. */
#include "tests/fuzz/seeds.h"

#include "client/core/model.h"
#include "client/core/outbox.h"
#include "proto/show.h"
#include "tests/fuzz/acts.h"
#include "tests/lib/fake_cache.h"
#include "tests/lib/frames.h"
#include "tests/lib/history.h"
#include "tests/lib/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { HISTORY_ACTS = 400, OF_EACH_ACTION = 1, OF_EACH_FRAME = 6 };

static const char *directory;
static struct world world;
static struct arena arena;

static _Noreturn void die(const char *what)
{
    perror(what);
    exit(1);
}

void seed_put(const char *target, const void *first, size_t first_count, const void *bytes, size_t count)
{
    static unsigned number;
    char path[600];
    snprintf(path, sizeof path, "%s/%s", directory, target);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/%s/%04u", directory, target, number++);
    FILE *file = fopen(path, "wb");
    if (file == NULL) die(path);
    if (first_count > 0) fwrite(first, 1, first_count, file);
    if (count > 0) fwrite(bytes, 1, count, file);
    if (fclose(file) != 0) die(path);
}

static void put(const char *target, const void *bytes, size_t count)
{
    seed_put(target, NULL, 0, bytes, count);
}

/* ---- from the journal: entries, commands, effects, acts ---- */

static void byte(struct pack *pack, unsigned value)
{
    uint8_t one = (uint8_t)value;
    pack_raw(pack, &one, 1);
}

static unsigned who(const struct entry *entry)
{
    for (unsigned i = 0; i < ACTORS; i++)
        if (acts_logins[i] != NULL && world_actor(&world, acts_logins[i]).device == entry->device) return i;
    return entry->actor == ACTOR_RULE ? ACTORS - 1 : ACTORS - 2;
}

/* The command as an act of acts.h: its values as they would be typed. */
static void act_bytes(struct pack *pack, const struct entry *entry, const struct command *command)
{
    char line[2000];
    struct show show = {.space = NULL, .arena = &arena, .names_only = true};
    unsigned count = 0;
    for (unsigned i = 0; i < field_count(command->kind); i++)
        count += (command->given >> i & 1) != 0;
    byte(pack, who(entry));
    byte(pack, command->kind);
    byte(pack, command->action);
    byte(pack, (unsigned)command->target);
    byte(pack, 0);
    byte(pack, count);
    for (unsigned i = 0; i < field_count(command->kind); i++) {
        struct str str = str_in(line, FIELD_NUMBER);
        if ((command->given >> i & 1) == 0) continue;
        if (rec_has(&command->args, i)) show_value(&show, &command->args, i, &str);
        byte(pack, i);
        byte(pack, (unsigned)str.used);
        pack_raw(pack, line, str.used);
    }
}

static void from_journal(void)
{
    static unsigned taken[KIND_LIMIT][ACTION_LIMIT];
    struct pack last; /* acts of a run of entries, several together */
    pack_init(&last, 4000);
    for (uint64_t number = 1; number <= world.head.number; number++) {
        struct entry entry;
        struct text bytes;
        struct command command;
        if (journal_read(&world.memory.space, number, &arena, &entry, &bytes) != OK) die("journal");
        if (command_unpack(entry.command.at, entry.command.length, &arena, &command, NULL) != OK) continue;
        if (number % 5 == 0) pack_clear(&last);
        act_bytes(&last, &entry, &command);
        if (taken[command.kind][command.action]++ >= OF_EACH_ACTION) continue;
        put("entry", bytes.at, bytes.length);
        put("command", entry.command.at, entry.command.length);
        put("effects", entry.effects.at, entry.effects.length);
        if (!last.failed) put("acts", last.at, last.used);
    }
    pack_free(&last);
}

/* ---- from the state and from the tables ---- */

/* Every field's value as text, behind kind and position. */
static void put_values(const struct record *record)
{
    char line[400];
    struct show show = {.space = &world.memory.space, .arena = &arena, .names_only = true};
    for (unsigned i = F_COMMON_COUNT; i < field_count(record->kind); i++) {
        struct str str = str_in(line, sizeof line);
        uint8_t head[2] = {record->kind, (uint8_t)i};
        show_value(&show, record, i, &str);
        if (str.used > 0) seed_put("value", head, sizeof head, line, str.used);
    }
}

static void put_record(const struct record *record)
{
    struct pack pack;
    uint8_t kind = record->kind;
    pack_init(&pack, RECORD_BYTES_MAX);
    record_pack(&pack, record);
    uint8_t cached[2] = {2, kind};
    if (pack.used < 8192) {
        seed_put("record", &kind, 1, pack.at, pack.used);
        seed_put("cache", cached, sizeof cached, pack.at, pack.used);
    }
    pack_free(&pack);
}

static void from_state(void)
{
    struct rng rng = {3};
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        struct record record;
        uint64_t last = state_last_id(&world.memory.space, kind->wire);
        if (last > 0 && state_get(&world.memory.space, kind->wire, last, &arena, &record) == OK) {
            put_record(&record);
            put_values(&record);
        }
        record = sample_record(&rng, kind->wire, &arena);
        put_record(&record);
    }
}

/* ---- frames ---- */

static void put_length(struct pack *pack, size_t length)
{
    byte(pack, (unsigned)(length >> 8));
    byte(pack, (unsigned)length & 255);
}

static void from_frames(void)
{
    struct rng rng = {4};
    struct pack pack, told;
    pack_init(&pack, FRAME_BYTES_MAX);
    pack_init(&told, FRAME_BYTES_MAX);
    for (enum frame_type type = frame_type_next(0); type != 0; type = frame_type_next(type))
        for (int i = 0; i < OF_EACH_FRAME; i++) {
            bool clients = frame_is_clients(type);
            pack_clear(&pack);
            pack_clear(&told);
            frame_sample(&rng, type, &arena, &pack);
            if (pack.failed || pack.used > 6000) continue;
            put(clients ? "request" : "reply", pack.at, pack.used);
            if (i < 2) put("pack", pack.at, pack.used);
            byte(&told, clients ? 1 : 0);
            if (clients && type != FRAME_HELLO) { /* greet first */
                struct pack hello;
                pack_init(&hello, 256);
                hello_pack(&hello, &(struct hello){.protocol_oldest = 1,
                                                   .protocol_newest = 1,
                                                   .have = rng_below(&rng, 30),
                                                   .program = text_of("duban")});
                put_length(&told, hello.used);
                pack_raw(&told, hello.at, hello.used);
                byte(&told, 1);
                pack_free(&hello);
            }
            put_length(&told, pack.used);
            pack_raw(&told, pack.at, pack.used);
            put(clients ? "server" : "client", told.at, told.used);
        }
    pack_free(&pack);
    pack_free(&told);
}

/* Real queries, one for each index. */
static void from_indexes(void)
{
    for (unsigned wire = 0; wire < INDEX_LIMIT; wire++) {
        const struct index_row *row = index_row(wire);
        struct pack query, told;
        if (row == NULL) continue;
        struct query find = {
            .tag = wire, .what = QUERY_FIND, .kind = row->kind, .index = (uint8_t)wire, .value_count = 1};
        const struct field *field = field_row(row->kind, row->fields[0]);
        if (field->type == TYPE_TEXT)
            find.values[0] = text_value(text_of("P1"));
        else
            find.values[0] = number_value(1);
        if (field->type == TYPE_BYTES) continue;
        pack_init(&query, 512);
        pack_init(&told, 512);
        query_pack(&query, &find);
        put("request", query.at, query.used);
        hello_pack(&told, &(struct hello){.protocol_oldest = 1, .protocol_newest = 1, .program = text_of("duban")});
        uint8_t head[3] = {0, 0, (uint8_t)told.used}, second[3] = {0, 0, (uint8_t)query.used};
        pack_raw(&told, second, sizeof second);
        pack_raw(&told, query.at, query.used);
        seed_put("server", head, sizeof head, told.at, told.used);
        pack_free(&query);
        pack_free(&told);
    }
}

/* The whole of what an operator sees, as pages and pushes would bring it: changes of real records. */
static void from_changes(void)
{
    struct pack changes, entry, push, told;
    struct record record;
    struct actor actor = world_actor(&world, "HRX");
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        uint64_t last = state_last_id(&world.memory.space, kind->wire);
        if (last == 0 || state_get(&world.memory.space, kind->wire, last, &arena, &record) != OK) continue;
        if (may_see(&world.memory.space, &record, &actor, &arena) != SEE_FULL) continue;
        struct wire_change change = {.op = OP_WHOLE, .record = record, .mask = record_mask(&record)};
        struct wire_entry pushed = {.number = world.head.number + 1,
                                    .time = world.now,
                                    .unit = 1,
                                    .kind = kind->wire,
                                    .action = action_next(kind->wire, NULL)->wire,
                                    .count = 1,
                                    .changes = &change};
        pack_init(&changes, 8192);
        pack_init(&entry, 8192);
        pack_init(&push, 8192);
        pack_init(&told, 20000);
        wire_change_pack(&changes, &change);
        page_pack(&push, world.head.number, false, 1, (struct text){(const char *)changes.at, (uint32_t)changes.used});
        byte(&told, 0);
        put_length(&told, push.used);
        pack_raw(&told, push.at, push.used);
        wire_entry_pack(&entry, &pushed);
        pack_clear(&push);
        push_pack(&push, world.head.number, 1, (struct text){(const char *)entry.at, (uint32_t)entry.used});
        put_length(&told, push.used);
        pack_raw(&told, push.at, push.used);
        if (!told.failed && !push.failed && told.used < 8192) put("client", told.at, told.used);
        pack_free(&changes);
        pack_free(&entry);
        pack_free(&push);
        pack_free(&told);
    }
}

/* The registry as it stood, as one page: real records at each level, and what the client has. */
static void from_past(void)
{
    struct pack changes, frame, told;
    struct record record;
    pack_init(&changes, 8192);
    pack_init(&frame, 8192);
    pack_init(&told, 8192);
    struct as_of as_of = {.moment = world.now, .number = 3, .time = world.now, .count = 0};
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        if (state_get(&world.memory.space, kind->wire, 1, &arena, &record) != OK) continue;
        struct wire_change change = {.op = as_of.count % 3 == 2 ? OP_SAME : OP_WHOLE,
                                     .record = record,
                                     .mask = record_mask(&record),
                                     .count = 1,
                                     .level = (enum see_level)(SEE_DEMAND + as_of.count % 3)};
        as_of_change_pack(&changes, &change);
        as_of.count++;
    }
    as_of.packed = (struct text){(const char *)changes.at, (uint32_t)changes.used};
    result_pack(&frame, &(struct result){.tag = 1, .what = QUERY_AS_OF, .count = 1, .as_of = &as_of});
    byte(&told, 0);
    put_length(&told, frame.used);
    pack_raw(&told, frame.at, frame.used);
    if (told.failed || frame.failed || changes.failed) die("past");
    put("client", told.at, told.used);
    put("reply", frame.at, frame.used);
    pack_free(&changes);
    pack_free(&frame);
    pack_free(&told);
}

/* ---- the client's cache ---- */

static enum err put_cached(void *self, const struct key *key, struct text value)
{
    (void)key;
    seed_put("cache", self, 1, value.at, value.length);
    return OK;
}

static void from_cache(void)
{
    struct cache *cache = fake_cache_new(true);
    struct outbox outbox;
    struct model model;
    struct pack pack;
    uint8_t table = 0;
    struct command command = {
        .counter = 1, .kind = KIND_report, .action = ACT_report_save, .args = record_make(KIND_report, 0)};
    pack_init(&pack, COMMAND_BYTES_MAX);
    command_pack(&pack, &command);
    if (outbox_open(&outbox, cache) != OK) die("outbox");
    outbox_add(&outbox, &command, (struct text){(const char *)pack.at, (uint32_t)pack.used}, text_of(""));
    command.counter = 2;
    outbox_add(&outbox, &command, (struct text){(const char *)pack.at, (uint32_t)pack.used}, text_of("x"));
    struct refusal why = {.err = ERR_BELOW_LAST, .kind = KIND_report, .field = report_invested, .text = "1"};
    outbox_refuse(&outbox, 2, &why);
    cache_each(cache, CACHE_OUTBOX, put_cached, &table);
    outbox_close(&outbox);
    cache_clear(cache, CACHE_META);
    table = 1;
    if (model_open(&model, cache, 1) != OK || model_settle(&model, 5, world.now) != OK) die("model");
    cache_each(cache, CACHE_META, put_cached, &table);
    model_close(&model);
    pack_free(&pack);
    cache_close(cache);
}

/* Reports as differences from others, each behind the number of the one that it is from. */
static void from_deltas(void)
{
    for (unsigned from = 0; from < OF_EACH_FRAME; from++) {
        struct rng rng = rng_make(from);
        struct record report = sample_record(&rng, KIND_report, &arena);
        struct command command = {.counter = from + 1, .kind = KIND_report, .action = ACT_report_submit};
        struct pack plain, delta;
        command.args = from % 2 == 0 ? report : sample_record(&rng, KIND_report, &arena);
        command.given = record_mask(&command.args);
        pack_init(&plain, COMMAND_BYTES_MAX);
        pack_init(&delta, REQUEST_BYTES_MAX);
        command_pack(&plain, &command);
        byte(&delta, from);
        if (delta_make(&report, (struct text){(const char *)plain.at, (uint32_t)plain.used}, &delta))
            put("delta", delta.at, delta.used);
        pack_free(&plain);
        pack_free(&delta);
    }
}

int main(int argc, char **argv)
{
    struct rng rng = {ACTS_SEED};
    if (argc != 2) return 2;
    directory = argv[1];
    world_init(&world);
    arena_init(&arena, 512 << 20);
    history_prepare(&world);
    for (int i = 0; i < HISTORY_ACTS; i++)
        history_act(&world, &rng);
    from_journal();
    from_state();
    from_frames();
    from_deltas();
    from_indexes();
    from_changes();
    from_past();
    from_cache();
    seeds_of_texts();
    arena_clear(&arena);
    world_free(&world);
    return 0;
}
