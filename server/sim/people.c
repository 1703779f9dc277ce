/* people.c - the simulated operators: their devices, and how their commands and the clocks get in. See sim.h. */
#include "server/sim/sim.h"

#include "server/clocks.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLOCKS_AT_ONCE = 64 };

/* ---- chance: splitmix64 ---- */

static uint64_t scramble(uint64_t n)
{
    n = (n ^ n >> 30) * 0xBF58476D1CE4E5B9u;
    n = (n ^ n >> 27) * 0x94D049BB133111EBu;
    return n ^ n >> 31;
}

uint64_t sim_random(struct sim *sim)
{
    sim->random += 0x9E3779B97F4A7C15u;
    return scramble(sim->random);
}

uint64_t sim_below(struct sim *sim, uint64_t count)
{
    return sim_random(sim) % count;
}

bool sim_chance(struct sim *sim, unsigned per_mille)
{
    return sim_below(sim, 1000) < per_mille;
}

uint64_t sim_mix(const struct sim *sim, uint64_t a, uint64_t b, uint64_t c)
{
    return scramble(scramble(scramble(sim->seed + a) + b) + c);
}

/* ---- commands ---- */

static enum err try_request(struct sim *sim, struct request *request, uint64_t *id, struct refusal *why)
{
    struct outcome outcome;
    struct console *console = &sim->console;
    enum err err = request->why.err;
    if (err == OK) err = console->broken = batch_try(&console->batch, request, &sim->arena, &outcome);
    if (console->broken != OK) refuse(&request->why, err);
    *why = request->why;
    if (why->err == OK && id != NULL) *id = request->answer.id;
    return why->err;
}

static enum err send_signed(struct sim *sim, const struct actor *actor, const struct identity *identity,
                            const struct command *command, uint64_t *id, struct refusal *why)
{
    struct pack pack;
    uint8_t signature[SIGNATURE_BYTES];
    const uint8_t *registry = sim->console.engine.registry;
    pack_init(&pack, COMMAND_BYTES_MAX);
    command_pack(&pack, command);
    struct request request = {
        .actor = *actor, .command = {(const char *)pack.at, (uint32_t)pack.used}, .time = sim->console.now};
    if (pack.failed) refuse(&request.why, ERR_LIMIT);
    if (action_row(command->kind, command->action)->flags & A_SIGNED) {
        command_sign(identity, registry, pack.at, pack.used, signature);
        request.signature = (struct text){(const char *)signature, sizeof signature};
    }
    if (request.why.err == OK) request_open(console_space(&sim->console), &request, &sim->arena);
    if (request.why.err == OK) request_check(registry, &request);
    enum err err = try_request(sim, &request, id, why);
    pack_free(&pack);
    return err;
}

enum err sim_send(struct sim *sim, struct worker *worker, struct command *command, struct refusal *why)
{
    command->counter = worker->counter + 1;
    command->said = sim->console.now;
    enum err err = send_signed(sim, &worker->actor, &worker->identity, command, NULL, why);
    if (err == OK) worker->counter = command->counter;
    unsigned *tally = err == OK ? &sim->accepted[command->kind][command->action]
                                : &sim->refused[command->kind][command->action];
    *tally += 1;
    return err;
}

/* ---- devices ---- */

/* The worker's secret follows from seed and login: in a demo everybody may know everybody's. */
static void find_identity(const struct sim *sim, struct text login, struct identity *identity)
{
    uint8_t seed[SEED_BYTES];
    char about[200];
    struct str str = str_in(about, sizeof about);
    str_printf(&str, "duban simulate %llu ", (unsigned long long)sim->seed);
    str_text(&str, login);
    crypto_generichash(seed, sizeof seed, (const uint8_t *)about, str.used, sim->console.engine.registry,
                       REGISTRY_ID_BYTES);
    identity_from_seed(identity, seed);
    sodium_memzero(seed, sizeof seed);
}

static struct text key_text(const uint8_t *key)
{
    return (struct text){(const char *)key, KEY_BYTES};
}

/* Invited at the console, under a key that is replaced at once, and enrolled like everybody. */
static enum err enrol_new(struct sim *sim, struct worker *worker, struct refusal *why)
{
    uint8_t public[KEY_BYTES], secret[KEY_BYTES];
    struct record args = record_make(KIND_device, 0), device;
    ticket_transport(worker->identity.sign_public, public, secret);
    rec_set(&args, device_operator, (int64_t)worker->operator);
    rec_set_text(&args, device_transport_key, key_text(public));
    enum err err = console_do(&sim->console, ACT_device_invite, &args, &worker->device, why);
    if (err != OK) return err;
    err = state_get(console_space(&sim->console), KIND_device, worker->device, &sim->arena, &device);
    if (err != OK) return refuse(why, err);
    args = record_make(KIND_device, worker->device);
    rec_set_text(&args, device_label, text_of("simulate"));
    rec_set_text(&args, device_sign_key, key_text(worker->identity.sign_public));
    rec_set_text(&args, device_transport_key, key_text(worker->identity.transport_public));
    struct actor ticket = {.type = ACTOR_TICKET, .device = worker->device};
    struct command command = {.counter = 1,
                              .kind = KIND_device,
                              .action = ACT_device_enrol,
                              .target = (int64_t)worker->device,
                              .base = (int64_t)device.version,
                              .said = sim->console.now,
                              .args = args,
                              .given = record_mask(&args)};
    worker->counter = 1;
    return send_signed(sim, &ticket, &worker->identity, &command, NULL, why);
}

