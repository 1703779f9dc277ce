/* world.c - see world.h. */
#include "tests/lib/world.h"

#include "proto/check.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void die(const char *what, const char *detail)
{
    fprintf(stderr, "world: %s: %s\n", what, detail);
    abort();
}

static void read_args(struct world *world, unsigned kind, va_list list, struct record *args, uint64_t *given)
{
    *args = record_make(kind, 0);
    *given = 0;
    for (const char *name; (name = va_arg(list, const char *)) != NULL;) {
        const char *text = va_arg(list, const char *);
        unsigned position;
        struct refusal why;
        if (field_named(kind, name, &position) == NULL) die("no field", name);
        if (value_parse(kind, position, text_of(text), &world->arena, &args->values[position], &why) != OK)
            args->values[position] = (struct value){.set = true, .as.text = text_of(text)}; /* let decide refuse */
        *given |= FIELD_BIT(position);
    }
}

static enum err enter(struct world *world, const struct actor *actor, const struct command *command)
{
    struct pack bytes, effects, entry_bytes;
    struct act act = {
        .space = &world->memory.space, .arena = &world->arena, .now = world->now, .actor = actor, .command = command};
    pack_init(&bytes, COMMAND_BYTES_MAX);
    pack_init(&effects, ENTRY_BYTES_MAX);
    pack_init(&entry_bytes, ENTRY_BYTES_MAX);
    command_pack(&bytes, command);
    enum err err = resolve_own(act.space, actor->device, command, &act.target, &act.base);
    if (err == OK) err = decide(&act);
    world->why = act.why;
    world->why.err = err;
    if (err == OK) {
        effects_pack(&effects, (const struct change *const *)act.changes, act.change_count);
        struct entry entry = {.number = world->head.number + 1,
                              .time = world->now,
                              .tables = TABLES_VERSION,
                              .actor = actor->type,
                              .device = actor->device,
                              .operator = actor->operator,
                              .command = {(const char *)bytes.at, (uint32_t)bytes.used},
                              .seed = {"", 0},
                              .signature = {"", 0},
                              .effects = {(const char *)effects.at, (uint32_t)effects.used}};
        memcpy(entry.before, world->head.hash, HASH_BYTES);
        entry_pack(&entry_bytes, &entry);
        journal_append(act.space, entry.number,
                       (struct text){(const char *)entry_bytes.at, (uint32_t)entry_bytes.used});
        if (fold_entry(act.space, &entry, &world->arena, &world->outcome) != OK) die("fold", "failed");
        world->outcome.unit = actor->unit;
        world->head.number = entry.number;
        entry_hash(entry_bytes.at, entry_bytes.used, world->head.hash);
        world->id = act.changes[0]->after.id;
    }
    pack_free(&bytes);
    pack_free(&effects);
    pack_free(&entry_bytes);
    return err;
}

static enum err act_as(struct world *world, const struct actor *actor, const char *kind_name, const char *action_name,
                       uint64_t target, va_list list)
{
    const struct kind *kind = kind_named(kind_name);
    if (kind == NULL) die("no kind", kind_name);
    const struct action *action = action_named(kind->wire, action_name);
    if (action == NULL) die("no action", action_name);
    struct command command = {
        .kind = kind->wire, .action = action->wire, .target = (int64_t)target, .said = world->now};
    struct record record;
    read_args(world, kind->wire, list, &command.args, &command.given);
    if (actor->device != 0) command.counter = ++world->counters[actor->device];
    if (target != 0 && state_get(&world->memory.space, kind->wire, target, &world->arena, &record) == OK)
        command.base = (int64_t)record.version;
    return enter(world, actor, &command);
}

enum err world_do(struct world *world, const char *login, const char *kind, const char *action, uint64_t target, ...)
{
    struct actor actor = world_actor(world, login);
    va_list list;
    va_start(list, target);
    enum err err = act_as(world, &actor, kind, action, target, list);
    va_end(list);
    return err;
}

enum err world_own(struct world *world, enum actor_type type, const char *kind, const char *action, uint64_t target,
                   ...)
{
    struct actor actor = {.type = type};
    va_list list;
    va_start(list, target);
    enum err err = act_as(world, &actor, kind, action, target, list);
    va_end(list);
    return err;
}

