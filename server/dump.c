/* dump.c - duband dump: the journal as JSON lines, for people and other programs; or the records as they stood at a
 * moment, which is what the journal folds to. Values are as in files
 * (names of options, plain numbers); references are record numbers. */
#include "server/commands.h"
#include "server/console.h"
#include "server/json.h"
#include "server/options.h"
#include "server/past.h"

#include "proto/journal.h"
#include "proto/number.h"
#include "proto/show.h"

enum { VALUE_BYTES = 64 * 1024 };

static const char *actor_name(enum actor_type actor)
{
    switch (actor) {
    case ACTOR_OPERATOR: return "operator";
    case ACTOR_RULE: return "rule";
    case ACTOR_CONSOLE: return "console";
    case ACTOR_TICKET: return "ticket";
    }
    return "unknown";
}

/* 2009-09-28T09:00:00+08:00 */
static void put_time(struct json *json, stamp_t time)
{
    char text[40];
    struct str out = str_in(text, sizeof text);
    str_day(&out, stamp_day(time));
    int64_t second = time.s - day_start(stamp_day(time)).s;
    str_printf(&out, "T%02d:%02d:%02d+08:00", (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
    json_text(json, "time", text_of(text));
}

static void put_hex(struct json *json, const char *name, const void *bytes, size_t count, char *buffer)
{
    struct str out = str_in(buffer, VALUE_BYTES);
    str_hex(&out, bytes, count);
    json_text(json, name, text_of(buffer));
}

static void put_fields(struct json *json, const struct record *fields, uint64_t mask, char *buffer)
{
    const struct show show = {.names_only = true};
    const struct field *field;
    json_open(json, "fields", '{');
    for (unsigned i = 0; (field = field_row(fields->kind, i)) != NULL; i++) {
        if ((mask & FIELD_BIT(i)) == 0) continue;
        struct str out = str_in(buffer, VALUE_BYTES);
        show_value(&show, fields, i, &out);
        if (rec_has(fields, i))
            json_text(json, field->name, (struct text){buffer, (uint32_t)out.used});
        else
            json_null(json, field->name);
    }
    for (unsigned i = 0; i < fields->extra_count; i++) { /* of a newer version: its number and packed bytes */
        char name[16];
        snprintf(name, sizeof name, "#%u", fields->extras[i].wire);
        put_hex(json, name, fields->extras[i].packed.at, fields->extras[i].packed.length, buffer);
    }
    json_close(json, '}');
}

static void put_effect(struct json *json, const struct effect *effect, char *buffer)
{
    const struct kind *kind = kind_row(effect->fields.kind);
    json_open(json, NULL, '{');
    if (kind != NULL)
        json_text(json, "kind", text_of(kind->name));
    else
        json_number(json, "kind", effect->fields.kind);
    json_number(json, "id", (int64_t)effect->fields.id);
    put_fields(json, &effect->fields, effect->mask, buffer);
    json_close(json, '}');
}

static void put_what(struct json *json, const struct entry *entry)
{
    struct command command;
    if (command_peek(entry->command.at, entry->command.length, &command) != OK) return;
    const struct kind *kind = kind_row(command.kind);
    const struct action *action = action_row(command.kind, command.action);
    if (kind != NULL)
        json_text(json, "kind", text_of(kind->name));
    else
        json_number(json, "kind", command.kind);
    if (action != NULL)
        json_text(json, "action", text_of(action->name));
    else
        json_number(json, "action", command.action);
}

static enum err put_entry(FILE *file, const struct entry *entry, struct text bytes, struct arena *arena, char *buffer)
{
    struct json json = {file, true};
    struct effect *effects;
    unsigned count;
    uint8_t hash[HASH_BYTES];
    enum err err = entry_effects(entry, arena, &effects, &count);
    if (err != OK) return err;
    entry_hash(bytes.at, bytes.length, hash);
    json_open(&json, NULL, '{');
    json_number(&json, "number", (int64_t)entry->number);
    put_time(&json, entry->time);
    json_text(&json, "actor", text_of(actor_name(entry->actor)));
    json_number(&json, "operator", (int64_t)entry->operator);
    json_number(&json, "device", (int64_t)entry->device);
    put_what(&json, entry);
    json_number(&json, "id", count > 0 ? (int64_t)effects[0].fields.id : 0);
    json_bool(&json, "signed", entry->signature.length > 0);
    json_number(&json, "tables", entry->tables);
    put_hex(&json, "hash", hash, sizeof hash, buffer);
    json_open(&json, "effects", '[');
    for (unsigned i = 0; i < count; i++)
        put_effect(&json, &effects[i], buffer);
    json_close(&json, ']');
    json_close(&json, '}');
    fputc('\n', file);
    return OK;
}

static enum err dump(struct store *store, uint64_t from, struct refusal *why)
{
    struct txn *txn;
    struct arena arena;
    struct entry entry;
    struct text bytes;
    enum err err = store_begin(store, false, &txn);
    if (err != OK) return refuse(why, err);
    arena_init(&arena, 16 << 20);
    for (uint64_t number = from; err == OK && !ferror(stdout); number++) {
        arena_reuse(&arena);
        char *buffer = arena_get(&arena, VALUE_BYTES);
        err = buffer != NULL ? journal_read(txn_space(txn), number, &arena, &entry, &bytes) : ERR_MEMORY;
        if (err == OK) err = put_entry(stdout, &entry, bytes, &arena, buffer);
    }
    arena_clear(&arena);
    txn_abort(&txn);
    return err == ERR_NOT_FOUND || err == OK ? OK : refuse_text(why, err, "journal");
}

/* ---- the records as they stood ---- */

static void put_head(const struct entry *entry, struct text bytes, char *buffer)
{
    struct json json = {stdout, true};
    uint8_t hash[HASH_BYTES];
    entry_hash(bytes.at, bytes.length, hash);
    json_open(&json, NULL, '{');
    json_number(&json, "number", (int64_t)entry->number);
    put_time(&json, entry->time);
    put_hex(&json, "hash", hash, sizeof hash, buffer);
    json_close(&json, '}');
    fputc('\n', stdout);
}

static enum err put_records(const struct space *space, struct arena *arena)
{
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        for (uint64_t id = 0; (id = state_next_id(space, kind->wire, id)) > 0 && !ferror(stdout); arena_reuse(arena)) {
            struct json json = {stdout, true};
            struct record record;
            char *buffer = arena_get(arena, VALUE_BYTES);
            enum err err = buffer != NULL ? state_get(space, kind->wire, id, arena, &record) : ERR_MEMORY;
            if (err != OK) return err;
            json_open(&json, NULL, '{');
            json_text(&json, "kind", text_of(kind->name));
            json_number(&json, "id", (int64_t)id);
            json_number(&json, "version", (int64_t)record.version);
            put_fields(&json, &record, record_mask(&record), buffer);
            json_close(&json, '}');
            fputc('\n', stdout);
        }
    }
    return OK;
}

static enum err dump_as_of(struct store *store, stamp_t moment, struct refusal *why)
{
    struct txn *txn;
    struct head head;
    struct arena arena;
    struct memory memory;
    struct entry entry;
    struct text bytes;
    uint64_t to = 0, number = 0;
    enum err err = store_begin(store, false, &txn);
    if (err != OK) return refuse(why, err);
    arena_init(&arena, 16 << 20);
    memory_init(&memory);
    err = journal_head(txn_space(txn), &head);
    if (err == OK) err = past_entry_at(txn_space(txn), head.number, moment, &to);
    if (err == OK && to == 0) err = ERR_BEFORE_FIRST;
    if (err == OK) err = past_fold(txn_space(txn), &memory, &number, to);
    if (err == OK) err = journal_read(txn_space(txn), to, &arena, &entry, &bytes);
    char *buffer = arena_get(&arena, VALUE_BYTES);
    if (err == OK && buffer == NULL) err = ERR_MEMORY;
    if (err == OK) {
        put_head(&entry, bytes, buffer);
        arena_reuse(&arena);
        err = put_records(&memory.space, &arena);
    }
    memory_free(&memory);
    arena_clear(&arena);
    txn_abort(&txn);
    return err == OK ? OK : refuse_text(why, err, "journal");
}

int command_dump(int argc, char **argv)
{
    const char *directory, *first = NULL, *as_of = NULL;
    const struct option_row rows[] = {{"from", &first, NULL}, {"as-of", &as_of, NULL}};
    stamp_t moment;
    struct config config;
    struct store *store;
    struct refusal why = {.err = OK};
    int64_t from = 1;
    if (!options_read(argc, argv, rows, 2, &directory, 1)) return CLASS_USAGE;
    if (first != NULL && (!number_parse(text_of(first), 1, &from) || from < 1)) return CLASS_USAGE;
    if (as_of != NULL && (first != NULL || !moment_parse(as_of, &moment))) return CLASS_USAGE;
    enum err err = registry_there(directory, &why);
    if (err == OK) err = config_load(&config, directory, &why);
    if (err != OK) return command_end(err, &why);
    struct store_options options = config_store(&config);
    err = store_open(directory, &options, &store, &why);
    if (err != OK) return command_end(err, &why);
    err = as_of != NULL ? dump_as_of(store, moment, &why) : dump(store, (uint64_t)from, &why);
    store_close(store);
    return command_end(err, &why);
}