static enum err enrol_one(struct sim *sim, const struct record *operator, struct refusal *why)
{
    const struct space *space = console_space(&sim->console);
    struct worker *worker = &sim->workers[sim->worker_count];
    *worker = (struct worker){.operator = operator->id};
    find_identity(sim, rec_text(operator, operator_login), &worker->identity);
    struct value key = text_value(key_text(worker->identity.sign_public));
    worker->device = state_find(space, IX_device_sign, &key, 1);
    if (worker->device == 0) {
        enum err err = enrol_new(sim, worker, why);
        if (err != OK) return err;
    } else
        worker->counter = seen_highest(space, worker->device);
    sim->worker_count++;
    return OK;
}

enum err sim_enrol(struct sim *sim, struct refusal *why)
{
    enum err err = console_begin(&sim->console, why);
    if (err != OK) return err;
    uint64_t last = state_last_id(console_space(&sim->console), KIND_operator);
    sim->workers = calloc(last + 1, sizeof *sim->workers);
    if (sim->workers == NULL) return refuse(why, ERR_MEMORY);
    for (uint64_t id = 0; (id = state_next_id(console_space(&sim->console), KIND_operator, id)) > 0;) {
        struct record operator;
        err = state_get(console_space(&sim->console), KIND_operator, id, &sim->arena, &operator);
        if (err != OK) return refuse(why, err);
        if (rec_state(&operator) != ST_operator_active) continue;
        err = enrol_one(sim, &operator, why);
        if (err != OK) return err;
        arena_reuse(&sim->arena);
    }
    return console_commit(&sim->console, why);
}

/* Roles count only as long as device, operator and unit are active. */
void sim_wake(struct sim *sim)
{
    for (unsigned i = 0; i < sim->worker_count; i++) {
        struct worker *worker = &sim->workers[i];
        enum err err = actor_load(console_space(&sim->console), worker->device, &sim->arena, &worker->actor);
        if (err != OK) worker->actor.roles = 0;
        arena_reuse(&sim->arena);
    }
}

/* ---- clocks ---- */

static enum err do_own(struct sim *sim, unsigned kind, unsigned action, uint64_t id, stamp_t said,
                       const struct record *args, struct refusal *why)
{
    struct pack pack;
    pack_init(&pack, COMMAND_BYTES_MAX);
    own_command(&pack, kind, action, id, said, args);
    struct request request = {.actor = {.type = ACTOR_RULE},
                              .command = {(const char *)pack.at, (uint32_t)pack.used},
                              .time = sim->console.now};
    if (pack.failed) refuse(&request.why, ERR_LIMIT);
    enum err err = try_request(sim, &request, NULL, why);
    if (err == OK) sim->accepted[kind][action]++;
    pack_free(&pack);
    arena_reuse(&sim->arena);
    return err;
}

static void found_schedules(struct sim *sim)
{
    uint32_t missing = clocks_missing(console_space(&sim->console));
    for (const struct option *job = NULL; (job = option_next(CHOICE_job, job)) != NULL;) {
        struct record args = record_make(KIND_schedule, 0);
        struct refusal why;
        if ((missing >> job->wire & 1) == 0) continue;
        rec_set(&args, schedule_job, job->wire);
        do_own(sim, KIND_schedule, ACT_schedule_found, 0, sim->console.now, &args, &why);
    }
}

/* A clock that is refused now is tried again with the next ones, as in the daemon; without progress time goes on. */
enum err sim_wait(struct sim *sim, stamp_t then, struct refusal *why)
{
    struct due_clock due[CLOCKS_AT_ONCE];
    bool progress = true;
    found_schedules(sim);
    while (progress && sim->console.broken == OK) {
        unsigned count = clocks_due(console_space(&sim->console), then, &sim->arena, due, CLOCKS_AT_ONCE);
        arena_reuse(&sim->arena);
        progress = false;
        for (unsigned i = 0; i < count && sim->console.broken == OK; i++) {
            struct record args = record_make(due[i].kind, 0);
            struct refusal refused;
            if (due[i].due.s > sim->console.now.s) sim->console.now = due[i].due;
            if (do_own(sim, due[i].kind, due[i].action, due[i].id, due[i].due, &args, &refused) == OK) progress = true;
        }
    }
    if (then.s > sim->console.now.s) sim->console.now = then;
    return sim->console.broken == OK ? OK : refuse(why, sim->console.broken);
}