struct record world_get(struct world *world, unsigned kind, uint64_t id)
{
    struct record record;
    if (state_get(&world->memory.space, kind, id, &world->arena, &record) != OK) die("no record", kind_row(kind)->name);
    return record;
}

struct actor world_actor(struct world *world, const char *login)
{
    struct actor actor;
    uint64_t operator= state_find_text(&world->memory.space, IX_operator_login, login);
    struct value value = number_value((int64_t) operator);
    uint64_t device = state_find(&world->memory.space, IX_device_operator, &value, 1);
    if (operator== 0 || device == 0 || actor_load(&world->memory.space, device, &world->arena, &actor) != OK)
        die("no operator", login);
    return actor;
}

uint64_t world_unit(struct world *world, const char *code)
{
    return state_find_text(&world->memory.space, IX_unit_code, code);
}

uint64_t world_project(struct world *world, const char *code)
{
    return state_find_text(&world->memory.space, IX_project_code, code);
}

enum see_level world_sees(struct world *world, const char *login, unsigned kind, uint64_t id)
{
    struct actor actor = world_actor(world, login);
    struct record record = world_get(world, kind, id);
    return may_see(&world->memory.space, &record, &actor, &world->arena);
}

void world_wait(struct world *world, int days, int hours, int minutes)
{
    world->now.s += days * 86400ll + hours * 3600ll + minutes * 60ll;
}

void world_at(struct world *world, int year, int month, int day, int hour)
{
    world->now.s = day_start(day_make(year, month, day)).s + hour * 3600ll;
}

/* ---- the first inhabitants ---- */

#define CONSOLE(...)                                                                                            \
    do {                                                                                                        \
        if (world_own(world, ACTOR_CONSOLE, __VA_ARGS__, NULL) != OK) die("console", err_name(world->why.err)); \
    } while (0)

static void add_unit(struct world *world, const char *code, const char *name, const char *type, const char *functions)
{
    if (*functions != '\0')
        CONSOLE("unit", "create", 0, "code", code, "name", name, "short", name, "type", type, "functions", functions);
    else
        CONSOLE("unit", "create", 0, "code", code, "name", name, "short", name, "type", type);
}

static const char *number(struct world *world, uint64_t id)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)id);
    return arena_copy(&world->arena, digits, (size_t)length);
}

/* An operator with an active device, enrolled as the ticket's holder would. */
static void add_operator(struct world *world, const char *login, const char *unit, const char *roles)
{
    char hex[65];
    uint8_t key[32];
    randombytes_buf(key, sizeof key);
    CONSOLE("operator", "create", 0, "login", login, "name", login, "unit", number(world, world_unit(world, unit)),
            "roles", roles);
    const char *id = number(world, world->id);
    sodium_bin2hex(hex, sizeof hex, key, sizeof key);
    CONSOLE("device", "invite", 0, "operator", id, "transport_key", hex);
    struct actor holder = {.type = ACTOR_TICKET, .device = world->id};
    struct record device = world_get(world, KIND_device, world->id);
    struct command command = {.counter = ++world->counters[world->id],
                              .kind = KIND_device,
                              .action = ACT_device_enrol,
                              .target = (int64_t)world->id,
                              .base = (int64_t)device.version,
                              .args = record_make(KIND_device, 0)};
    uint8_t *keys = arena_get(&world->arena, 64);
    randombytes_buf(keys, 64);
    rec_set_text(&command.args, device_label, text_of("test"));
    rec_set_text(&command.args, device_sign_key, (struct text){(const char *)keys, 32});
    rec_set_text(&command.args, device_transport_key, (struct text){(const char *)keys + 32, 32});
    command.given = record_mask(&command.args);
    if (enter(world, &holder, &command) != OK) die("enrol", err_name(world->why.err));
}

static const char *add_post(struct world *world, const char *unit, const char *name, const char *rank)
{
    const char *of = number(world, world_unit(world, unit));
    CONSOLE("person", "create", 0, "name", name, "unit", of);
    const char *person = number(world, world->id);
    CONSOLE("post", "create", 0, "person", person, "unit", of, "rank", rank, "from", "2009-01-01");
    return number(world, world->id);
}

