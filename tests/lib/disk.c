/* disk.c - see disk.h. */
#include "tests/lib/disk.h"

#include "proto/check.h"

#include <dirent.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static _Noreturn void die(const char *what, const char *detail)
{
    fprintf(stderr, "disk: %s: %s\n", what, detail);
    abort();
}

/* ---- directories ---- */

void scratch_make(char path[SCRATCH_PATH_MAX])
{
    const char *base = getenv("TMPDIR");
    struct stat info;
    if (base == NULL) base = stat("/dev/shm", &info) == 0 ? "/dev/shm" : "/tmp";
    snprintf(path, SCRATCH_PATH_MAX, "%s/duban-test-XXXXXX", base);
    if (mkdtemp(path) == NULL) die("scratch directory", path);
}

void scratch_remove(const char *path)
{
    DIR *directory = opendir(path);
    if (directory == NULL) return;
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char file[SCRATCH_PATH_MAX + 300];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        if (unlink(file) != 0) scratch_remove(file);
    }
    closedir(directory);
    rmdir(path);
}

/* ---- commands ---- */

struct disk_person *disk_person(struct disk *disk, const char *login)
{
    for (unsigned i = 0; i < disk->person_count; i++)
        if (strcmp(disk->people[i].login, login) == 0) return &disk->people[i];
    die("no person", login);
}

static void read_args(struct disk *disk, struct command *command, va_list list)
{
    for (const char *name; (name = va_arg(list, const char *)) != NULL;) {
        const char *text = va_arg(list, const char *);
        unsigned position;
        struct refusal why;
        if (field_named(command->kind, name, &position) == NULL) die("no field", name);
        if (value_parse(command->kind, position, text_of(text), &disk->arena, &command->args.values[position], &why) !=
            OK)
            die(name, err_name(why.err));
        command->given |= FIELD_BIT(position);
    }
}

/* What the record's version is now: what an operator in front of it has seen. */
static int64_t version_of(struct disk *disk, unsigned kind, int64_t target)
{
    struct txn *txn;
    struct record record;
    int64_t version = 0;
    if (target <= 0 || store_begin(disk->store, false, &txn) != OK) return 0;
    if (state_get(txn_space(txn), kind, (uint64_t)target, &disk->arena, &record) == OK)
        version = (int64_t)record.version;
    txn_abort(&txn);
    return version;
}

static struct request *pack_request(struct disk *disk, const struct actor *actor, const struct identity *identity,
                                    const struct command *command)
{
    struct pack pack;
    struct request *request = arena_get(&disk->arena, sizeof *request);
    uint8_t *signature = arena_get(&disk->arena, SIGNATURE_BYTES);
    pack_init(&pack, COMMAND_BYTES_MAX);
    command_pack(&pack, command);
    if (request == NULL || signature == NULL || pack.failed) die("command", "too large");
    *request = (struct request){.actor = *actor, .time = disk->now};
    request->command = (struct text){arena_copy(&disk->arena, pack.at, pack.used), (uint32_t)pack.used};
    if (identity != NULL) {
        command_sign(identity, disk->engine.registry, pack.at, pack.used, signature);
        request->signature = (struct text){(const char *)signature, SIGNATURE_BYTES};
    }
    pack_free(&pack);
    return request;
}

struct request *disk_command(struct disk *disk, const char *login, const struct command *command)
{
    struct txn *txn;
    if (login == NULL) return pack_request(disk, &(struct actor){.type = ACTOR_CONSOLE}, NULL, command);
    const struct disk_person *person = disk_person(disk, login);
    struct actor actor = {.type = ACTOR_OPERATOR, .device = person->device, .operator = person->operator};
    struct request *request = pack_request(disk, &actor, &person->identity, command);
    if (store_begin(disk->store, false, &txn) != OK) die("store", "begin");
    if (request_open(txn_space(txn), request, &disk->arena) == OK) request_check(disk->engine.registry, request);
    txn_abort(&txn);
    request->why = (struct refusal){.err = OK};
    return request;
}

static struct request *request_of(struct disk *disk, const char *login, const char *kind, const char *action,
                                  int64_t target, va_list list)
{
    const struct kind *of = kind_named(kind);
    const struct action *row = of != NULL ? action_named(of->wire, action) : NULL;
    if (row == NULL) die("no action", action);
    struct command command = {.kind = of->wire,
                              .action = row->wire,
                              .target = target,
                              .said = disk->now,
                              .base = target < 0 ? target : version_of(disk, of->wire, target),
                              .args = record_make(of->wire, 0)};
    if (login != NULL) command.counter = ++disk_person(disk, login)->counter;
    read_args(disk, &command, list);
    return disk_command(disk, login, &command);
}

struct request *disk_request(struct disk *disk, const char *login, const char *kind, const char *action, int64_t target,
                             ...)
{
    va_list list;
    va_start(list, target);
    struct request *request = request_of(disk, login, kind, action, target, list);
    va_end(list);
    return request;
}

