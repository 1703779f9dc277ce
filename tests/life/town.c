/* town.c - see town.h. */
#include "tests/life/town.h"

#include "proto/calendar.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLOCKS_PER_COMMIT = 64 };

static _Noreturn void die(const char *what, const char *detail)
{
    fprintf(stderr, "town: %s: %s\n", what, detail);
    abort();
}

/* ---- the inhabitants ---- */

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

static void add_units(struct disk *disk)
{
    static const char *const units[][4] = {{"FGW", "市发改委", "municipal", "prelim_lead handler"},
                                           {"JCJ", "市监察局", "municipal", "supervision"},
                                           {"LD", "分管市领导", "city", "leader"},
                                           {"YY", "市政府", "city", "government"},
                                           {"ZWZX", "市政务服务中心", "municipal", "centre"},
                                           {"GAJ", "市公安局", "municipal", "police"},
                                           {"ZQS", "公安值勤室", "municipal", "duty_room"},
                                           {"PCS1", "城关派出所", "station", "station"},
                                           {"JCZ", "效能监察组", "municipal", "assessor"},
                                           {"CON1", "建筑公司", "enterprise", "handler"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        CONSOLE("unit", "create", 0, "code", units[i][0], "name", units[i][1], "short", units[i][1], "type",
                units[i][2], "functions", units[i][3]);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        disk_add_person(disk, units[i][0], units[i][0], "clerk contact");
    disk_add_person(disk, "XMB-L", "XMB", "reviewer head");
    disk_add_person(disk, "HRX-L", "HRX", "reviewer head");
    disk_add_person(disk, "PJX-L", "PJX", "reviewer head");
    disk_add_person(disk, "JSJ-L", "JSJ", "head");
    disk_add_person(disk, "FGW-L", "FGW", "head");
    disk_add_person(disk, "LD-L", "LD", "reviewer head");
}

static uint64_t add_post(struct disk *disk, const char *unit, const char *rank)
{
    const char *of = number(disk, disk_unit(disk, unit));
    CONSOLE("person", "create", 0, "name", rank, "unit", of);
    CONSOLE("post", "create", 0, "person", number(disk, disk->id), "unit", of, "rank", rank, "from", "2009-01-01");
    return disk->id;
}

static void add_project(struct disk *disk, const char *code, const char *of, uint64_t head, const char *stage,
                        const char *contractor)
{
    const char *unit = number(disk, disk_unit(disk, of));
    CONSOLE("project", "register", 0, "code", code, "name", "又一个项目", "list", "construction", "category", "water",
            "nature", "new", "county", unit, "owner", number(disk, disk_unit(disk, "OWN1")), "contractor",
            number(disk, disk_unit(disk, contractor)), "lead", number(disk, disk_unit(disk, "JSJ")), "responsible",
            unit, "head", number(disk, head), "deputy", number(disk, head + 1), "members", number(disk, head + 2),
            "contact", number(disk, head + 3), "stage", stage, "permit", "许可1", "start", "2009-06");
    CONSOLE("project", "amend", (int64_t)disk->id, "environment", "yes");
}

static void load_actors(struct town *town)
{
    struct txn *txn;
    if (store_begin(town->disk.store, false, &txn) != OK) die("store", "begin");
    for (unsigned i = 0; i < town->disk.person_count; i++)
        if (actor_load(txn_space(txn), town->disk.people[i].device, &town->disk.arena, &town->actors[i]) != OK)
            die("no actor", town->disk.people[i].login);
    town->units = state_last_id(txn_space(txn), KIND_unit);
    town->operators = state_last_id(txn_space(txn), KIND_operator);
    town->devices = state_last_id(txn_space(txn), KIND_device);
    town->projects = state_last_id(txn_space(txn), KIND_project);
    town->posts = state_last_id(txn_space(txn), KIND_post);
    watch_init(&town->watch, town->lives, txn_space(txn));
    txn_abort(&txn);
}

/* The model looks on already. */
static void found_schedules(struct town *town)
{
    struct batch batch;
    if (batch_begin(&town->disk.engine, &batch) != OK) die("batch", "begin");
    for (const struct option *job = NULL; (job = option_next(CHOICE_job, job)) != NULL;) {
        struct record args = record_make(KIND_schedule, 0);
        rec_set(&args, schedule_job, job->wire);
        struct request *request = town_own(town, ACTOR_RULE, &args, ACT_schedule_found, 0, town->disk.now);
        if (!town_try(town, &batch, request, &args, ACT_schedule_found)) die("schedule", town->watch.why);
    }
    if (batch_commit(&batch) != OK) die("batch", "commit");
    watch_keep(&town->watch);
    lives_path(town->lives, KIND_registry, 0, KIND_registry, ACT_registry_found, ST_registry_open)->taken++;
}

void town_init(struct town *town, struct lives *lives, uint64_t seed)
{
    static const char *const ranks[] = {"head", "deputy", "member", "contact"};
    static const struct store_options options = {.map_bytes = 256 << 20, .reserve_bytes = 1};
    struct disk *disk = &town->disk;
    uint64_t head = 0;
    memset(town, 0, sizeof *town);
    town->lives = lives;
    town->rng = (struct rng){seed};
    arena_init(&town->arena, 512 << 20);
    disk_init(disk, &options);
    add_units(disk);
    for (size_t i = 0; i < 4; i++) {
        uint64_t post = add_post(disk, "PJX", ranks[i]);
        if (i == 0) head = post;
    }
    add_project(disk, "P2", "PJX", head, "structure", "CON1");
    add_project(disk, "P3", "HRX", 1, "siting", "CON1");
    CONSOLE("setting", "found", 0, "name", "warning_at_once", "value", "0");
    CONSOLE("setting", "found", 0, "name", "review_most", "value", "1"); /* few exposures have to be confirmed */
    load_actors(town);
    found_schedules(town);
}

void town_free(struct town *town)
{
    watch_free(&town->watch);
    disk_free(&town->disk);
    arena_clear(&town->arena);
}

/* ---- requests ---- */

struct request *town_own(struct town *town, enum actor_type type, const struct record *args, unsigned action,
                         uint64_t target, stamp_t said)
{
    struct pack pack;
    struct request *request = arena_get(&town->arena, sizeof *request);
    pack_init(&pack, COMMAND_BYTES_MAX);
    own_command(&pack, args->kind, action, target, said, args);
    if (request == NULL || pack.failed) die("own command", "too large");
    *request = (struct request){.actor = {.type = type}, .time = town->disk.now};
    request->command = (struct text){arena_copy(&town->arena, pack.at, pack.used), (uint32_t)pack.used};
    pack_free(&pack);
    return request;
}

bool town_try(struct town *town, struct batch *batch, struct request *request, const struct record *meant,
              unsigned action)
{
    struct outcome outcome;
    request->why = (struct refusal){.err = OK};
    request->again = false;
    enum err err = batch_try(batch, request, &town->arena, &outcome);
    town->tried++;
    if (err != OK) {
        snprintf(town->watch.why, sizeof town->watch.why, "the batch broke: %s", err_name(err));
        return false;
    }
    if (request->why.err != OK) return watch_refuse(&town->watch, meant, action, request->why.err);
    if (request->again) return true;
    town->accepted++;
    return watch_accept(&town->watch, &request->actor, batch->head.time, &outcome);
}

/* ---- clocks ---- */

struct ring {
    uint64_t id;
    uint8_t kind, action;
    stamp_t due;
};

/* As the daemon gathers them: earliest first, those of one day, outages apart. */
static unsigned gather(struct town *town, struct ring rings[CLOCKS_PER_COMMIT])
{
    struct txn *txn;
    struct calendar calendar;
    struct key key = {.used = 0};
    struct ring ring;
    unsigned kind, count = 0;
    struct record record;
    stamp_t now = town->disk.now;
    if (store_begin(town->disk.store, false, &txn) != OK) die("store", "begin");
    const struct space *space = txn_space(txn);
    if (calendar_load(space, &town->arena, &calendar) != OK) die("calendar", "load");
    while (count < CLOCKS_PER_COMMIT && state_clock(space, &key, &ring.due, &kind, &ring.id) && ring.due.s <= now.s) {
        if (count > 0 && stamp_day(ring.due).n > stamp_day(rings[0].due).n) break;
        if (deadline_moved(space, &calendar, ring.due, &town->arena).s > now.s) continue;
        if (state_get(space, kind, ring.id, &town->arena, &record) != OK) die("clock", "of no record");
        ring.kind = (uint8_t)kind;
        ring.action = state_row(kind, rec_state(&record))->lapse;
        rings[count++] = ring;
    }
    txn_abort(&txn);
    return count;
}

/* What is due and can't happen stays due for ever. */
static bool ring_one(struct town *town, struct batch *batch, const struct ring *ring)
{
    struct record args = record_make(ring->kind, 0);
    struct request *request = town_own(town, ACTOR_RULE, &args, ring->action, ring->id, ring->due);
    if (!town_try(town, batch, request, &args, ring->action)) return false;
    if (request->why.err == OK) return true;
    snprintf(town->watch.why, sizeof town->watch.why, "the clock of %s %llu can't ring: %s", kind_row(ring->kind)->name,
             (unsigned long long)ring->id, err_name(request->why.err));
    return false;
}

/* The moments that the model knows of have come to nothing more: outages, which move them, are asked about. */
static bool nothing_is_due(struct town *town)
{
    struct txn *txn;
    struct calendar calendar;
    bool good = true;
    if (store_begin(town->disk.store, false, &txn) != OK) die("store", "begin");
    const struct space *space = txn_space(txn);
    if (calendar_load(space, &town->arena, &calendar) != OK) die("calendar", "load");
    for (unsigned kind = 0; kind < KIND_LIMIT && good; kind++) {
        for (uint64_t id = 1; id <= town->watch.kinds[kind].last && good; id++) {
            stamp_t due = {watch_life(&town->watch, kind, id)->clock};
            if (due.s == 0 || due.s > town->disk.now.s) continue;
            good = deadline_moved(space, &calendar, due, &town->arena).s > town->disk.now.s;
            if (!good)
                snprintf(town->watch.why, sizeof town->watch.why, "%s %llu is past its time, and nothing happened",
                         kind_row(kind)->name, (unsigned long long)id);
        }
    }
    txn_abort(&txn);
    return good;
}

bool town_wait(struct town *town, int64_t seconds)
{
    struct ring rings[CLOCKS_PER_COMMIT];
    bool good = true;
    town->disk.now.s += seconds;
    if (watch_life(&town->watch, KIND_registry, 1)->state == ST_registry_held) return true;
    while (good) {
        struct batch batch;
        unsigned count = gather(town, rings);
        if (count == 0) break;
        if (batch_begin(&town->disk.engine, &batch) != OK) die("batch", "begin");
        for (unsigned i = 0; i < count && good; i++)
            good = ring_one(town, &batch, &rings[i]);
        if (!good)
            batch_abort(&batch);
        else if (batch_commit(&batch) != OK)
            die("batch", "commit");
        watch_keep(&town->watch);
        arena_reuse(&town->arena);
    }
    return good && nothing_is_due(town);
}