static void add_project(struct world *world)
{
    const char *head = add_post(world, "HRX", "张一", "head"), *deputy = add_post(world, "HRX", "李二", "deputy");
    const char *member = add_post(world, "HRX", "王三", "member"), *contact = add_post(world, "HRX", "赵四", "contact");
    CONSOLE("project", "register", 0, "code", "P1", "name", "县城道路改造", "list", "construction", "category",
            "transport", "nature", "new", "county", number(world, world_unit(world, "HRX")), "owner",
            number(world, world_unit(world, "OWN1")), "contractor", number(world, world_unit(world, "CON1")), "lead",
            number(world, world_unit(world, "JSJ")), "responsible", number(world, world_unit(world, "HRX")), "head",
            head, "deputy", deputy, "members", member, "contact", contact, "stage", "structure", "total", "6200");
    CONSOLE("target", "agree", 0, "project", number(world, world->id), "year", "2009", "total", "1200", "months",
            "100 100 100 100 100 100 100 100 100 100 100 100", "opening", "800", "opening_on", "2009-08-31", "estimate",
            "yes");
}

/* The police: the bureau, the duty room, and two stations. */
static void add_police(struct world *world)
{
    static const char *const codes[] = {"GAJ", "ZQS", "PCS1", "PCS2"};
    add_unit(world, "GAJ", "市公安局", "municipal", "police");
    add_unit(world, "ZQS", "公安值勤室", "municipal", "duty_room");
    add_unit(world, "PCS1", "城关派出所", "station", "station");
    add_unit(world, "PCS2", "平江派出所", "station", "station");
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        add_operator(world, codes[i], codes[i], "clerk contact");
}

void world_init(struct world *world)
{
    static const char ident[] = "0123456789abcdef0123456789abcdef";
    uint8_t seed[SEED_BYTES] = {7};
    char hex[65];
    if (sodium_init() < 0) die("sodium", "init");
    memset(world, 0, sizeof *world);
    memory_init(&world->memory);
    arena_init(&world->arena, 512 << 20);
    world_at(world, 2009, 9, 28, 9);
    identity_from_seed(&world->server, seed);
    sodium_bin2hex(hex, sizeof hex, world->server.sign_public, KEY_BYTES);
    CONSOLE("registry", "found", 0, "name", "测试", "ident", ident, "server_key", hex, "demo", "yes");
    memcpy(world->registry, rec_text(&world->outcome.touched[0]->change.after, registry_ident).at, REGISTRY_ID_BYTES);
    CONSOLE("calendar", "enter", 0, "year", "2009", "off",
            "2009-10-01 2009-10-02 2009-10-05 2009-10-06 2009-10-07 2009-10-08", "work", "2009-09-27 2009-10-10");
    add_unit(world, "XMB", "市项目办", "municipal", "office assessor");
    add_unit(world, "FGW", "市发改委", "municipal", "prelim_lead handler");
    add_unit(world, "JSJ", "市建设局", "municipal", "construction_lead handler");
    add_unit(world, "JCJ", "市监察局", "municipal", "supervision");
    add_unit(world, "LD", "分管市领导", "city", "leader");
    add_unit(world, "YY", "市政府", "city", "government");
    add_unit(world, "HRX", "华容县", "county", "local_government");
    add_unit(world, "PJX", "平江县", "county", "local_government");
    add_unit(world, "OWN1", "城投公司", "enterprise", "");
    add_unit(world, "CON1", "建筑公司", "enterprise", "");
    static const char *const codes[] = {"XMB", "FGW", "JSJ", "JCJ", "LD", "YY", "HRX", "PJX", "OWN1", "CON1"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        add_operator(world, codes[i], codes[i], "clerk contact");
    add_operator(world, "HRX-L", "HRX", "reviewer head");
    add_operator(world, "ADM", "XMB", "admin");
    add_operator(world, "FGW-L", "FGW", "head");
    add_operator(world, "LD-L", "LD", "reviewer head");
    add_unit(world, "ZWZX", "市政务服务中心", "municipal", "centre");
    add_operator(world, "ZWZX", "ZWZX", "clerk contact");
    add_project(world);
    add_police(world);
}

void world_free(struct world *world)
{
    memory_free(&world->memory);
    arena_clear(&world->arena);
}