enum err disk_commit(struct disk *disk, struct request **requests, unsigned count)
{
    struct batch batch;
    struct arena arena;
    enum err err = batch_begin(&disk->engine, &batch);
    arena_init(&arena, 256 << 20);
    if (err == OK) {
        for (unsigned i = 0; i < count && err == OK; i++) {
            struct outcome outcome;
            err = batch_try(&batch, requests[i], &arena, &outcome);
        }
        if (err == OK)
            err = batch_commit(&batch);
        else
            batch_abort(&batch);
    }
    arena_clear(&arena);
    if (err == OK && count > 0) {
        disk->why = requests[count - 1]->why;
        disk->id = requests[count - 1]->answer.id;
    }
    return err;
}

enum err disk_do(struct disk *disk, const char *login, const char *kind, const char *action, int64_t target, ...)
{
    va_list list;
    va_start(list, target);
    struct request *request = request_of(disk, login, kind, action, target, list);
    va_end(list);
    enum err err = disk_commit(disk, &request, 1);
    return err == OK ? request->why.err : err;
}

/* ---- reading ---- */

struct record disk_get(struct disk *disk, unsigned kind, uint64_t id)
{
    struct txn *txn;
    struct record record;
    if (store_begin(disk->store, false, &txn) != OK) die("store", "begin");
    enum err err = state_get(txn_space(txn), kind, id, &disk->arena, &record);
    txn_abort(&txn);
    if (err != OK) die("no record", kind_row(kind)->name);
    return record;
}

uint64_t disk_unit(struct disk *disk, const char *code)
{
    struct txn *txn;
    if (store_begin(disk->store, false, &txn) != OK) die("store", "begin");
    uint64_t id = state_find_text(txn_space(txn), IX_unit_code, code);
    txn_abort(&txn);
    return id;
}

uint64_t disk_digest(struct disk *disk)
{
    static const uint8_t seed[crypto_shorthash_KEYBYTES] = "duban disk test";
    struct txn *txn;
    uint64_t digest = 0;
    if (store_begin(disk->store, false, &txn) != OK) die("store", "begin");
    const struct space *space = txn_space(txn);
    for (unsigned table = TABLE_META + 1; table < TABLE_COUNT; table++) {
        struct key key = {.used = 0};
        struct text value;
        for (; space->seek(space->self, (enum table)table, &key, &value) == OK; key_after(&key)) {
            uint8_t parts[4][crypto_shorthash_BYTES];
            crypto_shorthash(parts[0], key.bytes, key.used, seed);
            crypto_shorthash(parts[1], (const uint8_t *)value.at, value.length, seed);
            memcpy(parts[2], &digest, sizeof digest);
            memset(parts[3], (int)table, sizeof parts[3]);
            crypto_shorthash((uint8_t *)&digest, parts[0], sizeof parts, seed);
        }
    }
    txn_abort(&txn);
    return digest;
}

/* ---- the first inhabitants ---- */

#define CONSOLE(...)                                                                               \
    do {                                                                                           \
        if (disk_do(disk, NULL, __VA_ARGS__, NULL) != OK) die("console", err_name(disk->why.err)); \
    } while (0)

static const char *number(struct disk *disk, uint64_t id)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)id);
    return arena_copy(&disk->arena, digits, (size_t)length);
}

static const char *hex_of(struct disk *disk, const uint8_t *bytes, size_t count)
{
    char *text = arena_get(&disk->arena, 2 * count + 1);
    return sodium_bin2hex(text, 2 * count + 1, bytes, count);
}

void disk_add_person(struct disk *disk, const char *login, const char *unit, const char *roles)
{
    if (disk->person_count == DISK_PEOPLE_MAX) die("no room for", login);
    struct disk_person *person = &disk->people[disk->person_count++];
    uint8_t seed[SEED_BYTES] = {(uint8_t)disk->person_count, 1}, ticket[KEY_BYTES] = {(uint8_t)disk->person_count, 2};
    snprintf(person->login, sizeof person->login, "%s", login);
    identity_from_seed(&person->identity, seed);
    CONSOLE("operator", "create", 0, "login", login, "name", login, "unit", number(disk, disk_unit(disk, unit)),
            "roles", roles);
    person->operator = disk->id;
    CONSOLE("device", "invite", 0, "operator", number(disk, disk->id), "transport_key",
            hex_of(disk, ticket, sizeof ticket));
    person->device = disk->id;
    struct command command = {.counter = ++person->counter,
                              .kind = KIND_device,
                              .action = ACT_device_enrol,
                              .said = disk->now,
                              .target = (int64_t)person->device,
                              .base = version_of(disk, KIND_device, (int64_t)person->device),
                              .args = record_make(KIND_device, 0)};
    rec_set_text(&command.args, device_label, text_of("test"));
    rec_set_text(&command.args, device_sign_key, (struct text){(const char *)person->identity.sign_public, KEY_BYTES});
    rec_set_text(&command.args, device_transport_key,
                 (struct text){(const char *)person->identity.transport_public, KEY_BYTES});
    command.given = record_mask(&command.args);
    struct request *request = pack_request(disk, &(struct actor){.type = ACTOR_TICKET, .device = person->device},
                                           &person->identity, &command);
    request->verified = true;
    if (disk_commit(disk, &request, 1) != OK || request->why.err != OK) die("enrol", err_name(request->why.err));
}

static uint64_t add_post(struct disk *disk, const char *name, const char *rank)
{
    const char *unit = number(disk, disk_unit(disk, "HRX"));
    CONSOLE("person", "create", 0, "name", name, "unit", unit);
    CONSOLE("post", "create", 0, "person", number(disk, disk->id), "unit", unit, "rank", rank, "from", "2009-01-01");
    return disk->id;
}

static void add_project(struct disk *disk)
{
    uint64_t head = add_post(disk, "张一", "head"), deputy = add_post(disk, "李二", "deputy");
    uint64_t member = add_post(disk, "王三", "member"), contact = add_post(disk, "赵四", "contact");
    const char *hrx = number(disk, disk_unit(disk, "HRX"));
    CONSOLE("project", "register", 0, "code", "P1", "name", "县城道路改造", "list", "construction", "category",
            "transport", "nature", "new", "county", hrx, "owner", number(disk, disk_unit(disk, "OWN1")), "lead",
            number(disk, disk_unit(disk, "JSJ")), "responsible", hrx, "head", number(disk, head), "deputy",
            number(disk, deputy), "members", number(disk, member), "contact", number(disk, contact), "stage",
            "structure", "total", "6200");
    CONSOLE("target", "agree", 0, "project", number(disk, disk->id), "year", "2009", "total", "1200", "months",
            "100 100 100 100 100 100 100 100 100 100 100 100", "opening", "800", "opening_on", "2009-08-31", "estimate",
            "yes");
}

/* The first command founds the registry; only then can the engine say which it is. */
static void found(struct disk *disk)
{
    static const uint8_t ident[REGISTRY_ID_BYTES] = "duban disk test";
    struct refusal why;
    disk->engine = (struct engine){.store = disk->store, .identity = disk->server};
    CONSOLE("registry", "found", 0, "name", "测试", "ident", hex_of(disk, ident, sizeof ident), "server_key",
            hex_of(disk, disk->server.sign_public, KEY_BYTES), "demo", "yes");
    if (engine_init(&disk->engine, disk->store, &disk->server, &why) != OK) die("engine", why.text);
}

void disk_init(struct disk *disk, const struct store_options *options)
{
    static const struct store_options usual = {.map_bytes = 64 << 20, .reserve_bytes = 1, .scratch = true};
    static const char *const units[][4] = {{"XMB", "市项目办", "municipal", "office"},
                                           {"JSJ", "市建设局", "municipal", "construction_lead"},
                                           {"HRX", "华容县", "county", "local_government"},
                                           {"PJX", "平江县", "county", "local_government"},
                                           {"OWN1", "城投公司", "enterprise", "handler"}};
    uint8_t seed[SEED_BYTES] = {7};
    struct refusal why;
    if (sodium_init() < 0) die("sodium", "init");
    memset(disk, 0, sizeof *disk);
    arena_init(&disk->arena, 1 << 30);
    disk->options = options != NULL ? *options : usual;
    disk->now.s = day_start(day_make(2009, 9, 28)).s + 9 * 3600;
    identity_from_seed(&disk->server, seed);
    scratch_make(disk->directory);
    if (store_open(disk->directory, &disk->options, &disk->store, &why) != OK) die("store", why.text);
    found(disk);
    CONSOLE("calendar", "enter", 0, "year", "2009", "off",
            "2009-10-01 2009-10-02 2009-10-05 2009-10-06 2009-10-07 2009-10-08", "work", "2009-09-27 2009-10-10");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        CONSOLE("unit", "create", 0, "code", units[i][0], "name", units[i][1], "short", units[i][1], "type",
                units[i][2], "functions", units[i][3]);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        disk_add_person(disk, units[i][0], units[i][0], "clerk contact");
    disk_add_person(disk, "ADM", "XMB", "admin");
    add_project(disk);
}

void disk_free(struct disk *disk)
{
    engine_release(&disk->engine);
    store_close(disk->store);
    disk->store = NULL;
    scratch_remove(disk->directory);
    arena_clear(&disk->arena);
}

enum err disk_reopen(struct disk *disk)
{
    struct refusal why;
    store_close(disk->store);
    disk->store = NULL;
    enum err err = store_open(disk->directory, &disk->options, &disk->store, &why);
    return err == OK ? engine_init(&disk->engine, disk->store, &disk->server, &why) : err;
}
